"""The diagnosis of a gradient on a tape that the learner has recorded.

What the blocks of the tape did was seen while they ran. Where it was not, the tape still
tells whether it follows a tensor, and the way back from the target; more is not claimed.
"""

from __future__ import annotations

import types
from dataclasses import replace
from typing import Any

import tensorflow as tf

from gradtape.language import say
from gradtape.learner_code.lines import Line, asking_frame
from gradtape.learner_code.reading import read_around
from gradtape.learner_code.statements import reassigned
from gradtape.tape.diagnosis import none_gradients, notes
from gradtape.tape.diagnosis.asked_inside import asked_inside
from gradtape.tape.diagnosis.before import kept_in_an_object, look_before
from gradtape.tape.diagnosis.case import Case
from gradtape.tape.diagnosis.diagnosis import Diagnosis, diagnose
from gradtape.tape.diagnosis.doubts import doubts
from gradtape.tape.diagnosis.edits import Code
from gradtape.tape.diagnosis.errors import error_reason
from gradtape.tape.diagnosis.frozen import frozen_though_watched
from gradtape.tape.diagnosis.nothing_asked import nothing_asked
from gradtape.tape.diagnosis.numbers_back import is_entrywise
from gradtape.tape.diagnosis.own_gradients import misused_own_gradients
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.replay import is_row_by_row
from gradtape.tape.diagnosis.sparse_rows import numbers_taken_of
from gradtape.tape.diagnosis.unlisted import unlisted
from gradtape.tape.record import tensorflow_internals as internals
from gradtape.tape.record.backward import Step, WayBack, way_back
from gradtape.tape.record.blocks import asked_about, has_begun, record_of
from gradtape.tape.record.sources import Source, sources_of


def explain_tape(
    tape: tf.GradientTape,
    target: Any,
    sources: Any,
    options: dict[str, Any],
    frame: types.FrameType | None,
) -> Diagnosis:
    """Return the diagnosis of ``tape.gradient(target, sources)``.

    Parameters
    ----------
    tape, target, sources : object
        As for :meth:`tf.GradientTape.gradient`.
    options : dict
        ``output_gradients`` and ``unconnected_gradients``, if they were given.
    frame : types.FrameType
        The frame of the call.

    Returns
    -------
    Diagnosis
        With what is known of the tape.

    Raises
    ------
    TypeError
        If the target is None, or empty.
    """
    if not any(leaf is not None for leaf in tf.nest.flatten(target)):
        empty = say(en="empty", zh="空的") if target is not None else None
        raise TypeError(
            say(
                en=f"the target is {empty}; give the tensor that was computed under the "
                "tape, as in explain_gradient(tape, y, x)",
                zh=f"目标是 {empty}；请给出梯度带记录下算出的张量，例如 explain_gradient(tape, y, x)",
            )
        )
    asked_about(tape)
    reading = read_around(asking_frame(frame), "explain_gradient")
    written = reading.arguments[2] if len(reading.arguments) > 2 else None
    case = Case(
        tape,
        target,
        sources_of(sources, written),
        reading,
        record_of(tape),
        internals.is_used_up(tape),
    )
    if not case.sources:
        return diagnose(
            [], [nothing_asked(case.target_name, case.tape_name, reading, written)]
        )
    case.on_record = {
        number: case.has_recorded(source.tensor)
        for number, source in enumerate(case.sources)
    }
    target_on_record = [case.has_recorded(leaf) for leaf in case.targets]
    exchanged = _exchanged(case)
    _ask(case, options)
    names = [source.name for source in case.sources]
    gradients = list(zip(names, case.seen.gradients, strict=True))
    if exchanged:
        return diagnose(gradients, exchanged)
    if case.is_used_up and case.answer is None:
        questions = [case.question(each) for each in case.sources]
        inside = [each for q in questions for each in asked_inside(case.events, q)]
        row, kind = ("P8", "") if has_begun(tape) else ("P3", "no block")
        plain = [case.reason(row, each, kind=kind) for each in case.sources]
        return diagnose([], inside or plain)
    reasons = []
    for number, source in enumerate(case.sources):
        if case.seen.error is not None:
            reasons += _of_an_error(case, source)
        elif case.seen.gradients[number] is None:
            reasons += _why_none(case, number, any(target_on_record))
        elif case.events is not None:
            question = case.question(source)
            reasons += none_gradients.watched_late(case.events, question)
            reasons += none_gradients.stored_between(case.events, question)
        if case.seen.gradients[number] is not None:
            question = case.question(source)
            reasons += asked_inside(case.events, question)
            reasons += numbers_taken_of(case.seen.gradients[number], question)
            if case.events is not None:
                reasons += misused_own_gradients(case.seen, question, case.events)
                reasons += kept_in_an_object(
                    case.events, case.reading, question, source
                )
            reasons += frozen_though_watched(
                source, question, case.reading, case.sources
            )
    questions = [case.question(source) for source in case.sources]
    reasons += doubts(case.seen, case.target, questions, case.events)
    reasons += _several_targets(case, {each.cause for each in reasons} & {"P41"})
    if not case.is_symbolic:
        used = list(tape.watched_variables())
        reasons = reasons or unlisted(case.sources, used, case.reading)
    shown = gradients
    if _wants_zeros(options):
        reasons = [each for each in reasons if each.cause != "P11"]
        shown = [
            (source.name, _zeros(source) if gradient is None else gradient)
            for source, gradient in zip(case.sources, case.seen.gradients, strict=True)
        ]
    return diagnose(shown, reasons, _note(case, reasons))


def _wants_zeros(options: dict[str, Any]) -> bool:
    wanted = options.get("unconnected_gradients", "none")
    return getattr(wanted, "value", wanted) == "zero"


def _zeros(source: Source) -> Any:
    if isinstance(source.tensor, (tf.Tensor, tf.Variable)):
        return tf.zeros_like(source.tensor)
    return None


def _exchanged(case: Case) -> list[Reason]:
    """Return that target and sources are exchanged, if they are."""
    leaves = tf.nest.flatten(case.target)
    sources = [each for each in case.sources if isinstance(each.tensor, tf.Tensor)]
    if not sources:
        return []
    if case.events is not None:
        are = any(
            none_gradients.is_exchanged(case.events, case.question(s)) for s in sources
        )
    else:
        are = all(hasattr(leaf, "assign") for leaf in leaves) and any(
            case.on_record[case.sources.index(each)] for each in sources
        )
    return [case.reason("P30", each) for each in case.sources] if are else []


def _ask(case: Case, options: dict[str, Any]) -> None:
    """Ask the tape, or take the answer that it gave before."""
    nothing: list[Any] = [None] * len(case.sources)
    if case.is_used_up:
        case.seen = case.answer.seen if case.answer else WayBack(nothing)
        return
    targets = [leaf for leaf in tf.nest.flatten(case.target) if _can_be_target(leaf)]
    asked = [
        number
        for number, source in enumerate(case.sources)
        if isinstance(source.tensor, (tf.Tensor, tf.Variable))
    ]
    if not targets or not asked:
        case.seen = WayBack(nothing)
        return
    kept = {
        name: value for name, value in options.items() if name == "output_gradients"
    }
    tensors = [case.sources[number].tensor for number in asked]
    target = case.target if kept else targets
    seen = way_back(case.tape, target, tensors, **kept)
    for number, gradient in zip(asked, seen.gradients, strict=True):
        nothing[number] = gradient
    case.seen = seen
    seen.gradients = nothing


def _can_be_target(leaf: Any) -> bool:
    return tf.is_tensor(leaf) and not isinstance(leaf, tf.keras.KerasTensor)


def _of_an_error(case: Case, source: Source) -> list[Reason]:
    """Return why the way back ended in an error."""
    if not source.is_float:
        return []
    if case.events is not None:
        trace = none_gradients.trace_of(case.events, case.question(source))
        if (
            not none_gradients.made_from(trace, case.target)
            and source.tensor is not case.target
        ):
            return _why_none(case, case.sources.index(source), True)
    return [error_reason(case.seen, case.question(source), case.events or [])]


def _why_none(case: Case, number: int, target_on_record: bool) -> list[Reason]:
    """Return why nothing came back to a source."""
    source = case.sources[number]
    if source.row:
        fields = {"kind": source.kind}
        if source.row == "P2":
            fields["dtype"] = source.dtype
            if none_gradients.picks_rows(case.events or [], source.tensor):
                fields["kind"] = "ids"
        return [case.reason(source.row, source, **fields)]
    if case.events is not None:
        return _why_none_as_seen(case, source)
    if not any(_can_be_target(leaf) for leaf in tf.nest.flatten(case.target)):
        kind = type(tf.nest.flatten(case.target)[0]).__name__
        return [case.reason("P5", source, operation=kind)]
    if isinstance(source.tensor, tf.Variable):
        if not internals.watches_variables(case.tape) and not case.on_record[number]:
            return [case.reason("P1", source, kind="switched off")]
    elif case.on_record[number] is False:
        return [case.reason("P1", source)]
    kind = "not on record" if not target_on_record else "unseen"
    if isinstance(source.tensor, tf.Variable) and case.on_record[number] is False:
        kind = "not read"
    return [case.reason("", source, kind=kind, name=case.target_name)]


def _why_none_as_seen(case: Case, source: Source) -> list[Reason]:
    """Return why nothing came back, from what the tape's blocks did."""
    events, question = case.events, case.question(source)
    is_variable = isinstance(source.tensor, tf.Variable)
    is_followed = case.on_record[case.sources.index(source)]
    if case.is_symbolic and not is_variable and is_followed is False:
        return [case.reason("P1", source)]
    leaves = tf.nest.flatten(case.target)
    if not any(_can_be_target(leaf) for leaf in leaves):
        return [none_gradients.why_no_tensor(events, question)]
    if not any(_is_float(leaf) for leaf in leaves):
        found = none_gradients.why_none(events, question)
        steps = [each for each in found if each.cause in ("P15", "P2")]
        if [each.cause for each in found] == ["P11"]:
            return found
        if steps and not all(each.operation == "cast" for each in steps):
            return steps
        line = steps[0].line if steps else None
        dtype = tf.as_dtype(leaves[0].dtype).name
        return [
            case.reason("P2", source, name=case.target_name, line=line, dtype=dtype)
        ]
    is_made = case.is_symbolic or any(
        none_gradients.maker_of(events, leaf) is not None
        or leaf is source.tensor
        or isinstance(leaf, tf.Variable)
        or (case.record is not None and case.record.has_made(leaf))
        for leaf in leaves
    )
    if not is_made:
        return [_made_outside(case, source)]
    found = none_gradients.why_none(events, question)
    is_plain = [each.cause for each in found] == ["P1"]
    if is_plain and (line := reassigned(case.reading.statements, source.written)):
        return [case.reason("P6", source, line=line)]
    if source.is_computed_in_call and [e.cause for e in found] in (["P1"], ["P11"]):
        return [case.reason("P11", source, kind="beside")]
    found = look_before(found, events, case.reading, question, source)
    kinds = [(e.cause, e.kind) for e in found]
    is_plain = kinds in ([("P11", "keras")], [("P11", "elsewhere")])
    if is_plain and (others := _used_instead(case)):
        return [replace(found[0], kind="others", name=others)]
    return found


def _used_instead(case: Case) -> str:
    """Return the variables that a block used, where it used none of those asked for.

    As where a model was copied, or made once more: the copy has variables of its own.
    """
    if case.is_symbolic or not all(source.is_of_keras for source in case.sources):
        return ""
    used = case.tape.watched_variables()
    if any(source.tensor is each for source in case.sources for each in used):
        return ""
    names = list(dict.fromkeys(each.name.removesuffix(":0") for each in used))
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _made_outside(case: Case, source: Source) -> Reason:
    """Return that the target is no result of the block."""
    leaves = tf.nest.flatten(case.target)
    given = [
        result
        for answer in (case.record.answers if case.record else [])
        for result in tf.nest.flatten(answer.seen.gradients)
    ]
    if any(leaf is result for leaf in leaves for result in given):
        return case.reason("P10", source, name=case.target_name)
    outside = [each for each in case.way(source).suspects if each.row == "P3"]
    if outside:
        last = outside[-1]
        return case.reason("P3", source, name=last.what, line=last.line)
    is_constant = case.reading.has_block and not case.way(source).is_connected
    if is_constant and _is_on_its_own(case):
        return case.reason("P11", source)
    asked, code = case.reading.line, Code.of(case.reading.line)
    made = code.assignment(case.target_name, asked.number) if code else None
    line = Line(asked.file, made.lineno) if made else None
    return case.reason("P3", source, name=case.target_name, line=line)


def _is_on_its_own(case: Case) -> bool:
    """Tell whether the code shows that a target was computed from numbers alone."""
    assigned = [
        each
        for each in case.reading.statements
        if each.kind == "assign" and case.target_name in each.targets
    ]
    return bool(assigned)


def _is_float(leaf: Any) -> bool:
    dtype = getattr(leaf, "dtype", None)
    return isinstance(dtype, tf.DType) and (dtype.is_floating or dtype.is_complex)


def _note(case: Case, reasons: list[Reason]) -> str:
    """Say what is to be said of the sources with which nothing is wrong."""
    concerned = {each.source for each in reasons if each.cause != "stopped"}
    on_purpose = [each.source for each in reasons if each.cause == "stopped"]
    if stopped := notes.stopped([name for name in on_purpose if name not in concerned]):
        return stopped
    if case.is_symbolic:
        return notes.no_numbers()
    for source, gradient in zip(case.sources, case.seen.gradients, strict=True):
        if gradient is None or source.name in concerned:
            continue
        if note := notes.of_suspects(source.name, case.way(source)):
            return note
    if reasons:
        return ""
    names = [source.name for source in case.sources]
    gradients = list(zip(names, case.seen.gradients, strict=True))
    return notes.of_slices(gradients) or notes.of_zeros(gradients, case.seen.events)


def _several_targets(case: Case, found: set[str]) -> list[Reason]:
    """Say that the target is more than one number, where that makes a difference."""
    floats = [leaf for leaf in tf.nest.flatten(case.target) if _is_float(leaf)]
    size = sum(leaf.shape.num_elements() or 0 for leaf in floats)
    if size < 2 or any(leaf.dtype.is_complex for leaf in floats) or found:
        return []
    steps = [event for event in case.seen.events if isinstance(event, Step)]
    for number, source in enumerate(case.sources):
        gradient = case.seen.gradients[number]
        if gradient is None or (
            len(floats) == 1 and is_row_by_row(case.seen, floats[0], number)
        ):
            continue
        same_shape = gradient.shape == floats[0].shape
        if len(floats) > 1 or not same_shape or not is_entrywise(steps):
            return [case.reason("P12", source, count=size)]
    return []
