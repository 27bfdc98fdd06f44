"""One source, two versions: stubs for the learner, solutions that pass their checks."""

import json
from pathlib import Path

import pytest

from gradtape.authoring import build
from gradtape.authoring.exercises import (
    badly_marked,
    exercise_numbers,
    has_solutions,
    learners_version,
    solved_version,
)
from gradtape.authoring.source import read_source
from gradtape.authoring.split import split

PATH = Path("notebooks/lessons/02_tape/lesson.py")

HEADED = """# ---
# jupyter:
#   gradtape:
#     minutes: 3
#     teaches:
#       en: tapes
#       zh: 带
# ---
"""

# A check without TensorFlow: 4 is right, dots and functions of nothing but dots wait.
CHECK = """
# %%
class Card:
    def __init__(self, answer):
        value = answer(2) if callable(answer) else answer
        self.sign = "✓" if value == 4 else "…" if value in (..., None) else "✗"

    def __repr__(self):
        return f"{self.sign} this is\\nwhat is said"


gt.check = lambda number, answer: Card(answer)
"""

EXERCISES = '''
# %% [markdown] lang="en"
# ## Exercises
#
# Double it, as in [lesson 3](03_slopes.ipynb).

# %% [markdown] lang="zh"
# ## 练习
#
# 把它加倍，见[第 3 课](03_slopes.ipynb)。


# %%
def double(x):
    """Return twice x."""
    # BEGIN SOLUTION
    twice = 2 * x
    return twice
    # END SOLUTION


# %%
gt.check("2.1", double)
'''


def lesson(code):
    """Return a lesson with one cell of code."""
    return read_source(PATH, f"# %%\n{code}\n")


def code_of(source):
    (cell,) = source.cells
    return cell.text


@pytest.mark.parametrize(
    ("solution", "stub"),
    [
        (
            "def f(x):\n    # BEGIN SOLUTION\n    return x\n    # END SOLUTION",
            "def f(x):\n    # your work\n    ...",
        ),
        (
            "y = ...\n# BEGIN SOLUTION\ny = 3\n# END SOLUTION\nprint(y)",
            "y = ...\n# your work\nprint(y)",
        ),
        ("# BEGIN SOLUTION\nx = 3\n# END SOLUTION", "# your work"),
        (
            "def f(x):\n    y = x\n    # BEGIN SOLUTION\n    return y\n    # END SOLUTION",
            "def f(x):\n    y = x\n    # your work",
        ),
        (
            (
                "with tape:  # it records\n    # BEGIN SOLUTION\n    y = 1\n"
                "    # END SOLUTION\nprint(1)"
            ),
            "with tape:  # it records\n    # your work\n    ...\nprint(1)",
        ),
        (
            (
                "if a:\n    with tape:\n        y = 1\n    # BEGIN SOLUTION\n    z = 1\n"
                "    # END SOLUTION"
            ),
            "if a:\n    with tape:\n        y = 1\n    # your work",
        ),
        (
            "def f(\n    x,\n):\n    # BEGIN SOLUTION\n    return x\n    # END SOLUTION",
            "def f(\n    x,\n):\n    # your work\n    ...",
        ),
        (
            (
                "def f(x):\n    return x\n\n\n# BEGIN SOLUTION\ndef f(x):\n    return 2 * x\n"
                "\n\n# END SOLUTION"
            ),
            "def f(x):\n    return x\n\n\n# your work",
        ),
        (
            "# BEGIN SOLUTION\na = 1\n# END SOLUTION\nb = 2\n# BEGIN SOLUTION\n# END SOLUTION",
            "# your work\nb = 2\n# your work",
        ),
    ],
)
def test_a_stub_takes_the_place_of_a_solution(solution, stub):
    source = lesson(solution)
    assert has_solutions(source)
    assert list(badly_marked(source)) == []
    assert code_of(learners_version(source)) == stub
    compile(stub, "stub", "exec")


def test_lines_of_a_version_are_those_of_the_source():
    source = lesson("a = 1\n# BEGIN SOLUTION\nb = 2\n# END SOLUTION\nc = 3")
    (stub,) = learners_version(source).cells
    assert [stub.line_of(n) for n in range(3)] == [2, 3, 6]
    (solved,) = solved_version(source).cells
    assert solved.text == "a = 1\nb = 2\nc = 3"
    assert [solved.line_of(n) for n in range(3)] == [2, 4, 6]


def test_a_lesson_without_solutions_stays_as_it_is():
    source = lesson("x = 3.0\n")
    assert not has_solutions(source)
    assert learners_version(source) == source


@pytest.mark.parametrize(
    ("code", "line", "words"),
    [
        ("# BEGIN SOLUTION\nx = 3", 2, "does not end"),
        ("x = 3\n# END SOLUTION", 3, "does not begin"),
        ("# BEGIN SOLUTION\n# BEGIN SOLUTION\n# END SOLUTION", 3, "line 2"),
        ("# BEGIN SOLUTION\n# END SOLUTION\n# END SOLUTION", 4, "does not begin"),
        ("# begin solution\nx = 3", 2, "nearly a marker"),
        ("x = 3  # BEGIN SOLUTION", 2, "nearly a marker"),
        ("#END SOLUTION", 2, "nearly a marker"),
        ("# BEGIN SOLUTION: by hand", 2, "nearly a marker"),
        ('gt.check("2.1", x)\nprint(x)', 2, "last line"),
        ('x = 3\nprint(gt.check("2.1", x))', 3, "last line"),
        ('passed = gt.check("2.1", x)\npassed.found', 2, "last line"),
        ('gt.predict("2.a", 3)\ngt.predict("2.a", outcome=3)', 2, "last line"),
    ],
)
def test_what_is_wrong_with_markers_and_cards_has_its_line(code, line, words):
    (problem,) = badly_marked(lesson(code))
    assert problem.line == line
    assert words in problem.sentence


def test_markers_do_not_pair_across_cells(checkout, section):
    checkout.write(section, "\n# %%\n# BEGIN SOLUTION\n\n# %%\nx = 3\n# END SOLUTION\n")
    problems = build(root=checkout.root)
    assert [problem.line for problem in problems] == [
        checkout.line("# BEGIN SOLUTION"),
        checkout.line("# END SOLUTION"),
    ]


def test_the_numbers_of_the_exercises_are_in_the_notebook():
    source = lesson('gt.check("2.1", a)\ngt.check("2.10", *b)')
    assert exercise_numbers(source) == ["2.1", "2.10"]
    assert "exercises" not in split_metadata("x = 3")
    assert split_metadata('gt.check("2.1", x)')["exercises"] == ["2.1"]


def split_metadata(code):
    source = read_source(PATH, HEADED + f"\n# %%\n{code}\n")
    return split(source, "en").metadata.gradtape


# With real kernels


@pytest.fixture
def two_lessons(checkout, section):
    """A lesson with an exercise, and one that it links to."""
    checkout.write(section, name="03_slopes")
    checkout.write(CHECK, section, EXERCISES)
    return checkout


def solved_notebook(checkout, language="en"):
    return checkout.root / "notebooks" / "solutions" / language / "02_tape.ipynb"


def code_and_values(path):
    notebook = json.loads(path.read_text("utf-8"))
    return [
        (
            "".join(cell["source"]),
            [
                "".join(output["data"]["text/plain"])
                for output in cell["outputs"]
                if "data" in output
            ],
        )
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def test_an_exercise_is_a_stub_here_and_solved_there(two_lessons):
    assert build(root=two_lessons.root) == []
    stub, check = code_and_values(two_lessons.notebook("en"))[-2:]
    assert stub[0] == 'def double(x):\n    """Return twice x."""\n    # your work'
    assert check[1] == ["… this is\nwhat is said"]
    for language in ("en", "zh"):
        path = solved_notebook(two_lessons, language)
        solution, check = code_and_values(path)[-2:]
        assert solution[0].endswith("    twice = 2 * x\n    return twice")
        assert check[1] == ["✓ this is\nwhat is said"]
        assert f"](../../{language}/03_slopes.ipynb)" in path.read_text("utf-8")
        assert f"](../../{language}/02_tape.ipynb)" in path.read_text("utf-8")
    assert "What it records" not in solved_notebook(two_lessons).read_text("utf-8")
    assert not (two_lessons.root / "notebooks/solutions/en/03_slopes.ipynb").exists()
    before = two_lessons.files()
    assert build(root=two_lessons.root, check=True) == []
    assert build(root=two_lessons.root) == []
    assert two_lessons.files() == before


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "twice = 2 * x",
            "twice = 3 * x",
            "the solution of 2.1 does not pass its check",
        ),
        (
            '"""Return twice x."""\n',
            "return 2 * x\n",
            "the stub of 2.1 passes its check",
        ),
    ],
)
def test_a_solution_that_fails_and_a_stub_that_passes(two_lessons, old, new, words):
    assert build(["02"], root=two_lessons.root) == []
    before = two_lessons.files()
    source = two_lessons.source()
    source.write_text(source.read_text("utf-8").replace(old, new), "utf-8")
    problems = build(["02"], root=two_lessons.root)
    assert problems
    for problem in problems:
        assert problem.line == two_lessons.line('gt.check("2.1"')
        assert words in problem.sentence
    after = two_lessons.files()
    assert {p: after[p] for p in after if p.suffix == ".ipynb"} == {
        p: before[p] for p in before if p.suffix == ".ipynb"
    }


def test_a_stub_that_raises_has_its_line(two_lessons):
    source = two_lessons.source()
    source.write_text(
        source.read_text("utf-8").replace(
            'gt.check("2.1", double)', 'gt.check("2.1", double(1) + 2)'
        ),
        "utf-8",
    )
    problems = [str(problem) for problem in build(["02"], root=two_lessons.root)]
    line = two_lessons.line('gt.check("2.1"')
    assert any(f":{line}: TypeError" in problem for problem in problems)


def test_the_check_sees_a_solution_that_was_edited(two_lessons):
    assert build(["02"], root=two_lessons.root) == []
    path = solved_notebook(two_lessons)
    path.write_text(path.read_text("utf-8").replace("2 * x", "x + x"), "utf-8")
    (problem,) = build(["02"], check=True, root=two_lessons.root)
    assert problem.line == two_lessons.line("twice = 2 * x")
    assert "notebooks/solutions/en/02_tape.ipynb" in problem.sentence


def test_a_notebook_of_solutions_that_no_source_gives_is_red(two_lessons):
    assert build(["02"], root=two_lessons.root) == []
    two_lessons.write(CHECK)
    problems = [str(problem) for problem in build(["02"], root=two_lessons.root)]
    assert [problem.partition(": ")[0] for problem in problems] == [
        f"notebooks/solutions/{language}/02_tape.ipynb:1" for language in ("en", "zh")
    ]
    assert all("no solutions" in problem for problem in problems)
