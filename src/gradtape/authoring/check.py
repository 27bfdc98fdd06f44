"""Compare a committed notebook with what its source gives."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from gradtape.authoring.problem import Problem
from gradtape.authoring.source import LessonSource, SourceCell
from gradtape.regression.outputs import Context, compare_outputs, read_settings

_COMPUTED = ("execution_count", "outputs")


def differences(
    built: NotebookNode,
    path: Path,
    source: LessonSource,
    root: Path,
    *,
    computed: bool = True,
) -> Iterator[Problem]:
    """Find where a committed notebook is not what its source gives.

    What was written is compared exactly: prose, code, metadata, ids, the order of the
    cells. What was computed is compared as the regression does it.

    Parameters
    ----------
    built : NotebookNode
        The notebook made from the source and executed now.
    path : Path
        The committed notebook, relative to the checkout.
    source : LessonSource
        The lesson.
    root : Path
        The checkout.
    computed : bool
        Whether to compare what was computed too; without it ``built`` need not have
        been executed.
    """
    try:
        committed = nbformat.v4.reads((root / path).read_text("utf-8"))
        kept = {cell.get("id"): cell for cell in committed.cells}
    except FileNotFoundError:
        yield source.problem(1, f"{path.as_posix()} is missing")
        return
    except (ValueError, TypeError, KeyError, AttributeError):
        yield Problem(path, 1, "this is not a notebook")
        return

    expected = nbformat.v4.reads(nbformat.v4.writes(built))
    for key in sorted((expected.keys() | committed.keys()) - {"cells"}):
        if committed.get(key) != expected.get(key):
            yield source.problem(
                1, f"{path.as_posix()}: its {key} is not what the source gives"
            )
    written = dict(
        zip(
            [cell.id for cell in expected.cells],
            source.in_language(built.metadata.gradtape.language),
            strict=True,
        )
    )
    for line, sentence in _misplaced([c.get("id") for c in committed.cells], written):
        yield source.problem(line, f"{path.as_posix()}: {sentence}")
    if computed and _never_run(committed):
        yield source.problem(1, f"{path.as_posix()} was never run; build it again")
        return
    for cell in expected.cells:
        if cell.id in kept:
            found = _compare_written(kept[cell.id], cell, written[cell.id])
            if computed:
                found = chain(
                    found, _compare_computed(kept[cell.id], cell, written[cell.id])
                )
            for line, sentence in found:
                yield source.problem(
                    line, f"{path.as_posix()}, cell {cell.id}: {sentence}"
                )


def _never_run(notebook: NotebookNode) -> bool:
    return not any(
        cell.get("execution_count") or cell.get("outputs") for cell in notebook.cells
    )


def _misplaced(
    kept: list[str | None], written: dict[str, SourceCell]
) -> Iterator[tuple[int, str]]:
    """Compare the cells' ids and their order."""
    for identifier, cell in written.items():
        if identifier not in kept:
            yield cell.line, f"the cell {identifier} is missing"
    line = 1
    for place, identifier in enumerate(kept):
        if identifier in kept[:place]:
            yield line, f"the id {identifier} stands twice"
        elif identifier in written:
            line = written[identifier].line
        else:
            yield line, f"a cell {identifier} that the source does not give"
    common = [identifier for identifier in written if identifier in kept]
    for identifier, found in zip(common, [name for name in kept if name in written]):
        if identifier != found:
            yield (
                written[identifier].line,
                f"the cell {found} stands in the place of {identifier}",
            )
            return


def _compare_written(
    kept: NotebookNode, expected: NotebookNode, written: SourceCell
) -> Iterator[tuple[int, str]]:
    """Compare what stands in one cell; give the source's line of each difference."""
    ours, theirs = str(kept.get("source")).split("\n"), expected.source.split("\n")
    for offset, (found, wanted) in enumerate(zip_longest(ours, theirs)):
        if found != wanted:
            # Where the committed cell is longer, the place is its last line here.
            line = written.line_of(min(offset, len(theirs) - 1))
            yield line, f"it says {_quoted(found)}, its source {_quoted(wanted)}"
            break
    yield from _different_keys(
        kept,
        expected,
        written,
        (kept.keys() | expected.keys()) - {"source", *_COMPUTED},
    )


def _compare_computed(
    kept: NotebookNode, expected: NotebookNode, written: SourceCell
) -> Iterator[tuple[int, str]]:
    """Compare what one cell gave, as the regression does it."""
    if expected.cell_type != "code":
        return
    yield from _different_keys(kept, expected, written, {"execution_count"})
    for sentence in compare_outputs(
        kept.get("outputs", []),
        expected.outputs,
        context=Context.of(read_settings(written.tags)),
    ):
        yield written.line, sentence


def _different_keys(
    kept: NotebookNode, expected: NotebookNode, written: SourceCell, keys: set[str]
) -> Iterator[tuple[int, str]]:
    for key in sorted(keys):
        if kept.get(key) != expected.get(key):
            values = f"{kept.get(key)!r}, the source gives {expected.get(key)!r}"
            yield written.line, f"its {key} is {values}"


def _quoted(line: str | None) -> str:
    return "nothing more" if line is None else f'"{line}"'
