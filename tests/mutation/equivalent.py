"""Faults that change nothing that can be seen, each with the argument why.

They stand in ``equivalent.toml``. An argument whose fault cannot be made any more, since
the code has changed, is stale; so is one whose fault the suite finds after all.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.mutation.fault import Fault

_FILE = Path(__file__).with_name("equivalent.toml")
_Identity = tuple[str, str, str]


def arguments(text: str | None = None) -> dict[_Identity, str]:
    """Return the argument for each fault by its identity.

    Parameters
    ----------
    text : str, optional
        The arguments in TOML; by default those that are committed.

    Raises
    ------
    ValueError
        If an argument lacks something.

    Examples
    --------
    >>> arguments('''
    ... [[equivalent]]
    ... path = "src/gradtape/a.py"
    ... before = "x = abs(-y)"
    ... after = "x = abs(y)"
    ... because = "the size of a number is that of its opposite"
    ... ''')
    {('src/gradtape/a.py', 'x = abs(-y)', 'x = abs(y)'): 'the size of a number ...'}
    """
    entries = tomllib.loads(_FILE.read_text("utf-8") if text is None else text)
    found = {}
    for entry in entries.get("equivalent", []):
        for key in ("path", "before", "after", "because"):
            if not str(entry.get(key, "")).strip():
                raise ValueError(f"equivalent.toml: an entry has no {key}: {entry}")
        found[entry["path"], entry["before"], entry["after"]] = entry["because"]
    return found


def stale(
    argued: Iterable[_Identity], possible: Iterable[Fault], caught: Iterable[Fault]
) -> list[str]:
    """Say which arguments no longer hold, in sentences."""
    places = Counter(fault.identity for fault in possible)
    # A line that stands twice may be found in one place and argued for in the other.
    red = {fault.identity for fault in caught if places[fault.identity] == 1}
    return [
        f"equivalent.toml: {path}: {before} -> {after}: {reason}"
        for path, before, after in argued
        for reason in (
            "this fault cannot be made any more; take its argument out"
            if (path, before, after) not in places
            else "the suite finds this fault; take its argument out"
            if (path, before, after) in red
            else "",
        )
        if reason
    ]
