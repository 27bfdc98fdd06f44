"""Where a sampled curve breaks: asymptotes, jumps, kinks, edges of the domain, holes.

A place at which a row changes within the smallest gap is looked at from both sides, at
distances that grow eightfold. Towards a limit the steps between the values shrink with
the distance; where they do not, the values run to infinity.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from gradtape.figures.grid import Grid
from gradtape.figures.windows import height

_DISTANCES = 16.0 * 8.0 ** np.arange(4)  # of the sharpest gap
# A change within more gaps than this is noise, not a break.
_WIDEST_BREAK = 12
_STEADY = 0.75  # steps that shrink less over eightfold distances do not come to rest
_VISIBLE = 1e-3  # of the height of the window
_NARROW = 1e-6  # of the interval


@dataclass
class Breaks:
    """The places at which a function is not smooth.

    Attributes
    ----------
    poles : list of float
        Where f runs to infinity.
    jumps : list of float
        Where f jumps.
    kinks : list of float
        Where f is continuous and its slope is not, cusps included.
    verticals : list of float
        Where the tangent is vertical.
    edges : list of float
        Where the domain of f begins or ends.
    holes : list of (float, float)
        Single points at which f has no value, and its limit there.
    gaps : dict of int to list of float
        For the derivatives of an order, where that one breaks though those of lower
        order do not.
    unbounded : list of (bool, bool)
        For f and each derivative whether it has no lower, no upper bound.
    """

    poles: list[float] = field(default_factory=list)
    jumps: list[float] = field(default_factory=list)
    kinks: list[float] = field(default_factory=list)
    verticals: list[float] = field(default_factory=list)
    edges: list[float] = field(default_factory=list)
    holes: list[tuple[float, float]] = field(default_factory=list)
    gaps: dict[int, list[float]] = field(default_factory=dict)
    unbounded: list[tuple[bool, bool]] = field(default_factory=list)
    cuts: list[_Cut] = field(default_factory=list, repr=False)


class _Cut(NamedTuple):
    """Between two points a row of an order, and all higher ones, have no line."""

    left: float
    right: float
    order: int


class _Place(NamedTuple):
    """A point to look at, because a row of an order breaks there or so it seems."""

    x: float
    order: int
    cut: _Cut | None = None


def find_breaks(grid: Grid, unresolved: list[tuple[float, float]]) -> Breaks:
    """Find where the rows of a refined grid break, and how.

    Parameters
    ----------
    grid : Grid
        The sampled points.
    unresolved : list of (float, float)
        Where nothing can be told.
    """
    places = []
    for order in range(len(grid.rows)):
        for cut in _sharp_changes(grid, order):
            places.append(_Place(_roundest(cut.left, cut.right), order, cut))
        places += [_Place(x, order) for x in _ends_of_values(grid, order)]

    def is_told(x: float) -> bool:
        return not any(low <= x <= high for low, high in unresolved)

    places = [place for place in places if is_told(place.x)]
    breaks = Breaks(holes=[hole for hole in grid.holes.get(0, []) if is_told(hole[0])])
    unbounded = np.zeros((len(grid.rows), 2), bool)
    seen: list[float] = []
    for place, sides in zip(places, _sides(grid, places), strict=True):
        near = 4.0 * _DISTANCES[0] * grid.sharpest
        lost = _runs_to_infinity(grid, sides)
        if not any(abs(place.x - x) <= near for x in seen):
            if not _note(breaks, grid, place, sides, lost):
                continue
            seen.append(place.x)
            for order, side in zip(*np.nonzero(lost), strict=True):
                unbounded[order, 0] |= not sides[order, side, 0] > 0
                unbounded[order, 1] |= not sides[order, side, 0] < 0
        if place.cut:
            order = 0 if lost[0].any() else place.order
            breaks.cuts.append(place.cut._replace(order=order))
    breaks.unbounded = [tuple(map(bool, pair)) for pair in unbounded]
    return breaks


def break_lines(grid: Grid, breaks: Breaks) -> None:
    """Put NaN into the rows of a grid wherever no line is to be drawn."""
    empty = [
        (cut.left + cut.right) / 2.0
        for cut in breaks.cuts
        if not np.any((grid.x > cut.left) & (grid.x < cut.right))
    ]
    grid.add(np.array(empty))
    for cut in breaks.cuts:
        inside = (grid.x > cut.left) & (grid.x < cut.right)
        grid.rows[cut.order :, inside] = np.nan
    for order, holes in grid.holes.items():
        grid.rows[order, np.searchsorted(grid.x, [x for x, _ in holes])] = np.nan
    grid.rows[~np.isfinite(grid.rows)] = np.nan
    grid.rows[:, np.isnan(grid.rows[0])] = np.nan


def _sharp_changes(grid: Grid, order: int) -> list[_Cut]:
    """Return where a row changes within the smallest gap."""
    gaps = np.diff(grid.x)
    valid = np.isfinite(grid.rows[order])
    sharp = grid.rough()[order] & (gaps <= 1.01 * grid.sharpest)
    places = np.flatnonzero(sharp & valid[:-1] & valid[1:])
    if not places.size:
        return []
    apart = grid.x[places[1:]] - grid.x[places[:-1] + 1] > 4.0 * grid.sharpest
    groups = np.split(places, np.flatnonzero(apart) + 1)
    return [
        _Cut(float(grid.x[group[0]]), float(grid.x[group[-1] + 1]), order)
        for group in groups
        if group[-1] - group[0] < _WIDEST_BREAK
    ]


def _ends_of_values(grid: Grid, order: int) -> list[float]:
    """Return the points at which a row begins or ends to have values."""
    row, x = grid.rows[order], grid.x
    missing = np.concatenate([[False], ~np.isfinite(row), [False]])
    starts = np.flatnonzero(~missing[:-1] & missing[1:])
    ends = np.flatnonzero(missing[:-1] & ~missing[1:]) - 1
    found = []
    for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
        infinite = first + np.flatnonzero(np.isinf(row[first : last + 1]))
        pairs = [
            (inside, outside)
            for inside, outside in ((first, first - 1), (last, last + 1))
            if 0 <= outside < len(x)
        ]
        # Next to many infinite values, large ones have only become too large for floats.
        far = [
            infinite.size > 1 and grid.out_of_sight(order, row[[outside]])
            for _, outside in pairs
        ]
        if x[last] - x[first] <= _NARROW * grid.length or (len(far) == 2 and all(far)):
            found.append(_roundest(x[first], x[last]))
        elif infinite.size == 1:
            found.append(float(x[infinite[0]]))
        else:
            found += [
                _roundest(*sorted((x[inside], x[outside])))
                for (inside, outside), is_far in zip(pairs, far, strict=True)
                if not is_far
            ]
    return found


def _sides(grid: Grid, places: list[_Place]) -> np.ndarray:
    """Return the rows on both sides of places, shape (places, rows, 2, distances)."""
    steps = np.multiply.outer([-1.0, 1.0], _DISTANCES * grid.sharpest)
    points = np.array([place.x for place in places])[:, None, None] + steps
    if not places:
        return np.empty((0, len(grid.rows), *steps.shape))
    return np.moveaxis(grid.at(points), 0, 1)


def _note(
    breaks: Breaks, grid: Grid, place: _Place, sides: np.ndarray, lost: np.ndarray
) -> bool:
    """Write down what a place is; return whether it is anything."""
    x, order, _ = place
    left, right = sides[order, :, 0]
    visible = max(_VISIBLE * height(grid.windows[order]), grid.noise()[order])
    # A steep curve changes eight times as much over eight times the distance.
    with np.errstate(invalid="ignore"):
        further = abs(np.subtract(*sides[order, :, 1]))
        differs = abs(right - left) > max(visible, _STEADY * further)
    exists = ~np.isnan(sides[order, :, 0]) | lost[order]
    if order == 0 or lost[0].any():
        return _note_break_of_f(breaks, grid, x, sides, lost, differs, visible)
    if not (differs or lost[order].any() or not exists.all()):
        return False
    if order == 1 and exists.all():
        upright = lost[1].all() and left * right > 0
        (breaks.verticals if upright else breaks.kinks).append(x)
    else:
        breaks.gaps.setdefault(order, []).append(x)
    return True


def _note_break_of_f(
    breaks: Breaks,
    grid: Grid,
    x: float,
    sides: np.ndarray,
    lost: np.ndarray,
    differs: bool,
    visible: float,
) -> bool:
    left, right = sides[0, :, 0]
    value = grid.taped(np.array([x]))[0, 0]
    if lost[0].any():
        breaks.poles.append(x)
    elif np.isnan([left, right]).any():
        breaks.edges.append(x)
    elif differs or abs(value - (left + right) / 2.0) > visible:
        breaks.jumps.append(x)
    elif np.isnan(value):
        breaks.holes.append((x, float(left + right) / 2.0))
    else:
        return False
    return True


def _runs_to_infinity(grid: Grid, sides: np.ndarray) -> np.ndarray:
    """Tell which rows have no limit on which side, shape (rows, 2)."""
    lost = np.isinf(sides[:, :, 0])
    with np.errstate(all="ignore"):
        steps = np.abs(np.diff(sides, axis=2))
        grows = (np.diff(np.abs(sides), axis=2) < 0).all(axis=2)
        steady = (steps[:, :, :-1] >= _STEADY * steps[:, :, 1:]).all(axis=2)
    for order, row in enumerate(sides):
        for side in range(2):
            if (grows & steady)[order, side]:
                lost[order, side] |= grid.out_of_sight(order, row[side, :1])
    lost[1:] |= lost[0] & np.isnan(sides[1:, :, 0])
    return lost


def _roundest(left: float, right: float) -> float:
    """Return the number with the fewest decimals between two numbers."""
    middle = (left + right) / 2.0
    candidates = (round(middle, decimals) for decimals in range(17))
    return float(next((x for x in candidates if left <= x <= right), middle)) + 0.0
