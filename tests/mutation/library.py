"""Faults in the modules of the library: in what a reader is shown, and what judges it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.mutation.edits import edits
from tests.mutation.fault import ModuleFault, named

PACKAGE = Path("src", "gradtape")
# What computes, draws, explains, judges and compares. The rest starts programs and
# writes files; its tests take minutes, and no lesson shows it.
_ROOMS = (
    "authoring",
    "calculus",
    "exercises",
    "figures",
    "learner_code",
    "regression/outputs",
    "tape",
    "widgets",
)
_MODULES = ("content", "display")


def library_modules(root: Path) -> list[Path]:
    """Return the modules that faults are made in, relative to the checkout."""
    found = [PACKAGE / f"{name}.py" for name in _MODULES]
    for room in _ROOMS:
        paths = (root / PACKAGE / room).rglob("*.py")
        found += sorted(path.relative_to(root) for path in paths)
    judges = (root / "notebooks" / "lessons").glob("*/exercises.py")
    found += sorted(path.relative_to(root) for path in judges)
    return [path for path in found if (root / path).is_file()]


def library_faults(root: Path, modules: Iterable[Path]) -> Iterator[ModuleFault]:
    """Give every fault in some modules of the library."""
    for path in modules:
        text = (root / path).read_text("utf-8")
        for edit in edits(text):
            before, after = edit.lines_of(text)
            line = text.count("\n", 0, edit.start) + 1
            name = named("library", edit.kind, path, line, before, after)
            yield ModuleFault(name, edit)
