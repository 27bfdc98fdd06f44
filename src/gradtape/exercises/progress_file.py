"""What a learner has done, in one file in the learner's folder.

The folder is the one that ``gradtape lab`` made, found from the working folder upwards.
Anywhere else, in a checkout for instance, nothing is written and what is done is
remembered until the kernel ends. Two notebooks may be open at once: every change reads
the file, changes one thing and writes it back while a lock keeps the other waiting.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from gradtape.exercises import sentences
from gradtape.exercises.words import Words
from gradtape.file_errors import WorkspaceError
from gradtape.files import free_name, write_whole

_MARK = Path(".gradtape", "installed.json")
_FILE = Path(".gradtape", "progress.json")
_TEMPORARY = ".progress-"
_SECONDS_TO_WAIT = 5.0

# {"exercises": {"2.1": {"attempts": 3, "hints": 1, "passed": "2026-05-04T10:20:30"}},
#  "predictions": {"2.a": {"choice": "larger", "seen": true, "late": false}}}
_Record = dict[str, dict[str, dict[str, Any]]]
_EMPTY: _Record = {"exercises": {}, "predictions": {}}
_in_memory: _Record = copy.deepcopy(_EMPTY)


def learners_folder(start: Path | None = None) -> Path | None:
    """Return the learner's folder that holds a folder, or None outside of any."""
    start = (start or Path.cwd()).absolute()
    return next((f for f in (start, *start.parents) if (f / _MARK).is_file()), None)


def read(folder: Path | None) -> _Record:
    """Return what was done in a learner's folder.

    Parameters
    ----------
    folder : Path or None
        The folder; None stands for what is remembered without one.

    Returns
    -------
    dict
        ``exercises`` and ``predictions``, each by number. Empty where there is no
        readable file.
    """
    if folder is None:
        return copy.deepcopy(_in_memory)
    try:
        return _parse((folder / _FILE).read_bytes())
    except (OSError, ValueError):
        return copy.deepcopy(_EMPTY)


def passed(folder: Path | None) -> dict[str, list[str]]:
    """Return the exercises that were passed, by lesson: ``{"02": ["2.1", "2.3"]}``."""
    done: dict[str, list[str]] = {}
    for number, entry in sorted(read(folder)["exercises"].items()):
        if entry.get("passed"):
            done.setdefault(number.partition(".")[0].zfill(2), []).append(number)
    return done


def note_attempt(number: str) -> list[Words]:
    """Count an attempt; return what the learner should know of the file."""

    def count(record: _Record) -> None:
        entry = record["exercises"].setdefault(number, {})
        entry["attempts"] = entry.get("attempts", 0) + 1

    return change(count)


def note_pass(number: str) -> list[Words]:
    """Remember that an exercise was passed, and when for the first time."""

    def mark(record: _Record) -> None:
        entry = record["exercises"].setdefault(number, {})
        entry.setdefault("passed", f"{datetime.now():%Y-%m-%dT%H:%M:%S}")

    return change(mark)


def change(edit: Callable[[_Record], None]) -> list[Words]:
    """Change the record: read, edit and write, while nobody else does.

    Parameters
    ----------
    edit : callable
        Changes the record that it is given. Without a learner's folder, or where the
        folder cannot be written, that is the one in memory.

    Returns
    -------
    list of Words
        What the learner should know: that a damaged file was kept aside, or that
        nothing could be saved. Mostly empty.
    """
    edit(_in_memory)
    folder = learners_folder()
    if folder is None:
        return []
    try:
        with FileLock(folder / ".gradtape" / "progress.lock", _SECONDS_TO_WAIT):
            return _change_file(folder / _FILE, edit)
    except (OSError, Timeout, NotImplementedError, WorkspaceError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return [sentences.NOT_SAVED(reason=reason)]


def _change_file(path: Path, edit: Callable[[_Record], None]) -> list[Words]:
    for stale in path.parent.glob(f"{_TEMPORARY}*"):
        stale.unlink(missing_ok=True)  # of a process that was killed as it wrote
    notes = []
    try:
        record = _parse(path.read_bytes())
    except FileNotFoundError:
        record = copy.deepcopy(_EMPTY)
    except ValueError:
        aside = free_name(path, f"damaged {datetime.now():%Y-%m-%d}")
        os.replace(path, aside)
        notes.append(sentences.KEPT_ASIDE(name=aside.name))
        record = copy.deepcopy(_EMPTY)
    edit(record)
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(path, text.encode(), _TEMPORARY)
    return notes


def _parse(content: bytes) -> _Record:
    """Read a record; raise ValueError if it is not one."""
    record = json.loads(content)
    parts = [record.setdefault(part, {}) for part in _EMPTY] if _is_dict(record) else []
    if not parts or not all(
        _is_dict(part) and _is_dict(*part.values()) for part in parts
    ):
        raise ValueError("this is not a record of exercises and predictions")
    return record


def _is_dict(*things: Any) -> bool:
    return all(isinstance(thing, dict) for thing in things)
