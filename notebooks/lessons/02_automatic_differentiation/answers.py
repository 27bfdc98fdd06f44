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
    "2.1": [lambda: lambda x: np.exp(-x * x) * np.array([1.0, -1.0, -2.0 * x])],
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
        "local derivatives out of order": lambda: (
            lambda x: (2 * x, -1.0, np.exp(-(x**2)))
        ),
        "forgot the exponential": lambda: lambda x: (1.0, -1.0, 2 * x),
        "sign in the exponent": lambda: (
            lambda x: [np.exp(x**2) * s for s in (1.0, -1.0, -2 * x)]
        ),
        "the forward pass": lambda: lambda x: (tf.exp(-(x**2)), -(x**2), x**2),
        "forbidden": backward_by_tape,
    },
    "2.2": {
        "gradient none": root_as_given,
        "value instead of slope": root_value,
        "slope of the cast": root_wrong_target,
        "slope at the root": root_twice,
        "kept the exponent": lambda: lambda at: 0.5 * at**0.5,
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
        "marked too much": lambda: drawing((1.0, 4.0), (2.0, 2.0), (3.0, 0.0)),
    },
    "2.4": {
        "forgot the half": steps(lambda f, f2: (6e-8 * abs(f / f2)) ** 0.5),
        "forgot the root": steps(lambda f, f2: 1.2e-7 * abs(f / f2)),
        "the whole gap": steps(
            lambda f, f2: (2 * np.finfo(np.float32).eps * abs(f / f2)) ** 0.5
        ),
        "power 1, then halved": steps(lambda f, f2: (1.2e-7 * abs(f / f2)) ** 1 / 2),
        "forgot ε": steps(lambda f, f2: (2 * abs(f / f2)) ** 0.5),
        "forgot the absolute value and the half": steps(
            lambda f, f2: tf.sqrt(6e-8 * f / f2)
        ),
        "upside down": steps(lambda f, f2: (1.2e-7 * abs(f2 / f)) ** 0.5),
        "forgot the absolute value": steps(lambda f, f2: tf.sqrt(1.2e-7 * f / f2)),
        "the error at the best step": lambda: (
            lambda f, f2: np.sqrt(2 * 6e-8 * abs(f * f2))
        ),
    },
}

# Right at the lesson's own point and nowhere else.
HARD_CODED = {
    "2.1": lambda: lambda x: (0.3679, -0.3679, -0.7358),
    "2.2": lambda: lambda at: 0.25,
    "2.4": steps(lambda f, f2: 3.0e-4),
}


# What different people typed: who, the code, and what the feedback is called.
ATTEMPTS = {
    "2.1": [
        (
            "schoolchild",
            """\
def backward(x):
    y = tf.exp(-x*x)
    return [y, -y, -2*x*y]
backward
""",
            "right",
        ),
        (
            "schoolchild",
            """\
def backward(x):
    y = tf.exp(-x*x)
    return [y, -y, 2*x*y]
backward
""",
            "lost the sign on the way",
        ),
        (
            "schoolchild",
            """\
def backward(x):
    y = tf.exp(x*x)
    return [y, -y, -2*x*y]
backward
""",
            "sign in the exponent",
        ),
        (
            "beginner",
            """\
def backward(x):
    return -2*x*tf.exp(-x**2)
backward
""",
            "shape",
        ),
        (
            "beginner",
            """\
def backward(x):
    a = x**2
    b = -a
    y = exp(b)
    return y, -y, -2*x*y
backward
""",
            "raises",
        ),
        (
            "beginner",
            """\
def backward(x):
    a = x**2
    b = -a
    y = math.e**b
    print(y, -y, -2*x*y)
backward
""",
            "returns nothing",
        ),
        (
            "physicist",
            """\
def backward(x):
    dy_db = math.exp(-x**2)
    dy_da = -dy_db
    return dy_db, dy_da, 2*x*dy_da
backward
""",
            "right",
        ),
        (
            "physicist",
            """\
def backward(x):
    dy_db = math.exp(-x**2)
    return dy_db, -1, 2*x
backward
""",
            "local slopes",
        ),
        (
            "physicist",
            """\
def backward(x):
    dy_db = math.exp(-x**2)
    return 2*x, -1, dy_db
backward
""",
            "local derivatives out of order",
        ),
        (
            "guesser",
            """\
def backward(x):
    return 1, -1, 2*x
backward
""",
            "forgot the exponential",
        ),
        (
            "guesser",
            """\
def backward(x):
    y = np.exp(-x**2)
    return y, -y, -x*y
backward
""",
            "right in part",
        ),
        (
            "engineer",
            """\
def backward(x):
    x = tf.Variable(x)
    with tf.GradientTape(persistent=True) as t:
        a = x**2; b = -a; y = tf.exp(b)
    return t.gradient(y, b), t.gradient(y, a), t.gradient(y, x)
backward
""",
            "forbidden",
        ),
        (
            "engineer",
            """\
def backward(x):
    x = tf.Variable(x)
    with tf.GradientTape() as t:
        a = x**2; b = -a; y = tf.exp(b)
    return t.gradient(y, b), t.gradient(y, a), t.gradient(y, x)
backward
""",
            "raises",
        ),
        (
            "schoolchild",
            """\
def backward(x):
    y = tf.exp(-x**2)
    return y, y, y
backward
""",
            "right in part",
        ),
        (
            "guesser",
            """\
def backward(x):
    a = x**2
    b = -a
    y = tf.exp(b)
    return y, b, a
backward
""",
            "the forward pass",
        ),
    ],
    "2.2": [
        (
            "schoolchild",
            """\
def slope_of_root(at):
    x = tf.constant(at)
    with tf.GradientTape() as tape:
        start = tf.cast(x, tf.float32)
        y = tf.sqrt(start)
    return tape.gradient(y, x)
slope_of_root
""",
            "gradient none",
        ),
        (
            "schoolchild",
            """\
def slope_of_root(at):
    x = tf.constant(at, tf.float32)
    with tf.GradientTape() as tape:
        y = tf.sqrt(x)
    return tape.gradient(y, x)
slope_of_root
""",
            "gradient none",
        ),
        (
            "schoolchild",
            """\
def slope_of_root(at):
    x = tf.constant(at)
    with tf.GradientTape() as tape:
        tape.watch(x)
        start = tf.cast(x, tf.float32)
        y = tf.sqrt(start)
    return tape.gradient(y, x)
slope_of_root
""",
            "gradient none",
        ),
        (
            "beginner",
            """\
def slope_of_root(at):
    x = tf.constant(at, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.sqrt(x)
    return tape.gradient(x, y)
slope_of_root
""",
            "target and source exchanged",
        ),
        (
            "beginner",
            """\
def slope_of_root(at):
    x = tf.constant(at, tf.float32)
    with tf.GradientTape() as tape:
        y = tf.sqrt(x)
        tape.watch(x)
    return tape.gradient(y, x)
slope_of_root
""",
            "gradient none",
        ),
        (
            "beginner",
            """\
def slope_of_root(at):
    x = tf.Variable(at)
    with tf.GradientTape() as tape:
        y = tf.sqrt(tf.cast(x, tf.float32))
    return tape.gradient(y, x)
slope_of_root
""",
            "gradient none",
        ),
        (
            "physicist",
            """\
def slope_of_root(at):
    return 1 / (2 * at ** 0.5)
slope_of_root
""",
            "right",
        ),
        (
            "physicist",
            """\
def slope_of_root(at):
    return 2 / at ** 0.5
slope_of_root
""",
            "differs",
        ),
        (
            "physicist",
            """\
def slope_of_root(at):
    return 0.5 * at ** 0.5
slope_of_root
""",
            "kept the exponent",
        ),
        (
            "guesser",
            """\
def slope_of_root(at):
    x = tf.Variable(float(at))
    with tf.GradientTape() as tape:
        y = math.sqrt(x)
    return tape.gradient(y, x)
slope_of_root
""",
            "raises",
        ),
        (
            "engineer",
            """\
def slope_of_root(at):
    x = tf.Variable(at, dtype=tf.float64)
    with tf.GradientTape() as tape:
        y = x ** 0.5
    return tape.gradient(y, x).numpy()
slope_of_root
""",
            "right",
        ),
    ],
    "2.3": [
        (
            "schoolchild",
            """\
ax = gt.plot_derivatives(lambda x: x**3 - 6*x**2 + 9*x, (-0.5, 4.5), order=1)
ax
""",
            "not marked",
        ),
        (
            "schoolchild",
            """\
ax = gt.plot_derivatives(lambda x: x**3 - 6*x**2 + 9*x, (-0.5, 4.5), order=1)
ax.plot([1, 3], [4, 0], 'o')
ax
""",
            "right",
        ),
        (
            "schoolchild",
            """\
ax = gt.plot_derivatives(lambda x: x**3 - 6*x**2 + 9*x, (-0.5, 4.5), order=1)
ax.plot(1, 4, 'o')
ax
""",
            "marked in part",
        ),
        (
            "guesser",
            """\
ax = gt.plot_derivatives(lambda x: x**3 - 6*x**2 + 9*x, (-0.5, 4.5), order=1)
ax.plot(2, 2, 'o')
ax
""",
            "steepest point",
        ),
        (
            "guesser",
            """\
ax = gt.plot_derivatives(lambda x: x**3 - 6*x**2 + 9*x, (-0.5, 4.5), order=1)
ax.plot([1.1, 2.9], [3.97, 0.03], 'o')
ax
""",
            "marked nearly",
        ),
        (
            "beginner",
            """\
x = np.linspace(0, 4, 100)
fig, ax = plt.subplots()
ax.plot(x, x**3 - 6*x**2 + 9*x)
ax.plot([1, 3], [4, 0], 'o')
ax
""",
            "curve too short",
        ),
        (
            "beginner",
            """\
x = np.linspace(-0.5, 4.5, 100)
fig, ax = plt.subplots()
ax.plot(x, x**3 - 6*x**2 + 9)
ax.plot([1, 3], [4, 0], 'o')
ax
""",
            "no such curve",
        ),
        (
            "physicist",
            """\
x = np.linspace(-1, 5, 300)
fig, ax = plt.subplots()
ax.plot(x, x*(x-3)**2)
for a in (1, 3): ax.plot(a, a*(a-3)**2, 'kx')
fig
""",
            "right",
        ),
        (
            "physicist",
            """\
ax = gt.plot_tangent(lambda x: x**3 - 6*x**2 + 9*x, 1.0, (-0.5, 4.5))
ax
""",
            "not marked",
        ),
        (
            "engineer",
            """\
ax = gt.plot_derivatives(lambda x: x**3 - 6*x**2 + 9*x, (-0.5, 4.5), order=0)
ax.axvline(1); ax.axvline(3)
ax
""",
            "not marked",
        ),
    ],
    "2.4": [
        (
            "schoolchild",
            "lambda value, curvature: 2 * 6e-8 * value / curvature",
            "forgot the root",
        ),
        (
            "physicist",
            """\
best_step = lambda value, curvature: math.sqrt(2 * 6e-8 * abs(value) / abs(curvature))
best_step
""",
            "right",
        ),
        (
            "physicist",
            """\
best_step = lambda value, curvature: math.sqrt(2 * 6e-8 * value / curvature)
best_step
""",
            "raises",
        ),
        (
            "physicist",
            """\
best_step = lambda value, curvature: math.sqrt(6e-8 * value / curvature)
best_step
""",
            "raises",
        ),
        (
            "schoolchild",
            """\
best_step = lambda value, curvature: (6e-8 * abs(value / curvature)) ** 0.5
best_step
""",
            "forgot the half",
        ),
        (
            "schoolchild",
            """\
best_step = lambda value, curvature: 2 * (6e-8 * abs(value / curvature)) ** 0.5
best_step
""",
            "the whole gap",
        ),
        (
            "schoolchild",
            """\
best_step = lambda value, curvature: (6*10^-8 * abs(value / curvature)) ** 0.5
best_step
""",
            "raises",
        ),
        (
            "beginner",
            """\
def best_step(value, curvature):
    h = 1e-4
    return h
best_step
""",
            "hard-coded",
        ),
        (
            "beginner",
            """\
def best_step(value, curvature):
    h = (2 * 6e-8 * abs(value / curvature)) ** 1/2
    return h
best_step
""",
            "power 1, then halved",
        ),
        (
            "guesser",
            """\
best_step = lambda value, curvature: 6e-8
best_step
""",
            "hard-coded",
        ),
        (
            "guesser",
            """\
best_step = lambda value, curvature: abs(value / curvature)
best_step
""",
            "differs",
        ),
        (
            "engineer",
            """\
best_step = lambda value, curvature: (6e-8) ** (1/3)
best_step
""",
            "hard-coded",
        ),
        (
            "engineer",
            """\
best_step = lambda value, curvature: tf.sqrt(1.2e-7 * tf.abs(value / curvature))
best_step
""",
            "right",
        ),
        (
            "beginner",
            """\
def best_step(value, curvature):
    return 4*6e-8*abs(value)/abs(curvature)
best_step
""",
            "differs",
        ),
        (
            "beginner",
            """\
def best_step(value, curvature):
    return 2*np.sqrt(6e-8*abs(curvature)/abs(value))
best_step
""",
            "differs",
        ),
    ],
}
