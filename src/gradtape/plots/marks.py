"""Zeros, extrema and inflection points of a sampled curve, found on the tape.

A change of sign between samples only brackets a place. It is narrowed down on the tape's
own derivatives: each pass evaluates f around the root of the cubic through the ends of
the bracket (Hermite interpolation), and at even distances in case that one misleads.
"""

from __future__ import annotations

import numpy as np

from gradtape.plots.interpolation import slopes_at
from gradtape.plots.sampling import Curve

KINDS = ("zeros", "extrema", "inflections")

_MOST_PASSES = 40
# In a bracket shortened so much, f is straight and its root exact to 1e-9, unless the
# slope fades, as at a multiple root.
_SHORT_ENOUGH = 5e-3
_FADED = 0.1
_NARROW = 1e-8  # of the interval
_AROUND_ROOT = np.array([-2e-3, 0.0, 2e-3])
_EVENLY = np.arange(1, 8) / 8.0
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
    roots = _roots(curve, [n for n in orders if n < len(curve.rows)])
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


def _roots(curve: Curve, orders: list[int]) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Return where rows change their sign, and whether from plus to minus."""
    left, right, which = [], [], []
    for order in orders:
        a, b = _brackets(curve, order)
        left.append(a)
        right.append(b)
        which.append(np.full(len(a), order))
    left, right, which = (np.concatenate(each) for each in (left, right, which))
    ends = np.stack([left, right])
    values = curve.rows[which, ends]
    slopes = np.array(
        [slopes_at(curve.x, curve.rows, n) for n in range(max(orders) + 1)]
    )
    places = _narrow(curve, which, curve.x[ends], values, slopes[which, ends])
    good = np.isfinite(places)
    return {
        order: (places[good & (which == order)], values[0, good & (which == order)] > 0)
        for order in orders
    }


def _brackets(curve: Curve, order: int) -> tuple[np.ndarray, np.ndarray]:
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


def _narrow(
    curve: Curve,
    order: np.ndarray,
    ends: np.ndarray,
    values: np.ndarray,
    slopes: np.ndarray,
) -> np.ndarray:
    """Return the roots in brackets, NaN where there is a break instead.

    Parameters
    ----------
    curve : Curve
        The curve.
    order : numpy.ndarray, shape (n,)
        Which derivative changes its sign in each bracket.
    ends, values, slopes : numpy.ndarray, shape (2, n)
        The ends of the brackets, and the derivative with its slope there.
    """
    first_width, first_rise = ends[1] - ends[0], np.ptp(values, axis=0)
    each = np.arange(len(order))
    for _ in range(_MOST_PASSES if len(order) else 0):
        width = ends[1] - ends[0]
        steps = np.concatenate(
            [
                np.clip(_root_of_cubic(width, values, slopes) + _AROUND_ROOT, 0, 1),
                np.broadcast_to(_EVENLY, (len(order), len(_EVENLY))),
            ],
            axis=1,
        )
        points = curve.taped.round(ends[0, :, None] + width[:, None] * steps)
        rows = curve.taped(points, int(order.max()))
        at = np.concatenate([ends[:1].T, points, ends[1:].T], axis=1)
        found = rows[order, each]
        found = np.concatenate([values[:1].T, found, values[1:].T], axis=1)
        higher = np.minimum(order + 1, len(rows) - 1)
        slope = np.where((higher > order)[:, None], rows[higher, each], np.nan)
        slope = np.concatenate([slopes[:1].T, slope, slopes[1:].T], axis=1)
        sorting = at.argsort(axis=1, kind="stable")
        at, found, slope = (
            np.take_along_axis(table, sorting, axis=1) for table in (at, found, slope)
        )
        # The last point before the sign has changed, and the next.
        changed = np.sign(found) != np.sign(values[:1].T)
        right = changed.argmax(axis=1)
        exact = found[each, right] == 0.0
        left = np.where(exact, right, right - 1)
        ends = np.stack([at[each, left], at[each, right]])
        values = np.stack([found[each, left], found[each, right]])
        slopes = np.stack([slope[each, left], slope[each, right]])
        finest = 4.0 * curve.taped.epsilon * np.abs(ends).max(axis=0)
        width = ends[1] - ends[0]
        straight = np.ptp(values, axis=0) * first_width >= _FADED * first_rise * width
        short = straight & (width <= _SHORT_ENOUGH * first_width)
        if np.all(short | (width <= np.maximum(finest, _NARROW * curve.length))):
            break
    width = ends[1] - ends[0]
    share = _root_of_cubic(width, values, slopes)[:, 0]
    # What does not get smaller with the bracket jumps over zero.
    jumps = np.ptp(values, axis=0) > 0.5 * first_rise
    return np.where(jumps, np.nan, ends[0] + width * share)


def _root_of_cubic(
    width: np.ndarray, values: np.ndarray, slopes: np.ndarray
) -> np.ndarray:
    """Return where in each bracket the cubic through its ends is 0, shape (n, 1)."""
    a, b = values
    with np.errstate(all="ignore"):
        secant = np.where(width > 0, (b - a) / width, 0.0)
    slopes = np.where(np.isfinite(slopes), slopes, secant)
    low, high = np.zeros(len(width)), np.ones(len(width))
    for _ in range(_HALVINGS):
        share = (low + high) / 2.0
        rest = 1.0 - share
        bend_a, bend_b = width * slopes[0] - (b - a), (b - a) - width * slopes[1]
        value = rest * a + share * b + share * rest * (rest * bend_a + share * bend_b)
        before = np.sign(value) == np.sign(a)
        low, high = np.where(before, share, low), np.where(before, high, share)
    return ((low + high) / 2.0)[:, None]


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
