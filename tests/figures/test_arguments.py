"""Each error that a figure's arguments can provoke, and that it comes in time."""

import math
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf

from gradtape.figures import (
    plot_derivatives,
    plot_descent,
    plot_gradient_field,
    plot_step_error,
    plot_surface,
    plot_tangent,
    plot_taylor,
)

FUNCTIONS = {
    "a number": (3, TypeError, "f is 3; give a function, such as lambda x: x**2"),
    "a string": ("x**2", TypeError, "f is 'x**2'; give a function"),
    "two arguments": (lambda x, y: x, TypeError, "f is called with 1 argument"),
    "no argument": (lambda: 3.0, TypeError, "f is called with 1 argument"),
    "a complex result": (lambda x: tf.complex(x, x), TypeError, "f returned complex"),
    "whole numbers": (lambda x: tf.cast(x, tf.int32), TypeError, "f returned int32"),
    "a comparison": (lambda x: x > 0, TypeError, "f returned bool"),
    "a string result": (lambda x: "a", TypeError, "f returned 'a'"),
    "no result": (lambda x: None, TypeError, "f returned None"),
    "NumPy": (np.sin, TypeError, "such as tf.sin instead of np.sin"),
    "math": (math.sin, TypeError, "such as tf.sin instead of math.sin"),
    "two results": (
        lambda x: tf.stack([x, x]),
        ValueError,
        "f returned shape (2,) for one number",
    ),
}
CURVES = {
    "derivatives": lambda f: plot_derivatives(f, (-1, 1)),
    "tangent": lambda f: plot_tangent(f, 0.5, (-1, 1)),
    "taylor": lambda f: plot_taylor(f, 0.5, (-1, 1)),
    "step error": lambda f: plot_step_error(f, 0.5),
    "descent": lambda f: plot_descent(f, 0.5, learning_rate=0.1, steps=2),
}
PLANES = {
    "gradient field": lambda f: plot_gradient_field(f, (-1, 1), (-1, 1)),
    "surface": lambda f: plot_surface(f, (-1, 1), (-1, 1)),
    "descent": lambda f: plot_descent(f, (0.5, 0.5), learning_rate=0.1, steps=2),
}


@pytest.mark.parametrize("plot", CURVES)
@pytest.mark.parametrize("wrong", FUNCTIONS)
def test_what_is_no_function_of_one_number(plot, wrong):
    f, error, message = FUNCTIONS[wrong]
    with pytest.raises(error, match=re.escape(message)):
        CURVES[plot](f)
    assert plt.get_fignums() == []


@pytest.mark.parametrize("plot", PLANES)
@pytest.mark.parametrize(
    ("f", "error", "message"),
    [
        (3, TypeError, "f is 3; give a function"),
        (lambda x: x, TypeError, "f is called with 2 arguments"),
        (lambda x, y: tf.cast(x, tf.int32), TypeError, "f returned int32"),
        (lambda x, y: "a", TypeError, "f returned 'a'"),
        (lambda x, y: tf.stack([x, y]), ValueError, "f returned shape (2,)"),
        (np.hypot, TypeError, "NumPy"),
    ],
)
def test_what_is_no_function_of_two_numbers(plot, f, error, message):
    with pytest.raises(error, match=re.escape(message)):
        PLANES[plot](f)
    assert plt.get_fignums() == []


INTERVALS = [
    ((1, 1), ValueError, "is (1, 1); its first end must be less than its second"),
    ((1, -1), ValueError, "is (1, -1); its first end must be less than its second"),
    ((0, math.inf), ValueError, "is (0, inf); both ends must be finite numbers"),
    ((math.nan, 1), ValueError, "is (nan, 1); both ends must be finite numbers"),
    ((-1e308, 1e308), ValueError, "both ends must be finite numbers"),
    ((1, 1 + 1e-14), ValueError, "too short for float64"),
    (3, TypeError, "is 3; give two numbers, such as (-3, 3)"),
    ((1, 2, 3), TypeError, "is (1, 2, 3); give two numbers"),
    (("a", "b"), TypeError, "is ('a', 'b'); give two numbers"),
    ((0, 1j), TypeError, "is (0, 1j); give two numbers"),
]


@pytest.mark.parametrize(
    "draw",
    [
        lambda span: plot_derivatives(tf.square, span),
        lambda span: plot_tangent(tf.square, 0.0, span),
        lambda span: plot_taylor(tf.square, 0.0, span),
        lambda span: plot_gradient_field(tf.add, span, (-1, 1)),
        lambda span: plot_gradient_field(tf.add, (-1, 1), span),
        lambda span: plot_surface(tf.add, span, (-1, 1)),
        lambda span: plot_surface(tf.add, (-1, 1), span),
    ],
)
@pytest.mark.parametrize(("span", "error", "message"), INTERVALS)
def test_what_is_no_interval(draw, span, error, message):
    with pytest.raises(error, match=re.escape(message)):
        draw(span)
    assert plt.get_fignums() == []


def descent(start=1.0, learning_rate=0.1, steps=3):
    return plot_descent(tf.square, start, learning_rate=learning_rate, steps=steps)


OTHERS = [
    (lambda: plot_derivatives(tf.sin, (-1, 1), order=-1), "order is -1; give a whole"),
    (
        lambda: plot_derivatives(tf.sin, (-1, 1), order=1.5),
        "order is 1.5; give a whole",
    ),
    (lambda: plot_derivatives(tf.sin, (-1, 1), order=True), "order is True"),
    (
        lambda: plot_derivatives(tf.sin, (-1, 1), mark=3),
        "mark is 3; give some of zeros",
    ),
    (
        lambda: plot_derivatives(tf.sin, (-1, 1), mark=("roots",)),
        "mark has 'roots'; choose from zeros, extrema, inflections",
    ),
    (lambda: plot_derivatives(tf.sin, (-1, 1), ax=3), "ax is 3; give one Axes"),
    (
        lambda: plot_derivatives(tf.sin, (-1, 1), colour="red"),
        "colour='red' is no keyword here",
    ),
    (lambda: plot_tangent(tf.sin, "a"), "at is 'a'; give one number, such as 1.0"),
    (lambda: plot_tangent(tf.sin, 9.0), "at is 9, outside the interval (-4, 4)"),
    (lambda: plot_taylor(tf.sin, math.inf, (-1, 1)), "at is inf; give a finite number"),
    (lambda: plot_taylor(tf.sin, 0, (-1, 1), orders=()), "orders is empty; give whole"),
    (
        lambda: plot_taylor(tf.sin, 0, (-1, 1), orders=(1, -2)),
        "one of orders is -2; give a whole number, 0 or more",
    ),
    (
        lambda: plot_taylor(tf.sin, 0, (-1, 1), orders=(1.5,)),
        "one of orders is 1.5; give a whole number, 0 or more",
    ),
    (lambda: plot_step_error(tf.sin, None), "at is None; give one number"),
    (lambda: descent(learning_rate=0), "learning_rate is 0; give a number above 0"),
    (lambda: descent(learning_rate=-0.1), "learning_rate is -0.1; give a number above"),
    (lambda: descent(learning_rate=math.nan), "learning_rate is nan; give a finite"),
    (lambda: descent(learning_rate="a"), "learning_rate is 'a'; give one number"),
    (lambda: descent(steps=0), "steps is 0; give a whole number, 1 or more"),
    (lambda: descent(steps=2.5), "steps is 2.5; give a whole number, 1 or more"),
    (lambda: descent(start="a"), "start is 'a'; give one number or a pair"),
    (lambda: descent(start=math.inf), "start is inf; give one finite number or a pair"),
    (lambda: descent(start=(1, 2, 3)), "start is [1.0, 2.0, 3.0]; give one finite"),
]


@pytest.mark.parametrize(("draw", "message"), OTHERS)
def test_other_arguments_that_are_wrong(draw, message):
    with pytest.raises(
        (TypeError, ValueError, AttributeError), match=re.escape(message)
    ):
        draw()
    assert plt.get_fignums() == []


def test_axes_of_the_wrong_kind():
    _, several = plt.subplots(2)
    flat, solid = several[0], plt.figure().add_subplot(projection="3d")
    with pytest.raises(TypeError, match="give one Axes"):
        plot_derivatives(tf.sin, (-1, 1), ax=several)
    with pytest.raises(TypeError, match="give flat Axes"):
        plot_gradient_field(tf.add, (-1, 1), (-1, 1), ax=solid)
    with pytest.raises(TypeError, match=r"which is flat; make it with plt.subplots"):
        plot_surface(tf.add, (-1, 1), (-1, 1), ax=flat)
    assert not flat.has_data()
