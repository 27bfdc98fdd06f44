"""Exercises of lesson 3: several variables."""

import itertools

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
from gradtape.exercises.words import Words

FIRST_TAPE = Words("Two inputs, two derivatives", "两个输入，两个导数")
ALL_SOURCES = Words("All sources in one call", "一次求完所有偏导数")
AN_ARROW = Words("The gradient is an arrow", "梯度是一个箭头")
INSIDE_THE_TAPE = Words("Inside the tape (optional)", "梯度带里面（选学）")
SEVERAL_TARGETS = Words(
    "Several targets: the sum, or all of them", "多个目标：要总和，还是要全部"
)
CALLED_ONCE = Words("gradient can be called once", "普通的梯度带只能调用一次 gradient")
NONE_IS_NOT_0 = Words("None is not 0", "None 不等于 0")
TARGETS_FIRST = Words(
    "Targets come first in a Jacobian (optional)", "雅可比矩阵里，目标在前（选学）"
)


def _spelled(value) -> list[str]:
    """Return how a value may be written down by someone who knows what is printed."""
    if value is None:
        return ["None"]
    if isinstance(value, float):
        return [f"{value:g}", f"{value:g}.", f"{value:.1f}"]
    styles = zip(*map(_spelled, value), strict=True)
    return [f"[{between.join(s)}]" for s in styles for between in (" ", ", ")]


@exercise(
    "3.1",
    place=SEVERAL_TARGETS,
    points=2,
    hints=(
        Words(
            "`z` holds two numbers. Write out both, with `x`, `y₀` and `y₁`.",
            "`z` 里有两个数。用 `x`、`y₀` 和 `y₁` 把它们写出来。",
        ),
        Words(
            "`gradient` differentiates the sum z₀ + z₁ = x·y₀ + x + x·y₁ + x. Each "
            "result has the shape of its source.",
            "`gradient` 是对总和 z₀ + z₁ = x·y₀ + x + x·y₁ + x 求导。每个结果的形状都和它的源相同。",
        ),
        Words(
            "For `x`: y₀ + 1 from z₀ and y₁ + 1 from z₁, added up. For `y`: two numbers, "
            "by how much the sum grows for each. For `w`: does it occur in `z` at all?",
            "对 `x`：从 z₀ 来的 y₀ + 1，加上从 z₁ 来的 y₁ + 1。对 `y`：两个数，分别是 y₀、y₁ "
            "各变一点时总和变多少。对 `w`：`z` 里有它吗？",
        ),
    ),
)
def printed_slopes(answer):
    """Require the slopes of z = x y + x, y a vector, as they are printed."""
    parts = answers.parts(answer, 3)
    first, second, third = (p if isinstance(p, str) else str(p) for p in parts)
    same_text(
        first,
        _spelled(9.0),
        (
            Misconception(
                "kept the targets apart",
                _spelled([4.0, 5.0]),
                Words(
                    "These are two derivatives, one for each number in `z`. `gradient` "
                    "does not keep them apart; its result has the shape of `x`.",
                    "这是两个导数，`z` 里每个数各一个。`gradient` 不会把它们分开，结果的形状和 `x` 相同。",
                ),
            ),
            Misconception(
                "forgot a road",
                _spelled(7.0),
                Words(
                    "One of two paths is missing: `x` is used in the product and alone.",
                    "少了一条路径：`x` 用了两次，一次在乘积里，一次单独出现。",
                ),
                INSIDE_THE_TAPE,
            ),
            Misconception(
                "counted the bare x once",
                _spelled(8.0),
                Words(
                    "The bare `x` is counted once. `z` holds two numbers: in how many of "
                    "them does it stand?",
                    "单独的那个 `x` 只算了一次。`z` 里有两个数：它出现在其中几个里？",
                ),
            ),
            Misconception(
                "one target only",
                [*_spelled(4.0), *_spelled(5.0)],
                Words(
                    "This is the derivative of one of the numbers in `z`. The other one "
                    "depends on `x` too.",
                    "这只是 `z` 里其中一个数的导数，另一个也依赖 `x`。",
                ),
            ),
            Misconception(
                "took the mean",
                _spelled(4.5),
                Words(
                    "This is the mean of the two derivatives. A target of several numbers "
                    "is not averaged.",
                    "这是两个导数的平均值。目标有几个数时，并不取平均。",
                ),
            ),
        ),
        name="line_1",
    )
    same_text(
        second,
        _spelled([2.0, 2.0]),
        (
            Misconception(
                "lost the shape",
                [*_spelled(4.0), *_spelled(2.0)],
                Words(
                    "The targets are summed, the sources never: the result for `y` has "
                    "the shape of `y`.",
                    "求和的是目标，源从不求和：对 `y` 的结果，形状和 `y` 相同。",
                ),
            ),
            Misconception(
                "held the wrong one still",
                _spelled([3.0, 4.0]),
                Words(
                    "These are the values of `y`, which one gets if `x` changes. Here `y` "
                    "changes and `x` stays as it is.",
                    "这是 `y` 的值，也就是 `x` 在变时的导数。现在变的是 `y`，`x` 不动。",
                ),
            ),
        ),
        name="line_2",
    )
    same_text(
        third,
        "None",
        (
            Misconception(
                "zero for no road",
                _spelled(0.0),
                Words(
                    "On paper it is 0. But nothing on the record leads from `w` to `z`, "
                    "and then `gradient` returns something else.",
                    "在纸上是 0。可记录里从 `w` 到 `z` 没有连接，这时 `gradient` 返回的是别的。",
                ),
                NONE_IS_NOT_0,
            ),
        ),
        name="line_3",
    )


@answers.called("x²y")
def product(x, y):
    """Depend on both numbers."""
    return x**2 * y


@answers.called("sin x")
def wave(x, y):
    """Depend on the first number only."""
    return tf.sin(x)


@answers.called("5y")
def line(x, y):
    """Depend on the second number only."""
    return 5.0 * y


_SLOPES = {
    product: lambda x, y: (2 * x * y, x**2),
    wave: lambda x, y: (np.cos(x), 0.0),
    line: lambda x, y: (0.0, 5.0),
}


@exercise(
    "3.2",
    place=CALLED_ONCE,
    points=2,
    pitfalls={"P1": FIRST_TAPE, "P11": NONE_IS_NOT_0},
    hints=(
        Words(
            "Count the calls of `gradient`. How many does an ordinary tape allow?",
            "数一数调用了几次 `gradient`。普通的梯度带允许几次？",
        ),
        Words(
            "One call with a list of both is enough. Then call your function with an f "
            "that does not use `y`, such as `lambda x, y: tf.sin(x)`.",
            "把两个放进列表，一次求完就够了。然后用一个不含 `y` 的 f 试试你的函数，例如 `lambda x, y: tf.sin(x)`。",
        ),
        Words(
            "Where a source is unconnected, `gradient` gives 0 if it is called with "
            '`unconnected_gradients="zero"`.',
            '某个源没有连接时，只要调用 `gradient` 时写上 `unconnected_gradients="zero"`，就得到 0。',
        ),
    ),
)
def repaired_slopes(answer):
    """Require both partial derivatives of any f(x, y), 0 where it does not depend."""
    same_function(
        answers.function(answer, "f", "x", "y"),
        lambda f, x, y: _SLOPES[f](x, y),
        [
            (f, x, y)
            for f in (product, wave, line)
            for x, y in zip(uniform(0.5, 3.0, 3), uniform(-3.0, -0.5, 3))
        ],
        (
            Misconception(
                "other order",
                lambda f, x, y: _SLOPES[f](x, y)[::-1],
                Words(
                    "The numbers are right, in the other order: first the derivative with "
                    "respect to `x`.",
                    "数都对，顺序反了：先写对 `x` 的导数。",
                ),
                ALL_SOURCES,
            ),
            Misconception(
                "same source twice",
                lambda f, x, y: _SLOPES[f](x, y)[:1] * 2,
                Words(
                    "Both numbers are derivatives with respect to `x`. Which source "
                    "belongs to the second?",
                    "两个数都是对 `x` 的导数。第二个应该对谁求导？",
                ),
                ALL_SOURCES,
            ),
            Misconception(
                "second source in the third place",
                lambda f, x, y: y * _SLOPES[f](x, y)[0],
                Words(
                    "This is one number, ∂f/∂x times `y`. The third place of `gradient` "
                    "is no second source: it holds weights for the targets. Several "
                    "sources stand together in a list.",
                    "得到的是一个数：∂f/∂x 乘以 `y`。`gradient` 的第三个参数不是第二个源，而是目标的权重。有几个源，就把它们写进一个列表。",
                ),
                ALL_SOURCES,
            ),
            Misconception(
                "zero everywhere",
                lambda f, x, y: (0.0, 0.0),
                Words(
                    "Both are 0, whatever f is. Are `x` and `y` watched? "
                    '`"zero"` also covers up the `None` of a source that is not.',
                    "不管 f 是什么，两个都是 0。`x`、`y` 被监视了吗？没有监视也会得到 `None`，"
                    '而 `"zero"` 把它盖住了。',
                ),
                FIRST_TAPE,
            ),
        ),
        name="slopes",
        parts=("∂f/∂x", "∂f/∂y"),
    )


def _temperature(x, y):
    return 20 + 5 * np.exp(-(x**2 + 2 * y**2))


def _warming(x, y):
    """Return the gradient of the temperature."""
    size = 5 * np.exp(-(x**2 + 2 * y**2))
    return np.array([-2 * x * size, -4 * y * size])


def _of_length_1(vector):
    return vector / np.hypot(*vector)


@exercise(
    "3.3",
    place=AN_ARROW,
    points=2,
    hints=(
        Words(
            "Which vector points to where a function rises fastest?",
            "哪个向量指向函数上升最快的方向？",
        ),
        Words(
            "Make variables of `x` and `y`, compute T inside a tape, and differentiate it "
            "with respect to both. How long is the vector that you get?",
            "把 `x` 和 `y` 变成变量，在梯度带里算出 T，求出两个偏导数。得到的向量有多长？",
        ),
        Words(
            "`tf.stack` makes one vector of the two numbers. Divide it by its length, "
            "`tf.norm` of it.",
            "用 `tf.stack` 把两个偏导数合成一个向量，再除以它的长度，长度由 `tf.norm` 给出。",
        ),
    ),
)
def warmest_direction(answer):
    """Require the unit vector along the gradient of the plate's temperature."""
    same_function(
        answers.function(answer, "x", "y"),
        lambda x, y: _of_length_1(_warming(x, y)),
        [
            *zip(uniform(-1.2, 1.2, 4), uniform(0.3, 1.0, 4)),
            *zip(uniform(-1.2, 1.2, 4), uniform(-1.0, -0.3, 4)),
        ],
        (
            Misconception(
                "the whole gradient",
                _warming,
                Words(
                    "The direction is right, the length is not 1. The gradient's length "
                    "says how fast it gets warmer; what is asked for is only where to.",
                    "方向对了，长度不是 1。梯度的长度说的是升温有多快，题目只问往哪边走。",
                ),
            ),
            Misconception(
                "forgot the root of the length",
                lambda x, y: _warming(x, y) / (_warming(x, y) ** 2).sum(),
                Words(
                    "The direction is right, the length is not 1: this is divided by the "
                    "square of the length.",
                    "方向对了，长度不是 1：这里除以的是长度的平方。",
                ),
            ),
            Misconception(
                "divided by the larger part",
                lambda x, y: _warming(x, y) / np.abs(_warming(x, y)).max(),
                Words(
                    "The direction is right, the length is not 1. A vector's length is "
                    "more than its larger part: think of Pythagoras.",
                    "方向对了，长度不是 1。向量的长度不只是较大的那个分量：想想勾股定理。",
                ),
            ),
            Misconception(
                "numbers in the other order",
                lambda x, y: _of_length_1(_warming(x, y))[::-1],
                Words(
                    "The two numbers are exchanged: the one along x comes first.",
                    "两个数换了位置：沿 x 的在前。",
                ),
            ),
            Misconception(
                "length by adding",
                lambda x, y: _warming(x, y) / np.abs(_warming(x, y)).sum(),
                Words(
                    "The direction is right, the length is not 1. A vector's length is "
                    "not the sum of its parts: think of Pythagoras.",
                    "方向对了，长度不是 1。向量的长度不是两个分量相加：想想勾股定理。",
                ),
            ),
            Misconception(
                "divided by the plain sum",
                lambda x, y: _warming(x, y) / _warming(x, y).sum(),
                Words(
                    "This is divided by the sum of the two parts, which may be negative. "
                    "A length is found by Pythagoras.",
                    "这里除以的是两个分量之和，它还可能是负数。长度要用勾股定理来算。",
                ),
            ),
            Misconception(
                "downhill",
                lambda x, y: -_of_length_1(_warming(x, y)),
                Words(
                    "In this direction T falls fastest. Training goes against the "
                    "gradient; here T is to rise. (If you do go along it: is the minus "
                    "sign in T there?)",
                    "朝这边走，T 下降得最快。训练模型是逆着梯度走，而这里要的是 T 上升。"
                    "（如果你确实顺着梯度走：T 里的负号写上了吗？）",
                ),
            ),
            Misconception(
                "a minus sign for x² only",
                lambda x, y: _of_length_1(np.array([-x, 2 * y])),
                Words(
                    "Here y² counts with a plus sign. In T the minus sign stands before "
                    "the bracket and belongs to both squares.",
                    "这里 y² 前面成了正号。T 里的负号写在括号前面，两个平方都归它管。",
                ),
            ),
            Misconception(
                "squared the 2 as well",
                lambda x, y: _of_length_1(np.array([-x, -4 * y])),
                Words(
                    "Here y counts too much, as if T held (2y)². In 2y² only y is "
                    "squared.",
                    "这里 y 的份量太大，好像 T 里是 (2y)²。2y² 里平方的只有 y。",
                ),
            ),
            *(
                Misconception(
                    "straight to the warmest place",
                    towards_the_middle,
                    Words(
                        "This leads straight to the warmest place of the plate. Where "
                        "the ant stands, another direction warms faster: the contour "
                        "lines are ellipses, and the gradient is at right angles to "
                        "them.",
                        "这样走，是直奔板上最暖的地方。可就蚂蚁所在的点来说，另有一个方向升温更快：等高线是椭圆，梯度与它垂直。",
                    ),
                )
                for towards_the_middle in (
                    lambda x, y: _of_length_1(np.array([-x, -y])),
                    lambda x, y: np.array([-x, -y]),
                )
            ),
            *(
                Misconception(
                    "length of another arrow",
                    lambda x, y, factor=factor: -factor * np.array([x, 2 * y]),
                    Words(
                        "The direction is right, the length is not 1: divide the vector "
                        "by its length.",
                        "方向对了，长度不是 1：请把这个向量除以它的长度。",
                    ),
                )
                for factor in (1, 2)
            ),
            *(
                Misconception(
                    "along the contour line",
                    lambda x, y, side=side: _of_length_1(side * np.array([-2 * y, x])),
                    Words(
                        "This is along the contour line: there the temperature does not "
                        "change at all.",
                        "这是沿着等高线走：温度根本不变。",
                    ),
                )
                for side in (-1, 1)
            ),
        ),
        name="warmest",
        parts=(
            Words("the part along x", "沿 x 的分量"),
            Words("the part along y", "沿 y 的分量"),
        ),
    )


def _polar(r, phi):
    return np.array([[np.cos(phi), -r * np.sin(phi)], [np.sin(phi), r * np.cos(phi)]])


@exercise(
    "3.4",
    place=TARGETS_FIRST,
    points=3,
    hints=(
        Words(
            "Four derivatives: of x and of y, each with respect to r and to φ. Which of "
            "them stand in one row?",
            "一共四个导数：x 和 y，各对 r、对 φ 求一个。哪几个排在同一行？",
        ),
        Words(
            "A row belongs to a target: first x = r cos φ, then y = r sin φ. A column "
            "belongs to a source: first r, then φ. While one source moves, the other "
            "stands still.",
            "一行对应一个目标：先 x = r cos φ，后 y = r sin φ。一列对应一个源：先 r，后 φ。一个源变的时候，另一个不动。",
        ),
        Words(
            "With respect to r only the factor r goes, and cos φ or sin φ stays. With "
            "respect to φ the r stays, cos becomes −sin, and sin becomes cos.",
            "对 r 求导，只去掉因子 r，留下 cos φ 或 sin φ。对 φ 求导，r 留着，cos 变成 −sin，sin 变成 cos。",
        ),
    ),
)
def polar_jacobian(answer):
    """Require the Jacobian of (r cos φ, r sin φ) with respect to (r, φ)."""
    same_function(
        answers.function(answer, "r", "phi"),
        _polar,
        list(zip(uniform(0.5, 3.0), uniform(-3.0, 3.0))),
        (
            Misconception(
                "transposed",
                lambda r, phi: _polar(r, phi).T,
                Words(
                    "The four numbers are right; rows and columns are exchanged.",
                    "四个数都对，只是行和列换了位置。",
                ),
            ),
            Misconception(
                "sources in the other order",
                lambda r, phi: _polar(r, phi)[:, ::-1],
                Words(
                    "The columns are exchanged: the first belongs to r.",
                    "两列换了位置：第一列对应 r。",
                ),
            ),
            Misconception(
                "rows in the other order",
                lambda r, phi: _polar(r, phi)[::-1],
                Words(
                    "The rows are exchanged: the first belongs to x.",
                    "两行换了位置：第一行对应 x。",
                ),
            ),
            Misconception(
                "lost the sign",
                lambda r, phi: _polar(r, phi) * [[1, -1], [1, 1]],
                Words(
                    "A sign is wrong: what is the derivative of the cosine?",
                    "有个符号错了：余弦的导数是什么？",
                ),
            ),
            *(
                Misconception(
                    "a minus too many",
                    lambda r, phi, signs=signs: _polar(r, phi) * signs,
                    Words(
                        "The sizes are right, a minus sign is not. While φ grows from 0, "
                        "which of the two falls, the cosine or the sine?",
                        "大小都对，有个负号不对。φ 从 0 开始增大时，余弦和正弦哪一个在减小？",
                    ),
                )
                for signs in ([[-1, 1], [1, 1]], [[1, 1], [-1, 1]], [[1, 1], [1, -1]])
            ),
            Misconception(
                "exchanged the minus",
                lambda r, phi: _polar(r, phi) * [[1, -1], [1, -1]],
                Words(
                    "The sizes are right, the minus sign is at the wrong function: what "
                    "are the derivatives of cosine and sine?",
                    "大小都对，负号写错了函数：余弦的导数是什么，正弦的呢？",
                ),
            ),
            Misconception(
                "kept the factor r",
                lambda r, phi: _polar(r, phi) * [[r, 1.0], [r, 1.0]],
                Words(
                    "The second column is right. In the first, r is what one "
                    "differentiates with respect to: what is the derivative of r · cos φ?",
                    "第二列对了。第一列是对 r 求导：r · cos φ 的导数是什么？",
                ),
            ),
            Misconception(
                "forgot the inner factor",
                lambda r, phi: _polar(1.0, phi),
                Words(
                    "With respect to φ something is missing: the further out, the longer "
                    "the way for the same turn.",
                    "对 φ 的导数少了点什么：离原点越远，转同样的角度走的路越长。",
                ),
            ),
            Misconception(
                "the way back",
                lambda r, phi: np.linalg.inv(_polar(r, phi)),
                Words(
                    "These are the derivatives of r and φ with respect to x and y. Here "
                    "r and φ are the sources.",
                    "这是 r 和 φ 对 x、y 的导数。这里 r 和 φ 是源。",
                ),
            ),
        ),
        name="polar_jacobian",
    )


_ANT = (0.5, 0.5)
_STEPS = (0.1, 0.05, 0.02, 0.01, 0.005, 0.002)  # the lesson's own search takes 0.01


def _rises(angles):
    """Return how fast the temperature rises in each direction."""
    return _warming(*_ANT) @ np.array([np.cos(angles), np.sin(angles)])


def _around(angle, distance):
    x, y = _ANT
    return _temperature(x + distance * np.cos(angle), y + distance * np.sin(angle))


def _change(angles, distance):
    return _around(angles, distance) - _temperature(*_ANT)


def _in_turn(angle: float) -> float:
    return float(angle % (2 * np.pi))


_STEEPEST = _in_turn(np.arctan2(*_warming(*_ANT)[::-1]))
_LEVEL = [_in_turn(_STEEPEST + quarter) for quarter in (-np.pi / 2, np.pi / 2)]
_OPPOSITE = _in_turn(_STEEPEST + np.pi)


@exercise(
    "3.5",
    place=AN_ARROW,
    points=3,
    hints=(
        Words(
            "The lesson has such a curve, found by trying a step in each direction. The "
            "gradient gives it without trying.",
            "正文里有这样一条曲线，是朝每个方向走一小步试出来的。有了梯度，不用试就能得到它。",
        ),
        Words(
            "The directional derivative along a unit vector u is ∇T · u, u = (cos θ, "
            "sin θ). Two numbers from one tape are enough for the whole curve.",
            "沿单位向量 u 的方向导数是 ∇T · u，其中 u = (cos θ, sin θ)。从一个梯度带得到两个数，就够画整条曲线。",
        ),
        Words(
            "Draw T_x cos θ + T_y sin θ for θ from 0 to 2π. It is zero at right angles "
            "to the gradient, whose own angle is `tf.atan2(T_y, T_x)`; an angle below 0 "
            "plus 2π is the same direction.",
            "对 θ 从 0 到 2π，画出 T_x cos θ + T_y sin θ。它在与梯度垂直的方向上为零，梯度自己的角度是 "
            "`tf.atan2(T_y, T_x)`；角度小于 0 时加上 2π，方向不变。",
        ),
    ),
)
def drawing_of_the_rise(answer):
    """Require the directional derivative over the angle, with marks where it is 0."""
    ax = axes(answer)
    has_curve(
        ax,
        _rises,
        (0.0, 2 * np.pi),
        (
            *(
                Misconception(
                    "measured with a step",
                    lambda angles, step=step: _change(angles, step) / step,
                    Words(
                        "This was measured with a step, and is off by as much as the "
                        "derivative changes on the way. The gradient needs no step.",
                        "这是走一小步量出来的，一路上方向导数变了多少，就差多少。用梯度就不用走这一步。",
                    ),
                )
                for step in _STEPS
            ),
            *(
                Misconception(
                    "not per unit of length",
                    lambda angles, step=step: _change(angles, step),
                    Words(
                        "This is how much T changes over one small step. The task asks "
                        "for the rise per unit of length.",
                        "这是走一小步时 T 变了多少。题目要的是每走一个单位长度上升多少。",
                    ),
                )
                for step in (*_STEPS, 1e-3)
            ),
            Misconception(
                "highest at angle 0",
                lambda angles: np.hypot(*_warming(*_ANT)) * np.cos(angles),
                Words(
                    "Height and shape are right. A cosine is highest at θ = 0, though; "
                    "this one should be highest where the gradient points.",
                    "高度和形状都对。可余弦在 θ = 0 处最高，而这条曲线应该在梯度所指的方向上最高。",
                ),
            ),
            Misconception(
                "gradient of length 1",
                lambda angles: _rises(angles) / np.hypot(*_warming(*_ANT)),
                Words(
                    "This never rises above 1: the gradient was made a vector of length "
                    "1. Its length is what says how fast T rises.",
                    "这条曲线最高只到 1：梯度被变成了长度为 1 的向量。T 升得多快，恰恰由梯度的长度决定。",
                ),
            ),
            Misconception(
                "angles in degrees",
                lambda angles: _rises(np.deg2rad(angles)),
                Words(
                    "The angles are in degrees. The task wants θ in radians, from 0 to 2π.",
                    "角度用的是度。题目里的 θ 是弧度，从 0 到 2π。",
                ),
            ),
            Misconception(
                "swapped cosine and sine",
                lambda angles: _rises(np.pi / 2 - angles),
                Words(
                    "Cosine and sine are swapped: θ = 0 is the direction of x, and there "
                    "the rise is the derivative with respect to x.",
                    "余弦和正弦换了位置：θ = 0 是 x 方向，那里的方向导数应该是对 x 的偏导数。",
                ),
            ),
            *(
                Misconception(
                    "drew the temperature",
                    lambda angles, distance=distance: _around(angles, distance),
                    Words(
                        "This is the temperature on a circle around the ant. What is "
                        "asked for is how fast it changes where the ant stands.",
                        "这是蚂蚁周围一圈的温度。题目要的是在蚂蚁所在的点，温度变得多快。",
                    ),
                )
                for distance in (1.0, 0.5, *_STEPS, 0.0)
            ),
            Misconception(
                "downhill",
                lambda angles: -_rises(angles),
                Words(
                    "The curve is upside down: towards the middle of the plate the "
                    "temperature rises.",
                    "曲线上下颠倒了：朝板的中央走，温度应该上升。",
                ),
            ),
        ),
        name=Words("the directional derivative", "方向导数"),
    )
    has_marks(
        ax,
        [(angle, 0.0) for angle in _LEVEL],
        (
            Misconception(
                "marked the extremes",
                [(a, _rises(a)) for a in (_STEEPEST, _OPPOSITE)],
                Words(
                    "There the temperature changes fastest. Look for where it does not "
                    "change: how high is the curve at such a direction?",
                    "这两处温度变得最快。要找的是温度不变的方向：在那样的方向上，曲线有多高？",
                ),
            ),
            *(
                Misconception(
                    "marked a turn away",
                    [(a + turn, 0.0) for a, turn in zip(_LEVEL, turns, strict=True)],
                    Words(
                        "The directions are right, but a mark lies outside of the curve, "
                        "which runs from 0 to 2π. A whole turn, 2π, leads to the same "
                        "direction again.",
                        "方向是对的，可有个标记落在曲线之外：曲线是从 0 到 2π。转一整圈，也就是 2π，方向不变。",
                    ),
                )
                for turns in itertools.product((-2 * np.pi, 0.0, 2 * np.pi), repeat=2)
                if any(turns)
            ),
            *(
                Misconception(
                    "marked one of two",
                    [(angle, 0.0)],
                    Words(
                        "One of the two directions is marked. A contour line can be "
                        "walked both ways.",
                        "标出了其中一个方向。沿着等高线，可以往两头走。",
                    ),
                )
                for angle in _LEVEL
            ),
        ),
        name=Words("the two directions without change", "温度不变的两个方向"),
        only=True,
    )


rise_along_x = Prediction("3.a", outcome=float, tolerance=0.05)

fastest_rise = Prediction(
    "3.b",
    choices={
        "12": "12",
        "between": Words("between 12 and 14", "12 和 14 之间"),
        "14": "14",
        "more": Words("more than 14", "比 14 大"),
    },
    outcome=lambda rise: (
        "12"
        if abs(rise - 12) < 0.05
        else "14"
        if abs(rise - 14) < 0.05
        else "between"
        if rise < 14
        else "more"
    ),
)

where_roads_meet = Prediction("3.c", outcome=float, tolerance=0.01)

how_many_numbers = Prediction("3.d", outcome=float, tolerance=0.01)
