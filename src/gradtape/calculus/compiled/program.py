"""The derivatives of f as a compiled program, recorded once and run again.

Recording takes as long as ten passes of a tape, so a program is recorded when the same f
comes by a second time. It is found again under the fingerprint of f, which changes with
anything that f reads; an f that has no fingerprint is recorded for one use only.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import NamedTuple
from weakref import WeakSet

import tensorflow as tf

from gradtape.calculus.compiled.cache_key import fingerprint
from gradtape.calculus.compiled.taylor_mode import derivatives_by_series
from gradtape.calculus.inputs import call_elementwise
from gradtape.calculus.suspects import suspects

Program = tf.types.experimental.ConcreteFunction

# Tapes double the work with each order: beyond this one, recording them takes seconds,
# and a single pass of the tape takes longer than recording and running the series.
HIGHEST_ORDER_BY_TAPES = 4

# A program keeps alive what f captured; the one not used for longest makes way.
_MOST_PROGRAMS = 128

# Programs of functions in which nothing may be off the tape: that needs no second look,
# since a program is found again for the very same function only.
_without_suspects: WeakSet[Program] = WeakSet()


class Compiled(NamedTuple):
    """The derivatives, and whether nothing in f is suspected to be off the tape."""

    rows: tf.Tensor
    is_without_suspects: bool


_programs: OrderedDict[Hashable, Program | None] = OrderedDict()


def run_compiled(
    f: Callable, x: tf.Tensor, order: int, *, at_once: bool = False
) -> Compiled | None:
    """Return the derivatives from a compiled program, or None if tapes shall do it.

    Tapes shall do it where f cannot be recorded, and the first time that f comes by,
    unless a program is wanted at once.
    """
    if tf.config.functions_run_eagerly():
        return None
    beyond = order > HIGHEST_ORDER_BY_TAPES
    at_once = at_once or beyond
    seen = fingerprint(f)
    if seen is None:
        program = recorded(f, x, order, only_series=beyond) if at_once else None
    else:
        key = (seen, x.dtype, tuple(x.shape), order)
        program = _programs.get(key, _not_recorded)
        if program is _not_recorded and (at_once or key in _programs):
            program = recorded(f, x, order, only_series=beyond)
            if fingerprint(f) != seen or _draws_numbers(program):
                program = None
            if program is not None and not suspects(f):
                _without_suspects.add(program)
        _remember(key, program)
    rows = None if program is None else program(x)
    return None if rows is None else Compiled(rows, program in _without_suspects)


def record_derivatives(f: Callable, x: tf.Tensor, order: int) -> tf.Tensor:
    """Record f and its derivatives in the current graph, by series where possible."""
    x = tf.identity(x)
    y = call_elementwise(f, x)
    rows = derivatives_by_series(y, x, order)
    return tf.stack(_rows_by_gradients(y, x, order) if rows is None else rows)


def _rows_by_gradients(y: tf.Tensor, x: tf.Tensor, order: int) -> list[tf.Tensor]:
    rows = [y]
    for _ in range(order):
        (slope,) = tf.gradients(rows[-1], x, unconnected_gradients="zero")
        rows.append(tf.convert_to_tensor(slope))
    return rows


def recorded(
    f: Callable, x: tf.Tensor | tf.TensorSpec, order: int, *, only_series: bool = False
) -> Program | None:
    """Return a program for f and its derivatives, None where f cannot be recorded."""

    def rows(x: tf.Tensor) -> tf.Tensor:
        if only_series:
            return tf.stack(derivatives_by_series(call_elementwise(f, x), x, order))
        return record_derivatives(f, x, order)

    program = tf.function(rows, autograph=False)
    try:
        return program.get_concrete_function(tf.TensorSpec(x.shape, x.dtype))
    except Exception:  # noqa: BLE001
        # What f does that a graph cannot hold, it can do under a tape; and where it is
        # wrong, the error is clearer there.
        return None


def _draws_numbers(program: Program | None) -> bool:
    """Return whether a program draws random numbers: it would ignore a new seed."""
    return program is not None and any(
        attribute.name == "seed"
        for operation in program.graph.get_operations()
        for attribute in operation.op_def.attr
    )


def _not_recorded(x: tf.Tensor) -> None:
    """Stand in for the program of an f that came by once."""


def _remember(key: Hashable, program: Program | None) -> None:
    _programs[key] = program
    _programs.move_to_end(key)
    if len(_programs) > _MOST_PROGRAMS:
        _programs.popitem(last=False)
