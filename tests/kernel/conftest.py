"""Kernels of both kinds, and a runtime folder for the residents of these tests."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from gradtape.kernel import control, spec
from gradtape.kernel.connection import connection
from gradtape.kernel.launcher import places

LAUNCHER = [sys.executable, "-I", "-S", str(Path(spec.__file__).parent / "launcher")]
# In seconds: how long the slowest machine may import TensorFlow.
PATIENCE = 300

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")


def pytest_collection_modifyitems(items):
    """Leave the whole folder out where there is no fork."""
    for item in items:
        if sys.platform == "win32" and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="there is no fork"))


@pytest.fixture(scope="session")
def runtime():
    """Give residents a folder of their own, and end those that are left."""
    # Not pytest's own temporary folder: the name of a socket has to be short.
    folder = tempfile.mkdtemp(prefix="gradtape-test-", dir="/tmp")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", folder)
        patch.setenv("IPYTHONDIR", os.path.join(folder, "ipython"))
        patch.delenv("GRADTAPE_PLAIN_KERNEL", raising=False)
        try:
            warm_up()
            yield Path(folder, "gradtape")
        finally:
            control.stop()
            shutil.rmtree(folder, ignore_errors=True)


def warm_up():
    """Have a resident that is ready: one that is slow to come makes kernels plain."""
    subprocess.run([*LAUNCHER, "--warm"], check=True)
    assert wait_until(lambda: any(one.process for one in control.residents()), PATIENCE)


@pytest.fixture
def own_runtime(monkeypatch):
    """Give one test a runtime folder that no resident of another test is in."""
    folder = tempfile.mkdtemp(prefix="gradtape-test-", dir="/tmp")
    monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
    monkeypatch.setenv("IPYTHONDIR", os.path.join(folder, "ipython"))
    monkeypatch.delenv("GRADTAPE_PLAIN_KERNEL", raising=False)
    yield Path(places.folder())
    for standing in control.stop():
        if standing.process:
            with contextlib.suppress(psutil.NoSuchProcess):
                psutil.Process(standing.process).wait(10)
    shutil.rmtree(folder, ignore_errors=True)


class Kernel:
    """A kernel, asked to run code."""

    def __init__(self, manager, client):
        self.manager, self.client = manager, client

    @property
    def launcher(self):
        """The process that Jupyter has started."""
        return psutil.Process(self.manager.provisioner.pid)

    def run(self, code, timeout=60):
        """Return what is printed, and the errors."""
        told = []

        def hook(message):
            content = message["content"]
            if message["msg_type"] == "stream":
                told.append(content["text"])
            elif message["msg_type"] == "error":
                told.append(f"{content['ename']}: {content['evalue']}")

        # With True, the kernel refuses what comes right after a cell that has failed.
        self.client.execute_interactive(
            code, output_hook=hook, timeout=timeout, stop_on_error=False
        )
        return "".join(told)

    def process(self):
        """Return the process that runs the code."""
        return psutil.Process(int(self.run("import os; print(os.getpid())")))


def start_kernel(kind="gradtape", *, place=None, env=os.environ, **settings):
    """Start a kernel, forked or plain, and wait until it answers."""
    specs = spec.OwnKernel() if kind == "gradtape" else KernelSpecManager()
    specs.kernel_dirs = []
    place = place or connection(Path(tempfile.gettempdir()))
    manager = KernelManager(kernel_name="python3", kernel_spec_manager=specs, **place)
    # Where ipykernel sees pytest's variable, it shows less of what is written.
    environment = {n: value for n, value in env.items() if n != "PYTEST_CURRENT_TEST"}
    manager.start_kernel(env=environment, stderr=subprocess.DEVNULL, **settings)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    return Kernel(manager, client)


def shut_down(kernel):
    """End a kernel at once."""
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel(now=True)


@pytest.fixture
def start():
    """Start kernels as ``start_kernel`` does, and end them after the test."""
    started = []

    def start_one(*arguments, **settings):
        started.append(start_kernel(*arguments, **settings))
        return started[-1]

    yield start_one
    for kernel in started:
        shut_down(kernel)


def resident_of(kernel):
    """Return the process that a kernel was forked from."""
    return kernel.process().parent()


def wait_until(condition, seconds=10):
    """Wait until something is so; tell whether it came to be."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def ended(process):
    """Tell whether a process has ended, buried or not."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def kill(process, number=signal.SIGKILL):
    """Send a signal to a process that may be gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)
