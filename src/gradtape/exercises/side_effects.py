"""Whether a call has changed its arguments, or a variable that lies around it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.exercises import sentences
from gradtape.exercises.words import Words


class Reached:
    """The arguments and variables that a function can reach, as they were before.

    Parameters
    ----------
    f : callable
        The function; variables are those that its code names.
    values : tuple
        Its arguments.
    with_variables : bool
        Whether variables count, or NumPy's arrays alone.
    """

    def __init__(self, f: Callable, values: tuple[Any, ...], *, with_variables: bool):
        kinds = (np.ndarray, tf.Variable) if with_variables else np.ndarray
        reached = [
            (sentences.ARGUMENT(number=place), value)
            for place, value in enumerate(tf.nest.flatten(values), 1)
        ]
        reached += [(f"`{name}`", value) for name, value in _outer_names(f).items()]
        self._kept = [
            (name, value, _copied(value))
            for name, value in reached
            if isinstance(value, kinds)
        ]

    def put_back(self) -> Words | str | None:
        """Give everything its old value; return the name of one that was changed."""
        found = None
        for name, value, old in self._kept:
            if np.array_equal(_copied(value), old, equal_nan=old.dtype.kind == "f"):
                continue
            found = found or name
            if isinstance(value, tf.Variable):
                value.assign(old)
            else:
                value[...] = old
        return found


def _copied(value: np.ndarray | tf.Variable) -> np.ndarray:
    return value.numpy().copy() if isinstance(value, tf.Variable) else value.copy()


def _outer_names(f: Callable) -> dict[str, Any]:
    try:
        outer = inspect.getclosurevars(f)
    except (TypeError, ValueError):
        return {}  # no Python function, or one that uses a name before it has a value
    return {**outer.globals, **outer.nonlocals}
