"""What the command takes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gradtape import __version__, workspace
from gradtape.classroom import command as class_command
from gradtape.cli import computer, lessons, project, run_lesson
from gradtape.cli.exit_codes import WRONG_USE
from gradtape.language import LANGUAGES, say


class _Parser(argparse.ArgumentParser):
    """A parser that says in one sentence what is wrong."""

    def error(self, message: str) -> None:
        hint = say(en='; see "gradtape --help".', zh="；请看 gradtape --help。")
        print(f"gradtape: {message}{hint}", file=sys.stderr)
        raise SystemExit(WRONG_USE)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command, in the reader's language."""
    parser = _Parser(
        prog="gradtape",
        description=say(
            en="Learn TensorFlow's gradient tape.", zh="学习 TensorFlow 的梯度带。"
        ),
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(
        name,
        function,
        summary,
        *,
        takes_lesson=False,
        takes_folder=True,
        starts_kernels=False,
    ):
        sub = commands.add_parser(name, help=summary, description=summary)
        sub.set_defaults(run=function)
        if takes_lesson:
            sub.add_argument(
                "lesson", metavar="NN", help=say(en="a lesson, such as 02", zh="如 02")
            )
        if takes_folder:
            sub.add_argument(
                "folder",
                metavar="DIR",
                nargs="?",
                type=Path,
                default=Path(workspace.DEFAULT_FOLDER),
                help=say(
                    en=f"your folder (default: {workspace.DEFAULT_FOLDER})",
                    zh=f"你的文件夹（默认 {workspace.DEFAULT_FOLDER}）",
                ),
            )
        if starts_kernels:
            sub.add_argument(
                "--plain-kernel",
                action="store_true",
                help=say(
                    en="start each kernel anew, not from one that has TensorFlow ready",
                    zh="每个内核都重新启动，不从已载入 TensorFlow 的进程派生",
                ),
            )
        sub.add_argument(
            "--lang",
            choices=LANGUAGES,
            help=say(en="English or Chinese (default: the system's)", zh="语言"),
        )
        return sub

    lab = command(
        "lab",
        lessons.lab,
        say(en="open the lessons in JupyterLab", zh="在 JupyterLab 里打开课程"),
        starts_kernels=True,
    )
    lab.add_argument(
        "--no-browser",
        action="store_true",
        help=say(en="open no browser", zh="不打开浏览器"),
    )
    lab.add_argument(
        "--verbose",
        action="store_true",
        help=say(en="show the server's log", zh="显示服务器日志"),
    )
    lab.epilog = say(
        en="What stands after -- is passed on to JupyterLab: gradtape lab -- --port=9000",
        zh="写在 -- 之后的参数会传给 JupyterLab：gradtape lab -- --port=9000",
    )
    command(
        "copy",
        lessons.copy,
        say(
            en="put the lessons into a folder, and open nothing",
            zh="把课程放进一个文件夹，不打开任何程序",
        ),
    )
    command("list", lessons.list_lessons, say(en="list the lessons", zh="列出各课"))
    command(
        "run",
        run_lesson.run,
        say(en="run a lesson in the terminal", zh="在终端里运行一课"),
        takes_lesson=True,
        starts_kernels=True,
    )
    command(
        "reset",
        lessons.reset,
        say(
            en="get a fresh copy of a lesson, keeping yours",
            zh="换上一份全新的课文，保留你的版本",
        ),
        takes_lesson=True,
    )
    build = command(
        "build",
        project.build_notebooks,
        say(en="make the notebooks from their sources", zh="由源文件生成笔记本"),
        takes_folder=False,
        starts_kernels=True,
    )
    build.add_argument("lessons", metavar="NN", nargs="*")
    build.add_argument(
        "--check",
        action="store_true",
        help=say(en="change nothing, compare", zh="只核对，不改动"),
    )
    site = command(
        "site",
        project.build_pages,
        say(en="build the site from notebooks and docs", zh="由笔记本和文档生成网站"),
        takes_folder=False,
        starts_kernels=True,
    )
    site.add_argument("folder", metavar="DIR", nargs="?", type=Path)
    kinds = site.add_mutually_exclusive_group()
    kinds.add_argument(
        "--slides",
        metavar="NN",
        nargs="*",
        help=say(
            en="slides of the lessons instead, or of some of them",
            zh="改为生成各课（或其中几课）的幻灯片",
        ),
    )
    kinds.add_argument(
        "--pdf",
        action="store_true",
        help=say(
            en="the course as a PDF in each language instead",
            zh="改为把整个课程印成 PDF，每种语言一份",
        ),
    )
    a_class = command(
        "class",
        project.work_with_class,
        say(
            en="for teachers: hand out, collect and grade the exercises",
            zh="供教师使用：发练习、收作业、评分",
        ),
        takes_folder=False,
    )
    class_command.add_arguments(a_class)
    kernels = command(
        "kernel",
        computer.kernel,
        say(
            en="the process that has TensorFlow ready for kernels",
            zh="为内核预先载入 TensorFlow 的进程",
        ),
        takes_folder=False,
    )
    kernels.add_argument(
        "action",
        choices=("status", "warm", "stop", "install"),
        help=say(
            en="what there is; start it; end it; tell Jupyter of the kernel",
            zh="查看；启动；结束；向 Jupyter 登记这个内核",
        ),
    )
    kernels.add_argument(
        "--name",
        default="gradtape",
        help=say(
            en='install under this name, such as "python3" (default: gradtape)',
            zh="以此名称登记，例如 python3（默认 gradtape）",
        ),
    )
    kernels.add_argument(
        "--user",
        action="store_true",
        help=say(
            en="install for every Jupyter of this user",
            zh="登记给本用户的所有 Jupyter",
        ),
    )
    command(
        "doctor",
        computer.doctor,
        say(en="look at this computer", zh="检查这台电脑"),
        takes_folder=False,
    )
    return parser
