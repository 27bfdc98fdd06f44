"""What a reader sees of a cell's outputs, and whether it is what is stored."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from gradtape.regression.outputs.numbers import ATOL, RTOL
from gradtape.regression.outputs.texts import compare_texts

_KINDS = {
    "image/png": "figure",
    "image/jpeg": "figure",
    "image/svg+xml": "figure",
    "text/html": "page",
}
# What IPython writes for an object whose content stands in another form.
_NO_FALLBACK = re.compile(r"<IPython\.core\.display\.\w+ object>|")
_OTHER_FORMS = ("text/html", "text/markdown", "text/latex", "application/json")
_SHOWN_OF_AN_OUTPUT = 48  # characters
_NOT_TEXT = re.compile(r"<(style|script)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL)


def compare_outputs(
    expected: Sequence[Mapping[str, Any]],
    actual: Sequence[Mapping[str, Any]],
    *,
    rtol: float = RTOL,
    atol: float = ATOL,
) -> list[str]:
    """Say in which ways the outputs of a cell differ from those stored.

    Parameters
    ----------
    expected, actual : sequence of dict
        Outputs as a notebook stores them (nbformat 4).
    rtol, atol : float
        How far two numbers may be apart: ``atol + rtol * max(abs(a), abs(b))``.

    Returns
    -------
    list of str
        One sentence for each difference; none where the outputs agree.

    Examples
    --------
    >>> def printed(text):
    ...     return [{"output_type": "stream", "name": "stdout", "text": text}]
    >>> compare_outputs(printed("dy/dx = 108.0"), printed("dy/dx = 107.99999"))
    []
    >>> compare_outputs(printed("dy/dx = 108.0"), printed("dy/dx = 107.0"))
    ["text: after 'dy/dx =' 107.0 came out, 108.0 is stored: 1 apart, allowed 0.0108"]
    """
    wanted, found = list(shown(expected)), list(shown(actual))
    if not (wanted and found):
        both = f"{_named(found)} came out, {_named(wanted)} is stored"
        return [both] if wanted or found else []
    pairs, told = _matched(wanted, found)
    # A figure's description comes twice, the second time for those who can't see it.
    differences: dict[str, str] = {}
    for (kind, old), (_, new) in pairs:
        for sentence in compare_texts(old, new, rtol=rtol, atol=atol):
            differences.setdefault(sentence, f"{kind}: {sentence}")
    return [*differences.values(), *told]


_Shown = tuple[str, str]


def _matched(
    wanted: Sequence[_Shown], found: Sequence[_Shown]
) -> tuple[list[tuple[_Shown, _Shown]], list[str]]:
    """Return the outputs that stand for each other, and say which stand for none."""
    pairs, told = [], []
    kinds = [kind for kind, _ in wanted], [kind for kind, _ in found]
    matcher = SequenceMatcher(None, *kinds, autojunk=False)
    for tag, begin, end, first, last in matcher.get_opcodes():
        old, new = wanted[begin:end], found[first:last]
        if tag == "equal":
            pairs += zip(old, new, strict=True)
        elif tag == "replace":
            told.append(f"{_named(new)} came out, {_named(old)} is stored")
        elif tag == "delete":
            told.append(f"{_named(old)} is stored and did not come out")
        else:
            told.append(f"{_named(new)} came out and is not stored")
    return pairs, told


def shown(outputs: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Give each output as its kind and its text; pieces of one stream are joined.

    Parameters
    ----------
    outputs : sequence of dict
        Outputs as a notebook stores them (nbformat 4).

    Yields
    ------
    kind : str
        What a reader takes it for: text, figure, page, value, error or stderr.
    text : str
        Its words; of a figure the description.
    """
    stream, pieces = None, []
    for output in outputs:
        kind = output["output_type"]
        name = output["name"] if kind == "stream" else None
        if stream and name != stream:
            yield _stream_kind(stream), "".join(pieces)
            pieces = []
        stream = name
        if kind == "stream":
            pieces.append(_joined(output["text"]))
        elif kind == "error":
            yield "error", f"{output['ename']}: {output['evalue']}"
        else:
            yield _displayed(output["data"])
    if stream:
        yield _stream_kind(stream), "".join(pieces)


def _stream_kind(name: str) -> str:
    return "text" if name == "stdout" else name


def _displayed(data: Mapping[str, Any]) -> tuple[str, str]:
    """Give a displayed object as the kind that a reader sees, and its words.

    A widget is what stands for it where no widget can run: that is what is stored.
    """
    kind = next((name for mime, name in _KINDS.items() if mime in data), "value")
    text = _joined(data.get("text/plain", ""))
    if _NO_FALLBACK.fullmatch(text):
        form = next((form for form in _OTHER_FORMS if form in data), None)
        text = _joined(data[form]) if form else text
        if form == "text/html":
            text = html.unescape(_NOT_TEXT.sub(" ", text))
    return kind, text


def _joined(text: str | Sequence[str] | Any) -> str:
    """Return a text that a notebook may store as a list of lines."""
    if isinstance(text, str):
        return text
    return "".join(text) if isinstance(text, list) else repr(text)


def _named(outputs: Sequence[tuple[str, str]]) -> str:
    """Name each output by its kind and its first words."""
    named = []
    for kind, text in outputs:
        words = " ".join(text.split())
        if len(words) > _SHOWN_OF_AN_OUTPUT:
            words = words[:_SHOWN_OF_AN_OUTPUT].rpartition(" ")[0] + " ..."
        named.append(f"{kind} {words!r}")
    return ", ".join(named) or "nothing"
