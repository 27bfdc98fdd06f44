"""Repairs of operations that pass nothing on: steps, kinks, flat pieces, missing rules."""

from __future__ import annotations

import ast

import tensorflow as tf

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

_ROUNDING = ("round", "rint", "floor", "ceil")


def with_a_rule(node: ast.AST) -> ast.expr | None:
    """Return the same function made of operations that have rules, where there is one."""
    if not isinstance(node, ast.Call):
        return None
    name, given = last_part(node.func), list(node.args)
    named = {each.arg: each.value for each in node.keywords}
    if name == "range" and len(given) == 3 and ast.unparse(node.func) != "range":
        count = "tf.math.ceil((B - A) / tf.stop_gradient(S))"
        parts = dict(zip("ABS", given, strict=True))
        return expression(f"A + S * tf.range({count})", **parts)
    if name == "one_hot" and "on_value" in named and len(given) == 2:
        bare = ast.Call(node.func, given, [])
        off = named.get("off_value", expression("0.0"))
        text = "H * ON + (1.0 - H) * OFF"
        return expression(text, H=bare, ON=named["on_value"], OFF=off)
    if name == "bincount" and set(named) == {"weights"} and len(given) == 1:
        text = "tf.math.unsorted_segment_sum(W, I, tf.reduce_max(I) + 1)"
        return expression(text, W=named["weights"], I=given[0])
    return None


def own_gradient(it: Reason) -> Repair:
    """Write it with operations that have a rule, or say what the gradient is."""
    found = rewritten(it.line, with_a_rule)
    if found.text:
        return found
    name = _public_name(it.operation)
    if not name:
        return Repair()
    return Repair(
        f"@tf.custom_gradient\ndef with_gradient(x):\n    y = {name}(x)\n"
        "    return y, lambda upstream: upstream * ..."
    )


def _public_name(operation: str) -> str:
    """Return how an operation is called in TensorFlow, if it can be called."""
    for place in ("tf", "tf.math", "tf.linalg", "tf.nn", "tf.image", "tf.signal"):
        module = tf if place == "tf" else getattr(tf, place.split(".")[1])
        if operation.isidentifier() and callable(getattr(module, operation, None)):
            return f"{place}.{operation}"
    return ""


def other_form(it: Reason) -> Repair:
    """Ask for the form of an operation that has a rule."""

    def change(node: ast.AST) -> ast.expr | None:
        if not isinstance(node, ast.Call):
            return None
        kept = [
            each for each in node.keywords if each.arg not in ("full_matrices", "fast")
        ]
        if len(kept) == len(node.keywords):
            return None
        return ast.Call(node.func, node.args, kept)

    found = rewritten(it.line, change)
    if found.text:
        return found
    return Repair()


def smooth_activation(it: Reason) -> Repair:
    """Put a smooth function in the place of straight pieces."""

    def change(node: ast.AST) -> ast.expr | None:
        names = ("relu", "leaky_relu", "relu6", "abs")
        if isinstance(node, ast.Call) and last_part(node.func) in names and node.args:
            if last_part(node.func) == "abs":
                return expression("tf.sqrt(E ** 2 + 1e-6)", E=node.args[0])
            return expression("tf.nn.softplus(E)", E=node.args[0])
        return None

    found = rewritten(it.line, change)
    return (
        found if found.text else Repair('keras.layers.Dense(units, activation="tanh")')
    )


def smooth(it: Reason) -> Repair:
    """Let the gradient pass a step, or put a smooth function in its place."""
    if it.kind in ("ids", "hidden"):
        return Repair()
    code = Code.of(it.line)
    if code and _is_an_index(code.statement(it.line.number)):
        return Repair()
    found = rewritten(it.line, _smooth)
    text = it.line.text if it.line else ""
    if "equal(" in text or "count_nonzero(" in text:
        # What is counted has no slope, even where a step before it lets one through.
        note = say(en="in the place of what is counted", zh="代替计数")
        return Repair(
            f"loss = keras.losses.binary_crossentropy(labels, probabilities)  # {note}"
        )
    if found.text:
        return found
    x = it.written if it.written.isidentifier() else "x"
    name = it.operation.split(".")[-1]
    if name in ("argmax", "arg_max", "argmin", "one_hot", "argsort"):
        note = say(en="weights in the place of the index", zh="用权重代替下标")
        return Repair(f"weights = tf.nn.softmax({x})  # {note}")
    if any(sign in it.operation for sign in "<>=≤≥≠") or name == "bool":
        return Repair(f"tf.sigmoid(10.0 * {x})")
    if name in _ROUNDING:
        return Repair(
            f"hard = tf.{name}({x})\nsoft = {x} + tf.stop_gradient(hard - {x})"
        )
    return Repair()


def _is_an_index(statement: ast.stmt | None) -> bool:
    """Tell whether what is made a whole number in a statement picks an entry."""
    return any(
        isinstance(node, ast.Subscript) and any(calls(node.slice, "cast"))
        for node in ast.walk(statement or ast.Pass())
    )


def _smooth(node: ast.AST) -> ast.expr | None:
    if not isinstance(node, ast.Call) or not node.args:
        return None
    name, given = last_part(node.func), node.args[0]
    if name in _ROUNDING:
        return expression("E + tf.stop_gradient(H - E)", E=given, H=node)
    if name == "sign":
        soft = expression("tf.tanh(10.0 * E)", E=given)
        return expression("S + tf.stop_gradient(H - S)", S=soft, H=node)
    if name == "one_hot" and any(calls(given, "argmax", "arg_max")):
        inner = next(calls(given, "argmax", "arg_max"))
        return expression("tf.nn.softmax(E)", E=inner.args[0])
    if name == "cast" and isinstance(given, ast.Compare) and len(given.ops) == 1:
        left, right = given.left, given.comparators[0]
        if isinstance(given.ops[0], (ast.Lt, ast.LtE)):
            left, right = right, left
        if isinstance(given.ops[0], (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
            return expression("tf.sigmoid(10.0 * (L - R))", L=left, R=right)
    kinds = [ast.unparse(each) for each in node.args[1:]]
    if name == "cast" and any("int" in kind for kind in kinds):
        return expression("tf.cast(E, tf.float32)", E=given)
    return None


def smooth_kink(it: Reason) -> Repair:
    """Round the kink off."""

    def change(node: ast.AST) -> ast.expr | None:
        if not isinstance(node, ast.Call) or not node.args:
            return None
        name, given = last_part(node.func), node.args
        if name == "abs" and it.operation == "abs":
            return expression("tf.sqrt(E ** 2 + 1e-6)", E=given[0])
        sign = {"maximum": "+", "minimum": "-"}.get(name)
        if name == it.operation and sign and len(given) == 2:
            return expression(
                f"0.5 * (A + B {sign} tf.sqrt((A - B) ** 2 + 1e-6))",
                A=given[0],
                B=given[1],
            )
        if name in ("reduce_max", "reduce_min") and it.operation == name[7:]:
            inside = expression("tf.reduce_logsumexp(E)", E=given[0])
            if name == "reduce_min":
                inside = expression("tf.reduce_logsumexp(-E)", E=given[0])
            inside.args += given[1:]
            inside.keywords = node.keywords
            return inside if name == "reduce_max" else expression("-L", L=inside)
        return None

    return rewritten(it.line, change)


def wake(it: Reason) -> Repair:
    """Use an activation that is not flat there, or smaller numbers."""

    def change(node: ast.AST) -> ast.expr | None:
        if not isinstance(node, ast.Call) or not node.args:
            return None
        name = last_part(node.func)
        if name in ("relu", "relu6") and it.operation.startswith("relu"):
            return expression("tf.nn.leaky_relu(E)", E=node.args[0])
        if name == it.operation == "softmax" and it.kind == "one unit":
            return expression("tf.sigmoid(E)", E=node.args[0])
        if name == it.operation and name in ("sigmoid", "tanh", "softmax", "softsign"):
            smaller = expression("0.1 * E", E=node.args[0])
            return ast.Call(node.func, [smaller, *node.args[1:]], node.keywords)
        if name == "maximum" and it.operation == "maximum" and len(node.args) == 2:
            parts = [each for each in node.args if not _is_zero(each)]
            if len(parts) == 1:
                return expression("tf.nn.leaky_relu(E)", E=parts[0])
        return None

    return rewritten(it.line, change)


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0
