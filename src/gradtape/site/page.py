"""``save_html``: a widget or a drawn tape as one page that needs no kernel."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes

from gradtape.files import write_whole
from gradtape.language import say
from gradtape.site.descent import live_descent
from gradtape.site.live import Live, page
from gradtape.site.tangent import live_tangent
from gradtape.site.tape import live_tape
from gradtape.tape.drawing.drawing import drawn_on
from gradtape.widgets.descent import DescentShown
from gradtape.widgets.explorer import Explorer
from gradtape.widgets.steps import TapeShown
from gradtape.widgets.tangent import TangentShown


def save_html(widget_or_drawing: Any, path: str | os.PathLike) -> Path:
    """Save a widget, or a drawn tape, as one page that needs no kernel and no network.

    The page holds what TensorFlow computed: every step of a tape, every place of a
    slider. It answers to mouse, touch and keyboard, follows the reader's choice of a
    light or dark page and of reduced motion, and says in words what it shows. It can be
    opened in a browser, or embedded by an ``iframe`` in slides, in a learning platform
    or in any other page.

    Parameters
    ----------
    widget_or_drawing : Explorer or matplotlib.axes.Axes
        What ``step_through_tape``, ``explore_tangent``, ``explore_descent`` or
        ``draw_tape`` returned.
    path : str or path-like
        The file, such as ``"tape.html"``; one that exists is replaced.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    TypeError
        If there is nothing behind it that a page could show.
    OSError
        If the file cannot be written.

    Notes
    -----
    The page of ``explore_descent`` begins where the widget began and offers some learning
    rates and some momenta; a widget computes any of them when it is asked.

    Examples
    --------
    >>> import tempfile
    >>> import gradtape as gt
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = gt.save_html(gt.draw_tape(lambda x: x**2, 3.0), f"{folder}/tape.html")
    ...     text = page.read_text("utf-8")
    >>> "= 6" in text and "http" not in text
    True
    """
    path = Path(path)
    live = as_live(widget_or_drawing)
    write_whole(path, page(live, say(en="gradtape", zh="gradtape")).encode())
    return path


def as_live(thing: Any) -> Live:
    """Return what a page shows of a widget or a drawn tape.

    Raises
    ------
    TypeError
        If it is neither.
    """
    if isinstance(thing, Axes) and (drawn := drawn_on(thing)):
        return live_tape(drawn, from_the_end=True)
    match getattr(thing, "shown", None) if isinstance(thing, Explorer) else None:
        case TapeShown(drawn):
            return live_tape(drawn, from_the_end=False)
        case TangentShown() as shown:
            return live_tangent(shown)
        case DescentShown() as shown:
            return live_descent(shown)
    raise TypeError(
        f"{thing!r} cannot be saved as a page; give what step_through_tape, "
        "explore_tangent, explore_descent or draw_tape returned (other figures: "
        "ax.figure.savefig)"
    )
