"""A function that learners are to repair has the mistakes that are told, and no other."""

from pathlib import Path

import pytest
import tensorflow as tf

import gradtape as gt
from gradtape.authoring.source import read_sources

ROOT = Path(__file__).parents[2]
# Each exercise: what to write in the place of what, one pair a mistake.
REPAIRS = {
    "1.3": [
        ("tf.Variable(at)", "tf.Variable(at, dtype=tf.float32)"),
        ("tf.constant(3)", "tf.constant(3.0)"),
    ],
    "2.2": [
        ("tf.constant(at)", "tf.constant(at, tf.float32)"),
        ("as tape:\n", "as tape:\n        tape.watch(x)\n"),
        ("    y = tf.sqrt", "        y = tf.sqrt"),
    ],
    "3.2": [
        ("GradientTape()", "GradientTape(persistent=True)"),
        ("(z, x)", '(z, x, unconnected_gradients="zero")'),
        ("(z, y)", '(z, y, unconnected_gradients="zero")'),
    ],
    "4.2": [
        ("as outer_tape:\n", "as outer_tape:\n        outer_tape.watch(start)\n"),
        ("    first =", "        first ="),
    ],
    "5.2": [
        (
            "variable = variable - learning_rate * slope",
            "variable.assign_sub(learning_rate * slope)",
        ),
    ],
    "9.2": [
        ("best.assign(tf.reduce_mean", "best = (tf.reduce_mean"),
        ("tf.round(best)", "best"),
        ("w = w - 0.1 * slope", "w.assign_sub(0.1 * slope)"),
    ],
}


def functions_to_repair():
    """Return the code that learners get, by the number of its exercise."""
    found = {}
    for source in read_sources(ROOT).values():
        number = None
        for cell in source.cells:
            if "(repair this" in cell.text:
                number = cell.text.split("Exercise ")[1].split("*")[0]
            elif number and "# BEGIN SOLUTION" in cell.text:
                found[number] = cell.text.partition("# BEGIN SOLUTION")[0]
                number = None
    return found


FUNCTIONS = functions_to_repair()


def test_every_function_to_repair_is_here():
    assert FUNCTIONS.keys() == REPAIRS.keys()


@pytest.mark.parametrize("number", REPAIRS)
def test_repaired_where_it_stands_it_passes(number):
    code = FUNCTIONS[number]
    for mistake, repair in REPAIRS[number]:
        assert code.count(mistake) == 1
        code = code.replace(mistake, repair)
    names = {"tf": tf}
    exec(code, names)  # noqa: S102
    (function,) = (f for name, f in names.items() if f"def {name}(" in code)
    card = gt.check(number, function)
    assert card, card
