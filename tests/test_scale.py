"""Several devices and several machines: the cells of lesson 10, and the page beyond it."""

import json
import os
import re
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from gradtape.authoring.source import read_sources

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
LONGEST = 300  # seconds, on a busy machine
SUM = "[-22.   -7.3]"
AFTER_THE_STEP = "w and b: 0.72 0.173"


def program(page="scale.md"):
    """Return the program of the page."""
    return re.search(
        r"```python\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL
    )[1]


def commands(page):
    return re.findall(r"```sh\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)


def start(file, config=None):
    """Start the program as one worker, without graphics cards."""
    without = {key: v for key, v in os.environ.items() if key != "TF_CONFIG"}
    quiet = {"CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    told = {} if config is None else {"TF_CONFIG": json.dumps(config)}
    return subprocess.Popen(
        [sys.executable, str(file)],
        env=without | quiet | told,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def printed_by(workers):
    """Return what each has printed, once all have ended; end them all if one hangs."""
    try:
        outputs = [worker.communicate(timeout=LONGEST) for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
    for worker, (_, errors) in zip(workers, outputs, strict=True):
        assert worker.returncode == 0, errors
    return [output.splitlines() for output, _ in outputs]


def free_addresses(number):
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in sockets:
            each.bind(("localhost", 0))
        return [f"localhost:{each.getsockname()[1]}" for each in sockets]


@pytest.mark.slow
def test_two_workers_compute_what_one_computes(tmp_path):
    file = tmp_path / "line.py"
    file.write_text(program(), "utf-8")
    cluster = {"worker": free_addresses(2)}
    tasks = [{"type": "worker", "index": index} for index in range(2)]
    workers = [start(file, {"cluster": cluster, "task": task}) for task in tasks]
    (own, *rest), (other, *others) = printed_by(workers)
    assert [own, other] == ["[-7.3 -2.9]", "[-14.7  -4.4]"]
    assert rest == others == [SUM, AFTER_THE_STEP]
    assert printed_by([start(file)]) == [[SUM, SUM, AFTER_THE_STEP]]


def test_both_languages_show_the_same_program_and_commands():
    assert program("scale.md") == program("scale.zh-CN.md")
    assert commands("scale.md") == commands("scale.zh-CN.md")


def test_the_commands_name_every_worker():
    configs = [
        json.loads(re.search(r"'(.*)'", line)[1]) for line in commands("scale.md")
    ]
    (cluster,) = {json.dumps(config["cluster"]) for config in configs}
    assert [config["task"]["index"] for config in configs] == [
        *range(len(json.loads(cluster)["worker"]))
    ]


# What the cells that concern devices hold, in the order in which they stand.
_OF_DEVICES = ("import gradtape", "def gradients(", "strategy =", "def step(", "found:")
_GRAPHICS_CARDS = 'tf.config.list_logical_devices("GPU")'


def cells_of_devices():
    """Return the code of lesson 10 that names or uses devices, but for its guesses."""
    (lesson,) = (s for s in read_sources(ROOT).values() if s.lesson == "10")
    code = [cell.text for cell in lesson.cells if cell.kind == "code"]
    cells = [next(text for text in code if holds in text) for holds in _OF_DEVICES]
    return "\n".join(re.sub(r"gt\.predict\(.*", "", cell) for cell in cells)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cards", "used"),
    [
        (0, "['CPU:0', 'CPU:1']"),
        (1, "['CPU:0', 'CPU:1']"),
        (2, "['/device:CPU:0', '/device:CPU:1']"),
    ],
)
def test_the_lesson_runs_with_and_without_graphics_cards(cards, used, tmp_path):
    """Processors stand in for graphics cards: the names are theirs, the choice is tried."""
    code = cells_of_devices()
    assert code.count(_GRAPHICS_CARDS) == 2
    stand_in = f'tf.config.list_logical_devices("CPU")[:{cards}]'
    file = tmp_path / "devices.py"
    file.write_text(code.replace(_GRAPHICS_CARDS, stand_in), "utf-8")
    (lines,) = printed_by([start(file)])
    assert f"[-44.  -14.6] [-22.   -7.3] on {used}" in lines
    assert "[0.72  0.173]" in lines
    assert lines[-1] == "-22 and -7.3 on each: True"
