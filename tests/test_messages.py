"""The messages in lesson 12's table are those of TensorFlow and Keras installed here."""

import re
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from gradtape.authoring.source import read_sources

LESSON = next(
    source
    for source in read_sources(Path(__file__).parents[1]).values()
    if source.lesson == "12"
)
SINGULAR = [[1.0, 2.0], [2.0, 4.0]]


def gradient(f, x, source=None):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    return tape.gradient(y, x if source is None else source)


def asked_twice(x):
    with tf.GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)
    tape.gradient(y, x)


def layer():
    made = tf.keras.layers.Dense(1)
    made.build((None, 2))
    return made


def input_of_a_model():
    entry = tf.keras.Input((2,))
    model = tf.keras.Model(entry, tf.keras.layers.Dense(1)(entry))
    gradient(model, tf.ones((1, 2)), model.input)


def apply(*pairs):
    optimizer = tf.keras.optimizers.SGD(0.1)
    for pair in pairs or [()]:
        optimizer.apply_gradients([pair] if pair else zip([], [], strict=True))


def one():
    return tf.constant(1.0)


MISTAKES = {
    "P5": lambda: gradient(np.sin, tf.Variable(3.0)),
    "P29": input_of_a_model,
    "P36": lambda: gradient(
        lambda t: tf.gather(t, [1]), tf.Variable(tf.ones([4, 2]))
    ).numpy(),
    "P8": lambda: asked_twice(tf.Variable(3.0)),
    "P6": lambda: tf.Variable(1.0).__isub__(1.0),
    "P18": lambda: gradient(lambda x: x, layer().kernel),
    "P21": lambda: apply((one(), tf.Variable(1.0)), (one(), tf.Variable(1.0))),
    "P22": lambda: gradient(
        lambda w: tf.math.bincount([0, 1], weights=w), tf.Variable([1.0, 2.0])
    ),
    "P31": apply,
    "P40": lambda: gradient(tf.linalg.det, tf.Variable(SINGULAR)),
    "`None`": lambda: apply((None, tf.Variable(1.0))),
}


def rows(language):
    """Return what stands between backquotes in the table, and where it leads."""
    (text,) = (
        cell.text
        for cell in LESSON.in_language(language)
        if "No gradients provided" in cell.text
    )
    return re.findall(r"^\| `+ ?(.+?) ?`+ \| .*?(P\d+|`None`)", text, re.MULTILINE)


@pytest.mark.parametrize(("message", "number"), rows("en"))
def test_a_message_is_what_the_mistake_gives(message, number):
    with pytest.raises(Exception, match=re.escape(message)):
        MISTAKES[number]()


def test_both_languages_list_the_same_messages():
    assert rows("en") == rows("zh")
    assert {number for _, number in rows("en")} == set(MISTAKES)
