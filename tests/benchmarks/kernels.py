"""Kernels forked from a fork server beside plain ones: time, memory, whole suites.

From the root of the repository, on a machine that does nothing else:

    pip install nbmake papermill
    python -m tests.benchmarks.kernels [--rounds 7] [--only first,memory] [--ways nbval]

Both kinds take turns in every round, so that whatever else the machine does falls on
both. A tool that is not installed is left out.
"""

import argparse
import contextlib
import importlib.util
import os
import queue
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from rich.console import Console

from gradtape.kernel import control, spec

ROOT = Path(__file__).parents[2]
GRADIENT = """
import os
import tensorflow as tf
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = x**4
print(os.getpid(), float(tape.gradient(y, x)))
"""
LESSON = """
import gradtape as gt
gt.start("02")
gt.plot_derivatives(lambda x: x**3 - 3.0 * x, (-2.5, 2.5), order=2)
"""
PLAIN, FORKED = "plain", "gradtape"
MEGABYTE = 2**20
HEADS = ("what", "way", "median", "spread", "ratio", "goal")
AT_ONCE = 10
SECONDS_TO_IMPORT_THE_REST = 4

Samples = dict[str, list[float]]


class Kernel:
    """A kernel, started and ready."""

    def __init__(self, kind: str) -> None:
        specs = KernelSpecManager(kernel_dirs=[]) if kind == PLAIN else spec.OwnKernel()
        self.manager = KernelManager(kernel_name="python3", kernel_spec_manager=specs)
        self.manager.start_kernel(stderr=subprocess.DEVNULL)
        self.client = self.manager.client()
        self.client.start_channels()
        self.wait()

    def wait(self) -> None:
        """Wait until it answers on both channels.

        The client's own ``wait_for_ready`` rests for 0.2 s besides. After a restart, a
        question may have gone to the kernel that ended, and is asked again.
        """
        while True:
            with contextlib.suppress(TimeoutError, queue.Empty):
                reply = self.client.kernel_info(reply=True, timeout=0.5)
                asked = reply["parent_header"]["msg_id"]
                while self._echoed() != asked:
                    pass
                return

    def _echoed(self) -> str:
        """Return to which question the next message that all are sent belongs."""
        message = self.client.get_iopub_msg(timeout=0.05)
        return message["parent_header"].get("msg_id", "")

    def run(self, code: str) -> str:
        """Run code, fail where it fails; return what it prints."""
        told = []

        def keep(message: dict) -> None:
            if message["content"].get("name") == "stdout":
                told.append(message["content"]["text"])

        reply = self.client.execute_interactive(code, timeout=300, output_hook=keep)
        if reply["content"]["status"] != "ok":
            raise SystemExit("\n".join(reply["content"]["traceback"]))
        return "".join(told)

    def processes(self) -> set[int]:
        """Compute a gradient; return the processes that the kernel consists of."""
        number, gradient = self.run(GRADIENT).split()
        assert float(gradient) == 108.0
        return {int(number), self.manager.provisioner.pid}

    def end(self) -> None:
        """End it."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def own_memory(processes: set[int]) -> float:
    """Return the memory of processes: their own, and their share of what is shared."""
    return sum(psutil.Process(each).memory_full_info().pss for each in processes)


def timed(act: Callable[[], object]) -> float:
    """Return the seconds that it takes."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def first_gradient(kind: str) -> float:
    """Return the seconds from asking for a kernel to its first gradient."""
    started = []

    def start() -> None:
        started.append(Kernel(kind))
        started[0].processes()

    seconds = timed(start)
    started[0].end()
    return seconds


def cold(kind: str) -> float:
    """Return the same, where no fork server runs yet."""
    end_fork_servers()
    return first_gradient(kind)


def restart(kind: str) -> float:
    """Return the seconds from a restart in a lesson to the next gradient."""
    kernel = Kernel(kind)
    kernel.run(LESSON)

    def again() -> None:
        kernel.manager.restart_kernel()
        kernel.wait()
        kernel.processes()

    seconds = timed(again)
    kernel.end()
    return seconds


def memory(kind: str) -> float:
    """Return the memory of one kernel after its first gradient, in MB."""
    settle(kind)
    kernel = Kernel(kind)
    found = own_memory(kernel.processes()) / MEGABYTE
    kernel.end()
    return found


def memory_of_many(kind: str) -> float:
    """Return the memory of one of ten kernels, with its part of the fork server, in MB."""
    settle(kind)
    kernels = [Kernel(kind) for _ in range(AT_ONCE)]
    processes = set().union(*(kernel.processes() for kernel in kernels))
    if kind == FORKED:
        processes |= {each.process for each in control.fork_servers()}
    found = own_memory(processes) / AT_ONCE / MEGABYTE
    for kernel in kernels:
        kernel.end()
    return found


def settle(kind: str) -> None:
    """Have a whole fork server for forked kernels, and none that shares with plain ones."""
    if kind == PLAIN:
        end_fork_servers()
        return
    Kernel(FORKED).end()  # so that the fork server is there
    time.sleep(SECONDS_TO_IMPORT_THE_REST)


def end_fork_servers() -> None:
    """Stop the fork servers and wait until they have ended."""
    for status in control.stop():
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(status.process).wait(30)


def notebooks() -> list[str]:
    """Return the notebooks of the course, without the solutions."""
    return [
        str(p)
        for lang in ("en", "zh")
        for p in (ROOT / "notebooks" / lang).glob("*.ipynb")
    ]


def pytest(*options: str) -> Callable[[], None]:
    """Return what runs the notebooks under pytest, two at a time."""

    def run() -> None:
        command = [sys.executable, "-m", "pytest", "-q", "-n2", "--dist=loadscope"]
        own = ["-p", "no:cacheprovider", "-c", os.devnull, f"--rootdir={ROOT}"]
        call([*command, *own, *options, *notebooks()])

    return run


def one_by_one(command: Callable[[str, str], list[str]]) -> Callable[[], None]:
    """Return what runs each notebook into another with a command, two at a time."""

    def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            left = [
                command(path, str(Path(folder, f"{number}.ipynb")))
                for number, path in enumerate(notebooks())
            ]
            running: list[subprocess.Popen] = []
            while left or running:
                while left and len(running) < 2:
                    running.append(subprocess.Popen(left.pop(), **quiet()))
                time.sleep(0.05)
                running = [each for each in running if each.poll() is None]

    return run


def papermill(path: str, result: str) -> list[str]:
    """Return the command by which papermill runs a notebook."""
    return [sys.executable, "-m", "papermill", "-k", "python3", path, result]


def jupyter_execute(path: str, result: str) -> list[str]:
    """Return the command by which Jupyter runs a notebook."""
    program = str(Path(sys.executable).with_name("jupyter-execute"))
    return [program, "--kernel_name=python3", f"--output={result}", path]


def call(command: list[str]) -> None:
    """Run a program; whether its tests pass is no matter of this benchmark."""
    subprocess.run(command, check=False, cwd=ROOT, **quiet())


def quiet() -> dict:
    """Return what keeps a program silent."""
    return {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def suites() -> dict[str, Callable[[], None]]:
    """Return the ways to run all notebooks, by their names."""
    ways = {
        "nbval": pytest("--nbval", "-p", "no:gradtape"),
        "gradtape": pytest("--gradtape"),
        "gradtape, plain kernels": pytest("--gradtape", "--plain-kernel"),
    }
    if importlib.util.find_spec("nbmake"):
        ways["nbmake"] = pytest("--nbmake", "-p", "no:gradtape", "-p", "no:nbval")
    if importlib.util.find_spec("papermill"):
        ways["papermill"] = one_by_one(papermill)
    ways["jupyter execute"] = one_by_one(jupyter_execute)
    return ways


def builds() -> dict[str, Callable[[], None]]:
    """Return both ways to build all notebooks, each in a copy of the repository."""

    def build(*options: str) -> Callable[[], None]:
        def run() -> None:
            with tempfile.TemporaryDirectory() as folder:
                for name in ("src", "notebooks"):
                    shutil.copytree(ROOT / name, Path(folder, name))
                shutil.copy(ROOT / "pyproject.toml", folder)
                subprocess.run(
                    [sys.executable, "-m", "gradtape", "build", *options],
                    check=True,
                    env=os.environ | {"PYTHONPATH": str(Path(folder, "src"))},
                    **quiet(),
                )

        return run

    return {PLAIN: build("--plain-kernel"), FORKED: build()}


def of_kinds(measure: Callable[[str], float]) -> dict[str, Callable[[], float]]:
    """Return how something is measured of both kinds of kernel."""
    return {kind: lambda kind=kind: measure(kind) for kind in (PLAIN, FORKED)}


def seconds_of(ways: dict[str, Callable[[], None]]) -> dict[str, Callable[[], float]]:
    """Return how long each way takes, with no fork server at its start."""

    def measure(run: Callable[[], None]) -> float:
        end_fork_servers()
        return timed(run)

    return {name: lambda run=run: measure(run) for name, run in ways.items()}


def measures() -> dict[str, tuple[str, str, float, dict[str, Callable[[], float]]]]:
    """Return what is measured: its name, its unit, its goal, and the ways."""
    return {
        "first": ("kernel to first gradient", "s", 0.10, of_kinds(first_gradient)),
        "cold": ("the same, fork server cold", "s", 1.05, of_kinds(cold)),
        "restart": ("restart in a lesson", "s", 0.10, of_kinds(restart)),
        "memory": ("memory of a kernel", "MB", 0.25, of_kinds(memory)),
        "ten": (f"memory, {AT_ONCE} at once", "MB", 0.25, of_kinds(memory_of_many)),
        "suite": ("all notebooks", "s", 0.30, seconds_of(suites())),
        "build": ("gradtape build", "s", 0.40, seconds_of(builds())),
    }


@contextlib.contextmanager
def own_fork_servers() -> Iterator[None]:
    """Keep away from the fork servers that the user has."""
    folder = tempfile.mkdtemp(prefix="gradtape-", dir="/tmp")
    os.environ["XDG_RUNTIME_DIR"] = folder
    try:
        yield
    finally:
        end_fork_servers()
        shutil.rmtree(folder, ignore_errors=True)


def rows(name: str, unit: str, goal: float, samples: Samples) -> Iterator[list[str]]:
    """Give the rows of a table for one thing that was measured."""
    reference = statistics.median(next(iter(samples.values())))
    for way, values in samples.items():
        median = statistics.median(values)
        digits = 2 if median < 20 else 0
        yield [
            name,
            way,
            f"{median:.{digits}f} {unit}",
            f"{min(values):.{digits}f} to {max(values):.{digits}f}",
            f"{median / reference:.2f}",
            f"{goal:.2f}" if way == FORKED else "",
        ]


def main() -> None:
    """Measure, and print a table in Markdown as it grows."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="such as first,memory")
    parser.add_argument("--ways", default="", help="such as nbval,gradtape")
    arguments = parser.parse_args()
    log = Console(stderr=True)
    print(f"| {' | '.join(HEADS)} |\n{'|---' * len(HEADS)}|")
    with own_fork_servers():
        for key, (name, unit, goal, ways) in measures().items():
            if arguments.only and key not in arguments.only.split(","):
                continue
            if arguments.ways:
                ways = {w: ways[w] for w in arguments.ways.split(",") if w in ways}
            if key not in ("cold", "suite", "build"):
                settle(FORKED)
            samples: Samples = {way: [] for way in ways}
            for number in range(arguments.rounds):
                for way, measure in ways.items():
                    samples[way].append(measure())
                load = os.getloadavg()[0]
                log.log(f"{name}, round {number + 1}, load {load:.1f}")
            for each in rows(name, unit, goal, samples):
                print(f"| {' | '.join(each)} |", flush=True)


if __name__ == "__main__":
    main()
