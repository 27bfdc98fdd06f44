"""Every exercise of every lesson: what passes, what does not, and what it is called."""

import ast
import functools
import linecache
import math
import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf

import gradtape as gt
from gradtape import content
from gradtape.authoring.markdown import headings
from gradtape.authoring.source import read_sources
from gradtape.exercises import comparing, exercise
from gradtape.exercises import progress_file as record
from gradtape.exercises.prediction import Prediction
from gradtape.language import set_language

LESSONS = exercise.lessons()
EXERCISES = [each for lesson in LESSONS for each in exercise.exercises_of(lesson)]
ROOT = Path(__file__).parents[2]


@pytest.mark.table("SOLUTIONS")
def test_the_solution_passes(answered):
    number, _, make = answered
    card = gt.check(number, make())
    assert card, card
    assert record.passed(None) == {exercise.lesson_of(number): [number]}


@pytest.mark.table("SOLUTIONS")
@pytest.mark.parametrize("seed", [7, pytest.param(8, marks=pytest.mark.slow)])
def test_the_solution_passes_at_other_points(answered, seed):
    number, _, make = answered
    with comparing.other_points(seed):
        card = gt.check(number, make())
    assert card, card


@pytest.mark.table("ALSO_RIGHT")
def test_an_answer_right_by_another_way_passes(answered):
    number, _, make = answered
    card = gt.check(number, make())
    assert card, card


def checked(number, answer):
    """Return what a check says, and the names of the misconceptions that it knows."""
    named = set()

    def note(misconception):
        named.add(misconception.name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing.Misconception, "__post_init__", note, raising=False)
        return gt.check(number, answer), named


@functools.cache
def misconceived(number, name, seed):
    """Return the same of a wrong answer in the table, at the points of a seed."""
    answers = content.load(exercise.lesson_of(number), "answers")
    with comparing.other_points(seed):
        return checked(number, answers.MISCONCEPTIONS[number][name]())


def all_misconceived(table, each):
    """Return the same of every wrong answer to an exercise."""
    wrong = table(each.lesson).MISCONCEPTIONS[each.number]
    return [misconceived(each.number, name, 1) for name in wrong]


@pytest.mark.table("MISCONCEPTIONS")
@pytest.mark.parametrize("seed", [1, pytest.param(7, marks=pytest.mark.slow)])
def test_a_misconception_is_recognised(answered, seed):
    number, name, _ = answered
    card, _ = misconceived(number, name, seed)
    assert not card
    assert card.found == name, card
    assert record.passed(None) == {}


@pytest.mark.table("HARD_CODED")
def test_a_number_right_at_the_lessons_point_only_does_not_pass(answered):
    number, _, make = answered
    assert not gt.check(number, make())


def typed(code):
    """Return what a cell with this code has as its value, in a learner's notebook."""
    name = f"<typed {hash(code)}>"
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    tree = ast.parse(code)
    last = ast.Expression(tree.body.pop().value)
    names = {"tf": tf, "np": np, "math": math, "plt": plt, "gt": gt}
    exec(compile(tree, name, "exec"), names)  # noqa: S102
    return eval(compile(last, name, "eval"), names)


@pytest.mark.table("ATTEMPTS")
def test_what_people_typed_is_answered_truly(answered, capsys):
    number, _, (who, code, found) = answered
    value = typed(code)
    card = gt.check(number, *(value if isinstance(value, tuple) else (value,)))
    assert card.found == found, f"{who}: {card}"
    assert bool(card) == (found == "right")


@functools.cache
def headings_of(lesson, language):
    """Return the headings that a reader of a lesson sees."""
    (source,) = (s for s in read_sources(ROOT).values() if s.lesson == lesson)
    cells = source.in_language(language)
    texts = [cell.text for cell in cells if cell.kind == "markdown"]
    return {heading.text for text in texts for heading in headings(text)}


of_each_exercise = pytest.mark.parametrize(
    "each", EXERCISES, ids=lambda each: each.number
)


@of_each_exercise
def test_the_stub_does_not_pass(each):
    for answer in [(...,), (), (..., ...)]:
        card = gt.check(each.number, *answer)
        assert not card
        assert card.found == "not begun"


@of_each_exercise
@pytest.mark.parametrize("answer", [None, 1.0, "?", [], object(), lambda: None])
def test_something_of_any_kind_gets_a_sentence(each, answer):
    card = gt.check(each.number, answer)
    assert not card
    assert card.found != "check broke", card


@of_each_exercise
def test_its_misconceptions_are_in_the_table(each, table):
    answers = table(each.lesson)
    right = checked(each.number, answers.SOLUTIONS[each.number]())
    named = {
        name for _, names in [right, *all_misconceived(table, each)] for name in names
    }
    assert named <= answers.MISCONCEPTIONS[each.number].keys()
    assert len(answers.MISCONCEPTIONS[each.number]) >= 3
    assert answers.ALSO_RIGHT[each.number]


@of_each_exercise
def test_no_feedback_contains_the_solution_of_a_hint(each, table):
    """The last hint is nearly all there is; feedback must stay short of it."""
    cards = [card for card, _ in all_misconceived(table, each)]
    assert not any(str(each.hints[2]) in repr(card) for card in cards)


@of_each_exercise
@pytest.mark.parametrize("language", ["en", "zh"])
def test_learners_are_sent_to_headings_that_exist(each, table, language):
    parts = [part for card, _ in all_misconceived(table, each) for part in card.parts]
    places = [part.heading for part in parts if hasattr(part, "heading")]
    set_language(language)
    known = headings_of(each.lesson, language)
    assert {str(place) for place in [each.place, *places]} <= known


@of_each_exercise
def test_its_three_hints_come_one_after_the_other(each):
    for place in (1, 2, 3, 3):
        shown = repr(gt.hint(each.number))
        assert f"{place} of 3" in shown
        assert str(each.hints[place - 1]) in shown


@pytest.mark.parametrize("dtype", ["int32", "int64", "float16", "float64"])
def test_a_description_with_another_dtype_is_recognised(dtype, table):
    answer = list(table("01").SOLUTIONS["1.1"]())
    answer[1] = f"(2,) {dtype}"
    assert gt.check("1.1", answer).found == "another dtype"


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_numbers_are_those_of_the_lesson(lesson):
    for kind in (exercise.Exercise, Prediction):
        numbers = [each.number for each in exercise.things_of(lesson, kind)]
        assert len(set(numbers)) == len(numbers)
        assert all(exercise.lesson_of(number) == lesson for number in numbers)
        assert all(re.fullmatch(r"\d+\.(\d+|[a-z])", number) for number in numbers)


PREDICTIONS = [
    each for lesson in LESSONS for each in exercise.things_of(lesson, Prediction)
]


@pytest.mark.parametrize("each", PREDICTIONS, ids=lambda each: each.number)
def test_a_prediction_can_be_chosen_in_either_language(each):
    for key, words in each.choices.items():
        for spelling in (key, getattr(words, "en", words), getattr(words, "zh", words)):
            assert each.read(spelling) == key
    for language in ("en", "zh"):
        set_language(language)
        shown = repr(gt.predict(each.number))
        assert all(f'"{words}"' in shown for words in each.choices.values())
