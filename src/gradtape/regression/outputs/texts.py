"""Where two texts differ: in their words, or in a number beyond the tolerance."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from gradtape.regression.outputs.numbers import (
    ATOL,
    RTOL,
    Number,
    disagreement,
    numbers_in,
)

_SHOWN_OF_A_LINE = 100  # characters
_SHOWN_BEFORE_A_NUMBER = 48  # characters
_MOST_NUMBERS_TOLD = 3

# Where an operation ran, and by which library, is part of TensorFlow's error messages;
# where an object lies in memory is part of its name. Both are the machine's business.
_OF_THE_MACHINE = {
    re.compile(r"/job:localhost/replica:0/task:0/device:[A-Z]+:\d+"): "/device",
    re.compile(r"(?<=__wrapped__)__Mkl"): "",
    re.compile(r"\b0x[0-9a-fA-F]{6,}\b"): "0x…",
}
_END_OF_A_SENTENCE = re.compile(r"[.;]\s+(?=\S)|[。；]")


def compare_texts(
    expected: str, actual: str, *, rtol: float = RTOL, atol: float = ATOL
) -> list[str]:
    """Say in which ways a text differs from the one stored.

    White space is compared only as to whether there is any between two words, since
    tables and arrays are padded to the width of their numbers.

    Parameters
    ----------
    expected, actual : str
        The text stored and the text found.
    rtol, atol : float
        How far two numbers may be apart: ``atol + rtol * max(abs(a), abs(b))``.

    Returns
    -------
    list of str
        A sentence for each difference; where many numbers differ, the first few and how
        many there are.

    Examples
    --------
    >>> compare_texts("[1.  2.5]", "[1.0000001 2.5      ]")
    []
    >>> compare_texts("shape=(3,)", "shape=(4,)")
    ["after 'shape=(' 4 came out, 3 is stored: whole numbers must be the same"]
    >>> compare_texts("dtype=float32", "dtype=float64")
    ["'dtype=float64' came out, 'dtype=float32' is stored"]
    """
    expected, actual = _without_machine(expected), _without_machine(actual)
    old, new = numbers_in(expected), numbers_in(actual)
    if _words(expected, old) != _words(actual, new):
        return [_different_words(expected, actual)]
    sentences = [
        f"{_place(actual, after)}{after.text} came out, {before.text} is stored: "
        f"{reason}"
        for before, after in zip(old, new, strict=True)
        if (reason := disagreement(before, after, rtol, atol))
    ]
    rest = len(sentences) - _MOST_NUMBERS_TOLD
    if rest > 0:
        sentences[_MOST_NUMBERS_TOLD:] = [f"and {rest} more of {len(old)} numbers"]
    return sentences


def _without_machine(text: str) -> str:
    for pattern, word in _OF_THE_MACHINE.items():
        text = pattern.sub(word, text)
    return text.replace("\N{MINUS SIGN}", "-").strip()


def _words(text: str, numbers: Sequence[Number]) -> list[str]:
    """Return what stands before, between and after the numbers."""
    ends = [0, *(number.end for number in numbers)]
    starts = [*(number.start for number in numbers), len(text)]
    pieces = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    return [" ".join(piece.split()) for piece in pieces]


def _place(text: str, number: Number) -> str:
    """Say in which line a number stands, and after what."""
    start = text.rfind("\n", 0, number.start) + 1
    line = f"line {text.count(chr(10), 0, start) + 1}, " if "\n" in text else ""
    before = text[start : number.start].lstrip()
    if len(before) > _SHOWN_BEFORE_A_NUMBER:
        # Of a figure's description, the sentence that speaks of this feature.
        *_, before = _END_OF_A_SENTENCE.split(before)
    if len(before) > _SHOWN_BEFORE_A_NUMBER:
        before = "..." + before[-_SHOWN_BEFORE_A_NUMBER:].partition(" ")[2]
    before = before.rstrip()
    return f"{line}after {before!r} " if before else line


def _different_words(expected: str, actual: str) -> str:
    """Show the first line in which two texts differ."""
    old, new = expected.split("\n"), actual.split("\n")
    before, after = ([_words(t, numbers_in(t)) for t in lines] for lines in (old, new))
    place = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(old), len(new)),
    )
    if before == after:  # alike line by line, but not as a whole
        return f"{_shortened(actual)} came out, {_shortened(expected)} is stored"
    if after == before[:place] + before[place + 1 :]:
        stored, found = _shortened(old[place]), _shortened(actual)
        return (
            f"line {place + 1}, {stored}, is stored and did not come out; {found} did"
        )
    if before == after[:place] + after[place + 1 :]:
        return f"line {place + 1}, {_shortened(new[place])}, came out and is not stored"
    if place == min(len(old), len(new)):
        return f"{_shortened(actual)} came out, {_shortened(expected)} is stored"
    same = len(os.path.commonprefix([old[place], new[place]]))
    found, stored = _shortened(new[place], same), _shortened(old[place], same)
    line = f"line {place + 1}, " if max(len(old), len(new)) > 1 else ""
    return f"{line}{found} came out, {stored} is stored"


def _shortened(line: str, place: int = 0) -> str:
    """Quote the part of a line around a place in it, all of it if it is short."""
    if len(line) <= _SHOWN_OF_A_LINE:
        return repr(line)
    start = max(0, min(place - _SHOWN_OF_A_LINE // 2, len(line) - _SHOWN_OF_A_LINE))
    end = start + _SHOWN_OF_A_LINE
    before, after = "..." * (start > 0), "..." * (end < len(line))
    return repr(before + line[start:end] + after)
