"""Numbers as they stand in a text: where they are, and whether two of them agree.

Whole numbers must be the same, digit by digit, and so must numbers that are no
measurement: a price, a version, a code such as 007. Others may differ

- by ``RTOL`` relative to the larger of the two, however small they are,
- by one unit of the last printed digit, where at least four digits are printed: 0.12345
  is printed as 0.1234 here and as 0.1235 there. A number with fewer digits has to agree
  within ``RTOL``, since a unit of its last digit would be a change that readers notice;
  so has one such as 108.0, which is how Python writes a number that ends there,
- within a printed array by what rounding leaves beside its largest number: 1e-17 may
  stand beside 1.0 where another machine finds 0. A number alone has no such neighbour.

What was measured before these were chosen stands in docs/testing-rules.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

RTOL = 1e-4
ATOL = 0.0  # nothing but what a notebook asks for
_DIGITS_THAT_MAY_ROUND = 4
# Beside the largest number of an array, what rounding leaves of a zero.
_ROUNDING = 1e-13
_ROUNDING_OF_FLOAT32 = 5e-7

_DECIMAL = r"""
    (?: [0-9]+ (?: \.[0-9]+ | \.(?!\s*\Z|\s+[^\W\d]|["'’”]) )?   # "It is 108." is whole
      | \.[0-9]+ )
    (?:[eE][-+]?[0-9]+)?
"""
_PATTERN = re.compile(
    rf"""
    (?P<imaginary> [-+]? (?<![A-Za-z0-9_.]) (?:{_DECIMAL}|inf|nan) j (?![A-Za-z0-9_]) )
    | (?P<real>
        (?: (?<![A-Za-z0-9_)\].]) [-+] )?       # a sign, unless it is a minus between
        (?<![A-Za-z0-9_.])                      # not within a name such as float32
        (?: {_DECIMAL} | (?:inf|nan)(?![A-Za-z0-9_]) )
      )
      (?P<stop> \. )?   # of a sentence; after 108 it cannot be told from the point of 108.
    """,
    re.VERBOSE,
)
_WHOLE = re.compile(r"[-+]?[0-9]+")
_ENDS_THERE = re.compile(r"[-+]?[0-9]+\.0?j?")
_CODE = re.compile(r"[-+]?0[0-9]")
_BEFORE_NO_MEASUREMENT = re.compile(
    r"(?:\b(?:version|python|release|ver\.?)\W{0,4}|__version__\W{0,6}|[€£¥₹])$",
    re.IGNORECASE,
)
_DOLLARS = re.compile(r"\$\s?-?$")
_AFTER_A_PRICE = re.compile(
    r"\s?(?:EUR|USD|GBP|JPY|CNY|CHF|INR|euros?|dollars?|cents?|[€£¥₹元])",
)
_SEPARATORS = re.compile(r"[\[\],\s]*")


class Number(NamedTuple):
    """A number as it is printed.

    Attributes
    ----------
    text : str
        How it is printed.
    start, end : int
        Where in the text, a full stop after it included.
    value : float
        Of a complex number this is one of its parts.
    size : float
        What a relative tolerance refers to: the absolute value, of a complex number
        that of both parts together.
    is_whole : bool
        Written without a point and without an exponent.
    ends_there : bool
        Written as Python writes a float that has no decimals: 108.0 or 108.
    is_exact : bool
        No measurement: a price, a version, a code that begins with 0.
    """

    text: str
    start: int
    end: int
    value: float
    size: float
    is_whole: bool
    ends_there: bool
    is_exact: bool = False

    @property
    def _mantissa(self) -> str:
        return self.text.lower().strip("+-j").partition("e")[0]

    @property
    def digits(self) -> int:
        """How many digits are printed, without leading zeros."""
        return len(self._mantissa.replace(".", "").lstrip("0"))

    @property
    def unit(self) -> float:
        """What one step of the last printed digit is worth."""
        exponent = self.text.lower().strip("+-j").partition("e")[2]
        return 10.0 ** (int(exponent or 0) - len(self._mantissa.partition(".")[2]))


def numbers_in(text: str) -> list[Number]:
    """Find the numbers in a text.

    A digit within a name (``float32``, ``x_1``) or a version (``2.21.0``) belongs to the
    words. A complex number is two.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of Number
        In their order.

    Examples
    --------
    >>> [number.text for number in numbers_in("x_1 = -2.5e-3 m, z = 1-2j, at most 7.")]
    ['-2.5e-3', '1', '-2j', '7']
    """
    found: list[Number] = []
    for match in _PATTERN.finditer(text):
        imaginary = match["imaginary"]
        printed = imaginary or match["real"]
        value = float(printed.removesuffix("j"))
        number = Number(
            printed,
            match.start(),
            match.end(),
            value,
            size=abs(value),
            is_whole=_WHOLE.fullmatch(printed) is not None,
            ends_there=_ENDS_THERE.fullmatch(match[0]) is not None,
            is_exact=_is_no_measurement(text, match.start(), match.end(), printed),
        )
        if imaginary and found and found[-1].end == number.start:
            size = math.hypot(found[-1].value, value)
            found[-1] = found[-1]._replace(size=size, is_whole=False)
            number = number._replace(size=size)
        found.append(number)
    return found


def _is_no_measurement(text: str, start: int, end: int, printed: str) -> bool:
    if _CODE.match(printed) and "." not in printed and "e" not in printed.lower():
        return True
    before = text[max(0, start - 16) : start]
    if _BEFORE_NO_MEASUREMENT.search(before) or _AFTER_A_PRICE.match(text, end):
        return True
    if not _DOLLARS.search(before):
        return False
    line_end = text.find("\n", end)
    # In LaTeX a second dollar follows.
    return "$" not in text[end : line_end if line_end >= 0 else None]


def rounding(text: str, numbers: Sequence[Number]) -> list[float]:
    """Return what rounding may leave of a zero in the place of each number.

    Parameters
    ----------
    text : str
        The text.
    numbers : sequence of Number
        Its numbers.

    Returns
    -------
    list of float
        For numbers of one printed array a tiny part of the largest; 0 for one alone.

    Examples
    --------
    >>> text = "[1.0 2e-17] and 3e-17"
    >>> rounding(text, numbers_in(text))
    [1e-13, 1e-13, 0.0]
    """
    part = _ROUNDING_OF_FLOAT32 if "float32" in text else _ROUNDING
    found = [0.0] * len(numbers)
    begin = 0
    for place in range(1, len(numbers) + 1):
        joined = place < len(numbers) and _SEPARATORS.fullmatch(
            text, numbers[place - 1].end, numbers[place].start
        )
        if joined:
            continue
        array = range(begin, place)
        sizes = [numbers[n].size for n in array if math.isfinite(numbers[n].size)]
        within = text[: numbers[begin].start].rstrip().endswith("[")
        if len(array) > 1 and within and sizes:
            found[begin:place] = [part * max(sizes)] * len(array)
        begin = place
    return found


def disagreement(
    old: Number, new: Number, rtol: float, atol: float = ATOL, *, noise: float = 0.0
) -> str:
    """Say why two numbers disagree; an empty string where they agree.

    Parameters
    ----------
    old, new : Number
        The number stored and the number found.
    rtol, atol : float
        How far they may be apart: ``atol + rtol * size`` of the larger.
    noise : float
        What rounding may leave of a zero in this place.

    Examples
    --------
    >>> (old,), (new,) = numbers_in("108.0"), numbers_in("107.0")
    >>> disagreement(old, new, rtol=1e-4)
    '1 apart, allowed 0.0108'
    """
    if old.text == new.text and old.ends_there == new.ends_there:
        return ""
    if old.is_exact or new.is_exact:
        same = old.text.lstrip("+") == new.text.lstrip("+")
        return "" if same else "prices, versions and codes must be the same"
    if old.is_whole and new.is_whole:
        same = old.text.lstrip("+") == new.text.lstrip("+")
        return "" if same else "whole numbers must be the same"
    if not (math.isfinite(old.value) and math.isfinite(new.value)):
        same = old.value == new.value or (
            math.isnan(old.value) and math.isnan(new.value)
        )
        return "" if same else "one of them is not finite"
    distance = abs(old.value - new.value)
    allowed = max(_allowed(old, new, rtol, atol), noise)
    if distance > allowed:
        return f"{distance:.3g} apart, allowed {allowed:.3g}"
    if _is_another_type(old, new) or _is_another_type(new, old):
        return "a whole number and a decimal one are not the same"
    return ""


def _is_another_type(one: Number, other: Number) -> bool:
    """Tell 108 from 108.0, not from the "108." with which a sentence may end."""
    is_int = one.is_whole and not one.ends_there
    return is_int and other.ends_there and not other.is_whole


def _allowed(old: Number, new: Number, rtol: float, atol: float) -> float:
    allowed = atol + rtol * max(old.size, new.size)
    many_digits = max(old.digits, new.digits) >= _DIGITS_THAT_MAY_ROUND
    if many_digits and not (old.ends_there or new.ends_there):
        # The tiny factor is for the distance itself, which is rounded too.
        allowed = max(allowed, min(old.unit, new.unit) * (1 + 1e-6))
    return allowed
