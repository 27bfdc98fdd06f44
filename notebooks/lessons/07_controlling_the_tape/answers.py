"""Answers to the exercises of lesson 7, as learners write them.

Each entry is a function of nothing that makes the answer, so that every test has its
own. The keys of MISCONCEPTIONS are what the feedback is called.
"""

import numpy as np
import tensorflow as tf

# 7.2


def freezing(formula):
    def freeze(w, mask):
        return formula(w, mask)

    return lambda: freeze


# 7.3


def players(choose):
    def two_gradients(f, g, a, b):
        with tf.GradientTape(persistent=True) as tape:
            losses = f(a, b), g(a, b)
        return choose(tape, *losses, a, b)

    return lambda: two_gradients


def players_with_two_tapes():
    def two_gradients(f, g, a, b):
        with tf.GradientTape() as tape_f, tf.GradientTape() as tape_g:
            loss_f, loss_g = f(a, b), g(a, b)
        return tape_f.gradient(loss_f, a), tape_g.gradient(loss_g, b)

    return two_gradients


def players_with_one_tape():
    def two_gradients(f, g, a, b):
        with tf.GradientTape() as tape:
            loss_f, loss_g = f(a, b), g(a, b)
        return tape.gradient(loss_f, a), tape.gradient(loss_g, b)

    return two_gradients


def players_after_each_other():
    def two_gradients(f, g, a, b):
        gradients = []
        for loss, source in ((f, a), (g, b)):
            with tf.GradientTape() as tape:
                value = loss(a, b)
            gradients.append(tape.gradient(value, source))
        return gradients

    return two_gradients


# 7.4 and 7.5


def own_gradient(value, back):
    @tf.custom_gradient
    def f(x):
        y = value(x)

        def backward(upstream):
            return back(x, y, upstream)

        return y, backward

    return lambda: f


def turn_by_stopping():
    def turn(x):
        return -0.5 * x + tf.stop_gradient(1.5 * x)

    return turn


def turn_without_decorator():
    def turn(x):
        return tf.identity(x)

    return turn


def numpy_root(x):
    return tf.ensure_shape(tf.numpy_function(np.cbrt, [x], x.dtype), x.shape)


def root_without_a_way_back():
    def cube_root(x):
        return numpy_root(x)

    return cube_root


def root_by_signs():
    def cube_root(x):
        return tf.sign(x) * tf.abs(x) ** (1 / 3)

    return cube_root


def root_by_a_power():
    def cube_root(x):
        return x ** (1 / 3)

    return cube_root


SOLUTIONS = {
    "7.1": lambda: "96.0",
    "7.2": freezing(lambda w, mask: mask * w + (1.0 - mask) * tf.stop_gradient(w)),
    "7.3": players_with_two_tapes,
    "7.4": own_gradient(tf.identity, lambda x, y, u: -0.5 * u),
    "7.5": own_gradient(numpy_root, lambda x, y, u: u / (3.0 * y**2)),
}

ALSO_RIGHT = {
    "7.1": [lambda: "96"],
    "7.2": [
        freezing(lambda w, mask: tf.where(mask == 1.0, w, tf.stop_gradient(w))),
        freezing(
            lambda w, mask: tf.stop_gradient(w) + mask * (w - tf.stop_gradient(w))
        ),
    ],
    "7.3": [
        players(lambda tape, f, g, a, b: [tape.gradient(f, a), tape.gradient(g, b)]),
        players_after_each_other,
    ],
    "7.4": [turn_by_stopping],
    "7.5": [
        own_gradient(numpy_root, lambda x, y, u: u * y / (3.0 * x)),
        root_by_signs,
    ],
}

MISCONCEPTIONS = {
    "7.1": {
        "everything recorded": lambda: "276.0",
        "the product hidden too": lambda: "6.0",
        "one term only": lambda: "90",
        "value of z": lambda: "279.0",
        "None": lambda: "none",
    },
    "7.2": {
        "values masked too": freezing(lambda w, mask: w * mask),
        "all stopped": freezing(lambda w, mask: tf.stop_gradient(w)),
        "mask the wrong way round": freezing(
            lambda w, mask: mask * tf.stop_gradient(w) + (1.0 - mask) * w
        ),
        "nothing frozen": freezing(lambda w, mask: w),
        "doubled where the mask is 1": freezing(
            lambda w, mask: tf.stop_gradient(w) * mask + w
        ),
        "values masked and stopped": freezing(
            lambda w, mask: tf.stop_gradient(w * mask)
        ),
    },
    "7.3": {
        "sources exchanged": players(
            lambda tape, f, g, a, b: (tape.gradient(f, b), tape.gradient(g, a))
        ),
        "losses added": players(lambda tape, f, g, a, b: tape.gradient([f, g], [a, b])),
        "order of the result": players(
            lambda tape, f, g, a, b: (tape.gradient(g, b), tape.gradient(f, a))
        ),
        "one loss for both": players(lambda tape, f, g, a, b: tape.gradient(f, [a, b])),
        "raises": players_with_one_tape,
        "losses exchanged": players(
            lambda tape, f, g, a, b: (tape.gradient(g, a), tape.gradient(f, b))
        ),
    },
    "7.4": {
        "no upstream": own_gradient(
            tf.identity, lambda x, y, u: tf.fill(x.shape, -0.5)
        ),
        "value changed": lambda: lambda x: -0.5 * x,
        "not turned": own_gradient(tf.identity, lambda x, y, u: 0.5 * u),
        "turned, not halved": own_gradient(tf.identity, lambda x, y, u: -u),
        "identity": turn_without_decorator,
    },
    "7.5": {
        "no way back": root_without_a_way_back,
        "no upstream": own_gradient(numpy_root, lambda x, y, u: 1.0 / (3.0 * y**2)),
        "upside down": own_gradient(numpy_root, lambda x, y, u: u * 3.0 * y**2),
        "x in the place of y": own_gradient(
            numpy_root, lambda x, y, u: u / (3.0 * x**2)
        ),
        "a square root": own_gradient(numpy_root, lambda x, y, u: u / (2.0 * y)),
        "not finite": root_by_a_power,
        "derivative of the cube": own_gradient(
            numpy_root, lambda x, y, u: u * 3.0 * x**2
        ),
        "y instead of y²": own_gradient(numpy_root, lambda x, y, u: u / (3.0 * y)),
    },
}

# Right at one point and nowhere else.
HARD_CODED = {
    "7.2": freezing(lambda w, mask: tf.constant([1.0, 2.0, 3.0, 4.0])),
    "7.3": lambda: lambda f, g, a, b: (1.0, 1.0),
    "7.5": lambda: lambda x: tf.constant([2.0, -2.0, 2.0, -2.0]),
}

# What different people typed: who, the code, and what the feedback is called.
ATTEMPTS = {
    "7.5": [
        (
            "guesser",
            """\
@tf.custom_gradient
def cube_root(x):
    y = tf.numpy_function(np.cbrt, [x], tf.float32)
    y = tf.ensure_shape(y, x.shape)
    def back(upstream):
        return upstream*3*x**2
    return y, back
cube_root
""",
            "derivative of the cube",
        ),
        (
            "schoolchild",
            """\
@tf.custom_gradient
def cube_root(x):
    y = tf.numpy_function(np.cbrt, [x], tf.float32)
    y = tf.ensure_shape(y, x.shape)
    def back(upstream):
        return upstream/(3*x**(2/3))
    return y, back
cube_root
""",
            "right in part",
        ),
        (
            "guesser",
            """\
@tf.custom_gradient
def cube_root(x):
    y = tf.numpy_function(np.cbrt, [x], tf.float32)
    y = tf.ensure_shape(y, x.shape)
    def back(upstream):
        return upstream/(3*y)
    return y, back
cube_root
""",
            "y instead of y²",
        ),
        (
            "schoolchild",
            """\
@tf.custom_gradient
def cube_root(x):
    y = tf.numpy_function(np.cbrt, [x], tf.float32)
    y = tf.ensure_shape(y, x.shape)
    def back(upstream):
        return upstream/y**2
    return y, back
cube_root
""",
            "right in part",
        ),
        (
            "guesser",
            """\
@tf.custom_gradient
def cube_root(x):
    y = tf.numpy_function(np.cbrt, [x], tf.float32)
    y = tf.ensure_shape(y, x.shape)
    def back(upstream):
        return upstream/3
    return y, back
cube_root
""",
            "right in part",
        ),
    ],
    "7.3": [
        (
            "guesser",
            """\
def two_gradients(f, g, a, b):
    with tf.GradientTape(persistent=True) as tape:
        u = f(a, b)
        v = g(a, b)
    return tape.gradient(v, a), tape.gradient(u, b)
two_gradients
""",
            "losses exchanged",
        ),
        (
            "physicist",
            """\
def two_gradients(f, g, a, b):
    with tf.GradientTape(persistent=True) as tape:
        u = f(a, b)
        v = g(a, b)
    return tape.gradient(u, a), -tape.gradient(v, b)
two_gradients
""",
            "right in part",
        ),
        (
            "guesser",
            """\
def two_gradients(f, g, a, b):
    with tf.GradientTape(persistent=True) as tape:
        u = f(a, b)
        v = g(a, b)
    return tape.gradient(v, a), tape.gradient(v, b)
two_gradients
""",
            "one loss for both",
        ),
    ],
    "7.2": [
        (
            "guesser",
            """\
def freeze(w, mask):
    return tf.stop_gradient(w*mask)
freeze
""",
            "values masked and stopped",
        ),
        (
            "beginner",
            """\
def freeze(w, mask):
    return tf.stop_gradient(w)*mask + w
freeze
""",
            "doubled where the mask is 1",
        ),
        (
            "beginner",
            """\
def freeze(w, mask):
    return w*mask + tf.stop_gradient(w)
freeze
""",
            "doubled where the mask is 1",
        ),
        (
            "beginner",
            """\
def freeze(w, mask):
    return w.assign(w*mask)
freeze
""",
            "raises",
        ),
    ],
    "7.4": [
        (
            "reader",
            """\
@tf.custom_gradient
def turn(x):
    def backward(upstream):
        return -0.5
    return tf.identity(x), backward
turn
""",
            "no upstream",
        ),
        (
            "guesser",
            """\
@tf.custom_gradient
def turn(x):
    def back(upstream):
        return -0.5*x*upstream
    return x, back
turn
""",
            "right in part",
        ),
        (
            "guesser",
            """\
@tf.custom_gradient
def turn(x):
    def back(upstream):
        return upstream-0.5
    return x, back
turn
""",
            "right in part",
        ),
        (
            "beginner",
            """\
@tf.custom_gradient
def turn(x):
    def back(upstream):
        return upstream/-0.5
    return x, back
turn
""",
            "right in part",
        ),
        (
            "guesser",
            """\
@tf.custom_gradient
def turn(x):
    def back(upstream):
        return -2*upstream
    return x, back
turn
""",
            "right in part",
        ),
        (
            "beginner",
            """\
@tf.custom_gradient
def turn(x):
    def back(upstream):
        return -0.5*upstream
    return x, back(x)
turn
""",
            "raises",
        ),
    ],
}
