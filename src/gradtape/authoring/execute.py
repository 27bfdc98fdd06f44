"""Run a notebook in a kernel of its own, the same way on every machine."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import (
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import NotebookNode

from gradtape.kernel.spec import OwnKernel
from gradtape.language import say
from gradtape.regression.connection import connection
from gradtape.regression.outputs.traces import merge_streams, without_widgets

_SECONDS_A_CELL = 300
# What nbclient logs is told to the caller as a failure anyway.
_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())
_log.propagate = False
_COLOURS = re.compile(r"\x1b\[[\d;]*m")

# What a user may have set for other work and what would show in a notebook.
_NOT_INHERITED = (
    "FORCE_COLOR",
    "KERAS_BACKEND",
    "LANGUAGE",
    "MPLBACKEND",
    "NO_COLOR",
    "PYTHONSTARTUP",
    "PYTHONWARNINGS",
    "TF_CPP_MIN_LOG_LEVEL",
    "TF_USE_LEGACY_KERAS",
)


@dataclass(frozen=True)
class Failure:
    """Where a notebook stopped, and why.

    Attributes
    ----------
    cell : int
        The place of the cell in the notebook, counted from 0.
    line : int
        The line in the cell, counted from 0.
    sentence : str
        What happened.
    """

    cell: int
    line: int
    sentence: str


async def execute(
    notebook: NotebookNode, cell_done: Callable[[], None] = lambda: None
) -> Failure | None:
    """Run every cell of a notebook in a new kernel and store the outputs.

    The kernel is this Python's own, works in an empty folder that is removed
    afterwards, and does not read the user's settings of IPython, matplotlib and Keras.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place: outputs and execution counts.
    cell_done : callable
        Called after each cell of code.

    Returns
    -------
    Failure or None
        None when every cell did what it was meant to: cells tagged
        ``raises-exception`` raised, no other did.
    """
    with (
        tempfile.TemporaryDirectory(
            prefix="gradtape-", ignore_cleanup_errors=True
        ) as folder,
        tempfile.TemporaryFile() as complaints,
    ):
        home = Path(folder)
        (home / "empty").mkdir()
        manager = AsyncKernelManager(
            kernel_spec_manager=OwnKernel(), **connection(home)
        )
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=_SECONDS_A_CELL,
            iopub_timeout=_SECONDS_A_CELL,
            raise_on_iopub_timeout=True,
            record_timing=False,
            log=_log,
        )
        try:
            await client.async_start_new_kernel(
                cwd=str(home / "empty"),
                env=kernel_environment(home),
                stdout=subprocess.DEVNULL,
                stderr=complaints,
            )
            await client.async_start_new_kernel_client()
            return await _run_cells(client, notebook, cell_done)
        except RuntimeError as error:
            complaints.seek(0)
            why = complaints.read().decode(errors="replace") or str(error)
            return Failure(
                0,
                0,
                say(
                    en=f"no kernel could be started: {_last_line(why)}",
                    zh=f"内核无法启动：{_last_line(why)}",
                ),
            )
        finally:
            if client.kc is not None:
                client.kc.stop_channels()
            if manager.has_kernel:
                await manager.shutdown_kernel(now=True)


async def _run_cells(
    client: NotebookClient, notebook: NotebookNode, cell_done: Callable[[], None]
) -> Failure | None:
    count = 0
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        count += bool(cell.source.strip())  # an empty cell is not run
        try:
            await client.async_execute_cell(cell, index, execution_count=count)
        except CellExecutionError as error:
            line = _line_in_cell(error.traceback, count)
            first = error.evalue.strip().partition("\n")[0]
            return Failure(index, line, f"{error.ename}: {first}".rstrip(": "))
        except CellTimeoutError:
            return Failure(
                index,
                0,
                say(
                    en=f"still running after {_SECONDS_A_CELL} seconds",
                    zh=f"运行了 {_SECONDS_A_CELL} 秒还没有结束",
                ),
            )
        except DeadKernelError:
            if asyncio.current_task().cancelling():  # Ctrl-C, to nbclient the same
                raise asyncio.CancelledError from None
            return Failure(
                index, 0, say(en="the kernel died here", zh="内核在这里崩溃了")
            )
        cell.outputs = without_widgets(merge_streams(cell.outputs))
        meant_to_fail = "raises-exception" in cell.metadata.get("tags", ())
        if meant_to_fail and not any(
            output.output_type == "error" for output in cell.outputs
        ):
            return Failure(
                index,
                0,
                say(
                    en="tagged raises-exception, but it does not raise any more",
                    zh="标着 raises-exception，现在却不再报错",
                ),
            )
        cell_done()
    return None


def kernel_environment(home: Path) -> dict[str, str]:
    """Return the environment of a kernel, the same whoever builds and in any terminal.

    Parameters
    ----------
    home : Path
        A folder for the settings that IPython would keep in the user's home, and for
        temporary files.
    """
    environment = {
        name: value for name, value in os.environ.items() if name not in _NOT_INHERITED
    }
    return environment | {
        "COLUMNS": "80",
        "IPYTHONDIR": str(home / "ipython"),
        # Keras reads its settings there, and finds none. It is the same for every kernel
        # because only kernels that agree in it are forked from one process.
        "KERAS_HOME": os.devnull,
        "LC_ALL": "C.UTF-8",
        "LINES": "24",
        "MATPLOTLIBRC": os.devnull,
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        # What TensorFlow leaves in the folder for temporary files goes with the home.
        "TEMP": str(home),
        "TMP": str(home),
        "TMPDIR": str(home),
        # Two kernels share a GPU; without this the first takes all of its memory.
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        "TZ": "UTC",
    }


def _line_in_cell(traceback: str, count: int) -> int:
    """Return the line of the cell, from 0, in which a traceback begins."""
    places = re.search(
        rf"(?:Cell In|Input In ?)\[{count}\], line (\d+)", _COLOURS.sub("", traceback)
    )
    return int(places[1]) - 1 if places else 0


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1] if text.strip() else ""
