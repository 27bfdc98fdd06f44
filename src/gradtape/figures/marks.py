"""Zeros, extrema and inflection points of a sampled curve, found on the tape.

A change of sign between samples only brackets a place. It is narrowed down on the tape's
own derivatives: each pass evaluates f around the root of the cubic through the ends of
the bracket (Hermite interpolation), and at even distances in case that one misleads.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from gradtape.figures.interpolation import cubics, slopes_at
from gradtape.figures.sampling import Curve

KINDS = ("zeros", "extrema", "inflections")

_MOST_PASSES = 40
# In a bracket shortened so much, f is straight and its root exact to 1e-9, unless the
# slope fades, as at a multiple root.
_SHORT_ENOUGH = 5e-3
_FADED = 0.1
_NARROW = 1e-8  # of the interval
_AROUND_ROOT = np.array([-2e-3, 0.0, 2e-3])
_EVENLY = np.arange(1, 16) / 16.0
_DIP = 0.5  # of the values at the ends of a gap
_WIDEST_BRACKET = 3  # gaps; a sign that is lost for longer is lost on a plateau
_HALVINGS = 32


def find_marks(curve: Curve, kinds: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Return the places that are to be marked on a curve.

    Parameters
    ----------
    curve : Curve
        A sampled curve with its first derivative, for inflections with its second.
    kinds : tuple of {"zeros", "extrema", "inflections"}
        What to look for.

    Returns
    -------
    dict of str to numpy.ndarray
        ``"zeros"``, ``"maxima"``, ``"minima"`` and ``"inflections"``, as far as there
        are any; the places increase. Ends of the interval, poles and plateaus are none.
    """
    if not kinds:
        return {}
    orders = [n for n, kind in enumerate(KINDS) if kind in kinds]
    if "zeros" in kinds and 1 not in orders:
        orders.append(1)  # where f touches zero it turns
    orders = [n for n in orders if n < len(curve.rows)]
    roots = _roots(_with_dips(curve, orders), orders)
    turning, falls = roots.get(1, (np.array([]), np.array([], bool)))
    found = {}
    if "zeros" in kinds:
        crossing = roots[0][0]
        found["zeros"] = np.union1d(crossing, _touching(curve, turning))
    if "extrema" in kinds:
        corners = np.array(curve.breaks.kinks)
        corner_falls = _turns(curve, corners, 1)
        found["maxima"] = np.union1d(turning[falls], corners[corner_falls < 0])
        found["minima"] = np.union1d(turning[~falls], corners[corner_falls > 0])
    if "inflections" in kinds:
        sudden = np.array(curve.breaks.gaps.get(2, []) + curve.breaks.verticals)
        bends = _turns(curve, sudden, 2) != 0
        found["inflections"] = np.union1d(roots[2][0], sudden[bends])
    return {kind: places for kind, places in found.items() if places.size}


class _Brackets(NamedTuple):
    """Where rows change their sign: the ends, the values and the slopes there.

    ``order`` has shape (n,), the others (2, n).
    """

    order: np.ndarray
    ends: np.ndarray
    values: np.ndarray
    slopes: np.ndarray

    @property
    def width(self) -> np.ndarray:
        return self.ends[1] - self.ends[0]

    @property
    def rise(self) -> np.ndarray:
        return np.ptp(self.values, axis=0)


def _with_dips(curve: Curve, orders: list[int]) -> Curve:
    """Return the curve with points added where a row may cross zero twice in a gap."""
    share = _EVENLY
    dips = []
    for order in orders:
        row, slopes = curve.rows[order], slopes_at(curve.x, curve.rows, order)
        a, b = row[:-1], row[1:]
        with np.errstate(invalid="ignore"):
            turns = (a * b > 0) & (a * slopes[:-1] < 0) & (b * slopes[1:] > 0)
        for left in np.flatnonzero(turns):
            gap = slice(left, left + 2)
            between = cubics(curve.x[gap], row[gap], slopes[gap], share)[0]
            between *= np.sign(row[left])
            if between.min() < _DIP * min(abs(row[left]), abs(row[left + 1])):
                step = share[between.argmin()] * (curve.x[left + 1] - curve.x[left])
                dips.append(curve.x[left] + step)
    x = np.setdiff1d(curve.taped.round(dips), curve.x)
    if not x.size:
        return curve
    at = np.searchsorted(curve.x, x)
    rows = curve.taped(x, len(curve.rows) - 1)
    return replace(
        curve,
        x=np.insert(curve.x, at, x),
        rows=np.insert(curve.rows, at, rows, axis=1),
    )


def _roots(curve: Curve, orders: list[int]) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Return where rows change their sign, and whether from plus to minus."""
    pairs = [_sign_changes(curve, n) for n in orders]
    which = np.concatenate(
        [np.full(len(pair[0]), n) for n, pair in zip(orders, pairs, strict=True)]
    )
    at = np.concatenate(pairs, axis=1)
    slopes = np.array(
        [slopes_at(curve.x, curve.rows, n) for n in range(max(orders) + 1)]
    )
    brackets = _Brackets(which, curve.x[at], curve.rows[which, at], slopes[which, at])
    places = _narrow(curve, brackets)
    good = np.isfinite(places)
    falls = brackets.values[0] > 0
    return {
        n: (places[good & (which == n)], falls[good & (which == n)]) for n in orders
    }


def _sign_changes(curve: Curve, order: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the points between which a row changes its sign without a break."""
    row = curve.rows[order].copy()
    for low, high in curve.unresolved:
        row[(curve.x >= low) & (curve.x <= high)] = np.nan
    sign = np.where(np.abs(row) > curve.noise[order], np.sign(row), 0.0)
    sign[np.isnan(row)] = np.nan
    (told,) = np.nonzero(sign)  # NaN among them
    left, right = told[:-1], told[1:]
    changes = np.flatnonzero(sign[left] * sign[right] < 0)
    steady = [
        pair for pair in changes if _changes_once(row[left[pair] : right[pair] + 1])
    ]
    return left[steady], right[steady]


def _changes_once(values: np.ndarray) -> bool:
    """Tell a change of sign from noise, whose sign flickers, and from a plateau."""
    if len(values) <= _WIDEST_BRACKET + 1:
        return True
    signs = np.sign(values)
    return bool((np.abs(np.diff(signs)).sum() == 2) and (signs == 0).sum() <= 1)


def _narrow(curve: Curve, brackets: _Brackets) -> np.ndarray:
    """Return the roots in brackets, NaN where there is a break instead."""
    first = brackets
    for _ in range(_MOST_PASSES if first.order.size else 0):
        brackets = _narrowed(curve, brackets)
        width = brackets.width
        straight = brackets.rise * first.width >= _FADED * first.rise * width
        short = straight & (width <= _SHORT_ENOUGH * first.width)
        finest = 4.0 * curve.taped.epsilon * np.abs(brackets.ends).max(axis=0)
        if np.all(short | (width <= np.maximum(finest, _NARROW * curve.length))):
            break
    places = brackets.ends[0] + brackets.width * _root_of_cubic(brackets)
    # What does not get smaller with the bracket jumps over zero.
    return np.where(brackets.rise > 0.5 * first.rise, np.nan, places)


def _narrowed(curve: Curve, brackets: _Brackets) -> _Brackets:
    """Evaluate f inside of brackets, and return the parts in which the signs change."""
    order, each = brackets.order, np.arange(len(brackets.order))
    around = np.clip(_root_of_cubic(brackets)[:, None] + _AROUND_ROOT, 0.0, 1.0)
    evenly = np.broadcast_to(_EVENLY, (len(order), len(_EVENLY)))
    share = np.concatenate([around, evenly], axis=1)
    points = brackets.ends[0, :, None] + brackets.width[:, None] * share
    points = curve.taped.round(points)
    rows = curve.taped(points, int(order.max()))
    higher = np.minimum(order + 1, len(rows) - 1)
    slopes = np.where((higher > order)[:, None], rows[higher, each], np.nan)
    table = np.stack(
        [
            np.concatenate([ends[:1].T, inside, ends[1:].T], axis=1)
            for ends, inside in (
                (brackets.ends, points),
                (brackets.values, rows[order, each]),
                (brackets.slopes, slopes),
            )
        ]
    )
    table = np.take_along_axis(table, table[:1].argsort(axis=2, kind="stable"), axis=2)
    # The last point before the sign has changed, and the next.
    values = table[1]
    right = (np.sign(values) != np.sign(brackets.values[:1].T)).argmax(axis=1)
    left = np.where(values[each, right] == 0.0, right, right - 1)
    parts = np.stack([table[:, each, left], table[:, each, right]], axis=1)
    return _Brackets(order, *parts)


def _root_of_cubic(brackets: _Brackets) -> np.ndarray:
    """Return at which share of each bracket the cubic through its ends is 0."""
    width, (a, b) = brackets.width, brackets.values
    with np.errstate(all="ignore"):
        secant = np.where(width > 0, (b - a) / width, 0.0)
    slope_a, slope_b = width * np.where(
        np.isfinite(brackets.slopes), brackets.slopes, secant
    )
    bend_a, bend_b = slope_a - (b - a), (b - a) - slope_b
    low, high = np.zeros(len(width)), np.ones(len(width))
    for _ in range(_HALVINGS):
        share = (low + high) / 2.0
        rest = 1.0 - share
        value = rest * a + share * b + share * rest * (rest * bend_a + share * bend_b)
        before = np.sign(value) == np.sign(a)
        low, high = np.where(before, share, low), np.where(before, high, share)
    return (low + high) / 2.0


def _touching(curve: Curve, turning: np.ndarray) -> np.ndarray:
    """Return where f is zero without a change of sign, and is not so nearby."""
    breaks = curve.breaks
    places = np.concatenate([turning, breaks.kinks, breaks.edges])
    if not places.size:
        return places
    step = 1e-3 * curve.length
    before, at, after = curve.taped(np.array([places - step, places, places + step]))[0]
    limit = curve.noise[0]
    # A corner may be the end of a plateau; beyond an edge there is nothing.
    alone = ~((np.abs(before) <= limit) | (np.abs(after) <= limit))
    alone[: len(turning)] = True
    return places[(np.abs(at) <= limit) & alone]


def _turns(curve: Curve, places: np.ndarray, order: int) -> np.ndarray:
    """Return 1 where a row jumps from minus to plus, -1 from plus to minus, else 0."""
    turns = np.zeros(len(places))
    valid = np.flatnonzero(np.isfinite(curve.rows[order]))
    for number, place in enumerate(places):
        after = int(np.searchsorted(curve.x[valid], place))
        if 0 < after < len(valid):
            pair = curve.rows[order, valid[[after - 1, after]]]
            pair = np.where(np.abs(pair) > curve.noise[order], np.sign(pair), 0.0)
            turns[number] = pair[1] if pair[0] * pair[1] < 0 else 0.0
    return turns
