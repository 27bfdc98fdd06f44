"""The tables of answers, one a lesson, and a record that begins empty."""

import matplotlib.pyplot as plt
import pytest

from gradtape import content
from gradtape.exercises import progress_file as record


def _table(lesson):
    """Return the module ``answers.py`` of a lesson's folder."""
    return content.load(lesson, "answers")


def pytest_generate_tests(metafunc):
    """Give a test that asks for ``answered`` every answer of a table."""
    if "answered" not in metafunc.fixturenames:
        return
    kind = metafunc.definition.get_closest_marker("table").args[0]
    cases = []
    for lesson in content.lesson_folders():
        for number, entry in getattr(_table(lesson), kind, {}).items():
            if isinstance(entry, dict):
                named = entry.items()
            elif isinstance(entry, list):
                named = enumerate(entry)
            else:
                named = [("", entry)]
            cases += [
                pytest.param((number, name, make), id=f"{number} {name}".strip())
                for name, make in named
            ]
    metafunc.parametrize("answered", cases)


def pytest_configure(config):
    """Register the mark that says which table a test goes through."""
    config.addinivalue_line(
        "markers", "table(kind): the table of answers to go through"
    )


@pytest.fixture
def table():
    """Return the function that reads the table of a lesson."""
    return _table


@pytest.fixture(autouse=True)
def nothing_done_yet(monkeypatch, tmp_path):
    """Begin every test with an empty record in memory, outside of any folder."""
    monkeypatch.setattr(record, "_in_memory", record._parse(b"{}"))
    monkeypatch.chdir(tmp_path)
    yield
    plt.close("all")
