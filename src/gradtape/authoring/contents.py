"""The tables of contents: written from the headers of the lessons, between two marks."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from gradtape.authoring.markdown import headings
from gradtape.authoring.problem import Problem
from gradtape.authoring.source import LessonSource

PAGES = {
    Path("README.md"): "en",
    Path("README.zh-CN.md"): "zh",
    Path("docs", "teaching.md"): "en",
    Path("docs", "teaching.zh-CN.md"): "zh",
    Path("notebooks", "en", "README.md"): "en",
    Path("notebooks", "zh", "README.md"): "zh",
}
_HEADS = {
    "en": ("Lesson", "Minutes", "What it teaches"),
    "zh": ("课", "分钟", "学什么"),
}
_TABLE = re.compile(r"(<!-- lessons -->\n)(.*?)(<!-- /lessons -->)", re.DOTALL)


def pages(
    sources: Iterable[LessonSource], root: Path
) -> Iterator[tuple[Path, str, str | None]]:
    """Give every page of the checkout that holds a table of contents.

    Parameters
    ----------
    sources : iterable of LessonSource
        The lessons in which nothing is wrong, in order.
    root : Path
        The checkout.

    Yields
    ------
    path : Path
        The page, relative to the checkout.
    text : str
        What it holds.
    new : str or None
        What it is to hold; None where it has no marks to write between.
    """
    sources = list(sources)
    for path, language in PAGES.items():
        if (root / path).is_file():
            text = (root / path).read_text("utf-8")
            new = table(sources, language, path.parent)
            marked, count = _TABLE.subn(lambda m, new=new: m[1] + new + m[3], text)
            yield path, text, marked if count else None


def stale(sources: Iterable[LessonSource], root: Path) -> Iterator[Problem]:
    """Give a problem for every page whose table is not what the lessons say."""
    for path, text, new in pages(sources, root):
        if new is None:
            yield Problem(
                path,
                1,
                "the marks <!-- lessons --> and <!-- /lessons --> are missing; write "
                "them where the table of contents stands",
            )
        elif new != text:
            lines = zip(text.splitlines(), new.splitlines())
            line = next((i for i, (a, b) in enumerate(lines, 1) if a != b), 1)
            yield Problem(
                path,
                line,
                "the table of contents is not what the lessons say; run gradtape build",
            )


def table(sources: Sequence[LessonSource], language: str, folder: Path) -> str:
    """Return the table of the lessons in a language.

    Parameters
    ----------
    sources : sequence of LessonSource
        The lessons.
    language : {"en", "zh"}
        The language of the page.
    folder : Path
        The page's folder, relative to the checkout: links start there.
    """
    notebooks = os.path.relpath(Path("notebooks", language), folder)
    notebooks = "" if notebooks == "." else f"{Path(notebooks).as_posix()}/"
    rows = [
        f"| [{_title(source, language)}]({notebooks}{source.name}.ipynb) "
        f"| {_minutes(source)} | {source.teaches[language]} |\n"
        for source in sources
    ]
    head = f"| {' | '.join(_HEADS[language])} |\n|---|---|---|\n"
    return head + "".join(rows)


def _minutes(source: LessonSource) -> str:
    """Return the minutes of the core, and of what is marked optional besides."""
    core, optional = source.minutes, source.optional
    return f"{core} + {optional}" if optional else str(core)


def _title(source: LessonSource, language: str) -> str:
    cells = [c for c in source.in_language(language) if c.kind == "markdown"]
    return next(heading.text for cell in cells for heading in headings(cell.text))
