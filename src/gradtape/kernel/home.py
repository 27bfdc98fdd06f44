"""Let a fork live in another home folder than the one that the imports have seen.

Learners whose servers run under one account have a home each, and share a fork server
while their homes hold nothing that imports read (see ``launcher/identity.py``). What is
left are paths that packages put together when they are imported, for later use.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Seen by looking for the home folder in all modules; a test looks again.
_HOLD_PATHS = (
    "keras.src.backend.config",
    "matplotlib.font_manager",
    "matplotlib.style",
    "matplotlib.style.core",
    "site",
    "tensorflow.python.keras.backend",
)


def change_home(old: str) -> None:
    """Put this process's home folder in the place of another one.

    Parameters
    ----------
    old : str
        The one with which packages were imported.
    """
    new = os.path.expanduser("~")
    if new == old:
        return
    for name in _HOLD_PATHS:
        if module := sys.modules.get(name):
            for variable, value in list(vars(module).items()):
                _change_variable(vars(module), variable, value, old, new)
    if matplotlib := sys.modules.get("matplotlib"):
        _forget_result(matplotlib.get_configdir)
        _forget_result(matplotlib.get_cachedir)


def _change_variable(
    names: dict[str, Any], name: str, value: Any, old: str, new: str
) -> None:
    if isinstance(value, list):
        value[:] = [_moved(each, old, new) for each in value]
    elif (moved := _moved(value, old, new)) is not value:
        names[name] = moved


def _moved(value: Any, old: str, new: str) -> Any:
    """Return a path as it is in the new home; anything else as it is."""
    if not isinstance(value, str | Path):
        return value
    path = str(value)
    for begin in (old, os.path.realpath(old)):
        if path == begin or path.startswith(begin + os.sep):
            return type(value)(new + path.removeprefix(begin))
    return value


def _forget_result(function: Callable[[], str]) -> None:
    """Have a function of matplotlib's compute again what it computes once."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    for name, cell in cells:
        if name == "called":  # by the decorator that keeps its result
            cell.cell_contents = False
