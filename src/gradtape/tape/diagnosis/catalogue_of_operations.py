"""The pitfalls of single operations: steps, branches, slopes, kinks, missing rules."""

from __future__ import annotations

from collections.abc import Callable

from gradtape.language import say
from gradtape.tape.diagnosis import repairs
from gradtape.tape.diagnosis.edits import Repair
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.words import Explanation


def of_ids(it: Reason) -> str:
    """Say what takes the place of a gradient by indices into a table."""
    if it.kind != "ids":
        return ""
    return say(
        en=f" {it.source} picks rows of a table. What has a gradient are the rows that the "
        "table gives: take them as a tensor of their own, watch it, and compute on from it.",
        zh=f"{it.source} 用来选取表中的行。有梯度的是表给出的那些行："
        "把它们单独存为一个张量，监视它，再由它继续计算。",
    )


def _steps(it: Reason) -> Explanation:
    """P15."""
    name = it.operation or say(en="An operation on the way", zh="途中的某个运算")
    hidden = ""
    if it.kind == "hidden":
        hidden = say(
            en=" It stands inside a function that hides its inside from the tape "
            "(recompute_grad, custom_gradient), so TensorFlow answers 0 in the place of "
            "None.",
            zh="它在一个对梯度带隐藏内部的函数里（recompute_grad、custom_gradient），"
            "所以 TensorFlow 回答 0 而不是 None。",
        )
    return Explanation(
        title=say(en="a step function", zh="阶梯函数"),
        why=say(
            en=f"{name} is constant almost everywhere, with a sudden jump at some "
            f"points. Its slope is 0 or does not exist, so nothing gets through to "
            f"{it.source}.",
            zh=f"{name} 的值几乎处处不变，到某些点突然一跳，"
            f"所以斜率是 0 或不存在，梯度传不到 {it.source}。",
        )
        + hidden
        + of_ids(it),
        repair=repairs.smooth(it),
    )


def _unused_branch(it: Reason) -> Explanation:
    """P16."""
    name = it.operation or say(en="an operation", zh="某个运算")
    return Explanation(
        title=say(en="the trap of tf.where", zh="tf.where 的陷阱"),
        why=say(
            en="tf.where computes both branches and differentiates both; so does a mask "
            f"of zeros. In the part that was not taken, the slope of {name} is infinite or "
            "NaN here: on the way back it meets 0, and the product is NaN.",
            zh="tf.where 两个分支都会计算，也都会求导；用 0 做掩码也一样。"
            f"在没被选中的部分，{name} 在这里的斜率是无穷大或 NaN："
            "反向传播时与 0 相乘，得到 NaN。",
        ),
        repair=repairs.double_where(it),
    )


def _infinite_slope(it: Reason) -> Explanation:
    """P17."""
    name = it.operation or say(en="An operation", zh="某个运算")
    return Explanation(
        title=say(en="an infinite slope", zh="斜率无穷大"),
        why=say(
            en=f"At this point {name} has no finite slope, as the square root has none at "
            "0. The gradient becomes infinite, or NaN where it is multiplied by 0 "
            "further on, as in a norm.",
            zh=f"{name} 在这一点没有有限的斜率，就像平方根在 0 处那样。"
            "梯度变成无穷大；如果接着再乘以 0（例如求范数时），就成了 NaN。",
        ),
        repair=repairs.add_epsilon(it),
    )


def _no_gradient_registered(it: Reason) -> Explanation:
    """P22."""
    name = it.operation or say(en="an operation on the way", zh="途中的某个运算")
    if it.kind == "own":
        return Explanation(
            title=say(en="its own gradient is None", zh="自定义的梯度是 None"),
            why=say(
                en=f"{name} has a gradient of its own (tf.custom_gradient), and that gave "
                f"None: nothing comes back to {it.source}. Its inner function must return a "
                "gradient for each input.",
                zh=f"{name} 有自定义的梯度（tf.custom_gradient），而它返回了 None："
                f"梯度传不到 {it.source}。里面的函数必须为每个输入返回一个梯度。",
            ),
        )
    if it.kind in ("keyword", "upstream", "inside"):
        return _misused_own_gradient(it)
    second = ""
    if name.endswith(("_grad", "_backprop", "_gradient")):
        first = name.rsplit("_", 1)[0]
        second = say(
            en=f" {name} is itself the first derivative of {first}: what is missing is the "
            "second derivative. Another operation in its place has one, such as a "
            "transposed convolution for a resize.",
            zh=f"{name} 本身就是 {first} 的一阶导数：缺少的是二阶导数。"
            "换一种运算就有，例如用转置卷积代替缩放。",
        )
    return Explanation(
        title=say(en="an operation without a rule", zh="没有求导法则的运算"),
        why=say(
            en=f"TensorFlow has no rule for the gradient of {name}. tape.gradient raises "
            "a LookupError when it gets there, or answers None.",
            zh=f"TensorFlow 没有 {name} 的求导法则。tape.gradient 走到这里会抛出 "
            "LookupError，或者回答 None。",
        )
        + second
        + _of_a_dataset(it),
        repair=Repair() if second or "dataset" in name else repairs.own_gradient(it),
    )


def _misused_own_gradient(it: Reason) -> Explanation:
    name = it.operation
    kinds = {
        "keyword": say(
            en=f"{name} has a gradient of its own (tf.custom_gradient) and was given a "
            "tensor by its name. TensorFlow counts only what is given by place: the own "
            f"gradient of the other is passed over. Call {name} with its tensors by place.",
            zh=f"{name} 有自定义的梯度（tf.custom_gradient），调用时有张量是按名字给的。"
            "TensorFlow 只认按位置给的张量，其余的自定义梯度会被略过。"
            f"调用 {name} 时，张量请按位置给。",
        ),
        "upstream": say(
            en=f"{name} has a gradient of its own (tf.custom_gradient), and what its inner "
            "function returns does not depend on what arrives. By the chain rule the local "
            "derivative has to be multiplied by that: return upstream * derivative.",
            zh=f"{name} 有自定义的梯度（tf.custom_gradient），里面的函数返回的数与传来的梯度"
            "无关。按链式法则，局部导数要乘以传来的梯度：请返回 upstream * 导数。",
        ),
        "inside": say(
            en=f"{name} has a gradient of its own (tf.custom_gradient) and uses "
            f"{it.source} inside, which is none of its arguments: to the tape it is a "
            f"constant there, though {it.target} depends on it. Make {it.source} an "
            "argument, and return a gradient for it too.",
            zh=f"{name} 有自定义的梯度（tf.custom_gradient），里面用到了 {it.source}，"
            f"但它不是参数：对梯度带来说它在那里是常量，尽管 {it.target} 与它有关。"
            f"请把 {it.source} 作为参数，并为它也返回一个梯度。",
        ),
    }
    return Explanation(
        title=say(en="its own gradient is not used", zh="自定义的梯度没有用对"),
        why=kinds[it.kind],
        repair=repairs.use_own_gradient(it),
    )


def _of_a_dataset(it: Reason) -> str:
    if "dataset" not in it.operation:
        return ""
    return say(
        en=" A plain loop over the dataset, run eagerly, has the gradient.",
        zh="改用普通循环遍历数据集、即时执行，就有梯度。",
    )


def _tie(it: Reason) -> Explanation:
    """P24."""
    if it.operation in ("abs", "complex_abs"):
        convention = say(en="0 at this point", zh="在这一点取 0")
    elif it.operation in ("maximum", "minimum"):
        convention = say(
            en="1 to the first of two equals and 0 to the second",
            zh="两数相等时第一个得 1，第二个得 0",
        )
    else:
        convention = say(en="an equal share to each", zh="每个相等的数得同样的一份")
    return Explanation(
        title=say(en="a tie or a kink", zh="并列或尖点"),
        why=say(
            en=f"{it.operation} has a kink here: two slopes meet, and neither is the "
            f"derivative. TensorFlow gives a value by convention: {convention}.",
            zh=f"{it.operation} 在这里有一个尖点：两边斜率不同，导数不存在。"
            f"TensorFlow 按约定给出一个值：{convention}。",
        ),
        repair=repairs.smooth_kink(it),
    )


def _dead(it: Reason) -> Explanation:
    """P27."""
    if it.kind == "one unit":
        return Explanation(
            title=say(en="a softmax of one unit", zh="只有一个单元的 softmax"),
            why=say(
                en="softmax makes the numbers along its axis add up to 1. Here there is "
                "one number, so the result is 1 whatever goes in, and the gradient is 0. A "
                "single unit takes a sigmoid.",
                zh="softmax 让所取的轴上的数之和为 1。这里只有一个数，所以不论输入什么，"
                "结果都是 1，梯度是 0。只有一个单元时应当用 sigmoid。",
            ),
            repair=repairs.wake(it),
        )
    if it.kind == "clipped":
        return Explanation(
            title=say(en="dead or saturated", zh="失活或饱和"),
            why=say(
                en=f"A part that goes into {it.operation} is 0 here because a rectifier or a "
                "clip (relu, maximum with 0) made it so, and what comes back is multiplied "
                "by that 0. The gradient is 0 everywhere, and nothing can be learned from "
                "it: take a function that still slopes there.",
                zh=f"进入 {it.operation} 的一部分在这里是 0，是整流或截断"
                "（relu、与 0 取 maximum）造成的，传回来的梯度要乘以这个 0。"
                "梯度处处为 0，学不到东西：请换成在那里仍有斜率的函数。",
            ),
        )
    return Explanation(
        title=say(en="dead or saturated", zh="失活或饱和"),
        why=say(
            en=f"{it.operation} is flat at every value that it was given: dead or "
            "saturated. The way back is there, but nothing gets through: the gradient is "
            "0 everywhere, and nothing can be learned from it.",
            zh=f"{it.operation} 收到的每个值都落在斜率为 0 的地方：失活或饱和。路是通的，"
            "但什么也传不过去：梯度处处为 0，学不到东西。",
        ),
        repair=repairs.wake(it),
    )


OF_OPERATIONS: dict[str, Callable[[Reason], Explanation]] = {
    "P15": _steps,
    "P16": _unused_branch,
    "P17": _infinite_slope,
    "P22": _no_gradient_registered,
    "P24": _tie,
    "P27": _dead,
}
