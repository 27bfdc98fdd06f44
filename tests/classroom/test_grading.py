"""What happens in a kernel that grades."""

import subprocess
import sys

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest

from gradtape.classroom import grade
from gradtape.classroom.restoring import put_back_missing
from gradtape.exercises.stages import noting_stages, stage_reached


def right(x):
    slope = np.exp(-(x**2))
    return slope, -slope, -2 * x * slope


def curve(*marks):
    def f(x):
        return x * (x - 3) ** 2

    _, ax = plt.subplots()
    grid = np.linspace(-0.5, 4.5, 200)
    ax.plot(grid, f(grid))
    for at in marks:
        ax.plot(at, f(at), "o")
    return ax


@pytest.mark.parametrize(
    ("number", "answer", "points"),
    [
        ("2.1", right, 3.0),
        ("2.1", lambda x: right(1.0), 0.0),
        ("2.1", ..., 0.0),
        ("2.3", curve(1.0, 3.0), 3.0),
        ("2.3", curve(), 1.0),
        ("2.3", ..., 0.0),
    ],
)
def test_points_for_an_answer(number, answer, points, capsys):
    assert grade(number, answer, seed=5) == points
    assert number in capsys.readouterr().out


def test_stages_are_of_one_answer_alone():
    stage_reached(0.5)  # nobody asks
    with noting_stages() as first:
        stage_reached(0.25)
        with noting_stages() as second:
            pass
        stage_reached(0.5)
    assert (first.share, second.share) == (0.5, 0.0)


@pytest.mark.parametrize("share", [0.0, 1.0, 3])
def test_a_stage_is_a_part(share):
    with pytest.raises(ValueError, match=f"share is {share}"):
        stage_reached(share)


def cell(name, **about):
    made = nbformat.v4.new_code_cell(name)
    if about:
        made.metadata["nbgrader"] = {"grade_id": name, **about}
    return made


def put_back(names):
    handed_out = nbformat.v4.new_notebook(
        cells=[
            cell("start", locked=True),
            cell("prose"),
            cell("answer", locked=False),
            cell("check", locked=True),
            cell("last", locked=True),
        ]
    )
    about = {c.source: c for c in handed_out.cells}
    handed_in = nbformat.v4.new_notebook(
        cells=[about.get(name) or cell(name) for name in names]
    )
    missing = list(put_back_missing(handed_in, handed_out))
    return missing, [c.source for c in handed_in.cells]


@pytest.mark.parametrize(
    ("handed_in", "missing", "result"),
    [
        (
            ["start", "own", "answer", "check", "last"],
            [],
            ["start", "own", "answer", "check", "last"],
        ),
        (
            ["own", "answer", "more", "last"],
            ["start", "check"],
            ["start", "own", "answer", "check", "more", "last"],
        ),
        (
            ["start", "own"],
            ["check", "last"],
            ["start", "check", "last", "own"],
        ),
        ([], ["start", "check", "last"], ["start", "check", "last"]),
    ],
)
def test_deleted_cells_come_back_and_deleted_answers_do_not(handed_in, missing, result):
    assert put_back(handed_in) == (missing, result)


FENCED = """
import os, sqlite3, subprocess, sys, tempfile
from pathlib import Path
course = Path(sys.argv[1])
os.chdir(course / "autograded/ann/lesson_02")
from gradtape.classroom.fence import put_up_fence
put_up_fence(Path.cwd(), course)
def attempt(name, act):
    try:
        act()
        print(name, "done")
    except PermissionError as error:
        print(name, "refused", error)
attempt("own file", lambda: Path("data.txt").write_text("1"))
attempt("own folder", lambda: os.listdir("."))
attempt("temporary file", lambda: tempfile.NamedTemporaryFile().close())
attempt("library", lambda: Path(os.__file__).read_bytes())
attempt("import", lambda: __import__("wave"))
attempt("hidden tests", lambda: Path("../../../source/a").read_text())
attempt("neighbour", lambda: os.listdir("../../bob"))
attempt("gradebook", lambda: sqlite3.connect("../../../gradebook.db"))
attempt("by descriptor", lambda: os.open("../../../gradebook.db", os.O_RDWR))
attempt("rename", lambda: os.rename("data.txt", "../../bob/data.txt"))
attempt("link", lambda: os.symlink("../../../source/a", "link"))
attempt("home", lambda: Path("~/here").expanduser().write_text("1"))
attempt("program", lambda: subprocess.run(["true"]))
attempt("shell", lambda: os.system("true"))
"""


def test_the_fence_lets_through_what_work_needs_and_nothing_of_the_class(tmp_path):
    for who in ("ann", "bob"):
        (tmp_path / "autograded" / who / "lesson_02").mkdir(parents=True)
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a").write_text("hidden")
    done = subprocess.run(
        [sys.executable, "-c", FENCED, str(tmp_path)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    verdicts = [line.split(" refused ")[0] for line in done.stdout.splitlines()]
    allowed = ["own file", "own folder", "temporary file", "library", "import"]
    assert verdicts == [f"{name} done" for name in allowed] + [
        "hidden tests",
        "neighbour",
        "gradebook",
        "by descriptor",
        "rename",
        "link",
        "home",
        "program",
        "shell",
    ]
