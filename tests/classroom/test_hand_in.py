"""A hand-in is read however it looks by now, and each answer is found in it."""

import json
import os

import nbformat
import pytest

from gradtape.classroom import hand_in, make_class
from gradtape.classroom.plan import read_plan

NAME = "02_the_tape.ipynb"


@pytest.fixture(scope="module")
def plan(tmp_path_factory, checkout):
    course = tmp_path_factory.mktemp("class")
    make_class(course, "en", root=checkout)
    return read_plan(course, "02")


def code(text, name=""):
    return hand_in.Cell("code", text, name)


def words(text, name=""):
    return hand_in.Cell("markdown", text, name)


def test_a_plan_says_what_is_graded_and_for_how_much(plan):
    assert [(e.number, e.points, e.expressions) for e in plan.exercises] == [
        ("2.1", 3, ("backward",)),
        ("2.3", 3, ("ax",)),
    ]
    assert plan.points == 9


CHECK = 'gt.check("2.1", backward)'


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        (["def backward(x): ...", CHECK, "x = 1"], (1, ("backward",))),
        ([CHECK, "x = 1", CHECK], (2, ("backward",))),  # copied
        (["def backward(x): ...\n" + CHECK, "x = 1"], (0, ("backward",))),  # merged
        (["x = 1", "backward = abs"], (None, ("backward",))),  # deleted
        (["%time\n" + CHECK, "!ls"], (0, ("backward",))),
        (['gt.check("2.1", other)', "x = 1"], (0, ("other",))),
        ([CHECK, 'gt.check("2.1", lambda x: 1)'], (0, ("backward",))),  # tried out
        (["def f(:", CHECK], (1, ("backward",))),
        (['gt.check("2.1")'], (None, ("backward",))),
        (["check('2.1', backward)", "x = 1"], (0, ("backward",))),  # imported
        (["x = g.check ('2.1', backward);"], (0, ("backward",))),
        (['gt.check("2.1", ' + "+".join(["x"] * 900) + ")"], (None, ("backward",))),
        ([], (None, ("backward",))),
    ],
)
def test_an_exercise_is_judged_where_the_learner_checks_it(plan, cells, place):
    found = hand_in.places(list(map(code, cells)), plan)
    assert (found["2.1"].cell, found["2.1"].expressions) == place


@pytest.mark.parametrize(
    "made",
    [
        lambda q: [words(q), words("Mine.", "written-02-1")],
        lambda q: [words(q), words("Mine.")],
        lambda q: [words(f"{q}\n\nMine.", "written-02-1")],  # merged
        lambda q: [words("Mine.", "written-02-1")],  # the question was deleted
        lambda q: [
            words(q),
            code("1"),
            words("*Write your answer here.*"),
            words("Mine."),
        ],
    ],
)
def test_an_answer_in_words_is_found(plan, made):
    cells = made(plan.questions[0].text)
    assert hand_in.answers_in_words(cells, plan) == {"02-1": "Mine."}


def test_an_answer_that_was_split_is_put_together(plan):
    question = plan.questions[0].text
    cells = [words(question), words("One.", "written-02-1"), words("Two.")]
    assert hand_in.answers_in_words(cells, plan) == {"02-1": "One.\n\nTwo."}


def test_an_untouched_sheet_holds_no_answer_in_words(tmp_path, checkout):
    (made,) = make_class(tmp_path, "en", root=checkout)
    cells = hand_in.read_cells(made.released.read_bytes())
    plan = read_plan(tmp_path, "02")
    assert hand_in.answers_in_words(cells, plan) == {"02-1": ""}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n\0\0", "is empty"),
        (b'{"cells": [{"cell_type": "co', "no notebook any more"),
        ("我的作业".encode("gb18030"), "no notebook any more"),
        (b"[1, 2]", "no notebook any more"),
        (b"{}", "no notebook any more"),
        (b'{"cells": []}', "has no cells"),
        (b'{"cells": 3}', "no notebook any more"),
        (b'{"cells": [1, null, "x"]}', "has no cells"),
        (b"[" * 100_000, "no notebook any more"),
        (b'{"cells": [%s]}' % b",".join([b'{"source": "x"}'] * 2001), "2001 cells"),
        (b"PK\x03\x04 a document", "no notebook any more"),
        (b"<!DOCTYPE html><html>", "no notebook any more"),
    ],
)
def test_what_is_no_notebook_is_told_in_a_sentence(content, says):
    with pytest.raises(hand_in.Unreadable, match=says):
        hand_in.read_cells(content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_notebook_is_read_in_the_encoding_in_which_an_editor_saved_it(encoding):
    cells = {"cells": [{"cell_type": "code", "source": "# 我的作业"}]}
    content = json.dumps(cells, ensure_ascii=False).encode(encoding)
    (found,) = hand_in.read_cells(content)
    assert found.text == "# 我的作业"


def test_a_cell_has_the_kind_that_it_was_handed_out_with(plan):
    (answer,) = (name for name in plan.kinds if name.startswith("answer-exercises-2"))
    cells = [
        words("def backward(x): ...", answer),  # by the key M
        words(CHECK, "exercise-2-1"),
        words("$x$ is not code", "exercise-2-3"),
        code("Because of h.", "written-02-1"),  # by the key Y
        words("x = 1"),
    ]
    found = hand_in.as_handed_out(cells, plan)
    assert [cell.kind for cell in found] == [
        *("code", "code", "markdown", "markdown", "markdown")
    ]


def test_the_sheet_of_another_lesson_is_no_silent_0(plan):
    with pytest.raises(hand_in.Unreadable, match=r"checks 4\.1, 4\.2 and no exercise"):
        cells = [code('gt.check("4.1", x)\ngt.check("4.2", y)')]
        hand_in.as_handed_out(cells, plan)
    assert hand_in.as_handed_out([code("x = 1")], plan)


def test_what_is_no_file_is_not_read(tmp_path):
    secret = tmp_path / "solved.ipynb"
    secret.write_text("{}")
    (tmp_path / "wang").mkdir()
    link, pipe, large = (tmp_path / "wang" / name for name in ("link", "pipe", "large"))
    link.symlink_to(secret)
    os.mkfifo(pipe)
    large.touch()
    os.truncate(large, 2**40)
    (tmp_path / "li").symlink_to(tmp_path)
    for path, says in (
        (link, "link is a link to another file"),
        (tmp_path / "li" / secret.name, "is a link to another file"),
        (pipe, "no notebook in it"),
        (large, "1048576 MB"),
    ):
        with pytest.raises(hand_in.Unreadable, match=says):
            hand_in.content_of(path)
    pipe.rename(tmp_path / "wang" / "progress.json")
    assert hand_in.hints_in(tmp_path / "wang") == {}


@pytest.mark.parametrize(
    "cell",
    [
        {"cell_type": "code", "source": "x = 1"},
        {"cell_type": "code", "source": ["x", " = 1", 3, None]},
        {"cell_type": "code", "source": "x = 1", "metadata": None, "id": None},
        {"cell_type": "code", "source": "x = 1", "metadata": {"nbgrader": []}},
        {"cell_type": "code", "source": "x = 1", "outputs": "none", "id": {"a": 1}},
    ],
)
def test_a_cell_that_is_out_of_order_is_read_as_far_as_it_goes(cell):
    content = b"\xef\xbb\xbf" + json.dumps({"cells": [cell]}).encode()
    (found,) = hand_in.read_cells(content)
    assert (found.kind, found.text) == ("code", "x = 1")


@pytest.mark.parametrize("lines", [["a = 1", "b = 2"], ["a = 1\n", "b = 2"]])
def test_lines_are_lines_whether_or_not_a_program_wrote_their_ends(lines):
    content = json.dumps({"cells": [{"cell_type": "code", "source": lines}]})
    (cell,) = hand_in.read_cells(content.encode())
    assert cell.text == "a = 1\nb = 2"


def test_a_folder_that_leads_to_somebody_elses_is_not_read(tmp_path):
    (tmp_path / "ann" / "lesson_02").mkdir(parents=True)
    (tmp_path / "bob").symlink_to(tmp_path / "ann")
    hand_in.require_no_link(tmp_path / "ann" / "lesson_02")
    with pytest.raises(hand_in.Unreadable, match="bob is a link"):
        hand_in.require_no_link(tmp_path / "bob" / "lesson_02")


def test_a_notebook_of_an_old_version_is_read():
    notebook = nbformat.v3.new_notebook(
        worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell("x")])]
    )
    (found,) = hand_in.read_cells(json.dumps(notebook).encode())
    assert (found.kind, found.text) == ("code", "x")


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        ([NAME], NAME),
        (["My work.IPYNB", "data.csv"], "My work.IPYNB"),
        ([NAME, "notes.ipynb", f".ipynb_checkpoints/{NAME}"], NAME),
        ([f"homework/{NAME}"], f"homework/{NAME}"),
    ],
)
def test_the_notebook_is_found_by_its_name_or_because_it_is_the_only_one(
    tmp_path, names, chosen
):
    put(tmp_path, *names)
    assert hand_in.notebook_in(tmp_path, NAME) == tmp_path / chosen


@pytest.mark.parametrize(
    ("names", "says"),
    [(["notes.txt"], "no notebook in it"), (["a.ipynb", "b.ipynb"], "2 notebooks")],
)
def test_without_a_telling_which_it_is_said(tmp_path, names, says):
    put(tmp_path, *names)
    with pytest.raises(hand_in.Unreadable, match=says):
        hand_in.notebook_in(tmp_path, NAME)
