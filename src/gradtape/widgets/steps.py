"""Go through what a tape recorded: forward one operation at a time, then back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import ipywidgets
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Patch, PathPatch
from matplotlib.path import Path

from gradtape.clear_errors import clear_errors, shown
from gradtape.display import show_table
from gradtape.figures.style import WIDTH, accent, blend, ink
from gradtape.language import say
from gradtape.tape.drawing.boxes import SMALL_LETTERS, Box
from gradtape.tape.drawing.drawing import Drawn, draw_picture, fitting
from gradtape.tape.drawing.picture import Picture, Route, curve
from gradtape.tape.drawing.simplify import without_plumbing
from gradtape.tape.record.graph import Edge, Node
from gradtape.tape.record.record import record
from gradtape.widgets.blitting import new_figure
from gradtape.widgets.explorer import Explorer, Still
from gradtape.widgets.frames import Frames
from gradtape.widgets.step_sentences import ShownStep, describe_steps, names
from gradtape.widgets.steps_table import as_html, as_text

_MILLISECONDS_A_STEP = 2500
_PEN = 12.0  # points: the width of the strokes that mark what happens
_FRAME = 3.0  # points
_FRAME_APART = 0.05  # inches
_NAME_APART = 0.1  # inches
_ROOM_FOR_NAMES = 0.2  # inches


@clear_errors("step_through_tape(lambda x: x**2, 3.0)")
def step_through_tape(f: Callable, *args: Any) -> Explorer:
    """Go through what a tape recorded: forward one operation at a time, then back.

    On the way forward each step computes one value; on the way back each takes the
    gradient that arrived at an operation, multiplies it by the local derivatives and
    hands it on; where ways meet, it is added. A slider, its arrow keys or the play
    button lead through the steps. Below, all of them stand in a table; it is what is
    shown where no widget can run.

    Parameters
    ----------
    f : callable
        The function. It is called once; variables that it assigns to have their old
        values back afterwards.
    *args : tensor, variable, array, number, or nested structures of these
        Where to go through it. Whole numbers become floats.

    Returns
    -------
    Explorer
        A widget: ``step`` is the slider, ``play`` the button, ``message`` the sentence
        of this step. It is shown where it is the last value of a notebook's cell.

    Raises
    ------
    TypeError
        If f is not callable.
    Exception
        Whatever f raises.

    Notes
    -----
    The way back is reverse accumulation (S. Linnainmaa, *Taylor expansion of the
    accumulated rounding error*, BIT Numerical Mathematics 16, 1976). More than 60 nodes
    are folded, as in :func:`gradtape.draw_tape`.

    Examples
    --------
    >>> steps = step_through_tape(lambda x: x**2, 3.0)
    >>> steps.step.value = 1
    >>> steps.message.value
    'From x and 2: v₁ = pow(x, 2) = pow(3, 2) = 9.'
    """
    graph, folds, picture = fitting(without_plumbing(record(f, *args)))
    if not any(node.is_source for node in graph.nodes):
        raise ValueError(
            say(
                en=f"there is no gradient to follow: {', '.join(map(shown, args))} holds "
                "no real floating-point number; give one, such as "
                "step_through_tape(f, 3.0)",
                zh=f"没有可跟随的梯度：{'、'.join(map(shown, args))} 里没有浮点实数；"
                "请给出一个，例如 step_through_tape(f, 3.0)",
            )
        )
    steps = describe_steps(
        graph, {node: len(members) for node, members in folds.items()}
    )
    view = _View(picture, steps, names(graph))
    step = ipywidgets.IntSlider(
        max=len(steps) - 1,
        description=say(en="step", zh="步"),
        layout=ipywidgets.Layout(width="400px"),
    )
    play = ipywidgets.Play(
        max=len(steps) - 1, interval=_MILLISECONDS_A_STEP, show_repeat=False
    )
    ipywidgets.link((play, "value"), (step, "value"))
    table, words = as_html(steps), as_text(steps)
    explorer = Explorer(
        view.blitted,
        {"step": step},
        move=lambda: view.show(step.value),
        clear=lambda: None,
        still=Still(words, lambda live: show_table(table, words, live)),
        shown=TapeShown(Drawn(graph, folds, picture)),
    )
    explorer.play = play
    title = say(en="All steps", zh="全部步骤")
    explorer.children = [
        explorer.picture,
        ipywidgets.HBox([play, step]),
        explorer.message,
        ipywidgets.HTML(f"<details><summary>{title}</summary>{table}</details>"),
    ]
    # The page below shall not jump as sentences grow and shrink.
    explorer.message.layout.min_height = "4.5em"
    return explorer


class TapeShown(NamedTuple):
    """The tape behind a widget."""

    drawn: Drawn


class _View:
    """The drawing of a tape, of which each step shows a little more."""

    def __init__(
        self, picture: Picture, steps: Sequence[ShownStep], names: dict[Node, str]
    ) -> None:
        self._steps = steps
        scale = picture.scale(WIDTH, picture.height)
        figure = new_figure(picture.height * scale + _ROOM_FOR_NAMES)
        figure.set_layout_engine("none")
        ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._strokes = draw_picture(picture, ax)
        self._part: dict[Node | Edge, Box | Route] = {
            **{box.node: box for box in picture.boxes},
            **{edge: route for route in picture.routes for edge in route.edges},
        }
        for box in picture.boxes:
            if box.node.kind in ("operation", "fold"):
                name = _write_name(box, names[box.node], picture.rightwards, ax, scale)
                self._strokes[box].forward.append(name)
        self._markers = {
            part: _marker(part, picture.rightwards, ax, scale) for part in self._strokes
        }
        outlines = [
            artist
            for strokes in self._strokes.values()
            for artist in strokes.forward
            if isinstance(artist, Patch)
        ]
        self.blitted = Frames(
            figure,
            outlines,
            [self._new_in(step) for step in steps],
            [self._marked_in(step) for step in steps],
        )

    def show(self, number: int) -> str:
        """Show the drawing as it is after a step; return the step's sentence."""
        self.blitted.number = number
        return self._steps[number].sentence

    def _marked_in(self, step: ShownStep) -> list[Artist]:
        """Return the markers of what happens in a step."""
        parts = {self._part.get(each): None for each in (*step.nodes, *step.edges)}
        return [self._markers[part] for part in parts if part is not None]

    def _new_in(self, step: ShownStep) -> list[Artist]:
        """Return the artists that a step adds to the drawing."""
        starts = () if step.is_back else [edge.start for edge in step.edges]
        parts = {self._part.get(each) for each in (*step.nodes, *step.edges, *starts)}
        strokes = [self._strokes[part] for part in parts if part is not None]
        forward = [artist for each in strokes for artist in each.forward]
        back = [artist for each in strokes for artist in each.back]
        if step.is_back:
            return back
        # Nothing comes back from where a value left TensorFlow.
        is_end = any(node.kind == "departure" for node in step.nodes)
        return forward + back if is_end else forward


def _write_name(
    box: Box, name: str, rightwards: bool, ax: Axes, scale: float
) -> Artist:
    """Write what a value is called beside its box, where no route passes."""
    if rightwards:
        place, sides = (-0.5, 0.5), ("left", "bottom")
    else:
        place, sides = (-0.5, 0.0), ("right", "center")
    return ax.text(
        box.x + place[0] * box.width - (0.0 if rightwards else _NAME_APART),
        box.y + place[1] * box.height + (_NAME_APART if rightwards else 0.0),
        name,
        color=blend(ax, ink(ax), 0.7),
        fontsize=SMALL_LETTERS * scale,
        ha=sides[0],
        va=sides[1],
        zorder=5,
    )


def _marker(part: Box | Route, rightwards: bool, ax: Axes, scale: float) -> Artist:
    """Draw the stroke of a broad pen over a route, or a frame around a box."""
    if isinstance(part, Route):
        points = curve(part.points, rightwards)
        path = Path(points, [Path.MOVETO] + [Path.CURVE4] * (len(points) - 1))
        look = {"alpha": 0.35, "linewidth": _PEN * scale, "capstyle": "round"}
        marker = PathPatch(path, fill=False, color=accent(ax, 3), **look)
    else:
        marker = FancyBboxPatch(
            (part.x - part.width / 2, part.y - part.height / 2),
            part.width,
            part.height,
            boxstyle=f"round,pad={_FRAME_APART},rounding_size=0.12",
            fill=False,
            color=accent(ax, 3),
            linewidth=_FRAME * scale,
        )
    return ax.add_artist(marker)
