"""Answers to the exercises of lesson 6, as learners write them.

Each entry is a function of nothing that makes the answer, so that every test has its
own. The keys of MISCONCEPTIONS are what the feedback is called.
"""

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

import gradtape as gt

# 6.1


def two_derivatives():
    def two_derivatives(f, x):
        x = tf.Variable(x)
        with tf.GradientTape() as outer_tape:
            with tf.GradientTape() as inner_tape:
                y = f(x)
            first = inner_tape.gradient(y, x)
        return y, first, outer_tape.gradient(first, x, unconnected_gradients="zero")

    return two_derivatives


def derivatives_of_the_library():
    return lambda f, x: gt.derivatives(f, x, order=2)


def persistent_in_one():
    def two_derivatives(f, x):
        x = tf.constant([x])
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(x)
            y = f(x)
            first = tape.gradient(y, x)
        second = tape.gradient(first, x)
        if second is None:
            second = tf.zeros_like(x)
        return tf.concat([y, first, second], 0)

    return two_derivatives


def second_left_outside():
    def two_derivatives(f, x):
        x = tf.Variable(x)
        with tf.GradientTape() as outer_tape, tf.GradientTape() as inner_tape:
            y = f(x)
        first = inner_tape.gradient(y, x)
        return y, first, outer_tape.gradient(first, x)

    return two_derivatives


def second_without_zero():
    def two_derivatives(f, x):
        x = tf.Variable(x)
        with tf.GradientTape() as outer_tape:
            with tf.GradientTape() as inner_tape:
                y = f(x)
            first = inner_tape.gradient(y, x)
        return y, first, outer_tape.gradient(first, x)

    return two_derivatives


def outer_asked_for_the_value():
    def two_derivatives(f, x):
        x = tf.Variable(x)
        with tf.GradientTape() as outer_tape:
            with tf.GradientTape() as inner_tape:
                y = f(x)
            first = inner_tape.gradient(y, x)
        return y, first, outer_tape.gradient(y, x)

    return two_derivatives


def second_outside_with_zero():
    def two_derivatives(f, x):
        x = tf.Variable(x)
        with tf.GradientTape() as outer_tape, tf.GradientTape() as inner_tape:
            y = f(x)
        first = inner_tape.gradient(y, x)
        return y, first, outer_tape.gradient(first, x, unconnected_gradients="zero")

    return two_derivatives


def second_of_a_constant():
    def two_derivatives(f, x):
        x = tf.constant(x)
        with tf.GradientTape() as outer_tape:
            with tf.GradientTape() as inner_tape:
                y = f(x)
            first = inner_tape.gradient(y, x)
        return y, first, outer_tape.gradient(first, x)

    return two_derivatives


def changed(make, change):
    return lambda: lambda *given: change(*make()(*given))


# 6.3


def loss_with_corner(w):
    return 0.5 * ((abs(w) - 2) ** 2 + (2 * abs(w) - 4) ** 2)


def corner(*points, curve=loss_with_corner):
    w = np.linspace(-4.0, 4.0, 161)
    _, ax = plt.subplots()
    ax.plot(w, curve(w))
    for a in points:
        ax.plot(a, loss_with_corner(a), "o")
    return ax


def corner_by_scatter():
    w = np.linspace(-5.0, 5.0, 300)
    figure, ax = plt.subplots()
    ax.plot(w, [2.5 * (tf.abs(a) - 2.0) ** 2 for a in w])
    ax.scatter([0.0, 2.0, -2.0], [10.0, 0.0, 0.0], marker="x")
    return figure


def corner_at_height_0():
    ax = corner(-2.0, 2.0)
    ax.plot(0.0, 0.0, "o")
    return ax


# 6.4 to 6.7


def model(t, A, gamma, omega, phi):
    return A * tf.exp(-gamma * t) * tf.cos(omega * t + phi)


def loss(parameters, t, y):
    return tf.reduce_mean((model(t, *parameters) - y) ** 2)


def gradients(parameters, t, y, loss=loss):
    with tf.GradientTape() as tape:
        value = loss(parameters, t, y)
    return tape.gradient(value, parameters)


def gradients_one_by_one(parameters, t, y):
    with tf.GradientTape(persistent=True) as tape:
        value = loss(parameters, t, y)
    return tf.stack([tape.gradient(value, each) for each in parameters])


def gradients_of_copies(parameters, t, y):
    copies = [tf.constant(float(each)) for each in parameters]
    with tf.GradientTape() as tape:
        value = loss(copies, t, y)
    return tape.gradient(value, parameters)


def trainer(rate=0.2, steps=300, trained=4):
    """Return a fit by plain descent, with what may go wrong in it."""

    def fit(start, t, y):
        parameters = [tf.Variable(value) for value in start]

        @tf.function
        def step():
            for each, slope in zip(parameters[:trained], gradients(parameters, t, y)):
                each.assign_sub(rate * slope)

        for _ in range(steps):
            step()
        return [each.numpy() for each in parameters]

    return lambda: fit


def fit_step_by_step():
    def fit(start, t, y):
        parameters = [tf.Variable(value) for value in start]
        for _ in range(200):
            slopes = gradients(parameters, t, y)
            for each, slope in zip(parameters, slopes):
                each.assign_sub(0.3 * slope)
        return parameters

    return fit


def fit_with_an_optimizer():
    def fit(start, t, y):
        parameters = [tf.Variable(value) for value in start]
        optimizer = tf.keras.optimizers.Adam(learning_rate=0.02)

        @tf.function
        def step():
            optimizer.apply_gradients(zip(gradients(parameters, t, y), parameters))

        for _ in range(400):
            step()
        return tf.stack(parameters)

    return fit


def fit_with_other_signs():
    """Turn A over and shift the phase by half a turn: the same curve."""

    def fit(start, t, y):
        A, gamma, omega, phi = trainer()()(start, t, y)
        return [-A, gamma, -omega, np.pi - phi]

    return fit


def fit_returned_in_another_order():
    def fit(start, t, y):
        A, gamma, omega, phi = trainer()()(start, t, y)
        return [A, omega, gamma, phi]

    return fit


def fit_to_new_names():
    def fit(start, t, y):
        parameters = [tf.Variable(value) for value in start]
        for _ in range(3):
            slopes = gradients(parameters, t, y)
            for each, slope in zip(parameters, slopes):
                each = each - 0.2 * slope
        return parameters

    return fit


# 6.8


def seconds_and_position():
    seconds = tf.linspace(0.0, 10.0, 60)
    noise = tf.random.stateless_normal(seconds.shape, seed=[3, 4], stddev=0.05)
    position = 1.5 * tf.exp(-0.3 * seconds) * tf.cos(2.0 * seconds + 0.5) + noise
    return seconds, position


FITTED = [1.525, 0.3, 2.001, 0.511]


def picture(residual=lambda y, fitted: y - fitted, parameters=FITTED, fine=201):
    seconds, position = seconds_and_position()
    _, (above, below) = plt.subplots(2, 1)
    above.plot(seconds, position, "o")
    if fine:
        t = tf.linspace(0.0, 10.0, fine)
        above.plot(t, model(t, *parameters))
    below.axhline(0.0)
    below.plot(seconds, residual(position, model(seconds, *parameters)), "o")
    return above, below


def picture_with_stems():
    seconds, position = seconds_and_position()
    _, axes = plt.subplots(1, 2)
    fitted = model(seconds, *FITTED)
    axes[0].scatter(seconds, position)
    axes[0].plot(seconds, fitted, "-")
    axes[1].stem(seconds, position - fitted)
    return tuple(axes)


def picture_of_joined_dots():
    seconds, position = seconds_and_position()
    _, (above, below) = plt.subplots(2, 1)
    above.plot(seconds, position, "o-")
    below.plot(seconds, 0.0 * position, "o")
    return above, below


def picture_of_every_other():
    above, below = picture()
    above.lines[0].set_markevery(2)
    return above, below


def picture_with_a_line_below():
    above, below = picture()
    below.lines[-1].set(marker="", linestyle="-")
    return above, below


def picture_without_residuals():
    above, below = picture()
    below.clear()
    below.plot([0.0, 10.0], [0.0, 0.0])
    return above, below


# 6.9


def left_side():
    def left_side(y, t, gamma, omega):
        with tf.GradientTape() as outer_tape:
            outer_tape.watch(t)
            with tf.GradientTape() as inner_tape:
                inner_tape.watch(t)
                position = y(t)
            speed = inner_tape.gradient(position, t)
        acceleration = outer_tape.gradient(speed, t)
        return acceleration + 2 * gamma * speed + (gamma**2 + omega**2) * position

    return left_side


def left_side_of_the_library(combine=None):
    def right(y, speed, acceleration, gamma, omega):
        return acceleration + 2 * gamma * speed + (gamma**2 + omega**2) * y

    def left_side(y, t, gamma, omega):
        return (combine or right)(*gt.derivatives(y, t, order=2), gamma, omega)

    return lambda: left_side


def left_side_inner_outside():
    def left_side(y, t, gamma, omega):
        with tf.GradientTape() as outer_tape:
            outer_tape.watch(t)
            with tf.GradientTape() as inner_tape:
                inner_tape.watch(t)
                position = y(t)
        speed = inner_tape.gradient(position, t)
        return outer_tape.gradient(speed, t)

    return left_side


SOLUTIONS = {
    "6.1": two_derivatives,
    "6.2": lambda: ("6.0", "None"),
    "6.3": lambda: corner(-2.0, 0.0, 2.0),
    "6.4": lambda: model,
    "6.5": lambda: loss,
    "6.6": lambda: gradients,
    "6.7": trainer(),
    "6.8": picture,
    "6.9": left_side,
}

ALSO_RIGHT = {
    "6.1": [persistent_in_one],
    "6.2": [lambda: (" 6 ", None), lambda: ("6.", "none")],
    "6.3": [corner_by_scatter],
    "6.4": [
        lambda: (
            lambda t, A, gamma, omega, phi: [
                A * np.exp(-gamma * s) * np.sin(omega * s + phi + np.pi / 2)
                for s in t.numpy()
            ]
        )
    ],
    "6.5": [
        lambda: lambda p, t, y: tf.reduce_sum(tf.square(y - model(t, *p))) / len(y),
        lambda: lambda p, t, y: tf.reduce_mean((y - model(t, *p)) ** 2, keepdims=True),
    ],
    "6.6": [lambda: gradients_one_by_one],
    "6.7": [fit_step_by_step, fit_with_an_optimizer, fit_with_other_signs],
    "6.8": [picture_with_stems, lambda: list(picture(fine=60))],
    "6.9": [left_side_of_the_library()],
}

MISCONCEPTIONS = {
    "6.1": {
        "gradient none": second_left_outside,
        "first derivative twice": outer_asked_for_the_value,
        "squared the slope": changed(two_derivatives, lambda y, a, b: (y, a, a**2)),
        "other order": changed(two_derivatives, lambda y, a, b: (b, a, y)),
        "nothing left of the second": second_outside_with_zero,
        "raises": second_of_a_constant,
        "forbidden": derivatives_of_the_library,
    },
    "6.2": {
        "walked through the stop": lambda: ("12.0", "None"),
        "value of now": lambda: ("30", "None"),
        "everything stopped": lambda: ("None", "None"),
        "constant like a variable": lambda: ("6.0", "1.0"),
        "zero for no road": lambda: ("6.0", "0.0"),
    },
    "6.3": {
        "lost the absolute value": lambda: corner(
            2.0, curve=lambda w: 2.5 * (w - 2) ** 2
        ),
        "summed": lambda: corner(2.0, curve=lambda w: 2 * loss_with_corner(w)),
        "drew the slope": lambda: corner(
            2.0, curve=lambda w: 5 * (abs(w) - 2) * np.sign(w)
        ),
        "one valley only": lambda: corner(0.0, 2.0),
        "valleys only": lambda: corner(-2.0, 2.0),
        "corner beside the curve": corner_at_height_0,
        "marked too much": lambda: corner(-2.0, 0.0, 1.0, 2.0),
        "corner only": lambda: corner(0.0),
    },
    "6.4": {
        "grows": lambda: lambda t, A, g, w, p: model(t, A, -g, w, p),
        "lost the phase": lambda: lambda t, A, g, w, p: model(t, A, g, w, 0.0),
        "shifted in time": lambda: (
            lambda t, A, g, w, p: A * tf.exp(-g * t) * tf.cos(w * (t + p))
        ),
        "sine": lambda: lambda t, A, g, w, p: A * tf.exp(-g * t) * tf.sin(w * t + p),
        "phase subtracted": lambda: lambda t, A, g, w, p: model(t, A, g, w, -p),
        "no damping": lambda: lambda t, A, g, w, p: model(t, A, 0.0, w, p),
        "forgot the exponential": lambda: (
            lambda t, A, g, w, p: A * (-g * t) * tf.cos(w * t + p)
        ),
        "no amplitude": lambda: lambda t, A, g, w, p: model(t, 1.0, g, w, p),
        "phase outside of the cosine": lambda: (
            lambda t, A, g, w, p: model(t, A, g, w, 0.0) + p
        ),
        "phase on the product": lambda: (
            lambda t, A, g, w, p: A * tf.exp(-g * t) * (tf.cos(w * t) + p)
        ),
        "added the factors": lambda: (
            lambda t, A, g, w, p: A * tf.exp(-g * t) + tf.cos(w * t + p)
        ),
        "damping and frequency exchanged": lambda: (
            lambda t, A, g, w, p: model(t, A, w, g, p)
        ),
        "turns for radians": lambda: (
            lambda t, A, g, w, p: model(t, A, g, 2 * np.pi * w, p)
        ),
        "t squared in the exponent": lambda: (
            lambda t, A, g, w, p: A * tf.exp(-g * t**2) * tf.cos(w * t + p)
        ),
        "t outside of the exponent": lambda: (
            lambda t, A, g, w, p: A * tf.exp(-g) * t * tf.cos(w * t + p)
        ),
    },
    "6.5": {
        "summed": lambda: lambda p, t, y: tf.reduce_sum((model(t, *p) - y) ** 2),
        "no square": lambda: lambda p, t, y: tf.reduce_mean(model(t, *p) - y),
        "absolute errors": lambda: (
            lambda p, t, y: tf.reduce_mean(tf.abs(model(t, *p) - y))
        ),
        "rooted": lambda: lambda p, t, y: tf.sqrt(loss(p, t, y)),
        "shape": lambda: lambda p, t, y: (model(t, *p) - y) ** 2,
        "damping and frequency exchanged": lambda: (
            lambda p, t, y: loss([p[0], p[2], p[1], p[3]], t, y)
        ),
        "moments last": lambda: lambda p, t, y: tf.reduce_mean((model(*p, t) - y) ** 2),
        "another count": lambda: (
            lambda p, t, y: tf.reduce_sum((model(t, *p) - y) ** 2) / 60
        ),
        "always the same measurements": lambda: (
            lambda p, t, y: loss(p, *seconds_and_position())
        ),
        "square of the mean": lambda: (
            lambda p, t, y: tf.reduce_mean(model(t, *p) - y) ** 2
        ),
    },
    "6.6": {
        "gradient none": lambda: gradients_of_copies,
        "slopes of the model": lambda: (
            lambda p, t, y: gradients(p, t, y, lambda p, t, y: model(t, *p))
        ),
        "slopes of a sum": lambda: (
            lambda p, t, y: gradients(p, t, y, lambda p, t, y: (model(t, *p) - y) ** 2)
        ),
        "downhill": lambda: lambda p, t, y: [-slope for slope in gradients(p, t, y)],
        "other order": lambda: lambda p, t, y: gradients(p, t, y)[::-1],
    },
    "6.7": {
        "stands still": fit_to_new_names,
        "uphill": trainer(rate=5.0, steps=30),
        "some stand still": trainer(trained=2),
        "not there yet": trainer(rate=0.02, steps=100),
        "hard-coded": lambda: lambda start, t, y: FITTED,
        "other order": fit_returned_in_another_order,
        "no numbers": lambda: lambda start, t, y: (trainer()()(start, t, y), 0.0),
    },
    "6.8": {
        "sign of the residuals": lambda: picture(lambda y, fitted: fitted - y),
        "size of the residuals": lambda: picture(lambda y, fitted: tf.abs(y - fitted)),
        "measurements below": lambda: picture(lambda y, fitted: y),
        "no residuals": lambda: picture(lambda y, fitted: 5 * (y - fitted)),
        "measurements only": picture_of_joined_dots,
        "not the fit": lambda: picture(parameters=[1.2, 0.2, 2.1, 0.3]),
        "exchanged": lambda: picture()[::-1],
        "marked in part": picture_of_every_other,
        "not marked": picture_with_a_line_below,
    },
    "6.9": {
        "gradient none": left_side_inner_outside,
        "lost the two": left_side_of_the_library(
            lambda y, y1, y2, g, w: y2 + g * y1 + (g**2 + w**2) * y
        ),
        "lost a square": left_side_of_the_library(
            lambda y, y1, y2, g, w: y2 + 2 * g * y1 + w**2 * y
        ),
        "other sign of the damping": left_side_of_the_library(
            lambda y, y1, y2, g, w: y2 - 2 * g * y1 + (g**2 + w**2) * y
        ),
        "no acceleration": left_side_of_the_library(
            lambda y, y1, y2, g, w: 2 * g * y1 + (g**2 + w**2) * y
        ),
        "another y": lambda: (
            lambda y, t, g, w: left_side()(lambda t: model(t, *FITTED), t, g, w)
        ),
        "squared the speed": left_side_of_the_library(
            lambda y, y1, y2, g, w: y1**2 + 2 * g * y1 + (g**2 + w**2) * y
        ),
        "shape": left_side_of_the_library(
            lambda y, y1, y2, g, w: tf.reduce_sum(y2 + 2 * g * y1 + (g**2 + w**2) * y)
        ),
        "square of the sum": left_side_of_the_library(
            lambda y, y1, y2, g, w: y2 + 2 * g * y1 + (g + w) ** 2 * y
        ),
        "first and second derivative exchanged": left_side_of_the_library(
            lambda y, y1, y2, g, w: y1 + 2 * g * y2 + (g**2 + w**2) * y
        ),
        "forgot the brackets": left_side_of_the_library(
            lambda y, y1, y2, g, w: y2 + 2 * g * y1 + g**2 + w**2 * y
        ),
        "no term with y": left_side_of_the_library(
            lambda y, y1, y2, g, w: y2 + 2 * g * y1
        ),
    },
}

# Right at the lesson's own point and nowhere else.
HARD_CODED = {
    "6.1": lambda: lambda f, x: (0.3679, -0.7358, 0.7358),
    "6.4": lambda: lambda t, A, gamma, omega, phi: model(t, 1.5, 0.3, 2.0, 0.5),
    "6.5": lambda: lambda p, t, y: 0.0025,
    "6.6": lambda: lambda p, t, y: [0.0, 0.0, 0.0, 0.0],
    "6.7": lambda: lambda start, t, y: [1.5, 0.3, 2.0, 0.5],
    "6.8": picture_without_residuals,
    "6.9": lambda: lambda y, t, gamma, omega: tf.zeros_like(t),
}


# What different people typed: who, the code, and what the feedback is called.
ATTEMPTS = {
    "6.1": [
        (
            "schoolchild",
            """\
def two_derivatives(f, x):
    x = tf.Variable(x)
    with tf.GradientTape() as t:
        y = f(x)
    return y, t.gradient(y, x), 0
two_derivatives
""",
            "nothing left of the second",
        ),
        (
            "beginner",
            """\
def two_derivatives(f, x):
    x = tf.Variable(x)
    with tf.GradientTape() as t2:
        with tf.GradientTape() as t1:
            y = f(x)
    g = t1.gradient(y, x)
    return y, g, t2.gradient(g, x)
two_derivatives
""",
            "gradient none",
        ),
        (
            "beginner",
            """\
def two_derivatives(f, x):
    x = tf.Variable(x)
    with tf.GradientTape() as t2:
        with tf.GradientTape() as t1:
            y = f(x)
        g = t1.gradient(y, x)
    return y, g, t2.gradient(g, x)
two_derivatives
""",
            "gradient none",
        ),
        (
            "engineer",
            """\
two_derivatives = lambda f, x: tuple(gt.derivatives(f, x, order=2))
two_derivatives
""",
            "forbidden",
        ),
        (
            "physicist",
            """\
def two_derivatives(f, x):
    h = 1e-3
    return f(x), (f(x+h)-f(x-h))/(2*h), (f(x+h)-2*f(x)+f(x-h))/h**2
two_derivatives
""",
            "right in part",
        ),
        (
            "engineer",
            """\
def two_derivatives(f, x):
    x = tf.Variable(x)
    with tf.GradientTape() as t2:
        with tf.GradientTape() as t1:
            y = f(x)
        g = t1.gradient(y, x)
    return g, t2.gradient(g, x, unconnected_gradients='zero')
two_derivatives
""",
            "shape",
        ),
        (
            "guesser",
            """\
def two_derivatives(f, x):
    x = tf.Variable(x)
    with tf.GradientTape() as t2:
        with tf.GradientTape() as t1:
            y = f(x)
        g = t1.gradient(y, x)
    return g, y, t2.gradient(g, x, unconnected_gradients='zero')
two_derivatives
""",
            "differs",
        ),
    ],
    "6.2": [
        ("schoolchild", "('6.0','0.0')", "zero for no road"),
        ("physicist", "('12.0','None')", "walked through the stop"),
        ("guesser", "('30.0','None')", "value of now"),
        ("beginner", "(6, None)", "right"),
        ("beginner", "('None','None')", "everything stopped"),
        ("engineer", "('6.0','1.0')", "constant like a variable"),
        ("guesser", "('10.0','3.0')", "differs"),
    ],
    "6.3": [
        (
            "schoolchild",
            """\
ax = gt.plot_derivatives(lambda w: ((abs(w)-2)**2 + (abs(2*w)-4)**2)/2, (-4.0, 4.0), order=0)
ax
""",
            "not marked",
        ),
        (
            "physicist",
            """\
w = np.linspace(-4, 4, 401)
L = lambda w: 2.5*(abs(w)-2)**2
fig, ax = plt.subplots()
ax.plot(w, L(w))
ax.plot([-2, 0, 2], [0, 10, 0], 'o')
ax
""",
            "right",
        ),
        (
            "physicist",
            """\
w = np.linspace(-4, 4, 401)
L = lambda w: 2.5*(abs(w)-2)**2
fig, ax = plt.subplots()
ax.plot(w, L(w))
ax.plot([-2, 2], [0, 0], 'o')
ax
""",
            "valleys only",
        ),
        (
            "beginner",
            """\
w = np.linspace(-4, 4, 401)
L = lambda w: (w-2)**2
fig, ax = plt.subplots()
ax.plot(w, L(w))
ax.plot(2, 0, 'o')
ax
""",
            "no such curve",
        ),
        (
            "guesser",
            """\
w = np.linspace(-4, 4, 401)
L = lambda w: 2.5*(abs(w)-2)**2
fig, ax = plt.subplots()
ax.plot(w, L(w))
ax.plot(0, 10, 'o')
ax
""",
            "corner only",
        ),
    ],
    "6.4": [
        (
            "schoolchild",
            """\
def model(t, A, gamma, omega, phi):
    return A * tf.exp(-gamma) * tf.cos(omega * t + phi)
model
""",
            "differs",
        ),
        (
            "physicist",
            """\
def model(t, A, gamma, omega, phi):
    return A * np.exp(-gamma*t) * np.cos(omega*t + phi)
model
""",
            "right",
        ),
        (
            "beginner",
            """\
def model(t, A, gamma, omega, phi):
    return A * math.exp(-gamma*t) * math.cos(omega*t + phi)
model
""",
            "raises",
        ),
        (
            "physicist",
            """\
def model(t, A, gamma, omega, phi):
    return A * tf.exp(gamma*t) * tf.cos(omega*t + phi)
model
""",
            "grows",
        ),
        (
            "guesser",
            """\
def model(t, A, gamma, omega, phi):
    return A * tf.exp(-gamma*t) * tf.sin(omega*t + phi)
model
""",
            "sine",
        ),
        (
            "beginner",
            """\
def model(t, A, gamma, omega, phi):
    y = A * tf.exp(-gamma*t) * tf.cos(omega*t + phi)
model
""",
            "returns nothing",
        ),
        (
            "guesser",
            """\
def model(t, A, gamma, omega, phi):
    return A*tf.exp(-gamma*t*t)*tf.cos(omega*t+phi)
model
""",
            "t squared in the exponent",
        ),
        (
            "beginner",
            """\
def model(t, A, gamma, omega, phi):
    return A*tf.exp(-gamma)*t*tf.cos(omega*t+phi)
model
""",
            "t outside of the exponent",
        ),
        (
            "physicist",
            """\
def model(t, A, gamma, omega, phi):
    return A*tf.exp(-t/gamma)*tf.cos(omega*t+phi)
model
""",
            "differs",
        ),
    ],
    "6.5": [
        (
            "schoolchild",
            """\
def loss(p, t, y):
    m = p[0]*tf.exp(-p[1]*t)*tf.cos(p[2]*t+p[3])
    return tf.reduce_sum((m-y)**2)
loss
""",
            "summed",
        ),
        (
            "physicist",
            """\
def loss(p, t, y):
    m = p[0]*tf.exp(-p[1]*t)*tf.cos(p[2]*t+p[3])
    return tf.reduce_mean((m-y)**2)
loss
""",
            "right",
        ),
        (
            "beginner",
            """\
def loss(p, t, y):
    m = p[0]*tf.exp(-p[1]*t)*tf.cos(p[2]*t+p[3])
    return tf.reduce_mean(m-y)
loss
""",
            "no square",
        ),
        (
            "beginner",
            """\
def loss(p, t, y):
    m = p[0]*tf.exp(-p[1]*t)*tf.cos(p[2]*t+p[3])
    return (m-y)**2
loss
""",
            "shape",
        ),
        (
            "guesser",
            """\
loss = lambda p, t, y: 0.0025
loss
""",
            "hard-coded",
        ),
        (
            "engineer",
            """\
def loss(p, t, y):
    m = p[0]*tf.exp(-p[1]*t)*tf.cos(p[2]*t+p[3])
    return tf.sqrt(tf.reduce_mean((m-y)**2))
loss
""",
            "rooted",
        ),
        (
            "beginner",
            """\
def model(t, A, gamma, omega, phi):
    return A*tf.exp(-gamma*t)*tf.cos(omega*t+phi)
def loss(parameters, t, y):
    return tf.reduce_mean(model(t, *parameters)-y)**2
loss
""",
            "square of the mean",
        ),
        (
            "guesser",
            """\
def model(t, A, gamma, omega, phi):
    return A*tf.exp(-gamma*t)*tf.cos(omega*t+phi)
def loss(parameters, t, y):
    return tf.reduce_mean((model(t, *parameters)+y)**2)
loss
""",
            "differs",
        ),
    ],
    "6.6": [
        (
            "schoolchild",
            """\
def gradients(p, t, y):
    m = p[0]*tf.exp(-p[1]*t)*tf.cos(p[2]*t+p[3])
    L = tf.reduce_mean((m-y)**2)
    with tf.GradientTape() as tape:
        pass
    return tape.gradient(L, p)
gradients
""",
            "gradient none",
        ),
        (
            "beginner",
            """\
def gradients(p, t, y):
    with tf.GradientTape() as tape:
        m = p[0]*tf.exp(-p[1]*t)*tf.cos(p[2]*t+p[3])
        L = tf.reduce_mean((m-y)**2)
    return tape.gradient(p, L)
gradients
""",
            "target and source exchanged",
        ),
        (
            "engineer",
            """\
def gradients(p, t, y):
    with tf.GradientTape() as tape:
        m = p[0]*tf.exp(-p[1]*t)*tf.cos(p[2]*t+p[3])
        L = tf.reduce_mean((m-y)**2)
    return tuple(tape.gradient(L, tuple(p)))
gradients
""",
            "right",
        ),
        (
            "engineer",
            """\
def gradients(p, t, y):
    with tf.GradientTape() as tape:
        m = p[0]*tf.exp(-p[1]*t)*tf.cos(p[2]*t+p[3])
    return tape.gradient(m, p)
gradients
""",
            "slopes of the model",
        ),
        (
            "physicist",
            """\
def gradients(p, t, y):
    with tf.GradientTape() as tape:
        m = p[0]*tf.exp(-p[1]*t)*tf.cos(p[2]*t+p[3])
        L = tf.reduce_sum((m-y)**2)
    return tape.gradient(L, p)
gradients
""",
            "slopes of a sum",
        ),
    ],
    "6.7": [
        (
            "schoolchild",
            """\
fit = lambda start, t, y: start
fit
""",
            "stands still",
        ),
        (
            "guesser",
            """\
fit = lambda start, t, y: [1.5, 0.3, 2.0, 0.5]
fit
""",
            "hard-coded",
        ),
        (
            "beginner",
            """\
def fit(start, t, y):
    p = [tf.Variable(v) for v in start]
    for _ in range(5):
        with tf.GradientTape() as tape:
            m = p[0]*tf.exp(-p[1]*t)*tf.cos(p[2]*t+p[3])
            L = tf.reduce_mean((m-y)**2)
        for v, g in zip(p, tape.gradient(L, p)): v.assign_sub(0.1*g)
    return p
fit
""",
            "not there yet",
        ),
        (
            "engineer",
            """\
def fit(start, t, y):
    p = [tf.Variable(v) for v in start]
    @tf.function
    def step():
        with tf.GradientTape() as tape:
            m = p[0]*tf.exp(-p[1]*t)*tf.cos(p[2]*t+p[3])
            L = tf.reduce_mean((m-y)**2)
        for v, g in zip(p, tape.gradient(L, p)): v.assign_sub(0.2*g)
    for _ in range(600): step()
    return p
fit
""",
            "right",
        ),
        (
            "physicist",
            """\
def fit(start, t, y):
    p = [tf.Variable(v) for v in start]
    for _ in range(100):
        with tf.GradientTape() as tape:
            m = p[0]*tf.exp(-p[1]*t)*tf.cos(p[2]*t+p[3])
            L = tf.reduce_mean((m-y)**2)
        for v, g in zip(p, tape.gradient(L, p)): v.assign_add(0.1*g)
    return p
fit
""",
            "uphill",
        ),
    ],
    "6.9": [
        (
            "physicist",
            """\
def left_side(y, t, gamma, omega):
    v, a, b = gt.derivatives(y, t, order=2)
    return b + 2*gamma*a + (gamma**2 + omega**2)*v
left_side
""",
            "right",
        ),
        (
            "physicist",
            """\
def left_side(y, t, gamma, omega):
    v, a, b = gt.derivatives(y, t, order=2)
    return b + 2*gamma*a + omega**2*v
left_side
""",
            "lost a square",
        ),
        (
            "schoolchild",
            """\
def left_side(y, t, gamma, omega):
    v, a, b = gt.derivatives(y, t, order=2)
    return b + gamma*a + (gamma**2 + omega**2)*v
left_side
""",
            "lost the two",
        ),
        (
            "guesser",
            """\
left_side = lambda y, t, gamma, omega: tf.zeros_like(t)
left_side
""",
            "another y",
        ),
        (
            "beginner",
            """\
def left_side(y, t, gamma, omega):
    with tf.GradientTape() as o:
        with tf.GradientTape() as i:
            p = y(t)
        v = i.gradient(p, t)
    a = o.gradient(v, t)
    return a + 2*gamma*v + (gamma**2+omega**2)*p
left_side
""",
            "raises",
        ),
        (
            "beginner",
            """\
def left_side(y, t, gamma, omega):
    return y(t)
left_side
""",
            "differs",
        ),
        (
            "schoolchild",
            """\
def left_side(y, t, gamma, omega):
    with tf.GradientTape() as t2:
        t2.watch(t)
        with tf.GradientTape() as t1:
            t1.watch(t)
            v = y(t)
        g = t1.gradient(v, t)
    h = t2.gradient(g, t)
    return h+2*gamma*g+(gamma+omega)**2*v
left_side
""",
            "square of the sum",
        ),
        (
            "guesser",
            """\
def left_side(y, t, gamma, omega):
    with tf.GradientTape() as t2:
        t2.watch(t)
        with tf.GradientTape() as t1:
            t1.watch(t)
            v = y(t)
        g = t1.gradient(v, t)
    h = t2.gradient(g, t)
    return g+2*gamma*h+(gamma**2+omega**2)*v
left_side
""",
            "first and second derivative exchanged",
        ),
        (
            "beginner",
            """\
def left_side(y, t, gamma, omega):
    with tf.GradientTape() as t2:
        t2.watch(t)
        with tf.GradientTape() as t1:
            t1.watch(t)
            v = y(t)
        g = t1.gradient(v, t)
    h = t2.gradient(g, t)
    return h+2*gamma*g+gamma**2+omega**2*v
left_side
""",
            "forgot the brackets",
        ),
        (
            "schoolchild",
            """\
def left_side(y, t, gamma, omega):
    with tf.GradientTape() as t2:
        t2.watch(t)
        with tf.GradientTape() as t1:
            t1.watch(t)
            v = y(t)
        g = t1.gradient(v, t)
    h = t2.gradient(g, t)
    return h+2*gamma*g
left_side
""",
            "no term with y",
        ),
    ],
}
