"""The language in which gradtape speaks to its reader: English or Chinese.

Every sentence that a learner reads stands in both languages at the one place where it
is said, ``say(en="...", zh="...")``, so that neither can be forgotten.
"""

from __future__ import annotations

import locale
import os
import reprlib

LANGUAGES = ("en", "zh")

_current = "en"


def set_language(lang: str) -> None:
    """Choose the language of everything that is said from now on.

    Parameters
    ----------
    lang : {"en", "zh"}
        English or Chinese.

    Raises
    ------
    ValueError
        If ``lang`` is neither.

    Examples
    --------
    >>> set_language("zh")
    >>> say(en="slope", zh="斜率")
    '斜率'
    >>> set_language("en")
    """
    global _current
    if not isinstance(lang, str) or lang not in LANGUAGES:
        raise ValueError(
            f'lang is {reprlib.repr(lang)}; the course speaks "en" (English) and "zh" (中文)'
        )
    _current = lang


def current_language() -> str:
    """Return the language chosen last, ``"en"`` until one is chosen."""
    return _current


def say(*, en: str, zh: str) -> str:
    """Return the sentence that belongs to the current language."""
    return zh if _current == "zh" else en


def system_language() -> str:
    """Return ``"zh"`` where the computer is set to Chinese, else ``"en"``.

    The environment comes first (``LC_ALL``, ``LC_MESSAGES``, ``LANG``, in the order in
    which POSIX reads them), then what the operating system says.
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    name = locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"
