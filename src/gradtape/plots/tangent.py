"""A function with its tangent at a point."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes

from gradtape.language import say
from gradtape.plots.derivatives import _listed
from gradtape.plots.description import describe, is_finite, number, own
from gradtape.plots.sampling import check_interval, sample
from gradtape.plots.style import (
    MARK_SIZE,
    derivative_style,
    function_style,
    house_axes,
    legend_above,
    name,
    zero_line,
)


def plot_tangent(
    f: Callable,
    at: float = 0.0,
    interval: tuple[float, float] = (-4.0, 4.0),
    *,
    ax: Axes | None = None,
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

    Returns
    -------
    matplotlib.axes.Axes
        The Axes drawn into, with the figure's description.

    Raises
    ------
    ValueError
        If the point is outside the interval, or f has no tangent there.

    Examples
    --------
    >>> ax = plot_tangent(lambda x: x**4, at=3.0, interval=(0, 4))
    >>> ax.lines[-2].get_label()
    "$f'(3) = 108$"
    """
    low, high = check_interval(interval)
    try:
        at = float(at)
    except (TypeError, ValueError):
        raise TypeError(f"at is {at!r}; give one number, such as 3.0") from None
    if not low <= at <= high:
        raise ValueError(f"at is {at}, outside the interval ({low}, {high})")
    curve = sample(f, (low, high))
    value, slope = (float(each) for each in curve.taped(np.array([at]), 1)[:, 0])
    if not is_finite(value, slope):
        raise ValueError(
            f"f({at:g}) is {value:g} with slope {slope:g}: there is no tangent; "
            "choose another point"
        )
    ax = house_axes(ax)
    zero_line(ax)
    own(ax.plot(curve.x, curve.rows[0], label=name(0), **function_style(ax)))
    bottom, top = curve.heights[0]
    room = 0.25 * max(top - bottom, abs(slope) * (high - low) * 0.1, 1e-12)
    ends = np.array([low, high])
    label = f"$f'({number(at)}) = {number(slope)}$"
    tangent = value + slope * (ends - at)
    own(ax.plot(ends, tangent, label=label, **derivative_style(1)))
    own(
        ax.plot(
            [at],
            [value],
            "o",
            color=derivative_style(1)["color"],
            markersize=MARK_SIZE,
            zorder=4,
        )
    )
    ax.set_xlim(low, high)
    ax.set_ylim(bottom - room, top + room)
    ax.set_xlabel("$x$")
    legend_above(ax)
    width = high - low
    sentence = say(
        en=f"Curve of f(x) for x from {number(low, width)} to {number(high, width)}, "
        f"between {number(bottom, top - bottom)} and {number(top, top - bottom)}, "
        f"with its tangent at x = {number(at, width)}: "
        f"value {number(value)}, slope {number(slope)}.",
        zh=f"曲线 f(x)，x 从 {number(low, width)} 到 {number(high, width)}，"
        f"值在 {number(bottom, top - bottom)} 和 {number(top, top - bottom)} 之间；"
        f"在 x = {number(at, width)} 处作切线：函数值 {number(value)}，"
        f"斜率 {number(slope)}。",
    )
    if curve.poles:
        sentence += _listed(
            say(en=" Poles at x = {}.", zh="极点：x = {}。"), curve.poles, width
        )
    describe(ax, sentence)
    return ax
