"""Traces of one machine or one run that must not stay in an output."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
_USUAL_PLACES = re.compile(
    r"(?<![\w.:/])/(?:home|Users|root|tmp|usr|opt|var|private|mnt)/[\w.]"
    r"|\b[A-Z]:\\+(?:Users|Program|Windows)"
)
_WIDGET = "application/vnd.jupyter.widget-view+json"
_COLOURS = re.compile(r"\x1b\[[\d;]*m")


def merge_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join printed pieces that follow each other; how they were cut is chance."""
    merged: list[NotebookNode] = []
    for output in outputs:
        previous = merged[-1] if merged else {}
        if "stream" == output.output_type == previous.get("output_type") and (
            output.name == previous.name
        ):
            previous.text += output.text
        else:
            merged.append(output)
    return merged


def without_widgets(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Keep of each widget what stands for it where no widget can run.

    A widget lives as long as its kernel, and its name is new in every run. With the name
    stored, JupyterLab would say that the widget is lost, instead of showing the figure.
    """
    for output in outputs:
        output.get("data", {}).pop(_WIDGET, None)
    return outputs


def traces_in(outputs: list[NotebookNode], root: Path) -> Iterator[str]:
    """Say what in a cell's outputs would be different elsewhere, in sentences."""
    for output in outputs:
        if output.output_type == "stream" and output.name == "stderr":
            first = output.text.strip().splitlines()[:1]
            yield f"the cell writes to standard error: {''.join(first)}"
        for text in _texts(output):
            if _ADDRESS.search(text):
                yield "the output holds a memory address; print what it is about"
            if place := _machine_path(text, root):
                yield f"the output holds a path of this machine: {place}"


def _texts(output: NotebookNode) -> Iterator[str]:
    if output.output_type == "stream":
        yield output.text
    elif output.output_type == "error":
        yield _COLOURS.sub("", "\n".join([output.evalue, *output.traceback]))
    else:
        for kind, content in output.data.items():
            if kind.startswith("text/") or kind == "image/svg+xml":
                yield content


def _machine_path(text: str, root: Path) -> str | None:
    places = [root, Path.home(), tempfile.gettempdir(), sys.prefix, sys.base_prefix]
    for place in map(str, places):
        if len(Path(place).parts) > 2 and place in text:
            return place
    if match := _USUAL_PLACES.search(text):
        return re.split(r"[\s\"']", text[match.start() :], maxsplit=1)[0]
    return None
