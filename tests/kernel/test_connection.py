"""Kernels that start at once do not take each other's place, as they do with ports."""

import sys
import tempfile
from pathlib import Path

import pytest

from gradtape.testing.kernels import start_kernel

pytestmark = pytest.mark.usefixtures("runtime")


@pytest.mark.parametrize(
    ("name", "transport"),
    [("t", "tcp" if sys.platform == "win32" else "ipc"), ("long" * 30, "tcp")],
)
def test_a_kernel_answers_by_sockets_or_ports_and_leaves_nothing(
    name, transport, own_runtime, monkeypatch
):
    folder = own_runtime / name
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    kernel = start_kernel(folder, 60)
    try:
        assert kernel.km.transport == transport
        assert Path(kernel.km.connection_file).parent == folder
        kernel.kc.execute_interactive("assert 1 == 1", timeout=60)
    finally:
        kernel.kc.stop_channels()
        kernel.km.shutdown_kernel()
    assert not list(folder.iterdir())


def test_two_kernels_in_one_folder_are_two(own_runtime):
    one, other = start_kernel(own_runtime, 60), start_kernel(own_runtime, 60)
    try:
        for kernel, word in ((one, "one"), (other, "other")):
            kernel.kc.execute_interactive(f"who = '{word}'", timeout=60)
        told = []
        for kernel in (one, other):
            kernel.kc.execute_interactive(
                "print(who)",
                output_hook=lambda message: told.append(message["content"].get("text")),
                timeout=60,
            )
    finally:
        for kernel in (one, other):
            kernel.kc.stop_channels()
            kernel.km.shutdown_kernel()
    assert [word for word in told if word] == ["one\n", "other\n"]
