"""Get a kernel from the fork server and relay for it; or become the plain kernel."""

import json
import os
import resource
import signal
import socket
import sys
import time

import messages
import paths
import relay
from identity import environment_of_server, identity, key_of
from start_server import start_server

PLAIN = "GRADTAPE_PLAIN_KERNEL"
_SECONDS_TO_BE_REACHED = 2.0
_SECONDS_BETWEEN_TRIES = 0.005
_SECONDS_A_FAILURE_COUNTS = 24 * 3600
_SECONDS_TO_NEXT_TRY = 600


class NoForkServer(Exception):
    """No kernel can be forked; the message says why, unless it has been said before."""


class Retired(NoForkServer):
    """The fork server serves nobody any more, but another one may."""


def main() -> int:
    """Return a kernel's exit code when it has ended; or never, as a plain kernel.

    With ``--warm`` alone, a fork server is started if there is none, and that is all.
    """
    arguments = sys.argv[1:]
    if arguments == ["--warm"]:
        return _warm()
    settings = _settings(arguments)
    try:
        connection, reader, kernel, lifetime = _ask(settings)
    except (NoForkServer, paths.NotPrivate, OSError) as reason:
        if str(reason):
            print(f"gradtape: a plain kernel, as {reason}", file=sys.stderr, flush=True)
        _become_plain(arguments, settings)
    code = relay.relay(connection, reader, kernel)
    os.close(lifetime)
    if code < 0:
        relay.end_by_signal(-code)
    return code


def _warm() -> int:
    try:
        own = identity()
        folder, key = _find(own)
        _require_no_failure(folder, key)
        _reach(folder, key, own).close()
    except (NoForkServer, paths.NotPrivate, OSError):
        return 1
    return 0


def _settings(arguments: list[str]) -> dict:
    """Return all that the fork has to take over from this process."""
    mask = os.umask(0)
    os.umask(mask)
    numbers = sorted(signal.valid_signals())
    return {
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


def _ask(settings: dict) -> tuple[socket.socket, messages.Reader, int, int]:
    """Return what connects to a new kernel: through the fork server, and for its life."""
    own = identity()
    folder, key = _find(own)
    if os.path.exists(paths.plain_of(folder, _connection_file(settings["arguments"]))):
        raise NoForkServer
    try:
        return _ask_server(folder, key, own, settings)
    except Retired:
        return _ask_server(folder, key, own, settings)  # which will be another


def _connection_file(arguments: list[str]) -> str:
    return arguments[arguments.index("-f") + 1] if "-f" in arguments[:-1] else ""


def _ask_server(
    folder: str, key: str, own: str, settings: dict
) -> tuple[socket.socket, messages.Reader, int, int]:
    _require_no_failure(folder, key)
    connection = _reach(folder, key, own)
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
        lifetime = _send_request(connection, own)
        while "wait" in answer:
            if answer.get("send") == "settings":
                messages.send(connection, settings)
            answer = _answer(connection, reader, answer["wait"])
    except NoForkServer as reason:
        if is_starting:
            _require_no_failure(folder, key)  # or else it is known why
            _note_failed_start(folder, key)
            raise NoForkServer(str(reason)) from None
        raise
    if "kernel" in answer:
        return connection, reader, answer["kernel"], lifetime
    os.close(lifetime)
    connection.close()
    if answer.get("stale"):
        raise Retired("the fork server's packages keep changing")
    raise NoForkServer(answer.get("refused", "its fork did not come up"))


def _find(identity: str) -> tuple[str, str]:
    """Return where the fork server with an identity is, or is to be."""
    # Where a fork has not been tried, it has to be asked for.
    default = "" if sys.platform == "linux" else "1"
    if os.environ.get(PLAIN, default) not in ("", "0"):
        raise NoForkServer
    return paths.folder(), key_of(identity)


def _require_no_failure(folder: str, key: str) -> None:
    """Ask no fork server where one has failed not long ago."""
    path = paths.failure_of(folder, key)
    try:
        with open(path, "r+") as file:
            note = json.load(file)
            if time.time() - note["since"] > _SECONDS_A_FAILURE_COUNTS or any(
                os.stat(package).st_mtime_ns != changed
                for package, changed in note["packages"]
            ):
                return
            file.seek(0)
            json.dump(note | {"reason": ""}, file)  # it is told once
            file.truncate()
    except (OSError, ValueError, KeyError):
        return
    raise NoForkServer(note["reason"])


def _reach(folder: str, key: str, identity: str) -> socket.socket:
    """Return a connection to the fork server, which is started if there is none."""
    path = paths.socket_of(folder, key)
    others = paths.lock_of(folder, key), paths.log_of(folder, key)
    state = paths.STARTING + identity.encode()
    deadline = time.monotonic() + _SECONDS_TO_BE_REACHED
    while True:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(_SECONDS_TO_BE_REACHED)
        try:
            connection.connect(path)
            return connection
        except BlockingIOError:
            there_is_none = False  # as many wait for it as can
        except (FileNotFoundError, ConnectionRefusedError):
            there_is_none = True
        connection.close()
        if time.monotonic() > deadline:
            raise NoForkServer("the fork server is not to be reached")
        environment = environment_of_server()
        if not (there_is_none and start_server(path, *others, state, environment)):
            time.sleep(_SECONDS_BETWEEN_TRIES)  # another launcher is about to


def _is_starting(folder: str, key: str) -> bool:
    with open(paths.lock_of(folder, key), "rb") as file:
        return file.read().startswith(paths.STARTING)


def _note_failed_start(folder: str, key: str) -> None:
    """Have no fork server started for a while: for one there was too little memory, say."""
    since = time.time() - _SECONDS_A_FAILURE_COUNTS + _SECONDS_TO_NEXT_TRY
    with open(paths.failure_of(folder, key), "w") as file:
        json.dump({"reason": "", "packages": [], "since": since}, file)


def _answer(connection: socket.socket, reader: messages.Reader, seconds: float) -> dict:
    """Return the fork server's next message."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection.settimeout(seconds)
    try:
        return reader.read()
    except TimeoutError:
        raise NoForkServer(f"the fork server was silent for {seconds:g} s") from None
    except (EOFError, ConnectionError):
        raise Retired("the fork server ended") from None
    except messages.NotAMessage:
        raise NoForkServer(
            "the fork server sent something that is no message"
        ) from None


def _send_request(connection: socket.socket, own: str) -> int:
    """Send the request with the files that go with it; return the end of a pipe.

    The kernel has the other one, and ends when this one is closed.
    """
    request = {"version": messages.VERSION, "identity": own}
    life, lifetime = os.pipe()
    here = os.open(".", getattr(os, "O_PATH", os.O_RDONLY))
    try:
        messages.send(connection, request, (0, 1, 2, life, here))
    except ConnectionError:
        raise Retired("the fork server ended") from None
    finally:
        os.close(life)
        os.close(here)
    return lifetime


def _become_plain(arguments: list[str], settings: dict) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in settings["ignored"]:
        signal.signal(number, signal.SIG_IGN)
    plain = [sys.executable, "-m", "ipykernel_launcher", *arguments]
    os.execv(sys.executable, plain)


if __name__ == "__main__":
    sys.exit(main())
