"""What a notebook, a cell and its tags ask of the comparison and of the run."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TOLERANCES = ("rtol", "atol")
_NUMBERS = (*TOLERANCES, "timeout")
_CHOICES = {
    "layout": ("compare", "ignore"),
    "pictures": ("compare", "ignore"),
    "stderr": ("compare", "ignore"),
    "figures": ("pictures", "described"),
}
NAMES = (*_NUMBERS, *_CHOICES, "mask")
_TAGS_OF_NBVAL = (
    "nbval-ignore-output",
    "nbval-check-output",
    "nbval-raises-exception",
    "nbval-skip",
    "raises-exception",
)
_MEANT = {
    "tolerance": "rtol",
    "tol": "rtol",
    "precision": "rtol",
    "reltol": "rtol",
    "abstol": "atol",
    "masks": "mask",
    "warnings": "stderr",
}


@dataclass(frozen=True)
class Settings:
    """What counts for one cell.

    Attributes
    ----------
    numbers : dict
        Of ``rtol``, ``atol`` and ``timeout`` (seconds) what is set.
    layout, pictures, stderr : {"compare", "ignore"}
        Whether white space, pictures and standard error are compared.
    figures : {"pictures", "described"}
        Whether figures of matplotlib get a description in words and numbers.
    masks : tuple of str
        Regular expressions; what they match is not compared.
    """

    numbers: dict[str, float]
    layout: str = "compare"
    pictures: str = "compare"
    stderr: str = "compare"
    figures: str = "pictures"
    masks: tuple[str, ...] = ()


def read_settings(tags: Sequence[str], *metadata: Mapping[str, Any]) -> Settings:
    """Return all that is set for a cell; the nearest setting counts, masks add up.

    Parameters
    ----------
    tags, *metadata
        As for :func:`settings`.

    Raises
    ------
    ValueError
        If a number is none, a choice is unknown, or a mask is no regular expression.

    Examples
    --------
    >>> read_settings(["stderr=ignore", "mask=took .* s"], {"rtol": 1e-3}).masks
    ('took .* s',)
    """
    layers = [*metadata, _tagged(tags)]
    chosen = {
        name: _choice(name, layer[name])
        for name in _CHOICES
        for layer in [_nearest(name, layers)]
        if layer
    }
    masks = [mask for layer in metadata for mask in _listed(layer.get("mask", ()))]
    masks += [tag.partition("=")[2] for tag in tags if tag.startswith("mask=")]
    return Settings(
        settings(_NUMBERS, tags, *metadata), masks=tuple(map(_pattern, masks)), **chosen
    )


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
    layers = [*metadata, _tagged(tags)]
    return {
        name: _number(name, layer[name])
        for name in names
        for layer in [_nearest(name, layers)]
        if layer
    }


def typed_wrong(tags: Sequence[str], metadata: Mapping[str, Any]) -> Iterator[str]:
    """Say which settings look as if something else was meant.

    Parameters
    ----------
    tags : sequence of str
        The tags of a cell.
    metadata : mapping
        What the metadata of the cell, or of the notebook, hold under ``gradtape``.

    Yields
    ------
    str
        A sentence for each; tags of others are passed over.

    Examples
    --------
    >>> list(typed_wrong(["RTOL=0.01", "easy"], {"rtoll": 0.01}))
    ["the tag 'RTOL=0.01' is unknown; is rtol=0.01 meant?", "the setting 'rtoll' is unknown; is rtol meant?"]
    """
    for tag in tags:
        name, equals, value = tag.partition("=")
        if equals:
            meant = _meant(name)
            if name not in NAMES and meant:
                yield f"the tag {tag!r} is unknown; is {meant}={value.strip()} meant?"
            continue
        plain = re.sub(r"[\s_]+", "-", tag.strip().lower())
        if tag not in _TAGS_OF_NBVAL:
            near = difflib.get_close_matches(plain, _TAGS_OF_NBVAL, 1, cutoff=0.9)
            if near:
                yield f"the tag {tag!r} is unknown; is {near[0]} meant?"
    for name in metadata:
        if name not in NAMES and (meant := _meant(name)):
            yield f"the setting {name!r} is unknown; is {meant} meant?"


def _meant(name: str) -> str:
    plain = name.strip().lower()
    if plain in _MEANT:
        return _MEANT[plain]
    return next(iter(difflib.get_close_matches(plain, NAMES, 1, cutoff=0.75)), "")


def _tagged(tags: Sequence[str]) -> dict[str, str]:
    pairs = (tag.partition("=") for tag in tags)
    return {name: value for name, equals, value in pairs if equals}


def _nearest(name: str, layers: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return next((layer for layer in reversed(layers) if name in layer), {})


def _listed(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else list(value)


def _choice(name: str, value: Any) -> str:
    if value not in _CHOICES[name]:
        raise ValueError(f"{name} is {value!r}; write {' or '.join(_CHOICES[name])}")
    return value


def _pattern(mask: Any) -> str:
    try:
        re.compile(mask)
    except (re.error, TypeError) as error:
        raise ValueError(
            f"mask is {mask!r}, which is no regular expression ({error}); "
            "write one, as in mask=took .* s"
        ) from None
    return mask


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
