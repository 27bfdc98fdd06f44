"""Fixtures that the tests of figures share."""

import matplotlib as mpl
import pytest

mpl.use("agg")

from matplotlib import pyplot as plt


@pytest.fixture(autouse=True)
def no_figures():
    """Begin and leave every test without a figure."""
    plt.close("all")
    yield
    plt.close("all")


@pytest.fixture
def curve_of():
    """Return the data of a line of Axes, found by its label."""

    def find(ax, label):
        (line,) = (line for line in ax.lines if line.get_label() == label)
        return line.get_xdata(), line.get_ydata()

    return find
