"""What is said of a cell that failed: where, what is wrong, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nbformat import NotebookNode

_LINES_OF_CODE_SHOWN = 10
_LINES_OF_AN_ERROR_SHOWN = 4
_A_LITTLE = 100  # times what is allowed
_COLOURS = re.compile(r"\x1b\[[\d;]*m")


class CellFailed(Exception):
    """A cell, or a whole notebook, is not as it should be.

    Parameters
    ----------
    reasons : sequence of str
        What is wrong, a sentence each.
    remedy : str
        What to do, in one sentence.
    may_follow : bool
        Whether this may be the consequence of a failure further up.
    line : int
        The line of the cell in which it failed, counted from 1; 0 if none is known.
    """

    def __init__(
        self,
        reasons: Sequence[str],
        remedy: str,
        *,
        may_follow: bool = False,
        line: int = 0,
    ) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = list(reasons)
        self.remedy = remedy
        self.may_follow = may_follow
        self.line = line


def report(failed: CellFailed, where: str, code: str = "", began: str = "") -> str:
    """Write what pytest shows of a failure; its summary shows the first line.

    Parameters
    ----------
    failed : CellFailed
        What is wrong.
    where : str
        The notebook, the section and the cell.
    code : str
        The cell's source, of which the first lines are shown.
    began : str
        The cell further up that failed first.
    """
    parts = [*failed.reasons, f"in {where}", *_excerpt(code, failed.line)]
    if began and failed.may_follow:
        parts.append(f"This may follow from {began}, which failed first: begin there.")
    return "\n".join([*parts, f"What to do: {failed.remedy}."])


def _excerpt(code: str, line: int) -> list[str]:
    """Give the lines up to the one that failed, or the first ones."""
    lines = [f"    {text}".rstrip() for text in code.rstrip().split("\n")]
    if line:
        lines[line - 1] = f"  > {lines[line - 1][4:]}"
    end = max(line, _LINES_OF_CODE_SHOWN)
    begin = end - _LINES_OF_CODE_SHOWN
    before, after = ["    ..."] * (begin > 0), ["    ..."] * (end < len(lines))
    return [*before, *lines[begin:end], *after] if code.strip() else []


def never_run(store: str) -> CellFailed:
    """Tell of a cell without an execution count: nothing is stored to compare with."""
    return CellFailed(
        ["the stored cell was never run, so there is nothing to compare with"],
        f"run and store it with `{store}`",
    )


def stores_standard_error(text: str, store: str) -> CellFailed:
    """Tell of standard error among the stored outputs."""
    return CellFailed(
        [f"the notebook stores standard error: {_first_lines(text)}"],
        f"mend what it complains of, then store the cell anew with `{store}`",
    )


def writes_standard_error(text: str) -> CellFailed:
    """Tell of standard error that came out."""
    return CellFailed(
        [f"standard error came out: {_first_lines(text)}"],
        "mend what it complains of; what is meant for the reader belongs on standard "
        "output",
    )


def outputs_differ(differences: Sequence[str], store: str) -> CellFailed:
    """Tell of outputs that are not those stored."""
    remedy = f"mend the code; or, if what came out is right, store it with `{store}`"
    distances = re.findall(r"(\S+) apart, allowed (\S+)", "\n".join(differences))
    if distances and all(float(d) <= _A_LITTLE * float(a) for d, a in distances):
        remedy += (
            "; or, if machines may differ in this number, tag the cell with a tolerance "
            "such as rtol=0.01"
        )
    return CellFailed(differences, remedy, may_follow=True)


def does_not_raise(store: str) -> CellFailed:
    """Tell of a cell that is meant to fail and does not."""
    return CellFailed(
        ["the cell is tagged raises-exception, and raised nothing"],
        "mend the code so that it fails as the text says; or, if it is to run, take the "
        f"tag away and store the cell with `{store}`",
    )


def raises(error: NotebookNode) -> CellFailed:
    """Tell of an error in a cell that is not meant to fail.

    Parameters
    ----------
    error : NotebookNode
        The output of type ``error``.
    """
    said = f"{error.ename}: {_first_lines(error.evalue)}".rstrip(": ")
    traceback = _COLOURS.sub("", "\n".join(error.traceback))
    # The last of these is where it failed, the ones before are calls that led there.
    lines = re.findall(r"Cell In\[\d+\], line (\d+)", traceback)
    if lines:
        said = f"line {lines[-1]}: {said}"
    return CellFailed(
        [said],
        "mend the code; or, if it is meant to fail, give the cell the tag "
        "raises-exception",
        may_follow=True,
        line=int(lines[-1]) if lines else 0,
    )


def kernel_died() -> CellFailed:
    """Tell of a kernel whose process ended."""
    return CellFailed(
        ["the kernel died while the cell ran; the cells after it were not run"],
        "run the cell in JupyterLab and look at its log: a process ends so when memory "
        "runs out, when a library crashes, or when the code ends it",
    )


def over_time(seconds: float) -> CellFailed:
    """Tell of a cell that was still running at its limit."""
    time = "1 second" if seconds == 1 else f"{seconds:g} seconds"
    return CellFailed(
        [f"the cell was still running after {time}; the cells after it were not run"],
        "let it do less; or give it more time, with a tag such as "
        f"timeout={max(1, round(5 * seconds))}",
    )


def _first_lines(text: str) -> str:
    lines = _COLOURS.sub("", text).strip().split("\n")
    if len(lines) > _LINES_OF_AN_ERROR_SHOWN:
        lines = [*lines[:_LINES_OF_AN_ERROR_SHOWN], "..."]
    return "\n".join(lines)
