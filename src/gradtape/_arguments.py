"""What calculus accepts, and the sentences that say why it does not accept the rest."""

from __future__ import annotations

import inspect
import numbers
import reprlib
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf


def as_float_tensor(x: Any) -> tf.Tensor:
    """Return x as a real floating-point tensor; whole numbers become float32."""
    if isinstance(x, tf.Tensor) and x.dtype.is_floating:
        return x
    try:
        tensor = _as_tensor(x)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"{reprlib.repr(x)} is no tensor; give numbers, in lists of equal length, "
            "or each as a tensor of its own"
        ) from error
    if tensor.dtype.is_floating:
        return tensor
    if tensor.dtype.is_integer or tensor.dtype.is_bool:
        return tf.cast(tensor, tf.float32)
    raise TypeError(
        f"{reprlib.repr(x)} is of dtype {tensor.dtype.name}; derivatives need real "
        "numbers, such as 2.0"
    )


def as_sources(argument: Any) -> Any:
    """Make float tensors of all but variables; a list of numbers is one tensor."""
    if _is_list_of_numbers(argument):
        return as_float_tensor(argument)
    return tf.nest.map_structure(
        lambda leaf: (
            _float_variable(leaf) if is_variable(leaf) else as_float_tensor(leaf)
        ),
        argument,
    )


def is_variable(leaf: Any) -> bool:
    """Tell a variable, TensorFlow's or Keras's, which holds one in its value."""
    return isinstance(leaf, tf.Variable) or isinstance(
        getattr(leaf, "value", None), tf.Variable
    )


def call(f: Callable, *args: Any) -> tf.Tensor:
    """Return f(*args) as a real tensor, or say what is wrong with f."""
    if not callable(f):
        raise TypeError(
            f"f is {reprlib.repr(f)}, which cannot be called; give a function such as "
            "lambda x: x**2, not its value"
        )
    try:
        result = f(*args)
    except TypeError as error:
        _require_arguments(f, *args)
        error.add_note(
            "f was called with tensors; what f does to them must be TensorFlow's: "
            "tf.sin instead of math.sin, tf.cast instead of float"
        )
        raise
    if not isinstance(result, tf.Tensor):
        result = _as_result(result, f, *args)
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
    return y if y.dtype == x.dtype else tf.cast(y, x.dtype)


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


def _as_tensor(x: Any) -> tf.Tensor:
    try:
        return tf.convert_to_tensor(x)
    except ValueError:  # whole numbers beyond 64 bits
        return tf.convert_to_tensor(x, tf.float32)


def _float_variable(variable: Any) -> Any:
    if not tf.as_dtype(variable.dtype).is_floating:
        raise TypeError(
            f"{reprlib.repr(variable)} is a variable of whole numbers, which has no "
            "gradient; make it one of floats, such as tf.Variable(3.0)"
        )
    return variable


def _as_result(result: Any, f: Callable, *args: Any) -> tf.Tensor:
    """Return a tensor for a result that is none: a constant or what a variable holds."""
    if is_variable(result):
        return tf.convert_to_tensor(result)
    if isinstance(result, (np.ndarray, np.generic)):
        raise TypeError(
            f"f returned {reprlib.repr(result)}, a NumPy value, and the tape cannot see "
            "what NumPy does; use TensorFlow's functions inside f, such as tf.sin "
            "instead of np.sin"
        )
    if not isinstance(result, numbers.Real):
        raise TypeError(
            f"f returned {reprlib.repr(result)}; it must return one tensor of real "
            "numbers (did it forget to return?)"
        )
    if not _is_constant(f, *args):
        raise TypeError(
            f"f returned {result!r}, a Python number made from the value of its "
            "argument, and the tape cannot see what Python does; use TensorFlow's "
            "functions inside f, such as tf.sin instead of math.sin or float"
        )
    leaves = tf.nest.flatten(args)
    return tf.constant(result, leaves[0].dtype if leaves else tf.float32)


def _is_constant(f: Callable, *args: Any) -> bool:
    """Return whether f does without the values of its arguments, as a graph must."""
    if not tf.executing_eagerly():
        return True
    try:
        tf.function(lambda *args: f(*args), autograph=False).get_concrete_function(
            *args
        )
    except TypeError:  # a symbolic tensor is no Python number
        return False
    return True


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
            f"f is called with {len(args)} argument{'s' * (len(args) != 1)}, but takes "
            f"{signature}: {error}; bind the others first, as in "
            "lambda x: f(x, other)"
        ) from None
