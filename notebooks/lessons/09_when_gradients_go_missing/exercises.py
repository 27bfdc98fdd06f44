"""Exercises of lesson 9: when gradients go missing."""

import functools

import numpy as np
import tensorflow as tf

from gradtape.exercises import answers
from gradtape.exercises.comparing import (
    Misconception,
    same_function,
    same_text,
    uniform,
)
from gradtape.exercises.elsewhere import FunctionElsewhere
from gradtape.exercises.errors import raised
from gradtape.exercises.exercise import Wrong, exercise
from gradtape.exercises.none_returned import causes, is_answered_none
from gradtape.exercises.prediction import Prediction
from gradtape.exercises.sentences import RESULT_OF
from gradtape.exercises.stages import stage_reached
from gradtape.exercises.words import Words

FOUR_QUESTIONS = Words("Four questions", "四个问题")
NEW_START = Words(
    "P7: assign is a new start (optional)", "P7：赋值就是重新开始（选学）"
)
NAME = Words(
    "P6: the name means something else now (optional)",
    "P6：同一个名字，换了对象（选学）",
)
PIECEWISE = Words("P15: piecewise constant steps", "P15：分段为常数的运算")
NO_RULE = Words(
    "P22: an operation without a rule (optional)",
    "P22：没有求导法则的运算（选学）",
)
FLAT = Words("P27: where a function is flat", "P27：函数平坦的地方")
LAYERS = Words("Vanishing and exploding gradients", "梯度消失和梯度爆炸")
BRANCH = Words(
    "P16: tf.where and the branch not chosen", "P16：tf.where 与未被选中的分支"
)
ROOT = Words("P17: a root at zero (optional)", "P17：零处的根号（选学）")
DETOUR = Words("P5: a detour through NumPy", "P5：绕道 NumPy")
KINKS = Words("P24: kinks and ties (optional)", "P24：尖点与相等的情形（选学）")

_ZERO, _ONE, _TWO = (["0", "0.0", "0."], ["1", "1.0", "1."], ["2", "2.0", "2."])
_MINUS_ONE = ["-1", "-1.0", "-1."]
_INF = ["inf", "infinity", "∞"]
_NAN = ["nan"]
_NONE = ["none"]
_ERROR = ["error", "attributeerror"]
_WORDS = {*_ZERO, *_ONE, *_TWO, *_MINUS_ONE, *_INF, *_NAN, *_NONE, *_ERROR}
_CHOOSE = Words(
    "{name} is none of the words of the task. Choose among those in quotes.",
    "{name} 不是题目里列出的写法。请从题目加引号的几个里选。",
)

# The six lines of 9.1: name, the section that teaches it, what comes back, what else one
# may think of, and what is said of any other word.
_SIX = (
    (
        "a",
        KINKS,
        _ZERO,
        (
            Misconception(
                "no slope at the kink",
                [*_NAN, *_NONE],
                Words(
                    "A kink has no derivative, but TensorFlow agrees on a number there.",
                    "尖点处没有导数，但 TensorFlow 约定了一个数。",
                ),
            ),
            Misconception(
                "took one side of the kink",
                [*_ONE, *_MINUS_ONE],
                Words(
                    "This is the derivative on one side of the kink. At 0 itself neither "
                    "side is taken.",
                    "这是尖点一侧的导数。在 0 处，两侧都不取。",
                ),
            ),
        ),
        Words(
            "|x| has a kink at 0. The section says what TensorFlow gives there.",
            "|x| 在 0 处有尖点。这一节说明了 TensorFlow 在那里给出什么。",
        ),
    ),
    (
        "b",
        ROOT,
        _INF,
        (
            Misconception(
                "root is nan",
                _NAN,
                Words(
                    "NaN needs a 0 times an infinity. On this path there is only one "
                    "step.",
                    "要有 0 乘以无穷大才会出现 NaN。这条路径上只有一步。",
                ),
            ),
        ),
        Words(
            "It is one step with a formula, 1/(2√x). Put 0 in for x: in floating-point numbers a number divided by 0 is no error.",
            "只有一步，公式是 1/(2√x)。代入 x = 0：浮点数除以 0 并不报错。",
        ),
    ),
    (
        "c",
        PIECEWISE,
        _NONE,
        (
            Misconception(
                "constant by pieces",
                _ZERO,
                Words(
                    "Between its jumps it is constant, but TensorFlow has registered it "
                    "as an operation without a gradient.",
                    "在两次跳跃之间它是常数，可 TensorFlow 把它登记成没有梯度的运算。",
                ),
            ),
        ),
        Words(
            "Which operations does TensorFlow have no gradient for? The section names some.",
            "哪些运算在 TensorFlow 里没有梯度？这一节举了几个。",
        ),
    ),
    (
        "d",
        BRANCH,
        _NAN,
        (
            Misconception(
                "only the chosen branch",
                _ONE,
                Words(
                    "This is the derivative of the branch that is chosen. The other one is "
                    "on the record too, and a 0 is multiplied by its derivative.",
                    "这是选中的那一支的导数。另一支也在记录里，往回传时，要用 0 去乘它的导数。",
                ),
            ),
            Misconception(
                "nothing from the other branch",
                _ZERO,
                Words(
                    "The branch that is not chosen gets a 0. By what is this 0 "
                    "multiplied on its way back to `x`?",
                    "没被选中的那一支得到 0。这个 0 往回传到 `x`，还要乘以什么？",
                ),
            ),
        ),
        Words(
            "Both branches are computed and recorded. What is the derivative of x·log x at 0?",
            "两支都会计算，也都有记录。x·log x 在 0 处的导数是什么？",
        ),
    ),
    (
        "e",
        DETOUR,
        _ERROR,
        (
            Misconception(
                "float is none",
                _NONE,
                Words(
                    "After `float` the target is a Python number, no tensor. `gradient` "
                    "does not even accept it.",
                    "经过 `float`，目标成了 Python 的数，不是张量，`gradient` 根本不接受它。",
                ),
            ),
            Misconception(
                "float goes unnoticed",
                _ONE,
                Words(
                    "That would be the derivative of x + 1. After `float(x)`, is it still "
                    "a tensor?",
                    "如果一直是张量，x + 1 的导数就是这个数。可 `float(x)` 之后还是张量吗？",
                ),
            ),
        ),
        Words(
            "After `float` the result is a Python number. What does `gradient` do when its target is one?",
            "经过 `float`，结果是 Python 的数。目标是这样的数时，`gradient` 会怎样？",
        ),
    ),
    (
        "f",
        DETOUR,
        _ONE,
        (
            Misconception(
                "saw both factors",
                _TWO,
                Words(
                    "This is what calculus says. One of the two factors was computed by "
                    "NumPy and is not on the record.",
                    "按微积分是这样。可两个因子里，有一个是 NumPy 算的，没有记录下来。",
                ),
            ),
            Misconception(
                "saw no factor",
                _NONE,
                Words(
                    "One path from `x` is cut. Another one is recorded.",
                    "从 `x` 出发的路径断了一条，可还有一条记录着。",
                ),
            ),
        ),
        Words(
            "The product has two factors: follow the way from each back to `x`.",
            "乘积有两个因子：分别看从它们回到 `x` 的路。",
        ),
    ),
)


@exercise(
    "9.1",
    place=FOUR_QUESTIONS,
    points=2,
    hints=(
        Words(
            "Follow the calculation from `x` to the result, step by step. Which step is "
            "not TensorFlow's, which has no derivative, which has an infinite one?",
            "从 `x` 到结果，一步一步看。哪一步不是 TensorFlow 的运算？哪一步没有导数？哪一步的导数是无穷大？",
        ),
        Words(
            "(a) a kink, (b) a root at zero, (c) piecewise constant, (d) a branch that "
            "is not chosen, (e) Python's number, (f) one of two paths through NumPy.",
            "(a) 尖点，(b) 零处的根号，(c) 分段为常数，(d) 没被选中的分支，(e) Python 的数，(f) 两条路径中有一条绕道 NumPy。",
        ),
        Words(
            "(a) follows a convention, (b) is 1/(2√x) at 0, (c) is unconnected, (d) "
            "multiplies 0 by something infinite, (e) is no tensor any more, (f) keeps "
            "one of two equal parts.",
            "(a) 按约定，(b) 是 1/(2√x) 在 0 处的值，(c) 未连接，(d) 是 0 乘以无穷大，(e) 已经不是张量，(f) 两份相等的贡献只剩一份。",
        ),
    ),
)
def what_comes_back(answer):
    """Require what the tape says at 0 of six calculations that look harmless."""
    parts = [
        "None" if p is None else p if isinstance(p, str) else str(p)
        for p in answers.parts(answer, len(_SIX))
    ]
    for place, (part, line) in enumerate(zip(parts, _SIX, strict=True), 1):
        name, heading, right, misconceptions, otherwise = line
        if answers.text(part, name) not in _WORDS:
            raise Wrong(_CHOOSE(name=f"`{name}`"), "another word", heading)
        same_text(
            part,
            right,
            misconceptions,
            name=name,
            place=heading,
            otherwise=otherwise,
        )
        if place < len(_SIX):
            stage_reached(place / len(_SIX))


_START = 1.0  # where w begins


def _descended(inputs, steps, rate=0.1):
    w, square = _START, float(np.mean(np.asarray(inputs, float) ** 2))
    for _ in range(steps):
        w -= rate * 2 * (w - 2.0) * square
    return w


def _steps_alone(inputs, steps, rate):
    w, square = _START, float(np.mean(np.asarray(inputs, float) ** 2))
    for _ in range(steps):
        w = rate * 2 * (w - 2.0) * square
    return w


def _standing_still(again):
    """Return why w does not move: the first break on the road, or the step itself."""
    if not is_answered_none(again):
        return Wrong(
            Words(
                "The gradient is a number now, and `w` is still where it began: the "
                "step does not change it.",
                "梯度已经是数了，`w` 却还在起点：更新没有作用到 `w` 上。",
            ),
            "the step misses w",
            NAME,
        )
    rows = [reason.cause for reason in causes(again)]
    if "P7" in rows:
        return Wrong(
            Words(
                "`w` is where it began, and the gradient is `None`: in between lies a "
                "step that takes over a value, and not where the value came from.",
                "`w` 还在起点，梯度是 `None`：中间有一步只接过了数值，数值从哪里来却没有记录。",
            ),
            "a value stored in between",
            NEW_START,
        )
    if "P15" in rows:
        return Wrong(
            Words(
                "`w` is where it began, and the gradient is `None`: in between lies a "
                "step that has no derivative.",
                "`w` 还在起点，梯度是 `None`：中间有一步没有导数。",
            ),
            "constant by pieces",
            PIECEWISE,
        )
    return Wrong(
        Words(
            "`w` is where it began, and the gradient is `None`. `gt.explain_gradient` "
            "says where the connection breaks.",
            "`w` 还在起点，梯度是 `None`。用 `gt.explain_gradient` 看看连接断在哪里。",
        ),
        "never moved",
    )


@exercise(
    "9.2",
    place=FOUR_QUESTIONS,
    points=3,
    pitfalls={"P6": NAME, "P7": NEW_START, "P15": PIECEWISE},
    hints=(
        Words(
            "Put `gt.explain_gradient` in the place of `tape.gradient`, repair what it "
            "names, and run it again.",
            "把 `tape.gradient` 换成 `gt.explain_gradient`，修好它指出的地方，再运行一次。",
        ),
        Words(
            "Two mistakes lie between `w` and `report`: one step stores a value, one is "
            "piecewise constant. The third shows only in the second round.",
            "从 `w` 到 `report` 之间有两处错：一步是存值，一步分段为常数。第三处要到第二轮才看得出来。",
        ),
        Words(
            "Keep the loss in a tensor, differentiate it before it is rounded, and "
            "change `w` in place with `assign_sub`.",
            "把损失留在张量里，在取整之前对它求导，再用 `assign_sub` 原地修改 `w`。",
        ),
    ),
)
def repaired_descent(answer):
    """Require w after some steps of gradient descent on the mean squared error."""
    descend = answers.function(answer, "inputs", "steps")
    two_steps = functools.partial(descend, tf.constant([0.5, 1.0, 1.5]), 2)
    if answers.number(two_steps(), "descend") == _START:
        raise _standing_still(two_steps)
    same_function(
        descend,
        _descended,
        [
            (tf.constant(uniform(0.3, 1.6, 4), tf.float32), steps)
            for steps in (2, 5, 10)
        ],
        (
            Misconception(
                "one step only",
                lambda inputs, steps: _descended(inputs, 1),
                Words(
                    "The first step is right, and then nothing moves. What is `w` after "
                    "the first round: still a variable?",
                    "第一步对了，然后就不动了。第一轮之后，`w` 是什么？还是变量吗？",
                ),
                NAME,
            ),
            *(
                Misconception(
                    "another learning rate",
                    lambda inputs, steps, rate=rate: _descended(inputs, steps, rate),
                    Words(
                        "The steps are {factor} times as long as they should be: is η "
                        "0.1?",
                        "步长是应有的 {factor} 倍：η 是 0.1 吗？",
                    )(factor=f"{10 * rate:g}"),
                )
                for rate in (0.01, 0.05, 0.2)
            ),
            Misconception(
                "uphill",
                lambda inputs, steps: _descended(inputs, steps, -0.1),
                Words(
                    "These steps go along the gradient, away from 2.",
                    "这是顺着梯度走，离 2 越来越远。",
                ),
            ),
            Misconception(
                "no learning rate",
                lambda inputs, steps: _descended(inputs, steps, 1.0),
                Words(
                    "The whole gradient was subtracted. Where does the factor 0.1 come "
                    "in?",
                    "减去的是整个梯度。因子 0.1 用在哪里？",
                ),
            ),
            *(
                Misconception(
                    "assigned the step",
                    lambda inputs, steps, rate=rate: _steps_alone(inputs, steps, rate),
                    Words(
                        "`w` became the step itself: `assign` sets a value, and "
                        "`assign_sub` subtracts from the old one.",
                        "`w` 变成了那一步本身：`assign` 是设成新值，`assign_sub` 才是从旧值里减去。",
                    ),
                )
                for rate in (0.1, -0.1)
            ),
            Misconception(
                "summed over the inputs",
                lambda inputs, steps: _descended(inputs, steps, 0.1 * len(inputs)),
                Words(
                    "The steps are as many times too long as there are inputs: the loss "
                    "is a mean.",
                    "步子太长，倍数正是输入的个数：损失是平均值。",
                ),
            ),
        ),
        name="descend",
    )


def _wave(x):
    """Return sin x / x with its first two derivatives."""
    if x == 0:
        return np.array([1.0, 0.0, -1 / 3])
    sine, cosine = np.sin(x), np.cos(x)
    return np.array(
        [
            sine / x,
            cosine / x - sine / x**2,
            -sine / x - 2 * cosine / x**2 + 2 * sine / x**3,
        ]
    )


def _require_tensor(y, like, name):
    """Require a tensor that a tape can follow, of the shape of the argument."""
    if isinstance(y, tuple) and any(callable(part) for part in y):
        says = Words(
            "{name} returns a pair, a value and a function. With "
            "`@tf.custom_gradient` above the `def` the function becomes its gradient; "
            "is that line missing?",
            "{name} 返回的是一对：一个值和一个函数。在 `def` 上面写 `@tf.custom_gradient`，这个函数才会成为它的梯度；是不是漏了这一行？",
        )
        raise Wrong(says(name=f"`{name}`"), "forgot the decorator", NO_RULE)
    answers.tensor(y, tuple(like.shape), RESULT_OF(what=f"`{name}`"))
    if not isinstance(y, tf.Tensor):
        says = Words(
            "{name} returns plain numbers, no tensor, so no tape can follow it.",
            "{name} 返回的是普通的数，不是张量，梯度带没法记录。",
        )
        raise Wrong(says(name=f"`{name}`"), "no tensor", DETOUR)


def _with_derivatives(f, x):
    """Return f, f′ and f″ at several points at once, by two tapes; a row a point."""
    x = tf.constant(x, tf.float32)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        _require_tensor(y, x, "sinc")
        first = inner.gradient(y, x, unconnected_gradients="zero")
    second = outer.gradient(first, x, unconnected_gradients="zero")
    return np.stack([y.numpy(), first.numpy(), second.numpy()], axis=1)


def _at_zero(*values):
    return lambda x: np.array(values) if x == 0 else _wave(x)


@exercise(
    "9.3",
    place=BRANCH,
    points=3,
    hints=(
        Words(
            "`sin(x) / x` must never meet a 0, not even in the branch that is thrown "
            "away.",
            "`sin(x) / x` 绝不能遇上 0，哪怕是在要丢掉的那一支里。",
        ),
        Words(
            "The double `where` makes value and first derivative right at 0. For the "
            "second, and for the neighbourhood of 0, the other branch has to bend like "
            "sin x / x there; and it has to be chosen near 0 too, not at 0 alone.",
            "双重 `where` 能让 0 处的函数值和一阶导数正确。要让二阶导数和 0 附近也对，另一支在那里必须像 sin x / x 那样弯曲，而且不只在 0 处、在 0 附近也要选它。",
        ),
        Words(
            "Near 0, sin x = x − x³/6 + x⁵/120 − …, so sin x / x = 1 − x²/6 + x⁴/120 − "
            "…. Put that into the other branch, and choose it for |x| < 0.05, say.",
            "在 0 附近 sin x = x − x³/6 + x⁵/120 − …，所以 sin x / x = 1 − x²/6 + x⁴/120 − …。把它放进另一支，比如在 |x| < 0.05 时选它。",
        ),
    ),
)
def safe_quotient(answer):
    """Require sin x / x with two right derivatives, at 0 too."""
    sinc = answers.function(answer, "x")
    near = uniform(0.0008, 0.004, 3)
    points = [0.0, *uniform(0.8, 6.0, 3), *uniform(-6.0, -0.8, 3)]
    points += uniform(0.4, 0.7, 1)
    # All at once, as a vector: a Python `if` would choose for all of them.
    rows = _with_derivatives(sinc, [*points, *near])
    at = dict(zip([*points, *near], rows, strict=True))
    same_function(
        at.__getitem__,
        _wave,
        points,
        (
            Misconception(
                "a constant in the other branch",
                _at_zero(1.0, 0.0, 0.0),
                Words(
                    "Value and first derivative are right, also at 0. The second derivative at "
                    "0 is 0, and should not be: what is computed there is as flat as a "
                    "constant.",
                    "函数值和一阶导数都对，在 0 处也对。二阶导数在 0 处却是 0，这不对：在那里算的东西像常数一样，不会弯曲。",
                ),
            ),
            Misconception(
                "a zero in the other branch",
                _at_zero(0.0, 0.0, 0.0),
                Words(
                    "Away from 0 all is right. At 0 the value is the limit of sin x / x, "
                    "and that is not 0.",
                    "0 以外全对。在 0 处，值应该是 sin x / x 的极限，而它不是 0。",
                ),
            ),
            Misconception(
                "the derivative of the numerator",
                lambda x: np.array([np.cos(x), -np.sin(x), -np.cos(x)]),
                Words(
                    "This is cos x. L'Hôpital's rule gives the limit at 0, not the "
                    "function.",
                    "这是 cos x。洛必达法则给出 0 处的极限，并不是整个函数。",
                ),
            ),
            Misconception(
                "nan at zero",
                _at_zero(1.0, np.nan, np.nan),
                Words(
                    "The value at 0 is right, its derivative is NaN: the branch that is "
                    "thrown away divides by 0.",
                    "0 处的值对了，导数却是 NaN：要丢掉的那一支除以了 0。",
                ),
            ),
        ),
        name="sinc",
        parts=(
            Words("the value", "函数值"),
            Words("the first derivative", "一阶导数"),
            Words("the second derivative", "二阶导数"),
        ),
        rtol=2e-3,
        atol=2e-4,
    )
    wrong = [x for x in near if not np.allclose(at[x], _wave(x), rtol=2e-3, atol=2e-4)]
    if wrong:
        says = Words(
            "At 0 and away from it all is right. At x = {x} the second derivative is "
            "{found}: so close to 0 the quotient loses its digits in float32, and the "
            "other branch is not chosen there.",
            "0 处和离 0 较远处都对。在 x = {x} 处，二阶导数却是 {found}：离 0 这么近，float32 的有效数字在商式里抵消掉了，而那里没有选另一支。",
        )
        found = f"{at[wrong[0]][2]:.3g}"
        raise Wrong(says(x=wrong[0], found=found), "switched at zero alone")


def _value_and_way_back(f, x, upstream):
    """Return f(x), and what comes back to x when upstream arrives at it."""
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    _require_tensor(y, x, "clip")
    try:
        back = tape.gradient(y, x, output_gradients=upstream)
    except Exception as error:  # noqa: BLE001 - the learner's function raised it
        raise raised(error, _THE_WAY_BACK) from None
    if back is None:
        says = Words(
            "Forwards it clips, but nothing comes back: the gradient is `None`. Is the "
            "result an operation of TensorFlow's on `x`?",
            "往前确实截断了，但什么也传不回来：梯度是 `None`。结果是用 TensorFlow 的运算由 `x` 算出来的吗？",
        )
        raise Wrong(says, "nothing comes back")
    name = RESULT_OF(what=_THE_WAY_BACK)
    return [y.numpy(), answers.tensor(back, tuple(x.shape), name)]


_NO_UPSTREAM = Words(
    "What arrives from above is lost: where something comes back, it is 1, whatever "
    "`upstream` is.",
    "从后面传来的梯度丢掉了：凡是能传回来的地方，不管 `upstream` 是多少，传回来的都是 1。",
)
_THE_WAY_BACK = Words("the inner function of `clip`", "`clip` 里面的函数")


def _clipped(x, upstream, lets_through):
    x, upstream = np.asarray(x, float), np.asarray(upstream, float)
    inside = (x > 0) & (x < 1)
    back = np.where(inside | lets_through(x, upstream), upstream, 0.0)
    return np.stack([np.clip(x, 0.0, 1.0), back])


def _homewards(x, upstream):
    """Tell where a step against the gradient leads towards the interval."""
    return ((x < 0) & (upstream < 0)) | ((x > 1) & (upstream > 0))


@exercise(
    "9.4",
    place=NO_RULE,
    points=3,
    hints=(
        Words(
            "The way forward is `tf.clip_by_value`. Only the way back is yours: a "
            "function of `upstream` that also looks at `x`.",
            "前向就是 `tf.clip_by_value`。要写的只有往回的部分：一个 `upstream` 的函数，它还要用到 `x`。",
        ),
        Words(
            "A step goes against the gradient. For x above 1 it leads back if the "
            "gradient is positive; for x below 0, if it is negative.",
            "每一步都逆着梯度走。x 大于 1 时，梯度为正才会走回来；x 小于 0 时，梯度为负才会走回来。",
        ),
        Words(
            "Return `tf.where(passes, upstream, 0.0)`, where `passes` is true inside "
            "the interval and in the two cases of the last hint; combine them with `|` "
            "and `&`.",
            "返回 `tf.where(passes, upstream, 0.0)`；`passes` 在区间内为真，在上一条提示的两种情形下也为真，用 `|` 和 `&` 组合。",
        ),
    ),
)
def clipping_with_a_way_home(answer):
    """Require a clipping whose way back lets through what leads home."""
    clip = answers.function(answer, "x")
    inside = uniform(0.1, 0.9, 2)
    above, below = uniform(1.2, 4.0, 2), uniform(-3.0, -0.2, 2)
    x = tf.constant([*below, *inside, *above], tf.float32)
    some, others = uniform(0.3, 2.0, 6), uniform(0.3, 2.0, 6)
    same_function(
        lambda x, upstream: _value_and_way_back(clip, x, upstream),
        lambda x, upstream: _clipped(x, upstream, _homewards),
        [
            (x, tf.constant(some, tf.float32)),
            (x, -tf.constant(others, tf.float32)),
        ],
        (
            Misconception(
                "plain clipping",
                lambda x, g: _clipped(x, g, lambda x, g: np.zeros_like(x, bool)),
                Words(
                    "This is what clipping does by itself: outside nothing comes back, "
                    "and `x` stays there.",
                    "截断本来就是这样：在区间外什么也传不回来，`x` 就留在那里了。",
                ),
                FLAT,
            ),
            Misconception(
                "lets everything through",
                lambda x, g: _clipped(x, g, lambda x, g: np.ones_like(x, bool)),
                Words(
                    "Everything comes back now, also what moves `x` further away.",
                    "现在什么都能传回来，连会让 `x` 更远的也传回来了。",
                ),
            ),
            Misconception(
                "the wrong way",
                lambda x, g: _clipped(x, g, lambda x, g: ~_homewards(x, g)),
                Words(
                    "Outside it lets through what leads away. A step is the gradient "
                    "times −η.",
                    "在区间外，放过去的正是越走越远的那些。一步是梯度乘以 −η。",
                ),
            ),
            Misconception(
                "no upstream",
                lambda x, g: _clipped(x, g, _homewards) / [np.ones(6), np.asarray(g)],
                _NO_UPSTREAM,
            ),
            Misconception(
                "no upstream",
                lambda x, g: (
                    _clipped(x, g, lambda x, g: np.zeros_like(x, bool))
                    / [np.ones(6), np.asarray(g)]
                ),
                _NO_UPSTREAM,
            ),
            *(
                Misconception(
                    "one side only",
                    lambda x, g, side=side: _clipped(
                        x, g, lambda x, g: _homewards(x, g) | (side * (x - 0.5) > 0)
                    ),
                    Words(
                        "On one side of the interval everything comes back. Both sides "
                        "are to let through only what leads home.",
                        "区间的一侧什么都传了回来。两侧都只应放过往区间走的。",
                    ),
                )
                for side in (1, -1)
            ),
            Misconception(
                "turned outside",
                lambda x, g: np.stack(
                    [
                        np.clip(x, 0.0, 1.0),
                        np.where((x > 0) & (x < 1), g, -np.asarray(g)),
                    ]
                ),
                Words(
                    "Outside the sign is turned. What comes back is `upstream` as it is, "
                    "or 0.",
                    "区间外把符号反了过来。传回来的应该是原样的 `upstream`，或者 0。",
                ),
            ),
            Misconception(
                "not clipped",
                lambda x, g: np.stack([np.asarray(x), _clipped(x, g, _homewards)[1]]),
                Words(
                    "The way back is right; forwards the values must still be clipped.",
                    "回来的路对了；往前走时，值还是要截断的。",
                ),
            ),
        ),
        name="clip",
        parts=(Words("the value", "函数值"), Words("what comes back", "传回来的梯度")),
    )


_TOO_MUCH_FOR_A_SMALL_ONE = 2


def _network(dead, layers, seed):
    """Return a model of Dense layers one of which gives 0 on all examples.

    The layers before it live, though all their biases are negative; behind the first
    one of their units gives 0, and in the third all do on a small example. Of some
    models it is the kernel that the layer is dead by.
    """
    random = np.random.default_rng(seed)
    model = tf.keras.Sequential([tf.keras.Input((3,))])
    for place in range(layers):
        activation = "relu" if place < layers - 1 else None
        layer = tf.keras.layers.Dense(4, activation=activation)
        model.add(layer)
        kernel, bias = layer.get_weights()
        kernel = random.uniform(0.4, 1.0, kernel.shape)
        bias = np.full(bias.shape, 0.5)
        if place < dead:
            bias[:] = -0.6 if place == _TOO_MUCH_FOR_A_SMALL_ONE else -0.001
            kernel[:, 0] *= -1 if place else 1
        elif place == dead and seed % 2:
            kernel *= -1e4
            bias[:] = -0.001
        elif place == dead:
            bias[:] = -1e4
        layer.set_weights([kernel, bias])
    return model


_NOT_THE_PLACE = Words(
    "This is the layer itself, or its name. Asked for is its place in `model.layers`, a "
    "whole number; `enumerate` counts along.",
    "这是那一层本身，或者它的名字。题目要的是它在 `model.layers` 里的序号，一个整数；`enumerate` 可以边走边数。",
)


@functools.cache
def _networks():
    """Return a few models with the place of their dead layer."""
    places = ((1, 4), (0, 3), (3, 5), (2, 6))
    return [(_network(dead, n, seed), dead) for seed, (dead, n) in enumerate(places)]


@exercise(
    "9.5",
    place=LAYERS,
    points=3,
    seconds=20.0,
    hints=(
        Words(
            "What does a dead layer hand on to the next one? You can call the layers of "
            "a model one after the other.",
            "死掉的层传给下一层的是什么？模型的各层可以一层一层地调用。",
        ),
        Words(
            "`for layer in model.layers: x = layer(x)` goes through the model. After a "
            "dead layer every entry of `x` is 0.",
            "`for layer in model.layers: x = layer(x)` 就把模型走了一遍。经过死掉的层之后，`x` 的每个元素都是 0。",
        ),
        Words(
            "Count along with `enumerate(model.layers)`, and return the place at which "
            "`tf.reduce_all(x == 0.0)` is true for the first time.",
            "用 `enumerate(model.layers)` 一边数，在 `tf.reduce_all(x == 0.0)` 第一次为真的地方返回序号。",
        ),
    ),
)
def which_layer_is_dead(answer):
    """Require the place of the layer whose outputs are all 0."""
    find = answers.function(answer, "model", "x")
    cases = _networks()
    x = np.reshape(uniform(0.5, 2.0, 15), (5, 3))
    x[0] = 0.01
    x = tf.constant(x, tf.float32)

    @answers.called("dead_layer")
    def place(number):
        found = find(cases[number][0], x)
        if isinstance(found, (str, tf.keras.layers.Layer)) or (
            isinstance(found, FunctionElsewhere) and found.kind != "function"
        ):
            raise Wrong(_NOT_THE_PLACE, "not the place")
        return found

    place.arguments = ()

    same_function(
        place,
        lambda number: cases[number][1],
        range(len(cases)),
        (
            Misconception(
                "the first without a gradient",
                lambda number: 0,
                Words(
                    "0 every time. The gradient of the first layer is 0 in each of these "
                    "models, but that only says that the dead layer is this one or a "
                    "later one.",
                    "每次都是 0。这些模型里，第一层的梯度确实都是 0，但这只说明死掉的是它，或者它后面的某一层。",
                ),
            ),
            Misconception(
                "a single zero",
                lambda number: min(cases[number][1], 1),
                Words(
                    "This is the first layer that has a 0 among its outputs. A layer is "
                    "dead when all its outputs are 0, on all examples.",
                    "这是输出里第一次出现 0 的那一层。所有样本上的输出全是 0，这一层才算死掉。",
                ),
            ),
            Misconception(
                "one example only",
                lambda number: min(cases[number][1], _TOO_MUCH_FOR_A_SMALL_ONE),
                Words(
                    "At this layer the outputs on the first example are all 0. A layer is "
                    "dead when they are on all examples.",
                    "这一层的输出，只在第一个样本上全是 0。所有样本上都是 0，这一层才算死掉。",
                ),
            ),
            Misconception(
                "one too far",
                lambda number: cases[number][1] + 1,
                Words(
                    "One too far. Either you counted from 1; or you took the last kernel "
                    "whose gradient is 0. That one is multiplied by the outputs of the "
                    "dead layer, all of them 0, while its bias does get a gradient.",
                    "多了一层。要么是从 1 数起了；要么取的是梯度为 0 的最后一个权重矩阵：它乘的是死掉那层的输出，全是 0，可它的偏置是有梯度的。",
                ),
            ),
            Misconception(
                "counted from the end",
                lambda number: len(cases[number][0].layers) - 1 - cases[number][1],
                Words(
                    "This is its place counted from the output. Count from the input.",
                    "这是从输出数起的位置。请从输入数起。",
                ),
            ),
            Misconception(
                "the last layer",
                lambda number: len(cases[number][0].layers) - 1,
                Words(
                    "This is the last layer, every time.",
                    "每次都是最后一层。",
                ),
            ),
        ),
        name="dead_layer",
    )


watched_half_way = Prediction("9.a", outcome=float, tolerance=0.01)

sums_of_rows = Prediction(
    "9.b",
    choices={
        "16 and 12": Words("16 and 12", "16 和 12"),
        "24 and 24": Words("24 and 24", "24 和 24"),
        "neither": Words("none of these", "都不是"),
    },
    outcome=lambda rows: {(16, 12): "16 and 12", (24, 24): "24 and 24"}.get(
        tuple(float(row) for row in rows), "neither"
    ),
)

moment_of_recording = Prediction("9.c", outcome=float, tolerance=0.01)
