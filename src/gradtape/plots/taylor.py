"""A function with its Taylor polynomials."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes

from gradtape.language import say
from gradtape.plots.description import describe, number, own
from gradtape.plots.sampling import check_interval, sample
from gradtape.plots.style import (
    MARK_SIZE,
    derivative_style,
    function_style,
    house_axes,
    ink,
    legend_above,
    name,
    zero_line,
)


def plot_taylor(
    f: Callable,
    at: float,
    interval: tuple[float, float],
    *,
    orders: Sequence[int] = (1, 2, 4),
    ax: Axes | None = None,
) -> Axes:
    """Draw a function and Taylor polynomials of several orders around a point.

    The coefficients are the derivatives at the point, from nested tapes, over the
    factorials.

    Parameters
    ----------
    f : callable
        A function of one variable.
    at : float
        The point around which it is expanded.
    interval : (float, float)
        Where to draw.
    orders : sequence of int
        The orders of the polynomials, each 0 or more.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without one a new figure is made.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes drawn into, with the figure's description.

    Raises
    ------
    ValueError
        If an order is negative, or f has no derivatives at the point.

    Examples
    --------
    >>> import tensorflow as tf
    >>> ax = plot_taylor(tf.exp, 0.0, (-2, 2), orders=(1, 2))
    >>> [line.get_label() for line in ax.lines if line.get_label()[0] == "$"]
    ['$f(x)$', '$T_{1}(x)$', '$T_{2}(x)$']
    """
    low, high = check_interval(interval)
    orders = tuple(orders)
    if not orders or any(not isinstance(n, (int, np.integer)) or n < 0 for n in orders):
        raise ValueError(f"orders is {orders!r}; give whole numbers, such as (1, 2, 4)")
    curve = sample(f, (low, high))
    rows = curve.taped(np.array([float(at)]), max(orders))[:, 0]
    if not np.isfinite(rows).all():
        raise ValueError(
            f"at x = {at:g} the derivatives of f are {rows.tolist()}; a Taylor "
            "polynomial needs all of them finite, choose another point"
        )
    ax = house_axes(ax)
    zero_line(ax)
    own(ax.plot(curve.x, curve.rows[0], label=name(0), **function_style(ax)))
    x = np.linspace(low, high, 401)
    reach = []
    bottom, top = curve.heights[0]
    room = 0.35 * max(top - bottom, 1e-12)
    for place, order in enumerate(orders, start=1):
        coefficients = [rows[n] / math.factorial(n) for n in range(order + 1)]
        polynomial = np.polynomial.Polynomial(coefficients)(x - at)
        style = derivative_style(place)
        own(ax.plot(x, polynomial, label=f"$T_{{{order}}}(x)$", **style))
        reach.append(_reach(curve.taped(x)[0], polynomial, x, at, top - bottom))
    own(ax.plot([at], [rows[0]], "o", color=ink(ax), markersize=MARK_SIZE, zorder=4))
    ax.set_xlim(low, high)
    ax.set_ylim(bottom - room, top + room)
    ax.set_xlabel("$x$")
    legend_above(ax, columns=len(orders) + 1)
    width = high - low
    follows = [
        say(
            en=f"order {order} from {number(a, width)} to {number(b, width)}",
            zh=f"{order} 阶从 {number(a, width)} 到 {number(b, width)}",
        )
        for order, (a, b) in zip(orders, reach, strict=True)
    ]
    describe(
        ax,
        say(
            en=f"Curve of f(x) for x from {number(low, width)} to "
            f"{number(high, width)}, with Taylor polynomials around "
            f"x = {number(at, width)}. They stay within a twentieth of the height of "
            f"the curve: {', '.join(follows)}.",
            zh=f"曲线 f(x)，x 从 {number(low, width)} 到 {number(high, width)}，"
            f"以及在 x = {number(at, width)} 处展开的泰勒多项式。"
            f"与曲线相差不超过高度二十分之一的范围：{'，'.join(follows)}。",
        ),
    )
    return ax


def _reach(
    f: np.ndarray, polynomial: np.ndarray, x: np.ndarray, at: float, height: float
) -> tuple[float, float]:
    """Return the part of x around the point on which the polynomial follows f."""
    close = np.abs(polynomial - f) <= 0.05 * max(height, 1e-300)
    center = int(np.argmin(np.abs(x - at)))
    left = right = center
    while left > 0 and close[left - 1]:
        left -= 1
    while right < len(x) - 1 and close[right + 1]:
        right += 1
    return float(x[left]), float(x[right])
