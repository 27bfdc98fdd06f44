"""Make of a lesson's exercises a sheet: solved, and as it is handed out.

What a cell is stands in its metadata, in the words of nbgrader: a check is worth points,
an answer is a solution. What has to be said in words stands at the end and is read by a
person. An answer that no check follows, in which a learner confirms another, gives no
points.
"""

from __future__ import annotations

import ast
import copy
import re
from dataclasses import replace

import nbformat
from nbformat import NotebookNode

from gradtape.authoring.exercises import exercise_sections, is_solution, with_stubs
from gradtape.authoring.markdown import headings
from gradtape.authoring.source import START_CALL, LessonSource, SourceCell
from gradtape.authoring.split import split
from gradtape.classroom.written import Written, questions
from gradtape.exercises.exercise import find

_SCHEMA = 3  # of nbgrader's metadata
NO_ANSWER = {"en": "*Write your answer here.*", "zh": "*在这里写下你的回答。*"}
_LINK = re.compile(r"\[([^\]]*)\]\((?![a-z]+:|#)[^)]*\)")


def assignment(source: LessonSource, language: str) -> NotebookNode:
    """Return a lesson's exercises, solved, with what each is worth.

    Parameters
    ----------
    source : LessonSource
        A lesson with solutions.
    language : {"en", "zh"}
        The language of the notebook.
    """
    version = exercise_sections(source)
    version = replace(version, cells=tuple(map(_for_a_class, version.cells)))
    notebook = split(version, language)
    cells = version.in_language(language)
    for cell, node in zip(cells, notebook.cells, strict=True):
        check = _check_in(cell)
        if is_solution(cell):
            mark(node, f"answer-{node.id}", solution=True)
        elif check is not None:
            number = ast.literal_eval(check.args[0])
            points = find(number).points
            name = f"exercise-{number.replace('.', '-')}"
            mark(node, name, locked=True, points=points)
        elif cell.kind == "code" and START_CALL.search(cell.text):
            mark(node, "start", locked=True)
    for written in questions(source.lesson):
        notebook.cells += _written_cells(written)
    return notebook


def handed_out(
    sheet: NotebookNode, header: NotebookNode, language: str
) -> NotebookNode:
    """Return a sheet as learners get it: without solutions and model answers.

    Parameters
    ----------
    sheet : NotebookNode
        The teacher's copy, solved.
    header : NotebookNode
        What stands on top of every sheet.
    language : {"en", "zh"}
        Of the place for an answer in words.
    """
    made = copy.deepcopy(sheet)
    made.cells = [*copy.deepcopy(header.cells), *made.cells]
    for cell in made.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and about.get("solution"):
            cell.source = NO_ANSWER[language]
        else:
            cell.source = without_solution(cell.source)
        if about:
            cell.metadata["deletable"] = False
        if about.get("locked"):
            cell.metadata["editable"] = False
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return made


def without_solution(text: str) -> str:
    r"""Return a cell's text with a stub in the place of its solution.

    Examples
    --------
    >>> without_solution("# BEGIN SOLUTION\nx = 1\n# END SOLUTION")
    '# your work'
    """
    # An earlier version wrote its hidden tests into the sheet.
    shown = text.partition("# BEGIN HIDDEN TESTS")[0].rstrip("\n")
    return with_stubs(SourceCell("code", shown, 0, {})).text


def points_of(notebook: NotebookNode) -> float:
    """Return how many points can be had in an assignment."""
    return sum(
        cell.metadata.get("nbgrader", {}).get("points", 0) for cell in notebook.cells
    )


def _for_a_class(cell: SourceCell) -> SourceCell:
    """Keep of the opening its title, and no link: a class has the exercises alone."""
    if cell.kind != "markdown":
        return cell
    for heading in headings(cell.text):
        if heading.level == 1:
            return replace(cell, text=f"# {heading.text}", lines=())
    return replace(cell, text=_LINK.sub(r"\1", cell.text))


def _check_in(cell: SourceCell) -> ast.Call | None:
    """Return the call of ``gt.check`` with which a cell ends."""
    if cell.kind != "code" or "gt.check(" not in cell.text:
        return None
    last = ast.parse(cell.text).body[-1]
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return last.value if ast.unparse(last.value.func) == "gt.check" else None
    return None


def _written_cells(written: Written) -> list[NotebookNode]:
    """Return a question and the place for its answer, which holds a model answer."""
    question = nbformat.v4.new_markdown_cell(
        str(written.question), id=f"question-{written.name}"
    )
    answer = nbformat.v4.new_markdown_cell(
        str(written.model_answer), id=f"written-{written.name}"
    )
    mark(answer, f"written-{written.name}", solution=True, points=written.points)
    return [question, answer]


def mark(
    node: NotebookNode,
    name: str,
    *,
    solution: bool = False,
    locked: bool = False,
    points: int | None = None,
) -> None:
    """Say in a cell's metadata what it is to nbgrader.

    Parameters
    ----------
    node : NotebookNode
        The cell, changed in place.
    name : str
        What nbgrader calls it.
    solution, locked : bool
        Whether it takes an answer; whether it is put back as it was handed out.
    points : int, optional
        How many can be had, if it is graded.
    """
    about = {
        "grade": points is not None,
        "grade_id": name,
        "locked": locked,
        "schema_version": _SCHEMA,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        about["points"] = points
    node.metadata["nbgrader"] = nbformat.from_dict(about)
