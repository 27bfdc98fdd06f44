"""Functions against their derivatives, as matplotlib Axes.

Each function draws into the Axes given or makes a figure, returns the Axes, and lets it
carry a description in words and numbers (:mod:`gradtape.plots.description`).
"""

from gradtape.plots.derivatives import plot_derivatives
from gradtape.plots.descent import plot_descent
from gradtape.plots.gradient_field import plot_gradient_field
from gradtape.plots.step_error import plot_step_error
from gradtape.plots.surface import plot_surface
from gradtape.plots.tangent import plot_tangent
from gradtape.plots.taylor import plot_taylor

__all__ = [
    "plot_derivatives",
    "plot_descent",
    "plot_gradient_field",
    "plot_step_error",
    "plot_surface",
    "plot_tangent",
    "plot_taylor",
]
