"""The tangent that follows a point, moved as the browser moves it: through its slider."""

import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from gradtape.language import set_language
from gradtape.widgets import explore_tangent
from gradtape.widgets.blitting import new_figure


def bumps(x):
    return tf.sin(x) * tf.exp(-(x**2) / 2)


def pixels(explorer):
    return np.asarray(Image.open(io.BytesIO(explorer.picture.value)), int)


def square_root_that_complains(x):
    if x < 0:
        raise ValueError("no negative numbers, please")
    return tf.sqrt(x)


def test_a_move_changes_the_numbers_and_the_picture():
    explorer = explore_tangent(bumps, (-3, 3))
    before = explorer.picture.value
    explorer.point.value = 1.2
    assert explorer.message.value == "x = 1.2,\u2003f(x) = 0.4537,\u2003f′(x) = -0.368"
    assert explorer.picture.value != before


def test_what_is_drawn_touches_the_curve_at_the_point(monkeypatch):
    figures = []

    def keep(height):
        figures.append(new_figure(height))
        return figures[-1]

    monkeypatch.setattr("gradtape.widgets.tangent.new_figure", keep)
    explorer = explore_tangent(lambda x: x**3 - 3 * x, (-2.4, 2.4))
    explorer.point.value = 2.0
    above, below = figures[-1].axes
    lines = [line.get_xydata().tolist() for line in above.lines]
    value, slope = 2.0, 9.0
    ends = [[x, value + slope * (x - 2.0)] for x in (-2.4, 2.4)]
    assert any(np.shape(xy) == (2, 2) and np.allclose(xy, ends) for xy in lines)
    assert [[2.0, value]] in lines
    assert [[2.0, slope]] in [line.get_xydata().tolist() for line in below.lines]


def test_the_curve_of_the_derivative_is_drawn_where_the_point_has_been():
    explorer = explore_tangent(bumps, (-3, 3))
    explorer.point.value = 0.0
    home = pixels(explorer)
    explorer.point.value = 2.4
    explorer.point.value = 0.0
    changed = (pixels(explorer) != home).any(axis=2)
    rows, columns = np.nonzero(changed)
    # Only below, and to the right of 0, as far as the point has been.
    assert rows.min() > home.shape[0] / 2
    assert np.mean(columns > home.shape[1] / 2) > 0.95
    assert columns.max() < 0.93 * home.shape[1]


def test_the_same_place_gives_the_same_picture():
    explorer = explore_tangent(bumps, (-3, 3))
    explorer.point.value = 1.5
    explorer.point.value = -1.5
    first = explorer.picture.value
    explorer.point.value = 0.3
    explorer.point.value = -1.5
    assert explorer.picture.value == first


@pytest.mark.parametrize(
    ("f", "x", "words"),
    [
        (tf.abs, 0.0, "f has a corner at x = 0, and no tangent; the tape answers "),
        (tf.math.log, -1.0, "f has no value at x = -1: the result is NaN"),
        (lambda x: 1 / x, 0.0, "f has no value at x = 0: the result is ∞"),
        (tf.sqrt, 0.0, "f has no tangent at x = 0: f(x) = 0, and the tape answers "),
        (square_root_that_complains, -1.0, "f fails here: no negative numbers, please"),
    ],
)
def test_where_there_is_no_tangent_the_widget_says_why_and_lives_on(f, x, words):
    explorer = explore_tangent(f, (-2, 2))
    explorer.point.value = 1.0
    good = explorer.message.value
    explorer.point.value = x
    assert words in explorer.message.value
    explorer.point.value = 1.0
    assert explorer.message.value == good


def test_no_tangent_is_left_in_the_picture_where_there_is_none():
    def colours(explorer):
        return {tuple(colour) for colour in pixels(explorer)[:400].reshape(-1, 3)}

    explorer = explore_tangent(tf.math.log, (-2, 2))
    blue = (0x00, 0x72, 0xB2)
    assert blue in colours(explorer)
    explorer.point.value = -1.0
    assert blue not in colours(explorer)


def test_it_begins_where_there_is_a_tangent():
    assert explore_tangent(tf.math.log, (-3, 1)).point.value > 0
    assert explore_tangent(tf.abs, (-1, 3)).point.value != 0
    assert "f′(x)" in explore_tangent(lambda x: 1 / x, (-1, 3)).message.value


def test_functions_of_float32_and_constants_can_be_explored():
    explorer = explore_tangent(lambda x: x * tf.constant(2.0), (-1, 1))
    assert explorer.message.value.endswith("f′(x) = 2")
    explorer = explore_tangent(lambda x: 0.0 * x + 1e12, (-1, 1))
    assert explorer.message.value.endswith("f′(x) = 0")


def test_in_chinese():
    set_language("zh")
    explorer = explore_tangent(tf.math.log, (-2, 2))
    explorer.point.value = -1.0
    assert explorer.message.value == "<b>f 在 x = -1 处没有值：结果是 NaN</b>"
    assert "作切线" in repr(explorer)


@pytest.mark.parametrize(
    ("f", "interval", "error", "words"),
    [
        (3, (-1, 1), TypeError, "give a function"),
        (tf.sin, (1, -1), ValueError, "its first end must be less"),
        (tf.math.log, (-2, -1), ValueError, "choose another interval"),
        (square_root_that_complains, (-2, -1), ValueError, "no negative numbers"),
    ],
)
def test_what_cannot_be_explored_is_told(f, interval, error, words):
    with pytest.raises(error, match=words):
        explore_tangent(f, interval)
