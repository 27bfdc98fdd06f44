"""A tape's graph in words, for those who cannot see the drawing."""

from __future__ import annotations

import numpy as np

from gradtape.language import say
from gradtape.tape.drawing.simplify import Folds, operations_in
from gradtape.tape.record.graph import Graph, Node
from gradtape.tape.record.labels import (
    as_array,
    node_label,
    operation_label,
    value_text,
)

_MOST_STEPS = 25
_MOST_SOURCES = 12


def describe_graph(graph: Graph, folds: Folds) -> str:
    """Say what was computed from what, and which gradients came back.

    Parameters
    ----------
    graph : Graph
        The graph as it is drawn.
    folds : dict of Node to list of Node
        What each folded node stands for.

    Returns
    -------
    str
        Sentences in the reader's language.
    """
    steps = [node for node in graph.nodes if _is_step(node)]
    members = [member for inside in folds.values() for member in inside]
    sources = graph.sources + [member for member in members if member.is_source]
    sentences = [
        _opening(graph, sources, len(steps)),
        *([_folds(folds)] if folds else []),
        *(_step(node, graph, folds) for node in steps[:_MOST_STEPS]),
        *_more(len(steps) - _MOST_STEPS, "operations", "个运算"),
        *_sum_of_results(graph),
        *_oddities(graph),
        *(_gradient(node) for node in sources[:_MOST_SOURCES]),
        *(_given_tangent(node) for node in sources[:_MOST_SOURCES]),
        *_more(len(sources) - _MOST_SOURCES, "gradients", "个梯度"),
    ]
    return say(en=" ", zh="").join(filter(None, sentences))


def _is_step(node: Node) -> bool:
    is_calculated = node.kind in ("operation", "fold")
    return is_calculated and (node.depends_on_source or node.is_target)


def _opening(graph: Graph, sources: list[Node], steps: int) -> str:
    start = ", ".join(
        f"{each.name} = {value_text(each.value)}" for each in sources[:_MOST_SOURCES]
    )
    start += ", …" * (len(sources) > _MOST_SOURCES)
    results = ", ".join(value_text(node.value) for node in graph.targets)
    return say(
        en=("Computation graph" + (f" at {start}" if start else ""))
        + f", operations: {steps}"
        + (f", result: {results}." if results else ", no result in TensorFlow."),
        zh=(f"{start} 处的计算图" if start else "计算图")
        + f"，共 {steps} 个运算，"
        + (f"结果为 {results}。" if results else "结果不在 TensorFlow 里。"),
    )


def _folds(folds: Folds) -> str:
    count = sum(map(operations_in, folds.values()))
    return say(
        en=f"{count} operations are folded into {len(folds)} "
        + ("box." if len(folds) == 1 else "boxes."),
        zh=f"其中 {count} 个运算折叠成 {len(folds)} 个方框。",
    )


def _step(node: Node, graph: Graph, folds: Folds) -> str:
    names = [_name(edge.start) for edge in graph.inputs(node)]
    inputs = say(en=", ", zh="、").join(names[:_MOST_SOURCES])
    inputs += f", … ({len(names)})" * (len(names) > _MOST_SOURCES)
    label = node_label(node)
    if node in folds:
        count = operations_in(folds[node])
        label += say(en=f", {count} operations", zh=f"，{count} 个运算")
    parts = [f"{label} ({inputs}) = {value_text(node.value)}"]
    if not node.is_target:
        slope = _slope(node)
        parts.append(say(en=f"gradient {slope}", zh=f"梯度为 {slope}"))
    if node.tangent is not None:
        parts.append(f"d/dt = {value_text(node.tangent)}")
    return say(en=", ", zh="，").join(parts) + say(en=".", zh="。")


def _name(node: Node) -> str:
    if node.kind in ("operation", "fold"):
        return value_text(node.value)
    return node.name or value_text(node.value)


def _more(count: int, en: str, zh: str) -> list[str]:
    return [say(en=f"And {count} more {en}.", zh=f"另有 {count} {zh}。")] * (count > 0)


def _sum_of_results(graph: Graph) -> list[str]:
    entries = sum(node.value.shape.num_elements() for node in graph.targets)
    if entries <= 1:
        return []
    return [
        say(
            en=f"Gradients are those of the sum of all {entries} entries of the result.",
            zh=f"梯度是结果全部 {entries} 个分量之和的梯度。",
        )
    ]


def _oddities(graph: Graph) -> list[str]:
    """Say where nothing, or zero, or no number comes back, and what left TensorFlow."""
    sentences = []
    for edge in graph.edges:
        start, end = _name(edge.start), node_label(edge.end)
        if edge.end.kind == "departure":
            sentences.append(
                say(
                    en=f"{start} left TensorFlow through {end}.",
                    zh=f"{start} 通过 {end} 离开了 TensorFlow。",
                )
            )
        elif edge.is_cut or (
            edge.gradient is not None and not np.any(as_array(edge.gradient))
        ):
            what = (
                say(en="None", zh=" None") if edge.is_cut else say(en="Zero", zh="零")
            )
            sentences.append(
                say(
                    en=f"{what} comes back from {end} to {start}.",
                    zh=f"从 {end} 到 {start} 传回的是{what}。",
                )
            )
    sentences += [
        say(
            en=f"The constant {_name(node)} came from NumPy.",
            zh=f"常数 {_name(node)} 来自 NumPy。",
        )
        for node in graph.nodes
        if node.is_from_numpy
    ]
    if graph.missing_operation:
        name = operation_label(graph.missing_operation)
        sentences.append(
            say(
                en=f"The operation {name} has no gradient.",
                zh=f"运算 {name} 没有定义梯度。",
            )
        )
    return sentences


def _gradient(node: Node) -> str:
    return f"∂f/∂{node.name} = {_slope(node)}" + say(en=".", zh="。")


def _given_tangent(node: Node) -> str:
    if node.tangent is None:
        return ""
    return f"d{node.name}/dt = {value_text(node.tangent)}" + say(en=".", zh="。")


def _slope(node: Node) -> str:
    return "None" if node.gradient is None else value_text(node.gradient)
