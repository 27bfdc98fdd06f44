"""The quiz of lesson 5: steps against the gradient, and what goes wrong in them."""

from gradtape.exercises.quiz import Choice, Question
from gradtape.exercises.words import Words

QUIZ = (
    Question(
        Words(
            "dL/dw is −22. What does one step of gradient descent with the learning "
            "rate 0.01 do to `w`?",
            "dL/dw 是 −22。学习率 0.01，做一步梯度下降，`w` 会怎样？",
        ),
        (
            Choice(
                Words("It lowers `w` by 0.22", "减小 0.22"),
                Words(
                    "The step goes against the gradient: w − 0.01 · (−22) is w + 0.22.",
                    "要逆着梯度走：w − 0.01 · (−22) 就是 w + 0.22。",
                ),
            ),
            Choice(
                Words("It raises `w` by 0.22", "增大 0.22"),
                Words(
                    "A negative derivative means that the loss falls when w grows; "
                    "0.01 · 22 is 0.22.",
                    "导数为负，表示 w 变大时损失下降；0.01 · 22 是 0.22。",
                ),
                right=True,
            ),
            Choice(
                Words("It raises `w` by 22", "增大 22"),
                Words(
                    "The direction is right. The learning rate makes the step a "
                    "hundredth of that.",
                    "方向对，但学习率让步子只有它的百分之一。",
                ),
            ),
        ),
    ),
    Question(
        Words(
            "A training loop forgets `tf.reduce_mean` over its four examples. What "
            "comes of it?",
            "训练循环里忘了对四个样本写 `tf.reduce_mean`。结果会怎样？",
        ),
        (
            Choice(
                Words("Every gradient is four times as large", "每个梯度都变成四倍"),
                Words(
                    "A vector target is summed, and the sum is four times the mean. "
                    "It is as if the learning rate were four times as large, and "
                    "the descent may diverge.",
                    "目标是向量时会求和，而和是平均值的四倍。这等于学习率变成四倍，下降可能发散。",
                ),
                right=True,
            ),
            Choice(
                Words(
                    "An error, since a loss must be one number",
                    "报错，因为损失必须是一个数",
                ),
                Words(
                    "For the tape it need not: it adds the entries up and says "
                    "nothing.",
                    "对梯度带来说不必是一个数：它把各项加起来，什么也不说。",
                ),
            ),
            Choice(
                Words("Only the last example counts", "只有最后一个样本起作用"),
                Words(
                    "All four count. Their losses are added instead of averaged.",
                    "四个都起作用，只是损失相加了，没有取平均。",
                ),
            ),
        ),
    ),
    Question(
        Words(
            "From step to step the loss grows, and `w` jumps from one side of the "
            "minimum to the other. What helps?",
            "损失一步比一步大，`w` 在最小值点两侧来回跳。怎么办？",
        ),
        (
            Choice(
                Words("More steps", "多走几步"),
                Words(
                    "Each step leads further out than the one before. More of them "
                    "make it worse.",
                    "每一步都比前一步离得更远，走得越多越糟。",
                ),
            ),
            Choice(
                Words("A larger learning rate", "调大学习率"),
                Words(
                    "The steps are too long already: they overshoot the minimum.",
                    "步子已经太大了，一步就越过了最小值点。",
                ),
            ),
            Choice(
                Words("A smaller learning rate", "调小学习率"),
                Words(
                    "Each step lands further from the minimum than it began, on the "
                    "other side. On a parabola with f″ = λ the rate has to lie below "
                    "2/λ.",
                    "每一步都越过最小值点，落到另一侧离它更远的地方。对 f″ = λ 的抛物线，学习率要小于 2/λ。",
                ),
                right=True,
            ),
        ),
    ),
)
