"""The processes that kernels come from, and a look at the whole computer."""

from __future__ import annotations

import argparse
import sys

from gradtape.cli.exit_codes import FAILED, GOOD
from gradtape.cli.required import require
from gradtape.file_errors import WorkspaceError
from gradtape.language import say


def kernel(options: argparse.Namespace) -> int:
    """Look after the processes that have TensorFlow ready for kernels."""
    if sys.platform == "win32" and options.action != "install":
        raise WorkspaceError(
            say(
                en="Windows has no fork; every kernel here is the plain one.",
                zh="Windows 没有 fork，这里的内核都是普通内核。",
            )
        )
    require("lab")
    from gradtape.kernel import control, spec

    if options.action == "install":
        try:
            place = spec.install(options.name, user=options.user)
        except spec.NotAName:
            raise WorkspaceError(
                say(
                    en=f"{options.name!r} cannot be the name of a kernel; use letters, "
                    "digits, '-', '.' and '_'.",
                    zh=f"{options.name!r} 不能作内核的名称；请只用字母、数字、"
                    "“-”、“.”和“_”。",
                )
            ) from None
        print(say(en=f"The kernel is {place}.", zh=f"内核登记在 {place}。"))
        return GOOD
    if options.action == "warm":
        spec.warm()
    from gradtape.kernel.launcher.paths import NotPrivate

    try:
        found = control.stop() if options.action == "stop" else control.fork_servers()
    except NotPrivate as error:
        raise WorkspaceError(
            say(
                en=f"{error.path} is not a folder of yours alone; remove it, or have "
                "whoever owns it do so.",
                zh=f"{error.path} 不是只属于你的文件夹；请删除它，或请它的主人删除。",
            )
        ) from None
    for each in found:
        print(_server_in_words(each, stopped=options.action == "stop"))
    if not found:
        print(say(en="No fork server runs.", zh="没有派生服务进程。"))
    return GOOD


def _server_in_words(each, *, stopped: bool) -> str:
    if each.is_starting:
        return say(en="A fork server is starting.", zh="有一个派生服务进程正在启动。")
    if each.process is None:
        return say(
            en="A fork server does not answer; kernels are plain until it does.",
            zh="有一个派生服务进程没有应答；在它恢复之前使用普通内核。",
        )
    memory = "" if each.megabytes is None else f", {each.megabytes:.0f} MB"
    told = say(
        en=f"Fork server {each.process}, {each.minutes} min, kernels: {each.kernels} "
        f"of {each.served} live{memory}, {each.python}",
        zh=f"派生服务进程 {each.process}，已运行 {each.minutes} 分钟，内核："
        f"共启动 {each.served} 个，现有 {each.kernels} 个{memory}，{each.python}",
    )
    if not stopped:
        return told
    if each.kernels:
        return told + say(
            en="; it ends when they have ended.", zh="；它们都结束后它也结束。"
        )
    return told + say(en="; it ends now.", zh="；现在结束。")


def doctor(options: argparse.Namespace) -> int:
    """Tell whether this computer has all that the course needs."""
    from rich.console import Console
    from rich.table import Table

    from gradtape.doctor import examine

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    healthy = True
    for finding in examine():
        healthy &= finding.good
        verdict = (
            say(en="good", zh="正常") if finding.good else say(en="BAD", zh="有问题")
        )
        table.add_row(finding.subject, verdict, finding.found)
        if finding.advice:
            table.add_row("", "", finding.advice)
    Console(markup=False).print(table)
    return GOOD if healthy else FAILED
