"""Calculus on ``tf.GradientTape``: functions in, derivatives out.

A function is any Python callable on tensors, ``lambda x: x**4`` included. Numbers, lists
and NumPy arrays become tensors: floats keep their precision, whole numbers and Python
numbers become float32, which is what TensorFlow makes of ``3.0``. Where the result does
not depend on an input the derivative is 0, never None.

The derivatives are those of reverse-mode automatic differentiation; see A. Griewank and
A. Walther, *Evaluating Derivatives*, 2nd edition, SIAM 2008, chapters 3 and 10.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.calculus.compiled.program import (
    Compiled,
    record_derivatives,
    run_compiled,
)
from gradtape.calculus.inputs import (
    as_float_tensor,
    as_sources,
    call,
    call_elementwise,
    require_one_number,
    require_order,
)
from gradtape.calculus.on_tape import (
    has_slope,
    require_gradient_on_tape,
    require_rows_on_tape,
)
from gradtape.clear_errors import clear_errors
from gradtape.language import say

_MOST_ROWS_IN_TURN = 32
_MOST_ENTRIES = 100_000_000  # 400 MB of float32
_HIGHEST_BY_TAPES = 10


@clear_errors("derivatives(lambda x: x**2, [1.0, 2.0])")
def derivatives(f: Callable, x: Any, order: int = 2) -> tf.Tensor:
    """Return f and its derivatives up to an order, at every point of x.

    One pass serves all points. The first time, up to order 4, it is made of tapes
    within tapes, as deep as the order. The second time, and from order 5 on, f is
    recorded as a graph, and Taylor series are carried through it; the recorded program
    then runs again, without f, for as long as nothing changes that f reads.

    Parameters
    ----------
    f : callable
        A function of one variable that works on each number of a tensor by itself. It
        may be called once, twice or not at all, so it should do nothing but compute.
    x : tensor, array, list or number
        The points, of any shape.
    order : int, default 2
        The highest derivative wanted, 0 or more.

    Returns
    -------
    tf.Tensor, shape ``(order + 1, *x.shape)``
        Row 0 is f(x), row n its derivative of order n. The dtype is that of x.

    Raises
    ------
    TypeError
        If f cannot be called with x, or returns something that is no real tensor.
    ValueError
        If the order is negative, or f returns another shape than it was given.
    LookupError
        If f uses an operation that TensorFlow cannot differentiate so often.

    Notes
    -----
    The work of nested tapes about doubles with every order, that of the series grows
    with its square. Where f uses operations that work on more than one number at a
    time (a Keras layer, a reshaping), tapes do all orders.

    Examples
    --------
    >>> derivatives(lambda x: x**3, [1.0, 2.0], order=3).numpy()
    array([[ 1.,  8.],
           [ 3., 12.],
           [ 6., 12.],
           [ 6.,  6.]], dtype=float32)
    """
    order = require_order(order)
    x = as_float_tensor(x)
    if not tf.executing_eagerly():
        return record_derivatives(f, x, order)
    rows, is_without_suspects = _rows(f, x, order)
    if not (is_without_suspects and has_slope(rows)):
        require_rows_on_tape(f, x, rows, lambda x, order: _rows_by_tapes(f, x, order))
    return rows


def derivatives_unchecked(f: Callable, x: tf.Tensor, order: int) -> tf.Tensor:
    """Return the derivatives as the tape has them, though f may have left it."""
    return _rows(f, x, order).rows


def _rows(f: Callable, x: tf.Tensor, order: int) -> Compiled:
    """Return the derivatives by a program or by tapes."""
    compiled = run_compiled(f, x, order)
    if compiled is not None:
        return compiled
    if order > _HIGHEST_BY_TAPES:
        raise ValueError(
            say(
                en=f"order is {order}, and f uses operations for which only nested tapes "
                f"do, whose work doubles with each order; give {_HIGHEST_BY_TAPES} at most",
                zh=f"order 是 {order}，而 f 里有只能用嵌套梯度带求导的运算，每高一阶计算量"
                f"翻一倍；最多给 {_HIGHEST_BY_TAPES}",
            )
        )
    try:
        rows = tf.stack(_rows_by_tapes(f, x, order))
    except LookupError as error:
        compiled = run_compiled(f, x, order, at_once=True)
        if compiled is None:
            raise LookupError(
                say(
                    en=f"TensorFlow cannot differentiate f so often ({error}); write f "
                    "with other operations, or give the gradient with tf.custom_gradient",
                    zh=f"TensorFlow 不能对 f 求这么多次导（{error}）；请改用别的运算，"
                    "或用 tf.custom_gradient 给出梯度",
                )
            ) from error
        return compiled
    if _lacks_derivatives(rows):
        compiled = run_compiled(f, x, order, at_once=True)
    return Compiled(rows, False) if compiled is None else compiled


def _rows_by_tapes(f: Callable, x: tf.Tensor, order: int) -> list[tf.Tensor]:
    if order == 0:
        return [call_elementwise(f, x)]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        rows = _rows_by_tapes(f, x, order - 1)
    return [*rows, tape.gradient(rows[-1], x, unconnected_gradients="zero")]


def _lacks_derivatives(rows: tf.Tensor) -> bool:
    """Return whether a derivative is NaN at a point where f itself is not."""
    values = rows.numpy()
    if len(values) == 1 or not np.isnan(values.min(initial=0)):
        return False  # which is quick, because min passes NaN on
    missing = np.isnan(values)
    return bool((missing[1:] & ~missing[0]).any())


@clear_errors("value_and_gradient(lambda x, y: x * y, 2.0, 3.0)")
def value_and_gradient(f: Callable, *args: Any) -> tuple[tf.Tensor, Any]:
    """Return f's value and its gradient with respect to each argument.

    Parameters
    ----------
    f : callable
        A function with one number as its result. It is called once.
    *args : tensor, variable, array, number, or a list, tuple or dict of these
        Where to differentiate, a Keras model's list of variables included. A list of
        nothing but numbers is one vector.

    Returns
    -------
    value : tf.Tensor, shape ()
        ``f(*args)``.
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
    args = tuple(as_sources(argument) for argument in args)
    value, slopes = value_and_slopes(f, args)
    leaves = tf.nest.flatten(args)

    def value_at(leaves: list) -> tf.Tensor:
        return call(f, *tf.nest.pack_sequence_as(args, leaves))

    def slopes_at(leaves: list) -> list[tf.Tensor | None]:
        return value_and_slopes(f, tf.nest.pack_sequence_as((*args,), leaves))[1]

    require_gradient_on_tape(f, args, leaves, slopes, value_at, slopes_at)
    gradient = tf.nest.pack_sequence_as(
        args,
        [
            tf.zeros_like(leaf) if slope is None else tf.convert_to_tensor(slope)
            for leaf, slope in zip(leaves, slopes, strict=True)
        ],
    )
    return value, gradient[0] if len(args) == 1 else gradient


def value_and_slopes(
    f: Callable, args: tuple
) -> tuple[tf.Tensor, list[tf.Tensor | None]]:
    """Return f's value, and what the tape gives for each leaf of its arguments."""
    leaves = tf.nest.flatten(args)
    with tf.GradientTape() as tape:
        for source in leaves:
            if isinstance(source, tf.Tensor):
                tape.watch(source)
        value = call(f, *args)
    require_one_number(value, "gradtape.jacobian")
    return value, tape.gradient(value, leaves)


@clear_errors("jacobian(lambda x: x**2, [1.0, 2.0])")
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
    tf.Tensor, shape ``(*f(x).shape, *x.shape)``
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
    x = as_float_tensor(x)
    y, table = _value_and_jacobian(f, x)
    require_gradient_on_tape(
        f,
        (x,),
        [x],
        [table],
        lambda leaves: call(f, *leaves),
        lambda leaves: [_value_and_jacobian(f, *leaves)[1]],
    )
    return _zeros(y, x) if table is None else table


def _value_and_jacobian(
    f: Callable, x: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor | None]:
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = call(f, x)
    return y, _jacobian_or_none(tape, y, x)


@clear_errors("hessian(lambda p: p[0] ** 2 * p[1], [1.0, 2.0])")
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
    tf.Tensor, shape ``(*x.shape, *x.shape)``
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
    x = as_float_tensor(x)

    def slopes_of(leaves: list) -> list[tf.Tensor | None]:
        return value_and_slopes(f, tuple(leaves))[1]

    def table_of(leaves: list) -> tuple[tf.Tensor | None, tf.Tensor | None]:
        (x,) = leaves
        with tf.GradientTape(persistent=True) as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = call(f, x)
            require_one_number(
                y, "gradtape.derivatives for a function of single numbers"
            )
            slope = inner.gradient(y, x)
            gradient = tf.zeros_like(x) if slope is None else slope
        return slope, _jacobian_or_none(outer, gradient, x)

    slope, table = table_of([x])
    require_gradient_on_tape(
        f, (x,), [x], [slope], lambda leaves: call(f, *leaves), slopes_of
    )
    if slope is not None:
        require_gradient_on_tape(
            f,
            (x,),
            [x],
            [table],
            lambda leaves: slopes_of(leaves)[0],
            lambda leaves: [table_of(leaves)[1]],
        )
    return _zeros(x, x) if table is None else table


def _zeros(y: tf.Tensor, x: tf.Tensor) -> tf.Tensor:
    return tf.zeros([*y.shape, *x.shape], x.dtype)


def _require_small(rows: int, columns: int) -> None:
    """Refuse a table that would fill the memory of an ordinary computer."""
    if rows * columns > _MOST_ENTRIES:
        raise ValueError(
            say(
                en=f"{rows:,} results by {columns:,} inputs are {rows * columns:,} "
                f"derivatives, more than {_MOST_ENTRIES:,}; take fewer at a time, or a "
                "product with one vector: tape.gradient(y, x, output_gradients=...)",
                zh=f"{rows:,} 个结果对 {columns:,} 个输入，共 {rows * columns:,} 个导数，"
                f"超过了 {_MOST_ENTRIES:,}；请一次少取一些，或只求与一个向量的乘积："
                "tape.gradient(y, x, output_gradients=...)",
            )
        )


def _jacobian_or_none(
    tape: tf.GradientTape, y: tf.Tensor, x: tf.Tensor
) -> tf.Tensor | None:
    # All rows at once means tracing a program, at each call anew: TensorFlow warns of it,
    # and for a few rows it takes longer than one after the other.
    rows = y.shape.num_elements()
    _require_small(rows or 0, x.shape.num_elements() or 0)
    at_once = not rows or rows > _MOST_ROWS_IN_TURN
    return tape.jacobian(y, x, experimental_use_pfor=at_once)
