"""Repairs of operations that pass nothing on: kinks, flat pieces, missing rules."""

from __future__ import annotations

import ast

from gradtape.tape.diagnosis.edits import (
    Code,
    Repair,
    expression,
    last_part,
    rewritten,
)
from gradtape.tape.diagnosis.reason import Reason


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
    """Write it with operations that have a rule."""
    return rewritten(it.line, with_a_rule)


def use_own_gradient(it: Reason) -> Repair:
    """Give tensors by place, or multiply by the gradient that arrives."""
    if it.kind == "upstream":
        return _times_what_arrives(it)

    def by_place(node: ast.AST) -> ast.expr | None:
        is_call = isinstance(node, ast.Call) and last_part(node.func) == it.operation
        if not is_call or not node.keywords:
            return None
        given = [*node.args, *(each.value for each in node.keywords)]
        return ast.Call(node.func, given, [])

    return rewritten(it.line, by_place) if it.kind == "keyword" else Repair()


def _times_what_arrives(it: Reason) -> Repair:
    code = Code.of(it.line)
    around = [
        node
        for node in (ast.walk(code.tree) if code else ())
        if isinstance(node, ast.FunctionDef)
        and node.lineno <= it.line.number <= node.end_lineno
    ]
    if not around:
        return Repair()
    inner = max(around, key=lambda node: node.lineno)
    returned = [node for node in ast.walk(inner) if isinstance(node, ast.Return)]
    value = returned[0].value if len(returned) == 1 else None
    if not inner.args.args or isinstance(value, (ast.Tuple, ast.List, type(None))):
        return Repair()
    return Repair(f"return {inner.args.args[0].arg} * ({ast.unparse(value)})")


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
            if node.args[1:] or node.keywords:  # Another axis was asked for.
                return ast.Call(node.func, node.args[:1], [])
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
