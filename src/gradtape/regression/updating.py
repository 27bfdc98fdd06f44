"""Store what comes out of notebooks, after showing what would change in them."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from .cells import CellItem
from .messages import CellFailed
from .notebooks import Notebook
from .outputs.shown import WIDGET, is_matplotlibs, joined
from .outputs.traces import merge_streams
from .outputs.widgets import STATE

_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


class Update:
    """What would change in one notebook.

    A cell whose outputs agree within the tolerance keeps them byte for byte, so that a
    last digit that another machine rounds otherwise changes no file.

    Parameters
    ----------
    notebook : Notebook
        The notebook; nothing is written before :func:`show_and_write`.
    """

    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self.cells_done = 0
        self._new: set[CellItem] = set()
        self._outputs: dict[CellItem, list[NotebookNode]] = {}
        notebook.config.stash.setdefault(_UPDATES, []).append(self)

    def prepare(self, cell: CellItem) -> None:
        """Get a cell ready to be run, also one that was never run before."""
        if self.notebook.known:
            raise CellFailed(
                ["a notebook that is built from a source is not updated by itself"],
                f"build it from its source: `{self.notebook.store}`",
            )
        if cell.is_unrun:
            cell.options["check"] = True
            self._new.add(cell)
        if cell.cell.execution_count is None:
            cell.cell.execution_count = 0

    def take(self, cell: CellItem, outputs: list[NotebookNode]) -> None:
        """Remember what a cell shows; a later one may still change it."""
        self._outputs[cell] = outputs

    def changes(self) -> tuple[list[str], dict[CellItem, list[NotebookNode]]]:
        """Return what changes, in words, and the outputs that take the place of others."""
        sentences: list[str] = []
        changed = {}
        for cell, outputs in self._outputs.items():
            outputs = merge_streams(nbformat.from_dict(list(outputs)))
            found = cell.compare(outputs) or _redrawn(cell.stored, outputs)
            if cell in self._new:
                said = "; ".join(found or ["nothing came out"])
                found = [f"first run: {said.removesuffix(', nothing is stored')}"]
            if found:
                sentences += [f"{cell.short_name}: {sentence}" for sentence in found]
                changed[cell] = outputs
        return sentences, changed

    def write(self, changed: dict[CellItem, list[NotebookNode]]) -> None:
        """Write the notebook with these outputs, and with nothing else changed."""
        notebook = self.notebook
        text = notebook.path.read_text("utf-8")
        written = json.loads(text)
        if written.get("nbformat") != 4:
            self._into(notebook.nb.cells, changed)
            content = nbformat.v4.writes(notebook.nb) + "\n"
        else:
            lists = _stores_lists(written)
            self._into(written["cells"], changed, lists=lists)
            self._store_widgets(written, changed)
            content = _as_it_was(written, text)
        write_whole(notebook.path, content.encode("utf-8"))

    def _into(
        self,
        cells: list,
        changed: dict[CellItem, list[NotebookNode]],
        lists: bool = False,
    ) -> None:
        codes = [cell for cell in cells if cell["cell_type"] == "code"]
        for cell, outputs in changed.items():
            # Its number in a run of the whole notebook.
            number = cell.place_in_notebook
            count = sum(
                bool("".join(code["source"]).strip()) for code in codes[:number]
            )
            stored = codes[number - 1]
            stored["execution_count"] = count
            for output in outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count
            stored["outputs"] = _plain(outputs, lists)

    def _store_widgets(self, written: dict, changed: dict) -> None:
        """Store the states of widgets that new outputs show; the others stay."""
        models = self.notebook.final_output.widgets.models
        wanted = [
            output.data[WIDGET]["model_id"]
            for outputs in changed.values()
            for output in outputs
            if WIDGET in output.get("data", {})
        ]
        if not wanted:
            return
        widgets = (
            written["metadata"]
            .setdefault("widgets", {})
            .setdefault(STATE, {"state": {}, "version_major": 2, "version_minor": 0})
        )
        needed: dict[str, dict] = {}
        while wanted:
            name = wanted.pop()
            if name in models and name not in needed:
                needed[name] = models[name]
                wanted += re.findall(
                    r"IPY_MODEL_(\w+)", json.dumps(models[name]["state"])
                )
        shown = re.findall(r'"model_id": "(\w+)"', json.dumps(written["cells"]))
        kept = _reached(shown, widgets["state"])
        widgets["state"] = {
            **{k: v for k, v in widgets["state"].items() if k in kept},
            **needed,
        }


_UPDATES = pytest.StashKey[list[Update]]()


def show_and_write(
    config: pytest.Config, terminalreporter: pytest.TerminalReporter
) -> None:
    """Say what changes in each notebook, then write it, whole or not at all."""
    terminalreporter.section("notebooks")
    for update in config.stash.get(_UPDATES, []):
        if not update.notebook.asked_for:
            continue
        where = update.notebook.where
        cells_left = len(update.notebook.asked_for) - update.cells_done
        sentences, changed = update.changes()
        for sentence in sentences:
            terminalreporter.line(f"{where}, {sentence}")
        if cells_left:
            verdict = (
                f"not written, since {cells_left} of its cells did not run through; "
                "all that were asked for are stored together, or none"
            )
        elif changed:
            update.write(changed)
            verdict = "written; look at it before you commit it"
        else:
            verdict = "left as it is: everything agrees"
        terminalreporter.line(f"{where}: {verdict}")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: to a temporary one, which takes its name."""
    handle, name = tempfile.mkstemp(prefix=".gradtape-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, path.stat().st_mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _as_it_was(written: dict, text: str) -> str:
    """Write JSON in the form that a text has: indentation, escapes, the last line's end."""
    match = re.match(r"\{\r?\n([ \t]+)", text)
    indent = match[1] if match else None
    if indent is not None and not indent.strip(" "):
        indent = len(indent)
    separators = None if indent is not None or '": ' in text[:200] else (",", ":")
    content = json.dumps(
        written,
        indent=indent,
        ensure_ascii=text.isascii() and "\\u" in text,
        separators=separators,
    )
    if "\r\n" in text:
        content = content.replace("\n", "\r\n")
    return content + text[len(text.rstrip("\r\n")) :]


def _stores_lists(written: dict) -> bool:
    """Tell whether texts are stored as lists of lines, as Jupyter does it."""
    return any(isinstance(cell["source"], list) for cell in written["cells"])


def _plain(outputs: Sequence[NotebookNode], lists: bool) -> list[dict]:
    """Return outputs as a notebook's file holds them."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(outputs=list(outputs))]
    )
    text = nbformat.v4.writes(notebook, split_lines=lists)
    return json.loads(text)["cells"][0]["outputs"]


def _reached(names: list[str], models: dict[str, dict]) -> set[str]:
    """Return the models that these hold, and those that hold them in links."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in models and name not in found:
            found.add(name)
            waiting += re.findall(r"IPY_MODEL_(\w+)", json.dumps(models[name]))
    for name, model in models.items():
        if "Link" in str(model.get("model_name")):
            found.add(name)
    return found


def _redrawn(
    stored: Sequence[NotebookNode], outputs: Sequence[NotebookNode]
) -> list[str]:
    """Tell of pictures that changed although they look the same, and of new words."""
    told = []
    for old, new in zip(stored, outputs, strict=False):
        before, after = old.get("data", {}), new.get("data", {})
        if any(_text(before, form) != _text(after, form) for form in _PICTURES):
            told.append("figure: the picture changed, to the eye it is the same")
        words = _text(before, "text/plain"), _text(after, "text/plain")
        if (
            is_matplotlibs(joined(before.get("text/plain", "")))
            and words[0] != words[1]
        ):
            told.append("figure: its description came out and is not stored")
    return told


def _text(data: dict, form: str) -> str:
    return "".join(joined(data.get(form, "")).split())
