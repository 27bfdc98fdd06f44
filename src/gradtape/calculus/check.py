"""The tape's gradient against central differences, entry by entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.calculus.derivatives import value_and_slopes
from gradtape.calculus.inputs import as_sources, call, is_variable
from gradtape.clear_errors import clear_errors
from gradtape.language import say

_CALLS, _MORE_CALLS = 5, 20
_CLEARLY_SAME = 0.1  # of the distance that is allowed
_ROUNDING = 100  # units of the last digit


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
        return say(
            en=f"{'agrees' if self.agrees else 'DISAGREES'}: furthest off is "
            f"{self.entry}, tape {self.tape:.6g}, central difference "
            f"{self.difference:.6g}, off by {off:.2g} (allowed {self.tolerance:.2g})",
            zh=f"{'一致' if self.agrees else '不一致'}：相差最大的是{self.entry}："
            f"梯度带 {self.tape:.6g}，中心差分 {self.difference:.6g}，"
            f"相差 {off:.2g}（允许误差 {self.tolerance:.2g}）。",
        )


@clear_errors("check_gradients(lambda x, y: x * y, 2.0, 3.0)")
def check_gradients(f: Callable, *args: Any) -> GradientCheck:
    """Compare the tape's gradient of f with central differences, entry by entry.

    Every entry is moved by the cube root of the machine epsilon, relative to its size,
    up and down; see Press et al., *Numerical Recipes*, 3rd edition, section 5.7. Where
    the two disagree, steps of twice the length tell how far the difference itself is
    off, and that is allowed for. The comparison is made in float64 where f
    calculates so, else in f's own precision.

    Parameters
    ----------
    f : callable
        A function with one number as its result. It is called twice for each entry, four
        times where the two seem to disagree, and a few times at the place itself.
    *args : tensor, variable, array, number, or a list, tuple or dict of these
        Where to compare, a Keras model's list of variables included. A variable is
        moved in place, in its own precision, and put back.

    Returns
    -------
    GradientCheck
        True if the two agree, false if not; its text names the entry, both values and
        their distance.

    Raises
    ------
    TypeError
        If f cannot be called so, or returns something that is no real tensor.
    ValueError
        If f returns more than one number, or another one when it is called again, or the
        arguments hold no numbers at all.

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
    args = _in_float64(f, tuple(as_sources(argument) for argument in args))
    value, slopes = value_and_slopes(f, args)
    _require_same(f, args, value, calls=_CALLS)
    slopes = [
        np.zeros(leaf.shape) if slope is None else tf.convert_to_tensor(slope).numpy()
        for leaf, slope in zip(tf.nest.flatten(args), slopes, strict=True)
    ]
    entries = [
        _check_entry(f, args, leaf, name, index, float(slope[index]))
        for leaf, (name, slope) in enumerate(
            zip(_leaf_names(args), slopes, strict=True)
        )
        for index in np.ndindex(slope.shape)
    ]
    if not entries:
        raise ValueError(
            say(
                en="there is nothing to compare: the arguments hold no numbers; give at "
                "least one, such as check_gradients(f, 1.0)",
                zh="没有可比较的：自变量里没有数；请至少给一个，例如 check_gradients(f, 1.0)",
            )
        )
    worst = max(entries, key=_distance)
    if _distance(worst) > _CLEARLY_SAME:
        # A function that draws seldom gives the same now and then.
        _require_same(f, args, value, calls=_MORE_CALLS)
    return worst


def _require_same(f: Callable, args: tuple, before: tf.Tensor, calls: int) -> None:
    """Say that f gives another value at the same place, if it does."""
    value = float(before)
    # Sums in another order differ in the last digits.
    allowed = _ROUNDING * float(np.spacing(np.ones((), before.dtype.as_numpy_dtype)))
    for _ in range(calls):
        again = float(call(f, *args))
        if not np.isclose(value, again, allowed, allowed, equal_nan=True):
            raise ValueError(
                say(
                    en=f"f gave {value:.9g} and then {again:.9g} at the same place, so "
                    "there is no difference to compare with: it draws random numbers, or "
                    "changes something that it uses; draw them before, or each time from "
                    "the same seed (tf.random.stateless_normal), and call a model with "
                    "training=False",
                    zh=f"在同一点上，f 先给出 {value:.9g}，再给出 {again:.9g}，差分就无从比较："
                    "它用了随机数，或改变了自己用到的东西；请先抽好随机数，或每次用同一个种子"
                    "（tf.random.stateless_normal），模型请用 training=False 调用",
                )
            )


def _in_float64(f: Callable, args: tuple) -> tuple:
    """Return the arguments in float64, where f calculates so and none is a variable.

    A Keras layer takes float64 and makes float32 of it.
    """
    if any(is_variable(leaf) for leaf in tf.nest.flatten(args)):
        return args
    precise = _cast(args, tf.float64)
    try:
        return _cast(args, call(f, *precise).dtype)
    except (TypeError, tf.errors.InvalidArgumentError):
        return args


def _cast(args: tuple, dtype: tf.DType) -> tuple:
    return tf.nest.map_structure(lambda leaf: tf.cast(leaf, dtype), args)


def _check_entry(
    f: Callable, args: tuple, leaf: int, name: str, index: tuple, slope: float
) -> GradientCheck:
    """Compare one entry of the gradient with the difference of two values of f."""
    start = np.array(tf.convert_to_tensor(tf.nest.flatten(args)[leaf]))
    epsilon = float(np.spacing(np.ones((), start.dtype)))
    step = epsilon ** (1 / 3) * max(1.0, abs(float(start[index])))

    def central_difference(step: float) -> tuple[float, float]:
        above, below = start.copy(), start.copy()
        above[index] += step
        below[index] -= step
        value = _value_at(f, args, leaf, above)
        # Rounding may have made the two steps a little longer or shorter.
        distance = float(above[index]) - float(below[index])
        return (value - _value_at(f, args, leaf, below)) / distance, value

    difference, value = central_difference(step)
    scale = max(1.0, abs(slope), abs(difference), abs(value))
    tolerance = 10 * epsilon ** (2 / 3) * scale
    if abs(slope - difference) > tolerance:
        # Twice the step, four times the error: a third of the change is the error. A
        # change within the tolerance is rounding, as an infinite one is an overflow.
        change = abs(central_difference(2 * step)[0] - difference)
        tolerance += change if tolerance < change < np.inf else 0.0
    return GradientCheck(
        agrees=abs(slope - difference) <= tolerance,
        entry=f"{name} {list(index)}" if index else name,
        tape=slope,
        difference=difference,
        tolerance=tolerance,
    )


def _value_at(f: Callable, args: tuple, leaf: int, moved: np.ndarray) -> float:
    """Return the value of f with one leaf of its arguments moved."""
    leaves = tf.nest.flatten(args)
    variable = leaves[leaf]
    if not is_variable(variable):
        leaves[leaf] = tf.constant(moved)
        return float(call(f, *tf.nest.pack_sequence_as(args, leaves)))
    kept = variable.numpy()
    variable.assign(moved)
    try:
        return float(call(f, *args))
    finally:
        variable.assign(kept)


def _distance(check: GradientCheck) -> float:
    """Return how far off an entry is, in units of what is allowed; NaN is furthest."""
    ratio = abs(check.tape - check.difference) / check.tolerance
    return np.inf if np.isnan(ratio) else ratio


def _leaf_names(args: tuple) -> list[str]:
    """Name each leaf of the arguments: ``argument 0``, ``argument 1['w']``."""
    names = []
    for path, _ in _paths(args):
        head, *rest = path
        name = say(en=f"argument {head}", zh=f"第 {head + 1} 个自变量")
        names.append(name + "".join(f"[{key!r}]" for key in rest))
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
