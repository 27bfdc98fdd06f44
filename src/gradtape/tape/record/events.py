"""What happens while code runs: operations, departures to NumPy, calls of tapes."""

from __future__ import annotations

import ast
import itertools
import threading
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.learner_code.lines import Line
from gradtape.tape.record.backward import Step, Sum
from gradtape.tape.record.tensorflow_internals import eager_tensor

# The arguments of operations that are numbers to calculate with, not settings.
_OPERANDS = ("x", "y", "t", "e")
# Operations whose result says something about a tensor's shape, not about its numbers.
ABOUT_SHAPE = {"Shape", "ShapeN", "Size", "Rank", "ZerosLike", "OnesLike"}
# Operations that work on an iterator over a dataset, which is a resource.
ITERATING = {"MakeIterator", "IteratorGetNext", "IteratorGetNextSync"}


@dataclass(eq=False)
class Operation:
    """One operation that TensorFlow executed.

    Attributes
    ----------
    name : str
        Its name in ``tf.raw_ops``, or that of a function with a gradient of its own.
    inputs : list
        Tensors, variables, arrays and numbers, in the order of the arguments.
    values : list
        The same with the value of each variable at that moment in its place.
    outputs : list of tf.Tensor
        Its results; none for an assignment.
    line : Line or None
        The learner's line that led to it.
    scope : str
        The name scope, ``"model/dense"``.
    is_function : bool
        Whether it is a whole function whose inside is not recorded.
    inside : list of Operation
        For such a function, what it executed, where that could be seen.
    graph : tf.Graph or None
        For a compiled function, its graph.
    thread : int
        The thread in which it ran.
    caller : str
        The function of a library that the learner's code called, ``"__call__"``.
    by_keyword : bool
        Whether such a function was given tensors by their names.
    given : frozenset of int
        The identities of what went in, where the tensors themselves are not kept.
    """

    name: str
    inputs: list[Any]
    values: list[Any]
    outputs: list[tf.Tensor]
    line: Line | None
    scope: str = ""
    is_function: bool = False
    inside: list[Operation] = field(default_factory=list)
    graph: Any = None
    thread: int = 0
    caller: str = ""
    by_keyword: bool = False
    given: frozenset[int] = frozenset()
    _arguments: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def is_repeatable(self) -> bool:
        """Whether it can be executed again on other inputs."""
        return self._arguments is not None

    def repeat(self, inputs: list[Any]) -> list[tf.Tensor]:
        """Execute the operation again, on other inputs of the same kind."""
        rest = iter(inputs)
        leaves = [
            next(rest) if is_input(name, leaf, self.name) else leaf
            for name, leaf in named_leaves(self._arguments)
        ]
        values = tf.nest.pack_sequence_as(list(self._arguments.values()), leaves)
        arguments = dict(zip(self._arguments, values, strict=True))
        return tf.nest.flatten(getattr(tf.raw_ops, self.name)(**arguments))


@dataclass(eq=False)
class Departure:
    """A tensor's value left TensorFlow: through ``.numpy()``, ``float()``, an ``if``.

    ``caller`` is the function of a library that asked for it, ``"predict"``, if one did.
    """

    tensor: tf.Tensor
    way: str
    line: Line | None
    caller: str = ""


@dataclass(eq=False)
class TapeCall:
    """A tape began, ended, watched, or was asked; or an accumulator, by ``"jvp"``.

    ``tape`` is the tape's number; the tape itself would be kept in memory. ``code`` is
    the call as it stands in the learner's code, if that can be read.
    """

    tape: int
    method: str
    arguments: dict[str, Any]
    result: Any
    line: Line | None
    code: ast.Call | None
    watches_variables: bool = True
    is_persistent: bool = False
    thread: int = field(default_factory=threading.get_ident)


Event = Operation | Departure | TapeCall


@dataclass(eq=False)
class Observation:
    """What was seen while code ran once.

    Attributes
    ----------
    result : object
        What the function returned.
    error : Exception or None
        What it raised instead.
    events : list of Operation, Departure or TapeCall
        What happened, in order.
    own_code : dict
        The learner's code that ran, and the global names of each piece.
    arrivals : list of tf.Tensor
        Constants that were made of arrays and numbers of NumPy's.
    constants : list of tf.Tensor
        Every constant that was made.
    way_back : list of Step or Sum
        What tapes did to compute gradients.
    calls_compiled : bool
        Whether a function was called that is compiled otherwise.
    local_names : dict
        The local names of the learner's function in which a tape was asked last.
    """

    result: Any = None
    error: Exception | None = None
    events: list[Event] = field(default_factory=list)
    own_code: dict[types.CodeType, dict[str, Any]] = field(default_factory=dict)
    arrivals: list[tf.Tensor] = field(default_factory=list)
    constants: list[tf.Tensor] = field(default_factory=list)
    way_back: list[Step | Sum] = field(default_factory=list)
    calls_compiled: bool = False
    local_names: dict[str, Any] = field(default_factory=dict)


_numbers = itertools.count(1)


def tape_number(tape: tf.GradientTape) -> int:
    """Return the number by which a tape is known; no two tapes share one."""
    if not hasattr(tape, "_gradtape_number"):
        tape._gradtape_number = next(_numbers)
    return tape._gradtape_number


def named_leaves(arguments: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give every leaf of nested arguments with the argument's name."""
    for name, value in arguments.items():
        for leaf in tf.nest.flatten(value):
            # Keras wraps TensorFlow's variables; in a stateless call, tensors.
            wrapped = getattr(leaf, "value", None)
            is_known = isinstance(wrapped, (tf.Variable, eager_tensor()))
            yield name, wrapped if is_known else leaf


def is_input(name: str, leaf: Any, operation: str = "") -> bool:
    """Tell what an operation calculates with from its settings."""
    if isinstance(leaf, (tf.Variable, np.ndarray, np.generic)):
        return True
    if isinstance(leaf, eager_tensor()):
        return leaf.dtype != tf.resource or operation in ITERATING
    return name in _OPERANDS and type(leaf) in (int, float)


def value_now(leaf: Any) -> Any:
    """Return a variable's value at this moment, and anything else as it is.

    The raw operation reads it, because a read in the usual way would have every active
    tape watch the variable.
    """
    if not isinstance(leaf, tf.Variable):
        return leaf
    try:
        return tf.raw_ops.ReadVariableOp(resource=leaf.handle, dtype=leaf.dtype)
    except (AttributeError, ValueError, RuntimeError, tf.errors.OpError):
        return leaf  # One copy on each device: none of them is meant here.
