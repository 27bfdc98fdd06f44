"""Carry a change of one gradient along the way back that was seen, to the sources.

Every step back is linear in the gradients that arrive there. So what another choice at
one operation would have made of the sources' gradients can be computed exactly, without
asking the tape again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.tape.record.backward import Step, WayBack, numbers

# What counts as nothing, relative to the change at its beginning.
_ROUNDING = 1e-5


def reaches_a_source(seen: WayBack, changes: dict[int, Any], size: float) -> bool:
    """Tell whether changes of gradients would change those of the sources.

    Parameters
    ----------
    seen : WayBack
        The way back as it was.
    changes : dict of int to tf.Tensor
        The change of each gradient, by the identity of the gradient.
    size : float
        How large the changes are.

    Returns
    -------
    bool
        True also where it cannot be computed.
    """
    moved = _carried(seen, changes)
    return moved is None or any(
        np.max(np.abs(numbers(change)), initial=0.0) > _ROUNDING * size
        for change in moved
        if change is not None
    )


def is_row_by_row(seen: WayBack, target: tf.Tensor, number: int) -> bool:
    """Tell whether each number of a target comes from its own row of a source alone.

    As the scores of a batch from its examples. Three rows are tried.
    """
    gradient = seen.gradients[number]
    rows = target.shape[0] if target.shape.rank else 0
    if (
        not tf.is_tensor(gradient)
        or target.shape.num_elements() != rows
        or gradient.shape[:1] != target.shape[:1]
    ):
        return False
    first = next((step for step in seen.events if isinstance(step, Step)), None)
    begin = [
        part
        for part in (first.upstream if first else [])
        if tf.is_tensor(part) and part.shape == target.shape
    ]
    for row in {0, rows // 2, rows - 1} if begin else ():
        one = tf.reshape(tf.one_hot(row, rows, dtype=target.dtype), target.shape)
        moved = _carried(seen, {id(begin[0]): one * begin[0]})
        if moved is None or moved[number] is None:
            return False
        if np.any(np.delete(numbers(moved[number]), row, axis=0)):
            return False
    return bool(begin)


def _carried(seen: WayBack, changes: dict[int, Any]) -> list[Any] | None:
    """Return how the sources' gradients change; None where it cannot be computed."""
    changes = dict(changes)
    for event in seen.events:
        if not isinstance(event, Step):
            parts = [changes[id(part)] for part in event.parts if id(part) in changes]
            if parts:
                changes[id(event.total)] = tf.add_n(list(map(_dense, parts)))
            continue
        if not any(id(part) in changes for part in event.upstream):
            continue
        if event.again is None:
            return None
        upstream = [
            changes.get(id(part), None if part is None else tf.zeros_like(_dense(part)))
            for part in event.upstream
        ]
        try:
            results = event.again(upstream)
        except Exception:  # noqa: BLE001, rules of gradients raise what they like
            return None
        for before, now in zip(event.results, results, strict=False):
            if before is not None and now is not None:
                changes[id(before)] = now
    return [changes.get(id(gradient)) for gradient in seen.gradients]


def with_other_size(step: Step, factor: float) -> list[np.ndarray | None]:
    """Return what a step makes of gradients that are so many times as large."""
    if step.again is None:
        return [None] * len(step.results)
    upstream = [
        None if part is None else _dense(part) * tf.cast(factor, _dense(part).dtype)
        for part in step.upstream
    ]
    try:
        results = step.again(upstream)
    except Exception:  # noqa: BLE001, rules of gradients raise what they like
        return [None] * len(step.results)
    return [None if each is None else numbers(each) for each in results]


def summed_to(gradient: tf.Tensor, shape: tf.TensorShape) -> tf.Tensor:
    """Add up what broadcasting had repeated, so that the shape is the input's again."""
    extra = gradient.shape.rank - shape.rank
    gradient = tf.reduce_sum(gradient, list(range(extra)))
    repeated = [
        axis
        for axis, (size, wanted) in enumerate(zip(gradient.shape, shape, strict=True))
        if wanted == 1 and size != 1
    ]
    return tf.reduce_sum(gradient, repeated, keepdims=True) if repeated else gradient


def _dense(gradient: Any) -> tf.Tensor:
    return tf.convert_to_tensor(gradient)
