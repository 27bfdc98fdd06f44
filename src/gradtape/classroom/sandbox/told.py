"""What is wrong with a call, as plain data: found in the sandbox, said by the judge."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from gradtape.exercises.card import Quoted, Verbatim
from gradtape.exercises.exercise import Wrong
from gradtape.exercises.words import Words
from gradtape.language import current_language, set_language

_LONGEST = 1_000
_MOST_DETAILS = 6
_ROW = re.compile(r"P\d{1,2}|dtypes")
_REASON = ("cause", "title", "where", "why")


class Told(Words):
    """Words that another process filled in, in both languages."""

    def __init__(self, en: str, zh: str):
        self.en = _short(en)
        self.zh = _short(zh)
        self._values = {}


def _short(text: Any) -> str:
    if not isinstance(text, str):
        raise TypeError("a text is expected")
    return text[:_LONGEST]


def in_both_languages(words: Words) -> list[str]:
    """Return words in English and in Chinese, filled in."""
    before, texts = current_language(), []
    for language in ("en", "zh"):
        set_language(language)
        texts.append(str(words)[:_LONGEST])
    set_language(before)
    return texts


def written(wrong: Wrong) -> dict[str, Any]:
    """Return what is wrong as plain data."""
    return {
        "found": wrong.found,
        "says": in_both_languages(wrong.says),
        "details": [_detail(each) for each in wrong.details[:_MOST_DETAILS]],
        "rows": list(wrong.rows[:_MOST_DETAILS]),
    }


def _detail(part: Any) -> list[str]:
    if isinstance(part, Words):
        return ["words", *in_both_languages(part)]
    kind = "verbatim" if isinstance(part, Verbatim) else "quoted"
    return [kind, getattr(part, "lines", str(part))[:_LONGEST]]


def read(data: dict[str, Any]) -> Wrong:
    """Return what is wrong, read from plain data; it may not be what it says it is."""
    wrong = Wrong(Told(*data["says"]), _short(data["found"])[:60] or "wrong")
    wrong.details = tuple(map(_read_detail, data["details"][:_MOST_DETAILS]))
    wrong.rows = tuple(_rows(data["rows"]))
    return wrong


def _read_detail(data: list[str]) -> Any:
    kind, *texts = data
    if kind == "words":
        return Told(*texts)
    (text,) = texts
    return Verbatim(_short(text)) if kind == "verbatim" else Quoted(_short(text))


def _rows(rows: list[str]) -> list[str]:
    return [row for row in rows[:_MOST_DETAILS] if _ROW.fullmatch(row)]


def reasons_written(reasons: list[Any]) -> list[dict[str, str]]:
    """Return the causes of a None as plain data."""
    return [
        {**{name: getattr(each, name) for name in _REASON}, "line": str(each.line)}
        for each in reasons[:_MOST_DETAILS]
    ]


def reasons_read(data: list[dict[str, str]]) -> list[Any]:
    """Return causes of a None with the attributes that are asked of them."""
    return [
        SimpleNamespace(**{name: _short(each[name]) for name in (*_REASON, "line")})
        for each in data[:_MOST_DETAILS]
        if _ROW.fullmatch(each["cause"])
    ]
