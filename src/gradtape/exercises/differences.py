"""How wrong numbers lie to the right ones, and what is said of it.

A slip leaves a trace in the numbers: a factor, a sign, another order, an argument that
is doubled or left out. Such a relation holds at every point or is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradtape.exercises import answers, as_if, sentences
from gradtape.exercises.exercise import Wrong
from gradtape.exercises.words import Listed, Words

# A float32 result rests on a few dozen roundings of 6e-8 each; a misconception is off
# by more than CLOSE, or to one side. What lies between is a finite difference, which is
# off by its step, or by rounding that it has blown up and that SCATTERs to both sides.
RTOL = 1e-4
ATOL = 1e-5
CLOSE = 0.02
SCATTER = 0.3
_FEWEST_THAT_SCATTER = 4
_FEWEST_FOR_A_LAW = 3
_MOST_TO_REORDER = 12


@dataclass(frozen=True)
class Trial:
    """An answer at the points of a check.

    Attributes
    ----------
    what : Words or str
        What the learner calls it.
    calls : sequence of tuple
        What it was called with.
    found, right : sequence of numpy.ndarray
        What it gave, and what it should have given, at each of them.
    answer, reference : callable
        Itself and what gives the right values.
    names : tuple of str
        The names of its arguments, where they are known.
    parts : tuple of Words or str
        What the numbers of its result are called, or its rows.
    rtol, atol : float
        How far two numbers may be apart.
    """

    what: Any
    calls: Sequence[tuple]
    found: Sequence[np.ndarray]
    right: Sequence[np.ndarray]
    answer: Callable
    reference: Callable
    names: tuple[str, ...] = ()
    parts: tuple[Any, ...] = ()
    rtol: float = RTOL
    atol: float = ATOL

    def close(self, found: np.ndarray, right: np.ndarray) -> bool:
        """Tell whether two results are the same, as far as this check looks."""
        return close(found, right, self.rtol, self.atol)

    @property
    def agrees(self) -> list[bool]:
        """Whether it is right, at each of the points."""
        return [self.close(a, b) for a, b in zip(self.found, self.right)]

    @property
    def shown(self) -> dict[str, Any]:
        """What a sentence says of the first point at which it is wrong."""
        worst = self.agrees.index(False)
        return {
            "what": self.what,
            "point": self._written(self.calls[worst]),
            "found": answers.shown(self.found[worst]),
        }

    def only(self, take: Callable[[np.ndarray], np.ndarray]) -> Trial:
        """Return the same for a part of the result."""
        return replace(
            self,
            found=[take(value) for value in self.found],
            right=[take(value) for value in self.right],
            answer=lambda *call: take(answers.tensor(self.answer(*call))),
            reference=lambda *call: take(answers.tensor(self.reference(*call))),
            parts=(),
        )

    def flat(self) -> tuple[np.ndarray, np.ndarray]:
        """Return all numbers found, and all that are right."""
        return tuple(
            np.concatenate([value.ravel() for value in values])
            for values in (self.found, self.right)
        )

    def _written(self, call: tuple) -> str:
        """Return what it was called with, such as ``(x, y) = (1.5, 2)``."""
        values = [answers.shown(value) for value in call]
        both = [values] if len(self.names) != len(call) else [self.names, values]
        brackets = "({})" if len(call) > 1 else "{}"
        return " = ".join(brackets.format(", ".join(side)) for side in both)


def close(
    found: np.ndarray, right: np.ndarray, rtol: float = RTOL, atol: float = ATOL
) -> bool:
    """Tell whether numbers are of the same shape and the same but for rounding."""
    return found.shape == right.shape and np.allclose(
        found, right, rtol=rtol, atol=atol, equal_nan=True
    )


def difference(trial: Trial) -> Wrong:
    """Return what is wrong with numbers that are wrong at some of the points."""
    found, right = trial.found, trial.right
    same = all(np.array_equal(value, found[0]) for value in found)
    if len(found) > 1 and same and not all(close(v, right[0], 1e-6, 0) for v in right):
        says = sentences.ALWAYS_SAME(what=trial.what, found=answers.shown(found[0]))
        return Wrong(says, "hard-coded")
    if says := _reordered(trial) or _in_proportion(trial):
        return Wrong(says, "differs")
    if trial.parts and (wrong := _of_a_named_part(trial)):
        return wrong
    worst = trial.agrees.index(False)
    if not np.all(np.isfinite(found[worst])) and np.all(np.isfinite(right[worst])):
        return Wrong(sentences.NOT_FINITE(**trial.shown), "not finite")
    law = _multiplied(trial) if not _is_close(trial) else None
    if says := law or _with_another_argument(trial):
        return Wrong(says, "differs")
    wrong_parts = _wrong_parts(trial)
    if wrong_parts:
        number = wrong_parts[0]
        one = trial.only(lambda value: value.ravel()[number])
        says = sentences.PARTS_RIGHT(
            right=found[0].size - len(wrong_parts),
            count=found[0].size,
            number=number + 1,
            says=_relation(one),
        )
        return Wrong(says, "right in part")
    if _is_close(trial):
        error = np.max(np.abs(found[worst] - right[worst]))
        percent = 100 * error / np.max(np.abs(right[worst]), initial=1e-12)
        shown = {key: trial.shown[key] for key in ("what", "point")}
        return Wrong(sentences.CLOSE(error=f"{percent:.2g}", **shown), "close")
    says = _relation(trial)
    return Wrong(says, "right at some points" if any(trial.agrees) else "differs")


def _of_a_named_part(trial: Trial) -> Wrong | None:
    """Say which of the named parts are right, and what is wrong with the first other."""
    rows = [trial.only(lambda v, k=k: v[k]) for k in range(len(trial.parts))]
    wrong = [k for k, row in enumerate(rows) if not all(row.agrees)]
    if len(wrong) == len(rows) and (
        _multiplied(trial) or _with_another_argument(trial)
    ):
        return None
    right = Listed(name for k, name in enumerate(trial.parts) if k not in wrong)
    part = trial.parts[wrong[0]]
    about = difference(replace(rows[wrong[0]], what=trial.what))
    if len(wrong) == len(rows):
        return Wrong(sentences.OF_A_PART(what=part, says=about.says), about.found)
    says = sentences.NAMED_PARTS_RIGHT(right=right, part=part, says=about.says)
    return Wrong(says, "right in part")


def _wrong_parts(trial: Trial) -> list[int]:
    """Return which of several numbers are wrong, where at least one is always right."""
    found, right = trial.found, trial.right
    if found[0].size == 1 or len({v.shape for v in right}) > 1 or len(found) < 2:
        return []
    agree = [
        np.isclose(a.ravel(), b.ravel(), trial.rtol, trial.atol, equal_nan=True)
        for a, b in zip(found, right)
    ]
    always = np.all(agree, axis=0)
    return list(np.flatnonzero(~always)) if always.any() else []


def _relation(trial: Trial) -> Words:
    """Say how wrong numbers lie to the right ones: everywhere so, or at one point."""
    for find in (_multiplied, _power, _ignores):
        if says := find(trial):
            return says
    if any(trial.agrees):
        return sentences.DIFFERS_SOMEWHERE(
            right=sum(trial.agrees),
            count=len(trial.agrees),
            how=_direction(trial),
            **trial.shown,
        )
    return sentences.DIFFERS(how=_direction(trial), **trial.shown)


def _multiplied(trial: Trial) -> Words | None:
    """Find a factor, a sign or a term that is the same everywhere."""
    a, b = trial.flat()
    told = np.abs(b) > 1e-6 * max(np.max(np.abs(b), initial=0.0), 1e-9)
    if not np.all(np.isfinite(a)) or np.count_nonzero(told) < 2:
        return None
    ratios = a[told] / b[told]
    zeros_agree = np.allclose(a[~told], 0.0, atol=ATOL)
    if zeros_agree and _is_constant(ratios):
        if np.isclose(ratios[0], -1.0, rtol=1e-3):
            return sentences.SIGN_TURNED(**trial.shown)
        return sentences.FACTOR(factor=f"{ratios[0]:.3g}", **trial.shown)
    # Only where the signs alone are wrong: nearly right numbers have none turned.
    if zeros_agree and ratios.min() < 0 and np.allclose(np.abs(ratios), 1.0, RTOL):
        return sentences.SIGN_SOMETIMES(**trial.shown)
    shift = a - b
    if _is_constant(shift) and np.ptp(b) > abs(shift[0]) * 1e-3:
        return sentences.SHIFTED(shift=f"{shift[0]:+.3g}", **trial.shown)
    if zeros_agree:
        factor = as_if.factor(trial.names, trial.calls, trial.found, trial.right)
        if factor:
            return sentences.TIMES_AN_ARGUMENT(factor=factor, **trial.shown)
    return None


def _power(trial: Trial) -> Words | None:
    """Find a root or a square too many, or numerator and denominator exchanged."""
    a, b = trial.flat()
    usable = (
        len(a) >= _FEWEST_FOR_A_LAW
        and np.all(np.isfinite(a))
        and np.all(b != 0)
        and np.all(a != 0)
    )
    if not usable or _is_constant(np.abs(b)):
        return None
    for power, wording in (
        (2.0, sentences.SQUARED),
        (0.5, sentences.ROOTED),
        (-1.0, sentences.UPSIDE_DOWN),
    ):
        if _is_constant(a / np.abs(b) ** power * (np.sign(b) if power < 0 else 1.0)):
            return wording(**trial.shown)
    return None


def _is_constant(numbers: np.ndarray) -> bool:
    return bool(np.ptp(numbers) < 1e-3 * abs(numbers[0]))


def _reordered(trial: Trial) -> Words | None:
    """Find the right numbers in another order, the same at every point."""
    found, right = trial.found, trial.right
    if len({v.shape for v in right}) > 1 or not 1 < right[0].size <= _MOST_TO_REORDER:
        return None
    a, b = (np.stack([v.ravel() for v in values]) for values in (found, right))
    matches = np.all(np.isclose(a[:, :, None], b[:, None, :], RTOL, ATOL), axis=0)
    once = np.all(matches.sum(axis=0) == 1) and np.all(matches.sum(axis=1) == 1)
    return sentences.OTHER_ORDER(**trial.shown) if once else None


def _in_proportion(trial: Trial) -> Words | None:
    """Find a factor that all numbers of a point share, another one at each point."""
    with np.errstate(all="ignore"):
        ratios = [np.ravel(a / b) for a, b in zip(trial.found, trial.right)]
    shared = all(
        part.size > 1
        and np.all(np.isfinite(part))
        and part[0] > 0
        and _is_constant(part)
        for part in ratios
    )
    if not shared or _is_constant(np.concatenate(ratios)):
        return None
    factor = f"{ratios[trial.agrees.index(False)][0]:.3g}"
    return sentences.IN_PROPORTION(factor=factor, **trial.shown)


def _with_another_argument(trial: Trial) -> Words | None:
    """Find what the answer takes for one of its arguments."""
    size = max(np.max(np.abs(value), initial=0.0) for value in trial.right)

    def fits(change: Callable[[tuple], tuple]) -> bool:
        return all(
            close(
                found, answers.tensor(trial.reference(*change(call))), atol=RTOL * size
            )
            for call, found in zip(trial.calls, trial.found)
        )

    if sum(value.size for value in trial.found) < _FEWEST_FOR_A_LAW:
        return None
    return as_if.change(trial.names, trial.calls, fits)


def _ignores(trial: Trial) -> Words | None:
    """Find an argument on which the right result depends, and this one does not."""

    def depends(f: Callable, place: int) -> bool:
        first, other = trial.calls[0], trial.calls[-1]
        changed = (*first[:place], other[place], *first[place + 1 :])
        return not trial.close(*(answers.tensor(f(*call)) for call in (changed, first)))

    return as_if.ignored(trial.names, depends, trial.answer, trial.reference)


def _direction(trial: Trial) -> Words:
    """Say whether wrong numbers are too large, too small or turned, if all are so."""
    worst = trial.agrees.index(False)
    a, b = np.ravel(trial.found[worst]), np.ravel(trial.right[worst])
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


def _is_close(trial: Trial) -> bool:
    """Tell numbers that are nearly right, or scatter around what is right.

    A misconception is off by a lot somewhere, or to one side everywhere. Rounding that
    a small step has blown up is off by a few percent, above here and below there.
    """
    a, b = trial.flat()
    large = np.abs(b) > 1e-3 * np.max(np.abs(b), initial=0.0)
    if not np.all(np.isfinite(a)) or not large.any():
        return False
    off = (a[large] - b[large]) / np.abs(b[large])
    most = np.max(np.abs(off))
    scatters = len(off) >= _FEWEST_THAT_SCATTER and off.min() < 0 < off.max()
    return bool(most < (SCATTER if scatters else CLOSE))
