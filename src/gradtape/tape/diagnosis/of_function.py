"""The diagnosis of a function: run it once on a tape, and look at what happened."""

from __future__ import annotations

import contextlib
import io
import types
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.language import say
from gradtape.learner_code.lines import asking_frame, is_own
from gradtape.learner_code.reading import function_behind, read_around, read_function
from gradtape.learner_code.statements import reassigned
from gradtape.tape.diagnosis import notes
from gradtape.tape.diagnosis.before import made_before
from gradtape.tape.diagnosis.cuts_in_code import is_other_library
from gradtape.tape.diagnosis.dataflow import dataflow_of
from gradtape.tape.diagnosis.diagnosis import Diagnosis, diagnose
from gradtape.tape.diagnosis.doubts import doubts
from gradtape.tape.diagnosis.errors import error_reason, explain_error
from gradtape.tape.diagnosis.inner_tapes import look_at_inner_tapes
from gradtape.tape.diagnosis.none_gradients import (
    has_part,
    is_a_part,
    leaves_behind,
    stored_between,
    why_none,
)
from gradtape.tape.diagnosis.own_gradients import misused_own_gradients
from gradtape.tape.diagnosis.partial_gradients import Run, missing_part, where_it_left
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.reason_of_event import reason
from gradtape.tape.diagnosis.trace import Question
from gradtape.tape.record.arguments import (
    as_tensors,
    has_whole_numbers,
    is_float,
    is_number,
    is_watched,
)
from gradtape.tape.record.backward import WayBack, way_back
from gradtape.tape.record.events import Observation, Operation, TapeCall
from gradtape.tape.record.labels import value_label
from gradtape.tape.record.names import Captured, argument_names, distinct
from gradtape.tape.record.observation import observe


def explain_function(
    f: Callable, args: tuple, frame: types.FrameType | None
) -> Diagnosis:
    """Return the diagnosis of a function's gradient.

    Parameters
    ----------
    f : callable
        The function.
    args : tuple
        Its arguments as they were given.
    frame : types.FrameType or None
        The frame of the call.

    Returns
    -------
    Diagnosis
        Of f's gradient, and of those that f asks tapes of its own for.
    """
    run = _Run(f, tuple(as_tensors(argument) for argument in args), frame)
    if isinstance(run.observation.error, _WANTS_WHOLE_NUMBERS) and has_whole_numbers(
        args
    ):
        kept = (as_tensors(argument, keep_whole=True) for argument in args)
        run = _Run(f, tuple(kept), frame)
    own, error = look_at_inner_tapes(run.observation), run.observation.error
    if error is not None and not own.reasons:
        if known := explain_error(error, run.observation):
            return diagnose(own.healthy, [known])
        raise error
    if error is not None:
        return diagnose(own.gradients, own.reasons)
    given = {id(answer) for answer in _flat(own.results) if answer is not None}
    results = _flat(run.observation.result)
    others = [leaf for leaf in results if id(leaf) not in given and leaf is not None]
    is_gradient = bool(own.results or own.reasons) and not others
    if is_gradient and (own.reasons or not run.has_arguments):
        if not own.reasons and (compiled := run.as_compiled([], [])):
            return compiled
        shown = own.gradients or own.healthy
        note = own.note or notes.of_zeros(shown, run.observation.way_back)
        return diagnose(shown, own.reasons, "" if own.reasons else note)
    if not is_gradient:
        results = [leaf for leaf in results if id(leaf) not in given]
    if not any(isinstance(leaf, _RESULTS) for leaf in results):
        raise TypeError(
            say(
                en=f"f returned {run.observation.result!r}; it must return a tensor (did "
                "it forget to return?)",
                zh=f"f 返回的是 {run.observation.result!r}；它必须返回张量"
                "（是不是忘了写 return？）",
            )
        )
    gradients, reasons = run.look(results, is_gradient=is_gradient)
    if own.reasons:  # What is None because of these is no cause of its own.
        reasons = [each for each in reasons if each.cause != "P11"]
    reasons = [*reasons, *own.reasons]
    is_fine = all(each.cause == "stopped" for each in reasons)
    if is_fine and (compiled := run.as_compiled(gradients, results)):
        return compiled
    concerned = {each.source for each in reasons if each.cause != "stopped"}
    stopped = [each.source for each in reasons if each.cause == "stopped"]
    note = notes.stopped([name for name in stopped if name not in concerned])
    shown = {name: (name, gradient) for name, gradient in [*own.gradients, *gradients]}
    note = note or own.note
    if not concerned:
        note = note or notes.of_slices(gradients)
    if not note:  # Of what else f uses, zeros say nothing about the question.
        zeros = [each for each in shown.values() if each[0] not in concerned]
        asked = [each for each in zeros if not reasons or each[0] in run.argument_names]
        note = notes.of_zeros(asked, [*run.seen.events, *run.observation.way_back])
    return diagnose(list(shown.values()), reasons, note)


class _Run:
    """One run of a function under a tape of ours."""

    def __init__(self, f: Callable, args: tuple, frame: types.FrameType | None):
        self._f = f
        self._args = args
        self._frame = frame
        self._results: list[Any] = []
        self.seen = WayBack([])
        self._arguments = [
            (name, leaf) for name, leaf in argument_names(f, args) if is_number(leaf)
        ]
        self._tape = tf.GradientTape()
        self._watched = [leaf for _, leaf in self._arguments if is_watched(leaf)]
        self.observation = observe(f, args, self._tape, self._watched)
        self._captured = Captured(f, self.observation.own_code.items())
        known = {id(leaf) for _, leaf in self._arguments}
        self._variables = distinct(
            [
                (self._captured.name(variable) or "v", variable)
                for variable in self._tape.watched_variables()
                if id(variable) not in known
            ]
        )

    @property
    def argument_names(self) -> set[str]:
        """The names of what f was given."""
        return {name for name, _ in self._arguments}

    @property
    def has_arguments(self) -> bool:
        """Whether there is anything among the arguments to differentiate by."""
        return any(is_watched(leaf) for _, leaf in self._arguments)

    def look(
        self, results: list, *, is_gradient: bool = False
    ) -> tuple[list[tuple[str, Any]], list[Reason]]:
        """Return each source with its gradient of the results, and what is wrong."""
        named = [*self._arguments, *self._variables]
        self._results = results
        events = self.observation.events
        floats = [leaf for leaf in results if is_number(leaf) and is_float(leaf)]
        sources = [leaf for _, leaf in named]
        seen = WayBack([None] * len(sources))
        if floats and sources:
            seen = way_back(self._tape, floats, sources)
        self.seen = seen
        questions = [
            Question(source, self._results, name, "f") for name, source in named
        ]
        reasons = []
        for (name, source), gradient, question in zip(
            named, seen.gradients, questions, strict=True
        ):
            if seen.error is not None:
                if has_part(events, question):
                    reasons.append(error_reason(seen, question, events))
            elif gradient is None:
                reasons += self._why_none(name, source)
            else:
                reasons += stored_between(events, question)
                reasons += misused_own_gradients(seen, question, events)
        found = doubts(seen, floats, questions, events)
        doubtful = {each.source for each in found}
        for (name, source), gradient in zip(named, seen.gradients, strict=True):
            if gradient is not None and name not in doubtful:
                reasons += self._partial(name, source, gradient)
        reasons += found
        if all(gradient is None for gradient in seen.gradients):
            reasons += self._without_source(reasons)
        reasons += self._forward_over_forward(named[0][0] if named else "x", floats)
        size = sum(leaf.shape.num_elements() or 0 for leaf in floats)
        is_complex = any(leaf.dtype.is_complex for leaf in floats)
        if size > 1 and not is_gradient and not is_complex:
            name = named[0][0] if named else "x"
            reasons.append(Reason("P12", name, count=size))
        gradients = [
            (name, gradient)
            for (name, _), gradient in zip(named, seen.gradients, strict=True)
        ]
        return gradients, reasons

    def _forward_over_forward(self, name: str, floats: list) -> list[Reason]:
        """Return that two accumulators gave a number that they do not give when compiled."""
        events = self.observation.events
        asked = [e for e in events if isinstance(e, TapeCall) and e.method == "jvp"]
        for number, last in enumerate(asked):
            behind = leaves_behind(events, last.arguments["primals"])
            if not any(
                first.tape != last.tape and id(leaf) in behind
                for first in asked[:number]
                for leaf in _flat(first.result)
            ):
                continue
            compiled = tf.function(self._f, autograph=False)
            with contextlib.redirect_stdout(io.StringIO()):
                other = observe(
                    compiled, self._args, tf.GradientTape(), [], compiled=True
                )
            theirs = [leaf for leaf in _flat(other.result) if is_number(leaf)]
            for mine, theirs_ in zip(floats, theirs, strict=False):
                if not np.allclose(mine, theirs_, rtol=1e-3, atol=1e-6, equal_nan=True):
                    numbers = {"slope": value_label(mine), "name": value_label(theirs_)}
                    line = last.line
                    return [Reason("P39", name, kind="forward", line=line, **numbers)]
        return []

    def as_compiled(
        self, gradients: list[tuple[str, Any]], results: list[Any]
    ) -> Diagnosis | None:
        """Return what is wrong if the function is compiled, though as Python it is not.

        ``tf.function`` runs as Python while it is watched. The learner's does not.
        """
        if not self.observation.calls_compiled:
            return None
        named = [*self._arguments, *self._variables]
        tape = tf.GradientTape()
        with contextlib.redirect_stdout(io.StringIO()):
            observation = observe(
                self._f, self._args, tape, self._watched, compiled=True
            )
        own = look_at_inner_tapes(observation)
        if own.reasons and observation.error is None:
            return diagnose(own.gradients, own.reasons)
        floats = [
            leaf
            for leaf in _flat(observation.result)
            if is_number(leaf) and is_float(leaf)
        ]
        if (
            not gradients
            or observation.error is not None
            or len(floats) != len(results)
        ):
            return None
        seen = way_back(tape, floats, [leaf for _, leaf in named])
        reasons = [
            each
            for (name, source), before, now in zip(
                named, (g for _, g in gradients), seen.gradients, strict=True
            )
            if before is not None and now is None
            for each in why_none(
                observation.events, Question(source, floats, name, "f")
            )
        ]
        if not any(each.cause not in ("", "P11", "stopped") for each in reasons):
            return None
        names = [name for name, _ in named]
        return diagnose(zip(names, seen.gradients, strict=True), reasons)

    def _why_none(self, name: str, source: Any) -> list[Reason]:
        is_argument = any(leaf is source for _, leaf in self._arguments)
        if isinstance(source, tf.Variable) and not source.trainable:
            return [Reason("P20", name, kind="" if "[" in name else "single")]
        if not is_float(source):
            asked = is_argument and isinstance(source, tf.Variable)
            return [Reason("P2", name, dtype=source.dtype.name)] if asked else []
        question = Question(source, self._results, name, "f")
        found = why_none(self.observation.events, question)
        if [each.cause for each in found] == ["P11"]:
            found = self._in_code(name, source) or found
        if [(e.cause, e.kind) for e in found] == [("P11", "")]:
            around = read_around(asking_frame(self._frame), "explain_gradient")
            before = made_before(self.observation.events, around, question)
            if before:
                return [replace(before[0], kind="captured")]
            is_part = is_a_part(self.observation.events, question)
            found = [replace(found[0], kind="beside" if is_part else "")]
        return [each for each in found if is_argument or each.cause != "P11"]

    def _partial(self, name: str, source: Any, gradient: Any) -> list[Reason]:
        """Return where a part of the value left TensorFlow, if the gradient lacks it."""
        question = Question(source, self._results, name, "f")
        left = where_it_left(self.observation.events, question)
        found = self._in_code(name, source) or (
            [reason("P5", left, question)] if left else []
        )
        if not found or not source.dtype.is_floating:
            return []
        flat = _flat(self.observation.result)
        places = [
            number
            for number, leaf in enumerate(flat)
            if any(leaf is each for each in self._results)
            and is_number(leaf)
            and leaf.dtype.is_floating
        ]

        def run(moved: tf.Tensor) -> Run:
            observation = self._run_at(source, moved)
            results = _flat(observation.result)
            is_same = observation.error is None and len(results) == len(flat)
            used = [results[number] for number in places] if is_same else []
            return Run(observation, moved, used)

        first = Run(self.observation, source, [flat[number] for number in places])
        slope = missing_part(first, run, gradient)
        return [replace(each, slope=slope) for each in found] if slope else []

    def _run_at(self, source: Any, moved: tf.Tensor) -> Observation:
        """Run the function again, unheard, with another value in a source's place."""
        args, tape = self._args, tf.GradientTape()
        with contextlib.redirect_stdout(io.StringIO()):
            if not isinstance(source, tf.Variable):
                args = tf.nest.map_structure(
                    lambda leaf: moved if leaf is source else leaf, args
                )
                return observe(self._f, args, tape, [moved])
            kept = tf.identity(source)
            source.assign(moved)
            try:
                return observe(self._f, args, tape, [])
            finally:
                source.assign(kept)

    def _in_code(self, name: str, source: Any) -> list[Reason]:
        """Return where the code takes the source to NumPy, which leaves no trace."""
        function, _ = function_behind(self._f)
        if function is not None and not is_own(function.__code__):
            return []
        reading, result = read_function(self._f)
        if result is None and self._uses_other_libraries():
            return [Reason("P5", name)]
        way = dataflow_of(reading, source, name, result)
        return [
            Reason("P5", name, operation=each.what, line=each.line)
            for each in way.suspects
            if each.row == "P5"
        ][:1]

    def _uses_other_libraries(self) -> bool:
        return any(
            is_other_library(names.get(name))
            for code, names in self.observation.own_code.items()
            for name in code.co_names
        )

    def _without_source(self, findings: list[Reason]) -> list[Reason]:
        """Return what stands in the way of there being any source at all."""
        named = [*self._arguments, *self._variables]
        found = [
            Reason("P2", name, dtype=source.dtype.name)
            for name, source in named
            if not is_float(source)
        ]
        if not found and not named:
            found = self._constants()
        return [each for each in found if each not in findings]

    def _constants(self) -> list[Reason]:
        """Return what f takes from outside and no tape watches."""
        names = [
            self._captured.name(leaf)
            for event in self.observation.events
            if isinstance(event, Operation)
            for leaf in event.inputs
            if isinstance(leaf, tf.Tensor) and is_float(leaf)
        ]
        reading = read_around(asking_frame(self._frame), "explain_gradient")
        found = []
        for name in filter(None, dict.fromkeys(names)):
            line = reassigned(reading.statements, name)
            row, kind = ("P6", "") if line else ("P1", "captured")
            found.append(Reason(row, name, line=line, kind=kind))
        return found


def _flat(result: Any) -> list[Any]:
    return tf.nest.flatten(result, expand_composites=True)


_RESULTS = (tf.Tensor, tf.Variable, np.ndarray, np.generic, int, float)
# What f raises when it is given a float for a count or an index.
_WANTS_WHOLE_NUMBERS = (
    AttributeError,
    TypeError,
    ValueError,
    tf.errors.InvalidArgumentError,
)
