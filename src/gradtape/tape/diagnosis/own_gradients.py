"""Functions with a gradient of their own that TensorFlow uses otherwise than was meant."""

from __future__ import annotations

import numpy as np

from gradtape.learner_code.lines import Line, is_own
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.reason_of_event import reason
from gradtape.tape.diagnosis.replay import with_other_size
from gradtape.tape.diagnosis.trace import Question, made_from, trace_of
from gradtape.tape.record.backward import Step, WayBack, numbers
from gradtape.tape.record.events import Event, Operation


def misused_own_gradients(
    seen: WayBack, question: Question, events: list[Event]
) -> list[Reason]:
    """Return functions of ``tf.custom_gradient`` whose own gradient is not in the number.

    TensorFlow passes over the own gradient of tensors that are given by their names. And
    an inner function that does not multiply by what arrives is right at the end alone.

    Parameters
    ----------
    seen : WayBack
        The way back.
    question : Question
        What was asked, and answered with a number.
    events : list of Event
        What happened on the way forward.
    """
    used = _used(question, events)
    found = given_by_keyword(question, events)
    for step in seen.events if used else ():
        if isinstance(step, Step) and step.own is not None and _ignores_upstream(step):
            code = step.own.__code__
            line = Line(code.co_filename, code.co_firstlineno) if is_own(code) else None
            name = code.co_qualname.split(".<locals>")[0]
            found.append(
                reason(
                    "P22", None, question, kind="upstream", operation=name, line=line
                )
            )
    return found[:1]


def given_by_keyword(question: Question, events: list[Event]) -> list[Reason]:
    """Return the functions on the way that were given tensors by their names."""
    return [
        reason("P22", each, question, kind="keyword", operation=each.name)
        for each in _used(question, events)
        if each.by_keyword
    ]


def _used(question: Question, events: list[Event]) -> list[Operation]:
    trace = trace_of(events[: question.until], question)
    return [
        event
        for event in made_from(trace, question.target)
        if isinstance(event, Operation) and event.is_function and event.graph is None
    ]


def _ignores_upstream(step: Step) -> bool:
    """Tell whether the same goes on, whatever arrives."""
    results = [None if each is None else numbers(each) for each in step.results]
    arrived = [numbers(each) for each in step.upstream if each is not None]
    if not any(each is not None and np.any(each) for each in results):
        return False
    if all(np.all(each == 1) for each in arrived):
        return False  # Nothing follows: the number is right.
    nothing = with_other_size(step, 0.0)
    return all(
        before is None or after is not None and np.array_equal(before, after)
        for before, after in zip(results, nothing, strict=False)
    )
