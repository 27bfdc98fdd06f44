"""The tables of contents follow the headers of the lessons."""

import pytest

from gradtape.authoring import build

PAGE = """# The course

<!-- lessons -->
| old |
<!-- /lessons -->

Below.
"""


@pytest.fixture
def page(checkout):
    page = checkout.root / "notebooks" / "en" / "README.md"
    page.parent.mkdir()
    page.write_text(PAGE, "utf-8")
    checkout.write()
    return page


def test_a_build_writes_the_table_and_leaves_the_rest(checkout, page):
    assert build(root=checkout.root) == []
    text = page.read_text("utf-8")
    assert "](02_tape.ipynb) | 30 | " in text
    assert "old" not in text
    assert text.startswith("# The course\n") and text.endswith("\nBelow.\n")
    assert build(root=checkout.root, check=True) == []


def test_a_table_that_says_something_else_is_red(checkout, page):
    assert build(root=checkout.root) == []
    text = page.read_text("utf-8").replace("| 30 |", "| 6 |")
    page.write_text(text, "utf-8")
    (problem,) = build(root=checkout.root, check=True)
    assert str(problem).startswith("notebooks/en/README.md:6: the table of contents")


def test_a_page_without_the_marks_is_told(checkout, page):
    page.write_text("# The course\n", "utf-8")
    (problem,) = build(root=checkout.root)
    assert "<!-- lessons -->" in problem.sentence
