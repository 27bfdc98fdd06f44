"""The quiz of lesson 9: from what came back to its cause."""

from gradtape.exercises.quiz import Choice, Question
from gradtape.exercises.words import Words

QUIZ = (
    Question(
        Words(
            "A gradient is `None` for every source. Where to look first?",
            "对每个源，梯度都是 `None`。先看哪里？",
        ),
        (
            Choice(
                Words("Whether a step is flat", "有没有哪一步是平的"),
                Words(
                    "A flat step has the derivative 0, which is a number. `None` "
                    "says that there is no connection at all.",
                    "平的那一步导数是 0，那是一个数。`None` 说的是根本没有连接。",
                ),
            ),
            Choice(
                Words("At `tape.watched_variables()`", "看 `tape.watched_variables()`"),
                Words(
                    "If it is empty, no trainable variable was used in the block: the "
                    "sources are constants, or not trainable, or their names stand "
                    "for tensors now.",
                    "如果是空的，说明块里没有用到可训练的变量：源是常量，或者不可训练，或者名字现在指向张量。",
                ),
                right=True,
            ),
            Choice(
                Words("At the learning rate", "看学习率"),
                Words(
                    "It comes into play after the gradient. It cannot make one go "
                    "missing.",
                    "它在求出梯度之后才用到，不会让梯度缺失。",
                ),
            ),
        ),
    ),
    Question(
        Words(
            "At x = 0, what is the gradient of this, whose value there is 0?",
            "下式在 x = 0 处的值是 0。那里的梯度是什么？",
        ),
        (
            Choice(
                "`nan`",
                Words(
                    "Both branches are computed. The one not chosen gets a 0 on the "
                    "way back, times its local derivative 1/0: that is 0 · ∞.",
                    "两个分支都会计算。没有选中的那个，往回传的是 0，再乘上局部导数 1/0，就是 0 · ∞。",
                ),
                right=True,
            ),
            Choice(
                "`0.0`",
                Words(
                    "So it would be if the branch not chosen were left out. It gets "
                    "a 0, but the 0 is multiplied by an infinite derivative.",
                    "如果不走没选中的分支，就会是 0。实际上传给它的 0 还要乘上一个无穷大的导数。",
                ),
            ),
            Choice(
                "`None`",
                Words(
                    "Every step is recorded and has a rule. The connection is "
                    "there; the number is spoilt.",
                    "每一步都有记录，也都有法则。连接是通的，只是得到的数坏掉了。",
                ),
            ),
        ),
        code="tf.where(x > 0.0, tf.math.log(x), 0.0)",
    ),
    Question(
        Words(
            "A number passes through 20 sigmoids, one after the other. How large "
            "is the derivative of the last result with respect to the number?",
            "一个数依次经过 20 个 sigmoid。最后的结果对这个数的导数有多大？",
        ),
        (
            Choice(
                Words("It is about as large as through one", "和只经过一个时差不多大"),
                Words(
                    "Each sigmoid multiplies by its own derivative, and 20 such "
                    "factors are multiplied.",
                    "每个 sigmoid 都乘上自己的导数，一共有 20 个这样的因数。",
                ),
            ),
            Choice(
                Words("It is exactly 0", "恰好是 0"),
                Words(
                    "It is tiny, and float32 can hold it. But a step of that size "
                    "changes nothing that could be noticed.",
                    "它很小，但 float32 装得下。只是这么小的一步，看不出任何变化。",
                ),
            ),
            Choice(
                Words("It is at most about 10⁻¹²", "最大约为 10⁻¹²"),
                Words(
                    "The derivative of a sigmoid is at most ¼, and ¼ to the power "
                    "of 20 is 9 · 10⁻¹³. The gradient vanishes.",
                    "sigmoid 的导数最大是 ¼，而 ¼ 的 20 次方是 9 · 10⁻¹³。梯度消失了。",
                ),
                right=True,
            ),
        ),
    ),
)
