"""The quiz of lesson 6: which tool, which moment, and how to check."""

from gradtape.exercises.quiz import Choice, Question
from gradtape.exercises.words import Words

QUIZ = (
    Question(
        Words(
            "One result, a thousand inputs, and all derivatives are wanted, exact "
            "up to rounding. Which tool?",
            "一个结果，一千个输入，要算出全部导数，除舍入误差外没有别的误差。用哪个工具？",
        ),
        (
            Choice(
                Words("Finite differences", "有限差分"),
                Words(
                    "They need a thousand and one values of the function, and have "
                    "a step whose error is larger than rounding.",
                    "要算一千零一次函数值，而且步长带来的误差比舍入大。",
                ),
            ),
            Choice(
                Words("A tape within a tape", "嵌套的梯度带"),
                Words(
                    "Two tapes give second derivatives. For the first ones a single "
                    "tape is enough.",
                    "两个梯度带求的是二阶导数；求一阶，一个就够了。",
                ),
            ),
            Choice(
                Words(
                    "`tape.gradient` with a list of sources",
                    "`tape.gradient`，把源写成列表",
                ),
                Words(
                    "One backward pass brings a derivative to each of the thousand "
                    "inputs.",
                    "一次反向传播，一千个输入就都有了导数。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        Words("What does this print?", "下面的代码打印什么？"),
        (
            Choice(
                "`6.0`",
                Words(
                    "The gradient belongs to the moment of the forward pass: `y` "
                    "was computed at 3, and the tape has kept that value.",
                    "梯度属于前向传播的那一刻：`y` 是在 3 处算的，梯度带留着那时的值。",
                ),
                right=True,
            ),
            Choice(
                "`20.0`",
                Words(
                    "20 is the derivative at 10. For that, `y` has to be computed "
                    "again, in a new block.",
                    "20 是 10 处的导数。要得到它，得在新的块里重新计算 `y`。",
                ),
            ),
            Choice(
                Words("An error, since `x` has changed", "报错，因为 `x` 变了"),
                Words(
                    "Changing a variable after the block is what every training "
                    "loop does. The record is not touched by it.",
                    "在块之后给变量赋新值，是每个训练循环都要做的事，不影响记录。",
                ),
            ),
        ),
        code="x = tf.Variable(3.0)\n"
        "with tf.GradientTape() as tape:\n"
        "    y = x**2\n"
        "x.assign(10.0)\n"
        "print(tape.gradient(y, x).numpy())",
    ),
    Question(
        Words(
            "Finite differences are less exact than a tape. Why does "
            "`gt.check_gradients` use them to check one?",
            "有限差分不如梯度带准确。`gt.check_gradients` 为什么还用它来检查梯度带？",
        ),
        (
            Choice(
                Words("They find mistakes in the function", "它能找出函数本身的错"),
                Words(
                    "Both ways differentiate the same function, with its mistakes. "
                    "They find mistakes in the derivative.",
                    "两种办法对同一个函数求导，函数里的错两边都一样。它找的是导数里的错。",
                ),
            ),
            Choice(
                Words(
                    "They do not depend on TensorFlow's rules",
                    "它不依赖 TensorFlow 的求导法则",
                ),
                Words(
                    "They need values of the function alone. A wrong rule, such as "
                    "one of your own, makes the tape wrong and not the values.",
                    "它只用到函数值。法则错了（比如自己写的法则），梯度带会错，函数值不会。",
                ),
                right=True,
            ),
            Choice(
                Words("They are faster", "它更快"),
                Words(
                    "Central differences need two more values for every input. A "
                    "tape needs one backward pass for all.",
                    "每多一个输入，中心差分就要多算两个值；梯度带只要一次反向传播。",
                ),
            ),
        ),
    ),
)
