"""Run the tests of a checkout as anybody would, and say which were red."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_SECONDS_A_CELL = 60  # a clean cell takes less than ten
_SECONDS_A_RUN = 600  # of pytest; a run that hangs is red too
_NO_TESTS = 5  # pytest's exit status
_REPORT = ".gradtape-faults.xml"


@dataclass(frozen=True)
class Outcome:
    """What a run of pytest gave.

    Attributes
    ----------
    is_green : bool
        Whether nothing failed.
    passed, failed : tuple of str
        The names of the tests.
    said : str
        The end of what pytest wrote.
    """

    is_green: bool
    passed: tuple[str, ...]
    failed: tuple[str, ...]
    said: str


def run_tests(
    checkout: Path,
    tests: Sequence[str | Path],
    *,
    to_the_end: bool = False,
    is_library_faulty: bool = False,
) -> Outcome:
    """Run notebooks or files of tests in a process of their own.

    The library is that of the checkout, for pytest and for every kernel that it starts.

    Parameters
    ----------
    checkout : Path
        A copy of the checkout.
    tests : sequence of str or Path
        What to run, by its place in the checkout.
    to_the_end : bool
        Go on after the first failure.
    is_library_faulty : bool
        Whether kernels must import the library anew.
    """
    report = checkout / _REPORT
    report.unlink(missing_ok=True)
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider"),
        *("--tb=short", f"--junitxml={report}", f"--rootdir={checkout}"),
        f"--nbval-cell-timeout={_SECONDS_A_CELL}",
        *([] if to_the_end else ["-x"]),
        *(["--plain-kernel"] if is_library_faulty else []),
        *map(str, tests),
    ]
    try:
        ran = subprocess.run(
            command,
            cwd=checkout,
            env=_environment(checkout),
            capture_output=True,
            check=False,
            text=True,
            timeout=_SECONDS_A_RUN,
        )
    except subprocess.TimeoutExpired:
        return Outcome(False, (), (), "it did not come to an end")
    passed, failed = _read(report)
    said = "\n".join((ran.stdout + ran.stderr).strip().split("\n")[-40:])
    return Outcome(ran.returncode in (0, _NO_TESTS), passed, failed, said)


def _environment(checkout: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "COV_CORE_"))
    }
    return kept | {
        "PYTHONPATH": str(checkout / "src"),
        # A module that is faulty for a moment must not be kept compiled.
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _read(report: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if not report.is_file():
        return (), ()
    passed, failed = [], []
    for test in ElementTree.parse(report).iter("testcase"):
        kinds = {child.tag for child in test}
        if kinds & {"failure", "error"}:
            failed.append(test.get("name", ""))
        elif "skipped" not in kinds:
            passed.append(test.get("name", ""))
    return tuple(passed), tuple(failed)
