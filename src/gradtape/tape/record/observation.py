"""Run a function, and say everything that it had TensorFlow do.

``tf.function`` runs as ordinary Python meanwhile, so that its inside is seen too. Every
variable that the function assigns to has its old value back afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import numpy as np
import tensorflow as tf

from gradtape.tape.record import tensorflow_internals as internals
from gradtape.tape.record.events import Observation, value_now
from gradtape.tape.record.watcher import Watcher


def observe(
    f: Callable,
    args: tuple,
    tape: tf.GradientTape,
    watched: Iterable,
    *,
    compiled: bool = False,
) -> Observation:
    """Call a function once, on a tape, and say what it had TensorFlow do.

    Parameters
    ----------
    f : callable
        The function.
    args : tuple
        Its arguments, used as they are.
    tape : tf.GradientTape
        A tape that has recorded nothing yet; it records while f runs.
    watched : iterable of tf.Tensor or tf.Variable
        What the tape watches from the start.
    compiled : bool, optional
        Let ``tf.function`` compile, as it does in the learner's program.

    Returns
    -------
    Observation
        Result or error, and every event. No variable has another value than before.
    """
    observation = Observation()
    internals.steps_back()  # Found with functions that must not run as Python.
    with _variables_restored() as keep, tape:
        for source in watched:
            tape.watch(source)
        with _functions_as_python(not compiled), Watcher(observation, keep, tape):
            try:
                observation.result = f(*args)
            except Exception as error:  # noqa: BLE001, it is the caller's to judge
                observation.error = error
    return observation


@contextmanager
def _functions_as_python(wanted: bool) -> Iterator[None]:
    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(wanted)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(before)


@contextmanager
def _variables_restored() -> Iterator[Callable]:
    """Give a function that keeps a variable's value; give all values back at the end.

    The function returns the value that the variable has when it is called.
    """
    kept: dict[int, tuple[tf.Variable, tf.Tensor]] = {}

    def keep(variable: tf.Variable | None) -> tf.Tensor | None:
        if variable is None:
            return None
        value = value_now(variable)
        if value is variable:
            return None  # It is just being created: it had no value before.
        kept.setdefault(id(variable), (variable, value))
        return value

    try:
        yield keep
    finally:
        for variable, value in kept.values():
            if not np.array_equal(value_now(variable), value):
                variable.assign(value)
