"""Which of the learner's own lines of code is running: libraries do not count."""

from __future__ import annotations

import functools
import linecache
import os
import sysconfig
import types
from dataclasses import dataclass
from pathlib import Path

from gradtape import content

_LIBRARIES = tuple(
    {
        os.path.join(folder, "")
        for folder in (
            sysconfig.get_path("stdlib"),
            sysconfig.get_path("purelib"),
            sysconfig.get_path("platlib"),
            str(Path(__file__).parents[1]),
        )
    }
)
# The judges of the exercises, which stand outside of the package in a checkout.
_JUDGES = tuple(
    str(folder / "exercises.py") for folder in content.lesson_folders().values()
)


# Into such files TensorFlow writes what it has made of Python code.
_GENERATED = "__autograph_generated_file"


@dataclass(frozen=True)
class Line:
    """A line of the learner's code."""

    file: str
    number: int

    @property
    def text(self) -> str:
        """The line's code, or nothing where it is not kept (``python -c``)."""
        return linecache.getline(self.file, self.number).strip()


def is_own(code: types.CodeType) -> bool:
    """Tell the learner's code from that of Python and of installed libraries."""
    return is_own_file(code.co_filename)


@functools.lru_cache(maxsize=4096)
def is_own_file(file: str) -> bool:
    """Tell a file of the learner's by its name; a notebook's cell counts as a file."""
    is_library = file.startswith((*_LIBRARIES, *_JUDGES, "<frozen", "<__array"))
    return not is_library and _GENERATED not in file


def own_frame(frame: types.FrameType | None) -> types.FrameType | None:
    """Return the innermost frame of the learner's that a frame was called from."""
    while frame is not None and not is_own(frame.f_code):
        frame = frame.f_back
    return frame


def asking_frame(frame: types.FrameType | None) -> types.FrameType | None:
    """Return the frame of the learner's code that calls, converted code included.

    Inside ``tf.function`` what runs may be code that AutoGraph has made of the learner's.
    """
    while frame is not None and not (
        is_own(frame.f_code) or _GENERATED in frame.f_code.co_filename
    ):
        frame = frame.f_back
    return frame


def own_line(frame: types.FrameType | None) -> Line | None:
    """Return the innermost line of the learner's that a frame was called from."""
    own = own_frame(frame)
    return Line(own.f_code.co_filename, own.f_lineno) if own else None
