"""A lesson's cells as slides: what is looked at, and in the notes what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from gradtape.site.layout import is_launch
from gradtape.site.plans import Plan

# Marks a cell of which a slide shows the result alone.
HIDDEN = "hide-source"
_parser = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
_LEFT_OUT = ("(optional)", "（选学）", "Exercises", "练习")
_LONGEST = {"en": 170, "zh": 70}  # characters of a paragraph that a slide has room for
_MOST_TEXT = {"en": 500, "zh": 220}  # characters above code on the same slide
_MOST_LINES = 12  # of code, with its result on the same slide
_ASKS = re.compile(r"[?？]\W*$")


def as_slides(notebook: NotebookNode, plan: Plan, language: str) -> NotebookNode:
    """Return the core of a lesson as cells that nbconvert makes slides of.

    Parameters
    ----------
    notebook : NotebookNode
        A built lesson.
    plan : Plan
        What a class does in it, for the speaker's notes.
    language : {"en", "zh"}
        The language, which decides how much text a slide has room for.
    """
    slides = new_notebook(metadata=notebook.metadata)
    slides.metadata["title"] = re.search(r"(?m)^# (.*)$", _first_title(notebook))[1]
    for kind, shown, said, code in _grouped(_core(notebook.cells), language):
        heading = re.match(r"#+ (.*)", shown)
        if kind == "slide" and heading:
            level = len(re.match(r"#+", shown)[0])
            plans = plan.text if level == 1 else plan.about(heading[1])
            said = [plans, *said] if plans else said
        slides.cells += _slide(kind, shown, said, code)
    return slides


def _first_title(notebook: NotebookNode) -> str:
    return next(
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "markdown" and re.search(r"(?m)^# ", cell.source)
    )


def _core(cells: list[NotebookNode]) -> Iterator[tuple[str, str | NotebookNode]]:
    """Give the blocks of prose and the cells of code that are not left out."""
    left_out = 0  # the level of the heading since which nothing is taken
    for cell in cells:
        if is_launch(cell):
            continue
        if cell.cell_type == "code":
            if not left_out and "gt.start(" not in cell.source:
                yield "code", cell
            continue
        for kind, text in _blocks(cell.source):
            if kind == "heading":
                level = len(re.match(r"#+", text)[0])
                if not left_out or level <= left_out:
                    left_out = level if text.endswith(_LEFT_OUT) else 0
            if not left_out:
                yield kind, text


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    lines = text.splitlines()
    tokens = [t for t in _parser.parse(text) if t.level == 0 and t.map]
    tokens = [t for t in tokens if not t.type.endswith("_close")]
    ends = [token.map[0] for token in tokens[1:]] + [len(lines)]
    for token, end in zip(tokens, ends, strict=True):
        kind = token.type.removesuffix("_open")
        yield kind, "\n".join(lines[token.map[0] : end]).strip()


def _grouped(
    blocks: Iterator[tuple[str, str | NotebookNode]], language: str
) -> Iterator[tuple[str, str, list[str], NotebookNode | None]]:
    """Give slides: their kind, what is shown, what is said, and a cell of code."""
    kind, shown, said = "slide", [], []

    def slide(code: NotebookNode | None = None) -> tuple:
        return kind, "\n\n".join(shown), list(said), code

    inside = ""  # of HTML that goes on over several blocks, such as folded answers
    for what, block in blocks:
        if what == "heading":
            if shown:
                yield slide()
            kind = "subslide" if block.startswith("###") else "slide"
            shown, said = [block], []
        elif what == "code":
            if sum(map(len, shown)) > _MOST_TEXT[language]:
                yield slide()
                kind, shown, said = "subslide", [], []
            yield slide(block)
            kind, shown, said = "subslide", [], []
        else:
            inside += block if what == "html_block" or inside else ""
            on_slide = inside or what != "paragraph"
            if on_slide or _is_for_the_slide(block, language):
                shown.append(block)
            else:
                said.append(block)
            if inside.count("<details") == inside.count("</details"):
                inside = ""
    if shown or said:
        yield slide()


def _is_for_the_slide(paragraph: str, language: str) -> bool:
    return (
        len(paragraph) <= _LONGEST[language]
        or paragraph.startswith("**")
        or bool(_ASKS.search(paragraph))
    )


def _slide(
    kind: str, shown: str, said: list[str], code: NotebookNode | None
) -> list[NotebookNode]:
    cells = [new_markdown_cell(shown)] if shown else []
    if code is not None:
        cells.append(code)
        apart = bool(code.outputs) and code.source.count("\n") >= _MOST_LINES
        if apart:
            results = new_code_cell(code.source, outputs=code.outputs)
            results.metadata["tags"] = [HIDDEN]
            code.outputs = []
    notes = [new_markdown_cell("\n\n".join(said))] if said else []
    for place, cell in enumerate(cells):
        _set(cell, "-" if place else kind)
    for cell in notes:
        _set(cell, "notes")
    cells += notes
    if code is not None and apart:
        cells.append(_set(results, "subslide"))
    return cells


def _set(cell: NotebookNode, kind: str) -> NotebookNode:
    cell.metadata["slideshow"] = {"slide_type": kind}
    return cell
