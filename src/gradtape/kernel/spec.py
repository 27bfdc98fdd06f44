"""How Jupyter is told of the kernel: what it has to start, and under which name."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import ipykernel.kernelspec
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

NAME = "gradtape"
PLAIN = "GRADTAPE_PLAIN_KERNEL"
_LAUNCHER = Path(__file__).parent / "launcher"


def argv() -> list[str]:
    """Return what starts a kernel of this Python, with a place for its connection file.

    Examples
    --------
    >>> argv()[-2:]
    ['-f', '{connection_file}']
    """
    return [*_program(), "-f", "{connection_file}"]


def _program() -> list[str]:
    # Windows has no fork, and a program there cannot turn into another one.
    if sys.platform == "win32":
        return [sys.executable, "-m", "ipykernel_launcher"]
    return [sys.executable, "-I", "-S", str(_LAUNCHER)]


class OwnKernel(KernelSpecManager):
    """Knows one kernel, the one of the Python that runs this, whatever name is asked."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the kernel of this Python."""
        return KernelSpec(
            resource_dir=ipykernel.kernelspec.RESOURCES, **description("Python 3")
        )


def description(display_name: str) -> dict:
    """Return what a ``kernel.json`` holds."""
    plain = ipykernel.kernelspec.get_kernel_dict()
    return plain | {"argv": argv(), "display_name": display_name}


def write(folder: Path, display_name: str) -> None:
    """Write a kernelspec, with its pictures, into a folder that is not there yet."""
    shutil.copytree(ipykernel.kernelspec.RESOURCES, folder)
    (folder / "kernel.json").write_text(json.dumps(description(display_name), indent=1))


def install(*, user: bool) -> Path:
    """Install the kernelspec ``gradtape``; return its folder.

    Parameters
    ----------
    user : bool
        For the user, whatever Jupyter is started; otherwise for this Python.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, NAME)
        write(folder, "gradtape (TensorFlow)")
        prefix = None if user else sys.prefix
        place = KernelSpecManager().install_kernel_spec(
            str(folder), NAME, user=user, prefix=prefix
        )
    return Path(place)


def warm(environment: dict[str, str] | None = None) -> None:
    """Have a resident started for kernels with this environment, without waiting.

    Parameters
    ----------
    environment : dict, optional
        The environment of the kernels to come; default: this process's own.
    """
    if sys.platform != "win32":
        subprocess.Popen(
            [*_program(), "--warm"],
            env=os.environ if environment is None else environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
