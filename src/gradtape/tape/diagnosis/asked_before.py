"""What can be said of a tape that was asked before, and has no record any more."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.learner_code.statements import Statement, text_of
from gradtape.tape.diagnosis.case import Case
from gradtape.tape.diagnosis.finding import Finding
from gradtape.tape.record.backward import numbers
from gradtape.tape.record.sources import Source


def is_used_up(tape: tf.GradientTape) -> bool:
    """Tell whether a tape has given its gradients and dropped its record."""
    return getattr(tape, "_tape", tape) is None


def answer_before(case: Case) -> list[Any] | None:
    """Return what the learner's own tape.gradient gave, where names still hold it."""
    if not case.reading.arguments:
        return None
    asked = f"{text_of(case.reading.arguments[0])}.gradient"
    for statement in reversed(case.reading.statements):
        if (
            statement.is_before
            and isinstance(statement.value, ast.Call)
            and text_of(statement.value.func) == asked
            and _is_same_question(statement, case)
        ):
            names = case.reading.names
            values = [names[each] for each in statement.written if each in names]
            flat = tf.nest.flatten(values)
            if len(flat) == len(case.sources):
                return flat
    return None


def _is_same_question(statement: Statement, case: Case) -> bool:
    call = statement.value
    given = [*call.args, *(each.value for each in call.keywords)][:2]
    return [text_of(each) for each in given] == [
        text_of(each) for each in case.reading.arguments[1:3]
    ]


def why_wrong(case: Case, source: Source, gradient: Any) -> list[Finding]:
    """Return why a gradient given before is not finite, or zero: by the code alone."""
    way = case.way(source)
    values = numbers(gradient)
    targets = [leaf for leaf in tf.nest.flatten(case.target) if tf.is_tensor(leaf)]
    if not np.all(np.isfinite(values)):
        candidates = _WHERE_NOT_FINITE
    elif not np.any(values) and any(np.any(numbers(leaf)) for leaf in targets):
        candidates = _WHERE_ZERO
    else:
        return []
    for row, names in candidates.items():
        for name in names:
            if name in way.calls:
                return [case.finding(row, source, name, way.calls[name])]
    return []


_WHERE_NOT_FINITE = {
    "P16": ("where",),
    "P17": ("norm", "sqrt", "reduce_std", "std", "log", "pow", "rsqrt", "acos", "asin"),
}
_WHERE_ZERO = {
    "P15": ("sign",),
    "P27": ("relu", "sigmoid", "tanh", "softmax", "relu6", "clip_by_value", "ReLU"),
}
