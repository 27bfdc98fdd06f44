"""Sample a curve so that a line through the points shows it honestly.

An even grid joins the two sides of a pole, rounds a kink and loses a fast oscillation.
Here points are added until straight lines between them will do
(:mod:`gradtape.figures.grid`). What still changes within a billionth of the interval is a
break (:mod:`gradtape.figures.breaks`), and no line is drawn across it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradtape.figures.breaks import Breaks, break_lines, find_breaks
from gradtape.figures.checks import check_interval
from gradtape.figures.evaluation import Taped, on_tape
from gradtape.figures.grid import Grid
from gradtape.figures.interpolation import turning_range
from gradtape.figures.windows import Window, core_range

_FIRST_POINTS = 257
_MOST_POINTS = (16_000, 20_000)  # at first, and knowing which part is in sight


@dataclass
class Curve:
    """A function and its derivatives, sampled on one grid.

    Attributes
    ----------
    taped : Taped
        The function, ready to be evaluated elsewhere.
    interval : (float, float)
        Where it was sampled.
    x : numpy.ndarray, shape (n,)
        The points, increasing.
    rows : numpy.ndarray, shape (order + 1, n)
        f and its derivatives; NaN where a line is to be broken.
    heights : list of (float, float)
        For each row the part of the vertical axis that shows it well.
    breaks : Breaks
        Poles, jumps, kinks, edges and holes.
    unresolved : list of (float, float)
        Where f changes too fast to be shown faithfully.
    noise : numpy.ndarray, shape (order + 1,)
        For each row what is no more than rounding.
    """

    taped: Taped
    interval: tuple[float, float]
    x: np.ndarray
    rows: np.ndarray
    heights: list[Window]
    breaks: Breaks
    noise: np.ndarray
    unresolved: list[tuple[float, float]] = field(default_factory=list)

    @property
    def length(self) -> float:
        """The length of the interval."""
        return self.interval[1] - self.interval[0]


def sample(f: Callable, interval: Any, order: int = 0) -> Curve:
    """Sample a function and its derivatives on an interval.

    Parameters
    ----------
    f : callable
        A function of one variable.
    interval : (float, float)
        Where to sample.
    order : int
        The highest derivative wanted; the first is always sampled, because it shows
        kinks.

    Raises
    ------
    TypeError, ValueError
        If f is no function of one number, or the interval not what it should be.

    Examples
    --------
    >>> curve = sample(lambda x: 1 / (x - 0.25), (-1, 1), order=1)
    >>> curve.breaks.poles
    [0.25]
    """
    low, high = check_interval(interval)
    x = np.linspace(low, high, _FIRST_POINTS)
    taped = on_tape(f, x, max(order, 1))
    x = np.unique(taped.round(x))
    grid = Grid(taped, x, max(order, 1), high - low)
    first_rows = grid.rows
    grid.scan()
    grid.fill_holes()
    # What the poles are decides what is in sight, and that where to look closer.
    for most_points in _MOST_POINTS:
        unresolved = grid.refine(most_points)
        breaks = find_breaks(grid, unresolved)
        grid.windows = _final_windows(grid, first_rows, breaks, unresolved)
        if unresolved or not grid.is_coarse():
            break
    if breaks.cuts:  # some may be none, seen in the right window
        breaks = find_breaks(grid, unresolved)
    break_lines(grid, breaks)
    return Curve(
        taped,
        (low, high),
        grid.x,
        grid.rows,
        grid.windows,
        breaks,
        grid.noise(),
        unresolved,
    )


def _final_windows(
    grid: Grid, first_rows: np.ndarray, breaks: Breaks, unresolved: list
) -> list[Window]:
    """Show a bounded row whole, and of an unbounded one what lies in the middle."""
    windows = []
    smooth = ~grid.rough().any(axis=0)
    for order in range(len(grid.rows)):
        low, high = turning_range(grid.x, grid.rows, order, smooth)
        below, above = breaks.unbounded[order]
        if unresolved and order:
            below = above = True
        core = core_range(first_rows[order]) if below or above else (low, high)
        windows.append((core[0] if below else low, core[1] if above else high))
    return windows
