"""The small tape agrees with TensorFlow's on every expression that it can write."""

import ast
import inspect
import math

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradtape.tape import small
from gradtape.tape.small import Tape

NUMBERS = st.floats(0.25, 3.0).map(lambda number: round(number, 3))
BETWEEN = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}
LARGEST = 1e6  # beyond, and near 0, rounding decides


def expressions():
    """Return trees of operations on x and y, such as ("*", "x", ("sin", "y"))."""
    one = st.sampled_from(["sin", "exp", "log", "-"])
    powers = st.sampled_from([-1, 0.5, 2, 3])
    return st.recursive(
        st.sampled_from(["x", "y"]),
        lambda inner: st.one_of(
            st.tuples(one, inner),
            st.tuples(st.sampled_from(list(BETWEEN)), inner, inner | NUMBERS),
            st.tuples(st.sampled_from(list(BETWEEN)), NUMBERS, inner),
            st.tuples(st.just("**"), inner, powers | inner),
            st.tuples(st.just("**"), NUMBERS, inner),
        ),
        max_leaves=12,
    )


def evaluate(tree, known, functions, seen):
    """Return a tree's value; equal branches are one value that is used again."""
    if not isinstance(tree, tuple):
        return known.get(tree, tree)
    if tree in known:
        return known[tree]
    sign, *branches = tree
    values = [evaluate(branch, known, functions, seen) for branch in branches]
    if sign in functions:
        assume(sign != "log" or seen(values[0]) > 0.01)
        result = functions[sign](values[0])
    elif sign == "**":
        assume(seen(values[0]) > 0.01)
        result = values[0] ** values[1]
    elif len(values) == 1:
        result = -values[0]
    else:
        assume(sign != "/" or abs(seen(values[1])) > 0.01)
        result = BETWEEN[sign](*values)
    assume(abs(seen(result)) < LARGEST)
    known[tree] = result
    return result


def small_value(number):
    return number.value if isinstance(number, small.Number) else number


@settings(deadline=None, max_examples=150)
@given(expressions(), NUMBERS, NUMBERS)
def test_agrees_with_tensorflow(tree, at_x, at_y):
    tape = Tape()
    x, y = tape.number(at_x), tape.number(at_y)
    functions = {"sin": small.sin, "exp": small.exp, "log": small.log}
    try:
        ours = evaluate(tree, {"x": x, "y": y}, functions, small_value)
    except OverflowError:
        assume(False)
    found = [tape.gradient(ours, source) for source in (x, y)]

    sources = [tf.constant(at, tf.float64) for at in (at_x, at_y)]
    with tf.GradientTape() as theirs:
        theirs.watch(sources)
        functions = {"sin": tf.sin, "exp": tf.exp, "log": tf.math.log}
        target = evaluate(tree, dict(zip("xy", sources, strict=True)), functions, float)
    expected = theirs.gradient(target, sources, unconnected_gradients="zero")
    assert ours.value == pytest.approx(float(target), rel=1e-9, abs=1e-9)
    scale = max(1.0, *np.abs(expected))
    assert found == pytest.approx(
        [float(e) for e in expected], rel=1e-6, abs=1e-9 * scale
    )


def test_value_that_is_used_twice_gets_both_slopes():
    tape = Tape()
    x = tape.number(3.0)
    square = x * x
    assert tape.gradient(square * x + square, x) == 33.0


def test_plain_numbers_mix_on_both_sides():
    tape = Tape()
    x = tape.number(2.0)
    for value, slope in (
        (1.0 + x, 1.0),
        (x + 1.0, 1.0),
        (1.0 - x, -1.0),
        (x - 1.0, 1.0),
        (3.0 * x, 3.0),
        (x * 3.0, 3.0),
        (6.0 / x, -1.5),
        (x / 4.0, 0.25),
        (x**3, 12.0),
        (2.0**x, 4.0 * math.log(2.0)),
        (-x, -1.0),
    ):
        assert tape.gradient(value, x) == pytest.approx(slope)


def test_negative_base_has_a_slope_for_whole_exponents():
    tape = Tape()
    x = tape.number(-2.0)
    assert tape.gradient(x**3, x) == 12.0


def test_steps_in_between_and_what_has_no_part():
    tape = Tape()
    x, unused = tape.number(1.5), tape.number(7.0)
    a = 2.0 * x
    b = a + 1.0
    y = b**3
    slopes = [tape.gradient(y, number) for number in (y, b, a, x, unused)]
    assert slopes == [1.0, 48.0, 48.0, 96.0, 0.0]
    assert tape.gradient(a, y) == 0.0


def test_has_at_most_40_lines_of_code():
    tree = ast.parse(inspect.getsource(small))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            node.body = node.body[ast.get_docstring(node) is not None :]
    assert len([line for line in ast.unparse(tree).splitlines() if line]) <= 40
