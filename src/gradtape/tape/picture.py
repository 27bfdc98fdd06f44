"""The geometry of a drawn graph: boxes, ways between them, places for labels.

Lengths are inches on the page, sizes of letters points; y grows upwards.
"""

from __future__ import annotations

import functools
import itertools
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from gradtape.plots.style import WIDTH
from gradtape.tape.graph import Edge, Graph, Node
from gradtape.tape.labels import gradient_label, node_label, value_label
from gradtape.tape.layout import lay_out

LETTERS = 10.0
SMALL_LETTERS = 8.5
ROW = 0.19
_PADDING = 0.09
_MARGIN = 0.15
_GAP_ACROSS = 0.26
_GAP_ALONG = 0.5
_POINTS_PER_INCH = 72.0


@dataclass
class Row:
    """A line of text in a box."""

    text: str
    size: float = LETTERS
    kind: str = "value"  # or "sign", "gradient", "missing"

    @property
    def width(self) -> float:
        """The text's width."""
        return text_width(self.text, self.size)


@dataclass(eq=False)
class Box:
    """A node with its text and its place; x and y are its centre."""

    node: Node
    rows: list[Row]
    width: float = 0.0
    height: float = 0.0
    x: float = 0.0
    y: float = 0.0


@dataclass(eq=False)
class Way:
    """All edges between the same two nodes: one way forward, one back."""

    start: Box
    end: Box
    edges: list[Edge]
    points: list[tuple[float, float]] = field(default_factory=list)
    label_at: tuple[float, float] = (0.0, 0.0)

    @property
    def gradients(self) -> list:
        """What comes back along each edge that brings something back."""
        return [edge.gradient for edge in self.edges if edge.gradient is not None]

    @property
    def is_cut(self) -> bool:
        """Whether nothing comes back although something should."""
        return not self.gradients and any(edge.is_cut for edge in self.edges)

    @property
    def is_zero(self) -> bool:
        """Whether what comes back is zero everywhere."""
        return bool(self.gradients) and not any(np.any(g) for g in self.gradients)

    @property
    def is_finite(self) -> bool:
        """Whether what comes back is made of finite numbers."""
        return all(np.all(np.isfinite(gradient)) for gradient in self.gradients)

    @property
    def label(self) -> str:
        """What stands beside the way."""
        return (
            gradient_label(self.gradients) if self.gradients else "None" * self.is_cut
        )


@dataclass(eq=False)
class Picture:
    """Boxes and ways, placed; from left to right if there is room, else downwards."""

    boxes: list[Box]
    ways: list[Way]
    rightwards: bool
    width: float
    height: float


def place(graph: Graph, folds: dict[Node, int]) -> Picture:
    """Place a graph's nodes and edges on the page.

    Parameters
    ----------
    graph : Graph
        The graph.
    folds : dict of Node to int
        How many operations each folded node stands for.

    Returns
    -------
    Picture
        Everything that is to be drawn, with its place.
    """
    for rightwards in (True, False):
        boxes = {node: _box(node, graph, folds, rightwards) for node in graph.nodes}
        ways = [
            Way(boxes[start], boxes[end], list(edges))
            for (start, end), edges in _by_ends(graph).items()
        ]
        picture = _arrange(list(boxes.values()), ways, rightwards)
        if rightwards and picture.width <= WIDTH and picture.height <= 0.6 * WIDTH:
            break
    for box, ends, side in (
        *((box, [w for w in ways if w.start is box], 0) for box in picture.boxes),
        *((box, [w for w in ways if w.end is box], -1) for box in picture.boxes),
    ):
        _spread_ends(box, ends, side, picture.rightwards)
    _place_labels(picture)
    return picture


def _by_ends(graph: Graph) -> dict[tuple[Node, Node], list[Edge]]:
    ends = defaultdict(list)
    for edge in graph.edges:
        ends[edge.start, edge.end].append(edge)
    return ends


def _box(node: Node, graph: Graph, folds: dict[Node, int], rightwards: bool) -> Box:
    label, value = node_label(node), value_label(node.value)
    if node.kind == "constant":
        text = value if label in ("", value) else f"{label} = {value}"
        is_written_out = node.value.shape.rank == 0 and label
        rows = [Row(label if is_written_out else text, SMALL_LETTERS)]
    elif node.is_source and node.kind != "operation":
        rows = [Row(f"{label} = {value}")]
        if node.gradient is None:
            rows.append(Row(f"∂f/∂{label} = None", SMALL_LETTERS, "missing"))
        else:
            finite = np.all(np.isfinite(node.gradient))
            kind = "gradient" if finite else "missing"
            text = f"∂f/∂{label} = {value_label(node.gradient)}"
            rows.append(Row(text, SMALL_LETTERS, kind))
    elif node.kind in ("argument", "variable"):
        rows = [Row(f"{label} = {value}")]
    else:
        count = f" ({folds[node]})" if node in folds else ""
        rows = [Row(label + count, LETTERS, "sign"), Row(value)]
        if node.kind == "departure":
            rows = rows[:1]
    if rightwards or node.kind not in ("operation", "fold"):
        width, height = max(row.width for row in rows), ROW * len(rows)
    else:
        width, height = sum(row.width for row in rows) + 0.12, ROW
    padding = 0.03 if node.kind == "constant" else _PADDING
    return Box(node, rows, width + 2 * padding, height + 1.1 * _PADDING)


def _arrange(boxes: list[Box], ways: list[Way], rightwards: bool) -> Picture:
    number = {box: n for n, box in enumerate(boxes)}
    layout = lay_out(
        [box.height if rightwards else box.width for box in boxes],
        [(number[way.start], number[way.end]) for way in ways],
        gap=0.2 if rightwards else _GAP_ACROSS,
        weights={
            (number[way.start], number[way.end]): _straightness(way) for way in ways
        },
    )
    thickness = [
        max((boxes[n].width if rightwards else boxes[n].height) for n in layer)
        if layer
        else 0.0
        for layer in layout.layers
    ]
    layer_of = {n: k for k, layer in enumerate(layout.layers) for n in layer}
    gaps = [_GAP_ALONG] * len(thickness)
    if rightwards:
        for way in ways:
            before = layer_of[number[way.end]] - 1
            needed = text_width(way.label, SMALL_LETTERS) + 0.3
            gaps[before] = max(gaps[before], needed)
    starts = [
        sum(thickness[:k]) + sum(gaps[:k]) + _MARGIN for k in range(len(thickness))
    ]
    along = [start + size / 2 for start, size in zip(starts, thickness, strict=True)]
    length = starts[-1] + thickness[-1] + _MARGIN
    extents = [
        (place - size / 2, place + size / 2)
        for place, size in zip(
            layout.across,
            [box.height if rightwards else box.width for box in boxes],
            strict=True,
        )
    ]
    first = min(low for low, _ in extents) - _MARGIN
    breadth = max(high for _, high in extents) + _MARGIN - first
    width, height = (length, breadth) if rightwards else (breadth, length)

    def point(layer: int, across: float) -> tuple[float, float]:
        if rightwards:
            return along[layer], height - (across - first)
        return across - first, height - along[layer]

    for n, box in enumerate(boxes):
        box.x, box.y = point(layer_of[n], layout.across[n])
    for way in ways:
        ends = number[way.start], number[way.end]
        begin = layer_of[ends[0]] + 1
        bends = [
            point(begin + k, across) for k, across in enumerate(layout.bends[ends])
        ]
        way.points = [(way.start.x, way.start.y), *bends, (way.end.x, way.end.y)]
    return Picture(boxes, ways, rightwards, width, height)


def _straightness(way: Way) -> float:
    """Return how straight a way shall be: the calculation's spine before its inputs."""
    if not way.label:
        return 0.05
    return 6.0 if way.start.node.kind in ("operation", "fold") else 1.0


def _spread_ends(box: Box, ways: list[Way], side: int, rightwards: bool) -> None:
    """Let ways leave and reach a box at its rim, side by side in their order."""
    if not ways:
        return
    size = box.height if rightwards else box.width
    axis = 1 if rightwards else 0
    centre = (box.x, box.y)[axis]
    beside = 1 if side == 0 else -2
    ways = sorted(ways, key=lambda way: way.points[beside][axis])
    # The straightest way keeps the middle of the rim, or what makes it quite straight.
    aims = [way.points[beside][axis] - centre for way in ways]
    middle = min(range(len(ways)), key=lambda n: abs(aims[n]))
    most = max(middle, len(ways) - 1 - middle, 1)
    step = min(0.3, 0.36 * size / most)
    free = 0.3 * size if len(ways) == 1 else 0.4 * step
    if box.node.kind == "constant":
        free = 0.0
    shift = aims[middle] if abs(aims[middle]) < free else 0.0
    for n, way in enumerate(ways):
        offset = step * (n - middle) + shift
        if rightwards:
            rim = box.width / 2 if side == 0 else -box.width / 2
            way.points[side] = (box.x + rim, box.y + offset)
        else:
            rim = -box.height / 2 if side == 0 else box.height / 2
            way.points[side] = (box.x + offset, box.y + rim)


def curve(
    points: list[tuple[float, float]], rightwards: bool, shift: float = 0.0
) -> list[tuple[float, float]]:
    """Return the Bézier points of a smooth way: a start, then three for each piece.

    Parameters
    ----------
    points : list of (float, float)
        Where the way passes.
    rightwards : bool
        Whether it sets out to the right; else downwards.
    shift : float
        How far it runs to the side.

    Returns
    -------
    list of (float, float)
        One point, then two control points and an end for every piece.
    """
    dx, dy = (0.0, shift) if rightwards else (shift, 0.0)
    moved = [(x + dx, y + dy) for x, y in points]
    path = [moved[0]]
    for (x0, y0), (x1, y1) in itertools.pairwise(moved):
        if rightwards:
            middle = (x0 + x1) / 2 - shift * _turn(y1 - y0)
            path += [(middle, y0), (middle, y1), (x1, y1)]
        else:
            middle = (y0 + y1) / 2 + shift * _turn(x1 - x0)
            path += [(x0, middle), (x1, middle), (x1, y1)]
    return path


def _turn(aside: float) -> float:
    """Return from -1 to 1 how far a way turns aside, for its distance from another."""
    return max(-1.0, min(1.0, aside / 0.3))


def _along(points: list[tuple[float, float]], share: float, rightwards: bool):
    """Return the point at a share of a way's pieces."""
    place = share * (len(points) - 1)
    n = min(int(place), len(points) - 2)
    t = place - n
    a, b, c, d = (np.array(p) for p in curve(points[n : n + 2], rightwards))
    return (1 - t) ** 3 * a + 3 * t * (1 - t) * ((1 - t) * b + t * c) + t**3 * d


def _place_labels(picture: Picture) -> None:
    """Put each label beside its way, where it hides no box and no other label."""
    taken = [_corners(box.x, box.y, box.width, box.height) for box in picture.boxes]
    dots = [
        (way, _along(way.points, share, picture.rightwards))
        for way in picture.ways
        for share in np.linspace(0.05, 0.95, 19)
    ]
    for way in picture.ways:
        if not way.label:
            continue
        width = text_width(way.label, SMALL_LETTERS) + 0.04
        height = ROW * 0.8
        best, least = None, None
        for share, sign in itertools.product((0.5, 0.4, 0.6, 0.3, 0.7, 0.2), (1, -1)):
            x, y = _along(way.points, share, picture.rightwards)
            if picture.rightwards:
                y += sign * (height / 2 + 0.06)
            else:
                x += sign * (width / 2 + 0.08)
            here = _corners(x, y, width, height)
            cost = sum(10 * _overlap(here, other) for other in taken)
            cost += sum(_holds(here, dot) for _, dot in dots)
            cost += 5 * (here[0] < 0 or here[2] > max(picture.width, WIDTH))
            if least is None or cost < least:
                best, least = (x, y), cost
            if not cost:
                break
        way.label_at = (float(best[0]), float(best[1]))
        taken.append(_corners(*best, width, height))


def _corners(x: float, y: float, width: float, height: float) -> tuple[float, ...]:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _holds(corners: tuple[float, ...], dot: np.ndarray) -> bool:
    return corners[0] < dot[0] < corners[2] and corners[1] < dot[1] < corners[3]


@functools.lru_cache(maxsize=2048)
def text_width(text: str, size: float) -> float:
    """Return the width of a text in the font that figures use."""
    if not text:
        return 0.0
    path = TextPath((0, 0), text, size=size, prop=FontProperties(), usetex=False)
    return path.get_extents().width / _POINTS_PER_INCH
