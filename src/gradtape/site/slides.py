"""Slides of the lessons: reveal.js, in a folder that needs no network.

A slide shows what a room looks at: headings, questions, lists, formulas, code and
figures. What the lesson's paragraphs explain is said, so it stands in the speaker's
notes, with the row of the lesson's plan that the section belongs to.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter
from pygments.formatters import HtmlFormatter
from traitlets.config import Config

from gradtape.language import LANGUAGES, say
from gradtape.site.lessons import run_lessons
from gradtape.site.live import STATIC
from gradtape.site.mathjax import copy_mathjax
from gradtape.site.plans import plan_of
from gradtape.site.slide_cells import HIDDEN, as_slides
from gradtape.site.sphinx_extension import HREFLANG

_REVEAL = Path("node_modules/reveal.js")
_FROM_REVEAL = (
    "dist/reveal.js",
    "dist/reveal.css",
    "dist/theme/white.css",
    "plugin/notes/notes.js",
)
_IMPORT = re.compile(r"(?m)^@import .*$")
_OWN = ("live.css", "live.js", "predict.js", "quiz.js", "slides.css")


def build_slides(target: Path, root: Path, lessons: Sequence[str] = ()) -> list[Path]:
    """Make the slides of lessons, in both languages.

    Parameters
    ----------
    target : Path
        The folder. A page of it needs the folder ``slides`` beside it and nothing else.
    root : Path
        The checkout, with its notebooks built, and reveal.js from ``npm install``.
    lessons : sequence of str, optional
        Their numbers, two digits; all of them if none is given.

    Returns
    -------
    list of Path
        The pages, such as ``02_automatic_differentiation.en.html``. The key S opens the
        speaker's notes.

    Raises
    ------
    RuntimeError
        If reveal.js is missing, there is no such lesson, or a lesson does not run.
    """
    if not (root / _REVEAL).is_dir():
        raise RuntimeError(
            say(
                en=f"{_REVEAL} is missing; fetch it by npm install in {root}",
                zh=f"缺少 {_REVEAL}；请在 {root} 里运行 npm install",
            )
        )
    _copy_what_pages_load(target / "slides", root)
    pages = []
    with tempfile.TemporaryDirectory(prefix="gradtape-slides-") as folder:
        taken: dict[Path, str] = {}
        for language in LANGUAGES:
            copies = Path(folder, language)
            shutil.copytree(root / "notebooks" / language, copies)
            for path in sorted(copies.glob("[0-9][0-9]_*.ipynb")):
                if not lessons or path.name[:2] in lessons:
                    taken[path] = language
        if not taken:
            asked = ", ".join(lessons)
            raise RuntimeError(
                say(
                    en=f"there is no lesson {asked}; write two digits, such as 02",
                    zh=f"没有第 {asked} 课；请写两位数字，例如 02",
                )
            )
        asyncio.run(run_lessons(taken))
        for path, language in taken.items():
            pages.append(target / f"{path.stem}.{language}.html")
            pages[-1].write_text(_page(path, language, root), "utf-8")
    return pages


def _page(path: Path, language: str, root: Path) -> str:
    notebook = nbformat.read(path, as_version=4)
    slides = as_slides(notebook, plan_of(int(path.name[:2]), language, root), language)
    exporter = SlidesExporter(
        template_name="gradtape_slides",
        extra_template_basedirs=[str(STATIC.with_name("slides_template"))],
        config=Config(
            TagRemovePreprocessor={"enabled": True, "remove_input_tags": [HIDDEN]}
        ),
    )
    resources = {"language_code": HREFLANG[language]}
    text, _ = exporter.from_notebook_node(slides, resources)
    return text.replace(".ipynb", f".{language}.html")


def _copy_what_pages_load(folder: Path, root: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in _FROM_REVEAL:
        shutil.copy2(root / _REVEAL / name, folder)
    theme = folder / "white.css"
    # Its fonts lack Chinese; the slides take the reader's own.
    theme.write_text(_IMPORT.sub("", theme.read_text("utf-8")), "utf-8")
    for name in _OWN:
        shutil.copy2(STATIC / name, folder)
    colours = HtmlFormatter(style="default").get_style_defs(".highlight")
    (folder / "pygments.css").write_text(colours, "utf-8")
    copy_mathjax(folder / "mathjax")
