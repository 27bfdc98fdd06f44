"""Contour lines of a function of two variables, with its gradient across them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes

from gradtape.language import say
from gradtape.plots.description import describe, number
from gradtape.plots.landscape import evaluator, levels, survey
from gradtape.plots.style import derivative_style, house_axes, ink

_GRID, _ARROWS = 121, 13
_HEIGHT = 5.2
_LONGEST_ARROW = 0.9  # of the distance between two arrows


def plot_gradient_field(
    f: Callable,
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw contour lines of f(x, y) and, across them, arrows of its gradient.

    The arrows come from one tape over all their places. Both axes have one scale, so
    that the right angle between gradient and contour line is one on paper as well.

    Parameters
    ----------
    f : callable
        A function of two numbers.
    xlim, ylim : (float, float)
        The part of the plane.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without one a new figure is made.

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
    evaluate = evaluator(f)
    land = survey(evaluate, xlim, ylim, _GRID)
    heights = levels(land.z)
    ax = house_axes(ax, height=_HEIGHT)
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
    x, y = _arrow_places(land.x[0, 0], land.x[0, -1], land.y[0, 0], land.y[-1, 0])
    _, dx, dy = evaluate(x, y)
    length = np.hypot(dx, dy)
    usable = np.isfinite(length)
    longest = np.max(length[usable], initial=0.0)
    if longest > 0:
        spacing = min(np.ptp(land.x), np.ptp(land.y)) / (_ARROWS - 1)
        shown = np.where(usable, length, 0.0)
        # A root shortens the long ones less than it lifts the short ones.
        factor = (
            _LONGEST_ARROW
            * spacing
            * np.sqrt(shown / longest)
            / np.maximum(shown, 1e-300)
        )
        ax.quiver(
            x,
            y,
            np.where(usable, dx, 0.0) * factor,
            np.where(usable, dy, 0.0) * factor,
            angles="xy",
            color=derivative_style(1)["color"],
            pivot="mid",
            scale=1.0,
            scale_units="xy",
            width=0.004,
            zorder=3,
        )
    ax.set(xlabel="$x$", ylabel="$y$", xlim=xlim, ylim=ylim)
    ax.set_aspect("equal")
    steepest = np.unravel_index(np.argmax(np.where(usable, length, -1)), length.shape)
    z = land.z[np.isfinite(land.z)]
    scale = float(np.max(np.abs(z)))
    describe(
        ax,
        say(
            en=f"Contour lines of f(x, y) for x from {number(xlim[0])} to "
            f"{number(xlim[1])} and y from {number(ylim[0])} to {number(ylim[1])}; "
            f"values between {number(z.min(), scale)} and {number(z.max(), scale)}. "
            f"Arrows of the gradient stand across them; the longest gradient has length "
            f"{number(longest)}, at ({number(x[steepest])}, {number(y[steepest])}), the "
            f"shortest {number(np.min(length[usable], initial=longest), longest)}.",
            zh=f"f(x, y) 的等高线，x 从 {number(xlim[0])} 到 {number(xlim[1])}，"
            f"y 从 {number(ylim[0])} 到 {number(ylim[1])}，值在 "
            f"{number(z.min(), scale)} 和 {number(z.max(), scale)} 之间。"
            f"梯度箭头与等高线垂直；最长的梯度在 ({number(x[steepest])}, "
            f"{number(y[steepest])})，长度为 {number(longest)}，最短的长度为 "
            f"{number(np.min(length[usable], initial=longest), longest)}。",
        ),
    )
    return ax


def _arrow_places(
    left: float, right: float, bottom: float, top: float
) -> tuple[np.ndarray, np.ndarray]:
    """Spread arrows evenly, half a step away from the frame, equally dense both ways."""
    step = min(right - left, top - bottom) / _ARROWS
    columns = max(round((right - left) / step), 2)
    rows = max(round((top - bottom) / step), 2)
    dx, dy = (right - left) / columns, (top - bottom) / rows
    return np.meshgrid(
        left + dx * (np.arange(columns) + 0.5), bottom + dy * (np.arange(rows) + 0.5)
    )
