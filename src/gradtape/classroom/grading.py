"""Grade what a class handed in: each hand-in in a process of its own, several at once.

The judge of a hand-in is forked from a process in which TensorFlow is imported and nothing
else has happened, and so is what runs in its sandbox, from another. What was graded before and has not changed is left as it is, so that a
grading that was stopped goes on where it was.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import hashlib
import io
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Self

import gradtape
from gradtape import content
from gradtape.classroom import hand_in, results
from gradtape.classroom.course import Settings, read_settings
from gradtape.classroom.plan import Plan, read_plan, sheet_of
from gradtape.classroom.results import Result
from gradtape.classroom.sandbox import containers
from gradtape.classroom.sandbox.fork_server import ForkServer
from gradtape.classroom.sandbox.limits import Limits
from gradtape.exercises.exercise import find
from gradtape.exercises.words import Words
from gradtape.file_errors import WorkspaceError
from gradtape.language import say

if TYPE_CHECKING:
    from gradtape.classroom.judging import Job

SUBMITTED = "submitted"
_JUDGING = "gradtape.classroom.judging"
_LONGEST_WAIT = 4.0  # times what a hand-in may use of the processor
_SECONDS_TO_START = 300.0

STOPPED = Words(
    "Grading it ended without a result ({reason}). Please tell the authors of gradtape.",
    "评分没有得出结果就结束了（{reason}）。请告诉 gradtape 的作者。",
)


@dataclasses.dataclass(frozen=True)
class Choice:
    """What is to be graded, and how.

    Attributes
    ----------
    learners : tuple of str
        Whose hand-ins; none means all.
    part : tuple of (int, int)
        Of how many parts of the class which one: ``(1, 4)`` is the first quarter.
    again : bool
        Whether to grade again what was graded and has not changed.
    workers : int
        How many at once.
    engine : str
        What the sandbox is made by.
    """

    learners: tuple[str, ...] = ()
    part: tuple[int, int] = (1, 1)
    again: bool = False
    workers: int = 0
    engine: str = ""


@dataclasses.dataclass(frozen=True)
class Graded:
    """One hand-in that is done.

    Attributes
    ----------
    result : Result
        What was found.
    is_new : bool
        False where it had been graded before.
    """

    result: Result
    is_new: bool


def hand_ins(course: Path, lesson: str, choice: Choice) -> list[Path]:
    """Return the folders with what was handed in of a lesson, by learner's name.

    Raises
    ------
    WorkspaceError
        If a learner is asked for who handed nothing in.
    """
    folders = {
        path.parent.name: path
        for path in sorted((course / SUBMITTED).glob(f"*/lesson_{lesson}"))
        if path.is_dir()
    }
    for learner in choice.learners:
        if learner not in folders:
            raise WorkspaceError(
                say(
                    en=f"{learner} has handed in nothing of lesson {lesson}; hand-ins in "
                    f"{course / SUBMITTED}: {len(folders)}.",
                    zh=f"{learner} 没有交第 {lesson} 课；{course / SUBMITTED} 里有 "
                    f"{len(folders)} 个人的作业。",
                )
            )
    number, count = choice.part
    chosen = choice.learners or tuple(folders)
    return [folders[learner] for learner in sorted(chosen)[number - 1 :: count]]


def grade(course: Path, lesson: str, choice: Choice) -> Iterator[Graded]:
    """Grade a lesson's hand-ins, and keep what is found.

    Parameters
    ----------
    course : Path
        The folder of the class.
    lesson : str
        Two digits.
    choice : Choice
        What is to be graded, and how.

    Yields
    ------
    Graded
        Each as soon as it is done.

    Raises
    ------
    WorkspaceError
        If the class, the lesson or a learner does not exist.
    """
    settings = read_settings(course)
    plan = read_plan(course, lesson)
    _require_judges(plan)
    make = _Jobs(course, settings, plan, choice.engine or containers.engine_here())
    waiting = []
    for folder in hand_ins(course, lesson, choice):
        job = make.job(folder)
        before = results.read(results.path_of(course, job.learner, lesson))
        is_same = before and (before.digest, before.version) == (
            job.digest,
            job.version,
        )
        if is_same and not choice.again:
            yield Graded(before, is_new=False)
        else:
            waiting.append(job)
    if not waiting:
        return
    workers = choice.workers or os.cpu_count() or 1
    with (
        _Judges(make.limits, make.engine) as judges,
        concurrent.futures.ThreadPoolExecutor(workers) as threads,
    ):
        futures = [threads.submit(judges.judge, job) for job in waiting]
        try:
            for future in concurrent.futures.as_completed(futures):
                result = future.result()
                results.write(course, result)
                yield Graded(result, is_new=True)
        finally:
            for future in futures:
                future.cancel()
            judges.stop()  # or the threads would wait for what is being judged


def _require_judges(plan: Plan) -> None:
    """Refuse a sheet that asks for an exercise which gradtape does not have."""
    for asked in plan.exercises:
        try:
            find(asked.number)
        except ValueError as error:
            raise WorkspaceError(f"lesson_{plan.lesson}: {error}") from None


def try_sheet(course: Path, lesson: str, engine: str = "") -> Result:
    """Grade the teacher's own copy, which is solved, as if it had been handed in."""
    plan = read_plan(course, lesson)
    _require_judges(plan)
    engine = engine or containers.engine_here()
    make = _Jobs(course, read_settings(course), plan, engine)
    job = make.job(sheet_of(course, lesson).parent)
    with _Judges(make.limits, engine) as judges:
        return judges.judge(dataclasses.replace(job, files=None))


class _Jobs:
    """Makes jobs of the folders that were handed in."""

    def __init__(self, course: Path, settings: Settings, plan: Plan, engine: str):
        self._course = course.resolve()
        self._settings = settings
        self._plan = plan
        self.engine = engine
        self._name = sheet_of(course, plan.lesson).name
        self.limits = Limits(seconds=settings.seconds)
        about = repr((plan.exercises, plan.questions, plan.start, settings.seconds))
        sheet = hashlib.sha256(about.encode()).hexdigest()[:12]
        self._version = f"{gradtape.__version__} {sheet}"

    def job(self, folder: Path) -> Job:
        """Return what is needed to judge a hand-in; its content is empty if unreadable."""
        from gradtape.classroom.judging import Job

        file, unreadable = b"", None
        try:
            hand_in.require_no_link(folder)
            path = hand_in.notebook_in(folder, self._name)
            file = hand_in.content_of(path)
        except hand_in.Unreadable as error:
            unreadable = error.says
        except OSError as error:
            unreadable = hand_in.NO_NOTEBOOK(reason=error.strerror)
        return Job(
            learner=folder.parent.name,
            plan=self._plan,
            language=self._settings.language,
            content=file,
            unreadable=unreadable,
            digest=hand_in.digest(file + repr(str(unreadable)).encode()),
            version=self._version,
            files=folder.resolve(),
            secret=self._settings.secret,
            engine=self.engine,
            limits=self.limits,
            hidden=(self._course, content.course_folder()),
            hints=hand_in.hints_in(folder),
        )


class _Judges:
    """Judges jobs, each in a process of its own: a context manager that ends them."""

    def __init__(self, limits: Limits, engine: str):
        self._kept = contextlib.ExitStack()
        self._server = ""
        if engine == "bubblewrap":
            with contextlib.suppress(OSError):  # without it, all is only slower
                self._server = self._kept.enter_context(ForkServer()).path
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([_JUDGING, __name__])
        self._longest = _LONGEST_WAIT * limits.all_seconds + _SECONDS_TO_START
        self._running: set[multiprocessing.process.BaseProcess] = set()

    def __enter__(self) -> Self:
        """Return the judges."""
        return self

    def __exit__(self, *error: object) -> None:
        """End what is being judged, and the fork server."""
        self.stop()
        self._kept.close()

    def judge(self, job: Job) -> Result:
        """Judge a job; whatever happens to its process, there is a result."""
        from gradtape.classroom.judging import unreadable_result

        if job.unreadable is not None:
            return unreadable_result(job, job.unreadable)
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(
            target=_judge_and_send,
            args=(theirs, dataclasses.replace(job, server=self._server)),
            daemon=True,
        )
        process.start()
        self._running.add(process)
        theirs.close()
        reason = "time"
        try:
            if ours.poll(self._longest):
                return ours.recv()
        except (EOFError, OSError):
            process.join(10)
            reason = f"exit {process.exitcode}"
        finally:
            self._running.discard(process)
            process.kill()
            process.join()
            ours.close()
        return _stopped(job, reason)

    def stop(self) -> None:
        """End what is being judged; it will be judged another time."""
        for process in list(self._running):
            process.kill()


def _stopped(job: Job, reason: str) -> Result:
    """Return that there is no result; the next grading tries it again."""
    from gradtape.classroom.judging import unreadable_result

    return unreadable_result(
        dataclasses.replace(job, digest=""), STOPPED(reason=reason)
    )


def _judge_and_send(connection: Connection, job: Job) -> None:
    """Judge a job, in a process that is there for nothing else, and send the result."""
    from gradtape.classroom.judging import judge_hand_in

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it ends it
    try:
        # What is meant for a learner who waits is nothing for the teacher.
        with contextlib.redirect_stdout(io.StringIO()):
            result = judge_hand_in(job)
        seconds = result.seconds + time.process_time()
        result = dataclasses.replace(result, seconds=round(seconds, 2))
    except Exception as error:  # noqa: BLE001 - the class goes on, and it is told
        reason = f"{type(error).__name__}: {error}"[:300]
        result = _stopped(job, reason)
    connection.send(result)
    connection.close()
