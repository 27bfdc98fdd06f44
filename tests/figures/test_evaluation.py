import numpy as np
import pytest
import tensorflow as tf

from gradtape.figures.evaluation import on_tape

PROBES = np.linspace(-1, 2, 7)


def branching(x):
    if x > 0:
        return x**2
    return -x


def stubborn(x):
    # tf.function cannot turn this one into a graph.
    return x**2 if bool(x.numpy() > 0) else -x


@pytest.mark.parametrize(
    ("f", "precision"),
    [
        (lambda x: x**2, np.float64),
        (lambda x: tf.constant(2.0) * x**2, np.float32),
        (lambda x: tf.cast(x, tf.float32) ** 2, np.float32),
        (lambda x: tf.constant(2.0, tf.float64) * x**2, np.float64),
    ],
)
def test_the_precision_is_the_one_that_f_computes_in(f, precision):
    taped = on_tape(f, PROBES)
    assert taped.precision == precision
    assert taped.epsilon == np.finfo(precision).eps


@pytest.mark.parametrize("f", [branching, stubborn])
def test_a_function_of_one_number_is_evaluated_at_many(f):
    taped = on_tape(f, PROBES)
    values, slopes = taped(PROBES, 1)
    positive = PROBES > 0
    np.testing.assert_allclose(values, np.where(positive, PROBES**2, -PROBES))
    np.testing.assert_allclose(slopes, np.where(positive, 2 * PROBES, -1))


def test_an_average_over_data_is_not_mistaken_for_a_function_of_many():
    data = tf.constant(PROBES)
    taped = on_tape(lambda w: tf.reduce_mean((w - data) ** 2), PROBES)
    np.testing.assert_allclose(
        taped(PROBES)[0], [np.mean((w - PROBES) ** 2) for w in PROBES]
    )


def test_programs_give_what_tapes_give():
    taped = on_tape(lambda x: tf.sin(x) * tf.exp(x), PROBES)
    first = taped(PROBES, 2)
    for _ in range(3):
        np.testing.assert_allclose(taped(PROBES, 2), first, rtol=1e-12)
    many = np.linspace(-1, 2, 1300)
    np.testing.assert_allclose(taped(many, 2)[0], np.sin(many) * np.exp(many))
    assert taped(np.zeros((2, 0)), 2).shape == (3, 2, 0)
    assert taped(0.5).shape == (1,)


def test_the_error_of_f_itself_is_raised():
    with pytest.raises(ZeroDivisionError):
        on_tape(lambda x: 1 / 0, PROBES)


def test_a_function_that_mixes_its_points_in_no_way_is_refused():
    calls = []

    def moody(x):
        calls.append(x)
        return x + float(len(calls))

    told = rf"at {PROBES[0]:g} in company and .* alone"
    with pytest.raises(ValueError, match=told):
        on_tape(moody, PROBES)
