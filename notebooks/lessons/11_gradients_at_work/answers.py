"""Answers to the exercises of lesson 11, as learners write them.

Each entry is a function of nothing that makes the answer, so that every test has its
own. The keys of MISCONCEPTIONS are what the feedback is called.
"""

import numpy as np
import tensorflow as tf

import gradtape as gt

# 11.1


def input_gradient(target, finish=tf.abs):
    def answer(model, x, k):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = target(model(x), k)
        return finish(tape.gradient(y, x))

    return lambda: answer


def input_gradient_row_by_row():
    def answer(model, x, k):
        rows = []
        for row in x:
            with tf.GradientTape() as tape:
                tape.watch(row)
                score = model(row[tf.newaxis])[0, k]
            rows.append(tf.abs(tape.gradient(score, row)))
        return tf.stack(rows)

    return answer


# 11.2


def attack(formula):
    def answer(loss, x, size):
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = loss(x)
        return formula(x, size, tape.gradient(value, x))

    return lambda: answer


def attack_in_numpy():
    def answer(loss, x, size):
        _, gradient = gt.value_and_gradient(loss, x)
        return np.where(gradient > 0, x + size, x - size)

    return answer


# 11.3


def residual(formula):
    def answer(y, t):
        with tf.GradientTape() as outer_tape:
            outer_tape.watch(t)
            with tf.GradientTape() as tape:
                tape.watch(t)
                value = y(t)
            first = tape.gradient(value, t)
        return formula(value, first, outer_tape.gradient(first, t))

    return lambda: answer


def residual_by_the_library():
    def answer(y, t):
        value, _, second = gt.derivatives(y, t, order=2)
        return value + second

    return answer


# 11.4


def activation(formula, watch_maps=True):
    def answer(features, head, x):
        with tf.GradientTape() as tape:
            if not watch_maps:
                tape.watch(x)
            A = features(x)
            if watch_maps:
                tape.watch(A)
            score = head(A)
        gradient = tape.gradient(score, A)
        weights = tf.reduce_mean(gradient, axis=[1, 2], keepdims=True)
        return formula(A, gradient, weights)

    return lambda: answer


def grad_cam(A, gradient, weights):
    return tf.nn.relu(tf.reduce_sum(weights * A, axis=-1))


# 11.5


def penalty(formula, target=lambda c: c):
    def answer(critic, x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            c = target(critic(x))
        return formula(tape.gradient(c, x))

    return lambda: answer


def lengths(gradient):
    return tf.norm(gradient, axis=1)


# 11.6


def by_rate(formula, sign=-1.0):
    def answer(loss, w, rate):
        with tf.GradientTape(persistent=True) as outer_tape:
            outer_tape.watch([w, rate])
            with tf.GradientTape() as tape:
                tape.watch(w)
                value = loss(w)
            gradient = tape.gradient(value, w)
            new = w + sign * rate * gradient
            after = loss(new)
        return formula(outer_tape, after, new, gradient, rate)

    return lambda: answer


def by_rate_of_the_start():
    def answer(loss, w, rate):
        with tf.GradientTape() as outer_tape:
            outer_tape.watch(w)
            with tf.GradientTape() as tape:
                tape.watch(w)
                value = loss(w)
            after = loss(w - rate * tape.gradient(value, w))
        return outer_tape.gradient(after, w)

    return answer


def by_rate_from_the_formula():
    def answer(loss, w, rate):
        _, gradient = gt.value_and_gradient(loss, w)
        _, after = gt.value_and_gradient(loss, w - rate * gradient)
        return -tf.reduce_sum(after * gradient)

    return answer


def of_rate(tape, after, new, gradient, rate):
    return tape.gradient(after, rate)


SOLUTIONS = {
    "11.1": input_gradient(lambda scores, k: scores[:, k]),
    "11.2": attack(lambda x, size, g: x + size * tf.sign(g)),
    "11.3": residual(lambda y, first, second: second + y),
    "11.4": activation(grad_cam),
    "11.5": penalty(lambda g: tf.reduce_mean((lengths(g) - 1.0) ** 2)),
    "11.6": by_rate(of_rate),
}

ALSO_RIGHT = {
    "11.1": [
        input_gradient_row_by_row,
        input_gradient(lambda scores, k: tf.reduce_sum(scores[:, k])),
        input_gradient(lambda scores, k: tf.gather(scores, k, axis=1)),
    ],
    "11.2": [attack_in_numpy, attack(lambda x, size, g: x + size * g / tf.abs(g))],
    "11.3": [residual_by_the_library],
    "11.4": [activation(grad_cam, watch_maps=False)],
    "11.5": [
        penalty(
            lambda g: tf.reduce_mean(
                tf.square(tf.sqrt(tf.reduce_sum(g**2, axis=1)) - 1.0)
            ),
            tf.reduce_sum,
        )
    ],
    "11.6": [by_rate_from_the_formula],
}

MISCONCEPTIONS = {
    "11.1": {
        "with signs": input_gradient(lambda scores, k: scores[:, k], lambda g: g),
        "all scores": input_gradient(lambda scores, k: scores),
        "an example, not a score": input_gradient(lambda scores, k: scores[k]),
        "probability": input_gradient(lambda scores, k: tf.nn.softmax(scores)[:, k]),
        "mean over the rows": input_gradient(
            lambda scores, k: tf.reduce_mean(scores[:, k])
        ),
    },
    "11.2": {
        "downhill": attack(lambda x, size, g: x - size * tf.sign(g)),
        "gradient itself": attack(lambda x, size, g: x + size * g),
        "unit length": attack(lambda x, size, g: x + size * g / tf.norm(g)),
        "largest by size": attack(
            lambda x, size, g: x + size * g / tf.reduce_max(tf.abs(g))
        ),
        "clipped": attack(
            lambda x, size, g: tf.clip_by_value(x + size * tf.sign(g), 0.0, 1.0)
        ),
        "only the change": attack(lambda x, size, g: size * tf.sign(g)),
        "full signs": attack(lambda x, size, g: x + tf.sign(g)),
    },
    "11.3": {
        "first derivative": residual(lambda y, first, second: first + y),
        "other sign": residual(lambda y, first, second: second - y),
        "second derivative alone": residual(lambda y, first, second: second),
        "square of the first": residual(lambda y, first, second: first**2 + y),
        "squared": residual(lambda y, first, second: (second + y) ** 2),
    },
    "11.4": {
        "without relu": activation(
            lambda A, gradient, w: tf.reduce_sum(w * A, axis=-1)
        ),
        "place by place": activation(
            lambda A, gradient, w: tf.nn.relu(tf.reduce_sum(gradient * A, axis=-1))
        ),
        "one weight for all": activation(
            lambda A, gradient, w: grad_cam(A, gradient, tf.reduce_mean(w))
        ),
        "sum for mean": activation(
            lambda A, gradient, w: grad_cam(
                A, gradient, tf.reduce_sum(gradient, axis=[1, 2], keepdims=True)
            )
        ),
        "gradient alone": activation(
            lambda A, gradient, w: tf.nn.relu(tf.reduce_sum(gradient, axis=-1))
        ),
        "relu too early": activation(
            lambda A, gradient, w: tf.reduce_sum(tf.nn.relu(w * A), axis=-1)
        ),
    },
    "11.5": {
        "one norm for all": penalty(lambda g: (tf.norm(g) - 1.0) ** 2),
        "squared lengths": penalty(
            lambda g: tf.reduce_mean((lengths(g) ** 2 - 1.0) ** 2)
        ),
        "each entry": penalty(lambda g: tf.reduce_mean((g - 1.0) ** 2)),
        "mean too early": penalty(lambda g: (tf.reduce_mean(lengths(g)) - 1.0) ** 2),
        "gradient of the mean": penalty(
            lambda g: tf.reduce_mean((lengths(g) - 1.0) ** 2), tf.reduce_mean
        ),
        "one side only": penalty(
            lambda g: tf.reduce_mean(tf.nn.relu(lengths(g) - 1.0) ** 2)
        ),
        "no target": penalty(lambda g: tf.reduce_mean(lengths(g) ** 2)),
    },
    "11.6": {
        "other sign": by_rate(lambda *parts: -of_rate(*parts)),
        "at the old place": by_rate(
            lambda tape, after, new, gradient, rate: -tf.reduce_sum(gradient**2)
        ),
        "the loss itself": by_rate(lambda tape, after, new, gradient, rate: after),
        "by the parameters": by_rate(
            lambda tape, after, new, gradient, rate: tape.gradient(after, new)
        ),
        "by the old parameters": by_rate_of_the_start,
        "uphill": by_rate(of_rate, sign=1.0),
    },
}

# Right at one point and nowhere else.
HARD_CODED = {
    "11.2": lambda: lambda loss, x, size: x + size * tf.ones_like(x),
    "11.5": lambda: lambda critic, x: tf.constant(0.02),
    "11.6": lambda: lambda loss, w, rate: tf.constant(-537.29),
}

# What people typed, and what the feedback is called.
ATTEMPTS = {
    "11.1": [
        (
            "all at once",
            """\
def input_gradient(model, x, k):
    with tf.GradientTape() as tape:
        tape.watch(x)
        scores = model(x)
    return tf.abs(tape.batch_jacobian(scores, x)[:, k])
input_gradient
""",
            "right",
        ),
    ],
    "11.2": [
        (
            "minus the loss",
            """\
def attack(loss, x, size):
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = -loss(x)
    return x + size * tf.sign(tape.gradient(value, x))
attack
""",
            "downhill",
        ),
    ],
    "11.3": [
        (
            "one persistent tape",
            """\
def residual(y, t):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(t)
        value = y(t)
        first = tape.gradient(value, t)
    return tape.gradient(first, t) + value
residual
""",
            "right",
        ),
        (
            "squares the first",
            """\
def residual(y, t):
    with tf.GradientTape() as tape:
        tape.watch(t)
        value = y(t)
    first = tape.gradient(value, t)
    return first * first + value
residual
""",
            "square of the first",
        ),
    ],
    "11.5": [
        (
            "one-sided, as some papers have it",
            """\
def penalty(critic, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        c = critic(x)
    lengths = tf.norm(tape.gradient(c, x), axis=1)
    return tf.reduce_mean(tf.nn.relu(lengths - 1.0) ** 2)
penalty
""",
            "one side only",
        ),
    ],
    "11.6": [
        (
            "by the start",
            """\
def by_rate(loss, w, rate):
    with tf.GradientTape() as outer:
        outer.watch(w)
        with tf.GradientTape() as inner:
            inner.watch(w)
            value = loss(w)
        after = loss(w - rate * inner.gradient(value, w))
    return outer.gradient(after, w)
by_rate
""",
            "by the old parameters",
        ),
        (
            "assigns",
            """\
def by_rate(loss, w, rate):
    v = tf.Variable(w)
    with tf.GradientTape() as outer:
        outer.watch(rate)
        with tf.GradientTape() as inner:
            value = loss(v)
        v.assign_sub(rate * inner.gradient(value, v))
        after = loss(v)
    return outer.gradient(after, rate)
by_rate
""",
            "gradient none",
        ),
    ],
}
