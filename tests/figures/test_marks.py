import math

import numpy as np
import pytest
import tensorflow as tf

from gradtape.figures.marks import KINDS, find_marks
from gradtape.figures.sampling import sample

NONE = {}
MARKS = {
    "x^2": (lambda x: x**2, (-2, 2.1), {"zeros": [0], "minima": [0]}),
    "x^3": (lambda x: x**3, (-2, 2), {"zeros": [0], "inflections": [0]}),
    "x^3, 0 off the grid": (
        lambda x: x**3,
        (-2, 2.1),
        {"zeros": [0], "inflections": [0]},
    ),
    "x^4": (lambda x: x**4, (-2, 2), {"zeros": [0], "minima": [0]}),
    "x^4, 0 off the grid": (lambda x: x**4, (-2, 2.1), {"zeros": [0], "minima": [0]}),
    "x^20": (lambda x: x**20, (-2, 2.1), {"zeros": [0], "minima": [0]}),
    "x^5 - x": (
        lambda x: x**5 - x,
        (-1.1, 1.2),
        {
            "zeros": [-1, 0, 1],
            "maxima": [-(0.2**0.25)],
            "minima": [0.2**0.25],
            "inflections": [0],
        },
    ),
    "double roots": (
        lambda x: (x - 1) ** 2 * (x + 1) ** 2,
        (-2, 2.1),
        {
            "zeros": [-1, 1],
            "maxima": [0],
            "minima": [-1, 1],
            "inflections": [-1 / math.sqrt(3), 1 / math.sqrt(3)],
        },
    ),
    "almost a double root": (lambda x: x**2 + 1e-9, (-1, 1.1), {"minima": [0]}),
    "sin": (
        tf.sin,
        (-1, 7),
        {
            "zeros": [0, math.pi, 2 * math.pi],
            "maxima": [math.pi / 2],
            "minima": [1.5 * math.pi],
            "inflections": [0, math.pi, 2 * math.pi],
        },
    ),
    "zeros at the ends": (
        lambda x: x**2 - 1,
        (-1, 1),
        {"minima": [0]},
    ),
    "exp": (tf.exp, (-20, 20), NONE),
    "constant": (lambda x: 3.0, (-2, 2), NONE),
    "zero": (lambda x: 0.0 * x, (-2, 2), NONE),
    "noise": (lambda x: tf.sin(x) ** 2 + tf.cos(x) ** 2, (-30, 30), NONE),
    "float32 noise": (
        lambda x: (
            tf.sin(tf.cast(x, tf.float32)) ** 2 + tf.cos(tf.cast(x, tf.float32)) ** 2
        ),
        (-30, 30),
        NONE,
    ),
    "large offset": (
        lambda x: 1e12 + tf.sin(x),
        (-2, 2),
        {"maxima": [math.pi / 2], "minima": [-math.pi / 2], "inflections": [0]},
    ),
    "tiny": (
        lambda x: 1e-12 * tf.cos(x),
        (-1, 2),
        {
            "zeros": [math.pi / 2],
            "maxima": [0],
            "inflections": [math.pi / 2],
        },
    ),
    "1/x": (lambda x: 1 / x, (-2, 2), NONE),
    "1/x off the grid": (lambda x: 1 / (x - 0.3), (-2, 2), NONE),
    "1/x^2": (lambda x: 1 / x**2, (-2, 2), NONE),
    "1/(x^2-1)": (lambda x: 1 / (x**2 - 1), (-3, 3), {"maxima": [0]}),
    "tan": (tf.tan, (-2, 2), {"zeros": [0], "inflections": [0]}),
    "log": (tf.math.log, (-1, 3), {"zeros": [1]}),
    "sqrt": (tf.sqrt, (-1, 3), {"zeros": [0]}),
    "sign": (tf.sign, (-2, 2), NONE),
    "floor": (tf.floor, (-2.5, 2.5), NONE),
    "where": (lambda x: tf.where(x < 0.3, -1.0 + 0 * x, 1.0 + 0 * x), (-2, 2), NONE),
    "plateau": (lambda x: tf.nn.relu(x) - tf.nn.relu(x - 1), (-2, 3), NONE),
    "relu": (tf.nn.relu, (-2, 3), NONE),
    "narrow valley with a flat floor": (
        lambda x: tf.nn.relu(tf.abs(x) - 1e-3),
        (-0.02, 0.021),
        NONE,
    ),
    "abs": (tf.abs, (-2, 2.1), {"zeros": [0], "minima": [0]}),
    "|x^2-1|": (
        lambda x: tf.abs(x**2 - 1),
        (-2, 2.1),
        {"zeros": [-1, 1], "maxima": [0], "minima": [-1, 1]},
    ),
    "cube root": (
        lambda x: tf.sign(x) * tf.abs(x) ** (1 / 3),
        (-2, 2),
        {"zeros": [0], "inflections": [0]},
    ),
    "x|x|": (lambda x: x * tf.abs(x), (-2, 2.1), {"zeros": [0], "inflections": [0]}),
    "far away": (
        lambda x: (x - 1e6) ** 3 - 3 * (x - 1e6),
        (1e6 - 1.5, 1e6 + 1.5),
        {
            "zeros": [1e6],
            "maxima": [1e6 - 1],
            "minima": [1e6 + 1],
            "inflections": [1e6],
        },
    ),
    "spike": (
        lambda x: tf.exp(-(((x - 0.1234) / 1e-3) ** 2)),
        (-2, 2),
        {
            "maxima": [0.1234],
            "inflections": [0.1234 - 1e-3 / math.sqrt(2), 0.1234 + 1e-3 / math.sqrt(2)],
        },
    ),
    "average over data": (
        lambda w: tf.reduce_mean((w * tf.constant([0.5, 1.0, 1.5]) - 1) ** 2),
        (-1, 3),
        {"minima": [6 / 7]},
    ),
    "no values": (lambda x: tf.math.log(-1 - x**2), (-1, 1), NONE),
    "too fast": (lambda x: tf.sin(1000 * x), (-3, 3), NONE),
}


@pytest.mark.parametrize("name", MARKS)
def test_marks_are_found_and_no_others(name):
    f, interval, expected = MARKS[name]
    found = find_marks(sample(f, interval, 2), KINDS)
    assert found.keys() == expected.keys()
    for kind, places in expected.items():
        np.testing.assert_allclose(found[kind], places, rtol=0, atol=1e-6)


@pytest.mark.parametrize("shift", [0.0, 1e-3, 0.1234, 1 / 3])
def test_places_are_as_exact_as_the_numbers(shift):
    curve = sample(lambda x: tf.sin(3 * (x - shift)) * tf.exp(x - shift), (-1, 1), 2)
    found = find_marks(curve, KINDS)
    extrema = np.sort(np.concatenate([found["maxima"], found["minima"]]))
    wanted = (np.arange(-3, 4) * math.pi - math.atan(3)) / 3 + shift
    wanted = wanted[(wanted > -1) & (wanted < 1)]
    np.testing.assert_allclose(extrema, wanted, rtol=0, atol=1e-10)
    zeros = np.arange(-3, 4) * math.pi / 3 + shift
    zeros = zeros[(zeros > -1) & (zeros < 1)]
    np.testing.assert_allclose(found["zeros"], zeros, rtol=0, atol=1e-10)
    bends = (np.arange(-3, 4) * math.pi + math.atan(3 / 4)) / 3 + shift
    bends = bends[(bends > -1) & (bends < 1)]
    np.testing.assert_allclose(found["inflections"], bends, rtol=0, atol=1e-8)


def test_nothing_is_looked_for_unasked():
    curve = sample(tf.sin, (-1, 7), 2)
    assert find_marks(curve, ()) == {}
    assert find_marks(curve, ("extrema",)).keys() == {"maxima", "minima"}


@pytest.mark.parametrize("seed", range(12))
def test_random_polynomials_are_marked_where_they_should_be(seed):
    random = np.random.default_rng(seed)
    # Two roots lie closer together than two points of the first grid.
    roots = random.uniform(-2, 2, 4)
    polynomial = np.poly1d(np.poly([*roots, roots[0] + 5e-3]))

    def f(x):
        y = tf.zeros_like(x)
        for coefficient in polynomial.coeffs.tolist():
            y = y * x + coefficient
        return y

    found = find_marks(sample(f, (-1.7, 1.9), 2), KINDS)
    extrema = [*found.get("maxima", ()), *found.get("minima", ())]
    for places, exact in (
        (found.get("zeros", ()), polynomial),
        (extrema, polynomial.deriv()),
        (found.get("inflections", ()), polynomial.deriv(2)),
    ):
        wanted = exact.roots[np.isreal(exact.roots)].real
        wanted = np.sort(wanted[(wanted > -1.7) & (wanted < 1.9)])
        assert len(places) == len(wanted)
        np.testing.assert_allclose(np.sort(places), wanted, rtol=0, atol=1e-8)
