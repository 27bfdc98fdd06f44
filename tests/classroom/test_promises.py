"""What the page for teachers promises of a class, a test shows that it names."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGES = [HERE.parents[1] / "docs" / f"teaching{end}.md" for end in ("", ".zh-CN")]


def named(page):
    return set(re.findall(r"`(test_\w+)`", page.read_text("utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_sentence_names_exists(page):
    tests = "".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    assert len(named(page)) > 15
    assert named(page) <= set(re.findall(r"def (test_\w+)\(", tests))


def test_both_languages_promise_the_same():
    assert named(PAGES[0]) == named(PAGES[1])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_action_of_the_command_is_on_the_page(page):
    from gradtape.classroom.command import ACTIONS

    text = page.read_text("utf-8")
    for action in ACTIONS:
        assert f"gradtape class {action} " in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_step_and_section_of_a_class_names_a_test(page):
    text = page.read_text("utf-8")
    class_of = text[text.index("\n**1. ") : text.index("\n## ", text.rindex("test_"))]
    _, *parts = re.split(r"\n(?=\*\*\d\. |##+ )", class_of)
    without = {
        part.strip().partition("\n")[0] for part in parts if "`test_" not in part
    }
    # What is handed out is by hand, and promises nothing.
    assert len(without) <= 1, without
    assert len(parts) >= 13
