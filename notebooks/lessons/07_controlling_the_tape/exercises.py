"""Exercises of lesson 7: controlling the tape."""

import numpy as np
import tensorflow as tf

from gradtape.exercises import answers
from gradtape.exercises.comparing import (
    Misconception,
    same_function,
    same_text,
    uniform,
)
from gradtape.exercises.exercise import exercise
from gradtape.exercises.prediction import Prediction
from gradtape.exercises.sentences import RESULT_OF
from gradtape.exercises.words import Words

NOT_RECORDED = Words("A step that is not recorded", "不记录某一步")
FREEZE = Words("Freeze a part of a variable", "冻结变量的一部分")
OWN = Words("A derivative of your own", "自定义导数")
ON_THE_WAY_BACK = Words("Clip on the way back (optional)", "在反向传播途中裁剪（选学）")
NUMPY = Words(
    "A NumPy routine with a gradient (optional)", "给 NumPy 程序加上梯度（选学）"
)
TWO_MODELS = Words("Two models, two tapes (optional)", "两个模型，两个梯度带（选学）")
UPSTREAM = Words("The forgotten upstream", "忘了乘 upstream")
TOO_MUCH = Words("Stopped too much", "切断得太多")
VALUE = Words("the value", "函数值")
GRADIENT = Words("the gradient", "梯度")


@exercise(
    "7.1",
    place=NOT_RECORDED,
    points=1,
    hints=(
        Words(
            "Which of the three steps are on the tape? Write `z` as a formula in x, with "
            "a number for what is not.",
            "三步里，哪几步被记录了？把 `z` 写成 x 的式子，没有记录的用数代替。",
        ),
        Words(
            "`a` is 90 for the tape, a number. The product `x * a` is computed after the "
            "pause.",
            "对梯度带来说，`a` 就是数 90。乘法 `x * a` 是暂停结束之后才算的。",
        ),
        Words(
            "So z = x² + 90x on the record. Differentiate it, and put 3 in for x.",
            "所以记录里的 z = x² + 90x。求导，再代入 x = 3。",
        ),
    ),
)
def printed_after_a_pause(answer):
    """Require the derivative of x² + 90x at 3."""
    same_text(
        answer,
        ["96.0", "96"],
        (
            Misconception(
                "everything recorded",
                ["276.0", "276"],
                Words(
                    "This is right for a tape that never pauses: `a` would change with x, "
                    "too.",
                    "如果梯度带从不暂停，这就对了：那样 `a` 也会随 x 变化。",
                ),
            ),
            Misconception(
                "the product hidden too",
                ["6.0", "6"],
                Words(
                    "6 is the derivative of `y` alone. The pause is over when `x * a` is "
                    "computed; what is hidden is how `a` came about.",
                    "6 只是 `y` 的导数。计算 `x * a` 时暂停已经结束，没有记录的只是 `a` 的来历。",
                ),
            ),
            Misconception(
                "one term only",
                ["90.0", "90"],
                Words(
                    "90 comes from the product. There is a second way from x to `z`.",
                    "90 来自乘法那一项。从 x 到 `z` 还有另一条路。",
                ),
            ),
            Misconception(
                "value of z",
                ["279.0", "279"],
                Words(
                    "279 is `z` itself. The cell prints its derivative.",
                    "279 是 `z` 本身。代码打印的是它的导数。",
                ),
            ),
            Misconception(
                "None",
                "None",
                Words(
                    "The pause covers one line. `y` and `z` are recorded, so there is a "
                    "way from `z` back to `x`.",
                    "暂停只管一行。`y` 和 `z` 都有记录，从 `z` 有路回到 `x`。",
                ),
            ),
        ),
    )


def _value_and_back(f, x, upstream):
    """Return f(x), and what arrives at x if ``upstream`` is sent back through f."""
    x = tf.constant(x, tf.float32)
    upstream = tf.constant(upstream, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
        shape = getattr(y, "shape", None)
        target = tf.reduce_sum(y * upstream) if shape == x.shape else None
    if target is None:
        return y  # of another kind or shape, and the comparison says so
    back = tape.gradient(target, x, unconnected_gradients="zero")
    if np.shape(back) == ():  # a way back without upstream: the same for every entry
        back = tf.fill(x.shape, back)
    returned = RESULT_OF(what=Words("your way back", "你的反向规则"))
    back = answers.tensor(back, tuple(x.shape), returned)
    return np.stack([answers.tensor(y), back])


def _vectors(low, high, length=4):
    numbers = uniform(low, high, 3 * length)
    return [numbers[i : i + length] for i in range(0, len(numbers), length)]


@exercise(
    "7.2",
    place=FREEZE,
    points=2,
    hints=(
        Words(
            "Two copies of `w` are at hand: itself, and one through which no gradient "
            "passes. Where should the result be which?",
            "手头有 `w` 的两个副本：它自己，以及一个不让梯度通过的。结果在哪里该用哪一个？",
        ),
        Words(
            "With a mask of zeros and ones, `mask * a + (1 - mask) * b` is `a` where the "
            "mask is 1 and `b` where it is 0.",
            "掩码由 0 和 1 组成时，`mask * a + (1 - mask) * b` 在掩码为 1 处等于 `a`，为 0 处等于 `b`。",
        ),
        Words(
            "Put `w` for `a` and `tf.stop_gradient(w)` for `b`.",
            "`a` 用 `w`，`b` 用 `tf.stop_gradient(w)`。",
        ),
    ),
)
def frozen_by_a_mask(answer):
    """Require the values of w, and the gradient where the mask is one."""
    freeze = answers.function(answer, "w", "mask")
    masks = ([1.0, 0.0, 1.0, 0.0], [0.0, 0.0, 1.0, 1.0], [1.0, 0.0, 0.0, 0.0])

    def reference(w, mask, upstream):
        return np.stack([w, np.multiply(mask, upstream)])

    same_function(
        lambda w, mask, upstream: _value_and_back(
            lambda w: freeze(w, tf.constant(mask)), w, upstream
        ),
        reference,
        list(zip(_vectors(-2.0, 2.0), masks, _vectors(0.5, 3.0), strict=True)),
        (
            Misconception(
                "values masked too",
                lambda w, mask, upstream: np.multiply(mask, [w, upstream]),
                Words(
                    "The gradient is right. But the values are 0 where the mask is 0: they "
                    "are removed from the model, not frozen.",
                    "梯度对了。但在掩码为 0 的地方，数值也成了 0：这是从模型中去掉，不是冻结。",
                ),
            ),
            Misconception(
                "all stopped",
                lambda w, mask, upstream: np.stack([w, np.zeros(4)]),
                Words(
                    "Nothing comes back any more, not even where the mask is 1.",
                    "梯度一点也传不回来，掩码为 1 的地方也不行。",
                ),
                TOO_MUCH,
            ),
            Misconception(
                "mask the wrong way round",
                lambda w, mask, upstream: np.stack(
                    [w, np.multiply(np.subtract(1.0, mask), upstream)]
                ),
                Words(
                    "You froze the entries that are to be trained, and the others are "
                    "free.",
                    "该训练的被冻结了，该冻结的反而没有冻结。",
                ),
            ),
            Misconception(
                "nothing frozen",
                lambda w, mask, upstream: np.stack([w, upstream]),
                Words(
                    "The values are right, and every entry still gets its gradient.",
                    "数值对了，但每个元素都还收到梯度。",
                ),
            ),
            Misconception(
                "doubled where the mask is 1",
                lambda w, mask, upstream: np.stack(
                    [np.add(w, np.multiply(mask, w)), upstream]
                ),
                Words(
                    "Where the mask is 1 the value is doubled, and every entry gets its gradient. The two parts of the sum are to be one or the other, not both.",
                    "掩码为 1 处，数值加倍了，而且每个元素都收到梯度。和里的两项应该二者取一，不能都要。",
                ),
            ),
            Misconception(
                "doubled where the mask is 1",
                lambda w, mask, upstream: np.stack(
                    [np.add(w, np.multiply(mask, w)), np.multiply(mask, upstream)]
                ),
                Words(
                    "The gradient is right. But where the mask is 1 the value is doubled: `w` is in both parts of the sum there.",
                    "梯度对了。可掩码为 1 处，数值加倍了：那里和的两项里都有 `w`。",
                ),
            ),
            Misconception(
                "values masked and stopped",
                lambda w, mask, upstream: np.stack([np.multiply(mask, w), np.zeros(4)]),
                Words(
                    "The values are 0 where the mask is 0, and nothing comes back anywhere.",
                    "掩码为 0 处，数值成了 0；而且哪里都传不回梯度。",
                ),
            ),
        ),
        name="freeze",
        parts=(VALUE, GRADIENT),
    )


def _f(a, b):
    return a**2 * b + a


def _g(a, b):
    return tf.sin(a) * b**3


@exercise(
    "7.3",
    place=TWO_MODELS,
    points=2,
    hints=(
        Words(
            "Two targets, two sources, and each target with one source only. How many "
            "calls of `gradient` is that?",
            "两个目标，两个源，每个目标只对应一个源。一共要调用几次 `gradient`？",
        ),
        Words(
            "An ordinary tape allows one call. Take two tapes over the same block, or a "
            "persistent one.",
            "普通梯度带只能调用一次。可以用两个梯度带共用一个块，也可以用一个持久梯度带。",
        ),
        Words(
            "`with tf.GradientTape() as tape_f, tf.GradientTape() as tape_g:` compute both "
            "losses; then of `tape_f` the gradient for `a`, of `tape_g` the one for `b`.",
            "在 `with tf.GradientTape() as tape_f, tf.GradientTape() as tape_g:` 里算出两个损失；再用 `tape_f` 对 `a` 求梯度，用 `tape_g` 对 `b` 求梯度。",
        ),
    ),
)
def each_by_its_own(answer):
    """Require ∂f/∂a and ∂g/∂b."""
    both = answers.function(answer, "f", "g", "a", "b")

    def called(a, b):
        found = answers.parts(both(_f, _g, tf.Variable(a), tf.Variable(b)), 2)
        return [answers.number(part) for part in found]

    def by_a(a, b):
        return 2 * a * b + 1, np.cos(a) * b**3

    def by_b(a, b):
        return a**2, 3 * np.sin(a) * b**2

    same_function(
        called,
        lambda a, b: [by_a(a, b)[0], by_b(a, b)[1]],
        list(zip(uniform(0.5, 2.0), uniform(-2.0, 2.0), strict=True)),
        (
            Misconception(
                "sources exchanged",
                lambda a, b: [by_b(a, b)[0], by_a(a, b)[1]],
                Words(
                    "Each loss was differentiated with respect to the other one's variable.",
                    "每个损失都对另一方的变量求了导。",
                ),
            ),
            Misconception(
                "losses added",
                lambda a, b: [sum(by_a(a, b)), sum(by_b(a, b))],
                Words(
                    "This is the gradient of f + g: a list of targets is added up. Each "
                    "player minds its own loss only.",
                    "这是 f + g 的梯度：目标写成列表会相加。每个玩家只管自己的损失。",
                ),
            ),
            Misconception(
                "order of the result",
                lambda a, b: [by_b(a, b)[1], by_a(a, b)[0]],
                Words(
                    "Both gradients are right, in the other order.",
                    "两个梯度都对，顺序反了。",
                ),
            ),
            Misconception(
                "losses exchanged",
                lambda a, b: [by_a(a, b)[1], by_b(a, b)[0]],
                Words(
                    "The variables are right, the losses are exchanged: `a` follows f, "
                    "`b` follows g.",
                    "变量对了，损失对调了：`a` 看 f，`b` 看 g。",
                ),
            ),
            Misconception(
                "one loss for both",
                lambda a, b: [by_a(a, b)[1], by_b(a, b)[1]],
                Words(
                    "Both are derivatives of g. The first is to come from f.",
                    "两个都是 g 的导数。第一个应当由 f 得到。",
                ),
            ),
            Misconception(
                "one loss for both",
                lambda a, b: [by_a(a, b)[0], by_b(a, b)[0]],
                Words(
                    "Both are derivatives of f. The second is to come from g.",
                    "两个都是 f 的导数。第二个应当由 g 得到。",
                ),
            ),
        ),
        name="two_gradients",
        parts=(
            Words("the gradient of `f`", "`f` 的梯度"),
            Words("the gradient of `g`", "`g` 的梯度"),
        ),
    )


@exercise(
    "7.4",
    place=OWN,
    points=2,
    hints=(
        Words(
            "A function with a gradient of its own returns two things. Which of them is "
            "to be as if nothing had happened?",
            "自定义梯度的函数返回两样东西。其中哪一样应当和原来一样？",
        ),
        Words(
            "Forwards it is `tf.identity(x)`. Backwards a factor goes onto what arrives.",
            "前向是 `tf.identity(x)`；反向是给传来的梯度乘上一个系数。",
        ),
        Words(
            "`backward(upstream)` returns `-0.5 * upstream`.",
            "`backward(upstream)` 返回 `-0.5 * upstream`。",
        ),
    ),
)
def turned_round(answer):
    """Require the value of x, and minus half of what arrives."""
    turn = answers.function(answer, "x")

    def reference(factor):
        return lambda x, upstream: np.stack([x, np.multiply(factor, upstream)])

    same_function(
        lambda x, upstream: _value_and_back(turn, x, upstream),
        reference(-0.5),
        list(zip(_vectors(-2.0, 2.0), _vectors(0.5, 3.0), strict=True)),
        (
            Misconception(
                "no upstream",
                lambda x, upstream: np.stack([x, np.full(4, -0.5)]),
                Words(
                    "What arrives from above is lost: the same goes back whatever comes "
                    "after `turn`.",
                    "从后面传来的梯度丢掉了：不管 `turn` 之后是什么，传回去的都一样。",
                ),
                UPSTREAM,
            ),
            Misconception(
                "value changed",
                lambda x, upstream: np.multiply(-0.5, [x, upstream]),
                Words(
                    "The gradient is right, and the value was multiplied as well. It is "
                    "to stay x.",
                    "梯度对了，可是数值也乘上了系数。数值应当还是 x。",
                ),
            ),
            Misconception(
                "not turned",
                reference(0.5),
                Words(
                    "It is halved and goes on in the old direction.",
                    "减半了，方向却没有变。",
                ),
            ),
            Misconception(
                "turned, not halved",
                reference(-1.0),
                Words(
                    "The sign is right, the size is not halved.",
                    "方向对了，大小没有减半。",
                ),
            ),
            Misconception(
                "identity",
                reference(1.0),
                Words(
                    "The gradient arrives as it came. Is your own way back the second "
                    "thing that `turn` returns?",
                    "梯度原样传了回去。`turn` 返回的第二样东西，是你自己写的反向规则吗？",
                ),
            ),
        ),
        name="turn",
        parts=(VALUE, GRADIENT),
    )


@exercise(
    "7.5",
    place=NUMPY,
    points=3,
    hints=(
        Words(
            "Differentiate both sides of y³ = x for x, and solve for dy/dx. Which of x and "
            "y stands in the result?",
            "对 y³ = x 两边关于 x 求导，解出 dy/dx。结果里出现的是 x 还是 y？",
        ),
        Words(
            "3y² · dy/dx = 1. The values come from `tf.numpy_function(np.cbrt, [x], "
            "x.dtype)`.",
            "3y² · dy/dx = 1。函数值来自 `tf.numpy_function(np.cbrt, [x], x.dtype)`。",
        ),
        Words(
            "`backward(upstream)` returns `upstream / (3.0 * y**2)`, and y is what NumPy "
            "gave.",
            "`backward(upstream)` 返回 `upstream / (3.0 * y**2)`，y 就是 NumPy 算出的值。",
        ),
    ),
)
def root_from_numpy(answer):
    """Require the cube root and its derivative, for either sign."""
    cube_root = answers.function(answer, "x")

    def with_slope(slope, value=np.cbrt):
        def both(x, upstream):
            x, upstream = np.array(x), np.array(upstream)
            return np.stack([value(x), slope(x, upstream)])

        return both

    same_function(
        lambda x, upstream: _value_and_back(cube_root, x, upstream),
        with_slope(lambda x, u: u / (3 * np.cbrt(x) ** 2)),
        [
            ([a, -a, b, -b], upstream)
            for a, b, upstream in zip(
                uniform(0.2, 1.0, 3), uniform(1.5, 6.0, 3), _vectors(0.5, 3.0)
            )
        ],
        (
            Misconception(
                "no way back",
                with_slope(lambda x, u: np.zeros_like(x)),
                Words(
                    "The values are right, and nothing comes back: the tape records "
                    "nothing of NumPy. It needs a way back of yours.",
                    "数值对了，但什么也没有传回来：梯度带看不到 NumPy 内部，反向规则要由你来写。",
                ),
            ),
            Misconception(
                "no upstream",
                with_slope(lambda x, u: 1 / (3 * np.cbrt(x) ** 2)),
                Words(
                    "This is dy/dx. What arrives from above has to be multiplied by it.",
                    "这是 dy/dx。从后面传来的梯度还要和它相乘。",
                ),
                UPSTREAM,
            ),
            Misconception(
                "upside down",
                with_slope(lambda x, u: u * 3 * np.cbrt(x) ** 2),
                Words(
                    "3y² is dx/dy, how x changes with y. Asked for is the other way round.",
                    "3y² 是 dx/dy，即 x 随 y 的变化。题目要的是反过来。",
                ),
            ),
            Misconception(
                "x in the place of y",
                with_slope(lambda x, u: u / (3 * x**2)),
                Words(
                    "Nearly: in 3y² the y is the root, not what is under it.",
                    "差一点：3y² 中的 y 是立方根，不是被开方的数。",
                ),
            ),
            Misconception(
                "a square root",
                with_slope(lambda x, u: u / (2 * np.cbrt(x))),
                Words(
                    "1/(2y) is the derivative of a square root.",
                    "1/(2y) 是平方根的导数。",
                ),
            ),
            Misconception(
                "derivative of the cube",
                with_slope(lambda x, u: u * 3 * x**2),
                Words(
                    "3x² is the derivative of x³. Here x³ is undone: start from y³ = x.",
                    "3x² 是 x³ 的导数。这里是它的逆运算：从 y³ = x 出发。",
                ),
            ),
            Misconception(
                "y instead of y²",
                with_slope(lambda x, u: u / (3 * np.cbrt(x))),
                Words(
                    "Nearly: the derivative of y³ is 3y², and here stands 3y.",
                    "差一点：y³ 的导数是 3y²，这里写的是 3y。",
                ),
            ),
        ),
        name="cube_root",
        parts=(VALUE, GRADIENT),
    )


stopped_factor = Prediction(
    "7.a",
    choices={"3": "3", "9": "9", "15": "15"},
    outcome=lambda slope: f"{float(slope):.0f}",
)

overwritten = Prediction(
    "7.b",
    choices={"v0": "v0", "v1": "v1", "v2": "v2", "none": Words("none", "都不是")},
    outcome=lambda gradient: next(
        (f"v{i}" for i, g in enumerate(gradient) if float(g) == 0.0), "none"
    ),
)

own_slope = Prediction(
    "7.c",
    choices={"nan": "nan", "inf": "inf", "0": "0", "1": "1"},
    outcome=lambda slope: f"{float(slope):.0f}",
)

masked_entry = Prediction(
    "7.d",
    choices={"stays": Words("stays", "不动"), "moves": Words("moves", "会动")},
    outcome=lambda entry: "stays" if float(entry) == 1.0 else "moves",
)
