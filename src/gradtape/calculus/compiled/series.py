"""Arithmetic on truncated Taylor series, each coefficient a tensor.

A series is a list, lowest order first: ``y(x + t) = y[0] + y[1] t + y[2] t**2 + ...``.
None stands for a coefficient that is 0 for every x and costs nothing. The recurrences
are those of A. Griewank and A. Walther, *Evaluating Derivatives*, 2nd edition, SIAM
2008, chapter 13; each takes a number of multiplications that grows with the square of
the order. Where a function's value ``y0`` is already known, it is taken, not computed.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable

import numpy as np
import tensorflow as tf

Coefficient = tf.Tensor | None
Series = list[Coefficient]


def constant(value: tf.Tensor, length: int) -> Series:
    """Return the series of something that does not change with t."""
    return [value, *[None] * (length - 1)]


def is_constant(a: Series) -> bool:
    """Return whether a is known not to change with t."""
    return all(coefficient is None for coefficient in a[1:])


def linear(function: Callable, *series: Series) -> Series:
    """Apply a linear function to the coefficients; it gets None for some that are 0."""
    return [
        None if all(c is None for c in coefficients) else function(*coefficients)
        for coefficients in zip(*series, strict=True)
    ]


def times(a: Series, number: float | tf.Tensor) -> Series:
    """Return the series of a multiplied by something that does not change with t."""
    return linear(lambda coefficient: coefficient * number, a)


def plus(a: Series, number: float) -> Series:
    """Return the series of a plus a number."""
    return [a[0] + number, *a[1:]]


def sum_of(*series: Series) -> Series:
    """Return the sum of several series."""
    return [_sum(coefficients) for coefficients in zip(*series, strict=True)]


def difference(a: Series, b: Series) -> Series:
    """Return the series of a - b."""
    return sum_of(a, times(b, -1))


def product(a: Series, b: Series) -> Series:
    """Return the series of a·b."""
    return [_convolve(a, b, k) for k in range(len(a))]


def quotient(
    a: Series, b: Series, y0: tf.Tensor, divide: Callable = operator.truediv
) -> Series:
    """Return the series of a/b."""
    y = [y0]
    for k in range(1, len(a)):
        known = _sum([_times(b[j], y[k - j]) for j in range(1, k + 1)])
        numerator = _sum([a[k], _times(known, -1)])
        y.append(None if numerator is None else divide(numerator, b[0]))
    return y


def reciprocal(a: Series) -> Series:
    """Return the series of 1/a."""
    return quotient(constant(tf.ones_like(a[0]), len(a)), a, 1 / a[0])


def with_slope(a: Series, slope: Series, y0: tf.Tensor) -> Series:
    """Return the series y with y' = slope·a'."""
    rise = _derivative(a)
    return [y0, *(_times(_convolve(rise, slope, k), 1 / (k + 1)) for k in _orders(a))]


def with_quadratic_slope(
    a: Series, y0: tf.Tensor, constant: float = 0, linear: float = 0, square: float = 0
) -> Series:
    """Return the series y with y' = (constant + linear·y + square·y²)·a'."""
    rise = _derivative(a)
    y, slope = [y0], []
    for k in _orders(a):
        slope.append(
            _sum(
                [
                    tf.constant(constant, y0.dtype) if constant and k == 0 else None,
                    _times(y[k], linear) if linear else None,
                    _times(_convolve(y, y, k), square) if square else None,
                ]
            )
        )
        y.append(_times(_convolve(rise, slope, k), 1 / (k + 1)))
    return y


def with_partner(
    a: Series, y0: tf.Tensor, z0: tf.Tensor, y_sign: int, z_sign: int
) -> Series:
    """Return the series y of a pair with y' = y_sign·z·a' and z' = z_sign·y·a'."""
    rise = _derivative(a)
    y, z = [y0], [z0]
    for k in _orders(a):
        following = _times(_convolve(rise, z, k), y_sign / (k + 1))
        z.append(_times(_convolve(rise, y, k), z_sign / (k + 1)))
        y.append(following)
    return y


def power(a: Series, exponent: tf.Tensor | float, y0: tf.Tensor) -> Series:
    """Return the series of a**exponent for an exponent that does not change with t.

    A binomial coefficient that is 0 counts as 0 even where the power that goes with it
    is infinite: the third derivative of x**2 at 0 is 0.
    """
    if tf.is_tensor(exponent):
        known = tf.get_static_value(exponent)
        if known is not None and np.ndim(known) == 0:
            exponent = float(known)
    outer, binomial = [y0], 1.0
    for k in _orders(a, first=1):
        binomial = binomial * (exponent - (k - 1)) / k
        if tf.is_tensor(exponent):
            term = tf.math.multiply_no_nan(tf.pow(a[0], exponent - k), binomial)
        else:
            term = tf.pow(a[0], exponent - k) * binomial if binomial else None
        outer.append(term)
    return composition(outer, a)


def composition(outer: Series, a: Series) -> Series:
    """Return the series of g(a), where ``outer`` is the series of g around a[0]."""
    change = [None, *a[1:]]
    y = constant(outer[-1], len(a))
    for coefficient in reversed(outer[:-1]):
        y = product(y, change)
        y[0] = coefficient
    return y


def choice(condition: tf.Tensor, y0: tf.Tensor, a: Series, b: Series) -> Series:
    """Return a where the condition holds, else b; the other one does not matter."""
    zero = tf.zeros((), y0.dtype)

    def choose(p: Coefficient, q: Coefficient) -> tf.Tensor:
        return tf.where(condition, zero if p is None else p, zero if q is None else q)

    return [y0, *linear(choose, a[1:], b[1:])]


def _orders(a: Series, first: int = 0) -> range:
    return range(first, len(a) - 1 + first)


def _derivative(a: Series) -> Series:
    return [_times(a[k + 1], k + 1) for k in _orders(a)]


def _sum(terms: list[Coefficient] | tuple[Coefficient, ...]) -> Coefficient:
    terms = [term for term in terms if term is not None]
    return functools.reduce(operator.add, terms) if terms else None


def _times(a: Coefficient, b: Coefficient | float) -> Coefficient:
    if a is None or b is None:
        return None
    return a if isinstance(b, (int, float)) and b == 1 else a * b


def _convolve(a: Series, b: Series, k: int) -> Coefficient:
    """Return coefficient k of a·b, of which the first k + 1 must be known."""
    return _sum([_times(a[j], b[k - j]) for j in range(k + 1)])
