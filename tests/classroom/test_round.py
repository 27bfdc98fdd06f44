"""One real round with nbgrader: made, handed out, collected, graded, given back.

Eight learners hand in, each with another way of being right or going wrong.
"""

import csv
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest

from gradtape import language
from gradtape.classroom import make_class

pytestmark = pytest.mark.slow

NAME = "02_the_tape.ipynb"
LOG = "autograde.txt"
# A cell has this long in the round, so that an endless loop does not hold up the tests.
SECONDS = 10

BY_TAPE = """
import os
def backward(x):
    os.write(2, b"a library complains\\n")
    x = tf.Variable(x)
    with tf.GradientTape() as tape:
        a = x**2
        b = -a
        y = tf.exp(b)
    return tape.gradient(y, [b, a, x])
"""
DRAWN_OTHERWISE = """
import sys
figure = plt.figure()
ax = figure.add_subplot()
grid = [i / 100 for i in range(-60, 461)]
ax.plot(grid, [g * (g - 3) ** 2 for g in grid], "k--")
ax.scatter([3.0, 1.0], [0.0, 4.0])
print("a warning of the learner's own", file=sys.stderr)
"""
CURVE_ALONE = """
_, ax = plt.subplots()
grid = tf.linspace(-0.5, 4.5, 100)
ax.plot(grid, grid * (grid - 3) ** 2)
"""
HARD_CODED = """
def backward(x):
    return 0.36788, -0.36788, -0.73576
"""
ENDLESS = """
while True:
    pass
"""
READS_HIDDEN_TESTS = """
import glob, pathlib
def backward(x):
    return pathlib.Path("../../../source/lesson_02/02_the_tape.ipynb").read_text()
print(In)
"""
WRITES_ELSEWHERE = """
import pathlib, sqlite3, subprocess
for spoil in (
    lambda: pathlib.Path("../../../submitted/right/lesson_02/02_the_tape.ipynb").write_text("{}"),
    lambda: pathlib.Path("../../right/lesson_02").rename("../../gone"),
    lambda: pathlib.Path("../../../nbgrader_config.py").unlink(),
    lambda: sqlite3.connect("../../../gradebook.db"),
    lambda: subprocess.run(["rm", "-r", "../../../gradebook.db"]),
):
    try:
        spoil()
        print("SPO" + "ILT")
    except PermissionError as error:
        print("refused:", error)
print(In)
"""
OWN_START = """
import tensorflow as tf
import matplotlib.pyplot as plt
"""


def nbgrader(course, *arguments, fails=False):
    """Run nbgrader as a teacher does, and return what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        capture_output=True,
        check=False,
        cwd=course,
        env={**os.environ, "PYTHONUTF8": "1"},
        text=True,
        encoding="utf-8",
    )
    said = done.stdout + done.stderr
    assert (done.returncode != 0) == fails, said
    return said


def named(notebook, name):
    """Return the cell with a name of nbgrader's."""
    return next(
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name
    )


def answers(notebook):
    """Return the cells that hold answers, in order: function, confirmation, figure."""
    return [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    ]


def hand_ins(handed_out, source):
    """Return what eight learners hand in, by name."""

    def filled_in(function=None, confirmation=None, figure=None, words=None):
        notebook = nbformat.reads(handed_out, as_version=4)
        given = (function, confirmation, figure, words)
        for cell, answer in zip(answers(notebook), given, strict=True):
            cell.source = cell.source if answer is None else answer
        return notebook

    models = answers(nbformat.reads(source, as_version=4))
    solved = [re.sub(r".*(BEGIN|END) SOLUTION\n?", "", cell.source) for cell in models]
    deleted = filled_in(figure=DRAWN_OTHERWISE)
    named(deleted, "exercise-2-3").source = "3.0"
    named(deleted, "exercise-2-3").metadata.nbgrader["points"] = 300
    gone = [
        answers(deleted)[0],
        named(deleted, "start"),
        named(deleted, "exercise-2-1"),
    ]
    own = nbformat.v4.new_code_cell(OWN_START)
    deleted.cells = [own, *(cell for cell in deleted.cells if cell not in gone)]
    notebooks = {
        "right": filled_in(*solved),
        "other": filled_in(BY_TAPE, "backward(1.0)", DRAWN_OTHERWISE, "因为没有 h。"),
        "untouched": filled_in(),
        "hard-coded": filled_in(HARD_CODED, figure=CURVE_ALONE),
        "endless": filled_in(ENDLESS, figure=DRAWN_OTHERWISE),
        "deleted": deleted,
        "mischief": filled_in(READS_HIDDEN_TESTS, WRITES_ELSEWHERE, DRAWN_OTHERWISE),
    }
    texts = {who: nbformat.writes(notebook) for who, notebook in notebooks.items()}
    return texts | {"no-json": "我的作业：{" + NAME}


def read_by_the_teacher(course):
    """Give points and a comment for one answer in words, as the form does."""
    from nbgrader.api import Gradebook

    place = ("written-02-1", Path(NAME).stem, "lesson_02", "other")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.find_grade(*place).manual_score = 2.5
        gradebook.find_comment(*place).manual_comment = "左边呢？"
        gradebook.db.commit()


def feedback(course, who):
    name = Path(NAME).with_suffix(".html")
    return (course / "feedback" / who / "lesson_02" / name).read_text("utf-8")


@pytest.fixture(scope="module")
def course(tmp_path_factory, checkout):
    """The class after the round, in Chinese."""
    language.set_language("zh")
    course = tmp_path_factory.mktemp("class")
    make_class(course, "zh", root=checkout)
    configuration = course / "nbgrader_config.py"
    text = configuration.read_text("utf-8").replace(
        "timeout = 60", f"timeout = {SECONDS}"
    )
    configuration.write_text(text, "utf-8")
    source = course / "source" / "lesson_02" / NAME
    assert "Success" in nbgrader(course, "validate", str(source))
    nbgrader(course, "generate_assignment", "lesson_02")

    handed_out = (course / "release" / "lesson_02" / NAME).read_text("utf-8")
    for who, text in hand_ins(handed_out, source.read_text("utf-8")).items():
        folder = course / "submitted" / who / "lesson_02"
        folder.mkdir(parents=True)
        (folder / NAME).write_text(text, "utf-8")

    said = nbgrader(course, "autograde", "lesson_02", fails=True)
    (course / LOG).write_text(said, "utf-8")
    read_by_the_teacher(course)
    nbgrader(course, "generate_feedback", "lesson_02")
    nbgrader(course, "export")
    return course


@pytest.fixture(scope="module")
def form(course, tmp_path_factory):
    """Give pages of the form in which a teacher reads answers, as JupyterLab shows it."""
    runtime = tmp_path_factory.mktemp("runtime")
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"]
        + ["--port=0"],
        cwd=course,
        env={**os.environ, "JUPYTER_RUNTIME_DIR": str(runtime), "JUPYTER_TOKEN": "t"},
        stderr=subprocess.DEVNULL,
    )
    try:
        address = address_of(server, runtime / f"jpserver-{server.pid}.json")
        yield (
            lambda page: urlopen(f"{address}formgrader/{page}?token=t").read().decode()
        )
    finally:
        server.terminate()
        server.wait()


def address_of(server, about):
    """Return a server's address once it answers there: it is written down before."""
    while server.poll() is None:
        try:
            address = json.loads(about.read_text("utf-8"))["url"]
            urlopen(f"{address}api").close()
            return address
        except (FileNotFoundError, ValueError, URLError):
            time.sleep(0.1)
    raise AssertionError("the server has ended")


@pytest.fixture(scope="module")
def points(course):
    """Points by learner and graded cell; None where a person must read."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            submission.student_id: {
                grade.name: grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.find_assignment("lesson_02").submissions
        }


@pytest.mark.parametrize(
    ("who", "function", "figure"),
    [
        ("right", 3, 3),
        ("other", 3, 3),
        ("untouched", 0, 0),
        ("hard-coded", 0, 1),
        ("endless", 0, 3),
        ("deleted", 0, 3),
        ("mischief", 0, 3),
        ("no-json", None, None),
    ],
)
def test_everybody_gets_what_the_answers_deserve(points, who, function, figure):
    assert points[who]["exercise-2-1"] == function
    assert points[who]["exercise-2-3"] == figure


def test_what_a_person_must_read_waits_where_there_is_something_to_read(points):
    assert points["right"]["written-02-1"] is None
    assert points["other"]["written-02-1"] is None
    assert points["untouched"]["written-02-1"] == 0


def test_a_hand_in_that_is_no_notebook_is_named_and_holds_nobody_up(course):
    said = (course / LOG).read_text("utf-8")
    assert "for student 'no-json'" in said
    assert said.count("There was an error processing assignment '") == 1


def test_mischief_reaches_nobody_else(course):
    page = feedback(course, "mischief")
    assert "SPOILT" not in page
    assert page.count("refused:") >= 5
    handed_in = course / "submitted" / "right" / "lesson_02" / NAME
    assert nbformat.read(handed_in, as_version=4).cells
    assert not (course / "autograded" / "gone").exists()


def test_nobody_reads_the_hidden_tests(course):
    for path in (course / "release").rglob("*.ipynb"):
        assert "grade(" not in path.read_text("utf-8")
    for path in (course / "feedback").rglob("*.html"):
        assert "seed=" not in path.read_text("utf-8")


def test_a_teacher_reads_an_answer_in_the_form_and_gives_points(form):
    notebook = Path(NAME).stem
    handed_in = json.loads(form(f"api/submitted_notebooks/lesson_02/{notebook}"))
    (other,) = [each["id"] for each in handed_in if each["student"] == "other"]
    page = form(f"submissions/{other}/")
    assert "因为没有 h。" in page
    assert 'class="score' in page


@pytest.mark.parametrize(
    ("who", "score", "sentence"),
    [
        ("right", "6.0 / 9.0", "2.1 正确"),
        ("other", "8.5 / 9.0", "左边呢？"),
        ("hard-coded", "1.0 / 9.0", "请用参数算出结果"),
        ("untouched", "0.0 / 9.0", "2.1 等着你来做"),
        ("mischief", "3.0 / 9.0", "评分时，笔记本只能使用自己的文件夹"),
    ],
)
def test_feedback_speaks_the_language_of_the_class(course, who, score, sentence):
    page = feedback(course, who)
    assert '<html lang="zh">' in page
    assert f"你的得分: {score}" in page
    assert sentence in page
    for english in ("Score", "Comments", "Student's answer", "No response"):
        assert english not in page


def test_the_table_of_all_points_can_be_given_on(course):
    with (course / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert len(rows) == 8
    assert {row["max_score"] for row in rows.values()} == {"9.0"}
    scores = {who: float(row["score"]) for who, row in rows.items()}
    assert scores == {
        "right": 6,
        "other": 8.5,
        "untouched": 0,
        "hard-coded": 1,
        "endless": 3,
        "deleted": 3,
        "mischief": 3,
        "no-json": 0,
    }
