"""Read the learner's code around a call: what was computed from what, and where.

Nothing is run. The statements that lead to the call are put into one list, in the order
in which they stand: those of the notebook's earlier cells, of the enclosing functions,
of the function or cell that holds the call.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import linecache
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gradtape.tape.lines import Line

_STORING = ("assign", "assign_add", "assign_sub", "scatter_")
_GROWING = ("append", "extend", "insert", "update")


@dataclass(eq=False)
class Statement:
    """One thing that the code does with names.

    Attributes
    ----------
    kind : {"assign", "store", "watch"}
        A name gets a value; a variable's content is assigned; a tape watches.
    targets : set of str
        What gets a value, as it is written: ``"y"``, ``"self.w"``.
    value : ast.expr
        What it is computed from.
    line : Line
        Where it stands.
    is_inside : bool
        Whether the tape in question records there.
    replaces : bool
        Whether the old value of the name is gone for certain.
    is_before : bool
        Whether it stands before the call.
    written : tuple of str
        The targets one by one, in their order.
    """

    kind: str
    targets: set[str]
    value: ast.expr
    line: Line
    is_inside: bool
    replaces: bool = False
    is_before: bool = True
    written: tuple[str, ...] = ()


@dataclass
class Reading:
    """What was read.

    Attributes
    ----------
    arguments : list of ast.expr
        The arguments of the call; empty where the code could not be read.
    statements : list of Statement
        In the order of the code.
    names : dict
        The learner's names with their values at the call.
    has_block : bool
        Whether the ``with`` block of the tape was found.
    """

    arguments: list[ast.expr] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)
    has_block: bool = False
    line: Line | None = None


def read_around(frame: types.FrameType | None) -> Reading:
    """Read the code around the call that a frame is executing.

    Parameters
    ----------
    frame : types.FrameType or None
        The learner's frame.

    Returns
    -------
    Reading
        Empty where there is no source.
    """
    if frame is None:
        return Reading()
    reading = Reading(names={**frame.f_globals, **frame.f_locals})
    file = frame.f_code.co_filename
    tree = _parsed("".join(linecache.getlines(file, frame.f_globals)))
    call = _call_at(tree, _position(frame)) if tree else None
    if call is None:
        return reading
    named = {each.arg: each.value for each in call.keywords}
    by_name = [named[each] for each in ("target", "sources") if each in named]
    reading.arguments = [*call.args, *by_name]
    reading.line = Line(file, call.lineno)
    tape = text_of(call.args[0]) if call.args else ""
    collector = _Collector(tape, reading, call.lineno)
    for cell_file, cell in _earlier_cells(frame):
        collector.collect(cell.body, cell_file, is_earlier=True)
    for body in _bodies_around(tree, call):
        collector.collect(body, file)
    return reading


def read_function(function: Any) -> tuple[Reading, ast.expr | None]:
    """Read a function: its statements, and everything that it returns.

    Parameters
    ----------
    function : callable
        A function, a method, or an object that can be called.

    Returns
    -------
    reading : Reading
        Its statements; empty where there is no source.
    result : ast.expr or None
        What it returns, all of it in one tuple.
    """
    names: dict[str, Any] = {}
    while isinstance(function, functools.partial):
        function = function.func
    function = getattr(function, "python_function", function)
    if not hasattr(getattr(function, "__func__", function), "__code__"):
        names["self"] = function
        kind = type(function)
        function = getattr(kind, "call", None) or getattr(kind, "__call__", None)
    elif hasattr(function, "__self__"):
        names["self"] = function.__self__
    function = getattr(function, "__func__", function)
    definition = function_source(function)
    if definition is None:
        return Reading(), None
    closed = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    for name, cell in closed:
        with contextlib.suppress(ValueError):  # A name without a value yet.
            names[name] = cell.cell_contents
    reading = Reading(names={**function.__globals__, **names})
    file = function.__code__.co_filename
    reading.line = Line(file, definition.lineno)
    if isinstance(definition, ast.Lambda):
        return reading, definition.body
    collector = _Collector("", reading, definition.end_lineno)
    collector.collect(definition.body, file)
    results = [
        node.value
        for node in ast.walk(definition)
        if isinstance(node, ast.Return) and node.value
    ]
    result = ast.Tuple(results, ast.Load())
    return reading, ast.copy_location(result, definition)


def reassigned(reading: Reading, name: str) -> Line | None:
    """Return the line that took a name away from a variable, as ``x = x + 1`` does.

    Parameters
    ----------
    reading : Reading
        The learner's code.
    name : str
        The name, ``"x"``.

    Returns
    -------
    Line or None
        None where the name never was a variable's, or still is.
    """
    values = [
        statement
        for statement in reading.statements
        if statement.kind == "assign" and name in statement.targets
    ]
    first_is_seen = bool(values) and name not in names_in(values[0].value)
    was_variable = not first_is_seen
    for statement in values:
        if _makes_variable(statement.value):
            was_variable = True
        elif was_variable and name in names_in(statement.value):
            return statement.line
    return None


def _makes_variable(value: ast.expr) -> bool:
    return any(
        isinstance(part, ast.Call) and text_of(part.func).endswith("Variable")
        for part in ast.walk(value)
    )


def text_of(node: ast.AST) -> str:
    """Return an expression as one writes it."""
    return ast.unparse(node)


def names_in(node: ast.AST) -> set[str]:
    """Return every name and dotted name in an expression.

    Examples
    --------
    >>> sorted(names_in(ast.parse("self.w * x + f(y.z)")))
    ['f', 'self', 'self.w', 'x', 'y', 'y.z']
    """
    return {
        text_of(part)
        for part in ast.walk(node)
        if isinstance(part, ast.Name)
        or (isinstance(part, (ast.Attribute, ast.Subscript)) and _is_path(part))
    }


def _is_path(node: ast.AST) -> bool:
    """Tell ``a.b["c"]`` from what holds calls or calculations."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Subscript) and not isinstance(
            node.slice, (ast.Constant, ast.Name)
        ):
            return False
        node = node.value
    return isinstance(node, ast.Name)


def function_source(function: Any) -> ast.AST | None:
    """Return the definition of a function of the learner's, if it can be read."""
    code = getattr(function, "__code__", None)
    if code is None:
        return None
    tree = _parsed("".join(linecache.getlines(code.co_filename)))
    if tree is None:
        return None
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, kinds)
        and getattr(node, "name", "<lambda>") == code.co_name
        and _first_line(node) == code.co_firstlineno
    ]
    if len(found) > 1:
        # Several lambdas on a line: the one in which the code's first call lies.
        columns = {column for *_, column, _ in code.co_positions() if column}
        found = [
            node
            for node in found
            if columns and node.col_offset <= min(columns) <= node.end_col_offset
        ] or found
    return found[-1] if found else None


def _first_line(node: ast.AST) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


@functools.lru_cache(maxsize=32)
def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source) if source else None
    except SyntaxError:
        return None


def _position(frame: types.FrameType) -> tuple:
    positions = list(frame.f_code.co_positions())
    return positions[frame.f_lasti // 2] if frame.f_lasti >= 0 else (None,) * 4


def _call_at(tree: ast.Module, position: tuple) -> ast.Call | None:
    line, end_line, column, end_column = position
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (
            (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)
            == (line, end_line, column, end_column)
        ):
            return node
    return None


def _bodies_around(tree: ast.Module, call: ast.Call) -> Iterator[list[ast.stmt]]:
    """Give the statements of the module and of each function around a call."""
    yield tree.body
    for node in ast.walk(tree):
        if (
            isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            and node.lineno <= call.lineno
            and call.end_lineno <= node.end_lineno
        ):
            yield node.body


def _earlier_cells(frame: types.FrameType) -> Iterator[tuple[str, ast.Module]]:
    """Give the cells of a notebook that ran before the one that is running."""
    cells = frame.f_globals.get("In")
    if not isinstance(cells, list):
        return
    files = {
        "".join(lines).strip(): file
        for file, entry in list(linecache.cache.items())
        if len(entry) > 2 and (lines := entry[2])
    }
    running = "".join(linecache.getlines(frame.f_code.co_filename)).strip()
    for cell in cells:
        if isinstance(cell, str) and cell.strip() != running:
            tree = _parsed(cell)
            if tree is not None:
                yield files.get(cell.strip(), ""), tree


class _Collector:
    """Puts statements into a reading, one body after the other."""

    def __init__(self, tape: str, reading: Reading, call_line: int):
        self._tape = tape
        self._reading = reading
        self._call_line = call_line
        self._file = ""
        self._is_earlier = False

    def collect(
        self, body: Iterable[ast.stmt], file: str, *, is_earlier: bool = False
    ) -> None:
        self._file, self._is_earlier = file, is_earlier
        self._collect(body, is_inside=False, is_certain=True)

    def _collect(
        self, body: Iterable[ast.stmt], is_inside: bool, is_certain: bool
    ) -> None:
        for statement in body:
            if isinstance(statement, (ast.With, ast.AsyncWith)):
                self._collect(
                    statement.body, self._records(statement, is_inside), is_certain
                )
            elif isinstance(statement, (ast.For, ast.AsyncFor)):
                self._add("assign", [statement.target], statement.iter, is_inside)
                self._collect(statement.body, is_inside, False)
                self._collect(statement.orelse, is_inside, False)
            elif isinstance(statement, (ast.If, ast.While)):
                self._collect(statement.body, is_inside, False)
                self._collect(statement.orelse, is_inside, False)
            elif isinstance(statement, ast.Try):
                for part in (statement.body, statement.orelse, statement.finalbody):
                    self._collect(part, is_inside, False)
            elif isinstance(statement, ast.Assign):
                self._calls(statement.value, is_inside)
                self._add_assignment(statement, is_inside, is_certain)
            elif isinstance(statement, ast.AnnAssign) and statement.value:
                self._add(
                    "assign", [statement.target], statement.value, is_inside, is_certain
                )
            elif isinstance(statement, ast.AugAssign):
                both = ast.BinOp(statement.target, statement.op, statement.value)
                self._add(
                    "assign",
                    [statement.target],
                    ast.copy_location(both, statement),
                    is_inside,
                )
            elif isinstance(statement, (ast.Expr, ast.Return)) and statement.value:
                self._calls(statement.value, is_inside)

    def _add_assignment(
        self, statement: ast.Assign, is_inside: bool, is_certain: bool
    ) -> None:
        target, value = statement.targets[0], statement.value
        if (
            isinstance(target, (ast.Tuple, ast.List))
            and isinstance(value, (ast.Tuple, ast.List))
            and len(target.elts) == len(value.elts)
        ):
            for one, part in zip(target.elts, value.elts, strict=True):
                self._add("assign", [one], part, is_inside, is_certain)
        else:
            self._add("assign", statement.targets, value, is_inside, is_certain)

    def _records(self, block: ast.With | ast.AsyncWith, is_inside: bool) -> bool:
        for item in block.items:
            name = item.optional_vars and text_of(item.optional_vars)
            what = text_of(item.context_expr)
            if self._tape in (name, what):
                self._reading.has_block = True
                is_inside = True
            elif what == f"{self._tape}.stop_recording()":
                is_inside = False
        return is_inside

    def _calls(self, value: ast.expr, is_inside: bool) -> None:
        """Add what calls do: store into a variable, watch, put into a list."""
        for node in ast.walk(value):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            ):
                continue
            method, owner = node.func.attr, node.func.value
            arguments = ast.Tuple([*node.args, *(k.value for k in node.keywords)])
            ast.copy_location(arguments, node)
            if method.startswith(_STORING):
                self._add("store", [owner], arguments, is_inside)
            elif method == "watch" and text_of(owner) == self._tape:
                self._add("watch", [], arguments, is_inside)
            elif method in _GROWING:
                self._add("assign", [owner], arguments, is_inside)

    def _add(
        self,
        kind: str,
        targets: list[ast.expr],
        value: ast.expr,
        is_inside: bool,
        is_certain: bool = False,
    ) -> None:
        texts: set[str] = set()
        replaces = is_certain
        for each in targets:
            target = each
            for part in ast.walk(target):
                if isinstance(part, (ast.Name, ast.Attribute)) and _is_path(part):
                    texts.add(text_of(part))
            while isinstance(target, ast.Subscript):
                replaces = False
                texts.add(text_of(target))
                target = target.value
            if isinstance(target, ast.Attribute):
                texts.discard(text_of(target.value))
        number = value.lineno
        self._reading.statements.append(
            Statement(
                kind,
                texts,
                value,
                Line(self._file, number),
                is_inside,
                replaces and kind == "assign",
                self._is_earlier or number <= self._call_line,
                tuple(
                    text_of(part)
                    for target in targets
                    for part in getattr(target, "elts", [target])
                ),
            )
        )
