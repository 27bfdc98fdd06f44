import numpy as np
import pytest
import tensorflow as tf

from gradtape.figures import plot_taylor
from gradtape.figures.description import description
from gradtape.language import set_language


def test_the_polynomials_have_the_coefficients_of_the_series(curve_of):
    ax = plot_taylor(tf.sin, 0.0, (-6, 6), orders=(1, 3, 5))
    x, y = curve_of(ax, "$T_{5}(x)$")
    np.testing.assert_allclose(y, x - x**3 / 6 + x**5 / 120, atol=1e-9)
    x, y = curve_of(ax, "$T_{1}(x)$")
    np.testing.assert_allclose(y, x, atol=1e-12)


def test_a_point_outside_the_interval_is_shown():
    ax = plot_taylor(tf.exp, 0.0, (1, 3))
    assert ax.get_xlim()[0] < 0


def test_one_order_needs_no_list(curve_of):
    assert len(curve_of(plot_taylor(tf.exp, 0.0, (-1, 1), orders=2), "$T_{2}(x)$")) == 2


def test_keywords_go_to_f():
    ax = plot_taylor(tf.exp, 0.0, (-1, 1), linewidth=7)
    widths = [line.get_linewidth() for line in ax.lines if "$" in line.get_label()]
    assert widths.count(7) == 1


def test_the_description_says_how_far_the_polynomials_follow():
    ax = plot_taylor(tf.exp, 0.0, (-1, 1), orders=(0, 2))
    assert description(ax.figure) == (
        "Curve of f(x) for x from -1 to 1, with Taylor polynomials around x = 0. They "
        "stay within a twentieth of the height of the curve: order 0 from -0.125 to 0.11, "
        "order 2 from -0.955 to 0.825."
    )
    ax = plot_taylor(tf.exp, -3.0, (0, 2), orders=1)
    assert "order 1 nowhere" in description(ax.figure)
    set_language("zh")
    ax = plot_taylor(tf.tan, 0.0, (-2, 2), orders=1)
    assert description(ax.figure).endswith("铅直渐近线：x = -1.571、1.571。")


@pytest.mark.parametrize(
    ("f", "at", "message"),
    [
        (tf.math.log, 0.0, "there is no tangent"),
        (tf.abs, 0.0, "a kink at 0"),
        (lambda x: tf.abs(x) ** 1.5, 0.0, "needs all of them finite"),
    ],
)
def test_where_there_is_no_series_it_says_why(f, at, message):
    with pytest.raises(ValueError, match=message):
        plot_taylor(f, at, (-1, 1))
