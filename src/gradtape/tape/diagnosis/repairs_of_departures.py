"""Repairs where a value leaves TensorFlow: the functions of TensorFlow in their place."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable

from gradtape.learner_code.lines import Line
from gradtape.tape.diagnosis.cuts_in_code import is_of_another_library
from gradtape.tape.diagnosis.edits import (
    Code,
    Repair,
    calls,
    expression,
    last_part,
    rewritten,
)
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.whole_numbers import needs_whole_numbers

# What TensorFlow has in the place of NumPy's and Python's functions.
_IN_TENSORFLOW = {
    "array": "tf.convert_to_tensor",
    "asarray": "tf.convert_to_tensor",
    "average": "tf.reduce_mean",
    "clip": "tf.clip_by_value",
    "log": "tf.math.log",
    "log1p": "tf.math.log1p",
    "max": "tf.reduce_max",
    "mean": "tf.reduce_mean",
    "min": "tf.reduce_min",
    "norm": "tf.norm",
    "power": "tf.pow",
    "prod": "tf.reduce_prod",
    "std": "tf.math.reduce_std",
    "sum": "tf.reduce_sum",
    "var": "tf.math.reduce_variance",
}
# fmt: off
_SAME_NAME = {
    "abs", "acos", "asin", "atan", "cos", "cosh", "exp", "floor",
    "matmul", "maximum", "minimum", "pow", "reshape", "sin", "sinh", "sqrt", "square",
    "stack", "tan", "tanh", "transpose", "where",
}
# fmt: on
_OTHERS = {"np", "numpy", "math", "scipy", "onp"}


def stay_in_tensorflow(it: Reason) -> Repair:
    """Write TensorFlow's functions in the place of others, on a line and around it."""
    tensors = {it.written}
    if _is_needed_outside(it.line):
        return Repair()

    def change(node: ast.AST) -> ast.expr | None:
        return _in_tensorflow(node, change, tensors)

    parts = []
    for line in _lines_of_one_value(it.line):
        found = rewritten(line, change)
        statement = found.changes and ast.parse(found.changes[0].text.strip())
        if statement and isinstance(statement.body[0], ast.Assign):
            tensors.add(ast.unparse(statement.body[0].targets[0]))
        parts.append(found)
    parts = [each for each in parts if each.text]
    if parts:
        changes = tuple(change for each in parts for change in each.changes)
        return Repair("\n".join(each.text for each in parts), changes, parts[0].file)
    name = it.operation.strip("().").split(".")[-1]
    function = _IN_TENSORFLOW.get(name) or (f"tf.{name}" if name in _SAME_NAME else "")
    operand = it.written if it.written.isidentifier() else "x"
    result = it.target if it.tape and it.target.isidentifier() else "y"
    if function and it.line is None:
        return Repair(f"{result} = {function}({operand})")
    return Repair()


def _is_needed_outside(line: Line | None) -> bool:
    """Tell whether a value leaves for a function that takes no tensors, or for a place."""
    code = Code.of(line)
    statement = code.statement(line.number) if code else None
    if statement is None:
        return False
    if needs_whole_numbers(
        code,
        statement,
        lambda n: isinstance(n, ast.Call) and last_part(n.func) == "int",
    ):
        return True
    return any(
        (
            is_of_another_library(call.func, code.tree)
            or ast.unparse(call.func) == "round"
        )
        and any(calls(part, "numpy", "item", "float") for part in call.args)
        for call in ast.walk(statement)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).split(".")[0] not in _OTHERS
    )


def _lines_of_one_value(line: Line | None) -> list[Line]:
    """Return a line, with those of the same block that make its value or use it."""
    code = Code.of(line)
    statement = code.statement(line.number) if code else None
    body = code.body_of(statement) if statement is not None else []
    if statement not in body or hasattr(statement, "body"):
        return [line] if line else []
    place = body.index(statement)
    made, wanted = _assigned(statement), _read(statement)
    lines = [line]
    for each in body[place + 1 :]:
        if not hasattr(each, "body") and _read(each) & made:
            lines.append(Line(line.file, each.lineno))
            made |= _assigned(each)
    for each in reversed(body[:place]):
        if not hasattr(each, "body") and _assigned(each) & wanted:
            lines.insert(0, Line(line.file, each.lineno))
            wanted |= _read(each)
    return list(dict.fromkeys(lines))  # Two statements may share a line.


def _assigned(statement: ast.stmt) -> set[str]:
    nodes = ast.walk(statement)
    return {
        n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }


def _read(statement: ast.stmt) -> set[str]:
    nodes = ast.walk(statement)
    return {
        n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }


def _in_tensorflow(
    node: ast.AST, change: Callable, tensors: set[str]
) -> ast.expr | None:
    """Return what stands for a call of NumPy's or Python's; None for anything else."""
    if not isinstance(node, ast.Call):
        return None
    name, called = last_part(node.func), node.func
    owner = called.value if isinstance(called, ast.Attribute) else None
    root = ast.unparse(called).split(".")[0]
    if name in ("numpy", "item") and owner is not None and not node.args:
        return _inner(owner, change)
    if (
        name in ("float", "int")
        and isinstance(called, ast.Name)
        and len(node.args) == 1
    ):
        return _inner(node.args[0], change)
    if name.startswith("predict") and owner is not None and node.args:
        return ast.Call(owner, [_inner(node.args[0], change)], [])
    if root == "tf" and name in ("constant", "convert_to_tensor") and node.args:
        before = ast.unparse(node.args[0])
        inner = _inner(copy.deepcopy(node.args[0]), change)
        if name == "constant" and before in tensors:  # which tf.constant would copy
            dtype = [*node.args[1:2], *(k.value for k in node.keywords)]
            return expression("tf.cast(E, D)", E=inner, D=dtype[0]) if dtype else inner
        return None if ast.unparse(inner) == before else inner
    if name == "convert_to_numpy" and node.args:
        return _inner(node.args[0], change)
    if name in ("py_function", "numpy_function") and len(node.args) > 1:
        return _called_directly(node)
    if name != "reshape" and root not in _OTHERS:
        return None
    arguments = [_inner(copy.deepcopy(each), change) for each in node.args]
    if name == "reshape" and owner is not None and _leaves(owner):
        shape = ast.List(arguments, ast.Load()) if len(arguments) > 1 else arguments[0]
        return expression("tf.reshape(E, S)", E=_inner(owner, change), S=shape)
    if root in _OTHERS and owner is not None:
        function = _IN_TENSORFLOW.get(name) or (
            f"tf.{name}" if name in _SAME_NAME else ""
        )
        if name == "dot" and len(arguments) == 2:
            return expression("tf.tensordot(A, B, 1)", A=arguments[0], B=arguments[1])
        if function:
            return ast.Call(expression(function), arguments, node.keywords)
    return None


def _called_directly(node: ast.Call) -> ast.expr | None:
    """Return TensorFlow's function for one of NumPy's that py_function was given."""
    given, arguments = node.args[:2]
    if not isinstance(given, ast.Attribute) or not isinstance(arguments, ast.List):
        return None
    name, root = given.attr, ast.unparse(given).split(".")[0]
    function = _IN_TENSORFLOW.get(name) or (f"tf.{name}" if name in _SAME_NAME else "")
    if root not in _OTHERS or not function:
        return None
    return ast.Call(expression(function), arguments.elts, [])


def _leaves(node: ast.AST) -> bool:
    return any(calls(node, "numpy", "item"))


def _inner(node: ast.expr, change: Callable) -> ast.expr:
    other = change(node)
    if other is not None:
        return other
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.expr):
            setattr(node, name, _inner(value, change))
        elif isinstance(value, list):
            parts = [_inner(e, change) if isinstance(e, ast.expr) else e for e in value]
            setattr(node, name, parts)
    return node
