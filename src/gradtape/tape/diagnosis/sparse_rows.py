"""P36: the code takes ``.numpy()`` of a gradient that holds some rows of a table."""

from __future__ import annotations

import ast
from typing import Any

import tensorflow as tf

from gradtape.learner_code.lines import Line
from gradtape.tape.diagnosis.edits import Code, calls, last_part
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.reason_of_event import reason
from gradtape.tape.diagnosis.trace import Question


def numbers_taken_of(gradient: Any, question: Question) -> list[Reason]:
    """Return where the code around a question takes ``.numpy()`` of what it gives.

    Parameters
    ----------
    gradient : tf.Tensor, tf.IndexedSlices or None
        What came back.
    question : Question
        What was asked.

    Returns
    -------
    list of Reason
        One or none; none for a gradient that is a tensor.
    """
    code = Code.of(question.asked_at)
    if not isinstance(gradient, tf.IndexedSlices) or code is None:
        return []
    asked = code.statement(question.asked_at.number)
    if not isinstance(asked, ast.Assign):
        return []
    names = {
        part.id for part in ast.walk(asked.targets[0]) if isinstance(part, ast.Name)
    }
    for call in calls(code.tree, "numpy"):
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        if call.lineno > asked.lineno and last_part(owner) in names:
            line = Line(code.file, call.lineno)
            return [reason("P36", None, question, line=line, name=last_part(owner))]
    return []
