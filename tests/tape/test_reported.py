"""Questions that people brought: the right cause in both forms, and repairs that work."""

import html

import numpy as np
import pytest
import tensorflow as tf
from tests.tape import (
    healthy_programs,
    reported,
    reported_fresh,
    reported_further,
    reported_programs,
)
from tests.tape import reported_runs as runs

from gradtape.language import set_language

CASES = (
    reported.CASES
    | reported_further.CASES
    | reported_programs.CASES
    | reported_fresh.CASES
    | healthy_programs.CASES
)
BROKEN = [name for name in CASES if not name.startswith(("healthy", "noted"))]
NOTED = [name for name in CASES if name.startswith("noted")]


@pytest.mark.parametrize("name", CASES)
def test_tape_has_the_right_cause(name):
    case = CASES[name]
    diagnosis = runs.of_the_tape(case, name)
    assert diagnosis.causes == case.causes
    assert bool(diagnosis.reasons) is (name in BROKEN)


@pytest.mark.parametrize("name", CASES)
def test_function_has_the_right_cause(name):
    case = CASES[name]
    diagnosis = runs.of_the_function(case, name)
    expected = case.causes if case.in_function is None else case.in_function
    assert diagnosis.causes == expected
    assert bool(diagnosis.reasons) is (name in BROKEN)


@pytest.mark.parametrize("name", NOTED)
def test_a_number_that_may_surprise_is_not_called_right(name):
    for diagnosis in (
        runs.of_the_tape(CASES[name], name),
        runs.of_the_function(CASES[name], name),
    ):
        assert diagnosis.note
        assert "Nothing wrong" not in str(diagnosis)


@pytest.mark.parametrize("name", [name for name in BROKEN if CASES[name].true])
def test_repair_gives_the_true_gradient(name):
    case = CASES[name]
    reasons = runs.of_the_tape(case, name).reasons
    assert any(reason.changes for reason in reasons)
    answers, truth = runs.mended(case, name, reasons)
    for answer, true in zip(
        tf.nest.flatten(answers), _flat(truth, answers), strict=True
    ):
        assert answer is not None
        np.testing.assert_allclose(
            tf.convert_to_tensor(answer), true, rtol=1e-3, atol=1e-3
        )


# Stand-ins for a step pass a gradient on that is none of the step; at a kink, and at a
# point without a limit, there is no derivative.
INEXACT = {"P15", "P24"}


@pytest.mark.parametrize("name", [name for name in BROKEN if not CASES[name].true])
def test_a_repair_passes_the_gradient_of_the_new_code_on(name):
    case = CASES[name]
    diagnosis = runs.of_the_tape(case, name)
    if not any(reason.changes for reason in diagnosis.reasons):
        pytest.skip("no repair that could be put into the code")
    try:
        answer, slope = runs.mended_and_measured(case, name, diagnosis.reasons)
    except tf.errors.InvalidArgumentError:
        assert not diagnosis.causes  # The value itself is none: the repair says where.
        return
    for gradient in tf.nest.flatten(answer):
        assert gradient is not None
        assert np.all(np.isfinite(tf.convert_to_tensor(gradient)))
    if slope is not None and not INEXACT & set(diagnosis.causes):
        inside = np.isfinite(slope)  # At the edge of a domain they say nothing.
        assert np.any(inside)
        np.testing.assert_allclose(
            np.asarray(answer)[inside], slope[inside], rtol=0.02, atol=0.02
        )


def _flat(truth, answers):
    """Return the truth part by part; a list of numbers is one tensor."""
    if len(tf.nest.flatten(answers)) == 1:
        return [
            np.asarray(
                tf.convert_to_tensor(
                    tf.nest.flatten(truth)[0]
                    if tf.is_tensor(tf.nest.flatten(truth)[0])
                    and len(tf.nest.flatten(truth)) == 1
                    else truth
                )
            )
        ]
    return tf.nest.flatten(truth)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "name",
    ["forum: scaled by scikit-learn", "forum: a table indexed by a learned place"],
)
def test_says_in_a_line_of_its_own_that_there_is_no_repair(name, lang):
    set_language(lang)
    diagnosis = runs.of_the_tape(CASES[name], name)
    (reason,) = diagnosis.reasons
    assert reason.without_repair
    assert f"  {reason.without_repair}" in str(diagnosis).splitlines()
    assert html.escape(reason.without_repair) in diagnosis._repr_html_()


@pytest.mark.parametrize("name", BROKEN)
def test_text_is_whole(name):
    """No sentence has a hole in it, and none blames gradtape."""
    text = str(runs.of_the_tape(CASES[name], name))
    for hole in (
        "None was",
        "  at \n",
        ": :",
        "<built-in",
        "object at 0x",
        "mistake in",
    ):
        assert hole not in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("forum: the variables of a copy of the model", "other variables: sequential"),
        ("forum: columns scaled by a spread of 0", "÷ had no value to give"),
        ("forum: the reward of an action that was drawn", "log-probability"),
        ("forum: a metric for a loss", "keras.losses"),
        (
            "forum: a custom gradient without what arrives",
            "return upstream * (2.0 * x)",
        ),
        ("38211: variables of TensorFlow's in a layer", ".factors, a tf.Variable"),
        (
            "forum: columns of the points, taken before the network",
            "tape.watch(points)",
        ),
        ("forum: a gradient that sixty steps made 0", "vanishes"),
        ("noted: a straight-through estimator that cancels", "cancels"),
    ],
)
def test_says_what_to_do_instead(name, words):
    assert words in str(runs.of_the_tape(CASES[name], name))
