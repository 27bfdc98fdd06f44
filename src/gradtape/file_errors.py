"""What the file system refuses, told to the learner in one sentence."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from gradtape.language import say


class WorkspaceError(Exception):
    """The learner's folder cannot be used; the message says why and what to do."""


@contextlib.contextmanager
def clear_file_errors(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses into a sentence for the learner.

    Parameters
    ----------
    folder : Path
        The learner's folder.

    Raises
    ------
    WorkspaceError
        In place of the file system's error.
    """
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        place = Path(error.filename or folder)
        file = next((p for p in (place, *place.parents) if p.is_file()), place)
        raise WorkspaceError(
            say(
                en=f"{file} is a file where a folder is needed; "
                "move it away or name another folder.",
                zh=f"{file} 是文件，而这里需要文件夹；请把它移走，或另选一个文件夹。",
            )
        ) from None
    except IsADirectoryError as error:
        place = error.filename or folder
        raise WorkspaceError(
            say(
                en=f"{place} is a folder where a file is needed; "
                "move it away or name another folder.",
                zh=f"{place} 是文件夹，而这里需要文件；请把它移走，或另选一个文件夹。",
            )
        ) from None
    except OSError as error:
        raise WorkspaceError(refusal(error, folder)) from None


def refusal(error: OSError, place: Path | str) -> str:
    """Say in one sentence what the file system refused, and what to do.

    Parameters
    ----------
    error : OSError
        The refusal.
    place : Path or str
        Where something was to be read or written.

    Examples
    --------
    >>> refusal(OSError(28, "No space left on device"), "lessons")
    'lessons cannot be used: No space left on device; free some space there.'
    """
    reason = error.strerror or str(error)
    in_chinese = {
        errno.EACCES: "没有权限",
        errno.EDQUOT: "超出磁盘配额",
        errno.ENOSPC: "磁盘已满",
        errno.EPERM: "没有权限",
        errno.EROFS: "这里只能读，不能写",
    }.get(error.errno, reason)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        advice = say(en="free some space there", zh="请在那里腾出空间")
    else:
        advice = say(en="name another folder", zh="请另选一个文件夹")
    return say(
        en=f"{place} cannot be used: {reason}; {advice}.",
        zh=f"{place} 无法使用：{in_chinese}；{advice}。",
    )
