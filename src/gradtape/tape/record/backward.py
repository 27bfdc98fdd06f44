"""Watch a tape on its way back: what each operation made of the gradient it was given.

When a tape computes a gradient it calls, from one place, one Python function for each
operation that it has recorded, last first. A profile function sees each call with the
operation's inputs, the gradient that arrived and the gradients that left. So the way
back can be followed even after the event, on a tape that somebody else recorded.

A gradient is followed from step to step by its identity: what leaves one step is the
object that arrives at the next, or a part of a sum that does.
"""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.tape.record import tensorflow_internals as internals
from gradtape.tape.record.profilers import restore_profiler


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
    again : callable or None
        Computes ``results`` anew, of other gradients in the place of ``upstream``.
    own : callable or None
        The inner function of ``tf.custom_gradient``, where it is the step.
    """

    name: str
    inputs: list[Any]
    outputs: list[Any]
    upstream: list[Any]
    results: list[Any]
    constants: tuple[int, ...] = ()
    inside: frozenset[str] = frozenset()
    again: Callable[[list[Any]], list[Any]] | None = None
    own: Callable | None = None


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
    error : Exception or None
        What stopped the way back otherwise.
    """

    gradients: list[Any]
    events: list[Step | Sum] = field(default_factory=list)
    missing_operation: str = ""
    error: Exception | None = None

    @property
    def failed_at(self) -> Step | None:
        """The operation whose gradient ended in an error, if that is known."""
        steps = [event for event in self.events if isinstance(event, Step)]
        return steps[-1] if self.error is not None and steps else None


def way_back(
    tape: tf.GradientTape, target: Any, sources: list[Any], **options: Any
) -> WayBack:
    """Ask a tape for gradients, once, and watch it.

    Parameters
    ----------
    tape : tf.GradientTape
        The tape. Unless it is persistent it is used up afterwards.
    target : tf.Tensor, or nested structure of these
        What to differentiate.
    sources : list of tf.Tensor or tf.Variable
        With respect to what.
    **options
        ``output_gradients`` and ``unconnected_gradients``, as for ``tape.gradient``.

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
    with watch_way_back(seen.events):
        try:
            seen.gradients = tape.gradient(target, sources, **options)
        except LookupError as error:
            seen.missing_operation = missing_operation(error)
            seen.error = error
        except Exception as error:  # noqa: BLE001, rules of gradients raise what they like
            seen.error = error
    return seen


def missing_operation(error: LookupError) -> str:
    """Return the operation that TensorFlow's message names as having no gradient."""
    found = re.search(r"(?:no entry for: '?|op type: )(\w+)", str(error))
    return found.group(1) if found else ""


@contextmanager
def watch_way_back(events: list[Step | Sum]) -> Iterator[None]:
    """Add each step back to a list while a tape computes gradients in the block."""
    before = sys.getprofile()
    internals.steps_back()  # Found by differentiating, which must not be watched.

    def notice(frame: types.FrameType, event: str, result: Any) -> None:
        notice_way_back(frame, event, result, events)

    sys.setprofile(notice)
    try:
        yield
    except SystemError as error:
        # Where TensorFlow goes on with an error pending, Python blames the profile function.
        if error.__cause__ is None:
            raise
        raise error.__cause__ from None
    finally:
        restore_profiler(before)


def notice_way_back(
    frame: types.FrameType, event: str, result: Any, events: list[Step | Sum]
) -> None:
    """Add to the events what a profile function is told, if it is a step back."""
    code = frame.f_code
    if event != "return" or code not in internals.steps_back():
        return
    if code is internals.gradient_function():
        given = dict(frame.f_locals)
        arguments = {name: given[name] for name in code.co_varnames[: code.co_argcount]}
        events.append(
            Step(
                given["op_name"],
                list(given["inputs"] or ()),
                list(given["outputs"] or ()),
                list(given["out_grads"]),
                _as_list(result) or [None] * given["num_inputs"],
                tuple(given["skip_input_indices"] or ()),
                again=lambda upstream: _as_list(
                    internals.repeat_gradient_function(arguments, upstream)
                ),
            )
        )
    elif result is None:
        return  # It ended in an error.
    elif code is internals.adder():
        events.append(Sum(list(frame.f_locals["gradients"]), result))
    else:
        upstream = frame.f_locals.get(code.co_varnames[code.co_argcount], ())
        own = None if frame.f_locals.get("variables") else frame.f_locals.get("grad_fn")
        events.append(
            Step(
                "",
                [],
                [],
                list(upstream),
                _as_list(result),
                (),
                _inside(frame),
                again=own and (lambda upstream: _as_list(own(*upstream))),
                own=own,
            )
        )


def _inside(frame: types.FrameType) -> frozenset[str]:
    graph = getattr(frame.f_locals.get("backward"), "graph", None)
    return (
        frozenset(each.type for each in graph.get_operations())
        if graph
        else frozenset()
    )


def _as_list(result: Any) -> list[Any]:
    if result is None:
        return []
    return list(result) if isinstance(result, (list, tuple)) else [result]


def numbers(gradient: Any) -> np.ndarray:
    """Return a gradient's entries; for rows of a table, those rows."""
    if isinstance(gradient, tf.IndexedSlices):
        gradient = gradient.values
    if getattr(gradient, "dtype", None) == tf.bfloat16:
        gradient = tf.cast(gradient, tf.float32)
    return np.asarray(gradient)
