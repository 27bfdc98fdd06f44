"""The operations of a compiled function, as the events of a run without numbers."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from gradtape.learner_code.lines import Line, is_own_file
from gradtape.tape.record.events import Operation


def graph_events(graph: Any) -> list[Operation]:
    """Return what a graph computes, in the order in which it was built.

    Parameters
    ----------
    graph : tf.Graph
        The graph of a ``tf.function``.

    Returns
    -------
    list of Operation
        A variable stands in the place of the handle by which the graph reads it.
    """
    captured = _captured(graph)
    found = []
    for node in graph.get_operations():
        inputs = [captured.get(id(each), each) for each in node.inputs]
        if node.type == "Placeholder" or not (inputs or node.outputs):
            continue
        found.append(
            Operation(node.type, inputs, inputs, list(node.outputs), _line_of(node))
        )
    return found


def _captured(graph: Any) -> dict[int, Any]:
    """Return what stands for each placeholder of something from outside the graph."""
    handles = {id(each.handle): each for each in getattr(graph, "variables", ())}
    return {
        id(inner): handles.get(id(outer), outer)
        for outer, inner in getattr(graph, "captures", ())
    }


def _line_of(node: tf.Operation) -> Line | None:
    for frame in reversed(node.traceback or ()):
        if is_own_file(frame.filename):
            return Line(frame.filename, frame.lineno)
    return None
