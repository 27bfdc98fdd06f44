"""A process that runs a hand-in, and what the grading side says to it.

One line of JSON goes in, one comes out. The process is ended, with all that it started,
when it uses more than its limits allow. What it says is data; it is not believed.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import psutil

from gradtape.classroom.sandbox import containers, fork_server
from gradtape.classroom.sandbox.limits import Limits

_SECONDS_TO_START = 180.0
_SECONDS_BETWEEN_LOOKS = 0.2
# A process that waits uses no processor time; it is given so many times as long.
_LONGEST_WAIT = 2.0
_CHUNK = 2**16


class Ended(Exception):
    """The process has ended; ``why`` is time, memory, processes, talk or exit."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


class Sandboxed:
    """A hand-in's process: a context manager that ends it.

    Parameters
    ----------
    engine : str
        One of :data:`containers.ENGINES`, or ``"none"``.
    limits : Limits
        What it may use.
    files : Path, optional
        A folder with files handed in beside the notebook.
    hidden : tuple of Path
        What it must not see.
    server : str
        The socket of a fork server; without one, Python is started anew.
    """

    def __init__(
        self,
        engine: str,
        limits: Limits,
        files: Path | None = None,
        hidden: tuple[Path, ...] = (),
        server: str = "",
    ):
        self._limits = limits
        self._kept = contextlib.ExitStack()
        self._unread = b""
        self.seconds_used = 0.0
        self.has_ended = False
        if not (server and self._forked(server, limits, files, hidden)):
            self._start(engine, limits, files, hidden)
        self.ask({"do": "start", **asdict(limits)}, _SECONDS_TO_START)

    def _start(
        self, engine: str, limits: Limits, files: Path | None, hidden: tuple[Path, ...]
    ) -> None:
        """Start a Python of its own, by whatever makes the sandbox."""
        folder, variables = None, None
        if engine == "bubblewrap":
            # Its first process is seen inside, with the environment that it was given.
            variables = {}
        if engine == containers.UNSAFE:
            folder = self._kept.enter_context(tempfile.TemporaryDirectory())
            variables = containers.environment(folder)
            if files is not None:
                variables["GRADTAPE_HANDED_IN"] = str(files)
        self._process = _popen(
            containers.command(engine, limits, files, hidden),
            stdin=subprocess.PIPE,
            cwd=folder,
            env=variables,
        )
        self._requests, self._answers = self._process.stdin, self._process.stdout
        self._processes = [self._process.pid]

    def _forked(
        self, server: str, limits: Limits, files: Path | None, hidden: tuple[Path, ...]
    ) -> bool:
        """Have bubblewrap make a sandbox, and a runner forked into it, if that can be."""
        self._process = _popen(
            containers.empty(limits, files, hidden), stdin=subprocess.DEVNULL, env={}
        )
        requests, self._requests = _pipe()
        self._answers, answers = _pipe()
        with self._process.stdout as is_ready, requests, answers:
            try:
                is_ready.readline()
                (*_, inside) = psutil.Process(self._process.pid).children(True)
                runner = fork_server.fork_into(
                    server, inside.pid, requests.fileno(), answers.fileno()
                )
                self._processes = [self._process.pid, runner]
                return True
            except (OSError, ValueError, psutil.Error):
                self.end()
                self.has_ended = False
                return False

    def __enter__(self) -> Self:
        """Return the process."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process and all that it started."""
        self.end()

    def end(self) -> None:
        """End the process, all that it started, and what it wrote."""
        if self.has_ended:
            return
        self.has_ended = True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        for pipe in (self._requests, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()
        self._kept.close()

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send a request and return what comes back.

        Parameters
        ----------
        request : dict
            What the runner is to do.
        seconds : float
            Of the processor's time, after which it is ended.

        Raises
        ------
        Ended
            If it uses too much, sends too much or something else than JSON, or ends.
        """
        try:
            line = json.dumps(request).encode() + b"\n"
            self._requests.write(line)
            self._requests.flush()
            answer = json.loads(self._line(seconds))
        except BrokenPipeError:
            raise self._ended("exit") from None
        except (RecursionError, ValueError):
            raise self._ended("talk") from None
        except BaseException:
            self.end()  # or what it says later would answer another request
            raise
        if not isinstance(answer, dict):
            raise self._ended("talk")
        return answer

    def _ended(self, why: str) -> Ended:
        self.end()
        return Ended(why)

    def _line(self, seconds: float) -> bytes:
        """Read one line while looking after what the process uses."""
        began, start = self._uses(), time.monotonic()
        pipe = self._answers
        parts = [self._unread]
        received = len(self._unread)
        looked = 0.0
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while b"\n" not in parts[-1]:
                if selector.select(_SECONDS_BETWEEN_LOOKS):
                    parts.append(os.read(pipe.fileno(), _CHUNK))
                    received += len(parts[-1])
                    if not parts[-1]:
                        raise self._ended("exit")
                    if received > self._limits.message:
                        raise self._ended("talk")
                if time.monotonic() - looked > _SECONDS_BETWEEN_LOOKS:
                    looked = time.monotonic()
                    self._require_little(began, looked - start, seconds)
        self.seconds_used += max(0.0, self._uses().seconds - began.seconds)
        line, _, self._unread = b"".join(parts).partition(b"\n")
        return line

    def _require_little(self, began: _Uses, elapsed: float, seconds: float) -> None:
        """End the process if it uses more than it may."""
        now = self._uses()
        if now.threads > self._limits.processes:
            raise self._ended("processes")
        if now.memory > self._limits.memory:
            raise self._ended("memory")
        # On a crowded machine a process waits for the processor, which is not its fault.
        own = elapsed - (now.queued - began.queued)
        if now.seconds - began.seconds > seconds or own > _LONGEST_WAIT * seconds + 1:
            raise self._ended("time")

    def _uses(self) -> _Uses:
        """Return what all processes of the sandbox use together."""
        seconds, memory, threads, queued = 0.0, 0, 0, 0.0
        for process in self._all():
            with contextlib.suppress(psutil.Error), process.oneshot():
                # With the times of children that have ended.
                seconds += sum(process.cpu_times()[:4])
                memory += process.memory_info().rss
                threads += process.num_threads()
                queued = max(queued, _seconds_queued(process.pid))
        return _Uses(seconds, memory, threads, queued)

    def _all(self) -> list[psutil.Process]:
        """Return the processes that were started, and all that they have started."""
        found = []
        for number in self._processes:
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(number)
                found += [process, *process.children(recursive=True)]
        return found


def _popen(command: list[str], **options: Any) -> subprocess.Popen:
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **options,
    )


def _pipe() -> tuple[BinaryIO, BinaryIO]:
    reads, writes = os.pipe()
    return os.fdopen(reads, "rb"), os.fdopen(writes, "wb")


@dataclass(frozen=True)
class _Uses:
    """Processor time, bytes, threads, and seconds spent in wait for the processor."""

    seconds: float
    memory: int
    threads: int
    queued: float


def _seconds_queued(process: int) -> float:
    """Return how long a process has waited for the processor, where Linux counts it."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
