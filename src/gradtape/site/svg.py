"""Small pieces of SVG: elements, paths, and axes with their ticks."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib.ticker import MaxNLocator

from gradtape.figures.description import number

PIXELS_PER_INCH = 96.0
_TICKS = 6


def element(name: str, *inside: str, **attributes: object) -> str:
    """Return an element; an attribute's underscores become hyphens.

    Examples
    --------
    >>> element("text", "x &lt; 3", text_anchor="middle", x=2.50)
    '<text text-anchor="middle" x="2.5">x &lt; 3</text>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if not inside:
        return f"<{name}{written}/>"
    return f"<{name}{written}>{''.join(inside)}</{name}>"


def text(words: str, x: float, y: float, **attributes: object) -> str:
    """Return a text; in a drawing of class ``drawn`` its middle lies at x and y."""
    return element("text", html.escape(words), x=x, y=y, **attributes)


def line_path(x: Sequence[float], y: Sequence[float]) -> str:
    """Return the data of a path through points, broken where one is not finite.

    Examples
    --------
    >>> line_path([0, 1, 2, 3], [0, 1, float("nan"), 2])
    'M0 0L1 1M3 2'
    """
    pieces, pen = [], "M"
    for across, down in zip(x, y, strict=True):
        if np.isfinite(across) and np.isfinite(down):
            pieces.append(f"{pen}{_short(across)} {_short(down)}")
            pen = "L"
        else:
            pen = "M"
    return "".join(pieces)


class Frame:
    """A rectangle with two scales, into which curves are drawn.

    Parameters
    ----------
    left, top, width, height : float
        Where it lies, in pixels.
    xlim, ylim : (float, float)
        What its scales show.
    """

    def __init__(
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        xlim: tuple[float, float],
        ylim: tuple[float, float],
    ) -> None:
        self.left, self.top, self.width, self.height = left, top, width, height
        self.xlim, self.ylim = xlim, ylim

    def x(self, value: float | np.ndarray) -> float | np.ndarray:
        """Return where a value lies across."""
        low, high = self.xlim
        return self.left + (np.asarray(value) - low) / (high - low) * self.width

    def y(self, value: float | np.ndarray) -> float | np.ndarray:
        """Return where a value lies, counted downwards."""
        low, high = self.ylim
        return self.top + (high - np.asarray(value)) / (high - low) * self.height

    def curve(self, x: np.ndarray, y: np.ndarray, **attributes: object) -> str:
        """Return a curve, cut off at the frame."""
        return element(
            "path",
            d=line_path(self.x(x), self.y(y)),
            clip_path=f"url(#{self.clip})",
            **attributes,
        )

    @property
    def clip(self) -> str:
        """The name of the clip path that cuts curves off at the frame."""
        return f"clip-{self.left:.0f}-{self.top:.0f}"

    def axes(self, xlabel: str, ylabel: str, *, numbers_below: bool = True) -> str:
        """Return the frame with ticks, labels and zero lines."""
        bottom = self.top + self.height
        parts = [
            element(
                "clipPath",
                element("rect", **self.scale_of_pixels()),
                id=self.clip,
            ),
            element(
                "path",
                d=f"M{self.left:.1f} {self.top:.1f}V{bottom:.1f}h{self.width:.1f}",
                class_="axis",
            ),
            text(ylabel, self.left, self.top - 12, text_anchor="start", class_="label"),
        ]
        for value in _ticks(self.ylim):
            y = float(self.y(value))
            grid = f"M{self.left:.1f} {y:.1f}h{self.width:.1f}"
            parts += [
                element("path", d=grid, class_="zero" if value == 0 else "grid"),
                text(_tick(value), self.left - 6, y, text_anchor="end", class_="tick"),
            ]
        for value in _ticks(self.xlim):
            x = float(self.x(value))
            grid = f"M{x:.1f} {self.top:.1f}v{self.height:.1f}"
            parts.append(
                element("path", d=grid, class_="zero" if value == 0 else "grid")
            )
            if numbers_below:
                parts.append(text(_tick(value), x, bottom + 12, class_="tick"))
        if numbers_below:
            middle = self.left + self.width / 2
            parts.append(text(xlabel, middle, bottom + 30, class_="label"))
        return "".join(parts)

    def scale_of_pixels(self) -> dict[str, float]:
        """Return the rectangle as a script and an SVG element want it."""
        return {
            "x": round(self.left, 2),
            "y": round(self.top, 2),
            "width": round(self.width, 2),
            "height": round(self.height, 2),
        }

    def scales(self) -> dict[str, object]:
        """Return rectangle and limits, for the script that moves things in it."""
        return self.scale_of_pixels() | {"xlim": self.xlim, "ylim": self.ylim}


def _ticks(limits: tuple[float, float]) -> Iterable[float]:
    low, high = limits
    found = MaxNLocator(_TICKS, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [
        0.0 if abs(t) < 1e-12 * (high - low) else t for t in found if low <= t <= high
    ]


def _tick(value: float) -> str:
    return number(value).replace("-", "−")


def _attribute(value: object) -> str:
    return html.escape(_short(value) if isinstance(value, float) else str(value))


def _short(value: float) -> str:
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written
