"""Learn TensorFlow's ``tf.GradientTape``: derivatives, figures, lessons that check.

Every public name is here; nothing below is imported before its name is used, so that
``import gradtape`` is instant and comes before TensorFlow, which it keeps quiet.
"""

import contextlib as _contextlib

import lazy_loader as _lazy

from gradtape import quiet as _quiet

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "calculus.derivatives": [
            "derivatives",
            "hessian",
            "jacobian",
            "value_and_gradient",
        ],
        "exercises": ["check", "hint", "predict", "progress", "quiz"],
        "calculus.check": ["check_gradients"],
        "notebook": ["start"],
        "figures": [
            "plot_derivatives",
            "plot_descent",
            "plot_gradient_field",
            "plot_gradient_flow",
            "plot_jacobian",
            "plot_step_error",
            "plot_surface",
            "plot_tangent",
            "plot_taylor",
        ],
        "site": ["save_html"],
        "tape": ["draw_tape", "explain_gradient"],
        "widgets": ["explore_descent", "explore_tangent", "step_through_tape"],
    },
)


def _watch_tapes() -> None:
    """See from now on what the blocks of tapes do, for ``explain_gradient``.

    Where a TensorFlow is not as expected, importing it must succeed all the same;
    ``explain_gradient`` says then what it cannot see.
    """
    with _contextlib.suppress(Exception):
        from gradtape.tape.record.blocks import install

        install()


_quiet.quiet_start(then=_watch_tapes)
