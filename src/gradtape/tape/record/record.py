"""Record a function: watch it run, link its operations, ask the tape for gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.clear_errors import shown
from gradtape.language import say
from gradtape.tape.record.arguments import as_tensors, is_number, tangents_of
from gradtape.tape.record.backward import way_back
from gradtape.tape.record.events import ABOUT_SHAPE, Departure, Observation, Operation
from gradtape.tape.record.graph import Edge, Graph, Node, carried_back
from gradtape.tape.record.names import Captured, argument_names
from gradtape.tape.record.observation import observe

# Operations that hand on what they were given: their result is the same value.
_HANDING_ON = {"Identity", "IdentityN", "ReadVariableOp", "Snapshot", "EnsureShape"}
_QUIET_WAYS_OUT = {"__bool__", "__str__", "__repr__", "__format__"}


def record(f: Callable, *args: Any, tangents: Any = None) -> Graph:
    """Run a function once on a tape and return what the tape recorded, as a graph.

    Parameters
    ----------
    f : callable
        The function. It is called once; variables that it assigns to have their old
        values back afterwards.
    *args : tensor, variable, array, number, or nested structures of these
        Its arguments. Whole numbers become floats.
    tangents : optional
        How fast the arguments move: for one argument its tangent, for several a sequence
        with one for each. The nodes then have tangents too.

    Returns
    -------
    Graph
        Values, edges and gradients. What has no part in the result is left out, but for
        the arguments and the places where their values left TensorFlow.

    Raises
    ------
    TypeError
        If f is not callable.
    ValueError
        If the tangents are not as many as the arguments, or have other shapes.
    Exception
        Whatever f raises.

    Examples
    --------
    >>> graph = record(lambda x: tf.pow(x, 4), 3.0)
    >>> [(node.name, float(node.value)) for node in graph.nodes]
    [('x', 3.0), ('4', 4.0), ('Pow', 81.0)]
    >>> float(graph.sources[0].gradient)
    108.0
    """
    if not callable(f):
        raise TypeError(
            say(
                en=f"f is {shown(f)}, which cannot be called; give the function "
                "itself, such as lambda x: x**2, or h and not h(t)",
                zh=f"f 是 {shown(f)}，不能调用；请给出函数本身，例如 lambda x: x**2；"
                "写 h，不写 h(t)",
            )
        )
    args = tf.nest.map_structure(_as_float, tuple(map(as_tensors, args)))
    tape = tf.GradientTape(persistent=True)
    watched = [leaf for leaf in tf.nest.flatten(args) if is_number(leaf)]
    given = [] if tangents is None else tangents_of(watched, args, tangents)
    accumulator = tf.autodiff.ForwardAccumulator(watched if given else [], given)
    with accumulator:
        observation = observe(f, args, tape, watched)
    if observation.error is not None:
        raise observation.error
    graph = graph_of(f, args, tape, observation)
    if given:
        _add_tangents(graph, accumulator)
    return graph


def graph_of(
    f: Callable, args: tuple, tape: tf.GradientTape, observation: Observation
) -> Graph:
    """Return the graph of a function that was observed on a persistent tape.

    Parameters
    ----------
    f : callable
        The function.
    args : tuple
        The arguments that it was called with.
    tape : tf.GradientTape
        The tape that recorded it.
    observation : Observation
        What was seen.

    Returns
    -------
    Graph
        Values, edges and gradients.
    """
    linker = _Linker(f, args, tape, observation)
    graph = Graph(*_relevant(linker.nodes, linker.edges), observation)
    _add_gradients(graph, tape)
    return graph


class _Linker:
    """Turns events into nodes and edges: which result went into which operation."""

    def __init__(
        self, f: Callable, args: tuple, tape: tf.GradientTape, observation: Observation
    ):
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self._node_of: dict[int, Node] = {}
        self._names = Captured(f, observation.own_code.items())
        self._watched = {id(variable) for variable in tape.watched_variables()}
        self._arrivals = {id(tensor) for tensor in observation.arrivals}
        for name, leaf in argument_names(f, args):
            if is_number(leaf):
                node = Node("argument", name, tf.convert_to_tensor(leaf), leaf)
                node.is_source = node.depends_on_source = node.value.dtype.is_floating
                self._add(leaf, node)
        for event in observation.events:
            if isinstance(event, Operation):
                self._link(event)
            elif isinstance(event, Departure) and event.way not in _QUIET_WAYS_OUT:
                self._leave(event)
        for leaf in tf.nest.flatten(observation.result):
            if tf.is_tensor(leaf) or isinstance(leaf, tf.Variable):
                self._node(leaf, leaf).is_target = True

    def _add(self, key: Any, node: Node) -> Node:
        self.nodes.append(node)
        self._node_of[id(key)] = node
        return node

    def _link(self, operation: Operation) -> None:
        if operation.name in _HANDING_ON and len(operation.outputs) == 1:
            start = self._node(operation.inputs[0], operation.values[0])
            self._node_of[id(operation.outputs[0])] = start
            return
        starts = [
            self._node(leaf, value)
            for leaf, value in zip(operation.inputs, operation.values, strict=True)
        ]
        results = [(output, output) for output in operation.outputs]
        first = next(iter(operation.inputs), None)
        if not results and isinstance(first, tf.Variable):
            # An assignment: from here on the variable is another value.
            results = [(first, _assigned(operation))]
            if operation.name == "AssignVariableOp":
                starts = starts[1:]
        for key, value in results:
            end = Node("operation", operation.name, value, key, operation)
            end.depends_on_source = operation.name not in ABOUT_SHAPE and any(
                start.depends_on_source for start in starts
            )
            self._add(key, end)
            self.edges += [
                Edge(start, end, position) for position, start in enumerate(starts)
            ]

    def _leave(self, departure: Departure) -> None:
        start = self._node(departure.tensor, departure.tensor)
        if start.depends_on_source:
            way = departure.way.strip("_")
            end = Node("departure", way, start.value, departure.tensor)
            self.nodes.append(end)
            self.edges.append(Edge(start, end, 0))

    def _node(self, leaf: Any, value: Any) -> Node:
        """Return the node of a value: the one known, or a new source or constant."""
        if node := self._node_of.get(id(leaf)):
            return node
        name = self._names.name(leaf)
        if isinstance(leaf, tf.Variable):
            node = Node("variable", name or "v", value, leaf)
            node.is_source = node.depends_on_source = id(leaf) in self._watched
            return self._add(leaf, node)
        value = tf.convert_to_tensor(value)
        is_array = isinstance(leaf, (np.ndarray, np.generic))
        if not name and not is_array and not isinstance(leaf, tf.Tensor):
            name = str(leaf) if value.shape.rank == 0 else ""
        node = Node("constant", name, value, leaf)
        node.is_from_numpy = not name and (is_array or id(leaf) in self._arrivals)
        return self._add(leaf, node)


def _assigned(operation: Operation) -> tf.Tensor:
    """Return the value that a variable has after an assignment."""
    before, given = operation.values[0], operation.values[-1]
    if operation.name == "AssignAddVariableOp":
        return before + given
    if operation.name == "AssignSubVariableOp":
        return before - given
    return tf.convert_to_tensor(given)


def _as_float(leaf: Any) -> Any:
    """Make a float of a whole number, which a tape does not watch."""
    if isinstance(leaf, tf.Tensor) and leaf.dtype.is_integer:
        return tf.cast(leaf, tf.float32)
    return leaf


def _relevant(nodes: list[Node], edges: list[Edge]) -> tuple[list[Node], list[Edge]]:
    """Keep what has part in the target, the arguments, and what left TensorFlow."""
    inputs: dict[Node, list[Edge]] = {}
    for edge in edges:
        inputs.setdefault(edge.end, []).append(edge)
    waiting = [node for node in nodes if node.is_target or node.kind == "departure"]
    kept = {node for node in nodes if node.kind == "argument"}
    while waiting:
        node = waiting.pop()
        if node not in kept or node.kind == "argument":
            kept.add(node)
            waiting += [
                edge.start for edge in inputs.get(node, ()) if edge.start not in kept
            ]
    return (
        [node for node in nodes if node in kept],
        [edge for edge in edges if edge.end in kept],
    )


def _add_gradients(graph: Graph, tape: tf.GradientTape) -> None:
    targets = [node.value for node in graph.targets if node.value.dtype.is_floating]
    asked = [
        node
        for node in graph.nodes
        if node.depends_on_source
        and (node.value.dtype.is_floating or node.value.dtype.is_complex)
    ]
    if not targets or not asked:
        return
    seen = way_back(tape, targets, [node.recorded for node in asked])
    if seen.error is not None:
        failed = seen.failed_at.name if seen.failed_at else ""
        graph.missing_operation = seen.missing_operation or failed
        _walk_back(graph)
        return
    gradients = seen.gradients
    for node, gradient in zip(asked, gradients, strict=True):
        node.gradient = None if gradient is None else tf.convert_to_tensor(gradient)
    for node in asked:
        if node.gradient is not None:
            _share_out(node, graph.uses(node))


def _add_tangents(graph: Graph, accumulator: tf.autodiff.ForwardAccumulator) -> None:
    """Say how fast each value moves; what depends on variables alone stands still."""
    for node in graph.nodes:
        if node.depends_on_source:
            node.tangent = accumulator.jvp(node.recorded, "zero")


def _walk_back(graph: Graph) -> None:
    """Add the gradients as far back as the operation that has none."""
    for node in graph.targets:
        node.gradient = tf.ones_like(node.value)
    for node in reversed(graph.nodes):
        has_way_back = node.operation is not None and node.operation.is_repeatable
        if node.gradient is None or not has_way_back or not node.depends_on_source:
            continue
        try:
            parts = carried_back(node, node.gradient)
        except Exception:  # noqa: BLE001, S112, rules of gradients raise what they like
            continue
        for edge in graph.inputs(node):
            edge.gradient = parts[edge.position]
            if edge.gradient is not None:
                before = edge.start.gradient
                edge.start.gradient = (
                    edge.gradient if before is None else before + edge.gradient
                )
    for node in graph.sources:
        node.gradient = None  # The tape raises an error instead of an answer.


def _share_out(node: Node, uses: list[Edge]) -> None:
    """Say how much of a node's gradient comes back along each of its edges."""
    live = [edge for edge in uses if edge.end.gradient is not None]
    if len(live) == 1 and not node.is_target:
        live[0].gradient = node.gradient
        return
    for edge in live:
        if edge.end.operation.is_repeatable:
            parts = carried_back(edge.end, edge.end.gradient)
            edge.gradient = parts[edge.position]
    known = [edge.gradient for edge in live if edge.gradient is not None]
    if node.kind != "variable":
        # Nothing comes back to what was assigned: an assignment is a new start.
        live = [edge for edge in live if not edge.end.name.startswith("Assign")]
    rest = [edge for edge in live if not edge.end.operation.is_repeatable]
    if len(rest) == 1 and not node.is_target:
        rest[0].gradient = node.gradient - sum(known) if known else node.gradient
