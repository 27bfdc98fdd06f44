"""A class is made of the sources of lessons, and what is there is left as it is."""

import re

import nbformat
import pytest

from gradtape import cli, content, language
from gradtape.classroom import make_class
from gradtape.classroom.course import read_settings, release
from gradtape.classroom.judging import seed_of
from gradtape.classroom.plan import read_plan
from gradtape.classroom.written import questions
from gradtape.exercises.exercise import find
from gradtape.file_errors import WorkspaceError

NAME = "02_the_tape.ipynb"
OWN_SETTINGS = '{"language": "zh", "secret": "the teacher\'s own", "seconds": 9}'


def source_of(folder):
    return nbformat.read(folder / "source" / "lesson_02" / NAME, as_version=4)


def kinds(notebook):
    return {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    }


def test_checks_are_graded_and_words_are_read_by_a_person(tmp_path, checkout):
    (made,) = make_class(tmp_path, "en", root=checkout)
    about = kinds(source_of(tmp_path))
    for number in ("2.1", "2.3"):
        graded = about[f"exercise-{number.replace('.', '-')}"]
        assert graded.points == find(number).points
        assert graded.locked and not graded.solution
    by_hand = {name for name, each in about.items() if each.grade and each.solution}
    assert by_hand == {"written-02-1"}
    assert made.points == sum(each.get("points", 0) for each in about.values()) == 9


def test_a_class_has_the_exercises_and_no_way_into_nowhere(tmp_path, checkout):
    make_class(tmp_path, "en", root=checkout)
    text = "\n".join(cell.source for cell in source_of(tmp_path).cells)
    assert "not in the class" not in text
    assert ".ipynb" not in text


@pytest.mark.parametrize(("lang", "title"), [("en", "The tape"), ("zh", "梯度带")])
def test_a_class_speaks_one_language(tmp_path, checkout, lang, title):
    language.set_language(lang)
    make_class(tmp_path, lang, root=checkout)
    cells = source_of(tmp_path).cells
    assert cells[0].source == f"# 2 · {title}"
    assert f'lang="{lang}"' in cells[1].source
    header = (tmp_path / "source" / "header.ipynb").read_text("utf-8")
    for text in (header, *(c.source for c in cells if c.cell_type == "markdown")):
        assert bool(re.search("[\u4e00-\u9fff]", text)) == (lang == "zh")


def test_two_classes_are_tried_at_different_points(tmp_path, checkout):
    make_class(tmp_path / "a", "en", root=checkout)
    make_class(tmp_path / "b", "en", root=checkout)
    one, other = (read_settings(tmp_path / name).secret for name in "ab")
    assert seed_of(one, "02", "x") != seed_of(other, "02", "x")
    assert seed_of(one, "02", "x") != seed_of(one, "02", "y")


def test_what_is_handed_out_holds_no_solution_and_nothing_of_the_points(
    tmp_path, checkout
):
    (made,) = make_class(tmp_path, "en", root=checkout)
    text = made.released.read_text("utf-8")
    secret = read_settings(tmp_path).secret
    for hidden in ("SOLUTION", "dy_db", "linspace", "blows it up", secret, "seed"):
        assert hidden not in text
    assert "# your work" in text
    assert "*Write your answer here.*" in text
    handed_out = nbformat.read(made.released, as_version=4)
    check = kinds(handed_out)["exercise-2-1"]
    assert check.points == 3
    (cell,) = (c for c in handed_out.cells if 'check("2.1"' in c.source)
    assert cell.metadata.editable is cell.metadata.deletable is False


def test_a_teachers_change_reaches_what_is_handed_out(tmp_path, checkout):
    (made,) = make_class(tmp_path, "en", root=checkout)
    text = made.path.read_text("utf-8").replace("# 2 · The tape", "# 2 · Our tape")
    made.path.write_text(text, "utf-8")
    assert "Our tape" not in made.released.read_text("utf-8")
    assert "Our tape" in release(tmp_path, "02").read_text("utf-8")


def test_what_is_there_is_left_as_it_is(tmp_path, checkout):
    make_class(tmp_path, "en", root=checkout)
    path = tmp_path / "source" / "lesson_02" / NAME
    configuration = tmp_path / "class.json"
    before = path.read_bytes()
    configuration.write_text(own := OWN_SETTINGS, "utf-8")
    (again,) = make_class(tmp_path, "zh", root=checkout)
    assert not again.is_new
    assert again.points == 9
    assert path.read_bytes() == before
    assert configuration.read_text("utf-8") == own


def test_a_sheet_of_an_earlier_version_is_handed_out_without_its_hidden_tests(
    tmp_path, checkout
):
    (made,) = make_class(tmp_path, "en", root=checkout)
    sheet = source_of(tmp_path)
    (cell,) = (c for c in sheet.cells if 'check("2.1"' in c.source)
    hidden = (
        "\n# BEGIN HIDDEN TESTS\ngrade('2.1', backward, seed=5)\n# END HIDDEN TESTS"
    )
    cell.source += hidden
    nbformat.write(sheet, made.path)
    text = release(tmp_path, "02").read_text("utf-8")
    assert "seed" not in text
    assert 'gt.check(\\"2.1\\", backward)' in text
    (first, _) = read_plan(tmp_path, "02").exercises
    assert first.expressions == ("backward",)


def test_a_lesson_without_exercises_is_refused_with_those_that_have(tmp_path, checkout):
    with pytest.raises(WorkspaceError, match=r"in lesson 07; there are some in 02\."):
        make_class(tmp_path / "new", "en", ["07"], root=checkout)
    assert not (tmp_path / "new").exists()


def test_every_written_question_has_points_and_a_name_of_its_own():
    by_lesson = {lesson: questions(lesson) for lesson in content.lesson_folders()}
    named = [each for lesson in by_lesson.values() for each in lesson]
    assert named
    assert len({each.name for each in named}) == len(named)
    assert all(each.points > 0 for each in named)
    for lesson, of_lesson in by_lesson.items():
        assert all(each.name.startswith(f"{lesson}-") for each in of_lesson)


def test_the_command_says_what_it_made_and_what_comes_next(tmp_path, capsys):
    folder = str(tmp_path / "class")
    assert cli.main(["class", folder, "--lang", "en", "--lessons", "2"]) == 0
    said = capsys.readouterr().out
    assert "points" in said
    assert "gradtape class collect" in said


def test_the_command_refuses_in_one_sentence(tmp_path, capsys, monkeypatch):
    arguments = ["class", str(tmp_path / "class"), "--lang", "en"]
    assert cli.main([*arguments, "--lessons", "42"]) == 2
    assert "lesson 42" in capsys.readouterr().err
    place = tmp_path / "site/gradtape/__init__.py"
    monkeypatch.setattr("gradtape.__file__", str(place))
    assert cli.main(arguments) == 2
    said = capsys.readouterr().err
    assert "checkout" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "class").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["class", "{}", "--lessons", ",,"], "--lessons is ',,'"),
        (["class", "grade", "{}"], "is no class"),
        (["class", "grade", "{}", "more"], "an action and one folder"),
        (["class", "grade", "{made}", "--part", "5/4"], "--part is '5/4'"),
        (
            ["class", "grade", "{made}", "--unsafe", "--workers", "-3"],
            "--workers is -3",
        ),
        (
            ["class", "grade", "{made}", "--unsafe", "--lessons", "03"],
            "lesson_03 holds 0 notebooks",
        ),
        (
            ["class", "grade", "{made}", "--unsafe", "--learners", "ann"],
            "ann has handed in nothing",
        ),
    ],
)
def test_a_wrong_use_is_told_in_a_sentence(tmp_path, checkout, capsys, arguments, said):
    make_class(tmp_path / "made", "en", root=checkout)
    places = {"made": tmp_path / "made"}
    typed = [each.format(tmp_path / "none", **places) for each in arguments]
    assert cli.main([*typed, "--lang", "en"]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
