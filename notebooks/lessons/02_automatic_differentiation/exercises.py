"""Exercises of lesson 2: how automatic differentiation works."""

import numpy as np

from gradtape.exercises import answers
from gradtape.exercises.comparing import Misconception, same_function, uniform
from gradtape.exercises.drawings import axes, has_curve, has_marks
from gradtape.exercises.exercise import exercise
from gradtape.exercises.prediction import Prediction
from gradtape.exercises.stages import stage_reached
from gradtape.exercises.words import Words

# A task that is to be done by hand does without these.
BY_TAPE = ("GradientTape", "value_and_gradient", "derivatives")
INSIDE_THE_TAPE = Words("Inside the tape", "梯度带里面")
SEE_IT = Words("See it", "看图")
LEAVING_THE_CONTEXT = Words("Leaving the context", "走出上下文")
FIRST_GRADIENT = Words("Your first gradient", "第一个梯度")
WATCHES = Words("What a tape watches", "梯度带监视什么")
WHOLE = Words("A whole number", "整数")
FINITE_DIFFERENCES = Words("Finite differences (optional)", "有限差分（选学）")


@exercise(
    "2.1",
    place=INSIDE_THE_TAPE,
    points=3,
    hints=(
        Words(
            "Go backward, from `y` to `x`. At each step, find the local derivative: that "
            "of this one step alone.",
            "从 `y` 往回走到 `x`。每到一步，先求这一步自己的导数，即局部导数。",
        ),
        Words(
            "The three steps have the local derivatives eᵇ, −1 and 2x. Each result is "
            "the product of all of them on the way back so far.",
            "这三步的局部导数是 eᵇ、−1 和 2x。每个结果都等于往回走到此处为止所有局部导数的乘积。",
        ),
        Words(
            "`dy_db` is the derivative of the last step. `dy_da` is `dy_db` times the "
            "derivative of b = −a, and `dy_dx` is `dy_da` times that of a = x².",
            "`dy_db` 就是最后一步的导数。`dy_da` 等于 `dy_db` 乘以 b = −a 的导数，`dy_dx` 等于 "
            "`dy_da` 乘以 a = x² 的导数。",
        ),
    ),
)
def backward_by_hand(answer):
    """Require the derivatives of y = exp(b), b = -a, a = x², the last step first."""

    def reference(x):
        y = np.exp(-(x**2))
        return y, -y, -2 * x * y

    backward = answers.function(answer, "x")
    same_function(
        backward,
        reference,
        uniform(-1.8, 1.8),
        (
            Misconception(
                "local slopes",
                lambda x: (np.exp(-(x**2)), -1.0, 2 * x),
                Words(
                    "These are the local derivatives of the single steps. What is asked "
                    "for are derivatives of `y`: on the way back each one is multiplied "
                    "by all that come after its step.",
                    "这些是每一步的局部导数。题目要的是 `y` 的导数：往回走时，每个局部导数都要乘上它后面各步的。",
                ),
            ),
            *(
                Misconception(
                    "local derivatives out of order",
                    lambda x, last=last: (2 * x, -1.0, last(x)),
                    Words(
                        "These are the local derivatives, the first step's first. What is "
                        "asked for are derivatives of `y`, from the last step on: each is "
                        "the one before it, times one local derivative.",
                        "这些是各步的局部导数，而且是从第一步写起的。题目要的是 `y` 的导数，从最后一步写起：每个都等于前一个乘以一个局部导数。",
                    ),
                )
                for last in (lambda x: np.exp(-(x**2)), lambda x: 1.0)
            ),
            Misconception(
                "forgot the exponential",
                lambda x: (1.0, -1.0, 2 * x),
                Words(
                    "The last step, y = eᵇ, has the derivative eᵇ, which is not 1. And "
                    "each result is multiplied by those before it.",
                    "最后一步 y = eᵇ 的导数是 eᵇ，不是 1。每个结果还要乘上前面的。",
                ),
            ),
            Misconception(
                "forgot the exponential",
                lambda x: (1.0, -1.0, -2 * x),
                Words(
                    "The last step, y = eᵇ, has the derivative eᵇ, which is not 1.",
                    "最后一步 y = eᵇ 的导数是 eᵇ，不是 1。",
                ),
            ),
            *(
                Misconception(
                    "sign in the exponent",
                    lambda x, s=s: (
                        np.exp(x**2),
                        -np.exp(x**2),
                        s * 2 * x * np.exp(x**2),
                    ),
                    Words(
                        "The exponential is taken of x². It should be that of b = −x².",
                        "这里算的是 x² 的指数函数，应该是 b = −x² 的。",
                    ),
                )
                for s in (1, -1)
            ),
            Misconception(
                "forgot the inner derivative",
                lambda x: (np.exp(-(x**2)), -np.exp(-(x**2)), -np.exp(-(x**2))),
                Words(
                    "`dy_dx` equals your `dy_da`. The way back has one step more, a = x², "
                    "and that step has a local derivative of its own.",
                    "你的 `dy_dx` 和 `dy_da` 一样。往回还有一步 a = x²，这一步也有自己的局部导数。",
                ),
            ),
            Misconception(
                "lost the sign",
                lambda x: (np.exp(-(x**2)), np.exp(-(x**2)), 2 * x * np.exp(-(x**2))),
                Words(
                    "The sizes are right, the signs are not: as `a` grows, b = −a falls.",
                    "大小都对，符号不对：`a` 增大时，b = −a 减小。",
                ),
            ),
            Misconception(
                "lost the sign on the way",
                lambda x: (np.exp(-(x**2)), -np.exp(-(x**2)), 2 * x * np.exp(-(x**2))),
                Words(
                    "`dy_db` and `dy_da` are right. `dy_dx` goes on from `dy_da`, with "
                    "its sign.",
                    "`dy_db` 和 `dy_da` 都对。`dy_dx` 要接着 `dy_da` 往下乘，连同它的符号。",
                ),
            ),
            Misconception(
                "forward order",
                lambda x: reference(x)[::-1],
                Words(
                    "The numbers are right, in the opposite order. Backward means from "
                    "the end: `dy_db` comes first.",
                    "数都对，顺序反了。往回走是从末尾开始：先是 `dy_db`。",
                ),
            ),
            Misconception(
                "the forward pass",
                lambda x: (np.exp(-(x**2)), -(x**2), x**2),
                Words(
                    "These are the values of the forward pass, y, b and a. Asked for are the derivatives of `y` with respect to b, a and x.",
                    "这是前向传播的三个值 y、b、a。题目要的是 `y` 对 b、a、x 的导数。",
                ),
            ),
        ),
        name="backward",
        parts=("`dy_db`", "`dy_da`", "`dy_dx`"),
    )
    answers.forbid(answer, *BY_TAPE)


@exercise(
    "2.2",
    place=LEAVING_THE_CONTEXT,
    points=2,
    pitfalls={"P1": WATCHES, "P4": WATCHES, "P2": WHOLE},
    hints=(
        Words(
            "Follow the way from `x` to `y`. Which steps are on the record, and does the "
            "tape watch where it begins?",
            "沿着从 `x` 到 `y` 的路走一遍。哪几步在记录里？路的起点，梯度带监视了吗？",
        ),
        Words(
            "Three things keep the record from connecting them: a whole number, a "
            "constant that is not watched, and a step after the block.",
            "有三处使记录连不起来：一个整数，一个没有被监视的常量，还有一步写在了块外面。",
        ),
        Words(
            "Make `x` a variable, or a constant that is watched, of dtype `tf.float32` "
            "from the beginning. Then the whole calculation of `y` goes into the block.",
            "一开始就把 `x` 创建成 `tf.float32` 的变量，或创建成常量并监视它。然后把 `y` 的整个计算放进块里。",
        ),
    ),
)
def repaired_slope_of_a_root(answer):
    """Require the derivative of sqrt(x), for whole numbers too, by a repaired tape."""
    same_function(
        answers.function(answer, "at"),
        lambda at: 0.5 / np.sqrt(at),
        [4, *uniform(0.3, 9.0)],
        (
            Misconception(
                "value instead of slope",
                lambda at: np.sqrt(at),
                Words(
                    "This is √x itself. What is asked for is its derivative, the result "
                    "of `tape.gradient`.",
                    "这是 √x 本身。题目要的是它的导数，也就是 `tape.gradient` 的结果。",
                ),
                FIRST_GRADIENT,
            ),
            Misconception(
                "slope of the cast",
                lambda at: 1.0,
                Words(
                    "1 everywhere is the derivative of a step that only passes its number "
                    "on. Is the root on the record, and is `y` the target?",
                    "处处为 1，是原样传递的那一步的导数。开方那一步在记录里吗？目标是 `y` 吗？",
                ),
            ),
            *(
                Misconception(
                    "kept the exponent",
                    lambda at, factor=factor: factor * np.sqrt(at),
                    Words(
                        "The exponent has to go down by 1: √x is x to the power 1/2, and "
                        "its derivative has another power of x.",
                        "指数要减 1：√x 是 x 的 1/2 次方，它的导数里 x 的次数不同。",
                    ),
                )
                for factor in (0.5, 2.0)
            ),
            Misconception(
                "slope at the root",
                lambda at: 0.5 / np.sqrt(np.sqrt(at)),
                Words(
                    "This is the derivative at √x instead of at x: the root is taken "
                    "twice.",
                    "这是在 √x 处的导数，不是在 x 处的：开了两次方。",
                ),
            ),
        ),
        name="slope_of_root",
    )


@exercise(
    "2.3",
    place=SEE_IT,
    points=3,
    hints=(
        Words(
            "A horizontal tangent has the slope 0. Which of the two curves in "
            "`gt.plot_derivatives` shows the slopes of the tangents?",
            "水平切线的斜率是 0。`gt.plot_derivatives` 画出的两条曲线里，哪一条表示切线的斜率？",
        ),
        Words(
            "Where the dashed f′ crosses zero, the tangent of f is horizontal. There are "
            "two such places, both at whole numbers.",
            "虚线 f′ 穿过零的地方，f 的切线就是水平的。这样的地方有两处，都在整数上。",
        ),
        Words(
            "Draw f with `ax.plot`, and at each of the two places `a` the point (a, f(a)) "
            'as a marker: `ax.plot(a, f(a), "o")`.',
            '用 `ax.plot` 画 f，再在这两处 `a` 用标记画出点 (a, f(a))：`ax.plot(a, f(a), "o")`。',
        ),
    ),
)
def drawing_of_horizontal_tangents(answer):
    """Require the curve of x³ - 6x² + 9x with a mark where its tangent is horizontal."""

    def f(x):
        return x**3 - 6 * x**2 + 9 * x

    def slope(x):
        return 3 * x**2 - 12 * x + 9

    ax = axes(answer)
    has_curve(
        ax,
        f,
        (-0.5, 4.5),
        (
            Misconception(
                "drew the derivative",
                slope,
                Words(
                    "The curve is f′, not f. It helps to find the places; the tangents "
                    "belong to f.",
                    "画的是 f′，不是 f。它能帮你找到位置，可切线是 f 的切线。",
                ),
            ),
        ),
        name="`f`",
    )
    stage_reached(1 / 3)
    has_marks(
        ax,
        [(1.0, f(1.0)), (3.0, f(3.0))],
        (
            Misconception(
                "zeros of f",
                [(0.0, 0.0), (3.0, 0.0)],
                Words(
                    "Your points are where f is 0. A tangent is horizontal where the "
                    "derivative is 0; at x = 0 the curve climbs steeply.",
                    "你标的是 f 为 0 的地方。导数为 0 处切线才是水平的；在 x = 0 处曲线升得很陡。",
                ),
            ),
            Misconception(
                "marked on the derivative",
                [(1.0, 0.0), (3.0, 0.0)],
                Words(
                    "The places are right, the heights are those of f′. The points of "
                    "contact lie on f.",
                    "位置对了，高度却是 f′ 的。切点应该在 f 上。",
                ),
            ),
            Misconception(
                "steepest point",
                [(2.0, f(2.0))],
                Words(
                    "At x = 2 the derivative f′ is lowest, so there f falls most steeply. "
                    "Look for where f′ is 0, not where f′ is level.",
                    "在 x = 2 处导数 f′ 最小，f 在那里降得最陡。要找 f′ 等于 0 的地方，不是 f′ 自己取极值的地方。",
                ),
            ),
        ),
        name=Words("the points of contact", "切点"),
        only=True,
    )


_EPSILON = 6e-8


@exercise(
    "2.4",
    place=FINITE_DIFFERENCES,
    points=3,
    hints=(
        Words(
            "The error is a function of `h`. Where is a smooth function smallest? What "
            "holds for its derivative there?",
            "误差是 `h` 的函数。光滑函数在哪里最小？那里的导数满足什么？",
        ),
        Words(
            "With c = |f″|/2 and r = ε·|f| the error is c·h + r/h, and its derivative "
            "with respect to h is c − r/h².",
            "记 c = |f″|/2，r = ε·|f|，误差就是 c·h + r/h，它对 h 的导数是 c − r/h²。",
        ),
        Words(
            "Set this derivative to 0 and solve for h: h² = r/c. Put `value` and "
            "`curvature` back in, and take absolute values.",
            "令这个导数为 0，解出 h：h² = r/c。再把 `value` 和 `curvature` 代回去，取绝对值。",
        ),
    ),
)
def best_step(answer):
    """Require the step that makes h |f''| / 2 + ε |f| / h smallest."""
    same_function(
        answers.function(answer, "value", "curvature"),
        lambda f, f2: np.sqrt(2 * _EPSILON * abs(f / f2)),
        [(a, b) for a, b in zip(uniform(-90, 90, 6), uniform(-120, 120, 7))],
        (
            Misconception(
                "forgot the half",
                lambda f, f2: np.sqrt(_EPSILON * abs(f / f2)),
                Words(
                    "Only a factor √2 is missing: in the error, f″ comes with a half.",
                    "只差一个因子 √2：误差里，f″ 前面有个二分之一。",
                ),
            ),
            Misconception(
                "forgot the root",
                lambda f, f2: 2 * _EPSILON * abs(f / f2),
                Words(
                    "This is h², not h.",
                    "这是 h²，不是 h。",
                ),
            ),
            Misconception(
                "forgot the root",
                lambda f, f2: 2 * _EPSILON * f / f2,
                Words(
                    "This is h² without absolute values, not h: it is negative where "
                    "value and curvature have opposite signs.",
                    "这是没有取绝对值的 h²，不是 h：值和曲率异号时它是负的。",
                ),
            ),
            Misconception(
                "the whole gap",
                lambda f, f2: np.sqrt(2 * 2 * _EPSILON * abs(f / f2)),
                Words(
                    "It is √2 times too long. Rounding moves a number by half a gap at "
                    "most; `np.finfo(np.float32).eps` is the whole gap.",
                    "大了 √2 倍。舍入最多把数移动半个间隔；`np.finfo(np.float32).eps` 是整个间隔。",
                ),
            ),
            *(
                Misconception(
                    "power 1, then halved",
                    lambda f, f2, c=c: c * _EPSILON * abs(f / f2) / 2,
                    Words(
                        "In Python `a ** 1/2` is a to the power 1, divided by 2. A root "
                        "is `a ** 0.5` or `a ** (1/2)`.",
                        "在 Python 里，`a ** 1/2` 是 a 的 1 次方再除以 2。开方写作 `a ** 0.5` 或 `a ** (1/2)`。",
                    ),
                )
                for c in (1, 2)
            ),
            *(
                Misconception(
                    "forgot ε",
                    lambda f, f2, c=c: (c * abs(f / f2)) ** 0.5,
                    Words(
                        "ε is missing: the step has to be small because rounding is.",
                        "漏了 ε：舍入误差很小，步长才可以很小。",
                    ),
                )
                for c in (1, 2)
            ),
            Misconception(
                "upside down",
                lambda f, f2: np.sqrt(2 * _EPSILON * abs(f2 / f)),
                Words(
                    "The fraction is upside down: where the curve bends more, the step "
                    "has to be smaller.",
                    "分式上下颠倒了：曲线弯得越厉害，步长就得越小。",
                ),
            ),
            *(
                Misconception(
                    "forgot the absolute value and the half",
                    lambda f, f2, c=c: (
                        np.sqrt(c * _EPSILON * f / f2) if f / f2 > 0 else np.nan
                    ),
                    Words(
                        "Two slips. It gives no number where value and curvature have "
                        "opposite signs: the error has absolute values. And in the error, "
                        "f″ comes with a half.",
                        "有两处疏漏。值和曲率异号时，它给不出数：误差公式里有绝对值。另外，误差里 f″ 前面有个二分之一。",
                    ),
                )
                for c in (1, 4)
            ),
            Misconception(
                "forgot the absolute value",
                lambda f, f2: np.sqrt(2 * _EPSILON * f / f2) if f / f2 > 0 else np.nan,
                Words(
                    "It gives no number where value and curvature have opposite signs. "
                    "The error has absolute values.",
                    "值和曲率异号时，它给不出数。误差公式里有绝对值。",
                ),
            ),
            Misconception(
                "the error at the best step",
                lambda f, f2: np.sqrt(2 * _EPSILON * abs(f * f2)),
                Words(
                    "This is how large the error is at the best step. Asked for is the step itself, h.",
                    "这是取最佳步长时的误差。题目要的是步长 h 本身。",
                ),
            ),
        ),
        name="best_step",
        # Half the gap between float32 numbers is 5.96e-8, which is as right as 6e-8.
        rtol=0.005,
        atol=1e-9,
    )


slope_at_half = Prediction(
    "2.a",
    choices={
        "half": Words("half of 108", "108 的一半"),
        "more": Words("more than half", "比一半大"),
        "less": Words("less than half", "比一半小"),
    },
    outcome=lambda slope: (
        "half" if abs(slope - 54) < 1e-3 else "more" if slope > 54 else "less"
    ),
)

inner_slope = Prediction(
    "2.b",
    choices={
        "larger": Words("larger", "更大"),
        "smaller": Words("smaller", "更小"),
        "the same": Words("the same", "一样"),
    },
    outcome=lambda slopes: (
        "larger"
        if slopes[0] > slopes[1]
        else "smaller"
        if slopes[0] < slopes[1]
        else "the same"
    ),
)

product_with_itself = Prediction("2.c", outcome=float, tolerance=0.01)

closest_step = Prediction(
    "2.d",
    choices={f"{h:.0e}": f"{h:.0e}" for h in (1e-1, 1e-3, 1e-5, 1e-7)},
    outcome=lambda errors: f"{min(errors, key=errors.get):.0e}",
)
