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
            return True
        upstream = [
            changes.get(id(part), None if part is None else tf.zeros_like(_dense(part)))
            for part in event.upstream
        ]
        try:
            results = event.again(upstream)
        except Exception:  # noqa: BLE001, rules of gradients raise what they like
            return True
        for before, now in zip(event.results, results, strict=False):
            if before is not None and now is not None:
                changes[id(before)] = now
    return any(
        np.max(np.abs(numbers(changes[id(gradient)])), initial=0.0) > _ROUNDING * size
        for gradient in seen.gradients
        if id(gradient) in changes
    )


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
