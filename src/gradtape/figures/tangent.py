"""A function with its tangent at a point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from gradtape.clear_errors import clear_errors
from gradtape.figures.checks import check_axes, check_interval, check_number
from gradtape.figures.curves import draw_curve, say_breaks, say_unresolved
from gradtape.figures.description import describe, mark_described, number
from gradtape.figures.sampling import Curve, sample
from gradtape.figures.style import (
    MARK_SIZE,
    accent,
    line_keywords,
    line_style,
    name_axes,
    new_axes,
    place_legend,
    show_range,
    zero_line,
)
from gradtape.figures.windows import height
from gradtape.language import say


@clear_errors("plot_tangent(lambda x: x**2, at=1.0, interval=(-3, 3))")
def plot_tangent(
    f: Callable,
    at: float = 0.0,
    interval: tuple[float, float] = (-4.0, 4.0),
    *,
    ax: Axes | None = None,
    **keywords: Any,
) -> Axes:
    """Draw a function and its tangent at a point; the slope comes from a tape.

    Parameters
    ----------
    f : callable
        A function of one variable.
    at : float
        Where the tangent touches, inside the interval.
    interval : (float, float)
        Where to draw.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without one a new figure is made.
    **keywords
        Passed on to ``Axes.plot`` for the curve of f.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes drawn into, with the figure's description.

    Raises
    ------
    TypeError
        If f is no function of one number, or an argument no number.
    ValueError
        If the point is outside the interval, or f has no tangent there: where it has no
        value, a jump or a kink.

    Examples
    --------
    >>> ax = plot_tangent(lambda x: x**4, at=3.0, interval=(0, 4))
    >>> ax.lines[-2].get_label()
    "$f'(3) = 108$"
    """
    low, high = check_interval(interval)
    at = check_number(at, "at")
    if not low <= at <= high:
        raise ValueError(
            say(
                en=f"at is {at:g}, outside the interval ({low:g}, {high:g}); choose a "
                "point in it",
                zh=f"at 是 {at:g}，在区间 ({low:g}, {high:g}) 之外；请在区间里选一点",
            )
        )
    check_axes(ax)
    keywords = line_keywords(keywords)
    curve = sample(f, (low, high))
    value, slope = tangent_at(curve, at)
    ax = new_axes() if ax is None else ax
    overlaid = ax.has_data()
    zero_line(ax)
    draw_curve(ax, curve, 0, keywords)
    bottom, top = curve.heights[0]
    flat = height(curve.heights[0]) <= curve.noise[0]
    tall = max(1.0, abs(value)) if flat else top - bottom
    # A steep tangent needs room, but not so much that f looks flat.
    room = 0.25 * max(tall, min(0.1 * abs(slope) * (high - low), 4.0 * tall))
    ends = np.array([low, high])
    label = f"$f'({number(at)}) = {number(slope)}$"
    mark_described(
        ax.plot(ends, value + slope * (ends - at), label=label, **line_style(ax, 1))
    )
    mark_described(
        ax.plot([at], [value], "o", color=accent(ax, 1), markersize=MARK_SIZE, zorder=4)
    )
    # Where f is cut off at a pole, the point may lie beyond.
    show_range(
        ax,
        (low, high),
        (min(bottom, value) - room, max(top, value) + room),
        also=overlaid,
    )
    name_axes(ax, "$x$")
    place_legend(ax)
    describe(ax, _describe(curve, at, value, slope))
    return ax


def tangent_at(curve: Curve, at: float) -> tuple[float, float]:
    """Return value and slope of a curve at a point, or say why it has no tangent."""
    value, slope = (float(each) for each in curve.taped(np.array([at]), 1)[:, 0])
    if not (np.isfinite(value) and np.isfinite(slope)):
        raise ValueError(
            say(
                en=f"f({at:g}) is {value:g} with slope {slope:g}: there is no tangent; "
                "choose another point",
                zh=f"f({at:g}) 是 {value:g}，斜率是 {slope:g}：这里没有切线；请另选一点",
            )
        )
    for places, what in (
        (curve.breaks.kinks, say(en="a kink", zh="尖点")),
        (curve.breaks.jumps, say(en="a jump", zh="跳跃")),
    ):
        if any(abs(at - place) <= 1e-9 * curve.length for place in places):
            raise ValueError(
                say(
                    en=f"f has {what} at {at:g}: there is no tangent, though the tape "
                    f"gives {slope:g} by convention; choose another point",
                    zh=f"f 在 {at:g} 处有{what}：没有切线，梯度带却按约定给出 {slope:g}；"
                    "请另选一点",
                )
            )
    return value, slope


def _describe(curve: Curve, at: float, value: float, slope: float) -> str:
    width = curve.length
    low, high = (number(end, width) for end in curve.interval)
    bottom, top = curve.heights[0]
    tall = top - bottom
    a, b = number(bottom, tall), number(top, tall)
    if any(curve.breaks.unbounded[0]):
        range_en, range_zh = "without bounds", "无界"
    elif tall <= curve.noise[0]:
        range_en, range_zh = f"{a} throughout", f"恒为 {a}"
    else:
        range_en, range_zh = f"between {a} and {b}", f"值在 {a} 和 {b} 之间"
    sentences = [
        say(
            en=f"Curve of f(x) for x from {low} to {high}, {range_en}, "
            f"with its tangent at x = {number(at, width)}: "
            f"value {number(value, 0.0, tall)}, slope {number(slope)}.",
            zh=f"曲线 f(x)，x 从 {low} 到 {high}，{range_zh}；"
            f"在 x = {number(at, width)} 处作切线：函数值 {number(value, 0.0, tall)}，"
            f"斜率 {number(slope)}。",
        ),
        *say_breaks(curve),
        *say_unresolved(curve),
    ]
    return say(en=" ", zh="").join(sentences)
