"""A function's arguments, made ready to be differentiated by."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.language import say
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
    if isinstance(leaf, complex) and not isinstance(leaf, np.number):
        return tf.constant(leaf, tf.complex64)
    if isinstance(leaf, (np.ndarray, np.number)) and leaf.dtype.kind in "fiuc":
        return tf.convert_to_tensor(leaf)
    return leaf


def tangents_of(sources: list, args: tuple, tangents: Any) -> list[tf.Tensor]:
    """Return a tangent for each source, in its shape and dtype.

    Parameters
    ----------
    sources : list of tf.Tensor or tf.Variable
        The numbers among the arguments.
    args : tuple
        The arguments.
    tangents : tensor, array, number, or nested structure of these
        For one argument its tangent, for several a sequence with one for each.

    Returns
    -------
    list of tf.Tensor
        The tangents.

    Raises
    ------
    ValueError
        If there are more or fewer than sources, or one has another shape.
    """
    has_one_each = len(args) != 1 and isinstance(tangents, (list, tuple))
    each = tangents if has_one_each else [tangents]
    leaves = tf.nest.flatten([as_tensors(tangent) for tangent in each])
    if len(leaves) != len(sources):
        raise ValueError(
            say(
                en=f"{len(leaves)} tangents for {len(sources)} arguments; give one for "
                "each, such as tangents=(1.0, 0.0) for two",
                zh=f"{len(sources)} 个参数却给了 {len(leaves)} 个切向量；请每个参数给"
                "一个，例如两个参数时写 tangents=(1.0, 0.0)",
            )
        )
    found = []
    for leaf, source in zip(leaves, sources, strict=True):
        tangent = tf.cast(leaf, source.dtype)
        if tangent.shape != source.shape:
            raise ValueError(
                say(
                    en=f"a tangent of shape {tangent.shape} for an argument of shape "
                    f"{source.shape}; give both the same shape",
                    zh=f"参数的形状是 {source.shape}，切向量的形状却是 "
                    f"{tangent.shape}；两者的形状要相同",
                )
            )
        found.append(tangent)
    return found


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
