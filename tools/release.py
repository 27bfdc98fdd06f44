"""Say what stands in the way of a release; the workflow that makes one runs this first.

python tools/release.py v0.2.0 owner/name
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def obstacles(tag: str, repository: str, root: Path = ROOT) -> list[str]:
    """Return a sentence for each thing that is not as a release needs it.

    Parameters
    ----------
    tag : str
        The tag in version control: ``"v0.2.0"``.
    repository : str
        Where the project lies on GitHub: ``"owner/name"``.
    root : Path
        The checkout.
    """
    code = (root / "src" / "gradtape" / "__init__.py").read_text("utf-8")
    version = re.search(r'^__version__ = "(.+)"$', code, re.MULTILINE)[1]
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    found = []
    if tag != f"v{version}":
        found.append(
            f"The tag is {tag}, and __version__ in src/gradtape/__init__.py {version}."
        )
    heading = rf"^## {re.escape(version)}\b"
    if not re.search(heading, (root / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE):
        found.append(f"CHANGELOG.md has no section {version}.")
    address = f"https://github.com/{repository}"
    if project["urls"]["Repository"] != address:
        found.append(
            f"Repository in pyproject.toml is {project['urls']['Repository']}, and this is "
            f"{address}; the links in the lessons are made of it, so build them anew."
        )
    if ".invalid" in project["urls"]["Documentation"]:
        found.append("Documentation in pyproject.toml is not the site's address.")
    return found


def main(arguments: list[str]) -> int:
    """Print what stands in the way; return an exit code."""
    found = obstacles(*arguments)
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
