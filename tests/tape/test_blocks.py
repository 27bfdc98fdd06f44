"""What is seen of the learner's own blocks, and what that leaves as it was."""

import cProfile
import gc
import pstats
import sys
import weakref

import keras
import numpy as np
import pytest
import tensorflow as tf

import gradtape as gt
from gradtape.tape.record import tensorflow_internals
from gradtape.tape.record.blocks import MOST_ROUNDS, record_of
from gradtape.tape.record.events import Operation


def test_block_is_watched_and_its_operations_are_known():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        tf.sin(x) * x
    names = [
        each.name for each in record_of(tape).events if isinstance(each, Operation)
    ]
    assert names == ["Sin", "Mul"]


def test_values_and_gradients_are_as_without_watching():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape(persistent=True) as outer:
        with tf.GradientTape() as inner:
            y = tf.reduce_sum(x**3)
        slope = inner.gradient(y, x)
    np.testing.assert_allclose(slope, [3.0, 12.0])
    np.testing.assert_allclose(outer.gradient(slope, x), [6.0, 12.0])
    np.testing.assert_allclose(outer.jacobian(slope, x), [[6.0, 0.0], [0.0, 12.0]])


def test_error_in_a_block_ends_the_watching():
    before = sys.getprofile()
    with pytest.raises(ZeroDivisionError), tf.GradientTape():
        1 / 0  # noqa: B018
    assert sys.getprofile() is before


def test_profiler_of_somebody_else_is_left_alone():
    calls = []
    sys.setprofile(lambda frame, event, result: calls.append(event))
    try:
        with tf.GradientTape() as tape:
            tf.sin(1.0)
        assert sys.getprofile() is not None
    finally:
        sys.setprofile(None)
    assert calls
    assert record_of(tape) is None


def test_a_cell_can_be_profiled():
    tensorflow_internals.functions_with_own_gradient.cache_clear()
    tensorflow_internals.steps_back.cache_clear()
    profiler = cProfile.Profile()
    with profiler:
        assert gt.explain_gradient(tf.round, 3.2).causes == ("P15",)
        with tf.GradientTape():
            tf.sin(1.0)
    seen = {function for _, _, function in pstats.Stats(profiler).stats}
    assert "sin" in seen


def test_what_was_seen_is_gone_with_the_tape():
    x = tf.Variable(np.ones(8, "f"))
    with tf.GradientTape() as tape:
        y = tf.sin(x)
    seen = weakref.ref(record_of(tape))
    del tape, y
    gc.collect()
    assert seen() is None


def test_block_in_a_long_loop_is_no_longer_watched_and_that_is_said():
    x = tf.Variable(2.6)
    for _ in range(MOST_ROUNDS + 2):
        with tf.GradientTape() as tape:
            y = tf.round(x)
    assert record_of(tape) is None
    diagnosis = gt.explain_gradient(tape, y, x)
    assert diagnosis.causes == ()
    assert "was not watched" in str(diagnosis)
    assert "not seen" in diagnosis.reasons[0].title


def test_block_that_is_asked_about_goes_on_being_watched():
    x = tf.Variable(2.6)
    for _ in range(MOST_ROUNDS + 10):
        with tf.GradientTape() as tape:
            y = tf.round(x)
        causes = gt.explain_gradient(tape, y, x).causes
    assert causes == ("P15",)


FOUND = []


@tf.function
def compiled_step(w):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.round(w * 2.0) ** 2)
    FOUND.append(gt.explain_gradient(tape, loss, w))
    return loss


def test_inside_converted_code_names_and_lines_are_the_learners():
    compiled_step(tf.Variable(2.0))
    (reason,) = FOUND[0].reasons
    assert (reason.cause, reason.source) == ("P15", "w")
    assert "tf.round(w * 2.0)" in reason.line.text
    assert "run_eagerly" in FOUND[0].note


def test_inside_a_map_of_a_dataset_the_tape_is_named_as_it_is():
    found = []

    def slope(v):
        with tf.GradientTape() as tape:
            y = v**2
        found.append(gt.explain_gradient(tape, y, v))
        return y

    list(tf.data.Dataset.from_tensor_slices([1.0, 2.0]).map(slope))
    (reason,) = found[-1].reasons
    assert (reason.cause, reason.source) == ("P1", "v")
    assert "tape.watch(v)" in reason.repair


def test_numbers_that_cannot_be_seen_in_a_compiled_fit_are_said():
    found = []

    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1)

        def call(self, x):
            return self.dense(x)

        def train_step(self, data):
            x, _ = data
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.norm(0.0 * self(x), axis=-1))
            found.append(gt.explain_gradient(tape, loss, self.trainable_variables))
            return {"loss": loss}

    for is_eager in (False, True):
        model = Model()
        model.compile("sgd", run_eagerly=is_eager)
        model.fit(np.ones((4, 2), "f"), np.ones(4, "f"), verbose=0)
    assert found[0].causes == ()
    assert "run_eagerly=True" in found[0].summary
    assert found[-1].causes == ("P17",)


def test_options_of_tape_gradient_are_accepted():
    x, z = tf.Variable([1.0, 2.0]), tf.Variable(3.0)
    with tf.GradientTape(persistent=True) as tape:
        y = x**2
    weighted = gt.explain_gradient(tape, y, x, output_gradients=tf.constant([1.0, 0.0]))
    assert weighted.sources[0].text == "[2, 0]"
    zero = gt.explain_gradient(tape, y, [x, z], unconnected_gradients="zero")
    assert zero.causes == ()
    assert zero.sources[1].text == "0"


@pytest.mark.parametrize(
    ("given", "options", "message"),
    [
        ((1.0,), {}, "sources missing"),
        ((), {"sources": 1.0}, "target missing"),
        ((1.0, 2.0), {"gradients": 3.0}, "gradients is not what a tape"),
    ],
)
def test_call_that_a_tape_cannot_take_is_refused_in_a_sentence(given, options, message):
    with pytest.raises(TypeError, match=message):
        gt.explain_gradient(tf.GradientTape(), *given, **options)


def test_two_variables_of_one_name_are_told_apart():
    first = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    second = keras.models.clone_model(first)
    diagnosis = gt.explain_gradient(
        lambda x: tf.reduce_sum(first(x) + second(x)), [[1.0]]
    )
    names = [each.name for each in diagnosis.sources]
    assert len(set(names)) == len(names) == 5


def test_variable_of_keras_is_not_watched_as_it_is():
    layer = keras.layers.Dense(1)
    layer.build((None, 2))

    def slope():
        with tf.GradientTape() as tape:
            tape.watch(layer.kernel)
            y = tf.reduce_sum(layer(tf.ones([1, 2])))
        return tape.gradient(y, layer.kernel)

    (reason,) = gt.explain_gradient(slope).reasons
    assert reason.cause == "P18"
    assert reason.repair == "tape.watch(layer.kernel.value)"


def test_rows_of_a_table_have_no_numpy():
    table = tf.Variable([[1.0, 2.0], [3.0, 4.0]])

    def slope():
        with tf.GradientTape() as tape:
            y = tf.reduce_sum(tf.gather(table, [0]) ** 2)
        return tape.gradient(y, table).numpy()

    assert gt.explain_gradient(slope).causes == ("P36",)


def test_error_on_the_way_back_is_drawn_and_not_raised():
    ax = gt.draw_tape(lambda a: tf.linalg.det(a), tf.constant([[1.0, 2.0], [2.0, 4.0]]))
    assert ax is not None


@pytest.mark.parametrize("is_asked", [False, True])
def test_watching_keeps_nothing_that_the_tape_does_not_keep(is_asked):
    x = tf.Variable(1.0)
    gc.disable()
    try:
        with tf.GradientTape(persistent=True) as tape:
            middle = tf.exp(x)
            y = middle * middle
            if is_asked:
                tape.gradient(y, x)
        tape.gradient(y, x)
        kept = weakref.ref(middle)
        del middle
        assert kept() is not None
        del tape
        assert kept() is None
    finally:
        gc.enable()


def test_an_error_of_tensorflows_own_stays_the_same_while_a_block_is_watched():
    """Keras's variables and "zero" do not go together: the learner sees TensorFlow's error.

    TensorFlow goes on to the next variable with the first one's error pending. The one
    that arrives is about `_type_enum` or, once in many runs, about `dtype`.
    """
    used, unused = tf.keras.layers.Dense(1), tf.keras.layers.Dense(1)
    x = tf.ones([1, 1])
    used(x), unused(x)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(used(x))
    with pytest.raises(AttributeError, match=r"has no attribute '(_type_enum|dtype)'"):
        tape.gradient(y, unused.trainable_variables, unconnected_gradients="zero")


def test_what_recompute_grad_computes_again_is_not_kept():
    made = []

    def part(x):
        for _ in range(3):
            x = 1.5 * tf.tanh(x)
            made.append(weakref.ref(x))
        return tf.reduce_sum(x)

    x = tf.Variable(tf.ones([8]))
    with tf.GradientTape() as tape:
        y = tf.recompute_grad(part)(x)
    assert not any(each() is not None for each in made)
    assert gt.explain_gradient(tape, y, x).causes == ()
