"""Look at the user's residents, and stop them."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from pathlib import Path

import psutil

from gradtape.kernel.launcher import messages, places


@dataclass(frozen=True)
class Standing:
    """What is known of a resident.

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


def residents() -> list[Standing]:
    """Return the residents of this user."""
    return _ask_all("status")


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
    return _ask_all("stop")


def make_way(own_key: str, most: int) -> None:
    """Have the residents of this user end that have no kernels, if there are too many.

    Parameters
    ----------
    own_key : str
        Of the resident that asks.
    most : int
        How many there may be, this one counted.
    """
    others = [p for p in Path(places.folder()).glob("*.socket") if p.stem != own_key]
    if len(others) < most:
        return
    asked = {"version": messages.VERSION, "question": "make way"}
    for path in others:
        with socket.socket(socket.AF_UNIX) as connection, contextlib.suppress(OSError):
            connection.setblocking(False)  # two may ask each other
            connection.connect(str(path))
            messages.send(connection, asked)


def _ask_all(question: str) -> list[Standing]:
    folder = places.folder()
    keys = sorted(path.stem for path in Path(folder).glob("*.socket"))
    told = [_ask(folder, key, question) for key in keys]
    return [standing for standing in told if standing is not None]


def _ask(folder: str, key: str, question: str) -> Standing | None:
    """Return what a resident tells of itself; None if nobody listens."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(messages.SECONDS_TO_ANSWER)
        reader = messages.Reader(connection)
        try:
            connection.connect(places.socket_of(folder, key))
            reader.read()  # that it is there
            asked = {"version": messages.VERSION, "question": question}
            messages.send(connection, asked)
            told = reader.read()
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except (OSError, EOFError, messages.NotAMessage):
            state = Path(places.lock_of(folder, key)).read_bytes()
            is_starting = state.startswith(places.STARTING)
            return Standing(process=None, is_starting=is_starting)
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
