"""Answers to the exercises of lesson 9, as learners write them; see lesson 2."""

import numpy as np
import tensorflow as tf

# 9.1


def said(*texts):
    return lambda: texts


RIGHT = ("0", "inf", "None", "NaN", "error", "1")


def but(place, text):
    return said(*RIGHT[:place], text, *RIGHT[place + 1 :])


# 9.2


def descending(step, report=tf.identity):
    def descend(inputs, steps):
        w = tf.Variable(1.0)
        for _ in range(steps):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(w * inputs - 2.0 * inputs))
                target = report(loss)
            w = step(w, tape.gradient(target, w), inputs)
        return w.numpy()

    return lambda: descend


def in_place(w, slope, inputs):
    w.assign_sub(0.1 * slope)
    return w


def renamed(w, slope, inputs):
    return w if slope is None else w - 0.1 * slope


def beside(w, slope, inputs):
    changed = w - 0.1 * slope
    return w


def by_minus(w, slope, inputs):
    w -= 0.1 * slope
    return w


def uphill(w, slope, inputs):
    w.assign_add(0.1 * slope)
    return w


def summed(w, slope, inputs):
    w.assign_sub(0.1 * len(inputs) * slope)
    return w


def whole(w, slope, inputs):
    w.assign_sub(slope)
    return w


def shorter(w, slope, inputs):
    w.assign_sub(0.01 * slope)
    return w


def assigned(w, slope, inputs):
    w.assign(0.1 * slope)
    return w


def descent_as_given():
    def descend(inputs, steps):
        w = tf.Variable(1.0)
        best = tf.Variable(0.0)
        for _ in range(steps):
            with tf.GradientTape() as tape:
                best.assign(tf.reduce_mean(tf.square(w * inputs - 2.0 * inputs)))
                report = tf.round(best)
            slope = tape.gradient(report, w)
            if slope is not None:
                w = w - 0.1 * slope
        return w.numpy()

    return descend


def descent_by_watching():
    def descend(inputs, steps):
        w = tf.constant(1.0)
        for _ in range(steps):
            with tf.GradientTape() as tape:
                tape.watch(w)
                loss = tf.reduce_mean((w * inputs - 2.0 * inputs) ** 2)
            w = w - 0.1 * tape.gradient(loss, w)
        return w

    return descend


# 9.3


def quotient(near):
    def sinc(x):
        safe = tf.where(x == 0.0, 1.0, x)
        return tf.where(x == 0.0, near(x), tf.sin(safe) / safe)

    return lambda: sinc


def quotient_with_series(limit=0.1):
    def sinc(x):
        small = tf.abs(x) < limit
        safe = tf.where(small, 1.0, x)
        return tf.where(small, 1.0 - x**2 / 6 + x**4 / 120, tf.sin(safe) / safe)

    return sinc


def quotient_by_if():
    def sinc(x):
        if x == 0.0:
            return 1.0 - x**2 / 6
        return tf.sin(x) / x

    return sinc


def quotient_unsafe():
    return lambda x: tf.where(x == 0.0, 1.0, tf.sin(x) / x)


# 9.4


def clipping(
    passes, value=lambda x: tf.clip_by_value(x, 0.0, 1.0), sent_back=tf.identity
):
    @tf.custom_gradient
    def clip(x):
        def back(upstream):
            inside = (x > 0.0) & (x < 1.0)
            return tf.where(inside | passes(x, upstream), sent_back(upstream), 0.0)

        return value(x), back

    return lambda: clip


def clipping_turned_outside():
    @tf.custom_gradient
    def clip(x):
        def back(upstream):
            return tf.where((x > 0.0) & (x < 1.0), upstream, -upstream)

        return tf.clip_by_value(x, 0.0, 1.0), back

    return clip


def homewards(x, upstream):
    return ((x <= 0.0) & (upstream < 0.0)) | ((x >= 1.0) & (upstream > 0.0))


def clipping_by_stopping():
    @tf.custom_gradient
    def clip(x):
        clipped = tf.clip_by_value(x, 0.0, 1.0)

        def back(upstream):
            leads_away = (x - clipped) * upstream < 0.0
            return tf.where(leads_away, tf.zeros_like(upstream), upstream)

        return clipped, back

    return clip


def clipping_without_decorator():
    def clip(x):
        def back(upstream):
            return upstream

        return tf.clip_by_value(x, 0.0, 1.0), back

    return clip


def clipping_back(back):
    @tf.custom_gradient
    def clip(x):
        return tf.clip_by_value(x, 0.0, 1.0), back

    return lambda: clip


# 9.5


def dead_solution():
    def dead_layer(model, x):
        for place, layer in enumerate(model.layers):
            x = layer(x)
            if tf.reduce_all(x == 0.0):
                return place

    return dead_layer


def gradients_of(model, x, kind):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(x))
    variables = [getattr(layer, kind) for layer in model.layers]
    return [np.abs(g).max() for g in tape.gradient(loss, variables)]


def dead_by_biases():
    def dead_layer(model, x):
        biases = gradients_of(model, x, "bias")
        return max(place for place, size in enumerate(biases) if size == 0.0)

    return dead_layer


def dead_by_kernels(choose):
    def dead_layer(model, x):
        kernels = gradients_of(model, x, "kernel")
        return choose(place for place, size in enumerate(kernels) if size == 0.0)

    return lambda: dead_layer


def dead_from_the_end():
    def dead_layer(model, x):
        return len(model.layers) - 1 - dead_solution()(model, x)

    return dead_layer


SOLUTIONS = {
    "9.1": said(*RIGHT),
    "9.2": descending(in_place),
    "9.3": quotient_with_series,
    "9.4": clipping(homewards),
    "9.5": dead_solution,
}

ALSO_RIGHT = {
    "9.1": [said("0.0", "Infinity", "none", "nan", "AttributeError", "1.0")],
    "9.2": [descent_by_watching],
    "9.3": [lambda: quotient_with_series(0.03)],
    "9.4": [clipping_by_stopping],
    "9.5": [dead_by_biases],
}


def dead_on_the_first_example():
    def dead_layer(model, x):
        for place, layer in enumerate(model.layers):
            x = layer(x)
            if tf.reduce_all(x[0] == 0.0):
                return place

    return dead_layer


MISCONCEPTIONS = {
    "9.1": {
        "no slope at the kink": but(0, "None"),
        "took one side of the kink": but(0, "1"),
        "root is nan": but(1, "NaN"),
        "constant by pieces": but(2, "0"),
        "only the chosen branch": but(3, "1"),
        "nothing from the other branch": but(3, "0"),
        "float is none": but(4, "None"),
        "float goes unnoticed": but(4, "1.0"),
        "saw both factors": but(5, "2"),
        "saw no factor": but(5, "None"),
        "another word": but(1, "无穷大"),
        "differs": but(1, "2"),
    },
    "9.2": {
        "a value stored in between": descent_as_given,
        "constant by pieces": descending(renamed, report=tf.round),
        "the step misses w": descending(beside),
        "never moved": descending(renamed, report=lambda loss: tf.constant(2.0)),
        "raises": descending(by_minus),
        "one step only": descending(renamed),
        "uphill": descending(uphill),
        "summed over the inputs": descending(summed),
        "no learning rate": descending(whole),
        "assigned the step": descending(assigned),
        "another learning rate": descending(shorter),
    },
    "9.3": {
        "a constant in the other branch": quotient(tf.ones_like),
        "a zero in the other branch": quotient(tf.zeros_like),
        "the derivative of the numerator": lambda: tf.cos,
        "nan at zero": quotient_unsafe,
        "switched at zero alone": quotient(lambda x: 1.0 - x**2 / 6),
        "raises": quotient_by_if,
        "no tensor": lambda: lambda x: np.sinc(x.numpy() / np.pi),
    },
    "9.4": {
        "plain clipping": lambda: lambda x: tf.clip_by_value(x, 0.0, 1.0),
        "lets everything through": clipping(lambda x, g: tf.ones_like(x, tf.bool)),
        "the wrong way": clipping(lambda x, g: ~homewards(x, g)),
        "no upstream": clipping(homewards, sent_back=tf.ones_like),
        "not clipped": clipping(homewards, value=tf.identity),
        "forgot the decorator": clipping_without_decorator,
        "raises": clipping_back(lambda x, upstream: upstream),
        "shape": clipping_back(lambda upstream: 1.0),
        "nothing comes back": clipping_back(lambda upstream: None),
        "one side only": clipping(lambda x, g: homewards(x, g) | (x > 1.0)),
        "turned outside": clipping_turned_outside,
    },
    "9.5": {
        "the first without a gradient": dead_by_kernels(min),
        "one too far": dead_by_kernels(max),
        "a single zero": lambda: lambda model, x: min(dead_solution()(model, x), 1),
        "counted from the end": dead_from_the_end,
        "the last layer": lambda: lambda model, x: len(model.layers) - 1,
        "hard-coded": lambda: lambda model, x: 2,
        "not the place": lambda: lambda model, x: model.layers[1],
        "one example only": dead_on_the_first_example,
    },
}

HARD_CODED = {
    "9.2": lambda: lambda inputs, steps: 2.0,
    "9.5": lambda: lambda model, x: 1,
}


# What different people typed: who, the code, and what the feedback is called.
ATTEMPTS = {
    "9.1": [
        (
            "schoolchild",
            "('None','inf','None','NaN','error','1')",
            "no slope at the kink",
        ),
        ("schoolchild", "('0','0','0','0','0','0')", "differs"),
        ("physicist", "('NaN','inf','0','1','1','2')", "no slope at the kink"),
        ("beginner", "(0,'inf',None,'nan','None',1)", "float is none"),
        (
            "guesser",
            "('1','2','inf','NaN','None','error')",
            "took one side of the kink",
        ),
        ("engineer", "('0','inf','None','nan','AttributeError','1')", "right"),
        ("beginner", "('zero','inf','None','NaN','error','1')", "another word"),
        ("engineer", "('0','NaN','None','NaN','error','1')", "root is nan"),
        ("physicist", "('0','inf','None','NaN','error')", "number of parts"),
        ("physicist", "('0','error','None','NaN','error','2')", "differs"),
        ("guesser", "('error','0','1','inf','NaN','2')", "differs"),
    ],
    "9.2": [
        (
            "schoolchild",
            """\
def descend(inputs, steps):
    w = tf.Variable(1.0)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            best = tf.reduce_mean(tf.square(w * inputs - 2.0 * inputs))
            report = tf.round(best)
        slope = tape.gradient(report, w)
        if slope is not None:
            w = w - 0.1 * slope
    return w.numpy()
descend
""",
            "constant by pieces",
        ),
        (
            "schoolchild",
            """\
def descend(inputs, steps):
    w = tf.Variable(1.0)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            best = tf.reduce_mean(tf.square(w * inputs - 2.0 * inputs))
        slope = tape.gradient(best, w)
        if slope is not None:
            w = w - 0.1 * slope
    return w.numpy()
descend
""",
            "one step only",
        ),
        (
            "beginner",
            """\
def descend(inputs, steps):
    w = tf.Variable(1.0)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            best = tf.reduce_mean(tf.square(w * inputs - 2.0 * inputs))
        w.assign_add(0.1 * tape.gradient(best, w))
    return w.numpy()
descend
""",
            "uphill",
        ),
        (
            "beginner",
            """\
def descend(inputs, steps):
    w = tf.Variable(1.0)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            best = tf.reduce_mean(tf.square(w * inputs - 2.0 * inputs))
        w.assign_sub(0.1 * tape.gradient(w, best))
    return w.numpy()
descend
""",
            "raises",
        ),
        (
            "physicist",
            """\
def descend(inputs, steps):
    w = 1.0
    for _ in range(steps):
        w -= 0.2 * np.mean(inputs**2) * (w - 2)
    return w
descend
""",
            "right",
        ),
        (
            "physicist",
            """\
def descend(inputs, steps):
    w = 1.0
    for _ in range(steps):
        w -= 0.1 * np.mean(inputs**2) * (w - 2)
    return w
descend
""",
            "another learning rate",
        ),
        (
            "guesser",
            """\
descend = lambda inputs, steps: 2.0
descend
""",
            "hard-coded",
        ),
        (
            "engineer",
            """\
def descend(inputs, steps):
    w = tf.Variable(1.0)
    o = tf.keras.optimizers.SGD(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            l = tf.reduce_mean(tf.square(w * inputs - 2.0 * inputs))
        o.apply_gradients([(tape.gradient(l, w), w)])
    return w
descend
""",
            "right",
        ),
        (
            "physicist",
            """\
def descend(inputs, steps):
    w = tf.Variable(1.0)
    best = tf.Variable(0.0)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            value = tf.reduce_mean(tf.square(w * inputs - 2.0 * inputs))
        slope = tape.gradient(value, w)
        if slope is not None:
            w.assign_sub(0.01*slope)
    return w.numpy()
descend
""",
            "another learning rate",
        ),
    ],
    "9.3": [
        (
            "schoolchild",
            """\
sinc = lambda x: tf.sin(x) / x
sinc
""",
            "not finite",
        ),
        (
            "schoolchild",
            """\
sinc = lambda x: tf.where(x == 0, 1.0, tf.sin(x) / x)
sinc
""",
            "nan at zero",
        ),
        (
            "beginner",
            """\
def sinc(x):
    if x == 0:
        return 1.0
    return tf.sin(x) / x
sinc
""",
            "raises",
        ),
        (
            "physicist",
            """\
sinc = lambda x: 1 - x**2/6 + x**4/120
sinc
""",
            "right at some points",
        ),
        (
            "physicist",
            """\
def sinc(x):
    s = tf.where(x == 0, 1.0, x)
    return tf.where(x == 0, 1 - x**2/6, tf.sin(s)/s)
sinc
""",
            "switched at zero alone",
        ),
        (
            "physicist",
            """\
def sinc(x):
    n = tf.abs(x) < 0.1
    s = tf.where(n, 1.0, x)
    return tf.where(n, 1 - x**2/6 + x**4/120, tf.sin(s)/s)
sinc
""",
            "right",
        ),
        (
            "guesser",
            """\
sinc = lambda x: tf.cos(x)
sinc
""",
            "the derivative of the numerator",
        ),
        (
            "engineer",
            """\
sinc = lambda x: tf.math.divide_no_nan(tf.sin(x), x)
sinc
""",
            "a zero in the other branch",
        ),
        (
            "engineer",
            """\
sinc = lambda x: tf.sin(x + 1e-7) / (x + 1e-7)
sinc
""",
            "a constant in the other branch",
        ),
        (
            "beginner",
            """\
sinc = lambda x: np.sinc(x / np.pi)
sinc
""",
            "no tensor",
        ),
        (
            "schoolchild",
            """\
def sinc(x):
    return tf.sin(x)/x
sinc
""",
            "not finite",
        ),
        (
            "beginner",
            """\
def sinc(x):
    return tf.where(x == 0, 1.0, tf.sin(tf.where(x == 0, 1.0, x))/tf.where(x == 0, 1.0, x))
sinc
""",
            "a constant in the other branch",
        ),
        (
            "schoolchild",
            """\
def sinc(x):
    return tf.where(abs(x) < 0.1, 1 - x**2/3, tf.sin(tf.where(abs(x) < 0.1, 1.0, x))/tf.where(abs(x) < 0.1, 1.0, x))
sinc
""",
            "right in part",
        ),
        (
            "guesser",
            """\
def sinc(x):
    return tf.sin(x)/(x+1e-6)
sinc
""",
            "right at some points",
        ),
        (
            "guesser",
            """\
def sinc(x):
    return tf.sin(x+1e-12)/(x+1e-12)
sinc
""",
            "a constant in the other branch",
        ),
        (
            "guesser",
            """\
def sinc(x):
    return 1 - x**2/6
sinc
""",
            "right at some points",
        ),
        (
            "guesser",
            """\
def sinc(x):
    return tf.where(abs(x) < 0.1, 1 + x**2/6, tf.sin(tf.where(abs(x) < 0.1, 1.0, x))/tf.where(abs(x) < 0.1, 1.0, x))
sinc
""",
            "right in part",
        ),
        (
            "schoolchild",
            """\
def sinc(x):
    return tf.where(abs(x) < 1.0, 1 - x**2/6, tf.sin(tf.where(abs(x) < 1.0, 1.0, x))/tf.where(abs(x) < 1.0, 1.0, x))
sinc
""",
            "right in part",
        ),
    ],
    "9.4": [
        (
            "schoolchild",
            """\
clip = lambda x: tf.clip_by_value(x, 0.0, 1.0)
clip
""",
            "plain clipping",
        ),
        (
            "schoolchild",
            """\
def clip(x):
    def back(upstream):
        return upstream
    return tf.clip_by_value(x, 0.0, 1.0), back
clip
""",
            "forgot the decorator",
        ),
        (
            "beginner",
            """\
@tf.custom_gradient
def clip(x):
    def back(x, upstream):
        return upstream
    return tf.clip_by_value(x, 0.0, 1.0), back
clip
""",
            "raises",
        ),
        (
            "beginner",
            """\
@tf.custom_gradient
def clip(x):
    def back(upstream):
        return 1.0
    return tf.clip_by_value(x, 0.0, 1.0), back
clip
""",
            "shape",
        ),
        (
            "beginner",
            """\
@tf.custom_gradient
def clip(x):
    def back(upstream):
        if x > 1 and upstream < 0:
            return 0.0
        return upstream
    return tf.clip_by_value(x, 0.0, 1.0), back
clip
""",
            "raises",
        ),
        (
            "beginner",
            """\
@tf.custom_gradient
def clip(x):
    return tf.clip_by_value(x, 0.0, 1.0)
clip
""",
            "raises",
        ),
        (
            "physicist",
            """\
@tf.custom_gradient
def clip(x):
    def back(upstream):
        return upstream
    return tf.clip_by_value(x, 0.0, 1.0), back
clip
""",
            "lets everything through",
        ),
        (
            "physicist",
            """\
@tf.custom_gradient
def clip(x):
    def back(upstream):
        c = tf.clip_by_value(x, 0.0, 1.0)
        return tf.where((x - c) * upstream >= 0, upstream, 0.0)
    return tf.clip_by_value(x, 0.0, 1.0), back
clip
""",
            "right",
        ),
        (
            "physicist",
            """\
@tf.custom_gradient
def clip(x):
    def back(upstream):
        c = tf.clip_by_value(x, 0.0, 1.0)
        return tf.where((x - c) * upstream <= 0, upstream, 0.0)
    return tf.clip_by_value(x, 0.0, 1.0), back
clip
""",
            "the wrong way",
        ),
        (
            "guesser",
            """\
@tf.custom_gradient
def clip(x):
    def back(upstream):
        return -upstream
    return tf.clip_by_value(x, 0.0, 1.0), back
clip
""",
            "right in part",
        ),
        (
            "engineer",
            """\
clip = lambda x: x + tf.stop_gradient(tf.clip_by_value(x, 0.0, 1.0) - x)
clip
""",
            "lets everything through",
        ),
        (
            "beginner",
            """\
clip = 1.0
clip
""",
            "not a function",
        ),
        (
            "beginner",
            """\
@tf.custom_gradient
def clip(x):
    def back(upstream):
        return tf.where((x < 0) & (upstream > 0), 0.0, upstream)
    return tf.clip_by_value(x, 0.0, 1.0), back
clip
""",
            "one side only",
        ),
        (
            "guesser",
            """\
@tf.custom_gradient
def clip(x):
    def back(upstream):
        return tf.where(x < 0, -upstream, tf.where(x > 1, -upstream, upstream))
    return tf.clip_by_value(x, 0.0, 1.0), back
clip
""",
            "turned outside",
        ),
        (
            "guesser",
            """\
@tf.custom_gradient
def clip(x):
    def back(upstream):
        return tf.where(x < 0, -1.0, tf.where(x > 1, 1.0, upstream))
    return tf.clip_by_value(x, 0.0, 1.0), back
clip
""",
            "right in part",
        ),
    ],
    "9.5": [
        (
            "reader",
            """\
def dead_layer(model, x):
    for place, layer in enumerate(model.layers):
        x = layer(x)
        if np.any(x.numpy() == 0):
            return place
dead_layer
""",
            "a single zero",
        ),
        (
            "reader",
            """\
def dead_layer(model, x):
    for place, layer in enumerate(model.layers):
        if np.all(layer.get_weights()[1] < 0):
            return place
    return 0
dead_layer
""",
            "the first without a gradient",
        ),
        (
            "schoolchild",
            """\
dead_layer = lambda model, x: 1
dead_layer
""",
            "hard-coded",
        ),
        (
            "physicist",
            """\
def dead_layer(model, x):
    for i, l in enumerate(model.layers):
        x = l(x)
        if float(tf.reduce_max(tf.abs(x))) == 0: return i
dead_layer
""",
            "right",
        ),
        (
            "beginner",
            """\
def dead_layer(model, x):
    for i, l in enumerate(model.layers):
        x = l(x)
        if tf.reduce_any(x == 0): return i + 1
dead_layer
""",
            "right at some points",
        ),
        (
            "beginner",
            """\
def dead_layer(model, x):
    for i, l in enumerate(model.layers):
        if l(x) == 0: return i
dead_layer
""",
            "raises",
        ),
        (
            "engineer",
            """\
def dead_layer(model, x):
    with tf.GradientTape() as t:
        L = tf.reduce_sum(model(x))
    g = t.gradient(L, model.trainable_variables)
    return [i for i, v in enumerate(g) if not np.any(v)][-1]
dead_layer
""",
            "differs",
        ),
        (
            "engineer",
            """\
def dead_layer(model, x):
    with tf.GradientTape() as t:
        L = tf.reduce_sum(model(x))
    g = t.gradient(L, [l.kernel for l in model.layers])
    return [i for i, v in enumerate(g) if not np.any(v)][-1]
dead_layer
""",
            "one too far",
        ),
        (
            "guesser",
            """\
dead_layer = lambda model, x: len(model.layers) // 2
dead_layer
""",
            "differs",
        ),
        (
            "schoolchild",
            """\
def dead_layer(model, x):
    for i, l in enumerate(model.layers):
        x = l(x)
        if tf.reduce_all(x == 0.0): print(i)
dead_layer
""",
            "returns nothing",
        ),
        (
            "beginner",
            """\
def dead_layer(model, x):
    for i, l in enumerate(model.layers):
        if tf.reduce_all(l(x) == 0): return i
dead_layer
""",
            "raises",
        ),
        (
            "guesser",
            """\
def dead_layer(model, x):
    for i, l in enumerate(model.layers):
        if tf.reduce_all(l.bias < 0): return i
dead_layer
""",
            "the first without a gradient",
        ),
        (
            "schoolchild",
            """\
def dead_layer(model, x):
    for i, l in enumerate(model.layers):
        x = l(x)
        if tf.reduce_all(x == 0): return l
dead_layer
""",
            "not the place",
        ),
        (
            "beginner",
            """\
def dead_layer(model, x):
    for i, l in enumerate(model.layers):
        x = l(x)
        if tf.reduce_all(x == 0): return l.name
dead_layer
""",
            "not the place",
        ),
        (
            "beginner",
            """\
def dead_layer(model, x):
    for i, l in enumerate(model.layers):
        x = l(x)
        if tf.reduce_max(x[0]) == 0: return i
dead_layer
""",
            "one example only",
        ),
    ],
}
