"""A function together with its derivatives."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import islice
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from gradtape.calculus.inputs import HIGHEST_ORDER
from gradtape.clear_errors import clear_errors, shown
from gradtape.figures.checks import check_axes, check_whole
from gradtape.figures.curves import draw_curve, say_breaks, say_range, say_unresolved
from gradtape.figures.description import describe, listed, mark_described, number
from gradtape.figures.marks import KINDS, find_marks
from gradtape.figures.sampling import Curve, sample
from gradtape.figures.style import (
    MARK_SIZE,
    derivative_name,
    ink,
    line_keywords,
    name_axes,
    name_mark,
    new_axes,
    place_legend,
    show_range,
    zero_line,
)
from gradtape.figures.windows import height
from gradtape.language import say

# A derivative that reaches further than this many times the height of f would flatten
# f: it is cut off, as those without bounds are, at so many heights beyond f.
_FLATTENING = 20.0
_BEYOND = 0.75
_MOST_MARKS = 25  # of a kind; more would only be a smear


@clear_errors("plot_derivatives(lambda x: x**2, (-3, 3), order=2)")
def plot_derivatives(
    f: Callable,
    interval: tuple[float, float],
    *,
    order: int = 2,
    mark: Collection[str] = KINDS,
    ax: Axes | None = None,
    **keywords: Any,
) -> Axes:
    """Draw a function and its derivatives over an interval.

    The derivatives come from nested tapes. No line crosses a pole or a jump, and at a
    kink the derivative has a gap. Marks stand on the curve of f: circles where f is
    zero, triangles where it has a maximum or a minimum (f' changes its sign), diamonds
    where it inflects (f'' changes its sign). Places are refined to the precision of the
    numbers, and none is marked at a pole, an end of the interval or on a plateau.

    Parameters
    ----------
    f : callable
        A function of one variable.
    interval : (float, float)
        Where to draw it.
    order : int, default 2
        The highest derivative drawn, 0 or more.
    mark : collection of {"zeros", "extrema", "inflections"}
        What to mark; ``()`` for nothing.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without one a new figure is made.
    **keywords
        Passed on to ``Axes.plot`` for every curve; a label names that of f.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes drawn into, with the figure's description.

    Raises
    ------
    TypeError, ValueError
        If f, the interval, the order or a mark is not what it should be.

    Examples
    --------
    >>> ax = plot_derivatives(lambda x: x**3 - 3 * x, (-2, 2), order=2)
    >>> [line.get_label() for line in ax.lines if line.get_label()[0] == "$"]
    ['$f(x)$', "$f'(x)$", "$f''(x)$"]
    """
    marks = _check_marks(mark)
    order = check_whole(order, "order", 0, HIGHEST_ORDER)
    check_axes(ax)
    keywords = line_keywords(keywords)
    # Marks may ask for derivatives that are not drawn.
    needed = 2 if "inflections" in marks else 1 if marks else 0
    curve = sample(f, interval, max(order, needed))
    found = find_marks(curve, marks)
    ax = new_axes() if ax is None else ax
    overlaid = ax.has_data()
    zero_line(ax)
    for n in range(order + 1):
        draw_curve(ax, curve, n, keywords)
    _draw_marks(ax, curve, found)
    limits, cut_off = _limits(curve, order)
    room = 0.02 * curve.length
    low, high = curve.interval
    show_range(ax, (low - room, high + room), limits, also=overlaid)
    name_axes(ax, "$x$")
    if order or any(len(places) <= _MOST_MARKS for places in found.values()):
        place_legend(ax)
    describe(ax, _describe(curve, order, found, cut_off))
    return ax


def _check_marks(mark: Any) -> tuple[str, ...]:
    try:
        marks = (mark,) if isinstance(mark, str) else tuple(islice(mark, _MOST_MARKS))
    except TypeError:
        raise TypeError(
            say(
                en=f"mark is {shown(mark)}; give some of {', '.join(KINDS)}, or () for nothing",
                zh=f"mark 是 {shown(mark)}；请从 {', '.join(KINDS)} 中选，"
                "或者写 ()，什么也不标",
            )
        ) from None
    for kind in marks:
        if kind not in KINDS:
            raise ValueError(
                say(
                    en=f"mark has {shown(kind)}; choose from {', '.join(KINDS)}",
                    zh=f"mark 里有 {shown(kind)}；请从 {', '.join(KINDS)} 中选",
                )
            )
    return marks


# The circle is the largest and empty, the diamond the smallest: marks at one place lie
# inside each other.
_MARKERS = {
    "zeros": ("o", 1.5, "$f = 0$"),
    "maxima": ("^", 1.0, r"$\max$"),
    "minima": ("v", 1.0, r"$\min$"),
    "inflections": ("D", 0.7, r"$f\,'' = 0$"),
}


def _draw_marks(ax: Axes, curve: Curve, found: dict[str, np.ndarray]) -> None:
    for kind, places in found.items():
        if len(places) > _MOST_MARKS:
            continue
        marker, size, name = _MARKERS[kind]
        (line,) = ax.plot(
            places,
            curve.taped(places)[0],
            marker,
            color=ink(ax),
            label="_" + kind,
            markerfacecolor="none" if kind == "zeros" else ink(ax),
            markersize=size * MARK_SIZE,
            zorder=4,
        )
        mark_described(line)
        name_mark(line, name)


def _limits(curve: Curve, order: int) -> tuple[tuple[float, float], list[int]]:
    """Return what part of the vertical axis to show, and which derivatives it cuts.

    A constant is shown as a line, not as its rounding errors.
    """
    low, high = bottom, top = curve.heights[0]
    tall = height(curve.heights[0])
    cut_off = []
    for n in range(1, order + 1):
        least, greatest = curve.heights[n]
        reach = max(top - least, greatest - bottom)
        flat = tall <= curve.noise[0]
        wild = bool(curve.unresolved) or any(curve.breaks.unbounded[n])
        if not flat and (wild or reach > _FLATTENING * tall):
            beyond = _BEYOND * tall
            if reach > tall + beyond:
                cut_off.append(n)
            least = max(least, bottom - beyond)
            greatest = min(greatest, top + beyond)
        low, high = min(low, least), max(high, greatest)
    if high - low <= max(curve.noise[0], 1e-300):
        middle = (low + high) / 2.0
        low = middle - max(1.0, abs(middle)) / 2.0
        high = middle + max(1.0, abs(middle)) / 2.0
    margin = 0.06 * (high - low)
    return (low - margin, high + margin), cut_off


def _describe(
    curve: Curve, order: int, found: dict[str, np.ndarray], cut_off: list[int]
) -> str:
    low, high = (number(end, curve.length) for end in curve.interval)
    names = [derivative_name(n).strip("$") for n in range(order + 1)]
    drawn = ", ".join(names)
    parts = [
        say(
            en=f"Curves of {drawn} for x from {low} to {high}.",
            zh=f"曲线 {drawn}，x 从 {low} 到 {high}。",
        )
    ]
    parts += [say_range(curve, n, name) for n, name in enumerate(names)]
    if cut_off:
        cut = ", ".join(names[n] for n in cut_off)
        parts.append(
            say(
                en=f"The picture cuts {cut} off, so that f(x) can be seen.",
                zh=f"为了看清 f(x)，图中截去了 {cut} 的一部分。",
            )
        )
    words = {
        "zeros": say(en="Zeros at x = {}.", zh="零点：x = {}。"),
        "maxima": say(en="Maxima at x = {}.", zh="极大值点：x = {}。"),
        "minima": say(en="Minima at x = {}.", zh="极小值点：x = {}。"),
        "inflections": say(en="Inflection points at x = {}.", zh="拐点：x = {}。"),
    }
    for kind, places in found.items():
        parts.append(words[kind].format(listed(places, curve.length)))
        if len(places) > _MOST_MARKS:
            parts.append(
                say(en="They are too many to draw.", zh="因为太多，图中未画。")
            )
    parts += say_breaks(curve)
    parts += say_unresolved(curve)
    return say(en=" ", zh="").join(parts)
