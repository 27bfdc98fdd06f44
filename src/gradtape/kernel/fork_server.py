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

from gradtape.kernel import control, forked, preload
from gradtape.kernel.clients import Client, NewClients
from gradtape.kernel.launcher import messages, paths

SECONDS_IDLE = 600.0
_MOST_SERVERS = 4
_DESCRIPTORS = 5
_WAIT = {"wait": messages.SECONDS_TO_ANSWER}
_WAIT_FOR_THE_FORK = {"wait": messages.SECONDS_TO_GET_READY}


class ForkServer:
    """Takes requests and keeps account of the kernels that were forked for them.

    Parameters
    ----------
    listener : socket.socket
        Where launchers connect.
    lock : int
        The descriptor of the locked file, with the identity in it.
    path : str
        Of the socket.
    """

    def __init__(self, listener: socket.socket, lock: int, path: str) -> None:
        self._listener = listener
        self._lock = lock
        self._path = path
        self._identity = os.pread(lock, 2**20, len(paths.READY)).decode()
        self._home = os.path.expanduser("~")
        self._before: dict[str, types.SimpleNamespace] = {}
        self._names: frozenset[str] = frozenset()
        self._read: dict[str, int | None] = {}
        self._later = deque(preload.LATER)
        self._is_complete = False
        self._new: NewClients | None = None
        self._waiting: deque[Client] = deque()
        self._kernels: dict[int, Client] = {}
        self._began = self._last = time.monotonic()
        self._served = 0
        self._selector = selectors.DefaultSelector()
        self._woken, self._wakes = os.pipe()

    def prepare(self) -> None:
        """Import what the first gradient needs, and be ready.

        Raises
        ------
        CannotFork
            If it may not be forked, or is of another gradtape than the launcher.
        Exception
            Whatever goes wrong in an import.
        """
        own = os.path.join(os.path.dirname(os.path.abspath(__file__)), "launcher")
        launcher = json.loads(self._identity)["launcher"]
        if own != launcher:
            raise preload.CannotFork(
                f"Python imports another gradtape: {own}, not {launcher}"
            )
        preload.preload(preload.KERNEL)
        self._before = preload.stand_ins()
        preload.preload(preload.FIRST)
        preload.require_forkable()
        os.set_blocking(self._wakes, False)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._wakes, warn_on_full_buffer=False)
        self._new = NewClients(self._listener, self._selector)
        self._selector.register(self._woken, selectors.EVENT_READ)
        os.pwrite(self._lock, paths.READY, 0)

    def serve(self) -> forked.Start | None:
        """Answer until there is nothing to do any more.

        Returns
        -------
        forked.Start or None
            In the process of a new kernel, what it begins with; None in the server, at
            its end.
        """
        while self._new is not None or self._kernels:
            self._react(self._seconds_left())
            for client in self._waiting:
                self._send(client, _WAIT)
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
        if self._new:
            return self._new.seconds
        if self._kernels:
            return None
        return max(0.0, self._last + SECONDS_IDLE - time.monotonic())

    def _import_one_more(self) -> None:
        """Import one of the rest, while nobody waits; be done after the last."""
        if self._later:
            preload.preload((self._later.popleft(),))
            return
        preload.require_forkable()
        self._read = preload.files()
        self._names = preload.names_to_hide(self._before)
        preload.share_memory()
        control.stop_idle(*self._folder_and_key(), _MOST_SERVERS)
        self._is_complete = True

    def _folder_and_key(self) -> tuple[str, str]:
        folder, name = os.path.split(self._path)
        return folder, os.path.splitext(name)[0]

    def _retire(self) -> None:
        """Take no more requests; who comes now finds nobody and starts another."""
        if self._new is None:
            return
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._path)
        self._new.close()
        self._new = None
        os.ftruncate(self._lock, 0)
        os.close(self._lock)
        for client in self._waiting:
            client.reader.close()
        self._waiting.clear()

    def _react(self, seconds: float | None) -> None:
        """Take what has come: connections, requests, ends of kernels."""
        for ready, _ in self._selector.select(seconds):
            if ready.fileobj is self._listener:
                for client in self._new.accept():
                    self._send(client, _WAIT)
            elif ready.fileobj == self._woken:
                os.read(self._woken, 4096)
            elif self._new and (received := self._new.read(ready.fd)):
                self._handle(*received)
        self._reap()
        if self._new:
            self._new.disconnect_late()

    def _handle(self, client: Client, message: dict) -> None:
        if answer := self._answer(message, client):
            self._send(client, answer)
            client.reader.close()
        else:
            self._waiting.append(client)

    def _answer(self, message: dict, client: Client) -> dict | None:
        """Return what is to be sent to a client; None if it is to have a kernel."""
        if message == {"version": messages.VERSION, "question": "status"}:
            return self._status()
        if message == {"version": messages.VERSION, "question": "stop"}:
            self._retire()
            return self._status()
        if message == {"version": messages.VERSION, "question": "stop if idle"}:
            if not (self._kernels or self._waiting or self._new):
                self._retire()
            return self._status()
        # First of all: after an upgrade, the launcher may be of another version.
        if self._is_complete and preload.changed(self._read):
            self._retire()
            return {"stale": True}
        if message.keys() != {"version", "identity"} or (
            message["version"] != messages.VERSION
        ):
            return {"refused": "the fork server does not understand the request"}
        if len(client.reader.descriptors) != _DESCRIPTORS:
            return {"refused": "the request came without its files"}
        if message["identity"] != self._identity:
            return {"refused": "the fork server is of another kind"}
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

    def _fork(self, client: Client) -> forked.Start | None:
        if client.has_left():
            client.reader.close()
            return None
        if not self._is_complete:
            preload.require_forkable()
            self._names = preload.names_to_hide(self._before)
        self._send(client, _WAIT_FOR_THE_FORK)  # before the fork may send something
        try:
            number = os.fork()
        except OSError as error:
            self._send(client, {"refused": f"there can be no fork: {error}"})
            client.reader.close()
            return None
        if number == 0:
            self._close_copies(client)
            return forked.Start(
                client.connection,
                client.reader,
                self._names,
                self._before,
                self._home,
                os.path.dirname(self._path),
            )
        for descriptor in client.reader.descriptors:
            os.close(descriptor)
        client.reader.descriptors.clear()
        self._kernels[number] = client
        self._served += 1
        self._last = time.monotonic()
        return None

    def _close_copies(self, client: Client) -> None:
        """Close, in a new kernel, what belongs to the server."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        self._new.close_copies()
        for descriptor in (self._lock, self._woken, self._wakes):
            os.close(descriptor)
        for other in (*self._waiting, *self._kernels.values()):
            other.reader.close()

    def _reap(self) -> None:
        """Tell the launchers of kernels that have ended how they ended."""
        while self._kernels:
            number, status = os.waitpid(-1, os.WNOHANG)
            if number == 0:
                return
            if client := self._kernels.pop(number, None):
                self._send(client, {"exit": os.waitstatus_to_exitcode(status)})
                client.reader.close()
            self._last = time.monotonic()

    def _send(self, client: Client, message: dict) -> None:
        with contextlib.suppress(OSError):
            messages.send(client.connection, message)
