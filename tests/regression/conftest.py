"""Notebooks written cell by cell, and run under the plugin."""

import os

import nbformat
import pytest

# Before pytest runs within pytest, since what that one imports first is dropped with
# it, and extensions written in C can't be imported twice.
import gradtape.authoring.lesson_tests
import gradtape.authoring.rules
import gradtape.regression.notebooks
import gradtape.regression.updating  # noqa: F401

HOME = {name: os.environ.get(name) for name in ("HOME", "USERPROFILE")}


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
def home(pytester, monkeypatch):
    """Take back the home that pytester has changed.

    So these kernels are forked from the fork server that all the others come from: a start
    of one takes seconds.
    """
    for name, value in HOME.items():
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)


@pytest.fixture
def run(pytester, notebook, monkeypatch, home):
    """Write a notebook of these cells and run it; give the result and what was said.

    pytest runs within pytest, as a start takes seconds.
    """
    monkeypatch.delenv("CI", raising=False)

    def run_cells(*cells, arguments=(), **metadata):
        if cells:
            notebook(*cells, **metadata)
        result = pytester.runpytest_inprocess(
            "--gradtape", "-p", "no:xdist", *arguments
        )
        return result, result.stdout.str()

    return run_cells
