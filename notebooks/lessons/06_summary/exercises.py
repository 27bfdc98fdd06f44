"""Exercises of lesson 6: the tape from memory, and a damped oscillation fitted."""

import itertools

import numpy as np
import tensorflow as tf

from gradtape.exercises import answers, sentences
from gradtape.exercises.comparing import (
    Misconception,
    same_function,
    same_text,
    uniform,
)
from gradtape.exercises.drawings import axes, curves, has_curve, has_marks, marks
from gradtape.exercises.exercise import Wrong, exercise
from gradtape.exercises.prediction import Prediction
from gradtape.exercises.stages import stage_reached
from gradtape.exercises.words import Words

ONE_PAGE = Words("The tape on one page", "一页纸讲完梯度带")
SMALL_PROJECT = Words("A small project, from data to check", "一个小项目：从数据到验证")
CHANGED = Words("A variable that changed in between", "中途改过的变量")
CORNER = Words(
    "At a kink there is no derivative, but a convention",
    "尖点处没有导数，只有约定",
)
THE_PROJECT = Words("The project: a damped oscillation", "项目：阻尼振动")


@answers.called("exp(−x²)")
def _bell(x):
    return tf.exp(-(x**2))


@answers.called("x⁵")
def _fifth_power(x):
    return x**5


@answers.called("3x − 1")
def _line(x):
    return 3.0 * x - 1.0


_DERIVATIVES = {
    _bell: lambda x: np.exp(-(x**2)) * np.array([1.0, -2 * x, 4 * x**2 - 2]),
    _fifth_power: lambda x: np.array([x**5, 5 * x**4, 20 * x**3]),
    _line: lambda x: np.array([3 * x - 1, 3.0, 0.0]),
}


@exercise(
    "6.1",
    place=ONE_PAGE,
    points=2,
    hints=(
        Words(
            "A second derivative is the derivative of the first. What has to be recorded "
            "for that?",
            "二阶导数是一阶导数的导数。为此要记录什么？",
        ),
        Words(
            "Two tapes, one inside the other, and the inner `gradient` within the outer "
            "block. Try your function with `lambda x: 3.0 * x` too.",
            "两个梯度带，一个套在另一个里面，内层的 `gradient` 写在外层的块里。再用 `lambda x: 3.0 * x` 试试你的函数。",
        ),
        Words(
            "The derivative of a straight line does not contain `x`, so nothing connects it "
            "to `x`. The page has a row for “0 where nothing connects”.",
            "直线的导数里没有 `x`，所以它与 `x` 没有连接。那一页上有一行叫“未连接时得到 0”。",
        ),
    ),
)
def two_derivatives(answer):
    """Require f, f' and f'' of any f, 0 for the second of a straight line."""
    same_function(
        answers.function(answer, "f", "x"),
        lambda f, x: _DERIVATIVES[f](x),
        [
            (f, x)
            for f in (_bell, _fifth_power, _line)
            for x in uniform(0.3, 1.7, count=3)
        ],
        (
            Misconception(
                "first derivative twice",
                lambda f, x: _DERIVATIVES[f](x)[[0, 1, 1]],
                Words(
                    "The third number equals the second. Of what is the outer tape to "
                    "differentiate?",
                    "第三个数和第二个一样。外层梯度带求的是谁的导数？",
                ),
            ),
            Misconception(
                "squared the slope",
                lambda f, x: _DERIVATIVES[f](x)[[0, 1, 1]] ** [1, 1, 2],
                Words(
                    "The third number is (f′)². Despite its notation, d²f/dx² is no "
                    "square: it is the derivative of f′.",
                    "第三个数是 (f′)²。记号 d²f/dx² 并不表示平方，它是 f′ 的导数。",
                ),
            ),
            Misconception(
                "nothing left of the second",
                lambda f, x: _DERIVATIVES[f](x) * [1, 1, 0],
                Words(
                    "The third number is 0 for every f. Where is the inner gradient asked "
                    "for, within the outer block or after it? "
                    '`"zero"` covers up the `None` that would tell.',
                    "不管 f 是什么，第三个数都是 0。内层的梯度是在外层的块里求的，还是出来以后才求的？"
                    '没有记录时本来会得到 `None`，`"zero"` 把它盖住了。',
                ),
            ),
            Misconception(
                "other order",
                lambda f, x: _DERIVATIVES[f](x)[::-1],
                Words(
                    "The numbers are right, in the opposite order: the value comes first.",
                    "数都对，顺序反了：先写函数值。",
                ),
            ),
        ),
        name="two_derivatives",
        parts=("f", "f′", "f″"),
    )
    answers.forbid(answer, "derivatives")


@exercise(
    "6.2",
    place=ONE_PAGE,
    points=2,
    hints=(
        Words(
            "Draw the record: from which boxes do arrows lead to `z`, and which paths are "
            "open on the way back?",
            "把记录画出来：哪些框有箭头通到 `z`？往回传时，哪些路径是通的？",
        ),
        Words(
            "For the backward pass `c` is a number, made when the block ran. `b` is a "
            "constant, and nobody asked the tape to watch it.",
            "在反向传播看来，`c` 只是一个数，是块运行时得到的。`b` 是常量，没有人让梯度带监视它。",
        ),
        Words(
            "The derivative for `a` is the value that `c` had in the block. For `b`: what does "
            "a tape answer about a source that is not on its record?",
            "对 `a` 的导数就是块运行时 `c` 的值。至于 `b`：源不在记录里，结果是什么？",
        ),
    ),
)
def printed_after_a_stop(answer):
    """Require what is printed for z = a stop(a b) + b, a = 2, b = 3 a constant."""
    first, second = (str(part) for part in answers.parts(answer, 2))
    same_text(
        first,
        ["6.0", "6", "6."],
        (
            Misconception(
                "walked through the stop",
                ["12.0", "12", "12."],
                Words(
                    "12 counts both paths from `z` back to `a`. One of them leads "
                    "through `tf.stop_gradient`.",
                    "12 把从 `z` 回到 `a` 的两条路径都算上了。其中一条要经过 `tf.stop_gradient`。",
                ),
            ),
            Misconception(
                "value of now",
                ["30.0", "30", "30.", "60.0", "60", "60."],
                Words(
                    "This is computed with a = 10. Which value did `a` have when the "
                    "tape recorded?",
                    "这是按 a = 10 算的。梯度带记录的时候，`a` 是多少？",
                ),
                CHANGED,
            ),
            Misconception(
                "everything stopped",
                ["none", "0.0", "0", "0."],
                Words(
                    "`tf.stop_gradient` cuts the path through `c`. `a` has a second "
                    "path to `z`, which is open.",
                    "`tf.stop_gradient` 切断的是经过 `c` 的路径。`a` 还有另一条路径到 `z`，那条是通的。",
                ),
            ),
        ),
        name="slope_a",
    )
    same_text(
        second,
        "None",
        (
            Misconception(
                "constant like a variable",
                ["1.0", "1", "1.", "3.0", "3", "3.", "5.0", "5", "5."],
                Words(
                    "On paper z has a derivative with respect to b. But `b` is a constant: "
                    "does the tape watch it?",
                    "在纸上，z 对 b 有导数。可 `b` 是常量：梯度带监视它了吗？",
                ),
            ),
            Misconception(
                "zero for no road",
                ["0.0", "0", "0."],
                Words(
                    "A tape answers 0 only where it is asked to. What does it say, if "
                    "not, about a source that it has not watched?",
                    "只有写明要 0，才得到 0。没有写明时，对没有监视的源，结果是什么？",
                ),
            ),
        ),
        name="slope_b",
    )


def _corner_loss(w):
    return 2.5 * (np.abs(w) - 2) ** 2


@exercise(
    "6.3",
    place=CORNER,
    points=3,
    hints=(
        Words(
            "Draw the loss first. At which points is it level, and at which has it a "
            "kink?",
            "先画出损失。它在哪些点是平的，在哪一点有尖点？",
        ),
        Words(
            "Both w = 2 and w = −2 fit the points exactly. And what is the convention "
            "for the derivative of |x| at 0?",
            "w = 2 和 w = −2 都恰好穿过这些点。另外，|x| 在 0 处的导数按约定是多少？",
        ),
        Words(
            "Three points in all: two valleys, and the kink between them, where the "
            "training began. Mark each at the height of the loss.",
            "一共三个点：两个谷底，以及它们之间的尖点，训练就是从那里出发的。标记的高度就是那里的损失。",
        ),
    ),
)
def drawing_of_a_corner(answer):
    """Require the loss of y = |w x| and each point at which a tape answers 0."""
    ax = axes(answer)
    has_curve(
        ax,
        _corner_loss,
        (-4.0, 4.0),
        (
            Misconception(
                "lost the absolute value",
                lambda w: 2.5 * (w - 2) ** 2,
                Words(
                    "This is the loss of y = w·x. The model has |w·x|, so −w fits as well "
                    "as w.",
                    "这是 y = w·x 的损失。模型里是 |w·x|，所以 −w 和 w 拟合得一样好。",
                ),
            ),
            Misconception(
                "summed",
                lambda w: 2 * _corner_loss(w),
                Words(
                    "The curve is twice as high: the squared errors are summed. Take "
                    "their mean.",
                    "曲线高了一倍：误差的平方是加起来的。请取平均。",
                ),
                SMALL_PROJECT,
            ),
            Misconception(
                "drew the slope",
                lambda w: 5 * (np.abs(w) - 2) * np.sign(w),
                Words(
                    "This is the derivative of the loss. It is good for finding the points; "
                    "the task asks for the loss itself.",
                    "这是损失的导数。用它来找点很好，可题目要画的是损失本身。",
                ),
            ),
        ),
        name=Words("the loss", "损失"),
    )
    stage_reached(1 / 3)
    corner, left, right = (0.0, 10.0), (-2.0, 0.0), (2.0, 0.0)
    has_marks(
        ax,
        [corner, left, right],
        (
            *(
                Misconception(
                    "corner beside the curve",
                    [(0.0, height), left, right],
                    Words(
                        "The three places are right, but the mark at w = 0 is not on the "
                        "curve: how high is the loss there?",
                        "三个位置都对，可 w = 0 处的标记不在曲线上：那里的损失是多少？",
                    ),
                )
                for height in (0.0, 5.0, 20.0)
            ),
            Misconception(
                "one valley only",
                [corner, right],
                Words(
                    "One valley is missing. Is w = 2 the only one that fits the points?",
                    "少了一个谷底。只有 w = 2 才能拟合这些点吗？",
                ),
            ),
            Misconception(
                "valleys only",
                [left, right],
                Words(
                    "There the fit is perfect and the derivative is 0. But training from "
                    "w = 0 did not move either: what did the tape answer there?",
                    "那两处拟合得完美，导数是 0。可训练从 w = 0 出发也没有动：`gradient` 在那里给出了什么？",
                ),
            ),
            Misconception(
                "corner only",
                [corner],
                Words(
                    "That is where training is stuck. Where else does the tape answer 0, "
                    "rightly?",
                    "训练就是卡在那里。还有哪里的导数真的是 0？",
                ),
            ),
        ),
        name=Words(
            "every point at which `gradient` gives 0", "`gradient` 给出 0 的每个点"
        ),
        only=True,
    )


def _oscillation(t, A, gamma, omega, phi):
    return A * np.exp(-gamma * t) * np.cos(omega * t + phi)


def _moments(count):
    """Return moments within 10 seconds, in order, as a float32 tensor."""
    return tf.constant(sorted(uniform(0.0, 10.0, count)), tf.float32)


def _numbers(*things):
    """Return tensors, variables and lists of them as NumPy's float64."""
    return [answers.tensor(thing) for thing in things]


@exercise(
    "6.4",
    place=THE_PROJECT,
    points=1,
    hints=(
        Words(
            "Write the formula as it stands; `t` may hold many moments at once.",
            "照公式写；`t` 里可以同时有很多时刻。",
        ),
        Words(
            "`tf.exp` and `tf.cos` take a whole tensor. In the cosine, only `t` is "
            "multiplied by `omega`.",
            "`tf.exp` 和 `tf.cos` 可以一次处理整个张量。余弦里，`omega` 只乘 `t`。",
        ),
        Words(
            "Three factors: `A`, the exponential of minus `gamma` times `t`, and the "
            "cosine of `omega` times `t`, shifted by `phi`.",
            "三个因子：`A`；负 `gamma` 乘 `t` 的指数函数；`omega` 乘 `t` 再加上 `phi` 的余弦。",
        ),
    ),
)
def model_of_the_motion(answer):
    """Require A exp(-γ t) cos(ω t + φ) for a tensor of moments."""

    def altered(change):
        return lambda t, *parameters: change(_numbers(t)[0], *parameters)

    same_function(
        answers.function(answer, "t", "A", "gamma", "omega", "phi"),
        altered(_oscillation),
        [
            (_moments(5), *parameters)
            for parameters in zip(
                uniform(0.5, 2.5, 4),
                uniform(0.1, 0.6, 4),
                uniform(1.0, 3.0, 4),
                uniform(0.3, 1.2, 4),
            )
        ],
        (
            Misconception(
                "grows",
                altered(lambda t, A, g, w, p: _oscillation(t, A, -g, w, p)),
                Words(
                    "This swings ever wider. A damped weight comes to rest.",
                    "这样会越摆越大。有阻尼的重物会停下来。",
                ),
            ),
            Misconception(
                "lost the phase",
                altered(lambda t, A, g, w, p: _oscillation(t, A, g, w, 0.0)),
                Words(
                    "`phi` makes no difference to the result. Where does it belong?",
                    "`phi` 对结果没有影响。它该写在哪里？",
                ),
            ),
            Misconception(
                "shifted in time",
                altered(lambda t, A, g, w, p: _oscillation(t, A, g, w, w * p)),
                Words(
                    "The cosine is of ω·(t + φ). In the formula, φ is added after ω has "
                    "been multiplied.",
                    "这里是 ω·(t + φ) 的余弦。公式里先乘 ω，再加 φ。",
                ),
            ),
            Misconception(
                "sine",
                altered(lambda t, A, g, w, p: _oscillation(t, A, g, w, p - np.pi / 2)),
                Words(
                    "This is the sine of ω·t + φ. The formula has a cosine, which for φ = 0 "
                    "starts at its largest.",
                    "这里是 ω·t + φ 的正弦。公式里是余弦：φ = 0 时，它从最大处开始。",
                ),
            ),
            Misconception(
                "phase subtracted",
                altered(lambda t, A, g, w, p: _oscillation(t, A, g, w, -p)),
                Words(
                    "Here `phi` is subtracted. In the formula it is added.",
                    "这里减去了 `phi`。公式里是加上它。",
                ),
            ),
            Misconception(
                "no damping",
                altered(lambda t, A, g, w, p: _oscillation(t, A, 0.0, w, p)),
                Words(
                    "`gamma` makes no difference to the result. It says how fast the "
                    "weight comes to rest.",
                    "`gamma` 对结果没有影响。它决定重物多快停下来。",
                ),
            ),
            Misconception(
                "forgot the exponential",
                altered(lambda t, A, g, w, p: A * -g * t * np.cos(w * t + p)),
                Words(
                    "−γt is a factor here. In the formula it is the exponent of e.",
                    "这里 −γt 成了因子。公式里它是 e 的指数。",
                ),
            ),
            Misconception(
                "no amplitude",
                altered(lambda t, A, g, w, p: _oscillation(t, 1.0, g, w, p)),
                Words(
                    "`A` makes no difference to the result. It says how far the weight "
                    "swings.",
                    "`A` 对结果没有影响。它决定摆动的幅度。",
                ),
            ),
            Misconception(
                "phase outside of the cosine",
                altered(lambda t, A, g, w, p: _oscillation(t, A, g, w, 0.0) + p),
                Words(
                    "Here `phi` lifts the whole curve. In the formula it stands inside "
                    "the cosine.",
                    "这里 `phi` 把整条曲线抬高了。公式里它在余弦里面。",
                ),
            ),
            Misconception(
                "phase on the product",
                altered(lambda t, A, g, w, p: A * np.exp(-g * t) * (np.cos(w * t) + p)),
                Words(
                    "Here `phi` is added to the cosine. In the formula it stands inside "
                    "it.",
                    "这里 `phi` 加在了余弦上。公式里它在余弦里面。",
                ),
            ),
            Misconception(
                "added the factors",
                altered(lambda t, A, g, w, p: A * np.exp(-g * t) + np.cos(w * t + p)),
                Words(
                    "The exponential and the cosine are added. In the formula they are "
                    "multiplied: the swinging gets smaller and smaller.",
                    "指数函数和余弦是加在一起的。公式里是相乘：摆动越来越小。",
                ),
            ),
            Misconception(
                "damping and frequency exchanged",
                altered(lambda t, A, g, w, p: _oscillation(t, A, w, g, p)),
                Words(
                    "`gamma` and `omega` are exchanged: γ stands in the exponential, ω "
                    "in the cosine.",
                    "`gamma` 和 `omega` 换了位置：γ 在指数里，ω 在余弦里。",
                ),
            ),
            Misconception(
                "turns for radians",
                altered(lambda t, A, g, w, p: _oscillation(t, A, g, 2 * np.pi * w, p)),
                Words(
                    "It swings 2π times too fast: ω is in radians per second already.",
                    "快了 2π 倍：ω 的单位已经是弧度每秒。",
                ),
            ),
            Misconception(
                "t squared in the exponent",
                altered(
                    lambda t, A, g, w, p: A * np.exp(-g * t**2) * np.cos(w * t + p)
                ),
                Words(
                    "In the exponent stands −γt². In the formula it is −γt.",
                    "指数里写的是 −γt²。公式里是 −γt。",
                ),
            ),
            Misconception(
                "t outside of the exponent",
                altered(lambda t, A, g, w, p: A * np.exp(-g) * t * np.cos(w * t + p)),
                Words(
                    "The exponent holds −γ alone, and `t` is a factor after it. Both belong into the exponent.",
                    "指数里只有 −γ，`t` 成了后面的因子。两者都应该在指数里。",
                ),
            ),
        ),
        name="model",
    )


def _errors(parameters, t, y):
    parameters, t, y = _numbers(parameters, t, y)
    return _oscillation(t, *parameters) - y


def _cases(count):
    """Return parameters, moments and positions that no learner has seen."""
    return [
        ([tf.Variable(value) for value in parameters], _moments(9), position)
        for *parameters, height in zip(
            uniform(0.8, 2.0, count),
            uniform(0.1, 0.5, count),
            uniform(1.5, 2.5, count),
            uniform(0.2, 0.9, count),
            uniform(0.5, 2.5, count),
        )
        for position in [tf.constant([height * y for y in uniform(-1.0, 1.0, 9)])]
    ]


@exercise(
    "6.5",
    place=SMALL_PROJECT,
    points=1,
    hints=(
        Words(
            "How far is the model from each measurement, and how does one make a single "
            "number of it?",
            "模型离每个测量值有多远？怎样把它们变成一个数？",
        ),
        Words(
            "`misfit` of the small project does the same, with two parameters.",
            "小项目里的 `misfit` 做的是同一件事，只是参数是两个。",
        ),
        Words(
            "`model(t, *parameters)` hands the four over. Subtract `y`, square, take the "
            "mean with `tf.reduce_mean`.",
            "`model(t, *parameters)` 就把四个参数传了进去。减去 `y`，平方，再用 `tf.reduce_mean` 取平均。",
        ),
    ),
)
def loss_of_the_fit(answer):
    """Require the mean squared error of the model."""
    same_function(
        answers.function(answer, "parameters", "t", "y"),
        lambda p, t, y: np.mean(_errors(p, t, y) ** 2),
        _cases(4),
        (
            Misconception(
                "summed",
                lambda p, t, y: np.sum(_errors(p, t, y) ** 2),
                Words(
                    "The squares are summed. Then the learning rate would have to "
                    "change with the number of measurements: take the mean.",
                    "误差的平方加了起来。那样学习率就得随测量值的个数改变：请取平均。",
                ),
            ),
            Misconception(
                "no square",
                lambda p, t, y: np.mean(_errors(p, t, y)),
                Words(
                    "Errors up and down cancel here, and the loss can fall below 0.",
                    "这样一来，偏高和偏低会互相抵消，损失还会跌到 0 以下。",
                ),
            ),
            Misconception(
                "absolute errors",
                lambda p, t, y: np.mean(np.abs(_errors(p, t, y))),
                Words(
                    "This is the mean absolute error, which has a kink wherever an "
                    "error is 0. The task asks for squares.",
                    "这是平均绝对误差，误差为 0 处都有尖点。题目要的是平方。",
                ),
                CORNER,
            ),
            Misconception(
                "rooted",
                lambda p, t, y: np.sqrt(np.mean(_errors(p, t, y) ** 2)),
                Words(
                    "This is the root of the loss. It has its minimum at the same place, "
                    "but other derivatives.",
                    "这是损失的平方根。最小值点相同，导数却不同。",
                ),
            ),
            Misconception(
                "damping and frequency exchanged",
                lambda p, t, y: _mean_square(
                    _oscillation(*_numbers(t), *_numbers(p)[0][[0, 2, 1, 3]]), y
                ),
                Words(
                    "`gamma` and `omega` reach the model exchanged. The order is A, γ, ω, "
                    "φ: in the list, and in `model`.",
                    "传给模型的 `gamma` 和 `omega` 换了位置。顺序是 A、γ、ω、φ，列表和 `model` 都一样。",
                ),
                THE_PROJECT,
            ),
            Misconception(
                "moments last",
                lambda p, t, y: _mean_square(
                    _oscillation(_numbers(p)[0][0], *_numbers(p)[0][1:], *_numbers(t)),
                    y,
                ),
                Words(
                    "The model gets `t` in the last place, where it takes φ. Its first "
                    "argument is `t`.",
                    "`t` 传到了模型的最后一个位置，那里是 φ。模型的第一个参数是 `t`。",
                ),
                THE_PROJECT,
            ),
            Misconception(
                "another count",
                lambda p, t, y: np.sum(_errors(p, t, y) ** 2) / 60,
                Words(
                    "The sum is divided by 60, however many measurements there are. The "
                    "check has other measurements, and not 60 of them.",
                    "不管有多少个测量值，都除以 60。检查用的是别的测量值，并不是 60 个。",
                ),
            ),
            Misconception(
                "always the same measurements",
                lambda p, t, y: np.mean(_errors(p, *measurements()) ** 2),
                Words(
                    "The loss is that of the measurements in the lesson, whatever `t` and "
                    "`y` it is given. Inside the function, use its arguments.",
                    "不管传入什么 `t` 和 `y`，得到的都是正文里那组测量值的损失。函数里要用它的参数。",
                ),
            ),
            Misconception(
                "square of the mean",
                lambda p, t, y: np.mean(_errors(p, t, y)) ** 2,
                Words(
                    "The mean is taken first and then squared, so errors up and down cancel. First square each error, then take the mean.",
                    "这里先取平均再平方，偏高和偏低就互相抵消了。应该先把每个误差平方，再取平均。",
                ),
            ),
        ),
        name="loss",
    )


def _mean_square(values, y):
    return np.mean((values - answers.tensor(y)) ** 2)


def _slopes(parameters, t, y, weights):
    """Return the slopes of the weighted sum of the model's values."""
    (A, gamma, omega, phi), t, y = _numbers(parameters, t, y)
    decay, angle = np.exp(-gamma * t), omega * t + phi
    steepness = [
        decay * np.cos(angle),
        -t * A * decay * np.cos(angle),
        -t * A * decay * np.sin(angle),
        -A * decay * np.sin(angle),
    ]
    return np.array(steepness) @ weights


def _loss_slopes(p, t, y):
    return _slopes(p, t, y, 2 * _errors(p, t, y) / len(y))


@exercise(
    "6.6",
    place=ONE_PAGE,
    points=2,
    hints=(
        Words(
            "One number, four sources: how many walks back does that take?",
            "一个数，四个源：要往回走几趟？",
        ),
        Words(
            "Compute the loss inside the tape, from the variables as they were handed "
            "over. A list of sources brings a list of results.",
            "在梯度带里算损失，直接用传进来的变量。源是列表，得到的就是导数的列表。",
        ),
        Words(
            "Three lines: the `with`, the `loss` in it, and one `gradient` call with "
            "`parameters` as its second argument.",
            "三行：`with`；块里的 `loss`；一次 `gradient`，第二个参数就是 `parameters`。",
        ),
    ),
)
def slopes_of_the_loss(answer):
    """Require the four slopes of the loss, in the order of the parameters."""
    same_function(
        answers.function(answer, "parameters", "t", "y"),
        _loss_slopes,
        _cases(4),
        (
            Misconception(
                "slopes of the model",
                lambda p, t, y: _slopes(p, t, y, np.ones(len(y))),
                Words(
                    "These are the derivatives of the model's values, added up; the "
                    "measurements make no difference to them. The target is the loss.",
                    "这是模型值的导数之和，测量值对它毫无影响。目标应该是损失。",
                ),
            ),
            Misconception(
                "slopes of a sum",
                lambda p, t, y: len(y) * _loss_slopes(p, t, y),
                Words(
                    "All four are too large, by the number of measurements: a target "
                    "that is a vector is summed. Was the mean taken in the tape?",
                    "四个数都大了，倍数正是测量值的个数：目标是向量时会求和。平均是在梯度带里取的吗？",
                ),
            ),
            Misconception(
                "downhill",
                lambda p, t, y: -_loss_slopes(p, t, y),
                Words(
                    "All four signs are turned. This is the way downhill; the gradient "
                    "points uphill, and the step subtracts it.",
                    "四个符号都反了。这是下山的方向；梯度指向上坡，走步时再减去它。",
                ),
                SMALL_PROJECT,
            ),
            Misconception(
                "other order",
                lambda p, t, y: _loss_slopes(p, t, y)[::-1],
                Words(
                    "The numbers are right, in the opposite order. They come back in the "
                    "order of the sources.",
                    "数都对，顺序反了。源按什么顺序写，结果就按什么顺序排列。",
                ),
            ),
        ),
        name="gradients",
    )


# Well below the noise of the measurements, 0.05; what the noise does to a perfect fit
# is about 0.013.
_NEAR_ENOUGH = 0.03
_NOISE = 0.05


def _unseen_measurements(count):
    """Give starts, moments, positions and the parameters from which those come."""
    t = np.linspace(0.0, 10.0, 60)
    noise = np.array(uniform(-1.0, 1.0, t.size)) * _NOISE * np.sqrt(3)
    for parameters in zip(
        uniform(1.3, 1.7, count),
        uniform(0.2, 0.35, count),
        uniform(1.8, 2.3, count),
        uniform(0.3, 0.7, count),
    ):
        start = [float(p * f) for p, f in zip(parameters, (0.7, 1.4, 1.06, 0.4))]
        y = _oscillation(t, *parameters) + noise
        yield start, tf.constant(t, tf.float32), tf.constant(y, tf.float32), parameters


def _distance(one, other):
    return float(np.sqrt(np.mean((one - other) ** 2)))


@exercise(
    "6.7",
    place=SMALL_PROJECT,
    points=4,
    seconds=40.0,
    hints=(
        Words(
            "The loop of the small project does it for two parameters. Which of its lines "
            "have to change?",
            "小项目里的循环对两个参数就是这么做的。哪几行要改？",
        ),
        Words(
            "Make variables of the four numbers in `start`, inside the function. Then in "
            "each step take all four derivatives, and update all four in place.",
            "在函数里用 `start` 的四个数建立变量。然后每一步都求出四个导数，原地更新四个变量。",
        ),
        Words(
            "With a learning rate of a few tenths, a few hundred steps of `assign_sub` "
            "are enough. Return the four when the loss has stopped falling.",
            "学习率取零点几，用 `assign_sub` 走几百步就够。等损失不再下降，返回这四个数。",
        ),
    ),
)
def training(answer):
    """Require parameters whose curve is nearer to the truth than the noise is."""
    fit = answers.function(answer, "start", "t", "y")
    result = sentences.RESULT_OF(what="`fit`")
    tried = [
        (answers.tensor(fit(list(start), t, y), (4,), result), start, t, y, true)
        for start, t, y, true in _unseen_measurements(2)
    ]
    if np.array_equal(tried[0][0], tried[1][0]):
        says = Words(
            "Two different series of measurements gave the same four numbers. Does "
            "`fit` use the `t` and `y` that it is given?",
            "两组不同的测量值得到了同样的四个数。`fit` 用的是传给它的 `t` 和 `y` 吗？",
        )
        raise Wrong(says, "hard-coded")
    if all(map(_is_there_in_another_order, tried)):
        says = Words(
            "The four numbers are right, in another order. Return A, γ, ω, φ.",
            "四个数是对的，只是顺序不对。请按 A、γ、ω、φ 的顺序返回。",
        )
        raise Wrong(says, "other order")
    for fitted, start, t, y, _ in tried:
        _require_training(np.array(start), fitted, t, y)
    if not all(_is_there(fitted, t, true) for fitted, _, t, _, true in tried):
        says = Words(
            "The loss is lower than at the start, but your curve has not reached the "
            "measurements. Print the loss every 50 steps: if it still falls at the end, "
            "more steps are needed; if it jumps up and down, smaller ones.",
            "损失比开始时小，可曲线还没有贴近测量值。每 50 步打印一次损失：到最后还在下降，就多走几步；"
            "忽高忽低，就把步子改小。",
        )
        raise Wrong(says, "not there yet")


def _is_there(fitted, t, true):
    curves = (_oscillation(_numbers(t)[0], *each) for each in (fitted, true))
    with np.errstate(all="ignore"):
        return _distance(*curves) <= _NEAR_ENOUGH


def _is_there_in_another_order(one):
    fitted, _, t, _, true = one
    others = list(itertools.permutations(fitted))[1:]
    return not _is_there(fitted, t, true) and any(
        _is_there(other, t, true) for other in others
    )


def _require_training(start, fitted, t, y):
    still = np.isclose(fitted, start, rtol=1e-5)
    if still.all():
        says = Words(
            "The four numbers come back as they went in. Does the loop update the "
            "variables, and does `fit` return them?",
            "四个数原样返回。循环里更新变量了吗？`fit` 返回的是它们吗？",
        )
        raise Wrong(says, "stands still")
    with np.errstate(all="ignore"):
        before, after = (np.mean(_errors(p, t, y) ** 2) for p in (start, fitted))
    if not after <= before:
        says = Words(
            "The loss has grown from {before} to {after}. Either the step goes uphill, "
            "or it is so long that it jumps over the valley.",
            "损失从 {before} 涨到了 {after}。要么是朝上坡走，要么是步子太大，跳过了山谷。",
        )
        raise Wrong(says(before=f"{before:.3g}", after=f"{after:.3g}"), "uphill")
    if still.any():
        says = Words(
            "{count} of the four numbers did not move. Does every parameter get its step?",
            "四个数里有 {count} 个没有动。每个参数都走步了吗？",
        )
        raise Wrong(says(count=int(still.sum())), "some stand still")


def measurements() -> tuple[np.ndarray, np.ndarray]:
    """Return the moments and the positions that the lesson gives, both of shape (60,).

    Examples
    --------
    >>> [numbers.shape for numbers in measurements()]
    [(60,), (60,)]
    """
    t = tf.linspace(0.0, 10.0, 60)
    noise = tf.random.stateless_normal(t.shape, seed=[3, 4], stddev=_NOISE)
    return tuple(_numbers(t, _oscillation(t, 1.5, 0.3, 2.0, 0.5) + noise))


@exercise(
    "6.8",
    place=THE_PROJECT,
    points=3,
    hints=(
        Words(
            "Above: points and one smooth curve. Below: for each point, how far it lies "
            "above or below the curve.",
            "上图：数据点和一条光滑的曲线。下图：每个点在曲线上方或下方多远。",
        ),
        Words(
            "`plt.subplots(2, 1)` makes two Axes. The curve is your `model` with the "
            "parameters from your `fit`, at many moments; residuals need it at `seconds`.",
            "`plt.subplots(2, 1)` 给出两个子图。曲线是把 `fit` 得到的参数放进 `model`，取很多时刻；残差则取在 `seconds` 处。",
        ),
        Words(
            "A residual is `position` minus the model at the same moment, with its sign. "
            "Plot it against `seconds` with markers, such as “o”.",
            "残差等于 `position` 减去同一时刻的模型值，带着符号。以 `seconds` 为横轴用标记画出来，例如 “o”。",
        ),
    ),
)
def drawing_of_the_fit(answer):
    """Require measurements with the fitted curve, and the residuals below."""
    above, below = map(axes, answers.parts(answer, 2))
    t, y = measurements()
    if not _are_heights(above, t, y) and _are_heights(below, t, y):
        says = Words(
            "The two are exchanged: the figure with the measurements comes first.",
            "两个换了位置：有测量值的那幅图在前。",
        )
        raise Wrong(says, "exchanged")
    has_marks(
        above,
        list(zip(t, y)),
        name=Words("all measurements", "所有测量值"),
    )
    fitted = _curve_of_the_fit(above, t, y)
    residuals = y - fitted
    if _are_heights(below, t, residuals):
        return
    for heights, name, says in (
        (
            -residuals,
            "sign of the residuals",
            Words(
                "The residuals are upside down: where a measurement lies above the "
                "curve, its residual is positive.",
                "残差上下颠倒了：测量值在曲线上方时，残差为正。",
            ),
        ),
        (
            np.abs(residuals),
            "size of the residuals",
            Words(
                "The lower figure shows sizes only. Without the signs one cannot see "
                "whether the curve runs between the points or beside them.",
                "下图只画了大小。没有符号，就看不出曲线是从点中间穿过，还是偏在一边。",
            ),
        ),
        (
            y,
            "measurements below",
            Words(
                "The lower figure shows the measurements once more. What is left of them "
                "if the curve is taken away?",
                "下图又画了一遍测量值。减去曲线以后，还剩下什么？",
            ),
        ),
    ):
        if _are_heights(below, t, heights):
            raise Wrong(says, name)
    if not len(marks(below)):
        says = Words(
            "The lower figure has no marks yet. Draw the residuals with a marker for "
            'each, as `plot(x, y, "o")` does.',
            '下图里还没有标记。请给每个残差画一个标记，例如 `plot(x, y, "o")`。',
        )
        raise Wrong(says, "not marked")
    says = Words(
        "In the lower figure, the marks are not where the residuals of your curve are: "
        "one mark for each measurement, at its moment.",
        "下图里的标记不在你那条曲线的残差处：每个测量值一个标记，横坐标是它的时刻。",
    )
    raise Wrong(says, "no residuals")


def _curve_of_the_fit(ax, t, y):
    """Return the fitted curve of a figure at the moments t, or say what is drawn."""
    others = [
        (x, heights)
        for x, heights in curves(ax)
        if len(x) != len(t) or not np.allclose(heights, y, atol=1e-3)
    ]
    for x, heights in others:
        reaches = x.min() < 0.2 and x.max() > 9.8
        true = _oscillation(x, 1.5, 0.3, 2.0, 0.5)
        if reaches and _distance(heights, true) < _NEAR_ENOUGH:
            return np.interp(t, x, heights)
    if not others:
        says = Words(
            "In the upper figure there are only the measurements, with or without a line "
            "that joins them. A fit runs between them.",
            "上图里只有测量值，连成线也好，没连也好。拟合曲线是从它们中间穿过的。",
        )
        raise Wrong(says, "measurements only")
    says = Words(
        "None of the curves in the upper figure runs through the measurements from "
        "0 to 10. Is it drawn with the fitted parameters, and not with the guess?",
        "上图里没有一条曲线从 0 到 10 一直穿过测量值。它用的是拟合出的参数，还是当初的猜测？",
    )
    raise Wrong(says, "not the fit")


def _are_heights(ax, t, heights):
    """Tell whether there is a mark at each moment, at its height."""
    found = marks(ax)
    # Half a moment's distance, and less than half of the noise.
    near = (np.abs(found[:, :1] - t) < 0.08) & (np.abs(found[:, 1:] - heights) < 0.02)
    return bool(near.any(axis=0).all())


@answers.called("sin 1.3t")
def _swing(t):
    return tf.sin(1.3 * t)


@answers.called("0.1t³")
def _cubic(t):
    return 0.1 * t * t * t


@answers.called("exp(−0.4t)")
def _fading(t):
    return tf.exp(-0.4 * t)


_MOTIONS = {
    _swing: lambda t: (np.sin(1.3 * t), 1.3 * np.cos(1.3 * t), -1.69 * np.sin(1.3 * t)),
    _cubic: lambda t: (0.1 * t**3, 0.3 * t**2, 0.6 * t),
    _fading: lambda t: np.outer([1.0, -0.4, 0.16], np.exp(-0.4 * t)),
}


@exercise(
    "6.9",
    place=ONE_PAGE,
    points=2,
    hints=(
        Words(
            "The law needs y, y′ and y″ at the same moments. Which exercise gave you all "
            "three?",
            "这条定律要用到同一时刻的 y、y′ 和 y″。哪道练习一次给出过这三个？",
        ),
        Words(
            "Nested tapes work for a whole tensor of moments: each entry of y(t) depends "
            "on its own moment only, so the sum mixes nothing.",
            "嵌套的梯度带可以一次处理整个张量：y(t) 的每个分量只依赖自己的时刻，求和不会把它们混在一起。",
        ),
        Words(
            "Watch `t` in both tapes, take y′ inside the outer block, y″ after it; then "
            "put the three into the left side, with both terms of its last factor.",
            "两个梯度带都监视 `t`，在外层的块里求 y′，出来以后求 y″；再把三者代入左边，最后一个因子里的两项都别漏。",
        ),
    ),
)
def law_of_the_motion(answer):
    """Require y'' + 2 γ y' + (γ² + ω²) y for any y, at a tensor of moments."""

    def altered(change):
        def left_side(y, t, gamma, omega):
            return change(*_MOTIONS[y](_numbers(t)[0]), gamma, omega)

        return left_side

    left_side = answers.function(answer, "y", "t", "gamma", "omega")
    _require_the_given_motion(left_side)
    same_function(
        left_side,
        altered(lambda y, y1, y2, g, w: y2 + 2 * g * y1 + (g**2 + w**2) * y),
        [
            (y, _moments(5), gamma, omega)
            for y in _MOTIONS
            for gamma, omega in zip(uniform(0.2, 0.8, 2), uniform(1.2, 2.5, 2))
        ],
        (
            Misconception(
                "lost the two",
                altered(lambda y, y1, y2, g, w: y2 + g * y1 + (g**2 + w**2) * y),
                Words(
                    "The term with y′ is half as large as it should be.",
                    "含 y′ 的那一项只有应有的一半。",
                ),
                THE_PROJECT,
            ),
            Misconception(
                "lost a square",
                altered(lambda y, y1, y2, g, w: y2 + 2 * g * y1 + w**2 * y),
                Words(
                    "The damping slows the swinging too: before y there is more than ω².",
                    "阻尼也会让摆动变慢：y 前面不只有 ω²。",
                ),
                THE_PROJECT,
            ),
            Misconception(
                "other sign of the damping",
                altered(lambda y, y1, y2, g, w: y2 - 2 * g * y1 + (g**2 + w**2) * y),
                Words(
                    "The term with y′ has the opposite sign.",
                    "含 y′ 的那一项符号反了。",
                ),
                THE_PROJECT,
            ),
            Misconception(
                "no acceleration",
                altered(lambda y, y1, y2, g, w: 2 * g * y1 + (g**2 + w**2) * y),
                Words(
                    "y″ is missing, or it is 0 for every y: is the inner gradient asked "
                    "for within the outer block?",
                    "少了 y″，或者它对任何 y 都是 0：内层的梯度是在外层的块里求的吗？",
                ),
            ),
            Misconception(
                "squared the speed",
                altered(lambda y, y1, y2, g, w: y1**2 + 2 * g * y1 + (g**2 + w**2) * y),
                Words(
                    "In the place of y″ stands (y′)². The acceleration is the derivative of "
                    "the speed.",
                    "y″ 的位置上是 (y′)²。加速度是速度的导数。",
                ),
            ),
            Misconception(
                "square of the sum",
                altered(lambda y, y1, y2, g, w: y2 + 2 * g * y1 + (g + w) ** 2 * y),
                Words(
                    "Before y stands (γ + ω)². In the law it is γ² + ω²; the two differ by 2γω.",
                    "y 前面写的是 (γ + ω)²。方程里是 γ² + ω²，两者相差 2γω。",
                ),
            ),
            Misconception(
                "first and second derivative exchanged",
                altered(lambda y, y1, y2, g, w: y1 + 2 * g * y2 + (g**2 + w**2) * y),
                Words(
                    "y′ and y″ are exchanged: y″ stands alone, y′ is multiplied by 2γ.",
                    "y′ 和 y″ 换了位置：y″ 单独出现，y′ 才乘以 2γ。",
                ),
            ),
            Misconception(
                "forgot the brackets",
                altered(lambda y, y1, y2, g, w: y2 + 2 * g * y1 + g**2 + w**2 * y),
                Words(
                    "Brackets are missing: the whole of γ² + ω² is multiplied by y.",
                    "少了括号：整个 γ² + ω² 都要乘以 y。",
                ),
            ),
            Misconception(
                "no term with y",
                altered(lambda y, y1, y2, g, w: y2 + 2 * g * y1),
                Words(
                    "The term with y is missing.",
                    "少了含 y 的那一项。",
                ),
            ),
        ),
        name="left_side",
        # Three terms of up to 600 that may cancel, each rounded in float32.
        atol=1e-3,
    )


def _require_the_given_motion(left_side):
    """Say that a left side does not use the function y that it is given."""
    given = _moments(5), 0.5, 2.0
    one, other = (answers.tensor(left_side(y, *given), (5,)) for y in (_swing, _cubic))
    if np.array_equal(one, other):
        says = Words(
            "`left_side` gives the same for every y: it does not use the `y` that it is "
            "given.",
            "不管 y 是什么，`left_side` 的结果都一样：它没有用到传进来的 `y`。",
        )
        raise Wrong(says, "another y")


stopped_road = Prediction(
    "6.a",
    choices={
        "6 and 6": Words("6 and 6", "6 和 6"),
        "6 and 3": Words("6 and 3", "6 和 3"),
        "3 and 3": Words("3 and 3", "3 和 3"),
        "6 and 0": Words("6 and 0", "6 和 0"),
    },
    outcome=lambda slopes: " and ".join(f"{float(slope):g}" for slope in slopes),
)
