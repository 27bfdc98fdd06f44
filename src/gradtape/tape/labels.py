"""What stands in a drawing of a tape: operations by their signs, values in few digits."""

from __future__ import annotations

import re

import numpy as np
import tensorflow as tf

from gradtape.tape.graph import Edge, Node

_SIGNS = {
    "Add": "+",
    "AddN": "+",
    "AddV2": "+",
    "AssignVariableOp": "assign",
    "AssignAddVariableOp": "assign +",
    "AssignSubVariableOp": "assign −",
    "BatchMatMulV2": "matmul",
    "BiasAdd": "+",
    "ConcatV2": "concat",
    "Cumsum": "cumsum",
    "Div": "÷",
    "DivNoNan": "÷",
    "FloorDiv": "//",
    "FloorMod": "mod",
    "GatherV2": "gather",
    "Greater": ">",
    "GreaterEqual": "≥",
    "Less": "<",
    "LessEqual": "≤",
    "Equal": "=",
    "NotEqual": "≠",
    "LogicalAnd": "and",
    "LogicalNot": "not",
    "LogicalOr": "or",
    "MatMul": "matmul",
    "Mul": "×",
    "MulNoNan": "×",
    "Neg": "−",
    "Pack": "stack",
    "PadV2": "pad",
    "RealDiv": "÷",
    "ResourceGather": "gather",
    "Select": "where",
    "SelectV2": "where",
    "SelfAdjointEigV2": "eigh",
    "SquaredDifference": "(a − b)²",
    "StridedSlice": "[ ]",
    "Sub": "−",
    "Unpack": "unstack",
}
_MOST_ENTRIES = 4


def operation_label(name: str) -> str:
    """Return an operation's sign, or its name as one writes it in Python.

    Examples
    --------
    >>> operation_label("AddV2"), operation_label("LogSoftmax")
    ('+', 'log_softmax')
    """
    if sign := _SIGNS.get(name):
        return sign
    name = re.sub(r"V\d+$", "", name)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def number_label(number: float) -> str:
    """Write a number with five significant digits and a true minus sign.

    Examples
    --------
    >>> number_label(-7.3000002), number_label(float("nan")), number_label(1e-7)
    ('−7.3', 'NaN', '1e−07')
    """
    if np.isnan(number):
        return "NaN"
    if np.isinf(number):
        return "∞" if number > 0 else "−∞"
    return f"{float(number):.5g}".replace("-", "−")


def value_label(value: tf.Tensor) -> str:
    """Write a value in a few signs: vectors by their first numbers, matrices by shape.

    Examples
    --------
    >>> value_label(tf.constant([1.0, 2.5])), value_label(tf.zeros([3, 4]))
    ('[1, 2.5]', '3×4 [0, 0, …]')
    """
    array = np.asarray(value)
    if array.dtype == bool:
        entries = ["T" if entry else "F" for entry in array.ravel()[:_MOST_ENTRIES]]
    elif array.dtype.kind in "iuf" or array.dtype.name == "bfloat16":
        entries = [number_label(entry) for entry in array.ravel()[:_MOST_ENTRIES]]
    else:
        return array.dtype.name
    if array.ndim == 0:
        return entries[0]
    if array.ndim == 1 and array.size <= _MOST_ENTRIES:
        return f"[{', '.join(entries)}]"
    shape = "×".join(str(length) for length in array.shape)
    if array.ndim == 2 and array.shape == (2, 2):
        return f"[{entries[0]}, {entries[1]}; {entries[2]}, {entries[3]}]"
    more = ", …" if array.size > 2 else ""
    return f"{shape} [{', '.join(entries[:2])}{more}]"


def node_label(node: Node) -> str:
    """Return a node's name: an argument's, a variable's, or an operation's sign."""
    if node.kind == "operation":
        return operation_label(node.name)
    if node.kind == "departure":
        return f"{node.name}( )"
    return node.name


def gradient_label(gradients: list[tf.Tensor | None]) -> str:
    """Write what comes back between two nodes; over several ways, as a sum."""
    return " + ".join(
        value_label(gradient) for gradient in gradients if gradient is not None
    ).replace("+ −", "− ")


def is_zero(edge: Edge) -> bool:
    """Tell whether something comes back along an edge, and it is zero everywhere."""
    return edge.gradient is not None and not np.any(edge.gradient)
