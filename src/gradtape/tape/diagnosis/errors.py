"""Errors on the way back, as causes."""

from __future__ import annotations

import tensorflow as tf

from gradtape.learner_code.lines import Line
from gradtape.tape.diagnosis.doubts import value_not_finite
from gradtape.tape.diagnosis.own_gradients import given_by_keyword
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.reason_of_event import reason
from gradtape.tape.diagnosis.trace import Question
from gradtape.tape.record.backward import WayBack
from gradtape.tape.record.events import Event, Observation, TapeCall
from gradtape.tape.record.labels import operation_label

_LONGEST = 120  # of what an error says


def error_reason(seen: WayBack, question: Question, events: list[Event]) -> Reason:
    """Return the reason for an error on the way back.

    Parameters
    ----------
    seen : WayBack
        What was seen until the error.
    question : Question
        What was asked.
    events : list of Event
        What happened on the way forward; empty if that was not seen.
    """
    if value := value_not_finite(seen, question, events):
        return value
    if by_keyword := given_by_keyword(question, events):
        return by_keyword[0]
    name = seen.missing_operation or (seen.failed_at.name if seen.failed_at else "")
    is_missing = isinstance(seen.error, (LookupError, tf.errors.InternalError))
    lines = {each.line for each in events if getattr(each, "name", None) == name}
    return reason(
        "P22" if is_missing else "P40",
        None,
        question,
        operation=operation_label(name) if name else "",
        line=lines.pop() if len(lines) == 1 else None,
        kind="" if is_missing else "raises",
        name="" if is_missing else _said_by(seen.error),
    )


def _said_by(error: Exception | None) -> str:
    """Return what an error says, without TensorFlow's names of devices."""
    text = str(error).strip()
    first = text.splitlines()[0] if text else type(error).__name__
    return first.split("}} ", 1)[-1].split(" [Op:", 1)[0][:_LONGEST]


def explain_error(error: Exception, observation: Observation) -> Reason | None:
    """Return the reason for an error of a function that is due to a gradient."""
    text = str(error)
    if isinstance(error, ValueError) and "Passed in object <Variable" in text:
        return Reason("P18", "", line=_last_line(observation, "watch"))
    if isinstance(error, ValueError) and "Passed in object <KerasTensor" in text:
        return Reason("P29", "", kind="symbol", line=_last_line(observation, "watch"))
    if isinstance(error, AttributeError) and "IndexedSlices" in text:
        return Reason("P36", "")
    return None


def _last_line(observation: Observation, method: str) -> Line | None:
    """Return the line in which a tape's method was called last."""
    calls = [
        event
        for event in observation.events
        if isinstance(event, TapeCall) and event.method == method
    ]
    return calls[-1].line if calls else None
