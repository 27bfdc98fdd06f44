"""A learner's own copy of the lessons. What the learner has changed is never overwritten.

The copy lies in a folder of the learner's choice, one folder a language in it, with
notebooks that have not been run, so that no result stands there before it is guessed.
Beside them lies a record of what was put there: for each file the fingerprint of its
content. A file whose content is not the one recorded is the learner's. Every write goes
to a temporary file in the same folder, which then takes the name that it is meant for,
so that a file is always whole: the old one or the new one.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import gradtape
from gradtape import content
from gradtape.file_errors import WorkspaceError, clear_file_errors
from gradtape.files import TEMPORARY, free_name, write_whole
from gradtape.language import say, set_language

DEFAULT_FOLDER = "gradtape-lessons"
README = "README.md"
LAUNCH = "launch"  # the tag of cells that only a published notebook has
_RECORD = Path(".gradtape", "installed.json")


@dataclass(frozen=True)
class Lesson:
    """A lesson as it is shipped.

    Attributes
    ----------
    number : str
        Two digits, such as ``"02"``.
    name : str
        The notebook's file name.
    title : str
        Its first heading.
    minutes : int
        How long it takes.
    teaches : str
        What it teaches, in a few words.
    exercises : tuple of str
        The numbers of its exercises, such as ``"2.1"``.
    """

    number: str
    name: str
    title: str
    minutes: int
    optional_minutes: int
    teaches: str
    exercises: tuple[str, ...]


def lessons_folder(lang: str) -> Path:
    """Return the folder of the notebooks that are shipped in a language."""
    return content.course_folder() / lang


def lessons(lang: str) -> list[Lesson]:
    """Return the lessons that are shipped, in order."""
    return [_read_lesson(path) for path in sorted(lessons_folder(lang).glob("*.ipynb"))]


def find_lesson(number: str, lang: str) -> Lesson:
    """Return the lesson with a number, written with one digit or two.

    Raises
    ------
    WorkspaceError
        If there is none.
    """
    shipped = {lesson.number: lesson for lesson in lessons(lang)}
    try:
        return shipped[number.zfill(2)]
    except KeyError:
        known = ", ".join(shipped)
        raise WorkspaceError(
            say(
                en=f"There is no lesson {number}; there are {known}.",
                zh=f"没有第 {number} 课；现有的课是 {known}。",
            )
        ) from None


def prepare(folder: Path, lang: str) -> list[Path]:
    """Put the lessons of a language into the learner's folder.

    What is missing is put there; what the learner has not changed is brought up to
    date. Where the learner has changed a file that has since been revised, the new
    version is put beside it.

    Parameters
    ----------
    folder : Path
        The learner's folder; it is made if need be.
    lang : {"en", "zh"}
        Which lessons.

    Returns
    -------
    list of Path
        The new versions that now lie beside files of the learner's.

    Raises
    ------
    WorkspaceError
        If the folder cannot be used.
    """
    with clear_file_errors(folder):
        (folder / lang).mkdir(parents=True, exist_ok=True)
        _remove_leftovers(folder, lang)
        record = _read_record(folder)
        beside = []
        for source in sorted(lessons_folder(lang).iterdir()):
            if source.suffix not in (".ipynb", ".md"):
                continue
            target = folder / lang / source.name
            new = _put(_as_given(source), target, record, folder)
            if new != target:
                beside.append(new)
        return beside


def keep_progress_here(lang: str) -> None:
    """Make the working folder a learner's, and say what will be lost.

    A notebook calls this where it had to install gradtape first: on a computer that is
    lent for a session.

    Parameters
    ----------
    lang : {"en", "zh"}
        The language of what is said.

    Raises
    ------
    WorkspaceError
        If the folder cannot be written to.
    """
    set_language(lang)
    record = Path.cwd() / _RECORD
    with clear_file_errors(record.parent):
        record.parent.mkdir(exist_ok=True)
        if not record.exists():
            write_whole(record, b"{}")
    print(
        say(
            en="gradtape is installed until this session ends. The exercises you finish "
            "are noted in .gradtape/progress.json in this folder; the session takes it "
            "along. To keep your answers, save the notebook.",
            zh="gradtape 已装好，本次会话结束后失效。做完的练习记在当前文件夹的 "
            ".gradtape/progress.json 里，会话结束时也会消失。要保留答案，请保存笔记本。",
        )
    )


def reset(folder: Path, lesson: Lesson, lang: str) -> Path | None:
    """Put a fresh copy of a lesson into the learner's folder.

    Returns
    -------
    Path or None
        Where the learner's version is kept; None if there was nothing to keep.

    Raises
    ------
    WorkspaceError
        If the folder cannot be used.
    """
    with clear_file_errors(folder):
        target = folder / lang / lesson.name
        shipped = _as_given(lessons_folder(lang) / lesson.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(folder, lang)
        kept = None
        if target.exists() and _differ(target.read_bytes(), shipped):
            kept = free_name(target, f"{datetime.now():%Y-%m-%d}")
            write_whole(kept, target.read_bytes())
        write_whole(target, shipped)
        _remember(_read_record(folder), target, shipped, folder)
        return kept


def own_or_shipped(folder: Path, lesson: Lesson, lang: str) -> Path:
    """Return where the learner's copy of a lesson is, or the shipped one without it.

    Raises
    ------
    WorkspaceError
        If the folder cannot be read.
    """
    with clear_file_errors(folder):
        own = folder / lang / lesson.name
        try:
            own.open("rb").close()
        except FileNotFoundError:
            return lessons_folder(lang) / lesson.name
        return own


def is_begun(folder: Path, lesson: Lesson, lang: str) -> bool:
    """Tell whether the learner has changed a lesson.

    Raises
    ------
    WorkspaceError
        If the folder cannot be read.
    """
    with clear_file_errors(folder):
        target = folder / lang / lesson.name
        try:
            content = target.read_bytes()
        except FileNotFoundError:
            return False
        shipped = _as_given(lessons_folder(lang) / lesson.name)
        recorded = _read_record(folder).get(_key(target, folder))
        return _differ(content, shipped) and _fingerprint(content) != recorded


def _as_given(shipped: Path) -> bytes:
    """Return a shipped file as a learner gets it: notebooks without their outputs.

    A lesson asks for a guess before a result; the result must not stand there already.
    What a published notebook begins with, the learner has done: opened it, got gradtape.
    """
    content = shipped.read_bytes()
    if shipped.suffix != ".ipynb":
        return content
    notebook = json.loads(content)
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if LAUNCH not in cell["metadata"].get("tags", ())
    ]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    # JupyterLab would put it there on opening the lesson, and ask whether to save that.
    if about := notebook["metadata"].get("language_info"):
        about["version"] = sys.version.split()[0]
    return _as_bytes(notebook)


def _put(shipped: bytes, target: Path, record: dict[str, str], folder: Path) -> Path:
    """Put a shipped file in its place or, if that is the learner's, beside it."""
    if target.exists():
        content = target.read_bytes()
        recorded = record.get(_key(target, folder))
        if _differ(content, shipped) and _fingerprint(content) != recorded:
            if recorded == _fingerprint(shipped):
                return target  # The learner began with this very version.
            beside = free_name(target, f"new in {gradtape.__version__}", shipped)
            if not beside.exists():
                write_whole(beside, shipped)
            _remember(record, target, shipped, folder)
            return beside
    if not target.exists() or target.read_bytes() != shipped:
        write_whole(target, shipped)
    _remember(record, target, shipped, folder)
    return target


def _remove_leftovers(folder: Path, lang: str) -> None:
    """Remove what a process that was killed while it wrote has left behind."""
    for place in (folder / lang, (folder / _RECORD).parent):
        for stale in place.glob(f"{TEMPORARY}*"):
            stale.unlink()


def _remember(record: dict[str, str], path: Path, content: bytes, folder: Path) -> None:
    """Record that gradtape has put this content there."""
    if record.get(_key(path, folder)) == _fingerprint(content):
        return
    record[_key(path, folder)] = _fingerprint(content)
    (folder / _RECORD).parent.mkdir(exist_ok=True)
    write_whole(folder / _RECORD, json.dumps(record, indent=1, sort_keys=True).encode())


def _read_record(folder: Path) -> dict[str, str]:
    """Read the record; without a readable one, every file counts as the learner's."""
    try:
        record = json.loads((folder / _RECORD).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _key(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _fingerprint(content: bytes) -> str:
    """Return what tells contents apart, in whichever Python a notebook was opened."""
    try:
        notebook = json.loads(content)
        notebook["metadata"]["language_info"].pop("version", None)
    except (ValueError, KeyError, TypeError):
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha256(_as_bytes(notebook)).hexdigest()


def _differ(one: bytes, other: bytes) -> bool:
    return one != other and _fingerprint(one) != _fingerprint(other)


def _as_bytes(notebook: dict) -> bytes:
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def _read_lesson(path: Path) -> Lesson:
    notebook = json.loads(path.read_text("utf-8"))
    about = notebook["metadata"]["gradtape"]
    title = next(
        line.removeprefix("# ")
        for cell in notebook["cells"]
        if cell["cell_type"] == "markdown"
        for line in "".join(cell["source"]).split("\n")
        if line.startswith("# ")
    )
    return Lesson(
        number=about["lesson"],
        name=path.name,
        title=title,
        minutes=about["minutes"],
        optional_minutes=about.get("optional_minutes", 0),
        teaches=about["teaches"],
        exercises=tuple(about.get("exercises", ())),
    )
