"""Whether two runs of a cell gave the same outputs, numbers within a tolerance.

Two machines agree on what a lesson shows, not on its last digits: processors and
graphics cards round differently, and so do versions of TensorFlow. So the words must be
the same, whole numbers must be the same, and other numbers may differ a little:

- by ``RTOL`` relative to the larger of the two. Rounding in float32 shifts a result by
  about 1e-7, a few hundred steps of training by about 1e-5; a mistake shifts it by more
  than 1e-3.
- by ``ATOL``, so that 1e-17 may stand where another machine finds 0.
- by one unit of the last printed digit, where at least four digits are printed: 0.12345
  is printed as 0.1234 here and as 0.1235 there. A number with fewer digits has to agree
  within ``RTOL``, since a unit of its last digit would be a change that readers notice.

Pictures are compared by their description in words and numbers, not by their pixels.
"""

from __future__ import annotations

import html
import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

RTOL = 1e-4
ATOL = 1e-9
TOLERANCES = ("rtol", "atol")
_DIGITS_THAT_MAY_ROUND = 4
_SHOWN_OF_A_LINE = 100  # characters

_NUMBER = re.compile(
    r"""
    (
    (?:(?<![\w)\].])[-+])?                      # a sign, unless it is a minus between
    (?<![A-Za-z0-9_.])                          # not within a name such as float32
    (?: \d+\.?\d*(?:[eE][-+]?\d+)? | \.\d+(?:[eE][-+]?\d+)? | (?:inf|nan)\b )
    )
    \.?              # the end of a sentence, which cannot be told from that of "108."
    """,
    re.VERBOSE,
)
# Where an operation ran is part of TensorFlow's error messages.
_DEVICE = re.compile(r"/job:localhost/replica:0/task:0/device:[A-Z]+:\d+")


class _Number(NamedTuple):
    text: str
    value: float
    is_whole: bool
    unit: float  # of the last printed digit
    digits: int  # printed, without leading zeros


def tolerance(tags: Sequence[str]) -> dict[str, float]:
    """Return the tolerance that a cell's tags ask for, such as ``rtol=0.05``.

    A cell whose numbers rest on a long computation, such as the training of a network,
    may differ more between two machines than others.

    Parameters
    ----------
    tags : sequence of str
        The tags of a cell; others than ``rtol=`` and ``atol=`` are passed over.

    Returns
    -------
    dict
        Arguments for :func:`compare_outputs`.

    Raises
    ------
    ValueError
        If a tag holds no number.

    Examples
    --------
    >>> tolerance(["raises-exception", "rtol=0.05"])
    {'rtol': 0.05}
    """
    pairs = (tag.partition("=") for tag in tags)
    return {name: float(number) for name, _, number in pairs if name in TOLERANCES}


def compare_outputs(
    expected: Sequence[Mapping[str, Any]],
    actual: Sequence[Mapping[str, Any]],
    *,
    rtol: float = RTOL,
    atol: float = ATOL,
) -> list[str]:
    """Say in which ways the outputs of a cell differ from those stored.

    Parameters
    ----------
    expected, actual : sequence of dict
        Outputs as a notebook stores them (nbformat 4).
    rtol, atol : float
        How far two numbers may be apart: ``atol + rtol * max(abs(a), abs(b))``.

    Returns
    -------
    list of str
        One sentence for each difference; none where the outputs agree.

    Examples
    --------
    >>> def printed(text):
    ...     return [{"output_type": "stream", "name": "stdout", "text": text}]
    >>> compare_outputs(printed("dy/dx = 108.0"), printed("dy/dx = 107.99999"))
    []
    >>> compare_outputs(printed("dy/dx = 108.0"), printed("dy/dx = 107.0"))
    ["text: after 'dy/dx =' stands 107.0, stored is 108.0: off by 1, allowed 0.1"]
    """
    wanted, found = list(_normalized(expected)), list(_normalized(actual))
    if [kind for kind, _ in wanted] != [kind for kind, _ in found]:
        return [f"it gives {_kinds(found)}, stored is {_kinds(wanted)}"]
    return [
        f"{kind}: {sentence}"
        for (kind, old), (_, new) in zip(wanted, found, strict=True)
        for sentence in compare_texts(old, new, rtol=rtol, atol=atol)
    ]


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
        As for :func:`compare_outputs`.

    Returns
    -------
    list of str
        One sentence for each difference.

    Examples
    --------
    >>> compare_texts("[1.  2.5]", "[1.0000001 2.5      ]")
    []
    >>> compare_texts("shape=(3,)", "shape=(4,)")
    ["after 'shape=(' stands 4, stored is 3: a whole number must be the same"]
    >>> compare_texts("dtype=float32", "dtype=float64")
    ["stands 'dtype=float64', stored is 'dtype=float32'"]
    """
    old_words, old_numbers = _split(expected)
    new_words, new_numbers = _split(actual)
    if old_words != new_words:
        return [_different_words(expected, actual)]
    differences = []
    for before, old, new in zip(old_words, old_numbers, new_numbers, strict=False):
        reason = _disagreement(old, new, rtol, atol)
        if reason:
            place = f"after {before[-30:]!r} " if before else ""
            differences.append(
                f"{place}stands {new.text}, stored is {old.text}: {reason}"
            )
    return differences


def _disagreement(old: _Number, new: _Number, rtol: float, atol: float) -> str:
    """Say why two numbers disagree; an empty string where they agree."""
    if old.is_whole and new.is_whole:
        if old.value == new.value:
            return ""
        return "a whole number must be the same"
    if not (math.isfinite(old.value) and math.isfinite(new.value)):
        same = old.value == new.value or (
            math.isnan(old.value) and math.isnan(new.value)
        )
        return "" if same else "one of them is not finite"
    allowed = atol + rtol * max(abs(old.value), abs(new.value))
    if min(old.digits, new.digits) >= _DIGITS_THAT_MAY_ROUND:
        # The tiny factor is for the distance itself, which is rounded too.
        allowed = max(allowed, max(old.unit, new.unit) * (1 + 1e-6))
    distance = abs(old.value - new.value)
    if distance <= allowed:
        return ""
    return f"off by {distance:.3g}, allowed {allowed:.3g}"


def _split(text: str) -> tuple[list[str], list[_Number]]:
    """Split a text into words and the numbers between them."""
    text = _DEVICE.sub("/device", text.replace("\N{MINUS SIGN}", "-"))
    words, numbers, end = [], [], 0
    for match in _NUMBER.finditer(text):
        words.append(" ".join(text[end : match.start()].split()))
        numbers.append(_parse(match[1]))
        end = match.end()
    return [*words, " ".join(text[end:].split())], numbers


def _parse(text: str) -> _Number:
    if text.lstrip("+-") in ("inf", "nan"):
        return _Number(text, float(text), False, 0.0, 0)
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    digits = len(mantissa.lstrip("+-").replace(".", "").lstrip("0"))
    return _Number(
        text,
        value=float(text),
        is_whole="." not in mantissa and not exponent,
        unit=10.0 ** (int(exponent or 0) - decimals),
        digits=digits,
    )


def _different_words(expected: str, actual: str) -> str:
    """Show the first line in which two texts differ."""
    old, new = expected.strip().split("\n"), actual.strip().split("\n")
    for before, after in zip(old, new, strict=False):
        if _split(before)[0] != _split(after)[0]:
            same = len(os.path.commonprefix([before, after]))
            found, stored = _shortened(after, same), _shortened(before, same)
            return f"stands {found}, stored is {stored}"
    if len(new) > len(old):
        return f"a line more than stored: {_shortened(new[len(old)])}"
    if len(old) > len(new):
        return f"a line is missing: {_shortened(old[len(new)])}"
    return f"stands {_shortened(actual)}, stored is {_shortened(expected)}"


def _shortened(line: str, place: int = 0) -> str:
    """Quote the part of a line around a place in it, all of it if it is short."""
    if len(line) <= _SHOWN_OF_A_LINE:
        return repr(line)
    start = max(0, min(place - _SHOWN_OF_A_LINE // 2, len(line) - _SHOWN_OF_A_LINE))
    end = start + _SHOWN_OF_A_LINE
    before, after = "..." * (start > 0), "..." * (end < len(line))
    return repr(before + line[start:end] + after)


def _normalized(
    outputs: Sequence[Mapping[str, Any]],
) -> Iterator[tuple[str, str]]:
    """Give each output as its kind and its text; pieces of one stream are joined."""
    stream, pieces = None, []
    for output in outputs:
        kind = output["output_type"]
        name = output["name"] if kind == "stream" else None
        if stream and name != stream:
            yield _stream_kind(stream), "".join(pieces)
            pieces = []
        stream = name
        if kind == "stream":
            pieces.append(_joined(output["text"]))
        elif kind == "error":
            yield "error", f"{output['ename']}: {output['evalue']}"
        else:
            yield _shown(output["data"])
    if stream:
        yield _stream_kind(stream), "".join(pieces)


def _stream_kind(name: str) -> str:
    return "text" if name == "stdout" else name


def _shown(data: Mapping[str, Any]) -> tuple[str, str]:
    """Give a displayed object as the kind that a reader sees, and its words.

    A widget is what stands for it where no widget can run: that is what is stored.
    """
    kind = "value"
    for mime, name in (
        ("image/png", "figure"),
        ("image/svg+xml", "figure"),
        ("text/html", "page"),
    ):
        if mime in data:
            kind = name
            break
    if "text/plain" in data:
        return kind, _joined(data["text/plain"])
    if "text/html" in data:
        without_tags = re.sub(r"<[^>]*>", " ", _joined(data["text/html"]))
        return kind, html.unescape(without_tags)
    return kind, ""


def _joined(text: str | Sequence[str]) -> str:
    """Return a text that a notebook may store as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def _kinds(outputs: Sequence[tuple[str, str]]) -> str:
    if not outputs:
        return "no output"
    return "outputs " + ", ".join(kind for kind, _ in outputs)
