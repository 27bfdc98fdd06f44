"""What lies between sampled points, from their values and slopes."""

from __future__ import annotations

import numpy as np

_SHARES = np.linspace(0.0, 1.0, 65)


def cubics(
    x: np.ndarray, values: np.ndarray, slopes: np.ndarray, share: np.ndarray
) -> np.ndarray:
    """Return the cubics through values with slopes, at shares of every gap."""
    gap = np.diff(x)[:, None]
    a, b = values[:-1, None], values[1:, None]
    rest = 1.0 - share
    with np.errstate(all="ignore"):
        slope_a, slope_b = gap * slopes[:-1, None], gap * slopes[1:, None]
        bend_a, bend_b = slope_a - (b - a), (b - a) - slope_b
        return rest * a + share * b + share * rest * (rest * bend_a + share * bend_b)


def slopes_between(x: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Return the slopes of parabolas through three neighbours each, of lines at ends."""
    gap = np.diff(x)
    with np.errstate(all="ignore"):
        slope = np.diff(row) / gap
        left, right = np.append(np.nan, slope), np.append(slope, np.nan)
        to_left, to_right = np.append(1.0, gap), np.append(gap, 1.0)
        middle = (left * to_right + right * to_left) / (to_left + to_right)
    middle = np.where(np.isfinite(middle), middle, left)
    return np.where(np.isfinite(middle), middle, right)


def bridged(x: np.ndarray, rows: np.ndarray, order: int, at: np.ndarray) -> np.ndarray:
    """Return what a row would be at points if the cubic across each went on there."""
    slopes = slopes_at(x, rows, order)
    limits = [
        cubics(
            x[[i - 1, i + 1]],
            rows[order, [i - 1, i + 1]],
            slopes[[i - 1, i + 1]],
            (x[i] - x[i - 1]) / (x[i + 1] - x[i - 1]),
        )
        for i in at
    ]
    return np.reshape(limits, len(at))


def slopes_at(x: np.ndarray, rows: np.ndarray, order: int) -> np.ndarray:
    """Return the slopes of a row: the next row, or between neighbours without one."""
    between = slopes_between(x, rows[order])
    if order + 1 == len(rows):
        return between
    return np.where(np.isfinite(rows[order + 1]), rows[order + 1], between)


def turning_range(
    x: np.ndarray, rows: np.ndarray, order: int, smooth: np.ndarray
) -> tuple[float, float]:
    """Return the least and the greatest value of a row, also between its points.

    Parameters
    ----------
    x : numpy.ndarray, shape (n,)
        The points.
    rows : numpy.ndarray, shape (m, n)
        A function and its derivatives.
    order : int
        Which row.
    smooth : numpy.ndarray, shape (n - 1,)
        In which gaps the cubics can be trusted.
    """
    row = rows[order]
    finite = np.flatnonzero(np.isfinite(row))
    if not finite.size:
        return 0.0, 0.0
    least, greatest = finite[row[finite].argmin()], finite[row[finite].argmax()]
    values = [row[least], row[greatest]]
    slopes = slopes_at(x, rows, order)
    signs = np.sign(slopes)
    for left in {least - 1, least, greatest - 1, greatest}:
        pair = [left, left + 1]
        if 0 <= left < len(smooth) and smooth[left] and np.prod(signs[pair]) < 0:
            values += [*cubics(x[pair], row[pair], slopes[pair], _SHARES)[0]]
    return float(min(values)), float(max(values))
