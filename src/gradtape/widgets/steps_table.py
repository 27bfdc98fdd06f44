"""The steps through a tape as a table, in plain text and in HTML."""

from __future__ import annotations

import html
from collections.abc import Sequence

from gradtape.language import say
from gradtape.widgets.step_sentences import ShownStep


def as_text(steps: Sequence[ShownStep]) -> str:
    """Return all steps as a table in plain text.

    Examples
    --------
    >>> print(as_text([ShownStep("Nothing is computed yet."), ShownStep("It ends.", is_back=True)]))
    0  forward  Nothing is computed yet.
    1  back     It ends.
    """
    width, longest = len(str(len(steps) - 1)), max(len(step.way) for step in steps)
    return "\n".join(
        f"{number:>{width}}  {step.way:{longest}}  {step.sentence}"
        for number, step in enumerate(steps)
    )


def as_html(steps: Sequence[ShownStep], *, styled: bool = True) -> str:
    """Return all steps as a table in HTML; a page with a style of its own needs no other."""
    heads = (
        say(en="step", zh="步"),
        say(en="way", zh="方向"),
        say(en="what happens", zh="发生了什么"),
    )
    look = ' style="text-align:left;padding:0 0.6em"' if styled else ""
    head = "".join(f'<th scope="col"{look}>{text}</th>' for text in heads)
    rows = "".join(
        f"<tr><td{look}>{number}</td><td{look}>{step.way}</td>"
        f"<td{look}>{html.escape(step.sentence)}</td></tr>"
        for number, step in enumerate(steps)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
