"""What a notebook, a cell and its tags ask of the comparison and of the run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

TOLERANCES = ("rtol", "atol")


def tolerance(tags: Sequence[str], *metadata: Mapping[str, Any]) -> dict[str, float]:
    """Return the tolerance that is asked for, such as by the tag ``rtol=0.05``.

    A cell whose numbers rest on a long computation, such as the training of a network,
    may differ more between two machines than others.

    Parameters
    ----------
    tags, *metadata
        As for :func:`settings`.

    Returns
    -------
    dict
        Arguments for :func:`compare_outputs`.

    Raises
    ------
    ValueError
        If a tolerance is no number.

    Examples
    --------
    >>> tolerance(["raises-exception", "rtol=0.05"])
    {'rtol': 0.05}
    """
    return settings(TOLERANCES, tags, *metadata)


def settings(
    names: Sequence[str], tags: Sequence[str], *metadata: Mapping[str, Any]
) -> dict[str, float]:
    """Return the numbers that are set for a cell, the nearest setting of each.

    Parameters
    ----------
    names : sequence of str
        Which settings are looked for.
    tags : sequence of str
        The tags of the cell; those of another form than ``name=number`` are passed over.
    *metadata : mapping
        What the metadata hold under ``gradtape``: the notebook's, then the cell's. Later
        ones count more, tags most.

    Returns
    -------
    dict
        The settings that were made.

    Raises
    ------
    ValueError
        If one is no number, or is negative.

    Examples
    --------
    >>> settings(["rtol", "timeout"], ["timeout=300"], {"rtol": 1e-3, "timeout": 60})
    {'rtol': 0.001, 'timeout': 300.0}
    """
    pairs = (tag.partition("=") for tag in tags)
    tagged = {name: number for name, equals, number in pairs if equals}
    return {
        name: _number(name, layer[name])
        for name in names
        for layer in [_nearest(name, [*metadata, tagged])]
        if layer
    }


def _nearest(name: str, layers: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return next((layer for layer in reversed(layers) if name in layer), {})


def _number(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not (math.isfinite(number) and number >= 0):
        raise ValueError(
            f"{name} is {value!r}; write a number that is not negative, as in {name}=0.5"
        )
    return number
