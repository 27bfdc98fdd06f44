"""Where a value left TensorFlow for good, or only decided what was done next."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from gradtape.tape.diagnosis.cuts_in_code import (
    call_of_another_library,
    call_of_numpy,
)
from gradtape.tape.diagnosis.operations import LOOKS
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.reason_of_event import reason
from gradtape.tape.diagnosis.trace import Question, Trace
from gradtape.tape.record.events import Departure, Event, Operation


def left_or_decided(
    events: list[Event], trace: Trace, question: Question
) -> Reason | None:
    """Return where the value left TensorFlow for good, or only decided something."""
    if not trace.departures and (cut := _cut_by_numpy(events, trace, question)):
        return cut
    decided = [cut.event for cut in trace.cuts if _is_decision(cut.event)]
    if decided and all(each.way in LOOKS for each in trace.departures):
        return reason("P15", decided[0], question)
    if departure := _departure(trace):
        row = "P15" if departure.way in LOOKS else "P5"
        return reason(row, departure, question)
    return _cut_by_numpy(events, trace, question)


def _is_decision(event: Event) -> bool:
    """Tell whether an operation answers yes or no, for an ``if`` or a ``tf.cond``."""
    return (
        isinstance(event, Operation)
        and bool(event.outputs)
        and event.caller not in _INSIDE_A_LIBRARY
        and all(result.dtype.is_bool for result in event.outputs)
    )


def _departure(trace: Trace) -> Departure | None:
    """Return the last place where the value left TensorFlow for good, if any."""
    for wanted in (False, True):
        for departure in reversed(trace.departures):
            is_look = departure.way in LOOKS
            if is_look is wanted and not (
                is_look and departure.caller in _INSIDE_A_LIBRARY
            ):
                return departure
    return None


# A layer or a loss that looks at a value decides nothing about the learner's.
_INSIDE_A_LIBRARY = {
    *("__call__", "apply", "apply_gradients", "update_state"),
    *("evaluate", "fit", "predict", "test_on_batch", "train_on_batch"),
}


def _cut_by_numpy(
    events: list[Event], trace: Trace, question: Question
) -> Reason | None:
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
        called = called or (call_of_another_library(line) if line else "")
        is_last = not any(
            tf.is_tensor(leaf) for leaf in tf.nest.flatten(question.target)
        )
        if called and (
            is_last
            or any(
                isinstance(leaf, (np.ndarray, np.generic))
                for later in operations[number + 1 :]
                for leaf in later.inputs
            )
        ):
            return reason("P5", operations[number], question, operation=called)
    return None
