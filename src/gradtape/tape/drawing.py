"""Draw what a tape recorded: values on the way forward, gradients on the way back."""

from __future__ import annotations

import reprlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from gradtape.plots.description import describe, own
from gradtape.plots.style import WIDTH, accent, blend, ink, line_style, new_axes
from gradtape.tape.boxes import ROW, SMALL_LETTERS, SPACE, Box
from gradtape.tape.description import describe_graph
from gradtape.tape.graph import Graph
from gradtape.tape.picture import APART, Picture, Way, curve, place
from gradtape.tape.record import record
from gradtape.tape.simplify import MOST_NODES, Folds, folded, without_plumbing

_MOST_NODES = (MOST_NODES, 40, 25)  # tried one after the other
_FLAT = 0.6  # of the width: up to this height a picture goes from left to right
_BROADEST = WIDTH * SMALL_LETTERS / 7.0  # shrunk to the width, it has letters of 7 pt
_BROKEN = 2  # What is missing or no number has the colour of the second derivative.
_DOTS = (0, (1.2, 2.2))


def draw_tape(f: Callable, *args: Any, ax: Axes | None = None) -> Axes:
    """Draw the computation graph of a function: values forward, gradients back.

    Each operation that the tape recorded is a box with its value. A solid arrow leads a
    value to where it is used; beside it, a dashed arrow in the colour of derivatives
    brings the gradient back. Bold frames are what one differentiates with respect to,
    the dark box is the result.

    Where nothing comes back (None) although the value depends on an argument, a cross
    cuts the way. Where zero comes back, the arrow is dotted and carries a ring. What is
    infinite or no number has the colour of the cross.

    Numbers that stand in the code are written beside the operation's sign. Operations on
    whole numbers that only serve TensorFlow itself, such as axes and shapes, are not
    drawn. More than 60 nodes are folded, by name scope, then by line of code, then in
    the middle; so is a graph that is too broad for letters of 7 points. Such a box says
    in brackets how many operations it stands for, and has a bold frame if variables are
    among them.

    If the result has several entries, the gradients are those of their sum, ∂Σf.

    Parameters
    ----------
    f : callable
        The function. It is called once; variables that it assigns to have their old
        values back afterwards.
    *args : tensor, variable, array, number, or nested structures of these
        Where to draw it. Whole numbers become floats.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without one a figure is made that is as high as the graph needs.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes drawn into, with the figure's description. Its units are inches.

    Raises
    ------
    TypeError
        If f is not callable, or returns nothing that TensorFlow calculated.
    Exception
        Whatever f raises.

    Examples
    --------
    >>> ax = draw_tape(lambda x: x**2, 3.0)
    >>> [text.get_text() for text in ax.texts]
    ['x = 3', '∂f/∂x = 6', 'pow 2', '9', '6']
    """
    graph = without_plumbing(_record(f, *args))
    _require_result(graph)
    if ax is None:
        graph, folds, picture = fitting(graph)
        ax = new_axes(picture.height * picture.scale(WIDTH, picture.height))
        ax.figure.set_layout_engine("none")
        ax.set_position((0.0, 0.0, 1.0, 1.0))
    else:
        graph, folds = folded(graph)
        width, height = _inches(ax)
        picture = max(
            (place(graph, folds, rightwards=each) for each in (True, False)),
            key=lambda picture: picture.scale(width, height),
        )
    draw_picture(picture, ax)
    describe(ax, describe_graph(graph, folds))
    return ax


def _record(f: Callable, *args: Any) -> Graph:
    try:
        return record(f, *args)
    except Exception as error:
        if callable(f) and any(_is_whole(leaf) for leaf in tf.nest.flatten(args)):
            error.add_note(
                "whole numbers among the arguments were made floats, to be "
                "differentiated; let f take an index from outside: "
                "lambda x: tf.gather(x, 2)"
            )
        raise


def _is_whole(leaf: Any) -> bool:
    is_number = isinstance(leaf, (int, np.integer)) and not isinstance(leaf, bool)
    dtype = getattr(leaf, "dtype", None)
    return is_number or (dtype is not None and tf.as_dtype(dtype).is_integer)


def _require_result(graph: Graph) -> None:
    """Say that there is nothing to draw, if no tensor came out and none was lost."""
    if graph.targets or any(node.kind == "departure" for node in graph.nodes):
        return
    result = graph.observation.result
    raise TypeError(
        f"f returned {reprlib.repr(result)} of type {type(result).__name__}, which is "
        "no tensor, so the tape has nothing that leads to it; calculate with "
        "TensorFlow's functions (tf.square, not np.square) and return the result"
    )


def fitting(graph: Graph) -> tuple[Graph, Folds, Picture]:
    """Fold and place a graph so that it can be read at the house's width.

    A small one goes from left to right, a long one downwards; what is too broad for
    both is folded further.

    Parameters
    ----------
    graph : Graph
        The graph.

    Returns
    -------
    graph : Graph
        The graph, or a smaller one.
    folds : dict of Node to list of Node
        The operations that each folded node stands for.
    picture : Picture
        Where everything lies.
    """
    for most in _MOST_NODES:
        smaller, folds = folded(graph, most)
        across = place(smaller, folds, rightwards=True)
        if across.width <= WIDTH and across.height <= _FLAT * WIDTH:
            return smaller, folds, across
        down = place(smaller, folds, rightwards=False)
        # Whichever can be read; if both can, the one that takes less of the page.
        best = min(
            (across, down),
            key=lambda picture: (
                max(picture.width, _BROADEST),
                picture.height,
            ),
        )
        if best.width <= _BROADEST:
            break
    return smaller, folds, best


def _inches(ax: Axes) -> tuple[float, float]:
    position = ax.get_position()
    return tuple(ax.figure.get_size_inches() * (position.width, position.height))


@dataclass(frozen=True)
class Strokes:
    """The artists of one box or way.

    Attributes
    ----------
    forward : list of matplotlib.artist.Artist
        What belongs to the values.
    back : list of matplotlib.artist.Artist
        What belongs to the gradients.
    """

    forward: list[Artist] = field(default_factory=list)
    back: list[Artist] = field(default_factory=list)


def draw_picture(picture: Picture, ax: Axes) -> dict[Box | Way, Strokes]:
    """Draw boxes and ways that have their places.

    Parameters
    ----------
    picture : Picture
        What to draw.
    ax : matplotlib.axes.Axes
        Where to draw it: in the middle, as large as it fits.

    Returns
    -------
    dict of Box or Way to Strokes
        The artists of each.
    """
    width, height = _inches(ax)
    scale = picture.scale(width, height)
    ax.set_axis_off()
    # One unit is one inch of the picture, which lies in the middle.
    across, up = width / scale, height / scale
    ax.set_xlim((picture.width - across) / 2, (picture.width + across) / 2)
    ax.set_ylim((picture.height - up) / 2, (picture.height + up) / 2)
    boxes = {box: _draw_box(box, ax, scale) for box in picture.boxes}
    return boxes | {
        way: _draw_way(way, picture.rightwards, ax, scale) for way in picture.ways
    }


def _draw_way(way: Way, rightwards: bool, ax: Axes, scale: float) -> Strokes:
    depends = any(edge.start.depends_on_source for edge in way.edges)
    forward = _draw_arrow(
        curve(way.points, rightwards, -APART if way.gradients else 0.0),
        ax,
        scale,
        color=ink(ax) if depends else blend(ax, ink(ax), 0.5),
        linewidth=(1.3 if depends else 0.9) * scale,
    )
    strokes = Strokes([forward])
    if not way.label:
        return strokes
    is_sound = way.gradients and way.is_finite
    colour = accent(ax, 1 if is_sound else _BROKEN)
    if way.gradients:
        back = _draw_arrow(
            curve(way.points, rightwards, APART)[::-1],
            ax,
            scale,
            color=colour,
            linewidth=1.4 * scale,
            linestyle=_DOTS if way.is_zero else line_style(ax, 1)["linestyle"],
        )
        strokes.back.append(back)
    side = "center" if rightwards else "left"
    label = _write(*way.label_at, way.label, SMALL_LETTERS, colour, ax, scale, side)
    strokes.back.append(label)
    if way.is_cut or way.is_zero:
        (mark,) = ax.plot(
            *way.mark_at,
            "x" if way.is_cut else "o",
            color=colour,
            markerfacecolor=blend(ax, ink(ax), 0.0),
            markersize=(9.0 if way.is_cut else 6.0) * scale,
            markeredgewidth=(2.4 if way.is_cut else 1.4) * scale,
            zorder=4,
        )
        own(mark)
        strokes.back.append(mark)
    return strokes


def _draw_arrow(points: list, ax: Axes, scale: float, **look: Any) -> Artist:
    codes = [Path.MOVETO] + [Path.CURVE4] * (len(points) - 1)
    return ax.add_artist(
        FancyArrowPatch(
            path=Path(points, codes),
            arrowstyle="-|>,head_length=3.2,head_width=1.6",
            mutation_scale=scale,
            shrinkA=0,
            shrinkB=0,
            capstyle="butt",
            **look,
        )
    )


def _draw_box(box: Box, ax: Axes, scale: float) -> Strokes:
    node, strokes = box.node, Strokes()
    if box.has_frame:
        is_given = node.kind in ("argument", "variable")
        frame = ax.add_artist(
            FancyBboxPatch(
                (box.x - box.width / 2, box.y - box.height / 2),
                box.width,
                box.height,
                boxstyle=f"round,pad=0,rounding_size={0.12 if is_given else 0.06}",
                facecolor=ink(ax) if node.is_target else blend(ax, ink(ax), 0.04),
                edgecolor=blend(ax, ink(ax), 1.0 if box.is_bold else 0.6),
                linewidth=(2.0 if box.is_bold else 1.0) * scale,
                linestyle=":" if node.kind == "departure" else "-",
                zorder=3,
            )
        )
        strokes.forward.append(frame)
    left = box.x - (sum(row.width for row in box.rows) + SPACE) / 2
    for number, row in enumerate(box.rows):
        x, y = box.x, box.y + ROW * ((len(box.rows) - 1) / 2 - number)
        if box.is_one_line:
            x, y = left + row.width / 2, box.y
            left += row.width + SPACE
        colour = _colour(row.kind, node.is_target, ax)
        text = _write(x, y, row.text, row.size, colour, ax, scale)
        is_back = row.kind in ("gradient", "missing")
        (strokes.back if is_back else strokes.forward).append(text)
    return strokes


def _colour(kind: str, on_ink: bool, ax: Axes):
    if kind == "gradient":
        return accent(ax, 1)
    if kind == "missing":
        return accent(ax, _BROKEN)
    if on_ink:
        return blend(ax, ink(ax), 0.0)
    return blend(ax, ink(ax), 0.7 if kind == "sign" else 1.0)


def _write(
    x: float,
    y: float,
    text: str,
    size: float,
    colour: Any,
    ax: Axes,
    scale: float,
    side: str = "center",
) -> Artist:
    return ax.text(
        x,
        y,
        text,
        color=colour,
        fontsize=size * scale,
        ha=side,
        va="center_baseline",
        parse_math=False,
        zorder=5,
    )
