"""HTML and SVG as a reader sees them: words, tables by their cells, links, colours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import NamedTuple

from .ids import with_ids_in_order
from .machine import Machine
from .pictures import compare_pictures
from .texts import compare_texts

_MOST_TOLD = 3
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)
# What a reader sees or follows; classes and ids only serve the style sheets.
_SEEN_IN_HTML = frozenset(
    [
        "alt",
        "bgcolor",
        "checked",
        "color",
        "colspan",
        "content",
        "disabled",
        "height",
        "href",
        "max",
        "min",
        "open",
        "placeholder",
        "rowspan",
        "selected",
        "src",
        "srcdoc",
        "start",
        "style",
        "title",
        "type",
        "value",
        "width",
    ]
)
_PICTURE = re.compile(
    r"data:(image/(?:png|jpeg|svg\+xml)|audio/\w+|video/\w+);base64,\s*"
)
_SPACES = re.compile(r"\s+")
_RTOL_OF_A_DRAWING = 1e-3


class Piece(NamedTuple):
    """A piece of a page.

    Attributes
    ----------
    kind : str
        ``text``, ``style``, ``script``, or a tag with the names of its attributes.
    text : str
        The words, or the values of the attributes.
    place : str
        Where it stands, if in a table.
    """

    kind: str
    text: str
    place: str


def compare_markup(
    expected: str, actual: str, *, rtol: float, atol: float, machine: Machine
) -> list[str]:
    """Say in which ways a page or a drawing differs from the one stored.

    Parameters
    ----------
    expected, actual : str
        HTML or SVG, stored and found.
    rtol, atol : float
        How far numbers in its texts may be apart.
    machine : Machine
        What is known of the machine and the cell.

    Examples
    --------
    >>> table = "<table><tr><th>x</th></tr><tr><td>{}</td></tr></table>"
    >>> compare_markup(
    ...     table.format("1.5"), table.format("1.7"), rtol=1e-4, atol=0, machine=Machine()
    ... )
    ["table, row 1, column 'x': 1.7 came out, 1.5 is stored: 0.2 apart, allowed 0.00017"]
    """
    if expected == actual:
        return []
    expected, actual = with_ids_in_order(expected), with_ids_in_order(actual)
    if expected == actual:
        return []
    old, new = _pieces(expected), _pieces(actual)
    if [piece.kind for piece in old] != [piece.kind for piece in new]:
        return _different_structure(old, new, rtol, atol, machine)
    told: list[str] = []
    for before, after in zip(old, new, strict=True):
        if before.text != after.text:
            for sentence in _different(before, after, rtol, atol, machine):
                told.append(f"{after.place}: {sentence}" if after.place else sentence)
    rest = len(told) - _MOST_TOLD
    if rest > 0:
        told[_MOST_TOLD:] = [f"and {rest} more"]
    return told


def _different(
    before: Piece, after: Piece, rtol: float, atol: float, machine: Machine
) -> list[str]:
    if before.kind == "drawing":
        rtol, atol = max(rtol, _RTOL_OF_A_DRAWING), max(atol, 0.01)
    old_picture, new_picture = _PICTURE.search(before.text), _PICTURE.search(after.text)
    if old_picture and new_picture and old_picture[1] == new_picture[1]:
        contents = before.text[old_picture.end() :], after.text[new_picture.end() :]
        if old_picture[1] in ("image/png", "image/jpeg"):
            return compare_pictures(*(text.partition('"')[0] for text in contents)).told
        kind = old_picture[1].partition("/")[0]
        if kind in ("audio", "video"):
            return [
                f"{'an' if kind == 'audio' else 'a'} {kind} is another than is stored"
            ]
    told = compare_texts(
        before.text, after.text, rtol=rtol, atol=atol, layout=False, machine=machine
    )
    name = {"style": "style sheet: ", "script": "script: ", "text": ""}
    opening = name.get(after.kind, f"{after.kind.split()[0]}: ")
    return [opening + sentence for sentence in told]


def _different_structure(
    old: Sequence[Piece],
    new: Sequence[Piece],
    rtol: float,
    atol: float,
    machine: Machine,
) -> list[str]:
    """Tell of pages with other elements: by their words, if these differ too."""
    words = (
        " ".join(piece.text for piece in pieces if piece.kind == "text")
        for pieces in (old, new)
    )
    if told := compare_texts(
        *words, rtol=rtol, atol=atol, layout=False, machine=machine
    ):
        return told
    pairs = zip(old, new, strict=False)
    differing = next(((a, b) for a, b in pairs if a.kind != b.kind), None)
    if differing is None:
        return [f"{len(new)} elements came out, {len(old)} are stored"]
    before, after = (piece.kind.split()[0] for piece in differing)
    if before == after:
        before, after = (piece.kind for piece in differing)
    return [f"its form: '{after}' came out, '{before}' is stored"]


def _pieces(markup: str) -> list[Piece]:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return list(reader.result())


class _Reader(HTMLParser):
    """Reads markup into pieces; knows in which cell of which table it is."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[Piece] = []
        self._words: list[str] = []
        self._within: list[str] = []
        self._row = self._column = -1
        self._heads: dict[int, str] = {}
        self._rows = 0

    def result(self) -> Iterator[Piece]:
        self._end_text()
        return iter(self._found)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self._end_text()
        if tag == "table":
            self._rows, self._heads = 0, {}
        elif tag == "tr":
            self._column = -1
            self._rows += 1
        elif tag in ("td", "th"):
            self._column += 1
        if tag not in _VOID:
            self._within.append(tag)
        is_drawing = "svg" in self._within
        seen = sorted(
            (name, value or "")
            for name, value in attributes
            if (name not in ("id", "class") if is_drawing else name in _SEEN_IN_HTML)
            and not (name in ("border", "type") and tag in ("table", "style", "script"))
        )
        if tag == "metadata":
            return
        # A drawing is made of numbers; what they are called is its form.
        kind = "drawing" if is_drawing and seen else tag
        self._found.append(
            Piece(
                " ".join(
                    [kind if kind == tag else f"drawing {tag}", *(n for n, _ in seen)]
                ),
                " ".join(f'{name}="{value}"' for name, value in seen),
                "",
            )
        )

    def handle_startendtag(self, tag: str, attributes: list) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in _VOID and self._within:
            self._within.pop()

    def handle_endtag(self, tag: str) -> None:
        self._end_text()
        if tag in self._within:
            while self._within.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def _end_text(self) -> None:
        text = "".join(self._words)
        self._words = []
        if "pre" not in self._within:
            text = _SPACES.sub(" ", text).strip()
        if not text.strip() or "metadata" in self._within:
            return
        innermost = self._within[-1] if self._within else ""
        kind = innermost if innermost in ("style", "script") else "text"
        self._found.append(Piece(kind, text, self._place(text)))

    def _place(self, text: str) -> str:
        if "table" not in self._within or self._column < 0:
            return ""
        if self._rows == 1:
            self._heads[self._column] = text
            return f"table, head of column {self._column + 1}"
        head = self._heads.get(self._column)
        column = repr(head) if head else str(self._column + 1)
        return f"table, row {self._rows - 1}, column {column}"
