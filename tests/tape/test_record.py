"""What the recorded graph says of a function: values, gradients, derivatives."""

import numpy as np
import pytest
import tensorflow as tf

from gradtape.tape.record.record import record


def values(graph, kind="operation"):
    return [
        (node.name, float(np.sum(node.value)))
        for node in graph.nodes
        if node.kind == kind
    ]


def gradients(graph):
    return {node.name: node.gradient for node in graph.sources}


def test_sum_of_two_terms_has_the_syllabus_numbers():
    graph = record(lambda x, y: 3 * x**2 + 2 * y, 2.0, 3.0)
    assert values(graph) == [("Pow", 4), ("Mul", 12), ("Mul", 6), ("AddV2", 18)]
    assert {name: float(g) for name, g in gradients(graph).items()} == {"x": 12, "y": 2}


def test_ways_back_add_up_to_the_gradient():
    graph = record(lambda x: x * tf.sin(x) + x**2, 0.7)
    source = graph.sources[0]
    ways = [float(edge.gradient) for edge in graph.uses(source)]
    assert len(ways) == 3
    assert sum(ways) == pytest.approx(float(source.gradient))
    assert float(source.gradient) == pytest.approx(
        np.sin(0.7) + 0.7 * np.cos(0.7) + 1.4, rel=1e-6
    )


def test_same_value_used_twice_by_one_operation_has_two_edges():
    graph = record(lambda x: x * x, 3.0)
    assert [float(edge.gradient) for edge in graph.edges] == [3.0, 3.0]


def test_local_derivative_is_that_of_the_operation_alone():
    graph = record(lambda x: tf.exp(3.0 * x), 0.5)
    (exp,) = [node for node in graph.nodes if node.name == "Exp"]
    (edge,) = graph.inputs(exp)
    assert float(graph.local_derivative(edge)) == pytest.approx(np.exp(1.5), rel=1e-6)
    (times,) = graph.uses(graph.sources[0])
    assert float(graph.local_derivative(times)) == 3.0


def test_matrix_product_has_no_derivative_entry_by_entry():
    graph = record(lambda x: tf.matmul(x, x), [[1.0, 2.0], [3.0, 4.0]])
    assert graph.local_derivative(graph.edges[0]) is None


def test_captured_variables_are_sources_with_their_names():
    weight, bias = tf.Variable(0.5), tf.Variable(0.1)
    inputs = tf.constant([1.0, 2.0, 3.0, 4.0])

    def loss():
        return tf.reduce_mean((weight * inputs + bias - 2 * inputs) ** 2)

    graph = record(loss)
    found = gradients(graph)
    assert list(found) == ["weight", "bias"]
    assert float(found["weight"]) == pytest.approx(-22.0)
    assert float(found["bias"]) == pytest.approx(-7.3)
    assert "inputs" in [node.name for node in graph.nodes]


def test_keras_layer_is_recorded_with_its_variables():
    layer = tf.keras.layers.Dense(2, use_bias=False, kernel_initializer="ones")
    layer.build((None, 3))
    graph = record(lambda x: tf.reduce_sum(layer(x)), tf.ones((1, 3)))
    assert values(graph) == [("MatMul", 6), ("Sum", 6)]
    assert [float(np.sum(g)) for g in gradients(graph).values()] == [6.0, 6.0]


def test_only_the_branch_that_ran_is_recorded():
    def f(x):
        if x > 0:
            return x**2
        return tf.exp(x)

    assert values(record(f, 3.0)) == [("Pow", 9)]
    assert [name for name, _ in values(record(f, -1.0))] == ["Exp"]


def test_every_round_of_a_loop_is_recorded():
    def f(x):
        return tf.while_loop(
            lambda n, y: n < 3, lambda n, y: (n + 1, y * x), (0, tf.constant(1.0))
        )[1]

    graph = record(f, 2.0)
    assert [name for name, _ in values(graph) if name == "Mul"] == ["Mul"] * 3
    assert float(graph.sources[0].gradient) == 12.0


def test_tf_function_is_recorded_inside_and_out():
    f = tf.function(lambda x: tf.sin(x) ** 2)
    assert [name for name, _ in values(record(f, 1.0))] == ["Sin", "Pow"]
    assert not tf.config.functions_run_eagerly()


def test_function_with_its_own_gradient_is_one_operation():
    @tf.custom_gradient
    def clipped(x):
        return tf.exp(x) * 2.0, lambda upstream: upstream * 5.0

    graph = record(lambda x: clipped(x) + x, 1.0)
    assert [name for name, _ in values(graph)] == ["clipped", "AddV2"]
    assert float(graph.sources[0].gradient) == 6.0
    assert [float(e.gradient) for e in graph.uses(graph.sources[0])] == [5.0, 1.0]


def test_function_of_tensorflow_with_its_own_gradient_has_its_name():
    graph = record(lambda x: tf.nn.silu(x) + x, 1.0)
    assert [name for name, _ in values(graph)] == ["swish", "AddV2"]


def test_variables_keep_their_values_and_each_assignment_is_recorded():
    state = tf.Variable(2.0)

    def f(x):
        state.assign(x * 3.0)
        return state * 2.0

    graph = record(f, 5.0)
    assert float(state) == 2.0
    assert values(graph) == [("Mul", 15), ("AssignVariableOp", 15), ("Mul", 30)]
    (cut,) = [edge for edge in graph.edges if edge.is_cut]
    assert cut.end.name == "AssignVariableOp"


def test_function_is_called_once():
    calls = []
    record(lambda x: calls.append(x) or x**2, 1.0)
    assert len(calls) == 1


def test_value_that_leaves_tensorflow_is_a_cut():
    graph = record(lambda x: float(x**2) * tf.constant(2.0), 3.0)
    assert ("float", 9.0) in values(graph, "departure")
    assert gradients(graph)["x"] is None
    assert [edge.end.kind for edge in graph.edges if edge.is_cut] == ["departure"]


def test_operation_without_gradient_is_named():
    graph = record(
        lambda x: tf.reduce_sum(tf.image.adjust_hue(x, 0.1)), tf.ones((1, 2, 2, 3))
    )
    assert graph.missing_operation == "AdjustHue"
    (cut,) = [edge for edge in graph.edges if edge.is_cut]
    assert (cut.start.name, cut.end.name) == ("x", "AdjustHue")


def test_arguments_may_be_nested_and_whole():
    graph = record(lambda p: p["w"] * p["x"][0], {"w": 3, "x": [2, 4]})
    assert {
        n: None if g is None else list(np.ravel(g)) for n, g in gradients(graph).items()
    } == {"p.w": [2.0], "p.x[0]": [3.0], "p.x[1]": None}


@pytest.mark.parametrize("whole", [3, [3], np.array([3]), tf.constant([3], tf.int64)])
def test_whole_numbers_become_floats_of_tensorflows_usual_kind(whole):
    (source,) = record(lambda x: x**2, whole).sources
    assert source.value.dtype == source.gradient.dtype == tf.float32
    np.testing.assert_allclose(source.gradient, 6 * np.ones(np.shape(whole)))


def test_not_a_function_is_said_with_its_value():
    with pytest.raises(TypeError, match=r"f is 81\.0, which cannot be called"):
        record(81.0)


def test_errors_of_the_function_are_its_own():
    with pytest.raises(ZeroDivisionError):
        record(lambda x: 1 / 0, 1.0)


def test_variable_that_is_added_to_has_both_values_and_the_sum_is_a_new_start():
    state = tf.Variable(2.0)

    def f(x):
        state.assign_add(x)
        return state * x

    graph = record(f, 3.0)
    assert [float(node.value) for node in graph.nodes] == [3.0, 2.0, 5.0, 15.0]
    (cut,) = [edge for edge in graph.edges if edge.is_cut]
    assert (cut.start.name, cut.end.name) == ("x", "AssignAddVariableOp")
    assert gradients(graph) == {"x": 5.0, "state": 3.0}


def test_bias_of_a_keras_layer_with_activation_is_a_source():
    layer = tf.keras.layers.Dense(1, activation="tanh")
    layer.build((None, 2))
    graph = record(lambda: tf.reduce_sum(layer(tf.ones((1, 2)))))
    assert len(gradients(graph)) == 2


def test_condition_that_tensorflow_looks_at_is_no_departure():
    graph = record(lambda x: tf.cond(x > 0, lambda: x**2, lambda: -x), 3.0)
    assert values(graph, "departure") == []
    assert values(graph) == [("Pow", 9)]


def test_way_through_complex_numbers_is_open():
    graph = record(lambda x: tf.abs(tf.complex(x, 1.0)) ** 2, 3.0)
    assert not [edge for edge in graph.edges if edge.is_cut]
    (way,) = graph.uses(graph.sources[0])
    assert float(way.gradient) == pytest.approx(6.0)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.square(x) * x,
        lambda x: x * np.square(x),
        lambda x: tf.multiply(tf.constant(np.square(x)), x),
    ],
)
def test_constant_that_numpy_calculated_is_known(f):
    (constant,) = [node for node in record(f, 3.0).nodes if node.kind == "constant"]
    assert constant.is_from_numpy
    assert float(constant.value) == 9.0


def test_constants_of_the_code_and_named_arrays_are_not_from_numpy():
    data = np.array([1.0, 2.0], np.float32)
    graph = record(lambda x: (2.0 * x + np.pi) * data, 3.0)
    assert not [node for node in graph.nodes if node.is_from_numpy]
