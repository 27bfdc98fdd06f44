"""Which private parts of TensorFlow a new version has moved."""

import types

import pytest
import tensorflow as tf

from gradtape.tape.record import tensorflow_internals as internals


def test_state_of_a_tape_is_known():
    x = tf.constant(2.0)
    tape = tf.GradientTape()
    with tape:
        tape.watch(x)
        y = x**2
        assert internals.is_recording(tape)
        assert internals.is_on_record(tape, y)
    assert not internals.is_recording(tape)
    assert not internals.is_used_up(tape)
    assert internals.is_on_record(tape, y)
    assert not internals.is_on_record(tape, tf.constant(1.0))
    tape.gradient(y, x)
    assert internals.is_used_up(tape)


@pytest.mark.parametrize("wanted", [True, False])
def test_how_a_tape_was_made_is_known(wanted):
    tape = tf.GradientTape(persistent=wanted, watch_accessed_variables=wanted)
    assert internals.is_persistent(tape) is wanted
    assert internals.watches_variables(tape) is wanted


@pytest.mark.parametrize(
    "name",
    [
        "adder",
        "compiled_call",
        "constant_code",
        "function_call",
        "gradient_function",
    ],
)
def test_code_that_is_watched_is_there(name):
    assert isinstance(getattr(internals, name)(), types.CodeType)


def test_arguments_of_a_gradient_function_are_those_that_are_read():
    names = internals.gradient_function().co_varnames
    assert {"op_name", "inputs", "outputs", "out_grads", "num_inputs"} <= set(names)
    assert "skip_input_indices" in names
    assert "gradients" in internals.adder().co_varnames
    assert {"tensor_inputs", "captured_inputs"} <= set(
        internals.compiled_call().co_varnames
    )


def test_operations_and_methods_are_found():
    assert set(internals.operation_codes().values()) >= {"Sqrt", "MatMul", "Round"}
    assert set(internals.tape_methods().values()) == set(internals.TAPE_METHODS)
    assert set(internals.ways_out().values()) >= {"numpy", "__float__", "__bool__"}
    assert len(internals.functions_hiding_their_inside()) == 2
    assert len(internals.functions_with_own_gradient()) == 2


def test_gradient_of_an_operation_can_be_computed_again():
    seen = []
    from gradtape.tape.record.backward import Step, way_back

    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.square(x)
    seen = [each for each in way_back(tape, y, [x]).events if isinstance(each, Step)]
    (square,) = [each for each in seen if each.name == "Square"]
    assert float(square.again([tf.constant(2.0)])[0]) == 12.0
