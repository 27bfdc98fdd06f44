"""What is said of an answer that is not right at the points of a check."""

import math

import numpy as np
import pytest

from gradtape.exercises.comparing import same_function, uniform
from gradtape.exercises.exercise import Wrong


def test_how_far_an_answer_is_off_is_told_in_percent():
    with pytest.raises(Wrong, match=" 1 %") as told:
        same_function(lambda x: 1.01 * x, lambda x: x, [1.0, 2.0, 3.0])
    assert told.value.found == "close"


def mass_times_fall(mass, height, angle):
    return mass * height**2 * np.cos(angle)


THREE = list(zip(uniform(1, 3, 4), uniform(2, 5, 5), uniform(0.2, 1.2, 6)))


def said_of(wrong, reference=mass_times_fall, points=THREE, **options):
    with pytest.raises(Wrong) as told:
        same_function(wrong, reference, points, **options)
    return str(told.value)


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        (lambda mass, height, angle: mass * height * np.cos(angle), "times `1/height`"),
        (lambda mass, height, angle: height**2 * np.cos(angle), "times `1/mass`"),
        (lambda mass, height, angle: mass * height**2, "`0` in place of `angle`"),
        (
            lambda mass, height, angle: mass * height**2 * np.cos(math.radians(angle)),
            "if `angle` were in degrees",
        ),
        (
            lambda mass, height, angle: mass * height**2 * np.cos(2 * angle),
            "`2*angle` in place of `angle`",
        ),
        (
            lambda mass, height, angle: height * mass**2 * np.cos(angle),
            "`mass` and `height` exchanged",
        ),
        (
            lambda mass, height, angle: (mass * height**2 * np.cos(angle)) ** 2,
            "the square of what it should be",
        ),
        (
            lambda mass, height, angle: (mass * height**2 * np.cos(angle)) ** 0.5,
            "the root of what it should be",
        ),
        (
            lambda mass, height, angle: 5 / (mass * height**2 * np.cos(angle)),
            "numerator and denominator",
        ),
        (
            lambda mass, height, angle: mass + np.sin(angle),
            "`height` makes no difference",
        ),
    ],
)
def test_a_slip_that_nobody_foresaw_is_told(slip, words):
    assert words in said_of(slip)


def test_no_law_is_told_that_does_not_hold_at_every_point():
    said = said_of(lambda mass, height, angle: mass * height**2 + angle**3)
    assert "Work it out by hand at this point" in said


def circle(x, y):
    return [x / np.hypot(x, y), y / np.hypot(x, y)]


AROUND = list(zip(uniform(1, 3, 4), uniform(2, 5, 5)))


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        (lambda x, y: circle(x, y)[::-1], "right, in another order"),
        (lambda x, y: [x, y], "off by one factor"),
        (
            lambda x, y: [x / np.hypot(x, y), y * np.sin(x)],
            "Right at every point: east. Not yet right is north.",
        ),
    ],
)
def test_of_several_numbers_it_is_told_what_they_share_and_which_are_right(slip, words):
    assert words in said_of(slip, circle, AROUND, parts=("east", "north"))


def test_a_small_number_is_not_taken_for_zero():
    """A tolerance that is made for small results holds for what is said of them too."""
    said = said_of(
        lambda mass, height: 1e-9 * (mass * height) ** 2,
        lambda mass, height: 1e-6 * mass * height,
        [call[:2] for call in THREE],
        atol=1e-12,
    )
    assert "the square of what it should be" in said
