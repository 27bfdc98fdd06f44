"""Pages that need no kernel: a tape or a slider as one file, and the course's site."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__, submod_attrs={"page": ["save_html"]}
)
