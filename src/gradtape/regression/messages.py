"""What is said of a cell that failed: where, what is wrong, and what to do."""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence

from nbformat import NotebookNode

_LINES_OF_CODE_SHOWN = 10
_LINES_OF_AN_ERROR_SHOWN = 4
_A_LITTLE = 100  # times what is allowed
_NEAR_ZERO = re.compile(r"(?<![\d.])-?\d[\d.]*e-1[2-9] (?:came out|is stored)")
_COLOURS = re.compile(r"\x1b\[[\d;]*m")
_PLACE_OF_AN_ERROR = re.compile(r"Cell In\[(\d+)\], line (\d+)")
_RAISING_LINE = re.compile(r"^-+> *\d+ (.*)$", re.MULTILINE)
_PLACE_OF_A_WARNING = re.compile(r"/ipykernel_\d+/\d+\.py:(\d+): .*\n\s*(.*)")


class CellFailed(Exception):
    """A cell, or a whole notebook, is not as it should be.

    Parameters
    ----------
    reasons : sequence of str
        What is wrong, a sentence each.
    remedy : str
        What to do, in one sentence.
    line : int
        The line of the cell in which it failed, counted from 1; 0 if none is known.
    """

    def __init__(self, reasons: Sequence[str], remedy: str, *, line: int = 0) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = list(reasons)
        self.remedy = remedy
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
        The cell further up that failed first, if this may be its consequence.
    """
    parts = [*failed.reasons, f"in {where}", *_excerpt(code, failed.line)]
    remedy = failed.remedy
    if began:
        parts.append(f"This may follow from {began}, which failed first.")
        remedy = f"mend that one and run again; if this is still red, {remedy}"
    return "\n".join([*parts, f"What to do: {remedy}."])


def _excerpt(code: str, line: int) -> list[str]:
    """Give the lines up to the one that failed, or the first ones."""
    lines = [f"    {text}".rstrip() for text in code.rstrip().split("\n")]
    if line:
        lines[line - 1] = f"  > {lines[line - 1][4:]}"
    end = max(line, _LINES_OF_CODE_SHOWN)
    begin = end - _LINES_OF_CODE_SHOWN
    before, after = ["    ..."] * (begin > 0), ["    ..."] * (end < len(lines))
    return [*before, *lines[begin:end], *after] if code.strip() else []


def no_kernel(error: str, seconds: float) -> CellFailed:
    """Tell that the notebook's kernel did not start: nothing of it was run.

    Parameters
    ----------
    error : str
        What jupyter_client said.
    seconds : float
        How long it was waited for.
    """
    return CellFailed(
        [f"the kernel did not start, so no cell was run ({error})"],
        "see with `python -m ipykernel` whether one starts; on a machine that has much "
        "to do, wait longer with "
        f"--nbval-kernel-startup-timeout={max(1, round(5 * seconds))}",
    )


def kernel_is_missing(name: str) -> CellFailed:
    """Tell that the notebook's kernel, of another language, is not installed."""
    return CellFailed(
        [f"the notebook needs the kernel {name!r}, which is not installed here"],
        "install it (`jupyter kernelspec list` shows those there are), choose one with "
        "--nbval-kernel-name, or leave the notebook out with --ignore",
    )


def never_run(store: str) -> CellFailed:
    """Tell of a cell without an execution count: nothing is stored to compare with."""
    return CellFailed(
        ["the stored cell was never run, so there is nothing to compare with"],
        f"run and store it with `{store}`",
    )


def not_run(reason: str) -> CellFailed:
    """Tell of a cell that was not run, as one before it, which was not asked for, fails."""
    return CellFailed([f"the cell was not run: {reason}"], "mend that cell first")


def writes_standard_error(text: str, code: str, shown: str = "") -> CellFailed:
    """Tell of standard error that came out of a cell's code.

    Parameters
    ----------
    text : str
        What was written.
    code : str
        The code.
    shown : str
        What of it is shown, all of it by default.
    """
    # A warning quotes the line that it is about, which may stand in another cell.
    lines = dict(enumerate(map(str.strip, code.split("\n")), start=1))
    places = [
        int(place)
        for place, quoted in _PLACE_OF_A_WARNING.findall(text)
        if quoted and lines.get(int(place)) == quoted.strip()
    ]
    return CellFailed(
        [f"standard error came out: {_first_lines(shown or text)}"],
        "mend what it complains of; or, if it is meant, tag the cell stderr=ignore; what "
        "is meant for the reader belongs on standard output",
        line=places[-1] if places else 0,
    )


def outputs_differ(
    differences: Sequence[str],
    store: str,
    *,
    advice: str = "",
    pictures: str = "",
    typed_wrong: Sequence[str] = (),
) -> CellFailed:
    """Tell of outputs that are not those stored.

    Parameters
    ----------
    differences : sequence of str
        What differs, a sentence each.
    store : str
        The command that stores what came out.
    advice : str
        What to write where the difference may be the machine's or chance.
    pictures : str
        Where both pictures and their difference lie, if some differ.
    typed_wrong : sequence of str
        Settings that are unknown.
    """
    remedy = f"mend the code; or, if what came out is right, store it with `{store}`"
    distances = re.findall(r"(\S+) apart, allowed (\S+)", "\n".join(differences))
    if distances and all(float(d) <= _A_LITTLE * float(a) for d, a in distances):
        remedy += (
            "; or, if machines may differ in this number, tag the cell with a tolerance "
            "such as rtol=0.01"
        )
    elif _NEAR_ZERO.search("\n".join(differences)):
        remedy += (
            "; or, if this is what rounding leaves of zero, tag the cell with "
            "atol=1e-12"
        )
    if any(difference.startswith("standard error") for difference in differences):
        remedy += "; or, if standard error may be any, tag the cell stderr=ignore"
    if advice:
        remedy += f"; or: {advice}"
    reasons = [*differences, *typed_wrong]
    if pictures:
        reasons.append(f"both pictures and their difference are in {pictures}")
    return CellFailed(reasons, remedy)


def settings_typed_wrong(sentences: Sequence[str]) -> CellFailed:
    """Tell of settings that are unknown, and so have no effect."""
    return CellFailed(sentences, "write it as it is meant, or take it away")


def environments_differ(
    differences: Sequence[str], name: str, advice: str = ""
) -> CellFailed:
    """Tell of outputs that are not those of another environment."""
    said = [
        str(sentence)
        .replace("is stored", f"in {name}")
        .replace("are stored", f"in {name}")
        .replace("not stored", f"not in {name}")
        for sentence in differences
    ]
    remedy = "read it before you change the environment; nothing is stored or changed"
    return CellFailed(said, f"{remedy}; or: {advice}" if advice else remedy)


def does_not_raise(stored: NotebookNode | None, store: str) -> CellFailed:
    """Tell of a cell that is meant to fail and does not.

    Parameters
    ----------
    stored : NotebookNode or None
        The output of type ``error`` that it stores.
    store : str
        The command that stores what comes out.
    """
    said = "the cell is tagged raises-exception, and raised nothing"
    if stored:
        said += f"; '{stored.ename}: {_first_lines(stored.evalue)}' is stored"
        traceback = _COLOURS.sub("", "\n".join(stored.traceback))
        if raising := _RAISING_LINE.findall(traceback):
            said += f", raised by `{raising[0].strip()}`"
    return CellFailed(
        [said],
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
    line = _line_of(error)
    return CellFailed(
        [f"line {line}: {said}" if line else said],
        "mend the code; or, if it is meant to fail, give the cell the tag "
        "raises-exception",
        line=line,
    )


def kernel_died(code: int | None) -> CellFailed:
    """Tell of a kernel whose process ended.

    Parameters
    ----------
    code : int or None
        Its exit code; negative is a signal; None if it is not known.
    """
    how = "" if code is None else f" with exit code {code}"
    if code is not None and code < 0:
        how = f" of signal {-code} ({signal.strsignal(-code) or 'unknown'})"
    return CellFailed(
        [f"the kernel died{how} while the cell ran; the cells after it were not run"],
        "run the cell in JupyterLab and look at its log: a process ends so when memory "
        "runs out, when a library crashes, or when the code ends it",
    )


def over_time(seconds: float, error: NotebookNode | None) -> CellFailed:
    """Tell of a cell that was still running at its limit.

    Parameters
    ----------
    seconds : float
        The limit.
    error : NotebookNode or None
        What it raised as it was interrupted.
    """
    time = "1 second" if seconds == 1 else f"{seconds:g} seconds"
    line = _line_of(error) if error else 0
    where = f" in line {line}" if line else ""
    said = f"the cell was still running after {time}{where}"
    return CellFailed(
        [f"{said}; the cells after it were not run"],
        "let it do less; or give it more time, with a tag such as "
        f"timeout={max(1, round(5 * seconds))}",
        line=line,
    )


def _line_of(error: NotebookNode) -> int:
    """Return the line of the cell in which an error came up; 0 if none is known."""
    traceback = _COLOURS.sub("", "\n".join(error.traceback))
    places = [(int(c), int(line)) for c, line in _PLACE_OF_AN_ERROR.findall(traceback)]
    # This cell was run last; functions of cells before it may have failed for it.
    this = max((cell for cell, _ in places), default=0)
    return next((line for cell, line in reversed(places) if cell == this), 0)


def _first_lines(text: str) -> str:
    lines = _COLOURS.sub("", text).strip().split("\n")
    if len(lines) > _LINES_OF_AN_ERROR_SHOWN:
        lines = [*lines[:_LINES_OF_AN_ERROR_SHOWN], "..."]
    return "\n".join(lines)
