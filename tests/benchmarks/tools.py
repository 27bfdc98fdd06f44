"""What the tools that run notebooks as tests find, and what they take.

``python -m tests.benchmarks.tools [NAME=PYTHON ...]``
    stores small notebooks, changes one thing in the code of each, runs all of them with
    gradtape, nbval, nbmake, pytest-notebook and papermill, and prints a table. A tool that
    needs an environment of its own is given by the Python of that.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

PLOT = "import numpy as np, matplotlib.pyplot as plt\nx = np.linspace(0, 3)\n"
# What a reader sees, and that there comes something else: (code, changed code).
FAULTS = {
    "a number": ("print(108.0)", "print(107.0)"),
    "a small number": ("6.6e-34", "6.7e-34"),
    "a large whole number": ("2**63 - 1", "2**63"),
    "a word": ("print('cat')", "print('cut')"),
    "an indentation": (r"print('a\n  b')", r"print('a\n b')"),
    "an exception": ("1 / 2", "1 / 0"),
    "a warning": (
        "import warnings\nwarnings.warn('late')",
        "import warnings\nwarnings.warn('early')",
    ),
    "a cell of a table": (
        "import pandas as pd\npd.DataFrame({'a': [1.5, 2.5]})",
        "import pandas as pd\npd.DataFrame({'a': [1.5, 2.6]})",
    ),
    "a formula": (
        "from IPython.display import Latex\nLatex('$x^2$')",
        "from IPython.display import Latex\nLatex('$x^3$')",
    ),
    "HTML of an object": (
        "class A:\n    def _repr_html_(self): return '<b>41</b>'\nA()",
        "class A:\n    def _repr_html_(self): return '<b>42</b>'\nA()",
    ),
    "a curve": (
        PLOT + "plt.plot(x, np.sin(x))\nplt.show()",
        PLOT + "plt.plot(x, 1.1 * np.sin(x))\nplt.show()",
    ),
    "the title of a figure": (
        PLOT + "plt.plot(x); plt.title('rain')\nplt.show()",
        PLOT + "plt.plot(x); plt.title('ruin')\nplt.show()",
    ),
    "an image upside down": (
        PLOT + "plt.imshow(np.outer(x, x))\nplt.show()",
        PLOT + "plt.imshow(np.outer(x, x)[::-1])\nplt.show()",
    ),
    "a logarithmic axis": (
        PLOT + "plt.plot(x, 1 + x)\nplt.show()",
        PLOT + "plt.semilogy(x, 1 + x)\nplt.show()",
    ),
    "a slider": (
        "import ipywidgets as w\nw.IntSlider(3)",
        "import ipywidgets as w\nw.IntSlider(4)",
    ),
}
# What is another in every run, and still right.
RIGHT = {
    "an address": "object()",
    "the time": "import datetime\nprint(datetime.datetime.now())",
    "a duration": "%%time\nprint(1)",
    "a path": "import tempfile\nprint(tempfile.mkdtemp())",
    "a progress bar": "from tqdm import tqdm\nfor n in tqdm(range(3)): pass",
    "the last digits": "import random\nprint(1 / 3 + random.random() * 1e-9)",
    "a figure": PLOT
    + "plt.plot(x, np.sin(x) * (1 + np.random.rand() * 1e-9))\nplt.show()",
    "a set": "import random\nw = ['a', 'b', 'c']\nrandom.shuffle(w)\n"
    "print('{' + ', '.join(map(repr, w)) + '}')",
}
OPTIONS = {
    "gradtape": ["--gradtape"],
    "nbval": ["--nbval", "--nbval-current-env"],
    "nbmake": ["--nbmake"],
    "pytest-notebook": ["--nb-test-files", "--nb-exec-timeout", "60"],
}


def main(arguments: list[str]) -> None:
    """Run all tools over all notebooks, and print the table."""
    pythons = dict(argument.split("=", 1) for argument in arguments)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "pytest.ini").write_text("[pytest]\n")
        for number, (code, changed) in enumerate(FAULTS.values()):
            _store(place / f"fault{number:02d}.ipynb", code, changed)
        for number, code in enumerate(RIGHT.values()):
            _store(place / f"right{number:02d}.ipynb", code, code)
        print(
            f"| tool | of {len(FAULTS)} faults | red though right, of {len(RIGHT)} |"
            " processor time |\n|---|--:|--:|--:|"
        )
        missed = {}
        for name in [*OPTIONS, "papermill"]:
            red, seconds = _run(name, pythons.get(name, sys.executable), place)
            names = (f"fault{n:02d}" for n in range(len(FAULTS)))
            found = [name in red for name in names]
            wrongly = [n for n in range(len(RIGHT)) if f"right{n:02d}" in red]
            print(
                f"| {name} | {sum(found)} | {len(wrongly)} | {seconds:.1f} s |",
                flush=True,
            )
            missed[name] = [
                kind for kind, is_found in zip(FAULTS, found) if not is_found
            ] + [f"(red: {list(RIGHT)[n]})" for n in wrongly]
    for name, kinds in missed.items():
        print(f"{name}: {', '.join(kinds) or 'all told, nothing right is red'}")


def _store(path: Path, code: str, changed: str) -> None:
    """Store what the code shows, under the changed code."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    notebook.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    NotebookClient(
        notebook, allow_errors=True, resources={"metadata": {"path": path.parent}}
    ).execute()
    notebook.cells[0].source = changed
    nbformat.write(notebook, path)


def _run(name: str, python: str, place: Path) -> tuple[set[str], float]:
    """Return which notebooks a tool finds wrong, and its processor time."""
    began = os.times()
    notebooks = sorted(path.stem for path in place.glob("*.ipynb"))
    if name == "papermill":
        tool = [python, "-m", "papermill", "--log-level", "ERROR"]
        red = {
            stem
            for stem in notebooks
            if subprocess.run(
                [*tool, f"{stem}.ipynb", os.devnull],
                cwd=place,
                capture_output=True,
                check=False,
            ).returncode
        }
    else:
        options = ["-p", "no:cacheprovider", "-rfE", "-q", "--no-header", "--tb=no"]
        command = [python, "-m", "pytest", *options, *OPTIONS[name]]
        done = subprocess.run(
            command, cwd=place, capture_output=True, text=True, check=False
        )
        told = [
            line
            for line in done.stdout.splitlines()
            if line.startswith(("FAILED", "ERROR"))
        ]
        red = {stem for stem in notebooks if any(stem in line for line in told)}
        if done.returncode > 1:
            raise RuntimeError(f"{name}: {done.stdout[-800:]}{done.stderr[-800:]}")
    ended = os.times()
    return red, sum(ended[2:4]) - sum(began[2:4])


if __name__ == "__main__":
    main(sys.argv[1:])
