"""An exercise: its number, where the lesson teaches it, its hints and its judge."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradtape.exercises
from gradtape.exercises import sentences
from gradtape.exercises.card import Verbatim
from gradtape.exercises.words import Words

_NUMBER = re.compile(r"(\d{1,2})\.(\d+|[a-z])")


class Wrong(Exception):
    """The answer is not right; a judge raises it and need not return.

    Parameters
    ----------
    says : Words
        What is wrong and why; never the solution.
    found : str
        A short English name for it, by which tests refer to it.
    place : Words, optional
        The heading that helps; the exercise's own if not given.
    lines : str
        Code, or something printed, to be shown below.
    """

    def __init__(
        self, says: Words, found: str, place: Words | None = None, lines: str = ""
    ):
        if not isinstance(says, Words):
            raise TypeError(f"feedback is {says!r}; it needs Words, in both languages")
        super().__init__(str(says))
        self.says = says
        self.found = found
        self.place = place
        self.details = (Verbatim(lines),) if lines else ()


@dataclass(frozen=True)
class Exercise:
    """A task with its judge, as the decorator :func:`exercise` makes it.

    Attributes
    ----------
    number : str
        The lesson and the place in it, such as ``"2.1"``.
    place : Words
        The heading, in both languages, of the section that teaches it.
    hints : tuple of three Words
        From a nudge to nearly all.
    points : int
        What it counts in a class.
    seconds : float
        How long a check may take.
    judge : callable
        Returns if the answer is right and raises :class:`Wrong` if it is not.
    """

    number: str
    place: Words
    hints: tuple[Words, Words, Words]
    points: int
    seconds: float
    judge: Callable[[Any], None]

    @property
    def lesson(self) -> str:
        """The lesson's number, two digits."""
        return lesson_of(self.number)


def exercise(
    number: str,
    *,
    place: Words,
    hints: tuple[Words, Words, Words],
    points: int = 1,
    seconds: float = 10.0,
) -> Callable[[Callable[[Any], None]], Exercise]:
    """Make an exercise of the function below, which judges an answer.

    Parameters
    ----------
    number, place, hints, points, seconds
        As in :class:`Exercise`.

    Raises
    ------
    ValueError
        If the number is none, or there are not three hints.
    """
    lesson_of(number)
    if len(hints) != 3:
        raise ValueError(f"exercise {number} has {len(hints)} hints; it needs three")

    def make(judge: Callable[[Any], None]) -> Exercise:
        return Exercise(number, place, tuple(hints), points, seconds, judge)

    return make


def lesson_of(number: str) -> str:
    """Return the lesson, two digits, of an exercise or a prediction.

    Raises
    ------
    ValueError
        If it is no number of either.

    Examples
    --------
    >>> lesson_of("2.1"), lesson_of("10.b")
    ('02', '10')
    """
    match = _NUMBER.fullmatch(number) if isinstance(number, str) else None
    if match is None:
        raise ValueError(str(sentences.NO_NUMBER(number=repr(number))))
    return match[1].zfill(2)


def lessons() -> list[str]:
    """Return the lessons that have exercises, in order."""
    names = (
        module.name for module in pkgutil.iter_modules(gradtape.exercises.__path__)
    )
    return sorted(name[-2:] for name in names if re.fullmatch(r"lesson_\d\d", name))


def exercises_of(lesson: str) -> list[Exercise]:
    """Return the exercises of a lesson, in order."""
    return list(things_of(lesson, Exercise))


def things_of(lesson: str, kind: type) -> Iterator[Any]:
    """Give what a lesson's module defines of a kind, in the order of its lines."""
    if lesson in lessons():
        module = importlib.import_module(f"gradtape.exercises.lesson_{lesson}")
        yield from (thing for thing in vars(module).values() if isinstance(thing, kind))


def find(number: str, kind: type = Exercise) -> Any:
    """Return the exercise, or the prediction, with a number.

    Raises
    ------
    ValueError
        If there is none.
    """
    known = {thing.number: thing for thing in things_of(lesson_of(number), kind)}
    if number not in known:
        existing = ", ".join(known) or "—"
        raise ValueError(str(sentences.NO_SUCH(number=number, existing=existing)))
    return known[number]
