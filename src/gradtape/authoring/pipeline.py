"""Build lessons: two kernels at a time, all of a lesson or nothing of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from gradtape.authoring import contents
from gradtape.authoring.check import differences
from gradtape.authoring.execute import execute
from gradtape.authoring.exercises import (
    has_solutions,
    solved_version,
    wrongly_judged,
)
from gradtape.authoring.launch import published_version
from gradtape.authoring.problem import Problem
from gradtape.authoring.rules import problems_in
from gradtape.authoring.source import LessonSource, read_sources
from gradtape.authoring.split import split
from gradtape.language import LANGUAGES
from gradtape.regression.outputs.traces import traces_in

_KERNELS_AT_A_TIME = 2


def build(
    lessons: Sequence[str] = (), *, check: bool = False, root: Path
) -> list[Problem]:
    """Build the notebooks of lessons, or check those that are committed.

    A lesson's notebooks, two and as many with the exercises solved, are written when
    everything about the lesson is right, all at once; otherwise they stay as they were.

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
    # Where a header can't be read, its rows can't be written; that was said above.
    if not any(source.unreadable for source in sources.values()):
        problems += _bring_contents_up_to_date(sources.values(), check, root)
    return sorted(set(problems))


def _bring_contents_up_to_date(
    sources: Iterable[LessonSource], check: bool, root: Path
) -> list[Problem]:
    """Write the tables of contents, or only compare them."""
    if not check:
        new = {
            root / path: marked
            for path, text, marked in contents.pages(sources, root)
            if marked is not None and marked != text
        }
        write_together(new)
    return list(contents.stale(sources, root))


def notebook_path(source: LessonSource, language: str, *, solved: bool = False) -> Path:
    """Return where a lesson's notebook lies, relative to the checkout."""
    return _folder(language, solved) / f"{source.name}.ipynb"


def _folder(language: str, solved: bool) -> Path:
    return Path("notebooks", *["solutions"] * solved, language)


def _chosen(
    lessons: Sequence[str], sources: dict[str, LessonSource]
) -> list[LessonSource]:
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
    lessons: Sequence[str], sources: dict[str, LessonSource], root: Path
) -> Iterable[Problem]:
    for solved, language in product((False, True), LANGUAGES):
        for path in sorted((root / _folder(language, solved)).glob("*.ipynb")):
            source = sources.get(path.stem)
            if lessons and path.name[:2] not in lessons:
                continue
            if source is None:
                yield Problem(
                    path.relative_to(root),
                    1,
                    f"there is no source notebooks/lessons/{path.stem}/lesson.py for this "
                    "notebook; delete it or write the source",
                )
            elif solved and not has_solutions(source):
                yield Problem(
                    path.relative_to(root),
                    1,
                    "its lesson has no solutions, so there is nothing for this notebook "
                    "to show; delete it",
                )


def _prepare_fonts() -> None:
    """Let matplotlib list the fonts of a new machine here, once and for all kernels.

    A kernel that finds no list makes one, and says so on standard error.
    """
    import matplotlib.font_manager  # noqa: F401


async def _build_all(
    sources: list[LessonSource], check: bool, root: Path
) -> list[Problem]:
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
    source: LessonSource,
    check: bool,
    root: Path,
    kernels: asyncio.Semaphore,
    progress: Progress,
) -> list[Problem]:
    async def run(
        version: LessonSource, language: str, solved: bool
    ) -> tuple[NotebookNode, list[Problem]]:
        notebook = split(version, language)
        cells = sum(cell.cell_type == "code" for cell in notebook.cells)
        name = notebook_path(source, language, solved=solved).relative_to("notebooks")
        async with kernels:
            task = progress.add_task(name.as_posix(), total=cells)
            failure = await execute(notebook, lambda: progress.advance(task))
        written = version.in_language(language)
        if failure:
            line = written[failure.cell].line_of(failure.line)
            return notebook, [source.problem(line, failure.sentence)]
        return notebook, [
            source.problem(cell.line_of(0), sentence)
            for cell, node in zip(written, notebook.cells, strict=True)
            for outputs in [node.get("outputs", [])]
            for sentence in (
                *traces_in(outputs, root),
                *wrongly_judged(cell, outputs, solved=solved),
            )
        ]

    versions = [(published_version(source, root), False)]
    if has_solutions(source):
        versions.append((solved_version(source), True))
    planned = [
        (version, language, solved)
        for version, solved in versions
        for language in LANGUAGES
    ]
    results = await asyncio.gather(*(run(*each) for each in planned))
    problems = [problem for _, found in results for problem in found]
    if problems:
        return problems
    built = {}
    for (version, language, solved), (notebook, _) in zip(planned, results):
        path = notebook_path(source, language, solved=solved)
        built[root / path] = nbformat.v4.writes(notebook) + "\n"
        if check:
            problems += differences(notebook, path, version, root)
    if not check:
        write_together(built)
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
