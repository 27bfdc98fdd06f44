"""The quiz of lesson 11: other sources than parameters, and gradients in losses."""

from gradtape.exercises.quiz import Choice, Question
from gradtape.exercises.words import Words

QUIZ = (
    Question(
        Words(
            "You want the gradient of a score with respect to a layer's maps. Which "
            "tensor is the source?",
            "要求得分对某一层特征图的梯度。哪个张量是源？",
        ),
        (
            Choice(
                Words("The layer's `output`", "这一层的 `output`"),
                Words(
                    "It describes what the layer will return, and holds no numbers. "
                    "No tape has it on record.",
                    "它只说明这一层会返回什么，里面没有数，梯度带的记录里也没有它。",
                ),
            ),
            Choice(
                Words(
                    "The maps that came with the score, from one call",
                    "与得分出自同一次调用的特征图",
                ),
                Words(
                    "The score was computed from these very maps, so the record "
                    "leads from it back to them.",
                    "得分正是由这些特征图算出来的，所以沿记录能从它回到它们。",
                ),
                right=True,
            ),
            Choice(
                Words(
                    "The maps of a second model that shares the layers",
                    "另一个共用这些层的模型给出的特征图",
                ),
                Words(
                    "The numbers are equal, but the score does not depend on that "
                    "tensor: the gradient is `None`.",
                    "数值相同，但得分与那个张量无关，梯度是 `None`。",
                ),
            ),
        ),
    ),
    Question(
        Words(
            "A network with ReLU is to solve $y'' = -y$ by making the residual small. "
            "What is wrong?",
            "用 ReLU 网络解 $y'' = -y$，办法是让残差变小。问题出在哪里？",
        ),
        (
            Choice(
                Words(
                    "The tape gives a wrong second derivative",
                    "梯度带求出的二阶导数是错的",
                ),
                Words(
                    "0 is right: the network is made of straight pieces.",
                    "0 是对的：这个网络由直线段组成。",
                ),
            ),
            Choice(
                Words("The learning rate is too small", "学习率太小"),
                Words(
                    "The term y″ is 0 whatever the parameters are; no learning rate "
                    "changes that.",
                    "不管参数取什么值，y″ 这一项都是 0，换什么学习率都一样。",
                ),
            ),
            Choice(
                Words("Its $y''$ is 0 everywhere", "它的 $y''$ 处处为 0"),
                Words(
                    "The residual is then $y$ alone, and the equation is not in the "
                    "loss. A smooth, curved activation function is needed.",
                    "残差只剩下 $y$，损失里没有了方程。要换光滑而且弯曲的激活函数。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        Words(
            "A network gives a digit the probability 0.9999. Which saliency map helps?",
            "网络给某个数字的概率是 0.9999。哪种显著图有用？",
        ),
        (
            Choice(
                Words("That of its score", "对它的得分求的"),
                Words(
                    "The score goes on growing where softmax has saturated.",
                    "softmax 饱和之后，得分仍在变化。",
                ),
                right=True,
            ),
            Choice(
                Words("That of its probability", "对它的概率求的"),
                Words(
                    "Near 1 softmax is flat, so all its derivatives are nearly 0.",
                    "概率接近 1 时 softmax 是平的，导数都接近 0。",
                ),
            ),
            Choice(
                Words("That of the sum of all probabilities", "对全部概率之和求的"),
                Words(
                    "The sum is always 1, so its gradient is 0.",
                    "它们的和总是 1，梯度是 0。",
                ),
            ),
        ),
    ),
)
