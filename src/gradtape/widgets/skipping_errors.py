"""Draw a function that raises errors at some of its points: those are left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.figures.sampling import Curve, sample


def sampled(f: Callable, interval: tuple[float, float]) -> tuple[Callable, Curve]:
    """Sample a function and its derivative.

    Parameters
    ----------
    f : callable
        A function of one variable.
    interval : (float, float)
        Where to sample.

    Returns
    -------
    drawable : callable
        The function, with NaN where f raises an error.
    curve : Curve
        f and f'.

    Raises
    ------
    Exception
        What f raises, if it does so everywhere.
    """
    try:
        return f, sample(f, interval, order=1)
    except Exception:
        if not callable(f):
            raise
        drawable = nan_where_f_fails(f)
        curve = sample(drawable, interval, order=1)
        if not np.isfinite(curve.rows[0]).any():
            raise
        return drawable, curve


def nan_where_f_fails(f: Callable) -> Callable:
    """Return f with NaN where it raises an error at a single point.

    Many points at once, and tracing, go on failing: then one point after the other is
    tried.

    Parameters
    ----------
    f : callable
        A function of one variable or more.
    """

    def drawable(x: tf.Tensor, *others: tf.Tensor) -> Any:
        try:
            return f(x, *others)
        except Exception:
            if x.shape.rank or not tf.executing_eagerly():
                raise
            return x * np.nan

    return drawable
