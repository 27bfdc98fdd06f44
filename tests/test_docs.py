"""The reference is complete, and is built without a warning."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import gradtape

DOCS = Path(__file__).parents[1] / "docs"


def test_every_public_name_has_a_page():
    index = (DOCS / "reference" / "index.rst").read_text("utf-8")
    assert sorted(re.findall(r"^    (\w+)$", index, re.MULTILINE)) == sorted(
        gradtape.__all__
    )


def test_the_gallery_shows_every_figure():
    gallery = (DOCS / "reference" / "gallery.rst").read_text("utf-8")
    drawn = set(re.findall(r"^    gt\.(\w+)\(", gallery, re.MULTILINE))
    figures = {name for name in gradtape.__all__ if name.startswith(("plot_", "draw_"))}
    assert drawn == figures


@pytest.mark.slow
def test_the_reference_is_built_without_a_warning(tmp_path):
    # Sphinx writes a page a function beside its sources, which may be read-only.
    source = tmp_path / "docs"
    shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns("_build", "generated"))
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going"]
        + [str(source), str(tmp_path / "html")],
        capture_output=True,
        check=False,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    assert len(list((tmp_path / "html/reference/generated").glob("*.html"))) == len(
        gradtape.__all__
    )
