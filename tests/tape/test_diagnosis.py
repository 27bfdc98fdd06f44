"""What a diagnosis says and shows, and what it leaves as it was."""

import html.parser
import re

import keras
import numpy as np
import pytest
import tensorflow as tf
from tests.tape import broken

import gradtape as gt
from gradtape import content
from gradtape.language import set_language
from gradtape.tape.diagnosis.catalogue import PITFALLS
from gradtape.tape.diagnosis.reason import Reason


def test_nothing_wrong_is_said_with_the_way_to_check_the_number():
    diagnosis = gt.explain_gradient(lambda x: x**2, 3.0)
    assert diagnosis.causes == diagnosis.reasons == ()
    assert str(diagnosis) == (
        "Nothing wrong was found with this gradient; gt.check_gradients compares the "
        "number itself.\n  ∂/∂x = 6"
    )


def test_gradient_that_lacks_a_part_is_told_from_what_it_should_be():
    diagnosis = gt.explain_gradient(lambda x: np.square(x) * x, 3.0)
    assert diagnosis.sources[0].text == "9"
    assert "about 27" in str(diagnosis)
    assert diagnosis.reasons[0].operation == "np.square"


def test_looking_for_a_lacking_part_is_not_heard_and_leaves_variables_alone(capsys):
    scale, calls = tf.Variable(3.0), []

    def f(x):
        calls.append(float(x))
        print("called")
        return np.square(scale) * scale * x

    assert gt.explain_gradient(f, 2.0).causes == ("P5",)
    assert capsys.readouterr().out == "called\n"
    assert float(scale) == 3.0
    assert len(calls) > 1


def test_detour_on_a_recorded_tape_is_pointed_out():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = np.square(x) * x
    diagnosis = gt.explain_gradient(tape, y, x)
    assert diagnosis.causes == ()
    assert "np.square" in diagnosis.summary
    assert "gt.check_gradients" in diagnosis.summary


def test_factor_that_is_no_zero_hides_no_branch():
    """A product with a constant is a choice between branches only where it has zeros."""
    steep = gt.explain_gradient(lambda x: 3.0 * tf.square(x**0.5), 0.0)
    assert steep.causes == ("P17",)


def newton_step(f, p, *, is_inside, watches=True):
    """Return a step, by tapes of its own; the first derivative in or after the block."""
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            if watches:
                outer.watch(p)
                inner.watch(p)
            y = f(p)
        if is_inside:
            g = inner.gradient(y, p)
    if not is_inside:
        g = inner.gradient(y, p)
    return p - tf.linalg.matvec(outer.jacobian(g, p), g)


def bowl(p):
    return p[0] ** 2 * p[1] + p[1] ** 2


P = tf.constant([1.0, 2.0])


def test_jacobian_of_a_gradient_is_found_healthy():
    diagnosis = gt.explain_gradient(
        lambda p: tf.reduce_sum(newton_step(bowl, p, is_inside=True)), P
    )
    assert diagnosis.causes == ()


def test_what_a_jacobian_does_inside_is_not_the_learners():
    diagnosis = gt.explain_gradient(lambda: newton_step(bowl, P, is_inside=False))
    assert diagnosis.causes == ("P10",)
    assert "ag__" not in str(diagnosis)


def test_question_about_a_gradient_that_is_none_is_no_cause_of_its_own():
    diagnosis = gt.explain_gradient(
        lambda: newton_step(bowl, P, is_inside=True, watches=False)
    )
    assert diagnosis.causes == ("P1",)


def test_of_several_tapes_the_one_that_does_not_watch_is_named():
    def bend(x):
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = x**3
            slope = inner.gradient(y, x)
        return outer.gradient(slope, x)

    x = tf.constant(2.0)
    (reason,) = gt.explain_gradient(lambda: bend(x)).reasons
    assert reason.title == "outer does not watch it"
    assert "outer.watch(x)" in reason.repair
    set_language("zh")
    (reason,) = gt.explain_gradient(lambda: bend(x)).reasons
    assert reason.title == "outer 没有监视它"


def test_none_on_purpose_is_not_called_wrong():
    diagnosis = gt.explain_gradient(lambda x: tf.stop_gradient(x) * 2.0, 3.0)
    assert diagnosis.causes == ()
    assert diagnosis.summary == (
        "∂/∂x is None on purpose: tf.stop_gradient cuts the way from the result back to it."
    )
    w = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.stop_gradient(w) ** 2
    assert "on purpose" in gt.explain_gradient(tape, y, w).summary


def test_whole_target_is_mended_by_what_was_cast():
    (reason,) = gt.explain_gradient(lambda x: tf.cast(x**2, tf.int32), 3.0).reasons
    assert (reason.cause, reason.repair) == ("P2", "y = x ** 2  # before tf.cast")
    w = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.cast(tf.sin(w) * 9.0, tf.int32)
    (reason,) = gt.explain_gradient(tape, y, w).reasons
    assert reason.cause == "P2"
    assert reason.repair == "tape.gradient(tf.sin(w) * 9.0, w)  # before tf.cast"


def test_variable_that_is_not_trained_needs_no_model():
    state = tf.Variable(3.0, trainable=False)
    (reason,) = gt.explain_gradient(lambda v: v**2, state).reasons
    assert reason.cause == "P20"
    assert "model" not in reason.repair + reason.why


def test_each_source_has_its_gradient_and_its_causes():
    diagnosis = gt.explain_gradient(lambda a, b, c: a**2 + tf.round(b), 3.0, 1.2, 5.0)
    assert [each.name for each in diagnosis.sources] == ["a", "b", "c"]
    assert [each.text for each in diagnosis.sources] == ["6", "None", "None"]
    assert [each.causes for each in diagnosis.sources] == [(), ("P15",), ("P11",)]
    assert diagnosis.causes == ("P11", "P15")


def test_place_is_the_operation_and_the_line():
    def f(x):
        y = tf.sin(x)
        return tf.floor(y)

    (reason,) = gt.explain_gradient(f, 1.0).reasons
    assert reason.operation == "floor"
    assert reason.line.text == "return tf.floor(y)"
    assert "floor" in reason.where
    assert "return tf.floor(y)" in reason.where


def test_place_of_what_a_tape_does_not_know_is_read_from_the_code():
    x = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = tf.constant(np.cosh(x))
    (reason,) = gt.explain_gradient(tape, y, x).reasons
    assert reason.operation == "np.cosh"
    assert reason.line.text == "y = tf.constant(np.cosh(x))"
    assert reason.repair == "y = tf.cosh(x)"


def test_repair_is_made_of_the_learners_names():
    weight = tf.Variable(2.0)
    with tf.GradientTape() as my_tape:
        inner = weight * 3.0
    cost = inner**2
    (reason,) = gt.explain_gradient(my_tape, cost, weight).reasons
    assert reason.repair.splitlines() == [
        "with tf.GradientTape() as my_tape:",
        "    ...",
        "    cost = inner**2",
        "my_tape.gradient(cost, weight)",
    ]


def test_repair_of_a_lost_variable_assigns_in_place():
    rate, w = 0.1, tf.Variable(2.0)
    w = w - rate * 4.0
    with tf.GradientTape() as tape:
        loss = w**2
    (reason,) = gt.explain_gradient(tape, loss, w).reasons
    assert reason.repair == "w.assign_sub(rate * 4.0)"


def test_gradients_are_in_the_diagnosis_of_a_tape_that_is_used_up_by_it():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x**2
    diagnosis = gt.explain_gradient(tape, y, x)
    assert float(diagnosis.sources[0].gradient) == 6.0
    with pytest.raises(RuntimeError, match="non-persistent"):
        tape.gradient(y, x)


def test_two_questions_on_one_line_are_told_apart():
    def slopes(x, y):
        x, y = tf.Variable(x), tf.Variable(y)
        with tf.GradientTape(persistent=True) as tape:
            z = tf.sin(x)
        return [tape.gradient(z, x), tape.gradient(z, y)]

    diagnosis = gt.explain_gradient(lambda: slopes(1.0, 2.0))
    assert diagnosis.causes == ("P11",)
    assert "z was computed without y" in str(diagnosis)


def test_persistent_tape_can_be_asked_again():
    x = tf.Variable(3.0)
    with tf.GradientTape(persistent=True) as tape:
        y = tf.round(x)
    assert gt.explain_gradient(tape, y, x).causes == ("P15",)
    assert gt.explain_gradient(tape, y, x).causes == ("P15",)


def test_used_up_tape_is_asked_again_with_the_answer_that_it_gave():
    x = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        y = tf.sqrt(x)
    tape.gradient(y, x)
    diagnosis = gt.explain_gradient(tape, y, x)
    assert diagnosis.causes == ("P17",)
    assert diagnosis.sources[0].text == "∞"


def test_answer_of_an_older_cell_is_not_taken_for_another_question():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x**2
    slope = tape.gradient(y, x)
    x = tf.constant(2.0)
    with tf.GradientTape() as tape:
        y = tf.sin(x)
    tape.gradient(y, x)
    diagnosis = gt.explain_gradient(tape, y, x)
    assert float(slope) == 6.0
    assert diagnosis.causes == ("P1",)
    assert diagnosis.sources[0].gradient is None


def test_used_up_tape_without_an_answer_is_said_so():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.square(x)
        z = 3.0 * y
    tape.gradient(y, x)
    diagnosis = gt.explain_gradient(tape, z, x)
    assert diagnosis.causes == ("P8",)
    assert "persistent=True" in str(diagnosis)
    assert "None" not in str(diagnosis)


def test_target_and_sources_may_be_given_by_name():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        y = x**2
    assert gt.explain_gradient(tape, sources=x, target=y).causes == ("P1",)


@pytest.mark.parametrize(
    "call",
    [
        lambda tape, y, x: tape.gradient(target=y, sources=x),
        lambda tape, y, x: tape.gradient(y, sources=x),
        lambda tape, y, x: tape.gradient(y, x, None),
    ],
)
def test_a_tape_within_a_function_may_be_asked_in_any_way(call):
    def slope(x):
        with tf.GradientTape() as tape:
            y = x**2
        return call(tape, y, x)

    assert gt.explain_gradient(slope, tf.constant(3.0)).causes == ("P1",)


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("x = tf.constant(1.0)\nwith tape:\n    y = x**2", "P1"),
        ("x = tf.Variable(3)\nwith tape:\n    y = x**2", "P2"),
        ("x = tf.Variable(3.0)\nwith tape:\n    y = x**2\ny = 2 * y", "P3"),
        ("x = tf.Variable(3.0)\nwith tape:\n    y = float(x**2)", "P5"),
        ("x, z = tf.Variable(3.0), tf.Variable(1.0)\nwith tape:\n    y = z**2", "P11"),
        ("x = tf.Variable(3.2)\nwith tape:\n    y = tf.round(x)", "P15"),
        ("x = tf.Variable(0.0)\nwith tape:\n    y = tf.sqrt(x)", "P17"),
        ("x = tf.Variable(-1.0)\nwith tape:\n    y = tf.nn.relu(x)", "P27"),
    ],
)
def test_code_that_cannot_be_read_is_diagnosed_by_the_tape(code, cause):
    names = {"tf": tf, "gt": gt, "tape": tf.GradientTape()}
    exec(code + "\nresult = gt.explain_gradient(tape, y, x)", names)  # noqa: S102
    assert names["result"].causes == (cause,)


def test_function_is_called_once():
    calls = []
    gt.explain_gradient(lambda x: calls.append(x) or tf.round(x), 1.5)
    assert len(calls) == 1


def test_function_that_needs_whole_numbers_is_called_a_second_time():
    calls = []

    def power(x, n):
        calls.append(n)
        result = x
        for _ in range(n - 1):
            result = result * x
        return result

    assert gt.explain_gradient(power, 2.0, 3).causes == ()
    assert len(calls) == 2
    assert calls[1] == 3


def test_variables_keep_their_values():
    w, counter = tf.Variable(2.0), tf.Variable(0)
    optimizer = tf.keras.optimizers.SGD(0.1)

    def step(x):
        with tf.GradientTape() as tape:
            loss = (w * x) ** 2
        counter.assign_add(1)
        optimizer.apply_gradients([(tape.gradient(loss, w), w)])
        return loss

    assert gt.explain_gradient(step, 3.0).causes == ()
    assert (float(w), int(counter)) == (2.0, 0)


def test_tape_and_variables_of_the_learner_stay_as_they_are():
    x, total = tf.Variable(2.0), tf.Variable(0.0)
    with tf.GradientTape(persistent=True) as tape:
        total.assign(x**2)
        y = total * 2.0
    assert gt.explain_gradient(tape, y, x).causes == ("P7",)
    assert (float(x), float(total)) == (2.0, 4.0)
    assert tape.gradient(y, total).numpy() == 2.0


def test_reading_the_code_runs_none_of_it():
    x, runs = tf.Variable(2.0), []

    def shifted(v):
        runs.append(1)
        return tf.constant(np.add(v, 1.0))

    with tf.GradientTape() as tape:
        y = shifted(x)
    assert gt.explain_gradient(tape, y, x).causes == ("P5",)
    assert len(runs) == 1


def test_errors_of_the_function_are_its_own():
    with pytest.raises(ZeroDivisionError):
        gt.explain_gradient(lambda x: 1 / 0, 1.0)


def test_error_that_a_missing_gradient_leads_to_is_explained_instead():
    def step(x):
        with tf.GradientTape() as tape:
            y = x**2
        return x - 0.1 * tape.gradient(y, x)

    assert gt.explain_gradient(step, tf.constant(1.0)).causes == ("P1",)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((3.0,), r"f is 3\.0, which is neither a function nor a tape"),
        ((lambda x: None, 1.0), r"f returned None.*forget"),
        ((tf.GradientTape(), None, 1.0), r"the target is None"),
    ],
)
def test_what_cannot_be_explained_is_said_with_its_value(given, message):
    with pytest.raises(TypeError, match=message):
        gt.explain_gradient(*given)


@pytest.mark.parametrize(
    "given",
    [(3.0,), (lambda x: None, 1.0), (tf.GradientTape(), None, 1.0)],
)
def test_refusals_are_in_chinese_too(given):
    set_language("zh")
    with pytest.raises(TypeError, match="请|是不是"):
        gt.explain_gradient(*given)


@pytest.mark.parametrize("row", PITFALLS)
def test_every_sentence_stands_in_both_languages(row):
    reason = Reason(row, "x", operation="log", tape="tape")
    for text in (reason.title, reason.why):
        assert text.isascii()
    set_language("zh")
    for text in (reason.title, reason.why):
        assert re.search("[\u4e00-\u9fff]", text)
    assert reason.why.endswith("。")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_text_holds_no_path_and_no_address(lang):
    set_language(lang)
    for name in (
        "cell_numpy",
        "numpy_in_a_layer",
        "all_variables_of_a_normalised_model",
    ):
        shown = broken.CASES[name][1]()
        for text in (repr(shown), shown._repr_html_()):
            assert not re.search(r"0x[0-9a-f]{6}|\.py|<cell|/home|/tmp|object at", text)


def test_same_question_has_the_same_answer():
    def ask():
        return gt.explain_gradient(
            lambda x, y: tf.norm(x) + tf.round(y), [0.0, 0.0], 1.2
        )

    assert repr(ask()) == repr(ask())


def test_html_is_escaped_and_well_formed():
    (reason,) = (
        shown := gt.explain_gradient(lambda x: tf.cast(x < 2.0, tf.float32), 1.0)
    ).reasons
    page = shown._repr_html_()
    assert "x &lt; 2.0" in page
    assert reason.cause in page
    parser = _Balanced()
    parser.feed(page)
    assert parser.open == []


class _Balanced(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag != "br":
            self.open.append(tag)
        assert "color" not in dict(attrs).get("style", "")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_many_variables_are_named_shortly():
    model = tf.keras.Sequential([tf.keras.layers.Dense(1) for _ in range(4)])
    model.build((None, 1))
    x = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        loss = x**2
    shown = str(gt.explain_gradient(tape, loss, model.trainable_variables))
    assert "and 4 more" in shown


def test_inside_a_compiled_function_the_diagnosis_still_answers():
    found = []
    x, w = tf.Variable(2.0), tf.Variable(1.0)

    @tf.function(autograph=False)
    def step():
        with tf.GradientTape() as tape:
            y = x**2
        found.append(gt.explain_gradient(tape, y, [x, w]))
        return y

    step()
    assert found[0].causes == ("P11",)


def test_number_leads_to_its_section_from_anywhere(monkeypatch):
    monkeypatch.setattr(content, "_open_lessons", [])
    diagnosis = gt.explain_gradient(lambda x: tf.round(x), 1.5)
    assert "<a " not in diagnosis._repr_html_()
    assert "Lesson 12 shows and repairs each: section P15" in str(diagnosis)
    assert "section P15" in diagnosis._repr_html_()
    monkeypatch.setattr(content, "_site", lambda: "https://example.org/gradtape/")
    page = "https://example.org/gradtape/en/lessons/12_the_pitfalls_one_by_one.html#p15"
    assert page in str(diagnosis)
    assert f'<a href="{page}">P15</a> · x' in diagnosis._repr_html_()
    monkeypatch.setattr(content, "_open_lessons", ["09"])
    page = diagnosis._repr_html_()
    assert '<a href="12_the_pitfalls_one_by_one.ipynb#P15">P15</a> · x' in page
    assert "Lesson 12" not in str(diagnosis)


def test_tape_without_a_block_is_not_called_used_up():
    x = tf.Variable(3.0)

    def step():
        tape = tf.GradientTape()
        y = x**2
        return tape.gradient(y, x)

    tape = tf.GradientTape()
    y = x**2
    for diagnosis in (gt.explain_gradient(tape, y, x), gt.explain_gradient(step)):
        (reason,) = diagnosis.reasons
        assert (reason.cause, reason.kind) == ("P3", "no block")
        assert "answered before" not in str(diagnosis)


def test_target_without_anything_in_it_is_refused():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        tf.square(x)
    with pytest.raises(TypeError, match="the target is empty"):
        gt.explain_gradient(tape, [], x)


def test_source_that_is_an_expression_is_not_assigned_to():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x**2
    (reason,) = gt.explain_gradient(tape, y, (each for each in [x])).reasons
    assert (reason.cause, reason.repair) == ("P1", "")
    assert "a list of them" in reason.without_repair


def test_variable_as_target_that_was_added_to():
    w, total = tf.Variable(2.0), tf.Variable(0.0)
    with tf.GradientTape() as tape:
        total.assign_add(w * 3.0)
    (reason,) = gt.explain_gradient(tape, total, w).reasons
    assert (reason.cause, reason.repair) == ("P7", "total = total + w * 3.0")


def test_nan_is_said_to_have_been_in_the_data():
    w, data = tf.Variable([1.0, 2.0]), tf.constant([[1.0, float("nan")], [2.0, 3.0]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.linalg.matvec(data, w) ** 2)
    (reason,) = gt.explain_gradient(tape, loss, w).reasons
    assert (reason.operation, reason.kind) == ("matmul", "data")


def test_mean_of_nothing_is_no_point_outside_a_domain():
    w = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.boolean_mask(w * 2.0, [False, False]))
    (reason,) = gt.explain_gradient(tape, loss, w).reasons
    assert reason.kind == "empty"


def test_numbers_that_a_model_returns_are_named_by_the_method():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    x, y = np.ones((4, 2), "float32"), np.ones((4, 1), "float32")
    with tf.GradientTape() as tape:
        loss = model.evaluate(x, y, verbose=0)
    (reason,) = gt.explain_gradient(tape, loss, model.trainable_variables).reasons
    assert (reason.cause, reason.operation) == ("P5", "evaluate")


@pytest.mark.parametrize(
    ("f", "causes"),
    [
        (lambda x: tf.norm(x, axis=1), ()),
        (lambda x: tf.tanh(x @ tf.ones([3, 1])), ()),
        (lambda x: tf.cumsum(x[:, 0]), ("P12",)),
        (lambda x: tf.cumsum(x[:, 0], reverse=True), ("P12",)),
        (lambda x: (x - tf.reduce_mean(x, axis=0))[:, 0], ("P12",)),
        (lambda x: tf.nn.softmax(x), ("P12",)),
    ],
)
def test_sum_over_a_batch_is_told_where_its_rows_mix(f, causes):
    x = tf.constant([[0.1, 0.2, 0.3], [0.5, -0.4, 0.6], [0.9, 0.7, -0.8]])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    assert gt.explain_gradient(tape, y, x).causes == causes
