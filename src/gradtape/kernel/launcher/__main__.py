"""Get a kernel from the resident and stand for it; or become the plain kernel."""

import json
import os
import resource
import signal
import socket
import sys
import time

import messages
import places
import standing
from identity import identity, key_of
from starting import start_resident

PLAIN = "GRADTAPE_PLAIN_KERNEL"
_SECONDS_TO_BE_REACHED = 2.0
_SECONDS_BETWEEN_TRIES = 0.005
_SECONDS_UNFIT = 24 * 3600
_SECONDS_UNTIL_ANOTHER_TRY = 600


class NoResident(Exception):
    """No kernel can be had from a resident; the message says why, unless it is known."""


class MadeWay(NoResident):
    """The resident serves nobody any more, but another one may."""


def main() -> int:
    """Return a kernel's exit code when it has ended; or never, as a plain kernel.

    With ``--warm`` alone, a resident is started if there is none, and that is all.
    """
    arguments = sys.argv[1:]
    if arguments == ["--warm"]:
        return _warm()
    request = _request(arguments)
    try:
        connection, reader, kernel, lifeline = _ask(request)
    except (NoResident, places.NotOwn, OSError) as reason:
        if str(reason):
            print(f"gradtape: a plain kernel, as {reason}", file=sys.stderr, flush=True)
        _become_plain(arguments, request)
    code = standing.attend(connection, reader, kernel)
    os.close(lifeline)
    if code < 0:
        standing.die_likewise(-code)
    return code


def _warm() -> int:
    try:
        own = identity()
        folder, key = _find(own)
        _require_fit(folder, key)
        _reach(folder, key, own).close()
    except (NoResident, places.NotOwn, OSError):
        return 1
    return 0


def _request(arguments: list[str]) -> dict:
    """Return all that the fork has to take over from this process."""
    mask = os.umask(0)
    os.umask(mask)
    numbers = sorted(signal.valid_signals())
    return {
        "version": messages.VERSION,
        "identity": identity(),
        "arguments": arguments,
        "environment": dict(os.environ),
        "umask": mask,
        "limits": [[n, *resource.getrlimit(n)] for n in _limits()],
        "ignored": [n for n in numbers if signal.getsignal(n) is signal.SIG_IGN],
        "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
    }


def _limits() -> list[int]:
    names = (name for name in dir(resource) if name.startswith("RLIMIT_"))
    return sorted({getattr(resource, name) for name in names})


def _ask(request: dict) -> tuple[socket.socket, messages.Reader, int, int]:
    """Return what connects to a new kernel: by way of the resident, and for its life."""
    folder, key = _find(request["identity"])
    try:
        return _ask_resident(folder, key, request)
    except MadeWay:
        return _ask_resident(folder, key, request)  # which will be another


def _ask_resident(
    folder: str, key: str, request: dict
) -> tuple[socket.socket, messages.Reader, int, int]:
    _require_fit(folder, key)
    connection = _reach(folder, key, request["identity"])
    reader = messages.Reader(connection)
    is_starting = _is_starting(folder, key)
    try:
        # Files go to nobody who does not answer: they would stay open with him.
        answer = _answer(
            connection,
            reader,
            messages.SECONDS_TO_GET_READY
            if is_starting
            else messages.SECONDS_TO_ANSWER,
        )
        lifeline = _send(connection, request)
        while "wait" in answer:
            answer = _answer(connection, reader, answer["wait"])
    except NoResident as reason:
        if is_starting:
            _require_fit(folder, key)  # or else it is known why
            _note_failed_start(folder, key)
            raise NoResident(str(reason)) from None
        raise
    if "kernel" in answer:
        return connection, reader, answer["kernel"], lifeline
    os.close(lifeline)
    connection.close()
    if answer.get("stale"):
        raise MadeWay("the resident's packages keep changing")
    raise NoResident(answer.get("refused", "its fork did not come up"))


def _find(identity: str) -> tuple[str, str]:
    """Return where the resident with an identity is to be found, or is to be."""
    # Where a fork has not been tried, it has to be asked for.
    default = "" if sys.platform == "linux" else "1"
    if os.environ.get(PLAIN, default) not in ("", "0"):
        raise NoResident
    return places.folder(), key_of(identity)


def _require_fit(folder: str, key: str) -> None:
    """Ask no resident where one has found, not long ago, that it cannot be one."""
    path = places.unfit_of(folder, key)
    try:
        with open(path, "r+") as file:
            note = json.load(file)
            if time.time() - note["since"] > _SECONDS_UNFIT or any(
                os.stat(package).st_mtime_ns != changed
                for package, changed in note["packages"]
            ):
                return
            file.seek(0)
            json.dump(note | {"reason": ""}, file)  # it is told once
            file.truncate()
    except (OSError, ValueError, KeyError):
        return
    raise NoResident(note["reason"])


def _reach(folder: str, key: str, identity: str) -> socket.socket:
    """Return a connection to the resident, which is started if there is none."""
    path, lock, log = places.of(folder, key)
    deadline = time.monotonic() + _SECONDS_TO_BE_REACHED
    while True:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(_SECONDS_TO_BE_REACHED)
        try:
            connection.connect(path)
            return connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
        if time.monotonic() > deadline:
            raise NoResident("the resident is not to be reached")
        state = places.STARTING + identity.encode()
        if not start_resident(path, lock, log, state):
            time.sleep(_SECONDS_BETWEEN_TRIES)  # another launcher is about to


def _is_starting(folder: str, key: str) -> bool:
    with open(places.lock_of(folder, key), "rb") as file:
        return file.read().startswith(places.STARTING)


def _note_failed_start(folder: str, key: str) -> None:
    """Leave residents alone for a while that did not come up, for want of memory, say."""
    since = time.time() - _SECONDS_UNFIT + _SECONDS_UNTIL_ANOTHER_TRY
    with open(places.unfit_of(folder, key), "w") as file:
        json.dump({"reason": "", "packages": [], "since": since}, file)


def _answer(connection: socket.socket, reader: messages.Reader, seconds: float) -> dict:
    """Return the next thing that the resident says."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection.settimeout(seconds)
    try:
        return reader.read()
    except TimeoutError:
        raise NoResident(f"the resident was silent for {seconds:g} s") from None
    except (EOFError, ConnectionError):
        raise MadeWay("the resident ended") from None
    except messages.NotAMessage:
        raise NoResident("the resident talks nonsense") from None


def _send(connection: socket.socket, request: dict) -> int:
    """Send the request with the files that go with it; return the kernel's lifeline."""
    life, lifeline = os.pipe()
    here = os.open(".", getattr(os, "O_PATH", os.O_RDONLY))
    try:
        messages.send(connection, request, (0, 1, 2, life, here))
    except ConnectionError:
        raise MadeWay("the resident ended") from None
    finally:
        os.close(life)
        os.close(here)
    return lifeline


def _become_plain(arguments: list[str], request: dict) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in request["ignored"]:
        signal.signal(number, signal.SIG_IGN)
    plain = [sys.executable, "-m", "ipykernel_launcher", *arguments]
    os.execv(sys.executable, plain)


if __name__ == "__main__":
    sys.exit(main())
