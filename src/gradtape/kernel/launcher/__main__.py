"""Get a kernel from the resident and stand for it; or become the plain kernel."""

import fcntl
import json
import os
import resource
import select
import signal
import socket
import sys
import time

import messages
import places
from identity import identity, key_of

PLAIN = "GRADTAPE_PLAIN_KERNEL"
_SECONDS_TO_BE_REACHED = 2.0
_SECONDS_BETWEEN_TRIES = 0.005
_SECONDS_BETWEEN_LOOKS = 1.0
_SECONDS_UNFIT = 24 * 3600
_SECONDS_UNTIL_ANOTHER_TRY = 600
_PASSED_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGCONT")
_ALWAYS_THERE = 1  # the first process of a system: no server that could end


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
    code = _attend(connection, reader, kernel)
    os.close(lifeline)
    if code < 0:
        _die_likewise(-code)
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
    deadline = time.monotonic() + _SECONDS_TO_BE_REACHED
    while True:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(_SECONDS_TO_BE_REACHED)
        try:
            connection.connect(places.socket_of(folder, key))
            return connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
        if time.monotonic() > deadline:
            raise NoResident("the resident is not to be reached")
        if not _start_resident(folder, key, identity):
            time.sleep(_SECONDS_BETWEEN_TRIES)  # another launcher is about to


def _start_resident(folder: str, key: str, identity: str) -> bool:
    """Start a resident, unless somebody else has: whoever holds the lock may."""
    flags = os.O_RDWR | os.O_CREAT
    lock = os.open(places.lock_of(folder, key), flags, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    os.ftruncate(lock, 0)
    os.write(lock, places.STARTING + identity.encode())
    # The socket is there before the resident is, so that others can wait at it.
    path = places.socket_of(folder, key)
    new = f"{path}.{os.getpid()}"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(new)
    listener.listen(1024)
    os.rename(new, path)
    log = os.open(places.log_of(folder, key), flags | os.O_TRUNC, 0o600)
    if os.fork() == 0:
        try:
            os.setsid()
            if os.fork() == 0:
                _become_resident(listener.fileno(), lock, log, key)
        finally:
            os._exit(1)
    os.wait()
    for descriptor in (lock, log):
        os.close(descriptor)
    listener.close()
    return True


def _become_resident(listener: int, lock: int, log: int, key: str) -> None:
    os.chdir("/")
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    for descriptor in (listener, lock):
        os.set_inheritable(descriptor, True)
    _default_signals()
    module = ["-m", "gradtape.kernel", str(listener), str(lock), key]
    os.execv(sys.executable, [sys.executable, *module])


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


def _attend(connection: socket.socket, reader: messages.Reader, kernel: int) -> int:
    """Pass signals on to the kernel until it ends; return its exit code."""
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    for name in _PASSED_ON:
        signal.signal(getattr(signal, name), lambda number, frame: None)
    signal.set_wakeup_fd(wakes)
    connection.settimeout(None)
    server = _Server()
    ready = []
    while not server.has_ended(ready):
        sources = [connection, woken, *server.descriptors]
        ready, _, _ = select.select(sources, (), (), server.seconds)
        if woken in ready:
            for number in os.read(woken, 64):
                _signal_group(kernel, number)
        if connection in ready:
            try:
                return reader.read()["exit"]
            except (EOFError, ConnectionError, KeyError, messages.NotAMessage):
                return 1  # with the resident gone, nobody knows more
    return 1


class _Server:
    """The process that a kernel is not to outlive, watched without polling if possible.

    Attributes
    ----------
    descriptors : list
        What becomes readable when it ends.
    seconds : float or None
        After how long to look whether it has ended, if nothing tells.
    """

    def __init__(self) -> None:
        self.descriptors: list = []
        self.seconds = None
        self._number = os.getppid()
        named = os.environ.get("JPY_PARENT_PID", "")
        self._matters = named not in ("", str(_ALWAYS_THERE))
        if not self._matters:
            return
        try:
            if hasattr(os, "pidfd_open"):
                self.descriptors = [os.pidfd_open(self._number)]
            else:
                self.descriptors = [self._queue()]
        except OSError:
            self.seconds = _SECONDS_BETWEEN_LOOKS

    def _queue(self) -> "select.kqueue":
        queue = select.kqueue()
        flags = select.KQ_EV_ADD | select.KQ_EV_ONESHOT
        end = select.kevent(
            self._number, select.KQ_FILTER_PROC, flags, select.KQ_NOTE_EXIT
        )
        queue.control([end], 0)
        return queue

    def has_ended(self, ready: list) -> bool:
        parent = os.getppid()
        return self._matters and (
            not set(self.descriptors).isdisjoint(ready)
            or parent == _ALWAYS_THERE
            or parent != self._number
        )


def _signal_group(kernel: int, number: int) -> None:
    """Send a signal to the kernel and the programs that it has started."""
    try:
        os.killpg(kernel, number)
    except OSError:
        pass  # it has ended, and its exit code is on the way


def _die_likewise(number: int) -> None:
    """End by the signal that the kernel was ended by, but without a second core."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _become_plain(arguments: list[str], request: dict) -> None:
    _default_signals()
    for number in request["ignored"]:
        signal.signal(number, signal.SIG_IGN)
    plain = [sys.executable, "-m", "ipykernel_launcher", *arguments]
    os.execv(sys.executable, plain)


def _default_signals() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


if __name__ == "__main__":
    sys.exit(main())
