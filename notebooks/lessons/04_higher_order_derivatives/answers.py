"""Answers to the exercises of lesson 4, as learners write them.

Each entry is a function of nothing that makes the answer, so that every test has its
own. The keys of MISCONCEPTIONS are what the feedback is called.
"""

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

import gradtape as gt

# 4.2


def bend_solution():
    def bend(f, at):
        start = tf.constant(at)
        with tf.GradientTape() as outer_tape:
            outer_tape.watch(start)
            with tf.GradientTape() as inner_tape:
                inner_tape.watch(start)
                y = f(start)
            first = inner_tape.gradient(y, start)
        return outer_tape.gradient(first, start)

    return bend


def bend_by_a_variable():
    def bend(f, at):
        start = tf.Variable(at)
        with tf.GradientTape() as outer_tape, tf.GradientTape() as inner_tape:
            y = f(start)
            first = inner_tape.gradient(y, start)
        return outer_tape.gradient(first, start)

    return bend


def bend_by_the_library():
    return lambda f, at: gt.derivatives(f, at, order=2)[2]


def bend_half_repaired():
    """Return the one with the indentation repaired; the outer tape watches nothing."""

    def bend(f, at):
        start = tf.constant(at)
        with tf.GradientTape() as outer_tape:
            with tf.GradientTape() as inner_tape:
                inner_tape.watch(start)
                y = f(start)
            first = inner_tape.gradient(y, start)
        return outer_tape.gradient(first, start)

    return bend


def bend_silenced():
    def bend(f, at):
        start = tf.Variable(at)
        with tf.GradientTape() as outer_tape, tf.GradientTape() as inner_tape:
            y = f(start)
        first = inner_tape.gradient(y, start)
        return outer_tape.gradient(first, start, unconnected_gradients="zero")

    return bend


def bend_of_the_first():
    def bend(f, at):
        start = tf.Variable(at)
        with tf.GradientTape() as outer_tape:
            with tf.GradientTape() as inner_tape:
                y = f(start)
            first = inner_tape.gradient(y, start)
        return outer_tape.gradient(first, first)

    return bend


def bend_asked_for_y():
    def bend(f, at):
        start = tf.Variable(at)
        with tf.GradientTape() as outer_tape:
            with tf.GradientTape() as inner_tape:
                y = f(start)
            inner_tape.gradient(y, start)
        return outer_tape.gradient(y, start)

    return bend


def bend_added_up():
    def bend(f, at):
        start = tf.Variable(at)
        with tf.GradientTape(persistent=True) as tape:
            y = f(start)
        return tape.gradient(y, start) + tape.gradient(y, start)

    return bend


# 4.3


def bells(formula):
    def bend_of_bell(x):
        return formula(x)

    return lambda: bend_of_bell


# 4.4

VALUE, SLOPE, BEND = np.exp(2.0) - 4.0, np.exp(2.0) - 2.0, np.exp(2.0)
LOWEST = 2.0 - SLOPE / BEND


def f(x):
    return np.exp(x) - 2 * x


def parabola(x):
    return VALUE + SLOPE * (x - 2) + BEND / 2 * (x - 2) ** 2


def drawing(*point, curve=parabola):
    x = np.linspace(0.0, 2.5, 100)
    _, ax = plt.subplots()
    ax.plot(x, f(x))
    ax.plot(x, curve(x), "--")
    if point:
        ax.plot(*point, "o")
    return ax


def drawing_by_plot_taylor():
    ax = gt.plot_taylor(lambda x: tf.exp(x) - 2.0 * x, 2.0, (-0.2, 2.8), orders=(1, 2))
    ax.scatter([LOWEST], [parabola(LOWEST)])
    return ax


# 4.5


def downhill_solution():
    def downhill(f, x):
        _, slope, bend = gt.derivatives(f, x, order=2)
        return x - slope / abs(bend)

    return downhill


def downhill_by_tapes():
    def downhill(f, x):
        x = tf.Variable(x)
        with tf.GradientTape() as outer_tape:
            with tf.GradientTape() as inner_tape:
                y = f(x)
            slope = inner_tape.gradient(y, x)
        bend = outer_tape.gradient(slope, x)
        return x - tf.sign(bend) * slope / bend

    return downhill


def downhill_six_times():
    def downhill(f, x):
        for _ in range(6):
            _, slope, bend = gt.derivatives(f, x, order=2)
            x = x - slope / abs(bend)
        return x

    return downhill


def steps(formula):
    def downhill(f, x):
        value, slope, bend = gt.derivatives(f, x, order=2)
        return formula(x, value, slope, bend)

    return lambda: downhill


# 4.6


def plane_steps(formula):
    def newton_step(f, p):
        p = tf.Variable(p)
        with tf.GradientTape(persistent=True) as outer_tape:
            with tf.GradientTape() as inner_tape:
                z = f(p)
            gradient = inner_tape.gradient(z, p)
        hessian = outer_tape.jacobian(gradient, p)
        row_sums = outer_tape.gradient(gradient, p)
        return formula(p, gradient, hessian, row_sums)

    return lambda: newton_step


def solved(hessian, gradient):
    return tf.linalg.solve(hessian, gradient[:, tf.newaxis])[:, 0]


def newton_by_the_library():
    def newton_step(f, p):
        _, gradient = gt.value_and_gradient(f, p)
        return p - tf.linalg.matvec(tf.linalg.inv(gt.hessian(f, p)), gradient)

    return newton_step


def newton_with_tapes_apart():
    def newton_step(f, p):
        p = tf.Variable(p)
        with tf.GradientTape() as outer_tape, tf.GradientTape() as inner_tape:
            z = f(p)
        gradient = inner_tape.gradient(z, p)
        return outer_tape.gradient(gradient, p)

    return newton_step


SOLUTIONS = {
    "4.1": lambda: "128.0",
    "4.2": bend_solution,
    "4.3": bells(lambda x: (4 * x**2 - 2) * tf.exp(-(x**2))),
    "4.4": lambda: drawing(LOWEST, parabola(LOWEST)),
    "4.5": downhill_solution,
    "4.6": plane_steps(lambda p, g, h, _: p - solved(h, g)),
}

ALSO_RIGHT = {
    "4.1": [lambda: "128"],
    "4.2": [bend_by_a_variable, bend_by_the_library],
    "4.3": [
        lambda: lambda x: 2 * (2 * tf.square(x) - 1) / tf.exp(tf.square(x)),
    ],
    "4.4": [drawing_by_plot_taylor],
    "4.5": [downhill_by_tapes],
    "4.6": [newton_by_the_library],
}

MISCONCEPTIONS = {
    "4.1": {
        "second derivative": lambda: "48.0",
        "derivative taken for a number": lambda: "32.0",
        "one part of the product": lambda: "96",
        "value of z": lambda: "64.0",
        "None": lambda: "none",
        "added instead of multiplied": lambda: "80.0",
        "value of y": lambda: "16.0",
    },
    "4.2": {
        "gradient none": bend_half_repaired,
        "first derivative": bend_asked_for_y,
        "silenced with zero": bend_silenced,
        "slope by itself": bend_of_the_first,
        "twice the first derivative": bend_added_up,
    },
    "4.3": {
        "first derivative": bells(lambda x: -2 * x * np.exp(-(x**2))),
        "no product rule": bells(lambda x: -2 * x * -2 * x * np.exp(-(x**2))),
        "lost the sign of the slope": bells(lambda x: (2 - 4 * x**2) * np.exp(-(x**2))),
        "only the first factor": bells(lambda x: -2 * np.exp(-(x**2))),
        "product of the derivatives": bells(lambda x: -2 * -2 * x * np.exp(-(x**2))),
        "lost a sign": bells(lambda x: (-2 - 4 * x**2) * np.exp(-(x**2))),
        "forgot the inner derivative": bells(
            lambda x: -2 * np.exp(-(x**2)) - 2 * x * np.exp(-(x**2))
        ),
        "sign in the exponent": bells(lambda x: (4 * x**2 + 2) * np.exp(x**2)),
        "plus instead of minus": bells(lambda x: (4 * x**2 + 2) * np.exp(-(x**2))),
        "forgot the factor of the chain rule": bells(
            lambda x: (2 * x**2 - 2) * np.exp(-(x**2))
        ),
        "lost the minus of the exponent": lambda: (
            lambda x: (4 * x**2 - 2) * tf.exp(x**2)
        ),
        "lost the exponential": lambda: lambda x: 4 * x**2 - 2,
        "x instead of x²": lambda: lambda x: (4 * x - 2) * tf.exp(-(x**2)),
        "f itself": lambda: lambda x: tf.exp(-(x**2)),
        "the other bell": lambda: lambda x: (x**2 - 1) * tf.exp(-(x**2) / 2),
        "forbidden": lambda: (
            lambda x: gt.derivatives(lambda x: tf.exp(-(x**2)), x, order=2)[2]
        ),
    },
    "4.4": {
        "forgot the factorial": lambda: drawing(
            curve=lambda x: VALUE + SLOPE * (x - 2) + BEND * (x - 2) ** 2
        ),
        "not shifted": lambda: drawing(
            curve=lambda x: VALUE + SLOPE * x + BEND / 2 * x**2
        ),
        "tangent only": lambda: drawing(curve=lambda x: VALUE + SLOPE * (x - 2)),
        "marked on f": lambda: drawing(LOWEST, f(LOWEST)),
        "minimum of f": lambda: drawing(np.log(2.0), f(np.log(2.0))),
        "step to a zero": lambda: drawing(
            2 - VALUE / SLOPE, parabola(2 - VALUE / SLOPE)
        ),
        "not marked": drawing,
    },
    "4.5": {
        "any flat place": steps(lambda x, y, slope, bend: x - slope / bend),
        "always to the left": steps(lambda x, y, slope, bend: x - abs(slope / bend)),
        "no division": steps(lambda x, y, slope, bend: x - slope),
        "step to a zero": steps(lambda x, y, slope, bend: x - y / abs(slope)),
        "uphill": steps(lambda x, y, slope, bend: x + slope / abs(bend)),
        "gradient descent": steps(lambda x, y, slope, bend: x - 0.1 * slope),
        "the length alone": steps(lambda x, y, slope, bend: abs(slope / bend)),
        "several steps": downhill_six_times,
        "the step alone": steps(lambda x, y, slope, bend: -slope / abs(bend)),
        "upside down": lambda: lambda f, x: x - (12 * x**2 - 8) / abs(4 * x**3 - 8 * x),
        "as long as f″": lambda: (
            lambda f, x: x - np.sign(4 * x**3 - 8 * x) * abs(12 * x**2 - 8)
        ),
    },
    "4.6": {
        "row sums instead of a Hessian": plane_steps(
            lambda p, g, h, sums: p - g / sums
        ),
        "only the diagonal": plane_steps(
            lambda p, g, h, _: p - g / tf.linalg.diag_part(h)
        ),
        "multiplied instead of solved": plane_steps(
            lambda p, g, h, _: p - tf.linalg.matvec(h, g)
        ),
        "the step alone": plane_steps(lambda p, g, h, _: solved(h, g)),
        "uphill": plane_steps(lambda p, g, h, _: p + solved(h, g)),
        "gradient descent": plane_steps(lambda p, g, h, _: p - g),
        "shape": plane_steps(lambda p, g, h, _: p - g / h),
        "gradient none": newton_with_tapes_apart,
    },
}

# Right at one point and nowhere else.
HARD_CODED = {
    "4.2": lambda: lambda f, at: 12.0,
    "4.3": bells(lambda x: -2.0),
    "4.5": steps(lambda x, y, slope, bend: 0.25),
    "4.6": lambda: lambda f, p: tf.constant([2.0, -1.0]),
}


# What different people typed: who, the code, and what the feedback is called.
ATTEMPTS = {
    "4.1": [
        ("schoolchild", "'128'", "right"),
        ("schoolchild", "48", "second derivative"),
        ("guesser", "32.0", "derivative taken for a number"),
        ("beginner", "'tf.Tensor(128.0)'", "differs"),
        ("physicist", "128.0", "right"),
        ("guesser", "'0'", "differs"),
        ("engineer", "None", "None"),
        ("physicist", "'96.0'", "one part of the product"),
    ],
    "4.2": [
        (
            "schoolchild",
            """\
def bend(f, at):
    start = tf.constant(at, tf.float32)
    with tf.GradientTape() as outer_tape:
        with tf.GradientTape() as inner_tape:
            inner_tape.watch(start)
            y = f(start)
        first = inner_tape.gradient(y, start)
    return outer_tape.gradient(first, start)
bend
""",
            "gradient none",
        ),
        (
            "schoolchild",
            """\
def bend(f, at):
    start = tf.constant(at, tf.float32)
    with tf.GradientTape() as outer_tape:
        outer_tape.watch(start)
        with tf.GradientTape() as inner_tape:
            inner_tape.watch(start)
            y = f(start)
    first = inner_tape.gradient(y, start)
    return outer_tape.gradient(first, start)
bend
""",
            "gradient none",
        ),
        (
            "beginner",
            """\
def bend(f, at):
    x = tf.Variable(float(at))
    with tf.GradientTape() as t2:
        with tf.GradientTape() as t1:
            y = f(x)
        g = t1.gradient(y, x)
    return t2.gradient(g, x)
bend
""",
            "right",
        ),
        (
            "beginner",
            """\
def bend(f, at):
    x = tf.Variable(float(at))
    with tf.GradientTape() as t1:
        y = f(x)
    return t1.gradient(y, x) ** 2
bend
""",
            "squared the first derivative",
        ),
        (
            "beginner",
            """\
def bend(f, at):
    x = tf.Variable(float(at))
    with tf.GradientTape() as t1:
        y = f(x)
    g = t1.gradient(y, x)
    return t1.gradient(g, x)
bend
""",
            "raises",
        ),
        (
            "physicist",
            """\
def bend(f, at):
    h = 1e-3
    return (f(at+h) - 2*f(at) + f(at-h)) / h**2
bend
""",
            "close",
        ),
        (
            "engineer",
            """\
bend = lambda f, at: gt.derivatives(f, at, order=2)[2]
bend
""",
            "right",
        ),
        (
            "engineer",
            """\
bend = lambda f, at: gt.derivatives(f, at, order=2)
bend
""",
            "shape",
        ),
        (
            "guesser",
            """\
bend = lambda f, at: 12
bend
""",
            "hard-coded",
        ),
        (
            "guesser",
            """\
def bend(f, at):
    start = tf.Variable(at, dtype=tf.float32)
    with tf.GradientTape() as tape:
        y = f(start)
    return tape.gradient(y, start)**2
bend
""",
            "squared the first derivative",
        ),
    ],
    "4.3": [
        (
            "physicist",
            """\
bend_of_bell = lambda x: 2*np.exp(-x**2)*(2*x**2-1)
bend_of_bell
""",
            "right",
        ),
        (
            "physicist",
            """\
bend_of_bell = lambda x: -2*np.exp(-x**2)*(2*x**2-1)
bend_of_bell
""",
            "lost the sign of the slope",
        ),
        (
            "physicist",
            """\
bend_of_bell = lambda x: np.exp(-x**2)*(2*x**2-1)
bend_of_bell
""",
            "differs",
        ),
        (
            "schoolchild",
            """\
bend_of_bell = lambda x: np.exp(-x**2)*(4*x-2)
bend_of_bell
""",
            "x instead of x²",
        ),
        (
            "schoolchild",
            """\
bend_of_bell = lambda x: (4*x**2-2)*np.exp(x**2)
bend_of_bell
""",
            "lost the minus of the exponent",
        ),
        (
            "beginner",
            """\
bend_of_bell = lambda x: (4*x^2-2)*np.exp(-x^2)
bend_of_bell
""",
            "raises",
        ),
        (
            "beginner",
            """\
def bend_of_bell(x):
    y = (4*x**2-2)*np.exp(-x**2)
bend_of_bell
""",
            "returns nothing",
        ),
        (
            "guesser",
            """\
bend_of_bell = lambda x: np.exp(-x**2)
bend_of_bell
""",
            "f itself",
        ),
        (
            "engineer",
            """\
bend_of_bell = lambda x: gt.derivatives(lambda t: tf.exp(-t**2), x, order=2)[2]
bend_of_bell
""",
            "forbidden",
        ),
        (
            "guesser",
            """\
bend_of_bell = lambda x: x**2*np.exp(-x**2)
bend_of_bell
""",
            "differs",
        ),
        (
            "beginner",
            """\
def bend_of_bell(x):
    return (4*x**2-2)*tf.exp(x**2)
bend_of_bell
""",
            "lost the minus of the exponent",
        ),
        (
            "physicist",
            """\
def bend_of_bell(x):
    return (x**2-1)*tf.exp(-x**2/2)
bend_of_bell
""",
            "the other bell",
        ),
        (
            "schoolchild",
            """\
def bend_of_bell(x):
    return (4*x-2)*tf.exp(-x**2)
bend_of_bell
""",
            "x instead of x²",
        ),
        (
            "beginner",
            """\
def bend_of_bell(x):
    return (4*x**2-2)
bend_of_bell
""",
            "lost the exponential",
        ),
        (
            "guesser",
            """\
def bend_of_bell(x):
    return tf.exp(-x**2)
bend_of_bell
""",
            "f itself",
        ),
    ],
    "4.4": [
        (
            "physicist",
            """\
f = lambda x: np.exp(x) - 2*x
a, b, c = f(2), np.exp(2)-2, np.exp(2)
T = lambda x: a + b*(x-2) + c/2*(x-2)**2
x = np.linspace(0, 2.5, 100)
fig, ax = plt.subplots()
ax.plot(x, f(x), x, T(x))
m = 2 - b/c
ax.plot(m, T(m), 'ro')
ax
""",
            "right",
        ),
        (
            "physicist",
            """\
f = lambda x: np.exp(x) - 2*x
a, b, c = f(2), np.exp(2)-2, np.exp(2)
T = lambda x: a + b*(x-2) + c*(x-2)**2
x = np.linspace(0, 2.5, 100)
fig, ax = plt.subplots()
ax.plot(x, f(x), x, T(x))
ax
""",
            "forgot the factorial",
        ),
        (
            "schoolchild",
            """\
f = lambda x: np.exp(x) - 2*x
x = np.linspace(0, 2.5, 100)
fig, ax = plt.subplots()
ax.plot(x, f(x))
ax.plot(np.log(2), f(np.log(2)), 'o')
ax
""",
            "no such curve",
        ),
        (
            "engineer",
            """\
ax = gt.plot_taylor(lambda x: tf.exp(x) - 2*x, 2.0, (0.0, 2.5), orders=(2,))
ax
""",
            "not marked",
        ),
        (
            "engineer",
            """\
ax = gt.plot_taylor(lambda x: tf.exp(x) - 2*x, 2.0, (0.0, 2.5), orders=(2,))
v, s, c = [float(d) for d in gt.derivatives(lambda x: tf.exp(x) - 2*x, 2.0, order=2)]
m = 2 - s/c
ax.plot(m, v + s*(m-2) + c/2*(m-2)**2, 'o')
ax
""",
            "right",
        ),
        (
            "guesser",
            """\
ax = gt.plot_taylor(lambda x: tf.exp(x) - 2*x, 2.0, (0.0, 2.5), orders=(2,))
ax.plot(1.27, 1.2, 'o')
ax
""",
            "marked nearly",
        ),
        (
            "schoolchild",
            """\
f = lambda x: np.exp(x)-2*x
x = np.linspace(0, 2.5, 100)
_, ax = plt.subplots()
c, s, v = np.exp(2), np.exp(2)-2, np.exp(2)-4

p = lambda x: v+s*(x-2)+c*(x-2)**2/2
ax.plot(x, p(x)); m = 2-s/c; ax.plot(m, p(m), 'o')
ax
""",
            "f is missing",
        ),
    ],
    "4.5": [
        (
            "physicist",
            """\
def downhill(f, x):
    _, g, h = gt.derivatives(f, x, order=2)
    return x - np.sign(g)*abs(g/h)
downhill
""",
            "right",
        ),
        (
            "physicist",
            """\
def downhill(f, x):
    _, g, h = gt.derivatives(f, x, order=2)
    return x - g/h
downhill
""",
            "any flat place",
        ),
        (
            "schoolchild",
            """\
def downhill(f, x):
    _, g, h = gt.derivatives(f, x, order=2)
    return abs(g/h)
downhill
""",
            "the length alone",
        ),
        (
            "schoolchild",
            """\
def downhill(f, x):
    _, g, h = gt.derivatives(f, x, order=2)
    return x - abs(g/h)
downhill
""",
            "always to the left",
        ),
        (
            "beginner",
            """\
def downhill(f, x):
    g, h = gt.derivatives(f, x, order=2)
    return x - g/abs(h)
downhill
""",
            "raises",
        ),
        (
            "beginner",
            """\
def downhill(f, x):
    x = tf.Variable(x)
    with tf.GradientTape() as t:
        y = f(x)
    return x - 0.1*t.gradient(y, x)
downhill
""",
            "gradient descent",
        ),
        (
            "guesser",
            """\
downhill = lambda f, x: x - 0.25
downhill
""",
            "differs",
        ),
        (
            "engineer",
            """\
def downhill(f, x):
    v, g, h = gt.derivatives(f, x, order=2)
    return x - v/abs(g)
downhill
""",
            "step to a zero",
        ),
        (
            "engineer",
            """\
def downhill(f, x):
    _, g, h = gt.derivatives(f, x, order=2)
    return x + g/abs(h)
downhill
""",
            "uphill",
        ),
        (
            "guesser",
            """\
def two(f, x):
    x = tf.Variable(float(x))
    with tf.GradientTape() as t2:
        with tf.GradientTape() as t1:
            y = f(x)
        g = t1.gradient(y, x)
    return x, g, t2.gradient(g, x)
def downhill(f, x):
    x, g, h = two(f, x)
    return x - h/abs(g)
downhill
""",
            "upside down",
        ),
        (
            "physicist",
            """\
def two(f, x):
    x = tf.Variable(float(x))
    with tf.GradientTape() as t2:
        with tf.GradientTape() as t1:
            y = f(x)
        g = t1.gradient(y, x)
    return x, g, t2.gradient(g, x)
def downhill(f, x):
    x, g, h = two(f, x)
    return x - tf.sign(g)*abs(h)
downhill
""",
            "as long as f″",
        ),
    ],
    "4.6": [
        (
            "physicist",
            """\
def newton_step(f, p):
    g = gt.value_and_gradient(f, p)[1]
    return p - tf.linalg.matvec(tf.linalg.inv(gt.hessian(f, p)), g)
newton_step
""",
            "right",
        ),
        (
            "physicist",
            """\
def newton_step(f, p):
    g = gt.value_and_gradient(f, p)[1]
    return p - tf.linalg.inv(gt.hessian(f, p)) @ g
newton_step
""",
            "raises",
        ),
        (
            "schoolchild",
            """\
def newton_step(f, p):
    g = gt.value_and_gradient(f, p)[1]
    return p - g / gt.hessian(f, p)
newton_step
""",
            "shape",
        ),
        (
            "beginner",
            """\
def newton_step(f, p):
    g = gt.value_and_gradient(f, p)[1]
    return p - tf.linalg.solve(gt.hessian(f, p), g)
newton_step
""",
            "raises",
        ),
        (
            "beginner",
            """\
def newton_step(f, p):
    g = gt.value_and_gradient(f, p)[1]
    return p - tf.linalg.solve(gt.hessian(f, p), g[:, tf.newaxis])
newton_step
""",
            "shape",
        ),
        (
            "guesser",
            """\
def newton_step(f, p):
    return p - 0.1 * gt.value_and_gradient(f, p)[1]
newton_step
""",
            "differs",
        ),
        (
            "engineer",
            """\
def newton_step(f, p):
    g = gt.value_and_gradient(f, p)[1].numpy()
    return p - np.linalg.solve(gt.hessian(f, p).numpy(), g)
newton_step
""",
            "right",
        ),
        (
            "engineer",
            """\
def newton_step(f, p):
    g = gt.value_and_gradient(f, p)[1].numpy()
    return np.linalg.solve(gt.hessian(f, p).numpy(), g)
newton_step
""",
            "the step alone",
        ),
    ],
}
