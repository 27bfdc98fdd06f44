"""What code does with names, statement by statement: read, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from gradtape.learner_code.lines import Line

STORING = ("assign", "assign_add", "assign_sub", "scatter_", "update_state")
_GROWING = ("append", "extend", "insert", "update")


@dataclass(eq=False)
class Statement:
    """One thing that the code does with names.

    Attributes
    ----------
    kind : {"assign", "store", "watch"}
        A name gets a value; a variable's content is assigned; a tape watches.
    targets : set of str
        What gets a value, as it is written: ``"y"``, ``"self.w"``.
    value : ast.expr
        What it is computed from.
    line : Line
        Where it stands.
    is_inside : bool
        Whether the tape in question records there.
    replaces : bool
        Whether the old value of the name is gone for certain.
    is_before : bool
        Whether it stands before the call.
    written : tuple of str
        The targets one by one, in their order.
    """

    kind: str
    targets: set[str]
    value: ast.expr
    line: Line
    is_inside: bool
    replaces: bool = False
    is_before: bool = True
    written: tuple[str, ...] = ()


class Collector:
    """Puts the statements of code into a list, one body after the other.

    Parameters
    ----------
    tape : str
        The tape whose block matters, as it stands in the code.
    call_line : int
        Where the call stands; what comes after it is marked so.

    Attributes
    ----------
    statements : list of Statement
        In the order of the code.
    has_block : bool
        Whether the ``with`` block of the tape was found.
    """

    def __init__(self, tape: str, call_line: int):
        self.statements: list[Statement] = []
        self.has_block = False
        self._tape = tape
        self._call_line = call_line
        self._file = ""
        self._is_earlier = False

    def collect(
        self, body: Iterable[ast.stmt], file: str, *, is_earlier: bool = False
    ) -> None:
        """Add the statements of a body of code."""
        self._file, self._is_earlier = file, is_earlier
        self._collect(body, is_inside=False, is_certain=True)

    def _collect(
        self, body: Iterable[ast.stmt], is_inside: bool, is_certain: bool
    ) -> None:
        for statement in body:
            if isinstance(statement, (ast.With, ast.AsyncWith)):
                self._collect(
                    statement.body, self._records(statement, is_inside), is_certain
                )
            elif isinstance(statement, (ast.For, ast.AsyncFor)):
                self._add("assign", [statement.target], statement.iter, is_inside)
                self._collect(statement.body, is_inside, False)
                self._collect(statement.orelse, is_inside, False)
            elif isinstance(statement, (ast.If, ast.While)):
                self._collect(statement.body, is_inside, False)
                self._collect(statement.orelse, is_inside, False)
            elif isinstance(statement, ast.Try):
                for part in (statement.body, statement.orelse, statement.finalbody):
                    self._collect(part, is_inside, False)
            elif isinstance(statement, ast.Assign):
                self._calls(statement.value, is_inside)
                self._add_assignment(statement, is_inside, is_certain)
            elif isinstance(statement, ast.AnnAssign) and statement.value:
                self._add(
                    "assign", [statement.target], statement.value, is_inside, is_certain
                )
            elif isinstance(statement, ast.AugAssign):
                both = ast.BinOp(statement.target, statement.op, statement.value)
                self._add(
                    "assign",
                    [statement.target],
                    ast.copy_location(both, statement),
                    is_inside,
                )
            elif isinstance(statement, (ast.Expr, ast.Return)) and statement.value:
                self._calls(statement.value, is_inside)

    def _add_assignment(
        self, statement: ast.Assign, is_inside: bool, is_certain: bool
    ) -> None:
        target, value = statement.targets[0], statement.value
        if (
            isinstance(target, (ast.Tuple, ast.List))
            and isinstance(value, (ast.Tuple, ast.List))
            and len(target.elts) == len(value.elts)
        ):
            for one, part in zip(target.elts, value.elts, strict=True):
                self._add("assign", [one], part, is_inside, is_certain)
        else:
            self._add("assign", statement.targets, value, is_inside, is_certain)

    def _records(self, block: ast.With | ast.AsyncWith, is_inside: bool) -> bool:
        for item in block.items:
            name = item.optional_vars and text_of(item.optional_vars)
            what = text_of(item.context_expr)
            if self._tape in (name, what):
                self.has_block = True
                is_inside = True
            elif what == f"{self._tape}.stop_recording()":
                is_inside = False
        return is_inside

    def _calls(self, value: ast.expr, is_inside: bool) -> None:
        """Add what calls do: store into a variable, watch, put into a list."""
        for node in ast.walk(value):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            ):
                continue
            method, owner = node.func.attr, node.func.value
            arguments = ast.Tuple([*node.args, *(k.value for k in node.keywords)])
            ast.copy_location(arguments, node)
            if method.startswith(STORING):
                self._add("store", [owner], arguments, is_inside)
            elif method == "watch" and text_of(owner) == self._tape:
                self._add("watch", [], arguments, is_inside)
            elif method in _GROWING:
                self._add("assign", [owner], arguments, is_inside)

    def _add(
        self,
        kind: str,
        targets: list[ast.expr],
        value: ast.expr,
        is_inside: bool,
        is_certain: bool = False,
    ) -> None:
        texts: set[str] = set()
        replaces = is_certain
        for each in targets:
            target = each
            for part in ast.walk(target):
                if isinstance(part, (ast.Name, ast.Attribute)) and _is_path(part):
                    texts.add(text_of(part))
            while isinstance(target, ast.Subscript):
                replaces = False
                texts.add(text_of(target))
                target = target.value
            if isinstance(target, ast.Attribute):
                texts.discard(text_of(target.value))
        number = value.lineno
        self.statements.append(
            Statement(
                kind,
                texts,
                value,
                Line(self._file, number),
                is_inside,
                replaces and kind == "assign",
                self._is_earlier or number <= self._call_line,
                tuple(
                    text_of(part)
                    for target in targets
                    for part in getattr(target, "elts", [target])
                ),
            )
        )


def renewed_after(statements: list[Statement], name: str) -> Line | None:
    """Return the line after a block that gave a name of the block to something else.

    Parameters
    ----------
    statements : list of Statement
        The learner's code.
    name : str
        The name, ``"x"``, which the block reads.

    Returns
    -------
    Line or None
        None where the name still stands for what the block read.
    """
    inside = [each for each in statements if each.is_inside]
    if not any(name in names_in(each.value) for each in inside):
        return None
    after = [
        each.line
        for each in statements[statements.index(inside[-1]) + 1 :]
        if each.kind == "assign" and each.is_before and name in each.targets
    ]
    return after[-1] if after else None


def reassigned(statements: list[Statement], name: str) -> Line | None:
    """Return the line that took a name away from a variable, as ``x = x + 1`` does.

    Parameters
    ----------
    statements : list of Statement
        The learner's code.
    name : str
        The name, ``"x"``.

    Returns
    -------
    Line or None
        None where the name never was a variable's, or still is.
    """
    values = [
        statement
        for statement in statements
        if statement.kind == "assign" and name in statement.targets
    ]
    first_is_seen = bool(values) and name not in names_in(values[0].value)
    was_variable = not first_is_seen
    for statement in values:
        if _makes_variable(statement.value):
            was_variable = True
        elif was_variable and name in names_in(statement.value):
            return statement.line
    return None


def _makes_variable(value: ast.expr) -> bool:
    return any(
        isinstance(part, ast.Call) and text_of(part.func).endswith("Variable")
        for part in ast.walk(value)
    )


def text_of(node: ast.AST) -> str:
    """Return an expression as one writes it."""
    return ast.unparse(node)


def names_in(node: ast.AST) -> set[str]:
    """Return every name and dotted name in an expression.

    Examples
    --------
    >>> sorted(names_in(ast.parse("self.w * x + f(y.z)")))
    ['f', 'self', 'self.w', 'x', 'y', 'y.z']
    """
    return {
        text_of(part)
        for part in ast.walk(node)
        if isinstance(part, ast.Name)
        or (isinstance(part, (ast.Attribute, ast.Subscript)) and _is_path(part))
    }


def _is_path(node: ast.AST) -> bool:
    """Tell ``a.b["c"]`` from what holds calls or calculations."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Subscript) and not isinstance(
            node.slice, (ast.Constant, ast.Name)
        ):
            return False
        node = node.value
    return isinstance(node, ast.Name)
