"""What is suspect in code, by its name: what takes a value away from a tape.

NumPy and Python's own numbers, functions that move in steps, assignments to variables.
"""

from __future__ import annotations

import ast
import linecache
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradtape.learner_code.lines import Line
from gradtape.learner_code.reading import parsed
from gradtape.learner_code.statements import STORING, text_of

_LEAVING_METHODS = {"numpy", "item", "tolist"}
_LEAVING_FUNCTIONS = {"float", "int", "numpy_function", "make_ndarray"}
_OTHER_LIBRARIES = {"numpy", "math", "scipy"}
_USUAL_NAMES = {"np", "numpy", "math", "scipy", "stats"}
# fmt: off
_STEPS = {
    "round", "floor", "ceil", "rint", "sign", "argmax", "argmin", "argsort",
    "greater", "greater_equal", "less", "less_equal", "equal", "not_equal",
    "count_nonzero", "bincount", "searchsorted", "bucketize", "floordiv", "floor_div",
    "trunc", "categorical", "stateless_categorical", "in_top_k", "is_finite", "one_hot",
}
NO_VALUE = {
    "shape", "size", "rank", "ndim", "dtype", "name", "zeros_like", "ones_like", "len",
    "isinstance", "print", "get_shape", "static_shape", "range",
}
# fmt: on


@dataclass(frozen=True)
class Suspect:
    """A place in the code where the way of a value is cut.

    Attributes
    ----------
    row : str
        The row of the catalogue; ``"stopped"`` for ``tf.stop_gradient``.
    what : str
        What stands there, ``"np.sin"``.
    line : Line or None
        Where.
    """

    row: str
    what: str
    line: Line | None


def suspect(
    node: ast.AST,
    line: Line | None,
    carried: Callable[[list[ast.expr]], bool],
    names: dict[str, Any],
) -> Suspect | None:
    """Return what is suspect about one node of the code.

    Parameters
    ----------
    node : ast.AST
        The node, without regard to what is inside it.
    line : Line or None
        A line of the file in which it stands.
    carried : callable
        Tells whether any of several expressions holds the value in question.
    names : dict
        The learner's names with their values.

    Returns
    -------
    Suspect or None
        None where the value can pass.
    """
    at = Line(line.file, node.lineno) if line and hasattr(node, "lineno") else line
    if isinstance(node, ast.Compare) and carried([node.left, *node.comparators]):
        return Suspect("P15", text_of(node), at)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
        return Suspect("P15", "//", at) if carried([node.left]) else None
    if not isinstance(node, ast.Call):
        return None
    name, function = last_name(node.func), text_of(node.func)
    is_method = isinstance(node.func, ast.Attribute)
    if is_method and name in _LEAVING_METHODS and carried([node.func.value]):
        return Suspect("P5", f".{name}()", at)
    if not carried(node.args):
        return None
    if name in _LEAVING_FUNCTIONS or _belongs_to_other_library(node.func, names):
        return Suspect("P5", function, at)
    if name in _STEPS or name.endswith("accuracy") or _is_cast_to_whole(name, node):
        return Suspect("P15", function, at)
    if is_method and name.startswith(STORING):
        return Suspect("P7", text_of(node.func.value), at)
    if name == "stop_gradient":
        return Suspect("stopped", function, at)
    return Suspect("P7", function, at) if name == "Variable" else None


def call_of_numpy(code: str) -> str:
    """Return which function of NumPy's or math's a line calls; "NumPy" for several.

    Examples
    --------
    >>> call_of_numpy("return A * np.exp(-k * t)")
    'np.exp'
    >>> call_of_numpy("return np.exp(-k * t) * np.cos(t)")
    'NumPy'
    """
    try:
        nodes = ast.walk(ast.parse(code))
    except SyntaxError:  # such as the first line of a block
        return ""
    called = (node.func for node in nodes if isinstance(node, ast.Call))
    names = {text_of(each) for each in called if _belongs_to_other_library(each, {})}
    return "NumPy" if len(names) > 1 else "".join(names)


def _belongs_to_other_library(called: ast.expr, names: dict[str, Any]) -> bool:
    root = text_of(called).split(".")[0]
    if root not in names:
        return isinstance(called, ast.Attribute) and root in _USUAL_NAMES
    return is_other_library(names[root])


def is_other_library(value: Any) -> bool:
    """Tell NumPy, SciPy and math, and what is imported from them."""
    if isinstance(value, types.ModuleType):
        return value.__name__.split(".")[0] in _OTHER_LIBRARIES
    if isinstance(value, np.ufunc):
        return True
    module = getattr(value, "__module__", None) if callable(value) else None
    return isinstance(module, str) and module.split(".")[0] in _OTHER_LIBRARIES


def call_of_another_library(line: Line) -> str:
    """Return which function of a package that knows no tensors a line calls, if it does."""
    tree = parsed("".join(linecache.getlines(line.file)))
    for node in ast.walk(tree) if tree else ():
        if (
            isinstance(node, ast.Call)
            and node.lineno <= line.number <= node.end_lineno
            and is_of_another_library(node.func, tree)
        ):
            return last_name(node.func)
    return ""


def is_of_another_library(called: ast.expr, tree: ast.Module) -> bool:
    """Tell whether a function comes from a package that knows nothing of tensors.

    Parameters
    ----------
    called : ast.expr
        The function as it stands in the code.
    tree : ast.Module
        The code; where it imports nothing of that name, the notebook's names tell.
    """
    while isinstance(called, (ast.Attribute, ast.Call)):
        called = called.value if isinstance(called, ast.Attribute) else called.func
    if not isinstance(called, ast.Name):
        return False
    module = _imported(called.id, tree)
    if not module:
        value = getattr(sys.modules.get("__main__"), called.id, None)
        is_module = isinstance(value, types.ModuleType)
        module = value.__name__ if is_module else getattr(value, "__module__", None)
    root = str(module or "").split(".")[0]
    file = getattr(sys.modules.get(root), "__file__", None) or ""
    is_installed = "site-packages" in file or "dist-packages" in file
    return is_installed and root not in {"tensorflow", "keras", "gradtape"}


def _imported(name: str, tree: ast.Module) -> str:
    """Return the module from which code imports a name; empty where it does not."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for each in node.names:
                if name == (each.asname or each.name.split(".")[0]):
                    return getattr(node, "module", None) or each.name
    return ""


def last_name(called: ast.expr | None) -> str:
    """Return the last part of a dotted name: what is called."""
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def _is_cast_to_whole(name: str, call: ast.Call) -> bool:
    kinds = [*call.args[1:], *(each.value for each in call.keywords)]
    return name == "cast" and any(
        "int" in text_of(each) or "bool" in text_of(each) for each in kinds
    )
