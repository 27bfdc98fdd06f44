"""A function's arguments, made ready to be differentiated by."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.tape.record.sources import unwrapped


def has_whole_numbers(args: tuple) -> bool:
    """Tell whether there are whole numbers of Python's among the arguments."""
    return any(type(leaf) is int for leaf in tf.nest.flatten(args))


def as_tensors(argument: Any, *, keep_whole: bool = False) -> Any:
    """Make tensors of numbers; a list of nothing but numbers is one tensor."""
    if isinstance(argument, list) and _is_list_of_numbers(argument):
        return tf.constant(argument, tf.float32)
    return tf.nest.map_structure(
        lambda leaf: leaf if keep_whole and type(leaf) is int else _as_source(leaf),
        argument,
    )


def _is_list_of_numbers(argument: Any) -> bool:
    if isinstance(argument, list):
        return bool(argument) and all(_is_list_of_numbers(part) for part in argument)
    return isinstance(argument, (int, float)) and not isinstance(argument, bool)


def _as_source(leaf: Any) -> Any:
    """Make a tensor of a number; Python's whole numbers become floats."""
    leaf = unwrapped(leaf)
    if isinstance(leaf, (int, float)) and not isinstance(leaf, bool):
        return tf.constant(float(leaf))
    if isinstance(leaf, (np.ndarray, np.number)) and leaf.dtype.kind in "fiu":
        return tf.convert_to_tensor(leaf)
    return leaf


def is_number(leaf: Any) -> bool:
    """Tell tensors and variables of numbers from anything else."""
    return isinstance(leaf, (tf.Tensor, tf.Variable)) and (
        is_float(leaf) or leaf.dtype.is_integer
    )


def is_watched(leaf: Any) -> bool:
    """Tell whether a tape watches a tensor or variable by itself, or is made to."""
    return is_float(leaf) and getattr(leaf, "trainable", True)


def is_float(leaf: Any) -> bool:
    """Tell what can have a gradient by its dtype."""
    return leaf.dtype.is_floating or leaf.dtype.is_complex
