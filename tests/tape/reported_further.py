"""More questions of other people's, rewritten; ``true`` is a difference quotient in float64.

Beside each case stands where the question was asked: a number is that of an issue of
TensorFlow's, "Keras" one of Keras's, "forum" a page of questions and answers. What the
learner meant is a function of its own here, ``meant``, which plain TensorFlow evaluates.
"""

from tests.tape.reported import Case, collected

CASES: dict[str, Case] = {}
case = collected(CASES)

# None.

case(
    "56968: a constant that was written down",
    "P11",
    """
    ones = tf.ones([1, 4])
    with tf.GradientTape() as tape:
        tape.watch(ones)
        channel = tf.constant([4.43])
    answer = tape.gradient(channel, ones)
    """,
    "quotient(lambda v: 4.43 + 0.0 * v, ones)",
)

case(
    "24849: a variable that the formula does not hold",
    "P11",
    """
    a, b = tf.Variable(2.0), tf.Variable(5.0)
    with tf.GradientTape() as tape:
        z = 3.0 * a**2
    answer = tape.gradient(z, b)
    """,
    "quotient(lambda v: 0.0 * v, b)",
)

case(
    "58614: right answers counted",
    "P15",
    """
    w = tf.Variable([0.3, 0.8])
    labels = tf.constant([0.0, 1.0])
    with tf.GradientTape() as tape:
        right = tf.math.count_nonzero(tf.equal(tf.round(w), labels))
        loss = 1.0 - tf.cast(right, tf.float32) / 2.0
    answer = tape.gradient(loss, w)
    """,
)

case(
    "39858: noise that is added to an embedding",
    "P1",
    """
    table, read = tf.constant([[0.1, 0.2], [0.3, -0.4]]), tf.constant([[1.0], [0.5]])
    noise = tf.constant([[0.01, -0.02]])
    with tf.GradientTape() as tape:
        logit = (tf.gather(table, [1]) + noise) @ read
        p = tf.sigmoid(logit)
        kl = tf.reduce_sum(p * tf.math.log(p / 0.3))
    answer = tape.gradient(kl, noise)
    """,
    "quotient(lambda v: (lambda p: p * tf.math.log(p / 0.3))(tf.sigmoid("
    "(v + [[0.3, -0.4]]) @ tf.constant([[1.0], [0.5]], tf.float64))), noise)",
)

case(
    "22505: the mixture of a gradient penalty watched after the critic",
    "P4",
    """
    critic, mixed = net(2, 3, 1, activation="tanh"), tf.constant([[0.5, 1.0]])
    with tf.GradientTape() as tape:
        judged = critic(mixed)
        tape.watch(mixed)
    answer = tape.gradient(judged, mixed)
    """,
    "grad_at(critic, mixed)",
)

case(
    "34503: a gradient of one's own, differentiated again",
    "P11",
    """
    @tf.custom_gradient
    def five(x):
        return 5.0 * x, lambda dy: 5.0 * dy
    x = tf.Variable(2.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = five(x)
        slope = inner.gradient(y, x)
    answer = outer.gradient(slope, x)
    """,
    "quotient(lambda v: 5.0 + 0.0 * v, x)",
)

case(
    "31519: second derivative of a network without activation",
    "P11",
    """
    model, x = net(1, 3, 1), tf.constant([[2.0]])
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = model(x)
        slope = inner.gradient(y, x)
    answer = outer.gradient(slope, x)
    """,
    "tf.zeros([1, 1])",
)

case(
    "54417: by the states, stacked afterwards",
    "P11",
    """
    w, start = tf.Variable(0.5), tf.constant([1.0])
    with tf.GradientTape() as tape:
        state, states = start, []
        for _ in range(3):
            state = tf.tanh(w * state)
            states.append(state)
        stacked = tf.stack(states)
        loss = tf.reduce_sum(state**2)
    answer = tape.gradient(loss, stacked)
    """,
)

case(
    "59652: Grad-CAM with the image sent twice",
    "P11",
    """
    image = tf.ones([1, 4, 4, 1])
    conv = keras.layers.Conv2D(2, 3, activation="relu", kernel_initializer="ones")
    head = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1)])
    model = keras.Sequential([keras.Input((4, 4, 1)), conv, head])
    with tf.GradientTape() as tape:
        activation = conv(image)
        score = model(image)
    answer = tape.gradient(score, activation)
    """,
)

case(
    "forum: watched as a tensor, computed from the array",
    "P11",
    """
    data = np.array([[0.5, -1.0]], np.float32)
    model, x = net(2, 3, 1, activation="tanh"), tf.constant(data)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = model(data)
    answer = tape.gradient(y, x)
    """,
    "grad_at(model, x)",
)

case(
    "forum: a tensor made of a variable by tf.constant",
    "P5",
    """
    w = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        fixed = tf.constant(w, tf.float32)
        y = tf.reduce_sum(fixed**3)
    answer = tape.gradient(y, w)
    """,
    "quotient(lambda v: v**3, w)",
)

case(
    "forum: the loss summed up in a variable",
    "P7",
    """
    w, total = tf.Variable(2.0), tf.Variable(0.0, trainable=False)
    with tf.GradientTape() as tape:
        for n in (1.0, 2.0):
            total.assign_add((n * w) ** 2)
        loss = total * 0.5
    answer = tape.gradient(loss, w)
    """,
    "quotient(lambda v: 2.5 * v**2, w)",
)

case(
    "forum: the mean of a metric as loss",
    "P7",
    """
    w, mean = tf.Variable(2.0), keras.metrics.Mean()
    with tf.GradientTape() as tape:
        mean.update_state(w**2)
        loss = mean.result()
    answer = tape.gradient(loss, w)
    """,
)

case(
    "forum: a metric called as a loss",
    "P7",
    """
    w, metric = tf.Variable([2.0]), keras.metrics.MeanSquaredError()
    with tf.GradientTape() as tape:
        loss = metric([1.0], w * 3.0)
    answer = tape.gradient(loss, w)
    """,
)

case(
    "28851: a kernel that is masked in its place",
    "P7",
    """
    kernel, mask = tf.Variable([1.0, 2.0]), tf.constant([1.0, 0.0])
    with tf.GradientTape() as tape:
        kernel.assign(kernel * mask)
        y = tf.reduce_sum(kernel**2)
    answer = tape.gradient(y, kernel)
    """,
    "quotient(lambda v: tf.reduce_sum((v * [1.0, 0.0]) ** 2), tf.Variable([1.0, 2.0]))",
)

case(
    "forum: one entry of a variable assigned",
    "P7",
    """
    x, held = tf.Variable(3.0), tf.Variable([0.0, 1.0])
    with tf.GradientTape() as tape:
        held[0].assign(x**2)
        y = tf.reduce_sum(held)
    answer = tape.gradient(y, x)
    """,
    "quotient(tf.square, x)",
)

case(
    "forum: an array filled entry by entry",
    "P5",
    """
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        out = np.zeros(2, np.float32)
        for i in range(2):
            out[i] = x[i] ** 2
        y = tf.reduce_sum(tf.convert_to_tensor(out))
    answer = tape.gradient(y, x)
    """,
)

case(
    "Keras 3: convert_to_numpy",
    "P5",
    """
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        a = keras.ops.convert_to_numpy(keras.ops.square(x))
        y = keras.ops.sum(keras.ops.convert_to_tensor(a))
    answer = tape.gradient(y, x)
    """,
    "quotient(tf.square, x)",
)

case(
    "noted a penalty by get_weights",
    "",
    """
    model = net(1, 1)
    x, y = tf.ones([2, 1]), tf.zeros([2, 1])
    with tf.GradientTape() as tape:
        penalty = sum(np.sum(w**2) for w in model.get_weights())
        loss = tf.reduce_mean((model(x) - y) ** 2) + 0.1 * penalty
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)

case(
    "forum: np.dot of a variable",
    "P5",
    """
    w, x = tf.Variable([1.0, 2.0]), np.array([3.0, 4.0], np.float32)
    with tf.GradientTape() as tape:
        y = np.dot(w, x)
        loss = tf.square(tf.constant(y))
    answer = tape.gradient(loss, w)
    """,
    "quotient(lambda v: tf.square(tf.reduce_sum(v * [3.0, 4.0])), w)",
)

case(
    "forum: math.exp of a tensor",
    "P5",
    """
    import math
    x = tf.Variable(0.5)
    with tf.GradientTape() as tape:
        y = tf.constant(math.exp(-(x**2)))
    answer = tape.gradient(y, x)
    """,
    "quotient(lambda v: tf.exp(-(v**2)), x)",
)

case(
    "forum: np.vectorize",
    "P5",
    """
    bump = np.vectorize(lambda v: v * v if v > 0 else 0.0)
    x = tf.Variable([1.0, -2.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.constant(bump(x), tf.float32))
    answer = tape.gradient(y, x)
    """,
)

# Steps and operations without a rule.

case(
    "forum: a threshold that is to be learned",
    "P15",
    """
    threshold, x = tf.Variable(0.5), tf.constant([0.2, 0.7])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.cast(x > threshold, tf.float32) * x)
    answer = tape.gradient(y, threshold)
    """,
)

case(
    "forum: an F1 score of rounded probabilities",
    "P15",
    """
    w, labels = tf.Variable([0.2, 0.9]), tf.constant([0.0, 1.0])
    with tf.GradientTape() as tape:
        hits = tf.round(tf.clip_by_value(w, 0.0, 1.0)) * labels
        f1 = 2.0 * tf.reduce_sum(hits) / 2.0
    answer = tape.gradient(f1, w)
    """,
)

case(
    "forum: labels of the most likely class",
    "P15",
    """
    logits = tf.Variable([[1.0, 3.0]])
    with tf.GradientTape() as tape:
        hard = tf.one_hot(tf.argmax(logits, axis=1), 2)
        y = tf.reduce_sum(hard * [[1.0, 5.0]])
    answer = tape.gradient(y, logits)
    """,
)

case(
    "forum: floor division",
    "P15",
    """
    x = tf.Variable(7.3)
    with tf.GradientTape() as tape:
        y = x // 2.0
    answer = tape.gradient(y, x)
    """,
)

case(
    "Keras: a Discretization layer",
    "P15",
    """
    x = tf.Variable([[0.2], [1.7]])
    bins = keras.layers.Discretization([0.5, 1.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.cast(bins(x), tf.float32))
    answer = tape.gradient(y, x)
    """,
)

case(
    "36810: unique",
    "P22",
    """
    x = tf.Variable([1.0, 4.0, 2.0])
    with tf.GradientTape() as tape:
        values, _ = tf.unique(x)
        y = tf.reduce_sum(values**2)
    answer = tape.gradient(y, x)
    """,
    "",
)

case(
    "30565: the logarithm of a matrix",
    "P22",
    """
    m = tf.Variable(tf.constant([[2.0, 0.0], [0.0, 3.0]], tf.complex64))
    with tf.GradientTape() as tape:
        y = tf.math.real(tf.linalg.trace(tf.linalg.logm(m)))
    answer = tape.gradient(y, m)
    """,
)

case(
    "forum: the LU decomposition",
    "P22",
    """
    m = tf.Variable([[4.0, 1.0], [2.0, 3.0]])
    with tf.GradientTape() as tape:
        lu, p = tf.linalg.lu(m)
        y = tf.reduce_sum(tf.linalg.diag_part(lu))
    answer = tape.gradient(y, m)
    """,
)

case(
    "forum: the hue of an image",
    "P22",
    """
    image = tf.Variable(tf.constant([[[0.2, 0.5, 0.7]]]))
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.image.adjust_hue(image, 0.1)[..., 0])
    answer = tape.gradient(y, image)
    """,
)

case(
    "forum: a counted histogram with weights",
    "P22",
    """
    weights = tf.Variable([0.5, 1.5, 2.5])
    with tf.GradientTape() as tape:
        y = tf.math.bincount([0, 1, 1], weights=weights)
        loss = tf.reduce_sum(y**2)
    answer = tape.gradient(loss, weights)
    """,
    "quotient(lambda v: v[0] ** 2 + (v[1] + v[2]) ** 2, weights)",
)

case(
    "forum: a range with a learned step",
    "P22",
    """
    step = tf.Variable(0.5)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.range(0.0, 2.0, step))
    answer = tape.gradient(y, step)
    """,
    "quotient(lambda v: v * 6.0, step)",
)

case(
    "forum: the value of a one-hot entry",
    "P22",
    """
    on = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.one_hot([0, 2], 3, on_value=on, off_value=0.0) ** 2)
    answer = tape.gradient(y, on)
    """,
    "quotient(lambda v: 2.0 * v**2, on)",
)

# NaN and infinities.

case(
    "4914: a root of a product with 0",
    "P17",
    """
    x, c = tf.Variable(2.0), tf.constant(0.0)
    with tf.GradientTape() as tape:
        y = tf.sqrt(c * x)
    answer = tape.gradient(y, x)
    """,
    "quotient(lambda v: tf.sqrt(0.0 * v), x)",
)

case(
    "noted 5562: the square of a root",
    "",
    """
    x = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        y = tf.square(tf.sqrt(x))
    answer = tape.gradient(y, x)
    """,
    "quotient(lambda v: v, x)",
)

case(
    "noted 5562: the square of a global norm",
    "",
    """
    a, b = tf.Variable(1.0), tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = tf.square(tf.linalg.global_norm([a - b, 2.0 * (a - b)]))
    answer = tape.gradient(y, a)
    """,
)

case(
    "20091: division by 0 in the branch not taken",
    "P16",
    """
    w = tf.Variable([2.0, 0.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.where(w == 0.0, 0.0, 1.0 / w))
    answer = tape.gradient(y, w)
    """,
    "[-0.25, 0.0]",
)

case(
    "38349: an infinity in the branch not taken",
    "P16",
    """
    a = tf.Variable(10.0)
    with tf.GradientTape() as tape:
        y = tf.where(a < 15.0, a, tf.pow(10.0, tf.exp(a)))
    answer = tape.gradient(y, a)
    """,
    "quotient(lambda v: v, a)",
)

case(
    "20355: a transfer function of two pieces",
    "P16",
    """
    x = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = tf.where(x < 0.0, 1.0 / (1.0 - x), tf.math.log(x + 1.0))
    answer = tape.gradient(y, x)
    """,
    "quotient(lambda v: tf.math.log(v + 1.0), x)",
)

case(
    "27684: a factor before the logarithm",
    "P16",
    """
    alpha, x = tf.Variable(1.5), tf.constant([2.0, -1.0, 0.7])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.where(x > 0.0, alpha * tf.math.log(x), 0.0))
    answer = tape.gradient(y, alpha)
    """,
    "quotient(lambda v: v * (np.log(2.0) + np.log(0.7)), alpha)",
)

case(
    "12071: norms of rows, one of them 0",
    "P17",
    """
    x = tf.Variable([[1.0, 1.0], [0.0, 0.0]])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.norm(x, axis=1))
    answer = tape.gradient(y, x)
    """,
    "[[2.0**-0.5, 2.0**-0.5], [0.0, 0.0]]",
)

case(
    "57786: acos outside its domain, not used",
    "P16",
    """
    x = tf.Variable([-0.5, 0.5, 2.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.acos(x)[0:1])
    answer = tape.gradient(y, x)
    """,
    "quotient(lambda v: tf.acos(v[0]), x)",
)

case(
    "56830: the deviation of one number",
    "P17",
    """
    x = tf.Variable([0.7])
    with tf.GradientTape() as tape:
        y = tf.math.reduce_std(x)
    answer = tape.gradient(y, x)
    """,
    "[0.0]",
)

case(
    "Keras 2960: the deviation of a constant vector",
    "P17",
    """
    x = tf.Variable([2.0, 2.0, 2.0])
    with tf.GradientTape() as tape:
        y = keras.ops.std(x)
    answer = tape.gradient(y, x)
    """,
)

case(
    "37577: the logarithm of a Cholesky factor, with its zeros",
    "P16",
    """
    m = tf.Variable([[4.0, 1.0], [1.0, 3.0]])
    with tf.GradientTape() as tape:
        root = tf.linalg.cholesky(m)
        y = tf.reduce_sum(tf.linalg.diag_part(tf.math.log(root)))
    answer = tape.gradient(y, m)
    """,
    "quotient(lambda v: tf.reduce_sum(tf.math.log(tf.linalg.diag_part("
    "tf.linalg.cholesky(0.5 * (v + tf.transpose(v)))))), m)",
)

case(
    "50854: the angle of 0",
    "P17",
    """
    y_pred = tf.Variable([0.0, 1.0])
    with tf.GradientTape() as tape:
        angle = tf.math.angle(tf.complex(y_pred, 0.0 * y_pred))
        loss = tf.reduce_sum(angle)
    answer = tape.gradient(loss, y_pred)
    """,
)

case(
    "6095: atan2 of two zeros",
    "P17",
    """
    p = tf.Variable([0.0, 0.0])
    with tf.GradientTape() as tape:
        y = tf.atan2(p[1], p[0])
    answer = tape.gradient(y, p)
    """,
)

case(
    "forum: cross-entropy by hand, sure of itself",
    "P16",
    """
    p, label = tf.Variable([1.0, 0.4]), tf.constant([1.0, 0.0])
    with tf.GradientTape() as tape:
        logs = label * tf.math.log(p) + (1.0 - label) * tf.math.log(1.0 - p)
        loss = -tf.reduce_mean(logs)
    answer = tape.gradient(loss, p)
    """,
    "quotient(lambda v: -0.5 * (tf.math.log(v[0]) + tf.math.log(1.0 - v[1])), p)",
)

case(
    "forum: a vector of zeros made a unit vector",
    "P17",
    """
    x = tf.Variable([0.0, 0.0])
    with tf.GradientTape() as tape:
        unit, _ = tf.linalg.normalize(x)
        y = tf.reduce_sum(unit * [1.0, 2.0])
    answer = tape.gradient(y, x)
    """,
)

case(
    "24930: one eigenvector of equal eigenvalues",
    "P39",
    """
    m = tf.Variable([[2.0, 0.0], [0.0, 2.0]])
    with tf.GradientTape() as tape:
        values, vectors = tf.linalg.eigh(m)
        y = tf.reduce_sum(vectors[:, 0] * [1.0, 3.0])
    answer = tape.gradient(y, m)
    """,
)

case(
    "119477: the logarithm of a determinant that is 0",
    "",
    """
    m = tf.Variable([[1.0, 2.0], [2.0, 4.0]])
    with tf.GradientTape() as tape:
        sign, y = tf.linalg.slogdet(m)
    answer = tape.gradient(y, m)
    """,
)

# 0 everywhere.

case(
    "56657: a class of which the softmax is sure",
    "P27",
    """
    logits = tf.Variable([[200.0, 0.0, -5.0]])
    with tf.GradientTape() as tape:
        channel = tf.nn.softmax(logits)[:, 0]
    answer = tape.gradient(channel, logits)
    """,
)

case(
    "forum: a softmax of one unit",
    "P27",
    """
    x, w = tf.constant([[1.0, 2.0], [0.5, -1.0]]), tf.Variable([[0.1], [0.4]])
    with tf.GradientTape() as tape:
        p = tf.nn.softmax(x @ w)
        loss = tf.reduce_mean((p - 0.3) ** 2)
    answer = tape.gradient(loss, w)
    """,
    "quotient(lambda v: tf.reduce_mean((tf.sigmoid(tf.cast(x, v.dtype) @ v) - 0.3) ** 2), w)",
)

case(
    "forum: an absolute error that is 0",
    "P24",
    """
    w = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.abs(w - [1.0, 2.0]))
    answer = tape.gradient(loss, w)
    """,
)

case(
    "forum: the size of a complex 0",
    "P24",
    """
    a = tf.Variable([0.0, 3.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.abs(tf.complex(a, 0.0 * a)))
    answer = tape.gradient(y, a)
    """,
)

# What is right.

case(
    "noted 7236: the density of its own sample",
    "",
    """
    mu = tf.Variable(0.5)
    with tf.GradientTape() as tape:
        z = mu + 1.3
        y = -((z - mu) ** 2) / 2.0
    answer = tape.gradient(y, mu)
    """,
)

case(
    "healthy 2540: logarithms of the entries that have one",
    "",
    """
    x = tf.Variable([1.0, 0.0, 2.0])
    with tf.GradientTape() as tape:
        kept = tf.boolean_mask(x, x > 0.0)
        y = tf.reduce_sum(tf.scatter_nd(tf.where(x > 0.0), tf.math.log(kept), [3]))
    answer = tape.gradient(y, x)
    """,
)

case(
    "healthy 25666: the largest of each segment",
    "",
    """
    x = tf.Variable([1.0, 5.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.math.segment_max(x, [0, 0, 1, 1]) ** 2)
    answer = tape.gradient(y, x)
    """,
)

case(
    "healthy 25645: eigenvectors of different eigenvalues",
    "",
    """
    z = tf.Variable([1.0, 2.0, 4.0])
    with tf.GradientTape() as tape:
        values, vectors = tf.linalg.eigh(tf.linalg.diag(z) + 0.1)
        y = tf.reduce_sum((values[-1:] * vectors[:, -1:]) ** 2)
    answer = tape.gradient(y, z)
    """,
)

case(
    "healthy 34478: a loop that writes into a TensorArray",
    "",
    """
    w = tf.Variable(0.9)
    @tf.function
    def run(x):
        steps = tf.TensorArray(tf.float32, 3)
        for i in tf.range(3):
            x = w * x
            steps = steps.write(i, x)
        return tf.reduce_sum(steps.stack())
    with tf.GradientTape() as tape:
        y = run(tf.constant(2.0))
    answer = tape.gradient(y, w)
    """,
)

case(
    "healthy: the target of Q-learning by predict",
    "",
    """
    model, target_model = net(2, 3), net(2, 3)
    state = tf.ones([2, 2])
    with tf.GradientTape() as tape:
        q = tf.reduce_max(model(state) * [1.0, 2.0, 3.0] + [1.0, 2.0, 3.0], axis=1)
        goal = tf.reduce_max(target_model.predict(state, verbose=0), axis=1)
        loss = tf.reduce_mean((goal - q) ** 2)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)

case(
    "healthy: a fractional part",
    "",
    """
    x = tf.Variable(2.7)
    with tf.GradientTape() as tape:
        y = (x - tf.floor(x)) ** 2
    answer = tape.gradient(y, x)
    """,
)

case(
    "healthy: sorted, the middle one",
    "",
    """
    x = tf.Variable([3.0, 1.0, 2.0])
    with tf.GradientTape() as tape:
        y = tf.sort(x)[1] ** 2 + tf.math.top_k(x, 2).values[1]
    answer = tape.gradient(y, x)
    """,
)

case(
    "healthy: a norm that is clipped at 0",
    "",
    """
    x = tf.Variable([0.0, 0.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.clip_by_norm(x, 1.0))
    answer = tape.gradient(y, x)
    """,
)

case(
    "healthy: fake quantisation passes the gradient on",
    "",
    """
    x = tf.Variable([0.31, -0.72])
    with tf.GradientTape() as tape:
        y = tf.quantization.fake_quant_with_min_max_args(x, -1.0, 1.0)
        loss = tf.reduce_sum(y**2)
    answer = tape.gradient(loss, x)
    """,
)

case(
    "healthy: entries replaced in a new tensor",
    "",
    """
    x = tf.Variable([1.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        y = tf.tensor_scatter_nd_update(x, [[1]], [x[0] * 5.0])
        loss = tf.reduce_sum(y**2)
    answer = tape.gradient(loss, x)
    """,
)

case(
    "healthy: an if of Python",
    "",
    """
    x = tf.Variable(1.5)
    with tf.GradientTape() as tape:
        y = x**2 if x > 1.0 else 3.0 * x
    answer = tape.gradient(y, x)
    """,
)

# Rows that had words and no cause.

case(
    "45234: a persistent tape asked in its own block",
    "P32",
    """
    x = tf.Variable(2.0)
    with tf.GradientTape(persistent=True) as tape:
        y = x**3
        slope = tape.gradient(y, x)
    answer = tape.gradient(slope, x)
    """,
)

case(
    "forum: everything that the tape has watched, a frozen layer too",
    "P42",
    """
    base, head = net(2, 3), net(3, 1)
    base.trainable = False
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(head(base(tf.ones([1, 2]))) ** 2)
    answer = tape.gradient(loss, tape.watched_variables())
    """,
    "grad(lambda: tf.reduce_mean(head(base(tf.ones([1, 2]))) ** 2), "
    "head.trainable_variables)",
)

case(
    "forum: all variables of a model that is frozen in part",
    "P42",
    """
    base = keras.layers.Dense(3)
    model = keras.Sequential([keras.Input((2,)), base, keras.layers.Dense(1)])
    base.trainable = False
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(tf.ones([1, 2])) ** 2)
    answer = tape.gradient(loss, model.variables)
    """,
    "grad(lambda: tf.reduce_mean(model(tf.ones([1, 2])) ** 2), "
    "model.trainable_variables)",
)

case(
    "forum: a function of NumPy given to py_function",
    "P35",
    """
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.py_function(np.square, [x], tf.float32)
    answer = tape.gradient(y, x)
    """,
    "quotient(tf.square, x)",
)

case(
    "forum: a function of NumPy given to py_function, as a factor",
    "P35",
    """
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.py_function(np.square, [x], tf.float32) * x
    answer = tape.gradient(y, x)
    """,
    "quotient(lambda v: v**3, x)",
)

case(
    "healthy: py_function that prints",
    "",
    """
    seen = []
    def squared(v):
        seen.append(v.numpy())
        return v**2
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.py_function(squared, [x], tf.float32) * x
    answer = tape.gradient(y, x)
    """,
)

case(
    "forum: the variables of a copy of the model",
    "P11",
    """
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    twin = keras.models.clone_model(model)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(tf.ones([1, 3])) ** 2)
    answer = tape.gradient(loss, twin.trainable_variables)
    """,
    "grad(lambda: tf.reduce_sum(model(tf.ones([1, 3])) ** 2), "
    "model.trainable_variables)",
)

case(
    "forum: columns scaled by a spread of 0",
    "",
    """
    x = tf.Variable([[1.0, 2.0], [1.0, 3.0]])
    scale = tf.constant([0.0, 0.5])
    with tf.GradientTape() as tape:
        z = (x - tf.reduce_mean(x, 0)) / scale
        loss = tf.reduce_sum(z**3)
    answer = tape.gradient(loss, x)
    """,
)

case(
    "forum: an image made uint8 and float again",
    "P15",
    """
    x = tf.Variable([[[10.3, 200.7, 30.2]]])
    with tf.GradientTape() as tape:
        image = tf.image.convert_image_dtype(tf.cast(x, tf.uint8), tf.float32)
        loss = tf.reduce_mean(image)
    answer = tape.gradient(loss, x)
    """,
    "quotient(lambda v: tf.reduce_mean(v / 255.0), x)",
)

case(
    "forum: the reward of an action that was drawn",
    "P15",
    """
    logits = tf.Variable([[0.2, 0.5, 0.3]])
    with tf.GradientTape() as tape:
        action = tf.random.categorical(logits, 1, seed=1)
        loss = -tf.cast(action[0, 0], tf.float32)
    answer = tape.gradient(loss, logits)
    """,
)

case(
    "forum: a metric for a loss",
    "P7",
    """
    layer = keras.layers.Dense(1)
    error = keras.metrics.MeanAbsoluteError()
    with tf.GradientTape() as tape:
        error.update_state(tf.zeros([2, 1]), layer(tf.ones([2, 3])))
        loss = error.result()
    answer = tape.gradient(loss, layer.trainable_variables)
    """,
)
