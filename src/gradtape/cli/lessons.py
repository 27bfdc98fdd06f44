"""The learner's lessons: open, copy, list and reset them."""

from __future__ import annotations

import argparse
from pathlib import Path

from gradtape import workspace
from gradtape.cli.exit_codes import GOOD
from gradtape.cli.required import require, require_tensorflow
from gradtape.language import current_language, say


def lab(options: argparse.Namespace) -> int:
    """Open the learner's lessons in JupyterLab."""
    require("lab")
    from gradtape.lab import open_lab

    require_tensorflow()
    _put_lessons(options.folder)
    return open_lab(
        options.folder,
        current_language(),
        browser=not options.no_browser,
        verbose=options.verbose,
        arguments=options.for_jupyter,
    )


def _put_lessons(folder: Path) -> None:
    for path in workspace.prepare(folder, current_language()):
        print(
            say(
                en=f"  A new version of a lesson that you have changed: {path.name}",
                zh=f"  你改动过的一课有了新版本：{path.name}",
            )
        )


def copy(options: argparse.Namespace) -> int:
    """Put the lessons into the learner's folder, and say which it is."""
    _put_lessons(options.folder)
    print(options.folder)
    return GOOD


def list_lessons(options: argparse.Namespace) -> int:
    """List the lessons, and how far the learner has come in each."""
    from rich.console import Console
    from rich.table import Table

    from gradtape.exercises import progress_file as record

    lang = current_language()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column(say(en="Lesson", zh="课"))
    table.add_column(say(en="Minutes", zh="分钟"), justify="right")
    table.add_column(say(en="What it teaches", zh="学什么"))
    table.add_column("")
    passed = record.passed(options.folder)
    for lesson in workspace.lessons(lang):
        state = []
        if workspace.is_begun(options.folder, lesson, lang):
            state.append(say(en="begun", zh="已开始"))
        if lesson.exercises:
            state.append(_exercises_done(lesson, passed.get(lesson.number, [])))
        table.add_row(
            lesson.number,
            lesson.title.partition(" · ")[2] or lesson.title,
            _minutes(lesson),
            lesson.teaches,
            say(en=", ", zh="，").join(state),
        )
    Console(markup=False).print(table)
    return GOOD


def _minutes(lesson: workspace.Lesson) -> str:
    """Return the minutes of a lesson: its core, and what is optional besides."""
    core, optional = lesson.minutes, lesson.optional_minutes
    return f"{core} + {optional}" if optional else str(core)


def _exercises_done(lesson: workspace.Lesson, passed: list[str]) -> str:
    count, total = len(set(passed) & set(lesson.exercises)), len(lesson.exercises)
    bar = "●" * count + "○" * (total - count)
    return say(
        en=f"{bar} {count} of {total} exercises", zh=f"{bar} 练习 {count}/{total}"
    )


def reset(options: argparse.Namespace) -> int:
    """Put a fresh copy of a lesson into the learner's folder."""
    lang = current_language()
    lesson = workspace.find_lesson(options.lesson, lang)
    kept = workspace.reset(options.folder, lesson, lang)
    place = options.folder / lang / lesson.name
    print(say(en=f"{place} is fresh.", zh=f"{place} 已恢复原样。"))
    if kept:
        print(say(en=f"Your version is {kept}.", zh=f"你的版本在 {kept}。"))
    return GOOD
