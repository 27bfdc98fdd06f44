"""What a figure shows, for tasks that ask for one: its curves and its marks.

A figure is judged by the data in its artists, never by pixels, so that it may look as
its author likes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gradtape.exercises import answers, sentences
from gradtape.exercises.comparing import Misconception
from gradtape.exercises.exercise import Wrong
from gradtape.exercises.words import Words

_FEWEST_POINTS_OF_A_CURVE = 3
_ON_THE_PLACE = 0.01
_NEAR_THE_PLACE = 0.05
# A line of more markers for each place that is asked for is a curve drawn with them.
_MOST_MARKS_A_PLACE = 10
_MARKS_TOLD = 3
_RTOL = 1e-3


def axes(answer: Any) -> Axes:
    """Return the Axes of an answer: an Axes, a figure with one, or a list of artists.

    Where an answer has several, the first that something is drawn in.

    Raises
    ------
    Wrong
        If it is something else, or if nothing is drawn in it.
    """
    found = _all_axes(answer)
    if not found:
        says = sentences.NO_AXES(found=answers.shown(answer))
        raise Wrong(says, "not a figure")
    drawn = [ax for ax in found if ax.has_data()]
    if not drawn:
        raise Wrong(sentences.NOTHING_DRAWN, "empty figure")
    return drawn[0]


def axes_of_figure(answer: Any) -> list[Axes]:
    """Return all Axes of an answer's figure that something is drawn in.

    For a task that leaves open whether its curves share an Axes, stand on twin Axes or
    side by side.

    Raises
    ------
    Wrong
        As :func:`axes` does.
    """
    return [ax for ax in axes(answer).get_figure().axes if ax.has_data()]


def _all_axes(answer: Any) -> list[Axes]:
    if isinstance(answer, Figure):
        return list(answer.axes)
    if isinstance(answer, (list, tuple, np.ndarray)):
        return [
            ax for part in np.ravel(np.array(answer, object)) for ax in _all_axes(part)
        ]
    found = getattr(answer, "axes", answer)  # an artist's
    return [found] if isinstance(found, Axes) else []


def _is_learners(artist: Any) -> bool:
    """Tell what a learner drew from what the library draws of its own."""
    return not getattr(artist, "gradtape_described", False)


def curves(ax: Axes) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return x and y of each curve that is drawn in an Axes, finite points only.

    Lines that only mark a place, such as ``ax.axhline``'s, and lone points are no
    curves.
    """
    drawn = []
    for line in ax.lines:
        x, y = (np.asarray(data, float) for data in line.get_data())
        finite = np.isfinite(x) & np.isfinite(y)
        enough = finite.sum() >= _FEWEST_POINTS_OF_A_CURVE
        if line.get_transform() == ax.transData and enough:
            drawn.append((x[finite], y[finite]))
    return drawn


def marks(ax: Axes, most: int | None = None) -> np.ndarray:
    """Return the points that are marked in an Axes, shape (n, 2).

    They are those of ``ax.scatter`` and of lines that have markers; not of those that
    have more markers than ``most``, and not those that the library sets by itself.
    """
    found = [np.empty((0, 2))]
    for line in filter(_is_learners, ax.lines):
        if line.get_marker() not in (None, "None", "", " "):
            points = np.column_stack([np.asarray(d, float) for d in line.get_data()])
            found.append(points[_chosen(line.get_markevery())])
    # Collections of lines, such as those of ax.vlines, mark no points.
    for collection in filter(_is_learners, ax.collections):
        if not hasattr(collection, "get_sizes"):
            continue
        offsets = np.ma.filled(np.ma.asarray(collection.get_offsets(), float), np.nan)
        if offsets.ndim == 2 and offsets.shape[1] == 2 and len(collection.get_sizes()):
            found.append(offsets)
    return np.concatenate([each for each in found if not most or len(each) <= most])


def _chosen(every: Any) -> Any:
    """Return which points of a line have markers, as an index of NumPy's."""
    if isinstance(every, int):
        return slice(None, None, every)
    if isinstance(every, tuple) and all(isinstance(each, int) for each in every):
        return slice(every[0], None, every[1])
    is_index = isinstance(every, (slice, list, np.ndarray))
    return every if is_index else slice(None)


def has_curve(
    ax: Axes | Sequence[Axes],
    f: Callable[[np.ndarray], np.ndarray],
    interval: tuple[float, float],
    misconceptions: Sequence[Misconception] = (),
    *,
    name: Words | str,
) -> None:
    """Require a curve of f in a figure.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or several
        The figure, from :func:`axes` or :func:`axes_of_figure`.
    f : callable
        What the curve should be: NumPy's numbers in, numbers out.
    interval : (float, float)
        From where to where it has to reach, give or take a fiftieth.
    misconceptions : sequence of Misconception
        ``computes`` is a function like f, whose curve stands in its place.
    name : Words or str
        What the curve is called in the task, such as ``"`f′`"``.

    Raises
    ------
    Wrong
        If there is none, or if it is too short.
    """
    drawn = [curve for each in _several(ax) for curve in curves(each)]
    of_f = [x for x, y in drawn if _is_curve_of(f, x, y)]
    if not of_f:
        for each in misconceptions:
            if any(_is_curve_of(each.computes, x, y) for x, y in drawn):
                raise Wrong(each.says, each.name, each.place)
        raise Wrong(_no_such_curve(len(drawn))(name=name), "no such curve")
    low, high = min(x.min() for x in of_f), max(x.max() for x in of_f)
    slack = 0.02 * (interval[1] - interval[0])
    if low > interval[0] + slack or high < interval[1] - slack:
        says = sentences.CURVE_TOO_SHORT(
            name=name,
            low=f"{low:.3g}",
            high=f"{high:.3g}",
            wanted_low=f"{interval[0]:.3g}",
            wanted_high=f"{interval[1]:.3g}",
        )
        raise Wrong(says, "curve too short")


def has_marks(
    ax: Axes | Sequence[Axes],
    points: Sequence[tuple[float, float]],
    misconceptions: Sequence[Misconception] = (),
    *,
    name: Words | str,
    only: bool = False,
    within: float = _ON_THE_PLACE,
) -> None:
    """Require marks at points of a figure.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or several
        The figure, from :func:`axes` or :func:`axes_of_figure`.
    points : sequence of (float, float)
        Where marks have to be.
    misconceptions : sequence of Misconception
        ``computes`` is a list of points that stand in their place.
    name : Words or str
        What is marked, as the task calls it.
    only : bool
        Whether nothing else may be marked.
    within : float
        How far off a mark may be, as a part of the figure's width and height.

    Raises
    ------
    Wrong
        If one is not marked. Where it would be is not said.
    """
    most = _MOST_MARKS_A_PLACE * len(points)
    groups = [(each, marks(each, most)) for each in _several(ax)]
    marked = _are_marked(groups, points, within)
    if all(marked):
        right = np.array(points)
        # Marks everywhere are on the right places too.
        are_many = sum(len(found) for _, found in groups) > most
        if are_many or (
            only
            and not all(
                all(_are_marked([(each, right)], found)) for each, found in groups
            )
        ):
            raise Wrong(sentences.MARKED_TOO_MUCH(name=name), "marked too much")
        return
    for each in misconceptions:
        if all(_are_marked(groups, each.computes, within)):
            raise Wrong(each.says, each.name, each.place)
    if all(_are_marked(groups, points, _NEAR_THE_PLACE)):
        raise Wrong(sentences.MARKED_NEARLY(name=name), "marked nearly")
    if any(marked):
        says = sentences.MARKED_IN_PART(
            found=sum(marked), wanted=len(marked), name=name
        )
        raise Wrong(says, "marked in part")
    elsewhere = [point for _, found in groups for point in found]
    if elsewhere:
        where = ", ".join(f"({x:.3g}, {y:.3g})" for x, y in elsewhere[:_MARKS_TOLD])
        places = [[(x, 0.0) for x, _ in few] for few in (elsewhere, points)]
        along = [(each, np.array(places[0])) for each in _several(ax)]
        same = len(elsewhere) == len(points) and all(_are_marked(along, places[1]))
        wording = (
            sentences.MARKED_AT_OTHER_HEIGHTS if same else sentences.MARKED_ELSEWHERE
        )
        raise Wrong(wording(name=name, where=where), "marked elsewhere")
    raise Wrong(sentences.NOT_MARKED(name=name), "not marked")


def _no_such_curve(count: int) -> Words:
    if count > 1:
        return sentences.OTHER_CURVES(count=count)
    return sentences.ANOTHER_CURVE if count else sentences.NO_CURVES


def _is_curve_of(f: Callable, x: np.ndarray, y: np.ndarray) -> bool:
    with np.errstate(all="ignore"):
        right = np.broadcast_to(np.asarray(f(x), float), x.shape)
    known = np.isfinite(right)
    if known.sum() < _FEWEST_POINTS_OF_A_CURVE:
        return False
    size = np.max(np.abs(right[known]), initial=0.0)
    return bool(
        np.allclose(y[known], right[known], rtol=_RTOL, atol=_RTOL * size + 1e-9)
    )


def _several(ax: Axes | Sequence[Axes]) -> list[Axes]:
    return [ax] if isinstance(ax, Axes) else list(ax)


def _are_marked(
    groups: Sequence[tuple[Axes, np.ndarray]],
    points: Sequence[tuple[float, float]] | np.ndarray,
    distance: float = _ON_THE_PLACE,
) -> list[bool]:
    """Tell of each point whether one of the Axes has a mark near it.

    Near is what lies within a part of the extent of these Axes.
    """
    marked = np.zeros(len(points), bool)
    for ax, found in groups:
        extent = np.abs([np.subtract(*ax.get_xlim()), np.subtract(*ax.get_ylim())])
        marked |= [
            bool(np.any(np.all(np.abs(found - point) <= distance * extent, axis=1)))
            for point in points
        ]
    return marked.tolist()
