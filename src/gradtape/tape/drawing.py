"""Draw what a tape recorded: values on the way forward, gradients on the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from gradtape.plots.description import describe
from gradtape.plots.style import accent, blend, ink, line_style, new_axes
from gradtape.tape.description import describe_graph
from gradtape.tape.picture import (
    ROW,
    SMALL_LETTERS,
    Box,
    Picture,
    Way,
    curve,
    place,
)
from gradtape.tape.record import record
from gradtape.tape.simplify import folded, without_plumbing

_APART = 0.03  # inches: half the distance between the way forward and the way back
_BROKEN = (
    2  # The colour of what is missing or no number is that of the second derivative.
)


def draw_tape(f: Callable, *args: Any, ax: Axes | None = None) -> Axes:
    """Draw the computation graph of a function: values forward, gradients back.

    Each operation that the tape recorded is a box with its value. A solid arrow leads a
    value to where it is used; beside it, a dashed arrow in the colour of derivatives
    brings the gradient back. Where nothing comes back although the value depends on an
    argument, the way is cut by a cross. Bold frames are what one differentiates with
    respect to, the dark box is the result.

    Operations on whole numbers that only serve TensorFlow itself, such as axes and
    shapes, are not drawn. More than 60 nodes are folded, by name scope, then by line of
    code: such a box says in brackets how many operations it stands for.

    Parameters
    ----------
    f : callable
        The function. It is called once; variables that it assigns to have their old
        values back afterwards.
    *args : tensor, variable, array, number, or nested structures of these
        Where to draw it.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without one a figure is made that is as high as the graph needs.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes drawn into, with the figure's description.

    Raises
    ------
    TypeError
        If f is not callable.
    Exception
        Whatever f raises.

    Examples
    --------
    >>> ax = draw_tape(lambda x: x**2, 3.0)
    >>> [text.get_text() for text in ax.texts]
    ['x = 3', '∂f/∂x = 6', '2', 'pow', '9', '6']
    """
    graph, folds = folded(without_plumbing(record(f, *args)))
    picture = place(graph, folds)
    if ax is None:
        ax = new_axes(picture.height)
        ax.figure.set_layout_engine("none")
        ax.set_position((0.0, 0.0, 1.0, 1.0))
    _draw(picture, ax)
    describe(ax, describe_graph(graph, folds))
    return ax


def _draw(picture: Picture, ax: Axes) -> None:
    scale = _fit(picture, ax)
    for way in picture.ways:
        _draw_way(way, picture.rightwards, ax, scale)
    for box in picture.boxes:
        _draw_box(box, picture.rightwards, ax, scale)
    for way in picture.ways:
        if way.label:
            _draw_label(way, ax, scale)


def _fit(picture: Picture, ax: Axes) -> float:
    """Give the Axes the picture's inches as coordinates; say how much it shrinks."""
    position = ax.get_position()
    width, height = ax.figure.get_size_inches() * (position.width, position.height)
    scale = min(1.0, width / picture.width, height / picture.height)
    ax.set_axis_off()
    ax.set_aspect("equal", adjustable="box", anchor="C")
    for set_limits, room, size in (
        (ax.set_xlim, width / scale, picture.width),
        (ax.set_ylim, height / scale, picture.height),
    ):
        set_limits((size - room) / 2, (size + room) / 2)
    return scale


def _draw_way(way: Way, rightwards: bool, ax: Axes, scale: float) -> None:
    comes_back = bool(way.gradients)
    depends = any(edge.start.depends_on_source for edge in way.edges)
    forward = ink(ax) if depends else blend(ax, ink(ax), 0.5)
    shift = _APART if comes_back else 0.0
    _draw_arrow(
        curve(way.points, rightwards, shift),
        ax,
        scale,
        color=forward,
        linewidth=(1.3 if depends else 0.9) * scale,
    )
    if comes_back:
        colour = accent(ax, 1) if way.is_finite else accent(ax, _BROKEN)
        look = {"color": colour, "linewidth": 1.4 * scale}
        look["linestyle"] = (
            (0, (1.2, 2.2)) if way.is_zero else line_style(ax, 1)["linestyle"]
        )
        _draw_arrow(curve(way.points, rightwards, -_APART)[::-1], ax, scale, **look)


def _draw_arrow(points: list, ax: Axes, scale: float, **look: Any) -> None:
    codes = [Path.MOVETO] + [Path.CURVE4] * (len(points) - 1)
    ax.add_patch(
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


def _draw_box(box: Box, rightwards: bool, ax: Axes, scale: float) -> None:
    node = box.node
    if node.kind != "constant":
        rounding = box.height / 2 if node.kind in ("argument", "variable") else 0.06
        ax.add_patch(
            FancyBboxPatch(
                (box.x - box.width / 2, box.y - box.height / 2),
                box.width,
                box.height,
                boxstyle=f"round,pad=0,rounding_size={min(rounding, 0.12)}",
                facecolor=ink(ax) if node.is_target else blend(ax, ink(ax), 0.04),
                edgecolor=blend(ax, ink(ax), 1.0 if node.is_source else 0.6),
                linewidth=(2.0 if node.is_source else 1.0) * scale,
                linestyle=":" if node.kind == "departure" else "-",
                zorder=3,
            )
        )
    one_line = not rightwards and node.kind in ("operation", "fold")
    left = box.x - sum(row.width for row in box.rows) / 2 - 0.06
    for number, row in enumerate(box.rows):
        x, y = box.x, box.y + ROW * ((len(box.rows) - 1) / 2 - number)
        if one_line:
            x, y = left + row.width / 2, box.y
            left += row.width + 0.12
        _write(
            x, y, row.text, row.size, _colour(row.kind, node.is_target, ax), ax, scale
        )


def _colour(kind: str, on_ink: bool, ax: Axes):
    if kind == "gradient":
        return accent(ax, 1)
    if kind == "missing":
        return accent(ax, _BROKEN)
    if on_ink:
        return blend(ax, ink(ax), 0.0)
    return blend(ax, ink(ax), 0.7 if kind == "sign" else 1.0)


def _draw_label(way: Way, ax: Axes, scale: float) -> None:
    broken = way.is_cut or not way.is_finite
    colour = accent(ax, _BROKEN) if broken else accent(ax, 1)
    _write(*way.label_at, way.label, SMALL_LETTERS, colour, ax, scale)
    if way.is_cut:
        middle = way.points[len(way.points) // 2 - 1 : len(way.points) // 2 + 1]
        (x0, y0), (x1, y1) = middle
        ax.plot(
            (x0 + x1) / 2,
            (y0 + y1) / 2,
            "x",
            color=colour,
            markersize=9 * scale,
            markeredgewidth=2.4 * scale,
            zorder=4,
        )


def _write(x, y, text, size, colour, ax, scale) -> None:
    ax.text(
        x,
        y,
        text,
        color=colour,
        fontsize=size * scale,
        ha="center",
        va="center_baseline",
        parse_math=False,
        zorder=5,
    )
