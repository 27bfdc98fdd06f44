"""A learner's function that runs in another process, as a judge meets it.

In a class, what a learner wrote runs in a sandbox and the judge elsewhere. A judge calls
such a function like any other, also within a tape: the values come from the sandbox, and
so do the gradients, asked for as products with what arrives from above.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf

from gradtape.exercises.exercise import Wrong


@dataclass(frozen=True)
class Question:
    """What a function elsewhere is asked.

    Attributes
    ----------
    arguments : tuple
        What it is called with.
    upstream : tuple of list of tf.Tensor
        Empty for a call. One list for its vector-Jacobian product with these gradients
        of its results; two for that product's own, and so on.
    names : tuple of str
        The names of its arguments.
    name : str
        What the learner calls it.
    may_change_variables : bool
        Whether changing variables is part of the task.
    explain : bool
        Whether to say why a gradient is None.
    """

    arguments: tuple[Any, ...]
    upstream: tuple[list[tf.Tensor], ...]
    names: tuple[str, ...]
    name: str
    may_change_variables: bool
    explain: bool


@dataclass(frozen=True)
class Answered:
    """What comes back for a question.

    Attributes
    ----------
    value : object
        What the function returned: numbers, arrays, tensors, lists of them, None.
    wrong : Wrong, optional
        What is wrong with the call itself: it raises, or returns None.
    makes_variables : bool
        Whether it made variables of its own.
    answered_none : bool
        Whether a tape that it asked answered None.
    reasons : tuple
        Why, each with ``cause``, ``title``, ``where``, ``why`` and ``line``.
    """

    value: Any = None
    wrong: Wrong | None = None
    makes_variables: bool = False
    answered_none: bool = False
    reasons: tuple[Any, ...] = ()


@dataclass
class Explained:
    """What functions elsewhere say of gradients that are None."""

    answered_none: bool = False
    reasons: list[Any] = field(default_factory=list)


_explaining: ContextVar[Explained | None] = ContextVar("explaining", default=None)
_in_use: ContextVar[bool] = ContextVar("in_use", default=False)


@contextlib.contextmanager
def judging_elsewhere() -> Iterator[None]:
    """Say that the functions which are judged in the block run elsewhere."""
    token = _in_use.set(True)
    try:
        yield
    finally:
        _in_use.reset(token)


def explained_elsewhere(again: Callable[[], Any]) -> Explained | None:
    """Call a function again and return what is said of its None.

    Parameters
    ----------
    again : callable
        Calls the learner's function as it was called.

    Returns
    -------
    Explained or None
        None where functions run in this process, and can be looked at here.
    """
    if not _in_use.get():
        return None
    explained = Explained()
    token = _explaining.set(explained)
    try:
        with contextlib.suppress(Exception, SystemExit):
            again()
    finally:
        _explaining.reset(token)
    return explained


class FunctionElsewhere:
    """A function of a learner's that another process runs.

    Parameters
    ----------
    ask : callable
        Takes a :class:`Question` and returns what is :class:`Answered`.
    name : str
        How the learner called it.
    signature : inspect.Signature or None
        What it takes, if that is known.
    is_not_begun : bool
        Whether its body is nothing but dots.
    names_used : tuple of str
        The names of what its code uses besides its own variables.
    kind : str
        Its type's name, such as ``"function"``; of a layer ``"Dense"``.
    """

    def __init__(
        self,
        ask: Callable[[Question], Answered],
        name: str,
        signature: inspect.Signature | None = None,
        is_not_begun: bool = False,
        names_used: tuple[str, ...] = (),
        kind: str = "function",
    ):
        self._ask = ask
        self.__name__ = name
        self.is_not_begun = is_not_begun
        self.names_used = names_used
        self.kind = kind
        self.__signature__ = signature or inspect.Signature(
            [inspect.Parameter("values", inspect.Parameter.VAR_POSITIONAL)]
        )

    def __call__(self, *values: Any) -> Any:
        """Call it; a call that fails raises :class:`Wrong`."""
        return self.called(())(*values)

    def called(
        self,
        names: Sequence[str],
        *,
        name: str = "",
        may_change_variables: bool = False,
    ) -> Callable[..., Any]:
        """Return the call of it that :func:`gradtape.exercises.answers.function` gives."""

        def call(*values: Any) -> Any:
            leaves = tf.nest.flatten(list(values))
            return self._value(_Call(values, names, name, may_change_variables), leaves)

        call.arguments = tuple(names)
        return call

    def _value(self, call: _Call, leaves: list, counts: tuple[int, ...] = ()) -> Any:
        """Return what the function, or a product of its Jacobian, gives at leaves.

        ``counts`` says how many of the last leaves are gradients from above, for each
        product that was taken.
        """
        answered = self._ask(call.question(leaves, counts, _explaining.get()))
        explained = _explaining.get()
        if explained is not None:
            explained.answered_none |= answered.answered_none
            explained.reasons += answered.reasons
        if answered.makes_variables:
            tf.Variable(0.0)  # so that whoever counts new variables sees one
        if answered.wrong is not None:
            raise answered.wrong
        return self._recorded(call, leaves, counts, answered.value)

    def _recorded(
        self, call: _Call, leaves: list, counts: tuple[int, ...], value: Any
    ) -> Any:
        """Put a value on the record of the tapes that watch what it was computed from."""
        results = tf.nest.flatten(value)
        given = [place for place, leaf in enumerate(results) if _is_float_tensor(leaf)]
        taken = [place for place, leaf in enumerate(leaves) if _is_float_tensor(leaf)]
        if not given or not taken:
            return value

        @tf.custom_gradient
        def known(*inputs: tf.Tensor) -> tuple[list[tf.Tensor], Callable]:
            now = list(leaves)
            for place, tensor in zip(taken, inputs, strict=True):
                now[place] = tensor

            def back(*upstream: tf.Tensor) -> list[tf.Tensor | None]:
                gradients = self._value(
                    call, [*now, *upstream], (*counts, len(upstream))
                )
                if not isinstance(gradients, list) or len(gradients) != len(inputs):
                    raise TypeError("a product has one gradient for each input")
                return gradients

            return [results[place] for place in given], back

        for place, tensor in zip(
            given, known(*(leaves[n] for n in taken)), strict=True
        ):
            results[place] = tensor
        return tf.nest.pack_sequence_as(value, results)


@dataclass(frozen=True)
class _Call:
    """A call as it was made, by which its products can be asked for later."""

    values: tuple[Any, ...]
    names: Sequence[str]
    name: str
    may_change_variables: bool

    def question(
        self, leaves: list, counts: tuple[int, ...], explained: Explained | None
    ) -> Question:
        end = len(leaves) - sum(counts)
        arguments = tf.nest.pack_sequence_as(list(self.values), leaves[:end])
        upstream = []
        for count in counts:
            upstream.append(leaves[end : end + count])
            end += count
        return Question(
            tuple(arguments),
            tuple(upstream),
            tuple(self.names),
            self.name,
            self.may_change_variables,
            explained is not None,
        )


def _is_float_tensor(leaf: Any) -> bool:
    return isinstance(leaf, tf.Tensor) and leaf.dtype.is_floating
