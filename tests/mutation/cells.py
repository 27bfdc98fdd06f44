"""Faults in the code of a lesson, and in what is stored below it."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from tests.mutation.edits import edits
from tests.mutation.fault import CellFault, named
from tests.mutation.lessons import Lesson

# A number with its sign, not the last digits of a name such as float32.
_NUMBER = re.compile(r"(?<![\w.])(\d+)(\.\d*)?")
_WORD = re.compile(r"[^\W\d_]{3,}")
_TAG = re.compile(r"<[^>]*>")
_TEXTS = ("text/plain", "text/html")


def code_faults(lesson: Lesson) -> Iterator[CellFault]:
    """Give every fault in the code of a notebook, drawing calls as ``figures``.

    Of a notebook of solutions, only what the learner's notebook does not hold.
    """
    for place, cell in enumerate(lesson.notebook.cells):
        written = lesson.version.in_language(lesson.language)[place]
        if cell.cell_type != "code" or "gt.start(" in cell.source:
            continue
        if lesson.is_solved and not _is_exercise(lesson, place):
            continue
        for edit in edits(cell.source):
            before, after = edit.lines_of(cell.source)
            faulty = copy.deepcopy(cell)
            faulty.source = edit.applied_to(cell.source)
            line = written.line_of(cell.source.count("\n", 0, edit.start))
            group = "figures" if edit.kind == "figure" else "code"
            name = named(group, edit.kind, lesson.version.path, line, before, after)
            yield CellFault(name, lesson.path, place, faulty)


def _is_exercise(lesson: Lesson, place: int) -> bool:
    """Tell whether a cell is a solution, or follows one in its section."""
    for cell in reversed(lesson.notebook.cells[: place + 1]):
        if cell.cell_type == "markdown" and re.match(r"##? ", cell.source):
            return not cell.source.startswith("# ")
    return False


def output_faults(lesson: Lesson) -> Iterator[CellFault]:
    """Give faults in what is stored below the cells of a notebook."""
    for place, cell in enumerate(lesson.notebook.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        for kind, spoil in _WHOLE_CELLS.items():
            faulty = copy.deepcopy(cell)
            said = spoil(faulty)
            if said:
                yield _stored("outputs", kind, lesson.path, place, faulty, *said)
        for number, output in enumerate(cell.outputs):
            group = "figures" if "image/png" in output.get("data", {}) else "outputs"
            for kind, change in _TEXT_CHANGES[group].items():
                before, after = _in_text(output, change)
                if before != after:
                    faulty = copy.deepcopy(cell)
                    _set_text(faulty.outputs[number], after)
                    shown = _first_difference(before, after)
                    yield _stored(group, kind, lesson.path, place, faulty, *shown)


def _stored(
    group: str,
    kind: str,
    path: Path,
    place: int,
    faulty: NotebookNode,
    before: str,
    after: str,
) -> CellFault:
    name = named(group, kind, path, place + 1, before, after)
    return CellFault(name, path, place, faulty)


def _text(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return output.text
    if output.output_type == "error":
        return output.evalue
    return next((output.data[kind] for kind in _TEXTS if kind in output.data), "")


def _set_text(output: NotebookNode, text: str) -> None:
    if output.output_type == "stream":
        output.text = text
    elif output.output_type == "error":
        output.evalue = text
    else:
        output.data[next(kind for kind in _TEXTS if kind in output.data)] = text


def _in_text(output: NotebookNode, change: Callable[[str], str]) -> tuple[str, str]:
    """Change what is read: in a page, the piece between two tags that is longest."""
    text = _text(output)
    piece = max(_TAG.split(text), key=len) if "<p" in text else text
    return text, text.replace(piece, change(piece), 1)


def _first_difference(before: str, after: str) -> tuple[str, str]:
    """Return the first lines that differ, as far as they have a twin."""
    old, new = before.split("\n"), after.split("\n")
    for was, becomes in zip(old, new):
        if was != becomes:
            return was, becomes
    return old[len(new)] if len(old) > len(new) else old[-1], "nothing"


def _another_digit(text: str) -> str:
    """Change a number in its first digit: by far more than two machines differ."""
    matches = list(_NUMBER.finditer(text))
    if not matches:
        return text
    match = matches[len(matches) // 2]
    digit = str((int(match[0][0]) + 1) % 10)
    return text[: match.start()] + digit + text[match.start() + 1 :]


def _third_digit(text: str) -> str:
    """Change the third digit of a number that has one, by one."""
    for match in _NUMBER.finditer(text):
        digits = [
            match.start() + i
            for i, c in enumerate(match[0])
            if c.isdigit() and match[0][: i + 1].strip("0.")
        ]
        if len(digits) >= 3 and match[2]:
            place = digits[2]
            digit = str((int(text[place]) + 1) % 10)
            return text[:place] + digit + text[place + 1 :]
    return text


def _other_sign(text: str) -> str:
    match = re.search(r"[-\u2212](?=\d)", text)
    return text[: match.start()] + text[match.end() :] if match else text


def _another_word(text: str) -> str:
    words = list(_WORD.finditer(text))
    if not words:
        return text
    word = words[len(words) // 2]
    return text[: word.start()] + word[0][1:] + text[word.end() :]


def _another_type(text: str) -> str:
    return re.sub(r"float32|int32", lambda m: m[0].replace("32", "64"), text, count=1)


def _missing_line(text: str) -> str:
    lines = text.split("\n")
    if len(lines) < 2 or not lines[-2].strip():
        return text
    return "\n".join([*lines[:-2], lines[-1]])


def _another_title(text: str) -> str:
    return re.sub(r"f(?=[(′'])|x(?=\b)|y(?=\b)", "g", text, count=1)


def _without_outputs(cell: NotebookNode) -> tuple[str, str] | None:
    if not cell.outputs:
        return None
    cell.outputs = []
    return "its outputs", "none"


def _one_more(cell: NotebookNode) -> tuple[str, str]:
    cell.outputs.append(
        nbformat.v4.new_output("display_data", data={"text/plain": "one more"})
    )
    return "its outputs", "one more"


def _never_run(cell: NotebookNode) -> tuple[str, str]:
    cell.execution_count = None
    return "run", "never run"


def _warned(cell: NotebookNode) -> tuple[str, str]:
    cell.outputs.append(nbformat.v4.new_output("stream", name="stderr", text="W: no\n"))
    return "its outputs", "a warning on standard error"


def _another_error(cell: NotebookNode) -> tuple[str, str] | None:
    for output in cell.outputs:
        if output.output_type == "error":
            before, output.ename = output.ename, "RuntimeError"
            return before, "RuntimeError"
    return None


def _without_tag(cell: NotebookNode) -> tuple[str, str] | None:
    tags = cell.metadata.pop("tags", None)
    return (str(tags), "no tag") if tags else None


def _without_picture(cell: NotebookNode) -> tuple[str, str] | None:
    for output in cell.outputs:
        if output.get("data", {}).pop("image/png", None):
            return "the figure", "its description alone"
    return None


_WHOLE_CELLS = {
    "outputs gone": _without_outputs,
    "one too many": _one_more,
    "never run": _never_run,
    "standard error": _warned,
    "another error": _another_error,
    "picture gone": _without_picture,
    "tag lost": _without_tag,
}
_TEXT_CHANGES = {
    "outputs": {
        "digit": _another_digit,
        "third digit": _third_digit,
        "sign": _other_sign,
        "word": _another_word,
        "dtype": _another_type,
        "missing line": _missing_line,
    },
    "figures": {
        "title": _another_title,
        "number": _another_digit,
        "third digit": _third_digit,
        "sign": _other_sign,
        "word": _another_word,
    },
}
