"""Relay between a kernel and the server that has started the launcher in its place."""

import os
import select
import signal
import socket

_SECONDS_BETWEEN_LOOKS = 1.0
_PASSED_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGCONT")
_ALWAYS_THERE = 1  # the first process of a system: no server that could end


def relay(connection: socket.socket, reader, kernel: int) -> int:
    """Pass signals on to the kernel until it ends; return its exit code."""
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    for name in _PASSED_ON:
        signal.signal(getattr(signal, name), lambda number, frame: None)
    signal.set_wakeup_fd(wakes)
    connection.settimeout(None)
    server = _Server()
    ready = []
    code = 1
    while not server.has_ended(ready):
        sources = [connection, woken, *server.descriptors]
        ready, _, _ = select.select(sources, (), (), server.seconds)
        if woken in ready:
            for number in os.read(woken, 64):
                _signal_group(kernel, number)
        if connection in ready:
            try:
                message = reader.read()
            except (EOFError, OSError, ValueError):
                return code
            if "exit" in message:
                return message["exit"]
            # What the kernel itself has sent before its exit handlers ran. It counts if
            # no fork server is there any more to send how it ended.
            code = message.get("ends", code)
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


def end_by_signal(number: int) -> None:
    """End by the signal that the kernel was ended by, but without a second core."""
    import resource  # which Windows lacks; the tests read this module there too

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
