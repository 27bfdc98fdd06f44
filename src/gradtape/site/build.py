"""The whole site: lessons in both languages, reference and pages, in one folder.

For each language the pages are laid out under the same names, so that every page has
its twin under the same address in the other language's folder. Sphinx does the rest.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from gradtape.authoring.execute import execute
from gradtape.language import LANGUAGES, say

_SPHINX_LANGUAGE = {"en": "en", "zh": "zh_CN"}
_SUFFIX = {"en": ".md", "zh": ".zh-CN.md"}
# Cells whose drawing answers on the page; only their lessons are run again.
_ANSWERS = re.compile(
    r"\bgt\.(explore_tangent|explore_descent|step_through_tape|draw_tape|predict)\("
)
# For the page on which a reader tries a function.
TENSORFLOW_JS = Path("node_modules/@tensorflow/tfjs/dist/tf.es2017.min.js")
_SHOW_LIVE = "from gradtape.site.publish import show_live as _show_live\n_show_live()\n"
_START = '<!doctype html><meta charset="utf-8"><title>gradtape</title>\n<script>\nlocation.replace((navigator.language || "en").startsWith("zh") ? "zh/index.html" : "en/index.html");\n</script>\n<p><a href="en/index.html">English</a> · <a href="zh/index.html">中文</a></p>\n'


def build_site(target: Path, root: Path) -> list[str]:
    """Build the site of a checkout.

    Parameters
    ----------
    target : Path
        The folder of the site; what was built there before is replaced.
    root : Path
        The checkout, with its notebooks built.

    Returns
    -------
    list of str
        Sphinx' warnings; empty if all is well.

    Raises
    ------
    RuntimeError
        If a lesson does not run.
    """
    warnings = []
    with tempfile.TemporaryDirectory(prefix="gradtape-site-") as folder:
        stages = {language: Path(folder, language) for language in LANGUAGES}
        for language, stage in stages.items():
            _lay_out(root, language, stage)
        asyncio.run(_run_lessons(stages))
        for language, stage in stages.items():
            # Not where the site is to be: plot_directive takes no space in a path.
            built = Path(folder, "html", language)
            warnings += _run_sphinx(stage, built, language)
            shutil.rmtree(target / language, ignore_errors=True)
            shutil.copytree(built, target / language)
    (target / "index.html").write_text(_START, "utf-8")
    (target / ".nojekyll").touch()
    return warnings


def _lay_out(root: Path, language: str, stage: Path) -> None:
    """Copy what the site of one language is made of, each page under its own name."""
    docs, notebooks = root / "docs", root / "notebooks"
    other = [suffix for lang, suffix in _SUFFIX.items() if lang != language]
    stage.mkdir(parents=True)
    for name in ("conf.py", "_static", "_templates", "images"):
        source = docs / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, stage / name)
    if (root / TENSORFLOW_JS).is_file():  # npm install brings it
        shutil.copy2(root / TENSORFLOW_JS, stage / "_static")
    if language == "en":
        left_out = shutil.ignore_patterns("generated")
        shutil.copytree(docs / "reference", stage / "reference", ignore=left_out)
    for path in sorted(docs.glob("*.md")):
        is_chinese = path.name.endswith(_SUFFIX["zh"])
        if is_chinese == (language == "zh"):
            name = path.name.removesuffix(_SUFFIX[language]) + ".md"
            text = _as_on_the_site(path.read_text("utf-8"), language, other[0])
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
            (stage / folder / path.name).write_text(text, "utf-8")
    contents = (notebooks / language / "README.md").read_text("utf-8")
    (stage / "lessons" / "index.md").write_text(contents + _tree("*"), "utf-8")
    title = say(en="Solutions", zh="参考答案")
    index = f"# {title if language == 'en' else '参考答案'}\n{_tree('*')}"
    (stage / "solutions" / "index.md").write_text(index, "utf-8")


def _tree(pattern: str) -> str:
    return f"\n```{{toctree}}\n:hidden:\n:glob:\n\n{pattern}\n```\n"


def _as_on_the_site(text: str, language: str, other_suffix: str) -> str:
    """Let links lead to where pages lie on the site."""
    text = text.replace(f"../notebooks/{language}/", "lessons/")
    # The switch of languages stands on every page already.
    twin = re.compile(rf"^.*\]\([\w.]*{re.escape(other_suffix)}\).*\n", re.MULTILINE)
    if other_suffix == _SUFFIX["zh"]:
        return twin.sub("", text)
    link = re.compile(r"\]\((\w+)\.zh-CN\.md")
    return link.sub(r"](\1.md", re.sub(r"(?m)^.*\[English\]\(\w+\.md\).*\n", "", text))


async def _run_lessons(stages: dict[str, Path]) -> None:
    """Run the lessons whose drawings answer, two at a time, and store what they show."""
    kernels = asyncio.Semaphore(2)

    async def run(path: Path) -> None:
        notebook = nbformat.read(path, as_version=4)
        live = [cell for cell in notebook.cells if _answers(cell)]
        if not live:
            return
        shown = nbformat.from_dict(notebook)
        first = next(cell for cell in shown.cells if cell.cell_type == "code")
        first.source = f"{first.source}\n{_SHOW_LIVE}"
        async with kernels:
            failure = await execute(shown)
        if failure:
            raise RuntimeError(f"{path.name}: {failure.sentence}")
        outputs = {cell.id: cell.outputs for cell in shown.cells if _answers(cell)}
        stored = nbformat.read(path, as_version=4)
        for cell in stored.cells:
            if cell.id in outputs:
                cell.outputs = outputs[cell.id]
        nbformat.write(stored, path)

    lessons = [
        path
        for stage in stages.values()
        for path in sorted((stage / "lessons").glob("*.ipynb"))
    ]
    await asyncio.gather(*(run(path) for path in lessons))


def _answers(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(_ANSWERS.search(cell.source))


def _run_sphinx(stage: Path, target: Path, language: str) -> list[str]:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-q", "-b", "html"),
            *("-D", f"language={_SPHINX_LANGUAGE[language]}"),
            *(str(stage), str(target)),
        ],
        capture_output=True,
        check=False,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    said = done.stderr.replace(f"{stage}/", f"{language}/").splitlines()
    return [line for line in said if line.strip()]
