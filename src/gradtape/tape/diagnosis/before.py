"""What was computed before a tape's block began: read in the code, since nobody saw it."""

from __future__ import annotations

from gradtape.learner_code.reading import Reading
from gradtape.tape.diagnosis.dataflow import dataflow_of
from gradtape.tape.diagnosis.none_gradients import reason
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.trace import Question
from gradtape.tape.record.sources import Source

_OUTSIDE = ("P3", "P4", "P5", "P15", "P7")


def from_before(reading: Reading, question: Question, source: Source) -> list[Reason]:
    """Return where the way of a source to a target is cut outside the block, by the code.

    Parameters
    ----------
    reading : Reading
        The code around the question.
    question : Question
        What was asked.
    source : Source
        By what.

    Returns
    -------
    list of Reason
        One, or none where the code shows no connection.
    """
    target = reading.arguments[1] if len(reading.arguments) > 1 else None
    way = dataflow_of(reading, source.tensor, source.written, target)
    for each in way.suspects:
        if each.row in _OUTSIDE:
            place = "name" if each.row in ("P3", "P4", "P7") else "operation"
            return [
                reason(each.row, None, question, line=each.line, **{place: each.what})
            ]
    return []
