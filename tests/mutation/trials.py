"""Try many faults of one notebook in one kernel.

For each cell the trial holds the cell with a fault, then the cell as it should be, then
the next fault, and the cell as it should be again. The plugin runs it like any notebook.
A fault is caught where its cell is red and the clean cell behind it is green: whatever
the fault left in the kernel, it does not show. What is green in its own cell may be
found by a later one, and what spoils the clean cell proves nothing: both are tried
again, each in a kernel of its own.
"""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from tests.mutation.checkout import changed
from tests.mutation.fault import CellFault, Fault
from tests.mutation.lessons import Lesson
from tests.mutation.suite import Outcome, run_tests

_TRIALS = Path("notebooks", "trials")  # no notebook with a source stands here
_TRIED = re.compile(r"fault-(\d+)-\d+")


def caught_together(
    checkout: Path, lesson: Lesson, faults: Sequence[CellFault]
) -> set[Fault]:
    """Return the faults of a notebook that are red in their own cell.

    Parameters
    ----------
    checkout : Path
        A copy of the checkout.
    lesson : Lesson
        The notebook.
    faults : sequence of CellFault
        Faults in its cells.

    Raises
    ------
    RuntimeError
        If the notebook is red before anything was changed.
    """
    by_cell = defaultdict(list)
    for number, made in enumerate(faults):
        by_cell[made.cell].append((f"fault-{number}", made))
    cells, clean_behind = [], {}
    for place, cell in enumerate(lesson.notebook.cells):
        cells.append(_renamed(cell, f"clean-{place}"))
        for name, made in by_cell[place]:
            cells.append(_renamed(made.faulty, name))
            clean_behind[name] = f"clean-{place}-after-{name}"
            cells.append(_renamed(cell, clean_behind[name]))
    outcome = _run(checkout, lesson, [nbformat.v4.new_notebook(cells=cells)])
    failed, passed = set(outcome.failed), set(outcome.passed)
    caught, untouched = set(), True
    for place in range(len(lesson.notebook.cells)):
        clean = f"clean-{place}"
        if clean in failed and untouched:
            raise RuntimeError(f"{lesson.path} is red without a fault: {outcome.said}")
        for name, made in by_cell[place]:
            untouched = False
            if name in failed and {clean, clean_behind[name]} <= passed:
                caught.add(made.fault)
            clean = clean_behind[name]
    return caught


def caught_alone(
    checkout: Path, lesson: Lesson, faults: Sequence[CellFault]
) -> set[Fault]:
    """Return the faults that turn a notebook red, each in a kernel of its own.

    Parameters
    ----------
    checkout : Path
        A copy of the checkout.
    lesson : Lesson
        The notebook.
    faults : sequence of CellFault
        Faults in its cells.
    """
    notebooks = []
    for number, made in enumerate(faults):
        cells = list(lesson.notebook.cells)
        cells[made.cell] = made.faulty
        notebooks.append(
            nbformat.v4.new_notebook(
                cells=[
                    _renamed(cell, f"fault-{number}-{place}")
                    for place, cell in enumerate(cells)
                ]
            )
        )
    outcome = _run(checkout, lesson, notebooks)
    tried = [_TRIED.fullmatch(name) for name in outcome.failed]
    if None in tried:
        raise RuntimeError(f"{lesson.path} could not be tried: {outcome.said}")
    numbers = {int(match[1]) for match in tried}
    return {made.fault for number, made in enumerate(faults) if number in numbers}


def _run(checkout: Path, lesson: Lesson, notebooks: Sequence[NotebookNode]) -> Outcome:
    name = "-".join(lesson.path.with_suffix("").parts[1:])
    texts = {
        _TRIALS / f"{name}-{number}.ipynb": nbformat.v4.writes(notebook)
        for number, notebook in enumerate(notebooks)
    }
    with changed(checkout, texts):
        outcome = run_tests(checkout, list(texts), to_the_end=True)
    if not outcome.is_green and not outcome.failed:
        raise RuntimeError(f"{lesson.path} could not be tried: {outcome.said}")
    return outcome


def _renamed(cell: NotebookNode, name: str) -> NotebookNode:
    renamed = copy.deepcopy(cell)
    renamed.id = name
    return renamed
