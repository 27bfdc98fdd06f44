"""Grading a class: what is graded, when again, and what a learner's process may do."""

import ast
import dataclasses
import json
import os

import pytest
from tests.classroom import handed_in

from gradtape import cli
from gradtape.classroom import grading, make_class, results
from gradtape.classroom.sandbox import containers
from gradtape.classroom.sandbox.fork_server import ForkServer
from gradtape.classroom.sandbox.limits import Limits
from gradtape.classroom.sandbox.process import Ended, Sandboxed
from gradtape.exercises.guard import TimeUp

NAME = "02_the_tape.ipynb"
ENGINE = containers.engine_here()
LIMITS = Limits(seconds=3.0, all_seconds=60.0)
sandboxed = pytest.mark.skipif(
    ENGINE == containers.UNSAFE, reason="there is no sandbox here"
)


@pytest.fixture(scope="module")
def course(tmp_path_factory, checkout):
    course = tmp_path_factory.mktemp("class")
    (made,) = make_class(course, "en", root=checkout)
    sheet = made.released.read_text("utf-8")
    everybody = {
        "ann": handed_in.RIGHT["by-hand"],
        "bob": handed_in.NOTHING["patched"],
        "broken": handed_in.UNREADABLE["broken"],
    }
    for who, make in everybody.items():
        folder = course / "submitted" / who / "lesson_02"
        folder.mkdir(parents=True)
        (folder / NAME).write_text(make(sheet), "utf-8")
    progress = {"exercises": {"2.1": {"hints": 99}, "2.3": {"attempts": 1}}}
    path = course / "submitted" / "ann" / "lesson_02" / "progress.json"
    path.write_text(json.dumps(progress))
    return course


@sandboxed
def test_a_class_is_graded_and_what_has_not_changed_is_left(course, capsys):
    assert cli.main(["class", "grade", str(course)]) == 1
    said = capsys.readouterr().err
    assert "ann: 6  (2.1=3 2.3=3)" in said
    assert "bob: 0  (2.1=0 2.3=0)" in said
    assert "broken: not graded. The file is no notebook any more" in said
    graded = list(grading.grade(course, "02", grading.Choice()))
    assert [each.is_new for each in graded] == [False] * 3
    assert results.read_all(course, "02")[0].hints == {"2.1": 3}


@sandboxed
def test_the_teachers_own_copy_gets_all_points(course, capsys):
    assert cli.main(["class", "try", str(course)]) == 0
    assert ": 6  (2.1=3 2.3=3)" in capsys.readouterr().out


def test_a_judge_that_ends_is_told_and_tried_again(course, monkeypatch):
    class Ending(grading._Judges):
        def judge(self, job):
            return grading._stopped(job, "exit 1")

    monkeypatch.setattr(grading, "_Judges", Ending)
    choice = grading.Choice(learners=("bob",), again=True)
    for _ in range(2):
        (graded,) = grading.grade(course, "02", choice)
        assert graded.is_new
        assert "ended without a result (exit 1)" in graded.result.unreadable.en
        choice = dataclasses.replace(choice, again=False)


def test_parts_of_a_class_are_all_of_it_and_do_not_overlap(course):
    parts = [
        [path.parent.name for path in grading.hand_ins(course, "02", choice)]
        for choice in (grading.Choice(part=(n, 2)) for n in (1, 2))
    ]
    assert parts == [["ann", "broken"], ["bob"]]


def test_without_a_sandbox_nothing_is_graded_unless_that_is_asked_for(
    course, capsys, monkeypatch
):
    monkeypatch.setattr(containers, "engine_here", lambda: containers.UNSAFE)
    assert cli.main(["class", "grade", str(course)]) == 2
    said = capsys.readouterr().err
    assert "can read, change and delete whatever you can" in said
    assert "--unsafe" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("engine", ["podman", "docker"])
def test_a_container_has_no_network_and_nothing_to_write_to_but_its_folder(
    engine, tmp_path
):
    command = " ".join(containers.command(engine, Limits(), tmp_path))
    assert command.startswith(f"{engine} run --rm --interactive --network none")
    for part in (
        *("--read-only", "--cap-drop ALL", "--security-opt no-new-privileges"),
        "--tmpfs /home/learner:size=268435456,mode=1777",
        *("--pids-limit 400", f"--volume {tmp_path}:/handed-in:ro", "--user 1000:1000"),
    ):
        assert part in command


@pytest.fixture(scope="module")
def server():
    with ForkServer() as server:
        yield server.path


@pytest.fixture(
    params=[
        pytest.param("forked", marks=sandboxed),
        pytest.param(ENGINE, marks=sandboxed),
        containers.UNSAFE,
    ]
)
def started(request):
    is_forked = request.param == "forked"
    server = request.getfixturevalue("server") if is_forked else ""
    engine = ENGINE if is_forked else request.param
    with Sandboxed(engine, LIMITS, server=server) as process:
        yield process


LOOKS_AROUND = """
import os
fields = "Uid Gid Groups CapInh CapPrm CapEff CapBnd CapAmb NoNewPrivs".split()
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print({name: status[name].split() for name in fields})
print([line.split()[1:4] for line in open("/proc/self/mounts")])
print(sorted(os.listdir("/")), os.getcwd(), os.uname().nodename)
"""
DESCRIPTORS = """
import os
for name in os.listdir("/proc/self/fd"):
    try:
        print(os.readlink(f"/proc/self/fd/{name}").partition(":")[0])
    except OSError:
        pass
"""
TOUCHES_THE_SERVER = """
import os, signal
from pathlib import Path
for act in (
    lambda: os.open("/proc/self/exe", os.O_WRONLY),
    lambda: os.truncate("/proc/self/exe", 0),
    lambda: os.listdir(f"/proc/{os.getppid()}"),
):
    try:
        print("DONE", act())
    except OSError:
        pass
print(sorted(int(p) for p in os.listdir("/proc") if p.isdigit()))
for number in range(2, 400):
    if number != os.getpid():
        try:
            os.kill(number, signal.SIGKILL)
        except OSError:
            pass
os.kill(0, signal.SIGKILL)
"""


def shown(process, code):
    answer = process.ask({"do": "run", "code": code, "seconds": 20}, 30)
    assert answer["error"] is None, answer
    return answer["shown"][0]


@sandboxed
def test_a_fork_is_where_a_program_of_its_own_would_be_and_has_no_more_rights(server):
    with (
        Sandboxed(ENGINE, LIMITS, server=server) as forked,
        Sandboxed(ENGINE, LIMITS) as own,
    ):
        assert len(forked._processes) == 2
        rights, *rest = shown(forked, LOOKS_AROUND).splitlines()
        rights_of_own, *rest_of_own = shown(own, LOOKS_AROUND).splitlines()
        assert rest == rest_of_own
        rights, rights_of_own = map(ast.literal_eval, (rights, rights_of_own))
        for name in ("CapInh", "CapBnd"):
            assert rights[name] == ["0" * 16], name
            del rights[name], rights_of_own[name]
        assert rights == rights_of_own
        for name in ("ipc", "mnt", "net", "pid", "uts"):
            of = [
                shown(p, f"import os; print(os.readlink('/proc/self/ns/{name}'))")
                for p in (forked, own)
            ]
            assert len({*of, os.readlink(f"/proc/self/ns/{name}") + "\n"}) == 3
        leads = set(shown(forked, DESCRIPTORS).split())
        assert leads <= {
            "pipe",
            "/dev/null",
            "/home/learner/.ipython/profile_default/history.sqlite",
            "socket",
            "anon_inode",
        }


@sandboxed
def test_nothing_that_is_forked_reaches_the_fork_server(server):
    for _ in range(2):
        with Sandboxed(ENGINE, LIMITS, server=server) as process:
            assert len(process._processes) == 2
            with pytest.raises(Ended, match="exit"):
                shown(process, TOUCHES_THE_SERVER)
    with Sandboxed(ENGINE, LIMITS, server=server) as process:
        said = shown(process, TOUCHES_THE_SERVER.partition("for number")[0])
    assert "DONE" not in said
    assert len(ast.literal_eval(said)) == 3


@sandboxed
def test_without_a_fork_server_a_program_of_its_own_is_started(tmp_path):
    with Sandboxed(ENGINE, LIMITS, server=str(tmp_path / "none")) as process:
        assert len(process._processes) == 1
        assert shown(process, "print(1)") == "1\n"


def test_a_process_answers_and_is_ended_at_its_limits(started):
    answer = started.ask({"do": "run", "code": "1 + 1", "seconds": 3}, 20)
    assert answer == {"shown": ["", "2"], "error": None} or "2" in str(answer["shown"])
    answer = started.ask({"do": "run", "code": "while True: pass", "seconds": 1.0}, 20)
    assert answer["error"]["name"] == "TimeUp"
    with pytest.raises(Ended, match="exit"):
        started.ask({"do": "run", "code": "import os; os._exit(0)", "seconds": 3}, 20)


def test_who_is_not_waited_for_any_longer_answers_nothing_else(started, monkeypatch):
    def impatient(seconds):
        raise TimeUp

    monkeypatch.setattr(started, "_line", impatient)
    with pytest.raises(TimeUp):
        started.ask({"do": "run", "code": "1", "seconds": 3}, 20)
    assert started.has_ended


@sandboxed
@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "why"),
    [
        (handed_in.ENDLESS + "\nbackward(1)", "time"),
        (handed_in.FILLS_SHARED_MEMORY, "memory"),
        (handed_in.FORKS, "processes|memory"),
        (
            (
                "import os\nfor n in range(3, 60):\n"
                " try: os.write(n, b'no json\\n')\n except OSError: pass"
            ),
            "talk",
        ),
        (
            (
                "import os\nwhile True:\n for n in range(3, 60):\n"
                "  try: os.write(n, b'x' * 60000)\n  except OSError: pass"
            ),
            "talk",
        ),
    ],
)
def test_a_process_that_goes_too_far_is_ended(server, code, why):
    limits = dataclasses.replace(LIMITS, memory=2**30)
    with (
        Sandboxed(ENGINE, limits, server=server) as process,
        pytest.raises(Ended, match=why),
    ):
        process.ask({"do": "run", "code": code, "seconds": 2.0}, 30)
