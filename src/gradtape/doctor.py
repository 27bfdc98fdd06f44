"""What this computer has for the course: a verdict on each thing, and what to do."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from gradtape import prerequisites
from gradtape.language import say

_GIGABYTE = 2**30
# A kernel with TensorFlow takes about 0.6 GB; a lesson, the browser and JupyterLab more.
_MEMORY_NEEDED = 2 * _GIGABYTE
_PYTHON_SUPPORTED = ((3, 11), (3, 13))
_CHINESE_FONTS = ("Noto Sans CJK", "Noto Serif CJK", "PingFang", "Microsoft YaHei")

_LOOK_AT_TENSORFLOW = """
import gradtape, json
import tensorflow as tf
gradtape.start("01")
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = x**4
slope = float(tape.gradient(y, x))
devices = [device.device_type for device in tf.config.list_physical_devices()]
print(json.dumps({"version": tf.__version__, "slope": slope, "devices": devices}))
"""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    subject : str
        What was looked at.
    found : str
        What was found.
    good : bool
        Whether the course can run with it.
    advice : str
        What to do; empty if there is nothing to do.
    """

    subject: str
    found: str
    good: bool = True
    advice: str = ""


def examine() -> Iterator[Finding]:
    """Look at everything that the course needs, one thing after the other."""
    yield _python()
    yield from _tensorflow()
    yield _kernel()
    yield _fonts()
    yield _memory()


def _python() -> Finding:
    version = platform.python_version()
    oldest, newest = _PYTHON_SUPPORTED
    good = oldest <= sys.version_info[:2] <= newest
    return Finding(
        "Python",
        f"{version} ({sys.executable})",
        good,
        ""
        if good
        else say(
            en="Install Python 3.11, 3.12 or 3.13.",
            zh="请安装 Python 3.11、3.12 或 3.13。",
        ),
    )


def _tensorflow() -> Iterator[Finding]:
    if sentence := prerequisites.unmet():
        found = prerequisites.tensorflow_version() or say(en="none", zh="未安装")
        yield Finding("TensorFlow", found, good=False, advice=sentence)
        return
    # In a process of its own: a broken installation may end the process.
    looked = subprocess.run(
        [sys.executable, "-c", _LOOK_AT_TENSORFLOW],
        capture_output=True,
        check=False,
        text=True,
    )
    try:
        about = json.loads(looked.stdout)
    except ValueError:
        yield Finding(
            "TensorFlow",
            say(en="does not start", zh="无法启动"),
            good=False,
            advice=looked.stderr.strip()
            or say(
                en=f"It ended with code {looked.returncode}; install it again.",
                zh=f"它以代码 {looked.returncode} 退出；请重新安装。",
            ),
        )
        return
    yield Finding("TensorFlow", about["version"])
    right = about["slope"] == 108.0
    yield Finding(
        say(en="gradient of x⁴ at 3", zh="x⁴ 在 3 处的梯度"),
        f"{about['slope']:g}",
        right,
        ""
        if right
        else say(
            en="It should be 108; install TensorFlow again.",
            zh="应当是 108；请重新安装 TensorFlow。",
        ),
    )
    yield _devices(about["devices"])


def _devices(devices: list[str]) -> Finding:
    subject = say(en="devices", zh="设备")
    if "GPU" in devices:
        return Finding(subject, ", ".join(devices))
    if sys.platform == "win32":
        advice = say(
            en="TensorFlow uses no GPU on Windows itself; for one, use WSL2. "
            "The course does not need it.",
            zh="原生 Windows 上 TensorFlow 不能使用 GPU；需要时请用 WSL2。"
            "本课程不需要 GPU。",
        )
    elif sys.platform == "linux":
        advice = say(
            en='No GPU is used. If you have one by NVIDIA: pip install "gradtape[gpu]". '
            "The course does not need it.",
            zh="没有使用 GPU。如果有 NVIDIA 显卡："
            'pip install "gradtape[gpu]"。本课程不需要 GPU。',
        )
    else:
        advice = say(
            en="No GPU is used. The course does not need one.",
            zh="没有使用 GPU。本课程不需要 GPU。",
        )
    return Finding(subject, ", ".join(devices), advice=advice)


def _kernel() -> Finding:
    from importlib.metadata import version

    subject = say(en="JupyterLab and kernel", zh="JupyterLab 和内核")
    if lacking := prerequisites.lacking("lab"):
        install = prerequisites.pip_install('"gradtape[lab]"')
        return Finding(
            subject,
            say(en="not here: ", zh="没有：") + ", ".join(lacking),
            advice=say(
                en=f"For the course on this computer: {install}. In an online notebook "
                "and in an editor nothing is missing.",
                zh=f"要在这台电脑上学习课程，请运行 {install}；"
                "在线笔记本和编辑器里不需要。",
            ),
        )
    found = f"JupyterLab {version('jupyterlab')}, ipykernel {version('ipykernel')}"
    return Finding(subject, found)


def _fonts() -> Finding:
    from matplotlib import font_manager

    names = {font.name for font in font_manager.fontManager.ttflist}
    chinese = sorted(n for n in names if n.startswith(_CHINESE_FONTS))
    found = ", ".join(["DejaVu Sans", *chinese[:1]])
    return Finding(
        say(en="fonts", zh="字体"),
        found,
        advice=""
        if chinese
        else say(
            en="The course needs no more. For Chinese in figures of your own, "
            "install Noto Sans CJK.",
            zh="课程够用了。如果想在自己的图里写中文，请安装 Noto Sans CJK 字体。",
        ),
    )


def _memory() -> Finding:
    import psutil

    free = psutil.virtual_memory().available
    good = free >= _MEMORY_NEEDED
    return Finding(
        say(en="free memory", zh="可用内存"),
        f"{free / _GIGABYTE:.1f} GB",
        good,
        ""
        if good
        else say(
            en="Close other programs; a lesson wants 2 GB.",
            zh="请关闭其他程序；一课需要 2 GB。",
        ),
    )
