"""The geometry of a drawn graph: where boxes lie, how routes lead, where labels stand.

Lengths are inches on the page; y grows upwards.
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from gradtape.tape.drawing.boxes import SMALL_LETTERS, Box, box_of, text_width
from gradtape.tape.drawing.layout import Layout, lay_out
from gradtape.tape.drawing.simplify import Folds
from gradtape.tape.record.graph import Edge, Graph, Node
from gradtape.tape.record.labels import as_array, gradient_label, is_written_inside

APART = 0.03  # half the distance between the way forward and the way back
_MARGIN = 0.15
_LABEL_HEIGHT = 0.14
_GAP = 0.22  # between boxes side by side
_ARROW = 0.12  # the least length of a route between two layers
_LEAN = 0.12  # how much longer routes are for each inch that they lead aside
_LONGEST_LEAN = 0.4
_PORT = 0.16  # the least distance of routes that reach a box side by side
_TINY = 1e-6

Point = tuple[float, float]
Span = tuple[float, float]


@dataclass(eq=False)
class Route:
    """All edges between the same two nodes: one way forward, one back."""

    start: Box
    end: Box
    edges: list[Edge]
    points: list[Point] = field(default_factory=list)
    mark_at: Point = (0.0, 0.0)
    label_at: Point = (0.0, 0.0)  # the middle of the text, or of its left edge

    @functools.cached_property
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
        return bool(self.gradients) and not any(
            np.any(as_array(g)) for g in self.gradients
        )

    @property
    def is_finite(self) -> bool:
        """Whether what comes back is made of finite numbers."""
        return all(
            np.all(np.isfinite(as_array(gradient))) for gradient in self.gradients
        )

    @functools.cached_property
    def label(self) -> str:
        """What stands beside the route."""
        if self.gradients:
            return gradient_label(self.gradients)
        return "None" if self.is_cut else ""


@dataclass(eq=False)
class Picture:
    """Boxes and routes, placed from left to right or else downwards."""

    boxes: list[Box]
    routes: list[Route]
    rightwards: bool
    width: float
    height: float

    def scale(self, width: float, height: float) -> float:
        """Return by how much the picture must shrink to fit a space."""
        return min(1.0, width / self.width, height / self.height)


def place(graph: Graph, folds: Folds, *, rightwards: bool) -> Picture:
    """Place a graph's nodes and edges on the page.

    Parameters
    ----------
    graph : Graph
        The graph.
    folds : dict of Node to list of Node
        What each folded node stands for.
    rightwards : bool
        Whether the calculation goes from left to right; else downwards.

    Returns
    -------
    Picture
        Everything that is to be drawn, with its place.
    """
    inputs: dict[Node, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        inputs[edge.end].append(edge)
    edges = [e for e in graph.edges if not is_written_inside(e, inputs[e.end])]
    hidden = {edge.start for edge in graph.edges} - {edge.start for edge in edges}
    boxes = {
        node: box_of(
            node,
            graph,
            inputs=inputs[node],
            members=folds.get(node, ()),
            one_line=not rightwards,
        )
        for node in graph.nodes
        if node not in hidden
    }
    together: dict[tuple[Box, Box], list[Edge]] = defaultdict(list)
    for edge in edges:
        together[boxes[edge.start], boxes[edge.end]].append(edge)
    routes = [Route(start, end, edges) for (start, end), edges in together.items()]
    return _arrange(list(boxes.values()), routes, rightwards)


def _arrange(boxes: list[Box], routes: list[Route], rightwards: bool) -> Picture:
    number = {box: n for n, box in enumerate(boxes)}
    by_ends = {(number[route.start], number[route.end]): route for route in routes}
    layout = lay_out(
        _sizes_across(boxes, routes, rightwards),
        list(by_ends),
        gap=_GAP,
        pitch=_PORT if rightwards else 1.5 * _PORT,
        labels={
            ends: _label_extent(route, rightwards)
            for ends, route in by_ends.items()
            if route.label
        },
        weights={ends: _straightness(route) for ends, route in by_ends.items()},
    )
    spans = _spans(boxes, by_ends, layout, rightwards)
    length, breadth = spans[-1][1] + _MARGIN, layout.breadth + 2 * _MARGIN
    width, height = (length, breadth) if rightwards else (breadth, length)

    def point(along: float, across: float) -> Point:
        if rightwards:
            return along, height - (across + _MARGIN)
        return across + _MARGIN, height - along

    for n, box in enumerate(boxes):
        middle = sum(spans[layout.layer_of[n]]) / 2
        box.x, box.y = point(middle, layout.across[n])
    for ends, route in by_ends.items():
        first, last = (layout.layer_of[n] for n in ends)
        stops = layout.stops[ends]
        route.points = _route(route, stops, spans[first : last + 1], point, rightwards)
        layer = layout.label_layers.get(ends, first + 1)
        middle, across = sum(spans[layer]) / 2, stops[layer - first]
        route.mark_at = point(middle, across)
        route.label_at = point(middle, across + _label_aside(rightwards))
    return Picture(boxes, routes, rightwards, width, height)


def _sizes_across(
    boxes: list[Box], routes: list[Route], rightwards: bool
) -> list[float]:
    """Return the boxes' sizes along the layers, with room for all routes at their rims.

    Where a box is too small for its routes it grows.
    """
    leaving = Counter(route.start for route in routes)
    coming = Counter(route.end for route in routes)
    for box in boxes:
        needed = _PORT * max(leaving[box], coming[box]) + 0.04
        if rightwards:
            box.height = max(box.height, needed)
        elif box.has_frame:
            box.width = max(box.width, needed)
    return [box.height if rightwards else box.width for box in boxes]


def _label_extent(route: Route, rightwards: bool) -> tuple[float, float]:
    """Return how far a route with its label reaches to its sides.

    The label stands above a route that leads to the right, and to the right of one that
    leads downwards.
    """
    beside = 2 * APART
    if rightwards:
        return _LABEL_HEIGHT / 2 - _label_aside(rightwards), beside
    return beside, _label_aside(rightwards) + text_width(route.label, SMALL_LETTERS)


def _label_aside(rightwards: bool) -> float:
    """Return how far beside a route its label's middle line or left edge is."""
    return -(3 * APART + _LABEL_HEIGHT / 2) if rightwards else 4 * APART


def _straightness(route: Route) -> float:
    """Return how straight a route shall be: the calculation's spine before its inputs."""
    if not route.label:
        return 0.05
    return 6.0 if route.start.node.kind in ("operation", "fold") else 1.0


def _spans(
    boxes: list[Box],
    routes: dict[tuple[int, int], Route],
    layout: Layout,
    rightwards: bool,
) -> list[Span]:
    """Return from where to where each layer reaches, in the calculation's direction.

    Layers lie further apart where a route between them leads far aside.
    """
    sizes = [
        max((_size_along(boxes[n], rightwards) for n in layer), default=0.0)
        for layer in layout.layers
    ]
    aside = [0.0] * len(sizes)  # between a layer and the next
    for ends, route in routes.items():
        stops = itertools.pairwise(layout.stops[ends])
        for layer, (a, b) in enumerate(stops, start=layout.layer_of[ends[0]]):
            aside[layer] = max(aside[layer], abs(a - b))
        if route.label:
            layer = layout.label_layers[ends]
            size = (
                text_width(route.label, SMALL_LETTERS) if rightwards else _LABEL_HEIGHT
            )
            sizes[layer] = max(sizes[layer], size)
    spans, start = [], _MARGIN
    for size, far in zip(sizes, aside, strict=True):
        spans.append((start, start + size))
        start += size + _ARROW + min(_LONGEST_LEAN, _LEAN * far)
    return spans


def _size_along(box: Box, rightwards: bool) -> float:
    return box.width if rightwards else box.height


def _route(
    route: Route,
    stops: list[float],
    spans: list[Span],
    point: Callable[[float, float], Point],
    rightwards: bool,
) -> list[Point]:
    """Lead a route straight through layers, from rim to rim, and aside between them."""
    along = [place for span in spans for place in span]
    along[0] = (sum(spans[0]) + _size_along(route.start, rightwards)) / 2
    along[-1] = (sum(spans[-1]) - _size_along(route.end, rightwards)) / 2
    across = [stop for stop in stops for _ in range(2)]
    points = [point(*places) for places in zip(along, across, strict=True)]
    return [
        here
        for before, here in zip([None, *points], points, strict=False)
        if before is None or np.hypot(*np.subtract(here, before)) > _TINY
    ]


def curve(points: Sequence[Point], rightwards: bool, shift: float = 0.0) -> list[Point]:
    """Return the Bézier points of a smooth route: a start, then three for each piece.

    Parameters
    ----------
    points : sequence of (float, float)
        Where the route passes.
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
    """Return from -1 to 1 how far a route turns aside, for its distance from another."""
    return max(-1.0, min(1.0, aside / 0.3))
