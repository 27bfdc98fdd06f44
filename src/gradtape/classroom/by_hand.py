"""Points that a person gives: a page with the answers, a table that takes the points.

In place of names stand keys, in another order in each class.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gradtape.classroom import safe_text
from gradtape.classroom.plan import Plan
from gradtape.classroom.results import InWords, Result
from gradtape.file_errors import WorkspaceError
from gradtape.files import write_whole
from gradtape.language import say

FOLDER = "reading"
_COLUMNS = ("key", "question", "points", "comment")
_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class Read:
    """What a person gave for one answer.

    Attributes
    ----------
    name : str
        The question: ``"02-1"``.
    answer : str
        What was written.
    points : float or None
        None until it is read; an empty answer has its 0 at once.
    most : float
        How many can be had.
    comment : str
        What the teacher says of it.
    """

    name: str
    answer: str
    points: float | None
    most: float
    comment: str


def key_of(secret: str, learner: str) -> str:
    """Return what stands for a learner's name."""
    code = hmac.new(secret.encode(), learner.encode(), hashlib.sha256)
    return code.hexdigest()[:8]


def table_of(course: Path, lesson: str) -> Path:
    """Return where the points of a lesson are written by hand."""
    return course / FOLDER / f"lesson_{lesson}.csv"


def given(course: Path, plan: Plan) -> dict[tuple[str, str], tuple[float | None, str]]:
    """Return what was given by hand: points and comment, by key and question.

    Raises
    ------
    WorkspaceError
        If a line of the table cannot be understood; it says which.
    """
    path = table_of(course, plan.lesson)
    most = {question.name: question.points for question in plan.questions}
    found = {}
    for number, row in enumerate(_rows(path), 2):
        cells = {name: (row.get(name) or "").strip().lstrip("'") for name in _COLUMNS}
        points = _points(path, number, cells["points"], most.get(cells["question"]))
        found[cells["key"], cells["question"]] = points, cells["comment"]
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    content = path.read_bytes()
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise WorkspaceError(
            say(
                en=f"{path} is written in an unknown encoding; save it as CSV UTF-8.",
                zh=f"{path} 的编码无法识别；请另存为 CSV UTF-8。",
            )
        )
    first = text.partition("\n")[0]
    # A spreadsheet writes what the country writes, whatever it was given.
    delimiter = max(",;\t", key=first.count)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def _points(path: Path, number: int, text: str, most: float | None) -> float | None:
    if not text:
        return None
    try:
        points = float(text.replace(",", "."))
        if most is None or 0 <= points <= most:
            return points
    except ValueError:
        pass
    raise WorkspaceError(
        say(
            en=f"{path}, line {number}: the points are {text!r}; write a number from 0 to "
            f"{most:g}.",
            zh=f"{path} 第 {number} 行：得分是 {text!r}；请写 0 到 {most:g} 之间的数。",
        )
    )


def read_of(
    result: Result, secret: str, by_hand: dict[tuple[str, str], tuple]
) -> tuple[Read, ...]:
    """Return a learner's answers in words with what they were given."""
    key = key_of(secret, result.learner)
    found = []
    for words in result.words:
        points, comment = by_hand.get((key, words.name), (None, ""))
        if points is None and not words.answer.strip():
            points = 0.0
        found.append(Read(words.name, words.answer, points, words.most, comment))
    return tuple(found)


def write_table(
    course: Path, plan: Plan, secret: str, results: Sequence[Result]
) -> Path | None:
    """Write the table that takes points, keeping what was given before.

    Returns
    -------
    Path or None
        The table; None if the lesson has no questions in words.
    """
    if not plan.questions:
        return None
    before = given(course, plan)
    rows = []
    for question in plan.questions:
        for key, _ in answers_to(question.name, secret, results):
            points, comment = before.pop((key, question.name), (None, ""))
            shown = "" if points is None else f"{points:g}"
            rows.append([key, question.name, shown, safe_text.cell(comment)])
    # What was given for a hand-in that is not there any more is not thrown away.
    for (key, name), (points, comment) in before.items():
        if points is not None or comment:
            shown = "" if points is None else f"{points:g}"
            rows.append([key, name, shown, safe_text.cell(comment)])
    path = table_of(course, plan.lesson)
    write_csv(path, [_COLUMNS, *rows])
    return path


def answers_to(
    name: str, secret: str, results: Sequence[Result]
) -> list[tuple[str, InWords]]:
    """Return the answers to a question that are not empty, by key."""
    found = [
        (key_of(secret, result.learner), words)
        for result in results
        for words in result.words
        if words.name == name and words.answer.strip()
    ]
    return sorted(found, key=lambda each: each[0])


def write_csv(path: Path, rows: Sequence[Sequence[object]]) -> None:
    """Write a table as spreadsheets read it: UTF-8 with a mark that says so."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.getvalue().encode("utf-8-sig"))
