"""Which notebooks and which tests a module of the library concerns."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.mutation.lessons import Lesson
from tests.mutation.library import PACKAGE

_PUBLIC_CALL = re.compile(r"\b(?:gt|gradtape)\.(\w+)")
_TESTS_WITHOUT_A_NAME = 2
_EXERCISES_OF_A_LESSON = re.compile(r"notebooks/lessons/(\d\d)_\w+/exercises\.py")


class Library:
    """What the modules of a checkout import and define, read once.

    Parameters
    ----------
    root : Path
        The checkout.
    """

    def __init__(self, root: Path):
        self._root = root
        self._imports: dict[Path, set[Path]] = {}
        self._homes: dict[str, set[Path]] = {}  # of functions that have a name
        modules = (root / PACKAGE).rglob("*.py")
        judges = (root / "notebooks" / "lessons").glob("*/exercises.py")
        for file in sorted([*modules, *judges]):
            path = file.relative_to(root)
            tree = ast.parse(file.read_text("utf-8"))
            self._imports[path] = set(_imported(root, tree))
            for node in tree.body:
                if isinstance(node, ast.FunctionDef):
                    self._homes.setdefault(node.name, set()).add(path)
        # The exercises of a lesson are imported by its number, when they are asked for.
        exercises = {path for path in self._imports if _of_a_lesson(path)}
        for path in exercises:
            self._imports[PACKAGE / "exercises" / "exercise.py"].add(path)

    def notebooks_of(self, module: Path, lessons: Sequence[Lesson]) -> list[Lesson]:
        """Return the English notebooks that may run a module, the likeliest first.

        A notebook calls functions such as ``gt.plot_taylor``. The fewer imports lie
        between their modules and this one, and the shorter the notebook, the earlier it
        comes. The exercises of a lesson are run by its own notebooks.
        """
        found = []
        number = _of_a_lesson(module)
        for lesson in lessons:
            if lesson.language != "en":
                continue
            if number:
                steps = 0 if lesson.path.name.startswith(number) else None
            else:
                cells = [c for c in lesson.notebook.cells if c.cell_type == "code"]
                code = "\n".join(cell.source for cell in cells)
                steps = _steps(self._called(code), module, self._imports)
            if steps is not None:
                length = len(lesson.notebook.cells)
                found.append((steps, not lesson.is_solved, length, lesson))
        return [lesson for *_, lesson in sorted(found, key=lambda each: each[:3])]

    def tests_of(self, module: Path) -> list[str]:
        """Return pytest's arguments for a module's tests and its examples.

        Tests mirror the library: those of the same name, or else the nearest two of the
        room. The answers to exercises are one table for all lessons.
        """
        number = _of_a_lesson(module)
        if number:
            return ["tests/exercises/test_lessons.py", "-k", f"{int(number)}."]
        *rooms, name = module.relative_to(PACKAGE).with_suffix("").parts
        folder = self._root / Path("tests", *rooms)
        own = sorted(folder.glob(f"test_{name.lstrip('_')}*.py"))
        if not folder.is_dir():
            own = sorted(folder.parent.glob(f"test_{folder.name}*.py"))
        tests = own or self._nearest(folder, module)[:_TESTS_WITHOUT_A_NAME]
        return [*(str(test.relative_to(self._root)) for test in tests), str(module)]

    def tests_of_the_room(self, module: Path) -> list[str]:
        """Return pytest's arguments for all tests of the room that a module is in."""
        rooms = module.relative_to(PACKAGE).parts[:-1]
        folder = Path("tests", *rooms)
        return [str(folder)] if rooms and (self._root / folder).is_dir() else []

    def _nearest(self, folder: Path, module: Path) -> list[Path]:
        found = []
        for test in sorted(folder.glob("test_*.py")):
            text = test.read_text("utf-8")
            tree = ast.parse(text)
            starts = self._called(text) | set(_imported(self._root, tree))
            # A room gives its functions when they are asked for.
            for name in _names_imported(tree):
                starts |= self._homes.get(name, set())
            steps = _steps(starts, module, self._imports)
            if steps is not None:
                found.append((steps, test))
        return [test for _, test in sorted(found)]

    def _called(self, code: str) -> set[Path]:
        """Return the modules of the public functions that some code calls."""
        names = _PUBLIC_CALL.findall(code)
        return {path for name in names for path in self._homes.get(name, ())}


def _of_a_lesson(module: Path) -> str:
    """Return the number of the lesson whose exercises a module holds, or nothing."""
    match = _EXERCISES_OF_A_LESSON.fullmatch(module.as_posix())
    return match[1] if match else ""


def _imported(root: Path, tree: ast.AST) -> Iterator[Path]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{a.name}" for a in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            path = Path("src", *name.split("."))
            for file in (path.with_suffix(".py"), path / "__init__.py"):
                if (root / file).is_file():
                    yield file


def _names_imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "gradtape"
        ):
            yield from (alias.name for alias in node.names)


def _steps(
    starts: set[Path], goal: Path, imports: Mapping[Path, set[Path]]
) -> int | None:
    """Count the imports from some modules to one; None where there is no way."""
    seen, edge, steps = set(starts), set(starts), 0
    while edge:
        if goal in edge:
            return steps
        edge = {path for start in edge for path in imports.get(start, ())} - seen
        seen |= edge
        steps += 1
    return None
