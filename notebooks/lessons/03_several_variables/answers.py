"""Answers to the exercises of lesson 3, as learners write them; see lesson 2."""

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# 3.1


def printed(*lines):
    return lambda: lines


# 3.2


def slopes_solution():
    def slopes(f, x, y):
        x, y = tf.Variable(x), tf.Variable(y)
        with tf.GradientTape() as tape:
            z = f(x, y)
        return tape.gradient(z, [x, y], unconnected_gradients="zero")

    return slopes


def slopes_by_persistence():
    def slopes(f, x, y):
        x, y = tf.Variable(x), tf.Variable(y)
        with tf.GradientTape(persistent=True) as tape:
            z = f(x, y)
        found = []
        for source in (x, y):
            slope = tape.gradient(z, source)
            found.append(0.0 if slope is None else slope)
        del tape
        return found

    return slopes


def slopes_by_two_tapes():
    def slope(f, source):
        with tf.GradientTape() as tape:
            tape.watch(source)
            z = f(source) + 0.0 * source
        return tape.gradient(z, source)

    def slopes(f, x, y):
        x, y = tf.constant(x), tf.constant(y)
        return tf.stack([slope(lambda x: f(x, y), x), slope(lambda y: f(x, y), y)])

    return slopes


def slopes_as_given():
    def slopes(f, x, y):
        x, y = tf.Variable(x), tf.Variable(y)
        with tf.GradientTape() as tape:
            z = f(x, y)
        return [tape.gradient(z, x), tape.gradient(z, y)]

    return slopes


def slopes_without_zeros():
    def slopes(f, x, y):
        x, y = tf.Variable(x), tf.Variable(y)
        with tf.GradientTape() as tape:
            z = f(x, y)
        return tape.gradient(z, [x, y])

    return slopes


def slopes_of_constants():
    def slopes(f, x, y):
        x, y = tf.constant(x), tf.constant(y)
        with tf.GradientTape() as tape:
            z = f(x, y)
        return tape.gradient(z, [x, y], unconnected_gradients="zero")

    return slopes


def slopes_of_the_same():
    def slopes(f, x, y):
        x, y = tf.Variable(x), tf.Variable(y)
        with tf.GradientTape(persistent=True) as tape:
            z = f(x, y)
        zero = {"unconnected_gradients": "zero"}
        return [tape.gradient(z, x, **zero), tape.gradient(z, x, **zero)]

    return slopes


def slopes_with_three_arguments():
    def slopes(f, x, y):
        x, y = tf.Variable(x), tf.Variable(y)
        with tf.GradientTape() as tape:
            z = f(x, y)
        return tape.gradient(z, x, y)

    return slopes


# 3.3


def warming(x, y):
    x, y = tf.Variable(x), tf.Variable(y)
    with tf.GradientTape() as tape:
        temperature = 20 + 5 * tf.exp(-(x**2 + 2 * y**2))
    return tf.stack(tape.gradient(temperature, [x, y]))


def direction(change):
    def warmest(x, y):
        return change(warming(x, y))

    return lambda: warmest


def of_length_1(vector):
    return vector / tf.norm(vector)


def direction_by_formula():
    def warmest(x, y):
        length = (x**2 + 4 * y**2) ** 0.5
        return [-x / length, -2 * y / length]

    return warmest


def direction_by_angle():
    def warmest(x, y):
        dt_dx, dt_dy = warming(x, y)
        angle = np.arctan2(dt_dy, dt_dx)
        return np.cos(angle), np.sin(angle)

    return warmest


def direction_with_a_sign_lost():
    def warmest(x, y):
        x, y = tf.Variable(x), tf.Variable(y)
        with tf.GradientTape() as tape:
            temperature = 20 + 5 * tf.exp(-(x**2) + 2 * y**2)
        return of_length_1(tf.stack(tape.gradient(temperature, [x, y])))

    return warmest


def direction_without_variables():
    def warmest(x, y):
        with tf.GradientTape() as tape:
            temperature = 20 + 5 * tf.exp(-(x**2 + 2 * y**2))
        return of_length_1(tf.stack(tape.gradient(temperature, [x, y])))

    return warmest


def direction_to_the_middle():
    return lambda x, y: of_length_1(tf.stack([-x, -y]))


# 3.4


def polar(matrix):
    def polar_jacobian(r, phi):
        return matrix(r, tf.cos(phi), tf.sin(phi))

    return lambda: polar_jacobian


def polar_by_tape():
    def polar_jacobian(r, phi):
        source = tf.Variable([r, phi])
        with tf.GradientTape() as tape:
            r, phi = source[0], source[1]
            target = tf.stack([r * tf.cos(phi), r * tf.sin(phi)])
        return tape.jacobian(target, source)

    return polar_jacobian


# 3.5

T_X, T_Y = (float(slope) for slope in warming(0.5, 0.5))
ANGLES = np.linspace(0.0, 2 * np.pi, 200)
LEVEL = (np.arctan2(T_Y, T_X) + np.pi / 2, np.arctan2(T_Y, T_X) + 3 * np.pi / 2)


def rise(angles):
    return T_X * np.cos(angles) + T_Y * np.sin(angles)


def temperature_around(angles, distance):
    x, y = 0.5 + distance * np.cos(angles), 0.5 + distance * np.sin(angles)
    return 20 + 5 * np.exp(-(x**2 + 2 * y**2))


def drawing(curve=rise, marked=None, scale=1.0):
    def draw():
        _, ax = plt.subplots()
        ax.plot(scale * ANGLES, curve(scale * ANGLES))
        for angle in [a % (2 * np.pi) for a in LEVEL] if marked is None else marked:
            ax.plot(angle, rise(angle), "o")
        return ax

    return draw


def drawing_by_scatter():
    figure, ax = plt.subplots()
    angles = tf.linspace(0.0, 6.2831853, 60)
    u = tf.stack([tf.cos(angles), tf.sin(angles)])
    ax.plot(angles, tf.tensordot(warming(0.5, 0.5), u, 1), "--", color="C3")
    ax.axhline(0.0)
    ax.scatter([np.arctan2(1, -2), np.arctan2(-1, 2) + 2 * np.pi], [0, 0], marker="x")
    return figure


def drawing_by_small_steps():
    _, ax = plt.subplots()
    start = temperature_around(0.0, 0.0)
    ax.plot(ANGLES, (temperature_around(ANGLES, 1e-4) - start) / 1e-4)
    ax.plot([LEVEL[0] % (2 * np.pi), LEVEL[1] % (2 * np.pi)], [0, 0], "o")
    return ax


def measured(angles, step=0.05):
    here = temperature_around(angles, 0.0)
    return (temperature_around(angles, step) - here) / step


SOLUTIONS = {
    "3.1": printed("9.0", "[2. 2.]", "None"),
    "3.2": slopes_solution,
    "3.3": direction(of_length_1),
    "3.4": polar(lambda r, c, s: [[c, -r * s], [s, r * c]]),
    "3.5": drawing(),
}

ALSO_RIGHT = {
    "3.1": [
        printed("9", "[2, 2]", "none"),
        printed(9.0, [2.0, 2.0], None),
        printed("9.", "[2.0 2.0]", " None"),
        printed("9.", "[2.0,2.0]", " None"),
        printed("９.０", "【2. 2. 】", "“None”"),
    ],
    "3.2": [slopes_by_persistence, slopes_by_two_tapes],
    "3.3": [direction_by_formula, direction_by_angle],
    "3.4": [
        polar_by_tape,
        polar(lambda r, c, s: tf.reshape(tf.stack([c, -r * s, s, r * c]), (2, 2))),
    ],
    "3.5": [drawing_by_scatter, drawing_by_small_steps],
}

MISCONCEPTIONS = {
    "3.1": {
        "kept the targets apart": printed("[4. 5.]", "[2. 2.]", "None"),
        "forgot a road": printed("7.0", "[2. 2.]", "None"),
        "one target only": printed("5.0", "[2. 2.]", "None"),
        "counted the bare x once": printed("8.0", "[2. 2.]", "None"),
        "took the mean": printed("4.5", "[2. 2.]", "None"),
        "lost the shape": printed("9.0", "4.0", "None"),
        "held the wrong one still": printed("9.0", "[3. 4.]", "None"),
        "zero for no road": printed("9.0", "[2. 2.]", "0.0"),
    },
    "3.2": {
        "raises": slopes_as_given,
        "gradient none": slopes_without_zeros,
        "same source twice": slopes_of_the_same,
        "other order": lambda: lambda f, x, y: slopes_solution()(f, x, y)[::-1],
        "second source in the third place": slopes_with_three_arguments,
        "zero everywhere": slopes_of_constants,
    },
    "3.3": {
        "the whole gradient": direction(lambda vector: vector),
        "forgot the root of the length": direction(lambda v: v / tf.reduce_sum(v**2)),
        "divided by the larger part": direction(lambda v: v / tf.reduce_max(tf.abs(v))),
        "numbers in the other order": direction(lambda v: of_length_1(v)[::-1]),
        "length by adding": direction(lambda v: v / tf.reduce_sum(tf.abs(v))),
        "downhill": direction(lambda vector: -of_length_1(vector)),
        "divided by the plain sum": direction(lambda v: v / tf.reduce_sum(v)),
        "a minus sign for x² only": direction_with_a_sign_lost,
        "raises": direction_without_variables,
        "squared the 2 as well": lambda: (
            lambda x, y: of_length_1(tf.stack([-x, -4 * y]))
        ),
        "straight to the warmest place": direction_to_the_middle,
        "length of another arrow": lambda: lambda x, y: [-2 * x, -4 * y],
        "along the contour line": direction(
            lambda v: of_length_1(tf.stack([-v[1], v[0]]))
        ),
    },
    "3.4": {
        "transposed": polar(lambda r, c, s: [[c, s], [-r * s, r * c]]),
        "sources in the other order": polar(lambda r, c, s: [[-r * s, c], [r * c, s]]),
        "rows in the other order": polar(lambda r, c, s: [[s, r * c], [c, -r * s]]),
        "a minus too many": polar(lambda r, c, s: [[c, -r * s], [-s, r * c]]),
        "exchanged the minus": polar(lambda r, c, s: [[c, r * s], [s, -r * c]]),
        "lost the sign": polar(lambda r, c, s: [[c, r * s], [s, r * c]]),
        "kept the factor r": polar(lambda r, c, s: [[r * c, -r * s], [r * s, r * c]]),
        "forgot the inner factor": polar(lambda r, c, s: [[c, -s], [s, c]]),
        "the way back": polar(lambda r, c, s: [[c, s], [-s / r, c / r]]),
    },
    "3.5": {
        "measured with a step": drawing(measured),
        "not per unit of length": drawing(lambda a: 0.02 * measured(a, 0.02)),
        "highest at angle 0": drawing(lambda a: np.hypot(T_X, T_Y) * np.cos(a)),
        "gradient of length 1": drawing(lambda a: rise(a) / np.hypot(T_X, T_Y)),
        "angles in degrees": drawing(lambda a: rise(np.deg2rad(a)), scale=57.29578),
        "swapped cosine and sine": drawing(
            lambda angles: T_X * np.sin(angles) + T_Y * np.cos(angles)
        ),
        "drew the temperature": drawing(lambda a: temperature_around(a, 0.1)),
        "downhill": drawing(lambda angles: -rise(angles)),
        "marked the extremes": drawing(
            marked=[np.arctan2(T_Y, T_X) + turn for turn in (np.pi, 2 * np.pi)]
        ),
        "marked one of two": drawing(marked=[LEVEL[0] % (2 * np.pi)]),
        "marked a turn away": drawing(marked=[LEVEL[0] - np.pi, LEVEL[0]]),
        "marked nearly": drawing(
            marked=[LEVEL[0] % (2 * np.pi) + 0.09, LEVEL[1] - 0.08]
        ),
        "marked elsewhere": drawing(marked=[1.0, 4.0]),
        "marked too much": drawing(marked=[*(a % (2 * np.pi) for a in LEVEL), 1.0]),
        "not a figure": lambda: plt,
        "not marked": drawing(marked=[]),
    },
}

HARD_CODED = {
    "3.2": lambda: lambda f, x, y: (12.0, 4.0),
    "3.3": lambda: lambda x, y: (-0.4472, -0.8944),
    "3.4": lambda: lambda r, phi: [[0.866, -1.0], [0.5, 1.7321]],
}


# What different people typed: who, the code, and what the feedback is called.
ATTEMPTS = {
    "3.1": [
        ("schoolchild", "('9', '2', '0')", "lost the shape"),
        ("schoolchild", "('9.0', '[2. 2.]', 'None')", "right"),
        ("schoolchild", "('9.0', '[2.0, 2.0]', '0')", "zero for no road"),
        ("physicist", "('[4. 5.]', '[2. 2.]', 'None')", "kept the targets apart"),
        ("physicist", "(9, '[2 2]', None)", "right"),
        ("beginner", "('9.0', '[3. 4.]', 'None')", "held the wrong one still"),
        ("beginner", "(9.0, [2.0, 2.0], 0)", "zero for no road"),
        ("guesser", "('4.5', '[2. 2.]', 'None')", "took the mean"),
        ("guesser", "('8.0', '4.0', 'None')", "counted the bare x once"),
        ("engineer", "('tf.Tensor(9.0)', '[2. 2.]', 'None')", "differs"),
        ("guesser", "('14.0', '[2. 2.]', 'error')", "differs"),
    ],
    "3.2": [
        (
            "schoolchild",
            """\
def slopes(f, x, y):
    x, y = tf.Variable(x), tf.Variable(y)
    with tf.GradientTape(persistent=True) as tape:
        z = f(x, y)
    return [tape.gradient(z, x), tape.gradient(z, y)]
slopes
""",
            "gradient none",
        ),
        (
            "schoolchild",
            """\
def slopes(f, x, y):
    x, y = tf.Variable(x), tf.Variable(y)
    with tf.GradientTape() as tape:
        z = f(x, y)
    return [0 if g is None else g for g in tape.gradient(z, [x, y])]
slopes
""",
            "right",
        ),
        (
            "beginner",
            """\
def slopes(f, x, y):
    x, y = tf.Variable(x), tf.Variable(y)
    with tf.GradientTape() as tape:
        z = f(x, y)
    return tape.gradient(z, x, y)
slopes
""",
            "second source in the third place",
        ),
        (
            "beginner",
            """\
def slopes(f, x, y):
    x, y = tf.Variable(x), tf.Variable(y)
    with tf.GradientTape() as tape:
        z = f(x, y)
    return tape.gradient([x, y], z)
slopes
""",
            "target and source exchanged",
        ),
        (
            "beginner",
            """\
def slopes(f, x, y):
    x, y = tf.Variable(x), tf.Variable(y)
    with tf.GradientTape() as tape:
        z = f(x, y)
    a = tape.gradient(z, [x, y], unconnected_gradients='zero')
slopes
""",
            "returns nothing",
        ),
        (
            "physicist",
            """\
def slopes(f, x, y):
    h = 1e-4
    return [(f(x+h, y)-f(x, y))/h, (f(x, y+h)-f(x, y))/h]
slopes
""",
            "right in part",
        ),
        (
            "physicist",
            """\
def slopes(f, x, y):
    return gt.value_and_gradient(f, x, y)[1]
slopes
""",
            "right",
        ),
        (
            "guesser",
            """\
def slopes(f, x, y):
    return [0, 0]
slopes
""",
            "zero everywhere",
        ),
        (
            "engineer",
            """\
def slopes(f, x, y):
    x, y = tf.constant(x), tf.constant(y)
    with tf.GradientTape() as tape:
        z = f(x, y)
    return tape.gradient(z, [x, y], unconnected_gradients='zero')
slopes
""",
            "zero everywhere",
        ),
        (
            "engineer",
            """\
def slopes(f, x, y):
    x, y = tf.Variable(x), tf.Variable(y)
    with tf.GradientTape() as tape:
        z = f(x, y)
    return tape.gradient(z, [y, x], unconnected_gradients='zero')
slopes
""",
            "other order",
        ),
        (
            "schoolchild",
            """\
def slopes(f, x, y):
    return [6*x, 2.0]
slopes
""",
            "differs",
        ),
    ],
    "3.3": [
        (
            "physicist",
            """\
def warmest(x, y):
    g = np.array([-2*x, -4*y])
    return g / np.linalg.norm(g)
warmest
""",
            "right",
        ),
        (
            "physicist",
            """\
def warmest(x, y):
    g = np.array([2*x, 4*y])
    return g / np.linalg.norm(g)
warmest
""",
            "downhill",
        ),
        (
            "schoolchild",
            """\
def warmest(x, y):
    return [-x, -y]
warmest
""",
            "straight to the warmest place",
        ),
        (
            "schoolchild",
            """\
def warmest(x, y):
    return [-2*x, -4*y]
warmest
""",
            "length of another arrow",
        ),
        (
            "beginner",
            """\
def warmest(x, y):
    x, y = tf.Variable(x), tf.Variable(y)
    with tf.GradientTape() as tape:
        T = 20 + 5*tf.exp(-(x**2 + 2*y**2))
    g = tape.gradient(T, [x, y])
    return g / tf.norm(g)
warmest
""",
            "right",
        ),
        (
            "beginner",
            """\
def warmest(x, y):
    x, y = tf.Variable(x), tf.Variable(y)
    with tf.GradientTape() as tape:
        T = 20 + 5*np.exp(-(x**2 + 2*y**2))
    g = tf.stack(tape.gradient(T, [x, y]))
    return g / tf.norm(g)
warmest
""",
            "raises",
        ),
        (
            "guesser",
            """\
def warmest(x, y):
    return [0, 0]
warmest
""",
            "hard-coded",
        ),
        (
            "guesser",
            """\
def warmest(x, y):
    return [1, 0]
warmest
""",
            "hard-coded",
        ),
        (
            "engineer",
            """\
def warmest(x, y):
    p = tf.Variable([x, y])
    with tf.GradientTape() as t:
        T = tf.exp(-(p[0]**2 + 2*p[1]**2))
    return tf.linalg.normalize(t.gradient(T, p))[0]
warmest
""",
            "right",
        ),
        (
            "engineer",
            """\
def warmest(x, y):
    p = tf.Variable([x, y])
    with tf.GradientTape() as t:
        T = tf.exp(-(p[0]**2 + 2*p[1]**2))
    return -tf.linalg.normalize(t.gradient(T, p))[0]
warmest
""",
            "downhill",
        ),
        (
            "beginner",
            """\
def warmest(x, y):
    gx, gy = -2*x, -4*y
    s = gx**2+gy**2
    return gx/s, gy/s
warmest
""",
            "differs",
        ),
        (
            "beginner",
            """\
def warmest(x, y):
    n = tf.sqrt(x**2+4*y**2)
    return [-x/n, -2*y]
warmest
""",
            "right in part",
        ),
    ],
    "3.4": [
        (
            "physicist",
            """\
polar_jacobian = lambda r, p: np.array([[np.cos(p), -r*np.sin(p)], [np.sin(p), r*np.cos(p)]])
polar_jacobian
""",
            "right",
        ),
        (
            "schoolchild",
            """\
polar_jacobian = lambda r, phi: [[tf.cos(phi), tf.sin(phi)], [-r*tf.sin(phi), r*tf.cos(phi)]]
polar_jacobian
""",
            "transposed",
        ),
        (
            "schoolchild",
            """\
polar_jacobian = lambda r, phi: [[tf.cos(phi), r*tf.sin(phi)], [tf.sin(phi), r*tf.cos(phi)]]
polar_jacobian
""",
            "lost the sign",
        ),
        (
            "schoolchild",
            """\
polar_jacobian = lambda r, phi: [tf.cos(phi), -r*tf.sin(phi), tf.sin(phi), r*tf.cos(phi)]
polar_jacobian
""",
            "shape",
        ),
        (
            "beginner",
            """\
polar_jacobian = lambda r, phi: r
polar_jacobian
""",
            "shape",
        ),
        (
            "beginner",
            """\
polar_jacobian = lambda r, phi: [[r*tf.cos(phi), r*tf.sin(phi)], [r*tf.cos(phi), r*tf.sin(phi)]]
polar_jacobian
""",
            "differs",
        ),
        (
            "guesser",
            """\
polar_jacobian = lambda r, phi: [[1, 0], [0, 1]]
polar_jacobian
""",
            "hard-coded",
        ),
        (
            "engineer",
            """\
def polar_jacobian(r, phi):
    return gt.jacobian(lambda p: tf.stack([p[0]*tf.cos(p[1]), p[0]*tf.sin(p[1])]), [r, phi])
polar_jacobian
""",
            "right",
        ),
        (
            "physicist",
            """\
polar_jacobian = lambda r, phi: [[tf.cos(phi), -r*tf.sin(phi)], [tf.sin(phi), -r*tf.cos(phi)]]
polar_jacobian
""",
            "a minus too many",
        ),
        (
            "schoolchild",
            """\
def polar_jacobian(r, phi):
    phi = phi*math.pi/180
    c, s = tf.cos(phi), tf.sin(phi)
    return [[c, -r*s], [s, r*c]]
polar_jacobian
""",
            "differs",
        ),
    ],
    "3.5": [
        (
            "physicist",
            """\
a = np.linspace(0, 2*np.pi, 300)
g = -5*np.exp(-0.75)*np.array([1, 2])
fig, ax = plt.subplots()
ax.plot(a, g[0]*np.cos(a) + g[1]*np.sin(a))
m = np.arctan2(g[0], -g[1]) % (2*np.pi)
ax.plot([m, (m + np.pi) % (2*np.pi)], [0, 0], 'ro')
ax
""",
            "right",
        ),
        (
            "physicist",
            """\
a = np.linspace(0, 2*np.pi, 300)
g = -5*np.exp(-0.75)*np.array([1, 2])
fig, ax = plt.subplots()
ax.plot(a, g[0]*np.cos(a) + g[1]*np.sin(a))
ax
""",
            "not marked",
        ),
        (
            "schoolchild",
            """\
a = np.linspace(0, 2*np.pi, 300)
fig, ax = plt.subplots()
ax.plot(a, np.cos(a))
ax.plot([np.pi/2, 3*np.pi/2], [0, 0], 'o')
ax
""",
            "no such curve",
        ),
        (
            "beginner",
            """\
a = np.linspace(0, 360, 300)
g = -5*np.exp(-0.75)*np.array([1, 2])
fig, ax = plt.subplots()
ax.plot(a, g[0]*np.cos(a) + g[1]*np.sin(a))
ax
""",
            "not marked",
        ),
        (
            "guesser",
            """\
ax = gt.plot_gradient_field(lambda x, y: 20 + 5*tf.exp(-(x**2+2*y**2)), (-1, 1), (-1, 1))
ax
""",
            "no such curve",
        ),
        (
            "engineer",
            """\
a = np.linspace(0, 2*np.pi, 300)
f = lambda x, y: 20 + 5*np.exp(-(x**2+2*y**2))
h = 1e-3
fig, ax = plt.subplots()
ax.plot(a, f(0.5 + h*np.cos(a), 0.5 + h*np.sin(a)))
ax
""",
            "drew the temperature",
        ),
    ],
}
