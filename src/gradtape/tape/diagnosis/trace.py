"""Follow a source's value through a run: how far it goes, how far a record of it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf

from gradtape.tape.record.observation import ABOUT_SHAPE, Departure, Operation, TapeCall

Event = Operation | Departure | TapeCall

LOOKS = {"__bool__"}  # The value was looked at to decide something.
_SHOWS = {"__str__", "__repr__", "__format__"}
STEPS = {"Round", "Rint", "Floor", "Ceil", "FloorDiv", "Sign"}
_BY_CHANCE = ("Random", "Stateless", "Multinomial", "Stateful")


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
    tape : tf.GradientTape or None
        A tape of the function's own; None for one that recorded everything.
    tape_name : str
        What the learner calls the tape.
    until : int
        The number of the event with which it was asked.
    """

    source: Any
    target: Any
    source_name: str
    target_name: str = "y"
    source_code: str = ""
    tape: tf.GradientTape | None = None
    tape_name: str = ""
    until: int | None = None


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
    cuts : list of (str, Event)
        Where the value goes on and the record does not, with the row.
    departures : list of Departure
        Where the value left TensorFlow.
    stopping : dict
        For each kind of operation the row if nothing comes back through it.
    """

    is_recording: bool
    is_watched: bool
    goes_on: set[int]
    recorded: set[int]
    makers: dict[int, Operation] = field(default_factory=dict)
    cuts: list[tuple[str, Event]] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    stopping: dict[tuple, str | None] = field(default_factory=dict)


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
    trace = Trace(ours, ours, {source}, {source} if ours else set())
    for event in events:
        if isinstance(event, TapeCall):
            if event.tape is question.tape:
                _follow_tape(event, question, trace)
        elif isinstance(event, Departure):
            if id(event.tensor) in trace.goes_on and event.way not in _SHOWS:
                trace.departures.append(event)
        else:
            _follow(event, question, trace)
    return trace


def _follow_tape(event: TapeCall, question: Question, trace: Trace) -> None:
    if event.method in ("__enter__", "__exit__"):
        trace.is_recording = event.method == "__enter__"
    elif event.method == "watch":
        watched = tf.nest.flatten(event.arguments.get("tensor"))
        if any(leaf is question.source for leaf in watched):
            trace.is_watched = True
            trace.recorded.add(id(question.source))


def _follow(operation: Operation, question: Question, trace: Trace) -> None:
    if operation.name in ABOUT_SHAPE:
        return
    if trace.is_recording and any(
        leaf is question.source and watches_by_itself(leaf, question)
        for leaf in operation.inputs
    ):
        trace.is_watched = True
        trace.recorded.add(id(question.source))
    is_assignment = operation.name.startswith(("Assign", "Resource")) and not (
        operation.outputs
    )
    given = operation.inputs[1:] if is_assignment else operation.inputs
    results = operation.inputs[:1] if is_assignment else operation.outputs
    if not any(id(leaf) in trace.goes_on for leaf in given):
        if operation.name == "AssignVariableOp" and is_assignment:
            trace.goes_on.discard(id(results[0]))
        return
    if is_assignment and results[0] is question.source:
        return  # The source itself gets a new value: an optimizer's step.
    row = _cut(operation, question, trace, is_assignment)
    for result in results:
        trace.goes_on.add(id(result))
        trace.makers[id(result)] = operation
        if row is None and result.dtype.is_floating | result.dtype.is_complex:
            trace.recorded.add(id(result))
    if row:
        trace.cuts.append((row, operation))


def watches_by_itself(leaf: Any, question: Question) -> bool:
    """Tell whether a tape watches something where it is used, without being told."""
    if not isinstance(leaf, tf.Variable) or not leaf.trainable:
        return False
    return getattr(question.tape, "_watch_accessed_variables", True)


def _cut(
    operation: Operation, question: Question, trace: Trace, is_assignment: bool
) -> str | None:
    """Return the row for which an operation is where the record ends, if it is."""
    on_record = [
        number
        for number, leaf in enumerate(operation.inputs)
        if id(leaf) in trace.recorded
    ]
    if not trace.is_recording:
        return "P7" if is_assignment else "P3"
    if not on_record:
        is_source = any(leaf is question.source for leaf in operation.inputs)
        return "P4" if is_source else ""
    if is_assignment:
        return "P7"
    dtypes = tuple(result.dtype for result in operation.outputs)
    kind = (operation.name, operation.is_function, tuple(on_record), dtypes)
    if kind not in trace.stopping:
        trace.stopping[kind] = _stops_gradient(operation, on_record)
    return trace.stopping[kind]


def _stops_gradient(operation: Operation, positions: list[int]) -> str | None:
    """Return the row of an operation through which nothing comes back, else None."""
    if operation.name == "StopGradient":
        return "stopped"
    if operation.name == "PyFunc":
        return "P5"
    floats = [result for result in operation.outputs if result.dtype.is_floating]
    if operation.name in STEPS or (
        not floats and not any(result.dtype.is_complex for result in operation.outputs)
    ):
        return "P15"
    if not operation.is_repeatable or operation.name == "EagerPyFunc":
        return None
    if operation.name.startswith(_BY_CHANCE):
        return None if operation.name == "StatelessRandomGammaV3" else "P15"
    copies = [
        tf.identity(value) if tf.is_tensor(value) else value
        for value in operation.values
    ]
    asked = [copies[number] for number in positions if tf.is_tensor(copies[number])]
    try:
        with tf.GradientTape() as tape:
            tape.watch(asked)
            outputs = operation.repeat(copies)
        gradients = tape.gradient(
            [each for each in outputs if each.dtype.is_floating], asked
        )
    except LookupError:
        return "P22"
    except (TypeError, ValueError, tf.errors.OpError):
        return None
    return "P22" if all(each is None for each in gradients) else None


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
    waiting = [id(leaf) for leaf in tf.nest.flatten(target)]
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
