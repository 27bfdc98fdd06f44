"""What a piece of Markdown consists of: blocks, headings and links, with their lines.

Lines are counted from 0 within the piece.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

_TAG = re.compile(r"</?[a-zA-Z][\w-]*")
_ADDRESS = re.compile(r"""\b(href|src)\s*=\s*["']([^"']*)["']""", re.IGNORECASE)
_parser = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, a list, a table, a formula: what its twin must be too."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True)
class Heading:
    """A heading and the anchor under which JupyterLab finds it."""

    level: int
    text: str
    line: int

    @property
    def anchor(self) -> str:
        """The heading's text with hyphens for spaces."""
        return self.text.replace(" ", "-")


@dataclass(frozen=True)
class Link:
    """A link, or an image, and where it leads."""

    target: str
    line: int
    is_image: bool


@cache
def _tokens(text: str) -> list[Token]:
    return _parser.parse(text)


def blocks(text: str) -> list[Block]:
    r"""Return the blocks of a piece of Markdown, those within lists and quotes too.

    Examples
    --------
    >>> [block.kind for block in blocks("## Tape\n\n- one\n- two")]
    ['heading of level 2', 'list of 2 items']
    """
    lines = text.splitlines()
    tokens = _tokens(text)
    found = []
    for index, token in enumerate(tokens):
        opens_item = index > 0 and tokens[index - 1].type == "list_item_open"
        kind = _kind(tokens, index)
        if kind and not (kind == "paragraph" and opens_item):
            start, end = token.map
            found.append(Block(kind, "\n".join(lines[start:end]), start))
    return found


def headings(text: str) -> list[Heading]:
    """Return the headings of a piece of Markdown.

    Examples
    --------
    >>> headings("## Why `watch`")[0].anchor
    'Why-watch'
    """
    tokens = _tokens(text)
    return [
        Heading(int(token.tag[1:]), _as_shown(inline), token.map[0])
        for token, inline in pairwise(tokens)
        if token.type == "heading_open"
    ]


def links(text: str) -> list[Link]:
    r"""Return the links and images of a piece of Markdown, those in HTML too.

    Examples
    --------
    >>> links("Read\n[lesson 2](02_tape.ipynb).")
    [Link(target='02_tape.ipynb', line=1, is_image=False)]
    """
    found = []
    for token in _tokens(text):
        if token.type == "html_block":
            found += _links_in_html(token.content, token.map[0])
        line = token.map[0] if token.map else 0
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "link_open":
                found.append(Link(child.attrs["href"], line, is_image=False))
            elif child.type == "image":
                found.append(Link(child.attrs["src"], line, is_image=True))
            elif child.type == "html_inline":
                found += _links_in_html(child.content, line)
    return found


def literal_stars(text: str) -> list[int]:
    r"""Return the lines in which a ``**`` is shown as it stands, for want of its twin.

    CommonMark closes no bold between punctuation and a letter: ``**Term:**text``.

    Examples
    --------
    >>> literal_stars("**One**: all is well.\n**Two:**not closed.")
    [1]
    """
    found = []
    for token in _tokens(text):
        line = token.map[0] if token.map else 0
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "text" and "**" in child.content:
                found.append(line)
    return found


def _links_in_html(html: str, line: int) -> list[Link]:
    return [
        Link(
            match[2],
            line + html.count("\n", 0, match.start()),
            is_image=match[1].lower() == "src",
        )
        for match in _ADDRESS.finditer(html)
    ]


def _kind(tokens: list[Token], index: int) -> str | None:
    token = tokens[index]
    match token.type:
        case "heading_open":
            return f"heading of level {token.tag[1:]}"
        case "paragraph_open":
            return "paragraph"
        case "bullet_list_open":
            return f"list of {_count(tokens, index, 'list_item_open')} items"
        case "ordered_list_open":
            return f"numbered list of {_count(tokens, index, 'list_item_open')} items"
        case "table_open":
            return f"table of {_count(tokens, index, 'tr_open')} rows"
        case "blockquote_open":
            return "quotation"
        case "fence" | "code_block":
            return "code block"
        case "math_block" | "math_block_label":
            return "formula"
        case "html_block":
            tags = [tag + ">" for tag in _TAG.findall(token.content)]
            return " ".join(["HTML", *tags])
        case "hr":
            return "line across"
    return None


def _count(tokens: list[Token], start: int, kind: str) -> int:
    """Count the tokens of a kind in the block that opens at ``start``, not deeper."""
    opening = tokens[start]
    closing = opening.type.replace("_open", "_close")
    deepest = opening.level + (2 if kind == "tr_open" else 1)
    count = 0
    for token in tokens[start + 1 :]:
        if token.type == closing and token.level == opening.level:
            break
        count += token.type == kind and token.level <= deepest
    return count


def _as_shown(inline: Token) -> str:
    """Return the text of a heading as a browser holds it."""
    shown = []
    for child in inline.children or ():
        if child.type == "math_inline":
            shown.append(f"${child.content}$")
        elif child.type in ("text", "code_inline"):
            shown.append(child.content)
        elif child.type == "softbreak":
            shown.append(" ")
    return "".join(shown).strip()
