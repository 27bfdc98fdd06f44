"""Guesses before a result: choose first, run the cell, then see both side by side."""

from __future__ import annotations

import math
import numbers
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gradtape.clear_errors import clear_errors
from gradtape.exercises import answers, sentences
from gradtape.exercises import progress_file as record
from gradtape.exercises.card import Card, Verbatim
from gradtape.exercises.exercise import Wrong, find, lesson_of
from gradtape.exercises.words import Words

_NOT_GIVEN = object()
# A root as it is typed where the keyboard has no √: sqrt(x), tf.sqrt(x).
_ROOT = re.compile(r"(?:\w+\.)?sqrt\((\w+)\)")
_NO_DIFFERENCE = re.compile(r"[\s*·]")


@dataclass(frozen=True)
class Prediction:
    """A question that is answered before a cell runs.

    Attributes
    ----------
    number : str
        The lesson and a letter: ``"2.a"``.
    choices : dict of str to Words or str
        What can be chosen, by short English keys; empty where a number is asked for.
        What is the same in both languages, such as ``"h = 0.1"``, is a text.
    outcome : callable
        Takes what the cell computed and returns the key of the choice that came out,
        or the number. It knows nothing else, so that it cannot contradict the cell.
    tolerance : float
        How far a number may be off, as a part of the outcome, to count as right.
    """

    number: str
    outcome: Callable[[Any], Any]
    choices: Mapping[str, Words | str] = field(default_factory=dict)
    tolerance: float = 0.1

    def __post_init__(self):
        """Make sure that the number is one."""
        lesson_of(self.number)

    def read(self, choice: Any) -> Any | None:
        """Return the key, or the number, that a learner means; None if it is neither.

        A choice may be written in either language, a formula as in Python, and instead
        of a choice a number that falls under it.
        """
        if self.choices:
            wanted = _plain(choice)
            for key, words in self.choices.items():
                spellings = (
                    key,
                    getattr(words, "en", words),
                    getattr(words, "zh", key),
                )
                if wanted in map(_plain, spellings) or _is_number(choice, key):
                    return key
            return self._choice_of_number(choice)
        try:
            return answers.number(choice)
        except Wrong:
            return None

    def _choice_of_number(self, number: Any) -> str | None:
        """Return the choice that a number falls under, where the cell computes one."""
        try:
            key = self.outcome(answers.number(number))
        except (Wrong, TypeError, AttributeError):
            return None
        return key if key in self.choices else None

    def say(self, choice: Any) -> Words | str:
        """Return a choice, or a number, in the reader's words."""
        if self.choices:
            return f"“{self.choices[choice]}”"
        return f"{choice:.4g}" if isinstance(choice, numbers.Real) else str(choice)

    def agrees(self, choice: Any, outcome: Any) -> bool:
        """Tell whether it came out as chosen."""
        if self.choices:
            return choice == outcome
        return abs(choice - outcome) <= self.tolerance * max(abs(outcome), 1e-9)


def _is_number(choice: Any, key: str) -> bool:
    """Tell whether a choice is the number that a key spells, as 0.001 is ``1e-03``."""
    try:
        return math.isclose(float(choice), float(key), rel_tol=1e-6)
    except (TypeError, ValueError):
        return False


def _plain(choice: Any) -> str:
    """Return a choice without the differences that mean nothing."""
    text = unicodedata.normalize("NFKC", str(choice)).lower()
    return _NO_DIFFERENCE.sub("", _ROOT.sub(r"√\1", text))


@clear_errors('predict("2.a", "larger")')
def predict(number: str, choice: Any = ..., *, outcome: Any = _NOT_GIVEN) -> Card:
    """Choose what a cell will show; after it, see both side by side.

    Before the cell, ``gt.predict("2.a", "larger")`` keeps the choice; ``...`` in its
    place shows what there is to choose from. After it, ``gt.predict("2.a",
    outcome=value)`` holds the choice against what the cell computed. Whoever makes no
    choice is not kept from going on.

    Parameters
    ----------
    number : str
        The question, as the lesson numbers it: ``"2.a"``.
    choice : str or float
        One of the choices, in English or Chinese, or a number.
    outcome : object
        What the cell computed. Only the lesson's own cell gives it.

    Returns
    -------
    Card
        What was chosen, or both; shown as the value of a notebook's cell. Once the
        outcome has been shown, the choice stays as it is.

    Raises
    ------
    ValueError
        If there is no such question.

    Examples
    --------
    >>> import gradtape as gt
    >>> print(str(gt.predict("2.b", "larger")))
    → 2.b: you expect “larger”. Now run the next cell.
    """
    question = find(number, Prediction)
    if outcome is not _NOT_GIVEN:
        return _compare(question, question.outcome(outcome))
    if choice is ...:
        return _ask(question, "open", sentences.CHOOSE(number=number))
    chosen = question.read(choice)
    if chosen is None:
        wording = sentences.NO_CHOICE if question.choices else sentences.NO_GUESS
        wrong = wording(number=number, found=answers.shown(choice))
        return _ask(question, "wrong", wrong)
    kept: dict[str, Any] = {}

    def keep(what: dict) -> None:
        entry = what["predictions"].setdefault(number, {})
        # A choice made before the result stays; one made after it may be changed.
        if "choice" not in entry or not entry.get("seen") or entry.get("late"):
            entry["choice"] = chosen
            entry["late"] = entry.get("seen", False)
        kept.clear()
        kept.update(entry)

    notes = record.change(keep)
    wording = sentences.CHOSEN if kept["choice"] == chosen else sentences.STAYS
    heading = wording(number=number, choice=question.say(kept["choice"]))
    return Card("note", heading, notes)


def _ask(question: Prediction, kind: str, heading: Words) -> Card:
    if not question.choices:
        return Card(kind, heading, [sentences.A_NUMBER])
    quoted = "\n".join(f'"{words}"' for words in question.choices.values())
    return Card(kind, heading, [sentences.CHOICES, Verbatim(quoted)])


def _compare(question: Prediction, came_out: Any) -> Card:
    kept: dict[str, Any] = {}

    def mark_as_seen(what: dict) -> None:
        entry = what["predictions"].setdefault(question.number, {})
        entry["seen"] = True
        kept.clear()
        kept.update(entry)

    notes = record.change(mark_as_seen)
    result = sentences.OUTCOME(outcome=question.say(came_out))
    heading = sentences.CAME_OUT(number=question.number)
    if "choice" not in kept:
        return Card("note", heading, [sentences.SKIPPED, result, *notes])
    wording = sentences.LATE_GUESS if kept.get("late") else sentences.GUESS
    agrees = question.agrees(kept["choice"], came_out)
    verdict = sentences.AS_EXPECTED if agrees else sentences.OTHERWISE
    parts = [wording(choice=question.say(kept["choice"])), result]
    if not kept.get("late"):
        parts.append(verdict)
    return Card("note", heading, [*parts, *notes])
