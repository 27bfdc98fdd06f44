"""Exercises of lesson 8: Jacobians and Hessians."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from gradtape.exercises import answers, sentences
from gradtape.exercises.comparing import (
    Misconception,
    same_function,
    same_text,
    uniform,
    vectors,
)
from gradtape.exercises.exercise import Wrong, exercise
from gradtape.exercises.prediction import Prediction
from gradtape.exercises.stages import stage_reached
from gradtape.exercises.words import Words

COLUMN_AND_ROW = Words("A column and a row", "一列与一行")
BLOCKS = Words("Axes and blocks", "轴和分块")
EACH_EXAMPLE = Words(
    "One gradient for each example (optional)", "每个样本各自的梯度（选学）"
)
HESSIAN = Words("The Hessian, three ways", "黑塞矩阵的三种求法")
PUZZLES = Words("A page of puzzles", "一组小题")


@exercise(
    "8.1",
    place=COLUMN_AND_ROW,
    points=1,
    hints=(
        Words(
            "Write the Jacobian of (v₀v₁, v₀²) on paper, with a row for each output. "
            "Forward mode multiplies it by the direction.",
            "在纸上写出 (v₀v₁, v₀²) 的雅可比矩阵，一行对应一个输出。前向模式把它与方向相乘。",
        ),
        Words(
            "J is ((v₁, v₀), (2v₀, 0)), and the direction (1, 1) adds up its columns.",
            "J 是 ((v₁, v₀), (2v₀, 0))，方向 (1, 1) 把各列相加。",
        ),
        Words(
            "At (1, 2) that is (2 + 1, 2 + 0). NumPy prints it as a list with dots.",
            "在 (1, 2) 处就是 (2 + 1, 2 + 0)。NumPy 打印时数字后面带小数点。",
        ),
    ),
)
def printed_by_an_accumulator(answer):
    """Require the sum of the Jacobian's columns."""
    same_text(
        answer,
        ["[3. 2.]", "[3, 2]", "[3.0, 2.0]", "3 2", "(3, 2)", "(3.0, 2.0)"],
        (
            Misconception(
                "rows added",
                ["[4. 1.]", "[4, 1]", "[4.0, 1.0]"],
                Words(
                    "These are the sums of the rows, what a tape gives. The accumulator "
                    "says how the *outputs* move.",
                    "这是各行之和，是梯度带给出的结果。`ForwardAccumulator` 给出的是**输出**怎样变化。",
                ),
            ),
            Misconception(
                "one column",
                ["[2. 2.]", "[2, 2]", "[2.0, 2.0]"],
                Words(
                    "This is the column of v₀. The direction is (1, 1): both inputs move.",
                    "这是 v₀ 的那一列。方向是 (1, 1)，两个输入都在变。",
                ),
            ),
            Misconception(
                "values",
                ["[2. 1.]", "[2, 1]", "[2.0, 1.0]"],
                Words(
                    "These are the values of `y`. Printed is how they move.",
                    "这是 `y` 的值。打印的是它们怎样变化。",
                ),
            ),
            Misconception(
                "the whole matrix",
                ["[[2. 1.] [2. 0.]]", "[[2, 1], [2, 0]]", "[[2.0, 1.0], [2.0, 0.0]]"],
                Words(
                    "This is the whole Jacobian. The accumulator gives its product with "
                    "the direction.",
                    "这是整个雅可比矩阵。`ForwardAccumulator` 给出的是它与方向的乘积。",
                ),
            ),
            Misconception(
                "one number",
                ["5.0", "5", "5."],
                Words(
                    "The product of a matrix and a vector is a vector: one number for each "
                    "output.",
                    "矩阵乘以向量得到向量：每个输出一个数。",
                ),
            ),
        ),
    )


OUTSIDE_THE_ACCUMULATOR = Words(
    "`jvp` gives `None`: for the accumulator the gradient does not move. Is the gradient "
    "computed inside the accumulator's block, and does the accumulator get `x` first and "
    "the direction second?",
    "`jvp` 给出 `None`：在 `ForwardAccumulator` 看来，梯度没有变化。梯度是在它的块里面求的吗？给它的参数，是 `x` 在前、方向在后吗？",
)


@answers.called("x₀²x₁ + sin x₁ + e^x₂ · x₀")
def _smooth(x):
    return x[0] ** 2 * x[1] + tf.sin(x[1]) + tf.exp(x[2]) * x[0]


def _gradient(x):
    return np.array(
        [2 * x[0] * x[1] + np.exp(x[2]), x[0] ** 2 + np.cos(x[1]), np.exp(x[2]) * x[0]]
    )


def _hessian(x):
    return np.array(
        [
            [2 * x[1], 2 * x[0], np.exp(x[2])],
            [2 * x[0], -np.sin(x[1]), 0.0],
            [np.exp(x[2]), 0.0, np.exp(x[2]) * x[0]],
        ]
    )


@exercise(
    "8.2",
    place=HESSIAN,
    points=2,
    hints=(
        Words(
            "H · d says how the gradient changes along d. Of which function is that the "
            "forward product?",
            "H · d 说明梯度沿 d 怎样变化。这是哪个函数的前向乘积？",
        ),
        Words(
            "Put a tape that gives the gradient inside an accumulator that moves x along "
            "d; or two tapes, and `output_gradients=d` for the outer one.",
            "把求梯度的梯度带放进让 x 沿 d 变化的 `ForwardAccumulator`；或者用两个梯度带，外层用 `output_gradients=d`。",
        ),
        Words(
            "`with tf.autodiff.ForwardAccumulator(x, d) as accumulator:`, inside it a tape "
            "that watches x and `gradient = tape.gradient(f(x), x)`; at last "
            "`accumulator.jvp(gradient)`.",
            "`with tf.autodiff.ForwardAccumulator(x, d) as accumulator:`，里面用监视 x 的梯度带求出 `gradient`；最后返回 `accumulator.jvp(gradient)`。",
        ),
    ),
)
def product_with_the_hessian(answer):
    """Require H · d."""
    hvp = answers.function(answer, "f", "x", "d")

    def called(x, d):
        try:
            return hvp(_smooth, tf.constant(x), tf.constant(d))
        except Wrong as wrong:
            if wrong.found == "returns nothing" and "jvp" in answers.names_used(answer):
                raise Wrong(OUTSIDE_THE_ACCUMULATOR, "outside") from None
            raise

    same_function(
        called,
        lambda x, d: _hessian(x) @ d,
        list(zip(vectors(3, -1.5, 1.5), vectors(3, 0.2, 2.0), strict=True)),
        (
            Misconception(
                "gradient times direction",
                lambda x, d: _gradient(x) @ d,
                Words(
                    "This is one number, how f changes along d. Asked for is how its "
                    "gradient changes.",
                    "这是一个数，即 f 沿 d 的变化。题目要的是它的梯度沿 d 怎样变化。",
                ),
            ),
            Misconception(
                "entry by entry",
                lambda x, d: _gradient(x) * np.array(d),
                Words(
                    "This is the gradient times d, entry by entry. No second derivative "
                    "stands in it.",
                    "这是梯度与 d 逐个元素相乘，其中没有二阶导数。",
                ),
            ),
            Misconception(
                "rows added",
                lambda x, d: _hessian(x).sum(axis=1),
                Words(
                    "These are the row sums of the Hessian, its product with (1, 1, 1). "
                    "Where does d come in?",
                    "这是黑塞矩阵各行之和，即它与 (1, 1, 1) 的乘积。`d` 用在哪里？",
                ),
            ),
            Misconception(
                "weighted afterwards",
                lambda x, d: _hessian(x).sum(axis=1) * np.array(d),
                Words(
                    "The row sums were multiplied by d afterwards. The weights belong "
                    "inside the sum.",
                    "先求了各行之和，再乘以 d。权重应当在求和之前乘上。",
                ),
            ),
            Misconception(
                "only the diagonal",
                lambda x, d: np.diag(_hessian(x)) * np.array(d),
                Words(
                    "Only the diagonal of H was used; the mixed derivatives are missing.",
                    "只用了 H 的对角线，漏掉了混合偏导数。",
                ),
            ),
        ),
        name="hvp",
    )
    if {"hessian", "jacobian"} & {*answers.names_used(answer)}:
        raise Wrong(_HESSIAN_BUILT, "built the Hessian")


_HESSIAN_BUILT = Words(
    "The product is right. But the whole Hessian is built for it, which the task forbids: "
    "use neither `jacobian` nor `gt.hessian`.",
    "乘积对了，可是为此求出了整个黑塞矩阵，题目不允许：`jacobian` 和 `gt.hessian` 都不要用。",
)


@answers.called("(w · x)² + w₀")
def _loss(w, x):
    return tf.reduce_sum(w * x) ** 2 + w[0]


def _of_each(w, X):
    return np.array([2 * np.dot(w, x) * np.array(x) + np.eye(3)[0] for x in X])


@exercise(
    "8.3",
    place=EACH_EXAMPLE,
    points=2,
    hints=(
        Words(
            "A gradient of the mean is one vector. How do you keep the losses apart until "
            "they are differentiated?",
            "平均损失的梯度只有一个向量。怎样在求导之前让各个损失保持分开？",
        ),
        Words(
            "Either one tape for each example, in a loop or in `tf.vectorized_map`; or all "
            "losses in a vector, and its Jacobian.",
            "要么每个样本用一个梯度带，写成循环或用 `tf.vectorized_map`；要么把所有损失排成向量，求它的雅可比矩阵。",
        ),
        Words(
            "Inside a tape that watches w: `losses = tf.stack([loss(w, x) for x in X])`; "
            "then `tape.jacobian(losses, w)`.",
            "在监视 w 的梯度带里写 `losses = tf.stack([loss(w, x) for x in X])`；再用 `tape.jacobian(losses, w)`。",
        ),
    ),
)
def gradient_of_each_example(answer):
    """Require a row for each example."""
    per_example = answers.function(answer, "loss", "w", "X")
    numbers = uniform(-1.5, 1.5, 12)
    rows = [numbers[i : i + 3] for i in range(0, 12, 3)]
    same_function(
        lambda w, X: per_example(_loss, tf.constant(w), tf.constant(X)),
        _of_each,
        [(w, rows) for w in vectors(2, 0.3, 2.0)],
        (
            Misconception(
                "summed",
                lambda w, X: _of_each(w, X).sum(axis=0),
                Words(
                    "One vector, the sum over the examples. A tape adds up what its target "
                    "holds.",
                    "只有一个向量，是各样本之和。梯度带会把目标中的数加起来。",
                ),
            ),
            Misconception(
                "mean",
                lambda w, X: _of_each(w, X).mean(axis=0),
                Words(
                    "This is their mean, the gradient for training. Asked for is a row for "
                    "each.",
                    "这是平均值，即训练用的梯度。题目要的是每个样本一行。",
                ),
            ),
            Misconception(
                "all examples as one",
                lambda w, X: (
                    2 * np.sum(np.array(w) * X) * np.sum(X, axis=0) + np.eye(3)[0]
                ),
                Words(
                    "`loss` was given the whole of X. It takes one example, a row.",
                    "把整个 X 交给了 `loss`。它只接收一个样本，也就是一行。",
                ),
            ),
            Misconception(
                "examples as columns",
                lambda w, X: _of_each(w, X).T,
                Words(
                    "The numbers are right, and the axes are exchanged: examples are rows.",
                    "数都对，轴反了：一个样本一行。",
                ),
                BLOCKS,
            ),
            Misconception(
                "divided by the number",
                lambda w, X: _of_each(w, X) / len(X),
                Words(
                    "Each row is too small by the number of examples: it was divided as in "
                    "a mean.",
                    "每一行都被样本数除了一次，像求平均那样。",
                ),
            ),
            Misconception(
                "by the examples",
                lambda w, X: np.array([2 * np.dot(w, x) * np.array(w) for x in X]),
                Words(
                    "These are derivatives with respect to the examples. The source is w.",
                    "这是对样本求的导数。源应当是 w。",
                ),
            ),
        ),
        name="per_example",
    )


class _Puzzle(NamedTuple):
    """A function of a vector, by what its Jacobian is, and what is often taken for it."""

    name: str
    jacobian: Callable
    wrong: Sequence[tuple[str, Callable]]


_EYE = np.eye(3)
_LOWER = np.tril(np.ones((3, 3)))
_CENTRED = _EYE - 1 / 3
_STEPS = np.array([[-1.0, 1.0, 0.0], [0.0, -1.0, 1.0]])
_A = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0], [1.0, 0.0, 1.0]])


def _positive(x):
    return (np.array(x) > 0.0).astype(float)


def _length(x):
    return np.dot(x, x)


def _softmax(x):
    return np.exp(x) / np.exp(x).sum()


_FOR_ITSELF = (
    _Puzzle(
        "tripled",
        lambda x: 3 * _EYE,
        [("full", lambda x: np.full((3, 3), 3.0))],
    ),
    _Puzzle(
        "squared",
        lambda x: 2 * np.diag(x),
        [
            ("values", lambda x: np.diag(np.square(x))),
            ("full", lambda x: 2 * np.tile(x, (3, 1))),
        ],
    ),
    _Puzzle(
        "relu",
        lambda x: np.diag(_positive(x)),
        [
            ("values", lambda x: np.diag(np.maximum(x, 0))),
            ("full", lambda x: np.tile(_positive(x), (3, 1))),
        ],
    ),
    _Puzzle(
        "by_length",
        lambda x: _length(x) * _EYE + 2 * np.outer(x, x),
        [
            ("a part is missing", lambda x: _length(x) * _EYE),
            ("a part is missing", lambda x: 2 * np.outer(x, x)),
            ("diagonal only", lambda x: np.diag(_length(x) + 2 * np.square(x))),
        ],
    ),
)

_MOVES = (
    _Puzzle(
        "turned",
        lambda x: _EYE[::-1],
        [("identity", lambda x: _EYE), ("values", lambda x: np.diag(x[::-1]))],
    ),
    _Puzzle(
        "summed",
        lambda x: _LOWER,
        [("full", lambda x: np.ones((3, 3))), ("identity", lambda x: _EYE)],
    ),
    _Puzzle(
        "centred",
        lambda x: _CENTRED,
        [
            ("identity", lambda x: _EYE),
            ("diagonal only", lambda x: np.diag(np.diag(_CENTRED))),
        ],
    ),
    _Puzzle(
        "steps",
        lambda x: _STEPS,
        [("sign", lambda x: -_STEPS)],
    ),
)

_MATRICES = (
    _Puzzle("times", lambda x: _A, [("values", lambda x: _A @ x)]),
    _Puzzle("from_left", lambda x: _A.T, [("values", lambda x: _A.T @ x)]),
    _Puzzle(
        "form",
        lambda x: [(_A + _A.T) @ x],
        [
            ("a part is missing", lambda x: [_A @ x]),
            ("a part is missing", lambda x: [_A.T @ x]),
            ("as if symmetric", lambda x: [2 * _A @ x]),
            ("not a matrix", lambda x: (_A + _A.T) @ x),
        ],
    ),
    _Puzzle(
        "softmax",
        lambda x: np.diag(_softmax(x)) - np.outer(_softmax(x), _softmax(x)),
        [
            ("a part is missing", lambda x: np.diag(_softmax(x))),
            (
                "diagonal only",
                lambda x: np.diag(_softmax(x) * (1 - _softmax(x))),
            ),
        ],
    ),
)

_SAYS = {
    "transposed": Words(
        "Rows and columns are exchanged: a row belongs to an output, a column to an input.",
        "行和列反了：行对应输出，列对应输入。",
    ),
    "summed over the outputs": Words(
        "This is one vector, the sum of the rows: what a tape's gradient gives. The "
        "matrix has a row for each output.",
        "这是一个向量，即各行之和，是梯度带的 `gradient` 给出的。矩阵里每个输出占一行。",
    ),
    "values": Words(
        "These are values of the function. Differentiate them.",
        "这是函数值，还没有求导。",
    ),
    "full": Words(
        "Your matrix says that an output depends on inputs that do not occur in it. Change one "
        "input in your mind: which outputs move?",
        "照你的矩阵，有的输出依赖了根本没有出现的输入。设想只改变一个输入：哪些输出会变？",
    ),
    "identity": Words(
        "This is the Jacobian of x itself. What does the function do with it?",
        "这是 x 自己的雅可比矩阵。函数对 x 做了什么？",
    ),
    "a part is missing": Words(
        "It is a product, and one of its factors was taken for a constant.",
        "这是乘积，其中一个因子被当成了常量。",
    ),
    "diagonal only": Words(
        "The diagonal is right. But each output depends on the other inputs too.",
        "对角线对了。但每个输出还依赖其他的输入。",
    ),
    "sign": Words(
        "All signs are turned round: which of the two numbers is subtracted?",
        "符号全反了：两个数里，减去的是哪一个？",
    ),
    "not a matrix": Words(
        "The numbers are right. A Jacobian with one row has the shape (1, 3): write "
        "brackets round it.",
        "数都对了。只有一行的雅可比矩阵，形状是 (1, 3)：外面再加一层方括号。",
    ),
    "as if symmetric": Words(
        "This would be right if A were symmetric.",
        "如果 A 是对称矩阵，这就对了。",
    ),
}


def _misconceptions(puzzle):
    def transposed(x):
        return np.transpose(puzzle.jacobian(x))

    def summed(x):
        return np.sum(puzzle.jacobian(x), axis=0)

    wrong = [*puzzle.wrong, ("summed over the outputs", summed)]
    if not _is_symmetric(puzzle):
        wrong.append(("transposed", transposed))
    what = answers.named(puzzle.name)
    return [
        Misconception(name, computes, sentences.OF_A_PART(what=what, says=_SAYS[name]))
        for name, computes in wrong
    ]


def _is_symmetric(puzzle):
    matrix = np.array(puzzle.jacobian([1.0, 2.0, -1.0]))
    return matrix.shape == matrix.T.shape and np.allclose(matrix, matrix.T)


def _require_all(answer, puzzles):
    given = answers.parts(answer, len(puzzles))
    for count, (puzzle, part) in enumerate(zip(puzzles, given, strict=True)):
        if count:
            stage_reached(count / len(puzzles))
        theirs = answers.function(part, "x", name=puzzle.name)
        same_function(
            lambda x, theirs=theirs: theirs(tf.constant(x)),
            lambda x, puzzle=puzzle: np.array(puzzle.jacobian(np.array(x))),
            vectors(3, -2.0, 2.5),
            _misconceptions(puzzle),
            name=puzzle.name,
        )


@exercise(
    "8.4",
    place=PUZZLES,
    points=2,
    hints=(
        Words(
            "Where each output depends on its own input only, the matrix is diagonal. "
            "What is the derivative of one entry?",
            "如果每个输出只依赖对应的输入，矩阵就是对角的。单个元素的导数是什么？",
        ),
        Words(
            "3, 2x, and 1 where x is positive. In `by_length` the factor x · x changes "
            "too: a product rule.",
            "3、2x，以及 x 为正处的 1。在 `by_length` 里因子 x · x 也在变，要用乘积法则。",
        ),
        Words(
            "The last is (x · x) times the identity, plus 2xᵢxⱼ: "
            "`2.0 * tf.tensordot(x, x, axes=0)`.",
            "最后一个是 (x · x) 乘以单位矩阵，再加上 2xᵢxⱼ，即 `2.0 * tf.tensordot(x, x, axes=0)`。",
        ),
    ),
)
def each_for_itself(answer):
    """Require the Jacobians of four functions that work entry by entry, or nearly."""
    _require_all(answer, _FOR_ITSELF)


@exercise(
    "8.5",
    place=PUZZLES,
    points=2,
    hints=(
        Words(
            "Write out each output as a sum of inputs with factors. The factors are its "
            "row.",
            "把每个输出写成输入乘以系数再相加。这些系数就是它那一行。",
        ),
        Words(
            "`turned`: the row of the first output has its 1 at the end. `summed`: the "
            "second row is 1, 1, 0. `centred`: 2/3 and twice −1/3.",
            "`turned`：第一行的 1 在末尾。`summed`：第二行是 1、1、0。`centred`：一个 2/3，两个 −1/3。",
        ),
        Words(
            "`tf.reverse(tf.eye(3), [0])`; ones on and below the diagonal; the identity "
            "minus 1/3; and for `steps` two rows like −1, 1, 0.",
            "`tf.reverse(tf.eye(3), [0])`；对角线及其下方为 1；单位矩阵减 1/3；`steps` 是两行，形如 −1、1、0。",
        ),
    ),
)
def moves_and_sums(answer):
    """Require the Jacobians of four linear functions."""
    _require_all(answer, _MOVES)


@exercise(
    "8.6",
    place=PUZZLES,
    points=3,
    hints=(
        Words(
            "The derivative of A x by xⱼ is a column of A. What is it for xᵀA?",
            "A x 对 xⱼ 的导数是 A 的一列。对 xᵀA 又是什么？",
        ),
        Words(
            "In xᵀA x the vector x stands twice: differentiate each place in turn, and "
            "add. For softmax, ∂pᵢ/∂xⱼ is pᵢ(1 − pᵢ) on the diagonal and −pᵢpⱼ elsewhere.",
            "xᵀA x 里 x 出现两次：逐一求导再相加。对 softmax，∂pᵢ/∂xⱼ 在对角线上是 pᵢ(1 − pᵢ)，别处是 −pᵢpⱼ。",
        ),
        Words(
            "`A`, `tf.transpose(A)`, `[tf.linalg.matvec(A + tf.transpose(A), x)]`, and "
            "diag(p) minus the matrix of all pᵢpⱼ.",
            "`A`、`tf.transpose(A)`、`[tf.linalg.matvec(A + tf.transpose(A), x)]`，以及 diag(p) 减去由所有 pᵢpⱼ 组成的矩阵。",
        ),
    ),
)
def with_matrices(answer):
    """Require the Jacobians of A x, of xᵀA, of the quadratic form and of softmax."""
    _require_all(answer, _MATRICES)


without_weights = Prediction(
    "8.a",
    choices={
        "[12, 4]": "[12, 4]",
        "[17, 3.01]": "[17, 3.01]",
        "[16, 4.01]": "[16, 4.01]",
    },
    outcome=lambda gradient: "[" + ", ".join(f"{float(g):.3g}" for g in gradient) + "]",
)

fewer_passes = Prediction(
    "8.b",
    choices={
        "by rows": Words("by rows", "按行"),
        "by columns": Words("by columns", "按列"),
        "the same": Words("the same", "一样"),
    },
    outcome=lambda columns: "by rows" if int(columns) > 2 else "by columns",
)

filled_blocks = Prediction(
    "8.c",
    choices={"1": "1", "3": "3", "6": "6", "9": "9"},
    outcome=lambda blocks: f"{int(np.sum(np.array(blocks)))}",
)
