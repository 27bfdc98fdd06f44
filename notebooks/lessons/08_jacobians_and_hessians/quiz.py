"""The quiz of lesson 8: products with a Jacobian, its blocks, and the Hessian."""

from gradtape.exercises.quiz import Choice, Question
from gradtape.exercises.words import Words

QUIZ = (
    Question(
        Words(
            "A function has 3 inputs and 1000 outputs. Which way builds its "
            "Jacobian in fewer passes?",
            "一个函数有 3 个输入、1000 个输出。用哪种办法求雅可比矩阵，次数更少？",
        ),
        (
            Choice(
                Words("By rows, with a tape", "按行，用梯度带"),
                Words(
                    "A backward pass gives one row, and there are 1000 of them.",
                    "一次反向传播得到一行，而矩阵有 1000 行。",
                ),
            ),
            Choice(
                Words("Both take the same number", "两种一样多"),
                Words(
                    "They do where there are as many inputs as outputs.",
                    "只有输入和输出一样多时才一样。",
                ),
            ),
            Choice(
                Words("By columns, in forward mode", "按列，用前向模式"),
                Words(
                    "A forward pass gives one column, and there are 3 of them.",
                    "一次前向传播得到一列，而矩阵只有 3 列。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        Words(
            "A layer subtracts the mean of the batch from every example. What does "
            "`tape.batch_jacobian` give for it?",
            "有一层从每个样本里减去整批的平均值。这时 `tape.batch_jacobian` 给出什么？",
        ),
        (
            Choice(
                Words("Wrong numbers, without a word", "错的数，没有任何提示"),
                Words(
                    "It takes for granted that one example's output does not depend "
                    "on another's input, and does not check it.",
                    "它默认一个样本的输出与别的样本的输入无关，并不检查。",
                ),
                right=True,
            ),
            Choice(
                Words("An error", "报错"),
                Words(
                    "The shapes fit, so nothing can be noticed. Whether examples "
                    "depend on each other is for you to ask.",
                    "形状都对，看不出问题。样本之间有没有关系，要你自己去想。",
                ),
            ),
            Choice(
                Words(
                    "The blocks on the diagonal, right as ever",
                    "对角线上的块，和平常一样对",
                ),
                Words(
                    "It differentiates the sum over the batch. Here the other "
                    "blocks of a column are not 0 and get added in.",
                    "它是对整批之和求导。这里同一列的其他块不是 0，也加进去了。",
                ),
            ),
        ),
    ),
    Question(
        Words(
            "A model has a million parameters. What can be had of its Hessian?",
            "一个模型有一百万个参数。它的黑塞矩阵，能求出什么？",
        ),
        (
            Choice(
                Words(
                    "All of it, with two tapes and `jacobian`",
                    "全部，用两个梯度带和 `jacobian`",
                ),
                Words(
                    "It has 10¹² entries. In float32 they would take 4 terabytes.",
                    "它有 10¹² 个元素，用 float32 存要 4 TB。",
                ),
            ),
            Choice(
                Words("Its product with a vector", "它与一个向量的乘积"),
                Words(
                    "Forward mode over a tape, or two tapes, give the product at "
                    "the cost of a few gradients, and never build the matrix.",
                    "用前向模式套梯度带，或者两个梯度带，就能求出乘积，代价约为几次梯度，不必构造矩阵。",
                ),
                right=True,
            ),
            Choice(
                Words("Nothing", "什么也求不出"),
                Words(
                    "The matrix does not fit into memory, but what one needs of it "
                    "is mostly its product with a vector.",
                    "矩阵放不进内存，但通常需要的只是它与向量的乘积。",
                ),
            ),
        ),
    ),
)
