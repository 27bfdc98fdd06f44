"""A kernel that was forked is an ordinary kernel to whoever uses it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest
from tests.kernel.conftest import LAUNCHER, ended, server_of, wait_until

GRADIENT = """
import tensorflow as tf
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = x**4
print(float(tape.gradient(y, x)))
"""


@pytest.fixture(autouse=True)
def _in_own_folder(runtime):
    """Have a fork server that the tests of this file share."""


def test_it_computes_a_gradient_and_is_a_fork(start):
    kernel = start()
    assert kernel.run(GRADIENT) == "108.0\n"
    server = server_of(kernel)
    assert "gradtape.kernel" in server.cmdline()
    assert kernel.launcher.cmdline()[: len(LAUNCHER)] == LAUNCHER


def test_a_restart_is_another_fork_of_the_same_fork_server(start):
    kernel = start()
    before, server = kernel.process(), server_of(kernel)
    kernel.run("kept = 1")
    kernel.manager.restart_kernel()
    kernel.client.wait_for_ready(timeout=60)
    assert kernel.process() != before and ended(before)
    assert server_of(kernel) == server
    assert kernel.run("kept").startswith("NameError")
    assert kernel.run(GRADIENT) == "108.0\n"


def test_two_kernels_have_nothing_in_common(start):
    one, other = start(), start()
    one.run("import tensorflow as tf; tf.common = 1; import os; os.environ['C'] = '1'")
    assert other.run("import tensorflow as tf; tf.common").startswith("AttributeError")
    assert other.run("import os; print(os.environ.get('C'))") == "None\n"
    draw = "import random, numpy; print(random.random(), numpy.random.rand())"
    assert one.run(draw) != other.run(draw)


def test_an_interrupt_reaches_the_code(start):
    kernel = start()
    request = kernel.client.execute(
        "import threading, time\n"
        "threading.Timer(0.2, print, ('asleep',), {'flush': True}).start()\n"
        "time.sleep(60)",
        stop_on_error=False,
    )
    while kernel.client.get_iopub_msg(timeout=30)["msg_type"] != "stream":
        pass
    kernel.manager.interrupt_kernel()
    reply = kernel.client.get_shell_msg(timeout=30)
    while reply["parent_header"].get("msg_id") != request:
        reply = kernel.client.get_shell_msg(timeout=30)
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.run("print(1)") == "1\n"


def test_an_interrupt_reaches_the_programs_that_the_code_has_started(start):
    kernel = start()
    number = kernel.run(
        "import subprocess; print(subprocess.Popen(['sleep', '99']).pid)"
    )
    program = psutil.Process(int(number))
    kernel.manager.interrupt_kernel()
    assert wait_until(lambda: ended(program))


def test_input_is_asked_of_the_user(start):
    kernel = start()
    kernel.client.execute("print(input('name? ')[::-1])", allow_stdin=True)
    asked = kernel.client.get_stdin_msg(timeout=30)
    assert asked["content"]["prompt"] == "name? "
    kernel.client.input("tape")
    told = ""
    while "epat" not in told:
        message = kernel.client.get_iopub_msg(timeout=30)
        told += message["content"].get("text", "")


@pytest.mark.parametrize(
    "code",
    ["import os; os.write(1, b'from below\\n'); None", "!echo from below"],
)
def test_what_c_and_other_programs_write_is_shown(code, start):
    kernel = start()
    kernel.client.execute(code)
    told = ""
    while "from below" not in told:  # it may come after the cell has ended
        told += kernel.client.get_iopub_msg(timeout=30)["content"].get("text", "")


def test_a_figure_is_shown_at_the_end_of_its_cell(start):
    kernel = start()
    shown = []
    kernel.client.execute_interactive(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        output_hook=lambda message: shown.append(message["content"].get("data", {})),
    )
    assert any("image/png" in data for data in shown)


def test_a_widget_is_a_widget(start):
    kernel = start()
    told = kernel.run(
        "import ipywidgets\n"
        "slider = ipywidgets.IntSlider(value=3)\n"
        "print(slider.comm.comm_id == slider.model_id,"
        " 'jupyter.widget' in get_ipython().kernel.comm_manager.targets)"
    )
    assert told == "True True\n"


def test_the_debugger_is_there(start):
    kernel = start()
    kernel.client.kernel_info()
    information = kernel.client.get_shell_msg(timeout=30)["content"]
    assert "debugger" in information.get("supported_features", [])
    session = kernel.client.session
    content = {
        "type": "request",
        "seq": 1,
        "command": "initialize",
        "arguments": {"clientID": "test", "adapterID": ""},
    }
    for number, command in ((1, "initialize"), (2, "attach")):
        content |= {"seq": number, "command": command}
        message = session.msg("debug_request", content)
        kernel.client.control_channel.send(message)
        reply = kernel.client.get_control_msg(timeout=30)
        assert reply["msg_type"] == "debug_reply"
        assert reply["content"].get("success"), reply["content"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import os; os._exit(7)", 7),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("import os; os.abort()", -signal.SIGABRT),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
    ],
)
def test_the_launcher_ends_as_the_kernel_did(code, expected, start):
    kernel = start()
    kernel.client.execute(code)
    process = kernel.manager.provisioner.process
    assert process.wait(20) == expected


def test_a_shutdown_ends_with_0(start):
    kernel = start()
    kernel_process, process = kernel.process(), kernel.manager.provisioner.process
    kernel.client.shutdown()
    assert process.wait(20) == 0
    assert wait_until(lambda: ended(kernel_process))


def test_what_is_to_be_done_at_the_end_is_done(start, tmp_path):
    kernel = start()
    kernel.run(
        "import atexit, time\n"
        f"atexit.register(lambda: (time.sleep(1), open({str(tmp_path / 'done')!r}, 'w')))"
        "\nNone"
    )
    process = kernel.manager.provisioner.process
    kernel.client.shutdown()
    assert process.wait(20) == 0
    assert (tmp_path / "done").exists()


AT_THE_END = """
import atexit, threading, time
def say(what, open=open):
    with open({path!r}, "a") as file:
        file.write(what + " ")
unsaid = open({other!r}, "w")
unsaid.write("not flushed")
class Last:
    def __del__(self, say=say):
        say("freed")
last = Last()
atexit.register(say, "handler")
def work():
    time.sleep(1)
    say("thread")
threading.Thread(target=work).start()
"""


def test_it_ends_as_a_plain_kernel_does(start, tmp_path):
    told = {}
    for kind in ("plain", "gradtape"):
        said, unsaid = tmp_path / f"{kind} said", tmp_path / f"{kind} unsaid"
        kernel = start(kind)
        kernel.run("import tensorflow as tf; tf.zeros(())")
        kernel.run(AT_THE_END.format(path=str(said), other=str(unsaid)))
        kernel.client.shutdown()
        code = kernel.manager.provisioner.process.wait(60)
        told[kind] = code, said.read_text(), unsaid.read_text()
    assert told["plain"] == (0, "thread handler freed ", "not flushed")
    assert told["gradtape"] == told["plain"]


@pytest.mark.parametrize("channel", ["shell", "stdin", "control", "iopub"])
def test_a_kernel_whose_port_is_taken_says_so_and_ends(channel, tmp_path):
    connection_file = tmp_path / "kernel.json"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = {f"{channel}_port": taken.getsockname()[1]}
        connection_file.write_text(json.dumps({"ip": "127.0.0.1", **ports}))
        done = subprocess.run(
            [*LAUNCHER, "-f", str(connection_file)],
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
    assert done.returncode == 1
    assert "Traceback" in done.stderr and "Address already in use" in done.stderr


def test_the_programs_of_a_kernel_end_with_it_as_in_a_plain_one(start):
    kernel = start()
    number = kernel.run(
        "import subprocess; print(subprocess.Popen(['sleep', '99']).pid)"
    )
    program = psutil.Process(int(number))
    kernel.manager.shutdown_kernel(now=True)
    assert wait_until(lambda: ended(program))


def test_it_starts_where_it_is_started(start, tmp_path):
    own = tmp_path / "自己的 folder"
    own.mkdir()
    kernel = start(
        cwd=str(own), env=os.environ | {"TZ": "Asia/Shanghai", "MY": "甲\udcff"}
    )
    assert kernel.run("import os; print(os.getcwd())") == f"{own}\n"
    assert (
        kernel.run("import os; print(ascii(os.environ['MY']))") == "'\\u7532\\udcff'\n"
    )
    assert kernel.run("import time; print(time.tzname[0])") == "CST\n"


def test_it_runs_where_its_folder_is_gone(start, tmp_path):
    own = tmp_path / "gone"
    own.mkdir()
    kernel = start(cwd=str(own))
    own.rmdir()
    assert kernel.run(GRADIENT) == "108.0\n"


def test_modules_of_the_folder_are_found(start, tmp_path):
    (tmp_path / "helper_of_mine.py").write_text("answer = 42\n")
    kernel = start(cwd=str(tmp_path))
    assert kernel.run("import helper_of_mine; print(helper_of_mine.answer)") == "42\n"
    assert "gradtape.kernel" in server_of(kernel).cmdline()


@pytest.mark.parametrize("name", ["keras.py", "matplotlibrc"])
def test_a_file_that_would_change_what_is_imported_makes_it_plain(
    name, start, tmp_path
):
    (tmp_path / name).write_text("")
    kernel = start(cwd=str(tmp_path))
    assert "ipykernel_launcher" in kernel.launcher.cmdline()
    assert kernel.run("import os; print(os.getppid())") == f"{os.getpid()}\n"


def test_it_is_plain_where_asked(start):
    kernel = start(env=os.environ | {"GRADTAPE_PLAIN_KERNEL": "1"})
    assert "ipykernel_launcher" in kernel.launcher.cmdline()
    assert kernel.process() == kernel.launcher
    assert kernel.run("import sys; print('tensorflow' in sys.modules)") == "False\n"


def test_it_takes_arguments_of_ipython(start):
    kernel = start(extra_arguments=["--InteractiveShellApp.exec_lines=mine = 5"])
    assert kernel.run("print(mine)") == "5\n"


def test_signals_of_its_own_reach_it(start):
    kernel = start()
    kernel.run(
        "import signal\n"
        "got = []\n"
        "signal.signal(signal.SIGUSR1, lambda *a: got.append(1)); None"
    )
    kernel.manager.signal_kernel(signal.SIGUSR1)
    time.sleep(0.2)
    assert kernel.run("print(got)") == "[1]\n"


def test_a_hash_seed_that_is_set_is_used(start):
    environment = os.environ | {"PYTHONHASHSEED": "1"}
    show = "print(hash('tape'))"
    plain = [sys.executable, "-c", show]
    kernel = start(env=environment)
    assert kernel.run(show).encode() == subprocess.check_output(plain, env=environment)
    assert "gradtape.kernel" in server_of(kernel).cmdline()
