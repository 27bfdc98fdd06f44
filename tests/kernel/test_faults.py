"""Whatever goes wrong, no kernel outlives its server, and a plain one takes a fork's place."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import psutil
import pytest
from tests.kernel.conftest import (
    LAUNCHER,
    VERSION,
    ended,
    launch,
    living,
    own_key,
    server_of,
    shut_down,
    wait_until,
)

from gradtape.kernel import control
from gradtape.kernel.launcher import messages


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_kernel_ends_with_its_launcher(number, quick, start):
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("started by `nohup`, which has every kernel ignore it")
    kernel = start()
    process, launcher = kernel.process(), kernel.launcher
    program = kernel.run(
        "import subprocess; print(subprocess.Popen(['sleep', '99']).pid)"
    )
    launcher.send_signal(number)
    assert wait_until(lambda: ended(process))
    assert wait_until(lambda: ended(psutil.Process(int(program))))
    assert wait_until(lambda: living() == 0)


def test_a_kernel_that_holds_the_interpreter_ends_with_its_launcher(quick, start):
    kernel = start()
    process, launcher = kernel.process(), kernel.launcher
    # A call into C that lets no other thread of Python run.
    kernel.client.execute("import ctypes; ctypes.PyDLL(None).sleep(99)")
    time.sleep(0.5)
    launcher.kill()
    assert wait_until(lambda: ended(process))


SERVER = """
import sys
from jupyter_client.manager import KernelManager
from gradtape.kernel.spec import OwnKernel
manager = KernelManager(kernel_spec_manager=OwnKernel())
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
told = []
client.execute_interactive(
    "import os; print(os.getpid())",
    output_hook=lambda m: told.append(m["content"].get("text", "")),
)
print(manager.provisioner.pid, *"".join(told).split(), flush=True)
sys.stdin.read()
"""


def test_a_kernel_ends_with_the_server(quick):
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    launcher, kernel = map(psutil.Process, map(int, server.stdout.readline().split()))
    assert kernel.is_running() and launcher.is_running()
    server.kill()
    server.wait()
    assert wait_until(lambda: ended(launcher) and ended(kernel))


def test_a_kernel_outlives_its_fork_server(quick, start):
    kernel = start()
    process, old = kernel.process(), server_of(kernel)
    old.kill()
    assert wait_until(lambda: ended(old))
    assert kernel.run("print(6 * 7)") == "42\n"
    other = start()
    assert server_of(other).pid not in (old.pid, os.getpid())
    launcher = kernel.manager.provisioner.process
    kernel.client.shutdown()
    assert launcher.wait(20) == 0
    assert wait_until(lambda: ended(process))


def test_all_can_be_suspended(quick, start):
    kernel = start()
    processes = [kernel.process(), server_of(kernel), kernel.launcher]
    for process in processes:
        process.suspend()
    time.sleep(1)
    for process in processes:
        process.resume()
    assert kernel.run("print(1)") == "1\n"
    assert server_of(start()) == processes[1]


def test_a_fork_server_that_hangs_makes_kernels_plain(quick, start):
    hanging = server_of(start())
    assert wait_until(lambda: control.fork_servers()[0].served == 1)
    hanging.suspend()
    try:
        code, out, err, _ = launch(*VERSION)
        assert (code, err) == (
            0,
            "gradtape: a plain kernel, as the fork server was silent for 5 s\n",
        )
        assert out
    finally:
        hanging.resume()


def test_a_fork_server_that_dies_while_it_is_asked(quick):
    quick("import os; os._exit(1)")
    code, out, err, _ = launch(*VERSION)
    assert (code, err) == (0, "gradtape: a plain kernel, as the fork server ended\n")
    assert out
    # It is not tried again with every kernel.
    code, out, err, _ = launch(*VERSION)
    assert (code, err) == (0, "") and out


def test_a_fork_server_that_cannot_be_one_says_so_once(quick, own_runtime):
    quick(
        "def refuse():\n    raise preload.CannotFork('it may')\npreload.require_forkable = refuse"
    )
    told = [launch(*VERSION)[:3] for _ in range(3)]
    assert [code for code, _, _ in told] == [0, 0, 0]
    assert all(out for _, out, _ in told)
    assert [err for _, _, err in told] == [
        "gradtape: a plain kernel, as it may\n",
        "",
        "",
    ]
    control.stop()
    assert not list(own_runtime.glob("*.failure"))


def test_a_server_of_another_gradtape_is_not_used(quick, own_runtime, tmp_path):
    other = tmp_path / "other" / "launcher"
    shutil.copytree(LAUNCHER[-1], other)
    done = subprocess.run(
        [*LAUNCHER[:-1], str(other), *VERSION],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.stdout
    ours = f"Python imports another gradtape: {LAUNCHER[-1]}, not {other}"
    assert done.stderr == f"gradtape: a plain kernel, as {ours}\n"


def test_a_fork_needs_one_thread():
    from gradtape.kernel import preload

    waiting = threading.Event()
    thread = threading.Thread(target=waiting.wait)
    thread.start()
    try:
        with pytest.raises(preload.CannotFork, match="threads after its imports"):
            preload.require_forkable()
    finally:
        waiting.set()
        thread.join()


def test_a_fork_needs_a_tensorflow_that_has_not_run():
    code = (
        "import os\n"
        "os.environ['OPENBLAS_NUM_THREADS'] = '1'\n"
        "import gradtape, tensorflow as tf\n"
        "from gradtape.kernel import preload\n"
        "preload.require_forkable()\n"
        "print('fit')\n"
        "tf.config.threading.set_inter_op_parallelism_threads(1)\n"
        "tf.zeros(())\n"
        "preload.psutil.Process.num_threads = lambda self: 1\n"
        "preload.require_forkable()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, text=True
    )
    assert done.stdout == "fit\n"
    assert "CannotFork: importing TensorFlow has started its runtime" in done.stderr


def test_a_stale_socket_is_replaced(quick, own_runtime, start):
    path = own_runtime / f"{own_key()}.socket"
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
        left_behind.listen()
    kernel = start()
    assert "gradtape.kernel" in server_of(kernel).cmdline()


def test_a_fork_server_whose_files_have_changed_is_replaced(quick, start):
    old = start()
    first = server_of(old)
    assert wait_until(lambda: control.fork_servers()[0].process == first.pid)
    quick("# changed")
    new = start()
    assert server_of(new) != first
    assert old.run("print(1)") == "1\n"
    assert len(control.fork_servers()) == 1
    old.manager.shutdown_kernel(now=True)
    assert wait_until(lambda: ended(first))


def test_a_launcher_of_another_version_gets_a_fork_server_of_its_own(
    quick, own_runtime, start
):
    """After an upgrade in place, no kernel has to be plain until the old one ends."""
    first = server_of(start())
    assert wait_until(lambda: control.fork_servers()[0].process == first.pid)
    quick("# upgraded")
    (path,) = own_runtime.glob("*.socket")
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        reader = messages.Reader(connection)
        messages.send(connection, {"version": "other", "what": "it may say"})
        answer = reader.read()
        while "wait" in answer:
            answer = reader.read()
    assert answer == {"stale": True}
    assert server_of(start()) != first


def test_many_at_once_are_forks_of_one(quick, own_runtime):
    code = "--InteractiveShellApp.exec_lines=import os; open(f'{os.getppid()}', 'w')"
    launchers = [
        subprocess.Popen(
            [*LAUNCHER, "-f", str(own_runtime / f"{number}.json"), code, "--quiet"],
            cwd=own_runtime,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for number in range(12)
    ]
    try:
        assert wait_until(lambda: living() == 12, seconds=60)
        ((number),) = [each.process for each in control.fork_servers()]
        assert wait_until((own_runtime / str(number)).exists)
    finally:
        for launcher in launchers:
            launcher.kill()
            launcher.wait()
    assert wait_until(lambda: living() == 0)


def test_it_ends_when_it_is_idle(quick, start):
    quick("fork_server.SECONDS_IDLE = 0.5")
    kernel = start()
    process = server_of(kernel)
    time.sleep(1.5)
    assert process.is_running()
    kernel.manager.shutdown_kernel(now=True)
    assert wait_until(lambda: ended(process))
    assert control.fork_servers() == []


def test_of_many_fork_servers_those_without_kernels_end(quick, start, monkeypatch):
    quick("fork_server._MOST_SERVERS = 2")
    used = start()
    for number in ("1", "2", "3"):
        shut_down(start(env=os.environ | {"KERAS_OF_TEST": number}))
        assert wait_until(lambda: len(control.fork_servers()) <= 2)
    kept = [each.process for each in control.fork_servers()]
    assert server_of(used).pid in kept


def test_stopping_leaves_kernels_alone(quick, start):
    kernel = start()
    process = server_of(kernel)
    (stopped,) = control.stop()
    assert (stopped.process, stopped.kernels) == (process.pid, 1)
    assert control.fork_servers() == []
    assert kernel.run("print(1)") == "1\n"
    kernel.manager.shutdown_kernel(now=True)
    assert wait_until(lambda: ended(process))


def test_a_launcher_that_has_left_gets_no_kernel(quick, own_runtime, start):
    kernel = start()
    process = server_of(kernel)
    process.suspend()
    launchers = [
        subprocess.Popen([*LAUNCHER, "-f", "/never"], stderr=subprocess.DEVNULL)
        for _ in range(3)
    ]
    time.sleep(0.5)
    for launcher in launchers:
        launcher.kill()
        launcher.wait()
    process.resume()
    assert kernel.run("print(1)") == "1\n"
    assert wait_until(lambda: living() == 1)
