"""Store what comes out of notebooks, after showing what would change in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbformat import NotebookNode

from gradtape.files import write_whole
from gradtape.regression.messages import CellFailed
from gradtape.regression.outputs.traces import merge_streams, without_widgets

if TYPE_CHECKING:
    from gradtape.regression.cells import Cell
    from gradtape.regression.notebooks import Notebook

_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


class Update:
    """What would change in one notebook.

    A cell whose outputs agree within the tolerance keeps them byte for byte, so that a
    last digit that another machine rounds otherwise changes no file.

    Parameters
    ----------
    notebook : Notebook
        The notebook; what changes is kept in its memory until :func:`show_and_write`.
    """

    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self.changes: list[str] = []
        self.cells_done = 0
        self._new: set[Cell] = set()
        notebook.config.stash.setdefault(_UPDATES, []).append(self)

    def prepare(self, cell: Cell) -> None:
        """Get a cell ready to be run, also one that was never run before."""
        if self.notebook.built_from:
            raise CellFailed(
                ["a notebook that is built from a source is not updated by itself"],
                f"build it from its source: `{self.notebook.store}`",
            )
        if cell.cell.source.strip() and cell.cell.execution_count is None:
            cell.cell.outputs = []
            cell.options["check"] = True
            self._count(cell)
            self._new.add(cell)

    def take(
        self, cell: Cell, outputs: Sequence[NotebookNode], differences: Sequence[str]
    ) -> None:
        """Take over a cell's outputs if they differ from those stored."""
        outputs = without_widgets(merge_streams(nbformat.from_dict(list(outputs))))
        sentences = differences or _redrawn(cell.cell.outputs, outputs)
        if cell in self._new:
            said = "; ".join(sentences or ["nothing came out"])
            sentences = [f"first run: {said.removesuffix(', nothing is stored')}"]
        if sentences:
            self.changes += [f"{cell.short_name}: {sentence}" for sentence in sentences]
            cell.cell.outputs = outputs
            self._count(cell)

    def _count(self, cell: Cell) -> None:
        """Give the cell the number that it has in a run of the whole notebook."""
        codes = [c for c in self.notebook.nb.cells if c.cell_type == "code"]
        count = sum(bool(code.source.strip()) for code in codes[: cell.cell_num + 1])
        cell.cell.execution_count = count
        for output in cell.cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count


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
        for change in update.changes:
            terminalreporter.line(f"{where}, {change}")
        if cells_left:
            verdict = (
                f"not written, since {cells_left} of its cells did not run through; "
                "all that were asked for are stored together, or none"
            )
        elif update.changes:
            text = nbformat.v4.writes(update.notebook.nb) + "\n"
            write_whole(update.notebook.path, text.encode("utf-8"))
            verdict = "written; look at it before you commit it"
        else:
            verdict = "left as it is: everything agrees"
        terminalreporter.line(f"{where}: {verdict}")


def _redrawn(
    stored: Sequence[NotebookNode], outputs: Sequence[NotebookNode]
) -> list[str]:
    """Tell of pictures that changed although their descriptions agree."""
    return [
        "figure: the picture changed, its description did not"
        for old, new in zip(stored, outputs, strict=False)
        if any(
            old.get("data", {}).get(form) != new.get("data", {}).get(form)
            for form in _PICTURES
        )
    ]
