"""The diagnosis of a gradient on a tape that the learner has recorded.

What a tape still knows afterwards is whether a tensor is on its record, and the way back
from the target. The rest of the evidence is the learner's code.
"""

from __future__ import annotations

import ast
import inspect
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.language import say
from gradtape.tape.backward import Step, WayBack, numbers, way_back
from gradtape.tape.diagnosis import Diagnosis, diagnose
from gradtape.tape.finding import Finding
from gradtape.tape.labels import operation_label
from gradtape.tape.lines import Line, own_frame
from gradtape.tape.missing import STEPS
from gradtape.tape.reading import (
    Reading,
    Statement,
    names_in,
    read_around,
    reassigned,
    text_of,
)
from gradtape.tape.sources import Source, sources_of
from gradtape.tape.suspects import Way, way_through
from gradtape.tape.values import is_entrywise, places


@dataclass
class _Case:
    """Everything that is known of one question to a tape."""

    tape: tf.GradientTape
    target: Any
    reading: Reading
    seen: WayBack
    is_used_up: bool
    sources: list[Source]

    @property
    def target_node(self) -> ast.expr | None:
        return self.reading.arguments[1] if len(self.reading.arguments) > 1 else None

    @property
    def target_name(self) -> str:
        return text_of(self.target_node) if self.target_node else "y"

    @property
    def tape_name(self) -> str:
        arguments = self.reading.arguments
        return text_of(arguments[0]) if arguments else "tape"

    def way(self, source: Source) -> Way:
        """Follow a source to the target through the code."""
        return way_through(
            self.reading, source.tensor, source.written, self.target_node
        )

    def finder(self, source: Source) -> Callable[..., Finding]:
        """Return what makes findings for one source."""
        return lambda row, *place, **detail: self.finding(row, source, *place, **detail)

    def finding(
        self,
        row: str,
        source: Source,
        operation: str = "",
        line: Line | None = None,
        detail: str = "",
    ) -> Finding:
        """Return a finding with the names that stand in the code."""
        return Finding(
            row,
            source.name,
            operation,
            line,
            detail,
            self.target_name,
            source.written,
            self.tape_name,
        )


def explain_afterwards(
    tape: tf.GradientTape, target: Any, sources: Any, frame: types.FrameType | None
) -> Diagnosis:
    """Return the diagnosis of ``tape.gradient(target, sources)``.

    Parameters
    ----------
    tape, target, sources : object
        As for :meth:`tf.GradientTape.gradient`.
    frame : types.FrameType
        The frame of the call.

    Returns
    -------
    Diagnosis
        With what the tape and the code tell.

    Raises
    ------
    TypeError
        If the target is None.
    """
    if target is None:
        raise TypeError(
            "the target is None; give the tensor that was computed under the tape, as "
            "in explain_gradient(tape, y, x)"
        )
    reading = read_around(own_frame(frame))
    written = reading.arguments[2] if len(reading.arguments) > 2 else None
    case = _Case(
        tape,
        target,
        reading,
        WayBack([]),
        _is_used_up(tape),
        sources_of(sources, written),
    )
    on_record = [_is_on_record(case, source.tensor) for source in case.sources]
    target_on_record = any(
        _is_on_record(case, leaf) for leaf in tf.nest.flatten(target)
    )
    case.seen = _ask(case)
    findings: list[Finding] = []
    for number, (source, wrong) in enumerate(
        zip(case.sources, places(case.seen), strict=True)
    ):
        gradient = case.seen.gradients[number]
        if case.seen.missing_operation or case.seen.is_broken:
            if source.is_float:
                operation = operation_label(case.seen.missing_operation)
                line = _line_by_name(case.way(source), operation)
                findings.append(case.finding("P22", source, operation, line))
            continue
        if gradient is None:
            findings += _why_none(case, source, on_record[number], target_on_record)
        elif case.is_used_up:
            findings += _why_wrong(case, source, gradient)
        for row, step in wrong:
            operation = operation_label(step.name)
            line = _line_by_name(case.way(source), operation)
            findings.append(case.finding(row, source, operation, line))
    findings += _several_targets(case)
    gradients = zip(
        (source.name for source in case.sources), case.seen.gradients, strict=True
    )
    return diagnose(gradients, findings, _note(case, findings))


def _is_used_up(tape: tf.GradientTape) -> bool:
    return getattr(tape, "_tape", tape) is None


def _is_on_record(case: _Case, leaf: Any) -> bool | None:
    """Tell whether a tape has recorded a tensor; None if it does not know any more."""
    if isinstance(leaf, tf.Variable):
        return any(each is leaf for each in case.tape.watched_variables())
    if not isinstance(leaf, tf.Tensor):
        return False
    if case.is_used_up:
        return None
    record = sys.modules[inspect.unwrap(tf.custom_gradient).__module__].record
    if getattr(case.tape, "_recording", False):
        return record.should_record_backprop([leaf])
    with case.tape:  # Nothing is recorded: nothing is computed.
        return record.should_record_backprop([leaf])


def _ask(case: _Case) -> WayBack:
    """Ask the tape, or take the answer that it gave before."""
    nothing = WayBack([None] * len(case.sources))
    targets = [leaf for leaf in tf.nest.flatten(case.target) if tf.is_tensor(leaf)]
    asked = [
        number
        for number, source in enumerate(case.sources)
        if isinstance(source.tensor, (tf.Tensor, tf.Variable))
    ]
    if case.is_used_up:
        nothing.gradients = _answer_before(case) or nothing.gradients
        return nothing
    if not targets or not asked:
        return nothing
    tensors = [case.sources[number].tensor for number in asked]
    seen = way_back(case.tape, targets, tensors)
    for number, gradient in zip(asked, seen.gradients, strict=True):
        nothing.gradients[number] = gradient
    seen.gradients = nothing.gradients
    return seen


def _answer_before(case: _Case) -> list[Any] | None:
    """Return what the learner's own tape.gradient gave, where names still hold it."""
    if not case.reading.arguments:
        return None
    asked = f"{text_of(case.reading.arguments[0])}.gradient"
    for statement in reversed(case.reading.statements):
        if (
            statement.is_before
            and isinstance(statement.value, ast.Call)
            and text_of(statement.value.func) == asked
            and _is_same_question(statement, case)
        ):
            names = case.reading.names
            values = [names[each] for each in statement.written if each in names]
            flat = tf.nest.flatten(values)
            if len(flat) == len(case.sources):
                return flat
    return None


def _is_same_question(statement: Statement, case: _Case) -> bool:
    call = statement.value
    given = [*call.args, *(each.value for each in call.keywords)][:2]
    return [text_of(each) for each in given] == [
        text_of(each) for each in case.reading.arguments[1:3]
    ]


def _why_none(
    case: _Case, source: Source, is_on_record: bool | None, target_on_record: bool
) -> list[Finding]:
    """Return why nothing came back to a source."""
    found = case.finder(source)
    if source.row:
        return [found(source.row, detail=source.detail)]
    way = case.way(source)
    suspects = [
        found(each.row, each.what, each.line, each.what if each.row == "P7" else "")
        for each in _first_of_each_row(way)
    ]
    targets = tf.nest.flatten(case.target)
    if not any(tf.is_tensor(leaf) for leaf in targets):
        steps = [each for each in suspects if each.row in ("P5", "P15")]
        return steps or [found("P5", type(targets[0]).__name__)]
    if case.is_used_up and is_on_record is None:
        is_on_record = _is_watched_in_code(case, source)
    if is_on_record is False:
        return _not_on_record(case, source, suspects)
    if not any(_is_float(leaf) for leaf in targets):
        steps = [each for each in suspects if each.row == "P15"]
        dtype = tf.as_dtype(targets[0].dtype).name
        return steps or [found("P2", case.target_name, detail=dtype)]
    if suspects:
        return [each for each in suspects if each.row != "stopped"]
    if case.is_used_up and _answer_before(case) is None:
        return []
    if cut := _cut_on_record(case):
        return [found(*cut)]
    if target_on_record or case.is_used_up or not case.reading.has_block:
        return [found("P11" if target_on_record or case.is_used_up else "P3")]
    return [found("P15") if way.is_connected else found("P11")]


def _why_wrong(case: _Case, source: Source, gradient: Any) -> list[Finding]:
    """Return why a gradient given before is not finite, or zero: by the code alone."""
    way = case.way(source)
    values = numbers(gradient)
    targets = [leaf for leaf in tf.nest.flatten(case.target) if _is_float(leaf)]
    if not np.all(np.isfinite(values)):
        candidates = _WHERE_NOT_FINITE
    elif not np.any(values) and any(np.any(numbers(leaf)) for leaf in targets):
        candidates = _WHERE_ZERO
    else:
        return []
    for row, names in candidates.items():
        for name in names:
            if name in way.calls:
                return [case.finding(row, source, name, way.calls[name])]
    return []


_WHERE_NOT_FINITE = {
    "P16": ("where",),
    "P17": ("norm", "sqrt", "reduce_std", "std", "log", "pow", "rsqrt", "acos", "asin"),
}
_WHERE_ZERO = {
    "P15": ("sign",),
    "P27": ("relu", "sigmoid", "tanh", "softmax", "relu6", "clip_by_value", "ReLU"),
}


def _cut_on_record(case: _Case) -> tuple[str, str] | None:
    """Return the first operation through which nothing came back."""
    for event in case.seen.events:
        if (
            isinstance(event, Step)
            and event.name
            and not any(result is not None for result in event.results)
        ):
            if event.name == "StopGradient":
                continue
            row = "P15" if event.name in STEPS else "P22"
            return row, operation_label(event.name)
    return None


def _not_on_record(
    case: _Case, source: Source, suspects: list[Finding]
) -> list[Finding]:
    """Return why a source is not on the record itself."""
    found = case.finder(source)
    if isinstance(source.tensor, tf.Variable):
        if not getattr(case.tape, "_watch_accessed_variables", True):
            return [found("P1", detail="switched off")]
        outside = [each for each in suspects if each.row in ("P3", "P5", "P7", "P15")]
        return outside or [found("P11")]
    others = [each for each in suspects if each.row in ("P5", "P15", "P7")]
    if line := reassigned(case.reading, source.written):
        return [found("P6", line=line), *others]
    late = [each for each in suspects if each.row == "P4"]
    if late:
        return late
    if source.is_computed_in_call:
        return [found("P11")]
    return [found("P1"), *others]


def _is_watched_in_code(case: _Case, source: Source) -> bool | None:
    if not case.reading.has_block:
        return None
    return any(
        statement.kind == "watch" and source.written in names_in(statement.value)
        for statement in case.reading.statements
    )


def _first_of_each_row(way: Way) -> list[Any]:
    found: dict[str, Any] = {}
    for suspect in way.suspects:
        found.setdefault(suspect.row, suspect)
    return list(found.values())


def _line_by_name(way: Way, operation: str) -> Line | None:
    """Return the line that calls an operation, if one on the way does."""
    names = _FUNCTIONS.get(operation, (operation, f"reduce_{operation}"))
    return next((way.calls[name] for name in names if name in way.calls), None)


_FUNCTIONS = {
    "sqrt": ("sqrt", "norm", "reduce_std", "std"),
    "euclidean_norm": ("reduce_euclidean_norm",),
    "clip_by_value": ("clip_by_value", "clip"),
}


def _several_targets(case: _Case) -> list[Finding]:
    """Say that the target is more than one number, where that makes a difference."""
    floats = [leaf for leaf in tf.nest.flatten(case.target) if _is_float(leaf)]
    size = sum(leaf.shape.num_elements() or 0 for leaf in floats)
    if size < 2:
        return []
    for source, gradient in zip(case.sources, case.seen.gradients, strict=True):
        if gradient is None:
            continue
        steps = [event for event in case.seen.events if isinstance(event, Step)]
        same_shape = gradient.shape == floats[0].shape
        if len(floats) > 1 or not same_shape or not is_entrywise(steps):
            return [case.finding("P12", source, detail=str(size))]
    return []


def _is_float(leaf: Any) -> bool:
    return isinstance(leaf, (tf.Tensor, tf.Variable)) and leaf.dtype.is_floating


def _note(case: _Case, findings: list[Finding]) -> str:
    if not case.is_used_up or findings or _answer_before(case) is not None:
        return ""
    return say(
        en="This tape is used up: it was asked before and is not persistent, so its "
        "record is gone. Call explain_gradient in the place of tape.gradient, or make "
        "the tape with persistent=True.",
        zh="这个梯度带已经用过，又不是持久的，记录已经清空。"
        "请在 tape.gradient 的位置调用 explain_gradient，"
        "或者创建梯度带时写 persistent=True。",
    )
