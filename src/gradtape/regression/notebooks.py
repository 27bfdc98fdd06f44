"""The tests that a notebook gives: one for its source, one for each code cell."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbval.plugin import IPyNbFile

from gradtape.regression import messages
from gradtape.regression.cells import Cell
from gradtape.regression.consequences import Consequences
from gradtape.regression.kernels import start_kernel
from gradtape.regression.messages import CellFailed
from gradtape.regression.sources import find_source


class Notebook(IPyNbFile):
    """A notebook with a kernel of its own."""

    def collect(self) -> Iterator[pytest.Item]:
        """Give a test for the source, then one for each code cell."""
        names = self._read_names()
        self.built_from = find_source(self.path)
        self.update = None
        if self.config.option.gradtape_update:
            # Only those who update need all that this imports.
            from gradtape.regression.updating import Update

            self.update = Update(self)
        self.unusable = ""
        self.asked_for: set[Cell] = set()
        self._cells: list[Cell] = []
        if self.built_from:
            yield SourceTest.from_parent(self, name="source")
        items = list(super().collect())
        self.consequences = Consequences(item.cell.source for item in items)
        places = _sections(self.nb)
        for item in items:
            cell = Cell.from_parent(
                self,
                name=names[item.cell_num],
                cell_num=item.cell_num,
                cell=item.cell,
                options=item.options,
            )
            cell.section = places[item.cell_num]
            cell.place_in_notebook = item.cell_num + 1
            self._cells.append(cell)
            yield cell

    def _read_names(self) -> list[str]:
        """Check that this is a notebook, and name its code cells by their ids.

        Where ids are missing or not unique, nbformat makes new ones at every reading;
        then a cell's name is its number.
        """
        try:
            text = self.path.read_text("utf-8")
            written = json.loads(text)  # which says where it is broken
            notebook = nbformat.reads(text, as_version=4)
            nbformat.validate(notebook)
        except (
            nbformat.ValidationError,
            AttributeError,
            KeyError,
            TypeError,
            ValueError,
        ) as error:
            reason = str(error).strip().split("\n")[0]
            raise self.CollectError(
                f"{self.where} is not a valid notebook ({reason})\n"
                "What to do: take it back from version control, or open it in JupyterLab "
                "and save it; a lesson is built again with `gradtape build`."
            ) from None
        uses = Counter(cell.get("id") for cell in written.get("cells", []))
        codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
        return [
            cell.id if "id" in cell and uses[cell.id] == 1 else f"cell {number}"
            for number, cell in enumerate(codes, start=1)
        ]

    @property
    def where(self) -> str:
        """The notebook's path as pytest shows it."""
        return self.nodeid or self.path.name

    @property
    def store(self) -> str:
        """The command that stores what comes out."""
        if self.built_from:
            return f"gradtape build {self.built_from.lesson}"
        return f"pytest --gradtape-update '{self.where}'"

    def store_of(self, cell: Cell) -> str:
        """Return the command that stores what comes out of one cell."""
        if self.built_from:
            return self.store
        return f"pytest --gradtape-update '{self.where}::{cell.name}'"

    def setup(self) -> None:
        """Start the kernel, in the notebook's folder."""
        limit = self.config.option.nbval_kernel_startup_timeout
        try:
            self.kernel = start_kernel(self.path.parent, limit)
            return
        except RuntimeError as error:  # what jupyter_client raises
            failed = messages.no_kernel(str(error), limit)
        pytest.fail(messages.report(failed, self.where), pytrace=False)

    def run_cells_before(self, cell: Cell) -> None:
        """Run the cells before this one that are not tests of this run, each once."""
        while self._cells and (first := self._cells.pop(0)) is not cell:
            if first not in self.asked_for:
                first.run_unasked()

    def get_kernel_message(
        self, timeout: float | None = None, stream: str = "iopub"
    ) -> dict:
        """Give the next message that nbval deals with."""
        while True:
            message = super().get_kernel_message(timeout=timeout, stream=stream)
            if not self.screen.takes(message, self.running.test_outputs):
                return message


class SourceTest(pytest.Item):
    """A built notebook against the source of its lesson; nothing is run for it."""

    place_in_notebook = 0

    def runtest(self) -> None:
        """Compare what was written: prose, code, metadata, the order of the cells."""
        if found := self.parent.built_from.differences():
            remedy = (
                "make in the source what was changed in the notebook and is to stay; "
                f"then build it with `{self.parent.store}`, and commit both"
            )
            raise CellFailed(found, remedy)

    def repr_failure(self, excinfo: pytest.ExceptionInfo) -> str:
        """Say what is not as in the source."""
        error = excinfo.value
        if not isinstance(error, CellFailed):
            return super().repr_failure(excinfo)
        return messages.report(error, self.parent.where)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the test by its notebook."""
        return self.path, 0, f"{self.path.name}::{self.name}"


def _sections(notebook: nbformat.NotebookNode) -> list[str]:
    """Give the nearest heading above each code cell."""
    heading, sections = "", []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            sections.append(heading)
        elif cell.cell_type == "markdown":
            for line in cell.source.split("\n"):
                if line.startswith("#"):
                    heading = line.lstrip("#").strip()
    return sections
