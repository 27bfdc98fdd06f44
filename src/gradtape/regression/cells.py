"""The test of one code cell: run it, compare what it shows with what is stored."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import nbformat
import pytest
from nbval.plugin import IPyNbCell, NbCellError

from gradtape.quiet import without_log
from gradtape.regression import messages
from gradtape.regression.final_output import Screen
from gradtape.regression.kernels import KernelDied
from gradtape.regression.messages import CellFailed
from gradtape.regression.outputs import compare_outputs, settings, tolerance

CELL_TIMEOUT = 120.0  # seconds
_NBVAL_CELL_TIMEOUT = 2000.0  # seconds: what nbval allows where nobody chose a limit
_SECONDS_FOR_AN_OUTPUT = 30


class Cell(IPyNbCell):
    """A code cell: run it, compare what it shows with what is stored."""

    section = ""
    place_in_notebook = 0
    follows = False

    def __init__(self, **arguments: object) -> None:
        super().__init__(**arguments)
        self.output_timeout = _SECONDS_FOR_AN_OUTPUT

    def setup(self) -> None:
        """Leave the cell out where the kernel can't run it any more."""
        if self.parent.unusable:
            pytest.skip(f"not run: {self.parent.unusable}")

    def runtest(self) -> None:
        """Run the cell, if what is stored can be compared at all."""
        notebook = self.parent
        notebook.run_cells_before(self)
        self.follows = notebook.consequences.reach(self.cell.source)
        try:
            if notebook.unusable:
                raise messages.not_run(notebook.unusable)
            if not self.options["skip"]:
                self._check_what_is_stored()
                self._run()
        except CellFailed:
            notebook.consequences.begin(self.cell.source, self.short_name)
            raise
        if notebook.update:
            notebook.update.cells_done += 1
        if self.options["skip"]:
            pytest.skip("the cell is tagged nbval-skip")

    def run_unasked(self) -> None:
        """Run the cell for those after it, whatever comes out."""
        chosen, self.options["check"] = self.options["check"], False
        try:
            if not (self.options["skip"] or self.parent.unusable):
                self._run()
        except CellFailed:
            self.parent.consequences.begin(self.cell.source, self.short_name)
        finally:
            self.options["check"] = chosen

    def _check_what_is_stored(self) -> None:
        notebook, cell = self.parent, self.cell
        if notebook.update:
            notebook.update.prepare(self)
        elif self.options["check"]:
            if cell.source.strip() and cell.execution_count is None:
                store = notebook.store_of(self)
                if not any(code.get("execution_count") for code in notebook.nb.cells):
                    notebook.unusable = "the notebook was never run"
                    store = notebook.store
                raise messages.never_run(store)
            if stored := _standard_error(self._of_the_notebook(cell.outputs)):
                raise messages.stores_standard_error(stored, notebook.store_of(self))

    def _run(self) -> None:
        notebook, option = self.parent, self.config.option
        chosen, limit = option.nbval_cell_timeout, self._limit()
        notebook.running, notebook.screen = self, Screen()
        try:
            if not notebook.kernel.is_alive():
                raise KernelDied(notebook.kernel.exit_code())
            option.nbval_cell_timeout = limit  # where nbval looks for it
            super().runtest()
        except KernelDied as death:
            notebook.unusable = f"the kernel died in {self.short_name}"
            raise messages.kernel_died(death.code) from None
        except NbCellError as error:
            raise self._explained(error, limit) from None
        finally:
            option.nbval_cell_timeout = chosen
        if self.options["check_exception"] and not _raised(self.test_outputs):
            stored = next(filter(_is_error, self.cell.outputs), None)
            raise messages.does_not_raise(stored, notebook.store_of(self))

    def _explained(self, error: NbCellError, limit: float) -> CellFailed:
        """Say in our words what nbval found wrong while the cell ran."""
        raised = list(filter(_is_error, self.test_outputs))
        if self.parent.timed_out:
            self.parent.unusable = f"{self.short_name} took too long"
            return messages.over_time(limit, raised[-1] if raised else None)
        if raised:
            return messages.raises(raised[-1])
        return CellFailed([str(error)], "run the cell in JupyterLab")

    def _limit(self) -> float:
        """Return how many seconds the cell may take."""
        chosen = self.config.option.nbval_cell_timeout
        default = CELL_TIMEOUT if chosen == _NBVAL_CELL_TIMEOUT else chosen
        read = partial(settings, ["timeout"])
        return self._asked(read).get("timeout", default)

    def _asked(self, read: Callable) -> dict[str, float]:
        """Read what the cell and its notebook ask for, in tags and metadata."""
        layers = [
            metadata.get("gradtape", {})
            for metadata in (self.parent.nb.metadata, self.cell.metadata)
        ]
        try:
            return read(self.cell.metadata.get("tags", []), *layers)
        except ValueError as error:
            raise CellFailed(
                [f"a setting of the cell can't be read: {error}"],
                "mend the tag of the cell, or the metadata of the cell or notebook",
            ) from None

    def compare_outputs(
        self, test: list, ref: list, skip_compare: object = None
    ) -> bool:
        """Compare what the cell gave (test) with what is stored (ref)."""
        test, ref = self._of_the_notebook(test), self._of_the_notebook(ref)
        if written := _standard_error(test):
            raise messages.writes_standard_error(written, self.cell.source)
        if self.options["check_exception"] and not _raised(test):
            return True  # which is told once the cell is done
        differences = compare_outputs(ref, test, **self._asked(tolerance))
        if self.parent.update:
            self.parent.update.take(self, test, differences)
        elif differences:
            raise messages.outputs_differ(differences, self.parent.store_of(self))
        return True

    def _of_the_notebook(self, outputs: list) -> list:
        """Leave out TensorFlow's log of the machine that it runs on.

        Its lines come however quiet a notebook asks TensorFlow to be. A lesson starts
        quietly, and fails where it does not.
        """
        if self.parent.built_from:
            return outputs
        kept = []
        for output in outputs:
            if output.get("name") == "stderr":
                text = without_log("".join(output.text))
                output = nbformat.v4.new_output("stream", name="stderr", text=text)
                if not text:
                    continue
            kept.append(output)
        return kept

    @property
    def short_name(self) -> str:
        """The cell's number among the code cells, and its id."""
        number = f"code cell {self.place_in_notebook}"
        return number if number.endswith(self.name) else f"{number} ({self.name})"

    def repr_failure(self, excinfo: pytest.ExceptionInfo) -> str:
        """Say where it failed, how, and what to do, in few lines."""
        error = excinfo.value
        if not isinstance(error, CellFailed):
            return super().repr_failure(excinfo)
        section = f", section {self.section!r}" if self.section else ""
        began = self.parent.consequences.first_failure if self.follows else ""
        return messages.report(
            error,
            f"{self.parent.where}{section}, {self.short_name}:",
            self.cell.source,
            began=began,
        )

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the test by its notebook and cell."""
        return self.path, 0, f"{self.path.name}::{self.name}"


def _standard_error(outputs: list) -> str:
    return "".join(
        "".join(output.text) for output in outputs if output.get("name") == "stderr"
    )


def _raised(outputs: list) -> bool:
    return any(map(_is_error, outputs))


def _is_error(output: nbformat.NotebookNode) -> bool:
    return output.output_type == "error"
