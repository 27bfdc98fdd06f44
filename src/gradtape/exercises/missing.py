"""Why a learner's function returns None: no return, or a gradient that is missing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf

from gradtape.exercises import sentences
from gradtape.exercises.exercise import Wrong


def why_none(f: Callable, values: tuple[Any, ...], what: object) -> Wrong:
    """Return what is wrong with a function that returns None.

    The function is called once more while the questions to its tapes are noted.

    Parameters
    ----------
    f : callable
        The learner's function.
    values : tuple
        The arguments with which it returned None.
    what : Words or str
        What the learner calls it.
    """
    with _noted_questions() as unanswered, contextlib.suppress(Exception, SystemExit):
        f(*values)
    if not unanswered:
        return Wrong(sentences.RETURNS_NOTHING(what=what), "returns nothing")
    return Wrong(sentences.GRADIENT_NONE(what=what), "gradient none")


@contextlib.contextmanager
def _noted_questions() -> Iterator[list[tuple[tf.GradientTape, Any, Any]]]:
    """Collect tape, target and sources of each gradient that is None."""
    unanswered = []
    ask = tf.GradientTape.gradient

    def gradient(tape, target, sources, *args, **options):
        answer = ask(tape, target, sources, *args, **options)
        if any(part is None for part in tf.nest.flatten(answer)):
            unanswered.append((tape, target, sources))
        return answer

    tf.GradientTape.gradient = gradient
    try:
        yield unanswered
    finally:
        tf.GradientTape.gradient = ask
