"""The quiz of lesson 10: what is averaged, what is traced, what is clipped."""

from gradtape.exercises.quiz import Choice, Question
from gradtape.exercises.words import Words

QUIZ = (
    Question(
        Words(
            "A batch of 10 is taken in parts of 4, 4 and 2, each with the mean of its own losses. How "
            "do the three gradients become that of the whole batch?",
            "一批 10 个样本，分成 4、4、2 三部分，每部分用自己的平均损失。三个梯度怎样合成整批的梯度？",
        ),
        (
            Choice(
                Words("Take their mean", "取平均"),
                Words(
                    "Then the part of 2 counts as much as a part of 4. It is right for equal parts "
                    "only.",
                    "那样 2 个样本的部分和 4 个样本的部分分量一样重。只有各部分一样大时才对。",
                ),
            ),
            Choice(
                Words(
                    "Multiply by 0.4, 0.4 and 0.2, and add",
                    "分别乘以 0.4、0.4、0.2，再相加",
                ),
                Words(
                    "Each part counts by its share of the examples. The same comes out when every "
                    "part divides its sum by 10.",
                    "每一部分按样本所占的比例计算。每部分都用自己的和除以 10，结果也一样。",
                ),
                right=True,
            ),
            Choice(
                Words("Add them", "相加"),
                Words(
                    "Each is a mean already. Their sum is about three times too large.",
                    "每一个已经是平均值，相加就大了约三倍。",
                ),
            ),
        ),
    ),
    Question(
        Words(
            "A function under `tf.function` prints `step` with Python's `print`, and is called a "
            "thousand times with tensors of one shape. How often does `step` appear?",
            "`tf.function` 装饰的函数里用 Python 的 `print` 打印 `step`，用同一形状的张量调用一千次。`step` 出现几次？",
        ),
        (
            Choice(
                Words("Once", "一次"),
                Words(
                    "Python code runs while the graph is traced, for the first call. `tf.print` "
                    "would be part of the graph, and appear each time.",
                    "Python 代码只在构建计算图时运行，也就是第一次调用时。`tf.print` 才是图的一部分，每次都会打印。",
                ),
                right=True,
            ),
            Choice(
                Words("A thousand times", "一千次"),
                Words(
                    "The graph holds TensorFlow's operations only. Later calls do not come by "
                    "Python's `print`.",
                    "图里只有 TensorFlow 的运算。以后的调用不会经过 Python 的 `print`。",
                ),
            ),
            Choice(
                Words("Never", "一次也没有"),
                Words(
                    "To trace the graph, the function has to be run, once.",
                    "要构建计算图，函数总得运行一次。",
                ),
            ),
        ),
    ),
    Question(
        Words(
            "The gradients of a network have the global norm 0.3. What does "
            "`tf.clip_by_global_norm(gradients, 1.0)` do?",
            "一个网络的梯度，总范数是 0.3。`tf.clip_by_global_norm(gradients, 1.0)` 会怎样？",
        ),
        (
            Choice(
                Words("It makes them longer, to norm 1", "拉长到范数为 1"),
                Words(
                    "It only shortens. To bring every gradient to length 1 is called normalising, and "
                    "is something else.",
                    "它只缩短。把每个梯度都变成长度 1 叫归一化，是另一回事。",
                ),
            ),
            Choice(
                Words("Nothing", "什么也不改"),
                Words(
                    "The norm is below the limit. Only gradients above it are changed, all by the "
                    "same factor.",
                    "范数没有超过上限。超过了才会改，而且所有梯度乘以同一个因子。",
                ),
                right=True,
            ),
            Choice(
                Words("It cuts each entry at 1", "把每个元素截到 1"),
                Words(
                    "That is `tf.clip_by_value`, which looks at each entry alone and may turn the "
                    "direction.",
                    "那是 `tf.clip_by_value`，它逐个元素地看，方向可能会变。",
                ),
            ),
        ),
    ),
)
