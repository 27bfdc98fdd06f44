"""What learners wrote, made fit to be shown: in a page, a table, a terminal.

A page that shows it runs no script at all: its own policy forbids the browser to. What a
learner wrote is escaped, or, where prose is set, cleaned of all but plain markup.
"""

from __future__ import annotations

import re
import unicodedata

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

# What a page may do: show itself. No script, no frame, no form, no request.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
_TAGS = {
    *("p", "br", "hr", "em", "strong", "del", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_LONGEST = 20_000
_CODE = re.compile(r"`([^`\n]+)`")
# With one of these a cell of a table begins that a spreadsheet computes.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def prose(text: str) -> Markup:
    r"""Return Markdown as HTML: paragraphs, lists, code; no links, pictures, attributes.

    Examples
    --------
    >>> prose("*so* <script>alert(1)</script>")
    Markup('<p><em>so</em> &lt;script&gt;alert(1)&lt;/script&gt;</p>\n')
    """
    html = _MARKDOWN.render(printable(text)[:_LONGEST])
    return Markup(nh3.clean(html, tags=_TAGS, attributes={}, link_rel=None))


def sentence(text: str) -> Markup:
    """Return a text as HTML, with what stands between backticks as code.

    Examples
    --------
    >>> sentence("`x` < 1")
    Markup('<code>x</code> &lt; 1')
    """
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(printable(text)))))


def printable(text: str) -> str:
    r"""Return a text without signs that steer what shows it; lines stay lines.

    Examples
    --------
    >>> printable("a\x1b[2Jb")
    'a\ufffd[2Jb'
    """
    return "".join(map(_printable, text))


def _printable(sign: str) -> str:
    kind = unicodedata.category(sign)
    if sign in "\n\t" or kind not in ("Cc", "Cf", "Cs"):
        return sign
    # Signs of formatting are invisible, and some turn the line round.
    return "" if kind == "Cf" else "\ufffd"


def one_line(text: str) -> str:
    """Return a text for a terminal: printable, in one line."""
    return " ".join(printable(text).split())


def cell(text: str) -> str:
    """Return a text for a cell of a table that a spreadsheet opens.

    Examples
    --------
    >>> cell("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    """
    shown = one_line(text)
    return f"'{shown}" if text.startswith(_FORMULA) or shown[:1] in _FORMULA else shown
