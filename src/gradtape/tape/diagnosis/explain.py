"""``explain_gradient``: why a gradient is None, zero, NaN or fine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from gradtape.clear_errors import clear_errors, shown
from gradtape.language import say
from gradtape.tape.diagnosis.diagnosis import Diagnosis
from gradtape.tape.diagnosis.of_function import explain_function
from gradtape.tape.diagnosis.of_tape import explain_tape
from gradtape.tape.record.blocks import install


@tf.autograph.experimental.do_not_convert
@clear_errors("explain_gradient(lambda x: x**2, 3.0)")
def explain_gradient(
    f: Callable | tf.GradientTape, *args: Any, **options: Any
) -> Diagnosis:
    """Say why a gradient is None, zero, NaN or fine, and how to mend it.

    Two forms::

        explain_gradient(f, *args)                 # a function, and where
        explain_gradient(tape, target, sources)    # in the place of tape.gradient

    The first runs f on a tape of its own, with every number among the arguments watched,
    and looks at what happened; tapes inside f are looked at as well. The second asks the
    tape that you have recorded. What its block did was watched while it ran, from
    ``import gradtape`` on; where it was not (a block that had run many times before, or
    inside a library), the tape tells less, and the diagnosis says so. Whether a number is
    right it tells only in part: that is what :func:`gradtape.check_gradients` is for.

    Parameters
    ----------
    f : callable or tf.GradientTape
        The function. It is called once; again, with Python's whole numbers as they are,
        if it cannot take floats in their place; and again at points nearby if the value
        of a source leaves TensorFlow in it. Variables that it assigns to have their old
        values back afterwards.
        Or a tape. It is asked once: one that is not persistent is used up afterwards,
        just as by ``tape.gradient``; the gradients are in the diagnosis.
    *args : tensor, variable, array, number, or nested structures of these
        For a function, where to differentiate: whole numbers of Python become floats; a
        list of nothing but numbers is one tensor. For a tape, the target and the
        sources: what to differentiate, and with respect to what.
    **options
        For a tape, the same by their names ``target`` and ``sources``, and
        ``output_gradients`` and ``unconnected_gradients`` as for ``tape.gradient``.

    Returns
    -------
    Diagnosis
        It shows itself. ``.causes`` holds the numbers of the pitfalls, ``()`` when none
        was found.

    Raises
    ------
    TypeError
        If the first argument is neither a function nor a tape, or f returns nothing.
    Exception
        Whatever f raises, unless it is due to a gradient.

    Examples
    --------
    >>> explain_gradient(lambda x: x**2, 3.0).causes
    ()
    >>> explain_gradient(lambda x: tf.round(x) ** 2, 3.2).causes
    ('P15',)
    >>> import numpy as np
    >>> explain_gradient(lambda x: np.square(x) * x, 3.0).causes
    ('P5',)
    >>> x = tf.constant(3.0)
    >>> with tf.GradientTape() as tape:
    ...     y = x**2
    >>> explain_gradient(tape, y, x).causes
    ('P1',)
    """
    frame = sys._getframe().f_back
    if isinstance(f, tf.GradientTape):
        target, sources = _asked(args, options)
        if isinstance(target, (list, tuple, dict, tf.keras.Variable)):
            target = tf.nest.map_structure(_behind_keras, target)
        return explain_tape(f, target, sources, options, frame)
    if options:
        names = ", ".join(options)
        raise TypeError(
            say(
                en=f"{names} given by name, which only a tape takes: "
                "explain_gradient(tape, target=y, sources=x)",
                zh=f"用名字给出了 {names}，只有梯度带才这样写："
                "explain_gradient(tape, target=y, sources=x)",
            )
        )
    if not callable(f):
        raise TypeError(
            say(
                en=f"f is {shown(f)}, which is neither a function nor a tape; write "
                "explain_gradient(lambda x: x**2, 3.0) or explain_gradient(tape, y, x)",
                zh=f"f 是 {shown(f)}，既不是函数，也不是梯度带；请写 "
                "explain_gradient(lambda x: x**2, 3.0) 或 explain_gradient(tape, y, x)",
            )
        )
    return explain_function(f, args, frame)


def _behind_keras(leaf: Any) -> Any:
    return leaf.value if isinstance(leaf, tf.keras.Variable) else leaf


def _asked(args: tuple, options: dict[str, Any]) -> tuple[Any, Any]:
    """Return target and sources, by place or by name, and leave the other options."""
    given = dict(zip(_BY_PLACE, args, strict=False))
    names = ", ".join(
        [*(set(given) & set(options)), *(set(options) - {*_BY_PLACE, *_OPTIONS})]
    )
    if names or len(args) > len(_BY_PLACE):
        raise TypeError(
            say(
                en=f"{names or len(args)} is not what a tape can be asked with; write "
                "explain_gradient(tape, target, sources), and output_gradients or "
                "unconnected_gradients by name",
                zh=f"梯度带不能这样提问（{names or len(args)}）；请写 "
                "explain_gradient(tape, 目标, 源)，output_gradients 和 "
                "unconnected_gradients 用名字给出",
            )
        )
    given |= {name: options.pop(name) for name in _BY_PLACE if name in options}
    missing = [name for name in _BY_PLACE[:2] if name not in given]
    if missing:
        raise TypeError(
            say(
                en=f"{' and '.join(missing)} missing; a tape is asked with both: "
                "explain_gradient(tape, y, x)",
                zh=f"缺少 {'、'.join(missing)}；向梯度带提问要两样都给："
                "explain_gradient(tape, y, x)",
            )
        )
    if given.get("output_gradients") is not None:
        options["output_gradients"] = given["output_gradients"]
    if given.get("unconnected_gradients") is not None:
        options["unconnected_gradients"] = given["unconnected_gradients"]
    return given["target"], given["sources"]


_OPTIONS = ("output_gradients", "unconnected_gradients")
_BY_PLACE = ("target", "sources", *_OPTIONS)

# Where TensorFlow was imported before gradtape, blocks are watched from here on.
install()
