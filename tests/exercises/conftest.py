"""The tables of answers, one a lesson, and a record that begins empty."""

import importlib.util
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from gradtape.exercises import record


def _table(lesson):
    """Return the module ``lesson_NN.py`` that stands beside this file."""
    path = Path(__file__).with_name(f"lesson_{lesson}.py")
    spec = importlib.util.spec_from_file_location(f"answers_to_lesson_{lesson}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pytest_generate_tests(metafunc):
    """Give a test that asks for ``answered`` every answer of a table."""
    if "answered" not in metafunc.fixturenames:
        return
    kind = metafunc.definition.get_closest_marker("table").args[0]
    cases = []
    for path in sorted(Path(__file__).parent.glob("lesson_*.py")):
        for number, entry in getattr(_table(path.stem[-2:]), kind, {}).items():
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
