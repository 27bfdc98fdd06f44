"""The same notebook in another environment, run cell by cell beside it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

from .describer import DESCRIBER
from .kernels import kernel_of
from .second_kernel import SecondKernel

_OF_THIS_PYTHON = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


class OtherEnvironment:
    """A second kernel, whose outputs take the place of those stored.

    Parameters
    ----------
    python : str
        The path of a Python, or the name of a kernel.
    folder : Path
        Where the notebook lies.
    limit : float
        How many seconds the kernel may take to start.

    Attributes
    ----------
    widgets : dict
        The states of the widgets there.
    """

    def __init__(self, python: str, folder: Path, limit: float) -> None:
        self.name = python
        environment = {k: v for k, v in os.environ.items() if k not in _OF_THIS_PYTHON}
        self._kernel = SecondKernel(folder, limit, _spec(python), environment)
        if self._kernel.kernel.is_python:
            self._kernel.kernel.run_silently(DESCRIBER)
        self.widgets = self._kernel.widgets

    def outputs_of(self, source: str, limit: float) -> list[nbformat.NotebookNode]:
        """Run a cell there, and return what it shows."""
        return self._kernel.run(source, limit)

    def stop(self) -> None:
        """End the kernel."""
        self._kernel.stop()


def _spec(python: str) -> KernelSpec:
    program = shutil.which(python)
    if program and (os.sep in python or Path(program).name.startswith("python")):
        return kernel_of(os.path.abspath(program))
    return KernelSpecManager().get_kernel_spec(python)
