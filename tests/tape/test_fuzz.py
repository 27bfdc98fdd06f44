"""``explain_gradient`` over every public operation: a diagnosis, never an error of ours.

Each operation runs healthy and broken in two ways, in both forms. What is said of it is
another test's matter; here it must be a diagnosis that shows itself in both languages.
"""

import functools

import pytest
import tensorflow as tf
from tests.tape import operations

import gradtape as gt
from gradtape.language import set_language

ALL = list(operations.names())
# A sample for every run: as many from each module.
SAMPLE = [name for number, name in enumerate(ALL) if number % 61 == 0]
OURS = ("mistake in the check", "Please report", "explain_afterwards", "Traceback")


def rounded(f):
    return lambda x: tf.round(f(x))


def through_numpy(f):
    return lambda x: tf.constant(f(x).numpy()) * tf.reduce_sum(x)


def through_whole_numbers(f):
    return lambda x: f(tf.cast(tf.cast(10.0 * x, tf.int32), tf.float32) / 10.0)


WAYS = {
    "healthy": lambda f: f,
    "rounded": rounded,
    "NumPy": through_numpy,
    "whole numbers": through_whole_numbers,
}


@functools.lru_cache(maxsize=4)
def prepared(name):
    return operations.prepared(name)


def diagnose(name, way):
    """Return the diagnoses of both forms."""
    f, x = prepared(name)
    f = WAYS[way](f)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    return gt.explain_gradient(f, x), gt.explain_gradient(tape, y, x)


def require_a_diagnosis(name, way):
    if prepared(name) is None:
        pytest.skip("takes none of the inputs that are tried")
    tf.random.set_seed(1)
    for diagnosis in diagnose(name, way):
        assert isinstance(diagnosis.causes, tuple)
        for language in ("en", "zh"):
            set_language(language)
            text = str(diagnosis)
            assert text
            assert not [word for word in OURS if word in text]
        set_language("en")


@pytest.mark.parametrize("name", SAMPLE)
def test_a_sample_ends_in_a_diagnosis(name):
    for way in ("healthy", "NumPy"):
        require_a_diagnosis(name, way)


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ALL)
def test_every_operation_ends_in_a_diagnosis(name, way):
    require_a_diagnosis(name, way)


def test_most_operations_take_one_of_the_inputs():
    assert len(ALL) > 800
    assert sum(prepared(name) is not None for name in SAMPLE) > 0.6 * len(SAMPLE)
