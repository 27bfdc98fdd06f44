"""One question to a learner's tape, with everything that is known of it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import tensorflow as tf

from gradtape.learner_code.reading import Reading
from gradtape.learner_code.statements import text_of
from gradtape.tape.diagnosis.dataflow import Dataflow, dataflow_of
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.trace import Question
from gradtape.tape.record import tensorflow_internals as internals
from gradtape.tape.record.backward import WayBack
from gradtape.tape.record.blocks import Answer, TapeRecord
from gradtape.tape.record.events import Event, tape_number
from gradtape.tape.record.graph_events import graph_events
from gradtape.tape.record.sources import Source


@dataclass
class Case:
    """Everything that is known of one question to a tape.

    Attributes
    ----------
    tape, target : object
        What was asked of whom.
    sources : list of Source
        The sources one by one.
    reading : Reading
        The code around the call.
    record : TapeRecord or None
        What was seen of the tape's blocks; None if they were not watched.
    is_used_up : bool
        Whether it had been asked before.
    on_record : dict of int to bool or None
        Whether the tape follows a source, by the source's number; None if it does not
        know any more.
    seen : WayBack
        What the tape answered, and how.
    """

    tape: tf.GradientTape
    target: Any
    sources: list[Source]
    reading: Reading
    record: TapeRecord | None
    is_used_up: bool
    on_record: dict[int, bool | None] = field(default_factory=dict)
    seen: WayBack = field(default_factory=lambda: WayBack([]))
    _ways: dict[int, Dataflow] = field(default_factory=dict, repr=False)

    @cached_property
    def targets(self) -> list[Any]:
        """The parts of the target."""
        return tf.nest.flatten(self.target, expand_composites=True)

    @cached_property
    def events(self) -> list[Event] | None:
        """What happened in the tape's blocks; None if that was not seen."""
        graphs = [leaf.graph for leaf in self.targets if is_symbolic(leaf)]
        if graphs:
            return graph_events(graphs[0])
        return self.record.events if self.record else None

    @property
    def is_symbolic(self) -> bool:
        """Whether the question is part of a graph, where there are no numbers yet."""
        return any(is_symbolic(leaf) for leaf in self.targets)

    @cached_property
    def answer(self) -> Answer | None:
        """What the learner's own call of tape.gradient gave for the same question."""
        for each in reversed(self.record.answers if self.record else []):
            asked = tf.nest.flatten(each.sources)
            sources = [source.tensor for source in self.sources]
            if (
                _same(tf.nest.flatten(each.target), tf.nest.flatten(self.target))
                and len(asked) == len(sources)
                and all(
                    mine is other or getattr(other, "value", None) is mine
                    for mine, other in zip(sources, asked, strict=True)
                )
            ):
                return each
        return None

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

    def way(self, source: Source) -> Dataflow:
        """Follow a source to the target through the code around the block."""
        if id(source) not in self._ways:
            self._ways[id(source)] = dataflow_of(
                self.reading, source.tensor, source.written, self.target_node
            )
        return self._ways[id(source)]

    def question(self, source: Source) -> Question:
        """Return the question as one about events."""
        whole = self.is_symbolic
        return Question(
            source.tensor,
            self.target,
            source.name,
            self.target_name,
            source.written,
            None if whole else tape_number(self.tape),
            self.tape_name,
            internals.watches_variables(self.tape),
            asked_at=self.reading.line,
        )

    def reason(self, row: str, source: Source, **fields: Any) -> Reason:
        """Return a reason with the names that stand in the code."""
        names = {
            "target": self.target_name,
            "code": source.written,
            "tape": self.tape_name,
            "asked_at": self.reading.line,
        }
        return Reason(row, source.name, **(names | fields))

    def has_recorded(self, leaf: Any) -> bool | None:
        """Tell whether a tape has recorded a tensor; None if it does not know any more."""
        if isinstance(leaf, tf.Variable):
            return any(each is leaf for each in self.tape.watched_variables())
        if not isinstance(leaf, tf.Tensor):
            return False
        return None if self.is_used_up else internals.is_on_record(self.tape, leaf)


def is_symbolic(leaf: Any) -> bool:
    """Tell a tensor of a graph that is being built from one that holds numbers."""
    return isinstance(leaf, tf.Tensor) and not isinstance(
        leaf, internals.eager_tensor()
    )


def _same(ours: list[Any], theirs: list[Any]) -> bool:
    return len(ours) == len(theirs) and all(
        mine is other for mine, other in zip(ours, theirs, strict=True)
    )
