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
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf

from gradtape.learner_code.lines import Line
from gradtape.learner_code.statements import Collector, Statement, text_of


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
    tree, call = _tree_of(frame), call_of(frame)
    if call is None:
        return reading
    named = {each.arg: each.value for each in call.keywords}
    by_name = [named[each] for each in ("target", "sources") if each in named]
    reading.arguments = [*call.args, *by_name]
    reading.line = Line(file, call.lineno)
    tape = text_of(call.args[0]) if call.args else ""
    collector = Collector(tape, call.lineno)
    for cell_file, cell in _earlier_cells(frame):
        collector.collect(cell.body, cell_file, is_earlier=True)
    for body in _bodies_around(tree, call):
        collector.collect(body, file)
    reading.statements, reading.has_block = collector.statements, collector.has_block
    return reading


def call_of(frame: types.FrameType | None) -> ast.Call | None:
    """Return the call that a frame is executing, as code.

    Parameters
    ----------
    frame : types.FrameType or None
        The learner's frame.

    Returns
    -------
    ast.Call or None
        None where there is no source, or what is executed is no call.
    """
    tree = _tree_of(frame) if frame is not None else None
    if tree is None:
        return None
    position = _position(frame)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (
            (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)
            == position
        ):
            return node
    return None


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
    function, owner = function_behind(function)
    names = {} if owner is None else {"self": owner}
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
    collector = Collector("", definition.end_lineno)
    collector.collect(definition.body, file)
    reading.statements = collector.statements
    results = [
        node.value
        for node in ast.walk(definition)
        if isinstance(node, ast.Return) and node.value
    ]
    result = ast.Tuple(results, ast.Load())
    return reading, ast.copy_location(result, definition)


def function_behind(value: Any) -> tuple[Any, Any]:
    """Return the Python function that a call of a value ends up in, and its ``self``.

    Parameters
    ----------
    value : object
        A function, a method, a ``functools.partial``, a ``tf.function``, a layer.

    Returns
    -------
    function : function or None
        None for what is not written in Python.
    owner : object or None
        What the function is a method of.
    """
    while isinstance(value, functools.partial):
        value = value.func
    value = getattr(value, "python_function", value)
    if isinstance(value, types.MethodType):
        is_python = isinstance(value.__func__, types.FunctionType)
        return (value.__func__, value.__self__) if is_python else (None, None)
    if isinstance(value, types.FunctionType):
        return value, None
    kind = type(value)
    method = kind.call if isinstance(value, tf.keras.layers.Layer) else None
    if method is None and callable(value) and not isinstance(value, type):
        method = kind.__call__
    return (method, value) if isinstance(method, types.FunctionType) else (None, None)


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


def _tree_of(frame: types.FrameType) -> ast.Module | None:
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    return _parsed("".join(lines))


def _position(frame: types.FrameType) -> tuple:
    positions = list(frame.f_code.co_positions())
    return positions[frame.f_lasti // 2] if frame.f_lasti >= 0 else (None,) * 4


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
