"""A course on paper: all lessons of one language as a PDF, printed by a browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import nbformat

import gradtape
from gradtape.language import LANGUAGES, say
from gradtape.site.build import built_by, run_sphinx
from gradtape.site.layout import is_launch, lay_out
from gradtape.site.live import STATIC

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_TITLES = {"en": "Learn tf.GradientTape", "zh": "学会 tf.GradientTape"}
_PAGE = """\
# {title}

gradtape {version}

{contents}

```{{toctree}}
:glob:
:maxdepth: 2

lessons/[0-9]*
```
"""
_ON_PAPER = """
root_doc = "course"
html_theme = "basic"
html_sidebars = {"**": []}
html_css_files = ["print.css"]
html_last_updated_fmt = None
# On this page a lesson links to no file beside it.
suppress_warnings += ["myst.xref_missing"]
"""
# Answers that are folded on a page are printed.
_UNFOLD = (
    '<script>addEventListener("load", () => {'
    'for (const fold of document.querySelectorAll("details")) '
    '{ fold.removeAttribute("name"); fold.open = true; } });</script></body>'
)
_FLAGS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--allow-file-access-from-files"),
    *("--no-pdf-header-footer", "--generate-pdf-document-outline"),
    "--virtual-time-budget=600000",  # ms, for the formulas
)
_SECONDS = 600


def build_pdfs(target: Path, root: Path) -> list[Path]:
    """Print the course, once in each language.

    Parameters
    ----------
    target : Path
        The folder.
    root : Path
        The checkout, with its notebooks built.

    Returns
    -------
    list of Path
        ``gradtape.en.pdf`` and ``gradtape.zh.pdf``, with an outline and numbered pages.

    Raises
    ------
    RuntimeError
        If there is no Chromium or Chrome, or it prints nothing.
    """
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        raise RuntimeError(
            say(
                en="a PDF is printed by Chromium or Chrome, and neither is found; install "
                "one of them, for example by apt install chromium",
                zh="PDF 由 Chromium 或 Chrome 打印，这里都没有找到；请安装一个，例如 apt install chromium",
            )
        )
    target.mkdir(parents=True, exist_ok=True)
    printed = []
    with tempfile.TemporaryDirectory(prefix="gradtape-pdf-") as folder:
        for language in LANGUAGES:
            page = _single_page(root, Path(folder, language), language)
            printed.append((target / f"gradtape.{language}.pdf").absolute())
            _print(browser, page, printed[-1], Path(folder, "profile"))
    return printed


def _single_page(root: Path, stage: Path, language: str) -> Path:
    lay_out(root, language, stage)
    for path in stage.iterdir():
        if path.name not in ("conf.py", "_static", "_templates", "lessons"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    (stage / "lessons" / "index.md").unlink()
    for path in (stage / "lessons").glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [c for c in notebook.cells if not is_launch(c)]
        nbformat.write(notebook, path)
    course = _PAGE.format(
        title=_TITLES[language],
        version=gradtape.__version__,
        contents=_contents(root, language),
    )
    (stage / "course.md").write_text(course, "utf-8")
    shutil.copy2(STATIC / "print.css", stage / "_static")
    with (stage / "conf.py").open("a", encoding="utf-8") as settings:
        settings.write(_ON_PAPER)
    run_sphinx(stage, language, "singlehtml")
    page = built_by("singlehtml", stage) / "course.html"
    text = page.read_text("utf-8").replace("</body>", _UNFOLD)
    page.write_text(text, "utf-8")
    return page


def _contents(root: Path, language: str) -> str:
    """Return the table of the lessons, whose titles lead to their pages."""
    text = (root / "notebooks" / language / "README.md").read_text("utf-8")
    table = re.search(r"(?s)<!-- lessons -->\n(.*?)<!-- /lessons -->", text)[1]
    return table.replace("](", "](lessons/")


def _print(browser: str, page: Path, pdf: Path, profile: Path) -> None:
    # Chromium refuses its sandbox to the superuser, as whom containers run.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    pdf.unlink(missing_ok=True)
    done = subprocess.run(
        [
            *(browser, *_FLAGS, *as_root, f"--user-data-dir={profile}"),
            *(f"--print-to-pdf={pdf}", page.as_uri()),
        ],
        capture_output=True,
        check=False,
        text=True,
        timeout=_SECONDS,
    )
    if not pdf.is_file():
        raise RuntimeError(f"{browser}: {done.stderr.strip()[-500:]}")
