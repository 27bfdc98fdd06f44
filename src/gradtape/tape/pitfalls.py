"""The ways in which gradients go wrong, by their numbers: what happened, why, the repair.

The numbers are those that lesson 09 teaches. Each pitfall is one function here; where it
has happened is found elsewhere and handed over as a :class:`Finding`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gradtape.language import say
from gradtape.tape.lines import Line


@dataclass(frozen=True)
class Finding:
    """One reason why the gradient of one source is not what one may expect.

    Attributes
    ----------
    row : str
        The pitfall's number, ``"P5"``; empty for what is none of them.
    source : str
        The name of what is differentiated by.
    operation : str
        Where it happened: the operation, as one writes it in Python.
    line : Line or None
        The learner's line, where it is known.
    detail : str
        What the pitfall needs besides, such as a dtype or the name of a variable.
    target : str
        The name of what is differentiated.
    """

    row: str
    source: str
    operation: str = ""
    line: Line | None = None
    detail: str = ""
    target: str = "y"


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
    return Explanation(
        title=say(en="the tape does not watch it", zh="梯度带没有监视它"),
        why=say(
            en=f"{it.source} is {it.detail or 'a plain tensor'}. A tape watches trainable "
            "variables by itself and nothing else, so it recorded nothing that was "
            f"computed from {it.source}, and the gradient is None.",
            zh=f"{it.source} 是{it.detail or '普通张量'}。梯度带只会自动监视可训练的变量，"
            f"由 {it.source} 计算出的结果都没有记录下来，所以梯度是 None。",
        ),
        repair=f"with tf.GradientTape() as tape:\n    tape.watch({it.source})\n    ...",
    )


def _integer(it: Finding) -> Explanation:
    return Explanation(
        title=say(en="whole numbers have no gradient", zh="整数没有梯度"),
        why=say(
            en=f"{it.detail} holds whole numbers. Between two neighbouring "
            "whole numbers there is nothing, so there is no slope: the tape records "
            "floating-point numbers only, and the gradient is None.",
            zh=f"{it.detail} 是整数类型。相邻的整数之间没有别的数，谈不上斜率："
            "梯度带只记录浮点数，所以梯度是 None。",
        ),
        repair=f"{it.source} = tf.Variable(3.0)",
    )


def _outside(it: Finding) -> Explanation:
    return Explanation(
        title=say(
            en="computed where the tape does not record", zh="计算时梯度带没有在记录"
        ),
        why=say(
            en=f"{it.operation or it.target} was computed outside the tape's with block. "
            "The tape records only inside its block, so its record ends before "
            f"{it.target}, and the way back to {it.source} is missing.",
            zh=f"{it.operation or it.target} 是在梯度带的 with 块之外计算的。"
            f"梯度带只在块内记录，记录到不了 {it.target}，"
            f"也就没有回到 {it.source} 的路。",
        ),
        repair=f"with tf.GradientTape() as tape:\n    {it.target} = ...\n"
        f"tape.gradient({it.target}, {it.source})",
    )


def _watched_late(it: Finding) -> Explanation:
    return Explanation(
        title=say(en="watched too late", zh="监视得太晚"),
        why=say(
            en=f"tape.watch({it.source}) came after {it.operation or 'the operation'}. "
            "A tape records from the moment when it watches; what came before is not on it.",
            zh=f"tape.watch({it.source}) 出现在 {it.operation or '运算'} 之后。"
            "梯度带从监视的那一刻起才记录，之前的运算不在带上。",
        ),
        repair=f"with tf.GradientTape() as tape:\n    tape.watch({it.source})\n"
        f"    {it.target} = ...",
    )


def _left_tensorflow(it: Finding) -> Explanation:
    way = it.operation or "NumPy"
    return Explanation(
        title=say(en="the value left TensorFlow", zh="数值离开了 TensorFlow"),
        why=say(
            en=f"On the way from {it.source} to the result the value left TensorFlow "
            f"through {way}. What NumPy or Python computes, the tape cannot see: a number "
            "comes back, not the way on which it was computed.",
            zh=f"从 {it.source} 到结果的路上，数值通过 {way} 离开了 TensorFlow。"
            "NumPy 和 Python 的计算梯度带看不见：回来的只是一个数，不是它的计算过程。",
        ),
        repair=f"{it.target} = tf.sin({it.source})  # np.sin, math.sin",
    )


def _no_variable_any_more(it: Finding) -> Explanation:
    return Explanation(
        title=say(en="no variable any more", zh="不再是变量"),
        why=say(
            en=f"{it.source} = {it.source} + … makes a new tensor and gives it the name "
            f"{it.source}; the variable is left behind. The tape watches variables by "
            "themselves, not this tensor, and the gradient is None.",
            zh=f"{it.source} = {it.source} + … 会产生一个新张量，并把名字 {it.source} 给它，"
            "原来的变量就丢开了。梯度带只自动监视变量，不监视这个张量，所以梯度是 None。",
        ),
        repair=f"{it.source}.assign_add(1.0)",
    )


def _assigned(it: Finding) -> Explanation:
    name = it.detail or "v"
    return Explanation(
        title=say(en="assign is a new start", zh="assign 是新的起点"),
        why=say(
            en=f"The value of {it.source} goes into the variable {name} through "
            f"{it.operation or 'assign'}. An assignment stores a number; it is no "
            f"operation on the tape, so nothing comes back from {name} to {it.source}.",
            zh=f"{it.source} 的值通过 {it.operation or 'assign'} 存进了变量 {name}。"
            f"赋值只存下一个数，不是带上的运算，所以从 {name} 没有路回到 {it.source}。",
        ),
        repair=f"{name} = f({it.source})\n{it.target} = g({name})",
    )


def _used_up(it: Finding) -> Explanation:
    return Explanation(
        title=say(en="the tape is used up", zh="梯度带已经用过"),
        why=say(
            en="A tape that is not persistent gives its gradients once and then forgets "
            "its record. This one has been asked before.",
            zh="不是持久的梯度带只能求一次梯度，之后记录就清空了。这个梯度带已经用过一次。",
        ),
        repair="with tf.GradientTape(persistent=True) as tape:\n    ...",
    )


def _inner_outside_outer(it: Finding) -> Explanation:
    return Explanation(
        title=say(
            en="the first derivative was taken outside the outer tape",
            zh="一阶导数是在外层梯度带之外求的",
        ),
        why=say(
            en=f"{it.target} is a gradient that the inner tape gave when the outer tape no "
            "longer recorded. The outer tape does not know how it came about.",
            zh=f"{it.target} 是内层梯度带求出的梯度，而那时外层梯度带已经不再记录，"
            "不知道它是怎么来的。",
        ),
        repair="with tf.GradientTape() as outer:\n    with tf.GradientTape() as inner:\n"
        f"        y = ...\n    {it.target} = inner.gradient(y, {it.source})\n"
        f"outer.gradient({it.target}, {it.source})",
    )


def _unconnected(it: Finding) -> Explanation:
    return Explanation(
        title=say(en="the result does not depend on it", zh="结果与它无关"),
        why=say(
            en=f"{it.target} was computed without {it.source}. The derivative is 0, and "
            "TensorFlow says None, so that one notices that there is no connection.",
            zh=f"{it.target} 的计算没有用到 {it.source}。导数其实是 0，TensorFlow 返回 None，"
            "好让人发现两者并不相连。",
        ),
        repair=f'tape.gradient({it.target}, {it.source}, unconnected_gradients="zero")',
    )


def _vector_target(it: Finding) -> Explanation:
    return Explanation(
        title=say(en="the target is more than one number", zh="目标不止一个数"),
        why=say(
            en=f"The target holds {it.detail} numbers. tape.gradient differentiates their "
            "sum: one gradient for all of them together, not one for each.",
            zh=f"目标有 {it.detail} 个数。tape.gradient 求的是它们之和的导数："
            "所有数合起来一个梯度，而不是每个数一个。",
        ),
        repair=f"tape.jacobian({it.target}, {it.source})",
    )


def _steps(it: Finding) -> Explanation:
    return Explanation(
        title=say(en="an operation that moves in steps", zh="运算的值是一级一级跳的"),
        why=say(
            en=f"{it.operation or 'An operation on the way'} gives steps: constant almost "
            "everywhere, with jumps between. Its slope is 0 or does not exist, so no "
            f"gradient gets through to {it.source}.",
            zh=f"{it.operation or '途中的运算'} 的值是阶梯状的：几乎处处不变，中间跳跃。"
            f"它的斜率是 0 或不存在，梯度传不到 {it.source}。",
        ),
        repair=f"hard = tf.round({it.source})\n"
        f"soft = {it.source} + tf.stop_gradient(hard - {it.source})",
    )


def _unused_branch(it: Finding) -> Explanation:
    return Explanation(
        title=say(
            en="the branch that tf.where did not take is not finite",
            zh="tf.where 没有选的分支不是有限数",
        ),
        why=say(
            en="tf.where computes both branches and differentiates both. In the branch "
            f"that was not taken, {it.operation} has no finite slope here; on the way "
            "back 0 is multiplied by infinity, and that is NaN.",
            zh="tf.where 两个分支都会计算，也都会求导。没有选中的分支里，"
            f"{it.operation} 在这里的斜率不是有限数；反向传播时 0 乘以无穷大，得到 NaN。",
        ),
        repair=f"safe = tf.where({it.source} > 0, {it.source}, 1.0)\n"
        f"y = tf.where({it.source} > 0, tf.math.log(safe), 0.0)",
    )


def _infinite_slope(it: Finding) -> Explanation:
    return Explanation(
        title=say(en="an infinite slope", zh="斜率无穷大"),
        why=say(
            en=f"{it.operation} has an infinite slope at this point, as the square root "
            "has at 0. Multiplied by 0 on the way back, as in a norm, it becomes NaN.",
            zh=f"{it.operation} 在这一点斜率无穷大，就像平方根在 0 处那样。"
            "反向传播时再乘以 0（例如求范数时），就成了 NaN。",
        ),
        repair="tf.sqrt(tf.reduce_sum(x**2) + 1e-12)".replace("x", it.source),
    )


def _not_trainable(it: Finding) -> Explanation:
    return Explanation(
        title=say(en="a variable that is not trained", zh="不参与训练的变量"),
        why=say(
            en=f"{it.source} is a variable with trainable=False, such as the running mean "
            "of a normalisation layer. It is updated by assignment, not by gradients, "
            "and the tape does not watch it.",
            zh=f"{it.source} 是 trainable=False 的变量，例如归一化层的滑动平均。"
            "它靠赋值更新，不靠梯度，梯度带也不监视它。",
        ),
        repair="tape.gradient(loss, model.trainable_variables)",
    )


def _no_gradient_registered(it: Finding) -> Explanation:
    return Explanation(
        title=say(en="an operation without a gradient", zh="运算没有定义梯度"),
        why=say(
            en=f"TensorFlow knows no gradient for {it.operation}: tape.gradient raises a "
            "LookupError when it gets there.",
            zh=f"TensorFlow 没有为 {it.operation} 定义梯度：tape.gradient 走到这里就会抛出 "
            "LookupError。",
        ),
        repair="@tf.custom_gradient\ndef operation(x):\n"
        "    return ..., lambda upstream: upstream * ...",
    )


def _tie(it: Finding) -> Explanation:
    return Explanation(
        title=say(en="a tie: there is a kink here", zh="取值相等：这里是尖点"),
        why=say(
            en=f"At this point {it.operation} has a kink: two slopes meet, and none of them "
            "is the derivative. TensorFlow gives a value by convention: 0 for abs at 0; "
            "for equal values all to the first or a share to each, by operation.",
            zh=f"{it.operation} 在这一点是尖点：两边斜率不同，导数并不存在。"
            "TensorFlow 按约定给出一个值：abs 在 0 处为 0；"
            "几个值相等时，全部归第一个或各得一份，视运算而定。",
        ),
        repair="tf.sqrt(x**2 + 1e-6)".replace("x", it.source),
    )


def _dead(it: Finding) -> Explanation:
    return Explanation(
        title=say(en="dead or saturated", zh="失活或饱和"),
        why=say(
            en=f"{it.operation} is flat wherever it was evaluated: every input lies where "
            "its slope is 0. The gradient is connected, and it is 0 everywhere, so "
            "nothing can be learned from it.",
            zh=f"{it.operation} 在所有输入处都是平的：斜率全是 0。"
            "路是通的，但梯度处处为 0，学不到东西。",
        ),
        repair="tf.nn.leaky_relu(x)".replace("x", it.source),
    )


def _not_a_number(it: Finding) -> Explanation:
    at = it.operation or say(en="an operation", zh="某个运算")
    return Explanation(
        title=say(en="the values themselves are not finite", zh="数值本身不是有限数"),
        why=say(
            en=f"At {at} a value is infinite or NaN already on the way forward: a number "
            "too large for its dtype, or data that holds NaN. No gradient can come back "
            "from there.",
            zh=f"在 {at} 处，前向计算的值就已经是无穷大或 NaN："
            "数太大，超出了类型的范围，或者数据里本来就有 NaN。从那里传不回梯度。",
        ),
        repair='tf.debugging.check_numerics(x, "x")'.replace("x", it.source),
    )


PITFALLS: dict[str, Callable[[Finding], Explanation]] = {
    "P1": _not_watched,
    "P2": _integer,
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
    "P20": _not_trainable,
    "P22": _no_gradient_registered,
    "P24": _tie,
    "P27": _dead,
    "": _not_a_number,
}
