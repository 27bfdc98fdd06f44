"""Answers to the exercises of lesson 10, as learners write them.

Each entry is a function of nothing that makes the answer, so that every test has its
own. The keys of MISCONCEPTIONS are what the feedback is called.
"""

import tensorflow as tf

# 10.2


def parts(weigh, kept=lambda size, found: True):
    """Return an answer that weighs the gradient of each part and adds."""

    def in_parts(gradient, x, y, size):
        total = 0.0
        for begin in range(0, len(x), size):
            part_x, part_y = x[begin : begin + size], y[begin : begin + size]
            if kept(size, len(part_x)):
                found = gradient(part_x, part_y)
                total += found * weigh(len(part_x), len(x), size)
        return total

    return lambda: in_parts


def parts_as_a_dataset():
    def in_parts(gradient, x, y, size):
        total, seen = 0.0, 0
        for a, b in tf.data.Dataset.from_tensor_slices((x, y)).batch(size):
            total += gradient(a, b) * float(len(a))
            seen += len(a)
        return total / seen

    return in_parts


def parts_one_by_one():
    def in_parts(gradient, x, y, size):
        single = [gradient(x[i : i + 1], y[i : i + 1]) for i in range(len(x))]
        return tf.reduce_mean(tf.stack(single), axis=0)

    return in_parts


def parts_overwritten():
    def in_parts(gradient, x, y, size):
        for begin in range(0, len(x), size):
            found = gradient(x[begin : begin + size], y[begin : begin + size])
        return found

    return in_parts


def parts_all_at_once():
    return lambda gradient, x, y, size: gradient(x, y)


def parts_one_too_many():
    def in_parts(gradient, x, y, size):
        total = 0.0
        for i in range(len(x) // size + 2):
            a = x[i * size : (i + 1) * size]
            total += gradient(a, y[i * size : (i + 1) * size]) * len(a) / len(x)
        return total

    return in_parts


def number_of_parts(n, size):
    return -(-n // size)


# 10.3


def zeros(gradients):
    return [tf.zeros_like(each) for each in gradients]


def guarded(clip):
    """Return an answer that clips where the norm is finite, and gives zeros elsewhere."""

    def safe(gradients, limit):
        if not tf.math.is_finite(tf.linalg.global_norm(gradients)):
            return zeros(gradients)
        return clip(gradients, limit)

    return lambda: safe


def safe_by_hand():
    def safe(gradients, limit):
        norm = tf.sqrt(sum(tf.reduce_sum(g**2) for g in gradients))
        factor = min(1.0, limit / float(norm))
        if not tf.math.is_finite(norm):
            return [0.0 * tf.ones_like(g) for g in gradients]
        return [factor * g for g in gradients]

    return safe


def safe_with_where():
    def safe(gradients, limit):
        clipped, norm = tf.clip_by_global_norm(gradients, limit)
        finite = tf.math.is_finite(norm)
        return tuple(tf.where(finite, g, tf.zeros_like(g)) for g in clipped)

    return safe


def nan_let_through():
    def safe(gradients, limit):
        norm = tf.linalg.global_norm(gradients)
        return [g * tf.minimum(1.0, limit / norm) for g in gradients]

    return safe


def bad_entries_only():
    def safe(gradients, limit):
        cleaned = [tf.where(tf.math.is_finite(g), g, 0.0) for g in gradients]
        return tf.clip_by_global_norm(cleaned, limit)[0]

    return safe


# 10.4


def stepped(value, sources=lambda model: model.trainable_variables):
    def as_fit(model, loss, x, y):
        with tf.GradientTape() as tape:
            total = value(model, loss, x, y)
        return tape.gradient(total, sources(model))

    return lambda: as_fit


def as_fit_by_compute_loss():
    def as_fit(model, loss, x, y):
        model.compile(loss=loss)
        with tf.GradientTape() as tape:
            prediction = model(x, training=True)
            total = model.compute_loss(x=x, y=y, y_pred=prediction)
        return tape.gradient(total, model.trainable_weights)

    return as_fit


# 10.5


def half(formula, divide=lambda gradient, scale: gradient / scale):
    def rescued(loss, v, scale):
        with tf.GradientTape() as tape:
            scaled = formula(loss(tf.cast(v, tf.float16)), scale)
        return divide(tape.gradient(scaled, v), scale)

    return lambda: rescued


def scaled_in_float32(value, scale):
    return tf.cast(value, tf.float32) * scale


def by_output_gradients():
    def rescued(loss, v, scale):
        with tf.GradientTape() as tape:
            value = tf.cast(loss(tf.cast(v, tf.float16)), tf.float32)
        return tape.gradient(value, v, output_gradients=tf.constant(scale)) / scale

    return rescued


def in_float32_throughout():
    def rescued(loss, v, scale):
        with tf.GradientTape() as tape:
            scaled = loss(v) * scale
        return tape.gradient(scaled, v) / scale

    return rescued


def divided_in_float16():
    def rescued(loss, v, scale):
        h = tf.cast(v, tf.float16)
        with tf.GradientTape() as tape:
            tape.watch(h)
            scaled = tf.cast(loss(h), tf.float32) * scale
        return tape.gradient(scaled, h) / scale

    return rescued


SOLUTIONS = {
    "10.1": lambda: "4",
    "10.2": parts(lambda n, whole, size: n / whole),
    "10.3": guarded(lambda gs, limit: tf.clip_by_global_norm(gs, limit)[0]),
    "10.4": stepped(
        lambda model, loss, x, y: (
            loss(y, model(x, training=True)) + tf.add_n(model.losses)
        )
    ),
    "10.5": half(scaled_in_float32),
}

ALSO_RIGHT = {
    "10.1": [lambda: 4],
    "10.2": [parts_as_a_dataset, parts_one_by_one],
    "10.3": [safe_by_hand, safe_with_where],
    "10.4": [
        as_fit_by_compute_loss,
        stepped(
            lambda model, loss, x, y: (
                tf.reduce_mean((model(x, training=True) - y) ** 2) + sum(model.losses)
            )
        ),
    ],
    "10.5": [by_output_gradients],
}

MISCONCEPTIONS = {
    "10.1": {
        "every call": lambda: "6",
        "one for each type": lambda: "2",
        "traced once": lambda: "1",
        "one kind only": lambda: "3",
        "not run": lambda: "0",
    },
    "10.2": {
        "mean of means": parts(
            lambda n, whole, size: 1.0 / number_of_parts(whole, size)
        ),
        "sum of means": parts(lambda n, whole, size: 1.0),
        "divided twice": parts(lambda n, whole, size: 1.0 / whole),
        "sum over the examples": parts(lambda n, whole, size: float(n)),
        "every part as if full": parts(lambda n, whole, size: size / whole),
        "last part left out": parts(
            lambda n, whole, size: n / whole, kept=lambda size, n: n == size
        ),
        "last part only": parts_overwritten,
        "too many": parts_all_at_once,
        "no examples": parts_one_too_many,
    },
    "10.3": {
        "each by itself": guarded(
            lambda gs, limit: [tf.clip_by_norm(g, limit) for g in gs]
        ),
        "always scaled": guarded(
            lambda gs, limit: [g * limit / tf.linalg.global_norm(gs) for g in gs]
        ),
        "nan left": nan_let_through,
        "norms added": guarded(
            lambda gs, limit: [
                g * tf.minimum(1.0, limit / sum(tf.norm(h) for h in gs)) for g in gs
            ]
        ),
        "only the bad entries": bad_entries_only,
        "by value": guarded(
            lambda gs, limit: [tf.clip_by_value(g, -limit, limit) for g in gs]
        ),
        "not a list": lambda: tf.clip_by_global_norm,
    },
    "10.4": {
        "both forgotten": stepped(lambda model, loss, x, y: loss(y, model(x))),
        "not in training": stepped(
            lambda model, loss, x, y: loss(y, model(x)) + tf.add_n(model.losses)
        ),
        "no penalties": stepped(
            lambda model, loss, x, y: loss(y, model(x, training=True))
        ),
        "sum": stepped(
            lambda model, loss, x, y: (
                tf.reduce_sum((model(x, training=True) - y) ** 2)
                + tf.add_n(model.losses)
            )
        ),
        "penalties twice": stepped(
            lambda model, loss, x, y: (
                loss(y, model(x, training=True)) + 2.0 * tf.add_n(model.losses)
            )
        ),
        "exchanged": stepped(
            lambda model, loss, x, y: (
                loss(model(x, training=True), y) + tf.add_n(model.losses)
            )
        ),
        "gradient none": stepped(
            lambda model, loss, x, y: (
                loss(y, model(x, training=True)) + tf.add_n(model.losses)
            ),
            sources=lambda model: model.variables,
        ),
    },
    "10.5": {
        "lost": half(lambda value, scale: tf.cast(value, tf.float32), lambda g, s: g),
        "not divided": half(scaled_in_float32, lambda g, scale: g),
        "multiplied again": half(scaled_in_float32, lambda g, scale: g * scale),
        "divided twice": half(scaled_in_float32, lambda g, scale: g / scale**2),
        "not float16": in_float32_throughout,
        "result in float16": divided_in_float16,
    },
}

# Right at one point and nowhere else.
HARD_CODED = {
    "10.2": lambda: lambda gradient, x, y, size: tf.constant([-22.0, -7.3]),
    "10.3": lambda: (
        lambda gradients, limit: [
            tf.constant([1.5, 2.0]),
            tf.constant([6.0]),
        ]
    ),
    "10.5": lambda: lambda loss, v, scale: tf.constant(2e-8),
}

# What people typed, and what the feedback is called.
ATTEMPTS = {
    "10.2": [
        (
            "in equal parts",
            """\
def in_parts(gradient, x, y, size):
    n = len(x) // size + 1
    parts = zip(np.array_split(x.numpy(), n), np.array_split(y.numpy(), n))
    return sum(gradient(p, q) * len(p) for p, q in parts) / len(x)
in_parts
""",
            "right",
        ),
        (
            "drops the rest",
            """\
def in_parts(gradient, x, y, size):
    data = tf.data.Dataset.from_tensor_slices((x, y))
    parts = [gradient(p, q) for p, q in data.batch(size, drop_remainder=True)]
    return tf.reduce_mean(parts, axis=0)
in_parts
""",
            "last part left out",
        ),
    ],
    "10.3": [
        (
            "compares twice",
            """\
def safe(gradients, limit):
    norm = tf.linalg.global_norm(gradients)
    if norm > limit:
        return tf.clip_by_global_norm(gradients, limit)[0]
    if norm < limit:
        return gradients
    return [tf.zeros_like(g) for g in gradients]
safe
""",
            "nan left",
        ),
    ],
    "10.4": [
        (
            "exchanges the two",
            """\
def as_fit(model, loss, x, y):
    with tf.GradientTape() as tape:
        total = loss(model(x, training=True), y) + sum(model.losses)
    return tape.gradient(total, model.trainable_variables)
as_fit
""",
            "exchanged",
        ),
        (
            "penalties outside",
            """\
def as_fit(model, loss, x, y):
    penalties = tf.add_n(model.losses)
    with tf.GradientTape() as tape:
        total = loss(y, model(x, training=True)) + penalties
    return tape.gradient(total, model.trainable_variables)
as_fit
""",
            "no penalties",
        ),
    ],
    "10.5": [
        (
            "by the half",
            """\
def rescued(loss, v, scale):
    with tf.GradientTape() as tape:
        h = tf.cast(v, tf.float16)
        scaled = tf.cast(loss(h), tf.float32) * scale
    return tape.gradient(scaled, h) / scale
rescued
""",
            "result in float16",
        ),
    ],
}
