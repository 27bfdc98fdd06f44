"""Pieces of programs that people brought, rewritten: training loops, agents, pictures.

Beside each case stands where the question was asked, as in ``reported_further``: a number
is that of an issue of TensorFlow's, "TFP" one of TensorFlow Probability's, "keras-io" one
of the examples of Keras, "forum" a page of questions and answers.
"""

from tests.tape.reported import Case, collected

CASES: dict[str, Case] = {}
case = collected(CASES)

# Computed before the block, or kept from an earlier round.

case(
    "keras-io 406: log probabilities collected before the tape",
    "P3",
    """
    actor, states = net(3, 4, 2), tf.constant([[[0.1, 0.2, 0.3]], [[0.3, -0.1, 0.2]]])
    history = []
    for state in states:
        probabilities = tf.nn.softmax(actor(state))
        history.append(tf.math.log(probabilities[0, 1]))
    returns = [1.0, 0.5]
    with tf.GradientTape() as tape:
        loss = -tf.add_n([log * g for log, g in zip(history, returns)])
    answer = tape.gradient(loss, actor.trainable_variables)
    """,
    "grad(lambda: -tf.add_n([tf.math.log(tf.nn.softmax(actor(s))[0, 1]) * g"
    " for s, g in zip(states, returns)]), actor.trainable_variables)",
)

case(
    "TFP 1165: a scale made of its logarithm before the tape",
    "P3",
    """
    loc, log_scale = tf.Variable(3.0), tf.Variable(0.5)
    scale = tf.exp(log_scale)
    with tf.GradientTape() as tape:
        z = (5.0 - loc) / scale
        density = -0.5 * z**2 - tf.math.log(scale)
    answer = tape.gradient(density, [loc, log_scale])
    """,
    "grad(lambda: -0.5 * ((5.0 - loc) / tf.exp(log_scale))**2 - log_scale,"
    " [loc, log_scale])",
)

case(
    "TFP 285: a distribution that was made before the tape",
    "P3",
    """
    class Gaussian:
        def __init__(self, loc):
            self.loc = tf.identity(loc)
        def log_prob(self, x):
            return -0.5 * (x - self.loc) ** 2
    mu = tf.Variable(1.0)
    belief = Gaussian(mu)
    with tf.GradientTape() as tape:
        likelihood = belief.log_prob(3.0)
    answer = tape.gradient(likelihood, mu)
    """,
)

case(
    "TFP 1772: a value that was kept from the round before",
    "P3",
    """
    class Weibull:
        kept = None
        def __init__(self, scale):
            self.scale = scale
        def inverse(self):
            if self.kept is None:
                self.kept = 1.0 / self.scale
            return self.kept
        def loss(self, data):
            return tf.reduce_sum(data * self.inverse())
    scale, data = tf.Variable(3.0), tf.constant([1.0, 2.0])
    model = Weibull(scale)
    with tf.GradientTape() as first:
        model.loss(data)
    with tf.GradientTape() as tape:
        loss = model.loss(data)
    answer = tape.gradient(loss, scale)
    """,
    in_function="P3",
)

case(
    "28966: a layer whose sparse kernel was made with the layer",
    "P3",
    """
    class Sparse:
        def __init__(self):
            self.weights = tf.Variable([0.5, -0.3])
            self.kernel = tf.SparseTensor([[0, 0], [1, 1]], self.weights, [2, 2])
        def __call__(self, x):
            return tf.sparse.sparse_dense_matmul(self.kernel, x)
    layer, x = Sparse(), tf.constant([[1.0], [2.0]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x))
    answer = tape.gradient(loss, layer.weights)
    """,
)

case(
    "forum: columns put together before the tape, for a PINN",
    "P4",
    """
    model = net(2, 4, 1, activation="tanh")
    x, t = tf.constant([[0.1], [0.2]]), tf.constant([[0.0], [0.5]])
    points = tf.concat([x, t], axis=1)
    with tf.GradientTape() as tape:
        tape.watch(x)
        u = model(points)
    answer = tape.gradient(u, x)
    """,
    "grad_at(lambda x: model(tf.concat([x, t], 1)), x)",
)

case(
    "forum: a picture prepared before the tape",
    "P3",
    """
    picture = tf.Variable(tf.fill([1, 4, 4, 3], 0.5))
    prepared = picture * 2.0 - 1.0
    features = keras.layers.Conv2D(2, 3, activation="tanh")
    features.build((None, 4, 4, 3))
    with tf.GradientTape() as tape:
        style = tf.reduce_mean(features(prepared) ** 2)
    answer = tape.gradient(style, picture)
    """,
    "grad(lambda: tf.reduce_mean(features(picture * 2.0 - 1.0) ** 2), picture)",
)

case(
    "forum: a variable read before the tape",
    "P3",
    """
    v = tf.Variable([1.0, 2.0])
    value = v.read_value()
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(value**2)
    answer = tape.gradient(loss, v)
    """,
    "grad(lambda: tf.reduce_sum(v**2), v)",
)

case(
    "36958: a phase made complex before the tape, as source",
    "P1",
    """
    phase = tf.complex(tf.Variable(1.0), tf.constant(0.0))
    with tf.GradientTape() as tape:
        distance = tf.abs(tf.exp(1j * phase) - 1.0)
    answer = tape.gradient(distance, phase)
    """,
)

# NumPy, scikit-learn, Pillow, Python.

case(
    "43065: an actor's answer made a tensor again",
    "P5",
    """
    actor, states = net(2, 3, 1), tf.constant([[0.1, 0.4], [0.3, 0.2]])
    with tf.GradientTape() as tape:
        actions = tf.convert_to_tensor(actor(states).numpy(), dtype=tf.float32)
        loss = -tf.reduce_mean(actions)
    answer = tape.gradient(loss, actor.trainable_variables)
    """,
    "grad(lambda: -tf.reduce_mean(actor(states)), actor.trainable_variables)",
)

case(
    "forum: scaled by scikit-learn",
    "P5",
    """
    from sklearn.preprocessing import StandardScaler
    model, x = net(2, 3, 1), tf.constant([[0.1, 0.4], [0.3, 0.2], [0.5, -0.2]])
    with tf.GradientTape() as tape:
        scaled = StandardScaler().fit_transform(model(x))
        loss = tf.reduce_sum(scaled**2)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)

case(
    "forum: a metric of scikit-learn as loss",
    "P5",
    """
    from sklearn.metrics import mean_squared_error
    w, x, y = tf.Variable(0.5), tf.constant([1.0, 2.0]), tf.constant([2.0, 4.0])
    with tf.GradientTape() as tape:
        loss = mean_squared_error(y, w * x)
    answer = tape.gradient(loss, w)
    """,
)

case(
    "forum: a picture made smaller by Pillow",
    "P5",
    """
    from PIL import Image
    picture = tf.Variable(tf.fill([4, 4], 100.0))
    with tf.GradientTape() as tape:
        small = Image.fromarray(picture.numpy()).resize((2, 2))
        loss = tf.reduce_mean(np.asarray(small) ** 2)
    answer = tape.gradient(loss, picture)
    """,
)

case(
    "forum: noise of NumPy around a mean that is learned",
    "P5",
    """
    mean = tf.Variable([0.5, -0.5])
    with tf.GradientTape() as tape:
        z = np.random.default_rng(0).normal(mean, 1.0)
        loss = tf.reduce_sum(tf.cast(z, tf.float32) ** 2)
    answer = tape.gradient(loss, mean)
    """,
)

case(
    "forum: cropped at a place that is learned",
    "P5",
    """
    top, picture = tf.Variable(1.2), tf.reshape(tf.range(16.0), [1, 4, 4, 1])
    with tf.GradientTape() as tape:
        part = tf.image.crop_to_bounding_box(picture, int(top), 0, 2, 2)
        loss = tf.reduce_mean(part)
    answer = tape.gradient(loss, top)
    """,
)

case(
    "forum: values written into a NumPy array in a loop",
    "P5",
    """
    k = tf.Variable(0.3)
    with tf.GradientTape() as tape:
        path = np.zeros(4, np.float32)
        path[0] = 1.0
        for i in range(3):
            path[i + 1] = path[i] * (1.0 - k)
        loss = tf.reduce_sum(path)
    answer = tape.gradient(loss, k)
    """,
)

# A new start.

case(
    "61199: weights of a copy, assigned one by one",
    "P7",
    """
    model, copy = net(1, 1), net(1, 1)
    x, y = tf.constant([[1.0], [2.0]]), tf.constant([[2.0], [4.0]])
    with tf.GradientTape() as tape:
        with tf.GradientTape() as inner:
            error = tf.reduce_mean((model(x) - y) ** 2)
        steps = inner.gradient(error, model.trainable_variables)
        for new, old, step in zip(
            copy.trainable_variables, model.trainable_variables, steps
        ):
            new.assign(old - 0.1 * step)
        loss = tf.reduce_mean((copy(x) - y) ** 2)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)

case(
    "forum: a state put into a new variable at each step",
    "P7",
    """
    rate = tf.Variable(0.5)
    with tf.GradientTape() as tape:
        state = tf.Variable(1.0)
        for _ in range(3):
            state = tf.Variable(state * rate)
        loss = state**2
    answer = tape.gradient(loss, rate)
    """,
    "tf.constant(6.0 * 0.5**5)",
)

# It says that it has not found the cause: the layer stores its state for itself.
case(
    "forum: a recurrent layer that keeps its state",
    "",
    """
    layer = keras.layers.SimpleRNN(2, stateful=True)
    first, second = tf.ones([1, 3, 1]), tf.ones([1, 3, 1])
    layer.build((1, 3, 1))
    with tf.GradientTape() as tape:
        tape.watch(first)
        layer(first)
        loss = tf.reduce_sum(layer(second))
    answer = tape.gradient(loss, first)
    """,
)

case(
    "forum: clipped after the block, under the same name",
    "P6",
    """
    start = tf.Variable([0.5, 2.0])
    with tf.GradientTape() as tape:
        x = start
        y = tf.reduce_sum(x**2)
    x = tf.clip_by_value(x, 0.0, 1.0)
    answer = tape.gradient(y, x)
    """,
    "tf.constant([1.0, 4.0])",
)

# Whole numbers, comparisons, choices.

case(
    "forum: a table indexed by a learned place",
    "P15",
    """
    table, place = tf.constant([1.0, 4.0, 9.0, 16.0]), tf.Variable(2.2)
    with tf.GradientTape() as tape:
        y = table[tf.cast(place, tf.int32)]
    answer = tape.gradient(y, place)
    """,
)

case(
    "models 295: sampled at whole places only",
    "P15",
    """
    row, theta = tf.constant([0.0, 1.0, 4.0, 9.0, 16.0]), tf.Variable(1.5)
    with tf.GradientTape() as tape:
        at = tf.constant([0.2, 0.8, 1.4]) * theta
        left = tf.cast(tf.floor(at), tf.int32)
        sampled = tf.gather(row, left)
        loss = tf.reduce_sum(sampled)
    answer = tape.gradient(loss, theta)
    """,
)

case(
    "healthy models 295: sampled between two places",
    "",
    """
    row, theta = tf.constant([0.0, 1.0, 4.0, 9.0, 16.0]), tf.Variable(1.5)
    with tf.GradientTape() as tape:
        at = tf.constant([0.2, 0.8, 1.4]) * theta
        floor = tf.floor(at)
        left = tf.cast(floor, tf.int32)
        part = at - floor
        sampled = tf.gather(row, left) * (1.0 - part) + tf.gather(row, left + 1) * part
        loss = tf.reduce_sum(sampled)
    answer = tape.gradient(loss, theta)
    """,
)

case(
    "forum: 1 above a threshold, else 0, by where",
    "P15",
    """
    w, x = tf.Variable([0.4, 0.8]), tf.constant([[1.0, 0.5], [0.2, 0.3]])
    with tf.GradientTape() as tape:
        p = tf.sigmoid(tf.linalg.matvec(x, w))
        labels = tf.where(p > 0.5, 1.0, 0.0)
        loss = tf.reduce_mean((labels - [1.0, 0.0]) ** 2)
    answer = tape.gradient(loss, w)
    """,
)

case(
    "forum: one of two constants by tf.cond",
    "P15",
    """
    temperature = tf.Variable(0.7)
    with tf.GradientTape() as tape:
        cost = tf.cond(temperature > 0.5, lambda: 1.0, lambda: 3.0)
        loss = cost**2
    answer = tape.gradient(loss, temperature)
    """,
)

case(
    "forum: one of two constants by an if of Python",
    "P15",
    """
    price = tf.Variable(12.0)
    with tf.GradientTape() as tape:
        if price > 10.0:
            demand = tf.constant(3.0)
        else:
            demand = tf.constant(8.0)
        loss = -demand
    answer = tape.gradient(loss, price)
    """,
)

case(
    "forum: codes of a book, without the way around them",
    "P15",
    """
    encoder, x = net(2, 2), tf.constant([[0.3, 0.6], [0.9, 0.1]])
    book = tf.constant([[0.0, 0.0], [1.0, 1.0], [1.0, 0.0]])
    with tf.GradientTape() as tape:
        z = encoder(x)
        far = tf.reduce_sum((z[:, tf.newaxis] - book) ** 2, -1)
        quantised = tf.gather(book, tf.argmin(far, 1))
        loss = tf.reduce_mean((quantised - x) ** 2)
    answer = tape.gradient(loss, encoder.trainable_variables)
    """,
)

case(
    "healthy: codes of a book, with the gradient passed around them",
    "",
    """
    encoder, x = net(2, 2), tf.constant([[0.3, 0.6], [0.9, 0.1]])
    book = tf.constant([[0.0, 0.0], [1.0, 1.0], [1.0, 0.0]])
    with tf.GradientTape() as tape:
        z = encoder(x)
        far = tf.reduce_sum((z[:, tf.newaxis] - book) ** 2, -1)
        quantised = tf.gather(book, tf.argmin(far, 1))
        passed = z + tf.stop_gradient(quantised - z)
        loss = tf.reduce_mean((passed - x) ** 2)
    answer = tape.gradient(loss, encoder.trainable_variables)
    """,
)

case(
    "forum: kappa by a confusion matrix",
    "P15",
    """
    w, y = tf.Variable([[0.3, -0.2], [0.1, 0.5]]), tf.constant([0, 1, 1])
    x = tf.constant([[1.0, 0.2], [0.3, 0.8], [0.5, 0.9]])
    with tf.GradientTape() as tape:
        said = tf.argmax(x @ w, axis=1)
        table = tf.math.confusion_matrix(y, said, 2, dtype=tf.float32)
        loss = 1.0 - tf.linalg.trace(table) / tf.reduce_sum(table)
    answer = tape.gradient(loss, w)
    """,
)

case(
    "forum: ranks of predictions",
    "P15",
    """
    w, x = tf.Variable([0.4, -0.8]), tf.constant([[1.0, 0.5], [0.2, 0.3], [0.9, 0.1]])
    with tf.GradientTape() as tape:
        ranks = tf.argsort(tf.argsort(tf.linalg.matvec(x, w)))
        loss = tf.reduce_mean((tf.cast(ranks, tf.float32) - [0.0, 1.0, 2.0]) ** 2)
    answer = tape.gradient(loss, w)
    """,
)

case(
    "forum: bins with learned borders",
    "P15",
    """
    borders, values = tf.Variable([0.2, 0.5, 0.8]), tf.constant([0.1, 0.6, 0.7])
    with tf.GradientTape() as tape:
        bins = tf.searchsorted(borders, values)
        loss = tf.reduce_mean(tf.cast(bins, tf.float32))
    answer = tape.gradient(loss, borders)
    """,
)

case(
    "forum: a number written as text and read again",
    "P15",
    """
    x = tf.Variable(2.5)
    with tf.GradientTape() as tape:
        y = tf.strings.to_number(tf.strings.as_string(x)) * 3.0
    answer = tape.gradient(y, x)
    """,
)

case(
    "forum: repeated as often as a learned number says",
    "P15",
    """
    times = tf.Variable(2.6)
    with tf.GradientTape() as tape:
        copies = tf.repeat(tf.constant([1.0]), tf.cast(times, tf.int32))
        loss = tf.reduce_sum(copies)
    answer = tape.gradient(loss, times)
    """,
)

case(
    "forum: counts drawn from a rate that is learned",
    "P15",
    """
    rate = tf.Variable([3.0, 5.0])
    with tf.GradientTape() as tape:
        counts = tf.random.stateless_poisson([2], [1, 2], rate, tf.float32)
        loss = tf.reduce_mean((counts - 4.0) ** 2)
    answer = tape.gradient(loss, rate)
    """,
)

case(
    "forum: a picture kept as JPEG",
    "P15",
    """
    picture = tf.Variable(tf.fill([8, 8, 3], 0.4))
    with tf.GradientTape() as tape:
        kept = tf.image.adjust_jpeg_quality(picture, 80)
        loss = tf.reduce_mean(kept)
    answer = tape.gradient(loss, picture)
    """,
)

# Operations without a rule.

case(
    "forum: a picture made smaller by areas",
    "P22",
    """
    picture = tf.Variable(tf.reshape(tf.range(16.0), [1, 4, 4, 1]))
    with tf.GradientTape() as tape:
        small = tf.image.resize(picture, [2, 2], method="area")
        loss = tf.reduce_sum(small**2)
    answer = tape.gradient(loss, picture)
    """,
)

case(
    "healthy 43765: the largest of what falls on a cell",
    "",
    """
    w = tf.Variable([0.5, 0.7])
    with tf.GradientTape() as tape:
        grid = tf.tensor_scatter_nd_max(tf.zeros([3]), [[0], [2]], w)
        loss = tf.reduce_sum(grid**2)
    answer = tape.gradient(loss, w)
    """,
)

case(
    "healthy: products of segments",
    "",
    """
    x = tf.Variable([1.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        products = tf.math.segment_prod(x, [0, 0, 1])
        loss = tf.reduce_sum(products)
    answer = tape.gradient(loss, x)
    """,
)

case(
    "forum: more saturated colours",
    "P22",
    """
    picture = tf.Variable([[[0.2, 0.4, 0.6], [0.5, 0.3, 0.1]]])
    with tf.GradientTape() as tape:
        vivid = tf.image.adjust_saturation(picture, 1.5)
        loss = tf.reduce_sum(vivid**2)
    answer = tape.gradient(loss, picture)
    """,
)

case(
    "forum: more contrast",
    "P22",
    """
    picture = tf.Variable([[[0.2], [0.5]], [[0.6], [0.1]]])
    with tf.GradientTape() as tape:
        strong = tf.image.adjust_contrast(picture, 2.0)
        loss = tf.reduce_sum(strong**2)
    answer = tape.gradient(loss, picture)
    """,
)

case(
    "forum: a rule of one's own that says nothing of one input",
    "P22",
    """
    @tf.custom_gradient
    def scaled(x, s):
        def back(dy):
            return dy * s, None
        return x * s, back
    x, s = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = scaled(x, s)
    answer = tape.gradient(y, [x, s])
    """,
)

# Lists of variables.

case(
    "forum: a head that the loss does not use",
    "P11",
    """
    start = keras.Input((2,))
    hidden = keras.layers.Dense(3, activation="tanh")(start)
    one = keras.layers.Dense(1, name="one")(hidden)
    two = keras.layers.Dense(1, name="two")(hidden)
    model = keras.Model(start, [one, two])
    x = tf.constant([[0.1, 0.4], [0.3, 0.2]])
    with tf.GradientTape() as tape:
        price, _ = model(x)
        loss = tf.reduce_mean(price**2)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)

case(
    "Keras: all variables of a model with dropout",
    "P20",
    """
    model = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dropout(0.2), keras.layers.Dense(1)]
    )
    x = tf.ones([4, 2])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(x, training=True) ** 2)
    answer = tape.gradient(loss, model.variables)
    """,
)

case(
    "Keras: a weight added as not trainable",
    "P1",
    """
    class Scale(keras.layers.Layer):
        def build(self, shape):
            self.factor = self.add_weight(
                shape=(), initializer="ones", trainable=False
            )
        def call(self, x):
            return x * self.factor
    layer, x = Scale(), tf.constant([1.0, 2.0])
    layer(x)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x) ** 2)
    answer = tape.gradient(loss, layer.factor.value)
    """,
    "tf.constant(10.0)",
)

case(
    "forum: a layer that is made anew at each call",
    "P11",
    """
    made = []
    def model(x):
        layer = keras.layers.Dense(1)
        made.append(layer)
        return layer(x)
    x = tf.constant([[0.1, 0.4]])
    model(x)
    weights = made[0].trainable_variables
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(x) ** 2)
    answer = tape.gradient(loss, weights)
    """,
)

case(
    "healthy 20630: a method of one's own that is called predict",
    "",
    """
    class Line(tf.Module):
        def __init__(self):
            self.w, self.b = tf.Variable(5.0), tf.Variable(10.0)
        def predict(self, x):
            return self.w * x + self.b
    line, x = Line(), tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((line.predict(x) - [5.0, 8.0]) ** 2)
    answer = tape.gradient(loss, line.trainable_variables)
    """,
)

# Zeros.

case(
    "3888: units that are off for every input",
    "P27",
    """
    x = tf.constant([[0.5, 0.2], [0.1, 0.9]])
    w, b = tf.Variable(tf.ones([2, 3])), tf.Variable(tf.fill([3], -50.0))
    with tf.GradientTape() as tape:
        hidden = tf.nn.relu(x @ w + b)
        loss = tf.reduce_mean((tf.reduce_sum(hidden, 1) - 1.0) ** 2)
    answer = tape.gradient(loss, w)
    """,
)

case(
    "forum: actions cut at their bounds",
    "P27",
    """
    actor, states = net(2, 1), tf.constant([[50.0, 60.0], [40.0, 70.0]])
    actor.layers[0].set_weights([np.ones((2, 1), np.float32), np.zeros(1, np.float32)])
    with tf.GradientTape() as tape:
        actions = tf.clip_by_value(actor(states), -1.0, 1.0)
        loss = -tf.reduce_mean(actions)
    answer = tape.gradient(loss, actor.trainable_variables)
    """,
)

case(
    "noted: all weights of the samples are 0",
    "",
    """
    model, x, y = net(2, 1), tf.ones([3, 2]), tf.ones([3, 1])
    loss_of = keras.losses.MeanSquaredError()
    weights = tf.zeros([3])
    with tf.GradientTape() as tape:
        loss = loss_of(y, model(x), sample_weight=weights)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)

case(
    "noted: a last layer that begins with zeros",
    "",
    """
    x = tf.constant([[0.5, 0.2], [0.1, 0.9]])
    first, last = tf.Variable(tf.ones([2, 3])), tf.Variable(tf.zeros([3, 1]))
    with tf.GradientTape() as tape:
        y = tf.tanh(x @ first) @ last
        loss = tf.reduce_mean((y - 1.0) ** 2)
    answer = tape.gradient(loss, first)
    """,
)

# Not finite.

case(
    "109329: a Euclidean norm of zeros",
    "P17",
    """
    x = tf.Variable([0.0, 0.0])
    with tf.GradientTape() as tape:
        y = tf.math.reduce_euclidean_norm(x)
    answer = tape.gradient(y, x)
    """,
)

case(
    "healthy 22048: clipped by its norm, which is 0",
    "",
    """
    x = tf.Variable([0.0, 0.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.clip_by_norm(x, 1.0))
    answer = tape.gradient(y, x)
    """,
)

case(
    "forum: a penalty on a critic that does not depend on its input yet",
    "P17",
    """
    critic = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="zeros")]
    )
    mixed = tf.constant([[0.5, 1.0], [0.2, 0.3]])
    with tf.GradientTape() as tape:
        with tf.GradientTape() as inner:
            inner.watch(mixed)
            judged = critic(mixed)
        slopes = inner.gradient(judged, mixed)
        norms = tf.sqrt(tf.reduce_sum(slopes**2, axis=1))
        penalty = tf.reduce_mean((norms - 1.0) ** 2)
    answer = tape.gradient(penalty, critic.trainable_variables[:1])
    """,
)

case(
    "forum: the angle between two equal directions",
    "P17",
    """
    a, b = tf.Variable([1.0, 0.0]), tf.constant([1.0, 0.0])
    with tf.GradientTape() as tape:
        angle = tf.acos(tf.reduce_sum(a * b) / (tf.norm(a) * tf.norm(b)))
    answer = tape.gradient(angle, a)
    """,
)

case(
    "forum: a power of 0 with a learned exponent below 1",
    "P17",
    """
    x = tf.Variable([0.0, 4.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(x**0.5)
    answer = tape.gradient(y, x)
    """,
)

case(
    "forum: a logarithm of probabilities, one of which is 0, times that 0",
    "P17",
    """
    p = tf.Variable([0.0, 0.4, 0.6])
    with tf.GradientTape() as tape:
        entropy = -tf.reduce_sum(p * tf.math.log(p))
    answer = tape.gradient(entropy, p)
    """,
)

case(
    "forum: all paths impossible in a sum of logarithms",
    "P17",
    """
    scores = tf.Variable([0.3, 0.7])
    blocked = tf.constant([-np.inf, -np.inf])
    with tf.GradientTape() as tape:
        total = tf.reduce_logsumexp(scores + blocked)
    answer = tape.gradient(total, scores)
    """,
)

case(
    "forum: the noise ratio of two equal pictures",
    "P17",
    """
    picture, original = tf.Variable(tf.ones([4, 4, 1])), tf.ones([4, 4, 1])
    with tf.GradientTape() as tape:
        ratio = tf.image.psnr(picture, original, max_val=1.0)
    answer = tape.gradient(ratio, picture)
    """,
)

case(
    "forum: a large sum in float16",
    "P38",
    """
    w = tf.Variable(2.0)
    x = tf.fill([300], tf.constant(20.0, tf.float16))
    with tf.GradientTape() as tape:
        y = tf.cast(w, tf.float16) * x
        loss = tf.cast(tf.reduce_sum(y * y), tf.float32)
    answer = tape.gradient(loss, w)
    """,
)

case(
    "forum: singular vectors of a unit matrix",
    "P39",
    """
    a = tf.Variable(tf.eye(2))
    with tf.GradientTape() as tape:
        _, u, _ = tf.linalg.svd(a)
        loss = tf.reduce_sum(u * [[1.0, 2.0], [3.0, 4.0]])
    answer = tape.gradient(loss, a)
    """,
)

# All is well.

case(
    "healthy 28901: targets of another shape",
    "",
    """
    model, x, y = net(1, 1), tf.ones([4, 1]), tf.constant([1.0, 2.0, 3.0, 4.0])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(x) - y) ** 2)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)

case(
    "healthy 26625: a sparse tensor made dense",
    "",
    """
    values = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        sparse = tf.SparseTensor([[0, 1], [1, 0]], values, [2, 2])
        loss = tf.reduce_sum(tf.sparse.to_dense(sparse) ** 2)
    answer = tape.gradient(loss, values)
    """,
)

case(
    "healthy 35802: the largest of ragged rows",
    "",
    """
    x = tf.Variable([1.0, 5.0, 2.0, 4.0])
    with tf.GradientTape() as tape:
        rows = tf.RaggedTensor.from_row_lengths(x, [3, 1])
        loss = tf.reduce_sum(tf.reduce_max(rows, axis=1))
    answer = tape.gradient(loss, x)
    """,
)

case(
    "healthy 43107: covariances of ragged rows",
    "",
    """
    x = tf.Variable([[1.0, 2.0], [3.0, 4.0], [-1.0, 2.0], [3.0, -4.0]])
    with tf.GradientTape() as tape:
        rows = tf.RaggedTensor.from_value_rowids(x, [0, 0, 1, 1])
        products = tf.map_fn(
            lambda part: tf.matmul(part, part, transpose_a=True), rows,
            fn_output_signature=tf.float32,
        )
        loss = tf.reduce_sum(products)
    answer = tape.gradient(loss, x)
    """,
)

case(
    "healthy 16333: a loop of TensorFlow's own",
    "",
    """
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        _, y = tf.while_loop(
            lambda i, y: i < 4, lambda i, y: (i + 1, y * x), [tf.constant(0), 1.0]
        )
    answer = tape.gradient(y, x)
    """,
)

case(
    "healthy 37091: a penalty on a recurrent layer",
    "",
    """
    layer, read = keras.layers.GRU(2), keras.layers.Dense(1)
    x = tf.ones([1, 3, 2]) * 0.3
    read(layer(x))
    with tf.GradientTape() as tape:
        with tf.GradientTape() as inner:
            inner.watch(x)
            judged = read(layer(x))
        slopes = inner.gradient(judged, x)
        penalty = tf.reduce_sum(slopes**2)
    answer = tape.gradient(penalty, layer.trainable_variables[:1])
    """,
)

case(
    "healthy: gamma draws with a learned shape",
    "",
    """
    alpha = tf.Variable([2.0, 0.5])
    with tf.GradientTape() as tape:
        draws = tf.random.stateless_gamma([2], [1, 2], alpha)
        loss = tf.reduce_mean(draws)
    answer = tape.gradient(loss, alpha)
    """,
)
