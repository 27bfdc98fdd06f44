"""An error in a learner's code: what it says, where it is, what it usually means."""

from __future__ import annotations

import linecache
import re
import traceback
from collections.abc import Callable
from typing import Any

from gradtape.exercises import sentences
from gradtape.exercises.exercise import Wrong
from gradtape.exercises.none_returned import explain, is_exchanged
from gradtape.exercises.words import Words
from gradtape.learner_code.lines import is_own_file

_LONGEST_MESSAGE = 300
# How a function that is traced into a graph reports; an asterisk marks its own lines.
_IN_A_GRAPH = "in user code:"
_MARKED = re.compile(r'File "[^"]*", line (\d+), in [^\n]*\*[^\n]*\n\s*([^\n]+)')
# What TensorFlow adds to a message for those who work on TensorFlow.
_FOR_DEVELOPERS = re.compile(r"^\{\{function_node [^}]*\}\} *| *(; NodeDef:|\[Op:).*")

# What an error usually means in these lessons, by its type and words of its message;
# with the name of its cause: a row of lesson 9, or a word.
_MEANINGS: tuple[tuple[str, str, Words, str], ...] = (
    (
        "AttributeError|ValueError|TypeError",
        r"(numpy\.\w+|ndarray|float\d*|int)'? object has no attribute|`type_value`",
        sentences.MEANS_NUMPY,
        "P5",
    ),
    ("ValueError", "unconnected_gradients", sentences.MEANS_UNCONNECTED, "P11"),
    ("RuntimeError", "`variable [-+]= value`", sentences.MEANS_IN_PLACE, "P6"),
    ("AttributeError", "Tensor' object has no .*assign", sentences.MEANS_NO_ASSIGN, ""),
    ("TypeError", "^unsupported callable", sentences.MEANS_WAY_BACK, ""),
    ("ValueError", "incompatible with the layer", sentences.MEANS_LAYER, ""),
    ("TypeError", r"operand type\(s\) for \^", sentences.MEANS_POWER, ""),
    ("InvalidArgumentError", "list of allowed values: int8", sentences.MEANS_POWER, ""),
    ("RuntimeError", "[Pp]ersistent|non-persistent", sentences.MEANS_PERSISTENT, "P8"),
    (
        "LookupError",
        "gradient registry|No gradient defined",
        sentences.MEANS_NO_RULE,
        "P22",
    ),
    (
        "AttributeError",
        "'list' object has no attribute 'shape'",
        sentences.MEANS_ONE_TARGET,
        "",
    ),
    (
        "TypeError",
        "operand type.*'list'|multiply sequence by non-int",
        sentences.MEANS_LIST,
        "",
    ),
    (
        "TypeError|ValueError|AttributeError",
        "NoneType|None values not supported|convert a value .None.|received None",
        sentences.MEANS_NONE,
        "",
    ),
    (
        "TypeError",
        "positional argument|unexpected keyword|takes no arguments",
        sentences.MEANS_ARGUMENTS,
        "",
    ),
    (
        "InvalidArgumentError",
        "of string is not in the list of allowed values",
        sentences.MEANS_TEXT,
        "",
    ),
    (
        "InvalidArgumentError|TypeError",
        r"expected to be a \w+ tensor|type \w+ that does not match|dtype|for attr 'T'",
        sentences.MEANS_DTYPES,
        "dtypes",
    ),
    (
        "InvalidArgumentError|ValueError",
        "same rank|ndims must be >= 2|is not a matrix",
        sentences.MEANS_RANKS,
        "",
    ),
    (
        "InvalidArgumentError|ValueError",
        "truth value of an array|only boolean scalar|truth value of a Tensor",
        sentences.MEANS_TRUTH,
        "",
    ),
    (
        "ValueError|TypeError",
        "only 0-dimensional arrays can be converted|only (length|size)-1 arrays",
        sentences.MEANS_ONE_NUMBER,
        "",
    ),
    (
        "ValueError|TypeError",
        r"values to unpack \(expected 2|cannot unpack non-iterable",
        sentences.MEANS_PAIR,
        "",
    ),
    (
        "InvalidArgumentError|ValueError",
        "Incompatible shapes|Matrix size-incompatible|must be equal|broadcast",
        sentences.MEANS_SHAPES,
        "",
    ),
    (
        "ValueError",
        "math domain error|expected a (nonnegative|positive) input",
        sentences.MEANS_DOMAIN,
        "",
    ),
    ("NameError|UnboundLocalError", "", sentences.MEANS_NAME, ""),
    ("RecursionError", "", sentences.MEANS_RECURSION, ""),
    ("MemoryError|ResourceExhaustedError", "", sentences.MEANS_MEMORY, ""),
    (
        "ValueError|AttributeError",
        "eager|EagerTensor|watched|GradientTape|Passed in object",
        sentences.MEANS_TAPE,
        "",
    ),
)


def raised(
    error: Exception, what: object, again: Callable[[], Any] | None = None
) -> Wrong:
    """Return what is wrong with an answer that raises an error.

    Parameters
    ----------
    error : Exception
        The error, with its traceback.
    what : Words or str
        What raised it, as the learner calls it.
    again : callable, optional
        Calls the learner's function as it was called, to find out why a gradient that
        it computes on with is None.
    """
    name = type(error).__name__
    message = _message(error, name)
    if len(message) > _LONGEST_MESSAGE:
        message = message[:_LONGEST_MESSAGE] + "…"
    says = sentences.RAISES(what=what, error=f"{name}: {message}".rstrip(": "))
    wrong = Wrong(says, "raises", lines=own_line(error))
    meaning, row = _meaning(type(error), message)
    if meaning:
        wrong.details += (meaning,)
    if row:
        wrong.rows = (row,)
    if meaning is sentences.MEANS_NONE and again:
        if is_exchanged(again):
            wrong.details += (sentences.MEANS_EXCHANGED,)
        else:
            explain(wrong, again)
    return wrong


def _message(error: Exception, name: str) -> str:
    """Return what an error says, in one line, without what is for others."""
    text = str(error)
    if text.startswith(_IN_A_GRAPH):  # a report with the places, the message at its end
        text = text.strip().split("\n\n")[-1].strip().removeprefix(f"{name}: ")
    return _FOR_DEVELOPERS.sub("", re.sub(r"\s+", " ", text)).strip()


def own_line(error: Exception) -> str:
    """Return the last line of the learner's that the error passed through.

    It is empty if there is none: the error is then not the learner's.
    """
    if str(error).startswith(_IN_A_GRAPH) and (lines := _MARKED.findall(str(error))):
        return ": ".join(lines[-1])
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if is_own_file(frame.filename) and frame.lineno:
            code = linecache.getline(frame.filename, frame.lineno).strip()
            if code:
                return f"{frame.lineno}: {code}"
    return ""


def _meaning(kind: type[Exception], message: str) -> tuple[Words | None, str]:
    names = {parent.__name__ for parent in kind.__mro__}
    for kinds, words, meaning, row in _MEANINGS:
        if names & set(kinds.split("|")) and re.search(words, message):
            return meaning, row
    return None, ""
