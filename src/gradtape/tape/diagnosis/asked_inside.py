"""P32: a tape that was asked inside its own block."""

from __future__ import annotations

import tensorflow as tf

from gradtape.tape.diagnosis.none_gradients import (
    leaves_behind,
)
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.reason_of_event import reason
from gradtape.tape.diagnosis.trace import Question
from gradtape.tape.record.events import Event, TapeCall

_ASKING = ("gradient", "jacobian", "batch_jacobian")


def asked_inside(events: list[Event] | None, question: Question) -> list[Reason]:
    """Return that the target was computed from what the tape gave inside its own block.

    Parameters
    ----------
    events : list of Event or None
        What happened, if it was seen.
    question : Question
        What was asked.

    Returns
    -------
    list of Reason
        One or none.
    """
    behind = None
    is_open = False
    for event in (events or [])[: question.until]:
        if not isinstance(event, TapeCall) or event.tape != question.tape:
            continue
        if event.method in ("__enter__", "__exit__"):
            is_open = event.method == "__enter__"
        elif event.method in _ASKING and is_open and event.result is not None:
            if behind is None:
                behind = leaves_behind(events, question.target)
            if any(id(leaf) in behind for leaf in tf.nest.flatten(event.result)):
                kind = "" if event.is_persistent else "used up"
                return [reason("P32", event, question, kind=kind)]
    return []
