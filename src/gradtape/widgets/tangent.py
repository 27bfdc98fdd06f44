"""A point that is moved along a function: its tangent and its derivative follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import ipywidgets
import numpy as np
import tensorflow as tf
from matplotlib.patches import Rectangle

from gradtape.calculus.derivatives import derivatives
from gradtape.clear_errors import clear_errors
from gradtape.figures import plot_tangent
from gradtape.figures.checks import check_interval
from gradtape.figures.curves import draw_curve
from gradtape.figures.description import description, number
from gradtape.figures.sampling import Curve
from gradtape.figures.style import accent, blend, ink, line_style, zero_line
from gradtape.language import say
from gradtape.widgets.blitting import BlittedFigure, new_figure, set_height
from gradtape.widgets.explorer import Explorer, NoAnswer, still_figure
from gradtape.widgets.skipping_errors import sampled

_HEIGHT = 4.8  # inches
SLIDER_STEPS = 200
_SAME_PLACE = 1e-6  # of the interval


@clear_errors("explore_tangent(lambda x: x**2, (-3, 3))")
def explore_tangent(
    f: Callable, interval: tuple[float, float] = (-3.0, 3.0)
) -> Explorer:
    """Move a point along a function; its tangent and its derivative follow.

    Above, f with the tangent at the point. Below, the curve of f' appears wherever the
    point has been. The slider is moved by mouse, touch or the arrow keys. Value and
    slope come from a tape at every move.

    Parameters
    ----------
    f : callable
        A function of one variable. Where it raises an error, the widget shows it.
    interval : (float, float), default (-3, 3)
        Where the point can go.

    Returns
    -------
    Explorer
        A widget: ``point`` is the slider, ``message`` the numbers of this moment. It is
        shown where it is the last value of a notebook's cell.

    Raises
    ------
    TypeError, ValueError
        If f or the interval is not what it should be, or f is finite nowhere on it.

    Examples
    --------
    >>> explorer = explore_tangent(lambda x: x**2, (-2, 2))
    >>> explorer.point.value = 1.5
    >>> explorer.message.value
    'x = 1.5,\u2003f(x) = 2.25,\u2003f′(x) = 3'
    """
    low, high = check_interval(interval)
    drawable, curve = sampled(f, (low, high))
    start = _first_place(curve, low, high)
    still = new_figure(_HEIGHT)
    plot_tangent(drawable, start, (low, high), ax=still.subplots())
    point = ipywidgets.FloatSlider(
        value=start,
        min=low,
        max=high,
        step=(high - low) / SLIDER_STEPS,
        description="x",
        readout_format=".4g",
        layout=ipywidgets.Layout(width="680px", max_width="98%"),
    )
    view = _View(f, curve, (low, high))
    return Explorer(
        view.blitted,
        {"point": point},
        move=lambda: view.move(point.value),
        clear=view.clear,
        still=still_figure(still),
        shown=TangentShown(curve, (low, high), start, view.numbers, description(still)),
    )


class TangentShown(NamedTuple):
    """The curve behind a widget.

    Attributes
    ----------
    curve : Curve
        f and f', sampled.
    interval : (float, float)
        Where the point can go.
    start : float
        Where it is at first.
    at : callable
        Gives f, f' and what is said at a place; raises what f raises there.
    words : str
        What the figure shows at first.
    """

    curve: Curve
    interval: tuple[float, float]
    start: float
    at: Callable[[float], tuple[float, float, str]]
    words: str


class _View:
    """The figure, and what of it moves with the point."""

    def __init__(
        self, f: Callable, curve: Curve, interval: tuple[float, float]
    ) -> None:
        self._f, self._curve, self._interval = f, curve, interval
        self._visited: tuple[float, float] | None = None
        figure = new_figure(_HEIGHT)
        above, below = figure.subplots(2, sharex=True)
        below.set(xlabel="$x$", xlim=interval)
        for row, (ax, label) in enumerate(((above, "$f(x)$"), (below, "$f'(x)$"))):
            ax.set_ylabel(label)
            set_height(ax, *curve.heights[row])
            zero_line(ax)
        draw_curve(above, curve, 0, {})
        guide = {"color": blend(above, ink(above), 0.5), "linewidth": 0.9}
        dot = {"color": accent(above, 1), "markersize": 7.0, "linestyle": "none"}
        self._guides = [ax.axvline(0.0, **guide) for ax in (above, below)]
        (self._tangent,) = above.plot([], [], **line_style(above, 1))
        (self._touch,) = above.plot([], [], "o", **dot)
        (self._trace,) = below.plot(curve.x, curve.rows[1], **line_style(below, 1))
        (self._height,) = below.plot([], [], "o", **dot)
        self._at_point = [*self._guides, self._tangent, self._touch, self._height]
        self.blitted = BlittedFigure(
            figure, [*self._at_point[:-1], self._trace, self._height]
        )

    def move(self, x: float) -> str:
        """Put the point at x; return the numbers there."""
        value, slope, said = self.numbers(x)
        ends = np.array(self._interval)
        for guide in self._guides:
            guide.set_xdata([x, x])
        self._tangent.set_data(ends, value + slope * (ends - x))
        self._touch.set_data([x], [value])
        self._height.set_data([x], [slope])
        self._visit(x)
        for artist in self._at_point:
            artist.set_visible(True)
        return said

    def numbers(self, x: float) -> tuple[float, float, str]:
        """Return f and f' at x, and what is said there."""
        value, slope = self._at(x)
        width = self._interval[1] - self._interval[0]
        said = (
            f"x = {number(x, width)},\u2003f(x) = {number(value)},"
            f"\u2003f′(x) = {number(slope)}"
        )
        return value, slope, said

    def clear(self) -> None:
        """Take the tangent away; what was visited stays."""
        for artist in self._at_point:
            artist.set_visible(False)

    def _at(self, x: float) -> tuple[float, float]:
        point = tf.constant(x, self._curve.taped.precision)
        value, slope = (float(each) for each in derivatives(self._f, point, order=1))
        place = f"x = {number(x, self._interval[1] - self._interval[0])}"
        if not np.isfinite(value):
            raise NoAnswer(
                say(
                    en=f"f has no value at {place}: the result is {_spelt(value)}",
                    zh=f"f 在 {place} 处没有值：结果是 {_spelt(value)}",
                )
            )
        if not np.isfinite(slope):
            raise NoAnswer(
                say(
                    en=f"f has no tangent at {place}: f(x) = {number(value)}, and the "
                    f"tape answers f′(x) = {_spelt(slope)}",
                    zh=f"f 在 {place} 处没有切线：f(x) = {number(value)}，"
                    f"梯度带给出 f′(x) = {_spelt(slope)}",
                )
            )
        if self._has_corner(x):
            raise NoAnswer(
                say(
                    en=f"f has a corner at {place}, and no tangent; the tape answers "
                    f"f′(x) = {number(slope)} all the same",
                    zh=f"f 在 {place} 处有尖点，没有切线；"
                    f"梯度带仍然给出 f′(x) = {number(slope)}",
                )
            )
        return value, slope

    def _has_corner(self, x: float) -> bool:
        near = _SAME_PLACE * (self._interval[1] - self._interval[0])
        return any(abs(x - corner) <= near for corner in _corners(self._curve))

    def _visit(self, x: float) -> None:
        """Let the curve of f' be seen from the point's leftmost place to the rightmost."""
        left, right = self._visited or (x, x)
        left, right = self._visited = min(left, x), max(right, x)
        # Clipped rather than shortened, the dashes stay where they are.
        window = Rectangle((left, 0.0), right - left, 1.0)
        across = self._trace.axes.get_xaxis_transform()
        self._trace.set_clip_path(
            window.get_path(), window.get_patch_transform() + across
        )


def _first_place(curve: Curve, low: float, high: float) -> float:
    """Return the slider's place that has a tangent and is nearest to a quarter."""
    places = low + (high - low) / SLIDER_STEPS * np.arange(SLIDER_STEPS + 1)
    good = np.isfinite(curve.taped(places, 1)).all(axis=0)
    for corner in _corners(curve):
        good &= np.abs(places - corner) > _SAME_PLACE * (high - low)
    if not good.any():
        raise ValueError(
            f"f has no tangent anywhere between {low:g} and {high:g}; choose another "
            "interval"
        )
    far = np.where(good, np.abs(places - (low + (high - low) / 4)), np.inf)
    return float(places[np.argmin(far)])


def _corners(curve: Curve) -> list[float]:
    return curve.breaks.kinks + curve.breaks.jumps


def _spelt(value: float) -> str:
    """Write what is no finite number with the signs of mathematics."""
    return "NaN" if np.isnan(value) else f"{value}".replace("inf", "∞")
