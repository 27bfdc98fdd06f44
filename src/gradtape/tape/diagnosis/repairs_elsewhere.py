"""What is to be done where no line of the learner's can be changed to mend a gradient."""

from __future__ import annotations

import re

from gradtape.language import say
from gradtape.tape.diagnosis.reason import Reason

_SAMPLES = re.compile("categorical|multinomial|poisson|binomial")


def none_in_one_line(it: Reason) -> str:
    """Return a sentence for a reason without a repair, in the reader's language."""
    what = _instead(it) or say(en="see above what to change", zh="怎样改，见上文")
    return say(
        en=f"No repair in one line of this code: {what}.",
        zh=f"只改这段代码中的一行不行：{what}。",
    )


def _instead(it: Reason) -> str:
    name = it.operation
    if it.cause == "P15" and it.kind == "ids" or _is_a_place(it):
        return say(
            en="a place or a count is a whole number and has no slope; mix the two "
            "neighbouring results, each with its weight",
            zh="位置和个数是整数，没有斜率；可以把相邻的两个结果按权重混合",
        )
    if it.cause == "P3" and it.kind == "kept":
        return say(
            en=f"compute {it.name} anew inside the block, in the function that uses it, "
            "or make its object there",
            zh=f"在块内、在使用它的函数里重新计算 {it.name}，或者在块内创建这个对象",
        )
    if it.cause == "P3" and it.kind == "captured":
        return say(
            en=f"move the line of {it.name} into f",
            zh=f"把 {it.name} 那一行移到 f 里面",
        )
    if it.cause == "P11" and it.kind == "elsewhere":
        return say(
            en=f"compute inside the block whatever comes from {it.source}; if nothing "
            'does, ask for 0 by unconnected_gradients="zero"',
            zh=f"凡是由 {it.source} 算出的，都在块里计算；如果本来就没有，"
            '就用 unconnected_gradients="zero" 得到 0',
        )
    if it.kind == "predict":
        return ""
    if it.cause in ("P15", "P22") and _SAMPLES.search(name):
        return say(
            en="what is drawn has no slope; let the loss hold the log-probability of what "
            "was drawn, times what it brought (REINFORCE), or draw smoothly (for one of "
            "several classes: Gumbel-softmax)",
            zh="抽样的结果没有斜率；请在损失里用所抽结果的对数概率乘以它带来的回报（REINFORCE），"
            "或者改用光滑的抽样（在几个类别中抽取时：Gumbel-softmax）",
        )
    if it.cause == "P22" and it.kind in ("keyword", "upstream", "inside"):
        return ""
    if it.cause == "P22" and it.kind == "own":
        return say(
            en=f"let the inner function of {name} return a gradient in the place of None",
            zh=f"让 {name} 里面的函数返回梯度，不要返回 None",
        )
    if it.cause == "P39" and name == "cumprod":
        return say(
            en="multiply step by step, as in tf.scan(lambda p, x: p * x, x) along the "
            "first axis, or take tf.reduce_prod of each part that is needed",
            zh="请逐步相乘，例如沿第一个轴用 tf.scan(lambda p, x: p * x, x)，"
            "或对需要的每一段用 tf.reduce_prod",
        )
    line = it.line.text if it.line else ""
    if it.cause == "P27" and it.kind == "one unit":
        return say(
            en="for a single unit take tf.sigmoid, and the loss that belongs to it",
            zh="只有一个单元时请用 tf.sigmoid，以及与它配套的损失",
        )
    if it.cause == "P27" and name in ("minimum", "maximum", "clip_by_value"):
        return say(
            en="what is cut off has no slope; leave the limits out, or take a function "
            "that is safe without them, such as "
            "tf.nn.sigmoid_cross_entropy_with_logits for a logarithm of a sigmoid",
            zh="被截断的部分没有斜率；请去掉上下限，或者换用不需要上下限的函数，"
            "例如用 tf.nn.sigmoid_cross_entropy_with_logits 代替 sigmoid 的对数",
        )
    if it.cause == "P15" and "accuracy" in line:
        return say(
            en="an accuracy counts, and a count has no slope; train on a loss, such as "
            "keras.losses.SparseCategoricalCrossentropy, and report the accuracy",
            zh="准确率是数出来的，没有斜率；请用损失函数训练，"
            "例如 keras.losses.SparseCategoricalCrossentropy，准确率只用来报告",
        )
    if it.cause == "P7" and ("update_state" in line or it.name.endswith("/total")):
        return say(
            en="a metric of Keras adds numbers up in variables; train on the loss of the "
            "same name, from keras.losses, and report the metric",
            zh="Keras 的指标把数累加在变量里；请用 keras.losses 中同名的损失来训练，"
            "指标只用来报告",
        )
    if it.cause == "P17":
        return say(
            en=f"keep what reaches {name} away from this point; where it runs inside a "
            "function of TensorFlow's, write that formula out and add a small number there",
            zh=f"让传给 {name} 的值离开这一点；如果它在 TensorFlow 的函数内部，"
            "就把公式写出来，在那里加一个很小的数",
        )
    texts = {
        "P1": say(
            en="give the tensors or variables themselves, one or a list of them",
            zh="请给出张量或变量本身：一个，或者它们的列表",
        ),
        "P5": say(
            en="write what is computed there with TensorFlow's functions, from "
            f"{it.source} on; or let tf.custom_gradient say what its gradient is",
            zh=f"从 {it.source} 开始，把那里的计算改用 TensorFlow 的函数来写；"
            "或者用 tf.custom_gradient 说明它的梯度",
        ),
        "P7": say(
            en="keep the new value as a tensor and compute on with it; a model of Keras "
            "takes such values by stateless_call",
            zh="把新值留作张量，用它继续计算；Keras 模型可以通过 stateless_call 使用这样的值",
        ),
        "P15": say(
            en="a smooth function has to take the place of this one, or "
            "tf.custom_gradient has to say what to pass on",
            zh="要换成光滑的函数，或者用 tf.custom_gradient 说明传什么梯度",
        ),
        "P22": say(
            en="other operations have to take its place, or tf.custom_gradient has to say "
            "what its gradient is",
            zh="要换成别的运算，或者用 tf.custom_gradient 说明它的梯度",
        ),
        "P24": say(
            en="at this point there is no derivative; next to it there is one",
            zh="这一点没有导数，旁边的点才有",
        ),
        "P27": say(
            en=f"give {name} smaller numbers, or take a function that still slopes there",
            zh=f"让 {name} 收到小一些的数，或者换一个在那里仍有斜率的函数",
        ),
        "P38": say(
            en="compute in float32 up to this step and on the way back, from the source on",
            zh="从源开始，这一步之前的计算都用 float32（反向也一样）",
        ),
        "P39": say(
            en="ask at another point, or for something that is determined there",
            zh="换一个点，或者改求那里确定的量",
        ),
    }
    return texts.get(it.cause, "")


def _is_a_place(it: Reason) -> bool:
    """Tell whether whole numbers were made for a place or a count."""
    text = it.line.text if it.line else ""
    makes = it.operation in ("cast", "floor", "ceil", "round", "rint") and "int" in text
    return (it.cause == "P15" and makes) or (it.cause == "P5" and "int(" in text)
