"""A picture with its controls, and the numbers of the moment below."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import ipywidgets
from matplotlib.figure import Figure

from gradtape.display import show_figure
from gradtape.figures.description import description
from gradtape.language import say
from gradtape.widgets.blitting import BlittedFigure

_LONGEST_REASON = 200  # letters
# What TensorFlow puts around the sentence that says what went wrong.
_MACHINERY = re.compile(r"\{\{[^}]*\}\}\s*|\s*\[Op:.*", re.DOTALL)


class Still(NamedTuple):
    """What stands for a widget where no widget can run.

    Attributes
    ----------
    words : str
        What it shows, in words.
    show : callable
        Displays it in a notebook, with what a notebook that can shows in its place.
    """

    words: str
    show: Callable[[Mapping[str, Any]], None]


def still_figure(figure: Figure) -> Still:
    """Let a figure stand for a widget."""
    return Still(description(figure), lambda live: show_figure(figure, live))


class Explorer(ipywidgets.VBox):
    """A figure that answers its controls.

    Every control is an attribute of its own name, so that code can move it as well.

    Parameters
    ----------
    blitted : BlittedFigure
        The figure.
    controls : dict of str to ipywidgets.Widget
        What one moves, by name.
    move : callable
        Called after each move: changes what moves in the figure and returns the numbers
        of the moment. It may fail; then the reason is shown in their place.
    clear : callable
        Called if a move failed: takes away what belongs to no point.
    still : Still
        What is shown where no widget can run.
    shown : object
        What the figure was made from, for a page without a kernel.

    Attributes
    ----------
    picture : ipywidgets.Image
        The figure of this moment.
    message : ipywidgets.HTML
        The numbers of this moment, or why there are none.
    """

    def __init__(
        self,
        blitted: BlittedFigure,
        controls: dict[str, ipywidgets.Widget],
        move: Callable[[], str],
        clear: Callable[[], None],
        still: Still,
        shown: object = None,
    ) -> None:
        self._blitted, self._move, self._clear, self._still = (
            blitted,
            move,
            clear,
            still,
        )
        self.picture = ipywidgets.Image(format="png", width=blitted.width)
        self.message = ipywidgets.HTML()
        self.shown = shown
        self._controls = tuple(controls.values())
        for name, control in controls.items():
            setattr(self, name, control)
            control.observe(self._answer, "value")
        super().__init__([self.picture, *self._controls, self.message])
        self._answer()

    def _answer(self, change: object = None) -> None:
        try:
            told = html.escape(self._move())
        except Exception as error:  # noqa: BLE001 - f is the learner's
            self._clear()
            told = f"<b>{html.escape(reason(error))}</b>"
        self.picture.value = self._blitted.draw()
        self.message.value = told

    def _ipython_display_(self) -> None:
        # What ipywidgets 8 says of itself, and ipywidgets 7 can't be asked for.
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        self._still.show({"application/vnd.jupyter.widget-view+json": view})

    def __repr__(self) -> str:
        """Return in words what is shown where no widget can run."""
        return self._still.words

    def close(self) -> None:
        """Take the widget off the page, with all that belongs to it."""
        for part in (*self.children, *self._controls):
            part.unobserve_all()
            part.close()
        super().close()


def reason(error: Exception) -> str:
    """Say in one line what an error says, without TensorFlow's own machinery.

    Examples
    --------
    >>> reason(ValueError("no road here"))
    'f fails here: no road here'
    """
    first, *_ = _MACHINERY.sub("", str(error)).strip().split("\n")
    if isinstance(error, NoAnswer):
        return first
    told = first or type(error).__name__
    if len(told) > _LONGEST_REASON:
        told = told[: _LONGEST_REASON - 1] + "…"
    return say(en=f"f fails here: {told}", zh=f"f 在这里出错：{told}")


class NoAnswer(ValueError):
    """There is nothing to show here, and the message says why."""
