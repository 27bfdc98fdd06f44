"""One output as HTML, and two of them with what differs marked."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..outputs.shown import Shown, joined, shown
from ..outputs.terminal import rendered, without_styles

_WORDS = re.compile(r"\s+|[\w.+-]+|[^\w\s]")
_CELL = re.compile(r"(<t[dh]\b[^>]*>)(.*?)(</t[dh]>)", re.DOTALL)
_LONGEST = 20_000  # characters of a text that is shown
_LONGEST_MARKED = 5_000  # words of a text in which differences are marked


def both(stored: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> str:
    """Return rows of a table: stored beside new, output by output."""
    old_outputs, new_outputs = list(shown(stored)), list(shown(new))
    rows = []
    for number in range(max(len(old_outputs), len(new_outputs))):
        old = old_outputs[number] if number < len(old_outputs) else None
        come = new_outputs[number] if number < len(new_outputs) else None
        left, right = _pair(old, come)
        rows.append(f"<tr><td>{left}</td><td>{right}</td></tr>")
    return "".join(rows)


def one(outputs: Sequence[Mapping[str, Any]]) -> str:
    """Return outputs as HTML, one after the other."""
    return "".join(_alone(output) for output in shown(outputs))


def _pair(old: Shown | None, new: Shown | None) -> tuple[str, str]:
    if old is None or new is None:
        empty = "<em>nothing</em>"
        return _alone(old) if old else empty, _alone(new) if new else empty
    forms = old.data.keys() & new.data.keys()
    if "text/html" in forms and not {"image/png", "image/jpeg"} & forms:
        pages = (joined(each.data["text/html"]) for each in (old, new))
        return tuple(map(_framed, _marked_cells(*pages)))
    if forms & {"image/png", "image/jpeg", "image/svg+xml"}:
        return _alone(old), _alone(new)
    return _marked(_text(old), _text(new))


def _text(output: Shown) -> str:
    for form in ("text/markdown", "text/latex"):
        if form in output.data:
            return joined(output.data[form])
    return without_styles(rendered(output.text))


def _alone(output: Shown) -> str:
    data = output.data
    for form in ("image/png", "image/jpeg"):
        if form in data:
            content = "".join(joined(data[form]).split())
            words = html.escape(output.text)
            return f'<img src="data:{form};base64,{content}" alt="{words}">'
    if "image/svg+xml" in data:
        return _framed(joined(data["image/svg+xml"]))
    if "text/html" in data:
        return _framed(joined(data["text/html"]))
    text = _text(output)
    more = "\n..." if len(text) > _LONGEST else ""
    return f"<pre>{html.escape(text[:_LONGEST])}{more}</pre>"


def _framed(page: str) -> str:
    """Return a page that can neither run code here nor change what is around it."""
    style = "<style>body{font:13px sans-serif;margin:4px}.gt-differs{outline:2px solid #d0006f}</style>"
    return f'<iframe sandbox srcdoc="{html.escape(style + page)}"></iframe>'


def _marked_cells(old: str, new: str) -> tuple[str, str]:
    """Mark the cells of tables that differ."""
    before, after = _CELL.findall(old), _CELL.findall(new)
    if len(before) != len(after):
        return old, new
    differs = [a[1] != b[1] for a, b in zip(before, after, strict=True)]

    def marked(page: str) -> str:
        each = iter(differs)

        def mark(match: re.Match) -> str:
            if not next(each):
                return match[0]
            return f'{match[1]}<span class="gt-differs">{match[2]}</span>{match[3]}'

        return _CELL.sub(mark, page)

    return marked(old), marked(new)


def _marked(old: str, new: str) -> tuple[str, str]:
    """Mark the words that differ."""
    old, new = old[:_LONGEST], new[:_LONGEST]
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > _LONGEST_MARKED:
        return f"<pre>{html.escape(old)}</pre>", f"<pre>{html.escape(new)}</pre>"
    left, right = [], []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        gone, come = html.escape("".join(before[a:b])), html.escape("".join(after[c:d]))
        left.append(gone if tag == "equal" or not gone else f"<del>{gone}</del>")
        right.append(come if tag == "equal" or not come else f"<ins>{come}</ins>")
    return f"<pre>{''.join(left)}</pre>", f"<pre>{''.join(right)}</pre>"
