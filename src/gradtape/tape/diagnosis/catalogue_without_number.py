"""What has no number: values that are not finite, and what could not be seen."""

from __future__ import annotations

from gradtape.language import say
from gradtape.tape.diagnosis import repairs
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.words import Explanation


def no_number(it: Reason) -> Explanation:
    """None of the rows: values that are not finite, or what could not be seen."""
    if it.kind in _UNSEEN:
        return _unseen(it)
    name = it.operation or say(en="an operation", zh="某个运算")
    if it.kind == "too small on the way back":
        return Explanation(
            title=say(en="a gradient that vanishes", zh="梯度消失"),
            why=say(
                en=f"On the way back through {name} a gradient became too small for its "
                "dtype, and 0 is left: many factors below 1 were multiplied.",
                zh=f"反向经过 {name} 时，梯度太小，超出了类型的范围，只剩下 0："
                "许多小于 1 的因子相乘。",
            ),
        )
    kinds = {
        "domain": say(
            en=f"{name} was given a number outside its domain, and gave NaN.",
            zh=f"{name} 的自变量超出了定义域，得到 NaN。",
        ),
        "masked": say(
            en=f"{name} was given a row of nothing but -inf, a row that is masked "
            "altogether: 0/0, which is NaN. Mask with a large negative number in the place "
            "of -inf.",
            zh=f"{name} 收到的一行全是 -inf（整行都被掩码）：0/0，结果是 NaN。"
            "请用绝对值很大的负数代替 -inf。",
        ),
        "infinities": say(
            en=f"{name} was given an infinity where it has no value, such as 0 · inf or "
            "inf - inf, and gave NaN.",
            zh=f"{name} 遇到了没有定义的无穷大运算，例如 0 · inf 或 inf - inf，得到 NaN。",
        ),
        "data": say(
            en=f"{name} was given NaN already: the data that were put in hold it. Look "
            "for it before the block, with tf.debugging.check_numerics.",
            zh=f"传给 {name} 的数里已经有 NaN：输入的数据里就有。"
            "请在块之前用 tf.debugging.check_numerics 查找。",
        ),
        "empty": say(
            en=f"{name} was given no numbers at all, as where a mask leaves nothing: 0/0, "
            "which is NaN. Divide a sum by the count in its place, by "
            "tf.math.divide_no_nan.",
            zh=f"{name} 没有收到任何数（例如掩码之后什么也没剩下）：0/0，结果是 NaN。"
            "请改用 tf.math.divide_no_nan，用总和除以个数。",
        ),
        "divided": say(
            en=f"{name} had no value to give, such as 0/0: NaN.",
            zh=f"{name} 的结果没有定义，例如 0/0：NaN。",
        ),
        "too large": say(
            en=f"At {name} a value became too large for its dtype.",
            zh=f"在 {name} 处，数值太大，超出了类型的范围。",
        ),
        "too large on the way back": say(
            en=f"On the way back through {name} a gradient became too large for its dtype.",
            zh=f"反向经过 {name} 时，梯度太大，超出了类型的范围。",
        ),
    }
    why = kinds.get(it.kind) or say(
        en=f"At {name} a value was infinite or NaN already on the way forward: a number "
        "too large for its dtype, a point outside the function's domain, or data that hold "
        "NaN.",
        zh=f"在 {name} 处，前向传播的值就已经是无穷大或 NaN：数太大，超出了类型的范围；"
        "或者自变量不在定义域内；或者数据里本来就有 NaN。",
    )
    after = say(
        en=" This is the first such value; no gradient can come back through it.",
        zh="这是第一个这样的值；梯度无法穿过它传回来。",
    )
    return Explanation(
        title=say(en="the values themselves are not finite", zh="数值本身不是有限数"),
        why=why + ("" if it.kind == "empty" else after),
        repair=repairs.finite(it),
    )


_UNSEEN = {"unseen", "not on record", "not read", "unknown"}


def _unseen(it: Reason) -> Explanation:
    """Say what is known, what cannot be seen, and the one next step."""
    if it.kind == "unknown":
        return Explanation(
            title=say(en="no cause was found", zh="没有找到原因"),
            why=say(
                en=f"{it.target} was computed from {it.source}, and each operation that was "
                "seen on the way lets a gradient through; TensorFlow answers None all the "
                "same. gt.check_gradients tells what the derivative is.",
                zh=f"{it.target} 由 {it.source} 算出，途中看到的每个运算都能传递梯度，"
                "TensorFlow 却回答 None。导数究竟是多少，可以用 gt.check_gradients 查看。",
            ),
        )
    known = {
        "unseen": say(
            en=f"{it.target} is on the record of the tape, but no way leads back from it to "
            f"{it.source}.",
            zh=f"{it.target} 在梯度带的记录里，但是从它没有路回到 {it.source}。",
        ),
        "not on record": say(
            en=f"{it.target} is not on the record of the tape.",
            zh=f"{it.target} 不在梯度带的记录里。",
        ),
        "not read": say(
            en=f"The tape has not seen {it.source} being used in its block.",
            zh=f"梯度带没有看到 {it.source} 在块内被用到。",
        ),
    }[it.kind]
    return Explanation(
        title=say(en="what cut the way back was not seen", zh="没有看到路断在哪里"),
        why=known
        + say(
            en=" What the block did was not watched while it ran, so the cause cannot be "
            "told: it may be a value that is really independent, or one that left "
            "TensorFlow. Run the block once more, by itself, and ask again; or give what "
            "it does as a function.",
            zh="块运行时没有被观察，所以说不出原因：可能确实没有关系，"
            "也可能数值离开过 TensorFlow。请单独再运行一次这个块，然后再问；"
            "或者把块里的计算写成函数来问。",
        ),
        repair=repairs.ask_as_a_function(it),
    )
