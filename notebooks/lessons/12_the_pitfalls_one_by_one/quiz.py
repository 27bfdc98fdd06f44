"""The quiz of lesson 12: telling one pitfall from another."""

from gradtape.exercises.quiz import Choice, Question
from gradtape.exercises.words import Words

QUIZ = (
    Question(
        Words(
            "`y` was computed from `x` within the block, and `tape.gradient(x, y)` "
            "is `None`. Why?",
            "`y` 是在块里由 `x` 算出来的，`tape.gradient(x, y)` 却是 `None`。为什么？",
        ),
        (
            Choice(
                Words("Target and source are exchanged", "目标和源写反了"),
                Words(
                    "First comes what is differentiated, then by what. `x` was not "
                    "computed from `y`, so nothing connects them this way round.",
                    "先写对谁的值求导，即目标，再写源。`x` 不是由 `y` 算出来的，反过来就没有连接。",
                ),
                right=True,
            ),
            Choice(
                Words("`x` was not watched", "`x` 没有受到监视"),
                Words(
                    "That could be a cause with a constant. Here the call would "
                    "give `None` even if `x` is a variable.",
                    "如果是常量，可能有这个原因。但这样写，就算 `x` 是变量也得到 `None`。",
                ),
            ),
            Choice(
                Words("The tape had been used before", "这个梯度带已经用过了"),
                Words(
                    "A second call on an ordinary tape is a `RuntimeError`, no `None`.",
                    "在普通梯度带上第二次调用，得到的是 `RuntimeError`，不是 `None`。",
                ),
            ),
        ),
    ),
    Question(
        Words(
            "Which of these mistakes can give a number that looks healthy and is "
            "wrong?",
            "下面哪个错误会给出一个看上去正常、其实错了的数？",
        ),
        (
            Choice(
                Words("A whole number as source", "源是整数"),
                Words(
                    "It gives `None`: between two whole numbers there is nothing to "
                    "move to.",
                    "得到的是 `None`：两个相邻的整数之间没有可走的地方。",
                ),
            ),
            Choice(
                Words("One of two paths through NumPy", "两条路里有一条经过 NumPy"),
                Words(
                    "The other path brings back its part, and the part through "
                    "NumPy is missing. A comparison with finite differences shows "
                    "it.",
                    "另一条路传回了自己的那份，经过 NumPy 的那份却没有。和有限差分一比就能发现。",
                ),
                right=True,
            ),
            Choice(
                Words(
                    "A second `gradient` on an ordinary tape",
                    "在普通梯度带上第二次调用 `gradient`",
                ),
                Words(
                    "It is a `RuntimeError`, which cannot be overlooked.",
                    "那会报 `RuntimeError`，不会看漏。",
                ),
            ),
        ),
    ),
    Question(
        Words(
            "All gradients are right, the loss falls, and one weight of a Keras "
            "layer never changes. What is likely?",
            "梯度都对，损失也在下降，可 Keras 某一层的一个权重始终不变。多半是什么原因？",
        ),
        (
            Choice(
                Words("The tape is not persistent", "梯度带不是持久的"),
                Words(
                    "That matters for a second call of `gradient`, not for what is "
                    "in the lists.",
                    "那只影响第二次调用 `gradient`，与列表里有什么无关。",
                ),
            ),
            Choice(
                Words("Its gradient has vanished", "它的梯度消失了"),
                Words(
                    "A vanished gradient is small, and the weight would still move "
                    "a little, above all with Adam.",
                    "消失的梯度只是很小，权重还会动一点，用 Adam 时更是如此。",
                ),
            ),
            Choice(
                Words(
                    "It is a plain `tf.Variable`, which Keras 3 does not list",
                    "它是普通的 `tf.Variable`，Keras 3 不把它列入",
                ),
                Words(
                    "The tape watches it, but it is not in `trainable_variables`, "
                    "so nobody updates it. `self.add_weight` puts it there.",
                    "梯度带监视着它，但它不在 `trainable_variables` 里，也就没有人更新它。用 `self.add_weight` 创建就会列入。",
                ),
                right=True,
            ),
        ),
    ),
)
