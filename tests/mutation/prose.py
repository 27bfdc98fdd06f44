"""Faults in the sources of lessons, in their twins, and in what was built from them."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from tests.mutation.fault import LessonFault, named
from tests.mutation.lessons import Lesson, as_if_run, versions_of

from gradtape.authoring.source import LessonSource, SourceCell, read_source

_WORD = re.compile(r"[A-Za-z]{4,}|[\u4e00-\u9fff]")
_NUMBER = re.compile(r"\d+")
_FORMULA = re.compile(r"\$([^$\n]+)\$")
# What is written wrongly in LaTeX: the kind, how it is found, what stands there then.
_IN_FORMULAS = {
    "sign": (r"[+-]", lambda m: "-" if m[0] == "+" else "+"),
    "power": (r"\^(\{?)(\d)", lambda m: f"^{m[1]}{int(m[2]) + 1}"),
    "number": (r"(?<![\^_{\d])\d", lambda m: str((int(m[0]) + 1) % 10)),
    "prime": (r"'|\\prime", lambda m: ""),
    "fraction": (r"\\frac\{([^{}]+)\}\{([^{}]+)\}", r"\\frac{\2}{\1}"),
    "letter": (r"(?<![A-Za-z\\{])[xyfgz](?![A-Za-z}])", lambda m: "w"),
    "command": (
        r"\\(?:sin|cos|exp|ln|log|partial|Delta|nabla|eta|alpha|theta)\b",
        r"\\mu",
    ),
    "relation": (r"\\(?:approx|le|ge|neq|to)\b|=", r"\\sim "),
}
_LINK = re.compile(r"\]\((?!http)([^)]+)\)")


def prose_faults(root: Path, lessons: list[Lesson]) -> Iterator[LessonFault]:
    """Give faults that no kernel is needed to find."""
    by_source: dict[Path, list[Lesson]] = {}
    for lesson in lessons:
        by_source.setdefault(lesson.version.path, []).append(lesson)
    for path, notebooks in by_source.items():
        text = (root / path).read_text("utf-8")
        source = read_source(path, text)
        for kind, line, faulty in _in_source(source, text):
            before, after = _changed_lines(text, faulty, line)
            name = named("sources", kind, path, line, before, after)
            is_built = kind not in _STALE
            texts = partial(_texts, root, path, faulty, notebooks if is_built else [])
            yield LessonFault(name, path.parent.name, texts, is_built)
        for lesson in notebooks:
            yield from _in_notebook(lesson)


# Faults that an author makes and does not build, so that the notebooks are older.
_STALE = ("not built",)


def _in_source(source: LessonSource, text: str) -> Iterator[tuple[str, int, str]]:
    """Give a kind of fault, its line, and the text of the whole source with it."""
    lines = text.split("\n")
    for cell in source.cells:
        if cell.kind == "code":
            continue
        for offset, content in enumerate(cell.text.split("\n")):
            here = cell.line_of(offset)
            written = lines[here - 1]
            for kind, changed in _prose_changes(content, written):
                if changed != written:
                    yield kind, here, _with_line(lines, here, changed)
        yield from _whole_twins(cell, lines)
    for here, written in enumerate(lines[:13], 1):
        if "minutes:" in written:
            changed = re.sub(r"\d+", lambda m: str(int(m[0]) + 5), written)
            yield "minutes", here, _with_line(lines, here, changed)
        if re.match(r"#\s+(en|zh): ", written):
            yield "teaches", here, _with_line(lines, here, written[:-1])


def _prose_changes(content: str, written: str) -> Iterator[tuple[str, str]]:
    words = list(_WORD.finditer(written))
    if words:
        word = words[len(words) // 2]
        yield "not built", written[: word.start()] + written[word.end() :]
    for kind, (pattern, replacement) in _IN_FORMULAS.items():
        for formula in _FORMULA.finditer(written):
            changed = re.sub(pattern, replacement, formula[1], count=1)
            if changed != formula[1]:
                before, after = written[: formula.start(1)], written[formula.end(1) :]
                yield f"{kind} in a formula", before + changed + after
                break
    numbers = list(_NUMBER.finditer(re.sub(r"[`(].*?[`)]", _blank, written)))
    if numbers and not content.startswith("#"):
        number = numbers[len(numbers) // 2]
        changed = str(int(number[0]) + 1)
        yield "number", written[: number.start()] + changed + written[number.end() :]
    if content.startswith("## "):
        yield "heading's level", written.replace("## ", "### ", 1)
    link = _LINK.search(written)
    if link:
        target = link[1].replace(".ipynb", "_.ipynb") + "_"
        yield "link", written[: link.start(1)] + target + written[link.end(1) :]


def _blank(match: re.Match) -> str:
    return " " * len(match[0])


def _whole_twins(cell: SourceCell, lines: list[str]) -> Iterator[tuple[str, int, str]]:
    content = cell.text.split("\n")
    first, last = cell.line_of(0), cell.line_of(len(content) - 1)
    yield "twin lost", cell.line, "\n".join(lines[: cell.line - 1] + lines[last:])
    for offset, line in enumerate(content):
        here = first + offset
        alone = (offset == 0 or not content[offset - 1]) and (
            offset == len(content) - 1 or not content[offset + 1]
        )
        if alone and line and not line.startswith(("#", "<", "-", "|", "$")):
            rest = lines[: here - 1] + lines[here + (offset < len(content) - 1) :]
            yield "paragraph lost", here, "\n".join(rest)
        if line.startswith("- ") and len(content) > 1:
            yield "item lost", here, "\n".join(lines[: here - 1] + lines[here:])


def _with_line(lines: list[str], number: int, text: str) -> str:
    return "\n".join([*lines[: number - 1], text, *lines[number:]])


def _changed_lines(before: str, after: str, line: int) -> tuple[str, str]:
    old, new = before.split("\n"), after.split("\n")
    if len(old) == len(new):
        return old[line - 1], new[line - 1]
    return old[line - 1], "gone"


def _texts(
    root: Path, path: Path, text: str, notebooks: list[Lesson]
) -> dict[Path, str]:
    """Return a faulty source, and its notebooks where it can be made into any."""
    texts = {path: text}
    committed = {lesson.path: lesson.notebook for lesson in notebooks}
    if committed:
        try:
            for each, version, language, _ in versions_of(
                read_source(path, text), root
            ):
                notebook = as_if_run(version, language, committed[each])
                texts[each] = nbformat.v4.writes(notebook)
        except (ValueError, StopIteration):
            pass  # the twins do not match: the rules will say so
    return texts


def _in_notebook(lesson: Lesson) -> Iterator[LessonFault]:
    """Give faults of somebody who edits a notebook instead of its source."""
    for place in range(len(lesson.notebook.cells)):
        for kind, change in _EDITED.items():
            said = change(_copied(lesson.notebook, place), place)
            if said:
                name = named("sources", kind, lesson.path, place + 1, *said)
                texts = partial(_edited, lesson, place, change)
                yield LessonFault(name, lesson.version.name, texts, False)


def _edited(lesson: Lesson, place: int, change: Callable) -> dict[Path, str]:
    faulty = _copied(lesson.notebook, place)
    change(faulty, place)
    return {lesson.path: nbformat.v4.writes(faulty)}


def _copied(notebook: NotebookNode, place: int) -> NotebookNode:
    """Copy a notebook as far as a change of one cell reaches."""
    copied = copy.copy(notebook)
    copied.cells = list(notebook.cells)
    copied.cells[place] = copy.copy(notebook.cells[place])
    copied.cells[place].metadata = copy.copy(notebook.cells[place].metadata)
    return copied


def _edited_text(notebook: NotebookNode, place: int) -> tuple[str, str] | None:
    cell = notebook.cells[place]
    words = list(_WORD.finditer(cell.source))
    if not words:
        return None
    before, word = cell.source, words[len(words) // 2]
    cell.source = before[: word.start()] + before[word.end() :]
    number = before.count("\n", 0, word.start())
    return before.split("\n")[number], cell.source.split("\n")[number]


def _lost_cell(notebook: NotebookNode, place: int) -> tuple[str, str]:
    return f"the cell {notebook.cells.pop(place).id}", "gone"


def _moved_cell(notebook: NotebookNode, place: int) -> tuple[str, str] | None:
    if place == 0:
        return None
    cells = notebook.cells
    cells[place - 1 : place + 1] = cells[place], cells[place - 1]
    return f"the cell {cells[place].id}", f"behind {cells[place - 1].id}"


def _another_id(notebook: NotebookNode, place: int) -> tuple[str, str]:
    cell = notebook.cells[place]
    before, cell.id = cell.id, f"{cell.id}0"
    return before, cell.id


def _another_tag(notebook: NotebookNode, place: int) -> tuple[str, str] | None:
    cell = notebook.cells[place]
    if cell.cell_type != "code":
        return None
    before = str(cell.metadata.get("tags", []))
    cell.metadata.tags = ["rtol=0.5"]
    return before, "['rtol=0.5']"


_EDITED = {
    "notebook's text": _edited_text,
    "cell lost": _lost_cell,
    "cell moved": _moved_cell,
    "cell's id": _another_id,
    "cell's tag": _another_tag,
}
