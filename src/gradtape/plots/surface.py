"""A function of two variables as a surface in space."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes

from gradtape.language import say
from gradtape.plots.description import describe, number
from gradtape.plots.landscape import evaluator, survey
from gradtape.plots.style import house_axes

_GRID = 61
_HEIGHT = 4.8


def plot_surface(
    f: Callable,
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    *,
    ax: Axes | None = None,
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
    if ax is not None and ax.name != "3d":
        raise TypeError(
            "ax is flat; make it with plt.subplots(subplot_kw={'projection': '3d'})"
        )
    land = survey(evaluator(f), xlim, ylim, _GRID)
    ax = house_axes(ax, height=_HEIGHT, projection="3d")
    ax.plot_surface(
        land.x,
        land.y,
        land.z,
        cmap="viridis",
        edgecolor="white",
        linewidth=0.15,
        rcount=_GRID,
        ccount=_GRID,
    )
    ax.set(xlabel="$x$", ylabel="$y$", zlabel="$z$")
    ax.set_box_aspect(None, zoom=0.88)
    z = land.z
    low = np.unravel_index(np.nanargmin(z), z.shape)
    high = np.unravel_index(np.nanargmax(z), z.shape)
    scale = float(np.nanmax(np.abs(z)))
    describe(
        ax,
        say(
            en=f"Surface z = f(x, y) for x from {number(xlim[0])} to {number(xlim[1])} "
            f"and y from {number(ylim[0])} to {number(ylim[1])}; lowest "
            f"{number(z[low], scale)}, highest {number(z[high], scale)}.",
            zh=f"曲面 z = f(x, y)，x 从 {number(xlim[0])} 到 {number(xlim[1])}，"
            f"y 从 {number(ylim[0])} 到 {number(ylim[1])}；最低 "
            f"{number(z[low], scale)}，最高 {number(z[high], scale)}。",
        ),
    )
    return ax
