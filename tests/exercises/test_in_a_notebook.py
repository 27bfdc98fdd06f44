"""Checks in a real kernel: shown once, and nothing that an answer does ends it."""

import asyncio
import textwrap

import nbformat
import pytest

from gradtape.authoring.execute import execute

CELLS = {
    "start": """
        import gradtape as gt
        import tensorflow as tf
        from gradtape.exercises import guard

        gt.start("02", lang="en")
        """,
    "right": 'gt.check("2.4", lambda v, c: (1.2e-7 * abs(v / c)) ** 0.5)',
    "exit": """
        def leave(x):
            exit()

        gt.check("2.1", leave)
        """,
    "quit": 'gt.check("2.1", lambda x: quit(keep_kernel=False))',
    "loop": """
        from dataclasses import replace

        from gradtape.exercises import checking, exercise

        quick = replace(exercise.find("2.1"), seconds=0.3)
        find, checking.find = checking.find, lambda number: quick

        def forever(x):
            while True:
                print(x)

        gt.check("2.1", forever)
        """,
    "inside tensorflow": """
        guard._SECONDS_OF_PATIENCE = 0.2
        end = tf.Variable(0.0, dtype=tf.float64)

        @tf.function
        def stuck(x):
            count = 0.0
            while tf.timestamp() < end:
                count += 1.0
            return count

        stuck(0.0)
        backward = lambda x: stuck(0.0)
        end.assign(tf.timestamp() + 1.5)
        gt.check("2.1", backward)
        """,
    "error": """
        checking.find = find

        def backward(x):
            y = tf.exp(-x**2)
            return y, -y, y.numpy().slope

        gt.check("2.1", backward)
        """,
    "alive": "print('alive', leave.__name__, gt.check('2.1', ...).found)",
}


@pytest.fixture(scope="module")
def outputs():
    """Run all cells in one kernel; return what each shows, as text and as HTML."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell(textwrap.dedent(code).strip(), id=name.split()[0])
        for name, code in CELLS.items()
    ]
    failure = asyncio.run(execute(notebook))
    assert failure is None, failure
    return dict(zip(CELLS, (cell.outputs for cell in notebook.cells), strict=True))


def test_a_card_is_shown_once_as_text_and_as_html(outputs):
    (output,) = outputs["right"]
    assert output.data["text/plain"].startswith("✓ 2.4 is right.")
    assert "2.4 is right." in output.data["text/html"]


@pytest.mark.parametrize("name", ["exit", "quit"])
def test_leaving_does_not_end_the_kernel(outputs, name):
    (output,) = outputs[name]
    assert "would end the kernel" in output.data["text/plain"]


def test_an_endless_loop_is_stopped(outputs):
    (output,) = outputs["loop"]
    assert "ran for 0.3 seconds" in output.data["text/plain"]
    assert len(output.data["text/plain"]) < 500


def test_a_loop_inside_tensorflow_gets_a_sentence_below_its_cell(outputs):
    said = outputs["inside tensorflow"][0]
    assert said.name == "stdout"
    assert "Kernel > Restart" in said.text


def test_an_error_names_the_line_in_the_cell(outputs):
    (output,) = outputs["error"]
    text = output.data["text/plain"]
    assert "return y, -y, y.numpy().slope" in text
    assert "AttributeError" in text


def test_the_notebook_lives_on(outputs):
    (output,) = outputs["alive"]
    assert output.text == "alive leave not begun\n"
