"""Write ``constraints.txt``: what is installed, to the version, on every Python promised.

    python tools/constraints.py            # add what is new, keep the versions that are there
    python tools/constraints.py --upgrade  # take the newest versions
    python tools/constraints.py --check    # can each Python and system be served by it?

A distribution's own Python is seldom the newest of its kind, and packages ask for a
patch here and there ("3.11.5 or later"). So one set of versions is sought that suits the
oldest patch of each Python promised, and whatever comes after it. It needs uv: ``pip install uv``.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILE = ROOT / "constraints.txt"

# The Pythons of Debian 12, Ubuntu 24.04 and Debian 13.
OLDEST_PATCHES = ("3.11.2", "3.12.3", "3.13.5")
SYSTEMS = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28", "macos", "windows")

# From 4.25 on, what JupyterLab asks of jsonschema brings rfc3987-syntax, which builds a
# parser whenever it is imported: that takes longer than all else in `import nbformat`.
HELD = ("jsonschema<4.25",)

_HEADER = f"""\
# One version of each package for Python {", ".join(OLDEST_PATCHES[:-1])} and \
{OLDEST_PATCHES[-1]}, and what comes after them.
# Written by tools/constraints.py; CONTRIBUTING.md says when.
"""


def resolve(*options: str, output: Path, constraints: tuple[str, ...] = HELD) -> None:
    """Let uv choose the versions of all that pyproject.toml asks for.

    Parameters
    ----------
    *options : str
        Options of ``uv pip compile``.
    output : Path
        Where the versions are written; those that stand there are kept if they can be.
    constraints : tuple of str
        What else must hold.

    Raises
    ------
    subprocess.CalledProcessError
        If there is no such choice; uv has said why.
    """
    subprocess.run(
        [
            *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml"),
            *("--extra", "test", "--constraints", "-", "--output-file", str(output)),
            *("--no-annotate", "--no-header", "--quiet"),
            *options,
        ],
        check=True,
        cwd=ROOT,
        input="\n".join(constraints),
        text=True,
    )


def pins(text: str) -> set[str]:
    """Return the lines of a file of constraints that pin a version, without markers."""
    return set(re.findall(r"^[\w.-]+==[^\s;]+", text, re.MULTILINE))


def write(*, upgrade: bool) -> None:
    """Write the file anew."""
    resolve(
        *("--universal", "--fork-strategy=fewest"),
        f"--python-version={OLDEST_PATCHES[0]}",
        *["--upgrade"] * upgrade,
        output=FILE,
    )
    FILE.write_text(_HEADER + FILE.read_text("utf-8"), "utf-8", newline="\n")


def check() -> list[str]:
    """Say for which Python and system the file does not do.

    Only packages that need no compiler are taken.
    """
    refused = []
    pinned = FILE.read_text("utf-8")
    for version in OLDEST_PATCHES:
        for system in SYSTEMS:
            with tempfile.TemporaryDirectory() as folder:
                output = Path(folder, "resolved.txt")
                try:
                    resolve(
                        f"--python-version={version}",
                        f"--python-platform={system}",
                        "--only-binary=:all:",
                        output=output,
                        constraints=(pinned,),
                    )
                except subprocess.CalledProcessError:
                    refused.append(f"Python {version} on {system}")
                    continue
                missing = pins(output.read_text("utf-8")) - pins(pinned)
                if missing:
                    refused.append(f"Python {version} on {system}: no pin of {missing}")
    return refused


def main() -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--upgrade", action="store_true", help="take newest versions")
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args()
    if options.check:
        refused = check()
        print(*refused, sep="\n", end="\n" if refused else "", file=sys.stderr)
        return bool(refused)
    write(upgrade=options.upgrade)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
