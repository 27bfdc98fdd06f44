"""Watch a function run: every operation that it has TensorFlow execute, in order.

TensorFlow offers no list of what a tape has recorded. But each of its operations passes
through one Python function, the same that ``tf.raw_ops`` holds under the operation's
name, and Python tells a profile function of every call and return. What is seen is
therefore what happened: the branch that was taken, each round of a loop, the moment
when a value left for NumPy, and the line of code behind each.

``tf.function`` runs as ordinary Python meanwhile, so that its inside is seen too. Every
variable that the function assigns to has its old value back afterwards.
"""

from __future__ import annotations

import ast
import functools
import inspect
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.learner_code.lines import Line, is_own, own_frame, own_line
from gradtape.learner_code.reading import call_of
from gradtape.tape.record.backward import Step, Sum, notice_way_back, steps_back

_WAYS_OUT = (
    *("numpy", "__array__", "__float__", "__int__", "__index__", "__complex__"),
    *("__bool__", "__str__", "__repr__", "__format__"),
)
# Operations whose result says something about a tensor's shape, not about its numbers.
ABOUT_SHAPE = {"Shape", "ShapeN", "Size", "Rank", "ZerosLike", "OnesLike"}
_ONLY_READING = ("ReadVariableOp", "ResourceGather", "ResourceGatherNd")
_TAPE_METHODS = ("__enter__", "__exit__", "watch", "reset", "gradient", "jacobian")
# The arguments of operations that are numbers to calculate with, not settings.
_OPERANDS = ("x", "y", "t", "e")


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
    """

    name: str
    inputs: list[Any]
    values: list[Any]
    outputs: list[tf.Tensor]
    line: Line | None
    scope: str
    is_function: bool = False
    _arguments: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def is_repeatable(self) -> bool:
        """Whether it can be executed again on other inputs."""
        return self._arguments is not None

    def repeat(self, inputs: list[Any]) -> list[tf.Tensor]:
        """Execute the operation again, on other inputs of the same kind."""
        rest = iter(inputs)
        leaves = [
            next(rest) if _is_input(name, leaf) else leaf
            for name, leaf in _named_leaves(self._arguments)
        ]
        values = tf.nest.pack_sequence_as(list(self._arguments.values()), leaves)
        arguments = dict(zip(self._arguments, values, strict=True))
        return tf.nest.flatten(getattr(tf.raw_ops, self.name)(**arguments))


@dataclass(eq=False)
class Departure:
    """A tensor's value left TensorFlow: through ``.numpy()``, ``float()``, an ``if``."""

    tensor: tf.Tensor
    way: str
    line: Line | None


@dataclass(eq=False)
class TapeCall:
    """The function used a tape of its own: began, ended, watched, or asked it.

    ``code`` is the call as it stands in the learner's code, if that can be read.
    """

    tape: tf.GradientTape
    method: str
    arguments: dict[str, Any]
    result: Any
    line: Line | None
    code: ast.Call | None


@dataclass(eq=False)
class Observation:
    """What was seen while a function ran once.

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
    way_back : list of Step or Sum
        What the function's own tapes did to compute gradients.
    """

    result: Any = None
    error: Exception | None = None
    events: list[Operation | Departure | TapeCall] = field(default_factory=list)
    own_code: dict[types.CodeType, dict[str, Any]] = field(default_factory=dict)
    arrivals: list[tf.Tensor] = field(default_factory=list)
    way_back: list[Step | Sum] = field(default_factory=list)


def observe(
    f: Callable, args: tuple, tape: tf.GradientTape, watched: Iterable
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

    Returns
    -------
    Observation
        Result or error, and every event. No variable has another value than before.
    """
    observation = Observation()
    steps_back()  # Found with functions that must not run as Python.
    with _variables_restored() as keep, tape:
        for source in watched:
            tape.watch(source)
        with _functions_as_python(), _Watcher(observation, keep, tape):
            try:
                observation.result = f(*args)
            except Exception as error:  # noqa: BLE001, it is the caller's to judge
                observation.error = error
    return observation


class _Watcher:
    """The profile function, with what it must remember from one call to the next."""

    def __init__(self, observation: Observation, keep: Callable, tape: tf.GradientTape):
        self._observation = observation
        self._keep = keep
        self._tape = tape
        self._hidden: types.FrameType | None = None
        self._hidden_name = ""
        self._hidden_variables: list[tf.Variable] = []
        self._value_before: tf.Tensor | None = None
        self._questions: list[types.FrameType] = []
        # By identity, since Python works out a code's hash anew each time.
        self._passed_over: dict[int, types.CodeType] = {}

    def __enter__(self) -> None:
        self._profile_before = sys.getprofile()
        self._steps_back = steps_back()
        sys.setprofile(self._notice)

    def __exit__(self, *error: object) -> None:
        sys.setprofile(self._profile_before)

    def _notice(self, frame: types.FrameType, event: str, result: Any) -> None:
        code = frame.f_code
        if id(code) in self._passed_over:
            return
        if not _is_of_interest(code):
            self._passed_over[id(code)] = code
            return
        # What becomes part of a graph, as in a Jacobian, has no numbers to look at.
        if code in self._steps_back and tf.executing_eagerly():
            notice_way_back(frame, event, result, self._observation.way_back)
        if event == "call":
            self._notice_call(frame)
        elif event == "return":
            self._notice_return(frame, result)

    def _notice_call(self, frame: types.FrameType) -> None:
        code = frame.f_code
        if name := _operation_names().get(code):
            if name not in _ONLY_READING:
                self._value_before = self._keep(_resource_variable(frame))
        elif self._hidden is None and code in _functions_hiding_their_inside():
            self._hidden = frame
            self._hidden_name = ""
            self._hidden_variables = []
        elif method := _tape_methods().get(code):
            if method in ("gradient", "jacobian"):
                self._begin_question(frame, method)
            elif method == "__enter__":
                self._add_tape_call(frame, method)
        elif is_own(code):
            if self._hidden is None:
                self._observation.own_code.setdefault(code, frame.f_globals)
            elif code.co_name.isidentifier():  # TensorFlow itself runs a lambda there.
                self._hidden_name = self._hidden_name or code.co_name

    def _notice_return(self, frame: types.FrameType, result: Any) -> None:
        code = frame.f_code
        if name := _operation_names().get(code):
            self._add_operation(frame, name, result)
        elif self._hidden is frame:
            self._hidden = None
            self._add_function(frame, result)
        elif self._hidden is not None:
            return
        elif way := _ways_out().get(code):
            if frame.f_back and frame.f_back.f_code in _looking_only():
                return
            tensor = frame.f_locals["self"]
            self._observation.events.append(Departure(tensor, way, own_line(frame)))
        elif code is _constant_code():
            if isinstance(frame.f_locals["value"], (np.ndarray, np.generic)):
                self._observation.arrivals.append(result)
        elif method := _tape_methods().get(code):
            if frame in self._questions:
                self._end_question(frame, result)
            elif method not in ("__enter__", "gradient", "jacobian"):
                self._add_tape_call(frame, method)

    def _add_operation(self, frame: types.FrameType, name: str, result: Any) -> None:
        arguments = _arguments(frame)
        variable = _resource_variable(frame)
        if self._hidden is not None:
            if variable is not None:
                self._hidden_variables.append(variable)
            return
        inputs = [
            leaf for key, leaf in _named_leaves(arguments) if _is_input(key, leaf)
        ]
        if variable is not None:
            self._add(frame, name, [variable, *inputs], result)
        else:
            self._add(frame, name, inputs, result, arguments=arguments)

    def _add_function(self, frame: types.FrameType, result: Any) -> None:
        inputs = [
            leaf for key, leaf in _named_leaves(frame.f_locals) if _is_input(key, leaf)
        ]
        name = self._hidden_name or _caller_name(frame)
        inputs += self._hidden_variables
        self._add(frame, name, inputs, result, is_function=True)

    def _add(
        self,
        frame: types.FrameType,
        name: str,
        inputs: list[Any],
        result: Any,
        *,
        is_function: bool = False,
        arguments: dict[str, Any] | None = None,
    ) -> None:
        outputs = [leaf for leaf in tf.nest.flatten(result) if _is_eager(leaf)]
        if result is not None and not outputs:
            return  # It only became part of a graph that is being traced.
        values = [_value_now(leaf) for leaf in inputs]
        if name.startswith("Assign") and self._value_before is not None:
            values[0] = self._value_before
        self._observation.events.append(
            Operation(
                name,
                inputs,
                values,
                outputs,
                own_line(frame),
                tf.get_current_name_scope(),
                is_function,
                arguments,
            )
        )

    def _add_tape_call(self, frame: types.FrameType, method: str) -> None:
        arguments = _arguments(frame)
        tape = arguments.pop("self")
        if tape is not self._tape:
            self._observation.events.append(
                TapeCall(
                    tape,
                    method,
                    arguments,
                    None,
                    own_line(frame),
                    call_of(own_frame(frame)),
                )
            )

    def _begin_question(self, frame: types.FrameType, method: str) -> None:
        """Add a question to a tape; those that a Jacobian asks by itself are none."""
        tape = frame.f_locals["self"]
        if all(each.f_locals["self"] is not tape for each in self._questions):
            self._questions.append(frame)
            self._add_tape_call(frame, method)

    def _end_question(self, frame: types.FrameType, result: Any) -> None:
        self._questions.remove(frame)
        tape = frame.f_locals["self"]
        for event in reversed(self._observation.events):
            if isinstance(event, TapeCall) and event.tape is tape:
                event.result = result
                return


@contextmanager
def _functions_as_python() -> Iterator[None]:
    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
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
        try:
            value = _value_now(variable)
        except (AttributeError, tf.errors.FailedPreconditionError):
            return None  # The variable is just being created: it had no value before.
        kept.setdefault(id(variable), (variable, value))
        return value

    try:
        yield keep
    finally:
        for variable, value in kept.values():
            if not np.array_equal(_value_now(variable), value):
                variable.assign(value)


def _value_now(leaf: Any) -> Any:
    """Return a variable's value at this moment, and anything else as it is.

    The raw operation reads it, because a read in the usual way would have every active
    tape watch the variable.
    """
    if not isinstance(leaf, tf.Variable):
        return leaf
    return tf.raw_ops.ReadVariableOp(resource=leaf.handle, dtype=leaf.dtype)


def _is_of_interest(code: types.CodeType) -> bool:
    return (
        code in _operation_names()
        or code in steps_back()
        or code in _functions_hiding_their_inside()
        or code in _tape_methods()
        or code in _ways_out()
        or code is _constant_code()
        or is_own(code)
    )


def _arguments(frame: types.FrameType) -> dict[str, Any]:
    code = frame.f_code
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    values = frame.f_locals
    return {name: values[name] for name in names if name in values}


def _named_leaves(arguments: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in arguments.items():
        for leaf in tf.nest.flatten(value):
            wrapped = getattr(
                leaf, "value", None
            )  # Keras wraps TensorFlow's variables.
            yield name, wrapped if isinstance(wrapped, tf.Variable) else leaf


def _is_input(name: str, leaf: Any) -> bool:
    """Tell what an operation calculates with from its settings."""
    if isinstance(leaf, (tf.Variable, np.ndarray, np.generic)):
        return True
    if _is_eager(leaf):
        return leaf.dtype != tf.resource
    return name in _OPERANDS and type(leaf) in (int, float)


def _is_eager(leaf: Any) -> bool:
    return isinstance(leaf, _eager_type())


def _resource_variable(frame: types.FrameType) -> tf.Variable | None:
    """Return the variable that an operation reads or assigns to, if it is one.

    The operation is given the variable's storage alone; the variable is found among its
    callers.
    """
    if not any(
        _is_eager(value) and value.dtype == tf.resource
        for value in frame.f_locals.values()
    ):
        return None
    for _ in range(6):
        frame = frame.f_back
        if frame is None:
            return None
        owner = frame.f_locals.get("self")
        if isinstance(owner, tf.random.Generator):
            return owner.state
        if isinstance(owner, tf.Variable):
            is_complete = hasattr(owner, "handle")  # Else it is just being created.
            return owner if is_complete else None
    return None


def _caller_name(frame: types.FrameType) -> str:
    """Return the name of the function of another module that called a frame."""
    caller = frame
    while caller.f_back and caller.f_code.co_filename == frame.f_code.co_filename:
        caller = caller.f_back
    return caller.f_code.co_name


@functools.cache
def _eager_type() -> type:
    return type(tf.constant(0.0))


@functools.cache
def _operation_names() -> dict[types.CodeType, str]:
    return {
        inspect.unwrap(getattr(tf.raw_ops, name)).__code__: name
        for name in dir(tf.raw_ops)
        if not name.startswith("_")
    }


@functools.cache
def _ways_out() -> dict[types.CodeType, str]:
    return {getattr(_eager_type(), way).__code__: way for way in _WAYS_OUT}


@functools.cache
def _tape_methods() -> dict[types.CodeType, str]:
    return {
        inspect.unwrap(getattr(tf.GradientTape, method)).__code__: method
        for method in _TAPE_METHODS
    }


@functools.cache
def _constant_code() -> types.CodeType:
    """Return what every array of NumPy's passes through on its way to a tensor."""
    return inspect.unwrap(tf.constant).__code__


@functools.cache
def _looking_only() -> set[types.CodeType]:
    """Return what looks at a value only to decide, as ``tf.cond`` does."""
    return {inspect.unwrap(tf.get_static_value).__code__}


@functools.cache
def _functions_hiding_their_inside() -> set[types.CodeType]:
    """Return what runs a function without recording its inside."""
    with_own_gradient = tf.custom_gradient(lambda x: (x, None))
    runners = (type(with_own_gradient).__call__, tf.vectorized_map)
    return {
        inspect.unwrap(runner).__code__
        for runner in runners
        if hasattr(inspect.unwrap(runner), "__code__")
    }
