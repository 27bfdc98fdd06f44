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

import tensorflow as tf

from gradtape.learner_code.lines import Line, is_own, is_own_file
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


def read_around(frame: types.FrameType | None, called: str) -> Reading:
    """Read the code around the call that a frame is executing.

    Parameters
    ----------
    frame : types.FrameType or None
        The learner's frame, or one of code that TensorFlow has made of the learner's.
    called : str
        The function that is called there, ``"explain_gradient"``.

    Returns
    -------
    Reading
        Empty where there is no source.
    """
    if frame is None:
        return Reading()
    names = {**frame.f_globals, **frame.f_locals}
    reading = Reading(names=names)
    if is_own(frame.f_code):
        file, tree, call = frame.f_code.co_filename, _tree_of(frame), call_of(frame)
    else:
        file, tree, call = _in_converted_code(called)
    if call is None or not _calls(call, called, names):
        return reading
    named = {each.arg: each.value for each in call.keywords}
    by_name = [named[each] for each in ("target", "sources") if each in named]
    arguments = [*call.args, *by_name]
    if not any(isinstance(each, ast.Starred) for each in arguments):
        reading.arguments = arguments
    tape = text_of(call.args[0]) if call.args else ""
    _collect(reading, tree, call, file, tape, _earlier_cells(frame))
    return reading


def read_question(
    call: ast.Call | None, line: Line | None, names: dict[str, Any]
) -> Reading:
    """Read the code around a question to a tape, ``tape.gradient(y, x)``.

    Parameters
    ----------
    call : ast.Call or None
        The question.
    line : Line or None
        Where it stands.
    names : dict
        The names that are known there, with their values.

    Returns
    -------
    Reading
        Empty where there is no source.
    """
    reading = Reading(names=names)
    tree = parsed("".join(linecache.getlines(line.file))) if line else None
    if tree is None or call is None or not isinstance(call.func, ast.Attribute):
        return reading
    named = {each.arg: each.value for each in call.keywords}
    by_place = dict(zip(("target", "sources"), call.args, strict=False))
    given = {**by_place, **named}
    reading.arguments = [
        call.func.value,
        *(given[name] for name in ("target", "sources") if name in given),
    ]
    _collect(reading, tree, call, line.file, text_of(call.func.value), ())
    return reading


def _collect(
    reading: Reading,
    tree: ast.Module,
    call: ast.Call,
    file: str,
    tape: str,
    earlier: Iterable[tuple[str, ast.Module]],
) -> None:
    """Put the statements that lead to a call into a reading."""
    reading.line = Line(file, call.lineno)
    collector = Collector(tape, call.lineno)
    for cell_file, cell in earlier:
        collector.collect(cell.body, cell_file, is_earlier=True)
    for body in _bodies_around(tree, call):
        collector.collect(body, file)
    reading.statements, reading.has_block = collector.statements, collector.has_block


def _calls(call: ast.Call, called: str, names: dict[str, Any]) -> bool:
    """Tell whether a call is one of a function, under whatever name it is known."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr == called
    if isinstance(call.func, ast.Name):
        known = getattr(names.get(call.func.id), "__name__", "")
        return called in (call.func.id, known)
    return False


def _in_converted_code(called: str) -> tuple[str, ast.Module | None, ast.Call | None]:
    """Find a call in the code from which TensorFlow's AutoGraph made what is running.

    An operation that becomes part of a graph knows the line of the learner's.
    """
    for frame in reversed(tf.no_op().traceback if not tf.executing_eagerly() else ()):
        if is_own_file(frame.filename):
            tree = parsed("".join(linecache.getlines(frame.filename)))
            for node in ast.walk(tree) if tree else ():
                if (
                    isinstance(node, ast.Call)
                    and node.lineno <= frame.lineno <= node.end_lineno
                    and _calls(node, called, {})
                ):
                    return frame.filename, tree, node
            return frame.filename, tree, None
    return "", None, None


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
    source = "".join(linecache.getlines(code.co_filename))
    found = _definitions(source).get((code.co_name, code.co_firstlineno), [])
    if len(found) > 1:
        # Several lambdas on a line: the one in which the code's first call lies.
        columns = {column for *_, column, _ in code.co_positions() if column}
        found = [
            node
            for node in found
            if columns and node.col_offset <= min(columns) <= node.end_col_offset
        ] or found
    return found[-1] if found else None


@functools.lru_cache(maxsize=32)
def _definitions(source: str) -> dict[tuple[str, int], list[ast.AST]]:
    """Return the functions in a file by their name and first line."""
    found: dict[tuple[str, int], list[ast.AST]] = {}
    for node in ast.walk(parsed(source) or ast.Pass()):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            key = getattr(node, "name", "<lambda>"), _first_line(node)
            found.setdefault(key, []).append(node)
    return found


def _first_line(node: ast.AST) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


@functools.lru_cache(maxsize=32)
def parsed(source: str) -> ast.Module | None:
    """Return code as a tree; None where it is none."""
    try:
        return ast.parse(source) if source else None
    except SyntaxError:
        return None


def _tree_of(frame: types.FrameType) -> ast.Module | None:
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    return parsed("".join(lines))


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
            tree = parsed(cell)
            if tree is not None:
                yield files.get(cell.strip(), ""), tree
