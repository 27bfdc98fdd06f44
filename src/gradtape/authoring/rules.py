"""What can be told of a lesson without running it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from gradtape.authoring.exercises import badly_marked
from gradtape.authoring.glossary import missing_brackets
from gradtape.authoring.markdown import Link, headings, links, literal_stars
from gradtape.authoring.optional import badly_marked_optional
from gradtape.authoring.problem import Problem
from gradtape.authoring.source import START_CALL, LessonSource, SourceCell
from gradtape.authoring.twins import differing_blocks, unpaired_cells
from gradtape.language import LANGUAGES

_KNOWN_TAG = re.compile(r"raises-exception|mask=.+|[ra]tol=\d+(\.\d+)?(e-?\d+)?")
_CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def problems_in(
    source: LessonSource, sources: Mapping[str, LessonSource], root: Path
) -> list[Problem]:
    """Return what is wrong with a lesson as it is written.

    Parameters
    ----------
    source : LessonSource
        The lesson.
    sources : mapping of str to LessonSource
        All lessons by file name without its ending: where links may lead.
    root : Path
        The checkout.

    Returns
    -------
    list of Problem
        In the order of the lines; empty if all is well.
    """
    found = list(source.unreadable)
    if source.cells:
        found += unpaired_cells(source)
        found += differing_blocks(source)
        found += _unknown_metadata(source)
        found += _code(source)
        found += badly_marked(source)
        found += badly_marked_optional(source)
        found += missing_brackets(source)
        found += _same_number(source, sources)
        for language in LANGUAGES:
            found += _headings(source, language)
            found += _links(source, language, sources, root)
            found += _bold(source, language)
    elif not found:
        found.append(source.problem(1, "the lesson is empty"))
    return sorted(set(found))


def _same_number(
    source: LessonSource, sources: Mapping[str, LessonSource]
) -> Iterator[Problem]:
    for other in sources.values():
        if other.lesson == source.lesson and other.path < source.path:
            yield source.problem(
                1, f"{other.name} has the number {source.lesson} too; change one"
            )


def _unknown_metadata(source: LessonSource) -> Iterator[Problem]:
    for cell in source.cells:
        for key in sorted(cell.metadata.keys() - {"lang", "tags"}):
            yield source.problem(
                cell.line,
                f"this line says {key!r}, which the build does not know; a cell has "
                'lang="en" or lang="zh", or tags=["raises-exception"]',
            )
        for tag in cell.tags:
            if not _KNOWN_TAG.fullmatch(tag) or cell.kind != "code":
                yield source.problem(
                    cell.line,
                    f'the tag is "{tag}"; the build knows "raises-exception", for '
                    'code that is meant to fail, a tolerance such as "rtol=0.05", and a '
                    'mask such as "mask=took .* s"',
                )


def _code(source: LessonSource) -> Iterator[Problem]:
    starts = []
    for cell in source.cells:
        if not cell.text.strip():
            yield source.problem(cell.line, "the cell is empty; fill it or delete it")
        if cell.kind != "code":
            continue
        starts += [(cell, match) for match in START_CALL.finditer(cell.text)]
        for offset, line in enumerate(cell.text.splitlines()):
            if _CHINESE.search(line):
                yield source.problem(
                    cell.line_of(offset),
                    "Chinese in code, which stands in both notebooks; move the words "
                    "into the prose",
                )
    if len(starts) != 1:
        yield source.problem(
            _line_of_match(*starts[1]) if starts else source.cells[0].line,
            f'the lesson has {len(starts)} calls gt.start("{source.lesson}", '
            'lang="en"); it needs exactly one, in its first code cell',
        )
    for cell, match in starts:
        if match[2] != source.lesson:
            yield source.problem(
                _line_of_match(cell, match),
                f'gt.start says "{match[2]}" in lesson {source.lesson}; '
                "write the lesson's number",
            )


def _line_of_match(cell: SourceCell, match: re.Match) -> int:
    return cell.line_of(cell.text.count("\n", 0, match.start()))


def _headings(source: LessonSource, language: str) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    titles = []
    for line, heading in _headings_of(source, language):
        if heading.level == 1:
            titles.append(line)
        if heading.anchor in seen:
            yield source.problem(
                line,
                f'the heading "{heading.text}" stands in line {seen[heading.anchor]} '
                "already, and a link could not tell them apart; change one",
            )
        seen.setdefault(heading.anchor, line)
    first = next(iter(_headings_of(source, language)), None)
    if first is None or first[1].level != 1:
        yield source.problem(
            first[0] if first else source.cells[0].line,
            'a lesson begins with its title, a heading "# ..."',
        )
    for line in titles[1:]:
        yield source.problem(
            line, 'a lesson has one title; make this heading a section, "## ..."'
        )


def _headings_of(source: LessonSource, language: str) -> Iterator[tuple[int, object]]:
    for cell in source.in_language(language):
        if cell.kind == "markdown":
            for heading in headings(cell.text):
                yield cell.line_of(heading.line), heading


def _links(
    source: LessonSource, language: str, sources: Mapping[str, LessonSource], root: Path
) -> Iterator[Problem]:
    for cell in source.in_language(language):
        if cell.kind == "markdown":
            for link in links(cell.text):
                if sentence := _dead(link, source, language, sources, root):
                    yield source.problem(cell.line_of(link.line), sentence)


def _bold(source: LessonSource, language: str) -> Iterator[Problem]:
    for cell in source.in_language(language):
        for line in literal_stars(cell.text) if cell.kind == "markdown" else ():
            yield source.problem(
                cell.line_of(line),
                "a ** is shown as it stands, since bold does not end between "
                "punctuation and a letter; write the punctuation after it, "
                "**like this**: and code between backquotes",
            )


def _dead(
    link: Link,
    source: LessonSource,
    language: str,
    sources: Mapping[str, LessonSource],
    root: Path,
) -> str | None:
    """Return what is wrong with a link, or None."""
    what = "image" if link.is_image else "link"
    parts = urlsplit(link.target)
    if parts.scheme or parts.netloc:
        return None
    path, anchor = unquote(parts.path), unquote(parts.fragment)
    if path.startswith("/") or ".." in path.split("/"):
        return (
            f"the {what} {link.target} leads out of the folder of lessons, which is "
            "all that a learner has; use a full web address"
        )
    if link.is_image or (path and not path.endswith(".ipynb")):
        beside = root / "notebooks" / language / path
        return None if beside.is_file() else f"the {what} {link.target} is not there"
    target = sources.get(path.removesuffix(".ipynb")) if path else source
    if target is None:
        return f"the link leads to {path}, and there is no such lesson"
    anchors = {heading.anchor for _, heading in _headings_of(target, language)}
    if anchor and anchor not in anchors:
        return (
            f"the link leads to #{anchor}, and {target.name} has no heading with "
            f"this anchor in its {language} notebook"
        )
    return None
