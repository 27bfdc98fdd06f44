"""A process that has TensorFlow imported, forked into the sandbox of each hand-in.

To import TensorFlow takes longer than all the rest of a grading. So it is done once, in a
process in which no learner's code ever runs and which holds nothing of the teacher's.
Bubblewrap makes the sandbox of a hand-in as it always does; a fork joins its namespaces,
gives up all rights and descriptors, and is the runner there.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from gradtape.classroom.sandbox import containers

_NAMESPACES = {
    "user": 0x10000000,
    "mnt": 0x00020000,
    "cgroup": 0x02000000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "pid": 0x20000000,
    "net": 0x40000000,
}
_NOBODY = 65534
# Of prctl(2).
_DUMPABLE, _DROP_OF_BOUNDING_SET, _NO_NEW_PRIVILEGES = 4, 24, 38
_MOST_CAPABILITIES = 64
_CAPABILITIES = 0x20080522  # the version of capset(2)
_SECONDS_TO_FORK = 60.0
_MODULES = (
    "tensorflow",
    "keras",
    "gradtape.exercises.answers",
    "gradtape.exercises.none_returned",
    "gradtape.classroom.sandbox.runner",
    "gradtape.classroom.sandbox.told",
    "gradtape.classroom.sandbox.values",
    "cloudpickle",
    "IPython.core.interactiveshell",
    "IPython.utils.capture",
    "sqlite3",
)


class ForkServer:
    """The process, from the side of who starts it: a context manager that ends it.

    Attributes
    ----------
    path : str
        Of its socket, for :func:`fork_into`.
    """

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        self.path = str(folder / "socket")
        home = folder / "home"
        home.mkdir()
        with socket.socket(socket.AF_UNIX) as listener, _sealed_python() as program:
            listener.bind(self.path)
            listener.listen(64)
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__, str(listener.fileno())],
                executable=f"/proc/self/fd/{program.fileno()}",
                stdin=subprocess.PIPE,  # its end tells that this process has ended
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(listener.fileno(), program.fileno()),
                cwd="/",
                env=containers.environment(str(home)),
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        """Return the process."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._folder.cleanup()


def _sealed_python():
    """Return a copy of Python's program that nobody can change, in memory.

    A process can open its own program by /proc, past the sandbox's view of the disk.
    """
    made = os.memfd_create("python", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    copy = os.fdopen(made, "wb")
    with open(sys.executable, "rb") as program:
        shutil.copyfileobj(program, copy)
    copy.flush()
    os.fchmod(made, 0o555)
    seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK
    fcntl.fcntl(made, fcntl.F_ADD_SEALS, seals | fcntl.F_SEAL_SEAL)
    return copy


def fork_into(path: str, process: int, requests: int, answers: int) -> int:
    """Have a runner forked into a sandbox.

    Parameters
    ----------
    path : str
        Of the fork server's socket.
    process : int
        A process that is in the sandbox.
    requests, answers : int
        Descriptors from which the runner reads, and to which it writes.

    Returns
    -------
    int
        The runner's process.

    Raises
    ------
    OSError
        If there is no fork server, or the sandbox cannot be joined.
    """
    sandbox = os.pidfd_open(process)
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_SECONDS_TO_FORK)
            connection.connect(path)
            told = str(process).encode()
            socket.send_fds(connection, [told], [sandbox, requests, answers])
            answer = connection.recv(100)
    finally:
        os.close(sandbox)
    if not answer.isdigit():
        raise OSError(f"the fork server answered {answer!r}")
    return int(answer)


def main() -> None:
    """Import, and then fork for whoever asks, until standard input ends."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    os.closerange(listener.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
    from gradtape.kernel import preload

    preload.preload((*_MODULES, *preload.LATER))
    preload.require_forkable()
    preload.share_memory()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin, selectors.EVENT_READ)
        selector.register(listener, selectors.EVENT_READ)
        while all(key.fileobj is listener for key, _ in selector.select()):
            with contextlib.suppress(OSError, ValueError):
                _answer(listener.accept()[0])


def _answer(connection: socket.socket) -> None:
    """Fork for one who asks."""
    with connection:
        connection.settimeout(_SECONDS_TO_FORK)
        told, descriptors, _, _ = socket.recv_fds(connection, 100, 3)
        try:
            if len(descriptors) == 3 and os.fork() == 0:
                _become_runner(connection, int(told), *descriptors)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)


def _become_runner(
    connection: socket.socket, process: int, sandbox: int, requests: int, answers: int
) -> None:
    """Join a sandbox, and fork the runner: namespaces of processes hold for children."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()  # or a signal to its own group would reach the fork server
        _join(process, sandbox)
        runner = os.fork()
        if runner == 0:
            _run(requests, answers)
        connection.sendall(str(runner).encode())
        for descriptor in (connection.fileno(), requests, answers):
            os.close(descriptor)
        os.waitpid(runner, 0)
        code = 0
    finally:
        os._exit(code)


def _join(process: int, sandbox: int) -> None:
    """Enter those namespaces of a process that are not this one's already."""
    kinds = 0
    for name, kind in _NAMESPACES.items():
        theirs = os.readlink(f"/proc/{process}/ns/{name}")
        if theirs != os.readlink(f"/proc/self/ns/{name}"):
            kinds |= kind
    needed = _NAMESPACES["mnt"] | _NAMESPACES["pid"] | _NAMESPACES["net"]
    if kinds & needed != needed:
        raise OSError("this is no sandbox")
    _require(_libc.setns(sandbox, kinds))


def _run(requests: int, answers: int) -> None:
    """Be the runner, as a process that bubblewrap has started would be."""
    try:
        os.setsid()
        os.dup2(requests, 0)
        os.dup2(answers, 1)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        _give_up_rights()
        import numpy as np

        from gradtape.classroom.sandbox import runner
        from gradtape.kernel.home import change_home

        before = os.path.expanduser("~")
        os.environ.update(containers.environment())
        tempfile.tempdir = None
        change_home(before)
        os.chdir(containers.HOME)
        np.random.seed()
        sys.argv = [runner.__file__]
        runner.run_as_program()
    finally:
        os._exit(0)


def _give_up_rights() -> None:
    """Become nobody, if it was the administrator; keep no capability, and get none."""
    for number in range(_MOST_CAPABILITIES):
        _libc.prctl(_DROP_OF_BOUNDING_SET, number, 0, 0, 0)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    header, none = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0), (ctypes.c_uint32 * 6)()
    _require(_libc.capset(header, none))
    _require(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    # Its own /proc is its own again, as after the start of a program.
    _require(_libc.prctl(_DUMPABLE, 1, 0, 0, 0))


_libc = ctypes.CDLL(None, use_errno=True)


def _require(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main()
