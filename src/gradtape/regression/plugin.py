"""Run notebooks under pytest and compare what they show with what they have stored.

``pytest --gradtape`` collects every ``.ipynb`` file. Each notebook gets a new kernel of
the Python that runs pytest, each code cell is one test. nbval runs the cells; what it
lets pass and should not, and how outputs are compared, is in this folder:

- a cell that was never run, or whose outputs are gone, fails;
- what is written on standard error is captured, and fails;
- numbers are compared within a tolerance, figures by their description;
- a kernel that dies fails at once, and a cell has two minutes;
- a notebook that is not what its source gives fails.

Here are the options and the hooks. pytest loads this module in every run of every
project, so it imports nothing that takes time, and nbval only when a notebook is met.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Generator
from pathlib import Path

import pytest

_CELLS_APART = ("load", "worksteal")  # xdist's ways that would share out one notebook


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options ``--gradtape`` and ``--gradtape-update``."""
    group = parser.getgroup("gradtape", "notebooks as tests")
    group.addoption(
        "--gradtape",
        action="store_true",
        help="run notebooks and compare their outputs, numbers within a tolerance",
    )
    group.addoption(
        "--gradtape-update",
        action="store_true",
        help="run notebooks, show what would change in them, and store it",
    )
    group.addoption(
        "--plain-kernel",
        action="store_true",
        help="start each kernel anew, instead of forking one that has TensorFlow ready",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse what can't be done; keep the cells of a notebook in one process."""
    option = config.option
    if option.plain_kernel:
        os.environ["GRADTAPE_PLAIN_KERNEL"] = "1"
    if option.gradtape_update:
        if os.environ.get("CI", "").lower() not in ("", "0", "false"):
            raise pytest.UsageError(
                f"--gradtape-update in CI (CI={os.environ['CI']}) would store whatever "
                "comes out and call it right; run it on your machine, look at what it "
                "shows, and commit the notebooks"
            )
        option.gradtape = True
        # What changes is shown and written by one process, at the end.
        option.dist, option.tx = "no", []
    if option.gradtape and importlib.util.find_spec("nbval") is None:
        raise pytest.UsageError(
            "--gradtape runs notebooks with nbval, which is not installed here: "
            "pip install nbval"
        )
    if option.gradtape and getattr(option, "dist", "no") in _CELLS_APART:
        option.dist = "loadscope"


def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> pytest.Collector | None:
    """Collect a notebook, unless nbval's own option asks nbval to do it."""
    option = parent.config.option
    if file_path.suffix != ".ipynb" or not option.gradtape or option.nbval:
        return None
    from gradtape.regression.notebooks import Notebook

    return Notebook.from_parent(parent, path=file_path)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    items: list[pytest.Item],
) -> Generator[None, None, None]:
    """Keep a notebook's cells together and in their order, whoever shuffled the tests."""
    yield
    notebooks: dict[pytest.Collector, list[pytest.Item]] = {}
    for item in items:
        if hasattr(item, "place_in_notebook"):
            notebooks.setdefault(item.parent, []).append(item)
    for notebook, tests in notebooks.items():
        tests.sort(key=lambda test: test.place_in_notebook)
        notebook.asked_for = {test for test in tests if test.place_in_notebook}
    ordered = []
    for item in items:
        if hasattr(item, "place_in_notebook"):
            ordered += notebooks.pop(item.parent, [])
        else:
            ordered.append(item)
    items[:] = ordered


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Show what would change in the notebooks, then store it."""
    if config.option.gradtape_update:
        from gradtape.regression.updating import show_and_write

        show_and_write(config, terminalreporter)
