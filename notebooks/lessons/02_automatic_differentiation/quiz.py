"""The quiz of lesson 2: what a tape records, and what it gives back."""

from gradtape.exercises.quiz import Choice, Question
from gradtape.exercises.words import Words

QUIZ = (
    Question(
        Words(
            "On the way back a tape comes to the step `y = b**3`, where `b` is 4. What "
            "does it need to have kept for that?",
            "往回走到 `y = b**3` 这一步，`b` 是 4。梯度带要事先留下什么，才能走这一步？",
        ),
        (
            Choice(
                Words("The name of the operation", "运算的名字"),
                Words(
                    "The name gives the rule, 3b². To get a number out of the rule, the "
                    "value of b is needed too.",
                    "由名字只能知道法则 3b²。要由法则得到一个数，还得有 b 的值。",
                ),
            ),
            Choice(
                Words("A formula for the derivative of y", "y 的导数公式"),
                Words(
                    "No formula for the whole is ever made. Each step has a rule of its "
                    "own, and the numbers are multiplied one after the other.",
                    "梯度带从不写出整个函数的导数公式。每一步有自己的法则，得到的数依次相乘。",
                ),
            ),
            Choice(
                Words(
                    "The operation and the value of `b`",
                    "运算和 `b` 的值",
                ),
                Words(
                    "The local derivative is 3b², which is 48 at b = 4. That is why a "
                    "tape takes memory: it keeps the values until it is read.",
                    "局部导数是 3b²，在 b = 4 处是 48。梯度带要占内存，就因为这些值要留到往回读的时候。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        Words("What does this print?", "下面的代码打印什么？"),
        (
            Choice(
                "`None`",
                Words(
                    "A tape watches trainable variables by itself, constants only after "
                    "`tape.watch(x)`. Nothing of this was recorded.",
                    "梯度带自动监视可训练的变量；常量要先写 `tape.watch(x)`。这里什么也没有录下来。",
                ),
                right=True,
            ),
            Choice(
                "`6.0`",
                Words(
                    "That is the derivative of x² at 3, and it would come out with a "
                    "variable. `tf.constant` is not watched.",
                    "这是 x² 在 3 处的导数；换成变量就会得到它。`tf.constant` 不受监视。",
                ),
            ),
            Choice(
                "`0.0`",
                Words(
                    "Zero would say that y does not change when x does. The tape says "
                    "something else: it has no record that leads from x to y.",
                    "0 的意思是 x 变时 y 不变。这里不是：记录里根本没有从 x 通到 y 的路。",
                ),
            ),
            Choice(
                Words("An error", "报错"),
                Words(
                    "`gradient` raises nothing here. That makes it easy to overlook: "
                    "the result is there, and it is no number.",
                    "`gradient` 在这里不报错，所以容易漏看：结果是有的，只是不是数。",
                ),
            ),
        ),
        code="x = tf.constant(3.0)\n"
        "with tf.GradientTape() as tape:\n"
        "    y = x**2\n"
        "print(tape.gradient(y, x))",
    ),
    Question(
        Words(
            "`b` is used twice: y = b · b, with b = 5. What does the tape do at `b` on the "
            "way back?",
            "`b` 用了两次：y = b · b，b = 5。往回走到 `b` 时，梯度带怎么算？",
        ),
        (
            Choice(
                Words(
                    "It multiplies what arrives: 5 · 5 = 25",
                    "把传回来的数相乘：5 · 5 = 25",
                ),
                Words(
                    "Along one path, derivatives are multiplied. Here two paths meet, "
                    "and what they bring is added.",
                    "沿着一条路，导数相乘。这里是两条路会合，传来的数要相加。",
                ),
            ),
            Choice(
                Words(
                    "It adds what arrives: 5 + 5 = 10", "把传回来的数相加：5 + 5 = 10"
                ),
                Words(
                    "Each use brings 5, the other factor. A change of b acts by both "
                    "uses, so the two are added: 2b = 10.",
                    "每次使用传回另一个因数 5。b 变化时，两处都受影响，所以相加：2b = 10。",
                ),
                right=True,
            ),
            Choice(
                Words("It keeps the last one: 5", "只留最后一个：5"),
                Words(
                    "Then one of the two uses would be lost. The derivative of b² at 5 "
                    "is 10, not 5.",
                    "那样就丢掉了一处使用。b² 在 5 处的导数是 10，不是 5。",
                ),
            ),
        ),
    ),
)
