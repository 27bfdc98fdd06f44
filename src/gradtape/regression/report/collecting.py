"""What a report holds of one notebook, written when its kernel ends."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import nbformat

from ..cells import CellItem
from ..notebooks import Notebook
from ..outputs.traces import merge_streams

PARTS = ".parts"


def begin(folder: Path) -> None:
    """Make the folder, and take away what an earlier run left in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (PARTS, "notebooks", "pictures"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / PARTS).mkdir()
    (folder / ".gradtape-report").write_text(
        "Notebooks in here are of a report, and no tests.\n"
    )


class NotebookReport:
    """What a report holds of one notebook.

    Parameters
    ----------
    notebook : Notebook
        The notebook.
    folder : Path
        The folder of the report.
    """

    def __init__(self, notebook: Notebook, folder: Path) -> None:
        self._notebook, self._folder = notebook, folder

    def write(self) -> None:
        """Write the notebook as executed, and what the page needs of it."""
        notebook = self._notebook
        cells = [self._cell(cell) for cell in notebook.all_cells]
        name = re.sub(r"[^\w.-]+", "_", notebook.where)
        executed = nbformat.from_dict(notebook.nb)
        codes = [cell for cell in executed.cells if cell.cell_type == "code"]
        for code, cell in zip(codes, notebook.all_cells, strict=True):
            if cell.has_run:
                code.outputs = _outputs(cell)
                code.execution_count = cell.place_in_notebook
        path = self._folder / "notebooks" / notebook.where.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(executed, path)
        part = {
            "where": notebook.where,
            "executed": path.relative_to(self._folder).as_posix(),
            "cells": cells,
        }
        content = json.dumps(part, ensure_ascii=False)
        (self._folder / PARTS / f"{name}.json").write_text(content, "utf-8")

    def _cell(self, cell: CellItem) -> dict:
        was_asked = cell in self._notebook.asked_for
        pictures = []
        if any(getattr(each, "picture", None) for each in cell.differences):
            written = self._notebook.write_pictures(cell)
            pictures = sorted(
                path.relative_to(self._folder).as_posix()
                for path in Path(written).glob("*.png")
            )
        state = "agrees"
        if cell.differences:
            state = "differs"
        elif not cell.has_run or not was_asked:
            state = "not run"
        elif cell.told:
            state = "told"
        elif not cell.is_compared:
            state = "not compared"
        return {
            "name": cell.short_name,
            "section": cell.section,
            "line": _line(self._notebook.path, cell),
            "source": cell.cell.source,
            "state": state,
            "differences": [str(each) for each in cell.differences],
            "told": cell.told,
            "stored": _plain(cell.stored if cell.has_run else cell.cell.outputs),
            "new": _plain(_outputs(cell)),
            "pictures": pictures,
        }


def _outputs(cell: CellItem) -> list:
    return merge_streams(nbformat.from_dict(list(cell.test_outputs)))


def _plain(outputs: list) -> list:
    return json.loads(json.dumps(outputs))


def _line(path: Path, cell: CellItem) -> int:
    """Return the line of the notebook's file in which a cell's code begins."""
    first = json.dumps(cell.cell.source.split("\n")[0], ensure_ascii=False)[1:-1]
    for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1):
        if first and first in line:
            return number
    return 1
