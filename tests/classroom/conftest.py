"""A checkout with one small lesson, of which classes are made."""

import shutil
from pathlib import Path

import pytest

SMALL_LESSON = Path(__file__).parent / "lessons" / "02_the_tape.py"


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    root = tmp_path_factory.mktemp("checkout")
    lessons = root / "notebooks" / "lessons"
    lessons.mkdir(parents=True)
    shutil.copy(SMALL_LESSON, lessons)
    return root
