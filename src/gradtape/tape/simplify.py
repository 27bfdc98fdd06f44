"""Leave out of a tape's graph what only TensorFlow needs, and fold what is too much."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable

from gradtape.tape.graph import Edge, Graph, Node
from gradtape.tape.labels import node_label

MOST_NODES = 60
_KEPT_AT_EACH_END = 12


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
        and (edge.end.depends_on_source or edge.end.kind == "departure")
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


def folded(graph: Graph, most: int = MOST_NODES) -> tuple[Graph, dict[Node, int]]:
    """Fold operations until a graph has few enough nodes to be drawn.

    Operations that follow each other in one name scope become one node; if that is not
    enough, those of one line of code; and if that is not enough, the middle.

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
    folds : dict of Node to int
        How many operations each folded node stands for.
    """
    folds: dict[Node, int] = {}
    for key in (_scope, _line):
        if len(graph.nodes) <= most:
            return graph, folds
        graph, folds = _fold(graph, folds, key)
    if len(graph.nodes) > most:
        operations = [
            node for node in graph.nodes if node.kind in ("operation", "fold")
        ]
        middle = set(operations[_KEPT_AT_EACH_END:-_KEPT_AT_EACH_END])
        graph, folds = _fold(graph, folds, lambda node: node in middle)
    return graph, folds


def _scope(node: Node) -> str:
    return node.operation.scope if node.operation else ""


def _line(node: Node) -> Hashable:
    return node.line


def _fold(
    graph: Graph, folds: dict[Node, int], key: Callable[[Node], Hashable]
) -> tuple[Graph, dict[Node, int]]:
    """Make one node of operations that follow each other and have the same key.

    They follow each other in time, so that no cycle can come about.
    """
    replaced: dict[Node, Node] = {}
    folds = dict(folds)
    operations = [node for node in graph.nodes if node.kind in ("operation", "fold")]
    for same, run in itertools.groupby(operations, key):
        members = list(run)
        if same and len(members) > 1:
            last = members[-1]
            fold = Node("fold", _fold_name(members), last.value, last.recorded)
            fold.gradient = last.gradient
            fold.is_target = any(node.is_target for node in members)
            fold.depends_on_source = any(node.depends_on_source for node in members)
            folds[fold] = sum(folds.pop(node, 1) for node in members)
            replaced |= dict.fromkeys(members, fold)
    for node in graph.nodes:
        ends = {replaced.get(edge.end) for edge in graph.uses(node)}
        if (
            node.kind in ("constant", "variable")
            and len(ends) == 1
            and None not in ends
        ):
            replaced[node] = ends.pop()
    nodes = dict.fromkeys(replaced.get(node, node) for node in graph.nodes)
    edges = []
    for edge in graph.edges:
        start = replaced.get(edge.start, edge.start)
        end = replaced.get(edge.end, edge.end)
        if start is not end:
            edges.append(Edge(start, end, edge.position, edge.gradient))
    smaller = Graph(list(nodes), edges, graph.observation, graph.missing_operation)
    return smaller, folds


def _fold_name(members: list[Node]) -> str:
    scopes = {_scope(node) for node in members}
    if len(scopes) == 1 and (scope := scopes.pop()):
        return scope.split("/")[-1]
    names = list(dict.fromkeys(node_label(node) for node in members))
    return " ".join(names[:3]) + " …" * (len(names) > 3)
