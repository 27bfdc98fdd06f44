"""Words in both languages: whatever an exercise says to its learner.

Feedback is made of :class:`Words` and of nothing else, so that no sentence can stand in
one language alone: an incomplete one cannot even be made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from gradtape.language import say

_PLACE = re.compile(r"\{([a-z_]+)\}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Chinese writes a space beside code and Latin letters, and none between its own signs.
_SPACE_IN_CHINESE = re.compile(
    r"(?<=[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]) "
    r"(?=[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef])"
)


class Words:
    """A sentence, or a few, in English and in Chinese.

    What differs from case to case stands in braces and is filled in by calling. Code
    stands between backticks, mathematics is written in Unicode (``f′(x) = 2x``).

    Parameters
    ----------
    en, zh : str
        The same thing said in each language, with the same places to fill in.

    Raises
    ------
    ValueError
        If one language is missing, holds the other, or has other places to fill in.

    Examples
    --------
    >>> missing = Words("`{name}` is not there.", "没有 `{name}`。")
    >>> str(missing(name="x"))
    '`x` is not there.'
    >>> Words("Look again.", "Look again.")
    Traceback (most recent call last):
    ...
    ValueError: no Chinese in 'Look again.'; it is the twin of 'Look again.'
    """

    def __init__(self, en: str, zh: str):
        if not en.strip() or _CHINESE.search(en):
            raise ValueError(f"no English in {en!r}; it is the twin of {zh!r}")
        if not _CHINESE.search(zh):
            raise ValueError(f"no Chinese in {zh!r}; it is the twin of {en!r}")
        places = [sorted(set(_PLACE.findall(text))) for text in (en, zh)]
        if places[0] != places[1]:
            raise ValueError(
                f"places to fill in are {places[0]} in {en!r}, but {places[1]} in {zh!r}"
            )
        self.en = en
        self.zh = zh
        self._values: Mapping[str, Any] = {}

    def __call__(self, **values: Any) -> Words:
        """Return the words with some of their places filled in."""
        unknown = values.keys() - set(_PLACE.findall(self.en))
        if unknown:
            raise TypeError(f"{self.en!r} has no place for {sorted(unknown)}")
        filled = Words(self.en, self.zh)
        filled._values = {**self._values, **values}
        return filled

    def __str__(self) -> str:
        """Return the words in the reader's language."""
        text = _PLACE.sub(
            lambda place: str(self._values.get(place[1], place[0])),
            say(en=self.en, zh=self.zh),
        )
        return say(en=text, zh=_SPACE_IN_CHINESE.sub("", text))

    def __repr__(self) -> str:
        """Return the words as a program would write them."""
        return f"Words({self.en!r}, {self.zh!r})"


class Listed:
    """Things one after the other, with the comma of the reader's language.

    Examples
    --------
    >>> str(Listed(["`x`", "`y`"]))
    '`x`, `y`'
    """

    def __init__(self, things: Iterable[Any]):
        self._things = tuple(things)

    def __str__(self) -> str:
        """Return them as a text."""
        return say(en=", ", zh="、").join(map(str, self._things))
