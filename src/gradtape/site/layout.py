"""What the site of one language is made of, each page under the name that its twin has."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from gradtape.workspace import LAUNCH

SUFFIX = {"en": ".md", "zh": ".zh-CN.md"}
# For the page on which a reader tries a function; npm install brings it.
TENSORFLOW_JS = Path("node_modules/@tensorflow/tfjs/dist/tf.es2017.min.js")
_TREE = "\n```{toctree}\n:hidden:\n:glob:\n\n*\n```\n"
# At the head of a lesson: here the notebook can be taken, in the place of a link to here.
_ON_THE_SITE = re.compile(r" · (on the|在)\s?\[(site|网站)\]\([^)]*\)(上阅读)?")
_TAKE = {
    "en": " · {{download}}`download the notebook <../notebooks/{}>`",
    "zh": " · {{download}}`下载笔记本 <../notebooks/{}>`",
}
_SOLUTIONS = {"en": "Solutions", "zh": "参考答案"}


def lay_out(root: Path, language: str, stage: Path) -> None:
    """Copy the pages of one language into a folder, as Sphinx is to find them.

    Parameters
    ----------
    root : Path
        The checkout.
    language : {"en", "zh"}
        The language.
    stage : Path
        The folder, which is made.
    """
    docs, notebooks = root / "docs", root / "notebooks"
    stage.mkdir(parents=True)
    for name in ("conf.py", "_static", "_templates", "images", "hub", "locale"):
        source = docs / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, stage / name)
    if (root / TENSORFLOW_JS).is_file():
        shutil.copy2(root / TENSORFLOW_JS, stage / "_static")
    if language == "en":
        left_out = shutil.ignore_patterns("generated")
        shutil.copytree(docs / "reference", stage / "reference", ignore=left_out)
    for path in sorted(docs.glob("*.md")):
        if path.name.endswith(SUFFIX["zh"]) == (language == "zh"):
            name = path.name.removesuffix(SUFFIX[language]) + ".md"
            text = _as_on_the_site(path.read_text("utf-8"), language)
            (stage / name).write_text(text, "utf-8")
    for folder, source in {
        "lessons": notebooks / language,
        "solutions": notebooks / "solutions" / language,
    }.items():
        (stage / folder).mkdir()
        for path in sorted(source.glob("*.ipynb")):
            text = path.read_text("utf-8")
            text = text.replace(f"../../{language}/", "../lessons/")
            text = text.replace("](README.md)", "](index.md)")
            # What explanations link to, in HTML that Sphinx leaves as it is.
            text = re.sub(r'(href=\\"\d\d_\w+)\.ipynb', r"\1.html", text)
            (stage / folder / path.name).write_text(text, "utf-8")
    for path in (stage / "lessons").glob("*.ipynb"):
        shutil.copy2(notebooks / language / path.name, _made(stage / "notebooks"))
        _on_the_site(path, _TAKE[language].format(path.name))
    for path in (stage / "solutions").glob("*.ipynb"):
        _fold_solutions(path, stage / "lessons" / path.name)
    contents = (notebooks / language / "README.md").read_text("utf-8")
    contents = _as_on_the_site(contents, language)
    (stage / "lessons" / "index.md").write_text(contents + _TREE, "utf-8")
    index = f"# {_SOLUTIONS[language]}\n{_TREE}"
    (stage / "solutions" / "index.md").write_text(index, "utf-8")


def is_launch(cell: NotebookNode) -> bool:
    """Tell whether a cell is of the head that opens a lesson elsewhere."""
    return LAUNCH in cell.metadata.get("tags", ())


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _on_the_site(lesson: Path, take: str) -> None:
    """Leave out what fetches gradtape in another place, and offer the file."""
    notebook = nbformat.read(lesson, as_version=4)
    for cell in filter(is_launch, notebook.cells):
        cell.source = _ON_THE_SITE.sub("", cell.source) + take
    notebook.cells = [
        c for c in notebook.cells if c.cell_type == "markdown" or not is_launch(c)
    ]
    nbformat.write(notebook, lesson)


def _fold_solutions(solved: Path, lesson: Path) -> None:
    """Fold the cells for which a learner's version has a stub; a click opens them."""
    notebook = nbformat.read(solved, as_version=4)
    stubs = {cell.id: cell.source for cell in nbformat.read(lesson, as_version=4).cells}
    for cell in notebook.cells:
        is_code = cell.cell_type == "code"
        if is_code and stubs.get(cell.id, cell.source) != cell.source:
            cell.metadata["tags"] = [*cell.metadata.get("tags", ()), "hide-cell"]
    nbformat.write(notebook, solved)


def _as_on_the_site(text: str, language: str) -> str:
    """Let links lead to where pages lie on the site, where a page has no suffix."""
    text = text.replace(f"../notebooks/{language}/", "lessons/")
    # Minutes such as 45 + 40 stay on one line.
    text = re.sub(
        r"\| (\d+) \+ (\d+) \|", "| \\1\N{NO-BREAK SPACE}+\N{NO-BREAK SPACE}\\2 |", text
    )
    # The switch of languages stands on every page already.
    if language == "en":
        return re.sub(r"(?m)^.*\]\([\w.-]*\.zh-CN\.md\).*\n", "", text)
    text = re.sub(r"(?m)^.*\[English\]\([\w-]+\.md\).*\n", "", text)
    return re.sub(r"\]\(([\w-]+)\.zh-CN\.md", r"](\1.md", text)
