"""The code that mends a gradient, at the place of the fault: tapes, sources, steps."""

from __future__ import annotations

import ast
import textwrap

import tensorflow as tf

from gradtape.language import say
from gradtape.tape.diagnosis.edits import (
    Change,
    Code,
    Repair,
    calls,
    expression,
    last_part,
    rewritten,
)
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.repairs_of_operations import (  # noqa: F401
    add_epsilon,
    double_where,
    finite,
    smooth,
    smooth_kink,
    stay_in_tensorflow,
    wake,
    with_a_rule,
)

_QUESTIONS = ("gradient", "explain_gradient")


def watch(it: Reason) -> Repair:
    """Watch the source before anything is computed from it."""
    tape = it.tape or "tape"
    if it.kind == "captured":
        return Repair(f"gt.explain_gradient(lambda {it.written}: ..., {it.written})")
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
    inside = " " * block.body[0].col_offset
    first = block.body[0]
    changes = [
        Change(first.lineno, first.lineno - 1, f"{inside}{tape}.watch({it.written})")
    ]
    head = code.head(block)
    rest = textwrap.indent(code.text(first), "    ")
    text = f"{head}\n    {tape}.watch({it.written})\n{rest}"
    return Repair(text, () if code.is_one_line(block) else tuple(changes), code.file)


def use_floats(it: Reason) -> Repair:
    """Make floating-point numbers of whole ones."""
    if it.kind == "ids":
        return Repair()
    if it.name:
        return _before_the_cast(it)
    code = Code.of(it.asked_at)
    for node in ast.walk(code.tree) if code else ():
        if (
            isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == it.written
            and isinstance(node.value, ast.Call)
            and last_part(node.value.func) in ("Variable", "constant")
        ):
            kept = [each for each in node.value.keywords if each.arg != "dtype"]
            dtype = ast.keyword("dtype", expression("tf.float32"))
            node.value.keywords = [*kept, dtype]
            text = ast.unparse(node)
            return Repair(text, (code.replaced(node, text),), code.file)
    return Repair(f"{it.written} = tf.Variable(..., dtype=tf.float32)")


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
    asks = statement is not None and any(calls(statement, *_QUESTIONS))
    if (
        block is not None
        and (asks or statement is None)
        and not it.target.isidentifier()
    ):
        return _ask_for_a_name(it, code, block)
    is_plain = block is not None and not code.is_one_line(block)
    if not is_plain or statement is None or asks or hasattr(statement, "body"):
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
        each
        for node in (ast.walk(block) if block else ())
        if isinstance(node, ast.Expr)
        for each in [node]
        if any(calls(node, "reset"))
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
    elif isinstance(statement, ast.Assign) and not isinstance(
        statement.value, ast.List
    ):
        text = f"{name}.assign({ast.unparse(statement.value)})"
    else:
        return Repair(f"{name}.assign_add(1.0)")
    return Repair(text, (code.replaced(statement, text),), code.file)


def compute_with_tensors(it: Reason) -> Repair:
    """Use the value itself where a variable was assigned to."""
    code = Code.of(it.line)
    statement = code.statement(it.line.number) if code else None
    if statement is not None and (text := _as_a_tensor(statement)):
        return Repair(text, (code.replaced(statement, text),), code.file)
    call = next(calls(statement, "assign"), None) if statement else None
    if (
        not isinstance(statement, ast.Expr)
        or call is not statement.value
        or not isinstance(call.func, ast.Attribute)
        or not isinstance(call.func.value, ast.Name)
    ):
        return Repair(_fast_weights(it))
    name, value = call.func.value.id, ast.unparse(call.args[0])
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
    return Repair("\n".join(shown), tuple(changes), code.file)


def _as_a_tensor(statement: ast.stmt) -> str:
    """Return an assignment to an entry, or one that adds, as the making of a tensor."""
    match statement:
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
    if hasattr(statement, "body"):
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
    note = say(en="the new value, as a tensor", zh="新值，保持为张量")
    return f"new = ...  # {note}"


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


def ask_for_zero(it: Reason) -> Repair:
    """Ask for 0 in the place of None."""
    tape = it.tape or "tape"
    target = it.target if it.tape else "y"
    sources = it.written
    if (
        it.kind == "keras"
    ):  # TensorFlow makes no zeros for Keras's variables themselves.
        is_list = sources.endswith(("variables", "weights"))
        sources = f"[v.value for v in {sources}]" if is_list else f"{sources}.value"
    text = f'{tape}.gradient({target}, {sources}, unconnected_gradients="zero")'

    def asking_for_zero(call: ast.Call) -> ast.Call:
        asked = _with_source(call, sources) if it.kind == "keras" else call
        return _with_keyword(asked, "unconnected_gradients", "zero")

    changed = _question(it, asking_for_zero)
    return Repair(text, changed.changes, changed.file)


def differentiate_by_the_whole(it: Reason) -> Repair:
    """Differentiate by what the source was taken from."""
    text = it.written
    try:
        node = ast.parse(text, mode="eval").body
    except SyntaxError:
        return Repair()
    if isinstance(node, ast.Subscript):
        whole, part = ast.unparse(node.value), text[len(ast.unparse(node.value)) :]
        return Repair(f"{it.tape or 'tape'}.gradient({it.target}, {whole}){part}")
    code = Code.of(it.asked_at)
    for each in ast.walk(code.tree) if code else ():
        if (
            isinstance(each, ast.Assign)
            and ast.unparse(each.targets[0]) == text
            and isinstance(each.value, ast.Subscript)
        ):
            whole = ast.unparse(each.value.value)
            part = ast.unparse(each.value)[len(whole) :]
            tape = it.tape or "tape"
            return Repair(f"{tape}.gradient({it.target}, {whole}){part}")
    return Repair()


def use_the_source(it: Reason) -> Repair:
    """Compute the target from the source itself, not from its twin."""
    if not it.name:
        return Repair()

    def change(node: ast.AST) -> ast.expr | None:
        if isinstance(node, ast.Name) and node.id == it.name:
            return expression(it.written)
        return None

    return rewritten(it.line, change)


def jacobian(it: Reason) -> Repair:
    """Ask for one derivative each."""
    if it.tape:
        return Repair(f"{it.tape}.jacobian({it.target}, {it.written})")
    return Repair(f"gt.jacobian(f, {it.written})")


def trainable_variables(it: Reason) -> Repair:
    """Ask for those variables that take part in training."""
    if it.kind == "single":
        note = say(en="or watch it", zh="或者监视它")
        return Repair(
            f"{it.written} = tf.Variable(...)  # trainable\n"
            f"tape.watch({it.written})  # {note}"
        )
    owner = it.code.rsplit(".", 1)[0] if "." in it.code else "model"
    target = it.target if it.tape else "loss"
    return Repair(
        f"{it.tape or 'tape'}.gradient({target}, {owner}.trainable_variables)"
    )


def only_trained(it: Reason) -> Repair:
    """Ask for what is trained, and leave out what is frozen."""
    by = it.name or "model.trainable_variables"
    changed = _question(it, lambda call: _with_source(call, by))
    text = f"{it.tape or 'tape'}.gradient({it.target}, {by})"
    return Repair(text, changed.changes, changed.file)


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


def right_source(it: Reason) -> Repair:
    """Name the tensor or the variables that took part."""
    tape, code = it.tape or "tape", it.written
    if it.kind == "model":
        by = f"{code}.trainable_variables"
    elif it.kind == "weights":
        by = code.replace("get_weights()", "trainable_variables")
    elif it.kind == "sparse":
        by = f"{code}.values"
    else:
        return Repair()
    changed = _question(it, lambda call: _with_source(call, by))
    return Repair(f"{tape}.gradient({it.target}, {by})", changed.changes, changed.file)


def exchange(it: Reason) -> Repair:
    """Put the target first."""
    tape = it.tape or "tape"
    changed = _question(it, _exchanged)
    text = f"{tape}.gradient({it.written}, {it.target})"
    return Repair(text, changed.changes, changed.file)


def have_variables(it: Reason) -> Repair:
    """Let there be variables to differentiate by."""
    owner = it.name or "model"
    if it.kind == "frozen":
        return Repair(f"{owner}.trainable = True")
    if it.kind == "hidden":
        attribute = owner.split(".")[-1]
        return Repair(f"self.{attribute} = self.add_weight(initializer=...)")
    if it.kind == "early":
        target = it.target
        return Repair(
            f"{it.tape or 'tape'}.gradient({target}, {owner}.trainable_variables)"
        )
    return Repair(f"{owner}.build(input_shape)") if it.kind == "unbuilt" else Repair()


def tape_inside(it: Reason) -> Repair:
    """Begin the tape where the computation runs."""
    return Repair(
        f"def step():\n    with tf.GradientTape() as {it.tape or 'tape'}:\n"
        f"        {it.target if it.target.isidentifier() else 'loss'} = ...\n"
        f"    return {it.tape or 'tape'}.gradient(...)"
    )


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


def dense(it: Reason) -> Repair:
    """Make a tensor of the rows."""

    def change(node: ast.AST) -> ast.expr | None:
        if isinstance(node, ast.Name) and node.id == it.name:
            return expression("tf.convert_to_tensor(E)", E=node)
        return None

    found = rewritten(it.line, change) if it.name else Repair()
    return found if found.text else Repair("tf.convert_to_tensor(gradient).numpy()")


def real_function(it: Reason) -> Repair:
    """Differentiate a real function of the complex target."""
    return Repair(f"{it.target} = tf.math.real({it.target})")


def scale_loss(it: Reason) -> Repair:
    """Scale the loss, so that gradients stay within the range."""
    factor = "1024.0" if it.kind == "underflow" else "2.0**-10"
    target = it.target if it.tape else "loss"
    tape = it.tape or "tape"
    back = say(en="and divide again", zh="再除回去")
    return Repair(
        f"optimizer = keras.optimizers.LossScaleOptimizer(optimizer)\n"
        f"scaled = optimizer.scale_loss({target})  # {target} * {factor}, {back}"
        if it.kind == "underflow"
        else f"scaled = {factor} * {target}  # {tape}.gradient(scaled, ...), {back}"
    )


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


def ask_as_a_function(it: Reason) -> Repair:
    """Give what the block does as a function, which is always watched."""
    target = it.target if it.target.isidentifier() else "y"
    return Repair(
        f"def f({it.written if it.written.isidentifier() else ''}):\n    ...\n"
        f"    return {target}\n"
        f"gt.explain_gradient(f{', ' + it.written if it.written.isidentifier() else ''})"
    )


def _question(it: Reason, change) -> Repair:
    """Change the question itself, in whichever way it is asked."""

    def changed(node: ast.AST) -> ast.expr | None:
        if isinstance(node, ast.Call) and last_part(node.func) in _QUESTIONS:
            return change(node)
        return None

    return rewritten(it.asked_at, changed)


def _places(call: ast.Call) -> tuple[int, int]:
    first = 1 if last_part(call.func) == "explain_gradient" else 0
    return first, first + 1


def _with_source(call: ast.Call, source: str) -> ast.Call:
    arguments = list(call.args)
    place = _places(call)[1]
    if len(arguments) > place:
        arguments[place] = expression(source)
    return ast.Call(call.func, arguments, call.keywords)


def _exchanged(call: ast.Call) -> ast.Call:
    arguments = list(call.args)
    first, second = _places(call)
    if len(arguments) > second:
        arguments[first], arguments[second] = arguments[second], arguments[first]
    return ast.Call(call.func, arguments, call.keywords)


def _with_keyword(call: ast.Call, name: str, value: str) -> ast.Call:
    keyword = ast.keyword(name, ast.Constant(value))
    return ast.Call(call.func, call.args, [*call.keywords, keyword])
