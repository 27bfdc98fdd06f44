"""A drawing that grows from frame to frame, forwards and backwards in little time.

Each frame adds artists to the one before. What lies under them is kept, so that a frame
can be taken back again without drawing the others anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from gradtape.display import PIXELS_PER_INCH, SHOWN_SCALE
from gradtape.widgets.blitting import as_png

_PALE = 0.25  # the opacity of what is still to come
_HIGHEST = 5.4  # inches: of a higher drawing only the part around the marks is shown
_RIM = 12.0  # pixels around an artist that arrowheads and broad lines may need


class Frames:
    """A figure in frames.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, complete.
    outlines : sequence of matplotlib.artist.Artist
        What is seen from the beginning, pale.
    news : sequence of sequence of matplotlib.artist.Artist
        What each frame adds.
    marks : sequence of sequence of matplotlib.artist.Artist
        What lies over a single frame.

    Attributes
    ----------
    number : int
        The frame that is to be drawn.
    width : int
        The width on the page, in pixels.
    """

    def __init__(
        self,
        figure: Figure,
        outlines: Sequence[Artist],
        news: Sequence[Sequence[Artist]],
        marks: Sequence[Sequence[Artist]],
    ) -> None:
        self.number = 0
        self._news = [sorted(each, key=Artist.get_zorder) for each in news]
        self._marks = marks
        figure.set_dpi(PIXELS_PER_INCH)
        self.width = round(figure.get_figwidth() * PIXELS_PER_INCH * SHOWN_SCALE)
        self._canvas = FigureCanvasAgg(figure)
        for ax in figure.axes:
            for artist in ax.get_children():
                artist.set_animated(True)
        self._canvas.draw()
        for artist in sorted(outlines, key=Artist.get_zorder):
            opacity = artist.get_alpha()
            artist.set_alpha(_PALE)
            artist.draw(self._canvas.get_renderer())
            artist.set_alpha(opacity)
        self._beneath: list[Any] = []

    def draw(self) -> bytes:
        """Return the frame as PNG."""
        while len(self._beneath) > self.number + 1:
            self._take_back(self._beneath.pop())
        for news in self._news[len(self._beneath) : self.number + 1]:
            self._beneath.append(self._put(news))
        marks = self._marks[self.number]
        beneath = self._put(marks)
        png = as_png(self._pixels(marks))
        self._take_back(beneath)
        return png

    def _put(self, artists: Sequence[Artist]) -> Any:
        """Draw artists; return what lay beneath them."""
        if not artists:
            return None
        renderer = self._canvas.get_renderer()
        place = _place(artists, renderer)
        beneath = self._canvas.copy_from_bbox(place)
        for artist in artists:
            artist.draw(renderer)
        return beneath

    def _take_back(self, beneath: Any) -> None:
        if beneath is not None:
            self._canvas.restore_region(beneath)

    def _pixels(self, marks: Sequence[Artist]) -> np.ndarray:
        """Return the picture, or as much of it around the marks as a page can show."""
        pixels = np.asarray(self._canvas.buffer_rgba())
        most = round(_HIGHEST * PIXELS_PER_INCH)
        if len(pixels) <= most or not marks:
            return pixels[:most]
        place = _place(marks, self._canvas.get_renderer())
        middle = len(pixels) - (place.y0 + place.y1) / 2
        top = round(min(max(middle - most / 2, 0), len(pixels) - most))
        return pixels[top : top + most]


def _place(artists: Sequence[Artist], renderer: Any) -> Bbox:
    """Return the part of the picture that artists lie in, in whole pixels."""
    extents = [artist.get_window_extent(renderer) for artist in artists]
    whole = Bbox.union(extents).padded(_RIM)
    low = np.maximum(np.floor(whole.min), 0)
    high = np.minimum(np.ceil(whole.max), (renderer.width, renderer.height))
    return Bbox([low, high])
