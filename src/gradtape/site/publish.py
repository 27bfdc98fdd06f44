"""In a kernel that runs a lesson for the site: show drawings as they answer there.

A widget, and a figure that holds a drawn tape alone, become HTML with the numbers that
TensorFlow computed; a prediction becomes a choice. The page has the scripts.
"""

from __future__ import annotations

from IPython import get_ipython
from IPython.display import HTML, display
from matplotlib.figure import Figure

import gradtape
from gradtape.display import show_figure
from gradtape.site.live import fragment
from gradtape.site.page import as_live
from gradtape.site.predictions import predict
from gradtape.tape.drawing.drawing import drawn_on
from gradtape.widgets.explorer import Explorer


def show_live() -> None:
    """Show what follows in this kernel as it answers in a page."""
    formatter = get_ipython().display_formatter.ipython_display_formatter
    formatter.for_type(Explorer, _show)
    formatter.for_type(Figure, _show_figure)
    gradtape.predict = predict


def _show(explorer: Explorer) -> None:
    display(HTML(fragment(as_live(explorer))))


def _show_figure(figure: Figure) -> None:
    if len(figure.axes) == 1 and drawn_on(figure.axes[0]):
        display(HTML(fragment(as_live(figure.axes[0]))))
    else:
        show_figure(figure)
