"""An exercise: its number, where the lesson teaches it, its hints and its judge."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from gradtape import content
from gradtape.clear_errors import shown
from gradtape.exercises import sentences
from gradtape.exercises.card import Verbatim
from gradtape.exercises.words import Listed, Words

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
        self.rows: tuple[str, ...] = ()  # the pitfalls that it shows


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
    pitfalls : dict of str to Words
        The headings that help where an answer falls into a pitfall, by its row in
        lesson 9 (``{"P11": NONE_IS_NOT_0}``); ``"dtypes"`` is where types do not fit.
    judge : callable
        Returns if the answer is right and raises :class:`Wrong` if it is not.
    """

    number: str
    place: Words
    hints: tuple[Words, Words, Words]
    points: int
    seconds: float
    pitfalls: Mapping[str, Words]
    judge: Callable[[Any], None]

    @property
    def lesson(self) -> str:
        """The lesson's number, two digits."""
        return lesson_of(self.number)

    def place_for(self, wrong: Wrong) -> Words:
        """Return the heading that helps with what is wrong."""
        known = [self.pitfalls[row] for row in wrong.rows if row in self.pitfalls]
        return wrong.place or (known or [self.place])[0]


def exercise(
    number: str,
    *,
    place: Words,
    hints: tuple[Words, Words, Words],
    points: int = 1,
    seconds: float = 10.0,
    pitfalls: Mapping[str, Words] = MappingProxyType({}),
) -> Callable[[Callable[[Any], None]], Exercise]:
    """Make an exercise of the function below, which judges an answer.

    Parameters
    ----------
    number, place, hints, points, seconds, pitfalls
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
        return Exercise(number, place, tuple(hints), points, seconds, pitfalls, judge)

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
        raise ValueError(str(sentences.NO_NUMBER(number=shown(number))))
    return match[1].zfill(2)


def lessons() -> list[str]:
    """Return the lessons that have exercises, in order."""
    folders = content.lesson_folders()
    return [
        lesson
        for lesson, folder in folders.items()
        if (folder / "exercises.py").is_file()
    ]


def exercises_of(lesson: str) -> list[Exercise]:
    """Return the exercises of a lesson, in order."""
    return list(things_of(lesson, Exercise))


def things_of(lesson: str, kind: type) -> Iterator[Any]:
    """Give what a lesson's module defines of a kind, in the order of its lines."""
    module = content.load(lesson, "exercises")
    if module:
        yield from (thing for thing in vars(module).values() if isinstance(thing, kind))


def find(number: str, kind: type = Exercise) -> Any:
    """Return the exercise, or the prediction, with a number.

    Raises
    ------
    ValueError
        If there is none.
    """
    lesson = lesson_of(number)
    known = {thing.number: thing for thing in things_of(lesson, kind)}
    if number in known:
        return known[number]
    if known:
        says = sentences.NO_SUCH(lesson=int(lesson), existing=Listed(known))
    else:
        says = sentences.NONE_IN_LESSON(existing=Listed(map(int, lessons())))
    raise ValueError(str(says(number=number)))
