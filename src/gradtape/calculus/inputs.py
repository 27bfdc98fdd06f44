"""What calculus accepts, and the sentences that say why it does not accept the rest."""

from __future__ import annotations

import inspect
import numbers
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.clear_errors import shown
from gradtape.language import say

# Recording the series of an order takes time that grows with its square.
HIGHEST_ORDER = 100


def as_float_tensor(x: Any) -> tf.Tensor:
    """Return x as a real floating-point tensor; whole numbers become float32."""
    if isinstance(x, tf.Tensor) and x.dtype.is_floating:
        return x
    try:
        tensor = _as_tensor(x)
    except (TypeError, ValueError, OverflowError, tf.errors.OpError) as error:
        raise TypeError(
            say(
                en=f"{shown(x)} is no tensor; give numbers, in lists of equal "
                "length, or each as a tensor of its own",
                zh=f"{shown(x)} 变不成张量；请给出数，列表要一样长，"
                "或者把每一个都写成单独的张量",
            )
        ) from error
    if tensor.dtype.is_floating:
        return tensor
    if tensor.dtype.is_integer or tensor.dtype.is_bool:
        return tf.cast(tensor, tf.float32)
    raise TypeError(
        say(
            en=f"{shown(x)} is of dtype {tensor.dtype.name}; derivatives need real "
            "numbers, such as 2.0",
            zh=f"{shown(x)} 的类型是 {tensor.dtype.name}；求导需要实数，例如 2.0",
        )
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
            say(
                en=f"f is {shown(f)}, which cannot be called; give the function itself, "
                "such as lambda x: x**2, or h and not h(t)",
                zh=f"f 是 {shown(f)}，不能调用；请给出函数本身，例如 lambda x: x**2；"
                "写 h，不写 h(t)",
            )
        )
    try:
        result = f(*args)
    except TypeError:
        _require_arguments(f, *args)
        raise
    if not isinstance(result, tf.Tensor):
        result = _as_result(result, f, *args)
    if not result.dtype.is_floating:
        raise TypeError(
            say(
                en=f"f returned {result.dtype.name}, which carries no gradient; return "
                "real floating-point numbers (tf.cast on the way cuts the tape, "
                "tf.math.real and tf.abs do not)",
                zh=f"f 返回的是 {result.dtype.name}，带不了梯度；请返回浮点实数"
                "（途中的 tf.cast 会切断记录，tf.math.real 和 tf.abs 不会）",
            )
        )
    return result


def call_elementwise(f: Callable, x: tf.Tensor) -> tf.Tensor:
    """Return f(x) in x's shape and dtype, or say that f mixes the points."""
    y = call(f, x)
    if y.shape.rank == 0 and x.shape.rank != 0 and not _depends_on(f, x):
        y = tf.broadcast_to(y, tf.shape(x))
    if not y.shape.is_compatible_with(x.shape):
        raise ValueError(
            say(
                en=f"f returned shape {y.shape} for points of shape {x.shape}; "
                "it must treat each point by itself (for a function of a whole vector, "
                "use gradtape.jacobian or gradtape.hessian)",
                zh=f"点的形状是 {x.shape}，f 返回的形状却是 {y.shape}；"
                "f 必须对每个点单独计算（整个向量的函数请用 gradtape.jacobian "
                "或 gradtape.hessian）",
            )
        )
    return y if y.dtype == x.dtype else tf.cast(y, x.dtype)


def require_one_number(value: tf.Tensor, alternative: str) -> None:
    """Say that a gradient belongs to one number, unless value is one."""
    if value.shape.rank != 0:
        raise ValueError(
            say(
                en=f"f returned shape {value.shape}, and a gradient belongs to one "
                f"number; sum or average in f, or use {alternative}",
                zh=f"f 返回的形状是 {value.shape}，而梯度属于一个数；"
                f"请在 f 里求和或求平均，或者用 {alternative}",
            )
        )


def require_order(order: Any) -> int:
    """Return the order of a derivative as an int, or say what it must be."""
    if isinstance(order, bool) or not isinstance(order, numbers.Integral):
        raise TypeError(
            say(
                en=f"order is {shown(order)}; give a whole number, such as 2",
                zh=f"order 是 {shown(order)}；请给出整数，例如 2",
            )
        )
    if not 0 <= order <= HIGHEST_ORDER:
        raise ValueError(
            say(
                en=f"order is {shown(order)}; give 0 for f alone, or more",
                zh=f"order 是 {shown(order)}；请给出 0（只要 f 本身）或更大的数",
            )
            if order < 0
            else say(
                en=f"order is {shown(order)}; give {HIGHEST_ORDER} or less",
                zh=f"order 是 {shown(order)}；请给出不大于 {HIGHEST_ORDER} 的数",
            )
        )
    return int(order)


def _is_list_of_numbers(argument: Any) -> bool:
    return isinstance(argument, (list, tuple)) and all(
        isinstance(part, numbers.Number) or _is_list_of_numbers(part)
        for part in argument
    )


def _as_tensor(x: Any) -> tf.Tensor:
    if getattr(x, "dtype", None) is not None and getattr(x.dtype, "kind", "f") in "mM":
        raise TypeError("dates are no numbers")
    try:
        return tf.convert_to_tensor(x)
    except ValueError:  # whole numbers beyond 64 bits
        return tf.convert_to_tensor(x, tf.float32)


def _float_variable(variable: Any) -> Any:
    if not tf.as_dtype(variable.dtype).is_floating:
        raise TypeError(
            say(
                en=f"{shown(variable)} is a variable of whole numbers, which has "
                "no gradient; make it one of floats, such as tf.Variable(3.0)",
                zh=f"{shown(variable)} 是整数变量，没有梯度；"
                "请改成浮点数，例如 tf.Variable(3.0)",
            )
        )
    return variable


def _as_result(result: Any, f: Callable, *args: Any) -> tf.Tensor:
    """Return a tensor for a result that is none: a constant or what a variable holds."""
    if is_variable(result):
        return tf.convert_to_tensor(result)
    if isinstance(result, (np.ndarray, np.generic)):
        raise TypeError(
            say(
                en=f"f returned {shown(result)}, a NumPy value, and the tape "
                "cannot see what NumPy does; use TensorFlow's functions inside f, such "
                "as tf.sin instead of np.sin",
                zh=f"f 返回的是 NumPy 的值 {shown(result)}，而梯度带看不见 NumPy 的计算；"
                "请在 f 里用 TensorFlow 的函数，例如用 tf.sin，不用 np.sin",
            )
        )
    if not isinstance(result, numbers.Real):
        raise TypeError(
            say(
                en=f"f returned {shown(result)}; it must return one tensor of "
                "real numbers (did it forget to return?)",
                zh=f"f 返回的是 {shown(result)}；它必须返回一个实数张量"
                "（是不是忘了写 return？）",
            )
        )
    if not _is_constant(f, *args):
        raise TypeError(
            say(
                en=f"f returned {result!r}, a Python number made from the value of its "
                "argument, and the tape cannot see what Python does; use TensorFlow's "
                "functions inside f, such as tf.sin instead of math.sin or float",
                zh=f"f 返回的是用自变量的值算出的 Python 数 {result!r}，而梯度带看不见 "
                "Python 的计算；请在 f 里用 TensorFlow 的函数，例如用 tf.sin，"
                "不用 math.sin 或 float",
            )
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
    except TypeError:
        if len(args) == 1:
            other_en = (
                "bind the others first, as in lambda x: f(x, other), or take all from one "
                "tensor, as in lambda p: f(p[0], p[1])"
            )
            other_zh = (
                "请先固定其余的参数，例如 lambda x: f(x, other)，"
                "或者都从一个张量里取，例如 lambda p: f(p[0], p[1])"
            )
        else:
            other_en = "for one that takes a vector, lambda x, y: f(tf.stack([x, y]))"
            other_zh = "接受向量的函数请写 lambda x, y: f(tf.stack([x, y]))"
        raise TypeError(
            say(
                en=f"f is called with {len(args)} argument{'s' * (len(args) != 1)}, but "
                f"takes {signature}; {other_en}",
                zh=f"调用 f 时给了 {len(args)} 个参数，而它的参数表是 {signature}；"
                f"{other_zh}",
            )
        ) from None
