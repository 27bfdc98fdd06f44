"""Points at which a function is sampled, added where a line would misrepresent it.

Every gap between two points is divided as long as a straight line across it would be
seen to differ from the curve, f and derivatives alike. A dense scan of f alone finds
peaks that are narrower than the first points are apart.
"""

from __future__ import annotations

import numpy as np

from gradtape.figures.evaluation import Taped
from gradtape.figures.interpolation import bridged, cubics, slopes_at
from gradtape.figures.windows import first_window, height, noise, only_noise

_SCANS_PER_GAP = 64
_TOLERANCE = 1e-3  # of the height of the window: half a pixel
_SMOOTH = 1e-2  # of the height of the window
_SHARPEST = 1e-9  # of the interval
_SEEN = 6e-5  # of the interval: an eighth of a pixel
_MANY = 64  # gaps: more of them are an oscillation, less are a few breaks
_FEW_PIECES, _MORE_PIECES = 2, 8


class Grid:
    """The points sampled so far, and what has been found at them."""

    def __init__(self, taped: Taped, x: np.ndarray, order: int, length: float) -> None:
        self.taped, self.x, self.order, self.length = taped, x, order, length
        self.rows = self.at(x)
        self.windows = [first_window(row) for row in self.rows]
        self._all_noise = only_noise(self.rows, taped.epsilon)
        self.holes: dict[int, list[tuple[float, float]]] = {}
        self.sharpest = max(
            _SHARPEST * length, 8.0 * taped.epsilon * float(np.max(np.abs(x)))
        )

    def noise(self) -> np.ndarray:
        """Return for each row what is no more than rounding."""
        of_sizes = noise(self.windows, self.length, self.taped.epsilon)
        return np.maximum(of_sizes, self._all_noise)

    def add(self, x: np.ndarray) -> None:
        """Evaluate f and its derivatives at more points."""
        x = np.setdiff1d(self.taped.round(x), self.x)
        if not x.size:
            return
        rows = self.at(x)
        places = np.searchsorted(self.x, x)
        self.x = np.insert(self.x, places, x)
        self.rows = np.insert(self.rows, places, rows, axis=1)

    def at(self, x: np.ndarray) -> np.ndarray:
        """Return f and its derivatives, without derivatives where f is missing."""
        rows = self.taped(x, self.order)
        rows[1:, np.isnan(rows[0])] = np.nan
        return rows

    def scan(self) -> None:
        """Look at f alone in many points, and add those that surprise."""
        if not self.taped.is_quick:
            return
        share = np.arange(1, _SCANS_PER_GAP) / _SCANS_PER_GAP
        gaps = np.diff(self.x)
        points = self.taped.round(self.x[:-1, None] + gaps[:, None] * share)
        wanted = self.taped(points)[0]
        with np.errstate(all="ignore"):
            guess = cubics(self.x, self.rows[0], self.rows[1], share)
            off = np.abs(wanted - guess)
            off[~np.isfinite(wanted) & np.isfinite(guess)] = np.inf
            limit = max(2.0 * _TOLERANCE * height(self.windows[0]), self.noise()[0])
            off[~(off > limit)] = 0.0
        surprising = np.flatnonzero(off.any(axis=1))
        if surprising.size:
            self.add(points[surprising, off[surprising].argmax(axis=1)])
            self.windows = [first_window(row) for row in self.rows]

    def fill_holes(self) -> None:
        """Bridge single points at which a row has no value, but a limit."""
        holes = self._find_holes()
        every = np.unique([x for places in holes.values() for x in places])
        at = np.searchsorted(self.x, every)
        step = np.minimum(every - self.x[at - 1], self.x[at + 1] - every) / 16.0
        self.add(np.concatenate([every - step, every + step]))
        for order, places in holes.items():
            limits = bridged(self.x, self.rows, order, np.searchsorted(self.x, places))
            self.rows[order, np.searchsorted(self.x, places)] = limits
            self.holes[order] = list(zip(places, limits.tolist(), strict=True))

    def _find_holes(self) -> dict[int, list[float]]:
        """Return for each row the points without a value across which it is smooth."""
        holes: dict[int, list[float]] = {}
        for order, row in enumerate(self.rows):
            valid = np.isfinite(row)
            alone = np.flatnonzero(np.isnan(row[1:-1]) & valid[:-2] & valid[2:]) + 1
            slopes = slopes_at(self.x, self.rows, order)
            unit = max(height(self.windows[order]), self.noise()[order])
            for at in alone.tolist():
                ends = [at - 1, at + 1]
                gap = self.x[at + 1] - self.x[at - 1]
                miss = abs(row[at + 1] - row[at - 1] - gap * slopes[ends].mean())
                if miss <= _SMOOTH * unit and not self.out_of_sight(order, row[ends]):
                    holes.setdefault(order, []).append(float(self.x[at]))
        return holes

    def out_of_sight(self, order: int, values: np.ndarray) -> bool:
        """Tell whether all values lie far above or below the window of a row."""
        low, high = self.windows[order]
        unit = max(height((low, high)), self.noise()[order])
        return bool(np.all((values > high + unit / 2) | (values < low - unit / 2)))

    def refine(self, most_points: int) -> list[tuple[float, float]]:
        """Divide gaps until lines across them will do; return where they never do."""
        while True:
            gaps = np.diff(self.x)
            rough = self.rough() & (gaps > self.finest())
            lost = self._give_up(rough, gaps)
            todo = np.flatnonzero(rough.any(axis=0))
            if not todo.size:
                return _merged(self.x[:-1][lost], self.x[1:][lost], self.length)
            pieces = _FEW_PIECES if todo.size > _MANY else _MORE_PIECES
            room = (most_points - self.x.size) // (pieces - 1)
            if room <= 0:
                lost[todo] = True
                return _merged(self.x[:-1][lost], self.x[1:][lost], self.length)
            if room < todo.size:  # the widest first
                todo = np.sort(todo[np.argsort(-gaps[todo], kind="stable")[:room]])
            share = np.arange(1, pieces) / pieces
            self.add((self.x[todo, None] + gaps[todo, None] * share).ravel())

    def _give_up(self, rough: np.ndarray, gaps: np.ndarray) -> np.ndarray:
        """Take out gaps too short to be seen where they crowd, and return where.

        At a break they are few. What runs from one side of the picture to the other is
        not missed.
        """
        lost = np.zeros(len(gaps), bool)
        for order, row in enumerate(rough):
            unseen = row & (gaps < _SEEN * self.length)
            if unseen.sum() > _MANY:
                around = np.convolve(unseen, np.ones(2 * _MANY), mode="same")
                crowded = unseen & (around >= _MANY)
                row[crowded] = False
                low, high = self.windows[order]
                far = (self.rows[order] < low) | (self.rows[order] > high)
                lost |= crowded & ~(far[:-1] & far[1:])
        return lost

    def is_coarse(self) -> bool:
        """Tell whether a line would differ visibly from a row where it need not."""
        divisible = np.diff(self.x) > self.finest()
        return bool((self.rough() & divisible).any())

    def finest(self) -> np.ndarray:
        """Return down to which length each gap is divided.

        The edge of a domain is looked for as closely as the numbers allow.
        """
        valid = np.isfinite(self.rows[0])
        edge = valid[:-1] != valid[1:]
        closest = 4.0 * self.taped.epsilon * np.abs(self.x)
        closest = np.maximum(closest, 1e-15 * self.length)
        return np.where(edge, np.maximum(closest[:-1], closest[1:]), self.sharpest)

    def rough(self) -> np.ndarray:
        """Tell in which gaps a line would differ visibly from each row."""
        return np.array([self._rough(order) for order in range(len(self.rows))])

    def _rough(self, order: int) -> np.ndarray:
        row, window = self.rows[order], self.windows[order]
        gaps = np.diff(self.x)
        valid = np.isfinite(row)
        with np.errstate(all="ignore"):
            slopes = slopes_at(self.x, self.rows, order)
            a, b = row[:-1], row[1:]
            slope_a, slope_b = slopes[:-1], slopes[1:]
            bulge = np.abs(gaps * (slope_a - slope_b)) / 8.0
            miss = np.abs(b - a - gaps * (slope_a + slope_b) / 2.0)
            differs = np.maximum(bulge, miss)
            unit = height(window)
            in_sight = (np.fmin(a, b) < window[1] + unit / 2) & (
                np.fmax(a, b) > window[0] - unit / 2
            )
            limit = max(_TOLERANCE * unit, self.noise()[order])
            # Two sides of a pole may both be out of sight.
            wild = miss > 0.25 * np.maximum(np.abs(a), np.abs(b))
            half_missing = (valid[:-1] != valid[1:]) & in_sight
            return half_missing | ((differs > limit) & (in_sight | wild))


def _merged(
    starts: np.ndarray, ends: np.ndarray, length: float
) -> list[tuple[float, float]]:
    """Join intervals that lie close together."""
    merged: list[tuple[float, float]] = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if merged and start - merged[-1][1] <= 0.01 * length:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged
