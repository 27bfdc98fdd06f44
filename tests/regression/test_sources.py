"""A built notebook that is not what its source gives turns red, and is not run for it."""

import nbformat
import pytest

from gradtape.authoring.built_from import find_source
from gradtape.authoring.exercises import learners_version
from gradtape.authoring.source import read_sources
from gradtape.authoring.split import split

pytest_plugins = ["pytester"]

SOURCE = """\
# ---
# jupyter:
#   gradtape:
#     minutes: 5
#     teaches:
#       en: what a tape is
#       zh: 什么是梯度带
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # The tape

# %% [markdown] lang="zh"
# # 梯度带

# %%
import gradtape as gt

gt.start("02", lang="en")

# %%
print(2.5)
"""


@pytest.fixture
def built(tmp_path):
    """A checkout with one lesson, built; give the paths of source and notebook."""
    source = tmp_path / "notebooks/lessons/02_tape/lesson.py"
    notebook = tmp_path / "notebooks/en/02_tape.ipynb"
    for path in (source, notebook):
        path.parent.mkdir(parents=True)
    source.write_text(SOURCE, "utf-8")
    written = split(learners_version(read_sources(tmp_path)["02_tape"]), "en")
    first, second = (cell for cell in written.cells if cell.cell_type == "code")
    first.execution_count, second.execution_count = 1, 2
    second.outputs = [nbformat.v4.new_output("stream", name="stdout", text="2.5\n")]
    nbformat.write(written, notebook)
    return source, notebook


def differences(notebook):
    # Sources are read once a process; a path of its own makes this one new.
    return find_source(notebook).differences()


def test_a_notebook_as_its_source_gives_it_has_no_differences(built):
    assert differences(built[1]) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("print(2.5)", "print(2.6)", 'it says "print(2.5)", its source "print(2.6)"'),
        ("# # 梯度带", "# 梯度带", "02_tape/lesson.py:18"),
        ("minutes: 5", "minutes: 6", "its metadata is not what the source gives"),
        ("\n# %%\nprint", "\n# %%\nx = 1\n\n# %%\nprint", "is missing"),
    ],
)
def test_an_edited_source_is_told_with_its_line(built, old, new, said):
    source, notebook = built
    assert old in SOURCE
    source.write_text(SOURCE.replace(old, new), "utf-8")
    assert said in "\n".join(differences(notebook))


def test_a_notebook_without_a_source_is_nobody_s(tmp_path):
    assert find_source(tmp_path / "notebooks/en/02_tape.ipynb") is None
    assert find_source(tmp_path / "02_tape.ipynb") is None


@pytest.mark.slow
def test_pytest_says_it_once_and_names_the_command(built, pytester, monkeypatch, home):
    monkeypatch.delenv("CI", raising=False)
    source, notebook = built
    source.write_text(SOURCE.replace("2.5", "2.6"), "utf-8")
    arguments = ("--gradtape", "-p", "no:xdist", f"--rootdir={source.parents[2]}")
    result = pytester.runpytest_subprocess(*arguments, str(notebook))
    result.assert_outcomes(passed=2, failed=1)
    said = result.stdout.str()
    assert 'it says "print(2.5)", its source "print(2.6)"' in said
    assert "then build it with `gradtape build 02`, and commit both" in said

    update = pytester.runpytest_subprocess(
        *arguments, "--gradtape-update", str(notebook)
    )
    update.assert_outcomes(failed=3)
    assert "build it from its source: `gradtape build 02`" in update.stdout.str()
    assert "02_tape.ipynb: not written" in update.stdout.str()
