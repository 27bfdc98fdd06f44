"""Questions of lesson 1 that are answered in words and read by a person."""

from gradtape.classroom.written import Written
from gradtape.exercises.words import Words

QUESTIONS = (
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
)
