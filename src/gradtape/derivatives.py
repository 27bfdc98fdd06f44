"""Calculus on ``tf.GradientTape``: functions in, derivatives out.

A function is any Python callable on tensors, ``lambda x: x**4`` included. Numbers, lists
and NumPy arrays become tensors: floats keep their precision, whole numbers and Python
numbers become float32, which is what TensorFlow makes of ``3.0``. Where the result does
not depend on an input the derivative is 0, never None.

The derivatives are those of reverse-mode automatic differentiation; see A. Griewank and
A. Walther, *Evaluating Derivatives*, 2nd edition, SIAM 2008, chapters 3 and 10.
"""

from __future__ import annotations

import inspect
import numbers
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf


def derivatives(f: Callable, x: Any, order: int = 2) -> tf.Tensor:
    """Return f and its derivatives up to an order, at every point of x.

    One nested pass serves all points: tapes within tapes, as deep as the order. The
    work about doubles with every order.

    Parameters
    ----------
    f : callable
        A function of one variable that works on each number of a tensor by itself. It
        is called once.
    x : tensor, array, list or number
        The points, of any shape.
    order : int, default 2
        The highest derivative wanted, 0 or more.

    Returns
    -------
    tf.Tensor, shape (order + 1, *x.shape)
        Row 0 is f(x), row n its derivative of order n. The dtype is that of x.

    Raises
    ------
    TypeError
        If f cannot be called with x, or returns something that is no real tensor.
    ValueError
        If the order is negative, or f returns another shape than it was given.

    Examples
    --------
    >>> derivatives(lambda x: x**3, [1.0, 2.0], order=3).numpy()
    array([[ 1.,  8.],
           [ 3., 12.],
           [ 6., 12.],
           [ 6.,  6.]], dtype=float32)
    """
    if isinstance(order, bool) or not isinstance(order, numbers.Integral):
        raise TypeError(f"order is {order!r}; give a whole number, such as 2")
    if order < 0:
        raise ValueError(f"order is {order}; give 0 for f alone, or more")
    x = _as_float(x)
    return tf.stack(_nested(f, x, int(order)))


def _nested(f: Callable, x: tf.Tensor, order: int) -> list[tf.Tensor]:
    if order == 0:
        return [_elementwise(f, x)]
    with tf.GradientTape() as tape:
        tape.watch(x)
        rows = _nested(f, x, order - 1)
    return [*rows, tape.gradient(rows[-1], x, unconnected_gradients="zero")]


def _elementwise(f: Callable, x: tf.Tensor) -> tf.Tensor:
    y = _call(f, x)
    if y.shape != x.shape and y.shape.rank == 0:
        # A constant function says its one value for all points.
        return tf.broadcast_to(y, x.shape)
    if y.shape != x.shape:
        raise ValueError(
            f"f returned shape {y.shape} for points of shape {x.shape}; "
            "it must treat each point by itself (for a function of a whole vector, "
            "use gradtape.jacobian or gradtape.hessian)"
        )
    return y


def value_and_gradient(f: Callable, *args: Any) -> tuple[tf.Tensor, Any]:
    """Return f's value and its gradient with respect to each argument.

    Parameters
    ----------
    f : callable
        A function with one number as its result. It is called once.
    *args : tensor, variable, array, number, or a list, tuple or dict of these
        Where to differentiate. A list of nothing but numbers is one vector. Variables are differentiated where they are used.

    Returns
    -------
    value : tf.Tensor, shape ()
        f(*args).
    gradient : tf.Tensor or nested structure, or a tuple of these
        The gradient has the structure, the shapes and the dtypes of the argument. For
        several arguments it is a tuple, one gradient for each.

    Raises
    ------
    TypeError
        If f cannot be called so, or returns something that is no real tensor.
    ValueError
        If f returns more than one number.

    Examples
    --------
    >>> value, (dx, dy) = value_and_gradient(lambda x, y: 3 * x**2 + 2 * y, 2.0, 3.0)
    >>> print(value.numpy(), dx.numpy(), dy.numpy())
    18.0 12.0 2.0
    >>> _, gradient = value_and_gradient(lambda p: p["w"] ** 2 + p["b"], {"w": 3, "b": 1})
    >>> {name: float(slope) for name, slope in gradient.items()}
    {'w': 6.0, 'b': 1.0}
    """
    args = tuple(_as_sources(argument) for argument in args)
    with tf.GradientTape() as tape:
        for source in tf.nest.flatten(args):
            if isinstance(source, tf.Tensor):
                tape.watch(source)
        value = _call(f, *args)
    _require_scalar(value, "gradtape.jacobian")
    gradient = tape.gradient(value, args, unconnected_gradients="zero")
    gradient = tf.nest.map_structure(tf.convert_to_tensor, gradient)
    return value, gradient[0] if len(args) == 1 else gradient


def jacobian(f: Callable, x: Any) -> tf.Tensor:
    """Return the derivative of every result of f with respect to every entry of x.

    Parameters
    ----------
    f : callable
        A function of one tensor. It is called once.
    x : tensor, array, list or number
        Where to differentiate.

    Returns
    -------
    tf.Tensor, shape (*f(x).shape, *x.shape)
        The results come first: for vectors, entry [i, j] is the derivative of result i
        with respect to input j.

    Raises
    ------
    TypeError
        If f cannot be called with x, or returns something that is no real tensor.

    Examples
    --------
    >>> jacobian(lambda p: tf.stack([p[0] * p[1], p[0] ** 2, p[1]]), [2.0, 3.0]).numpy()
    array([[3., 2.],
           [4., 0.],
           [0., 1.]], dtype=float32)
    """
    x = _as_float(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = _call(f, x)
    return _jacobian_or_zero(tape, y, x)


def hessian(f: Callable, x: Any) -> tf.Tensor:
    """Return all second derivatives of a function with one number as its result.

    Parameters
    ----------
    f : callable
        A function of one tensor with one number as its result. It is called once.
    x : tensor, array, list or number
        Where to differentiate.

    Returns
    -------
    tf.Tensor, shape (*x.shape, *x.shape)
        For a vector x, entry [i, j] is the derivative by x[i] and x[j].

    Raises
    ------
    TypeError
        If f cannot be called with x, or returns something that is no real tensor.
    ValueError
        If f returns more than one number.

    Examples
    --------
    >>> hessian(lambda p: p[0] ** 2 * p[1], [1.0, 2.0]).numpy()
    array([[4., 2.],
           [2., 0.]], dtype=float32)
    """
    x = _as_float(x)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = _call(f, x)
        _require_scalar(y, "gradtape.derivatives for a function of single numbers")
        gradient = inner.gradient(y, x, unconnected_gradients="zero")
    return _jacobian_or_zero(outer, gradient, x)


def _jacobian_or_zero(tape: tf.GradientTape, y: tf.Tensor, x: tf.Tensor) -> tf.Tensor:
    result = tape.jacobian(y, x)
    if result is None:
        return tf.zeros([*y.shape, *x.shape], x.dtype)
    return result


@dataclass(frozen=True)
class GradientCheck:
    """How the tape's gradient compares with central differences.

    It is true where they agree; printed, it says which entry is furthest off.

    Attributes
    ----------
    agrees : bool
        Whether every entry is within the tolerance.
    entry : str
        The entry that is furthest off, such as ``"argument 0 [2]"``.
    tape : float
        The tape's derivative at that entry.
    difference : float
        The central difference at that entry.
    tolerance : float
        The distance allowed at that entry.
    """

    agrees: bool
    entry: str
    tape: float
    difference: float
    tolerance: float

    def __bool__(self) -> bool:
        """Return whether the two agree."""
        return self.agrees

    def __repr__(self) -> str:
        """Say the verdict with the entry that is furthest off."""
        off = abs(self.tape - self.difference)
        return (
            f"{'agrees' if self.agrees else 'DISAGREES'}: furthest off is {self.entry}, "
            f"tape {self.tape:.6g}, central difference {self.difference:.6g}, "
            f"off by {off:.1e} (allowed {self.tolerance:.1e})"
        )


def check_gradients(f: Callable, *args: Any) -> GradientCheck:
    """Compare the tape's gradient of f with central differences, entry by entry.

    Every entry is moved by the cube root of the machine epsilon, relative to its size,
    up and down; see Press et al., *Numerical Recipes*, 3rd edition, section 5.7. The
    comparison is made in float64 where f accepts it, else in the precision given.

    Parameters
    ----------
    f : callable
        A function with one number as its result. It is called twice for each entry.
    *args : tensor, array, number, or a list, tuple or dict of these
        Where to compare. Variables are moved only in a copy of their values.

    Returns
    -------
    GradientCheck
        True if the two agree, false if not; its text names the entry, both values and
        their distance.

    Raises
    ------
    TypeError, ValueError
        As for :func:`value_and_gradient`.

    Examples
    --------
    >>> check_gradients(lambda x, y: tf.sin(x) * y, 1.0, 2.0)
    agrees: furthest off is argument 0, tape 1.0806, central difference 1.0806, ...
    >>> @tf.custom_gradient
    ... def wrong_square(x):
    ...     return x**2, lambda upstream: upstream * x
    >>> bool(check_gradients(wrong_square, 3.0))
    False
    """
    args = tf.nest.map_structure(
        tf.convert_to_tensor, tuple(_as_sources(argument) for argument in args)
    )
    try:
        precise = tf.nest.map_structure(lambda leaf: tf.cast(leaf, tf.float64), args)
        _, gradient = value_and_gradient(f, *precise)
    except (TypeError, tf.errors.InvalidArgumentError):
        precise = args
        _, gradient = value_and_gradient(f, *precise)
    leaves = tf.nest.flatten(precise)
    slopes = tf.nest.flatten(gradient)
    names = _leaf_names(precise)

    worst, worst_ratio = None, -1.0
    for number, (leaf, slope, name) in enumerate(
        zip(leaves, slopes, names, strict=True)
    ):
        start = np.array(leaf)
        epsilon = float(np.finfo(leaf.dtype.as_numpy_dtype).eps)
        for index in np.ndindex(start.shape):
            step = epsilon ** (1 / 3) * max(1.0, abs(float(start[index])))
            values = []
            for sign in (1.0, -1.0):
                moved = start.copy()
                moved[index] += sign * step
                changed = [*leaves[:number], tf.constant(moved), *leaves[number + 1 :]]
                changed = tf.nest.pack_sequence_as(precise, changed)
                values.append(float(_call(f, *changed)))
            difference = (values[0] - values[1]) / (2.0 * step)
            taped = float(np.array(slope)[index])
            scale = max(1.0, abs(taped), abs(difference), abs(values[0]))
            tolerance = 10.0 * epsilon ** (2 / 3) * scale
            ratio = abs(taped - difference) / tolerance
            if not ratio <= worst_ratio:
                place = f"{name} {list(index)}" if index else name
                worst_ratio = ratio
                worst = GradientCheck(ratio <= 1.0, place, taped, difference, tolerance)
            if np.isnan(ratio):
                return worst
    if worst is None:
        raise ValueError("there is nothing to compare: the arguments hold no numbers")
    return worst


def _leaf_names(args: tuple) -> list[str]:
    """Name each leaf of the arguments: ``argument 0``, ``argument 1['w']``."""
    names = []
    for path, _ in _paths(args):
        head, *rest = path
        names.append(f"argument {head}" + "".join(f"[{key!r}]" for key in rest))
    return names


def _paths(structure: Any, path: tuple = ()) -> list[tuple[tuple, Any]]:
    if isinstance(structure, dict):
        # tf.nest flattens dictionaries in the order of their sorted keys.
        items = [(key, structure[key]) for key in sorted(structure)]
    elif isinstance(structure, (list, tuple)):
        items = list(enumerate(structure))
    else:
        return [(path, structure)]
    return [found for key, part in items for found in _paths(part, (*path, key))]


def _as_sources(argument: Any) -> Any:
    """Make float tensors of all but variables; a list of numbers is one tensor."""
    if _is_list_of_numbers(argument):
        return _as_float(argument)
    return tf.nest.map_structure(
        lambda leaf: leaf if _is_variable(leaf) else _as_float(leaf), argument
    )


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


def _as_float(x: Any) -> tf.Tensor:
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


def _call(f: Callable, *args: Any) -> tf.Tensor:
    """Return f(*args) as a real tensor, or say what is wrong with f."""
    if not callable(f):
        raise TypeError(
            f"f is {f!r}, which cannot be called; give a function such as "
            "lambda x: x**2, not its value"
        )
    try:
        inspect.signature(f).bind(*args)
    except TypeError as error:
        raise TypeError(
            f"f cannot take {len(args)} argument{'s' * (len(args) != 1)}: {error}; "
            "its arguments must be the points and nothing else"
        ) from None
    except ValueError:
        pass  # Some functions written in C have no signature to look at.
    result = f(*args)
    if isinstance(result, numbers.Real) and not isinstance(result, np.generic):
        dtypes = [tf.as_dtype(leaf.dtype) for leaf in tf.nest.flatten(args)]
        return tf.constant(result, dtype=dtypes[0] if dtypes else tf.float32)
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


def _require_scalar(value: tf.Tensor, alternative: str) -> None:
    if value.shape.rank != 0:
        raise ValueError(
            f"f returned shape {value.shape}, and a gradient belongs to one number; "
            f"sum or average in f, or use {alternative}"
        )
