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
    """

    name: str
    written: str
    tensor: Any
    is_trainable: bool = True
    is_one_of_many: bool = False
    is_computed_in_call: bool = False

    @property
    def is_float(self) -> bool:
        """Whether it can have a gradient by its dtype."""
        dtype = getattr(self.tensor, "dtype", None)
        return isinstance(dtype, tf.DType) and (dtype.is_floating or dtype.is_complex)

    @property
    def row(self) -> str:
        """The pitfall that lies in the source itself, whatever was computed from it."""
        if not isinstance(self.tensor, (tf.Tensor, tf.Variable)):
            return "P1"
        if not self.is_trainable:
            return "P20" if self.is_one_of_many else "P1"
        return "" if self.is_float else "P2"

    @property
    def detail(self) -> str:
        """What there is to be said of the source itself."""
        if self.row == "P2":
            return self.tensor.dtype.name
        return {"P1": "untrained" if self._is_variable else "number"}.get(self.row, "")

    @property
    def _is_variable(self) -> bool:
        return isinstance(self.tensor, tf.Variable)


def unwrapped(leaf: Any) -> Any:
    """Return TensorFlow's variable behind one of Keras; anything else as it is."""
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
    return [_source(name, node, leaf, len(pairs) > 1) for name, node, leaf in pairs]


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
    is_keras = tensor is not leaf
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
    )


def _is_computed(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Call):
        return not _text(node.func).endswith(("constant", "convert_to_tensor"))
    return isinstance(node, (ast.Subscript, ast.BinOp, ast.UnaryOp))
