"""What the README's commands install, on each Python and system that is promised."""

import importlib.metadata
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from tools import check_python
from tools.constraints import HELD, OLDEST_PATCHES

from gradtape import prerequisites

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PINS = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
SYSTEMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "macos": {
        "sys_platform": "darwin",
        "platform_system": "Darwin",
        "os_name": "posix",
    },
    "windows": {
        "sys_platform": "win32",
        "platform_system": "Windows",
        "os_name": "nt",
    },
}


def markers(python, system, extra=""):
    """Return what the markers of requirements are judged by."""
    short = ".".join(python.split(".")[:2])
    own = {"python_full_version": python, "python_version": short, "extra": extra}
    return SYSTEMS[system] | own


def pins_of(python, system):
    """Return the version of each package there."""
    found = {}
    for pin in PINS:
        if pin.marker is None or pin.marker.evaluate(markers(python, system)):
            name = canonicalize_name(pin.name)
            assert name not in found, f"{name} is pinned twice for {python}, {system}"
            (version,) = pin.specifier
            found[name] = version.version
    return found


def asked_by_the_project(extra=None):
    """Yield what the project asks for, with an extra and with those within it."""
    yield from map(Requirement, PROJECT["dependencies"])
    if extra is None:
        return
    for requirement in map(Requirement, PROJECT["optional-dependencies"][extra]):
        if requirement.name != "gradtape":
            yield requirement
        for further in requirement.extras if requirement.name == "gradtape" else ():
            yield from asked_by_the_project(further)


def installed_as_pinned():
    """Yield the metadata of each package that is here in the version pinned."""
    for pin in PINS:
        try:
            distribution = importlib.metadata.distribution(pin.name)
        except importlib.metadata.PackageNotFoundError:
            continue
        if distribution.version in pin.specifier:
            yield pin, distribution


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", OLDEST_PATCHES)
def test_each_python_is_served_what_the_project_asks_for(python, system):
    pins = pins_of(python, system)
    for requirement in asked_by_the_project("test"):
        version = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


def test_no_pin_asks_for_a_later_patch_of_a_python():
    seen = 0
    for pin, distribution in installed_as_pinned():
        pythons = SpecifierSet(distribution.metadata.get("Requires-Python", ""))
        seen += 1
        for python in OLDEST_PATCHES:
            if pin.marker is None or pin.marker.evaluate(markers(python, "linux")):
                assert python in pythons, f"{pin} wants Python {pythons}, not {python}"
    assert seen > 100


def test_what_is_pinned_asks_for_nothing_that_is_not():
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    (oldest,) = [patch for patch in OLDEST_PATCHES if patch.startswith(f"{python}.")]
    pins = pins_of(oldest, "linux")
    for pin, distribution in installed_as_pinned():
        for requirement in map(Requirement, distribution.requires or ()):
            here = markers(oldest, "linux")
            if requirement.marker is None or requirement.marker.evaluate(here):
                version = pins.get(canonicalize_name(requirement.name))
                assert version, f"{pin.name} asks for {requirement}, which has no pin"
                assert requirement.specifier.contains(version), (pin.name, requirement)


def test_what_is_held_back_is_held_back():
    pins = pins_of(OLDEST_PATCHES[0], "linux")
    for held in map(Requirement, HELD):
        assert held.specifier.contains(pins[held.name]), held


def test_every_python_that_is_promised_has_its_oldest_patch():
    promised = SpecifierSet(PROJECT["requires-python"])
    minors = [patch.rpartition(".")[0] for patch in OLDEST_PATCHES]
    assert minors == [f"3.{n}" for n in range(30) if f"3.{n}" in promised]
    assert [".".join(map(str, each)) for each in check_python.PYTHONS] == minors


@pytest.mark.parametrize("version", [(3, 10, 12), (3, 14, 0)])
def test_a_python_too_old_or_too_new_is_told_in_one_sentence(monkeypatch, version):
    monkeypatch.setattr(check_python.sys, "version_info", version)
    monkeypatch.setattr(check_python.platform, "python_version", lambda: "3.x.y")
    monkeypatch.setattr(check_python.shutil, "which", lambda name: None)
    english, chinese = check_python.obstacle()
    assert english.startswith("gradtape needs Python 3.11, 3.12 or 3.13, and this is")
    assert "install one of them" in english and english.count(".\n") == 0
    assert chinese.startswith("gradtape 需要 Python") and chinese.endswith("。")


def test_a_python_that_would_do_is_named(monkeypatch):
    monkeypatch.setattr(check_python.sys, "version_info", (3, 10, 12))
    known = {"python3.11": "/usr/bin/python3.11", "python3.12": "/usr/bin/python3.12"}
    monkeypatch.setattr(check_python.shutil, "which", known.get)
    english, chinese = check_python.obstacle()
    assert "write python3.12 in the place of python3, twice." in english
    assert "python3.12" in chinese


def test_a_missing_package_of_the_distribution_s_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    english, chinese = check_python.obstacle()
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert f"sudo apt install {package}" in english and package in chinese


def test_nothing_stands_in_the_way_here():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "check_python.py"],
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_both_commands_ask_first_whether_this_python_will_do():
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = re.findall(r"```(?:sh|bat)\n(.+?)\n```", readme)
    assert len(commands) == 4
    for command in commands:
        assert re.search(r"check_python\.py && py(thon3)? -m venv", command), command
    assert [re.search(r"\.\[(\w+)\]", each)[1] for each in commands] == [
        *("lab", "lab", "test", "test")
    ]


def test_what_an_extra_lacks_is_found(monkeypatch):
    versions = {"jupyterlab": "4.6.6", "ipykernel": "6.17.1"}

    def version(name):
        if name not in versions:
            raise importlib.metadata.PackageNotFoundError(name)
        return versions[name]

    asked = [
        "numpy>=2.0",
        'jupyterlab>=4.3; extra == "lab"',
        'ipykernel>=7.0; extra == "lab"',
        'nbclient>=0.10; extra == "lab"',
        'gradtape[lab]; extra == "classroom"',
        'nbgrader>=0.9; extra == "classroom"',
    ]
    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: asked)
    versions["gradtape"] = "0.1.0"
    assert prerequisites.lacking("lab") == ["ipykernel 6.17.1", "nbclient"]
    assert prerequisites.lacking("classroom") == [
        *("ipykernel 6.17.1", "nbclient", "nbgrader")
    ]


def test_a_command_to_copy_works_in_a_folder_with_spaces(monkeypatch):
    monkeypatch.setattr(prerequisites.sys, "executable", "/my courses/bin/python")
    command = prerequisites.pip_install("lazy_loader")
    assert shlex.split(command)[:2] == ["/my courses/bin/python", "-m"]
