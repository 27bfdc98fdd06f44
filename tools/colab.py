"""Make an environment with Colab's versions of what gradtape meets there, and try it.

    python tools/colab.py DIR         # make the environment in DIR, install this checkout
    python tools/colab.py DIR 02 05   # run these lessons there, too

It shows what the installation changed beside gradtape: nothing, or the exit code is 1.
Colab's Python is 3.12 or 3.13; any that is promised will do here. The versions stand in
``tools/places/colab.txt``.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERSIONS = Path(__file__).parent / "places" / "colab.txt"

_RUN = """
import sys
import nbformat
from nbclient import NotebookClient

for path in sys.argv[1:]:
    notebook = nbformat.read(path, 4)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.get("name") == "stderr":
                sys.exit(f"{path}, cell {cell.id}, on standard error: {output.text}")
    nbformat.write(notebook, path)
"""


def make(folder: Path) -> Path:
    """Make the environment, without gradtape.

    Parameters
    ----------
    folder : Path
        Where; it is made.

    Returns
    -------
    Path
        Its Python.
    """
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    _pip(python, "install", "--requirement", VERSIONS)
    return python


def install(python: Path, what: Path = ROOT) -> tuple[set[str], set[str]]:
    """Install gradtape as a reader does.

    Parameters
    ----------
    python : Path
        The environment's Python.
    what : Path
        A checkout or a wheel.

    Returns
    -------
    gone, come : set of str
        The packages, with versions, that are no longer there, and the new ones.
    """
    before = _freeze(python)
    _pip(python, "install", what)
    after = _freeze(python)
    return before - after, after - before


def run(python: Path, notebook: Path) -> None:
    """Run a notebook in the environment; its outputs are stored in the file.

    Parameters
    ----------
    python : Path
        The environment's Python.
    notebook : Path
        The notebook, in the folder in which it is to run.

    Raises
    ------
    subprocess.CalledProcessError
        If a cell fails that is not meant to, or something is on standard error.
    """
    command = [python, "-c", _RUN, notebook.name]
    subprocess.run(
        command, check=True, cwd=notebook.parent, stderr=subprocess.PIPE, text=True
    )


def _pip(python: Path, *arguments: object) -> None:
    subprocess.run(
        [python, "-m", "pip", "--quiet", *map(str, arguments)], check=True, text=True
    )


def _freeze(python: Path) -> set[str]:
    command = [python, "-m", "pip", "freeze", "--all"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True)
    return {line.partition(" @ ")[0] for line in listed.stdout.splitlines()}


def main(arguments: list[str]) -> int:
    """Run the command; return its exit code."""
    folder, *lessons = arguments
    python = make(Path(folder).absolute())
    gone, come = install(python)
    print("gone:", *sorted(gone) or ["nothing"])
    print("come:", *sorted(come))
    for number in lessons:
        for path in sorted((ROOT / "notebooks").glob(f"[ez]*/{number}_*.ipynb")):
            copy = python.parents[1] / f"{path.parent.name}_{path.name}"
            copy.write_bytes(path.read_bytes())
            run(python, copy)
            print(f"{path.relative_to(ROOT)}: every cell ran")
    return bool(gone)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
