"""Write files so that each is whole at every moment, the old one or the new one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from gradtape.file_errors import WorkspaceError
from gradtape.language import say

TEMPORARY = ".gradtape-"


def write_whole(path: Path, content: bytes, prefix: str = TEMPORARY) -> None:
    """Write a file whole or not at all.

    The content goes to a temporary file in the same folder, which then takes the name
    that it is meant for.

    Parameters
    ----------
    path : Path
        The file; its folder exists.
    content : bytes
        What it is to hold.
    prefix : str
        How the temporary file's name begins, by which one that was left behind by a
        killed process can be told.

    Raises
    ------
    OSError
        If it cannot be written; the old file is as it was.
    """
    handle, name = tempfile.mkstemp(prefix=prefix, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def free_name(path: Path, remark: str, content: bytes | None = None) -> Path:
    """Return ``NAME (remark).ext``, numbered if that is taken by other content.

    Parameters
    ----------
    path : Path
        The file from which another is to be told.
    remark : str
        What tells it, such as a date.
    content : bytes, optional
        A file with this content may have the name already.

    Raises
    ------
    WorkspaceError
        If a thousand names are taken.
    """
    for number in range(1, 1000):
        suffix = remark if number == 1 else f"{remark}, {number}"
        name = path.with_name(f"{path.stem} ({suffix}){path.suffix}")
        if not name.exists() or name.read_bytes() == content:
            return name
    raise WorkspaceError(
        say(
            en=f"There are a thousand versions of {path.name} in {path.parent}; "
            "move some of them elsewhere.",
            zh=f"{path.parent} 里已有一千个版本的 {path.name}；请移走一些。",
        )
    )
