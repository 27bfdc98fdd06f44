"""Kernels of both kinds, and a runtime folder for the fork servers of these tests."""

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
from gradtape.kernel.launcher import paths
from gradtape.regression.connection import connection

LAUNCHER = [sys.executable, "-I", "-S", str(Path(spec.__file__).parent / "launcher")]
# What `python -m ipykernel_launcher --version` prints: a plain kernel that ends at once.
VERSION = ["--version"]
# A fork server that imports nothing, to be there sooner.
QUICK = """
import sys
if "gradtape.kernel" in sys.orig_argv:
    from gradtape.kernel import preload, fork_server
    preload.FIRST = preload.LATER = ()
    preload.require_forkable = lambda: None
"""
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
    """Give fork servers a folder of their own, and end those that are left."""
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
    """Have a fork server that is ready: one that is slow to come makes kernels plain."""
    subprocess.run([*LAUNCHER, "--warm"], check=True)
    assert wait_until(
        lambda: any(one.process for one in control.fork_servers()), PATIENCE
    )


@pytest.fixture
def own_runtime(monkeypatch):
    """Give one test a runtime folder that no fork server of another test is in."""
    folder = tempfile.mkdtemp(prefix="gradtape-test-", dir="/tmp")
    monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
    monkeypatch.setenv("IPYTHONDIR", os.path.join(folder, "ipython"))
    monkeypatch.delenv("GRADTAPE_PLAIN_KERNEL", raising=False)
    yield Path(paths.folder())
    for status in control.stop():
        if status.process:
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(status.process)
                # Not `wait`, for which the system has to have taken note of its end.
                assert wait_until(lambda process=process: ended(process))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def quick(own_runtime, tmp_path, monkeypatch):
    """Make fork servers quick; return a function that adds to what they do at their start."""
    file = tmp_path / "path" / "sitecustomize.py"
    file.parent.mkdir()
    file.write_text(QUICK)
    path = [str(file.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path))

    def also(code):
        lines = "".join(f"    {line}\n" for line in code.splitlines())
        file.write_text(QUICK + lines)

    return also


def launch(*arguments, **settings):
    """Run a launcher to its end; return its exit code, what it says, and the time."""
    begin = time.monotonic()
    done = subprocess.run(
        [*LAUNCHER, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        **settings,
    )
    return done.returncode, done.stdout, done.stderr, time.monotonic() - begin


def own_key():
    """Return the key of the fork server that a launcher started from here would ask."""
    show = "import identity as i; print(i.key_of(i.identity()))"
    folder = LAUNCHER[-1]
    code = f"import sys; sys.path.insert(0, {folder!r}); {show}"
    told = subprocess.check_output([*LAUNCHER[:3], "-c", code], text=True)
    return told.strip()


def living():
    """Return how many kernels the fork servers have."""
    return sum(each.kernels for each in control.fork_servers())


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


def server_of(kernel):
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
    """Tell whether a process has ended, reaped or not."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def kill(process, number=signal.SIGKILL):
    """Send a signal to a process that may be gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)
