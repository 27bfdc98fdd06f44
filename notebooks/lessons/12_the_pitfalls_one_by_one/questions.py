"""Questions of lesson 12 that are answered in words and read by a person."""

from gradtape.classroom.written import Written
from gradtape.exercises.words import Words

QUESTIONS = (
    Written(
        "12-1",
        Words(
            "**In your own words.** Choose one pitfall of this lesson that gives `None` "
            "and one that gives a wrong number. Which of the two would you rather have "
            "in a program of your own, and how would you notice the other?",
            "**用自己的话回答。** 从这一课里选一个得到 `None` 的常见错误，再选一个得到错误数值的常见错误。"
            "你更愿意自己的程序里出现哪一个？另一个又该怎样发现？",
        ),
        Words(
            "None is the better one: it stops the next calculation, and the optimizer "
            "complains. A wrong number, such as half of a gradient after a detour "
            "through NumPy, or a sum instead of a Jacobian, goes on silently. One "
            "notices it by comparing with central differences, with gt.check_gradients, "
            "at a point or two, and by a case whose derivative is known.",
            "`None` 更好：接下来的计算会中断，优化器也会报错。错误的数值，比如绕道 NumPy 之后少了一部分的梯度，"
            "或者本该是雅可比矩阵却得到了总和，会悄悄地用下去。要发现它，就在一两个点上用 gt.check_gradients 与中心差分对比，"
            "再用导数已知的例子检验。",
        ),
    ),
)
