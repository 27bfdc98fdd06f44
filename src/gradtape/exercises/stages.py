"""Stages of an exercise: how much of an answer is right when the rest is not yet.

A judge that has several things to require may say in between how far an answer has
come. A learner alone is not told a number; a class gives a part of the points.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar


class Stages:
    """How far an answer has come.

    Attributes
    ----------
    share : float
        From 0.0, nothing, to 1.0, all of it.
    """

    def __init__(self):
        self.share = 0.0


_noting: ContextVar[Stages | None] = ContextVar("noting", default=None)


@contextlib.contextmanager
def noting_stages() -> Iterator[Stages]:
    """Note how far the answers come that are judged in the block.

    Examples
    --------
    >>> with noting_stages() as stages:
    ...     stage_reached(0.5)
    >>> stages.share
    0.5
    """
    stages = Stages()
    token = _noting.set(stages)
    try:
        yield stages
    finally:
        _noting.reset(token)


def stage_reached(share: float) -> None:
    """Say that an answer is right up to here; a judge calls it between requirements.

    Parameters
    ----------
    share : float
        The part of the exercise that is done, between 0.0 and 1.0.

    Raises
    ------
    ValueError
        If it is not between them: all and nothing need no stage.
    """
    if not 0.0 < share < 1.0:
        raise ValueError(f"share is {share}; it lies between 0.0 and 1.0")
    stages = _noting.get()
    if stages is not None:
        stages.share = share
