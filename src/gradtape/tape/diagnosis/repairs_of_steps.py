"""Repairs of steps: something smooth in the place of a jump, or a gradient passed by it."""

from __future__ import annotations

import ast
import re

from gradtape.language import say
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

_ROUNDING = ("round", "rint", "floor", "ceil")
# As in tf.map_fn(f, x, fn_output_signature=tf.int32).
_PROMISES_WHOLE_NUMBERS = re.compile(r"(fn_output_signature|Tout) *= *\[?[\w.]*int")
_LARGEST = ("argmax", "arg_max", "argmin", "arg_min")


def smooth(it: Reason) -> Repair:
    """Let the gradient pass a step, or put a smooth function in its place."""
    if it.kind in ("ids", "hidden"):
        return Repair()
    code = Code.of(it.line)
    statement = code.statement(it.line.number) if code else None
    text = it.line.text if it.line else ""
    if _PROMISES_WHOLE_NUMBERS.search(text):
        return Repair()
    if "equal(" in text or "count_nonzero(" in text:
        # What is counted has no slope, even where a step before it lets one through.
        return _in_place_of_a_count(statement)
    found = rewritten(it.line, _smooth)
    if found.text:
        is_whole = needs_whole_numbers(code, statement, _makes_whole_numbers)
        return Repair() if is_whole else found
    if statement is not None:
        return _in_its_place(statement)
    x = it.written if it.written.isidentifier() else "x"
    name = it.operation.split(".")[-1]
    if name in (*_LARGEST, "one_hot"):
        sign = "-" if "min" in name else ""
        return Repair(_weights(f"tf.nn.softmax({sign}{x})"))
    if any(sign in it.operation for sign in "<>=≤≥≠") or name == "bool":
        return Repair(f"tf.sigmoid(10.0 * {x})")
    if name in _ROUNDING:
        return Repair(
            f"hard = tf.{name}({x})\nsoft = {x} + tf.stop_gradient(hard - {x})"
        )
    return Repair()


def _in_its_place(statement: ast.stmt) -> Repair:
    """Show what is smooth and stands for an index or a condition, of the same operands."""
    for call in calls(statement, *_LARGEST):
        if call.args:
            return Repair(_weights(ast.unparse(_softmax(call))))
    head = getattr(statement, "test", statement)
    for node in ast.walk(head):
        if (between := _between(node)) is not None:
            note = say(en="in the place of the condition", zh="代替条件")
            return Repair(f"weight = {ast.unparse(between)}  # {note}")
    return Repair()


def _in_place_of_a_count(statement: ast.stmt | None) -> Repair:
    """Show the cross-entropy of what is rounded, or whose largest entry is taken."""
    note = say(en="in the place of what is counted", zh="代替计数")
    for call in calls(statement or ast.Pass(), "equal"):
        for said, labels in (call.args[:2], call.args[1::-1]):
            steps = list(calls(said, "round", *_LARGEST))
            if not steps or any(calls(labels, "round", *_LARGEST)):
                continue
            given, true = ast.unparse(steps[0].args[0]), ast.unparse(labels)
            if last_part(steps[0].func) == "round":
                loss = f"keras.losses.binary_crossentropy({true}, {given})"
            else:
                loss = (
                    "keras.losses.sparse_categorical_crossentropy("
                    f"{true}, tf.nn.softmax({given}))"
                )
            return Repair(f"loss = tf.reduce_mean({loss})  # {note}")
    return Repair()


def _weights(softmax: str) -> str:
    note = say(en="weights in the place of the index", zh="用权重代替下标")
    return f"weights = {softmax}  # {note}"


def _softmax(largest: ast.Call) -> ast.expr:
    """Return the weights that stand for the index of the largest or smallest entry."""
    is_smallest = "min" in last_part(largest.func)
    weights = expression(f"tf.nn.softmax({'-E' if is_smallest else 'E'})")
    weights = expression(ast.unparse(weights), E=largest.args[0])
    axes = [*largest.args[1:2], *(k.value for k in largest.keywords if k.arg == "axis")]
    weights.keywords = [ast.keyword("axis", each) for each in axes]
    return weights


def _makes_whole_numbers(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and last_part(node.func) in ("cast", *_ROUNDING)


def _smooth(node: ast.AST) -> ast.expr | None:
    if not isinstance(node, ast.Call) or not node.args:
        return None
    name, given = last_part(node.func), node.args[0]
    is_cast = isinstance(given, ast.Call) and last_part(given.func) == "cast"
    if name == "convert_image_dtype" and is_cast and "uint8" in ast.unparse(given):
        return expression("E / 255.0", E=given.args[0])
    if name in _ROUNDING:
        return expression("E + tf.stop_gradient(H - E)", E=given, H=node)
    if name == "sign":
        soft = expression("tf.tanh(10.0 * E)", E=given)
        return expression("S + tf.stop_gradient(H - S)", S=soft, H=node)
    if name == "one_hot" and any(calls(given, *_LARGEST)):
        return _softmax(next(calls(given, *_LARGEST)))
    if name == "gather" and len(node.args) == 2 and not node.keywords:
        largest = node.args[1]
        if isinstance(largest, ast.Call) and last_part(largest.func) in _LARGEST:
            weights = _softmax(largest)
            return expression("tf.tensordot(W, T, 1)", W=weights, T=given)
    if name in ("where", "cond") and (chosen := _chosen(node)) is not None:
        return chosen
    if name == "cast" and (between := _between(given)) is not None:
        return between
    kinds = [ast.unparse(each) for each in node.args[1:]]
    if name == "cast" and any("int" in kind for kind in kinds):
        return expression("tf.cast(E, tf.float32)", E=_smooth(given) or given)
    return None


def _between(node: ast.AST) -> ast.expr | None:
    """Return a number between 0 and 1 that stands for a comparison of two numbers."""
    if not (isinstance(node, ast.Compare) and len(node.ops) == 1):
        return None
    left, right = node.left, node.comparators[0]
    if isinstance(node.ops[0], (ast.Lt, ast.LtE)):
        left, right = right, left
    elif not isinstance(node.ops[0], (ast.Gt, ast.GtE)):
        return None
    return expression("tf.sigmoid(10.0 * (L - R))", L=left, R=right)


def _chosen(node: ast.Call) -> ast.expr | None:
    """Return the way from one number to another in the place of a choice between them."""
    between = _between(node.args[0])
    numbers = [
        each.body if isinstance(each, ast.Lambda) else each for each in node.args[1:]
    ]
    try:
        first, second = (float(ast.literal_eval(each)) for each in numbers)
    except (TypeError, ValueError):
        return None
    if between is None or (first, second) == (1.0, 0.0):
        return between
    sign, way = ("+", first - second) if first > second else ("-", second - first)
    return expression(f"{second} {sign} {way} * W", W=between)
