"""A built notebook against the source of its lesson, without running anything."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gradtape.language import LANGUAGES

_SENTENCES_SHOWN = 5


@dataclass(frozen=True)
class BuiltFrom:
    """The source that a notebook is built from.

    Attributes
    ----------
    root : Path
        The checkout.
    path : Path
        The notebook, relative to the checkout.
    language : {"en", "zh"}
        Its language.
    solved : bool
        Whether its exercises are solved.
    """

    root: Path
    path: Path
    language: str
    solved: bool

    @property
    def lesson(self) -> str:
        """The lesson's number, which its file name begins with."""
        return self.path.name[:2]

    def differences(self) -> list[str]:
        """Say where the notebook, or its source itself, is not as it should be."""
        # Most notebooks under test have no source, and need none of this.
        from gradtape.authoring.check import differences
        from gradtape.authoring.exercises import solved_version
        from gradtape.authoring.launch import published_version
        from gradtape.authoring.rules import problems_in
        from gradtape.authoring.split import split

        sources = _sources(self.root)
        source = sources[self.path.stem]
        found = problems_in(source, sources, self.root)
        if not found:
            version = (
                solved_version(source)
                if self.solved
                else published_version(source, self.root)
            )
            notebook = split(version, self.language)
            found = [
                *differences(notebook, self.path, version, self.root, computed=False)
            ]
        sentences = [str(problem) for problem in found]
        rest = len(sentences) - _SENTENCES_SHOWN
        if rest > 0:
            sentences[_SENTENCES_SHOWN:] = [f"and {rest} more"]
        return sentences


@cache
def _sources(root: Path) -> dict:
    from gradtape.authoring.source import read_sources

    return read_sources(root)


def find_source(notebook: Path) -> BuiltFrom | None:
    """Find the source of a notebook; None for one that is not built from any.

    Parameters
    ----------
    notebook : Path
        ``notebooks/LANGUAGE/NAME.ipynb`` or ``notebooks/solutions/LANGUAGE/NAME.ipynb``
        has its source in ``notebooks/lessons/NAME/lesson.py``.
    """
    language, folder = notebook.parent.name, notebook.parent.parent
    solved = folder.name == "solutions"
    folder = folder.parent if solved else folder
    source = folder / "lessons" / notebook.stem / "lesson.py"
    if language not in LANGUAGES or folder.name != "notebooks" or not source.is_file():
        return None
    return BuiltFrom(
        folder.parent, notebook.relative_to(folder.parent), language, solved
    )
