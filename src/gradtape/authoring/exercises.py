"""One lesson, two versions: the learner's with stubs, and the exercises solved.

In the source, exercises stand solved. What lies between ``# BEGIN SOLUTION`` and
``# END SOLUTION`` is the solution. The learner's version has a stub in its place, which
runs to its end without an error; the solved version keeps it, without the markers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from nbformat import NotebookNode

from gradtape.authoring.markdown import headings
from gradtape.authoring.problem import Problem
from gradtape.authoring.source import START_CALL, LessonSource, SourceCell

_BEGIN = re.compile(r"(\s*)# BEGIN SOLUTION\s*$")
_END = re.compile(r"\s*# END SOLUTION\s*$")
_LIKE_A_MARKER = re.compile(r"#\s*(begin|end)\s*solution", re.IGNORECASE)
PLACE_FOR_WORK = "# your work"
_RELATIVE_LINK = re.compile(r"\]\((?![a-z]+:|#)")
# What shows a card, and does so as the value of its cell only.
_CARDS = ("check", "hint", "predict", "progress", "quiz")
_PASSED = "✓"


def has_solutions(source: LessonSource) -> bool:
    """Tell whether a lesson has exercises that are solved in its source."""
    return any(map(is_solution, source.cells))


def learners_version(source: LessonSource) -> LessonSource:
    """Return a lesson with a stub in the place of each solution."""
    return replace(source, cells=tuple(map(with_stubs, source.cells)))


def is_solution(cell: SourceCell) -> bool:
    """Tell whether a cell holds a solution, between its markers."""
    return any(_BEGIN.match(line) for line in _lines(cell))


def exercise_sections(source: LessonSource) -> LessonSource:
    """Return a lesson's opening and each of its sections with a solution.

    The sections between are left out, because readers have them in the lesson. What an
    exercise needs of them it has to define, and the build finds out if it does not.
    """
    cells: list[SourceCell] = []
    for number, section in enumerate(_sections(source)):
        starts = any(START_CALL.search(line) for c in section for line in _lines(c))
        if number == 0 or starts or any(map(is_solution, section)):
            cells += section
    return replace(source, cells=tuple(cells))


def solved_version(source: LessonSource) -> LessonSource:
    """Return the exercises of a lesson, solved, with the way to the lesson."""
    cells = list(map(_without_markers, exercise_sections(source).cells))
    titles = {"en": False, "zh": False}
    for place, cell in enumerate(cells):
        if cell.kind == "markdown":
            if not titles[cell.language]:
                cells[place] = _title(cell, source)
                titles[cell.language] = True
            else:
                folder = f"](../../{cell.language}/"
                linked = _RELATIVE_LINK.sub(folder, cell.text)
                cells[place] = replace(cell, text=linked)
    return replace(source, cells=tuple(cells))


def exercise_numbers(source: LessonSource) -> list[str]:
    """Return the numbers of the exercises that a lesson checks, in order."""
    return [number for cell in source.cells for number in _calls(cell, "check")]


def badly_marked(source: LessonSource) -> Iterator[Problem]:
    """Find markers of solutions that do not pair, and cards that would not show."""
    for cell in source.cells:
        open_since = None
        for offset, line in enumerate(_lines(cell)):
            here = cell.line_of(offset)
            if _BEGIN.match(line):
                if open_since is not None:
                    yield source.problem(
                        here,
                        "a solution begins within the one that begins in line "
                        f"{open_since}; end that one first",
                    )
                open_since = here
            elif _END.match(line):
                if open_since is None:
                    yield source.problem(
                        here, "a solution ends here that does not begin in this cell"
                    )
                open_since = None
            elif _LIKE_A_MARKER.search(line):
                yield source.problem(
                    here,
                    'this is nearly a marker; write "# BEGIN SOLUTION" or '
                    '"# END SOLUTION" on a line of its own',
                )
        if open_since is not None:
            yield source.problem(
                open_since,
                "this solution does not end; write # END SOLUTION in the same cell",
            )
        yield from _hidden_cards(source, cell)


def wrongly_judged(
    cell: SourceCell, outputs: list[NotebookNode], *, solved: bool
) -> Iterator[str]:
    """Say where a check did not do what it is there for, in sentences.

    A solution passes its check, and a stub does not.
    """
    for number in _calls(cell, "check"):
        cards = [
            "".join(output.data.get("text/plain", ""))
            for output in outputs
            if output.output_type == "execute_result"
        ]
        if not cards:
            yield f"the check of {number} shows nothing; end the cell with it"
        elif solved and not cards[-1].startswith(_PASSED):
            said = " ".join(cards[-1].splitlines()[:2])
            yield f"the solution of {number} does not pass its check: {said}"
        elif not solved and cards[-1].startswith(_PASSED):
            yield f"the stub of {number} passes its check; leave something to do"


def _lines(cell: SourceCell) -> list[str]:
    return cell.text.split("\n") if cell.kind == "code" else []


def _sections(source: LessonSource) -> list[list[SourceCell]]:
    """Group cells into the opening and the sections of the second level."""
    sections: list[list[SourceCell]] = [[]]
    for cell in source.cells:
        begins = cell.language == "en" and any(
            h.level == 2 for h in headings(cell.text)
        )
        if begins:
            sections.append([])
        sections[-1].append(cell)
    return sections


def _title(cell: SourceCell, source: LessonSource) -> SourceCell:
    """Return the cell of the title, with the way to the lesson and nothing else."""
    title = next(h for h in headings(cell.text) if h.level == 1)
    lesson = f"../../{cell.language}/{source.name}.ipynb"
    text = {
        "en": f"# {title.text}: solutions\n\n"
        f"The exercises of [the lesson]({lesson}), solved. Another way may be right too.",
        "zh": f"# {title.text}：参考答案\n\n"
        f"[这一课]({lesson})的练习和参考答案。换一种做法也可能是对的。",
    }[cell.language]
    line = cell.line_of(title.line)
    return replace(cell, text=text, lines=(line,) * (text.count("\n") + 1))


def with_stubs(cell: SourceCell) -> SourceCell:
    """Return a cell with a stub in the place of each solution."""
    kept: list[tuple[str, int]] = []
    inside = False
    for offset, line in enumerate(_lines(cell)):
        begin = _BEGIN.match(line)
        if begin:
            indentation = begin[1]
            kept.append((indentation + PLACE_FOR_WORK, offset))
            if _leaves_nothing(kept, indentation):
                kept.append((indentation + "...", offset))
            inside = True
        elif _END.match(line):
            inside = False
        elif not inside:
            kept.append((line, offset))
    return _rewritten(cell, kept)


def _leaves_nothing(kept: list[tuple[str, int]], indentation: str) -> bool:
    """Tell whether the block that a stub stands in would have no statement.

    A cell may: one that holds a comment alone runs, and shows nothing.
    """
    if not indentation:
        return False
    for line, _ in reversed(kept):
        code = line.partition("#")[0].rstrip()
        if code:
            # The block begins after a colon, or a line that stands further left.
            left = len(code) - len(code.lstrip()) < len(indentation)
            return left or code.endswith(":")
    return False


def _without_markers(cell: SourceCell) -> SourceCell:
    return _rewritten(
        cell,
        [
            (line, offset)
            for offset, line in enumerate(_lines(cell))
            if not (_BEGIN.match(line) or _END.match(line))
        ],
    )


def _rewritten(cell: SourceCell, kept: list[tuple[str, int]]) -> SourceCell:
    """Return a cell of code with these lines, each with its place in the old text."""
    while kept and not kept[-1][0].strip():
        kept.pop()
    if [line for line, _ in kept] == _lines(cell):
        return cell
    return replace(
        cell,
        text="\n".join(line for line, _ in kept),
        lines=tuple(cell.line_of(offset) for _, offset in kept),
    )


def _calls(cell: SourceCell, name: str) -> Iterator[str]:
    """Give the numbers with which a cell calls ``gt.check``, or another of them."""
    if cell.kind == "code":
        yield from re.findall(rf'^gt\.{name}\(\s*"([\w.]+)"', cell.text, re.MULTILINE)


def _hidden_cards(source: LessonSource, cell: SourceCell) -> Iterator[Problem]:
    """Find the cards that are not the value of their cell, and so not shown."""
    if cell.kind != "code" or "gt." not in cell.text:
        return
    try:
        body = ast.parse(cell.text).body
    except SyntaxError:
        return  # running it will say so
    shown = getattr(body[-1], "value", None) if body else None
    for node in ast.walk(ast.Module(body, [])):
        if (
            isinstance(node, ast.Call)
            and node is not shown
            and ast.unparse(node.func).removeprefix("gt.") in _CARDS
            and ast.unparse(node.func).startswith("gt.")
        ):
            yield source.problem(
                cell.line_of(node.lineno - 1),
                f"{ast.unparse(node.func)} shows its answer as the value of its cell "
                "only; make it the last line, and of a cell of its own",
            )
