"""The quiz of lesson 4: tapes within tapes, and what a second derivative tells."""

from gradtape.exercises.quiz import Choice, Question
from gradtape.exercises.words import Words

QUIZ = (
    Question(
        Words(
            "With nested tapes, why does `inner.gradient(...)` stand inside the "
            "outer block?",
            "梯度带嵌套时，`inner.gradient(...)` 为什么要写在外层的块里？",
        ),
        (
            Choice(
                Words(
                    "The inner tape would be gone outside of it",
                    "出了外层的块，内层的梯度带就没了",
                ),
                Words(
                    "The inner tape keeps its record until `gradient` is called. "
                    "Outside, the first derivative would come out right; the second "
                    "would be `None`.",
                    "内层的记录会留到调用 `gradient` 为止。写到外面，一阶导数也不会错，只是二阶导数成了 `None`。",
                ),
            ),
            Choice(
                Words(
                    "The outer tape has to record how the first derivative is computed",
                    "外层要记录一阶导数是怎样算出来的",
                ),
                Words(
                    "The backward pass is a calculation like any other. What is "
                    "computed outside the block is not on the record, and the "
                    "second derivative is `None`.",
                    "反向传播也是一段计算。在块外面算的不在记录里，二阶导数就成了 `None`。",
                ),
                right=True,
            ),
            Choice(
                Words("TensorFlow raises an error otherwise", "否则 TensorFlow 会报错"),
                Words(
                    "There is no error. The first derivative is right, the second "
                    "is `None`, and nothing is said about it.",
                    "不报错。一阶导数是对的，二阶导数是 `None`，也没有任何提示。",
                ),
            ),
        ),
    ),
    Question(
        Words(
            "At a point f′ = 0 and f″ = −6. What is there?",
            "在某一点，f′ = 0，f″ = −6。这一点是什么？",
        ),
        (
            Choice(
                Words("A local maximum", "极大值点"),
                Words(
                    "f″ < 0: the curve bends downwards like a dome, and the "
                    "horizontal tangent touches it at its top.",
                    "f″ < 0，曲线向下弯，像拱，水平的切线正好碰到顶点。",
                ),
                right=True,
            ),
            Choice(
                Words("A local minimum", "极小值点"),
                Words(
                    "A minimum is the bottom of a bowl, and a bowl has f″ > 0.",
                    "极小值点在碗底，而碗形要有 f″ > 0。",
                ),
            ),
            Choice(
                Words("An inflection point", "拐点"),
                Words(
                    "At an inflection point f″ changes its sign. Here it is −6, and "
                    "stays negative nearby.",
                    "拐点处 f″ 变号。这里 f″ 是 −6，在附近也一直为负。",
                ),
            ),
        ),
    ),
    Question(
        Words(
            "The Taylor polynomial of order 7 of sin at 0 is far from sin at x = 6. "
            "What helps?",
            "sin 在 0 处的 7 阶泰勒多项式，到 x = 6 时已经差得很远。怎样改进？",
        ),
        (
            Choice(
                Words(
                    "A smaller step for the derivatives at 0",
                    "求 0 处的导数时，步长再小一些",
                ),
                Words(
                    "The derivatives are right already, and a tape has no step. "
                    "Seven of them at one point do not say enough about a place so "
                    "far away.",
                    "导数本来就是对的，梯度带也没有步长。只靠一点处的七个导数，不足以说明那么远的地方。",
                ),
            ),
            Choice(
                Words("`float64` in place of `float32`", "把 `float32` 换成 `float64`"),
                Words(
                    "The gap is no rounding: the polynomial itself leaves the "
                    "curve, however exactly it is computed.",
                    "这不是舍入误差：多项式本身就离开了曲线，算得再精确也没用。",
                ),
            ),
            Choice(
                Words(
                    "A higher order, or a point closer to 6",
                    "提高阶数，或者换一个离 6 更近的点",
                ),
                Words(
                    "A Taylor polynomial is good near its point. For sin, every "
                    "further term reaches a little further out.",
                    "泰勒多项式在展开点附近才好用。对 sin 来说，每多一项，好用的范围就大一些。",
                ),
                right=True,
            ),
        ),
    ),
)
