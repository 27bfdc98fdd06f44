"""Which part of the vertical axis shows a curve well, and what on it is only rounding.

A row is a list of values: f, or one of its derivatives, at increasing points.
"""

from __future__ import annotations

import numpy as np

# The middle part of the values decides where a curve without bounds is cut off.
_OUTSIDE = 0.15  # of the values, on either side
# Values that reach further than this many times the core may belong to a pole.
_FAR = 4.0
_ROUNDINGS = 64.0  # how many rounding errors may add up
# A core less high than this part of the whole is 0 with a peak, not a curve.
_LEAST_CORE = 1e-3  # of the whole
_NOTHING = 1e-60
_TINY, _ROUNDED = 1e3, 4.0  # rounding errors of f
_FLICKER = 10.0  # times the size
_SMALLEST = float(np.finfo(float).tiny)

Window = tuple[float, float]


def whole_range(row: np.ndarray) -> Window:
    """Return the least and the greatest finite value, (0, 0) if there is none."""
    finite = row[np.isfinite(row)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def core_range(row: np.ndarray) -> Window:
    """Return the range of most values: the middle of them, and as much on either side."""
    finite = row[np.isfinite(row)]
    if not finite.size:
        return 0.0, 0.0
    ordered = np.sort(finite)
    lowest, highest = ordered[[0, -1]].tolist()
    outside = int(_OUTSIDE * len(ordered))
    low, high = float(ordered[outside]), float(ordered[-1 - outside])
    spread = high - low
    if spread <= _NOTHING * (highest / 2 - lowest / 2):
        return lowest, highest
    return float(max(lowest, low - spread)), float(min(highest, high + spread))


def first_window(row: np.ndarray) -> Window:
    """Return the range to look at as long as it is unknown whether the row has poles."""
    whole, core = whole_range(row), core_range(row)
    if height(whole) / _FAR <= height(core):
        return whole
    # Without a pole the core may be next to nothing.
    room = max(0.0, _LEAST_CORE * height(whole) - height(core)) / 2.0
    return max(whole[0], core[0] - room), min(whole[1], core[1] + room)


def height(window: Window) -> float:
    """Return the height of a window, never quite 0."""
    return max(window[1] - window[0], _SMALLEST)


def size(window: Window) -> float:
    """Return how far a window reaches from 0."""
    return max(abs(window[0]), abs(window[1]))


def only_noise(rows: np.ndarray, epsilon: float) -> np.ndarray:
    """Return a bound for each row that is nothing but rounding of f, else 0.

    Such a row is tiny beside f, and goes up and down again and again.
    """
    sizes = np.array([size(whole_range(row)) for row in rows])
    with np.errstate(all="ignore"):
        travelled = np.nansum(np.abs(np.diff(rows)), axis=1)
        beside_f = sizes / (epsilon * sizes[0])
        noisy = (beside_f <= _TINY) & (travelled > _FLICKER * sizes)
    return np.where(noisy | (beside_f <= _ROUNDED), 4.0 * sizes, 0.0)


def noise(windows: list[Window], length: float, epsilon: float) -> np.ndarray:
    """Return for f and each derivative what is no more than rounding.

    The derivative of order n of a function that varies over the interval at all is of
    the size of f over the n-th power of the interval's length, or more.

    Parameters
    ----------
    windows : list of (float, float)
        The range of f and of its derivatives.
    length : float
        The length of the interval.
    epsilon : float
        The rounding error of the numbers.
    """
    of_f = [size(windows[0]) / length**n for n in range(len(windows))]
    return np.array(
        [
            max(_ROUNDINGS * epsilon * max(scale, size(window)), _SMALLEST)
            for scale, window in zip(of_f, windows, strict=True)
        ]
    )
