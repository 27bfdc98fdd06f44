"""The speed of ``gradtape.calculus.derivatives`` beside other ways, in one table.

From the root of the repository, with whichever competitors should take part:

    pip install jax torch autograd numdifftools sympy
    python -m tests.benchmarks.derivatives [--seconds 8] [--write]

A missing competitor is said to be missing. ``--write`` puts the short table into both
READMEs, between their marks.
"""

import argparse
import datetime
import functools
import importlib
import importlib.metadata
import platform
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from tests.benchmarks.timing import medians
from tests.benchmarks.ways import WAYS

ORDERS = range(5)
SIZES = (1, 1_000, 1_000_000)
OURS = "gradtape, repeated"
# Slower than this for one pass: timed once, then left out of the rounds.
SLOW_SECONDS = 2.0
# The columns of the READMEs: the number of points and the order.
README_COLUMNS = [*((1_000, order) for order in ORDERS), (1, 2), (1_000_000, 2)]
ROOT = Path(__file__).parents[2]
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
MARKS = "<!-- benchmark -->", "<!-- /benchmark -->"
CHINESE = {
    "gradtape, first call": "gradtape，首次调用",
    "gradtape, repeated": "gradtape，再次调用",
    "tapes by hand": "手写嵌套梯度带",
    "tf.function by hand": "手写 tf.function",
    "tf.function, XLA": "tf.function，XLA",
    "missing": "未安装",
}

Times = dict[str, dict[tuple[int, int], float]]


def measure(seconds: float, console: Console) -> Times:
    """Return the median seconds of each way, by the number of points and the order."""
    times: Times = {name: {} for name in WAYS}
    for size in SIZES:
        points = np.linspace(-3, 3, size, dtype=np.float32)
        for order in ORDERS:
            console.log(f"{size:,} points, order {order}")
            ready = {}
            for name, (_, way) in WAYS.items():
                try:
                    run = way(points, order)
                except ImportError:
                    continue
                once = _seconds(run)
                if once > SLOW_SECONDS:  # unless that was compiling
                    once = min(once, _seconds(run))
                if once > SLOW_SECONDS:
                    times[name][size, order] = once
                else:
                    ready[name] = run
            for name, median in medians(ready, seconds, most_rounds=2000).items():
                times[name][size, order] = median
    return times


def _seconds(run: Callable) -> float:
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def high_orders(seconds: float) -> dict[str, float]:
    """Return how many times as long order 8 takes as order 4, at 1,000 points."""
    points = np.linspace(-3, 3, 1_000, dtype=np.float32)
    ways = {
        (kind, order): WAYS[f"gradtape, {kind}"][1](points, order)
        for order in (4, 8)
        for kind in ("first call", "repeated")
    }
    times = medians(ways, seconds, most_rounds=500)
    return {
        kind: times[kind, 8] / times[kind, 4] for kind in ("first call", "repeated")
    }


def versions() -> str:
    """Return the date, the machine and the versions of all that take part."""
    names = dict.fromkeys(package for package, _ in WAYS.values())
    installed = []
    for name in names:
        try:
            installed.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    python = platform.python_version()
    return f"{datetime.date.today()}, Python {python}, " + ", ".join(installed)


def cell(times: Times, name: str, column: tuple[int, int]) -> str:
    """Return a time in milliseconds and its ratio to ours, or that it is missing."""
    if column not in times[name]:
        return "missing"
    milliseconds = 1e3 * times[name][column]
    ratio = times[name][column] / times[OURS][column]
    return f"{_short(milliseconds)} ({_short(ratio)}×)"


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 99.5 else f"{number:.2g}"


def printed(times: Times) -> Table:
    """Return all that was measured as one table for the terminal."""
    table = Table(
        "way",
        *(f"order {order}" for order in ORDERS),
        title="sin(x)·exp(-x²/2) with all its derivatives up to an order: "
        f"milliseconds (ratio to {OURS})",
    )
    for size in SIZES:
        table.add_section()
        table.add_row(f"[bold]{size:,} point{'s' * (size > 1)}")
        for name in times:
            table.add_row(name, *(cell(times, name, (size, order)) for order in ORDERS))
    return table


def markdown(times: Times, growth: dict[str, float], language: str) -> str:
    """Return the short table of the READMEs."""
    say = functools.partial(_say, language=language)
    heads = [
        f"{say('order', '阶数')} {order}, {size:,}" for size, order in README_COLUMNS
    ]
    lines = [f"| | {' | '.join(heads)} |", "|---|" + "--:|" * len(heads)]
    for name in times:
        cells = (cell(times, name, column) for column in README_COLUMNS)
        words = [say(word, CHINESE.get(word, word)) for word in (name, *cells)]
        lines.append(f"| {' | '.join(words)} |")
    first, repeated = (_short(growth[kind]) for kind in ("first call", "repeated"))
    sentence = say(
        f"Order 8 on 1,000 points takes {first}× as long as order 4 at the first call, "
        f"{repeated}× when repeated.",
        f"在 1,000 个点上，首次调用时 8 阶用时是 4 阶的 {first} 倍，再次调用时是 "
        f"{repeated} 倍。",
    )
    return "\n".join([*lines, "", sentence, "", versions()])


def _say(english: str, chinese: str, language: str) -> str:
    return {"en": english, "zh": chinese}[language]


def write(times: Times, growth: dict[str, float]) -> None:
    """Put the short table into both READMEs, between their marks."""
    for language, path in READMES.items():
        before, begin, rest = path.read_text(encoding="utf-8").partition(MARKS[0])
        _, end, after = rest.partition(MARKS[1])
        if not (begin and end):
            raise SystemExit(f"{path.name} has no place for it: {' … '.join(MARKS)}")
        text = f"{before}{begin}\n{markdown(times, growth, language)}\n{end}{after}"
        path.write_text(text, encoding="utf-8")


def main() -> None:
    """Measure, print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--seconds", type=float, default=4.0, help="time for each of 15 cells"
    )
    parser.add_argument("--write", action="store_true", help="update both READMEs")
    arguments = parser.parse_args()
    console = Console(width=110)

    times = measure(arguments.seconds, console)
    console.print(printed(times))
    growth = high_orders(arguments.seconds)
    for kind, ratio in growth.items():
        console.print(f"1,000 points, {kind}: order 8 takes {ratio:.1f}× order 4")
    for order in ORDERS[1:]:
        ratio = (
            times["gradtape, first call"][1_000, order]
            / times["tapes by hand"][1_000, order]
        )
        console.print(f"1,000 points, order {order}: first call {ratio:.2f}× tapes")
    missing = [name for name in times if not times[name]]
    console.print(f"missing: {', '.join(missing) or 'none'}\n{versions()}")
    if arguments.write:
        write(times, growth)


if __name__ == "__main__":
    main()
