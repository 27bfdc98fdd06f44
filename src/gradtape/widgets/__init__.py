"""Figures that answer: sliders in a notebook, with numbers from the tape.

A widget is a picture, its controls and a sentence. A move draws only what moves, on top
of a picture of the rest. Where no widget can run, such as a printed page or a site that
shows notebooks, the figure of the first moment is shown, or the table of all steps.
"""

from gradtape.widgets.descent import explore_descent
from gradtape.widgets.steps import step_through_tape
from gradtape.widgets.tangent import explore_tangent

__all__ = ["explore_descent", "explore_tangent", "step_through_tape"]
