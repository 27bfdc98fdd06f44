"""Run a learner's code so that the notebook lives on whatever it does.

Code that takes too long is stopped by an alarm where the system has one (Linux and
macOS, in the main thread, where notebooks run) and by an interrupt on Windows. The alarm
goes by the processor's time, lest a crowded machine be taken for an endless loop; what
only waits is given six times as long. Both act between two steps of Python. A loop inside
TensorFlow makes no such steps, so it does not hear the alarm, and in another thread
nothing can be stopped: there a watchdog tells the learner what to do. What the code
prints is kept; ``exit()`` does not end the kernel.

This protects from accidents, not from attacks: the code runs in the learner's process.
"""

from __future__ import annotations

import _thread
import contextlib
import io
import logging
import signal
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator

from gradtape.exercises import sentences
from gradtape.exercises.words import Words

# Where a bare "except:" has swallowed one alarm, the next may fall outside of it.
_SECONDS_BETWEEN_ALARMS = 1.0
_SECONDS_OF_PATIENCE = 2.0
# On a crowded server a check waits for the processor, which is not the learner's fault.
_LONGEST_WAIT = 6.0  # times the limit
_CHARACTERS_KEPT = 4000
_LINES_SHOWN = 5


class TimeUp(BaseException):
    """The code has run for too long; no ``except Exception`` catches it."""


class Deadline:
    """When the code has to have ended; put off while it waits for the processor."""

    def __init__(self, seconds: float):
        self._time = time.monotonic() + seconds

    def put_off(self) -> None:
        """Set the deadline to now, as an alarm is heard before the time is used up."""
        self._time = time.monotonic()

    def has_passed(self) -> bool:
        """Tell whether the code runs on though it was patiently waited for."""
        return time.monotonic() - self._time >= _SECONDS_OF_PATIENCE


class Printed(io.TextIOBase):
    """Keeps the beginning of what is printed and counts the rest."""

    def __init__(self):
        self._kept = ""
        self._lines = 0

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Keep a text while there is room."""
        self._kept += text[: max(0, _CHARACTERS_KEPT - len(self._kept))]
        self._lines += text.count("\n")
        return len(text)

    def first_lines(self) -> tuple[str, int]:
        """Return the first lines and the number of all."""
        first = self._kept.rstrip("\n").split("\n")[:_LINES_SHOWN]
        return "\n".join(line[:200] for line in first), max(self._lines, len(first))

    def beginning(self) -> str:
        """Return what was kept."""
        return self._kept

    def __bool__(self) -> bool:
        """Tell whether anything visible was printed."""
        return bool(self._kept.strip())


@contextlib.contextmanager
def guarded(seconds: float) -> Iterator[Printed]:
    """Run a block under a time limit, with its prints kept and ``exit`` disarmed.

    Parameters
    ----------
    seconds : float
        The limit.

    Raises
    ------
    TimeUp
        When the limit is reached and the block could be stopped.
    SystemExit
        When the block asks for the end of the kernel.
    """
    printed = Printed()
    screen = sys.stdout
    with (
        _exit_disarmed(),
        _without_warnings(),
        _time_limit(seconds, lambda words: print(words, file=screen, flush=True)),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        yield printed


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    """Let TensorFlow not warn of functions that a judge has traced often."""
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


@contextlib.contextmanager
def _time_limit(seconds: float, tell: Callable[[Words], None]) -> Iterator[None]:
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread:
        with _watchdog(seconds, lambda: tell(sentences.NOT_STOPPABLE)):
            yield
        return
    stuck = sentences.STUCK(seconds=f"{seconds:g}")
    deadline = Deadline(seconds)
    has_alarm = hasattr(signal, "setitimer")
    limit = _alarm(seconds, deadline) if has_alarm else _interrupt(seconds)
    patience = seconds + _SECONDS_OF_PATIENCE
    with _watchdog(patience, lambda: tell(stuck), if_=deadline.has_passed), limit:
        yield


@contextlib.contextmanager
def _watchdog(
    seconds: float, act: Callable[[], None], *, if_: Callable[[], bool] = lambda: True
) -> Iterator[None]:
    """Do something once if the block has not ended in time, without stopping it."""
    ended = threading.Event()

    def watch() -> None:
        wait = seconds
        while not ended.wait(wait):
            if if_():
                return act()
            wait = _SECONDS_BETWEEN_ALARMS

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        ended.set()


@contextlib.contextmanager
def _alarm(seconds: float, deadline: Deadline) -> Iterator[None]:
    """Raise TimeUp in the block by the system's alarm clock."""
    computed, began = time.thread_time(), time.monotonic()

    def ring(number: int, frame: types.FrameType | None) -> None:
        if (
            time.thread_time() - computed < seconds
            and time.monotonic() - began < _LONGEST_WAIT * seconds
        ):
            return deadline.put_off()
        # Not while this very block is being left: it would not be left tidily.
        code = frame.f_code if frame else None
        if code is leaving or code and code.co_filename == contextlib.__file__:
            return
        raise TimeUp

    leaving = _alarm.__wrapped__.__code__
    between = min(_SECONDS_BETWEEN_ALARMS, seconds)
    handler = signal.signal(signal.SIGALRM, ring)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, between)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, left, interval)
        signal.signal(signal.SIGALRM, handler)


@contextlib.contextmanager
def _interrupt(seconds: float) -> Iterator[None]:
    """Raise TimeUp in the block by an interrupt from a second thread."""
    rung = threading.Event()

    def ring() -> None:
        rung.set()
        _thread.interrupt_main()

    try:
        with _watchdog(seconds, ring):
            yield
    except KeyboardInterrupt:
        if rung.is_set():
            raise TimeUp from None
        raise


@contextlib.contextmanager
def _exit_disarmed() -> Iterator[None]:
    """Let IPython's ``exit()`` raise SystemExit, as Python's own does."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        yield
        return

    def ask_exit() -> None:
        raise SystemExit

    shell.ask_exit = ask_exit
    try:
        yield
    finally:
        del shell.ask_exit
