"""Make the folder of a class: nbgrader's settings, its header and an assignment a lesson."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

import gradtape
from gradtape.authoring.exercises import has_solutions
from gradtape.authoring.source import Source, read_sources
from gradtape.classroom.assignment import assignment, mark, points_of
from gradtape.file_errors import WorkspaceError, telling_refusals
from gradtape.files import write_whole
from gradtape.language import say

_LARGEST_SEED = 10**6


@dataclass(frozen=True)
class Assignment:
    """One lesson's exercises in a class.

    Attributes
    ----------
    name : str
        What nbgrader calls it: ``"lesson_02"``.
    path : Path
        Its source notebook.
    points : float
        How many can be had.
    is_new : bool
        False where the notebook was there before and was left as it is.
    """

    name: str
    path: Path
    points: float
    is_new: bool


def make_class(
    folder: Path, lang: str, lessons: Sequence[str] = (), *, root: Path
) -> list[Assignment]:
    """Make a class in a folder, or add lessons to the one that is there.

    What is there is left as it is: the teacher may have changed it, and learners may
    have been given it.

    Parameters
    ----------
    folder : Path
        The class's folder; it is made if need be.
    lang : {"en", "zh"}
        The language of the class.
    lessons : sequence of str
        Numbers of lessons, two digits; none means all that have exercises.
    root : Path
        The checkout: the folder that holds ``notebooks/lessons``.

    Returns
    -------
    list of Assignment
        In the order of the lessons.

    Raises
    ------
    WorkspaceError
        If a lesson has no exercises or does not exist, or the folder cannot be used.
    """
    sources = _chosen(read_sources(root), lessons)
    with telling_refusals(folder):
        _put(folder / "nbgrader_config.py", _configuration(folder, lang))
        _put(folder / "source" / "header.ipynb", _header())
        return [_add(source, folder, lang) for source in sources]


def _chosen(sources: dict[str, Source], lessons: Sequence[str]) -> list[Source]:
    with_exercises = {s.lesson: s for s in sources.values() if has_solutions(s)}
    known = ", ".join(with_exercises) or "—"
    for number in lessons or ["—"] * (not with_exercises):
        if number not in with_exercises:
            raise WorkspaceError(
                say(
                    en=f"No exercises to grade in lesson {number}; there are some in {known}.",
                    zh=f"第 {number} 课没有可评分的练习；有练习的课是 {known}。",
                )
            )
    return [s for s in with_exercises.values() if not lessons or s.lesson in lessons]


def _add(source: Source, folder: Path, lang: str) -> Assignment:
    name = f"lesson_{source.lesson}"
    path = folder / "source" / name / f"{source.name}.ipynb"
    made = assignment(source, lang, secrets.randbelow(_LARGEST_SEED))
    is_new = _put(path, nbformat.v4.writes(made) + "\n")
    if not is_new:
        made = nbformat.read(path, as_version=4)
    return Assignment(name, path, points_of(made), is_new)


def _put(path: Path, text: str) -> bool:
    """Write a file if there is none; tell whether it was written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return False
    write_whole(path, text.encode())
    return True


def _configuration(folder: Path, lang: str) -> str:
    return f'''\
"""Settings of this class for nbgrader, made by gradtape {gradtape.__version__}. They are yours to change."""

from gradtape.classroom.settings import settings

c = get_config()  # noqa: F821
c.merge(settings("{lang}"))
c.CourseDirectory.course_id = {folder.absolute().name!r}
c.Execute.timeout = 60  # seconds that one cell may take
'''


def _header() -> str:
    """Return the notebook with which nbgrader begins whatever it hands out."""
    text = say(
        en="**To hand in.** Write your work where `# your work` stands, run every cell from "
        "top to bottom (Run > Restart Kernel and Run All Cells), and save. Keep the "
        "file's name, or put your own in front of it (`li_02_….ipynb`), and keep the "
        "cells that check your work. In class, your work is tried at points that you "
        "have not seen.",
        zh="**交作业。** 在 `# your work` 处写上你的解答，从头到尾运行所有单元格（“运行 > 重启内核并"
        "运行所有单元格”），然后保存。文件名保持原样，或在前面加上自己的姓名（如 `李华_02_….ipynb`）；"
        "检查用的单元格不要删改。评分时，会在你没见过的点上试你的解答。",
    )
    cell = nbformat.v4.new_markdown_cell(text, id="header")
    mark(cell, "header", locked=True)
    return nbformat.v4.writes(nbformat.v4.new_notebook(cells=[cell])) + "\n"
