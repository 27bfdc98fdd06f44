"""Which failures of a notebook may follow from an earlier one: those that share names."""

from __future__ import annotations

import ast
import builtins
import warnings
from collections.abc import Iterable
from functools import lru_cache

from IPython.core.inputtransformer2 import TransformerManager


class Consequences:
    """What can't be relied on any more in a notebook, once a cell has failed.

    These are the names that the cell was to set or change, and those that other cells
    make from them. A name that is set anew from sound values is sound again.

    Parameters
    ----------
    sources : iterable of str
        The code of all cells.

    Examples
    --------
    >>> cells = ["x = 1", "y = 2 * x", "print(y)", "z = 3", "x = 5", "print(x)"]
    >>> consequences = Consequences(cells)
    >>> consequences.begin(cells[0], "cell 1")
    >>> [consequences.reach(cell) for cell in cells[1:]]
    ['cell 1', 'cell 1', '', '', '']
    """

    def __init__(self, sources: Iterable[str]) -> None:
        self._began_in: dict[str, str] = {}
        self._modules = {
            name
            for source in sources
            for node in _nodes(source)
            for name in _imported(node)
        }

    def begin(self, source: str, name: str) -> None:
        """Note that the cell of this name has failed."""
        for each in self._set(source) | self._changed(source):
            self._began_in.setdefault(each, name)

    def reach(self, source: str) -> str:
        """Return the failed cell on whose names a cell rests; then its own do so too."""
        origins = [
            self._began_in[name] for name in _used(source) & self._began_in.keys()
        ]
        if origins:
            first = min(origins, key=list(self._began_in.values()).index)
            for name in self._set(source) | self._changed(source):
                self._began_in.setdefault(name, first)
            return first
        for name in self._set(source):
            self._began_in.pop(name, None)
        return ""

    def share_names(self, source: str, later: Iterable[str]) -> bool:
        """Tell whether later cells use names or words of this one, modules aside.

        A display is changed by the word that it was given: ``display_id="bar"``.
        """
        names = (self._set(source) | _names(source)) - self._modules - _OF_IPYTHON
        return any(not names.isdisjoint(_names(each)) for each in later)

    def _set(self, source: str) -> set[str]:
        """Return the names that code sets."""
        found: set[str] = set()
        for node in _nodes(source):
            found.update(_imported(node))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                found.add(node.id)
        return found - _COUNTERS

    def _changed(self, source: str) -> set[str]:
        """Return the names whose objects code may change: by a method, or a part of it."""
        found: set[str] = set()
        for node in _nodes(source):
            if isinstance(node, ast.Attribute | ast.Subscript):
                if not isinstance(node.ctx, ast.Load):
                    found.add(_base(node))
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                function = node.value.func
                if isinstance(function, ast.Attribute):
                    found.add(_base(function))
        return found - self._modules - {""}


# Names that one cell rarely takes over from another.
_COUNTERS = frozenset({"_", "ax", "axes", "fig", "i", "j", "k", "n"})


# What every notebook has without setting it.
_OF_IPYTHON = frozenset({"display", *dir(builtins)})


@lru_cache(maxsize=256)
def _nodes(source: str) -> list[ast.AST]:
    """Return all of the code's syntax tree; none of what even IPython can't read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes, which is not our business
            tree = ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:
        return []
    return list(ast.walk(tree))


def _names(source: str) -> set[str]:
    """Return all names in code, and all words in quotes."""
    words = {
        node.value
        for node in _nodes(source)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return words | {node.id for node in _nodes(source) if isinstance(node, ast.Name)}


def _used(source: str) -> set[str]:
    """Return the names whose values code reads before it sets them itself."""
    read: dict[str, tuple[int, int]] = {}
    written: dict[str, tuple[int, int]] = {}
    for node in _nodes(source):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            read[node.target.id] = (0, 0)
        elif isinstance(node, ast.Assign):
            # The value is read before the name on the left is set.
            for target in node.targets:
                if isinstance(target, ast.Name):
                    end = (node.end_lineno, node.end_col_offset)
                    written[target.id] = min(end, written.get(target.id, end))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            place = (node.lineno, node.col_offset)
            read[node.id] = min(place, read.get(node.id, place))
    return {
        name for name, place in read.items() if place < written.get(name, (10**9, 0))
    }


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
