"""``explain_gradient``: why a gradient is None, zero, NaN or fine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.tape.afterwards import explain_afterwards
from gradtape.tape.backward import WayBack, way_back
from gradtape.tape.diagnosis import Diagnosis, diagnose
from gradtape.tape.labels import operation_label
from gradtape.tape.missing import Question, why_none
from gradtape.tape.names import Captured, argument_names
from gradtape.tape.observation import Observation, observe
from gradtape.tape.own_tapes import explain_own_tapes
from gradtape.tape.pitfalls import Finding
from gradtape.tape.values import places


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
        return explain_afterwards(f, *args)
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
    watched = [leaf for _, leaf in named if leaf.dtype.is_floating]
    observation = observe(f, args, tape, watched)
    own_tapes = explain_own_tapes(f, args, observation)
    if observation.error is not None:
        if own_tapes.reasons:
            return own_tapes
        raise observation.error
    return _explain_result(f, named, tape, observation)


def _explain_result(
    f: Callable, named: list, tape: tf.GradientTape, observation: Observation
) -> Diagnosis:
    captured = Captured(f, observation.own_code.items())
    asked = {id(leaf) for _, leaf in named}
    number_of_arguments = len(named)
    for variable in tape.watched_variables():
        if id(variable) not in asked:
            named.append((captured.name(variable) or "v", variable))
    targets = tf.nest.flatten(observation.result)
    tensors = [leaf for leaf in targets if _is_number(leaf)]
    floats = [leaf for leaf in tensors if leaf.dtype.is_floating]
    sources = [leaf for _, leaf in named]
    seen = way_back(tape, floats, sources) if floats else WayBack([None] * len(sources))
    wrong = places(seen)
    findings = []
    for number, (name, source) in enumerate(named):
        question = Question(source, observation.result, name)
        if seen.gradients[number] is None:
            if not source.dtype.is_floating:
                continue
            for finding in why_none(observation.events, question):
                is_argument = number < number_of_arguments
                if finding.row != "stopped" and (is_argument or finding.row != "P11"):
                    findings.append(finding)
        for row, step in wrong[number]:
            findings.append(Finding(row, name, operation_label(step.name)))
    if seen.missing_operation:
        findings.append(
            Finding("P22", named[0][0], operation_label(seen.missing_operation))
        )
    size = sum(int(np.size(leaf)) for leaf in floats)
    if size > 1:
        findings.append(Finding("P12", named[0][0] if named else "x", detail=str(size)))
    gradients = [
        (name, gradient)
        for (name, _), gradient in zip(named, seen.gradients, strict=True)
    ]
    return diagnose(gradients, findings)


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
    if isinstance(getattr(leaf, "value", None), tf.Variable):
        return leaf.value  # Keras wraps TensorFlow's variables.
    if isinstance(leaf, (int, float)) and not isinstance(leaf, bool):
        return tf.constant(float(leaf))
    if isinstance(leaf, (np.ndarray, np.number)) and leaf.dtype.kind in "fiu":
        return tf.convert_to_tensor(leaf)
    return leaf


def _is_number(leaf: Any) -> bool:
    return isinstance(leaf, (tf.Tensor, tf.Variable)) and (
        leaf.dtype.is_floating or leaf.dtype.is_integer
    )
