"""Questions of lesson 4 that are answered in words and read by a person."""

from gradtape.classroom.written import Written
from gradtape.exercises.words import Words

QUESTIONS = (
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
)
