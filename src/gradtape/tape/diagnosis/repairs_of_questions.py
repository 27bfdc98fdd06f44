"""Repairs of the question to a tape: target, sources, options, and what becomes of the answer."""

from __future__ import annotations

import ast

from gradtape.language import say
from gradtape.tape.diagnosis.edits import (
    QUESTIONS,
    Code,
    Repair,
    expression,
    last_part,
    rewritten,
)
from gradtape.tape.diagnosis.reason import Reason


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


def ask_for_what_was_used(it: Reason) -> Repair:
    """Ask for the variables that the block used."""
    used = f"{it.tape}.watched_variables()"
    changed = _question(it, lambda call: _with_source(call, used))
    return Repair(
        f"{it.tape}.gradient({it.target}, {used})", changed.changes, changed.file
    )


def differentiate_by_the_whole(it: Reason) -> Repair:
    """Differentiate by what the source was taken from, and watch that if it is not."""
    try:
        taken: ast.AST | None = ast.parse(it.written, mode="eval").body
    except SyntaxError:
        return Repair()
    if not isinstance(taken, ast.Subscript):
        code = Code.of(it.asked_at)
        made = code.assignment(it.written, it.asked_at.number) if code else None
        taken = made.value if made else None
    if not isinstance(taken, ast.Subscript):
        return Repair()
    whole, tape = ast.unparse(taken.value), it.tape or "tape"
    question = f"{tape}.gradient({it.target}, {whole})"
    question += ast.unparse(taken)[len(whole) :]
    if it.kind != "beside unwatched":
        return Repair(question)
    block = f"with tf.GradientTape() as {tape}:\n    {tape}.watch({whole})\n    ...\n"
    return Repair(block + question)


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
    if it.kind == "half":
        return Repair()
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
        if isinstance(node, ast.Call) and last_part(node.func) in QUESTIONS:
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
