"""Public questions of a later search, rewritten by somebody who had not seen the code.

As in :mod:`tests.tape.reported_further`, a number is that of an issue of TensorFlow's.
"""

from tests.tape.reported import Case, collected

CASES: dict[str, Case] = {}
case = collected(CASES)

case(
    "41368: a table transposed when its layer was built",
    "P3",
    """
    class Tied(keras.layers.Layer):
        def __init__(self, table):
            super().__init__()
            self.table = table
        def build(self, shape):
            self.turned = tf.transpose(self.table.embeddings)
        def call(self, h):
            return h @ self.turned
    table = keras.layers.Embedding(5, 3)
    table.build(None)
    out = Tied(table)
    out(tf.zeros([1, 3]))
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(out(table(tf.constant([1, 2]))) ** 2)
    answer = tape.gradient(loss, table.trainable_variables)
    """,
)

case(
    "32729: noisy weights made when their layer was built",
    "P3",
    """
    class Noisy(keras.layers.Layer):
        def build(self, shape):
            self.middle = self.add_weight(shape=(3, 2), name="middle")
            self.weights_now = self.middle + tf.random.normal([3, 2])
        def call(self, x):
            return x @ self.weights_now
    model = keras.Sequential([keras.Input((3,)), Noisy(), keras.layers.Dense(1)])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(tf.ones([1, 3])) ** 2)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)

case(
    "forum: features computed once, before the tape",
    "P3",
    """
    backbone, head = net(3, 4), net(4, 1)
    features = backbone(tf.ones([2, 3]))
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(head(features) ** 2)
    variables = backbone.trainable_variables + head.trainable_variables
    answer = tape.gradient(loss, variables)
    """,
    "grad(lambda: tf.reduce_mean(head(backbone(tf.ones([2, 3]))) ** 2), variables)",
)

case(
    "77559: a tensor given by its name to a custom gradient",
    "P22",
    """
    @tf.custom_gradient
    def f(x, y=0.0):
        def grad(upstream):
            return 2.0 * upstream, 2.0 * y * upstream
        return 2.0 * x + y * y, grad
    x, y = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape() as tape:
        z = f(x, y=y)
    answer = tape.gradient(z, [x, y])
    """,
    "[tf.constant(2.0), tf.constant(6.0)]",
)

case(
    "65839: a gradient reversed, the features given by their name",
    "P22",
    """
    @tf.custom_gradient
    def reverse(x):
        def grad(upstream):
            return -upstream
        return tf.identity(x), grad
    w = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(reverse(x=3.0 * w) ** 2)
    answer = tape.gradient(loss, w)
    """,
    "tf.constant([-18.0, -36.0])",
)

case(
    "forum: a custom gradient without what arrives",
    "P22",
    """
    @tf.custom_gradient
    def square(x):
        def grad(upstream):
            return 2.0 * x
        return x * x, grad
    a = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(5.0 * square(a) + tf.sin(a))
    answer = tape.gradient(loss, a)
    """,
)

case(
    "probability 866: a tensor that a custom gradient takes from outside",
    "P22",
    """
    rate, start = tf.constant(0.7), tf.constant(2.0)
    @tf.custom_gradient
    def solve(y):
        def grad(upstream):
            return upstream * (1.0 - 0.1 * rate)
        return y - 0.1 * rate * y, grad
    with tf.GradientTape() as tape:
        tape.watch([rate, start])
        end = solve(start)
    answer = tape.gradient(end, [rate, start])
    """,
)

case(
    "healthy: a custom gradient that clips what arrives",
    "",
    """
    @tf.custom_gradient
    def clipped(x):
        def grad(upstream):
            return tf.clip_by_value(upstream, -1.0, 1.0)
        return tf.identity(x), grad
    a = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(5.0 * clipped(a) ** 2)
    answer = tape.gradient(loss, a)
    """,
)

case(
    "2295: the gamma of a black pixel, in the other branch",
    "P16",
    """
    y = tf.Variable([0.0, 0.001, 0.2, 0.9])
    with tf.GradientTape() as tape:
        z = tf.where(y <= 0.003, 12.9 * y, 1.055 * y ** (1 / 2.4) - 0.055)
        loss = tf.reduce_sum(z)
    answer = tape.gradient(loss, y)
    """,
    "tf.constant([12.9, 12.9, 1.12402, 0.46745])",
)

case(
    "forum: forbidden steps of a chain, as log(0)",
    "P17",
    """
    logits = tf.Variable([[0.1, 0.3], [0.2, -0.4]])
    mask = tf.constant([[1.0, 1.0], [0.0, 1.0]])
    with tf.GradientTape() as tape:
        step = tf.math.log(tf.nn.softmax(logits, axis=1) * mask)
        loss = tf.reduce_logsumexp(tf.reduce_logsumexp(step, axis=0))
    answer = tape.gradient(loss, logits)
    """,
    "quotient(lambda v: tf.math.log(tf.reduce_sum(tf.nn.softmax(v, axis=1) "
    "* tf.cast(mask, v.dtype))), logits)",
)

case(
    "38211: variables of TensorFlow's in a layer",
    "P19",
    """
    class Scale(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.factors = [tf.Variable(1.0), tf.Variable(2.0)]
        def call(self, x):
            return x * self.factors[0] * self.factors[1]
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), Scale()])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(tf.ones([1, 3])) ** 2)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)

case(
    "forum: a step of the learning rate, stored",
    "P7",
    """
    w, rate = tf.Variable([1.0, -1.0]), tf.Variable(0.1)
    with tf.GradientTape() as tape:
        w.assign_sub(rate * 2.0 * w)
        loss = tf.reduce_sum(w**2)
    answer = tape.gradient(loss, rate)
    """,
)

case(
    "forum: columns of the points, taken before the network",
    "P11",
    """
    points, model = tf.constant([[0.1, 0.2], [0.3, 0.4]]), net(2, 3, 1)
    t = points[:, 1:2]
    with tf.GradientTape() as tape:
        tape.watch(t)
        u = tf.reduce_sum(model(points))
    answer = tape.gradient(u, t)
    """,
)

case(
    "forum: a gradient that sixty steps made 0",
    "",
    """
    x = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        h = x
        for _ in range(60):
            h = tf.tanh(0.1 * h)
    answer = tape.gradient(h, x)
    """,
)

case(
    "noted: a straight-through estimator that cancels",
    "",
    """
    z = tf.Variable([1.2, 3.4])
    with tf.GradientTape() as tape:
        q = z + tf.stop_gradient(tf.round(z)) - z
        loss = tf.reduce_sum(q**2)
    answer = tape.gradient(loss, z)
    """,
)

case(
    "noted: a network that begins with zeros",
    "",
    """
    model = keras.Sequential([
        keras.Input((2,)),
        keras.layers.Dense(3, "tanh", kernel_initializer="zeros"),
        keras.layers.Dense(1, kernel_initializer="zeros"),
    ])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(tf.ones([1, 2])) - 1.0) ** 2)
    answer = tape.gradient(loss, model.trainable_variables)
    """,
)
