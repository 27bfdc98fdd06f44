"""What a figure of a learner is asked to show."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from gradtape.exercises.drawings import has_curve
from gradtape.exercises.exercise import Wrong


def drawn(*pieces):
    ax = Figure().subplots()
    for low, high in pieces:
        x = np.linspace(low, high, 50)
        ax.plot(x, x**2)
    return ax


@pytest.mark.parametrize("pieces", [[(-1, 1)], [(-1, 0), (0, 1)], [(0, 1), (-1, 0)]])
def test_a_curve_may_be_drawn_in_pieces(pieces):
    has_curve(drawn(*pieces), np.square, (-1, 1), name="`f`")


@pytest.mark.parametrize("pieces", [[(-0.5, 1)], [(-1, 0.5)], [(-0.5, 0), (0, 1)]])
def test_a_curve_that_ends_too_early_is_told(pieces):
    with pytest.raises(Wrong, match="0.5"):
        has_curve(drawn(*pieces), np.square, (-1, 1), name="`f`")
