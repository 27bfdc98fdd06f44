"""What leads to the pages: the first page, the sitemap, and what search engines read."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from gradtape.language import LANGUAGES
from gradtape.site.sphinx_extension import HREFLANG, WITHOUT_A_TWIN

_FIRST_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>gradtape</title>
{links}<script>
const chinese = (navigator.language || "en").startsWith("zh");
location.replace(chinese ? "zh/index.html" : "en/index.html");
</script></head>
<body><main><h1>gradtape</h1>
<p><a href="en/index.html">English</a> · <a href="zh/index.html" lang="zh-Hans">中文</a></p>
</main></body></html>
"""


def write_first_page(target: Path, address: str) -> None:
    """Write the page that leads to the reader's language, and what a host needs."""
    links = f'<link rel="canonical" href={quoteattr(address)}>\n' if address else ""
    links += '<link rel="alternate" type="application/atom+xml" href="feed.xml">\n'
    (target / "index.html").write_text(_FIRST_PAGE.format(links=links), "utf-8")
    # Else GitHub's pages leave out folders whose names begin with an underscore.
    (target / ".nojekyll").touch()


def write_sitemap(target: Path, address: str) -> None:
    """Write ``sitemap.xml``, each page with its twin, and ``robots.txt`` which names it.

    Parameters
    ----------
    target : Path
        The folder of the site.
    address : str
        Where the site will be. A sitemap holds whole addresses: without it there is none.
    """
    if not address:
        return
    base = address.rstrip("/")
    entries = []
    for language in LANGUAGES:
        for path in sorted((target / language).rglob("*.html")):
            name = path.relative_to(target / language).as_posix()
            alternates = "" if name.startswith(WITHOUT_A_TWIN) else _twins(base, name)
            place = f"{base}/{language}/{quote(name)}"
            if not name.startswith(("genindex", "search")):
                entries.append(f"<url><loc>{place}</loc>{alternates}</url>\n")
    (target / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        f"{''.join(entries)}</urlset>\n",
        "utf-8",
    )
    robots = f"User-agent: *\nAllow: /\nSitemap: {base}/sitemap.xml\n"
    (target / "robots.txt").write_text(robots, "utf-8")


def _twins(base: str, name: str) -> str:
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{HREFLANG[language]}" '
        f'href="{base}/{language}/{quote(name)}"/>'
        for language in LANGUAGES
    )
