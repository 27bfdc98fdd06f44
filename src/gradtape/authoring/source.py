"""Read the source of a lesson, and remember the line of every cell."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import yaml

from gradtape.authoring.problem import Problem
from gradtape.language import LANGUAGES

LESSONS = Path("notebooks", "lessons")
START_CALL = re.compile(r'(\bgt\.start\(\s*"(\d\d)",\s*lang=")en("\s*[,)])')
_NAME = re.compile(r"\d\d_[a-z0-9_]+")
_CELL_MARKER = re.compile(r"\s*#\s*%%+(\s|$)")
_HEADER_FENCE = re.compile(r"#\s*---\s*$")
# What jupytext notes about a cell for its own use.
_JUPYTEXT_NOTES = {"lines_to_next_cell", "cell_marker"}


@dataclass(frozen=True)
class SourceCell:
    """One cell of a source.

    Attributes
    ----------
    kind : str
        ``"markdown"``, ``"code"`` or ``"raw"``.
    text : str
        What a notebook's cell holds: prose without its comment signs, or code.
    line : int
        The line of the cell's ``# %%``; the text begins on the next one.
    metadata : dict
        What stands on that line: ``lang`` and ``tags``.
    lines : tuple of int
        The source's line of each line of the text, where some were left out or put in;
        empty where they follow each other.
    """

    kind: str
    text: str
    line: int
    metadata: dict[str, Any] = field(hash=False)
    lines: tuple[int, ...] = ()

    @property
    def language(self) -> str | None:
        """The language of the prose; None for code, which stands once."""
        return self.metadata.get("lang")

    @property
    def tags(self) -> list[str]:
        """The cell's tags, such as ``raises-exception``."""
        return self.metadata.get("tags", [])

    def line_of(self, offset: int) -> int:
        """Return the source's line of the text's line ``offset``, counted from 0."""
        return self.lines[offset] if self.lines else self.line + 1 + offset


@dataclass(frozen=True)
class LessonSource:
    """A lesson as its author wrote it, in both languages.

    Attributes
    ----------
    path : Path
        The file, relative to the checkout.
    minutes : int
        How long the core of the lesson takes.
    optional : int
        How long the sections take besides that are marked optional.
    teaches : dict of str to str
        What it teaches, in each language.
    cells : tuple of SourceCell
        All cells of both languages, in order.
    unreadable : tuple of Problem
        What could not be understood; no notebook can be made unless it is empty.
    """

    path: Path
    minutes: int
    optional: int
    teaches: dict[str, str] = field(hash=False)
    cells: tuple[SourceCell, ...]
    unreadable: tuple[Problem, ...]

    @property
    def name(self) -> str:
        """The lesson's name, its folder's: ``"02_automatic_differentiation"``."""
        return self.path.parent.name

    @property
    def lesson(self) -> str:
        """The lesson's number, two digits."""
        return self.name[:2]

    def in_language(self, language: str) -> list[SourceCell]:
        """Return the cells that a notebook in this language consists of."""
        return [cell for cell in self.cells if cell.language in (None, language)]

    def problem(self, line: int, sentence: str) -> Problem:
        """Return a problem in this source."""
        return Problem(self.path, line, sentence)


def read_sources(root: Path) -> dict[str, LessonSource]:
    """Read all lessons of a checkout.

    Parameters
    ----------
    root : Path
        The checkout.

    Returns
    -------
    dict of str to LessonSource
        The sources by the names of their folders, in the order of the lessons.

    Raises
    ------
    FileNotFoundError
        If ``root`` holds no folder of lessons.
    """
    folder = root / LESSONS
    if not folder.is_dir():
        raise FileNotFoundError(
            f"{root} holds no folder {LESSONS.as_posix()}; "
            "name the checkout of gradtape in which lessons are written"
        )
    return {
        path.parent.name: read_source(path.relative_to(root), path.read_text("utf-8"))
        for path in sorted(folder.glob("*/lesson.py"))
    }


# Reading twelve lessons takes more than a second, and they are asked for often.
@functools.lru_cache(maxsize=64)
def read_source(path: Path, text: str) -> LessonSource:
    r"""Read one lesson from the text of its file.

    Examples
    --------
    >>> read_source(Path("02_tape/lesson.py"), "# %%\nx = 3.0\n").cells[0].text
    'x = 3.0'
    """
    lines = text.splitlines()
    problems = []

    def note(line: int, sentence: str) -> None:
        problems.append(Problem(path, line, sentence))

    if not _NAME.fullmatch(path.parent.name):
        note(
            1,
            f"the folder is called {path.parent.name}; a lesson is called by its number "
            "and a name in small letters, such as 02_automatic_differentiation",
        )
    try:
        notebook = jupytext.reads(text, fmt="py:percent")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        note(line, f"the header is not YAML: {error.problem}")
        return LessonSource(path, 0, 0, {}, (), tuple(problems))
    except nbformat.ValidationError as error:
        value = str(error.instance)
        marks = (i for i, line in enumerate(lines, 1) if _CELL_MARKER.match(line))
        line = next((i for i in marks if value in lines[i - 1]), 1)
        note(line, f'a cell cannot have this; write it as tags=["{value}"]')
        return LessonSource(path, 0, 0, {}, (), tuple(problems))

    about = _read_header(notebook.metadata.get("gradtape"), lines, note)
    cells = _locate(notebook.cells, lines, note)
    return LessonSource(path, *about, cells, tuple(problems))


def _read_header(
    header: Any, lines: list[str], note
) -> tuple[int, int, dict[str, str]]:
    line = next((i for i, text in enumerate(lines, 1) if "gradtape:" in text), 1)
    header = header if isinstance(header, dict) else {}
    minutes = header.get("minutes")
    if not isinstance(minutes, int) or minutes <= 0:
        minutes = 0
        note(
            line,
            "the header does not say how long the lesson takes; "
            'write "minutes: 30" under "gradtape:"',
        )
    optional = header.get("optional", 0)
    if not isinstance(optional, int) or optional < 0:
        note(line, f'"optional:" is {optional!r}; it is a number of minutes')
        optional = 0
    teaches = header.get("teaches")
    teaches = teaches if isinstance(teaches, dict) else {}
    for language in LANGUAGES:
        if not isinstance(teaches.get(language), str):
            note(
                line,
                f"the header does not say what the lesson teaches; "
                f'write "{language}: ..." under "teaches:"',
            )
    says = {language: str(teaches.get(language)) for language in LANGUAGES}
    return minutes, optional, says


def _locate(cells: list, lines: list[str], note) -> tuple[SourceCell, ...]:
    """Give each cell that jupytext read the line of its marker."""
    first = _end_of_header(lines)
    markers = [
        number
        for number, text in enumerate(lines, 1)
        if number > first and _CELL_MARKER.match(text)
    ]
    for number, text in enumerate(lines[first : (markers or [None])[0]], first + 1):
        if text.strip() and number not in markers:
            note(number, "this stands before the first cell; begin it with # %%")
            return ()
    located = []
    for marker, following, cell in zip(markers, [*markers[1:], None], cells):
        if following and len(cell.source.splitlines()) >= following - marker:
            note(
                following,
                "this line looks like the beginning of a cell but stands inside a "
                "string or a code block; write it so that it begins otherwise",
            )
            return ()
        metadata = {
            key: value
            for key, value in cell.metadata.items()
            if key not in _JUPYTEXT_NOTES
        }
        located.append(SourceCell(cell.cell_type, cell.source, marker, metadata))
    return tuple(located)


def _end_of_header(lines: list[str]) -> int:
    """Return how many lines the header takes."""
    if not lines or not _HEADER_FENCE.match(lines[0]):
        return 0
    ends = (i for i, line in enumerate(lines[1:], 2) if _HEADER_FENCE.match(line))
    return next(ends, 0)
