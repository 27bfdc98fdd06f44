"""Repairs of infinite slopes and values that are not finite: the operand, not the source."""

from __future__ import annotations

import ast

from gradtape.language import say
from gradtape.learner_code.lines import Line
from gradtape.tape.diagnosis.edits import (
    Code,
    Repair,
    calls,
    expression,
    last_part,
    rewritten,
)
from gradtape.tape.diagnosis.reason import Reason

_STEEP_CALLS = {
    "sqrt": ("sqrt", "norm", "reduce_std", "std", "reduce_euclidean_norm"),
    "euclidean_norm": ("norm", "reduce_euclidean_norm"),
    "log": ("log",),
    "rsqrt": ("rsqrt",),
    "pow": ("pow",),
    "acos": ("acos",),
    "asin": ("asin",),
    "xlogy": ("xlogy",),
}


def double_where(it: Reason) -> Repair:
    """Make the input safe first, with the condition that chooses the branch."""
    code = Code.of(it.line)
    statement = code.statement(it.line.number) if code else None
    # What passes NaN on, as a product does, is not what has to be safe.
    operations = [it.operation] if it.operation != "×" else ["log", "sqrt", "÷"]
    guard = _guard(code, statement, operations) if statement is not None else None

    def change(node: ast.AST) -> ast.expr | None:
        places = [_operand(node, each) for each in operations]
        place = next((each for each in places if each is not None), None)
        if place is None:
            return None
        operand = getattr(node, place) if isinstance(place, str) else node.args[place]
        if guard is not None:
            condition, is_first = guard
            text = "tf.where(C, E, 1.0)" if is_first else "tf.where(C, 1.0, E)"
            safe = expression(text, C=condition, E=operand)
        elif it.operation in _WITHIN:
            safe = expression(_WITHIN[it.operation], E=operand)
        else:
            return None
        if isinstance(place, str):
            setattr(node, place, safe)
        else:
            node.args[place] = safe
        if (
            guard is None and it.operation == "log"
        ):  # Where it was -inf, it stays large.
            return expression("tf.where(E > 0.0, L, -1e9)", E=operand, L=node)
        return node

    found = rewritten(it.line, change)
    return found if found.text else _shown_double_where(it)


# Operands that are safe wherever they are not used.
_WITHIN = {
    "log": "tf.where(E > 0.0, E, 1.0)",
    "sqrt": "tf.where(E > 0.0, E, 1.0)",
    "rsqrt": "tf.where(E > 0.0, E, 1.0)",
    "acos": "tf.where(tf.abs(E) < 1.0, E, 0.0)",
    "asin": "tf.where(tf.abs(E) < 1.0, E, 0.0)",
    "÷": "tf.where(E != 0.0, E, 1.0)",
}


def _guard(
    code: Code, statement: ast.stmt, operations: list[str]
) -> tuple[ast.expr, bool] | None:
    """Return the condition of the where that hides a value, and in which branch it is."""
    name = ""
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        name = statement.targets[0].id
    body = code.body_of(statement)
    later = body[body.index(statement) :] if statement in body else [statement]
    for each in later:
        for call in calls(each, "where"):
            if len(call.args) != 3:
                continue
            for number, branch in enumerate(call.args[1:]):
                nodes = list(ast.walk(branch))
                holds = any(
                    _operand(n, op) is not None for n in nodes for op in operations
                )
                names = {n.id for n in nodes if isinstance(n, ast.Name)}
                if (each is statement and holds) or (
                    each is not statement and name in names
                ):
                    return call.args[0], number == 0
    return None


def _operand(node: ast.AST, operation: str) -> str | int | None:
    """Return where a steep operation has the operand that must not be 0."""
    if operation in ("÷", "reciprocal") and isinstance(node, ast.BinOp):
        return "right" if isinstance(node.op, ast.Div) else None
    if operation == "pow" and isinstance(node, ast.BinOp):
        return "left" if isinstance(node.op, ast.Pow) else None
    names = _STEEP_CALLS.get(operation, (operation,))
    if isinstance(node, ast.Call) and last_part(node.func) in names and node.args:
        return 0
    return None


def _shown_double_where(it: Reason) -> Repair:
    x = it.written if it.written.isidentifier() else "x"
    function = {"log": "tf.math.log(safe)", "sqrt": "tf.sqrt(safe)"}.get(
        it.operation, "f(safe)"
    )
    return Repair(
        f"fine = {x} > 0\nsafe = tf.where(fine, {x}, 1.0)\n"
        f"y = tf.where(fine, {function}, 0.0)"
    )


def add_epsilon(it: Reason) -> Repair:
    """Keep away from the point where the slope is infinite."""
    code = Code.of(it.line)

    def change(node: ast.AST) -> ast.expr | None:
        return _away_from_zero(node, it.operation, code, it.line)

    found = rewritten(it.line, change)
    if found.text:
        return found
    if it.operation == "÷":
        return _at_its_limit(it, code)
    if it.line:  # What a function of TensorFlow's does inside cannot be changed.
        return Repair()
    return Repair(_usual_epsilon(it.operation))


def _at_its_limit(it: Reason, code: Code | None) -> Repair:
    """Show a quotient with a value of its own where the divisor is 0."""
    statement = code.statement(it.line.number) if code else None
    quotients = [
        node
        for node in ast.walk(statement or ast.Pass())
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    ]
    above, below = "n", "d"
    if len(quotients) == 1:
        above, below = (ast.unparse(e) for e in (quotients[0].left, quotients[0].right))
    elif it.line:
        return Repair()
    note = say(en="LIMIT is the value that you mean there", zh="LIMIT 换成那里应有的值")
    return Repair(
        f"divisor = {below}\nsafe = tf.where(divisor == 0.0, 1.0, divisor)\n"
        f"y = tf.where(divisor == 0.0, LIMIT, ({above}) / safe)  # {note}"
    )


def _usual_epsilon(operation: str) -> str:
    return {
        "log": "tf.math.log(x + 1e-12)",
        "rsqrt": "tf.math.rsqrt(x + 1e-12)",
        "sqrt": "tf.sqrt(x + 1e-12)",
        "euclidean_norm": "tf.sqrt(tf.reduce_sum(x**2) + 1e-12)",
    }.get(operation, "")


def _away_from_zero(
    node: ast.AST, operation: str, code: Code | None, line: Line | None
) -> ast.expr | None:
    if (
        operation == "pow"
        and isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Pow)
    ):
        return expression("(E + 1e-12) ** P", E=node.left, P=node.right)
    names = _STEEP_CALLS.get(operation, (operation,))
    if not isinstance(node, ast.Call) or last_part(node.func) not in names:
        return None
    if not node.args or operation in ("atan2", "angle"):
        return (
            None  # Without any limit there: no number next to it is nearer the truth.
        )
    name, given = last_part(node.func), node.args[0]
    if name in ("norm", "reduce_euclidean_norm"):
        kept = [each for each in node.keywords if each.arg in ("axis", "keepdims")]
        inside = expression("tf.reduce_sum(E ** 2)", E=given)
        inside.keywords = kept
        return expression("tf.sqrt(S + 1e-12)", S=inside)
    if name in ("reduce_std", "std"):
        inside = expression("tf.math.reduce_variance(E)", E=given)
        inside.args += node.args[1:]
        inside.keywords = node.keywords
        return expression("tf.sqrt(V + 1e-12)", V=inside)
    if name == "log" and (stable := _stable_log(_resolved(given, code, line))):
        return stable
    if name in ("acos", "asin"):
        inside = expression("tf.clip_by_value(E, -0.9999999, 0.9999999)", E=given)
        return ast.Call(node.func, [inside], node.keywords)
    if name == "pow" and len(node.args) > 1:
        inside = expression("E + 1e-12", E=given)
        return ast.Call(node.func, [inside, *node.args[1:]], node.keywords)
    inside = expression("E + 1e-12", E=given)
    return ast.Call(node.func, [inside, *node.args[1:]], node.keywords)


def _resolved(node: ast.expr, code: Code | None, line: Line | None) -> ast.expr:
    """Return what a name was computed from just before, if that can be read."""
    inner = node.value if isinstance(node, ast.Subscript) else node
    if not isinstance(inner, ast.Name) or code is None:
        return node
    assigned = [
        each
        for each in ast.walk(code.tree)
        if isinstance(each, ast.Assign)
        and ast.unparse(each.targets[0]) == inner.id
        and each.lineno < line.number
    ]
    if len(assigned) != 1:
        return node
    value = assigned[0].value
    if isinstance(node, ast.Subscript):
        return ast.Subscript(value, node.slice, ast.Load())
    return value


def _stable_log(given: ast.expr) -> ast.expr | None:
    """Return the logarithm of a probability in the form that keeps its digits."""
    inner = given.value if isinstance(given, ast.Subscript) else given
    found = None
    if isinstance(inner, ast.Call) and last_part(inner.func) == "sigmoid":
        found = expression("tf.math.log_sigmoid(Z)", Z=inner.args[0])
    elif isinstance(inner, ast.Call) and last_part(inner.func) == "softmax":
        found = ast.Call(expression("tf.nn.log_softmax"), inner.args, inner.keywords)
    elif (
        isinstance(inner, ast.BinOp)
        and isinstance(inner.op, ast.Sub)
        and isinstance(inner.left, ast.Constant)
        and inner.left.value == 1
        and isinstance(inner.right, ast.Call)
        and last_part(inner.right.func) == "sigmoid"
    ):
        found = expression("tf.math.log_sigmoid(-Z)", Z=inner.right.args[0])
    if found is not None and isinstance(given, ast.Subscript):
        return ast.Subscript(found, given.slice, ast.Load())
    return found


def finite(it: Reason) -> Repair:
    """Keep the values finite where they first are not."""
    masked = _large_instead_of_infinite(it)
    if masked.text or it.kind in ("masked", "infinities", "data", "empty"):
        return masked

    def change(node: ast.AST) -> ast.expr | None:
        names = (it.operation,)
        if it.kind == "divided" and isinstance(node, ast.BinOp):
            if not isinstance(node.op, ast.Div):
                return None
            return expression("tf.math.divide_no_nan(X, Y)", X=node.left, Y=node.right)
        if isinstance(node, ast.Call) and last_part(node.func) in names and node.args:
            checked = expression(
                f'tf.debugging.check_numerics(E, "{it.operation}")', E=node
            )
            return checked
        return None

    return rewritten(it.line, change)


def _large_instead_of_infinite(it: Reason) -> Repair:
    code = Code.of(it.line)
    statement = code.statement(it.line.number) if code else None
    body = code.body_of(statement) if statement is not None else []
    before = body[: body.index(statement) + 1] if statement in body else [statement]
    for each in reversed(before):
        if each is None or hasattr(each, "body"):
            continue
        found = rewritten(Line(code.file, each.lineno), _large)
        if found.text:
            return found
    return Repair()


def _large(node: ast.AST) -> ast.expr | None:
    """Return a large number in the place of minus infinity."""
    text = ast.unparse(node)
    if text in ("-np.inf", "-math.inf", "float('-inf')", "-float('inf')", "-numpy.inf"):
        return expression("-1e9")
    return None
