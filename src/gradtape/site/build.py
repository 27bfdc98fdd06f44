"""The whole site: lessons in both languages, reference and pages, in one folder.

For each language the pages are laid out under the same names, so that every page has
its twin under the same address in the other language's folder. Sphinx does the rest.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gradtape.authoring.launch import addresses
from gradtape.language import LANGUAGES
from gradtape.site import mathjax
from gradtape.site.changes import last_change, write_feed
from gradtape.site.found import write_first_page, write_sitemap
from gradtape.site.layout import lay_out
from gradtape.site.lessons import run_lessons
from gradtape.site.social import draw_social_picture

_SPHINX_LANGUAGE = {"en": "en", "zh": "zh_CN"}
# What opens and closes a folded solution.
_SHOW = {"en": "Show the solution", "zh": "看参考答案"}
_HIDE = {"en": "Hide the solution", "zh": "收起参考答案"}


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
        If a lesson does not run, or Sphinx gives up.
    """
    _, address = addresses(root) or ("", "")
    with tempfile.TemporaryDirectory(prefix="gradtape-site-") as folder:
        stages = {language: Path(folder, language) for language in LANGUAGES}
        for language, stage in stages.items():
            lay_out(root, language, stage)
            draw_social_picture(stage / "_static" / "social.png")
        lessons = [s / "lessons" for s in stages.values()]
        asyncio.run(run_lessons(p for each in lessons for p in each.glob("*.ipynb")))
        when = {"SOURCE_DATE_EPOCH": f"{last_change(root).timestamp():.0f}"}
        with ThreadPoolExecutor(len(stages)) as pool:
            told = pool.map(
                lambda language: run_sphinx(
                    stages[language], language, "html", address, when
                ),
                stages,
            )
            warnings = [line for lines in told for line in lines]
        for language, stage in stages.items():
            built = built_by("html", stage)
            mathjax.leave_out(built / "_static" / "mathjax")
            shutil.rmtree(target / language, ignore_errors=True)
            shutil.copytree(built, target / language)
    write_first_page(target, address)
    write_sitemap(target, address)
    write_feed(target, root, address)
    return warnings


def run_sphinx(
    stage: Path,
    language: str,
    builder: str,
    address: str = "",
    settings: dict[str, str] | None = None,
    *options: str,
) -> list[str]:
    """Run Sphinx on the pages of one language; ``built_by`` says where the result lies.

    Parameters
    ----------
    stage : Path
        The folder that ``lay_out`` made.
    language : {"en", "zh"}
        The language.
    builder : str
        Sphinx' builder, such as ``"html"``.
    address : str
        Where the site will be; empty if that is not known.
    settings : dict of str to str, optional
        Variables of the environment.
    *options : str
        More of Sphinx' options.

    Returns
    -------
    list of str
        The warnings.

    Raises
    ------
    RuntimeError
        If Sphinx gives up.
    """
    base = f"{address.rstrip('/')}/{language}/" if address else ""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-q", "-b", builder),
            *("-d", str(stage.with_name(f"{language}-doctrees"))),
            *("-D", f"language={_SPHINX_LANGUAGE[language]}"),
            *("-D", f"html_baseurl={base}"),
            *("-D", f"nb_code_prompt_show={_SHOW[language]}"),
            *("-D", f"nb_code_prompt_hide={_HIDE[language]}"),
            *options,
            *(str(stage), str(built_by(builder, stage))),
        ],
        capture_output=True,
        check=False,
        text=True,
        env=os.environ | (settings or {}),
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    said = done.stderr.replace(f"{stage}/", f"{language}/").splitlines()
    return [line for line in said if line.strip()]


def built_by(builder: str, stage: Path) -> Path:
    """Return the folder of what a builder makes of a stage, beside it.

    plot_directive takes no space in a path, which that of the site may have.
    """
    return stage.with_name(f"{stage.name}-{builder}")
