"""What calculus accepts, and the sentences that say why it does not accept the rest."""

from __future__ import annotations

import inspect
import numbers
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf


def as_float_tensor(x: Any) -> tf.Tensor:
    """Return x as a real floating-point tensor; whole numbers become float32."""
    try:
        tensor = tf.convert_to_tensor(x)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"x is {x!r}, which is no tensor; give numbers, all lists of equal length"
        ) from error
    if tensor.dtype.is_floating:
        return tensor
    if tensor.dtype.is_integer or tensor.dtype.is_bool:
        return tf.cast(tensor, tf.float32)
    raise TypeError(
        f"x is {x!r} of dtype {tensor.dtype.name}; derivatives need real numbers"
    )


def as_sources(argument: Any) -> Any:
    """Make float tensors of all but variables; a list of numbers is one tensor."""
    if _is_list_of_numbers(argument):
        return as_float_tensor(argument)
    return tf.nest.map_structure(
        lambda leaf: leaf if _is_variable(leaf) else as_float_tensor(leaf), argument
    )


def call(f: Callable, *args: Any) -> tf.Tensor:
    """Return f(*args) as a real tensor, or say what is wrong with f."""
    if not callable(f):
        raise TypeError(
            f"f is {f!r}, which cannot be called; give a function such as "
            "lambda x: x**2, not its value"
        )
    try:
        result = f(*args)
    except TypeError:
        _require_arguments(f, *args)
        raise
    if isinstance(result, numbers.Real) and not isinstance(result, np.generic):
        first = tf.nest.flatten(args)[0]
        return tf.constant(result, dtype=tf.as_dtype(first.dtype))
    if isinstance(result, (np.ndarray, np.generic)):
        raise TypeError(
            "f returned a NumPy value, and the tape cannot see what NumPy does; use "
            "TensorFlow's functions inside f, such as tf.sin instead of np.sin"
        )
    if not tf.is_tensor(result) and not isinstance(result, tf.Variable):
        raise TypeError(
            f"f returned {result!r}; it must return a tensor (did it forget to return?)"
        )
    result = tf.convert_to_tensor(result)
    if not result.dtype.is_floating:
        raise TypeError(
            f"f returned {result.dtype.name}, which carries no gradient; return real "
            "floating-point numbers (tf.cast on the way cuts the tape, tf.math.real "
            "and tf.abs do not)"
        )
    return result


def call_elementwise(f: Callable, x: tf.Tensor) -> tf.Tensor:
    """Return f(x) in x's shape and dtype, or say that f mixes the points."""
    y = call(f, x)
    if y.shape.rank == 0 and x.shape.rank != 0 and not _depends_on(f, x):
        y = tf.broadcast_to(y, tf.shape(x))
    if not y.shape.is_compatible_with(x.shape):
        raise ValueError(
            f"f returned shape {y.shape} for points of shape {x.shape}; "
            "it must treat each point by itself (for a function of a whole vector, "
            "use gradtape.jacobian or gradtape.hessian)"
        )
    return tf.cast(y, x.dtype)


def require_one_number(value: tf.Tensor, alternative: str) -> None:
    """Say that a gradient belongs to one number, unless value is one."""
    if value.shape.rank != 0:
        raise ValueError(
            f"f returned shape {value.shape}, and a gradient belongs to one number; "
            f"sum or average in f, or use {alternative}"
        )


def require_order(order: Any) -> int:
    """Return the order of a derivative as an int, or say what it must be."""
    if isinstance(order, bool) or not isinstance(order, numbers.Integral):
        raise TypeError(f"order is {order!r}; give a whole number, such as 2")
    if order < 0:
        raise ValueError(f"order is {order}; give 0 for f alone, or more")
    return int(order)


def _is_list_of_numbers(argument: Any) -> bool:
    return isinstance(argument, (list, tuple)) and all(
        isinstance(part, numbers.Number) or _is_list_of_numbers(part)
        for part in argument
    )


def _is_variable(leaf: Any) -> bool:
    """Tell a variable, TensorFlow's or Keras's, which holds one in its value."""
    return isinstance(leaf, tf.Variable) or isinstance(
        getattr(leaf, "value", None), tf.Variable
    )


def _depends_on(f: Callable, x: tf.Tensor) -> bool:
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = call(f, x)
    return tape.gradient(y, x) is not None


def _require_arguments(f: Callable, *args: Any) -> None:
    """Say that f does not take these arguments, if that is what went wrong."""
    try:
        signature = inspect.signature(f)
    except ValueError:
        return  # some functions written in C have none
    try:
        signature.bind(*args)
    except TypeError as error:
        raise TypeError(
            f"f cannot take {len(args)} argument{'s' * (len(args) != 1)}: {error}; "
            "its arguments must be the points and nothing else"
        ) from None
