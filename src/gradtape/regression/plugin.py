"""Run notebooks under pytest and compare what they show with what they have stored.

``pytest --gradtape`` collects every ``.ipynb`` file. Each notebook gets a new kernel of
the Python that runs pytest, each code cell is one test. nbval runs the cells; what it
lets pass and should not, and how outputs are compared, is in this folder:

- a cell that was never run, or whose outputs are gone, fails;
- numbers are compared within a tolerance, pictures as a person sees them, tables by
  their cells, and whatever else a reader sees of an output;
- what belongs to the machine, such as a time or an address, is told and not compared;
- a kernel that dies fails at once, and a cell has two minutes.

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
_MARK_OF_A_REPORT = ".gradtape-report"
_MOST_TOLD = 8


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, ``--gradtape`` and those that begin like it."""
    group = parser.getgroup("gradtape", "notebooks as tests")
    group.addoption(
        "--gradtape",
        action="store_true",
        help="run notebooks and compare their outputs with those stored",
    )
    group.addoption(
        "--gradtape-update",
        action="store_true",
        help="run notebooks, show what would change in them, and store it",
    )
    group.addoption(
        "--gradtape-suggest",
        action="store_true",
        help="run each notebook three times and propose the settings that it needs",
    )
    group.addoption(
        "--gradtape-against",
        metavar="PYTHON",
        help="compare with the same notebooks in another environment, by its Python or "
        "the name of its kernel, in place of the stored outputs",
    )
    group.addoption(
        "--gradtape-report",
        metavar="DIR",
        help="write a page that shows what differs, the executed notebooks, and JUnit XML",
    )
    group.addoption(
        "--gradtape-describe",
        action="store_true",
        help="give figures of matplotlib a description in words and numbers",
    )


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Let other plugins say what they know of notebooks."""
    from . import hooks

    pluginmanager.add_hookspecs(hooks)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Refuse what can't be done; keep the cells of a notebook in one process."""
    option = config.option
    option.gradtape_lax = False
    if option.gradtape_update and os.environ.get("CI", "").lower() not in (
        "",
        "0",
        "false",
    ):
        raise pytest.UsageError(
            f"--gradtape-update in CI (CI={os.environ['CI']}) would store whatever "
            "comes out and call it right; run it on your machine, look at what it "
            "shows, and commit the notebooks"
        )
    if option.gradtape_update or option.gradtape_suggest:
        # What is shown, and written, is gathered in one process.
        option.dist, option.tx = "no", []
    asked = ("update", "suggest", "against", "report", "describe")
    if any(getattr(option, f"gradtape_{name}") for name in asked):
        option.gradtape = True
    if not option.gradtape:
        return
    if importlib.util.find_spec("nbval") is None:
        raise pytest.UsageError(
            "--gradtape runs notebooks with nbval, which is not installed here: "
            "pip install nbval"
        )
    if getattr(option, "dist", "no") in _CELLS_APART:
        option.dist = "loadscope"
    _take_over_from_nbval(option)
    if option.gradtape_report:
        _begin_report(config)


def _take_over_from_nbval(option) -> None:
    """Honour nbval's options, or say why they can't be."""
    if option.gradtape_update and option.gradtape_against:
        raise pytest.UsageError(
            "--gradtape-update stores what comes out here; --gradtape-against compares "
            "two environments and stores nothing: choose one"
        )
    if not option.nbval:
        # nbval would collect every notebook a second time.
        option.gradtape_lax, option.nbval_lax = option.nbval_lax, False
    if option.nbdime:
        raise pytest.UsageError(
            "--nbdime shows nbval's own failures; with --gradtape use --gradtape-report DIR"
        )
    if path := option.nbval_sanitize_with:
        text = Path(path).read_text("utf-8")
        regexes, pairs = text.count("\nregex: "), text.count("\nreplace: ")
        regexes += text.startswith("regex: ")
        from nbval.plugin import get_sanitize_patterns

        read = len(get_sanitize_patterns(text))
        if read < max(regexes, pairs):
            raise pytest.UsageError(
                f"{path} holds {regexes} lines `regex: ` and {pairs} lines `replace: `, of "
                f"which nbval reads {read} pairs: write each `replace: ` line right under "
                "its `regex: ` line"
            )


def _begin_report(config: pytest.Config) -> None:
    folder = Path(config.option.gradtape_report).resolve()
    config.option.gradtape_report = str(folder)
    if hasattr(config, "workerinput"):
        return
    from .report import begin

    begin(folder)
    if not config.option.xmlpath:
        config.option.xmlpath = str(folder / "junit.xml")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the executed notebooks of a report, which are no tests."""
    is_report = (
        config.option.gradtape and (collection_path / _MARK_OF_A_REPORT).exists()
    )
    return True if is_report else None


def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> pytest.Collector | None:
    """Collect a notebook, unless nbval's own option asks nbval to do it."""
    option = parent.config.option
    if file_path.suffix != ".ipynb" or not option.gradtape or option.nbval:
        return None
    if option.gradtape_suggest:
        from .suggesting import Suggested

        return Suggested.from_parent(parent, path=file_path)
    from .notebooks import Notebook

    notebook = Notebook.from_parent(parent, path=file_path)
    if option.gradtape_update:
        from .updating import Update

        notebook.update = Update(notebook)
    if option.gradtape_report:
        from .report import NotebookReport

        notebook.report = NotebookReport(notebook, Path(option.gradtape_report))
    return notebook


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
    """Say what was not compared; show what would change, then store it."""
    option = config.option
    if not option.gradtape or hasattr(config, "workerinput"):
        return
    _tell_what_was_not_compared(terminalreporter)
    if option.gradtape_update:
        from .updating import show_and_write

        show_and_write(config, terminalreporter)
    if option.gradtape_suggest:
        from .suggesting import show

        show(config, terminalreporter)
    if option.gradtape_report:
        from .report import finish

        page = finish(Path(option.gradtape_report), terminalreporter)
        terminalreporter.line(f"report: {page}")


def _tell_what_was_not_compared(terminalreporter: pytest.TerminalReporter) -> None:
    told = [
        f"{report.nodeid.partition('::')[0]}, {words}"
        for name in ("passed", "failed")
        for report in terminalreporter.stats.get(name, [])
        if getattr(report, "when", "") == "call"
        for key, words in report.user_properties
        if key == "not compared"
    ]
    if not told:
        return
    terminalreporter.section("not compared: it belongs to the machine")
    for line in told[:_MOST_TOLD]:
        terminalreporter.line(line)
    if len(told) > _MOST_TOLD:
        terminalreporter.line(f"and {len(told) - _MOST_TOLD} more (--gradtape-report)")
