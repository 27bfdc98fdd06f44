"""Exercises of lesson 4: higher-order derivatives."""

import numpy as np
import tensorflow as tf

from gradtape.exercises import answers
from gradtape.exercises.comparing import (
    Misconception,
    same_function,
    same_text,
    uniform,
)
from gradtape.exercises.drawings import axes, has_curve, has_marks
from gradtape.exercises.exercise import exercise
from gradtape.exercises.prediction import Prediction
from gradtape.exercises.stages import stage_reached
from gradtape.exercises.words import Words

# A task that is to be done by hand does without these.
BY_TAPE = ("GradientTape", "value_and_gradient", "derivatives")
TAPE_IN_TAPE = Words("A tape inside a tape", "梯度带套梯度带")
HOW_IT_BENDS = Words("How a curve bends", "曲线怎样弯")
POLYNOMIALS = Words("Taylor polynomials: approximating a curve", "泰勒多项式：逼近曲线")
NEWTON = Words("Newton's method: using the second derivative", "牛顿法：利用二阶导数")
HESSIAN = Words("Two variables: the Hessian (optional)", "两个变量：黑塞矩阵（选学）")
INSIDE_THE_TAPE = Words("Inside the tape (optional)", "梯度带里面（选学）")
OUTSIDE = Words(
    "The inner gradient outside the outer tape", "内层的梯度写到了外层梯度带外面"
)
ROW_SUMS = Words(
    "Row sums instead of a Hessian (optional)",
    "得到的不是黑塞矩阵，而是各行之和（选学）",
)
ZERO_OR_NONE = Words("0, None or nan", "0、None 还是 nan")


@exercise(
    "4.1",
    place=TAPE_IN_TAPE,
    points=1,
    hints=(
        Words(
            "What does the outer tape have on record, from `x` to `z`? Write `z` as a "
            "formula in x.",
            "从 `x` 到 `z`，外层梯度带记下了什么？把 `z` 写成 x 的式子。",
        ),
        Words(
            "`slope` is y′ as a function of x, not only its value here. So `z` is x · y′, "
            "a power of x times a number.",
            "`slope` 是作为 x 的函数的 y′，不只是它在这里的值。所以 `z` 是 x · y′，也就是一个数乘以 x 的幂。",
        ),
        Words(
            "So z = x · 4x³ = 4x⁴. Differentiate that once more, and put 2 in for x.",
            "z = x · 4x³ = 4x⁴。再求一次导，把 x = 2 代进去。",
        ),
    ),
)
def printed_by_the_outer_tape(answer):
    """Require what the outer tape gives for x times the inner derivative."""
    same_text(
        answer,
        ["128.0", "128"],
        (
            Misconception(
                "second derivative",
                ["48.0", "48"],
                Words(
                    "48 is y″. But the target of the outer tape is `z`, and `z` is more "
                    "than `slope`.",
                    "48 是 y″。可外层梯度带的目标是 `z`，而 `z` 不只是 `slope`。",
                ),
            ),
            Misconception(
                "derivative taken for a number",
                ["32.0", "32"],
                Words(
                    "That would be right if `slope` were a mere number. It was computed "
                    "inside the outer block, so how it depends on `x` is on the record too.",
                    "如果 `slope` 只是一个数，这就对了。可它是在外层块里算出来的，它怎样依赖 `x` 也在记录里。",
                ),
            ),
            Misconception(
                "one part of the product",
                ["96.0", "96"],
                Words(
                    "This is x · y″. Two paths lead from `x` to `z`: one through `slope`, "
                    "and one through the factor `x` itself.",
                    "这是 x · y″。从 `x` 到 `z` 有两条路径：一条经过 `slope`，一条直接经过因子 `x`。",
                ),
            ),
            Misconception(
                "added instead of multiplied",
                ["80.0", "80"],
                Words(
                    "This is y′ + y″. The product rule gives y′ + x · y″: the second "
                    "term has the factor `x`.",
                    "这是 y′ + y″。按乘积法则是 y′ + x · y″：第二项还有因子 `x`。",
                ),
            ),
            Misconception(
                "value of y",
                ["16.0", "16"],
                Words(
                    "16 is `y`. What is printed is the derivative of `z`.",
                    "16 是 `y`。打印的是 `z` 的导数。",
                ),
            ),
            Misconception(
                "value of z",
                ["64.0", "64"],
                Words(
                    "64 is `z` itself. The cell prints its derivative.",
                    "64 是 `z` 本身。代码打印的是它的导数。",
                ),
            ),
            Misconception(
                "None",
                "None",
                Words(
                    "Look at the indentation: `slope` and `z` are computed inside the "
                    "outer block, so the outer tape has recorded them.",
                    "看缩进：`slope` 和 `z` 都是在外层块里算的，外层梯度带记录了它们。",
                ),
                TAPE_IN_TAPE,
            ),
        ),
    )


@answers.called("x⁴ + sin x")
def _fourth_power_and_wave(x):
    return x**4 + tf.sin(x)


def _first(f, at):
    """Return the first derivative of x⁴ + sin x."""
    return 4 * at**3 + np.cos(at)


@answers.called("x⁴ − 4x²")
def _two_valleys(x):
    return x**4 - 4 * x**2


@exercise(
    "4.2",
    place=OUTSIDE,
    points=2,
    pitfalls={"P1": TAPE_IN_TAPE},
    hints=(
        Words(
            "Ask of each tape: which number does it watch, and which calculations does it "
            "record?",
            "对每个梯度带都问一问：它监视哪个数？它记录了哪些计算？",
        ),
        Words(
            "One tape does not watch `start`; and `first` is computed when no tape records "
            "any more.",
            "有一个梯度带没有监视 `start`；还有，计算 `first` 的时候，已经没有梯度带在记录了。",
        ),
        Words(
            "Let the outer tape watch `start` too, and move the line of `first` one step "
            "to the right, into the outer block.",
            "让外层梯度带也监视 `start`，再把 `first` 那一行往右缩进一级，放进外层块里。",
        ),
    ),
)
def repaired_second_derivative(answer):
    """Require the second derivative of any function at any point."""
    same_function(
        answers.function(answer, "f", "at"),
        lambda f, at: 12 * at**2 - np.sin(at),
        [(_fourth_power_and_wave, at) for at in uniform(-1.6, 1.8)],
        (
            Misconception(
                "first derivative",
                _first,
                Words(
                    "This is f′. For f″ it has to be differentiated once more, by the "
                    "outer tape.",
                    "这是 f′。要得到 f″，还得用外层梯度带再求一次导。",
                ),
                TAPE_IN_TAPE,
            ),
            Misconception(
                "silenced with zero",
                lambda f, at: 0.0,
                Words(
                    "0 in place of `None` hides that `start` and `first` are not "
                    "connected. This function is not a straight line; the way from one "
                    "to the other has to be recorded.",
                    "用 0 代替 `None`，只是掩盖了 `start` 和 `first` 没有连接。这个函数并不是直线，从一个到另一个的计算必须记录下来。",
                ),
                ZERO_OR_NONE,
            ),
            Misconception(
                "slope by itself",
                lambda f, at: 1.0,
                Words(
                    "1 is how `first` changes with `first`. The source has to be the "
                    "point, `start`.",
                    "1 是 `first` 对它自己的变化率。源应该是那个点 `start`。",
                ),
                TAPE_IN_TAPE,
            ),
            Misconception(
                "twice the first derivative",
                lambda f, at: 2 * _first(f, at),
                Words(
                    "This is 2f′: the first derivative was added up twice, not "
                    "differentiated twice.",
                    "这是 2f′：把一阶导数加了两遍，而不是求了两次导。",
                ),
                TAPE_IN_TAPE,
            ),
            Misconception(
                "squared the first derivative",
                lambda f, at: _first(f, at) ** 2,
                Words(
                    "This is (f′)². The second derivative is no square: f′ is differentiated once more.",
                    "这是 (f′)²。二阶导数不是平方，而是对 f′ 再求一次导。",
                ),
            ),
        ),
        name="bend",
    )


@exercise(
    "4.3",
    place=HOW_IT_BENDS,
    points=2,
    hints=(
        Words(
            "Differentiate once, with the chain rule. What you get is a product of two "
            "functions of x.",
            "先用链式法则求一次导，得到的是两个 x 的函数的乘积。",
        ),
        Words(
            "The first derivative is f′ = −2x · e^(−x²). Now the product rule: each of the "
            "two factors is differentiated in turn.",
            "f′ = −2x · e^(−x²)。再用乘积法则：两个因子轮流求导。",
        ),
        Words(
            "The first turn gives −2 · e^(−x²). The second gives −2x times the derivative "
            "of e^(−x²), which you have already. Add them.",
            "第一项是 −2 · e^(−x²)；第二项是 −2x 乘以 e^(−x²) 的导数，这个导数你已经求过了。把两项加起来。",
        ),
    ),
)
def bend_of_a_bell(answer):
    """Require the second derivative of exp(-x²)."""

    def bell(x):
        return np.exp(-(x**2))

    same_function(
        answers.function(answer, "x"),
        lambda x: (4 * x**2 - 2) * bell(x),
        uniform(-1.7, 1.9),
        (
            Misconception(
                "first derivative",
                lambda x: -2 * x * bell(x),
                Words(
                    "This is f′. What is asked for is f″, the derivative of f′.",
                    "这是 f′。题目要的是 f″，即 f′ 的导数。",
                ),
            ),
            Misconception(
                "no product rule",
                lambda x: 4 * x**2 * bell(x),
                Words(
                    "A part is missing: in f′ = −2x · e^(−x²) the factor −2x changes too.",
                    "少了一项：在 f′ = −2x · e^(−x²) 里，因子 −2x 也在变。",
                ),
            ),
            Misconception(
                "lost the sign of the slope",
                lambda x: (2 - 4 * x**2) * bell(x),
                Words(
                    "All is right but the sign: the bell falls on the right, so f′ has a "
                    "minus, and f″ keeps it.",
                    "只差整个符号：钟形曲线在右边是下降的，所以 f′ 带负号，f″ 也要带着它。",
                ),
            ),
            Misconception(
                "only the first factor",
                lambda x: -2 * bell(x),
                Words(
                    "Only −2x was differentiated. In f′ = −2x · e^(−x²) the other factor "
                    "changes too.",
                    "只对 −2x 求了导。在 f′ = −2x · e^(−x²) 里，另一个因子也在变。",
                ),
            ),
            Misconception(
                "product of the derivatives",
                lambda x: 4 * x * bell(x),
                Words(
                    "The derivatives of both factors were multiplied. The derivative of a "
                    "product is a sum of two parts.",
                    "你把两个因子的导数乘在了一起。乘积的导数应该是两项之和。",
                ),
            ),
            Misconception(
                "lost a sign",
                lambda x: (-4 * x**2 - 2) * bell(x),
                Words(
                    "A minus is lost. Your curve would be a dome everywhere; but far out "
                    "the bell runs level, and to do so it must bend like a bowl.",
                    "丢了一个负号。照你的结果，曲线处处像拱；可钟形曲线在远处要变平，就得像碗那样弯。",
                ),
            ),
            Misconception(
                "sign in the exponent",
                lambda x: (4 * x**2 + 2) * np.exp(x**2),
                Words(
                    "This is the second derivative of e^(x²). Here the exponent is −x².",
                    "这是 e^(x²) 的二阶导数。这里的指数是 −x²。",
                ),
            ),
            Misconception(
                "plus instead of minus",
                lambda x: (4 * x**2 + 2) * bell(x),
                Words(
                    "A sign is wrong: both terms have a plus. The first term comes from "
                    "differentiating −2x.",
                    "有个符号错了：两项都成了正的。第一项来自对 −2x 求导。",
                ),
            ),
            Misconception(
                "forgot the factor of the chain rule",
                lambda x: (2 * x**2 - 2) * bell(x),
                Words(
                    "The term with x² is half of what it should be: the derivative of "
                    "e^(−x²) has the factor −2x, not −x.",
                    "含 x² 的一项只有应有的一半：e^(−x²) 的导数带因子 −2x，不是 −x。",
                ),
            ),
            Misconception(
                "forgot the inner derivative",
                lambda x: -(2 + 2 * x) * bell(x),
                Words(
                    "In the second step the chain rule was forgotten: the derivative of "
                    "e^(−x²) is not e^(−x²).",
                    "第二步漏掉了链式法则：e^(−x²) 的导数不是 e^(−x²)。",
                ),
            ),
            Misconception(
                "lost the minus of the exponent",
                lambda x: (4 * x**2 - 2) * bell(x) ** -1,
                Words(
                    "The factor before the exponential is right. But the exponent has lost its minus: this is e^(x²), not e^(−x²).",
                    "指数函数前面的因子对了，可指数里丢了负号：这是 e^(x²)，不是 e^(−x²)。",
                ),
            ),
            Misconception(
                "lost the exponential",
                lambda x: 4 * x**2 - 2,
                Words(
                    "The factor e^(−x²) is missing. It stays in every derivative.",
                    "少了因子 e^(−x²)。每一阶导数里都有它。",
                ),
            ),
            Misconception(
                "x instead of x²",
                lambda x: (4 * x - 2) * bell(x),
                Words(
                    "Two factors of x meet, and their product is x², not x.",
                    "有两个 x 相乘，乘积是 x²，不是 x。",
                ),
            ),
            Misconception(
                "f itself",
                bell,
                Words(
                    "This is f itself. What is asked for is f″.",
                    "这是 f 本身。题目要的是 f″。",
                ),
            ),
            Misconception(
                "the other bell",
                lambda x: (x**2 - 1) * np.exp(-(x**2) / 2),
                Words(
                    "This is the second derivative of e^(−x²/2). Here the exponent has no half.",
                    "这是 e^(−x²/2) 的二阶导数。这里的指数里没有二分之一。",
                ),
            ),
        ),
        name="bend_of_bell",
    )
    answers.forbid(answer, *BY_TAPE)


@exercise(
    "4.4",
    place=POLYNOMIALS,
    points=3,
    hints=(
        Words(
            "The parabola agrees with f at x = 2 in three things. Which polynomial of "
            "this lesson does that?",
            "抛物线和 f 在 x = 2 处有三样东西一致。这一课的哪个多项式做到这一点？",
        ),
        Words(
            "It is the Taylor polynomial of order 2. Its own derivative is f′(2) + "
            "f″(2) · (x − 2); where is that 0?",
            "它就是 2 阶泰勒多项式。它自己的导数是 f′(2) + f″(2) · (x − 2)，这在哪里等于 0？",
        ),
        Words(
            "With a, b, c for f(2), f′(2), f″(2), draw a + b·(x − 2) + c/2·(x − 2)², and "
            "the mark at x = 2 − b/c, at the parabola's own height.",
            "记 f(2)、f′(2)、f″(2) 为 a、b、c，画出 a + b·(x − 2) + c/2·(x − 2)²，再在 x = 2 − b/c 处、抛物线自己的高度上画标记。",
        ),
    ),
)
def drawing_of_a_newton_step(answer):
    """Require the parabola that approximates exp(x) - 2x at 2, with its lowest point."""
    at = 2.0
    value, slope, bend = np.exp(at) - 2 * at, np.exp(at) - 2, np.exp(at)

    def f(x):
        return np.exp(x) - 2 * x

    def parabola(x):
        return value + slope * (x - at) + bend / 2 * (x - at) ** 2

    ax = axes(answer)
    has_curve(
        ax,
        f,
        (0.0, 2.5),
        (
            Misconception(
                "f is missing",
                parabola,
                Words(
                    "The parabola is right. `f` itself is not in the figure yet.",
                    "抛物线对了，图里还缺 `f` 本身。",
                ),
            ),
        ),
        name="`f`",
    )
    stage_reached(1 / 3)
    has_curve(
        ax,
        parabola,
        (0.0, 2.5),
        (
            Misconception(
                "forgot the factorial",
                lambda x: parabola(x) + bend / 2 * (x - at) ** 2,
                Words(
                    "Your parabola bends twice as much as f at 2. Differentiate its last "
                    "term twice: is f″(2) what comes out?",
                    "你的抛物线在 2 处弯得是 f 的两倍。把它的最后一项求两次导，得到的是 f″(2) 吗？",
                ),
            ),
            Misconception(
                "not shifted",
                lambda x: value + slope * x + bend / 2 * x**2,
                Words(
                    "The numbers are right, but your parabola touches at x = 0. The "
                    "polynomial is made of powers of the distance, x − 2.",
                    "几个数都对，可你的抛物线贴的是 x = 0。多项式由 (x − 2) 的幂组成。",
                ),
            ),
            Misconception(
                "tangent only",
                lambda x: value + slope * (x - at),
                Words(
                    "That is the tangent: it shares value and first derivative with f. "
                    "The parabola shares the second derivative too.",
                    "这是切线：它与 f 的值和一阶导数相同。抛物线的二阶导数也要相同。",
                ),
            ),
        ),
        name=Words(
            "the parabola that approximates f at x = 2", "在 x = 2 处逼近 f 的抛物线"
        ),
    )
    stage_reached(2 / 3)
    lowest = at - slope / bend
    has_marks(
        ax,
        [(lowest, parabola(lowest))],
        (
            Misconception(
                "marked on f",
                [(lowest, f(lowest))],
                Words(
                    "The place is right: this is where Newton's step leads. But the "
                    "lowest point of the parabola lies on the parabola.",
                    "位置对了，牛顿法这一步就是走到这里。可抛物线的最低点应该在抛物线上。",
                ),
            ),
            Misconception(
                "minimum of f",
                [(np.log(2.0), f(np.log(2.0)))],
                Words(
                    "This is the lowest point of f. Asked for is that of the parabola, "
                    "which only approximates f near 2.",
                    "这是 f 的最低点。题目要的是抛物线的最低点，抛物线只在 2 附近逼近 f。",
                ),
            ),
            Misconception(
                "step to a zero",
                [(at - value / slope, parabola(at - value / slope))],
                Words(
                    "You divided f by f′. That leads to where the tangent is 0; the lowest "
                    "point is where the derivative is 0.",
                    "你用的是 f 除以 f′，那会走到切线等于 0 的地方；最低点要找的是导数等于 0 的地方。",
                ),
                NEWTON,
            ),
        ),
        name=Words("the lowest point of the parabola", "抛物线的最低点"),
    )


def _after_steps(step, x, count=6):
    for _ in range(count):
        x = step(x)
    return x


@exercise(
    "4.5",
    place=NEWTON,
    points=2,
    hints=(
        Words(
            "Which way does Newton's step go where the curve is a dome, and which part of "
            "f′/f″ turns it round?",
            "在曲线像拱的地方，牛顿法往哪边走？f′/f″ 里是哪一部分让它掉了头？",
        ),
        Words(
            "Downhill is against f′, always. So the sign of the step has to come from f′ "
            "alone, and its length may stay as it is.",
            "下坡永远是逆着 f′ 的方向。所以这一步的符号只能由 f′ 决定，长度可以不变。",
        ),
        Words(
            "Keep x − f′/f″, but take of f″ its size only, without the sign.",
            "保留 x − f′/f″，但 f″ 只取大小，不取符号。",
        ),
    ),
)
def downhill_step(answer):
    """Require x - f'(x) / |f''(x)|."""

    def slope(x):
        return 4 * x**3 - 8 * x

    def bend(x):
        return 12 * x**2 - 8

    same_function(
        answers.function(answer, "f", "x"),
        lambda f, x: x - slope(x) / np.abs(bend(x)),
        [(_two_valleys, x) for x in (*uniform(-0.6, 0.6, 4), *uniform(1.0, 2.0, 4))],
        (
            Misconception(
                "any flat place",
                lambda f, x: x - slope(x) / bend(x),
                Words(
                    "This is Newton's step as it is. Where f″ < 0 it leads uphill, towards "
                    "a maximum.",
                    "这就是原来的牛顿法。在 f″ < 0 的地方，它往上坡走，走向极大值点。",
                ),
            ),
            Misconception(
                "always to the left",
                lambda f, x: x - np.abs(slope(x) / bend(x)),
                Words(
                    "Your step always goes to the left. Where f falls to the right, "
                    "downhill is to the right: the sign of f′ has to stay.",
                    "你总是往左走。如果 f 向右下降，下坡就在右边：f′ 的符号要留着。",
                ),
            ),
            Misconception(
                "no division",
                lambda f, x: x - slope(x),
                Words(
                    "This is a step of gradient descent with learning rate 1. In Newton's "
                    "method the second derivative determines the length.",
                    "这是学习率为 1 的梯度下降。牛顿法的步长由二阶导数决定。",
                ),
            ),
            Misconception(
                "gradient descent",
                lambda f, x: x - 0.1 * slope(x),
                Words(
                    "This is a step of gradient descent with learning rate 0.1. In "
                    "Newton's method the second derivative determines the length.",
                    "这是学习率为 0.1 的梯度下降。牛顿法的步长由二阶导数决定。",
                ),
            ),
            Misconception(
                "the length alone",
                lambda f, x: np.abs(slope(x) / bend(x)),
                Words(
                    "This is the length of the step. Asked for is where it leads, from "
                    "x and downhill.",
                    "这是步长。题目问的是从 x 出发往下坡走到哪里。",
                ),
            ),
            Misconception(
                "several steps",
                lambda f, x: _after_steps(lambda x: x - slope(x) / np.abs(bend(x)), x),
                Words(
                    "These are several steps. Asked for is where one step leads.",
                    "这是走了好几步。题目问的是走一步到哪里。",
                ),
            ),
            Misconception(
                "step to a zero",
                lambda f, x: x - f(x) / np.abs(slope(x)),
                Words(
                    "You divided f by f′: that looks for a zero of f. For a minimum one "
                    "looks for a zero of f′.",
                    "你用的是 f 除以 f′，那是在找 f 的零点。找最小值，要找 f′ 的零点。",
                ),
            ),
            Misconception(
                "uphill",
                lambda f, x: x + slope(x) / np.abs(bend(x)),
                Words(
                    "The length is right, the direction is uphill.",
                    "长度对了，方向却是上坡。",
                ),
            ),
            *(
                Misconception(
                    "the step alone",
                    lambda f, x, sign=sign: sign * slope(x) / np.abs(bend(x)),
                    Words(
                        "This is the step. Asked for is where it leads.",
                        "这是步子本身。题目问的是走到哪里。",
                    ),
                )
                for sign in (1, -1)
            ),
            Misconception(
                "upside down",
                lambda f, x: x - bend(x) / np.abs(slope(x)),
                Words(
                    "The fraction is upside down: the length of the step is |f′/f″|.",
                    "分式上下颠倒了：步长是 |f′/f″|。",
                ),
            ),
            Misconception(
                "upside down",
                lambda f, x: x - np.sign(slope(x)) * np.abs(bend(x) / slope(x)),
                Words(
                    "The fraction is upside down: the length of the step is |f′/f″|.",
                    "分式上下颠倒了：步长是 |f′/f″|。",
                ),
            ),
            Misconception(
                "as long as f″",
                lambda f, x: x - np.sign(slope(x)) * np.abs(bend(x)),
                Words(
                    "The direction is right. The length is |f″| here; in Newton's method it is |f′/f″|.",
                    "方向对了。这里的步长是 |f″|；牛顿法的步长是 |f′/f″|。",
                ),
            ),
        ),
        name="downhill",
    )


@exercise(
    "4.6",
    place=HESSIAN,
    points=3,
    hints=(
        Words(
            "In one variable the step is f′/f″. What takes the place of f′ in the plane, "
            "what that of f″, and what that of dividing?",
            "一个变量时，步子是 f′/f″。到了平面上，什么代替 f′，什么代替 f″，什么代替除法？",
        ),
        Words(
            "The gradient g and the Hessian H. To divide by H means to find the step s "
            "with H s = g.",
            "代替它们的是梯度 g 和黑塞矩阵 H。“除以 H”就是求出满足 H s = g 的 s。",
        ),
        Words(
            "`tf.linalg.solve(H, g[:, tf.newaxis])` gives s as a column; take the column "
            "out with `[:, 0]`, and subtract it from `p`.",
            "`tf.linalg.solve(H, g[:, tf.newaxis])` 得到列向量形式的 s；用 `[:, 0]` 取出这一列，再从 `p` 里减去。",
        ),
    ),
)
def newton_in_the_plane(answer):
    """Require p - H⁻¹g for a function of two variables."""
    step = answers.function(answer, "f", "p")

    def f(p):
        return p[0] ** 2 + p[0] * p[1] + p[1] ** 2 + tf.exp(p[0])

    def gradient(p):
        return np.array([2 * p[0] + p[1] + np.exp(p[0]), p[0] + 2 * p[1]])

    def hessian(p):
        return np.array([[2 + np.exp(p[0]), 1.0], [1.0, 2.0]])

    # TensorFlow warns learners at the fifth call of `jacobian`, in whatever cell it is.
    places = zip(uniform(-1.0, 1.0, 3), uniform(-1.5, 2.0, 3))
    same_function(
        lambda p: step(f, tf.constant(p)),
        lambda p: p - np.linalg.solve(hessian(p), gradient(p)),
        [list(place) for place in places],
        (
            Misconception(
                "row sums instead of a Hessian",
                lambda p: p - gradient(p) / hessian(p).sum(axis=1),
                Words(
                    "You divided by the row sums of the Hessian. They are the result of "
                    "`gradient` on the outer tape.",
                    "你除以的是黑塞矩阵各行之和。对外层梯度带调用 `gradient`，得到的就是它们。",
                ),
                ROW_SUMS,
            ),
            Misconception(
                "only the diagonal",
                lambda p: p - gradient(p) / np.diag(hessian(p)),
                Words(
                    "Each coordinate was treated by itself, with f″ of its own. That "
                    "leaves out the mixed derivatives.",
                    "你把每个坐标单独处理，各除以自己的二阶导数。这样就漏掉了混合偏导数。",
                ),
            ),
            Misconception(
                "multiplied instead of solved",
                lambda p: p - hessian(p) @ gradient(p),
                Words(
                    "You multiplied the gradient by the Hessian. Newton's method divides: "
                    "where the surface bends strongly, the step is short.",
                    "你用黑塞矩阵乘了梯度。牛顿法是除：弯得越厉害，步子越短。",
                ),
                NEWTON,
            ),
            Misconception(
                "the step alone",
                lambda p: np.linalg.solve(hessian(p), gradient(p)),
                Words(
                    "This is the step. Asked for is where it leads.",
                    "这是步子本身。题目问的是走到哪里。",
                ),
                NEWTON,
            ),
            Misconception(
                "gradient descent",
                lambda p: p - gradient(p),
                Words(
                    "This is a step of gradient descent with learning rate 1. The Hessian "
                    "is not used.",
                    "这是学习率为 1 的梯度下降，没有用到黑塞矩阵。",
                ),
                NEWTON,
            ),
            Misconception(
                "uphill",
                lambda p: p + np.linalg.solve(hessian(p), gradient(p)),
                Words(
                    "The step is right and goes the wrong way: it is to be subtracted.",
                    "步子对了，方向反了：应该减去。",
                ),
                NEWTON,
            ),
        ),
        name="newton_step",
    )


moved_out = Prediction(
    "4.a",
    choices={"12": "12", "0": "0", "None": "None"},
    outcome=lambda second: "None" if second is None else f"{float(second):.0f}",
)

reach_of_order_seven = Prediction(
    "4.b",
    choices={
        "to 1": Words("to 1", "到 1"),
        "to 3": Words("to 3", "到 3"),
        "to 6": Words("to 6", "到 6"),
    },
    outcome=lambda reach: f"to {min((1, 3, 6), key=lambda x: abs(x - reach))}",
)

third_of_a_product = Prediction(
    "4.c",
    choices={"0": "0", "None": "None", "nan": "nan"},
    outcome=lambda third: "None" if third is None else f"{float(third):.0f}",
)
