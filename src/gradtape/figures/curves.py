"""A sampled curve drawn into Axes, and the sentences that say what it does."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from gradtape.figures.description import listed, mark_described, number
from gradtape.figures.sampling import Curve
from gradtape.figures.style import derivative_name, ink, line_style
from gradtape.language import say

_HOLE_SIZE = 4.0  # points


def draw_curve(ax: Axes, curve: Curve, order: int, keywords: dict[str, Any]) -> None:
    """Draw f or one of its derivatives, under its name.

    With f come its vertical asymptotes, dotted, and empty circles at single points that
    have a limit but no value.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    curve : Curve
        The sampled curve.
    order : int
        0 for f, 1 for its first derivative.
    keywords : dict
        Keywords of ``Axes.plot``; a label goes to f alone.
    """
    if order:
        keywords = {key: value for key, value in keywords.items() if key != "label"}
    look = {"label": derivative_name(order)} | line_style(ax, order) | keywords
    (line,) = ax.plot(curve.x, curve.rows[order], **look)
    mark_described(line)
    if order:
        return
    for pole in curve.breaks.poles:
        mark_described(
            ax.axvline(pole, color=ink(ax), alpha=0.4, linestyle=":", linewidth=1.0)
        )
    if curve.breaks.holes:
        x, limits = zip(*curve.breaks.holes, strict=True)
        mark_described(
            ax.plot(
                x,
                limits,
                "o",
                color=line.get_color(),
                label="_holes",
                markerfacecolor=ax.get_facecolor(),
                markersize=_HOLE_SIZE,
                zorder=3.5,
            )
        )


def say_range(curve: Curve, order: int, name: str) -> str:
    """Say between which values f or a derivative lies, as far as it has bounds."""
    if not np.isfinite(curve.rows[order]).any():
        return say(en=f"{name} has no values here.", zh=f"{name} 在此没有值。")
    low, high = curve.heights[order]
    scale = max(abs(low), abs(high))
    if scale <= curve.noise[order]:
        low = high = 0.0
    elif high - low <= curve.noise[order]:
        low = high = (low + high) / 2.0
    a, b = (number(end, scale, high - low) for end in (low, high))
    below, above = curve.breaks.unbounded[order]
    if curve.unresolved and order:
        return say(
            en=f"{name} takes values from {a} to {b}, and beyond.",
            zh=f"{name} 的值从 {a} 到 {b}，并超出此范围。",
        )
    if below and above:
        return say(en=f"{name} has no bounds.", zh=f"{name} 无界。")
    if below:
        return say(
            en=f"{name} is at most {b}, without a lower bound.",
            zh=f"{name} 不大于 {b}，无下界。",
        )
    if above:
        return say(
            en=f"{name} is at least {a}, without an upper bound.",
            zh=f"{name} 不小于 {a}，无上界。",
        )
    if a == b:
        return say(en=f"{name} is {a} throughout.", zh=f"{name} 恒为 {a}。")
    return say(
        en=f"{name} lies between {a} and {b}.", zh=f"{name} 在 {a} 和 {b} 之间。"
    )


def say_breaks(curve: Curve) -> list[str]:
    """Say where a curve breaks, one sentence for each kind of break."""
    breaks = curve.breaks
    told = [
        (
            breaks.poles,
            say(en="Vertical asymptotes at x = {}.", zh="铅直渐近线：x = {}。"),
        ),
        (breaks.jumps, say(en="Jumps at x = {}.", zh="跳跃：x = {}。")),
        (
            breaks.kinks,
            say(
                en="Kinks without a derivative at x = {}.", zh="不可导的尖点：x = {}。"
            ),
        ),
        (
            breaks.verticals,
            say(en="Vertical tangents at x = {}.", zh="铅直切线：x = {}。"),
        ),
        (
            breaks.edges,
            say(en="The domain ends at x = {}.", zh="定义域的边界：x = {}。"),
        ),
        (
            [x for x, _ in breaks.holes],
            say(
                en="f(x) has a limit but no value at x = {}.",
                zh="f(x) 有极限而无值：x = {}。",
            ),
        ),
    ]
    return [
        sentence.format(listed(sorted(places), curve.length))
        for places, sentence in told
        if places
    ] + [
        say(en="{} breaks at x = {}.", zh="{} 间断：x = {}。").format(
            derivative_name(order).strip("$"), listed(sorted(places), curve.length)
        )
        for order, places in sorted(breaks.gaps.items())
    ]


def say_unresolved(curve: Curve) -> list[str]:
    """Say where a curve changes too fast to be drawn, or nothing."""
    spans = say(en=", ", zh="、").join(
        say(en="{} to {}", zh="{} 到 {}").format(
            *(number(end, curve.length) for end in span)
        )
        for span in curve.unresolved[:8]
    )
    if not spans:
        return []
    return [
        say(
            en=f"The function changes too fast to be drawn faithfully for x from {spans}.",
            zh=f"x 从 {spans} 时函数变化太快，图形并不可靠。",
        )
    ]
