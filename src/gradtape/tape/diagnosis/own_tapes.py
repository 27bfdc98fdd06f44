"""What is wrong with the gradients that a function asks its own tapes for."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf

from gradtape.learner_code.statements import text_of
from gradtape.tape.diagnosis.finding import Finding
from gradtape.tape.diagnosis.missing import watched_late, why_none
from gradtape.tape.diagnosis.trace import Question
from gradtape.tape.diagnosis.values import line_of, places
from gradtape.tape.record.backward import WayBack, missing_operation
from gradtape.tape.record.labels import operation_label
from gradtape.tape.record.observation import Observation, TapeCall
from gradtape.tape.record.sources import Source, sources_of


@dataclass
class OwnTapes:
    """What was found.

    Attributes
    ----------
    gradients : list of (str, gradient)
        For each source what came back, of the calls in which something was found.
    findings : list of Finding
        What is wrong.
    results : list
        Everything that the tapes gave.
    """

    gradients: list[tuple[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    results: list[Any] = field(default_factory=list)


def look_at_own_tapes(observation: Observation) -> OwnTapes:
    """Look at every gradient that a function asked its own tapes for.

    Parameters
    ----------
    observation : Observation
        What was seen while the function ran.

    Returns
    -------
    OwnTapes
        Findings and gradients.
    """
    own = OwnTapes()
    asked = [
        number
        for number, event in enumerate(observation.events)
        if isinstance(event, TapeCall) and event.method in ("gradient", "jacobian")
    ]
    for number in asked:
        call = observation.events[number]
        if own.findings and None in tf.nest.flatten(call.arguments.get("target")):
            continue  # It asks about a gradient of which something is said already.
        failed = observation.error is not None and number == asked[-1]
        given = call.arguments
        target_node, sources_node = _written(call)
        sources = sources_of(given.get("sources"), sources_node)
        target_name = text_of(target_node) if target_node else "y"
        answers = tf.nest.flatten(call.result)
        if len(answers) != len(sources):
            answers = [None] * len(sources)
        findings = []
        if failed and call.result is None:
            findings = _why_failed(observation, call, sources, target_name)
        if not findings:
            findings = _look(observation, number, sources, answers, target_name)
        own.results += answers
        if findings:
            own.findings += findings
            own.gradients += [
                (source.name, answer)
                for source, answer in zip(sources, answers, strict=True)
            ]
    own.gradients = list({name: (name, g) for name, g in own.gradients}.values())
    return own


def _look(
    observation: Observation,
    number: int,
    sources: list[Source],
    answers: list[Any],
    target_name: str,
) -> list[Finding]:
    call = observation.events[number]
    target = call.arguments.get("target")
    wrong = places(WayBack(answers, observation.way_back))
    findings = []
    for source, answer, at in zip(sources, answers, wrong, strict=True):
        if answer is None and source.row:
            findings.append(
                Finding(
                    source.row,
                    source.name,
                    line=call.line,
                    detail=source.detail,
                    target=target_name,
                    code=source.written,
                    tape=_tape_name(call),
                )
            )
        else:
            question = Question(
                source.tensor,
                target,
                source.name,
                target_name,
                source.written,
                call.tape,
                _tape_name(call),
                number,
            )
            why = why_none if answer is None else watched_late
            findings += [
                each
                for each in why(observation.events, question)
                if each.row != "stopped"
            ]
        for row, step in at:
            operation = operation_label(step.name)
            line = line_of(step, observation.events)
            findings.append(Finding(row, source.name, operation, line))
    return findings


def _why_failed(
    observation: Observation, call: TapeCall, sources: list[Source], target_name: str
) -> list[Finding]:
    """Return why asking the tape ended in an error."""
    error = observation.error
    if isinstance(error, LookupError) and missing_operation(error):
        row, what = "P22", operation_label(missing_operation(error))
    elif isinstance(error, RuntimeError) and "non-persistent" in str(error):
        row, what = "P8", ""
    elif isinstance(error, AttributeError) and not any(
        tf.is_tensor(leaf) for leaf in tf.nest.flatten(call.arguments.get("target"))
    ):
        leaf = tf.nest.flatten(call.arguments.get("target"))[0]
        row, what = "P5", type(leaf).__name__
    else:
        return []
    return [
        Finding(row, source.name, what, call.line, target=target_name)
        for source in sources
    ]


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
    return found.get("target"), found.get("sources")
