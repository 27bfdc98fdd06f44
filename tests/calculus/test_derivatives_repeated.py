"""Derivatives asked for again: run without f where that is right, and only there."""

import functools
import itertools
import math
import random
import sys
import types

import numpy as np
import pytest
import tensorflow as tf

import gradtape as gt

X = [1.0, 2.0]
scale = 2.0


def helper(x):
    return 2.0 * x


def calls(f, run):
    """Return how often f is called while something runs."""
    count = 0

    def watch(frame, event, _):
        nonlocal count
        count += event == "call" and frame.f_code is f.__code__

    sys.setprofile(watch)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


def bell(x):
    return tf.sin(x) * tf.exp(-x * x / 2.0)


@pytest.mark.parametrize("order", [0, 2, 4, 8])
def test_f_is_not_called_again_when_nothing_has_changed(order):
    def f(x):
        return bell(x)

    counts = [calls(f, lambda: gt.derivatives(f, X, order)) for _ in range(4)]
    assert counts == ([1, 0, 0, 0] if order > 4 else [1, 1, 0, 0])


@pytest.mark.parametrize(
    "x", [np.float32([1, 2, 3]), np.float64([1, 2]), np.float32([[1, 2]])]
)
def test_another_shape_or_dtype_is_another_calculation(x):
    def f(x):
        return x**3

    for _ in range(3):
        gt.derivatives(f, X)
    rows = gt.derivatives(f, x)
    assert rows.dtype == x.dtype
    assert rows.numpy().tolist() == np.stack([x**3, 3 * x**2, 6 * x]).tolist()


def test_f_with_the_same_code_is_recognised():
    def f(factor):
        return lambda x: factor * bell(x)

    first, again, other = f(2.0), f(2.0), f(3.0)
    for _ in range(2):
        gt.derivatives(first, X)
    assert calls(again, lambda: gt.derivatives(again, X)) == 0
    assert gt.derivatives(other, X)[0].numpy() == pytest.approx(
        3 * bell(tf.constant(X)).numpy()
    )


def captured_number():
    factor = 2.0

    def change():
        nonlocal factor
        factor = 3.0

    return lambda x: factor * x, change


def global_number():
    return lambda x: scale * x, lambda: globals().update(scale=scale + 1.0)


def global_function():
    return lambda x: helper(x), lambda: globals().update(helper=lambda x: 5.0 * x)


def number_of_a_helper():
    factor = 2.0

    def scaled(x):
        return factor * x

    def change():
        nonlocal factor
        factor = 3.0

    return lambda x: scaled(x), change


def entry_of_a_list():
    factors = [1.0, [2.0]]
    return lambda x: factors[1][0] * x, lambda: factors[1].append(factors[1].pop() + 1)


def length_of_a_list():
    factors = [2.0]
    return lambda x: sum(factors) * x, lambda: factors.append(5.0)


def entry_of_a_dict():
    factors = {"a": {"b": 2.0}}
    return lambda x: factors["a"]["b"] * x, lambda: factors["a"].update(b=3.0)


def entry_of_an_array():
    factors = np.float32([2, 2])
    return lambda x: factors * x, lambda: factors.fill(3)


def entry_of_a_large_array():
    factors = np.ones(100_000, "float32")
    return lambda x: factors[0] * x, lambda: factors.fill(3)


def entry_behind_a_view():
    factors = np.float32([2, 2])
    view = factors[::-1]
    return lambda x: view * x, lambda: factors.fill(3)


def value_of_a_variable():
    factor = tf.Variable(2.0)
    return lambda x: factor * x, lambda: factor.assign(3.0)


def another_tensor():
    factor = tf.constant(2.0)

    def change():
        nonlocal factor
        factor = tf.constant(3.0)

    return lambda x: factor * x, change


def name_on_a_tensor():
    tensor = tf.constant(2.0)
    tensor.factor = 2.0
    return lambda x: tensor.factor * x, lambda: setattr(tensor, "factor", 3.0)


def default_value():
    def f(x, factor=2.0):
        return factor * x

    return f, lambda: setattr(f, "__defaults__", (3.0,))


def keyword_default():
    def f(x, *, factor=2.0):
        return factor * x

    return f, lambda: f.__kwdefaults__.update(factor=3.0)


def code():
    def f(x):
        return 2.0 * x

    return f, lambda: setattr(f, "__code__", (lambda x: 3.0 * x).__code__)


def name_on_the_function():
    def f(x):
        return f.factor * x

    f.factor = 2.0
    return f, lambda: setattr(f, "factor", 3.0)


def name_in_a_module():
    module = types.ModuleType("module")
    module.factor = 2.0
    return lambda x: module.factor * x, lambda: setattr(module, "factor", 3.0)


def attribute_of_an_object():
    thing = types.SimpleNamespace(factor=2.0)
    return lambda x: thing.factor * x, lambda: setattr(thing, "factor", 3.0)


class Scaling:
    def __init__(self):
        self.factor = 2.0

    def __call__(self, x):
        return self.factor * x

    def method(self, x):
        return self.factor * x


def object_that_is_called():
    scaling = Scaling()
    return scaling, lambda: setattr(scaling, "factor", 3.0)


def method():
    scaling = Scaling()
    return scaling.method, lambda: setattr(scaling, "factor", 3.0)


def class_attribute():
    class Fixed:
        factor = 2.0

    return lambda x: Fixed.factor * x, lambda: setattr(Fixed, "factor", 3.0)


def argument_of_a_partial():
    factors = [2.0]
    f = functools.partial(lambda factors, x: factors[0] * x, factors)
    return f, lambda: factors.append(factors.pop() + 1)


def layer_of_keras():
    layer = tf.keras.layers.Dense(1, kernel_initializer="ones")
    layer.build((None, 1))
    return lambda x: layer(x[:, None])[:, 0], lambda: layer.kernel.assign([[3.0]])


def activation_of_a_layer():
    layer = tf.keras.layers.Dense(1, kernel_initializer="ones")
    layer.build((None, 1))
    return (
        lambda x: layer(x[:, None])[:, 0],
        lambda: setattr(layer, "activation", tf.nn.softplus),
    )


def another_graph():
    graph = tf.function(lambda x: 2.0 * x)

    def change():
        nonlocal graph
        graph = tf.function(lambda x: 3.0 * x)

    return lambda x: graph(x), change


def sign_of_zero():
    zero = 0.0

    def change():
        nonlocal zero
        zero = -0.0

    return lambda x: math.copysign(1.0, zero) * x, change


def kind_of_number():
    factor = True

    def change():
        nonlocal factor
        factor = 1

    return lambda x: (2.0 if isinstance(factor, bool) else 3.0) * x, change


def members_of_a_set():
    factors = {2.0}
    return lambda x: sum(factors) * x, lambda: factors.add(3.0)


def what_f_remembers():
    memory = {}

    def f(x):
        if "factor" not in memory:
            memory["factor"] = tf.constant(2.0)
        return memory["factor"] * x

    return f, lambda: memory.update(factor=tf.constant(3.0))


def attribute_that_may_be_missing():
    variable = tf.Variable(1.0)

    def f(x):
        try:
            return variable.factor * x
        except AttributeError:
            return x

    return f, lambda: setattr(variable, "factor", 3.0)


CHANGES = [
    captured_number,
    global_number,
    global_function,
    number_of_a_helper,
    entry_of_a_list,
    length_of_a_list,
    entry_of_a_dict,
    entry_of_an_array,
    entry_of_a_large_array,
    entry_behind_a_view,
    value_of_a_variable,
    another_tensor,
    name_on_a_tensor,
    default_value,
    keyword_default,
    code,
    name_on_the_function,
    name_in_a_module,
    attribute_of_an_object,
    object_that_is_called,
    method,
    class_attribute,
    argument_of_a_partial,
    layer_of_keras,
    activation_of_a_layer,
    another_graph,
    sign_of_zero,
    kind_of_number,
    members_of_a_set,
    what_f_remembers,
    attribute_that_may_be_missing,
]


@pytest.mark.parametrize("case", CHANGES, ids=lambda case: case.__name__)
def test_a_change_of_what_f_reads_gives_the_new_answer(case):
    f, change = case()
    for _ in range(3):
        gt.derivatives(f, X, order=1)
    change()
    for _ in range(3):
        x = tf.constant(X)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        value, slope = gt.derivatives(f, X, order=1).numpy()
        assert value.tolist() == y.numpy().tolist()
        assert slope.tolist() == tape.gradient(y, x).numpy().tolist()


def test_f_defined_again_under_the_same_name_gives_the_new_answer():
    def f(x):
        return 2.0 * x

    for _ in range(3):
        assert gt.derivatives(f, X, 1)[1].numpy().tolist() == [2, 2]

    def f(x):
        return 3.0 * x

    for _ in range(3):
        assert gt.derivatives(f, X, 1)[1].numpy().tolist() == [3, 3]


def random_numbers():
    return {
        "numpy": lambda x: np.random.random() * x,
        "numpy generator": functools.partial(
            lambda generator, x: generator.random() * x, np.random.default_rng(0)
        ),
        "python": lambda x: random.random() * x,
        "tensorflow": lambda x: tf.random.uniform([]) * x,
        "tensorflow generator": functools.partial(
            lambda generator, x: generator.uniform([]) * x,
            tf.random.Generator.from_seed(0),
        ),
        "dropout": lambda x: tf.reduce_sum(
            tf.nn.dropout(tf.tile(x[None], [30, 1]), 0.5), axis=0
        ),
        "iterator": functools.partial(
            lambda numbers, x: float(next(numbers)) * x, itertools.count()
        ),
    }


@pytest.mark.parametrize("name", random_numbers())
def test_random_numbers_are_drawn_anew(name):
    f = random_numbers()[name]
    answers = {tuple(gt.derivatives(f, X, 1)[0].numpy()) for _ in range(12)}
    assert len(answers) >= 3


@pytest.mark.parametrize("name", ["tensorflow", "dropout"])
def test_random_numbers_answer_to_the_seed(name):
    f = random_numbers()[name]
    answers = set()
    for _ in range(4):
        tf.random.set_seed(1)
        answers.add(tuple(gt.derivatives(f, X, 1)[0].numpy()))
    assert len(answers) == 1


def test_what_f_does_besides_computing_is_done_every_time():
    log, counter = [], tf.Variable(0.0)

    def f(x):
        log.append(len(log))
        counter.assign_add(1.0)
        return x**2

    for _ in range(4):
        gt.derivatives(f, X, order=1)
    assert len(log) == 4
    assert counter.numpy() == 4


@pytest.mark.parametrize("order", [2, 6])
def test_a_tape_around_differentiates_by_what_f_captured(order):
    w = tf.Variable(3.0)

    def f(x):
        return tf.exp(w * x)

    for _ in range(3):
        with tf.GradientTape() as tape:
            second = gt.derivatives(f, 0.0, order)[2]
        assert tape.gradient(second, w).numpy() == pytest.approx(6.0)


@pytest.mark.parametrize("shape", [[2], [None], None])
def test_derivatives_can_be_part_of_a_graph(shape):
    @tf.function(input_signature=[tf.TensorSpec(shape, tf.float32)])
    def graph(x):
        return gt.derivatives(lambda x: x**3, x, order=3)

    assert graph(tf.constant(X)).numpy().tolist() == [[1, 8], [3, 12], [6, 12], [6, 6]]


def test_functions_run_eagerly_when_the_learner_says_so():
    def f(x):
        return bell(x)

    tf.config.run_functions_eagerly(True)
    try:
        counts = [calls(f, lambda: gt.derivatives(f, X, 2)) for _ in range(3)]
    finally:
        tf.config.run_functions_eagerly(False)
    assert counts == [1, 1, 1]
