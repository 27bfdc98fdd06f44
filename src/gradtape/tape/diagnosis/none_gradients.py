"""Why a gradient is None: found in everything that happened while code ran.

The value of a source is followed through all events, whether a tape recorded them or
not. Where the value goes on and the record does not, the way back is cut.
"""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.learner_code.lines import Line
from gradtape.learner_code.statements import names_in, text_of
from gradtape.tape.diagnosis.departures import left_or_decided
from gradtape.tape.diagnosis.edits import Code
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.reason_of_event import RETURNS_NUMBERS, reason
from gradtape.tape.diagnosis.trace import (
    Cut,
    Question,
    Trace,
    made_from,
    trace_of,
    watches_by_itself,
)
from gradtape.tape.record.backward import numbers
from gradtape.tape.record.events import Event, Operation, TapeCall
from gradtape.tape.record.labels import operation_label

# So many different numbers of a source are not in another tensor by chance.
_TOO_MANY_FOR_CHANCE = 3
# First derivatives of functions that are made of straight pieces: their own slope is 0.
PIECEWISE_SLOPES = {"ReluGrad", "Relu6Grad", "LeakyReluGrad"}


def why_none(events: list[Event], question: Question) -> list[Reason]:
    """Return why the gradient of a source is None.

    Parameters
    ----------
    events : list of Operation, Departure or TapeCall
        What happened, in order.
    question : Question
        What was asked.

    Returns
    -------
    list of Reason
        At least one.
    """
    seen = events[: question.until]
    trace = trace_of(seen, question)
    relevant = made_from(trace, question.target)
    left = left_or_decided(seen, trace, question)
    is_needed = bool(relevant) or bool(left)
    # A variable would have been watched if it had been used where the tape records.
    is_watched = trace.is_watched or watches_by_itself(question.source, question)
    found = []
    if not is_watched and is_needed and not any(c.row == "P43" for c in trace.cuts):
        found.append(_not_watched(seen, question))
    if not relevant:
        if found and not left:
            return found
        return found + ([left] if left else [_without(seen, trace, question)])
    cuts = [
        cut
        for cut in trace.cuts
        if cut.row
        and cut.event in relevant
        and (cut.row not in ("P3", "P4", "P43") or is_watched or cut.row == "P43")
    ]
    # A variable is read before anything is done with it: what is done says more.
    cuts = [cut for cut in cuts if not _is_read(cut.event)] or cuts
    if any(cut.row == "P3" for cut in cuts) and _is_gradient(seen, question):
        return [*found, reason("P10", None, question, name=question.target_name)]
    for row in dict.fromkeys(cut.row for cut in cuts):
        cut = next(each for each in cuts if each.row == row)
        if row == "P15" and _makes_whole_numbers_of(cut.event, question.target):
            found.append(_whole_target(cut.event, question))
        else:
            found.append(_of_cut(cut, question, seen))
    if not found:
        # Of several results, whole numbers have no slope though others have.
        whole = [each for each in relevant if _has_whole_numbers(each)]
        found = [reason("P15", each, question) for each in whole[:1]]
    own = [each for each in relevant if each.is_function and each.graph is None]
    if not found and own:
        return [reason("P22", own[0], question, kind="own", operation=own[0].name)]
    return found or [reason("", None, question, kind="unknown")]


def why_no_tensor(events: list[Event], question: Question) -> Reason:
    """Return why a target is a number of Python's or NumPy's, which no tape follows."""
    steps = [e for e in why_none(events, question) if e.cause in ("P5", "P15", "P34")]
    if steps:
        return steps[0]
    line, code = question.asked_at, Code.of(question.asked_at)
    if code and (made := code.assignment(question.target_name, line.number)):
        line = Line(line.file, made.lineno)
    called = RETURNS_NUMBERS.search(line.text if line else "")
    kind = type(tf.nest.flatten(question.target)[0]).__name__
    fields = {"kind": "predict"} if called else {}
    operation = called.group(1) if called else kind
    return reason("P5", None, question, operation=operation, line=line, **fields)


def _has_whole_numbers(operation: Operation) -> bool:
    return any(out.dtype.is_integer or out.dtype.is_bool for out in operation.outputs)


def _without(events: list[Event], trace: Trace, question: Question) -> Reason:
    """Return why a target has no part of the source, though the value left nowhere."""
    straight = [each for each in trace.makers.values() if each.name in PIECEWISE_SLOPES]
    if straight and _is_made_of_a_gradient(events, question):
        return reason("P41", straight[0], question)
    if whole := _computed_beside(events, question):
        return beside(events, question, whole[0])
    for each in events:
        if _is_used_inside(each, question.source) and (
            {id(out) for out in each.outputs}
            & set(leaves_behind(events, question.target))
        ):
            return reason("P22", each, question, kind="inside", operation=each.name)
    if used := _use_of_the_same_numbers(events, question):
        return reason("P11", used, question, kind="twice", operation="")
    return reason("P11", None, question)


def _is_used_inside(event: Event, source: Any) -> bool:
    """Tell whether a function hides that it uses the source: it is no argument of it."""
    return isinstance(event, Operation) and any(
        id(source) in each.given for each in event.inside
    )


def is_a_part(events: list[Event], question: Question) -> bool:
    """Tell whether the source holds some of the numbers that the target was computed from.

    As a column of the inputs that was copied before the block, and stands beside them.
    """
    source = question.source
    if isinstance(source, tf.Variable) or not hasattr(source, "numpy"):
        return False
    wanted = numbers(source)
    if np.unique(wanted).size < _TOO_MANY_FOR_CHANCE:
        return False
    return any(
        (tf.is_tensor(leaf) and hasattr(leaf, "numpy") or isinstance(leaf, np.ndarray))
        and not isinstance(leaf, tf.Variable)
        and leaf.dtype == source.dtype
        and leaf is not source
        and np.size(numbers(leaf)) >= wanted.size
        and np.all(np.isin(wanted, numbers(leaf)))
        for leaf in leaves_behind(events, question.target).values()
    )


def _use_of_the_same_numbers(events: list[Event], question: Question) -> Event | None:
    """Return what took another tensor with the source's numbers on its way to the target.

    As the array that the source was made of, or what the same operation gave when it ran
    a second time. A single number may be equal by chance.
    """
    source = question.source
    if isinstance(source, tf.Variable) or not hasattr(source, "numpy"):
        return None
    makers = {
        id(out): event.name
        for event in events
        if isinstance(event, Operation)
        for out in event.outputs
    }
    behind = leaves_behind(events, question.target)
    wanted = numbers(source)
    for event in events:
        if not isinstance(event, Operation) or not any(
            id(out) in behind for out in event.outputs
        ):
            continue
        for leaf in event.inputs:
            is_array = isinstance(leaf, np.ndarray) or tf.is_tensor(leaf)
            if not is_array or isinstance(leaf, tf.Variable) or leaf is source:
                continue
            by_same = makers.get(id(leaf)) == makers.get(id(source))
            is_special = np.ptp(wanted) > 0 if wanted.size else False
            if (
                by_same
                and (is_special or id(leaf) in makers)
                and leaf.dtype == source.dtype
                and np.array_equal(numbers(leaf), wanted)
            ):
                return event
    return None


def _is_made_of_a_gradient(events: list[Event], question: Question) -> bool:
    """Tell whether a target was computed from what a tape gave."""
    behind = leaves_behind(events, question.target)
    return any(
        any(id(leaf) in behind for leaf in tf.nest.flatten(event.result))
        for event in events
        if isinstance(event, TapeCall) and event.result is not None
    )


def _computed_beside(events: list[Event], question: Question) -> list[Any]:
    """Return what the source was computed from, if the target was computed from it too.

    As in ``t = X[:, 0]; u = model(X)``: u does not depend on t, but on what t is.
    """
    maker = maker_of(events, question.source)
    behind = leaves_behind(events, question.target) if maker is not None else {}
    return [
        leaf
        for leaf in (maker.inputs if maker is not None else ())
        if isinstance(leaf, (tf.Tensor, tf.Variable)) and id(leaf) in behind
    ]


def beside(events: list[Event], question: Question, whole: Any) -> Reason:
    """Return that a source was taken from what the target needs, and is no part of it.

    Parameters
    ----------
    events : list of Event
        What happened in the block.
    question : Question
        What was asked.
    whole : tf.Tensor or tf.Variable
        What the source was taken from. The repair asks for its gradient, so it matters
        whether the tape watches it.
    """
    asked = replace(question, source=whole)
    is_watched = trace_of(events[: question.until], asked).is_watched
    kind = (
        "beside"
        if is_watched or watches_by_itself(whole, asked)
        else "beside unwatched"
    )
    return reason("P11", None, question, kind=kind)


def leaves_behind(events: list[Event], target: Any) -> dict[int, Any]:
    """Return everything that a target was computed from, by identity."""
    makers = {
        id(out): event
        for event in events
        if isinstance(event, Operation)
        for out in event.outputs
    }
    waiting = tf.nest.flatten(target, expand_composites=True)
    found: dict[int, Any] = {}
    while waiting:
        leaf = waiting.pop()
        if id(leaf) not in found:
            found[id(leaf)] = leaf
            if event := makers.get(id(leaf)):
                waiting += event.inputs
    return found


def watched_late(events: list[Event], question: Question) -> list[Reason]:
    """Return where a source was used before its tape watched it, if the target needs that.

    Parameters
    ----------
    events : list of Operation, Departure or TapeCall
        What happened, in order.
    question : Question
        What was asked, and answered with a number.

    Returns
    -------
    list of Reason
        One or none.
    """
    trace = trace_of(events[: question.until], question)
    relevant = made_from(trace, question.target, only_with_slope=True)
    late = [
        cut.event for cut in trace.cuts if cut.row == "P4" and cut.event in relevant
    ]
    if late and not trace.is_watched:
        return [_not_watched(events[: question.until], question)]
    return [reason("P4", late[0], question, kind="part")] if late else []


def stored_between(events: list[Event], question: Question) -> list[Reason]:
    """Return where the source got a value computed from itself before the target did.

    The tape then differentiates by the new value, though the source's name is the same.
    """
    trace = trace_of(events[: question.until], question)
    positions = {id(event): number for number, event in enumerate(events)}
    relevant = made_from(trace, question.target)
    for assignment in trace.reassigned:
        from_itself = any(id(leaf) in trace.goes_on for leaf in assignment.inputs[1:])
        later = any(
            positions[id(event)] > positions[id(assignment)]
            and any(leaf is question.source for leaf in event.inputs)
            for event in relevant
        )
        if from_itself and later:
            return [reason("P7", assignment, question, kind="itself")]
    return []


def has_part(events: list[Event], question: Question) -> bool:
    """Tell whether the target was computed from the source at all."""
    trace = trace_of(events[: question.until], question)
    return bool(made_from(trace, question.target))


def is_exchanged(events: list[Event], question: Question) -> bool:
    """Tell whether the source was computed from the target: the two are exchanged."""
    for given in tf.nest.flatten(question.target):
        leaf = getattr(given, "value", given) if _wraps_variable(given) else given
        if leaf is question.source:
            return False
        trace = trace_of(events[: question.until], Question(leaf, question.source, ""))
        if made_from(trace, question.source):
            return True
    return False


def _wraps_variable(leaf: Any) -> bool:
    return isinstance(leaf, tf.keras.Variable)


def picks_rows(events: list[Event], index: Any) -> bool:
    """Tell whether a tensor is what rows of a table are looked up by."""
    known = {id(index)}
    for event in events:
        if not isinstance(event, Operation):
            continue
        used = [number for number, leaf in enumerate(event.inputs) if id(leaf) in known]
        if used and "Gather" in event.name and used != [0]:
            return True
        if used:
            known |= {id(out) for out in event.outputs if out.dtype.is_integer}
    return False


def _of_cut(cut: Cut, question: Question, events: list[Event]) -> Reason:
    found = reason(cut.row, cut.event, question, kind=cut.kind)
    is_cast = cut.row == "P15" and cut.event.name == "Cast"
    if is_cast and any(picks_rows(events, out) for out in cut.event.outputs):
        return replace(found, kind="ids")
    if cut.kind != "compiled":
        return found
    return reason(
        cut.row,
        cut.event,
        question,
        kind="compiled",
        operation=operation_label(cut.operation),
        name=_python_name(cut.event),
    )


def _python_name(operation: Operation) -> str:
    """Return the name of the Python function behind a compiled one."""
    return re.sub(r"_\d+$", "", operation.name)


def _makes_whole_numbers_of(event: Event, target: Any) -> bool:
    """Tell whether a cast made whole numbers, and those are what is differentiated."""
    return (
        isinstance(event, Operation)
        and event.name == "Cast"
        and all(
            leaf.dtype.is_integer
            for leaf in tf.nest.flatten(target)
            if tf.is_tensor(leaf)
        )
    )


def _whole_target(event: Operation, question: Question) -> Reason:
    name = question.target_name
    if question.tape is None:
        name = f"{name}({question.source_name})"
    return reason("P2", event, question, name=name, dtype=event.outputs[0].dtype.name)


def _is_variable(leaf: Any) -> bool:
    return isinstance(leaf, tf.Variable)


def _is_read(event: Event) -> bool:
    return isinstance(event, Operation) and event.name == "ReadVariableOp"


def _not_watched(events: list[Event], question: Question) -> Reason:
    switched_off = not question.watches_variables
    if isinstance(question.source, tf.Variable):
        kind = "switched off" if switched_off else "untrained"
        return reason("P1", None, question, kind=kind)
    maker = maker_of(events, question.source)
    if maker is not None and _reassigns(maker.line, question.source_name):
        return reason("P6", maker, question)
    return reason("P1", None, question, kind="switched off" if switched_off else "")


def maker_of(events: list[Event], tensor: Any) -> Operation | None:
    """Return the operation that computed a tensor, if it was one."""
    for event in reversed(events):
        if isinstance(event, Operation) and any(out is tensor for out in event.outputs):
            return event
    return None


def _reassigns(line: Line | None, name: str) -> bool:
    """Tell whether a line is of the kind ``x = x + 1``."""
    try:
        statement = ast.parse(line.text).body[0] if line else None
    except (SyntaxError, IndexError):
        return False
    if isinstance(statement, ast.AugAssign):
        return text_of(statement.target) == name
    return (
        isinstance(statement, ast.Assign)
        and text_of(statement.targets[0]) == name
        and name in names_in(statement.value)
    )


def _is_gradient(events: list[Event], question: Question) -> bool:
    """Tell whether the target is what a tape gave, outside the block of this one."""
    targets = {id(leaf) for leaf in tf.nest.flatten(question.target)}
    return any(
        isinstance(event, TapeCall)
        and event.method in ("gradient", "jacobian", "batch_jacobian")
        and any(id(leaf) in targets for leaf in tf.nest.flatten(event.result))
        for event in events
    )
