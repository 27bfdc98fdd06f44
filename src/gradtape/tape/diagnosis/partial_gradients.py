"""A gradient that is a number, and lacks a part: a value left TensorFlow and came back.

The tape takes what NumPy computed for a constant, and the gradient is silently wrong. The
function is run again with the source moved a little: where other numbers come back from
outside then, and the result moves by something else than the gradient says, a part is
lacking.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.tape.diagnosis.operations import LOOKS
from gradtape.tape.diagnosis.trace import Question, made_from, trace_of
from gradtape.tape.record.backward import numbers
from gradtape.tape.record.events import Departure, Event, Observation, Operation

# What differences and gradient may be apart, relative to the larger of the two.
_TOLERANCE = 0.05
# How many roundings of the result count as nothing.
_ROUNDINGS = 10


@dataclass(frozen=True)
class Run:
    """One run of the function.

    Attributes
    ----------
    observation : Observation
        What was seen.
    source : tf.Tensor or tf.Variable
        What stood in the source's place.
    results : list of tf.Tensor
        Those of its results that are differentiated; none if it failed.
    """

    observation: Observation
    source: Any
    results: list[Any]

    @property
    def total(self) -> float:
        """The sum of all results, which is what a gradient belongs to."""
        if not self.results:
            return np.nan
        return float(
            sum(np.sum(numbers(each).astype(np.float64)) for each in self.results)
        )

    @property
    def from_outside(self) -> list[np.ndarray]:
        """Every number that TensorFlow was given by NumPy or Python, in order."""
        operations = [
            event for event in self.observation.events if isinstance(event, Operation)
        ]
        known = {id(self.source)} | {
            id(result)
            for operation in operations
            if operation.name != "PyFunc"
            for result in operation.outputs
        }
        return [
            numbers(leaf)
            for operation in operations
            for leaf in operation.inputs
            if id(leaf) not in known and not isinstance(leaf, tf.Variable)
        ]


def missing_part(run: Run, run_at: Callable[[tf.Tensor], Run], gradient: Any) -> str:
    """Tell whether a part of a gradient is lacking because a value left TensorFlow.

    Parameters
    ----------
    run : Run
        The function's run on the tape.
    run_at : callable
        Runs the function once more, with another value in the source's place.
    gradient : tf.Tensor or tf.IndexedSlices
        What the tape gave.

    Returns
    -------
    str
        The slope by differences if it is a single number, else ``"part"``. Empty where
        nothing is lacking, or it cannot be told: the results differ from run to run, or
        there is a kink here.
    """
    start = tf.convert_to_tensor(run.source)
    step = _small_step(start)
    above = run_at(start + step)
    if not _is_other(run.from_outside, above.from_outside):
        return ""
    again, below = run_at(tf.identity(start)), run_at(start - step)
    if again.total != run.total:
        return ""
    forward, backward = above.total - run.total, run.total - below.total
    moved = (forward + backward) / 2
    gradient = numbers(tf.convert_to_tensor(gradient)).astype(np.float64)
    expected = np.sum(gradient * numbers(step))
    allowed = (
        abs(forward - backward)
        + _TOLERANCE * max(abs(moved), abs(expected))
        + _ROUNDINGS * _epsilon(start) * max(abs(above.total), abs(below.total))
    )
    if not abs(moved - expected) > allowed:
        return ""
    return f"{moved / numbers(step).item():.3g}" if gradient.size == 1 else "part"


def where_it_left(
    events: list[Event], question: Question
) -> Departure | Operation | None:
    """Return where a source's value left TensorFlow last; a look for an ``if`` is none."""
    trace = trace_of(events, question)
    relevant = made_from(trace, question.target)
    left = [each for each in trace.departures if each.way not in LOOKS]
    left += [
        cut.event for cut in trace.cuts if cut.row == "P5" and cut.event in relevant
    ]
    return left[-1] if left else None


def _small_step(start: tf.Tensor) -> tf.Tensor:
    """Return a step for a difference, in no special direction; one number goes up."""
    values = numbers(start).astype(np.float64)
    sizes = np.cbrt(_epsilon(start)) * np.maximum(1.0, np.abs(values))
    if values.size > 1:
        sizes *= np.random.default_rng(0).uniform(-1.0, 1.0, values.shape)
    return tf.cast(tf.constant(sizes), start.dtype)


def _epsilon(tensor: tf.Tensor) -> float:
    if tensor.dtype == tf.bfloat16:  # NumPy does not know it.
        return 2.0**-7
    return float(np.finfo(tensor.dtype.as_numpy_dtype).eps)


def _is_other(ours: list[np.ndarray], theirs: list[np.ndarray]) -> bool:
    """Tell whether numbers differ where they are of the same kind and count."""
    return len(ours) == len(theirs) and any(
        mine.shape == other.shape and not np.array_equal(mine, other)
        for mine, other in zip(ours, theirs, strict=True)
    )
