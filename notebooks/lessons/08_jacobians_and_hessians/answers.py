"""Answers to the exercises of lesson 8, as learners write them.

Each entry is a function of nothing that makes the answer, so that every test has its
own. The keys of MISCONCEPTIONS are what the feedback is called.
"""

import numpy as np
import tensorflow as tf

import gradtape as gt

# 8.2


def product(formula):
    def hvp(f, x, d):
        with tf.GradientTape(persistent=True) as outer_tape:
            outer_tape.watch(x)
            with tf.GradientTape() as tape:
                tape.watch(x)
                value = f(x)
            gradient = tape.gradient(value, x)
        return formula(outer_tape, gradient, x, d)

    return lambda: hvp


def product_forward_over_backward():
    def hvp(f, x, d):
        with tf.autodiff.ForwardAccumulator(x, d) as accumulator:
            with tf.GradientTape() as tape:
                tape.watch(x)
                value = f(x)
            gradient = tape.gradient(value, x)
        return accumulator.jvp(gradient)

    return hvp


def product_outside():
    def hvp(f, x, d):
        accumulator = tf.autodiff.ForwardAccumulator(x, d)
        with accumulator, tf.GradientTape() as tape:
            tape.watch(x)
            value = f(x)
        return accumulator.jvp(tape.gradient(value, x))

    return hvp


# 8.3


def examples(formula):
    def per_example(loss, w, X):
        with tf.GradientTape(persistent=True) as tape:
            tape.watch([w, X])
            losses = tf.stack([loss(w, x) for x in X])
            mean = tf.reduce_mean(losses)
        return formula(tape, losses, mean, w, X)

    return lambda: per_example


def examples_in_a_loop():
    def per_example(loss, w, X):
        rows = []
        for x in X:
            with tf.GradientTape() as tape:
                tape.watch(w)
                value = loss(w, x)
            rows.append(tape.gradient(value, w))
        return tf.stack(rows)

    return per_example


def examples_vectorised():
    def per_example(loss, w, X):
        def one(x):
            with tf.GradientTape() as tape:
                tape.watch(w)
                value = loss(w, x)
            return tape.gradient(value, w)

        return tf.vectorized_map(one, X)

    return per_example


def examples_at_once():
    def per_example(loss, w, X):
        with tf.GradientTape() as tape:
            tape.watch(w)
            value = loss(w, X)
        return tape.gradient(value, w)

    return per_example


# 8.4 to 8.6

EYE = tf.eye(3)
A = tf.constant([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0], [1.0, 0.0, 1.0]])
LOWER = tf.linalg.band_part(tf.ones([3, 3]), -1, 0)
STEPS = tf.constant([[-1.0, 1.0, 0.0], [0.0, -1.0, 1.0]])


def outer(a, b):
    return tf.tensordot(a, b, axes=0)


def length(x):
    return tf.reduce_sum(x * x)


def softmax_matrix(x):
    p = tf.nn.softmax(x)
    return tf.linalg.diag(p) - outer(p, p)


PUZZLES = {
    "8.4": (
        lambda x: 3.0 * EYE,
        lambda x: tf.linalg.diag(2.0 * x),
        lambda x: tf.linalg.diag(tf.where(x > 0.0, 1.0, 0.0)),
        lambda x: length(x) * EYE + 2.0 * outer(x, x),
    ),
    "8.5": (
        lambda x: tf.reverse(EYE, [0]),
        lambda x: LOWER,
        lambda x: EYE - 1.0 / 3.0,
        lambda x: STEPS,
    ),
    "8.6": (
        lambda x: A,
        lambda x: tf.transpose(A),
        lambda x: [tf.linalg.matvec(A + tf.transpose(A), x)],
        softmax_matrix,
    ),
}


def puzzles(number, place=None, answer=None):
    """Return the right answers, with one in their place exchanged."""

    def make():
        given = list(PUZZLES[number])
        if place is not None:
            given[place] = answer
        return tuple(given)

    return make


def by_the_library():
    return (
        lambda x: gt.jacobian(lambda x: 3.0 * x, x),
        lambda x: gt.jacobian(tf.square, x),
        lambda x: gt.jacobian(tf.nn.relu, x),
        lambda x: gt.jacobian(lambda x: length(x) * x, x),
    )


SOLUTIONS = {
    "8.1": lambda: "[3. 2.]",
    "8.2": product_forward_over_backward,
    "8.3": examples(lambda tape, losses, mean, w, X: tape.jacobian(losses, w)),
    "8.4": puzzles("8.4"),
    "8.5": puzzles("8.5"),
    "8.6": puzzles("8.6"),
}

ALSO_RIGHT = {
    "8.1": [lambda: "[3.0, 2.0]", lambda: "[3 2]", lambda: "[ 3. , 2. ]"],
    "8.2": [
        product(lambda tape, g, x, d: tape.gradient(g, x, output_gradients=d)),
    ],
    "8.3": [examples_in_a_loop, examples_vectorised],
    "8.4": [
        by_the_library,
        puzzles("8.4", 2, lambda x: np.diag((x.numpy() > 0) * 1.0)),
    ],
    "8.5": [
        puzzles("8.5", 1, lambda x: [[1, 0, 0], [1, 1, 0], [1, 1, 1]]),
        puzzles("8.5", 3, lambda x: EYE[1:] - EYE[:-1]),
    ],
    "8.6": [
        puzzles("8.6", 2, lambda x: tf.linalg.matvec(A + tf.transpose(A), x)[None])
    ],
}

MISCONCEPTIONS = {
    "8.1": {
        "rows added": lambda: "[4. 1.]",
        "one column": lambda: "[2. 2.]",
        "values": lambda: "[2. 1.]",
        "one number": lambda: "5.0",
        "the whole matrix": lambda: "[[2. 1.]\n [2. 0.]]",
    },
    "8.2": {
        "gradient times direction": product(lambda tape, g, x, d: tf.reduce_sum(g * d)),
        "entry by entry": product(lambda tape, g, x, d: g * d),
        "rows added": product(lambda tape, g, x, d: tape.gradient(g, x)),
        "weighted afterwards": product(lambda tape, g, x, d: d * tape.gradient(g, x)),
        "built the Hessian": lambda: (
            lambda f, x, d: tf.linalg.matvec(gt.hessian(f, x), d)
        ),
        "only the diagonal": product(
            lambda tape, g, x, d: d * tf.linalg.diag_part(tape.jacobian(g, x))
        ),
        "outside": product_outside,
    },
    "8.3": {
        "summed": examples(lambda tape, losses, mean, w, X: tape.gradient(losses, w)),
        "mean": examples(lambda tape, losses, mean, w, X: tape.gradient(mean, w)),
        "all examples as one": examples_at_once,
        "examples as columns": examples(
            lambda tape, losses, mean, w, X: tf.transpose(tape.jacobian(losses, w))
        ),
        "divided by the number": examples(
            lambda tape, losses, mean, w, X: tape.jacobian(losses, w) / len(X)
        ),
        "by the examples": examples(
            lambda tape, losses, mean, w, X: tape.gradient(losses, X)
        ),
    },
    "8.4": {
        "full": puzzles("8.4", 0, lambda x: tf.fill([3, 3], 3.0)),
        "values": puzzles("8.4", 1, lambda x: tf.linalg.diag(x**2)),
        "summed over the outputs": puzzles("8.4", 1, lambda x: 2.0 * x),
        "a part is missing": puzzles("8.4", 3, lambda x: length(x) * EYE),
        "diagonal only": puzzles(
            "8.4", 3, lambda x: tf.linalg.diag(length(x) + 2.0 * x**2)
        ),
    },
    "8.5": {
        "identity": puzzles("8.5", 0, lambda x: EYE),
        "values": puzzles("8.5", 0, lambda x: tf.linalg.diag(x[::-1])),
        "full": puzzles("8.5", 1, lambda x: tf.ones([3, 3])),
        "transposed": puzzles("8.5", 1, lambda x: tf.transpose(LOWER)),
        "summed over the outputs": puzzles(
            "8.5", 1, lambda x: tf.constant([3.0, 2.0, 1.0])
        ),
        "diagonal only": puzzles("8.5", 2, lambda x: 2.0 / 3.0 * EYE),
        "sign": puzzles("8.5", 3, lambda x: -STEPS),
    },
    "8.6": {
        "transposed": puzzles("8.6", 1, lambda x: A),
        "values": puzzles("8.6", 0, lambda x: tf.linalg.matvec(A, x)),
        "a part is missing": puzzles("8.6", 2, lambda x: [tf.linalg.matvec(A, x)]),
        "not a matrix": puzzles(
            "8.6", 2, lambda x: tf.linalg.matvec(A + tf.transpose(A), x)
        ),
        "as if symmetric": puzzles("8.6", 2, lambda x: [2.0 * tf.linalg.matvec(A, x)]),
        "diagonal only": puzzles(
            "8.6",
            3,
            lambda x: tf.linalg.diag(tf.nn.softmax(x) * (1.0 - tf.nn.softmax(x))),
        ),
        "summed over the outputs": puzzles(
            "8.6", 0, lambda x: tf.reduce_sum(A, axis=0)
        ),
    },
}

# Right at one point and nowhere else.
HARD_CODED = {
    "8.2": lambda: lambda f, x, d: tf.constant([802.0, -600.0, 0.0]),
    "8.3": lambda: lambda loss, w, X: tf.zeros([4, 3]),
    "8.4": puzzles("8.4", 1, lambda x: tf.linalg.diag([2.0, 4.0, -2.0])),
    "8.6": puzzles("8.6", 3, lambda x: softmax_matrix(tf.constant([1.0, 2.0, -1.0]))),
}

# What people typed, and what the feedback is called.
ATTEMPTS = {
    "8.1": [
        ("mathematician", "'(3.0, 2.0)'", "right"),
        ("guesser", "'[[2. 1.]\\n [2. 0.]]'", "the whole matrix"),
        ("hasty", "'tf.Tensor([3. 2.], shape=(2,), dtype=float32)'", "differs"),
    ],
    "8.2": [
        (
            "exchanges the two",
            """\
def hvp(f, x, d):
    with tf.autodiff.ForwardAccumulator(d, x) as accumulator:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        g = tape.gradient(y, x)
    return accumulator.jvp(g)
hvp
""",
            "outside",
        ),
        (
            "backward over forward",
            """\
def hvp(f, x, d):
    with tf.GradientTape() as tape:
        tape.watch(x)
        with tf.autodiff.ForwardAccumulator(x, d) as accumulator:
            y = f(x)
        along = accumulator.jvp(y)
    return tape.gradient(along, x)
hvp
""",
            "right",
        ),
        (
            "multiplies first",
            """\
def hvp(f, x, d):
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        along = tf.tensordot(inner.gradient(y, x), d, 1)
    return outer.gradient(along, x)
hvp
""",
            "right",
        ),
    ],
    "8.3": [
        (
            "whole batch",
            """\
def per_example(loss, w, X):
    with tf.GradientTape() as tape:
        tape.watch(w)
        y = loss(w, X)
    return tape.jacobian(y, w)
per_example
""",
            "all examples as one",
        ),
        (
            "a list is enough",
            """\
def per_example(loss, w, X):
    rows = []
    for x in X:
        with tf.GradientTape() as tape:
            tape.watch(w)
            y = loss(w, x)
        rows.append(tape.gradient(y, w))
    return rows
per_example
""",
            "right",
        ),
    ],
    "8.6": [
        (
            "forgets the brackets",
            """\
A = tf.constant([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0], [1.0, 0.0, 1.0]])
(
    lambda x: A,
    lambda x: tf.transpose(A),
    lambda x: tf.linalg.matvec(A + tf.transpose(A), x),
    lambda x: tf.linalg.diag(tf.nn.softmax(x)),
)
""",
            "not a matrix",
        ),
    ],
}
