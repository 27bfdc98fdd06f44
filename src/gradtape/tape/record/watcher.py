"""See every operation that TensorFlow executes while Python code runs.

TensorFlow offers no list of what a tape has recorded. But each of its operations passes
through one Python function, the same that ``tf.raw_ops`` holds under the operation's
name, and Python tells a profile function of every call and return. What is seen is
therefore what happened: the branch that was taken, each round of a loop, the moment
when a value left for NumPy, and the line of code behind each.
"""

from __future__ import annotations

import sys
import threading
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.learner_code.lines import is_own, own_frame, own_line
from gradtape.learner_code.reading import call_of
from gradtape.tape.record import tensorflow_internals as internals
from gradtape.tape.record.backward import notice_way_back
from gradtape.tape.record.events import (
    ITERATING,
    Departure,
    Observation,
    Operation,
    TapeCall,
    is_input,
    named_leaves,
    tape_number,
    value_now,
)
from gradtape.tape.record.profilers import restore_profiler

_ONLY_READING = ("ReadVariableOp", "ResourceGather", "ResourceGatherNd")
_QUESTIONS = ("gradient", "jacobian", "batch_jacobian")
_CALLERS_UP = 6  # how far up an operation's variable is looked for


class Watcher:
    """The profile function, with what it must remember from one call to the next.

    Parameters
    ----------
    observation : Observation
        What is seen goes there.
    keep : callable
        Given a variable that is about to be read or assigned to, returns its value.
    tape : tf.GradientTape or None
        A tape of gradtape's own, of which nothing is told.
    """

    def __init__(
        self,
        observation: Observation,
        keep: Callable[[tf.Variable | None], Any] = lambda variable: None,
        tape: tf.GradientTape | None = None,
    ):
        self._observation = observation
        self._keep = keep
        self._tape = tape
        self._hidden: types.FrameType | None = None
        self._hidden_name = ""
        self._hidden_variables: list[tf.Variable] = []
        self._hidden_inside: list[Operation] = []
        self._value_before: Any = None
        self._questions: list[types.FrameType] = []
        self._by_handle: dict[int, tf.Variable] = {}
        self._first_values: dict[int, Operation] = {}
        self._paused: dict[types.FrameType, bool] = {}
        # By identity, since Python works out a code's hash anew each time.
        self._passed_over: dict[int, types.CodeType] = {}

    def __enter__(self) -> None:
        """Begin to watch this thread, and those that begin from here on."""
        self._steps_back = internals.steps_back()
        self._compiled = internals.compiled_call()
        self._profile_before = sys.getprofile()
        self._threads_before = threading.getprofile()
        threading.setprofile(self._notice)  # for threads that begin from here on
        sys.setprofile(self._notice)

    def __exit__(self, *error: object) -> None:
        """Leave the thread to whatever watched it before."""
        restore_profiler(self._profile_before)
        threading.setprofile(self._threads_before)

    def _notice(self, frame: types.FrameType, event: str, result: Any) -> None:
        code = frame.f_code
        if id(code) in self._passed_over:
            return
        if not self._is_of_interest(code):
            self._passed_over[id(code)] = code
            return
        # What becomes part of a graph, as in a Jacobian, has no numbers to look at.
        if code in self._steps_back and tf.executing_eagerly():
            notice_way_back(frame, event, result, self._observation.way_back)
        if event == "call":
            self._notice_call(frame)
        elif event == "return":
            self._notice_return(frame, result)

    def _is_of_interest(self, code: types.CodeType) -> bool:
        return (
            code in internals.operation_codes()
            or code in self._steps_back
            or code in internals.functions_hiding_their_inside()
            or code in internals.tape_methods()
            or code in internals.ways_out()
            or code is internals.forward_code()
            or code is internals.constant_code()
            or code is self._compiled
            or code is internals.function_call()
            or is_own(code)
        )

    def _notice_call(self, frame: types.FrameType) -> None:
        code = frame.f_code
        if name := internals.operation_codes().get(code):
            if name not in _ONLY_READING:
                self._value_before = self._keep(_resource_variable(frame))
        elif code is internals.function_call():
            inner = getattr(frame.f_locals["self"], "python_function", None)
            is_learners = is_own(getattr(inner, "__code__", code))
            self._observation.calls_compiled |= is_learners
            given = tf.nest.flatten(
                [frame.f_locals.get("args"), frame.f_locals.get("kwds")]
            )
            for each in given:
                if isinstance(each, tf.Variable) and hasattr(each, "handle"):
                    self._by_handle[id(each.handle)] = each
        elif self._hidden is None and code in internals.functions_hiding_their_inside():
            self._hidden = frame
            self._hidden_name = ""
            self._hidden_variables = []
            self._hidden_inside = []
        elif method := internals.tape_methods().get(code):
            if method in _QUESTIONS:
                self._begin_question(frame, method)
            elif method == "__enter__":
                self._add_tape_call(frame, method)
            elif method == "stop_recording":
                is_second = frame in self._paused  # the generator goes on
                self._paused[frame] = True
                self._add_tape_call(frame, "go_on" if is_second else "stop_recording")
        elif is_own(code):
            if self._hidden is None:
                self._observation.own_code.setdefault(code, frame.f_globals)
            elif code.co_name.isidentifier():  # TensorFlow itself runs a lambda there.
                self._hidden_name = self._hidden_name or code.co_name

    def _notice_return(self, frame: types.FrameType, result: Any) -> None:
        code = frame.f_code
        if name := internals.operation_codes().get(code):
            self._add_operation(frame, name, result)
        elif self._hidden is frame:
            self._hidden = None
            self._add_function(frame, result)
        elif self._hidden is not None:
            return
        elif way := internals.ways_out().get(code):
            self._add_departure(frame, way)
        elif code is internals.constant_code():
            if isinstance(frame.f_locals["value"], (np.ndarray, np.generic)):
                self._observation.arrivals.append(result)
            self._observation.constants.append(result)
        elif code is internals.forward_code():
            self._add_tape_call(frame, "jvp", result)
        elif code is self._compiled:
            self._add_compiled(frame, result)
        elif method := internals.tape_methods().get(code):
            if frame in self._questions:
                self._end_question(frame, result)
            elif method not in ("__enter__", "stop_recording", *_QUESTIONS):
                self._add_tape_call(frame, method)

    def _add_departure(self, frame: types.FrameType, way: str) -> None:
        if frame.f_back and frame.f_back.f_code in internals.looking_only():
            return
        given = frame.f_locals
        tensor = given["self"] if "self" in given else given["x"]
        if isinstance(tensor, tf.keras.Variable):
            tensor = tensor.value
        self._observation.events.append(
            Departure(tensor, way, own_line(frame), _called_by_learner(frame))
        )

    def _add_operation(self, frame: types.FrameType, name: str, result: Any) -> None:
        arguments = _arguments(frame)
        variable = _resource_variable(frame) if name not in ITERATING else None
        if variable is not None:
            self._by_handle[id(variable.handle)] = variable
            # What it was created with was stored before it could be known.
            if first := self._first_values.pop(id(variable.handle), None):
                first.inputs.insert(0, variable)
                first.values.insert(0, first.values[0])
        if self._hidden is not None and variable is not None:
            self._hidden_variables.append(variable)
        inputs = [
            self._by_handle.get(id(leaf), leaf)
            for key, leaf in named_leaves(arguments)
            if is_input(key, leaf, name)
            or (variable is None and id(leaf) in self._by_handle)
        ]
        if variable is not None:
            self._add(frame, name, [variable, *inputs], result)
        else:
            self._add(frame, name, inputs, result, arguments=arguments)
            if name == "AssignVariableOp" and self._hidden is None:
                handle = arguments.get("resource")
                self._first_values[id(handle)] = self._observation.events[-1]

    def _add_function(self, frame: types.FrameType, result: Any) -> None:
        inputs = [
            leaf for key, leaf in named_leaves(frame.f_locals) if is_input(key, leaf)
        ]
        name = self._hidden_name or _caller_name(frame)
        inputs += self._hidden_variables
        named = [each for each in frame.f_locals.values() if isinstance(each, dict)]
        by_keyword = any(map(tf.is_tensor, tf.nest.flatten(named)))
        self._add(frame, name, inputs, result, is_function=True, by_keyword=by_keyword)

    def _add_compiled(self, frame: types.FrameType, result: Any) -> None:
        function, given = frame.f_locals["self"], frame.f_locals
        own = {id(each.handle): each for each in function.variables}
        by_handle = self._by_handle | own
        inputs = [
            by_handle.get(id(leaf), leaf)
            for leaf in [*given["tensor_inputs"], *given["captured_inputs"]]
        ]
        name = function.graph.name
        self._add(frame, name, inputs, result, is_function=True, graph=function.graph)

    def _add(
        self,
        frame: types.FrameType,
        name: str,
        inputs: list[Any],
        result: Any,
        *,
        is_function: bool = False,
        arguments: dict[str, Any] | None = None,
        graph: Any = None,
        by_keyword: bool = False,
    ) -> None:
        results = tf.nest.flatten(result, expand_composites=True)
        outputs = [
            leaf for leaf in results if isinstance(leaf, internals.eager_tensor())
        ]
        if result is not None and not outputs:
            return  # It only became part of a graph that is being traced.
        if self._hidden is not None:
            # Without tensors: recompute_grad is there so that they need not be kept.
            given = frozenset(id(leaf) for leaf in inputs if tf.is_tensor(leaf))
            line = own_line(frame)
            self._hidden_inside.append(Operation(name, [], [], [], line, given=given))
            return
        values = [value_now(leaf) for leaf in inputs]
        if name.startswith("Assign") and self._value_before is not None:
            values[0] = self._value_before
        operation = Operation(
            name,
            inputs,
            values,
            outputs,
            own_line(frame),
            tf.get_current_name_scope(),
            is_function,
            graph=graph,
            thread=threading.get_ident(),
            caller=_called_by_learner(frame),
            by_keyword=by_keyword,
            _arguments=arguments,
        )
        if is_function:
            operation.inside, self._hidden_inside = self._hidden_inside, []
        self._observation.events.append(operation)

    def _add_tape_call(
        self, frame: types.FrameType, method: str, result: Any = None
    ) -> None:
        arguments = _arguments(frame)
        tape = arguments.pop("self")
        if tape is not self._tape:
            self._observation.events.append(
                TapeCall(
                    tape_number(tape),
                    method,
                    arguments,
                    result,
                    own_line(frame),
                    call_of(own_frame(frame)),
                    internals.watches_variables(tape),
                    internals.is_persistent(tape),
                )
            )

    def _begin_question(self, frame: types.FrameType, method: str) -> None:
        """Add a question to a tape; those that a Jacobian asks by itself are none."""
        tape = frame.f_locals["self"]
        caller = frame.f_back
        if caller is not None and _is_ours(caller):
            caller = caller.f_back
        is_learners = caller is None or is_own(caller.f_code)
        if is_learners and all(
            each.f_locals["self"] is not tape for each in self._questions
        ):
            self._questions.append(frame)
            if self._tape is not None and (asking := own_frame(caller)):
                # Not of a learner's block: the names would keep its tape in memory.
                self._observation.local_names = dict(asking.f_locals)
            self._add_tape_call(frame, method)

    def _end_question(self, frame: types.FrameType, result: Any) -> None:
        self._questions.remove(frame)
        number = tape_number(frame.f_locals["self"])
        for event in reversed(self._observation.events):
            if (
                isinstance(event, TapeCall)
                and event.tape == number
                and event.method in _QUESTIONS
            ):
                event.result = result
                return


def _is_ours(frame: types.FrameType) -> bool:
    """Tell whether a frame is that of the wrapper round a tape's methods."""
    return frame.f_globals.get("__name__", "").startswith("gradtape.tape.record")


def _arguments(frame: types.FrameType) -> dict[str, Any]:
    code = frame.f_code
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    values = frame.f_locals
    return {name: values[name] for name in names if name in values}


def _resource_variable(frame: types.FrameType) -> tf.Variable | None:
    """Return the variable that an operation reads or assigns to, if it is one.

    The operation is given the variable's storage alone; the variable is found among its
    callers.
    """
    if not any(
        isinstance(value, internals.eager_tensor()) and value.dtype == tf.resource
        for value in frame.f_locals.values()
    ):
        return None
    for _ in range(_CALLERS_UP):
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


def _called_by_learner(frame: types.FrameType) -> str:
    """Return the function of a library that the learner's code called, if one did."""
    name = ""
    while frame is not None and not is_own(frame.f_code):
        if frame.f_code.co_name not in _WRAPPERS:
            name = frame.f_code.co_name
        frame = frame.f_back
    return name


# What TensorFlow and Keras put around each of their functions.
_WRAPPERS = {"error_handler", "op_dispatch_handler", "wrapper"}
