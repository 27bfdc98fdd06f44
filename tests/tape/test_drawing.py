"""A drawn tape shows what was calculated, and can be read."""

import itertools
import re
import time

import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from gradtape import language
from gradtape.figures.description import description
from gradtape.tape import draw_tape

WIDTH = 7.2  # inches


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def marks(ax):
    """Return the crosses and rings, which say that nothing or zero comes back."""
    return [line.get_marker() for line in ax.lines]


@pytest.mark.parametrize(
    ("f", "shown"),
    [
        (lambda x: tf.square(tf.constant(3.0)), ["3", "square", "9"]),
        (lambda x: tf.constant(3.0), ["3"]),
    ],
)
def test_result_that_depends_on_no_source_is_drawn_as_what_it_is(f, shown):
    assert texts(draw_tape(f, 2.0)) == ["x = 2", "∂f/∂x = None", *shown]


def loss(w, b):
    inputs, wanted = (
        tf.constant([1.0, 2.0, 3.0, 4.0]),
        tf.constant([2.0, 4.0, 6.0, 8.0]),
    )
    return tf.reduce_mean((w * inputs + b - wanted) ** 2)


def used_again(x):
    sine = tf.sin(x)
    return sine * sine + sine * x


def attention(queries, keys, values):
    scores = tf.matmul(queries, keys, transpose_b=True) / tf.sqrt(2.0)
    return tf.matmul(tf.nn.softmax(scores), values)


def normalisation(x):
    mean = tf.reduce_mean(x, axis=0)
    variance = tf.reduce_mean((x - mean) ** 2, axis=0)
    return tf.reduce_sum((x - mean) / tf.sqrt(variance + 0.001))


def network(inputs, kernel, bias, last):
    hidden = tf.nn.relu(inputs @ kernel + bias)
    return tf.reduce_mean((hidden @ last) ** 2)


def recurrent(x, w):
    state = 0.0 * x[0]
    for step in range(3):
        state = tf.tanh(w * state + x[step])
    return state


def broad(x):
    return tf.add_n([tf.sin(x * float(k)) for k in range(1, 10)])


def long(x):
    for _ in range(50):
        x = 1.1 * tf.sin(x)
    return x


def matrix(*shape):
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


GRAPHS = {
    "power": (lambda x: tf.pow(x=x, y=4), 3.0),
    "two variables": (lambda x, y: 3 * x**2 + 2 * y, 2.0, 3.0),
    "loss": (loss, 0.5, 0.1),
    "used again": (used_again, 1.0),
    "attention": (attention, matrix(3, 2), matrix(3, 2), matrix(3, 2)),
    "normalisation": (normalisation, matrix(4, 2)),
    "network": (network, matrix(4, 2), matrix(2, 3), matrix(3), matrix(3, 1)),
    "recurrent": (recurrent, [0.1, 0.2, 0.3], 0.5),
    "broad": (broad, 0.5),
    "long": (long, 0.5),
    "where": (lambda x: tf.where(x > 0, tf.math.log(x), 0.0), [1.0, 0.0]),
    "zero": (lambda x: 3.0 * tf.nn.relu(x) + 0.5 * x, -2.0),
    "several results": (lambda x, y: (x * y, x + y), 2.0, 3.0),
    "unused": (lambda x, y: x**2, 3.0, 1.0),
    "itself": (lambda x: x, 3.0),
    "lost": (lambda x: float(x) ** 2, 3.0),
}
TANGENTS = {"loss": (1.0, 0.0), "long": 1.0, "used again": 1.0, "power": 1.0}


def overlap(one, other, least=1.0):
    """Tell whether two boxes on the canvas share more than a pixel."""
    return (
        min(one.x1, other.x1) - max(one.x0, other.x0) > least
        and min(one.y1, other.y1) - max(one.y0, other.y0) > least
    )


@pytest.mark.parametrize(
    ("graph", "tangents"),
    [*((graph, None) for graph in GRAPHS), *TANGENTS.items()],
)
def test_nothing_overlaps_and_nothing_is_cut_off(graph, tangents):
    ax = draw_tape(GRAPHS[graph][0], *GRAPHS[graph][1:], tangents=tangents)
    figure = ax.figure
    renderer = figure.canvas.get_renderer()
    letters = {text: text.get_window_extent(renderer) for text in ax.texts}
    frames = [
        patch.get_window_extent(renderer)
        for patch in ax.patches
        if isinstance(patch, FancyBboxPatch)
    ]
    for (one, here), (other, there) in itertools.combinations(letters.items(), 2):
        assert not overlap(here, there), f"{one.get_text()} covers {other.get_text()}"
    for one, other in itertools.combinations(frames, 2):
        assert not overlap(one, other)
    for text, here in letters.items():
        assert text.get_fontsize() >= 7.0
        assert here.x0 >= 0 and here.x1 <= figure.bbox.width
        assert here.y0 >= 0 and here.y1 <= figure.bbox.height
        for frame in frames:
            inside = frame.contains(here.x0, here.y0) and frame.contains(
                here.x1, here.y1
            )
            assert inside or not overlap(here, frame), text.get_text()
    for arrow in ax.patches:
        if isinstance(arrow, FancyArrowPatch):
            path = arrow.get_transform().transform_path(arrow.get_path())
            for line in path.to_polygons(closed_only=False)[:1]:
                ends = np.linspace(0, len(line) - 1, 400)
                points = np.column_stack(
                    [np.interp(ends, range(len(line)), axis) for axis in line.T]
                )
                for text, here in letters.items():
                    across = (points > (here.x0 + 1, here.y0 + 1)).all(axis=1)
                    across &= (points < (here.x1 - 1, here.y1 - 1)).all(axis=1)
                    assert not across.any(), f"an arrow runs through {text.get_text()}"


def test_the_way_back_runs_beside_the_way_forth():
    figure, ax = plt.subplots(figsize=(WIDTH, 3))
    draw_tape(lambda x: tf.sin(x), 1.0, ax=ax)
    figure.canvas.draw()
    arrows = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    forth, back = (arrow.get_path().vertices[:, 1].mean() for arrow in arrows)
    assert back - forth > 0.04  # inches


def test_data_is_named_in_either_precision():
    data = [0.1, 0.2, 0.3]
    for kind in (tf.float32, tf.float64):
        ax = draw_tape(
            lambda x, kind=kind: tf.reduce_sum(x * tf.constant(data, kind)),
            tf.constant(2.0, kind),
        )
        assert any("data" in text for text in texts(ax))


def test_article_power():
    ax = draw_tape(lambda x: tf.pow(x=x, y=4), 3.0)
    assert texts(ax) == ["x = 3", "∂f/∂x = 108", "pow 4", "81", "108"]


def test_article_two_variables():
    ax = draw_tape(lambda x, y: 3 * x**2 + 2 * y, 2.0, 3.0)
    assert {"∂f/∂x = 12", "∂f/∂y = 2", "pow 2", "3 ×", "2 ×", "+", "18"} <= {*texts(ax)}
    assert sorted(t for t in texts(ax) if t in ("12", "3", "1", "2")) == [
        *("1", "1", "12", "12", "2", "3"),
    ]


def test_article_second_derivative():
    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = x**3
        return tape.gradient(y, x)

    assert {"∂f/∂x = 12", "12"} <= {*texts(draw_tape(slope, 2.0))}


def test_article_loss():
    ax = draw_tape(loss, 0.5, 0.1)
    shown = {*texts(ax)}
    assert {"∂f/∂w = −22", "∂f/∂b = −7.3", "mean", "16.135"} <= shown
    assert {"[0.5, 1, 1.5, 2]", "[−0.7, −1.45, −2.2, −2.95]"} <= shown
    assert "wanted = [2, 4, 6, 8]" in shown or "[2, 4, 6, 8]" in shown


def test_sources_and_target_differ_from_the_rest():
    ax = draw_tape(lambda x: tf.exp(tf.sin(x)), 1.0)
    boxes = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    source, middle, target = boxes
    assert source.get_linewidth() > middle.get_linewidth()
    assert (
        np.mean(target.get_facecolor()[:3]) < 0.3 < np.mean(middle.get_facecolor()[:3])
    )


def test_cut_has_a_cross_and_zero_a_ring():
    assert marks(draw_tape(lambda x: 2.0 * tf.round(x), 2.6)) == ["x"]
    assert marks(draw_tape(lambda x: tf.nn.relu(x) + x, -1.0)) == ["o"]
    assert marks(draw_tape(lambda x: tf.exp(x) * x, 1.0)) == []


def test_cut_at_each_kind_of_place():
    for f in (
        lambda x: tf.stop_gradient(x) + x,
        lambda x: tf.cast(tf.cast(x, tf.int32), tf.float32) * x,
        lambda x: float(x) * tf.constant(2.0) + x,
        lambda x: tf.reduce_sum(tf.image.adjust_hue(x * tf.ones((1, 1, 1, 3)), 0.1)),
    ):
        ax = draw_tape(f, 2.5)
        assert marks(ax) == ["x"]
        assert "None" in texts(ax)


def test_gradient_that_is_no_number_has_the_colour_of_what_is_broken():
    ax = draw_tape(lambda x: tf.where(x > 0, tf.math.log(x), 0.0), [1.0, 0.0])
    colours = {text.get_text(): text.get_color() for text in ax.texts}
    assert colours["∂Σf/∂x = [1, NaN]"] == colours["None"] != colours["[1, 0]"]


def test_result_of_several_entries_is_said_to_be_summed():
    assert "∂Σf/∂x = [2, 4]" in texts(draw_tape(lambda x: x**2, [1.0, 2.0]))
    ax = draw_tape(lambda x, y: (x * y, x + y), 2.0, 3.0)
    assert "∂Σf/∂x = 4" in texts(ax)
    assert "sum of all 2 entries" in description(ax.figure)


def test_two_ways_between_the_same_boxes_add_up():
    assert "3 + 3" in texts(draw_tape(lambda x: x * x, 3.0))


def test_numbers_of_the_code_stand_beside_the_sign():
    assert "2 ÷" in texts(draw_tape(lambda x: 2.0 / x, 4.0))
    assert "÷ 2" in texts(draw_tape(lambda x: x / 2.0, 4.0))
    assert "÷ 1.4142" in texts(draw_tape(lambda x: x / tf.sqrt(2.0), 4.0))


def test_detour_through_numpy_leaves_a_number_that_says_so():
    ax = draw_tape(lambda x: np.square(x) * x, 3.0)
    assert {"9 (NumPy)", "×", "27", "∂f/∂x = 9"} <= {*texts(ax)}
    assert "The constant 9 came from NumPy" in description(ax.figure)


def test_matrices_are_drawn_by_shape_and_a_few_numbers():
    ax = draw_tape(tf.linalg.matmul, tf.ones((3, 4)), tf.ones((4, 5)))
    assert {"a = 3×4 [1, 1, …]", "3×5 [4, 4, …]"} <= {*texts(ax)}


def test_keras_layer_has_its_weights_as_sources():
    layer = tf.keras.layers.Dense(2, activation="tanh", name="first")
    layer.build((None, 3))
    ax = draw_tape(lambda x: tf.reduce_sum(layer(x)), tf.ones((1, 3)))
    assert any(text.startswith("first/kernel = 3×2") for text in texts(ax))
    assert any(text.startswith("∂f/∂bias = [") for text in texts(ax))


def test_loop_and_branch_are_drawn_as_they_ran():
    def rounds(x):
        start = (tf.constant(0), tf.constant(1.0))
        return tf.while_loop(lambda n, y: n < 3, lambda n, y: (n + 1, y * x), start)[1]

    assert description(draw_tape(rounds, 2.0).figure) == (
        "Computation graph at x = 2, operations: 3, result: 8. "
        "× (1, x) = 2, gradient 4. × (2, x) = 4, gradient 2. × (4, x) = 8. ∂f/∂x = 12."
    )
    branch = draw_tape(lambda x: tf.cond(x > 0, lambda: x**2, lambda: -x), 3.0)
    assert texts(branch) == ["x = 3", "∂f/∂x = 6", "pow 2", "9", "6"]


def test_tf_function_is_drawn_inside():
    ax = draw_tape(tf.function(lambda x: tf.exp(x) * x), 1.0)
    assert {"exp", "×"} <= {*texts(ax)}


def test_function_with_its_own_gradient_is_one_box():
    @tf.custom_gradient
    def clipped(x):
        return tf.exp(x) * 2.0, lambda upstream: upstream * 5.0

    assert {"clipped", "5"} <= {*texts(draw_tape(lambda x: clipped(x) + x, 1.0))}


def test_side_effect_is_drawn_and_undone():
    state = tf.Variable(2.0)

    def f(x):
        state.assign_add(x)
        return state * x

    ax = draw_tape(f, 3.0)
    assert {"state = 2", "assign +", "5", "None"} <= {*texts(ax)}
    assert float(state) == 2.0


def test_many_operations_are_folded_by_scope_and_said_to_be():
    layers = [tf.keras.layers.Dense(2, activation="tanh") for _ in range(24)]
    model = tf.keras.Sequential([tf.keras.Input((2,)), *layers])
    ax = draw_tape(lambda: tf.reduce_sum(model(tf.ones((1, 2)))))
    assert f"{layers[5].name} (3)" in texts(ax)
    assert "72 operations are folded into 24 boxes" in description(ax.figure)
    assert f"∂f/∂{layers[0].name}/kernel" in description(ax.figure)
    bold = [p for p in ax.patches if isinstance(p, FancyBboxPatch) and p.get_lw() > 1.5]
    assert len(bold) == 24


def test_long_loop_keeps_its_ends():
    ax = draw_tape(long, 0.5)
    assert texts(ax).count("sin") > 4
    (fold,) = [text for text in texts(ax) if text.endswith(")")]
    count = int(fold.split("(")[-1].rstrip(")"))
    assert 100 - count <= 60
    assert f"{count} operations are folded into 1 box" in description(ax.figure)


def test_new_figure_has_the_width_of_the_house_and_grows_downwards():
    flat, tall = (draw_tape(*GRAPHS[name]).figure for name in ("power", "network"))
    assert flat.get_figwidth() == tall.get_figwidth() == WIDTH
    assert flat.get_figheight() < 0.25 * tall.get_figheight()


def test_given_axes_are_drawn_into_and_returned():
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
    assert draw_tape(lambda x: x**2, 3.0, ax=right) is right
    assert texts(right) and not texts(left)
    assert plt.get_fignums() == [figure.number]
    renderer = figure.canvas.get_renderer()
    for text in right.texts:
        extent = text.get_window_extent(renderer)
        assert right.bbox.x0 <= extent.x0 and extent.x1 <= right.bbox.x1


def test_global_state_is_left_alone():
    before = dict(plt.rcParams)
    functions_run_eagerly = tf.config.functions_run_eagerly()
    draw_tape(lambda x: x**2, 3.0)
    assert dict(plt.rcParams) == before
    assert tf.config.functions_run_eagerly() == functions_run_eagerly


def test_dark_style_has_light_letters_on_dark_boxes():
    with plt.style.context("dark_background"):
        ax = draw_tape(lambda x: tf.exp(x) * x, 1.0)
    letters = {text.get_text(): text.get_color() for text in ax.texts}
    assert ax.figure.get_facecolor()[:3] == (0.0, 0.0, 0.0)
    assert letters["x = 1"] == pytest.approx((0.95, 0.95, 0.95), abs=0.01)


def speeds(ax):
    return [text.removeprefix("d/dt = ") for text in texts(ax) if "d/dt" in text]


def both_outputs(v):
    return tf.stack([v[0] ** 2 * v[1], 5.0 * v[0] + tf.sin(v[1])])


def test_forward_mode_stands_on_the_same_graph():
    ax = draw_tape(
        lambda a, b: a**2 * b + (5 * a + tf.sin(b)), 2.0, 3.0, tangents=(1.0, 0.0)
    )
    assert {"∂f/∂a = 17", "∂f/∂b = 3.01"} <= {*texts(ax)}
    assert speeds(ax) == ["1", "0", "4", "12", "5", "0", "5", "17"]
    assert description(ax.figure).endswith(
        "+ (12, 10.141) = 22.141, d/dt = 17. ∂f/∂a = 17. ∂f/∂b = 3.01. "
        "da/dt = 1. db/dt = 0."
    )


@pytest.mark.parametrize(
    ("tangent", "product"), [([1, 0], "[12, 5]"), ([0, 1], "[4, −0.99]")]
)
def test_result_holds_the_jacobian_vector_product(tangent, product):
    assert speeds(draw_tape(both_outputs, [2.0, 3.0], tangents=tangent))[-1] == product


def test_what_is_cut_and_what_is_a_variable_stand_still():
    v = tf.Variable(2.0)
    ax = draw_tape(lambda x: x**2 + v * tf.round(x), 3.0, tangents=1.0)
    assert speeds(ax) == ["1", "6", "0", "0", "0", "6"]


def test_speeds_are_those_of_tensorflow_beside_a_gradient_of_ones_own():
    @tf.custom_gradient
    def squared(x):
        return x * x, lambda upstream: 10.0 * x * upstream

    x = tf.constant(3.0)
    with tf.autodiff.ForwardAccumulator(x, tf.constant(1.0)) as accumulator:
        y = squared(x)
    ax = draw_tape(squared, x, tangents=1.0)
    assert speeds(ax)[-1] == f"{accumulator.jvp(y).numpy():g}"


@pytest.mark.parametrize(
    ("tangents", "said"),
    [
        ((1.0,), "1 tangents for 2"),
        (1.0, "1 tangents for 2"),
        ((1.0, [1.0, 2.0]), r"shape \(2,\) for an argument of shape \(\)"),
    ],
)
def test_tangents_that_do_not_fit_are_refused(tangents, said):
    with pytest.raises(ValueError, match=said):
        draw_tape(lambda a, b: a * b, 1.0, 2.0, tangents=tangents)


def test_description_in_english():
    ax = draw_tape(lambda x, y: 3 * x**2 + 2 * tf.round(y), 2.0, 3.4)
    assert description(ax.figure) == (
        "Computation graph at x = 2, y = 3.4, operations: 5, result: 18. "
        "pow (x, 2) = 4, gradient 3. × (3, 4) = 12, gradient 1. "
        "round (y) = 3, gradient 2. × (2, 3) = 6, gradient 1. + (12, 6) = 18. "
        "None comes back from round to y. ∂f/∂x = 12. ∂f/∂y = None."
    )


def test_description_in_chinese():
    language.set_language("zh")
    ax = draw_tape(lambda x: 2 * tf.nn.relu(x), -3.0)
    assert description(ax.figure) == (
        "x = -3 处的计算图，共 2 个运算，结果为 0。relu (x) = 0，梯度为 2。"
        "× (2、0) = 0。从 relu 到 x 传回的是零。∂f/∂x = 0。"
    )


def test_departure_is_drawn_where_no_result_is_left():
    ax = draw_tape(lambda x: float(x) ** 2, 3.0)
    assert {"float( )", "None"} <= {*texts(ax)}
    assert "x left TensorFlow through float( )" in description(ax.figure)


@pytest.mark.parametrize(
    "f", [lambda x: None, lambda x: np.square(x), lambda x: "text"]
)
def test_nothing_to_draw_is_said(f):
    with pytest.raises(TypeError, match="no tensor.*return the result"):
        draw_tape(f, 3.0)


def test_error_of_the_function_is_its_own():
    with pytest.raises(ZeroDivisionError):
        draw_tape(lambda x: 1 / 0, 3.0)


def test_whole_number_that_should_stay_one_is_explained():
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        draw_tape(tf.gather, [1.0, 2.0, 3.0], 1)
    assert "made floats" in caught.value.__notes__[0]
    with pytest.raises(ZeroDivisionError) as caught:
        draw_tape(lambda x: 1 / 0, 3.0)
    assert not hasattr(caught.value, "__notes__")


def test_an_operation_without_a_gradient_is_named():
    picture = tf.constant([[[[0.9, 0.5, 0.1]]]])
    ax = draw_tape(lambda x: tf.image.adjust_hue(x, 0.1), picture)
    told = description(ax.figure)
    assert "The operation adjust_hue has no gradient." in told
    language.set_language("zh")
    again = draw_tape(lambda x: tf.image.adjust_hue(x, 0.1), picture)
    assert "运算 adjust_hue 没有定义梯度。" in description(again.figure)


def test_a_thousand_terms_are_drawn_at_once_and_their_gradients_are_not_all_written():
    def total(x):
        return tf.add_n([tf.sin(x * number) for number in range(1000)])

    began = time.process_time()
    ax = draw_tape(total, 2.0)
    assert time.process_time() - began < 15
    assert any(re.search(r"\+ … \(\d{3,}\)$", text.get_text()) for text in ax.texts)
    assert max(len(text.get_text()) for text in ax.texts) < 60
