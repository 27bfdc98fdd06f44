"""See what the learner's own ``with tf.GradientTape()`` blocks do, while they do it.

A tape cannot be asked afterwards what it has recorded. So each block that begins in the
learner's code is watched while it runs, from ``import gradtape`` on; questions that the
learner asks are remembered with their answers. What was seen belongs to the tape and is
gone with it.

Watching costs about 2 ms of processor time for a block of three operations and 15 ms for a
network of seven layers. So a block that stands in a loop is watched for its first rounds only, unless
``explain_gradient`` asks about it.
"""

from __future__ import annotations

import functools
import itertools
import sys
import threading
import types
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf

from gradtape.learner_code.lines import Line, is_own, own_line
from gradtape.tape.record import tensorflow_internals as internals
from gradtape.tape.record.backward import WayBack, watch_way_back
from gradtape.tape.record.events import Event, Observation, TapeCall, tape_number
from gradtape.tape.record.watcher import Watcher

# How often a block in a loop is watched without a question about it.
MOST_ROUNDS = 50
_MOST_ANSWERS = 2
_ATTRIBUTE = "_gradtape_record"


@dataclass(eq=False)
class Answer:
    """A question that the learner asked a tape after its block, and what came back."""

    target: Any
    sources: Any
    options: dict[str, Any]
    seen: WayBack


@dataclass(eq=False)
class TapeRecord:
    """What was seen of a learner's tape.

    Attributes
    ----------
    begins_at : Line
        Where the block stands.
    parts : list of (Observation, int)
        What ran in each of its blocks, and with which event the block began.
    answers : list of Answer
        What it was asked afterwards, the last few.
    is_complete : bool
        Whether each of its blocks was seen.
    """

    begins_at: Line
    parts: list[tuple[Observation, int]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    is_complete: bool = True

    @property
    def events(self) -> list[Event]:
        """Everything that happened in the tape's blocks, in order."""
        parts = (observation.events[begin:] for observation, begin in self.parts)
        return list(itertools.chain.from_iterable(parts))

    def has_made(self, tensor: Any) -> bool:
        """Tell whether a tensor is a constant that was made in one of the blocks."""
        return any(
            tensor is each
            for observation, _ in self.parts
            for each in observation.constants
        )


def record_of(tape: tf.GradientTape) -> TapeRecord | None:
    """Return what was seen of a tape; None for one that nobody watched."""
    record = getattr(tape, _ATTRIBUTE, None)
    return record if record is not None and record.is_complete else None


def has_begun(tape: tf.GradientTape) -> bool:
    """Tell whether a tape has had a block of the learner's, or watched a variable."""
    return hasattr(tape, _ATTRIBUTE) or bool(tape.watched_variables())


def asked_about(tape: tf.GradientTape) -> None:
    """Go on watching the block of a tape that is asked about."""
    if record := getattr(tape, _ATTRIBUTE, None):
        _rounds.pop(record.begins_at, None)


def install() -> None:
    """Watch every block from now on; a second call changes nothing."""
    if hasattr(tf.GradientTape.__enter__, "__wrapped__"):
        return
    for name, made in (
        ("__enter__", _entering),
        ("__exit__", _leaving),
        ("gradient", _asking),
    ):
        original = getattr(tf.GradientTape, name)
        setattr(tf.GradientTape, name, functools.wraps(original)(made(original)))


class _Now(threading.local):
    """The watching that is going on in a thread."""

    watcher: Watcher | None = None
    observation: Observation | None = None
    tapes: tuple[int, ...] = ()


_now = _Now()
_rounds: Counter[Line] = Counter()


def _entering(original: Callable) -> Callable:
    def enter(tape):
        frame = sys._getframe(1)
        if is_own(frame.f_code):
            internals.steps_back()  # Found with tapes, which must not be watched.
        result = original(tape)
        try:
            _begin(tape, frame)
        except Exception:  # noqa: BLE001, the block matters more than its watching
            _now.watcher = _now.observation = None
        return result

    return enter


def _leaving(original: Callable) -> Callable:
    def leave(tape, *error):
        result = original(tape, *error)
        if _now.watcher is not None and tape_number(tape) in _now.tapes:
            _end(tape)
        return result

    return leave


def _asking(original: Callable) -> Callable:
    def gradient(tape, target, sources, *args, **options):
        record = record_of(tape)
        is_learners = is_own(sys._getframe(1).f_code)
        if record is None or not is_learners or sys.getprofile() is not None:
            return original(tape, target, sources, *args, **options)
        seen = WayBack([])
        record.answers = record.answers[1 - _MOST_ANSWERS :]
        record.answers.append(Answer(target, sources, options, seen))
        try:
            with watch_way_back(seen.events):
                result = original(tape, target, sources, *args, **options)
        except Exception:
            record.answers.pop()
            raise
        seen.gradients = tf.nest.flatten(result)
        return result

    return gradient


def _begin(tape: tf.GradientTape, frame: types.FrameType) -> None:
    if not is_own(frame.f_code) or not tf.executing_eagerly():
        return
    line = own_line(frame)
    record = tape.__dict__.setdefault(_ATTRIBUTE, TapeRecord(line))
    if _now.watcher is None:
        _rounds[line] += 1
        if sys.getprofile() is not None or _rounds[line] > MOST_ROUNDS:
            record.is_complete = False
            return
        _now.observation = Observation()
        _now.watcher = Watcher(_now.observation)
        record.parts.append((_now.observation, 0))
        _add(tape, "__enter__", line)
        _now.watcher.__enter__()
    else:
        # The watcher has seen the block begin, and has said so.
        record.parts.append((_now.observation, len(_now.observation.events) - 1))
    _now.tapes += (tape_number(tape),)


def _end(tape: tf.GradientTape) -> None:
    number = tape_number(tape)
    _now.tapes = tuple(each for each in _now.tapes if each != number)
    if not _now.tapes:
        _now.watcher.__exit__()
        _now.watcher = _now.observation = None


def _add(tape: tf.GradientTape, method: str, line: Line | None) -> None:
    _now.observation.events.append(
        TapeCall(
            tape_number(tape),
            method,
            {},
            None,
            line,
            None,
            internals.watches_variables(tape),
        )
    )
