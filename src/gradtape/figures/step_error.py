"""Finite differences against the tape: the error over the step size."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from gradtape.clear_errors import clear_errors
from gradtape.figures.checks import check_axes, check_number
from gradtape.figures.description import describe, mark_described, number
from gradtape.figures.evaluation import Taped, on_tape
from gradtape.figures.style import (
    ink,
    line_keywords,
    line_style,
    name_axes,
    name_mark,
    new_axes,
    place_legend,
)
from gradtape.language import say

_STEPS = np.logspace(0, -14, 57)
_LARGEST_POWER = -1  # a best step of this power: the error only falls
_FORWARD, _CENTRAL = r"\frac{f(x+h)-f(x)}{h}", r"\frac{f(x+h)-f(x-h)}{2h}"
_LEAST = 1e-18  # what a logarithmic axis shows of an error of 0


@clear_errors("plot_step_error(lambda x: x**4, 3.0)")
def plot_step_error(
    f: Callable, at: float, *, ax: Axes | None = None, **keywords: Any
) -> Axes:
    """Draw the error of finite differences over the step size, on logarithmic scales.

    Forward differences (f(x + h) - f(x)) / h and central differences
    (f(x + h) - f(x - h)) / 2h are computed in float32 and in float64, where f accepts
    it, and compared with the slope from the tape. From right to left the error first
    falls, because the step gets shorter, and then rises, because the difference of two
    nearly equal numbers is mostly rounding error.

    Parameters
    ----------
    f : callable
        A function of one variable.
    at : float
        Where its slope is wanted.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without one a new figure is made.
    **keywords
        Passed on to ``Axes.loglog`` for every curve of errors.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes drawn into, with the figure's description.

    Raises
    ------
    TypeError
        If f is no function of one number, or the point no number.
    ValueError
        If f has no finite slope at the point.

    Examples
    --------
    >>> ax = plot_step_error(lambda x: x**4, 3.0)
    >>> ax.get_xscale(), ax.get_yscale()
    ('log', 'log')
    """
    at = check_number(at, "at")
    check_axes(ax)
    keywords = line_keywords(keywords)
    best = on_tape(f, np.array([at, at + 1e-3 * max(1.0, abs(at))]))
    value, slope = (float(each) for each in best(np.array([at]), 1)[:, 0])
    if not (np.isfinite(value) and np.isfinite(slope)):
        raise ValueError(
            say(
                en=f"f({at:g}) is {value:g} with slope {slope:g}; choose a point where "
                "both are finite",
                zh=f"f({at:g}) 是 {value:g}，斜率是 {slope:g}；请选一个两者都有限的点",
            )
        )
    differences = [
        (taped, central, _errors(taped, at, slope, central))
        for taped in _in_both_precisions(best, at)
        for central in (False, True)
    ]
    ax = new_axes() if ax is None else ax
    for place, (taped, central, errors) in enumerate(differences, start=1):
        kind = r"\delta_h" if central else r"\Delta_h"
        label = f"${kind}$ {taped.precision.name}"
        look = {"label": label} | line_style(ax, place) | {"linewidth": 1.4}
        drawn = np.where(errors > 0, errors, np.nan)
        (line,) = ax.loglog(_STEPS, drawn, **look | keywords)
        mark_described(line)
        if line.get_label() == label:
            formula = _CENTRAL if central else _FORWARD
            name_mark(line, f"${formula}$ {taped.precision.name}")
    if not any(np.any(errors > 0) for _, _, errors in differences):
        ax.set(xlim=(_STEPS[-1], _STEPS[0]), ylim=(_LEAST / 10.0, 1.0))
    mark_described(
        ax.axhline(
            max(float(best.epsilon) * abs(slope), _LEAST),
            color=ink(ax),
            label=r"$\varepsilon\,|f'|$",
            linewidth=1.2,
        )
    )
    name_axes(ax, "$h$", r"$|\,\mathrm{error}\,|$")
    place_legend(ax)
    describe(ax, _describe(at, slope, differences))
    return ax


def _in_both_precisions(best: Taped, at: float) -> list[Taped]:
    """Return f in float32 and in float64, as far as it can be computed in them."""
    usable = []
    for precision in (np.float32, np.float64):
        taped = best.in_precision(precision)
        with suppress(Exception):  # f may raise anything
            taped(np.array([at, at]))
            if taped.alone(at).dtype == precision:
                usable.append(taped)
    return usable


def _errors(taped: Taped, at: float, slope: float, central: bool) -> np.ndarray:
    """Return the error of the difference quotient for every step size."""
    steps = taped.round(_STEPS)
    ahead = taped(taped.round(at + steps))[0]
    # As many points as ahead: a single one may be rounded otherwise than one of many,
    # and a step that is lost in rounding would seem to make a difference.
    behind = taped(taped.round(at - steps * central))[0]
    difference = taped.round(ahead - behind)
    return np.abs(difference / ((2.0 if central else 1.0) * steps) - slope)


def _describe(
    at: float, slope: float, differences: list[tuple[Taped, bool, np.ndarray]]
) -> str:
    sentences = [
        _say_best(taped.precision.name, central, errors)
        for taped, central, errors in differences
    ]
    powers = [_best_power(errors) for _, _, errors in differences]
    turn = all(power is not None and power < _LARGEST_POWER for power in powers)
    shape_en, shape_zh = ("V-shaped curves; ", "曲线呈 V 形：") if turn else ("", "")
    rough_en, rough_zh = (
        (", each to within a factor of ten", "（都只准到十倍以内）")
        if any(power is not None for power in powers)
        else ("", "")
    )
    return say(
        en=f"Error of finite differences over the step size h, from 1 down to "
        f"1e-14, at x = {number(at)}, where the tape's slope is {number(slope)}: "
        f"{shape_en}{'; '.join(sentences)}{rough_en}.",
        zh=f"有限差分的误差随步长 h 的变化，h 从 1 到 1e-14，"
        f"x = {number(at)}，梯度带给出的斜率是 {number(slope)}。{shape_zh}"
        f"{'；'.join(sentences)}{rough_zh}。",
    )


def _say_best(precision: str, central: bool, errors: np.ndarray) -> str:
    """Say for which step size a difference does best."""
    kind = say(
        en="central" if central else "forward",
        zh="中心差分" if central else "前向差分",
    )
    if not np.isfinite(errors).any():
        return say(
            en=f"{kind} differences in {precision} have no values",
            zh=f"{precision} 的{kind}没有值",
        )
    if _best_power(errors) is None:
        return say(
            en=f"{kind} differences in {precision} are exact",
            zh=f"{precision} 的{kind}没有误差",
        )
    power = _best_power(errors)
    return say(
        en=f"{kind} differences in {precision} do best for h near 1e{power}",
        zh=f"{precision} 的{kind}在 h 约为 1e{power} 时误差最小",
    )


def _best_power(errors: np.ndarray) -> int | None:
    """Return the power of ten of the steps that do nearly best, None if all are exact.

    Where the lowest error lies depends on rounding; its power of ten less so. A single
    step may hit the slope by luck; ten times the median of the neighbours of the lowest
    point is a fairer measure.
    """
    if not np.any(errors[np.isfinite(errors)] > 0):
        return None
    lowest = int(np.nanargmin(np.where(errors > 0, errors, np.nan)))
    window = slice(max(lowest - 3, 0), lowest + 4)
    good = np.flatnonzero(errors <= 10.0 * np.nanmedian(errors[window]))
    return round(np.mean(np.log10(_STEPS[good])))
