"""A kernel beside the one that pytest's tests run in: another environment, another run."""

from __future__ import annotations

from pathlib import Path
from queue import Empty

import nbformat
from jupyter_client.kernelspec import KernelSpec
from nbval.plugin import coalesce_streams

from .final_output import FinalOutput
from .kernels import KernelDied, start_kernel

_OUTPUTS = ("display_data", "execute_result", "stream", "error")


class SecondKernel:
    """A kernel that runs code and gives what a reader would see.

    Parameters
    ----------
    folder : Path
        Where it works.
    startup_timeout : float
        How many seconds it may take to answer.
    spec : KernelSpec or None
        Which kernel.
    environment : dict, optional
        The environment of its process.

    Attributes
    ----------
    widgets : dict
        The states of its widgets.
    """

    def __init__(
        self,
        folder: Path,
        startup_timeout: float,
        spec: KernelSpec | None,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.kernel = start_kernel(
            folder, startup_timeout, spec=spec, environment=environment
        )
        self._final = FinalOutput()
        self.widgets = self._final.widgets.models

    def run(self, code: str, limit: float) -> list[nbformat.NotebookNode]:
        """Run code for at most so many seconds, and return its outputs.

        They stay as they are known here: what later code changes in them, is changed.
        """
        self._final.begin_cell()
        outputs: list[nbformat.NotebookNode] = []
        try:
            request = self.kernel.execute_cell_input(code, allow_stdin=False)
            self._await(request, limit)
            while True:
                message = self.kernel.get_message("iopub", timeout=limit)
                if message["parent_header"].get("msg_id") != request:
                    continue
                kind, content = message["msg_type"], message["content"]
                if kind == "status" and content["execution_state"] == "idle":
                    break
                if not self._final.takes(message, outputs) and kind in _OUTPUTS:
                    outputs.append(nbformat.v4.output_from_msg(message))
        except (Empty, KernelDied):
            pass  # what came out until then is what there is
        outputs[:] = coalesce_streams(outputs)
        return outputs

    def _await(self, request: str, limit: float) -> None:
        try:
            self.kernel.await_reply(request, timeout=limit)
        except Empty:
            self.kernel.interrupt()

    def stop(self) -> None:
        """End the kernel."""
        if self.kernel.is_alive():
            self.kernel.stop()
