"""Names that are made anew in every run, replaced by their order."""

from __future__ import annotations

import re

_UUID = re.compile(
    r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b|\b[0-9a-f]{32}\b"
)
_DECLARED = re.compile(r"""\b(?:id|data-\w*-?id)\s*=\s*(?:"([^"]+)"|'([^']+)')""")


def with_ids_in_order(markup: str) -> str:
    """Replace what HTML and SVG call their elements by the order in which it comes.

    Parameters
    ----------
    markup : str
        HTML or SVG.

    Examples
    --------
    >>> with_ids_in_order('<p id="T_a1b2c"/><style>#T_a1b2c {color: red}</style>')
    '<p id="id0"/><style>#id0 {color: red}</style>'
    """
    names = [one or other for one, other in _DECLARED.findall(markup)]
    if names:
        order = {name: f"id{n}" for n, name in enumerate(dict.fromkeys(names))}
        longest_first = sorted(map(re.escape, order), key=len, reverse=True)
        pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?![\w-])")
        markup = pattern.sub(lambda match: order[match[0]], markup)
    return with_uuids_in_order(markup)


def with_uuids_in_order(text: str) -> str:
    """Replace random identities of 128 bits by the order in which they come."""
    seen: dict[str, str] = {}

    def in_order(match: re.Match) -> str:
        return seen.setdefault(match[0], f"uuid{len(seen)}")

    return _UUID.sub(in_order, text)
