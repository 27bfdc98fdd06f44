"""Questions of lesson 2 that are answered in words and read by a person."""

from gradtape.classroom.written import Written
from gradtape.exercises.words import Words

QUESTIONS = (
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
)
