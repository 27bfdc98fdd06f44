"""Why a question holds no source: an empty list of variables."""

from __future__ import annotations

import ast
from typing import Any

import tensorflow as tf

from gradtape.learner_code.reading import Reading
from gradtape.learner_code.statements import text_of
from gradtape.tape.diagnosis.reason import Reason


def nothing_asked(
    target: str, tape: str, reading: Reading, written: ast.expr | None
) -> Reason:
    """Return the reason for an empty list of sources.

    Parameters
    ----------
    target, tape : str
        As they stand in the code.
    reading : Reading
        The code around the question, with the values of its names.
    written : ast.expr or None
        The sources as they stand in the code.
    """
    code = text_of(written) if written is not None else ""
    owner_code, owner = _owner(reading, written)
    fields: dict[str, Any] = {"target": target, "tape": tape, "code": code}
    if owner is None:
        return Reason("P31", "", **fields)
    if owner.variables and not owner.trainable:
        return Reason("P31", "", kind="frozen", name=owner_code, **fields)
    if hidden := _hidden_variable(owner):
        return Reason("P31", "", kind="hidden", name=hidden, **fields)
    if owner.trainable_variables:
        return Reason("P31", "", kind="early", name=owner_code, **fields)
    return Reason("P31", "", kind="unbuilt", name=owner_code, **fields)


def _owner(reading: Reading, written: ast.expr | None) -> tuple[str, Any]:
    """Return the layer or model whose variables were asked for, if that can be read."""
    node = written
    if isinstance(node, ast.Name):
        assigned = [
            each.value
            for each in reading.statements
            if each.kind == "assign" and node.id in each.targets
        ]
        node = assigned[-1] if assigned else None
    while isinstance(node, ast.Attribute):
        node = node.value
        value = _value(reading, node)
        if isinstance(value, tf.keras.layers.Layer):
            return text_of(node), value
    return "", None


def _value(reading: Reading, node: ast.expr) -> Any:
    if isinstance(node, ast.Name):
        return reading.names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _value(reading, node.value)
        return getattr(owner, "__dict__", {}).get(node.attr)
    return None


def _hidden_variable(layer: tf.keras.layers.Layer) -> str:
    """Return the attribute in which a layer of Keras 3 holds a variable unseen by it."""
    for each in (layer, *getattr(layer, "layers", ())):
        for name, value in vars(each).items():
            if isinstance(value, tf.Variable) and not name.startswith("_"):
                return f"{type(each).__name__}.{name}"
    return ""
