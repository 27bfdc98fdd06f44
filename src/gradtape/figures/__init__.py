"""Functions against their derivatives, as matplotlib Axes.

Each function draws into the Axes given or makes a figure, returns the Axes, and lets it
carry a description in words and numbers (:mod:`gradtape.figures.description`).
"""

from gradtape.figures.derivatives import plot_derivatives
from gradtape.figures.descent import plot_descent
from gradtape.figures.gradient_field import plot_gradient_field
from gradtape.figures.gradient_flow import plot_gradient_flow
from gradtape.figures.jacobian import plot_jacobian
from gradtape.figures.step_error import plot_step_error
from gradtape.figures.surface import plot_surface
from gradtape.figures.tangent import plot_tangent
from gradtape.figures.taylor import plot_taylor

__all__ = [
    "plot_derivatives",
    "plot_descent",
    "plot_gradient_field",
    "plot_gradient_flow",
    "plot_jacobian",
    "plot_step_error",
    "plot_surface",
    "plot_tangent",
    "plot_taylor",
]
