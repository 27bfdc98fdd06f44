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
from gradtape.learner_code.lines import is_own, own_frame
from gradtape.learner_code.reading import function_behind, read_around, read_function
from gradtape.learner_code.statements import reassigned
from gradtape.tape.diagnosis import notes
from gradtape.tape.diagnosis.diagnosis import Diagnosis, diagnose
from gradtape.tape.diagnosis.finding import Finding
from gradtape.tape.diagnosis.following import way_through
from gradtape.tape.diagnosis.lacking import Run, what_is_lacking, where_it_left
from gradtape.tape.diagnosis.missing import finding, has_part_in, why_none
from gradtape.tape.diagnosis.own_tapes import look_at_own_tapes
from gradtape.tape.diagnosis.suspects import is_other_library
from gradtape.tape.diagnosis.trace import Question
from gradtape.tape.diagnosis.values import line_of, places
from gradtape.tape.record.arguments import (
    as_tensors,
    has_whole_numbers,
    is_float,
    is_number,
    is_watched,
)
from gradtape.tape.record.backward import WayBack, way_back
from gradtape.tape.record.labels import operation_label
from gradtape.tape.record.names import Captured, argument_names
from gradtape.tape.record.observation import Observation, Operation, observe


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
    own, error = look_at_own_tapes(run.observation), run.observation.error
    if error is not None and not own.findings:
        raise error
    if error is not None:
        return diagnose(own.gradients, own.findings)
    given = {id(answer) for answer in own.results}
    results = _flat(run.observation.result)
    if not tf.is_tensor(run.observation.result):
        results = [leaf for leaf in results if id(leaf) not in given]
        if own.results and not results:
            return diagnose(own.gradients, own.findings)
    if not any(isinstance(leaf, _RESULTS) for leaf in results):
        raise TypeError(
            say(
                en=f"f returned {run.observation.result!r}; it must return a tensor (did "
                "it forget to return?)",
                zh=f"f 返回的是 {run.observation.result!r}；它必须返回张量"
                "（是不是忘了写 return？）",
            )
        )
    gradients, findings = run.look(results)
    return diagnose(
        [*gradients, *own.gradients],
        [*findings, *own.findings],
        notes.stopped(run.stopped),
    )


class _Run:
    """One run of a function under a tape of ours."""

    def __init__(self, f: Callable, args: tuple, frame: types.FrameType | None):
        self._f = f
        self._args = args
        self._frame = frame
        self._results: list[Any] = []
        self.stopped: list[str] = []
        self._arguments = [
            (name, leaf) for name, leaf in argument_names(f, args) if is_number(leaf)
        ]
        self._tape = tf.GradientTape()
        watched = [leaf for _, leaf in self._arguments if is_watched(leaf)]
        self.observation = observe(f, args, self._tape, watched)
        self._captured = Captured(f, self.observation.own_code.items())
        known = {id(leaf) for _, leaf in self._arguments}
        self._variables = [
            (self._captured.name(variable) or "v", variable)
            for variable in self._tape.watched_variables()
            if id(variable) not in known
        ]

    def look(self, results: list) -> tuple[list[tuple[str, Any]], list[Finding]]:
        """Return each source with its gradient of the results, and what is wrong."""
        named = [*self._arguments, *self._variables]
        self._results = results
        floats = [leaf for leaf in results if is_number(leaf) and is_float(leaf)]
        sources = [leaf for _, leaf in named]
        seen = WayBack([None] * len(sources))
        if floats and sources:
            seen = way_back(self._tape, floats, sources)
        findings = []
        for (name, source), gradient, wrong in zip(
            named, seen.gradients, places(seen), strict=True
        ):
            if seen.missing_operation:
                findings += self._missing(name, source, seen.missing_operation)
            elif gradient is None:
                findings += self._why_none(name, source)
            elif not wrong:
                findings += self._lacking(name, source, gradient)
            for row, step in wrong:
                line = line_of(step, self.observation.events)
                operation = operation_label(step.name)
                findings.append(Finding(row, name, operation, line))
        if all(gradient is None for gradient in seen.gradients):
            findings += self._without_source(findings)
        size = sum(leaf.shape.num_elements() for leaf in floats)
        if size > 1:
            name = named[0][0] if named else "x"
            findings.append(Finding("P12", name, detail=str(size)))
        gradients = [
            (name, gradient)
            for (name, _), gradient in zip(named, seen.gradients, strict=True)
        ]
        return gradients, findings

    def _missing(self, name: str, source: Any, operation: str) -> list[Finding]:
        question = Question(source, self._results, name)
        if not has_part_in(self.observation.events, question, operation):
            return []
        lines = {
            event.line
            for event in self.observation.events
            if getattr(event, "name", None) == operation
        }
        line = lines.pop() if len(lines) == 1 else None
        return [Finding("P22", name, operation_label(operation), line)]

    def _why_none(self, name: str, source: Any) -> list[Finding]:
        is_argument = any(leaf is source for _, leaf in self._arguments)
        if isinstance(source, tf.Variable) and not source.trainable:
            return [Finding("P20", name, detail="" if "[" in name else "single")]
        if not is_float(source):
            asked = is_argument and isinstance(source, tf.Variable)
            dtype = source.dtype.name
            return [Finding("P2", name, detail=dtype)] if asked else []
        question = Question(source, self._results, name, "f")
        found = why_none(self.observation.events, question)
        if [each.row for each in found] == ["P11"]:
            found = self._in_code(name, source) or found
        if [each.row for each in found] == ["stopped"]:
            self.stopped.append(name)
        return [
            each
            for each in found
            if each.row != "stopped" and (is_argument or each.row != "P11")
        ]

    def _lacking(self, name: str, source: Any, gradient: Any) -> list[Finding]:
        """Return where a part of the value left TensorFlow, if the gradient lacks it."""
        question = Question(source, self._results, name, "f")
        left = where_it_left(self.observation.events, question)
        found = self._in_code(name, source) or (
            [finding("P5", left, question)] if left else []
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
        slope = what_is_lacking(first, run, gradient)
        return [replace(each, detail=slope) for each in found] if slope else []

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

    def _in_code(self, name: str, source: Any) -> list[Finding]:
        """Return where the code takes the source to NumPy, which leaves no trace."""
        function, _ = function_behind(self._f)
        if function is not None and not is_own(function.__code__):
            return []
        reading, result = read_function(self._f)
        if result is None and self._uses_other_libraries():
            return [Finding("P5", name)]
        way = way_through(reading, source, name, result)
        return [
            Finding("P5", name, each.what, each.line)
            for each in way.suspects
            if each.row == "P5"
        ][:1]

    def _uses_other_libraries(self) -> bool:
        return any(
            is_other_library(names.get(name))
            for code, names in self.observation.own_code.items()
            for name in code.co_names
        )

    def _without_source(self, findings: list[Finding]) -> list[Finding]:
        """Return what stands in the way of there being any source at all."""
        named = [*self._arguments, *self._variables]
        found = [
            Finding("P2", name, detail=source.dtype.name)
            for name, source in named
            if not is_float(source)
        ]
        if not found and not named:
            found = self._constants()
        return [each for each in found if each not in findings]

    def _constants(self) -> list[Finding]:
        """Return what f takes from outside and no tape watches."""
        names = [
            self._captured.name(leaf)
            for event in self.observation.events
            if isinstance(event, Operation)
            for leaf in event.inputs
            if isinstance(leaf, tf.Tensor) and is_float(leaf)
        ]
        reading = read_around(own_frame(self._frame))
        found = []
        for name in filter(None, dict.fromkeys(names)):
            line = reassigned(reading.statements, name)
            row, detail = ("P6", "") if line else ("P1", "captured")
            found.append(Finding(row, name, line=line, detail=detail))
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
