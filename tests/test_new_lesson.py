"""A new lesson is one folder: everything else finds it there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.mutation.checkout import copy_checkout

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
LESSON = """# ---
# jupyter:
#   gradtape:
#     minutes: 7
#     teaches:
#       en: how to double a number
#       zh: 怎样把一个数加倍
# ---

# %% [markdown] lang="en"
# # 99 · Twice

# %% [markdown] lang="zh"
# # 99 · 两倍

# %%
import gradtape as gt

gt.start("99", lang="en")

# %% [markdown] lang="en"
# ## Exercises
#
# ### Exercise 99.1

# %% [markdown] lang="zh"
# ## 练习
#
# ### 练习 99.1

# %%
def double(x):
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION

# %%
gt.check("99.1", double)
"""
EXERCISES = '''"""The exercise of lesson 99."""

from gradtape.exercises import answers
from gradtape.exercises.comparing import same_function, uniform
from gradtape.exercises.exercise import exercise
from gradtape.exercises.words import Words

WORDS = Words("Exercises", "练习")


@exercise("99.1", place=WORDS, hints=(WORDS, WORDS, WORDS))
def doubling(answer):
    """Require twice the number."""
    same_function(answers.function(answer, "x"), lambda x: 2 * x, uniform(-3, 3), ())
'''


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the checkout with a lesson 99, built."""
    root = copy_checkout(ROOT, tmp_path_factory.mktemp("copy") / "checkout")
    folder = root / "notebooks" / "lessons" / "99_twice"
    folder.mkdir()
    (folder / "lesson.py").write_text(LESSON, "utf-8")
    (folder / "exercises.py").write_text(EXERCISES, "utf-8")
    gradtape(root, "build", "99")
    return root


def gradtape(root, *arguments):
    """Run the command of a checkout; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "gradtape", *arguments],
        check=False,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_both_notebooks_and_their_solutions_are_built(copy):
    found = {path.parent.name for path in copy.rglob("99_twice.ipynb")}
    assert found == {"en", "zh"}
    assert len(list(copy.rglob("solutions/*/99_twice.ipynb"))) == 2
    gradtape(copy, "build", "--check", "99")


@pytest.mark.parametrize("page", ["README.md", "notebooks/zh/README.md"])
def test_it_stands_in_the_tables_of_contents(copy, page):
    assert "99_twice.ipynb) | 7 |" in (copy / page).read_text("utf-8")


def test_the_command_lists_it_with_its_exercise(copy):
    (line,) = [x for x in gradtape(copy, "list").splitlines() if "99" in x]
    assert "7" in line and "0/1" in line.replace(" of ", "/").replace(" ", "")


def test_a_class_hands_it_out(copy, tmp_path):
    folder = tmp_path / "class"
    assert "lesson_99" in gradtape(copy, "class", str(folder), "--lessons", "99")
