import math

import numpy as np
import pytest
import tensorflow as tf

from gradtape.figures.sampling import sample


def joins(curve, place, order=0):
    """Tell whether a line of the curve runs over a place, or through it."""
    x, row = curve.x, curve.rows[order]
    right = int(np.searchsorted(x, place, side="right"))
    between = row[max(np.searchsorted(x, place) - 1, 0) : right + 1]
    return bool(np.isfinite(between).all())


POLES = {
    "1/x": (lambda x: 1 / x, (-2, 2), [0]),
    "1/x between grid points": (lambda x: 1 / (x - 0.3), (-2, 2), [0.3]),
    "tan": (
        tf.tan,
        (-5, 5),
        [-1.5 * math.pi, -math.pi / 2, math.pi / 2, 1.5 * math.pi],
    ),
    "1/x^2": (lambda x: 1 / x**2, (-2, 2), [0]),
    "1/x^2 between grid points": (lambda x: 1 / (x - 0.3) ** 2, (-2, 2), [0.3]),
    "1/(x^2-1)": (lambda x: 1 / (x**2 - 1), (-3, 3), [-1, 1]),
    "log": (tf.math.log, (-1, 3), [0]),
    "log|x|": (lambda x: tf.math.log(tf.abs(x - 0.3)), (-1, 3), [0.3]),
    "exp(1/x)": (lambda x: tf.exp(1 / x), (-2, 2), [0]),
    "overflow": (lambda x: x**-80, (-2, 2), [0]),
    "atanh": (tf.atanh, (-1.5, 1.5), [-1, 1]),
}


@pytest.mark.parametrize("name", POLES)
def test_no_line_crosses_a_pole(name):
    f, interval, poles = POLES[name]
    curve = sample(f, interval, 2)
    np.testing.assert_allclose(sorted(curve.breaks.poles), poles, atol=1e-7)
    assert not curve.breaks.jumps
    assert not curve.breaks.kinks
    assert any(curve.breaks.unbounded[0])
    for order in range(3):
        assert not any(joins(curve, pole, order) for pole in poles)


def test_the_window_of_a_pole_shows_the_rest():
    low, high = sample(lambda x: 1 / x, (-2, 2)).heights[0]
    assert -10 < low < -1
    assert 1 < high < 10


JUMPS = {
    "sign": (tf.sign, (-2, 2), [0]),
    "floor": (tf.floor, (-2.5, 2.5), [-2, -1, 0, 1, 2]),
    "mod": (lambda x: x % 1.0, (-1.5, 1.5), [-1, 0, 1]),
    "where": (lambda x: tf.where(x < 1.0, x**2, x + 2), (-1, 3), [1]),
    "where between grid points": (
        lambda x: tf.where(x < 0.123, x**2, x + 2),
        (-1, 3),
        [0.123],
    ),
    "x/|x|": (lambda x: x / tf.abs(x), (-1, 1), [0]),
}


@pytest.mark.parametrize("name", JUMPS)
def test_a_jump_is_a_gap(name):
    f, interval, jumps = JUMPS[name]
    curve = sample(f, interval, 1)
    np.testing.assert_allclose(sorted(curve.breaks.jumps), jumps, atol=1e-7)
    assert not curve.breaks.poles
    assert not any(joins(curve, jump, order) for jump in jumps for order in (0, 1))


def test_the_line_reaches_the_jump_from_both_sides():
    curve = sample(lambda x: tf.where(x < 1.0, x**2, x + 2), (-1, 3))
    x, row = curve.x, curve.rows[0]
    drawn = x[np.isfinite(row)]
    assert drawn[drawn < 1].max() == pytest.approx(1, abs=1e-7)
    assert drawn[drawn >= 1].min() == 1
    assert row[x == 1] == 3


KINKS = {
    "abs": (tf.abs, (-2, 2), [0], (-1, 1)),
    "relu": (tf.nn.relu, (-2, 3), [0], (0, 1)),
    "|x^2-1|": (lambda x: tf.abs(x**2 - 1), (-2, 2), [-1, 1], (-2, 2)),
    "|x-0.3|": (lambda x: tf.abs(x - 0.3), (-2, 2), [0.3], (-1, 1)),
    "clip": (lambda x: tf.clip_by_value(x, -1, 1), (-3, 3), [-1, 1], (0, 1)),
}


@pytest.mark.parametrize("name", KINKS)
def test_a_kink_has_two_slopes_and_no_derivative(name):
    f, interval, kinks, slopes = KINKS[name]
    curve = sample(f, interval, 2)
    np.testing.assert_allclose(sorted(curve.breaks.kinks), kinks, atol=1e-7)
    for kink in kinks:
        assert joins(curve, kink, 0)
        assert not joins(curve, kink, 1)
    slope = curve.rows[1][np.isfinite(curve.rows[1])]
    near = np.abs(curve.x[np.isfinite(curve.rows[1])] - kinks[0]) < 1e-6
    found = (slope[near].min(), slope[near].max())
    assert found == pytest.approx(slopes, abs=1e-5)


@pytest.mark.parametrize("power", [1 / 2, 2 / 3, 1 / 3])
def test_a_cusp_is_a_kink_with_unbounded_slopes(power):
    curve = sample(lambda x: tf.abs(x) ** power, (-2, 2), 1)
    assert curve.breaks.kinks == [0]
    assert curve.breaks.unbounded == [(False, False), (True, True)]
    assert joins(curve, 0.0, 0)
    assert not joins(curve, 0.0, 1)


def test_a_cube_root_has_a_vertical_tangent():
    curve = sample(lambda x: tf.sign(x) * tf.abs(x) ** (1 / 3), (-2, 2), 1)
    assert curve.breaks.verticals == [0]
    assert not curve.breaks.kinks
    assert curve.breaks.unbounded[1] == (False, True)


def test_a_jump_of_the_second_derivative_is_a_gap_in_its_line_alone():
    curve = sample(lambda x: x * tf.abs(x), (-2, 2.1), 2)
    assert curve.breaks.gaps[2] == pytest.approx([0], abs=1e-7)
    assert joins(curve, 0, 0)
    assert joins(curve, 0, 1)
    assert not joins(curve, 0, 2)


@pytest.mark.parametrize(
    ("f", "interval", "edges"),
    [
        (tf.sqrt, (-1, 3), [0]),
        (lambda x: tf.sqrt(x - 0.3), (-1, 3), [0.3]),
        (tf.asin, (-1.5, 1.4), [-1, 1]),
        (lambda x: x * tf.math.log(x), (-0.5, 2), [0]),
    ],
)
def test_a_curve_stops_at_the_edge_of_its_domain(f, interval, edges):
    curve = sample(f, interval, 2)
    assert sorted(curve.breaks.edges) == pytest.approx(edges, abs=1e-12)
    assert not curve.breaks.poles
    drawn = curve.x[np.isfinite(curve.rows[0])]
    assert drawn.min() == pytest.approx(edges[0], abs=1e-12)
    outside = (curve.x < edges[0]) | (len(edges) > 1) & (curve.x > edges[-1])
    assert np.isnan(curve.rows[:, outside]).all()


def test_a_hole_is_one_point():
    curve = sample(lambda x: tf.sin(x) / x, (-10, 10), 2)
    ((place, limit),) = curve.breaks.holes
    assert place == 0
    assert limit == pytest.approx(1, abs=1e-9)
    assert np.isnan(curve.rows[0]).sum() == 1
    gap = curve.x[np.flatnonzero(np.isnan(curve.rows[0])) + [-1, 1]]
    assert np.ptp(gap) < 0.02
    assert np.nanmax(np.abs(curve.rows[2])) < 0.34


@pytest.mark.parametrize("epsilon", [np.float32, np.float64])
def test_a_constant_is_not_its_rounding_errors(epsilon):
    def f(x):
        x = tf.cast(x, epsilon)
        return tf.sin(x) ** 2 + tf.cos(x) ** 2

    curve = sample(f, (-30, 30), 2)
    assert len(curve.x) < 300
    assert not curve.unresolved
    for order, row in enumerate(curve.rows[1:], start=1):
        assert np.abs(row).max() <= curve.noise[order]


def test_a_fast_oscillation_is_sampled_enough():
    curve = sample(lambda x: tf.sin(100 * x), (-3, 3))
    assert not curve.unresolved
    assert np.diff(curve.x).max() < 2 * math.pi / 100 / 20


@pytest.mark.parametrize(
    ("f", "interval", "wild"),
    [
        (lambda x: tf.sin(1000 * x), (-3, 3), 0.0),
        (lambda x: tf.sin(1 / x), (-1, 1), 0.0),
        (lambda x: x**2 * tf.sin(1 / x), (-1, 1), 1e-3),
    ],
)
def test_a_faster_oscillation_is_said_not_to_be_faithful(f, interval, wild):
    curve = sample(f, interval, 2)
    assert any(low <= wild <= high for low, high in curve.unresolved)
    assert not curve.breaks.poles


def test_what_surrounds_an_oscillation_is_faithful():
    curve = sample(lambda x: tf.sin(1 / x), (-1, 1))
    assert all(-0.05 < low < high < 0.05 for low, high in curve.unresolved)


@pytest.mark.parametrize("jump", [-0.5, 0.5])
def test_a_jump_beside_an_oscillation_is_told(jump):
    curve = sample(lambda x: tf.sin(1 / x) + tf.sign(x - jump), (-1, 1), 1)
    assert curve.breaks.jumps == pytest.approx([jump], abs=1e-3)


def test_a_hidden_oscillation_is_found():
    # It is 0 with slope 0 at all 257 points of the first grid.
    curve = sample(lambda x: tf.sin(64 * math.pi * x) ** 2, (-2, 2))
    assert curve.heights[0] == pytest.approx((0, 1), abs=1e-6)


@pytest.mark.parametrize("width", [1e-1, 1e-2, 1e-3, 2e-4])
def test_a_peak_narrower_than_the_grid_is_found(width):
    curve = sample(lambda x: tf.exp(-(((x - 0.1234) / width) ** 2)), (-2, 2), 2)
    assert curve.heights[0] == pytest.approx((0, 1), abs=1e-6)
    assert curve.heights[1][1] == pytest.approx(math.sqrt(2 / math.e) / width, rel=1e-3)
    assert not curve.breaks.jumps
    assert not curve.breaks.gaps


def test_a_steep_step_is_no_jump():
    curve = sample(lambda x: tf.sigmoid(1e5 * x), (-3, 3), 2)
    assert not curve.breaks.jumps
    assert not curve.breaks.gaps
    assert np.isfinite(curve.rows).all()


def test_a_line_through_the_points_follows_the_function():
    def f(x):
        return np.sin(5 * x) * np.exp(-x)

    curve = sample(lambda x: tf.sin(5 * x) * tf.exp(-x), (-3, 3))
    x = np.linspace(-3, 3, 10_001)
    line = np.interp(x, curve.x, curve.rows[0])
    assert np.abs(line - f(x)).max() <= 1.5e-3 * np.ptp(f(x))
    np.testing.assert_allclose(curve.rows[0], f(curve.x), rtol=1e-12, atol=1e-12)


def test_a_function_without_values_is_sampled():
    curve = sample(lambda x: tf.math.log(-1 - x**2), (-1, 1), 2)
    assert np.isnan(curve.rows).all()


@pytest.mark.parametrize("scale", [1e-300, 1e-12, 1e12, 1e200])
def test_any_scale_is_sampled_alike(scale):
    curve = sample(lambda x: scale * tf.sin(x), (-3, 3), 2)
    assert len(curve.x) == 257
    assert curve.heights[0] == pytest.approx((-scale, scale), rel=1e-6)
