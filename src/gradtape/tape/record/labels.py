"""What stands in a drawing of a tape: operations by their signs, values in few digits."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from gradtape.tape.record.graph import Edge, Node

_SIGNS = {
    "Add": "+",
    "AddN": "+",
    "AddV2": "+",
    "ArgMax": "argmax",
    "ArgMin": "argmin",
    "AssignVariableOp": "assign",
    "AssignAddVariableOp": "assign +",
    "AssignSubVariableOp": "assign −",
    "BatchMatMulV2": "matmul",
    "BiasAdd": "+",
    "ConcatV2": "concat",
    "Cumsum": "cumsum",
    "Div": "÷",
    "DivNoNan": "÷",
    "EagerPyFunc": "py_function",
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
# Operations that are written between their two inputs.
# fmt: off
_BETWEEN = frozenset({
    "Add", "AddV2", "Div", "DivNoNan", "Equal", "FloorDiv", "FloorMod", "Greater",
    "GreaterEqual", "Less", "LessEqual", "Maximum", "Minimum", "Mul", "MulNoNan",
    "NotEqual", "Pow", "RealDiv", "Sub",
})
# fmt: on
_MOST_ENTRIES = 4
_MOST_TERMS = 4  # that come back between two nodes
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def operation_label(name: str) -> str:
    """Return an operation's sign, or its name as one writes it in Python.

    Examples
    --------
    >>> [operation_label(name) for name in ("AddV2", "LogSoftmax", "Conv2D")]
    ['+', 'log_softmax', 'conv2d']
    """
    if sign := _SIGNS.get(name):
        return sign
    if name.endswith("Dataset") and name not in ("ReduceDataset", "ScanDataset"):
        return "tf.data"
    name = re.sub(r"V\d+$", "", name)
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=\d)(?=[A-Z][a-z])", "_", name).lower()


def value_text(value: tf.Tensor) -> str:
    """Write a value in few signs: vectors by their first numbers, matrices by shape.

    Examples
    --------
    >>> value_text(tf.constant([1.0, -2.5])), value_text(tf.zeros([3, 4]))
    ('[1, -2.5]', '3×4 [0, 0, …]')
    """
    kind = value.dtype
    if not (kind.is_floating or kind.is_integer or kind.is_bool or kind.is_complex):
        return kind.name
    array = as_array(value)
    if array.ndim == 0:
        return _entry(array, 5)
    if array.size <= _MOST_ENTRIES and (array.ndim == 1 or array.shape == (2, 2)):
        rows = np.atleast_2d(array)
        return f"[{'; '.join(', '.join(_entry(e, 4) for e in row) for row in rows)}]"
    entries = [_entry(entry, 3) for entry in array.ravel()[:2]]
    more = ["…"] if array.size > 2 else []
    shape = "×".join(map(str, array.shape)) if array.ndim > 1 else f"({array.size})"
    return f"{shape} [{', '.join(entries + more)}]"


def as_array(value: tf.Tensor) -> np.ndarray:
    """Return a tensor's entries for NumPy to look at, whatever their dtype."""
    return np.asarray(value.numpy())


def _entry(number: np.generic, digits: int) -> str:
    if number.dtype == bool:
        return "T" if number else "F"
    if np.iscomplexobj(number):
        return f"{number.real:.{digits}g}{number.imag:+.{digits}g}i"
    if np.isnan(number):
        return "NaN"
    if np.isinf(number):
        return "∞" if number > 0 else "-∞"
    # A sum that leaves only zeros behind the sign is plain zero.
    return f"{float(number) + 0.0:.{digits}g}"


def value_label(value: tf.Tensor) -> str:
    """Write a value as :func:`value_text` does, with the signs of mathematics.

    Examples
    --------
    >>> value_label(tf.constant([-7.3, 1e-7])), value_label(tf.constant(float("-inf")))
    ('[−7.3, 10⁻⁷]', '−∞')
    """
    return re.sub(r"([\d.]+)e([-+]\d+)", _power_of_ten, value_text(value)).replace(
        "-", "−"
    )


def _power_of_ten(found: re.Match) -> str:
    factor = "" if found[1] == "1" else f"{found[1]}·"
    return f"{factor}10{str(int(found[2])).translate(_RAISED)}"


def node_label(node: Node, inputs: Sequence[Edge] = ()) -> str:
    """Return a node's name: an argument's, a variable's, or an operation's sign.

    Parameters
    ----------
    node : Node
        The node.
    inputs : sequence of Edge, optional
        The edges that lead to it; a plain number among them is written beside the sign.

    Returns
    -------
    str
        For example ``x``, ``matmul``, ``3 ×`` or ``pow 4``.
    """
    if node.kind == "departure":
        return f"{node.name}( )"
    if node.kind != "operation":
        return node.name
    sign = operation_label(node.name)
    for edge in inputs:
        if is_written_inside(edge, inputs):
            number = value_label(edge.start.value)
            return f"{number} {sign}" if edge.position == 0 else f"{sign} {number}"
    return sign


def is_written_inside(edge: Edge, inputs: Sequence[Edge]) -> bool:
    """Tell whether an edge brings a plain number that its operation's sign can take in.

    Parameters
    ----------
    edge : Edge
        The edge.
    inputs : sequence of Edge
        All edges that lead to the same operation.

    Returns
    -------
    bool
        False for what has a name, for what came from NumPy, and for arrays.
    """
    return (
        edge.end.name in _BETWEEN
        and len(inputs) == 2
        and is_plain_number(edge.start)
        and not all(is_plain_number(each.start) for each in inputs)
    )


def is_plain_number(node: Node) -> bool:
    """Tell a number that is written in the code, or calculated from such numbers."""
    if node.value.shape.rank != 0 or node.is_target or node.is_from_numpy:
        return False
    if node.kind == "operation":
        return not node.depends_on_source
    return node.kind == "constant" and node.name in ("", str(node.recorded))


def gradient_label(gradients: Sequence[tf.Tensor]) -> str:
    """Write what comes back between two nodes: numbers as a sum, arrays summed.

    What comes back to several values in a folded node is written one by one; of many,
    the first ones and how many there are.
    """
    is_of_one_shape = len({tuple(gradient.shape) for gradient in gradients}) == 1
    if is_of_one_shape and gradients[0].shape.rank != 0:
        return value_label(sum(gradients[1:], gradients[0]))
    texts = list(map(value_label, gradients[:_MOST_TERMS]))
    if len(gradients) > _MOST_TERMS:
        texts[-1] = f"… ({len(gradients)})"
    if not is_of_one_shape:
        return ", ".join(texts)
    return " + ".join(texts).replace("+ −", "− ")
