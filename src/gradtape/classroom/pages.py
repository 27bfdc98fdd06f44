"""Give back: a page for each learner, a page of answers to read, a table of all points."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2

from gradtape.classroom import by_hand, results, safe_text
from gradtape.classroom.course import Settings, lessons_of, read_settings
from gradtape.classroom.plan import Plan, read_plan, sheet_of
from gradtape.classroom.results import Result
from gradtape.files import write_whole
from gradtape.language import current_language, say

FEEDBACK = "feedback"
GRADES = "grades.csv"
_TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, title: str, **values: Any) -> bytes:
    """Return a page. Everything in it is escaped that is not marked as cleaned.

    Parameters
    ----------
    template : str
        The name of its template.
    title : str
        What it is called.
    **values
        What the template shows.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = safe_text.prose
    environment.filters["printable"] = safe_text.printable
    environment.filters["sentence"] = safe_text.sentence
    page = environment.get_template(template).render(
        title=title,
        language=current_language(),
        policy=safe_text.POLICY,
        say=lambda en, zh: say(en=en, zh=zh),
        **values,
    )
    return page.encode()


def give_back(course: Path, lesson: str) -> list[Path]:
    """Write the page of each learner who handed in a lesson.

    Parameters
    ----------
    course : Path
        The folder of the class.
    lesson : str
        Two digits.

    Returns
    -------
    list of Path
        The pages.

    Raises
    ------
    WorkspaceError
        If the class or the lesson is not there, or points by hand cannot be read.
    """
    settings, plan = read_settings(course), read_plan(course, lesson)
    given = by_hand.given(course, plan)
    name = sheet_of(course, lesson).stem
    pages = []
    for result in results.read_all(course, lesson):
        path = course / FEEDBACK / result.learner / f"lesson_{lesson}" / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, _feedback(result, plan, settings, given, name))
        pages.append(path)
    return pages


def _feedback(
    result: Result, plan: Plan, settings: Settings, given: dict, name: str
) -> bytes:
    words = by_hand.read_of(result, settings.secret, given)
    page = SimpleNamespace(
        title=name,
        points=result.points + sum(each.points or 0.0 for each in words),
        most=plan.points,
        words=words,
        # What was handed out in prose need not be read again.
        cells=[
            cell
            for cell in result.cells
            if (text := cell.text.strip())
            and (cell.kind == "code" or text not in plan.given)
        ],
    )
    return render("feedback.html.j2", name, result=result, page=page)


def write_reading(course: Path, lesson: str) -> Path | None:
    """Write the page with all answers in words of a lesson, and the table beside it.

    Returns
    -------
    Path or None
        The page; None if the lesson has no questions in words.
    """
    settings, plan = read_settings(course), read_plan(course, lesson)
    found = results.read_all(course, lesson)
    table = by_hand.write_table(course, plan, settings.secret, found)
    if table is None:
        return None
    questions = [
        SimpleNamespace(
            name=question.name,
            text=question.text,
            points=question.points,
            model_answer=question.model_answer,
            answers=[
                SimpleNamespace(key=key, text=words.answer)
                for key, words in by_hand.answers_to(
                    question.name, settings.secret, found
                )
            ],
        )
        for question in plan.questions
    ]
    title = say(
        en=f"Lesson {int(lesson)}: answers in words",
        zh=f"第 {int(lesson)} 课：文字题",
    )
    page = render("reading.html.j2", title, questions=questions, table=table.name)
    path = table.with_suffix(".html")
    write_whole(path, page)
    return path


def write_grades(course: Path) -> Path:
    """Write the table of all points: a row for each learner and lesson.

    A hand-in that could not be graded has no points there, and says why; so has one
    with answers that nobody has read yet.
    """
    language = current_language()
    rows: list[Sequence[object]] = [
        ("student_id", "assignment", "score", "max_score", "checked", "read", "remark")
    ]
    settings = read_settings(course)
    for lesson in lessons_of(course):
        plan = read_plan(course, lesson)
        given = by_hand.given(course, plan)
        for result in results.read_all(course, lesson):
            rows.append(_row(result, plan, settings.secret, given, language))
    path = course / GRADES
    by_hand.write_csv(path, rows)
    return path


def _row(
    result: Result, plan: Plan, secret: str, given: dict, language: str
) -> Sequence[object]:
    who = [safe_text.cell(result.learner), f"lesson_{result.lesson}"]
    most = f"{plan.points:g}"
    if result.unreadable:
        return (*who, "", most, "", "", safe_text.cell(_not_graded(result, language)))
    words = by_hand.read_of(result, secret, given)
    read = sum(each.points or 0.0 for each in words)
    remarks = [each.in_language(language) for each in result.remarks]
    remarks += [
        f"{each.number}: {each.remark.in_language(language)}"
        for each in result.exercises
        if each.remark
    ]
    if any(each.points is None for each in words):
        remarks.append(say(en="answers in words not read yet", zh="文字题尚未批阅"))
    return (
        *who,
        f"{round(result.points + read, 2):g}",
        most,
        f"{round(result.points, 2):g}",
        f"{round(read, 2):g}",
        safe_text.cell(" | ".join(remarks)),
    )


def _not_graded(result: Result, language: str) -> str:
    why = result.unreadable.in_language(language)
    return say(en=f"not graded: {why}", zh=f"未评分：{why}")
