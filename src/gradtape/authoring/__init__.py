"""From the source of a lesson to its two notebooks, executed.

A lesson is written once, prose in two languages side by side, and built with
:func:`build`: read (``source``), judged as it stands (``rules``, ``twins``), split by
language (``split``), executed (``execute``, ``traces``), then written or compared with
what is committed (``check``).
"""

import lazy_loader as _lazy

# A learner's `gradtape run` needs `execute`, and has not what reads sources.
__getattr__, __dir__, __all__ = _lazy.attach(
    __name__, submod_attrs={"pipeline": ["build"], "problem": ["Problem"]}
)
