"""Whatever goes wrong, no kernel is orphaned and a plain one takes the fork's place."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time

import psutil
import pytest
from tests.kernel.conftest import LAUNCHER, ended, resident_of, shut_down, wait_until

from gradtape.kernel import callers, control
from gradtape.kernel.launcher import messages, places

# What `python -m ipykernel_launcher --version` prints: a plain kernel that ends at once.
VERSION = ["--version"]
# A resident that imports nothing, to be there sooner.
QUICK = """
import sys
if "gradtape.kernel" in sys.orig_argv:
    from gradtape.kernel import preload, resident
    preload.FIRST = preload.LATER = ()
    preload.require_fit = lambda: None
"""


@pytest.fixture
def quick(own_runtime, tmp_path, monkeypatch):
    """Make residents quick; return a function that adds to what they do at their start."""
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
    """Return the key of the resident that a launcher started from here would ask."""
    show = "import identity as i; print(i.key_of(i.identity()))"
    folder = LAUNCHER[-1]
    code = f"import sys; sys.path.insert(0, {folder!r}); {show}"
    told = subprocess.check_output([*LAUNCHER[:3], "-c", code], text=True)
    return told.strip()


def living():
    """Return how many kernels the residents have."""
    return sum(each.kernels for each in control.residents())


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


def test_a_kernel_outlives_its_resident(quick, start):
    kernel = start()
    process, old = kernel.process(), resident_of(kernel)
    old.kill()
    assert wait_until(lambda: ended(old))
    assert kernel.run("print(6 * 7)") == "42\n"
    other = start()
    assert resident_of(other).pid not in (old.pid, os.getpid())
    launcher = kernel.manager.provisioner.process
    kernel.client.shutdown()
    assert launcher.wait(20) == 0
    assert wait_until(lambda: ended(process))


def test_all_can_be_suspended(quick, start):
    kernel = start()
    processes = [kernel.process(), resident_of(kernel), kernel.launcher]
    for process in processes:
        process.suspend()
    time.sleep(1)
    for process in processes:
        process.resume()
    assert kernel.run("print(1)") == "1\n"
    assert resident_of(start()) == processes[1]


def test_a_resident_that_hangs_makes_kernels_plain(quick, start):
    hanging = resident_of(start())
    assert wait_until(lambda: control.residents()[0].served == 1)
    hanging.suspend()
    try:
        code, out, err, _ = launch(*VERSION)
        assert (code, err) == (
            0,
            "gradtape: a plain kernel, as the resident was silent for 5 s\n",
        )
        assert out
    finally:
        hanging.resume()


def test_a_resident_that_dies_while_it_is_asked(quick):
    quick("import os; os._exit(1)")
    code, out, err, _ = launch(*VERSION)
    assert (code, err) == (0, "gradtape: a plain kernel, as the resident ended\n")
    assert out
    # It is not tried again with every kernel.
    code, out, err, _ = launch(*VERSION)
    assert (code, err) == (0, "") and out


def test_a_resident_that_cannot_be_one_says_so_once(quick, own_runtime):
    quick(
        "def refuse():\n    raise preload.Unfit('it may')\npreload.require_fit = refuse"
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
    assert not list(own_runtime.glob("*.unfit"))


def test_a_resident_of_another_gradtape_is_not_used(quick, own_runtime, tmp_path):
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
        with pytest.raises(preload.Unfit, match="threads after its imports"):
            preload.require_fit()
    finally:
        waiting.set()
        thread.join()


def test_a_fork_needs_a_tensorflow_that_has_not_run():
    code = (
        "import os\n"
        "os.environ['OPENBLAS_NUM_THREADS'] = '1'\n"
        "import gradtape, tensorflow as tf\n"
        "from gradtape.kernel import preload\n"
        "preload.require_fit()\n"
        "print('fit')\n"
        "tf.config.threading.set_inter_op_parallelism_threads(1)\n"
        "tf.zeros(())\n"
        "preload.psutil.Process.num_threads = lambda self: 1\n"
        "preload.require_fit()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, text=True
    )
    assert done.stdout == "fit\n"
    assert "Unfit: importing TensorFlow has started its runtime" in done.stderr


def test_a_stale_socket_is_replaced(quick, own_runtime, start):
    path = own_runtime / f"{own_key()}.socket"
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
        left_behind.listen()
    kernel = start()
    assert "gradtape.kernel" in resident_of(kernel).cmdline()


def test_a_resident_whose_files_have_changed_makes_way(quick, start):
    old = start()
    first = resident_of(old)
    assert wait_until(lambda: control.residents()[0].process == first.pid)
    quick("# changed")
    new = start()
    assert resident_of(new) != first
    assert old.run("print(1)") == "1\n"
    assert len(control.residents()) == 1
    old.manager.shutdown_kernel(now=True)
    assert wait_until(lambda: ended(first))


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
        ((number),) = [each.process for each in control.residents()]
        assert wait_until((own_runtime / str(number)).exists)
    finally:
        for launcher in launchers:
            launcher.kill()
            launcher.wait()
    assert wait_until(lambda: living() == 0)


def test_it_ends_when_it_is_idle(quick, start):
    quick("resident.SECONDS_IDLE = 0.5")
    kernel = start()
    process = resident_of(kernel)
    time.sleep(1.5)
    assert process.is_running()
    kernel.manager.shutdown_kernel(now=True)
    assert wait_until(lambda: ended(process))
    assert control.residents() == []


def test_of_many_residents_those_without_kernels_end(quick, start, monkeypatch):
    quick("resident._MOST_RESIDENTS = 2")
    used = start()
    for number in ("1", "2", "3"):
        shut_down(start(env=os.environ | {"KERAS_OF_TEST": number}))
        assert wait_until(lambda: len(control.residents()) <= 2)
    kept = [each.process for each in control.residents()]
    assert resident_of(used).pid in kept


def test_stopping_leaves_kernels_alone(quick, start):
    kernel = start()
    process = resident_of(kernel)
    (stopped,) = control.stop()
    assert (stopped.process, stopped.kernels) == (process.pid, 1)
    assert control.residents() == []
    assert kernel.run("print(1)") == "1\n"
    kernel.manager.shutdown_kernel(now=True)
    assert wait_until(lambda: ended(process))


def test_a_folder_that_is_open_to_others_is_not_used(own_runtime):
    own_runtime.chmod(0o755)
    _, out, err, _ = launch(*VERSION)
    assert out and "is not a folder of this user's alone" in err
    own_runtime.chmod(0o700)


def test_a_folder_of_somebody_else_is_not_used(own_runtime, tmp_path):
    own_runtime.rmdir()
    (tmp_path / "trap").mkdir(mode=0o700)
    own_runtime.symlink_to(tmp_path / "trap")
    _, out, err, _ = launch(*VERSION)
    assert out and "is not a folder of this user's alone" in err
    assert not list((tmp_path / "trap").iterdir())
    own_runtime.unlink()
    own_runtime.mkdir(mode=0o700)


def test_its_files_are_the_user_s_alone(quick, own_runtime, start):
    start()
    for path in (own_runtime, *own_runtime.iterdir()):
        mode = path.stat().st_mode
        if not stat.S_ISSOCK(mode):  # which the folder guards
            assert not mode & 0o077, path
        assert path.stat().st_uid == os.getuid()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
def test_another_user_is_not_served():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert callers.peer_user(ours) == os.getuid()
    with socket.socket(socket.AF_UNIX) as listener:
        path = f"/tmp/gradtape-test-{os.getpid()}.socket"
        listener.bind(path)
        try:
            os.chmod(path, 0o777)
            listener.listen()
            other = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", OTHER, path], stdin=subprocess.PIPE
            )
            connection, _ = listener.accept()
            assert callers.peer_user(connection) == 65534
            connection.close()
            other.communicate(timeout=10)
        finally:
            os.unlink(path)


OTHER = """
import os, socket, sys
os.setgid(65534)
os.setuid(65534)
socket.socket(socket.AF_UNIX).connect(sys.argv[1])
sys.stdin.read()
"""


def ask(path, data, descriptors=()):
    """Send bytes to a resident; return what it answers."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        connection.connect(str(path))
        try:
            if descriptors:
                socket.send_fds(connection, [data], descriptors)
            else:
                connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while more := connection.recv(4096):
                answer += more
        except ConnectionError:
            return b""
    return answer.removeprefix(b'{"wait": 5.0}\n')


def test_nothing_but_a_launcher_s_request_is_accepted(quick, own_runtime, start):
    kernel = start()
    (path,) = own_runtime.glob("*.socket")
    request = {
        "version": messages.VERSION,
        "identity": (own_runtime / f"{path.stem}.lock").read_text()[
            len(places.READY) :
        ],
        "arguments": [],
        "environment": {},
        "umask": 0,
        "limits": [],
        "ignored": [],
        "blocked": [],
    }
    line = json.dumps(request).encode() + b"\n"
    assert b"without its files" in ask(path, line)
    assert b"without its files" in ask(path, line, (0, 1))
    for change in (
        {"version": 99},
        {"arguments": "rm"},
        {"umask": "0"},
        {"limits": [[1, 2]]},
        {"more": 1},
    ):
        assert b"does not understand" in ask(
            path, json.dumps(request | change).encode() + b"\n"
        )
    other = json.dumps(request | {"identity": "another"}).encode() + b"\n"
    assert b"of another kind" in ask(path, other, (0, 1, 2, 0, 0))
    assert ask(path, b"GET / HTTP/1.1\r\n\r\n") == b""
    assert ask(path, b"[1, 2]\n") == b""
    assert ask(path, b"\xff" * 2**22 + b"x" * 2**16) == b""
    assert ask(path, b"") == b""
    (standing,) = control.residents()
    assert standing.served == 1
    assert resident_of(start()) == resident_of(kernel)


def test_who_connects_and_says_nothing_holds_nobody_up(quick, own_runtime, start):
    first = start()
    (path,) = own_runtime.glob("*.socket")
    with socket.socket(socket.AF_UNIX) as silent, socket.socket(socket.AF_UNIX) as slow:
        silent.connect(str(path))
        slow.connect(str(path))
        slow.sendall(b'{"version"')
        assert resident_of(start()) == resident_of(first)


def test_a_launcher_that_has_left_gets_no_kernel(quick, own_runtime, start):
    kernel = start()
    process = resident_of(kernel)
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
