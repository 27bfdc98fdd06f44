"""Which faults are tried: the same ones for a seed, spread over everything."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from tests.mutation.cells import code_faults, output_faults
from tests.mutation.fault import CellFault, Fault, LessonFault, Made, choose
from tests.mutation.lessons import Lesson
from tests.mutation.library import library_faults, library_modules
from tests.mutation.prose import prose_faults

PLACES = ("code", "figures", "outputs", "library", "sources")
# How many faults a notebook gets; a notebook of solutions is short.
_IN_CODE, _IN_SOLUTIONS, _IN_FIGURES, _IN_OUTPUTS = 9, 5, 4, 6
_IN_LIBRARY = 60
_IN_SOURCES = 12  # a lesson
# How a small sample is shared out.
_SHARE_OF_LIBRARY, _SHARE_OF_SOURCES = 0.1, 0.4
_MODULES_FOR_A_FAULT = 3


def plan(
    root: Path,
    lessons: Sequence[Lesson],
    *,
    seed: int,
    sample: int | None = None,
    argued: Collection[tuple[str, str, str]] = (),
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
        How many faults; by default the full set. A small sample takes its faults from
        as few notebooks and modules as it can, since each of them takes time.
    argued : collection of tuple
        The identities of faults that are known to change nothing. A small sample leaves
        them out: not to find one takes every test there is for it.
    """
    modules = library_modules(root)
    if sample is None:
        return [
            *_in_cells(lessons, seed),
            *choose(library_faults(root, modules), _IN_LIBRARY, seed),
            *_in_sources(root, lessons, seed),
        ]

    def can_be_found(made: Made) -> bool:
        return made.fault.identity not in argued

    in_library = round(sample * _SHARE_OF_LIBRARY)
    in_sources = round(sample * _SHARE_OF_SOURCES)
    modules = _shuffled(modules, seed)[: _MODULES_FOR_A_FAULT * in_library]
    name = _shuffled(lessons, seed)[0].path.stem
    lesson = [each for each in lessons if each.path.stem == name]
    return [
        *islice(
            filter(can_be_found, _in_cells(lessons, seed)),
            sample - in_library - in_sources,
        ),
        *choose(filter(can_be_found, library_faults(root, modules)), in_library, seed),
        *choose(_in_sources(root, lesson, seed), in_sources, seed),
    ]


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


def _shuffled(items: Iterable[Lesson | Path], seed: int) -> list:
    def rank(item: Lesson | Path) -> bytes:
        path = item.path if isinstance(item, Lesson) else item
        return hashlib.sha256(f"{seed} {path}".encode()).digest()

    return sorted(items, key=rank)


def _in_cells(lessons: Iterable[Lesson], seed: int) -> Iterator[CellFault]:
    tried = set()
    for lesson in _shuffled(lessons, seed):
        for made in _in_cells_of(lesson, seed):
            # A learner's notebook and that of the solutions have cells in common.
            if made.fault not in tried:
                yield made
            tried.add(made.fault)


def _in_cells_of(lesson: Lesson, seed: int) -> Iterator[CellFault]:
    groups = defaultdict(list)
    for made in code_faults(lesson):
        groups["code", made.fault.place].append(made)
    for made in output_faults(lesson):
        groups["stored", made.fault.place].append(made)
    # The code stands once for both languages: each tries a half of its own.
    half = slice(lesson.language == "zh", None, 2)
    in_code = _IN_SOLUTIONS if lesson.is_solved else _IN_CODE
    yield from choose(groups["code", "code"], 2 * in_code, seed)[half]
    yield from choose(groups["code", "figures"], _IN_FIGURES, seed)[half]
    yield from choose(groups["stored", "figures"], _IN_FIGURES // 2, seed)
    yield from choose(groups["stored", "outputs"], _IN_OUTPUTS, seed)


def _in_sources(
    root: Path, lessons: Sequence[Lesson], seed: int
) -> Iterator[LessonFault]:
    by_lesson = defaultdict(list)
    for made in prose_faults(root, lessons):
        by_lesson[made.lesson].append(made)
    for faults in by_lesson.values():
        yield from choose(faults, _IN_SOURCES, seed)
