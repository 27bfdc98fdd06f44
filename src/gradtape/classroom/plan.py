"""What there is to grade in a lesson's sheet, read from the teacher's own copy.

A hand-in is never asked what it is worth, which cell is graded, or how.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradtape.classroom.assignment import NO_ANSWER, without_solution
from gradtape.file_errors import WorkspaceError
from gradtape.language import say

_NUMBER = re.compile(r"\d{1,2}\.\d{1,2}")
HEADER = Path("source", "header.ipynb")


@dataclass(frozen=True)
class Asked:
    """An exercise of a sheet.

    Attributes
    ----------
    number : str
        ``"2.1"``.
    points : float
        How many can be had.
    expressions : tuple of str
        What the check is given, as code: ``("backward",)``.
    """

    number: str
    points: float
    expressions: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A question that is answered in words.

    Attributes
    ----------
    name : str
        ``"02-1"``.
    points : float
        How many can be had.
    text, model_answer : str
        What is asked; what a good answer says.
    """

    name: str
    points: float
    text: str
    model_answer: str


@dataclass(frozen=True)
class Plan:
    """What there is to grade in a sheet.

    Attributes
    ----------
    lesson : str
        Two digits.
    exercises : tuple of Asked
        In the order of the sheet.
    questions : tuple of Question
        Read by a person.
    start : tuple of str
        Code that comes before all else, whatever a learner left out.
    given : frozenset of str
        The texts of all cells that were handed out, without solutions.
    kinds : dict of str to str
        ``"code"`` or ``"markdown"``, by the name of a cell.
    """

    lesson: str
    exercises: tuple[Asked, ...]
    questions: tuple[Question, ...]
    start: tuple[str, ...]
    given: frozenset[str]
    kinds: dict[str, str]

    @property
    def points(self) -> float:
        """How many points can be had."""
        return sum(each.points for each in (*self.exercises, *self.questions))


def sheet_of(course: Path, lesson: str) -> Path:
    """Return the teacher's copy of a lesson's sheet.

    Raises
    ------
    WorkspaceError
        If the class has no such lesson, or more than one notebook for it.
    """
    folder = course / "source" / f"lesson_{lesson}"
    found = sorted(folder.glob("*.ipynb"))
    if len(found) != 1:
        there = [path.name for path in sorted((course / "source").glob("lesson_*"))]
        raise WorkspaceError(
            say(
                en=f"{folder} holds {len(found)} notebooks where one is needed; this class "
                f"has {', '.join(there) or 'no lessons'}.",
                zh=f"{folder} 里有 {len(found)} 个笔记本，应该正好有一个；这门课有："
                f"{'、'.join(there) or '（没有课）'}。",
            )
        )
    return found[0]


def read_plan(course: Path, lesson: str) -> Plan:
    """Read what there is to grade in a lesson's sheet.

    Parameters
    ----------
    course : Path
        The folder of the class.
    lesson : str
        Two digits.

    Raises
    ------
    WorkspaceError
        If the teacher's copy is not there, or cannot be read.
    """
    path = sheet_of(course, lesson)
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        header = json.loads((course / HEADER).read_text("utf-8"))["cells"]
        return _plan(lesson, *([_Cell(c) for c in part] for part in (cells, header)))
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise WorkspaceError(
            say(
                en=f"{path} cannot be read as the sheet of a lesson: {error}.",
                zh=f"{path} 无法作为一课的练习读取：{error}。",
            )
        ) from None


class _Cell:
    """A cell of the teacher's copy."""

    def __init__(self, data: dict[str, Any]):
        source = data["source"]
        self.text = source if isinstance(source, str) else "".join(source)
        self.is_code = data["cell_type"] == "code"
        self.about = data.get("metadata", {}).get("nbgrader", {})
        self.name = str(self.about.get("grade_id", ""))

    @property
    def points(self) -> float:
        return float(self.about.get("points", 0))


def _plan(lesson: str, cells: list[_Cell], header: list[_Cell]) -> Plan:
    exercises, questions, words, start = [], [], [], []
    before = ""
    for cell in cells:
        calls = checks_in(cell.text) if cell.is_code else []
        if cell.is_code and cell.about.get("grade") and calls:
            number, expressions = calls[-1]
            exercises.append(Asked(number, cell.points, expressions))
        elif cell.is_code and cell.name == "start":
            start.append(cell.text)
        elif not cell.is_code and cell.about.get("grade"):
            name = cell.name.removeprefix("written-")
            questions.append(Question(name, cell.points, before, cell.text))
            words.append(cell)
        before = cell.text
    given = {without_solution(each.text).strip() for each in cells if each not in words}
    given |= {each.text.strip() for each in header} | set(NO_ANSWER.values())
    return Plan(
        lesson,
        tuple(exercises),
        tuple(questions),
        tuple(start),
        frozenset(given),
        {c.name: "code" if c.is_code else "markdown" for c in cells if c.name},
    )


def checks_in(code: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the calls of ``gt.check`` in a cell: number and arguments, as code.

    Examples
    --------
    >>> checks_in('gt.check("2.1", backward)')
    [('2.1', ('backward',))]
    """
    tree = parsed(code)
    calls = [
        node
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, ast.Call) and _is_check(node)
    ]
    calls.sort(key=lambda node: (node.lineno, node.col_offset))
    return [(node.args[0].value, _as_code(node.args[1:])) for node in calls]


def parsed(code: str) -> ast.Module | None:
    """Return a cell's code, without lines that are IPython's own, if it is Python."""
    lines = code.split("\n")
    plain = ["" if line.lstrip()[:1] in ("%", "!") else line for line in lines]
    try:
        return ast.parse("\n".join(plain))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_check(call: ast.Call) -> bool:
    """Tell a check of an exercise, under whichever name ``gt.check`` was imported."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    number = call.args[0] if call.args else None
    return (
        name == "check"
        and isinstance(number, ast.Constant)
        and isinstance(number.value, str)
        and bool(_NUMBER.fullmatch(number.value))
    )


def _as_code(arguments: list[ast.expr]) -> tuple[str, ...]:
    try:
        return tuple(map(ast.unparse, arguments))
    except RecursionError:
        return ()  # as if nothing had been handed over
