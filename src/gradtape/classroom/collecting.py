"""Find out whose each file is that came in, and put it where it is graded.

Nothing that came in is lost, moved or believed: archives are unpacked within limits, a
name has to be one, and whatever was not understood is reported.
"""

from __future__ import annotations

import re
import shutil
import tarfile
import tempfile
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gradtape.classroom.grading import SUBMITTED
from gradtape.classroom.plan import sheet_of
from gradtape.exercises.words import Words

_LARGEST_FILE = 50 * 2**20
_LARGEST_ARCHIVE = 2 * 2**30
_MOST_FILES = 20_000
_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")
_LONGEST_NAME = 80
_IN_NAMES = " _.@+-'’·•&()（）"  # besides letters and digits of all scripts
# What a learner's name and the sheet's may have between them, and a browser adds.
_BETWEEN = " _-.,;()[]"
_NO_NAME = re.compile(r"(copy|final|副本|最终版?|v)?[\s\d_()-]*", re.IGNORECASE)

NO_NAME = Words(
    "{file}: whose is it? Put the learner's name in front of the file's, or the file in "
    "a folder of that name.",
    "{file}：是谁的？请把姓名加在文件名前面，或把文件放进以姓名命名的文件夹。",
)
TWICE = Words(
    "{file}: {learner} has handed in another one too; the later of the two was taken.",
    "{file}：{learner} 还交了另一份；已取较晚的一份。",
)
NO_ARCHIVE = Words(
    "{file} cannot be unpacked: {reason}.", "{file} 无法解压：{reason}。"
)
OTHER = Words(
    "{file} is no notebook and no archive of one.", "{file} 不是笔记本，也不是压缩包。"
)


@dataclass(frozen=True)
class Collected:
    """What came of collecting.

    Attributes
    ----------
    learners : tuple of str
        Whose hand-ins there are now.
    remarks : tuple of Words
        What was not understood, and what was decided.
    """

    learners: tuple[str, ...]
    remarks: tuple[Words, ...]


def archive_of(course: Path, lesson: str) -> Path:
    """Return the folder into which a teacher puts what came in."""
    return course / "downloaded" / f"lesson_{lesson}" / "archive"


def collect(course: Path, lesson: str) -> Collected:
    """Sort what came in of a lesson by learner.

    Parameters
    ----------
    course : Path
        The folder of the class. What came in lies in ``downloaded/lesson_NN/archive``.
    lesson : str
        Two digits.

    Raises
    ------
    WorkspaceError
        If the class has no such lesson.
    """
    sheet = sheet_of(course, lesson)
    archive = archive_of(course, lesson)
    archive.mkdir(parents=True, exist_ok=True)
    remarks: list[Words] = []
    chosen: dict[str, Path] = {}
    with tempfile.TemporaryDirectory() as unpacked:
        found = list(_files(archive, Path(unpacked), remarks))
        in_many = _folders_in_many(shown for _, shown in found)
        for path, shown in found:
            if path.suffix.lower() != ".ipynb":
                if path.name != "progress.json":
                    remarks.append(OTHER(file=shown))
                continue
            learner = learner_of(shown, sheet.stem, in_many)
            if learner is None:
                remarks.append(NO_NAME(file=shown))
                continue
            if learner in chosen:
                remarks.append(TWICE(file=shown, learner=learner))
                if path.stat().st_mtime < chosen[learner].stat().st_mtime:
                    continue
            chosen[learner] = path
        for learner, path in chosen.items():
            place = course / SUBMITTED / learner / f"lesson_{lesson}"
            _put(path, place, sheet.name)
    return Collected(tuple(sorted(chosen)), tuple(remarks))


def learner_of(
    shown: str, sheet: str, in_many: Collection[str] = frozenset()
) -> str | None:
    """Return whose a file is: the name beside the sheet's, or that of its folder.

    Parameters
    ----------
    shown : str
        The file's path in what came in.
    sheet : str
        The name of the sheet's file, without its end.
    in_many : collection of str
        Folders that are in many others, such as ``"homework"``: no learners.

    Examples
    --------
    >>> learner_of("wang_02_tape.ipynb", "02_tape")
    'wang'
    >>> learner_of("Liu Yang/02_tape (1).ipynb", "02_tape")
    'Liu Yang'
    """
    *folders, name = unicodedata.normalize("NFC", shown).split("/")
    before, found, after = name.partition(sheet)
    own = [each for each in reversed(folders) if each not in in_many]
    if found and before.strip(_BETWEEN):
        candidates = [before]
    else:
        after = after.rpartition(".")[0].strip(_BETWEEN)
        candidates = [*own, "" if _NO_NAME.fullmatch(after) else after]
    for candidate in candidates:
        plain = re.sub(r"[,，]|\(\d+\)$", " ", candidate)
        stripped = " ".join(plain.split()).strip(_BETWEEN)
        if _is_name(stripped):
            return stripped
    return None


def _is_name(text: str) -> bool:
    """Tell a person's name or number, of whatever script, from anything else."""
    if not text or len(text) > _LONGEST_NAME or not text[0].isalnum():
        return False
    return all(
        sign in _IN_NAMES or unicodedata.category(sign)[0] in "LMN" for sign in text
    )


def _folders_in_many(all_shown: Iterable[str]) -> set[str]:
    """Return the names of folders that stand in several others."""
    above = defaultdict(set)
    for shown in all_shown:
        *folders, _ = unicodedata.normalize("NFC", shown).split("/")
        for depth, folder in enumerate(folders):
            above[folder].add(tuple(folders[:depth]))
    return {folder for folder, places in above.items() if len(places) > 1}


def _files(
    archive: Path, unpacked: Path, remarks: list[Words]
) -> Iterator[tuple[Path, str]]:
    """Give each file that came in, and how it is spoken of; those of archives too."""
    for path in sorted(archive.rglob("*")):
        if path.is_symlink() or not path.is_file() or _is_of_the_system(path):
            continue
        shown = path.relative_to(archive).as_posix()
        if not path.name.lower().endswith(_ARCHIVES):
            yield path, shown
            continue
        place = unpacked / str(len(list(unpacked.iterdir())))
        place.mkdir()
        try:
            _unpack(path, place)
        except (OSError, ValueError, zipfile.BadZipFile, tarfile.TarError) as error:
            remarks.append(NO_ARCHIVE(file=shown, reason=str(error) or "?"))
        except (RuntimeError, NotImplementedError) as error:  # a password, a method
            remarks.append(NO_ARCHIVE(file=shown, reason=error))
        else:
            if not any(place.rglob("*.[iI][pP][yY][nN][bB]")):
                remarks.append(OTHER(file=shown))
        stem = shown.partition(".zip")[0].partition(".tar")[0].partition(".tgz")[0]
        for each in sorted(place.rglob("*")):
            if each.is_file() and not each.is_symlink() and not _is_of_the_system(each):
                yield each, f"{stem}/{each.relative_to(place).as_posix()}"


def _is_of_the_system(path: Path) -> bool:
    return any(part.startswith(("._", ".ipynb_ch", "__MACOSX")) for part in path.parts)


def _unpack(path: Path, place: Path) -> None:
    """Unpack an archive, unless it is too large; names that lead out stay in its folder."""
    if path.name.lower().endswith(".zip"):
        with _zip(path) as archive:
            _require_small([each.file_size for each in archive.infolist()])
            for each in archive.infolist():
                archive.extract(each, place)
    else:
        with tarfile.open(path) as archive:
            members = [each for each in archive.getmembers() if each.isfile()]
            _require_small([each.size for each in members])
            # Not by extractall: its filter for what leads out came with Python 3.11.4.
            for each in members:
                parts = PurePosixPath(each.name).parts
                target = place.joinpath(*(p for p in parts if p not in ("/", "..")))
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.extractfile(each) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy)


def _zip(path: Path) -> zipfile.ZipFile:
    """Open a zip archive; names that are not marked as Unicode are a Chinese Windows's."""
    archive = zipfile.ZipFile(path)
    utf8 = 0x800  # of the flags of a file in it
    if all(e.flag_bits & utf8 or e.filename.isascii() for e in archive.infolist()):
        return archive
    archive.close()
    return zipfile.ZipFile(path, metadata_encoding="gb18030")


def _require_small(sizes: list[int]) -> None:
    if len(sizes) > _MOST_FILES or sum(sizes) > _LARGEST_ARCHIVE:
        raise ValueError(f"{len(sizes)} files, {sum(sizes) // 2**20} MB")


def _put(path: Path, place: Path, name: str) -> None:
    """Put a hand-in where it is graded, in place of an earlier one."""
    if place.is_dir():
        shutil.rmtree(place)
    place.mkdir(parents=True)
    if path.stat().st_size <= _LARGEST_FILE:
        shutil.copyfile(path, place / name)
    else:
        with path.open("rb") as source, (place / name).open("wb") as target:
            target.write(source.read(_LARGEST_FILE + 1))
    for progress in (path.parent / "progress.json", path.parent / ".gradtape"):
        source = progress / "progress.json" if progress.is_dir() else progress
        if source.is_file() and not source.is_symlink():
            shutil.copyfile(source, place / "progress.json")
