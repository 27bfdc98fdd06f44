"""Exercises of lesson 10: Gradients fast and at scale."""

import numpy as np
import tensorflow as tf

from gradtape.exercises import answers
from gradtape.exercises.comparing import (
    Misconception,
    same_function,
    same_text,
    same_values,
    uniform,
)
from gradtape.exercises.exercise import Wrong, exercise
from gradtape.exercises.prediction import Prediction
from gradtape.exercises.words import Words

BESIDE_FIT = Words("A loop beside fit", "自己的循环与 fit")
ACCUMULATE = Words("Accumulate", "累积梯度")
CLIP = Words("Clip", "裁剪梯度")
COMPILE = Words(
    "Compile, and count the traces (optional)", "编译，并数一数构建了几次（选学）"
)
MIXED = Words("Mixed precision (optional)", "混合精度（选学）")


@exercise(
    "10.1",
    place=COMPILE,
    points=1,
    hints=(
        Words(
            "The list grows while a graph is traced, and at no other time. Which of the six calls "
            "meet a kind of argument that was not there before?",
            "只有构建计算图时，列表才会变长。六次调用里，哪几次遇到了以前没有过的那一类参数？",
        ),
        Words(
            "Of a tensor, dtype and shape count. Of a Python number, the number counts.",
            "对张量，看 dtype 和形状；对 Python 的数，看数值。",
        ),
        Words(
            "1, 2 and 3 are three kinds. The three tensors are all of one kind.",
            "1、2、3 是三类。三个张量都是同一类。",
        ),
    ),
)
def number_of_traces(answer):
    """Require one trace for each number, and one for the tensors."""
    same_text(
        answer,
        "4",
        (
            Misconception(
                "every call",
                "6",
                Words(
                    "Six is the number of calls. A graph that fits is used again, and the list "
                    "does not grow.",
                    "6 是调用次数。已有合适的计算图就直接用，列表不会变长。",
                ),
            ),
            Misconception(
                "one for each type",
                "2",
                Words(
                    "That would be one trace for numbers and one for tensors. But for a Python "
                    "number, another number is another kind.",
                    "这是数一次、张量一次。但对 Python 的数来说，数值不同就是另一类。",
                ),
            ),
            Misconception(
                "traced once",
                "1",
                Words(
                    "The function is traced once *for each kind of argument*, not once for ever.",
                    "不是永远只构建一次，而是**每一类参数**构建一次。",
                ),
            ),
            Misconception(
                "one kind only",
                "3",
                Words(
                    "Numbers and tensors alternate, and they are different kinds: what do both "
                    "together give?",
                    "数和张量交替传入，它们不是同一类：两样合起来是几次？",
                ),
            ),
            Misconception(
                "not run",
                "0",
                Words(
                    "The Python code does run, while a graph is traced.",
                    "Python 代码还是会运行的，就在构建计算图的时候。",
                ),
            ),
        ),
    )


_W = (0.7, -0.4)


def _own_gradient(x, y):
    """Return the gradient of the mean squared error of a line, in NumPy."""
    x, y = np.array(x), np.array(y)
    off = 2.0 * (_W[0] * x + _W[1] - y)
    return np.array([np.mean(off * x), np.mean(off)])


def _cut(x, y, size):
    return [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]


def _of_parts(x, y, size):
    return np.array([_own_gradient(*part) for part in _cut(x, y, size)])


def _weighted(x, y, size, whole):
    parts = [part for part in _cut(x, y, size) if len(part[0]) == size]
    return sum(_own_gradient(*part) * size / whole(parts) for part in parts)


def _holds(kind, result):
    """Tell whether a result is an array in which some number is of a kind."""
    is_one = isinstance(result, (np.ndarray, tf.Tensor, tf.Variable))
    return is_one and bool(np.any(kind(np.array(result))))


TOO_MANY = Words(
    "`gradient` was handed more than `size` examples: that many do not fit into the memory.",
    "交给 `gradient` 的样本多于 `size` 个：内存里放不下这么多。",
)
NONE_AT_ALL = Words(
    "`gradient` was handed no examples at all. Where does the last part end?",
    "交给 `gradient` 的样本是 0 个。最后一部分到哪里为止？",
)


def _limited(size):
    """Return the gradient that a learner's function is given.

    It may be called in another process, where nothing but its result comes back: that is
    infinite for too many examples, and not a number for none.
    """

    @answers.called("gradient")
    def gradient(x, y):
        if len(x) > size:
            return tf.fill([2], np.float32(np.inf))
        x, y = tf.convert_to_tensor(x), tf.convert_to_tensor(y)
        off = 2.0 * (_W[0] * x + _W[1] - y)
        return tf.stack([tf.reduce_mean(off * x), tf.reduce_mean(off)])

    return gradient


@exercise(
    "10.2",
    place=ACCUMULATE,
    points=2,
    hints=(
        Words(
            "Each part gives a mean. How must means of parts of different sizes be weighed?",
            "每一部分给出一个平均值。各部分大小不同时，应当怎样加权？",
        ),
        Words(
            "The mean over all is the sum over all, divided by their number. A part's sum is its "
            "mean times its size.",
            "总的平均等于总和除以个数。一部分的和，等于它的平均值乘以它的大小。",
        ),
        Words(
            "For `begin` in `range(0, len(x), size)`: cut out `part_x` and `part_y`, and add "
            "`gradient(part_x, part_y) * len(part_x) / len(x)`.",
            "让 `begin` 取遍 `range(0, len(x), size)`：切出 `part_x` 和 `part_y`，累加 `gradient(part_x, part_y) * len(part_x) / len(x)`。",
        ),
    ),
)
def gradient_in_parts(answer):
    """Require the gradient of the whole batch."""
    in_parts = answers.function(answer, "gradient", "x", "y", "size")
    numbers = uniform(-2.0, 2.0, 24)

    def called(x, y, size):
        result = in_parts(_limited(size), tf.constant(x), tf.constant(y), size)
        if _holds(np.isnan, result):
            raise Wrong(NONE_AT_ALL, "no examples")
        if _holds(np.isinf, result):
            raise Wrong(TOO_MANY, "too many")
        return result

    same_function(
        called,
        lambda x, y, size: _own_gradient(x, y),
        [
            (numbers[:5], numbers[5:10], 2),
            (numbers[10:17], numbers[17:24], 3),
            (numbers[3:7], numbers[8:12], 3),
        ],
        (
            Misconception(
                "mean of means",
                lambda x, y, size: _of_parts(x, y, size).mean(axis=0),
                Words(
                    "This is the mean of the parts' gradients. The last part is smaller, and "
                    "counts too much.",
                    "这是各部分梯度的平均。最后一部分小一些，所占的分量却太大了。",
                ),
            ),
            Misconception(
                "sum of means",
                lambda x, y, size: _of_parts(x, y, size).sum(axis=0),
                Words(
                    "The gradients were added as they are. Each of them is a mean already, so "
                    "the sum grows with the number of parts.",
                    "梯度直接相加了。每一个已经是平均值，分的部分越多，和就越大。",
                ),
            ),
            Misconception(
                "divided twice",
                lambda x, y, size: _of_parts(x, y, size).sum(axis=0) / len(x),
                Words(
                    "The gradients of the parts are means already, and their sum was "
                    "divided by the number of examples once more. What is a part's mean "
                    "to be multiplied by first?",
                    "各部分的梯度已经是平均值，它们的和又除以了样本总数。一部分的平均值，应当先乘以什么？",
                ),
            ),
            Misconception(
                "sum over the examples",
                lambda x, y, size: _own_gradient(x, y) * len(x),
                Words(
                    "This is the gradient of the sum of the losses. Asked for is the mean.",
                    "这是损失之和的梯度。题目要的是平均值。",
                ),
            ),
            Misconception(
                "every part as if full",
                lambda x, y, size: _of_parts(x, y, size).sum(axis=0) * size / len(x),
                Words(
                    "Every part was weighed with `size`. How many examples has the last one?",
                    "每一部分都按 `size` 加权了。最后一部分有几个样本？",
                ),
            ),
            Misconception(
                "last part left out",
                lambda x, y, size: _weighted(x, y, size, lambda parts: len(x)),
                Words(
                    "The examples at the end that do not fill a part are missing.",
                    "末尾凑不满一部分的那几个样本漏掉了。",
                ),
            ),
            Misconception(
                "last part left out",
                lambda x, y, size: _weighted(x, y, size, lambda ps: size * len(ps)),
                Words(
                    "The examples at the end that do not fill a part are missing.",
                    "末尾凑不满一部分的那几个样本漏掉了。",
                ),
            ),
            Misconception(
                "last part only",
                lambda x, y, size: _of_parts(x, y, size)[-1],
                Words(
                    "This is the gradient of the last part alone: each part has overwritten the one "
                    "before it.",
                    "这只是最后一部分的梯度：每一部分都把前一部分覆盖了。",
                ),
            ),
        ),
        name="in_parts",
    )


def _norm(gradients):
    return np.sqrt(sum(np.sum(np.square(each)) for each in gradients))


def _flat(gradients):
    return np.concatenate([np.ravel(each) for each in gradients])


def _safe(first, second, limit):
    norm = _norm([first, second])
    if not np.isfinite(norm):
        return np.zeros(len(first) + len(second))
    return _flat([first, second]) * min(1.0, limit / norm)


def _each_by_itself(first, second, limit):
    if not np.isfinite(_norm([first, second])):
        return np.zeros(len(first) + len(second))
    return _flat([_safe(each, [], limit) for each in (first, second)])


def _norms_added(first, second, limit):
    norm = _norm([first]) + _norm([second])
    if not np.isfinite(norm):
        return np.zeros(len(first) + len(second))
    return _flat([first, second]) * min(1.0, limit / norm)


def _always_scaled(first, second, limit):
    norm = _norm([first, second])
    return _safe(first, second, limit) * (
        max(1.0, limit / norm) if np.isfinite(norm) else 1.0
    )


def _bad_entries_only(first, second, limit):
    both = _flat([first, second])
    return _safe(np.where(np.isfinite(both), both, 0.0), [], limit)


NAN_LEFT = Words(
    "With a NaN or an infinity among the gradients, the result is not 0. What is the norm then?",
    "梯度里有 NaN 或无穷大时，结果不是 0。这时范数是多少？",
)
NOT_A_LIST = Words(
    "Return a list with one tensor for each gradient, of the same shape.",
    "请返回一个列表，每个梯度对应一个形状相同的张量。",
)


@exercise(
    "10.3",
    place=CLIP,
    points=2,
    hints=(
        Words(
            "All three cases are decided by one number, the norm of all gradients together. "
            "Which function gives it?",
            "三种情形都取决于一个数：所有梯度合在一起的范数。哪个函数给出它？",
        ),
        Words(
            "`tf.clip_by_global_norm` returns the clipped list and that norm. It leaves short "
            "gradients alone, but lets NaN through.",
            "`tf.clip_by_global_norm` 返回裁剪后的列表和这个范数。短的梯度它不动，但 NaN 它不管。",
        ),
        Words(
            "If `tf.math.is_finite(norm)`, return the clipped list; else a list of "
            "`tf.zeros_like(gradient)`.",
            "如果 `tf.math.is_finite(norm)`，返回裁剪后的列表；否则返回由 `tf.zeros_like(gradient)` 组成的列表。",
        ),
    ),
)
def safe_gradients(answer):
    """Require clipping by the global norm, and zeros if it is not finite."""
    safe = answers.function(answer, "gradients", "limit")

    def called(first, second, limit):
        given = [tf.constant(first), tf.constant(second)]
        result = safe(given, limit)
        if not isinstance(result, (list, tuple)) or len(result) != 2:
            raise Wrong(NOT_A_LIST, "not a list")
        for each, wanted in zip(result, given, strict=True):
            if isinstance(each, (list, tuple)) or np.shape(each) != wanted.shape:
                raise Wrong(NOT_A_LIST, "not a list")
        if not np.isfinite(_flat(result)).all():
            raise Wrong(NAN_LEFT, "nan left")
        return _flat([answers.tensor(each) for each in result])

    long, short = uniform(1.0, 4.0, 5), uniform(0.1, 0.3, 5)
    large = [40.0, *long[:1]]
    same_function(
        called,
        _safe,
        [
            (long[:3], long[3:], 1.5),
            (short[:2], short[2:], 2.0),
            (large, long[1:3], 2.0),
            ([float("nan"), *long[:1]], long[1:3], 2.0),
            (long[:2], [float("inf"), 1.0], 2.0),
        ],
        (
            Misconception(
                "each by itself",
                _each_by_itself,
                Words(
                    "Each gradient was clipped by its own norm. The limit holds for all together, "
                    "and all are multiplied by the same number.",
                    "每个梯度按自己的范数裁剪了。上限是对合在一起的梯度说的，所有梯度要乘以同一个数。",
                ),
            ),
            Misconception(
                "always scaled",
                _always_scaled,
                Words(
                    "Short gradients were made longer. If the norm is below the limit, nothing is "
                    "to be changed.",
                    "短的梯度被拉长了。范数小于上限时，什么也不要改。",
                ),
            ),
            Misconception(
                "norms added",
                _norms_added,
                Words(
                    "The gradients' norms were added. The common norm is the root of the sum of "
                    "all squares.",
                    "把各梯度的范数相加了。总范数是所有数的平方和的平方根。",
                ),
            ),
            Misconception(
                "only the bad entries",
                _bad_entries_only,
                Words(
                    "Only the entries that are no numbers became 0. The whole step is to do nothing.",
                    "只有不是数的元素变成了 0。题目要整步都不做。",
                ),
            ),
            Misconception(
                "by value",
                lambda first, second, limit: np.where(
                    np.isfinite(_norm([first, second])),
                    np.clip(_flat([first, second]), -limit, limit),
                    0.0,
                ),
                Words(
                    "Each number was cut for itself, and the direction changed.",
                    "每个数各截各的，方向变了。",
                ),
            ),
        ),
        name="safe",
    )


def _model(numbers):
    layers = tf.keras.layers
    model = tf.keras.Sequential(
        [
            tf.keras.Input([2]),
            layers.Dense(2, kernel_regularizer=tf.keras.regularizers.L2(0.1)),
            layers.BatchNormalization(),
            layers.Dense(1, kernel_regularizer=tf.keras.regularizers.L2(0.3)),
        ]
    )
    first, second = np.array(numbers[:4]), np.array(numbers[4:6])
    model.layers[0].set_weights([first.reshape(2, 2), np.zeros(2)])
    model.layers[2].set_weights([second.reshape(2, 1), np.zeros(1)])
    return model


def _batch(numbers):
    x = np.array(numbers, "float32")[:10].reshape(5, 2)
    return tf.constant(x), tf.constant(x[:, :1] * 3.0 - 1.0 + x[:, 1:] ** 2)


def _as_fit(numbers, training=True, penalties=1.0, total=False):
    model, (x, y) = _model(numbers), _batch(numbers)
    with tf.GradientTape() as tape:
        squares = (model(x, training=training) - y) ** 2
        value = tf.reduce_sum(squares) if total else tf.reduce_mean(squares)
        value += penalties * tf.add_n(model.losses)
    return _flat(tape.gradient(value, model.trainable_variables))


def _squared_error_of(labels):
    """Return a loss that is not a number if its arguments are exchanged."""

    @answers.called("loss")
    def loss(y, prediction):
        same = tf.reduce_all(tf.reshape(y, [-1]) == tf.reshape(labels, [-1]))
        return tf.where(same, 1.0, np.nan) * tf.reduce_mean((y - prediction) ** 2)

    return loss


EXCHANGED = Words(
    "`loss` takes the labels first and the prediction second; here it did not get the labels "
    "first.",
    "`loss` 的参数，标签在前，预测在后；这里先给它的不是标签。",
)
NO_PENALTIES = Words(
    "The layers' penalties are not in it. The loss function does not contain them.",
    "没有加上各层的惩罚项。损失函数里是没有它们的。",
)
LOSSES_WITHOUT_A_PART = Words(
    "The layers' penalties have no part in these gradients. Is `model.losses` read inside the "
    "tape's block, and added to the target?",
    "这些梯度里没有各层的惩罚项。`model.losses` 是在梯度带的块里面读的吗？加到目标上了吗？",
)
AS_MANY = Words(
    "Return a list with one gradient for each of `model.trainable_variables`.",
    "请返回一个列表，`model.trainable_variables` 里每个变量对应一个梯度。",
)


@exercise(
    "10.4",
    place=BESIDE_FIT,
    points=2,
    hints=(
        Words(
            "Two things are easy to forget in a loop of one's own. Which layers behave differently "
            "in training, and where do penalties go?",
            "自己写循环，有两样容易忘。哪些层在训练时表现不同？惩罚项放在哪里？",
        ),
        Words(
            "`training=True` in the call of the model, and `model.losses` after it.",
            "调用模型时写 `training=True`；调用之后有 `model.losses`。",
        ),
        Words(
            "Inside the tape: `total = loss(y, model(x, training=True)) + "
            "tf.add_n(model.losses)`.",
            "梯度带里：`total = loss(y, model(x, training=True)) + tf.add_n(model.losses)`。",
        ),
    ),
)
def gradients_as_fit(answer):
    """Require the gradients that fit would use."""
    as_fit = answers.function(
        answer, "model", "loss", "x", "y", may_change_variables=True
    )

    numbers = uniform(0.3, 2.0, 10)
    model, batch = _model(numbers), _batch(numbers)
    result = as_fit(model, _squared_error_of(batch[1]), *batch)
    if not isinstance(result, (list, tuple)):
        raise Wrong(AS_MANY, "not a list")
    if len(result) != len(model.trainable_variables):
        raise Wrong(AS_MANY, "not a list")
    found = _flat([answers.tensor(each) for each in result])
    if np.isnan(found).any():
        raise Wrong(EXCHANGED, "exchanged")
    has_read_losses = "losses" in answers.names_used(answer)
    same_values(
        found,
        _as_fit(numbers),
        (
            Misconception(
                "both forgotten",
                lambda: _as_fit(numbers, training=False, penalties=0.0),
                Words(
                    "Neither the penalties are in it, nor does the normalisation use this batch.",
                    "惩罚项没有加，归一化用的也不是这一批数据。",
                ),
            ),
            Misconception(
                "not in training",
                lambda: _as_fit(numbers, training=False),
                Words(
                    "The normalisation used its stored mean and variance, as when predicting. In "
                    "training it uses those of the batch.",
                    "归一化用了存下来的均值和方差，像预测时那样。训练时它用的是这一批的。",
                ),
            ),
            Misconception(
                "no penalties",
                lambda: _as_fit(numbers, penalties=0.0),
                LOSSES_WITHOUT_A_PART if has_read_losses else NO_PENALTIES,
            ),
            Misconception(
                "penalties twice",
                lambda: _as_fit(numbers, penalties=2.0),
                Words(
                    "The penalties were added twice. `model.losses` holds each of them once.",
                    "惩罚项加了两次。`model.losses` 里每一项只有一个。",
                ),
            ),
            Misconception(
                "sum",
                lambda: _as_fit(numbers, penalties=0.0, total=True),
                Words(
                    "This is the gradient of the sum over the batch, without the penalties. `fit` "
                    "takes the mean, and adds them.",
                    "这是整批之和的梯度，也没有惩罚项。`fit` 取的是平均，并加上惩罚项。",
                ),
            ),
            Misconception(
                "sum",
                lambda: _as_fit(numbers, total=True),
                Words(
                    "This is the gradient of the sum over the batch. `fit` takes the mean.",
                    "这是整批之和的梯度。`fit` 取的是平均。",
                ),
            ),
        ),
        name="as_fit",
        rtol=1e-3,
        atol=1e-4,
    )


_SMALL = 2.0**-13


NOT_HALF = Words(
    "`loss` was handed a tensor that is not float16: cast `v` first.",
    "交给 `loss` 的张量不是 float16：先把 `v` 转换一下。",
)


@answers.called("2⁻¹³ · h²")
def _loss(h):
    # Called in another process, perhaps: only its result comes back.
    factor = _SMALL if h.dtype == tf.float16 else np.nan
    return h * h * tf.constant(factor, h.dtype)


@exercise(
    "10.5",
    place=MIXED,
    points=2,
    hints=(
        Words(
            "The gradient gets lost on its way back through float16. What could be done *before* "
            "it sets out?",
            "梯度在经过 float16 往回传时丢了。在它出发**之前**可以做什么？",
        ),
        Words(
            "Inside the tape: cast `v` to float16, take the loss, cast it to float32, multiply by "
            "`scale`. Which number does the gradient then hold too much?",
            "在梯度带里：把 `v` 转成 float16，求损失，转成 float32，乘以 `scale`。这样梯度里多乘了哪个数？",
        ),
        Words(
            "`scaled = tf.cast(loss(tf.cast(v, tf.float16)), tf.float32) * scale`, and at the end "
            "`tape.gradient(scaled, v) / scale`.",
            "`scaled = tf.cast(loss(tf.cast(v, tf.float16)), tf.float32) * scale`，最后返回 `tape.gradient(scaled, v) / scale`。",
        ),
    ),
)
def rescued_gradient(answer):
    """Require a gradient that float16 cannot hold."""
    rescued = answers.function(answer, "loss", "v", "scale")

    def called(v, scale):
        result = rescued(_loss, tf.Variable(v), scale)
        if _holds(np.isnan, result):
            raise Wrong(NOT_HALF, "not float16")
        if getattr(result, "dtype", None) == tf.float16:
            says = Words(
                "The result is float16, which cannot hold numbers below 6e-8.",
                "结果是 float16，小于 6e-8 的数它存不下。",
            )
            raise Wrong(says, "result in float16")
        return np.array(answers.tensor(result)) * 2.0**24

    def true(v, scale):
        return 2.0 * v * _SMALL * 2.0**24

    same_function(
        called,
        true,
        [(3 * 2.0**-16, 2.0**14), (-5 * 2.0**-17, 2.0**13), (2.0**-15, 2.0**14)],
        (
            Misconception(
                "lost",
                lambda v, scale: 0.0,
                Words(
                    "It is 0 everywhere: the gradient was lost in float16. Multiplying afterwards "
                    "does not bring it back.",
                    "处处是 0：梯度在 float16 里丢掉了。事后再乘是救不回来的。",
                ),
            ),
            Misconception(
                "not divided",
                lambda v, scale: true(v, scale) * scale,
                Words(
                    "It is too large by `scale`: that has to be taken out again.",
                    "大了 `scale` 倍：最后要除掉。",
                ),
            ),
            Misconception(
                "multiplied again",
                lambda v, scale: true(v, scale) * scale**2,
                Words(
                    "It was multiplied by `scale` twice. At the end, divide.",
                    "乘了两次 `scale`。最后应当是除。",
                ),
            ),
            Misconception(
                "divided twice",
                lambda v, scale: true(v, scale) / scale,
                Words(
                    "It was divided by `scale` twice, or never multiplied by it.",
                    "除了两次 `scale`，或者根本没有乘过。",
                ),
            ),
        ),
        name="rescued",
        rtol=2e-3,
    )


unequal_parts = Prediction(
    "10.a",
    choices={
        "yes": Words("yes", "是"),
        "no, larger": Words("no, further from 0", "不是，离 0 更远"),
        "no, smaller": Words("no, nearer to 0", "不是，离 0 更近"),
    },
    outcome=lambda mean: (
        "no, larger"
        if abs(float(mean)) > 22.01
        else "no, smaller"
        if abs(float(mean)) < 21.99
        else "yes"
    ),
)

DIRECTIONS = ("by value", "by norm", "by global norm")

kept_direction = Prediction(
    "10.b",
    choices={
        "by value": Words("only by value", "只有按值"),
        "by norm": Words("only by norm", "只有按范数"),
        "by global norm": Words("only by global norm", "只有按总范数"),
        "all": Words("all three", "三种都是"),
    },
    outcome=lambda cosines: (
        "all"
        if min(cosines) > 0.9999
        else DIRECTIONS[int(np.argmax(np.array(cosines, float)))]
    ),
)

traces_of_numbers = Prediction(
    "10.d",
    choices={"1": "1", "2": "2", "4": "4"},
    outcome=lambda traces: str(int(traces)),
)

summed_on_two = Prediction(
    "10.c",
    choices={"-11": "-11", "-44": "-44", "-88": "-88"},
    outcome=lambda gradient: str(round(float(gradient))),
)

skipped_steps = Prediction(
    "10.e",
    choices={"0": "0", "1": "1", "4": "4", "15": "15"},
    outcome=lambda skipped: str(int(skipped)),
)
