"""The same notebook in another environment, run cell by cell beside it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

from .describer import DESCRIBER
from .kernels import kernel_of
from .second_kernel import SecondKernel

if TYPE_CHECKING:
    from .cells import CellItem
    from .notebooks import Notebook

_OF_THIS_PYTHON = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


class OtherEnvironment:
    """A second kernel, whose outputs take the place of those stored.

    Parameters
    ----------
    notebook : Notebook
        The notebook.
    python : str
        The path of a Python, or the name of a kernel.
    """

    def __init__(self, notebook: Notebook, python: str) -> None:
        self.name = python
        environment = {k: v for k, v in os.environ.items() if k not in _OF_THIS_PYTHON}
        self._kernel = SecondKernel(
            notebook.path.parent,
            notebook.config.option.nbval_kernel_startup_timeout,
            _spec(python),
            environment,
        )
        if self._kernel.kernel.is_python:
            self._kernel.kernel.run_silently(DESCRIBER)
        notebook.states_before = self._kernel.widgets

    def outputs_of(self, cell: CellItem, limit: float) -> list[nbformat.NotebookNode]:
        """Run a cell there, and return what it shows."""
        return self._kernel.run(cell.cell.source, limit)

    def stop(self) -> None:
        """End the kernel."""
        self._kernel.stop()


def _spec(python: str) -> KernelSpec:
    program = shutil.which(python)
    if program and (os.sep in python or Path(program).name.startswith("python")):
        return kernel_of(os.path.abspath(program))
    return KernelSpecManager().get_kernel_spec(python)
