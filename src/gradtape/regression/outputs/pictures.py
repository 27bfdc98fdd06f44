"""Two pictures compared as a person would: the same to the eye, or what is other where.

Two machines rarely draw a figure with the same pixels: fonts are hinted otherwise, a
line falls on the next pixel. Such differences are small, and they are everywhere. A
change of the figure is large, or it is in one place while the rest is the same to the
pixel. The rates of this rule, and of others that were tried, are in
docs/testing-rules.md.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image, ImageFilter

from .lettering import VISIBLE, apart, ink_of, words_in_both

_FEWEST_PIXELS = 6
_EVERYWHERE = 0.5  # of the height and of the width: then all may be drawn otherwise
_EDGE = 10  # pixels, in which the outermost words of a figure stand
_NEAR = 2  # pixels, by which a letter or a line may lie elsewhere
_AROUND = 4  # pixels on each side
_UNLIKE = 58  # levels, in the mean of the pixels around
_FEWEST_UNLIKE = 25  # pixels
_HUES = 24  # sectors of the circle of colours
_VIVID = 100  # of 255 levels of saturation, and of light
_MANY_PIXELS = 60
_REST_OF_A_HUE = 0.2
_FARTHEST_SHIFT = 12  # pixels, by which the whole of a figure may have moved
_LARGEST_SIZE_CHANGE = 0.08
_PART_SHOWN = 0.25
_FEW = 0.1


@dataclass
class Comparison:
    """What came of the comparison of two pictures.

    Attributes
    ----------
    told : list of str
        What differs, in words; empty where a person sees no difference.
    old, new : ndarray or None
        Both pictures, laid over each other, where they differ; (height, width, 3).
    changed : ndarray or None
        Where they differ, (height, width), bool.
    """

    told: list[str]
    old: np.ndarray | None = None
    new: np.ndarray | None = None
    changed: np.ndarray | None = None

    @cached_property
    def difference(self) -> bytes:
        """The difference as a PNG: the picture pale, what changed in magenta."""
        pale = 255 - (255 - self.new.astype(float)) * _PART_SHOWN
        pale[self.changed] = (208, 0, 111)
        file = io.BytesIO()
        Image.fromarray(pale.astype(np.uint8)).save(file, "PNG")
        return file.getvalue()


def compare_pictures(
    expected: str, actual: str, *, described: bool = False
) -> Comparison:
    """Say in which ways a picture differs from the one stored, as a person sees it.

    Parameters
    ----------
    expected, actual : str
        PNG or JPEG in base 64, as a notebook stores them.
    described : bool
        Whether the words and numbers of both were compared already, and agree. Then
        only a large difference counts.

    Examples
    --------
    >>> import base64, io
    >>> def picture(grey):
    ...     file = io.BytesIO()
    ...     Image.new("L", (40, 30), grey).save(file, "PNG")
    ...     return base64.b64encode(file.getvalue()).decode()
    >>> compare_pictures(picture(255), picture(254)).told
    []
    >>> compare_pictures(picture(255), picture(0)).told
    ['another picture came out: 100% of it differ; white is gone, black is new']
    """
    if expected == actual or "".join(expected.split()) == "".join(actual.split()):
        return Comparison([])
    try:
        old, new = _read(expected), _read(actual)
    except (OSError, ValueError):
        return Comparison(["the picture that is stored or came out can't be read"])
    sizes = np.array([old.shape[:2], new.shape[:2]])
    if np.any(np.abs(sizes[0] - sizes[1]) > _LARGEST_SIZE_CHANGE * sizes.max(axis=0)):
        before, after = (f"{width}×{height}" for height, width in sizes)
        return Comparison(
            [f"a picture of {after} pixels came out, one of {before} is stored"],
            *_on_one_canvas(old, new, (0, 0)),
            np.ones(sizes.max(axis=0), bool),
        )
    if old.shape == new.shape and np.sum(apart(old, new) > VISIBLE) < _FEWEST_PIXELS:
        return Comparison([])
    old, new = _on_one_canvas(old, new, _shift(old, new))
    changed, fewest = apart(old, new) > VISIBLE, _FEWEST_PIXELS
    may_be = described or _is_drawn_otherwise(old, new, changed)
    if may_be and _have_the_same_hues(old, new):
        # What counts then is what is like nothing near by, words in another font aside.
        changed = (_apart_from_all_near(old, new) > _UNLIKE) & ~words_in_both(old, new)
        fewest = _FEWEST_UNLIKE
    if changed.sum() < fewest:
        return Comparison([])
    return Comparison([_in_words(old, new, changed)], old, new, changed)


def _read(content: str) -> np.ndarray:
    """Return a picture, on white."""
    image = Image.open(io.BytesIO(base64.b64decode(content)))
    if image.mode in ("RGBA", "LA", "P"):
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return np.asarray(image.convert("RGB"))


def _shift(old: np.ndarray, new: np.ndarray) -> tuple[int, int]:
    """Return how far the new picture has to be moved to lie on the old one."""
    size = [max(a, b) + _FARTHEST_SHIFT for a, b in zip(old.shape, new.shape)][:2]
    spectra = [
        np.fft.rfft2(255 - picture.mean(axis=2, dtype=np.float32), size)
        for picture in (old, new)
    ]
    likeness = np.fft.irfft2(spectra[0] * spectra[1].conj(), size)
    steps = np.r_[0 : _FARTHEST_SHIFT + 1, -_FARTHEST_SHIFT:0]
    near = likeness[np.ix_(steps, steps)]
    down, right = np.unravel_index(near.argmax(), near.shape)
    return int(steps[down]), int(steps[right])


def _on_one_canvas(
    old: np.ndarray, new: np.ndarray, shift: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Lay two pictures over each other on white, the new one shifted."""
    margin = _FARTHEST_SHIFT if old.shape != new.shape or any(shift) else 0
    height, width = (
        max(a, b) + 2 * margin for a, b in zip(old.shape[:2], new.shape[:2])
    )
    canvases = np.full((2, height, width, 3), 255, np.uint8)
    for canvas, picture, (down, right) in zip(canvases, (old, new), ((0, 0), shift)):
        place = np.s_[
            margin + down : margin + down + picture.shape[0],
            margin + right : margin + right + picture.shape[1],
        ]
        canvas[place] = picture
    return canvases[0], canvases[1]


def _is_drawn_otherwise(old: np.ndarray, new: np.ndarray, changed: np.ndarray) -> bool:
    """Tell whether all of a picture may be drawn otherwise, not one thing in it.

    Then what changed is everywhere, the outermost words at the left or below among it:
    these are the labels of ticks, which no change within the Axes reaches.
    """
    if not changed.any() or not all(
        np.ptp(np.percentile(places, (2, 98))) > _EVERYWHERE * size
        for places, size in zip(np.nonzero(changed), changed.shape, strict=True)
    ):
        return False
    ink = ink_of(old) | ink_of(new) | changed
    left, below = np.nonzero(ink.any(axis=0))[0][0], np.nonzero(ink.any(axis=1))[0][-1]
    edges = changed[:, left : left + _EDGE], changed[below - _EDGE + 1 : below + 1]
    return any(edge.sum() >= _FEWEST_PIXELS for edge in edges)


def _have_the_same_hues(old: np.ndarray, new: np.ndarray) -> bool:
    """Tell whether no vivid colour of one picture is all but gone in the other."""
    counts = []
    for picture in (old, new):
        hue, vividness, light = np.moveaxis(
            np.asarray(Image.fromarray(picture).convert("HSV")), 2, 0
        )
        is_vivid = (vividness > _VIVID) & (light > _VIVID)
        sectors = hue[is_vivid].astype(int) * _HUES // 256
        counts.append(np.bincount(sectors, minlength=_HUES))
    near = [np.roll(count, 1) + count + np.roll(count, -1) for count in counts]
    return not any(
        np.any((count >= _MANY_PIXELS) & (other < _REST_OF_A_HUE * count))
        for count, other in zip(counts, reversed(near), strict=True)
    )


def _apart_from_all_near(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Return by how many levels the pixels around each differ, wherever they fit best.

    A letter that is hinted otherwise, or a line on the next pixel, is near.
    """
    blurred, moved = (
        np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(1)))
        for picture in (old, new)
    )
    steps = range(-_NEAR, _NEAR + 1)
    least = np.full(old.shape[:2], 255, np.uint8)
    for step in ((down, right) for down in steps for right in steps):
        levels = Image.fromarray(apart(blurred, np.roll(moved, step, (0, 1))))
        around = np.asarray(levels.filter(ImageFilter.BoxBlur(_AROUND)))
        np.minimum(least, around, out=least)
    return least


def _in_words(old: np.ndarray, new: np.ndarray, changed: np.ndarray) -> str:
    """Say where a picture changed, and which colours came and went there."""
    rows, columns = np.nonzero(changed)
    height, width = changed.shape
    part = len(rows) / changed.size
    share = f"{part:.0%}" if part >= 0.01 else f"{len(rows)} pixels"
    low, high = np.percentile(rows, (5, 95)), np.percentile(columns, (5, 95))
    down = ("at the top", "in the middle", "at the bottom")
    across = (" left", "", " right")
    place = ""
    if low[1] - low[0] < height / 2 or high[1] - high[0] < width / 2:
        row = down[min(2, int(3 * low.mean() / height))]
        column = across[min(2, int(3 * high.mean() / width))]
        place = f" {row}{column}, in rows {int(low[0])} to {int(low[1])} and columns "
        place += f"{int(high[0])} to {int(high[1])}"
    gone, come = _colours(old[changed]), _colours(new[changed])
    words = [f"{', '.join(gone - come)} is gone"] if gone - come else []
    words += [f"{', '.join(come - gone)} is new"] if come - gone else []
    colours = f"; {', '.join(words)}" if words else ""
    return f"another picture came out: {share} of it differ{place}{colours}"


def _colours(pixels: np.ndarray) -> set[str]:
    """Name the colours that many of these pixels have."""
    names, counts = np.unique(pixels // 8, axis=0, return_counts=True)
    many = names[counts > max(3, _FEW * len(pixels))]
    known = {(31, 31, 31): "white", (0, 0, 0): "black"}
    return {
        known.get(
            tuple(map(int, name)), "#" + "".join(f"{8 * int(v) + 4:02x}" for v in name)
        )
        for name in many
    }
