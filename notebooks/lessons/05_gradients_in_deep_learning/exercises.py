"""Exercises of lesson 5: gradients in deep learning."""

import numpy as np
import tensorflow as tf

from gradtape.exercises import answers
from gradtape.exercises.comparing import Misconception, same_function, uniform
from gradtape.exercises.drawings import axes, has_curve, has_marks
from gradtape.exercises.exercise import exercise
from gradtape.exercises.prediction import Prediction
from gradtape.exercises.stages import stage_reached
from gradtape.exercises.words import Words

# A task that is to be done by hand does without these.
BY_TAPE = ("GradientTape", "value_and_gradient", "derivatives")
THREE_WAYS = Words(
    "By hand, by formula, by tape (optional)", "手算、公式、梯度带（选学）"
)
INSIDE_THE_TAPE = Words("Inside the tape (optional)", "梯度带里面（选学）")
AGAINST = Words("Against the gradient", "逆着梯度走")
RATES = Words(
    "The border in two dimensions (optional)", "二维情形：学习率的上限（选学）"
)
EVERY_EXAMPLE = Words("A loss for every example", "每个样本一个损失")
REPLACED = Words("A weight that is replaced", "权重被换掉了")


def _vector(low: float, high: float, count: int = 4) -> tf.Tensor:
    return tf.constant(uniform(low, high, count), tf.float32)


def _errors(w, b, x, y_true):
    return w * np.asarray(x) + b - np.asarray(y_true)


def _slopes(w, b, x, y_true):
    """Return the gradient of the mean squared error of a line."""
    errors = _errors(w, b, x, y_true)
    return 2 * np.mean(errors * np.asarray(x)), 2 * np.mean(errors)


@exercise(
    "5.1",
    place=THREE_WAYS,
    points=2,
    hints=(
        Words(
            "Write the error at a point as e = wx + b − y*. How does the mean of e² "
            "change with e, and e with w and with b?",
            "把一个点上的误差写成 e = wx + b − y*。e² 的平均怎样随 e 变？e 又怎样随 w、随 b 变？",
        ),
        Words(
            "The square gives 2e, at each point. From there the way to w passes a "
            "multiplication by x, the way to b none.",
            "平方给出 2e，每个点一个。从那里往回走，到 w 要乘以 x，到 b 什么也不用乘。",
        ),
        Words(
            "Both are means over the points: one of 2·e·x, the other of 2·e. "
            "`tf.reduce_mean` takes the mean of a vector.",
            "两个都是对各点取平均：一个是 2·e·x 的平均，一个是 2·e 的平均。`tf.reduce_mean` 求向量的平均值。",
        ),
    ),
)
def slopes_by_hand(answer):
    """Require the gradient of the mean squared error at any parameters and data."""
    same_function(
        answers.function(answer, "w", "b", "x", "y_true"),
        _slopes,
        [
            (w, b, _vector(-2.0, 4.0, count), _vector(-6.0, 8.0, count))
            for w, b, count in zip(
                uniform(-2.0, 2.0, 3), uniform(-1.0, 1.0, 3), (4, 3, 6)
            )
        ],
        (
            *(
                Misconception(
                    "counted four points",
                    lambda w, b, x, y, factor=factor: np.multiply(
                        _slopes(w, b, x, y), factor * len(x) / 4
                    ),
                    Words(
                        "With four points it is right, with others not: the mean "
                        "divides by the number of points, which is not always 4.",
                        "只有四个点时才对：平均要除以点的个数，而它并不总是 4。",
                    ),
                    EVERY_EXAMPLE,
                )
                for factor in (1, 0.5)
            ),
            Misconception(
                "other order",
                lambda w, b, x, y: _slopes(w, b, x, y)[::-1],
                Words(
                    "The numbers are right, in the other order: first the derivative "
                    "with respect to w.",
                    "数都对，顺序反了：先写对 w 的导数。",
                ),
            ),
            Misconception(
                "one number a point",
                lambda w, b, x, y: (
                    2 * _errors(w, b, x, y) * np.asarray(x),
                    2 * _errors(w, b, x, y),
                ),
                Words(
                    "This is one number for each point. The loss is their mean, and so "
                    "is its gradient: one number for w, one for b.",
                    "这是每个点一个数。损失是它们的平均，梯度也是：对 w 一个数，对 b 一个数。",
                ),
                EVERY_EXAMPLE,
            ),
            Misconception(
                "summed over the points",
                lambda w, b, x, y: np.multiply(_slopes(w, b, x, y), len(x)),
                Words(
                    "Each number is as many times too large as there are points. The "
                    "loss is a mean, so its gradient is one too.",
                    "每个数都大了，倍数正是点的个数。损失是平均值，它的梯度也是平均值。",
                ),
                EVERY_EXAMPLE,
            ),
            Misconception(
                "forgot the two",
                lambda w, b, x, y: np.divide(_slopes(w, b, x, y), 2),
                Words(
                    "Both are half as large as they should be: what is the derivative "
                    "of e² with respect to e?",
                    "两个数都只有应有的一半：e² 对 e 的导数是什么？",
                ),
            ),
            Misconception(
                "forgot the inner derivative",
                lambda w, b, x, y: (_slopes(w, b, x, y)[1],) * 2,
                Words(
                    "The derivative with respect to b is right, and stands in both places. "
                    "On the way to w there is one multiplication more.",
                    "对 b 的导数对了，可两个位置写的都是它。对 w 还多一次乘法。",
                ),
                INSIDE_THE_TAPE,
            ),
            Misconception(
                "turned the error round",
                lambda w, b, x, y: np.negative(_slopes(w, b, x, y)),
                Words(
                    "The sign is turned: the square is the same for y − y* and y* − y, "
                    "but its derivative with respect to y is not.",
                    "符号反了：y − y* 和 y* − y 的平方一样，对 y 的导数却不一样。",
                ),
            ),
            Misconception(
                "mean before the product",
                lambda w, b, x, y: (
                    2 * np.mean(_errors(w, b, x, y)) * np.mean(x),
                    _slopes(w, b, x, y)[1],
                ),
                Words(
                    "The mean of a product is not the product of the means: each error "
                    "has to meet its own x first.",
                    "乘积的平均不等于平均的乘积：每个误差要先乘上自己的 x。",
                ),
            ),
            Misconception(
                "the loss itself",
                lambda w, b, x, y: (np.mean(_errors(w, b, x, y) ** 2),) * 2,
                Words(
                    "This is the loss itself, twice. Asked for is how it changes with w and with b.",
                    "这是损失本身，写了两遍。题目要的是它随 w、随 b 怎样变化。",
                ),
            ),
            Misconception(
                "w in the place of x",
                lambda w, b, x, y: (
                    w * _slopes(w, b, x, y)[1],
                    _slopes(w, b, x, y)[1],
                ),
                Words(
                    "The second number is right. In the first the error is multiplied by w; how does w·x + b change with w?",
                    "第二个数对了。第一个里，误差乘的是 w；w·x + b 随 w 怎样变化？",
                ),
            ),
        ),
        name="slopes",
        parts=("∂L/∂w", "∂L/∂b"),
    )
    answers.forbid(answer, *BY_TAPE)


def _trained(x, y_true, learning_rate, steps, step=None):
    """Return w and b after some steps of descent from 0.5 and 0.1."""
    w, b = 0.5, 0.1
    for _ in range(steps):
        slope_w, slope_b = _slopes(w, b, x, y_true)
        if step is not None:
            w, b = step(w, b, x, y_true, learning_rate)
        else:
            w, b = w - learning_rate * slope_w, b - learning_rate * slope_b
    return w, b


def _the_step_alone(w, b, x, y_true, learning_rate):
    return tuple(learning_rate * each for each in _slopes(w, b, x, y_true))


def _only_w(w, b, x, y_true, learning_rate):
    return w - learning_rate * _slopes(w, b, x, y_true)[0], b


def _only_b(w, b, x, y_true, learning_rate):
    return w, b - learning_rate * _slopes(w, b, x, y_true)[1]


def _by_the_sign(w, b, x, y_true, learning_rate):
    signs = np.sign(_slopes(w, b, x, y_true))
    return w - learning_rate * signs[0], b - learning_rate * signs[1]


def _both_on_w(w, b, x, y_true, learning_rate):
    return w - learning_rate * sum(_slopes(w, b, x, y_true)), b


def _one_after_the_other(w, b, x, y_true, learning_rate):
    w = w - learning_rate * _slopes(w, b, x, y_true)[0]
    return w, b - learning_rate * _slopes(w, b, x, y_true)[1]


@exercise(
    "5.2",
    place=AGAINST,
    points=2,
    hints=(
        Words(
            "Print `w` after each round. Does it ever change?",
            "每轮结束时打印 `w`。它变过吗？",
        ),
        Words(
            "`variable = variable - ...` computes a new tensor and gives it the name "
            "`variable`. What becomes of the variable that had this name?",
            "`variable = variable - ...` 算出一个新张量，让它叫 `variable`。原来叫这个名字的变量怎么样了？",
        ),
        Words(
            "A variable is changed in place by `assign_sub`, which subtracts what it is "
            "given.",
            "原地修改变量用 `assign_sub`，它减去括号里的数。",
        ),
    ),
)
def repaired_training(answer):
    """Require w and b after so many steps of gradient descent."""
    train = answers.function(answer, "x", "y_true", "learning_rate", "steps")
    same_function(
        train,
        _trained,
        [
            (_vector(0.0, 3.0), _vector(-1.0, 6.0), rate, steps)
            for rate, steps in zip(uniform(0.01, 0.05, 3), (2, 5, 9))
        ],
        (
            Misconception(
                "never moved",
                lambda x, y, rate, steps: (0.5, 0.1),
                Words(
                    "These are the parameters of the start: no step has changed them.",
                    "这还是起点的参数：哪一步都没有改动它们。",
                ),
                REPLACED,
            ),
            Misconception(
                "uphill",
                lambda x, y, rate, steps: _trained(x, y, -rate, steps),
                Words(
                    "These steps go along the gradient, and the loss rises.",
                    "这是顺着梯度走，损失会上升。",
                ),
            ),
            Misconception(
                "assigned the step",
                lambda x, y, rate, steps: _trained(x, y, rate, steps, _the_step_alone),
                Words(
                    "Each parameter became the step itself: `assign` sets a value, and "
                    "`assign_sub` subtracts from the old one.",
                    "每个参数都变成了那一步本身：`assign` 是设成新值，`assign_sub` 才是从旧值里减去。",
                ),
            ),
            Misconception(
                "one step only",
                lambda x, y, rate, steps: _trained(x, y, rate, 1),
                Words(
                    "This is where the first step leads. The others have to follow.",
                    "这是走完第一步的位置，后面几步还没走。",
                ),
            ),
            Misconception(
                "assigned the step",
                lambda x, y, rate, steps: _trained(x, y, -rate, steps, _the_step_alone),
                Words(
                    "Each parameter became the step itself: `assign` sets a value. The "
                    "step has to be added to the old one.",
                    "每个参数都变成了那一步本身：`assign` 是设成新值。这一步应当加到旧值上。",
                ),
            ),
            Misconception(
                "no learning rate",
                lambda x, y, rate, steps: _trained(x, y, 1.0, steps),
                Words(
                    "The whole gradient was subtracted. Where does the learning rate "
                    "come in?",
                    "减去的是整个梯度。学习率用在哪里？",
                ),
            ),
            Misconception(
                "summed over the points",
                lambda x, y, rate, steps: _trained(x, y, rate * len(x), steps),
                Words(
                    "The steps are as many times too long as there are points: the loss "
                    "is a mean.",
                    "步子太长，倍数正是点的个数：损失是平均值。",
                ),
            ),
            *(
                Misconception(
                    "one parameter stands still",
                    lambda x, y, rate, steps, moves=moves: _trained(
                        x, y, rate, steps, moves
                    ),
                    Words(
                        "One of the two parameters stands still where it began. Each "
                        "step changes both.",
                        "两个参数里有一个一直停在起点。每一步两个都要改。",
                    ),
                )
                for moves in (_only_w, _only_b)
            ),
            Misconception(
                "one after the other",
                lambda x, y, rate, steps: _trained(
                    x, y, rate, steps, _one_after_the_other
                ),
                Words(
                    "The derivative for b was computed when w had been changed already. "
                    "A step takes both from one place.",
                    "算 b 的导数时，w 已经改过了。一步里的两个导数，要在同一个位置上求。",
                ),
            ),
            Misconception(
                "the rate without the gradient",
                lambda x, y, rate, steps: (0.5 - rate * steps, 0.1 - rate * steps),
                Words(
                    "Each step subtracts the learning rate alone. It is to be multiplied by the gradient.",
                    "每一步只减去了学习率。学习率还要乘上梯度。",
                ),
            ),
            Misconception(
                "the sign of the gradient",
                lambda x, y, rate, steps: _trained(x, y, rate, steps, _by_the_sign),
                Words(
                    "Each step has the length of the learning rate: of the gradient only the sign is used. Its size counts too.",
                    "每一步的长度都等于学习率：只用了梯度的符号。梯度的大小也要算进去。",
                ),
            ),
            Misconception(
                "both steps on one parameter",
                lambda x, y, rate, steps: _trained(x, y, rate, steps, _both_on_w),
                Words(
                    "`b` stands still where it began, and `w` gets both steps. In the loop, which of the two does the changing line change?",
                    "`b` 一直停在起点，两个更新都加到了 `w` 上。循环里那一行改的是哪一个？",
                ),
            ),
        ),
        name="train",
        parts=("`w`", "`b`"),
    )


def _pulls(y, y_true):
    """Return what each prediction gets back from the two losses."""
    errors = np.asarray(y) - np.asarray(y_true)
    return 2 * errors / errors.size, np.sign(errors) / errors.size


@exercise(
    "5.3",
    place=INSIDE_THE_TAPE,
    points=3,
    hints=(
        Words(
            "The source is neither w nor b this time. With respect to what are the "
            "derivatives asked for?",
            "这一次源不是 w，也不是 b。要的是对谁的导数？",
        ),
        Words(
            "Any value that is watched can be a source: `tape.watch(y)`, then the loss, "
            "then the gradient with respect to `y`.",
            "凡是受监视的值，都可以作为源：先 `tape.watch(y)`，再算损失，再求对 `y` 的梯度。",
        ),
        Words(
            "Do this for the mean of `tf.square(y - y_true)` and for the mean of "
            "`tf.abs(y - y_true)`; with a persistent tape, or with two.",
            "对 `tf.square(y - y_true)` 的平均做一遍，再对 `tf.abs(y - y_true)` 的平均做一遍；用一个持久梯度带，或者用两条。",
        ),
    ),
)
def pulls_of_single_points(answer):
    """Require the gradients of two losses with respect to the predictions."""
    same_function(
        answers.function(answer, "y", "y_true"),
        _pulls,
        [(_vector(-3.0, 3.0, n), _vector(4.0, 9.0, n)) for n in (3, 5)]
        + [(_vector(5.0, 9.0), _vector(-2.0, 4.0))],
        (
            Misconception(
                "summed over the points",
                lambda y, t: np.multiply(_pulls(y, t), len(y)),
                Words(
                    "This is the gradient of the sums. The losses are means.",
                    "这是总和的梯度，而损失是平均值。",
                ),
                EVERY_EXAMPLE,
            ),
            Misconception(
                "counted four points",
                lambda y, t: np.multiply(_pulls(y, t), len(y) / 4),
                Words(
                    "With four points it is right, with others not: the mean divides by "
                    "the number of points.",
                    "只有四个点时才对：平均要除以点的个数。",
                ),
                EVERY_EXAMPLE,
            ),
            Misconception(
                "with respect to the data",
                lambda y, t: np.negative(_pulls(y, t)),
                Words(
                    "The signs are turned: these are the derivatives with respect to "
                    "`y_true`. The predictions can be changed, the data cannot.",
                    "符号反了：这是对 `y_true` 的导数。能改的是预测，不是数据。",
                ),
            ),
            Misconception(
                "forgot the two",
                lambda y, t: (_pulls(y, t)[0] / 2, _pulls(y, t)[1]),
                Words(
                    "The second is right. In the first the factor 2 is missing that the "
                    "square leaves.",
                    "第二个对了。第一个少了求导时平方留下的因子 2。",
                ),
            ),
            Misconception(
                "size in place of its derivative",
                lambda y, t: (
                    _pulls(y, t)[0],
                    np.abs(np.subtract(y, t)) / len(y),
                ),
                Words(
                    "The second is |e|/n, the loss of each point. Asked for is how it "
                    "changes with y.",
                    "第二个是 |e|/n，即每个点的损失本身。题目要的是它随 y 的变化率。",
                ),
            ),
            Misconception(
                "kept the size",
                lambda y, t: (_pulls(y, t)[0], _pulls(y, t)[0] / 2),
                Words(
                    "The second still grows with the error. What is the derivative of "
                    "|e|, for a small e and for a large one?",
                    "第二个还在随误差变大。|e| 的导数是多少？e 小的时候呢，e 大的时候呢？",
                ),
            ),
            Misconception(
                "other order",
                lambda y, t: _pulls(y, t)[::-1],
                Words(
                    "The numbers are right, in the other order: the squared error first.",
                    "数都对，顺序反了：先写平方误差的。",
                ),
            ),
            Misconception(
                "the losses themselves",
                lambda y, t: (
                    _pulls(y, t)[0] ** 2 * len(y) / 4,
                    np.abs(_pulls(y, t)[0]) / 2,
                ),
                Words(
                    "These are e²/n and |e|/n, what each point adds to the losses. Asked for are derivatives with respect to y.",
                    "这是 e²/n 和 |e|/n，即每个点在损失里占的份额。题目要的是对 y 的导数。",
                ),
            ),
        ),
        name="pulls",
        parts=(
            Words("the gradient of the squared error", "平方误差的梯度"),
            Words("the gradient of the absolute error", "绝对误差的梯度"),
        ),
    )


def _hessian(x):
    x = np.asarray(x, float)
    return 2 * np.array([[np.mean(x**2), np.mean(x)], [np.mean(x), 1.0]])


def _curvatures(x):
    return np.linalg.eigvalsh(_hessian(x))


@exercise(
    "5.4",
    place=RATES,
    points=3,
    hints=(
        Words(
            "Which property of the loss sets the border? The lesson computes it for "
            "four points.",
            "界限由损失的什么性质决定？正文对四个点算过一次。",
        ),
        Words(
            "The border is 2/λ, and λ is the largest eigenvalue of the Hessian with "
            "respect to w and b. The loss is a parabola, so any w and b will do.",
            "界限是 2/λ，λ 是关于 w、b 的黑塞矩阵的最大特征值。损失是抛物面，所以 w、b 取多少都行。",
        ),
        Words(
            "`gt.hessian` takes a function of one vector `p`, with w = p[0] and b = "
            "p[1]; `tf.linalg.eigvalsh` sorts the eigenvalues, the largest last. The "
            "y* drop out: take zeros.",
            "`gt.hessian` 要的是一个向量 `p` 的函数，w = p[0]，b = p[1]；`tf.linalg.eigvalsh` 从小到大给出特征值。y* 不起作用，取零就行。",
        ),
    ),
)
def border_of_the_learning_rate(answer):
    """Require 2/λ for the line's mean squared error on any inputs."""
    same_function(
        answers.function(answer, "x"),
        lambda x: 2 / _curvatures(x)[1],
        [_vector(low, low + 4.0, n) for low, n in ((0.5, 4), (-3.0, 3), (2.0, 6))],
        (
            Misconception(
                "one instead of two",
                lambda x: 1 / _curvatures(x)[1],
                Words(
                    "Half the border. At this rate the first step lands on the bottom "
                    "across the valley; the distance still shrinks beyond it.",
                    "只有界限的一半。用这个学习率，横着走一步正好到谷底；再大一些，距离仍会缩小。",
                ),
            ),
            Misconception(
                "along the valley",
                lambda x: 2 / _curvatures(x)[0],
                Words(
                    "This is the border along the valley. Across it, at such a rate, "
                    "the descent diverges.",
                    "这是顺着山谷的界限。用这么大的学习率，横着早就发散了。",
                ),
            ),
            Misconception(
                "forgot the two of the square",
                lambda x: 4 / _curvatures(x)[1],
                Words(
                    "Twice the border. The second derivative of e² is 2, not 1.",
                    "是界限的两倍。e² 的二阶导数是 2，不是 1。",
                ),
            ),
            Misconception(
                "the weight alone",
                lambda x: 1 / np.mean(np.asarray(x, float) ** 2),
                Words(
                    "This would be the border if only w moved. Steepest is a direction "
                    "in which w and b move together.",
                    "如果只有 w 在动，界限就是它。最陡的方向上，w 和 b 是一起动的。",
                ),
            ),
            Misconception(
                "the curvature itself",
                lambda x: _curvatures(x)[1],
                Words(
                    "This is the largest curvature. The larger it is, the smaller the rate has to be.",
                    "这是最大的曲率本身。曲率越大，学习率要越小。",
                ),
            ),
            Misconception(
                "the curvature itself",
                lambda x: 2 * _curvatures(x)[1],
                Words(
                    "This is the largest curvature times 2. The larger it is, the smaller the rate has to be.",
                    "这是最大的曲率乘以 2。曲率越大，学习率要越小。",
                ),
            ),
            Misconception(
                "the sum of the curvatures",
                lambda x: 2 / np.sum(_curvatures(x)),
                Words(
                    "Here 2 is divided by the sum of both curvatures. For the border the largest alone counts.",
                    "这里是 2 除以两个曲率之和。界限只由最大的曲率决定。",
                ),
            ),
        ),
        name="largest_rate",
    )


def _hills(x):
    return x**4 - 4 * x**2 + x


def _descended(start, steps):
    x = start
    for _ in range(steps):
        x -= 0.02 * (4 * x**3 - 8 * x + 1)
    return x


_LEFT, _TOP, _RIGHT = (float(place) for place in np.sort(np.roots([4, 0, -8, 1]).real))


@exercise(
    "5.5",
    place=AGAINST,
    points=3,
    hints=(
        Words(
            "A step depends only on the derivative at the present point. Which way does "
            "it go from −2, and which way from 2?",
            "每一步只取决于当前点的导数。从 −2 出发往哪边走？从 2 出发呢？",
        ),
        Words(
            "Run the loop of the lesson twice, once from each start, and keep the x at "
            "which each run ends.",
            "把正文里的循环跑两遍，两个起点各一遍，记下每次停在哪个 x。",
        ),
        Words(
            "Draw f with `ax.plot`, and put the marker of each run at (x, f(x)), where "
            "x is its end. One of the two ends higher than the other.",
            "用 `ax.plot` 画 f，在每次的终点 (x, f(x)) 处画一个标记。两个终点一高一低。",
        ),
    ),
)
def drawing_of_two_ends(answer):
    """Require x⁴ − 4x² + x with a mark in each of its two valleys."""
    ax = axes(answer)
    has_curve(
        ax,
        _hills,
        (-2.0, 2.0),
        (
            Misconception(
                "drew the derivative",
                lambda x: 4 * x**3 - 8 * x + 1,
                Words("The curve is f′. Draw f itself.", "画的是 f′。请画 f 本身。"),
            ),
        ),
        name="`f`",
    )
    stage_reached(1 / 3)
    has_marks(
        ax,
        [(place, _hills(place)) for place in (_LEFT, _RIGHT)],
        (
            *(
                Misconception(
                    "stopped too early",
                    [(x, _hills(x)) for x in (_descended(s, steps) for s in (-2, 2))],
                    Words(
                        "These are places on the way. Where do the runs arrive after a "
                        "hundred steps?",
                        "这是半路上的位置。走满一百步，到了哪里？",
                    ),
                )
                for steps in (1, 2, 3, 5, 10, 12, 15, 20)
            ),
            Misconception(
                "the starts",
                [(place, _hills(place)) for place in (-2.0, 2.0)],
                Words(
                    "These are the starts. Where do the hundred steps lead?",
                    "这是起点。走一百步到了哪里？",
                ),
            ),
            *(
                Misconception(
                    "one valley for both",
                    [(place, _hills(place))],
                    Words(
                        "One valley is marked. From the other start the way is barred "
                        "by a hill, and descent does not climb.",
                        "只标出了一个谷。从另一个起点出发，中间隔着山坡，下降是不会爬坡的。",
                    ),
                )
                for place in (_LEFT, _RIGHT)
            ),
            Misconception(
                "the hilltop",
                [(_TOP, _hills(_TOP))],
                Words(
                    "There the derivative is 0 as well, but the descent does not end at "
                    "a local maximum.",
                    "那里导数也是 0，可下降不会停在极大值点。",
                ),
            ),
        ),
        name=Words("the two ends", "两个终点"),
        only=True,
        within=0.002,
    )


raised_or_lowered = Prediction(
    "5.a",
    choices={"raised": Words("raised", "调大"), "lowered": Words("lowered", "调小")},
    outcome=lambda change: "raised" if change < 0 else "lowered",
)
