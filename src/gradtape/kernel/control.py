"""Look at the user's fork servers, and stop them."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from pathlib import Path

import psutil

from gradtape.kernel.launcher import messages, paths


@dataclass(frozen=True)
class ServerStatus:
    """What is known of a fork server.

    Attributes
    ----------
    process : int or None
        Its number; None if it does not answer.
    is_starting : bool
        Whether it still imports what it needs, and so does not answer.
    python : str
        The Python that it runs.
    kernels : int
        How many of its kernels live.
    served : int
        How many it has started.
    minutes : int
        How long it has lived.
    megabytes : float or None
        Its memory, with its share of what it has in common with its kernels; None if
        the system does not tell.
    """

    process: int | None
    is_starting: bool = False
    python: str = ""
    kernels: int = 0
    served: int = 0
    minutes: int = 0
    megabytes: float | None = None


def fork_servers() -> list[ServerStatus]:
    """Return the state of each fork server of this user."""
    return _ask_all("status")


def stop() -> list[ServerStatus]:
    """Have every fork server of this user take no more requests, and end with its kernels.

    Kernels that run are left alone. What was noted of fork servers that could not work,
    and of kernels that are to be plain, is forgotten.

    Returns
    -------
    list of ServerStatus
        What they were.
    """
    for pattern in ("*.failure", "*.plain"):
        for note in Path(paths.folder()).glob(pattern):
            note.unlink(missing_ok=True)
    return _ask_all("stop")


def stop_idle(folder: str, key: str, most: int) -> None:
    """Have the fork servers end that have no kernels, if there are too many.

    Parameters
    ----------
    folder : str
        Of the user's fork servers.
    key : str
        Of the one that asks.
    most : int
        How many there may be, this one counted.
    """
    others = [path for path in Path(folder).glob("*.socket") if path.stem != key]
    if len(others) < most:
        return
    asked = {"version": messages.VERSION, "question": "stop if idle"}
    for path in others:
        with socket.socket(socket.AF_UNIX) as connection, contextlib.suppress(OSError):
            connection.setblocking(False)  # two may ask each other
            connection.connect(str(path))
            messages.send(connection, asked)


def _ask_all(question: str) -> list[ServerStatus]:
    folder = paths.folder()
    keys = sorted(path.stem for path in Path(folder).glob("*.socket"))
    answers = [_ask(folder, key, question) for key in keys]
    return [status for status in answers if status is not None]


def _ask(folder: str, key: str, question: str) -> ServerStatus | None:
    """Return the state of a fork server; None if nobody listens."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(messages.SECONDS_TO_ANSWER)
        reader = messages.Reader(connection)
        try:
            connection.connect(paths.socket_of(folder, key))
            reader.read()  # that it is there
            asked = {"version": messages.VERSION, "question": question}
            messages.send(connection, asked)
            answer = reader.read()
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except (OSError, EOFError, messages.NotAMessage):
            state = Path(paths.lock_of(folder, key)).read_bytes()
            is_starting = state.startswith(paths.STARTING)
            return ServerStatus(process=None, is_starting=is_starting)
    return ServerStatus(
        process=answer["process"],
        python=answer["python"],
        kernels=len(answer["kernels"]),
        served=answer["served"],
        minutes=answer["seconds"] // 60,
        megabytes=_megabytes(answer["process"]),
    )


def _megabytes(process: int) -> float | None:
    with contextlib.suppress(psutil.Error, AttributeError):
        return psutil.Process(process).memory_full_info().pss / 2**20
    return None
