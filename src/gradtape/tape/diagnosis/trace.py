"""Follow a source's value through a run: how far it goes, how far a record of it does."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf

from gradtape.learner_code.lines import Line
from gradtape.tape.diagnosis.operations import SHOWS, STEPS, cut_by
from gradtape.tape.record.events import (
    ABOUT_SHAPE,
    Departure,
    Event,
    Operation,
    TapeCall,
)
from gradtape.tape.record.graph_events import graph_events


@dataclass
class Question:
    """What was asked of a tape, and got None for an answer.

    Attributes
    ----------
    source, target : object
        What was to be differentiated with respect to what, as it was given.
    source_name, target_name : str
        What the learner calls them.
    source_code : str
        How the source stands in the code, if that differs.
    tape : int or None
        The number of a tape of the learner's; None for one that recorded everything.
    tape_name : str
        What the learner calls the tape.
    watches_variables : bool
        Whether the tape watches variables without being told.
    until : int
        The number of the event with which it was asked.
    asked_at : Line or None
        Where it was asked.
    """

    source: Any
    target: Any
    source_name: str
    target_name: str = "y"
    source_code: str = ""
    tape: int | None = None
    tape_name: str = ""
    watches_variables: bool = True
    until: int | None = None
    asked_at: Line | None = None


@dataclass(frozen=True)
class Cut:
    """Where a value goes on and the record of it does not.

    ``row`` is that of the catalogue, ``"stopped"`` for ``tf.stop_gradient``, or empty
    where the record had ended before; ``kind`` says in which of the row's ways.
    """

    row: str
    event: Operation
    kind: str = ""
    operation: str = ""


@dataclass
class Trace:
    """How far a source's value goes, and how far the record of it.

    Attributes
    ----------
    is_recording, is_watched : bool
        Whether the tape records at the moment, and watches the source.
    goes_on : set of int
        The tensors in which the source has part, by identity.
    recorded : set of int
        Those of them from which the tape finds its way back.
    makers : dict of int to Operation
        What computed each of them.
    cuts : list of Cut
        Where the value goes on and the record does not.
    departures : list of Departure
        Where the value left TensorFlow.
    reassigned : list of Operation
        Where the source itself got another value, with what had been seen until then.
    why_not : str
        Why the tape does not record, where it is not that its block is over.
    on_tape : set of int
        Everything that the tape follows, whatever it was computed from.
    """

    is_recording: bool
    is_watched: bool
    goes_on: set[int]
    recorded: set[int]
    thread: int = 0
    makers: dict[int, Operation] = field(default_factory=dict)
    cuts: list[Cut] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    reassigned: list[Operation] = field(default_factory=list)
    stopping: dict[tuple, Cut | None] = field(default_factory=dict)
    was_reset: bool = False
    why_not: str = ""
    on_tape: set[int] = field(default_factory=set)


def trace_of(events: Iterable[Event], question: Question) -> Trace:
    """Follow the source of a question through events.

    Parameters
    ----------
    events : iterable of Operation, Departure or TapeCall
        What happened before the question, in order.
    question : Question
        What was asked.

    Returns
    -------
    Trace
        How far the source's value went.
    """
    source = id(question.source)
    ours = question.tape is None
    thread = threading.get_ident() if ours else 0
    trace = Trace(ours, ours, {source}, {source} if ours else set(), thread)
    for event in events:
        if isinstance(event, TapeCall):
            if event.tape == question.tape:
                _follow_tape(event, question, trace)
        elif isinstance(event, Departure):
            if id(event.tensor) in trace.goes_on and event.way not in SHOWS:
                trace.departures.append(event)
        else:
            _follow(event, question, trace)
    return trace


def _follow_tape(event: TapeCall, question: Question, trace: Trace) -> None:
    if event.method in ("__enter__", "go_on"):
        trace.is_recording, trace.why_not = True, ""
        trace.thread = event.thread
    elif event.method == "__exit__":
        trace.is_recording = False
    elif event.method == "stop_recording":
        trace.is_recording, trace.why_not = False, "stopped"
    elif event.method == "reset":
        trace.recorded, trace.on_tape = set(), set()
        trace.is_watched = False
        trace.was_reset = True
    elif event.method == "gradient" and not event.is_persistent:
        trace.is_recording, trace.why_not = False, "asked"
    elif event.method == "watch":
        watched = tf.nest.flatten(event.arguments.get("tensor"), expand_composites=True)
        trace.on_tape |= {id(leaf) for leaf in watched}
        if any(
            getattr(leaf, "value", leaf) is question.source for leaf in watched
        ) or any(leaf is question.source for leaf in watched):
            trace.is_watched = True
            trace.recorded.add(id(question.source))


def _follow(operation: Operation, question: Question, trace: Trace) -> None:
    if operation.name in ABOUT_SHAPE:
        return
    is_here = trace.is_recording and operation.thread in (0, trace.thread)
    if is_here and question.tape is not None:
        _put_on_tape(operation, question, trace)
    if is_here and any(
        leaf is question.source and watches_by_itself(leaf, question)
        for leaf in operation.inputs
    ):
        trace.is_watched = True
        trace.recorded.add(id(question.source))
    stores = is_assignment(operation) or operation.name == "MakeIterator"
    given, results = operation.inputs, operation.outputs
    if stores:
        is_iterator = operation.name == "MakeIterator"
        results = operation.inputs[-1:] if is_iterator else operation.inputs[:1]
        given = operation.inputs[:-1] if is_iterator else operation.inputs[1:]
    if not any(id(leaf) in trace.goes_on for leaf in given):
        if operation.name == "AssignVariableOp" and stores:
            if results[0] is question.source:
                trace.reassigned.append(operation)
            else:
                trace.goes_on.discard(id(results[0]))
        return
    if stores and results and results[0] is question.source:
        trace.reassigned.append(operation)
        return  # The source itself gets a new value: an optimizer's step.
    cut = _cut(operation, question, trace, is_here, stores)
    if cut is not None and cut.row == "independent":
        return
    for result in results:
        trace.goes_on.add(id(result))
        trace.makers[id(result)] = operation
        is_number = result.dtype.is_floating or result.dtype.is_complex
        if cut is None and (is_number or result.dtype == tf.variant):
            trace.recorded.add(id(result))
    if cut is not None:
        trace.cuts.append(cut)


def _put_on_tape(operation: Operation, question: Question, trace: Trace) -> None:
    """Note what the tape follows; a source that was computed in the block may be of it."""
    if operation.name == "StopGradient" or not any(
        id(leaf) in trace.on_tape or watches_by_itself(leaf, question)
        for leaf in operation.inputs
    ):
        return
    for result in operation.outputs:
        if result.dtype.is_floating or result.dtype.is_complex:
            trace.on_tape.add(id(result))
            if result is question.source:
                trace.is_watched = True
                trace.recorded.add(id(result))


def is_assignment(operation: Operation) -> bool:
    """Tell what stores a value in a variable."""
    return operation.name.startswith(("Assign", "Resource")) and not operation.outputs


def watches_by_itself(leaf: Any, question: Question) -> bool:
    """Tell whether a tape watches something where it is used, without being told."""
    if not isinstance(leaf, tf.Variable) or not leaf.trainable:
        return False
    return question.watches_variables


def _cut(
    operation: Operation,
    question: Question,
    trace: Trace,
    is_here: bool,
    stores: bool,
) -> Cut | None:
    """Return why an operation is where the record ends, if it is."""
    on_record = [
        number
        for number, leaf in enumerate(operation.inputs)
        if id(leaf) in trace.recorded
    ]
    is_dataset = operation.name.startswith(("MakeIterator", "IteratorGetNext"))
    if trace.is_recording and not is_here:
        return Cut("P33" if on_record or _has(operation, question) else "", operation)
    if not trace.is_recording:
        return Cut(
            "P7" if stores and not is_dataset else "P3", operation, trace.why_not
        )
    if not on_record:
        if _has(operation, question):
            return Cut("P43" if trace.was_reset else "P4", operation)
        made_before = any(id(leaf) in trace.goes_on for leaf in operation.inputs)
        late = trace.was_reset and made_before and not trace.cuts
        return Cut("P43" if late else "", operation)
    if stores:
        return Cut("" if is_dataset else "P7", operation)
    dtypes = tuple(result.dtype for result in operation.outputs)
    kind = (operation.name, id(operation.graph), tuple(on_record), dtypes)
    if operation.is_function and operation.graph is None:
        kind += (id(operation),)
    if kind not in trace.stopping:
        trace.stopping[kind] = (
            _cut_inside(operation, on_record)
            if operation.graph is not None
            else _cut_here(operation, on_record)
        )
    found = trace.stopping[kind]
    return found and Cut(found.row, operation, found.kind, found.operation)


def _has(operation: Operation, question: Question) -> bool:
    return any(leaf is question.source for leaf in operation.inputs)


def _cut_here(operation: Operation, positions: list[int]) -> Cut | None:
    row = cut_by(operation, positions)
    return Cut(row, operation) if row else None


def _cut_inside(operation: Operation, positions: list[int]) -> Cut | None:
    """Return what cuts a way inside a compiled function; None if one is open."""
    events = graph_events(operation.graph)
    captured = {id(inner): outer for outer, inner in operation.graph.captures}
    first = Cut("independent", operation)
    for position in positions:
        placeholder = operation.graph.inputs[position]
        source = operation.inputs[position]
        if id(placeholder) not in captured:
            source = placeholder
        elif not isinstance(source, tf.Variable):
            source = captured[id(placeholder)]
        inner = trace_of(events, Question(source, operation.graph.outputs, ""))
        relevant = made_from(inner, operation.graph.outputs)
        if not relevant:
            continue
        if any(id(leaf) in inner.recorded for leaf in operation.graph.outputs):
            return None
        cuts = [cut for cut in inner.cuts if cut.row and cut.event in relevant]
        if cuts and first.row == "independent":
            name = cuts[0].event.name
            row = "P34" if "Dataset" in name else cuts[0].row
            first = Cut(row, operation, "compiled", name)
    return first


def made_from(
    trace: Trace, target: Any, *, only_with_slope: bool = False
) -> set[Operation]:
    """Return the operations by which the source has part in the target.

    Parameters
    ----------
    trace : Trace
        How far the source's value goes.
    target : tensor, or nested structure of these
        What is made.
    only_with_slope : bool, optional
        Leave out what comes through ``tf.stop_gradient``, steps and whole numbers.

    Returns
    -------
    set of Operation
        Empty where the source has no part.
    """
    waiting = [id(leaf) for leaf in tf.nest.flatten(target, expand_composites=True)]
    found: set[Operation] = set()
    while waiting:
        operation = trace.makers.get(waiting.pop())
        if operation is None or operation in found:
            continue
        if not only_with_slope or _has_slope(operation):
            found.add(operation)
            waiting += [id(leaf) for leaf in operation.inputs]
    return found


def _has_slope(operation: Operation) -> bool:
    return operation.name not in {"StopGradient", *STEPS} and not all(
        result.dtype.is_integer or result.dtype.is_bool for result in operation.outputs
    )
