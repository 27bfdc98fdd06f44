"""Whether a derivative is that of f: one difference quotient tells a gross error.

It is taken where something in f may not be on the tape, or where the tape has no path
from the result to an input: a derivative of 0 is right there only if f does not change.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

_LEAST_SHARE = 0.05  # of the places, that a cut changes, and rounding does not
_GROSS = 0.01  # relative
_ROUNDINGS = 32.0  # how many rounding errors may add up
_SECOND_STEP = 4.0
_MOST_CHANGE = 10.0  # of f, within one step
# Of a step: where the derivative is looked at, so that a period near the step shows, too.
_PLACES_WITHIN = (1.0, -1.0, 0.382, -0.618)
_STEADY = 0.25  # of how far the derivative is off


class Disagreement(NamedTuple):
    """A derivative by the tape, and the change of f that it is not."""

    tape: float
    quotient: float
    place: tuple[int, ...]


def disagreement(
    values: Callable[[float], np.ndarray],
    slope: np.ndarray,
    epsilon: float,
    slopes: Callable[[float], np.ndarray] | None = None,
) -> Disagreement | None:
    """Compare a derivative with difference quotients; None where they may agree.

    Only where f is smooth, which both sides show, does a difference count; and only if
    it is gross, at two step sizes. A function that gives other values when it is called
    again is not judged.

    Parameters
    ----------
    values : callable
        Gives f at a step, 0 or a positive or negative number of the size of x's rounding.
    slope : numpy.ndarray
        The derivative of the values by the step at 0.
    epsilon : float
        The rounding error of the numbers.
    slopes : callable, optional
        Gives the derivative at a step. Where a part of f is not on the tape it changes
        as little within a step as f does; where it changes more, rounding made it.
    """
    step = epsilon ** (1 / 3)
    wrong, quotients = np.ones(slope.shape, bool), []
    try:
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            here = values(0.0)
            if not np.array_equal(here, values(0.0), equal_nan=True):
                return None
            for h in (step, _SECOND_STEP * step):
                if not wrong.any():
                    return None
                ahead, behind = values(h), values(-h)
                forward, backward = (ahead - here) / h, (here - behind) / h
                quotient = (forward + backward) / 2.0
                quotients.append(quotient)
                size = np.abs([ahead, behind, here]).max(axis=0)
                allowed = 2.0 * np.abs(forward - backward)
                allowed += _ROUNDINGS * epsilon * size / h
                allowed += _GROSS * np.maximum(np.abs(slope), np.abs(quotient))
                wrong &= np.isfinite(quotient) & (np.abs(slope - quotient) > allowed)
                # Of a function that varies within less than a step nothing can be told.
                wrong &= np.abs(slope) * h <= _MOST_CHANGE * size
            quotient, wider = quotients
            # Where f jumps the quotients grow as the step shrinks.
            off = _STEADY * np.abs(quotient - slope)
            wrong &= np.abs(wider - quotient) <= off
            for share in _PLACES_WITHIN if slopes is not None and wrong.any() else ():
                with contextlib.suppress(Exception):  # f has values there, not slopes
                    wrong &= np.abs(slopes(share * step) - slope) <= off
    except Exception:  # noqa: BLE001 - f may raise anything nearby: nothing can be told
        return None
    usable = np.isfinite(quotient) & np.isfinite(slope)
    if wrong.sum() <= _LEAST_SHARE * usable.sum():
        return None
    place = np.unravel_index(np.argmax(wrong), wrong.shape)
    return Disagreement(float(slope[place]), float(quotient[place]), place)
