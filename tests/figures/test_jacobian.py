"""The Jacobian as a picture, by the data in its artists."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf

from gradtape.figures import plot_jacobian
from gradtape.figures.description import description
from gradtape.language import set_language


def text_of(ax):
    return [text.get_text() for text in ax.texts]


def ticks(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def test_rows_are_results_and_columns_inputs():
    ax = plot_jacobian(
        lambda v: tf.stack([v[0] ** 2 * v[1], 5 * v[0] + tf.sin(v[1])]), [2.0, 3.0]
    )
    assert text_of(ax) == ["12", "4", "5", "-0.99"]
    assert ticks(ax.yaxis) == ["$f_0$", "$f_1$"]
    assert ticks(ax.xaxis) == ["$v_0$", "$v_1$"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$v$", "$f(v)$")
    (image,) = ax.images
    assert np.sign(image.get_array()).tolist() == [[1, 1], [1, -1]]
    assert "Row f[0]: 12, 4. Row f[1]: 5, -0.99." in description(ax.figure)


def test_an_argument_with_a_longer_name_is_called_x():
    for f in (tf.nn.softmax, lambda weights: 2.0 * weights):
        ax = plot_jacobian(f, [1.0, 2.0])
        assert ticks(ax.xaxis) == ["$x_0$", "$x_1$"]


def test_a_batch_shows_its_blocks():
    ax = plot_jacobian(lambda x: tf.nn.softmax(x), [[1.0, 2.0], [0.0, 1.0]])
    words = description(ax.figure)
    assert "only those on the diagonal are not 0: f[i] depends on x[i] alone" in words
    assert "8 of 16 entries are 0" in words
    thick = [line for line in ax.lines if line.get_linewidth() > 1]
    assert len(thick) == 2


def test_blocks_of_zeros_are_named():
    ax = plot_jacobian(
        lambda x: tf.stack([x[0] + x[1], x[1] ** 2]), [[1.0, 2.0], [3.0, 4.0]]
    )
    assert "Blocks of zeros: (f[1], x[0])." in description(ax.figure)


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (lambda x: x**2, "It is diagonal."),
        (lambda x: tf.cumsum(x), "Above the diagonal all is 0."),
        (lambda x: tf.cumsum(x, reverse=True), "Below the diagonal all is 0."),
        (lambda x: x * 0.0, "Every entry is 0."),
        (lambda x: tf.stack([x[0], x[2]]), "All 0 in column x[1]."),
    ],
)
def test_the_description_says_where_zeros_are(f, said):
    assert said in description(plot_jacobian(f, [1.0, 2.0, 3.0]).figure)


def test_a_large_matrix_has_a_scale_and_no_numbers():
    ax = plot_jacobian(lambda x: tf.cumsum(x) * 2.0, np.linspace(0, 1, 30))
    assert not ax.texts
    assert len(ax.figure.axes) == 2
    assert len(ticks(ax.xaxis)) <= 16
    assert "Largest entry 2 at (f[0], x[0])" in description(ax.figure)


def test_a_single_number_has_no_index():
    ax = plot_jacobian(lambda x: x**2, 3.0)
    assert text_of(ax) == ["6"]
    assert ticks(ax.xaxis) == [""]


def test_it_draws_into_the_axes_given_and_speaks_chinese():
    _, ax = plt.subplots()
    set_language("zh")
    assert plot_jacobian(lambda x: x**2, [1.0, 2.0], ax=ax) is ax
    assert description(ax.figure).startswith("f 的雅可比矩阵：结果有 2 行")


@pytest.mark.parametrize(
    ("f", "x", "error", "said"),
    [
        (3, [1.0], TypeError, "f is 3; give a function"),
        (tf.sin, "a", TypeError, "'a' is"),
        (lambda x: x, [], ValueError, "0 rows and 0 columns"),
        (lambda x: x, np.zeros(600), ValueError, "600 rows and 600 columns"),
        (tf.sqrt, [0.0], ValueError, "no entry of the Jacobian is finite"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(f, x, error, said):
    with pytest.raises(error) as caught:
        plot_jacobian(f, x)
    assert said in str(caught.value)
    assert plt.get_fignums() == []


@pytest.mark.parametrize("columns", [1, 4])
def test_numbers_stay_in_their_boxes(columns):
    figure, axes = plt.subplots(2, columns, squeeze=False, figsize=(2.4 * columns, 4.8))
    for ax in axes.flat:
        plot_jacobian(tf.nn.softmax, [1.5, 1.0, -0.5], ax=ax)
    figure.canvas.draw()
    for ax in axes.flat:
        wide = [text.get_window_extent().width for text in ax.texts]
        assert max(wide) <= ax.get_window_extent().width / 3
