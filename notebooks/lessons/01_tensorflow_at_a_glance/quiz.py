"""The quiz of lesson 1: what TensorFlow's numbers are, and what a derivative is good for."""

from gradtape.exercises.quiz import Choice, Question
from gradtape.exercises.words import Words

QUIZ = (
    Question(
        Words(
            "`w` is a variable holding 1, and the line `w = w + 1.0` has run. What "
            "is `w` now?",
            "`w` 是一个值为 1 的变量，执行了 `w = w + 1.0`。现在 `w` 是什么？",
        ),
        (
            Choice(
                Words("The same variable, holding 2", "还是那个变量，值为 2"),
                Words(
                    "That is what `w.assign_add(1.0)` does. `=` changes no "
                    "variable: it gives the name `w` to something else.",
                    "那是 `w.assign_add(1.0)` 的作用。`=` 不会改动变量，只是让名字 `w` 指向别的东西。",
                ),
            ),
            Choice(
                Words("A tensor holding 2", "一个值为 2 的张量"),
                Words(
                    "The sum is a new tensor, and the name stands for it now. A "
                    "tape does not watch a tensor by itself, so a tape that is opened "
                    "afterwards gives the gradient `None`.",
                    "相加得到一个新张量，名字现在指向它。梯度带不会自动监视张量，所以之后新开一个梯度带，对它求出的梯度是 `None`。",
                ),
                right=True,
            ),
            Choice(
                Words("Still 1: the line fails", "仍是 1：这一行会报错"),
                Words(
                    "Variables can be used in any calculation, and the line runs "
                    "without a word. That is why the mistake is easy to make.",
                    "变量可以参与任何计算，这一行不声不响就通过了，所以这个错很容易犯。",
                ),
            ),
        ),
    ),
    Question(
        Words(
            "An error grows when the parameter `w` grows: its derivative is "
            "positive. Where does gradient descent move `w`?",
            "参数 `w` 变大时误差也变大：导数为正。梯度下降让 `w` 往哪边走？",
        ),
        (
            Choice(
                Words("Up, the way the derivative points", "变大，顺着导数的方向"),
                Words(
                    "The derivative points where the error grows. Descent goes the "
                    "other way.",
                    "导数指的是误差增大的方向，下降要反着走。",
                ),
            ),
            Choice(
                Words("That depends on how large the error is", "要看误差有多大"),
                Words(
                    "The size of the error says how wrong the model is, not in "
                    "which direction it gets better. The derivative says that.",
                    "误差的大小只说明模型错得多厉害，不说明往哪边会变好；往哪边，由导数决定。",
                ),
            ),
            Choice(
                Words("Down, against the derivative", "变小，逆着导数的方向"),
                Words(
                    "A small step against the derivative lowers the error. The "
                    "steps are long where the curve is steep and short near the "
                    "minimum.",
                    "逆着导数走一小步，误差就下降。曲线陡的地方步子大，接近最小值点时步子小。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        Words(
            "A loop computes √x in six steps, each of a sum and two quotients. What "
            "does a tape need to differentiate it?",
            "一个循环用六步算出 √x，每步做一次加法、两次除法。梯度带要有什么，才能对它求导？",
        ),
        (
            Choice(
                Words("Every step of the loop on the record", "循环的每一步都有记录"),
                Words(
                    "Sums and quotients have rules of their own, and the chain rule "
                    "combines them. That the result is a root is used nowhere.",
                    "加法和除法各有求导法则，再用链式法则合起来。结果是平方根这件事，哪里都没有用到。",
                ),
                right=True,
            ),
            Choice(
                Words("The formula of the square root", "平方根的公式"),
                Words(
                    "That is the symbolic way. A tape differentiates the program "
                    "that ran, whatever it is meant to compute.",
                    "那是符号求导的做法。梯度带对实际执行的程序求导，不管它要算的是什么。",
                ),
            ),
            Choice(
                Words("A step h that is small enough", "一个足够小的步长 h"),
                Words(
                    "That is the numerical way, two values and a quotient. A tape "
                    "has no step to choose.",
                    "那是数值求导：取两个值，再相除。梯度带没有步长可选。",
                ),
            ),
        ),
    ),
)
