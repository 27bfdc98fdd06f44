"""Whatever an answer does, the learner gets a sentence and the notebook lives on."""

import contextlib
import functools
import math
import operator
import signal
import sys
import threading
import time

import numpy as np
import pytest
import tensorflow as tf

import gradtape as gt
from gradtape.exercises import answers, checking, guard
from gradtape.exercises import progress_file as record
from gradtape.exercises.comparing import same_function, uniform
from gradtape.exercises.exercise import Wrong, exercise
from gradtape.exercises.words import Words
from gradtape.language import set_language

HINTS = (Words("One.", "一。"), Words("Two.", "二。"), Words("Three.", "三。"))


def leaked():
    """Return a tensor of a graph, as an assignment to a global within one does."""
    kept = []

    @tf.function
    def graph(x):
        kept.append(2.0 * x)
        return x

    graph(tf.constant(1.0))
    return kept[0]


def endless_recursion(x):
    return endless_recursion(x)


def jacobian_of_a_list(x):
    x, y = tf.Variable(x), tf.Variable(x)
    with tf.GradientTape() as tape:
        targets = [x + y, x * y]
    return tape.jacobian(targets, [x, y])


@pytest.fixture
def judged(monkeypatch):
    """Return a function that checks an answer to "double the number"."""

    def judged(answer, seconds=10.0, points=(1.0, 2.0, 3.0), **options):
        @exercise(
            "9.9",
            place=Words("Here", "这里"),
            hints=HINTS,
            seconds=seconds,
            pitfalls={"P1": Words("Watching", "监视")},
        )
        def double(answer):
            f = answers.function(answer, "x", **options)
            same_function(f, lambda x: 2 * np.asarray(x), points)

        monkeypatch.setattr(checking, "find", lambda number: double)
        return gt.check("9.9", answer)

    return judged


def test_right(judged):
    assert judged(lambda x: x + x)


@pytest.mark.parametrize(
    ("answer", "found", "words"),
    [
        (lambda x: 1 / 0, "raises", "ZeroDivisionError: division by zero"),
        (lambda x: undefined_name, "raises", "misspelt"),  # noqa: F821
        (lambda x: np.float32(2) * None, "raises", "a gradient is `None`"),
        (lambda x: tf.constant(x) + tf.constant(1.0, tf.float64), "raises", "dtypes"),
        (lambda x: tf.ones(2) + tf.ones(3), "raises", "`.shape`"),
        (lambda x: endless_recursion(x), "raises", "calls itself"),
        (lambda x: sys.exit(), "exits", "would end the kernel"),
        (lambda x: exit(), "exits", "would end the kernel"),  # noqa: PLR1722
        (lambda x: np.zeros(10**7), "too many numbers", "10000000 numbers"),
        (lambda x: [0.0] * 10**6, "too many numbers", "1000000 numbers"),
        (lambda x: tf.zeros((1000, 1000)), "too many numbers", "1000000 numbers"),
        (
            lambda x: np.zeros((3, 4)),
            "shape",
            "3 rows and 4 columns, of shape (3, 4); wanted: one number",
        ),
        (lambda x: "two", "no numbers", "'two'"),
        (lambda x: {"a": 1}, "no numbers", "`dict`"),
        (lambda x: math, "no numbers", "the module `math`"),
        (lambda x: leaked(), "no numbers", "`SymbolicTensor`"),
        (lambda x: tf.constant("two"), "no numbers", "`EagerTensor`"),
        (lambda x: tf.ragged.constant([[1.0], []]), "no numbers", "`RaggedTensor`"),
        (lambda x: iter([2.0]), "no numbers", "`list_iterator`"),
        (lambda x: 1j * x, "no numbers", "complex number, 0+1j"),
        (lambda x: (-x) ** 0.5, "no numbers", "of a negative number"),
        (lambda x: math.sqrt(-x), "raises", "of a negative number"),
        (lambda x: lambda: 2.0, "a function", "Call it."),
        (lambda x: print(x), "returns nothing", "`return`"),
        (lambda x: [x, None], "returns nothing", "There is a `None` in what"),
        (lambda x: 2.0, "hard-coded", "at every point"),
        (lambda x: 2.01 * x, "close", "off by 0.5 %"),
        (lambda x: np.nan, "not finite", "nan"),
        (lambda x: 2 * x if x < 2.5 else x, "right at some points", "2 of 3 points"),
        (lambda x: x, "differs", "At x = 1, your answer gives 1"),
        (lambda: 2.0, "arguments", "should take `x`, and takes `()`"),
        (2.0, "not a function", "`f`, not `f(1.0)`"),
        (tf.constant(2.0), "not a function", "and is 2"),
        (float, "differs", "gives 1"),
    ],
)
def test_a_wrong_answer_gets_a_sentence(judged, answer, found, words):
    card = judged(answer)
    assert not card
    assert card.found == found, card
    assert words in repr(card)
    assert "could not be checked" not in repr(card)


def not_watched(x):
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        y = x * x
    return tape.gradient(y, x)


@pytest.mark.parametrize(
    ("answer", "found", "words"),
    [
        (not_watched, "gradient none", "returns `None`"),
        (lambda x: [not_watched(x), 1.0], "gradient none", "a `None` in what"),
        (lambda x: 2.0 * not_watched(x), "raises", "unsupported operand"),
    ],
)
def test_where_a_gradient_is_missing_the_diagnosis_says_why(
    judged, answer, found, words
):
    card = judged(answer)
    assert card.found == found
    assert words in repr(card)
    assert "(P1 in lesson 12)" in repr(card)
    assert "tape.watch" not in repr(card)
    assert "Look again at “Watching”." in repr(card)


def asked_about(target, source, **options):
    with tf.GradientTape() as tape:
        y = target(source)
    return tape.gradient(y, source, **options)


def a_variable(x):
    return tf.Variable(x, dtype=tf.float32)


def changed_by_minus(x):
    w = a_variable(x)
    w -= 0.1
    return w


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x: asked_about(tf.exp, x), "makes a source of a number"),
        (lambda x: asked_about(math.exp, a_variable(x)), "not `float()`, `math`"),
        (lambda x: asked_about(np.exp, a_variable(x)), "not `float()`, `math`"),
        (
            lambda x: asked_about(tf.exp, a_variable(x), unconnected_gradients=0),
            '`"none"` (that is how it is set) or `"zero"`',
        ),
        (lambda x: changed_by_minus(x), "`assign_sub(...)`"),
        (lambda x: x**1.0 ^ 2, "`x**2`"),
        (lambda x: tf.constant(x) ^ 2, "`x**2`"),
        (lambda x: tf.linalg.solve(tf.eye(2), tf.ones(2)), "`v[:, tf.newaxis]`"),
        (lambda x: tf.GradientTape().watch(x), "`tf.constant(...)`"),
        (lambda x: jacobian_of_a_list(x), "`tf.stack([...])`"),
        (
            lambda x: tf.constant("zero") * tf.constant("x"),
            "An option goes by its name",
        ),
        (lambda x: -[tf.constant(x)], "the result is a list"),
        (lambda x: 2.0 * [tf.constant(x)], "the result is a list"),
    ],
)
def test_an_error_of_tensorflow_gets_its_cause_in_words(judged, answer, words):
    card = judged(answer)
    assert card.found == "raises"
    assert words in repr(card)


def test_what_is_for_those_who_work_on_tensorflow_is_left_out(judged):
    text = repr(judged(lambda x: tf.linalg.solve(tf.eye(2), tf.ones(2))))
    assert "InvalidArgumentError: All input tensors" in text
    assert "__wrapped__" not in text


def test_a_column_taken_from_a_vector_is_told():
    f = answers.function(lambda x: tf.ones(2) - tf.ones((2, 1)), "x")
    with pytest.raises(Wrong, match="makes a table"):
        same_function(f, lambda x: np.ones(2), [1.0, 2.0], name="step")


def test_it_is_what_a_function_returns_that_has_a_shape():
    f = answers.function(lambda x: tf.ones(3), "x", name="step")
    with pytest.raises(Wrong, match="what `step` returns is 3 numbers, of shape"):
        same_function(f, lambda x: np.ones(2), [1.0, 2.0], name="step")


def test_what_a_function_of_several_arguments_was_called_with():
    f = answers.function(lambda f, x: x, "f", "x")
    with pytest.raises(Wrong, match=r"At \(f, x\) = \(`sin`, 1\), `sine` gives 1"):
        same_function(f, lambda f, x: np.sin(x), [(np.sin, 1.0)], name="sine")


def noisy_slope(h):
    """Return the slope of x⁴ / 4 by a difference in float32."""

    def answer(x):
        x = np.float32(x)
        return float(((x + np.float32(h)) ** 4 - x**4) / np.float32(4 * h))

    return answer


@pytest.mark.parametrize("h", [1e-3, 1e-4, 1e-5, 3e-6])
def test_noise_of_float32_is_recognised_whatever_the_step(h):
    points = [(x,) for x in uniform(1.0, 5.0, 8)]
    with pytest.raises(Wrong) as caught:
        same_function(noisy_slope(h), lambda x: x**3, points)
    assert caught.value.found == "close"


@pytest.mark.parametrize("factor", [0.5, 0.9, 1.1, 2.0])
def test_a_factor_is_not_noise(factor):
    with pytest.raises(Wrong) as caught:
        same_function(lambda x: factor * x, lambda x: x, uniform(1.0, 5.0, 8))
    assert caught.value.found == "differs"


def test_an_error_names_the_learners_own_line(judged):
    def answer(x):
        y = x + 1
        return tf.reshape(tf.constant([y, y]), (3,))

    text = repr(judged(answer))
    assert "return tf.reshape(tf.constant([y, y]), (3,))" in text
    assert "InvalidArgumentError" in text


def test_an_error_in_a_traced_function_names_the_line_too(judged):
    @tf.function
    def answer(x):
        y = tf.ones(2) * x
        return y + tf.ones(3)

    text = repr(judged(answer))
    assert ": return y + tf.ones(3)" in text
    assert "ValueError: Dimensions must be equal" in text
    assert "in user code" not in text
    assert "File" not in text


def test_a_long_error_is_shortened(judged):
    def answer(x):
        raise ValueError("long " * 10_000)

    assert len(repr(judged(answer))) < 1000


def test_prints_are_kept_short(judged, capsys):
    def answer(x):
        for number in range(1000):
            print("line", number, "x" * 500)
        return 2 * x

    card = judged(answer)
    assert card
    assert "printed 3000 lines" in repr(card)
    assert "line 4" in repr(card)
    assert "line 5" not in repr(card)
    assert len(repr(card)) < 2000
    assert capsys.readouterr() == ("", "")


def test_a_traced_function_is_right_without_a_warning(judged, caplog):
    card = judged(
        tf.function(lambda x: 2.0 * x), points=np.linspace(1.0, 9.0, 12).tolist()
    )
    assert repr(card) == "✓ 9.9 is right."
    assert caplog.records == []


def test_nothing_is_written_on_standard_error(judged, capfd):
    assert judged(lambda x: print("warning", file=sys.stderr) or 2 * x)
    assert capfd.readouterr().err == ""


def test_a_changed_argument_is_told_and_put_back(judged):
    point = np.array([1.0, 2.0])

    def answer(x):
        x *= 2
        return x

    card = judged(answer, points=[point])
    assert card.found == "changes its input"
    assert "argument 1" in repr(card)
    assert point.tolist() == [1.0, 2.0]


def test_a_changed_variable_is_told_and_put_back(judged):
    weight = tf.Variable(2.0)

    def answer(x):
        value = weight * x
        weight.assign_add(1.0)
        return value

    card = judged(answer)
    assert card.found == "changes its input"
    assert "`weight`" in repr(card)
    assert weight.numpy() == 2.0
    assert judged(lambda x: weight.assign(2.0) * x, may_change_variables=True)


def test_changing_variables_can_be_the_task(judged):
    weight = tf.Variable(0.0)

    def answer(x):
        weight.assign(x)
        return 2 * weight

    assert judged(answer, may_change_variables=True)
    assert weight.numpy() == 3.0


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs an alarm clock")
class TestEndlessLoops:
    def forever(self, x):
        while True:
            x += 1

    def test_one_is_stopped(self, judged):
        card = judged(self.forever, seconds=0.2)
        assert card.found == "time"
        assert "0.2 seconds" in repr(card)
        assert judged(lambda x: 2 * x)

    def test_one_that_catches_every_error(self, judged, monkeypatch):
        monkeypatch.setattr(guard, "_SECONDS_BETWEEN_ALARMS", 0.2)

        def answer(x):
            while True:
                with contextlib.suppress(Exception):
                    x += 1

        assert judged(answer, seconds=0.2).found == "time"

    def test_one_that_sleeps(self, judged):
        assert judged(lambda x: time.sleep(60), seconds=0.2).found == "time"

    def test_one_that_waits_for_the_processor_is_none(self, judged):
        def answer(x):
            time.sleep(0.1)  # as where thirty others compute on the same machine
            return 2 * x

        assert judged(answer, seconds=0.1)

    def test_on_a_crowded_machine_one_is_not_called_stuck(
        self, judged, monkeypatch, capsys
    ):
        monkeypatch.setattr(guard, "_SECONDS_BETWEEN_ALARMS", 0.05)
        monkeypatch.setattr(guard, "_SECONDS_OF_PATIENCE", 1.0)
        clock = time.thread_time
        monkeypatch.setattr(time, "thread_time", lambda: clock() / 8)
        assert judged(self.forever, seconds=0.4).found == "time"
        assert "TensorFlow" not in capsys.readouterr().out

    def test_one_that_swallows_every_alarm_gets_a_sentence(
        self, judged, monkeypatch, capsys
    ):
        monkeypatch.setattr(guard, "_SECONDS_BETWEEN_ALARMS", 0.05)
        monkeypatch.setattr(guard, "_SECONDS_OF_PATIENCE", 0.2)
        end = time.monotonic() + 2.0

        def answer(x):
            while time.monotonic() < end:
                with contextlib.suppress(BaseException):
                    while time.monotonic() < end:
                        x += 1
            return 2.0

        judged(answer, seconds=0.2, points=(1.0,))
        assert "Kernel > Restart" in capsys.readouterr().out

    def test_one_that_prints(self, judged):
        def answer(x):
            while True:
                print("more")

        card = judged(answer, seconds=0.2)
        assert card.found == "time"
        assert repr(card).count("    more") == 5

    def test_the_alarm_of_others_is_given_back(self, judged):
        def others(number, frame):
            raise AssertionError

        before = signal.signal(signal.SIGALRM, others)
        try:
            judged(lambda x: 2 * x)
            judged(self.forever, seconds=0.1)
            assert signal.getsignal(signal.SIGALRM) is others
            assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
        finally:
            signal.signal(signal.SIGALRM, before)

    def test_the_attempt_is_on_record_before_the_judging(self, judged):
        judged(self.forever, seconds=0.1)
        assert record.read(None)["exercises"]["9.9"]["attempts"] == 1


def test_without_an_alarm_an_interrupt_stops_it(judged, monkeypatch):
    """As on Windows, in the main thread."""
    monkeypatch.delattr(signal, "setitimer", raising=False)

    def answer(x):
        while True:
            x += 1

    assert judged(answer, seconds=0.2).found == "time"


def test_the_learners_own_interrupt_is_theirs(judged):
    def answer(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judged(answer)


def test_where_nothing_can_be_stopped_a_sentence_says_what_to_do(judged, capsys):
    """In a thread: the loop is let run, the watchdog speaks."""
    cards = []

    def answer(x):
        time.sleep(0.5)
        return 2 * x

    def run():
        cards.append(judged(answer, seconds=0.1, points=(1.0,)))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert cards[0]
    assert "Kernel > Restart" in capsys.readouterr().out


def test_a_loop_inside_tensorflow_gets_a_sentence(judged, monkeypatch, capsys):
    """It cannot be stopped, so this one ends by itself after a while."""
    monkeypatch.setattr(guard, "_SECONDS_OF_PATIENCE", 0.1)
    end = tf.Variable(0.0, dtype=tf.float64)

    @tf.function
    def answer(x):
        count = 0.0
        while tf.timestamp() < end:
            count += 1.0
        return 2.0 * x + 0.0 * count

    point = tf.constant(1.0)
    answer(point)  # traced here, so that the alarm rings in the loop
    end.assign(tf.timestamp() + 1.0)
    set_language("zh")
    assert judged(answer, seconds=0.2, points=(point,)).found in ("time", "right")
    assert "内核 > 重启" in capsys.readouterr().out


def test_what_stops_a_judge_is_told_without_blaming_anybody(judged, monkeypatch):
    judge = functools.partial(operator.getitem, {})
    broken = exercise("9.9", place=Words("Here", "这里"), hints=HINTS)(judge)
    monkeypatch.setattr(checking, "find", lambda number: broken)
    card = gt.check("9.9", 1.0)
    assert card.found == "check broke"
    assert "something of another kind" in repr(card)
    assert "mistake" not in repr(card)


def exchanged(x):
    x = tf.Variable(x)
    with tf.GradientTape() as tape:
        y = x * x
    return tape.gradient(x, y)


def test_exchanged_target_and_source_are_told(judged):
    card = judged(exchanged)
    assert card.found == "target and source exchanged"
    assert "are exchanged" in repr(card)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda x: 3 * np.array([x, x**2]), "3 times what it should be"),
        (lambda x: -np.array([x, x**2]), "the sign is not"),
        (lambda x: np.array([abs(x), x**2]), "but the sign is not at some"),
        (lambda x: np.array([abs(x) + 1, x**2]), "Number 1 is not"),
        (lambda x: np.array([x, x**2 + 1.0]), "off by the same amount, +1"),
        (lambda x: np.array([x, x**2 / 2]), "Right at every point: 1 of 2 numbers"),
        (lambda x: np.array([x, np.sin(x)]), "Number 2 is not: At "),
    ],
)
def test_how_wrong_numbers_lie_to_the_right_ones_is_told(wrong, words):
    with pytest.raises(Wrong) as caught:
        same_function(wrong, lambda x: np.array([x, x**2]), uniform(-3.0, 3.0))
    assert words in str(caught.value)


def test_what_a_function_returns_may_raise_too(monkeypatch):
    @exercise("9.9", place=Words("Here", "这里"), hints=HINTS)
    def line(answer):
        same_function(
            lambda x: answers.function(answer, "slope")(2.0)(x),
            lambda x: 2.0 * x,
            uniform(-1, 1),
        )

    monkeypatch.setattr(checking, "find", lambda number: line)
    assert gt.check("9.9", lambda slope: lambda x: slope * x)
    card = gt.check("9.9", lambda slope: lambda x: slope * x / 0)
    assert card.found == "raises"
    assert "ZeroDivisionError" in repr(card)
    assert gt.check("9.9", lambda slope: lambda x: None).found == "none"


def test_an_exercise_that_there_is_not():
    with pytest.raises(ValueError, match=r"it has 2\.1"):
        gt.check("2.77", 1.0)
    with pytest.raises(ValueError, match=r"no 77\.1; lessons 1, 2, .* have some"):
        gt.check("77.1", 1.0)
    with pytest.raises(ValueError, match="such as"):
        gt.check(2.1, 1.0)
    with pytest.raises(ValueError, match="such as"):
        gt.hint("two")


def test_stubs_are_not_begun(judged):
    def empty(x): ...

    def described(x):
        """Double x."""

    for answer in (..., empty, described):
        assert judged(answer).found == "not begun"
    assert judged(lambda x: None).found == "not begun"
    assert record.read(None)["exercises"] == {}


def test_a_source_made_under_its_argument_s_name_is_not_called_a_store():
    def slopes(f, x, y):
        x, y = tf.Variable(x), tf.Variable(y)
        with tf.GradientTape() as tape:
            z = f(x, y)
        return tape.gradient(z, [x, y])

    card = str(gt.check("3.2", slopes))
    assert "P11" in card
    assert "P7" not in card
