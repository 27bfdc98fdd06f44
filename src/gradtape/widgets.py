"""Figures that answer: sliders in a notebook, with numbers from the tape.

A widget draws its figure once and keeps the picture of everything that stands still. A
move of a slider draws only what moves, on top of it. Where no widget can run, such as a
printed page or a site that shows notebooks, the figure of the first moment is shown.
"""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
import numpy as np
import tensorflow as tf
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from gradtape.language import say
from gradtape.plots import plot_descent, plot_tangent
from gradtape.plots.description import description, number
from gradtape.plots.landscape import evaluator, levels, survey
from gradtape.plots.sampling import check_interval, sample

_PIXELS_PER_INCH = 100
_SIZE = (7.2, 4.6)  # inches
_SLIDER_STEPS = 400
_STEPS_OF_DESCENT = 40
_FUNCTION, _FIRST, _SECOND = "#1A1A1A", "#0072B2", "#D55E00"


def explore_tangent(
    f: Callable, interval: tuple[float, float] = (-3.0, 3.0)
) -> Explorer:
    """Move a point along a function; its tangent and its derivative follow.

    Above, f with the tangent at the point. Below, the curve of f' appears where the
    point has been. The slider is moved by mouse, touch or the arrow keys.

    Parameters
    ----------
    f : callable
        A function of one variable.
    interval : (float, float)
        Where the point can go.

    Returns
    -------
    Explorer
        A widget; the value of a notebook's cell shows it.

    Raises
    ------
    TypeError, ValueError
        If f or the interval is not what it should be.

    Examples
    --------
    >>> explorer = explore_tangent(lambda x: x**2, (-2, 2))
    >>> explorer.point.value = 1.5
    >>> explorer.message.value
    'x = 1.5 &nbsp; f(x) = 2.25 &nbsp; f′(x) = 3'
    """
    low, high = check_interval(interval)
    curve = sample(f, (low, high), order=1)
    figure = Figure(figsize=_SIZE, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    above, below = figure.subplots(2, sharex=True)
    above.plot(curve.x, curve.rows[0], color=_FUNCTION, linewidth=2.0)
    for ax, label, row in ((above, "$f(x)$", 0), (below, "$f'(x)$", 1)):
        ax.axhline(0.0, color="0.6", linewidth=0.8, zorder=0.5)
        ax.set_ylabel(label)
        bottom, top = curve.heights[row]
        room = 0.1 * (top - bottom) or 1.0
        ax.set_ylim(bottom - room, top + room)
    below.set(xlabel="$x$", xlim=(low, high))
    (tangent,) = above.plot([], [], "--", color=_FIRST, linewidth=2.0)
    (touch,) = above.plot([], [], "o", color=_FIRST, markersize=7)
    (trace,) = below.plot([], [], "--", color=_FIRST, linewidth=2.0)
    (height,) = below.plot([], [], "o", color=_FIRST, markersize=7)
    moving = _Moving(figure, [tangent, touch, trace, height])
    visited: dict[float, float] = {}

    def move(x: float) -> str:
        value, slope = (float(row[0]) for row in curve.taped(np.array([x]), 1))
        if not (np.isfinite(value) and np.isfinite(slope)):
            raise ValueError(
                say(
                    en=f"there is no tangent at x = {number(x)}: f(x) = {value:g}, "
                    f"f′(x) = {slope:g}",
                    zh=f"x = {number(x)} 处没有切线：f(x) = {value:g}，"
                    f"f′(x) = {slope:g}",
                )
            )
        visited[x] = slope
        ends = np.array([low, high])
        tangent.set_data(ends, value + slope * (ends - x))
        touch.set_data([x], [value])
        trace.set_data(*zip(*sorted(visited.items()), strict=True))
        height.set_data([x], [slope])
        return f"x = {number(x)}   f(x) = {number(value)}   f′(x) = {number(slope)}"

    point = ipywidgets.FloatSlider(
        value=low + (high - low) / 4,
        min=low,
        max=high,
        step=(high - low) / _SLIDER_STEPS,
        description="x",
        readout_format=".3f",
        layout=ipywidgets.Layout(width="640px"),
    )
    still = Figure(figsize=_SIZE, layout="constrained", facecolor="white")
    plot_tangent(f, _first_good(curve, point.value), (low, high), ax=still.subplots())
    explorer = Explorer({"point": point}, moving, still)
    explorer.follow(lambda: move(point.value))
    return explorer


def explore_descent(f: Callable, start: float | Sequence[float]) -> Explorer:
    """Choose learning rate, momentum and start; the path of gradient descent answers.

    On the left the path over the curve or the contour lines of f, on the right f over
    the steps, on a logarithmic scale from its lowest value. With momentum m, each step
    is m times the step before, less the learning rate times the gradient (B. T. Polyak,
    1964).

    Parameters
    ----------
    f : callable
        A function of one number or, for a pair, of two.
    start : float or (float, float)
        Where the path begins at first.

    Returns
    -------
    Explorer
        A widget; the value of a notebook's cell shows it.

    Raises
    ------
    TypeError, ValueError
        If f or the start is not what it should be.

    Examples
    --------
    >>> explorer = explore_descent(lambda x: x**2, 2.0)
    >>> explorer.learning_rate.value = 0.5
    >>> explorer.message.value
    '40 steps &nbsp; f: 4 → 0'
    """
    start = np.asarray(start, float)
    still = Figure(figsize=_SIZE, layout="constrained", facecolor="white")
    plot_descent(
        f, start, learning_rate=0.1, steps=_STEPS_OF_DESCENT, ax=still.subplots()
    )
    begin = np.atleast_1d(start)
    reach = np.maximum(1.5 * np.abs(begin), 2.0)
    figure = Figure(figsize=_SIZE, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    land, history = figure.subplots(1, 2)
    _draw_land(f, land, reach)
    (path_line,) = land.plot([], [], "o-", color=_SECOND, linewidth=1.2, markersize=4)
    (first,) = land.plot([], [], "s", color=_SECOND, markersize=8)
    (loss_line,) = history.plot(
        [], [], "o-", color=_SECOND, linewidth=1.2, markersize=4
    )
    history.set(xlabel="$n$", ylabel="$f$", xlim=(-1, _STEPS_OF_DESCENT + 1))
    history.set_yscale("symlog", linthresh=1e-6)
    history.set_ylim(-1e-6, 1e6)
    moving = _Moving(figure, [path_line, first, loss_line])
    descend = _compiled_descent(f, len(begin))

    sliders = {
        "learning_rate": ipywidgets.FloatLogSlider(
            value=0.1,
            min=-4,
            max=0.5,
            step=0.02,
            description=say(en="rate", zh="学习率"),
        ),
        "momentum": ipywidgets.FloatSlider(
            value=0.0, max=0.99, step=0.01, description=say(en="momentum", zh="动量")
        ),
    }
    for name, value, most in zip("xy", begin, reach, strict=False):
        sliders[f"start_{name}"] = ipywidgets.FloatSlider(
            value=value,
            min=-most,
            max=most,
            step=most / 100,
            description=say(en=f"start {name}", zh=f"起点 {name}"),
        )

    def move() -> str:
        place = [sliders[name].value for name in sliders if name.startswith("start_")]
        path, values = descend(
            place, sliders["learning_rate"].value, sliders["momentum"].value
        )
        good = np.isfinite(path).all(axis=1) & np.isfinite(values)
        end = len(good) if good.all() else int(np.argmin(good))
        if end == 0:
            raise ValueError(
                say(en="f has no value at the start", zh="f 在起点处没有值")
            )
        path, values = path[:end], values[:end]
        across = path[:, 1] if len(begin) == 2 else values
        path_line.set_data(path[:, 0], across)
        first.set_data(path[:1, 0], across[:1])
        loss_line.set_data(np.arange(end), values)
        size = float(np.max(np.abs(values)))
        told = f"f: {number(values[0])} → {number(values[-1], size)}"
        if end <= _STEPS_OF_DESCENT or values[-1] > values[0]:
            told += say(en="   it diverges", zh="   发散")
        return say(en=f"{end - 1} steps   {told}", zh=f"{end - 1} 步   {told}")

    explorer = Explorer(sliders, moving, still)
    explorer.follow(move)
    return explorer


class Explorer(ipywidgets.VBox):
    """A figure with its controls, and a picture of it for where no widget can run.

    Every control is an attribute of its name, so that it can be moved by code as well.

    Attributes
    ----------
    picture : ipywidgets.Image
        The figure as it is now.
    message : ipywidgets.HTML
        The numbers of this moment, or why there are none.
    """

    def __init__(
        self, controls: dict[str, ipywidgets.Widget], moving: _Moving, still: Figure
    ) -> None:
        self.picture = ipywidgets.Image(format="png", width=moving.width)
        self.message = ipywidgets.HTML()
        self._controls, self._moving, self._still = controls, moving, still
        for name, control in controls.items():
            setattr(self, name, control)
        super().__init__([self.picture, *controls.values(), self.message])

    def follow(self, move: Callable[[], str]) -> None:
        """Call move at every move of a control, and show what has changed."""

        def answer(change: object = None) -> None:
            try:
                told = html.escape(move()).replace("   ", " &nbsp; ")
            except Exception as error:  # noqa: BLE001 - f is the learner's
                told = f"<b>{html.escape(str(error) or type(error).__name__)}</b>"
            else:
                self.picture.value = self._moving.draw()
            self.message.value = told

        for control in self._controls.values():
            control.observe(answer, "value")
        self.picture.value = self._moving.draw()
        answer()

    def _repr_mimebundle_(self, **keywords: Any) -> tuple[dict, dict]:
        words = description(self._still)
        picture = io.BytesIO()
        self._still.savefig(picture, format="png", dpi=_PIXELS_PER_INCH)
        data = super()._repr_mimebundle_(**keywords)
        data |= {"image/png": picture.getvalue(), "text/plain": words}
        return data, {"image/png": {"alt": words}}


class _Moving:
    """A figure in which only some artists move; the rest is drawn once and kept."""

    def __init__(self, figure: Figure, artists: Sequence[Artist]) -> None:
        self._figure, self._artists = figure, artists
        figure.set_dpi(_PIXELS_PER_INCH)
        self.width = round(figure.get_figwidth() * _PIXELS_PER_INCH)
        for artist in artists:
            artist.set_animated(True)
        figure.canvas.draw()
        figure.set_layout_engine("none")
        self._background = figure.canvas.copy_from_bbox(figure.bbox)

    def draw(self) -> bytes:
        """Return the figure of this moment as PNG."""
        canvas = self._figure.canvas
        canvas.restore_region(self._background)
        for artist in self._artists:
            artist.axes.draw_artist(artist)
        png = io.BytesIO()
        pixels = np.asarray(canvas.buffer_rgba())[..., :3]
        Image.fromarray(np.ascontiguousarray(pixels)).save(
            png, format="png", compress_level=1
        )
        return png.getvalue()


def _first_good(curve: Any, at: float) -> float:
    """Return the point of the curve nearest to a wish at which there is a tangent."""
    finite = np.isfinite(curve.rows).all(axis=0)
    if not finite.any():
        raise ValueError("f has no values on the interval; choose another interval")
    points = curve.x[finite]
    return float(points[np.argmin(np.abs(points - at))])


def _draw_land(f: Callable, ax: Any, reach: np.ndarray) -> None:
    """Draw f itself: a curve over one number, contour lines over two."""
    if len(reach) == 1:
        curve = sample(f, (-reach[0], reach[0]))
        ax.plot(curve.x, curve.rows[0], color=_FUNCTION, linewidth=2.0)
        ax.set(xlabel="$x$", ylabel="$f(x)$", xlim=(-reach[0], reach[0]))
        return
    land = survey(evaluator(f), (-reach[0], reach[0]), (-reach[1], reach[1]), 81)
    heights = levels(land.z)
    ax.contourf(
        land.x, land.y, land.z, levels=heights, cmap="Greys", alpha=0.25, extend="both"
    )
    ax.contour(land.x, land.y, land.z, levels=heights, colors=_FUNCTION, linewidths=0.7)
    ax.set(
        xlabel="$x$",
        ylabel="$y$",
        xlim=(-reach[0], reach[0]),
        ylim=(-reach[1], reach[1]),
    )


def _compiled_descent(
    f: Callable, size: int
) -> Callable[[Sequence[float], float, float], tuple[np.ndarray, np.ndarray]]:
    """Return a function that runs the whole descent as one TensorFlow program."""

    def step(place: list[tf.Tensor]) -> tuple[tf.Tensor, list[tf.Tensor]]:
        with tf.GradientTape() as tape:
            tape.watch(place)
            value = f(*place)
        return value, tape.gradient(value, place, unconnected_gradients="zero")

    def run(place: tf.Tensor, rate: tf.Tensor, momentum: tf.Tensor) -> tuple:
        place = tf.unstack(place, num=size)
        velocity = [tf.zeros_like(each) for each in place]
        path, values = [], []
        for _ in range(_STEPS_OF_DESCENT + 1):
            value, slopes = step(place)
            path.append(tf.stack(place))
            values.append(tf.convert_to_tensor(value))
            velocity = [
                momentum * v - rate * g for v, g in zip(velocity, slopes, strict=True)
            ]
            place = [each + v for each, v in zip(place, velocity, strict=True)]
        return tf.stack(path), tf.stack(values)

    program = tf.function(run)

    def descend(place: Sequence[float], rate: float, momentum: float) -> tuple:
        arguments = (
            tf.constant(place, tf.float32),
            tf.constant(rate),
            tf.constant(momentum),
        )
        return tuple(each.numpy() for each in program(*arguments))

    return descend
