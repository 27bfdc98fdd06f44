"""Put back the cells that a learner deleted and a grade depends on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor


class RestoreCells(NbGraderPreprocessor):
    """Put graded and locked cells back to where they stood when handed out.

    nbgrader can do so for graded cells if the cell before is still there; where an
    answer was deleted with its check, it stops without a grade.
    """

    def preprocess(
        self, notebook: NotebookNode, resources: dict
    ) -> tuple[NotebookNode, dict]:
        """Put back what is missing; everything else stays as it is."""
        names = resources["nbgrader"]
        directory = self.parent.parent.coursedir
        folder = directory.format_path(
            directory.release_directory, ".", names["assignment"]
        )
        path = Path(folder, f"{names['notebook']}.ipynb")
        handed_out = nbformat.read(path, as_version=nbformat.current_nbformat)
        for name in put_back_missing(notebook, handed_out):
            self.log.warning("Cell '%s' was missing and is put back", name)
        return notebook, resources


def put_back_missing(notebook: NotebookNode, handed_out: NotebookNode) -> Iterator[str]:
    """Put cells back, each after the one that it followed; give their names."""
    before = None
    for cell in handed_out.cells:
        name = _name(cell)
        if name is None:
            continue
        present = [_name(each) for each in notebook.cells]
        if name not in present and cell.metadata.nbgrader.get("locked"):
            place = present.index(before) + 1 if before else 0
            notebook.cells.insert(place, cell)
            yield name
        elif name not in present:
            continue  # An answer that was deleted is no answer.
        before = name


def _name(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")
