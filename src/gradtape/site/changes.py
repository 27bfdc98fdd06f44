"""The feed of changes: the sections of ``CHANGELOG.md`` for whoever subscribes."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

_SECTION = re.compile(r"(?m)^## (?P<title>\S.*)$")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def last_change(root: Path, *paths: str) -> datetime:
    """Return when files of a checkout were last committed; now if no history tells."""
    done = subprocess.run(
        ["git", "-C", str(root), "log", "-1", "--format=%cI", "--", *paths],
        capture_output=True,
        check=False,
        text=True,
    )
    said = done.stdout.strip()
    return datetime.fromisoformat(said) if said else datetime.now(UTC)


def write_feed(target: Path, root: Path, address: str) -> None:
    """Write ``feed.xml``, in Atom's form, with one entry for each version.

    Parameters
    ----------
    target : Path
        The folder of the site.
    root : Path
        The checkout. A section's title may hold the day of its release; else the day
        counts on which the file was last changed.
    address : str
        Where the site will be; empty if that is not known.
    """
    text = (root / "CHANGELOG.md").read_text("utf-8")
    unreleased = last_change(root, "CHANGELOG.md").isoformat()
    titles = list(_SECTION.finditer(text))
    ends = [*(title.start() for title in titles[1:]), len(text)]
    entries, days = [], []
    for title, end in zip(titles, ends, strict=True):
        day = _DATE.search(title["title"])
        days.append(f"{day[0]}T00:00:00Z" if day else unreleased)
        body = MarkdownIt().render(text[title.end() : end])
        name = title["title"].split()[0]
        entries.append(
            f"<entry><id>urn:gradtape:{escape(name)}</id>"
            f"<title>gradtape {escape(title['title'])}</title>"
            f"<updated>{days[-1]}</updated>"
            f'<link href="{escape(address, quote=True)}"/>'
            f'<content type="html">{escape(body)}</content></entry>\n'
        )
    (target / "feed.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:gradtape:changes</id>'
        "<title>gradtape: changes</title><author><name>The gradtape authors</name>"
        f"</author><updated>{max(days, default=unreleased)}</updated>\n"
        f"{''.join(entries)}</feed>\n",
        "utf-8",
    )
