"""The path of gradient descent with momentum, all its steps in one program."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from gradtape.calculus.inputs import call
from gradtape.calculus.ways import first_that_works
from gradtape.figures.descent import until_lost
from gradtape.language import say
from gradtape.widgets.explorer import NoAnswer

_Run = Callable[[tf.Tensor, tf.Tensor, tf.Tensor], tuple[tf.Tensor, tf.Tensor]]


class Path(NamedTuple):
    """Where a descent went.

    Attributes
    ----------
    places : numpy.ndarray, shape (steps + 1, dimensions)
        The start and the place after each step.
    values : numpy.ndarray, shape (steps + 1,)
        f there.
    ending : str
        Why it ends early, in a sentence; empty if it does not.
    """

    places: np.ndarray
    values: np.ndarray
    ending: str


Follow = Callable[[Sequence[float], float, float], Path]


def descent(f: Callable, start: Sequence[float], steps: int) -> Follow:
    """Return a function that follows gradient descent from any start.

    It is a TensorFlow program where f can be traced, else f runs step by step; in
    float64 where f accepts it, else in float32.

    Parameters
    ----------
    f : callable
        A function of as many numbers as the start has.
    start : sequence of float
        A place at which f has a value: there it is tried how f can be run.
    steps : int
        How many steps are taken; fewer if the path leaves all bounds.

    Returns
    -------
    callable
        Called with a start, a learning rate and the momentum, it gives the Path.

    Raises
    ------
    Exception
        What f itself raises at the start.

    Examples
    --------
    >>> follow = descent(lambda x: x**2, [2.0], steps=2)
    >>> follow([2.0], 0.25, 0.0).places[:, 0].tolist()
    [2.0, 1.0, 0.5]
    """
    run, precision = _way_to_run(f, start, steps)

    def follow(start: Sequence[float], learning_rate: float, momentum: float) -> Path:
        numbers = (tf.constant(x, precision) for x in (start, learning_rate, momentum))
        return _path(*(each.numpy().astype(float) for each in run(*numbers)))

    return follow


def _way_to_run(f: Callable, start: Sequence[float], steps: int) -> tuple[_Run, Any]:
    """Return the quickest way to run a descent of f, and the precision for it."""
    # A function of its own has its ifs on tensors turned into operations.
    with_ifs = tf.function(f)
    ways = (
        tf.function(functools.partial(_program, f, steps), autograph=False),
        tf.function(functools.partial(_program, with_ifs, steps), autograph=False),
        functools.partial(_step_by_step, f, steps),
    )

    def try_out(run: _Run, precision: Any) -> tuple[_Run, Any]:
        run(*(tf.constant(x, precision) for x in (start, 0.0, 0.0)))
        return run, precision

    return first_that_works(ways, try_out)


def _program(
    f: Callable, steps: int, place: tf.Tensor, rate: tf.Tensor, momentum: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Descend in a loop of TensorFlow's, so that one step is traced and not all."""
    places = tf.TensorArray(place.dtype, steps + 1, element_shape=place.shape)
    values = tf.TensorArray(place.dtype, steps + 1, element_shape=[])

    def step(n, place, velocity, places, values):
        value, slope = _slope(f, place)
        places, values = places.write(n, place), values.write(n, value)
        velocity = momentum * velocity - rate * slope
        return n + 1, place + velocity, velocity, places, values

    *_, places, values = tf.while_loop(
        lambda n, *_: n <= steps,
        step,
        (0, place, tf.zeros_like(place), places, values),
    )
    return places.stack(), values.stack()


def _step_by_step(
    f: Callable, steps: int, place: tf.Tensor, rate: tf.Tensor, momentum: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Descend in a loop of Python's; f is called as the learner would call it.

    An error on the way ends the path, as a place without a value does.
    """
    velocity = tf.zeros_like(place)
    places, values = [], []
    while len(values) <= steps and np.isfinite(place).all():
        try:
            value, slope = _slope(f, place)
        except Exception:
            if not values:
                raise
            value, slope = values[0] * np.nan, place * np.nan
        places.append(place)
        values.append(value)
        velocity = momentum * velocity - rate * slope
        place += velocity
    return tf.stack(places), tf.stack(values)


def _slope(f: Callable, place: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Return f at a place, and its gradient."""
    with tf.GradientTape() as tape:
        tape.watch(place)
        value = tf.reshape(call(f, *tf.unstack(place)), [])
    return value, tape.gradient(value, place, unconnected_gradients="zero")


def _path(places: np.ndarray, values: np.ndarray) -> Path:
    """Keep the path as long as it can be drawn."""
    if not np.isfinite(values[0]):
        told = f"{values[0]:g}".replace("nan", "NaN").replace("inf", "∞")
        raise NoAnswer(
            say(
                en=f"f has no value at the start: the result is {told}",
                zh=f"f 在起点处没有值：结果是 {told}",
            )
        )
    return Path(*until_lost(places, values))
