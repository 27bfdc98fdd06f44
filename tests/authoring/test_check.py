"""Red for every way in which a committed notebook can differ from its source."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from gradtape.authoring.check import differences
from gradtape.authoring.source import read_sources
from gradtape.authoring.split import split

NAME = "notebooks/en/02_tape.ipynb"


@pytest.fixture
def built(checkout, section):
    """A notebook as if it had been executed, and its copy committed."""
    checkout.write(section)
    notebook = split(read_sources(checkout.root)["02_tape"], "en")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for count, cell in enumerate(code, 1):
        cell.execution_count = count
        cell.outputs = [new_output("stream", name="stdout", text=f"x = {count}.5\n")]
    commit(checkout, notebook)
    return notebook


def commit(checkout, notebook):
    path = checkout.notebook("en")
    path.parent.mkdir(exist_ok=True)
    path.write_text(nbformat.v4.writes(notebook), "utf-8")


@pytest.fixture
def check(checkout, built):
    """Edit the committed notebook and return what the check says."""

    def check(edit=lambda notebook: None):
        path = checkout.notebook("en")
        committed = nbformat.v4.reads(path.read_text("utf-8"))
        edit(committed)
        path.write_text(nbformat.v4.writes(committed), "utf-8")
        return say(checkout, built)

    return check


def say(checkout, built):
    source = read_sources(checkout.root)["02_tape"]
    path = checkout.notebook("en").relative_to(checkout.root)
    return [str(p) for p in differences(built, path, source, checkout.root)]


def at(line, sentence):
    return f"notebooks/lessons/02_tape/lesson.py:{line}: {NAME}{sentence}"


def test_green_where_nothing_differs(check):
    assert check() == []


def test_green_where_a_number_is_rounded_otherwise(check):
    def edit(notebook):
        notebook.cells[3].outputs[0].text = "x = 2.5000001\n"

    assert check(edit) == []


def test_red_where_a_number_differs(check, checkout):
    def edit(notebook):
        notebook.cells[3].outputs[0].text = "x = 2.6\n"

    (problem,) = check(edit)
    line = checkout.line("x = 3.0") - 1
    assert problem.startswith(at(line, ", cell what-it-records-2: text: "))
    assert "2.5 came out, 2.6 is stored" in problem


def test_green_within_the_tolerance_of_the_cell_s_tag(checkout, section):
    tagged = section.replace("# %%\nx = 3.0", '# %% tags=["rtol=0.05"]\nx = 3.0')
    checkout.write(tagged)
    built = split(read_sources(checkout.root)["02_tape"], "en")
    built.cells[3].outputs = [new_output("stream", text="x = 2.6\n")]
    commit(checkout, built)
    built.cells[3].outputs[0].text = "x = 2.5\n"
    assert say(checkout, built) == []
    built.cells[3].outputs[0].text = "x = 2.4\n"
    assert len(say(checkout, built)) == 1


def test_green_where_what_differs_is_masked(checkout, section):
    checkout.write(
        section.replace("# %%\nx = 3.0", '# %% tags=["mask=in .*"]\nx = 3.0')
    )
    built = split(read_sources(checkout.root)["02_tape"], "en")
    built.cells[3].outputs = [new_output("stream", text="x = 2.5 in 7 ms\n")]
    commit(checkout, built)
    built.cells[3].outputs[0].text = "x = 2.5 in 3 ms\n"
    assert say(checkout, built) == []
    built.cells[3].outputs[0].text = "x = 2.4 in 7 ms\n"
    assert len(say(checkout, built)) == 1


def test_red_where_outputs_are_lost(check, checkout):
    def edit(notebook):
        notebook.cells[3].outputs = []

    (problem,) = check(edit)
    assert problem.startswith(at(checkout.line("x = 3.0") - 1, ", cell"))


def test_red_once_where_the_notebook_was_never_run(check):
    def edit(notebook):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.execution_count, cell.outputs = None, []

    assert check(edit) == [at(1, " was never run; build it again")]


def test_red_where_prose_was_edited_by_hand(check, checkout):
    def edit(notebook):
        notebook.cells[0].source = "# 2 · The tape\n\nIt recalls."

    (problem,) = check(edit)
    assert problem == at(
        checkout.line("It records."),
        ', cell 2-the-tape-1: it says "It recalls.", its source "It records."',
    )


def test_red_where_code_was_edited_by_hand(check, checkout):
    def edit(notebook):
        cell = notebook.cells[3]
        cell.source = cell.source.replace("x**4", "x**5")

    (problem,) = check(edit)
    assert problem.startswith(at(checkout.line("x**4"), ""))


def test_red_where_a_line_was_added_by_hand(check, checkout):
    def edit(notebook):
        notebook.cells[3].source += "\ny = 1"

    (problem,) = check(edit)
    assert problem.startswith(at(checkout.line("x**4"), ""))
    assert 'it says "y = 1", its source nothing more' in problem


def test_red_where_a_line_was_deleted_by_hand(check, checkout):
    def edit(notebook):
        notebook.cells[3].source = "x = 3.0"

    (problem,) = check(edit)
    assert problem.startswith(at(checkout.line('print("x'), ""))
    assert 'it says nothing more, its source "print("x =", x)"' in problem


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("metadata", {"tags": ["raises-exception"]}),
        ("execution_count", None),
        ("execution_count", 7),
        ("cell_type", "raw"),
        ("attachments", {}),
    ],
)
def test_red_where_something_else_about_a_cell_differs(check, checkout, key, value):
    def edit(notebook):
        notebook.cells[3][key] = value

    (problem,) = check(edit)
    line = checkout.line("x = 3.0") - 1
    assert problem.startswith(at(line, f", cell what-it-records-2: its {key} is "))


@pytest.mark.parametrize("key", ["gradtape", "kernelspec", "language_info", "extra"])
def test_red_where_the_notebook_s_metadata_differ(check, key):
    def edit(notebook):
        notebook.metadata[key] = {"name": "other"}

    assert check(edit) == [at(1, ": its metadata is not what the source gives")]


def test_red_where_the_format_differs(check):
    def edit(notebook):
        notebook.nbformat_minor = 4

    assert check(edit) == [at(1, ": its nbformat_minor is not what the source gives")]


def test_red_where_a_cell_is_missing(check, checkout):
    def edit(notebook):
        del notebook.cells[3]

    line = checkout.line("x = 3.0") - 1
    assert check(edit) == [at(line, ": the cell what-it-records-2 is missing")]


def test_red_where_a_cell_was_added(check, checkout):
    def edit(notebook):
        notebook.cells.insert(1, new_markdown_cell("Mine.", id="mine"))

    line = checkout.line("# # 2 · The tape") - 1
    assert check(edit) == [at(line, ": a cell mine that the source does not give")]


def test_red_where_a_cell_was_copied(check, checkout):
    def edit(notebook):
        notebook.cells.append(new_code_cell("x", id="what-it-records-2"))

    assert any("what-it-records-2 stands twice" in problem for problem in check(edit))


def test_red_where_an_id_was_changed(check):
    def edit(notebook):
        notebook.cells[3].id = "mine"

    assert [problem.split(": ")[-1] for problem in check(edit)] == [
        "the cell what-it-records-2 is missing",
        "a cell mine that the source does not give",
    ]


def test_red_where_a_cell_lost_its_id(check):
    def edit(notebook):
        del notebook.cells[3]["id"]

    assert len(check(edit)) == 2


def test_red_where_cells_changed_places(check, checkout):
    def edit(notebook):
        cells = notebook.cells
        cells[2], cells[3] = cells[3], cells[2]

    line = checkout.line("## What") - 1
    assert check(edit) == [
        at(
            line,
            ": the cell what-it-records-2 stands in the place of what-it-records-1",
        )
    ]


def test_red_where_the_notebook_is_missing(checkout, built):
    checkout.notebook("en").unlink()
    assert say(checkout, built) == [at(1, " is missing")]


@pytest.mark.parametrize("text", ["", "not JSON", "[]", "{}", '{"cells": [1]}'])
def test_red_where_the_notebook_is_none(checkout, built, text):
    checkout.notebook("en").write_text(text)
    assert say(checkout, built) == [f"{NAME}:1: this is not a notebook"]


def test_a_look_changes_nothing(check, checkout):
    before = checkout.files()
    check()
    assert checkout.files() == before
