"""Gradient descent, step by step, on a curve or over contour lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes

from gradtape.language import say
from gradtape.plots.description import describe, number, own
from gradtape.plots.evaluation import on_tape
from gradtape.plots.landscape import evaluator, levels, survey
from gradtape.plots.sampling import sample
from gradtape.plots.style import (
    MARK_SIZE,
    derivative_style,
    function_style,
    house_axes,
    ink,
)

_GRID = 121
_HEIGHT = 4.8


def plot_descent(
    f: Callable,
    start: float | Sequence[float],
    *,
    learning_rate: float,
    steps: int,
    ax: Axes | None = None,
) -> Axes:
    """Draw the path of gradient descent: x becomes x - learning_rate * f'(x).

    From a number the path runs on the curve of f, from a pair over its contour lines. A
    step that leads to infinity ends the path, and the description says so.

    Parameters
    ----------
    f : callable
        A function of one number or, for a pair, of two.
    start : float or (float, float)
        Where the path begins.
    learning_rate : float
        The factor of the gradient, greater than 0.
    steps : int
        How many steps are taken, at least 1.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without one a new figure is made.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes drawn into, with the figure's description.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it should be.

    Examples
    --------
    >>> ax = plot_descent(lambda x: x**2, 2.0, learning_rate=0.25, steps=3)
    >>> [float(x) for x in ax.lines[-3].get_xdata()]
    [2.0, 1.0, 0.5, 0.25]
    """
    if not learning_rate > 0:
        raise ValueError(f"learning_rate is {learning_rate!r}; give a number above 0")
    if isinstance(steps, bool) or not isinstance(steps, (int, np.integer)) or steps < 1:
        raise ValueError(f"steps is {steps!r}; give a whole number, 1 or more")
    start = np.asarray(start, float)
    if start.shape not in ((), (2,)) or not np.isfinite(start).all():
        raise ValueError(f"start is {start.tolist()}; give one finite number or a pair")
    if start.shape == ():
        return _on_curve(f, float(start), learning_rate, steps, ax)
    return _on_contours(f, start, learning_rate, steps, ax)


def _on_curve(
    f: Callable, start: float, learning_rate: float, steps: int, ax: Axes | None
) -> Axes:
    taped = on_tape(f, np.array([start, start + 1e-3]))
    path, values = [start], []
    for _ in range(steps + 1):
        value, slope = (float(row[0]) for row in taped(np.array([path[-1]]), 1))
        values.append(value)
        path.append(path[-1] - learning_rate * slope)
    path, values = _until_infinity(np.array(path[:-1])[:, None], np.array(values))
    path = path[:, 0]
    ax = house_axes(ax)
    width = max(np.ptp(path), 1e-3 * max(1.0, abs(start)))
    curve = sample(f, (path.min() - 0.25 * width, path.max() + 0.25 * width))
    own(ax.plot(curve.x, curve.rows[0], label="$f(x)$", **function_style(ax)))
    _draw_path(ax, path, values)
    ax.set_xlabel("$x$")
    describe(ax, _describe(path[:, None], values, learning_rate, steps))
    return ax


def _on_contours(
    f: Callable, start: np.ndarray, learning_rate: float, steps: int, ax: Axes | None
) -> Axes:
    evaluate = evaluator(f)
    path, values = [start], []
    for _ in range(steps + 1):
        value, *slopes = (float(each) for each in evaluate(*path[-1]))
        values.append(value)
        path.append(path[-1] - learning_rate * np.array(slopes))
    path, values = _until_infinity(np.array(path[:-1]), np.array(values))
    ax = house_axes(ax, height=_HEIGHT)
    limits = []
    for each in path.T:
        middle = (each.min() + each.max()) / 2
        # Some land on both sides, also of a path that runs straight along one axis.
        half = max(0.75 * np.ptp(each), 0.3 * np.max(np.ptp(path, axis=0)), 1e-3)
        limits.append((middle - half, middle + half))
    land = survey(evaluate, *limits, _GRID)
    heights = levels(land.z)
    ax.contourf(
        land.x, land.y, land.z, levels=heights, cmap="Greys", alpha=0.25, extend="both"
    )
    ax.contour(
        land.x,
        land.y,
        land.z,
        levels=heights,
        colors=ink(ax),
        linewidths=0.8,
        alpha=0.6,
    )
    _draw_path(ax, path[:, 0], path[:, 1])
    ax.set(xlabel="$x$", ylabel="$y$", xlim=limits[0], ylim=limits[1])
    describe(ax, _describe(path, values, learning_rate, steps))
    return ax


def _until_infinity(
    path: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Keep the path as long as it can be drawn: finite, and not beyond all bounds."""
    with np.errstate(over="ignore", invalid="ignore"):
        good = np.isfinite(path).all(axis=1) & np.isfinite(values)
        good &= np.abs(path).max(axis=1) < 1e8 * max(1.0, np.abs(path[0]).max())
    end = len(path) if good.all() else int(np.argmin(good))
    if end == 0:
        raise ValueError(
            f"f at the start {path[0].tolist()} is {values[0]:g}; begin where f is finite"
        )
    return path[:end], values[:end]


def _draw_path(ax: Axes, x: np.ndarray, y: np.ndarray) -> None:
    color = derivative_style(2)["color"]
    own(ax.plot(x, y, "o-", color=color, linewidth=1.2, markersize=4.0, zorder=3))
    own(ax.plot(x[:1], y[:1], "s", color=color, markersize=MARK_SIZE, zorder=4))
    own(ax.plot(x[-1:], y[-1:], "*", color=color, markersize=2 * MARK_SIZE, zorder=4))


def _describe(
    path: np.ndarray, values: np.ndarray, learning_rate: float, steps: int
) -> str:
    def point(place: np.ndarray) -> str:
        inner = ", ".join(number(each, np.abs(path).max()) for each in place)
        return f"({inner})" if len(place) > 1 else inner

    scale = float(np.abs(values).max())
    taken = len(path) - 1
    start, end = point(path[0]), point(path[-1])
    first, last = number(values[0], scale), number(values[-1], scale)
    sentence = say(
        en=f"Gradient descent with learning rate {number(learning_rate)}: {taken} steps "
        f"from {start}, where f is {first}, to {end}, where f is {last}.",
        zh=f"梯度下降，学习率 {number(learning_rate)}：从 {start}（f = {first}）"
        f"走 {taken} 步到 {end}（f = {last}）。",
    )
    if taken < steps:
        sentence += say(
            en=" The next step leads beyond all bounds.",
            zh="再走一步就越出了一切界限。",
        )
    elif values[-1] > values[0]:
        sentence += say(en=" It diverges.", zh="它发散了。")
    return sentence
