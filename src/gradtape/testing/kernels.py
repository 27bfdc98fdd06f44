"""The process that runs a notebook's cells."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path
from queue import Empty

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager
from nbval.kernel import RunningKernel

from gradtape.kernel.connection import connection
from gradtape.kernel.spec import OwnKernel

_SECONDS_BETWEEN_LOOKS = 1.0


class KernelDied(Exception):
    """The kernel's process ended while a cell ran.

    Parameters
    ----------
    code : int or None
        Its exit code; None if it is not known.
    """

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class WatchedKernel(RunningKernel):
    """A kernel whose death is noticed, and which counts its cells as a reader's does."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.km, self.kc = manager, client

    def execute_cell_input(self, code: str, allow_stdin: bool | None = None) -> str:
        """Send a cell to be run; return the message's id."""
        return self.kc.execute(code, allow_stdin=allow_stdin, stop_on_error=False)

    def get_message(self, stream: str, timeout: float | None = None) -> dict:
        """Wait for a message, as nbval does, and look now and then at the process."""
        deadline = time.monotonic() + (timeout or float("inf"))
        while True:
            left = deadline - time.monotonic()
            try:
                return super().get_message(
                    stream, timeout=max(0.0, min(_SECONDS_BETWEEN_LOOKS, left))
                )
            except Empty:
                if not self.is_alive():
                    raise KernelDied(self.exit_code()) from None
                if left <= _SECONDS_BETWEEN_LOOKS:
                    raise

    def exit_code(self) -> int | None:
        """Return how its process ended: a signal as a negative number."""
        process = getattr(self.km.provisioner, "process", None)
        return None if process is None else process.poll()


def start_kernel(folder: Path, startup_timeout: float) -> WatchedKernel:
    """Start a kernel of the Python that runs pytest.

    Parameters
    ----------
    folder : Path
        Where it works.
    startup_timeout : float
        How many seconds it may take to answer.
    """
    # ipykernel stops capturing file descriptors where it sees pytest's variable, and
    # what a lesson's reader would see on standard error would go unnoticed.
    environment = dict(os.environ)
    environment.pop("PYTEST_CURRENT_TEST", None)
    place = connection(Path(tempfile.gettempdir()))
    manager = KernelManager(kernel_spec_manager=OwnKernel(), **place)
    manager.start_kernel(cwd=str(folder), env=environment, stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=startup_timeout)
    except RuntimeError:
        client.stop_channels()
        manager.shutdown_kernel()
        raise
    return WatchedKernel(manager, client)
