"""Answers to the exercises of lesson 2, as learners write them.

Each entry is a function of nothing that makes the answer, so that every test has its
own. The keys of MISCONCEPTIONS are what the feedback is called.
"""

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# 2.1


def backward_solution():
    def backward(x):
        b = -(x**2)
        dy_db = tf.exp(b)
        dy_da = dy_db * -1.0
        dy_dx = dy_da * 2.0 * x
        return dy_db, dy_da, dy_dx

    return backward


def backward_by_tape():
    def backward(x):
        x = tf.Variable(x)
        with tf.GradientTape() as tape:
            a = x**2
            b = -a
            y = tf.exp(b)
        return tape.gradient(y, [b, a, x])

    return backward


def backward_without_inner():
    def backward(x):
        dy_db = np.exp(-(x**2))
        return dy_db, -dy_db, -dy_db

    return backward


# 2.2


def root_solution():
    def slope_of_root(at):
        x = tf.Variable(at, dtype=tf.float32)
        with tf.GradientTape() as tape:
            y = tf.sqrt(x)
        return tape.gradient(y, x)

    return slope_of_root


def root_by_formula():
    return lambda at: [0.5 * at**-0.5]


def root_of_a_watched_cast():
    def slope_of_root(at):
        x = tf.constant(at)
        with tf.GradientTape() as tape:
            start = tf.cast(x, tf.float32)
            tape.watch(start)
            y = tf.sqrt(start)
        return tape.gradient(y, start)

    return slope_of_root


def root_as_given():
    def slope_of_root(at):
        x = tf.constant(at)
        with tf.GradientTape() as tape:
            start = tf.cast(x, tf.float32)
        y = tf.sqrt(start)
        return tape.gradient(y, x)

    return slope_of_root


def root_value():
    def slope_of_root(at):
        x = tf.Variable(at, dtype=tf.float32)
        with tf.GradientTape() as tape:
            y = tf.sqrt(x)
        tape.gradient(y, x)
        return y

    return slope_of_root


def root_wrong_target():
    def slope_of_root(at):
        x = tf.Variable(at, dtype=tf.float32)
        with tf.GradientTape() as tape:
            start = tf.cast(x, tf.float32) * 1.0
        return tape.gradient(start, x)

    return slope_of_root


def root_twice():
    def slope_of_root(at):
        start = tf.Variable(tf.sqrt(tf.cast(at, tf.float32)))
        with tf.GradientTape() as tape:
            y = tf.sqrt(start)
        return tape.gradient(y, start)

    return slope_of_root


def root_by_differences():
    def slope_of_root(at):
        at = tf.cast(at, tf.float32)
        return (tf.sqrt(at + 1e-4) - tf.sqrt(at)) / 1e-4

    return slope_of_root


# 2.3


def f(x):
    return x**3 - 6 * x**2 + 9 * x


def drawing(*points, curve=f):
    x = np.linspace(-0.5, 4.5, 200)
    _, ax = plt.subplots()
    ax.plot(x, curve(x))
    for a, height in points:
        ax.plot(a, height, "o")
        ax.axhline(height, linestyle="--")
    return ax


def drawing_by_scatter():
    x = np.linspace(-1.0, 5.0, 40)
    figure, ax = plt.subplots()
    ax.scatter([1.0, 3.0], [4.0, 0.0])
    ax.plot(x, 3 * x**2 - 12 * x + 9, x, f(x))
    return figure


# 2.4


def steps(formula):
    def best_step(value, curvature):
        return formula(value, curvature)

    return lambda: best_step


def found_on_a_grid(value, curvature):
    h = np.geomspace(1e-8, 1.0, 20_001)
    return h[np.argmin(h * abs(curvature) / 2 + 6e-8 * abs(value) / h)]


SOLUTIONS = {
    "2.1": backward_solution,
    "2.2": root_solution,
    "2.3": lambda: drawing((1.0, 4.0), (3.0, 0.0)),
    "2.4": steps(lambda f, f2: (2 * 6e-8 * abs(f) / abs(f2)) ** 0.5),
}

ALSO_RIGHT = {
    "2.1": [backward_by_tape],
    "2.2": [root_by_formula, root_of_a_watched_cast],
    "2.3": [drawing_by_scatter],
    "2.4": [
        steps(lambda f, f2: np.exp(0.5 * np.log(1.2e-7 * np.abs(f / f2)))),
        steps(lambda f, f2: (np.finfo(np.float32).eps * abs(f / f2)) ** 0.5),
        steps(found_on_a_grid),
    ],
}

MISCONCEPTIONS = {
    "2.1": {
        "forgot the inner derivative": backward_without_inner,
        "local slopes": lambda: lambda x: (np.exp(-(x**2)), -1.0, 2 * x),
        "lost the sign": lambda: (
            lambda x: [tf.exp(-(x**2)) * s for s in (1.0, 1.0, 2 * x)]
        ),
        "lost the sign on the way": lambda: (
            lambda x: [np.exp(-(x**2)) * s for s in (1.0, -1.0, 2 * x)]
        ),
        "forward order": lambda: lambda x: backward_solution()(x)[::-1],
    },
    "2.2": {
        "gradient none": root_as_given,
        "value instead of slope": root_value,
        "slope of the cast": root_wrong_target,
        "slope at the root": root_twice,
        "close": root_by_differences,
    },
    "2.3": {
        "drew the derivative": lambda: drawing(
            (1.0, 0.0), (3.0, 0.0), curve=lambda x: 3 * x**2 - 12 * x + 9
        ),
        "zeros of f": lambda: drawing((0.0, 0.0), (3.0, 0.0)),
        "marked on the derivative": lambda: drawing((1.0, 0.0), (3.0, 0.0)),
        "steepest point": lambda: drawing((2.0, 2.0)),
        "not marked": drawing,
    },
    "2.4": {
        "forgot the half": steps(lambda f, f2: (6e-8 * abs(f / f2)) ** 0.5),
        "forgot the root": steps(lambda f, f2: 1.2e-7 * abs(f / f2)),
        "the whole gap": steps(
            lambda f, f2: (2 * np.finfo(np.float32).eps * abs(f / f2)) ** 0.5
        ),
        "upside down": steps(lambda f, f2: (1.2e-7 * abs(f2 / f)) ** 0.5),
        "forgot the absolute value": steps(lambda f, f2: tf.sqrt(1.2e-7 * f / f2)),
    },
}

# Right at the lesson's own point and nowhere else.
HARD_CODED = {
    "2.1": lambda: lambda x: (0.3679, -0.3679, -0.7358),
    "2.2": lambda: lambda at: 0.25,
    "2.4": steps(lambda f, f2: 3.0e-4),
}
