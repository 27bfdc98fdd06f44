"""Values and operations in few signs."""

import pytest
import tensorflow as tf

from gradtape.tape.record.labels import (
    gradient_label,
    operation_label,
    value_label,
    value_text,
)


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (16.135, "16.135"),
        (-22.0, "−22"),
        (1 / 3, "0.33333"),
        (123456.0, "1.2346·10⁵"),
        (1e-7, "10⁻⁷"),
        (-2.5e-12, "−2.5·10⁻¹²"),
        (float("nan"), "NaN"),
        (float("-inf"), "−∞"),
        (-0.0, "0"),
        (True, "T"),
        (7, "7"),
        (3.0 - 2.0j, "3−2i"),
        ([1.0, -2.5], "[1, −2.5]"),
        ([], "[]"),
        ([1.0, 2.0, 3.0, 4.0], "[1, 2, 3, 4]"),
        ([1.0, 2.0, 3.0, 4.0, 5.0], "(5) [1, 2, …]"),
        ([[1.0, 2.0], [3.0, 4.0]], "[1, 2; 3, 4]"),
        ([[1.0, 2.0]], "1×2 [1, 2]"),
        ([[1.23456, 2.0, 3.0]] * 2, "2×3 [1.23, 2, …]"),
        ([True, False], "[T, F]"),
        ("text", "string"),
    ],
)
def test_value(value, label):
    assert value_label(tf.constant(value)) == label


@pytest.mark.parametrize("dtype", [tf.float16, tf.bfloat16, tf.float64, tf.int8])
def test_value_of_any_dtype(dtype):
    assert value_label(tf.constant([3, -4], dtype)) == "[3, −4]"


def test_text_for_descriptions_has_numbers_as_python_writes_them():
    assert value_text(tf.constant([-2.5e-12, 1e20])) == "[-2.5e-12, 1e+20]"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("AddV2", "+"),
        ("MatMul", "matmul"),
        ("SelectV2", "where"),
        ("TopKV2", "top_k"),
        ("Conv2D", "conv2d"),
        ("L2Loss", "l2_loss"),
        ("LogSoftmax", "log_softmax"),
        ("Relu6", "relu6"),
    ],
)
def test_operation(name, label):
    assert operation_label(name) == label


def test_gradients_between_two_boxes():
    numbers = [tf.constant(number) for number in (3.0, -1.0)]
    assert gradient_label(numbers) == "3 − 1"
    rows = [tf.constant(row) for row in ([1.0, 2.0], [3.0, 5.0])]
    assert gradient_label(rows) == "[4, 7]"
    assert gradient_label([numbers[0], rows[0]]) == "3, [1, 2]"
