"""The process that runs a notebook's cells."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from queue import Empty

import ipykernel.kernelspec
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager
from nbval.kernel import RunningKernel

from .connection import connection

_SECONDS_BETWEEN_LOOKS = 1.0
_SECONDS_FOR_FACTS = 30.0
# Run once in the kernel; it leaves no name behind.
_WAIT_FOR_LATE_OUTPUT = f"""
def _(source):
    names = {{"__name__": "late_output"}}
    exec(source, names)
    names["wait_for_late_output"](get_ipython().kernel)
_({Path(__file__).with_name("late_output.py").read_text("utf-8")!r})
del _
"""
# What is of the machine in a notebook's outputs can be told by these.
_FACTS = """(lambda os, sys, tempfile, socket: {
    "cwd": os.getcwd(), "home": os.path.expanduser("~"), "tmp": tempfile.gettempdir(),
    "prefix": sys.prefix, "pid": str(os.getpid()), "host": socket.gethostname(),
    "user": os.environ.get("USER", ""),
})(*map(__import__, ("os", "sys", "tempfile", "socket")))"""


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
    """A kernel whose death is noticed, and which counts its cells as a reader's does.

    Nothing that a cell writes is late: the message that the kernel is idle comes last.
    """

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.km, self.kc = manager, client
        self.facts: dict[str, str] = {}
        spec = manager.kernel_spec
        self.is_python = spec is None or spec.language == "python"
        if self.is_python:
            expressions = {"facts": _FACTS}
            request = client.execute(
                _WAIT_FOR_LATE_OUTPUT, silent=True, user_expressions=expressions
            )
            self.facts = self._read_facts(request)

    def _read_facts(self, request: str) -> dict[str, str]:
        """Read what the kernel says of its process and machine."""
        while True:
            message = self.get_message("shell", _SECONDS_FOR_FACTS)
            if _parent(message) == request:
                break
        answer = message["content"].get("user_expressions", {}).get("facts", {})
        text = answer.get("data", {}).get("text/plain", "{}")
        return ast.literal_eval(text)

    def run_silently(self, code: str) -> None:
        """Run code that is none of the notebook's, and wait for its end."""
        self.await_reply(self.kc.execute(code, silent=True, store_history=False))

    def execute_cell_input(self, code: str, allow_stdin: bool | None = None) -> str:
        """Send a cell to be run; return the message's id."""
        return self.kc.execute(code, allow_stdin=allow_stdin, stop_on_error=False)

    def get_message(self, stream: str, timeout: float | None = None) -> dict:
        """Wait for a message, as nbval does, and look now and then at the process.

        nbval's way to get a message writes out each for its log, at some cost.
        """
        get = {"iopub": self.kc.get_iopub_msg, "shell": self.kc.get_shell_msg}[stream]
        deadline = time.monotonic() + (timeout or float("inf"))
        while True:
            left = deadline - time.monotonic()
            try:
                return get(timeout=max(0.0, min(_SECONDS_BETWEEN_LOOKS, left)))
            except Empty:
                if not self.is_alive():
                    raise KernelDied(self.exit_code()) from None
                if left <= _SECONDS_BETWEEN_LOOKS:
                    raise

    def exit_code(self) -> int | None:
        """Return how its process ended: a signal as a negative number."""
        process = getattr(self.km.provisioner, "process", None)
        return None if process is None else process.poll()


def _parent(message: dict) -> str | None:
    return message["parent_header"].get("msg_id")


class _OneKernel(KernelSpecManager):
    """Knows one kernel, whatever name is asked."""

    def __init__(self, spec: KernelSpec) -> None:
        super().__init__()
        self._spec = spec

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the kernel."""
        return self._spec


def kernel_of(python: str) -> KernelSpec:
    """Return the kernel of a Python, by the path of its program."""
    description = ipykernel.kernelspec.get_kernel_dict()
    argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    return KernelSpec(
        resource_dir=ipykernel.kernelspec.RESOURCES, **description | {"argv": argv}
    )


def start_kernel(
    folder: Path,
    startup_timeout: float,
    *,
    spec: KernelSpec | None = None,
    environment: dict[str, str] | None = None,
) -> WatchedKernel:
    """Start a kernel, by default one of the Python that runs pytest.

    Parameters
    ----------
    folder : Path
        Where it works.
    startup_timeout : float
        How many seconds it may take to answer.
    spec : KernelSpec, optional
        Which kernel.
    environment : dict, optional
        The environment of its process, by default this one's.
    """
    # ipykernel stops capturing file descriptors where it sees pytest's variable, and
    # what a notebook's reader would see on standard error would go unnoticed.
    environment = dict(os.environ if environment is None else environment)
    environment.pop("PYTEST_CURRENT_TEST", None)
    spec = spec or kernel_of(sys.executable)
    manager = KernelManager(
        kernel_spec_manager=_OneKernel(spec), **connection(Path(tempfile.gettempdir()))
    )
    quiet = dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL)
    manager.start_kernel(cwd=str(folder), env=environment, **quiet)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=startup_timeout)
    except RuntimeError:
        client.stop_channels()
        manager.shutdown_kernel()
        raise
    return WatchedKernel(manager, client)
