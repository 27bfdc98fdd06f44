"""The time that one move of a widget takes: ``python -m tests.benchmarks.widgets``.

From the root of the repository, with ``--moves 40`` or more for steadier numbers. Each
row is one control, moved through its places. "Computed" is the tape's part: value and
slope at a point, or a whole descent of 40 steps; "with the redraw" is everything that
the kernel does until the new picture and its sentence are ready to be sent. A descent by
hand, with an eager tape a step, stands beside for comparison.
"""

import argparse
import itertools
import time
from collections.abc import Callable

import numpy as np
import tensorflow as tf
from rich.console import Console
from rich.table import Table

import gradtape as gt
from gradtape.widgets.descent_path import descent

LIMIT_COMPUTED, LIMIT_REDRAWN = 5.0, 60.0  # milliseconds


def bumps(x: tf.Tensor) -> tf.Tensor:
    """Return a wave that fades."""
    return tf.sin(x) * tf.exp(-(x**2) / 8.0)


def valley(x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
    """Return Rosenbrock's function."""
    return (1.0 - x) ** 2 + 100.0 * (y - x**2) ** 2


def by_hand(rate: float) -> None:
    """Descend 40 steps from (-1, 1) with an eager tape each."""
    x, y = tf.Variable(-1.0), tf.Variable(1.0)
    for _ in range(41):
        with tf.GradientTape() as tape:
            value = valley(x, y)
        for each, slope in zip((x, y), tape.gradient(value, (x, y)), strict=True):
            each.assign_sub(rate * slope)


def chain(x: tf.Tensor) -> tf.Tensor:
    """Return the end of 58 operations."""
    for _ in range(29):
        x = x * tf.sin(x)
    return x


def measure(move: Callable, places: list, moves: int) -> np.ndarray:
    """Return the milliseconds of each move after the first few."""
    times = []
    for place in itertools.islice(itertools.cycle(places), moves + 3):
        start = time.perf_counter()
        move(place)
        times.append(1e3 * (time.perf_counter() - start))
    return np.array(times[3:])


def rows(moves: int) -> list[tuple[str, str, np.ndarray, float | None]]:
    """Return what is measured: the control, what counts, the times, the limit."""
    tangent = gt.explore_tangent(bumps, (-4, 4))
    hills = gt.explore_descent(valley, (-1.0, 1.0))
    network = gt.step_through_tape(lambda x: tf.sin(x) * x**2 + x, 2.0)
    long = gt.step_through_tape(chain, 1.5)
    follow = descent(valley, [-1.0, 1.0], 40)
    xs, rates = list(np.linspace(-3, 3, 37)), list(np.geomspace(1e-4, 5e-3, 31))

    def at(x: float) -> None:
        gt.derivatives(bumps, tf.constant(x, tf.float64), order=1)

    def mover(control: object) -> Callable:
        return lambda place: setattr(control, "value", place)

    cases = [
        ("explore_tangent", "computed", at, xs, LIMIT_COMPUTED),
        ("explore_tangent", "with the redraw", mover(tangent.point), xs, LIMIT_REDRAWN),
        (
            "explore_descent",
            "computed",
            lambda rate: follow([-1.0, 1.0], rate, 0.5),
            rates,
            LIMIT_COMPUTED,
        ),
        (
            "explore_descent",
            "with the redraw",
            mover(hills.learning_rate),
            rates,
            LIMIT_REDRAWN,
        ),
        ("a descent by hand", "computed", by_hand, rates, None),
    ]
    for name, steps in (("4 operations", network), ("58 operations", long)):
        numbers = [*range(steps.step.max), *range(steps.step.max, 0, -1)]
        label = f"steps, {name}"
        cases.append(
            (label, "with the redraw", mover(steps.step), numbers, LIMIT_REDRAWN)
        )
    return [
        (name, what, measure(move, places, moves), limit)
        for name, what, move, places, limit in cases
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--moves", type=int, default=40, help="moves a control")
    table = Table("widget", "what", "median", "9 of 10 below", "wanted below")
    for name, what, times, limit in rows(parser.parse_args().moves):
        median, most = np.quantile(times, [0.5, 0.9])
        wanted = "" if limit is None else f"{limit:.0f} ms"
        table.add_row(name, what, f"{median:.1f} ms", f"{most:.1f} ms", wanted)
    Console().print(table)


if __name__ == "__main__":
    main()
