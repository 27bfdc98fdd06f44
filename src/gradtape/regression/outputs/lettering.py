"""Where words stand by themselves in a picture: lines of them, across or upwards."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

VISIBLE = 40  # of 255 levels: how much a pixel changes before anyone sees it
# Pixels that are free beside words, and between two of them, written across or upwards.
_GAPS = ((2, 12), (12, 2))  # (rows, columns)
_HEIGHT_OF_WORDS = 0.08  # of the larger side of the picture
_LESS_INK = 0.6


def apart(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Return by how many levels each pixel differs, in the colour that differs most."""
    return (np.maximum(old, new) - np.minimum(old, new)).max(axis=2)


def ink_of(picture: np.ndarray) -> np.ndarray:
    """Return what is not of the picture's ground."""
    return apart(picture, np.broadcast_to(picture[0, 0], picture.shape)) > VISIBLE


def words_in_both(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Return where words stand by themselves, with about as much ink in both pictures."""
    found = np.zeros(old.shape[:2], bool)
    for gaps in _GAPS:
        lines = [_lines(picture, gaps) for picture in (old, new)]
        edges = np.array([_edges(block) for block, *_ in lines[1]]).reshape(-1, 4)
        for block, ink, colour in lines[0]:
            top, bottom, left, right = _edges(block)
            meet = (edges[:, 0] < bottom) & (top < edges[:, 1])
            meet &= (edges[:, 2] < right) & (left < edges[:, 3])
            for place in np.nonzero(meet)[0]:
                other, its_ink, its_colour = lines[1][place]
                is_alike = min(ink, its_ink) >= _LESS_INK * max(ink, its_ink)
                if is_alike and np.abs(colour - its_colour).max() <= VISIBLE:
                    found[block] = found[other] = True
    return found


def _lines(picture: np.ndarray, gaps: tuple[int, int]) -> list[tuple]:
    """Return what may be lines of words: where, how much ink, and its darkest colour."""
    mask, most = ink_of(picture), _HEIGHT_OF_WORDS * max(picture.shape)
    return [
        (block, ink.sum(), np.percentile(picture[block][ink], 10, axis=0))
        for block in _blocks(mask, np.s_[0 : mask.shape[0], 0 : mask.shape[1]], gaps)
        if min((ink := mask[block]).shape) <= most
    ]


def _edges(block: tuple[slice, slice]) -> tuple[int, int, int, int]:
    rows, columns = block
    return rows.start, rows.stop, columns.start, columns.stop


def _blocks(
    mask: np.ndarray, block: tuple[slice, slice], gaps: tuple[int, int]
) -> Iterator[tuple[slice, slice]]:
    """Cut a mask along empty rows and columns, until what remains is in one piece."""
    pieces = [block]
    for axis, gap in enumerate(gaps):
        pieces = [part for piece in pieces for part in _cut(mask, piece, axis, gap)]
    if pieces == [block]:
        yield block
    else:
        for piece in pieces:
            yield from _blocks(mask, piece, gaps)


def _cut(
    mask: np.ndarray, block: tuple[slice, slice], axis: int, gap: int
) -> list[tuple[slice, slice]]:
    places = np.nonzero(mask[block].any(axis=1 - axis))[0] + block[axis].start
    if not len(places):
        return []
    ends = np.nonzero(np.diff(places) > gap)[0]
    cuts = zip(places[np.r_[0, ends + 1]], places[np.r_[ends, -1]] + 1, strict=True)
    parts = [slice(int(begin), int(end)) for begin, end in cuts]
    return [(part, block[1]) if axis == 0 else (block[0], part) for part in parts]
