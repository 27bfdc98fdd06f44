"""Descents whose rate, momentum and start are moved."""

import numpy as np
import pytest
import tensorflow as tf

from gradtape.figures.descent import plot_descent
from gradtape.language import set_language
from gradtape.widgets import explore_descent
from gradtape.widgets.blitting import new_figure
from gradtape.widgets.descent_path import descent


def bowl(x, y):
    return x**2 + 5 * y**2


def with_an_if(x):
    if x > 1:
        return x * x
    return 2 * x - 1 + (x - 1) ** 2


def with_an_error(x):
    if x < 0:
        raise ValueError("no negative numbers, please")
    return tf.sqrt(x) + x


def test_each_control_changes_path_and_picture():
    explorer = explore_descent(bowl, (1.5, 1.0))
    seen = {explorer.message.value: explorer.picture.value}
    explorer.learning_rate.value = 0.02
    seen[explorer.message.value] = explorer.picture.value
    explorer.momentum.value = 0.5
    seen[explorer.message.value] = explorer.picture.value
    explorer.start_x.value = -1.0
    seen[explorer.message.value] = explorer.picture.value
    explorer.start_y.value = 0.5
    seen[explorer.message.value] = explorer.picture.value
    assert len(seen) == len(set(seen.values())) == 5


def test_without_momentum_the_path_is_that_of_the_figure():
    ax = plot_descent(with_an_if, 1.9, learning_rate=0.1, steps=5)
    drawn = next(line for line in ax.lines if len(line.get_xdata()) == 6)
    path = descent(with_an_if, [1.9], 5)([1.9], 0.1, 0.0)
    np.testing.assert_allclose(path.places[:, 0], drawn.get_xdata(), rtol=1e-6)
    np.testing.assert_allclose(path.values, drawn.get_ydata(), rtol=1e-6)


def test_momentum_adds_a_share_of_the_step_before():
    path = descent(lambda x: x**2, [1.0], 2)([1.0], 0.1, 0.5)
    first = -0.1 * 2.0
    second = 0.5 * first - 0.1 * 2.0 * (1.0 + first)
    expected = [1.0, 1.0 + first, 1.0 + first + second]
    np.testing.assert_allclose(path.places[:, 0], expected, rtol=1e-12)
    np.testing.assert_allclose(path.values, np.square(expected), rtol=1e-12)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x**2 * tf.constant(1.0, tf.float64),
        lambda x: x**2 * tf.constant(1.0, tf.float32),
        lambda x: tf.py_function(lambda a: a * a, [x], x.dtype),
        lambda x: tf.square(x) if x > 0 else x * x,
    ],
    ids=["float64", "float32", "py_function", "if"],
)
def test_however_f_is_written_the_path_is_the_same(f):
    path = descent(f, [1.0], 3)([1.0], 0.25, 0.0)
    np.testing.assert_allclose(path.places[:, 0], [1.0, 0.5, 0.25, 0.125], rtol=1e-6)


def test_a_variable_that_changes_is_followed():
    factor = tf.Variable(1.0, dtype=tf.float64)
    follow = descent(lambda x: factor * x, [0.0], 1)
    assert follow([0.0], 1.0, 0.0).places[-1] == -1.0
    factor.assign(3.0)
    assert follow([0.0], 1.0, 0.0).places[-1] == -3.0


def test_a_rate_that_is_too_large_leads_away():
    explorer = explore_descent(lambda x: x**2, 1.0)
    explorer.learning_rate.value = 1.05
    assert explorer.message.value.endswith("it diverges")
    explorer.learning_rate.value = 3.0
    assert explorer.message.value.endswith("The next step leads beyond all bounds.")
    explorer.learning_rate.value = 0.5
    assert explorer.message.value.endswith("f from 1 to 0")


def test_it_begins_with_a_rate_that_comes_down():
    explorer = explore_descent(
        lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, (-1, 1)
    )
    assert explorer.learning_rate.value == 0.003
    assert "diverges" not in explorer.message.value


@pytest.mark.parametrize(
    ("f", "words"),
    [
        (
            lambda x: x - tf.math.log(x),
            "f has no value at the start: the result is NaN",
        ),
        (with_an_error, "f fails here: no negative numbers, please"),
    ],
)
def test_a_start_without_a_value_is_told_and_the_widget_lives_on(f, words):
    explorer = explore_descent(f, 1.5)
    good = explorer.message.value
    explorer.start_x.value = -1.0
    assert words in explorer.message.value
    explorer.start_x.value = 1.5
    assert explorer.message.value == good


def test_the_slider_keeps_the_start_that_was_given():
    explorer = explore_descent(bowl, (0.37, -12.3))
    for slider, value in ((explorer.start_x, 0.37), (explorer.start_y, -12.3)):
        assert slider.value == value
        assert slider.min < value < slider.max
        assert slider.step > 0
        places = (value - slider.min) / slider.step
        assert places == pytest.approx(round(places), abs=1e-9)


@pytest.mark.parametrize(("lowest", "scale"), [(0.0, "log"), (-2.0, "linear")])
def test_values_that_can_only_fall_towards_zero_have_a_logarithmic_axis(
    monkeypatch, lowest, scale
):
    figures = []

    def keep(height):
        figures.append(new_figure(height))
        return figures[-1]

    monkeypatch.setattr("gradtape.widgets.descent.new_figure", keep)
    explore_descent(lambda x: x**2 + lowest, 1.0)
    _, history = figures[-1].axes
    assert history.get_yscale() == scale
    low, high = history.get_ylim()
    values = history.lines[0].get_ydata()
    assert low < values.min() < values.max() < high
    if scale == "log":
        assert (low, high) == (values.min() / 2.0, values.max() * 2.0)


def test_in_chinese():
    set_language("zh")
    explorer = explore_descent(lambda x: x**2, 1.0)
    assert explorer.learning_rate.description == "学习率"
    explorer.learning_rate.value = 1.05
    assert explorer.message.value.startswith("40 步，f 从 1 到 ")
    assert explorer.message.value.endswith("它发散了")
    assert repr(explorer).startswith("梯度下降")


@pytest.mark.parametrize(
    ("f", "start", "error", "words"),
    [
        (3, 1.0, TypeError, "give a function"),
        (bowl, (1.0, 2.0, 3.0), ValueError, "give one finite number or a pair"),
        (bowl, "here", TypeError, "give one number or a pair"),
        (lambda x: x**2, (1.0, 2.0), TypeError, "argument"),
        (with_an_error, -1.0, ValueError, "no negative numbers"),
    ],
)
def test_what_cannot_be_explored_is_told(f, start, error, words):
    with pytest.raises(error, match=words):
        explore_descent(f, start)
