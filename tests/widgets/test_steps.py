"""The steps through a tape, and the widget around it."""

import html
import re

import numpy as np
import pytest
import tensorflow as tf

from gradtape.language import set_language
from gradtape.tape.record.record import record
from gradtape.widgets import step_through_tape
from gradtape.widgets.step_sentences import describe_steps
from gradtape.widgets.steps_table import as_html, as_text


def sentences(f, *args):
    return [step.sentence for step in describe_steps(record(f, *args), {})]


def test_forward_one_operation_at_a_time_then_back():
    assert sentences(lambda x: tf.sin(x) * x, 2.0) == [
        "The tape watches x = 2. Nothing is computed yet.",
        "From x: v₁ = sin(x) = sin(2) = 0.9093.",
        "From v₁ and x: v₂ = v₁ × x = 0.9093 × 2 = 1.8186.",
        "v₂ is the result f, and ∂f/∂v₂ = 1.",
        (
            "∂f/∂v₂ = 1 arrives at ×. To v₁ goes ∂f/∂v₂ · ∂v₂/∂v₁ = 1 · 2 = 2. "
            "To x goes ∂f/∂v₂ · ∂v₂/∂x = 1 · 0.9093 = 0.9093."
        ),
        (
            "∂f/∂v₁ = 2 arrives at sin. "
            "To x goes ∂f/∂v₁ · ∂v₁/∂x = 2 · (−0.41615) = −0.83229."
        ),
        "2 ways meet at x and are added: ∂f/∂x = −0.83229 + 0.9093 = 0.077004.",
    ]


def test_the_last_numbers_are_the_tape_s_gradient():
    x = tf.Variable(1.3)
    with tf.GradientTape() as tape:
        y = tf.exp(x) / (1.0 + x**2)
    slope = float(tape.gradient(y, x))
    told = sentences(lambda x: tf.exp(x) / (1.0 + x**2), 1.3)[-1]
    assert float(told.split()[-1].rstrip(".")) == pytest.approx(slope, rel=1e-4)


def test_two_uses_in_one_operation_are_two_places():
    *_, back, end = sentences(lambda x: x * x, 3.0)
    assert back.endswith(
        "To x in place 1 goes 1 · 3 = 3. To x in place 2 goes 1 · 3 = 3."
    )
    assert end == "2 ways meet at x and are added: ∂f/∂x = 3 + 3 = 6."


def test_matrices_are_told_as_a_whole():
    w = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    told = sentences(lambda x: tf.reduce_sum(x @ w), [[1.0, 2.0]])
    assert told[0].startswith("The tape watches x = 1×2 [1, 2] and w = [1, 2; 3, 4].")
    assert "From x and w: v₁ = matmul(x, w) = 1×2 [7, 10]." in told
    assert (
        "∂f/∂v₁ = 1×2 [1, 1] arrives at matmul. matmul makes 1×2 [3, 7] of it for x. "
        "matmul makes [1, 1; 2, 2] of it for w."
    ) in told


def test_a_gradient_that_is_cut_is_told():
    told = sentences(lambda x: tf.round(x) * 2.0, 2.4)
    assert told[-2].endswith("arrives at round. Nothing goes back to x: None.")
    assert told[-1] == "Nothing has come back to x: the gradient is None."


@pytest.mark.parametrize(
    ("f", "x", "words"),
    [
        (lambda x: tf.constant(x.numpy()) * 2.0 + x, 2.0, "leaves TensorFlow through"),
        (lambda x: x.numpy() * 2, 2.0, "the result is no tensor of TensorFlow's"),
        (lambda x: tf.argmax(x), [1.0, 2.0], "the result is made of whole numbers"),
        (lambda x: x * x, [1.0, 2.0], "f is the sum of all entries of v₁"),
        (lambda x: (x * x, x + 1), 2.0, "f is the sum of all entries of v₁ and v₂"),
        (lambda x: x, 2.0, "x is the result itself: ∂f/∂x = 1."),
        (
            lambda x: tf.raw_ops.Bincount(arr=tf.cast(x, tf.int32), size=3, weights=x),
            [1.0, 2.0],
            "the operation bincount has no gradient",
        ),
    ],
)
def test_what_is_out_of_the_ordinary_is_told(f, x, words):
    assert words in " ".join(sentences(f, x))


def test_the_slider_leads_through_the_sentences_and_pictures():
    steps = step_through_tape(lambda x: tf.sin(x) * x, 2.0)
    told, pictures = [], []
    for number in range(steps.step.max + 1):
        steps.step.value = number
        told.append(html.unescape(steps.message.value))
        pictures.append(steps.picture.value)
    assert told == sentences(lambda x: tf.sin(x) * x, 2.0)
    assert len(set(pictures)) == len(pictures)
    for number in reversed(range(steps.step.max + 1)):
        steps.step.value = number
        assert steps.picture.value == pictures[number]


def test_play_and_slider_go_together():
    steps = step_through_tape(tf.sin, 2.0)
    steps.play.value = 2
    assert steps.step.value == 2
    steps.step.value = 1
    assert steps.play.value == 1


def test_the_table_holds_every_step_as_text_and_as_html():
    steps = describe_steps(record(lambda x: tf.sin(x) * x, 2.0), {})
    lines = as_text(steps).split("\n")
    for line, step in zip(lines, steps, strict=True):
        assert line.endswith(f"  {step.sentence}")
    cells = re.findall(r"<td[^>]*>(.*?)</td>", as_html(steps))
    assert [html.unescape(cell) for cell in cells[2::3]] == [s.sentence for s in steps]
    assert cells[1::3].count("back") == 4


def test_sixty_nodes_and_more():
    def deep(x):
        for _ in range(25):
            x = x * tf.sin(x)
        return x

    steps = step_through_tape(deep, 1.5)
    assert steps.step.max == 50 + 1 + 50 + 1
    steps.step.value = steps.step.max
    assert "∂f/∂x" in steps.message.value
    steps = step_through_tape(lambda x: deep(deep(x)), 1.5)
    assert "operations (" in repr(steps)


def test_f_is_called_once_and_variables_keep_their_values():
    calls, v = [], tf.Variable(1.0)

    def f(x):
        calls.append(x)
        v.assign_add(1.0)
        return v * x

    step_through_tape(f, 2.0)
    assert len(calls) == 1
    assert float(v) == 1.0


def test_in_chinese():
    set_language("zh")
    steps = step_through_tape(tf.sin, 2.0)
    steps.step.value = 1
    assert steps.message.value == "由 x 得：v₁ = sin(x) = sin(2) = 0.9093。"
    assert not re.search(r"[A-Za-z]{4,}", repr(steps).replace("sin", ""))


@pytest.mark.parametrize("error", [ZeroDivisionError, ValueError])
def test_what_f_raises_is_raised(error):
    def f(x):
        raise error

    with pytest.raises(error):
        step_through_tape(f, 1.0)


def test_what_is_no_function_is_told():
    with pytest.raises(TypeError, match="cannot be called"):
        step_through_tape(np.float64(3.0))
