"""What a reader sees in a notebook after ``gt.start``: one real kernel, several cells."""

import nbformat
import pytest
from nbclient import NotebookClient

CELLS = {
    "start": """
        import gradtape as gt
        import matplotlib.pyplot as plt
        import tensorflow as tf
        gt.start("02", lang="{lang}")
    """,
    "figure": """
        fig, ax = plt.subplots()
        ax.plot([1, 2, 3], [1, 4, 9], label="$f(x)$")
        plt.show()
    """,
    "second gradient": """
        x = tf.Variable(3.0)
        with tf.GradientTape() as tape:
            y = x * x
        tape.gradient(y, x)
        tape.gradient(y, x)
    """,
    "whole traceback": "%tb",
    "chained": """
        def half(word):
            try:
                return tf.constant(word) / 2
            except TypeError:
                raise ValueError("not a number")
        half("seven")
    """,
    "failed import": """
        import importlib
        importlib.import_module("nothing_of_this_name")
    """,
    "warning": """
        import warnings
        warnings.warn("mind the gap")
        tf.get_logger().warning("mind the tape")
    """,
}


def outputs(lang):
    import textwrap

    notebook = nbformat.v4.new_notebook()
    for name, code in CELLS.items():
        code = textwrap.dedent(code).strip().replace("{lang}", lang)
        notebook.cells.append(nbformat.v4.new_code_cell(code, id=name.replace(" ", "")))
    NotebookClient(notebook, allow_errors=True, timeout=120).execute()
    return {
        name: cell.outputs for name, cell in zip(CELLS, notebook.cells, strict=True)
    }


@pytest.fixture(scope="module")
def shown():
    return outputs("en")


def test_start_prints_nothing(shown):
    assert shown["start"] == []


def test_a_figure_is_a_picture_with_words_for_who_cannot_see_it(shown):
    picture, hidden = shown["figure"]
    words = picture.data["text/plain"]
    assert "9" in words and "Figure size" not in words
    assert picture.data["image/png"]
    assert picture.metadata["image/png"]["alt"] == words
    assert words.split()[0] in hidden.data["text/html"]


def test_an_inch_of_a_figure_is_an_inch_of_the_page(shown):
    picture = shown["figure"][0]
    import base64
    import struct

    png = base64.b64decode(picture.data["image/png"])
    width, height = struct.unpack(">II", png[16:24])
    assert width / 144 == pytest.approx(7.2, abs=0.01)
    assert picture.metadata["image/png"]["width"] == round(width / 144 * 96)
    assert picture.metadata["image/png"]["height"] == round(height / 144 * 96)


def test_an_error_shows_the_reader_s_line_and_no_library_s(shown):
    (error,) = shown["second gradient"]
    text = "\n".join(error.traceback)
    assert error.ename == "RuntimeError"
    assert "tape.gradient(y, x)" in text
    assert "site-packages" not in text
    assert "%tb shows them" in text


def test_the_whole_traceback_can_be_asked_for(shown):
    (whole,) = shown["whole traceback"]
    assert "backprop.py" in "\n".join(whole.traceback)


def test_the_error_behind_an_error_is_shown_without_library_lines(shown):
    (error,) = shown["chained"]
    text = "\n".join(error.traceback)
    assert "not a number" in text and "TypeError" in text
    assert "site-packages" not in text


def test_a_failed_import_shows_no_line_of_python_s_own(shown):
    (error,) = shown["failed import"]
    text = "\n".join(error.traceback)
    assert error.ename == "ModuleNotFoundError"
    assert "import_module" in text and "<frozen" not in text


def test_warnings_are_ordinary_text(shown):
    (printed,) = shown["warning"]
    assert printed.name == "stdout"
    assert printed.text.splitlines() == [
        "UserWarning: mind the gap",
        "WARNING: mind the tape",
    ]


def test_products_keep_all_digits_of_float32_on_a_graphics_card():
    import tensorflow as tf

    import gradtape as gt

    tf.config.experimental.enable_tensor_float_32_execution(True)
    gt.start("02")
    assert not tf.config.experimental.tensor_float_32_execution_enabled()


def test_a_lesson_number_that_is_none_is_told():
    import gradtape as gt

    with pytest.raises(ValueError, match=r"lesson is 2; .* two digits"):
        gt.start(2)


def test_a_language_that_is_not_spoken_is_told():
    import gradtape as gt

    with pytest.raises(ValueError, match="lang is 'fr'"):
        gt.start("02", lang="fr")
