"""How Jupyter is told of the kernel: what it has to start, and under which name."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import ipykernel.kernelspec
from jupyter_client.kernelspec import (
    NATIVE_KERNEL_NAME,
    KernelSpec,
    KernelSpecManager,
)

NAME = "gradtape"
NAME_IN_LESSONS = "Python 3"  # what a built notebook says its kernel is called
_IS_NAME = re.compile(r"[\w.-]*[\w-][\w.-]*", re.ASCII)
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
        return KernelSpec(resource_dir=ipykernel.kernelspec.RESOURCES, **_description())


def _description(**changes: str) -> dict:
    return ipykernel.kernelspec.get_kernel_dict() | {"argv": argv()} | changes


def write(folder: Path, **changes: str) -> None:
    """Write a kernelspec with its pictures: ipykernel's, but for what starts it.

    Parameters
    ----------
    folder : Path
        The folder, which is made.
    **changes : str
        What else of ``kernel.json`` is to be other than ipykernel's.
    """
    shutil.copytree(ipykernel.kernelspec.RESOURCES, folder)
    (folder / "kernel.json").write_text(json.dumps(_description(**changes), indent=1))


class NotAName(ValueError):
    """A kernel can't be installed under this name."""


def install(name: str = NAME, *, user: bool) -> Path:
    """Install the kernelspec; return its folder.

    Parameters
    ----------
    name : str
        Under which name. With ``"python3"`` it takes the place of the plain kernel.
    user : bool
        For the user, whatever Jupyter is started; otherwise for this Python.

    Raises
    ------
    NotAName
        If Jupyter would not take the name, or it would be a folder that exists anyway.
    """
    if not _IS_NAME.fullmatch(name):
        raise NotAName(name)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, name)
        if name == NATIVE_KERNEL_NAME:
            write(folder)
        else:
            write(folder, display_name=f"{name} (TensorFlow)")
        prefix = None if user else sys.prefix
        place = KernelSpecManager().install_kernel_spec(
            str(folder), name, user=user, prefix=prefix
        )
    return Path(place)


def warm(environment: dict[str, str] | None = None) -> None:
    """Have a fork server started for kernels to come; do not wait for its imports.

    Parameters
    ----------
    environment : dict, optional
        The environment of these kernels; default: this process's own.
    """
    if sys.platform != "win32":
        subprocess.run(
            [*_program(), "--warm"],
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
