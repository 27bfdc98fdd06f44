"""What a learner is shown: a heading and a few paragraphs, as text and as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradtape.exercises.words import Words
from gradtape.language import current_language

# Colours of the edge; the words are in the page's own colour, so that the card can be
# read in light and in dark themes, and the sign says the same as the colour.
_SIGNS = {
    "right": ("✓", "#009E73"),
    "wrong": ("✗", "#D55E00"),
    "open": ("…", "#8A8A8A"),
    "note": ("→", "#2F8BC9"),
}
_CELLS_OF_A_BAR = 12
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Verbatim:
    """Lines to be shown as they are: code, or what was printed."""

    lines: str

    def __str__(self) -> str:
        """Return the lines, set in."""
        return "\n".join(f"    {line}" for line in self.lines.split("\n"))

    def html(self) -> str:
        """Return the lines in the letters of code."""
        style = "margin:0.3em 0 0 1em;white-space:pre-wrap"
        return f'<pre style="{style}">{html.escape(self.lines)}</pre>'


@dataclass(frozen=True)
class Quoted:
    """What another part of gradtape says, in the reader's language."""

    lines: str

    def __str__(self) -> str:
        """Return the lines, set in."""
        return str(Verbatim(self.lines))

    def html(self) -> str:
        """Return the lines, set in."""
        style = "margin-left:1em;white-space:pre-line"
        return f'<div style="{style}">{inline(self.lines)}</div>'


@dataclass(frozen=True)
class Place:
    """A heading of the lesson, and how a learner is sent there."""

    sentence: Words
    heading: Words

    def __str__(self) -> str:
        """Return the sentence with the heading in it."""
        return str(self.sentence(heading=self.heading))

    def html(self) -> str:
        """Return the sentence with a link to the heading."""
        name = str(self.heading)
        anchor = html.escape(name.replace(" ", "-"), quote=True)
        style = "color:inherit;text-decoration:underline"
        link = f'<a href="#{anchor}" style="{style}">{inline(name)}</a>'
        return inline(str(self.sentence)).replace("{heading}", link)


@dataclass(frozen=True)
class Bar:
    """How much is done of something, with its label."""

    done: int
    count: int
    label: Words

    def __str__(self) -> str:
        """Return the bar and its label."""
        filled = round(_CELLS_OF_A_BAR * self.done / self.count) if self.count else 0
        return f"{'█' * filled}{'░' * (_CELLS_OF_A_BAR - filled)} {self.label}"

    def html(self) -> str:
        """Return the bar, which screen readers pass over, and its label."""
        percent = 100 * self.done / self.count if self.count else 0
        outer = "display:inline-block;width:12em;height:0.6em;border:1px solid"
        inner = f"display:block;height:100%;width:{percent:.0f}%;background:#009E73"
        bar = f'<span style="{inner}"></span>'
        return (
            f'<span aria-hidden="true" style="{outer}">{bar}</span> '
            f"{inline(str(self.label))}"
        )


class Card:
    """An answer to a call such as ``gt.check("2.1", answer)``.

    As the value of a notebook's cell it is shown once. Its truth value says whether an
    answer passed.

    Attributes
    ----------
    kind : {"right", "wrong", "open", "note"}
        Right, wrong, not begun, or not about an answer.
    found : str
        The name of what was found: ``"right"``, a misconception, ``"time"`` and so on.
    heading : Words
        What stands on top.
    parts : tuple
        The paragraphs below the heading.
    """

    def __init__(
        self,
        kind: str,
        heading: Words,
        parts: Sequence[Part] = (),
        found: str = "",
    ):
        self.kind = kind
        self.found = found
        self.heading = heading
        self.parts = tuple(parts)

    def followed_by(self, parts: Sequence[Words]) -> Card:
        """Return the card with more paragraphs at its end."""
        return Card(self.kind, self.heading, (*self.parts, *parts), self.found)

    def __bool__(self) -> bool:
        """Tell whether an answer passed."""
        return self.kind == "right"

    def __repr__(self) -> str:
        """Return the card as plain text."""
        sign, _ = _SIGNS[self.kind]
        return "\n".join([f"{sign} {self.heading}", *map(_plain, self.parts)])

    def _repr_html_(self) -> str:
        sign, colour = _SIGNS[self.kind]
        body = "".join(map(_paragraph, self.parts))
        return (
            f'<div role="status" style="border-left:4px solid {colour};'
            'padding:0.3em 0 0.3em 0.9em;margin:0.2em 0;max-width:46em;line-height:1.5">'
            f'<strong><span style="color:{colour}">{sign}</span> '
            f"{inline(str(self.heading))}</strong>{body}</div>"
        )


# A part of another kind says itself as text and, by a method, as HTML.
Part = Words | Place | Verbatim | Quoted | Bar | Any


def _paragraph(part: Part) -> str:
    inner = inline(_plain(part)) if isinstance(part, Words) else part.html()
    return f'<div style="margin-top:0.3em">{inner}</div>'


def _plain(part: Part) -> str:
    """Return a paragraph as text; what was filled in at its beginning gets a capital.

    A letter of mathematics that a sentence begins with keeps its size.
    """
    text = str(part)
    begins_filled_in = isinstance(part, Words) and part.en.startswith("{")
    if begins_filled_in and current_language() == "en":
        return text[:1].upper() + text[1:]
    return text


def inline(text: str) -> str:
    """Return a text as HTML, with what stands between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", html.escape(text, quote=False))
