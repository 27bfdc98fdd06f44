"""Programs that are as they should be, of the kinds that public tutorials show.

Whole steps of training, agents, pictures, equations and finance, written anew; each is
asked in both forms, as those in ``reported`` are, and nothing may be found.
"""

from tests.tape.reported import Case, collected

CASES: dict[str, Case] = {}
_case = collected(CASES)


def healthy(name, code):
    """Add a program."""
    _case(f"healthy: {name}", "", code)


# Training.

healthy(
    "a generator's step beside a discriminator's",
    """
    generator, critic = net(2, 4, 3, activation="relu"), net(3, 4, 1, activation="relu")
    noise, real = tf.constant([[0.1, 0.9], [0.4, -0.3]]), tf.ones([2, 3]) * 0.7
    bce = keras.losses.BinaryCrossentropy(from_logits=True)
    with tf.GradientTape() as tape, tf.GradientTape() as other:
        fake = generator(noise, training=True)
        judged, true = critic(fake, training=True), critic(real, training=True)
        loss = bce(tf.ones_like(judged), judged)
        rest = bce(tf.ones_like(true), true) + bce(tf.zeros_like(judged), judged)
    other.gradient(rest, critic.trainable_variables)
    answer = tape.gradient(loss, generator.trainable_variables)
    """,
)
healthy(
    "a critic's step with a penalty on its slope",
    """
    critic = net(2, 4, 1, activation="tanh")
    real, fake = tf.constant([[0.5, 1.0]]), tf.constant([[0.1, -0.3]])
    with tf.GradientTape() as tape:
        mixed = 0.3 * real + 0.7 * fake
        with tf.GradientTape() as inner:
            inner.watch(mixed)
            judged = critic(mixed)
        slope = inner.gradient(judged, mixed)
        norm = tf.sqrt(tf.reduce_sum(slope**2, axis=1) + 1e-12)
        loss = tf.reduce_mean(critic(fake) - critic(real)) + 10.0 * tf.reduce_mean(
            (norm - 1.0) ** 2
        )
    answer = tape.gradient(loss, critic.trainable_variables[:3])
    """,
)
healthy(
    "a pupil that follows a teacher",
    """
    teacher, pupil = net(3, 5, 4, activation="tanh"), net(3, 4)
    x, y = tf.constant([[0.1, 0.5, 0.3], [0.9, 0.2, 0.4]]), tf.constant([1, 3])
    wanted = tf.nn.softmax(teacher(x, training=False) / 3.0)
    hard = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    soft = keras.losses.KLDivergence()
    with tf.GradientTape() as tape:
        said = pupil(x, training=True)
        loss = 0.1 * hard(y, said) + 0.9 * soft(wanted, tf.nn.softmax(said / 3.0)) * 9.0
    answer = tape.gradient(loss, pupil.trainable_variables)
    """,
)
healthy(
    "learning to learn, with weights kept as tensors",
    """
    w, b = tf.Variable([[0.3]]), tf.Variable([0.1])
    x, y = tf.constant([[1.0], [2.0]]), tf.constant([[2.0], [4.0]])
    with tf.GradientTape() as tape:
        with tf.GradientTape() as inner:
            error = tf.reduce_mean((x @ w + b - y) ** 2)
        dw, db = inner.gradient(error, [w, b])
        fast_w, fast_b = w - 0.1 * dw, b - 0.1 * db
        loss = tf.reduce_mean((x @ fast_w + fast_b - y) ** 2)
    answer = tape.gradient(loss, [w, b])
    """,
)
healthy(
    "learning to learn, with a stateless call",
    """
    model, x, y = net(1, 3, 1, activation="tanh"), tf.ones([4, 1]), tf.ones([4, 1]) * 2.0
    with tf.GradientTape() as tape:
        with tf.GradientTape() as inner:
            error = tf.reduce_mean((model(x) - y) ** 2)
        steps = inner.gradient(error, model.trainable_variables)
        fast = [v - 0.1 * g for v, g in zip(model.trainable_variables, steps)]
        said, _ = model.stateless_call(fast, model.non_trainable_variables, x)
        loss = tf.reduce_mean((said - y) ** 2)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)
healthy(
    "a step with the losses of its layers",
    """
    model = keras.Sequential([
        keras.Input((2,)),
        keras.layers.Dense(3, "tanh", kernel_regularizer=keras.regularizers.L2(0.01)),
        keras.layers.Dense(1, kernel_regularizer="l1"),
    ])
    x, y = tf.constant([[0.1, 0.4], [0.3, 0.2]]), tf.constant([[1.0], [2.0]])
    with tf.GradientTape() as tape:
        loss = keras.losses.MeanSquaredError()(y, model(x, training=True))
        loss += sum(model.losses)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)
healthy(
    "a model of one's own with a training step of its own",
    """
    class Fit(keras.Model):
        def __init__(self):
            super().__init__()
            self.first = keras.layers.Dense(3, "gelu")
            self.norm = keras.layers.LayerNormalization()
            self.last = keras.layers.Dense(1)
        def call(self, x, training=False):
            return self.last(self.norm(self.first(x)))
    model = Fit()
    x, y = tf.constant([[0.1, 0.4], [0.3, 0.9]]), tf.constant([[1.0], [2.0]])
    model.compile(loss="mse")
    model(x)
    with tf.GradientTape() as tape:
        said = model(x, training=True)
        loss = model.compute_loss(x=x, y=y, y_pred=said)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)
healthy(
    "a layer that adds a loss of its own",
    """
    class Sparse(keras.layers.Layer):
        def call(self, x):
            self.add_loss(0.1 * tf.reduce_mean(tf.abs(x)))
            return x
    model = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(3, "tanh"), Sparse(), keras.layers.Dense(1)]
    )
    x = tf.constant([[0.1, 0.4], [0.3, 0.9]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(x) ** 2) + tf.add_n(model.losses)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)
healthy(
    "batch normalisation and dropout, by the list that is trained",
    """
    model = keras.Sequential([
        keras.Input((3,)), keras.layers.Dense(6), keras.layers.BatchNormalization(),
        keras.layers.Activation("swish"), keras.layers.Dropout(0.1), keras.layers.Dense(2),
    ])
    x = tf.random.stateless_normal([16, 3], [1, 2])
    y = tf.constant([0, 1] * 8)
    ce = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        loss = ce(y, model(x, training=True))
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)
healthy(
    "two views of a picture, one branch stopped",
    """
    online, head = net(3, 4, activation="tanh"), net(4, 4)
    one, two = tf.constant([[0.1, 0.5, 0.3]]), tf.constant([[0.2, 0.4, 0.3]])
    with tf.GradientTape() as tape:
        said = tf.math.l2_normalize(head(online(one)), 1)
        wanted = tf.stop_gradient(tf.math.l2_normalize(online(two), 1))
        loss = 2.0 - 2.0 * tf.reduce_mean(tf.reduce_sum(said * wanted, 1))
    answer = tape.gradient(loss, online.trainable_variables + head.trainable_variables)
    """,
)
healthy(
    "a contrastive loss over a batch",
    """
    encoder = net(3, 4, activation="tanh")
    one = tf.random.stateless_normal([4, 3], [1, 2])
    two = one + 0.1 * tf.random.stateless_normal([4, 3], [3, 4])
    with tf.GradientTape() as tape:
        a = tf.math.l2_normalize(encoder(one), axis=1)
        b = tf.math.l2_normalize(encoder(two), axis=1)
        logits = tf.matmul(a, b, transpose_b=True) / 0.1
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.range(4), logits)
        loss = tf.reduce_mean(losses)
    answer = tape.gradient(loss, encoder.trainable_variables)
    """,
)
healthy(
    "triplets with a margin that is not met",
    """
    embed = net(2, 3)
    a, p, n = (tf.constant([v]) for v in ([0.1, 0.2], [0.6, 0.1], [0.2, 0.25]))
    with tf.GradientTape() as tape:
        near = tf.reduce_sum((embed(a) - embed(p)) ** 2, 1)
        far = tf.reduce_sum((embed(a) - embed(n)) ** 2, 1)
        loss = tf.reduce_mean(tf.maximum(near - far + 5.0, 0.0))
    answer = tape.gradient(loss, embed.trainable_variables[:1])
    """,
)
healthy(
    "a variational autoencoder",
    """
    encoder, decoder = net(3, 4, 4, activation="tanh"), net(2, 4, 3, activation="tanh")
    x = tf.constant([[0.1, 0.5, 0.9], [0.8, 0.2, 0.4]])
    with tf.GradientTape() as tape:
        mean, log_var = tf.split(encoder(x), 2, axis=1)
        z = mean + tf.exp(0.5 * log_var) * tf.random.stateless_normal([2, 2], [5, 6])
        logits = decoder(z)
        fit = tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits)
        kl = -0.5 * tf.reduce_sum(1.0 + log_var - mean**2 - tf.exp(log_var), 1)
        loss = tf.reduce_mean(tf.reduce_sum(fit, 1) + kl)
    answer = tape.gradient(loss, encoder.trainable_variables + decoder.trainable_variables)
    """,
)
healthy(
    "a step of denoising",
    """
    model = net(3, 8, 2, activation="swish")
    x, t = tf.constant([[0.5, -0.2], [0.9, 0.1]]), tf.constant([[0.2], [0.7]])
    noise = tf.random.stateless_normal([2, 2], [7, 8])
    with tf.GradientTape() as tape:
        keep = tf.cos(t * np.pi / 2)
        noisy = keep * x + tf.sqrt(1.0 - keep**2) * noise
        said = model(tf.concat([noisy, t], axis=1))
        loss = tf.reduce_mean((said - noise) ** 2)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)
healthy(
    "gradients of several small batches added up",
    """
    model = net(2, 3, 1, activation="tanh")
    parts = [tf.ones([2, 2]) * 0.1, tf.ones([2, 2]) * 0.4, tf.ones([2, 2]) * 0.7]
    with tf.GradientTape() as tape:
        losses = [tf.reduce_mean((model(part) - 1.0) ** 2) for part in parts]
        loss = tf.add_n(losses) / len(losses)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)
healthy(
    "a loss that is scaled for half precision",
    """
    w, x = tf.Variable([[0.5], [0.25]]), tf.constant([[1.0, 2.0], [0.5, 1.0]])
    with tf.GradientTape() as tape:
        y = tf.cast(x, tf.float16) @ tf.cast(w, tf.float16)
        loss = tf.reduce_mean(tf.cast(y, tf.float32) ** 2)
        scaled = loss * 128.0
    answer = tape.gradient(scaled, w)
    """,
)
healthy(
    "weights that are quantised, with the gradient passed on",
    """
    w, x = tf.Variable([[0.31, -0.72], [0.15, 0.48]]), tf.constant([[1.0, 2.0]])
    with tf.GradientTape() as tape:
        rounded = tf.round(w * 8.0) / 8.0
        used = w + tf.stop_gradient(rounded - w)
        loss = tf.reduce_mean((x @ used - 1.0) ** 2)
    answer = tape.gradient(loss, w)
    """,
)
healthy(
    "a gradient that is clipped on its way",
    """
    @tf.custom_gradient
    def limited(x):
        return tf.identity(x), lambda dy: tf.clip_by_value(dy, -1.0, 1.0)
    w = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        loss = limited(w * 3.0) ** 2
    answer = tape.gradient(loss, w)
    """,
)
healthy(
    "a compiled step",
    """
    model, x, y = net(2, 3, 1, activation="relu"), tf.ones([4, 2]), tf.ones([4, 1])
    @tf.function
    def loss_of(x, y):
        return tf.reduce_mean((model(x, training=True) - y) ** 2)
    with tf.GradientTape() as tape:
        loss = loss_of(x, y)
    answer = tape.gradient(loss, model.trainable_variables[2:])
    """,
)
healthy(
    "a focal loss and smoothed labels",
    """
    w, x = tf.Variable([[0.3, -0.2, 0.1]]), tf.constant([[1.0], [2.0]])
    y = tf.one_hot([0, 2], 3) * 0.9 + 0.1 / 3
    with tf.GradientTape() as tape:
        p = tf.clip_by_value(tf.nn.softmax(x @ w), 1e-7, 1.0)
        loss = -tf.reduce_mean(tf.reduce_sum(y * (1.0 - p) ** 2 * tf.math.log(p), 1))
    answer = tape.gradient(loss, w)
    """,
)
healthy(
    "a dice loss of probabilities",
    """
    logits, mask = tf.Variable(tf.reshape(tf.linspace(-2.0, 2.0, 16), [1, 4, 4, 1])), None
    mask = tf.cast(tf.reshape(tf.range(16) % 3, [1, 4, 4, 1]) == 0, tf.float32)
    with tf.GradientTape() as tape:
        p = tf.sigmoid(logits)
        both = tf.reduce_sum(p * mask)
        loss = 1.0 - (2.0 * both + 1.0) / (tf.reduce_sum(p) + tf.reduce_sum(mask) + 1.0)
    answer = tape.gradient(loss, logits)
    """,
)
healthy(
    "labels of sequences without their places",
    """
    logits = tf.Variable(tf.random.stateless_normal([2, 6, 4], [1, 2]))
    labels = tf.constant([[1, 2], [3, 1]])
    with tf.GradientTape() as tape:
        losses = tf.nn.ctc_loss(
            labels, logits, tf.constant([2, 2]), tf.constant([6, 6]),
            logits_time_major=False, blank_index=0,
        )
        loss = tf.reduce_mean(losses)
    answer = tape.gradient(loss, logits)
    """,
)

# Layers.

healthy(
    "a block of a transformer",
    """
    attend = keras.layers.MultiHeadAttention(2, 4)
    norm, feed = keras.layers.LayerNormalization(), keras.layers.Dense(8, "gelu")
    x = tf.random.stateless_normal([1, 5, 8], [1, 2])
    feed(norm(attend(x, x)))
    with tf.GradientTape() as tape:
        h = norm(x + attend(x, x, use_causal_mask=True))
        loss = tf.reduce_mean((h + feed(h)) ** 2)
    answer = tape.gradient(loss, attend.trainable_variables[:1] + feed.trainable_variables)
    """,
)
healthy(
    "attention written out, with a mask",
    """
    q, k, v = (tf.Variable(tf.random.stateless_normal([3, 4], [n, 1])) for n in range(3))
    mask = tf.linalg.band_part(tf.ones([3, 3]), -1, 0)
    with tf.GradientTape() as tape:
        scores = tf.matmul(q, k, transpose_b=True) / 2.0
        scores = tf.where(mask > 0.0, scores, -1e9)
        out = tf.nn.softmax(scores) @ v
        loss = tf.reduce_sum(out**2)
    answer = tape.gradient(loss, [q, k, v])
    """,
)
healthy(
    "words, their places, and a mean over those that are there",
    """
    words, places = keras.layers.Embedding(9, 4, mask_zero=True), keras.layers.Embedding(5, 4)
    ids = tf.constant([[3, 5, 0, 0, 0], [1, 2, 8, 4, 0]])
    read = keras.layers.Dense(1)
    read(words(ids) + places(tf.range(5)))
    with tf.GradientTape() as tape:
        h = words(ids) + places(tf.range(5))
        there = tf.cast(ids != 0, tf.float32)[..., tf.newaxis]
        mean = tf.reduce_sum(h * there, 1) / tf.reduce_sum(there, 1)
        loss = tf.reduce_mean((read(mean) - 1.0) ** 2)
    answer = tape.gradient(loss, read.trainable_variables)
    """,
)
healthy(
    "word vectors by what stands near",
    """
    table, around = tf.Variable(tf.random.stateless_normal([6, 3], [1, 2])), None
    around = tf.Variable(tf.random.stateless_normal([6, 3], [3, 4]))
    with tf.GradientTape() as tape:
        a = tf.gather(table, [0, 2])
        b = tf.gather(around, [[1, 3, 4], [5, 0, 1]])
        logits = tf.einsum("be,bne->bn", a, b)
        labels = tf.constant([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
        losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
        loss = tf.reduce_mean(losses)
    answer = tape.gradient(loss, around)
    """,
)
healthy(
    "a recurrent layer step by step",
    """
    cell, read = keras.layers.LSTMCell(3), keras.layers.Dense(1)
    x = tf.random.stateless_normal([2, 4, 2], [1, 2])
    state = [tf.zeros([2, 3]), tf.zeros([2, 3])]
    read(cell(x[:, 0], state)[0])
    with tf.GradientTape() as tape:
        h = [tf.zeros([2, 3]), tf.zeros([2, 3])]
        for step in range(4):
            out, h = cell(x[:, step], h)
        loss = tf.reduce_mean((read(out) - 1.0) ** 2)
    answer = tape.gradient(loss, cell.trainable_variables + read.trainable_variables)
    """,
)
healthy(
    "a small net of convolutions that goes down and up",
    """
    down = keras.layers.Conv2D(3, 3, 2, "same", activation="elu")
    up = keras.layers.Conv2DTranspose(1, 3, 2, "same")
    x = tf.random.stateless_normal([1, 8, 8, 1], [1, 2])
    up(down(x))
    with tf.GradientTape() as tape:
        out = up(down(x)) + x
        loss = tf.reduce_mean(tf.square(out - tf.image.flip_left_right(x)))
    answer = tape.gradient(loss, down.trainable_variables + up.trainable_variables)
    """,
)
healthy(
    "a layer with weights of its own that depends on its input's size",
    """
    class Scale(keras.layers.Layer):
        def build(self, shape):
            self.g = self.add_weight(shape=(shape[-1],), initializer="ones", name="g")
        def call(self, x):
            return self.g * x / tf.norm(x, axis=-1, keepdims=True)
    layer, x = Scale(), tf.constant([[3.0, 4.0], [1.0, 2.0]])
    layer(x)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x)[:, 0])
    answer = tape.gradient(loss, layer.trainable_variables)
    """,
)
healthy(
    "a graph's layer with a sparse matrix of neighbours",
    """
    w = tf.Variable([[0.3, -0.2], [0.1, 0.5]])
    near = tf.sparse.from_dense([[0.5, 0.5, 0.0], [0.3, 0.4, 0.3], [0.0, 0.5, 0.5]])
    x = tf.constant([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    with tf.GradientTape() as tape:
        h = tf.nn.relu(tf.sparse.sparse_dense_matmul(near, x @ w) + 0.1)
        loss = tf.reduce_mean(h**2)
    answer = tape.gradient(loss, w)
    """,
)
healthy(
    "one network that makes the weights of another",
    """
    maker, x = net(2, 6), tf.constant([[1.0, 2.0]])
    about = tf.constant([[0.3, 0.7]])
    with tf.GradientTape() as tape:
        made = tf.reshape(maker(about), [2, 3])
        loss = tf.reduce_mean((x @ made - 1.0) ** 2)
    answer = tape.gradient(loss, maker.trainable_variables)
    """,
)
healthy(
    "a norm of a matrix by repeated multiplication",
    """
    w, u = tf.Variable([[2.0, 0.5], [0.3, 1.0]]), tf.constant([[1.0, 0.5]])
    with tf.GradientTape() as tape:
        left = u
        for _ in range(3):
            right = tf.math.l2_normalize(left @ w)
            left = tf.math.l2_normalize(tf.matmul(right, w, transpose_b=True))
        sigma = tf.reduce_sum(tf.stop_gradient(left) @ w * tf.stop_gradient(right))
        loss = tf.reduce_sum((w / sigma) ** 2)
    answer = tape.gradient(loss, w)
    """,
)
healthy(
    "functions of keras.ops",
    """
    w = keras.Variable([[0.3, -0.2]])
    x = keras.ops.convert_to_tensor([[1.0], [2.0]])
    with tf.GradientTape() as tape:
        h = keras.ops.silu(keras.ops.matmul(x, w))
        loss = keras.ops.mean(keras.ops.square(h - 1.0))
    answer = tape.gradient(loss, w.value)
    """,
)
healthy(
    "ragged sentences, summed word by word",
    """
    table = tf.Variable(tf.random.stateless_normal([6, 2], [1, 2]))
    ids = tf.ragged.constant([[1, 2], [3, 4, 5], [0]])
    with tf.GradientTape() as tape:
        vectors = tf.ragged.map_flat_values(tf.gather, table, ids)
        loss = tf.reduce_sum(tf.reduce_mean(vectors, axis=1) ** 2)
    answer = tape.gradient(loss, table)
    """,
)

# Agents.

healthy(
    "an actor and a critic, with returns worked out beforehand",
    """
    shared, actor, critic = net(3, 4, activation="tanh"), net(4, 2), net(4, 1)
    states, actions = tf.random.stateless_normal([4, 3], [1, 2]), tf.constant([0, 1, 1, 0])
    returns = np.array([1.0, 0.5, 0.2, 0.9], np.float32)
    with tf.GradientTape() as tape:
        h = tf.tanh(shared(states))
        logs = tf.nn.log_softmax(actor(h))
        values = tf.squeeze(critic(h), 1)
        better = tf.stop_gradient(returns - values)
        taken = tf.gather(logs, actions, batch_dims=1)
        entropy = -tf.reduce_sum(tf.exp(logs) * logs, 1)
        loss = tf.reduce_mean(
            -taken * better + 0.5 * (returns - values) ** 2 - 0.01 * entropy
        )
    answer = tape.gradient(loss, actor.trainable_variables + critic.trainable_variables)
    """,
)
healthy(
    "Q-learning with a target network",
    """
    online, target = net(3, 4, 2, activation="relu"), net(3, 4, 2, activation="relu")
    now, later = (tf.random.stateless_normal([4, 3], [n, 2]) for n in (1, 2))
    actions, rewards = tf.constant([0, 1, 0, 1]), tf.constant([1.0, 0.0, 0.5, 0.2])
    aim = rewards + 0.9 * tf.reduce_max(target(later), axis=1)
    huber = keras.losses.Huber()
    with tf.GradientTape() as tape:
        q = tf.reduce_sum(online(now) * tf.one_hot(actions, 2), axis=1)
        loss = huber(aim, q)
    answer = tape.gradient(loss, online.trainable_variables)
    """,
)
healthy(
    "a deterministic actor, through its critic",
    """
    actor, critic = net(3, 4, 1, activation="relu"), net(4, 4, 1, activation="relu")
    states = tf.random.stateless_normal([8, 3], [1, 2])
    with tf.GradientTape() as tape:
        actions = tf.tanh(actor(states))
        loss = -tf.reduce_mean(critic(tf.concat([states, actions], axis=1)))
    answer = tape.gradient(loss, actor.trainable_variables)
    """,
)
healthy(
    "a squashed Gaussian policy and the smaller of two critics",
    """
    actor, one, two = net(2, 4, 2, activation="tanh"), net(3, 1), net(3, 1)
    states = tf.random.stateless_normal([6, 2], [1, 2])
    noise = tf.random.stateless_normal([6, 1], [3, 4])
    with tf.GradientTape() as tape:
        mean, log_std = tf.split(actor(states), 2, 1)
        log_std = tf.clip_by_value(log_std, -5.0, 2.0)
        raw = mean + tf.exp(log_std) * noise
        action = tf.tanh(raw)
        log_p = -0.5 * noise**2 - log_std - tf.math.log(1.0 - action**2 + 1e-6)
        given = tf.concat([states, action], 1)
        loss = tf.reduce_mean(0.2 * log_p - tf.minimum(one(given), two(given)))
    answer = tape.gradient(loss, actor.trainable_variables)
    """,
)
healthy(
    "a clipped ratio, where it is not clipped",
    """
    w, states = tf.Variable([[0.3, -0.2]]), tf.constant([[1.0], [0.5]])
    before = tf.constant([-0.5, -0.9])
    with tf.GradientTape() as tape:
        logs = tf.gather(tf.nn.log_softmax(states @ w), [0, 1], batch_dims=1)
        ratio = tf.exp(logs - before)
        gain = tf.constant([0.7, -0.4])
        kept = tf.clip_by_value(ratio, 0.8, 1.2)
        loss = -tf.reduce_mean(tf.minimum(ratio * gain, kept * gain))
    answer = tape.gradient(loss, w)
    """,
)

# Pictures.

healthy(
    "what a class looks at, by a model with two outputs",
    """
    start = keras.Input((6, 6, 1))
    maps = keras.layers.Conv2D(3, 3, activation="relu", name="maps")(start)
    pooled = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(start, [maps, keras.layers.Dense(4)(pooled)])
    picture = tf.random.stateless_uniform([1, 6, 6, 1], [1, 2])
    with tf.GradientTape() as tape:
        features, scores = model(picture)
        score = scores[:, int(tf.argmax(scores[0]))]
    answer = tape.gradient(score, features)
    """,
)
healthy(
    "by the pixels of a picture",
    """
    model = keras.Sequential([
        keras.Input((4, 4, 1)), keras.layers.Conv2D(2, 2, activation="tanh"),
        keras.layers.Flatten(), keras.layers.Dense(3),
    ])
    picture = tf.Variable(tf.random.stateless_uniform([1, 4, 4, 1], [1, 2]))
    ce = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        loss = ce(tf.constant([1]), model(picture)) + 1e-3 * tf.reduce_sum(tf.image.total_variation(picture))
    answer = tape.gradient(loss, picture)
    """,
)
healthy(
    "style by products of feature maps",
    """
    maps = keras.layers.Conv2D(3, 3, activation="elu")
    picture = tf.Variable(tf.random.stateless_uniform([1, 6, 6, 3], [1, 2]))
    style = tf.random.stateless_uniform([1, 6, 6, 3], [3, 4])
    maps(style)
    def products(x):
        f = tf.reshape(maps(x), [-1, 3])
        return tf.matmul(f, f, transpose_a=True) / tf.cast(tf.shape(f)[0], tf.float32)
    wanted = products(style)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((products(picture) - wanted) ** 2)
    answer = tape.gradient(loss, picture)
    """,
)
healthy(
    "a picture turned by an angle that is learned",
    """
    angle = tf.Variable(0.3)
    xs, ys = tf.meshgrid(tf.linspace(-1.0, 1.0, 5), tf.linspace(-1.0, 1.0, 5))
    with tf.GradientTape() as tape:
        x = tf.cos(angle) * xs - tf.sin(angle) * ys
        y = tf.sin(angle) * xs + tf.cos(angle) * ys
        blob = tf.exp(-((x - 0.4) ** 2) - 3.0 * y**2)
        loss = tf.reduce_sum(blob * tf.cast(xs > 0.0, tf.float32))
    answer = tape.gradient(loss, angle)
    """,
)
healthy(
    "a likeness of two pictures",
    """
    picture = tf.Variable(tf.random.stateless_uniform([1, 16, 16, 1], [1, 2]))
    other = tf.random.stateless_uniform([1, 16, 16, 1], [3, 4])
    with tf.GradientTape() as tape:
        loss = 1.0 - tf.reduce_mean(tf.image.ssim(picture, other, 1.0))
    answer = tape.gradient(loss, picture)
    """,
)
healthy(
    "a picture that is made larger, and cut out by boxes",
    """
    picture = tf.Variable(tf.random.stateless_uniform([1, 6, 6, 1], [1, 2]))
    with tf.GradientTape() as tape:
        large = tf.image.resize(picture, [9, 9])
        parts = tf.image.crop_and_resize(large, [[0.1, 0.1, 0.8, 0.7]], [0], [4, 4])
        loss = tf.reduce_mean(parts**2)
    answer = tape.gradient(loss, picture)
    """,
)
healthy(
    "integrated gradients",
    """
    model = net(3, 4, 1, activation="tanh")
    x = tf.constant([[0.5, -0.2, 0.9]])
    with tf.GradientTape() as tape:
        way = tf.linspace(0.0, 1.0, 5)[:, tf.newaxis] * x
        tape.watch(way)
        score = tf.reduce_sum(model(way))
    answer = tape.gradient(score, way)
    """,
)

# Equations.

healthy(
    "a differential equation solved by a network",
    """
    model = net(1, 6, 1, activation="tanh")
    x = tf.reshape(tf.linspace(0.1, 1.0, 5), [5, 1])
    with tf.GradientTape() as tape:
        with tf.GradientTape() as second:
            second.watch(x)
            with tf.GradientTape() as first:
                first.watch(x)
                y = model(x)
            dy = first.gradient(y, x)
        d2y = second.gradient(dy, x)
        loss = tf.reduce_mean((d2y + y) ** 2) + tf.reduce_mean((model(tf.zeros([1, 1])) - 1.0) ** 2)
    answer = tape.gradient(loss, model.trainable_variables[:3])
    """,
)
healthy(
    "heat in a rod, by a persistent tape",
    """
    model = net(2, 6, 1, activation="tanh")
    x, t = tf.constant([[0.2], [0.5]]), tf.constant([[0.1], [0.3]])
    k = tf.Variable(0.7)
    with tf.GradientTape() as tape:
        with tf.GradientTape(persistent=True) as outer:
            outer.watch([x, t])
            with tf.GradientTape(persistent=True) as inner:
                inner.watch([x, t])
                u = model(tf.concat([x, t], 1))
            u_x = inner.gradient(u, x)
            u_t = inner.gradient(u, t)
        u_xx = outer.gradient(u_x, x)
        loss = tf.reduce_mean((u_t - k * u_xx) ** 2)
    answer = tape.gradient(loss, [k, *model.trainable_variables[:2]])
    """,
)
healthy(
    "a path followed by Runge and Kutta",
    """
    k = tf.Variable([0.7, 0.2])
    def slope(s):
        return tf.stack([s[1], -k[0] * s[0] - k[1] * s[1]])
    with tf.GradientTape() as tape:
        s = tf.constant([1.0, 0.0])
        for _ in range(4):
            a = slope(s)
            b = slope(s + 0.05 * a)
            c = slope(s + 0.05 * b)
            d = slope(s + 0.1 * c)
            s = s + 0.1 / 6.0 * (a + 2.0 * b + 2.0 * c + d)
        loss = tf.reduce_sum((s - [0.5, -0.5]) ** 2)
    answer = tape.gradient(loss, k)
    """,
)
healthy(
    "a loop of TensorFlow's that gathers its states",
    """
    rate = tf.Variable(0.3)
    with tf.GradientTape() as tape:
        states = tf.scan(lambda s, u: s + rate * (u - s), tf.constant([1.0, 2.0, 0.5]), 0.0)
        loss = tf.reduce_sum(states**2)
    answer = tape.gradient(loss, rate)
    """,
)
healthy(
    "a flow of densities",
    """
    shift = net(1, 4, 2, activation="tanh")
    x = tf.random.stateless_normal([6, 2], [1, 2])
    with tf.GradientTape() as tape:
        a, b = x[:, :1], x[:, 1:]
        log_s, t = tf.split(shift(a), 2, 1)
        z = tf.concat([a, b * tf.exp(log_s) + t], 1)
        loss = tf.reduce_mean(0.5 * tf.reduce_sum(z**2, 1) - tf.squeeze(log_s, 1))
    answer = tape.gradient(loss, shift.trainable_variables)
    """,
)
healthy(
    "a Gaussian process by its Cholesky factor",
    """
    log_length, log_noise = tf.Variable(0.1), tf.Variable(-1.0)
    x = tf.constant([[0.1], [0.4], [0.9]])
    y = tf.constant([[0.2], [0.5], [0.1]])
    with tf.GradientTape() as tape:
        far = (x - tf.transpose(x)) ** 2
        kernel = tf.exp(-0.5 * far / tf.exp(2.0 * log_length))
        kernel += tf.exp(2.0 * log_noise) * tf.eye(3)
        factor = tf.linalg.cholesky(kernel)
        solved = tf.linalg.cholesky_solve(factor, y)
        loss = 0.5 * tf.reduce_sum(y * solved) + tf.reduce_sum(
            tf.math.log(tf.linalg.diag_part(factor))
        )
    answer = tape.gradient(loss, [log_length, log_noise])
    """,
)
healthy(
    "a mixture of Gaussians",
    """
    means, logits = tf.Variable([0.0, 2.0]), tf.Variable([0.1, -0.1])
    x = tf.constant([0.1, 1.9, 2.2, -0.3])
    with tf.GradientTape() as tape:
        parts = tf.nn.log_softmax(logits) - 0.5 * (x[:, tf.newaxis] - means) ** 2
        loss = -tf.reduce_mean(tf.reduce_logsumexp(parts, axis=1))
    answer = tape.gradient(loss, [means, logits])
    """,
)
healthy(
    "a plan of transport, made even in turn",
    """
    cost = tf.Variable([[0.0, 1.0, 0.5], [1.0, 0.2, 0.7]])
    with tf.GradientTape() as tape:
        logs = -cost / 0.3
        for _ in range(5):
            logs -= tf.reduce_logsumexp(logs, axis=1, keepdims=True) + tf.math.log(2.0)
            logs -= tf.reduce_logsumexp(logs, axis=0, keepdims=True) + tf.math.log(3.0)
        loss = tf.reduce_sum(tf.exp(logs) * cost)
    answer = tape.gradient(loss, cost)
    """,
)
healthy(
    "the shortest way between two series, made smooth",
    """
    a, b = tf.Variable([0.1, 0.5, 0.9]), tf.constant([0.0, 0.6, 1.0])
    with tf.GradientTape() as tape:
        table = {(-1, -1): tf.constant(0.0)}
        for i in range(3):
            for j in range(3):
                before = [
                    table[p] for p in ((i - 1, j), (i, j - 1), (i - 1, j - 1)) if p in table
                ]
                soft = -0.1 * tf.reduce_logsumexp([-d / 0.1 for d in before])
                table[i, j] = (a[i] - b[j]) ** 2 + soft
        loss = table[2, 2]
    answer = tape.gradient(loss, a)
    """,
)
healthy(
    "how a solved equation depends on what stands in it",
    """
    a, right = tf.Variable([[3.0, 1.0], [1.0, 2.0]]), tf.constant([[1.0], [2.0]])
    with tf.GradientTape() as tape:
        x = tf.linalg.solve(a, right)
        loss = tf.reduce_sum(x**2) + tf.linalg.logdet(a)
    answer = tape.gradient(loss, a)
    """,
)
healthy(
    "the price of an option",
    """
    s, v = tf.Variable(100.0), tf.Variable(0.2)
    with tf.GradientTape() as tape:
        d1 = (tf.math.log(s / 95.0) + 0.5 * v**2) / v
        def normal(x):
            return 0.5 * (1.0 + tf.math.erf(x / np.sqrt(2.0)))
        price = s * normal(d1) - 95.0 * normal(d1 - v)
    answer = tape.gradient(price, [s, v])
    """,
)
healthy(
    "the price of an option by drawn paths",
    """
    s, v = tf.Variable(100.0), tf.Variable(0.2)
    z = tf.random.stateless_normal([64], [1, 2])
    with tf.GradientTape() as tape:
        end = s * tf.exp(-0.5 * v**2 + v * z)
        price = tf.reduce_mean(tf.nn.relu(end - 95.0))
    answer = tape.gradient(price, [s, v])
    """,
)
healthy(
    "ratings as products of two tables",
    """
    people = tf.Variable(tf.random.stateless_normal([4, 2], [1, 2]))
    films = tf.Variable(tf.random.stateless_normal([5, 2], [3, 4]))
    who, what = tf.constant([0, 1, 3]), tf.constant([4, 2, 0])
    with tf.GradientTape() as tape:
        said = tf.reduce_sum(tf.gather(people, who) * tf.gather(films, what), 1)
        loss = tf.reduce_mean((said - [4.0, 3.0, 5.0]) ** 2)
        loss += 0.01 * (tf.nn.l2_loss(people) + tf.nn.l2_loss(films))
    answer = tape.gradient(loss, [people, films])
    """,
)
healthy(
    "a margin that is not kept",
    """
    w, b = tf.Variable([0.2, -0.1]), tf.Variable(0.0)
    x, y = tf.constant([[1.0, 2.0], [2.0, -1.0]]), tf.constant([1.0, -1.0])
    with tf.GradientTape() as tape:
        margin = 1.0 - y * (tf.linalg.matvec(x, w) + b)
        loss = tf.reduce_mean(tf.maximum(margin, 0.0)) + 0.01 * tf.reduce_sum(w**2)
    answer = tape.gradient(loss, [w, b])
    """,
)
healthy(
    "a product of a Hessian and a direction",
    """
    w, direction = tf.Variable([1.0, 2.0]), tf.constant([1.0, -1.0])
    with tf.GradientTape() as tape:
        with tf.GradientTape() as inner:
            f = 100.0 * (w[1] - w[0] ** 2) ** 2 + (1.0 - w[0]) ** 2
        slope = inner.gradient(f, w)
        along = tf.reduce_sum(slope * direction)
    answer = tape.gradient(along, w)
    """,
)
healthy(
    "a Jacobian in a loss",
    """
    model, x = net(2, 4, 2, activation="tanh"), tf.constant([[0.3, 0.8], [0.1, -0.4]])
    with tf.GradientTape() as tape:
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = model(x)
        blocks = inner.batch_jacobian(y, x)
        loss = tf.reduce_sum(blocks**2)
    answer = tape.gradient(loss, model.trainable_variables[:3])
    """,
)
healthy(
    "a loss after a step depends on the rate",
    """
    rate, w0 = tf.Variable(0.1), tf.constant(2.0)
    with tf.GradientTape() as tape:
        w = w0
        for _ in range(3):
            w = w - rate * 2.0 * (w - 0.5)
        loss = (w - 0.5) ** 2
    answer = tape.gradient(loss, rate)
    """,
)
healthy(
    "a spectrum of a sound",
    """
    wave = tf.Variable(tf.sin(tf.linspace(0.0, 20.0, 64)))
    with tf.GradientTape() as tape:
        spectrum = tf.abs(tf.signal.stft(wave, 16, 8)) ** 2
        loss = tf.reduce_mean(tf.math.log(spectrum + 1e-3))
    answer = tape.gradient(loss, wave)
    """,
)
