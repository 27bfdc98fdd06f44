"""The artists of a drawn graph: boxes, arrows, labels and marks on given Axes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from gradtape.figures.description import mark_described
from gradtape.figures.style import accent, blend, ink, line_style
from gradtape.tape.drawing.boxes import ROW, SMALL_LETTERS, SPACE, Box
from gradtape.tape.drawing.picture import APART, Picture, Route, curve

_BROKEN = 2  # What is missing or no number has the colour of the second derivative.
_ACCENTS = {"gradient": 1, "missing": _BROKEN, "speed": 4}
_DOTS = (0, (1.2, 2.2))


@dataclass(frozen=True)
class Strokes:
    """The artists of one box or route.

    Attributes
    ----------
    forward : list of matplotlib.artist.Artist
        What belongs to the values.
    back : list of matplotlib.artist.Artist
        What belongs to the gradients.
    """

    forward: list[Artist] = field(default_factory=list)
    back: list[Artist] = field(default_factory=list)


def inches(ax: Axes) -> tuple[float, float]:
    """Return the width and height of Axes on the page."""
    position = ax.get_position()
    width, height = ax.figure.get_size_inches()
    return position.width * width, position.height * height


def draw_picture(picture: Picture, ax: Axes) -> dict[Box | Route, Strokes]:
    """Draw boxes and routes that have their places.

    Parameters
    ----------
    picture : Picture
        What to draw.
    ax : matplotlib.axes.Axes
        Where to draw it: in the middle, as large as it fits.

    Returns
    -------
    dict of Box or Route to Strokes
        The artists of each.
    """
    width, height = inches(ax)
    scale = picture.scale(width, height)
    ax.set_axis_off()
    ax.set_aspect("equal", adjustable="box", anchor="C")
    # One unit is one inch of the picture, which lies in the middle.
    across, up = width / scale, height / scale
    ax.set_xlim((picture.width - across) / 2, (picture.width + across) / 2)
    ax.set_ylim((picture.height - up) / 2, (picture.height + up) / 2)
    boxes = {box: _draw_box(box, ax, scale) for box in picture.boxes}
    return boxes | {
        route: _draw_route(route, picture.rightwards, ax, scale)
        for route in picture.routes
    }


def _draw_route(route: Route, rightwards: bool, ax: Axes, scale: float) -> Strokes:
    depends = any(edge.start.depends_on_source for edge in route.edges)
    forward = _draw_arrow(
        curve(route.points, rightwards, -APART if route.gradients else 0.0),
        ax,
        scale,
        color=ink(ax) if depends else blend(ax, ink(ax), 0.5),
        linewidth=(1.3 if depends else 0.9) * scale,
    )
    strokes = Strokes([forward])
    if not route.label:
        return strokes
    is_sound = route.gradients and route.is_finite
    colour = accent(ax, 1 if is_sound else _BROKEN)
    if route.gradients:
        back = _draw_arrow(
            curve(route.points, rightwards, APART)[::-1],
            ax,
            scale,
            color=colour,
            linewidth=1.4 * scale,
            linestyle=_DOTS if route.is_zero else line_style(ax, 1)["linestyle"],
        )
        strokes.back.append(back)
    side = "center" if rightwards else "left"
    label = _write(*route.label_at, route.label, SMALL_LETTERS, colour, ax, scale, side)
    strokes.back.append(label)
    if route.is_cut or route.is_zero:
        x, y = route.mark_at
        if route.is_zero:  # The ring lies on the way back, the cross on the only route.
            x, y = (x, y + APART) if rightwards else (x + APART, y)
        (mark,) = ax.plot(
            x,
            y,
            "x" if route.is_cut else "o",
            color=colour,
            markerfacecolor=blend(ax, ink(ax), 0.0),
            markersize=(9.0 if route.is_cut else 6.0) * scale,
            markeredgewidth=(2.4 if route.is_cut else 1.4) * scale,
            zorder=4,
        )
        mark_described(mark)
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
    left = box.x - box.text_width / 2
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


def _colour(kind: str, on_ink: bool, ax: Axes) -> Any:
    if on_ink:
        return blend(ax, ink(ax), 0.0)
    if kind in _ACCENTS:
        return accent(ax, _ACCENTS[kind])
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
