"""What every plot function owes to matplotlib."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf

from gradtape.figures import (
    plot_derivatives,
    plot_descent,
    plot_gradient_field,
    plot_step_error,
    plot_surface,
    plot_tangent,
    plot_taylor,
)
from gradtape.figures.description import description
from gradtape.language import set_language


def bowl(x, y):
    return x**2 + x * y + y**2


PLOTS = {
    "derivatives": lambda **more: plot_derivatives(tf.sin, (-7, 7), order=2, **more),
    "pole": lambda **more: plot_derivatives(tf.tan, (-2, 2), order=1, **more),
    "tangent": lambda **more: plot_tangent(lambda x: x**4, 3.0, (0, 4), **more),
    "taylor": lambda **more: plot_taylor(tf.sin, 0.0, (-6, 6), **more),
    "step error": lambda **more: plot_step_error(lambda x: x**4, 3.0, **more),
    "gradient field": lambda **more: plot_gradient_field(
        bowl, (-2, 2), (-2, 2), **more
    ),
    "surface": lambda **more: plot_surface(bowl, (-2, 2), (-2, 2), **more),
    "descent": lambda **more: plot_descent(
        tf.square, 2.0, learning_rate=0.3, steps=5, **more
    ),
    "descent in the plane": lambda **more: plot_descent(
        bowl, (2.0, 1.0), learning_rate=0.1, steps=5, **more
    ),
}
WITH_LEGEND = ("derivatives", "pole", "tangent", "taylor", "step error")
STYLES = ["default", "dark_background", "ggplot", "grayscale", "seaborn-v0_8"]

every_plot = pytest.mark.parametrize("name", PLOTS)


def new_axes(name, **more):
    kind = {"projection": "3d"} if name == "surface" else {}
    return plt.subplots(subplot_kw=kind, **more)


@every_plot
def test_it_returns_the_axes_given_and_draws_into_them(name):
    figure, ax = new_axes(name)
    assert PLOTS[name](ax=ax) is ax
    assert ax.has_data()
    assert plt.get_fignums() == [figure.number]


@every_plot
def test_without_axes_it_makes_one_figure(name):
    ax = PLOTS[name]()
    assert plt.get_fignums() == [ax.figure.number]
    assert ax.figure.get_figwidth() == pytest.approx(7.2)


@every_plot
def test_it_leaves_the_state_of_matplotlib_alone(name):
    _, ax = new_axes(name)
    current, other = plt.subplots()
    before = dict(mpl.rcParams)
    PLOTS[name](ax=ax)
    assert plt.gcf() is current
    assert plt.gca() is other
    assert dict(mpl.rcParams) == before
    assert not other.has_data()
    PLOTS[name]()
    assert dict(mpl.rcParams) == before


@every_plot
def test_it_carries_its_description_in_both_languages(name):
    _, ax = new_axes(name)
    english = description(PLOTS[name](ax=ax).figure)
    set_language("zh")
    chinese = description(PLOTS[name]().figure)
    assert english.isascii()
    assert english.endswith(".")
    assert chinese.endswith("。")
    assert "A figure" not in english
    assert "一幅图" not in chinese


def test_labels_are_described_without_the_signs_of_typesetting():
    figure, ax = plt.subplots()
    ax.plot([0, 1], [0, 1], label=r"$\mathrm{round}(\theta)$")
    ax.set_xlabel(r"$|\,\Delta x\,|$")
    assert "curve round(θ)," in description(figure)
    assert "|Δ x|" in description(figure)


@every_plot
@pytest.mark.parametrize("style", STYLES)
def test_it_can_be_read_in_any_style(name, style):
    with plt.style.context(style):
        ax = PLOTS[name]()
        ax.figure.canvas.draw()
        ground = np.array(mpl.colors.to_rgb(ax.get_facecolor()))
        for line in ax.lines:
            if line.get_label().startswith("$"):
                ink = np.array(mpl.colors.to_rgb(line.get_color()))
                assert np.abs(ink - ground).max() > 0.35


@every_plot
@pytest.mark.parametrize("layout", ["constrained", "none"])
def test_nothing_is_cut_off(name, layout):
    if layout == "none":
        kind = {"projection": "3d"} if name == "surface" else {}
        figure, axes = plt.subplots(
            2, 2, figsize=(9, 7), layout=layout, subplot_kw=kind
        )
        ax = axes[0, 0]
        PLOTS[name](ax=ax)
    else:
        ax = PLOTS[name]()
        figure = ax.figure
    figure.canvas.draw()
    frame = figure.bbox
    extent = ax.get_tightbbox()
    assert extent.x0 >= frame.x0 - 1
    assert extent.y0 >= frame.y0 - 1
    assert extent.x1 <= frame.x1 + 1
    assert extent.y1 <= frame.y1 + 1


@pytest.mark.parametrize("name", WITH_LEGEND)
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("layout", ["constrained", "none"])
def test_no_legend_covers_a_curve(name, rows, layout):
    figure, axes = plt.subplots(
        rows, rows, figsize=(9, 9), layout=layout, squeeze=False
    )
    ax = PLOTS[name](ax=axes[0, 0])
    figure.canvas.draw()
    legend = ax.get_legend().get_window_extent()
    seen = ax.get_window_extent()
    for line in ax.lines:
        if not line.get_label().startswith("$"):
            continue
        points = line.get_transform().transform(line.get_xydata())
        steps = np.linspace(0, len(points) - 1, 2000)
        x, y = (np.interp(steps, np.arange(len(points)), each) for each in points.T)
        inside = (x > seen.x0) & (x < seen.x1) & (y > seen.y0) & (y < seen.y1)
        behind = (x > legend.x0) & (x < legend.x1) & (y > legend.y0) & (y < legend.y1)
        assert not (inside & behind).any()


@pytest.mark.parametrize("name", WITH_LEGEND)
def test_a_title_set_later_is_not_covered(name):
    figure, axes = plt.subplots(3, 3, figsize=(9, 9), layout="constrained")
    ax = PLOTS[name](ax=axes[1, 1])
    title = ax.set_title("A title that is long enough")
    figure.canvas.draw()
    legend = ax.get_legend().get_window_extent()
    assert not legend.overlaps(title.get_window_extent())


@every_plot
def test_names_of_axes_that_stand_already_are_kept(name):
    _, ax = new_axes(name)
    ax.set_xlabel("time")
    assert PLOTS[name](ax=ax).get_xlabel() == "time"


def test_an_image_is_described_by_its_numbers():
    figure, ax = plt.subplots()
    ax.imshow([[0.0, 1.0, 2.0], [5.0, 4.0, 0.0]])
    told = description(figure)
    assert "2 by 3 numbers between 0 and 5, 2 in the mean" in told
    assert "the largest in row 1, column 0" in told
    colours, ax = plt.subplots()
    ax.imshow(np.zeros([4, 5, 3]))
    assert "image of 4 by 5 by 3" in description(colours)


def test_a_line_that_marks_a_place_is_described_unless_it_is_the_zero_line():
    figure, ax = plt.subplots()
    ax.axhline(0.0)
    ax.axvline(-2.0)
    ax.axhline(0.5)
    told = description(figure)
    assert told == "A figure: upright line at x = -2; level line at y = 0.5."
    set_language("zh")
    assert description(figure) == "一幅图：x = -2 处的竖线；y = 0.5 处的横线。"


def test_a_tiny_value_on_a_logarithmic_axis_is_no_zero():
    _, ax = plt.subplots()
    ax.semilogy([1.0, 1e-3, 8.9e-10])
    assert "to (2, 8.9e-10), between 8.9e-10 and 1" in description(ax.figure)


def test_the_bars_of_a_chart_are_described_by_their_heights():
    figure, ax = plt.subplots()
    ax.bar(["a", "b"], [2, 5], label="votes")
    assert description(figure) == "A figure: 2 bars votes, 2, 5 high."
    lying, ax = plt.subplots()
    ax.barh(range(20), range(20))
    assert description(lying) == (
        "A figure: 20 bars, between 0 and 19, 9.5 in the mean, long."
    )
    set_language("zh")
    assert description(figure) == "一幅图：2 个柱形 votes，高 2、5。"
