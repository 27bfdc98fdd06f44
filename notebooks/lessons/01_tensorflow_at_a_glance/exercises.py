"""Exercises of lesson 1: TensorFlow at a glance."""

import math
import re

import numpy as np
import tensorflow as tf

from gradtape.exercises import answers
from gradtape.exercises.comparing import (
    Misconception,
    same_function,
    same_text,
    uniform,
)
from gradtape.exercises.drawings import axes_of_figure, curves, has_curve, has_marks
from gradtape.exercises.exercise import Wrong, exercise
from gradtape.exercises.prediction import Prediction
from gradtape.exercises.sentences import OF_A_PART
from gradtape.exercises.stages import stage_reached
from gradtape.exercises.words import Listed, Words

WHAT_FOR = Words("What a derivative is good for", "导数有什么用")
TENSORS = Words("Tensors", "张量")
CONSTANTS = Words("Constants and variables", "常量和变量")
WHICH_NUMBERS = Words("Which numbers have derivatives", "哪些数能求导")
THREE_WAYS = Words("Three ways to a derivative", "求导的三种办法")
WHOLE = Words("A whole number has no gradient", "整数没有梯度")
NO_MIXING = Words("Types do not mix", "类型不能混用")


_DESCRIPTION = re.compile(r"\(([\d, ]*)\)[, ]*(?:tf\.)?([a-z]+\d+)")
_SQUARE = re.compile(r"\[[\d, ]*\].*")
_WITHOUT_BITS = re.compile(r"\([\d, ]*\)[, ]*(?:tf\.)?(int|float|integer|double)")
_FORMS = (
    (
        _SQUARE,
        "square brackets",
        Words(
            "A shape is printed in round brackets; square ones hold a tensor's entries.",
            "形状打印出来是圆括号；方括号里的是张量的元素。",
        ),
    ),
    (
        _WITHOUT_BITS,
        "no bits",
        Words(
            "The dtype is printed with its number of bits: `int32` is another one than "
            "`int64`. Which of them does TensorFlow take?",
            "dtype 打印出来带着位数：`int32` 和 `int64` 是不同的类型。TensorFlow 用的是哪一个？",
        ),
    ),
)
_NO_DESCRIPTION = Words(
    "The line begins with the shape, in round brackets, and then names the dtype, such as "
    "`(5, 7) float32`. This is {found}.",
    "这一行先是圆括号里的形状，再是 dtype，例如 `(5, 7) float32`。这里却是 {found}。",
)
_DTYPES = ("int32", "int64", "float16", "float32", "float64")


def _as_printed(answer, name):
    """Return a description such as ``"(1,3), tf.int32"`` as `print` writes it."""
    text = answers.text(answer, name)
    match = _DESCRIPTION.fullmatch(text)
    if match is None:
        what = answers.named(name)
        for form, found, says in _FORMS:
            if form.fullmatch(text):
                raise Wrong(OF_A_PART(what=what, says=says), found, WHICH_NUMBERS)
        says = _NO_DESCRIPTION(found=answers.shown(answer))
        raise Wrong(OF_A_PART(what=what, says=says), "no description")
    sizes, dtype = match.groups()
    return f"({re.sub(' *, *', ', ', sizes).rstrip()}) {dtype}"


def _same_description(answer, right, misconceptions, name):
    """Require shape and dtype, as they are printed."""
    shape, _, dtype = right.rpartition(" ")
    another_dtype = Misconception(
        "another dtype",
        [f"{shape} {other}" for other in _DTYPES if other != dtype],
        Words(
            "The shape is right, the dtype is not. TensorFlow's defaults are not "
            "NumPy's: what did the lesson print for `3`, and for `3.0`?",
            "形状对了，类型不对。TensorFlow 的默认类型和 NumPy 不同：正文里 `3` 和 `3.0` 分别打印出什么？",
        ),
        WHICH_NUMBERS,
    )
    found = _as_printed(answer, name)
    another_shape = Misconception(
        "another shape",
        found if found.rpartition(" ")[2] == dtype else [],
        Words(
            "The dtype is right, the shape is not. How many directions has this tensor, "
            "and how many entries in each?",
            "dtype 对了，形状不对。这个张量有几个维度，每个维度上有几个元素？",
        ),
    )
    neither = Misconception(
        "neither shape nor dtype",
        found,
        Words(
            "Neither the shape nor the dtype is right. Run the line in a cell of its own "
            "and look at both.",
            "形状和 dtype 都不对。把这一行放进单独的单元格运行，看看这两样。",
        ),
    )
    known = (*misconceptions, another_dtype, another_shape, neither)
    same_text(found, right, known, name=name)


@exercise(
    "1.1",
    place=TENSORS,
    points=2,
    hints=(
        Words(
            "The shape counts the entries from the outermost brackets inwards. The "
            "dtype is decided by how the numbers are written.",
            "形状从最外层括号往里，一层一层数个数。dtype 由数的写法决定。",
        ),
        Words(
            "`a` has two pairs of brackets, so two numbers in its shape. Taking a mean "
            "leaves one number: how many directions does a single number have?",
            "`a` 有两层括号，所以形状里有两个数。求平均以后只剩一个数：单独一个数，有几个维度？",
        ),
        Words(
            "In `@`, the three columns on the left meet the three rows on the right and "
            "disappear; the outer numbers stay. A single number has the empty shape.",
            "在 `@` 里，左边的三列对上右边的三行，这个 3 就消失了，留下外侧的两个数。单独一个数的形状是空的。",
        ),
    ),
)
def shapes_and_dtypes(answer):
    """Require shape and dtype of four tensors, as they are printed."""
    row, scaled, mean, product = answers.parts(answer, 4)
    _same_description(
        row,
        "(1, 3) int32",
        (
            Misconception(
                "lost a direction",
                ["(3,) int32", "(3,) float32"],
                Words(
                    "This is the shape of a row, `[1, 2, 3]`. `a` is a table that has "
                    "one row: count the brackets.",
                    "这是一行数 `[1, 2, 3]` 的形状。`a` 是只有一行的表：数一数括号。",
                ),
            ),
            Misconception(
                "columns first",
                ["(3, 1) int32", "(3, 1) float32"],
                Words(
                    "The outermost brackets come first: how many rows do they hold?",
                    "先看最外层括号：它里面有几行？",
                ),
            ),
            Misconception(
                "floats of whole numbers",
                ["(1, 3) float32"],
                Words(
                    "The shape is right. `1`, `2` and `3` are written without a point, "
                    "and TensorFlow goes by that.",
                    "形状对了。`1`、`2`、`3` 都没写小数点，TensorFlow 就按这个来。",
                ),
                WHICH_NUMBERS,
            ),
        ),
        "line_a",
    )
    _same_description(
        scaled,
        "(2,) float32",
        (
            Misconception(
                "forgot the comma",
                ["(2) float32"],
                Words(
                    "The size is right. Python writes one number in brackets with a "
                    "comma, such as `(7,)`.",
                    "个数对了。括号里只有一个数时，Python 会写上逗号，例如 `(7,)`。",
                ),
            ),
            Misconception(
                "shape of a column",
                ["(2, 1) float32", "(1, 2) float32"],
                Words(
                    "There is one pair of brackets, so one number in the shape.",
                    "只有一层括号，所以形状里只有一个数。",
                ),
            ),
            Misconception(
                "lost the row",
                ["() float32"],
                Words(
                    "A number times a row multiplies each entry; none is added up.",
                    "一个数乘以一行数，是每个元素都乘，并没有加起来。",
                ),
            ),
        ),
        "line_b",
    )
    _same_description(
        mean,
        "() float32",
        (
            Misconception(
                "a row of one",
                ["(1,) float32"],
                Words(
                    "`(1,)` is a row that holds one number. The mean is a number, in no "
                    "row: what did the lesson print for `number`?",
                    "`(1,)` 是只有一个数的一行。平均值就是一个数，不在任何一行里：正文里 `number` 打印出来是什么？",
                ),
            ),
            Misconception(
                "mean of nothing",
                ["(3,) float32"],
                Words(
                    "This is the shape before the mean is taken. `reduce` says that "
                    "several numbers become fewer.",
                    "这是求平均以前的形状。`reduce` 的意思是数会变少。",
                ),
            ),
        ),
        "line_c",
    )
    _same_description(
        product,
        "(2, 4) float32",
        (
            Misconception(
                "entry by entry",
                ["(2, 3) float32", "(3, 4) float32"],
                Words(
                    "This is one of the two shapes that went in. `@` is the product of "
                    "matrices: each row on the left meets each column on the right.",
                    "这是参与相乘的两个形状之一。`@` 是矩阵乘法：左边的每一行都要和右边的每一列相遇。",
                ),
            ),
            Misconception(
                "kept the inner numbers",
                ["(3, 3) float32", "(4, 2) float32"],
                Words(
                    "Rows of the left, columns of the right, in this order: those are "
                    "the two numbers that stay.",
                    "留下来的两个数，先是左边的行数，再是右边的列数。",
                ),
            ),
        ),
        "line_d",
    )


_HEIGHT = 30.0  # metres
_LANDING = math.sqrt(_HEIGHT / 4.9)  # seconds


def _fall(t):
    return _HEIGHT - 4.9 * t**2


def _velocity(t):
    return -9.8 * t


def _require_end_at_landing(every):
    """Require that no curve of a figure goes on after the ball has landed."""
    last = max(x.max() for ax in every for x, _ in curves(ax))
    if last > 1.03 * _LANDING:
        says = Words(
            "The curve goes on to t = {last}, with the ball under the ground. It is to "
            "end when the ball lands: for which t is h(t) = 0?",
            "曲线一直画到 t = {last}，球已经到了地下。应该画到球落地为止：t 等于多少时 h(t) = 0？",
        )
        raise Wrong(says(last=f"{last:.3g}"), "under the ground")


@exercise(
    "1.2",
    place=WHAT_FOR,
    points=3,
    hints=(
        Words(
            "`gt.plot_derivatives` draws a function and its derivative at once. Up to "
            "which moment does the ball fall?",
            "`gt.plot_derivatives` 一次画出函数和它的导数。球落到哪一刻为止？",
        ),
        Words(
            "The ball lands when h(t) = 0. Solve 4.9t² = 30 for t; that is where the "
            "interval ends.",
            "h(t) = 0 时球落地。从 4.9t² = 30 解出 t，区间就到那里为止。",
        ),
        Words(
            "`gt.plot_derivatives(h, (0.0, end), order=1)` gives the axes. The velocity at "
            'the end is h′ there, and `ax.plot(end, velocity, "o")` marks it.',
            "`gt.plot_derivatives(h, (0.0, end), order=1)` 返回 Axes 对象。落地速度是 h 在末端的导数，用 "
            '`ax.plot(end, velocity, "o")` 标出来。',
        ),
    ),
)
def drawing_of_a_fall(answer):
    """Require height and velocity of a falling ball, with a mark where it lands."""
    ax = axes_of_figure(answer)
    has_curve(ax, _fall, (0.0, _LANDING), name=Words("the height h", "高度 h"))
    _require_end_at_landing(ax)
    stage_reached(1 / 3)
    has_curve(
        ax,
        _velocity,
        (0.0, _LANDING),
        (
            Misconception(
                "forgot the two",
                lambda t: -4.9 * t,
                Words(
                    "The velocity is half of what it should be: t² grows by 2t per second.",
                    "速度只有应有的一半：t² 每秒增加 2t。",
                ),
            ),
            Misconception(
                "drew the acceleration",
                lambda t: np.full_like(t, -9.8),
                Words(
                    "A level line at −9.8 is how fast the velocity changes, the second "
                    "derivative. The velocity itself begins at 0.",
                    "高度为 −9.8 的水平线，是速度变化的快慢，也就是二阶导数。速度本身是从 0 开始的。",
                ),
            ),
            Misconception(
                "velocity upwards",
                lambda t: 9.8 * t,
                Words(
                    "The size is right, the sign is not: a height that shrinks has a "
                    "negative derivative.",
                    "大小对了，符号不对：高度在减小，导数就是负的。",
                ),
            ),
        ),
        name=Words("the velocity h′", "速度 h′"),
    )
    stage_reached(2 / 3)
    has_marks(
        ax,
        [(_LANDING, _velocity(_LANDING))],
        (
            Misconception(
                "half-way in time",
                [(_LANDING / 2, _velocity(_LANDING / 2))],
                Words(
                    "This is the velocity half-way in time. The ball has not landed yet.",
                    "这是时间过半时的速度，球还没落地。",
                ),
            ),
            Misconception(
                "took the square",
                [(_LANDING**2, _velocity(_LANDING**2))],
                Words(
                    "This moment is t², not t: it is far beyond the landing.",
                    "这一刻是 t²，不是 t：球早就落地了。",
                ),
            ),
            Misconception(
                "marked the height",
                [(_LANDING, 0.0)],
                Words(
                    "A mark at height 0 says when the ball lands. Its velocity at that "
                    "moment is to be read off the other curve.",
                    "高度为 0 处的标记说明球何时落地。那一刻的速度，要到另一条曲线上去读。",
                ),
            ),
        ),
        name=Words(
            "the velocity at the landing, when h(t) = 0",
            "落地那一刻（h(t) = 0）的速度",
        ),
        within=0.005,
    )


@exercise(
    "1.3",
    place=WHICH_NUMBERS,
    points=2,
    pitfalls={"P1": CONSTANTS, "P2": WHOLE, "dtypes": NO_MIXING},
    hints=(
        Words(
            "Call it with `2` and with `2.0`, and read what each call says. They fail "
            "for different reasons.",
            "分别用 `2` 和 `2.0` 调用，看看各说了什么。两次失败的原因不同。",
        ),
        Words(
            "With `2`, the variable is a whole number. With `2.0` it is a float, but the "
            "constant next to it is still a whole number.",
            "传入 `2` 时，变量是整数。传入 `2.0` 时变量是浮点数，可旁边的常量还是整数。",
        ),
        Words(
            "Tell the variable its type, `dtype=tf.float32`, and write the constant with "
            "a point, or as a plain Python number.",
            "给变量注明类型 `dtype=tf.float32`；常量要么写上小数点，要么直接写成 Python 的数。",
        ),
    ),
)
def repaired_types(answer):
    """Require the derivative of x² + 3x, for whole numbers and for floats."""
    same_function(
        answers.function(answer, "at"),
        lambda at: 2.0 * at + 3.0,
        [2, *uniform(-4.0, 4.0), -3],
        (
            Misconception(
                "value instead of slope",
                lambda at: at**2 + 3.0 * at,
                Words(
                    "This is y itself. What is asked for is its derivative, the result of "
                    "`tape.gradient`.",
                    "这是 y 本身。题目要的是它的导数，也就是 `tape.gradient` 的结果。",
                ),
                THREE_WAYS,
            ),
            Misconception(
                "lost a term",
                lambda at: 2.0 * at,
                Words(
                    "This is the derivative of x² alone. 3x has one too; keep it in `y`.",
                    "这只是 x² 的导数。3x 也有导数，`y` 里要留着它。",
                ),
                THREE_WAYS,
            ),
            Misconception(
                "lost the factor",
                lambda at: 2.0 * at + 1.0,
                Words(
                    "This is the derivative of x² + x: the 3 has gone.",
                    "这是 x² + x 的导数：3 不见了。",
                ),
                NO_MIXING,
            ),
            Misconception(
                "cut off the decimals",
                lambda at: 2.0 * int(at) + 3.0,
                Words(
                    "It is right for whole numbers only: the decimals of `at` are cut "
                    "off on the way.",
                    "只有整数时才对：`at` 的小数部分半路上被截掉了。",
                ),
            ),
        ),
        name="slope",
    )


@answers.called("x³")
def cube(x):
    """Bend upwards."""
    return x**3


@answers.called("exp(−x)")
def decay(x):
    """Bend upwards while it falls."""
    return tf.exp(-x)


_DERIVATIVES = {
    tf.exp: np.exp,
    cube: lambda x: 3 * x**2,
    decay: lambda x: -np.exp(-x),
}
# With the steps below, D(h/2) is off by 5 to 9 percent, two steps combined by less than
# one and a half.
_OFF_BY_LITTLE = 0.02


_NOT_FROM_BOTH = Words(
    "The number is good, but it is not made of D(h) and D(h/2). Combine these two, which "
    "use f at x, x + h and x + h/2 and nowhere else.",
    "结果够准，但不是由 D(h) 和 D(h/2) 得到的。请把这两个差商结合起来，它们只用到 f 在 x、x + h、x + h/2 处的值。",
)


class _Noting:
    """A function that notes where it is evaluated."""

    def __init__(self, f):
        self.f, self.__name__, self.at = f, f.__name__, []

    def __call__(self, x):
        if not tf.is_tensor(x) or hasattr(x, "numpy"):
            self.at += np.ravel(x).tolist()
        return self.f(x)


def _require_both_differences(better):
    """Require that an answer is made of f at x, x + h and x + h/2."""
    x, h = 0.75, 0.25
    places = (x, x + h / 2, x + h)

    def known_there_alone(t):
        t = tf.convert_to_tensor(t)
        near = [tf.abs(t - tf.cast(place, t.dtype)) < 1e-5 for place in places]
        return tf.where(tf.reduce_any(near, axis=0), t**3, tf.cast(1e3, t.dtype))

    noting = _Noting(known_there_alone)
    found = better(noting, x, h)
    if np.allclose(found, 3 * x**2 - h**2 / 2, rtol=1e-3):
        return
    if not noting.at:  # It ran elsewhere.
        raise Wrong(_NOT_FROM_BOTH, "not from both differences")
    steps = sorted({round((at - x) / h, 3) for at in noting.at} - {0.0})
    says = Words(
        "The number is good, but it is not made of D(h) and D(h/2): f was evaluated at "
        "{at}. Combine these two, which use f at x, x + h and x + h/2.",
        "结果够准，但不是由 D(h) 和 D(h/2) 得到的：f 是在 {at} 处求值的。请把这两个差商结合起来，它们用到 f 在 x、x + h、x + h/2 处的值。",
    )
    at = Listed(["x", *(f"x {step:+g}h" for step in steps)])
    raise Wrong(says(at=at), "not from both differences")


def _quotient(f, x, h):
    """Return the finite difference of f, computed in float64."""
    x = tf.constant(x, tf.float64)
    return (f(x + h) - f(x)) / h


@exercise(
    "1.4",
    place=THREE_WAYS,
    points=3,
    hints=(
        Words(
            "Print the error of D(0.2), D(0.1) and D(0.05) for one function. By what "
            "factor does it shrink each time?",
            "取一个函数，打印 D(0.2)、D(0.1)、D(0.05) 的误差。每次缩小到几分之几？",
        ),
        Words(
            "The error is halved with the step: D(h) ≈ f′ + e and D(h/2) ≈ f′ + e/2. "
            "Two equations with two unknowns: which combination has no e?",
            "步长减半，误差也减半：D(h) ≈ f′ + e，D(h/2) ≈ f′ + e/2。两个方程，两个未知数：怎样组合就没有 e 了？",
        ),
        Words(
            "Twice the second is 2f′ + e. Subtract the first from it.",
            "第二个的两倍是 2f′ + e。再减去第一个。",
        ),
    ),
)
def two_steps_combined(answer):
    """Require D(h) and D(h/2), combined so that the first error cancels."""
    better = answers.function(answer, "f", "x", "h")
    same_function(
        better,
        lambda f, x, h: _DERIVATIVES[f](x),
        [
            (f, x, h)
            for f in _DERIVATIVES
            for x, h in zip(uniform(1.2, 2.0, 3), uniform(0.2, 0.25, 3), strict=True)
        ],
        (
            Misconception(
                "the smaller step",
                lambda f, x, h: _quotient(f, x, h / 2),
                Words(
                    "This is the difference with h/2 alone: half of the error is left.",
                    "这只是步长 h/2 的差商：误差还剩一半。",
                ),
            ),
            Misconception(
                "the step alone",
                _quotient,
                Words(
                    "This is the difference with h alone, with all of its error.",
                    "这只是步长 h 的差商，误差一点没少。",
                ),
            ),
            Misconception(
                "took the mean",
                lambda f, x, h: (_quotient(f, x, h) + _quotient(f, x, h / 2)) / 2,
                Words(
                    "The mean lies between the two. Both are off to the same side, so "
                    "the right number lies outside.",
                    "平均值落在两者之间。可两者偏向同一侧，正确的数在它们外面。",
                ),
            ),
            Misconception(
                "subtracted one from the other",
                lambda f, x, h: _quotient(f, x, h) - _quotient(f, x, h / 2),
                Words(
                    "This is by how much the two differ, about the error of D(h/2). Use "
                    "it to correct one of them.",
                    "这是两者之差，大约等于 D(h/2) 的误差。用它去修正其中一个。",
                ),
            ),
            Misconception(
                "added",
                lambda f, x, h: 2 * _quotient(f, x, h / 2) + _quotient(f, x, h),
                Words(
                    "Three times as large as it should be: the weights of the two have "
                    "to add up to 1.",
                    "大了两倍多：两个差商前面的系数之和应该是 1。",
                ),
            ),
            Misconception(
                "forgot the brackets",
                lambda f, x, h: (
                    2
                    * (
                        f(tf.constant(x + h / 2, tf.float64))
                        - f(tf.constant(x, tf.float64)) / (h / 2)
                    )
                    - (
                        f(tf.constant(x + h, tf.float64))
                        - f(tf.constant(x, tf.float64)) / h
                    )
                ),
                Words(
                    "In `f(x + h) - f(x) / h` only f(x) is divided by h. The difference "
                    "needs brackets.",
                    "`f(x + h) - f(x) / h` 里，只有 f(x) 除以了 h。差要加括号。",
                ),
            ),
            Misconception(
                "the other way round",
                lambda f, x, h: 2 * _quotient(f, x, h) - _quotient(f, x, h / 2),
                Words(
                    "This leads away from the right number: the difference that is off "
                    "by less should count more.",
                    "这样离正确的数更远了：误差小的那个差商，分量应该更重。",
                ),
            ),
            Misconception(
                "exchanged the signs",
                lambda f, x, h: _quotient(f, x, h) - 2 * _quotient(f, x, h / 2),
                Words(
                    "The size is right, the sign is not: which of the two is subtracted "
                    "from which?",
                    "大小对了，符号反了：是谁减去谁？",
                ),
            ),
            Misconception(
                "as if an error were quartered",
                lambda f, x, h: (4 * _quotient(f, x, h / 2) - _quotient(f, x, h)) / 3,
                Words(
                    "4 and 3 fit where half of the step leaves a quarter of the error. "
                    "What part did you see left here?",
                    "步长减半、误差只剩四分之一时，才用 4 和 3。你在这里看到误差还剩几分之几？",
                ),
            ),
            Misconception(
                "divided by h and by 2",
                lambda f, x, h: _quotient(f, x, h / 2) / 2 - _quotient(f, x, h),
                Words(
                    "In Python `a / h / 2` divides by h and then by 2. The step h/2 "
                    "needs brackets.",
                    "在 Python 里，`a / h / 2` 是先除以 h，再除以 2。步长 h/2 要加括号。",
                ),
            ),
            Misconception(
                "forgot to divide",
                lambda f, x, h: h * _quotient(f, x, h),
                Words(
                    "This is how much f changes, not yet per unit of x.",
                    "这是 f 变了多少，还没有除以 x 的变化。",
                ),
            ),
        ),
        name="better",
        rtol=_OFF_BY_LITTLE,
    )
    _require_both_differences(better)


def _sum(x, terms, divisor=math.factorial):
    """Return 1 + x + x² / divisor(2) + ... and its slope."""
    powers = range(1, terms + 1)
    return (
        1 + sum(x**k / divisor(k) for k in powers),
        sum(k * x ** (k - 1) / divisor(k) for k in powers),
    )


def _starts_anew(series):
    """Tell whether a function's result hangs on a variable that it makes itself."""
    made = []

    def note(create, **options):
        made.append(create(**options))
        return made[-1]

    x = tf.constant(0.5)
    with tf.GradientTape() as tape, tf.variable_creator_scope(note):
        tape.watch(x)
        value = series(x)
    if not made or not isinstance(value, tf.Tensor):
        return False
    return tape.gradient(value, x) is None


@exercise(
    "1.5",
    place=THREE_WAYS,
    points=3,
    hints=(
        Words(
            "How do you get from one term of the sum to the next? x²/2! to x³/3!, say.",
            "怎样从和式的一项得到下一项？比如从 x²/2! 到 x³/3!。",
        ),
        Words(
            "Each term is the one before, times x, divided by its place: no power and "
            "no factorial is needed. Begin with the term 1.",
            "每一项都等于前一项乘以 x，再除以它的序号，既不用乘方，也不用阶乘。从 1 这一项开始。",
        ),
        Words(
            "Keep two numbers, `term` and `total`, both 1.0 at first. For `k` from 1 to "
            "10: multiply `term` by `x / k`, and add it to `total`.",
            "记住两个数 `term` 和 `total`，开始时都是 1.0。`k` 从 1 到 10：`term` 乘上 `x / k`，再加进 `total`。",
        ),
    ),
)
def program_without_a_formula(answer):
    """Require 1 + x + x²/2! + ... + x¹⁰/10!, computed so that a tape can follow."""
    series = answers.function(answer, "x")

    def value_and_slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = series(x)
        return value, tape.gradient(value, x)

    same_function(
        lambda x: answers.number(series(tf.constant(x)), "series"),
        lambda x: _sum(x, 10)[0],
        [0.0, *uniform(-3.0, 4.0, 7)],
        (
            Misconception(
                "no factorials",
                lambda x: _sum(x, 10, lambda k: 1)[0],
                Words(
                    "The terms are plain powers, nothing is divided.",
                    "每一项都是单纯的乘方，什么也没除。",
                ),
            ),
            Misconception(
                "divided by the place",
                lambda x: _sum(x, 10, lambda k: k)[0],
                Words(
                    "The power xᵏ is divided by k; k! is the product of all numbers up "
                    "to k.",
                    "这里 xᵏ 除以的是 k；应当除以 k!，也就是从 1 到 k 全部相乘。",
                ),
            ),
            Misconception(
                "one term short",
                lambda x: _sum(x, 9)[0],
                Words(
                    "The last term, x¹⁰/10!, is missing. A `range` ends one before its "
                    "second number.",
                    "少了最后一项 x¹⁰/10!。`range` 只到第二个数的前一个。",
                ),
            ),
            Misconception(
                "one term more",
                lambda x: _sum(x, 11)[0],
                Words(
                    "There is one term too many, x¹¹/11!.",
                    "多了一项 x¹¹/11!。",
                ),
            ),
            Misconception(
                "without the loop's first terms",
                lambda x: _sum(x, 10)[0] - 1 - x,
                Words(
                    "The sum begins with x²/2!: the terms 1 and x are missing.",
                    "和是从 x²/2! 开始的：少了 1 和 x 两项。",
                ),
            ),
            Misconception(
                "the last term alone",
                lambda x: x**10 / math.factorial(10),
                Words(
                    "This is the last term. The terms before it have to be kept and added.",
                    "这只是最后一项。前面的各项也要留着，加起来。",
                ),
            ),
            Misconception(
                "forgot the 1",
                lambda x: _sum(x, 10)[0] - 1,
                Words(
                    "All is right but the first term: at x = 0 the sum is not 0.",
                    "只差第一项：x = 0 时，和不该是 0。",
                ),
            ),
            Misconception(
                "the function behind it",
                np.exp,
                Words(
                    "You have recognised the function. The sum stops at x¹⁰/10! though, "
                    "and far from 0 that can be seen: write the loop.",
                    "你认出了这个函数。可这个和到 x¹⁰/10! 为止，离 0 远了就看得出差别：请写循环。",
                ),
            ),
        ),
        name="series",
    )
    stage_reached(2 / 3)
    if not isinstance(series(tf.constant(0.5)), tf.Tensor):
        raise Wrong(
            Words(
                "The numbers are right, but `series` returns a plain number, no tensor: "
                "on the way `x` left TensorFlow (through `math`, `float()`, `.numpy()` "
                "or NumPy), and a tape cannot record it.",
                "数都对，但 `series` 返回的是普通的数，不是张量：半路上 `x` 离开了 TensorFlow（经过 `math`、`float()`、`.numpy()` 或 NumPy），梯度带没法记录。",
            ),
            "left TensorFlow",
            THREE_WAYS,
        )
    if _starts_anew(series):
        raise Wrong(
            Words(
                "`series` makes a variable of its own, which is not connected to `x`. "
                "Compute with the `x` that is given.",
                "`series` 自己新建了一个变量，它与 `x` 没有连接。请直接用传进来的 `x` 计算。",
            ),
            "made a new variable",
            CONSTANTS,
        )
    same_function(
        answers.function(lambda x: value_and_slope(tf.constant(x)), "x", name="series"),
        lambda x: _sum(x, 10),
        uniform(-1.0, 2.0),
        name="series",
    )


sum_of_the_table = Prediction("1.a", outcome=float, tolerance=0.01)

slope_of_the_loop = Prediction(
    "1.b",
    choices={
        "√x": "√x",
        "1/√x": "1/√x",
        "1/(2√x)": "1/(2√x)",
        "x/2": "x/2",
    },
    outcome=lambda slopes: {
        (1.0, 2.0): "√x",
        (1.0, 0.5): "1/√x",
        (0.5, 0.25): "1/(2√x)",
        (0.5, 2.0): "x/2",
    }[tuple(round(float(slope), 3) for slope in slopes)],
)
