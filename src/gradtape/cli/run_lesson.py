"""Run a lesson in the terminal."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gradtape import workspace
from gradtape.cli.exit_codes import FAILED, GOOD
from gradtape.cli.required import require, require_tensorflow
from gradtape.file_errors import WorkspaceError
from gradtape.language import current_language, say


def run(options: argparse.Namespace) -> int:
    """Run a lesson, and say where it failed."""
    require("lab")
    import asyncio

    from rich.console import Console
    from rich.progress import Progress

    from gradtape.authoring.execute import execute

    require_tensorflow()
    lang = current_language()
    lesson = workspace.find_lesson(options.lesson, lang)
    path = workspace.own_or_shipped(options.folder, lesson, lang)
    notebook = _read_notebook(path, lesson)
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    console = Console(stderr=True)
    with Progress(
        console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task(lesson.title, total=cells)
        failure = asyncio.run(execute(notebook, lambda: progress.advance(task)))
    if failure is None:
        print(
            say(
                en=f"{lesson.title}: all {cells} cells ran.",
                zh=f"{lesson.title}：{cells} 个单元格全部运行完毕。",
            )
        )
        return GOOD
    print(_failure_report(path, notebook, failure), file=sys.stderr)
    return FAILED


def _read_notebook(path: Path, lesson: workspace.Lesson):
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except (
        nbformat.ValidationError,
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
    ):
        raise WorkspaceError(
            say(
                en=f'{path} is not a notebook any more; "gradtape reset '
                f'{lesson.number}" puts a fresh copy there and keeps this one.',
                zh=f"{path} 已经不是笔记本了；运行 gradtape reset {lesson.number} "
                "会换上一份全新的，并保留这一份。",
            )
        ) from None
    return notebook


def _failure_report(path: Path, notebook, failure) -> str:
    section = ""
    for cell in notebook.cells[: failure.cell]:
        if cell.cell_type == "markdown":
            headings = [x for x in cell.source.split("\n") if x.startswith("#")]
            section = headings[-1].lstrip("# ") if headings else section
    code = notebook.cells[failure.cell].source.split("\n")
    marked = [
        f"  {'->' if number == failure.line else '  '} {line}"
        for number, line in enumerate(code)
    ]
    where = say(
        en=f"{path} failed in the section “{section}”:",
        zh=f"{path} 在“{section}”一节出错：",
    )
    return "\n".join([where, *marked, failure.sentence])
