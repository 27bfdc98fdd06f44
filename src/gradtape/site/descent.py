"""Gradient descent whose learning rate and momentum are chosen in a browser."""

from __future__ import annotations

import numpy as np
from contourpy import contour_generator

from gradtape.figures.description import number
from gradtape.figures.landscape import Landscape, levels
from gradtape.figures.sampling import Curve
from gradtape.language import say
from gradtape.site.live import Live
from gradtape.site.svg import PIXELS_PER_INCH, Frame, element
from gradtape.widgets.descent import DescentShown
from gradtape.widgets.descent_path import Path

_RATES = np.logspace(-4.0, 0.5, 31)
_MOMENTA = (0.0, 0.5, 0.8, 0.9)
_WIDTH = 7.2 * PIXELS_PER_INCH
_HEIGHT = 3.9 * PIXELS_PER_INCH
_LEFT, _TOP, _BELOW, _BETWEEN = 52.0, 30.0, 46.0, 62.0
_FAR = 5000.0  # pixels: what lies farther off is not seen
_SHARE = 0.53  # of the width, for the picture on the left


def live_descent(shown: DescentShown) -> Live:
    """Return the path for every learning rate and momentum that can be chosen."""
    room = _WIDTH - _LEFT - _BETWEEN - 10
    height = _HEIGHT - _TOP - _BELOW
    is_curve = isinstance(shown.drawn, Curve)
    limits, lines = (_of_curve if is_curve else _of_landscape)(shown.drawn)
    land = Frame(_LEFT, _TOP, _SHARE * room, height, *limits)
    paths = [
        [shown.follow(shown.start, rate, momentum) for rate in _RATES]
        for momentum in _MOMENTA
    ]
    values = np.concatenate([path.values for row in paths for path in row])
    history, is_logarithmic = _history(values, paths[0][0].values[0], room, height)
    drawing = element(
        "svg",
        element("title", say(en="Gradient descent", zh="梯度下降")),
        land.axes("x", "f(x)" if is_curve else "y"),
        *(land.curve(*line, class_="f" if is_curve else "contour") for line in lines),
        history.axes("n", "log₁₀ f" if is_logarithmic else "f"),
        element("path", class_="path", clip_path=f"url(#{land.clip})"),
        element("g", class_="dots", clip_path=f"url(#{land.clip})"),
        element("path", class_="path values", clip_path=f"url(#{history.clip})"),
        viewBox=f"0 0 {_WIDTH:.0f} {_HEIGHT:.0f}",
        width=round(_WIDTH),
        class_="drawn",
        role="img",
        aria_label=shown.words,
    )
    data = {
        "kind": "descent",
        "steps": [float(history.x(0)), float(history.x(1) - history.x(0))],
        "rates": [float(f"{rate:.3g}") for rate in _RATES],
        "momenta": list(_MOMENTA),
        "start": int(np.argmin(np.abs(np.log(_RATES / shown.rate)))),
        "paths": [
            [_path(path, land, history, is_logarithmic) for path in row]
            for row in paths
        ],
        "words": {
            "rate": say(en="learning rate", zh="学习率"),
            "momentum": say(en="momentum", zh="动量"),
        },
    }
    return Live(drawing, data, shown.words)


def _history(
    values: np.ndarray, first: float, room: float, height: float
) -> tuple[Frame, bool]:
    """Return the frame of f over the steps, logarithmic unless f is negative."""
    finite = values[np.isfinite(values)]
    is_logarithmic = bool((finite >= 0.0).all() and first > 0.0)
    if is_logarithmic:
        positive = np.log10(finite[finite > 0.0])
        start = np.log10(first)
        limits = max(positive.min(), start - 12), min(positive.max(), start + 4)
    else:
        limits = finite.min(), min(finite.max(), first + 2 * abs(first - finite.min()))
    low, high = limits
    margin = 0.05 * (high - low) or 1.0
    left = _LEFT + _SHARE * room + _BETWEEN
    frame = Frame(
        *(left, _TOP, (1 - _SHARE) * room, height),
        (-1, 41),
        (low - margin, high + margin),
    )
    return frame, is_logarithmic


def _path(path: Path, land: Frame, history: Frame, is_logarithmic: bool) -> list:
    """Return a path in pixels, on the left and on the right, and what is said of it."""
    first, last = number(path.values[0]), number(path.values[-1])
    steps = len(path.values) - 1
    said = say(
        en=f"{steps} steps, f from {first} to {last}",
        zh=f"{steps} 步，f 从 {first} 到 {last}",
    )
    if path.ending:
        said += f" {path.ending}"
    elif path.values[-1] > path.values[0]:
        said += say(en=", it diverges", zh="，它发散了")
    across = path.values if path.places.shape[1] == 1 else path.places[:, 1]
    with np.errstate(divide="ignore"):
        heights = np.log10(path.values) if is_logarithmic else path.values
    points = np.stack([land.x(path.places[:, 0]), land.y(across)], axis=1)
    over = history.y(heights)
    return [_in_pixels(points.ravel()), _in_pixels(over), said]


def _in_pixels(numbers: np.ndarray) -> list:
    """Round to a tenth of a pixel; None where there is nothing to draw."""
    return [
        round(float(np.clip(x, -_FAR, _FAR)), 1) if np.isfinite(x) else None
        for x in numbers
    ]


def _of_curve(curve: Curve) -> tuple[tuple, list]:
    """Return the limits of both scales, and the curve."""
    low, high = curve.heights[0]
    room = 0.06 * (high - low) or 1.0
    return (curve.interval, (low - room, high + room)), [(curve.x, curve.rows[0])]


def _of_landscape(land: Landscape) -> tuple[tuple, list]:
    """Return the limits of both scales, and the contour lines."""
    contours = contour_generator(land.x, land.y, land.z)
    lines = [line.T for level in levels(land.z) for line in contours.lines(level)]
    x, y = land.x[0], land.y[:, 0]
    return ((x[0], x[-1]), (y[0], y[-1])), lines
