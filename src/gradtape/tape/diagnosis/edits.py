"""Changes of the learner's code: read at the place of the fault, never written to a file."""

from __future__ import annotations

import ast
import copy
import linecache
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from gradtape.learner_code.lines import Line
from gradtape.learner_code.statements import text_of

# How a tape is asked in the learner's code.
QUESTIONS = ("gradient", "explain_gradient")


@dataclass(frozen=True)
class Change:
    """Other text in the place of some lines; the lines are counted from 1."""

    first: int
    last: int
    text: str


@dataclass(frozen=True)
class Repair:
    """Code that mends a gradient.

    Attributes
    ----------
    text : str
        What the learner is shown; empty where there is no repair.
    changes : tuple of Change
        What becomes of the learner's lines, where that is certain.
    file : str
        The file in which they stand.
    """

    text: str = ""
    changes: tuple[Change, ...] = ()
    file: str = ""


@dataclass
class Code:
    """The code of a file of the learner's."""

    file: str
    lines: list[str] = field(default_factory=list)
    tree: ast.Module | None = None

    @classmethod
    def of(cls, line: Line | None) -> Code | None:
        """Read the file of a line; None where it cannot be read."""
        lines = linecache.getlines(line.file) if line else []
        try:
            tree = ast.parse("".join(lines)) if lines else None
        except SyntaxError:
            return None
        return cls(line.file, lines, tree) if tree else None

    def statement(self, number: int) -> ast.stmt | None:
        """Return the innermost statement that a line belongs to."""
        found = None
        for node in ast.walk(self.tree):
            if (
                isinstance(node, ast.stmt)
                and node.lineno <= number <= node.end_lineno
                and (found is None or _size(node) <= _size(found))
            ):
                found = node
        return found

    def body_of(self, wanted: ast.stmt) -> list[ast.stmt]:
        """Return the statements among which one stands."""
        for node in ast.walk(self.tree):
            for name in ("body", "orelse", "finalbody"):
                body = getattr(node, name, None)
                if isinstance(body, list) and wanted in body:
                    return body
        return []

    def block(self, tape: str, number: int) -> ast.With | None:
        """Return the last ``with`` block of a tape before a line, as names are found."""

        def is_of_the_tape(node: ast.stmt) -> bool:
            return isinstance(node, ast.With) and any(
                tape
                in (text_of(part) for part in (i.optional_vars, i.context_expr) if part)
                for i in node.items
            )

        return self._last_before(number, is_of_the_tape)

    def assignment(self, name: str, number: int) -> ast.Assign | None:
        """Return the last assignment to a name before a line, as names are found."""
        return self._last_before(
            number,
            lambda node: (
                isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name
            ),
        )

    def _last_before(
        self, number: int, is_wanted: Callable[[ast.stmt], bool]
    ) -> ast.stmt | None:
        """Look in the function around a line, then in what is around that."""
        functions = [
            node
            for node in ast.walk(self.tree)
            if isinstance(node, _FUNCTIONS) and node.lineno <= number <= node.end_lineno
        ]
        for scope in [*sorted(functions, key=_size), self.tree]:
            found = [
                node
                for node in _statements(scope)
                if node.lineno <= number and is_wanted(node)
            ]
            if found:
                return max(found, key=lambda node: node.lineno)
        return None

    def text(self, node: ast.stmt) -> str:
        """Return a statement as it is written, without its indentation."""
        before = self.lines[node.lineno - 1][: node.col_offset]
        if before.strip():  # One of several on a line.
            return ast.unparse(node)
        lines = self.lines[node.lineno - 1 : node.end_lineno]
        return textwrap.dedent("".join(lines)).strip("\n")

    def head(self, block: ast.With) -> str:
        """Return the first line of a block, without what stands in it."""
        if self.is_one_line(block):
            bare = ast.With(block.items, [ast.Pass()])
            return ast.unparse(ast.copy_location(bare, block)).splitlines()[0]
        return self.lines[block.lineno - 1].strip()

    def is_one_line(self, block: ast.With) -> bool:
        """Tell whether the block's statements stand on its first line."""
        return block.body[0].lineno == block.lineno

    def indent(self, node: ast.stmt) -> str:
        """Return the white space before a statement."""
        return " " * node.col_offset

    def replaced(self, node: ast.stmt, text: str) -> Change:
        """Return the change that puts other text in a statement's place."""
        indented = textwrap.indent(text, self.indent(node))
        return Change(node.lineno, node.end_lineno, indented)


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _size(node: ast.stmt) -> int:
    return node.end_lineno - node.lineno


def _statements(scope: ast.AST) -> Iterator[ast.stmt]:
    """Give the statements of a function or module, without those of functions in it."""
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, (*_FUNCTIONS, ast.Lambda)):
            yield from _statements(node)


def rewritten(
    line: Line | None, change: Callable[[ast.AST], ast.expr | None]
) -> Repair:
    """Return the learner's statement with one expression changed.

    Parameters
    ----------
    line : Line or None
        Where it stands.
    change : callable
        Given an expression, returns what takes its place, or None to leave it.

    Returns
    -------
    Repair
        Empty where nothing was changed.
    """
    code = Code.of(line)
    statement = code.statement(line.number) if code else None
    if statement is None:
        return Repair()
    copied, last = copy.deepcopy(statement), statement.end_lineno
    if hasattr(statement, "body"):  # Of a loop or a block, the head.
        copied.body, copied.orelse = [ast.Pass()], []
        last = statement.body[0].lineno - 1
    changer = _Changer(change, line.number)
    changed = ast.fix_missing_locations(changer.visit(copied))
    if not changer.count:
        return Repair()
    text = ast.unparse(changed)
    if hasattr(statement, "body"):
        text = text.splitlines()[-2] if text.count("\n") else text
        if last < statement.lineno:
            return Repair()
    shown = text
    for node in ast.walk(changed) if not hasattr(statement, "body") else ():
        if isinstance(node, ast.Lambda) and any(
            n in changer.made for n in ast.walk(node)
        ):
            shown = ast.unparse(node)
            break
    new = textwrap.indent(text, code.indent(statement))
    return Repair(shown, (Change(statement.lineno, last, new),), code.file)


class _Changer(ast.NodeTransformer):
    """Changes expressions from the outside in; what was changed is not looked into."""

    def __init__(self, change: Callable[[ast.AST], ast.expr | None], line: int):
        self._change, self._line = change, line
        self.count = 0
        self.made: list[ast.AST] = []

    def visit(self, node: ast.AST) -> ast.AST:
        """Change a node, or what is inside it."""
        is_here = isinstance(node, ast.expr) and (
            node.lineno <= self._line <= node.end_lineno
        )
        if is_here and (other := self._change(node)) is not None:
            self.count += 1
            self.made.append(other)
            return other
        return self.generic_visit(node)


def expression(text: str, **parts: ast.expr | str) -> ast.expr:
    """Return an expression with others in the place of its names.

    Examples
    --------
    >>> ast.unparse(expression("tf.sqrt(E + 1e-12)", E="a * b"))
    'tf.sqrt(a * b + 1e-12)'
    """
    nodes = {
        name: ast.parse(part, mode="eval").body if isinstance(part, str) else part
        for name, part in parts.items()
    }

    class Filler(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return copy.deepcopy(nodes.get(node.id, node))

    return Filler().visit(ast.parse(text, mode="eval").body)


def calls(node: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Give the calls of functions with one of several last names."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and last_part(part.func) in names:
            yield part


def last_part(called: ast.AST) -> str:
    """Return the last part of a dotted name."""
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""
