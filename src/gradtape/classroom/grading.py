"""What a kernel needs that grades: quiet, fenced in, and with the judges at hand.

nbgrader gives no points to a cell that writes to standard error, be the answer right or
not, and TensorFlow does so when it is imported and at its first operation. Both happen
here, before a learner's first cell, whatever that imports or leaves out. What is still
written there goes to standard output: whether an answer is right is for its judge.

nbgrader starts its kernels with this module as an extension of IPython, because
:func:`gradtape.classroom.settings.settings` says so.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from IPython import get_ipython
from IPython.display import display

from gradtape.classroom.fence import put_up_fence
from gradtape.exercises.checking import check
from gradtape.exercises.comparing import other_points
from gradtape.exercises.exercise import find
from gradtape.exercises.stages import noting_stages
from gradtape.quiet import hold_back_log

CONFIGURATION = "nbgrader_config.py"


def grade(number: str, *answer: Any, seed: int) -> float:
    """Judge an answer at points that nobody has seen, and give points for it.

    It ends a graded cell: nbgrader reads its value. What was found is shown above it,
    and so comes to stand in the learner's feedback.

    Parameters
    ----------
    number : str
        The exercise: ``"2.1"``.
    *answer : object
        What ``gt.check`` takes.
    seed : int
        Which points are drawn.

    Returns
    -------
    float
        All of the exercise's points for a right answer; of an exercise in stages, the
        part that is right; otherwise 0.

    Examples
    --------
    >>> grade("2.1", lambda x: (1.0, 1.0, 1.0), seed=7)  # doctest: +ELLIPSIS
    ✗ 2.1 is not right yet.
    ...
    0.0
    """
    _forget_this_cell()
    points = find(number).points
    with hold_back_log(), other_points(seed), noting_stages() as stages:
        card = check(number, *answer)
    display(card)
    return float(points if card else round(points * stages.share, 2))


def load_ipython_extension(shell: Any) -> None:
    """Prepare a kernel that grades: called by IPython, before the first cell."""
    import matplotlib.font_manager  # noqa: F401 - it may write its list of fonts now
    import tensorflow as tf

    with hold_back_log():
        tf.zeros(())
    sys.stderr.name = "stdout"
    own = Path.cwd()
    for course in own.parents:
        if (course / CONFIGURATION).is_file():
            put_up_fence(own, course)
            return


def _forget_this_cell() -> None:
    """Take the running cell, which holds a hidden test, out of IPython's history."""
    shell = get_ipython()
    if shell is not None and shell.history_manager is not None:
        for texts in (
            shell.history_manager.input_hist_parsed,
            shell.history_manager.input_hist_raw,
        ):
            texts[-1] = ""
