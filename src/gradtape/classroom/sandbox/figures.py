"""A figure as the data of its artists, and an Axes drawn from such data again.

A judge looks at curves and marks. These travel: the points of lines and scatters, with
what tells a mark from a curve, and the limits of the Axes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

_MOST_AXES = 12
_MOST_ARTISTS = 200
# What the library drew of its own is no work of the learner's.
_OF_THE_LIBRARY = "gradtape_described"
_MOST_POINTS = 20_000
_MARKERS = set(".,ov^<>12348spP*hH+xXDd|_")
_MANY = "many"  # a description of more than a judge looks at


def described(thing: Any) -> dict | None:
    """Return what a figure, an Axes or an artist shows; None for anything else."""
    if isinstance(thing, Figure):
        thing = thing.axes[0] if thing.axes else None
    elif isinstance(thing, Artist) and not isinstance(thing, Axes):
        thing = thing.axes
    if not isinstance(thing, Axes):
        return None
    # A judge may look at the others of the figure too: twin axes, a second panel.
    together = [thing, *(ax for ax in thing.get_figure().axes if ax is not thing)]
    return {"axes": [_axes(ax) for ax in together[:_MOST_AXES]]}


def _axes(ax: Axes) -> dict:
    collections = [c for c in ax.collections if hasattr(c, "get_sizes")]
    return {
        "has_data": bool(ax.has_data()),
        "limits": [*map(float, ax.get_xlim()), *map(float, ax.get_ylim())],
        "lines": [_line(line, ax) for line in ax.lines[:_MOST_ARTISTS]],
        "scatters": [_scatter(each) for each in collections[:_MOST_ARTISTS]],
    }


def _line(line: Any, ax: Axes) -> dict:
    x, y = (_numbers(data) for data in line.get_data())
    marker = line.get_marker()
    has_marker = marker not in (None, "None", "none", "", " ")
    return {
        "x": x,
        "y": y,
        "marker": (marker if marker in _MARKERS else "o") if has_marker else "",
        "every": _every(line.get_markevery()),
        "in_data": bool(line.get_transform() == ax.transData),
        "is_library_s": bool(getattr(line, _OF_THE_LIBRARY, False)),
    }


def _scatter(collection: Any) -> dict:
    offsets = np.ma.filled(np.ma.asarray(collection.get_offsets(), float), np.nan)
    offsets = offsets.reshape(-1, 2)
    return {
        "x": _numbers(offsets[:, 0]),
        "y": _numbers(offsets[:, 1]),
        "sizes": min(len(collection.get_sizes()), 1),
        "is_library_s": bool(getattr(collection, _OF_THE_LIBRARY, False)),
    }


def _numbers(data: Any) -> list[float]:
    return np.asarray(data, float).ravel()[:_MOST_POINTS].tolist()


def _every(every: Any) -> Any:
    if isinstance(every, (int, float)) or every is None:
        return every
    if isinstance(every, slice):
        return [_MANY, every.start, every.stop, every.step]
    return ["tuple" if isinstance(every, tuple) else "list", np.asarray(every).tolist()]


def redrawn(data: dict) -> Axes:
    """Draw an Axes from a description; anything that is none raises an error."""
    figure = Figure()
    FigureCanvasAgg(figure)
    drawn = data["axes"][:_MOST_AXES]
    axes = figure.subplots(1, len(drawn), squeeze=False)[0]
    for ax, each in zip(axes, drawn, strict=True):
        _redraw(ax, each)
    return axes[0]


def _redraw(ax: Axes, data: dict) -> None:
    for line in data["lines"][:_MOST_ARTISTS]:
        x, y = _points(line)
        marker = line["marker"]
        if marker and marker not in _MARKERS:
            raise ValueError("no marker")
        transform = ax.transData if line["in_data"] is True else ax.transAxes
        (drawn,) = ax.plot(
            x,
            y,
            marker=marker or "None",
            markevery=_every_of(line["every"]),
            transform=transform,
        )
        setattr(drawn, _OF_THE_LIBRARY, line["is_library_s"] is True)
    for scatter in data["scatters"][:_MOST_ARTISTS]:
        x, y = _points(scatter)
        drawn = ax.scatter(x, y)
        if not scatter["sizes"]:
            drawn.set_sizes([])
        setattr(drawn, _OF_THE_LIBRARY, scatter["is_library_s"] is True)
    if data["has_data"] is True and not ax.has_data():
        ax.add_patch(Rectangle((0.0, 0.0), 1.0, 1.0))
    left, right, low, high = map(float, data["limits"])
    if np.all(np.isfinite([left, right, low, high])):
        ax.set_xlim(left, right)
        ax.set_ylim(low, high)


def _points(data: dict) -> tuple[np.ndarray, np.ndarray]:
    x, y = (np.asarray(data[name], float) for name in ("x", "y"))
    if x.ndim != 1 or x.shape != y.shape or x.size > _MOST_POINTS:
        raise ValueError("points are two lists of the same length")
    return x, y


def _every_of(every: Any) -> Any:
    if every is None or isinstance(every, (int, float)):
        return every
    kind, *rest = every
    if kind == _MANY:
        return slice(*rest)
    (entries,) = rest
    return tuple(entries) if kind == "tuple" else [int(n) for n in entries]
