"""The ways in which gradients go wrong, by their numbers: the name, the why, the repair.

Each pitfall is one function here; where it has happened is found elsewhere and handed
over as a :class:`Reason`.
"""

from __future__ import annotations

from collections.abc import Callable

from gradtape.language import say
from gradtape.tape.diagnosis import repairs
from gradtape.tape.diagnosis.catalogue_further import FURTHER
from gradtape.tape.diagnosis.catalogue_of_operations import OF_OPERATIONS, of_ids
from gradtape.tape.diagnosis.edits import Repair
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.words import Explanation


def words_for(reason: Reason) -> Explanation:
    """Return the words for a reason, in the reader's language."""
    return PITFALLS[reason.cause](reason)


def _not_watched(it: Reason) -> Explanation:
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
            zh="变量，但这个梯度带创建时设了 watch_accessed_variables=False",
        ),
    }
    has_name = it.tape not in ("", "tape")  # one of several
    return Explanation(
        title=say(
            en=f"{it.tape if has_name else 'the tape'} does not watch it",
            zh=f"{f'{it.tape} ' if has_name else '梯度带'}没有监视它",
        ),
        why=say(
            en=f"{it.source} is {kinds[it.kind]}. By itself a tape watches trainable "
            "variables and nothing else: it did not record what was computed from "
            f"{it.source}, and the gradient is None.",
            zh=f"{it.source} 是{kinds[it.kind]}。梯度带只会自动监视可训练的变量，"
            f"没有记录从 {it.source} 出发的计算，所以梯度是 None。",
        ),
        repair=repairs.watch(it),
    )


def _whole_numbers(it: Reason) -> Explanation:
    """P2."""
    name = it.name or it.source
    return Explanation(
        title=say(en="whole numbers have no gradient", zh="整数没有梯度"),
        why=say(
            en=f"{name} holds whole numbers ({it.dtype}). Between two neighbours there "
            "is no number to move to, so there is no slope: the tape follows "
            "floating-point (and complex) numbers only, and the gradient is None.",
            zh=f"{name} 存的是整数（{it.dtype}）。相邻两个整数之间没有别的数，"
            "谈不上斜率：梯度带只监视浮点数（和复数），所以梯度是 None。",
        )
        + of_ids(it),
        repair=repairs.use_floats(it),
    )


def _outside(it: Reason) -> Explanation:
    """P3."""
    name = it.name or it.operation or it.target
    if it.kind == "no block":
        return Explanation(
            title=say(en="a tape without a block", zh="没有 with 块的梯度带"),
            why=say(
                en=f"{it.tape or 'The tape'} was made, but no with block began it: it "
                f"recorded nothing. Compute {it.target} inside such a block.",
                zh=f"{it.tape or '梯度带'} 创建了，但没有用 with 块启动，什么也没有记录。"
                f"请在 with 块内计算 {it.target}。",
            ),
            repair=Repair(
                f"with tf.GradientTape() as {it.tape or 'tape'}:\n"
                f"    {it.target if it.target.isidentifier() else 'y'} = ..."
            ),
        )
    if it.kind == "kept":
        return Explanation(
            title=say(en="kept from before the block", zh="块之前算好、存下来的值"),
            why=say(
                en=f"{it.target} was computed from {name}, a value that an object keeps. It "
                f"was computed from {it.source} before the block of this tape, which has "
                "therefore no record of it.",
                zh=f"计算 {it.target} 用到了 {name}，这是对象里存着的一个值。"
                f"它是在这个梯度带的块开始之前由 {it.source} 算出的，所以没有记录。",
            ),
        )
    if it.kind == "captured":
        return Explanation(
            title=say(
                en="computed before the function runs", zh="函数运行之前就算好了"
            ),
            why=say(
                en=f"{name} was computed from {it.source} before f runs. In f it is a "
                f"constant: how it depends on {it.source} is not on the record. Compute it "
                "inside f.",
                zh=f"{name} 是在 f 运行之前由 {it.source} 算出的。在 f 里它是常量，"
                f"它与 {it.source} 的关系不在记录里。请在 f 里面计算它。",
            ),
        )
    if it.kind == "stopped":
        return Explanation(
            title=say(en="recording was stopped", zh="记录被暂停了"),
            why=say(
                en=f"{name} was computed while {it.tape or 'the tape'}.stop_recording() was "
                f"in force: on the record no way leads from {it.target} back to "
                f"{it.source}.",
                zh=f"{name} 是在 {it.tape or '梯度带'}.stop_recording() 生效期间计算的："
                f"在记录里，从 {it.target} 没有路回到 {it.source}。",
            ),
            repair=repairs.record_again(it),
        )
    return Explanation(
        title=say(
            en="a step was taken outside the block", zh="有一步写在了 with 块外面"
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


def _watched_late(it: Reason) -> Explanation:
    """P4."""
    name = it.name or it.operation or it.target
    rest = {
        "": "",
        "part": say(en=" The gradient lacks that part.", zh="求出的梯度缺了这一部分。"),
    }[it.kind]
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


def _left_tensorflow(it: Reason) -> Explanation:
    """P5."""
    way = it.operation or "NumPy"
    if it.kind == "predict":
        return Explanation(
            title=say(en="the value left TensorFlow", zh="数值离开了 TensorFlow"),
            why=say(
                en=f"{way} returns numbers of NumPy's or Python's: they have left TensorFlow, "
                f"and the tape sees a constant. Nothing comes back to {it.source}. Call the "
                "model itself, which returns a tensor, and compute the loss from that.",
                zh=f"{way} 返回的是 NumPy 或 Python 的数：数值离开了 TensorFlow，"
                f"梯度带只看到常量，梯度传不到 {it.source}。"
                "请直接调用模型，它返回的是张量，再由它计算损失。",
            ),
            repair=repairs.stay_in_tensorflow(it),
        )
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


def _part(it: Reason) -> str:
    """Say that a gradient is a number, but not all of it."""
    if not it.slope:
        return ""
    lacks = say(en=" The gradient lacks that part", zh="求出的梯度缺了这一部分")
    if it.slope != "part":
        lacks += say(
            en=f": by central differences it is about {it.slope}",
            zh=f"：按中心差分，它大约是 {it.slope}",
        )
    return lacks + say(
        en=". If the part is meant to be constant, say so with tf.stop_gradient.",
        zh="。如果本来就要把这一部分当作常量，请写明 tf.stop_gradient。",
    )


def _no_variable_any_more(it: Reason) -> Explanation:
    """P6."""
    if it.kind == "after":
        return Explanation(
            title=say(en="the name means something else now", zh="名字换了主人"),
            why=say(
                en=f"After the block {it.source} became the name of something new, from "
                f"which {it.target} was not computed. Ask by the old one: leave it its "
                "name.",
                zh=f"在块之后，{it.source} 成了另一个新量的名字，{it.target} 并不是由它算出的。"
                "请对原来的量求导：不要把它的名字改作他用。",
            ),
            repair=repairs.other_name(it),
        )
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


def _assigned(it: Reason) -> Explanation:
    """P7."""
    name = it.name or say(en="a variable", zh="一个变量")
    if it.kind == "itself":
        return Explanation(
            title=say(en="assign is a new start", zh="赋值就是重新开始"),
            why=say(
                en=f"Inside the block {it.source} was given a new value that was computed "
                f"from its old one, and {it.target} uses the new one. The tape "
                "differentiates by the new value; how that depends on the old one is not "
                "on the record. Keep the new value as a tensor, and compute with it.",
                zh=f"在块内，{it.source} 得到了由旧值算出的新值，而 {it.target} 用的是新值。"
                "梯度带对新值求导；新值如何依赖旧值，不在记录里。"
                "请把新值留作张量，用它计算。",
            ),
            repair=repairs.compute_with_tensors(it),
        )
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


def _used_up(it: Reason) -> Explanation:
    """P8."""
    return Explanation(
        title=say(en="the tape has answered before", zh="这个梯度带已经回答过了"),
        why=say(
            en="This tape is not persistent and has answered before, so its record is "
            "gone. Put explain_gradient in the place of tape.gradient, ask for all "
            "sources in one call, or make the tape persistent. For a second derivative "
            "take two tapes, one inside the other.",
            zh="这个梯度带不是持久梯度带，已经回答过一次，记录已清空。"
            "请在 tape.gradient 的位置调用 explain_gradient，"
            "或者一次问完所有的源，或者创建持久梯度带。求二阶导数要用两个梯度带，一个套在另一个里面。",
        ),
        repair=repairs.persistent(it),
    )


def _inner_outside_outer(it: Reason) -> Explanation:
    """P10."""
    return Explanation(
        title=say(
            en="the first derivative was taken outside the tape's block",
            zh="一阶导数是在梯度带的块之外求的",
        ),
        why=say(
            en=f"{it.target} is a gradient that was computed when this tape no longer "
            "recorded. How it came about is not on the record. A second derivative takes "
            "two tapes, one inside the other.",
            zh=f"求出梯度 {it.target} 时，这个梯度带已经不再记录，记录里没有它的来历。"
            "求二阶导数要用两个梯度带，一个套在另一个里面。",
        ),
        repair=repairs.indent_inner(it),
    )


def _unconnected(it: Reason) -> Explanation:
    """P11."""
    if it.kind.startswith("beside"):
        return Explanation(
            title=say(en="a copy that was not used", zh="没有用到的副本"),
            why=say(
                en=f"{it.source} is a new tensor, taken from something that {it.target} was "
                f"computed from; {it.target} itself was computed without {it.source}. That "
                f"is no derivative of 0: differentiate by what {it.source} was taken from, "
                "and take the same part of the gradient.",
                zh=f"{it.source} 是一个新张量，取自计算 {it.target} 时用到的量；"
                f"而 {it.target} 的计算并没有用到 {it.source} 本身。这不表示导数是 0："
                f"请对 {it.source} 的来源求导，再取梯度中相应的部分。",
            ),
            repair=repairs.differentiate_by_the_whole(it),
        )
    if it.kind == "twice":
        return Explanation(
            title=say(
                en="another tensor with the same numbers", zh="数值相同的另一个张量"
            ),
            why=say(
                en=f"{it.target} was computed from another tensor that holds the same "
                f"numbers as {it.source}: an array, or the result of the same computation "
                f"run a second time. To the tape {it.source} itself has no part in "
                f"{it.target}, and that is no derivative of 0: compute {it.target} from "
                f"{it.source}. For a layer inside a model, build a model with two outputs, "
                "the layer's and the last.",
                zh=f"计算 {it.target} 用的是另一个张量，它的数值与 {it.source} 相同："
                f"一个数组，或者同样的计算又做了一遍的结果。对梯度带来说，{it.source} 本身"
                f"没有参与 {it.target} 的计算，但这不表示导数是 0：请由 {it.source} 计算 "
                f"{it.target}。若是模型内部的一层，就建一个有两个输出的模型：这一层的输出和最后的输出。",
            ),
            repair=repairs.use_the_source(it),
        )
    if it.kind == "elsewhere":
        return Explanation(
            title=say(en="not connected in the block", zh="块里没有连接"),
            why=say(
                en=f"In the block {it.target} was computed without {it.source}: by what "
                "happened there the derivative is 0, and TensorFlow answers None. But the "
                f"block was given tensors; if one of them was computed from {it.source} "
                "before, that is not on the record.",
                zh=f"块里计算 {it.target} 时没有用到 {it.source}：就块里的计算而言，导数是 0，"
                f"TensorFlow 回答 None。不过块里用到了外面来的张量；如果其中有的是由 "
                f"{it.source} 算出的，这一点不在记录里。",
            ),
        )
    if it.kind == "others":
        return Explanation(
            title=say(en="other variables were used", zh="用到的是别的变量"),
            why=say(
                en=f"{it.target} was computed without {it.source}, so the derivative is 0, "
                f"and TensorFlow answers None. The block used other variables: {it.name}. A "
                "model that is copied, loaded or made once more, and a layer that is made "
                "anew in each call, have variables of their own: ask for those of the model "
                "that the block calls.",
                zh=f"{it.target} 的计算没有用到 {it.source}，所以导数是 0，TensorFlow 回答 None。"
                f"块里用到的是别的变量：{it.name}。模型复制、载入或重新创建之后，变量都是另外一套；"
                "每次调用都新建的层也是如此。请对块里调用的那个模型的变量求导。",
            ),
            repair=repairs.ask_for_what_was_used(it),
        )
    return Explanation(
        title=say(en="not connected", zh="未连接"),
        why=say(
            en=f"{it.target} was computed without {it.source}. The derivative is 0; "
            "TensorFlow answers None, so that one notices that the two are not connected.",
            zh=f"{it.target} 的计算没有用到 {it.source}。导数其实是 0；"
            "TensorFlow 回答 None，好让人发现两者未连接。",
        ),
        repair=repairs.ask_for_zero(it),
    )


def _vector_target(it: Reason) -> Explanation:
    """P12."""
    return Explanation(
        title=say(en="the target is more than one number", zh="目标不止一个数"),
        why=say(
            en=f"The target holds {it.count} numbers, and a gradient is that of their "
            "sum: one for all of them together. It agrees with the derivatives of the "
            "single numbers only where each depends on its own entry of the source.",
            zh=f"目标有 {it.count} 个数，而梯度是它们之和的梯度：所有数合起来只有一个。"
            "只有当每个数只依赖源中对应的那一项时，它才等于各个数的导数。",
        ),
        repair=repairs.jacobian(it),
    )


def _not_trained(it: Reason) -> Explanation:
    """P20."""
    lists = {
        "": say(
            en=" model.variables holds it, model.trainable_variables does not.",
            zh="model.variables 里有它，model.trainable_variables 里没有。",
        ),
        "single": "",
    }[it.kind]
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


PITFALLS: dict[str, Callable[[Reason], Explanation]] = {
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
    "P20": _not_trained,
    **OF_OPERATIONS,
    **FURTHER,
}
