"""Choose first; then what was chosen and what came out, side by side."""

import numpy as np
import pytest

import gradtape as gt
from gradtape.exercises import prediction
from gradtape.exercises.prediction import Prediction
from gradtape.language import set_language


def test_the_choices_are_shown_and_nothing_is_given_away():
    text = repr(gt.predict("2.b"))
    assert '"larger"' in text
    assert '"smaller"' in text
    assert text == repr(gt.predict("2.b", ...))


def test_chosen_and_come_out_stand_side_by_side():
    assert "“smaller”" in repr(gt.predict("2.b", "smaller"))
    text = repr(gt.predict("2.b", outcome=(1.28, 0.8)))
    assert "You expected “smaller”." in text
    assert "It came out: “larger”." in text
    assert "otherwise" in text


def test_as_expected():
    gt.predict("2.b", " LARGER ")
    assert "what you expected" in repr(gt.predict("2.b", outcome=(1.28, 0.8)))


def test_a_choice_in_chinese():
    set_language("zh")
    assert '"更大"' in repr(gt.predict("2.b"))
    gt.predict("2.b", "更大")
    text = repr(gt.predict("2.b", outcome=(1.28, 0.8)))
    assert "你的预测：“更大”。" in text
    assert "和你预测的一样" in text
    set_language("en")
    assert "You expected “larger”." in repr(gt.predict("2.b", outcome=(1.28, 0.8)))


@pytest.mark.parametrize("choice", ["1/(2*sqrt(x))", "1 / (2 tf.sqrt(x))", "1/(2√x)"])
def test_a_formula_may_be_typed_without_a_root_sign(choice):
    assert "you expect “1/(2√x)”" in repr(gt.predict("1.b", choice))
    assert "you expect “√x”" in repr(gt.predict("1.b", "sqrt(x)"))


@pytest.mark.parametrize("choice", ["1e-03", 1e-3, "0.001", np.float32(0.001)])
def test_a_number_may_be_written_in_any_way(choice):
    assert "you expect “1e-03”" in repr(gt.predict("2.d", choice))


@pytest.mark.parametrize(
    ("number", "guess", "chosen"),
    [
        ("3.b", 12.2, "between 12 and 14"),
        ("3.b", 14, "14"),
        ("2.a", 50.0, "less than half"),
    ],
)
def test_a_number_falls_under_a_choice(number, guess, chosen):
    assert f"you expect “{chosen}”" in repr(gt.predict(number, guess))


def test_who_skips_it_is_not_kept_from_the_result():
    text = repr(gt.predict("2.b", outcome=(1.28, 0.8)))
    assert "no prediction" in text
    assert "“larger”" in text


def test_the_outcome_is_what_the_cell_computed():
    gt.predict("2.b", "larger")
    assert "It came out: “smaller”." in repr(gt.predict("2.b", outcome=(0.1, 0.8)))
    assert "It came out: “the same”." in repr(gt.predict("2.b", outcome=(0.8, 0.8)))


def test_a_choice_can_be_changed_until_the_result_is_shown():
    gt.predict("2.b", "smaller")
    gt.predict("2.b", "larger")
    gt.predict("2.b", outcome=(1.28, 0.8))
    text = repr(gt.predict("2.b", "smaller"))
    assert "stays: “larger”" in text
    assert "You expected “larger”." in repr(gt.predict("2.b", outcome=(1.28, 0.8)))


def test_a_choice_after_the_result_is_called_so():
    gt.predict("2.b", outcome=(1.28, 0.8))
    gt.predict("2.b", "larger")
    text = repr(gt.predict("2.b", outcome=(1.28, 0.8)))
    assert "after the result had been shown" in text
    assert "what you expected" not in text


def test_a_choice_after_the_result_may_be_changed():
    gt.predict("2.b", outcome=(1.28, 0.8))
    gt.predict("2.b", "smaller")
    assert "you expect “larger”" in repr(gt.predict("2.b", "larger"))


@pytest.mark.parametrize("choice", ["bigger", 3.0, None, "", [1]])
def test_something_that_is_no_choice(choice):
    card = gt.predict("2.b", choice)
    assert "none of the choices" in repr(card)
    assert '"larger"' in repr(card)
    assert "no prediction" in repr(gt.predict("2.b", outcome=(1.0, 0.8)))


@pytest.fixture
def a_number(monkeypatch):
    question = Prediction("9.a", outcome=float, tolerance=0.1)
    monkeypatch.setattr(prediction, "find", lambda number, kind: question)


def test_a_number(a_number):
    assert "Write a number" in repr(gt.predict("9.a"))
    gt.predict("9.a", 100)
    text = repr(gt.predict("9.a", outcome=108.0))
    assert "You expected 100." in text
    assert "It came out: 108." in text
    assert "what you expected" in text


@pytest.mark.parametrize("guess", ["many", None, [1.0, 2.0], float])
def test_something_that_is_no_number(a_number, guess):
    assert "is not a number" in repr(gt.predict("9.a", guess))


def test_a_question_that_there_is_not():
    with pytest.raises(ValueError, match=r"it has 2\.a"):
        gt.predict("2.z", "larger")
