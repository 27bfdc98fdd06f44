"""Learners of one account share a fork server, each with a home folder of their own."""

import json
import os
import subprocess
import sys

import pytest
from tests.kernel.conftest import server_of

from gradtape.kernel.launcher import identity

pytestmark = pytest.mark.slow


@pytest.fixture
def learner(runtime, tmp_path, start):
    """Start kernels of learners, as a hub does that runs all servers as one user."""

    def start_kernel_of(name):
        home = tmp_path / name
        home.mkdir(exist_ok=True)
        user = {"HOME": str(home), "USER": name, "LOGNAME": name}
        return start(env=os.environ | user)

    return start_kernel_of


def test_one_server_serves_all_learners_with_their_own_homes_and_names(
    learner, tmp_path
):
    kernels = {name: learner(name) for name in ("ann", "bo", "chen")}
    assert len({server_of(kernel) for kernel in kernels.values()}) == 1
    for name, kernel in kernels.items():
        told = kernel.run(
            "import json, keras, os, matplotlib, site\n"
            "print(json.dumps([os.path.expanduser('~'), matplotlib.get_configdir(),"
            " site.getuserbase(), keras.src.backend.config.keras_home()]))"
        )
        home = str(tmp_path / name)
        assert all(path.startswith(home) for path in json.loads(told)), told
        assert kernel.run("import getpass; print(getpass.getuser())") == f"{name}\n"
        kernel.client.kernel_info()
        reply = kernel.client.get_shell_msg(timeout=30)
        assert reply["header"]["username"] == name


def test_settings_that_keras_writes_by_itself_separate_nobody(learner, tmp_path):
    """After the first plain kernel, every learner has them."""
    environment = os.environ | {"HOME": str(tmp_path / "ann")}
    (tmp_path / "ann").mkdir()
    subprocess.run([sys.executable, "-c", "import keras"], env=environment, check=True)
    assert (tmp_path / "ann" / ".keras" / "keras.json").exists()
    assert server_of(learner("ann")) == server_of(learner("bo"))


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (".keras/keras.json", '{"floatx": "float64"}'),
        (".config/matplotlib/matplotlibrc", "lines.linewidth: 7"),
    ],
)
def test_settings_of_a_learner_s_own_are_in_force_there_alone(
    path, content, learner, tmp_path
):
    file = tmp_path / "ann" / path
    file.parent.mkdir(parents=True)
    file.write_text(content)
    ann, bo = learner("ann"), learner("bo")
    look = "import keras, matplotlib; print(keras.config.floatx(), matplotlib.rcParams['lines.linewidth'])"
    assert server_of(ann) != server_of(bo)
    assert ann.run(look) != bo.run(look) == "float32 1.5\n"


@pytest.mark.parametrize("content", ["", "[]", "[" * 10_000, '{"more": 1}'])
def test_settings_that_are_not_the_usual_ones_are_part_of_the_identity(
    content, tmp_path, monkeypatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert json.loads(identity.identity())["home"] is None
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").write_text(content)
    assert json.loads(identity.identity())["home"] == str(tmp_path)


LOOK = """
import gc, json, os, sys
from gradtape.kernel import home, preload
old = os.path.expanduser("~")
for group in (preload.KERNEL, preload.FIRST, preload.LATER):
    preload.preload(group)
os.environ["HOME"] = "/elsewhere"
home.change_home(old)

def texts(value):
    if isinstance(value, (list, tuple, set, frozenset)):
        return [text for each in value for text in texts(each)]
    return [str(value)] if isinstance(value, (str, bytes, os.PathLike)) else []

found = {
    f"{name}.{variable}"
    for name, module in list(sys.modules.items())
    if name not in ("__main__", "__mp_main__")
    for variable, value in list(vars(module).items())
    if any(old in text for text in texts(value))
}
print(json.dumps(sorted(found)))
"""
# Of no use after the import, or paths of packages, which are not where they are named.
LEFT_BEHIND = {
    "tensorflow._plugin_dir",
    "tensorflow._s",
    "tensorflow._site_packages_dirs",
    "tensorflow.python.framework.error_interpolation._FRAMEWORK_PATH_PREFIXES",
}


def test_no_package_remembers_the_home_that_it_was_imported_with(tmp_path):
    (tmp_path / "old-home").mkdir()
    environment = os.environ | {"HOME": str(tmp_path / "old-home")}
    told = subprocess.check_output([sys.executable, "-c", LOOK], env=environment)
    assert set(json.loads(told.splitlines()[-1])) <= LEFT_BEHIND
