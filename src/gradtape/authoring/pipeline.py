"""Build lessons: two kernels at a time, all of a lesson or nothing of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from gradtape.authoring.check import differences
from gradtape.authoring.execute import execute
from gradtape.authoring.problem import Problem
from gradtape.authoring.rules import problems_in
from gradtape.authoring.source import Source, read_sources
from gradtape.authoring.split import split
from gradtape.authoring.traces import traces_in
from gradtape.language import LANGUAGES

_KERNELS_AT_A_TIME = 2


def build(
    lessons: Sequence[str] = (), *, check: bool = False, root: Path
) -> list[Problem]:
    """Build the notebooks of lessons, or check those that are committed.

    A lesson's two notebooks are written when everything about the lesson is right, both
    at once; otherwise they stay as they were.

    Parameters
    ----------
    lessons : sequence of str
        Numbers of lessons, such as ``["02"]``; none means all.
    check : bool
        Change nothing; compare what the sources give with what is committed.
    root : Path
        The checkout: the folder that holds ``notebooks``.

    Returns
    -------
    list of Problem
        What to mend, each with file and line, in the order of the files; empty if all
        is well.

    Raises
    ------
    FileNotFoundError
        If ``root`` holds no lessons.
    ValueError
        If there is no lesson with one of the numbers.
    OSError
        If a notebook cannot be written.
    """
    root = Path(root).absolute()
    sources = read_sources(root)
    chosen = _chosen(lessons, sources)
    problems = list(_leftovers(lessons, sources, root))
    sound = []
    for source in chosen:
        found = problems_in(source, sources, root)
        problems += found
        if not found:
            sound.append(source)
    if sound:
        _prepare_fonts()
        problems += asyncio.run(_build_all(sound, check, root))
    return sorted(set(problems))


def notebook_path(source: Source, language: str) -> Path:
    """Return where a lesson's notebook lies, relative to the checkout."""
    return Path("notebooks", language, source.path.stem + ".ipynb")


def _chosen(lessons: Sequence[str], sources: dict[str, Source]) -> list[Source]:
    known = sorted({source.lesson for source in sources.values()})
    for number in lessons:
        if number not in known:
            raise ValueError(
                f"there is no lesson {number}; there are {', '.join(known) or 'none'}"
            )
    return [
        source for source in sources.values() if not lessons or source.lesson in lessons
    ]


def _leftovers(
    lessons: Sequence[str], sources: dict[str, Source], root: Path
) -> Iterable[Problem]:
    for language in LANGUAGES:
        for path in sorted((root / "notebooks" / language).glob("*.ipynb")):
            asked_for = not lessons or path.name[:2] in lessons
            if asked_for and path.stem not in sources:
                yield Problem(
                    path.relative_to(root),
                    1,
                    f"there is no source notebooks/lessons/{path.stem}.py for this "
                    "notebook; delete it or write the source",
                )


def _prepare_fonts() -> None:
    """Let matplotlib list the fonts of a new machine here, once and for all kernels.

    A kernel that finds no list makes one, and says so on standard error.
    """
    import matplotlib.font_manager  # noqa: F401


async def _build_all(sources: list[Source], check: bool, root: Path) -> list[Problem]:
    kernels = asyncio.Semaphore(_KERNELS_AT_A_TIME)
    with _progress() as progress:
        found = await asyncio.gather(
            *(
                _build_lesson(source, check, root, kernels, progress)
                for source in sources
            )
        )
    return [problem for problems in found for problem in problems]


def _progress() -> Progress:
    console = Console(stderr=True)
    return Progress(
        "{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        "cells",
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )


async def _build_lesson(
    source: Source,
    check: bool,
    root: Path,
    kernels: asyncio.Semaphore,
    progress: Progress,
) -> list[Problem]:
    async def run(language: str) -> tuple[NotebookNode, list[Problem]]:
        notebook = split(source, language)
        cells = sum(cell.cell_type == "code" for cell in notebook.cells)
        name = notebook_path(source, language).relative_to("notebooks")
        async with kernels:
            task = progress.add_task(name.as_posix(), total=cells)
            failure = await execute(notebook, lambda: progress.advance(task))
        written = source.in_language(language)
        if failure:
            line = written[failure.cell].line_of(failure.line)
            return notebook, [source.problem(line, failure.sentence)]
        return notebook, [
            source.problem(cell.line_of(0), sentence)
            for cell, node in zip(written, notebook.cells, strict=True)
            for sentence in traces_in(node.get("outputs", []), root)
        ]

    results = await asyncio.gather(*map(run, LANGUAGES))
    notebooks = {
        notebook_path(source, language): notebook
        for language, (notebook, _) in zip(LANGUAGES, results)
    }
    problems = [problem for _, found in results for problem in found]
    if not problems and check:
        for path, notebook in notebooks.items():
            problems += differences(notebook, path, source, root)
    elif not problems:
        write_together(
            {
                root / path: nbformat.v4.writes(notebook) + "\n"
                for path, notebook in notebooks.items()
            }
        )
    return problems


def write_together(texts: dict[Path, str]) -> None:
    """Write files so that each is whole at every moment, and none before all can be.

    Parameters
    ----------
    texts : dict of Path to str
        What each file is to hold.
    """
    parts = {path.with_name(f".{path.name}.part"): path for path in texts}
    try:
        for part, path in parts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(texts[path], "utf-8", newline="\n")
        for part, path in parts.items():
            os.replace(part, path)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
