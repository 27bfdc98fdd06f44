"""Questions of lesson 5 that are answered in words and read by a person."""

from gradtape.classroom.written import Written
from gradtape.exercises.words import Words

QUESTIONS = (
    Written(
        "05-1",
        Words(
            "**In your own words.** The loss grows from step to step and ends as "
            "`nan`. Show on L(w) = a·w² which learning rates do that, and say how a "
            "growing number becomes `nan`.",
            "**用自己的话回答。** 损失一步比一步大，最后变成 `nan`。请以 L(w) = a·w² 为例，说明哪些"
            "学习率会这样，并说明一个越来越大的数怎么会变成 `nan`。",
        ),
        Words(
            "One step gives w − η·2a·w = (1 − 2aη)·w. The distance from the minimum "
            "shrinks if |1 − 2aη| < 1, that is for η < 1/a; beyond it, w changes sign "
            "and grows at every step. In float32 it passes 3.4·10³⁸ and becomes "
            "`inf`; `inf` − `inf` or 0·`inf` in the next step is `nan`, and "
            "everything computed from it too.",
            "一步之后是 w − η·2a·w = (1 − 2aη)·w。|1 − 2aη| < 1，即 η < 1/a 时，离极小值越来越近；"
            "超过这个界限，w 每一步都变号并且变大。float32 超过 3.4·10³⁸ 就成了 `inf`，下一步里 "
            "`inf` − `inf` 或 0·`inf` 就是 `nan`，由它算出的一切也都是 `nan`。",
        ),
    ),
)
