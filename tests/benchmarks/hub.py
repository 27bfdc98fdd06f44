"""How much memory a class takes on one server, measured by ten of its learners.

From the root of the repository, as an administrator or not:

``python -m tests.benchmarks.hub [--learners 10] [--kernel gradtape] [--of 30]``
    starts a JupyterLab for each learner, in a home of its own, opens one notebook's kernel in each
    and runs in it what lesson 2 begins with. It prints what their processes take
    (their own memory, and their part of what they share) and what that comes to for thirty.
    An administrator gives each an account of its own, as a JupyterHub does, which needs a
    Python that every account may run.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from pathlib import Path

import psutil
from jupyter_client import BlockingKernelClient

MEGABYTE = 2**20
FIRST_ACCOUNT = 20_000
TOKEN = "measuring"
SECONDS_TO_START = 180
SECONDS_TO_SETTLE = 60
CODE = """
import gradtape as gt
import tensorflow as tf
import matplotlib.pyplot as plt
gt.start("02", lang="en")
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = x**4
print(tape.gradient(y, x).numpy())
gt.plot_derivatives(lambda x: x**4, (-2, 2), order=2)
plt.show()
"""


class Learner:
    """A learner's JupyterLab with one kernel."""

    def __init__(self, folder: Path, number: int, kernel: str) -> None:
        self._home = folder / str(number)
        self._home.mkdir()
        account = {}
        if os.geteuid() == 0:
            user = FIRST_ACCOUNT + number
            os.chown(self._home, user, user)
            account = {"user": user, "group": user, "extra_groups": []}
        port = 9300 + number
        self._address = f"http://127.0.0.1:{port}/api/kernels?token={TOKEN}"
        options = (
            "--no-browser",
            f"--port={port}",
            f"--IdentityProvider.token={TOKEN}",
        )
        where = {
            "cwd": self._home,
            "env": self._environment(number),
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
            "start_new_session": True,
            **account,
        }
        if kernel == "gradtape":
            install = [sys.executable, "-m", "gradtape", "kernel", "install", "--user"]
            subprocess.run(install, check=True, **where)
        self._server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], **where
        )
        self._kernel = kernel

    def _environment(self, number: int) -> dict[str, str]:
        kept = {name: os.environ.get(name, "") for name in ("PATH", "PYTHONPATH")}
        runtime = str(self._home / "runtime")
        return {
            **kept,
            "HOME": str(self._home),
            "USER": f"learner{number}",
            "JUPYTER_RUNTIME_DIR": runtime,
        }

    def run(self) -> None:
        """Open a kernel and run the lesson's beginning in it."""
        body = json.dumps({"name": self._kernel}).encode()
        request = urllib.request.Request(self._address, body, method="POST")
        until = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                with urllib.request.urlopen(request) as answer:
                    name = json.load(answer)["id"]
                break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(1)
        file = self._home / "runtime" / f"kernel-{name}.json"
        client = BlockingKernelClient(connection_file=str(file))
        client.load_connection_file()
        client.start_channels()
        client.kernel_info(reply=True, timeout=SECONDS_TO_START)
        reply = client.execute_interactive(
            CODE, timeout=SECONDS_TO_START, output_hook=lambda message: None
        )
        client.stop_channels()
        if reply["content"]["status"] != "ok":
            raise SystemExit(reply["content"]["evalue"])

    def end(self) -> None:
        """End the server and all that its learner runs."""
        for process in self.processes():
            process.kill()
        self._server.wait()

    def processes(self) -> list[psutil.Process]:
        """Return all processes that have this home."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("HOME") == str(self._home):
                    found.append(process)
            except psutil.Error:
                continue
        return found


def kind_of(process: psutil.Process) -> str:
    """Return what a process is, in a word."""
    line = process.cmdline()
    if "jupyterlab" in line:
        return "server"
    if any("launcher" in part and "ipykernel" not in part for part in line):
        return "launcher"
    parent = process.parent()
    is_forked = parent is not None and parent.cmdline() == line
    return "fork server" if "gradtape.kernel" in line and not is_forked else "kernel"


def main() -> None:
    """Start them, measure, and end them."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--learners", type=int, default=10)
    arguments.add_argument("--kernel", default="gradtape")
    arguments.add_argument("--of", type=int, default=30)
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        class_of = []
        try:
            for number in range(options.learners):
                class_of.append(Learner(Path(folder), number, options.kernel))
                class_of[-1].run()
            time.sleep(SECONDS_TO_SETTLE)
            report(class_of, options.of)
        finally:
            for learner in class_of:
                learner.end()


def report(class_of: list[Learner], count: int) -> None:
    """Print what the processes of each kind take, and what that comes to."""
    own, part, number = (defaultdict(float) for _ in range(3))
    for learner in class_of:
        for process in learner.processes():
            kind = kind_of(process)
            memory = process.memory_full_info()
            own[kind] += memory.uss / MEGABYTE
            part[kind] += memory.pss / MEGABYTE
            number[kind] += 1
    for kind in number:
        print(
            f"{kind}: {number[kind]:.0f}, each {own[kind] / number[kind]:.0f} MB of its "
            f"own, {part[kind] / number[kind]:.0f} MB with its part of what is shared"
        )
    all_own, all_part = sum(own.values()), sum(part.values())
    more = (count - len(class_of)) * all_own / len(class_of)
    print(
        f"{len(class_of)} learners: {all_part / 1024:.1f} GB; {count} of them, by what "
        f"each takes of its own: {(all_part + more) / 1024:.1f} GB"
    )


if __name__ == "__main__":
    main()
