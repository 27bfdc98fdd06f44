"""The code that mends a gradient inside a formula: the operand, not the source."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable

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
_OTHERS = {"np", "numpy", "math", "scipy", "onp"}
# fmt: on
_ROUNDING = ("round", "rint", "floor", "ceil")
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


def stay_in_tensorflow(it: Reason) -> Repair:
    """Write TensorFlow's functions in the place of others, on a line and around it."""
    tensors = {it.written}

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
    note = say(en="TensorFlow's functions all the way", zh="全程使用 TensorFlow 的函数")
    return Repair(f"{result} = ...  # {note}")


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
    return lines


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


def smooth(it: Reason) -> Repair:
    """Let the gradient pass a step, or put a smooth function in its place."""
    if it.kind in ("ids", "hidden"):
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


def double_where(it: Reason) -> Repair:
    """Make the input safe first, with the condition that chooses the branch."""
    code = Code.of(it.line)
    statement = code.statement(it.line.number) if code else None
    guard = _guard(code, statement, it.line) if statement is not None else None
    # What passes NaN on, as a product does, is not what has to be safe.
    operations = [it.operation] if it.operation != "×" else ["log", "sqrt", "÷"]

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


def _guard(code: Code, statement: ast.stmt, line: Line) -> tuple[ast.expr, bool] | None:
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
                holds = branch.lineno <= line.number <= branch.end_lineno
                names = {n.id for n in ast.walk(branch) if isinstance(n, ast.Name)}
                if (each is statement and holds and not _is_plain(branch)) or (
                    each is not statement and name in names
                ):
                    return call.args[0], number == 0
    return None


def _is_plain(node: ast.expr) -> bool:
    return isinstance(node, (ast.Constant, ast.Name)) or not any(
        isinstance(part, (ast.Call, ast.BinOp)) for part in ast.walk(node)
    )


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
    return found if found.text else Repair(_usual_epsilon(it.operation))


def _usual_epsilon(operation: str) -> str:
    note = say(en="LIMIT is the value that you mean there", zh="LIMIT 换成那里应有的值")
    return {
        "log": "tf.math.log(x + 1e-12)",
        "rsqrt": "tf.math.rsqrt(x + 1e-12)",
        "sqrt": "tf.sqrt(x + 1e-12)",
        "euclidean_norm": "tf.sqrt(tf.reduce_sum(x**2) + 1e-12)",
        "÷": f"safe = tf.where(d == 0.0, 1.0, d)\n"
        f"y = tf.where(d == 0.0, LIMIT, n / safe)  # {note}",
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


def finite(it: Reason) -> Repair:
    """Keep the values finite where they first are not."""
    masked = _large_instead_of_infinite(it)
    if masked.text or it.kind in ("masked", "infinities"):
        return masked

    def change(node: ast.AST) -> ast.expr | None:
        names = (it.operation,)
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
