"""``explain_gradient``: why a gradient is None, zero, NaN or fine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.tape.afterwards import explain_afterwards
from gradtape.tape.backward import WayBack, way_back
from gradtape.tape.diagnosis import Diagnosis, diagnose
from gradtape.tape.labels import operation_label
from gradtape.tape.missing import Question, has_part_in, why_none
from gradtape.tape.names import Captured, argument_names
from gradtape.tape.observation import Observation, Operation, observe
from gradtape.tape.own_tapes import look_at_own_tapes
from gradtape.tape.pitfalls import Finding
from gradtape.tape.reading import read_function
from gradtape.tape.sources import unwrapped
from gradtape.tape.suspects import way_through
from gradtape.tape.values import line_of, places


def explain_gradient(f: Callable | tf.GradientTape, *args: Any) -> Diagnosis:
    """Say why a gradient is None, zero, NaN or fine, and how to mend it.

    Two forms::

        explain_gradient(f, *args)                 # a function, and where
        explain_gradient(tape, target, sources)    # in the place of tape.gradient

    The first runs f on a tape of its own, with every number among the arguments watched,
    and looks at what happened; tapes inside f are looked at as well. The second asks the
    tape that you have recorded. It tells what the tape knows, and what stands in your
    code where that can be read.

    Parameters
    ----------
    f : callable
        The function. It is called once. Variables that it assigns to have their old
        values back afterwards.
    *args : tensor, variable, array, number, or nested structures of these
        Where to differentiate. Whole numbers of Python become floats.
    tape : tf.GradientTape
        The tape. It is asked once: one that is not persistent is used up afterwards,
        just as by ``tape.gradient``; the gradients are in the diagnosis.
    target : tf.Tensor, or nested structure of these
        What to differentiate.
    sources : tf.Tensor or tf.Variable, or nested structure of these
        With respect to what.

    Returns
    -------
    Diagnosis
        It shows itself. ``.causes`` holds the numbers of the pitfalls, ``()`` when all
        is well.

    Raises
    ------
    TypeError
        If the first argument is neither a function nor a tape, or f returns nothing.
    Exception
        Whatever f raises, unless it is due to a gradient.

    Examples
    --------
    >>> explain_gradient(lambda x: x**2, 3.0).causes
    ()
    >>> explain_gradient(lambda x: tf.round(x) ** 2, 3.2).causes
    ('P15',)
    >>> x = tf.constant(3.0)
    >>> with tf.GradientTape() as tape:
    ...     y = x**2
    >>> explain_gradient(tape, y, x).causes
    ('P1',)
    """
    if isinstance(f, tf.GradientTape):
        return explain_afterwards(f, *args, frame=sys._getframe())
    if not callable(f):
        raise TypeError(
            f"f is {f!r}, which is neither a function nor a tape; write "
            "explain_gradient(lambda x: x**2, 3.0) or explain_gradient(tape, y, x)"
        )
    return _explain_function(f, args)


def _explain_function(f: Callable, args: tuple) -> Diagnosis:
    args = tuple(_as_sources(argument) for argument in args)
    named = [(name, leaf) for name, leaf in argument_names(f, args) if _is_number(leaf)]
    tape = tf.GradientTape()
    watched = [leaf for _, leaf in named if _is_watched(leaf)]
    observation = observe(f, args, tape, watched)
    own = look_at_own_tapes(observation)
    results = tf.nest.flatten(observation.result)
    given_by_tape = {id(each) for each in own.results}
    is_answer = not tf.is_tensor(observation.result) and all(
        id(leaf) in given_by_tape for leaf in results
    )
    if observation.error is not None and not own.findings:
        raise observation.error
    if observation.error is not None or (own.results and is_answer):
        return diagnose(own.gradients, own.findings)
    if not any(isinstance(leaf, _RESULTS) for leaf in results):
        raise TypeError(
            f"f returned {observation.result!r}; it must return a tensor (did it forget "
            "to return?)"
        )
    question = _Run(f, named, tape, observation)
    gradients, findings = question.look()
    return diagnose([*gradients, *own.gradients], [*findings, *own.findings])


class _Run:
    """One run of a function under a tape of ours."""

    def __init__(
        self,
        f: Callable,
        named: list[tuple[str, Any]],
        tape: tf.GradientTape,
        observation: Observation,
    ):
        captured = Captured(f, observation.own_code.items())
        arguments = {id(leaf) for _, leaf in named}
        self._f = f
        self._observation = observation
        self._arguments = named
        self._variables = [
            (captured.name(variable) or "v", variable)
            for variable in tape.watched_variables()
            if id(variable) not in arguments
        ]
        self._constants = _captured_constants(captured, observation, arguments)
        self._tape = tape

    def look(self) -> tuple[list[tuple[str, Any]], list[Finding]]:
        """Return each source with its gradient, and what is wrong."""
        named = [*self._arguments, *self._variables]
        results = tf.nest.flatten(self._observation.result)
        floats = [leaf for leaf in results if _is_number(leaf) and _is_float(leaf)]
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
            for row, step in wrong:
                line = line_of(step, self._observation.events)
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
        question = Question(source, self._observation.result, name)
        if not has_part_in(self._observation.events, question, operation):
            return []
        lines = {
            event.line
            for event in self._observation.events
            if getattr(event, "name", None) == operation
        }
        line = lines.pop() if len(lines) == 1 else None
        return [Finding("P22", name, operation_label(operation), line)]

    def _why_none(self, name: str, source: Any) -> list[Finding]:
        is_argument = any(leaf is source for _, leaf in self._arguments)
        if isinstance(source, tf.Variable) and not source.trainable:
            return [Finding("P20", name)]
        if not _is_float(source):
            asked = is_argument and isinstance(source, tf.Variable)
            return [Finding("P2", name, detail=name)] if asked else []
        question = Question(source, self._observation.result, name)
        found = why_none(self._observation.events, question)
        if [each.row for each in found] == ["P11"]:
            found = self._in_code(name, source) or found
        return [
            each
            for each in found
            if each.row != "stopped" and (is_argument or each.row != "P11")
        ]

    def _in_code(self, name: str, source: Any) -> list[Finding]:
        """Return where the code takes the source to NumPy, which leaves no trace."""
        reading, result = read_function(self._f)
        way = way_through(reading, source, name, result)
        return [
            Finding("P5", name, each.what, each.line)
            for each in way.suspects
            if each.row == "P5"
        ][:1]

    def _without_source(self, findings: list[Finding]) -> list[Finding]:
        """Return what stands in the way of there being any source at all."""
        named = [*self._arguments, *self._variables]
        found = [
            Finding("P2", name, detail=name)
            for name, source in named
            if not _is_float(source)
        ]
        if not found and not named:
            found = [Finding("P1", name) for name in self._constants]
        return [each for each in found if each not in findings]


def _captured_constants(
    captured: Captured, observation: Observation, arguments: set[int]
) -> list[str]:
    """Return the names of the tensors that f takes from outside."""
    names = [
        captured.name(leaf)
        for event in observation.events
        if isinstance(event, Operation)
        for leaf in event.inputs
        if isinstance(leaf, tf.Tensor) and id(leaf) not in arguments and _is_float(leaf)
    ]
    return [name for name in dict.fromkeys(names) if name]


def _is_watched(leaf: Any) -> bool:
    return _is_float(leaf) and getattr(leaf, "trainable", True)


def _is_float(leaf: Any) -> bool:
    return leaf.dtype.is_floating


_RESULTS = (tf.Tensor, tf.Variable, np.ndarray, np.generic, int, float)


def _as_sources(argument: Any) -> Any:
    """Make tensors of numbers; a list of nothing but numbers is one tensor."""
    if isinstance(argument, list) and _is_list_of_numbers(argument):
        return tf.constant(argument, tf.float32)
    return tf.nest.map_structure(_as_source, argument)


def _is_list_of_numbers(argument: Any) -> bool:
    if isinstance(argument, list):
        return bool(argument) and all(_is_list_of_numbers(part) for part in argument)
    return isinstance(argument, (int, float)) and not isinstance(argument, bool)


def _as_source(leaf: Any) -> Any:
    """Make a tensor of a number; Python's whole numbers become floats."""
    leaf = unwrapped(leaf)
    if isinstance(leaf, (int, float)) and not isinstance(leaf, bool):
        return tf.constant(float(leaf))
    if isinstance(leaf, (np.ndarray, np.number)) and leaf.dtype.kind in "fiu":
        return tf.convert_to_tensor(leaf)
    return leaf


def _is_number(leaf: Any) -> bool:
    return isinstance(leaf, (tf.Tensor, tf.Variable)) and (
        leaf.dtype.is_floating or leaf.dtype.is_integer
    )
