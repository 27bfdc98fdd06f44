"""What a terminal would show of a text: carriage returns, backspaces, colours."""

from __future__ import annotations

import re

_STYLE = re.compile(r"\x1b\[[\d;]*m")
_OTHER_CONTROLS = re.compile(
    r"\x1b(?:\[[\d;?]*[A-Za-ln-z]|\][^\x07\x1b]*(?:\x07|\x1b\\))|\x07"
)
_OVERWRITTEN = re.compile(r"[\r\b]")


def rendered(text: str) -> str:
    r"""Return what stands there at the end, where a text wrote over itself.

    Parameters
    ----------
    text : str
        As it was written, such as by a progress bar.

    Examples
    --------
    >>> rendered("  0%\r 50%\r100% done\n")
    '100% done\n'
    >>> rendered("1/2\b\b\b2/2")
    '2/2'
    """
    if "\x1b" in text or "\x07" in text:
        text = _OTHER_CONTROLS.sub("", text)
    if not _OVERWRITTEN.search(text):
        return text
    return "\n".join(map(_last_state, text.replace("\r\n", "\n").split("\n")))


def without_styles(text: str) -> str:
    """Return a text without the codes for colours and bold type."""
    return _STYLE.sub("", text) if "\x1b" in text else text


def styles(text: str) -> list[str]:
    """Return the codes for colours and bold type in a text, in their order."""
    return _STYLE.findall(text) if "\x1b" in text else []


def _last_state(line: str) -> str:
    """Write a line as a terminal does, each piece over what stands there."""
    if not _OVERWRITTEN.search(line):
        return line
    shown: list[str] = []
    place = 0
    # A code for a colour takes no room; it goes with the character after it.
    for piece in re.findall(r"(?:\x1b\[[\d;]*m)*(?:[^\x1b]|$)", line):
        character = piece[-1:]
        if character == "\r":
            place = 0
        elif character == "\b":
            place = max(0, place - 1)
        elif piece:
            shown[place : place + 1] = [piece]
            place += 1
    return "".join(shown)
