"""What the regression costs over plain nbval, and how far machines drift apart.

From the root of the repository:

``python -m tests.benchmarks.regression overhead [--times 5] [NOTEBOOK ...]``
    runs the notebooks under ``pytest --nbval`` and under ``pytest --gradtape`` in turn,
    with plain kernels for both, and prints the medians.

``python -m tests.benchmarks.regression drift [NOTEBOOK ...]``
    runs the notebooks with their arithmetic disturbed in several ways, and prints how far
    the numbers move and which cells turn red. Another version of TensorFlow is measured
    by starting the command with a Python that has it.
"""

import argparse
import asyncio
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from unittest.mock import patch

import nbformat
from rich.console import Console
from rich.table import Table

from gradtape.authoring.execute import execute
from gradtape.regression.outputs import compare_outputs, tolerance
from gradtape.regression.outputs.numbers import numbers_in
from gradtape.regression.outputs.shown import shown

TINY = 1e-300  # in place of dividing by 0
ROOT = Path(__file__).parents[2]
MOST_OVERHEAD = 0.15
LESSONS = (
    *sorted((ROOT / "notebooks/en").glob("*.ipynb")),
    *sorted((ROOT / "notebooks/solutions/en").glob("*.ipynb")),
)
# Name, environment, and what is done to TensorFlow before a notebook begins.
WAYS = (
    ("the same again", {}, ""),
    (
        "one thread",
        {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"},
        "",
    ),
    (
        "eight threads",
        {"TF_NUM_INTRAOP_THREADS": "8", "TF_NUM_INTEROP_THREADS": "8"},
        "",
    ),
    ("without oneDNN", {"TF_ENABLE_ONEDNN_OPTS": "0"}, ""),
    ("oneDNN with SSE4.1 only", {"ONEDNN_MAX_CPU_ISA": "SSE41"}, ""),
    ("last bits at random, seed 1", {}, "disturbed.rounding_noise(1)"),
    ("last bits at random, seed 2", {}, "disturbed.rounding_noise(2)"),
    ("TF32 products", {}, "disturbed.tf32()"),
)
_PREPARED = """\
import sys
sys.path.insert(0, {root!r})
import gradtape
from tests.benchmarks import disturbed
{what}
"""


def overhead(notebooks: list[Path], times: int) -> None:
    """Print how long both plugins take for the same notebooks."""
    ways = {
        "plain nbval": ["-p", "no:gradtape", "--nbval", "--nbval-current-env"],
        "gradtape": ["--gradtape", "--plain-kernel"],
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    busy: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(times):
        for name, options in ways.items():
            begin, used = time.perf_counter(), _processor_seconds()
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
                + ["-p", "no:xdist", "-c", os.devnull, f"--rootdir={ROOT}"]
                + [*options, *map(str, notebooks)],
                capture_output=True,
                check=False,
                cwd=ROOT,
                text=True,
            )
            taken[name].append(time.perf_counter() - begin)
            busy[name].append(_processor_seconds() - used)
            print(f"{name}: {taken[name][-1]:.1f} s, {done.stdout.splitlines()[-1]}")
    for what, seconds in (("waiting", taken), ("on the processors", busy)):
        plain, ours = (statistics.median(each) for each in seconds.values())
        verdict = "within" if ours <= (1 + MOST_OVERHEAD) * plain else "ABOVE"
        print(
            f"seconds {what}, medians of {times}: plain nbval {plain:.1f}, "
            f"gradtape {ours:.1f}, {ours / plain - 1:+.1%}, {verdict} the limit of "
            f"{MOST_OVERHEAD:.0%}"
        )


def _processor_seconds() -> float:
    """Return what all processes started from here have used, kernels included."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def drift(notebooks: list[Path], ways: list[str]) -> None:
    """Print how far the numbers of the notebooks move, and which cells turn red."""
    console = Console()
    table = Table("arithmetic", "numbers", "moved", "99 in 100", "most", "red cells")
    for name, environment, what in WAYS:
        if ways and name not in ways:
            continue
        distances, red, count = [], [], 0
        for path in notebooks:
            stored = nbformat.read(path, as_version=4)
            found = _run(path, environment, what)
            for old, new in zip(stored.cells, found, strict=True):
                if old.cell_type != "code":
                    continue
                pairs = _pairs(old.outputs, new.outputs)
                count += len(pairs)
                distances += [distance for distance in pairs if distance > 0]
                if reasons := compare_outputs(
                    old.outputs, new.outputs, **tolerance(old.metadata.get("tags", []))
                ):
                    red.append(f"{path.stem[:2]} {old.id}")
                    console.print(f"{name}: {path.name} {old.id}: {reasons[0]}")
        distances.sort()
        most = f"{distances[-1]:.1g}" if distances else "0"
        usual = f"{distances[int(0.99 * len(distances))]:.1g}" if distances else "0"
        table.add_row(name, f"{count}", f"{len(distances)}", usual, most, f"{len(red)}")
    console.print(table)


def _run(
    path: Path, environment: dict[str, str], what: str
) -> list[nbformat.NotebookNode]:
    """Return the cells of a notebook after a run, with their new outputs."""
    notebook = nbformat.read(path, as_version=4)
    code = _PREPARED.format(root=str(ROOT), what=what) if what else "pass"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(code))
    # A forked kernel has imported TensorFlow before it could read these.
    with patch.dict(os.environ, {**environment, "GRADTAPE_PLAIN_KERNEL": "1"}):
        if failure := asyncio.run(execute(notebook)):
            print(f"{path.name} stopped: {failure}")
    return notebook.cells[1:]


def _pairs(old: list, new: list) -> list[float]:
    """Return the relative distance of each pair of numbers that are not whole."""
    distances = []
    for old_output, new_output in zip(shown(old), shown(new), strict=False):
        before, after = old_output.text, new_output.text
        pairs = zip(numbers_in(before), numbers_in(after), strict=False)
        distances += [
            abs(a.value - b.value) / max(a.size, b.size, TINY)
            for a, b in pairs
            if not (a.is_whole and b.is_whole)
        ]
    return distances


def main() -> None:
    """Read what is to be measured, and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["overhead", "drift"])
    parser.add_argument("notebooks", nargs="*", type=Path, default=list(LESSONS))
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--way", action="append", default=[], help="one of the ways")
    chosen = parser.parse_intermixed_args()
    notebooks = [path.absolute() for path in chosen.notebooks]
    if chosen.what == "overhead":
        overhead(notebooks, chosen.times)
    else:
        drift(notebooks, chosen.way)


if __name__ == "__main__":
    main()
