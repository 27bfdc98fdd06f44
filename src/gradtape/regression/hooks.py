"""What another plugin may add to notebooks that it knows, such as those of a course."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from jupyter_client.kernelspec import KernelSpec

    from .notebooks import Notebook


class Known(Protocol):
    """A notebook that is made from something else."""

    store: str  # the command that makes and stores it

    def tests(self, notebook: Notebook) -> Iterable[pytest.Item]:
        """Give tests of the notebook as a whole, before those of its cells."""


@pytest.hookspec(firstresult=True)
def pytest_gradtape_known(path: Path) -> Known | None:
    """Return what is known of a notebook.

    Such a notebook is not updated by itself, and nothing may stand on standard error.
    """


@pytest.hookspec(firstresult=True)
def pytest_gradtape_kernel() -> KernelSpec | None:
    """Return the kernel for notebooks in Python, in place of a plain one."""
