"""Keep a notebook that is graded to its own folder.

It looks at what Python is asked to open, to change and to start, and refuses what would
touch the class. That stops accidents and simple mischief. It is no sandbox: code that
leaves Python (a TensorFlow operation that writes a file, a C library) walks past it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from gradtape.language import say

# What nbgrader keeps in a class's folder, and no learner's code has to read.
_CLOSED = (
    "autograded",
    "downloaded",
    "feedback",
    "gradebook.db",
    "nbgrader_config.py",
    "release",
    "source",
    "submitted",
)
_READS = {"os.listdir", "os.scandir"}
# By event, how many of its first arguments are paths.
_CHANGES = {
    "os.chmod": 1,
    "os.link": 2,
    "os.mkdir": 1,
    "os.remove": 1,
    "os.rename": 2,
    "os.rmdir": 1,
    "os.symlink": 2,
    "os.truncate": 1,
    "os.utime": 1,
    "sqlite3.connect": 1,
}
_STARTS = {
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.kill",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "subprocess.Popen",
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def put_up_fence(own: Path, course: Path) -> None:
    """Refuse, from now on, what a graded notebook has no business with.

    Within the class's folder the notebook may use its own folder alone. Elsewhere it
    may read, and write temporary files. It may start no program. A fence cannot be taken
    down; it ends with its process.

    Parameters
    ----------
    own : Path
        The folder of the notebook.
    course : Path
        The folder of the class.
    """
    own_folder = _real(own)
    closed = [_real(course / name) for name in _CLOSED]
    writable = [own_folder, _real(Path(tempfile.gettempdir())), os.devnull]

    def may_read(path: str) -> bool:
        return _within(path, own_folder) or not any(_within(path, c) for c in closed)

    def may_write(path: str) -> bool:
        return may_read(path) and any(_within(path, each) for each in writable)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            writes = any(c in mode for c in "wax+") if mode else flags & _WRITING
            _require(may_write if writes else may_read, path)
        elif event in _READS:
            _require(may_read, arguments[0])
        elif event in _CHANGES:
            for path in arguments[: _CHANGES[event]]:
                _require(may_write, path)
        elif event in _STARTS:
            raise PermissionError(
                say(
                    en="a notebook that is graded may not start or end other programs",
                    zh="评分时，笔记本不能启动或结束别的程序",
                )
            )

    sys.addaudithook(watch)


def _require(allowed: Any, path: Any) -> None:
    if path is None or isinstance(path, int) or path == ":memory:":
        return
    if not allowed(_real(path)):
        raise PermissionError(
            say(
                en=f"{os.fsdecode(path)} is outside of what a notebook that is graded "
                "may use; keep to its own folder",
                zh=f"评分时，笔记本只能使用自己的文件夹，不能使用 {os.fsdecode(path)}",
            )
        )


def _real(path: Any) -> str:
    return os.path.realpath(os.fsdecode(path))


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)
