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
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from gradtape.classroom.sandbox import containers
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
    """

    def __init__(
        self,
        engine: str,
        limits: Limits,
        files: Path | None = None,
        hidden: tuple[Path, ...] = (),
    ):
        self._limits = limits
        self._kept = contextlib.ExitStack()
        folder, variables = None, None
        if engine == containers.UNSAFE:
            folder = self._kept.enter_context(tempfile.TemporaryDirectory())
            variables = containers.environment(folder)
            if files is not None:
                variables["GRADTAPE_HANDED_IN"] = str(files)
        self._process = subprocess.Popen(
            containers.command(engine, limits, files, hidden),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=variables,
            start_new_session=True,
        )
        self._unread = b""
        self.seconds_used = 0.0
        self.ask({"do": "start", **asdict(limits)}, _SECONDS_TO_START)

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
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
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
            self._process.stdin.write(line)
            self._process.stdin.flush()
            answer = json.loads(self._line(seconds))
        except (BrokenPipeError, RecursionError, ValueError):
            raise self._ended(
                "talk" if self._process.poll() is None else "exit"
            ) from None
        if not isinstance(answer, dict):
            raise self._ended("talk")
        return answer

    def _ended(self, why: str) -> Ended:
        self.end()
        return Ended(why)

    def _line(self, seconds: float) -> bytes:
        """Read one line while looking after what the process uses."""
        began = self._processor_time()
        deadline = time.monotonic() + _LONGEST_WAIT * seconds + 1.0
        pipe = self._process.stdout
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
                    used = self._look() - began
                    if used > seconds or looked > deadline:
                        raise self._ended("time")
        self.seconds_used += max(0.0, self._processor_time() - began)
        line, _, self._unread = b"".join(parts).partition(b"\n")
        return line

    def _processor_time(self) -> float:
        return sum(seconds for seconds, _, _ in self._uses())

    def _look(self) -> float:
        """Return the processor's time used; end what uses too much of something else."""
        uses = self._uses()
        if sum(memory for _, memory, _ in uses) > self._limits.memory:
            raise self._ended("memory")
        if sum(threads for _, _, threads in uses) > self._limits.processes:
            raise self._ended("processes")
        return sum(seconds for seconds, _, _ in uses)

    def _uses(self) -> list[tuple[float, int, int]]:
        """Return seconds, memory and threads of each process in the sandbox."""
        found = []
        with contextlib.suppress(psutil.Error):
            own = psutil.Process(self._process.pid)
            for process in [own, *own.children(recursive=True)]:
                with contextlib.suppress(psutil.Error), process.oneshot():
                    times = process.cpu_times()
                    seconds = sum(times[:4])  # with those of children that ended
                    memory = process.memory_info().rss
                    found.append((seconds, memory, process.num_threads()))
        return found
