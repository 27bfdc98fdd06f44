"""The command that starts a program where it can touch nothing but its own folder.

Bubblewrap makes a sandbox of the system that is there: its programs and this Python, to
be read only, and an empty folder in memory, which is gone afterwards. Podman and Docker
take an image instead. Without any of them a program runs as it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import matplotlib

import gradtape
from gradtape.classroom.sandbox.limits import Limits

HOME = "/home/learner"
HANDED_IN = "/handed-in"
ENGINES = ("bubblewrap", "podman", "docker")
UNSAFE = "none"
RUNNER = "gradtape.classroom.sandbox.runner"
IMAGE = "gradtape-classroom"
_SHARED_MEMORY = 64 * 2**20
_USER = 1000
# Of the system's settings, those that programs need in order to start.
_SETTINGS = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/localtime",
    "/etc/fonts",
)
_BECOME_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") + (
    "--no-new-privs",
)
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")


@cache
def engine_here() -> str:
    """Return the best engine that works on this computer, ``"none"`` if none does."""
    for engine in ENGINES:
        if _works(engine):
            return engine
    return UNSAFE


def _works(engine: str) -> bool:
    """Tell whether an engine is there and can start something."""
    if engine == "bubblewrap":
        trial = [*_bubblewrap(Limits(), None, ()), "true"]
    else:
        trial = [engine, "image", "inspect", IMAGE]
    if shutil.which(trial[0]) is None:
        return False
    try:
        done = subprocess.run(trial, capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def command(
    engine: str, limits: Limits, files: Path | None, hidden: tuple[Path, ...] = ()
) -> list[str]:
    """Return the command that starts the runner of a hand-in.

    Parameters
    ----------
    engine : {"bubblewrap", "podman", "docker", "none"}
        What keeps it to its own folder.
    limits : Limits
        What it may use.
    files : Path, optional
        A folder with files that were handed in beside the notebook.
    hidden : tuple of Path
        What it must not see, should it lie in what the system shows.
    """
    runner = ["-P", "-m", RUNNER]
    if engine == "bubblewrap":
        return [*_bubblewrap(limits, files, hidden), sys.executable, *runner]
    if engine in ENGINES:
        return [*_container(engine, limits, files), "python", *runner]
    return [sys.executable, *runner]


def empty(
    limits: Limits, files: Path | None, hidden: tuple[Path, ...] = ()
) -> list[str]:
    """Return the command that makes the sandbox of a hand-in by bubblewrap, and waits.

    A line on its standard output tells that the sandbox is there.
    """
    return [
        *_bubblewrap(limits, files, hidden),
        "sh",
        "-c",
        "echo; exec sleep infinity",
    ]


def environment(folder: str = HOME) -> dict[str, str]:
    """Return the environment of the runner: nothing of the teacher's."""
    return {
        "CUDA_VISIBLE_DEVICES": "-1",
        "HOME": folder,
        "LANG": "C.UTF-8",
        "MPLBACKEND": "agg",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(map(str, _python_path())),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TMPDIR": folder,
        "USER": "learner",
    }


def _python_path() -> list[Path]:
    """Return where gradtape and the packages are, wherever this Python found them."""
    packages = [Path(each) for each in sys.path if each.endswith("-packages")]
    folders = [Path(gradtape.__file__).parents[1], *packages]
    return [folder for folder in dict.fromkeys(folders) if folder.is_dir()]


def _bubblewrap(
    limits: Limits, files: Path | None, hidden: tuple[Path, ...]
) -> list[str]:
    arguments = [shutil.which("bwrap") or "bwrap"]
    arguments += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    arguments += ["--unshare-cgroup-try", "--die-with-parent", "--new-session"]
    arguments += ["--cap-drop", "ALL"]
    if _is_administrator():
        # An administrator owns the devices and the settings of the kernel in /proc, in
        # a namespace of users too: the program becomes nobody, which that allows.
        arguments += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        arguments += ["--unshare-user", "--disable-userns"]
        arguments += ["--uid", f"{_USER}", "--gid", f"{_USER}"]
    arguments += ["--hostname", "sandbox", "--clearenv"]
    for name, value in environment().items():
        arguments += ["--setenv", name, value]
    for path in map(Path, _SYSTEM):
        if path.is_symlink():
            arguments += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            arguments += ["--ro-bind", str(path), str(path)]
    visible = _visible()
    for path in _above([*visible, *map(Path, _SETTINGS), Path(HOME)]):
        arguments += ["--perms", "0755", "--dir", str(path)]
    for path in _SETTINGS:
        arguments += ["--ro-bind-try", path, path]
    arguments += ["--proc", "/proc", "--dev", "/dev"]
    arguments += ["--size", f"{_SHARED_MEMORY}", "--perms", "1777"]
    arguments += ["--tmpfs", "/dev/shm"]
    for path in visible:
        arguments += ["--ro-bind", str(path), str(path)]
    for path in hidden:
        if any(path.is_relative_to(each) for each in [*visible, Path("/usr")]):
            arguments += ["--tmpfs", str(path), "--remount-ro", str(path)]
    arguments += ["--size", f"{limits.disk}", "--perms", "0777", "--tmpfs", HOME]
    for folder in (f"{HOME}/.cache", f"{HOME}/.cache/matplotlib"):
        arguments += ["--perms", "0777", "--dir", folder]
    for fonts in Path(matplotlib.get_cachedir()).glob("fontlist-*.json"):
        place = f"{HOME}/.cache/matplotlib/{fonts.name}"
        arguments += ["--ro-bind", str(fonts), place]
    if files is not None:
        arguments += ["--ro-bind", str(files), HANDED_IN]
    for path in ("/proc", "/dev", "/"):
        arguments += ["--remount-ro", path]
    arguments += ["--chdir", HOME]
    return [*arguments, *_BECOME_NOBODY] if _is_administrator() else arguments


def _above(paths: list[Path]) -> list[Path]:
    """Return the folders above paths, outer before inner, which have to be made."""
    above = {parent for path in paths for parent in path.parents} - {Path("/")}
    system = {Path(path) for path in _SYSTEM}
    return sorted(above - {p for p in above if system & {p, *p.parents}})


def _is_administrator() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _visible() -> list[Path]:
    """Return the folders of this Python and its packages, outermost only."""
    folders = [Path(sys.base_prefix), Path(sys.prefix), *_python_path()]
    # The name by which Python was called leads there through links, each of which has
    # to exist inside, too.
    link = Path(sys.executable)
    while link.is_symlink():
        link = link.parent / os.readlink(link)
        folders.append(link.parents[1])
    found: list[Path] = []
    for folder in sorted({Path(os.path.normpath(each)) for each in folders}):
        inside = any(folder.is_relative_to(each) for each in [*found, Path("/usr")])
        if not inside and folder.is_dir():
            found.append(folder)
    return found


def _container(engine: str, limits: Limits, files: Path | None) -> list[str]:
    arguments = [engine, "run", "--rm", "--interactive", "--network", "none"]
    arguments += ["--read-only", "--cap-drop", "ALL", "--user", f"{_USER}:{_USER}"]
    arguments += ["--security-opt", "no-new-privileges", "--ipc", "private"]
    arguments += ["--memory", f"{limits.memory}", "--memory-swap", f"{limits.memory}"]
    arguments += ["--pids-limit", f"{limits.processes}", "--workdir", HOME]
    # Podman takes no owner here.
    arguments += ["--tmpfs", f"{HOME}:size={limits.disk},mode=1777"]
    for name, value in environment().items():
        if name not in ("PATH", "PYTHONPATH"):  # those are the image's
            arguments += ["--env", f"{name}={value}"]
    if files is not None:
        arguments += ["--volume", f"{files}:{HANDED_IN}:ro"]
    return [*arguments, IMAGE]
