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
from gradtape.exercises.exercise import Wrong, exercise
from gradtape.exercises.none_returned import causes, is_answered_none
from gradtape.exercises.prediction import Prediction
from gradtape.exercises.stages import stage_reached
from gradtape.exercises.words import Words

FOUR_QUESTIONS = Words("One road, four questions", "一条路，四个问题")
NEW_START = Words("P7: assign is a new start", "P7：赋值就是重新开始")
NAME = Words("P6: the name means something else now", "P6：名字换了主人")
STAIRS = Words("P15: stairs and switches", "P15：台阶和开关")
NO_RULE = Words("P22: an operation without a rule", "P22：没有求导法则的运算")
FLAT = Words("P27: flat ground", "P27：平地")
TRAP = Words("P16: the trap of tf.where", "P16：tf.where 的陷阱")
ROOT = Words("P17: a root at zero", "P17：零处的根号")
DETOUR = Words("P5: a detour through NumPy", "P5：绕道 NumPy")
KINKS = Words("P24: ties and kinks", "P24：并列与尖点")

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
# may think of.
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
                    "This is the slope on one side of the kink. At 0 itself neither "
                    "side is taken.",
                    "这是尖点一侧的斜率。在 0 处，两侧都不取。",
                ),
            ),
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
                    "NaN needs a 0 that meets an infinity. On this road there is only "
                    "one step.",
                    "要有 0 遇上无穷大才会出现 NaN。这条路上只有一步。",
                ),
            ),
        ),
    ),
    (
        "c",
        STAIRS,
        _NONE,
        (
            Misconception(
                "a stair is flat",
                _ZERO,
                Words(
                    "A stair is flat, but TensorFlow has registered it as a step "
                    "without a slope.",
                    "台阶是平的，可 TensorFlow 把它登记成没有斜率的步骤。",
                ),
            ),
        ),
    ),
    (
        "d",
        TRAP,
        _NAN,
        (
            Misconception(
                "only the chosen branch",
                _ONE,
                Words(
                    "This is the slope of the branch that is chosen. The other one is "
                    "on the record too, and gets a 0 to multiply with.",
                    "这是选中的那一支的斜率。另一支也在记录里，回来的路上要拿 0 去乘它。",
                ),
            ),
            Misconception(
                "nothing from the other branch",
                _ZERO,
                Words(
                    "The branch that is not chosen gets a 0. By what is this 0 "
                    "multiplied on its way back to `x`?",
                    "没被选中的那一支收到 0。这个 0 在回到 `x` 的路上，还要乘以什么？",
                ),
            ),
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
                    "After `float` the target is Python's number. The tape cannot even "
                    "be asked about it.",
                    "经过 `float`，目标成了 Python 的数，连问梯度带都没法问。",
                ),
            ),
            Misconception(
                "float goes unnoticed",
                _ONE,
                Words(
                    "That would be the slope of x + 1. After `float(x)`, is it still a "
                    "tensor?",
                    "如果一直是张量，x + 1 的斜率就是这个数。可 `float(x)` 之后还是张量吗？",
                ),
            ),
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
                    "This is what calculus says. One of the two factors was computed "
                    "where the tape cannot see.",
                    "按微积分是这样。可两个因子里，有一个是在梯度带看不见的地方算的。",
                ),
            ),
            Misconception(
                "saw no factor",
                _NONE,
                Words(
                    "One road from `x` is cut. Another one is still open.",
                    "从 `x` 出发的路断了一条，可还有一条通着。",
                ),
            ),
        ),
    ),
)


@exercise(
    "9.1",
    place=FOUR_QUESTIONS,
    points=2,
    hints=(
        Words(
            "Go along the road from `x` to the result, step by step. Which step is not "
            "TensorFlow's, which has no slope, which has an infinite one?",
            "沿着从 `x` 到结果的路，一步一步看。哪一步不归 TensorFlow 管？哪一步没有斜率？哪一步的斜率是无穷大？",
        ),
        Words(
            "(a) a kink, (b) a root at zero, (c) a stair, (d) a branch that is not "
            "taken, (e) Python's number, (f) half of the road through NumPy.",
            "(a) 尖点，(b) 零处的根号，(c) 台阶，(d) 没被选中的分支，(e) Python 的数，(f) 一半的路绕道 NumPy。",
        ),
        Words(
            "(a) follows a convention, (b) is 1/(2√x) at 0, (c) is unconnected, (d) "
            "multiplies 0 by something infinite, (e) is no tensor any more, (f) keeps "
            "one of two equal parts.",
            "(a) 按约定，(b) 是 1/(2√x) 在 0 处的值，(c) 未连通，(d) 是 0 乘以无穷大，(e) 已经不是张量，(f) 两份相等的贡献只剩一份。",
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
        name, heading, right, misconceptions = line
        if answers.text(part, name) not in _WORDS:
            raise Wrong(_CHOOSE(name=f"`{name}`"), "another word", heading)
        same_text(part, right, misconceptions, name=name, place=heading)
        if place < len(_SIX):
            stage_reached(place / len(_SIX))


_START = 1.0  # where w begins


def _descended(inputs, steps, rate=0.1):
    w, square = _START, float(np.mean(np.asarray(inputs, float) ** 2))
    for _ in range(steps):
        w -= rate * 2 * (w - 2.0) * square
    return w


def _standing_still(again):
    """Return why w does not move: the first break on the road, or the step itself."""
    if not is_answered_none(again):
        return Wrong(
            Words(
                "The tape answers with a number now, and `w` is still where it began: "
                "the step does not reach it.",
                "梯度带已经给出了数，`w` 却还在起点：更新没有作用到 `w` 上。",
            ),
            "the step misses w",
            NAME,
        )
    rows = [reason.cause for reason in causes(again)]
    if "P7" in rows:
        return Wrong(
            Words(
                "`w` is where it began, and the tape answers `None`: on the road lies a "
                "step that begins anew. It takes over a value, and not where the value "
                "came from.",
                "`w` 还在起点，梯度带回答 `None`：路上有一步是“重新开始”，它只接过了值，没接过值的来历。",
            ),
            "a new start on the road",
            NEW_START,
        )
    if "P15" in rows:
        return Wrong(
            Words(
                "`w` is where it began, and the tape answers `None`: on the road lies a "
                "step that has no slope.",
                "`w` 还在起点，梯度带回答 `None`：路上有一步没有斜率。",
            ),
            "a stair on the road",
            STAIRS,
        )
    return Wrong(
        Words(
            "`w` is where it began, and the tape answers `None`. Ask "
            "`gt.explain_gradient` where the road breaks.",
            "`w` 还在起点，梯度带回答 `None`。问问 `gt.explain_gradient`，路断在哪里。",
        ),
        "never moved",
    )


@exercise(
    "9.2",
    place=FOUR_QUESTIONS,
    points=3,
    pitfalls={"P6": NAME, "P7": NEW_START, "P15": STAIRS},
    hints=(
        Words(
            "Ask `gt.explain_gradient` in the place of `tape.gradient`, mend what it "
            "names, and ask again.",
            "把 `tape.gradient` 换成 `gt.explain_gradient` 问一问，修好它指出的地方，再问一次。",
        ),
        Words(
            "Two mistakes lie on the road from `w` to `report`: one step starts anew, "
            "one is a stair. The third shows only in the second round.",
            "从 `w` 到 `report` 的路上有两处错：一步是重新开始，一步是台阶。第三处要到第二轮才看得出来。",
        ),
        Words(
            "Keep the loss in a tensor, differentiate it before it is rounded, and "
            "change `w` in place with `assign_sub`.",
            "把损失留在张量里，在取整之前对它求导，再用 `assign_sub` 就地修改 `w`。",
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
            Misconception(
                "uphill",
                lambda inputs, steps: _descended(inputs, steps, -0.1),
                Words(
                    "These steps go along the gradient, away from 2.",
                    "这是顺着梯度走，离 2 越来越远。",
                ),
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


def _with_derivatives(f, x):
    """Return f(x), f′(x) and f″(x) by two tapes, one in the other."""
    x = tf.constant(x, tf.float32)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        first = inner.gradient(y, x, unconnected_gradients="zero")
    second = outer.gradient(first, x, unconnected_gradients="zero")
    return tf.stack([y, first, second])


def _at_zero(*values):
    return lambda x: np.array(values) if x == 0 else _wave(x)


@exercise(
    "9.3",
    place=TRAP,
    points=3,
    hints=(
        Words(
            "`sin(x) / x` must never meet a 0, not even in the branch that is thrown "
            "away.",
            "`sin(x) / x` 绝不能遇上 0，哪怕是在要丢掉的那一支里。",
        ),
        Words(
            "The double `where` makes value and first derivative right. For the second, "
            "the other branch has to bend like sin x / x near 0: a constant does not.",
            "双重 `where` 能让函数值和一阶导数正确。要让二阶导数也对，另一支在 0 附近必须像 sin x / x 那样弯曲，常数不行。",
        ),
        Words(
            "Near 0, sin x = x − x³/6 + …, so sin x / x = 1 − x²/6 + …; its second "
            "derivative is −1/3. Put that into the other branch.",
            "在 0 附近 sin x = x − x³/6 + …，所以 sin x / x = 1 − x²/6 + …，二阶导数是 −1/3。把它放进另一支。",
        ),
    ),
)
def safe_quotient(answer):
    """Require sin x / x with two right derivatives, at 0 too."""
    sinc = answers.function(answer, "x")
    same_function(
        lambda x: _with_derivatives(sinc, x),
        _wave,
        [0.0, *uniform(0.8, 6.0, 3), *uniform(-6.0, -0.8, 3)],
        (
            Misconception(
                "a constant in the other branch",
                _at_zero(1.0, 0.0, 0.0),
                Words(
                    "Value and slope are right, also at 0. The second derivative at 0 "
                    "is 0: a constant does not bend.",
                    "函数值和斜率都对，在 0 处也对。二阶导数在 0 处却是 0：常数不会弯曲。",
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
                "the slope of the numerator",
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
                    "The value at 0 is right, its slope is NaN: the branch that is "
                    "thrown away divides by 0.",
                    "0 处的值对了，斜率却是 NaN：要丢掉的那一支除以了 0。",
                ),
            ),
        ),
        name="sinc",
        rtol=2e-4,
        atol=2e-5,
    )


def _value_and_way_back(f, x, upstream):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    return tf.stack([y, tape.gradient(y, x, output_gradients=upstream)])


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
            "前向就是 `tf.clip_by_value`。归你写的只有回来的路：一个 `upstream` 的函数，它还要看 `x`。",
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
                    "Everything comes back now, also what pushes `x` further away.",
                    "现在什么都能传回来，连把 `x` 推得更远的也传回来了。",
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
                "not clipped",
                lambda x, g: np.stack([np.asarray(x), _clipped(x, g, _homewards)[1]]),
                Words(
                    "The way back is right; forwards the values must still be clipped.",
                    "回来的路对了；往前走时，值还是要截断的。",
                ),
            ),
        ),
        name="clip",
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
