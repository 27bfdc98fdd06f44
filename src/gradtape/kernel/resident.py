"""The process that has imported TensorFlow and is forked for each kernel.

A launcher starts it (``python -m gradtape.kernel``), with a socket that already listens
and a lock that says that it is the only one of its kind. It answers launchers of its own
user, one after the other, tells each how its kernel ended, and ends itself when no kernel
has lived for ten minutes.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import sys
import time
import types
from collections import deque
from pathlib import Path

from gradtape.files import write_whole
from gradtape.kernel import control, forked, preload
from gradtape.kernel.callers import Caller
from gradtape.kernel.launcher import messages, places

SECONDS_IDLE = 600.0
_SECONDS_FOR_A_REQUEST = 10.0
_MOST_RESIDENTS = 4
_DESCRIPTORS = 5
_PATIENCE = {"wait": messages.SECONDS_TO_ANSWER}
_MORE_PATIENCE = {"wait": messages.SECONDS_TO_GET_READY}


class Resident:
    """Takes requests and keeps account of the kernels that were forked for them."""

    def __init__(self, listener: socket.socket, lock: int, key: str) -> None:
        self._listener: socket.socket | None = listener
        self._lock = lock
        self._key = key
        self._folder = places.folder()
        self._identity = os.pread(lock, 2**20, len(places.READY)).decode()
        self._before: dict[str, types.SimpleNamespace] = {}
        self._names: frozenset[str] = frozenset()
        self._read: dict[str, int | None] = {}
        self._later = deque(preload.LATER)
        self._is_complete = False
        self._talking: dict[int, Caller] = {}
        self._waiting: deque[Caller] = deque()
        self._kernels: dict[int, Caller] = {}
        self._began = self._last = time.monotonic()
        self._served = 0
        self._selector = selectors.DefaultSelector()
        self._woken, self._wakes = os.pipe()

    def prepare(self) -> None:
        """Import what the first gradient needs, and be ready.

        Raises
        ------
        Unfit
            If it may not be forked, or is of another gradtape than the launcher.
        Exception
            Whatever goes wrong in an import.
        """
        own, launcher = launcher_of(__file__), json.loads(self._identity)["launcher"]
        if own != launcher:
            raise preload.Unfit(
                f"Python imports another gradtape: {own}, not {launcher}"
            )
        preload.preload(preload.KERNEL)
        self._before = preload.stand_ins()
        preload.preload(preload.FIRST)
        preload.require_fit()
        os.set_blocking(self._wakes, False)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._wakes, warn_on_full_buffer=False)
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        os.pwrite(self._lock, places.READY, 0)

    def serve(self) -> forked.Start | None:
        """Answer until there is nothing to do any more.

        Returns
        -------
        forked.Start or None
            In the process of a new kernel, what it begins with; None in the resident,
            at its end.
        """
        while self._listener is not None or self._kernels:
            self._attend(self._seconds_left())
            for caller in self._waiting:
                self._tell(caller, _PATIENCE)
            if self._waiting:
                if start := self._fork(self._waiting.popleft()):
                    return start
            elif not self._is_complete:
                self._import_one_more()
            elif self._seconds_left() == 0:
                self._retire()
        return None

    def _seconds_left(self) -> float | None:
        """Return for how long to wait for something to come; None is for ever."""
        if self._waiting or not self._is_complete:
            return 0.0
        if self._talking:
            return _SECONDS_FOR_A_REQUEST
        if self._kernels:
            return None
        return max(0.0, self._last + SECONDS_IDLE - time.monotonic())

    def _import_one_more(self) -> None:
        """Import one of the rest, while nobody waits; be done after the last."""
        if self._later:
            preload.preload((self._later.popleft(),))
            return
        preload.require_fit()
        self._read = preload.files()
        self._names = preload.names_to_hide(self._before)
        preload.share_memory()
        control.make_way(self._key, _MOST_RESIDENTS)
        self._is_complete = True

    def _retire(self) -> None:
        """Take no more requests; who comes now finds nobody and starts another."""
        if self._listener is None:
            return
        with contextlib.suppress(FileNotFoundError):
            os.unlink(places.socket_of(self._folder, self._key))
        self._selector.unregister(self._listener)
        self._listener.close()
        self._listener = None
        os.ftruncate(self._lock, 0)
        os.close(self._lock)
        for caller in list(self._talking.values()):
            self._hang_up(caller)
        for caller in self._waiting:
            caller.reader.close()
        self._waiting.clear()

    def _attend(self, seconds: float | None) -> None:
        """Take what has come: connections, requests, ends of kernels."""
        for ready, _ in self._selector.select(seconds):
            if ready.fileobj is self._listener:
                self._accept()
            elif ready.fileobj == self._woken:
                os.read(self._woken, 4096)
            elif ready.fd in self._talking:
                self._listen(self._talking[ready.fd])
        self._bury()
        for caller in list(self._talking.values()):
            if time.monotonic() - caller.since > _SECONDS_FOR_A_REQUEST:
                self._hang_up(caller)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                caller = Caller(connection, messages.Reader(connection))
                if not caller.is_of_this_user():
                    connection.close()
                    continue
                connection.setblocking(False)
                self._talking[connection.fileno()] = caller
                self._selector.register(connection, selectors.EVENT_READ)
                self._tell(caller, _PATIENCE)

    def _listen(self, caller: Caller) -> None:
        try:
            message = caller.reader.read()
        except BlockingIOError:
            return
        except (OSError, EOFError, messages.NotAMessage):
            self._hang_up(caller)
            return
        self._forget(caller)
        if answer := self._answer(message, caller):
            self._tell(caller, answer)
            caller.reader.close()
        else:
            caller.request = message
            self._waiting.append(caller)

    def _answer(self, message: dict, caller: Caller) -> dict | None:
        """Return what is to be said to a caller; None if he is to have a kernel."""
        if message == {"version": messages.VERSION, "question": "status"}:
            return self._status()
        if message == {"version": messages.VERSION, "question": "stop"}:
            self._retire()
            return self._status()
        if message == {"version": messages.VERSION, "question": "make way"}:
            if not (self._kernels or self._waiting or self._talking):
                self._retire()
            return self._status()
        if not forked.is_request(message):
            return {"refused": "the resident does not understand the request"}
        if len(caller.reader.descriptors) != _DESCRIPTORS:
            return {"refused": "the request came without its files"}
        if message["identity"] != self._identity:
            return {"refused": "the resident is of another kind"}
        if self._is_complete and preload.changed(self._read):
            self._retire()
            return {"stale": True}
        return None

    def _status(self) -> dict:
        return {
            "process": os.getpid(),
            "python": sys.executable,
            "ready": self._is_complete,
            "kernels": sorted(self._kernels),
            "served": self._served,
            "seconds": round(time.monotonic() - self._began),
        }

    def _fork(self, caller: Caller) -> forked.Start | None:
        if caller.has_left():
            caller.reader.close()
            return None
        if not self._is_complete:
            preload.require_fit()
            self._names = preload.names_to_hide(self._before)
        self._tell(caller, _MORE_PATIENCE)  # before the fork may say something itself
        try:
            number = os.fork()
        except OSError as error:
            self._tell(caller, {"refused": f"the resident cannot be forked: {error}"})
            caller.reader.close()
            return None
        if number == 0:
            self._let_go(caller)
            return forked.Start(
                caller.request,
                caller.connection,
                caller.reader.descriptors,
                self._names,
                self._before,
            )
        for descriptor in caller.reader.descriptors:
            os.close(descriptor)
        caller.reader.descriptors.clear()
        self._kernels[number] = caller
        self._served += 1
        self._last = time.monotonic()
        return None

    def _let_go(self, caller: Caller) -> None:
        """Close, in a new kernel, what belongs to the resident."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        self._listener.close()
        for descriptor in (self._lock, self._woken, self._wakes):
            os.close(descriptor)
        others = (*self._talking.values(), *self._waiting, *self._kernels.values())
        for other in others:
            other.reader.close()

    def _bury(self) -> None:
        """Tell the launchers of kernels that have ended how they ended."""
        while self._kernels:
            number, status = os.waitpid(-1, os.WNOHANG)
            if number == 0:
                return
            if caller := self._kernels.pop(number, None):
                self._tell(caller, {"exit": os.waitstatus_to_exitcode(status)})
                caller.reader.close()
            self._last = time.monotonic()

    def _tell(self, caller: Caller, message: dict) -> None:
        with contextlib.suppress(OSError):
            messages.send(caller.connection, message)

    def _forget(self, caller: Caller) -> None:
        self._selector.unregister(caller.connection)
        del self._talking[caller.connection.fileno()]

    def _hang_up(self, caller: Caller) -> None:
        self._forget(caller)
        caller.reader.close()


def launcher_of(resident: str) -> str:
    """Return the folder of the launcher that belongs to a resident's module."""
    return os.path.join(os.path.dirname(os.path.abspath(resident)), "launcher")


def main(arguments: list[str]) -> int:
    """Be a resident; in a process that was forked for a kernel, be the kernel."""
    del sys.path[0]  # where this was started means nothing
    listener, lock, key = int(arguments[0]), int(arguments[1]), arguments[2]
    for descriptor in (listener, lock):
        os.set_inheritable(descriptor, False)
    resident = Resident(socket.socket(fileno=listener), lock, key)
    try:
        resident.prepare()
        start = resident.serve()
    except Exception as error:
        packages = preload.packages()
        note = {"reason": str(error), "packages": packages, "since": time.time()}
        path = Path(places.unfit_of(places.folder(), key))
        write_whole(path, json.dumps(note).encode())
        raise
    return forked.be_kernel(start) if start else 0
