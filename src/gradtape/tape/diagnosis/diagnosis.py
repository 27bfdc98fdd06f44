"""What is wrong with a gradient, as a value that shows itself: text and HTML."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import tensorflow as tf

from gradtape.content import pitfalls_by_name, section_on
from gradtape.language import current_language, say
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.record.labels import value_label

_MOST_NAMES = 4


@dataclass(frozen=True)
class SourceGradient:
    """What came back to one source.

    Attributes
    ----------
    name : str
        The source's name.
    gradient : tf.Tensor, tf.IndexedSlices or None
        The gradient, as the tape gave it.
    causes : tuple of str
        The rows of the catalogue that concern this source.
    """

    name: str
    gradient: Any
    causes: tuple[str, ...]

    @property
    def text(self) -> str:
        """The gradient in a few signs."""
        if self.gradient is None:
            return "None"
        if isinstance(self.gradient, tf.RaggedTensor):
            return value_label(self.gradient.flat_values)
        gradient = tf.convert_to_tensor(self.gradient)
        if not hasattr(gradient, "numpy"):
            return say(en="a tensor of the graph", zh="计算图中的张量")
        if gradient.dtype == tf.bfloat16:
            gradient = tf.cast(gradient, tf.float32)
        return value_label(gradient)


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """Why a gradient is None, zero, NaN or fine, and the repair.

    Made by :func:`gradtape.explain_gradient`. Printed, or shown by a notebook, it says
    for each source what came back, then each reason with its place and its repair.

    Attributes
    ----------
    sources : tuple of SourceGradient
        What came back to each source.
    reasons : tuple of Reason
        What is wrong, in the order of the rows; empty if nothing was found.
    note : str
        What else there is to say of it; usually empty.
    """

    sources: tuple[SourceGradient, ...]
    reasons: tuple[Reason, ...]
    note: str = ""

    @property
    def causes(self) -> tuple[str, ...]:
        """The rows of the catalogue, such as ``("P5",)``; ``()`` if nothing was found."""
        return tuple(dict.fromkeys(each.cause for each in self.reasons if each.cause))

    @property
    def summary(self) -> str:
        """One sentence: whether anything was found."""
        if self.reasons:
            names = say(en=", ", zh="、").join(self.causes)
            rows = say(en=f" ({names})", zh=f"（{names}）") if names else ""
            return say(
                en=f"This gradient needs attention{rows}.",
                zh=f"这个梯度需要注意{rows}。",
            )
        if self.note:
            return self.note
        return say(
            en="Nothing wrong was found with this gradient; gt.check_gradients compares "
            "the number itself.",
            zh="没有发现问题；数值本身可以用 gt.check_gradients 核对。",
        )

    def __repr__(self) -> str:
        """Return everything as plain text."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterable[str]:
        yield self.summary
        if self.note and self.reasons:
            yield self.note
        for source in self.sources:
            causes = f"  [{', '.join(source.causes)}]" if source.causes else ""
            yield f"  ∂/∂{source.name} = {source.text}{causes}"
        for reason in self.reasons:
            yield ""
            yield _headline(reason)
            if reason.where:
                yield f"  {reason.where}"
            yield f"  {reason.why}"
            if reason.repair:
                yield say(en="  Repair:", zh="  改法：")
                yield from (f"    {line}" for line in reason.repair.splitlines())
            elif reason.without_repair:
                yield f"  {reason.without_repair}"
        if self._reading:
            yield ""
            yield self._reading

    @property
    def _reading(self) -> str:
        """Where the causes are explained at length; empty in a lesson, which has links."""
        lesson = pitfalls_by_name()
        if not (lesson and self.causes):
            return ""
        sections = say(en=", ", zh="、").join(self.causes)
        address = section_on(self.causes[0], current_language())
        more = f": {address}" if address else ""
        return say(
            en=f"Lesson {lesson} shows and repairs each: section {sections}{more}",
            zh=f"第 {lesson} 课演示并修正每一种：{sections} 节{more}",
        )

    def _repr_html_(self) -> str:
        """Return everything as HTML without colours of its own, for any theme."""
        parts = [f"<p><strong>{html.escape(self.summary)}</strong></p>"]
        if self.note and self.reasons:
            parts.append(f"<p>{html.escape(self.note)}</p>")
        rows = "".join(
            "<tr>"
            f'<td style="text-align:left"><code>∂/∂{html.escape(each.name)}</code></td>'
            f'<td style="text-align:left"><code>{html.escape(each.text)}</code></td>'
            f'<td style="text-align:left">{", ".join(each.causes)}</td>'
            "</tr>"
            for each in self.sources
        )
        if rows:
            parts.append(f"<table><tbody>{rows}</tbody></table>")
        for reason in self.reasons:
            parts.append(f"<p><strong>{_linked(reason)}</strong>")
            if reason.where:
                parts.append(f"<br><code>{html.escape(reason.where)}</code>")
            parts.append(f"<br>{html.escape(reason.why)}</p>")
            if reason.repair:
                parts.append(f"<p>{say(en='Repair:', zh='改法：')}</p>")
                parts.append(f"<pre><code>{html.escape(reason.repair)}</code></pre>")
            elif reason.without_repair:
                parts.append(f"<p>{html.escape(reason.without_repair)}</p>")
        if self._reading:
            parts.append(f"<p>{html.escape(self._reading)}</p>")
        return f"<div>{''.join(parts)}</div>"


def _headline(reason: Reason) -> str:
    mark = f"{reason.cause} · " if reason.cause else ""
    shown = reason.sources[:_MOST_NAMES]
    names = say(en=", ", zh="、").join(shown)
    if more := len(reason.sources) - len(shown):
        names += say(en=f" and {more} more", zh=f" 等 {len(reason.sources)} 个")
    colon = say(en=": ", zh="：") if names else ""
    return f"{mark}{names}{colon}{reason.title}"


def _linked(reason: Reason) -> str:
    """Return the headline as HTML, its number a link to the lesson on pitfalls."""
    text = html.escape(_headline(reason))
    if not (link := section_on(reason.cause, current_language())):
        return text
    rest = text.removeprefix(reason.cause)
    return f'<a href="{link}">{reason.cause}</a>{rest}'


def diagnose(
    gradients: Iterable[tuple[str, Any]], reasons: Iterable[Reason], note: str = ""
) -> Diagnosis:
    """Put reasons into order, and say once what several sources share.

    Parameters
    ----------
    gradients : iterable of (str, gradient)
        Each source's name with what came back to it.
    reasons : iterable of Reason
        What was found, in any order; ``"stopped"`` is none.
    note : str, optional
        What else there is to say.

    Returns
    -------
    Diagnosis
        In the order of the rows, then of the code.
    """
    found = [each for each in dict.fromkeys(reasons) if each.cause != "stopped"]
    groups: dict[tuple, list[Reason]] = {}
    for each in sorted(found, key=_order):
        key = (each.cause, each.kind, each.operation, each.name, each.line, each.slope)
        groups.setdefault(key, []).append(each)
    merged = tuple(
        replace(
            same[0], sources=tuple(dict.fromkeys(e.source for e in same if e.source))
        )
        for same in groups.values()
    )
    sources = tuple(
        SourceGradient(
            name,
            gradient,
            tuple(
                dict.fromkeys(
                    each.cause for each in merged if each.cause and name in each.sources
                )
            ),
        )
        for name, gradient in gradients
    )
    return Diagnosis(sources, merged, note)


def _order(each: Reason) -> tuple:
    line = (each.line.file, each.line.number) if each.line else ("", 0)
    return (int(each.cause[1:]) if each.cause else 99, *line)
