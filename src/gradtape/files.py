"""Write files so that each is whole at every moment, the old one or the new one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from datetime import datetime
from pathlib import Path


def write_whole(path: Path, content: bytes, prefix: str = ".gradtape-") -> None:
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


def set_aside(path: Path, remark: str) -> Path:
    """Rename a file to ``NAME (remark DATE).ext``, numbered if that is taken.

    Returns
    -------
    Path
        Where it is now.
    """
    remark = f"{remark} {datetime.now():%Y-%m-%d}"
    number, aside = 1, path.with_name(f"{path.stem} ({remark}){path.suffix}")
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.stem} ({remark}, {number}){path.suffix}")
    os.replace(path, aside)
    return aside
