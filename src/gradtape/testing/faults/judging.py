"""Judge faults: make each in a copy of the checkout and see whether the suite is red."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from gradtape.authoring.check import differences
from gradtape.authoring.problem import Problem
from gradtape.authoring.rules import problems_in
from gradtape.authoring.source import read_sources
from gradtape.authoring.split import split
from gradtape.testing.faults.checkout import changed
from gradtape.testing.faults.concerned import Library
from gradtape.testing.faults.fault import LessonFault, ModuleFault
from gradtape.testing.faults.lessons import Lesson, versions_of
from gradtape.testing.faults.suite import run_tests

_CONTENTS = Path("tests", "test_repository.py")  # what stands in READMEs too
_MOST_NOTEBOOKS = 3  # for one fault of the library


def is_module_fault_caught(
    checkout: Path, made: ModuleFault, lessons: Sequence[Lesson], library: Library
) -> bool:
    """Tell whether a fault of the library turns a notebook or its own tests red.

    The likeliest notebook first, then the tests of the module, then more notebooks.

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
            )
            if tests
        )


def is_lesson_fault_caught(checkout: Path, made: LessonFault) -> bool:
    """Tell whether a fault in prose is found without running a lesson.

    ``gradtape build --check`` finds it, or the tests that compare contents pages.

    Parameters
    ----------
    checkout : Path
        A copy of the checkout.
    made : LessonFault
        The fault.
    """
    with changed(checkout, made.texts()):
        if any(_problems(checkout, made.lesson)):
            return True
        return made.is_built and not run_tests(checkout, [_CONTENTS]).is_green


def _problems(checkout: Path, name: str) -> Iterator[Problem]:
    """Give what ``gradtape build --check`` says of what is written."""
    sources = read_sources(checkout)
    source = sources[name]
    problems = problems_in(source, sources, checkout)
    yield from problems
    if not problems:
        for path, version, language, _ in versions_of(source):
            built = split(version, language)
            yield from differences(built, path, version, checkout, computed=False)
