"""Why a gradient came back as zero or NaN: found by following the way back.

Each gradient on the way carries a trail: where it stopped being a number, which ties it
met, and whether something on its way let nothing through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import tensorflow as tf

from gradtape.tape.diagnosis.replay import reaches_a_source, summed_to, with_other_size
from gradtape.tape.record.backward import Step, Sum, WayBack, numbers
from gradtape.tape.record.events import Event, Operation

# An activation is saturated where less than this part of a gradient gets through.
_SATURATED = 1e-6
# What is left of gradients that cancel each other, relative to their size.
_ROUNDING = 1e-5
# A gradient is made so many times smaller or larger, to tell the limits of its dtype.
_MUCH_SMALLER, _MUCH_LARGER = 2.0**-12, 2.0**20

Place = tuple[str, Step]  # A row of the catalogue, or "" for none of them; and where.


@dataclass(frozen=True)
class Trail:
    """What a gradient has been through since it left the target.

    Attributes
    ----------
    origins : frozenset of (str, Step)
        Where it stopped being finite.
    ties : frozenset of (str, Step)
        The ties that it met.
    dead_at : frozenset of (str, Step)
        The operations that let nothing through; empty while something gets through.
    is_masked : bool
        Whether it came through a ``tf.where``, or a mask of zeros and ones.
    scale : float
        The size of the largest of the gradients that were added to make it.
    """

    origins: frozenset[Place] = frozenset()
    ties: frozenset[Place] = frozenset()
    dead_at: frozenset[Place] = frozenset()
    is_masked: bool = False
    scale: float = 0.0


def places(seen: WayBack, events: list[Event] | None = None) -> list[list[Place]]:
    """Return for each source why its gradient is zero or not finite.

    Parameters
    ----------
    seen : WayBack
        What was seen on the way back.
    events : list of Event, optional
        What happened on the way forward, if that was seen.

    Returns
    -------
    list of list of (str, Step)
        Row and operation, in the order of the way back; empty where the gradient is
        fine, or None.
    """
    if not tf.executing_eagerly():
        return [[] for _ in seen.gradients]  # There are no numbers yet.
    trails = _trails(seen, events or [])
    order = {id(event): number for number, event in enumerate(seen.events)}
    return [
        []
        if gradient is None or not _has_numbers(gradient)
        else sorted(
            _verdict(gradient, trails, seen),
            key=lambda each: (order[id(each[1])], each[0]),
        )
        for gradient in seen.gradients
    ]


# fmt: off
_ENTRYWISE = {
    "Abs", "Acos", "Acosh", "Add", "AddV2", "Asin", "Asinh", "Atan", "Atanh", "Cast",
    "ClipByValue", "Cos", "Cosh", "Div", "Elu", "Erf", "Exp", "Expm1", "Identity",
    "LeakyRelu", "Lgamma", "Log", "Log1p", "Maximum", "Minimum", "Mul", "Neg", "Pow",
    "ReadVariableOp", "RealDiv", "Reciprocal", "Relu", "Relu6", "Rsqrt", "Select",
    "SelectV2", "Selu", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Softsign", "Sqrt",
    "Square", "SquaredDifference", "Sub", "Tan", "Tanh",
}
# fmt: on


def is_entrywise(steps: list[Step]) -> bool:
    """Tell whether each entry of a result came from its own entry of the source alone."""
    shapes = {
        np.shape(numbers(part))
        for step in steps
        for part in step.upstream
        if _has_numbers(part)
    }
    return len(shapes) < 2 and all(step.name in _ENTRYWISE for step in steps)


def _verdict(
    gradient: object, trails: dict[int, Trail], seen: WayBack
) -> frozenset[Place]:
    trail = trails.get(id(gradient), Trail())
    if not np.all(np.isfinite(numbers(gradient))):
        return trail.origins
    found = frozenset(
        (row, step) for row, step in _that_count(trail.ties) if _matters(step, seen)
    )
    if all(row for row, _ in trail.dead_at):
        found |= trail.dead_at
    return found


def _that_count(ties: frozenset[Place]) -> frozenset[Place]:
    """Leave out ties of one value whose gradients cancel, as in a logsumexp by hand."""
    by_value: dict[int, list[Place]] = {}
    for row, step in ties:
        by_value.setdefault(id(step.inputs[0]), []).append((row, step))
    kept: set[Place] = set()
    for same in by_value.values():
        parts = [numbers(step.results[0]) for _, step in same]
        if np.max(np.abs(sum(parts))) > _ROUNDING * max(
            np.max(np.abs(p)) for p in parts
        ) or all(not np.any(part) for part in parts):
            kept.update(same)
    return frozenset(kept)


def _matters(step: Step, seen: WayBack) -> bool:
    """Tell whether the other choice at a tie would change any source's gradient.

    Two that are equal may have equal slopes too, as the ratio and the clipped ratio in
    the first epoch of PPO; then there is no kink.
    """
    if step.name not in ("Maximum", "Minimum", "Abs"):
        return True
    x, upstream = step.inputs[0], tf.convert_to_tensor(step.upstream[0])
    other = tf.zeros_like(x) if step.name == "Abs" else step.inputs[1]
    moved = tf.where(x == other, upstream, tf.zeros_like(upstream))
    changes = {}
    for value, result, sign in zip((x, other), step.results, (-1.0, 1.0), strict=False):
        if result is not None:
            part = summed_to(moved, value.shape)
            changes[id(result)] = tf.cast(sign, part.dtype) * part
    return reaches_a_source(seen, changes, _size(moved))


def _trails(seen: WayBack, events: list[Event]) -> dict[int, Trail]:
    trails: dict[int, Trail] = {}
    makers = {
        id(output): event
        for event in [*seen.events, *events]
        if isinstance(event, (Step, Operation))
        for output in event.outputs
        if output is not None
    }
    for event in seen.events:
        if isinstance(event, Sum):
            parts = [trails.get(id(part), Trail()) for part in event.parts]
            size = max(_size(part) for part in event.parts)
            trails[id(event.total)] = replace(_joined(parts), scale=size)
            continue
        arrived = [
            trails.get(id(part), Trail()) for part in event.upstream if _is_given(part)
        ]
        before = _joined(arrived)
        for position, result in enumerate(event.results):
            if _has_numbers(result):
                trails[id(result)] = _after(event, position, before, makers)
    return trails


def _joined(trails: list[Trail]) -> Trail:
    """Return the trail of gradients that meet: dead only if all of them are."""
    dead = [trail.dead_at for trail in trails]
    return Trail(
        frozenset().union(*(trail.origins for trail in trails)),
        frozenset().union(*(trail.ties for trail in trails)),
        frozenset().union(*dead) if all(dead) else frozenset(),
        any(trail.is_masked for trail in trails),
        max((trail.scale for trail in trails), default=0.0),
    )


def _after(
    step: Step, position: int, before: Trail, makers: dict[int, Step | Operation]
) -> Trail:
    upstream = [numbers(part) for part in step.upstream if _has_numbers(part)]
    result = numbers(step.results[position])
    if result.dtype.kind not in "fc" and result.dtype.name != "bfloat16":
        return before
    origins, dead_at, ties = before.origins, before.dead_at, before.ties
    if not np.all(np.isfinite(result)):
        if not origins and all(np.all(np.isfinite(part)) for part in upstream):
            origins = frozenset(
                (row, step)
                for row in _origin_rows(step, position, upstream, result, before)
            )
    elif not dead_at and upstream and any(np.any(part) for part in upstream):
        if row := _is_flat(step, position, result, makers):
            dead_at = frozenset({(row, step)})
        elif not np.any(result):
            dead_at = frozenset({("", step)})
    if step.name in ("Relu", "Relu6"):
        # Where a rectifier gave 0, nothing goes further: equals among these don't count.
        ties = frozenset(
            (row, tie)
            for row, tie in ties
            if not any(value is step.outputs[0] for value in tie.inputs)
            or np.any(_tied_values(tie))
        )
    is_known = all(_has_numbers(value) for value in step.inputs[:2])
    if step.name in _TIES and is_known and upstream and upstream[0].size:
        weight = max(before.scale, _size(step.upstream[0]))
        if _TIES[step.name](step, np.abs(upstream[0]) > _ROUNDING * weight):
            ties |= {("P24", step)}
    is_masked = before.is_masked or _masks(step, position)
    return Trail(origins, ties, dead_at, is_masked)


def _masks(step: Step, position: int) -> bool:
    if step.name == "Mul" and 1 - position in step.constants:
        mask = step.inputs[1 - position]
        return _has_numbers(mask) and not np.all(numbers(mask))
    return step.name in ("Select", "SelectV2", *_PICKING)


def _origin_rows(
    step: Step,
    position: int,
    upstream: list[np.ndarray],
    result: np.ndarray,
    before: Trail,
) -> set[str]:
    """Return the rows of a step that made something infinite or NaN of a number."""
    if step.inside:  # A compiled function: its values cannot be seen.
        return {"P16" if step.inside & {"Select", "SelectV2"} else "P17"}
    if step.name in _ARBITRARY and _ARBITRARY[step.name](step):
        return {"P39"}
    smaller = with_other_size(step, _MUCH_SMALLER)[position]
    if smaller is not None and np.all(np.isfinite(smaller)):
        return {"P38" if result.dtype == np.float16 else "too large"}
    arrived = upstream[0] if upstream else np.ones_like(result)
    bad = ~np.isfinite(result)
    if arrived.shape != result.shape:
        bad = _not_finite_within(step, arrived.shape)
    if np.any(bad):
        is_zero = arrived[bad] == 0
    else:
        is_zero = np.array([not np.any(arrived)])
    rows = set()
    if np.any(is_zero) and before.is_masked:
        rows.add("P16")
    if not np.all(is_zero) or not before.is_masked:
        rows.add("" if _was_not_finite(step) else "P17")
    return rows


def _not_finite_within(step: Step, shape: tuple[int, ...]) -> np.ndarray:
    """Return where a value that went into a step, or came out of it, is not finite."""
    bad = np.zeros(shape, bool)
    for value in (*step.inputs, *step.outputs):
        if _is_number(value) and np.shape(numbers(value)) == shape:
            bad |= ~np.isfinite(numbers(value))
    return bad


def _was_not_finite(step: Step) -> bool:
    """Tell whether the values themselves were NaN or too large, not the slope alone."""
    values = [numbers(value) for value in step.inputs if _is_number(value)]
    if any(not np.all(np.isfinite(value)) for value in values):
        return True
    results = [numbers(value) for value in step.outputs if _is_number(value)]
    if step.name in STEEP:
        return any(np.any(np.isnan(value)) for value in results)
    return any(not np.all(np.isfinite(value)) for value in results)


# Operations that pick entries: on the way back the others get 0.
_PICKING = {
    *("GatherNd", "GatherV2", "MatrixBandPart", "MatrixDiagPart", "MatrixDiagPartV3"),
    *("ResourceGather", "Slice", "StridedSlice"),
}
# Operations that are infinite, or infinitely steep, at a point of their own.
STEEP = {"Log", "Reciprocal", "Inv", "Rsqrt", "RealDiv", "Div", "Pow", "Sqrt", "Xlogy"}


def _has_zero(step: Step) -> bool:
    return _has_numbers(step.inputs[0]) and bool(np.any(numbers(step.inputs[0]) == 0))


def _has_equal_values(step: Step) -> bool:
    """Tell whether eigenvalues or singular values coincide, where vectors are asked for."""
    values, vectors = step.outputs[0], step.upstream[1:]
    if not _has_numbers(values) or not any(
        _has_numbers(part) and np.any(numbers(part)) for part in vectors
    ):
        return False
    ordered = np.sort(numbers(values).astype(np.float64), axis=-1)
    gaps, size = np.diff(ordered, axis=-1), np.max(np.abs(ordered), initial=0.0)
    return bool(np.any(gaps <= 1e-6 * size))


# Operations whose rule is wrong or arbitrary at some values, and when.
_ARBITRARY: dict[str, Callable[[Step], bool]] = {
    "Cumprod": _has_zero,
    "SelfAdjointEigV2": _has_equal_values,
    "Svd": _has_equal_values,
}


def arbitrary(seen: WayBack) -> list[Step]:
    """Return the steps whose rule gives a wrong or an arbitrary number here."""
    return [
        event
        for event in seen.events
        if isinstance(event, Step)
        and event.name in _ARBITRARY
        and _ARBITRARY[event.name](event)
    ]


def _is_flat(
    step: Step, position: int, result: np.ndarray, makers: dict[int, Step | Operation]
) -> str:
    """Return the row of an operation that lets nothing through at any of its inputs."""
    is_zero = not np.any(result)
    output = (
        numbers(step.outputs[0])
        if step.outputs and _has_numbers(step.outputs[0])
        else None
    )
    is_known = step.name in _SLOPES and output is not None
    if is_known and np.all(_SLOPES[step.name](output) <= _SATURATED):
        return "P27"
    if not is_zero:
        return ""
    larger = with_other_size(step, _MUCH_LARGER)[position]
    if larger is not None and np.any(larger):
        return "P38" if result.dtype == np.float16 else "too small"
    if step.name == "Sign":
        is_slope = any(
            maker.name == "Abs" and maker.inputs[0] is step.inputs[0]
            for maker in makers.values()
        )
        return "P41" if is_slope else "P15"
    if step.name in ("ReluGrad", "Relu6Grad", "LeakyReluGrad"):
        return "P41"
    if step.name in ("Abs", "ComplexAbs"):
        return "P24"
    if step.name in ("Relu", "Relu6", "ClipByValue"):
        return "P27"
    if step.name in _CHOICES and _CHOICES[step.name] - position in step.constants:
        return "P27"  # As in tf.maximum(x, 0.0), the ReLU by hand.
    if step.name == "Mul" and _is_clamped(step.inputs[1 - position], makers):
        return "P27"
    if step.name == "RealDiv" and position == 1 and _is_clamped(step.inputs[0], makers):
        return "P27"
    return ""


def _is_clamped(value: object, makers: dict[int, Step | Operation]) -> bool:
    """Tell whether a factor is 0 because a rectifier or a clip made it so.

    As in the overlap of two boxes: the product of two sides that are both clipped at 0.
    """
    maker = makers.get(id(value))
    while maker is not None and maker.name in _HANDING_ON:
        maker = makers.get(id(maker.inputs[0]))
    if maker is None or not _has_zero_output(maker):
        return False
    if maker.name == "Mul":
        return any(_is_clamped(each, makers) for each in maker.inputs)
    if maker.name in ("Relu", "Relu6", "ClipByValue"):
        return True
    return maker.name in ("Maximum", "Minimum") and any(
        type(each) in (int, float) or np.size(numbers(each)) == 1
        for each in maker.inputs
        if type(each) in (int, float) or _has_numbers(each)
    )


def _has_zero_output(maker: Step | Operation) -> bool:
    values = [numbers(each) for each in maker.outputs if _has_numbers(each)]
    return any(np.any(value == 0) for value in values)


_HANDING_ON = {"StridedSlice", "Reshape", "Identity", "GatherV2", "Unpack", "Squeeze"}
# Operations that choose one of two inputs: the sum of the positions of these.
_CHOICES = {"Maximum": 1, "Minimum": 1, "Select": 3, "SelectV2": 3}
# The slope of an activation, from its value.
_SLOPES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "Sigmoid": lambda y: y * (1 - y),
    "Tanh": lambda y: 1 - y**2,
    "Elu": lambda y: np.where(y < 0, y + 1, 1),
    "Softsign": lambda y: (1 - np.abs(y)) ** 2,
    "Softmax": lambda y: y * (1 - y),
}


def _tie_at_zero(step: Step, counts: np.ndarray) -> bool:
    return bool(np.any((numbers(step.inputs[0]) == 0) & counts))


def _tie_of_two(step: Step, counts: np.ndarray) -> bool:
    x, y = (numbers(value) for value in step.inputs[:2])
    return bool(np.any((x == y) & counts))


def _tie_among_many(step: Step, counts: np.ndarray) -> bool:
    x, axes = (numbers(value) for value in step.inputs[:2])
    axis = tuple(int(each) for each in np.ravel(axes))
    largest = x.max if step.name == "Max" else x.min
    equal = np.sum(x == largest(axis=axis, keepdims=True), axis=axis, keepdims=True)
    return bool(np.any((equal > 1) & counts.reshape(equal.shape)))


def _tied_values(step: Step) -> np.ndarray:
    """Return the values that are equal to another, or 0 for ``abs``."""
    x = numbers(step.inputs[0])
    if step.name in ("Abs", "ComplexAbs"):
        return np.zeros(1)
    if step.name in ("Maximum", "Minimum"):
        y = numbers(step.inputs[1])
        return (x + 0 * y)[x == y]
    axis = tuple(int(each) for each in np.ravel(numbers(step.inputs[1])))
    largest = (x.max if step.name == "Max" else x.min)(axis=axis, keepdims=True)
    several = np.sum(x == largest, axis=axis, keepdims=True) > 1
    return largest[several]


_TIES: dict[str, Callable[[Step, np.ndarray], bool]] = {
    "Abs": _tie_at_zero,
    "ComplexAbs": _tie_at_zero,
    "Maximum": _tie_of_two,
    "Minimum": _tie_of_two,
    "Max": _tie_among_many,
    "Min": _tie_among_many,
}


def _size(gradient: object) -> float:
    if not _has_numbers(gradient):
        return 0.0
    values = np.abs(numbers(gradient))
    return float(np.max(values)) if values.size else 0.0


def _is_given(value: object) -> bool:
    return value is not None and getattr(value, "dtype", None) is not None


def _has_numbers(value: object) -> bool:
    """Tell what NumPy can look at; lists of tensors and handles it cannot."""
    if (
        not _is_given(value)
        or not hasattr(value, "numpy")
        and not isinstance(value, (tf.IndexedSlices, np.ndarray, np.generic))
    ):
        return False
    return value.dtype not in (tf.variant, tf.resource)


def _is_number(value: object) -> bool:
    return _has_numbers(value) and (value.dtype.is_floating or value.dtype.is_complex)
