"""Refuse a derivative that would be silently wrong, because part of f is not on the tape.

The tape gives 9 for ``np.square(x) * x`` at 3, where the derivative is 27. Nothing is
done for a function whose code holds nothing suspect and whose derivative is not 0; else
difference quotients tell whether the derivative is grossly wrong.
"""

from __future__ import annotations

import textwrap
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.calculus.difference_quotient import Disagreement, disagreement
from gradtape.calculus.inputs import is_variable
from gradtape.calculus.suspects import Suspect, cuts_on_purpose, suspects
from gradtape.language import say
from gradtape.learner_code.lines import Line, is_own, is_own_file


def require_rows_on_tape(
    f: Callable, x: tf.Tensor, rows: tf.Tensor, rows_at: Callable
) -> None:
    """Raise an error if derivatives at the points of x are grossly wrong.

    Parameters
    ----------
    f : callable
        The function, as the learner wrote it.
    x : tf.Tensor
        The points.
    rows : tf.Tensor, shape (order + 1, *x.shape)
        f and its derivatives.
    rows_at : callable
        Gives, for other points and an order, such rows anew.

    Raises
    ------
    TypeError
        If values leave TensorFlow on the way from x to f.
    LookupError
        If an operation on the way has no rule.
    """
    values_of_rows = rows.numpy()  # whose rows are no operations of TensorFlow's
    if len(values_of_rows) == 1 or not values_of_rows.size:
        return
    found = suspects(f)
    if not found and (has_slope(rows) or cuts_on_purpose(f)):
        return
    scale = np.maximum(1.0, np.abs(x.numpy()))
    by_python = any(suspect.kind == "python" for suspect in found)
    for order in range(1, len(values_of_rows) if by_python else 2):

        def row(step: float, order: int) -> np.ndarray:
            moved = tf.cast(x.numpy() + step * scale, x.dtype)
            return _numbers(rows_at(moved, order)[order])

        found_wrong = disagreement(
            lambda step, order=order: row(step, order - 1),
            _numbers(values_of_rows[order]) * scale,
            _epsilon(x.dtype),
            lambda step, order=order: row(step, order) * scale,
        )
        if found_wrong is not None:
            unit = scale[found_wrong.place]
            raise cut_error(f, (x,), found, found_wrong, unit, order)


def require_gradient_on_tape(
    f: Callable,
    args: tuple,
    leaves: list[tf.Tensor | tf.Variable],
    slopes: list[tf.Tensor | None],
    values_of: Callable[[list], tf.Tensor],
    slopes_of: Callable[[list], list[tf.Tensor | None]],
) -> None:
    """Raise an error if a gradient, or a Jacobian, is grossly wrong.

    All of it is compared along one direction; without anything suspect in f only the
    inputs to which the tape has found no path.

    Parameters
    ----------
    f : callable
        The function, as the learner wrote it.
    args : tuple
        Its arguments.
    leaves : list of tensors and variables
        What is differentiated with respect to.
    slopes : list of tf.Tensor or None
        For each leaf the derivatives, the shape of the value first; None without a path.
    values_of : callable
        Gives f's value for other leaves.
    slopes_of : callable
        Gives the derivatives for other leaves, as ``slopes``.

    Raises
    ------
    TypeError
        If values leave TensorFlow on the way.
    LookupError
        If an operation on the way has no rule.
    """
    found = suspects(f)
    if not found and (all(each is not None for each in slopes) or cuts_on_purpose(f)):
        return
    tested = [
        (index, *_direction(leaf, index))
        for index, leaf in enumerate(leaves)
        if (found or slopes[index] is None) and tf.size(leaf) > 0
    ]
    if not tested:
        return

    def at(step: float, of: Callable) -> Any:
        moved = list(leaves)
        for index, start, direction in tested:
            moved[index] = tf.cast(start + step * direction, leaves[index].dtype)
        return _with_variables(leaves, moved, of)

    def values(step: float) -> np.ndarray:
        return _numbers(at(step, values_of))

    def along(slopes: list[tf.Tensor | None]) -> np.ndarray:
        total = np.zeros(shape)
        for index, _, direction in tested:
            if slopes[index] is not None:
                each = _numbers(slopes[index])
                total += np.tensordot(each, direction, axes=direction.ndim)
        return total

    shape = np.shape(values(0.0))
    epsilon = max(_epsilon(leaves[index].dtype) for index, *_ in tested)
    found_wrong = disagreement(
        values, along(slopes), epsilon, lambda step: along(at(step, slopes_of))
    )
    if found_wrong is not None:
        (_, _, direction), *more = tested
        unit = 1.0 if more or direction.size > 1 else float(direction.ravel()[0])
        raise cut_error(f, args, found, found_wrong, unit)


def cut_error(
    f: Callable,
    args: tuple,
    found: list[Suspect],
    wrong: Disagreement,
    unit: float = 1.0,
    order: int = 1,
) -> TypeError | LookupError:
    """Return the error that says which line takes f off the tape."""
    tape, change = (f"{each / unit:.4g}" for each in (wrong.tape, wrong.quotient))
    what_en, what_zh = {1: ("the derivative", "导数")}.get(
        order, (f"the derivative of order {order}", f"{order} 阶导数")
    )
    fact = say(
        en=f"the tape would give {tape} for {what_en}, where f really changes by {change}",
        zh=f"梯度带给出的{what_zh}会是 {tape}，而 f 的实际变化率是 {change}",
    )
    more = say(
        en="gradtape.explain_gradient(f, ...) shows where the path ends",
        zh="gradtape.explain_gradient(f, ...) 会指出记录在哪里断开",
    )
    suspect = _culprit(f, args, found)
    if suspect is None:
        return LookupError(
            say(
                en=f"part of f is not on the tape: {fact}; {more}",
                zh=f"f 有一部分不在梯度带的记录里：{fact}；{more}",
            )
        )
    where = _say_line(suspect.line)
    if suspect.kind == "python":
        return LookupError(
            say(
                en=f"{suspect.name}{where} runs Python, which TensorFlow cannot "
                f"differentiate so: {fact}; write it with TensorFlow's functions, or give "
                f"the gradient with tf.custom_gradient; {more}",
                zh=f"{suspect.name}{where}运行的是 Python，TensorFlow 求不出这样的导数："
                f"{fact}；请改用 TensorFlow 的函数，或用 tf.custom_gradient 给出梯度；{more}",
            )
        )
    if suspect.kind == "rule":
        return LookupError(
            say(
                en=f"TensorFlow has no rule for {suspect.name}{where} or not for this "
                f"input of it: {fact}; write it with other operations, or give the "
                f"gradient with tf.custom_gradient; {more}",
                zh=f"TensorFlow 没有 {suspect.name}{where}对这个输入的求导规则：{fact}；"
                f"请改用别的运算，或用 tf.custom_gradient 给出梯度；{more}",
            )
        )
    if suspect.kind == "store":
        return TypeError(
            say(
                en=f"{suspect.name}{where} stores a value, and the tape does not follow it "
                f"there: {fact}; use the tensor itself; {more}",
                zh=f"{suspect.name}{where}把值存了起来，梯度带跟不过去：{fact}；"
                f"请直接使用张量；{more}",
            )
        )
    return TypeError(
        say(
            en=f"{suspect.name}{where} takes a value out of TensorFlow, and the tape cannot "
            f"see what happens to it: {fact}; use TensorFlow's functions inside f, such as "
            f"tf.square instead of np.square; {more}",
            zh=f"{suspect.name}{where}把值带出了 TensorFlow，梯度带看不见后面的计算：{fact}；"
            f"请在 f 里用 TensorFlow 的函数，例如用 tf.square，不用 np.square；{more}",
        )
    )


_LONGEST_TEXT = 70  # letters of a line that is quoted
# A Python ``if`` is no graph's, and the derivative of the branch taken is right.
_NOT_THE_CAUSE = (tf.errors.OperatorNotAllowedInGraphError, LookupError)


def _say_line(line: Line) -> str:
    text = textwrap.shorten(line.text, _LONGEST_TEXT, placeholder=" ...")
    if not text:
        return say(en=" ", zh=" ").rstrip() if not line.number else _say_number(line)
    return say(
        en=f' in line {line.number}, "{text}"', zh=f"（第 {line.number} 行“{text}”）"
    )


def _say_number(line: Line) -> str:
    return say(en=f" in line {line.number}", zh=f"（第 {line.number} 行）")


def _culprit(f: Callable, args: tuple, found: list[Suspect]) -> Suspect | None:
    """Return which of the suspects it is, or an operation that passes nothing on.

    A value cannot leave TensorFlow while f becomes a graph: that raises an error, at the
    line in which it would.
    """
    if len(found) == 1 and found[0].kind != "value":
        return found[0]
    outputs: list[tf.Tensor] = []
    inputs: list[tf.Tensor] = []

    def traced(*args: Any) -> tf.Tensor:
        inputs.extend(each for each in tf.nest.flatten(args) if tf.is_tensor(each))
        outputs.append(f(*args))
        return outputs[0]

    program = tf.function(traced, autograph=False)
    try:
        graph = program.get_concrete_function(*args).graph
    except Exception as error:  # noqa: BLE001 - f may raise anything
        lines = [
            Line(frame.f_code.co_filename, number)
            for frame, number in traceback.walk_tb(error.__traceback__)
            if is_own(frame.f_code)
        ]
        for suspect in found:
            if suspect.line in lines:
                return suspect
        if lines and not isinstance(error, _NOT_THE_CAUSE):
            return Suspect("f", lines[-1], "value")
        return found[0] if found else None
    if found:
        return found[0]
    return _silent_operation(graph, inputs, outputs[0])


def _silent_operation(
    graph: tf.Graph, inputs: list[tf.Tensor], y: tf.Tensor
) -> Suspect | None:
    """Return the first operation to which a path leads and from which none does."""
    with graph.as_default():
        for operation in graph.get_operations():
            floats = [each for each in operation.outputs if each.dtype.is_floating]
            if not (operation.inputs and floats):
                continue
            reached = [
                each
                for each in operation.inputs
                if each.dtype.is_floating and _has_path(each, inputs)
            ]
            if reached and not _has_path(floats[0], inputs):
                frames = [
                    Line(frame.filename, frame.lineno)
                    for frame in operation.traceback
                    if is_own_file(frame.filename)
                ]
                line = frames[-1] if frames else Line("", 0)
                return Suspect(operation.type, line, "rule")
    return None


def _has_path(y: tf.Tensor, inputs: list[tf.Tensor]) -> bool:
    if any(y is each for each in inputs):
        return True
    try:
        return any(slope is not None for slope in tf.gradients(y, inputs))
    except LookupError:
        return False


def has_slope(rows: tf.Tensor) -> bool:
    """Tell whether the first derivative is not 0 everywhere, without an operation."""
    values = rows.numpy()
    if len(values) == 1 or not values.size:
        return True
    flat = values[1].ravel()
    return bool(flat[0] != 0 or flat[-1] != 0 or flat.any())


def _direction(leaf: Any, index: int) -> tuple[np.ndarray, np.ndarray]:
    """Return where a leaf stands, and a direction in which no two entries are equal."""
    start = np.asarray(_numbers(leaf))
    spread = np.arange(start.size) * 0.618 + 0.17 * index
    return start, (0.5 + spread % 1.0).reshape(start.shape) * np.maximum(
        1.0, np.abs(start)
    )


def _with_variables(leaves: list, moved: list, values_of: Callable) -> tf.Tensor:
    """Return f's value with other leaves; variables have their old values afterwards."""
    kept = []
    try:
        for index, (leaf, value) in enumerate(zip(leaves, moved, strict=True)):
            if is_variable(leaf):
                if value is not leaf:
                    kept.append((leaf, tf.convert_to_tensor(leaf)))
                    leaf.assign(value)
                moved[index] = leaf
        return values_of(moved)
    finally:
        for variable, value in kept:
            variable.assign(value)


def _numbers(tensor: Any) -> np.ndarray:
    return tf.cast(tensor, tf.float64).numpy()


def _epsilon(dtype: Any) -> float:
    dtype = tf.as_dtype(dtype)
    return {2: 1e-3 if dtype == tf.float16 else 1e-2, 4: 1.2e-7}.get(
        dtype.size, 2.2e-16
    )
