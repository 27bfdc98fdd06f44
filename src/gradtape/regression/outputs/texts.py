"""Where two texts differ: in their words, their layout, or a number beyond tolerance."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Sequence

from .machine import Machine
from .numbers import ATOL, RTOL, Number, disagreement, numbers_in, rounding
from .terminal import rendered, styles, without_styles

_SHOWN_OF_A_LINE = 100  # characters
_SHOWN_BEFORE_A_NUMBER = 48  # characters
_MOST_NUMBERS_TOLD = 3

_END_OF_A_SENTENCE = re.compile(r"[.;]\s+(?=\S)|[。；]")
_SET = re.compile(r"\{[^{}:]+\}")


def compare_texts(
    expected: str,
    actual: str,
    *,
    rtol: float = RTOL,
    atol: float = ATOL,
    layout: bool = True,
    machine: Machine | None = None,
) -> list[str]:
    r"""Say in which ways a text differs from the one stored.

    Line breaks, blank lines, indentation and the spaces between words count. Only where
    a number is printed with more or fewer digits, may the spaces around it give way,
    since arrays and tables are padded to the width of their numbers.

    Parameters
    ----------
    expected, actual : str
        The text stored and the text found.
    rtol, atol : float
        How far two numbers may be apart: ``atol + rtol * max(abs(a), abs(b))``.
    layout : bool
        Whether white space counts.
    machine : Machine, optional
        What is known of the machine and the cell; it notes what it left out.

    Returns
    -------
    list of str
        A sentence for each difference; where many numbers differ, the first few and how
        many there are.

    Examples
    --------
    >>> compare_texts("[1.  2.5]", "[1.0000001 2.5      ]")
    []
    >>> compare_texts("a\n  b", "a\nb")
    ["line 2, the layout: 'b' came out, '  b' is stored"]
    >>> compare_texts("shape=(3,)", "shape=(4,)")
    ["after 'shape=(' 4 came out, 3 is stored: whole numbers must be the same"]
    >>> compare_texts("dtype=float32", "dtype=float64")
    ["'dtype=float64' came out, 'dtype=float32' is stored"]
    """
    if expected == actual:
        return []
    coloured = rendered(expected), rendered(actual)
    machine = machine or Machine()
    old_text, new_text = machine.neutral(*map(without_styles, coloured))
    old_text, new_text = _plain(old_text), _plain(new_text)
    old, new = numbers_in(old_text), numbers_in(new_text)
    if _words(old_text, old) != _words(new_text, new):
        old_text, new_text = _sets_in_order(old_text), _sets_in_order(new_text)
        old, new = numbers_in(old_text), numbers_in(new_text)
        if _words(old_text, old) != _words(new_text, new):
            return [_different_words(old_text, new_text)]
    elif "{" in old_text and old_text != new_text:
        old_text, new_text = _sets_in_order(old_text), _sets_in_order(new_text)
        old, new = numbers_in(old_text), numbers_in(new_text)
    told = _different_numbers(new_text, old, new, rtol, atol, old_text)
    if not told and layout:
        told = _different_layout(old_text, new_text, old, new)
    if not told and styles(coloured[0]) != styles(coloured[1]):
        told = ["the words came out in other colours or weights than are stored"]
    return told


def _different_numbers(
    text: str,
    old: Sequence[Number],
    new: Sequence[Number],
    rtol: float,
    atol: float,
    stored: str,
) -> list[str]:
    noises = map(max, rounding(stored, old), rounding(text, new))
    sentences = [
        f"{_place(text, after)}{after.text} came out, {before.text} is stored: {reason}"
        for before, after, noise in zip(old, new, noises, strict=True)
        if (reason := disagreement(before, after, rtol, atol, noise=noise))
    ]
    rest = len(sentences) - _MOST_NUMBERS_TOLD
    if rest > 0:
        sentences[_MOST_NUMBERS_TOLD:] = [f"and {rest} more of {len(old)} numbers"]
    return sentences


def _different_layout(
    expected: str, actual: str, old: Sequence[Number], new: Sequence[Number]
) -> list[str]:
    """Compare white space, as far as it does not follow from the width of numbers."""
    wanted, found = _lines(expected), _lines(actual)
    if any(len(a.text) != len(b.text) for a, b in zip(old, new, strict=True)):
        if "[" in actual:  # a printed array is broken where its width asks for it
            return []
        wanted, found = (
            ["x" * bool(line) for line in lines] for lines in (wanted, found)
        )
    pairs = zip(wanted, found, strict=False)
    for number, (stored, came) in enumerate(pairs, start=1):
        if stored != came and _spaces(stored) != _spaces(came):
            place = len(os.path.commonprefix([stored, came]))
            return [
                (
                    f"line {number}, the layout: {_shortened(came, place)} came out, "
                    f"{_shortened(stored, place)} is stored"
                )
            ]
    if len(wanted) != len(found):
        return [f"{len(found)} lines came out, {len(wanted)} are stored"]
    return []


def _spaces(line: str) -> list[str]:
    """Return the white space of a line and how it is cut, without its words."""
    return [piece if piece.isspace() else "x" for piece in re.split(r"(\s+)", line)]


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.removesuffix("\n").split("\n")]


def _plain(text: str) -> str:
    return text.replace("\N{MINUS SIGN}", "-").replace("\r\n", "\n")


def _sets_in_order(text: str) -> str:
    """Write the elements of printed sets in one order, as a set has none."""

    def in_order(match: re.Match) -> str:
        try:
            elements = ast.literal_eval(match[0])
        except (ValueError, SyntaxError, TypeError, MemoryError):
            return match[0]
        if not isinstance(elements, set):
            return match[0]
        ordered = sorted(elements, key=lambda each: (type(each).__name__, repr(each)))
        return "{" + ", ".join(map(repr, ordered)) + "}"

    return _SET.sub(in_order, text) if "{" in text else text


def _words(text: str, numbers: Sequence[Number]) -> list[str]:
    """Return what stands before, between and after the numbers."""
    ends = [0, *(number.end for number in numbers)]
    starts = [*(number.start for number in numbers), len(text)]
    pieces = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    return [" ".join(piece.split()) for piece in pieces]


def _place(text: str, number: Number) -> str:
    """Say in which line a number stands, and after what."""
    start = text.rfind("\n", 0, number.start) + 1
    line = f"line {text.count(chr(10), 0, start) + 1}, " if "\n" in text.strip() else ""
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
    expected, actual = expected.strip(), actual.strip()
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
