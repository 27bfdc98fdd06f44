"""Read what a learner handed in, however it looks by now."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gradtape.classroom.plan import Plan, checks_in, parsed
from gradtape.exercises.words import Words

_LARGEST = 50 * 2**20
_LARGEST_PROGRESS = 2**20
_MOST_HINTS = 3
_MOST_CELLS = 2_000
_LONGEST_CELL = 2_000_000
_ENCODINGS = ("utf-8-sig", "gb18030")

NOTHING_THERE = Words("There is no notebook in it.", "里面没有笔记本。")
SEVERAL = Words(
    "There are {count} notebooks in it: {names}. One is needed, with the name of the "
    "sheet that was handed out.",
    "里面有 {count} 个笔记本：{names}。只能有一个，文件名要和发下来的一样。",
)
TOO_LARGE = Words(
    "The file has {size} MB. Clear the outputs and save it again.",
    "文件有 {size} MB。请清除输出后重新保存。",
)
EMPTY = Words(
    "The file is empty. It was probably not saved, or not uploaded to its end.",
    "文件是空的。可能没有保存，或者没有上传完。",
)
NO_NOTEBOOK = Words(
    "The file is no notebook any more ({reason}).", "文件已经不是笔记本了（{reason}）。"
)
NO_CELLS = Words("The notebook has no cells.", "笔记本里没有单元格。")
MANY_CELLS = Words(
    "The notebook has {count} cells; at most {most} are graded.",
    "笔记本有 {count} 个单元格；最多评 {most} 个。",
)
A_LINK = Words(
    "{name} is a link to another file. Hand in the file itself.",
    "{name} 是指向另一个文件的链接。请交文件本身。",
)
OTHER_SHEET = Words(
    "It checks {others} and no exercise of this sheet; it is probably the notebook of "
    "another lesson.",
    "里面检查的是 {others}，没有这份练习里的题；可能交成了另一课的笔记本。",
)


class Unreadable(Exception):
    """A hand-in that cannot be graded; ``says`` is for its learner and the teacher."""

    def __init__(self, says: Words):
        super().__init__(str(says))
        self.says = says


@dataclass(frozen=True)
class Cell:
    """A cell that was handed in.

    Attributes
    ----------
    kind : str
        ``"code"``, ``"markdown"`` or ``"raw"``.
    text : str
        What it holds.
    name : str
        What the sheet called it, if it still says so.
    """

    kind: str
    text: str
    name: str


@dataclass(frozen=True)
class Place:
    """Where an exercise is judged.

    Attributes
    ----------
    cell : int or None
        After which cell; None stands for the end.
    expressions : tuple of str
        What is judged, as code.
    """

    cell: int | None
    expressions: tuple[str, ...]


def require_no_link(folder: Path) -> None:
    """Refuse a folder that is another one's, or lies in such a folder.

    Raises
    ------
    Unreadable
        If it is.
    """
    for path in (folder, folder.parent):
        if path.is_symlink():
            raise Unreadable(A_LINK(name=path.name))


def notebook_in(folder: Path, name: str) -> Path:
    """Return the notebook that was handed in, in a folder.

    It has the name of the sheet; if none has, it is the only one there is.

    Raises
    ------
    Unreadable
        If there is none, or no telling which.
    """
    notebooks = [
        path
        for path in _paths(folder)
        if path.suffix.lower() == ".ipynb" and ".ipynb_checkpoints" not in path.parts
    ]
    named = [path for path in notebooks if path.name == name]
    if len(named) == 1 or len(notebooks) == 1:
        return (named or notebooks)[0]
    if not notebooks:
        raise Unreadable(NOTHING_THERE)
    listed = ", ".join(path.name for path in notebooks[:5])
    raise Unreadable(SEVERAL(count=len(notebooks), names=listed))


def _paths(folder: Path) -> Iterator[Path]:
    """Give the paths of all files in a folder, in order; nothing that a link leads to."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names))


def content_of(path: Path, most: int = _LARGEST) -> bytes:
    """Read a file that was handed in, which may be something else than a file.

    Raises
    ------
    Unreadable
        If it is a link, no ordinary file, or too large. A link would hand in what
        another learner, or the teacher, has written.
    OSError
        If it cannot be read.
    """
    if path.is_symlink() or path.parent.is_symlink():
        raise Unreadable(A_LINK(name=path.name))
    # What waits for a writer at its other end must not keep the class waiting.
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise Unreadable(NOTHING_THERE)
        if about.st_size > most:
            raise Unreadable(TOO_LARGE(size=about.st_size // 2**20))
        return file.read(most)


def hints_in(folder: Path) -> dict[str, int]:
    """Return how many hints were shown of each exercise, if that was handed in, too."""
    for path in _paths(folder):
        if path.name != "progress.json":
            continue
        try:
            kept = json.loads(content_of(path, _LARGEST_PROGRESS))["exercises"]
            return {
                str(number)[:8]: min(int(entry["hints"]), _MOST_HINTS)
                for number, entry in list(kept.items())[:500]
                if entry.get("hints")
            }
        except (
            *(OSError, ValueError, KeyError, TypeError, AttributeError),
            *(RecursionError, Unreadable),
        ):
            continue
    return {}


def read_cells(content: bytes) -> list[Cell]:
    """Read the cells of a notebook, of any version, as far as it has any.

    Parameters
    ----------
    content : bytes
        The file.

    Raises
    ------
    Unreadable
        If it is no notebook.

    Examples
    --------
    >>> read_cells(b'{"cells": [{"cell_type": "code", "source": ["x = 1"]}]}')
    [Cell(kind='code', text='x = 1', name='')]
    """
    if not content.strip(b"\0 \t\r\n"):
        raise Unreadable(EMPTY)
    try:
        data = json.loads(_text(content))
        sheets = data.get("worksheets", [data])
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
        found = [_cell(each) for each in cells if isinstance(each, dict)]
    except RecursionError:
        raise Unreadable(NO_NOTEBOOK(reason="RecursionError")) from None
    except json.JSONDecodeError as error:
        reason = f"{error.msg}, {error.lineno}:{error.colno}: {error.doc[:40]!r}"
        raise Unreadable(NO_NOTEBOOK(reason=reason)) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"[:200]
        raise Unreadable(NO_NOTEBOOK(reason=reason)) from None
    if not found:
        raise Unreadable(NO_CELLS)
    found = [cell for cell in found if cell.text.strip()]
    if len(found) > _MOST_CELLS:
        raise Unreadable(MANY_CELLS(count=len(found), most=_MOST_CELLS))
    return found


def _text(content: bytes) -> str:
    """Return a file as text, in whichever encoding an editor has saved it."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode()


def as_handed_out(cells: list[Cell], plan: Plan) -> list[Cell]:
    """Return cells with the kinds that those of the sheet have, whatever they became.

    One key makes text of a cell with code, another one code of an answer in words.

    Raises
    ------
    Unreadable
        If it is the sheet of another lesson.
    """
    found = [_of_its_kind(cell, plan.kinds.get(cell.name)) for cell in cells]
    numbers = {
        number
        for cell in found
        if cell.kind == "code"
        for number, _ in checks_in(cell.text)
    }
    if numbers and not numbers & {each.number for each in plan.exercises}:
        raise Unreadable(OTHER_SHEET(others=", ".join(sorted(numbers)[:9])))
    return found


def _of_its_kind(cell: Cell, kind: str | None) -> Cell:
    is_lost = kind == "code" and cell.kind != "code" and parsed(cell.text) is not None
    if is_lost or (kind == "markdown" and cell.kind == "code"):
        return replace(cell, kind=kind)
    return cell


def _cell(data: dict[str, Any]) -> Cell:
    # Before version 4 of the format, the code of a cell was its "input".
    source = data.get("source", data.get("input", ""))
    if isinstance(source, list):
        source = _joined([part for part in source if isinstance(part, str)])
    text = source if isinstance(source, str) else ""
    about = data.get("metadata")
    about = about.get("nbgrader") if isinstance(about, dict) else None
    name = about.get("grade_id") if isinstance(about, dict) else data.get("id")
    kind = data.get("cell_type")
    # Half of a pair of surrogates cannot be written anywhere.
    text = text.encode("utf-8", "replace").decode()[:_LONGEST_CELL]
    return Cell(
        kind if kind in ("code", "markdown") else "raw", text, str(name or "")[:100]
    )


def _joined(lines: list[str]) -> str:
    """Return the lines of a cell as one text; some programs leave their ends out."""
    have_ends = any(line.endswith(("\n", "\r")) for line in lines)
    with_ends = "\n".join(lines)
    return "".join(lines) if have_ends or parsed(with_ends) is None else with_ends


def digest(content: bytes) -> str:
    """Return by what a hand-in is known again."""
    return hashlib.sha256(content).hexdigest()


def places(cells: list[Cell], plan: Plan) -> dict[str, Place]:
    """Return where each exercise of a plan is judged in a hand-in.

    That is after the last cell that checks it as the sheet does; if none does, after the
    last that checks something else in its place; if none checks it at all, at the end.
    """
    calls = [
        (index, number, expressions)
        for index, cell in enumerate(cells)
        if cell.kind == "code"
        for number, expressions in checks_in(cell.text)
    ]
    found = {}
    for asked in plan.exercises:
        own = [(i, e) for i, number, e in calls if number == asked.number and e]
        as_handed_out = [call for call in own if call[1] == asked.expressions]
        chosen = (as_handed_out or own or [(None, asked.expressions)])[-1]
        found[asked.number] = Place(*chosen)
    return found


def answers_in_words(cells: list[Cell], plan: Plan) -> dict[str, str]:
    """Return what was written for each question: the cells of prose that follow it.

    Whatever a learner split, copied or moved belongs to the question above it. Where
    the question is gone, the cell that was meant for the answer is taken.
    """
    found: dict[str, list[str]] = {question.name: [] for question in plan.questions}
    current = None
    for cell in cells:
        if cell.kind == "code":
            continue
        text = cell.text.strip()
        for question in plan.questions:
            if question.text.strip() and question.text.strip() in text:
                current = question.name
                text = text.replace(question.text.strip(), "", 1).strip()
            elif cell.name == f"written-{question.name}":
                current = question.name
        if current is not None and text and text not in plan.given:
            found[current].append(text)
    return {name: "\n\n".join(texts) for name, texts in found.items()}
