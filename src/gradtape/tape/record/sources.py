"""The sources of a gradient one by one, with the names that the learner gives them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from gradtape.learner_code.statements import text_of


@dataclass
class Source:
    """One thing that is differentiated with respect to.

    Attributes
    ----------
    name : str
        What it is called in a diagnosis.
    written : str
        How it stands in the code, ``"model.trainable_variables"``.
    tensor : object
        The tensor or TensorFlow's variable, or what was given instead.
    is_trainable : bool
        Whether it is a variable that takes part in training.
    is_one_of_many : bool
        Whether it was given in a list, or belongs to a layer of Keras.
    is_computed_in_call : bool
        Whether it is a new tensor, such as ``x[0]``.
    is_of_keras : bool
        Whether it was given as a variable of Keras's, which wraps TensorFlow's.
    """

    name: str
    written: str
    tensor: Any
    is_trainable: bool = True
    is_one_of_many: bool = False
    is_computed_in_call: bool = False
    is_of_keras: bool = False

    @property
    def is_float(self) -> bool:
        """Whether it can have a gradient by its dtype."""
        dtype = getattr(self.tensor, "dtype", None)
        return isinstance(dtype, tf.DType) and (dtype.is_floating or dtype.is_complex)

    @property
    def row(self) -> str:
        """The pitfall that lies in the source itself, whatever was computed from it."""
        if not isinstance(self.tensor, (tf.Tensor, tf.Variable)):
            return "P1" if self.kind == "number" else "P29"
        if not self.is_trainable:
            return "P20" if self.is_one_of_many else "P1"
        return "" if self.is_float else "P2"

    @property
    def kind(self) -> str:
        """What the source is, where that is the matter: ``"symbol"``, ``"model"``."""
        if isinstance(self.tensor, (tf.Tensor, tf.Variable)):
            return "untrained" if self.row == "P1" else ""
        if isinstance(self.tensor, tf.keras.KerasTensor):
            return "symbol"
        if isinstance(self.tensor, (tf.keras.layers.Layer, tf.Module)):
            return "model"
        if isinstance(self.tensor, tf.SparseTensor):
            return "sparse"
        return "weights" if "get_weights()" in self.written else "number"

    @property
    def dtype(self) -> str:
        """The dtype of a tensor's or variable's entries."""
        return getattr(getattr(self.tensor, "dtype", None), "name", "")


def unwrapped(leaf: Any) -> Any:
    """Return TensorFlow's variable behind one of Keras; anything else as it is.

    Of a ragged tensor it is the tensor that holds its numbers.
    """
    if isinstance(leaf, tf.RaggedTensor):
        return leaf.flat_values
    return leaf.value if isinstance(leaf, tf.keras.Variable) else leaf


def sources_of(sources: Any, written: ast.expr | None) -> list[Source]:
    """Return the sources one by one.

    Parameters
    ----------
    sources : tensor, variable, or nested structure of these
        As given to ``tape.gradient``.
    written : ast.expr or None
        How they stand in the code, if that is known.

    Returns
    -------
    list of Source
        In the order in which gradients come back.
    """
    pairs = list(_pairs(sources, written, ""))
    flat = tf.nest.flatten(sources)
    if [id(leaf) for _, _, leaf in pairs] != [id(leaf) for leaf in flat]:
        pairs = [(f"x{n}", None, leaf) for n, leaf in enumerate(flat, start=1)]
    found = [_source(name, node, leaf, len(pairs) > 1) for name, node, leaf in pairs]
    for name, each in zip(distinct_names(found), found, strict=True):
        each.name = name
    return found


def distinct_names(found: list[Source]) -> list[str]:
    """Return the sources' names; two variables of one name by their longer names."""
    names = [each.name for each in found]
    for number, each in enumerate(found):
        if names.count(each.name) > 1 and isinstance(each.tensor, tf.Variable):
            names[number] = each.tensor.name.removesuffix(":0")
    return [
        name if names.count(name) == 1 else f"{name} ({names[:n].count(name) + 1})"
        for n, name in enumerate(names)
    ]


def _pairs(
    value: Any, node: ast.expr | None, name: str
) -> Iterator[tuple[str, ast.expr | None, Any]]:
    """Walk through values and their code together."""
    if isinstance(value, dict):
        for key in sorted(value):
            part = _entry(node, key) if isinstance(node, ast.Dict) else None
            if part is not None:
                yield from _pairs(value[key], part, "")
            else:
                yield from _pairs(value[key], node, f"{name or _text(node)}[{key!r}]")
    elif isinstance(value, (list, tuple)):
        parts = getattr(node, "elts", None)
        if parts is not None and len(parts) == len(value):
            for part, leaf in zip(parts, value, strict=True):
                yield from _pairs(leaf, part, "")
        else:
            for number, leaf in enumerate(value):
                yield from _pairs(leaf, node, f"{name or _text(node)}[{number}]")
    else:
        yield name, node, value


def _entry(node: ast.Dict, key: Any) -> ast.expr | None:
    for each, part in zip(node.keys, node.values, strict=True):
        if isinstance(each, ast.Constant) and each.value == key:
            return part
    return None


def _text(node: ast.expr | None) -> str:
    return text_of(node) if node is not None else "x"


def _source(
    name: str, node: ast.expr | None, leaf: Any, is_one_of_many: bool
) -> Source:
    written = _text(node)
    tensor = unwrapped(leaf)
    is_keras = isinstance(leaf, tf.keras.Variable)
    shown = name or written
    if name and isinstance(tensor, tf.Variable):
        own = getattr(leaf, "path", tensor.name).removesuffix(":0")
        shown = name if own == "Variable" else "/".join(own.split("/")[-2:])
    return Source(
        shown,
        written,
        tensor,
        bool(getattr(leaf, "trainable", True)),
        is_one_of_many or is_keras,
        isinstance(tensor, tf.Tensor) and _is_computed(node),
        is_keras,
    )


def _is_computed(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Call):
        return not _text(node.func).endswith(("constant", "convert_to_tensor"))
    return isinstance(node, (ast.Subscript, ast.BinOp, ast.UnaryOp))
