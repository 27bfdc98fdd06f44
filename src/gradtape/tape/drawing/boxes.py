"""The boxes of a drawn graph: what stands in each, and how large it is.

Lengths are inches on the page, sizes of letters points.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from gradtape.tape.drawing.simplify import operations_in
from gradtape.tape.record.graph import Edge, Graph, Node
from gradtape.tape.record.labels import as_array, node_label, value_label

LETTERS = 10.0
SMALL_LETTERS = 8.5
ROW = 0.19
SPACE = 0.2  # between an operation's sign, value and tangent on the same line
_PADDING = 0.09
_POINTS_PER_INCH = 72.0
_WIDENED = 1.04  # Pixels make letters a little wider than their outlines.


@dataclass
class Row:
    """A line of text in a box."""

    text: str
    size: float = LETTERS
    kind: str = "value"  # or "sign", "gradient", "speed", "missing"

    @property
    def width(self) -> float:
        """The text's width."""
        return text_width(self.text, self.size)


@dataclass(eq=False)
class Box:
    """A node with its text and its place; x and y are its centre."""

    node: Node
    rows: list[Row]
    is_one_line: bool = False
    has_frame: bool = True
    is_bold: bool = False
    width: float = 0.0
    height: float = 0.0
    x: float = 0.0
    y: float = 0.0

    @property
    def text_width(self) -> float:
        """How broad the text is, in one line or in several."""
        widths = [row.width for row in self.rows]
        spaces = SPACE * (len(widths) - 1)
        return sum(widths) + spaces if self.is_one_line else max(widths)


def box_of(
    node: Node,
    graph: Graph,
    *,
    inputs: Sequence[Edge],
    members: Sequence[Node],
    one_line: bool,
) -> Box:
    """Return the box of a node, not yet placed.

    Parameters
    ----------
    node : Node
        The node.
    graph : Graph
        Its graph.
    inputs : sequence of Edge
        The edges that lead to it.
    members : sequence of Node
        What it stands for, if it is folded.
    one_line : bool
        Whether an operation's value stands beside its sign; else below.

    Returns
    -------
    Box
        With its text and size.
    """
    label, value = node_label(node, inputs), value_label(node.value)
    box = Box(node, [])
    is_constant = node.kind == "constant" or (
        node.kind == "operation" and not node.depends_on_source
    )
    if is_constant and not (node.is_target and node.kind == "operation"):
        box.has_frame = node.is_target
        has_name = node.kind == "constant" and label not in ("", str(node.recorded))
        text = f"{label} = {value}" if has_name else value
        text += " (NumPy)" if node.is_from_numpy else ""
        box.rows = [Row(text, SMALL_LETTERS)]
    elif node.kind in ("argument", "variable"):
        box.rows = [Row(f"{label} = {value}")]
        if node.is_source:
            box.rows.append(_gradient_row(node, graph))
    elif node.kind == "departure":
        box.rows = [Row(label, LETTERS, "sign")]
    else:
        count = f" ({operations_in(members)})" if members else ""
        box.rows = [Row(label + count, LETTERS, "sign"), Row(value)]
        box.is_one_line = one_line
    if node.tangent is not None:
        box.rows.append(_tangent_row(node))
    box.is_bold = node.is_source or any(member.is_source for member in members)
    box.width = box.text_width + 2 * (_PADDING if box.has_frame else _PADDING / 3)
    box.height = ROW * (1 if box.is_one_line else len(box.rows)) + 1.1 * _PADDING
    return box


def _gradient_row(node: Node, graph: Graph) -> Row:
    """Return the row ``∂f/∂x = ...``; a result of many entries is summed."""
    is_one_number = len(graph.targets) == 1 and graph.targets[0].value.shape.rank == 0
    result = "∂f" if is_one_number or not graph.targets else "∂Σf"
    fraction = f"{result}/∂{node.name.split('/')[-1]}"
    if node.gradient is None:
        return Row(f"{fraction} = None", SMALL_LETTERS, "missing")
    kind = "gradient" if np.all(np.isfinite(as_array(node.gradient))) else "missing"
    return Row(f"{fraction} = {value_label(node.gradient)}", SMALL_LETTERS, kind)


def _tangent_row(node: Node) -> Row:
    """Return the row ``d/dt = ...``: how fast the value moves, t counting the time."""
    kind = "speed" if np.all(np.isfinite(as_array(node.tangent))) else "missing"
    return Row(f"d/dt = {value_label(node.tangent)}", SMALL_LETTERS, kind)


@functools.lru_cache(maxsize=2048)
def text_width(text: str, size: float) -> float:
    """Return the width of a text in the font that figures use."""
    if not text:
        return 0.0
    path = TextPath((0, 0), text, size=size, prop=FontProperties(), usetex=False)
    return _WIDENED * path.get_extents().width / _POINTS_PER_INCH
