"""Answers to the exercises of lesson 1, as learners write them.

Each entry is a function of nothing that makes the answer, so that every test has its
own. The keys of MISCONCEPTIONS are what the feedback is called.
"""

import math

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

import gradtape as gt

# 1.1

PRINTED = ("(1, 3) int32", "(2,) float32", "() float32", "(2, 4) float32")


def printed(place=0, instead=PRINTED[0]):
    return lambda: tuple(instead if i == place else PRINTED[i] for i in range(4))


# 1.2

LANDING = (30 / 4.9) ** 0.5


def fall(t):
    return 30 - 4.9 * t**2


def fall_solution():
    ax = gt.plot_derivatives(fall, (0.0, LANDING), order=1)
    ax.plot(LANDING, gt.derivatives(fall, LANDING, order=1)[1], "o")
    return ax


def fall_by_hand(*points, velocity=lambda t: -9.8 * t):
    t = np.linspace(0, LANDING, 50)
    _, ax = plt.subplots()
    ax.plot(t, fall(t))
    ax.plot(t, velocity(t))
    ax.scatter(*zip(*points)) if points else None
    return ax


def fall_on_twin_axes():
    t = np.linspace(0, LANDING, 50)
    _, ax = plt.subplots()
    ax.plot(t, fall(t))
    right = ax.twinx()
    right.plot(t, -9.8 * t)
    right.plot(LANDING, -9.8 * LANDING, "o")
    return ax


def fall_side_by_side():
    t = np.linspace(0, LANDING, 50)
    _, axes = plt.subplots(1, 2)
    axes[0].plot(t, fall(t))
    axes[1].plot(t, -9.8 * t)
    axes[1].plot(LANDING, -9.8 * LANDING, "o")
    return axes


def height_alone():
    t = np.linspace(0, LANDING, 50)
    _, ax = plt.subplots()
    ax.plot(t, fall(t))
    return ax


# 1.3


def slope_solution():
    def slope(at):
        x = tf.Variable(at, dtype=tf.float32)
        with tf.GradientTape() as tape:
            y = x * x + 3.0 * x
        return tape.gradient(y, x)

    return slope


def slope_of_a_watched_cast():
    def slope(at):
        x = tf.cast(at, tf.float64)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = x**2 + tf.constant(3, tf.float64) * x
        return tape.gradient(y, x)

    return slope


def slope_as_given():
    def slope(at):
        x = tf.Variable(at)
        with tf.GradientTape() as tape:
            y = x * x + tf.constant(3) * x
        return tape.gradient(y, x)

    return slope


def slope_of_floats_only():
    def slope(at):
        x = tf.Variable(at, dtype=tf.float32)
        with tf.GradientTape() as tape:
            y = x * x + tf.constant(3) * x
        return tape.gradient(y, x)

    return slope


def slope_of(function, cast=lambda at: tf.cast(at, tf.float32)):
    def make():
        def slope(at):
            x = tf.Variable(cast(at))
            with tf.GradientTape() as tape:
                y = function(x)
            return tape.gradient(y, x)

        return slope

    return make


# 1.4


def quotient(f, x, h):
    return (f(x + h) - f(x)) / h


def combined(formula):
    def make():
        def better(f, x, h):
            return formula(f, tf.constant(x), h)

        return better

    return make


def better_without_a_tensor():
    return lambda f, x, h: (4 * f(x + h / 2) - f(x + h) - 3 * f(x)) / h


# 1.5


def series_of(terms, divisor=math.factorial, first=1.0):
    def make():
        def series(x):
            total = first
            for k in range(1, terms + 1):
                total = total + x**k / divisor(k)
            return total

        return series

    return make


def series_by_steps():
    def series(x):
        total = term = tf.ones_like(x)
        for k in range(1, 11):
            term *= x / k
            total += term
        return total

    return series


def series_by_horner():
    def series(x):
        total = 1.0
        for k in range(10, 0, -1):
            total = 1.0 + x / k * total
        return total

    return series


def series_in_numpy():
    def series(x):
        powers = [x.numpy() ** k / math.factorial(k) for k in range(11)]
        return tf.constant(np.sum(powers))

    return series


def series_with_math():
    def series(x):
        return sum(math.pow(x, k) / math.factorial(k) for k in range(11))

    return series


def series_of_a_variable():
    return lambda x: series_of(10)()(tf.Variable(x))


def series_with_hat():
    def series(x):
        total = 1.0
        for k in range(1, 11):
            total = total + (x ^ k) / math.factorial(k)
        return total

    return series


SOLUTIONS = {
    "1.1": printed(),
    "1.2": fall_solution,
    "1.3": slope_solution,
    "1.4": combined(lambda f, x, h: 2 * quotient(f, x, h / 2) - quotient(f, x, h)),
    "1.5": series_by_steps,
}

ALSO_RIGHT = {
    "1.1": [
        lambda: ["(1,3) tf.int32", "(2,), float32", "() tf.float32", "(2,4),float32"],
        printed(0, "'(1, 3) int32'"),
        printed(0, "（1，3）int32"),
        printed(1, "(2, ) float32"),
    ],
    "1.2": [
        lambda: fall_by_hand((LANDING, -9.8 * LANDING), (0.0, 30.0)),
        fall_on_twin_axes,
        fall_side_by_side,
    ],
    "1.3": [slope_of_a_watched_cast, lambda: lambda at: 2.0 * at + 3.0],
    "1.4": [better_without_a_tensor],
    "1.5": [series_by_horner, series_of(10)],
}

MISCONCEPTIONS = {
    "1.1": {
        "lost a direction": printed(0, "(3,) int32"),
        "columns first": printed(0, "(3, 1) int32"),
        "floats of whole numbers": printed(0, "(1, 3) float32"),
        "another dtype": printed(1, "(2,) float64"),
        "forgot the comma": printed(1, "(2) float32"),
        "another shape": printed(1, "(2, 2) float32"),
        "neither shape nor dtype": printed(1, "(2, 2) int32"),
        "square brackets": printed(0, "[1, 3] int32"),
        "no bits": printed(0, "(1, 3) int"),
        "no description": printed(2, "3.0 float32"),
        "shape of a column": printed(1, "(2, 1) float32"),
        "lost the row": printed(1, "() float32"),
        "a row of one": printed(2, "(1,) float32"),
        "mean of nothing": printed(2, "(3,) float32"),
        "entry by entry": printed(3, "(2, 3) float32"),
        "kept the inner numbers": printed(3, "(3, 3) float32"),
    },
    "1.2": {
        "no such curve": height_alone,
        "forgot the two": lambda: fall_by_hand(velocity=lambda t: -4.9 * t),
        "drew the acceleration": lambda: fall_by_hand(velocity=lambda t: 0 * t - 9.8),
        "velocity upwards": lambda: fall_by_hand(velocity=lambda t: 9.8 * t),
        "half-way in time": lambda: fall_by_hand((LANDING / 2, -4.9 * LANDING)),
        "took the square": lambda: fall_by_hand((LANDING**2, -9.8 * LANDING**2)),
        "marked the height": lambda: fall_by_hand((LANDING, 0.0)),
        "marked elsewhere": lambda: fall_by_hand((3.0, -29.4)),
        "not marked": fall_by_hand,
        "under the ground": lambda: gt.plot_derivatives(fall, (0.0, 5.0), order=1),
    },
    "1.3": {
        "gradient none": slope_as_given,
        "raises": slope_of_floats_only,
        "value instead of slope": lambda: lambda at: at * at + 3.0 * at,
        "lost a term": slope_of(lambda x: x * x),
        "lost the factor": slope_of(lambda x: x * x + x),
        "cut off the decimals": slope_of(
            lambda x: x * x + 3.0 * x,
            cast=lambda at: tf.cast(tf.cast(at, tf.int32), tf.float32),
        ),
    },
    "1.4": {
        "the step alone": combined(quotient),
        "the smaller step": combined(lambda f, x, h: quotient(f, x, h / 2)),
        "took the mean": combined(
            lambda f, x, h: (quotient(f, x, h) + quotient(f, x, h / 2)) / 2
        ),
        "the other way round": combined(
            lambda f, x, h: 2 * quotient(f, x, h) - quotient(f, x, h / 2)
        ),
        "exchanged the signs": combined(
            lambda f, x, h: quotient(f, x, h) - 2 * quotient(f, x, h / 2)
        ),
        "as if an error were quartered": combined(
            lambda f, x, h: (4 * quotient(f, x, h / 2) - quotient(f, x, h)) / 3
        ),
        "divided by h and by 2": combined(
            lambda f, x, h: 2 * (f(x + h / 2) - f(x)) / h / 2 - quotient(f, x, h)
        ),
        "forgot to divide": combined(lambda f, x, h: f(x + h) - f(x)),
        "subtracted one from the other": combined(
            lambda f, x, h: quotient(f, x, h) - quotient(f, x, h / 2)
        ),
        "added": combined(
            lambda f, x, h: 2 * quotient(f, x, h / 2) + quotient(f, x, h)
        ),
        "forgot the brackets": combined(
            lambda f, x, h: 2 * (f(x + h / 2) - f(x) / (h / 2)) - (f(x + h) - f(x) / h)
        ),
        "not from both differences": combined(
            lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h)
        ),
    },
    "1.5": {
        "no factorials": series_of(10, lambda k: 1),
        "divided by the place": series_of(10, lambda k: k),
        "one term short": series_of(9),
        "one term more": series_of(11),
        "forgot the 1": series_of(10, first=0.0),
        "without the loop's first terms": lambda: lambda x: series_of(10)()(x) - 1 - x,
        "the last term alone": lambda: lambda x: x**10 / math.factorial(10),
        "left TensorFlow": series_with_math,
        "the function behind it": lambda: tf.exp,
        "gradient none": series_in_numpy,
        "made a new variable": series_of_a_variable,
        "raises": series_with_hat,
    },
}

# Right at the lesson's own point and nowhere else.
HARD_CODED = {
    "1.3": lambda: lambda at: 7.0,
    "1.4": lambda: lambda f, x, h: 0.5403,
    "1.5": lambda: lambda x: tf.constant(2.718282),
}


# What different people typed: who, the code, and what the feedback is called.
ATTEMPTS = {
    "1.1": [
        (
            "schoolchild",
            "('(1, 3) int32', '2 float32', '() float32', '(2, 4) float32')",
            "no description",
        ),
        (
            "schoolchild",
            "('(1,3) int32', '(2,) float32', '(1) float32', '(2,4) float32')",
            "another shape",
        ),
        (
            "guesser",
            "('(3, 1) int64', '(2,) float32', '() float32', '(2, 4) float32')",
            "neither shape nor dtype",
        ),
        ("beginner", "((1, 3), (2,), (), (2, 4))", "not a text"),
        (
            "beginner",
            "('[1, 3] int32', '[2] float32', '[] float32', '[2, 4] float32')",
            "square brackets",
        ),
        (
            "physicist",
            "('(1, 3) int', '(2,) float', '() float', '(2, 4) float')",
            "no bits",
        ),
        (
            "engineer",
            "('(1, 3) int64', '(2,) float64', '() float64', '(2, 4) float64')",
            "another dtype",
        ),
        (
            "guesser",
            "('(1, 3) int32', '(2,) float32', '3.0', '(2, 4) float32')",
            "no description",
        ),
        (
            "engineer",
            "('TensorShape([1, 3]) int32'.replace('TensorShape([1, 3])', '(1, 3)'), '(2,) float32', '() float32', '(2, 4) float32')",
            "right",
        ),
        (
            "beginner",
            "('(1, 3) int32', '(2,) float32', '() float32')",
            "number of parts",
        ),
        (
            "schoolchild",
            "('(1, 3) INT32', '(2,)  float32', '() float32 ', ' (2, 4) float32')",
            "right",
        ),
    ],
    "1.2": [
        (
            "physicist",
            """\
t = np.linspace(0, np.sqrt(30/4.9), 100)
fig, ax = plt.subplots()
ax.plot(t, 30-4.9*t**2); ax.plot(t, -9.8*t)
ax.plot(t[-1], -9.8*t[-1], 'r*')
ax
""",
            "right",
        ),
        (
            "physicist",
            """\
t = np.linspace(0, 2.5, 100)
fig, ax = plt.subplots()
ax.plot(t, 30-4.9*t**2); ax.plot(t, -9.8*t)
ax.plot(2.5, -24.5, 'o')
ax
""",
            "marked nearly",
        ),
        (
            "schoolchild",
            """\
ax = gt.plot_derivatives(lambda t: 30-4.9*t**2, (0.0, 2.47), order=1)
ax
""",
            "not marked",
        ),
        (
            "schoolchild",
            """\
ax = gt.plot_derivatives(lambda t: 30-4.9*t**2, (0.0, 2.474), order=1)
ax.plot(2.474, 0, 'o')
ax
""",
            "marked the height",
        ),
        (
            "guesser",
            """\
ax = gt.plot_derivatives(lambda t: 30-4.9*t**2, (0.0, 3.0), order=1)
ax.plot(3, -29.4, 'o')
ax
""",
            "under the ground",
        ),
        ("beginner", "plt.plot([0, 1, 2], [30, 25.1, 10.4])", "curve too short"),
        (
            "beginner",
            """\
ax = gt.plot_derivatives(lambda t: 30-4.9*t, (0.0, 2.474), order=1)
ax.plot(2.474, -24.2, 'o')
ax
""",
            "no such curve",
        ),
        (
            "physicist",
            """\
t = np.linspace(0, np.sqrt(30/4.9), 100)
fig, ax = plt.subplots()
ax.plot(t, 30-4.9*t**2); ax.plot(t, np.abs(-9.8*t))
ax.plot(t[-1], 9.8*t[-1], 'ro')
ax
""",
            "velocity upwards",
        ),
        (
            "engineer",
            """\
t = np.linspace(0, np.sqrt(30/4.9), 100)
fig, (a, b) = plt.subplots(2, 1)
a.plot(t, 30-4.9*t**2); b.plot(t, -9.8*t); b.scatter([t[-1]], [-9.8*t[-1]])
fig
""",
            "right",
        ),
        (
            "engineer",
            """\
t = np.linspace(0, np.sqrt(30/4.9), 100)
fig, ax = plt.subplots()
ax.plot(t, 30-4.9*t**2)
b = ax.twinx(); b.plot(t, -9.8*t); b.scatter([t[-1]], [-9.8*t[-1]])
ax
""",
            "right",
        ),
        ("guesser", "'ax'", "not a figure"),
    ],
    "1.3": [
        (
            "beginner",
            """\
def slope(at):
    x = tf.Variable(float(at))
    with tf.GradientTape() as tape:
        y = x * x + tf.constant(3) * x
    return tape.gradient(y, x)
slope
""",
            "raises",
        ),
        (
            "beginner",
            """\
def slope(at):
    x = tf.Variable(float(at))
    with tf.GradientTape() as tape:
        y = x * x + 3 * x
    return tape.gradient(y, x)
slope
""",
            "right",
        ),
        (
            "schoolchild",
            """\
def slope(at):
    x = tf.Variable(at, dtype=tf.float32)
    with tf.GradientTape() as tape:
        y = x * x + 3 * x
    return tape.gradient(x, y)
slope
""",
            "target and source exchanged",
        ),
        (
            "physicist",
            """\
def slope(at):
    return 2 * at + 3
slope
""",
            "right",
        ),
        (
            "physicist",
            """\
def slope(at):
    return at * 2 + 3 * at
slope
""",
            "differs",
        ),
        (
            "guesser",
            """\
def slope(at):
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = x * x + 3 * x
    return tape.gradient(y, x)
slope
""",
            "hard-coded",
        ),
        (
            "beginner",
            """\
def slope(at):
    x = tf.Variable(at, dtype=tf.float32)
    with tf.GradientTape() as tape:
        y = x * x + 3 * x
    print(tape.gradient(y, x))
slope
""",
            "returns nothing",
        ),
        (
            "engineer",
            """\
def slope(at):
    x = tf.constant(at, dtype=tf.float32)
    with tf.GradientTape() as tape:
        y = x * x + 3 * x
    return tape.gradient(y, x)
slope
""",
            "gradient none",
        ),
        (
            "engineer",
            """\
def slope(at):
    x = tf.Variable(at, dtype=tf.float32)
    y = x * x + 3 * x
    with tf.GradientTape() as tape:
        pass
    return tape.gradient(y, x)
slope
""",
            "gradient none",
        ),
        (
            "schoolchild",
            """\
slope = 7
slope
""",
            "not a function",
        ),
        (
            "guesser",
            """\
def slope(at):
    h = 0.001
    f = lambda x: x * x + 3 * x
    return (f(at + h) - f(at)) / h
slope
""",
            "close",
        ),
    ],
    "1.4": [
        (
            "physicist",
            """\
better = lambda f, x, h: 2 * (f(x + h/2) - f(x)) / (h/2) - (f(x + h) - f(x)) / h
better
""",
            "right",
        ),
        (
            "physicist",
            """\
better = lambda f, x, h: (f(x + h/2) - f(x - h/2)) / h
better
""",
            "not from both differences",
        ),
        (
            "engineer",
            """\
def better(f, x, h):
    x = tf.Variable(x)
    with tf.GradientTape() as tape:
        y = f(x)
    return tape.gradient(y, x)
better
""",
            "not from both differences",
        ),
        (
            "engineer",
            """\
better = lambda f, x, h: gt.derivatives(f, x, order=1)[1]
better
""",
            "not from both differences",
        ),
        (
            "schoolchild",
            """\
def better(f, x, h):
    D = lambda h: (f(x + h) - f(x)) / h
    return (D(h) + D(h/2)) / 2
better
""",
            "took the mean",
        ),
        (
            "schoolchild",
            """\
def better(f, x, h):
    D = lambda h: (f(x + h) - f(x)) / h
    return D(h) - D(h/2)
better
""",
            "subtracted one from the other",
        ),
        (
            "guesser",
            """\
def better(f, x, h):
    D = lambda h: (f(x + h) - f(x)) / h
    return D(h/100)
better
""",
            "not from both differences",
        ),
        (
            "guesser",
            """\
def better(f, x, h):
    D = lambda h: (f(x + h) - f(x)) / h
    return D(h/4)
better
""",
            "as if an error were quartered",
        ),
        (
            "beginner",
            """\
def better(f, x, h):
    whole = f(x + h) - f(x) / h
    half = f(x + h/2) - f(x) / (h/2)
    return 2 * half - whole
better
""",
            "forgot the brackets",
        ),
        (
            "beginner",
            """\
def better(f, x):
    return f(x)
better
""",
            "arguments",
        ),
        (
            "physicist",
            """\
def better(f, x, h):
    D = lambda h: (f(x + h) - f(x)) / h
    return 2 * D(h/2) + D(h)
better
""",
            "added",
        ),
    ],
    "1.5": [
        (
            "schoolchild",
            """\
def series(x):
    return 1 + x + x**2/2 + x**3/6
series
""",
            "right at some points",
        ),
        (
            "physicist",
            """\
def series(x):
    s = 1.0
    for k in range(1, 11):
        s = s + x**k / math.factorial(k)
    return s
series
""",
            "right",
        ),
        (
            "physicist",
            """\
def series(x):
    return tf.exp(x)
series
""",
            "the function behind it",
        ),
        (
            "beginner",
            """\
def series(x):
    s = 0
    for k in range(10):
        s += x**k / math.factorial(k)
    return s
series
""",
            "one term short",
        ),
        (
            "beginner",
            """\
def series(x):
    s = 1
    for k in range(1, 11):
        s += math.pow(x, k) / math.factorial(k)
    return s
series
""",
            "left TensorFlow",
        ),
        (
            "beginner",
            """\
def series(x):
    for k in range(1, 11):
        s = 1 + x**k / math.factorial(k)
    return s
series
""",
            "right at some points",
        ),
        (
            "beginner",
            """\
def series(x):
    s = 1
    for k in range(1, 11):
        s += x**k / k
    return s
series
""",
            "divided by the place",
        ),
        (
            "guesser",
            """\
def series(x):
    s = 1
    for k in range(1, 11):
        s += x * k
    return s
series
""",
            "right at some points",
        ),
        (
            "engineer",
            """\
def series(x):
    x = float(x)
    return tf.constant(sum(x**k / math.factorial(k) for k in range(11)))
series
""",
            "gradient none",
        ),
        (
            "engineer",
            """\
def series(x):
    k = tf.range(11, dtype=tf.float32)
    return tf.reduce_sum(x**k / tf.exp(tf.math.lgamma(k + 1)))
series
""",
            "right",
        ),
        (
            "schoolchild",
            """\
def series(x):
    s = 1
    for k in range(1, 11):
        s = s + x^k / math.factorial(k)
    return s
series
""",
            "raises",
        ),
        (
            "beginner",
            """\
def series(x):
    s = 1
    k = 1
    while k < 11:
        s = s + x**k / math.factorial(k)
    return s
series
""",
            "time",
        ),
    ],
}
