"""Where the course lies, in a checkout or in an installed gradtape, and what is in it.

A lesson is a folder of ``notebooks/lessons``. Its notebooks, one a language, are built
from it. An installed gradtape holds the notebooks, and of each lesson's folder only the
judges of its exercises and its quiz.
"""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "lessons"
CHECKOUT = _PACKAGE.parents[1]


# The lesson that lists the pitfalls by their numbers, beside the others in a folder.
_PITFALLS = "12"
_open_lessons: list[str] = []


def open_lesson(number: str) -> None:
    """Note that a lesson's notebook is running, and with it the course's folder around it."""
    _open_lessons[:] = [number]


def section_on(pitfall: str, lang: str) -> str:
    """Return the link to the section on a pitfall.

    In a lesson's notebook it is the lesson beside it, elsewhere the page of the site; empty
    where the project has no site.
    """
    folder = lesson_folders().get(_PITFALLS)
    if not (pitfall and folder):
        return ""
    if _open_lessons:
        return f"{folder.name}.ipynb#{pitfall}"
    site = _site()
    if not site:
        return ""
    return f"{site}{lang}/lessons/{folder.name}.html#{pitfall.lower()}"


def pitfalls_by_name() -> str:
    """Return the number of the lesson on pitfalls; empty in a lesson, where links lead."""
    return "" if _open_lessons or _PITFALLS not in lesson_folders() else _PITFALLS


@functools.cache
def _site() -> str:
    """Return the address of the project's site, as the installed package states it."""
    try:
        urls = importlib.metadata.metadata("gradtape").get_all("Project-URL") or []
    except importlib.metadata.PackageNotFoundError:
        return ""
    stated = dict(each.split(", ", 1) for each in urls)
    site = stated.get("Documentation", "")
    return "" if not site or ".invalid" in site else site.rstrip("/") + "/"


def course_folder() -> Path:
    """Return the folder that holds ``en``, ``zh`` and ``lessons``."""
    return _INSTALLED if _INSTALLED.is_dir() else CHECKOUT / "notebooks"


def lesson_folders() -> dict[str, Path]:
    """Return the folders of the lessons by their numbers, two digits, in order."""
    folders = sorted((course_folder() / "lessons").glob("[0-9][0-9]_*"))
    return {folder.name[:2]: folder for folder in folders if folder.is_dir()}


def load(lesson: str, name: str) -> ModuleType | None:
    """Return a Python file of a lesson's folder as a module, loaded once.

    Parameters
    ----------
    lesson : str
        The lesson's number, two digits.
    name : str
        The file's name without its ending: ``"exercises"``.

    Returns
    -------
    module or None
        None if there is no such lesson, or no such file in its folder.
    """
    folder = lesson_folders().get(lesson)
    if folder is None or not (folder / f"{name}.py").is_file():
        return None
    module_name = f"gradtape_lesson_{lesson}_{name}"
    if module_name not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            module_name, folder / f"{name}.py"
        )
        module = importlib.util.module_from_spec(spec)
        sys.modules[module_name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[module_name]
            raise
    return sys.modules[module_name]
