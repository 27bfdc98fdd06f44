"""``gradtape kernel`` looks after fork servers; ``--plain-kernel`` does without them."""

import json
import os
import sys

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from tests.kernel.conftest import LAUNCHER, wait_until

from gradtape import cli
from gradtape.kernel import control, spec


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install into an empty Python; return where Jupyter finds kernels of it."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    return tmp_path / "share" / "jupyter" / "kernels"


def test_install_tells_jupyter_of_the_kernel(installed, capsys):
    assert cli.main(["kernel", "install"]) == 0
    assert str(installed / "gradtape") in capsys.readouterr().out
    told = KernelSpecManager(kernel_dirs=[str(installed)]).get_kernel_spec("gradtape")
    assert told.argv == [*LAUNCHER, "-f", "{connection_file}"]
    assert told.display_name == "gradtape (TensorFlow)"
    assert told.language == "python" and told.metadata["debugger"]
    assert (installed / "gradtape" / "logo-64x64.png").exists()


def test_it_can_take_the_place_of_the_plain_kernel(installed):
    assert cli.main(["kernel", "install", "--name", "python3"]) == 0
    told = json.loads((installed / "python3" / "kernel.json").read_text())
    assert told["argv"][:-2] == LAUNCHER
    assert told["display_name"] == "Python 3 (ipykernel)"


def test_a_name_that_cannot_be_one_is_told(installed, capsys):
    assert cli.main(["kernel", "install", "--name", "my kernel"]) == 2
    assert "'my kernel' cannot be the name of a kernel" in capsys.readouterr().err
    assert not installed.exists()


def test_fork_servers_are_started_shown_and_stopped(own_runtime, capsys, monkeypatch):
    assert cli.main(["kernel", "status"]) == 0
    assert capsys.readouterr().out == "No fork server runs.\n"
    assert cli.main(["kernel", "warm"]) == 0
    assert capsys.readouterr().out.startswith(
        ("A fork server is starting.", "Fork server ")
    )
    assert wait_until(lambda: control.fork_servers()[0].process, seconds=60)
    assert cli.main(["kernel", "status"]) == 0
    out = capsys.readouterr().out
    assert (
        out.startswith("Fork server ")
        and "0 of 0 live" in out
        and sys.executable in out
    )
    assert cli.main(["kernel", "stop", "--lang", "zh"]) == 0
    assert "现在结束" in capsys.readouterr().out
    assert cli.main(["kernel", "status", "--lang", "zh"]) == 0
    assert capsys.readouterr().out == "没有派生服务进程。\n"


def test_a_fork_server_that_still_imports_is_told_of(monkeypatch, capsys):
    starting = control.ServerStatus(process=None, is_starting=True)
    monkeypatch.setattr(control, "fork_servers", lambda: [starting])
    assert cli.main(["kernel", "status"]) == 0
    assert capsys.readouterr().out == "A fork server is starting.\n"


def test_a_folder_that_cannot_be_trusted_is_told(own_runtime, capsys):
    own_runtime.chmod(0o777)
    assert cli.main(["kernel", "status"]) == 2
    assert f"{own_runtime} is not a folder of yours alone" in capsys.readouterr().err
    own_runtime.chmod(0o700)


def test_plain_kernels_can_be_asked_for(monkeypatch):
    monkeypatch.setenv("GRADTAPE_PLAIN_KERNEL", "")
    monkeypatch.setattr(cli.project, "build_notebooks", lambda options: 0)
    assert cli.main(["build"]) == 0
    assert os.environ["GRADTAPE_PLAIN_KERNEL"] == ""
    assert cli.main(["build", "--plain-kernel"]) == 0
    assert os.environ["GRADTAPE_PLAIN_KERNEL"] == "1"


def test_windows_has_the_plain_kernel(monkeypatch, capsys):
    monkeypatch.setattr(sys, "platform", "win32")
    plain = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
    assert spec.argv() == [sys.executable, *plain]
    spec.warm()
    assert cli.main(["kernel", "status"]) == 2
    assert "every kernel here is the plain one" in capsys.readouterr().err
