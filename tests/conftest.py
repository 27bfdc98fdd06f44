"""Fixtures that several tests share."""

import signal

import nbformat
import pytest

from gradtape import language, workspace


@pytest.fixture(autouse=True)
def english():
    """Begin and leave every test in English."""
    language.set_language("en")
    yield
    language.set_language("en")


@pytest.fixture(autouse=True, scope="session")
def interruptible():
    """Heed interrupts, and so have whatever the tests start.

    A script's ``pytest &`` would have all of them ignored.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Ship two small lessons in both languages instead of the real ones."""
    root = tmp_path / "shipped"

    def folder(lang):
        return root / lang

    for lang, title in (("en", "The tape"), ("zh", "梯度带")):
        folder(lang).mkdir(parents=True)
        (folder(lang) / "README.md").write_text("# Contents\n")
        for number in (1, 2):
            notebook = nbformat.v4.new_notebook()
            notebook.metadata["gradtape"] = {
                "lesson": f"{number:02}",
                "language": lang,
                "minutes": 10 * number,
                "teaches": f"{title}!",
            }
            notebook.cells = [
                nbformat.v4.new_markdown_cell(f"# {number} · {title}", id="title"),
                nbformat.v4.new_code_cell(f"print({number})", id="code"),
            ]
            nbformat.write(notebook, folder(lang) / f"{number:02}_tape.ipynb")
    monkeypatch.setattr(workspace, "lessons_folder", folder)
    return root
