"""What the lessons together hold: every pitfall once, every question somewhere."""

import re
from pathlib import Path

import pytest

from gradtape import content
from gradtape.authoring.markdown import headings
from gradtape.authoring.source import read_sources
from gradtape.tape.diagnosis.catalogue import PITFALLS

ROOT = Path(__file__).parents[1]
SOURCES = {source.lesson: source for source in read_sources(ROOT).values()}
FOUR_LINES = {
    "en": ["What was done", "The result", "Why", "Repair"],
    "zh": ["做了什么", "得到什么", "原因", "改法"],
}
TABLES = {"en": "questions.md", "zh": "questions.zh-CN.md"}
NOT_WRITTEN = "–"


def headings_of(lesson, language):
    """Return the headings of a lesson in order."""
    cells = SOURCES[lesson].in_language(language)
    texts = [cell.text for cell in cells if cell.kind == "markdown"]
    return [heading for text in texts for heading in headings(text)]


def pitfalls_of(language):
    """Return the cells of lesson 12 by the pitfall whose heading stands above them."""
    found, number = {}, None
    for cell in SOURCES["12"].in_language(language):
        for heading in headings(cell.text) if cell.kind == "markdown" else ():
            number = heading.text if re.fullmatch(r"P\d+", heading.text) else None
        if number:
            found.setdefault(number, []).append(cell)
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_lesson_12_holds_every_pitfall_in_the_order_of_its_number(language):
    numbers = list(pitfalls_of(language))
    assert numbers == [f"P{number}" for number in range(1, len(numbers) + 1)]
    assert {each for each in PITFALLS if re.fullmatch(r"P\d+", each)} <= {*numbers}
    # What a link from explain_gradient ends with is the same in both languages.
    anchors = {heading.anchor for heading in headings_of("12", language)}
    assert set(numbers) <= anchors


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_pitfall_has_the_same_four_lines_and_a_cell_to_run(language):
    for number, (prose, *cells) in pitfalls_of(language).items():
        labels = re.findall(r"^- \*\*(.+?)(?::\*\*|\*\*：).", prose.text, re.MULTILINE)
        assert labels == FOUR_LINES[language], number
        assert [cell.kind for cell in cells] == ["code"], number


def rows_of(language):
    """Return number, question, lesson and heading of each row of the table."""
    text = (ROOT / "docs" / TABLES[language]).read_text("utf-8")
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if re.match(r"\| *\d", line)
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_question_has_a_heading_that_answers_it(language):
    rows = rows_of(language)
    assert [row[0] for row in rows] == [str(number) for number in range(1, 31)]
    for number, _, lesson, heading in rows:
        if lesson in content.lesson_folders():
            known = {each.text for each in headings_of(lesson, language)}
            assert heading in known, (number, heading)
        else:
            assert heading == NOT_WRITTEN, number


def test_both_tables_send_to_the_same_places():
    for (*_, lesson, heading), (*_, other, twin) in zip(
        rows_of("en"), rows_of("zh"), strict=True
    ):
        assert lesson == other
        if heading != NOT_WRITTEN:
            places = [
                [each.text for each in headings_of(lesson, language)].index(text)
                for language, text in (("en", heading), ("zh", twin))
            ]
            assert places[0] == places[1], (heading, twin)
