"""What a function's code reads: names, attributes and imports, each with its line."""

from __future__ import annotations

import builtins
import dis
import functools
import types
from collections.abc import Mapping
from typing import Any, NamedTuple

_ATTRIBUTE_READS = {"LOAD_ATTR", "LOAD_METHOD"}
_CELL_READS = {"LOAD_DEREF", "LOAD_CLASSDEREF"}
_GLOBAL_READS = {"LOAD_GLOBAL", "LOAD_NAME"}
# What may change something unread that outlives the call, or looks where we do not
# follow. An except clause is among them: f may raise when it is traced, and only then.
_IMPURE = {
    "DELETE_ATTR",
    "DELETE_GLOBAL",
    "IMPORT_NAME",
    "LOAD_BUILD_CLASS",
    "LOAD_SUPER_ATTR",
    "PUSH_EXC_INFO",
    "STORE_ATTR",
    "STORE_GLOBAL",
}
_CELL_WRITES = {"DELETE_DEREF", "STORE_DEREF"}
# What only asks of which class something is, and what may stand before it.
_CLASS_TESTS = {"CHECK_EXC_MATCH", "IS_OP", "MATCH_CLASS"}
_BETWEEN = {"BUILD_TUPLE", "CACHE", "LOAD_CONST", "PRECALL"}
_CLASS_QUESTIONS = {"isinstance", "issubclass"}


class Read(NamedTuple):
    """One thing that code reads: a name, and the attributes taken of it."""

    name: str
    is_global: bool
    path: tuple[str, ...] = ()


class Reads(NamedTuple):
    """All that code reads, and whether it does nothing but read.

    ``lines`` holds the number of the line of each read, attribute and import, the first
    of them if there are several. ``compared`` holds the reads that are nothing but
    classes which something is compared with, as in ``case Fraction():``.
    """

    is_pure: bool
    reads: tuple[Read, ...]
    attributes: frozenset[str]
    imports: frozenset[str]
    lines: Mapping[Read | str, int]
    compared: frozenset[Read] = frozenset()


@functools.lru_cache(maxsize=512)
def reads_of(code: types.CodeType) -> Reads:
    """Return what a piece of code, and every function defined inside it, reads."""
    attributes, imports, is_pure = set(), set(), True
    reads: set[Read] = set()
    compared: set[Read] = set()
    used: set[Read] = set()
    waiting: list[Read] = []  # read, and not yet used
    lines: dict[Read | str, int] = {}
    read, number = None, code.co_firstlineno
    for instruction in dis.get_instructions(code):
        number = getattr(instruction.positions, "lineno", None) or number
        name = instruction.opname
        if name in _ATTRIBUTE_READS:
            attributes.add(instruction.argval)
            lines.setdefault(instruction.argval, number)
            if read is not None:
                read = read._replace(path=(*read.path, instruction.argval))
            continue
        if read is not None:
            reads.add(read)
            waiting.append(read)
            lines.setdefault(read, number)
        read = None
        if name in _CLASS_TESTS or _asks_for_a_class(instruction, waiting):
            compared.update(waiting)
            waiting = []
        elif name not in (*_BETWEEN, *_GLOBAL_READS, *_CELL_READS):
            used.update(waiting)
            waiting = [each for each in waiting if each.name in _CLASS_QUESTIONS]
        if name in _GLOBAL_READS or name in _CELL_READS:
            read = Read(instruction.argval, name in _GLOBAL_READS)
        elif name in _IMPURE or (
            name in _CELL_WRITES and instruction.argval in code.co_freevars
        ):
            is_pure = False
        if name == "IMPORT_NAME":
            imports.add(instruction.argval)
            lines.setdefault(instruction.argval, number)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            inner = reads_of(constant)
            is_pure = is_pure and inner.is_pure
            reads |= set(inner.reads)
            attributes |= inner.attributes
            imports |= inner.imports
            compared |= inner.compared
            used |= set(inner.reads) - inner.compared
            lines = {**inner.lines, **lines}
    return Reads(
        is_pure,
        tuple(sorted(reads)),
        frozenset(attributes),
        frozenset(imports),
        lines,
        frozenset(compared - used),
    )


def _asks_for_a_class(instruction: dis.Instruction, waiting: list[Read]) -> bool:
    """Tell the call of ``isinstance`` with two arguments, the second a class that was read."""
    return (
        instruction.opname == "CALL"
        and instruction.arg == 2
        and any(each.name in _CLASS_QUESTIONS for each in waiting)
    )


def value_read(read: Read, names: dict[str, Any], cells: dict[str, Any]) -> Any:
    """Return what is read, through modules, up to the first thing that is none.

    Parameters
    ----------
    read : Read
        What is read.
    names : dict
        The globals of the function.
    cells : dict
        The variables that it closes over. What is in neither is a local of the function
        around, computed and not read: it counts as None.

    Raises
    ------
    ValueError
        If a variable that f closes over has no value yet.
    """
    if read.is_global:
        value = names.get(read.name, getattr(builtins, read.name, None))
    elif read.name in cells:
        value = cells[read.name].cell_contents
    else:
        return None
    path = list(read.path)
    while isinstance(value, types.ModuleType) and path:
        value = getattr(value, path.pop(0), None)
    return value


def cells_of(f: types.FunctionType) -> dict[str, Any]:
    """Return the variables that a function closes over, by name."""
    return dict(zip(f.__code__.co_freevars, f.__closure__ or (), strict=True))
