"""The lessons run once more for a page: what answers there in the place of a widget."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from gradtape.authoring.execute import execute

# Cells whose drawing answers on the page; only their lessons are run again.
_ANSWERS = re.compile(
    r"\bgt\.(explore_tangent|explore_descent|step_through_tape|draw_tape|predict)\("
)
_SHOW_LIVE = "from gradtape.site.publish import show_live as _show_live\n_show_live()\n"
_AT_A_TIME = 2


async def run_lessons(notebooks: Iterable[Path]) -> None:
    """Run those whose drawings answer on a page, and store what they show there.

    Parameters
    ----------
    notebooks : iterable of Path
        Built lessons. A changed one keeps its outputs but for the cells that answer.

    Raises
    ------
    RuntimeError
        If a lesson does not run.
    """
    kernels = asyncio.Semaphore(_AT_A_TIME)

    async def run(path: Path) -> None:
        stored = nbformat.read(path, as_version=4)
        answering = [i for i, cell in enumerate(stored.cells) if _answers(cell)]
        if not answering:
            return
        shown = nbformat.read(path, as_version=4)
        # What follows the last of them keeps its outputs: no need to wait for it.
        del shown.cells[answering[-1] + 1 :]
        first = next(cell for cell in shown.cells if cell.cell_type == "code")
        first.source = f"{_SHOW_LIVE}{first.source}"
        async with kernels:
            failure = await execute(shown)
        if failure:
            raise RuntimeError(f"{path.name}: {failure.sentence}")
        for i in answering:
            stored.cells[i].outputs = shown.cells[i].outputs
        nbformat.write(stored, path)

    await asyncio.gather(*(run(path) for path in notebooks))


def _answers(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(_ANSWERS.search(cell.source))
