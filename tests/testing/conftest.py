"""Notebooks written cell by cell, and run under the plugin."""

import nbformat
import pytest


@pytest.fixture
def notebook(pytester):
    """Write a notebook of these cells; give its path."""

    def write(*cells, name="lesson.ipynb", **metadata):
        written = nbformat.v4.new_notebook(cells=list(cells), metadata=metadata)
        path = pytester.path / name
        nbformat.write(written, path)
        return path

    return write


@pytest.fixture
def run(pytester, notebook, monkeypatch):
    """Write a notebook of these cells and run it; give the result and what was said.

    Its kernel is plain: these cells need no TensorFlow, and a folder of their own is a
    home of its own, so that each would wait for a resident of its own.
    """
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("GRADTAPE_PLAIN_KERNEL", "1")

    def run_cells(*cells, arguments=(), **metadata):
        if cells:
            notebook(*cells, **metadata)
        result = pytester.runpytest_subprocess(
            "--gradtape", "-p", "no:xdist", *arguments
        )
        return result, result.stdout.str()

    return run_cells
