"""The diagnosis of a gradient on a tape that the learner has recorded."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from gradtape.tape.backward import way_back
from gradtape.tape.diagnosis import Diagnosis, diagnose
from gradtape.tape.labels import operation_label
from gradtape.tape.pitfalls import Finding
from gradtape.tape.values import places


def explain_afterwards(tape: tf.GradientTape, target: Any, sources: Any) -> Diagnosis:
    """Return the diagnosis of ``tape.gradient(target, sources)``."""
    flat = tf.nest.flatten(sources)
    seen = way_back(tape, target, flat)
    findings = []
    names = [f"x{n}" for n in range(1, len(flat) + 1)] if len(flat) > 1 else ["x"]
    for name, source, gradient, wrong in zip(
        names, flat, seen.gradients, places(seen), strict=True
    ):
        if gradient is None:
            is_variable = isinstance(source, tf.Variable)
            findings.append(Finding("P11" if is_variable else "P1", name))
        for row, step in wrong:
            findings.append(Finding(row, name, operation_label(step.name)))
    return diagnose(zip(names, seen.gradients, strict=True), findings)
