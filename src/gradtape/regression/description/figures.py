"""A figure and its Axes: where they are, their limits, scales, ticks and legends."""

from __future__ import annotations

import numpy as np
from matplotlib import colors, dates

from .artists import describe_artist, describe_bars, describe_text
from .words import MOST_LISTED, colour, letters, limits, number

_OF_TICKS = ("length", "direction", "color", "labelcolor", "labelsize")
_SIDES = {"left": True, "right": False, "bottom": True, "top": False}  # as usual


def describe_figure(figure) -> str:
    """Return what a figure shows: each Axes, its limits and scales, and what it holds.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Any figure.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> line = ax.plot([0, 1, 2], [0, 1, 4], "r--", label="square")
    >>> print(describe_figure(ax.figure))
    Figure, 6.4 by 4.8 inches, 1 Axes
    Axes 1: at 0.125, 0.11, size 0.775 by 0.77
      x from -0.1 to 2.1, ticks 0.00, 0.25, 0.50, 0.75, 1.00, 1.25, 1.50, 1.75, 2.00
      y from -0.2 to 4.2, ticks 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0
      line 'square': #ff0000, dashed, width 1.5, 3 points, x 0, 1, 2; y 0, 1, 4
    """
    width, height = figure.get_size_inches()
    lines = [
        f"Figure, {number(width)} by {number(height)} inches, {len(figure.axes)} Axes"
    ]
    if figure.get_facecolor() not in ((1, 1, 1, 1), (1, 1, 1, 0)):
        lines[0] += f", on {colour(figure.get_facecolor())}"
    for part in (figure, *figure.subfigs):
        lines += [describe_text(text) for text in part.texts if text.get_text()]
        lines += map(_legend, part.legends)
    for count, ax in enumerate(figure.axes, start=1):
        lines += _axes(ax, str(count))
    return "\n".join(lines)


def _axes(ax, name: str) -> list[str]:
    if not ax.get_visible():
        return [f"{_heading(ax, name)}, hidden"]
    lines = [_heading(ax, name) + _looks(ax)]
    lines += [f"  {_axis(ax, n)}" for n in ("x", "y", "z") if hasattr(ax, f"{n}axis")]
    bars = {
        bar: group
        for group in ax.containers
        if hasattr(group, "patches")
        for bar in group
    }
    told = set()
    for artist in sorted(ax.get_children(), key=lambda artist: artist.get_zorder()):
        if not artist.get_visible() or _is_part_of_axes(ax, artist):
            continue
        if (group := bars.get(artist)) is None:
            words = describe_artist(ax, artist)
        else:
            words = "" if id(group) in told else describe_bars(group)
            told.add(id(group))
        if words:
            lines.append(f"  {words}")
    if (legend := ax.get_legend()) is not None and legend.get_visible():
        lines.append(f"  {_legend(legend)}")
    for count, child in enumerate(ax.child_axes, start=1):
        getattr(child, "_set_lims", lambda: None)()  # a second axis has its limits late
        lines += _axes(child, f"{name}.{count}")
    return lines


def _heading(ax, name: str) -> str:
    head = ""
    if hasattr(ax, "get_title"):
        heads = (ax.get_title(loc=place) for place in ("left", "center", "right"))
        head = " ".join(filter(None, heads))
    kind = "" if ax.name == "rectilinear" else f" ({ax.name})"
    box = ax.get_position(original=True)
    return (
        f"Axes {name}{kind}{f' {head!r}' if head else ''}: at {number(box.x0)}, "
        f"{number(box.y0)}, size {number(box.width)} by {number(box.height)}"
    )


def _looks(ax) -> str:
    """Say what is unusual in an Axes."""
    said = []
    if not getattr(ax, "axison", True):
        said.append("without its frame")
    elif hidden := [side for side, line in ax.spines.items() if not line.get_visible()]:
        said.append(f"without its {', '.join(hidden)} line")
    if colors.to_hex(ax.get_facecolor()) != "#ffffff":
        said.append(f"on {colour(ax.get_facecolor())}")
    if ax.get_aspect() != "auto":
        said.append(f"aspect {ax.get_aspect()}")
    if ax.name == "3d":
        said.append(f"seen from {number(ax.elev)}, {number(ax.azim)} degrees")
    if ax.name == "polar":
        zero, sense = np.degrees(ax.get_theta_offset()), ax.get_theta_direction()
        said.append(f"zero at {number(zero)} degrees, direction {sense}")
        said.append(f"radii written at {number(ax.get_rlabel_position())} degrees")
    return "".join(f", {each}" for each in said)


def _axis(ax, name: str) -> str:
    axis = getattr(ax, f"{name}axis")
    low, high = getattr(ax, f"get_{name}lim")()
    words = f"{name} {_range(axis, low, high)}"
    scale = axis.get_scale()
    if scale != "linear":
        base = getattr(axis.get_transform(), "base", 10)
        words += f", {scale}{'' if base == 10 else f' of base {number(base)}'}"
    if text := axis.get_label_text():
        words += f", {text!r}"
        if color := colour(axis.label.get_color()).replace("#000000", ""):
            words += f" in {color}"
    if not axis.get_visible():
        return words + ", hidden"
    words += _ticks(axis, low, high)
    if getattr(axis, "_major_tick_kw", {}).get("gridOn"):
        words += ", grid"
    return words


def _range(axis, low: float, high: float) -> str:
    converter = getattr(axis, "get_converter", lambda: axis.converter)()
    if type(converter).__module__ != "matplotlib.dates":
        return limits(low, high)
    ends = (dates.num2date(each).isoformat(timespec="seconds") for each in (low, high))
    return "from {} to {}".format(*(end.removesuffix("+00:00") for end in ends))


def _ticks(axis, low: float, high: float) -> str:
    """Say what is written along an axis, how many lesser ticks it has, and its style."""
    low, high = min(low, high), max(low, high)
    places = axis.get_majorticklocs()
    try:
        written = axis.get_major_formatter().format_ticks(places)
    except Exception:  # noqa: BLE001 - a formatter of the reader's, which may need the drawing
        written = [number(place) for place in places]
    shown = [tick for place, tick in zip(places, written) if low <= place <= high]
    plain = [tick.replace("\N{MINUS SIGN}", "-") for tick in shown[: 2 * MOST_LISTED]]
    words = f", ticks {', '.join(plain)}" if any(plain) else ", no labels on its ticks"
    lesser = axis.get_minorticklocs()
    if count := np.sum((low <= lesser) & (lesser <= high)) if len(lesser) else 0:
        words += f", {count} minor ticks"
    style = axis.get_tick_params(which="major")
    words += "".join(
        f", {key} {value if isinstance(value, str) else number(value)}"
        for key in _OF_TICKS
        if isinstance(value := style.get(key), (str, int, float))
    )
    if turned := getattr(axis, "_major_tick_kw", {}).get("labelrotation"):
        words += f", labels turned by {turned}"
    for side, usual in _SIDES.items():
        for kind, key in (("ticks", side), ("labels", f"label{side}")):
            if style.get(key, usual) != usual:
                words += f", {'no ' if usual else ''}{kind} at the {side}"
    return words


def _is_part_of_axes(ax, artist) -> bool:
    """Tell what every Axes has; it is described elsewhere."""
    return (
        artist is ax.patch
        or artist in ax.spines.values()
        or artist in (ax.title, ax._left_title, ax._right_title, ax.get_legend())
        or artist in ax.child_axes
        or artist in [getattr(ax, f"{n}axis", None) for n in "xyz"]
    )


def _legend(legend) -> str:
    entries = ", ".join(
        f"{text.get_text()!r}{_sample(handle)}"
        for text, handle in zip(legend.get_texts(), legend.legend_handles)
    )
    heading = legend.get_title().get_text()
    words = (
        f"legend{f' {heading!r}' if heading else ''}: {entries}, place {legend._loc}"
    )
    if legend._ncols > 1:
        words += f", in {legend._ncols} columns"
    if not legend.get_frame_on():
        words += ", without its frame"
    return words + "".join({letters(text): "" for text in legend.get_texts()})


def _sample(handle) -> str:
    """Say how a legend shows what it names."""
    said = []
    if hasattr(handle, "get_linestyle") and hasattr(handle, "get_color"):
        said = [colour(handle.get_color()), str(handle.get_linestyle())]
        said.append(str(handle.get_marker()) if hasattr(handle, "get_marker") else "")
    elif hasattr(handle, "get_facecolor"):
        face = np.atleast_2d(handle.get_facecolor())
        said = [colour(each) for each in face[:1]] + [
            getattr(handle, "get_hatch", str)() or ""
        ]
    return "".join(f" {each}" for each in said if each not in ("", "None", "[]"))
