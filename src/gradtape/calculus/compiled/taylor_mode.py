"""All derivatives of f in one pass, by Taylor series through its recorded graph.

Nested tapes differentiate the derivative, whose graph is about twice as large every
time. A Taylor series needs no graph but f's own: with each value that f computes come
the coefficients of its series, carried from operation to operation by the rules below.
So the work grows with the square of the order.

At kinks and ties the rules decide as TensorFlow's own gradients do: the slope of ``abs``
at 0 is 0. They are better at two places where tapes give NaN though there is a
derivative: x**2 differentiated three times at 0, and ``tf.where`` with a branch that is
not finite where it is not chosen.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import tensorflow as tf

from gradtape.calculus.compiled import series as _series
from gradtape.calculus.compiled.series import Series


@tf.autograph.experimental.do_not_convert
def derivatives_by_series(
    y: tf.Tensor, x: tf.Tensor, order: int
) -> list[tf.Tensor] | None:
    """Record y's derivatives by x in the graph that both belong to.

    Parameters
    ----------
    y, x : tf.Tensor
        Symbolic tensors of one graph, y computed from x, of the same static shape.
    order : int
        The highest derivative wanted.

    Returns
    -------
    list of tf.Tensor, or None
        ``order + 1`` tensors of x's shape; None where an operation between x and y has
        no rule here, or might mix one point with another, or the shape is not known.
    """
    if not x.shape.is_fully_defined():
        return None
    length = order + 1
    series_of = {x.ref(): [x, tf.ones((), x.dtype), *[None] * order][:length]}
    for operation in _operations_leading_to(y):
        if not any(tensor.ref() in series_of for tensor in operation.inputs):
            continue
        if _is_cut(operation):
            continue
        rule = _RULES.get(operation.type)
        if rule is None or operation.outputs[0].shape != x.shape:
            return None
        inputs = [
            series_of.get(tensor.ref()) or _series.constant(tensor, length)
            for tensor in operation.inputs
        ]
        series = rule(operation.outputs[0], *inputs)
        if series is None:
            return None
        series_of[operation.outputs[0].ref()] = series
    series = series_of.get(y.ref()) or _series.constant(y, length)
    return [
        tf.zeros_like(y)
        if coefficient is None
        else tf.broadcast_to(coefficient * math.factorial(k), y.shape)
        for k, coefficient in enumerate(series)
    ]


def _operations_leading_to(y: tf.Tensor) -> list[tf.Operation]:
    """Return the operations that y depends on, each after those it depends on."""
    names, waiting = set(), [y.op]
    while waiting:
        operation = waiting.pop()
        if operation.name not in names:
            names.add(operation.name)
            waiting.extend(tensor.op for tensor in operation.inputs)
    return [op for op in y.graph.get_operations() if op.name in names]


def _is_cut(operation: tf.Operation) -> bool:
    """Return whether nothing that comes after this operation depends on x smoothly."""
    return operation.type in _CONSTANT_BETWEEN_JUMPS or all(
        output.dtype.is_integer or output.dtype.is_bool for output in operation.outputs
    )


_CONSTANT_BETWEEN_JUMPS = {
    "Ceil",
    "Floor",
    "FloorDiv",
    "OnesLike",
    "Rint",
    "Round",
    "Sign",
    "StopGradient",
    "ZerosLike",
}


def _square(a: Series) -> Series:
    return _series.product(a, a)


def _one_minus_square(a: Series) -> Series:
    # Near ±1 the factors keep the digits that 1 - a² loses.
    square = _square(a)
    return [(1 - a[0]) * (1 + a[0]), *_series.times(square, -1)[1:]]


def _exponential(a: Series) -> Series:
    return _series.with_quadratic_slope(a, tf.exp(a[0]), linear=1)


def _inverse_root(a: Series) -> Series:
    return _series.power(a, -0.5, tf.math.rsqrt(a[0]))


def _sigmoid(y: tf.Tensor, a: Series) -> Series:
    return _series.with_quadratic_slope(a, y, linear=1, square=-1)


def _pow(y: tf.Tensor, a: Series, b: Series) -> Series | None:
    if _series.is_constant(b):
        return _series.power(a, b[0], y)
    if not _series.is_constant(a):
        return None
    # TensorFlow counts the logarithm of a base that is not positive as 0.
    positive = a[0] > 0
    logarithm = tf.where(
        positive, tf.math.log(tf.where(positive, a[0], 1)), tf.zeros_like(a[0])
    )
    return _series.with_quadratic_slope(_series.times(b, logarithm), y, linear=1)


def _arcsine(y: tf.Tensor, a: Series, sign: int = 1) -> Series:
    slope = _inverse_root(_one_minus_square(a))
    return _series.with_slope(a, _series.times(slope, sign), y)


def _inverse_cosh(y: tf.Tensor, a: Series) -> Series:
    slope = _series.product(
        _inverse_root(_series.plus(a, -1)), _inverse_root(_series.plus(a, 1))
    )
    return _series.with_slope(a, slope, y)


def _inverse_sinh(y: tf.Tensor, a: Series) -> Series:
    return _series.with_slope(a, _inverse_root(_series.plus(_square(a), 1)), y)


def _elu(y: tf.Tensor, a: Series, below: float = 1, above: float = 1) -> Series:
    return _series.choice(
        a[0] < 0,
        y,
        _series.times(_exponential(a), below),
        _series.times(a, above),
    )


def _error_function(y: tf.Tensor, a: Series, sign: int = 1) -> Series:
    bell = _exponential(_series.times(_square(a), -1))
    return _series.with_slope(a, _series.times(bell, sign * 2 / math.sqrt(math.pi)), y)


def _log_gamma(y: tf.Tensor, a: Series) -> Series:
    outer = [y, tf.math.digamma(a[0])]
    for k in range(2, len(a)):
        degree = tf.fill(tf.shape(a[0]), tf.constant(k - 1, a[0].dtype))
        outer.append(tf.math.polygamma(degree, a[0]) / math.factorial(k))
    return _series.composition(outer[: len(a)], a)


def _absolute(y: tf.Tensor, a: Series) -> Series:
    return [y, *_series.times(a, tf.sign(a[0]))[1:]]


def _clipped(y: tf.Tensor, a: Series, inside: tf.Tensor, outside: float = 0) -> Series:
    """Return a inside a region, and a multiple of it outside."""
    return _series.choice(inside, y, a, _series.times(a, outside))


def _remainder(y: tf.Tensor, a: Series, b: Series) -> Series | None:
    return [y, *a[1:]] if _series.is_constant(b) else None


def _cast(y: tf.Tensor, a: Series) -> Series | None:
    if not y.dtype.is_floating:
        return None
    return [y, *_series.linear(lambda c: tf.cast(c, y.dtype), a[1:])]


# The slopes of selu: just below 0, and above it.
_SELU_BELOW = 1.7580993408473768
_SELU_ABOVE = 1.0507009873554805

# The rule for each operation, under the name that TensorFlow's graphs give it: from the
# value that f computed and the series of the inputs to the series of the output.
_RULES: dict[str, Callable[..., Series | None]] = {
    "Abs": _absolute,
    "Acos": lambda y, a: _arcsine(y, a, sign=-1),
    "Acosh": _inverse_cosh,
    "Add": lambda y, a, b: [y, *_series.sum_of(a, b)[1:]],
    "AddV2": lambda y, a, b: [y, *_series.sum_of(a, b)[1:]],
    "Asin": _arcsine,
    "Asinh": _inverse_sinh,
    "Atan": lambda y, a: _series.with_slope(
        a, _series.reciprocal(_series.plus(_square(a), 1)), y
    ),
    "Atanh": lambda y, a: _series.with_slope(
        a, _series.reciprocal(_one_minus_square(a)), y
    ),
    "Cast": _cast,
    "Cos": lambda y, a: _series.with_partner(a, y, tf.sin(a[0]), -1, 1),
    "Cosh": lambda y, a: _series.with_partner(a, y, tf.sinh(a[0]), 1, 1),
    "DivNoNan": lambda y, a, b: _series.quotient(a, b, y, tf.math.divide_no_nan),
    "Elu": _elu,
    "Erf": _error_function,
    "Erfc": lambda y, a: _error_function(y, a, sign=-1),
    "Exp": lambda y, a: _series.with_quadratic_slope(a, y, linear=1),
    "Expm1": lambda y, a: [y, *_exponential(a)[1:]],
    "FloorMod": _remainder,
    "Identity": lambda y, a: [y, *a[1:]],
    "LeakyRelu": lambda y, a: _clipped(y, a, a[0] > 0, y.op.get_attr("alpha")),
    "Lgamma": _log_gamma,
    "Log": lambda y, a: _series.with_slope(a, _series.reciprocal(a), y),
    "Log1p": lambda y, a: _series.with_slope(
        a, _series.reciprocal(_series.plus(a, 1)), y
    ),
    "Maximum": lambda y, a, b: _series.choice(a[0] >= b[0], y, a, b),
    "Minimum": lambda y, a, b: _series.choice(a[0] <= b[0], y, a, b),
    "Mul": lambda y, a, b: [y, *_series.product(a, b)[1:]],
    "Neg": lambda y, a: [y, *_series.times(a, -1)[1:]],
    "Pow": _pow,
    "RealDiv": lambda y, a, b: _series.quotient(a, b, y),
    "Reciprocal": lambda y, a: [y, *_series.reciprocal(a)[1:]],
    "Relu": lambda y, a: _clipped(y, a, a[0] > 0),
    "Relu6": lambda y, a: _clipped(y, a, (a[0] > 0) & (a[0] < 6)),
    "Rsqrt": lambda y, a: _series.power(a, -0.5, y),
    "SelectV2": lambda y, condition, a, b: _series.choice(condition[0], y, a, b),
    "Selu": lambda y, a: _elu(y, a, below=_SELU_BELOW, above=_SELU_ABOVE),
    "Sigmoid": _sigmoid,
    "Sin": lambda y, a: _series.with_partner(a, y, tf.cos(a[0]), 1, -1),
    "Sinh": lambda y, a: _series.with_partner(a, y, tf.cosh(a[0]), 1, 1),
    "Softplus": lambda y, a: _series.with_slope(a, _sigmoid(tf.sigmoid(a[0]), a), y),
    "Softsign": lambda y, a: _series.quotient(
        a, _series.plus(_absolute(tf.abs(a[0]), a), 1), y
    ),
    "Sqrt": lambda y, a: _series.power(a, 0.5, y),
    "Square": lambda y, a: [y, *_square(a)[1:]],
    "SquaredDifference": lambda y, a, b: [y, *_square(_series.difference(a, b))[1:]],
    "Sub": lambda y, a, b: [y, *_series.difference(a, b)[1:]],
    "Tan": lambda y, a: _series.with_quadratic_slope(a, y, constant=1, square=1),
    "Tanh": lambda y, a: _series.with_quadratic_slope(a, y, constant=1, square=-1),
}
