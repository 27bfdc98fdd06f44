"""What is known of single operations: which let a gradient through, and which do not."""

from __future__ import annotations

import tensorflow as tf

from gradtape.tape.record.events import Operation

LOOKS = {"__bool__"}  # The value was looked at to decide something.
SHOWS = {"__str__", "__repr__", "__format__"}
STEPS = {"Round", "Rint", "Floor", "Ceil", "FloorDiv", "Sign"}
_BY_CHANCE = ("Random", "Stateless", "Multinomial", "Stateful")
# Errors with which an operation refuses to be executed on its own.
_NOT_ALONE = (TypeError, ValueError, NotImplementedError, tf.errors.OpError)


def cut_by(operation: Operation, positions: list[int]) -> str:
    """Return the row of an operation through which nothing comes back.

    Parameters
    ----------
    operation : Operation
        What was executed.
    positions : list of int
        The inputs that a tape follows.

    Returns
    -------
    str
        ``"stopped"`` for ``tf.stop_gradient``; empty where gradients come through, or it
        cannot be told.
    """
    name, outputs = operation.name, operation.outputs
    if name == "StopGradient":
        return "stopped"
    if name == "PyFunc":
        return "P5"
    if name in ("ReduceDataset", "ScanDataset"):
        return "P22"
    if "Dataset" in name or name.startswith("Iterator"):
        return "P34"
    has_numbers = any(
        result.dtype.is_floating
        or result.dtype.is_complex
        or result.dtype == tf.variant
        for result in outputs
    )
    if name in STEPS or not has_numbers:
        return "P15"
    if not operation.is_repeatable or name == "EagerPyFunc":
        return ""
    if name.startswith(_BY_CHANCE):
        return "" if name == "StatelessRandomGammaV3" else "P15"
    return _tried(operation, positions)


def _tried(operation: Operation, positions: list[int]) -> str:
    """Execute an operation on a tape of its own, and see whether anything comes back."""
    copies = [
        tf.identity(value) if tf.is_tensor(value) else value
        for value in operation.values
    ]
    asked = [copies[number] for number in positions if tf.is_tensor(copies[number])]
    try:
        with tf.GradientTape() as tape:
            tape.watch(asked)
            outputs = operation.repeat(copies)
        gradients = tape.gradient(
            [
                each
                for each in outputs
                if each.dtype.is_floating or each.dtype.is_complex
            ],
            asked,
        )
    except LookupError:
        return "P22"
    except _NOT_ALONE:
        return ""
    is_list = any(each.dtype == tf.variant for each in outputs)
    return "P22" if not is_list and all(each is None for each in gradients) else ""
