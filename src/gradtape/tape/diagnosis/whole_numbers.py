"""Whether code needs whole numbers: places, counts, sizes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from gradtape.tape.diagnosis.edits import Code, last_part

# Functions that take whole numbers: places, counts, sizes.
_COUNTING = {
    *("batch_gather", "crop_to_bounding_box", "embedding_lookup", "eye", "fill"),
    *(
        "gather",
        "gather_nd",
        "linspace",
        "one_hot",
        "ones",
        "range",
        "repeat",
        "reshape",
    ),
    *(
        "resize",
        "roll",
        "scatter_nd",
        "sequence_mask",
        "slice",
        "tile",
        "top_k",
        "zeros",
    ),
    *("tensor_scatter_nd_add", "tensor_scatter_nd_update", "unsorted_segment_sum"),
}


def needs_whole_numbers(
    code: Code | None, statement: ast.stmt | None, makes: Callable[[ast.AST], bool]
) -> bool:
    """Tell whether what some expressions of a statement make is a place or a count.

    Parameters
    ----------
    code : Code or None
        The code of the file.
    statement : ast.stmt or None
        The statement.
    makes : callable
        Tells the expressions that make whole numbers.

    Returns
    -------
    bool
        Whether it is used so in the statement, or in those after it.
    """
    if code is None or statement is None:
        return False
    body = code.body_of(statement)
    names: set[str] = set()

    def is_whole(node: ast.AST) -> bool:
        is_name = isinstance(node, ast.Name) and node.id in names
        return is_name or makes(node)

    for each in body[body.index(statement) :] if statement in body else [statement]:
        for place in _places_of_counts(each):
            if any(is_whole(node) for node in ast.walk(place)):
                return True
        value = getattr(each, "value", None)
        is_made = each is statement and isinstance(value, ast.Call) and makes(value)
        is_moved = isinstance(value, (ast.BinOp, ast.Name)) and any(
            is_whole(node) for node in ast.walk(value)
        )
        if isinstance(each, ast.Assign) and (is_made or is_moved):
            names |= {ast.unparse(target) for target in each.targets}
        makes = (lambda node: False) if each is statement else makes
    return False


def _places_of_counts(statement: ast.stmt) -> Iterator[ast.expr]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Subscript):
            yield node.slice
        if isinstance(node, ast.Call) and last_part(node.func) in _COUNTING:
            first = last_part(node.func) not in ("one_hot", "range", "zeros", "ones")
            yield from node.args[1:] if first else node.args
            yield from (each.value for each in node.keywords)
