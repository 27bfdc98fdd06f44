"""What pytest does besides with the notebooks of this course: the plugin of its own.

A lesson is compared with its source too, nothing may stand on its standard error, and
its kernel is forked from a process that has TensorFlow ready.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gradtape.authoring.built_from import BuiltFrom


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option ``--plain-kernel``."""
    parser.getgroup("gradtape").addoption(
        "--plain-kernel",
        action="store_true",
        help="start each kernel anew, instead of forking one that has TensorFlow ready",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let the kernels' launcher know."""
    if config.option.plain_kernel:
        os.environ["GRADTAPE_PLAIN_KERNEL"] = "1"


@pytest.hookimpl(optionalhook=True)
def pytest_gradtape_kernel() -> object:
    """Return the kernel that is forked from a process with TensorFlow."""
    from gradtape.kernel.spec import OwnKernel

    return OwnKernel().get_kernel_spec("python3")


@pytest.hookimpl(optionalhook=True)
def pytest_gradtape_known(path: Path) -> Lesson | None:
    """Return the lesson of which a notebook is built, if it is one."""
    from gradtape.authoring.built_from import find_source

    source = find_source(path)
    return Lesson(source) if source else None


class Lesson:
    """A notebook that is built from the source of a lesson.

    Attributes
    ----------
    source : BuiltFrom
        The source.
    store : str
        The command that builds it.
    """

    def __init__(self, source: BuiltFrom) -> None:
        self.source = source
        self.store = f"gradtape build {source.lesson}"

    def tests(self, notebook: pytest.File) -> Iterator[pytest.Item]:
        """Give the test of the source."""
        yield SourceTest.from_parent(notebook, name="source")


class SourceTest(pytest.Item):
    """A built notebook against the source of its lesson; nothing is run for it."""

    place_in_notebook = 0

    def runtest(self) -> None:
        """Compare what was written: prose, code, metadata, the order of the cells."""
        from gradtape.regression.messages import CellFailed

        lesson = self.parent.known
        if found := lesson.source.differences():
            remedy = (
                "make in the source what was changed in the notebook and is to stay; "
                f"then build it with `{lesson.store}`, and commit both"
            )
            raise CellFailed(found, remedy)

    def repr_failure(self, excinfo: pytest.ExceptionInfo) -> str:
        """Say what is not as in the source."""
        from gradtape.regression import messages

        error = excinfo.value
        if not isinstance(error, messages.CellFailed):
            return super().repr_failure(excinfo)
        return messages.report(error, self.parent.where)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the test by its notebook."""
        return self.path, 0, f"{self.path.name}::{self.name}"
