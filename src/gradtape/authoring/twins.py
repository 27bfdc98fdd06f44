"""Hold the two languages against each other: nothing may stand in only one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise, zip_longest

from gradtape.authoring.markdown import Block, blocks
from gradtape.authoring.problem import Problem
from gradtape.authoring.source import LessonSource, SourceCell
from gradtape.language import LANGUAGES

_NAMES = {"en": "English", "zh": "Chinese"}
_NO_PROSE = re.compile(r"`[^`]*`|\$[^$]*\$|<[^>]*>|\]\([^)]*\)")
_FOUR_WORDS = re.compile(r"[A-Za-z]+(\W+[A-Za-z]+){3}")
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
_WITHOUT_MEANING = re.compile(r"\\text\{[^}]*\}|\\[,;:! ]|\s")  # words and spaces
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?!\w)")
# How a small number may be said in either language.
_WORDS = {
    "0": "zero|nothing|零",
    "1": "one|once|first|single|unit|一",
    "2": "two|twice|second|double|both|half|halve|二|两|双|半",
    "3": "three|third|三",
    "4": "four|四",
    "5": "five|fifth|五",
    "6": "six|六",
    "7": "seven|七",
    "8": "eight|八",
    "9": "nine|ninth|九",
}


def unpaired_cells(source: LessonSource) -> Iterator[Problem]:
    """Find prose without a language, or without its twin right after it."""
    waiting: SourceCell | None = None
    for cell in source.cells:
        if waiting and not (cell.kind == "markdown" and cell.language == "zh"):
            yield _alone(source, waiting)
            waiting = None
        if cell.kind == "raw":
            yield source.problem(
                cell.line, "a raw cell shows nowhere; make it markdown or code"
            )
        elif cell.kind == "code":
            if cell.language is not None:
                yield source.problem(
                    cell.line,
                    f"code stands once, for both languages; "
                    f'remove lang="{cell.language}"',
                )
        elif cell.language not in LANGUAGES:
            yield source.problem(cell.line, _which_language(cell.language))
        elif cell.language == "en":
            waiting = cell
        elif waiting:
            waiting = None
        else:
            yield _alone(source, cell)
    if waiting:
        yield _alone(source, waiting)


def _alone(source: LessonSource, cell: SourceCell) -> Problem:
    if cell.language == "en":
        return source.problem(
            cell.line,
            "this prose has no Chinese twin; put it right after this cell, under "
            '# %% [markdown] lang="zh"',
        )
    return source.problem(
        cell.line,
        "this prose has no English twin; put it right before this cell, under "
        '# %% [markdown] lang="en"',
    )


def _which_language(language: str | None) -> str:
    if language is None:
        return 'the language of this prose is not said; write lang="en" or lang="zh"'
    return f'lang is "{language}"; the course speaks "en" and "zh"'


def differing_blocks(source: LessonSource) -> Iterator[Problem]:
    """Find the blocks of prose that stand in one language only."""
    for english, chinese in pairwise(source.cells):
        if (english.language, chinese.language) == ("en", "zh"):
            yield from _compare(source, english, chinese)


def _compare(
    source: LessonSource, english: SourceCell, chinese: SourceCell
) -> Iterator[Problem]:
    ours, theirs = blocks(english.text), blocks(chinese.text)
    kinds = [block.kind for block in ours], [block.kind for block in theirs]
    matcher = SequenceMatcher(None, *kinds, autojunk=False)
    for _, start, end, twin_start, twin_end in matcher.get_opcodes():
        for block, twin in zip_longest(ours[start:end], theirs[twin_start:twin_end]):
            if twin is None:
                yield _without_twin(source, english, block, "zh", kinds)
            elif block is None:
                yield _without_twin(source, chinese, twin, "en", kinds)
            elif block.kind != twin.kind:
                yield source.problem(
                    chinese.line_of(twin.line),
                    f"a {twin.kind} in Chinese, but a {block.kind} in English "
                    f"(line {english.line_of(block.line)}); make them the same",
                )
            elif block.text == twin.text and _has_words(block.text):
                yield source.problem(
                    chinese.line_of(twin.line),
                    f"this {twin.kind} still stands in English; write it in Chinese",
                )
            else:
                yield from _different_facts(source, english, chinese, block, twin)


def _different_facts(
    source: LessonSource,
    english: SourceCell,
    chinese: SourceCell,
    block: Block,
    twin: Block,
) -> Iterator[Problem]:
    """Find a formula or a number that stands on one side only."""
    sides = (english, block, twin, "zh"), (chinese, twin, block, "en")
    for cell, here, there, language in sides:
        facts, others = _facts(here.text), _facts(there.text)
        for fact in facts.keys() - others.keys():
            if not _is_in_words(fact, there.text):
                yield source.problem(
                    cell.line_of(here.line),
                    f"{facts[fact]} stands in this {here.kind}, and not in its twin in "
                    f"{_NAMES[language]}; write the same in both",
                )


def _is_in_words(number: str, text: str) -> bool:
    words = _WORDS.get(number)
    return bool(words) and bool(re.search(words, text, re.IGNORECASE))


def _facts(text: str) -> dict[str, str]:
    """Return formulas and numbers as they stand, by what they say."""
    formulas = {
        _WITHOUT_MEANING.sub("", found): found for found in _FORMULA.findall(text)
    }
    prose = _NO_PROSE.sub(" ", _FORMULA.sub(" ", text))
    return formulas | {number: number for number in _NUMBER.findall(prose)}


def _without_twin(
    source: LessonSource,
    cell: SourceCell,
    block: Block,
    language: str,
    kinds: tuple[list, list],
) -> Problem:
    counts = tuple(side.count(block.kind) for side in kinds)
    return source.problem(
        cell.line_of(block.line),
        f"this {block.kind} has no twin in {_NAMES[language]} (of its kind, the cell "
        f"has {counts[0]} in English and {counts[1]} in Chinese); write it there too",
    )


def _has_words(text: str) -> bool:
    """Tell whether there is English to translate beside code and formulas."""
    prose = "" if text.startswith(("$$", "```")) else _NO_PROSE.sub(" ", text)
    return bool(_FOUR_WORDS.search(prose))
