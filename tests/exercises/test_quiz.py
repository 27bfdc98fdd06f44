"""The quiz of each lesson: choose, see why, by a click or by a letter."""

import re

import pytest

import gradtape as gt
from gradtape import content
from gradtape.exercises.quiz import Choice, Question, questions_of
from gradtape.exercises.words import Words
from gradtape.language import set_language

LESSONS = [lesson for lesson in content.lesson_folders() if questions_of(lesson)]
LETTERS = "abcd"


def right_letters(lesson):
    return [
        LETTERS[[choice.right for choice in question.choices].index(True)]
        for question in questions_of(lesson)
    ]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_asks_three_questions_and_shows_them(lesson):
    assert len(questions_of(lesson)) == 3
    source = content.lesson_folders()[lesson] / "lesson.py"
    assert f'\ngt.quiz("{lesson}")\n' in source.read_text("utf-8")


@pytest.mark.parametrize("lesson", LESSONS)
def test_all_right_answers_are_right_and_all_others_are_told_why(lesson):
    assert gt.quiz(lesson, *right_letters(lesson))
    for place, question in enumerate(questions_of(lesson)):
        for letter, choice in zip(LETTERS, question.choices, strict=False):
            card = gt.quiz(lesson, *[...] * place, letter)
            assert not card
            assert str(choice.why) in str(card)
            assert ("✓" in str(card)) == choice.right


def test_the_right_answer_has_no_favourite_letter():
    letters = [letter for lesson in LESSONS for letter in right_letters(lesson)]
    if len(letters) >= 27:
        assert all(letters.count(each) >= len(letters) // 5 for each in "abc")


def test_nothing_is_given_away_before_an_answer():
    for text in (str(gt.quiz("02")), str(gt.quiz("02", ..., ...))):
        assert "✓" not in text and "✗" not in text
        assert 'gt.quiz("02", "a", "b", "c")' in text


def test_each_choice_unfolds_alone():
    page = gt.quiz("02")._repr_html_()
    folds = re.findall(r'<details name="(quiz-02-\d)" data-choice="(\w)"', page)
    assert len(folds) == sum(len(each.choices) for each in questions_of("02"))
    assert len(set(folds)) == len(folds)
    assert " open" not in page
    assert gt.quiz("02", "b")._repr_html_().count('data-choice="b" open') == 1


def test_both_languages():
    set_language("zh")
    assert "小测验" in str(gt.quiz("02")) and "不对。" in str(gt.quiz("02", "a"))


@pytest.mark.parametrize("odd", ["x", "ab", "", 1, ["a"]])
def test_what_is_no_letter_is_said(odd):
    card = gt.quiz("02", odd)
    assert card.kind == "wrong" and "✓" not in str(card)


def test_more_answers_than_questions_are_said():
    assert gt.quiz("02", "a", "a", "a", "a").kind == "wrong"


@pytest.mark.parametrize("lesson", ["2", "99", 2, None])
def test_a_lesson_without_a_quiz_is_said(lesson):
    with pytest.raises(ValueError, match='write one of .*"02"'):
        gt.quiz(lesson)


@pytest.mark.parametrize("right", [(False, False), (True, True)])
def test_a_question_has_one_right_answer(right):
    why = Words("why", "为什么")
    with pytest.raises(ValueError, match="one of them right"):
        Question(why, tuple(Choice("1", why, each) for each in right))
