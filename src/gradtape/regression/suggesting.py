"""Run a notebook three times, and propose the settings that make its runs agree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import nbformat
import pytest

from .cells import CELL_TIMEOUT
from .outputs import Context, Machine, compare_outputs
from .outputs.shown import shown
from .second_kernel import SecondKernel

_RUNS = 3
_TOLERANCES = (1e-3, 1e-2, 0.05, 0.2)
_SKIP = re.compile(r"^\s*#\s*NBVAL_SKIP\s*$", re.MULTILINE)
_CHANGING = r".*?"
_PROPOSALS = pytest.StashKey[list[str]]()


class Suggested(pytest.File):
    """A notebook for which settings are proposed."""

    def collect(self) -> Iterator[pytest.Item]:
        """Give the one test that runs it."""
        yield Suggestion.from_parent(self, name="suggest")


class Suggestion(pytest.Item):
    """Three runs of a notebook, compared with one another and with what is stored."""

    def runtest(self) -> None:
        """Run the notebook, and keep what is to be proposed."""
        notebook = nbformat.read(self.path, as_version=4)
        codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
        runs, facts = [], {}
        for _ in range(_RUNS):
            outputs, facts = self._run(codes)
            runs.append(outputs)
        lines = self.config.stash.setdefault(_PROPOSALS, [])
        before = len(lines)
        for number, cell in enumerate(codes):
            machine = Machine(
                facts=facts,
                source=cell.source,
                before="\n".join(code.source for code in codes[:number]),
            )
            results = [run[number] for run in runs]
            if said := _proposal(cell, results, machine):
                name = f"code cell {number + 1} ({cell.get('id', 'no id')})"
                lines.append(f"{self.parent.nodeid}, {name}: {said}")
        if len(lines) == before:
            lines.append(f"{self.parent.nodeid}: its runs agree, nothing to set")

    def _run(self, codes: Sequence[nbformat.NotebookNode]) -> tuple[list, dict]:
        option = self.config.option
        kernel = SecondKernel(
            self.path.parent,
            option.nbval_kernel_startup_timeout,
            self.ihook.pytest_gradtape_kernel(),
        )
        try:
            outputs = [
                []
                if _is_skipped(cell)
                else kernel.run(
                    cell.source, min(option.nbval_cell_timeout, CELL_TIMEOUT)
                )
                for cell in codes
            ]
            return outputs, kernel.kernel.facts
        finally:
            kernel.stop()

    def reportinfo(self) -> tuple[Any, int, str]:
        """Name the test by its notebook."""
        return self.path, 0, f"{self.path.name}: settings"


def show(config: pytest.Config, terminalreporter: pytest.TerminalReporter) -> None:
    """Write what is proposed."""
    terminalreporter.section("what to set, after three runs of each notebook")
    for line in config.stash.get(_PROPOSALS, []):
        terminalreporter.line(line)


def _is_skipped(cell: nbformat.NotebookNode) -> bool:
    tags = cell.metadata.get("tags", [])
    return "nbval-skip" in tags or _SKIP.search(cell.source) is not None


def _proposal(
    cell: nbformat.NotebookNode, results: Sequence[list], machine: Machine
) -> str:
    """Say what to write for a cell; nothing where all agree."""
    first, *others = results
    differences = _differences(first, others, Context(machine=machine))
    if not differences:
        return _of_a_stable_cell(cell, first, machine)
    advice = machine.advice()
    if advice.startswith("the notebook draws"):
        return f"{advice} ({differences[0]})"
    for tag, context in _candidates(first, others, machine):
        if not _differences(first, others, context):
            return f"tag it {tag} ({differences[0]})"
    return f"tag it nbval-ignore-output ({differences[0]})"


def _of_a_stable_cell(
    cell: nbformat.NotebookNode, result: list, machine: Machine
) -> str:
    recognised = ", ".join(machine.told)
    if cell.outputs and "nbval-ignore-output" not in cell.metadata.get("tags", []):
        stored = _differences(cell.outputs, [result], Context(machine=machine))
        if stored:
            return (
                f"every run gives the same, and not what is stored ({stored[0]}): mend the "
                "code, or store it with --gradtape-update"
            )
    return f"nothing to set: {recognised} is recognised" if recognised else ""


def _differences(first: list, others: Sequence[list], context: Context) -> list[str]:
    return [
        difference
        for other in others
        for difference in compare_outputs(first, other, context=context)
    ]


def _candidates(
    first: list, others: Sequence[list], machine: Machine
) -> Iterator[tuple[str, Context]]:
    """Give settings that could make the runs agree, the narrowest first."""

    def known(**changes: Any) -> Machine:
        return Machine(machine.facts, machine.source, machine.before, **changes)

    for rtol in _TOLERANCES if not machine.advice() else ():
        yield f"rtol={rtol:g}", Context(rtol=rtol, machine=known())
    yield "stderr=ignore", Context(stderr=False, machine=known())
    if mask := _mask(first, others):
        yield f"mask={mask}", Context(machine=known(masks=(mask,)))
    yield "pictures=ignore", Context(pictures=False, machine=known())


def _mask(first: list, others: Sequence[list]) -> str:
    """Return a regular expression for the piece of a line that is new in every run."""
    texts = ["\n".join(each.text for each in shown(run)) for run in (first, *others)]
    for lines in zip(*(text.split("\n") for text in texts), strict=False):
        if len(set(lines)) > 1:
            begin, end = _common(lines)
            return re.escape(begin) + _CHANGING + (re.escape(end) or "$")
    return ""


def _common(lines: Sequence[str]) -> tuple[str, str]:
    """Return the words with which all lines begin, and those with which they end."""
    split = [re.findall(r"\s+|[^\s\d.]+|[\d.]+", line) for line in lines]
    begin: list[str] = []
    for words in zip(*split, strict=False):
        if len(set(words)) > 1:
            break
        begin.append(words[0])
    end: list[str] = []
    for words in zip(*(reversed(words) for words in split), strict=False):
        if len(set(words)) > 1 or len(begin) + len(end) >= min(map(len, split)):
            break
        end.insert(0, words[0])
    return "".join(begin[-4:]), "".join(end[:4])
