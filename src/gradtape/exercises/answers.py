"""What kind of thing an answer is: a function, a number, a tensor, a text.

Each function takes an answer, returns it in the form that a judge compares, and raises
:class:`~gradtape.exercises.exercise.Wrong` with a clear sentence if it is something
else. ``name`` is what the learner calls it, where an answer has several parts.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import math
import numbers
import re
import types
import unicodedata
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from gradtape.exercises import sentences
from gradtape.exercises.elsewhere import FunctionElsewhere
from gradtape.exercises.errors import raised
from gradtape.exercises.exercise import Wrong
from gradtape.exercises.none_returned import why_none
from gradtape.exercises.side_effects import Reached
from gradtape.exercises.words import Listed, Words

_MOST_NUMBERS = 100_000
_NUMBERS_SHOWN = 6
# What asking a thing for its numbers may raise: a tensor of a graph has none yet.
_NO_NUMBERS = (AttributeError, NotImplementedError, TypeError, ValueError)
# Brackets that a Chinese keyboard writes, and that Unicode does not count as wide [ ].
_BRACKETS = str.maketrans("\u3010\u3011", "[]")
_SPACE_WITHIN_BRACKETS = re.compile(r"(?<=[(\[]) | (?=[)\]])")
_COMMA_BETWEEN_NUMBERS = re.compile(r"(?<=[\d.]) ?,(?=[\d.+-])")


def parts(answer: Any, count: int) -> tuple[Any, ...]:
    """Return the parts of an answer that has several.

    Examples
    --------
    >>> parts((1.0, 2.0), 2)
    (1.0, 2.0)
    """
    if not isinstance(answer, (tuple, list)) or len(answer) != count:
        found = len(answer) if isinstance(answer, (tuple, list)) else 1
        raise Wrong(sentences.PARTS(count=count, found=found), "number of parts")
    return tuple(answer)


def function(
    answer: Any, *arguments: str, name: str = "", may_change_variables: bool = False
) -> Callable[..., Any]:
    """Return a function of the learner's, made safe to call.

    A call that raises, ends the kernel, or changes its arguments or a variable becomes
    a sentence. What the function returns is returned as it is.

    Parameters
    ----------
    answer : object
        What should be a function.
    *arguments : str
        The names of its arguments, for the sentence that says what it must take.
    name : str
        What the learner calls it.
    may_change_variables : bool
        Whether changing variables is part of the task.
    """
    what = named(name or getattr(answer, "__name__", ""))
    if not callable(answer):
        says = sentences.NO_FUNCTION(what=named(name), found=shown(answer))
        raise Wrong(says, "not a function")
    _require_arguments(answer, arguments, what)
    if isinstance(answer, FunctionElsewhere):
        return answer.called(
            arguments, name=name, may_change_variables=may_change_variables
        )

    def call(*values: Any) -> Any:
        again = functools.partial(answer, *values)
        before = Reached(answer, values, with_variables=not may_change_variables)
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")  # they speak of points not shown
                result = answer(*values)
        except SystemExit:
            raise Wrong(sentences.EXITS(what=what), "exits") from None
        except Exception as error:  # noqa: BLE001 - whatever it is, it is explained
            raise raised(error, what, again) from None
        finally:
            changed = before.put_back()
        if changed:
            raise Wrong(sentences.CHANGES(what=what, name=changed), "changes its input")
        many = result if isinstance(result, (list, tuple)) else [result]
        if any(part is None for part in many):
            raise why_none(again, what, alone=result is None)
        return result

    call.arguments = arguments
    return call


def names_used(answer: Any) -> tuple[str, ...]:
    """Return the names of what an answer's code uses besides its own variables.

    Examples
    --------
    >>> names_used(lambda x: x.numpy())
    ('numpy',)
    """
    if isinstance(answer, FunctionElsewhere):
        return answer.names_used
    return getattr(getattr(answer, "__code__", None), "co_names", ())


def forbid(answer: Any, *names: str) -> None:
    """Require that a right answer does without what the task forbids.

    Raises
    ------
    Wrong
        If the answer's code uses one of the names.

    Examples
    --------
    >>> forbid(lambda x: 2 * x, "GradientTape")
    """
    for name in names:
        if name in names_used(answer):
            raise Wrong(sentences.FORBIDDEN(name=name), "forbidden")


def number(answer: Any, name: str = "") -> float:
    """Return an answer that is one number.

    Examples
    --------
    >>> number(tf.constant(108.0))
    108.0
    """
    return float(tensor(answer, (), name))


def tensor(
    answer: Any, shape: tuple[int | None, ...] | None = None, name: Words | str = ""
) -> np.ndarray:
    """Return an answer that is a tensor, an array, a variable or a list of numbers.

    Parameters
    ----------
    answer : object
        What should be numbers.
    shape : tuple, optional
        The shape that it must have; None in it stands for any length.
    name : Words or str
        What the learner calls it, or words for it.

    Returns
    -------
    numpy.ndarray of float64
        Its values. One number may stand in brackets where a number is wanted.
    """
    what = named(name)
    if answer is None:
        raise Wrong(sentences.IS_NONE(what=what), "none")
    if callable(answer) and not isinstance(answer, (tf.Variable, tf.Tensor)):
        if not getattr(answer, "__name__", ""):  # a layer, a model, an optimizer
            elsewhere = isinstance(answer, FunctionElsewhere)
            kind = answer.kind if elsewhere else type(answer).__name__
            raise Wrong(
                sentences.NO_NUMBERS(what=what, found=f"`{kind}`"), "no numbers"
            )
        says = sentences.IS_FUNCTION(what=what, name=answer.__name__)
        raise Wrong(says, "a function")
    _require_few(_size(answer), what)
    try:
        values = _values(answer)
    except _NO_NUMBERS:
        wording = _no_numbers(answer)
        raise Wrong(wording(what=what, found=shown(answer)), "no numbers") from None
    _require_few(values.size, what)
    if shape is not None and not _fits(values.shape, shape):
        if shape == () and values.size == 1:
            return values.reshape(())
        is_table = len(shape) == 1 and values.shape == 2 * shape
        wording, said = (
            (sentences.TABLE, _shape)
            if is_table
            else (sentences.SHAPE, _shape_in_words)
        )
        says = wording(what=what, found=said(values.shape), wanted=said(shape))
        raise Wrong(says, "shape")
    return values


def text(answer: Any, name: str = "") -> str:
    """Return an answer that is a text, without the differences that mean nothing.

    White space, quotes, and a dot or a comma at the end do not count, nor do capitals,
    nor the wide signs of a Chinese keyboard.

    Examples
    --------
    >>> text(" [2.  4. ] ")
    '[2. 4.]'
    """
    if answer is None or isinstance(answer, (numbers.Real, np.generic, tf.Tensor)):
        answer = str(answer.numpy() if isinstance(answer, tf.Tensor) else answer)
    if not isinstance(answer, str):
        says = sentences.NO_TEXT(what=named(name), found=shown(answer))
        raise Wrong(says, "not a text")
    narrow = unicodedata.normalize("NFKC", answer).translate(_BRACKETS)
    bare = narrow.strip().strip("'\"\u201c\u201d\u2018\u2019").rstrip(".,;\u3002")
    spaced = _COMMA_BETWEEN_NUMBERS.sub(", ", " ".join(bare.lower().split()))
    return _SPACE_WITHIN_BRACKETS.sub("", spaced)


def variable(answer: Any, name: str = "") -> tf.Variable:
    """Return an answer that is a variable, TensorFlow's or Keras's."""
    inner = getattr(answer, "value", None)
    if isinstance(answer, tf.Variable):
        return answer
    if isinstance(inner, tf.Variable):
        return inner
    says = sentences.NO_VARIABLE(what=named(name), found=shown(answer))
    raise Wrong(says, "not a variable")


def shown(value: Any) -> str:
    """Write a value in one short line.

    Examples
    --------
    >>> shown(tf.constant([1.0, 2.5]))
    '[1, 2.5]'
    """
    if isinstance(value, str):
        return repr(value[:60])
    if isinstance(value, complex):
        return f"{value:.6g}"
    if isinstance(value, tuple) and len(value) <= _NUMBERS_SHOWN:
        parts = [shown(part) for part in value]
        return f"({', '.join(parts)}{',' * (len(parts) == 1)})"
    if isinstance(value, types.ModuleType):
        return str(sentences.MODULE(name=value.__name__))
    if value is None or callable(value) and not isinstance(value, tf.Variable):
        return f"`{getattr(value, '__name__', value)}`"
    try:
        values = _values(value)
    except _NO_NUMBERS:
        return f"`{type(value).__name__}`"
    if values.size > _NUMBERS_SHOWN:
        return str(sentences.MANY(count=values.size, shape=_shape(values.shape)))
    return _bracketed(values.tolist())


def _bracketed(values: Any) -> str:
    if isinstance(values, list):
        return "[" + ", ".join(map(_bracketed, values)) + "]"
    return f"{values:.6g}"


def _no_numbers(value: Any) -> Words:
    """Return how to say that something is not numbers."""
    if isinstance(value, numbers.Complex) and not isinstance(value, numbers.Real):
        return sentences.COMPLEX
    if isinstance(value, (list, tuple)):
        if any(isinstance(part, types.FunctionType) for part in value):
            return sentences.VALUE_AND_FUNCTION
        with contextlib.suppress(*_NO_NUMBERS):
            if all(_values(part) is not None for part in value):
                return sentences.PARTS_OF_MANY_LENGTHS
    return sentences.NO_NUMBERS


def called(name: str) -> Callable[[Callable], Callable]:
    """Return a decorator that gives a function the name by which learners see it.

    Examples
    --------
    >>> @called("x³")
    ... def cube(x):
    ...     return x**3
    >>> shown(cube)
    '`x³`'
    """

    def decorate(f: Callable) -> Callable:
        f.__name__ = name
        return f

    return decorate


def named(name: Words | str) -> Words | str:
    """Return how to speak of an answer: by its name if it has one."""
    if isinstance(name, Words):
        return name
    return f"`{name}`" if name and name != "<lambda>" else sentences.YOUR_ANSWER


def _size(answer: Any) -> int:
    """Return how many numbers an answer has, as far as that can be told at once."""
    if isinstance(answer, (list, tuple)):
        return len(answer)
    try:
        return math.prod(answer.shape)
    except (AttributeError, TypeError, ValueError):
        return 0


def _require_few(size: int, what: Any) -> None:
    if size > _MOST_NUMBERS:
        raise Wrong(sentences.TOO_MANY(what=what, count=size), "too many numbers")


def _values(answer: Any) -> np.ndarray:
    if isinstance(answer, tf.IndexedSlices) or isinstance(
        getattr(answer, "value", None), tf.Variable
    ):
        answer = tf.convert_to_tensor(answer)
    if isinstance(answer, (list, tuple)):
        answer = [_values(part) for part in answer]
    elif not isinstance(answer, (numbers.Real, np.ndarray, np.generic)):
        if not isinstance(answer, (tf.Tensor, tf.Variable)):
            raise TypeError
        answer = answer.numpy()
    array = np.asarray(answer)
    if array.dtype.kind not in "biuf" and array.dtype.name != "bfloat16":
        raise TypeError
    return array.astype(np.float64)


def _fits(found: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(found) == len(wanted) and all(
        there is None or here == there for here, there in zip(found, wanted)
    )


def _shape(shape: tuple[int | None, ...]) -> str:
    if shape == ():
        return "()"
    inner = ", ".join("n" if size is None else str(size) for size in shape)
    return f"({inner}{',' * (len(shape) == 1)})"


def _shape_in_words(shape: tuple[int | None, ...]) -> Words:
    written = _shape(shape)
    if shape == ():
        return sentences.ONE_NUMBER
    if None in shape or len(shape) > 2:
        return sentences.A_SHAPE(shape=written)
    if len(shape) == 1:
        return sentences.SEVERAL_NUMBERS(count=shape[0], shape=written)
    rows, columns = shape
    return sentences.ROWS_AND_COLUMNS(rows=rows, columns=columns, shape=written)


def _require_arguments(f: Callable, arguments: tuple[str, ...], what: Any) -> None:
    try:
        inspect.signature(f).bind(*arguments)
    except TypeError:
        listed = Listed(f"`{name}`" for name in arguments)
        says = sentences.ARGUMENTS(
            what=what, wanted=listed, found=f"`{inspect.signature(f)}`"
        )
        raise Wrong(says, "arguments") from None
    except ValueError:
        return  # some functions written in C have no signature
