"""The test of one code cell: run it, compare what it shows with what is stored."""

from __future__ import annotations

import re
from copy import deepcopy
from functools import cached_property
from pathlib import Path
from typing import NoReturn

import nbformat
import pytest
from nbval.plugin import IPyNbCell, NbCellError, coalesce_streams

from . import messages
from .kernels import KernelDied
from .messages import CellFailed
from .outputs import Context, Machine, compare_outputs, read_settings, typed_wrong
from .outputs.settings import Settings

CELL_TIMEOUT = 120.0  # seconds
_NBVAL_CELL_TIMEOUT = 2000.0  # seconds: what nbval allows where nobody chose a limit
_SECONDS_FOR_AN_OUTPUT = 30
_EXIT = re.compile(r"^(?:sys\.exit|exit|quit)\(0?\)", re.MULTILINE)


class CellItem(IPyNbCell):
    """A code cell: run it, compare what it shows with what is stored.

    Attributes
    ----------
    differences : list of str
        In which ways what it showed differs from what is stored.
    told : dict
        What was not compared, as it belongs to the machine: its kind, an example.
    """

    section = ""
    place_in_notebook = 0
    follows = ""

    def __init__(self, **arguments: object) -> None:
        super().__init__(**arguments)
        self.output_timeout = _SECONDS_FOR_AN_OUTPUT
        self.test_outputs: list = []
        self.stored: list = []
        self.differences: list[str] = []
        self.told: dict[str, str] = {}
        self.has_run = False
        self.is_compared = False

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
        except CellFailed as failed:
            self._fail(notebook.with_what_changed_since(self, failed))
        else:
            if failed := notebook.with_what_changed_since(self, None):
                self._fail(failed)
        finally:
            self.user_properties += [
                ("not compared", f"{self.short_name}: {kind} ({example})")
                for kind, example in self.told.items()
            ]
        if notebook.update:
            notebook.update.cells_done += 1
        if self.options["skip"]:
            pytest.skip("the cell is tagged nbval-skip")

    def _fail(self, failed: CellFailed) -> NoReturn:
        self.differences = self.differences or failed.reasons
        self.parent.consequences.begin(self.cell.source, self.short_name)
        raise failed

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
        elif self.options["check"] and self.is_unrun and not notebook.other:
            store = notebook.store_of(self)
            if not notebook.was_run:
                notebook.unusable = "the notebook was never run"
                store = notebook.store
            raise messages.never_run(store)
        elif cell.execution_count is None:
            cell.execution_count = 0  # nbval compares nothing where there is none

    @property
    def is_unrun(self) -> bool:
        """Whether the cell was never run: it has neither a count nor outputs."""
        cell = self.cell
        return bool(
            cell.source.strip()
            and cell.execution_count is None
            and not cell.outputs
            and (self.parent.has_counts or not self.parent.was_run)
        )

    def _run(self) -> None:
        notebook, option = self.parent, self.config.option
        chosen, limit = option.nbval_cell_timeout, self._limit()
        if notebook.other:
            self.cell.outputs = notebook.other.outputs_of(self.cell.source, limit)
        self.stored = nbformat.from_dict(
            deepcopy(self.cell.outputs)
        )  # nbval joins them
        is_tagged = self._is_tagged = self.options["check_exception"]
        # An error that is stored may come again; another one is a difference.
        stores_error = any(map(_is_error, self.cell.outputs))
        if (stores_error and self.options["check"]) or self._ends_on_purpose:
            self.options["check_exception"] = True
        notebook.begin(self)
        try:
            if not notebook.kernel.is_alive():
                raise KernelDied(notebook.kernel.exit_code())
            option.nbval_cell_timeout = limit  # where nbval looks for it
            self.has_run = True
            super().runtest()
        except KernelDied as death:
            notebook.unusable = f"the kernel died in {self.short_name}"
            raise messages.kernel_died(death.code) from None
        except NbCellError as error:
            raise self._explained(error, limit) from None
        finally:
            option.nbval_cell_timeout = chosen
            self.options["check_exception"] = is_tagged
        if is_tagged and not _raised(self.test_outputs):
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

    @property
    def _ends_on_purpose(self) -> bool:
        """Whether the cell calls exit, which a kernel survives."""
        return _EXIT.search(self.cell.source) is not None

    def _limit(self) -> float:
        """Return how many seconds the cell may take."""
        chosen = self.config.option.nbval_cell_timeout
        default = CELL_TIMEOUT if chosen == _NBVAL_CELL_TIMEOUT else chosen
        return self.settings.numbers.get("timeout", default)

    @cached_property
    def settings(self) -> Settings:
        """What the cell and its notebook ask for, in tags and metadata."""
        metadata = self.cell.metadata
        try:
            return read_settings(
                metadata.get("tags", []),
                self.parent.nb.metadata.get("gradtape", {}),
                metadata.get("gradtape", {}),
            )
        except ValueError as error:
            raise CellFailed(
                [f"a setting of the cell can't be read: {error}"],
                "mend the tag of the cell, or the metadata of the cell or notebook",
            ) from None

    def typed_wrong(self) -> list[str]:
        """Say which settings of the cell, or of the notebook, are unknown."""
        metadata = self.cell.metadata
        of_notebook = self.parent.nb.metadata.get("gradtape", {})
        return [
            *typed_wrong(metadata.get("tags", []), metadata.get("gradtape", {})),
            *typed_wrong([], of_notebook),
        ]

    def compare_outputs(
        self, test: list, ref: list, skip_compare: object = None
    ) -> bool:
        """Compare what the cell gave (test) with what is stored (ref)."""
        if self._is_tagged and not _raised(test):
            return True  # which is told once the cell is done
        notebook = self.parent
        if notebook.is_strict and (written := _standard_error(test)):
            raise messages.writes_standard_error(written, self.cell.source)
        if self._ends_on_purpose and not _raised(ref):
            test[:] = _without_exit(test)
        self.is_compared = True
        self.differences = self.compare(test)
        if notebook.update:
            notebook.update.take(self, test)
        elif self.differences and not notebook.may_still_change(self):
            raise self.failed()
        elif not self.differences and (wrong := self.typed_wrong()):
            raise messages.settings_typed_wrong(wrong)
        return True

    def compare(self, outputs: list) -> list[str]:
        """Say in which ways outputs differ from those stored, and note what is told."""
        notebook, settings = self.parent, self.settings
        codes = [cell.source for cell in notebook.nb.cells if cell.cell_type == "code"]
        machine = Machine(
            facts=notebook.kernel.facts,
            source=self.cell.source,
            before="\n".join(codes[: self.cell_num]),
            masks=settings.masks,
            sanitize=notebook.sanitize_patterns,
        )
        if kind := machine.whole_cell():
            self.told = {kind: self.cell.source.strip().split("\n")[0]}
            return []
        context = Context.of(
            settings,
            machine=machine,
            widgets=(notebook.states_before, notebook.final_output.widgets.models),
        )
        stored = coalesce_streams(nbformat.from_dict(deepcopy(self.stored)))
        differences = compare_outputs(stored, outputs, context=context)
        self.told = machine.told
        self.advice = machine.advice() if differences else ""
        return differences

    def failed(self) -> CellFailed:
        """Say what differs, where the pictures of it are, and what to do."""
        notebook = self.parent
        if notebook.other:
            return messages.environments_differ(
                self.differences, notebook.other.name, self.advice
            )
        if all(each.startswith("standard error came") for each in self.differences):
            shown = self.differences[0].partition(": ")[2]
            written = _standard_error(self.test_outputs)
            return messages.writes_standard_error(written, self.cell.source, shown)
        return messages.outputs_differ(
            self.differences,
            notebook.store_of(self),
            advice=self.advice,
            pictures=notebook.write_pictures(self),
            typed_wrong=self.typed_wrong(),
        )

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
        return messages.report(
            error,
            f"{self.parent.where}{section}, {self.short_name}:",
            self.cell.source,
            began=self.follows,
        )

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the test by its notebook and cell."""
        return self.path, 0, f"{self.path.name}::{self.name}"


def _standard_error(outputs: list) -> str:
    return "".join(
        "".join(output.text) for output in outputs if output.get("name") == "stderr"
    )


def _without_exit(outputs: list) -> list:
    """Leave out what IPython says where a cell calls exit."""
    return [
        output
        for output in outputs
        if output.get("ename") != "SystemExit"
        and not (output.get("name") == "stderr" and "To exit: use" in output.text)
    ]


def _raised(outputs: list) -> bool:
    return any(map(_is_error, outputs))


def _is_error(output: nbformat.NotebookNode) -> bool:
    return output.output_type == "error"
