"""Whether the outputs of a cell are those stored: each form that a reader sees of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from .machine import Machine
from .markup import compare_markup
from .numbers import ATOL, RTOL
from .pictures import Comparison, compare_pictures
from .settings import TOLERANCES, Settings
from .shown import WIDGET, Shown, is_matplotlibs, is_no_fallback, joined, named, shown
from .structured import compare_data
from .texts import compare_texts
from .widgets import compare_widgets

_PICTURES = ("image/png", "image/jpeg")
_MARKUP = ("text/html", "image/svg+xml")
# What such a form shows is in another form too, or it only loads a library.
_NOT_COMPARED = (
    "application/vnd.bokehjs_load.v0+json",
    "application/vnd.holoviews_load.v0+json",
    "application/vnd.jupyter.es6-rich-output",
)


class Difference(str):
    """A sentence that says what differs; for a picture, with the comparison of it."""

    picture: Comparison | None = None


@dataclass
class Context:
    """What the comparison of one cell's outputs rests on.

    Attributes
    ----------
    rtol, atol : float
        How far two numbers may be apart: ``atol + rtol * max(abs(a), abs(b))``.
    layout, pictures, stderr : bool
        Whether white space, pictures and standard error are compared.
    machine : Machine
        What is known of the machine and the cell.
    widgets : tuple of (dict, dict)
        The states of widgets, stored and found.
    """

    rtol: float = RTOL
    atol: float = ATOL
    layout: bool = True
    pictures: bool = True
    stderr: bool = True
    machine: Machine = field(default_factory=Machine)
    widgets: tuple[Mapping[str, dict], Mapping[str, dict]] = ({}, {})

    @classmethod
    def of(cls, settings: Settings, **known: Any) -> Context:
        """Return what a cell asks for, with what else is known."""
        numbers = {k: v for k, v in settings.numbers.items() if k in TOLERANCES}
        return cls(
            **numbers,
            layout=settings.layout == "compare",
            pictures=settings.pictures == "compare",
            stderr=settings.stderr == "compare",
            **({"machine": Machine(masks=settings.masks)} | known),
        )

    @property
    def tolerances(self) -> dict[str, float]:
        """How far two numbers may be apart, as arguments."""
        return {"rtol": self.rtol, "atol": self.atol}


def compare_outputs(
    expected: Sequence[Mapping[str, Any]],
    actual: Sequence[Mapping[str, Any]],
    *,
    rtol: float = RTOL,
    atol: float = ATOL,
    context: Context | None = None,
) -> list[str]:
    """Say in which ways the outputs of a cell differ from those stored.

    Parameters
    ----------
    expected, actual : sequence of dict
        Outputs as a notebook stores them (nbformat 4).
    rtol, atol : float
        How far two numbers may be apart: ``atol + rtol * max(abs(a), abs(b))``.
    context : Context, optional
        All that the comparison rests on, in place of the tolerances.

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
    context = context or Context(rtol, atol)
    wanted, found = list(shown(expected)), list(shown(actual))
    wanted_errors, wanted = _apart(wanted, "stderr")
    found_errors, found = _apart(found, "stderr")
    pairs, told = _matched(wanted, found)
    # A figure's description comes twice, the second time for those who can't see it.
    differences: dict[str, str] = {}
    for old, new in pairs:
        for sentence in _differences(old, new, context):
            differences.setdefault(sentence, _with_kind(new.kind, sentence))
    result = [*differences.values(), *told]
    if context.stderr:
        result += _standard_error(_text(wanted_errors), _text(found_errors), context)
    return result


def _with_kind(kind: str, sentence: str) -> Difference:
    difference = Difference(f"{kind}: {sentence}")
    difference.picture = getattr(sentence, "picture", None)
    return difference


def _apart(outputs: list[Shown], kind: str) -> tuple[list[Shown], list[Shown]]:
    return (
        [output for output in outputs if output.kind == kind],
        [output for output in outputs if output.kind != kind],
    )


def _text(outputs: Sequence[Shown]) -> str:
    return "".join(output.text for output in outputs)


def _standard_error(old: str, new: str, context: Context) -> list[str]:
    """Compare what was written to standard error, without a library's log."""
    if old == new:
        return []
    neutral_old, neutral_new = context.machine.neutral(old, new)
    if neutral_old.strip() == neutral_new.strip():
        return []
    if not neutral_old.strip():
        return [f"standard error came out: {_first_lines(neutral_new)}"]
    if not neutral_new.strip():
        return [
            (
                "standard error is stored and did not come out: "
                f"{_first_lines(neutral_old)}"
            )
        ]
    sentences = compare_texts(
        old, new, layout=False, machine=context.machine, **context.tolerances
    )
    return [f"standard error: {sentence}" for sentence in sentences]


def _first_lines(text: str) -> str:
    lines = text.strip().split("\n")
    return "\n".join([*lines[:4], "..."] if len(lines) > 4 else lines)


def _matched(
    wanted: Sequence[Shown], found: Sequence[Shown]
) -> tuple[list[tuple[Shown, Shown]], list[str]]:
    """Return the outputs that stand for each other, and say which stand for none."""
    if not (wanted and found):
        both = f"{named(found)} came out, {named(wanted)} is stored"
        return [], [both] if wanted or found else []
    pairs, told = [], []
    kinds = [output.kind for output in wanted], [output.kind for output in found]
    matcher = SequenceMatcher(None, *kinds, autojunk=False)
    for tag, begin, end, first, last in matcher.get_opcodes():
        old, new = wanted[begin:end], found[first:last]
        if tag == "equal":
            pairs += zip(old, new, strict=True)
        elif tag == "replace":
            told.append(f"{named(new)} came out, {named(old)} is stored")
        elif tag == "delete":
            told.append(f"{named(old)} is stored and did not come out")
        else:
            told.append(f"{named(new)} came out and is not stored")
    return pairs, told


def _differences(old: Shown, new: Shown, context: Context) -> Iterator[str]:
    if not (old.data or new.data):
        yield from _different_words(old.text, new.text, context)
        return
    before, after = _forms(old), _forms(new)
    is_page = "text/html" in before and "text/html" in after
    words: list[str] = []
    if "text/plain" in before and "text/plain" in after and not is_page:
        words = _different_words(before["text/plain"], after["text/plain"], context)
        yield from words
    for form in sorted((before.keys() | after.keys()) - {"text/plain"}):
        if form not in before:
            yield f"{form} came out and is not stored"
        elif form not in after:
            yield f"{form} is stored and did not come out"
        elif form in _PICTURES:
            if context.pictures:
                is_described = "text/plain" in before and not words
                yield from _different_pictures(before[form], after[form], is_described)
        else:
            yield from _different_forms(form, before[form], after[form], context)


def _forms(output: Shown) -> dict[str, Any]:
    """Return the forms of an output that say something of it, by MIME type."""
    forms = {}
    others = [
        form for form in output.data if form not in ("text/plain", *_NOT_COMPARED)
    ]
    for form, content in output.data.items():
        if form in _NOT_COMPARED or (form == WIDGET and len(others) > 1):
            continue
        if form == "text/plain":
            text = joined(content)
            if others and (is_no_fallback(text) or is_matplotlibs(text)):
                continue
            if output.kind == "widget":
                text = text.partition("(")[0]  # the rest is its state, and cut off
            content = text
        forms[form] = content
    return forms


def _different_words(old: str, new: str, context: Context) -> list[str]:
    return compare_texts(
        old, new, layout=context.layout, machine=context.machine, **context.tolerances
    )


def _different_pictures(old: str, new: str, described: bool) -> list[str]:
    comparison = compare_pictures(joined(old), joined(new), described=described)
    sentences = [Difference(sentence) for sentence in comparison.told]
    for sentence in sentences:
        sentence.picture = comparison
    return sentences


def _different_forms(form: str, old: Any, new: Any, context: Context) -> list[str]:
    arguments = {"machine": context.machine, **context.tolerances}
    if form == WIDGET:
        names = (old["model_id"], new["model_id"])
        return compare_widgets(*zip(names, context.widgets, strict=True), **arguments)
    if form in _MARKUP:
        return compare_markup(joined(old), joined(new), **arguments)
    if form.endswith("json"):
        old, new = (json.loads(x) if isinstance(x, str) else x for x in (old, new))
        return compare_data(old, new, **arguments)
    return compare_texts(joined(old), joined(new), layout=False, **arguments)
