"""A widget or a drawn tape as a page: complete, small, and true to the numbers."""

import json
import re

import matplotlib.pyplot as plt
import pytest
import tensorflow as tf

import gradtape as gt
from gradtape.language import set_language

BOWL = (2.0, 1.5)


def loss(w, b):
    x, y = tf.constant([1.0, 2.0, 3.0, 4.0]), tf.constant([2.0, 4.0, 6.0, 8.0])
    return tf.reduce_mean((w * x + b - y) ** 2)


def deep(x):
    for _ in range(40):
        x = tf.sin(x) * 1.1 + 0.1 * x
    return x


MADE = {
    "a drawn tape": lambda: gt.draw_tape(loss, 0.5, 0.1),
    "a folded tape": lambda: gt.draw_tape(deep, 0.3),
    "steps": lambda: gt.step_through_tape(lambda x: (2 * x + 1) ** 3, 1.5),
    "a tangent": lambda: gt.explore_tangent(lambda x: x**3 - 3 * x, (-2.5, 2.5)),
    "a descent on a curve": lambda: gt.explore_descent(lambda x: x**4 - 3 * x**2, 2.0),
    "a descent over a plane": lambda: gt.explore_descent(
        lambda x, y: x**2 + 4 * y**2, BOWL
    ),
}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def saved(thing, tmp_path):
    return gt.save_html(thing, tmp_path / "page.html").read_text("utf-8")


def data_of(page):
    (found,) = re.findall(
        r'<script type="application/json">(.*?)</script>', page, re.DOTALL
    )
    return json.loads(found)


@pytest.mark.parametrize("name", MADE)
def test_a_page_needs_no_network_and_is_small(name, tmp_path):
    page = saved(MADE[name](), tmp_path)
    assert not re.search(r"https?:|src=|<link|@import|url\((?!#)", page)
    assert len(page.encode()) < 150_000
    assert page.count("<svg") == 1


def test_an_arrow_says_the_local_derivative_times_what_arrives(tmp_path):
    data = data_of(saved(gt.draw_tape(lambda x: (2 * x + 1) ** 3, 1.5), tmp_path))
    said = " ".join(sentence for told in data["parts"].values() for sentence in told)
    assert "∂f/∂v₃ · ∂v₃/∂v₂ = 1 · 48 = 48" in said
    assert "∂f/∂x = 96" in said


def test_a_box_says_how_fast_its_value_moves(tmp_path):
    drawn = gt.draw_tape(lambda x: (2 * x + 1) ** 3, 1.5, tangents=1.0)
    page = saved(drawn, tmp_path)
    said = [words for told in data_of(page)["parts"].values() for words in told]
    assert {"dx/dt = 1", "dv₃/dt = 96"} <= {*said}
    assert page.count(">d/dt = ") == 4


def test_the_steps_are_those_of_the_widget(tmp_path):
    widget = gt.step_through_tape(lambda x: x**2, 3.0)
    steps = data_of(saved(widget, tmp_path))["steps"]
    for number, step in enumerate(steps):
        widget.step.value = number
        assert step["says"] == widget.message.value


def test_a_tangent_has_tensorflow_s_numbers_at_every_place(tmp_path):
    data = data_of(saved(gt.explore_tangent(tf.sin, (-3, 3)), tmp_path))
    x, value, slope, said = data["places"][150]
    assert (value, slope) == pytest.approx((float(tf.sin(x)), float(tf.cos(x))), 1e-5)
    assert said.startswith("x = 1.5")


def test_where_f_has_no_tangent_the_page_says_why(tmp_path):
    data = data_of(saved(gt.explore_tangent(tf.abs, (-1, 1)), tmp_path))
    _, value, _, said = data["places"][100]
    assert value is None and "corner" in said


def test_a_path_ends_where_descent_ends(tmp_path):
    widget = gt.explore_descent(lambda x: x**2, 2.0)
    data = data_of(saved(widget, tmp_path))
    rate = (
        data["rates"].index(0.501) if 0.501 in data["rates"] else len(data["rates"]) - 5
    )
    widget.learning_rate.value = data["rates"][rate]
    said = data["paths"][0][rate][2]
    assert said.replace("\u2003", " ")[:8] == widget.message.value[:8]
    assert all(len(row) == len(data["rates"]) for row in data["paths"])


def test_a_page_speaks_chinese(tmp_path):
    set_language("zh")
    page = saved(gt.draw_tape(lambda x: x**2, 3.0), tmp_path)
    assert 'lang="zh-Hans"' in page and "下一步" in page


def test_names_of_a_learner_s_cannot_end_the_script(tmp_path):
    v = tf.Variable(2.0, name="w")
    page = saved(gt.draw_tape(lambda: v * tf.constant(3.0, name="a")), tmp_path)
    assert page.count("</script>") == 2


def test_other_figures_are_refused_with_what_to_do(tmp_path):
    with pytest.raises(TypeError, match="step_through_tape.*savefig"):
        gt.save_html(gt.plot_tangent(tf.sin, at=1.0), tmp_path / "page.html")
