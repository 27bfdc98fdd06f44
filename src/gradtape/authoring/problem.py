"""What is wrong, and in which line of which file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One thing for an author to mend.

    Attributes
    ----------
    path : Path
        The file, relative to the checkout.
    line : int
        The line in it, counted from 1.
    sentence : str
        What is wrong there and what to do about it.

    Examples
    --------
    >>> print(Problem(Path("a.py"), 7, "the cell is empty; write code or delete it"))
    a.py:7: the cell is empty; write code or delete it
    """

    path: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        """Return the problem as editors and terminals link it."""
        return f"{self.path.as_posix()}:{self.line}: {self.sentence}"
