"""End in good order when the process is told to end, as after Ctrl-C."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass

_TOLD_TO_END = ("SIGTERM", "SIGHUP")  # the latter when the terminal's window is closed


@dataclass
class Interruption:
    """Why a process was interrupted.

    Attributes
    ----------
    signal : int
        The signal that it has received; that of Ctrl-C unless it was another one.
    """

    signal: int = signal.SIGINT

    @property
    def exit_code(self) -> int:
        """What a shell would report of a process that has ended by the signal."""
        return 128 + self.signal


@contextlib.contextmanager
def interrupted_when_told_to_end() -> Iterator[Interruption]:
    """Have the signals that tell a process to end do what Ctrl-C does.

    By default it would end at once, with its temporary files and kernels left behind. A
    signal that is ignored, as ``nohup`` has it, stays ignored.
    """
    interruption = Interruption()

    def interrupt(number: int, frame: object) -> None:
        interruption.signal = number
        of_ctrl_c = signal.getsignal(signal.SIGINT)  # asyncio has its own
        if callable(of_ctrl_c):
            of_ctrl_c(signal.SIGINT, frame)
        else:
            raise KeyboardInterrupt

    before = {}
    if threading.current_thread() is threading.main_thread():
        numbers = [getattr(signal, n) for n in _TOLD_TO_END if hasattr(signal, n)]
        before = {number: signal.getsignal(number) for number in numbers}
    before = {n: handler for n, handler in before.items() if handler != signal.SIG_IGN}
    for number in before:
        signal.signal(number, interrupt)
    try:
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
