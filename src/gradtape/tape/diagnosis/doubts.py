"""What is doubtful about gradients that are numbers: NaN, zero, arbitrary, of a complex."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.learner_code.lines import Line
from gradtape.tape.diagnosis import none_gradients
from gradtape.tape.diagnosis.numbers_back import STEEP, arbitrary, places
from gradtape.tape.diagnosis.operations import STEPS
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.reason_of_event import reason
from gradtape.tape.diagnosis.trace import Question, made_from, trace_of
from gradtape.tape.record.backward import Step, WayBack, numbers
from gradtape.tape.record.events import Departure, Event, Operation, TapeCall
from gradtape.tape.record.labels import operation_label

_TOO_LARGE = 65504.0  # where float16 ends


def doubts(
    seen: WayBack, target: Any, questions: list[Question], events: list[Event] | None
) -> list[Reason]:
    """Return what is doubtful about the gradients that came back.

    Parameters
    ----------
    seen : WayBack
        The gradients, and what was seen on the way back.
    target : object
        What was differentiated.
    questions : list of Question
        One for each gradient.
    events : list of Event or None
        What happened on the way forward, if that was seen.

    Returns
    -------
    list of Reason
        None where the numbers are fine.
    """
    if not tf.executing_eagerly():
        return []
    known = [
        (number, question, gradient)
        for number, (question, gradient) in enumerate(
            zip(questions, seen.gradients, strict=True)
        )
        if gradient is not None
    ]
    origin = _first_not_finite(target, seen, events) if known else None
    found = []
    wrong = places(seen, events)
    for number, question, gradient in known:
        if _is_complex(target) or _is_complex(question.source):
            kind = "target" if _is_complex(target) else "source"
            if kind == "target":
                found.append(reason("P37", None, question, kind=kind))
                continue
        if origin is not None:
            found.append(_at(origin, question, events))
            continue
        at = wrong[number] or _hidden_zero(question, gradient, events)
        for row, place in _first_of(at):
            # What was NaN before it got there became so at an earlier step.
            first = None if row else _first_not_finite(target, seen, events, steep=True)
            found.append(
                _reason(row, place, question, events or [])
                if first is None
                else _at(first, question, events)
            )
        if not at and not np.any(numbers(gradient)):
            at = [each for others in wrong for each in others if each[0] == "P41"][:1]
            found += [_reason(row, step, question, events or []) for row, step in at]
        if not at:
            for step in arbitrary(seen)[:1]:
                found.append(_reason("P39", step, question, events or []))
    return found


def value_not_finite(
    seen: WayBack, question: Question, events: list[Event]
) -> Reason | None:
    """Return where the target stopped being finite on the way forward, if it did."""
    origin = _first_not_finite(question.target, seen, events)
    return _at(origin, question, events) if origin is not None else None


def _first_of(at: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Leave out what only passes on a value that was not finite before."""
    first = [
        (row, step)
        for row, step in at
        if not isinstance(step, Step)
        or all(np.all(np.isfinite(numbers(v))) for v in step.inputs if _has_floats(v))
    ]
    return first or at


def _reason(row: str, step: Any, question: Question, events: list[Event]) -> Reason:
    if isinstance(step, Operation):
        return reason(row, step, question, kind="hidden")
    fields: dict[str, Any] = {}
    if row == "P38":
        fields["kind"] = "overflow" if _is_infinite(step) else "underflow"
    if row == "P27" and step.name in ("Mul", "RealDiv"):
        fields["kind"] = "clipped"
    if row == "P27" and step.name == "Softmax" and step.outputs[0].shape[-1] == 1:
        fields["kind"] = "one unit"
    if row in ("too large", "too small"):
        row, fields["kind"] = "", f"{row} on the way back"
    line = line_of(step, events)
    name = operation_label(step.name)
    if name in ("minimum", "maximum") and line and "clip_by_value(" in line.text:
        name = "clip_by_value"  # Which TensorFlow makes of the two.
    return reason(row, None, question, operation=name, line=line, **fields)


def _is_infinite(step: Step) -> bool:
    return any(
        result is not None and not np.all(np.isfinite(numbers(result)))
        for result in step.results
    )


def _at(origin: Step | Operation, question: Question, events: Any) -> Reason:
    """Return the reason for a value that was not finite before anything came back."""
    line = (
        origin.line if isinstance(origin, Operation) else line_of(origin, events or [])
    )
    kind = _why_not_finite(origin)
    return reason(
        "P38" if kind == "half" else "",
        None,
        question,
        operation=operation_label(origin.name),
        line=line,
        kind=kind,
    )


def _why_not_finite(origin: Step | Operation) -> str:
    """Return in which way a value stopped being finite: domain, mask, too large."""
    given = origin.values if isinstance(origin, Operation) else origin.inputs
    inputs = [
        numbers(leaf) for leaf in given if _has_floats(leaf) or isinstance(leaf, float)
    ]
    outputs = [numbers(leaf) for leaf in origin.outputs if _has_floats(leaf)]
    if any(np.any(np.isnan(value)) for value in inputs):
        return "data"
    if origin.name == "Mean" and any(value.size == 0 for value in inputs):
        return "empty"
    if not any(np.any(np.isnan(value)) for value in outputs):
        half = any(value.dtype == np.float16 for value in outputs)
        if any(np.any(np.isneginf(value)) for value in outputs):
            return ""
        return "half" if half else "too large"
    if origin.name in ("Softmax", "LogSoftmax"):
        return "masked"
    if any(np.any(np.isinf(value)) for value in inputs):
        return "infinities"
    return "divided" if origin.name in ("RealDiv", "Div", "Mul") else "domain"


def _has_floats(leaf: Any) -> bool:
    if isinstance(leaf, (np.ndarray, np.generic)):
        return leaf.dtype.kind in "fc"
    dtype = getattr(leaf, "dtype", None)
    return (
        isinstance(dtype, tf.DType)
        and (dtype.is_floating or dtype.is_complex)
        and hasattr(leaf, "numpy")
    )


def _first_not_finite(
    target: Any, seen: WayBack, events: list[Event] | None, *, steep: bool = False
) -> Step | Operation | None:
    """Return where the first value that is not finite came from, if the target is none.

    Where that is a point at which a slope is infinite, as that of ``1 / x`` at 0, the way
    back says more; such a step is returned if ``steep`` is true.
    """
    leaves = [leaf for leaf in tf.nest.flatten(target) if _has_floats(leaf)]
    if all(np.all(np.isfinite(numbers(leaf))) for leaf in leaves):
        return None
    made: list[Step | Operation]
    if events is not None:
        behind = none_gradients.leaves_behind(events, target)
        made = [
            event
            for event in events
            if isinstance(event, Operation)
            and any(id(out) in behind for out in event.outputs)
        ]
    else:
        made = [event for event in reversed(seen.events) if isinstance(event, Step)]
    for test in (np.isnan, lambda value: ~np.isfinite(value)):
        for each in made:
            given = each.values if isinstance(each, Operation) else each.inputs
            inputs = [numbers(leaf) for leaf in given if _has_floats(leaf)]
            outputs = [numbers(leaf) for leaf in each.outputs if _has_floats(leaf)]
            if any(np.any(test(value)) for value in outputs) and not any(
                np.any(test(value)) for value in inputs
            ):
                if not steep and _is_steep_at_a_point(each, inputs, outputs, made):
                    return None
                is_fed = any(np.any(np.isinf(value)) for value in inputs)
                return (is_fed and _first_too_large(made)) or each
    return next((each for each in made if _is_given_nan(each)), None)


def _is_given_nan(origin: Step | Operation) -> bool:
    given = origin.values if isinstance(origin, Operation) else origin.inputs
    return any(np.any(np.isnan(numbers(leaf))) for leaf in given if _has_floats(leaf))


def _first_too_large(made: list[Step | Operation]) -> Step | Operation | None:
    """Return the first operation that made an infinity of numbers, if one did."""
    for each in made:
        given = each.values if isinstance(each, Operation) else each.inputs
        inputs = [numbers(leaf) for leaf in given if _has_floats(leaf)]
        outputs = [numbers(leaf) for leaf in each.outputs if _has_floats(leaf)]
        if (
            each.name not in STEEP
            and any(np.any(np.isinf(value)) for value in outputs)
            and all(np.all(np.isfinite(value)) for value in inputs)
        ):
            return each
    return None


def _is_steep_at_a_point(
    origin: Step | Operation,
    inputs: list[np.ndarray],
    outputs: list[np.ndarray],
    made: Iterable[Step | Operation],
) -> bool:
    """Tell whether it is a slope that is infinite, as of log at 0, or what it led to."""
    if origin.name in ("RealDiv", "Div"):
        return all(np.all(np.isfinite(value)) for value in inputs)
    if any(np.any(np.isinf(value)) for value in inputs):
        given = {id(leaf) for leaf in origin.inputs}
        return any(
            each.name in STEEP and any(id(out) in given for out in each.outputs)
            for each in made
        )
    return origin.name in STEEP and not any(np.any(np.isnan(out)) for out in outputs)


def _hidden_zero(
    question: Question, gradient: Any, events: list[Event] | None
) -> list[tuple[str, Operation]]:
    """Return where a function that hides its inside answers 0 in the place of None."""
    if events is None:
        return []
    is_zero = not np.any(numbers(gradient))
    trace = trace_of(events[: question.until], question)
    relevant = made_from(trace, question.target)
    for number, event in enumerate(events):
        if not isinstance(event, Operation) or event not in relevant:
            continue
        if event.name == "EagerPyFunc" and (
            (is_zero and _leaves_inside(events, number)) or _is_empty(events, number)
        ):
            return [("P35", event)]
        if not is_zero:
            continue
        steps = [each for each in event.inside if each.name in STEPS]
        if event.is_function and steps:
            return [("P15", steps[0])]
    return []


def _leaves_inside(events: list[Event], number: int) -> bool:
    """Tell whether a value left TensorFlow while an operation ran, just before its end."""
    for event in reversed(events[:number]):
        if isinstance(event, Departure) and event.way not in ("__bool__", "__repr__"):
            return True
        if isinstance(event, Operation) and event.name == "EagerPyFunc":
            return False
    return False


def _is_empty(events: list[Event], number: int) -> bool:
    """Tell whether a py_function did nothing of TensorFlow's with what it was given."""
    inside: list[Operation] = []
    for event in reversed(events[:number]):
        if isinstance(event, Operation):
            inside.append(event)
        elif isinstance(event, TapeCall) and event.method == "watch":
            given = {id(leaf) for leaf in tf.nest.flatten(event.arguments["tensor"])}
            return not any(id(leaf) in given for op in inside for leaf in op.inputs)
        elif isinstance(event, TapeCall) and event.method != "__exit__":
            break
    return False


def _is_complex(leaf: Any) -> bool:
    leaves = tf.nest.flatten(leaf)
    return any(
        isinstance(dtype := getattr(each, "dtype", None), tf.DType) and dtype.is_complex
        for each in leaves
    )


def line_of(step: Step, events: Iterable[object]) -> Line | None:
    """Return the learner's line behind a step, if the operation was seen on its way out.

    Parameters
    ----------
    step : Step
        The operation on the way back.
    events : iterable
        What happened while a function ran.

    Returns
    -------
    Line or None
        The line; None if it is not known, or not one.
    """
    same_name = [event for event in events if getattr(event, "name", None) == step.name]
    known = {id(value) for value in [*step.inputs, *step.outputs] if value is not None}
    same_values = [
        event
        for event in same_name
        if any(id(value) in known for value in [*event.inputs, *event.outputs])
    ]
    lines = {event.line for event in same_values or same_name}
    return lines.pop() if len(lines) == 1 else None
