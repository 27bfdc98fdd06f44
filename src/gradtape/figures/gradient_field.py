"""Contour lines of a function of two variables, with its gradient across them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from gradtape.clear_errors import clear_errors
from gradtape.figures.checks import check_axes, check_interval
from gradtape.figures.description import describe, number
from gradtape.figures.landscape import (
    Landscape,
    draw_contours,
    evaluator,
    say_corners,
    say_rectangle,
    survey,
)
from gradtape.figures.style import (
    TALL,
    accent,
    artist_keywords,
    name_axes,
    new_axes,
)
from gradtape.language import say

_GRID, _ARROWS = 121, 13
_MOST_ARROWS = 60  # in a row
_LONGEST_ARROW = 0.9  # of the distance between two arrows
_OF_QUIVER = (
    *("angles", "pivot", "scale", "scale_units", "units", "width", "minshaft"),
    *("headwidth", "headlength", "headaxislength", "minlength"),
)
_AS_LONG = 1e-5  # relative; further apart than rounding puts them


@clear_errors("plot_gradient_field(lambda x, y: x**2 + y**2, (-2, 2), (-2, 2))")
def plot_gradient_field(
    f: Callable,
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    *,
    ax: Axes | None = None,
    **keywords: Any,
) -> Axes:
    """Draw contour lines of f(x, y) and, across them, arrows of its gradient.

    The arrows come from one tape over all their places. Both axes have one scale, so
    that the right angle between gradient and contour line is one on paper as well. An
    arrow's length grows with the root of the gradient's, lest the short ones vanish.

    Parameters
    ----------
    f : callable
        A function of two numbers.
    xlim, ylim : (float, float)
        The part of the plane.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without one a new figure is made.
    **keywords
        Passed on to ``Axes.quiver`` for the arrows.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes drawn into, with the figure's description.

    Raises
    ------
    TypeError, ValueError
        If f or a limit is not what it should be.

    Examples
    --------
    >>> ax = plot_gradient_field(lambda x, y: 3 * x**2 + 2 * y, (-2, 2), (-2, 2))
    >>> ax.get_aspect()
    1.0
    """
    xlim, ylim = check_interval(xlim, "xlim"), check_interval(ylim, "ylim")
    check_axes(ax)
    keywords = artist_keywords(keywords, PolyCollection([]), _OF_QUIVER)
    evaluate = evaluator(f)
    land = survey(evaluate, xlim, ylim, _GRID)
    x, y = _arrow_places(*xlim, *ylim)
    _, dx, dy = evaluate(x, y)
    length = np.hypot(dx, dy)
    length[~np.isfinite(length)] = np.nan
    ax = new_axes(TALL) if ax is None else ax
    draw_contours(ax, land)
    if np.any(length > 0):
        spacing = min(np.ptp(xlim), np.ptp(ylim)) / (_ARROWS - 1)
        # A root shortens the long ones less than it lifts the short ones.
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = np.sqrt(length / np.nanmax(length)) / length
        factor = np.nan_to_num(_LONGEST_ARROW * spacing * factor, posinf=0.0)
        look = {
            "angles": "xy",
            "color": accent(ax, 1),
            "pivot": "mid",
            "scale": 1.0,
            "scale_units": "xy",
            "width": 0.004,
            "zorder": 3,
        }
        usable = np.isfinite(length)
        arrows = (each[usable] for each in (x, y, dx * factor, dy * factor))
        ax.quiver(*arrows, **look | keywords)
    ax.set(xlim=xlim, ylim=ylim)
    name_axes(ax, "$x$", "$y$")
    ax.set_aspect("equal")
    describe(ax, _describe(land, x, y, dx, dy, length))
    return ax


def _arrow_places(
    left: float, right: float, bottom: float, top: float
) -> tuple[np.ndarray, np.ndarray]:
    """Spread arrows evenly, half a step away from the frame, equally dense both ways."""
    step = min(right - left, top - bottom) / _ARROWS
    columns = min(max(round((right - left) / step), 2), _MOST_ARROWS)
    rows = min(max(round((top - bottom) / step), 2), _MOST_ARROWS)
    dx, dy = (right - left) / columns, (top - bottom) / rows
    return np.meshgrid(
        left + dx * (np.arange(columns) + 0.5), bottom + dy * (np.arange(rows) + 0.5)
    )


def _describe(
    land: Landscape,
    x: np.ndarray,
    y: np.ndarray,
    dx: np.ndarray,
    dy: np.ndarray,
    length: np.ndarray,
) -> str:
    where = say_rectangle(land)
    z = land.z[np.isfinite(land.z)]
    if not z.size or np.isnan(length).all():
        return say(
            en=f"f(x, y) has no values or no gradient {where}.",
            zh=f"f(x, y) 没有值或没有梯度，{where}。",
        )
    scale = float(np.max(np.abs(z)))
    low, high = number(z.min(), scale), number(z.max(), scale)
    longest = np.nanmax(length)
    # Of several as long, the first: which of them is longest is a matter of rounding.
    steepest = np.unravel_index(
        np.argmax(length >= (1 - _AS_LONG) * longest), length.shape
    )
    place = f"({number(x[steepest])}, {number(y[steepest])})"
    shortest = number(np.nanmin(length), longest)
    if longest == 0.0:
        return say(
            en=f"f(x, y) {where}; values between {low} and {high}. "
            "The gradient is 0 everywhere.",
            zh=f"f(x, y)，{where}，值在 {low} 和 {high} 之间。梯度处处为 0。",
        )
    x_slope, y_slope = (number(float(each[steepest]), longest) for each in (dx, dy))
    sentence = say(
        en=f"Contour lines of f(x, y) {where}; "
        f"values between {low} and {high}. "
        f"Arrows of the gradient stand across them; the longest gradient has length "
        f"{number(longest)}, at {place}, where it is ({x_slope}, {y_slope}), the shortest "
        f"{shortest}.",
        zh=f"f(x, y) 的等高线，{where}，值在 {low} 和 {high} 之间。"
        f"梯度箭头与等高线垂直；最长的梯度在 {place}，是 ({x_slope}, {y_slope})，长度为 {number(longest)}，"
        f"最短的长度为 {shortest}。",
    )
    return sentence + say(en=" ", zh="") + say_corners(land)
