"""The head of a published lesson: links to where it opens, and how gradtape gets there."""

import importlib.util
import re
import types
import urllib.parse
from pathlib import Path

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from gradtape.authoring.exercises import learners_version
from gradtape.authoring.launch import published_version
from gradtape.authoring.source import read_sources
from gradtape.authoring.split import split
from gradtape.exercises import progress_file
from gradtape.workspace import LAUNCH

ROOT = Path(__file__).parents[2]
ADDRESSES = """
[project.urls]
Repository = "https://github.com/us/gt"
Documentation = "https://us.example/gt/"
"""


@pytest.fixture
def published(checkout, section):
    """Return the cells of a small lesson's notebook, in a project with addresses."""
    checkout.write(section)
    (checkout.root / "pyproject.toml").write_text(ADDRESSES)

    def cells(language):
        source = read_sources(checkout.root)["02_tape"]
        return split(published_version(source, checkout.root), language).cells

    return cells


def test_a_checkout_without_addresses_publishes_no_head(checkout, section):
    checkout.write(section)
    source = read_sources(checkout.root)["02_tape"]
    assert published_version(source, checkout.root) == learners_version(source)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_lesson_begins_with_four_links_in_its_language(published, language):
    first, title, *_ = published(language)
    named = dict(re.findall(r"\[(\w+)\]\((\S+?)\)", first.source))
    path = f"notebooks/{language}/02_tape.ipynb"
    notebook = f"us/gt/blob/main/{path}"
    assert list(named.values()) == [
        f"https://colab.research.google.com/github/{notebook}",
        f"https://kaggle.com/kernels/welcome?src=https://github.com/{notebook}",
        f"https://mybinder.org/v2/gh/us/gt/main?urlpath=lab/tree/{path}",
        f"https://us.example/gt/{language}/lessons/02_tape.html",
    ]
    assert list(named) == [
        "Colab",
        "Kaggle",
        "Binder",
        {"en": "site"}.get(language, "网站"),
    ]
    assert title.source.startswith("# 2 ·")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_links_of_every_lesson_lead_to_its_own_notebook(language):
    for name, source in read_sources(ROOT).items():
        first = split(published_version(source, ROOT), language).cells[0].source
        colab, kaggle, binder, _ = re.findall(r"\]\((\S+?)\)", first)
        path = f"notebooks/{language}/{name}.ipynb"
        assert urllib.parse.urlsplit(colab).path.endswith(f"/blob/main/{path}")
        for link, key in ((kaggle, "src"), (binder, "urlpath")):
            asked = urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)
            assert asked[key][0].endswith(path)


def run_cell(code, **names):
    """Run a cell as IPython would."""
    exec(TransformerManager().transform_cell(code), names)  # noqa: S102


@pytest.fixture
def run_first_code_cell(published, monkeypatch, tmp_path, capsys):
    """Run a lesson's first code cell where gradtape is missing; pip is a stand-in."""

    def run(language, *, pip_works):
        there, asked = [], []
        find_spec = importlib.util.find_spec
        monkeypatch.setattr(
            importlib.util,
            "find_spec",
            lambda name: bool(there) if name == "gradtape" else find_spec(name),
        )

        def run_line_magic(name, line, *_):
            asked.append(f"{name} {line}")
            there.extend(["gradtape"] * pip_works)

        code = next(c for c in published(language) if c.cell_type == "code").source
        shell = types.SimpleNamespace(run_line_magic=run_line_magic)
        monkeypatch.chdir(tmp_path)
        run_cell(code, get_ipython=lambda: shell)
        return asked, capsys.readouterr().out

    return run


def test_where_gradtape_is_there_the_first_cell_does_nothing(published, capsys):
    code = next(cell for cell in published("en") if cell.cell_type == "code").source
    run_cell(code)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "until this session ends"), ("zh", "本次会话结束后失效")],
)
def test_where_it_is_missing_the_first_cell_gets_it_and_says_what_will_be_lost(
    run_first_code_cell, tmp_path, language, words
):
    asked, out = run_first_code_cell(language, pip_works=True)
    assert asked == ["pip install --quiet git+https://github.com/us/gt"]
    assert words in out and "progress.json" in out
    progress_file.note_pass("2.1")
    assert progress_file.passed(tmp_path) == {"02": ["2.1"]}
    assert (tmp_path / ".gradtape" / "progress.json").is_file()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Switch on the internet"), ("zh", "打开网络")]
)
def test_what_cannot_be_fetched_is_told_without_a_traceback(
    run_first_code_cell, tmp_path, language, words
):
    _, out = run_first_code_cell(language, pip_works=False)
    assert words in out and out.count("\n") == 1
    assert not (tmp_path / ".gradtape").exists()


def test_both_languages_have_the_same_cells(published):
    english, chinese = published("en"), published("zh")
    assert [cell.id for cell in english] == [cell.id for cell in chinese]
    heads = [c for c in english if LAUNCH in c.metadata.get("tags", [])]
    assert [cell.cell_type for cell in heads] == ["markdown", "code"]
