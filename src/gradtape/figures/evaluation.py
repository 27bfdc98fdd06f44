"""A learner's function of one variable, made ready to be sampled on the tape.

A figure should come out however the function is written, as exact as it allows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.calculus.compiled.program import recorded
from gradtape.calculus.derivatives import derivatives_unchecked
from gradtape.calculus.inputs import call
from gradtape.calculus.on_tape import require_rows_on_tape
from gradtape.calculus.ways import (
    alone,
    first_that_works,
    mapped,
    require_agreement,
)
from gradtape.figures.checks import require_callable

# Recording a program takes as long as several passes of a tape, so it is left until as
# many have run. Tapes beyond the order take longer than recording.
_PASSES_BY_TAPE = 2
_HIGHEST_ORDER_BY_TAPE = 3
_PROGRAM_LENGTH = 512  # points at once
_TRIED = 9  # of the probes, in which the derivative is compared with a quotient


class Taped:
    """A function of one variable, ready to be evaluated with its derivatives.

    Attributes
    ----------
    precision : numpy.dtype
        float64 where the function computes in it, else float32.
    epsilon : float
        The rounding error of that precision.
    is_quick : bool
        Whether thousands of points take hardly longer than a few.
    """

    is_quick = True

    def __init__(self, function: Callable, precision: Any) -> None:
        self._function = function
        self.precision = np.dtype(precision)
        self.epsilon = float(np.finfo(self.precision).eps)
        self._passes: dict[int, int] = {}
        self._programs: dict[int, Callable | None] = {}

    def __call__(self, x: Any, order: int = 0) -> np.ndarray:
        """Return f and its derivatives at x, shape (order + 1, *x.shape), float64."""
        x = np.asarray(x, self.precision)
        passes = self._passes[order] = self._passes.get(order, 0) + 1
        pays = x.size and self._pays_to_record(order, passes)
        program = self._program(order) if pays else None
        if program is not None:
            rows = _in_pieces(program, x.ravel())
            return rows.reshape(order + 1, *x.shape)
        rows = derivatives_unchecked(self._at, tf.constant(x), order)
        return rows.numpy().astype(np.float64)

    def in_precision(self, precision: Any) -> Taped:
        """Return the same function, computed in another precision."""
        return type(self)(self._function, precision)

    def round(self, x: Any) -> np.ndarray:
        """Return the numbers of f's precision that are nearest to x."""
        return np.asarray(x).astype(self.precision).astype(np.float64)

    def alone(self, x: float) -> tf.Tensor:
        """Return f of a single number, as the learner would call it."""
        return alone(self._function, self.precision, x)

    def _at(self, x: tf.Tensor) -> tf.Tensor:
        return call(self._function, x)

    def _pays_to_record(self, order: int, passes: int) -> bool:
        """Tell whether a program is worth its recording, at this pass of an order."""
        return order > _HIGHEST_ORDER_BY_TAPE or (order and passes > _PASSES_BY_TAPE)

    def _program(self, order: int) -> Callable | None:
        """Return a program for f and its derivatives, None where f cannot be recorded."""
        if order not in self._programs:
            points = tf.TensorSpec([_PROGRAM_LENGTH], self.precision)
            self._programs[order] = recorded(self._at, points, order)
        return self._programs[order]


class _Mapped(Taped):
    """A function of one number, turned by TensorFlow into one of many."""

    def _pays_to_record(self, order: int, passes: int) -> bool:
        """Return True: every pass of a tape would turn f anew."""
        return True

    def _at(self, x: tf.Tensor) -> tf.Tensor:
        return mapped(self._function)(x)

    def __call__(self, x: Any, order: int = 0) -> np.ndarray:
        x = np.asarray(x)
        if x.size and self._program(order) is None:
            raise ValueError("f cannot be mapped over many points at once")
        return super().__call__(x, order)


class _OneByOne(Taped):
    """A function of one number, called for one point after the other."""

    is_quick = False

    def _program(self, order: int) -> None:
        """Record nothing: every point would have operations of its own."""

    def _at(self, x: tf.Tensor) -> tf.Tensor:
        results = [self._function(point) for point in tf.unstack(tf.reshape(x, [-1]))]
        constants = [tf.cast(tf.convert_to_tensor(y), x.dtype) for y in results]
        return tf.reshape(tf.stack(constants), x.shape)


def on_tape(f: Callable, probes: np.ndarray, order: int = 1) -> Taped:
    """Find how f can be evaluated at many points, on the tape.

    Tried in turn: all points at once, all points at once through TensorFlow's
    ``vectorized_map``, and one point after the other; each in float64, then in float32.
    The first way that gives the same numbers as f gives at single points is taken.

    Parameters
    ----------
    f : callable
        A function of one variable.
    probes : numpy.ndarray, shape (n,)
        A few points at which to try.
    order : int, default 1
        The highest derivative that is wanted of f.

    Raises
    ------
    TypeError
        If f is not callable, or leaves TensorFlow.
    LookupError
        If an operation in f passes no gradient on.
    Exception
        What f itself raises, if no way works.
    """
    require_callable(f, "lambda x: x**2")

    def try_out(way: type[Taped], precision: Any) -> Taped:
        taped = way(f, precision)
        picked = [0, len(probes) // 2]
        by_itself = [taped.alone(x) for x in probes[picked]]
        together = taped(probes)[0][picked]
        tolerance = 1e3 * taped.epsilon
        require_agreement(together, by_itself, f"{probes[0]:g}", tolerance)
        return taped

    taped = first_that_works((Taped, _Mapped, _OneByOne), try_out)
    _require_on_tape(f, taped, probes, order)
    return taped


def _require_on_tape(f: Callable, taped: Taped, probes: np.ndarray, order: int) -> None:
    """Raise an error if a derivative at some probes is silently wrong."""
    within = probes[1:-1] if len(probes) > 2 else probes
    some = tf.constant(
        taped.round(within[:: -(-len(within) // _TRIED)]), taped.precision
    )
    # What is tried does not count as a pass: no program is recorded for it.
    tried = taped.in_precision(taped.precision)
    require_rows_on_tape(f, some, tf.constant(taped(some, order)), tried)


def _in_pieces(program: Callable, x: np.ndarray) -> np.ndarray:
    """Run a program for a fixed number of points over any number of them."""
    missing = -len(x) % _PROGRAM_LENGTH
    pieces = np.append(x, np.full(missing, x[-1])).reshape(-1, _PROGRAM_LENGTH)
    rows = [program(tf.constant(piece)).numpy() for piece in pieces]
    return np.concatenate(rows, axis=1)[:, : len(x)].astype(np.float64)
