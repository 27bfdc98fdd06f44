"""What a notebook shows and stores of a widget."""

import pytest
import tensorflow as tf
from IPython.core.formatters import DisplayFormatter

from gradtape.widgets import explore_descent, explore_tangent, step_through_tape
from gradtape.widgets.explorer import reason

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def published(monkeypatch):
    """Collect what is displayed, as a notebook would."""
    outputs = []
    monkeypatch.setattr(
        "gradtape.display.publish_display_data",
        lambda data, metadata=None: outputs.append((data, metadata)),
    )
    return outputs


@pytest.fixture
def show():
    """Show a value as the last line of a cell does."""
    return DisplayFormatter().format


@pytest.mark.parametrize(
    "make",
    [lambda: explore_tangent(tf.sin), lambda: explore_descent(tf.square, 1.0)],
)
def test_a_figure_with_its_words_stands_for_it(make, published, show):
    explorer = make()
    assert show(explorer) == ({}, {})
    (data, metadata), (hidden, _) = published
    assert data[VIEW]["model_id"] == explorer.model_id
    assert data["text/plain"] == metadata["image/png"]["alt"] == repr(explorer)
    assert data["image/png"].startswith("iVBOR")
    assert data["text/plain"].split(":")[0] in hidden["text/html"]


def test_a_table_stands_for_the_steps(published, show):
    steps = step_through_tape(tf.sin, 2.0)
    show(steps)
    ((data, _),) = published
    assert data[VIEW]["model_id"] == steps.model_id
    assert data["text/plain"] == repr(steps)
    assert "<table>" in data["text/html"]


def test_nothing_of_it_lives_on_after_it_is_closed():
    explorer = explore_tangent(tf.sin)
    explorer.close()
    assert explorer.comm is None
    assert explorer.point.comm is None
    assert explorer.picture.comm is None
    picture = explorer.picture.value
    explorer.point.value = 1.0
    assert explorer.picture.value == picture


def test_the_reason_is_the_sentence_without_tensorflow_s_machinery():
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        tf.debugging.check_numerics(tf.constant(float("nan")), "x went wrong")
    assert reason(caught.value) == "f fails here: x went wrong : Tensor had NaN values"
    assert reason(ZeroDivisionError()) == "f fails here: ZeroDivisionError"
    assert len(reason(ValueError("word " * 100))) < 250
