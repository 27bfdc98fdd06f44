"""The command as a person types it: what it prints, what it returns."""

import errno
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from tests.kernel.conftest import ended, wait_until

from gradtape import cli, doctor, prerequisites, workspace
from gradtape.lab import _wait_for_address


@pytest.fixture(autouse=True)
def english_system(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


@pytest.fixture
def run(capsys):
    """Run the command; return its exit code, what it printed and what it complained."""

    def run_command(*arguments):
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as stopped:
            code = stopped.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command


def is_one_sentence(text):
    return text.count("\n") == 1 and text.endswith(".\n")


def test_list_shows_the_lessons_and_which_are_begun(shipped, tmp_path, run):
    workspace.prepare(tmp_path / "mine", "en")
    (tmp_path / "mine/en/02_tape.ipynb").write_text("{}")
    code, out, _ = run("list", tmp_path / "mine")
    first, second = out.splitlines()[1:3]
    assert code == 0
    assert re.search(r"01 +The tape +10 +The tape!", first) and "begun" not in first
    assert re.search(r"02 +The tape +20 .*begun", second)


def test_list_shows_how_many_exercises_are_done(shipped, tmp_path, run):
    path = shipped / "en" / "02_tape.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    notebook["metadata"]["gradtape"]["exercises"] = ["2.1", "2.2", "2.3"]
    path.write_text(json.dumps(notebook), "utf-8")
    workspace.prepare(tmp_path / "mine", "en")
    passed = {"2.2": {"passed": "2026-05-04T10:20:30"}, "2.3": {"attempts": 2}}
    (tmp_path / "mine/.gradtape/progress.json").write_text(
        json.dumps({"exercises": passed, "predictions": {}})
    )
    _, out, _ = run("list", tmp_path / "mine")
    first, second = out.splitlines()[1:3]
    assert "●○○ 1 of 3 exercises" in second
    assert "exercises" not in first


def test_list_speaks_the_system_s_language_or_the_one_asked_for(
    shipped, run, monkeypatch
):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "梯度带" in run("list")[1]
    assert "The tape" in run("list", "--lang", "en")[1]


def test_a_reader_who_has_read_enough_sees_no_error(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "gradtape", "list"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 1


def test_list_needs_no_tensorflow(tmp_path):
    code = (
        "import sys; from gradtape.cli import main; main(['list']);"
        "print({'tensorflow', 'matplotlib', 'jupyterlab'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        text=True,
    )
    assert done.stdout.endswith("set()\n")


def test_reset_tells_where_the_learner_s_version_is(shipped, tmp_path, run):
    folder = tmp_path / "mine"
    workspace.prepare(folder, "en")
    (folder / "en/01_tape.ipynb").write_text("my work")
    code, out, _ = run("reset", "1", folder)
    assert code == 0
    (kept,) = re.findall(r"Your version is (.*)\.$", out, re.MULTILINE)
    assert Path(kept).read_text() == "my work"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["reset", "77"], "There is no lesson 77; there are 01, 02."),
        (["run", "xx"], "There is no lesson xx"),
        (["fly"], "invalid choice: 'fly'"),
        (["lab", "--lang", "fr"], "invalid choice: 'fr'"),
        (["reset"], "required: NN"),
        ([], "required: COMMAND"),
        (["list", "--sideways"], "--sideways"),
        (["list", "--", "--port=9000"], "only lab takes --"),
        (["build", "77"], "there is no lesson 77"),
        (["class", "x", "--lessons", ",,"], "--lessons is ',,'"),
        (["kernel", "install", "--name", ""], "'' cannot be the name of a kernel"),
        (["kernel", "install", "--name", ".."], "'..' cannot be the name of a kernel"),
        (
            ["kernel", "install", "--name", "a/b"],
            "'a/b' cannot be the name of a kernel",
        ),
    ],
)
def test_a_wrong_use_is_one_sentence_and_exit_code_2(shipped, run, arguments, words):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert words in err and is_one_sentence(err)


def test_a_file_where_the_folder_should_be(shipped, tmp_path, run):
    (tmp_path / "mine").write_text("a file")
    for command in (["lab"], ["list"], ["reset", "1"], ["run", "1"]):
        code, out, err = run(*command, tmp_path / "mine")
        assert (code, out) == (2, "")
        assert "is a file where a folder is needed" in err and is_one_sentence(err)


@pytest.mark.parametrize("content", ["", "{", "{}", "[]", '{"cells": 3}'])
def test_run_tells_of_a_file_that_is_no_notebook(shipped, tmp_path, run, content):
    workspace.prepare(tmp_path, "en")
    (tmp_path / "en/01_tape.ipynb").write_text(content)
    code, out, err = run("run", "1", tmp_path)
    assert (code, out) == (2, "") and is_one_sentence(err)
    assert "is not a notebook any more" in err and "gradtape reset 01" in err


def test_a_full_disk_is_told_whatever_was_to_be_written(shipped, run, monkeypatch):
    def fail(*arguments, **keywords):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/somewhere")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", fail)
    code, out, err = run("run", "1")
    assert (code, out) == (2, "") and is_one_sentence(err)
    assert "/somewhere cannot be used: No space left on device; free some" in err


def test_a_terminal_without_chinese_letters_is_no_error(shipped, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "gradtape", "list", "--lang", "zh"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"tensorflow_version": None}, "TensorFlow is not installed"),
        ({"tensorflow_version": "2.15.1"}, "TensorFlow 2.15.1 is too old"),
        ({"has_avx": False}, "no AVX instructions"),
    ],
)
def test_a_tensorflow_that_cannot_run_is_told_before_anything_happens(
    shipped, tmp_path, run, monkeypatch, state, words
):
    for name, value in state.items():
        monkeypatch.setattr(prerequisites, name, lambda value=value: value)
    for arguments in (["lab", tmp_path / "mine"], ["run", "1"]):
        code, _, err = run(*arguments)
        assert code == 2 and words in err and is_one_sentence(err)
    assert not (tmp_path / "mine").exists()


def test_run_runs_every_cell(shipped, tmp_path, run):
    code, out, _ = run("run", "1", tmp_path)
    assert (code, out) == (0, "1 · The tape: all 1 cells ran.\n")


def test_run_says_where_a_lesson_failed(shipped, tmp_path, run):
    workspace.prepare(tmp_path, "en")
    path = tmp_path / "en/02_tape.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][1]["source"] = "x = 1\nx / 0"
    path.write_text(json.dumps(notebook))
    before = path.read_bytes()
    code, _, err = run("run", "2", tmp_path)
    assert code == 1
    assert "in the section “2 · The tape”" in err
    assert "-> x / 0" in err and "ZeroDivisionError" in err
    assert path.read_bytes() == before


def test_build_outside_a_checkout_is_told(run, monkeypatch, tmp_path):
    monkeypatch.setattr("gradtape.__file__", str(tmp_path / "a/b/c/__init__.py"))
    code, _, err = run("build")
    assert code == 2 and "This needs the sources of the lessons" in err


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        (["lab"], "lab"),
        (["run", "01"], "lab"),
        (["kernel", "status"], "lab"),
        (["build"], "classroom"),
        (["class", "course"], "classroom"),
    ],
)
def test_what_the_library_alone_lacks_is_told_with_how_to_get_it(
    run, monkeypatch, command, extra
):
    lacking = {extra: ["jupyterlab", "ipykernel 6.17.1"]}
    monkeypatch.setattr(prerequisites, "lacking", lambda name: lacking[name])
    code, out, err = run(*command)
    assert (code, out) == (2, "") and is_one_sentence(err)
    assert "(jupyterlab, ipykernel 6.17.1)" in err
    assert f'-m pip install "gradtape[{extra}]"' in err


def test_doctor_finds_nothing_bad_in_a_python_with_the_library_alone(monkeypatch):
    monkeypatch.setattr(prerequisites, "lacking", lambda extra: ["jupyterlab"])
    finding = doctor._kernel()
    assert finding.good and finding.found == "not here: jupyterlab"
    assert 'pip install "gradtape[lab]"' in finding.advice


def test_doctor_gives_a_verdict_and_advice_for_each_finding(run, monkeypatch):
    findings = [
        doctor.Finding("Python", "3.12"),
        doctor.Finding("TensorFlow", "none", good=False, advice="Install [it]."),
    ]
    monkeypatch.setattr(doctor, "examine", lambda: iter(findings))
    code, out, _ = run("doctor")
    assert code == 1
    assert re.search(r"Python +good +3.12", out)
    assert re.search(r"TensorFlow +BAD +none", out)
    assert "Install [it]." in out


def test_doctor_finds_this_computer_healthy():
    subjects = {finding.subject: finding for finding in doctor.examine()}
    assert subjects["gradient of x⁴ at 3"].found == "108"
    assert all(subjects[name].good for name in ("Python", "TensorFlow", "devices"))


def as_in_a_terminal(code):
    """Return code in which signals do what they do there: a test may run under nohup."""
    lines = [
        "import signal",
        "signal.signal(signal.SIGINT, signal.default_int_handler)",
    ]
    if os.name != "nt":
        lines.append("signal.signal(signal.SIGHUP, signal.SIG_DFL)")
    return "\n".join([*lines, code])


@pytest.fixture
def started(tmp_path):
    """Start a command with a folder for temporary files of its own, as a shell would."""
    processes = []
    temporary = tmp_path / "tmp"
    temporary.mkdir()

    def start(*arguments):
        code = "from gradtape import cli; raise SystemExit(cli.main())"
        process = subprocess.Popen(
            [sys.executable, "-c", as_in_a_terminal(code), *arguments],
            cwd=tmp_path,
            env=os.environ | {"TMPDIR": str(temporary)},
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        deadline = time.monotonic() + 120
        while not list(temporary.glob("gradtape-*/kernel-*.json")):
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.05)
        return process, temporary

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def lesson_that_does_not_end(folder):
    """Put a lesson into the learner's folder; return what it writes when it runs."""
    workspace.prepare(folder, "en")
    lesson = folder / "en" / workspace.find_lesson("01", "en").name
    notebook = json.loads(lesson.read_text("utf-8"))
    begun = folder / "begun"
    code = f"open({str(begun)!r}, 'w').close()\nimport time\ntime.sleep(600)"
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    notebook["cells"] = [cells[0] | {"source": code}]
    lesson.write_text(json.dumps(notebook), "utf-8")
    return begun


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise on Windows")
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_a_run_that_is_stopped_is_no_failure_and_leaves_nothing(
    number, code, started, tmp_path
):
    begun = lesson_that_does_not_end(tmp_path)
    process, temporary = started("run", "01", str(tmp_path))
    while not begun.exists():
        time.sleep(0.05)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (code, "", "")
    assert not list(temporary.glob("gradtape*"))


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise on Windows")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_a_build_that_is_stopped_leaves_nothing(number, code, started):
    process, temporary = started("build", "01", "--check")
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code and "Traceback" not in err
    assert not list(temporary.glob("gradtape*"))


@pytest.fixture
def lab(tmp_path):
    """Start ``gradtape lab`` as a person does; end it with the test."""
    started = []

    def start(*arguments):
        code = "from gradtape import cli; raise SystemExit(cli.main())"
        folder = str(tmp_path / "我的 lab")
        process = subprocess.Popen(
            [sys.executable, "-c", as_in_a_terminal(code), "lab", folder, *arguments],
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(20)


def read_until(stream, words, seconds=300):
    deadline, lines = time.monotonic() + seconds, []
    while time.monotonic() < deadline and not any(words in line for line in lines):
        lines.append(stream.readline())
    return "".join(lines)


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise on Windows")
def test_lab_opens_the_learner_s_copy_and_stops_with_ctrl_c(lab, tmp_path):
    process = lab("--lang", "zh", "--no-browser", "--", "--port=0")
    said = read_until(process.stdout, "Ctrl+C")
    (address,) = re.findall(r"http\S+", said)
    assert "/lab/tree/zh/README.md?token=" in address
    assert str(tmp_path / "我的 lab") in said
    files = address.replace("/lab/tree/", "/api/contents/")
    with urllib.request.urlopen(files) as answer:
        assert "梯度带" in json.load(answer)["content"]
    style = address.replace("/lab/tree/zh/README.md", "/custom/custom.css")
    with urllib.request.urlopen(style) as answer:
        assert (
            b'light="false"] .jp-OutputArea-output img' in answer.read()
        )  # dark theme
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(files.partition("?")[0])  # not without the token
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert "已停止" in out and str(tmp_path / "我的 lab") in out
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(files)  # the server is gone


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise on Windows")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_the_server_of_lab_ends_with_it_whatever_ends_it(number, lab, tmp_path):
    process = lab("--no-browser", "--", "--port=0")
    said = read_until(process.stdout, "Ctrl+C")
    (address,) = re.findall(r"http\S+", said)
    (server,) = psutil.Process(process.pid).children()
    (temporary,) = [each for each in server.cmdline() if "gradtape-lab-" in each][:1]
    sessions = address.replace("/lab/tree/en/README.md", "/api/kernels")
    with urllib.request.urlopen(sessions, data=b"{}") as answer:
        assert json.load(answer)["name"] == "python3"
    kernels = server.children(recursive=True)
    process.send_signal(number)
    process.wait(30)
    assert kernels
    assert wait_until(lambda: all(map(ended, [server, *kernels])), 30)
    assert not Path(temporary).exists()


def test_an_address_is_told_once_the_server_listens_there(tmp_path, monkeypatch):
    monkeypatch.setattr("gradtape.lab.jupyter_runtime_dir", lambda: str(tmp_path))
    server = SimpleNamespace(pid=7, poll=lambda: None)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        about = {
            "url": "http://x/",
            "token": "t",
            "hostname": "127.0.0.1",
            "port": port,
        }
        (tmp_path / "jpserver-7.json").write_text(json.dumps(about))
        began = time.monotonic()
        threading.Timer(0.5, listener.listen).start()
        assert _wait_for_address(server, "lab") == "http://x/lab?token=t"
        assert time.monotonic() - began >= 0.5


def test_lab_shows_why_jupyterlab_does_not_start(lab):
    process = lab("--no-browser", "--", "--port=none")
    _, err = process.communicate(timeout=300)
    assert process.returncode not in (0, None)
    assert "port" in err and "its last words are above" in err
