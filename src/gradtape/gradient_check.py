"""The tape's gradient against central differences, entry by entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape._arguments import as_sources, call
from gradtape.derivatives import value_and_gradient


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
        tf.convert_to_tensor, tuple(as_sources(argument) for argument in args)
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
                values.append(float(call(f, *changed)))
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
