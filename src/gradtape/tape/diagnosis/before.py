"""What was computed before a tape's block began: read in the code, since nobody saw it."""

from __future__ import annotations

import ast
import re
import types
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.learner_code.lines import Line
from gradtape.learner_code.reading import (
    Reading,
    function_behind,
    function_source,
)
from gradtape.learner_code.statements import names_in, renewed_after, text_of
from gradtape.tape.diagnosis.dataflow import dataflow_of, holds
from gradtape.tape.diagnosis.none_gradients import beside, is_a_part, leaves_behind
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.reason_of_event import reason
from gradtape.tape.diagnosis.trace import Question
from gradtape.tape.record.events import Event, Operation
from gradtape.tape.record.sources import Source, unwrapped

_OUTSIDE = ("P3", "P4", "P5", "P15", "P7")


def look_before(
    found: list[Reason],
    events: list[Event],
    reading: Reading,
    question: Question,
    source: Source,
) -> list[Reason]:
    """Return what was found, and where a target has no part of a source what the code says.

    Parameters
    ----------
    found : list of Reason
        Why the gradient is None, from what the block did.
    events : list of Operation, Departure or TapeCall
        That.
    reading : Reading
        The code around the question.
    question, source : Question, Source
        What was asked, and by what.
    """
    if [each.cause for each in found] != ["P11"]:
        return found
    if line := renewed_after(reading.statements, source.written):
        return [reason("P6", None, question, kind="after", line=line)]
    if found[0].kind == "twice":
        return [replace(found[0], name=_twin(reading, source.tensor, found[0].line))]
    if found[0].kind:
        return found
    if whole := _taken_from(events, reading, question, source):
        return [beside(events, question, unwrapped(reading.names[whole]))]
    if source.is_of_keras:
        found = [replace(found[0], kind="keras")]
    earlier = (
        _from_before(reading, question, source)
        or made_before(events, reading, question)
        or kept_in_an_object(events, reading, question, source)
    )
    if not earlier and is_a_part(events, question):
        return [replace(found[0], kind="beside")]
    if not earlier and not reading.has_block and _given_to(events, question):
        return [replace(found[0], kind="elsewhere")]
    return earlier or found


def made_before(
    events: list[Event], reading: Reading, question: Question
) -> list[Reason]:
    """Return what was computed from the source before the block, and used in it.

    The target was computed from a tensor that the block did not make and a name stands
    for; the code shows that it was made of the source, or of a model that holds it.

    Parameters
    ----------
    events : list of Operation, Departure or TapeCall
        What the block did.
    reading : Reading
        The code around the question.
    question : Question
        What was asked.
    """
    given = _given_to(events, question)
    for name, value in reading.names.items():
        is_list = isinstance(value, (list, tuple))
        if not any(id(leaf) in given for leaf in (value if is_list else [value])):
            continue
        made = [each for each in reading.statements if name in each.targets]
        for each in made[-1:]:
            of = [reading.names.get(other) for other in names_in(each.value)]
            if any(holds(other, question.source) for other in of if other is not value):
                return [reason("P3", None, question, name=name, line=each.line)]
    return []


def _given_to(events: list[Event], question: Question) -> set[int]:
    """Return the tensors of numbers that a target was computed from, and no event made."""
    made = {id(out) for e in events if isinstance(e, Operation) for out in e.outputs}
    return {
        key
        for key, leaf in leaves_behind(events, question.target).items()
        if key not in made and isinstance(leaf, tf.Tensor) and leaf.dtype.is_floating
    }


def _taken_from(
    events: list[Event], reading: Reading, question: Question, source: Source
) -> str:
    """Return what the code takes the source from, beside the block, if the target needs it.

    As in ``t = X[:, :1]`` before or after a block in which ``u = model(X)`` stands.
    """
    if isinstance(source.tensor, tf.Variable):
        return ""
    behind = leaves_behind(events, question.target)
    made = [each.value for each in reading.statements if source.written in each.targets]
    names = [name for value in made[-1:] for name in sorted(names_in(value))]
    return next(
        (name for name in names if id(unwrapped(reading.names.get(name))) in behind), ""
    )


def _twin(reading: Reading, source: Any, line: Line | None) -> str:
    """Return the name of the array on a line that holds the numbers of a source."""
    words = set(re.findall(r"\w+", line.text if line else ""))
    for name, value in reading.names.items():
        is_array = isinstance(value, np.ndarray) or tf.is_tensor(value)
        if name in words and is_array and np.array_equal(value, source):
            return name
    return ""


def _from_before(reading: Reading, question: Question, source: Source) -> list[Reason]:
    """Return where the way of a source to a target is cut outside the block, by the code.

    Parameters
    ----------
    reading : Reading
        The code around the question.
    question : Question
        What was asked.
    source : Source
        By what.

    Returns
    -------
    list of Reason
        One, or none where the code shows no connection.
    """
    target = reading.arguments[1] if len(reading.arguments) > 1 else None
    way = dataflow_of(reading, source.tensor, source.written, target)
    # What was computed before the block is not on the record, whatever happened there.
    for each in sorted(way.suspects, key=lambda each: each.row != "P3"):
        # A place or a count is no way of a value; where the block stands is not known.
        is_count = each.what == "int" and not reading.has_block
        if each.row in _OUTSIDE and not is_count:
            place = "name" if each.row in ("P3", "P4", "P7") else "operation"
            return [
                reason(each.row, None, question, line=each.line, **{place: each.what})
            ]
    return []


def kept_in_an_object(
    events: list[Event], reading: Reading, question: Question, source: Source
) -> list[Reason]:
    """Return what an object keeps that was computed from the source before the block.

    The target was computed from a tensor that the block did not make and an object holds;
    the code of the object's class shows that it was made of the source.
    """
    given = _given_to(events, question)
    for name, value in _objects(reading):
        kept = getattr(value, "__dict__", {})
        holding = {
            f"self.{a}" for a, v in kept.items() if unwrapped(v) is source.tensor
        } | {
            f"self.{a}.{v.name}"
            for a, inner in kept.items()
            if isinstance(inner, tf.keras.layers.Layer)
            for v in inner.variables
            if v.value is source.tensor
        }
        if _was_given(reading, name, source):
            holding |= _parameters(type(value))
        for attribute, held in kept.items():
            leaves = [
                leaf
                for each in held_by(held)
                if tf.is_tensor(each)
                for leaf in tf.nest.flatten(each, expand_composites=True)
            ]
            if not any(id(leaf) in given for leaf in leaves):
                continue
            for line, made_of in _assignments(type(value), attribute):
                if holding & made_of:
                    what = f"{name}.{attribute}"
                    return [
                        reason("P3", None, question, kind="kept", name=what, line=line)
                    ]
    return []


def held_by(value: Any) -> Iterable[Any]:
    """Give a value, or what a list or a dictionary holds.

    Parameters
    ----------
    value : object
        An attribute of an object; the keys of a dictionary may be anything.
    """
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, (list, tuple)) else (value,)


def _objects(reading: Reading) -> Iterator[tuple[str, Any]]:
    """Give the learner's objects by their names, and the layers inside of models."""
    for name, value in reading.names.items():
        if name.startswith("_") or isinstance(value, _NO_OBJECTS):
            continue
        yield name, value
        if isinstance(value, tf.keras.layers.Layer):
            for layer in value._flatten_layers(include_self=False):
                yield layer.name, layer


_NO_OBJECTS = (type, types.ModuleType, types.FunctionType, tf.Tensor, tf.Variable)


def _was_given(reading: Reading, name: str, source: Source) -> bool:
    """Tell whether an object was made by a call that was given the source."""
    return any(
        name in each.targets
        and isinstance(each.value, ast.Call)
        and source.written in names_in(each.value)
        for each in reading.statements
    )


def _parameters(kind: type) -> set[str]:
    function, _ = function_behind(kind.__init__)
    code = getattr(function, "__code__", None)
    return set(code.co_varnames[1 : code.co_argcount]) if code else set()


def _assignments(kind: type, attribute: str) -> Iterator[tuple[Line, set[str]]]:
    """Give the lines of a class that assign to an attribute, and what they read."""
    for function in vars(kind).values():
        definition = function_source(function) if callable(function) else None
        for node in ast.walk(definition) if definition else ():
            if isinstance(node, ast.Assign) and f"self.{attribute}" in map(
                text_of, node.targets
            ):
                line = Line(function.__code__.co_filename, node.lineno)
                yield (
                    line,
                    {
                        text_of(part)
                        for part in ast.walk(node.value)
                        if isinstance(part, (ast.Name, ast.Attribute))
                    },
                )
