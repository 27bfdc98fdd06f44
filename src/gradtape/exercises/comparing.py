"""Hold an answer against a reference: right, or which misconception it shows.

A function is compared at points that the learner has not seen. What a misconception
looks like is computed too, at the same points, so that it is recognised by what the
answer does and not by how it is written.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradtape.exercises import answers, sentences
from gradtape.exercises.differences import ATOL, RTOL, Trial, close, difference
from gradtape.exercises.exercise import Wrong
from gradtape.exercises.words import Words

_seed: ContextVar[int] = ContextVar("seed", default=1)


@dataclass(frozen=True)
class Misconception:
    """A wrong way to see it, by what somebody who has it computes.

    Attributes
    ----------
    name : str
        A short English name, by which tests refer to it.
    computes : callable or number or text
        Like the reference of the comparison: a function of the same arguments, or a
        value.
    says : Words
        What it means, and what to look at; never the solution.
    place : Words, optional
        The heading that helps, where it is not the exercise's own.
    """

    name: str
    computes: Any
    says: Words
    place: Words | None = None


def uniform(low: float, high: float, count: int = 5) -> list[float]:
    """Draw points that the learner has not seen, the same at every check.

    There is one in each of ``count`` equal parts of the interval, in no order, so that
    both signs, large and small occur.

    Examples
    --------
    >>> uniform(-1.0, 1.0, count=3)
    [-0.9089, 0.6373, 0.2747]
    """
    generator = np.random.default_rng([_seed.get(), count])
    places = (generator.permutation(count) + generator.uniform(size=count)) / count
    return [round(float(x), 4) for x in low + (high - low) * places]


def vectors(count: int, low: float, high: float, length: int = 3) -> list[list[float]]:
    """Draw vectors as :func:`uniform` draws numbers.

    Examples
    --------
    >>> vectors(1, -1.0, 1.0)
    [[-0.9089, 0.6373, 0.2747]]
    """
    numbers = uniform(low, high, count * length)
    return [numbers[i * length : (i + 1) * length] for i in range(count)]


@contextlib.contextmanager
def other_points(seed: int) -> Iterator[None]:
    """Let the checks in the block draw other points, for tests that are hidden."""
    token = _seed.set(seed)
    try:
        yield
    finally:
        _seed.reset(token)


def same_function(
    f: Callable,
    reference: Callable,
    points: Sequence[Any],
    misconceptions: Sequence[Misconception] = (),
    *,
    name: str = "",
    parts: Sequence[Words | str] = (),
    rtol: float = RTOL,
    atol: float = ATOL,
) -> None:
    """Require a function to give what a reference gives, at every point.

    Parameters
    ----------
    f : callable
        The answer, from :func:`gradtape.exercises.answers.function`.
    reference : callable
        Gives the right value, a number or an array.
    points : sequence
        Arguments; a tuple stands for several, ``[(1.0, 2.0)]`` calls ``f(1.0, 2.0)``.
    misconceptions : sequence of Misconception
        In the order in which they are looked for.
    name : str
        What the learner calls the function.
    parts : sequence of Words or str
        What the numbers of the result are called, or its rows, where it has several.
    rtol, atol : float
        How far two numbers may be apart: ``atol + rtol * abs(right)``.

    Raises
    ------
    Wrong
        If it gives something else: the misconception that does the same, a number that
        is the same everywhere, a difference that looks like rounding, or a point.
    """
    what = answers.named(name)
    result = sentences.RESULT_OF(what=what)
    calls = [point if isinstance(point, tuple) else (point,) for point in points]
    right = [answers.tensor(reference(*call)) for call in calls]
    found = list(_values(f, calls, right, result))
    if all(close(a, b, rtol, atol) for a, b in zip(found, right)):
        return
    for each in misconceptions:
        # At a point where it is defined, a misconception may raise or overflow.
        with np.errstate(all="ignore"):
            theirs = [answers.tensor(each.computes(*call)) for call in calls]
        if all(close(a, b, rtol, atol) for a, b in zip(found, theirs)):
            raise Wrong(each.says, each.name, each.place)
    answers.tensor(found[-1], right[len(found) - 1].shape, result)
    raise difference(
        Trial(
            what=what,
            calls=calls,
            found=found,
            right=right,
            answer=f,
            reference=reference,
            names=_names(f),
            parts=tuple(parts),
            rtol=rtol,
            atol=atol,
        )
    )


def _names(f: Callable) -> tuple[str, ...]:
    """Return the names of a function's arguments, where it tells them."""
    with contextlib.suppress(TypeError, ValueError):
        named = getattr(f, "arguments", None)
        return tuple(inspect.signature(f).parameters) if named is None else named
    return ()


def _values(
    f: Callable, calls: Sequence[tuple], right: Sequence[np.ndarray], result: Any
) -> Iterator[np.ndarray]:
    """Yield what a function returns, up to the first value of another shape."""
    for call, wanted in zip(calls, right, strict=True):
        value = answers.tensor(f(*call), name=result)
        if wanted.shape == () and value.size == 1:
            value = value.reshape(())
        yield value
        if value.shape != wanted.shape:
            return


def same_values(
    answer: Any,
    reference: Any,
    misconceptions: Sequence[Misconception] = (),
    *,
    name: str = "",
    rtol: float = RTOL,
    atol: float = ATOL,
) -> None:
    """Require numbers to be those of a reference.

    Use it for what has one right value, such as a minimum that the learner has found;
    an answer that could be typed in without understanding asks for a function.

    Parameters
    ----------
    answer : object
        A number, tensor, array or list, judged as to its shape too.
    reference : object
        The right values.
    misconceptions, name, rtol, atol
        As for :func:`same_function`; ``computes`` is a value or a function of nothing.

    Raises
    ------
    Wrong
        If they are others.
    """
    right = answers.tensor(reference)
    found = answers.tensor(answer, None, name)
    for each in misconceptions:
        value = each.computes() if callable(each.computes) else each.computes
        theirs = answers.tensor(value)
        if not close(theirs, right, rtol, atol) and close(found, theirs, rtol, atol):
            raise Wrong(each.says, each.name, each.place)
    found = answers.tensor(answer, right.shape, name)
    if not close(found, right, rtol, atol):
        says = sentences.DIFFERS_PLAINLY(
            what=answers.named(name), found=answers.shown(found)
        )
        raise Wrong(says, "differs")


def same_text(
    answer: Any,
    right: str | Sequence[str],
    misconceptions: Sequence[Misconception] = (),
    *,
    name: str = "",
    place: Words | None = None,
    otherwise: Words | None = None,
) -> None:
    """Require a text, such as what a cell prints.

    Parameters
    ----------
    answer : str
        The answer. How it is spaced, quoted and capitalised does not matter.
    right : str or sequence of str
        What it should be; several where it can be written in several ways.
    misconceptions : sequence of Misconception
        ``computes`` is the text, or several.
    name : str
        What the learner calls it, where an answer has several parts.
    place : Words, optional
        The heading that helps with this part.
    otherwise : Words, optional
        What is said of a text that nobody foresaw, where it can be said better than in
        general.

    Raises
    ------
    Wrong
        If it is another.
    """
    found = _plain(answers.text(answer, name))
    if found in _texts(right):
        return
    what = answers.named(name)
    for each in misconceptions:
        if found in _texts(each.computes):
            says = sentences.OF_A_PART(what=what, says=each.says) if name else each.says
            raise Wrong(says, each.name, each.place or place)
    if otherwise:
        says = sentences.TEXT_THEN
        raise Wrong(
            says(what=what, found=answers.shown(answer), says=otherwise),
            "differs",
            place,
        )
    if "tensor(" in found:
        says = sentences.TEXT_OF_A_TENSOR
    elif _kind(found) != _kind(_texts(right)[0]):
        says = sentences.TEXT_OF_ANOTHER_KIND
    else:
        says = sentences.TEXT_OF_THE_KIND
    raise Wrong(says(what=what, found=answers.shown(answer)), "differs", place)


def _kind(text: str) -> str:
    """Return what kind of thing a text names, as far as a glance can tell."""
    with contextlib.suppress(ValueError):
        float(text)
        return "number"
    return "vector" if text.startswith("[") else text if text == "none" else "word"


def _texts(texts: str | Sequence[str]) -> list[str]:
    many = [texts] if isinstance(texts, str) else texts
    return [_plain(answers.text(each)) for each in many]


def _plain(text: str) -> str:
    """Write a vector in brackets in one way, with or without its dots and commas."""
    with contextlib.suppress(ValueError):
        if text.startswith("[") and text.endswith("]"):
            parts = text[1:-1].replace(",", " ").split()
            return f"[{' '.join(f'{float(part):g}' for part in parts)}]"
    return text
