"""How long a class of three hundred takes to be graded, endless loops and attacks included.

From the root of the repository:

``python -m tests.benchmarks.classroom [--count 300] [--workers 2] [--folder DIR]``
    makes a class of lesson 2 and its hand-ins, collects and grades them by the command, and
    says how long that took, whether each has the points that it deserves, and whether
    the folder of the class is what it was. Times say little unless nothing else runs.
"""

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import nbformat
from rich.console import Console
from rich.table import Table
from tests.classroom import handed_in

from gradtape.classroom import make_class, results

ROOT = Path(__file__).parents[2]
LESSON = "02"
WRITTEN = ("grades.csv", "graded", "reading")
EVERY_ENDLESS, EVERY_HOSTILE, EVERY_BROKEN = 20, 50, 60

SIGN = "def backward(x):\n    y = tf.exp(-(x**2))\n    return y, y, 2.0 * x * y"
UNDEFINED = "def backward(x):\n    return undefined(x)"
NO_TAPE = (
    "def slope_of_root(at):\n    x = tf.Variable(float(at))\n    return tf.sqrt(x)"
)
CONSTANT = "def best_step(value, curvature):\n    return 3e-4"
# By exercise: an answer and the points that it deserves; `None` is the model answer, dots
# are what was handed out.
ANSWERS = {
    "2.1": ((None, 3), (handed_in.WITH_NOISE, 3), (SIGN, 0), (UNDEFINED, 0), (..., 0)),
    "2.2": ((None, 2), (NO_TAPE, 0), (..., 0)),
    "2.3": ((None, 3), (handed_in.DRAWN, 3), (..., 0)),
    "2.4": ((None, 3), (CONSTANT, 0), (..., 0)),
}
PLACES = {"2.1": 0, "2.2": 2, "2.3": 3, "2.4": 4}  # among the cells for answers
ENDLESS = (
    handed_in.ENDLESS,
    "def backward(x):\n    while True:\n        pass",
    "import time\ndef backward(x):\n    time.sleep(10**6)",
)
HOSTILE = (
    handed_in.READS_FRAMES,
    handed_in.FORKS,
    handed_in.FILLS_MEMORY,
    handed_in.ENDS_THE_PROGRAM,
    "import shutil\nshutil.rmtree('/', ignore_errors=True)",
)


def main() -> None:
    """Make a class, grade it, and say how long that took."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--count", type=int, default=300)
    arguments.add_argument("--workers", type=int, default=os.cpu_count())
    arguments.add_argument("--folder", type=Path)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        course = options.folder or Path(folder) / "class"
        deserved = hand_in(course, options.count)
        before = state_of(course)
        began = time.perf_counter()
        command = [sys.executable, "-m", "gradtape", "class", "grade", str(course)]
        subprocess.run(
            [*command, "--workers", str(options.workers)],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        seconds = time.perf_counter() - began
        unjust = show(course, deserved)
        same = before == state_of(course)
    print(f"{len(deserved)} hand-ins in {seconds:.0f} s with {options.workers} workers")
    print(f"not the points that they deserve: {unjust or 'none'}")
    print(f"the folder of the class is {'the same' if same else 'ANOTHER'}")
    raise SystemExit(bool(unjust) or not same)


def hand_in(course: Path, count: int) -> dict[str, tuple[str, dict | None]]:
    """Make a class, and what it hands in; return each one's kind and points."""
    (made,) = make_class(course, "en", [LESSON], root=ROOT)
    sheet = made.released.read_text("utf-8")
    solved = handed_in.answers(nbformat.read(made.path, 4))
    draw = random.Random(7)
    deserved = {}
    for number in range(count):
        notebook = nbformat.reads(sheet, 4)
        kind, points = _fill_in(notebook, solved, number, draw)
        text = json.dumps(notebook)
        if number % EVERY_BROKEN == 11:
            kind, points, text = "cut off", None, text[: len(text) // 2]
        who = f"learner{number:03d}"
        folder = course / "submitted" / who / f"lesson_{LESSON}"
        folder.mkdir(parents=True)
        (folder / made.path.name).write_text(text, "utf-8")
        deserved[who] = kind, points
    return deserved


def _fill_in(notebook, solved: list, number: int, draw: random.Random):
    """Answer a sheet, and return what kind of hand-in it is and what it deserves."""
    cells = handed_in.answers(notebook)
    points = {}
    for exercise, answers in ANSWERS.items():
        weights = [4, *[1] * (len(answers) - 1)]
        ((answer, points[exercise]),) = draw.choices(answers, weights)
        place = PLACES[exercise]
        if answer is None:
            cells[place].source = _model_answer(solved[place].source)
        elif answer is not ...:
            cells[place].source = answer
    kind = "solved" if points == {"2.1": 3, "2.2": 2, "2.3": 3, "2.4": 3} else "partly"
    if number % 10 == 3:
        notebook.cells = [each for cell in notebook.cells for each in (cell, cell)]
        kind += ", every cell twice"
    if number % EVERY_ENDLESS == 7:
        cells[0].source = ENDLESS[number // EVERY_ENDLESS % len(ENDLESS)]
        kind, points["2.1"] = "endless loop", 0
    elif number % EVERY_HOSTILE == 21:
        cells[0].source = HOSTILE[number // EVERY_HOSTILE % len(HOSTILE)]
        kind, points["2.1"] = "attack", 0
    return kind, points


def _model_answer(text: str) -> str:
    return "\n".join(x for x in text.split("\n") if "SOLUTION" not in x)


def state_of(course: Path) -> dict[str, str]:
    """Return every file that grading does not write, with its content's hash."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(course.rglob("*"))
        if path.is_file() and path.relative_to(course).parts[0] not in WRITTEN
    }


def show(course: Path, deserved: dict) -> list[str]:
    """Print a table of kinds, and return whose points are others than deserved."""
    found = {result.learner: result for result in results.read_all(course, LESSON)}
    seconds, count, unjust = Counter(), Counter(), []
    for who, (kind, points) in deserved.items():
        result = found.get(who)
        if result is None:
            unjust.append(f"{who} ({kind}): no result")
            continue
        count[kind] += 1
        seconds[kind] += result.seconds
        got = {each.number: each.points for each in result.exercises}
        if points is None and result.unreadable:
            continue
        if got != points:
            unjust.append(f"{who} ({kind}): {got}, not {points}")
    table = Table("kind", "hand-ins", "seconds of a processor each", box=None)
    for kind in sorted(count):
        mean = seconds[kind] / count[kind]
        table.add_row(kind, str(count[kind]), f"{mean:.2f}")
    Console(soft_wrap=True).print(table)
    return unjust


if __name__ == "__main__":
    main()
