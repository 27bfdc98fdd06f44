"""What a figure of a learner is asked to show."""

import numpy as np
import pytest
from matplotlib.figure import Figure

import gradtape as gt
from gradtape.exercises.drawings import axes_of_figure, has_curve, has_marks
from gradtape.exercises.exercise import Wrong


def drawn(*pieces):
    ax = Figure().subplots()
    for low, high in pieces:
        x = np.linspace(low, high, 50)
        ax.plot(x, x**2)
    return ax


@pytest.mark.parametrize("pieces", [[(-1, 1)], [(-1, 0), (0, 1)], [(0, 1), (-1, 0)]])
def test_a_curve_may_be_drawn_in_pieces(pieces):
    has_curve(drawn(*pieces), np.square, (-1, 1), name="`f`")


@pytest.mark.parametrize("pieces", [[(-0.5, 1)], [(-1, 0.5)], [(-0.5, 0), (0, 1)]])
def test_a_curve_that_ends_too_early_is_told(pieces):
    with pytest.raises(Wrong, match="0.5"):
        has_curve(drawn(*pieces), np.square, (-1, 1), name="`f`")


def test_what_the_library_marks_by_itself_does_not_count():
    f = lambda x: x**3 - 3.0 * x
    ax = gt.plot_derivatives(f, (-2.0, 2.0), order=1)
    has_curve(ax, f, (-2.0, 2.0), name="`f`")
    with pytest.raises(Wrong, match="No point is marked"):
        has_marks(ax, [(-1.0, 2.0)], name="`a`")
    ax.plot(-1.0, 2.0, "o")
    has_marks(ax, [(-1.0, 2.0)], name="`a`")


@pytest.mark.parametrize("side_by_side", [False, True])
def test_curves_may_stand_on_several_axes(side_by_side):
    x = np.linspace(-1, 1, 50)
    if side_by_side:
        left, right = Figure().subplots(1, 2)
    else:
        left = Figure().subplots()
        right = left.twinx()
    left.plot(x, x**2)
    right.plot(x, 20 * x)
    right.plot(1.0, 20.0, "o")
    for answer in (left, right, [left, right], left.figure):
        every = axes_of_figure(answer)
        has_curve(every, np.square, (-1, 1), name="`f`")
        has_curve(every, lambda x: 20 * x, (-1, 1), name="`f`")
        has_marks(every, [(1.0, 20.0)], name="`a`")


def marked(*points, **options):
    ax = drawn((-1, 1))
    ax.plot(*zip(*points, strict=True), "o", **options)
    return ax


WANTED = [(-0.5, 0.25), (0.5, 0.25)]


@pytest.mark.parametrize("others", [[], [(0.0, 0.0)]])
def test_other_places_may_be_marked_too(others):
    has_marks(marked(*WANTED, *others), WANTED, name="both")


def test_a_place_that_is_not_marked_yet_is_counted():
    with pytest.raises(Wrong, match="1 of 2 places are marked"):
        has_marks(marked(WANTED[0], (0.0, 0.0)), WANTED, name="both")


def test_marks_elsewhere_are_told_from_none():
    with pytest.raises(Wrong, match="in another place"):
        has_marks(marked((0.0, 0.0)), WANTED, name="both")
    with pytest.raises(Wrong, match="No point is marked"):
        has_marks(drawn((-1, 1)), WANTED, name="both")


def test_a_curve_of_markers_marks_no_place():
    x = np.linspace(-1, 1, 101)
    dots = list(zip(x, x**2, strict=True))
    with pytest.raises(Wrong, match="No point is marked"):
        has_marks(marked(*dots), WANTED, name="both")
    ax = drawn((-1, 1))
    ax.scatter(*zip(*dots, strict=True))
    with pytest.raises(Wrong, match="No point is marked"):
        has_marks(ax, WANTED, name="both")


@pytest.mark.parametrize("every", [[25, 75], 25, (25, 50), slice(25, None, 50)])
def test_a_curve_may_have_markers_at_some_of_its_points(every):
    x = np.linspace(-1, 1, 101)
    ax = Figure().subplots()
    ax.plot(x, x**2, "-o", markevery=every)
    has_marks(ax, WANTED, name="both")
