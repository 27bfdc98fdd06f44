"""Hold an answer against a reference: right, or which misconception it shows.

A function is compared at points that the learner has not seen. What a misconception
looks like is computed too, at the same points, so that it is recognised by what the
answer does and not by how it is written.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradtape.exercises import answers, sentences
from gradtape.exercises.exercise import Wrong
from gradtape.exercises.words import Words

# A float32 result rests on a few dozen roundings of 6e-8 each; a misconception is off
# by more than CLOSE, or to one side. What lies between is a finite difference, which is
# off by its step, or by rounding that it has blown up and that SCATTERs to both sides.
RTOL = 1e-4
ATOL = 1e-5
CLOSE = 0.02
SCATTER = 0.3
_FEWEST_THAT_SCATTER = 4

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
    agrees = [_close(a, b, rtol, atol) for a, b in zip(found, right)]
    if all(agrees):
        return
    for each in misconceptions:
        # At a point where it is defined, a misconception may raise or overflow.
        with np.errstate(all="ignore"):
            theirs = [answers.tensor(each.computes(*call)) for call in calls]
        if all(_close(a, b, rtol, atol) for a, b in zip(found, theirs)):
            raise Wrong(each.says, each.name, each.place)
    answers.tensor(found[-1], right[len(found) - 1].shape, result)
    _require_dependence(found, right, what)
    written = [_written(call, getattr(f, "arguments", ())) for call in calls]
    _say_difference(found, right, agrees, written, what)


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
        if not _close(theirs, right, rtol, atol) and _close(found, theirs, rtol, atol):
            raise Wrong(each.says, each.name, each.place)
    found = answers.tensor(answer, right.shape, name)
    if not _close(found, right, rtol, atol):
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


def _close(found: np.ndarray, right: np.ndarray, rtol: float, atol: float) -> bool:
    return found.shape == right.shape and np.allclose(
        found, right, rtol=rtol, atol=atol, equal_nan=True
    )


def _require_dependence(
    found: list[np.ndarray], right: list[np.ndarray], what: Any
) -> None:
    """Say that a function gives the same everywhere where it should not."""
    same = all(np.array_equal(value, found[0]) for value in found)
    if len(found) > 1 and same and not all(_close(v, right[0], 1e-6, 0) for v in right):
        says = sentences.ALWAYS_SAME(what=what, found=answers.shown(found[0]))
        raise Wrong(says, "hard-coded")


def _say_difference(
    found: list[np.ndarray],
    right: list[np.ndarray],
    agrees: list[bool],
    points: list[Any],
    what: Any,
) -> None:
    worst = agrees.index(False)
    point, value = points[worst], answers.shown(found[worst])
    if not np.all(np.isfinite(found[worst])) and np.all(np.isfinite(right[worst])):
        says = sentences.NOT_FINITE(point=point, what=what, found=value)
        raise Wrong(says, "not finite")
    wrong_parts = _wrong_parts(found, right)
    if wrong_parts:
        number, count = wrong_parts[0], found[0].size
        parts = [[v.ravel()[number] for v in values] for values in (found, right)]
        where = [_close(a, b, RTOL, ATOL) for a, b in zip(*parts)]
        first = where.index(False)
        says = sentences.PARTS_RIGHT(
            right=count - len(wrong_parts),
            count=count,
            number=number + 1,
            says=_relation(
                *parts, where, points[first], what, answers.shown(parts[0][first])
            ),
        )
        raise Wrong(says, "right in part")
    if _is_close(found, right):
        error = np.max(np.abs(found[worst] - right[worst]))
        percent = 100 * error / np.max(np.abs(right[worst]), initial=1e-12)
        says = sentences.CLOSE(point=point, what=what, error=f"{percent:.2g}")
        raise Wrong(says, "close")
    says = _relation(found, right, agrees, point, what, value)
    raise Wrong(says, "right at some points" if any(agrees) else "differs")


def _wrong_parts(found: list[np.ndarray], right: list[np.ndarray]) -> list[int]:
    """Return which of several numbers are wrong, where at least one is always right."""
    if found[0].size == 1 or len({v.shape for v in right}) > 1 or len(found) < 2:
        return []
    agree = [
        np.isclose(a.ravel(), b.ravel(), RTOL, ATOL, equal_nan=True)
        for a, b in zip(found, right)
    ]
    always = np.all(agree, axis=0)
    return list(np.flatnonzero(~always)) if always.any() else []


def _relation(
    found: list[np.ndarray],
    right: list[np.ndarray],
    agrees: list[bool],
    point: Any,
    what: Any,
    value: str,
) -> Words:
    """Say how wrong numbers lie to the right ones: everywhere so, or at one point."""
    a, b = (np.concatenate([v.ravel() for v in values]) for values in (found, right))
    told = np.abs(b) > 1e-6 * max(np.max(np.abs(b), initial=0.0), 1e-9)
    if np.all(np.isfinite(a)) and np.count_nonzero(told) > 1:
        ratios = a[told] / b[told]
        zeros_agree = np.allclose(a[~told], 0.0, atol=ATOL)
        if zeros_agree and np.ptp(ratios) < 1e-3 * abs(ratios[0]):
            if np.isclose(ratios[0], -1.0, rtol=1e-3):
                return sentences.SIGN_TURNED(what=what, point=point, found=value)
            return sentences.FACTOR(
                what=what, factor=f"{ratios[0]:.3g}", point=point, found=value
            )
        # Only where the signs alone are wrong: nearly right numbers have none turned.
        if zeros_agree and ratios.min() < 0 and np.allclose(np.abs(ratios), 1.0, RTOL):
            return sentences.SIGN_SOMETIMES(what=what, point=point, found=value)
        shift = a - b
        if np.ptp(shift) < 1e-3 * abs(shift[0]) and np.ptp(b) > abs(shift[0]) * 1e-3:
            return sentences.SHIFTED(
                what=what, shift=f"{shift[0]:+.3g}", point=point, found=value
            )
    how = _direction(found, right, agrees)
    if any(agrees):
        return sentences.DIFFERS_SOMEWHERE(
            right=sum(agrees),
            count=len(agrees),
            point=point,
            what=what,
            found=value,
            how=how,
        )
    return sentences.DIFFERS(point=point, what=what, found=value, how=how)


def _direction(
    found: list[np.ndarray], right: list[np.ndarray], agrees: list[bool]
) -> Words:
    """Say whether wrong numbers are too large, too small or turned, if all are so."""
    worst = agrees.index(False)
    a, b = np.ravel(found[worst]), np.ravel(right[worst])
    wrong = ~np.isclose(a, b, RTOL, ATOL)
    if not wrong.any():
        return sentences.NOT_RIGHT
    ways = [_way(*pair) for pair in zip(a[wrong], b[wrong], strict=True)]
    same = all(way is ways[0] for way in ways)
    return ways[0] if same else sentences.NOT_RIGHT_IN_SEVERAL


def _way(a: float, b: float) -> Words:
    """Say in which way one number is wrong."""
    if not np.isfinite(a) or not np.isfinite(b):
        return sentences.NOT_RIGHT
    if abs(b) < ATOL:
        return sentences.SHOULD_BE_ZERO if abs(a) > ATOL else sentences.NOT_RIGHT
    if a * b < 0:
        return sentences.WRONG_SIGN
    return sentences.TOO_LARGE if abs(a) > abs(b) else sentences.TOO_SMALL


def _is_close(found: list[np.ndarray], right: list[np.ndarray]) -> bool:
    """Tell numbers that are nearly right, or scatter around what is right.

    A misconception is off by a lot somewhere, or to one side everywhere. Rounding that
    a small step has blown up is off by a few percent, above here and below there.
    """
    a, b = (np.concatenate([v.ravel() for v in values]) for values in (found, right))
    large = np.abs(b) > 1e-3 * np.max(np.abs(b), initial=0.0)
    if not np.all(np.isfinite(a)) or not large.any():
        return False
    off = (a[large] - b[large]) / np.abs(b[large])
    most = np.max(np.abs(off))
    scatters = len(off) >= _FEWEST_THAT_SCATTER and off.min() < 0 < off.max()
    return bool(most < (SCATTER if scatters else CLOSE))


def _written(call: tuple[Any, ...], names: tuple[str, ...]) -> str:
    """Return what a function was called with, such as ``(x, y) = (1.5, 2)``."""
    values = [answers.shown(value) for value in call]
    both = [values] if len(names) != len(call) else [names, values]
    brackets = "({})" if len(call) > 1 else "{}"
    return " = ".join(brackets.format(", ".join(side)) for side in both)
