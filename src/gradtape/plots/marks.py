"""Zeros, extrema and inflection points of a sampled curve, found on the tape.

A change of sign on the grid only brackets a place; it is then narrowed down by Newton's
method on the tape's own derivatives, kept inside the bracket by bisection (Press et
al., *Numerical Recipes*, 3rd edition, section 9.4).
"""

from __future__ import annotations

import numpy as np

from gradtape.plots.sampling import Curve

_STEPS = 60
KINDS = ("zeros", "extrema", "inflections")


def find_zeros(curve: Curve, order: int = 0) -> np.ndarray:
    """Return where a derivative changes its sign, with no break in between.

    Parameters
    ----------
    curve : Curve
        A sampled curve with at least this derivative.
    order : int
        Which derivative; 0 is f itself.

    Returns
    -------
    numpy.ndarray, shape (n,)
        The places, increasing; ends of the interval, poles and plateaus are none.
    """
    x, row = curve.x, curve.rows[order]
    finite = np.isfinite(row)
    if not finite.any():
        return np.array([])
    noise = _noise(curve, order)
    size = np.where(finite & (np.abs(row) > noise), np.sign(row), 0.0)
    size[~finite] = np.nan
    left, right = [], []
    before = None
    for place, sign in enumerate(size):
        if np.isnan(sign):
            before = None
        elif sign:
            steady = before is not None and place - before <= 3
            if steady and size[before] != sign:
                left.append(before)
                right.append(place)
            before = place
    if not left:
        return np.array([])
    return _narrow(curve, order, x[left], x[right])


def find_touching_zeros(curve: Curve, extrema: np.ndarray) -> np.ndarray:
    """Return those extrema, and kinks, at which f is zero without changing its sign."""
    candidates = np.concatenate([extrema, curve.kinks])
    if not candidates.size:
        return candidates
    low, high = curve.heights[0]
    values = curve.taped(candidates)[0]
    scale = max(abs(low), abs(high), high - low)
    return candidates[np.abs(values) <= 1e-9 * scale]


def _noise(curve: Curve, order: int) -> float:
    """Return what is no more than rounding in a derivative."""
    length = curve.x[-1] - curve.x[0]
    low, high = curve.heights[0]
    scale = max(abs(low), abs(high)) / length**order
    row = curve.rows[order]
    largest = np.max(np.abs(row[np.isfinite(row)]))
    return 64.0 * curve.taped.epsilon * max(scale, 0.0 if largest > scale else largest)


def _narrow(curve: Curve, order: int, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Narrow brackets of a change of sign down to a point each."""
    a, b = a.copy(), b.copy()
    at_a = curve.taped(a, order)[order]
    x = (a + b) / 2.0
    with np.errstate(all="ignore"):
        for _ in range(_STEPS):
            value, slope = curve.taped(x, order + 1)[order:]
            same = np.sign(value) == np.sign(at_a)
            a, b = np.where(same, x, a), np.where(same, b, x)
            step = x - value / slope
            inside = np.isfinite(step) & (step > a) & (step < b)
            new = np.where(value == 0.0, x, np.where(inside, step, (a + b) / 2.0))
            if np.all(np.abs(new - x) <= 4e-16 * np.maximum(1.0, np.abs(x))):
                break
            x = new
    return np.unique(x)
