"""What is left out of a drawing, and what is folded."""

import tensorflow as tf

from gradtape.tape.drawing.simplify import folded, operations_in, without_plumbing
from gradtape.tape.record.record import record


def names(graph, kind="operation"):
    return [node.name for node in graph.nodes if node.kind == kind]


def is_in_order(graph):
    place = {node: n for n, node in enumerate(graph.nodes)}
    later = {edge.start for edge in graph.edges if place[edge.start] > place[edge.end]}
    return all(node.kind != "operation" for node in later)


def two_scopes(x):
    with tf.name_scope("first"):
        x = tf.sin(x) * 2.0
        x = tf.exp(x)
    with tf.name_scope("second"):
        return tf.sqrt(x) + x


def test_axes_and_shapes_are_left_out():
    graph = record(
        lambda x: tf.reshape(tf.reduce_sum(x, axis=0), (1, 2)), tf.ones((3, 2))
    )
    simple = without_plumbing(graph)
    assert names(simple) == ["Sum", "Reshape"]
    assert names(simple, "constant") == []


def test_what_is_calculated_from_constants_alone_is_one_constant():
    simple = without_plumbing(
        record(lambda x: x * tf.sqrt(tf.constant(2.0) + 7.0), 1.0)
    )
    fixed = [node for node in simple.nodes if not node.depends_on_source]
    assert [float(node.value) for node in fixed] == [3.0]


def test_unused_argument_stays():
    simple = without_plumbing(record(lambda x, y: x**2, 1.0, 2.0))
    assert names(simple, "argument") == ["x", "y"]


def test_few_nodes_are_not_folded():
    graph = record(two_scopes, 0.5)
    assert folded(graph) == (graph, {})


def test_long_calculation_is_folded_in_the_middle():
    def f(x):
        for _ in range(100):
            x = tf.sin(x)
        return x

    graph, folds = folded(record(f, 1.0))
    ((fold, members),) = folds.items()
    assert len(graph.nodes) <= 60
    assert operations_in(members) + len(names(graph)) == 100
    assert fold.gradient is not None and is_in_order(graph)


def test_lines_of_code_are_folded_where_there_are_no_scopes():
    def f(x):
        a = tf.sin(x) * 2.0 + tf.cos(x) * 3.0 + tf.tan(x) * 4.0
        b = tf.sin(a) * 2.0 + tf.cos(a) * 3.0 + tf.tan(a) * 4.0
        c = tf.sin(b) * 2.0 + tf.cos(b) * 3.0 + tf.tan(b) * 4.0
        d = tf.sin(c) * 2.0 + tf.cos(c) * 3.0 + tf.tan(c) * 4.0
        e = tf.sin(d) * 2.0 + tf.cos(d) * 3.0 + tf.tan(d) * 4.0
        return tf.sin(e) * 2.0 + tf.cos(e) * 3.0 + tf.tan(e) * 4.0

    _, folds = folded(record(f, 0.1), most=30)
    assert [operations_in(members) for members in folds.values()] == [8] * 6
    assert next(iter(folds)).name.startswith("a = tf.sin(x) * 2.0")
    gradients = [float(node.gradient) for node in folds]
    assert gradients[-1] == 1.0 and 0.0 not in gradients


def test_variables_of_a_fold_are_among_its_members():
    weights = [tf.Variable(0.5, name=f"w{n}") for n in range(8)]

    def f(x):
        for number, weight in enumerate(weights):
            with tf.name_scope(f"layer{number}"):
                x = tf.tanh(weight * x + 1.0)
        return x

    graph, folds = folded(record(f, 0.1), most=20)
    assert [node.name for node in folds] == [f"layer{n}" for n in range(8)]
    assert all(any(member.is_source for member in inside) for inside in folds.values())
    assert names(graph, "variable") == []
    assert is_in_order(graph)
