"""Try many faults, several at a time, each in a copy of the checkout."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from tests.mutation.checkout import copy_checkout
from tests.mutation.concerned import Library
from tests.mutation.fault import (
    CellFault,
    Fault,
    LessonFault,
    Made,
    ModuleFault,
)
from tests.mutation.judging import (
    is_caught_unrun,
    is_lesson_fault_caught,
    is_module_fault_caught,
)
from tests.mutation.lessons import Lesson
from tests.mutation.trials import caught_alone, caught_together

from gradtape.authoring.source import LessonSource, read_sources

Verdicts = dict[Fault, bool]  # whether the suite was red
_ALONE_IN_A_RUN = (
    6  # faults that get a notebook and a kernel each, in one run of pytest
)
# Does its work in a copy of the checkout; gives verdicts, and what is left to do.
_Task = Callable[[Path], tuple[Verdicts, list["_Task"]]]


def judge(
    root: Path,
    lessons: Sequence[Lesson],
    faults: Sequence[Made],
    *,
    processes: int,
    judged: Callable[[Verdicts], None] = lambda verdicts: None,
) -> Verdicts:
    """Make every fault and say which of them the suite finds.

    Parameters
    ----------
    root : Path
        The checkout; it is copied, not changed.
    lessons : sequence of Lesson
        All notebooks, as they are committed.
    faults : sequence
        What to try.
    processes : int
        How many are tried at a time.
    judged : callable
        Called with the verdicts as they come.
    """
    verdicts: Verdicts = {}
    with (
        tempfile.TemporaryDirectory(prefix="gradtape-faults-") as folder,
        ThreadPoolExecutor(processes) as pool,
    ):
        free: SimpleQueue[Path] = SimpleQueue()
        for number in range(processes):
            free.put(copy_checkout(root, Path(folder, str(number))))

        def work(task: _Task) -> tuple[Verdicts, list[_Task]]:
            checkout = free.get()
            try:
                return task(checkout)
            finally:
                free.put(checkout)

        running = {pool.submit(work, t) for t in _tasks(root, lessons, faults)}
        try:
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for found, left in (future.result() for future in done):
                    verdicts |= found
                    judged(found)
                    running |= {pool.submit(work, task) for task in left}
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return {made.fault: verdicts[made.fault] for made in faults}


def _tasks(
    root: Path, lessons: Sequence[Lesson], faults: Sequence[Made]
) -> Iterator[_Task]:
    """Give the work that can begin at once."""
    sources = read_sources(root)
    by_notebook = defaultdict(list)
    for made in faults:
        if isinstance(made, CellFault):
            by_notebook[made.notebook].append(made)
    for lesson in lessons:
        if lesson.path in by_notebook:
            yield partial(_judge_notebook, lesson, by_notebook[lesson.path])
    library = Library(root)
    for made in faults:
        if isinstance(made, LessonFault):
            yield partial(_judge_prose, sources, made)
        elif isinstance(made, ModuleFault):
            yield partial(_judge_module, lessons, library, made)


def _judge_prose(
    sources: Mapping[str, LessonSource], made: LessonFault, checkout: Path
) -> tuple[Verdicts, list[_Task]]:
    return {made.fault: is_lesson_fault_caught(checkout, made, sources)}, []


def _judge_notebook(
    lesson: Lesson, faults: Sequence[CellFault], checkout: Path
) -> tuple[Verdicts, list[_Task]]:
    caught = caught_together(checkout, lesson, faults)
    left = [made for made in faults if made.fault not in caught]
    return dict.fromkeys(caught, True), [
        partial(_judge_alone, lesson, left[start : start + _ALONE_IN_A_RUN])
        for start in range(0, len(left), _ALONE_IN_A_RUN)
    ]


def _judge_alone(
    lesson: Lesson, faults: Sequence[CellFault], checkout: Path
) -> tuple[Verdicts, list[_Task]]:
    caught = caught_alone(checkout, lesson, faults)
    return {
        made.fault: made.fault in caught or is_caught_unrun(checkout, made, lesson)
        for made in faults
    }, []


def _judge_module(
    lessons: Sequence[Lesson], library: Library, made: ModuleFault, checkout: Path
) -> tuple[Verdicts, list[_Task]]:
    return {made.fault: is_module_fault_caught(checkout, made, lessons, library)}, []
