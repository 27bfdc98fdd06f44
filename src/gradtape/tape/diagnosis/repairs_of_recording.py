"""Repairs of what the tape records: the block, what it watches, when it is asked."""

from __future__ import annotations

import ast
import textwrap

from gradtape.language import say
from gradtape.learner_code.lines import Line
from gradtape.tape.diagnosis.edits import (
    QUESTIONS,
    Change,
    Code,
    Repair,
    calls,
    expression,
    last_part,
    rewritten,
)
from gradtape.tape.diagnosis.reason import Reason


def watch(it: Reason) -> Repair:
    """Watch the source before anything is computed from it."""
    tape = it.tape or "tape"
    if it.kind == "captured":
        return Repair(f"gt.explain_gradient(lambda {it.written}: ..., {it.written})")
    if it.kind == "number" and not it.written.isidentifier():
        return Repair()
    if it.kind == "number":
        return Repair(
            f"{it.written} = tf.convert_to_tensor({it.written})\n"
            f"with tf.GradientTape() as {tape}:\n    {tape}.watch({it.written})\n    ..."
        )
    shown = (
        f"with tf.GradientTape() as {tape}:\n    {tape}.watch({it.written})\n    ..."
    )
    code = Code.of(it.asked_at)
    block = code.block(tape, it.asked_at.number) if code else None
    if block is None:
        return Repair(shown)
    others = [each for each in it.sources if each.isidentifier()]
    several = len(others) > 1 and it.written in others
    what = f"[{', '.join(others)}]" if several else it.written
    watched = f"{tape}.watch({what})"
    for each in block.body:
        if ast.unparse(each) == watched and (moved := _moved_in(it, code, block, each)):
            return moved
    first = block.body[0]
    change = Change(first.lineno, first.lineno - 1, f"{code.indent(first)}{watched}")
    rest = textwrap.indent(code.text(first), "    ")
    text = f"{code.head(block)}\n    {watched}\n{rest}"
    return Repair(text, () if code.is_one_line(block) else (change,), code.file)


def _moved_in(it: Reason, code: Code, block: ast.With, at: ast.stmt) -> Repair | None:
    """Move what was computed before a block behind the watching in it."""
    early = code.statement(it.line.number) if it.line else None
    if early not in code.body_of(block) or early.lineno > block.lineno:
        return None
    text = code.text(early)
    gone = Change(early.lineno, early.end_lineno, "")
    new = Change(
        at.end_lineno + 1, at.end_lineno, textwrap.indent(text, code.indent(at))
    )
    shown = textwrap.indent(f"{code.text(at)}\n{text}", "    ")
    return Repair(f"{code.head(block)}\n{shown}", (gone, new), code.file)


def use_floats(it: Reason) -> Repair:
    """Make floating-point numbers of whole ones."""
    if it.kind == "ids":
        return Repair()
    if it.name:
        return _before_the_cast(it)
    code = Code.of(it.asked_at)
    node = code.assignment(it.written, it.asked_at.number) if code else None
    if (
        node is not None
        and isinstance(node.value, ast.Call)
        and last_part(node.value.func) in ("Variable", "constant")
    ):
        kept = [each for each in node.value.keywords if each.arg != "dtype"]
        dtype = ast.keyword("dtype", expression("tf.float32"))
        node.value.keywords = [*kept, dtype]
        lines = [(node, ast.unparse(node)), *_operands_of_whole_numbers(it, code)]
        changes = tuple(code.replaced(*each) for each in lines)
        return Repair("\n".join(text for _, text in lines), changes, code.file)
    return Repair(f"{it.written} = tf.Variable(..., dtype=tf.float32)")


def _operands_of_whole_numbers(it: Reason, code: Code) -> list[tuple[ast.stmt, str]]:
    """Return the constants that a block calculates with, made floating-point numbers too."""
    block = code.block(it.tape or "tape", it.asked_at.number)
    operands = {
        part.id
        for node in (ast.walk(block) if block else ())
        if isinstance(node, ast.BinOp)
        for part in (node.left, node.right)
        if isinstance(part, ast.Name)
    } - {it.written}
    found = []
    for name in sorted(operands):
        match made := code.assignment(name, it.asked_at.number):
            case ast.Assign(
                value=ast.Call(ast.Attribute(attr="constant"), [numbers], [])
            ) if all(
                isinstance(part.value, int)
                for part in ast.walk(numbers)
                if isinstance(part, ast.Constant)
            ):
                text = f"{name} = tf.constant({ast.unparse(numbers)}, dtype=tf.float32)"
                found.append((made, text))
    return found


def _before_the_cast(it: Reason) -> Repair:
    """Differentiate what was made a whole number."""
    code = Code.of(it.line)
    statement = code.statement(it.line.number) if code else None
    cast = (
        next(calls(statement, "cast", "to_int32", "to_int64"), None)
        if statement
        else None
    )
    inside = ast.unparse(cast.args[0]) if cast and cast.args else "..."
    note = say(en="before tf.cast", zh="转换之前的值")
    if not it.tape:
        return Repair(f"y = {inside}  # {note}")
    return Repair(f"{it.tape}.gradient({inside}, {it.written})  # {note}")


def compute_inside(it: Reason) -> Repair:
    """Move the computation into the block."""
    tape, name = it.tape or "tape", it.name or it.target
    code = Code.of(it.line or it.asked_at)
    number = it.asked_at.number if it.asked_at else it.line.number if it.line else 0
    block = code.block(tape, number) if code else None
    statement = code.statement(it.line.number) if code and it.line else None
    if block is not None and statement is not None:
        statement = _beside(code, block, statement)
    asks = statement is not None and any(calls(statement, *QUESTIONS))
    if (
        block is not None
        and (asks or statement is None)
        and not it.target.isidentifier()
        and _names_in(it.target).isdisjoint(_bound_within(it.asked_at))
    ):
        return _ask_for_a_name(it, code, block)
    entry = ast.parse(it.target, mode="eval").body
    if block is not None and asks and isinstance(entry, ast.Subscript):
        whole, place = ast.unparse(entry.value), ast.unparse(entry.slice)
        return Repair(f"{tape}.jacobian({whole}, {it.written})[{place}]")
    is_plain = block is not None and not code.is_one_line(block)
    can_move = isinstance(statement, ast.For) or not hasattr(statement, "body")
    made = code.statement(it.line.number) if code and it.line else None
    is_elsewhere = block is None or statement is None
    if is_elsewhere and made is not None and it.name not in ("", it.target):
        return Repair(
            f"with tf.GradientTape() as {tape}:\n"
            f"{textwrap.indent(code.text(made), '    ')}\n    ...\n"
            f"{tape}.gradient({it.target}, {it.written})"
        )
    if not is_plain or statement is None or asks or not can_move:
        line = f"{name} = ..." if name.isidentifier() else f"target = {name}"
        asked = name if name.isidentifier() else "target"
        return Repair(
            f"with tf.GradientTape() as {tape}:\n    ...\n    {line}\n"
            f"{tape}.gradient({asked}, {it.written})"
        )
    inner, text = " " * block.body[0].col_offset, code.text(statement)
    head = code.head(block)
    gone = Change(statement.lineno, statement.end_lineno, "")
    if statement.lineno > block.lineno:
        at = block.end_lineno + 1
        new = Change(at, at - 1, textwrap.indent(text, inner))
        lines = [head, "    ...", textwrap.indent(text, "    ")]
        ask = f"{tape}.gradient({it.target}, {it.written})"
        return Repair("\n".join([*lines, ask]), (new, gone), code.file)
    first = block.body[0]
    new = Change(first.lineno, first.lineno - 1, textwrap.indent(text, inner))
    rest = textwrap.indent(code.text(first), "    ")
    shown = f"{head}\n{textwrap.indent(text, '    ')}\n{rest}"
    return Repair(shown, (gone, new), code.file)


def _beside(code: Code, block: ast.With, statement: ast.stmt) -> ast.stmt | None:
    """Return the statement beside a block that holds another, which may be that one."""
    return next(
        (
            each
            for each in code.body_of(block)
            if each.lineno <= statement.lineno <= each.end_lineno
        ),
        None,
    )


def _names_in(code: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}


def _bound_within(line: Line | None) -> set[str]:
    """Return the names that have a value only within a line: a lambda's, a loop's."""
    code = Code.of(line)
    statement = code.statement(line.number) if code else None
    bound = set()
    for node in ast.walk(code.tree) if code else ():
        if isinstance(node, ast.For) and node.lineno < line.number <= node.end_lineno:
            bound |= _names_in(ast.unparse(node.target))
    for node in ast.walk(statement) if statement else ():
        if isinstance(node, ast.comprehension):
            bound |= _names_in(ast.unparse(node.target))
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
    return bound


def _ask_for_a_name(it: Reason, code: Code, block: ast.With) -> Repair:
    """Compute inside the block what stands in the question, such as ``y[0]``."""
    inner, at = " " * block.body[0].col_offset, block.end_lineno + 1
    head = code.head(block)
    new = Change(at, at - 1, f"{inner}target = {it.target}")
    asked = rewritten(
        it.asked_at,
        lambda node: (
            expression("target")
            if isinstance(node, ast.expr) and ast.unparse(node) == it.target
            else None
        ),
    )
    text = (
        f"{head}\n    ...\n    target = {it.target}\n"
        f"{it.tape}.gradient(target, {it.written})"
    )
    return Repair(text, (new, *asked.changes), code.file)


def record_again(it: Reason) -> Repair:
    """Take the computation out of stop_recording."""
    code = Code.of(it.line)
    for node in ast.walk(code.tree) if code else ():
        if (
            isinstance(node, ast.With)
            and node.lineno <= it.line.number <= node.end_lineno
            and any(calls(node.items[0].context_expr, "stop_recording"))
        ):
            body = "\n".join(code.text(each) for each in node.body)
            return Repair(body, (code.replaced(node, body),), code.file)
    return Repair()


def without_reset(it: Reason) -> Repair:
    """Leave the call of reset out."""
    code = Code.of(it.line)
    block = code.block(it.tape, it.line.number) if code else None
    resets = [
        node
        for node in (ast.walk(block) if block else ())
        if isinstance(node, ast.Expr) and any(calls(node, "reset"))
    ]
    if not resets:
        return Repair()
    kept = [each for each in block.body if each not in resets]
    lines = "\n".join(textwrap.indent(code.text(each), "    ") for each in kept)
    head = code.head(block)
    changes = tuple(Change(each.lineno, each.end_lineno, "") for each in resets)
    return Repair(f"{head}\n{lines}", changes, code.file)


def leave_out(it: Reason) -> Repair:
    """Watch TensorFlow's variable behind that of Keras."""
    return rewritten(it.line, _watched_values)


def _watched_values(node: ast.AST) -> ast.expr | None:
    if not (
        isinstance(node, ast.Call) and last_part(node.func) == "watch" and node.args
    ):
        return None
    given = node.args[0]
    many = last_part(given) in ("trainable_variables", "variables", "weights")
    value = expression("[v.value for v in E]" if many else "E.value", E=given)
    return ast.Call(node.func, [value, *node.args[1:]], node.keywords)


def persistent(it: Reason) -> Repair:
    """Let the tape keep its record, or take two for a second derivative."""
    tape = it.tape or "tape"
    code = Code.of(it.asked_at)
    block = code.block(tape, it.asked_at.number) if code else None
    shown = f"with tf.GradientTape(persistent=True) as {tape}:\n    ..."
    if block is None:
        return Repair(shown)
    inner = [each for each in calls(block, "gradient") if each.lineno > block.lineno]
    if inner and last_part(inner[0].func.value) == tape:
        u = ast.unparse(inner[0].args[0])
        return Repair(
            f"with tf.GradientTape() as outer:\n    outer.watch({it.written})\n"
            f"    with tf.GradientTape() as {tape}:\n        {tape}.watch({it.written})\n"
            f"        {u} = ...\n    {it.target} = {tape}.gradient({u}, {it.written})\n"
            f"outer.gradient({it.target}, {it.written})"
        )
    for item in block.items:
        if item.optional_vars is not None and ast.unparse(item.optional_vars) == tape:
            call = item.context_expr
            if isinstance(call, ast.Call):
                call.keywords.append(ast.keyword("persistent", ast.Constant(True)))
    head = ast.unparse(block).splitlines()[0]
    change = Change(block.lineno, block.lineno, " " * block.col_offset + head)
    return Repair(f"{head}\n    ...", (change,), code.file)


def indent_inner(it: Reason) -> Repair:
    """Take the first derivative inside the outer block."""
    outer, first = it.tape or "outer", it.name or it.target
    code = Code.of(it.asked_at)
    block = code.block(outer, it.asked_at.number) if code else None
    for node in ast.walk(code.tree) if block else ():
        if (
            isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == first
            and node.lineno > block.end_lineno
            and any(calls(node.value, "gradient", "jacobian"))
        ):
            text = code.text(node)
            inside = " " * block.body[0].col_offset
            at = block.end_lineno + 1
            new = Change(at, at - 1, textwrap.indent(text, inside))
            head = code.head(block)
            rest = "\n".join(textwrap.indent(code.text(b), "    ") for b in block.body)
            shown = (
                f"{head}\n{rest}\n{textwrap.indent(text, '    ')}\n"
                f"{outer}.gradient({first}, {it.written})"
            )
            gone = Change(node.lineno, node.end_lineno, "")
            return Repair(shown, (new, gone), code.file)
    return Repair(
        f"with tf.GradientTape() as {outer}:\n"
        "    with tf.GradientTape() as inner:\n        y = ...\n"
        f"    {first} = inner.gradient(y, {it.written})\n"
        f"{outer}.gradient({first}, {it.written})"
    )


def tape_inside(it: Reason) -> Repair:
    """Begin the tape where the computation runs."""
    return Repair(
        f"def step():\n    with tf.GradientTape() as {it.tape or 'tape'}:\n"
        f"        {it.target if it.target.isidentifier() else 'loss'} = ...\n"
        f"    return {it.tape or 'tape'}.gradient(...)"
    )
