"""The steps through a tape, forward and back, each in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import tensorflow as tf

from gradtape.language import say
from gradtape.tape.record.graph import Edge, Graph, Node
from gradtape.tape.record.labels import operation_label, value_label

_BETWEEN = frozenset(["+", "−", "×", "÷", "//", ">", "≥", "<", "≤", "=", "≠"])
_SPELLED_OUT = {"(a − b)²": "squared_difference", "[ ]": "slice"}
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, eq=False)
class ShownStep:
    """One step forward or back.

    Attributes
    ----------
    sentence : str
        What happens, in the reader's language, with its numbers.
    nodes : tuple of Node
        Where it happens.
    edges : tuple of Edge
        The ways that are taken.
    is_back : bool
        Whether it belongs to the way back.
    """

    sentence: str
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    is_back: bool = False

    @property
    def way(self) -> str:
        """Which way the step goes."""
        if self.is_back:
            return say(en="back", zh="反向")
        return say(en="forward", zh="前向")


def describe_steps(graph: Graph, sizes: dict[Node, int]) -> list[ShownStep]:
    """Return the steps of a calculation, forward and then back.

    Parameters
    ----------
    graph : Graph
        What the tape recorded, as it is drawn.
    sizes : dict of Node to int
        How many operations each folded node stands for.

    Returns
    -------
    list of ShownStep
        At least the first, in which nothing is computed yet.

    Examples
    --------
    >>> import tensorflow as tf
    >>> from gradtape.tape.record.record import record
    >>> for step in describe_steps(record(lambda x: tf.square(x), 3.0), {}):
    ...     print(step.sentence)
    The tape watches x = 3. Nothing is computed yet.
    From x: v₁ = square(x) = square(3) = 9.
    v₁ is the result f, and ∂f/∂v₁ = 1.
    ∂f/∂v₁ = 1 arrives at square. To x goes ∂f/∂v₁ · ∂v₁/∂x = 1 · 6 = 6.
    One way leads back to x: ∂f/∂x = 6.
    """
    teller = Describer(graph, sizes)
    return [*teller.forward(), *teller.back()]


def names(graph: Graph) -> dict[Node, str]:
    """Return what each value is called: x, a number, or v₁, v₂, … as it is computed."""
    found: dict[Node, str] = {}
    count = 0
    for node in graph.nodes:
        if node.kind in ("operation", "fold"):
            count += 1
            found[node] = f"v{count}".translate(_SUBSCRIPTS)
        else:
            found[node] = node.name or value_label(node.value)
    return found


class Describer:
    """Puts a graph into sentences."""

    def __init__(self, graph: Graph, sizes: dict[Node, int]) -> None:
        self._graph, self._sizes = graph, sizes
        self._names = names(graph)

    def forward(self) -> Iterator[ShownStep]:
        """Give the steps in which the values are computed."""
        sources = self._graph.sources
        told = _listed([f"{node.name} = {value_label(node.value)}" for node in sources])
        yield ShownStep(
            say(
                en=f"The tape watches {told}. Nothing is computed yet.",
                zh=f"梯度带监视 {told}。还没有计算任何东西。",
            )
            if sources
            else say(
                en="The tape watches nothing: no argument is made of floats.",
                zh="梯度带没有监视任何量：参数中没有浮点数。",
            ),
            tuple(sources),
        )
        for node in self._graph.nodes:
            edges = tuple(self._graph.inputs(node))
            if node.kind in ("operation", "fold"):
                yield ShownStep(self.computed(node, edges), (node,), edges)
            elif node.kind == "departure":
                yield ShownStep(self._left(node, edges), (node,), edges)

    def back(self) -> Iterator[ShownStep]:
        """Give the steps in which the gradients come back."""
        yield self._beginning()
        if not self._graph.missing_operation:
            for node in reversed(self._graph.nodes):
                edges = tuple(
                    edge
                    for edge in self._graph.inputs(node)
                    if edge.start.depends_on_source
                )
                if edges and node.gradient is not None:
                    yield ShownStep(self._through(node, edges), (node,), edges, True)
        for node in self._graph.sources:
            edges = tuple(self._coming_back(node))
            yield ShownStep(self._arrived(node, edges), (node,), edges, True)

    def computed(self, node: Node, edges: Sequence[Edge]) -> str:
        """Say how a value is computed from others, with its numbers."""
        name, value = self._names[node], value_label(node.value)
        starts = [self._names[edge.start] for edge in edges]
        told = _listed(list(dict.fromkeys(starts)))
        if node in self._sizes:
            return say(
                en=f"From {told}, by {self._sizes[node]} operations ({_sign(node)}): "
                f"{name} = {value}.",
                zh=f"由 {told} 经过 {self._sizes[node]} 个运算（{_sign(node)}）得："
                f"{name} = {value}。",
            )
        sides = [name, _formula(node, starts), value]
        if all(edge.start.value.shape.rank == 0 for edge in edges):
            numbers = [value_label(edge.start.value) for edge in edges]
            sides.insert(2, _formula(node, numbers))
        formula = " = ".join(dict.fromkeys(sides))
        return say(en=f"From {told}: {formula}.", zh=f"由 {told} 得：{formula}。")

    def _left(self, node: Node, edges: Sequence[Edge]) -> str:
        name = self._names[edges[0].start]
        return say(
            en=f"{name} leaves TensorFlow through {node.name}(): the tape does not see "
            "what is computed from it there.",
            zh=f"{name} 通过 {node.name}() 离开了 TensorFlow："
            "之后用它算出的东西，梯度带看不到。",
        )

    def _beginning(self) -> ShownStep:
        targets = self._graph.targets
        floats = [node for node in targets if node.value.dtype.is_floating]
        if self._graph.missing_operation:
            sign = operation_label(self._graph.missing_operation)
            told = say(
                en=f"There is no way back: the operation {sign} has no gradient, and "
                "the tape raises a LookupError.",
                zh=f"没有回去的路：运算 {sign} 没有定义梯度，梯度带会抛出 LookupError。",
            )
        elif not targets:
            told = say(
                en="There is no way back: the result is no tensor of TensorFlow's.",
                zh="没有回去的路：结果不是 TensorFlow 的张量。",
            )
        elif not floats:
            told = say(
                en="There is no way back: the result is made of whole numbers.",
                zh="没有回去的路：结果是整数，不是浮点数。",
            )
        elif len(floats) == 1 and floats[0].value.shape.rank == 0:
            name = self._names[floats[0]]
            told = say(
                en=f"{name} is the result f, and ∂f/∂{name} = 1.",
                zh=f"{name} 就是结果 f，所以 ∂f/∂{name} = 1。",
            )
        else:
            several = _listed([self._names[node] for node in floats])
            told = say(
                en=f"f is the sum of all entries of {several}: its derivative with "
                "respect to each of them is 1.",
                zh=f"f 是 {several} 所有元素之和：对其中每个元素的导数都是 1。",
            )
        return ShownStep(told, tuple(targets), (), True)

    def _through(self, node: Node, edges: Sequence[Edge]) -> str:
        name, arrived = self._names[node], value_label(node.gradient)
        meeting = self._coming_back(node)
        if len(meeting) > 1:
            told = self._met(node, meeting)
        else:
            told = say(
                en=f"∂f/∂{name} = {arrived} arrives at {_sign(node)}.",
                zh=f"∂f/∂{name} = {arrived} 到达 {_sign(node)}。",
            )
        separator = say(en=" ", zh="")
        return separator.join([told, *(self.handed_on(edge) for edge in edges)])

    def handed_on(self, edge: Edge) -> str:
        """Say what goes back along an edge: what arrived times the local derivative."""
        start, end = self._names[edge.start], self._names[edge.end]
        if edge.gradient is None:
            if _is_only_unknown(edge):
                return say(
                    en=f"What part of it {start} gets, the tape does not say.",
                    zh=f"其中 {start} 得到多少，梯度带没有给出。",
                )
            return say(
                en=f"Nothing goes back to {start}: None.",
                zh=f"没有任何东西回到 {start}：None。",
            )
        given = value_label(edge.gradient)
        operation = edge.end.operation
        is_known = operation is not None and operation.is_repeatable
        local = self._graph.local_derivative(edge) if is_known else None
        if local is None:
            return say(
                en=f"{_sign(edge.end)} makes {given} of it for {start}.",
                zh=f"{_sign(edge.end)} 由它得出 {given}，交给 {start}。",
            )
        arrived, slope = (
            _in_brackets(value_label(each)) for each in (edge.end.gradient, local)
        )
        product = f"{arrived} · {slope} = {given}"
        if sum(each.start is edge.start for each in self._graph.inputs(edge.end)) > 1:
            place = edge.position + 1
            return say(
                en=f"To {start} in place {place} goes {product}.",
                zh=f"交给第 {place} 个 {start} 的是 {product}。",
            )
        return say(
            en=f"To {start} goes ∂f/∂{end} · ∂{end}/∂{start} = {product}.",
            zh=f"交给 {start} 的是 ∂f/∂{end} · ∂{end}/∂{start} = {product}。",
        )

    def _arrived(self, node: Node, edges: Sequence[Edge]) -> str:
        name = self._names[node]
        if node.gradient is None:
            return say(
                en=f"Nothing has come back to {name}: the gradient is None.",
                zh=f"没有任何东西回到 {name}：梯度是 None。",
            )
        if len(edges) > 1:
            return self._met(node, edges)
        slope = f"∂f/∂{name} = {value_label(node.gradient)}"
        if not edges:
            return say(
                en=f"{name} is the result itself: {slope}.",
                zh=f"{name} 本身就是结果：{slope}。",
            )
        return say(
            en=f"One way leads back to {name}: {slope}.",
            zh=f"只有一条路回到 {name}：{slope}。",
        )

    def _met(self, node: Node, edges: Sequence[Edge]) -> str:
        """Say that gradients meet and are added."""
        name, total = self._names[node], value_label(node.gradient)
        parts = [edge.gradient for edge in edges]
        if node.is_target:
            parts.append(tf.ones_like(node.value))
        summed = "" if any(part is None for part in parts) else f"{_sum(parts)} = "
        return say(
            en=f"{len(parts)} ways meet at {name} and are added: "
            f"∂f/∂{name} = {summed}{total}.",
            zh=f"{len(parts)} 条路在 {name} 汇合，相加得 ∂f/∂{name} = {summed}{total}。",
        )

    def _coming_back(self, node: Node) -> list[Edge]:
        """Return the edges along which something comes back to a node."""
        return [
            edge
            for edge in self._graph.uses(node)
            if edge.gradient is not None
            or (edge.end.gradient is not None and _is_only_unknown(edge))
        ]


def _formula(node: Node, operands: Sequence[str]) -> str:
    """Write an operation with the values that go in."""
    sign = _sign(node)
    if sign in _BETWEEN and len(operands) > 1:
        first, *others = operands
        return f" {sign} ".join([first, *map(_in_brackets, others)])
    if sign == "−":
        return f"−{_in_brackets(operands[0])}"
    return f"{sign}({', '.join(operands)})"


def _sign(node: Node) -> str:
    sign = operation_label(node.name) if node.kind == "operation" else node.name
    return _SPELLED_OUT.get(sign, sign)


def _sum(parts: Sequence[tf.Tensor]) -> str:
    first, *others = (value_label(part) for part in parts)
    return " + ".join([first, *map(_in_brackets, others)])


def _in_brackets(operand: str) -> str:
    return f"({operand})" if operand.startswith("−") else operand


def _listed(things: Sequence[str]) -> str:
    if len(things) < 2:
        return "".join(things)
    return say(en=f"{', '.join(things[:-1])} and {things[-1]}", zh="、".join(things))


def _is_only_unknown(edge: Edge) -> bool:
    """Tell a share that the tape does not give from one that does not exist."""
    operation = edge.end.operation
    is_repeatable = operation is not None and operation.is_repeatable
    return edge.start.gradient is not None and not is_repeatable
