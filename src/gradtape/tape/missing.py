"""Why a gradient is None: found in everything that happened while a function ran.

The value of a source is followed through all events, whether a tape recorded them or
not. Where the value goes on and the record does not, the way back is cut.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import tensorflow as tf

from gradtape.tape.finding import Finding
from gradtape.tape.labels import operation_label
from gradtape.tape.lines import Line
from gradtape.tape.observation import Departure, Operation, TapeCall
from gradtape.tape.reading import names_in, text_of

Event = Operation | Departure | TapeCall

# Operations whose result says something about a tensor's shape, not about its numbers.
_ABOUT_SHAPE = {"Shape", "ShapeN", "Size", "Rank", "ZerosLike", "OnesLike"}
_LOOKS = {"__bool__"}  # The value was looked at to decide something.
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
    until : int
        The number of the event with which it was asked.
    """

    source: Any
    target: Any
    source_name: str
    target_name: str = "y"
    source_code: str = ""
    tape: tf.GradientTape | None = None
    until: int | None = None


@dataclass
class _Trace:
    """How far a source's value goes, and how far the record of it."""

    is_recording: bool
    is_watched: bool
    goes_on: set[int]  # The tensors in which the source has part.
    recorded: set[int]  # Those of them from which the tape finds its way back.
    makers: dict[int, Operation] = field(default_factory=dict)
    cuts: list[tuple[str, Event]] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    stopping: dict[tuple, str | None] = field(default_factory=dict)


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
    trace = _trace(events[: question.until], question)
    found = []
    if not trace.is_watched:
        found.append(_not_watched(events, question))
    relevant = _made_from(trace, question.target)
    cuts = [
        (row, event)
        for row, event in trace.cuts
        if event in relevant and (row not in ("P3", "P4") or trace.is_watched)
    ]
    if any(row == "P3" for row, _ in cuts) and _is_inner_gradient(events, question):
        cuts = [("P10", event) for row, event in cuts if row == "P3"][:1]
    for row, event in dict(reversed(cuts)).items():
        found.append(_finding(row, event, question))
    if found or relevant:
        return found or [_finding("P11", None, question)]
    decided = [event for row, event in trace.cuts if _is_decision(event)]
    if decided and not any(each.way not in _LOOKS for each in trace.departures):
        return [_finding("P15", decided[0], question)]
    if departure := _departure(trace, question.target):
        row = "P15" if departure.way in _LOOKS else "P5"
        return [_finding(row, departure, question)]
    return [_finding("P11", None, question)]


def _trace(events: Iterable[Event], question: Question) -> _Trace:
    source = id(question.source)
    ours = question.tape is None
    trace = _Trace(ours, ours, {source}, {source} if ours else set())
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


def _follow_tape(event: TapeCall, question: Question, trace: _Trace) -> None:
    if event.method in ("__enter__", "__exit__"):
        trace.is_recording = event.method == "__enter__"
    elif event.method == "watch":
        watched = tf.nest.flatten(event.arguments.get("tensor"))
        if any(leaf is question.source for leaf in watched):
            trace.is_watched = True
            trace.recorded.add(id(question.source))


def _follow(operation: Operation, question: Question, trace: _Trace) -> None:
    if operation.name in _ABOUT_SHAPE:
        return
    if trace.is_recording and any(
        leaf is question.source and _watches_by_itself(leaf, question)
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


def _watches_by_itself(leaf: Any, question: Question) -> bool:
    if not isinstance(leaf, tf.Variable) or not leaf.trainable:
        return False
    return getattr(question.tape, "_watch_accessed_variables", True)


def _cut(
    operation: Operation, question: Question, trace: _Trace, is_assignment: bool
) -> str | None:
    """Return the row for which an operation is where the record ends, if it is."""
    on_record = [
        number
        for number, leaf in enumerate(operation.inputs)
        if id(leaf) in trace.recorded
    ]
    if not trace.is_recording:
        return "P3"
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


def has_part_in(events: list[Event], question: Question, operation: str) -> bool:
    """Tell whether the way of a source to the target leads through an operation."""
    trace = _trace(events[: question.until], question)
    return any(each.name == operation for each in _made_from(trace, question.target))


def _made_from(trace: _Trace, target: Any) -> set[Operation]:
    """Return the operations by which the source has part in the target."""
    waiting = [id(leaf) for leaf in tf.nest.flatten(target)]
    found: set[Operation] = set()
    while waiting:
        operation = trace.makers.get(waiting.pop())
        if operation is not None and operation not in found:
            found.add(operation)
            waiting += [id(leaf) for leaf in operation.inputs]
    return found


def _is_decision(event: Event) -> bool:
    """Tell whether an operation answers yes or no, for an ``if`` or a ``tf.cond``."""
    return isinstance(event, Operation) and all(
        result.dtype.is_bool for result in event.outputs
    )


def _departure(trace: _Trace, target: Any) -> Departure | None:
    """Return the last place where the value left TensorFlow for good, if any."""
    for wanted in (False, True):
        for departure in reversed(trace.departures):
            if (departure.way in _LOOKS) is wanted:
                return departure
    return None


def _not_watched(events: list[Event], question: Question) -> Finding:
    switched_off = not getattr(question.tape, "_watch_accessed_variables", True)
    if isinstance(question.source, tf.Variable) and not switched_off:
        return _finding("P11", None, question)
    maker = _maker(events[: question.until], question.source)
    if maker is not None and _reassigns(maker.line, question.source_name):
        return _finding("P6", maker, question)
    finding = _finding("P1", None, question)
    return replace(finding, detail="switched off") if switched_off else finding


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


def _finding(row: str, event: Event | None, question: Question) -> Finding:
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
        "tape" if question.tape is not None else "",
    )


def _assigned_name(assignment: Operation) -> str:
    """Return the name of the variable that was assigned to, as the code has it."""
    text = assignment.line.text if assignment.line else ""
    found = re.search(r"([\w.]+)\.(?:assign|scatter)|(\w+)\s*=\s*tf\.Variable", text)
    if found:
        return found.group(1) or found.group(2)
    return assignment.inputs[0].name.split(":")[0]
