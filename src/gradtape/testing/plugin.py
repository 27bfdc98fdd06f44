"""Run notebooks under pytest and compare what they show with what they have stored.

``pytest --gradtape`` collects every ``.ipynb`` file. Each notebook gets a new kernel of
the Python that runs pytest, each code cell is one test. nbval runs the cells; what it
lets pass and should not, and how outputs are compared, is here:

- a cell that was never run, or whose outputs are gone, fails;
- what is written on standard error is captured, and fails;
- numbers are compared within a tolerance, figures by their description;
- a kernel that dies fails at once, and a cell has two minutes.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from queue import Empty

import nbformat
import pytest
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError

from gradtape.outputs import compare_outputs, tolerance

CELL_TIMEOUT = 120.0
_SECONDS_BETWEEN_LOOKS = 1.0
_LINES_OF_CODE_SHOWN = 6
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option ``--gradtape``."""
    parser.getgroup("gradtape", "notebooks as tests").addoption(
        "--gradtape",
        action="store_true",
        help="run notebooks and compare their outputs, numbers within a tolerance",
    )


def pytest_collect_file(
    file_path: os.PathLike, parent: pytest.Collector
) -> pytest.Collector | None:
    """Collect a notebook, unless nbval's own option asks nbval to do it."""
    option = parent.config.option
    if option.gradtape and not option.nbval and file_path.suffix == ".ipynb":
        return Notebook.from_parent(parent, path=file_path)
    return None


class Notebook(IPyNbFile):
    """A notebook with a kernel of its own."""

    def collect(self) -> Iterator[Cell]:
        """Give the code cells, each with the section that it stands in."""
        try:
            notebook = nbformat.read(self.path, as_version=4)
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
                f"{self.path.name} is not a valid notebook ({reason}); build it again"
            ) from None
        sections = _sections(notebook)
        for item in super().collect():
            cell = Cell.from_parent(
                self,
                name=item.cell.get("id", item.name),
                cell_num=item.cell_num,
                cell=item.cell,
                options=item.options,
            )
            cell.section = sections[item.cell_num]
            yield cell

    def setup(self) -> None:
        """Start the kernel, in the notebook's folder."""
        # ipykernel stops capturing file descriptors where it sees pytest's variable,
        # and what a lesson's reader would see on standard error would go unnoticed.
        test = os.environ.pop("PYTEST_CURRENT_TEST", None)
        try:
            self.kernel = _WatchedKernel(
                CURRENT_ENV_KERNEL_NAME,
                cwd=str(self.path.parent),
                startup_timeout=self.config.option.nbval_kernel_startup_timeout,
            )
        finally:
            if test is not None:
                os.environ["PYTEST_CURRENT_TEST"] = test
        option = self.config.option
        option.nbval_cell_timeout = min(option.nbval_cell_timeout, CELL_TIMEOUT)


class Cell(IPyNbCell):
    """A code cell: run it, compare what it shows with what is stored."""

    section = ""

    def runtest(self) -> None:
        """Run the cell, if what is stored can be compared at all."""
        if self.cell.source.strip() and self.cell.execution_count is None:
            self.raise_cell_error(
                "the stored cell was never run; build the notebook again"
            )
        if any(output.get("name") == "stderr" for output in self.cell.outputs):
            self.raise_cell_error(
                "standard error is stored; mend what the cell warns of, build again"
            )
        super().runtest()

    def compare_outputs(
        self, test: list, ref: list, skip_compare: object = None
    ) -> bool:
        """Compare what the cell gave (test) with what is stored (ref)."""
        if self.options["check_exception"] and not _raised(test):
            self.comparison_traceback = ["it should raise an error and does not"]
            return False
        tags = self.cell.metadata.get("tags", [])
        self.comparison_traceback = compare_outputs(ref, test, **tolerance(tags))
        for output in test:
            if output.get("name") == "stderr":
                self.comparison_traceback.append(f"standard error: {output.text}")
        return not self.comparison_traceback

    def repr_failure(self, excinfo: pytest.ExceptionInfo) -> str:
        """Say where it failed and how, in few lines."""
        error = excinfo.value
        if isinstance(error, _KernelDied):
            reasons = ["the kernel died while the cell ran"]
        elif isinstance(error, NbCellError):
            details = _COLOURS.sub("", error.inner_traceback or "")
            reasons = [str(error), *details.strip("\n").split("\n")]
        else:
            return super().repr_failure(excinfo)
        code = self.cell.source.split("\n")
        if len(code) > _LINES_OF_CODE_SHOWN:
            code = [*code[: _LINES_OF_CODE_SHOWN - 1], "..."]
        return "\n".join(
            [
                f"{self.path.name}, section {self.section!r}, cell {self.name}",
                *(f"    {line}" for line in code),
                *reasons,
            ]
        )

    def reportinfo(self) -> tuple[os.PathLike, int, str]:
        """Name the test by its notebook and cell."""
        return self.path, 0, f"{self.path.name}::{self.name}"


class _KernelDied(Exception):
    """The kernel's process ended while a cell ran."""


class _WatchedKernel(RunningKernel):
    """A kernel whose death is noticed while a message is awaited."""

    def get_message(self, stream: str, timeout: float | None = None) -> dict:
        deadline = time.monotonic() + (timeout or float("inf"))
        while True:
            left = deadline - time.monotonic()
            try:
                return super().get_message(
                    stream, timeout=max(0.0, min(_SECONDS_BETWEEN_LOOKS, left))
                )
            except Empty:
                if not self.is_alive():
                    raise _KernelDied from None
                if left <= _SECONDS_BETWEEN_LOOKS:
                    raise


def _raised(outputs: list) -> bool:
    return any(output.output_type == "error" for output in outputs)


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
