"""Why a learner's function returns None: no return, or a gradient that is missing."""

from __future__ import annotations

import contextlib
import dis
import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from gradtape.exercises import sentences
from gradtape.exercises.card import Quoted
from gradtape.exercises.elsewhere import explained_elsewhere
from gradtape.exercises.exercise import Wrong

if TYPE_CHECKING:
    from gradtape.tape.diagnosis.diagnosis import Reason

# The rows of the catalogue of pitfalls after which a gradient is None.
_ROWS = (
    *("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P10", "P11", "P15", "P20", "P23"),
    *("P29", "P33", "P34", "P41", "P43"),
)


def why_none(again: Callable[[], Any], what: object, *, alone: bool = True) -> Wrong:
    """Return what is wrong with a function that returns None, or holds one.

    The function is called again: once while the questions to its tapes are noted, once
    for :func:`gradtape.explain_gradient` to look at its steps.

    Parameters
    ----------
    again : callable
        Calls the learner's function as it was called.
    what : Words or str
        What the learner calls it.
    alone : bool
        Whether None is all that it returns, or one part of it.
    """
    if not is_answered_none(again):
        says = sentences.RETURNS_NOTHING if alone else sentences.HOLDS_NOTHING
        if alone and _has_a_return(again):
            says = sentences.REACHES_NO_RETURN
        return Wrong(says(what=what), "returns nothing")
    if is_exchanged(again):
        return Wrong(sentences.EXCHANGED(what=what), "target and source exchanged")
    says = sentences.GRADIENT_NONE if alone else sentences.HOLDS_GRADIENT_NONE
    wrong = Wrong(says(what=what), "gradient none")
    explain(wrong, again)
    return wrong


def _has_a_return(again: Callable[[], Any]) -> bool:
    """Tell whether a learner's function returns something somewhere in its code."""
    code = getattr(getattr(again, "func", None), "__code__", None)
    steps = list(dis.get_instructions(code)) if code else []
    return any(
        step.opname == "RETURN_VALUE"
        and not (before.opname == "LOAD_CONST" and before.argval is None)
        for before, step in itertools.pairwise(steps)
    )


def is_answered_none(again: Callable[[], Any]) -> bool:
    """Tell whether a tape that a learner's function asks answers None."""
    if explained := explained_elsewhere(again):
        return explained.answered_none
    with _noted_answers() as found, contextlib.suppress(Exception, SystemExit):
        again()
    return None in found


def is_exchanged(again: Callable[[], Any]) -> bool:
    """Tell whether a tape that answers None knows the way in the other direction.

    While it is found out every tape is persistent, so that it can be asked twice.
    """
    ask, make = tf.GradientTape.gradient, tf.GradientTape.__init__
    exchanged = []

    def gradient(tape: tf.GradientTape, target: Any, sources: Any, *a: Any, **o: Any):
        answer = ask(tape, target, sources, *a, **o)
        if all(part is None for part in tf.nest.flatten(answer)):
            with contextlib.suppress(Exception):
                other = tf.nest.flatten(ask(tape, sources, target))
                exchanged.append(any(part is not None for part in other))
        return answer

    def init(tape: tf.GradientTape, persistent: bool = False, *a: Any, **o: Any):
        make(tape, True, *a, **o)

    tf.GradientTape.gradient, tf.GradientTape.__init__ = gradient, init
    try:
        with contextlib.suppress(Exception, SystemExit):
            again()
    finally:
        tf.GradientTape.gradient, tf.GradientTape.__init__ = ask, make
    return any(exchanged)


def explain(wrong: Wrong, again: Callable[[], Any]) -> None:
    """Add what the diagnosis says of each cause of a None.

    How to repair it is left to the learner.
    """
    for reason in _one_of_each(causes(again)):
        title = sentences.PITFALL(title=reason.title, row=reason.cause)
        lines = "\n".join(filter(None, [str(title), reason.where, reason.why]))
        wrong.details += (Quoted(lines),)
        wrong.rows += (reason.cause,)


def _one_of_each(reasons: list[Reason]) -> list[Reason]:
    """Leave out what would say of another source on the same line what is said already."""
    first: dict[tuple, Reason] = {}
    for each in reasons:
        first.setdefault((each.cause, each.line), each)
    return list(first.values())


def causes(again: Callable[[], Any]) -> list[Reason]:
    """Return why a gradient that a learner's function asks for is None."""
    if explained := explained_elsewhere(again):
        return [each for each in explained.reasons if each.cause in _ROWS]
    # Imported where it is needed: most answers have their gradients.
    from gradtape.tape import explain_gradient

    try:
        # Without arguments, so that whole numbers stay whole numbers.
        diagnosis = explain_gradient(lambda: again())
    except Exception:  # noqa: BLE001 - no diagnosis is better than a second failure
        return []
    return [reason for reason in diagnosis.reasons if reason.cause in _ROWS]


@contextlib.contextmanager
def _noted_answers() -> Iterator[list[Any]]:
    """Collect what tapes answer when they are asked for gradients."""
    found: list[Any] = []
    ask = tf.GradientTape.gradient

    def gradient(tape: tf.GradientTape, *args: Any, **options: Any) -> Any:
        answer = ask(tape, *args, **options)
        found.extend(None if part is None else True for part in tf.nest.flatten(answer))
        return answer

    tf.GradientTape.gradient = gradient
    try:
        yield found
    finally:
        tf.GradientTape.gradient = ask
