"""Whether two runs of a cell gave the same outputs, numbers within a tolerance.

Two machines agree on what a lesson shows, not on its last digits: processors and
graphics cards round differently, and so do versions of TensorFlow. So the words must be
the same, whole numbers must be the same, and other numbers may differ a little.
Pictures are compared by their description in words and numbers, not by their pixels.

``shown`` reduces an output to what a reader sees of it, ``texts`` compares two such
texts, ``numbers`` two numbers in them; ``settings`` reads what a notebook, a cell or a
tag asks for.
"""

from gradtape.regression.outputs.numbers import ATOL, RTOL
from gradtape.regression.outputs.settings import settings, tolerance
from gradtape.regression.outputs.shown import compare_outputs
from gradtape.regression.outputs.texts import compare_texts

__all__ = ["ATOL", "RTOL", "compare_outputs", "compare_texts", "settings", "tolerance"]
