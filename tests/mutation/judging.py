"""Judge faults: make each in a copy of the checkout and see whether the suite is red."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import nbformat
from tests.mutation.checkout import changed
from tests.mutation.concerned import Library
from tests.mutation.fault import CellFault, LessonFault, ModuleFault
from tests.mutation.lessons import Lesson, versions_of
from tests.mutation.suite import run_tests

from gradtape.authoring.check import differences
from gradtape.authoring.problem import Problem
from gradtape.authoring.rules import problems_in
from gradtape.authoring.source import LessonSource, read_source, read_sources
from gradtape.authoring.split import split

_CONTENTS = Path("tests", "test_repository.py")  # what stands in READMEs too
_reading = threading.Lock()  # readers of Markdown are not made for several threads
_REPAIRS = Path("tests", "exercises", "test_repairs.py")
_MOST_NOTEBOOKS = 3  # for one fault of the library


def is_module_fault_caught(
    checkout: Path, made: ModuleFault, lessons: Sequence[Lesson], library: Library
) -> bool:
    """Tell whether a fault of the library turns a notebook or its own tests red.

    The likeliest notebook first, then the tests of the module, then more notebooks, and
    what is still not found is shown to all tests of its room.

    Parameters
    ----------
    checkout : Path
        A copy of the checkout.
    made : ModuleFault
        The fault.
    lessons : sequence of Lesson
        All notebooks.
    library : Library
        What the modules import.
    """
    module = Path(made.fault.path)
    notebooks = [lesson.path for lesson in library.notebooks_of(module, lessons)]
    faulty = made.edit.applied_to((checkout / module).read_text("utf-8"))
    with changed(checkout, {module: faulty}):
        return any(
            not run_tests(checkout, tests, is_library_faulty=True).is_green
            for tests in (
                notebooks[:1],
                library.tests_of(module),
                notebooks[1:_MOST_NOTEBOOKS],
                library.tests_of_the_room(module),
            )
            if tests
        )


def is_caught_unrun(checkout: Path, made: CellFault, lesson: Lesson) -> bool:
    """Tell whether a fault in a cell is found without running the notebook.

    Parameters
    ----------
    checkout : Path
        A copy of the checkout.
    made : CellFault
        The fault.
    lesson : Lesson
        The notebook.
    """
    is_stored = made.faulty.source == lesson.notebook.cells[made.cell].source
    find = _is_found_by_its_source if is_stored else _is_found_by_tests
    return find(checkout, made, lesson)


def _is_found_by_tests(checkout: Path, made: CellFault, lesson: Lesson) -> bool:
    """Tell whether tests that read the sources of lessons find a fault in their code.

    A function that learners are to repair is wrong anyway, and what its notebook shows
    may be the same with one mistake more.
    """
    path = lesson.version.path
    lines = (checkout / path).read_text("utf-8").split("\n")
    was = lesson.notebook.cells[made.cell].source.split("\n")
    becomes = made.faulty.source.split("\n")
    pairs = list(zip(was, becomes))
    first = next(i for i, (old, new) in enumerate(pairs) if old != new)
    end = next(
        i for i, (old, new) in enumerate(zip(was[::-1], becomes[::-1])) if old != new
    )
    start, stop = (lesson.line_of(made.cell, i) for i in (first, len(was) - end - 1))
    lines[start - 1 : stop] = becomes[first : len(becomes) - end]
    with changed(checkout, {path: "\n".join(lines)}):
        return not run_tests(checkout, [_REPAIRS]).is_green


def _is_found_by_its_source(checkout: Path, made: CellFault, lesson: Lesson) -> bool:
    """Tell whether the notebook is said not to be what its source gives."""
    notebook = nbformat.reads((checkout / lesson.path).read_text("utf-8"), 4)
    notebook.cells[made.cell] = made.faulty
    with changed(checkout, {lesson.path: nbformat.v4.writes(notebook)}), _reading:
        return any(_stale(checkout, read_sources(checkout)[lesson.path.stem]))


def is_lesson_fault_caught(
    checkout: Path, made: LessonFault, sources: Mapping[str, LessonSource]
) -> bool:
    """Tell whether a fault in prose is found without running a lesson.

    ``gradtape build --check`` finds it, or the tests that compare contents pages.

    Parameters
    ----------
    checkout : Path
        A copy of the checkout.
    made : LessonFault
        The fault.
    sources : mapping of str to LessonSource
        All lessons, as they are without it.
    """
    with _reading:
        texts = made.texts()
    with changed(checkout, texts):
        with _reading:
            path = sources[made.lesson].path
            source = read_source(path, (checkout / path).read_text("utf-8"))
            if problems_in(source, {**sources, made.lesson: source}, checkout):
                return True
            if not made.is_built:
                return any(_stale(checkout, source))
        return not run_tests(checkout, [_CONTENTS]).is_green


def _stale(checkout: Path, source: LessonSource) -> Iterator[Problem]:
    """Say where notebooks are not what their source gives."""
    for path, version, language, _ in versions_of(source, checkout):
        built = split(version, language)
        yield from differences(built, path, version, checkout, computed=False)
