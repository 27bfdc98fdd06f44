"""The plugin by itself: without the course, without TensorFlow, and quick to start."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.regression.cells import code, printed

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
NOT_NEEDED = ("gradtape", "tensorflow", "matplotlib", "rich", "lazy_loader")
BLOCKED = f"""
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {NOT_NEEDED!r}:
            raise ModuleNotFoundError(f"{{name}} is not here", name=name)

sys.meta_path.insert(0, Blocked())
"""


def test_it_runs_where_there_is_nothing_of_the_course(pytester, notebook):
    source = ROOT / "src" / "gradtape" / "regression"
    shutil.copytree(source, pytester.path / "gradtape_regression")
    (pytester.path / "sitecustomize.py").write_text(BLOCKED)
    notebook(code("print(1.5)", [printed("1.5000001\n")], 1), code("x", [], 2))
    pytester._monkeypatch.setenv("PYTHONPATH", str(pytester.path))
    result = pytester.runpytest_subprocess(
        "-p", "no:gradtape", "-p", "no:gradtape-lessons", "-p", "no:xdist",
        "-p", "gradtape_regression.plugin", "--gradtape",
    )  # fmt: skip
    result.assert_outcomes(passed=1, failed=1)


def test_pytest_starts_without_what_takes_time():
    code = (
        "import sys, gradtape.regression.plugin as plugin\n"
        "heavy = {'numpy', 'nbformat', 'PIL', 'jupyter_client', 'tensorflow'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_its_distribution_asks_for_what_the_course_asks_for():
    own = tomllib.loads(
        (ROOT / "packages/regression/pyproject.toml").read_text("utf-8")
    )
    course = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    ours, theirs = own["project"], course["project"]
    asked = " ".join(str(theirs["optional-dependencies"]) + str(theirs["dependencies"]))
    asked = asked.replace(" ", "")
    for requirement in ours["dependencies"]:
        name = requirement.partition(">=")[0].replace("_", "-")
        assert name in asked.replace("_", "-"), requirement
    points = course["project"]["entry-points"]["pytest11"]
    assert ours["entry-points"]["pytest11"].keys() <= points.keys()
