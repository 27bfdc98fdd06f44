"""Show a figure or a widget in a notebook, together with what it shows in words.

What a notebook stores is a picture in few bytes with its description: as plain text,
as alternative text, and as a line that only a screen reader meets.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping
from typing import Any

from IPython.display import publish_display_data
from matplotlib.figure import Figure
from PIL import Image

from gradtape.figures.description import description

# An inch of the figure is an inch of the page, which browsers count as 96 pixels, so
# that 10 points are 10 points in both. It is stored with half as many pixels again, for
# screens that put several pixels where others put one.
PIXELS_PER_INCH = 144
SHOWN_SCALE = 96 / PIXELS_PER_INCH

_HIDDEN_FROM_SIGHT = (
    "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)"
)


def show_figure(figure: Figure, live: Mapping[str, Any] | None = None) -> None:
    """Display a figure as PNG together with its description.

    JupyterLab gives an image no alternative text, whatever its metadata says; hence the
    second output, a line of text that takes no room on the screen.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    live : mapping of str to object, optional
        What is shown in its place where it can be: the output of a widget.
    """
    words = description(figure)
    image = _picture(figure)
    png = io.BytesIO()
    image.save(png, format="png", optimize=True)
    data = {
        "image/png": base64.b64encode(png.getvalue()).decode(),
        "text/plain": words,
    }
    shown = {
        "alt": words,
        "width": round(image.width * SHOWN_SCALE),
        "height": round(image.height * SHOWN_SCALE),
    }
    publish_display_data(data | dict(live or {}), {"image/png": shown})
    hidden = f'<p style="{_HIDDEN_FROM_SIGHT}">{html.escape(words)}</p>'
    publish_display_data({"text/html": hidden})


def _picture(figure: Figure) -> Image.Image:
    """Draw a figure in 256 colours, all that it has; it makes a third of the bytes."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=PIXELS_PER_INCH)
    return Image.open(drawn).convert("RGB").quantize(256)


def show_table(table: str, words: str, live: Mapping[str, Any] | None = None) -> None:
    """Display a table as HTML, and as plain text where there is no HTML.

    Parameters
    ----------
    table : str
        The table in HTML.
    words : str
        The same in plain text.
    live : mapping of str to object, optional
        What is shown in its place where it can be: the output of a widget.
    """
    publish_display_data(
        {"text/html": table, "text/plain": words} | dict(live or {}), {}
    )
