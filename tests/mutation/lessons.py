"""The lessons as they lie in a checkout: sources, and the notebooks made from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from gradtape.authoring.exercises import (
    has_solutions,
    solved_version,
)
from gradtape.authoring.launch import published_version
from gradtape.authoring.pipeline import notebook_path
from gradtape.authoring.source import LessonSource, read_sources
from gradtape.authoring.split import split
from gradtape.language import LANGUAGES


@dataclass(frozen=True)
class Lesson:
    """One notebook of a lesson, and the version of the source that it was made from."""

    path: Path  # relative to the checkout
    version: LessonSource
    language: str
    is_solved: bool
    notebook: NotebookNode

    def line_of(self, cell: int, offset: int) -> int:
        """Return the line in the source of a line in a cell, both counted from 0."""
        return self.version.in_language(self.language)[cell].line_of(offset)


def read_lessons(root: Path) -> list[Lesson]:
    """Return all notebooks of a checkout, as they are committed."""
    return [
        Lesson(path, version, language, solved, nbformat.read(root / path, 4))
        for source in read_sources(root).values()
        for path, version, language, solved in versions_of(source, root)
    ]


def versions_of(
    source: LessonSource, root: Path
) -> Iterator[tuple[Path, LessonSource, str, bool]]:
    """Give the notebooks that a source stands for, each with what it is made from."""
    for solved, language in product((False, True), LANGUAGES):
        if not solved:
            path = notebook_path(source, language)
            yield path, published_version(source, root), language, False
        elif has_solutions(source):
            path = notebook_path(source, language, solved=True)
            yield path, solved_version(source), language, True


def as_if_run(
    version: LessonSource, language: str, committed: NotebookNode
) -> NotebookNode:
    """Make a notebook from a source, with the outputs that are committed.

    This is what a build gives as long as the code has not changed, without the minutes
    that running it takes.
    """
    notebook = split(version, language)
    ran = {}
    for cell in committed.cells:
        ran.setdefault(cell.source, []).append(cell)
    for cell in notebook.cells:
        if cell.cell_type == "code" and ran.get(cell.source):
            same = ran[cell.source].pop(0)
            cell.outputs, cell.execution_count = same.outputs, same.execution_count
    return notebook
