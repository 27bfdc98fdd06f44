"""Gradients gone wrong, written the ways that people write them.

Each function returns a diagnosis; the rows of the catalogue that it has to name stand at
its head. ``CELLS`` holds cells of notebooks, as text.
"""

import linecache
import math

import numpy as np
import tensorflow as tf

import gradtape as gt

keras = tf.keras
keras.utils.set_random_seed(3)

CASES = {}


def case(*rows):
    """Add a function with the rows that its diagnosis has to name."""

    def add(function):
        CASES[function.__name__] = (rows, function)
        return function

    return add


# P1: a constant, or any plain tensor


@case("P1")
def constant_not_watched():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        y = x**2
    return gt.explain_gradient(tape, y, x)


@case("P1")
def input_image_not_watched():
    image = tf.random.stateless_normal([1, 8, 8, 3], [1, 2])
    model = keras.Sequential([keras.layers.Conv2D(4, 3), keras.layers.Flatten()])
    with tf.GradientTape() as tape:
        predictions = model(image)
        loss = tf.reduce_sum(predictions)
    return gt.explain_gradient(tape, loss, image)


@case("P1")
def one_of_two_not_watched():
    w = tf.Variable(2.0)
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        y = w * x
    return gt.explain_gradient(tape, y, [w, x])


@case("P1")
def tensor_from_numpy_not_watched():
    data = np.array([1.0, 2.0, 3.0], np.float32)
    inputs = tf.convert_to_tensor(data)
    with tf.GradientTape() as g:
        out = tf.reduce_sum(tf.sin(inputs))
    return gt.explain_gradient(g, out, inputs)


@case("P1")
def variable_with_automatic_watching_off():
    x0 = tf.Variable(0.0)
    x1 = tf.Variable(10.0)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x1)
        y = tf.sin(x0) + tf.nn.softplus(x1)
    return gt.explain_gradient(tape, y, {"x0": x0, "x1": x1})


@case("P1")
def constant_in_a_function_with_its_tape():
    def slope(x):
        with tf.GradientTape() as tape:
            y = x**3
        return tape.gradient(y, x)

    return gt.explain_gradient(slope, tf.constant(2.0))


@case("P1")
def grad_cam_activations():
    layer = keras.layers.Conv2D(2, 3)
    head = keras.layers.Dense(1)
    activations = layer(tf.ones([1, 6, 6, 3]))
    with tf.GradientTape() as tape:
        score = tf.reduce_sum(head(keras.layers.Flatten()(activations)))
    return gt.explain_gradient(tape, score, activations)


@case("P1")
def variable_not_trainable():
    offset = tf.Variable(1.0, trainable=False)
    with tf.GradientTape() as tape:
        y = offset**2
    return gt.explain_gradient(tape, y, offset)


@case("P1")
def captured_constant_and_no_argument():
    x = tf.constant(4.0)
    return gt.explain_gradient(lambda: tf.sqrt(x))


@case("P1")
def derivative_helper_of_a_constant():
    def derivative(f, at):
        with tf.GradientTape() as tape:
            value = f(at)
        return tape.gradient(value, at)

    return gt.explain_gradient(lambda x: derivative(tf.sin, x), 0.5)


# P2: whole numbers


@case("P2")
def integer_variable():
    x = tf.Variable(3)
    with tf.GradientTape() as tape:
        y = x * x
    return gt.explain_gradient(tape, y, x)


@case("P2")
def integer_constant_watched():
    x = tf.constant(3)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x**2
    return gt.explain_gradient(tape, y, x)


@case("P2")
def integer_tensor_for_a_function():
    return gt.explain_gradient(lambda x: x**2 + 2 * x, tf.constant(3))


@case("P2")
def integer_variable_for_a_function():
    return gt.explain_gradient(lambda v: v * v, tf.Variable([1, 2, 3])[0])


@case("P2")
def integer_variable_captured():
    weight = tf.Variable(2)

    def predict():
        return weight * 3

    return gt.explain_gradient(predict)


@case("P2")
def integer_numpy_array():
    x = tf.Variable(np.array([1, 2, 3]))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(x * x)
    return gt.explain_gradient(tape, loss, x)


@case("P2")
def integer_variable_cast_on_the_way():
    w = tf.Variable(5)
    with tf.GradientTape() as tape:
        y = tf.cast(w, tf.float32) ** 2
    return gt.explain_gradient(tape, y, w)


@case("P2")
def integer_in_a_tape_inside():
    def f():
        x = tf.Variable(2)
        with tf.GradientTape() as tape:
            y = x * x * x
        return tape.gradient(y, x)

    return gt.explain_gradient(f)


@case("P2")
def one_integer_among_the_sources():
    w, n = tf.Variable(2.0), tf.Variable(3)
    with tf.GradientTape() as tape:
        y = w * tf.cast(n, tf.float32)
    return gt.explain_gradient(tape, y, [w, n])


# P3: computed outside the block


@case("P3")
def target_after_the_block():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x**2
    z = 2 * y
    return gt.explain_gradient(tape, z, x)


@case("P3")
def slice_of_the_target():
    x = tf.Variable([1.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        y = x**2
    return gt.explain_gradient(tape, y[0], x)


@case("P3")
def loss_after_the_block():
    model = keras.Sequential([keras.layers.Dense(1)])
    x_train, y_train = tf.ones([4, 2]), tf.zeros([4, 1])
    with tf.GradientTape() as tape:
        predictions = model(x_train)
    loss = tf.reduce_mean(tf.square(predictions - y_train))
    return gt.explain_gradient(tape, loss, model.trainable_variables)


@case("P3")
def sum_in_the_call():
    v = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as t:
        out = v * 3.0
    return gt.explain_gradient(t, tf.reduce_sum(out), v)


@case("P3")
def everything_before_the_block():
    w = tf.Variable(2.0)
    loss = (w - 1.0) ** 2
    with tf.GradientTape() as tape:
        pass
    return gt.explain_gradient(tape, loss, w)


@case("P3")
def prediction_before_the_block():
    w = tf.Variable(2.0)
    prediction = w * 3.0
    with tf.GradientTape() as tape:
        loss = (prediction - 1.0) ** 2
    return gt.explain_gradient(tape, loss, w)


@case("P3")
def mean_after_the_block_in_a_step():
    w = tf.Variable([0.5, 1.5])

    def train_step(x, y):
        with tf.GradientTape() as tape:
            error = (w * x - y) ** 2
        loss = tf.reduce_mean(error)
        return tape.gradient(loss, w)

    return gt.explain_gradient(train_step, [1.0, 2.0], [0.0, 1.0])


@case("P3")
def loss_of_each_example():
    w = tf.Variable(1.0)
    x = tf.constant([1.0, 2.0, 3.0])
    with tf.GradientTape(persistent=True) as tape:
        losses = (w * x) ** 2
    diagnoses = [gt.explain_gradient(tape, losses[i], w) for i in range(3)]
    return diagnoses[1]


@case("P3")
def keras_loss_after_the_block():
    layer = keras.layers.Dense(3)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        logits = layer(tf.ones([2, 4]))
    loss_value = loss_fn(tf.constant([0, 1]), logits)
    return gt.explain_gradient(tape, loss_value, layer.trainable_weights)


@case("P3")
def rows_taken_before_the_block():
    def slope(table):
        rows = tf.gather(table, [0, 1])
        with tf.GradientTape() as tape:
            pass
        return tape.gradient(rows, table)

    return gt.explain_gradient(slope, tf.Variable([1.0, 2.0, 3.0]))


@case("P7")
def stored_before_the_block():
    def slope(w):
        kept = tf.Variable(0.0)
        kept.assign(w)
        with tf.GradientTape() as tape:
            y = kept**2
        return tape.gradient(y, w)

    return gt.explain_gradient(slope, tf.Variable(2.0))


@case("P3")
def before_the_block_in_a_function():
    def slope(w):
        loss = tf.square(w * 3.0)
        with tf.GradientTape() as tape:
            pass
        return tape.gradient(loss, w)

    return gt.explain_gradient(slope, tf.Variable(2.0))


# P4: watched too late


@case("P4")
def watch_after_the_operation():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        y = x**2
        tape.watch(x)
    return gt.explain_gradient(tape, y, x)


@case("P4")
def watch_in_the_middle():
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        h = tf.sin(x)
        tape.watch(x)
        loss = tf.reduce_sum(h * h)
    return gt.explain_gradient(tape, loss, x)


@case("P4")
def a_part_used_before_it_was_watched():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        square = x * x
        tape.watch(x)
        cube = square * x
    return gt.explain_gradient(tape, cube, x)


@case("P4")
def a_part_used_before_it_was_watched_inside_a_function():
    def slope(x):
        with tf.GradientTape() as tape:
            area = tf.reduce_sum(x * x)
            tape.watch(x)
            loss = area * tf.reduce_sum(x)
        return [tape.gradient(loss, x)]

    return gt.explain_gradient(slope, [1.0, 2.0])


@case("P4")
def watch_late_inside_a_function():
    def f(x):
        with tf.GradientTape() as tape:
            y = tf.exp(x)
            tape.watch(x)
        return tape.gradient(y, x)

    return gt.explain_gradient(f, tf.constant(1.0))


@case("P4")
def watch_after_the_model():
    model = keras.Sequential([keras.layers.Dense(1)])
    image = tf.ones([1, 4])
    with tf.GradientTape() as tape:
        score = model(image / 255.0)[0, 0]
        tape.watch(image)
    return gt.explain_gradient(tape, score, image)


@case("P4")
def operation_before_the_block_then_watched():
    x = tf.constant(2.0)
    y = x**3
    with tf.GradientTape() as tape:
        tape.watch(x)
        z = y + 1.0
    return gt.explain_gradient(tape, z, x)


# P5: through NumPy or Python


@case("P5")
def numpy_function():
    x = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = tf.constant(np.sin(x))
    return gt.explain_gradient(tape, y, x)


@case("P5")
def numpy_in_a_function():
    return gt.explain_gradient(lambda x: np.exp(x) * 2, 1.0)


@case("P5")
def numpy_then_tensorflow():
    return gt.explain_gradient(lambda x: tf.square(np.exp(x)), 1.0)


@case("P5")
def numpy_mean_in_the_middle():
    x = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    with tf.GradientTape() as tape:
        x2 = x**2
        y = np.mean(x2, axis=0)
        y = tf.reduce_mean(y, axis=0)
    return gt.explain_gradient(tape, y, x)


@case("P5")
def dot_numpy():
    w = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        out = w * 2.0
        loss = tf.reduce_sum(tf.convert_to_tensor(out.numpy()))
    return gt.explain_gradient(tape, loss, w)


@case("P5")
def float_of_a_tensor():
    return gt.explain_gradient(lambda x: tf.constant(float(x) ** 2), 3.0)


@case("P5")
def python_float_as_target():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x**2
    return gt.explain_gradient(tape, float(y), x)


@case("P5")
def numpy_scalar_as_target():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = np.square(x)
    return gt.explain_gradient(tape, y, x)


@case("P5")
def math_function():
    return gt.explain_gradient(lambda x: math.sin(x), 1.0)


@case("P5")
def math_function_made_a_tensor():
    def f(x):
        return tf.constant(math.exp(-x) + 1.0)

    return gt.explain_gradient(f, 1.0)


@case("P5")
def int_of_a_tensor():
    return gt.explain_gradient(lambda x: tf.constant(2.0) ** int(x), 3.0)


@case("P5")
def numpy_loss():
    def mse(y_true, y_pred):
        return np.mean((y_true - y_pred) ** 2)

    w = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        loss = mse(np.array([1.0, 2.0]), w * tf.constant([1.0, 1.5]))
    return gt.explain_gradient(tape, loss, w)


@case("P5")
def numpy_dot_in_a_model():
    weights = tf.Variable(tf.ones([3, 1]))
    inputs = np.ones((2, 3), np.float32)

    def model():
        return tf.reduce_sum(tf.convert_to_tensor(np.dot(inputs, weights.numpy())))

    return gt.explain_gradient(model)


@case("P5")
def numpy_function_operation():
    return gt.explain_gradient(
        lambda x: tf.numpy_function(np.sin, [x], tf.float32) * 2.0, 1.0
    )


@case("P5")
def item_in_a_loop():
    x = tf.Variable([1.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        total = 0.0
        for i in range(3):
            total += x[i].numpy() ** 2
        loss = tf.constant(total)
    return gt.explain_gradient(tape, loss, x)


@case("P5")
def list_of_floats():
    def f(x):
        return tf.reduce_sum(tf.constant([float(v) ** 2 for v in tf.unstack(x)]))

    return gt.explain_gradient(f, [1.0, 2.0])


@case("P5")
def numpy_array_from_tensor():
    x = tf.Variable([3.0, 4.0])
    with tf.GradientTape() as tape:
        array = np.asarray(x)
        norm = tf.sqrt(tf.reduce_sum(array**2))
    return gt.explain_gradient(tape, norm, x)


@case("P5")
def numpy_in_a_layer():
    class Noise(keras.layers.Layer):
        def call(self, inputs):
            return tf.convert_to_tensor(np.tanh(inputs.numpy()))

    layer = Noise()
    w = tf.Variable([[0.5, 1.0]])
    with tf.GradientTape() as tape:
        out = layer(w * 2.0)
        loss = tf.reduce_sum(out)
    return gt.explain_gradient(tape, loss, w)


@case("P5")
def loss_kept_as_number():
    w = tf.Variable(2.0)

    def loss_fn():
        return ((w - 3.0) ** 2).numpy()

    with tf.GradientTape() as tape:
        loss = loss_fn()
    return gt.explain_gradient(tape, loss, [w])


@case("P5")
def python_float_inside_a_tape_inside():
    def f(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = float(x * x)
        return tape.gradient(y, x)

    return gt.explain_gradient(f, 3.0)


@case("P5")
def a_part_through_numpy():
    return gt.explain_gradient(lambda x: np.square(x) * x, 3.0)


@case("P5")
def a_part_of_a_vector_through_numpy():
    return gt.explain_gradient(
        lambda x: tf.reduce_sum(x.numpy() ** 2 * tf.sin(x)), [1.0, -2.0, 0.5]
    )


@case("P5")
def a_part_through_float():
    return gt.explain_gradient(lambda x: float(x) * x, tf.constant(2.0, tf.float64))


@case("P5")
def a_part_through_numpy_function():
    return gt.explain_gradient(
        lambda x: tf.numpy_function(np.exp, [x], tf.float32) * x, 0.5
    )


@case("P5")
def a_part_of_a_captured_variable_through_numpy():
    scale = tf.Variable(3.0)
    return gt.explain_gradient(lambda x: np.square(scale) * scale * x, 2.0)


@case("P5")
def a_part_through_a_helper_of_math():
    def height(t):
        return math.exp(-t)

    def oscillation(t):
        return height(t) * tf.cos(t)

    return gt.explain_gradient(oscillation, 0.7)


@case("P5")
def a_part_normalised_by_numpy():
    def loss(x):
        scale = np.linalg.norm(x)
        return tf.reduce_sum((x / scale) ** 3)

    return gt.explain_gradient(loss, [3.0, 4.0])


@case("P5")
def a_part_beside_a_stopped_one():
    return gt.explain_gradient(
        lambda x: np.square(x) * x + tf.stop_gradient(x) * x, 1.5
    )


# In a function with a tape of its own: NumPy reads a tensor's numbers from memory.


@case("P5")
def numpy_of_a_tensor_of_several_numbers():
    def slopes(A, k):
        t = tf.constant([1.0, 2.0])
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(A * np.exp(-k * t))
        return tape.gradient(loss, [A, k])

    A, k = tf.Variable(1.0), tf.Variable(2.0)
    return gt.explain_gradient(lambda: slopes(A, k))


@case("P5")
def numpy_on_a_line_of_its_own():
    def slope(k):
        with tf.GradientTape() as tape:
            steps = k * tf.constant([1.0, 2.0])
            decay = np.exp(-steps)
            loss = tf.reduce_sum(tf.square(decay))
        return tape.gradient(loss, k)

    return gt.explain_gradient(slope, tf.Variable(2.0))


# P6: x = x + 1


@case("P6")
def loop_that_loses_the_variable():
    x = tf.Variable(2.0)
    for _epoch in range(2):
        with tf.GradientTape() as tape:
            y = x**2 + 1
        diagnosis = gt.explain_gradient(tape, y, x)
        x = x + 1
    return diagnosis


@case("P6")
def gradient_descent_by_assignment():
    w = tf.Variable(5.0)
    lr = 0.1
    for _ in range(3):
        with tf.GradientTape() as tape:
            loss = (w - 1.0) ** 2
        diagnosis = gt.explain_gradient(tape, loss, w)
        if diagnosis.causes:
            break
        grad = diagnosis.sources[0].gradient
        w = w - lr * grad
    return diagnosis


@case("P6")
def two_parameters_by_assignment():
    W = tf.Variable(0.3)
    b = tf.Variable(-0.3)
    x, y = tf.constant([1.0, 2.0]), tf.constant([0.0, -1.0])
    for _ in range(2):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((W * x + b - y) ** 2)
        diagnosis = gt.explain_gradient(tape, loss, [W, b])
        if diagnosis.causes:
            return diagnosis
        dW, db = (source.gradient for source in diagnosis.sources)
        W = W - 0.01 * dW
        b = b - 0.01 * db


@case("P6")
def training_function():
    def train():
        w = tf.Variable(1.0)
        for _ in range(3):
            with tf.GradientTape() as tape:
                loss = w**2
            g = tape.gradient(loss, w)
            w = w - 0.1 * g
        return w

    return gt.explain_gradient(train)


@case("P6")
def scaled_after_its_creation():
    kernel = tf.Variable(tf.ones([2, 2]))
    kernel = kernel * 0.01
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(kernel @ tf.ones([2, 1]))
    return gt.explain_gradient(tape, loss, kernel)


@case("P6")
def attribute_of_a_model():
    class Model:
        def __init__(self):
            self.w = tf.Variable(3.0)

    model = Model()
    for _ in range(2):
        with tf.GradientTape() as tape:
            loss = model.w**2
        diagnosis = gt.explain_gradient(tape, loss, model.w)
        model.w = model.w - 0.1 * 6.0
    return diagnosis


# P7: through assign


@case("P7")
def assign_in_a_function():
    v = tf.Variable(1.0)

    def f(x):
        v.assign(x * 2.0)
        return v**2

    return gt.explain_gradient(f, 3.0)


@case("P7")
def assign_under_a_tape():
    x = tf.Variable(3.0)
    v = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        v.assign(x**2)
        y = v * 2.0
    return gt.explain_gradient(tape, y, x)


@case("P7")
def assign_add_of_a_source():
    x0 = tf.Variable(3.0)
    x1 = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        x1.assign_add(x0)
        y = x1**2
    return gt.explain_gradient(tape, y, x0)


@case("P7")
def new_variable_of_a_value():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        h = tf.Variable(x * 3.0)
        y = h**2
    return gt.explain_gradient(tape, y, x)


@case("P7")
def parameters_set_by_a_network():
    hyper = keras.layers.Dense(2, use_bias=False)
    hyper.build((None, 1))
    weights = tf.Variable([0.0, 0.0])
    with tf.GradientTape() as tape:
        weights.assign(hyper(tf.ones([1, 1]))[0])
        loss = tf.reduce_sum(weights * [1.0, 2.0])
    return gt.explain_gradient(tape, loss, hyper.trainable_variables)


@case("P7")
def state_of_a_layer_assigned():
    class Memory(tf.Module):
        def __init__(self):
            self.state = tf.Variable(0.0)

        def __call__(self, x):
            self.state.assign(0.5 * x)
            return self.state + 1.0

    return gt.explain_gradient(Memory(), 2.0)


@case("P7")
def scatter_update_of_a_variable():
    buffer = tf.Variable([0.0, 0.0, 0.0])

    def f(x):
        buffer.scatter_nd_update([[1]], [x * 2.0])
        return tf.reduce_sum(buffer)

    return gt.explain_gradient(f, 1.5)


@case("P7")
def entry_assigned():
    buffer = tf.Variable([0.0, 0.0])
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        buffer[0].assign(x**2)
        y = tf.reduce_sum(buffer)
    return gt.explain_gradient(tape, y, x)


# P11: not connected


@case("P11")
def two_functions_of_two_variables():
    x = tf.Variable(2.0)
    y = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        z = y * y
    return gt.explain_gradient(tape, z, x)


@case("P11")
def argument_without_part():
    return gt.explain_gradient(lambda x, y: x**2, 2.0, 3.0)


@case("P11")
def overwritten_result():
    def f(x, w):
        y = w * x
        y = x**2
        return y

    return gt.explain_gradient(f, 1.0, 2.0)


@case("P11")
def layer_without_part_in_the_loss():
    encoder, decoder = keras.layers.Dense(2), keras.layers.Dense(1)
    x = tf.ones([3, 4])
    with tf.GradientTape() as tape:
        encoder(x)
        loss = tf.reduce_mean(decoder(x) ** 2)
    return gt.explain_gradient(tape, loss, encoder.trainable_variables)


@case("P11")
def second_derivative_of_a_plane():
    x, y = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            z = 3 * x**2 + 2 * y
        dz_dy = inner.gradient(z, y)
    return gt.explain_gradient(outer, dz_dy, y)


@case("P11")
def copy_of_the_variable():
    w = tf.Variable(2.0)
    w_copy = tf.Variable(w)
    with tf.GradientTape() as tape:
        loss = w**2
    return gt.explain_gradient(tape, loss, w_copy)


@case("P11")
def wrong_models_variables():
    generator, critic = keras.layers.Dense(2), keras.layers.Dense(1)
    generator.build((None, 2))
    with tf.GradientTape() as tape:
        critic_loss = tf.reduce_mean(critic(tf.ones([2, 2])))
    return gt.explain_gradient(tape, critic_loss, generator.trainable_variables)


@case("P11")
def entry_taken_in_the_call():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(x**2)
    return gt.explain_gradient(tape, y, x[0])


@case("P11")
def gradient_of_the_gradient_of_a_line():
    def second(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = 2.0 * x
            first = inner.gradient(y, x)
        return outer.gradient(first, x)

    return gt.explain_gradient(second, 1.0)


@case("P11")
def result_is_a_constant():
    return gt.explain_gradient(lambda x: tf.constant(5.0), 1.0)


# P12: more than one target


@case("P12")
def vector_result():
    return gt.explain_gradient(lambda x: x**2, [1.0, 2.0, 3.0])


@case("P12")
def softmax_result():
    return gt.explain_gradient(tf.nn.softmax, [1.0, 2.0, 3.0])


@case("P12")
def powers_stacked():
    return gt.explain_gradient(lambda x: tf.stack([x, x**2, x**3]), 2.0)


@case("P12")
def two_results():
    return gt.explain_gradient(lambda x: (x**2, x**3), 2.0)


@case("P12")
def matrix_times_vector():
    matrix = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    return gt.explain_gradient(lambda x: tf.linalg.matvec(matrix, x), [1.0, 1.0])


@case("P12")
def one_weight_many_targets():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = x * tf.constant([3.0, 4.0, 5.0])
    return gt.explain_gradient(tape, y, x)


@case("P12")
def outputs_of_a_layer():
    layer = keras.layers.Dense(4, activation="sigmoid")
    x = tf.ones([1, 3])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
    return gt.explain_gradient(tape, y, x)


@case("P12")
def row_sums_of_the_hessian():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = x[0] ** 2 * x[1]
        g = inner.gradient(y, x)
    return gt.explain_gradient(outer, g, x)


@case("P12")
def list_of_targets():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y0 = x**2
        y1 = 1 / x
    return gt.explain_gradient(tape, [y0, y1], x)


# P15: steps


@case("P15")
def rounding():
    return gt.explain_gradient(lambda x: tf.round(x) ** 2, 2.3)


@case("P15")
def floor_under_a_tape():
    x = tf.Variable(2.7)
    with tf.GradientTape() as tape:
        y = tf.floor(x) * 2.0
    return gt.explain_gradient(tape, y, x)


@case("P15")
def accuracy_as_loss():
    labels = tf.constant([0, 1, 1])
    logits = tf.Variable([[0.2, 0.1], [0.3, 0.9], [0.6, 0.4]])
    with tf.GradientTape() as tape:
        predictions = tf.argmax(logits, axis=1, output_type=tf.int32)
        accuracy = tf.reduce_mean(tf.cast(tf.equal(predictions, labels), tf.float32))
    return gt.explain_gradient(tape, accuracy, logits)


@case("P15")
def accuracy_of_a_function():
    def accuracy(w):
        scores = w * tf.constant([1.0, -1.0, 2.0])
        return tf.reduce_mean(tf.cast(scores > 0.0, tf.float32))

    return gt.explain_gradient(accuracy, 0.5)


@case("P15")
def sign_of_the_output():
    return gt.explain_gradient(lambda x: tf.sign(x) * 3.0, 0.7)


@case("P15")
def sign_under_a_tape():
    x = tf.Variable([0.5, -0.5])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.sign(x))
    return gt.explain_gradient(tape, y, x)


@case("P15")
def cast_to_int_and_back():
    return gt.explain_gradient(
        lambda x: tf.cast(tf.cast(x, tf.int32), tf.float32) * 2.0, 3.7
    )


@case("P15")
def cast_to_int_under_a_tape():
    x = tf.Variable(3.7)
    with tf.GradientTape() as tape:
        pixel = tf.cast(x * 255.0, tf.int32)
        y = tf.cast(pixel, tf.float32) / 255.0
    return gt.explain_gradient(tape, y, x)


@case("P15")
def step_function_by_where():
    return gt.explain_gradient(lambda x: tf.where(x > 0, 1.0, 0.0), 0.3)


@case("P15")
def step_function_by_if():
    def step(x):
        if x > 0:
            return tf.constant(1.0)
        return tf.constant(0.0)

    return gt.explain_gradient(step, 0.3)


@case("P15")
def counting():
    def count(x):
        return tf.cast(tf.math.count_nonzero(x > 0.5), tf.float32)

    return gt.explain_gradient(count, [0.2, 0.7, 0.9])


@case("P15")
def hard_threshold_of_a_mask():
    scores = tf.Variable([0.2, 0.8])
    weights = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        mask = tf.cast(tf.greater(scores, 0.5), tf.float32)
        loss = tf.reduce_sum(mask * weights)
    return gt.explain_gradient(tape, loss, scores)


@case("P15")
def one_hot_of_argmax():
    return gt.explain_gradient(
        lambda z: tf.reduce_sum(tf.one_hot(tf.argmax(z), 3) * [1.0, 2.0, 3.0]),
        [0.1, 0.9, 0.3],
    )


@case("P15")
def floor_division():
    return gt.explain_gradient(lambda x: x // 2.0, 5.3)


@case("P15")
def sampled_action():
    return gt.explain_gradient(
        lambda z: tf.gather(
            [1.0, 2.0, 3.0], tf.random.stateless_categorical(z[None], 1, [1, 2])[0, 0]
        ),
        [0.1, 0.9, 0.3],
    )


@case("P15")
def quantised_activations():
    layer = keras.layers.Dense(2)
    with tf.GradientTape() as tape:
        h = layer(tf.ones([1, 3]))
        q = tf.round(h * 8.0) / 8.0
        loss = tf.reduce_sum(q**2)
    return gt.explain_gradient(tape, loss, layer.trainable_variables)


@case("P15")
def index_looked_up():
    position = tf.Variable(1.6)
    table = tf.constant([0.0, 10.0, 20.0])
    with tf.GradientTape() as tape:
        value = table[tf.cast(position, tf.int32)]
    return gt.explain_gradient(tape, value, position)


# P16: the branch not taken


@case("P16")
def where_with_log():
    return gt.explain_gradient(
        lambda x: tf.reduce_sum(tf.where(x > 0, tf.math.log(x), 0.0)), [0.0, 1.0]
    )


@case("P16")
def where_with_division():
    return gt.explain_gradient(lambda x: tf.where(x == 0.0, 0.0, 1.0 / x), 0.0)


@case("P16")
def where_with_division_under_a_tape():
    x = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        y = tf.where(x > 0.0, 1.0 / x, 0.0)
    return gt.explain_gradient(tape, y, x)


@case("P16")
def sinc():
    x = tf.Variable([-1.0, 0.0, 1.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.where(tf.equal(x, 0.0), 1.0, tf.sin(x) / x))
    return gt.explain_gradient(tape, y, x)


@case("P16")
def exponential_overflow_in_the_other_branch():
    return gt.explain_gradient(
        lambda x: tf.where(x > 20.0, x, tf.math.log(1.0 + tf.exp(x))), 100.0
    )


@case("P16")
def masked_log_likelihood():
    p = tf.Variable([0.0, 0.5, 1.0])
    mask = tf.constant([False, True, True])
    with tf.GradientTape() as tape:
        loss = -tf.reduce_sum(tf.where(mask, tf.math.log(p), tf.zeros_like(p)))
    return gt.explain_gradient(tape, loss, p)


@case("P16")
def where_with_power():
    return gt.explain_gradient(lambda x: tf.where(x > 0.0, x**-0.5, 0.0), 0.0)


@case("P16")
def where_around_a_norm():
    def unit(v):
        n = tf.norm(v)
        return tf.reduce_sum(tf.where(n > 0.0, v / n, tf.zeros_like(v)))

    return gt.explain_gradient(unit, [0.0, 0.0])


@case("P16")
def where_with_acos():
    return gt.explain_gradient(lambda c: tf.where(c < 1.0, tf.acos(c), 0.0), 1.0)


@case("P16")
def entropy_with_where():
    p = tf.Variable([0.0, 0.4, 0.6])
    with tf.GradientTape() as tape:
        plogp = tf.where(p > 0, p * tf.math.log(p), 0.0)
        entropy = -tf.reduce_sum(plogp)
    return gt.explain_gradient(tape, entropy, p)


# P17: infinite slope


@case("P17")
def norm_at_zero():
    return gt.explain_gradient(tf.norm, [0.0, 0.0])


@case("P17")
def norm_at_zero_under_a_tape():
    x = tf.Variable([0.0, 0.0, 0.0])
    with tf.GradientTape() as tape:
        length = tf.norm(x)
    return gt.explain_gradient(tape, length, x)


@case("P17")
def root_at_zero():
    return gt.explain_gradient(tf.sqrt, 0.0)


@case("P17")
def root_as_power():
    x = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        y = x**0.5
    return gt.explain_gradient(tape, y, x)


@case("P17")
def distance_of_equal_points():
    a = tf.Variable([1.0, 2.0])
    b = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        distance = tf.sqrt(tf.reduce_sum(tf.square(a - b)))
    return gt.explain_gradient(tape, distance, a)


@case("P17")
def pairwise_distances():
    def energy(points):
        differences = points[:, None, :] - points[None, :, :]
        return tf.reduce_sum(tf.sqrt(tf.reduce_sum(differences**2, -1)))

    return gt.explain_gradient(energy, [[0.0, 0.0], [1.0, 1.0], [0.0, 2.0]])


@case("P17")
def standard_deviation_of_equal_values():
    return gt.explain_gradient(tf.math.reduce_std, [2.0, 2.0, 2.0])


@case("P17")
def euclidean_norm_at_zero():
    return gt.explain_gradient(tf.math.reduce_euclidean_norm, [0.0, 0.0])


@case("P17")
def normalised_zero_vector():
    return gt.explain_gradient(lambda v: v[0] / tf.norm(v), [0.0, 0.0])


@case("P17")
def root_mean_square_error_of_a_perfect_fit():
    w = tf.Variable(2.0)
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        rmse = tf.sqrt(tf.reduce_mean((w * x - 2.0 * x) ** 2))
    return gt.explain_gradient(tape, rmse, w)


@case("P17")
def siamese_distance():
    encoder = keras.layers.Dense(2, use_bias=False)
    same = tf.ones([1, 3])
    with tf.GradientTape() as tape:
        gap = tf.norm(encoder(same) - encoder(same))
    return gt.explain_gradient(tape, gap, encoder.trainable_variables)


@case("P17")
def norm_at_zero_in_a_compiled_function():
    @tf.function
    def length(v):
        return tf.norm(v)

    v = tf.Variable([0.0, 0.0])
    with tf.GradientTape() as tape:
        y = length(v)
    return gt.explain_gradient(tape, y, v)


# P20: state that is not trained


@case("P20")
def all_variables_of_a_normalised_model():
    model = keras.Sequential(
        [
            keras.layers.Dense(3),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(1),
        ]
    )
    x = tf.ones([4, 2])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(x, training=True) ** 2)
    return gt.explain_gradient(tape, loss, model.variables)


@case("P20")
def weights_of_a_model():
    inputs = keras.Input((2,))
    outputs = keras.layers.Dense(1)(keras.layers.BatchNormalization()(inputs))
    model = keras.Model(inputs, outputs)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(tf.ones([4, 2])))
    return gt.explain_gradient(tape, loss, model.weights)


@case("P20")
def variables_in_a_training_step():
    model = keras.Sequential([keras.layers.Dense(2), keras.layers.BatchNormalization()])
    model.build((None, 2))

    def step(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(model(x, training=True) ** 2)
        return tape.gradient(loss, model.variables)

    return gt.explain_gradient(step, tf.ones([3, 2]))


@case("P20")
def normalisation_with_its_statistics():
    layer = keras.layers.Normalization()
    layer.adapt(np.array([[1.0], [2.0], [3.0]], np.float32))
    dense = keras.layers.Dense(1)
    model = keras.Sequential([layer, dense])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(tf.ones([2, 1])) ** 2)
    return gt.explain_gradient(tape, loss, model.variables)


@case("P20")
def dropout_seed_among_the_variables():
    model = keras.Sequential([keras.layers.Dense(2), keras.layers.Dropout(0.5, seed=1)])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(tf.ones([3, 2]), training=True) ** 2)
    return gt.explain_gradient(tape, loss, model.variables)


@case("P20")
def variables_as_arguments():
    model = keras.Sequential([keras.layers.Dense(2), keras.layers.BatchNormalization()])
    model.build((None, 2))
    return gt.explain_gradient(
        lambda variables: tf.reduce_mean(model(tf.ones([3, 2])) ** 2), model.variables
    )


# P22: no gradient registered


@case("P22")
def hue_of_an_image():
    return gt.explain_gradient(
        lambda x: tf.reduce_sum(tf.image.adjust_hue(x, 0.1)), tf.ones([1, 2, 2, 3])
    )


@case("P22")
def saturation_under_a_tape():
    image = tf.Variable(tf.ones([1, 2, 2, 3]))
    with tf.GradientTape() as tape:
        out = tf.reduce_sum(tf.image.adjust_saturation(image, 0.5))
    return gt.explain_gradient(tape, out, image)


@case("P22")
def contrast():
    return gt.explain_gradient(
        lambda x: tf.reduce_sum(tf.image.adjust_contrast(x, 0.5)), tf.ones([1, 2, 2, 3])
    )


@case("P22")
def lu_decomposition():
    return gt.explain_gradient(
        lambda x: tf.reduce_sum(tf.linalg.lu(x)[0]), [[2.0, 1.0], [1.0, 3.0]]
    )


@case("P22")
def unique_values():
    x = tf.Variable([1.0, 2.0, 1.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.unique(x)[0])
    return gt.explain_gradient(tape, y, x)


@case("P22")
def resized_by_area():
    return gt.explain_gradient(
        lambda x: tf.reduce_sum(tf.image.resize(x, [1, 1], method="area")),
        tf.ones([1, 2, 2, 3]),
    )


@case("P22")
def poisson_samples():
    return gt.explain_gradient(lambda rate: tf.random.poisson([], rate, seed=1), 3.0)


@case("P22")
def histogram_in_a_tape_inside():
    def f(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            h = tf.reduce_sum(
                tf.cast(tf.histogram_fixed_width(x, [0.0, 1.0], 4), tf.float32)
                * tf.image.adjust_hue(tf.ones([1, 1, 3]) * x[0], 0.1)[0, 0, 0]
            )
        return tape.gradient(h, x)

    return gt.explain_gradient(f, [0.2, 0.4])


# P24: ties


@case("P24")
def absolute_value_at_zero():
    return gt.explain_gradient(tf.abs, 0.0)


@case("P24")
def absolute_value_at_zero_under_a_tape():
    x = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        y = tf.abs(x)
    return gt.explain_gradient(tape, y, x)


@case("P24")
def maximum_of_equals():
    return gt.explain_gradient(lambda x, y: tf.maximum(x, y), 2.0, 2.0)


@case("P24")
def largest_of_equals():
    x = tf.Variable([1.0, 3.0, 3.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_max(x)
    return gt.explain_gradient(tape, y, x)


@case("P24")
def smallest_of_equals():
    return gt.explain_gradient(tf.reduce_min, [1.0, 1.0, 3.0])


@case("P24")
def minimum_of_equals():
    a, b = tf.Variable(1.0), tf.Variable(1.0)
    with tf.GradientTape() as tape:
        c = tf.minimum(a, b)
    return gt.explain_gradient(tape, c, [a, b])


@case("P24")
def relu_by_maximum_at_zero():
    return gt.explain_gradient(lambda x: tf.maximum(x, 0.0), 0.0)


@case("P24")
def one_norm_with_a_zero():
    return gt.explain_gradient(lambda w: tf.reduce_sum(tf.abs(w)), [0.0, 1.0, -2.0])


@case("P24")
def absolute_error_of_a_perfect_fit():
    w = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.abs(w * [1.0, 2.0] - [2.0, 4.0]))
    return gt.explain_gradient(tape, loss, w)


@case("P24")
def max_over_rows():
    return gt.explain_gradient(
        lambda x: tf.reduce_sum(tf.reduce_max(x, axis=1)), [[1.0, 1.0], [0.0, 2.0]]
    )


# P27: dead or saturated


@case("P27")
def dead_relu():
    return gt.explain_gradient(tf.nn.relu, -2.0)


@case("P27")
def dead_layer():
    layer = keras.layers.Dense(
        3,
        "relu",
        kernel_initializer="zeros",
        bias_initializer=keras.initializers.Constant(-1),
    )
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((layer(tf.ones([2, 2])) - 1.0) ** 2)
    return gt.explain_gradient(tape, loss, layer.trainable_variables)


@case("P27")
def saturated_sigmoid():
    return gt.explain_gradient(tf.sigmoid, 50.0)


@case("P27")
def saturated_on_the_left():
    x = tf.Variable(-60.0)
    with tf.GradientTape() as tape:
        y = tf.sigmoid(x)
    return gt.explain_gradient(tape, y, x)


@case("P27")
def saturated_tanh_with_large_weights():
    w = tf.Variable([[100.0], [100.0]])
    x = tf.constant([[1.0, 2.0], [3.0, 1.0]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((tf.tanh(x @ w) - 0.5) ** 2)
    return gt.explain_gradient(tape, loss, w)


@case("P27")
def relu_by_hand():
    return gt.explain_gradient(lambda x: tf.maximum(0.0, x) * 2.0, -1.0)


@case("P27")
def relu_by_where():
    return gt.explain_gradient(lambda x: tf.where(x > 0, x, 0.0), -1.0)


@case("P27")
def saturated_softmax():
    return gt.explain_gradient(lambda z: tf.nn.softmax(z)[0], [200.0, 0.0, -50.0])


@case("P27")
def pixels_of_0_to_255():
    layer = keras.layers.Dense(1, "sigmoid", kernel_initializer="ones")
    pixels = tf.constant([[200.0, 180.0], [250.0, 90.0]])
    with tf.GradientTape() as tape:
        p = layer(pixels)
        loss = tf.reduce_mean((p - 0.0) ** 2)
    return gt.explain_gradient(tape, loss, layer.trainable_variables)


@case("P27")
def clipped_outside():
    return gt.explain_gradient(lambda x: tf.clip_by_value(x, 0.0, 1.0), 3.0)


@case("P27")
def relu6_above_six():
    return gt.explain_gradient(tf.nn.relu6, 9.0)


@case("P27")
def relu_of_a_network_in_a_function():
    w1 = tf.Variable(tf.constant([[-1.0, -2.0]]))

    def loss(x):
        hidden = tf.nn.relu(x @ w1)
        return tf.reduce_sum((hidden - 1.0) ** 2)

    return gt.explain_gradient(loss, [[1.0], [2.0]])


# More ways to write them


@case("P1")
def saliency_of_an_agent():
    class Agent:
        def __init__(self):
            self.network = keras.layers.Dense(1)

        def saliency(self, state):
            with tf.GradientTape() as tape:
                value = self.network(state)
            return gt.explain_gradient(tape, value, state)

    return Agent().saliency(tf.ones([1, 3]))


@case("P1")
def batch_of_a_dataset():
    dataset = tf.data.Dataset.from_tensor_slices(np.ones((2, 3), np.float32)).batch(2)
    layer = keras.layers.Dense(1)
    for batch in dataset:
        with tf.GradientTape() as tape:
            out = tf.reduce_sum(tf.square(layer(batch)))
        diagnosis = gt.explain_gradient(tape, out, batch)
    return diagnosis


@case("P3")
def negated_after_it_was_asked():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = x**2
    y = -y
    g = tape.gradient(y, x)
    assert g is None
    return gt.explain_gradient(tape, y, x)


@case("P3")
def tape_and_target_from_a_helper():
    x = tf.Variable(2.0)

    def forward():
        with tf.GradientTape() as tape:
            y = x**2
        return tape, y

    tape, y = forward()
    return gt.explain_gradient(tape, y * 3.0, x)


@case("P3")
def summed_in_a_loop_after_the_block():
    w = tf.Variable(1.0)
    total = 0.0
    with tf.GradientTape() as tape:
        parts = [w * float(i) for i in range(3)]
    for part in parts:
        total += part
    return gt.explain_gradient(tape, total, w)


@case("P5")
def objective_for_an_optimizer_of_scipy():
    def objective(theta):
        theta = theta.numpy()
        return tf.convert_to_tensor((theta[0] - 1) ** 2 + (theta[1] + 2) ** 2)

    return gt.explain_gradient(objective, tf.Variable([0.0, 0.0]))


@case("P5")
def floats_of_a_list():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        doubled = x * 2
        values = [float(v) for v in doubled]
        total = tf.reduce_sum(values)
    return gt.explain_gradient(tape, total, x)


@case("P5")
def functions_imported_from_numpy():
    from numpy import exp, log

    return gt.explain_gradient(lambda x: tf.constant(log(1 + exp(x))), 0.5)


@case("P6")
def list_of_parameters_replaced():
    params = [tf.Variable(1.0), tf.Variable(2.0)]
    for _ in range(2):
        with tf.GradientTape() as tape:
            loss = (params[0] * 3.0 - params[1]) ** 2
        diagnosis = gt.explain_gradient(tape, loss, params)
        params = [p - 0.1 for p in params]
    return diagnosis


@case("P6")
def entry_of_a_dictionary_replaced():
    p = {"w": tf.Variable(2.0)}
    for _ in range(2):
        with tf.GradientTape() as tape:
            cost = p["w"] ** 2
        diagnosis = gt.explain_gradient(tape, cost, p["w"])
        p["w"] = p["w"] - 0.1
    return diagnosis


@case("P6")
def captured_after_it_was_replaced():
    x = tf.Variable(1.0)
    x = x + 1
    return gt.explain_gradient(lambda: x**2)


@case("P11")
def argument_overwritten():
    def f(x, y):
        y = x + 1.0
        return y**2

    return gt.explain_gradient(f, 1.0, 2.0)


@case("P15")
def threshold_to_be_learned():
    threshold = tf.Variable(0.5)
    x = tf.constant([0.1, 0.9])
    with tf.GradientTape() as tape:
        predicted = tf.where(x > threshold, tf.ones_like(x), tf.zeros_like(x))
        loss = tf.reduce_mean((predicted - 1.0) ** 2)
    return gt.explain_gradient(tape, loss, threshold)


@case("P15")
def case_by_case():
    def f(x):
        return tf.case(
            [(x < 0.0, lambda: tf.constant(-1.0))], default=lambda: tf.constant(1.0)
        )

    return gt.explain_gradient(f, 2.0)


@case("P16")
def mask_times_logarithm():
    mask = tf.constant([0.0, 1.0])
    return gt.explain_gradient(
        lambda p: tf.reduce_sum(mask * tf.math.log(p)), [0.0, 0.5]
    )


@case("P17")
def entropy_at_zero():
    return gt.explain_gradient(lambda p: -tf.reduce_sum(p * tf.math.log(p)), [0.0, 1.0])


@case("P17")
def norm_asked_before():
    a = tf.Variable([[0.0, 0.0], [1.0, 1.0]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.norm(a, axis=1))
    g = tape.gradient(loss, a)
    assert np.isnan(g[0, 0])
    return gt.explain_gradient(tape, loss, a)


@case("P22")
def hue_after_the_error():
    image = tf.Variable(tf.ones([1, 2, 2, 3]))
    with tf.GradientTape() as tape:
        y = tf.reduce_mean(tf.image.adjust_hue(image, 0.2))
    try:
        tape.gradient(y, image)
    except LookupError:
        pass
    return gt.explain_gradient(tape, y, image)


@case("P27")
def saturated_and_asked_before():
    w = tf.Variable(30.0)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((tf.sigmoid(w * [1.0, 2.0]) - 0.5) ** 2)
    g = tape.gradient(loss, w)
    assert float(g) == 0.0
    return gt.explain_gradient(tape, loss, w)


@case("P7")
def assigned_in_a_helper():
    w, target = tf.Variable(1.0), tf.Variable(0.0)

    def update():
        target.assign(w * 0.9)
        return (target - 1.0) ** 2

    with tf.GradientTape() as tape:
        loss = update()
    return gt.explain_gradient(tape, loss, w)


@case("P7")
def metric_as_loss():
    metric = keras.metrics.Mean()
    w = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        metric.update_state(w * 3.0)
        loss = metric.result()
    return gt.explain_gradient(tape, loss, w)


# More than one at once


@case("P2", "P11")
def integer_and_unconnected():
    n, w = tf.Variable(3), tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = n * n
    return gt.explain_gradient(tape, y, [n, w])


@case("P1", "P20")
def input_and_state():
    layer = keras.layers.BatchNormalization()
    x = tf.constant([[1.0, 2.0], [3.0, 5.0]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x, training=True) ** 3)
    return gt.explain_gradient(tape, loss, [x, *layer.variables])


@case("P5", "P11")
def numpy_and_unconnected():
    return gt.explain_gradient(lambda x, y: tf.constant(np.sin(x)), 1.0, 2.0)


@case("P12", "P15")
def rounded_vector():
    return gt.explain_gradient(tf.round, [1.2, 2.6])


@case("P12", "P27")
def dead_vector():
    return gt.explain_gradient(tf.nn.relu, [-1.0, -2.0])


@case("P5", "P15")
def two_arguments_cut_in_two_ways():
    def f(a, b):
        return tf.round(a) + np.square(b)

    return gt.explain_gradient(f, 1.3, 2.0)


@case("P3", "P11")
def after_the_block_and_unconnected():
    w, unused = tf.Variable(2.0), tf.Variable(1.0)
    with tf.GradientTape() as tape:
        h = w * 3.0
    loss = h**2
    return gt.explain_gradient(tape, loss, [w, unused])


# Cells of notebooks: names live in the notebook, one cell after the other.

CELLS = {
    "cell_constant": (
        ("P1",),
        "x = tf.constant(3.0)",
        "with tf.GradientTape() as tape:\n    y = x ** 2",
        "result = gt.explain_gradient(tape, y, x)",
    ),
    "cell_integer": (
        ("P2",),
        (
            "x = tf.Variable(3)\nwith tf.GradientTape() as tape:\n    y = x ** 2\n"
            "result = gt.explain_gradient(tape, y, x)"
        ),
    ),
    "cell_after_the_block": (
        ("P3",),
        "x = tf.Variable([1.0, 2.0])",
        "with tf.GradientTape() as tape:\n    y = x ** 2\nz = tf.reduce_sum(y)",
        "result = gt.explain_gradient(tape, z, x)",
    ),
    "cell_watch_late": (
        ("P4",),
        (
            "x = tf.constant(3.0)\nwith tf.GradientTape() as tape:\n    y = x * x\n"
            "    tape.watch(x)\n\nresult = gt.explain_gradient(tape, y, x)"
        ),
    ),
    "cell_numpy": (
        ("P5",),
        "x = tf.Variable(2.0)",
        "with tf.GradientTape() as tape:\n    y = np.log(x)\n    z = tf.multiply(y, 2.0)",
        "result = gt.explain_gradient(tape, z, x)",
    ),
    "cell_loses_the_variable": (
        ("P6",),
        "x = tf.Variable(2.0)",
        "x = x + 1",
        (
            "with tf.GradientTape() as tape:\n    y = x ** 2\n"
            "result = gt.explain_gradient(tape, y, x)"
        ),
    ),
    "cell_assign": (
        ("P7",),
        "x = tf.Variable(2.0)\nv = tf.Variable(0.0)",
        (
            "with tf.GradientTape() as tape:\n    v.assign(x ** 2)\n    y = 3 * v\n"
            "result = gt.explain_gradient(tape, y, x)"
        ),
    ),
    "cell_unconnected": (
        ("P11",),
        (
            "x = tf.Variable(2.0)\ny = tf.Variable(2.0)\n"
            "with tf.GradientTape() as tape:\n    z = x ** 2"
        ),
        "result = gt.explain_gradient(tape, z, y)",
    ),
    "cell_steps": (
        ("P15",),
        (
            "x = tf.Variable(2.4)\nwith tf.GradientTape() as tape:\n"
            "    y = tf.math.rint(x)\n    z = y ** 2"
        ),
        "result = gt.explain_gradient(tape, z, x)",
    ),
    "cell_helper_with_numpy": (
        ("P5",),
        "def activation(v):\n    return tf.constant(1 / (1 + np.exp(-v)))",
        (
            "w = tf.Variable(0.3)\nwith tf.GradientTape() as tape:\n"
            "    loss = (activation(w) - 1.0) ** 2"
        ),
        "result = gt.explain_gradient(tape, loss, w)",
    ),
    "cell_already_asked_and_none": (
        ("P1",),
        "x = tf.constant(3.0)\nwith tf.GradientTape() as tape:\n    y = x ** 2",
        "print_me = tape.gradient(y, x)",
        "result = gt.explain_gradient(tape, y, x)",
    ),
    "cell_already_asked_after_the_block": (
        ("P3",),
        "x = tf.Variable(3.0)\nwith tf.GradientTape() as tape:\n    y = x ** 2\nz = y + 1",
        "dz = tape.gradient(z, x)",
        "result = gt.explain_gradient(tape, z, x)",
    ),
    "cell_function": (
        ("P5",),
        "def f(x):\n    return tf.reduce_sum(np.maximum(x, 0))",
        "result = gt.explain_gradient(f, [1.0, -2.0])",
    ),
}


def run_cells(name):
    """Run cells as a notebook does: each is a file of its own, the names are shared."""
    _, *cells = CELLS[name]
    names = {"tf": tf, "np": np, "gt": gt, "In": ["", *cells], "__name__": "__main__"}
    for number, cell in enumerate(cells, start=1):
        file = f"<cell {name} {number}>"
        lines = cell.splitlines(keepends=True)
        linecache.cache[file] = (len(cell), None, lines, file)
        exec(compile(cell, file, "exec"), names)  # noqa: S102
    return names["result"]


for _name, (_rows, *_) in CELLS.items():
    CASES[_name] = (_rows, lambda name=_name: run_cells(name))
