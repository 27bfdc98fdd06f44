import numpy as np
import pytest
import tensorflow as tf

from gradtape.figures import plot_tangent
from gradtape.figures.description import description
from gradtape.language import set_language


def test_the_tangent_touches_with_the_slope_of_the_tape(curve_of):
    ax = plot_tangent(lambda x: x**4, at=3.0, interval=(0, 4))
    x, y = curve_of(ax, "$f'(3) = 108$")
    np.testing.assert_allclose(y, 81 + 108 * (x - 3))
    (point,) = (line for line in ax.lines if line.get_marker() == "o")
    assert point.get_xydata().tolist() == [[3, 81]]
    assert ax.get_xlim() == (0, 4)


@pytest.mark.parametrize(
    ("f", "at"),
    [
        (lambda x: 1 / x, 0.1),
        (lambda x: 3.0, 1.0),
        (lambda x: 1e-12 * tf.sin(x), 1.0),
        (lambda x: 1e12 + tf.sin(x), 1.0),
        (lambda x: 50 * x, 1.0),
    ],
)
def test_the_point_is_in_sight(f, at):
    ax = plot_tangent(f, at, (-2, 2))
    (point,) = (line for line in ax.lines if line.get_marker() == "o")
    low, high = ax.get_ylim()
    assert low < point.get_ydata()[0] < high


def test_keywords_go_to_f(curve_of):
    ax = plot_tangent(tf.sin, 1.0, ls=":", label="$g$")
    (line,) = (line for line in ax.lines if line.get_label() == "$g$")
    assert line.get_linestyle() == ":"


@pytest.mark.parametrize(
    ("f", "at", "message"),
    [
        (tf.abs, 0.0, "a kink at 0"),
        (tf.floor, 1.0, "a jump at 1"),
        (tf.sqrt, 0.0, "slope inf: there is no tangent"),
        (tf.math.log, -1.0, "is nan"),
        (lambda x: 1 / x, 0.0, "is inf"),
        (tf.sin, 9.0, r"at is 9, outside the interval \(-2, 2\)"),
        (tf.sin, float("nan"), "at is nan"),
    ],
)
def test_where_there_is_no_tangent_it_says_why(f, at, message):
    with pytest.raises(ValueError, match=message):
        plot_tangent(f, at, (-2, 2))


def test_the_description_is_true_at_a_pole_and_of_a_constant():
    pole = plot_tangent(lambda x: 1 / x, 0.5, (-2, 2))
    constant = plot_tangent(lambda x: 3.0, 1.0, (-2, 2))
    assert description(pole.figure) == (
        "Curve of f(x) for x from -2 to 2, without bounds, with its tangent at x = 0.5: "
        "value 2, slope -4. Vertical asymptotes at x = 0."
    )
    assert "3 throughout" in description(constant.figure)
    set_language("zh")
    pole = plot_tangent(lambda x: 1 / x, 0.5, (-2, 2))
    assert description(pole.figure) == (
        "曲线 f(x)，x 从 -2 到 2，无界；在 x = 0.5 处作切线：函数值 2，斜率 -4。"
        "铅直渐近线：x = 0。"
    )
