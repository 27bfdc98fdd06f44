"""The reference is complete, and is built without a warning."""

import re
from pathlib import Path

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
