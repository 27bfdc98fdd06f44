"""Gradient descent whose learning rate, momentum and start are moved by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets
import numpy as np
from matplotlib.axes import Axes

from gradtape.language import say
from gradtape.plots import plot_descent
from gradtape.plots.description import number
from gradtape.plots.landscape import evaluator, levels, survey
from gradtape.plots.sampling import sample
from gradtape.plots.style import accent, ink, line_style
from gradtape.widgets.explorer import Explorer, still_figure
from gradtape.widgets.path import Path, descent
from gradtape.widgets.stage import Stage, new_figure, set_height

_HEIGHT = 3.9  # inches
_STEPS = 40
_RATE = 0.1
_GRID = 81
_SLIDER_STEPS = 100
_LOWEST_SHARE = 1e-16  # of the first value: below it there is only rounding


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
    still = new_figure(_HEIGHT)
    plot_descent(f, start, learning_rate=_RATE, steps=_STEPS, ax=still.subplots())
    start = np.atleast_1d(np.asarray(start, float))
    reach = np.maximum(1.5 * np.abs(start), 2.0)
    sliders = {
        "learning_rate": ipywidgets.FloatLogSlider(
            value=_RATE,
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
    for name, value, most in zip("xy", start, reach, strict=False):
        sliders[f"start_{name}"] = ipywidgets.FloatSlider(
            value=value,
            min=-most,
            max=most,
            step=most / _SLIDER_STEPS,
            readout_format=".3g",
            description=say(en=f"start {name}", zh=f"起点 {name}"),
        )
    for slider in sliders.values():
        slider.layout.width = "518px"
        slider.style.description_width = "90px"
    follow = descent(f, start, _STEPS)
    view = _View(f, reach)

    def move() -> str:
        rate, momentum, *place = (slider.value for slider in sliders.values())
        return view.move(follow(place, rate, momentum))

    return Explorer(view.stage, sliders, move, view.clear, still_figure(still))


class _View:
    """The figure, and what of it moves: the path, and f over the steps."""

    def __init__(self, f: Callable, reach: np.ndarray) -> None:
        figure = new_figure(_HEIGHT)
        land, self._history = figure.subplots(1, 2, width_ratios=(1.15, 1.0))
        self._is_curve = len(reach) == 1
        lowest = (_draw_curve if self._is_curve else _draw_contours)(f, land, reach)
        look = {"color": accent(land, 2), "linewidth": 1.2, "markersize": 4.0}
        (self._path,) = land.plot([], [], "o-", **look)
        (self._first,) = land.plot([], [], "s", **look | {"markersize": 8.0})
        (self._values,) = self._history.plot([], [], "o-", **look)
        self._history.set(xlabel="$n$", ylabel="$f$", xlim=(-1, _STEPS + 1))
        self._is_logarithmic = lowest >= 0.0
        if self._is_logarithmic:
            self._history.set_yscale("log", nonpositive="mask")
            self._history.set_ylim(1e-16, 1e16)  # The longest labels need their room.
        else:
            self._history.set_ylim(-10.123, 10.0)
        self.stage = Stage(figure, [self._path, self._first, self._history])

    def move(self, path: Path) -> str:
        """Draw another path; return what it came to."""
        places, values = path.places, path.values
        across = values if self._is_curve else places[:, 1]
        self._path.set_data(places[:, 0], across)
        self._first.set_data(places[:1, 0], across[:1])
        self._values.set_data(np.arange(len(values)), values)
        self._show_all(values)
        first, last = number(values[0]), number(values[-1])
        steps = len(values) - 1
        told = say(
            en=f"{steps} steps,\u2003f from {first} to {last}",
            zh=f"{steps} 步，\u2003f 从 {first} 到 {last}",
        )
        if steps < _STEPS:
            told += say(
                en=",\u2003the next step leads beyond all bounds",
                zh="，\u2003再走一步就越出了一切界限",
            )
        elif values[-1] > values[0]:
            told += say(en=",\u2003it diverges", zh="，\u2003它发散了")
        return told

    def clear(self) -> None:
        """Draw no path."""
        for line in (self._path, self._first, self._values):
            line.set_data([], [])

    def _show_all(self, values: np.ndarray) -> None:
        """Let the axis on the right reach over all values of f."""
        if not self._is_logarithmic:
            set_height(self._history, values.min(), values.max())
        elif positive := [value for value in values.tolist() if value > 0.0]:
            low = max(min(positive), _LOWEST_SHARE * max(positive))
            self._history.set_ylim(low / 2.0, max(positive) * 2.0)


def _draw_curve(f: Callable, ax: Axes, reach: np.ndarray) -> float:
    """Draw f over one number; return its lowest value."""
    (most,) = reach
    curve = sample(f, (-most, most))
    ax.plot(curve.x, curve.rows[0], **line_style(ax, 0))
    ax.set(xlabel="$x$", ylabel="$f(x)$", xlim=(-most, most))
    set_height(ax, *curve.heights[0])
    return float(np.nanmin(curve.rows[0]))


def _draw_contours(f: Callable, ax: Axes, reach: np.ndarray) -> float:
    """Draw f over the plane; return its lowest value."""
    limits = [(-most, most) for most in reach]
    land = survey(evaluator(f), *limits, _GRID)
    heights = levels(land.z)
    ground = {"levels": heights, "cmap": "Greys", "alpha": 0.25, "extend": "both"}
    ax.contourf(land.x, land.y, land.z, **ground)
    lines = {"levels": heights, "colors": ink(ax), "linewidths": 0.8, "alpha": 0.6}
    ax.contour(land.x, land.y, land.z, **lines)
    ax.set(xlabel="$x$", ylabel="$y$", xlim=limits[0], ylim=limits[1])
    return float(np.nanmin(land.z))
