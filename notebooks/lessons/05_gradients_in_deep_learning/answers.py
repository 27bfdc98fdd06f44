"""Answers to the exercises of lesson 5, as learners write them; see lesson 2."""

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

import gradtape as gt

# 5.1


def by_hand(change=lambda e, x: (2 * tf.reduce_mean(e * x), 2 * tf.reduce_mean(e))):
    def slopes(w, b, x, y_true):
        return change(w * x + b - y_true, x)

    return lambda: slopes


def slopes_by_tape():
    def slopes(w, b, x, y_true):
        w, b = tf.Variable(w), tf.Variable(b)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((y_true - w * x - b) ** 2)
        return tape.gradient(loss, [w, b])

    return slopes


def slopes_by_matrices():
    def slopes(w, b, x, y_true):
        table = np.stack([x, np.ones(len(x))])
        return 2.0 / len(x) * table @ (w * np.array(x) + b - np.array(y_true))

    return slopes


# 5.2


def training(update, rounds=lambda steps: steps):
    def train(x, y_true, learning_rate, steps):
        w, b = tf.Variable(0.5, name="w"), tf.Variable(0.1, name="b")
        for _ in range(rounds(steps)):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(w * x + b - y_true))
            slopes = tape.gradient(loss, [w, b])
            for variable, slope in zip([w, b], slopes, strict=True):
                update(variable, learning_rate * slope)
        return w.numpy(), b.numpy()

    return lambda: train


def down(variable, step):
    variable.assign_sub(step)


def training_with_optimizer():
    def train(x, y_true, learning_rate, steps):
        w, b = tf.Variable(0.5), tf.Variable(0.1)
        optimizer = tf.keras.optimizers.SGD(learning_rate)
        for _ in range(steps):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(w * x + b - y_true))
            optimizer.apply_gradients(zip(tape.gradient(loss, [w, b]), [w, b]))
        return w, b

    return train


def training_one_by_one():
    def train(x, y_true, learning_rate, steps):
        w, b = tf.Variable(0.5), tf.Variable(0.1)
        for _ in range(steps):
            for variable in (w, b):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean(tf.square(w * x + b - y_true))
                variable.assign_sub(learning_rate * tape.gradient(loss, variable))
        return w.numpy(), b.numpy()

    return train


def training_by_signs():
    def train(x, y_true, learning_rate, steps):
        def signed(variable, step):
            variable.assign_sub(learning_rate * tf.sign(step))

        return training(signed)()(x, y_true, learning_rate, steps)

    return train


def training_of_w_twice():
    def train(x, y_true, learning_rate, steps):
        w, b = tf.Variable(0.5), tf.Variable(0.1)
        for _ in range(steps):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(w * x + b - y_true))
            for slope in tape.gradient(loss, [w, b]):
                w.assign_sub(learning_rate * slope)
        return w.numpy(), b.numpy()

    return train


# 5.3


def pulling(loss_1, loss_2, source="y"):
    def pulls(y, y_true):
        with tf.GradientTape(persistent=True) as tape:
            tape.watch([y, y_true])
            first, second = loss_1(y - y_true), loss_2(y - y_true)
        about = y if source == "y" else y_true
        return tape.gradient(first, about), tape.gradient(second, about)

    return lambda: pulls


def squares(e):
    return tf.reduce_mean(e**2)


def sizes(e):
    return tf.reduce_mean(tf.abs(e))


def pulls_by_formula():
    def pulls(y, y_true):
        e = y - y_true
        return 2 * e / len(e), tf.sign(e) / len(e)

    return pulls


def pulls_unwatched():
    def pulls(y, y_true):
        with tf.GradientTape(persistent=True) as tape:
            first, second = squares(y - y_true), sizes(y - y_true)
        return tape.gradient(first, y), tape.gradient(second, y)

    return pulls


# 5.4


def border(rate):
    def largest_rate(x):
        hessian = gt.hessian(lambda p: tf.reduce_mean((p[0] * x + p[1]) ** 2), [0.0, 0])
        return rate(tf.linalg.eigvalsh(hessian))

    return lambda: largest_rate


def border_by_formula():
    def largest_rate(x):
        matrix = [[np.mean(x**2), np.mean(x)], [np.mean(x), 1.0]]
        return 1 / np.linalg.eigvalsh(matrix)[1]

    return largest_rate


# 5.5


def hills(x):
    return x**4 - 4 * x**2 + x


def end(start, rate=0.02, steps=100):
    x = tf.Variable(start)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            y = hills(x)
        x.assign_sub(rate * tape.gradient(y, x))
    return x.numpy()


def drawing(*places, curve=hills):
    def draw():
        x = np.linspace(-2.0, 2.0, 200)
        _, ax = plt.subplots()
        ax.plot(x, curve(x))
        for place in places:
            ax.plot(place, hills(place), "o")
        return ax

    return draw


def drawing_by_gradtape():
    ax = gt.plot_derivatives(hills, (-2.0, 2.0), order=0, mark=())
    ends = np.array([end(-2.0), end(2.0)])
    ax.scatter(ends, hills(ends))
    return ax.figure


SOLUTIONS = {
    "5.1": by_hand(),
    "5.2": training(down),
    "5.3": pulling(squares, sizes),
    "5.4": border(lambda curvatures: 2 / curvatures[1]),
    "5.5": drawing(end(-2.0), end(2.0)),
}

ALSO_RIGHT = {
    "5.1": [slopes_by_matrices],
    "5.2": [training_with_optimizer],
    "5.3": [pulls_by_formula],
    "5.4": [border_by_formula],
    "5.5": [drawing_by_gradtape],
}


def curvatures_of(x):
    x = np.asarray(x, float)
    both = [[np.mean(x**2), np.mean(x)], [np.mean(x), 1.0]]
    return np.linalg.eigvalsh(2 * np.array(both))


def curvature_itself():
    return lambda x: curvatures_of(x)[1]


def border_by_the_trace():
    return lambda x: 2 / sum(curvatures_of(x))


MISCONCEPTIONS = {
    "5.1": {
        "summed over the points": by_hand(
            lambda e, x: (2 * tf.reduce_sum(e * x), 2 * tf.reduce_sum(e))
        ),
        "forgot the two": by_hand(
            lambda e, x: (tf.reduce_mean(e * x), tf.reduce_mean(e))
        ),
        "forgot the inner derivative": by_hand(
            lambda e, x: (2 * tf.reduce_mean(e), 2 * tf.reduce_mean(e))
        ),
        "turned the error round": by_hand(
            lambda e, x: (-2 * tf.reduce_mean(e * x), -2 * tf.reduce_mean(e))
        ),
        "mean before the product": by_hand(
            lambda e, x: (
                2 * tf.reduce_mean(e) * tf.reduce_mean(x),
                2 * tf.reduce_mean(e),
            )
        ),
        "counted four points": by_hand(
            lambda e, x: (2 / 4 * tf.reduce_sum(e * x), 2 / 4 * tf.reduce_sum(e))
        ),
        "other order": by_hand(
            lambda e, x: (2 * tf.reduce_mean(e), 2 * tf.reduce_mean(e * x))
        ),
        "one number a point": by_hand(lambda e, x: (2 * e * x, 2 * e)),
        "the loss itself": lambda: (
            lambda w, b, x, y: (tf.reduce_mean((w * x + b - tf.constant(y)) ** 2),) * 2
        ),
        "w in the place of x": lambda: (
            lambda w, b, x, y: (
                tf.stack([w, 1.0]) * tf.reduce_mean(2 * (w * tf.constant(x) + b - y))
            )
        ),
        "forbidden": slopes_by_tape,
    },
    "5.2": {
        "never moved": training(lambda variable, step: None),
        "uphill": training(lambda variable, step: variable.assign_add(step)),
        "assigned the step": training(lambda variable, step: variable.assign(step)),
        "one step only": training(down, rounds=lambda steps: 1),
        "one after the other": training_one_by_one,
        "no learning rate": lambda: (
            lambda x, y_true, learning_rate, steps: training(down)()(
                x, y_true, 1.0, steps
            )
        ),
        "summed over the points": lambda: (
            lambda x, y_true, learning_rate, steps: training(down)()(
                x, y_true, len(x) * learning_rate, steps
            )
        ),
        "one parameter stands still": training(
            lambda variable, step: (
                variable.assign_sub(step) if variable.name == "w:0" else None
            )
        ),
        "the rate without the gradient": lambda: (
            lambda x, y_true, learning_rate, steps: (
                0.5 - steps * learning_rate,
                0.1 - steps * learning_rate,
            )
        ),
        "the sign of the gradient": training_by_signs,
        "both steps on one parameter": training_of_w_twice,
    },
    "5.3": {
        "gradient none": pulls_unwatched,
        "summed over the points": pulling(
            lambda e: tf.reduce_sum(e**2), lambda e: tf.reduce_sum(tf.abs(e))
        ),
        "with respect to the data": pulling(squares, sizes, source="y_true"),
        "kept the size": pulling(squares, lambda e: tf.reduce_mean(e**2) / 2),
        "other order": pulling(sizes, squares),
        "forgot the two": pulling(lambda e: tf.reduce_mean(e**2) / 2, sizes),
        "size in place of its derivative": lambda: (
            lambda y, t: (2 * (y - t) / len(y), tf.abs(y - t) / len(y))
        ),
        "counted four points": pulling(
            lambda e: tf.reduce_sum(e**2) / 4, lambda e: tf.reduce_sum(tf.abs(e)) / 4
        ),
        "the losses themselves": lambda: (
            lambda y, t: ((y - t) ** 2 / len(y), tf.abs(y - t) / len(y))
        ),
    },
    "5.4": {
        "one instead of two": border(lambda curvatures: 1 / curvatures[1]),
        "along the valley": border(lambda curvatures: 2 / curvatures[0]),
        "forgot the two of the square": border(lambda curvatures: 4 / curvatures[1]),
        "the weight alone": lambda: lambda x: 1 / tf.reduce_mean(x**2),
        "the curvature itself": curvature_itself,
        "the sum of the curvatures": border_by_the_trace,
    },
    "5.5": {
        "drew the derivative": drawing(curve=lambda x: 4 * x**3 - 8 * x + 1),
        "the starts": drawing(-2.0, 2.0),
        "stopped too early": drawing(end(-2.0, steps=10), end(2.0, steps=10)),
        "one valley for both": drawing(end(-2.0)),
        "the hilltop": drawing(0.126038),
        "marked too much": drawing(end(-2.0), end(2.0), 0.126038),
    },
}

HARD_CODED = {
    "5.1": lambda: lambda w, b, x, y_true: (-22.0, -7.3),
    "5.2": lambda: lambda x, y_true, learning_rate, steps: (2.0, 0.0),
    "5.3": lambda: lambda y, y_true: ([-0.5] * 3, [-0.25] * 3),
    "5.4": lambda: lambda x: 0.12,
}


# What different people typed: who, the code, and what the feedback is called.
ATTEMPTS = {
    "5.1": [
        (
            "schoolchild",
            """\
def slopes(w, b, x, y_true):
    e = w*x + b - y_true
    return 2*sum(e*x)/4, 2*sum(e)/4
slopes
""",
            "counted four points",
        ),
        (
            "schoolchild",
            """\
def slopes(w, b, x, y_true):
    e = w*x + b - y_true
    return 2*sum(e*x)/len(x), 2*sum(e)/len(x)
slopes
""",
            "right",
        ),
        (
            "schoolchild",
            """\
def slopes(w, b, x, y_true):
    e = w*x + b - y_true
    return 2*sum(e*x), 2*sum(e)
slopes
""",
            "summed over the points",
        ),
        (
            "beginner",
            """\
def slopes(w, b, x, y_true):
    e = w*x + b - y_true
    return 2*e*x, 2*e
slopes
""",
            "one number a point",
        ),
        (
            "beginner",
            """\
def slopes(w, b, x, y_true):
    return (2*sum(w*x + b - y_true*x)/len(x), 2*sum(w*x+b-y_true)/len(x))
slopes
""",
            "right in part",
        ),
        (
            "physicist",
            """\
def slopes(w, b, x, y_true):
    e = w*x + b - y_true
    return 2*np.mean(e)*np.mean(x), 2*np.mean(e)
slopes
""",
            "mean before the product",
        ),
        (
            "physicist",
            """\
def slopes(w, b, x, y_true):
    e = w*x + b - y_true
    return 2*np.mean(e*x), 2*np.mean(e)
slopes
""",
            "right",
        ),
        (
            "guesser",
            """\
slopes = lambda w, b, x, y_true: (-22, -7.3)
slopes
""",
            "hard-coded",
        ),
        (
            "guesser",
            """\
def slopes(w, b, x, y_true):
    e = w*x + b - y_true
    return np.mean(e*x), np.mean(e)
slopes
""",
            "forgot the two",
        ),
        (
            "engineer",
            """\
def slopes(w, b, x, y_true):
    e = w*x + b - y_true
    return 2*tf.reduce_mean(e), 2*tf.reduce_mean(e*x)
slopes
""",
            "other order",
        ),
        (
            "engineer",
            """\
def slopes(w, b, x, y_true):
    with tf.GradientTape() as t:
        L = tf.reduce_mean((w*x+b-y_true)**2)
    return t.gradient(L, [w, b])
slopes
""",
            "raises",
        ),
        (
            "beginner",
            """\
def slopes(w, b, x, y_true):
    e = w*x + b - y_true
    return tf.reduce_mean(2*e*x)
slopes
""",
            "shape",
        ),
        (
            "guesser",
            """\
def slopes(w, b, x, y_true):
    e = w*x+b-y_true
    return tf.reduce_mean(e**2), tf.reduce_mean(e**2)
slopes
""",
            "the loss itself",
        ),
        (
            "guesser",
            """\
def slopes(w, b, x, y_true):
    e = w*x+b-y_true
    return tf.reduce_mean(2*e*w), tf.reduce_mean(2*e)
slopes
""",
            "w in the place of x",
        ),
        (
            "beginner",
            """\
def slopes(w, b, x, y_true):
    e = w*x-y_true
    return tf.reduce_mean(2*e*x), tf.reduce_mean(2*e)
slopes
""",
            "differs",
        ),
    ],
    "5.2": [
        (
            "reader",
            """\
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        for variable, slope in zip([w, b], tape.gradient(loss, [w, b])):
            variable.assign(-learning_rate * slope)
    return w.numpy(), b.numpy()
train
""",
            "assigned the step",
        ),
        (
            "schoolchild",
            """\
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        for variable, slope in zip([w, b], tape.gradient(loss, [w, b])):
            variable.assign(learning_rate * slope)
    return w.numpy(), b.numpy()
train
""",
            "assigned the step",
        ),
        (
            "schoolchild",
            """\
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        for variable, slope in zip([w, b], tape.gradient(loss, [w, b])):
            variable -= learning_rate * slope
    return w.numpy(), b.numpy()
train
""",
            "raises",
        ),
        (
            "beginner",
            """\
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        g = tape.gradient(loss, [w, b])
        w = w - learning_rate * g[0]
        b = b - learning_rate * g[1]
    return w.numpy(), b.numpy()
train
""",
            "raises",
        ),
        (
            "beginner",
            """\
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        g = tape.gradient(loss, [w, b])
        w.assign(w - learning_rate * g[0])
        b.assign(b - learning_rate * g[1])
    return w.numpy(), b.numpy()
train
""",
            "right",
        ),
        (
            "physicist",
            """\
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.square(w * x + b - y_true))
        g = tape.gradient(loss, [w, b])
        w.assign_sub(learning_rate * g[0])
        b.assign_sub(learning_rate * g[1])
    return w.numpy(), b.numpy()
train
""",
            "summed over the points",
        ),
        (
            "physicist",
            """\
def train(x, y, r, n):
    w, b = 0.5, 0.1
    for _ in range(n):
        e = w*x + b - y
        w, b = w - r*2*np.mean(e*x), b - r*2*np.mean(e)
    return w, b
train
""",
            "right",
        ),
        (
            "guesser",
            """\
train = lambda x, y_true, learning_rate, steps: (2.0, 0.0)
train
""",
            "hard-coded",
        ),
        (
            "engineer",
            """\
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    o = tf.keras.optimizers.Adam(learning_rate)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        o.apply_gradients(zip(tape.gradient(loss, [w, b]), [w, b]))
    return w.numpy(), b.numpy()
train
""",
            "differs",
        ),
        (
            "engineer",
            """\
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        for variable, slope in zip([w, b], tape.gradient(loss, [w, b])):
            variable.assign_sub(learning_rate * slope)
        return w.numpy(), b.numpy()
train
""",
            "one step only",
        ),
        (
            "guesser",
            """\
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        for variable, slope in zip([w, b], tape.gradient(loss, [w, b])):
            variable.assign(variable - learning_rate)
    return w.numpy(), b.numpy()
train
""",
            "the rate without the gradient",
        ),
        (
            "guesser",
            """\
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        for variable, slope in zip([w, b], tape.gradient(loss, [w, b])):
            variable.assign_sub(learning_rate / slope)
    return w.numpy(), b.numpy()
train
""",
            "differs",
        ),
        (
            "physicist",
            """\
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        for variable, slope in zip([w, b], tape.gradient(loss, [w, b])):
            variable.assign_sub(learning_rate * slope / 2)
    return w.numpy(), b.numpy()
train
""",
            "differs",
        ),
        (
            "beginner",
            """\
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        for variable, slope in zip([w, b], tape.gradient(loss, [w, b])):
            w.assign_sub(learning_rate * slope)
    return w.numpy(), b.numpy()
train
""",
            "both steps on one parameter",
        ),
        (
            "physicist",
            """\
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        for variable, slope in zip([w, b], tape.gradient(loss, [w, b])):
            variable.assign_sub(learning_rate * tf.sign(slope))
    return w.numpy(), b.numpy()
train
""",
            "the sign of the gradient",
        ),
    ],
    "5.3": [
        (
            "physicist",
            """\
pulls = lambda y, t: (2*(y-t)/len(y), np.sign(y-t)/len(y))
pulls
""",
            "right",
        ),
        (
            "physicist",
            """\
pulls = lambda y, t: (2*(y-t)/4, np.sign(y-t)/4)
pulls
""",
            "counted four points",
        ),
        (
            "physicist",
            """\
pulls = lambda y, t: (2*(t-y)/len(y), np.sign(t-y)/len(y))
pulls
""",
            "with respect to the data",
        ),
        (
            "schoolchild",
            """\
pulls = lambda y, t: (2*(y-t), np.sign(y-t))
pulls
""",
            "summed over the points",
        ),
        (
            "schoolchild",
            """\
pulls = lambda y, t: ((y-t)**2, abs(y-t))
pulls
""",
            "differs",
        ),
        (
            "beginner",
            """\
def pulls(y, y_true):
    with tf.GradientTape() as tape:
        tape.watch(y)
        a = tf.reduce_mean(tf.square(y-y_true)); b = tf.reduce_mean(tf.abs(y-y_true))
    return tape.gradient(a, y), tape.gradient(b, y)
pulls
""",
            "raises",
        ),
        (
            "beginner",
            """\
def pulls(y, y_true):
    with tf.GradientTape(persistent=True) as tape:
        a = tf.reduce_mean(tf.square(y-y_true)); b = tf.reduce_mean(tf.abs(y-y_true))
    return tape.gradient(a, y), tape.gradient(b, y)
pulls
""",
            "gradient none",
        ),
        (
            "engineer",
            """\
def pulls(y, y_true):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(y)
        a = tf.reduce_mean(tf.square(y-y_true)); b = tf.reduce_mean(tf.abs(y-y_true))
    return tape.gradient([a, b], y)
pulls
""",
            "shape",
        ),
        (
            "guesser",
            """\
pulls = lambda y, t: (y-t, y-t)
pulls
""",
            "differs",
        ),
        (
            "guesser",
            """\
def pulls(y, y_true):
    e=y-y_true; n=len(y)
    return e**2/n, abs(e)/n
pulls
""",
            "the losses themselves",
        ),
    ],
    "5.4": [
        (
            "physicist",
            """\
def largest_rate(x):
    m, s = np.mean(x), np.mean(x**2)
    return 2/(1 + s + np.sqrt((s-1)**2 + 4*m**2))
largest_rate
""",
            "right",
        ),
        (
            "physicist",
            """\
def largest_rate(x):
    return 1/np.mean(x**2)
largest_rate
""",
            "the weight alone",
        ),
        (
            "schoolchild",
            """\
largest_rate = lambda x: 0.12
largest_rate
""",
            "hard-coded",
        ),
        (
            "beginner",
            """\
def largest_rate(x):
    H = gt.hessian(lambda p: tf.reduce_mean((p[0]*x + p[1])**2), [0.0, 0.0])
    return tf.linalg.eigvalsh(H)[1]
largest_rate
""",
            "the curvature itself",
        ),
        (
            "beginner",
            """\
def largest_rate(x):
    H = gt.hessian(lambda p: tf.reduce_mean((p[0]*x + p[1])**2), [0.0, 0.0])
    return 2/tf.linalg.eigvalsh(H)
largest_rate
""",
            "shape",
        ),
        (
            "engineer",
            """\
def largest_rate(x):
    H = gt.hessian(lambda p: tf.reduce_sum((p[0]*x + p[1])**2), [0.0, 0.0])
    return 2/tf.linalg.eigvalsh(H)[1]
largest_rate
""",
            "differs",
        ),
        (
            "guesser",
            """\
largest_rate = lambda x: 2/np.max(x)
largest_rate
""",
            "differs",
        ),
        (
            "engineer",
            """\
def largest_rate(x):
    H = gt.hessian(lambda p: tf.reduce_mean((p[0]*x + p[1])**2), [0.0, 0.0])
    return 2/tf.linalg.eigvalsh(H)[0]
largest_rate
""",
            "along the valley",
        ),
        (
            "guesser",
            """\
def largest_rate(x):
    x = tf.cast(x, tf.float64)
    H = tf.stack([[2*tf.reduce_mean(x*x), 2*tf.reduce_mean(x)],[2*tf.reduce_mean(x), tf.constant(2.0, tf.float64)]])
    ev = tf.linalg.eigvalsh(H)
    return ev[-1]
largest_rate
""",
            "the curvature itself",
        ),
        (
            "physicist",
            """\
def largest_rate(x):
    x = tf.cast(x, tf.float64)
    H = tf.stack([[2*tf.reduce_mean(x*x), 2*tf.reduce_mean(x)],[2*tf.reduce_mean(x), tf.constant(2.0, tf.float64)]])
    ev = tf.linalg.eigvalsh(H)
    return 2/(ev[0]+ev[1])
largest_rate
""",
            "the sum of the curvatures",
        ),
        (
            "beginner",
            """\
def largest_rate(x):
    x = tf.cast(x, tf.float64)
    H = tf.stack([[2*tf.reduce_mean(x*x), 2*tf.reduce_mean(x)],[2*tf.reduce_mean(x), tf.constant(2.0, tf.float64)]])
    ev = tf.linalg.eigvalsh(H)
    return 2*ev[-1]
largest_rate
""",
            "the curvature itself",
        ),
    ],
    "5.5": [
        (
            "schoolchild",
            """\
ax = gt.plot_derivatives(lambda x: x**4-4*x**2+x, (-2.0, 2.0), order=1)
ax
""",
            "not marked",
        ),
        (
            "schoolchild",
            """\
ax = gt.plot_descent(lambda x: x**4-4*x**2+x, -2.0, learning_rate=0.02, steps=100)
ax
""",
            "curve too short",
        ),
        (
            "physicist",
            """\
x = np.linspace(-2, 2, 200); f = lambda x: x**4-4*x**2+x
fig, ax = plt.subplots(); ax.plot(x, f(x))
r = np.roots([4, 0, -8, 1]).real
for a in (r.min(), r.max()): ax.plot(a, f(a), 'o')
ax
""",
            "right",
        ),
        (
            "beginner",
            """\
x = np.linspace(-2, 2, 200); f = lambda x: x**4-4*x**2+x
fig, ax = plt.subplots(); ax.plot(x, f(x))
for a in (-2., 2.):
    for _ in range(10): a -= 0.02*(4*a**3-8*a+1)
    ax.plot(a, f(a), 'o')
ax
""",
            "stopped too early",
        ),
        (
            "beginner",
            """\
x = np.linspace(-2, 2, 200); f = lambda x: x**4-4*x**2+x
fig, ax = plt.subplots(); ax.plot(x, f(x))
for a in (-2., 2.):
    for _ in range(100): a -= 0.02*(4*a**3-8*a+1)
    ax.plot(a, 0, 'o')
ax
""",
            "marked elsewhere",
        ),
        (
            "guesser",
            """\
x = np.linspace(-2, 2, 200); f = lambda x: x**4-4*x**2+x
fig, ax = plt.subplots(); ax.plot(x, f(x))
ax.plot([-1.4, 1.4], [f(-1.4), f(1.4)], 'o')
ax
""",
            "marked nearly",
        ),
        (
            "beginner",
            """\
f = lambda x: x**4-4*x**2+x
d = lambda x: 4*x**3-8*x+1
def run(x, n=100, r=0.02, s=-1):
    for _ in range(n): x = x + s*r*d(x)
    return x
x = np.linspace(-2,2,200)
_, ax = plt.subplots()
ax.plot(x, f(x))
p=[run(-2),run(2)]
ax.plot(p,[0,0],'o')
ax
""",
            "marked elsewhere",
        ),
    ],
}
