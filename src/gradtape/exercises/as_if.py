"""What an answer takes for one of its arguments: half of it, its square, another one.

The right result for a changed argument is computed; where it is what the answer gives
at every point, the slip is known without anybody having foreseen it.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import numbers
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.exercises import sentences
from gradtape.exercises.words import Words

# What may stand in the place of an argument, as it is written, and how it is computed.
_CHANGES: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("-{}", lambda a: -1.0 * a),
    ("0", lambda a: 0.0 * a),
    ("1", lambda a: 0.0 * a + 1.0),
    ("2*{}", lambda a: 2.0 * a),
    ("{}/2", lambda a: 0.5 * a),
    ("1/{}", lambda a: 1.0 / a),
    ("{}**2", lambda a: a * a),
    ("2*pi*{}", lambda a: 2.0 * math.pi * a),
    ("pi/2 - {}", lambda a: 0.5 * math.pi - a),
    ("{}*180/pi", lambda a: a * 180.0 / math.pi),
)
_OF_WHOLE_NUMBERS = (("{} - 1", lambda n: n - 1), ("{} + 1", lambda n: n + 1))
_FACTORS = (("{}", 1), ("{}**2", 2), ("1/{}", -1), ("1/{}**2", -2))


def change(
    names: tuple[str, ...],
    calls: Sequence[tuple],
    fits: Callable[[Callable[[tuple], tuple]], bool],
) -> Words | None:
    """Find a change of the arguments for which the results are right.

    Parameters
    ----------
    names : tuple of str
        The names of the arguments.
    calls : sequence of tuple
        The arguments, at each point.
    fits : callable
        Takes a change of a call; tells whether the results are right for it.

    Returns
    -------
    Words or None
        What to say of it.
    """
    if len(names) != len(calls[0]):
        return None
    for place, name in enumerate(names):
        first = calls[0][place]
        if isinstance(first, int):
            changes = _OF_WHOLE_NUMBERS
        else:
            changes = _CHANGES if _are_numbers(first) else ()
        for written, compute in changes:
            if _fits(fits, lambda call, k=place, f=compute: _changed(call, k, f)):
                return sentences.AS_IF(name=name, instead=written.format(name))
        if changes is _CHANGES and _fits(
            fits, lambda call, k=place: _changed(call, k, lambda a: a * math.pi / 180.0)
        ):
            return sentences.IN_DEGREES(name=name)
    for i, j in itertools.combinations(range(len(names)), 2):
        if _fits(fits, lambda call, i=i, j=j: _exchanged(call, i, j)):
            return sentences.EXCHANGED_ARGUMENTS(first=names[i], second=names[j])
    return None


def factor(
    names: tuple[str, ...],
    calls: Sequence[tuple],
    found: Sequence[np.ndarray],
    right: Sequence[np.ndarray],
) -> str:
    """Return what makes the right results those found, such as ``2*r``, or nothing.

    It is an argument, its square or the reciprocal of one of them, with or without a
    number before it.
    """
    if len(names) != len(calls[0]):
        return ""
    for place, name in enumerate(names):
        if not all(_are_numbers(call[place]) for call in calls):
            continue
        for written, power in _FACTORS:
            with np.errstate(all="ignore"), contextlib.suppress(ValueError):
                rest = [
                    (a / b / np.asarray(call[place], float) ** power)[np.abs(b) > 1e-9]
                    for call, a, b in zip(calls, found, right)
                ]
                ratios = np.concatenate([np.ravel(part) for part in rest])
                if len(ratios) > 2 and np.ptp(ratios) < 1e-3 * abs(ratios[0]):
                    return _times(ratios[0], written.format(name))
    return ""


def ignored(
    names: tuple[str, ...],
    depends: Callable[[Callable, int], bool],
    answer: Callable,
    reference: Callable,
) -> Words | None:
    """Find the first argument that makes a difference to the right result alone.

    ``depends(f, place)`` tells whether f's result depends on the argument at a place.
    """
    for place, name in enumerate(names):
        # What is called with arguments from different points may raise anything.
        with contextlib.suppress(Exception):
            if depends(reference, place) and not depends(answer, place):
                return sentences.IGNORES(name=name)
    return None


def _times(number: float, written: str) -> str:
    if math.isclose(number, 1.0, rel_tol=1e-3):
        return written
    return f"{number:.3g}*{written}" if number != -1.0 else f"-{written}"


def _fits(
    fits: Callable[[Callable[[tuple], tuple]], bool],
    change_call: Callable[[tuple], tuple],
) -> bool:
    # A reference need not be made for such arguments, and may raise anything.
    with contextlib.suppress(Exception), np.errstate(all="ignore"):
        return fits(change_call)
    return False


def _changed(call: tuple, place: int, compute: Callable[[Any], Any]) -> tuple:
    value = call[place]
    number = value if isinstance(value, (numbers.Real, tf.Tensor)) else np.array(value)
    return (*call[:place], compute(number), *call[place + 1 :])


def _exchanged(call: tuple, i: int, j: int) -> tuple:
    if np.shape(call[i]) != np.shape(call[j]) or call[i] is call[j]:
        raise ValueError("arguments of two kinds are not mistaken for each other")
    swapped = list(call)
    swapped[i], swapped[j] = swapped[j], swapped[i]
    return tuple(swapped)


def _are_numbers(value: Any) -> bool:
    if isinstance(value, tf.Variable):
        return False
    if isinstance(value, tf.Tensor):
        return value.dtype.is_floating
    return not callable(value) and np.asarray(value).dtype.kind == "f"
