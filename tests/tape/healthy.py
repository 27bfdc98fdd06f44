"""Functions whose gradients are as they should be: no diagnosis may find anything.

Each entry is a function and the arguments where it is differentiated. Those of
``TAPES`` record a tape, as a learner does, and return the diagnosis of it.
"""

import math

import numpy as np
import tensorflow as tf

import gradtape as gt

keras = tf.keras
rng = np.random.default_rng(7)
keras.utils.set_random_seed(7)


def _normal(*shape):
    return tf.constant(rng.normal(size=shape), tf.float32)


def _dense(units, inputs, activation=None):
    layer = keras.layers.Dense(units, activation=activation)
    layer.build((None, inputs))
    return layer


def _built(layer, *shape):
    layer.build((None, *shape))
    return layer


def _with(layer, f):
    """Give a function its last argument."""
    return lambda *args: f(*args, layer)


A = tf.constant([[2.0, 0.5], [0.5, 1.0]])
B = tf.constant([[1.0, -0.3], [0.2, 0.8]])
LABELS = tf.constant([0, 2, 1])
ONE_HOT = tf.one_hot(LABELS, 3)
LOGITS = [[2.0, -1.0, 0.3], [0.1, 0.4, 1.2], [-0.5, 0.9, 0.2]]
TARGETS = tf.constant([1.0, 0.0, 1.0])
POINTS = [0.3, -1.2, 2.1, 0.7]
IMAGE = _normal(1, 6, 6, 2)
SEQUENCE = _normal(2, 5, 3)
TABLE = tf.Variable(_normal(10, 4), name="table")
W = tf.Variable(0.5, name="w")
BIAS = tf.Variable(0.1, name="b")
KERNEL = tf.Variable(_normal(3, 2), name="kernel")
STATE = tf.Variable(1.0, trainable=False, name="state")

# One number in, one number out.
SCALARS = {
    "square": (lambda x: x**2, 3.0),
    "fourth power": (lambda x: tf.pow(x, 4), 3.0),
    "square at its minimum": (lambda x: x**2, 0.0),
    "hill at its top": (lambda x: 4.0 - x**2, 0.0),
    "cubic at a saddle": (lambda x: x**3, 0.0),
    "gaussian at its top": (lambda x: tf.exp(-(x**2)), 0.0),
    "cosine at its maximum": (lambda x: tf.cos(x), 0.0),
    "product with zero": (lambda x, y: x * y, 0.0, 0.0),
    "polynomial": (lambda x: 3 * x**3 - 2 * x + 1, 1.5),
    "whole number as argument": (lambda x: x**2 + x, 3),
    "two whole numbers": (lambda x, y: 3 * x**2 + 2 * y, 2, 3),
    "sine": (tf.sin, 0.4),
    "tangent": (tf.tan, 0.4),
    "exponential": (tf.exp, -3.0),
    "logarithm": (tf.math.log, 2.0),
    "log1p at zero": (tf.math.log1p, 0.0),
    "expm1 at zero": (tf.math.expm1, 0.0),
    "square root": (tf.sqrt, 2.0),
    "square root by power": (lambda x: x**0.5, 4.0),
    "inverse": (lambda x: 1 / x, 2.0),
    "inverse root": (tf.math.rsqrt, 2.0),
    "hyperbolic": (lambda x: tf.sinh(x) / tf.cosh(x), 0.3),
    "arcs": (lambda x: tf.asin(x) + tf.acos(x / 2) + tf.atan(x), 0.3),
    "atan2": (lambda y, x: tf.atan2(y, x), 1.0, 2.0),
    "sigmoid": (tf.sigmoid, 0.5),
    "sigmoid far out but not flat": (tf.sigmoid, 5.0),
    "tanh": (tf.tanh, 1.2),
    "softplus": (tf.math.softplus, -1.0),
    "softsign": (tf.nn.softsign, 3.0),
    "elu on the left": (tf.nn.elu, -1.0),
    "selu": (tf.nn.selu, 0.7),
    "gelu": (tf.nn.gelu, 0.7),
    "swish": (tf.nn.silu, -2.0),
    "relu on the right": (tf.nn.relu, 2.0),
    "leaky relu on the left": (tf.nn.leaky_relu, -2.0),
    "relu6 inside": (tf.nn.relu6, 3.0),
    "hard sigmoid inside": (lambda x: keras.activations.hard_sigmoid(x), 0.5),
    "abs away from zero": (tf.abs, -2.0),
    "maximum of two numbers": (lambda x, y: tf.maximum(x, y), 3.0, 2.0),
    "minimum of two numbers": (lambda x, y: tf.minimum(x, y), 3.0, 2.0),
    "clip inside its range": (lambda x: tf.clip_by_value(x, 0.0, 1.0), 0.4),
    "remainder": (lambda x: x % 2.0, 5.3),
    "error function": (tf.math.erf, 0.3),
    "gamma": (tf.math.lgamma, 2.5),
    "digamma": (tf.math.digamma, 2.5),
    "bessel": (tf.math.bessel_i0, 1.0),
    "inverse error function": (tf.math.erfinv, 0.2),
    "normal quantile": (tf.math.ndtri, 0.3),
    "lambda with default": (lambda x, a=2.0: a * x**2, 1.0),
    "pi from numpy": (lambda x: np.pi * x**2, 2.0),
    "root of two from math": (lambda x: math.sqrt(2.0) * x, 2.0),
    "numpy constant on the left": (lambda x: np.float32(3.0) * x, 2.0),
    "float64": (lambda x: x**3, tf.constant(2.0, tf.float64)),
    "float16": (lambda x: x**3, tf.constant(2.0, tf.float16)),
    "bfloat16": (lambda x: x * x, tf.constant(2.0, tf.bfloat16)),
    "cast to float64 and back": (
        lambda x: tf.cast(tf.cast(x, tf.float64) ** 2, tf.float32),
        2.0,
    ),
    "cast to half": (lambda x: tf.cast(tf.cast(x, tf.float16) * 2, tf.float32), 2.0),
    "complex detour": (lambda x: tf.math.real(tf.exp(tf.complex(0.0, x))), 0.4),
    "modulus": (lambda x: tf.abs(tf.complex(x, 1.0)), 0.4),
    "double where": (
        lambda x: tf.where(x > 0, tf.math.log(tf.where(x > 0, x, 1.0)), 0.0),
        2.0,
    ),
    "where with two live branches": (lambda x: tf.where(x > 0, x**2, -x), -1.0),
    "divide_no_nan": (lambda x: tf.math.divide_no_nan(x, 2.0), 1.0),
    "xlogy": (lambda p: tf.math.xlogy(p, p), 0.4),
    "variable as argument": (lambda v: v**2, tf.Variable(3.0)),
    "captured variable": (lambda x: W * x, 3.0),
    "captured variables alone": (lambda: W**2 + BIAS,),
}

# Vectors and matrices.
TENSORS = {
    "sum of squares": (lambda x: tf.reduce_sum(x**2), POINTS),
    "mean": (lambda x: tf.reduce_mean(x), POINTS),
    "product": (lambda x: tf.reduce_prod(x), [1.0, 2.0, 3.0]),
    "product with one zero": (lambda x: tf.reduce_prod(x), [1.0, 0.0, 3.0]),
    "standard deviation": (lambda x: tf.math.reduce_std(x), POINTS),
    "variance": (lambda x: tf.math.reduce_variance(x), POINTS),
    "norm": (lambda x: tf.norm(x), POINTS),
    "one-norm": (lambda x: tf.norm(x, ord=1), POINTS),
    "maximum norm": (lambda x: tf.norm(x, ord=np.inf), POINTS),
    "euclidean norm": (lambda x: tf.math.reduce_euclidean_norm(x), POINTS),
    "safe norm at zero": (
        lambda x: tf.sqrt(tf.reduce_sum(x**2) + 1e-12),
        [0.0, 0.0],
    ),
    "squared norm at zero": (lambda x: tf.reduce_sum(x**2), [0.0, 0.0]),
    "largest entry": (lambda x: tf.reduce_max(x), POINTS),
    "smallest entry": (lambda x: tf.reduce_min(x), POINTS),
    "logsumexp": (lambda x: tf.reduce_logsumexp(x), [0.0, 0.0, 0.0]),
    "logsumexp by hand, equal entries": (
        lambda x: (
            tf.reduce_max(x) + tf.math.log(tf.reduce_sum(tf.exp(x - tf.reduce_max(x))))
        ),
        [0.0, 0.0, 0.0],
    ),
    "softmax by hand": (
        lambda x: (
            tf.exp(x[0] - tf.reduce_max(x))
            / tf.reduce_sum(tf.exp(x - tf.reduce_max(x)))
        ),
        [0.0, 0.0, 1.0],
    ),
    "first entry": (lambda x: x[0] ** 2, POINTS),
    "slice": (lambda x: tf.reduce_sum(x[1:3] * x[:2]), POINTS),
    "reversed": (lambda x: tf.reduce_sum(x[::-1] * x), POINTS),
    "negative index": (lambda x: x[-1] * x[0], POINTS),
    "new axis": (lambda x: tf.reduce_sum(x[:, tf.newaxis] * x), POINTS),
    "gather": (lambda x: tf.reduce_sum(tf.gather(x, [0, 2, 2]) ** 2), POINTS),
    "gather_nd": (
        lambda x: tf.gather_nd(x, [[0, 1]])[0] ** 2,
        [[1.0, 2.0], [3.0, 4.0]],
    ),
    "boolean mask": (lambda x: tf.reduce_sum(tf.boolean_mask(x, x > 0) ** 2), POINTS),
    "mask by bool argument": (
        lambda x, mask: tf.reduce_sum(tf.where(mask, x**2, 0.0)),
        POINTS,
        tf.constant([True, False, True, True]),
    ),
    "stack": (lambda x, y: tf.reduce_sum(tf.stack([x, y, x * y])), 2.0, 3.0),
    "concat": (lambda x: tf.reduce_sum(tf.concat([x, x**2], 0)), POINTS),
    "split": (lambda x: tf.reduce_sum(tf.split(x, 2)[0] ** 2), POINTS),
    "unstack": (lambda x: tf.unstack(x)[1] ** 2, POINTS),
    "reshape": (lambda x: tf.reduce_sum(tf.reshape(x, [2, 2]) @ B), POINTS),
    "tile": (lambda x: tf.reduce_sum(tf.tile(x, [2]) ** 2), POINTS),
    "repeat": (lambda x: tf.reduce_sum(tf.repeat(x, 2) ** 2), POINTS),
    "pad": (lambda x: tf.reduce_sum(tf.pad(x, [[1, 1]]) ** 2), POINTS),
    "roll": (lambda x: tf.reduce_sum(tf.roll(x, 1, 0) * x), POINTS),
    "cumulative sum": (lambda x: tf.reduce_sum(tf.cumsum(x) ** 2), POINTS),
    "cumulative product": (lambda x: tf.math.cumprod(x)[-1], POINTS),
    "sorted values": (lambda x: tf.sort(x)[0] * 2.0, POINTS),
    "top k values": (lambda x: tf.reduce_sum(tf.math.top_k(x, 2).values), POINTS),
    "median by sorting": (lambda x: tf.reduce_mean(tf.sort(x)[1:3]), POINTS),
    "gather by argsort": (
        lambda x: tf.reduce_sum(tf.gather(x, tf.argsort(x)) * [1.0, 2.0, 3.0, 4.0]),
        POINTS,
    ),
    "entry by argmax": (lambda x: x[tf.argmax(x)], POINTS),
    "segment sum": (
        lambda x: tf.reduce_sum(tf.math.segment_sum(x, [0, 0, 1, 1]) ** 2),
        POINTS,
    ),
    "unsorted segment mean": (
        lambda x: tf.reduce_sum(tf.math.unsorted_segment_mean(x, [0, 1, 0, 1], 2) ** 2),
        POINTS,
    ),
    "scatter": (lambda x: tf.reduce_sum(tf.scatter_nd([[0], [2]], x, [4])), [1.0, 2.0]),
    "tensor scatter update": (
        lambda x: tf.reduce_sum(tf.tensor_scatter_nd_update(x, [[0]], [5.0]) ** 2),
        POINTS,
    ),
    "broadcast": (lambda x: tf.reduce_sum(tf.broadcast_to(x, [3, 4]) ** 2), POINTS),
    "clip by norm": (lambda x: tf.reduce_sum(tf.clip_by_norm(x, 1.0) ** 3), POINTS),
    "clip of a vector, one outside": (
        lambda x: tf.reduce_sum(tf.clip_by_value(x, -1.0, 1.0)),
        POINTS,
    ),
    "relu with some dead units": (lambda x: tf.reduce_sum(tf.nn.relu(x)), POINTS),
    "maximum with zero, some below": (
        lambda x: tf.reduce_sum(tf.maximum(x, 0.0)),
        POINTS,
    ),
    "softmax entry": (lambda x: tf.nn.softmax(x)[0], POINTS),
    "sum of a softmax": (lambda x: tf.reduce_sum(tf.nn.softmax(x)), POINTS),
    "log softmax": (lambda x: tf.nn.log_softmax(x)[1], POINTS),
    "layer normalisation by hand": (
        lambda x: tf.reduce_sum(
            ((x - tf.reduce_mean(x)) / tf.sqrt(tf.math.reduce_variance(x) + 1e-6)) ** 3
        ),
        POINTS,
    ),
    "unit vector": (lambda x: tf.math.l2_normalize(x)[0], POINTS),
    "cosine similarity": (
        lambda x, y: tf.reduce_sum(x * y) / (tf.norm(x) * tf.norm(y)),
        POINTS,
        [1.0, 0.5, -0.3, 0.2],
    ),
    "distance": (lambda x, y: tf.norm(x - y), [1.0, 2.0], [0.5, 0.1]),
    "list of arguments": (
        lambda p: p[0] * p[1] ** 2,
        [tf.constant(2.0), tf.constant(3.0)],
    ),
    "dictionary of arguments": (lambda p: p["w"] * 2.0 + p["b"], {"w": 3.0, "b": 1.0}),
    "numpy array as argument": (lambda x: tf.reduce_sum(x**2), np.array([1.0, 2.0])),
    "number of entries": (
        lambda x: tf.reduce_sum(x**2) / tf.cast(tf.size(x), tf.float32),
        POINTS,
    ),
    "shape as divisor": (
        lambda x: tf.reduce_sum(x) / tf.cast(tf.shape(x)[0], x.dtype),
        POINTS,
    ),
    "ones_like": (lambda x: tf.reduce_sum(x * tf.ones_like(x)), POINTS),
    "linspace weights": (lambda x: tf.reduce_sum(x * tf.linspace(0.0, 1.0, 4)), POINTS),
    "numpy weights": (
        lambda x: tf.reduce_sum(x * np.arange(4, dtype=np.float32)),
        POINTS,
    ),
    "ragged": (
        lambda x: tf.reduce_sum(
            tf.ragged.boolean_mask(x, [[True, False], [True, True]]).flat_values
        ),
        [[1.0, 2.0], [3.0, 4.0]],
    ),
    "sparse product": (
        lambda x: tf.reduce_sum(
            tf.sparse.sparse_dense_matmul(
                tf.sparse.from_dense([[1.0, 0.0], [0.0, 2.0]]), x
            )
        ),
        [[1.0, 2.0], [3.0, 4.0]],
    ),
    "meshgrid": (
        lambda x: tf.reduce_sum(tf.meshgrid(x, x)[0] * tf.meshgrid(x, x)[1]),
        [1.0, 2.0],
    ),
    "einsum": (lambda x: tf.einsum("ij,ij->", x, x), [[1.0, 2.0], [3.0, 4.0]]),
    "map_fn": (lambda x: tf.reduce_sum(tf.map_fn(lambda v: v**2, x)), POINTS),
    "vectorized map": (
        lambda x: tf.reduce_sum(tf.vectorized_map(lambda v: v**2, x)),
        POINTS,
    ),
    "fft": (
        lambda x: tf.reduce_sum(tf.abs(tf.signal.fft(tf.cast(x, tf.complex64))) ** 2),
        POINTS,
    ),
    "convolution in one dimension": (
        lambda x: tf.reduce_sum(
            tf.nn.conv1d(x[None, :, None], tf.ones([2, 1, 1]), 1, "VALID") ** 2
        ),
        POINTS,
    ),
    "image resized": (lambda x: tf.reduce_sum(tf.image.resize(x, [3, 3]) ** 2), IMAGE),
    "total variation": (lambda x: tf.reduce_sum(tf.image.total_variation(x)), IMAGE),
    "bilinear form": (lambda x: tf.tensordot(x, tf.linalg.matvec(A, x), 1), [1.0, 2.0]),
}

# Linear algebra.
ALGEBRA = {
    "matrix product": (lambda x: tf.reduce_sum(x @ B), A),
    "trace": (lambda x: tf.linalg.trace(x @ x), A),
    "determinant": (tf.linalg.det, A),
    "log determinant": (lambda x: tf.linalg.logdet(x), A),
    "sign and log of determinant": (lambda x: tf.linalg.slogdet(x)[1], A),
    "inverse matrix": (lambda x: tf.reduce_sum(tf.linalg.inv(x)), A),
    "solve": (lambda x: tf.reduce_sum(tf.linalg.solve(x, B)), A),
    "cholesky": (lambda x: tf.reduce_sum(tf.linalg.cholesky(x)), A),
    "eigenvalues": (lambda x: tf.linalg.eigvalsh(x)[0], A),
    "singular values": (lambda x: tf.linalg.svd(x, compute_uv=False)[0], A),
    "qr": (lambda x: tf.reduce_sum(tf.linalg.qr(x).r), A),
    "matrix exponential": (lambda x: tf.reduce_sum(tf.linalg.expm(x)), A),
    "matrix norm": (lambda x: tf.norm(x), A),
    "diagonal": (lambda x: tf.reduce_sum(tf.linalg.diag_part(x) ** 2), A),
    "lower triangle": (lambda x: tf.reduce_sum(tf.linalg.band_part(x, -1, 0) ** 2), A),
    "triangular solve": (
        lambda x: tf.reduce_sum(tf.linalg.triangular_solve(x, B)),
        A,
    ),
    "least squares": (lambda x: tf.reduce_sum(tf.linalg.lstsq(A, x)), B),
    "transpose": (lambda x: tf.reduce_sum(tf.transpose(x) * x), B),
    "cross product": (
        lambda x: tf.reduce_sum(tf.linalg.cross(x, [0.0, 1.0, 2.0]) ** 2),
        [1.0, 2.0, 3.0],
    ),
    "rayleigh quotient": (
        lambda x: tf.tensordot(x, tf.linalg.matvec(A, x), 1) / tf.reduce_sum(x**2),
        [1.0, 2.0],
    ),
    "batch of products": (
        lambda x: tf.reduce_sum(tf.matmul(x, x, transpose_b=True)),
        SEQUENCE,
    ),
    "kronecker": (
        lambda x: tf.reduce_sum(
            tf.linalg.LinearOperatorKronecker(
                [
                    tf.linalg.LinearOperatorFullMatrix(x),
                    tf.linalg.LinearOperatorFullMatrix(B),
                ]
            ).to_dense()
        ),
        A,
    ),
}

# Losses.
LOSSES = {
    "mean squared error by hand": (
        lambda w, b: tf.reduce_mean(
            (w * [1.0, 2.0, 3.0, 4.0] + b - [2.0, 4.0, 6.0, 8.0]) ** 2
        ),
        0.5,
        0.1,
    ),
    "mean absolute error": (
        lambda p: tf.reduce_mean(tf.abs(p - TARGETS)),
        [0.3, 0.2, 0.9],
    ),
    "keras mean squared error": (
        lambda p: keras.losses.MeanSquaredError()(TARGETS, p),
        [0.3, 0.2, 0.9],
    ),
    "keras mean absolute error": (
        lambda p: keras.losses.MeanAbsoluteError()(TARGETS, p),
        [0.3, 0.2, 0.9],
    ),
    "keras binary cross-entropy": (
        lambda p: keras.losses.BinaryCrossentropy()(TARGETS, p),
        [0.3, 0.2, 0.9],
    ),
    "keras binary cross-entropy from logits": (
        lambda z: keras.losses.BinaryCrossentropy(from_logits=True)(TARGETS, z),
        [0.3, -0.2, 0.9],
    ),
    "keras categorical cross-entropy": (
        lambda z: keras.losses.CategoricalCrossentropy(from_logits=True)(ONE_HOT, z),
        LOGITS,
    ),
    "keras sparse cross-entropy": (
        lambda z: keras.losses.SparseCategoricalCrossentropy(from_logits=True)(
            LABELS, z
        ),
        LOGITS,
    ),
    "keras huber": (lambda p: keras.losses.Huber()(TARGETS, p), [0.3, 0.2, 3.9]),
    "keras log cosh": (lambda p: keras.losses.LogCosh()(TARGETS, p), [0.3, 0.2, 0.9]),
    "keras poisson": (lambda p: keras.losses.Poisson()(TARGETS, p), [0.3, 0.2, 0.9]),
    "keras kl divergence": (
        lambda p: keras.losses.KLDivergence()(tf.constant([0.2, 0.5, 0.3]), p),
        [0.3, 0.2, 0.5],
    ),
    "keras cosine similarity": (
        lambda p: keras.losses.CosineSimilarity()(TARGETS, p),
        [0.3, 0.2, 0.9],
    ),
    "keras hinge": (
        lambda p: keras.losses.Hinge()(TARGETS * 2 - 1, p),
        [0.3, -0.2, 0.5],
    ),
    "keras focal": (
        lambda p: keras.losses.BinaryFocalCrossentropy()(TARGETS, p),
        [0.3, 0.2, 0.9],
    ),
    "softmax cross-entropy of one-hot": (
        lambda z: tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(ONE_HOT, z)),
        LOGITS,
    ),
    "labels as argument": (
        lambda z, labels: tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels, z)
        ),
        LOGITS,
        LABELS,
    ),
    "labels cast to float": (
        lambda p, labels: tf.reduce_mean((p - tf.cast(labels, tf.float32)) ** 2),
        [0.3, 0.2, 0.9],
        LABELS,
    ),
    "sigmoid cross-entropy": (
        lambda z: tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(labels=TARGETS, logits=z)
        ),
        [0.3, -0.2, 0.9],
    ),
    "sure and right": (
        lambda z: tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(LABELS, z)
        ),
        [[9.0, 0.0, 0.0], [0.0, 0.0, 9.0], [0.0, 9.0, 0.0]],
    ),
    "huber by hand": (
        lambda e: tf.reduce_sum(tf.where(tf.abs(e) < 1.0, 0.5 * e**2, tf.abs(e) - 0.5)),
        [0.0, 0.4, 3.0],
    ),
    "pinball": (
        lambda q: tf.reduce_mean(tf.maximum(0.9 * (TARGETS - q), -0.1 * (TARGETS - q))),
        0.4,
    ),
    "hinge by hand": (
        lambda w: tf.reduce_mean(tf.maximum(0.0, 1.0 - w * [1.0, -0.5, 2.0])),
        0.3,
    ),
    "triplet": (
        lambda a, p, n: tf.maximum(
            tf.reduce_sum((a - p) ** 2) - tf.reduce_sum((a - n) ** 2) + 0.5, 0.0
        ),
        [1.0, 0.0],
        [0.8, 0.3],
        [0.9, 0.5],
    ),
    "ridge": (lambda w: tf.reduce_sum(w**2) * 0.01 + (w[0] - 1.0) ** 2, [0.0, 0.5]),
    "lasso away from zero": (lambda w: tf.reduce_sum(tf.abs(w)), [0.3, -0.5]),
    "dice": (
        lambda p: 1 - 2 * tf.reduce_sum(p * TARGETS) / (tf.reduce_sum(p + TARGETS)),
        [0.3, 0.2, 0.9],
    ),
    "contrastive": (
        lambda x: tf.reduce_mean(
            tf.nn.softmax_cross_entropy_with_logits(tf.eye(3), x @ tf.transpose(x))
        ),
        LOGITS,
    ),
    "kl of two normals": (
        lambda m, s: 0.5 * (s**2 + m**2 - 1.0) - tf.math.log(s),
        0.3,
        0.8,
    ),
    "elbo": (
        lambda m, log_s: (
            tf.reduce_mean((m + tf.exp(log_s) * 0.3 - 1.0) ** 2)
            + 0.5 * (tf.exp(2 * log_s) + m**2 - 1.0 - 2 * log_s)
        ),
        0.3,
        -0.2,
    ),
    "policy gradient": (
        lambda z: (
            -tf.reduce_sum(
                tf.gather(tf.nn.log_softmax(z), [0, 2, 1], batch_dims=1)
                * [1.0, 0.5, 2.0]
            )
        ),
        LOGITS,
    ),
    "ctc": (
        lambda z: tf.reduce_mean(
            tf.nn.ctc_loss(
                labels=tf.constant([[1, 2]]),
                logits=z[:, None, :],
                label_length=[2],
                logit_length=[3],
            )
        ),
        LOGITS,
    ),
    "loss at its minimum": (
        lambda w: tf.reduce_mean((w - TARGETS) ** 2),
        [1.0, 0.0, 1.0],
    ),
}

# Probability.
PROBABILITY = {
    "normal log density": (
        lambda x, m, s: -0.5 * ((x - m) / s) ** 2 - tf.math.log(s) - 0.919,
        0.4,
        0.1,
        1.2,
    ),
    "entropy": (lambda p: -tf.reduce_sum(p * tf.math.log(p)), [0.2, 0.3, 0.5]),
    "entropy with xlogy at zero": (
        lambda z: -tf.reduce_sum(tf.math.xlogy(tf.nn.softmax(z), tf.nn.softmax(z))),
        [1.0, 2.0, 3.0],
    ),
    "bernoulli": (
        lambda p: tf.reduce_sum(
            TARGETS * tf.math.log(p) + (1 - TARGETS) * tf.math.log(1 - p)
        ),
        0.4,
    ),
    "poisson log likelihood": (
        lambda rate: 3.0 * tf.math.log(rate) - rate - tf.math.lgamma(4.0),
        2.0,
    ),
    "beta function": (lambda a: tf.math.lbeta(a), [1.5, 2.5]),
    "gamma density": (
        lambda a, b: a * tf.math.log(b) - tf.math.lgamma(a) + (a - 1) * 0.3 - b,
        2.0,
        1.5,
    ),
    "mixture": (
        lambda z, m: tf.reduce_logsumexp(tf.nn.log_softmax(z) - 0.5 * (1.0 - m) ** 2),
        [0.1, 0.2],
        [0.0, 2.0],
    ),
    "reparameterised sample": (
        lambda m, s: (m + s * tf.random.stateless_normal([], [1, 2])) ** 2,
        0.3,
        0.7,
    ),
    "gumbel softmax": (
        lambda z: tf.nn.softmax(
            (z - tf.math.log(-tf.math.log(tf.random.stateless_uniform([3], [1, 2]))))
            / 0.5
        )[0],
        [0.1, 0.2, 0.3],
    ),
    "gamma sample": (lambda a: tf.random.stateless_gamma([], [1, 2], a), 2.0),
    "mahalanobis": (
        lambda x: tf.tensordot(x, tf.linalg.solve(A, x[:, None])[:, 0], 1),
        [0.3, 0.4],
    ),
    "logit": (lambda p: tf.math.log(p / (1 - p)), 0.3),
    "student": (lambda x, n: -(n + 1) / 2 * tf.math.log(1 + x**2 / n), 0.4, 3.0),
}


def newton_root(a):
    x = a
    for _ in range(5):
        x = 0.5 * (x + a / x)
    return x


def absolute_by_if(x):
    if x > 0:
        return x
    return -x


def while_in_python(x):
    while x < 10.0:
        x = x * 2.0
    return x


def collected_in_list(x):
    values = []
    for n in range(3):
        values.append(x ** (n + 1))
    return tf.add_n(values)


def printed_on_the_way(x):
    y = x**2
    str(y)
    return y + 1.0


def looked_at_with_numpy(x):
    y = x**2
    history = [y.numpy(), float(y)]
    return y * len(history)


def checked_with_numpy(x):
    y = tf.reduce_sum(x**2)
    assert np.isfinite(y)
    return y


def tensor_array(x):
    array = tf.TensorArray(tf.float32, size=3)
    for n in range(3):
        array = array.write(n, x * float(n + 1))
    return tf.reduce_sum(array.stack())


def recurrent_by_hand(w):
    h = tf.zeros([2, 3])
    for step in tf.unstack(SEQUENCE, axis=1):
        h = tf.tanh(h @ w + step)
    return tf.reduce_sum(h**2)


def counts_in_a_variable(x):
    STATE.assign_add(1.0)
    return x**2


def assigns_a_constant(x):
    STATE.assign(2.0)
    return x * STATE


def running_mean(x):
    STATE.assign(0.9 * STATE + 0.1 * tf.reduce_mean(x))
    return tf.reduce_sum((x - tf.reduce_mean(x)) ** 2)


def recursion(x, depth=3.0):
    return x if depth <= 0 else tf.sin(recursion(x, depth - 1))


def gradient_inside(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x**3
    return tape.gradient(y, x)


def gradient_penalty(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(tf.sin(x) * x)
    return tf.reduce_sum(tape.gradient(y, x) ** 2)


def second_derivative(x):
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = x**4
        first = inner.gradient(y, x)
    return outer.gradient(first, x)


def hessian_vector_product(x):
    vector = tf.constant([1.0, 0.0])
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = x[0] ** 2 * x[1] ** 2
        g = inner.gradient(y, x)
        s = tf.reduce_sum(g * vector)
    return tf.reduce_sum(outer.gradient(s, x))


def persistent_inside(x):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x**2
        z = y**2
    return tape.gradient(z, x) + tape.gradient(y, x)


def unconnected_asked_as_zero(x):
    y = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        z = x**2
    return x * tape.gradient(z, y, unconnected_gradients="zero") + z


@tf.function
def compiled(x):
    return tf.reduce_sum(tf.sin(x) ** 2)


@tf.function
def compiled_with_branch(x):
    if tf.reduce_sum(x) > 0:
        return tf.reduce_sum(x**2)
    return tf.reduce_sum(x)


@tf.function
def compiled_loop(x):
    total = tf.constant(0.0)
    for n in tf.range(3):
        total += x ** tf.cast(n, tf.float32)
    return total


@tf.custom_gradient
def clipped_on_the_way_back(x):
    return tf.exp(x), lambda upstream: upstream * tf.minimum(tf.exp(x), 1.0)


@tf.custom_gradient
def reversed_gradient(x):
    return tf.identity(x), lambda upstream: -upstream


@tf.custom_gradient
def log1pexp(x):
    e = tf.exp(x)
    return tf.math.log(1 + e), lambda upstream: upstream * (1 - 1 / (1 + e))


def straight_through(x):
    return x + tf.stop_gradient(tf.round(x) - x)


def binarised(x):
    hard = tf.cast(x > 0, tf.float32)
    soft = tf.sigmoid(x)
    return soft + tf.stop_gradient(hard - soft)


def quantised(x):
    z = x[None] - tf.constant([-1.0, 0.0, 1.0])
    nearest = tf.gather(tf.constant([-1.0, 0.0, 1.0]), tf.argmin(z**2))
    return (x + tf.stop_gradient(nearest - x)) ** 2 + 0.25 * (
        x - tf.stop_gradient(nearest)
    ) ** 2


def target_network(q, target_q):
    return tf.reduce_mean((q - tf.stop_gradient(1.0 + 0.9 * target_q)) ** 2)


def advantage(value, reward):
    return -tf.stop_gradient(reward - value) * value + (reward - value) ** 2


def loss_with_its_gradient(x):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((W * x - 1.0) ** 2)
    return loss, tape.gradient(loss, W)


def differential_equation(x):
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            u = tf.sin(3.0 * x)
        u_x = inner.gradient(u, x)
    u_xx = outer.gradient(u_x, x)
    return tf.reduce_mean((u_xx + 9.0 * u) ** 2 + u_x)


def best_of_three(x):
    best = tf.constant(-1e9)
    for n in range(3):
        value = x[n] * float(n)
        best = max(best, value)
    return best


# Control flow, tapes inside, functions with a gradient of their own.
CONTROL = {
    "loss with its gradient": (loss_with_its_gradient, POINTS),
    "differential equation": (differential_equation, [0.1, 0.4]),
    "best of three": (best_of_three, [1.0, 2.0, 3.0]),
    "decided by a mask of floats": (
        lambda x: tf.reduce_sum(tf.cast(x > 0.0, tf.float32) * x),
        POINTS,
    ),
    "largest after relu, a dead row": (
        lambda x: tf.reduce_sum(tf.reduce_max(tf.nn.relu(x), axis=1)),
        [[-1.0, -2.0], [3.0, 4.0]],
    ),
    "sinc made safe": (
        lambda x: tf.where(
            tf.abs(x) < 1e-3,
            1.0 - x**2 / 6.0,
            tf.sin(x) / tf.where(tf.abs(x) < 1e-3, 1.0, x),
        ),
        0.0,
    ),
    "keras operations": (
        lambda x: keras.ops.sum(keras.ops.relu(x) + keras.ops.sin(x)),
        POINTS,
    ),
    "newton's root": (newton_root, 2.0),
    "if": (absolute_by_if, -2.0),
    "while in Python": (while_in_python, 1.5),
    "list in a loop": (collected_in_list, 2.0),
    "printed on the way": (printed_on_the_way, 2.0),
    "looked at with numpy": (looked_at_with_numpy, 2.0),
    "checked with numpy": (checked_with_numpy, POINTS),
    "tensor array": (tensor_array, 2.0),
    "recurrent by hand": (recurrent_by_hand, _normal(3, 3)),
    "counts in a variable": (counts_in_a_variable, 2.0),
    "assigns a constant": (assigns_a_constant, 2.0),
    "running mean": (running_mean, POINTS),
    "recursion": (recursion, 0.5),
    "gradient inside": (gradient_inside, 2.0),
    "gradient penalty": (gradient_penalty, POINTS),
    "second derivative inside": (second_derivative, 2.0),
    "hessian-vector product": (hessian_vector_product, [1.0, 2.0]),
    "persistent tape inside": (persistent_inside, 2.0),
    "unconnected asked as zero": (unconnected_asked_as_zero, 2.0),
    "tf.function": (compiled, POINTS),
    "tf.function with a branch": (compiled_with_branch, POINTS),
    "tf.function with a loop": (compiled_loop, 2.0),
    "own gradient, clipped": (clipped_on_the_way_back, 2.0),
    "own gradient, reversed": (lambda x: reversed_gradient(x) ** 2, 2.0),
    "own gradient, stable": (log1pexp, 80.0),
    "recompute_grad": (tf.recompute_grad(lambda x: tf.sin(x) ** 2), 0.4),
    "straight through": (straight_through, 1.3),
    "binarised": (binarised, 0.7),
    "vector quantised": (quantised, 0.7),
    "target network": (target_network, [1.0, 2.0], [0.5, 0.6]),
    "advantage": (advantage, 0.4, 1.0),
    "tf.cond": (lambda x: tf.cond(x > 0, lambda: x**2, lambda: -x), 2.0),
    "tf.case": (
        lambda x: tf.case([(x > 5.0, lambda: x)], default=lambda: x**2),
        2.0,
    ),
    "tf.switch_case": (
        lambda x: tf.switch_case(tf.constant(1), [lambda: x, lambda: x**2]),
        2.0,
    ),
    "tf.while_loop": (
        lambda x: tf.while_loop(
            lambda n, y: n < 3, lambda n, y: (n + 1, y * x), (0, tf.constant(1.0))
        )[1],
        2.0,
    ),
    "tf.scan": (lambda x: tf.scan(lambda a, v: a * v, x)[-1], POINTS),
    "tf.foldl": (
        lambda x: tf.foldl(lambda a, v: a + v**2, x, tf.constant(0.0)),
        POINTS,
    ),
    "euler steps": (
        lambda k: tf.foldl(
            lambda y, _: y - 0.1 * k * y, tf.zeros(10), tf.constant(1.0)
        ),
        0.7,
    ),
    "py_function": (lambda x: tf.py_function(lambda v: v**2, [x], tf.float32), 2.0),
    "checked numerics": (lambda x: tf.debugging.check_numerics(x**2, "x"), 2.0),
    "asserted": (lambda x: [tf.debugging.assert_positive(x), x**2][1], 2.0),
    "piecewise": (
        lambda x: tf.reduce_sum(tf.where(x < 0, x**2, tf.where(x < 1, x, 2 * x - 1))),
        POINTS,
    ),
    "interpolation": (
        lambda x: (
            tf.gather([0.0, 1.0, 4.0, 9.0], tf.cast(tf.floor(x), tf.int32))
            * (1 - (x - tf.floor(x)))
            + tf.gather([0.0, 1.0, 4.0, 9.0], tf.cast(tf.floor(x), tf.int32) + 1)
            * (x - tf.floor(x))
        ),
        1.3,
    ),
    "rounded part beside a smooth one": (lambda x: x + 0.1 * tf.round(x), 1.3),
}


def mlp_loss(model, x, y):
    return lambda: tf.reduce_mean((model(x) - y) ** 2)


class Linear(tf.Module):
    def __init__(self):
        self.w = tf.Variable(_normal(3, 2), name="w")
        self.b = tf.Variable([0.1, 0.2], name="b")

    def __call__(self, x):
        return x @ self.w + self.b


class Scale(keras.layers.Layer):
    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), initializer="ones")

    def call(self, x):
        return x * self.scale


class Residual(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(3, activation="tanh")

    def call(self, x):
        return x + self.dense(x)


def attention(q, k, v):
    weights = tf.nn.softmax(q @ tf.transpose(k) / tf.sqrt(2.0))
    return tf.reduce_sum((weights @ v) ** 2)


def masked_attention(x):
    mask = tf.linalg.band_part(tf.ones([5, 5]), -1, 0)
    scores = tf.matmul(x, x, transpose_b=True) + (1.0 - mask) * -1e9
    return tf.reduce_sum(tf.matmul(tf.nn.softmax(scores), x) ** 2)


_two_layers = keras.Sequential(
    [keras.layers.Input((3,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)]
)
_with_relu = keras.Sequential(
    [keras.layers.Input((3,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(1)]
)
_with_norm = keras.Sequential(
    [
        keras.layers.Input((3,)),
        keras.layers.Dense(4),
        keras.layers.BatchNormalization(),
        keras.layers.Dense(1),
    ]
)
_classifier = keras.Sequential(
    [keras.layers.Input((3,)), keras.layers.Dense(3, "softmax")]
)
_residual = Residual()
_residual(tf.zeros([1, 3]))
_linear = Linear()
_rows = _normal(3, 3)
_column = _normal(3, 1)
_dropout = keras.layers.Dropout(0.5, seed=3)

# Layers, with their variables as sources.
LAYERS = {
    "linear by hand": (lambda x: tf.reduce_sum((x @ KERNEL) ** 2), _normal(4, 3)),
    "module": (lambda x: tf.reduce_sum(_linear(x) ** 2), _rows),
    "dense": (
        _with(_dense(2, 3), lambda x, layer: tf.reduce_sum(layer(x) ** 2)),
        _rows,
    ),
    "dense with tanh": (
        _with(_dense(2, 3, "tanh"), lambda x, layer: tf.reduce_sum(layer(x) ** 2)),
        _rows,
    ),
    "two layers": (mlp_loss(_two_layers, _rows, _column),),
    "two layers, input as argument": (lambda x: tf.reduce_sum(_two_layers(x)), _rows),
    "network with relu": (mlp_loss(_with_relu, _rows, _column),),
    "batch normalisation, training": (
        lambda: tf.reduce_mean((_with_norm(_rows, training=True) - _column) ** 2),
    ),
    "batch normalisation, inference": (
        lambda: tf.reduce_mean((_with_norm(_rows, training=False) - _column) ** 2),
    ),
    "classifier": (
        lambda: keras.losses.SparseCategoricalCrossentropy()(
            LABELS, _classifier(_rows)
        ),
    ),
    "residual": (lambda x: tf.reduce_sum(_residual(x) ** 2), _rows),
    "own layer": (
        _with(_built(Scale(), 3), lambda x, layer: tf.reduce_sum(layer(x) ** 2)),
        _rows,
    ),
    "dropout": (lambda x: tf.reduce_sum(_dropout(x, training=True) ** 2), _rows),
    "layer normalisation": (
        _with(
            _built(keras.layers.LayerNormalization(), 3),
            lambda x, layer: tf.reduce_sum(layer(x) ** 3),
        ),
        _rows,
    ),
    "group normalisation": (
        _with(
            _built(keras.layers.GroupNormalization(2), 6, 6, 2),
            lambda x, layer: tf.reduce_sum(layer(x) ** 3),
        ),
        IMAGE,
    ),
    "embedding": (
        lambda ids: tf.reduce_sum(tf.nn.embedding_lookup(TABLE, ids) ** 2),
        tf.constant([1, 3, 3]),
    ),
    "keras embedding": (
        _with(
            _built(keras.layers.Embedding(10, 4)),
            lambda layer: tf.reduce_sum(layer(tf.constant([[1, 3, 3]])) ** 2),
        ),
    ),
    "convolution": (
        _with(
            _built(keras.layers.Conv2D(2, 3), 6, 6, 2),
            lambda x, layer: tf.reduce_sum(layer(x) ** 2),
        ),
        IMAGE,
    ),
    "transposed convolution": (
        _with(
            _built(keras.layers.Conv2DTranspose(2, 3), 6, 6, 2),
            lambda x, layer: tf.reduce_sum(layer(x) ** 2),
        ),
        IMAGE,
    ),
    "depthwise convolution": (
        _with(
            _built(keras.layers.DepthwiseConv2D(3), 6, 6, 2),
            lambda x, layer: tf.reduce_sum(layer(x) ** 2),
        ),
        IMAGE,
    ),
    "max pooling": (lambda x: tf.reduce_sum(tf.nn.max_pool2d(x, 2, 2, "SAME")), IMAGE),
    "average pooling": (
        lambda x: tf.reduce_sum(tf.nn.avg_pool2d(x, 2, 2, "SAME") ** 2),
        IMAGE,
    ),
    "max pooling after relu": (
        lambda x: tf.reduce_sum(tf.nn.max_pool2d(tf.nn.relu(x), 2, 2, "SAME")),
        IMAGE,
    ),
    "global maximum pooling": (
        lambda x: tf.reduce_sum(keras.layers.GlobalMaxPooling2D()(x)),
        IMAGE,
    ),
    "flatten": (lambda x: tf.reduce_sum(keras.layers.Flatten()(x) ** 2), IMAGE),
    "lstm": (
        _with(
            _built(keras.layers.LSTM(2), 5, 3), lambda x, layer: tf.reduce_sum(layer(x))
        ),
        SEQUENCE,
    ),
    "gru": (
        _with(
            _built(keras.layers.GRU(2), 5, 3), lambda x, layer: tf.reduce_sum(layer(x))
        ),
        SEQUENCE,
    ),
    "simple rnn": (
        _with(
            _built(keras.layers.SimpleRNN(2), 5, 3),
            lambda x, layer: tf.reduce_sum(layer(x)),
        ),
        SEQUENCE,
    ),
    "attention": (attention, _rows, _rows, _rows),
    "masked attention": (masked_attention, SEQUENCE),
    "keras attention": (
        lambda x: tf.reduce_sum(keras.layers.Attention()([x, x]) ** 2),
        SEQUENCE,
    ),
    "multi-head attention": (
        _with(
            keras.layers.MultiHeadAttention(1, 2),
            lambda x, layer: tf.reduce_sum(layer(x, x) ** 2),
        ),
        SEQUENCE,
    ),
    "activity regularised": (
        _with(
            _dense(2, 3),
            lambda x, layer: (
                tf.reduce_sum(layer(x)) + 0.01 * tf.reduce_sum(layer.kernel**2)
            ),
        ),
        _rows,
    ),
    "output layer of zeros": (
        lambda w1, w2: tf.reduce_mean((tf.tanh(_rows @ w1) @ w2 - _column) ** 2),
        _normal(3, 4),
        tf.zeros([4, 1]),
    ),
    "prelu": (
        _with(
            _built(keras.layers.PReLU(), 3), lambda x, layer: tf.reduce_sum(layer(x))
        ),
        _rows,
    ),
    "spectral step": (
        lambda w: tf.reduce_sum(w) / tf.norm(w),
        _rows,
    ),
    "weight tying": (
        lambda e: tf.reduce_sum(
            tf.nn.softmax(tf.gather(e, [1, 2]) @ tf.transpose(e))[:, 0]
        ),
        _normal(4, 2),
    ),
    "positional encoding": (
        lambda x: tf.reduce_sum((x + tf.sin(tf.range(5.0))[:, None]) ** 2),
        SEQUENCE,
    ),
}

# A value leaves TensorFlow, and nothing of the gradient is lacking.


def printed_on_the_way(x):
    y = x**2
    print(f"y = {float(y):.3f}")
    return 0.5 * y


def shifted_by_its_largest(x):
    largest = float(tf.reduce_max(x))
    return tf.math.log(tf.reduce_sum(tf.exp(x - largest))) + largest


def picked_by_a_number(x):
    return 2.0 * x[int(np.argmax(x))]


def until_small(x):
    while float(x) > 1.0:
        x = x / 2.0
    return x**2


def noisy(x):
    level = float(tf.reduce_mean(x))
    return tf.reduce_sum(x**2) + float(np.random.normal()) * level


def printed_with_dropout(x):
    y = tf.nn.dropout(x, 0.5)
    print(y.numpy())
    return tf.reduce_sum(y)


def printed_and_straight_through(x):
    print(float(x))
    return straight_through(x) * 2.0


def printed_with_a_gradient_of_its_own(x):
    history = [float(x)]
    return reversed_gradient(x) * len(history)


def printed_at_a_kink(x):
    print(x.numpy())
    return tf.nn.relu(x) + x


def rounded_outside(x):
    return x * float(np.round(x))


def metric_on_the_way(x):
    metric = keras.metrics.Mean()
    loss = tf.reduce_mean(x**2)
    metric.update_state(float(loss))
    return loss


def near_the_edge(x):
    print(float(x))
    return x * float(np.sign(x)) + tf.sqrt(x)


LEAVING = {
    "printed on the way": (printed_on_the_way, 3.0),
    "shifted by its largest": (shifted_by_its_largest, [1.0, 2.0, 3.0]),
    "picked by a number": (picked_by_a_number, [1.0, 3.0, 2.0]),
    "until small": (until_small, 9.3),
    "noisy": (noisy, [1.0, 2.0]),
    "printed with dropout": (printed_with_dropout, [1.0, 2.0, 3.0]),
    "printed and straight through": (printed_and_straight_through, 1.3),
    "printed with a gradient of its own": (printed_with_a_gradient_of_its_own, 0.4),
    "printed at a kink": (printed_at_a_kink, 0.0),
    "rounded outside": (rounded_outside, 2.2),
    "metric on the way": (metric_on_the_way, [1.0, 2.0]),
    "near the edge": (near_the_edge, 0.001),
    "scaled by a captured array": (
        lambda x: tf.reduce_sum(x * np.sqrt(TARGETS.numpy())),
        [1.0, 2.0, 3.0],
    ),
}

FUNCTIONS = {
    **SCALARS,
    **TENSORS,
    **ALGEBRA,
    **LOSSES,
    **PROBABILITY,
    **CONTROL,
    **LAYERS,
    **LEAVING,
}

TAPES = {}


def tape(record):
    """Add a function that records a tape and returns its diagnosis."""
    TAPES[record.__name__.replace("_", " ")] = record
    return record


@tape
def variable():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x**2
    return gt.explain_gradient(tape, y, x)


@tape
def watched_constant():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x**2
    return gt.explain_gradient(tape, y, x)


@tape
def curve_over_many_points():
    x = tf.linspace(-3.0, 3.0, 7)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.sin(x)
    return gt.explain_gradient(tape, y, x)


@tape
def persistent():
    x, y = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape(persistent=True) as tape:
        z = 3 * x**2 + 2 * y
    tape.gradient(z, x)
    return gt.explain_gradient(tape, z, [x, y])


@tape
def list_of_sources():
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    inputs, wanted = (
        tf.constant([1.0, 2.0, 3.0, 4.0]),
        tf.constant([2.0, 4.0, 6.0, 8.0]),
    )
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(w * inputs + b - wanted))
    return gt.explain_gradient(tape, loss, [w, b])


@tape
def dictionary_of_sources():
    p = {"w": tf.Variable(0.5), "b": tf.Variable(0.1)}
    with tf.GradientTape() as tape:
        loss = (p["w"] * 2.0 + p["b"]) ** 2
    return gt.explain_gradient(tape, loss, p)


@tape
def trainable_variables_of_a_model():
    model = _with_norm
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(_rows, training=True) - _column) ** 2)
    return gt.explain_gradient(tape, loss, model.trainable_variables)


@tape
def relu_network():
    model = _with_relu
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(_rows) - _column) ** 2)
    return gt.explain_gradient(tape, loss, model.trainable_weights)


@tape
def training_loop():
    w = tf.Variable([0.3, -0.2])
    for _ in range(3):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum((w - [1.0, 2.0]) ** 2)
        diagnosis = gt.explain_gradient(tape, loss, w)
        w.assign_sub(0.1 * (w - [1.0, 2.0]))
    return diagnosis


@tape
def intermediate_source():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        u = x**2
        y = tf.sin(u)
    return gt.explain_gradient(tape, y, u)


@tape
def numpy_data():
    data = np.arange(4, dtype=np.float32)
    w = tf.Variable(1.5)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((w * np.sqrt(data) - data) ** 2)
    return gt.explain_gradient(tape, loss, w)


@tape
def logged_with_numpy():
    w = tf.Variable(1.5)
    history = []
    with tf.GradientTape() as tape:
        loss = w**2
        history.append(loss.numpy())
    history.append(float(loss))
    return gt.explain_gradient(tape, loss, w)


@tape
def accuracy_beside_the_loss():
    w = tf.Variable(_normal(3, 3))
    with tf.GradientTape() as tape:
        logits = _rows @ w
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(LABELS, logits)
        )
        accuracy = tf.reduce_mean(
            tf.cast(tf.equal(tf.argmax(logits, 1, tf.int32), LABELS), tf.float32)
        )
    assert accuracy >= 0
    return gt.explain_gradient(tape, loss, w)


@tape
def second_derivative_outer():
    x = tf.Variable(2.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = x**3
        dy = inner.gradient(y, x)
    return gt.explain_gradient(outer, dy, x)


@tape
def compiled_model():
    w = tf.Variable(2.0)

    @tf.function
    def predict(x):
        return tf.tanh(w * x)

    with tf.GradientTape() as tape:
        loss = predict(tf.constant(0.3)) ** 2
    return gt.explain_gradient(tape, loss, w)


@tape
def watch_accessed_variables_off():
    x, y = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        z = x * y
    return gt.explain_gradient(tape, z, x)


@tape
def embedding_rows():
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.gather(TABLE, [1, 2]) ** 2)
    return gt.explain_gradient(tape, loss, TABLE)


@tape
def several_targets_of_one_number():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = [x**2]
    return gt.explain_gradient(tape, y, x)


@tape
def called_inside_the_block():
    x = tf.Variable(2.0)
    with tf.GradientTape(persistent=True) as tape:
        y = x**2
        diagnosis = gt.explain_gradient(tape, y, x)
    return diagnosis


@tape
def already_asked():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = x**2
    dy = tape.gradient(y, x)
    assert dy is not None
    return gt.explain_gradient(tape, y, x)


@tape
def reused_name():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = x * 2.0
        y = y + 1.0
        y = tf.sin(y)
    return gt.explain_gradient(tape, y, x)


@tape
def through_a_helper():
    w = tf.Variable(2.0)

    def predict(x):
        return w * x

    def loss_of(x):
        return (predict(x) - 1.0) ** 2

    with tf.GradientTape() as tape:
        loss = loss_of(3.0)
    return gt.explain_gradient(tape, loss, w)


@tape
def keras_variable():
    layer = _dense(2, 3)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(_rows) ** 2)
    return gt.explain_gradient(tape, loss, layer.kernel)


@tape
def gan_generator():
    generator, critic = _dense(3, 2), _dense(1, 3)
    noise = _normal(4, 2)
    with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
        fake = critic(generator(noise))
        g_loss = -tf.reduce_mean(fake)
        d_loss = tf.reduce_mean(fake) - tf.reduce_mean(critic(_rows))
    gt.explain_gradient(d_tape, d_loss, critic.trainable_variables)
    return gt.explain_gradient(g_tape, g_loss, generator.trainable_variables)


@tape
def saliency():
    image = tf.constant(IMAGE)
    layer = keras.layers.Conv2D(2, 3)
    with tf.GradientTape() as tape:
        tape.watch(image)
        score = tf.reduce_max(layer(image))
    return gt.explain_gradient(tape, score, image)


@tape
def stop_recording():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = x**2
        with tape.stop_recording():
            z = y * 3.0
        y = y + 1.0
    assert z > 0
    return gt.explain_gradient(tape, y, x)


@tape
def frozen_layer():
    # Keras keeps a frozen layer out of trainable_variables; the tape watches it still.
    base, head = _dense(3, 2), _dense(1, 3)
    base.trainable = False
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(head(base(tf.ones([2, 2]))) ** 2)
    return gt.explain_gradient(tape, loss, base.weights)


@tape
def adam_steps():
    x = tf.Variable(1.0)
    optimizer = keras.optimizers.Adam(0.1)
    for _ in range(2):
        with tf.GradientTape() as tape:
            loss = (x - 3.0) ** 2
        gradients = tape.gradient(loss, [x])
        optimizer.apply_gradients(zip(gradients, [x], strict=True))
    return gt.explain_gradient(tape, loss, [x])


@tape
def gradient_of_a_network_in_its_loss():
    network = _two_layers
    x = tf.constant([[0.1, 0.2, 0.3], [0.5, 0.1, 0.4]])
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(x)
            u = network(x)
        slope = inner.gradient(u, x)
        loss = tf.reduce_mean((slope - 1.0) ** 2)
    return gt.explain_gradient(outer, loss, network.trainable_variables[:3])


@tape
def rotation():
    angle = tf.Variable(0.7)
    with tf.GradientTape(persistent=True) as tape:
        c, s = tf.cos(angle), tf.sin(angle)
        rotated = tf.reshape(tf.stack([c, -s, s, c]), [2, 2]) @ [[1.0], [2.0]]
        height = rotated[1, 0]
    return gt.explain_gradient(tape, height, angle)


@tape
def used_before_it_was_watched_but_stopped():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        reference = tf.stop_gradient(x * 2.0)
        tape.watch(x)
        loss = (x - reference) ** 2
    return gt.explain_gradient(tape, loss, x)


@tape
def another_value_of_that_name_before_the_watch():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        scale = x * 2.0
        x = tf.constant(5.0)
        tape.watch(x)
        loss = scale * x
    return gt.explain_gradient(tape, loss, x)


@tape
def label_decided_before_the_watch():
    logits = tf.constant([[0.2, 1.5, -0.3]])

    def step(logits):
        with tf.GradientTape() as tape:
            label = tf.argmax(logits, axis=1)
            tape.watch(logits)
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(label, logits)[0]
        return [tape.gradient(loss, logits)]

    return gt.explain_gradient(step, logits)


@tape
def integer_index_by_number():
    x = tf.Variable([1.0, 3.0, 2.0])
    with tf.GradientTape() as tape:
        y = x[int(tf.argmax(x))] ** 2
    return gt.explain_gradient(tape, y, x)
