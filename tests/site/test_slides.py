"""A lesson's cells as slides: what is shown, what is said, what is left out."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from gradtape.language import LANGUAGES
from gradtape.site.plans import plan_of
from gradtape.site.slide_cells import as_slides

ROOT = Path(__file__).parents[2]
LONG = "The tape records each step of the calculation with its values. " * 4


def kinds_and_texts(*cells, lesson=2, language="en"):
    notebook = new_notebook(cells=[new_markdown_cell("# 2 · Tape"), *cells])
    slides = as_slides(notebook, plan_of(lesson, language, ROOT), language)
    return [(c.metadata.slideshow.slide_type, c.source) for c in slides.cells]


def test_a_paragraph_is_said_and_a_question_is_shown():
    cells = kinds_and_texts(new_markdown_cell(f"## New\n\n{LONG}\n\nWhich is larger?"))
    assert ("slide", "## New\n\nWhich is larger?") in cells
    assert ("notes", LONG.strip()) in cells


def test_code_stands_below_what_introduces_it():
    cells = kinds_and_texts(
        new_markdown_cell("## New\n\n- one\n- two"), new_code_cell("x = 1")
    )
    assert cells[-2:] == [("slide", "## New\n\n- one\n- two"), ("-", "x = 1")]


def test_much_text_and_the_code_below_it_stand_on_two_slides():
    steps = "\n".join(f"- step {i} has the local derivative 1" for i in range(20))
    cells = kinds_and_texts(
        new_markdown_cell(f"## New\n\n{steps}"), new_code_cell("x = 1")
    )
    assert cells[-2:] == [("slide", f"## New\n\n{steps}"), ("subslide", "x = 1")]


def test_what_is_optional_and_the_exercises_are_left_out():
    texts = dict(
        reversed(each)
        for each in kinds_and_texts(
            new_markdown_cell("## More (optional)\n\nShort."),
            new_code_cell("left_out = 1"),
            new_markdown_cell("### Below it\n\nShort."),
            new_markdown_cell("## Core\n\nShort."),
            new_markdown_cell("## Exercises\n\nShort."),
            new_code_cell('gt.check("2.1", answer)'),
        )
    )
    assert "## Core\n\nShort." in texts
    assert len(texts) == 3  # the title with the whole plan in its notes, and the core


def test_folded_answers_stay_folded_and_whole():
    fold = (
        "<details>\n<summary>Answer</summary>\n\n$-108$, since it falls.\n\n</details>"
    )
    cells = kinds_and_texts(new_markdown_cell(f"## New\n\n{fold}"))
    assert ("slide", "## New\n\n" + fold) in cells


def test_much_code_and_its_result_stand_on_two_slides():
    output = new_output("stream", text="12\n")
    code = new_code_cell("\n".join(f"x = {i}" for i in range(20)), outputs=[output])
    notebook = new_notebook(cells=[new_markdown_cell("# Tape"), code])
    slides = as_slides(notebook, plan_of(2, "en", ROOT), "en").cells
    first, second = (cell for cell in slides if cell.cell_type == "code")
    assert not first.outputs and second.outputs[0].text == "12\n"
    assert second.metadata.slideshow.slide_type == "subslide"


@pytest.mark.parametrize(
    ("language", "heading", "said"),
    [("en", "Inside the tape", "step_through_tape"), ("zh", "看图", "13.5")],
)
def test_the_row_of_the_plan_stands_in_the_notes_of_its_section(
    language, heading, said
):
    assert said in plan_of(2, language, ROOT).about(heading)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lesson", [1, 2, 3, 4, 5, 6])
def test_every_plan_is_found_and_names_sections_of_its_lesson(lesson, language):
    plan = plan_of(lesson, language, ROOT)
    (path,) = (ROOT / "notebooks" / language).glob(f"0{lesson}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    headings = [
        line.lstrip("# ")
        for cell in cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("## ")
    ]
    assert len(plan.rows) >= 4
    assert sum(bool(plan.about(heading)) for heading in headings) >= 2
