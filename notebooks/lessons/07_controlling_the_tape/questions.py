"""Questions of lesson 7 that are answered in words and read by a person."""

from gradtape.classroom.written import Written
from gradtape.exercises.words import Words

QUESTIONS = (
    Written(
        "07-1",
        Words(
            "**In your own words.** A colleague wants the first row of a weight matrix "
            "to stay as it is and multiplies the gradient by a mask. With plain gradient "
            "descent it works, with another optimizer the row moves. Explain both, and "
            "say how to keep the row fixed whatever the optimizer does.",
            "**用自己的话回答。** 有人想让权重矩阵的第一行保持不变，就把梯度乘以掩码。用普通的梯度下降没有问题，"
            "换了优化器，这一行却动了。请解释这两种情况，并说明怎样做才能无论用什么优化器都保持这一行不变。",
        ),
        Words(
            "Plain gradient descent moves an entry by the learning rate times its "
            "gradient, so a gradient of 0 means no move. Weight decay subtracts a part "
            "of the entry itself, and momentum goes on with older gradients: neither "
            "needs a gradient now. The row stays if it is no part of the variable: keep "
            "it as a constant, train a variable for the other rows, and put both together "
            "in each step, with tf.concat or tensor_scatter_nd_update. Writing the old row "
            "back after each step works too.",
            "普通梯度下降把每个元素改变“学习率乘以梯度”，梯度为 0 就不动。权重衰减减去的是元素自身的一部分，"
            "动量用的是以前的梯度，两者都不需要当前的梯度。要保证这一行不变，就不要把它放进变量：固定的行用常量，"
            "其余的行用变量来训练，每一步用 tf.concat 或 tensor_scatter_nd_update 合在一起。每步之后把原来的值写回去也可以。",
        ),
    ),
)
