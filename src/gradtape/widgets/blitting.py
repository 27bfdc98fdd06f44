"""A figure of which little moves: the rest is drawn once and kept as a picture."""

from __future__ import annotations

import io
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from PIL import Image

from gradtape.display import PIXELS_PER_INCH, SHOWN_SCALE
from gradtape.figures.style import WIDTH

_FLAT = 1e-9  # A range this small beside its values is that of a constant.


class BlittedFigure:
    """A figure that is drawn again quickly, because only some of its artists move.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, complete: where its axes lie does not change any more.
    moving : sequence of matplotlib.artist.Artist
        What moves, in the order in which it is drawn.

    Attributes
    ----------
    width : int
        The width on the page, in pixels.
    """

    def __init__(self, figure: Figure, moving: Sequence[Artist]) -> None:
        self._figure, self._moving = figure, moving
        figure.set_dpi(PIXELS_PER_INCH)
        self.width = round(figure.get_figwidth() * PIXELS_PER_INCH * SHOWN_SCALE)
        self._canvas = FigureCanvasAgg(figure)
        for artist in moving:
            artist.set_animated(True)
        self._canvas.draw()
        figure.set_layout_engine("none")
        self._still = self._canvas.copy_from_bbox(figure.bbox)

    def draw(self) -> bytes:
        """Return the figure of this moment as PNG."""
        self._canvas.restore_region(self._still)
        for artist in self._moving:
            artist.draw(self._canvas.get_renderer())
        return as_png(np.asarray(self._canvas.buffer_rgba()))


def as_png(pixels: np.ndarray) -> bytes:
    """Return a picture as PNG.

    Parameters
    ----------
    pixels : numpy.ndarray of uint8, shape (height, width, 4)
        The picture; its opacity is left out.
    """
    png = io.BytesIO()
    opaque = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
    # Strong compression would take longer than all the drawing.
    opaque.save(png, format="png", compress_level=1)
    return png.getvalue()


def new_figure(height: float) -> Figure:
    """Return a figure, as wide as every other, that pyplot does not know.

    The background is that of the style in use, made opaque, so that the figure can be
    read on a page of any colour.
    """
    *colour, opacity = to_rgba(plt.rcParams["figure.facecolor"])
    background = np.multiply(colour, opacity) + (1.0 - opacity)
    return Figure(
        figsize=(WIDTH, height), layout="constrained", facecolor=tuple(background)
    )


def set_height(ax: Axes, low: float, high: float) -> None:
    """Let the y axis show a range with some room; a constant lies in the middle."""
    size = max(abs(low), abs(high))
    is_flat = high - low <= _FLAT * size
    room = (0.5 * size if is_flat else 0.12 * (high - low)) or 1.0
    ax.set_ylim(low - room, high + room)
