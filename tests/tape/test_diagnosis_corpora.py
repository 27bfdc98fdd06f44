"""No false alarm on healthy gradients; the right cause of broken ones."""

import keras
import pytest
from tests.tape import broken, healthy, held_out

import gradtape as gt


@pytest.fixture(autouse=True)
def _same_draws():
    """Draw the same numbers in whatever order the tests run: dropout may drop all."""
    keras.utils.set_random_seed(7)


@pytest.mark.parametrize("name", healthy.FUNCTIONS)
def test_healthy_function_raises_no_alarm(name):
    f, *args = healthy.FUNCTIONS[name]
    assert gt.explain_gradient(f, *args).reasons == ()


@pytest.mark.parametrize("name", healthy.TAPES)
def test_healthy_tape_raises_no_alarm(name):
    assert healthy.TAPES[name]().reasons == ()


@pytest.mark.parametrize("name", broken.CASES)
def test_broken_gradient_has_its_cause(name):
    rows, explain = broken.CASES[name]
    assert explain().causes == rows


@pytest.mark.parametrize(
    ("f", "args", "rows"),
    held_out.HEALTHY + held_out.BROKEN,
    ids=lambda part: getattr(part, "__name__", ""),
)
def test_cases_written_by_somebody_else(f, args, rows):
    diagnosis = f() if args is None else gt.explain_gradient(f, *args)
    assert set(diagnosis.causes) == set(rows)


def test_every_row_is_among_the_broken():
    rows = {row for each, _ in broken.CASES.values() for row in each}
    assert rows >= {f"P{n}" for n in (1, 2, 3, 4, 5, 6, 7, 11, 12, 15, 16, 17, 20)}
    assert rows >= {"P22", "P24", "P27"}


def test_corpora_are_large_enough():
    assert len(healthy.FUNCTIONS) + len(healthy.TAPES) >= 200
    assert len(broken.CASES) >= 80
