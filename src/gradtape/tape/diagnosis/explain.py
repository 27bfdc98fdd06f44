"""``explain_gradient``: why a gradient is None, zero, NaN or fine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from gradtape.language import say
from gradtape.tape.diagnosis.afterwards import explain_afterwards
from gradtape.tape.diagnosis.diagnosis import Diagnosis
from gradtape.tape.diagnosis.function_run import explain_function


def explain_gradient(
    f: Callable | tf.GradientTape, *args: Any, **target_and_sources: Any
) -> Diagnosis:
    """Say why a gradient is None, zero, NaN or fine, and how to mend it.

    Two forms::

        explain_gradient(f, *args)                 # a function, and where
        explain_gradient(tape, target, sources)    # in the place of tape.gradient

    The first runs f on a tape of its own, with every number among the arguments watched,
    and looks at what happened; tapes inside f are looked at as well. The second asks the
    tape that you have recorded. It tells what the tape knows, and what stands in your
    code where that can be read. Whether a number is right it tells only in part: that is
    what :func:`gradtape.check_gradients` is for.

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
    **target_and_sources
        For a tape, the same by their names ``target`` and ``sources``.

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
    if isinstance(f, tf.GradientTape):
        return explain_afterwards(
            f, *args, **target_and_sources, frame=sys._getframe().f_back
        )
    if target_and_sources:
        names = ", ".join(target_and_sources)
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
                en=f"f is {f!r}, which is neither a function nor a tape; write "
                "explain_gradient(lambda x: x**2, 3.0) or explain_gradient(tape, y, x)",
                zh=f"f 是 {f!r}，既不是函数，也不是梯度带；请写 "
                "explain_gradient(lambda x: x**2, 3.0) 或 explain_gradient(tape, y, x)",
            )
        )
    return explain_function(f, args, sys._getframe().f_back)
