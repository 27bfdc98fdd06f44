"""The tests that a notebook gives: one for each code cell."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from nbval.cover import setup_coverage, teardown_coverage
from nbval.plugin import IPyNbFile

from . import messages
from .cells import CellItem
from .consequences import Consequences
from .describer import DESCRIBER
from .final_output import FinalOutput
from .kernels import start_kernel
from .messages import CellFailed
from .outputs.widgets import stored_states
from .pictures import write_pictures


class Notebook(IPyNbFile):
    """A notebook with a kernel of its own."""

    other = None  # the same notebook in another environment, where there is one
    update = report = None  # what is to be stored of it, and shown on a page
    asked_for: set[CellItem] = frozenset()  # the cells that are tests of this run
    all_cells: list[CellItem] = ()

    def collect(self) -> Iterator[pytest.Item]:
        """Give what others test of the notebook, then a test for each code cell."""
        names = self._read_names()
        self.compare_outputs = not self.config.option.gradtape_lax
        self.known = self.ihook.pytest_gradtape_known(path=self.path)
        self.is_strict = self.known is not None
        self.unusable = ""
        self.final_output = FinalOutput()
        self._cells: list[CellItem] = []
        self._may_still_change: list[CellItem] = []
        if self.known:
            yield from self.known.tests(self)
        items = list(super().collect())
        codes = [cell for cell in self.nb.cells if cell.cell_type == "code"]
        self.has_counts = any(code.execution_count for code in codes)
        self.was_run = self.has_counts or any(code.outputs for code in codes)
        self.states_before = stored_states(self.nb)
        self.consequences = Consequences(item.cell.source for item in items)
        places = _sections(self.nb)
        for item in items:
            cell = CellItem.from_parent(
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
        self.all_cells = list(self._cells)

    def _read_names(self) -> list[str]:
        """Check that this is a notebook, and name its code cells by their ids.

        Where ids are missing or not unique, nbformat makes new ones at every reading;
        then a cell's name is its number.
        """
        try:
            text = self.path.read_text("utf-8")
            written = json.loads(text)  # which says where it is broken
            notebook = nbformat.reads(text, as_version=4)
            # What it holds besides, such as ids in an older format, does no harm.
            nbformat.validate(notebook, relax_add_props=True)
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
        if self.known:
            return self.known.store
        return f"pytest --gradtape-update '{self.where}'"

    def store_of(self, cell: CellItem) -> str:
        """Return the command that stores what comes out of one cell."""
        if self.known:
            return self.store
        return f"pytest --gradtape-update '{self.where}::{cell.name}'"

    def setup(self) -> None:
        """Start the kernel, in the notebook's folder."""
        option = self.config.option
        limit = option.nbval_kernel_startup_timeout
        self.setup_sanitize_files()
        try:
            self.kernel = start_kernel(
                self.path.parent, limit, spec=self._kernel_spec()
            )
            if option.gradtape_against:
                from .against import OtherEnvironment

                self.other = OtherEnvironment(
                    option.gradtape_against, self.path.parent, limit
                )
                self.states_before = self.other.widgets
        except NoSuchKernel as error:
            failed = messages.kernel_is_missing(error.name)
        except RuntimeError as error:  # what jupyter_client raises
            failed = messages.no_kernel(str(error), limit)
        else:
            if self.figures_are_described:
                self.kernel.run_silently(DESCRIBER)
            if getattr(option, "cov_source", None):
                setup_coverage(self.config, self.kernel, self.path)
            return
        pytest.fail(messages.report(failed, self.where), pytrace=False)

    @property
    def figures_are_described(self) -> bool:
        """Whether figures of matplotlib are to have descriptions."""
        chosen = self.nb.metadata.get("gradtape", {}).get("figures")
        asked = (
            self.config.option.gradtape_describe or self.config.option.gradtape_against
        )
        return self.kernel.is_python and bool(asked or chosen == "described")

    def _kernel_spec(self) -> KernelSpec | None:
        """Return which kernel runs the notebook: for Python, that which runs pytest."""
        kernelspec = self.nb.metadata.get("kernelspec", {})
        language = kernelspec.get("language") or self.nb.metadata.get(
            "language_info", {}
        ).get("name", "python")
        if name := self.config.option.nbval_kernel_name:
            return KernelSpecManager().get_kernel_spec(name)
        if language.lower() not in ("python", "python3", "ipython"):
            return KernelSpecManager().get_kernel_spec(kernelspec.get("name", language))
        return self.ihook.pytest_gradtape_kernel()

    def teardown(self) -> None:
        """End the kernel, after what is measured or reported of it."""
        if self.other:
            self.other.stop()
        if self.kernel and self.kernel.is_alive():
            if getattr(self.config.option, "cov_source", None):
                teardown_coverage(self.config, self.kernel)
            self.kernel.stop()
        if self.report:
            self.report.write()

    def begin(self, cell: CellItem) -> None:
        """Note that a cell is about to run."""
        self.running = cell
        self.final_output.begin_cell()

    def run_cells_before(self, cell: CellItem) -> None:
        """Run the cells before this one that are not tests of this run, each once."""
        while self._cells and (first := self._cells.pop(0)) is not cell:
            if first not in self.asked_for:
                first.run_unasked()

    def may_still_change(self, cell: CellItem) -> bool:
        """Tell whether a later cell may change what this one shows, and remember it."""
        is_last = cell.place_in_notebook == max(
            c.place_in_notebook for c in self.asked_for
        )
        later = [code.cell.source for code in self.all_cells[cell.place_in_notebook :]]
        can_change = (
            not is_last
            and self.final_output.can_change(cell.test_outputs)
            and self.consequences.share_names(cell.cell.source, later)
        )
        if can_change:
            self._may_still_change.append(cell)
        return can_change

    def with_what_changed_since(
        self, cell: CellItem, failed: CellFailed | None
    ) -> CellFailed | None:
        """Add to the failure of the last cell what others show otherwise in the end."""
        if cell.place_in_notebook != max(c.place_in_notebook for c in self.asked_for):
            return failed
        waiting, self._may_still_change = self._may_still_change, []
        for earlier in waiting:
            earlier.differences = earlier.compare(earlier.test_outputs)
            if earlier.differences:
                found = earlier.failed()
                reasons = [f"{earlier.short_name}: {each}" for each in found.reasons]
                before = failed.reasons if failed else []
                failed = CellFailed([*before, *reasons], found.remedy)
        return failed

    def write_pictures(self, cell: CellItem) -> str:
        """Write the pictures of a cell that differ; return the folder, if there are any."""
        return write_pictures(self.config, self.where, cell.name, cell.differences)

    def get_kernel_message(
        self, timeout: float | None = None, stream: str = "iopub"
    ) -> dict:
        """Give the next message that nbval deals with."""
        while True:
            message = super().get_kernel_message(timeout=timeout, stream=stream)
            if not self.final_output.takes(message, self.running.test_outputs):
                return message


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
