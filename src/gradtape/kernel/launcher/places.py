"""Where residents are found: a folder that is the user's alone, three files for each."""

import os
import stat

# How the file begins that a resident locks; its identity follows.
STARTING, READY = b"starts  ", b"ready   "


class NotOwn(Exception):
    """The folder is not the user's alone, so nothing in it can be trusted."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is not a folder of this user's alone")
        self.path = path


def folder() -> str:
    """Return the folder of the user's residents; it is made if need be.

    It lies in the user's runtime folder, or else under ``/tmp``, where others may have
    taken its name: then it is refused.

    Raises
    ------
    NotOwn
        If it belongs to somebody else or is open to others.
    OSError
        If it cannot be made.
    """
    user = os.getuid()
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    path = f"/tmp/gradtape-{user}"
    if os.path.isabs(runtime) and _is_own(runtime, user):
        path = os.path.join(runtime, "gradtape")
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        pass
    if not _is_own(path, user):
        raise NotOwn(path)
    return path


def _is_own(path: str, user: int) -> bool:
    try:
        about = os.lstat(path)
    except OSError:
        return False
    return (
        stat.S_ISDIR(about.st_mode)
        and about.st_uid == user
        and not about.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    )


def of(folder: str, key: str) -> tuple[str, str, str]:
    """Return the paths of a resident's socket, lock and log."""
    return socket_of(folder, key), lock_of(folder, key), log_of(folder, key)


def socket_of(folder: str, key: str) -> str:
    """Return the path of a resident's socket."""
    return os.path.join(folder, f"{key}.socket")


def lock_of(folder: str, key: str) -> str:
    """Return the file that a resident locks while it lives; its identity is in it."""
    return os.path.join(folder, f"{key}.lock")


def log_of(folder: str, key: str) -> str:
    """Return the file that takes what a resident writes to its standard streams."""
    return os.path.join(folder, f"{key}.log")


def unfit_of(folder: str, key: str) -> str:
    """Return the file in which a resident notes why it cannot be one."""
    return os.path.join(folder, f"{key}.unfit")
