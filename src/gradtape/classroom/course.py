"""Make the folder of a class: a sheet for each lesson, solved and to be handed out."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

import gradtape
from gradtape.authoring.exercises import has_solutions
from gradtape.authoring.source import LessonSource, read_sources
from gradtape.classroom.assignment import assignment, handed_out, mark, points_of
from gradtape.classroom.plan import HEADER, sheet_of
from gradtape.file_errors import WorkspaceError, clear_file_errors
from gradtape.files import write_whole
from gradtape.language import LANGUAGES, say

SETTINGS = "class.json"


@dataclass(frozen=True)
class Settings:
    """What holds for a class.

    Attributes
    ----------
    language : {"en", "zh"}
        In which it speaks.
    secret : str
        From which the points are drawn at which answers are tried.
    seconds : float
        Of the processor's time, for one cell.
    """

    language: str
    secret: str
    seconds: float


@dataclass(frozen=True)
class Assignment:
    """One lesson's exercises in a class.

    Attributes
    ----------
    lesson : str
        Two digits.
    path : Path
        The teacher's copy, solved.
    released : Path
        What learners get.
    points : float
        How many can be had.
    is_new : bool
        False where the teacher's copy was there before and was left as it is.
    """

    lesson: str
    path: Path
    released: Path
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
    with clear_file_errors(folder):
        about = {"language": lang, "secret": secrets.token_hex(16), "seconds": 30}
        _put(folder / SETTINGS, json.dumps(about, indent=1) + "\n")
        _put(folder / "nbgrader_config.py", _configuration(folder))
        _put(folder / HEADER, _header())
        return [_add(source, folder, lang) for source in sources]


def read_settings(folder: Path) -> Settings:
    """Read what holds for a class.

    Raises
    ------
    WorkspaceError
        If the folder is no class, or its settings are none.
    """
    path = folder / SETTINGS
    try:
        data = json.loads(path.read_text("utf-8"))
        settings = Settings(data["language"], data["secret"], float(data["seconds"]))
        if settings.language not in LANGUAGES or not 0 < settings.seconds < 1e6:
            raise ValueError(
                f"language {settings.language!r}, seconds {data['seconds']}"
            )
        if not isinstance(settings.secret, str) or len(settings.secret) < 8:
            raise ValueError("secret")
    except FileNotFoundError:
        raise WorkspaceError(
            say(
                en=f"{folder} is no class: it has no {SETTINGS}; gradtape class "
                f"{folder} makes one.",
                zh=f"{folder} 不是课程文件夹：里面没有 {SETTINGS}；运行 gradtape class "
                f"{folder} 可以新建一个。",
            )
        ) from None
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise WorkspaceError(
            say(
                en=f"{path} cannot be read as the settings of a class: {error}.",
                zh=f"{path} 无法作为课程的设置读取：{error}。",
            )
        ) from None
    return settings


def lessons_of(folder: Path) -> list[str]:
    """Return the lessons of a class, two digits, in order."""
    return [path.name[-2:] for path in sorted((folder / "source").glob("lesson_??"))]


def release(folder: Path, lesson: str) -> Path:
    """Write what learners get of a lesson, from the teacher's copy.

    Parameters
    ----------
    folder : Path
        The class's folder.
    lesson : str
        Two digits.

    Returns
    -------
    Path
        The notebook to hand out.

    Raises
    ------
    WorkspaceError
        If the class has no such lesson, or it cannot be read.
    """
    path = sheet_of(folder, lesson)
    language = read_settings(folder).language
    sheet, header = _read(path), _read(folder / HEADER)
    place = folder / "release" / path.parent.name / path.name
    with clear_file_errors(folder):
        place.parent.mkdir(parents=True, exist_ok=True)
        text = nbformat.writes(handed_out(sheet, header, language))
        write_whole(place, text.encode() + b"\n")
    return place


def _read(path: Path) -> NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WorkspaceError(
            say(
                en=f"{path} cannot be read as a notebook: {error}.",
                zh=f"{path} 无法作为笔记本读取：{error}。",
            )
        ) from None


def _chosen(
    sources: dict[str, LessonSource], lessons: Sequence[str]
) -> list[LessonSource]:
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


def _add(source: LessonSource, folder: Path, lang: str) -> Assignment:
    path = folder / "source" / f"lesson_{source.lesson}" / f"{source.name}.ipynb"
    made = assignment(source, lang)
    is_new = _put(path, nbformat.v4.writes(made) + "\n")
    if not is_new:
        made = _read(path)
    released = folder / "release" / path.parent.name / path.name
    if is_new or not released.exists():
        released = release(folder, source.lesson)
    return Assignment(source.lesson, path, released, points_of(made), is_new)


def _put(path: Path, text: str) -> bool:
    """Write a file if there is none; tell whether it was written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return False
    write_whole(path, text.encode())
    return True


def _configuration(folder: Path) -> str:
    return f'''\
"""Settings of this class for nbgrader's exchange, made by gradtape {gradtape.__version__}."""

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = {folder.absolute().name!r}
# nbgrader gives all points to a check whose output is missing: gradtape grades instead.
c.Autograde.sanitize_preprocessors = c.Autograde.autograde_preprocessors = [
    "gradtape.classroom.exchange.GradeWithGradtape"
]
'''


def _header() -> str:
    """Return the notebook with which every sheet begins."""
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
