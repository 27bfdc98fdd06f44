"""A function of two variables as a surface in space."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from mpl_toolkits.mplot3d.art3d import Poly3DCollection

from gradtape.clear_errors import clear_errors
from gradtape.figures.checks import check_axes, check_interval
from gradtape.figures.description import describe, number
from gradtape.figures.landscape import (
    Landscape,
    evaluator,
    say_corners,
    say_rectangle,
    survey,
)
from gradtape.figures.style import TALL, artist_keywords, name_axes, new_axes
from gradtape.figures.windows import Window, first_window
from gradtape.language import say

_GRID = 61
_OF_SURFACE = (
    *("cmap", "norm", "vmin", "vmax", "lightsource", "shade", "facecolors"),
    *("rcount", "ccount", "rstride", "cstride", "axlim_clip"),
)
_ZOOM = 0.88  # leaves room for the names of the axes


@clear_errors("plot_surface(lambda x, y: x**2 + y**2, (-2, 2), (-2, 2))")
def plot_surface(
    f: Callable,
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    *,
    ax: Axes | None = None,
    **keywords: Any,
) -> Axes:
    """Draw f(x, y) as a surface over a rectangle.

    Parameters
    ----------
    f : callable
        A function of two numbers.
    xlim, ylim : (float, float)
        The rectangle.
    ax : mpl_toolkits.mplot3d.axes3d.Axes3D, optional
        Where to draw; without one a new figure is made.
    **keywords
        Passed on to ``Axes3D.plot_surface``.

    Returns
    -------
    mpl_toolkits.mplot3d.axes3d.Axes3D
        The Axes drawn into, with the figure's description.

    Raises
    ------
    TypeError
        If ``ax`` is not three-dimensional, or f is no function of two numbers.
    ValueError
        If a limit is not what it should be.

    Examples
    --------
    >>> ax = plot_surface(lambda x, y: x**2 - y**2, (-2, 2), (-2, 2))
    >>> ax.name
    '3d'
    """
    check_axes(ax, dimensions=3)
    xlim, ylim = check_interval(xlim, "xlim"), check_interval(ylim, "ylim")
    keywords = artist_keywords(keywords, Poly3DCollection([]), _OF_SURFACE)
    land = survey(evaluator(f), xlim, ylim, _GRID)
    low, high = window = first_window(land.z)
    ax = new_axes(TALL, projection="3d") if ax is None else ax
    if np.isfinite(land.z).any():
        look = {
            "cmap": "viridis",
            "edgecolor": "white",
            "linewidth": 0.15,
            "rcount": _GRID,
            "ccount": _GRID,
        }
        if "color" in keywords:
            del look["cmap"]
        z = np.where((land.z < low) | (land.z > high), np.nan, land.z)
        ax.plot_surface(land.x, land.y, z, **look | keywords)
        if high - low <= 1e-12 * max(abs(low), abs(high)):
            room = max(1.0, abs(low)) / 2.0
            ax.set_zlim(low - room, high + room)
    else:
        ax.set(xlim=xlim, ylim=ylim)
    name_axes(ax, "$x$", "$y$")
    ax.set_zlabel(ax.get_zlabel() or "$z$")
    ax.set_box_aspect(None, zoom=_ZOOM)
    describe(ax, _describe(land, window))
    return ax


def _describe(land: Landscape, window: Window) -> str:
    where = say_rectangle(land)
    z = land.z[np.isfinite(land.z)]
    if not z.size:
        return say(
            en=f"f(x, y) has no values {where}.", zh=f"f(x, y) 没有值，{where}。"
        )
    scale = float(np.max(np.abs(z)))
    low, high = number(z.min(), scale), number(z.max(), scale)
    sentence = say(
        en=f"Surface z = f(x, y) {where}; lowest {low}, highest {high}.",
        zh=f"曲面 z = f(x, y)，{where}；最低 {low}，最高 {high}。",
    )
    if window[0] > z.min() or window[1] < z.max():
        a, b = (number(end, max(map(abs, window))) for end in window)
        sentence += say(
            en=f" Only the part between {a} and {b} is drawn.",
            zh=f"图中只画出 {a} 和 {b} 之间的部分。",
        )
    return sentence + say(en=" ", zh="") + say_corners(land)
