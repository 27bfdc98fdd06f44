"""The page, and the annotations that code hosts show beside the lines."""

from __future__ import annotations

import hashlib
import html
import json
import os
import shutil
from collections import Counter
from pathlib import Path
from typing import Protocol

from .collecting import PARTS
from .side_by_side import both, one

_STATES = {
    "differs": "differs",
    "told": "differs in what belongs to the machine",
    "agrees": "agrees",
    "not compared": "run, not compared",
    "not run": "not run",
}
_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Notebooks: what differs</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:1200px;padding:1rem;color:#1b1b1b;background:#fff}
h2{margin:2rem 0 .3rem;font-size:1.15rem}nav label{margin-right:1rem}
details{border:1px solid #ddd;border-left:5px solid #ccc;border-radius:4px;margin:.4rem 0;padding:.3rem .6rem}
details[data-state=differs]{border-left-color:#d0006f}details[data-state=told]{border-left-color:#d99000}
details[data-state=agrees]{border-left-color:#2b8a3e}summary{cursor:pointer}
pre{margin:.3rem 0;padding:.4rem;background:#f6f6f6;overflow:auto;white-space:pre-wrap;font-size:13px}
del{background:#ffd7e8}ins{background:#d3f9d8;text-decoration:none}
table.both{width:100%;table-layout:fixed;border-collapse:collapse}table.both td,table.both th{vertical-align:top;padding:4px;text-align:left}
img{max-width:100%;background:#fff}iframe{width:100%;border:0;min-height:9rem;background:#fff}
.pictures{display:flex;gap:8px;flex-wrap:wrap}.pictures figure{margin:0;flex:1 1 300px}
.said{color:#a00055}
</style>
"""
_SCRIPT = """<script>
const boxes=[...document.querySelectorAll('nav input')];
const show=()=>{const on=new Set(boxes.filter(b=>b.checked).map(b=>b.value));
document.querySelectorAll('details[data-state]').forEach(d=>d.hidden=!on.has(d.dataset.state));
document.querySelectorAll('section').forEach(s=>s.hidden=![...s.querySelectorAll('details')].some(d=>!d.hidden));};
boxes.forEach(b=>b.onchange=show);show();
</script>
"""


class _Terminal(Protocol):
    def line(self, text: str) -> None:
        """Write a line."""


def finish(folder: Path, terminal: _Terminal) -> Path:
    """Make the page of what the notebooks of all processes left.

    Parameters
    ----------
    folder : Path
        The folder of the report.
    terminal
        Where annotations are written for a code host that reads them there.

    Returns
    -------
    Path
        The page.
    """
    paths = sorted((folder / PARTS).glob("*.json"))
    parts = [json.loads(path.read_text("utf-8")) for path in paths]
    shutil.rmtree(folder / PARTS, ignore_errors=True)
    page = folder / "index.html"
    page.write_text(_page(parts), "utf-8")
    annotations = [_annotation(part, cell) for part in parts for cell in _red(part)]
    content = json.dumps(annotations, indent=1, ensure_ascii=False)
    (folder / "annotations.json").write_text(content, "utf-8")
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for each in annotations:
            place = each["location"]
            words = each["description"].replace("%", "%25").replace("\n", "%0A")
            terminal.line(
                f"::error file={place['path']},line={place['lines']['begin']}::{words}"
            )
    return page


def _red(part: dict) -> list[dict]:
    return [cell for cell in part["cells"] if cell["state"] == "differs"]


def _annotation(part: dict, cell: dict) -> dict:
    """Return an annotation in the form that GitLab reads."""
    words = f"{cell['name']}: {'; '.join(cell['differences'])}"
    mark = hashlib.sha256(f"{part['where']} {words}".encode()).hexdigest()
    return {
        "description": words,
        "check_name": "gradtape",
        "fingerprint": mark,
        "severity": "major",
        "location": {"path": part["where"], "lines": {"begin": cell["line"]}},
    }


def _page(parts: list[dict]) -> str:
    counts = Counter(cell["state"] for part in parts for cell in part["cells"])
    boxes = "".join(
        f'<label><input type="checkbox" value="{state}" {"checked" if state in ("differs", "told") else ""}> '
        f"{words} ({counts[state]})</label>"
        for state, words in _STATES.items()
    )
    total = sum(counts.values())
    head = (
        f"<h1>{len(parts)} notebooks, {total} cells, {counts['differs']} differ</h1>"
        f"<nav>{boxes}</nav>"
    )
    return _HEAD + head + "".join(map(_notebook, parts)) + _SCRIPT


def _notebook(part: dict) -> str:
    red = len(_red(part))
    said = f"{red} of {len(part['cells'])} cells differ" if red else "no cell differs"
    where, executed = html.escape(part["where"]), html.escape(part["executed"])
    return (
        f"<section><h2>{where}</h2><p>{said} · "
        f'<a href="{executed}" download>as executed</a></p>'
        f"{''.join(map(_cell, part['cells']))}</section>"
    )


def _cell(cell: dict) -> str:
    is_red = cell["state"] == "differs"
    section = f" · {cell['section']}" if cell["section"] else ""
    first = cell["source"].strip().split("\n")[0]
    said = "".join(
        f'<p class="said">{html.escape(words)}</p>' for words in cell["differences"]
    )
    said += "".join(
        f"<p>not compared: {html.escape(kind)} ({html.escape(example)})</p>"
        for kind, example in cell["told"].items()
    )
    if is_red or cell["state"] == "told":
        rows = both(cell["stored"], cell["new"])
        outputs = (
            f'<table class="both"><tr><th>stored</th><th>new</th></tr>{rows}</table>'
        )
    else:
        outputs = one(cell["new"])
    return (
        f'<details data-state="{cell["state"]}"{" open" if is_red else ""}>'
        f"<summary>{html.escape(cell['name'] + section)} · <code>{html.escape(first)}</code></summary>"
        f"{said}<pre>{html.escape(cell['source'])}</pre>{outputs}{_pictures(cell)}</details>"
    )


def _pictures(cell: dict) -> str:
    found = [path for path in cell["pictures"] if path.endswith("difference.png")]
    if not found:
        return ""
    figures = "".join(
        f'<figure><img src="{html.escape(path)}" alt="the difference of the pictures">'
        "<figcaption>the difference, in magenta</figcaption></figure>"
        for path in found
    )
    return f'<div class="pictures">{figures}</div>'
