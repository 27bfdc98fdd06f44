"""One real round: made, handed out, collected, graded, read, given back, reported.

Points come from the check and from nowhere else; nobody stops the class; and what was
handed in reaches nothing but its own folder.
"""

import csv
import hashlib
import json
import os
import re
import subprocess
import sys

import pytest
from tests.classroom import handed_in

from gradtape import language
from gradtape.classroom import make_class, results
from gradtape.classroom.sandbox import containers

NAME = "02_the_tape.ipynb"
SECONDS = 4

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        containers.engine_here() == containers.UNSAFE, reason="there is no sandbox here"
    ),
]


def gradtape(*arguments, fails=False):
    """Run the command as a teacher does, and return what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "gradtape", "class", *map(str, arguments)],
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PASSWORD": "of the teacher"},
    )
    said = done.stdout + done.stderr
    assert (done.returncode != 0) == fails, said
    return said


def attacks(course):
    """Return what is handed in against the class, by name."""
    of_the_class = handed_in.TOUCHES_THE_CLASS.replace("{course!r}", repr(str(course)))
    cells = {
        "touches": of_the_class,
        "forks": handed_in.FORKS,
        "memory": handed_in.FILLS_MEMORY,
        "shared": handed_in.FILLS_SHARED_MEMORY,
        "exits": handed_in.ENDS_THE_PROGRAM,
        "endless": handed_in.ENDLESS,
    }
    return {
        who: handed_in.filled_in(cell, None, handed_in.DRAWN)
        for who, cell in cells.items()
    }


def state_of(course, but=None):
    """Return every file of a class that grading does not write, with its content."""
    return {
        path.relative_to(course).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in sorted(course.rglob("*"))
        if path.is_file()
        and path != but
        and path.relative_to(course).parts[0] not in ("graded", "reading", "grades.csv")
    }


@pytest.fixture(scope="module")
def course(tmp_path_factory, checkout):
    """The class after the round, in Chinese."""
    language.set_language("zh")
    course = tmp_path_factory.mktemp("a class")
    (made,) = make_class(course, "zh", root=checkout)
    settings = json.loads((course / "class.json").read_text("utf-8"))
    text = json.dumps({**settings, "seconds": SECONDS})
    (course / "class.json").write_text(text, "utf-8")
    sheet = made.released.read_text("utf-8")
    archive = course / "downloaded" / "lesson_02" / "archive"
    everybody = {
        **handed_in.RIGHT,
        **handed_in.NOTHING,
        **handed_in.UNREADABLE,
        **attacks(course),
    }
    for who, make in everybody.items():
        folder = archive / who
        folder.mkdir(parents=True)
        (folder / NAME).write_text(make(sheet), "utf-8")
    said = gradtape("collect", course)
    assert f"{len(everybody)} 份" in said, said
    beside = course / "submitted" / handed_in.BESIDE / "lesson_02" / "gradtape.py"
    beside.write_text("check = grade = lambda *a, **k: 3.0\nraise SystemExit", "utf-8")
    before = state_of(course)
    said = gradtape("grade", course, fails=True)
    (course / "said.txt").write_text(said, "utf-8")
    after = state_of(course)
    del after["said.txt"]
    (course / "before_and_after.json").write_text(json.dumps([before, after]))
    return course


@pytest.fixture(scope="module")
def graded(course):
    return {result.learner: result for result in results.read_all(course, "02")}


def points(result):
    return {each.number: each.points for each in result.exercises}


@pytest.mark.parametrize("who", handed_in.RIGHT)
def test_right_answers_get_their_points_however_the_notebook_looks(graded, who):
    assert points(graded[who]) == {"2.1": 3, "2.3": 3}, graded[who]


@pytest.mark.parametrize("who", handed_in.NOTHING)
def test_what_is_not_right_gets_nothing_whatever_it_does(graded, who):
    assert points(graded[who]) == {"2.1": 0, "2.3": 0}, graded[who]
    assert all(each.says for each in graded[who].exercises)


@pytest.mark.parametrize("who", handed_in.UNREADABLE)
def test_what_cannot_be_read_is_no_silent_0(course, graded, who):
    assert graded[who].unreadable
    said = (course / "said.txt").read_text("utf-8")
    assert f"{who}：未评分。" in said


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("touches", "找不到"),
        ("forks", "太多进程|运行超过|找不到"),
        ("memory", "找不到"),
        ("shared", "内存|找不到"),
        ("exits", "结束了运行笔记本的程序"),
        ("endless", "秒"),
    ],
)
def test_an_attack_costs_its_exercise_and_no_more(graded, who, why):
    assert points(graded[who]) == {"2.1": 0, "2.3": 3}, graded[who]
    (first, _) = graded[who].exercises
    assert re.search(why, " ".join(part.zh for part in first.says)), first


def test_the_folder_of_the_class_is_the_same_to_the_byte(course):
    before, after = json.loads((course / "before_and_after.json").read_text())
    assert before == after
    assert len(before) > 30


def test_a_hand_in_reaches_its_own_folder_and_nothing_else(graded):
    shown = "\n".join(text for cell in graded["touches"].cells for text in cell.shown)
    assert "own folder 1" in shown
    assert "DONE" not in shown
    assert "of the teacher" not in shown
    assert shown.count("refused") == 22
    (processes,) = re.findall(r"processes \[(.*)\]", shown)
    assert len(processes.split(",")) <= 3
    assert "PASSWORD" not in shown


def test_a_second_grading_leaves_what_has_not_changed(course):
    said = gradtape("grade", course, "--learners", "by-hand,broken", fails=True)
    assert said.count("[未变]") == 1


def test_everybody_is_in_the_table_with_a_remark_where_there_is_one(course):
    gradtape("feedback", course)
    with (course / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert rows["by-hand"]["score"] == rows["by-hand"]["checked"] == "6"
    assert rows["by-hand"]["max_score"] == "9"
    assert "文字题尚未批阅" in rows["by-hand"]["remark"]
    assert rows["untouched"]["score"] == "0"
    for who in handed_in.UNREADABLE:
        assert rows[who]["score"] == ""
        assert rows[who]["remark"].startswith("未评分：")
    assert "2.1" in rows["exits"]["remark"]


def test_points_and_comments_by_hand_reach_the_page(course):
    table = course / "reading" / "lesson_02.csv"
    page = (course / "reading" / "lesson_02.html").read_text("utf-8")
    (key,) = re.findall(r"<h3>(\w+)</h3>\s*<div[^>]*><p>因为没有 h。", page)
    lines = table.read_text("utf-8-sig").splitlines()
    lines = [f"{key},02-1,2.5,左边呢？" if x.startswith(key) else x for x in lines]
    table.write_text("\n".join(lines), "gb18030")
    gradtape("feedback", course)
    page = feedback(course, "with-noise")
    assert "你的得分: 8.5 / 9" in page
    assert "左边呢？" in page
    gradtape("grade", course, "--learners", "by-hand")
    assert f"{key},02-1,2.5,左边呢？" in table.read_text("utf-8-sig")


def feedback(course, who):
    path = course / "feedback" / who / "lesson_02" / NAME
    return path.with_suffix(".html").read_text("utf-8")


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("by-hand", "2.1 正确"),
        ("hard-coded", "参数都用上了吗"),
        ("untouched", "2.1 等着你来做"),
        ("broken", "你的作业无法评分"),
        ("exits", "结束了运行笔记本的程序"),
    ],
)
def test_a_page_tells_each_learner_in_the_language_of_the_class(course, who, sentence):
    gradtape("feedback", course)
    page = feedback(course, who)
    assert '<html lang="zh">' in page
    assert sentence in page
    for english in ("Your points", "Comment", "No answer", "Exercise"):
        assert english not in page


def test_nothing_that_is_the_teachers_reaches_a_learner(course):
    secret = json.loads((course / "class.json").read_text())["secret"]
    pages = [
        *(course / "release").rglob("*.ipynb"),
        *(course / "feedback").rglob("*.html"),
    ]
    assert len(pages) > 20
    for path in pages:
        text = path.read_text("utf-8")
        for hidden in (secret, "seed", "reference(", "np.exp(-(x", "SOLUTION"):
            if path.parts[-3] not in ("frames", "patched", "judge"):
                assert hidden not in text, path
            assert secret not in text


def test_the_report_counts_what_was_misunderstood(course):
    gradtape("report", course)
    table = (course / "report" / "lesson_02.csv").read_text("utf-8-sig")
    rows = {
        (row["exercise"], row["finding"]): row
        for row in csv.DictReader(table.split("\n"))
    }
    assert int(rows["2.1", "right"]["count"]) == len(handed_in.RIGHT)
    assert int(rows["2.1", "hard-coded"]["count"]) >= 3
    page = (course / "report" / "lesson_02.html").read_text("utf-8")
    assert "写死了一个数" in page
    assert "by-hand" not in page + table
    gradtape("report", course, "--names", "--lang", "en")
    page = (course / "report" / "lesson_02.html").read_text("utf-8")
    assert "a fixed number instead of a function" in page
    assert "hard-coded" in page
