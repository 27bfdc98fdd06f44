"""Draw what a tape recorded: values on the way forward, gradients on the way back."""

from __future__ import annotations

import reprlib
from collections.abc import Callable
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import tensorflow as tf
from matplotlib.axes import Axes

from gradtape.clear_errors import clear_errors
from gradtape.figures.checks import check_axes
from gradtape.figures.description import describe
from gradtape.figures.style import WIDTH, new_axes
from gradtape.tape.drawing.boxes import SMALL_LETTERS
from gradtape.tape.drawing.description import describe_graph
from gradtape.tape.drawing.picture import Picture, place
from gradtape.tape.drawing.simplify import MOST_NODES, Folds, folded, without_plumbing
from gradtape.tape.drawing.strokes import draw_picture, inches
from gradtape.tape.record.graph import Graph
from gradtape.tape.record.record import record

_drawn: WeakKeyDictionary[Axes, Drawn] = WeakKeyDictionary()
_MOST_NODES = (MOST_NODES, 40, 24, 16, 8)  # tried one after the other
_FLAT = 0.6  # of the width: up to this height a picture goes from left to right
_BROADEST = WIDTH * SMALL_LETTERS / 7.0  # shrunk to the width, it has letters of 7 pt


class Drawn(NamedTuple):
    """What stands in a drawing.

    Attributes
    ----------
    graph : Graph
        The graph, folded as it was drawn.
    folds : dict of Node to list of Node
        The operations that each folded node stands for.
    picture : Picture
        Where everything lies.
    """

    graph: Graph
    folds: Folds
    picture: Picture


def drawn_on(ax: Axes) -> Drawn | None:
    """Return what ``draw_tape`` drew into Axes; None where it drew nothing."""
    return _drawn.get(ax)


@clear_errors("draw_tape(lambda x: x**2, 3.0)")
def draw_tape(
    f: Callable, *args: Any, tangents: Any = None, ax: Axes | None = None
) -> Axes:
    """Draw the computation graph of a function: values forward, gradients back.

    Each operation that the tape recorded is a box with its value. A solid arrow leads a
    value to where it is used; beside it, a dashed arrow in the colour of derivatives
    brings the gradient back. Bold frames are what one differentiates with respect to,
    the dark box is the result.

    Where nothing comes back (None) although the value depends on an argument, a cross
    cuts the way. Where zero comes back, the arrow is dotted and carries a ring. What is
    infinite or no number has the colour of the cross.

    Numbers that stand in the code are written beside the operation's sign. Operations on
    whole numbers that only serve TensorFlow itself, such as axes and shapes, are not
    drawn. More than 60 nodes are folded, by name scope, then by line of code, then in
    the middle; so is a graph that is too broad for letters of 7 points. Such a box says
    in brackets how many operations it stands for, and has a bold frame if variables are
    among them.

    If the result has several entries, the gradients are those of their sum, ∂Σf.

    With tangents, forward mode stands in the same boxes: when the arguments move at
    these speeds, the line d/dt of a box says how fast its value moves. In the box of
    the result this is the Jacobian-vector product. It is computed by
    ``tf.autodiff.ForwardAccumulator``, which differentiates what a function with
    ``tf.custom_gradient`` calculates and passes its own gradient over.

    Parameters
    ----------
    f : callable
        The function. It is called once; variables that it assigns to have their old
        values back afterwards.
    *args : tensor, variable, array, number, or nested structures of these
        Where to draw it. Whole numbers become floats.
    tangents : tensor, array, number, or a sequence of these, optional
        How fast the arguments move: for one argument its tangent, in its shape; for
        several a sequence with one for each. Variables stand still.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without one a figure is made that is as high as the graph needs.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes drawn into, with the figure's description. Its units are inches.

    Raises
    ------
    TypeError
        If f is not callable, or returns nothing that TensorFlow calculated.
    ValueError
        If the tangents are not as many as the arguments, or have other shapes.
    Exception
        Whatever f raises.

    Examples
    --------
    >>> ax = draw_tape(lambda x: x**2, 3.0)
    >>> [text.get_text() for text in ax.texts]
    ['x = 3', '∂f/∂x = 6', 'pow 2', '9', '6']

    Forward and backward products on one graph:

    >>> ax = draw_tape(lambda a, b: a * b, 2.0, 3.0, tangents=(1.0, 0.0))
    >>> [text.get_text() for text in ax.texts if "d/dt" in text.get_text()]
    ['d/dt = 1', 'd/dt = 0', 'd/dt = 3']
    """
    check_axes(ax)
    graph = without_plumbing(_record(f, *args, tangents=tangents))
    _require_result(graph)
    if ax is None:
        graph, folds, picture = fitting(graph)
        ax = new_axes(picture.height * picture.scale(WIDTH, picture.height))
        ax.figure.set_layout_engine("none")
        ax.set_position((0.0, 0.0, 1.0, 1.0))
    else:
        graph, folds = folded(graph)
        width, height = inches(ax)
        picture = max(
            (place(graph, folds, rightwards=each) for each in (True, False)),
            key=lambda picture: picture.scale(width, height),
        )
    draw_picture(picture, ax)
    describe(ax, describe_graph(graph, folds))
    _drawn[ax] = Drawn(graph, folds, picture)
    return ax


def _record(f: Callable, *args: Any, tangents: Any) -> Graph:
    try:
        return record(f, *args, tangents=tangents)
    except Exception as error:
        if callable(f) and any(_is_whole(leaf) for leaf in tf.nest.flatten(args)):
            error.add_note(
                "whole numbers among the arguments were made floats, to be "
                "differentiated; let f take an index from outside: "
                "lambda x: tf.gather(x, 2)"
            )
        raise


def _is_whole(leaf: Any) -> bool:
    is_number = isinstance(leaf, (int, np.integer)) and not isinstance(leaf, bool)
    dtype = getattr(leaf, "dtype", None)
    return is_number or (dtype is not None and tf.as_dtype(dtype).is_integer)


def _require_result(graph: Graph) -> None:
    """Say that there is nothing to draw, if no tensor came out and none was lost."""
    if graph.targets or any(node.kind == "departure" for node in graph.nodes):
        return
    result = graph.observation.result
    raise TypeError(
        f"f returned {reprlib.repr(result)} of type {type(result).__name__}, which is "
        "no tensor, so the tape has nothing that leads to it; calculate with "
        "TensorFlow's functions (tf.square, not np.square) and return the result"
    )


def fitting(graph: Graph) -> tuple[Graph, Folds, Picture]:
    """Fold and place a graph so that it can be read at the width of every figure.

    A small one goes from left to right, a long one downwards; what is too broad for
    both is folded further.

    Parameters
    ----------
    graph : Graph
        The graph.

    Returns
    -------
    graph : Graph
        The graph, or a smaller one.
    folds : dict of Node to list of Node
        The operations that each folded node stands for.
    picture : Picture
        Where everything lies.
    """
    for most in _MOST_NODES:
        smaller, folds = folded(graph, most)
        across = place(smaller, folds, rightwards=True)
        if across.width <= WIDTH and across.height <= _FLAT * WIDTH:
            return smaller, folds, across
        down = place(smaller, folds, rightwards=False)
        # Whichever can be read; if both can, the one that takes less of the page.
        best = min(
            (across, down), key=lambda each: (max(each.width, _BROADEST), each.height)
        )
        if best.width <= _BROADEST:
            break
    return smaller, folds, best
