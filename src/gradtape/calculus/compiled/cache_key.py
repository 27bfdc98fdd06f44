"""What a function's answer depends on, as a key that changes when the answer may.

A compiled function holds on to what Python looked like when it was traced. To run it
again in place of f is right only while everything that f reads is unchanged: its code,
its defaults, the variables it closes over, the globals it names, and the same of every
function that it calls. A fingerprint holds all of these by value; variables and tensors
of TensorFlow it holds by identity, because a graph reads them anew at each run.

Whatever cannot be seen through (an object of some class, a generator of random numbers,
a file) has no fingerprint, nor has a function that changes something which it need not
read: such an f is never taken from a cache. One that changes what it reads shows itself
by another fingerprint after the call.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.learner_code.reads import cells_of, reads_of, value_read

# Beyond this much, looking at what f reads takes longer than running it.
_MOST_PARTS = 500
_MOST_BYTES = 65536

_PLAIN = {type(None), bool, int, str, bytes, range, type(Ellipsis), tf.DType}
_PURE_BUILTINS = {
    *(bool, complex, dict, float, int, list, range, slice, tuple),
    *(enumerate, map, reversed, zip),
    *(abs, all, any, divmod, isinstance, len, max, min, pow, round, sorted, sum),
}
_PURE_LIBRARIES = {"_functools", "_operator", "itertools", "math"}

# TensorFlow's functions record operations, which run each time that the graph runs.
_TENSORFLOW = "tensorflow.python.ops."
_TENSORFLOW_BESIDES = {
    "tensorflow.python.framework.constant_op",
    "tensorflow.python.framework.tensor_conversion",
}
# These run Python or make variables.
_NOT_IN_TENSORFLOW = ("script_ops", "variable")


def fingerprint(f: Callable) -> Hashable | None:
    """Return a key of all that f's answer depends on, or None if it cannot be told.

    Equal keys mean that f gives the same answer to the same input, apart from what
    TensorFlow's variables hold. The key keeps alive the tensors and variables in it.
    """
    try:
        return _Reader().key(f)
    except _Opaque:
        return None


class _Opaque(Exception):
    """Something was met that cannot be seen through."""


class _Same:
    """Stands for an object in a key: equal only to the very same object."""

    __slots__ = ("_object",)

    def __init__(self, thing: object):
        self._object = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._object is other._object

    def __hash__(self) -> int:
        return id(self._object)


class _Reader:
    """Makes the key of one function, looking at each function it meets once."""

    def __init__(self):
        self._functions = {}
        self._parts = 0

    def key(self, value: Any, attributes: frozenset[str] = frozenset()) -> Hashable:
        """Return the key of a value of which code reads these attributes."""
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise _Opaque
        kind = type(value)
        if kind in _PLAIN or isinstance(value, np.dtype):
            return kind, value
        if kind in (float, complex):
            # 0.0 and -0.0 are equal, but 1 / x tells them apart.
            return kind, repr(value)
        if kind in (tuple, list):
            return kind, *(self.key(part, attributes) for part in value)
        if kind is dict:
            return kind, *(self.key(item, attributes) for item in value.items())
        if kind is np.ndarray or isinstance(value, np.generic):
            if value.dtype.hasobject or value.nbytes > _MOST_BYTES:
                raise _Opaque
            return kind, value.dtype.str, value.shape, value.tobytes()
        if _is_tensor_or_variable(value):
            # A graph reads its values anew, but not what a user has hung onto it.
            if not attributes.isdisjoint(getattr(value, "__dict__", ())):
                raise _Opaque
            return _Same(value)
        return self._key_of_callable(value)

    def _key_of_callable(self, value: Any) -> Hashable:
        kind = type(value)
        module = getattr(value, "__module__", None) or ""
        if kind is types.FunctionType:
            return (
                _Same(value) if _is_operation(module) else self._key_of_function(value)
            )
        if isinstance(value, tf.types.experimental.PolymorphicFunction):
            return _Same(value)  # what it reads of Python it has frozen by itself
        if kind is functools.partial:
            return kind, self.key([value.func, value.args, value.keywords])
        if kind in (types.BuiltinFunctionType, type) and (
            value in _PURE_BUILTINS or module in _PURE_LIBRARIES
        ):
            return _Same(value)
        if kind is np.ufunc and getattr(np, value.__name__, None) is value:
            return _Same(value)
        raise _Opaque

    def _key_of_function(self, f: types.FunctionType) -> Hashable:
        if f in self._functions:
            return "again", self._functions[f]
        self._functions[f] = len(self._functions)
        code = f.__code__
        found = reads_of(code)
        if not found.is_pure or f.__dict__:
            raise _Opaque
        cells = cells_of(f)
        parts = [self.key([f.__defaults__, f.__kwdefaults__], found.attributes)]
        for read in found.reads:
            try:
                value = value_read(read, f.__globals__, cells)
            except ValueError:  # not assigned yet
                raise _Opaque from None
            parts.append((read, self.key(value, found.attributes)))
        return code, *parts


def _is_operation(module: str) -> bool:
    return module in _TENSORFLOW_BESIDES or (
        module.startswith(_TENSORFLOW)
        and not any(part in module for part in _NOT_IN_TENSORFLOW)
    )


def _is_tensor_or_variable(value: Any) -> bool:
    module = type(value).__module__
    if module.startswith("keras."):
        return isinstance(getattr(value, "value", None), tf.Variable)
    return module.startswith("tensorflow.") and isinstance(
        value, (tf.Tensor, tf.Variable)
    )
