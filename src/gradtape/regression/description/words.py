"""Numbers, colours and letters in words, so that two figures can be told apart."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

import numpy as np
from matplotlib import colors, rcParams

MOST_LISTED = 12
_FAR_AWAY = 100  # times their own range, numbers are written from a whole number on
_LIGHT = (0.2126, 0.7152, 0.0722)  # how bright red, green and blue are to the eye


def number(value: float, scale: float = 0.0) -> str:
    """Write a number with four digits; what is tiny beside the others is 0."""
    value = float(value)
    if value == 0 or abs(value) < 1e-6 * scale:
        return "0"
    return f"{value:.4g}"


def listed(values: Iterable, scale: float = 0.0) -> str:
    """Write numbers one after the other, the first ones of many."""
    values = list(values)
    more = f" and {len(values) - MOST_LISTED} more" if len(values) > MOST_LISTED else ""
    return ", ".join(number(value, scale) for value in values[:MOST_LISTED]) + more


def limits(low: float, high: float) -> str:
    """Write where something begins and ends, far away from 0 too."""
    origin = _origin(min(low, high), max(low, high))
    return f"from {number(low - origin)} to {number(high - origin)}{_beyond(origin)}"


def spread(values: object) -> str:
    """Say which numbers there are, of many how they are spread and in which order."""
    values = numbers(values)
    finite = values[np.isfinite(values)]
    missing = len(values) - len(finite)
    end = f", {missing} missing" if missing else ""
    if not len(finite):
        return "without numbers"
    low, high = finite.min(), finite.max()
    if low == high:
        return f"all {number(low)}{end}"
    origin = _origin(low, high)
    end = _beyond(origin) + end
    finite = finite - origin
    scale = np.max(np.abs(finite))
    if len(finite) <= MOST_LISTED:
        return listed(finite, scale) + end
    ways = finite[np.linspace(0, len(finite) - 1, 5).astype(int)]
    step = np.mean(np.abs(np.diff(finite)))
    return (
        f"from {number(low - origin, scale)} to {number(high - origin, scale)}, "
        f"mean {number(finite.mean(), scale)}, in order {listed(ways, scale)}, "
        f"mean step {number(step, scale)}{end}"
    )


def spread_over(array: np.ndarray) -> str:
    """Say how the numbers of an image or a grid are spread, across it and down."""
    words = spread(array)
    return (
        words
        if np.ndim(array) < 2
        else f"{words}; down its columns: {spread(np.transpose(array))}"
    )


def numbers(values: object) -> np.ndarray:
    """Return anything as one row of numbers; where it has none, their positions."""
    try:
        array = np.ma.filled(np.ma.asarray(values, float), np.nan)
    except (TypeError, ValueError):  # categories
        array = np.arange(len(values), dtype=float)
    return np.ravel(array)


def _origin(low: float, high: float) -> int:
    """Return what to count from: 0, unless numbers are far from it and near another."""
    span = high - low
    if not 1 <= span < max(abs(low), abs(high)) / _FAR_AWAY < math.inf:
        return 0
    step = 10 ** math.ceil(math.log10(span))
    return math.floor(low / step) * step


def _beyond(origin: int) -> str:
    return f" beyond {origin}" if origin else ""


def colour(value: object, alpha: float | None = None) -> str:
    """Name a colour by its red, green and blue, and its opacity if it has one."""
    try:
        name = colors.to_hex(colors.to_rgba(value, alpha), keep_alpha=True)
    except (ValueError, TypeError):
        return str(value)
    return name.removesuffix("ff") if len(name) == 9 else name


def colours(values: object, name: str = "") -> str:
    """Name colours: all of a few, of many how often each, and in which order."""
    values = np.atleast_2d(values)
    if values.size == 0:
        return ""
    names = [colour(value) for value in values]
    counts = Counter(names)
    if len(counts) == 1:
        return name + names[0]
    if len(names) <= MOST_LISTED:
        return name + ", ".join(names)
    few = ", ".join(f"{c} ({n})" for c, n in counts.most_common()[:MOST_LISTED])
    return f"{name}{few if len(counts) <= MOST_LISTED else f'{len(counts)} colours'}, brightness {spread(values[:, :3] @ _LIGHT)}"


def label(artist: object) -> str:
    """Return an artist's label in quotes, if its author gave it one."""
    text = str(artist.get_label())
    return "" if text.startswith("_") else f" {text!r}"


def letters(text: object) -> str:
    """Say what is unusual in how words are written."""
    said = []
    if text.get_fontsize() != rcParams["font.size"]:
        said.append(f"size {number(text.get_fontsize())}")
    said += [
        str(value)
        for value in (text.get_fontweight(), text.get_fontstyle())
        if value not in ("normal", 400)
    ]
    if text.get_rotation():
        said.append(f"turned by {number(text.get_rotation())} degrees")
    place = text.get_horizontalalignment(), text.get_verticalalignment()
    if place != ("left", "baseline"):
        said.append(" ".join(place))
    if box := text.get_bbox_patch():
        said.append(f"in a box of {colour(box.get_facecolor())}")
    return "".join(f", {each}" for each in said)
