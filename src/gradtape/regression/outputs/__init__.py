"""Whether two runs of a cell gave the same outputs, as a reader sees them.

Two machines agree on what a notebook shows, not on its last digits: processors and
graphics cards round differently, and so do versions of a library. So the words must be
the same, whole numbers must be the same, other numbers may differ a little, and two
pictures must be the same to the eye.

``shown`` tells what a reader sees, ``compare`` compares it form by form: ``texts`` and
``numbers`` in them, ``markup``, ``structured`` data, ``pictures`` and the ``lettering`` in
them, ``widgets``.
``machine`` knows what belongs to the machine, by the forms in ``recognised``; ``settings`` reads what a notebook, a
cell or a tag asks for; ``traces`` finds what must not stay in an output.
"""

from .compare import Context, Difference, compare_outputs
from .machine import Machine
from .numbers import ATOL, RTOL
from .settings import read_settings, settings, tolerance, typed_wrong
from .texts import compare_texts

__all__ = [
    "ATOL",
    "RTOL",
    "Context",
    "Difference",
    "Machine",
    "compare_outputs",
    "compare_texts",
    "read_settings",
    "settings",
    "tolerance",
    "typed_wrong",
]
