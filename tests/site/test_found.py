"""What leads to the site's pages: sitemap, feed, first page; and how links are laid out."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import nbformat
import pytest
from markdown_it import MarkdownIt

from gradtape.language import LANGUAGES
from gradtape.site.changes import write_feed
from gradtape.site.found import write_first_page, write_sitemap
from gradtape.site.layout import lay_out

ROOT = Path(__file__).parents[2]
ADDRESS = "https://example.org/gradtape/"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def site(tmp_path):
    for language in LANGUAGES:
        for name in ("index.html", "search.html", "lessons/02_tape.html"):
            path = tmp_path / language / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    return tmp_path


def test_the_sitemap_holds_each_page_with_its_twin(site):
    write_sitemap(site, ADDRESS)
    urls = ET.parse(site / "sitemap.xml").getroot()
    places = [url[0].text for url in urls]
    assert f"{ADDRESS}zh/lessons/02_tape.html" in places
    assert not any("search" in place for place in places)
    assert {link.get("hreflang") for link in urls[0][1:]} == {"en", "zh-Hans"}
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (site / "robots.txt").read_text()


def test_without_an_address_there_is_no_sitemap(site):
    write_sitemap(site, "")
    assert not (site / "sitemap.xml").exists()


def test_the_feed_holds_each_version_with_its_changes(tmp_path):
    changes = "# Changes\n\n## 0.2.0 (2026-05-04)\n\n- Slides & more\n\n## 0.1.0\n\n- A tape\n"
    (tmp_path / "CHANGELOG.md").write_text(changes)
    write_feed(tmp_path, tmp_path, ADDRESS)
    feed = ET.parse(tmp_path / "feed.xml").getroot()
    first, second = feed.findall(f"{ATOM}entry")
    assert first.find(f"{ATOM}updated").text == "2026-05-04T00:00:00Z"
    assert "Slides &amp; more" in first.find(f"{ATOM}content").text
    assert second.find(f"{ATOM}title").text == "gradtape 0.1.0"


def test_the_first_page_leads_to_both_languages_without_a_script(tmp_path):
    write_first_page(tmp_path, ADDRESS)
    text = (tmp_path / "index.html").read_text("utf-8")
    assert 'href="en/index.html"' in text and 'href="zh/index.html"' in text
    assert f'rel="canonical" href="{ADDRESS}"' in text


def test_no_emphasis_shows_its_stars():
    """Chinese closes it before a colon: behind one, Markdown takes the stars as text."""
    shown = {}
    sources = [
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("*.md"),
        *ROOT.glob("notebooks/lessons/*/lesson.py"),
    ]
    for path in sources:
        text = path.read_text("utf-8")
        if path.suffix == ".py":
            lines = [line for line in text.splitlines() if line.startswith("# ")]
            text = "\n\n".join(line[2:] for line in lines)
        spans = [span for t in MarkdownIt().parse(text) for span in t.children or ()]
        texts = [span.content for span in spans if span.type == "text"]
        odd = [t for t in texts if re.search(r"\*\*[^*]*[\u4e00-\u9fff]", t)]
        if odd:
            shown[path.name] = odd
    assert shown == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_lie_under_the_same_names_in_both_languages(language, tmp_path):
    lay_out(ROOT, language, tmp_path / language)
    pages = {path.name for path in (tmp_path / language).glob("*.md")}
    assert {"index.md", "testing-rules.md", "hub.md"} <= pages
    texts = [p.read_text("utf-8") for p in (tmp_path / language).glob("*.md")]
    assert not any(".zh-CN.md" in text for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_solutions_are_folded_and_their_checks_are_not(language, tmp_path):
    lay_out(ROOT, language, tmp_path / language)
    (path,) = (tmp_path / language / "solutions").glob("02_*.ipynb")
    cells = [
        c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"
    ]
    folded = [c.source for c in cells if "hide-cell" in c.metadata.get("tags", ())]
    assert any("def backward" in source for source in folded)
    assert not any("gt.check" in source for source in folded)
