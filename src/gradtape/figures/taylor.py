"""A function with its Taylor polynomials."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from gradtape.calculus.inputs import HIGHEST_ORDER
from gradtape.clear_errors import clear_errors
from gradtape.figures.checks import (
    check_axes,
    check_interval,
    check_number,
    check_whole,
)
from gradtape.figures.curves import draw_curve, say_breaks, say_unresolved
from gradtape.figures.description import describe, mark_described, number
from gradtape.figures.sampling import Curve, sample
from gradtape.figures.style import (
    MARK_SIZE,
    ink,
    line_keywords,
    line_style,
    name_axes,
    new_axes,
    place_legend,
    show_range,
    zero_line,
)
from gradtape.figures.tangent import tangent_at
from gradtape.figures.windows import height
from gradtape.language import say

_POINTS = 401
_CLOSE = 0.05  # of the height of the curve


_MOST_POLYNOMIALS = 20


@clear_errors("plot_taylor(tf.sin, 0.0, (-3, 3), orders=(1, 3))")
def plot_taylor(
    f: Callable,
    at: float,
    interval: tuple[float, float],
    *,
    orders: Sequence[int] = (1, 2, 4),
    ax: Axes | None = None,
    **keywords: Any,
) -> Axes:
    """Draw a function and Taylor polynomials of several orders around a point.

    The coefficients are the derivatives at the point, from nested tapes, over the
    factorials.

    Parameters
    ----------
    f : callable
        A function of one variable.
    at : float
        The point around which it is expanded; it may lie outside the interval.
    interval : (float, float)
        Where to draw.
    orders : sequence of int
        The orders of the polynomials, each 0 or more; one number for one polynomial.
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
        If an order is negative, or f has no derivatives at the point: where it has no
        value, a jump or a kink.

    Examples
    --------
    >>> import tensorflow as tf
    >>> ax = plot_taylor(tf.exp, 0.0, (-2, 2), orders=(1, 2))
    >>> [line.get_label() for line in ax.lines if line.get_label()[0] == "$"]
    ['$f(x)$', '$T_{1}(x)$', '$T_{2}(x)$']
    """
    low, high = check_interval(interval)
    at = check_number(at, "at")
    orders = _check_orders(orders)
    check_axes(ax)
    keywords = line_keywords(keywords)
    curve = sample(f, (low, high))
    coefficients = _coefficients(curve, at, max(orders))
    x = np.linspace(low, high, _POINTS)
    polynomials = [
        np.polynomial.Polynomial(coefficients[: order + 1])(x - at) for order in orders
    ]
    ax = new_axes() if ax is None else ax
    overlaid = ax.has_data()
    zero_line(ax)
    draw_curve(ax, curve, 0, keywords)
    for place, (order, polynomial) in enumerate(
        zip(orders, polynomials, strict=True), start=1
    ):
        label = f"$T_{{{order}}}(x)$"
        mark_described(ax.plot(x, polynomial, label=label, **line_style(ax, place)))
    value = coefficients[0]
    mark_described(
        ax.plot([at], [value], "o", color=ink(ax), markersize=MARK_SIZE, zorder=4)
    )
    bottom, top = curve.heights[0]
    flat = height(curve.heights[0]) <= curve.noise[0]
    room = 0.35 * (max(1.0, abs(value)) if flat else top - bottom)
    # A point outside the interval is shown as well.
    beside = 0.03 * (high - low)
    left = low if at >= low else at - beside
    right = high if at <= high else at + beside
    show_range(
        ax,
        (left, right),
        (min(bottom, value) - room, max(top, value) + room),
        also=overlaid,
    )
    name_axes(ax, "$x$")
    place_legend(ax)
    f_of_x = curve.taped(x)[0]
    reach = [_reach(f_of_x, each, x, at, top - bottom) for each in polynomials]
    describe(ax, _describe(curve, at, orders, reach))
    return ax


def _check_orders(orders: Any) -> tuple[int, ...]:
    try:
        orders = tuple(itertools.islice(orders, _MOST_POLYNOMIALS + 1))
    except TypeError:
        orders = (orders,)
    if len(orders) > _MOST_POLYNOMIALS:
        raise ValueError(
            say(
                en=f"orders are more than {_MOST_POLYNOMIALS}; give some, such as (1, 2, 4)",
                zh=f"orders 超过了 {_MOST_POLYNOMIALS} 个；请给出几个，例如 (1, 2, 4)",
            )
        )
    if not orders:
        raise ValueError(
            say(
                en="orders is empty; give whole numbers, such as (1, 2, 4)",
                zh="orders 是空的；请给出整数，例如 (1, 2, 4)",
            )
        )
    return tuple(
        check_whole(order, "one of orders", 0, HIGHEST_ORDER) for order in orders
    )


def _coefficients(curve: Curve, at: float, order: int) -> np.ndarray:
    """Return the derivatives over the factorials, or say why there are none."""
    tangent_at(curve, at)
    rows = curve.taped(np.array([at]), order)[:, 0]
    if not np.isfinite(rows).all():
        raise ValueError(
            say(
                en=f"at x = {at:g} the derivatives of f are {rows.tolist()}; a Taylor "
                "polynomial needs all of them finite, choose another point",
                zh=f"f 在 x = {at:g} 处的各阶导数是 {rows.tolist()}；"
                "泰勒多项式要求它们都有限，请另选一点",
            )
        )
    return rows / [math.factorial(n) for n in range(order + 1)]


def _describe(
    curve: Curve,
    at: float,
    orders: tuple[int, ...],
    reach: list[tuple[float, float] | None],
) -> str:
    width = curve.length
    low, high = (number(end, width) for end in curve.interval)
    follows = [
        say(en=f"order {order} nowhere", zh=f"{order} 阶没有")
        if span is None
        else say(
            en=f"order {order} from {number(span[0], width)} to "
            f"{number(span[1], width)}",
            zh=f"{order} 阶从 {number(span[0], width)} 到 {number(span[1], width)}",
        )
        for order, span in zip(orders, reach, strict=True)
    ]
    sentences = [
        say(
            en=f"Curve of f(x) for x from {low} to {high}, with Taylor polynomials around "
            f"x = {number(at, width)}. They stay within a twentieth of the height of "
            f"the curve: {', '.join(follows)}.",
            zh=f"曲线 f(x)，x 从 {low} 到 {high}，"
            f"以及在 x = {number(at, width)} 处展开的泰勒多项式。"
            f"与曲线相差不超过高度二十分之一的范围：{'，'.join(follows)}。",
        ),
        *say_breaks(curve),
        *say_unresolved(curve),
    ]
    return say(en=" ", zh="").join(sentences)


def _reach(
    f: np.ndarray, polynomial: np.ndarray, x: np.ndarray, at: float, tall: float
) -> tuple[float, float] | None:
    """Return the part of x around the point on which the polynomial follows f."""
    with np.errstate(invalid="ignore"):
        close = np.abs(polynomial - f) <= _CLOSE * tall + 1e-12 * np.abs(f)
    left = right = int(np.argmin(np.abs(x - at)))
    if not close[left]:
        return None
    while left > 0 and close[left - 1]:
        left -= 1
    while right < len(x) - 1 and close[right + 1]:
        right += 1
    return float(x[left]), float(x[right])
