"""One question to a learner's tape, with everything that is known of it."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from gradtape.learner_code.lines import Line
from gradtape.learner_code.reading import Reading
from gradtape.learner_code.statements import text_of
from gradtape.tape.diagnosis.finding import Finding
from gradtape.tape.diagnosis.following import Way, way_through
from gradtape.tape.record.backward import WayBack
from gradtape.tape.record.sources import Source


@dataclass
class Case:
    """Everything that is known of one question to a tape.

    Attributes
    ----------
    tape, target : object
        What was asked of whom.
    reading : Reading
        The code around the call.
    seen : WayBack
        What the tape answered, and how.
    is_used_up : bool
        Whether it had been asked before.
    sources : list of Source
        The sources one by one.
    """

    tape: tf.GradientTape
    target: Any
    reading: Reading
    seen: WayBack
    is_used_up: bool
    sources: list[Source]

    @property
    def target_node(self) -> ast.expr | None:
        """The target as code."""
        return self.reading.arguments[1] if len(self.reading.arguments) > 1 else None

    @property
    def target_name(self) -> str:
        """The target as it stands in the code."""
        return text_of(self.target_node) if self.target_node else "y"

    @property
    def tape_name(self) -> str:
        """The tape as it stands in the code."""
        arguments = self.reading.arguments
        return text_of(arguments[0]) if arguments else "tape"

    def way(self, source: Source) -> Way:
        """Follow a source to the target through the code."""
        return way_through(
            self.reading, source.tensor, source.written, self.target_node
        )

    def finder(self, source: Source) -> Callable[..., Finding]:
        """Return what makes findings for one source."""
        return lambda row, *place, **detail: self.finding(row, source, *place, **detail)

    def finding(
        self,
        row: str,
        source: Source,
        operation: str = "",
        line: Line | None = None,
        detail: str = "",
    ) -> Finding:
        """Return a finding with the names that stand in the code."""
        return Finding(
            row,
            source.name,
            operation,
            line,
            detail,
            self.target_name,
            source.written,
            self.tape_name,
        )

    def has_recorded(self, leaf: Any) -> bool | None:
        """Tell whether a tape has recorded a tensor; None if it does not know any more."""
        if isinstance(leaf, tf.Variable):
            return any(each is leaf for each in self.tape.watched_variables())
        if not isinstance(leaf, tf.Tensor):
            return False
        if self.is_used_up:
            return None
        record = sys.modules[inspect.unwrap(tf.custom_gradient).__module__].record
        if getattr(self.tape, "_recording", False):
            return record.should_record_backprop([leaf])
        with self.tape:  # Nothing is recorded: nothing is computed.
            return record.should_record_backprop([leaf])
