"""A drawing that answers in a browser: SVG, the numbers behind it, and its controls.

Everything that moves was computed by TensorFlow beforehand; the script looks it up.
"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gradtape.language import current_language, say

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Live:
    """What a page shows and what its script needs.

    Attributes
    ----------
    drawing : str
        SVG, which stands alone where no script runs.
    data : dict
        What the script looks up; JSON can hold it.
    words : str
        What the drawing shows, for people who cannot see it.
    table : str
        The same as a table in HTML; empty if there is none.
    """

    drawing: str
    data: dict[str, Any]
    words: str
    table: str = ""


def fragment(live: Live) -> str:
    """Return the HTML of a drawing, for a page that has the style and the script."""
    # "</script>" in a text would end the element.
    data = json.dumps(live.data, ensure_ascii=False, separators=(",", ":"))
    data = data.replace("</", "<\\/")
    steps = ""
    if live.table:
        title = say(en="All steps", zh="全部步骤")
        steps = f"<details><summary>{title}</summary>{live.table}</details>"
    return (
        f'<div class="gt-live" lang="{html_language()}">'
        f'<div class="gt-drawing">{live.drawing}</div>'
        '<div class="gt-controls"></div>'
        '<p class="gt-says" aria-live="polite"></p>'
        f'{steps}<script type="application/json">{data}</script></div>'
    )


def page(live: Live, title: str) -> str:
    """Return one page that needs nothing else: no network, no kernel."""
    return (
        f'<!doctype html>\n<html lang="{html_language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{html.escape(title)}</title><style>{static('live.css')}</style></head>"
        f"<body>{fragment(live)}<script>{static('live.js')}</script></body></html>\n"
    )


def html_language() -> str:
    """Return the language of the page as HTML names it."""
    return {"en": "en", "zh": "zh-Hans"}[current_language()]


@cache
def static(name: str) -> str:
    """Return the text of a style sheet or a script."""
    return (STATIC / name).read_text("utf-8")
