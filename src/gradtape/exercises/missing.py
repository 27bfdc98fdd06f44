"""Why a learner's function returns None: no return, or a gradient that is missing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf

from gradtape.exercises import sentences
from gradtape.exercises.card import Quoted
from gradtape.exercises.exercise import Wrong

# The rows of PITFALLS.md after which a gradient is None.
_ROWS = ("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P10", "P11", "P15", "P20", "P23")


def why_none(again: Callable[[], Any], what: object) -> Wrong:
    """Return what is wrong with a function that returns None.

    The function is called again: once while the questions to its tapes are noted, once
    for :func:`gradtape.explain_gradient` to look at its steps.

    Parameters
    ----------
    again : callable
        Calls the learner's function as it was called.
    what : Words or str
        What the learner calls it.
    """
    with _noted_answers() as found, contextlib.suppress(Exception, SystemExit):
        again()
    if None not in found:
        return Wrong(sentences.RETURNS_NOTHING(what=what), "returns nothing")
    wrong = Wrong(sentences.GRADIENT_NONE(what=what), "gradient none")
    wrong.details = tuple(causes(again))
    return wrong


def causes(again: Callable[[], Any]) -> Iterator[Quoted]:
    """Give what the diagnosis says of each cause of a None.

    How to repair it is left to the learner.
    """
    # Imported where it is needed: most answers have their gradients.
    from gradtape.tape import explain_gradient

    try:
        # Without arguments, so that whole numbers stay whole numbers.
        diagnosis = explain_gradient(lambda: again())
    except Exception:  # noqa: BLE001 - no diagnosis is better than a second failure
        return
    for reason in diagnosis.reasons:
        if reason.cause in _ROWS:
            lines = [f"{reason.title} ({reason.cause})", reason.where, reason.why]
            yield Quoted("\n".join(filter(None, lines)))


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
