"""The code that mends a gradient, made of the learner's own names."""

from __future__ import annotations

import ast
import contextlib

from gradtape.language import say
from gradtape.tape.diagnosis.finding import Finding

# What TensorFlow has in the place of NumPy's and Python's functions.
_IN_TENSORFLOW = {
    "array": "tf.convert_to_tensor",
    "asarray": "tf.convert_to_tensor",
    "average": "tf.reduce_mean",
    "dot": "tf.tensordot",
    "log": "tf.math.log",
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
    "abs", "acos", "asin", "atan", "clip", "concatenate", "cos", "cosh", "exp", "floor",
    "matmul", "maximum", "minimum", "reshape", "sin", "sinh", "sqrt", "square", "stack",
    "tan", "tanh", "transpose", "where",
}
# fmt: on


def watch(it: Finding) -> str:
    """Watch the source before anything is computed from it."""
    tape = it.tape or "tape"
    if it.detail == "captured":
        return f"gt.explain_gradient(lambda {it.written}: ..., {it.written})"
    return (
        f"with tf.GradientTape() as {tape}:\n    {tape}.watch({it.written})\n"
        f"    {_name_of_target(it)} = ..."
    )


def use_floats(it: Finding) -> str:
    """Make floating-point numbers of whole ones."""
    if it.operation:
        return _before_the_cast(it)
    return f"{it.written} = tf.Variable(..., dtype=tf.float32)"


def _before_the_cast(it: Finding) -> str:
    """Differentiate what was made a whole number."""
    inside = _argument_of("cast", it.line.text if it.line else "") or "..."
    note = say(en="before tf.cast", zh="转换之前的值")
    if not it.tape:
        return f"y = {inside}  # {note}"
    return f"{it.tape}.gradient({inside}, {it.written})  # {note}"


def _argument_of(function: str, code: str) -> str:
    """Return the first argument of a call in a line of code, if that can be read."""
    start = code.find(f"{function}(")
    while start >= 0:
        for end in range(start + 1, len(code) + 1):
            with contextlib.suppress(SyntaxError):
                call = ast.parse(code[start:end], mode="eval").body
                if isinstance(call, ast.Call) and call.args:
                    return ast.unparse(call.args[0])
        start = code.find(f"{function}(", start + 1)
    return ""


def compute_inside(it: Finding) -> str:
    """Move the computation into the block."""
    tape, name = it.tape or "tape", _name_of_target(it)
    line = f"{name} = {it.target}" if name != it.target else f"{name} = ..."
    if it.line is not None and _is_assignment(it.line.text):
        line = it.line.text
    lines = [f"with tf.GradientTape() as {tape}:", "    ...", f"    {line}"]
    if not line.startswith(f"{name} ="):
        lines.append(f"    {name} = ...")
    return "\n".join([*lines, f"{tape}.gradient({name}, {it.written})"])


def stay_in_tensorflow(it: Finding) -> str:
    """Write TensorFlow's function in the place of another."""
    name = it.operation.strip("().").split(".")[-1]
    function = _IN_TENSORFLOW.get(name) or (f"tf.{name}" if name in _SAME_NAME else "")
    result = _name_of_target(it)
    if function:
        return f"{result} = {function}({_operand(it)})"
    if name in ("float", "int"):
        note = say(en=f"{it.written} itself", zh=f"直接用 {it.written}")
        return f"{result} = {_operand(it)}  # {note}"
    note = say(en="TensorFlow's functions all the way", zh="全程使用 TensorFlow 的函数")
    return f"{result} = f({_operand(it)})  # {note}"


def assign_in_place(it: Finding) -> str:
    """Change the variable's value instead of giving its name away."""
    name = it.written
    try:
        statement = ast.parse(it.line.text).body[0] if it.line else None
    except (SyntaxError, IndexError):
        statement = None
    if isinstance(statement, ast.AugAssign):
        operator, change = statement.op, statement.value
    elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.BinOp):
        operator, change = statement.value.op, statement.value.right
        if ast.unparse(statement.value.left) != name:
            operator = None
    else:
        operator, change = None, None
    method = {ast.Add: "assign_add", ast.Sub: "assign_sub"}.get(type(operator))
    if method:
        return f"{name}.{method}({ast.unparse(change)})"
    if isinstance(statement, ast.Assign) and not isinstance(statement.value, ast.List):
        return f"{name}.assign({ast.unparse(statement.value)})"
    return f"{name}.assign_add(1.0)"


def compute_with_tensors(it: Finding) -> str:
    """Use the value itself where a variable was assigned to."""
    name = it.detail if it.detail.isidentifier() else "value"
    result = _name_of_target(it)
    note = say(en=f"value, not {name}", zh=f"用 value，不用 {name}")
    return f"value = f({it.written})\n{result} = g(value)  # {note}"


def persistent(it: Finding) -> str:
    """Let the tape keep its record."""
    return f"with tf.GradientTape(persistent=True) as {it.tape or 'tape'}:\n    ..."


def indent_inner(it: Finding) -> str:
    """Take the first derivative inside the outer block."""
    outer, first = it.tape or "outer", _name_of_target(it)
    return (
        f"with tf.GradientTape() as {outer}:\n"
        "    with tf.GradientTape() as inner:\n        y = ...\n"
        f"    {first} = inner.gradient(y, {it.written})\n"
        f"{outer}.gradient({first}, {it.written})"
    )


def ask_for_zero(it: Finding) -> str:
    """Ask for 0 in the place of None."""
    tape = it.tape or "tape"
    target = it.target if it.tape else "y"
    return f'{tape}.gradient({target}, {it.written}, unconnected_gradients="zero")'


def jacobian(it: Finding) -> str:
    """Ask for one derivative each."""
    if it.tape:
        return f"{it.tape}.jacobian({it.target}, {it.written})"
    return f"gt.jacobian(f, {it.written})"


def smooth(it: Finding) -> str:
    """Put a smooth function in the place of steps."""
    name, x = it.operation.split(".")[-1], _operand(it)
    if name in ("argmax", "arg_max", "argmin", "one_hot", "argsort"):
        return f"tf.nn.softmax({x})"
    if name == "sign":
        return f"tf.tanh(10.0 * {x})"
    if any(sign in it.operation for sign in "<>=≤≥≠") or name in (
        *("greater", "greater_equal", "less", "less_equal", "equal", "not_equal"),
        *("count_nonzero", "binary_accuracy", "if"),
    ):
        return f"tf.sigmoid(10.0 * {x})"
    return f"hard = tf.round({x})\nsoft = {x} + tf.stop_gradient(hard - {x})"


def double_where(it: Finding) -> str:
    """Make the input safe first."""
    x = _operand(it)
    function = {
        "log": "tf.math.log(safe)",
        "sqrt": "tf.sqrt(safe)",
        "exp": "tf.exp(safe)",
        "÷": "1.0 / safe",
        "reciprocal": "1.0 / safe",
    }.get(it.operation, "f(safe)")
    return (
        f"fine = {x} > 0\nsafe = tf.where(fine, {x}, 1.0)\n"
        f"y = tf.where(fine, {function}, 0.0)"
    )


def add_epsilon(it: Finding) -> str:
    """Keep away from the point where the slope is infinite."""
    x = _operand(it)
    if it.operation in ("log", "pow", "rsqrt"):
        function = {"log": "tf.math.log", "rsqrt": "tf.math.rsqrt"}.get(it.operation)
        return f"{function}({x} + 1e-12)" if function else f"({x} + 1e-12) ** 0.5"
    if it.operation in ("÷", "reciprocal"):
        return f"1.0 / ({x} + 1e-12)"
    return f"tf.sqrt(tf.reduce_sum({x}**2) + 1e-12)"


def trainable_variables(it: Finding) -> str:
    """Ask for those variables that take part in training."""
    if it.detail == "single":
        note = say(en="or watch it", zh="或者监视它")
        return (
            f"{it.written} = tf.Variable(...)  # trainable\n"
            f"tape.watch({it.written})  # {note}"
        )
    owner = it.code.rsplit(".", 1)[0] if "." in it.code else "model"
    target = it.target if it.tape else "loss"
    return f"{it.tape or 'tape'}.gradient({target}, {owner}.trainable_variables)"


def own_gradient(it: Finding) -> str:
    """Say what the gradient is."""
    name = it.operation if it.operation.isidentifier() else "operation"
    return (
        f"@tf.custom_gradient\ndef with_gradient(x):\n    y = {name}(x)\n"
        "    return y, lambda upstream: upstream * ..."
    )


def smooth_kink(it: Finding) -> str:
    """Round the kink off."""
    x = _operand(it)
    if it.operation in ("max", "maximum"):
        return f"tf.reduce_logsumexp({x})"
    if it.operation in ("min", "minimum"):
        return f"-tf.reduce_logsumexp(-{x})"
    return f"tf.sqrt({x}**2 + 1e-6)"


def wake(it: Finding) -> str:
    """Use an activation that is not flat there, or smaller numbers."""
    if it.operation in ("sigmoid", "tanh", "softmax", "elu", "softsign"):
        module = "tf.nn." if it.operation in ("softmax", "elu", "softsign") else "tf."
        return f"{module}{it.operation}(0.1 * z)"
    return "tf.nn.leaky_relu(z)"


def check_numbers(it: Finding) -> str:
    """Find out where the first value is that is not finite."""
    return f'tf.debugging.check_numerics({it.written}, "{it.source}")'


def _operand(it: Finding) -> str:
    """Return what an operation is applied to: the source, if that has a name.

    Where the sources are written as an expression, such as ``model.variables``, what
    goes into the operation is something else, computed from them.
    """
    return it.written if it.written.isidentifier() else "x"


def _name_of_target(it: Finding) -> str:
    if not it.tape:
        return "y"
    return it.target if it.target.isidentifier() else "target"


def _is_assignment(text: str) -> bool:
    try:
        return isinstance(ast.parse(text).body[0], ast.Assign)
    except (SyntaxError, IndexError):
        return False
