"""The plan of a lesson for a class, as the teachers' pages have it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from gradtape.site.layout import SUFFIX

_HEADING = {"en": r"### Lesson {}\b.*", "zh": r"### 第 {} 课.*"}
_ROW = re.compile(r"(?m)^\| (\d+–\d+) \| (.*) \|$")
_NAMED = re.compile(r"\*+([^*]+?)[.。，,:：]?\*+")
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Plan:
    """What a class does in a lesson.

    Attributes
    ----------
    text : str
        The whole plan, in Markdown; empty if the lesson has none.
    rows : tuple of (str, str)
        The minutes, and what happens in them.
    """

    text: str
    rows: tuple[tuple[str, str], ...]

    def about(self, heading: str) -> str:
        """Return the row that names a section of the lesson; empty if none does."""
        wanted = _letters(heading)
        for minutes, what in self.rows:
            for named in map(_letters, _NAMED.findall(what)):
                if len(named) > 1 and (
                    wanted.startswith(named) or named.startswith(wanted)
                ):
                    return f"**{minutes}** {what}"
        return ""


def plan_of(lesson: int, language: str, root: Path) -> Plan:
    """Return the plan of a lesson from the teachers' page of a checkout."""
    page = (root / "docs" / f"teaching{SUFFIX[language]}").read_text("utf-8")
    begins = re.search(rf"(?m)^{_HEADING[language].format(lesson)}$", page)
    if begins is None:
        return Plan("", ())
    ends = re.search(r"(?m)^#{2,3} ", page[begins.end() :])
    text = page[begins.end() :][: ends.start() if ends else None].strip()
    return Plan(text, tuple(_ROW.findall(text)))


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text).lower()
