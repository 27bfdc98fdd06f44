"""Look at the user's residents, and stop them."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from pathlib import Path

import psutil

from gradtape.kernel.launcher import messages, places

_SECONDS_FOR_AN_ANSWER = 2.0


@dataclass(frozen=True)
class Standing:
    """What is known of a resident.

    Attributes
    ----------
    process : int or None
        Its number; None if it does not answer.
    python : str
        The Python that it runs.
    kernels : int
        How many of its kernels live.
    served : int
        How many it has started.
    minutes : int
        How long it has lived.
    megabytes : float or None
        Its memory, its share of what it has in common with its kernels; None if the
        system does not tell.
    """

    process: int | None
    python: str = ""
    kernels: int = 0
    served: int = 0
    minutes: int = 0
    megabytes: float | None = None


def residents() -> list[Standing]:
    """Return the residents of this user."""
    return [_ask(path, "status") for path in _sockets()]


def stop() -> list[Standing]:
    """Have every resident of this user take no more requests, and end with its kernels.

    Kernels that run are left alone. What was noted of residents that could not work is
    forgotten, so that the next kernel tries again.

    Returns
    -------
    list of Standing
        What they were.
    """
    for note in Path(places.folder()).glob("*.unfit"):
        note.unlink(missing_ok=True)
    return [_ask(path, "stop") for path in _sockets()]


def _sockets() -> list[Path]:
    """Return the sockets at which somebody listens; what others left is removed."""
    found = []
    for path in sorted(Path(places.folder()).glob("*.socket")):
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(_SECONDS_FOR_AN_ANSWER)
                connection.connect(str(path))
            found.append(path)
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
        except (FileNotFoundError, TimeoutError, BlockingIOError):
            continue
    return found


def _ask(path: Path, question: str) -> Standing:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_SECONDS_FOR_AN_ANSWER)
        try:
            connection.connect(str(path))
            asked = {"version": messages.VERSION, "question": question}
            messages.send(connection, asked)
            told = messages.Reader(connection).read()[0]
        except (OSError, EOFError, IndexError, messages.NotAMessage):
            return Standing(process=None)
    return Standing(
        process=told["process"],
        python=told["python"],
        kernels=len(told["kernels"]),
        served=told["served"],
        minutes=told["seconds"] // 60,
        megabytes=_megabytes(told["process"]),
    )


def _megabytes(process: int) -> float | None:
    with contextlib.suppress(psutil.Error, AttributeError):
        return psutil.Process(process).memory_full_info().pss / 2**20
    return None
