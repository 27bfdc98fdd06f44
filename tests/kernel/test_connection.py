"""Kernels that start at once do not take each other's place, as they do with ports."""

import sys
import tempfile
from pathlib import Path

import pytest

from gradtape.regression.kernels import start_kernel


def told(kernel, code):
    """Return what code prints in a kernel."""
    said = []
    kernel.kc.execute_interactive(
        code, output_hook=lambda it: said.append(it["content"].get("text", ""))
    )
    return "".join(said)


def shut_down(kernel):
    kernel.kc.stop_channels()
    kernel.km.shutdown_kernel()


@pytest.mark.parametrize(
    ("name", "transport"),
    [("t", "tcp" if sys.platform == "win32" else "ipc"), ("long" * 30, "tcp")],
)
def test_a_kernel_answers_by_sockets_or_ports_and_leaves_nothing(
    name, transport, runtime, monkeypatch
):
    folder = runtime / name
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    kernel = start_kernel(folder, 60)
    try:
        assert kernel.km.transport == transport
        assert Path(kernel.km.connection_file).parent == folder
        assert told(kernel, "print(1)") == "1\n"
    finally:
        shut_down(kernel)
    assert not list(folder.iterdir())
    folder.rmdir()


def test_two_kernels_whose_sockets_share_a_folder_are_two(runtime):
    kernels = [start_kernel(runtime, 60) for _ in range(2)]
    try:
        for number, kernel in enumerate(kernels):
            told(kernel, f"who = {number}")
        assert [told(kernel, "print(who)") for kernel in kernels] == ["0\n", "1\n"]
    finally:
        for kernel in kernels:
            shut_down(kernel)
