"""Questions that are answered in words and read by a person, by lesson.

Each asks for an explanation that no check could judge. The model answer stands in the
teacher's source alone; other answers may be as good.
"""

from dataclasses import dataclass

from gradtape.exercises.words import Words


@dataclass(frozen=True)
class Written:
    """A question that a person reads the answers to.

    Attributes
    ----------
    name : str
        The lesson and the question's place in it, such as ``"02-1"``.
    question : Words
        What is asked.
    model_answer : Words
        What a good answer says.
    points : int
        How many can be had.
    """

    name: str
    question: Words
    model_answer: Words
    points: int = 3


WRITTEN = {
    "01": (
        Written(
            "01-1",
            Words(
                "**In your own words.** A classmate asks: “Algebra gives exact "
                "derivatives, and (f(x + h) − f(x)) / h is one line of code. What is a "
                "tape for?” Name for each of the two ways one case in which it fails or "
                "costs too much, and say what the tape does there. Five sentences are "
                "enough.",
                "**用自己的话回答。** 同学问：“代数能给出精确的导数，(f(x + h) − f(x)) / h 也只要一行"
                "代码，梯度带有什么用？”请为这两种办法各举一个行不通或代价太大的情形，并说明梯度带在"
                "那里是怎么做的。五句话就够了。",
            ),
            Words(
                "Algebra needs a formula: a program with a loop or an `if` has none, and "
                "the formula of a long product grows faster than the function. The "
                "quotient is inexact (h too large: the curve bends; h too small: "
                "rounding), and with a million parameters it takes a million calls. The "
                "tape records the steps that really ran and multiplies their exact local "
                "slopes backwards, for all parameters in one pass.",
                "代数需要公式：带循环或 `if` 的程序没有公式，连乘很长时，导数的公式比函数膨胀得更快。"
                "差商不精确（h 太大，曲线会弯；h 太小，有舍入误差），一百万个参数就要调用一百万次。"
                "梯度带记录真正执行过的步骤，从后往前把每一步的精确斜率乘起来，一遍就得到对所有参数的导数。",
            ),
        ),
    ),
    "02": (
        Written(
            "02-1",
            Words(
                "**In your own words.** The error of a finite difference over the step h "
                "looks like a V. Explain its left and its right side, and why a tape has "
                "no step to choose.",
                "**用自己的话回答。** 有限差分的误差随步长 h 变化，图像像一个 V。请解释它的左边和右边，"
                "并说明为什么梯度带没有步长可选。",
            ),
            Words(
                "Right: h is large, the secant is not the tangent, and the error grows "
                "like h·|f″|/2. Left: f(x + h) and f(x) agree in nearly all digits, their "
                "difference is rounding, and dividing by h blows it up, like ε·|f|/h. The "
                "tape multiplies derivatives that are known exactly for each operation; "
                "it compares no two points, so there is no h.",
                "右边：h 大，割线不是切线，误差按 h·|f″|/2 增长。左边：f(x + h) 与 f(x) 的数字几乎全同，"
                "相减只剩舍入误差，再除以 h 就被放大，按 ε·|f|/h 增长。梯度带把每个运算已知的精确导数"
                "相乘，不比较两个点，所以没有 h。",
            ),
        ),
    ),
    "03": (
        Written(
            "03-1",
            Words(
                "**In your own words.** Why does the gradient stand at a right angle to "
                "the contour line through its point? Argue with the chain rule along the "
                "line.",
                "**用自己的话回答。** 为什么梯度与过该点的等高线垂直？请沿着等高线用链式法则说明。",
            ),
            Words(
                "Walk along the contour line as (x(t), y(t)). There z does not change, "
                "so 0 = dz/dt = ∂z/∂x · x′(t) + ∂z/∂y · y′(t). That is the product of the "
                "gradient with the direction of the line, and it is 0: they are at a "
                "right angle (or the gradient is 0).",
                "沿等高线走，记作 (x(t), y(t))。z 不变，所以 0 = dz/dt = ∂z/∂x · x′(t) + ∂z/∂y · y′(t)。"
                "这正是梯度与等高线方向的点积，它等于 0，所以两者垂直（或者梯度为 0）。",
            ),
        ),
    ),
    "04": (
        Written(
            "04-1",
            Words(
                "**In your own words.** You look for a minimum with Newton's method and "
                "start where f″ is negative. Where does the step go, and why? What would "
                "you change in the method so that it goes down?",
                "**用自己的话回答。** 用牛顿法找极小值，而起点处 f″ 为负。这一步会走向哪里？为什么？"
                "你会怎样修改方法，让它往下走？",
            ),
            Words(
                "The step −f′/f″ goes to the vertex of the parabola that touches f there. "
                "With f″ < 0 the parabola opens downwards, so the vertex is its highest "
                "point: the step goes uphill, towards a maximum. Dividing by |f″| turns "
                "it round; a plain step against the gradient where f″ ≤ 0 does too.",
                "步长 −f′/f″ 走向在该点与 f 相切的抛物线的顶点。f″ < 0 时抛物线开口向下，顶点是最高点，"
                "所以这一步往上走，走向极大值。改成除以 |f″| 就会掉转方向；在 f″ ≤ 0 处改走一步梯度下降也可以。",
            ),
        ),
    ),
    "05": (
        Written(
            "05-1",
            Words(
                "**In your own words.** The loss grows from step to step and ends as "
                "`nan`. Show on L(w) = a·w² which learning rates do that, and say how a "
                "growing number becomes `nan`.",
                "**用自己的话回答。** 损失一步比一步大，最后变成 `nan`。请以 L(w) = a·w² 为例，说明哪些"
                "学习率会这样，并说明一个越来越大的数怎么会变成 `nan`。",
            ),
            Words(
                "One step gives w − η·2a·w = (1 − 2aη)·w. The distance from the minimum "
                "shrinks if |1 − 2aη| < 1, that is for η < 1/a; beyond it, w changes sign "
                "and grows at every step. In float32 it passes 3.4·10³⁸ and becomes "
                "`inf`; `inf` − `inf` or 0·`inf` in the next step is `nan`, and "
                "everything computed from it too.",
                "一步之后是 w − η·2a·w = (1 − 2aη)·w。|1 − 2aη| < 1，即 η < 1/a 时，离极小值越来越近；"
                "超过这个界限，w 每一步都变号并且变大。float32 超过 3.4·10³⁸ 就成了 `inf`，下一步里 "
                "`inf` − `inf` 或 0·`inf` 就是 `nan`，由它算出的一切也都是 `nan`。",
            ),
        ),
    ),
    "06": (
        Written(
            "06-1",
            Words(
                "**Report on your project.** In at most ten sentences: which loss you "
                "took and why, where you started, how you saw that the fit was done, and "
                "one thing that went wrong on the way, with its cause.",
                "**项目报告。** 最多十句话：用的是哪个损失，为什么；从哪里出发；怎样看出拟合已经完成；"
                "途中出过的一个问题，以及原因。",
            ),
            Words(
                "A good report names a loss that is smooth in all parameters (the mean "
                "squared error), gives starting values and why they are near enough (a "
                "frequency that is far off has a minimum of its own), tells of a stop "
                "that was seen (the loss level, the gradient near 0, the residuals "
                "without a pattern), and has a real mistake with its cause: a learning "
                "rate too large, a parameter that the tape did not watch, a start from "
                "zero amplitude.",
                "好的报告会写出对所有参数都光滑的损失（均方误差），给出初值并说明为什么离得够近（频率差得太远，"
                "会落进另一个极小值），说明看到了什么才停下（损失走平、梯度接近 0、残差没有规律），并写出一个"
                "真实的错误和原因：学习率太大、某个参数没有被梯度带监视、振幅从零开始。",
            ),
            points=5,
        ),
    ),
    "09": (
        Written(
            "09-1",
            Words(
                "**In your own words.** Which does more harm in a training loop, a "
                "gradient that is `None` or one that is 0 where it should not be? Give "
                "an example of each, with symptom, cause and repair.",
                "**用自己的话回答。** 训练循环里，哪个危害更大：`None` 的梯度，还是不该为 0 却为 0 的梯度？"
                "请各举一例，写出症状、原因和修复办法。",
            ),
            Words(
                "`None` is loud: the next computation with it raises an error or the "
                "optimizer warns. Example: the loss goes through NumPy, so the record "
                "breaks; repair: TensorFlow's function instead. 0 is silent: training "
                "goes on and a part of the model never learns. Example: `tf.round` or a "
                "comparison in the loss has slope 0; repair: a smooth loss, rounding "
                "only when reporting.",
                "`None`会出声：接着用它计算就报错，或者优化器给出警告。例：损失经过了 NumPy，记录就断了；"
                "修复：改用 TensorFlow 的函数。0 不出声：训练照常进行，模型的一部分却永远学不到东西。"
                "例：损失里有 `tf.round` 或比较，斜率处处为 0；修复：用光滑的损失，只在报告结果时取整。",
            ),
        ),
    ),
}
