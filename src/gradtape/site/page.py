"""``save_html``: a widget or a drawn tape as one page that needs no kernel."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes

from gradtape.clear_errors import clear_errors, shown
from gradtape.file_errors import refusal
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


@clear_errors("save_html(gt.draw_tape(lambda x: x**2, 3.0), 'tape.html')")
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
    path = _as_path(path)
    live = as_live(widget_or_drawing)
    content = page(live, say(en="gradtape", zh="gradtape")).encode()
    try:
        write_whole(path, content)
    except OSError as error:
        raise OSError(refusal(error, path)) from None
    return path


def _as_path(path: Any) -> Path:
    """Return the file of a page, or say what is wrong with its name."""
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(
            say(
                en=f"path is {shown(path)}; give the name of a file, such as 'tape.html', "
                "after what is to be saved",
                zh=f"path 是 {shown(path)}；请先写要保存的对象，再写文件名，例如 'tape.html'",
            )
        )
    name = os.fspath(path)
    if not name or "\0" in name or Path(name).is_dir():
        raise ValueError(
            say(
                en=f"path is {name!r}, which is no name of a file; give one, such as "
                "'tape.html'",
                zh=f"path 是 {name!r}，不是文件名；请给出文件名，例如 'tape.html'",
            )
        )
    if not Path(name).parent.is_dir():
        raise FileNotFoundError(
            say(
                en=f"there is no folder {Path(name).parent}; make it first, or name another",
                zh=f"没有文件夹 {Path(name).parent}；请先建好，或换一个",
            )
        )
    return Path(name)


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
        case TangentShown() as tangent:
            return live_tangent(tangent)
        case DescentShown() as descent:
            return live_descent(descent)
    raise TypeError(
        say(
            en=f"{shown(thing)} cannot be saved as a page; give what step_through_tape, "
            "explore_tangent, explore_descent or draw_tape returned (other figures: "
            "ax.figure.savefig)",
            zh=f"{shown(thing)} 无法保存为网页；请给出 step_through_tape、explore_tangent、"
            "explore_descent 或 draw_tape 返回的对象（其他图请用 ax.figure.savefig）",
        )
    )
