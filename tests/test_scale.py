"""The page for whoever outgrows one machine: its program, run by two workers."""

import json
import os
import re
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
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
