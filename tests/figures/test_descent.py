import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf

from gradtape.figures import plot_descent, plot_surface
from gradtape.figures.description import description
from gradtape.language import set_language


def path(ax):
    (line,) = (line for line in ax.lines if line.get_linestyle() == "-" and
               line.get_marker() == "o")  # fmt: skip
    return line.get_xydata()


def test_each_step_goes_down_the_slope():
    ax = plot_descent(lambda x: x**2, 2.0, learning_rate=0.25, steps=3)
    assert path(ax).tolist() == [[2, 4], [1, 1], [0.5, 0.25], [0.25, 0.0625]]


def test_each_step_in_the_plane_goes_against_the_gradient():
    ax = plot_descent(
        lambda x, y: x**2 + 10 * y**2, (2.0, 1.0), learning_rate=0.05, steps=8
    )
    x, y = path(ax).T
    np.testing.assert_allclose(x, 2 * 0.9 ** np.arange(9))
    np.testing.assert_allclose(y, 0.0 ** np.arange(9), atol=1e-12)


def test_the_whole_path_is_in_sight():
    ax = plot_descent(lambda x: x**2, 2.0, learning_rate=1.1, steps=9)
    x, y = path(ax).T
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    assert left < x.min() < x.max() < right
    assert low < y.min() < y.max() < high


@pytest.mark.parametrize(
    ("arguments", "in_english", "in_chinese"),
    [
        (
            (lambda x: x**2, 2.0, 0.25, 3),
            (
                "Gradient descent with learning rate 0.25: 3 steps from 2, where f is 4, to "
                "0.25, where f is 0.0625."
            ),
            "梯度下降，学习率 0.25：从 2（f = 4）走 3 步到 0.25（f = 0.0625）。",
        ),
        (
            (lambda x: x**2, 2.0, 1.5, 1),
            (
                "Gradient descent with learning rate 1.5: 1 step from 2, where f is 4, to "
                "-4, where f is 16. It diverges."
            ),
            "梯度下降，学习率 1.5：从 2（f = 4）走 1 步到 -4（f = 16）。它发散了。",
        ),
        (
            (lambda x: x**4, 2.0, 1.0, 9),
            (
                "Gradient descent with learning rate 1: 2 steps from 2, where f is 16, to "
                "1.08e+05, where f is 1.359e+20. The next step leads beyond all bounds."
            ),
            (
                "梯度下降，学习率 1：从 2（f = 16）走 2 步到 1.08e+05（f = 1.359e+20）。"
                "再走一步就越出了一切界限。"
            ),
        ),
        (
            (tf.sqrt, 0.25, 1.0, 9),
            (
                "Gradient descent with learning rate 1: 0 steps from 0.25, where f is 0.5, "
                "to 0.25, where f is 0.5. The next step leads to where f has no value."
            ),
            (
                "梯度下降，学习率 1：从 0.25（f = 0.5）走 0 步到 0.25（f = 0.5）。"
                "再走一步，f 就没有值了。"
            ),
        ),
        (
            (lambda x, y: x**2 + y**2, (3.0, 4.0), 0.5, 2),
            (
                "Gradient descent with learning rate 0.5: 2 steps from (3, 4), where f is "
                "25, to (0, 0), where f is 0."
            ),
            "梯度下降，学习率 0.5：从 (3, 4)（f = 25）走 2 步到 (0, 0)（f = 0）。",
        ),
    ],
)
def test_the_description_is_true(arguments, in_english, in_chinese):
    f, start, rate, steps = arguments
    ax = plot_descent(f, start, learning_rate=rate, steps=steps)
    assert description(ax.figure) == in_english
    set_language("zh")
    ax = plot_descent(f, start, learning_rate=rate, steps=steps)
    assert description(ax.figure) == in_chinese


def test_keywords_go_to_the_path():
    ax = plot_descent(tf.square, 1.0, learning_rate=0.1, steps=2, color="red", lw=3)
    (line,) = (line for line in ax.lines if line.get_linewidth() == 3)
    assert line.get_color() == "red"


def test_a_start_without_a_value_is_refused():
    with pytest.raises(ValueError, match=r"f at the start \[-1.0\] is nan"):
        plot_descent(tf.math.log, -1.0, learning_rate=0.1, steps=2)
    set_language("zh")
    with pytest.raises(ValueError, match=r"起点 \[0.0\] 的值是 inf"):
        plot_descent(lambda x: 1 / x, 0.0, learning_rate=0.1, steps=2)


def test_two_descents_share_one_axes_and_are_told_apart():
    def bowl(x, y):
        return x**2 + 3.0 * y**2

    ax = plot_descent(bowl, (2.0, 1.0), learning_rate=0.1, steps=6)
    plot_descent(bowl, (-3.0, -1.0), learning_rate=0.3, steps=6, ax=ax)
    paths = [line for line in ax.lines if line.get_gid() == "descent"]
    assert len({path.get_color() for path in paths}) == 2
    for path in paths:  # both are seen whole, over one landscape
        for values, (low, high) in zip(
            path.get_data(), (ax.get_xlim(), ax.get_ylim()), strict=True
        ):
            assert low <= min(values) <= max(values) <= high
    filled = [each for each in ax.collections if getattr(each, "filled", False)]
    assert len(filled) == 1
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == [r"$\eta = 0.1$", r"$\eta = 0.3$"]


def test_a_long_path_has_no_dot_for_each_step():
    ax = plot_descent(lambda x: x**2, 2.0, learning_rate=0.98, steps=60)
    (path,) = (line for line in ax.lines if line.get_gid() == "descent")
    assert path.get_marker() in ("", "None")


def test_a_page_of_figures_of_a_loss_over_data_warns_of_nothing(caplog):
    x, y = tf.constant([1.0, 2.0, 3.0]), tf.constant([2.0, 4.0, 6.0])
    for rate in (0.01, 0.02, 0.03, 0.04, 0.05, 0.06):

        def loss(w, b):
            return tf.reduce_mean(tf.square(w * x + b - y))

        plot_descent(loss, (0.5, 0.1), learning_rate=rate, steps=2)
        plot_surface(loss, (0.0, 2.0), (0.0, 2.0))
        plt.close("all")
    assert "retracing" not in caplog.text
