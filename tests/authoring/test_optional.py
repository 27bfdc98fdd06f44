"""The minutes that a header says, and the terms that the table of authors names."""

from pathlib import Path

import pytest

from gradtape.authoring.glossary import BRACKETS
from gradtape.authoring.optional import reading_minutes
from gradtape.authoring.source import read_sources

ROOT = Path(__file__).parents[2]
TO_LOOK_THINGS_UP_IN = ("12",)
LESSONS = [
    source
    for source in read_sources(ROOT).values()
    if source.lesson not in TO_LOOK_THINGS_UP_IN
]
LONGEST_CORE = 45
OFF = 6.0  # minutes


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.lesson)
def test_a_lesson_takes_as_long_as_its_header_says(lesson):
    core, optional = reading_minutes(lesson)
    assert lesson.minutes <= LONGEST_CORE
    assert round(core) <= LONGEST_CORE
    assert core == pytest.approx(lesson.minutes, abs=OFF)
    assert optional == pytest.approx(lesson.optional, abs=OFF)


@pytest.mark.parametrize(("term", "bracket"), BRACKETS.items())
def test_authors_are_told_of_each_term(term, bracket):
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert f"{term}{bracket}" in text.replace("的梯度（unc", "（unc")
