"""Leave out of a tape's graph what only TensorFlow needs, and fold what is too much."""

from __future__ import annotations

import itertools
import textwrap
from collections import defaultdict
from collections.abc import Callable, Hashable

from gradtape.tape.record.graph import Edge, Graph, Node
from gradtape.tape.record.labels import is_plain_number, node_label

MOST_NODES = 60
_FEWEST_OPERATIONS = 6  # A drawing of fewer would show nothing.
_LONGEST_NAME = 30  # characters

Folds = dict[Node, list[Node]]


def without_plumbing(graph: Graph) -> Graph:
    """Return the graph without axes, shapes and constant sub-calculations.

    Parameters
    ----------
    graph : Graph
        The record.

    Returns
    -------
    Graph
        The same nodes, fewer of them: what is calculated from constants alone becomes a
        constant, and whole numbers without a name are left out.
    """
    kept = [
        node
        for node in graph.nodes
        if node.depends_on_source
        or node.kind in ("argument", "variable", "departure")
        or node.is_target
        or _is_shown_constant(node)
    ]
    known = set(kept)
    edges = [
        edge
        for edge in graph.edges
        if edge.start in known
        and edge.end in known
        and (
            edge.end.depends_on_source
            or edge.end.is_target
            or edge.end.kind == "departure"
        )
    ]
    used = {node for edge in edges for node in (edge.start, edge.end)}
    nodes = [
        node
        for node in kept
        if node in used or node.kind == "argument" or node.is_target
    ]
    return Graph(nodes, edges, graph.observation, graph.missing_operation)


def _is_shown_constant(node: Node) -> bool:
    has_name = node.kind != "operation" and bool(node.name)
    return node.value.dtype.is_floating or has_name


def folded(graph: Graph, most: int = MOST_NODES) -> tuple[Graph, Folds]:
    """Fold operations until a graph has few enough nodes to be drawn.

    Operations that follow each other in one name scope become one node; if that is not
    enough, those of one line of code; and if that is not enough, the middle. A way of
    folding that would leave hardly any operation is passed over.

    Parameters
    ----------
    graph : Graph
        The graph.
    most : int, default 60
        How many nodes can be drawn.

    Returns
    -------
    graph : Graph
        The graph, or a smaller one.
    folds : dict of Node to list of Node
        What each folded node stands for: operations, and variables used there alone.
    """
    folds: Folds = {}
    for key in (_scope, _line):
        if len(graph.nodes) <= most:
            return graph, folds
        smaller, smaller_folds = _fold(graph, folds, key)
        if len(_operations(smaller)) >= _FEWEST_OPERATIONS:
            graph, folds = smaller, smaller_folds
    if len(graph.nodes) > most:
        at_each_end = most // 8
        middle = set(_operations(graph)[at_each_end:-at_each_end])
        graph, folds = _fold(graph, folds, lambda node: node in middle)
    return graph, folds


def operations_in(members: list[Node]) -> int:
    """Return how many operations a folded node stands for, given its members."""
    return sum(node.kind == "operation" for node in members)


def _operations(graph: Graph) -> list[Node]:
    return [node for node in graph.nodes if node.kind in ("operation", "fold")]


def _scope(node: Node) -> str:
    return node.operation.scope if node.operation else ""


def _line(node: Node) -> Hashable:
    return node.line


def _fold(
    graph: Graph, folds: Folds, key: Callable[[Node], Hashable]
) -> tuple[Graph, Folds]:
    """Make one node of operations that follow each other and have the same key.

    They follow each other in time, so that no cycle can come about.
    """
    replaced: dict[Node, Node] = {}
    folds = dict(folds)
    for same, run in itertools.groupby(_operations(graph), key):
        members = list(run)
        if same and len(members) > 1:
            last = members[-1]
            name = _fold_name(members, bool(graph.observation.own_code))
            fold = Node("fold", name, last.value, last.recorded)
            fold.gradient, fold.tangent = last.gradient, last.tangent
            fold.is_target = any(node.is_target for node in members)
            fold.depends_on_source = any(node.depends_on_source for node in members)
            folds[fold] = [each for node in members for each in folds.pop(node, [node])]
            replaced |= dict.fromkeys(members, fold)
    ends: dict[Node, set[Node | None]] = defaultdict(set)
    for edge in graph.edges:
        ends[edge.start].add(replaced.get(edge.end))
    for node in graph.nodes:
        if node.kind in ("constant", "variable") and len(ends[node]) == 1:
            (fold,) = ends[node]
            if fold is not None:
                replaced[node] = fold
                folds[fold].append(node)
    edges = []
    for edge in graph.edges:
        start = replaced.get(edge.start, edge.start)
        end = replaced.get(edge.end, edge.end)
        is_inside = start is end or (end in folds and is_plain_number(start))
        if not is_inside:
            edges.append(Edge(start, end, edge.position, edge.gradient))
    used = {node for edge in edges for node in (edge.start, edge.end)}
    nodes = [
        node
        for node in dict.fromkeys(replaced.get(node, node) for node in graph.nodes)
        if node in used or node.kind != "constant"
    ]
    smaller = Graph(nodes, edges, graph.observation, graph.missing_operation)
    return smaller, folds


def _fold_name(members: list[Node], has_own_code: bool) -> str:
    """Name a fold by its scope, or by its line of code, or by its operations."""
    scopes = {_scope(node) for node in members}
    if len(scopes) == 1 and (scope := scopes.pop()):
        return scope.split("/")[-1]
    lines = {node.line for node in members}
    line = lines.pop() if len(lines) == 1 and has_own_code else None
    if line and line.text:
        return textwrap.shorten(line.text, _LONGEST_NAME, placeholder=" …")
    names = list(dict.fromkeys(node_label(node) for node in members))
    return " ".join(names[:3]) + " …" * (len(names) > 3)
