"""What is wrong with the gradients that a function asks its own tapes for."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf

from gradtape.learner_code.reading import Reading, read_question
from gradtape.learner_code.statements import text_of
from gradtape.tape.diagnosis import none_gradients, notes
from gradtape.tape.diagnosis.asked_inside import asked_inside
from gradtape.tape.diagnosis.before import kept_in_an_object, look_before
from gradtape.tape.diagnosis.dataflow import dataflow_of
from gradtape.tape.diagnosis.doubts import doubts
from gradtape.tape.diagnosis.errors import error_reason
from gradtape.tape.diagnosis.frozen import frozen_though_watched
from gradtape.tape.diagnosis.nothing_asked import nothing_asked
from gradtape.tape.diagnosis.own_gradients import misused_own_gradients
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.reason_of_event import reason
from gradtape.tape.diagnosis.sparse_rows import numbers_taken_of
from gradtape.tape.diagnosis.trace import Question
from gradtape.tape.diagnosis.unlisted import unlisted
from gradtape.tape.record.backward import Step, WayBack, missing_operation
from gradtape.tape.record.events import Observation, Operation, TapeCall
from gradtape.tape.record.sources import Source, sources_of


@dataclass
class InnerTapes:
    """What was found.

    Attributes
    ----------
    gradients : list of (str, gradient)
        For each source what came back, of the calls in which something was found.
    reasons : list of Reason
        What is wrong.
    results : list
        Everything that the tapes gave.
    healthy : list of (str, gradient)
        What came back where nothing was found.
    note : str
        What is to be said of these.
    """

    gradients: list[tuple[str, Any]] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    results: list[Any] = field(default_factory=list)
    healthy: list[tuple[str, Any]] = field(default_factory=list)
    note: str = ""


def look_at_inner_tapes(observation: Observation) -> InnerTapes:
    """Look at every gradient that a function asked its own tapes for.

    Parameters
    ----------
    observation : Observation
        What was seen while the function ran.

    Returns
    -------
    InnerTapes
        Reasons and gradients.
    """
    own = InnerTapes()
    asked = [
        number
        for number, event in enumerate(observation.events)
        if isinstance(event, TapeCall)
        and event.method in ("gradient", "jacobian", "batch_jacobian")
    ]
    for number in asked:
        call = observation.events[number]
        given = call.arguments
        target = given.get("target")
        if own.reasons and None in tf.nest.flatten(target):
            continue  # It asks about a gradient of which something is said already.
        target_node, sources_node = _written(call)
        asked_for = given.get("sources", given.get("source"))
        sources = sources_of(asked_for, sources_node)
        target_name = text_of(target_node) if target_node else "y"
        reading = read_question(call.code, call.line, _names(observation, call))
        if not sources:
            own.reasons.append(
                nothing_asked(target_name, _tape_name(call), reading, sources_node)
            )
            continue
        answers = tf.nest.flatten(call.result)
        if len(answers) != len(sources):
            answers = [None] * len(sources)
        failed = observation.error is not None and call.result is None
        questions = [_question(call, number, source, target_name) for source in sources]
        reasons = []
        if failed and number == asked[-1]:
            reasons = _why_failed(observation, call, questions, sources)
        if not reasons:
            reasons = _look(observation, questions, sources, answers, reading)
        own.results += answers
        answered = list(zip((source.name for source in sources), answers, strict=True))
        if any(each.cause != "stopped" for each in reasons):
            own.reasons += reasons
            own.gradients += answered
        else:
            own.healthy += answered
            own.note = own.note or _outside(reading, sources, answers, target_node)
    own.gradients = list({name: (name, g) for name, g in own.gradients}.values())
    return own


def _outside(
    reading: Reading,
    sources: list[Source],
    answers: list[Any],
    target: ast.expr | None,
) -> str:
    """Say that the code computes a part of a target outside TensorFlow, if it does."""
    for source, answer in zip(sources, answers, strict=True):
        way = dataflow_of(reading, source.tensor, source.written, target)
        if answer is not None and (note := notes.of_suspects(source.name, way)):
            return note
    return ""


def _question(
    call: TapeCall, number: int, source: Source, target_name: str
) -> Question:
    return Question(
        source.tensor,
        call.arguments.get("target"),
        source.name,
        target_name,
        source.written,
        call.tape,
        _tape_name(call),
        call.watches_variables,
        number,
        call.line,
    )


def _look(
    observation: Observation,
    questions: list[Question],
    sources: list[Source],
    answers: list[Any],
    reading: Reading,
) -> list[Reason]:
    events = observation.events
    target = questions[0].target
    exchanged = [
        question
        for source, question in zip(sources, questions, strict=True)
        if isinstance(source.tensor, tf.Tensor)
        and none_gradients.is_exchanged(events, question)
    ]
    if exchanged:
        return [reason("P30", None, question) for question in questions]
    reasons = []
    seen = WayBack(answers, observation.way_back)
    for source, question, answer in zip(sources, questions, answers, strict=True):
        if answer is None and source.row:
            dtype, kind = source.dtype if source.row == "P2" else "", source.kind
            if source.row == "P2" and none_gradients.picks_rows(events, source.tensor):
                kind = "ids"
            reasons.append(reason(source.row, None, question, kind=kind, dtype=dtype))
        elif answer is None:
            reasons += _why_none(events, question, source, reading)
        else:
            reasons += none_gradients.watched_late(events, question)
            reasons += none_gradients.stored_between(events, question)
            reasons += asked_inside(events, question)
            reasons += numbers_taken_of(answer, question)
            reasons += frozen_though_watched(source, question, reading, sources)
            reasons += misused_own_gradients(seen, question, events)
            reasons += kept_in_an_object(events, reading, question, source)
    reasons += doubts(seen, target, questions, events)
    used = [
        leaf
        for event in events
        if isinstance(event, Operation)
        for leaf in event.inputs
        if isinstance(leaf, tf.Variable) and leaf.trainable
    ]
    return reasons or unlisted(sources, used, reading)


def _why_none(
    events: list, question: Question, source: Source, reading: Reading
) -> list[Reason]:
    found = none_gradients.why_none(events, question)
    rows = [each.cause for each in found]
    if source.is_computed_in_call and rows in (["P1"], ["P11"]):
        return [reason("P11", None, question, kind="beside")]
    return look_before(found, events, reading, question, source)


def _why_failed(
    observation: Observation,
    call: TapeCall,
    questions: list[Question],
    sources: list[Source],
) -> list[Reason]:
    """Return why asking the tape ended in an error."""
    error = observation.error
    leaves = tf.nest.flatten(call.arguments.get("target"))
    if isinstance(error, RuntimeError) and "non-persistent" in str(error):
        inside = [
            r for each in questions for r in asked_inside(observation.events, each)
        ]
        has_begun = any(
            isinstance(event, TapeCall)
            and (event.tape, event.method) == (call.tape, "__enter__")
            for event in observation.events
        )
        row, kind = ("P8", "") if has_begun else ("P3", "no block")
        plain = [reason(row, call, each, kind=kind) for each in questions]
        return inside or plain
    wrong = [
        (source, question)
        for source, question in zip(sources, questions, strict=True)
        if source.row == "P29"
    ]
    if wrong:
        return [
            reason("P29", None, question, kind=source.kind, line=call.line)
            for source, question in wrong
        ]
    if isinstance(error, (AttributeError, TypeError, ValueError)) and not any(
        tf.is_tensor(leaf) for leaf in leaves
    ):
        events = observation.events
        return [none_gradients.why_no_tensor(events, each) for each in questions]
    back = [event for event in observation.way_back if isinstance(event, Step)]
    if isinstance(error, LookupError) and missing_operation(error):
        seen = WayBack([], back, missing_operation(error), error)
    elif back and not any(result is not None for result in back[-1].results):
        seen = WayBack([], back, "", error)
    else:
        return []
    return [error_reason(seen, question, observation.events) for question in questions]


def _names(observation: Observation, call: TapeCall) -> dict[str, Any]:
    """Return the names of the code in which a tape was asked, with their values."""
    names: dict[str, Any] = {}
    for code, known in observation.own_code.items():
        if call.line is not None and code.co_filename == call.line.file:
            names |= known
    return names | observation.local_names


def _tape_name(call: TapeCall) -> str:
    """Return the tape as it stands in the code."""
    asked = call.code.func if call.code else None
    return text_of(asked.value) if isinstance(asked, ast.Attribute) else "tape"


def _written(call: TapeCall) -> tuple[ast.expr | None, ast.expr | None]:
    """Return target and sources as they stand in the code."""
    if call.code is None:
        return None, None
    named = {each.arg: each.value for each in call.code.keywords}
    by_place = dict(zip(("target", "sources"), call.code.args, strict=False))
    found = {**by_place, **named}
    return found.get("target"), found.get("sources", found.get("source"))
