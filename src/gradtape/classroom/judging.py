"""Judge one hand-in: points come from here and from nowhere else.

This runs in a process in which no learner's code has ever been. It runs the notebook in
a sandbox, asks there for answers and for what they give at points of its own, and holds
that against the exercise's judge.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradtape.classroom import hand_in
from gradtape.classroom.plan import Asked, Plan
from gradtape.classroom.results import InWords, Judged, Ran, Result, Said
from gradtape.classroom.sandbox import told, values
from gradtape.classroom.sandbox.limits import Limits
from gradtape.classroom.sandbox.process import Ended
from gradtape.classroom.session import (
    GAVE_UP,
    MOST_STARTS,
    GaveUp,
    Session,
    why_ended,
)
from gradtape.exercises import sentences
from gradtape.exercises.card import Card, Verbatim
from gradtape.exercises.checking import is_not_begun, judged
from gradtape.exercises.comparing import other_points
from gradtape.exercises.elsewhere import judging_elsewhere
from gradtape.exercises.exercise import Exercise, find
from gradtape.exercises.stages import noting_stages
from gradtape.exercises.words import Words
from gradtape.language import set_language
from gradtape.quiet import hold_back_log

NOT_THERE = Words(
    "There is no answer to judge: after the cells had run, {expressions} could not be "
    "found ({error}). Is the cell still there that defines it, and did it run to its end?",
    "没有可以评判的答案：单元格运行之后找不到 {expressions}（{error}）。定义它的单元格还在吗？它运行完了吗？",
)
STOPPED_THERE = Words(
    "The cell that would define it stopped with {error}",
    "定义它的单元格出错停止：{error}",
)
NO_VALUE = Words(
    "The answer could not be handed over: it is nothing that a check takes.",
    "答案无法交给检查：它不是检查能接受的东西。",
)
NOT_RUN = Words(
    "Not judged, 0 points: the notebook had been ended before.",
    "没有评判，0 分：此前笔记本已被结束。",
)
AT_OTHER_POINTS = Words(
    "The check that you see passes. At other points it gives something else: it has to "
    "compute its result from its arguments, whatever they are.",
    "你看到的检查能通过；换到别的点上，结果就不对了。不管参数是什么，结果都要由参数算出来。",
)
NOT_CHECKED = Words("Not judged, 0 points.", "没有评判，0 分。")


@dataclass(frozen=True)
class Job:
    """A hand-in to be judged.

    Attributes
    ----------
    learner : str
        Whose it is.
    plan : Plan
        What there is to grade.
    language : {"en", "zh"}
        Of the class.
    content : bytes
        The notebook's file.
    unreadable : Words or None
        Why there is no such file.
    digest : str
        By which the hand-in is known again.
    version : str
        Of gradtape and the sheet.
    files : Path or None
        The folder that was handed in.
    secret : str
        From which points are drawn.
    engine : str
        What the sandbox is made by.
    limits : Limits
        What the notebook may use.
    hidden : tuple of Path
        What it must not see.
    hints : dict of str to int
        How many were shown of each exercise, where that is known.
    server : str
        The socket of a fork server, where there is one.
    """

    learner: str
    plan: Plan
    language: str
    content: bytes
    unreadable: Words | None
    digest: str
    version: str
    files: Path | None
    secret: str
    engine: str
    limits: Limits
    hidden: tuple[Path, ...]
    hints: dict[str, int]
    server: str = ""


def seed_of(secret: str, lesson: str, digest: str) -> int:
    """Return the seed of a hand-in's points: another for each, and for each class."""
    key = hmac.new(secret.encode(), f"{lesson} {digest}".encode(), hashlib.sha256)
    return int.from_bytes(key.digest()[:4], "big") + 2  # 1 is what learners see


def judge_hand_in(job: Job) -> Result:
    """Judge one hand-in.

    Parameters
    ----------
    job : Job
        The hand-in with all that is needed.

    Returns
    -------
    Result
        With one verdict for each exercise of the sheet, whatever was handed in.
    """
    set_language(job.language)
    try:
        cells = hand_in.as_handed_out(hand_in.read_cells(job.content), job.plan)
    except hand_in.Unreadable as unreadable:
        return unreadable_result(job, unreadable.says)
    session = Session(
        job.engine, job.limits, job.plan.start, job.files, job.hidden, job.server
    )
    try:
        with hold_back_log(), judging_elsewhere():
            return _Grading(job, cells, session).result()
    finally:
        session.end()


def unreadable_result(job: Job, says: Words) -> Result:
    """Return the result of a hand-in in which there is nothing to judge."""
    return Result(
        job.learner,
        job.plan.lesson,
        job.digest,
        job.version,
        unreadable=said(says),
        hints=job.hints,
    )


class _Grading:
    """One hand-in while it is judged."""

    def __init__(self, job: Job, cells: list[hand_in.Cell], session: Session):
        self._job = job
        self._cells = cells
        self._session = session
        self._places = hand_in.places(cells, job.plan)
        self._judged: dict[str, Judged] = {}
        self._ran: list[Ran] = []
        self._remarks: list[Said] = []
        self._seed = seed_of(job.secret, job.plan.lesson, job.digest)

    def result(self) -> Result:
        """Run all cells, judge each answer at its place, and return what was found."""
        try:
            for index, cell in enumerate(self._cells):
                if cell.kind != "code":
                    self._ran.append(Ran(cell.kind, cell.text))
                    continue
                self._ran.append(self._session.run(cell.text))
                self._judge_where(index)
            self._judge_where(None)
        except GaveUp:
            limits = self._job.limits
            gave_up = GAVE_UP(count=MOST_STARTS, seconds=f"{limits.all_seconds:g}")
            self._remarks.append(said(gave_up))
        for cell in self._cells[len(self._ran) :]:
            self._ran.append(Ran(cell.kind, cell.text))
        plan = self._job.plan
        words = hand_in.answers_in_words(self._cells, plan)
        return Result(
            self._job.learner,
            plan.lesson,
            self._job.digest,
            self._job.version,
            exercises=tuple(
                self._judged.get(each.number) or _none(each, NOT_RUN, "not run")
                for each in plan.exercises
            ),
            words=tuple(
                InWords(each.name, each.points, words[each.name])
                for each in plan.questions
            ),
            cells=tuple(self._ran),
            remarks=tuple(self._remarks),
            hints=self._job.hints,
            seconds=round(self._session.seconds, 2),
        )

    def _judge_where(self, index: int | None) -> None:
        for asked in self._job.plan.exercises:
            place = self._places[asked.number]
            if place.cell == index:
                self._judged[asked.number] = self._judge(asked, place.expressions)

    def _judge(self, asked: Asked, expressions: tuple[str, ...]) -> Judged:
        exercise = find(asked.number)
        try:
            answer = self._answer(asked, expressions, exercise.seconds)
        except KeyError as error:
            listed = ", ".join(f"`{each}`" for each in expressions)
            says = NOT_THERE(expressions=listed, error=error.args[0])
            return _none(asked, says, "not there", self._stopped(expressions))
        except Ended as ended:
            return _none(asked, why_ended(ended, self._job.limits), "ends")
        except values.NotUnderstood:
            return _none(asked, NO_VALUE, "no value")
        if not answer or any(map(is_not_begun, answer)):
            says = said(sentences.NOT_BEGUN(number=asked.number))
            why = self._stopped(expressions)
            return Judged(
                asked.number, 0.0, asked.points, "open", "not begun", (says, *why)
            )
        return self._verdict(asked, exercise, answer)

    def _answer(
        self, asked: Asked, expressions: tuple[str, ...], seconds: float
    ) -> list[Any]:
        """Return the answer; what the sheet asks for if the learner's own is not there."""
        try:
            return self._session.answer(expressions, seconds)
        except KeyError:
            if expressions == asked.expressions:
                raise
            return self._session.answer(asked.expressions, seconds)

    def _stopped(self, expressions: tuple[str, ...]) -> list[Said]:
        """Return what stopped the last cell that would have defined what is not there."""
        names = "|".join(map(re.escape, expressions))
        defines = re.compile(rf"\b(?:def|class)\s+(?:{names})\b|\b(?:{names})\s*=[^=]")
        for ran in reversed(self._ran):
            if ran.error and defines.search(ran.text):
                return [said(STOPPED_THERE(error=ran.error))]
        return []

    def _verdict(self, asked: Asked, exercise: Exercise, answer: list[Any]) -> Judged:
        given = answer[0] if len(answer) == 1 else tuple(answer)
        with other_points(self._seed), noting_stages() as stages:
            card = judged(exercise, given)
        if card.found == "check broke":
            (_, *why) = self._feedback(exercise, given, card)
            return _none(asked, NOT_CHECKED, "check broke", why, _of_card(card))
        if card:
            says = (said(card.heading),)
            return Judged(
                asked.number, asked.points, asked.points, "right", "right", says
            )
        points = round(asked.points * stages.share, 2)
        return Judged(
            asked.number,
            points,
            asked.points,
            "wrong",
            card.found,
            self._feedback(exercise, given, card),
            _of_card(card),
        )

    def _feedback(self, exercise: Exercise, given: Any, card: Card) -> tuple[Said, ...]:
        """Return what the learner reads: nothing of the points that decided.

        It is what the check says at the points which every learner has.
        """
        if card.found in ("time", "ends"):
            return _of_card(card)
        seen = judged(exercise, given)
        if not seen:
            return _of_card(seen)
        return (said(seen.heading), said(AT_OTHER_POINTS))


def _none(
    asked: Asked,
    says: Words,
    found: str,
    why: Sequence[Said] = (),
    teacher: tuple[Said, ...] = (),
) -> Judged:
    return Judged(
        asked.number, 0.0, asked.points, "none", found, (said(says), *why), teacher
    )


def said(words: Words) -> Said:
    """Return words in both languages."""
    return Said(*told.in_both_languages(words))


def _of_card(card: Card) -> tuple[Said, ...]:
    return (said(card.heading), *map(_of_part, card.parts))


def _of_part(part: Any) -> Said:
    if isinstance(part, Verbatim):
        return Said(part.lines, part.lines, is_code=True)
    return Said(*told.in_both_languages(part))
