"""A function together with its derivatives."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from gradtape.language import say
from gradtape.plots.description import describe, number, numbers, own
from gradtape.plots.marks import KINDS, find_touching_zeros, find_zeros
from gradtape.plots.sampling import Curve, sample
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


def plot_derivatives(
    f: Callable,
    interval: tuple[float, float],
    order: int = 2,
    *,
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
        Passed on to ``Axes.plot`` for every curve.

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
    marks = (mark,) if isinstance(mark, str) else tuple(mark)
    for kind in marks:
        if kind not in KINDS:
            raise ValueError(f"mark has {kind!r}; choose from {', '.join(KINDS)}")
    if isinstance(order, bool) or not isinstance(order, (int, np.integer)) or order < 0:
        raise ValueError(f"order is {order!r}; give a whole number, 0 or more")
    # Marks may ask for derivatives that are not drawn.
    needed = 2 if "inflections" in marks else 1 if "extrema" in marks else 0
    curve = sample(f, interval, max(order, needed))
    ax = house_axes(ax)
    zero_line(ax)
    for n in range(order + 1):
        style = derivative_style(n) if n else function_style(ax)
        own(
            ax.plot(
                curve.x,
                curve.rows[n],
                **({"label": name(n), "zorder": 3 - 0.1 * n} | style | keywords),
            )
        )
    found = _find_marks(curve, marks)
    _draw_marks(ax, curve, found)
    for pole in curve.poles:
        own(ax.axvline(pole, color=ink(ax), alpha=0.4, linestyle=":", linewidth=1.0))
    _set_limits(ax, curve, order)
    ax.set_xlabel("$x$")
    _handles, _labels = ax.get_legend_handles_labels()
    if order:
        legend_above(ax)
    describe(ax, _describe(curve, order, found))
    return ax


def _find_marks(curve: Curve, marks: tuple[str, ...]) -> dict[str, np.ndarray]:
    found = {}
    extrema = (
        find_zeros(curve, 1) if {"extrema", "zeros"} & set(marks) else np.array([])
    )
    if "zeros" in marks:
        zeros = np.concatenate([find_zeros(curve), find_touching_zeros(curve, extrema)])
        found["zeros"] = np.unique(zeros)
    if "extrema" in marks and extrema.size:
        step = 1e-4 * (curve.x[-1] - curve.x[0])
        before, after = (
            curve.taped(extrema - step, 1)[1],
            curve.taped(extrema + step, 1)[1],
        )
        found["maxima"] = extrema[before > after]
        found["minima"] = extrema[before < after]
    if "inflections" in marks:
        found["inflections"] = find_zeros(curve, 2)
    return {kind: places for kind, places in found.items() if places.size}


_MARKERS = {"zeros": "o", "maxima": "^", "minima": "v", "inflections": "D"}


def _draw_marks(ax: Axes, curve: Curve, found: dict[str, np.ndarray]) -> None:
    for kind, places in found.items():
        own(
            ax.plot(
                places,
                curve.taped(places)[0],
                _MARKERS[kind],
                color=ink(ax),
                label="_" + kind,
                markerfacecolor=ax.get_facecolor() if kind == "zeros" else ink(ax),
                markersize=MARK_SIZE,
                zorder=4,
            )
        )


def _set_limits(ax: Axes, curve: Curve, order: int) -> None:
    """Show what matters of every curve, and a constant as a line, not as noise."""
    shown = curve.heights[: order + 1]
    low, high = min(low for low, _ in shown), max(high for _, high in shown)
    size = max(abs(low), abs(high))
    if high - low <= 1e-6 * size or size == 0:
        middle = (low + high) / 2
        low, high = (
            middle - max(1.0, abs(middle)) / 2,
            middle + max(1.0, abs(middle)) / 2,
        )
    margin = 0.06 * (high - low)
    ax.set_ylim(low - margin, high + margin)
    width = curve.x[-1] - curve.x[0]
    ax.set_xlim(curve.x[0] - 0.02 * width, curve.x[-1] + 0.02 * width)


def _describe(curve: Curve, order: int, found: dict[str, np.ndarray]) -> str:
    width = curve.x[-1] - curve.x[0]
    low, high = number(curve.x[0], width), number(curve.x[-1], width)
    drawn = ", ".join(name(n).strip("$") for n in range(order + 1))
    parts = [
        say(
            en=f"Curves of {drawn} for x from {low} to {high}.",
            zh=f"曲线 {drawn}，x 从 {low} 到 {high}。",
        )
    ]
    for n in range(order + 1):
        row = curve.rows[n][np.isfinite(curve.rows[n])]
        label = name(n).strip("$")
        if not row.size:
            parts.append(
                say(en=f"{label} has no values here.", zh=f"{label} 在此没有值。")
            )
            continue
        smallest, largest = curve.heights[n]
        scale = max(abs(smallest), abs(largest))
        a, b = number(smallest, scale), number(largest, scale)
        parts.append(
            say(en=f"{label} is {a} throughout.", zh=f"{label} 恒为 {a}。")
            if a == b
            else say(
                en=f"{label} lies between {a} and {b}.",
                zh=f"{label} 在 {a} 和 {b} 之间。",
            )
        )
    words = {
        "zeros": say(en="Zeros at x = {}.", zh="零点：x = {}。"),
        "maxima": say(en="Maxima at x = {}.", zh="极大值点：x = {}。"),
        "minima": say(en="Minima at x = {}.", zh="极小值点：x = {}。"),
        "inflections": say(en="Inflection points at x = {}.", zh="拐点：x = {}。"),
    }
    parts += [words[kind].format(numbers(at, width)) for kind, at in found.items()]
    for places, sentence in (
        (curve.poles, say(en="Poles at x = {}.", zh="极点：x = {}。")),
        (curve.jumps, say(en="Jumps at x = {}.", zh="跳跃：x = {}。")),
        (
            curve.kinks,
            say(
                en="Kinks without a derivative at x = {}.", zh="不可导的尖角：x = {}。"
            ),
        ),
        (
            curve.edges,
            say(en="The domain ends at x = {}.", zh="定义域的边界：x = {}。"),
        ),
    ):
        if places:
            parts.append(_listed(sentence, sorted(places), width))
    if not curve.complete:
        parts.append(
            say(
                en="The function changes too fast to be drawn faithfully.",
                zh="函数变化太快，图形并不可靠。",
            )
        )
    return say(en=" ", zh="").join(parts)


def _listed(sentence: str, places: list[float], width: float) -> str:
    """List places, the first of them if there are many."""
    if len(places) <= 8:
        return sentence.format(numbers(places, width))
    more = say(en=f" and {len(places) - 8} more", zh=f"，另有 {len(places) - 8} 处")
    return sentence.format(numbers(places[:8], width) + more)
