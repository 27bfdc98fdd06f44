"""What a figure of matplotlib shows, in words and numbers, read from its artists.

This module is run in the notebook's kernel, in whatever environment that has: it
imports matplotlib and NumPy alone, and draws nothing.
"""

from __future__ import annotations

import numpy as np
from matplotlib import colors
from matplotlib.collections import Collection
from matplotlib.container import BarContainer
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.quiver import Quiver
from matplotlib.text import Annotation, Text

_MOST_LISTED = 12


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
      line 'square': #ff0000, dashed, width 1.5, 3 points, x from 0 to 2, mean 1; y from 0 to 4, mean 1.667, first 0, last 4, tilt 4
    """
    width, height = figure.get_size_inches()
    lines = [f"Figure, {_n(width)} by {_n(height)} inches, {len(figure.axes)} Axes"]
    if figure.get_facecolor() not in ((1, 1, 1, 1), (1, 1, 1, 0)):
        lines[0] += f", on {_colour(figure.get_facecolor())}"
    title = getattr(figure, "_suptitle", None)
    lines += [_text(text) for text in figure.texts if text is not title]
    if title is not None:
        lines.append(f"title {title.get_text()!r}")
    for number, ax in enumerate(figure.axes, start=1):
        lines += _axes(ax, number)
    return "\n".join(lines)


def _axes(ax, number: int) -> list[str]:
    box = ax.get_position(original=True)
    heads = [ax.get_title(loc=place) for place in ("left", "center", "right")]
    head = " ".join(filter(None, heads))
    kind = "" if ax.name == "rectilinear" else f" ({ax.name})"
    lines = [
        (
            f"Axes {number}{kind}{f' {head!r}' if head else ''}: at {_n(box.x0)}, {_n(box.y0)}, "
            f"size {_n(box.width)} by {_n(box.height)}"
        )
    ]
    if not ax.get_visible():
        return [lines[0] + ", hidden"]
    if not ax.axison:
        lines[0] += ", without its frame"
    if colors.to_hex(ax.get_facecolor()) != "#ffffff":
        lines[0] += f", on {_colour(ax.get_facecolor())}"
    if ax.get_aspect() not in ("auto",):
        lines[0] += f", aspect {ax.get_aspect()}"
    if ax.name == "3d":
        lines[0] += f", seen from {_n(ax.elev)}, {_n(ax.azim)} degrees"
    lines += [
        f"  {_axis(ax, name)}" for name in ("x", "y", "z") if hasattr(ax, f"{name}axis")
    ]
    bars = {
        id(bar)
        for each in ax.containers
        if isinstance(each, BarContainer)
        for bar in each
    }
    for each in ax.containers:
        if isinstance(each, BarContainer):
            lines.append(f"  {_bars(each)}")
    for artist in ax.get_children():
        if id(artist) in bars or not artist.get_visible() or _is_furniture(ax, artist):
            continue
        if words := _artist(ax, artist):
            lines.append(f"  {words}")
    if (legend := ax.get_legend()) is not None:
        entries = ", ".join(repr(text.get_text()) for text in legend.get_texts())
        heading = legend.get_title().get_text()
        lines.append(
            f"  legend{f' {heading!r}' if heading else ''}: {entries}, place {legend._loc}"
        )
    return lines


def _axis(ax, name: str) -> str:
    axis = getattr(ax, f"{name}axis")
    low, high = getattr(ax, f"get_{name}lim")()
    words = f"{name} from {_n(low)} to {_n(high)}"
    scale = axis.get_scale()
    label = axis.get_label_text()
    if scale != "linear":
        words += f", {scale}"
    if label:
        words += f", {label!r}"
    if not axis.get_visible():
        return words + ", hidden"
    places = axis.get_majorticklocs()
    within = [p for p in places if min(low, high) <= p <= max(low, high)]
    try:
        ticks = axis.get_major_formatter().format_ticks(places)
    except Exception:  # noqa: BLE001 - a formatter of the reader's, which may need the drawing
        ticks = [_n(place) for place in places]
    shown = [tick for place, tick in zip(places, ticks) if place in within]
    plain = [tick.replace("\N{MINUS SIGN}", "-") for tick in shown[: 2 * _MOST_LISTED]]
    words += f", ticks {', '.join(plain)}" if any(plain) else ", no labels on its ticks"
    if getattr(axis, "_major_tick_kw", {}).get("gridOn"):
        words += ", grid"
    return words


def _is_furniture(ax, artist) -> bool:
    """Tell what every Axes has, of which is spoken elsewhere."""
    return (
        artist is ax.patch
        or artist in ax.spines.values()
        or artist in (ax.title, ax._left_title, ax._right_title, ax.get_legend())
        or artist in [getattr(ax, f"{n}axis", None) for n in "xyz"]
    )


def _artist(ax, artist) -> str:
    if isinstance(artist, Line2D):
        return _line(ax, artist)
    if isinstance(artist, Quiver):
        return (
            f"arrows: {artist.N}, x {_spread(artist.X)}; y {_spread(artist.Y)}; "
            f"u {_spread(artist.U)}; v {_spread(artist.V)}; {_colours(artist.get_facecolor())}"
        )
    if isinstance(artist, Collection):
        return _collection(ax, artist)
    if isinstance(artist, AxesImage):
        return _image(artist)
    if isinstance(artist, Text):
        return _text(artist)
    if isinstance(artist, Patch):
        return _patch(ax, artist)
    return ""


def _line(ax, line) -> str:
    label = str(line.get_label())
    label = "" if label.startswith("_") else f" {label!r}"
    style = {"-": "solid", "--": "dashed", ":": "dotted", "-.": "dash-dotted"}
    drawn = style.get(line.get_linestyle(), "no line")
    parts = [_colour(line.get_color(), line.get_alpha()), drawn]
    if drawn != "no line":
        parts.append(f"width {_n(line.get_linewidth())}")
    if str(line.get_marker()) not in ("None", "", " "):
        parts.append(
            f"marker {line.get_marker()} of size {_n(line.get_markersize())} "
            f"in {_colour(line.get_markerfacecolor())}"
        )
    data = (
        line.get_data_3d()
        if hasattr(line, "get_data_3d")
        else line.get_data(orig=False)
    )
    values = [_numbers(each) for each in data]
    parts.append(f"{len(values[0])} points")
    if not (line.get_transform() == ax.transData or len(values) == 3):
        parts.append("in parts of the Axes")
    said = "; ".join(
        f"{name} {_spread(each, ordered=name != 'x')}"
        for name, each in zip("xyz", values, strict=False)
    )
    return f"line{label}: {', '.join(parts)}, {said}"


def _collection(ax, collection) -> str:
    name = type(collection).__name__
    label = str(collection.get_label())
    label = "" if label.startswith("_") else f" {label!r}"
    parts = [
        _colours(collection.get_facecolor(), "filled "),
        _colours(collection.get_edgecolor(), "edges "),
    ]
    array = collection.get_array()
    if array is not None:
        parts = [
            f"{collection.get_cmap().name} from {_n(collection.norm.vmin)} to {_n(collection.norm.vmax)}"
        ]
        parts.append(f"values {_spread(array, ordered=True)}")
    if collection.get_alpha() is not None:
        parts.append(f"opacity {_spread(np.atleast_1d(collection.get_alpha()))}")
    if hasattr(collection, "levels"):
        parts.append(f"levels {_listed(collection.levels)}")
    sizes = getattr(collection, "get_sizes", lambda: ())()
    if len(sizes):
        parts.append(f"sizes {_spread(sizes)}")
    widths = np.atleast_1d(collection.get_linewidth())
    if len(widths):
        parts.append(f"width {_spread(widths)}")
    return (
        f"{name}{label}: {'; '.join([*filter(None, parts), _places(ax, collection)])}"
    )


def _places(ax, collection) -> str:
    """Say where the members of a collection lie."""
    vertices = None
    for hidden in ("_offsets3d", "_vec", "_faces", "_segments3d"):  # no public access
        kept = getattr(collection, hidden, None)
        if kept is not None and len(kept):
            if hidden == "_offsets3d":
                vertices = np.stack([_numbers(each) for each in kept])
            elif hidden == "_vec":
                vertices = np.asarray(kept, float)[:3]
            else:
                vertices = np.concatenate(
                    [np.asarray(k, float).reshape(-1, 3) for k in kept]
                ).T
            break
    if vertices is None:
        offsets = np.ma.filled(np.ma.asarray(collection.get_offsets(), float), np.nan)
        paths = collection.get_paths()
        if len(offsets) > 1 or (
            len(offsets) == 1 and np.any(offsets) and len(paths) <= 1
        ):
            vertices = offsets.T
            marks = sorted({len(path.vertices) for path in paths})
            shape = f"marks of {_listed(marks)} vertices; " if marks else ""
        else:
            shape = f"{len(paths)} paths; "
            kept = [path.vertices for path in paths if len(path.vertices)]
            vertices = np.concatenate(kept).T if kept else np.empty((2, 0))
    else:
        shape = ""
    return f"{vertices.shape[1]} places, {shape}" + "; ".join(
        f"{name} {_spread(each, ordered=True)}"
        for name, each in zip("xyz", vertices, strict=False)
    )


def _image(image) -> str:
    array = np.ma.filled(np.ma.asarray(image.get_array(), float), np.nan)
    size = " by ".join(map(str, array.shape))
    extent = ", ".join(map(_n, image.get_extent()))
    words = f"image: {size}, over {extent}, origin {image.origin}"
    if array.ndim == 2:
        low, high = image.get_clim()
        words += f", {image.get_cmap().name} from {_n(low)} to {_n(high)}"
    else:
        means = np.nanmean(array.reshape(-1, array.shape[-1]), axis=0)
        words += f", mean colour {_listed(means)}"
        array = array.mean(axis=-1)
    down = np.arange(array.shape[0]) - (array.shape[0] - 1) / 2
    along = np.arange(array.shape[1]) - (array.shape[1] - 1) / 2
    total = np.nansum(np.abs(array)) or 1.0
    corners = (array[0, 0], array[0, -1], array[-1, 0], array[-1, -1])
    scale = np.nanmax(np.abs(array), initial=0.0)
    return (
        f"{words}, values {_spread(array)}, corners {_listed(corners, scale)}, weight "
        f"{_n(np.nansum(array * along) / total, len(along))} to the right, "
        f"{_n(np.nansum(array.T * down) / total, len(down))} down"
    )


def _bars(bars) -> str:
    edges = np.array(
        [[*bar.get_xy(), bar.get_width(), bar.get_height()] for bar in bars]
    )
    label = str(bars.get_label())
    label = "" if label.startswith("_") else f" {label!r}"
    if not len(edges):
        return f"bars{label}: none"
    names = ("left", "bottom", "width", "height")
    said = "; ".join(
        f"{name} {_spread(edges[:, n], ordered=True)}" for n, name in enumerate(names)
    )
    return f"bars{label}: {len(edges)}, {_colours([bar.get_facecolor() for bar in bars])}; {said}"


def _patch(ax, patch) -> str:
    name = type(patch).__name__
    path = patch.get_path().transformed(patch.get_patch_transform()).vertices
    fill = (
        f"filled {_colour(patch.get_facecolor())}" if patch.get_fill() else "not filled"
    )
    where = (
        ""
        if ax.transData in (patch.get_transform(), patch.get_data_transform())
        else " of its own"
    )
    if isinstance(patch, Rectangle):
        said = f"at {_n(patch.get_x())}, {_n(patch.get_y())}, {_n(patch.get_width())} by {_n(patch.get_height())}"
    else:
        said = f"{len(path)} vertices, x {_spread(path[:, 0], ordered=True)}; y {_spread(path[:, 1], ordered=True)}"
    label = str(patch.get_label())
    label = "" if label.startswith("_") else f" {label!r}"
    return (
        f"{name}{label}: {fill}, edge {_colour(patch.get_edgecolor())}, {said}{where}"
    )


def _text(text) -> str:
    if not text.get_text():
        return ""
    x, y = text.get_position()
    arrow = ""
    if isinstance(text, Annotation):
        arrow = f", on {', '.join(map(_n, text.xy))}"
        arrow += " with an arrow" if text.arrow_patch else ""
    return f"text {text.get_text()!r} at {_n(x)}, {_n(y)}{arrow}, {_colour(text.get_color())}"


def _spread(values, ordered: bool = False) -> str:
    """Say how numbers are spread, and, of a sequence, in which order they come."""
    values = _numbers(values)
    finite = values[np.isfinite(values)]
    if not len(finite):
        return "without numbers"
    scale = np.max(np.abs(finite))
    low, high, mean = finite.min(), finite.max(), finite.mean()
    if low == high:
        words = f"all {_n(low)}"
    else:
        words = f"from {_n(low, scale)} to {_n(high, scale)}, mean {_n(mean, scale)}"
        if ordered:
            place = np.linspace(-1, 1, len(values))[np.isfinite(values)]
            tilt = 3 * np.mean(place * (finite - mean))
            words += (
                f", first {_n(finite[0], scale)}, last {_n(finite[-1], scale)}, "
                f"tilt {_n(tilt, scale)}"
            )
    missing = len(values) - len(finite)
    return words + (f", {missing} missing" if missing else "")


def _numbers(values) -> np.ndarray:
    try:
        array = np.ma.filled(np.ma.asarray(values, float), np.nan)
    except (TypeError, ValueError):  # dates, categories
        array = np.arange(len(values), dtype=float)
    return np.ravel(array)


def _colours(values, name: str = "") -> str:
    values = np.atleast_2d(values)
    if values.size == 0:
        return ""
    distinct = list(
        dict.fromkeys(colors.to_hex(value, keep_alpha=True) for value in values)
    )
    more = (
        f" and {len(distinct) - _MOST_LISTED} more colours"
        if len(distinct) > _MOST_LISTED
        else ""
    )
    return name + ", ".join(map(_short_colour, distinct[:_MOST_LISTED])) + more


def _colour(value, alpha=None) -> str:
    try:
        return _short_colour(
            colors.to_hex(colors.to_rgba(value, alpha), keep_alpha=True)
        )
    except ValueError:
        return str(value)


def _short_colour(name: str) -> str:
    return name.removesuffix("ff") if len(name) == 9 else name


def _listed(values, scale: float = 0.0) -> str:
    values = list(values)
    more = (
        f" and {len(values) - _MOST_LISTED} more" if len(values) > _MOST_LISTED else ""
    )
    return ", ".join(_n(value, scale) for value in values[:_MOST_LISTED]) + more


def _n(value, scale: float = 0.0) -> str:
    """Write a number with four digits; what is tiny beside the others is 0."""
    value = float(value)
    if value == 0 or abs(value) < 1e-6 * scale:
        return "0"
    return f"{value:.4g}"
