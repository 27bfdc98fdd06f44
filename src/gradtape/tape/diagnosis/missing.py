"""Why a gradient is None: found in everything that happened while a function ran.

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
from gradtape.tape.diagnosis.finding import Finding
from gradtape.tape.diagnosis.suspects import call_of_numpy
from gradtape.tape.diagnosis.trace import (
    LOOKS,
    Event,
    Question,
    Trace,
    made_from,
    trace_of,
    watches_by_itself,
)
from gradtape.tape.record.labels import operation_label
from gradtape.tape.record.observation import Departure, Operation, TapeCall


def why_none(events: list[Event], question: Question) -> list[Finding]:
    """Return why the gradient of a source is None.

    Parameters
    ----------
    events : list of Operation, Departure or TapeCall
        What happened, in order.
    question : Question
        What was asked.

    Returns
    -------
    list of Finding
        At least one.
    """
    trace = trace_of(events[: question.until], question)
    found = []
    relevant = made_from(trace, question.target)
    # A variable would have been watched if it had been used where the tape records.
    is_watched = trace.is_watched or (
        bool(relevant) and watches_by_itself(question.source, question)
    )
    if not is_watched:
        found.append(_not_watched(events, question))
    cuts = [
        (row, event)
        for row, event in trace.cuts
        if event in relevant and (row not in ("P3", "P4") or is_watched)
    ]
    # A variable is read before anything is done with it: what is done says more.
    cuts = [cut for cut in cuts if not _is_read(cut[1])] or cuts
    if any(row == "P3" for row, _ in cuts) and _is_inner_gradient(events, question):
        cuts = [("P10", event) for row, event in cuts if row == "P3"][:1]
    for row, event in dict(reversed(cuts)).items():
        if row == "P15" and _makes_whole_numbers_of(event, question.target):
            found.append(_whole_target(event, question))
        else:
            found.append(finding(row, event, question))
    if found or relevant:
        return found or [finding("P11", None, question)]
    decided = [event for row, event in trace.cuts if _is_decision(event)]
    if decided and not any(each.way not in LOOKS for each in trace.departures):
        return [finding("P15", decided[0], question)]
    if departure := _departure(trace):
        row = "P15" if departure.way in LOOKS else "P5"
        return [finding(row, departure, question)]
    if cut := _cut_by_numpy(events[: question.until], trace, question):
        return [cut]
    return [finding("P11", None, question)]


def watched_late(events: list[Event], question: Question) -> list[Finding]:
    """Return where a source was used before its tape watched it, if the target needs that.

    Parameters
    ----------
    events : list of Operation, Departure or TapeCall
        What happened, in order.
    question : Question
        What was asked, and answered with a number.

    Returns
    -------
    list of Finding
        One or none.
    """
    trace = trace_of(events[: question.until], question)
    relevant = made_from(trace, question.target, only_with_slope=True)
    late = [each for row, each in trace.cuts if row == "P4" and each in relevant]
    return [replace(finding("P4", late[0], question), detail="part")] if late else []


def has_part_in(events: list[Event], question: Question, operation: str) -> bool:
    """Tell whether the way of a source to the target leads through an operation."""
    trace = trace_of(events[: question.until], question)
    return any(each.name == operation for each in made_from(trace, question.target))


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


def _whole_target(event: Operation, question: Question) -> Finding:
    name = question.target_name
    if question.tape is None:
        name = f"{name}({question.source_name})"
    dtype = event.outputs[0].dtype.name
    return replace(finding("P2", event, question), operation=name, detail=dtype)


def _is_read(event: Event) -> bool:
    return isinstance(event, Operation) and event.name == "ReadVariableOp"


def _is_decision(event: Event) -> bool:
    """Tell whether an operation answers yes or no, for an ``if`` or a ``tf.cond``."""
    return isinstance(event, Operation) and all(
        result.dtype.is_bool for result in event.outputs
    )


def _departure(trace: Trace) -> Departure | None:
    """Return the last place where the value left TensorFlow for good, if any."""
    for wanted in (False, True):
        for departure in reversed(trace.departures):
            if (departure.way in LOOKS) is wanted:
                return departure
    return None


def _cut_by_numpy(
    events: list[Event], trace: Trace, question: Question
) -> Finding | None:
    """Return where NumPy took a tensor's numbers without asking the tensor for them.

    It reads them from memory. What is seen is that the value ends in a tensor that no
    operation takes up, on a line that calls NumPy, and that arrays come in afterwards.
    """
    operations = [event for event in events if isinstance(event, Operation)]
    used = {id(leaf) for operation in operations for leaf in operation.inputs}
    ends = [
        number
        for number, each in enumerate(operations)
        if any(id(out) in trace.goes_on - used for out in each.outputs)
    ]
    for number in reversed(ends):
        line = operations[number].line
        called = call_of_numpy(line.text) if line else ""
        if called and any(
            isinstance(leaf, (np.ndarray, np.generic))
            for later in operations[number + 1 :]
            for leaf in later.inputs
        ):
            found = finding("P5", operations[number], question)
            return replace(found, operation=called)
    return None


def _not_watched(events: list[Event], question: Question) -> Finding:
    switched_off = not getattr(question.tape, "_watch_accessed_variables", True)
    if isinstance(question.source, tf.Variable) and not switched_off:
        return finding("P11", None, question)
    maker = _maker(events[: question.until], question.source)
    if maker is not None and _reassigns(maker.line, question.source_name):
        return finding("P6", maker, question)
    found = finding("P1", None, question)
    return replace(found, detail="switched off") if switched_off else found


def _maker(events: list[Event], tensor: Any) -> Operation | None:
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


def _is_inner_gradient(events: list[Event], question: Question) -> bool:
    targets = {id(leaf) for leaf in tf.nest.flatten(question.target)}
    return any(
        isinstance(event, TapeCall)
        and event.method in ("gradient", "jacobian")
        and event.tape is not question.tape
        and any(id(leaf) in targets for leaf in tf.nest.flatten(event.result))
        for event in events[: question.until]
    )


def finding(row: str, event: Event | None, question: Question) -> Finding:
    """Return a finding with the place of an event and the names of a question."""
    operation, detail = "", ""
    if isinstance(event, Operation):
        operation = operation_label(event.name)
        if row == "P7":
            detail = _assigned_name(event)
    elif isinstance(event, Departure):
        operation = event.way.strip("_")
    return Finding(
        row,
        question.source_name,
        operation,
        event.line if event else None,
        detail,
        question.target_name,
        question.source_code,
        question.tape_name,
    )


def _assigned_name(assignment: Operation) -> str:
    """Return the name of the variable that was assigned to, as the code has it."""
    text = assignment.line.text if assignment.line else ""
    found = re.search(r"([\w.]+)\.(?:assign|scatter)|(\w+)\s*=\s*tf\.Variable", text)
    if found:
        return found.group(1) or found.group(2)
    return assignment.inputs[0].name.split(":")[0]
