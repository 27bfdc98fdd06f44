"""Gradient descent, step by step, on a curve or over contour lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from gradtape.clear_errors import clear_errors, shown
from gradtape.figures.checks import check_axes, check_number, check_whole
from gradtape.figures.curves import draw_curve, say_breaks, say_unresolved
from gradtape.figures.description import describe, mark_described, number
from gradtape.figures.evaluation import on_tape
from gradtape.figures.landscape import (
    draw_contours,
    evaluator,
    survey,
)
from gradtape.figures.sampling import sample
from gradtape.figures.style import (
    MARK_SIZE,
    TALL,
    accent,
    line_keywords,
    name_axes,
    name_mark,
    new_axes,
    place_legend,
    show_range,
)
from gradtape.figures.windows import Window
from gradtape.language import say

_GRID = 121
_PATH = "descent"
_MOST_STEPS = 10_000
_FEW, _MANY = 12, 40  # steps: with large dots, and with small ones at all

# What was drawn below the paths in Axes: over which rectangle, and its contour lines.
_grounds: WeakKeyDictionary[Axes, tuple[list[Window], list[Artist]]] = (
    WeakKeyDictionary()
)


@clear_errors("plot_descent(lambda x: x**2, 2.0, learning_rate=0.1, steps=10)")
def plot_descent(
    f: Callable,
    start: float | Sequence[float],
    *,
    learning_rate: float,
    steps: int,
    ax: Axes | None = None,
    **keywords: Any,
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
    **keywords
        Passed on to ``Axes.plot`` for the path.

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
    learning_rate = check_number(learning_rate, "learning_rate")
    if not learning_rate > 0:
        raise ValueError(
            say(
                en=f"learning_rate is {learning_rate:g}; give a number above 0, such as "
                "0.1",
                zh=f"learning_rate 是 {learning_rate:g}；请给出大于 0 的数，例如 0.1",
            )
        )
    steps = check_whole(steps, "steps", 1, _MOST_STEPS)
    start = check_start(start)
    check_axes(ax)
    keywords = line_keywords(keywords)
    draw = _on_contours if start.size == 2 else _on_curve
    return draw(f, start, learning_rate, steps, ax, keywords)


def check_start(start: Any) -> np.ndarray:
    """Return where a descent begins, shape (1,) or (2,), or say what is wrong with it."""
    try:
        if isinstance(start, str) or np.iscomplexobj(start):
            raise TypeError
        place = np.asarray(start)
        place = place.astype(float, casting="same_kind" if place.size else "unsafe")
    except (TypeError, ValueError, OverflowError):
        raise TypeError(
            say(
                en=f"start is {shown(start)}; give one number or a pair, such as (1.0, 2.0)",
                zh=f"start 是 {shown(start)}；请给出一个数或一对数，例如 (1.0, 2.0)",
            )
        ) from None
    if place.shape not in ((), (2,)) or not np.isfinite(place).all():
        raise ValueError(
            say(
                en=f"start is {place.tolist()}; give one finite number or a pair",
                zh=f"start 是 {place.tolist()}；请给出一个有限的数，或一对这样的数",
            )
        )
    return np.atleast_1d(place)


def _on_curve(
    f: Callable,
    start: np.ndarray,
    learning_rate: float,
    steps: int,
    ax: Axes | None,
    keywords: dict[str, Any],
) -> Axes:
    taped = on_tape(f, start + [0.0, 1e-3 * max(1.0, abs(start[0]))])
    path, values, ending = _descend(
        lambda x: taped(x, 1)[:, 0], start, learning_rate, steps
    )
    x = path[:, 0]
    width = max(np.ptp(x), 1e-3 * max(1.0, abs(start[0])))
    limits, _ = _grounds.get(ax, ([], [])) if ax is not None else ([], [])
    limits = [_joined((x.min() - 0.25 * width, x.max() + 0.25 * width), *limits)]
    curve = sample(f, limits[0])
    ax = new_axes() if ax is None else ax
    _grounds[ax] = (limits, [])
    overlaid = ax.has_data()
    has_curve = any(line.get_gid() == _PATH for line in ax.lines)
    draw_curve(ax, curve, 0, {"label": "_f"} if has_curve else {})
    _draw_path(ax, x, values, learning_rate, keywords)
    low = min(curve.heights[0][0], values.min())
    high = max(curve.heights[0][1], values.max())
    room = 0.06 * (high - low) or max(1.0, abs(low)) / 2.0
    show_range(ax, curve.interval, (low - room, high + room), also=overlaid)
    name_axes(ax, "$x$", "$f(x)$")
    place_legend(ax)
    sentences = [
        _describe(path, values, learning_rate, ending),
        *say_breaks(curve),
        *say_unresolved(curve),
    ]
    describe(ax, say(en=" ", zh="").join(sentences))
    return ax


def _on_contours(
    f: Callable,
    start: np.ndarray,
    learning_rate: float,
    steps: int,
    ax: Axes | None,
    keywords: dict[str, Any],
) -> Axes:
    evaluate = evaluator(f)
    path, values, ending = _descend(
        lambda place: evaluate(*place), start, learning_rate, steps
    )
    limits = []
    for each in path.T:
        middle = (each.min() + each.max()) / 2
        # Some land on both sides, also of a path that runs straight along one axis.
        half = max(0.75 * np.ptp(each), 0.3 * np.max(np.ptp(path, axis=0)), 1e-3)
        limits.append((middle - half, middle + half))
    ax = new_axes(TALL) if ax is None else ax
    former, contours = _grounds.get(ax, ([], []))
    # The lines take their names along; a name that is taken away first gets a warning.
    for artist in reversed(contours):
        if artist.figure is not None:
            artist.remove()
    limits = [
        _joined(each, *former[number : number + 1])
        for number, each in enumerate(limits)
    ]
    land = survey(evaluate, *limits, _GRID)
    _grounds[ax] = (limits, draw_contours(ax, land))
    _draw_path(ax, path[:, 0], path[:, 1], learning_rate, keywords)
    ax.set(xlim=limits[0], ylim=limits[1])
    name_axes(ax, "$x$", "$y$")
    place_legend(ax)
    describe(ax, _describe(path, values, learning_rate, ending))
    return ax


def _joined(*windows: Window) -> Window:
    """Return the shortest interval that holds all of them."""
    return min(low for low, _ in windows), max(high for _, high in windows)


def _descend(
    evaluate: Callable, start: np.ndarray, learning_rate: float, steps: int
) -> tuple[np.ndarray, np.ndarray, str]:
    """Return the path, f along it, and a sentence if it ends early."""
    path, values = [start], []
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps + 1):
            value, *slopes = (float(each) for each in evaluate(path[-1]))
            values.append(value)
            path.append(path[-1] - learning_rate * np.array(slopes))
    return until_lost(np.array(path[:-1]), np.array(values))


def until_lost(
    path: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, np.ndarray, str]:
    """Keep a path as long as it can be drawn, and say why it ends early.

    Parameters
    ----------
    path : numpy.ndarray, shape (steps + 1, dimensions)
        The places.
    values : numpy.ndarray, shape (steps + 1,)
        f there.

    Returns
    -------
    path, values : numpy.ndarray
        As many of them as are finite and near.
    ending : str
        Why there are no more, in a sentence; empty if these are all.

    Raises
    ------
    ValueError
        If f is not finite at the start.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        near = np.abs(path).max(axis=1) < 1e8 * max(1.0, np.abs(path[0]).max())
        good = near & np.isfinite(values)
    if good.all():
        return path, values, ""
    end = int(np.argmin(good))
    if end == 0:
        raise ValueError(
            say(
                en=f"f at the start {path[0].tolist()} is {values[0]:g}; begin where f is "
                "finite",
                zh=f"f 在起点 {path[0].tolist()} 的值是 {values[0]:g}；"
                "请从 f 有限的地方开始",
            )
        )
    ending = (
        say(
            en="The next step leads to where f has no value.",
            zh="再走一步，f 就没有值了。",
        )
        if near[end] and np.isnan(values[end])
        else say(
            en="The next step leads beyond all bounds.",
            zh="再走一步就越出了一切界限。",
        )
    )
    return path[:end], values[:end], ending


def _draw_path(
    ax: Axes,
    x: np.ndarray,
    y: np.ndarray,
    learning_rate: float,
    keywords: dict[str, Any],
) -> None:
    """Draw a path under its learning rate; of many steps without a dot for each."""
    before = sum(line.get_gid() == _PATH for line in ax.lines)
    steps = len(x) - 1
    look = {
        "color": accent(ax, 2 + before),
        "gid": _PATH,
        "label": "_path",
        "linewidth": 1.2 if steps <= _MANY else 0.9,
        "marker": "o" if steps <= _MANY else "",
        "markersize": 4.0 if steps <= _FEW else 2.2,
        "zorder": 3.2,
    }
    (line,) = ax.plot(x, y, **look | keywords)
    if line.get_label() == "_path":
        name_mark(line, rf"$\eta = {number(learning_rate)}$")
    color = line.get_color()
    mark_described(line)
    mark_described(
        ax.plot(x[:1], y[:1], "s", color=color, markersize=MARK_SIZE, zorder=4)
    )
    mark_described(
        ax.plot(x[-1:], y[-1:], "*", color=color, markersize=2 * MARK_SIZE, zorder=4)
    )


def _describe(
    path: np.ndarray, values: np.ndarray, learning_rate: float, ending: str
) -> str:
    def point(place: np.ndarray) -> str:
        inner = ", ".join(number(each, np.abs(path[0]).max(), 0.0) for each in place)
        return f"({inner})" if len(place) > 1 else inner

    taken = len(path) - 1
    start, end = point(path[0]), point(path[-1])
    first, last = number(values[0]), number(values[-1], abs(values[0]), 0.0)
    sentences = [
        say(
            en=f"Gradient descent with learning rate {number(learning_rate)}: {taken} "
            f"step{'s' * (taken != 1)} from {start}, where f is {first}, to {end}, "
            f"where f is {last}.",
            zh=f"梯度下降，学习率 {number(learning_rate)}：从 {start}（f = {first}）"
            f"走 {taken} 步到 {end}（f = {last}）。",
        )
    ]
    if ending:
        sentences.append(ending)
    elif values[-1] > values[0]:
        sentences.append(say(en="It diverges.", zh="它发散了。"))
    return say(en=" ", zh="").join(sentences)
