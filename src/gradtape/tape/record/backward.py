"""Watch a tape on its way back: what each operation made of the gradient it was given.

When a tape computes a gradient it calls, from one place, one Python function for each
operation that it has recorded, last first. A profile function sees each call with the
operation's inputs, the gradient that arrived and the gradients that left. So the way
back can be followed even after the event, on a tape that somebody else recorded.

A gradient is followed from step to step by its identity: what leaves one step is the
object that arrives at the next, or a part of a sum that does.
"""

from __future__ import annotations

import functools
import inspect
import re
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf


@dataclass(eq=False)
class Step:
    """One operation on the way back.

    Attributes
    ----------
    name : str
        Its name in ``tf.raw_ops``; empty for a function with a gradient of its own.
    inputs, outputs : list
        The values that went in and came out; None for those that the tape did not keep.
    upstream : list
        The gradients that arrived, one for each result.
    results : list
        The gradients that left, one for each input.
    constants : tuple of int
        Which inputs depend on nothing that the tape watches.
    inside : frozenset of str
        The operations on the way back through a compiled function.
    """

    name: str
    inputs: list[Any]
    outputs: list[Any]
    upstream: list[Any]
    results: list[Any]
    constants: tuple[int, ...] = ()
    inside: frozenset[str] = frozenset()


@dataclass(eq=False)
class Sum:
    """Gradients that met and were added."""

    parts: list[Any]
    total: Any


@dataclass(eq=False)
class WayBack:
    """What was seen while a tape computed gradients.

    Attributes
    ----------
    gradients : list
        What came back to each source; None for all if there was an error.
    events : list of Step or Sum
        In the order in which they happened.
    missing_operation : str
        The operation that has no gradient, if one stopped the way back.
    is_broken : bool
        Whether an error had stopped the tape before, so that it knows nothing more.
    """

    gradients: list[Any]
    events: list[Step | Sum] = field(default_factory=list)
    missing_operation: str = ""
    is_broken: bool = False


def way_back(tape: tf.GradientTape, target: Any, sources: list[Any]) -> WayBack:
    """Ask a tape for gradients, once, and watch it.

    Parameters
    ----------
    tape : tf.GradientTape
        The tape. Unless it is persistent it is used up afterwards.
    target : tf.Tensor, or nested structure of these
        What to differentiate.
    sources : list of tf.Tensor or tf.Variable
        With respect to what.

    Returns
    -------
    WayBack
        The gradients and every step.

    Examples
    --------
    >>> x = tf.Variable(3.0)
    >>> with tf.GradientTape() as tape:
    ...     y = tf.sqrt(x * x)
    >>> seen = way_back(tape, y, [x])
    >>> [event.name for event in seen.events if isinstance(event, Step)]
    ['Sqrt', 'Mul', 'ReadVariableOp', 'ReadVariableOp']
    """
    seen = WayBack([None] * len(sources))
    with _watching(seen.events):
        try:
            seen.gradients = tape.gradient(target, sources)
        except LookupError as error:
            seen.missing_operation = missing_operation(error)
        except tf.errors.InternalError:
            seen.is_broken = True
    return seen


def missing_operation(error: LookupError) -> str:
    """Return the operation that TensorFlow's message names as having no gradient."""
    found = re.search(r"(?:no entry for: '?|op type: )(\w+)", str(error))
    return found.group(1) if found else ""


@contextmanager
def _watching(events: list[Step | Sum]) -> Iterator[None]:
    before = sys.getprofile()
    steps_back()  # Found by differentiating, which must not be watched.

    def notice(frame: types.FrameType, event: str, result: Any) -> None:
        notice_way_back(frame, event, result, events)

    sys.setprofile(notice)
    try:
        yield
    finally:
        sys.setprofile(before)


def notice_way_back(
    frame: types.FrameType, event: str, result: Any, events: list[Step | Sum]
) -> None:
    """Add to the events what a profile function is told, if it is a step back."""
    code = frame.f_code
    if event != "return" or code not in steps_back():
        return
    if code is _gradient_function():
        given = frame.f_locals
        events.append(
            Step(
                given["op_name"],
                list(given["inputs"] or ()),
                list(given["outputs"] or ()),
                list(given["out_grads"]),
                _as_list(result) or [None] * given["num_inputs"],
                tuple(given["skip_input_indices"] or ()),
            )
        )
    elif result is None:
        return  # It ended in an error.
    elif code is _adder():
        events.append(Sum(list(frame.f_locals["gradients"]), result))
    else:
        upstream = frame.f_locals.get(code.co_varnames[code.co_argcount], ())
        events.append(
            Step("", [], [], list(upstream), _as_list(result), (), _inside(frame))
        )


def _inside(frame: types.FrameType) -> frozenset[str]:
    graph = getattr(frame.f_locals.get("backward"), "graph", None)
    return (
        frozenset(each.type for each in graph.get_operations())
        if graph
        else frozenset()
    )


@functools.cache
def steps_back() -> frozenset[types.CodeType]:
    """Return the code of everything that is called on the way back."""
    return frozenset({_gradient_function(), _adder(), *_functions_with_own_gradient()})


def _as_list(result: Any) -> list[Any]:
    if result is None:
        return []
    return list(result) if isinstance(result, (list, tuple)) else [result]


def _backprop() -> types.ModuleType:
    return sys.modules[inspect.unwrap(tf.GradientTape.gradient).__module__]


@functools.cache
def _gradient_function() -> types.CodeType:
    return _backprop()._gradient_function.__code__


@functools.cache
def _adder() -> types.CodeType:
    return _backprop()._aggregate_grads.__code__


@functools.cache
def _functions_with_own_gradient() -> set[types.CodeType]:
    """Return the code that carries gradients through whole functions.

    It is made anew for each such function, but its code is the same for all: it is found
    by differentiating two small ones.
    """
    found: set[types.CodeType] = set()
    x = tf.constant(1.0)
    with_own_gradient = tf.custom_gradient(lambda x: (x * 2.0, lambda dy: dy))
    for f in (with_own_gradient, tf.function(lambda x: x * 2.0)):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        caller = inspect.unwrap(_backprop().imperative_grad.imperative_grad).__code__

        def notice(frame, event, result, caller=caller):
            back = frame.f_back
            if event != "call" or not back or back.f_code is not caller:
                return
            # From Python 3.12 on, an enumeration takes any number of values too.
            is_tensorflows = frame.f_globals["__name__"].startswith("tensorflow.")
            if is_tensorflows and frame.f_code.co_flags & inspect.CO_VARARGS:
                found.add(frame.f_code)

        before = sys.getprofile()
        sys.setprofile(notice)
        try:
            tape.gradient(y, x)
        finally:
            sys.setprofile(before)
    return found


def numbers(gradient: Any) -> np.ndarray:
    """Return a gradient's entries; for rows of a table, those rows."""
    if isinstance(gradient, tf.IndexedSlices):
        gradient = gradient.values
    if getattr(gradient, "dtype", None) == tf.bfloat16:
        gradient = tf.cast(gradient, tf.float32)
    return np.asarray(gradient)
