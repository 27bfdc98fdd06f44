"""The command ``gradtape class``: each of its actions in a few lines."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gradtape.file_errors import WorkspaceError
from gradtape.language import current_language, say, set_language

ACTIONS = ("try", "release", "collect", "grade", "feedback", "report")
_LESSON = re.compile(r"\d{1,2}")
_GOOD, _SOME_NOT_GRADED = 0, 1

if TYPE_CHECKING:
    from gradtape.classroom.results import Result


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes to its parser."""
    parser.add_argument(
        "words",
        metavar="[ACTION] DIR",
        nargs="+",
        help=say(
            en="the class's folder; before it, what to do: "
            f"{', '.join(ACTIONS)} (default: make the class, or add lessons to it)",
            zh=f"课程的文件夹；前面可写要做什么：{'、'.join(ACTIONS)}（默认新建课程或添加课）",
        ),
    )
    parser.add_argument(
        "--lessons",
        metavar="NN,NN",
        default="",
        help=say(en="which (default: all)", zh="哪几课（默认全部）"),
    )
    grade = parser.add_argument_group("grade")
    grade.add_argument(
        "--learners",
        metavar="NAME,NAME",
        default="",
        help=say(en="whose (default: everybody's)", zh="哪些人（默认所有人）"),
    )
    grade.add_argument(
        "--part",
        metavar="I/N",
        default="1/1",
        help=say(
            en="one part of the class, for several machines",
            zh="只评全班的一部分，用于多台机器",
        ),
    )
    grade.add_argument(
        "--workers",
        type=int,
        default=0,
        help=say(en="how many at once (default: cores)", zh="同时几份（默认按核数）"),
    )
    grade.add_argument(
        "--again",
        action="store_true",
        help=say(en="also what has not changed", zh="没有变化的也重新评"),
    )
    grade.add_argument(
        "--sandbox",
        choices=("bubblewrap", "podman", "docker"),
        help=say(en="by what (default: the best there is)", zh="用什么隔离"),
    )
    grade.add_argument(
        "--unsafe",
        action="store_true",
        help=say(en="without a sandbox", zh="不用沙箱"),
    )
    report = parser.add_argument_group("report")
    report.add_argument(
        "--names",
        action="store_true",
        help=say(en="say who", zh="写出姓名"),
    )


def run(options: argparse.Namespace, root: Path | None) -> int:
    """Do what the command asks for.

    Parameters
    ----------
    options : argparse.Namespace
        What was typed.
    root : Path or None
        The checkout, of which a class is made.

    Raises
    ------
    WorkspaceError
        If it cannot be done; the message says why.
    """
    *action, folder = options.words
    course = Path(folder)
    if len(action) > 1 or action and action[0] not in ACTIONS:
        listed = ", ".join(ACTIONS)
        raise WorkspaceError(
            say(
                en=f"{' '.join(options.words)}: an action and one folder are needed, or a "
                f"folder alone; actions are {listed}.",
                zh=f"{' '.join(options.words)}：需要一个操作和一个文件夹，或只有文件夹；操作有 {listed}。",
            )
        )
    if not action:
        return _make(course, _numbers(options.lessons), root)
    from gradtape.classroom.course import lessons_of, read_settings

    settings = read_settings(course)
    if not (action[0] == "report" and options.lang):
        set_language(settings.language)
    lessons = _numbers(options.lessons) or lessons_of(course)
    return _DOES[action[0]](course, lessons, options)


def _numbers(text: str) -> list[str]:
    """Return numbers of lessons, two digits, of what was typed."""
    if not text:
        return []
    found = [each.strip() for each in text.split(",")]
    for each in found:
        if not _LESSON.fullmatch(each):
            raise WorkspaceError(
                say(
                    en=f"--lessons is {text!r}; write numbers with commas between them, "
                    "such as 02,03.",
                    zh=f"--lessons 是 {text!r}；请写课号，用逗号隔开，例如 02,03。",
                )
            )
    return [each.zfill(2) for each in found]


def _make(course: Path, lessons: list[str], root: Path) -> int:
    from gradtape.classroom import make_class

    for each in make_class(course, current_language(), lessons, root=root):
        kept = say(en="there already, left as it is", zh="已经存在，未改动")
        remark = "" if each.is_new else f" ({kept})"
        points = say(en=f"{each.points:g} points", zh=f"{each.points:g} 分")
        print(f"{each.path}: {points}{remark}")
        print(say(en="  to hand out: ", zh="  发给学生：") + str(each.released))
    print(
        say(
            en=f"What comes in goes into {course}/downloaded/lesson_NN/archive; then: "
            f"gradtape class collect {course}",
            zh=f"收到的作业放进 {course}/downloaded/lesson_NN/archive，然后运行："
            f"gradtape class collect {course}",
        )
    )
    return _GOOD


def _try(course: Path, lessons: list[str], options: argparse.Namespace) -> int:
    from gradtape.classroom import grading
    from gradtape.classroom.plan import read_plan

    code = _GOOD
    for lesson in lessons:
        result = grading.try_sheet(course, lesson, _engine(options))
        most = sum(each.points for each in read_plan(course, lesson).exercises)
        print(_line(result, is_new=True))
        if result.points != most:
            code = _SOME_NOT_GRADED
    return code


def _release(course: Path, lessons: list[str], options: argparse.Namespace) -> int:
    from gradtape.classroom.course import release

    for lesson in lessons:
        print(release(course, lesson))
    return _GOOD


def _collect(course: Path, lessons: list[str], options: argparse.Namespace) -> int:
    from gradtape.classroom import safe_text
    from gradtape.classroom.collecting import archive_of, collect

    for lesson in lessons:
        found = collect(course, lesson)
        count = len(found.learners)
        print(
            say(
                en=f"Lesson {lesson}: {count} hand-ins from {archive_of(course, lesson)}",
                zh=f"第 {lesson} 课：从 {archive_of(course, lesson)} 收到 {count} 份作业",
            )
        )
        for remark in found.remarks:
            print(f"  ! {safe_text.one_line(str(remark))}")
    return _GOOD


def _grade(course: Path, lessons: list[str], options: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    from gradtape.classroom import grading, pages

    if options.workers < 0:
        raise WorkspaceError(
            say(
                en=f"--workers is {options.workers}; write how many at once, such as 2.",
                zh=f"--workers 是 {options.workers}；请写同时评几份，例如 2。",
            )
        )
    learners = tuple(each for each in options.learners.split(",") if each)
    choice = grading.Choice(
        learners, _part(options.part), options.again, options.workers, _engine(options)
    )
    console = Console(stderr=True, markup=False, highlight=False)
    not_graded = 0
    for lesson in lessons:
        count = len(grading.hand_ins(course, lesson, choice))
        columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn())
        with Progress(
            *columns,
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        ) as progress:
            task = progress.add_task(f"lesson_{lesson}", total=count)
            for graded in grading.grade(course, lesson, choice):
                progress.advance(task)
                not_graded += graded.result.unreadable is not None
                console.print(_line(graded.result, graded.is_new), soft_wrap=True)
        page = pages.write_reading(course, lesson)
        if page and count:
            print(say(en=f"Answers in words: {page}", zh=f"文字题：{page}"))
    grades = pages.write_grades(course)
    print(say(en=f"All points: {grades}", zh=f"全部得分：{grades}"))
    return _SOME_NOT_GRADED if not_graded else _GOOD


def _line(result: Result, is_new: bool) -> str:
    """Return what came of one hand-in, in a line."""
    from gradtape.classroom import safe_text

    language = current_language()
    who = safe_text.one_line(result.learner)
    if result.unreadable:
        why = safe_text.one_line(result.unreadable.in_language(language))
        return say(en=f"{who}: not graded. {why}", zh=f"{who}：未评分。{why}")
    shown = " ".join(f"{each.number}={each.points:g}" for each in result.exercises)
    line = f"{who}: {result.points:g}  ({shown})"
    for each in result.exercises:
        if each.remark:
            says = safe_text.one_line(each.remark.in_language(language))
            line += f"\n    {each.number}: {says}"
    for remark in result.remarks:
        line += f"\n    {safe_text.one_line(remark.in_language(language))}"
    return line if is_new else line + say(en="  [as before]", zh="  [未变]")


def _part(text: str) -> tuple[int, int]:
    number, _, count = text.partition("/")
    if number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count):
        return int(number), int(count)
    raise WorkspaceError(
        say(
            en=f"--part is {text!r}; write which of how many, such as 1/4.",
            zh=f"--part 是 {text!r}；请写第几份/共几份，例如 1/4。",
        )
    )


def _engine(options: argparse.Namespace) -> str:
    """Return what the sandbox is made by; without any, only if that was asked for."""
    from gradtape.classroom.sandbox import containers

    warning = say(
        en="Without a sandbox, a notebook that is graded can read, change and delete "
        "whatever you can, and use the network; its points are judged elsewhere all the "
        "same.",
        zh="没有沙箱时，被评分的笔记本可以读取、修改和删除你能动的一切，也能上网；得分仍然在别处评定。",
    )
    if options.unsafe:
        print(warning, file=sys.stderr)
        return containers.UNSAFE
    engine = options.sandbox or containers.engine_here()
    if engine == containers.UNSAFE:
        raise WorkspaceError(
            warning
            + say(
                en=" Install bubblewrap (apt install bubblewrap), or use podman or docker, "
                "as the page for teachers says; or write --unsafe.",
                zh="请安装 bubblewrap（apt install bubblewrap），或按教师手册使用 podman 或 "
                "docker；否则请加上 --unsafe。",
            )
        )
    return engine


def _feedback(course: Path, lessons: list[str], options: argparse.Namespace) -> int:
    from gradtape.classroom import pages

    for lesson in lessons:
        written = pages.give_back(course, lesson)
        print(
            say(
                en=f"Lesson {lesson}: {len(written)} pages in {course / pages.FEEDBACK}",
                zh=f"第 {lesson} 课：{course / pages.FEEDBACK} 里有 {len(written)} 页",
            )
        )
    print(pages.write_grades(course))
    return _GOOD


def _report(course: Path, lessons: list[str], options: argparse.Namespace) -> int:
    from gradtape.classroom.report import write_report

    for lesson in lessons:
        for path in write_report(course, lesson, names=options.names):
            print(path)
    return _GOOD


_DOES = {
    "try": _try,
    "release": _release,
    "collect": _collect,
    "grade": _grade,
    "feedback": _feedback,
    "report": _report,
}
