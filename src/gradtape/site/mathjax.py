"""MathJax from the site's own files: the few of them that a page loads."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

# With formulas, now or from its menu.
_NEEDED = ("tex-chtml.js", "a11y", "input/tex", "output/chtml", "sre/mathmaps/en.json")


def leave_out(folder: Path) -> None:
    """Remove the forms of MathJax that no page loads: four fifths of the whole site."""
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(_NEEDED):
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def copy_mathjax(target: Path) -> None:
    """Copy what a page with formulas loads."""
    package = importlib.util.find_spec("sphinx-mathjax-offline")
    static = Path(package.submodule_search_locations[0], "static", "mathjax")
    shutil.copytree(static, target, dirs_exist_ok=True)
    leave_out(target)
