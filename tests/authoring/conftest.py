"""A checkout with small lessons that need no TensorFlow, and so run at once."""

import textwrap
from pathlib import Path

import pytest

HEADER = """\
# ---
# jupyter:
#   gradtape:
#     minutes: 30
#     teaches:
#       en: what a tape records
#       zh: 梯度带记录什么
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---
"""

TITLE = """
# %% [markdown] lang="en"
# # 2 · The tape
#
# It records.

# %% [markdown] lang="zh"
# # 2 · 梯度带
#
# 它会记录。
"""

START = """
# %%
import types

gt = types.SimpleNamespace(start=lambda lesson, lang: print(lesson, lang))
gt.start("02", lang="en")
"""

SECTION = """
# %% [markdown] lang="en"
# ## What it records

# %% [markdown] lang="zh"
# ## 它记录什么

# %%
x = 3.0
print("x =", x)
x**4
"""


class Checkout:
    """Writes lessons and knows their lines."""

    def __init__(self, root: Path):
        self.root = root
        (root / "notebooks" / "lessons").mkdir(parents=True)

    def write(self, *parts, name="02_tape", change=("", "")):
        """Write a lesson: the usual beginning, then these parts, then one change."""
        text = HEADER + TITLE + START + "".join(map(textwrap.dedent, parts))
        text = text.replace('"02"', f'"{name[:2]}"')
        assert change[0] in text
        if change[0]:
            text = text.replace(*change, 1)
        self.source(name).parent.mkdir(exist_ok=True)
        self.source(name).write_text(text, "utf-8")

    def source(self, name="02_tape"):
        return self.root / "notebooks" / "lessons" / name / "lesson.py"

    def notebook(self, language, name="02_tape"):
        return self.root / "notebooks" / language / f"{name}.ipynb"

    def line(self, words, name="02_tape", nth=1):
        """Return the number of the nth line that has these words."""
        lines = self.source(name).read_text("utf-8").splitlines()
        found = [number for number, line in enumerate(lines, 1) if words in line]
        return found[nth - 1]

    def files(self):
        """Return every file of the checkout with its bytes."""
        return {
            path.relative_to(self.root): path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_file()
        }


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


@pytest.fixture
def section():
    return SECTION
