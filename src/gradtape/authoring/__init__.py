"""From the source of a lesson to its two notebooks, executed.

A lesson is written once, prose in two languages side by side, and built with
:func:`build`: read (``source``), judged as it stands (``rules``, ``twins``), split by
language (``split``), executed (``execute``, ``traces``), then written or compared with
what is committed (``check``).
"""

from gradtape.authoring.pipeline import build
from gradtape.authoring.problem import Problem

__all__ = ["Problem", "build"]
