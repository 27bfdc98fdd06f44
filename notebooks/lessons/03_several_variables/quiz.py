"""The quiz of lesson 3: many inputs, many results, and what one call returns."""

from gradtape.exercises.quiz import Choice, Question
from gradtape.exercises.words import Words

QUIZ = (
    Question(
        Words(
            "A function has a million inputs and one result. How many backward "
            "passes give all its partial derivatives?",
            "一个函数有一百万个输入、一个结果。求出全部偏导数，要几次反向传播？",
        ),
        (
            Choice(
                Words("A million, one for each input", "一百万次，每个输入一次"),
                Words(
                    "That is how many evaluations finite differences need. A single "
                    "backward pass brings a derivative to every input.",
                    "有限差分才要算那么多次。反向传播只要一次，每个输入就都有了导数。",
                ),
            ),
            Choice(
                Words("One for each step of the calculation", "计算有几步就要几次"),
                Words(
                    "Each step is passed once within the same pass, on the way back, "
                    "and its local derivative is multiplied on.",
                    "每一步在这一次反向传播里只经过一次，乘上局部导数，再往回传。",
                ),
            ),
            Choice(
                Words("One", "一次"),
                Words(
                    "`tape.gradient(z, sources)` goes through the record once. That "
                    "is why models with millions of parameters can be trained.",
                    "`tape.gradient(z, sources)` 只把记录走一遍。有几百万个参数的模型也能训练，原因就在这里。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        Words("What does this print?", "下面的代码打印什么？"),
        (
            Choice(
                "`[4. 3.]`",
                Words(
                    "One derivative for each result is what `tape.jacobian` gives. "
                    "A gradient has the shape of its source, and `x` is one number.",
                    "每个结果各有一个导数，那是 `tape.jacobian`。梯度的形状和源相同，而 `x` 是一个数。",
                ),
            ),
            Choice(
                "`7.0`",
                Words(
                    "The results are added first, x² + 3x, and then differentiated: "
                    "2x + 3 is 7 at x = 2.",
                    "先把两个结果相加，得 x² + 3x，再求导：2x + 3 在 x = 2 处是 7。",
                ),
                right=True,
            ),
            Choice(
                Words(
                    "An error, since `y` is not one number", "报错，因为 `y` 不是一个数"
                ),
                Words(
                    "A target may be a vector, and there is not even a warning. So "
                    "a forgotten sum or mean goes unnoticed.",
                    "目标可以是向量，连警告也没有。所以忘了求和或求平均，往往没人发现。",
                ),
            ),
        ),
        code="x = tf.Variable(2.0)\n"
        "with tf.GradientTape() as tape:\n"
        "    y = tf.stack([x**2, 3.0 * x])\n"
        "print(tape.gradient(y, x).numpy())",
    ),
    Question(
        Words(
            "At a point the gradient is (3, 4). How fast does the function rise "
            "there per unit of length, along its contour line?",
            "在某一点，梯度是 (3, 4)。沿着过这点的等高线走，单位长度上函数升高多少？",
        ),
        (
            Choice(
                "0",
                Words(
                    "Along a contour line the function keeps its value. So the "
                    "gradient stands at a right angle to it.",
                    "沿着等高线，函数值不变。所以梯度与等高线垂直。",
                ),
                right=True,
            ),
            Choice(
                "5",
                Words(
                    "5 is the length of the gradient: the rise in the steepest "
                    "direction, across the contour lines.",
                    "5 是梯度的长度，也就是沿最陡的方向、横穿等高线时的升高。",
                ),
            ),
            Choice(
                "7",
                Words(
                    "3 and 4 are the rises along x and along y. No direction rises "
                    "faster than 5, the length of the gradient.",
                    "3 和 4 分别是沿 x 和沿 y 的升高。任何方向都不会升得比梯度的长度 5 更快。",
                ),
            ),
        ),
    ),
)
