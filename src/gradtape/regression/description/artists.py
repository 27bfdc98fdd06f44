"""What is drawn in an Axes: lines, points, areas, bars, images, arrows, texts, tables."""

from __future__ import annotations

import numpy as np
from matplotlib import colors
from matplotlib.collections import Collection
from matplotlib.image import AxesImage
from matplotlib.lines import AxLine, Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.quiver import Barbs, Quiver, QuiverKey
from matplotlib.table import Table
from matplotlib.text import Annotation, Text

from .words import (
    colour,
    colours,
    label,
    letters,
    listed,
    number,
    numbers,
    spread,
    spread_over,
)

_STYLES = {"-": "solid", "--": "dashed", ":": "dotted", "-.": "dash-dotted"}
_OF_SPACE = ("_offsets3d", "_vec", "_faces", "_segments3d")  # no public access


def describe_artist(ax, artist) -> str:
    """Say what an artist shows; nothing where its kind is not known."""
    for kind, describe in (
        (Line2D, _line),
        (Quiver, _arrows),
        (Barbs, _barbs),
        (Collection, _collection),
        (AxesImage, _image),
        (Patch, _patch),
    ):
        if isinstance(artist, kind):
            return describe(ax, artist)
    if isinstance(artist, QuiverKey):
        return f"key of arrows {artist.text.get_text()!r}: {number(artist.U)}"
    if isinstance(artist, Table):
        return _table(artist)
    return describe_text(artist) if isinstance(artist, Text) else ""


def describe_bars(bars) -> str:
    """Say where the bars of a chart stand, how high each is, and how they look."""
    edges = np.array(
        [[*bar.get_xy(), bar.get_width(), bar.get_height()] for bar in bars]
    )
    if not len(edges):
        return f"bars{label(bars)}: none"
    sides = zip(("left", "bottom", "width", "height"), edges.T)
    said = "; ".join(f"{name} {spread(side)}" for name, side in sides)
    looks = "".join({_outline(bar): "" for bar in bars})
    colors_ = colours([bar.get_facecolor() for bar in bars])
    return f"bars{label(bars)}: {len(edges)}, {colors_}{looks}; {said}"


def describe_text(text) -> str:
    """Say what a text reads, where it stands and how it is written."""
    if not text.get_text():
        return ""
    words = f"text {text.get_text()!r} at {', '.join(map(number, text.get_position()))}"
    if isinstance(text, Annotation):
        words += f", on {', '.join(map(number, numbers(text.xy)))}"
        if arrow := text.arrow_patch:
            head = type(arrow.get_arrowstyle()).__name__
            words += f" with an arrow {head} in {colour(arrow.get_edgecolor())}"
    return f"{words}, {colour(text.get_color(), text.get_alpha())}{letters(text)}"


def _line(ax, line) -> str:
    drawn = _STYLES.get(line.get_linestyle(), "no line")
    parts = [colour(line.get_color(), line.get_alpha()), drawn]
    if drawn != "no line":
        parts.append(f"width {number(line.get_linewidth())}")
        if line.get_drawstyle() != "default":
            parts.append(line.get_drawstyle())
    if str(line.get_marker()) not in ("None", "", " "):
        parts.append(_marker(line))
    if isinstance(line, AxLine):
        through = line.get_slope() if line.get_xy2() is None else line.get_xy2()
        parts.append(f"through {listed(line.get_xy1())}, {listed(numbers(through))}")
        return f"line{label(line)}: {', '.join(parts)}"
    in_space = hasattr(line, "get_data_3d")
    data = line.get_data_3d() if in_space else line.get_data(orig=False)
    values = [numbers(each) for each in data]
    parts.append(f"{len(values[0])} points")
    if not (line.get_transform() == ax.transData or in_space):
        parts.append("in parts of the Axes")
    return f"line{label(line)}: {', '.join(parts)}, {_along(values)}"


def _marker(line) -> str:
    face, edge = map(colour, (line.get_markerfacecolor(), line.get_markeredgecolor()))
    words = (
        f"marker {line.get_marker()} of size {number(line.get_markersize())} in {face}"
    )
    if edge != face:
        words += f", edge {edge}"
    if line.get_fillstyle() != "full":
        words += f", filled {line.get_fillstyle()}"
    if (every := line.get_markevery()) is not None:
        words += f", every {every}"
    return words


def _along(axes) -> str:
    """Say how places are spread in each direction."""
    return "; ".join(f"{name} {spread(each)}" for name, each in zip("xyz", axes))


def _arrows(ax, field) -> str:
    parts = [
        f"{field.N}, {_along((field.X, field.Y))}; u {spread(field.U)}; v {spread(field.V)}"
    ]
    parts.append(f"{colours(field.get_facecolor())} from the {field.pivot}")
    for name in ("scale", "width"):
        if (value := getattr(field, name)) is not None:
            parts.append(f"{name} {number(value)}")
    return f"arrows{label(field)}: {', '.join(parts)}"


def _barbs(ax, barbs) -> str:
    speeds = f"u {spread(barbs.u)}; v {spread(barbs.v)}"
    return f"barbs{label(barbs)}: {_along((barbs.x, barbs.y))}; {speeds}"


def _collection(ax, collection) -> str:
    parts = [*_coloured(collection), *_drawn(collection), _places(collection)]
    return f"{type(collection).__name__}{label(collection)}: {'; '.join(filter(None, parts))}"


def _coloured(collection) -> list[str]:
    faces, edges = collection.get_facecolor(), collection.get_edgecolor()
    parts = []
    if (array := collection.get_array()) is not None:
        norm = collection.norm
        kind = "" if type(norm) is colors.Normalize else f", {type(norm).__name__}"
        limits = f"from {number(norm.vmin)} to {number(norm.vmax)}"
        parts.append(f"{collection.get_cmap().name} {limits}{kind}")
        parts.append(f"values {spread_over(array)}")
    else:
        parts.append(colours(faces, "filled "))
    if not np.array_equal(edges, faces):
        parts.append(colours(edges, "edges "))
    if collection.get_alpha() is not None:
        parts.append(f"opacity {spread(collection.get_alpha())}")
    return parts


def _drawn(collection) -> list[str]:
    """Say how thick, dashed, large and hatched the members of a collection are."""
    parts = []
    if hasattr(collection, "levels"):
        parts.append(f"levels {listed(collection.levels)}")
    if len(sizes := getattr(collection, "get_sizes", lambda: ())()):
        parts.append(f"sizes {spread(sizes)}")
    if len(widths := np.atleast_1d(collection.get_linewidth())):
        parts.append(f"width {spread(widths)}")
    if dashes := [dash for _, dash in collection.get_linestyle() if dash is not None]:
        parts.append(f"dashes {spread(np.concatenate(dashes))}")
    hatches = list(getattr(collection, "hatches", ())) or [collection.get_hatch()]
    if any(hatches):
        parts.append(f"hatched {', '.join(str(each) for each in hatches)}")
    if hasattr(collection, "get_depthshade") and not collection.get_depthshade():
        parts.append("not shaded by depth")
    return parts


def _places(collection) -> str:
    """Say where the members of a collection lie, and of which shape they are."""
    paths = collection.get_paths()
    marks = sorted({len(path.vertices) for path in paths})
    kept = [
        (n, k) for n in _OF_SPACE if (k := getattr(collection, n, None)) is not None
    ]
    for name, values in kept:
        if not len(values):
            continue
        if name == "_offsets3d":
            shape = f"marks of {listed(marks)} vertices; "
            return f"{shape}{_along([numbers(each) for each in values])}"
        if name == "_vec":
            return _along(np.asarray(values, float)[:3])
        return _along(np.concatenate([np.reshape(each, (-1, 3)) for each in values]).T)
    offsets = np.ma.filled(np.ma.asarray(collection.get_offsets(), float), np.nan)
    if len(offsets) > 1 or (len(offsets) == 1 and np.any(offsets) and len(paths) <= 1):
        shape = f", marks of {listed(marks)} vertices" if marks else ""
        return f"{len(offsets)} places{shape}; {_along(offsets.T)}"
    corners = [path.vertices for path in paths if len(path.vertices)]
    along = _along(np.concatenate(corners).T) if corners else "without places"
    return f"{len(paths)} paths; {along}"


def _image(ax, image) -> str:
    array = np.ma.filled(np.ma.asarray(image.get_array(), float), np.nan)
    size = " by ".join(map(str, array.shape))
    words = f"image: {size}, over {listed(image.get_extent())}, origin {image.origin}"
    if image.get_interpolation() not in ("auto", "antialiased"):
        words += f", {image.get_interpolation()}"
    if image.get_alpha() is not None:
        words += f", opacity {spread(image.get_alpha())}"
    if array.ndim > 2:
        layers = np.moveaxis(array, 2, 0)
        return words + "".join(
            f"; {name}: {spread_over(layer)}" for name, layer in zip("RGBA", layers)
        )
    low, high = image.get_clim()
    kind = (
        "" if type(image.norm) is colors.Normalize else f", {type(image.norm).__name__}"
    )
    words += f", {image.get_cmap().name} from {number(low)} to {number(high)}{kind}"
    return f"{words}, values {spread_over(array)}"


def _patch(ax, patch) -> str:
    filled = (
        f"filled {colour(patch.get_facecolor())}" if patch.get_fill() else "not filled"
    )
    if isinstance(patch, Rectangle):
        at, size = patch.get_xy(), (patch.get_width(), patch.get_height())
        said = f"at {listed(at)}, {' by '.join(map(number, size))}"
    else:
        path = patch.get_path().transformed(patch.get_patch_transform()).vertices
        said = f"{len(path)} vertices, {_along(path.T)}"
    transforms = patch.get_transform(), patch.get_data_transform()
    where = "" if ax.transData in transforms else " of its own"
    name = f"{type(patch).__name__}{label(patch)}"
    return f"{name}: {filled}{_outline(patch)}, {said}{where}"


def _outline(patch) -> str:
    """Say how the outline of a shape is drawn, and what its inside is hatched with."""
    said = [f"edge {colour(patch.get_edgecolor())}"]
    if patch.get_linewidth() != 1:
        said.append(f"width {number(patch.get_linewidth())}")
    if patch.get_linestyle() not in ("-", "solid"):
        said.append(str(patch.get_linestyle()))
    if patch.get_hatch():
        said.append(f"hatched {patch.get_hatch()}")
    return "".join(f", {each}" for each in said)


def _table(table) -> str:
    cells = table.get_celld()
    rows = [
        " | ".join(
            f"{cell.get_text().get_text()} {_ground(cell)}".rstrip()
            for (row, _), cell in sorted(cells.items())
            if row == count
        )
        for count in sorted({row for row, _ in cells})
    ]
    height = number(next(iter(cells.values())).get_height()) if cells else "0"
    return f"table, place {table._loc}, rows of {height}: {'; '.join(rows)}"


def _ground(cell) -> str:
    face = colour(cell.get_facecolor())
    return "" if face == "#ffffff" else f"on {face}"
