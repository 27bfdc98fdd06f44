"""What a reader sees of a cell's outputs, in the order in which it stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

WIDGET = "application/vnd.jupyter.widget-view+json"
_KINDS = {
    WIDGET: "widget",
    "image/png": "figure",
    "image/jpeg": "figure",
    "image/svg+xml": "figure",
    "text/html": "page",
}
# What Python and IPython write for an object whose content stands in another form.
_NO_FALLBACK = re.compile(
    r"<IPython\.core\.display\.\w+(?: object)?>|<[\w.<>]+(?: object)? at 0x[0-9a-fA-F]+>|"
)
_OF_MATPLOTLIB = re.compile(r"<Figure size .*>", re.IGNORECASE)
_OTHER_FORMS = ("text/html", "text/markdown", "text/latex", "application/json")
_SHOWN_OF_AN_OUTPUT = 48  # characters
_NOT_TEXT = re.compile(r"<(style|script)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL)


class Shown(NamedTuple):
    """An output as a reader sees it.

    Attributes
    ----------
    kind : str
        What a reader takes it for: text, figure, page, widget, value, error or stderr.
    text : str
        Its words; of a figure the description.
    data : dict
        Its forms by their MIME types, of a displayed object.
    metadata : dict
        What the output says of itself.
    """

    kind: str
    text: str
    data: Mapping[str, Any] = {}
    metadata: Mapping[str, Any] = {}


def shown(outputs: Sequence[Mapping[str, Any]]) -> Iterator[Shown]:
    """Give each output as a reader sees it; pieces of one stream are joined.

    Parameters
    ----------
    outputs : sequence of dict
        Outputs as a notebook stores them (nbformat 4).

    Yields
    ------
    Shown
        What a reader sees.
    """
    stream, pieces = None, []
    for output in outputs:
        kind = output["output_type"]
        name = output["name"] if kind == "stream" else None
        if stream and name != stream:
            yield Shown(_stream_kind(stream), "".join(pieces))
            pieces = []
        stream = name
        if kind == "stream":
            pieces.append(joined(output["text"]))
        elif kind == "error":
            yield Shown("error", f"{output['ename']}: {output['evalue']}")
        else:
            yield _displayed(output)
    if stream:
        yield Shown(_stream_kind(stream), "".join(pieces))


def is_no_fallback(text: str) -> bool:
    """Tell a text that says nothing of what is shown, such as an address in memory.

    Examples
    --------
    >>> is_no_fallback("<__main__.Table object at 0x7f0012345678>")
    True
    """
    return _NO_FALLBACK.fullmatch(text) is not None


def is_matplotlibs(text: str) -> bool:
    """Tell the text that matplotlib itself writes for a figure, its size and no more."""
    return _OF_MATPLOTLIB.fullmatch(text) is not None


def joined(text: str | Sequence[str] | Any) -> str:
    """Return a text that a notebook may store as a list of lines."""
    if isinstance(text, str):
        return text
    return "".join(text) if isinstance(text, list) else repr(text)


def named(outputs: Sequence[Shown]) -> str:
    """Name each output by its kind and its first words."""
    names = []
    for output in outputs:
        words = " ".join(output.text.split())
        if len(words) > _SHOWN_OF_AN_OUTPUT:
            words = words[:_SHOWN_OF_AN_OUTPUT].rpartition(" ")[0] + " ..."
        names.append(f"{output.kind} {words!r}")
    return ", ".join(names) or "nothing"


def _stream_kind(name: str) -> str:
    return "text" if name == "stdout" else name


def _displayed(output: Mapping[str, Any]) -> Shown:
    data = output["data"]
    kind = next((name for mime, name in _KINDS.items() if mime in data), "value")
    if kind == "widget" and any(form in data for form in ("image/png", "text/html")):
        # A figure stands for it where no widget can run: that is what is stored.
        kind = "figure" if "image/png" in data else "page"
    text = joined(data.get("text/plain", ""))
    if is_no_fallback(text):
        form = next((form for form in _OTHER_FORMS if form in data), None)
        text = joined(data[form]) if form else text
        if form == "text/html":
            text = " ".join(_NOT_TEXT.sub(" ", text).split())
    return Shown(kind, text, data, output.get("metadata") or {})
