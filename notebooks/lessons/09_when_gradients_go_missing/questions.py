"""Questions of lesson 9 that are answered in words and read by a person."""

from gradtape.classroom.written import Written
from gradtape.exercises.words import Words

QUESTIONS = (
    Written(
        "09-1",
        Words(
            "**In your own words.** Which does more harm in a training loop, a "
            "gradient that is `None` or one that is 0 where it should not be? Give "
            "an example of each, with symptom, cause and repair.",
            "**用自己的话回答。** 训练循环里，哪个危害更大：`None` 的梯度，还是不该为 0 却为 0 的梯度？"
            "请各举一例，写出症状、原因和修复办法。",
        ),
        Words(
            "`None` is loud: the next computation with it raises an error or the "
            "optimizer warns. Example: the loss goes through NumPy, so the record "
            "breaks; repair: TensorFlow's function instead. 0 is silent: training "
            "goes on and a part of the model never learns. Example: `tf.round` or a "
            "comparison in the loss has slope 0; repair: a smooth loss, rounding "
            "only when reporting.",
            "`None`会出声：接着用它计算就报错，或者优化器给出警告。例：损失经过了 NumPy，记录就断了；"
            "修复：改用 TensorFlow 的函数。0 不出声：训练照常进行，模型的一部分却永远学不到东西。"
            "例：损失里有 `tf.round` 或比较，斜率处处为 0；修复：用光滑的损失，只在报告结果时取整。",
        ),
    ),
)
