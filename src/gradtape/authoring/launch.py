"""The head of a published lesson: where it can be opened, and how to get gradtape there.

The addresses are made of the two in ``pyproject.toml``, under ``[project.urls]``. A copy
that ``gradtape lab`` makes, and a class, are without this: there the lesson is open, and
gradtape is there.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

from gradtape.authoring.exercises import learners_version
from gradtape.authoring.source import LessonSource, SourceCell
from gradtape.language import LANGUAGES
from gradtape.workspace import LAUNCH

_BRANCH = "main"

_ROW = {
    "en": "Open this lesson in [Colab]({colab}) · [Kaggle]({kaggle}) · "
    "[Binder]({binder}) · on the [site]({site})",
    "zh": "在 [Colab]({colab}) · [Kaggle]({kaggle}) · [Binder]({binder}) 里打开本课 · "
    "在[网站]({site})上阅读",
}
_GET = """\
import importlib.util

if not importlib.util.find_spec("gradtape"):
    %pip install --quiet git+{repository}
    importlib.invalidate_caches()
    if importlib.util.find_spec("gradtape"):
        from gradtape.workspace import keep_progress_here

        keep_progress_here("{lang}")
    else:
        print("{missed}")"""
_MISSED = {
    "en": "gradtape could not be fetched. Switch on the internet for this notebook, then "
    "run this cell again.",
    "zh": "没能取得 gradtape。请为这个笔记本打开网络，再运行一次这个单元格。",
}


def published_version(source: LessonSource, root: Path) -> LessonSource:
    """Return a lesson as its notebooks are published: with stubs, and with its head.

    Parameters
    ----------
    source : LessonSource
        The lesson.
    root : Path
        The checkout; without addresses in its ``pyproject.toml`` there is no head.
    """
    version = learners_version(source)
    where = addresses(root)
    if where is None or not version.cells:
        return version
    first = next((c for c in version.cells if c.kind == "code"), version.cells[-1])
    place = version.cells.index(first)
    rows, getting = [], []
    for lang in LANGUAGES:
        row = _ROW[lang].format(**links(source.name, lang, *where))
        rows.append(_cell("markdown", row, lang))
        get = _GET.format(repository=where[0], lang=lang, missed=_MISSED[lang])
        getting.append(_cell("code", get, lang))
    cells = (*rows, *version.cells[:place], *getting, *version.cells[place:])
    return replace(version, cells=cells)


def links(name: str, lang: str, repository: str, site: str) -> dict[str, str]:
    """Return the addresses at which a lesson opens.

    Parameters
    ----------
    name : str
        The lesson's, its folder's: ``"02_automatic_differentiation"``.
    lang : {"en", "zh"}
        The language.
    repository, site : str
        The project's address on GitHub, and its site's.

    Examples
    --------
    >>> links("02_tape", "en", "https://github.com/us/gt", "https://us.example")["site"]
    'https://us.example/en/lessons/02_tape.html'
    """
    owner_and_name = repository.removeprefix("https://github.com/")
    path = f"notebooks/{lang}/{name}.ipynb"
    file = f"{owner_and_name}/blob/{_BRANCH}/{path}"
    return {
        "colab": f"https://colab.research.google.com/github/{file}",
        "kaggle": f"https://kaggle.com/kernels/welcome?src=https://github.com/{file}",
        "binder": f"https://mybinder.org/v2/gh/{owner_and_name}/{_BRANCH}?urlpath=lab/tree/"
        f"{path}",
        "site": f"{site.rstrip('/')}/{lang}/lessons/{name}.html",
    }


def addresses(root: Path) -> tuple[str, str] | None:
    """Return where the project and its site are; None for a checkout that says nothing."""
    try:
        about = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
        urls = about["project"]["urls"]
        return urls["Repository"].rstrip("/"), urls["Documentation"]
    except (FileNotFoundError, KeyError):
        return None


def _cell(kind: str, text: str, lang: str) -> SourceCell:
    # It stands in no source: what is wrong with it is said of the first line.
    lines = (1,) * (text.count("\n") + 1)
    return SourceCell(kind, text, 1, {"lang": lang, "tags": [LAUNCH]}, lines)
