"""Questions that people brought to issue trackers and forums, rewritten, with the truth.

Each case is a piece of code with one line ``answer = TAPE.gradient(TARGET, SOURCES)``. The
tests ask it in both forms: with ``explain_gradient(tape, target, sources)`` in that place,
and with the whole piece as a function that ``explain_gradient`` runs. ``true`` is the
gradient that the learner meant, as code that plain TensorFlow evaluates after the piece:
the repair is put into the code, and has to give it.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One question.

    Attributes
    ----------
    causes : tuple of str
        The rows of the catalogue.
    code : str
        Statements; one of them asks a tape.
    true : str
        An expression: what comes back after the repair. Empty where there is none.
    in_function : tuple of str or None
        The rows for the second form, where they differ.
    """

    causes: tuple[str, ...]
    code: str
    true: str = ""
    in_function: tuple[str, ...] | None = None


CASES: dict[str, Case] = {}


def collected(cases):
    """Return the function that adds a case to some; rows are written ``"P1 P5"``."""

    def case(name, causes, code, true="", in_function=None):
        split = None if in_function is None else tuple(in_function.split())
        cases[name] = Case(
            tuple(causes.split()), textwrap.dedent(code).strip(), true, split
        )

    return case


case = collected(CASES)


# A. What NumPy, a pipeline, a thread or a table of whole numbers hides.

case(
    "predict in the block",
    "P5",
    """
    model = net(2, 1)
    x, y = tf.ones([4, 2]), tf.zeros([4, 1])
    with tf.GradientTape() as tape:
        guess = model.predict(x, verbose=0)
        loss = tf.reduce_mean((guess - y) ** 2)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
    "grad(lambda: tf.reduce_mean((model(x) - y) ** 2), model.trainable_variables)",
)

case(
    "predict on a batch, with a loss of Keras",
    "P5",
    """
    model = net(2, 1)
    x, y = tf.ones([4, 2]), tf.zeros([4, 1])
    mse = keras.losses.MeanSquaredError()
    with tf.GradientTape() as tape:
        loss = mse(y, model.predict_on_batch(x))
    answer = tape.gradient(loss, model.trainable_variables)
    """,
    "grad(lambda: mse(y, model(x)), model.trainable_variables)",
)

case(
    "losses collected as floats",
    "P5",
    """
    w = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        losses = []
        for i in range(2):
            losses.append(float(w[i] ** 2))
        loss = tf.convert_to_tensor(losses)
        total = tf.reduce_sum(loss)
    answer = tape.gradient(total, w)
    """,
    "2.0 * w",
)

case(
    "generator's samples through NumPy",
    "P5",
    """
    G, D = net(1, 3), net(3, 1)
    noise = tf.ones([2, 1])
    with tf.GradientTape() as tape:
        fake = G(noise)
        decision = D(fake.numpy().reshape((2, 3)))
        error = tf.reduce_mean(decision)
    answer = tape.gradient(error, G.trainable_variables)
    """,
)

case(
    "the source goes into a dataset",
    "P34",
    """
    xs = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        total = 0.0
        for part in tf.data.Dataset.from_tensor_slices(xs).batch(1):
            total += tf.reduce_sum(part**2)
    answer = tape.gradient(total, xs)
    """,
    "2.0 * xs",
)

case(
    "a dataset of a watched tensor",
    "P34",
    """
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    with tf.GradientTape() as tape:
        tape.watch(x)
        rows = [tf.reduce_sum(row**3) for row in tf.data.Dataset.from_tensor_slices(x)]
        y = tf.add_n(rows)
    answer = tape.gradient(y, x)
    """,
    "3.0 * x**2",
)

case(
    "a map over a dataset",
    "P34",
    """
    w = tf.Variable([0.5, 1.5])
    with tf.GradientTape() as tape:
        squares = tf.data.Dataset.from_tensor_slices(w).map(lambda v: v**2)
        y = tf.add_n(list(squares))
    answer = tape.gradient(y, w)
    """,
    "2.0 * w",
)

case(
    "a loop over a dataset, compiled",
    "P34",
    """
    dataset = tf.data.Dataset.from_tensor_slices([2.0, 3.0])
    @tf.function
    def scaled(x):
        for factor in dataset:
            x = x * factor
        return x
    a = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = scaled(a)
    answer = tape.gradient(y, a)
    """,
)

case(
    "a dataset reduced",
    "P22",
    """
    u = tf.Variable(1.0)
    dataset = tf.data.Dataset.from_tensor_slices([2.0, 3.0])
    with tf.GradientTape() as tape:
        loss = dataset.reduce(tf.constant(0.0), lambda s, y: s + (y - u) ** 2)
    answer = tape.gradient(loss, u)
    """,
)

case(
    "computed by another thread",
    "P33",
    """
    from concurrent.futures import ThreadPoolExecutor
    w = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        with ThreadPoolExecutor(1) as pool:
            part = pool.submit(lambda: tf.reduce_sum(w**2)).result()
        loss = part * 3.0
    answer = tape.gradient(loss, w)
    """,
)

case(
    "a thread with the model inside",
    "P33",
    """
    import threading
    model, x, found = net(2, 1), tf.ones([1, 2]), []
    with tf.GradientTape() as tape:
        worker = threading.Thread(target=lambda: found.append(model(x)))
        worker.start()
        worker.join()
        loss = tf.reduce_sum(found[0])
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)

case(
    "a replica under a tape outside",
    "P33",
    """
    strategy = tf.distribute.MirroredStrategy(["/cpu:0"])
    with strategy.scope():
        w = tf.Variable(3.0)
    def step():
        return w * w
    with tf.GradientTape() as tape:
        loss = strategy.reduce("SUM", strategy.run(step), axis=None)
    answer = tape.gradient(loss, w)
    """,
)

case(
    "one entry of the loss, taken after the block",
    "P3",
    """
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = x**2
    answer = tape.gradient(y[1], x)
    """,
    "[0.0, 4.0]",
)

case(
    "a mean taken after the block",
    "P3",
    """
    w, x = tf.Variable(2.0), tf.constant([1.0, 3.0])
    with tf.GradientTape() as tape:
        errors = (w * x - 1.0) ** 2
    loss = tf.reduce_mean(errors)
    answer = tape.gradient(loss, w)
    """,
    "tf.reduce_mean(2.0 * (w * x - 1.0) * x)",
)

case(
    "a sample drawn before the block",
    "P3",
    """
    mu = tf.Variable(0.5)
    sample = mu + tf.constant([0.1, -0.3])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(sample**2)
    answer = tape.gradient(loss, mu)
    """,
    "2.0 * (mu - 0.1)",
)

case(
    "features computed before the block",
    "P3",
    """
    model = net(2, 2)
    x = tf.ones([3, 2])
    features = model(x)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(features**2)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
    "grad(lambda: tf.reduce_sum(model(x) ** 2), model.trainable_variables)",
)

case(
    "token ids as floats",
    "P15",
    """
    table = keras.layers.Embedding(10, 3)
    tokens = tf.constant([[1.0, 2.0]])
    with tf.GradientTape() as tape:
        tape.watch(tokens)
        y = tf.reduce_sum(table(tokens) ** 2)
    answer = tape.gradient(y, tokens)
    """,
)

case(
    "token ids as whole numbers",
    "P2",
    """
    table = keras.layers.Embedding(10, 3)
    tokens = tf.constant([[1, 2]])
    with tf.GradientTape() as tape:
        tape.watch(tokens)
        y = tf.reduce_sum(table(tokens) ** 2)
    answer = tape.gradient(y, tokens)
    """,
)

case(
    "accuracy as a loss",
    "P15",
    """
    model = net(2, 1)
    x, labels = tf.constant([[1.0, 2.0], [0.5, -1.0]]), tf.constant([[1.0], [0.0]])
    with tf.GradientTape() as tape:
        right = tf.math.count_nonzero(tf.equal(tf.round(model(x)), labels))
        loss = 1.0 - tf.cast(right, tf.float32) / 2.0
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)

case(
    "gather by a predicted index",
    "P15",
    """
    w = tf.Variable([0.2, 0.9, 0.4])
    prices = tf.constant([5.0, 7.0, 9.0])
    with tf.GradientTape() as tape:
        y = tf.gather(prices, tf.argmax(w))
    answer = tape.gradient(y, w)
    """,
)

case(
    "a histogram",
    "P15",
    """
    w = tf.Variable([0.2, 0.9, 0.4])
    with tf.GradientTape() as tape:
        counts = tf.histogram_fixed_width(w, [0.0, 1.0], nbins=4)
        y = tf.reduce_sum(tf.cast(counts, tf.float32) ** 2)
    answer = tape.gradient(y, w)
    """,
)

case(
    "an action drawn at random",
    "P15",
    """
    logits = tf.Variable([[0.1, 0.7]])
    with tf.GradientTape() as tape:
        action = tf.random.categorical(logits, 1)
        reward = tf.cast(action, tf.float32) * 2.0
    answer = tape.gradient(reward, logits)
    """,
)

# B. The road is cut; the derivative is not 0.

case(
    "second derivative of a network with relu",
    "P41",
    """
    model = net(1, 4, 1, activation="relu")
    x = tf.constant([[0.3], [-0.4]])
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            u = model(x)
        u_x = inner.gradient(u, x)
    answer = outer.gradient(u_x, x)
    """,
)

case(
    "second derivative through leaky relu",
    "P41",
    """
    x = tf.Variable([0.3, -0.4])
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = tf.nn.leaky_relu(2.0 * x)
        slope = inner.gradient(y, x)
    answer = outer.gradient(slope, x)
    """,
)

case(
    "a residual of a network with relu",
    "P11 P41",
    """
    model = net(1, 4, 1, activation="relu")
    x = tf.constant([[0.3], [-0.4]])
    with tf.GradientTape() as tape:
        with tf.GradientTape() as t2:
            t2.watch(x)
            with tf.GradientTape() as t1:
                t1.watch(x)
                u = model(x)
            u_x = t1.gradient(u, x)
        u_xx = t2.gradient(u_x, x)
        loss = tf.reduce_mean((u_xx + 1.0) ** 2)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)

case(
    "one tape, not persistent, asked twice in its block",
    "P32",
    """
    model = net(1, 4, 1, activation="tanh")
    x = tf.constant([[0.1], [0.2]])
    with tf.GradientTape() as tape:
        tape.watch(x)
        u = model(x)
        u_x = tape.gradient(u, x)
    answer = tape.gradient(u_x, x)
    """,
)

case(
    "first derivative taken after the block",
    "P10",
    """
    x = tf.Variable(2.0)
    with tf.GradientTape(persistent=True) as tape:
        y = x**3
    slope = tape.gradient(y, x)
    answer = tape.gradient(slope, x)
    """,
    "6.0 * x",
)

case(
    "a column of what the network was given",
    "P11",
    """
    model = net(2, 1, activation="tanh")
    X = tf.constant([[0.1, 0.2], [0.3, 0.4]])
    with tf.GradientTape() as tape:
        tape.watch(X)
        t = X[:, 0:1]
        u = model(X)
    answer = tape.gradient(u, t)
    """,
)

case(
    "one entry as source",
    "P11",
    """
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(x**2)
    answer = tape.gradient(y, x[0])
    """,
)

case(
    "the record was reset",
    "P43",
    """
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x**2
        tape.reset()
        z = y * 2.0
    answer = tape.gradient(z, x)
    """,
    "4.0 * x",
)

case(
    "recording was stopped",
    "P3",
    """
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        with tape.stop_recording():
            y = x**2
        z = y * 2.0
    answer = tape.gradient(z, x)
    """,
    "4.0 * x",
)

case(
    "really without the source",
    "P11",
    """
    a, b = tf.Variable(3.0), tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = a**2 + 2.0 * a
    answer = tape.gradient(y, b)
    """,
    "0.0",
)

case(
    "a constant as target",
    "P11",
    """
    ones = tf.ones([1, 4, 4, 1])
    with tf.GradientTape() as tape:
        channel = tf.constant([4.4])
    answer = tape.gradient(channel, ones)
    """,
    "tf.zeros([1, 4, 4, 1])",
)

# C. Numbers that are not right.

case(
    "a variable in a layer of Keras 3",
    "P31",
    """
    class Scale(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.scale = tf.Variable(2.0)
        def call(self, x):
            return x * self.scale
    layer = Scale()
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(layer(tf.ones([3, 2])) ** 2)
    answer = tape.gradient(loss, layer.trainable_variables)
    """,
)

case(
    "the list was taken before the model was built",
    "P31",
    """
    model = keras.Sequential([keras.layers.Dense(1)])
    variables = model.trainable_variables
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(tf.ones([3, 2])) ** 2)
    answer = tape.gradient(loss, variables)
    """,
)

case(
    "a frozen model",
    "P31",
    """
    model = net(2, 1)
    model.trainable = False
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(tf.ones([3, 2])) ** 2)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)

case(
    "boxes that do not overlap",
    "P27",
    """
    truth = tf.constant([0.2, 0.2, 0.6, 0.6])
    box = tf.Variable([0.7, 0.7, 0.9, 0.9])
    with tf.GradientTape() as tape:
        low = tf.maximum(box[:2], truth[:2])
        high = tf.minimum(box[2:], truth[2:])
        side = tf.maximum(high - low, 0.0)
        shared = side[0] * side[1]
        loss = 1.0 - shared / (0.2 - shared)
    answer = tape.gradient(loss, box)
    """,
)

case(
    "a hinge that is satisfied",
    "P27",
    """
    w = tf.Variable([3.0, -2.0])
    x = tf.constant([[1.0, 0.0], [0.0, -1.0]])
    with tf.GradientTape() as tape:
        margins = tf.linalg.matvec(x, w)
        loss = tf.reduce_sum(tf.maximum(0.0, 1.0 - margins))
    answer = tape.gradient(loss, w)
    """,
)

case(
    "a Fourier transform as target",
    "P37",
    """
    x = tf.Variable([1.0, 2.0, 0.5, 3.0])
    with tf.GradientTape() as tape:
        y = tf.signal.fft(tf.cast(x, tf.complex64))
    answer = tape.gradient(y, x)
    """,
)

case(
    "a complex source",
    "P37",
    """
    z = tf.Variable(1.0 + 2.0j)
    with tf.GradientTape() as tape:
        w = z * z
    answer = tape.gradient(w, z)
    """,
)

case(
    "NumPy inside py_function",
    "P35",
    """
    x = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = tf.py_function(lambda a: np.sin(a.numpy()), [x], tf.float32) * 2.0
    answer = tape.gradient(y, x)
    """,
)

case(
    "NumPy inside numpy_function",
    "P5",
    """
    x = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = tf.numpy_function(np.sin, [x], tf.float32) * 2.0
    answer = tape.gradient(y, x)
    """,
)

case(
    "a round inside recompute_grad",
    "P15",
    """
    x = tf.Variable([1.2, 2.6])
    again = tf.recompute_grad(lambda v: tf.reduce_sum(tf.round(v) ** 2))
    with tf.GradientTape() as tape:
        y = again(x + 0.0)
    answer = tape.gradient(y, x)
    """,
)

case(
    "a cumulative product through zero",
    "P39",
    """
    x = tf.Variable([2.0, 0.0, 3.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.math.cumprod(x))
    answer = tape.gradient(y, x)
    """,
)

case(
    "eigenvectors of equal eigenvalues",
    "P39",
    """
    a = tf.Variable([[2.0, 0.0], [0.0, 2.0]])
    with tf.GradientTape() as tape:
        _, vectors = tf.linalg.eigh(a)
        y = tf.reduce_sum(vectors[:, 0] * [1.0, 2.0])
    answer = tape.gradient(y, a)
    """,
)

# E. Errors on the way back.

case(
    "determinant of a singular matrix",
    "P40",
    """
    a = tf.Variable([[1.0, 2.0], [2.0, 4.0]])
    with tf.GradientTape() as tape:
        y = tf.linalg.det(a)
    answer = tape.gradient(y, a)
    """,
)

case(
    "svd with full matrices",
    "P40",
    """
    a = tf.Variable([[1.0, 2.0], [2.0, 5.0], [0.5, 1.0], [0.0, 1.0]])
    with tf.GradientTape() as tape:
        s, u, v = tf.linalg.svd(a, full_matrices=True)
        y = tf.reduce_sum(u[:, 0])
    answer = tape.gradient(y, a)
    """,
)

case(
    "qr with full matrices",
    "P40",
    """
    a = tf.Variable([[1.0, 2.0], [2.0, 5.0], [0.5, 1.0]])
    with tf.GradientTape() as tape:
        q, r = tf.linalg.qr(a, full_matrices=True)
        y = tf.reduce_sum(r**2)
    answer = tape.gradient(y, a)
    """,
    "tf.convert_to_tensor(2.0 * a)",
)

case(
    "least squares, not fast",
    "P40",
    """
    a = tf.Variable([[1.0, 2.0], [2.0, 5.0], [0.5, 1.0]])
    b = tf.constant([[1.0], [2.0], [0.0]])
    with tf.GradientTape() as tape:
        x = tf.linalg.lstsq(a, b, fast=False)
        y = tf.reduce_sum(x**2)
    answer = tape.gradient(y, a)
    """,
    "grad(lambda: tf.reduce_sum(tf.linalg.lstsq(a, b, fast=True) ** 2), a)",
)

case(
    "second derivative through a resize",
    "P22",
    """
    image = tf.Variable(tf.reshape(tf.range(16.0), [1, 4, 4, 1]))
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = tf.reduce_sum(tf.image.resize(image, [8, 8]) ** 2)
        slope = inner.gradient(y, image)
        size = tf.reduce_sum(slope**2)
    answer = outer.gradient(size, image)
    """,
)

case(
    "a shape parameter of betainc",
    "P22",
    """
    a = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = tf.math.betainc(a, 3.0, 0.3)
    answer = tape.gradient(y, a)
    """,
)

# G. Composite tensors, symbols, models.

case(
    "the output of a layer as source",
    "P29",
    """
    model = net(2, 3, 1)
    x = tf.ones([1, 2])
    with tf.GradientTape() as tape:
        y = model(x)
    answer = tape.gradient(y, model.layers[0].output)
    """,
)

case(
    "the input of a model as source",
    "P29",
    """
    model = net(2, 3, 1)
    x = tf.ones([1, 2])
    with tf.GradientTape() as tape:
        y = model(x)
    answer = tape.gradient(y, model.inputs[0])
    """,
)

case(
    "a model as source",
    "P29",
    """
    model = net(2, 1)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(tf.ones([1, 2])) ** 2)
    answer = tape.gradient(loss, model)
    """,
    "grad(lambda: tf.reduce_sum(model(tf.ones([1, 2])) ** 2), model.trainable_variables)",
)

case(
    "weights as arrays",
    "P29",
    """
    model = net(2, 1)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(tf.ones([1, 2])) ** 2)
    answer = tape.gradient(loss, model.get_weights())
    """,
    "grad(lambda: tf.reduce_sum(model(tf.ones([1, 2])) ** 2), model.trainable_variables)",
)

case(
    "an array as source",
    "P1",
    """
    data = np.array([1.0, 2.0], np.float32)
    w = tf.Variable([3.0, 4.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(w * data)
    answer = tape.gradient(y, data)
    """,
)

case(
    "a sparse tensor made before the block",
    "P3",
    """
    v = tf.Variable([1.0, 2.0])
    sparse = tf.SparseTensor([[0, 0], [1, 1]], v, [2, 2])
    with tf.GradientTape() as tape:
        out = tf.sparse.sparse_dense_matmul(sparse, tf.ones([2, 1]))
        loss = tf.reduce_sum(out**2)
    answer = tape.gradient(loss, v)
    """,
    "2.0 * v",
)

case(
    "a sparse tensor as source",
    "P29",
    """
    sparse = tf.SparseTensor([[0, 0], [1, 1]], [1.0, 2.0], [2, 2])
    with tf.GradientTape() as tape:
        tape.watch(sparse.values)
        loss = tf.reduce_sum(tf.sparse.to_dense(sparse) ** 2)
    answer = tape.gradient(loss, sparse)
    """,
    "2.0 * sparse.values",
)

# H. The operand at the place of the fault.

case(
    "log of 1 - sigmoid",
    "P17",
    """
    z = tf.Variable(20.0)
    with tf.GradientTape() as tape:
        loss = -tf.math.log(1.0 - tf.sigmoid(z))
    answer = tape.gradient(loss, z)
    """,
    "tf.sigmoid(z)",
)

case(
    "log of softmax",
    "P17",
    """
    z = tf.Variable([-120.0, 0.0])
    with tf.GradientTape() as tape:
        loss = -tf.math.log(tf.nn.softmax(z)[0])
    answer = tape.gradient(loss, z)
    """,
    "tf.nn.softmax(z) - [1.0, 0.0]",
)

case(
    "the norm of a difference that is 0",
    "P17",
    """
    a, b = tf.Variable([1.0, 2.0]), tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = tf.norm(a - b)
    answer = tape.gradient(y, a)
    """,
    "[0.0, 0.0]",
)

case(
    "a distance matrix with its diagonal",
    "P17",
    """
    p = tf.Variable([[0.0, 0.0], [3.0, 4.0]])
    with tf.GradientTape() as tape:
        gaps = p[:, None] - p[None]
        far = tf.sqrt(tf.reduce_sum(gaps**2, axis=-1))
        y = tf.reduce_sum(far)
    answer = tape.gradient(y, p)
    """,
    "[[-1.2, -1.6], [1.2, 1.6]]",
)

case(
    "sin(x) / x at 0, guarded afterwards",
    "P16",
    """
    x = tf.Variable([0.0, 1.0])
    with tf.GradientTape() as tape:
        y = tf.where(x == 0.0, 1.0, tf.sin(x) / x)
    answer = tape.gradient(y, x)
    """,
    "[0.0, tf.cos(1.0) - tf.sin(1.0)]",
)

case(
    "log of positive entries, guarded afterwards",
    "P16",
    """
    p = tf.Variable([0.0, 0.5])
    with tf.GradientTape() as tape:
        entropy = -tf.reduce_sum(tf.where(p > 0.0, p * tf.math.log(p), 0.0))
    answer = tape.gradient(entropy, p)
    """,
    "[0.0, -(tf.math.log(0.5) + 1.0)]",
)

case(
    "healthy: a root, with 0 in the other branch",
    "",
    """
    x = tf.Variable([0.0, 4.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.where(x > 0.0, tf.sqrt(x), 0.0))
    answer = tape.gradient(y, x)
    """,
)

case(
    "rounded colours",
    "P15",
    """
    p = tf.Variable(0.3)
    with tf.GradientTape() as tape:
        colour = tf.round(255.0 * tf.sigmoid(p)) / 255.0
    answer = tape.gradient(colour, p)
    """,
    "tf.sigmoid(p) * (1.0 - tf.sigmoid(p))",
)

case(
    "a function of NumPy on the way",
    "P5",
    """
    w = tf.Variable([0.5, 1.0])
    with tf.GradientTape() as tape:
        h = np.tanh(2.0 * w)
        y = tf.reduce_sum(tf.square(h))
    answer = tape.gradient(y, w)
    """,
    "4.0 * tf.tanh(2.0 * w) * (1.0 - tf.tanh(2.0 * w) ** 2)",
)

case(
    "a mean of NumPy's as loss",
    "P5",
    """
    w = tf.Variable([0.5, 1.0])
    with tf.GradientTape() as tape:
        loss = np.mean((w - 1.0) ** 2)
    answer = tape.gradient(loss, w)
    """,
    "w - 1.0",
)

# I. Values.

case(
    "acos outside its domain",
    "",
    """
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = tf.acos(x)
    answer = tape.gradient(y, x)
    """,
)

case(
    "log of a negative number",
    "",
    """
    x = tf.Variable(-2.0)
    with tf.GradientTape() as tape:
        y = tf.math.log(x) * 2.0
    answer = tape.gradient(y, x)
    """,
)

case(
    "exp too large",
    "",
    """
    x = tf.Variable(100.0)
    with tf.GradientTape() as tape:
        y = tf.exp(x) - 1.0
    answer = tape.gradient(y, x)
    """,
)

case(
    "a row that is masked altogether",
    "",
    """
    q = tf.Variable([[1.0, 2.0], [0.5, 1.0]])
    mask = tf.constant([[1.0, 1.0], [0.0, 0.0]])
    with tf.GradientTape() as tape:
        logits = tf.where(mask > 0.0, q, -np.inf)
        y = tf.reduce_sum(tf.nn.softmax(logits) @ q)
    answer = tape.gradient(y, q)
    """,
)

case(
    "a mask times minus infinity",
    "",
    """
    q = tf.Variable([[1.0, 2.0], [0.5, 1.0]])
    mask = tf.constant([[1.0, 1.0], [1.0, 0.0]])
    with tf.GradientTape() as tape:
        logits = q + (1.0 - mask) * -np.inf
        y = tf.reduce_sum(tf.nn.softmax(logits) ** 2)
    answer = tape.gradient(y, q)
    """,
)

case(
    "float16 overflows on the way back",
    "P38",
    """
    w = tf.Variable([1.0, 1.0])
    x = tf.constant([300.0, 300.0], tf.float16)
    with tf.GradientTape() as tape:
        guess = tf.reduce_sum(tf.cast(w, tf.float16) * x)
        loss = tf.cast(guess, tf.float32) ** 2
    answer = tape.gradient(loss, w)
    """,
)

case(
    "float16 underflows on the way back",
    "P38",
    """
    w = tf.Variable([1.0, 1.0])
    with tf.GradientTape() as tape:
        guess = tf.reduce_sum(tf.cast(w, tf.float16) ** 2)
        loss = 1e-9 * tf.cast(guess, tf.float32) ** 2
    answer = tape.gradient(loss, w)
    """,
)

# J. Exchanged, and named anew.

case(
    "target and source exchanged",
    "P30",
    """
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x**2
    answer = tape.gradient(x, y)
    """,
    "2.0 * x",
)

case(
    "exchanged, with a network",
    "P30",
    """
    model = net(2, 1)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(tf.ones([1, 2])) ** 2)
    answer = tape.gradient(model.trainable_variables, loss)
    """,
)

case(
    "exchanged, a watched tensor",
    "P30",
    """
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(x**3)
    answer = tape.gradient(x, y)
    """,
    "3.0 * x**2",
)

# K. Stored values.

case(
    "an inner step stored with set_weights",
    "P7",
    """
    model = net(1, 1)
    fast = keras.models.clone_model(model)
    x = tf.constant([[1.0], [2.0]])
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            loss = tf.reduce_mean(model(x) ** 2)
        g = inner.gradient(loss, model.trainable_variables)
        fast.set_weights([w - 0.1 * dw for w, dw in zip(model.trainable_variables, g)])
        meta = tf.reduce_mean(fast(x) ** 2)
    answer = outer.gradient(meta, model.trainable_variables)
    """,
)

case(
    "an optimizer's step between two uses",
    "P7",
    """
    w = tf.Variable(1.0)
    optimizer = keras.optimizers.SGD(0.1)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            first = (w * 3.0 - 1.0) ** 2
        optimizer.apply([inner.gradient(first, w)], [w])
        second = (w * 3.0 - 1.0) ** 2
    answer = outer.gradient(second, w)
    """,
)

case(
    "a running value that is assigned",
    "P7",
    """
    w, state = tf.Variable(2.0), tf.Variable(0.0)
    with tf.GradientTape() as tape:
        state.assign(0.5 * state + w**2)
        y = state * 3.0
    answer = tape.gradient(y, w)
    """,
)

# Healthy: nothing is to be said.

case(
    "healthy: PPO in its first epoch",
    "",
    """
    policy, states = net(3, 2), tf.constant([[0.2, -0.4, 1.0], [0.5, 0.1, -0.3]])
    advantages = tf.constant([1.0, -2.0])
    old = tf.nn.log_softmax(policy(states))[:, 0]
    with tf.GradientTape() as tape:
        ratio = tf.exp(tf.nn.log_softmax(policy(states))[:, 0] - old)
        clipped = tf.clip_by_value(ratio, 0.8, 1.2)
        loss = -tf.reduce_mean(tf.minimum(ratio * advantages, clipped * advantages))
    answer = tape.gradient(loss, policy.trainable_variables)
    """,
)

case(
    "healthy: a loop over a dataset of data",
    "",
    """
    w = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        loss = 0.0
        for x in tf.data.Dataset.from_tensor_slices([1.0, 2.0]):
            loss += (w * x - 1.0) ** 2
    answer = tape.gradient(loss, w)
    """,
)

case(
    "healthy: map_fn over a ragged tensor",
    "",
    """
    x = tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    with tf.GradientTape() as tape:
        rows = tf.RaggedTensor.from_value_rowids(x, [0, 0, 1])
        y = tf.reduce_sum(
            tf.map_fn(lambda r: tf.reduce_sum(r**2), rows, fn_output_signature=tf.float32)
        )
    answer = tape.gradient(y, x)
    """,
)

case(
    "healthy: a flow with batch_jacobian",
    "",
    """
    x = tf.constant([[0.1, 0.2], [0.3, 0.4]])
    with tf.GradientTape() as tape:
        tape.watch(x)
        with tf.GradientTape() as t:
            t.watch(x)
            y = tf.stack([x[:, 0], x[:, 1] * tf.exp(x[:, 0])], 1)
        loss = -tf.reduce_mean(tf.linalg.slogdet(t.batch_jacobian(y, x))[1])
    answer = tape.gradient(loss, x)
    """,
)

case(
    "healthy: forward over reverse",
    "",
    """
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        with tf.autodiff.ForwardAccumulator(x, tf.constant([1.0, 0.0])) as acc:
            y = tf.reduce_sum(x**3)
        slope = acc.jvp(y)
    answer = tape.gradient(slope, x)
    """,
)

case(
    "healthy: recompute_grad of one tensor twice",
    "",
    """
    x = tf.Variable([2.0, 3.0])
    product = tf.recompute_grad(lambda a, b: a * b)
    with tf.GradientTape() as tape:
        v = x + 0.0
        y = tf.reduce_sum(product(v, v))
    answer = tape.gradient(y, x)
    """,
)

case(
    "healthy: the power of a Fourier transform",
    "",
    """
    x = tf.Variable([1.0, 2.0, 0.5, 3.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.abs(tf.signal.fft(tf.cast(x, tf.complex64))) ** 2)
    answer = tape.gradient(y, x)
    """,
)

case(
    "healthy: rows of a table",
    "",
    """
    table = tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.nn.embedding_lookup(table, [0, 2]) ** 2)
    answer = tape.gradient(y, table)
    """,
)

case(
    "healthy: float16 within its range",
    "",
    """
    w = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        guess = tf.reduce_sum(tf.cast(w, tf.float16) ** 2)
        loss = tf.cast(guess, tf.float32)
    answer = tape.gradient(loss, w)
    """,
)

case(
    "healthy: a compiled step",
    "",
    """
    model, x = net(2, 4, 1, activation="tanh"), tf.ones([3, 2])
    @tf.function
    def loss_of(x):
        return tf.reduce_mean(model(x) ** 2)
    with tf.GradientTape() as tape:
        loss = loss_of(x)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)

case(
    "healthy: a straight-through estimator",
    "",
    """
    x = tf.Variable([1.2, 2.6])
    with tf.GradientTape() as tape:
        hard = x + tf.stop_gradient(tf.round(x) - x)
        y = tf.reduce_sum(hard**2)
    answer = tape.gradient(y, x)
    """,
)

case(
    "healthy: a gradient penalty",
    "",
    """
    critic, x = net(2, 4, 1, activation="tanh"), tf.constant([[0.3, 0.4]])
    with tf.GradientTape() as tape:
        with tf.GradientTape() as inner:
            inner.watch(x)
            score = tf.reduce_sum(critic(x))
        slope = inner.gradient(score, x)
        loss = tf.reduce_mean((tf.norm(slope, axis=1) - 1.0) ** 2)
    answer = tape.gradient(loss, critic.layers[0].trainable_variables)
    """,
)

case(
    "healthy: a masked product with stored mask",
    "",
    """
    w = tf.Variable([1.0, 2.0, 3.0])
    keep = tf.Variable([1.0, 0.0, 1.0], trainable=False)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum((w * keep) ** 2)
    answer = tape.gradient(y, w)
    """,
)
