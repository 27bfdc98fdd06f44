"""TensorFlow that rounds as another machine might: on purpose, and repeatably.

A stand-in for processors and graphics cards that are not here. Operations run as ever,
then the numbers that came out are changed in their memory, so that a tape's record is as
it would be. Functions made by ``tf.function`` run step by step meanwhile.
"""

from collections.abc import Callable
from ctypes import memmove

import numpy as np
import tensorflow as tf
from tensorflow.python import pywrap_tfe
from tensorflow.python.eager import record

# Sums of products, whose inputs a graphics card may round to ten bits (TF32).
PRODUCTS = frozenset(
    ["BatchMatMul", "BatchMatMulV2", "BatchMatMulV3", "Conv2D", "Einsum", "MatMul"]
    + ["Conv2DBackpropFilter", "Conv2DBackpropInput"]
)
# What is not rounded correctly everywhere: sums, whose order varies, and functions that
# are approximated. (+, -, *, / and sqrt give the same bits on every machine.)
APPROXIMATED = PRODUCTS | frozenset(
    ["Acos", "Asin", "Atan", "Atan2", "Cos", "Cosh", "Digamma", "Erf", "Erfc", "Exp"]
    + ["Expm1", "Lgamma", "Log", "Log1p", "LogSoftmax", "Mean", "Pow", "Prod", "Rsqrt"]
    + ["Sigmoid", "SigmoidGrad", "Sin", "Sinh", "Softmax", "Softplus", "SoftplusGrad"]
    + ["SoftmaxCrossEntropyWithLogits", "SparseSoftmaxCrossEntropyWithLogits", "Sum"]
    + ["Tan", "Tanh", "TanhGrad", "AddN", "BiasAddGrad", "Cumsum", "L2Loss"]
    + ["FusedBatchNormV3", "FusedBatchNormGradV3"]
)
_KEPT_BY_TF32 = np.uint32(0xFFFFE000)  # sign, eight bits of exponent, ten of mantissa
_HALF_A_STEP = np.uint32(0x00001000)


def rounding_noise(seed: int = 1) -> None:
    """Move what is approximated by one step of its last bit, up, down or not at all."""
    random = np.random.default_rng(seed)

    def moved(value: np.ndarray, again: Callable) -> np.ndarray:
        steps = random.integers(-1, 2, value.shape)
        towards = np.where(steps > 0, np.inf, -np.inf).astype(value.dtype)
        return np.where(steps == 0, value, np.nextafter(value, towards))

    _change_results(APPROXIMATED, moved)


def tf32() -> None:
    """Round the inputs of products to ten bits of mantissa, as TF32 does."""

    def from_rounded(value: np.ndarray, again: Callable) -> np.ndarray:
        return again(_to_ten_bits)

    _change_results(PRODUCTS, from_rounded)


def _to_ten_bits(tensor: tf.Tensor) -> tf.Tensor:
    """Round half away from zero; what is not float32 stays as it is."""
    if getattr(tensor, "dtype", None) != tf.float32:
        return tensor
    bits = tensor.numpy().view(np.uint32)
    return tf.constant(((bits + _HALF_A_STEP) & _KEPT_BY_TF32).view(np.float32))


def _change_results(operations: frozenset[str], changed: Callable) -> None:
    """Let every operation of these names give other numbers.

    ``changed(value, again)`` gets a float result; ``again(f)`` is what the operation
    gives when f is applied to its inputs first.
    """
    execute = pywrap_tfe.TFE_Py_FastPathExecute

    def execute_and_change(context, name, label, *inputs):
        result = execute(context, name, label, *inputs)
        if name in operations:
            with record.stop_recording():
                for tensor in result if isinstance(result, list) else [result]:
                    if tensor.dtype.is_floating and tensor.dtype.size > 2:

                        def again(f: Callable) -> np.ndarray:
                            prepared = [_applied(f, each) for each in inputs]
                            return execute(context, name, label, *prepared).numpy()

                        memory = np.asarray(memoryview(tensor))
                        new = np.ascontiguousarray(
                            changed(memory, again), dtype=memory.dtype
                        )
                        memmove(memory.ctypes.data, new.ctypes.data, new.nbytes)
        return result

    pywrap_tfe.TFE_Py_FastPathExecute = execute_and_change
    tf.config.run_functions_eagerly(True)
    # Of which TensorFlow warns in the middle of a lesson.
    tf.get_logger().addFilter(lambda record: "run_functions_eagerly" not in record.msg)


def _applied(f: Callable, value: object) -> object:
    if isinstance(value, list):
        return [_applied(f, each) for each in value]
    if isinstance(value, tf.Variable):
        value = value.read_value()
    return f(value) if isinstance(value, tf.Tensor) else value
