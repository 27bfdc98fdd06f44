"""Split a bilingual source into the two notebooks that it stands for."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import nbformat
from nbformat import NotebookNode

from gradtape.authoring.exercises import PLACE_FOR_WORK, exercise_numbers
from gradtape.authoring.markdown import headings
from gradtape.authoring.source import START_CALL, LessonSource
from gradtape.kernel.spec import NAME_IN_LESSONS

# The same words whichever Python built the notebook; an editor fills in its own.
_KERNEL = {
    "display_name": NAME_IN_LESSONS,
    "language": "python",
    "name": "python3",
}
_LANGUAGE_INFO = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
_LONGEST_SLUG = 48
_WORK_IN = {"en": PLACE_FOR_WORK, "zh": "# 在这里作答"}
_PLACE = re.compile(rf"^(\s*){PLACE_FOR_WORK}$", re.MULTILINE)


def split(source: LessonSource, language: str) -> NotebookNode:
    """Make the notebook of one language, not yet run.

    Its cells are those of ``source.in_language(language)``, one for one.

    Parameters
    ----------
    source : LessonSource
        A lesson in which the rules found nothing wrong.
    language : {"en", "zh"}
        The language of the notebook.
    """
    cells = [
        _notebook_cell(cell, identifier, language)
        for cell, identifier in zip(
            source.in_language(language), cell_ids(source), strict=True
        )
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.nbformat_minor = 5
    about = {
        "language": language,
        "lesson": source.lesson,
        "minutes": source.minutes,
        "teaches": source.teaches[language],
    }
    if source.optional:
        about["optional_minutes"] = source.optional
    if exercises := exercise_numbers(source):
        about["exercises"] = exercises
    notebook.metadata = nbformat.from_dict(
        {"gradtape": about, "kernelspec": _KERNEL, "language_info": _LANGUAGE_INFO}
    )
    return notebook


def cell_ids(source: LessonSource) -> list[str]:
    """Return the ids of the cells in a notebook, the same in every language.

    An id is the English heading of the cell's section and the cell's place in it, so
    that an edit in one section leaves the ids of all others as they are.
    """
    section = "start"
    places: Counter[str] = Counter()
    ids = []
    for cell in source.in_language("en"):
        if cell.kind == "markdown":
            for heading in headings(cell.text):
                if heading.level <= 2:
                    section = _slug(heading.text)
        places[section] += 1
        ids.append(f"{section}-{places[section]}")
    return ids


def _slug(heading: str) -> str:
    ascii_letters = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore")
    words = re.findall(r"[a-z0-9]+", ascii_letters.decode().lower())
    return "-".join(words)[:_LONGEST_SLUG].strip("-") or "section"


def _notebook_cell(cell, identifier: str, language: str) -> NotebookNode:
    metadata = {"tags": cell.tags} if cell.tags else {}
    if cell.kind == "markdown":
        return nbformat.v4.new_markdown_cell(
            cell.text, id=identifier, metadata=metadata
        )
    code = START_CALL.sub(rf"\g<1>{language}\g<3>", cell.text)
    code = _PLACE.sub(rf"\g<1>{_WORK_IN[language]}", code)
    return nbformat.v4.new_code_cell(code, id=identifier, metadata=metadata)
