"""Exercises of lesson 11: gradients at work."""

import numpy as np
import tensorflow as tf

from gradtape.exercises import answers
from gradtape.exercises.comparing import Misconception, same_function, uniform, vectors
from gradtape.exercises.exercise import exercise
from gradtape.exercises.prediction import Prediction
from gradtape.exercises.words import Words

UNSEEN_CHANGE = Words("A small change, another digit", "小小的改动，另一个数字")
LOOKED = Words("Where did the network look? (optional)", "网络看了哪里？（选学）")
IN_THE_MIDDLE = Words("An intermediate value as source", "以中间值为源")
EQUATION = Words(
    "A differential equation solved by a network",
    "用网络解微分方程",
)
STEP = Words(
    "Differentiate through a training step (optional)", "对一步训练求导（选学）"
)
PENALTY = Words("A gradient penalty (optional)", "梯度惩罚（选学）")


@answers.called("three scores of a row")
def _scores(x):
    return tf.stack(
        [
            x[:, 0] ** 2 * x[:, 1],
            tf.sin(x[:, 2]) - 2.0 * x[:, 0],
            x[:, 1] * x[:, 2] - x[:, 0],
        ],
        axis=1,
    )


def _slopes_of_scores(rows):
    """Return the Jacobian of the scores of each row: rows, scores, entries."""
    return np.array(
        [
            [[2 * a * b, a * a, 0.0], [-2.0, 0.0, np.cos(c)], [-1.0, c, b]]
            for a, b, c in rows
        ]
    )


def _slopes_of_probability(rows, k):
    a, b, c = np.transpose(rows)
    scores = np.stack([a * a * b, np.sin(c) - 2 * a, b * c - a], axis=1)
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    inner = np.eye(3)[k] - p
    return p[:, [k]] * np.einsum("ns,nse->ne", inner, _slopes_of_scores(rows))


def _of_one_example(rows, k):
    slopes = np.zeros((len(rows), 3))
    slopes[k] = _slopes_of_scores(rows)[k].sum(axis=0)
    return np.abs(slopes)


@exercise(
    "11.1",
    place=LOOKED,
    points=1,
    hints=(
        Words(
            "The source is the input, a constant. What has to be told to the tape? And "
            "what is the target: all scores, or a part of them?",
            "源是输入，它是常量。要对梯度带说什么？目标是全部得分，还是一部分？",
        ),
        Words(
            "Take the column of the scores while the tape still records. The tape adds the "
            "rows up, which does no harm: each depends on its own row.",
            "趁梯度带还在记录，取出得分的那一列。梯度带会把各行相加，这没有关系：每行只依赖自己。",
        ),
        Words(
            "Inside the block `tape.watch(x)` and `score = model(x)[:, k]`; then the "
            "absolute value of `tape.gradient(score, x)`.",
            "块里写 `tape.watch(x)` 和 `score = model(x)[:, k]`；再取 `tape.gradient(score, x)` 的绝对值。",
        ),
    ),
)
def pixels_that_count(answer):
    """Require the magnitude of a score's gradient for each row."""
    function = answers.function(answer, "model", "x", "k")
    points = [(vectors(3, 0.3 + k / 10, 2.0 + k / 10, length=3), k) for k in range(3)]
    same_function(
        lambda rows, k: function(_scores, tf.constant(rows), k),
        lambda rows, k: np.abs(_slopes_of_scores(rows)[:, k]),
        points,
        (
            Misconception(
                "with signs",
                lambda rows, k: _slopes_of_scores(rows)[:, k],
                Words(
                    "The gradient is right. Asked for is its magnitude: a pixel counts "
                    "whichever way it pushes.",
                    "梯度是对的。题目要的是绝对值：不论往哪边推，像素都起作用。",
                ),
            ),
            Misconception(
                "all scores",
                lambda rows, k: np.abs(_slopes_of_scores(rows).sum(axis=1)),
                Words(
                    "All scores were differentiated together. The target is one column of "
                    "them.",
                    "把全部得分加在一起求导了。目标只是其中一列。",
                ),
            ),
            Misconception(
                "an example, not a score",
                _of_one_example,
                Words(
                    "Only one row is not 0: `k` was taken as the number of an example. "
                    "Scores stand along the second axis.",
                    "只有一行不为 0：`k` 被当成了样本的编号。得分沿第二个轴排列。",
                ),
            ),
            Misconception(
                "probability",
                lambda rows, k: np.abs(_slopes_of_probability(rows, k)),
                Words(
                    "This is the gradient of the probability, after softmax. Asked for is "
                    "the score's.",
                    "这是 softmax 之后概率的梯度。题目要的是得分的。",
                ),
                Words(
                    "A sure network has no slope left (optional)",
                    "十拿九稳，就没有斜率了（选学）",
                ),
            ),
            Misconception(
                "mean over the rows",
                lambda rows, k: np.abs(_slopes_of_scores(rows)[:, k]) / len(rows),
                Words(
                    "Everything is too small by the number of rows: a mean was "
                    "differentiated.",
                    "每个数都被行数除了一次：求导的是平均值。",
                ),
            ),
        ),
        name="input_gradient",
    )


@answers.called("Σ(xᵢ - 3 sin xᵢ)")
def _waves(x):
    return tf.reduce_sum(x - 3.0 * tf.sin(x))


def _slopes(x):
    return 1.0 - 3.0 * np.cos(x)


@exercise(
    "11.2",
    place=UNSEEN_CHANGE,
    points=1,
    hints=(
        Words(
            "Every entry may move by the same amount, up or down. Which number says which "
            "of the two raises the loss?",
            "每个元素改动的幅度相同，只能选往上或往下。哪个数说明往哪边损失会上升？",
        ),
        Words(
            "The sign of the gradient's entry. Differentiate with respect to `x`, which "
            "has to be watched.",
            "是梯度中对应元素的符号。对 `x` 求梯度，`x` 要监视。",
        ),
        Words(
            "`x + size * tf.sign(gradient)`, where `gradient` is that of `loss(x)`.",
            "`x + size * tf.sign(gradient)`，其中 gradient 是 `loss(x)` 对 `x` 的梯度。",
        ),
    ),
)
def one_step_uphill(answer):
    """Require every entry to be moved by the same amount, uphill."""
    attack = answers.function(answer, "loss", "x", "size")
    places = [*vectors(2, -1.5, 1.5), *vectors(3, -2.0, -0.4)]
    sizes = uniform(0.05, 0.4, len(places))
    same_function(
        lambda x, size: attack(_waves, tf.constant(x), size),
        lambda x, size: x + size * np.sign(_slopes(x)),
        list(zip(places, sizes, strict=True)),
        (
            Misconception(
                "downhill",
                lambda x, size: x - size * np.sign(_slopes(x)),
                Words(
                    "This goes downhill, as in training. Here the loss is to rise.",
                    "这是往下走，和训练时一样。这里要让损失上升。",
                ),
            ),
            Misconception(
                "gradient itself",
                lambda x, size: x + size * _slopes(x),
                Words(
                    "Each entry moved by its own slope, some far and some hardly. All are "
                    "to move by `size`.",
                    "每个元素按自己的斜率移动，有的多，有的少。应当都移动 `size`。",
                ),
            ),
            Misconception(
                "unit length",
                lambda x, size: x + size * _slopes(x) / np.linalg.norm(_slopes(x)),
                Words(
                    "The change has length `size`. Asked for is a change of `size` in "
                    "every entry.",
                    "改动的总长度是 `size`。题目要的是每个元素都改动 `size`。",
                ),
            ),
            Misconception(
                "largest by size",
                lambda x, size: x + size * _slopes(x) / np.max(np.abs(_slopes(x))),
                Words(
                    "Only the entry with the largest slope moved by `size`, the others by "
                    "less. All are to move by `size`.",
                    "只有斜率最大的元素移动了 `size`，其余的都更少。应当都移动 `size`。",
                ),
            ),
            Misconception(
                "clipped",
                lambda x, size: np.clip(x + size * np.sign(_slopes(x)), 0.0, 1.0),
                Words(
                    "The result was clipped to the range from 0 to 1. Here it is not to be.",
                    "结果被截断到了 0 到 1 之间。这道题不要截断。",
                ),
            ),
            Misconception(
                "only the change",
                lambda x, size: size * np.sign(_slopes(x)),
                Words(
                    "This is the change. Asked for is the changed `x`.",
                    "这是改动本身。题目要的是改动之后的 `x`。",
                ),
            ),
            Misconception(
                "full signs",
                lambda x, size: x + np.sign(_slopes(x)),
                Words(
                    "Every entry moved by 1. Where does `size` come in?",
                    "每个元素都移动了 1。`size` 用在哪里？",
                ),
            ),
        ),
        name="attack",
    )


@answers.called("t³ + sin 2t")
def _motion(t):
    return t**3 + tf.sin(2.0 * t)


def _of_motion(t):
    """Return the motion with its first and second derivative."""
    t = np.array(t)
    return (
        t**3 + np.sin(2 * t),
        3 * t**2 + 2 * np.cos(2 * t),
        6 * t - 4 * np.sin(2 * t),
    )


@exercise(
    "11.3",
    place=EQUATION,
    points=2,
    hints=(
        Words(
            "A second derivative takes two tapes. Which of them has to be open when "
            "the first derivative is computed?",
            "求二阶导数要两个梯度带。算一阶导数的时候，哪一个必须还开着？",
        ),
        Words(
            "Both watch `t`. The inner `gradient` call stands inside the outer block, the "
            "outer one after it. Then add the value.",
            "两个都监视 `t`。内层的 `gradient` 写在外层的块里，外层的写在块后。最后加上函数值。",
        ),
        Words(
            "As `two_derivatives` of the lesson does: `second = outer_tape.gradient(first, "
            "t)`, and the answer is `second + value`.",
            "像课文里的 `two_derivatives` 那样：`second = outer_tape.gradient(first, t)`，答案是 `second + value`。",
        ),
    ),
)
def left_over(answer):
    """Require the second derivative plus the value."""
    residual = answers.function(answer, "y", "t")
    same_function(
        lambda t: residual(_motion, tf.constant(t)),
        lambda t: _of_motion(t)[2] + _of_motion(t)[0],
        [(t,) for t in vectors(3, -1.5, 1.5, length=4)],
        (
            Misconception(
                "first derivative",
                lambda t: _of_motion(t)[1] + _of_motion(t)[0],
                Words(
                    "This is y′ + y. The equation has the second derivative.",
                    "这是 y′ + y。方程里是二阶导数。",
                ),
            ),
            Misconception(
                "other sign",
                lambda t: _of_motion(t)[2] - _of_motion(t)[0],
                Words(
                    "This is y″ − y, the residual of y″ = y. Bring −y to the other side.",
                    "这是 y″ − y，对应方程 y″ = y。把 −y 移到等号另一边看看。",
                ),
            ),
            Misconception(
                "second derivative alone",
                lambda t: _of_motion(t)[2],
                Words(
                    "This is y″. What is missing is what it should be equal to.",
                    "这是 y″。还缺它应当等于的那一项。",
                ),
            ),
            Misconception(
                "square of the first",
                lambda t: _of_motion(t)[1] ** 2 + _of_motion(t)[0],
                Words(
                    "This is the square of the first derivative. The second is the "
                    "derivative of the first.",
                    "这是一阶导数的平方。二阶导数是一阶导数的导数。",
                ),
            ),
            Misconception(
                "squared",
                lambda t: (_of_motion(t)[2] + _of_motion(t)[0]) ** 2,
                Words(
                    "This is the square, as it stands in the loss. Asked for is the "
                    "residual itself.",
                    "这是平方，损失里用的那个。题目要的是残差本身。",
                ),
            ),
        ),
        name="residual",
    )


_FACTORS = np.array([[1.0, -0.5, 2.0], [0.5, 1.5, -1.0]])


@answers.called("two maps of x: x² and x")
def _features(x):
    return tf.stack([x**2, x], axis=-1)


@answers.called("a score of two maps")
def _head(maps):
    factors = tf.constant(_FACTORS, maps.dtype)
    return tf.reduce_sum(factors * maps[..., 0] ** 2 - maps[..., 1] ** 3)


def _maps_and_slopes(x):
    x = np.array(x).reshape(1, 2, 3)
    maps = np.stack([x**2, x], axis=-1)
    return maps, np.stack([2 * _FACTORS * maps[..., 0], -3 * maps[..., 1] ** 2], -1)


def _of_maps(formula):
    """Return what a formula of the maps, their slopes and the mean slopes gives."""

    def computes(x):
        maps, slopes = _maps_and_slopes(x)
        return formula(maps, slopes, slopes.mean(axis=(1, 2), keepdims=True))

    return computes


def _relu(x):
    return np.maximum(x, 0.0)


@exercise(
    "11.4",
    place=IN_THE_MIDDLE,
    points=3,
    hints=(
        Words(
            "Two steps: the gradient of the score by the maps, then one weight for each "
            "map. Have the maps a connection to something watched?",
            "分两步：先求得分对特征图的梯度，再给每张特征图一个权重。特征图与受监视的东西有联系吗？",
        ),
        Words(
            "`tape.watch` the maps before `head` is called (or `x` before `features`). The "
            "mean goes over rows and columns, axes 1 and 2.",
            "在调用 `head` 之前监视特征图（或者在 `features` 之前监视 `x`）。平均对行和列取，即第 1、2 轴。",
        ),
        Words(
            "`weights = tf.reduce_mean(gradient, axis=[1, 2], keepdims=True)`, then "
            "`tf.nn.relu(tf.reduce_sum(weights * A, axis=-1))`.",
            "`weights = tf.reduce_mean(gradient, axis=[1, 2], keepdims=True)`，再写 `tf.nn.relu(tf.reduce_sum(weights * A, axis=-1))`。",
        ),
    ),
)
def class_activation(answer):
    """Require the weighted sum of the maps, without its negative part."""
    activation = answers.function(answer, "features", "head", "x")
    same_function(
        lambda x: activation(_features, _head, tf.reshape(tf.constant(x), [1, 2, 3])),
        _of_maps(lambda A, slopes, w: _relu((w * A).sum(-1))),
        [(x,) for x in vectors(4, -1.5, 1.5, length=6)],
        (
            Misconception(
                "without relu",
                _of_maps(lambda A, slopes, w: (w * A).sum(-1)),
                Words(
                    "The weighted sum is right. What speaks against the score is to "
                    "become 0.",
                    "加权和是对的。与得分相反的部分要变成 0。",
                ),
            ),
            Misconception(
                "place by place",
                _of_maps(lambda A, slopes, w: _relu((slopes * A).sum(-1))),
                Words(
                    "Each place was weighted by its own gradient. Grad-CAM gives a map one "
                    "weight.",
                    "每个位置乘了自己的梯度。Grad-CAM 里一张特征图只有一个权重。",
                ),
            ),
            Misconception(
                "one weight for all",
                _of_maps(lambda A, slopes, w: _relu((w.mean() * A).sum(-1))),
                Words(
                    "All maps got the same weight. The mean goes over rows and columns, "
                    "not over the maps.",
                    "所有特征图用了同一个权重。平均只对行和列取，不对特征图取。",
                ),
            ),
            Misconception(
                "sum for mean",
                _of_maps(lambda A, slopes, w: 6 * _relu((w * A).sum(-1))),
                Words(
                    "Too large by the number of places: the weight is a mean, not a sum.",
                    "大了位置数那么多倍：权重是平均，不是求和。",
                ),
            ),
            Misconception(
                "gradient alone",
                _of_maps(lambda A, slopes, w: _relu(slopes.sum(-1))),
                Words(
                    "These are gradients; the maps themselves do not occur.",
                    "这里只有梯度，没有用到特征图本身。",
                ),
            ),
            Misconception(
                "relu too early",
                _of_maps(lambda A, slopes, w: _relu(w * A).sum(-1)),
                Words(
                    "The negative parts were cut off before the maps were added, so that "
                    "they cannot cancel anything.",
                    "先截掉了负的部分，再把特征图相加，负的就没法抵消了。",
                ),
            ),
        ),
        name="activation",
    )


@answers.called("x₀²x₁ + sin x₂ of each row")
def _critic(x):
    return x[:, :1] ** 2 * x[:, 1:2] + tf.sin(x[:, 2:])


def _slopes_of_critic(rows):
    return np.array([[2 * a * b, a * a, np.cos(c)] for a, b, c in rows])


def _of_lengths(formula):
    """Return what a formula of the slopes and of their lengths gives."""

    def computes(rows):
        slopes = _slopes_of_critic(rows)
        return formula(slopes, np.linalg.norm(slopes, axis=1))

    return computes


@exercise(
    "11.5",
    place=PENALTY,
    points=2,
    hints=(
        Words(
            "First the gradient of all scores by `x`; its rows belong to the examples. How "
            "many norms are there?",
            "先求全部得分对 `x` 的梯度，它的每一行属于一个样本。应当有几个范数？",
        ),
        Words(
            "One for each row: `tf.norm` over axis 1. Subtract 1, square, and take the "
            "mean last.",
            "每行一个：`tf.norm` 沿第 1 轴。减 1，平方，最后取平均。",
        ),
        Words(
            "`lengths = tf.norm(gradient, axis=1)`, and return the mean of "
            "`(lengths - 1.0) ** 2`.",
            "`lengths = tf.norm(gradient, axis=1)`，返回 `(lengths - 1.0) ** 2` 的平均。",
        ),
    ),
)
def length_of_each_gradient(answer):
    """Require the mean squared distance of the lengths from 1."""
    penalty = answers.function(answer, "critic", "x")
    same_function(
        lambda rows: penalty(_critic, tf.constant(rows)),
        _of_lengths(lambda slopes, lengths: ((lengths - 1) ** 2).mean()),
        # The last row's slope is shorter than 1.
        [
            ([*vectors(3, 0.2 + i / 9, 2.0 - i / 9), [0.3, 0.5 + i / 9, 1.3]],)
            for i in range(3)
        ],
        (
            Misconception(
                "one norm for all",
                _of_lengths(lambda slopes, _: (np.linalg.norm(slopes) - 1) ** 2),
                Words(
                    "This is one norm of the whole gradient. Each example has its own.",
                    "这是整个梯度的一个范数。每个样本应当有自己的范数。",
                ),
            ),
            Misconception(
                "squared lengths",
                _of_lengths(lambda _, lengths: ((lengths**2 - 1) ** 2).mean()),
                Words(
                    "The root is missing: the squared length was compared with 1.",
                    "少了开方：与 1 比较的是长度的平方。",
                ),
            ),
            Misconception(
                "each entry",
                _of_lengths(lambda slopes, _: ((slopes - 1) ** 2).mean()),
                Words(
                    "Every entry of the gradient was compared with 1. Asked for is the "
                    "length of a row.",
                    "把梯度的每个元素与 1 比较了。题目要的是一行的长度。",
                ),
            ),
            Misconception(
                "mean too early",
                _of_lengths(lambda _, lengths: (lengths.mean() - 1) ** 2),
                Words(
                    "The mean was taken before the square: lengths that are too large and "
                    "too small cancel.",
                    "先平均再平方了：过长的和过短的会互相抵消。",
                ),
            ),
            Misconception(
                "gradient of the mean",
                _of_lengths(
                    lambda _, lengths: ((lengths / len(lengths) - 1) ** 2).mean()
                ),
                Words(
                    "The mean score was differentiated, so each gradient is too small by "
                    "the number of rows.",
                    "求导的是平均得分，所以每个梯度都被行数除了一次。",
                ),
            ),
            Misconception(
                "one side only",
                _of_lengths(lambda _, n: (np.maximum(n - 1, 0.0) ** 2).mean()),
                Words(
                    "Lengths below 1 are left out. They are to be drawn to 1 as well.",
                    "小于 1 的长度没有算进去。它们也应当被拉向 1。",
                ),
            ),
            Misconception(
                "no target",
                _of_lengths(lambda _, lengths: (lengths**2).mean()),
                Words(
                    "This draws the lengths to 0. The target is 1.",
                    "这会把长度拉向 0。目标是 1。",
                ),
            ),
        ),
        name="penalty",
    )


@answers.called("w₀² + 2w₁² + w₀w₁ + sin w₂")
def _bowl(w):
    return w[0] ** 2 + 2.0 * w[1] ** 2 + w[0] * w[1] + tf.sin(w[2])


def _slope_of_bowl(w):
    return np.array([2 * w[0] + w[1], 4 * w[1] + w[0], np.cos(w[2])])


def _value_of_bowl(w):
    return w[0] ** 2 + 2 * w[1] ** 2 + w[0] * w[1] + np.sin(w[2])


def _after(w, rate):
    return np.array(w) - rate * _slope_of_bowl(w)


def _step_by_start(w, rate):
    """Return how the new place changes with the start: 1 less the rate times the Hessian."""
    hessian = np.array([[2.0, 1.0, 0.0], [1.0, 4.0, 0.0], [0.0, 0.0, -np.sin(w[2])]])
    return np.eye(3) - rate * hessian


@exercise(
    "11.6",
    place=STEP,
    points=2,
    hints=(
        Words(
            "The new parameters are computed from the rate. Which steps must the tape see "
            "that is asked for the derivative by the rate?",
            "新参数是由学习率算出来的。求对学习率的导数的那个梯度带，必须看到哪些步骤？",
        ),
        Words(
            "An outer tape watches `rate`. Inside it an inner tape gives the gradient by "
            "`w`; then come the step and the loss at the new place.",
            "外层梯度带监视 `rate`。在它里面，内层梯度带求出对 `w` 的梯度；接着走一步，再算新位置的损失。",
        ),
        Words(
            "`after = loss(w - rate * tape.gradient(value, w))` inside the outer block; at "
            "last `outer_tape.gradient(after, rate)`.",
            "在外层的块里写 `after = loss(w - rate * tape.gradient(value, w))`；最后用 `outer_tape.gradient(after, rate)`。",
        ),
    ),
)
def slope_by_the_rate(answer):
    """Require the derivative of the loss after a step by the learning rate."""
    by_rate = answers.function(answer, "loss", "w", "rate")
    places = vectors(3, -2.0, 2.0)
    rates = uniform(0.05, 0.3, len(places))
    same_function(
        lambda w, rate: by_rate(_bowl, tf.constant(w), tf.constant(rate)),
        lambda w, rate: -_slope_of_bowl(_after(w, rate)) @ _slope_of_bowl(w),
        list(zip(places, rates, strict=True)),
        (
            Misconception(
                "other sign",
                lambda w, rate: _slope_of_bowl(_after(w, rate)) @ _slope_of_bowl(w),
                Words(
                    "The sign is turned round: the step goes *against* the gradient.",
                    "符号反了：一步是**逆着**梯度走的。",
                ),
            ),
            Misconception(
                "at the old place",
                lambda w, rate: -_slope_of_bowl(w) @ _slope_of_bowl(w),
                Words(
                    "This holds for a rate of 0. The second gradient belongs to the *new* "
                    "place.",
                    "这只对学习率 0 成立。第二个梯度属于**新的**位置。",
                ),
            ),
            Misconception(
                "the loss itself",
                lambda w, rate: _value_of_bowl(_after(w, rate)),
                Words(
                    "This is the loss after the step. Differentiate it.",
                    "这是走一步之后的损失，还没有求导。",
                ),
            ),
            Misconception(
                "by the parameters",
                lambda w, rate: _slope_of_bowl(_after(w, rate)),
                Words(
                    "This is the gradient with respect to the parameters, one number for "
                    "each. The rate is one number.",
                    "这是对参数的梯度，每个参数一个数。学习率只有一个。",
                ),
            ),
            Misconception(
                "by the old parameters",
                lambda w, rate: (
                    _slope_of_bowl(_after(w, rate)) @ _step_by_start(w, rate)
                ),
                Words(
                    "This is the derivative by the start `w`, one number for each "
                    "parameter. The rate is one number.",
                    "这是对起点 `w` 的导数，每个参数一个数。学习率只有一个。",
                ),
            ),
            Misconception(
                "uphill",
                lambda w, rate: _slope_of_bowl(_after(w, -rate)) @ _slope_of_bowl(w),
                Words(
                    "The step went uphill: `w + rate * gradient`.",
                    "这一步往上走了：`w + rate * gradient`。",
                ),
            ),
        ),
        name="by_rate",
    )


share_still_right = Prediction(
    "11.a",
    choices={
        "0.8": Words("about 0.8", "约 0.8"),
        "0.6": Words("about 0.6", "约 0.6"),
        "0.4": Words("about 0.4", "约 0.4"),
    },
    outcome=lambda share: min(
        ("0.8", "0.6", "0.4"), key=lambda text: abs(float(text) - float(share))
    ),
)

what_relu_learns = Prediction(
    "11.b",
    choices={
        "the sine": Words("the sine, with corners", "带折角的正弦"),
        "a line": Words("a sloping line", "一条斜线"),
        "zero": Words("nothing: 0", "什么也没有：0"),
    },
    outcome=lambda values: (
        "zero" if np.max(np.abs(np.array(values))) < 0.05 else "the sine"
    ),
)
