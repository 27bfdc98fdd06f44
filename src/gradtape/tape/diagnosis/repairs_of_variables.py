"""Repairs where a value was stored: compute with tensors, assign in place."""

from __future__ import annotations

import ast

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


def assign_in_place(it: Reason) -> Repair:
    """Change the variable's value instead of giving its name away."""
    name = it.written
    code = Code.of(it.line)
    statement = code.statement(it.line.number) if code else None
    operator = change = None
    if isinstance(statement, ast.AugAssign):
        operator, change = statement.op, statement.value
    elif (
        isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.BinOp)
        and ast.unparse(statement.value.left) == name
    ):
        operator, change = statement.value.op, statement.value.right
    method = {ast.Add: "assign_add", ast.Sub: "assign_sub"}.get(type(operator))
    if method:
        text = f"{name}.{method}({ast.unparse(change)})"
    elif each := _each_in_place(statement):
        text = each
    elif isinstance(statement, ast.Assign) and not isinstance(
        statement.value, (ast.List, ast.ListComp, ast.Tuple)
    ):
        text = f"{name}.assign({ast.unparse(statement.value)})"
    else:
        return Repair(f"{name}.assign_add(1.0)")
    return Repair(text, (code.replaced(statement, text),), code.file)


def other_name(it: Reason) -> Repair:
    """Give what is new a name of its own."""
    code = Code.of(it.line)
    statement = code.statement(it.line.number) if code else None
    if not isinstance(statement, (ast.Assign, ast.AugAssign)):
        return Repair()
    value = statement.value
    if isinstance(statement, ast.AugAssign):
        value = ast.BinOp(ast.Name(it.written), statement.op, value)
    text = f"new_{it.written} = {ast.unparse(value)}"
    return Repair(text, (code.replaced(statement, text),), code.file)


def _each_in_place(statement: ast.stmt | None) -> str:
    """Return the loop for a list made anew, such as ``[p - 0.1 for p in params]``."""
    made = getattr(statement, "value", None)
    if not (isinstance(made, ast.ListComp) and len(made.generators) == 1):
        return ""
    (over,), each = made.generators, made.elt
    if not (isinstance(each, ast.BinOp) and isinstance(each.op, (ast.Add, ast.Sub))):
        return ""
    if over.ifs or not isinstance(each.left, ast.Name):
        return ""
    method = "assign_add" if isinstance(each.op, ast.Add) else "assign_sub"
    return (
        f"for {ast.unparse(over.target)} in {ast.unparse(over.iter)}:\n"
        f"    {each.left.id}.{method}({ast.unparse(each.right)})"
    )


def compute_with_tensors(it: Reason) -> Repair:
    """Use the value itself where a variable was assigned to."""
    code = Code.of(it.line)
    statement = code.statement(it.line.number) if code else None
    text = _as_a_tensor(statement) if statement is not None else ""
    if text and not _would_be_unbound(code, statement, text.split(" = ")[0]):
        return Repair(text, (code.replaced(statement, text),), code.file)
    storing = ("assign", "assign_add", "assign_sub")
    call = next(calls(statement, *storing), None) if statement else None
    if (
        not isinstance(statement, ast.Expr)
        or call is not statement.value
        or not isinstance(call.func, ast.Attribute)
        or not isinstance(call.func.value, ast.Name)
    ):
        return Repair(_fast_weights(it))
    name, value = call.func.value.id, ast.unparse(call.args[0])
    if call.func.attr != "assign":
        value = f"{name} {'+' if call.func.attr == 'assign_add' else '-'} {value}"
    new = f"{name}_now"
    body = code.body_of(statement)
    later = body[body.index(statement) + 1 :] if statement in body else []
    text = f"{new} = {value}\n{name}.assign({new})"
    changes = [code.replaced(statement, text)]
    shown = [text]
    for each in later:
        mended = rewritten_name(code, each, name, new)
        if mended is not None:
            changes.append(code.replaced(each, mended))
            shown.append(mended)
    if len(shown) == 1:
        return Repair()  # Nothing beside it reads the value: a model does, perhaps.
    return Repair("\n".join(shown), tuple(changes), code.file)


def _would_be_unbound(code: Code, statement: ast.stmt, name: str) -> bool:
    """Tell whether a name comes from outside the function that would assign to it."""
    around = [
        node
        for node in ast.walk(code.tree)
        if isinstance(node, ast.FunctionDef)
        and node.lineno <= statement.lineno <= node.end_lineno
    ]
    if not around:
        return False
    inner = max(around, key=lambda node: node.lineno)
    return not any(
        (isinstance(node, ast.arg) and node.arg == name)
        or (
            isinstance(node, ast.Name)
            and node.id == name
            and isinstance(node.ctx, ast.Store)
        )
        for node in ast.walk(inner)
    )


def _as_a_tensor(statement: ast.stmt) -> str:
    """Return what stores in a variable, or in a part of one, as the making of a tensor."""
    match statement:
        case ast.Assign(
            [ast.Name(name)], ast.Call(ast.Attribute(attr="Variable"), [value, *_])
        ):
            return f"{name} = {ast.unparse(value)}"
        case ast.Expr(
            ast.Call(
                ast.Attribute(ast.Name(name), "assign_add" | "assign_sub" as how),
                [change],
            )
        ):
            sign = "+" if how == "assign_add" else "-"
            return f"{name} = {name} {sign} {ast.unparse(change)}"
        case ast.Expr(
            ast.Call(
                ast.Attribute(
                    ast.Subscript(ast.Name(name), ast.Constant(int(place))), "assign"
                ),
                [value],
            )
        ):
            text = ast.unparse(value)
            return (
                f"{name} = tf.tensor_scatter_nd_update({name}, [[{place}]], [{text}])"
            )
    return ""


def rewritten_name(code: Code, statement: ast.stmt, old: str, new: str) -> str | None:
    """Return a simple statement that reads another name; None if it does not read it."""
    is_block = isinstance(statement, ast.With) and not code.is_one_line(statement)
    if hasattr(statement, "body") and not is_block:
        return None

    class Renamer(ast.NodeTransformer):
        found = False

        def visit_Name(self, node: ast.Name) -> ast.Name:
            if node.id == old and isinstance(node.ctx, ast.Load):
                self.found = True
                return ast.Name(new, node.ctx)
            return node

    renamer = Renamer()
    changed = renamer.visit(ast.parse(code.text(statement)))
    return ast.unparse(changed) if renamer.found else None


def _fast_weights(it: Reason) -> str:
    """Return how weights that were computed are used without storing them."""
    if it.line is not None and "set_weights" in it.line.text:
        owner = it.name or "model"
        note = say(en="weights as tensors, not stored", zh="权重保持为张量，不存进去")
        return (
            f"fast_weights = [...]  # {note}\n"
            f"outputs, _ = {owner}.stateless_call(\n"
            f"    fast_weights, {owner}.non_trainable_variables, x\n)"
        )
    return ""


def without_dataset(it: Reason) -> Repair:
    """Take the tensor apart itself, without a dataset."""
    if it.kind == "compiled":
        return Repair()
    return rewritten(it.line, _taken_apart)


def _taken_apart(node: ast.AST) -> ast.expr | None:
    if not isinstance(node, ast.Call):
        return None
    name = last_part(node.func)
    if name == "from_tensor_slices" and len(node.args) == 1:
        return expression("tf.unstack(E)", E=node.args[0])
    inner = node.func.value if isinstance(node.func, ast.Attribute) else None
    is_of_slices = (
        isinstance(inner, ast.Call) and last_part(inner.func) == "from_tensor_slices"
    )
    if name == "map" and len(node.args) == 1 and is_of_slices:
        text = "[F(part) for part in tf.unstack(E)]"
        return expression(text, F=node.args[0], E=inner.args[0])
    if name == "batch" and len(node.args) == 1 and is_of_slices:
        return expression(
            "[E[i:i + N] for i in range(0, E.shape[0], N)]",
            E=inner.args[0],
            N=node.args[0],
        )
    return None
