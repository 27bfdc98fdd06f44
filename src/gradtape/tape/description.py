"""A tape's graph in words, for those who cannot see the drawing."""

from __future__ import annotations

from gradtape.language import say
from gradtape.tape.graph import Graph, Node
from gradtape.tape.labels import node_label, operation_label, value_label

_MOST_STEPS = 40


def describe_graph(graph: Graph, folds: dict[Node, int]) -> str:
    """Say what was computed from what, and which gradients came back.

    Parameters
    ----------
    graph : Graph
        The graph as it is drawn.
    folds : dict of Node to int
        How many operations each folded node stands for.

    Returns
    -------
    str
        Sentences in the reader's language.
    """
    steps = [node for node in graph.nodes if node.kind in ("operation", "fold")]
    start = ", ".join(
        f"{each.name} = {value_label(each.value)}" for each in graph.sources
    )
    parts = [
        say(
            en=f"Computation graph at {start}. Operations: {len(steps)}.",
            zh=f"{start} 处的计算图，共有 {len(steps)} 个运算。",
        )
    ]
    if folds:
        parts.append(
            say(
                en=f"{sum(folds.values())} operations are folded into {len(folds)} boxes.",
                zh=f"其中 {sum(folds.values())} 个运算折叠成 {len(folds)} 个方框。",
            )
        )
    parts += [_step(node, graph) for node in steps[:_MOST_STEPS]]
    if len(steps) > _MOST_STEPS:
        rest = len(steps) - _MOST_STEPS
        parts.append(say(en=f"And {rest} more.", zh=f"另有 {rest} 个运算。"))
    for node in graph.nodes:
        if node.kind == "departure":
            name = _name(graph.inputs(node)[0].start)
            parts.append(
                say(
                    en=f"{name} left TensorFlow through {node_label(node)}.",
                    zh=f"{name} 通过 {node_label(node)} 离开了 TensorFlow。",
                )
            )
    if graph.missing_operation:
        name = operation_label(graph.missing_operation)
        parts.append(
            say(
                en=f"The operation {name} has no gradient.",
                zh=f"运算 {name} 没有定义梯度。",
            )
        )
    parts += [_gradient(node) for node in graph.sources]
    return say(en=" ", zh="").join(parts)


def _step(node: Node, graph: Graph) -> str:
    inputs = say(en=", ", zh="、").join(
        _name(edge.start) for edge in graph.inputs(node)
    )
    result = f"{node_label(node)} ({inputs}) = {value_label(node.value)}"
    end = say(en=".", zh="。")
    if node.is_target:
        return result + end
    if node.gradient is None:
        return result + say(en=", gradient None", zh="，梯度为 None") + end
    gradient = value_label(node.gradient)
    return result + say(en=f", gradient {gradient}", zh=f"，梯度为 {gradient}") + end


def _name(node: Node) -> str:
    if node.kind in ("operation", "fold"):
        return value_label(node.value)
    return node.name or value_label(node.value)


def _gradient(node: Node) -> str:
    slope = "None" if node.gradient is None else value_label(node.gradient)
    return say(en=f"∂f/∂{node.name} = {slope}.", zh=f"∂f/∂{node.name} = {slope}。")
