"""The mistakes that can be made in a piece of Python: one small edit each.

Code is changed where its syntax tree says, never in a comment or a docstring, and
everything else stays as it was written.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_OPERATORS = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.Pow: ("**", "*"),
}
_COMPARISONS = {
    ast.Lt: ("<", ">="),
    ast.LtE: ("<=", ">"),
    ast.Gt: (">", "<="),
    ast.GtE: (">=", "<"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
}
_FUNCTIONS = {
    "sin": "cos",
    "cos": "sin",
    "exp": "sin",
    "log": "exp",
    "square": "abs",
    "sqrt": "square",
    "tanh": "sin",
    "sigmoid": "tanh",
    "reduce_sum": "reduce_mean",
    "reduce_mean": "reduce_sum",
    "maximum": "minimum",
    "minimum": "maximum",
    "max": "min",
    "min": "max",
    "ones": "zeros",
    "zeros": "ones",
    "ones_like": "zeros_like",
    "zeros_like": "ones_like",
    "floor": "ceil",
    "argmax": "argmin",
    "argmin": "argmax",
    "assign_sub": "assign_add",
    "assign_add": "assign_sub",
    "jacobian": "hessian",
    "hessian": "jacobian",
}
_DTYPES = {
    "float32": "float64",
    "float64": "float32",
    "int32": "int64",
    "int64": "int32",
}
_DRAWN = ("plot", "set_title", "set_xlabel", "set_ylabel", "set_xlim", "set_ylim")
_DRAWN += ("scatter", "axvline", "axhline", "annotate", "text", "quiver", "contour")
# How a thing looks is not part of a figure's description.
_LOOKS = {"alpha", "c", "color", "cmap", "dpi", "figsize", "fontsize", "fmt", "ha"}
_LOOKS |= {"headwidth", "height_ratios", "linestyle", "linewidth", "linewidths", "loc"}
_LOOKS |= {"ls", "lw", "marker", "markersize", "ms", "pad", "rotation", "s", "size"}
_LOOKS |= {"va", "width", "width_ratios", "xytext", "zorder"}
_EFFECTS = ("append", "assign", "set_", "watch")
_SHORTEST_LABEL = 4  # characters; what is shorter is a marker such as "o" or "C0"


@dataclass(frozen=True)
class Edit:
    """Characters ``start`` to ``end`` of a text replaced by others."""

    kind: str
    start: int
    end: int
    replacement: str

    def applied_to(self, text: str) -> str:
        """Return the text with the edit made."""
        return text[: self.start] + self.replacement + text[self.end :]

    def lines_of(self, text: str) -> tuple[str, str]:
        """Return the whole lines that it touches, before and after."""
        first = text.rfind("\n", 0, self.start) + 1
        last = text.find("\n", self.end)
        last = len(text) if last == -1 else last
        after = text[first : self.start] + self.replacement + text[self.end : last]
        return text[first:last], after


def edits(text: str) -> list[Edit]:
    r"""Return every mistake that can be made in a piece of Python.

    Examples
    --------
    >>> code = "y = tf.sin(x) + 3.0"
    >>> for edit in edits(code):
    ...     print(f"{edit.kind:9}", edit.applied_to(code))
    sign      y = -(tf.sin(x) + 3.0)
    function  y = tf.cos(x) + 3.0
    operator  y = tf.sin(x) - 3.0
    constant  y = tf.sin(x) + 3.3
    """
    try:
        tree = ast.parse(text)
    except SyntaxError:  # a cell may hold what only IPython understands
        return []
    source = _Source(text)
    found = [
        edit
        for node, trail in _walk(tree, ())
        for maker in _MAKERS
        for edit in maker(source, node, trail)
    ]
    unique = {(edit.start, edit.end, edit.replacement): edit for edit in found}
    return sorted(unique.values(), key=lambda edit: edit.start)


class _Source:
    """A text that knows where a node of its tree stands."""

    def __init__(self, text: str):
        self.text = text
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def _offset(self, line: int, column: int) -> int:
        # The columns of a tree count bytes.
        characters = self._lines[line - 1].encode()[:column].decode()
        return self._starts[line - 1] + len(characters)

    def span(self, node: ast.AST) -> tuple[int, int]:
        return (
            self._offset(node.lineno, node.col_offset),
            self._offset(node.end_lineno, node.end_col_offset),
        )

    def of(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def replaced(self, kind: str, node: ast.AST, replacement: str) -> Edit:
        return Edit(kind, *self.span(node), replacement)

    def between(
        self, kind: str, left: ast.AST, right: ast.AST, old: str, new: str
    ) -> Iterator[Edit]:
        """Change what stands between two nodes."""
        start = self.span(left)[1]
        place = self.text.find(old, start, self.span(right)[0])
        if place != -1:
            yield Edit(kind, place, place + len(old), new)


_Trail = tuple[ast.AST, ...]  # the nodes that a node stands in, the nearest last


def _walk(node: ast.AST, trail: _Trail) -> Iterator[tuple[ast.AST, _Trail]]:
    """Give what a reader would call code: no annotations, no text with fields.

    Python 3.11 does not know where the fields of an f-string stand.
    """
    yield node, trail
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns", "decorator_list"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _is_left_alone(child):
                    yield from _walk(child, (*trail, node))


def _is_left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.Dict):
        return any(getattr(key, "value", None) in _LOOKS for key in node.keys)
    if isinstance(node, ast.keyword):
        return node.arg in _LOOKS
    return isinstance(node, (ast.JoinedStr, ast.Raise, ast.Import, ast.ImportFrom))


def _operators(source: _Source, node: ast.AST, _: _Trail) -> Iterator[Edit]:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        old, new = _OPERATORS[type(node.op)]
        yield from source.between("operator", node.left, node.right, old, new)
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARISONS:
        old, new = _COMPARISONS[type(node.ops[0])]
        right = node.comparators[0]
        yield from source.between("comparison", node.left, right, old, new)


def _constants(source: _Source, node: ast.AST, trail: _Trail) -> Iterator[Edit]:
    if not isinstance(node, ast.Constant):
        return
    drawn = any(_is_drawn(outer) for outer in trail)
    value = node.value
    if isinstance(value, bool):
        yield source.replaced("constant", node, str(not value))
    elif isinstance(value, (int, float)):
        kind = "index" if _is_index(trail) else "figure" if drawn else "constant"
        changed = value + 1 if isinstance(value, int) else _a_bit_more(value)
        yield source.replaced(kind, node, repr(changed))
    elif isinstance(value, str) and drawn and len(value) >= _SHORTEST_LABEL:
        yield source.replaced("figure", node, _another_label(source.of(node)))


def _a_bit_more(value: float) -> float:
    return float(f"{value * 1.1:.6g}") if value else 0.1


def _another_label(written: str) -> str:
    for old, new in (("f", "g"), ("x", "t"), ("y", "z")):
        if old in written[1:-1]:
            return written[0] + written[1:-1].replace(old, new, 1) + written[-1]
    return written[:-2] + written[-1]


def _is_index(trail: _Trail) -> bool:
    return any(isinstance(node, ast.Subscript) for node in trail[-2:])


def _is_drawn(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _called(node).startswith(_DRAWN)


def _called(node: ast.AST) -> str:
    """Return the last name of a function that is called, or nothing."""
    function = getattr(node, "func", None)
    return getattr(function, "attr", getattr(function, "id", ""))


def _functions(source: _Source, node: ast.AST, _: _Trail) -> Iterator[Edit]:
    name = node.attr if isinstance(node, ast.Attribute) else None
    if name in _FUNCTIONS:
        end = source.span(node)[1]
        yield Edit("function", end - len(name), end, _FUNCTIONS[name])
    elif name in _DTYPES:
        end = source.span(node)[1]
        yield Edit("dtype", end - len(name), end, _DTYPES[name])
    elif isinstance(node, ast.Constant) and node.value in _DTYPES:
        yield source.replaced("dtype", node, f'"{_DTYPES[node.value]}"')
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("max", "min"):
        yield source.replaced("function", node.func, _FUNCTIONS[node.func.id])


def _signs(source: _Source, node: ast.AST, trail: _Trail) -> Iterator[Edit]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        kind = "index" if _is_index(trail) else "sign"
        yield source.replaced(kind, node, source.of(node.operand))
    elif (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.BinOp)
        and type(node.value.op) in _OPERATORS
        and not any(_is_text(part) for part in ast.walk(node.value))
    ):
        yield source.replaced("sign", node.value, f"-({source.of(node.value)})")


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, (ast.JoinedStr, ast.List, ast.Tuple)) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _arguments(source: _Source, node: ast.AST, _: _Trail) -> Iterator[Edit]:
    """Swap the first two arguments of a call."""
    if isinstance(node, ast.Call) and len(node.args) > 1:
        first, second = map(source.of, node.args[:2])
        named = (ast.Name, ast.Attribute, ast.Subscript, ast.Tuple)
        if first != second and all(isinstance(arg, named) for arg in node.args[:2]):
            start, end = source.span(node.args[0])[0], source.span(node.args[1])[1]
            yield Edit("arguments", start, end, f"{second}, {first}")


def _conditions(source: _Source, node: ast.AST, _: _Trail) -> Iterator[Edit]:
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        test = node.test
        if not isinstance(test, ast.Compare) and "\n" not in source.of(test):
            yield source.replaced("condition", test, f"not ({source.of(test)})")


def _dropped(source: _Source, node: ast.AST, _: _Trail) -> Iterator[Edit]:
    """Leave out what one forgets: ``persistent=True``, ``watch``, an update."""
    if isinstance(node, ast.Call):
        for word in node.keywords:
            if word.arg in ("persistent", "unconnected_gradients", "axis", "order"):
                start, end = source.span(word)
                before = source.text[:start].rstrip()
                if before.endswith(","):
                    yield Edit("dropped", len(before) - 1, end, "")
                elif before.endswith("(") and len(node.keywords) == 1:
                    yield Edit("dropped", start, end, "")
    elif (
        isinstance(node, ast.AugAssign)
        or isinstance(node, ast.Expr)
        and _called(node.value).startswith(_EFFECTS)
    ):
        yield source.replaced("dropped", node, "pass")


def _order(source: _Source, node: ast.AST, _: _Trail) -> Iterator[Edit]:
    """Swap two statements of which the second needs the first, or two that print."""
    for body in (getattr(node, "body", None), getattr(node, "orelse", None)):
        for first, second in pairwise(body if isinstance(body, list) else ()):
            if not all(isinstance(s, (ast.Assign, ast.Expr)) for s in (first, second)):
                continue
            both_print = all(
                isinstance(s, ast.Expr) and _called(s.value) == "print"
                for s in (first, second)
            )
            if both_print or _names(first, ast.Store) & _names(second, ast.Load):
                start, end = source.span(first)[0], source.span(second)[1]
                gap = source.text[source.span(first)[1] : source.span(second)[0]]
                swapped = source.of(second) + gap + source.of(first)
                yield Edit("order", start, end, swapped)


def _names(node: ast.AST, context: type[ast.expr_context]) -> set[str]:
    parts = list(ast.walk(node))
    own = {part.arg for part in parts if isinstance(part, ast.arg)}  # of a lambda
    names = {
        part.id
        for part in parts
        if isinstance(part, ast.Name) and isinstance(part.ctx, context)
    }
    return names - own


_MAKERS = (
    _operators,
    _constants,
    _functions,
    _signs,
    _arguments,
    _conditions,
    _dropped,
    _order,
)
