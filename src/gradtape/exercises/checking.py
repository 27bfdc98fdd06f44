"""Judge an answer, give a hint: what ``gt.check`` and ``gt.hint`` do."""

from __future__ import annotations

import dis
import types
from typing import Any

from gradtape.clear_errors import clear_errors
from gradtape.exercises import progress_file as record
from gradtape.exercises import sentences
from gradtape.exercises.card import Card, Place, Verbatim
from gradtape.exercises.elsewhere import FunctionElsewhere
from gradtape.exercises.errors import own_line, raised
from gradtape.exercises.exercise import Exercise, Wrong, exercises_of, find
from gradtape.exercises.guard import Printed, TimeUp, guarded

_IDLE = ("RESUME", "NOP", "RETURN_VALUE", "CACHE")


@clear_errors('check("2.1", answer)')
def check(number: str, *answer: Any) -> Card:
    """Judge the answer to an exercise.

    Nothing that an answer does ends the notebook: an endless loop is stopped, an error
    is explained, what is printed is kept short. The solution is never shown.

    Parameters
    ----------
    number : str
        The exercise, as the lesson numbers it: ``"2.1"``.
    *answer : object
        What the task asks for: a function, a number, a tensor, a text, a figure's
        Axes; several where it asks for several. ``...`` is an answer not yet begun.

    Returns
    -------
    Card
        Right, or what is wrong; shown as the value of a notebook's cell, in the
        language of the lesson. Its truth value says whether the answer passed.

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> import gradtape as gt
    >>> gt.check("2.1", ...)
    … 2.1 is waiting for your answer.
    Put your work where `...` stands and run both cells. `gt.hint("2.1")` helps.
    """
    exercise = find(number)
    if not answer or any(map(is_not_begun, answer)):
        waiting = sentences.REPLACE_DOTS(number=number)
        return Card(
            "open", sentences.NOT_BEGUN(number=number), [waiting], found="not begun"
        )
    # Before the judging, so that an answer that hangs is on record.
    notes = record.note_attempt(number)
    card = judged(exercise, answer[0] if len(answer) == 1 else answer)
    if card:
        notes += record.note_pass(number)
        done = record.passed(record.learners_folder()).get(exercise.lesson, [])
        all_of_lesson = {each.number for each in exercises_of(exercise.lesson)}
        if all_of_lesson <= set(done) and len(all_of_lesson) > 1:
            notes.append(sentences.ALL_DONE(count=len(all_of_lesson)))
    return card.followed_by(notes)


@clear_errors('hint("2.1")')
def hint(number: str) -> Card:
    """Give the next hint for an exercise: three in all, from a nudge to nearly all.

    Parameters
    ----------
    number : str
        The exercise: ``"2.1"``.

    Returns
    -------
    Card
        The hint; the value of a notebook's cell shows it.

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> import gradtape as gt
    >>> print(str(gt.hint("2.1")).splitlines()[0])
    → Hint 1 of 3 for 2.1
    """
    exercise = find(number)
    given = 0

    def count(kept: dict) -> None:
        nonlocal given
        entry = kept["exercises"].setdefault(number, {})
        given = entry["hints"] = min(entry.get("hints", 0) + 1, len(exercise.hints))

    notes = record.change(count)
    parts = [exercise.hints[given - 1]]
    if given == len(exercise.hints):
        parts.append(Place(sentences.LAST_HINT, exercise.place))
    return Card("note", sentences.HINT(place=given, number=number), [*parts, *notes])


def is_not_begun(part: Any) -> bool:
    """Tell dots, and a function whose body is nothing but dots or a docstring."""
    if isinstance(part, FunctionElsewhere):
        return part.is_not_begun
    if not isinstance(part, types.FunctionType):
        return part is ...
    body = [step for step in dis.get_instructions(part) if step.opname not in _IDLE]
    return not body or [step.argval for step in body] == [None]


def judged(exercise: Exercise, answer: Any) -> Card:
    """Judge an answer that was begun, and say what was found; nothing is kept of it."""
    printed = Printed()
    wrong = None
    try:
        with guarded(exercise.seconds) as printed:
            exercise.judge(answer)
    except Wrong as found:
        wrong = found
    except TimeUp:
        wrong = Wrong(sentences.TIME(seconds=f"{exercise.seconds:g}"), "time")
    except SystemExit:
        wrong = Wrong(sentences.EXITS(what=sentences.YOUR_ANSWER), "exits")
    except Exception as error:  # noqa: BLE001 - the notebook lives on
        if not own_line(error):
            return _broken(exercise, error)
        wrong = raised(error, sentences.YOUR_ANSWER)
    number, also = exercise.number, _what_was_printed(printed)
    if wrong is None:
        return Card("right", sentences.RIGHT(number=number), also, "right")
    parts = [wrong.says, *wrong.details, *also]
    parts.append(Place(sentences.LOOK_AGAIN, exercise.place_for(wrong)))
    parts.append(sentences.HINT_HELPS(number=number))
    return Card("wrong", sentences.WRONG(number=number), parts, wrong.found)


def _broken(exercise: Exercise, error: Exception) -> Card:
    """Say that it was the judge, and not the answer, that raised an error."""
    says = sentences.CHECK_BROKE(error=f"`{type(error).__name__}: {error}`")
    heading = sentences.CHECK_FAILED(number=exercise.number)
    return Card("wrong", heading, [says], "check broke")


def _what_was_printed(printed: Printed) -> list:
    if not printed:
        return []
    lines, count = printed.first_lines()
    is_all = count == len(lines.split("\n"))
    heading = sentences.PRINTED if is_all else sentences.PRINTED_MUCH(count=count)
    return [heading, Verbatim(lines)]
