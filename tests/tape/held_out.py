"""Cases for explain_gradient that were written without knowing how it works.

BROKEN and HEALTHY: lists of (function, args or None, expected rows).
args is a tuple: form one, run explain_gradient(function, *args).
args is None: form two, the function builds its own tape and returns explain_gradient(tape, target, sources).
"""

import math

import numpy as np
import tensorflow as tf
from tensorflow import keras

from gradtape.tape import explain_gradient

BROKEN = []
HEALTHY = []


def healthy(*args):
    def add(function):
        HEALTHY.append((function, args or None, ()))
        return function

    return add


def broken(*rows, args=None):
    def add(function):
        BROKEN.append((function, args, tuple(rows)))
        return function

    return add


def normal(*shape, seed=0, scale=1.0, dtype=np.float32):
    return (np.random.default_rng(seed).normal(size=shape) * scale).astype(dtype)


def t(*shape, seed=0, scale=1.0):
    return tf.constant(normal(*shape, seed=seed, scale=scale))


# ------------------------------------------------------------------ healthy, form one

LABELS = tf.constant([0.0, 1.0, 1.0, 0.0, 1.0])
FEATURES = t(5, 3, seed=1)


@healthy(t(3, 1, seed=2), tf.constant(0.1))
def logistic_regression(w, b):
    logits = tf.squeeze(FEATURES @ w + b, -1)
    return tf.reduce_mean(
        tf.nn.sigmoid_cross_entropy_with_logits(labels=LABELS, logits=logits)
    )


@healthy(t(5, 4, seed=3))
def sparse_cross_entropy(logits):
    labels = tf.constant([0, 3, 1, 1, 2])
    picked = tf.gather(tf.nn.log_softmax(logits), labels, batch_dims=1)
    return -tf.reduce_mean(picked)


@healthy(tf.constant([0.3, -2.0, 4.0, -0.1]))
def huber(residual):
    small = tf.abs(residual) <= 1.0
    return tf.reduce_sum(tf.where(small, 0.5 * residual**2, tf.abs(residual) - 0.5))


@healthy(t(3, 8, seed=4), tf.zeros([8]), t(8, 1, seed=5), tf.zeros([1]))
def relu_network(w1, b1, w2, b2):
    h = tf.nn.relu(FEATURES @ w1 + b1)
    out = tf.squeeze(h @ w2 + b2, -1)
    return tf.reduce_mean(tf.square(out - LABELS))


@healthy(t(4, 6, seed=6), tf.ones([6]), tf.zeros([6]))
def layer_norm_by_hand(x, gamma, beta):
    mean, var = tf.nn.moments(x, axes=[-1], keepdims=True)
    y = (x - mean) * tf.math.rsqrt(var + 1e-5) * gamma + beta
    return tf.reduce_sum(y**3)


@healthy(t(1, 8, 8, 1, seed=7), t(3, 3, 1, 4, seed=8, scale=0.5))
def conv_pool(image, kernel):
    h = tf.nn.conv2d(image, kernel, strides=1, padding="SAME")
    h = tf.nn.max_pool2d(tf.nn.elu(h), 2, 2, "VALID")
    return tf.reduce_mean(h)


@healthy(t(1, 5, 4, seed=9), t(1, 5, 4, seed=10), t(1, 5, 4, seed=11))
def causal_attention(q, k, v):
    scores = tf.matmul(q, k, transpose_b=True) / math.sqrt(4.0)
    allowed = tf.linalg.band_part(tf.ones([5, 5]), -1, 0) > 0
    scores = tf.where(allowed, scores, float("-inf"))
    return tf.reduce_sum(tf.nn.softmax(scores) @ v * tf.range(1.0, 5.0))


@healthy(t(4, 4, seed=12, scale=0.4), t(2, 4, seed=13, scale=0.4))
def rnn_loop(w_hh, w_xh):
    xs = t(6, 1, 2, seed=14)
    h = tf.zeros([1, 4])
    for step in range(6):
        h = tf.tanh(h @ w_hh + xs[step] @ w_xh)
    return tf.reduce_sum(h)


@healthy(t(3, 3, seed=15), tf.constant([0.5, -1.0, 2.0]))
def gaussian_nll(a, x):
    cov = a @ tf.transpose(a) + 0.1 * tf.eye(3)
    chol = tf.linalg.cholesky(cov)
    z = tf.linalg.triangular_solve(chol, x[:, None])
    return 0.5 * tf.reduce_sum(z**2) + tf.reduce_sum(
        tf.math.log(tf.linalg.diag_part(chol))
    )


@healthy(t(5, 3, seed=16))
def nuclear_norm(a):
    return tf.reduce_sum(tf.linalg.svd(a, compute_uv=False))


@healthy(t(4, 3, seed=17), t(4, 1, seed=18))
def ridge_residual(a, y):
    w = tf.linalg.solve(tf.transpose(a) @ a + 0.5 * tf.eye(3), tf.transpose(a) @ y)
    return tf.reduce_sum((a @ w - y) ** 2)


@healthy(tf.constant([0.25, 1.5, -0.75], tf.float64))
def mixed_precision(x):
    half = tf.cast(x, tf.float16)
    h = tf.cast(half * half, tf.float32)
    return tf.reduce_sum(tf.cast(h, tf.float64) * x)


@healthy(tf.constant(100.0))
def stable_log1pexp(x):
    @tf.custom_gradient
    def log1pexp(u):
        e = tf.exp(u)

        def grad(upstream):
            return upstream * (1 - 1 / (1 + e))

        return tf.math.log(1 + e), grad

    return log1pexp(x / 10.0)


@healthy(tf.constant([0.2, 1.7, -2.4]))
def quantized_with_straight_through(x):
    @tf.custom_gradient
    def ste_round(u):
        return tf.round(u), lambda upstream: upstream

    return tf.reduce_sum(ste_round(x) * tf.constant([1.0, 2.0, 3.0]))


@healthy(tf.constant([0.2, 1.7, -2.4]))
def quantized_with_stop_gradient(x):
    q = x + tf.stop_gradient(tf.round(x) - x)
    return tf.reduce_sum(q**2)


@healthy(2.0)
def top_of_a_parabola(x):
    return 5.0 - (x - 2.0) ** 2


@healthy(tf.constant([0.0, 0.0]))
def saddle(p):
    return p[0] ** 2 - p[1] ** 2 + p[0] * p[1]


@healthy(tf.constant(0.0))
def bell_curve_at_its_top(x):
    return tf.exp(-(x**2) / 2.0) / math.sqrt(2.0 * math.pi)


@healthy(tf.constant([0.0, 0.0, 0.0]))
def safe_distance_at_zero(x):
    return tf.sqrt(tf.reduce_sum(x**2) + 1e-12)


@healthy(tf.constant([0.0, 0.5, 2.0]))
def entropy_with_double_where(p):
    positive = p > 0
    safe = tf.where(positive, p, 1.0)
    return -tf.reduce_sum(tf.where(positive, p * tf.math.log(safe), 0.0))


@healthy(tf.constant(1.3))
@tf.function
def power_in_a_while_loop(x):
    i = tf.constant(0)
    y = tf.constant(1.0)
    while i < 5:
        y = y * x
        i += 1
    return y


@healthy(tf.constant(1.3))
def explicit_while_loop(x):
    _, result = tf.while_loop(
        lambda i, s: i < 4, lambda i, s: (i + 1, tf.sin(s) + x), [tf.constant(0), x]
    )
    return result


@healthy(tf.constant(-0.7))
def leaky_with_cond(x):
    return tf.cond(x > 0, lambda: x**2, lambda: 0.1 * x)


@healthy(tf.constant(0.9))
def plain_python_if(x):
    if x > 0.5:
        return tf.sin(x) * 3.0
    return tf.cos(x)


@healthy(t(4, seed=19), t(4, seed=20))
def td_error(w, w_next):
    # a target network's value is a constant on purpose; its own regulariser is not
    value = tf.reduce_sum(w * tf.constant([1.0, 0.0, 2.0, 1.0]))
    bootstrap = 1.0 + 0.9 * tf.stop_gradient(tf.reduce_sum(w_next))
    return tf.square(bootstrap - value) + 0.01 * tf.reduce_sum(w_next**2)


@healthy(t(6, 3, seed=21))
def embedding_lookup(table):
    tokens = tf.constant([[0, 2, 2], [5, 1, 0]])
    return tf.reduce_sum(tf.nn.embedding_lookup(table, tokens) ** 2)


@healthy(tf.range(1.0, 7.0))
def slices_masks_and_scatter(x):
    y = tf.tensor_scatter_nd_update(x, [[1], [4]], [10.0, 20.0])
    odd = tf.boolean_mask(y, tf.cast(tf.range(6), tf.int32) % 2 == 1)
    return tf.reduce_sum(odd**2) + x[0] * x[-1] + tf.reduce_sum(x[1:5:2] ** 3)


@healthy(t(16, seed=22))
def spectral_energy(signal):
    spectrum = tf.signal.rfft(signal)
    power = tf.math.real(spectrum) ** 2 + tf.math.imag(spectrum) ** 2
    return tf.reduce_sum(power[2:5])


@healthy(t(5, seed=23))
def mean_of_the_three_largest(x):
    values, _ = tf.math.top_k(x, k=3)
    return tf.reduce_mean(values)


@healthy(t(3, 4, seed=24))
def greedy_policy_loss(logits):
    action = tf.argmax(logits, axis=-1)
    chosen = tf.one_hot(action, 4)
    reward = tf.constant([1.0, -0.5, 2.0])
    return -tf.reduce_mean(
        reward * tf.reduce_sum(chosen * tf.nn.log_softmax(logits), axis=-1)
    )


@healthy(t(3, 2, seed=25), t(3, 2, seed=26, scale=0.1))
def vae_loss(mean, logvar):
    z = mean + tf.exp(0.5 * logvar) * t(3, 2, seed=27)
    recon = tf.reduce_sum((tf.tanh(z) - 0.3) ** 2)
    kl = -0.5 * tf.reduce_sum(1 + logvar - mean**2 - tf.exp(logvar))
    return recon + kl


@healthy(t(3, 3, seed=28), t(2, 3, seed=29))
def mapped_bilinear(a, batch):
    per_row = tf.map_fn(lambda row: tf.einsum("i,ij,j->", row, a, row), batch)
    return tf.reduce_sum(per_row) + tf.linalg.det(a) + tf.linalg.trace(a)


@healthy(tf.constant([3.0, -1.0, 0.5]))
def ignores_padding(x):
    lengths = tf.constant(2)
    mask = tf.cast(tf.range(3) < lengths, x.dtype)
    return tf.reduce_sum(tf.exp(x) * mask) / tf.reduce_sum(mask)


# ------------------------------------------------------------------ healthy, form two


@healthy()
def keras_classifier_with_accuracy_logged_inside():
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.layers.Dense(16, activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(3),
        ]
    )
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    x, y = t(12, 5, seed=30), tf.constant([0, 1, 2] * 4)
    history = []
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_fn(y, logits)
        accuracy = tf.reduce_mean(
            tf.cast(tf.argmax(logits, -1) == tf.cast(y, tf.int64), tf.float32)
        )
        history.append((float(loss), accuracy.numpy()))
    return explain_gradient(tape, loss, model.trainable_variables)


@healthy()
def convnet_on_mostly_black_digits():
    keras.utils.set_random_seed(2)
    images = np.zeros((4, 12, 12, 1), np.float32)
    images[:, 3:9, 4:8] = np.abs(normal(4, 6, 4, 1, seed=31))
    model = keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            keras.layers.Conv2D(4, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(2, activation="softmax"),
        ]
    )
    with tf.GradientTape() as tape:
        probs = model(images, training=True)
        loss = keras.losses.SparseCategoricalCrossentropy()(
            np.array([0, 1, 1, 0]), probs
        )
    return explain_gradient(tape, loss, model.trainable_weights)


@healthy()
def transfer_learning_with_a_frozen_base():
    keras.utils.set_random_seed(3)
    base = keras.Sequential(
        [keras.Input((6,)), keras.layers.Dense(8, activation="tanh")]
    )
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    x, y = t(10, 6, seed=32), t(10, 1, seed=33)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(x) - y))
    return explain_gradient(tape, loss, model.trainable_variables)


@healthy()
def lstm_text_model():
    keras.utils.set_random_seed(4)
    inputs = keras.Input((7,), dtype="int32")
    h = keras.layers.Embedding(20, 6)(inputs)
    h = keras.layers.LSTM(5)(h)
    outputs = keras.layers.Dense(1, activation="sigmoid")(h)
    model = keras.Model(inputs, outputs)
    tokens = np.random.default_rng(34).integers(0, 20, (4, 7)).astype("int32")
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(
            keras.losses.binary_crossentropy(
                [[0.0], [1.0], [1.0], [0.0]], model(tokens)
            )
        )
    return explain_gradient(tape, loss, model.trainable_variables)


@healthy()
def tenth_step_of_a_training_loop():
    w, b = tf.Variable(0.0), tf.Variable(0.0)
    xs = tf.linspace(-1.0, 1.0, 20)
    ys = 3.0 * xs + 1.0
    for step in range(10):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((w * xs + b - ys) ** 2)
        if step == 9:
            return explain_gradient(tape, loss, [w, b])
        dw, db = tape.gradient(loss, [w, b])
        w.assign_sub(0.1 * dw)
        b.assign_sub(0.1 * db)


@healthy()
def second_derivative_nested_properly():
    x = tf.Variable(1.5)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = tf.sin(x) * x**2
        dy = inner.gradient(y, x)
    return explain_gradient(outer, dy, x)


@healthy()
def wgan_gradient_penalty():
    keras.utils.set_random_seed(5)
    critic = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(8, activation="tanh"),
            keras.layers.Dense(1, use_bias=False),
        ]
    )
    real, fake = t(6, 3, seed=35), t(6, 3, seed=36)
    with tf.GradientTape() as tape:
        mixed = 0.4 * real + 0.6 * fake
        with tf.GradientTape() as gp_tape:
            gp_tape.watch(mixed)
            score = critic(mixed, training=True)
        slope = gp_tape.gradient(score, mixed)
        norm = tf.sqrt(tf.reduce_sum(slope**2, axis=1) + 1e-12)
        loss = (
            tf.reduce_mean(critic(fake))
            - tf.reduce_mean(critic(real))
            + 10.0 * tf.reduce_mean((norm - 1.0) ** 2)
        )
    return explain_gradient(tape, loss, critic.trainable_variables)


@healthy()
def maml_inner_step():
    w = tf.Variable([[0.5], [-0.3]])
    x, y = t(5, 2, seed=37), t(5, 1, seed=38)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner_loss = tf.reduce_mean((x @ w - y) ** 2)
        fast = w - 0.1 * inner.gradient(inner_loss, w)
        outer_loss = tf.reduce_mean((x[:2] @ fast - y[:2]) ** 2)
    return explain_gradient(outer, outer_loss, w)


@healthy()
def gradient_at_an_intermediate():
    x = tf.constant(3.0)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x * x
        z = y * y
    tape.gradient(z, x)
    return explain_gradient(tape, z, y)


@healthy()
def watched_by_hand_only():
    a, b = tf.Variable(2.0), tf.Variable(5.0)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(a)
        c = a**2 * b
    return explain_gradient(tape, c, a)


@healthy()
def fgsm_done_right():
    keras.utils.set_random_seed(6)
    model = keras.Sequential(
        [keras.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(3)]
    )
    image = tf.convert_to_tensor(normal(1, 4, 4, 1, seed=39))
    with tf.GradientTape() as tape:
        tape.watch(image)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(
            tf.constant([2]), model(image)
        )
    return explain_gradient(tape, loss, image)


@healthy()
def grad_cam_done_right():
    keras.utils.set_random_seed(7)
    inputs = keras.Input((8, 8, 1))
    conv = keras.layers.Conv2D(3, 3, activation="relu")(inputs)
    out = keras.layers.Dense(4)(keras.layers.GlobalAveragePooling2D()(conv))
    grad_model = keras.Model(inputs, [conv, out])
    with tf.GradientTape() as tape:
        maps, preds = grad_model(t(1, 8, 8, 1, seed=40))
        best = tf.argmax(preds[0])
        score = preds[:, int(best)]
    return explain_gradient(tape, score, maps)


@healthy()
def heat_equation_residual():
    keras.utils.set_random_seed(8)
    net = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(10, activation="tanh"),
            keras.layers.Dense(1, use_bias=False),
        ]
    )
    time, x = (
        tf.random.stateless_uniform([9, 1], [1, 2]),
        tf.random.stateless_uniform([9, 1], [3, 4]),
    )
    with tf.GradientTape() as tape:
        with tf.GradientTape() as second:
            second.watch(x)
            with tf.GradientTape(persistent=True) as first:
                first.watch([time, x])
                u = net(tf.concat([time, x], 1))
            u_t = first.gradient(u, time)
            u_x = first.gradient(u, x)
        u_xx = second.gradient(u_x, x)
        loss = tf.reduce_mean((u_t - 0.1 * u_xx) ** 2)
    return explain_gradient(tape, loss, net.trainable_variables)


@healthy()
def derivative_at_many_points():
    x = tf.linspace(-2.0, 2.0, 41)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x**4 - 2.0 * x
    return explain_gradient(tape, y, x)


@healthy()
def dictionary_of_parameters():
    params = {"w": tf.Variable(t(3, 2, seed=41)), "b": tf.Variable(tf.zeros([2]))}
    with tf.GradientTape() as tape:
        out = tf.nn.softplus(FEATURES @ params["w"] + params["b"])
        loss = tf.reduce_sum(out)
    return explain_gradient(tape, loss, params)


@healthy()
def self_attention_block():
    keras.utils.set_random_seed(9)
    mha = keras.layers.MultiHeadAttention(num_heads=2, key_dim=3)
    x = t(2, 5, 6, seed=42)
    with tf.GradientTape() as tape:
        y = mha(x, x, use_causal_mask=True)
        loss = tf.reduce_mean(tf.square(y - 1.0))
    return explain_gradient(tape, loss, mha.trainable_weights)


@healthy()
def compiled_forward_pass():
    w = tf.Variable(t(3, 1, seed=43))

    @tf.function
    def forward(x):
        total = tf.zeros([1])
        for row in x:
            total += tf.nn.gelu(tf.squeeze(row[None] @ w, 0))
        return tf.reduce_sum(total)

    with tf.GradientTape() as tape:
        y = forward(FEATURES)
    return explain_gradient(tape, y, w)


@healthy()
def running_average_beside_the_loss():
    w = tf.Variable([1.0, -2.0])
    average = tf.Variable([0.0, 0.0], trainable=False)
    with tf.GradientTape() as tape:
        out = w * [3.0, 4.0]
        average.assign(0.9 * average + 0.1 * out)
        loss = tf.reduce_sum(out**2)
    return explain_gradient(tape, loss, w)


# ------------------------------------------------------------------ broken


@broken("P1")
def adversarial_example_without_watch():
    keras.utils.set_random_seed(10)
    model = keras.Sequential(
        [keras.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(3)]
    )
    images = normal(4, 4, 4, 1, seed=44)
    dataset = tf.data.Dataset.from_tensor_slices((images, [0, 1, 2, 0])).batch(2)
    loss_object = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for image, label in dataset.take(1):
        with tf.GradientTape() as tape:
            prediction = model(image)
            loss = loss_object(label, prediction)
        return explain_gradient(tape, loss, image)


@broken("P1")
def weights_made_with_random_normal():
    W = tf.random.stateless_normal([3, 1], [1, 1])
    b = tf.zeros([1])
    with tf.GradientTape() as tape:
        y_hat = tf.matmul(FEATURES, W) + b
        loss = tf.reduce_mean((y_hat - LABELS[:, None]) ** 2)
    return explain_gradient(tape, loss, [W, b])


@broken("P2")
def linear_fit_with_whole_numbers():
    w = tf.Variable(1)
    x = tf.constant([1, 2, 3, 4])
    y = tf.constant([2, 4, 6, 8])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((w * x - y) ** 2)
    return explain_gradient(tape, loss, w)


@broken("P2", args=(tf.Variable(3),))
def parabola_at_an_integer(x):
    return x**2 + 2 * x - 5


@broken("P2")
def numpy_integers_watched():
    data = np.array([[1, 2], [3, 4]])
    x = tf.convert_to_tensor(data)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_mean(tf.cast(x, tf.float32) ** 2)
    return explain_gradient(tape, y, x)


@broken("P3")
def loss_below_the_block():
    keras.utils.set_random_seed(11)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(4, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    mse = keras.losses.MeanSquaredError()
    optimizer = keras.optimizers.SGD(0.01)

    def train_step(inputs, targets):
        with tf.GradientTape() as tape:
            predictions = model(inputs, training=True)
        loss = mse(targets, predictions)
        return explain_gradient(tape, loss, model.trainable_variables)

    assert optimizer is not None
    return train_step(FEATURES, LABELS[:, None])


@broken("P3")
def row_by_row_jacobian():
    x = tf.Variable([1.0, 2.0, 3.0])
    with tf.GradientTape(persistent=True) as tape:
        y = x**2 * tf.reduce_sum(x)
    rows = []
    for i in range(3):
        rows.append(explain_gradient(tape, y[i], x))
    return rows[1]


@broken("P4")
def watch_at_the_end():
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as g:
        y = tf.reduce_sum(x * x)
        g.watch(x)
    return explain_gradient(g, y, x)


@broken("P4")
def forces_from_an_energy_watched_too_late():
    class Molecule:
        def __init__(self, positions):
            self.positions = tf.convert_to_tensor(positions)

        def energy(self, r):
            i, j = [0, 0, 1], [1, 2, 2]
            d2 = tf.reduce_sum((tf.gather(r, i) - tf.gather(r, j)) ** 2, axis=1)
            return tf.reduce_sum(d2**-6 - d2**-3)

        def forces(self):
            with tf.GradientTape() as tape:
                energy = self.energy(self.positions)
                tape.watch(self.positions)
            return explain_gradient(tape, energy, self.positions)

    return Molecule(np.float32([[0.0, 0.0], [1.2, 0.1], [0.3, 1.4]])).forces()


@broken("P5")
def loss_computed_with_numpy():
    keras.utils.set_random_seed(13)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    y_true = LABELS.numpy()
    with tf.GradientTape() as tape:
        pred = model(FEATURES)
        loss = np.mean((y_true - pred.numpy()[:, 0]) ** 2)
    return explain_gradient(tape, loss, model.trainable_variables)


@broken("P5")
def back_to_a_tensor_after_numpy():
    class Net(tf.Module):
        def __init__(self):
            super().__init__()
            self.w1 = tf.Variable(t(3, 4, seed=46))

        def __call__(self, x):
            h = tf.matmul(x, self.w1)
            h = np.tanh(h)
            return tf.convert_to_tensor(h)

    net = Net()
    with tf.GradientTape() as tape:
        out = net(FEATURES)
        loss = tf.reduce_mean(out**2)
    return explain_gradient(tape, loss, net.trainable_variables)


@broken("P5", args=(0.8,))
def standard_library_math(x):
    return math.exp(-x) * math.sin(x)


@broken("P5", args=(tf.Variable([0.5, 1.5]),))
def rebuilt_from_floats(params):
    a, b = float(params[0]), float(params[1])
    grid = tf.linspace(0.0, 1.0, 5)
    return tf.reduce_sum(a * grid + b)


@broken("P6")
def descent_that_rebinds_x():
    x = tf.Variable(5.0)
    lr = 0.1
    for epoch in range(3):
        with tf.GradientTape() as tape:
            loss = (x - 2.0) ** 2
        if epoch == 1:
            return explain_gradient(tape, loss, x)
        grad = tape.gradient(loss, x)
        x = x - lr * grad


@broken("P6")
def linear_model_class_that_rebinds():
    class LinearRegression:
        def __init__(self):
            self.w = tf.Variable(tf.zeros([3, 1]))
            self.b = tf.Variable(0.0)

        def loss(self, x, y):
            return tf.reduce_mean((x @ self.w + self.b - y) ** 2)

        def fit(self, x, y, epochs=5, lr=0.05):
            for epoch in range(epochs):
                with tf.GradientTape() as tape:
                    loss = self.loss(x, y)
                if epoch == 1:
                    return explain_gradient(tape, loss, [self.w, self.b])
                dw, db = tape.gradient(loss, [self.w, self.b])
                self.w = self.w - lr * dw
                self.b = self.b - lr * db

    return LinearRegression().fit(FEATURES, LABELS[:, None])


@broken("P7")
def recurrent_state_kept_in_a_variable():
    kernel = tf.Variable(t(3, 3, seed=47))
    state = tf.Variable(tf.zeros([1, 3]), trainable=False)
    with tf.GradientTape() as tape:
        for step in range(4):
            state.assign(tf.tanh(tf.matmul(FEATURES[step : step + 1], kernel)))
        loss = tf.reduce_sum(state**2)
    return explain_gradient(tape, loss, kernel)


@broken("P7")
def learning_the_learning_rate():
    lr = tf.Variable(0.1)
    w = tf.Variable([1.0, -1.0])
    with tf.GradientTape() as meta:
        with tf.GradientTape() as tape:
            train_loss = tf.reduce_sum((w - 3.0) ** 2)
        w.assign_sub(lr * tape.gradient(train_loss, w))
        val_loss = tf.reduce_sum((w - 2.0) ** 2)
    return explain_gradient(meta, val_loss, lr)


BUFFER = tf.Variable(0.0)


@broken("P7", args=(tf.constant(3.0),))
def result_through_a_buffer(x):
    BUFFER.assign(x**2 + 1.0)
    return BUFFER * 2.0


@broken("P11")
def generator_loss_for_the_wrong_network():
    keras.utils.set_random_seed(14)
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    discriminator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    bce = keras.losses.BinaryCrossentropy(from_logits=True)
    with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
        fake = generator(t(5, 2, seed=48), training=True)
        real_output = discriminator(FEATURES, training=True)
        fake_output = discriminator(fake, training=True)
        gen_loss = bce(tf.ones_like(fake_output), fake_output)
        disc_loss = bce(tf.ones_like(real_output), real_output)
    disc_tape.gradient(disc_loss, discriminator.trainable_variables)
    optimizer_step = explain_gradient(
        gen_tape, disc_loss, generator.trainable_variables
    )
    assert float(gen_loss) > 0
    return optimizer_step


@broken("P11")
def hessian_entry_of_a_linear_term():
    x, y = tf.Variable(2.0), tf.Variable(5.0)
    with tf.GradientTape() as t2:
        with tf.GradientTape() as t1:
            z = 3 * x**2 + 2 * y
        dz_dx, dz_dy = t1.gradient(z, [x, y])
    assert float(dz_dy) == 2.0
    return explain_gradient(t2, dz_dx, [x, y])


@broken("P11")
def two_heads_one_loss():
    keras.utils.set_random_seed(15)
    inputs = keras.Input((3,))
    h = keras.layers.Dense(6, activation="tanh")(inputs)
    price = keras.layers.Dense(1, name="price")(h)
    category = keras.layers.Dense(4, name="category")(h)
    model = keras.Model(inputs, [price, category])
    with tf.GradientTape() as tape:
        price_pred, _ = model(FEATURES, training=True)
        loss = tf.reduce_mean(tf.abs(price_pred - LABELS[:, None]))
    return explain_gradient(tape, loss, model.trainable_variables)


@broken("P11", args=(tf.constant(2.0), tf.constant(4.0)))
def second_argument_forgotten(x, y):
    return x**3 - 2.0 * x


@broken("P12", args=(tf.constant(2.0),))
def powers_stacked(x):
    return tf.stack([x, x**2, x**3])


@broken("P12", args=(tf.constant([1.0, 2.0, 3.0]),))
def linear_map(x):
    A = tf.constant([[1.0, 2.0, 3.0], [0.0, 1.0, 4.0]])
    return tf.linalg.matvec(A, x)


@broken("P12")
def hessian_by_two_gradients():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            f = x[0] ** 2 * x[1] + x[1] ** 3
        grad = inner.gradient(f, x)
    return explain_gradient(outer, grad, x)


@broken("P12")
def per_sample_losses():
    keras.utils.set_random_seed(16)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(4, activation="tanh"),
            keras.layers.Dense(1),
        ]
    )
    with tf.GradientTape() as tape:
        out = model(FEATURES)
        loss = keras.losses.MeanSquaredError(reduction="none")(LABELS[:, None], out)
    return explain_gradient(tape, loss, model.trainable_variables)


@broken("P15")
def accuracy_as_the_loss():
    keras.utils.set_random_seed(17)
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(4, activation="softmax")]
    )
    y = tf.constant([0, 1, 1, 3, 2], tf.int64)
    with tf.GradientTape() as tape:
        probs = model(FEATURES)
        correct = tf.equal(tf.argmax(probs, axis=1), y)
        loss = 1.0 - tf.reduce_mean(tf.cast(correct, tf.float32))
    return explain_gradient(tape, loss, model.trainable_variables)


@broken("P15", args=(t(5, seed=49),))
def f1_score_loss(logits):
    y_pred = tf.round(tf.sigmoid(logits))
    tp = tf.reduce_sum(LABELS * y_pred)
    precision = tp / (tf.reduce_sum(y_pred) + 1e-7)
    recall = tp / (tf.reduce_sum(LABELS) + 1e-7)
    return 1.0 - 2.0 * precision * recall / (precision + recall + 1e-7)


@broken("P15", args=(t(3, 2, seed=50),))
def binary_weights(w):
    out = tf.matmul(FEATURES, tf.sign(w))
    return tf.reduce_mean(out**2)


@broken("P15", args=(tf.constant(0.4),))
def learnable_threshold(threshold):
    selected = tf.cast(tf.sigmoid(FEATURES[:, 0]) > threshold, tf.float32)
    return tf.reduce_mean((selected - LABELS) ** 2)


@broken("P15", args=(tf.constant([1.4, 2.7]),))
def learnable_index(position):
    table = tf.constant([0.0, 1.0, 4.0, 9.0, 16.0])
    return tf.reduce_sum(tf.gather(table, tf.cast(position, tf.int32)))


@broken("P16", args=(tf.constant([0.5, 0.5, 0.0]),))
def kl_divergence_with_a_zero(p):
    q = tf.constant([0.3, 0.3, 0.4])
    return tf.reduce_sum(tf.where(p > 0, p * tf.math.log(p / q), tf.zeros_like(p)))


@broken("P16", args=(0.0,))
def sinc_at_zero(x):
    return tf.where(tf.equal(x, 0.0), 1.0, tf.sin(x) / x)


@broken("P16")
def masked_mean_over_an_empty_row():
    scale = tf.Variable([1.0, 2.0, 3.0])
    mask = tf.constant([[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(mask * scale * [2.0, 5.0, 1.0], axis=1)
        weight = tf.reduce_sum(mask * scale, axis=1)
        mean = tf.where(weight > 0, total / weight, 0.0)
        loss = tf.reduce_sum(mean)
    return explain_gradient(tape, loss, scale)


@broken("P17", args=(tf.zeros([3]),))
def length_of_the_zero_vector(v):
    return tf.norm(v)


@broken("P17", args=(tf.constant(0.0),))
def square_root_at_zero(x):
    return tf.sqrt(x) + x


@broken("P17")
def pairwise_distances():
    points = tf.Variable(t(4, 2, seed=51))
    with tf.GradientTape() as tape:
        diff = points[:, None, :] - points[None, :, :]
        dist = tf.sqrt(tf.reduce_sum(diff**2, axis=-1))
        stress = tf.reduce_sum((dist - 1.0) ** 2)
    return explain_gradient(tape, stress, points)


@broken("P17")
def siamese_network_on_the_same_image():
    keras.utils.set_random_seed(18)
    encoder = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(4, activation="tanh")]
    )
    anchor = positive = FEATURES
    negative = t(5, 3, seed=52)
    with tf.GradientTape() as tape:
        d_pos = tf.norm(encoder(anchor) - encoder(positive), axis=1)
        d_neg = tf.norm(encoder(anchor) - encoder(negative), axis=1)
        loss = tf.reduce_mean(tf.nn.softplus(d_pos - d_neg + 0.2))
    return explain_gradient(tape, loss, encoder.trainable_variables)


@broken("P20")
def all_variables_of_a_batchnorm_model():
    keras.utils.set_random_seed(19)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(6, activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(1),
        ]
    )
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(
            tf.square(model(FEATURES, training=True) - LABELS[:, None])
        )
    return explain_gradient(tape, loss, model.variables)


@broken("P20")
def weights_of_a_normalizing_model():
    keras.utils.set_random_seed(20)
    normalizer = keras.layers.Normalization()
    normalizer.adapt(FEATURES.numpy())

    class Regressor(keras.Model):
        def __init__(self):
            super().__init__()
            self.bn = keras.layers.BatchNormalization()
            self.out = keras.layers.Dense(1)

        def call(self, x, training=False):
            return self.out(self.bn(normalizer(x), training=training))

    model = Regressor()
    with tf.GradientTape() as tape:
        pred = model(FEATURES, training=False)
        loss = keras.losses.MeanSquaredError()(LABELS[:, None], pred)
    return explain_gradient(tape, loss, model.weights)


@broken("P22")
def attack_through_augmentation():
    image = tf.Variable(tf.random.stateless_uniform([1, 4, 4, 3], [5, 6]))
    with tf.GradientTape() as tape:
        augmented = tf.image.adjust_contrast(image, 1.5)
        loss = tf.reduce_mean(augmented**2)
    return explain_gradient(tape, loss, image)


@broken("P22", args=(tf.random.stateless_uniform([1, 4, 4, 3], [7, 8]),))
def shrink_by_area(image):
    small = tf.image.resize(image, [2, 2], method="area")
    return tf.reduce_sum(small**2)


@broken("P24", args=(tf.zeros([4]),))
def l1_penalty_on_fresh_weights(w):
    return 0.01 * tf.reduce_sum(tf.abs(w))


@broken("P24", args=(tf.constant(2.0), tf.constant(2.0)))
def larger_of_two_equals(a, b):
    return tf.maximum(a, b)


@broken("P24")
def best_score_from_zero_weights():
    W = tf.Variable(tf.zeros([3, 4]))
    with tf.GradientTape() as tape:
        scores = FEATURES[:1] @ W
        best = tf.reduce_max(scores)
    return explain_gradient(tape, best, W)


@broken("P27")
def relu_layer_with_a_large_negative_bias():
    keras.utils.set_random_seed(21)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(
                4,
                activation="relu",
                bias_initializer=keras.initializers.Constant(-50.0),
            ),
            keras.layers.Dense(1),
        ]
    )
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(FEATURES) - LABELS[:, None]) ** 2)
    return explain_gradient(tape, loss, model.trainable_variables)


@broken("P27")
def sigmoid_on_raw_pixels():
    w = tf.Variable(tf.ones([9, 1]))
    b = tf.Variable(tf.zeros([1]))
    pixels = tf.constant(
        np.random.default_rng(53).integers(100, 256, (6, 9)).astype("float32")
    )
    labels = tf.zeros([6, 1])
    with tf.GradientTape() as tape:
        prob = tf.sigmoid(pixels @ w + b)
        loss = tf.reduce_mean((prob - labels) ** 2)
    return explain_gradient(tape, loss, [w, b])


@broken("P27", args=(tf.constant(-3.0),))
def dead_unit(x):
    return 2.0 * tf.nn.relu(x - 1.0)


@broken("P1", "P11")
def one_constant_and_one_stranger():
    w = tf.Variable(2.0)
    x = tf.constant(3.0)
    unused = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = w * x**2
    return explain_gradient(tape, y, [w, x, unused])


@broken("P11", "P15", args=(tf.constant(1.6), tf.constant(2.0), tf.constant(3.0)))
def rounded_and_forgotten(price, amount, discount):
    return tf.floor(price) * amount**2


@broken("P1", "P2")
def constant_and_integer():
    x = tf.constant(1.5)
    n = tf.Variable(3)
    with tf.GradientTape() as tape:
        y = x * tf.cast(n, tf.float32)
    return explain_gradient(tape, y, [x, n])
