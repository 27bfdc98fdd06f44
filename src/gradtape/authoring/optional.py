"""What of a lesson is its core, what is marked optional, and how long each takes."""

from __future__ import annotations

from collections.abc import Iterator

from gradtape.authoring.exercises import is_solution
from gradtape.authoring.markdown import headings
from gradtape.authoring.problem import Problem
from gradtape.authoring.source import LessonSource

OPTIONAL = {"en": "(optional)", "zh": "（选学）"}
# What readers took who ran every cell and made every guess.
_WORDS_A_MINUTE = 80.0
_MINUTES_A_LINE = 0.25  # of code


def reading_minutes(source: LessonSource) -> tuple[float, float]:
    """Return how many minutes core and optional sections take, exercises apart.

    Words over 80 a minute, and a quarter of a minute for each line of code.
    """
    core = optional = 0.0
    for kind, text, is_optional in _read(source):
        if kind == "code":
            lines = sum(bool(line.strip()) for line in text.splitlines())
            minutes = lines * _MINUTES_A_LINE
        else:
            minutes = len(text.split()) / _WORDS_A_MINUTE
        core, optional = (
            (core, optional + minutes) if is_optional else (core + minutes, optional)
        )
    return core, optional


def badly_marked_optional(source: LessonSource) -> Iterator[Problem]:
    """Find optional sections that are marked in one language, or not in the header."""
    marked: dict[str, list[tuple[int, int]]] = {"en": [], "zh": []}
    for language, found in marked.items():
        places = (
            (cell.line_of(heading.line), heading)
            for cell in source.in_language(language)
            if cell.kind == "markdown"
            for heading in headings(cell.text)
        )
        for place, (line, heading) in enumerate(places):
            if heading.text.endswith(OPTIONAL[language]):
                found.append((place, line))
    ours, theirs = ({place for place, _ in found} for found in marked.values())
    for language, other in (("en", theirs), ("zh", ours)):
        for place, line in marked[language]:
            if place not in other:
                yield source.problem(
                    line,
                    "this section is marked optional in one language only; write "
                    f'"{OPTIONAL["en"]}" and "{OPTIONAL["zh"]}" at the ends of both',
                )
    if bool(ours) != bool(source.optional):
        yield source.problem(
            1,
            'the header says "optional:" and how many minutes if and only if a section '
            f"is marked optional; it says {source.optional}, and {len(ours)} are",
        )


def _read(source: LessonSource) -> Iterator[tuple[str, str, bool]]:
    """Give the kind and the text of what is read, and whether it is optional.

    A cell with headings in it is several texts. Exercises are left out.
    """
    above: tuple[int, bool] = (0, False)  # the level of a heading; is it optional?
    section: list[tuple[str, str, bool]] = []
    has_exercises = False
    for cell in source.in_language("en"):
        has_exercises |= is_solution(cell)
        lines, begin = cell.text.splitlines(), 0
        for heading in headings(cell.text) if cell.kind == "markdown" else []:
            section.append(
                (cell.kind, "\n".join(lines[begin : heading.line]), above[1])
            )
            begin = heading.line
            if heading.level <= 2:
                yield from [] if has_exercises else section
                section, has_exercises = [], False
            if not above[1] or heading.level <= above[0]:
                above = (heading.level, heading.text.endswith(OPTIONAL["en"]))
        section.append((cell.kind, "\n".join(lines[begin:]), above[1]))
    yield from [] if has_exercises else section
