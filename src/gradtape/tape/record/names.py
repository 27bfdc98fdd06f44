"""What the learner calls things: the names of arguments and of captured values."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf


def argument_names(f: Callable, args: tuple) -> list[tuple[str, Any]]:
    """Return every number, tensor or variable among the arguments with its name.

    Parameters
    ----------
    f : callable
        The function whose signature names the arguments.
    args : tuple
        Its arguments, which may be nested lists, tuples and dicts.

    Returns
    -------
    list of (str, object)
        In order; ``p["w"]`` is named ``p.w``, the first entry of a list ``p[0]``.

    Examples
    --------
    >>> argument_names(lambda x, p: x, (2.0, {"w": 3.0, "b": 1.0}))
    [('x', 2.0), ('p.b', 1.0), ('p.w', 3.0)]
    """
    return [
        named
        for name, value in zip(_parameters(f, args), args, strict=True)
        for named in _leaves(name, value)
    ]


def _parameters(f: Callable, args: tuple) -> list[str]:
    function = f.call if isinstance(f, tf.keras.layers.Layer) else f
    try:
        bound = inspect.signature(function).bind(*args).arguments
        kinds = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return ["x"] if len(args) == 1 else [f"x{n}" for n in range(1, len(args) + 1)]
    names = []
    for name, value in bound.items():
        if kinds[name].kind is not inspect.Parameter.VAR_POSITIONAL:
            names.append(name)
        else:
            several = len(value) > 1
            names += [f"{name}[{n}]" if several else name for n in range(len(value))]
    return names


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key in sorted(value):
            yield from _leaves(f"{name}.{key}", value[key])
    elif isinstance(value, tf.SparseTensor):
        yield f"{name}.values", value.values
    elif isinstance(value, tf.RaggedTensor):
        yield f"{name}.flat_values", value.flat_values
    elif isinstance(value, (list, tuple)):
        for number, part in enumerate(value):
            yield from _leaves(f"{name}[{number}]", part)
    else:
        yield name, value


def distinct(named: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Return names and variables; two of one name by their longer names."""
    names = [name for name, _ in named]
    names = [
        name if names.count(name) == 1 else value.name.removesuffix(":0")
        for name, value in named
    ]
    return [
        (
            name
            if names.count(name) == 1
            else f"{name} ({names[: n + 1].count(name)})",
            v,
        )
        for n, (name, (_, v)) in enumerate(zip(names, named, strict=True))
    ]


class Captured:
    """Finds the name under which a function knows a value from outside."""

    def __init__(
        self, f: Callable, code: Iterable[tuple[types.CodeType, dict[str, Any]]]
    ):
        found = dict(_closure(f))
        for each, names in code:
            found |= {name: names[name] for name in each.co_names if name in names}
        owner = getattr(f, "__self__", f)
        found |= {
            name: value
            for name, value in getattr(owner, "__dict__", {}).items()
            if not name.startswith("_")
        }
        self._by_identity = {id(value): name for name, value in found.items()}
        self._arrays = [
            (name, np.asarray(value))
            for name, value in found.items()
            if isinstance(value, (np.ndarray, list, tuple)) and _is_numeric(value)
        ]

    def name(self, value: Any) -> str:
        """Return the name of a tensor, variable or array, or an empty string."""
        if name := self._by_identity.get(id(value)):
            return name
        if isinstance(value, tf.Variable):
            own = value.name.removesuffix(":0")
            return "" if own == "Variable" else "/".join(own.split("/")[-2:])
        for name, array in self._arrays:
            if array.shape == np.shape(value) and np.array_equal(
                array.astype(np.float32), np.asarray(value, np.float32)
            ):
                return name
        return ""


def _closure(f: Callable) -> Iterator[tuple[str, Any]]:
    function = inspect.unwrap(getattr(f, "python_function", f))
    function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None)
    for name, cell in zip(
        getattr(code, "co_freevars", ()),
        getattr(function, "__closure__", None) or (),
        strict=True,
    ):
        try:
            yield name, cell.cell_contents
        except ValueError:
            pass  # The name has no value yet.


def _is_numeric(value: Any) -> bool:
    try:
        array = np.asarray(value)
    except ValueError:
        return False  # Lists of different lengths.
    return array.dtype.kind in "fiu" and array.ndim > 0
