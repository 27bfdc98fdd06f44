"""Finite differences against the tape: the error over the step size."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes

from gradtape.language import say
from gradtape.plots.description import describe, number, own
from gradtape.plots.evaluation import Taped, on_tape
from gradtape.plots.style import derivative_style, house_axes, ink, legend_above

_STEPS = np.logspace(0, -14, 57)


def plot_step_error(f: Callable, at: float, *, ax: Axes | None = None) -> Axes:
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

    Returns
    -------
    matplotlib.axes.Axes
        The Axes drawn into, with the figure's description.

    Raises
    ------
    ValueError
        If f has no finite slope at the point.

    Examples
    --------
    >>> ax = plot_step_error(lambda x: x**4, 3.0)
    >>> ax.get_xscale(), ax.get_yscale()
    ('log', 'log')
    """
    point = np.array([float(at)])
    best = on_tape(f, np.array([float(at), float(at) + 1e-3]))
    slope = float(best(point, 1)[1, 0])
    if not np.isfinite(slope):
        raise ValueError(
            f"the slope of f at {at:g} is {slope:g}; choose a point where it is finite"
        )
    ax = house_axes(ax)
    precisions = [np.float32] + [np.float64] * (best.precision == np.float64)
    sentences, place = [], 0
    for precision in precisions:
        taped = best.in_precision(precision)
        for central in (False, True):
            place += 1
            errors = _errors(taped, float(at), slope, central)
            kind = r"\Delta_h" if not central else r"\delta_h"
            digits = 32 if precision == np.float32 else 64
            style = derivative_style(place) | {"linewidth": 1.4}
            label = f"${kind}$ float{digits}"
            own(ax.loglog(_STEPS, errors, label=label, **style))
            lowest = int(np.nanargmin(np.where(errors > 0, errors, np.nan)))
            difference = say(
                en="central" if central else "forward",
                zh="中心差分" if central else "前向差分",
            )
            # Where the lowest error lies depends on rounding; its power of ten less so.
            sentences.append(
                say(
                    en=f"{difference} differences in float{digits} do best for h near "
                    f"1e{round(np.log10(_best_step(errors, lowest)))}",
                    zh=f"float{digits} 的{difference}在 h 约为 "
                    f"1e{round(np.log10(_best_step(errors, lowest)))} 时误差最小",
                )
            )
    own(
        ax.axhline(
            max(float(np.finfo(best.precision).eps) * abs(slope), 1e-18),
            color=ink(ax),
            label=r"$\varepsilon\,|f'|$",
            linewidth=1.2,
        )
    )
    ax.set_xlabel("$h$")
    ax.set_ylabel(r"$|\,\mathrm{error}\,|$")
    legend_above(ax, columns=3)
    describe(
        ax,
        say(
            en=f"Error of finite differences over the step size h, from 1 down to "
            f"1e-14, at x = {number(at)}, where the tape's slope is {number(slope)}: "
            f"V-shaped curves; {'; '.join(sentences)}.",
            zh=f"有限差分的误差随步长 h 的变化，h 从 1 到 1e-14，"
            f"x = {number(at)}，梯度带给出的斜率是 {number(slope)}。曲线呈 V 形："
            f"{'；'.join(sentences)}。",
        ),
    )
    return ax


def _errors(taped: Taped, at: float, slope: float, central: bool) -> np.ndarray:
    """Return the error of the difference quotient for every step size."""
    steps = taped.round(_STEPS)
    ahead = taped(taped.round(at + steps))[0]
    behind = taped(taped.round(at - steps))[0] if central else taped(np.array([at]))[0]
    difference = taped.round(ahead - behind)
    return np.abs(difference / ((2.0 if central else 1.0) * steps) - slope)


def _best_step(errors: np.ndarray, lowest: int) -> float:
    """Return the step size in the middle of those that do nearly as well as the best.

    A single step may hit the slope by luck; ten times the median of the neighbours of
    the lowest point is a fairer measure.
    """
    window = slice(max(lowest - 3, 0), lowest + 4)
    good = np.flatnonzero(errors <= 10.0 * np.median(errors[window]))
    return float(10 ** np.mean(np.log10(_STEPS[good])))
