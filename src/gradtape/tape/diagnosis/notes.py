"""What is to be said of a gradient although nothing is wrong with it."""

from __future__ import annotations

from gradtape.language import say
from gradtape.tape.diagnosis.suspects import Suspect


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


def outside(name: str, left: Suspect) -> str:
    """Say that a part of the value was computed outside TensorFlow, by the code.

    Parameters
    ----------
    name : str
        The source.
    left : Suspect
        Where its value left TensorFlow.
    """
    place = ""
    if left.line and left.line.text:
        number, text = left.line.number, left.line.text
        place = say(en=f" (line {number}: {text})", zh=f"（第 {number} 行：{text}）")
    return say(
        en=f"The tape has a way back to {name}, but it cannot see what is computed with "
        f"{left.what}{place}: that part counts as constant. Compare the number with "
        "gt.check_gradients; if the part is meant to be constant, say so with "
        "tf.stop_gradient.",
        zh=f"梯度带上有回到 {name} 的路，但是它看不见 {left.what} 的计算{place}："
        "那一部分被当作常量。请用 gt.check_gradients 核对数值；"
        "如果本来就要当作常量，请写明 tf.stop_gradient。",
    )
