"""What a figure shows, in words and numbers.

The description is what people read who cannot see the figure, and what two runs of a
lesson are compared by. Every figure of gradtape carries one; for a figure drawn with
plain matplotlib one is made from what was drawn.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

from gradtape.language import say

_MOST_LISTED = 8

_sentences: WeakKeyDictionary[Axes, list[str]] = WeakKeyDictionary()


def describe(ax: Axes, sentence: str) -> None:
    """Let an Axes carry a description of what has been drawn into it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The Axes.
    sentence : str
        What was drawn, in words and numbers, in the reader's language. It is added to
        what was said of the Axes before.
    """
    _sentences.setdefault(ax, []).append(sentence)


def description(figure: Figure) -> str:
    """Return what a figure shows, in words and numbers.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        A figure of gradtape's or anybody else's.

    Returns
    -------
    str
        One or more sentences in the reader's language.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure, ax = plt.subplots()
    >>> line = ax.plot([0, 1, 2], [0, 1, 4], label="$x^2$")
    >>> description(figure)
    'A figure: curve x^2, 3 points from (0, 0) to (2, 4), between 0 and 4.'
    """
    parts = []
    for ax in figure.axes:
        if ax.get_label() == "<colorbar>":
            continue
        own = _sentences.get(ax, [])
        parts.append(" ".join([*own, *_drawn_besides(ax, bool(own))]))
    separator = say(en=" ", zh="")
    if len(parts) == 1:
        return parts[0]
    return separator.join(
        say(en=f"({number}) {part}", zh=f"（{number}）{part}")
        for number, part in enumerate(parts, start=1)
    )


def number(value: float, scale: float = 0.0, span: float | None = None) -> str:
    """Write a number with four significant digits; what is tiny beside scale is 0.

    Parameters
    ----------
    value : float
        The number.
    scale : float
        The size of the numbers that it stands among.
    span : float, optional
        How far these lie apart, by default the scale. A number much larger gets as many
        digits more, so that they can be told apart.

    Examples
    --------
    >>> number(2 / 3), number(1e-9, scale=1.0), number(1000.25, span=0.5)
    ('0.6667', '0', '1000.25')
    """
    if abs(value) <= 1e-7 * scale or value == 0:
        return "0"
    span = scale if span is None else span
    more = math.floor(math.log10(abs(value) / span)) if span else 0
    return f"{value:.{4 + min(max(more, 0), 12)}g}"


def numbers(values: Iterable[float], scale: float = 0.0) -> str:
    """Write numbers one after the other, in the reader's language."""
    return say(en=", ", zh="、").join(number(value, scale) for value in values)


def listed(places: Iterable[float], scale: float) -> str:
    """Write places one after the other, the first of them if there are many."""
    places = list(places)
    words = numbers(places[:_MOST_LISTED], scale)
    rest = len(places) - _MOST_LISTED
    return words + (
        say(en=f" and {rest} more", zh=f"，另有 {rest} 处") if rest > 0 else ""
    )


def _drawn_besides(ax: Axes, has_own: bool) -> list[str]:
    """Describe what was drawn with plain matplotlib."""
    lines = [
        line for line in ax.lines if not getattr(line, "gradtape_described", False)
    ]
    things = [
        _say_line(line) if _has_data(line) else _say_place(line) for line in lines
    ]
    things = [thing for thing in things if thing]
    if has_own:
        return [thing + say(en=".", zh="。") for thing in things]
    charts = [each for each in ax.containers if isinstance(each, BarContainer)]
    things += map(_say_bars, charts)
    shapes = len(ax.patches) - sum(map(len, charts))
    for one, many, zh, count in (
        (
            "area or set of points",
            "areas or sets of points",
            "区域或点集",
            len(ax.collections),
        ),
        ("shape", "shapes", "图形", shapes),
    ):
        if count:
            kind = one if count == 1 else many
            things.append(say(en=f"{count} {kind}", zh=f"{count} 个{zh}"))
    things += map(_say_image, ax.images)
    heads = [ax.get_title(loc=place) for place in ("left", "center", "right")]
    head = _plain(" ".join(filter(None, heads)))
    opening = say(en="A figure", zh="一幅图") + (
        say(en=f' "{head}"', zh=f"“{head}”") if head else ""
    )
    labels = [
        f"{axis} = {_plain(label)}"
        for axis, label in (("x", ax.get_xlabel()), ("y", ax.get_ylabel()))
        if label
    ]
    if labels:
        opening += say(en=" with ", zh="，") + ", ".join(labels)
    body = say(en="; ", zh="；").join(things) or say(en="nothing drawn", zh="没有内容")
    return [say(en=f"{opening}: {body}.", zh=f"{opening}：{body}。")]


def _has_data(line) -> bool:
    """Tell a curve from a line that only marks a place, such as ax.axhline's."""
    return line.get_transform() == line.axes.transData


def _say_place(line) -> str:
    """Describe a line such as ax.axvline's; the zero lines go without saying."""
    (x, *more_x), (y, *_) = line.get_data()
    is_level = any(other != x for other in more_x)
    place = float(y if is_level else x)
    if place == 0:
        return ""
    axis = "y" if is_level else "x"
    kind = say(en="level", zh="横") if is_level else say(en="upright", zh="竖")
    return say(
        en=f"{kind} line at {axis} = {number(place)}",
        zh=f"{axis} = {number(place)} 处的{kind}线",
    )


def _say_line(line) -> str:
    x, y = (np.asarray(data, float) for data in line.get_data())
    label = line.get_label()
    label = "" if label.startswith("_") else _plain(label)
    finite = np.isfinite(x) & np.isfinite(y)
    if not finite.any():
        return say(en=f"curve {label} without points", zh=f"没有点的曲线{label}")
    x, y = x[finite], y[finite]
    # On a logarithmic axis what is tiny beside the rest can be seen all the same.
    scale = float(np.max(np.abs(y))) if line.axes.get_yscale() == "linear" else 0.0
    ends = [
        f"({number(a)}, {number(b, scale)})" for a, b in ((x[0], y[0]), (x[-1], y[-1]))
    ]
    low, high = number(y.min(), scale), number(y.max(), scale)
    if len(x) == 1:
        return say(en=f"point {label} at {ends[0]}", zh=f"点 {label}{ends[0]}").replace(
            "  ", " "
        )
    kind = (
        say(en="curve", zh="曲线")
        if line.get_linestyle() not in ("None", " ", "")
        else say(en="points", zh="散点")
    )
    text = say(
        en=f"{kind} {label}, {len(x)} points from {ends[0]} to {ends[1]}, "
        f"between {low} and {high}",
        zh=f"{kind} {label}，共 {len(x)} 个点，从 {ends[0]} 到 {ends[1]}，"
        f"值在 {low} 和 {high} 之间",
    )
    return text.replace(" ,", ",").replace(" ，", "，")


def _say_bars(bars: BarContainer) -> str:
    label = bars.get_label()
    label = "" if label.startswith("_") else f" {_plain(label)}"
    sizes = np.asarray(bars.datavalues, float)
    scale = float(np.max(np.abs(sizes), initial=0.0))
    high = ("high", "高") if bars.orientation == "vertical" else ("long", "长")
    if len(sizes) <= _MOST_LISTED:
        said = (numbers(sizes, scale),) * 2
    else:
        low, mean, top = (
            number(float(f(sizes)), scale) for f in (np.min, np.mean, np.max)
        )
        said = (
            f"between {low} and {top}, {mean} in the mean,",
            f"在 {low} 和 {top} 之间，平均 {mean}",
        )
    return say(
        en=f"{len(sizes)} bars{label}, {said[0]} {high[0]}",
        zh=f"{len(sizes)} 个柱形{label}，{high[1]} {said[1]}",
    )


def _say_image(image) -> str:
    values = np.ma.filled(image.get_array().astype(float), np.nan)
    size = say(en=" by ", zh=" × ").join(map(str, values.shape))
    if values.ndim > 2 or not np.isfinite(values).any():  # colours, or nothing
        return say(en=f"image of {size}", zh=f"{size} 的图像")
    row, column = np.unravel_index(np.nanargmax(values), values.shape)
    scale = float(np.nanmax(np.abs(values)))
    low, mean, high = (
        number(float(f(values)), scale) for f in (np.nanmin, np.nanmean, np.nanmax)
    )
    return say(
        en=f"image of {size} numbers between {low} and {high}, {mean} in the mean, "
        f"the largest in row {row}, column {column}",
        zh=f"{size} 个数的图像，值在 {low} 和 {high} 之间，平均 {mean}，"
        f"最大的在第 {row} 行、第 {column} 列",
    )


def _plain(text: str) -> str:
    """Write a label without the marks of mathematical typesetting."""
    text = re.sub(r"\\(?:mathrm|text|operatorname)\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\[,:;! ]", "", text)
    return re.sub(r"\\([A-Za-z]+)", _letter, text).replace("$", "").strip()


def _letter(command: re.Match) -> str:
    name = command[1].removeprefix("var")
    size = "SMALL" if name.islower() else "CAPITAL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {name.upper()}")
    except KeyError:
        return name


def mark_described(artist) -> None:
    """Mark an artist as one of which the description already speaks."""
    for each in artist if isinstance(artist, (list, tuple)) else [artist]:
        each.gradtape_described = True
