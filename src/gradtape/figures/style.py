"""What all figures share: size, colours, line styles, zero lines, legends."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cbook import normalize_kwargs
from matplotlib.colors import to_rgb, to_rgba, to_rgba_array
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from gradtape.clear_errors import shown
from gradtape.language import say

WIDTH = 7.2  # inches, the same in every lesson
HEIGHT = 4.2  # inches, for curves
TALL = 5.0  # inches, for pictures over the plane
MARK_SIZE = 6.0  # points

# The palette of Okabe and Ito (Color Universal Design, 2008), which people with any
# colour vision can tell apart; the lighter tones are for dark backgrounds.
_ON_LIGHT = ("#0072B2", "#D55E00", "#009E73", "#B0508F", "#8A6D00")
_ON_DARK = ("#56B4E9", "#E69F00", "#2FC9A0", "#E39BC6", "#F0E442")
_DASHES = (
    (0, (6, 2)),
    (0, (7, 2, 1.5, 2)),
    (0, (1.5, 1.6)),
    (0, (7, 1.8, 1.5, 1.8, 1.5, 1.8)),
    (0, (3, 1.5)),
)
_ROOM_BESIDE = 4.5  # inches of width from which a legend may stand beside the axes


def new_axes(height: float = HEIGHT, projection: str | None = None) -> Axes:
    """Return the axes of a new figure, as wide as every other, known to pyplot.

    The background is that of the style in use, made opaque, so that the figure can be
    read on a page of any colour.
    """
    *colour, opacity = to_rgba(plt.rcParams["figure.facecolor"])
    background = np.multiply(colour, opacity) + (1.0 - opacity)
    figure = plt.figure(
        figsize=(WIDTH, height), layout="constrained", facecolor=tuple(background)
    )
    return figure.add_subplot(projection=projection)


def on_dark(ax: Axes) -> bool:
    """Tell whether the axes have a dark background."""
    colour = np.zeros(3)
    rest = 1.0
    for patch in (ax.patch, ax.figure.patch):
        *layer, opacity = to_rgba(patch.get_facecolor())
        colour = colour + rest * opacity * np.array(layer)
        rest *= 1.0 - opacity
    colour = colour + rest
    return float(colour @ (0.299, 0.587, 0.114)) < 0.5


def ink(ax: Axes) -> str:
    """Return the colour of the function itself: dark on light, light on dark."""
    return "#F2F2F2" if on_dark(ax) else "#1A1A1A"


def accent(ax: Axes, number: int) -> str:
    """Return the colour of the derivative of an order, 1 for the first."""
    palette = _ON_DARK if on_dark(ax) else _ON_LIGHT
    return palette[(number - 1) % len(palette)]


def line_style(ax: Axes, order: int) -> dict[str, Any]:
    """Return colour, dashes and width of f (order 0) or of one of its derivatives."""
    if order == 0:
        return {"color": ink(ax), "linestyle": "-", "linewidth": 2.2, "zorder": 3.0}
    return {
        "color": accent(ax, order),
        "linestyle": _DASHES[(order - 1) % len(_DASHES)],
        "linewidth": 1.8,
        # Above f: where the two are equal, f shows between the dashes.
        "zorder": 3.0 + 0.05 * order,
    }


def blend(ax: Axes, colour: Any, share: float) -> tuple[float, float, float]:
    """Return a colour mixed with the background, which takes the rest of the share."""
    ground = np.array(to_rgb("black" if on_dark(ax) else "white"))
    return tuple(share * np.array(to_rgb(colour)) + (1.0 - share) * ground)


def derivative_name(order: int) -> str:
    """Return the name of f or of its derivative of an order, in mathematics."""
    if order <= 3:
        return f"$f{chr(39) * order}(x)$"
    return f"$f^{{({order})}}(x)$"


def line_keywords(keywords: dict[str, Any]) -> dict[str, Any]:
    """Return keywords of Axes.plot under their long names, or say what is wrong."""
    return artist_keywords(keywords, Line2D([], []))


def artist_keywords(
    keywords: dict[str, Any], artist: Artist, besides: Collection[str] = ()
) -> dict[str, Any]:
    """Return keywords for an artist under their long names, or say what is wrong.

    Parameters
    ----------
    keywords : dict
        What was given.
    artist : matplotlib.artist.Artist
        One of the kind, on which they are tried before a figure is made for nothing.
    besides : collection of str
        Keywords that belong to the function that makes the artist.
    """
    keywords = normalize_kwargs(keywords, artist)
    for name, value in keywords.items():
        if name in besides:
            continue
        try:
            artist.set(**{name: value})
            if name == "color" and not len(to_rgba_array(value)):
                raise ValueError
        except AttributeError:
            raise TypeError(
                say(
                    en=f"{name}={shown(value)} is no keyword here, nor one of "
                    f"matplotlib's {type(artist).__name__}; leave it out, or give one such "
                    "as color='C1' or linewidth=2",
                    zh=f"{name}={shown(value)} 不是这里的参数，matplotlib 的 "
                    f"{type(artist).__name__} 也没有；请去掉，或给出 color='C1'、"
                    "linewidth=2 这样的参数",
                )
            ) from None
        except (TypeError, ValueError):
            raise ValueError(
                say(
                    en=f"{name} is {shown(value)}, which matplotlib cannot use; give a "
                    "value such as color='C1', linewidth=2 or alpha=0.5",
                    zh=f"{name} 是 {shown(value)}，matplotlib 用不了；请给出 color='C1'、"
                    "linewidth=2、alpha=0.5 这样的值",
                )
            ) from None
    return keywords


def zero_line(ax: Axes) -> None:
    """Draw the line y = 0, thin and behind all."""
    ax.axhline(0.0, color=blend(ax, ink(ax), 0.55), linewidth=0.9, zorder=1.5)


def name_axes(ax: Axes, x: str, y: str = "") -> None:
    """Write the names of the axes where none stand yet."""
    if x and not ax.get_xlabel():
        ax.set_xlabel(x)
    if y and not ax.get_ylabel():
        ax.set_ylabel(y)


def show_range(
    ax: Axes, x: tuple[float, float], y: tuple[float, float], *, also: bool
) -> None:
    """Let the axes reach over a range; also over what they show, if so."""
    if also:
        before = ax.get_xlim(), ax.get_ylim()
        x, y = (
            (min(new[0], *old), max(new[1], *old))
            for new, old in zip((x, y), before, strict=True)
        )
    ax.set(xlim=x, ylim=y)


def name_mark(line: Line2D, name: str) -> None:
    """Let the legend explain a line by more than its label, where there is room."""
    line.gradtape_name = name


def _legend_entries(ax: Axes) -> tuple[list[Artist], list[str]]:
    handles, labels = ax.get_legend_handles_labels()
    labels = [
        getattr(handle, "gradtape_name", label)
        for handle, label in zip(handles, labels, strict=True)
    ]
    for line in ax.lines:
        name = getattr(line, "gradtape_name", "")
        if name and name not in labels:
            handles, labels = [*handles, line], [*labels, name]
    return handles, labels


def place_legend(ax: Axes) -> None:
    """Put the legend where it covers no curve.

    Beside the axes if the figure makes room for it, else in a corner that the curves
    leave free, else below the axes, or above them where no room is made below.
    """
    handles, labels = _legend_entries(ax)
    if not labels:
        return
    look = {"frameon": False, "handlelength": 2.6, "borderaxespad": 0.3}
    look |= {"handles": handles, "labels": labels}
    width, height = _inches(ax)
    makes_room = ax.figure.get_layout_engine() is not None
    if makes_room and width >= _ROOM_BESIDE:
        ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), **look)
        return
    if _free_corner(ax, width, height):
        # Over contour lines and arrows the words need a ground of their own.
        ground = {"frameon": True, "framealpha": 0.85, "edgecolor": "none"}
        ax.legend(loc="best", **look | (ground if ax.collections else {}))
        return
    if not makes_room:  # there is some for one row, of curves alone
        handles, labels = ax.get_legend_handles_labels()
        look |= {"handles": handles, "labels": labels}
        if not labels:
            return
    columns = max(1, min(len(labels), int(width / 1.1)))
    look |= {"ncols": columns, "columnspacing": 1.2}
    if makes_room:
        below = ScaledTranslation(0.0, -_below_labels(ax), ax.figure.dpi_scale_trans)
        look["bbox_transform"] = ax.transAxes + below
        ax.legend(loc="upper left", bbox_to_anchor=(0.0, 0.0), **look)
    else:
        ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.01), **look)


def _below_labels(ax: Axes) -> float:
    """Return how many inches the numbers and the name of the x axis take."""
    axis = ax.xaxis
    numbers = max((text.get_size() for text in axis.get_ticklabels()[:1]), default=10.0)
    points = axis.get_tick_padding() + 1.3 * numbers
    return (points + axis.labelpad + 1.5 * axis.label.get_size()) / 72.0


def _inches(ax: Axes) -> tuple[float, float]:
    box = ax.get_position()
    width, height = ax.figure.get_size_inches()
    return box.width * width, box.height * height


def _free_corner(ax: Axes, width: float, height: float) -> bool:
    """Tell whether a legend fits into a corner of the axes without covering a line."""
    labels = _legend_entries(ax)[1]
    letter = plt.rcParams["font.size"] / 72.0
    longest = max((len(label.replace("$", "")) for label in labels), default=0)
    across = (3.6 + 0.62 * longest) * letter / width
    down = (0.6 + 1.5 * len(labels)) * letter / height
    points = np.concatenate(
        [
            ax.transAxes.inverted().transform(line.get_transform().transform(path))
            for line in ax.lines
            if len(path := _dense(line.get_xydata()))
        ]
        or [np.empty((0, 2))]
    )
    x, y = points.T
    return any(
        not np.any((x > left) & (x < left + across) & (y > low) & (y < low + down))
        for left in (0.0, 1.0 - across)
        for low in (0.0, 1.0 - down)
    )


def _dense(points: np.ndarray) -> np.ndarray:
    """Return the points of a line with points in between, for lines of few points."""
    if not 2 <= len(points) < 50:
        return points
    at = np.linspace(0, len(points) - 1, 200)
    return np.column_stack(
        [np.interp(at, np.arange(len(points)), column) for column in points.T]
    )
