"""Say in one sentence, before anything is installed, why the course can't run here.

The README's commands begin with this file. It is written in what every Python from 3.6
on understands.
"""

import os
import platform
import shutil
import sys

PYTHONS = ((3, 11), (3, 12), (3, 13))  # as requires-python in pyproject.toml


def obstacle():
    """Return what stands in the way, in English and in Chinese; None if nothing does."""
    if sys.version_info[:2] not in PYTHONS:
        return _wrong_python()
    if sys.maxsize < 2**32:
        en = "This is a 32-bit Python, and TensorFlow has none; install the 64-bit one."
        zh = "这是 32 位的 Python，而 TensorFlow 只有 64 位的；请安装 64 位的 Python。"
        return en, zh
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        en = (
            "TensorFlow no longer comes for Macs with an Intel processor, use an online "
            "notebook; on a Mac with an Apple processor, install the Python made for it."
        )
        zh = (
            "TensorFlow 已不再支持 Intel 处理器的 Mac，请改用在线笔记本；"
            "如果这台 Mac 用的是 Apple 处理器，请安装为它编译的 Python。"
        )
        return en, zh
    if sys.platform == "linux" and platform.libc_ver()[0] != "glibc":
        en = (
            "TensorFlow comes for Linux with glibc, and this system has another C "
            "library; use Debian, Ubuntu or the like in the place of Alpine."
        )
        zh = (
            "TensorFlow 只支持使用 glibc 的 Linux，而这个系统用的是别的 C 库；"
            "请改用 Debian、Ubuntu 之类的系统，不要用 Alpine。"
        )
        return en, zh
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        install = f"sudo apt install {_name(sys.version_info[:2])}-venv"
        en = (
            "This Python can't make virtual environments yet; on Debian and Ubuntu, run "
            f'"{install}" first.'
        )
        zh = (
            "这个 Python 还不能建立虚拟环境；在 Debian 和 Ubuntu 上，"
            f"请先运行“{install}”。"
        )
        return en, zh
    return None


def _wrong_python():
    oldest, middle, newest = (".".join(map(str, version)) for version in PYTHONS)
    here = f"{platform.python_version()} ({sys.executable})"
    en = f"gradtape needs Python {oldest}, {middle} or {newest}, and this is {here}; "
    zh = f"gradtape 需要 Python {oldest}、{middle} 或 {newest}，而这个是 {here}；"
    if sys.platform == "win32":
        typed, others = "py", [f"py -{newest}"]
    else:
        typed, others = "python3", [n for n in map(_name, PYTHONS) if shutil.which(n)]
    if others:
        en += f"in the command, write {others[-1]} in the place of {typed}, twice."
        zh += f"请把命令里的两处 {typed} 都换成 {others[-1]}。"
    else:
        en += (
            f"install one of them, and in the command write its name, such as "
            f"python{newest}, in the place of {typed}, twice."
        )
        zh += (
            f"请先安装其中一个，再把命令里的两处 {typed} 都换成它的名字，"
            f"例如 python{newest}。"
        )
    return en, zh


def _name(version):
    return f"python{version[0]}.{version[1]}"


def main():
    """Print the obstacle, if there is one; return an exit code."""
    found = obstacle()
    if found is None:
        return 0
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    language = next((os.environ[name] for name in names if os.environ.get(name)), "")
    is_chinese = language.lower().startswith("zh")
    sys.stderr.write(found[is_chinese] + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
