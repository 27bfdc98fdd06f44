"""One source, two notebooks of the same cells."""

import nbformat
import pytest

from gradtape.authoring.source import read_sources
from gradtape.authoring.split import cell_ids, split


@pytest.fixture
def notebooks(checkout, section):
    checkout.write(section, '\n# %% tags=["raises-exception"]\n1 / 0\n')
    source = read_sources(checkout.root)["02_tape"]
    return {language: split(source, language) for language in ("en", "zh")}


def test_each_notebook_has_the_prose_of_its_language(notebooks):
    prose = {
        language: [c.source for c in notebook.cells if c.cell_type == "markdown"]
        for language, notebook in notebooks.items()
    }
    assert prose == {
        "en": ["# 2 · The tape\n\nIt records.", "## What it records"],
        "zh": ["# 2 · 梯度带\n\n它会记录。", "## 它记录什么"],
    }


def test_the_code_is_the_same_but_for_the_language_of_the_start(notebooks):
    code = {
        language: [c.source for c in notebook.cells if c.cell_type == "code"]
        for language, notebook in notebooks.items()
    }
    assert 'gt.start("02", lang="zh")' in code["zh"][0]
    assert [text.replace('"zh"', '"en"') for text in code["zh"]] == code["en"]


def test_ids_tell_the_section_and_are_shared(notebooks):
    ids = {
        language: [cell.id for cell in notebook.cells]
        for language, notebook in notebooks.items()
    }
    assert ids["en"] == ids["zh"]
    assert ids["en"] == [
        "2-the-tape-1",
        "2-the-tape-2",
        "what-it-records-1",
        "what-it-records-2",
        "what-it-records-3",
    ]


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("Curvature: $f''$ and `tape`", "curvature-f-and-tape"),
        ("Gâteaux & Fréchet", "gateaux-frechet"),
        ("∂²", "2"),
        ("∂", "section"),
        ("a " * 60, "a-" * 23 + "a"),
    ],
)
def test_an_id_is_valid_whatever_the_heading(checkout, section, heading, slug):
    checkout.write(section.replace("What it records", heading))
    source = read_sources(checkout.root)["02_tape"]
    assert cell_ids(source)[2] == f"{slug}-1"
    nbformat.validate(split(source, "en"))


def test_sections_of_one_slug_share_no_id(checkout, section):
    checkout.write(section, section.replace("records", "records?"))
    ids = cell_ids(read_sources(checkout.root)["02_tape"])
    assert len(set(ids)) == len(ids)


def test_the_place_for_work_is_named_in_the_notebooks_language(checkout, section):
    checkout.write(section, "# %%\ndef f(x):\n    # your work\n    ...\n")
    source = read_sources(checkout.root)["02_tape"]
    ends = {each: split(source, each).cells[-1].source for each in ("en", "zh")}
    assert ends["en"] == "def f(x):\n    # your work\n    ..."
    assert ends["zh"] == "def f(x):\n    # 在这里作答\n    ..."


def test_metadata_say_what_the_list_of_lessons_shows(notebooks):
    assert notebooks["zh"].metadata.gradtape == {
        "language": "zh",
        "lesson": "02",
        "minutes": 30,
        "teaches": "梯度带记录什么",
    }


def test_metadata_name_no_version_of_python(notebooks):
    metadata = notebooks["en"].metadata
    assert metadata.kernelspec.name == "python3"
    assert "version" not in metadata.language_info


def test_tags_stay_and_marks_of_the_source_go(notebooks):
    assert [cell.metadata for cell in notebooks["zh"].cells] == [
        {},
        {},
        {},
        {},
        {"tags": ["raises-exception"]},
    ]
