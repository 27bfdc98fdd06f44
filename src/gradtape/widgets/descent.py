"""Gradient descent whose learning rate, momentum and start are moved by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.axes import Axes

from gradtape.clear_errors import clear_errors
from gradtape.figures import plot_descent
from gradtape.figures.checks import require_callable
from gradtape.figures.curves import draw_curve
from gradtape.figures.descent import check_start
from gradtape.figures.description import description, number
from gradtape.figures.landscape import Landscape, draw_contours, evaluator, survey
from gradtape.figures.sampling import Curve
from gradtape.figures.style import accent
from gradtape.language import say
from gradtape.widgets.blitting import BlittedFigure, new_figure, set_height
from gradtape.widgets.descent_path import Follow, Path, descent
from gradtape.widgets.explorer import Explorer, still_figure
from gradtape.widgets.skipping_errors import nan_where_f_fails, sampled

_HEIGHT = 3.9  # inches
_STEPS = 40
_FIRST_RATES = (0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001)
_GRID = 81
_SLIDER_STEPS = 100
# What is shown of f on a logarithmic scale, as shares of its first value.
_LOWEST, _HIGHEST = 1e-16, 1e6


@clear_errors("explore_descent(lambda x: x**2, 2.0)")
def explore_descent(f: Callable, start: float | Sequence[float]) -> Explorer:
    """Choose learning rate, momentum and start; the path of gradient descent answers.

    On the left the path over the curve or the contour lines of f, on the right f after
    each of 40 steps, on a logarithmic scale unless f is negative somewhere. With
    momentum m, each step is m times the step before, less the learning rate times the
    gradient (B. T. Polyak, *Some methods of speeding up the convergence of iteration
    methods*, 1964). The gradients come from a tape.

    Parameters
    ----------
    f : callable
        A function of one number or, for a pair, of two.
    start : float or (float, float)
        Where the path begins at first.

    Returns
    -------
    Explorer
        A widget: ``learning_rate``, ``momentum``, ``start_x`` and, for a pair,
        ``start_y`` are the sliders, ``message`` the numbers of this moment. It is shown
        where it is the last value of a notebook's cell.

    Raises
    ------
    TypeError, ValueError
        If f or the start is not what it should be.

    Examples
    --------
    >>> explorer = explore_descent(lambda x: x**2, 2.0)
    >>> explorer.learning_rate.value = 0.5
    >>> explorer.message.value
    '40 steps,\u2003f from 4 to 0'
    """
    require_callable(f, "lambda x, y: x**2 + y**2")
    place = check_start(start)
    follow = descent(f, place, _STEPS)
    rate = _first_rate(follow, place)
    still = new_figure(_HEIGHT)
    plot_descent(
        nan_where_f_fails(f),
        start,
        learning_rate=rate,
        steps=_STEPS,
        ax=still.subplots(),
    )
    reach = np.maximum(1.5 * np.abs(place), 2.0)
    sliders = {
        "learning_rate": ipywidgets.FloatLogSlider(
            value=rate,
            min=-4,
            max=0.5,
            step=0.02,
            readout_format=".3g",
            description=say(en="learning rate", zh="学习率"),
        ),
        "momentum": ipywidgets.FloatSlider(
            value=0.0, max=0.99, step=0.01, description=say(en="momentum", zh="动量")
        ),
    }
    for name, value, most in zip("xy", place, reach, strict=False):
        sliders[f"start_{name}"] = _start_slider(name, value, most)
    for slider in sliders.values():
        slider.layout = ipywidgets.Layout(width="680px", max_width="98%")
        slider.style.description_width = "90px"
    view = _View(f, reach)

    def move() -> str:
        rate, momentum, *place = (slider.value for slider in sliders.values())
        return view.move(follow(place, rate, momentum))

    return Explorer(
        view.blitted,
        sliders,
        move,
        view.clear,
        still_figure(still),
        DescentShown(view.drawn, follow, place, rate, description(still)),
    )


class DescentShown(NamedTuple):
    """What is behind a widget of gradient descent.

    Attributes
    ----------
    drawn : Curve or Landscape
        f, sampled.
    follow : callable
        Follows gradient descent from a start, with a learning rate and a momentum.
    start : numpy.ndarray
        Where it begins at first.
    rate : float
        The learning rate at first.
    words : str
        What the figure shows at first.
    """

    drawn: Curve | Landscape
    follow: Follow
    start: np.ndarray
    rate: float
    words: str


def _start_slider(name: str, value: float, most: float) -> ipywidgets.FloatSlider:
    """Return a slider from about -most to most; the value is one of its places."""
    step = most / _SLIDER_STEPS
    return ipywidgets.FloatSlider(
        value=value,
        min=value - step * round((value + most) / step),
        max=value + step * round((most - value) / step),
        step=step,
        readout_format=".3g",
        description=say(en=f"start {name}", zh=f"起点 {name}"),
    )


class _View:
    """The figure, and what of it moves: the path, and f over the steps."""

    def __init__(self, f: Callable, reach: np.ndarray) -> None:
        figure = new_figure(_HEIGHT)
        land, self._history = figure.subplots(1, 2, width_ratios=(1.15, 1.0))
        self._is_curve = len(reach) == 1
        draw = _draw_curve if self._is_curve else _draw_land
        self.drawn, self._range = draw(f, land, reach)
        look = {"color": accent(land, 2), "linewidth": 1.2, "markersize": 4.0}
        (self._path,) = land.plot([], [], "o-", **look)
        (self._first,) = land.plot([], [], "s", **look | {"markersize": 8.0})
        (self._last,) = land.plot([], [], "*", **look | {"markersize": 12.0})
        (self._values,) = self._history.plot([], [], "o-", **look)
        self._history.set(xlabel="$n$", ylabel="$f$", xlim=(-1, _STEPS + 1))
        self._is_logarithmic = self._range[0] >= 0.0
        if self._is_logarithmic:
            self._history.set_yscale("log", nonpositive="mask")
            self._history.set_ylim(1e-16, 1e16)  # The longest labels need their room.
        else:
            self._history.set_ylim(-10.123, 10.0)
        self.blitted = BlittedFigure(
            figure, [self._path, self._first, self._last, self._history]
        )

    def move(self, path: Path) -> str:
        """Draw another path; return what it came to."""
        places, values = path.places, path.values
        across = values if self._is_curve else places[:, 1]
        self._path.set_data(places[:, 0], across)
        self._first.set_data(places[:1, 0], across[:1])
        self._last.set_data(places[-1:, 0], across[-1:])
        self._values.set_data(np.arange(len(values)), values)
        self._fit(values)
        first, last = number(values[0]), number(values[-1])
        steps = len(values) - 1
        told = say(
            en=f"{steps} step{'s' * (steps != 1)},\u2003f from {first} to {last}",
            zh=f"{steps} 步，f 从 {first} 到 {last}",
        )
        if path.ending:
            return f"{told}\u2003{path.ending}"
        if values[-1] > values[0]:
            told += say(en=",\u2003it diverges", zh="，它发散了")
        return told

    def clear(self) -> None:
        """Draw no path."""
        for line in (self._path, self._first, self._last, self._values):
            line.set_data([], [])

    def _fit(self, values: np.ndarray) -> None:
        """Let the axis on the right reach over f, unless it grows beyond all bounds."""
        if self._is_logarithmic:
            positive = values[values > 0.0]
            if positive.size:
                low = max(positive.min(), _LOWEST * positive[0])
                high = min(positive.max(), _HIGHEST * positive[0])
                self._history.set_ylim(low / 2.0, high * 2.0)
        else:
            highest = max(self._range[1], values[0])
            set_height(self._history, values.min(), min(values.max(), highest))


def _draw_curve(
    f: Callable, ax: Axes, reach: np.ndarray
) -> tuple[Curve, tuple[float, float]]:
    """Draw f over one number; return it with its lowest and its highest value."""
    (most,) = reach
    _, curve = sampled(f, (-most, most))
    draw_curve(ax, curve, 0, {})
    ax.set(xlabel="$x$", ylabel="$f(x)$", xlim=(-most, most))
    set_height(ax, *curve.heights[0])
    return curve, curve.heights[0]


def _draw_land(
    f: Callable, ax: Axes, reach: np.ndarray
) -> tuple[Landscape, tuple[float, float]]:
    """Draw f over the plane; return it with its lowest and its highest value."""
    limits = [(-most, most) for most in reach]
    land = survey(evaluator(f), *limits, _GRID)
    draw_contours(ax, land)
    ax.set(xlabel="$x$", ylabel="$y$", xlim=limits[0], ylim=limits[1])
    return land, (float(np.nanmin(land.z)), float(np.nanmax(land.z)))


def _first_rate(follow: Follow, start: np.ndarray) -> float:
    """Return the largest of a few learning rates with which f comes down."""
    for rate in _FIRST_RATES:
        values = follow(start, rate, 0.0).values
        if len(values) > _STEPS and values[-1] <= values[0]:
            return rate
    return _FIRST_RATES[0]
