"""A function of two variables, evaluated over a rectangle with its gradient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.plots.evaluation import require_callable
from gradtape.plots.sampling import check_interval


@dataclass(frozen=True)
class Landscape:
    """Values of f on a grid, and its gradient where it was asked for.

    Attributes
    ----------
    x, y, z : numpy.ndarray, shape (rows, columns)
        The grid and f on it.
    """

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray


def evaluator(f: Callable) -> Callable[[Any, Any], tuple[np.ndarray, ...]]:
    """Return a function that gives f and its two partial derivatives at many points.

    All points are computed at once: as they are where f treats each by itself, else
    through TensorFlow's ``vectorized_map``, for an f that averages over data. In
    float64 where f accepts it, else in float32.

    Parameters
    ----------
    f : callable
        A function of two numbers.
    """
    require_callable(f, "lambda x, y: x**2 + y**2")
    probe = np.array([0.3, 0.7, 1.1])
    first_error = None
    for way in (_all_at_once, _mapped):
        for precision in (np.float64, np.float32):
            evaluate = _evaluate_with(way(f), precision)
            try:
                values = evaluate(probe, probe[::-1])[0]
                alone = _evaluate_with(f, precision)(probe[0], probe[-1])[0]
            except Exception as error:  # noqa: BLE001 - f may raise anything
                first_error = first_error or error
                continue
            if np.allclose(values[0], alone, rtol=1e-4, equal_nan=True):
                return evaluate
    if first_error is not None:
        raise first_error
    raise ValueError(
        "f gives no single number for a pair of numbers; return one tensor of shape ()"
    )


def _all_at_once(f: Callable) -> Callable:
    return f


def _mapped(f: Callable) -> Callable:
    # One program for any number of points: TensorFlow would warn of a new one each time.
    @tf.function(reduce_retracing=True)
    def over_pairs(x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
        pairs = tf.stack([tf.reshape(x, [-1]), tf.reshape(y, [-1])], axis=1)
        z = tf.vectorized_map(lambda pair: f(pair[0], pair[1]), pairs)
        return tf.reshape(z, tf.shape(x))

    return over_pairs


def _evaluate_with(f: Callable, precision: Any) -> Callable:
    def evaluate(x: Any, y: Any) -> tuple[np.ndarray, ...]:
        x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
        x, y = tf.constant(x, precision), tf.constant(y, precision)
        with tf.GradientTape() as tape:
            tape.watch([x, y])
            z = tf.convert_to_tensor(f(x, y), precision)
            if z.shape.rank == 0:
                z = tf.broadcast_to(z, x.shape)
        if z.shape != x.shape:
            raise ValueError(
                f"f returned shape {z.shape} for numbers of shape {x.shape}"
            )
        slopes = tape.gradient(z, [x, y], unconnected_gradients="zero")
        return tuple(each.numpy().astype(float) for each in (z, *slopes))

    return evaluate


def survey(evaluate: Callable, xlim: Any, ylim: Any, points: int) -> Landscape:
    """Evaluate f on a grid of points by points."""
    left, right = check_interval(xlim, "xlim")
    bottom, top = check_interval(ylim, "ylim")
    x, y = np.meshgrid(
        np.linspace(left, right, points), np.linspace(bottom, top, points)
    )
    z = evaluate(x, y)[0]
    return Landscape(x, y, np.where(np.isfinite(z), z, np.nan))


def levels(z: np.ndarray, count: int = 12) -> np.ndarray:
    """Return heights for contour lines, evenly spread unless the range is extreme."""
    finite = z[np.isfinite(z)]
    if not finite.size:
        raise ValueError("f is not finite anywhere here; choose other limits")
    low, high = finite.min(), finite.max()
    if low == high:
        return np.array([low - 0.5, low + 0.5])
    middle = np.quantile(finite, 0.5)
    if high - low > 50 * (middle - low) > 0:
        # A few towers would leave the rest of the land without a line.
        return np.unique(np.quantile(finite, np.linspace(0.02, 0.98, count)))
    return np.linspace(low, high, count + 2)[1:-1]
