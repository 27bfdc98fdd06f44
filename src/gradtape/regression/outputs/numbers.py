"""Numbers as they stand in a text: where they are, and whether two of them agree.

Whole numbers must be the same. Others may differ

- by ``RTOL`` relative to the larger of the two,
- by ``ATOL``, so that 1e-17 may stand where another machine finds 0,
- by one unit of the last printed digit, where at least four digits are printed: 0.12345
  is printed as 0.1234 here and as 0.1235 there. A number with fewer digits has to agree
  within ``RTOL``, since a unit of its last digit would be a change that readers notice;
  so has one such as 108.0, which is how Python writes a number that ends there.

What was measured before these were chosen stands in docs/testing.md.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

RTOL = 1e-4
ATOL = 1e-9
_DIGITS_THAT_MAY_ROUND = 4

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
    """

    text: str
    start: int
    end: int
    value: float
    size: float
    is_whole: bool
    ends_there: bool

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
            is_whole=re.fullmatch(r"[-+]?[0-9]+", printed) is not None,
            ends_there=re.fullmatch(r"[-+]?[0-9]+\.0?j?", match[0]) is not None,
        )
        if imaginary and found and found[-1].end == number.start:
            size = math.hypot(found[-1].value, value)
            found[-1] = found[-1]._replace(size=size, is_whole=False)
            number = number._replace(size=size)
        found.append(number)
    return found


def disagreement(old: Number, new: Number, rtol: float, atol: float) -> str:
    """Say why two numbers disagree; an empty string where they agree.

    Parameters
    ----------
    old, new : Number
        The number stored and the number found.
    rtol, atol : float
        How far they may be apart: ``atol + rtol * size`` of the larger.

    Examples
    --------
    >>> (old,), (new,) = numbers_in("108.0"), numbers_in("107.0")
    >>> disagreement(old, new, rtol=1e-4, atol=1e-9)
    '1 apart, allowed 0.0108'
    """
    if old.is_whole and new.is_whole:
        return "" if old.value == new.value else "whole numbers must be the same"
    if not (math.isfinite(old.value) and math.isfinite(new.value)):
        same = old.value == new.value or (
            math.isnan(old.value) and math.isnan(new.value)
        )
        return "" if same else "one of them is not finite"
    distance = abs(old.value - new.value)
    allowed = _allowed(old, new, rtol, atol)
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
