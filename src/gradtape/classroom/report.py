"""What a class misunderstood in a lesson: one page, so that the next class can begin with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

from gradtape.classroom import results, safe_text
from gradtape.classroom.by_hand import write_csv
from gradtape.classroom.pages import render
from gradtape.classroom.plan import Asked, Plan, read_plan
from gradtape.classroom.results import Judged, Result
from gradtape.files import write_whole
from gradtape.language import current_language, say

FOLDER = "report"
_STUCK = 1 / 3


def write_report(
    course: Path, lesson: str, *, names: bool = False
) -> tuple[Path, Path]:
    """Write what the class misunderstood in a lesson, as a page and as a table.

    Parameters
    ----------
    course : Path
        The folder of the class.
    lesson : str
        Two digits.
    names : bool
        Whether to say who.

    Returns
    -------
    tuple of Path
        The page and the table. They are in the current language.

    Raises
    ------
    WorkspaceError
        If the class or the lesson is not there.
    """
    plan, found = read_plan(course, lesson), results.read_all(course, lesson)
    graded = [result for result in found if not result.unreadable]
    exercises = [_exercise(asked, graded, names) for asked in plan.exercises]
    title = say(
        en=f"Lesson {int(lesson)}: what the class understood",
        zh=f"第 {int(lesson)} 课：全班掌握情况",
    )
    page = render(
        "report.html.j2",
        title,
        all=len(found),
        unreadable=len(found) - len(graded),
        graded=len(graded),
        exercises=exercises,
        hints_known=any(result.hints for result in found),
        stuck=_stuck(plan, graded, names),
        names=names,
    )
    path = course / FOLDER / f"lesson_{lesson}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, page)
    table = path.with_suffix(".csv")
    write_csv(table, _rows(exercises, names))
    return path, table


def _exercise(asked: Asked, graded: Sequence[Result], names: bool) -> SimpleNamespace:
    own = [
        (result, judged)
        for result in graded
        for judged in result.exercises
        if judged.number == asked.number
    ]
    kinds = Counter(judged.kind for _, judged in own)
    findings = Counter(_finding(judged) for _, judged in own if judged.kind != "right")
    return SimpleNamespace(
        number=asked.number,
        most=asked.points,
        right=kinds["right"],
        wrong=kinds["wrong"],
        open=kinds["open"],
        none=kinds["none"],
        mean=sum(judged.points for _, judged in own) / max(len(own), 1),
        hinted=sum(1 for result, _ in own if result.hints.get(asked.number)),
        findings=[
            SimpleNamespace(
                name=name,
                says=says,
                count=count,
                learners=[
                    result.learner
                    for result, judged in own
                    if names and _finding(judged) == (name, says)
                ],
            )
            for (name, says), count in findings.most_common()
        ],
    )


def _finding(judged: Judged) -> tuple[str, str]:
    """Return the name of what was found, and what the check says of it.

    A sentence that quotes a learner's own numbers would be another for each of them; of
    those the name is enough.
    """
    language = current_language()
    parts = [part for part in judged.teacher or judged.says if not part.is_code]
    says = parts[1].in_language(language) if len(parts) > 1 else ""
    named = _NAMES.get(judged.found)
    return judged.found, say(**named) if named else says


# What a check finds whatever the exercise; the misconceptions have sentences of their own.
_NAMES = {
    "not begun": {"en": "not begun", "zh": "没有动手"},
    "hard-coded": {"en": "a fixed number instead of a function", "zh": "写死了一个数"},
    "differs": {
        "en": "another result, by no misconception that is known",
        "zh": "结果不同，不属于已知的误解",
    },
    "right at some points": {
        "en": "right at some points only",
        "zh": "只在一部分点上正确",
    },
    "close": {
        "en": "nearly right: a finite difference, or rounding",
        "zh": "接近但不精确：有限差分或舍入误差",
    },
    "not finite": {"en": "infinite or not a number", "zh": "无穷大或不是数"},
    "gradient none": {
        "en": "the tape answers None: target and source are not connected",
        "zh": "梯度带回答 None：目标和源未连接",
    },
    "returns nothing": {"en": "returns nothing", "zh": "没有返回值"},
    "raises": {"en": "stops with an error", "zh": "出错中断"},
    "time": {"en": "does not end", "zh": "运行不会结束"},
    "ends": {"en": "ends the program", "zh": "结束了整个程序"},
    "shape": {"en": "another shape", "zh": "形状不同"},
    "not there": {"en": "nothing to judge was found", "zh": "找不到可以评判的答案"},
    "not run": {"en": "not run", "zh": "没有运行"},
    "no value": {"en": "nothing that a check takes", "zh": "不是检查能接受的东西"},
    "check broke": {"en": "the check itself failed", "zh": "检查本身出错"},
}


def _stuck(plan: Plan, graded: Sequence[Result], names: bool) -> SimpleNamespace:
    most = sum(asked.points for asked in plan.exercises)
    learners = [
        result.learner
        for result in graded
        if result.points < _STUCK * most
        or not any(each.kind == "right" for each in result.exercises)
    ]
    return SimpleNamespace(count=len(learners), learners=learners if names else [])


def _rows(exercises: Sequence[SimpleNamespace], names: bool) -> list[list[object]]:
    head = ["exercise", "finding", "count", "says"]
    rows: list[list[object]] = [[*head, "learners"] if names else head]
    for each in exercises:
        rows.append([each.number, "right", each.right, ""] + [""] * names)
        for finding in each.findings:
            row = [each.number, safe_text.cell(finding.name), finding.count]
            row.append(safe_text.cell(finding.says))
            if names:
                row.append(safe_text.cell(", ".join(finding.learners)))
            rows.append(row)
    return rows
