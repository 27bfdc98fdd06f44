"""A function with its tangent, moved along in a browser."""

from __future__ import annotations

import numpy as np

from gradtape.language import say
from gradtape.site.live import Live
from gradtape.site.svg import PIXELS_PER_INCH, Frame, element
from gradtape.widgets.explorer import reason
from gradtape.widgets.tangent import SLIDER_STEPS, TangentShown

_WIDTH = 7.2 * PIXELS_PER_INCH
_HEIGHT = 4.8 * PIXELS_PER_INCH
_LEFT, _TOP, _BELOW, _BETWEEN = 62.0, 26.0, 44.0, 34.0


def live_tangent(shown: TangentShown) -> Live:
    """Return f above and f' below, with the tangent at every place of a slider."""
    curve, (low, high) = shown.curve, shown.interval
    height = (_HEIGHT - _TOP - _BELOW - _BETWEEN) / 2
    above, below = (
        Frame(
            *(_LEFT, _TOP + row * (height + _BETWEEN), _WIDTH - _LEFT - 12, height),
            xlim=(low, high),
            ylim=_with_room(curve.heights[row]),
        )
        for row in (0, 1)
    )
    drawing = element(
        "svg",
        element("title", "f(x), f′(x)"),
        above.axes("x", "f(x)", numbers_below=False),
        below.axes("x", "f′(x)"),
        above.curve(curve.x, curve.rows[0], class_="f"),
        below.curve(curve.x, curve.rows[1], class_="f1"),
        element("path", class_="guide"),
        element("path", class_="tangent", clip_path=f"url(#{above.clip})"),
        element("circle", class_="touch", r=4.5),
        element("circle", class_="height", r=4.5),
        viewBox=f"0 0 {_WIDTH:.0f} {_HEIGHT:.0f}",
        width=round(_WIDTH),
        class_="drawn",
        role="img",
        aria_label=shown.words,
    )
    places = np.linspace(low, high, SLIDER_STEPS + 1)
    data = {
        "kind": "tangent",
        "start": int(np.argmin(np.abs(places - shown.start))),
        "frames": [above.scales(), below.scales()],
        "places": [_at(shown, float(x)) for x in places],
        "words": {"x": "x", "play": say(en="Play", zh="播放")},
    }
    return Live(drawing, data, shown.words)


def _at(shown: TangentShown, x: float) -> list:
    """Return x, f and f' there, and what is said; without numbers where there are none."""
    try:
        value, slope, said = shown.at(x)
    except Exception as error:  # noqa: BLE001 - f is the learner's
        return [x, None, None, reason(error)]
    return [float(f"{x:.7g}"), float(f"{value:.7g}"), float(f"{slope:.7g}"), said]


def _with_room(limits: tuple[float, float]) -> tuple[float, float]:
    low, high = limits
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room
