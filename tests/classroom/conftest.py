"""A checkout with one small lesson, of which classes are made."""

import shutil
from pathlib import Path

import pytest

SMALL_LESSON = Path(__file__).with_name("the_tape.py")


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    root = tmp_path_factory.mktemp("checkout")
    lesson = root / "notebooks" / "lessons" / "02_the_tape"
    lesson.mkdir(parents=True)
    shutil.copy(SMALL_LESSON, lesson / "lesson.py")
    return root
