import numpy as np
import pytest
import tensorflow as tf

from gradtape.figures import plot_step_error
from gradtape.figures.description import description
from gradtape.language import set_language

CURVES = [
    r"$\Delta_h$ float32",
    r"$\delta_h$ float32",
    r"$\Delta_h$ float64",
    r"$\delta_h$ float64",
]


def test_errors_are_those_of_the_differences(curve_of):
    ax = plot_step_error(lambda x: x**4, 3.0)
    h, error = curve_of(ax, CURVES[2])
    large = h > 1e-2
    exact = np.abs(((3 + h) ** 4 - 81) / h - 108)
    np.testing.assert_allclose(error[large], exact[large], rtol=1e-6)
    h, error = curve_of(ax, CURVES[3])
    np.testing.assert_allclose(error[large], (12 * h**2)[large], rtol=1e-6)


def test_the_least_error_that_f_allows_is_a_line_with_its_formula():
    ax = plot_step_error(lambda x: x**4, 3.0)
    (floor,) = (line for line in ax.lines if np.ptp(line.get_ydata()) == 0.0)
    assert floor.get_label() == r"$\varepsilon\,|f'|$"
    assert floor.get_ydata()[0] == pytest.approx(2.0**-52 * 108.0)


def test_a_step_lost_in_rounding_makes_no_difference(curve_of):
    ax = plot_step_error(lambda x: x**4, 3.0)
    for label in CURVES[:2]:
        h, error = curve_of(ax, label)
        assert error[h < 1e-8] == pytest.approx(108.0)


def test_float32_is_worse_than_float64(curve_of):
    ax = plot_step_error(lambda x: x**4, 3.0)
    best = [np.nanmin(curve_of(ax, label)[1]) for label in CURVES]
    assert best[0] > 1e3 * best[2]
    assert best[1] > 1e3 * best[3]


@pytest.mark.parametrize(("kind", "lines"), [(tf.float32, 2), (tf.float64, 2)])
def test_only_the_precisions_that_f_accepts_are_drawn(kind, lines):
    ax = plot_step_error(lambda x: tf.constant(2.0, kind) * x**2, 1.0)
    labels = [line.get_label() for line in ax.lines if kind.name in line.get_label()]
    assert len(labels) == lines
    assert len(ax.lines) == lines + 1


def test_exact_differences_are_said_to_be_exact():
    ax = plot_step_error(lambda x: 2.0, 1.0)
    assert "forward differences in float32 are exact" in description(ax.figure)
    assert "V-shaped" not in description(ax.figure)
    ax.figure.canvas.draw()


def test_a_line_has_no_best_step_between():
    assert "V-shaped" not in description(plot_step_error(lambda x: 2 * x, 1.0).figure)


def test_the_description_names_the_best_steps():
    assert description(plot_step_error(lambda x: x**4, 3.0).figure) == (
        "Error of finite differences over the step size h, from 1 down to 1e-14, at "
        "x = 3, where the tape's slope is 108: V-shaped curves; forward differences in "
        "float32 do best for h near 1e-4; central differences in float32 do best for h "
        "near 1e-3; forward differences in float64 do best for h near 1e-8; central "
        "differences in float64 do best for h near 1e-5, each to within a factor of ten."
    )
    set_language("zh")
    assert "float64 的中心差分在 h 约为 1e-5 时误差最小" in description(
        plot_step_error(lambda x: x**4, 3.0).figure
    )


def test_keywords_go_to_the_curves_of_errors(curve_of):
    ax = plot_step_error(tf.sin, 1.0, alpha=0.5)
    assert [line.get_alpha() for line in ax.lines] == [0.5] * 4 + [None]


@pytest.mark.parametrize(
    ("f", "at"), [(tf.sqrt, 0.0), (tf.math.log, -1.0), (lambda x: 1 / x, 0.0)]
)
def test_without_a_slope_it_says_why(f, at):
    with pytest.raises(ValueError, match="choose a point where both are finite"):
        plot_step_error(f, at)
