"""What the site adds to Sphinx: each page's twin, and what its drawings need."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

from sphinx import search
from sphinx.application import Sphinx

from gradtape.site.chinese_search import ChineseSearch
from gradtape.site.live import STATIC
from gradtape.site.live_directive import LiveDrawing

_TENSORFLOW_JS = "tf.es2017.min.js"
HREFLANG = {"en": "en", "zh": "zh-Hans"}
_TWINS = {"en": ("zh", "中文"), "zh_CN": ("en", "English")}
_LOCALES = {"en": "en_US", "zh_CN": "zh_CN"}
_DESCRIPTION = {
    "en": "Learn TensorFlow's GradientTape: lessons with figures, drawings of what a tape "
    "records, exercises that are checked.",
    "zh_CN": "学会 TensorFlow 的 GradientTape：有图的课文，画出梯度带记录了什么，练习即时检查。",
}
# What furo's templates and code say without asking for a translation.
_LABELS = {
    "Toggle site navigation sidebar": "打开或收起目录",
    "Toggle table of contents sidebar": "打开或收起本页内容",
    "Toggle Light / Dark / Auto color theme": "切换浅色、深色或自动配色",
    "Toggle navigation of ": "展开或收起：",
    "@pradyunsg</a>'s": "@pradyunsg</a> 的",
    "<title>Menu</title>": "<title>菜单</title>",
    "<title>Expand</title>": "<title>展开</title>",
    "<title>Contents</title>": "<title>目录</title>",
    "<title>Light mode</title>": "<title>浅色</title>",
    "<title>Dark mode</title>": "<title>深色</title>",
    "<title>Auto light/dark, in light mode</title>": "<title>自动，现在是浅色</title>",
    "<title>Auto light/dark, in dark mode</title>": "<title>自动，现在是深色</title>",
}
# These are in English alone.
WITHOUT_A_TWIN = ("reference/", "genindex")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    search.languages["zh"] = ChineseSearch
    app.add_directive("gt-live", LiveDrawing)
    app.connect("builder-inited", _serve_drawings)
    app.connect("html-page-context", _name_the_twin)
    app.connect("build-finished", _label)
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
    app.add_js_file("quiz.js", loading_method="defer")
    app.add_js_file("page.js", loading_method="defer")


def _label(app: Sphinx, exception: Exception | None) -> None:
    """Mend what the theme says to a screen reader."""
    if exception or app.builder.format != "html":
        return
    labels = {'role="heading"><span': 'role="heading" aria-level="2"><span'}
    if app.config.language == "zh_CN":
        labels |= _LABELS
    for path in Path(app.outdir).rglob("*.html"):
        text = path.read_text("utf-8")
        for said, better in labels.items():
            text = text.replace(said, better)
        path.write_text(text, "utf-8")


def _name_the_twin(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object
) -> None:
    if pagename == "try":
        if Path(app.srcdir, "_static", _TENSORFLOW_JS).exists():
            app.add_js_file(_TENSORFLOW_JS, loading_method="defer")
        app.add_js_file("formula.js", loading_method="defer")
        app.add_js_file("expression.js", loading_method="defer")
        app.add_js_file("try.js", loading_method="defer")
    context["metatags"] = context.get("metatags", "") + _card(app, pagename, context)
    if app.config.language not in _TWINS or pagename.startswith(WITHOUT_A_TWIN):
        return
    folder, name = _TWINS[app.config.language]
    up = "../" * (pagename.count("/") + 1)
    address = f"{up}{folder}/{pagename}.html"
    context["twin"] = {
        "hreflang": HREFLANG[folder],
        "name": name,
        "address": address,
    }
    context["metatags"] += (
        f'<link rel="alternate" hreflang="{HREFLANG[folder]}" href="{address}">'
    )


def _card(app: Sphinx, pagename: str, context: dict) -> str:
    """Return what a search engine and a link shown as a card say of a page."""
    language, base = app.config.language, app.config.html_baseurl
    teaches = app.env.metadata.get(pagename, {}).get("teaches")
    about = html.escape(teaches or _DESCRIPTION.get(language, ""), quote=True)
    title = html.escape(re.sub("<[^>]+>", "", context.get("title", "")), quote=True)
    up = "../" * (pagename.count("/") + 1)
    said = {
        "og:title": title,
        "og:description": about,
        "og:type": "article",
        "og:site_name": "gradtape",
        "og:locale": _LOCALES.get(language, ""),
    }
    if base:
        said["og:url"] = f"{base}{pagename}.html"
        said["og:image"] = f"{base}_static/social.png"
    return (
        f'<meta name="description" content="{about}">'
        '<meta name="twitter:card" content="summary_large_image">'
        f'<link rel="alternate" type="application/atom+xml" href="{up}feed.xml">'
        + "".join(
            f'<meta property="{name}" content="{value}">'
            for name, value in said.items()
        )
    )
