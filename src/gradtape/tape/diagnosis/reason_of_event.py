"""The reason that an event is: its place, and its names as they stand in the code."""

from __future__ import annotations

import re
from typing import Any

from gradtape.tape.diagnosis.cuts_in_code import call_of_numpy
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.trace import Question, is_assignment
from gradtape.tape.record.events import Departure, Event, Operation
from gradtape.tape.record.labels import operation_label


def reason(row: str, event: Event | None, question: Question, **fields: Any) -> Reason:
    """Return a reason with the place of an event and the names of a question."""
    known: dict[str, Any] = {}
    if isinstance(event, Operation):
        known["operation"] = _as_written(event, row)
        if row == "P7":
            known["name"] = _assigned_name(event)
    elif isinstance(event, Departure):
        of_numpy = call_of_numpy(event.line.text) if event.line else ""
        is_numpy = event.way in ("numpy", "__array__") or (
            event.way == "__float__" and "float(" not in event.line.text
            if event.line
            else False
        )
        known["operation"] = (is_numpy and of_numpy) or event.way.strip("_")
        text = event.line.text if event.line else ""
        if predicting := RETURNS_NUMBERS.search(text):
            known |= {"kind": "predict", "operation": predicting.group(1)}
    known |= {
        "line": getattr(event, "line", None),
        "target": question.target_name,
        "code": question.source_code,
        "tape": question.tape_name,
        "asked_at": question.asked_at,
    }
    return Reason(row, question.source_name, **(known | fields))


# Methods of a model that return numbers of NumPy's and Python's.
RETURNS_NUMBERS = re.compile(
    r"\.(predict\w*|evaluate|fit|train_on_batch|test_on_batch)\("
)


def _as_written(operation: Operation, row: str) -> str:
    """Return an operation's name, or that of the function that the learner called for it."""
    label, text = operation_label(operation.name), getattr(operation.line, "text", "")
    sign = "==" if label == "=" else label
    is_seen = not text or sign in text or f"{operation.caller}(" not in text
    return label if is_seen or row not in ("P15", "P22") else operation.caller


def _assigned_name(assignment: Operation) -> str:
    """Return the name of the variable that was assigned to, as the code has it."""
    text = assignment.line.text if assignment.line else ""
    found = re.search(
        r"([\w.]+)\.(?:assign|scatter|set_weights)|(\w+)\s*=\s*tf\.Variable", text
    )
    if found and is_assignment(assignment):
        return found.group(1) or found.group(2)
    return assignment.inputs[0].name.split(":")[0]
