"""Give a thread back to the profiler that watched it before."""

from __future__ import annotations

import sys
from typing import Any


def restore_profiler(before: Any) -> None:
    """Have a thread watched again by what ``sys.getprofile`` gave before.

    Up to Python 3.11 that may be a ``cProfile.Profile``, which is no function:
    ``sys.setprofile`` would take it, and every call would fail.
    """
    if hasattr(before, "enable"):
        before.enable()
    else:
        sys.setprofile(before)
