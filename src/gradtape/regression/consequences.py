"""Which failures of a notebook may follow from an earlier one: those that share names."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from IPython.core.inputtransformer2 import TransformerManager


class Consequences:
    """What can't be relied on any more in a notebook, once a cell has failed.

    These are the names that the cell was to set or change, and those that other cells
    make from them.

    Parameters
    ----------
    sources : iterable of str
        The code of all cells.

    Examples
    --------
    >>> cells = ["x = 1", "y = 2 * x", "print(y)", "z = 3"]
    >>> consequences = Consequences(cells)
    >>> consequences.begin(cells[0], "cell 1")
    >>> [consequences.reach(cell) for cell in cells[1:]]
    [True, True, False]
    """

    def __init__(self, sources: Iterable[str]) -> None:
        self.first_failure = ""
        self._doubtful: set[str] = set()
        self._modules = {
            name
            for source in sources
            for node in _nodes(source)
            for name in _imported(node)
        }

    def begin(self, source: str, name: str) -> None:
        """Note that a cell has failed; the first one is remembered by its name."""
        self.first_failure = self.first_failure or name
        self._doubtful |= self._changed(source)

    def reach(self, source: str) -> bool:
        """Tell whether a cell uses what is in doubt; then what it changes is so too."""
        if self._doubtful.isdisjoint(_used(source)):
            return False
        self._doubtful |= self._changed(source)
        return True

    def _changed(self, source: str) -> set[str]:
        """Return the names that code sets, or whose objects it may change."""
        found: set[str] = set()
        for node in _nodes(source):
            found.update(_imported(node))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                found.add(node.id)
            elif isinstance(node, ast.Attribute | ast.Subscript):
                found.update({_base(node)} - self._modules)
        return found


def _nodes(source: str) -> list[ast.AST]:
    """Return all of the code's syntax tree; none of what even IPython can't read."""
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:
        return []
    return list(ast.walk(tree))


def _used(source: str) -> set[str]:
    """Return the names whose values code reads."""
    found = set()
    for node in _nodes(source):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
    return found


def _imported(node: ast.AST) -> list[str]:
    """Return the names that an import sets."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return []
    return [alias.asname or alias.name.partition(".")[0] for alias in node.names]


def _base(node: ast.AST) -> str:
    """Return the name in ``name.attribute`` or ``name[index]``, however deep."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
