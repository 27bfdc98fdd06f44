"""What a tape recorded, drawn and explained; a drawing alone needs matplotlib."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "diagnosis.diagnosis": ["Diagnosis"],
        "drawing.drawing": ["draw_tape"],
        "diagnosis.explain": ["explain_gradient"],
        "record.record": ["record"],
    },
)
