"""Values as plain data: how answers travel between the sandbox and the judge.

What is sent is JSON and nothing else, so that reading it runs no code of the sender's.
Each value is a list whose first entry names its kind. Whatever does not fit a kind is
sent as the name of its type. What was read is checked: kinds, sizes and shapes.
"""

from __future__ import annotations

import base64
import math
import numbers
from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np
import tensorflow as tf

from gradtape.classroom.sandbox import figures

_DTYPES = {
    **{
        np.dtype(name).name: np.dtype(name)
        for name in (
            *("bool", "int8", "int16", "int32", "int64"),
            *("uint8", "uint16", "uint32", "uint64"),
            *("float16", "float32", "float64", "complex64", "complex128"),
        )
    },
    "bfloat16": np.dtype(ml_dtypes.bfloat16),
}
_MOST_NUMBERS = 200_000
_LARGEST_SHAPE = 2**40
_MOST_PARTS = 2_000
_DEEPEST = 8
_LONGEST_TEXT = 10_000
_LARGEST_INTEGER = 2**63


class NotUnderstood(ValueError):
    """What was sent is no value; the message says why."""


def encode(value: Any, function: Callable[[Any], Any] | None = None) -> list:
    """Return a value as plain data.

    Parameters
    ----------
    value : object
        Anything. Numbers, texts, arrays, tensors, variables, figures, and lists of them
        arrive as what they are.
    function : callable, optional
        Returns the data that stands for a function. Without it, a function is sent as
        the name of its type.

    Examples
    --------
    >>> encode((1.5, None, "text"))
    ['tuple', [['float', 1.5], ['none'], ['text', 'text']]]
    """
    return _encoded(value, function, _DEEPEST)


def _encoded(value: Any, function: Callable | None, depth: int) -> list:
    if value is None:
        return ["none"]
    if value is ...:
        return ["dots"]
    if isinstance(value, bool):
        return ["bool", value]
    if type(value) is int and abs(value) < _LARGEST_INTEGER:
        return ["int", value]
    if isinstance(value, str):
        return ["text", value[:_LONGEST_TEXT].encode(errors="replace").decode()]
    if isinstance(value, np.ndarray) and value.dtype == object:
        value = value.tolist()  # an array of Axes, as plt.subplots gives it
    if isinstance(value, (tuple, list)):
        if depth == 0 or len(value) > _MOST_PARTS:
            return ["large", [len(value)]]
        kind = "tuple" if isinstance(value, tuple) else "list"
        return [kind, [_encoded(part, function, depth - 1) for part in value]]
    for kind, array in _arrays(value):
        if isinstance(array, (np.ndarray, np.generic)):
            return _encoded_array(kind, np.asarray(array))
    if isinstance(value, numbers.Real) and not isinstance(value, int):
        return ["float", float(value)]
    if isinstance(value, complex):
        return ["complex", value.real, value.imag]
    if (drawn := figures.described(value)) is not None:
        return ["axes", drawn]
    if callable(value) and function is not None:
        return ["function", function(value)]
    return ["other", type(value).__name__[:100]]


def _arrays(value: Any):
    """Give the kind and the numbers of an array, a tensor or a variable."""
    inner = getattr(value, "value", None)
    variable = inner if isinstance(inner, tf.Variable) else value
    try:
        if isinstance(variable, tf.Variable):
            yield "variable", variable.numpy()
        elif isinstance(value, tf.IndexedSlices):
            yield "tensor", tf.convert_to_tensor(value).numpy()
        elif isinstance(value, tf.Tensor):
            yield "tensor", np.asarray(value.numpy())
        elif isinstance(value, (np.ndarray, np.generic)):
            yield "array", np.asarray(value)
    except (AttributeError, NotImplementedError, TypeError, ValueError):
        return  # a tensor of a graph has no numbers


def _encoded_array(kind: str, array: np.ndarray) -> list:
    if array.dtype.name not in _DTYPES:
        return ["other", f"{kind} of {array.dtype.name}"[:100]]
    if array.size > _MOST_NUMBERS:
        return ["large", list(array.shape)]
    raw = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    return [kind, array.dtype.name, list(array.shape), raw]


def decode(data: Any, function: Callable[[Any], Any] | None = None) -> Any:
    """Return the value that plain data stands for.

    Parameters
    ----------
    data : object
        What JSON gave.
    function : callable, optional
        Makes a function of the data that stands for one.

    Raises
    ------
    NotUnderstood
        If it is no value, whatever else it is.

    Examples
    --------
    >>> decode(encode((1.5, None, "text")))
    (1.5, None, 'text')
    """
    try:
        return _decoded(data, function, _DEEPEST)
    except NotUnderstood:
        raise
    except Exception as error:  # noqa: BLE001 - whatever was sent, it is refused
        raise NotUnderstood(f"{type(error).__name__}: {error}") from None


def _decoded(data: Any, function: Callable | None, depth: int) -> Any:
    if not isinstance(data, list) or not data or depth < 0:
        raise NotUnderstood("a value is a list that begins with its kind")
    kind, *rest = data
    if kind in ("tuple", "list"):
        (parts,) = rest
        if not isinstance(parts, list) or len(parts) > _MOST_PARTS:
            raise NotUnderstood("a list has at most {_MOST_PARTS} parts")
        values = [_decoded(part, function, depth - 1) for part in parts]
        return tuple(values) if kind == "tuple" else values
    if kind in ("array", "tensor", "variable"):
        return _decoded_array(kind, *rest)
    if kind == "function" and function is not None:
        return function(*rest)
    return _SIMPLE[kind](*rest)


def _decoded_array(kind: str, dtype: str, shape: list, raw: str) -> Any:
    content = base64.b64decode(raw, validate=True)
    _require_shape(shape)
    if math.prod(shape) > _MOST_NUMBERS:
        raise NotUnderstood(f"{shape} is too large")
    array = np.frombuffer(content, _DTYPES[dtype]).reshape(shape).copy()
    if kind == "tensor":
        return tf.constant(array)
    return tf.Variable(array) if kind == "variable" else array


def _require_shape(shape: Any) -> None:
    if not isinstance(shape, list) or len(shape) > 16:
        raise NotUnderstood("a shape is a list of at most 16 lengths")
    if not all(type(n) is int and 0 <= n < _LARGEST_SHAPE for n in shape):
        raise NotUnderstood(f"{shape} is no shape")


def _large(shape: list) -> np.ndarray:
    """Return an array that has a shape and takes no room."""
    _require_shape(shape)
    return np.broadcast_to(np.zeros(()), shape)


def _of_type(kind: type) -> Callable[[Any], Any]:
    def checked(value: Any) -> Any:
        if type(value) is not kind:
            raise NotUnderstood(f"{kind.__name__} expected")
        return value

    return checked


def _text(value: Any) -> str:
    return _of_type(str)(value)[:_LONGEST_TEXT]


def _other(name: Any) -> Any:
    """Return a thing of a type that has this name and nothing else."""
    return type(_text(name)[:100].replace("\0", ""), (), {})()


_SIMPLE: dict[str, Callable[..., Any]] = {
    "none": lambda: None,
    "dots": lambda: ...,
    "bool": _of_type(bool),
    "int": lambda n: max(-_LARGEST_INTEGER, min(_of_type(int)(n), _LARGEST_INTEGER)),
    "float": lambda x: float(x),
    "complex": lambda re, im: complex(float(re), float(im)),
    "text": _text,
    "large": _large,
    "axes": lambda drawn: figures.redrawn(drawn),
    "other": _other,
}
