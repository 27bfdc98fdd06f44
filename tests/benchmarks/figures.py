"""How much of the time of a figure is spent outside matplotlib.

    python -m tests.benchmarks.figures

The main thread is looked at from another one, and each moment counted for matplotlib or
for the rest; then the time of the rest is shown by the line of gradtape that it is in.
"""

import collections
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import tensorflow as tf

import gradtape as gt

SECONDS_BETWEEN_LOOKS = 5e-4
FIGURES = 20


def draw(f: Callable) -> None:
    """Draw f with two derivatives as a reader sees it."""
    axes = gt.plot_derivatives(f, (-3, 3), order=2)
    axes.figure.canvas.draw()
    plt.close(axes.figure)


def new_function() -> Callable:
    """Return a function that has not been drawn before."""
    shift = time.perf_counter_ns() % 1000 / 1e6
    return lambda x: tf.sin(x + shift) * tf.exp(-x * x / 2.0)


def place(frame: FrameType | None) -> str:
    """Return what a frame works for: "matplotlib", or a line of gradtape."""
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.startswith(("matplotlib", "mpl_toolkits")):
            return "matplotlib"
        if name.startswith("gradtape"):
            return f"{name}:{frame.f_code.co_name}:{frame.f_lineno}"
        frame = frame.f_back
    return "elsewhere"


def watched(run: Callable) -> collections.Counter:
    """Return the seconds that a run spends in each place."""
    seconds: collections.Counter = collections.Counter()
    main, done = threading.get_ident(), threading.Event()

    def watch() -> None:
        last = time.perf_counter()
        while not done.wait(SECONDS_BETWEEN_LOOKS):
            where = place(sys._current_frames()[main])
            now = time.perf_counter()
            seconds[where] += now - last
            last = now

    watcher = threading.Thread(target=watch)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    watcher.start()
    try:
        run()
    finally:
        done.set()
        watcher.join()
        sys.setswitchinterval(interval)
    return seconds


def report(title: str, next_function: Callable) -> None:
    """Draw several figures, and print where the time went."""
    draw(next_function())

    def run() -> None:
        for _ in range(FIGURES):
            draw(next_function())

    seconds = watched(run)
    whole = sum(seconds.values())
    outside = 1 - seconds["matplotlib"] / whole
    each = 1e3 * whole / FIGURES
    print(f"{title}: {each:.0f} ms a figure, {outside:.1%} of it outside matplotlib")
    for where, spent in seconds.most_common(7):
        print(f"  {spent / whole:6.1%}  {where}")


def main() -> None:
    """Report for functions that are new, and for one that has been drawn before."""
    report("plot_derivatives, order 2, a new function each time", new_function)
    same = new_function()
    report("plot_derivatives, order 2, the same function", lambda: same)


if __name__ == "__main__":
    main()
