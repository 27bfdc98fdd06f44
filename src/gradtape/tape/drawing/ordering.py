"""Order the nodes of every layer so that few edges cross.

The heuristics are those that Sugiyama, Tagawa and Toda began with (see
:mod:`gradtape.tape.drawing.layout`): sort each layer by the mean place of its neighbours, then
swap two that stand side by side where that saves crossings.
"""

from __future__ import annotations

import itertools
import random
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Sequence

_SWEEPS = 12
_STARTS = 6
_PATIENCE = 2  # How many sweeps in a row may bring nothing.

Layers = list[list[int]]


def order(
    layer_of: Sequence[int], segments: Sequence[tuple[int, int]]
) -> tuple[Layers, int]:
    """Order every layer of a graph, from several starts, and keep the best.

    Parameters
    ----------
    layer_of : sequence of int
        The layer of each node.
    segments : sequence of (int, int)
        Edges, each from one layer to the next.

    Returns
    -------
    layers : list of list of int
        The nodes of each layer, in order.
    crossings : int
        How many times two segments cross.

    Examples
    --------
    >>> order([0, 0, 1, 1], [(0, 3), (1, 2)])
    ([[1, 0], [2, 3]], 0)
    """
    starts, ends = defaultdict(list), defaultdict(list)
    for start, end in segments:
        starts[end].append(start)
        ends[start].append(end)
    best, fewest = [], None
    chance = random.Random(0)
    for attempt in range(_STARTS):
        layers = _first_order(layer_of, starts, ends, chance if attempt else None)
        since_better = 0
        for sweep in range(_SWEEPS):
            _sort_by_neighbours(layers, starts, ends, backwards=sweep % 2 == 0)
            _swap_neighbours(layers, starts, ends)
            crossings = _count_crossings(layers, ends)
            if fewest is None or crossings < fewest:
                best, fewest, since_better = [list(row) for row in layers], crossings, 0
            if not fewest:
                return best, 0
            since_better += 1
            if since_better > _PATIENCE:
                break
    return best, fewest or 0


def _first_order(layer_of, starts, ends, chance: random.Random | None) -> Layers:
    """Walk back from the last nodes depth first, which leaves trees uncrossed."""
    layers = [[] for _ in range(max(layer_of, default=-1) + 1)]

    def shuffled(nodes: list[int]) -> list[int]:
        return chance.sample(nodes, len(nodes)) if chance else nodes

    waiting = shuffled([node for node in range(len(layer_of)) if not ends[node]])[::-1]
    seen = set()
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            layers[layer_of[node]].append(node)
            waiting += shuffled(starts[node])[::-1]
    return layers


def _sort_by_neighbours(layers: Layers, starts, ends, *, backwards: bool) -> None:
    """Sort the layers one after the other by the mean place of what lies before."""
    neighbours = ends if backwards else starts
    path = layers[::-1] if backwards else layers
    for before, layer in itertools.pairwise(path):
        place = _places(before)
        own = _places(layer)

        def mean(node: int, place=place, own=own) -> float:
            found = [place[other] for other in neighbours[node]]
            return sum(found) / len(found) if found else own[node]

        layer.sort(key=mean)


def _swap_neighbours(layers: Layers, starts, ends) -> None:
    """Swap neighbours in a layer as long as that saves crossings."""
    for number, layer in enumerate(layers):
        sides = []
        if number > 0:
            sides.append((starts, _places(layers[number - 1])))
        if number + 1 < len(layers):
            sides.append((ends, _places(layers[number + 1])))
        places = {
            node: [
                sorted(place[other] for other in side[node]) for side, place in sides
            ]
            for node in layer
        }
        saved = True
        while saved:
            saved = False
            for n in range(len(layer) - 1):
                left, right = layer[n : n + 2]
                now = sum(map(_inversions, places[left], places[right]))
                then = sum(map(_inversions, places[right], places[left]))
                if then < now:
                    layer[n], layer[n + 1] = right, left
                    saved = True


def _places(layer: list[int]) -> dict[int, int]:
    return {node: place for place, node in enumerate(layer)}


def _inversions(left: list[int], right: list[int]) -> int:
    """Count the pairs of which the one on the left ends further to the right."""
    return sum(len(left) - bisect_right(left, place) for place in right)


def _count_crossings(layers: Layers, ends) -> int:
    crossings = 0
    for layer, after in itertools.pairwise(layers):
        place = _places(after)
        seen: list[int] = []
        for node in layer:
            group = [place[end] for end in ends[node]]
            crossings += _inversions(seen, group)
            for end in group:
                insort(seen, end)
    return crossings
