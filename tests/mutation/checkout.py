"""A copy of the checkout, in which faults are made and taken back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_FOLDERS = ("docs", "notebooks", "src", "tests")
_FILES = ("*.md", "*.toml", "*.txt", "*.yml", "CITATION.cff", "LICENSE")
_LEFT_OUT = shutil.ignore_patterns(".*", "_build", "generated")


def copy_checkout(root: Path, folder: Path) -> Path:
    """Copy what the tests need of a checkout, so that nobody's files are touched.

    Parameters
    ----------
    root : Path
        The checkout.
    folder : Path
        Where the copy is to be; it is made.

    Raises
    ------
    FileNotFoundError
        If ``root`` is not a checkout.
    """
    for name in _FOLDERS:
        if not (root / name).is_dir():
            raise FileNotFoundError(
                f"{root} holds no folder {name}; name the checkout of gradtape "
                "in which faults are to be made"
            )
        # With its times, so that what Python has compiled is used again.
        shutil.copytree(root / name, folder / name, ignore=_LEFT_OUT)
    for pattern in _FILES:
        for path in root.glob(pattern):
            shutil.copy2(path, folder)
    return folder


@contextmanager
def changed(checkout: Path, texts: Mapping[Path, str]) -> Iterator[None]:
    """Give files other texts for a while.

    Parameters
    ----------
    checkout : Path
        A copy of the checkout.
    texts : mapping of Path to str
        The text of each file, by its place in the checkout; there may be new files.
    """
    kept = {}
    for path, text in texts.items():
        file = checkout / path
        if file.exists():
            kept[file] = file.read_bytes(), file.stat().st_mtime_ns
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="\n")
    try:
        yield
    finally:
        for path in texts:
            file = checkout / path
            if file in kept:
                content, time = kept[file]
                file.write_bytes(content)
                os.utime(file, ns=(time, time))
            else:
                file.unlink()
