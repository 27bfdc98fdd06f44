"""The ways in which gradients go wrong, by their numbers: the name, the why, the repair.

The numbers are those that lesson 09 teaches. Each pitfall is one function here; where it
has happened is found elsewhere and handed over as a :class:`Finding`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gradtape.language import say
from gradtape.tape.diagnosis import repairs
from gradtape.tape.diagnosis.finding import Finding


@dataclass(frozen=True)
class Explanation:
    """What a pitfall is called, why it happened, and the code that mends it."""

    title: str
    why: str
    repair: str


def explanation(finding: Finding) -> Explanation:
    """Return the words for a finding, in the reader's language."""
    return PITFALLS[finding.row](finding)


def _not_watched(it: Finding) -> Explanation:
    """P1."""
    kinds = {
        "": say(en="a constant (a plain tensor)", zh="常量（普通张量）"),
        "captured": say(
            en="a constant (a plain tensor) from outside f",
            zh="f 外面的常量（普通张量）",
        ),
        "number": say(en="no tensor of TensorFlow's", zh="不是 TensorFlow 张量的值"),
        "untrained": say(
            en="a variable with trainable=False", zh=" trainable=False 的变量"
        ),
        "switched off": say(
            en="a variable, but this tape was made with watch_accessed_variables=False",
            zh="变量，但这条梯度带创建时设了 watch_accessed_variables=False",
        ),
    }
    has_name = it.tape not in ("", "tape")  # one of several
    return Explanation(
        title=say(
            en=f"{it.tape if has_name else 'the tape'} does not watch it",
            zh=f"{f'{it.tape} ' if has_name else '梯度带'}没有监视它",
        ),
        why=say(
            en=f"{it.source} is {kinds[it.detail]}. By itself a tape watches trainable "
            "variables and nothing else: it did not record what was computed from "
            f"{it.source}, and the gradient is None.",
            zh=f"{it.source} 是{kinds[it.detail]}。梯度带只会自动监视可训练的变量，"
            f"没有记录从 {it.source} 出发的计算，所以梯度是 None。",
        ),
        repair=repairs.watch(it),
    )


def _whole_numbers(it: Finding) -> Explanation:
    """P2."""
    name = it.operation or it.source
    return Explanation(
        title=say(en="whole numbers have no gradient", zh="整数没有梯度"),
        why=say(
            en=f"{name} holds whole numbers ({it.detail}). Between two neighbours there "
            "is no number to move to, so there is no slope: the tape follows "
            "floating-point numbers only, and the gradient is None.",
            zh=f"{name} 存的是整数（{it.detail}）。相邻两个整数之间没有别的数，"
            "谈不上斜率：梯度带只监视浮点数，所以梯度是 None。",
        ),
        repair=repairs.use_floats(it),
    )


def _outside(it: Finding) -> Explanation:
    """P3."""
    name = it.operation or it.target
    return Explanation(
        title=say(
            en="the last step was taken outside", zh="最后一步写在了 with 块外面"
        ),
        why=say(
            en=f"{name} was computed outside the with block of the tape. The tape records "
            f"only inside its block: on its record no way leads from {it.target} back to "
            f"{it.source}.",
            zh=f"{name} 是在梯度带的 with 块之外计算的。梯度带只在块内记录："
            f"在它的记录里，从 {it.target} 没有路回到 {it.source}。",
        ),
        repair=repairs.compute_inside(it),
    )


def _watched_late(it: Finding) -> Explanation:
    """P4."""
    name = it.operation or it.target
    rest = {
        "": "",
        "part": say(en=" The gradient lacks that part.", zh="求出的梯度缺了这一部分。"),
    }[it.detail]
    return Explanation(
        title=say(en="watched too late", zh="监视得太晚"),
        why=say(
            en=f"{name} was computed from {it.source} first, and {it.source} was watched "
            "after that. A tape follows a tensor from the moment when it watches it; what "
            f"came before is not on its record.{rest}",
            zh=f"先由 {it.source} 计算了 {name}，然后才监视 {it.source}。"
            f"梯度带从监视的那一刻起才跟踪一个张量，之前的运算不在记录里。{rest}",
        ),
        repair=repairs.watch(it),
    )


def _left_tensorflow(it: Finding) -> Explanation:
    """P5."""
    way = it.operation or "NumPy"
    return Explanation(
        title=say(en="the value left TensorFlow", zh="数值离开了 TensorFlow"),
        why=say(
            en=f"On the way from {it.source} to the result the value left TensorFlow "
            f"through {way}. A tape cannot see what NumPy and Python compute: what comes "
            f"back is a number that does not show where it came from.{_part(it)}",
            zh=f"从 {it.source} 到结果的路上，数值通过 {way} 离开了 TensorFlow。"
            "梯度带看不见 NumPy 和 Python 的计算：回来的只是一个数，"
            f"看不出它从哪里来。{_part(it)}",
        ),
        repair=repairs.stay_in_tensorflow(it),
    )


def _part(it: Finding) -> str:
    """Say that a gradient is a number, but not all of it."""
    if not it.detail:
        return ""
    lacks = say(en=" The gradient lacks that part", zh="求出的梯度缺了这一部分")
    if it.detail != "part":
        lacks += say(
            en=f": by central differences it is about {it.detail}",
            zh=f"：按中心差分，它大约是 {it.detail}",
        )
    return lacks + say(
        en=". If the part is meant to be constant, say so with tf.stop_gradient.",
        zh="。如果本来就要把这一部分当作常量，请写明 tf.stop_gradient。",
    )


def _no_variable_any_more(it: Finding) -> Explanation:
    """P6."""
    line = (
        it.line.text if it.line and it.line.text else f"{it.source} = {it.source} + 1"
    )
    return Explanation(
        title=say(en="the name means something else now", zh="名字换了主人"),
        why=say(
            en=f"{line} computes a new tensor and gives it the name {it.source}; the "
            "variable is left behind. The tape watches variables by itself, but not this "
            "tensor, so the gradient is None from then on.",
            zh=f"{line} 计算出一个新张量，并把名字 {it.source} 给了它，原来的变量就丢开了。"
            "梯度带会自动监视变量，却不监视这个张量，从这以后梯度就是 None。",
        ),
        repair=repairs.assign_in_place(it),
    )


def _assigned(it: Finding) -> Explanation:
    """P7."""
    name = it.detail or say(en="a variable", zh="一个变量")
    return Explanation(
        title=say(en="assign is a new start", zh="赋值就是重新开始"),
        why=say(
            en=f"The value of {it.source} was stored in {name}. Storing keeps a number, "
            f"not how it was computed: from {name} no way leads back to {it.source}.",
            zh=f"{it.source} 的值存进了 {name}。存下来的只是一个数，不是它的计算过程："
            f"从 {name} 没有路回到 {it.source}。",
        ),
        repair=repairs.compute_with_tensors(it),
    )


def _used_up(it: Finding) -> Explanation:
    """P8."""
    return Explanation(
        title=say(en="the road was used up", zh="路已经用掉了"),
        why=say(
            en="This tape is not persistent and has answered before, so its record is "
            "gone. Put explain_gradient in the place of tape.gradient, ask for all "
            "sources in one call, or make the tape persistent.",
            zh="这条梯度带不是持久梯度带，已经回答过一次，记录已清空。"
            "请在 tape.gradient 的位置调用 explain_gradient，"
            "或者一次问完所有的源，或者创建持久梯度带。",
        ),
        repair=repairs.persistent(it),
    )


def _inner_outside_outer(it: Finding) -> Explanation:
    """P10."""
    return Explanation(
        title=say(
            en="the first derivative was taken outside the outer tape",
            zh="一阶导数是在外层梯度带之外求的",
        ),
        why=say(
            en=f"{it.target} is a gradient that another tape gave when this one no longer "
            "recorded. How it came about is not on the record.",
            zh=f"{it.target} 是另一条梯度带求出的梯度，而那时这条梯度带已经不再记录，"
            "记录里没有它的来历。",
        ),
        repair=repairs.indent_inner(it),
    )


def _unconnected(it: Finding) -> Explanation:
    """P11."""
    return Explanation(
        title=say(en="there is no road", zh="本来就没有路"),
        why=say(
            en=f"{it.target} was computed without {it.source}. The derivative is 0; "
            "TensorFlow answers None, so that one notices that the two are not connected.",
            zh=f"{it.target} 的计算没有用到 {it.source}。导数其实是 0；"
            "TensorFlow 回答 None，好让人发现两者未连通。",
        ),
        repair=repairs.ask_for_zero(it),
    )


def _vector_target(it: Finding) -> Explanation:
    """P12."""
    return Explanation(
        title=say(en="the target is more than one number", zh="目标不止一个数"),
        why=say(
            en=f"The target holds {it.detail} numbers, and a gradient is that of their "
            "sum: one for all of them together. It agrees with the derivatives of the "
            "single numbers only where each depends on its own entry of the source.",
            zh=f"目标有 {it.detail} 个数，而梯度是它们之和的梯度：所有数合起来只有一个。"
            "只有当每个数只依赖源中对应的那一项时，它才等于各个数的导数。",
        ),
        repair=repairs.jacobian(it),
    )


def _steps(it: Finding) -> Explanation:
    """P15."""
    name = it.operation or say(en="An operation on the way", zh="途中的某个运算")
    return Explanation(
        title=say(en="this step is a stair", zh="这一步是台阶"),
        why=say(
            en=f"{name} is a stair: constant almost everywhere, with a sudden jump at some "
            f"points. Its slope is 0 or does not exist, so nothing gets through to "
            f"{it.source}.",
            zh=f"{name} 的值像台阶：几乎处处不变，到某些点突然一跳，"
            f"所以斜率是 0 或不存在，梯度传不到 {it.source}。",
        ),
        repair=repairs.smooth(it),
    )


def _unused_branch(it: Finding) -> Explanation:
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


def _infinite_slope(it: Finding) -> Explanation:
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


def _not_trained(it: Finding) -> Explanation:
    """P20."""
    lists = {
        "": say(
            en=" model.variables holds it, model.trainable_variables does not.",
            zh="model.variables 里有它，model.trainable_variables 里没有。",
        ),
        "single": "",
    }[it.detail]
    return Explanation(
        title=say(en="a variable that is not trained", zh="不参与训练的变量"),
        why=say(
            en=f"{it.source} has trainable=False, as the running mean and variance of a "
            "normalisation layer have. Such state is updated by assignment, not by "
            f"gradients, and the tape does not watch it.{lists}",
            zh=f"{it.source} 的 trainable 是 False，归一化层的滑动均值和方差就是这样。"
            f"这类状态靠赋值更新，不靠梯度，梯度带也不监视它。{lists}",
        ),
        repair=repairs.trainable_variables(it),
    )


def _no_gradient_registered(it: Finding) -> Explanation:
    """P22."""
    name = it.operation or say(en="an operation on the way", zh="途中的某个运算")
    return Explanation(
        title=say(en="an operation without a rule", zh="没有求导法则的运算"),
        why=say(
            en=f"TensorFlow has no rule for the gradient of {name}. tape.gradient raises "
            "a LookupError when it gets there, or answers None.",
            zh=f"TensorFlow 没有 {name} 的求导法则。tape.gradient 走到这里会抛出 "
            "LookupError，或者回答 None。",
        ),
        repair=repairs.own_gradient(it),
    )


def _tie(it: Finding) -> Explanation:
    """P24."""
    if it.operation == "abs":
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


def _dead(it: Finding) -> Explanation:
    """P27."""
    return Explanation(
        title=say(en="flat ground", zh="平地"),
        why=say(
            en=f"{it.operation} is flat at every value that it was given: dead or "
            "saturated. The way back is there, but nothing gets through: the gradient is "
            "0 everywhere, and nothing can be learned from it.",
            zh=f"{it.operation} 收到的每个值都落在平地上：失活或饱和。路是通的，"
            "但什么也传不过去：梯度处处为 0，学不到东西。",
        ),
        repair=repairs.wake(it),
    )


def _not_finite(it: Finding) -> Explanation:
    """None of the rows: the numbers themselves."""
    name = it.operation or say(en="an operation", zh="某个运算")
    return Explanation(
        title=say(en="the values themselves are not finite", zh="数值本身不是有限数"),
        why=say(
            en=f"At {name} a value was infinite or NaN already on the way forward: a "
            "number too large for its dtype, a point outside the function's domain, or "
            "data that hold NaN. No gradient can come back from there.",
            zh=f"在 {name} 处，前向传播的值就已经是无穷大或 NaN："
            "数太大，超出了类型的范围；或者自变量不在定义域内；或者数据里本来就有 NaN。"
            "从那里传不回梯度。",
        ),
        repair=repairs.check_numbers(it),
    )


PITFALLS: dict[str, Callable[[Finding], Explanation]] = {
    "P1": _not_watched,
    "P2": _whole_numbers,
    "P3": _outside,
    "P4": _watched_late,
    "P5": _left_tensorflow,
    "P6": _no_variable_any_more,
    "P7": _assigned,
    "P8": _used_up,
    "P10": _inner_outside_outer,
    "P11": _unconnected,
    "P12": _vector_target,
    "P15": _steps,
    "P16": _unused_branch,
    "P17": _infinite_slope,
    "P20": _not_trained,
    "P22": _no_gradient_registered,
    "P24": _tie,
    "P27": _dead,
    "": _not_finite,
}
