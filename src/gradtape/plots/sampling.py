"""Sample a curve so that a line through the points shows it honestly.

An even grid joins the two sides of a pole, rounds a kink and loses a fast oscillation.
Here the grid is refined wherever a cubic through two neighbours and their slopes misses
the function in the middle, down to the resolution of the numbers. What still jumps then
is a break, and no line is drawn across it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradtape.plots.evaluation import Taped, on_tape

_FIRST_POINTS = 257
_MOST_POINTS = 30_000
_MOST_HALVINGS = 44
_TOLERANCE = 2e-4  # of the height of the picture


@dataclass
class Curve:
    """A function and its derivatives, sampled on one grid.

    Attributes
    ----------
    x : numpy.ndarray, shape (n,)
        The points, increasing.
    rows : numpy.ndarray, shape (order + 1, n)
        f and its derivatives; NaN where one is not to be drawn.
    heights : list of tuple
        For each row the part of the vertical axis that shows it well.
    poles, jumps, kinks : list of float
        Where f goes to infinity, where it jumps, where only its slope jumps.
    edges : list of float
        Where the domain of f begins or ends inside the interval.
    complete : bool
        False if f oscillates too fast to be shown faithfully.
    """

    taped: Taped
    x: np.ndarray
    rows: np.ndarray
    heights: list[tuple[float, float]] = field(default_factory=list)
    poles: list[float] = field(default_factory=list)
    jumps: list[float] = field(default_factory=list)
    kinks: list[float] = field(default_factory=list)
    edges: list[float] = field(default_factory=list)
    complete: bool = True


def check_interval(interval: Any, what: str = "interval") -> tuple[float, float]:
    """Return an interval's ends as floats, or say what is wrong with it."""
    try:
        low, high = (float(end) for end in interval)
    except (TypeError, ValueError):
        raise TypeError(
            f"{what} is {interval!r}; give two numbers, such as (-3, 3)"
        ) from None
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ValueError(f"{what} is {interval!r}; both ends must be finite numbers")
    if low >= high:
        raise ValueError(
            f"{what} is {interval!r}; its first end must be less than its second"
        )
    return low, high


def sample(f: Callable, interval: Any, order: int = 0) -> Curve:
    """Sample a function and its derivatives on an interval.

    Parameters
    ----------
    f : callable
        A function of one variable.
    interval : (float, float)
        Where to sample.
    order : int
        The highest derivative wanted.
    """
    low, high = check_interval(interval)
    x = np.linspace(low, high, _FIRST_POINTS)
    taped = on_tape(f, x)
    x = taped.round(x)
    # One order more than wanted: the slope of the last row.
    rows = taped(x, order + 1)
    heights = [_height(row) for row in rows[:-1]]
    x, rows, complete = _refine(taped, x, rows, heights)
    curve = Curve(taped, x, rows, complete=complete)
    _break_lines(curve, heights)
    curve.rows = rows[:-1]
    curve.heights = [
        _height(row) if np.isfinite(row).any() else (0.0, 0.0) for row in curve.rows
    ]
    return curve


def _height(row: np.ndarray) -> tuple[float, float]:
    """Return the part of the vertical axis that shows a row well.

    It is the whole range, unless a few values near a pole would flatten all others.
    """
    finite = row[np.isfinite(row)]
    if not finite.size:
        return 0.0, 0.0
    lowest, highest = finite.min(), finite.max()
    low, high = np.quantile(finite, [0.04, 0.96])
    spread = max(high - low, 1e-300)
    if highest - lowest <= 12.0 * spread:
        return float(lowest), float(highest)
    low, high = np.quantile(finite, [0.1, 0.9])
    spread = max(high - low, 1e-300)
    return float(max(lowest, low - spread)), float(min(highest, high + spread))


def _refine(
    taped: Taped,
    x: np.ndarray,
    rows: np.ndarray,
    heights: list[tuple[float, float]],
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Halve every gap in which a cubic misses the function."""
    rough = np.ones(len(x) - 1, bool)
    for _ in range(_MOST_HALVINGS):
        left = np.flatnonzero(rough)
        middle = taped.round((x[left] + x[left + 1]) / 2.0)
        apart = (middle > x[left]) & (middle < x[left + 1])
        left, middle = left[apart], middle[apart]
        if not left.size:
            return x, rows, True
        if len(x) + len(middle) > _MOST_POINTS:
            return x, rows, False
        found = taped(middle, len(rows) - 1)
        missed = _missed(x, rows, left, found, heights)
        x = np.insert(x, left + 1, middle)
        rows = np.insert(rows, left + 1, found, axis=1)
        rough = np.zeros(len(x) - 1, bool)
        # The i-th gap that was halved has moved by i places.
        places = left + np.arange(len(left))
        rough[places] = missed
        rough[places + 1] = missed
    return x, rows, True


def _missed(
    x: np.ndarray,
    rows: np.ndarray,
    left: np.ndarray,
    found: np.ndarray,
    heights: list[tuple[float, float]],
) -> np.ndarray:
    """Tell in which gaps a cubic through the ends misses the value in the middle."""
    gap = x[left + 1] - x[left]
    missed = np.zeros(len(left), bool)
    with np.errstate(all="ignore"):
        for order, (low, high) in enumerate(heights):
            a, b = rows[order, left], rows[order, left + 1]
            guess = (a + b) / 2 + gap * (
                rows[order + 1, left] - rows[order + 1, left + 1]
            ) / 8
            wanted = found[order]
            unit = max(high - low, 1e-9 * max(abs(low), abs(high)), 1e-300)
            far = ((a > high + unit) & (b > high + unit)) | (
                (a < low - unit) & (b < low - unit)
            )
            finite = np.isfinite(a).astype(int) + np.isfinite(b) + np.isfinite(wanted)
            # Without a slope at an end the straight line has to do.
            guess = np.where(np.isfinite(guess), guess, (a + b) / 2)
            off = np.abs(wanted - guess) > _TOLERANCE * unit
            missed |= np.where(finite == 3, off & ~far, (finite > 0))
    return missed


def _break_lines(curve: Curve, heights: list[tuple[float, float]]) -> None:
    """Find where a row jumps however close one looks, and break its line there."""
    x, rows = curve.x, curve.rows
    gaps = np.diff(x)
    length = x[-1] - x[0]
    close = gaps <= max(1e-9 * length, 4.0 * curve.taped.epsilon * np.max(np.abs(x)))
    for order, (low, high) in enumerate(heights):
        row = rows[order]
        unit = max(high - low, 1e-300)
        with np.errstate(all="ignore"):
            leap = np.abs(np.diff(row)) > 0.01 * unit
            beyond = np.isfinite(row) & (
                (row > high + 50 * unit) | (row < low - 50 * unit)
            )
        finite = np.isfinite(row)
        broken = close & leap
        # Two sides that run away from each other belong to a pole.
        beyond |= ~finite & np.isinf(row)
        opposite = beyond[:-1] & beyond[1:] & (np.sign(row[:-1]) != np.sign(row[1:]))
        broken |= opposite
        for place in np.flatnonzero(broken):
            middle = (x[place] + x[place + 1]) / 2
            if order == 0:
                pole = beyond[max(place - 3, 0) : place + 5].any()
                _note(curve.poles if pole else curve.jumps, middle, length)
            elif order == 1 and not _near(
                curve.poles + curve.jumps + curve.edges, middle, length
            ):
                _note(curve.kinks, middle, length)
        if order == 0:
            changes = np.flatnonzero(finite[:-1] != finite[1:])
            for place in changes:
                outside = place if not finite[place] else place + 1
                inside = place + 1 if outside == place else place
                if np.isinf(row[outside]) or abs(row[inside]) > high + 50 * unit:
                    _note(curve.poles, x[outside], length)
                elif np.isnan(row[outside]):
                    _note(curve.edges, x[inside], length)
        rows[order] = _without_lone_points(row, broken)
        for place in np.flatnonzero(broken):
            _cut(rows[order], place)


def _cut(row: np.ndarray, place: int) -> None:
    """Take one point away, so that matplotlib joins no line across the gap."""
    row[place] = np.nan


def _without_lone_points(row: np.ndarray, broken: np.ndarray) -> np.ndarray:
    """Drop a value with a break on both sides: the tape's convention at a corner."""
    row = row.copy()
    lone = np.flatnonzero(broken[:-1] & broken[1:]) + 1
    row[lone] = np.nan
    return row


def _note(places: list[float], place: float, length: float) -> None:
    if not _near(places, place, length):
        places.append(float(place) if abs(place) > 1e-9 * length else 0.0)


def _near(places: list[float], place: float, length: float) -> bool:
    return any(abs(place - other) <= 1e-6 * length for other in places)
