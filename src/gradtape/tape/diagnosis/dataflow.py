"""Follow a source through the learner's code to a target, and find what cuts its way."""

from __future__ import annotations

import ast
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from gradtape.learner_code.lines import Line, is_own
from gradtape.learner_code.reading import Reading, function_behind, function_source
from gradtape.learner_code.statements import Statement, names_in, text_of
from gradtape.tape.diagnosis.cuts_in_code import NO_VALUE, Suspect, last_name, suspect
from gradtape.tape.record.sources import unwrapped

_TAPE_QUESTIONS = {"gradient", "jacobian", "batch_jacobian"}
_DEEPEST = 3  # How many functions deep the code is read.


@dataclass
class Dataflow:
    """The way of a source to a target, as the code has it.

    Attributes
    ----------
    is_connected : bool
        Whether the target was computed from the source at all.
    suspects : list of Suspect
        What cuts it, in the order of the code.
    """

    is_connected: bool
    suspects: list[Suspect]


def dataflow_of(
    reading: Reading, source: Any, written: str, target: ast.expr | None
) -> Dataflow:
    """Follow a source through the code to a target.

    Parameters
    ----------
    reading : Reading
        The learner's code.
    source : tf.Tensor or tf.Variable
        The source.
    written : str
        How it stands in the call, ``"x"``.
    target : ast.expr or None
        The target as it stands in the call.

    Returns
    -------
    Dataflow
        Whether they are connected, and what cuts the connection.
    """
    return _Reader(reading, source, written).follow(target)


class _Reader:
    def __init__(self, reading: Reading, source: Any, written: str):
        self._reading = reading
        self._written = written
        self._roots = {written} | {
            name
            for name, value in reading.names.items()
            if not name.startswith("_") and holds(value, source)
        }
        self._carriers = set(self._roots)

    def follow(self, target: ast.expr | None) -> Dataflow:
        if target is None:
            return Dataflow(False, [])
        carrying: dict[Statement, set[str]] = {}
        before = [each for each in self._reading.statements if each.is_before]
        for statement in before:
            if statement.kind == "watch":
                continue
            self._bind(statement.value)
            if self._carries(statement.value):
                carrying[statement] = set(self._carriers)
                self._carriers |= statement.targets
            elif statement.replaces:
                self._carriers -= statement.targets - self._roots
        relevant = self._relevant(before, target)
        found: list[Suspect] = []
        for statement in relevant:
            if statement in carrying:
                now, self._carriers = self._carriers, carrying[statement]
                found += self._suspects(statement, before)
                self._carriers = now
        found += self._suspects_in_call(target)
        if any(each.row != "P7" for each in found):
            # An assignment beside the way, such as that of a running mean, cuts nothing.
            stored = [each for each in relevant if each.kind == "store"]
            found = [each for each in found if each.row != "P7" or stored]
        connected = self._carries(target) or any(each in carrying for each in relevant)
        return Dataflow(connected, list(dict.fromkeys(found)))

    def _bind(self, value: ast.expr) -> None:
        """Let the names of a comprehension carry what they run over."""
        for part in ast.walk(value):
            if isinstance(part, ast.comprehension) and self._carries(part.iter):
                self._carriers |= names_in(part.target)

    def _relevant(
        self, statements: list[Statement], target: ast.expr
    ) -> list[Statement]:
        """Return the statements that a target was computed from, in their order."""
        needed = names_in(target)
        found = []
        for statement in reversed(statements):
            if statement.kind != "watch" and statement.targets & needed:
                found.append(statement)
                if statement.replaces:
                    needed -= statement.targets
                needed |= names_in(statement.value)
        return found[::-1]

    def _suspects(
        self, statement: Statement, before: list[Statement]
    ) -> Iterator[Suspect]:
        if statement.kind == "store":
            yield Suspect("P7", min(statement.targets), statement.line)
            return
        if last_name(getattr(statement.value, "func", None)) in _TAPE_QUESTIONS:
            row = "P11" if statement.is_inside else "P10"
            if self._reading.has_block:
                yield Suspect(row, _first(statement.targets), statement.line)
            return
        makes_source = not statement.is_inside and self._written in statement.targets
        for each in self._suspects_in(statement.value, statement.line):
            # As in y = tf.Variable(y): what is stored becomes the source.
            if not (makes_source and each.row == "P7"):
                yield each
        if not statement.is_inside and self._is_calculation(statement.value):
            late = any(
                each.kind == "watch"
                and each.line.number > statement.line.number
                and each.line.file == statement.line.file
                for each in before
            )
            row = "P4" if late else "P3"
            if self._reading.has_block:
                yield Suspect(row, _first(statement.targets), statement.line)
        elif self._is_direct_inside(statement):
            yield from self._watched_after(statement, before)

    def _watched_after(
        self, statement: Statement, before: list[Statement]
    ) -> Iterator[Suspect]:
        watching = [
            each
            for each in before
            if each.kind == "watch" and names_in(each.value) & self._roots
        ]
        if not watching:
            return
        here, there = before.index(statement), before.index(watching[0])
        has_other_value = any(
            each.replaces and each.targets & self._roots for each in before[here:there]
        )
        if here < there and not has_other_value:
            yield Suspect("P4", _first(statement.targets), watching[0].line)

    def _suspects_in_call(self, target: ast.expr) -> Iterator[Suspect]:
        parts = target.elts if isinstance(target, (ast.List, ast.Tuple)) else [target]
        for part in parts:
            if not self._carries(part):
                continue
            inside = list(self._suspects_in(part, self._reading.line))
            yield from inside
            if self._is_calculation(part) and not inside:
                yield Suspect("P3", text_of(part), self._reading.line)

    def _is_direct_inside(self, statement: Statement) -> bool:
        return statement.is_inside and bool(names_in(statement.value) & self._roots)

    def _is_calculation(self, value: ast.expr) -> bool:
        """Tell a calculation from a new name for an old value."""
        if isinstance(value, (ast.Name, ast.Attribute, ast.Constant, ast.Lambda)):
            return False
        if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
            return any(self._is_calculation(part) for part in value.elts)
        if isinstance(value, ast.Dict):
            return any(self._is_calculation(part) for part in value.values)
        if isinstance(value, ast.Subscript):
            owner = self._value_of(value.value)
            return not isinstance(owner, (list, tuple, dict))
        if isinstance(value, ast.Call):
            owner = self._value_of(value.func)
            is_tensor = isinstance(owner, type) and issubclass(
                owner, (tf.SparseTensor, tf.RaggedTensor)
            )
            makes_object = (isinstance(owner, type) and not is_tensor) or text_of(
                value.func
            ).endswith(("Variable", "Sequential", "Model", "zip", "enumerate"))
            return not makes_object
        return True

    def _carries(self, node: ast.AST, depth: int = 0) -> bool:
        """Tell whether an expression holds the source's value."""
        is_place = isinstance(node, (ast.Name, ast.Attribute, ast.Subscript))
        if is_place and text_of(node) in self._carriers:
            return True
        if isinstance(node, ast.Lambda):
            return False
        if isinstance(node, ast.Attribute) and node.attr in NO_VALUE:
            return False
        if isinstance(node, ast.Call):
            if last_name(node.func) in NO_VALUE:
                return False
            if self._is_inside_function(node.func, depth):
                return True
        return any(self._carries(part, depth) for part in ast.iter_child_nodes(node))

    def _is_inside_function(self, called: ast.expr, depth: int) -> bool:
        """Tell whether a function of the learner's uses the source by itself."""
        body, _ = self._definition(called)
        if body is None or depth >= _DEEPEST:
            return False
        owners = names_in(called)
        return bool(owners & self._carriers) or any(
            self._carries(part, depth + 1) for part in _parts(body)
        )

    def _suspects_in(
        self, node: ast.AST, line: Line | None, depth: int = 0
    ) -> Iterator[Suspect]:
        """Give what is suspect in an expression, inside called functions as well."""
        for part in ast.walk(node):
            found = suspect(part, line, self._tells(depth > 0), self._reading.names)
            if found is not None and not self._has_left_before(found, part):
                yield found
            if isinstance(part, ast.Call) and depth < _DEEPEST:
                definition, file = self._definition(part.func)
                if definition is not None:
                    for inner in _parts(definition):
                        yield from self._suspects_in(
                            inner, Line(file, inner.lineno), depth + 1
                        )

    def _tells(self, is_inside_function: bool) -> Callable[[list[ast.expr]], bool]:
        """Return what tells whether expressions hold the source's value.

        Inside a function, whose arguments have other names, every name counts.
        """
        if is_inside_function:
            return lambda parts: any(names_in(each) for each in parts)
        return lambda parts: any(self._carries(each) for each in parts)

    def _has_left_before(self, found: Suspect, node: ast.AST) -> bool:
        """Tell whether what is stored in a new variable had left TensorFlow already."""
        return found.row == "P7" and any(
            each.row == "P5" for each in self._suspects_in(node.args[0], found.line)
        )

    def _value_of(self, node: ast.expr) -> Any:
        """Return what a dotted name stands for, without running any code."""
        if isinstance(node, ast.Name):
            return self._reading.names.get(node.id)
        if isinstance(node, ast.Attribute):
            owner = self._value_of(node.value)
            if isinstance(owner, types.ModuleType):
                return getattr(owner, node.attr, None)
            own = getattr(owner, "__dict__", {})
            if node.attr in own:
                return own[node.attr]
            return getattr(type(owner), node.attr, None)
        return None

    def _definition(self, called: ast.expr) -> tuple[ast.AST | None, str]:
        """Return the definition of a function of the learner's, and its file."""
        function, _ = function_behind(self._value_of(called))
        if function is None or not is_own(function.__code__):
            return None, ""
        return function_source(function), function.__code__.co_filename


def _parts(definition: ast.AST) -> list[ast.AST]:
    body = definition.body
    return body if isinstance(body, list) else [body]


def _first(texts: set[str]) -> str:
    return min(texts, key=len) if texts else ""


def holds(value: Any, source: Any) -> bool:
    """Tell whether a value is the source, or an object that holds it."""
    if unwrapped(value) is source:
        return True
    if isinstance(value, (tf.Module, tf.keras.layers.Layer)):
        return any(unwrapped(each) is source for each in value.variables)
    if isinstance(value, (list, tuple)):
        parts = value
    elif isinstance(value, dict):
        parts = value.values()
    elif isinstance(value, (type, types.ModuleType, types.FunctionType)):
        return False
    else:
        parts = getattr(value, "__dict__", {}).values()
    return any(unwrapped(each) is source for each in parts)
