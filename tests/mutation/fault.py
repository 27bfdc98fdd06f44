"""What a fault is: one change that somebody might make by mistake, with a name."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

from nbformat import NotebookNode
from tests.mutation.edits import Edit


@dataclass(frozen=True, order=True)
class Fault:
    """The name of a fault: where it is, and what it makes of what stood there.

    Attributes
    ----------
    place : str
        ``"code"``, ``"figures"``, ``"library"``, ``"outputs"`` or ``"sources"``.
    kind : str
        What kind of mistake it is, such as ``"sign"``.
    path : str
        The file, relative to the checkout.
    line : int
        The line in the file; in a notebook, the place of the cell, counted from 1.
    before, after : str
        The lines as they were and as the fault leaves them.
    """

    place: str
    kind: str
    path: str
    line: int
    before: str
    after: str

    @property
    def identity(self) -> tuple[str, str, str]:
        """What stays the same when lines are added above it."""
        return self.path, self.before, self.after

    def __str__(self) -> str:
        """Name the fault as a list of survivors does."""
        return f"{self.path}:{self.line} ({self.kind}): {self.before} -> {self.after}"


@dataclass(frozen=True)
class CellFault:
    """A fault in one cell of code of a notebook, or in what is stored below it."""

    fault: Fault
    notebook: Path
    cell: int  # its place in the notebook
    faulty: NotebookNode


@dataclass(frozen=True)
class ModuleFault:
    """A fault in a module of the library."""

    fault: Fault
    edit: Edit


@dataclass(frozen=True)
class LessonFault:
    """A fault in the prose of a lesson: in its source, in a notebook, or in both."""

    fault: Fault
    lesson: str  # the name of its files
    texts: Callable[[], dict[Path, str]]  # the files as the fault leaves them
    is_built: bool  # the notebooks are what the faulty source gives


Made = CellFault | ModuleFault | LessonFault


def named(
    place: str, kind: str, path: Path, line: int, before: str, after: str
) -> Fault:
    """Return the name of a fault, with its lines on one."""
    return Fault(
        place,
        kind,
        path.as_posix(),
        line,
        *(" / ".join(map(str.strip, text.split("\n"))) for text in (before, after)),
    )


def choose(faults: Iterable[Made], count: int, seed: int) -> list[Made]:
    """Choose faults, the same ones for a seed, from all kinds in turn.

    Whether a fault comes early depends on nothing but the seed and the lines that it
    changes, so a change elsewhere leaves the choice as it was.
    """
    by_kind = defaultdict(list)
    for made in {made.fault: made for made in faults}.values():
        by_kind[made.fault.kind].append(made)
    groups = [
        sorted(group, key=lambda made: _rank(made, seed)) for group in by_kind.values()
    ]
    groups.sort(key=lambda group: _rank(group[0], seed))
    in_turn = chain(*zip_longest(*groups))
    return [made for made in in_turn if made is not None][:count]


def _rank(made: Made, seed: int) -> bytes:
    name = seed, made.fault.kind, *made.fault.identity
    return hashlib.sha256(repr(name).encode()).digest()
