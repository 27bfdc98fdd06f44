"""What needs the project's checkout: notebooks, pages and classes made of its sources."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import gradtape
from gradtape.classroom import command as class_command
from gradtape.cli.exit_codes import FAILED, GOOD
from gradtape.cli.required import require, require_tensorflow
from gradtape.file_errors import WorkspaceError
from gradtape.language import say


def build_notebooks(options: argparse.Namespace) -> int:
    """Make the notebooks from their sources, or compare them."""
    root = _checkout()
    require("classroom")
    from gradtape.authoring import build

    require_tensorflow()
    try:
        problems = build(
            [number.zfill(2) for number in options.lessons],
            check=options.check,
            root=root,
        )
    except ValueError as error:
        raise WorkspaceError(f"{error}.") from None
    for problem in problems:
        print(problem, file=sys.stderr)
    return FAILED if problems else GOOD


def build_pages(options: argparse.Namespace) -> int:
    """Make the site, slides or PDFs of the course."""
    root = _checkout()
    require("site")
    from gradtape.site.build import build_site
    from gradtape.site.course_pdf import build_pdfs
    from gradtape.site.slides import build_slides

    warnings: list[str] = []
    require_tensorflow()
    folder = options.folder or root / "docs" / "_build" / "site"
    try:
        if options.pdf:
            made = build_pdfs(folder, root)
        elif options.slides is not None:
            made = build_slides(folder, root, options.slides)
        else:
            warnings = build_site(folder, root)
            made = [folder / "index.html"]
    except RuntimeError as error:
        raise WorkspaceError(str(error)) from None
    for line in (*warnings, *made):
        print(line, file=sys.stderr if line in warnings else sys.stdout)
    return FAILED if warnings else GOOD


def _checkout() -> Path:
    """Return the checkout of the project that this gradtape runs from."""
    root = Path(gradtape.__file__).parents[2]
    if not (root / "notebooks" / "lessons").is_dir():
        raise WorkspaceError(
            say(
                en="This needs the sources of the lessons, which are in a checkout of "
                f"the project, and this gradtape is installed in {root}; in the "
                'checkout, install it by pip install -e ".[classroom]".',
                zh="这需要课文的源文件，它们在项目的源码目录里，而这个 gradtape 安装在 "
                f'{root}；请在源码目录里用 pip install -e ".[classroom]" 安装。',
            )
        )
    return root


def work_with_class(options: argparse.Namespace) -> int:
    """Make a class, or do what is asked with one."""
    require("classroom")
    is_made = options.words[0] not in class_command.ACTIONS
    return class_command.run(options, _checkout() if is_made else None)
