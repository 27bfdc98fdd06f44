"""What grading found, as it is kept: one file for each learner and lesson."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gradtape.files import write_whole

GRADED = "graded"
_VERSION = 1
_ENDED = ("ends", "no value")


@dataclass(frozen=True)
class Said:
    """A paragraph in both languages.

    Attributes
    ----------
    en, zh : str
        The same thing in each.
    is_code : bool
        Whether it is shown as code, line by line.
    """

    en: str
    zh: str
    is_code: bool = False

    def in_language(self, language: str) -> str:
        """Return it in a language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Judged:
    """What was found of the answer to an exercise.

    Attributes
    ----------
    number : str
        ``"2.1"``.
    points, most : float
        What it got, of how many.
    kind : {"right", "wrong", "open", "none"}
        Right, wrong, not begun, or not judged.
    found : str
        The name of what was found, such as a misconception.
    says : tuple of Said
        What the learner reads.
    teacher : tuple of Said
        What the teacher reads besides: of the run at the hidden points.
    """

    number: str
    points: float
    most: float
    kind: str
    found: str
    says: tuple[Said, ...] = ()
    teacher: tuple[Said, ...] = ()

    @property
    def remark(self) -> Said | None:
        """Why it was not judged, or ended what it ran in; None for all that was judged."""
        if self.kind == "none" or self.found in _ENDED:
            return self.says[:2][-1]
        return None


@dataclass(frozen=True)
class InWords:
    """An answer that a person reads."""

    name: str
    most: float
    answer: str


@dataclass(frozen=True)
class Ran:
    """A cell as it was handed in, and what came of running it."""

    kind: str
    text: str
    shown: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Result:
    """What grading found of one hand-in.

    Attributes
    ----------
    learner, lesson : str
        Whose, and of which lesson.
    digest : str
        By which the hand-in is known again.
    version : str
        Of gradtape, and of the sheet, with which it was graded.
    unreadable : Said or None
        Why nothing could be graded.
    exercises : tuple of Judged
        One for each of the sheet.
    words : tuple of InWords
        One for each question.
    cells : tuple of Ran
        The notebook as it ran.
    remarks : tuple of Said
        What happened on the way.
    hints : dict of str to int
        How many hints were shown of each exercise, where that is known.
    seconds : float
        Of the processor's time, in the sandbox and outside.
    """

    learner: str
    lesson: str
    digest: str
    version: str
    unreadable: Said | None = None
    exercises: tuple[Judged, ...] = ()
    words: tuple[InWords, ...] = ()
    cells: tuple[Ran, ...] = ()
    remarks: tuple[Said, ...] = ()
    hints: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def points(self) -> float:
        """What the checks gave; answers in words come on top."""
        return sum(each.points for each in self.exercises)


def path_of(course: Path, learner: str, lesson: str) -> Path:
    """Return where a result is kept."""
    return course / GRADED / learner / f"lesson_{lesson}.json"


def write(course: Path, result: Result) -> None:
    """Keep a result."""
    path = path_of(course, result.learner, result.lesson)
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {"format": _VERSION, **asdict(result)}
    text = json.dumps(data, ensure_ascii=False, indent=1)
    # Half of a pair of surrogates, which a learner's code may say, cannot be written.
    write_whole(path, text.encode("utf-8", "replace"))


def read(path: Path) -> Result | None:
    """Read a result; None if there is none, or it was written by another version."""
    try:
        data = json.loads(path.read_text("utf-8"))
        if data.pop("format") != _VERSION:
            return None
        return _result(data)
    except (OSError, KeyError, TypeError, ValueError, AttributeError):
        return None


def read_all(course: Path, lesson: str) -> list[Result]:
    """Read the results of a lesson, in the order of the learners' names."""
    paths = sorted((course / GRADED).glob(f"*/lesson_{lesson}.json"))
    return [result for result in map(read, paths) if result is not None]


def _result(data: dict[str, Any]) -> Result:
    if data["unreadable"]:
        data["unreadable"] = Said(**data["unreadable"])
    data["exercises"] = tuple(
        Judged(
            **{
                **each,
                "says": _said(each["says"]),
                "teacher": _said(each["teacher"]),
            }
        )
        for each in data["exercises"]
    )
    data["words"] = tuple(InWords(**each) for each in data["words"])
    data["cells"] = tuple(
        Ran(**{**each, "shown": tuple(each["shown"])}) for each in data["cells"]
    )
    data["remarks"] = _said(data["remarks"])
    return Result(**data)


def _said(parts: list[dict[str, Any]]) -> tuple[Said, ...]:
    return tuple(Said(**part) for part in parts)
