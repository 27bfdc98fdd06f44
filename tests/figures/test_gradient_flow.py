"""The gradient's size, layer by layer, by the data in its artists."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf

from gradtape.figures import plot_gradient_flow
from gradtape.figures.description import description
from gradtape.language import set_language

X = tf.constant(np.random.default_rng(1).normal(size=(16, 3)), tf.float32)
Y = tf.reduce_sum(X, 1, keepdims=True)


def network(activation, layers=5, **more):
    tf.keras.utils.set_random_seed(0)
    hidden = [
        tf.keras.layers.Dense(8, activation=activation, **more) for _ in range(layers)
    ]
    return tf.keras.Sequential(
        [tf.keras.Input((3,)), *hidden, tf.keras.layers.Dense(1)]
    )


def sizes(ax, line=0):
    return np.asarray(ax.lines[line].get_ydata())


def test_it_is_the_root_mean_square_of_each_layers_gradient():
    model = network("tanh", 2)
    ax = plot_gradient_flow(model, X, Y)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(X) - Y) ** 2)
    slopes = tape.gradient(loss, model.trainable_variables)
    for size, kernel, bias in zip(sizes(ax), slopes[::2], slopes[1::2], strict=True):
        both = np.concatenate([np.ravel(kernel), np.ravel(bias)])
        assert size == pytest.approx(np.sqrt(np.mean(both**2)), rel=1e-4)
    assert ax.get_yscale() == "log"


def test_sigmoids_let_it_vanish_and_large_weights_explode():
    vanishes = description(plot_gradient_flow(network("sigmoid"), X, Y).figure)
    assert "It vanishes on the way back" in vanishes
    large = tf.keras.initializers.RandomNormal(stddev=3.0, seed=1)
    explodes = plot_gradient_flow(network(None, kernel_initializer=large), X, Y)
    words = description(explodes.figure)
    assert "vanishes" not in words
    tanh = description(plot_gradient_flow(network("tanh"), X, Y).figure)
    assert "on the way back" not in tanh


def test_it_explodes_where_each_layer_multiplies():
    ax = plot_gradient_flow(lambda a, b, c: a * b * c, 0.1, 1.0, 100.0)
    assert sizes(ax).tolist() == pytest.approx([100.0, 10.0, 0.1])
    assert "explodes on the way back" in description(ax.figure)


def test_a_dead_layer_has_an_empty_mark_and_is_named():
    def loss(w1, w2, w3):
        return (w3 * tf.nn.relu(w2 * tf.sigmoid(w1) - 10.0) - 1.0 + 0.5 * w3) ** 2

    ax = plot_gradient_flow(loss, 1.0, 1.0, 1.0)
    assert np.isnan(sizes(ax)[:2]).all()
    assert "It is 0 throughout in layers 1, 2." in description(ax.figure)
    (mark,) = (line for line in ax.lines if line.get_label() == "_zero")
    assert mark.get_xdata().tolist() == [1, 2]


def test_steps_are_lines_and_leave_the_model_alone():
    model = network("tanh", 2)
    before = [weight.numpy() for weight in model.weights]
    ax = plot_gradient_flow(model, X, Y, steps=(0, 20), learning_rate=0.1)
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["$t = 0$", "$t = 20$"]
    for weight, value in zip(model.weights, before, strict=True):
        assert np.array_equal(weight, value)
    assert "After 20 steps: " in description(ax.figure)
    # The same as twenty steps by hand.
    for _ in range(20):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(X) - Y) ** 2)
        slopes = tape.gradient(loss, model.trainable_variables)
        for weight, slope in zip(model.trainable_variables, slopes, strict=True):
            weight.assign_sub(0.1 * slope)
    by_hand = plot_gradient_flow(model, X, Y)
    assert sizes(ax, 1) == pytest.approx(sizes(by_hand), rel=1e-3)


def test_batch_normalisation_counts_with_no_layer_and_keeps_its_averages():
    model = tf.keras.Sequential(
        [
            tf.keras.Input((3,)),
            tf.keras.layers.Dense(4),
            tf.keras.layers.BatchNormalization(),
            tf.keras.layers.Dense(1),
        ]
    )
    before = [weight.numpy() for weight in model.weights]
    ax = plot_gradient_flow(model, X, Y)
    assert len(sizes(ax)) == 2
    for weight, value in zip(model.weights, before, strict=True):
        assert np.array_equal(weight, value)


def test_several_networks_share_one_axes():
    _, ax = plt.subplots()
    for name in ("sigmoid", "relu"):
        assert plot_gradient_flow(network(name), X, Y, label=name, ax=ax) is ax
    assert len({line.get_color() for line in ax.lines}) == 2
    set_language("zh")
    plot_gradient_flow(network("tanh"), X, Y, label="tanh", ax=ax)
    words = description(ax.figure)
    assert "sigmoid: " in words
    assert "tanh：" in words


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: plot_gradient_flow(3), TypeError, "model_or_f is 3"),
        (
            lambda: plot_gradient_flow(network("relu"), X),
            TypeError,
            "inputs and targets",
        ),
        (lambda: plot_gradient_flow(lambda: 1.0), ValueError, "there are no layers"),
        (
            lambda: plot_gradient_flow(lambda x: x, 1.0, steps=-1),
            ValueError,
            "steps is -1",
        ),
        (
            lambda: plot_gradient_flow(lambda x: x, 1.0, steps=()),
            ValueError,
            "is empty",
        ),
        (
            lambda: plot_gradient_flow(lambda x: x, 1.0, steps=10**9),
            ValueError,
            "steps is 1000000000",
        ),
        (
            lambda: plot_gradient_flow(lambda x: x, 1.0, steps=range(10**9)),
            ValueError,
            "more than 100 numbers",
        ),
        (
            lambda: plot_gradient_flow(lambda x: x, [1.0, 2.0]),
            ValueError,
            "sum or average",
        ),
    ],
)
def test_bad_input_is_refused_in_a_sentence(call, error, said):
    with pytest.raises(error) as caught:
        call()
    assert said in str(caught.value)
    assert plt.get_fignums() == []
