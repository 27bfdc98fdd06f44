"""What is to be said of a gradient although nothing is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.language import say
from gradtape.learner_code.lines import Line
from gradtape.tape.diagnosis.dataflow import Dataflow
from gradtape.tape.record.backward import Step, Sum, numbers
from gradtape.tape.record.labels import operation_label


def stopped(names: list[str]) -> str:
    """Say that gradients are None on purpose; nothing where there are none of these.

    Parameters
    ----------
    names : list of str
        The sources from which ``tf.stop_gradient`` cuts the result.

    Examples
    --------
    >>> stopped(["x"])
    '∂/∂x is None on purpose: tf.stop_gradient cuts the way from the result back to it.'
    """
    if not names:
        return ""
    gradients = [f"∂/∂{name}" for name in names]
    return say(
        en=f"{', '.join(gradients)} is None on purpose: tf.stop_gradient cuts the way "
        "from the result back to it.",
        zh=f"{'、'.join(gradients)} 是 None，这是有意的：tf.stop_gradient 切断了从结果回来的路。",
    )


def outside(name: str, what: str, line: Line | None) -> str:
    """Say that a part of the value was computed outside TensorFlow, by the code.

    Parameters
    ----------
    name : str
        The source.
    what : str
        How its value left TensorFlow, ``"np.square"``.
    line : Line or None
        Where.
    """
    place = ""
    if line and line.text:
        number, text = line.number, line.text
        place = say(en=f" (line {number}: {text})", zh=f"（第 {number} 行：{text}）")
    return say(
        en=f"The tape has a way back to {name}, but it cannot see what is computed with "
        f"{what}{place}: that part counts as constant. Compare the number with "
        "gt.check_gradients; if the part is meant to be constant, say so with "
        "tf.stop_gradient.",
        zh=f"梯度带上有回到 {name} 的路，但是它看不见 {what} 的计算{place}："
        "那一部分被当作常量。请用 gt.check_gradients 核对数值；"
        "如果本来就要当作常量，请写明 tf.stop_gradient。",
    )


def of_suspects(name: str, way: Dataflow) -> str:
    """Say that the code takes a part of a source's value out of TensorFlow, if it does."""
    for each in way.suspects:
        if each.row == "P5" and each.what != "int":
            return outside(name, each.what, each.line)
    return ""


def of_zeros(gradients: Iterable[tuple[str, Any]], events: list) -> str:
    """Say what a gradient means that is 0 at every entry, though nothing cuts the way.

    Parameters
    ----------
    gradients : iterable of (str, gradient)
        The sources with what came back.
    events : list of Step or Sum
        What was seen on the way back.
    """
    names = [
        name
        for name, each in gradients
        if hasattr(each, "numpy") and not np.any(numbers(each))
    ]
    if not names:
        return ""
    steep = [
        operation_label(event.name)
        for event in events
        if isinstance(event, Step)
        and event.name in ("Sqrt", "Rsqrt", "Pow")
        and (event.name != "Pow" or np.any(numbers(event.inputs[1]) < 1))
        and any(
            hasattr(value, "numpy") and np.any(numbers(value) == 0)
            for value in event.inputs[:1] or event.outputs
        )
    ]
    more = ""
    if steep:
        more = say(
            en=f" {steep[0]} was given 0, where its slope is infinite, and TensorFlow takes "
            "0 · ∞ for 0 there: the true derivative may be another.",
            zh=f"{steep[0]} 的自变量是 0，那里斜率无穷大，而 TensorFlow 把 0 · ∞ 当作 0："
            "真正的导数可能是别的数。",
        )
    why = say(
        en="the parts cancel, or they are multiplied by 0 at this point.",
        zh="各部分互相抵消，或者在这一点乘上了 0。",
    )
    if any(isinstance(event, Sum) and _cancels(event) for event in events):
        why = say(
            en="what comes back on several ways cancels, as +1 and −1 do in z + q − z.",
            zh="从几条路传回来的互相抵消，就像 z + q − z 里的 +1 和 −1。",
        )
    return say(
        en=f"∂/∂{names[0]} is 0 at every entry. Nothing was found that cuts the way back: "
        f"{why}{more} gt.check_gradients tells whether the function changes.",
        zh=f"∂/∂{names[0]} 的每一项都是 0。没有发现路被切断：{why}"
        f"{more}函数是否真的不变，可以用 gt.check_gradients 核对。",
    )


def _cancels(met: Sum) -> bool:
    """Tell whether gradients that met are 0 together, and not each by itself."""
    return not np.any(numbers(met.total)) and any(
        np.any(numbers(part)) for part in met.parts
    )


def no_numbers() -> str:
    """Say that a compiled function has no numbers to look at while it is built."""
    return say(
        en="This runs while a compiled function is being built: the operations can be "
        "seen, the numbers cannot, so NaN and zeros stay unseen. Run it eagerly to see "
        "them: tf.config.run_functions_eagerly(True), or "
        "model.compile(..., run_eagerly=True).",
        zh="此时正在构建编译函数：看得到运算，看不到数值，所以 NaN 和零都看不出来。"
        "要看到数值，请改为即时执行：tf.config.run_functions_eagerly(True)，"
        "或 model.compile(..., run_eagerly=True)。",
    )


def of_slices(gradients: Iterable[tuple[str, Any]]) -> str:
    """Say how a gradient that holds some rows of a table becomes a tensor.

    Parameters
    ----------
    gradients : iterable of (str, gradient)
        The sources with what came back.
    """
    names = [name for name, each in gradients if isinstance(each, tf.IndexedSlices)]
    if not names:
        return ""
    return say(
        en=f"Nothing wrong was found. ∂/∂{names[0]} is a tf.IndexedSlices: the rows that "
        "were used, and their numbers. It has no .numpy(); tf.convert_to_tensor makes a "
        "tensor of it, and an optimizer takes it as it is.",
        zh=f"没有发现问题。∂/∂{names[0]} 是 tf.IndexedSlices：只含用到的行和它们的数值。"
        "它没有 .numpy()；tf.convert_to_tensor 可以把它变成张量，优化器则可以直接使用它。",
    )
