"""What was computed before a tape's block began: read in the code, since nobody saw it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.learner_code.lines import Line
from gradtape.learner_code.reading import Reading
from gradtape.tape.diagnosis.dataflow import dataflow_of
from gradtape.tape.diagnosis.none_gradients import reason
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.trace import Question
from gradtape.tape.record.sources import Source

_OUTSIDE = ("P3", "P4", "P5", "P15", "P7")


def look_before(
    found: list[Reason], reading: Reading, question: Question, source: Source
) -> list[Reason]:
    """Return what was found, and where a target has no part of a source what the code says.

    Parameters
    ----------
    found : list of Reason
        Why the gradient is None, from what the block did.
    reading : Reading
        The code around the question.
    question, source : Question, Source
        What was asked, and by what.
    """
    if [each.cause for each in found] != ["P11"]:
        return found
    if found[0].kind == "twice":
        return [replace(found[0], name=_twin(reading, source.tensor, found[0].line))]
    if found[0].kind:
        return found
    if source.is_of_keras:
        found = [replace(found[0], kind="keras")]
    return _from_before(reading, question, source) or found


def _twin(reading: Reading, source: Any, line: Line | None) -> str:
    """Return the name of the array on a line that holds the numbers of a source."""
    words = set(re.findall(r"\w+", line.text if line else ""))
    for name, value in reading.names.items():
        is_array = isinstance(value, np.ndarray) or tf.is_tensor(value)
        if name in words and is_array and np.array_equal(value, source):
            return name
    return ""


def _from_before(reading: Reading, question: Question, source: Source) -> list[Reason]:
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
