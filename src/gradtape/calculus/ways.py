"""How a function of the learner's is run: for calculus, for figures and for widgets.

Learners write functions in many ways: for float32 only, because a constant in them is
float32; for one number at a time, because they average over data or branch with ``if``.
Each way to run one is tried, in float64 and then in float32, and the first that works
is taken.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
import tensorflow as tf

from gradtape.calculus.inputs import call
from gradtape.language import say

PRECISIONS = (np.float64, np.float32)

_Way = TypeVar("_Way")
_Found = TypeVar("_Found")


def first_that_works(
    ways: Iterable[_Way], try_out: Callable[[_Way, Any], _Found]
) -> _Found:
    """Return what trying out the first way gives that raises no error.

    Parameters
    ----------
    ways : iterable
        The ways to run a function, the quickest first. The last one calls it as a learner
        does: what fails there says most.
    try_out : callable
        Called with a way and a precision, raises an error if they do not fit.

    Raises
    ------
    Exception
        That of the last way, if none works.
    """
    last_error: Exception | None = None
    with _without_messages():
        for way in ways:
            for precision in PRECISIONS:
                try:
                    return try_out(way, precision)
                except Exception as error:  # noqa: BLE001 - f may raise anything
                    last_error = error
    raise last_error


@contextmanager
def _without_messages() -> Iterator[None]:
    """Hold back what TensorFlow says of a function that it cannot turn into operations."""
    logger = tf.get_logger()
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def alone(f: Callable, precision: Any, *numbers: float) -> tf.Tensor:
    """Return f of single numbers, as the learner would call it, or say what is wrong."""
    result = call(f, *(tf.constant(number, precision) for number in numbers))
    if result.shape.rank != 0:
        en, zh = (
            ("one number", "一个数")
            if len(numbers) == 1
            else ("a pair of numbers", "一对数")
        )
        raise ValueError(
            say(
                en=f"f returned shape {result.shape} for {en}; it must return one number",
                zh=f"给 f {zh}，它返回的形状是 {result.shape}；它必须返回一个数",
            )
        )
    if result.dtype != precision:
        name = np.dtype(precision).name
        raise TypeError(
            say(
                en=f"f returned {result.dtype.name} for {name}; return the dtype of the "
                f"argument{'s' * (len(numbers) > 1)}",
                zh=f"给 f 的是 {name}，它返回的是 {result.dtype.name}；"
                "请返回与自变量相同的类型",
            )
        )
    return result


def mapped(f: Callable) -> Callable:
    """Return f of single numbers, turned by TensorFlow into a function of many points."""
    # tf.function makes tf.cond of an if in f.
    of_point = tf.function(lambda point: f(*tf.unstack(point)))

    def over_points(*coordinates: tf.Tensor) -> tf.Tensor:
        points = tf.stack([tf.reshape(each, [-1]) for each in coordinates], axis=1)
        results = tf.vectorized_map(of_point, points, fallback_to_while_loop=False)
        return tf.reshape(results, tf.shape(coordinates[0]))

    return over_points


def require_agreement(
    together: Any, by_itself: Any, place: Any, tolerance: float
) -> None:
    """Raise an error unless f gives for many points what it gives for each alone."""
    if not np.allclose(together, by_itself, rtol=tolerance, atol=0.0, equal_nan=True):
        many, one = (float(np.ravel(each)[0]) for each in (together, by_itself))
        raise ValueError(
            say(
                en=f"f gives {many:g} at {place} in company and {one:g} alone; it must "
                "treat each point by itself",
                zh=f"在 {place} 处，f 与别的点一起算得 {many:g}，单独算得 {one:g}；"
                "它必须对每个点单独计算",
            )
        )
