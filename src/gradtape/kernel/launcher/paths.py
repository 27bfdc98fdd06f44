"""Where fork servers are found: a folder of the user's alone, a few files for each."""

import contextlib
import os
import stat
import time
import zlib

# How the file begins that a fork server locks; its identity follows.
STARTING, READY = b"starts  ", b"ready   "
# Where everybody may make folders; the same for all launchers, whatever their TMPDIR.
_SHARED = "/tmp"


class NotPrivate(Exception):
    """The folder is not the user's alone, so nothing in it can be trusted."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is not a folder of this user's alone")
        self.path = path


def folder() -> str:
    """Return the folder of the user's fork servers; it is made if need be.

    It lies in the user's runtime folder where there is one, which nobody else can write
    to, or else under ``/tmp``.

    Raises
    ------
    NotPrivate
        If the one in the runtime folder is open to others.
    OSError
        If it cannot be made.
    """
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if not (os.path.isabs(runtime) and _is_private(runtime)):
        return _in_shared(_SHARED)
    path = os.path.join(runtime, "gradtape")
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        pass
    if not _is_private(path):
        raise NotPrivate(path)
    return path


def _in_shared(shared: str) -> str:
    """Return the user's first folder among everybody's; it is made if need be.

    Its name ends at random, so that nobody can take it beforehand, and folders of others
    that are named alike are not looked at. The time in the name decides which is the
    first when two launchers make one at once.
    """
    prefix = f"gradtape-{os.getuid()}-"
    if found := _private_folders(shared, prefix):
        return found[0]
    # As tempfile would, which a launcher has no time and memory to import.
    name = f"{prefix}{time.time_ns():020}-{os.urandom(8).hex()}"
    made = os.path.join(shared, name)
    os.mkdir(made, 0o700)
    first = _private_folders(shared, prefix)[0]
    if first != made:
        with contextlib.suppress(OSError):
            os.rmdir(made)
    return first


def _private_folders(shared: str, prefix: str) -> list[str]:
    paths = [
        os.path.join(shared, n) for n in os.listdir(shared) if n.startswith(prefix)
    ]
    return sorted(path for path in paths if _is_private(path))


def _is_private(path: str) -> bool:
    try:
        about = os.lstat(path)
    except OSError:
        return False
    return (
        stat.S_ISDIR(about.st_mode)
        and about.st_uid == os.getuid()
        and not about.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    )


def socket_of(folder: str, key: str) -> str:
    """Return the path of a fork server's socket."""
    return os.path.join(folder, f"{key}.socket")


def lock_of(folder: str, key: str) -> str:
    """Return the file that a fork server locks while it lives; its identity is in it."""
    return os.path.join(folder, f"{key}.lock")


def log_of(folder: str, key: str) -> str:
    """Return the file that takes what a fork server writes to its standard streams."""
    return os.path.join(folder, f"{key}.log")


def failure_of(folder: str, key: str) -> str:
    """Return the file in which a fork server notes why it cannot be one."""
    return os.path.join(folder, f"{key}.failure")


def plain_of(folder: str, connection_file: str) -> str:
    """Return the file that is there if a kernel is to be plain when it is restarted."""
    key = zlib.crc32(os.fsencode(os.path.abspath(connection_file)))
    return os.path.join(folder, f"{key:08x}.plain")
