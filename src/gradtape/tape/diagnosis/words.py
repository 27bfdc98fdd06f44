"""What a row of the catalogue says."""

from __future__ import annotations

from dataclasses import dataclass, field

from gradtape.tape.diagnosis.edits import Repair


@dataclass(frozen=True)
class Explanation:
    """What a pitfall is called, why it happened, and the code that mends it."""

    title: str
    why: str
    repair: Repair = field(default_factory=Repair)
