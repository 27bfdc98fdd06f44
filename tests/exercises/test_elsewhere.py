"""Judged from another process, an answer is found to be what it is here."""

import atexit
import functools
import json

import matplotlib.pyplot as plt
import pytest
import tensorflow as tf

from gradtape import content
from gradtape.classroom import session
from gradtape.classroom.sandbox import containers, runner, values
from gradtape.classroom.sandbox.limits import Limits
from gradtape.exercises.checking import check, is_not_begun, judged
from gradtape.exercises.elsewhere import (
    Answered,
    FunctionElsewhere,
    judging_elsewhere,
)
from gradtape.exercises.exercise import find


@functools.cache
def process_of(lesson):
    """Return a process of its own in which the table of a lesson is."""
    talk = session.Session(containers.UNSAFE, Limits(all_seconds=1e4), (), None, ())
    atexit.register(talk.end)
    path = content.lesson_folders()[lesson] / "answers.py"
    assert not talk.run(path.read_text("utf-8")).error
    return talk


def found_elsewhere(number, expression):
    """Return what a judge finds that meets an answer as data alone."""
    exercise = find(number)
    (given,) = process_of(exercise.lesson).answer((expression,), exercise.seconds)
    if any(map(is_not_begun, given if isinstance(given, tuple) else [given])):
        return "not begun"
    with judging_elsewhere():
        return judged(exercise, given).found


@pytest.mark.slow
@pytest.mark.table("SOLUTIONS")
def test_a_solution_is_right(answered):
    number, _, _ = answered
    assert found_elsewhere(number, f"SOLUTIONS[{number!r}]()") == "right"


@pytest.mark.slow
@pytest.mark.table("ALSO_RIGHT")
def test_an_answer_right_by_another_way_is_right(answered):
    number, place, _ = answered
    expression = f"ALSO_RIGHT[{number!r}][{place!r}]()"
    assert found_elsewhere(number, expression) == "right"


@pytest.mark.slow
@pytest.mark.table("MISCONCEPTIONS")
def test_a_misconception_is_recognised(answered):
    number, name, _ = answered
    expression = f"MISCONCEPTIONS[{number!r}][{name!r}]()"
    assert found_elsewhere(number, expression) == name


@pytest.mark.slow
@pytest.mark.parametrize(
    "answer", ["None", "1.0", "'?'", "[]", "object()", "lambda: None", "print"]
)
@pytest.mark.parametrize("number", ["1.1", "2.1", "2.3", "4.4", "6.8", "9.1", "9.3"])
def test_something_of_any_kind_is_found_to_be_what_it_is_here(number, answer):
    assert found_elsewhere(number, answer) == check(number, eval(answer)).found


def asked_in_this_process(f):
    """Return a function elsewhere that is not elsewhere, and what it was asked."""
    asked = []

    def ask(question):
        asked.append(len(question.upstream))
        data = [values.encode(each) for each in question.arguments]
        above = [list(map(values.encode, part)) for part in question.upstream]
        return Answered(runner._product(f, data, above)())

    return FunctionElsewhere(ask, "f"), asked


def test_a_tape_gets_derivatives_of_every_order():
    f, asked = asked_in_this_process(lambda x: x**4)
    x = tf.constant(2.0)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        slope = inner.gradient(y, x)
    assert (y, slope, outer.gradient(slope, x)) == (16.0, 32.0, 48.0)
    assert asked == [0, 1, 2]


def test_a_gradient_that_is_none_there_is_none_here():
    f, _ = asked_in_this_process(lambda x: tf.constant(3.0))
    x = tf.constant(2.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    assert tape.gradient(y, x) is None


def test_several_results_have_their_gradients_each_with_respect_to_all():
    f, _ = asked_in_this_process(lambda x, y: [x * y, 3.0, x])
    x, y = tf.constant(2.0), tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch([x, y])
        product, _, same = f(x, y)
    by_x, by_y = tape.gradient([product, same], [x, y])
    assert by_x == 4.0
    assert list(by_y.numpy()) == [2.0, 2.0]


def test_a_figure_arrives_with_its_curves_and_marks():
    _, ax = plt.subplots()
    ax.plot([0.0, 1.0, 2.0], [0.0, 1.0, 4.0], markevery=[1], marker="o")
    ax.axhline(0.5)
    ax.scatter([1.0], [3.0])
    ax.set_xlim(5.0, -5.0)
    drawn = values.decode(json.loads(json.dumps(values.encode(ax))))
    assert drawn.lines[0].get_xydata().tolist() == [[0, 0], [1, 1], [2, 4]]
    assert drawn.lines[0].get_markevery() == [1]
    assert drawn.collections[0].get_offsets().tolist() == [[1.0, 3.0]]
    assert drawn.get_xlim() == (5.0, -5.0)
