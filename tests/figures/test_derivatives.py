import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf

from gradtape.figures import plot_derivatives
from gradtape.figures.description import description
from gradtape.language import set_language


def cubic(x):
    return x**3 - 3 * x


def test_the_lines_are_f_and_its_derivatives(curve_of):
    ax = plot_derivatives(cubic, (-2, 2), order=3)
    for label, exact in (
        ("$f(x)$", lambda x: x**3 - 3 * x),
        ("$f'(x)$", lambda x: 3 * x**2 - 3),
        ("$f''(x)$", lambda x: 6 * x),
        ("$f'''(x)$", lambda x: 6 + 0 * x),
    ):
        x, y = curve_of(ax, label)
        assert (x[0], x[-1]) == (-2, 2)
        np.testing.assert_allclose(y, exact(x), atol=1e-12)


def test_marks_lie_on_the_curve_of_f(curve_of):
    ax = plot_derivatives(cubic, (-2, 2.1))
    for label, places in (
        ("_zeros", [-np.sqrt(3), 0, np.sqrt(3)]),
        ("_maxima", [-1]),
        ("_minima", [1]),
        ("_inflections", [0]),
    ):
        x, y = curve_of(ax, label)
        np.testing.assert_allclose(x, places, atol=1e-9)
        np.testing.assert_allclose(y, cubic(x), atol=1e-9)


@pytest.mark.parametrize(
    ("mark", "labels"),
    [
        ((), set()),
        ("extrema", {"_maxima", "_minima"}),
        (["zeros", "inflections"], {"_zeros", "_inflections"}),
    ],
)
def test_only_what_is_asked_for_is_marked(mark, labels):
    ax = plot_derivatives(cubic, (-2, 2), order=0, mark=mark)
    found = {line.get_label() for line in ax.lines}
    assert found & {"_zeros", "_maxima", "_minima", "_inflections"} == labels


def test_a_line_is_broken_at_a_pole(curve_of):
    x, y = curve_of(plot_derivatives(lambda x: 1 / x, (-2, 2)), "$f(x)$")
    assert np.isnan(y[(x > -1e-9) & (x < 1e-9)]).any()
    assert (y[x < 0][:-1] < 0).all()
    assert (y[x > 0][1:] > 0).all()


def test_derivatives_at_a_pole_do_not_flatten_f():
    ax = plot_derivatives(lambda x: 1 / x, (-2, 2))
    low, high = ax.get_ylim()
    assert -20 < low < -3
    assert 3 < high < 20
    assert "cuts f'(x), f''(x) off" in description(ax.figure)


def test_a_bounded_derivative_is_shown_whole():
    ax = plot_derivatives(lambda x: tf.sin(3 * x), (-2, 2))
    low, high = ax.get_ylim()
    assert low < -9
    assert high > 9


@pytest.mark.parametrize("value", [-3.0, 0.0, 1e-12, 1e12])
def test_a_constant_is_a_line_in_the_middle(value):
    ax = plot_derivatives(lambda x: value, (-2, 2), order=0)
    low, high = ax.get_ylim()
    assert (low + high) / 2 == pytest.approx(value)
    assert high - low >= max(1.0, abs(value))


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_the_axis_fits_any_scale(scale):
    ax = plot_derivatives(lambda x: scale * tf.sin(x), (-3, 3))
    low, high = ax.get_ylim()
    assert -1.2 * scale < low < -scale
    assert scale < high < 1.2 * scale


def test_a_second_function_widens_the_view():
    ax = plot_derivatives(tf.sin, (-3, 3), order=0)
    plot_derivatives(lambda x: 5 + x**2, (0, 6), order=0, ax=ax)
    left, right = ax.get_xlim()
    low, high = ax.get_ylim()
    assert left < -3
    assert right > 6
    assert low < -1
    assert high > 41
    assert description(ax.figure).count("Curves of f(x)") == 2


def test_keywords_go_to_every_curve(curve_of):
    ax = plot_derivatives(cubic, (-2, 2), order=1, lw=5, color="red", label="$g$")
    curves = [line for line in ax.lines if line.get_label() in ("$g$", "$f'(x)$")]
    assert [line.get_linewidth() for line in curves] == [5, 5]
    assert [line.get_color() for line in curves] == ["red", "red"]


def test_crowds_of_marks_are_told_and_not_drawn():
    ax = plot_derivatives(lambda x: tf.sin(100 * x), (-3, 3))
    assert not [line for line in ax.lines if line.get_label() == "_zeros"]
    assert "and 183 more. They are too many to draw." in description(ax.figure)


DESCRIPTIONS = {
    "pole": (
        lambda: plot_derivatives(lambda x: 1 / x, (-2, 2), order=0),
        (
            "Curves of f(x) for x from -2 to 2. f(x) has no bounds. "
            "Vertical asymptotes at x = 0."
        ),
        "曲线 f(x)，x 从 -2 到 2。f(x) 无界。铅直渐近线：x = 0。",
    ),
    "one-sided bound": (
        lambda: plot_derivatives(lambda x: 1 / x**2, (-2, 2), order=0),
        (
            "Curves of f(x) for x from -2 to 2. f(x) is at least 0.25, without an upper "
            "bound. Vertical asymptotes at x = 0."
        ),
        "曲线 f(x)，x 从 -2 到 2。f(x) 不小于 0.25，无上界。铅直渐近线：x = 0。",
    ),
    "kink": (
        lambda: plot_derivatives(tf.abs, (-2, 2), order=1, mark=()),
        (
            "Curves of f(x), f'(x) for x from -2 to 2. f(x) lies between 0 and 2. "
            "f'(x) lies between -1 and 1. Kinks without a derivative at x = 0."
        ),
        (
            "曲线 f(x), f'(x)，x 从 -2 到 2。f(x) 在 0 和 2 之间。f'(x) 在 -1 和 1 之间。"
            "不可导的尖点：x = 0。"
        ),
    ),
    "jump": (
        lambda: plot_derivatives(tf.sign, (-2, 2), order=0),
        (
            "Curves of f(x) for x from -2 to 2. f(x) lies between -1 and 1. "
            "Jumps at x = 0."
        ),
        "曲线 f(x)，x 从 -2 到 2。f(x) 在 -1 和 1 之间。跳跃：x = 0。",
    ),
    "edge": (
        lambda: plot_derivatives(tf.sqrt, (-1, 4), order=0),
        (
            "Curves of f(x) for x from -1 to 4. f(x) lies between 0 and 2. "
            "Zeros at x = 0. The domain ends at x = 0."
        ),
        (
            "曲线 f(x)，x 从 -1 到 4。f(x) 在 0 和 2 之间。零点：x = 0。"
            "定义域的边界：x = 0。"
        ),
    ),
    "hole": (
        lambda: plot_derivatives(lambda x: x**2 / x, (-1, 1), order=0),
        (
            "Curves of f(x) for x from -1 to 1. f(x) lies between -1 and 1. "
            "f(x) has a limit but no value at x = 0."
        ),
        "曲线 f(x)，x 从 -1 到 1。f(x) 在 -1 和 1 之间。f(x) 有极限而无值：x = 0。",
    ),
    "vertical tangent": (
        lambda: plot_derivatives(
            lambda x: tf.sign(x) * tf.abs(x) ** (1 / 3), (-8, 8), order=0, mark="zeros"
        ),
        (
            "Curves of f(x) for x from -8 to 8. f(x) lies between -2 and 2. "
            "Zeros at x = 0. Vertical tangents at x = 0."
        ),
        "曲线 f(x)，x 从 -8 到 8。f(x) 在 -2 和 2 之间。零点：x = 0。铅直切线：x = 0。",
    ),
    "constant": (
        lambda: plot_derivatives(
            lambda x: tf.sin(x) ** 2 + tf.cos(x) ** 2, (-3, 3), order=1
        ),
        (
            "Curves of f(x), f'(x) for x from -3 to 3. f(x) is 1 throughout. "
            "f'(x) is 0 throughout."
        ),
        "曲线 f(x), f'(x)，x 从 -3 到 3。f(x) 恒为 1。f'(x) 恒为 0。",
    ),
    "no values": (
        lambda: plot_derivatives(lambda x: tf.math.log(-1 - x**2), (-1, 1), order=0),
        "Curves of f(x) for x from -1 to 1. f(x) has no values here.",
        "曲线 f(x)，x 从 -1 到 1。f(x) 在此没有值。",
    ),
    "tiny": (
        lambda: plot_derivatives(lambda x: 1e-12 * tf.sin(x), (-2, 2), order=0),
        (
            "Curves of f(x) for x from -2 to 2. f(x) lies between -1e-12 and 1e-12. "
            "Zeros at x = 0. Maxima at x = 1.571. Minima at x = -1.571. "
            "Inflection points at x = 0."
        ),
        (
            "曲线 f(x)，x 从 -2 到 2。f(x) 在 -1e-12 和 1e-12 之间。零点：x = 0。"
            "极大值点：x = 1.571。极小值点：x = -1.571。拐点：x = 0。"
        ),
    ),
    "far away": (
        lambda: plot_derivatives(
            lambda x: 1e6 + (x - 2000) ** 2, (1999, 2001.5), order=0
        ),
        (
            "Curves of f(x) for x from 1999 to 2001.5. "
            "f(x) lies between 1000000 and 1000002.25. Minima at x = 2000."
        ),
        (
            "曲线 f(x)，x 从 1999 到 2001.5。f(x) 在 1000000 和 1000002.25 之间。"
            "极小值点：x = 2000。"
        ),
    ),
    "too fast": (
        lambda: plot_derivatives(lambda x: tf.sin(1000 * x), (-3, 3), order=0),
        (
            "Curves of f(x) for x from -3 to 3. f(x) lies between -1 and 1. "
            "The function changes too fast to be drawn faithfully for x from -3 to 3."
        ),
        (
            "曲线 f(x)，x 从 -3 到 3。f(x) 在 -1 和 1 之间。"
            "x 从 -3 到 3 时函数变化太快，图形并不可靠。"
        ),
    ),
}


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_the_description_is_true(name):
    draw, in_english, in_chinese = DESCRIPTIONS[name]
    assert description(draw().figure) == in_english
    set_language("zh")
    assert description(draw().figure) == in_chinese


def test_a_hole_is_an_empty_circle(curve_of):
    ax = plot_derivatives(lambda x: tf.sin(x) / x, (-10, 10))
    x, y = curve_of(ax, "_holes")
    assert (list(x), list(y)) == ([0], pytest.approx([1]))


def test_a_style_with_dark_background_gets_light_curves():
    with plt.style.context("dark_background"):
        ax = plot_derivatives(cubic, (-2, 2))
    f = next(line for line in ax.lines if line.get_label() == "$f(x)$")
    assert f.get_color() == "#F2F2F2"


def test_the_legend_explains_the_marks_and_none_hides_another():
    ax = plot_derivatives(lambda x: x**3 - 3 * x, (-2.5, 2.5), order=1)
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names[2:] == ["$f = 0$", r"$\max$", r"$\min$", r"$f\,'' = 0$"]
    marks = {line.get_label(): line for line in ax.lines}
    zeros, inflections = marks["_zeros"], marks["_inflections"]
    assert zeros.get_markersize() > inflections.get_markersize()
    assert zeros.get_markerfacecolor() == "none"


def test_a_derivative_that_equals_f_is_seen():
    ax = plot_derivatives(tf.nn.relu, (-2, 2), order=1)
    lines = {line.get_label(): line for line in ax.lines}
    assert lines["$f'(x)$"].get_zorder() > lines["$f(x)$"].get_zorder()
