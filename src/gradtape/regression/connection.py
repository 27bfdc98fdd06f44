"""How a kernel and its client reach each other."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

_LONGEST_PATH = 103  # bytes, of a socket's path: macOS takes the fewest
_LONGEST_ENDING = "-ipc-5"


def connection(folder: Path) -> dict[str, str]:
    """Return connection settings that nobody else can take: sockets in a folder.

    Jupyter's own choice are five ports that were free when the manager looked. Of two
    kernels that start at once, both may be given the same one, and a kernel that comes
    too late for its port of outputs neither answers nor ends.

    Parameters
    ----------
    folder : Path
        Where the sockets are to lie. It has to exist.

    Returns
    -------
    dict
        Arguments of a kernel manager. Where the folder's path is too long for a socket,
        or the system is Windows, they say ports after all.

    Examples
    --------
    >>> connection(Path("/tmp"))["transport"]
    'ipc'
    >>> connection(Path("/tmp", "long" * 30))["transport"]
    'tcp'
    """
    place = folder / f"kernel-{secrets.token_hex(8)}"
    length = len(os.fsencode(place)) + len(_LONGEST_ENDING)
    fits = sys.platform != "win32" and length <= _LONGEST_PATH
    return {
        "connection_file": f"{place}.json",
        "transport": "ipc" if fits else "tcp",
    }
