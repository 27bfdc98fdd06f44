"""What a search for causes hands over: which pitfall, of which source, where."""

from __future__ import annotations

from dataclasses import dataclass

from gradtape.learner_code.lines import Line


@dataclass(frozen=True)
class Finding:
    """One reason why the gradient of one source is not what one may expect.

    Attributes
    ----------
    row : str
        The pitfall's number, ``"P5"``; empty for what is none of them.
    source : str
        The name of what is differentiated by.
    operation : str
        Where it happened: an operation, a function, or a name in the code.
    line : Line or None
        The learner's line, where it is known.
    detail : str
        What the pitfall needs besides, such as a dtype or the name of a variable.
    target : str
        What is differentiated, as it stands in the code.
    code : str
        The source as it stands in the code; empty if that is its name.
    tape : str
        The tape as it stands in the code; empty if the function has none.
    """

    row: str
    source: str
    operation: str = ""
    line: Line | None = None
    detail: str = ""
    target: str = "y"
    code: str = ""
    tape: str = ""

    @property
    def written(self) -> str:
        """The source as one writes it in code."""
        if self.code:
            return self.code
        return self.source if self.source.replace(".", "_").isidentifier() else "x"
