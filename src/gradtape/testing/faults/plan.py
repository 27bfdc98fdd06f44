"""Which faults are tried: the same ones for a seed, spread over everything."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from pathlib import Path

from gradtape.testing.faults.cells import code_faults, output_faults
from gradtape.testing.faults.fault import CellFault, Fault, Made, choose
from gradtape.testing.faults.lessons import Lesson
from gradtape.testing.faults.library import library_faults, library_modules
from gradtape.testing.faults.prose import prose_faults

PLACES = ("code", "figures", "outputs", "library", "sources")
# How many faults a notebook gets; a notebook of solutions is short.
_IN_CODE, _IN_SOLUTIONS, _IN_FIGURES, _IN_OUTPUTS = 9, 5, 4, 6
_IN_LIBRARY = 60
_IN_SOURCES = 12  # a lesson
# How a small sample is shared out; cells of one notebook share a kernel.
_SHARE_OF_LIBRARY, _SHARE_OF_SOURCES = 0.1, 0.4


def plan(
    root: Path, lessons: Sequence[Lesson], *, seed: int, sample: int | None = None
) -> list[Made]:
    """Choose the faults to be tried.

    Parameters
    ----------
    root : Path
        The checkout.
    lessons : sequence of Lesson
        All its notebooks.
    seed : int
        Another seed gives another choice.
    sample : int, optional
        How many faults; by default the full set. A small sample takes its faults in
        cells from as few notebooks as it can, since each of them costs a kernel.
    """
    in_cells = [
        made for lesson in _shuffled(lessons, seed) for made in _in_cells(lesson, seed)
    ]
    # A learner's notebook and that of the solutions have cells in common.
    cells = list({made.fault: made for made in in_cells}.values())
    library = choose(library_faults(root, library_modules(root)), _IN_LIBRARY, seed)
    sources = [
        made
        for _, group in groupby(
            sorted(prose_faults(root, lessons), key=lambda made: made.lesson),
            key=lambda made: made.lesson,
        )
        for made in choose(group, _IN_SOURCES, seed)
    ]
    if sample is not None:
        library = library[: round(sample * _SHARE_OF_LIBRARY)]
        sources = choose(sources, round(sample * _SHARE_OF_SOURCES), seed)
        cells = cells[: sample - len(library) - len(sources)]
    return [*cells, *library, *sources]


def possible(
    root: Path, lessons: Sequence[Lesson], paths: Collection[str]
) -> list[Fault]:
    """Return every fault that can be made in the code of some files."""
    in_cells = [
        made
        for lesson in lessons
        if str(lesson.version.path) in paths
        for made in code_faults(lesson)
    ]
    modules = [module for module in library_modules(root) if str(module) in paths]
    found = [*in_cells, *library_faults(root, modules)]
    return list({made.fault: None for made in found})


def _shuffled(lessons: Iterable[Lesson], seed: int) -> list[Lesson]:
    def rank(lesson: Lesson) -> bytes:
        return hashlib.sha256(f"{seed} {lesson.path}".encode()).digest()

    return sorted(lessons, key=rank)


def _in_cells(lesson: Lesson, seed: int) -> list[CellFault]:
    # The code stands once for both languages: each tries a half of its own.
    twin = lesson.language == "zh"
    in_code = _IN_SOLUTIONS if lesson.is_solved else _IN_CODE
    code, drawn = [], []
    for made in code_faults(lesson):
        (drawn if made.fault.place == "figures" else code).append(made)
    chosen = []
    for group, count in ((code, in_code), (drawn, _IN_FIGURES // 2)):
        both = choose(group, 2 * count, seed)
        chosen += both[twin::2]
    stored = {"figures": [], "outputs": []}
    for made in output_faults(lesson):
        stored[made.fault.place].append(made)
    chosen += choose(stored["figures"], _IN_FIGURES // 2, seed)
    chosen += choose(stored["outputs"], _IN_OUTPUTS, seed)
    return chosen
