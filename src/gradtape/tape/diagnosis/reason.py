"""One cause of a missing or doubtful gradient, from its finding to its sentence."""

from __future__ import annotations

from dataclasses import dataclass

from gradtape.language import say
from gradtape.learner_code.lines import Line
from gradtape.tape.diagnosis.edits import Change
from gradtape.tape.diagnosis.words import Explanation


@dataclass(frozen=True)
class Reason:
    """Why the gradient of a source is not what one may expect.

    Attributes
    ----------
    cause : str
        The row of the catalogue, ``"P5"``; empty for what has no number.
    source : str
        The name of what is differentiated by.
    kind : str
        Which of the row's ways it is, such as ``"captured"``; most rows have one way.
    operation : str
        The operation or function where it happened, ``"log"`` or ``"np.sin"``.
    name : str
        What the sentence is about, where that is a name in the code: the tensor that was
        computed outside, the variable that was stored into.
    line : Line or None
        The learner's line, where it is known.
    code : str
        The source as it stands in the code; empty if that is its name.
    target, tape : str
        What is differentiated, and the tape, as they stand in the code. ``tape`` is empty
        if the function has none of its own.
    dtype : str
        The dtype that matters, for whole numbers and half precision.
    count : int
        How many numbers the target holds, for a target of several.
    slope : str
        The derivative by central differences, where the tape's lacks a part.
    asked_at : Line or None
        Where the tape was asked.
    sources : tuple of str
        All sources that it concerns.
    """

    cause: str
    source: str
    kind: str = ""
    operation: str = ""
    name: str = ""
    line: Line | None = None
    code: str = ""
    target: str = "y"
    tape: str = ""
    dtype: str = ""
    count: int = 0
    slope: str = ""
    asked_at: Line | None = None
    sources: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """The source as one writes it in code."""
        if self.code:
            return self.code
        return self.source if self.source.replace(".", "_").isidentifier() else "x"

    @property
    def title(self) -> str:
        """The cause in a few words, in the reader's language."""
        return self._words.title

    @property
    def why(self) -> str:
        """What happened, in the reader's language."""
        return self._words.why

    @property
    def repair(self) -> str:
        """Python code that mends it; empty where there is none."""
        return self._words.repair.text

    @property
    def without_repair(self) -> str:
        """What is to be done where there is no such code; empty where nothing is known."""
        if self.repair or not self.cause:
            return ""
        from gradtape.tape.diagnosis.repairs import none_in_one_line

        return none_in_one_line(self)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What becomes of the learner's lines, where that is certain."""
        return self._words.repair.changes

    @property
    def where(self) -> str:
        """Operation and line, in the reader's language; empty if neither is known."""
        parts = []
        named = (
            self.name if self.cause not in ("P19", "P31", "P39", "P40", "P42") else ""
        )
        named = named if self.kind != "others" else ""
        if place := self.operation or named:
            parts.append(say(en=f"at {place}", zh=f"在 {place} 处"))
        if self.line and self.line.text:
            number, text = self.line.number, self.line.text
            parts.append(say(en=f"line {number}: {text}", zh=f"第 {number} 行：{text}"))
        return say(en=", ", zh="，").join(parts)

    @property
    def _words(self) -> Explanation:
        # The catalogue's functions take a reason: they come after it.
        from gradtape.tape.diagnosis.catalogue import words_for

        return words_for(self)
