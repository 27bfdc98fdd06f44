"""What the site adds to Sphinx: each page's twin, and what its drawings need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx import search
from sphinx.application import Sphinx

from gradtape.site.chinese_search import ChineseSearch
from gradtape.site.live import STATIC

_TENSORFLOW_JS = "tf.es2017.min.js"
_TWINS = {
    "en": {"folder": "zh", "hreflang": "zh-Hans", "name": "中文"},
    "zh_CN": {"folder": "en", "hreflang": "en", "name": "English"},
}
# These are in English alone.
_WITHOUT_A_TWIN = ("reference/", "genindex", "search")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    search.languages["zh"] = ChineseSearch
    app.connect("builder-inited", _serve_drawings)
    app.connect("html-page-context", _name_the_twin)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def anchor(heading: str) -> str:
    """Return the anchor of a heading, as JupyterLab names it.

    Examples
    --------
    >>> anchor("The tape records")
    'The-tape-records'
    """
    return heading.replace(" ", "-")


def _serve_drawings(app: Sphinx) -> None:
    app.config.html_static_path.append(str(STATIC))
    app.add_css_file("live.css")
    app.add_js_file("live.js", loading_method="defer")
    app.add_js_file("predict.js", loading_method="defer")
    app.add_js_file("twin.js", loading_method="defer")


def _name_the_twin(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object
) -> None:
    if pagename == "try":
        if Path(app.srcdir, "_static", _TENSORFLOW_JS).exists():
            app.add_js_file(_TENSORFLOW_JS, loading_method="defer")
        app.add_js_file("expression.js", loading_method="defer")
        app.add_js_file("try.js", loading_method="defer")
    twin = _TWINS.get(app.config.language)
    if twin is None or pagename.startswith(_WITHOUT_A_TWIN):
        return
    up = "../" * (pagename.count("/") + 1)
    address = f"{up}{twin['folder']}/{pagename}.html"
    context["twin"] = twin | {"address": address}
    link = f'<link rel="alternate" hreflang="{twin["hreflang"]}" href="{address}">'
    context["metatags"] = context.get("metatags", "") + link
