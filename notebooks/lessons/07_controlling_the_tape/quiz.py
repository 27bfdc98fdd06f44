"""The quiz of lesson 7: what a tape leaves out, and derivatives of one's own."""

from gradtape.exercises.quiz import Choice, Question
from gradtape.exercises.words import Words

QUIZ = (
    Question(
        Words(
            "`s = z + w`, and `w = z * x` was computed inside "
            "`tape.stop_recording()`. What is `w` for the tape?",
            "`s = z + w`，其中 `w = z * x` 是在 `tape.stop_recording()` 里算的。对梯度带来说，`w` 是什么？",
        ),
        (
            Choice(
                Words("0, as if it were not there", "0，好像不存在"),
                Words(
                    "The value is computed and added, and `s` is the same number as "
                    "without the pause.",
                    "值照样算了，也加进去了；`s` 的值和不暂停时一样。",
                ),
            ),
            Choice(
                Words("A constant", "一个常量"),
                Words(
                    "Its value is known, where it came from is not. The gradient of "
                    "`s` is that of `z` alone.",
                    "值留下了，怎样算出来的没有记录。`s` 的梯度就只是 `z` 的梯度。",
                ),
                right=True,
            ),
            Choice(
                Words("A constant times `x`", "一个常量乘以 `x`"),
                Words(
                    "That is what `tf.stop_gradient(z) * x` makes of it: one tensor "
                    "is a constant, the product is recorded. The pause hides the "
                    "product too.",
                    "那是 `tf.stop_gradient(z) * x`：只有一个张量当作常量，乘法仍有记录。暂停连乘法也不记录。",
                ),
            ),
        ),
    ),
    Question(
        Words(
            "`layer.trainable = False` was set in Keras 3. What does a tape do with "
            "this layer?",
            "在 Keras 3 里写了 `layer.trainable = False`。梯度带怎样对待这一层？",
        ),
        (
            Choice(
                Words(
                    "It no longer watches the layer's variables", "不再监视这一层的变量"
                ),
                Words(
                    "In Keras 3 they are watched all the same. What has become "
                    "empty is the list `layer.trainable_variables`.",
                    "在 Keras 3 里照样监视。变空的只是列表 `layer.trainable_variables`。",
                ),
            ),
            Choice(
                Words("It gives 0 for their gradients", "给出的梯度是 0"),
                Words(
                    "If it is asked for them, it gives their usual gradients.",
                    "如果对它们求导，得到的是平常的梯度。",
                ),
            ),
            Choice(
                Words(
                    "It records as before; the list of sources decides what is trained",
                    "照常记录；训练哪些，由源的列表决定",
                ),
                Words(
                    "`layer.trainable_variables` is empty now. If that list is handed "
                    "to `gradient`, the layer stays as it is.",
                    "`layer.trainable_variables` 现在是空的。把这个列表交给 `gradient`，这一层就不会变。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        Words(
            "A sine of one's own with `tf.custom_gradient` has a "
            "`backward(upstream)` that returns cos x. When is that wrong?",
            "用 `tf.custom_gradient` 自己写正弦，`backward(upstream)` 返回 cos x。什么时候会错？",
        ),
        (
            Choice(
                Words(
                    "As soon as later steps make `upstream` another number than 1",
                    "只要后面的计算使 `upstream` 不是 1",
                ),
                Words(
                    "Squaring the result does that, or multiplying it by 3; adding 5 "
                    "does not. What goes on to x has to be upstream · cos x.",
                    "例如把结果平方，或者乘以 3；加上 5 则不会。传给 x 的应当是 upstream · cos x。",
                ),
                right=True,
            ),
            Choice(
                Words(
                    "Never: cos is the derivative of sin", "不会错：cos 就是 sin 的导数"
                ),
                Words(
                    "It is the local derivative. By the chain rule it has to be "
                    "multiplied by what arrives.",
                    "它只是局部导数。按链式法则，还要乘上传来的数。",
                ),
            ),
            Choice(
                Words("Always", "总是错"),
                Words(
                    "If nothing follows, `upstream` is 1 and the result is right. "
                    "So a test of the function by itself does not find the mistake.",
                    "后面没有别的计算时，`upstream` 是 1，结果是对的。所以单独检查这个函数，发现不了错误。",
                ),
            ),
        ),
    ),
)
