"""Whether this Python has what is needed, told without importing it."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement

from gradtape.language import say

OLDEST_TENSORFLOW = (2, 18)
_DISTRIBUTIONS = ("tensorflow", "tensorflow-cpu", "tensorflow-intel", "tf-nightly")


def unmet() -> str | None:
    """Say in one sentence what TensorFlow lacks here; None if it lacks nothing.

    Examples
    --------
    >>> unmet() is None
    True
    """
    oldest = ".".join(map(str, OLDEST_TENSORFLOW))
    version = tensorflow_version()
    if version is None:
        return say(
            en="TensorFlow is not installed in this Python; install it with "
            f'"{sys.executable} -m pip install tensorflow".',
            zh="这个 Python 里没有安装 TensorFlow；请运行 "
            f"“{sys.executable} -m pip install tensorflow”安装。",
        )
    if _numbers(version) < OLDEST_TENSORFLOW:
        return say(
            en=f"TensorFlow {version} is too old, the course needs {oldest} or later; "
            f'upgrade it with "{sys.executable} -m pip install -U tensorflow".',
            zh=f"TensorFlow {version} 版本太旧，本课程需要 {oldest} 或更新的版本；"
            f"请运行“{sys.executable} -m pip install -U tensorflow”升级。",
        )
    if not has_avx():
        return say(
            en="This processor has no AVX instructions, and TensorFlow needs them; "
            "run the course on a computer made after 2012, or in an online notebook.",
            zh="这台电脑的处理器没有 TensorFlow 必需的 AVX 指令；"
            "请换一台 2012 年以后的电脑，或使用在线笔记本。",
        )
    return None


def require(distribution: str) -> None:
    """Require a package that a notebook needs beside the course's own.

    Parameters
    ----------
    distribution : str
        As it is installed: ``"scikit-learn"``.

    Raises
    ------
    ModuleNotFoundError
        If it is not installed; the message says how it is.

    Examples
    --------
    >>> require("numpy")
    """
    try:
        importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        raise ModuleNotFoundError(
            say(
                en=f"this notebook needs {distribution}, which is not installed; run "
                f"%pip install {distribution} in a cell, then this cell again",
                zh=f"这个笔记本需要 {distribution}，但没有安装；请在单元格里运行 "
                f"%pip install {distribution}，再运行一次这个单元格",
            )
        ) from None


def pip_install(what: str) -> str:
    """Return the command that installs something for this Python.

    Examples
    --------
    >>> pip_install('"gradtape[lab]"').endswith('-m pip install "gradtape[lab]"')
    True
    """
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    return f"{python} -m pip install {what}"


def lacking(extra: str, distribution: str = "gradtape") -> list[str]:
    """Return the packages that an extra asks for and that are missing or too old.

    Parameters
    ----------
    extra : str
        An extra of ``pyproject.toml``: ``"lab"``.
    distribution : str
        Whose extra it is.

    Examples
    --------
    >>> lacking("lab")
    []
    """
    found = []
    for text in importlib.metadata.requires(distribution) or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or marker.evaluate({"extra": ""}):
            continue  # asked for by the library itself
        if not marker.evaluate({"extra": extra}):
            continue
        for further in requirement.extras:
            found += lacking(further, requirement.name)
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            found.append(requirement.name)
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            found.append(f"{requirement.name} {version}")
    return found


def tensorflow_version() -> str | None:
    """Return the version of TensorFlow installed in this Python, or None."""
    for name in _DISTRIBUTIONS:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    # Others who build TensorFlow give it names of their own, such as tensorflow-rocm.
    for name in importlib.metadata.packages_distributions().get("tensorflow", ()):
        return importlib.metadata.version(name)
    return None


def has_avx() -> bool:
    """Tell whether the processor has the AVX instructions; True where unknown.

    Only Intel's and AMD's processors are asked; others need no AVX.
    """
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return True
    if sys.platform == "linux":
        try:
            flags = Path("/proc/cpuinfo").read_text()
        except OSError:
            return True
        return " avx " in flags or "flags" not in flags
    if sys.platform == "darwin":
        asked = subprocess.run(
            ["sysctl", "-n", "machdep.cpu.features"],
            capture_output=True,
            check=False,
            text=True,
        )
        return asked.returncode != 0 or "AVX" in asked.stdout
    return True


def _numbers(version: str) -> tuple[int, ...]:
    major, minor = version.split(".")[:2]
    return int(major), int(minor)
