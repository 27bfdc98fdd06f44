"""Faults in figures of many kinds change what is said of them."""

import matplotlib as mpl
import pytest

mpl.use("agg")

from matplotlib import pyplot as plt

from gradtape.regression.description import describe_figure
from gradtape.regression.outputs import compare_outputs

from ..benchmarks.gallery import FIGURES, faults


@pytest.fixture(autouse=True)
def no_figures():
    """Leave every test without a figure."""
    yield
    plt.close("all")


def output(figure):
    return [
        {"output_type": "display_data", "data": {"text/plain": describe_figure(figure)}}
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES)
def test_each_fault_of_a_figure_is_told(name):
    draw, _ = FIGURES[name]
    right = output(draw())
    assert not compare_outputs(right, output(draw()))
    for figure, fault, wrong in faults():
        if figure == name and fault:
            assert compare_outputs(right, output(wrong())), fault
            plt.close("all")


def test_bars_that_change_places_are_told_though_their_sum_is_the_same():
    draw, _ = FIGURES["bars"]
    assert "height 3, 5, 2, 6" in describe_figure(draw())
    assert "height 3, 2, 5, 6" in describe_figure(draw(heights=(3, 2, 5, 6)))


def test_numbers_far_from_0_are_written_from_a_whole_number_on():
    figure, ax = plt.subplots()
    ax.plot([19723, 19724], [1, 2])
    assert "x 0, 1 beyond 19723" in describe_figure(figure)
