"""What the figures accept, and the sentences that say why they refuse the rest."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from gradtape.clear_errors import shown
from gradtape.language import say

# An interval of fewer floats than this cannot be looked into.
_LEAST_FLOATS = 100_000


def require_callable(f: Any, example: str, what: str = "f") -> Callable:
    """Return f, or raise a TypeError if it is no function."""
    if not callable(f):
        raise TypeError(
            say(
                en=f"{what} is {shown(f)}; give a function, such as {example}, "
                "or h and not h(t)",
                zh=f"{what} 是 {shown(f)}；请给出函数，例如 {example}；写 h，不写 h(t)",
            )
        )
    return f


def check_interval(interval: Any, what: str = "interval") -> tuple[float, float]:
    """Return an interval's ends as floats, or say what is wrong with it."""
    try:
        low, high = (_as_number(end) for end in interval)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(
            say(
                en=f"{what} is {shown(interval)}; give two numbers, such as (-3, 3)",
                zh=f"{what} 是 {shown(interval)}；请给出两个数，例如 (-3, 3)",
            )
        ) from None
    if not math.isfinite(high - low):
        raise ValueError(
            say(
                en=f"{what} is {shown(interval)}; both ends must be finite numbers",
                zh=f"{what} 是 {shown(interval)}；两端必须是有限的数",
            )
        )
    if low >= high:
        raise ValueError(
            say(
                en=f"{what} is {shown(interval)}; its first end must be less than its second",
                zh=f"{what} 是 {shown(interval)}；第一个端点必须小于第二个",
            )
        )
    if high - low < _LEAST_FLOATS * np.spacing(max(abs(low), abs(high))):
        raise ValueError(
            say(
                en=f"{what} is {shown(interval)}, too short for float64 to tell its points "
                "apart; make it longer, or shift it towards 0",
                zh=f"{what} 是 {shown(interval)}，太短了，float64 分不清其中的点；"
                "请放长一些，或者移近 0",
            )
        )
    return low, high


def _as_number(value: Any) -> float:
    """Return a real number as a float; a text is none, nor is a complex number."""
    if isinstance(value, (str, bytes, bytearray)):
        raise TypeError
    if getattr(getattr(value, "dtype", None), "is_complex", False):
        raise TypeError  # float() would drop the imaginary part
    if np.iscomplexobj(value) or np.ndim(value):
        raise TypeError
    return float(value)


def check_number(value: Any, what: str) -> float:
    """Return a finite number as a float, or say what is wrong with it."""
    try:
        number = _as_number(value)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(
            say(
                en=f"{what} is {shown(value)}; give one number, such as 1.0",
                zh=f"{what} 是 {shown(value)}；请给出一个数，例如 1.0",
            )
        ) from None
    if not math.isfinite(number):
        raise ValueError(
            say(
                en=f"{what} is {shown(value)}; give a finite number",
                zh=f"{what} 是 {shown(value)}；请给出有限的数",
            )
        )
    return number


def check_whole(value: Any, what: str, least: int, most: int | None = None) -> int:
    """Return a whole number as an int, or say what is wrong with it."""
    if isinstance(value, int) and most is not None and value > most:
        en, zh = f"{most:,} or less", f"不大于 {most:,} 的整数"
    else:
        en, zh = f"{least} or more", f"不小于 {least} 的整数"
    advice = say(
        en=f"{what} is {shown(value)}; give a whole number, {en}",
        zh=f"{what} 是 {shown(value)}；请给出{zh}",
    )
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(advice)
    if value < least or (most is not None and value > most):
        raise ValueError(advice)
    return int(value)


def check_axes(ax: Any, dimensions: int = 2) -> Axes | None:
    """Return the Axes to draw into, None for a new one, or say what is wrong with it."""
    if ax is None:
        return None
    if not isinstance(ax, Axes):
        raise TypeError(
            say(
                en=f"ax is {shown(ax)}; give one Axes, such as plt.gca() or axes[0] of "
                "plt.subplots",
                zh=f"ax 是 {shown(ax)}；请给出一个 Axes，例如 plt.gca()，"
                "或 plt.subplots 给出的 axes[0]",
            )
        )
    if dimensions == 3 and ax.name != "3d":
        raise TypeError(
            say(
                en=f"ax is {shown(ax)}, which is flat; make it with "
                "plt.subplots(subplot_kw={'projection': '3d'})",
                zh=f"ax 是 {shown(ax)}，它是平面的；请用 "
                "plt.subplots(subplot_kw={'projection': '3d'}) 创建",
            )
        )
    if dimensions == 2 and ax.name != "rectilinear":
        raise TypeError(
            say(
                en=f"ax is {shown(ax)}; give flat Axes, such as plt.subplots() makes",
                zh=f"ax 是 {shown(ax)}；请给出平面的 Axes，例如 plt.subplots() 给出的",
            )
        )
    return ax
