"""Place the nodes of a graph in layers, with few crossings and short, straight edges.

The steps are those of Sugiyama, Tagawa and Toda (*Methods for Visual Understanding of
Hierarchical System Structures*, IEEE Transactions on Systems, Man, and Cybernetics
11(2), 1981): layers, order within layers, coordinates. Nothing here knows what is drawn.
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SWEEPS = 12
_STARTS = 6
_WEIGHT_OF_BEND = 4.0  # How much straighter long edges shall be than short ones.


@dataclass(frozen=True)
class Layout:
    """Where everything lies.

    Attributes
    ----------
    layers : list of list of int
        The nodes of each layer, in order.
    across : list of float
        Each node's place along its layer, 0 for the one furthest out.
    bends : dict of (int, int) to list of float
        For each edge, its places along the layers that it passes between its ends.
    crossings : int
        How many times two edges cross.
    """

    layers: list[list[int]]
    across: list[float]
    bends: dict[tuple[int, int], list[float]]
    crossings: int

    def layer_of(self, node: int) -> int:
        """Return the number of the layer that holds a node."""
        return next(n for n, layer in enumerate(self.layers) if node in layer)


def lay_out(
    sizes: Sequence[float],
    edges: Sequence[tuple[int, int]],
    gap: float,
    weights: Mapping[tuple[int, int], float] | None = None,
) -> Layout:
    """Lay out a graph without cycles in layers.

    Parameters
    ----------
    sizes : sequence of float
        The extent of each node along its layer.
    edges : sequence of (int, int)
        From which node to which; nodes count from 0.
    gap : float
        The distance kept between neighbours in a layer.
    weights : mapping of (int, int) to float, optional
        How straight each edge shall be, beside the others; 1 if nothing is said.

    Returns
    -------
    Layout
        Layers, places and the number of crossings.

    Examples
    --------
    >>> layout = lay_out([1.0, 1.0, 1.0], [(0, 2), (1, 2)], gap=0.5)
    >>> layout.layers, layout.across, layout.crossings
    ([[0, 1], [2]], [0.0, 1.5, 0.75], 0)
    """
    edges = list(dict.fromkeys(edges))
    layer_of = _layers(len(sizes), edges)
    sizes, layer_of, segments, chains = _with_bends(list(sizes), layer_of, edges)
    layers, crossings = _order(layer_of, segments)
    real = len(sizes) - sum(len(chain) for chain in chains.values())
    straightness = _straightness(chains, weights or {})
    across = _places(layers, segments, straightness, sizes, gap, real)
    return Layout(
        [[node for node in layer if node < real] for layer in layers],
        across[:real],
        {edge: [across[bend] for bend in chain] for edge, chain in chains.items()},
        crossings,
    )


def _layers(count: int, edges: list[tuple[int, int]]) -> list[int]:
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


def _with_bends(sizes, layer_of, edges):
    """Cut edges over several layers into segments, with a bend in each layer between."""
    segments, chains = [], {}
    for start, end in edges:
        chain = []
        for layer in range(layer_of[start] + 1, layer_of[end]):
            chain.append(len(sizes))
            sizes.append(0.0)
            layer_of.append(layer)
        stops = [start, *chain, end]
        segments += itertools.pairwise(stops)
        chains[start, end] = chain
    return sizes, layer_of, segments, chains


def _order(
    layer_of: list[int], segments: list[tuple[int, int]]
) -> tuple[list[list[int]], int]:
    """Order every layer so that few segments cross, from several starts."""
    ups, downs = defaultdict(list), defaultdict(list)
    for start, end in segments:
        ups[end].append(start)
        downs[start].append(end)
    best, fewest = None, None
    chance = random.Random(0)
    for number in range(_STARTS):
        layers = _first_order(layer_of, ups, downs, number, chance)
        for sweep in range(_SWEEPS):
            backwards = sweep % 2 == 0
            neighbours = downs if backwards else ups
            for layer in reversed(layers) if backwards else layers:
                _sort_by_neighbours(layer, neighbours, layers, layer_of, backwards)
            _swap_neighbours(layers, ups, downs)
            crossings = _count_crossings(layers, downs)
            if fewest is None or crossings < fewest:
                best, fewest = [list(layer) for layer in layers], crossings
            if not fewest:
                return best, 0
    return best, fewest


def _first_order(layer_of, ups, downs, number, chance):
    """Walk back from the last nodes depth first, which leaves trees uncrossed."""
    layers = [[] for _ in range(max(layer_of, default=-1) + 1)]
    ends = [node for node in range(len(layer_of)) if not downs[node]]
    if number:
        chance.shuffle(ends)
    seen = set()
    waiting = ends[::-1]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        layers[layer_of[node]].append(node)
        starts = list(ups[node])
        if number:
            chance.shuffle(starts)
        waiting += reversed(starts)
    return layers


def _sort_by_neighbours(layer, neighbours, layers, layer_of, backwards):
    if not layer:
        return
    beside = layer_of[layer[0]] + (1 if backwards else -1)
    if not 0 <= beside < len(layers):
        return
    place = {node: n for n, node in enumerate(layers[beside])}
    own = {node: n for n, node in enumerate(layer)}

    def mean(node):
        places = [place[other] for other in neighbours[node]]
        return sum(places) / len(places) if places else own[node]

    layer.sort(key=mean)


def _swap_neighbours(layers, ups, downs):
    """Swap neighbours in a layer as long as that saves crossings."""
    for number, layer in enumerate(layers):
        places = [
            {node: n for n, node in enumerate(layers[beside])}
            if 0 <= beside < len(layers)
            else {}
            for beside in (number - 1, number + 1)
        ]
        saved = True
        while saved:
            saved = False
            for n in range(len(layer) - 1):
                left, right = layer[n], layer[n + 1]
                before = after = 0
                for others, place in zip((ups, downs), places, strict=True):
                    for a in others[left]:
                        for b in others[right]:
                            before += place[a] > place[b]
                            after += place[a] < place[b]
                if after < before:
                    layer[n], layer[n + 1] = right, left
                    saved = True


def _count_crossings(layers, downs):
    crossings = 0
    for upper, lower in itertools.pairwise(layers):
        place = {node: n for n, node in enumerate(lower)}
        ends = [sorted(place[end] for end in downs[node]) for node in upper]
        seen: list[int] = []
        for group in ends:
            crossings += sum(other > end for end in group for other in seen)
            seen += group
    return crossings


def _straightness(chains, weights):
    """Return the weight of each segment: more between two bends than at the ends."""
    found = {}
    for edge, chain in chains.items():
        stops = [edge[0], *chain, edge[1]]
        for n, segment in enumerate(itertools.pairwise(stops)):
            between_bends = 0 < n < len(chain)
            found[segment] = weights.get(edge, 1.0) * (
                _WEIGHT_OF_BEND if between_bends else 1.0
            )
    return found


def _places(layers, segments, straightness, sizes, gap, real):
    """Draw nodes towards their neighbours, as far as the others leave room."""
    neighbours = defaultdict(list)
    for start, end in segments:
        weight = straightness[start, end]
        neighbours[start].append((end, weight))
        neighbours[end].append((start, weight))
    across = [0.0] * len(sizes)
    for layer in layers:
        _spread(layer, across, sizes, gap, real, dict.fromkeys(layer, (0.0, 1.0)))
    for sweep in range(2 * _SWEEPS):
        for layer in layers if sweep % 2 else reversed(layers):
            wanted = {}
            for node in layer:
                total = sum(weight for _, weight in neighbours[node])
                moments = sum(
                    weight * across[other] for other, weight in neighbours[node]
                )
                wanted[node] = (moments / total, total) if total else (across[node], 1)
            _spread(layer, across, sizes, gap, real, wanted)
    edge = min(across[:real], default=0.0)
    return [place - edge for place in across]


def _spread(layer, across, sizes, gap, real, wanted):
    """Place a layer's nodes as near as can be to where they want to be, in order.

    Nodes that push each other form a block, which lies where its members want to be on
    weighted average (least squares: the pool-adjacent-violators algorithm).
    """
    offsets, total = [], 0.0
    for n, node in enumerate(layer):
        if n:
            before = layer[n - 1]
            room = gap if node < real and before < real else gap / 2
            total += (sizes[before] + sizes[node]) / 2 + room
        offsets.append(total)
    blocks: list[tuple[float, float, int]] = []  # place, weight, number of nodes
    for node, offset in zip(layer, offsets, strict=True):
        place, weight = wanted[node]
        block = (place - offset, weight, 1)
        while blocks and blocks[-1][0] > block[0]:
            other, count = blocks.pop(), block[2]
            weight = other[1] + block[1]
            place = (other[0] * other[1] + block[0] * block[1]) / weight
            block = (place, weight, other[2] + count)
        blocks.append(block)
    starts = [place for place, _, count in blocks for _ in range(count)]
    for node, start, offset in zip(layer, starts, offsets, strict=True):
        across[node] = start + offset
