"""The diagnosis of a gradient on a tape that the learner has recorded.

What a tape still knows afterwards is whether a tensor is on its record, and the way back
from the target. The rest of the evidence is the learner's code.
"""

from __future__ import annotations

import types
from typing import Any

import tensorflow as tf

from gradtape.language import say
from gradtape.learner_code.lines import Line, own_frame
from gradtape.learner_code.reading import read_around
from gradtape.learner_code.statements import names_in, reassigned
from gradtape.tape.diagnosis import notes
from gradtape.tape.diagnosis.asked_before import answer_before, is_used_up, why_wrong
from gradtape.tape.diagnosis.case import Case
from gradtape.tape.diagnosis.diagnosis import Diagnosis, diagnose
from gradtape.tape.diagnosis.finding import Finding
from gradtape.tape.diagnosis.following import Way
from gradtape.tape.diagnosis.trace import STEPS
from gradtape.tape.diagnosis.values import is_entrywise, places
from gradtape.tape.record.backward import Step, WayBack, way_back
from gradtape.tape.record.labels import operation_label
from gradtape.tape.record.observation import ABOUT_SHAPE
from gradtape.tape.record.sources import Source, sources_of


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
            say(
                en="the target is None; give the tensor that was computed under the "
                "tape, as in explain_gradient(tape, y, x)",
                zh="目标是 None；请给出梯度带记录下算出的张量，例如 explain_gradient(tape, y, x)",
            )
        )
    reading = read_around(own_frame(frame))
    written = reading.arguments[2] if len(reading.arguments) > 2 else None
    case = Case(
        tape,
        target,
        reading,
        WayBack([]),
        is_used_up(tape),
        sources_of(sources, written),
    )
    on_record = [case.has_recorded(source.tensor) for source in case.sources]
    target_on_record = any(case.has_recorded(leaf) for leaf in tf.nest.flatten(target))
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
            findings += why_wrong(case, source, gradient)
        elif not wrong:
            findings += _watched_late(case, source)
        for row, step in wrong:
            operation = operation_label(step.name)
            line = _line_by_name(case.way(source), operation)
            findings.append(case.finding(row, source, operation, line))
    findings += _several_targets(case)
    gradients = zip(
        (source.name for source in case.sources), case.seen.gradients, strict=True
    )
    if case.is_used_up and answer_before(case) is None:
        findings = findings or [case.finding("P8", each) for each in case.sources]
        return diagnose([], findings)
    return diagnose(gradients, findings, _note(case, findings))


def _ask(case: Case) -> WayBack:
    """Ask the tape, or take the answer that it gave before."""
    nothing = WayBack([None] * len(case.sources))
    targets = [leaf for leaf in tf.nest.flatten(case.target) if tf.is_tensor(leaf)]
    asked = [
        number
        for number, source in enumerate(case.sources)
        if isinstance(source.tensor, (tf.Tensor, tf.Variable))
    ]
    if case.is_used_up:
        nothing.gradients = answer_before(case) or nothing.gradients
        return nothing
    if not targets or not asked:
        return nothing
    tensors = [case.sources[number].tensor for number in asked]
    seen = way_back(case.tape, targets, tensors)
    for number, gradient in zip(asked, seen.gradients, strict=True):
        nothing.gradients[number] = gradient
    seen.gradients = nothing.gradients
    return seen


def _why_none(
    case: Case, source: Source, is_on_record: bool | None, target_on_record: bool
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
        casts = [each for each in steps if each.operation.endswith("cast")]
        dtype = tf.as_dtype(targets[0].dtype).name
        if len(steps) > len(casts):
            return steps
        line = casts[0].line if casts else None
        return [found("P2", case.target_name, line, dtype)]
    if suspects:
        return [each for each in suspects if each.row != "stopped"]
    if case.is_used_up and answer_before(case) is None:
        return []
    if cut := _cut_on_record(case):
        return [found(*cut)]
    if target_on_record or case.is_used_up or not case.reading.has_block:
        return [found("P11" if target_on_record or case.is_used_up else "P3")]
    return [found("P15") if way.is_connected else found("P11")]


def _watched_late(case: Case, source: Source) -> list[Finding]:
    """Return where a source was used before it was watched, though a number came back."""
    way = case.way(source)
    if any(each.row in ("P15", "stopped") for each in way.suspects):
        return []  # What came before may have no slope at all.
    return [
        case.finding("P4", source, each.what, each.line, "part")
        for each in way.early[:1]
    ]


def _cut_on_record(case: Case) -> tuple[str, str] | None:
    """Return the first operation through which nothing came back."""
    for event in case.seen.events:
        if (
            isinstance(event, Step)
            and event.name
            and not any(result is not None for result in event.results)
        ):
            if event.name == "StopGradient" or event.name in ABOUT_SHAPE:
                continue
            row = "P15" if event.name in STEPS else "P22"
            return row, operation_label(event.name)
    return None


def _not_on_record(
    case: Case, source: Source, suspects: list[Finding]
) -> list[Finding]:
    """Return why a source is not on the record itself."""
    found = case.finder(source)
    if isinstance(source.tensor, tf.Variable):
        if not getattr(case.tape, "_watch_accessed_variables", True):
            return [found("P1", detail="switched off")]
        outside = [each for each in suspects if each.row in ("P3", "P5", "P7", "P15")]
        if not outside and any(each.row == "stopped" for each in suspects):
            return []
        return outside or [found("P11")]
    others = [each for each in suspects if each.row in ("P5", "P15", "P7")]
    if line := reassigned(case.reading.statements, source.written):
        return [found("P6", line=line), *others]
    late = [each for each in suspects if each.row == "P4"]
    if late:
        return late
    if source.is_computed_in_call:
        return [found("P11")]
    return [found("P1"), *others]


def _is_watched_in_code(case: Case, source: Source) -> bool | None:
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


def _note(case: Case, findings: list[Finding]) -> str:
    """Say what is to be said of the sources with which nothing is wrong."""
    concerned = {each.source for each in findings}
    on_purpose, outside = [], ""
    for source, gradient in zip(case.sources, case.seen.gradients, strict=True):
        if source.name in concerned:
            continue
        for each in case.way(source).suspects:
            if gradient is None and each.row == "stopped":
                on_purpose.append(source.name)
                break
            if gradient is not None and each.row == "P5" and each.what != "int":
                outside = outside or notes.outside(source.name, each)
    return notes.stopped(on_purpose) or outside


def _several_targets(case: Case) -> list[Finding]:
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
