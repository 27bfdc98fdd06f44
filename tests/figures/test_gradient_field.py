import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf
from matplotlib.contour import QuadContourSet
from matplotlib.quiver import Quiver

from gradtape.figures import plot_gradient_field, plot_surface
from gradtape.figures.description import description
from gradtape.figures.landscape import evaluator
from gradtape.language import set_language


def arrows(ax):
    (quiver,) = (each for each in ax.collections if isinstance(each, Quiver))
    return quiver


def crossings(ax):
    """Return where contour lines cross the line y = 0."""
    lines = next(
        each
        for each in ax.collections
        if isinstance(each, QuadContourSet) and not each.filled
    )
    x, y = np.concatenate([path.vertices for path in lines.get_paths()]).T
    return np.unique(np.round(x[np.abs(y) < 0.02], 2))


@pytest.mark.parametrize("sign", [1, -1])
def test_the_floor_of_a_valley_and_the_top_of_a_ridge_have_lines(sign):
    ax = plot_gradient_field(lambda x, y: sign * (x**2 + 0 * y), (-2, 2), (-2, 2))
    assert np.max(np.diff(crossings(ax))) < 0.3


def test_the_lines_of_an_even_slope_are_evenly_spaced():
    ax = plot_gradient_field(lambda x, y: 2 * x + 0 * y, (-2, 2), (-2, 2))
    steps = np.diff(crossings(ax))
    np.testing.assert_allclose(steps, steps[0], atol=0.02)
    assert 0.1 < steps[0] < 0.4


def test_all_of_the_land_is_grey_also_beyond_the_last_line():
    ax = plot_gradient_field(lambda x, y: 2 * x + 0 * y, (-2, 2), (-2, 2))
    filled = next(
        each
        for each in ax.collections
        if isinstance(each, QuadContourSet) and each.filled
    )
    reach = np.concatenate([path.vertices for path in filled.get_paths() if len(path)])
    np.testing.assert_allclose(
        [reach.min(axis=0), reach.max(axis=0)], [[-2, -2], [2, 2]]
    )


def test_the_land_is_computed_in_float64_where_f_allows_it():
    evaluate = evaluator(lambda x, y: x**2 + y**2)
    z, *_ = evaluate([0.1], [0.2])
    assert z[0] == pytest.approx(0.05, rel=1e-14)


def test_arrows_point_along_the_gradient():
    ax = plot_gradient_field(lambda x, y: 3 * x**2 + 2 * y, (-2, 2), (-2, 2))
    quiver = arrows(ax)
    turned = quiver.U * 2 - quiver.V * 6 * quiver.X
    np.testing.assert_allclose(turned, 0, atol=1e-12)
    assert (quiver.V > 0).all()
    assert ax.get_aspect() == 1


@pytest.mark.parametrize("tilt", [1e-6, -1e-6])
def test_of_arrows_as_long_as_each_other_the_first_is_told(tilt):
    ax = plot_gradient_field(lambda x, y: x**2 + y**2 + tilt * x, (-2, 2), (-2, 2))
    assert "has length 5.222, at (-1.846, -1.846)" in description(ax.figure)


def test_there_are_no_arrows_where_f_has_no_value():
    ax = plot_gradient_field(lambda x, y: tf.math.log(x) + y, (-2, 2), (-2, 2))
    assert (arrows(ax).X > 0).all()


def test_arrows_are_shorter_than_their_distance():
    ax = plot_gradient_field(lambda x, y: x * y, (-20, 20), (-1, 1))
    quiver = arrows(ax)
    assert np.hypot(quiver.U, quiver.V).max() <= 2 / 12


def test_keywords_go_to_the_arrows():
    ax = plot_gradient_field(lambda x, y: x + y, (-1, 1), (-1, 1), width=0.01)
    assert arrows(ax).width == 0.01


@pytest.mark.parametrize(
    ("f", "in_english", "in_chinese"),
    [
        (
            lambda x, y: x**2 + y**2,
            (
                "Contour lines of f(x, y) for x from -1 to 1 and y from -1 to 1; values "
                "between 0 and 2. Arrows of the gradient stand across them; the longest "
                "gradient has length 2.611, at (-0.9231, -0.9231), where it is (-1.846, "
                "-1.846), the shortest 0. At the corners f is 2 (lower left), 2 (lower "
                "right), 2 (upper left) and 2 (upper right)."
            ),
            (
                "f(x, y) 的等高线，x 从 -1 到 1，y 从 -1 到 1，值在 0 和 2 之间。梯度箭头"
                "与等高线垂直；最长的梯度在 (-0.9231, -0.9231)，是 (-1.846, -1.846)，"
                "长度为 2.611，最短的长度为 0。四角的值：左下 2，右下 2，左上 2，右上 2。"
            ),
        ),
        (
            lambda x, y: 2.0,
            (
                "f(x, y) for x from -1 to 1 and y from -1 to 1; values between 2 and 2. "
                "The gradient is 0 everywhere."
            ),
            "f(x, y)，x 从 -1 到 1，y 从 -1 到 1，值在 2 和 2 之间。梯度处处为 0。",
        ),
        (
            lambda x, y: tf.math.log(-1 - x**2) + y,
            "f(x, y) has no values or no gradient for x from -1 to 1 and y from -1 to 1.",
            "f(x, y) 没有值或没有梯度，x 从 -1 到 1，y 从 -1 到 1。",
        ),
    ],
)
def test_the_description_is_true(f, in_english, in_chinese):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # What pyparsing tells an older matplotlib, and no reader sees.
        warnings.filterwarnings("ignore", "'.*' .*deprecated", DeprecationWarning)
        ax = plot_gradient_field(f, (-1, 1), (-1, 1))
        ax.figure.canvas.draw()
    assert description(ax.figure) == in_english
    set_language("zh")
    assert description(plot_gradient_field(f, (-1, 1), (-1, 1)).figure) == in_chinese


def test_functions_of_a_pair_are_drawn_however_they_are_written():
    data = tf.constant([0.0, 1.0, 2.0])

    def loss(w, b):
        return tf.reduce_mean((w * data + b - 1.0) ** 2)

    def branching(x, y):
        if x > y:
            return x * y
        return x + y

    _, (left, right) = plt.subplots(1, 2)
    quiver = arrows(plot_gradient_field(loss, (-2, 2), (-2, 2), ax=left))
    slope_b = 2 * (quiver.X + quiver.Y - 1)
    slope_w = 2 * (quiver.X * 5 / 3 + quiver.Y - 1)
    np.testing.assert_allclose(
        quiver.U * slope_b, quiver.V * slope_w, rtol=1e-4, atol=1e-5
    )
    quiver = arrows(plot_gradient_field(branching, (-2, 2), (-2, 2), ax=right))
    below = quiver.X < quiver.Y
    np.testing.assert_allclose(quiver.U[below], quiver.V[below])


@pytest.mark.parametrize("draw", [plot_gradient_field, plot_surface])
def test_a_field_and_its_mirror_image_are_told_apart(draw):
    words = {
        description(draw(f, (-2, 2), (-2, 2)).figure)
        for f in (lambda x, y: 3 * x**2 + 2 * y, lambda x, y: 3 * x**2 - 2 * y)
    }
    assert len(words) == 2


def test_contour_lines_have_their_heights_written_on_them():
    ax = plot_gradient_field(lambda x, y: x**2 + 3 * y, (-2, 2), (-2, 2))
    heights = [float(text.get_text()) for text in ax.texts]
    assert len({*heights}) >= 3
    lines = next(
        each
        for each in ax.collections
        if isinstance(each, QuadContourSet) and not each.filled
    )
    assert {*heights} <= {*np.round(lines.levels, 6)}
