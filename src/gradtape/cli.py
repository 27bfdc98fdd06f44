"""The command ``gradtape``: each subcommand in a few lines, the work is elsewhere."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gradtape import __version__, prerequisites, workspace
from gradtape.classroom import command as class_command
from gradtape.file_errors import refusal
from gradtape.language import (
    LANGUAGES,
    current_language,
    say,
    set_language,
    system_language,
)
from gradtape.termination import interrupted_when_told_to_end

_GOOD, _FAILED, _WRONG_USE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with its arguments; return its exit code.

    0 is success, 1 a lesson or a check that failed, 2 a wrong use, told in one
    sentence.
    """
    set_language(system_language())
    _print_whatever_the_encoding()
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    own, options_for_jupyter = _split_at_dashes(arguments)
    parser = _parser()
    options = parser.parse_args(own)
    if getattr(options, "lang", None):
        set_language(options.lang)
    if getattr(options, "plain_kernel", False):
        os.environ["GRADTAPE_PLAIN_KERNEL"] = "1"
    if options.run is _lab:
        options.for_jupyter = options_for_jupyter
    elif "--" in arguments:
        parser.error(say(en="only lab takes --", zh="只有 lab 可以用 --"))
    with interrupted_when_told_to_end() as interruption:
        try:
            return _run_command(options)
        except KeyboardInterrupt:
            return interruption.exit_code


def _run_command(options: argparse.Namespace) -> int:
    try:
        code = options.run(options)
        sys.stdout.flush()
        return code
    except (workspace.WorkspaceError, _WrongUse) as error:
        print(f"gradtape: {error}", file=sys.stderr)
        return _WRONG_USE
    except BrokenPipeError:  # whoever read our output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        place = error.filename or say(en="The disk", zh="磁盘")
        print(f"gradtape: {refusal(error, place)}", file=sys.stderr)
        return _WRONG_USE


def _print_whatever_the_encoding() -> None:
    """Print ``?`` for a character that the terminal's encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")


def _split_at_dashes(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Split the arguments into those before a lone ``--`` and those after it."""
    place = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:place], arguments[place + 1 :]


class _WrongUse(Exception):
    """The command cannot do what was asked; the message says why."""


class _Parser(argparse.ArgumentParser):
    """A parser that says in one sentence what is wrong."""

    def error(self, message: str) -> None:
        hint = say(en='; see "gradtape --help".', zh="；请看 gradtape --help。")
        print(f"gradtape: {message}{hint}", file=sys.stderr)
        raise SystemExit(_WRONG_USE)


def _parser() -> argparse.ArgumentParser:
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
        _lab,
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
        _copy,
        say(
            en="put the lessons into a folder, and open nothing",
            zh="把课程放进一个文件夹，不打开任何程序",
        ),
    )
    command("list", _list, say(en="list the lessons", zh="列出各课"))
    command(
        "run",
        _run,
        say(en="run a lesson in the terminal", zh="在终端里运行一课"),
        takes_lesson=True,
        starts_kernels=True,
    )
    command(
        "reset",
        _reset,
        say(
            en="get a fresh copy of a lesson, keeping yours",
            zh="换上一份全新的课文，保留你的版本",
        ),
        takes_lesson=True,
    )
    build = command(
        "build",
        _build,
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
        _site,
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
        _class,
        say(
            en="for teachers: hand out, collect and grade the exercises",
            zh="供教师使用：发练习、收作业、评分",
        ),
        takes_folder=False,
    )
    class_command.add_arguments(a_class)
    kernel = command(
        "kernel",
        _kernel,
        say(
            en="the process that has TensorFlow ready for kernels",
            zh="为内核预先载入 TensorFlow 的进程",
        ),
        takes_folder=False,
    )
    kernel.add_argument(
        "action",
        choices=("status", "warm", "stop", "install"),
        help=say(
            en="what there is; start it; end it; tell Jupyter of the kernel",
            zh="查看；启动；结束；向 Jupyter 登记这个内核",
        ),
    )
    kernel.add_argument(
        "--name",
        default="gradtape",
        help=say(
            en='install under this name, such as "python3" (default: gradtape)',
            zh="以此名称登记，例如 python3（默认 gradtape）",
        ),
    )
    kernel.add_argument(
        "--user",
        action="store_true",
        help=say(
            en="install for every Jupyter of this user",
            zh="登记给本用户的所有 Jupyter",
        ),
    )
    command(
        "doctor",
        _doctor,
        say(en="look at this computer", zh="检查这台电脑"),
        takes_folder=False,
    )
    return parser


def _lab(options: argparse.Namespace) -> int:
    _require("lab")
    from gradtape.lab import open_lab

    _require_tensorflow()
    _put_lessons(options.folder)
    return open_lab(
        options.folder,
        current_language(),
        browser=not options.no_browser,
        verbose=options.verbose,
        arguments=options.for_jupyter,
    )


def _put_lessons(folder: Path) -> None:
    for path in workspace.prepare(folder, current_language()):
        print(
            say(
                en=f"  A new version of a lesson that you have changed: {path.name}",
                zh=f"  你改动过的一课有了新版本：{path.name}",
            )
        )


def _copy(options: argparse.Namespace) -> int:
    _put_lessons(options.folder)
    print(options.folder)
    return _GOOD


def _list(options: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.table import Table

    from gradtape.exercises import progress_file as record

    lang = current_language()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column(say(en="Lesson", zh="课"))
    table.add_column(say(en="Minutes", zh="分钟"), justify="right")
    table.add_column(say(en="What it teaches", zh="学什么"))
    table.add_column("")
    passed = record.passed(options.folder)
    for lesson in workspace.lessons(lang):
        state = []
        if workspace.is_begun(options.folder, lesson, lang):
            state.append(say(en="begun", zh="已开始"))
        if lesson.exercises:
            state.append(_exercises_done(lesson, passed.get(lesson.number, [])))
        table.add_row(
            lesson.number,
            lesson.title.partition(" · ")[2] or lesson.title,
            _minutes(lesson),
            lesson.teaches,
            say(en=", ", zh="，").join(state),
        )
    Console(markup=False).print(table)
    return _GOOD


def _minutes(lesson: workspace.Lesson) -> str:
    """Return the minutes of a lesson: its core, and what is optional besides."""
    core, optional = lesson.minutes, lesson.optional_minutes
    return f"{core} + {optional}" if optional else str(core)


def _exercises_done(lesson: workspace.Lesson, passed: list[str]) -> str:
    count, total = len(set(passed) & set(lesson.exercises)), len(lesson.exercises)
    bar = "●" * count + "○" * (total - count)
    return say(
        en=f"{bar} {count} of {total} exercises", zh=f"{bar} 练习 {count}/{total}"
    )


def _run(options: argparse.Namespace) -> int:
    _require("lab")
    import asyncio

    from rich.console import Console
    from rich.progress import Progress

    from gradtape.authoring.execute import execute

    _require_tensorflow()
    lang = current_language()
    lesson = workspace.find_lesson(options.lesson, lang)
    path = workspace.own_or_shipped(options.folder, lesson, lang)
    notebook = _read_notebook(path, lesson)
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    console = Console(stderr=True)
    with Progress(
        console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task(lesson.title, total=cells)
        failure = asyncio.run(execute(notebook, lambda: progress.advance(task)))
    if failure is None:
        print(
            say(
                en=f"{lesson.title}: all {cells} cells ran.",
                zh=f"{lesson.title}：{cells} 个单元格全部运行完毕。",
            )
        )
        return _GOOD
    print(_failure_report(path, notebook, failure), file=sys.stderr)
    return _FAILED


def _read_notebook(path: Path, lesson: workspace.Lesson):
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except (
        nbformat.ValidationError,
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
    ):
        raise _WrongUse(
            say(
                en=f'{path} is not a notebook any more; "gradtape reset '
                f'{lesson.number}" puts a fresh copy there and keeps this one.',
                zh=f"{path} 已经不是笔记本了；运行 gradtape reset {lesson.number} "
                "会换上一份全新的，并保留这一份。",
            )
        ) from None
    return notebook


def _failure_report(path: Path, notebook, failure) -> str:
    section = ""
    for cell in notebook.cells[: failure.cell]:
        if cell.cell_type == "markdown":
            headings = [x for x in cell.source.split("\n") if x.startswith("#")]
            section = headings[-1].lstrip("# ") if headings else section
    code = notebook.cells[failure.cell].source.split("\n")
    marked = [
        f"  {'->' if number == failure.line else '  '} {line}"
        for number, line in enumerate(code)
    ]
    where = say(
        en=f"{path} failed in the section “{section}”:",
        zh=f"{path} 在“{section}”一节出错：",
    )
    return "\n".join([where, *marked, failure.sentence])


def _reset(options: argparse.Namespace) -> int:
    lang = current_language()
    lesson = workspace.find_lesson(options.lesson, lang)
    kept = workspace.reset(options.folder, lesson, lang)
    place = options.folder / lang / lesson.name
    print(say(en=f"{place} is fresh.", zh=f"{place} 已恢复原样。"))
    if kept:
        print(say(en=f"Your version is {kept}.", zh=f"你的版本在 {kept}。"))
    return _GOOD


def _build(options: argparse.Namespace) -> int:
    root = _checkout()
    _require("classroom")
    from gradtape.authoring import build

    _require_tensorflow()
    try:
        problems = build(
            [number.zfill(2) for number in options.lessons],
            check=options.check,
            root=root,
        )
    except ValueError as error:
        raise _WrongUse(f"{error}.") from None
    for problem in problems:
        print(problem, file=sys.stderr)
    return _FAILED if problems else _GOOD


def _site(options: argparse.Namespace) -> int:
    root = _checkout()
    _require("site")
    from gradtape.site.build import build_site
    from gradtape.site.course_pdf import build_pdfs
    from gradtape.site.slides import build_slides

    warnings: list[str] = []
    _require_tensorflow()
    folder = options.folder or root / "docs" / "_build" / "site"
    try:
        if options.pdf:
            made = build_pdfs(folder, root)
        elif options.slides is not None:
            made = build_slides(folder, root, options.slides)
        else:
            warnings = build_site(folder, root)
            made = [folder / "index.html"]
    except RuntimeError as error:
        raise _WrongUse(str(error)) from None
    for line in (*warnings, *made):
        print(line, file=sys.stderr if line in warnings else sys.stdout)
    return _FAILED if warnings else _GOOD


def _checkout() -> Path:
    """Return the checkout of the project that this gradtape runs from."""
    root = Path(__file__).parents[2]
    if not (root / "notebooks" / "lessons").is_dir():
        raise _WrongUse(
            say(
                en="This needs the sources of the lessons, which are in a checkout of "
                f"the project, and this gradtape is installed in {root}; in the "
                'checkout, install it by pip install -e ".[classroom]".',
                zh="这需要课文的源文件，它们在项目的源码目录里，而这个 gradtape 安装在 "
                f'{root}；请在源码目录里用 pip install -e ".[classroom]" 安装。',
            )
        )
    return root


def _class(options: argparse.Namespace) -> int:
    _require("classroom")
    is_made = options.words[0] not in class_command.ACTIONS
    return class_command.run(options, _checkout() if is_made else None)


def _kernel(options: argparse.Namespace) -> int:
    if sys.platform == "win32" and options.action != "install":
        raise _WrongUse(
            say(
                en="Windows has no fork; every kernel here is the plain one.",
                zh="Windows 没有 fork，这里的内核都是普通内核。",
            )
        )
    _require("lab")
    from gradtape.kernel import control, spec

    if options.action == "install":
        try:
            place = spec.install(options.name, user=options.user)
        except spec.NotAName:
            raise _WrongUse(
                say(
                    en=f"{options.name!r} cannot be the name of a kernel; use letters, "
                    "digits, '-', '.' and '_'.",
                    zh=f"{options.name!r} 不能作内核的名称；请只用字母、数字、"
                    "“-”、“.”和“_”。",
                )
            ) from None
        print(say(en=f"The kernel is {place}.", zh=f"内核登记在 {place}。"))
        return _GOOD
    if options.action == "warm":
        spec.warm()
    from gradtape.kernel.launcher.paths import NotPrivate

    try:
        found = control.stop() if options.action == "stop" else control.fork_servers()
    except NotPrivate as error:
        raise _WrongUse(
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
    return _GOOD


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


def _doctor(options: argparse.Namespace) -> int:
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
    return _GOOD if healthy else _FAILED


def _require(extra: str) -> None:
    """Refuse, with what to install, where an extra of the project is not here."""
    if lacking := prerequisites.lacking(extra):
        names = ", ".join(lacking)
        install = prerequisites.pip_install(f'"gradtape[{extra}]"')
        raise _WrongUse(
            say(
                en=f"This needs more than the library alone ({names}); install it by "
                f"{install}.",
                zh=f"只有程序库还不够（{names}）；请运行 {install} 安装。",
            )
        )


def _require_tensorflow() -> None:
    if sentence := prerequisites.unmet():
        raise _WrongUse(sentence)
