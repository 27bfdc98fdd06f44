"""Place the nodes of a graph in layers, with few crossings and short, straight edges.

The steps are those of Sugiyama, Tagawa and Toda (*Methods for Visual Understanding of
Hierarchical System Structures*, IEEE Transactions on Systems, Man, and Cybernetics
11(2), 1981): layers, order within layers, coordinates. Nodes have the even layers; the
labels of edges have the odd ones between, so that they get room as nodes do. Nothing
here knows what is drawn.
"""

from __future__ import annotations

import functools
import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gradtape.tape.drawing.ordering import order
from gradtape.tape.drawing.spacing import Extent, places_across, ports_of

_WEIGHT_OF_BEND = 4.0  # How much straighter long edges shall be than short ones.

Edge = tuple[int, int]


@dataclass(frozen=True)
class Layout:
    """Where everything lies.

    Attributes
    ----------
    layers : list of list of int
        The nodes of each layer, in order; the odd layers hold labels only.
    layer_of : list of int
        The number of each node's layer.
    across : list of float
        Each node's place along its layer; nothing reaches below 0.
    stops : dict of (int, int) to list of float
        For each edge, its place along every layer from that of its start to that of its
        end.
    label_layers : dict of (int, int) to int
        The layer in which there is room for an edge's label.
    breadth : float
        How far everything reaches along the layers.
    crossings : int
        How many times two edges cross.
    """

    layers: list[list[int]]
    layer_of: list[int]
    across: list[float]
    stops: dict[Edge, list[float]]
    label_layers: dict[Edge, int]
    breadth: float
    crossings: int


def lay_out(
    sizes: Sequence[float],
    edges: Sequence[Edge],
    *,
    gap: float,
    pitch: float,
    labels: Mapping[Edge, Extent] | None = None,
    weights: Mapping[Edge, float] | None = None,
) -> Layout:
    """Lay out a graph without cycles in layers.

    Parameters
    ----------
    sizes : sequence of float
        The extent of each node along its layer.
    edges : sequence of (int, int)
        From which node to which; nodes count from 0.
    gap : float
        The distance kept between nodes side by side; half of it is kept beside edges.
    pitch : float
        The distance between edges that leave or reach a node side by side.
    labels : mapping of (int, int) to (float, float), optional
        How far an edge and its label reach to either side of the edge.
    weights : mapping of (int, int) to float, optional
        How straight each edge shall be, beside the others; 1 if nothing is said.

    Returns
    -------
    Layout
        Layers, places and the number of crossings.

    Examples
    --------
    >>> layout = lay_out([1.0, 1.0, 1.0], [(0, 2), (1, 2)], gap=0.5, pitch=0.0)
    >>> layout.layers, [round(place, 2) for place in layout.across], layout.crossings
    ([[0, 1], [], [2]], [0.5, 2.0, 1.25], 0)
    """
    count, labels = len(sizes), labels or {}
    ranks = _ranked(count, tuple(dict.fromkeys(edges)))
    label_layers = _label_layers(ranks, labels)
    extents = [(size / 2, size / 2) for size in sizes]
    for edge, chain in ranks.chains.items():
        for stop in chain[1:-1]:
            has_label = label_layers.get(edge) == ranks.layer_of[stop]
            extents.append(labels[edge] if has_label else (pitch / 4, pitch / 4))
    weight_of = _straightness(ranks.chains, weights or {})
    half_sizes = [low for low, _ in extents[:count]]
    ports = ports_of(ranks.layers, weight_of, half_sizes, pitch)
    across = places_across(ranks.layers, weight_of, ports, extents, gap, count)
    breadth = max(
        (x + high for x, (_, high) in zip(across, extents, strict=True)), default=0.0
    )
    stops = {}
    for edge, chain in ranks.chains.items():
        stops[edge] = [across[node] for node in chain]
        stops[edge][0] += ports[chain[0], chain[1]][0]
        stops[edge][-1] += ports[chain[-2], chain[-1]][1]
    nodes = [[node for node in layer if node < count] for layer in ranks.layers]
    return Layout(
        nodes,
        ranks.layer_of[:count],
        across[:count],
        stops,
        label_layers,
        breadth,
        ranks.crossings,
    )


class _Ranks(NamedTuple):
    """The layers, before anything has a size."""

    layer_of: list[int]
    chains: dict[Edge, list[int]]  # each edge's nodes, with the stops in between
    layers: list[list[int]]
    crossings: int


@functools.lru_cache(maxsize=8)
def _ranked(count: int, edges: tuple[Edge, ...]) -> _Ranks:
    """Give each node, and each stop of an edge between, its layer and order there.

    The answer is kept, since a graph may be laid out more than once, in other sizes.
    """
    layer_of = [2 * layer for layer in _layers(count, edges)]
    chains: dict[Edge, list[int]] = {}
    for start, end in edges:
        between = range(layer_of[start] + 1, layer_of[end])
        first = len(layer_of)
        chains[start, end] = [start, *range(first, first + len(between)), end]
        layer_of.extend(between)
    segments = [pair for chain in chains.values() for pair in itertools.pairwise(chain)]
    return _Ranks(layer_of, chains, *order(layer_of, segments))


def _layers(count: int, edges: Sequence[Edge]) -> list[int]:
    """Put each node right after its last input; inputs right before their first use."""
    inputs, uses = defaultdict(list), defaultdict(list)
    for start, end in edges:
        inputs[end].append(start)
        uses[start].append(end)
    layer_of = [0] * count
    waiting = {node: len(inputs[node]) for node in range(count)}
    ready = [node for node in range(count) if not waiting[node]]
    while ready:
        node = ready.pop()
        for end in uses[node]:
            layer_of[end] = max(layer_of[end], layer_of[node] + 1)
            waiting[end] -= 1
            if not waiting[end]:
                ready.append(end)
    for node in range(count):
        if not inputs[node] and uses[node]:
            layer_of[node] = min(layer_of[end] for end in uses[node]) - 1
    return layer_of


def _label_layers(ranks: _Ranks, labels: Mapping[Edge, Extent]) -> dict[Edge, int]:
    """Choose a layer for each label: the emptiest on the way, the first of equals."""
    load: dict[int, float] = defaultdict(float)
    chosen = {}
    for edge in sorted(labels, key=lambda edge: len(ranks.chains[edge])):
        on_the_way = [ranks.layer_of[stop] for stop in ranks.chains[edge][1:-1:2]]
        chosen[edge] = min(on_the_way, key=lambda layer: load[layer])
        load[chosen[edge]] += sum(labels[edge])
    return chosen


def _straightness(
    chains: Mapping[Edge, list[int]], weights: Mapping[Edge, float]
) -> dict[Edge, float]:
    """Return the weight of each segment: more between two stops than at the ends."""
    found = {}
    for edge, chain in chains.items():
        for n, segment in enumerate(itertools.pairwise(chain)):
            is_at_end = n in (0, len(chain) - 2)
            found[segment] = weights.get(edge, 1.0) * (
                1.0 if is_at_end else _WEIGHT_OF_BEND
            )
    return found
