"""Everything of TensorFlow that is used and is not public, in one place.

Each name stands beside why it is needed and the version in which it was last seen;
``tests/tape/test_tensorflow_internals.py`` says which of them a new TensorFlow has moved.
Nothing else in gradtape names a private part of TensorFlow.
"""

from __future__ import annotations

import functools
import inspect
import sys
import types
from typing import Any

import tensorflow as tf

from gradtape.tape.record.profilers import restore_profiler

# The methods of a tape that a run tells of; all are public.
TAPE_METHODS = (
    *("__enter__", "__exit__", "watch", "reset", "stop_recording"),
    *("gradient", "jacobian", "batch_jacobian"),
)
# The ways by which a tensor's numbers leave for Python and NumPy; all are public.
_WAYS_OUT = (
    *("numpy", "__array__", "__float__", "__int__", "__index__", "__complex__"),
    *("__bool__", "__str__", "__repr__", "__format__"),
)


# The state of a tape. Seen in TensorFlow 2.18 to 2.21.


def is_used_up(tape: tf.GradientTape) -> bool:
    """Tell whether a tape has given its gradients and dropped its record.

    Before its first block, too, it has none. Public is only the RuntimeError.
    """
    return getattr(tape, "_tape", tape) is None


def is_persistent(tape: tf.GradientTape) -> bool:
    """Tell whether a tape can be asked more than once."""
    return bool(getattr(tape, "_persistent", True))


def is_recording(tape: tf.GradientTape) -> bool:
    """Tell whether the tape's block is running."""
    return bool(getattr(tape, "_recording", False))


def watches_variables(tape: Any) -> bool:
    """Tell whether a tape watches variables without being told."""
    return bool(getattr(tape, "_watch_accessed_variables", True))


def is_on_record(tape: tf.GradientTape, tensor: tf.Tensor) -> bool:
    """Tell whether a tape follows a tensor. Nothing is computed, nothing recorded."""
    record = sys.modules[inspect.unwrap(tf.custom_gradient).__module__].record
    if is_recording(tape):
        return record.should_record_backprop([tensor])
    with tape:
        return record.should_record_backprop([tensor])


# The code through which every operation and every step back passes.


@functools.cache
def operation_codes() -> dict[types.CodeType, str]:
    """Return the Python functions behind ``tf.raw_ops``, with the operations' names."""
    return {
        inspect.unwrap(getattr(tf.raw_ops, name)).__code__: name
        for name in dir(tf.raw_ops)
        if not name.startswith("_")
    }


@functools.cache
def eager_tensor() -> type:
    """Return the class of tensors that hold numbers; only ``tf.Tensor`` is public."""
    return type(tf.constant(0.0))


@functools.cache
def ways_out() -> dict[types.CodeType, str]:
    """Return the methods of a tensor that give its numbers away."""
    ways = {getattr(eager_tensor(), way).__code__: way for way in _WAYS_OUT}
    # Keras 3: NumPy reads the numbers from memory there, and asks the tensor for nothing.
    convert = inspect.unwrap(tf.keras.ops.convert_to_numpy)
    return ways | {convert.__code__: convert.__name__}


@functools.cache
def tape_methods() -> dict[types.CodeType, str]:
    """Return the code of a tape's methods."""
    return {
        inspect.unwrap(getattr(tf.GradientTape, method)).__code__: method
        for method in TAPE_METHODS
    }


@functools.cache
def forward_code() -> types.CodeType:
    """Return the method by which an accumulator gives a derivative forwards."""
    return inspect.unwrap(tf.autodiff.ForwardAccumulator.jvp).__code__


@functools.cache
def constant_code() -> types.CodeType:
    """Return what every array of NumPy's passes through on its way to a tensor."""
    return inspect.unwrap(tf.constant).__code__


@functools.cache
def looking_only() -> frozenset[types.CodeType]:
    """Return what looks at a value only to decide, as ``tf.cond`` does."""
    return frozenset({inspect.unwrap(tf.get_static_value).__code__})


@functools.cache
def functions_hiding_their_inside() -> frozenset[types.CodeType]:
    """Return what runs a function without recording its inside."""
    with_own_gradient = tf.custom_gradient(lambda x: (x, None))
    runners = (type(with_own_gradient).__call__, tf.vectorized_map)
    return frozenset(
        inspect.unwrap(runner).__code__
        for runner in runners
        if hasattr(inspect.unwrap(runner), "__code__")
    )


@functools.cache
def compiled_call() -> types.CodeType | None:
    """Return the method by which every compiled function is executed.

    ``ConcreteFunction._call_flat(tensor_inputs, captured_inputs)``, TensorFlow 2.0 to 2.21.
    """
    concrete = tf.types.experimental.ConcreteFunction
    compiled = tf.function(lambda: tf.constant(0.0)).get_concrete_function()
    method = getattr(type(compiled), "_call_flat", None)
    return method.__code__ if method and isinstance(compiled, concrete) else None


@functools.cache
def function_call() -> types.CodeType:
    """Return the method by which every ``tf.function`` is called, compiled or not."""
    return inspect.unwrap(type(tf.function(lambda: 0)).__call__).__code__


def _backprop() -> types.ModuleType:
    return sys.modules[inspect.unwrap(tf.GradientTape.gradient).__module__]


@functools.cache
def gradient_function() -> types.CodeType:
    """Return what computes the gradient of one operation: ``backprop._gradient_function``."""
    return _backprop()._gradient_function.__code__


def repeat_gradient_function(arguments: dict[str, Any], out_grads: list[Any]) -> Any:
    """Compute an operation's gradient again, of other gradients that arrive there."""
    return _backprop()._gradient_function(**(arguments | {"out_grads": out_grads}))


@functools.cache
def adder() -> types.CodeType:
    """Return what adds gradients that meet: ``backprop._aggregate_grads``."""
    return _backprop()._aggregate_grads.__code__


@functools.cache
def functions_with_own_gradient() -> frozenset[types.CodeType]:
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
            restore_profiler(before)
    return frozenset(found)


@functools.cache
def steps_back() -> frozenset[types.CodeType]:
    """Return the code of everything that is called on the way back."""
    return frozenset({gradient_function(), adder(), *functions_with_own_gradient()})
