"""What a tape recorded, as a graph: every value, and the gradient that came back to it.

:func:`gradtape.tape.record.record.record` makes one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import tensorflow as tf

from gradtape.learner_code.lines import Line
from gradtape.tape.record.events import Observation, Operation

# fmt: off
_ONE_BY_ONE = frozenset({
    "Abs", "Add", "AddN", "AddV2", "Cos", "Cosh", "Div", "Elu", "Erf", "Exp", "Expm1",
    "Log", "Log1p", "Maximum", "Minimum", "Mul", "Neg", "Pow", "RealDiv", "Reciprocal",
    "Relu", "Rsqrt", "Selu", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Sqrt",
    "Square", "SquaredDifference", "Sub", "Tan", "Tanh", "Xdivy", "Xlogy",
})
# fmt: on


@dataclass(eq=False)
class Node:
    """One value of the calculation and what computed it.

    Attributes
    ----------
    kind : {"argument", "variable", "constant", "operation", "departure"}
        What the value is; a departure is a place where a value left TensorFlow.
    name : str
        The name of an argument or variable, or that of the operation in ``tf.raw_ops``.
    value : tf.Tensor
        The value.
    gradient : tf.Tensor or None
        The derivative of the target (of the sum of its entries) with respect to this
        value; None where none comes back.
    tangent : tf.Tensor or None
        How fast the value moves when the arguments move along the tangents given
        (forward mode); None where none were given.
    operation : Operation or None
        The operation behind the value.
    is_source, is_target : bool
        Whether it is differentiated with respect to it; whether it is differentiated.
    depends_on_source : bool
        Whether a source has part in the value.
    is_from_numpy : bool
        Whether it is a constant without a name that NumPy calculated.
    """

    kind: str
    name: str
    value: tf.Tensor
    recorded: tf.Tensor | tf.Variable | float
    operation: Operation | None = None
    gradient: tf.Tensor | None = None
    tangent: tf.Tensor | None = None
    is_source: bool = False
    is_target: bool = False
    depends_on_source: bool = False
    is_from_numpy: bool = False

    @property
    def line(self) -> Line | None:
        """The learner's line that computed the value."""
        return self.operation.line if self.operation else None


@dataclass(eq=False)
class Edge:
    """One value going into an operation.

    Attributes
    ----------
    start, end : Node
        The value, and what is computed from it.
    position : int
        Which of the operation's inputs it is.
    gradient : tf.Tensor or None
        What comes back along this edge. Over all edges that leave a node they add up to
        the node's gradient.
    """

    start: Node
    end: Node
    position: int
    gradient: tf.Tensor | None = None

    @property
    def is_cut(self) -> bool:
        """Whether the way back to a source ends here."""
        reached = self.end.gradient is not None or self.end.is_target
        return (
            self.start.depends_on_source
            and self.gradient is None
            and (reached or self.end.kind == "departure")
        )


@dataclass(eq=False)
class Graph:
    """The record of one run of a function.

    Attributes
    ----------
    nodes : list of Node
        In the order in which the values came about.
    edges : list of Edge
        In the order of the nodes that they lead to.
    observation : Observation
        Everything that was seen during the run.
    missing_operation : str
        The operation without a gradient that stopped the way back, if there is one.
    """

    nodes: list[Node]
    edges: list[Edge]
    observation: Observation = field(repr=False)
    missing_operation: str = ""

    @property
    def sources(self) -> list[Node]:
        """The arguments and variables that one differentiates with respect to."""
        return [node for node in self.nodes if node.is_source]

    @property
    def targets(self) -> list[Node]:
        """What is differentiated: the function's results."""
        return [node for node in self.nodes if node.is_target]

    def inputs(self, node: Node) -> list[Edge]:
        """Return the edges that lead to a node, in the order of its inputs."""
        return [edge for edge in self.edges if edge.end is node]

    def uses(self, node: Node) -> list[Edge]:
        """Return the edges that leave a node."""
        return [edge for edge in self.edges if edge.start is node]

    def local_derivative(self, edge: Edge) -> tf.Tensor | None:
        """Return the derivative of an operation by one of its inputs.

        Parameters
        ----------
        edge : Edge
            The way from the input to the operation.

        Returns
        -------
        tf.Tensor or None
            Entry by entry, in the input's shape, if the operation works entry by entry;
            None for operations that mix entries, such as a matrix product, and where
            nothing comes back.

        Examples
        --------
        >>> from gradtape.tape.record.record import record
        >>> graph = record(lambda x: tf.pow(x, 4), 3.0)
        >>> float(graph.local_derivative(graph.uses(graph.sources[0])[0]))
        108.0
        """
        operation, result = edge.end.operation, edge.end.value
        if edge.gradient is None or edge.start.value.shape != result.shape:
            return None
        if result.shape.rank != 0 and operation.name not in _ONE_BY_ONE:
            return None
        return carried_back(edge.end, tf.ones_like(result))[edge.position]


def carried_back(node: Node, upstream: tf.Tensor) -> list[tf.Tensor | None]:
    """Return what an operation alone makes of a gradient, for each of its inputs.

    Parameters
    ----------
    node : Node
        A result of the operation.
    upstream : tf.Tensor, shape of the node's value
        The gradient that arrived there.

    Returns
    -------
    list of tf.Tensor or None
        For each input of the operation, in its shape; None where nothing goes back.
    """
    operation = node.operation
    copies = [
        tf.identity(value) if tf.is_tensor(value) else value
        for value in operation.values
    ]
    watched = [
        copy
        for copy in copies
        if tf.is_tensor(copy) and (copy.dtype.is_floating or copy.dtype.is_complex)
    ]
    with tf.GradientTape() as tape:
        for copy in watched:
            tape.watch(copy)
        outputs = operation.repeat(copies)
    place = [output is node.value for output in operation.outputs].index(True)
    gradients = tape.gradient(outputs[place], watched, output_gradients=upstream)
    found = {id(copy): slope for copy, slope in zip(watched, gradients, strict=True)}
    return [found.get(id(copy)) for copy in copies]
