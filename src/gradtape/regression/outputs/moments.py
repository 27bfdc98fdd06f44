"""Dates and times of day in a text."""

from __future__ import annotations

import contextlib
import datetime
import re

_FORMS_OF_DATES = (
    "%a %b %d %H:%M:%S %Y",
    "%a %b %d %H:%M:%S %Z %Y",
    "%a, %d %b %Y %H:%M:%S",
    "%a, %d %b %Y",
    "%d.%m.%Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
)


A_DAY = 86_400  # seconds


def moment(text: str, now: datetime.datetime) -> float | None:
    """Return the moment that a text names, in seconds since 1970; None if it is none.

    What names a time without a day, or a day without a time, is taken for ``now`` where
    it fits.
    """
    if re.fullmatch(r"\d\d?:\d\d:\d\d(?:\.\d+)?", text):
        hours, minutes, seconds, *_ = map(int, re.findall(r"\d+", text))
        of_day = hours * 3600 + minutes * 60 + seconds
        # Only what is close to the clock can be told from a length of time.
        apart = abs(of_day - (now.hour * 3600 + now.minute * 60 + now.second))
        is_clock = min(apart, A_DAY - apart) < 3600
        return now.timestamp() if is_clock else 0.0
    if re.fullmatch(r"1[0-9]{9}(?:\.\d+)?", text):
        return float(text)
    read = _read_date(text)
    if read is None:
        return None
    is_day = read.time() == datetime.time()
    return (now if is_day and read.date() == now.date() else read).timestamp()


def _read_date(text: str) -> datetime.datetime | None:
    if text.startswith("datetime."):
        with contextlib.suppress(TypeError, ValueError):
            return datetime.datetime(*map(int, re.findall(r"\d+", text)[:7]))
        return None
    with contextlib.suppress(ValueError):
        return datetime.datetime.fromisoformat(text)
    for form in _FORMS_OF_DATES:
        with contextlib.suppress(ValueError):
            return datetime.datetime.strptime(text, form)
    return None
