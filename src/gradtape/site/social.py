"""The picture that stands beside a link to the site where links are shown as cards."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure

from gradtape.figures import plot_tangent

_INCHES, _DOTS_PER_INCH = (12.0, 6.3), 100  # 1200 by 630 pixels, as cards want them


def draw_social_picture(path: Path) -> None:
    """Draw a curve with a tangent from the tape, and the project's name.

    Parameters
    ----------
    path : Path
        The PNG file.
    """
    import tensorflow as tf

    figure = Figure(_INCHES, dpi=_DOTS_PER_INCH, facecolor="white")
    ax = figure.add_axes((0.5, 0.14, 0.45, 0.74))
    plot_tangent(tf.sin, at=0.8, interval=(-3.0, 3.0), ax=ax)
    figure.text(0.06, 0.56, "gradtape", fontsize=54, weight="bold")
    figure.text(0.06, 0.42, "tf.GradientTape", fontsize=30, family="monospace")
    figure.savefig(path, metadata={"Software": None})
