"""Choose places along the layers: neighbours close and in line, and room for all.

First everything moves to the mean of its neighbours; then, layer by layer, edges go on
straight from where they come, so that one that must lead aside does so once, at its end.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

_SWEEPS = 24
_FIRMNESS_OF_NODES = 1e4  # beside that of edges, when they get in each other's way

Extent = tuple[float, float]  # how far something reaches to either side of its place


def ports_of(
    layers: list[list[int]],
    weight_of: Mapping[tuple[int, int], float],
    half_sizes: Sequence[float],
    pitch: float,
) -> dict[tuple[int, int], Extent]:
    """Return how far from the middles of its two ends each segment leaves and arrives.

    Segments that share an end lie side by side there, in the order of their other ends.

    Parameters
    ----------
    layers : list of list of int
        Nodes, and after them stops of edges, in the order of each layer.
    weight_of : mapping of (int, int) to float
        How straight each segment shall be.
    half_sizes : sequence of float
        Half the extent of each node along its layer.
    pitch : float
        The distance between segments side by side, where there is room.

    Returns
    -------
    dict of (int, int) to (float, float)
        For each segment, the two distances.
    """
    place = {node: n for layer in layers for n, node in enumerate(layer)}
    ports = {segment: [0.0, 0.0] for segment in weight_of}
    for side in (0, 1):
        together = defaultdict(list)
        for segment in weight_of:
            if segment[side] < len(half_sizes):
                together[segment[side]].append(segment)
        for node, segments in together.items():
            segments.sort(key=lambda segment: place[segment[1 - side]])
            weights = [weight_of[segment] for segment in segments]
            for segment, offset in zip(
                segments, _side_by_side(weights, half_sizes[node], pitch), strict=True
            ):
                ports[segment][side] = offset
    return {segment: (leaving, coming) for segment, (leaving, coming) in ports.items()}


def _side_by_side(weights: list[float], half: float, pitch: float) -> list[float]:
    """Return places on a rim: the heaviest in the middle if there is room, else all."""
    heaviest = weights.index(max(weights))
    most = max(heaviest, len(weights) - 1 - heaviest)
    if weights.count(weights[heaviest]) > 1 or most * pitch > half:
        middle = (len(weights) - 1) / 2
        step = min(pitch, 0.9 * half / max(middle, 0.5))
        return [step * (n - middle) for n in range(len(weights))]
    return [pitch * (n - heaviest) for n in range(len(weights))]


def places_across(
    layers: list[list[int]],
    weight_of: Mapping[tuple[int, int], float],
    ports: Mapping[tuple[int, int], Extent],
    extents: Sequence[Extent],
    gap: float,
    nodes: int,
) -> list[float]:
    """Draw everything towards its neighbours, as far as the others leave room.

    Parameters
    ----------
    layers : list of list of int
        Nodes, and after them stops of edges, in the order of each layer.
    weight_of : mapping of (int, int) to float
        How straight each segment shall be.
    ports : mapping of (int, int) to (float, float)
        How far from the middles of its ends each segment leaves and arrives.
    extents : sequence of (float, float)
        How far each node or stop reaches to either side of its place.
    gap : float
        The distance kept between nodes; half of it is kept beside stops.
    nodes : int
        How many nodes there are.

    Returns
    -------
    list of float
        The place of each node and stop; nothing reaches below 0.
    """
    pulls = defaultdict(list)
    heaviest: dict[int, float] = defaultdict(float)
    straight_from: dict[int, tuple[int, float]] = {}  # a start and the distance from it
    for (start, end), weight in weight_of.items():
        leaving, coming = ports[start, end]
        pulls[start].append((end, coming - leaving, weight))
        pulls[end].append((start, leaving - coming, weight))
        if weight > heaviest[end]:
            straight_from[end] = start, leaving - coming
        elif weight == heaviest[end]:
            straight_from.pop(end, None)  # It lies between equals.
        heaviest[end] = max(heaviest[end], weight)
    across = [0.0] * len(extents)
    rows = []
    for layer in layers:
        offsets = _closest(layer, extents, gap, nodes)
        rows.append((layer, offsets))
        for node, offset in zip(layer, offsets, strict=True):
            across[node] = offset

    def mean_of_neighbours(node: int) -> tuple[float, float]:
        total = sum(weight for *_, weight in pulls[node])
        moments = sum(w * (across[other] + shift) for other, shift, w in pulls[node])
        return (moments / total, total) if total else (across[node], 1.0)

    def in_line(node: int) -> tuple[float, float]:
        start, shift = straight_from.get(node, (node, 0.0))
        return across[start] + shift, 1.0 if node >= nodes else _FIRMNESS_OF_NODES

    for sweep in range(_SWEEPS):
        _move(rows if sweep % 2 else rows[::-1], across, mean_of_neighbours)
    _move(rows, across, in_line)
    first = min(
        (x - low for x, (low, _) in zip(across, extents, strict=True)), default=0
    )
    return [place - first for place in across]


def _move(
    rows: Sequence[tuple[list[int], list[float]]],
    across: list[float],
    wish: Callable[[int], tuple[float, float]],
) -> None:
    """Move the members of each layer to where they wish to be, if there is room."""
    for layer, offsets in rows:
        wanted = []
        for node, offset in zip(layer, offsets, strict=True):
            place, weight = wish(node)
            wanted.append((place - offset, weight))
        for node, offset, start in zip(layer, offsets, _rising(wanted), strict=True):
            across[node] = offset + start


def _closest(
    layer: list[int], extents: Sequence[Extent], gap: float, nodes: int
) -> list[float]:
    """Return the places of a layer's members if they lie as close as they may."""
    places = [0.0] * len(layer)
    for n, (left, right) in enumerate(itertools.pairwise(layer), start=1):
        room = gap if left < nodes and right < nodes else gap / 2
        places[n] = places[n - 1] + extents[left][1] + room + extents[right][0]
    return places


def _rising(wanted: Sequence[tuple[float, float]]) -> list[float]:
    """Return the rising numbers nearest to those wanted, each with its weight.

    Numbers that are in each other's way form a block at their weighted mean (least
    squares: the pool-adjacent-violators algorithm).
    """
    blocks: list[tuple[float, float, int]] = []  # place, weight, how many
    for place, weight in wanted:
        count = 1
        while blocks and blocks[-1][0] > place:
            other, heavier, more = blocks.pop()
            place = (other * heavier + place * weight) / (heavier + weight)
            weight, count = weight + heavier, count + more
        blocks.append((place, weight, count))
    return [place for place, _, count in blocks for _ in range(count)]
