"""A function of two variables, evaluated over a rectangle with its gradient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from gradtape.calculus.inputs import call
from gradtape.calculus.on_tape import require_gradient_on_tape
from gradtape.calculus.ways import (
    alone,
    first_that_works,
    mapped,
    require_agreement,
)
from gradtape.figures.checks import check_interval, require_callable
from gradtape.figures.description import number
from gradtape.figures.style import ink, on_dark
from gradtape.language import say


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

    Raises
    ------
    TypeError
        If f is not callable with two numbers, or returns no real tensor.
    ValueError
        If f returns more than one number.
    """
    require_callable(f, "lambda x, y: x**2 + y**2")

    def try_out(way: Callable, precision: Any) -> tuple[Callable, Any]:
        by_itself = alone(f, precision, _PROBE[0], _PROBE[-1])
        evaluate = _evaluate_with(way(f), precision)
        together = evaluate(_PROBE, _PROBE[::-1])[0][0]
        require_agreement(together, by_itself, "(0.3, 1.1)", tolerance=1e-4)
        return evaluate, precision

    evaluate, precision = first_that_works((_all_at_once, _mapped), try_out)
    _require_on_tape(f, evaluate, precision)
    return evaluate


# A slope has a thirteenth of its land beyond the last of its lines; a valley has more.
_CROWDED = 0.1
_LONGEST_NAME = 4  # letters
_MOST_NAMED = 7  # lines with their height written on them
_EDGE = 0.07  # of the width and the height of the axes
_MORE_LINES = 3  # at each end of the range
_PROBE = np.array([0.3, 0.7, 1.1])


def _require_on_tape(f: Callable, evaluate: Callable, precision: Any) -> None:
    """Raise an error if the gradient at some places is silently wrong."""
    places = [tf.constant(each, precision) for each in (_PROBE, _PROBE[::-1])]

    def slopes_of(places: list) -> list[np.ndarray | None]:
        _, *slopes = evaluate(*places)
        return [np.diag(slope) if slope.any() else None for slope in slopes]

    require_gradient_on_tape(
        f,
        tuple(places),
        places,
        slopes_of(places),
        lambda places: evaluate(*places)[0],
        slopes_of,
    )


def _all_at_once(f: Callable) -> Callable:
    return f


def _mapped(f: Callable) -> Callable:
    """Return f of single numbers as one program for any number of points.

    It is called as a concrete function: TensorFlow counts the programs that are traced
    from one place of our code, over all figures, and would warn of the fifth.
    """
    over_points = tf.function(mapped(f), autograph=False)
    programs: dict[tf.DType, Callable] = {}

    def of_all(x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
        if x.dtype not in programs:
            points = tf.TensorSpec([None], x.dtype)
            programs[x.dtype] = over_points.get_concrete_function(points, points)
        flat = (tf.reshape(each, [-1]) for each in (x, y))
        return tf.reshape(programs[x.dtype](*flat), tf.shape(x))

    return of_all


def _evaluate_with(f: Callable, precision: Any) -> Callable:
    def evaluate(x: Any, y: Any) -> tuple[np.ndarray, ...]:
        x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
        x, y = tf.constant(x, precision), tf.constant(y, precision)
        with tf.GradientTape() as tape:
            tape.watch([x, y])
            z = call(f, x, y)
        if z.shape.rank == 0 and not isinstance(z, tf.Variable) and x.shape.rank:
            slopes = tape.gradient(z, [x, y])
            z = tf.broadcast_to(z, x.shape) if slopes == [None, None] else z
        if z.shape != x.shape:
            raise ValueError(
                say(
                    en=f"f returned shape {z.shape} for numbers of shape {x.shape}; it "
                    "must treat each pair by itself",
                    zh=f"自变量的形状是 {x.shape}，f 返回的形状却是 {z.shape}；"
                    "它必须对每一对数单独计算",
                )
            )
        slopes = tape.gradient(z, [x, y], unconnected_gradients="zero")
        # Where f has no value it has no slope, whatever its formula for slopes gives.
        slopes = [tf.where(tf.math.is_finite(z), slope, np.nan) for slope in slopes]
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
    """Return heights for contour lines, evenly spread unless the range is extreme.

    Where much of the land is nearly as low as the lowest of it, or as high as the
    highest, more lines lie there: a valley shows its bottom, a dome its top. There are
    none where f is constant or has no values.
    """
    finite = z[np.isfinite(z)]
    if not finite.size or np.ptp(finite) <= 1e-12 * np.abs(finite).max():
        return np.array([])
    low, middle, high = np.quantile(finite, [0.0, 0.5, 1.0])
    if high - low > 50 * min(middle - low, high - middle):
        # A few towers or pits would leave the rest of the land without a line.
        spread = np.unique(np.quantile(finite, np.linspace(0.02, 0.98, count)))
        if spread.size > 1:
            return spread
    evenly = MaxNLocator(2 * count).tick_values(low, high)
    evenly = evenly[(evenly > low) & (evenly < high)]
    if evenly.size < 2:
        evenly = np.linspace(low, high, count + 2)[1:-1]
    near_bottom = low + _distances_from_end(evenly[0] - low, finite - low)
    near_top = high - _distances_from_end(high - evenly[-1], high - finite)
    return np.concatenate([near_bottom[::-1], evenly, near_top])


def _distances_from_end(step: float, land: np.ndarray) -> np.ndarray:
    """Return how far from an end of the range more lines lie, the furthest first.

    Each is a quarter of the one before. The floor of a valley that is a parabola across
    halves with each, so the part of the land that asks for one more does as well.
    """
    numbers = np.arange(_MORE_LINES)
    beyond = [np.mean(land < step / 4.0**n) for n in numbers]
    crowded = np.logical_and.accumulate(beyond > _CROWDED / 2.0**numbers)
    return step / 4.0 ** (numbers[crowded] + 1)


def draw_contours(ax: Axes, land: Landscape) -> list[Artist]:
    """Draw contour lines of a landscape with their heights, and grey in between.

    Returns what was drawn.
    """
    heights = levels(land.z)
    if not heights.size:
        return []
    grid = land.x, land.y, land.z
    colours = "Greys_r" if on_dark(ax) else "Greys"
    greys = ax.contourf(*grid, levels=heights, cmap=colours, alpha=0.25, extend="both")
    lines = ax.contour(
        *grid,
        levels=heights,
        colors=ink(ax),
        linewidths=0.8,
        linestyles="solid",
        alpha=0.6,
    )
    scale = float(np.abs(heights).max())
    named = [each for each in heights if len(number(each, scale)) <= _LONGEST_NAME]
    named = named[:: -(-len(named) // _MOST_NAMED) or 1]
    if not named:
        return [greys, lines]
    names = ax.clabel(
        lines,
        named,
        colors=ink(ax),
        fontsize=8,
        fmt=lambda level: number(level, scale),
        zorder=3.1,
    )
    in_axes = ax.transData + ax.transAxes.inverted()
    for name in names:  # one at the edge would be cut off
        x, y = in_axes.transform(name.get_position())
        name.set_visible(_EDGE < x < 1 - _EDGE and _EDGE < y < 1 - _EDGE)
    return [greys, *names, lines]


def say_corners(land: Landscape) -> str:
    """Say how high the corners are: which a field does not share with its mirror image."""
    scale = float(np.nanmax(np.abs(land.z), initial=0.0))
    corners = (land.z[row, column] for row in (0, -1) for column in (0, -1))
    a, b, c, d = (
        number(z, scale) if np.isfinite(z) else say(en="not defined", zh="无定义")
        for z in corners
    )
    return say(
        en=f"At the corners f is {a} (lower left), {b} (lower right), {c} (upper left) and "
        f"{d} (upper right).",
        zh=f"四角的值：左下 {a}，右下 {b}，左上 {c}，右上 {d}。",
    )


def say_rectangle(land: Landscape) -> str:
    """Say over which rectangle a landscape lies."""
    left, right, bottom, top = (
        number(end) for end in (*land.x[0, [0, -1]], *land.y[[0, -1], 0])
    )
    return say(
        en=f"for x from {left} to {right} and y from {bottom} to {top}",
        zh=f"x 从 {left} 到 {right}，y 从 {bottom} 到 {top}",
    )
