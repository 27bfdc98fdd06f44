"""What every notebook stores, disturbed: a little stays green, more turns red.

Nothing is run. Each number with a decimal point is multiplied by a factor and printed
again as it was printed, or with as many digits as float32 has where it ended before.
"""

import math
from pathlib import Path

import nbformat
import pytest

from gradtape.regression.outputs import compare_texts, tolerance
from gradtape.regression.outputs.numbers import RTOL, numbers_in
from gradtape.regression.outputs.shown import shown

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
_DIGITS_OF_FLOAT32 = 9
_DIGITS_OF_A_FORMAT = 4


def printed(number, value):
    """Print a value as a number is printed."""
    if number.text.endswith("j"):
        sign = "+" if number.text.startswith("+") else ""
        return f"{value:{sign}.{_DIGITS_OF_FLOAT32}g}j"
    mantissa, _, exponent = number.text.lower().partition("e")
    form = "e" if exponent else "f"
    decimals = len(mantissa.partition(".")[2])
    if number.digits < _DIGITS_OF_A_FORMAT or number.ends_there:
        return f"{value:.{_DIGITS_OF_FLOAT32}g}"
    return f"{value:.{decimals}{form}}"


def disturbed(text, factor):
    """Multiply every number of a text that is not whole."""
    pieces, end = [], 0
    for number in numbers_in(text):
        if number.is_whole or not math.isfinite(number.value) or number.value == 0:
            continue
        pieces += [text[end : number.start], printed(number, number.value * factor)]
        end = number.start + len(number.text)
    return "".join([*pieces, text[end:]])


def texts(path):
    """Give the texts of a notebook's outputs with what their cells allow."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            allowed = tolerance(cell.metadata.get("tags", []))
            for output in shown(cell.outputs):
                if output.kind not in ("error", "stderr"):
                    yield cell.id, output.text, allowed


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: "/".join(path.parts[-3:]))
def test_a_relative_1e_6_is_green_and_1e_3_is_red(path):
    outputs = list(texts(path))
    assert outputs
    for name, text, allowed in outputs:
        rtol = allowed.get("rtol", RTOL)
        if rtol >= RTOL:  # where a third shows its float64, a cell asks for more digits
            for factor in (1 + 1e-6, 1 - 1e-6):
                assert compare_texts(text, disturbed(text, factor), **allowed) == [], (
                    name
                )
        for factor in (1 + 1e-3, 1 - 1e-3):
            new = disturbed(text, factor)
            if _must_differ(text, new) and rtol < 1e-3:
                assert compare_texts(text, new, **allowed), (name, text)


def _must_differ(text, new):
    """Tell whether some number moved by more than the last digit that it is printed with."""
    pairs = zip(numbers_in(text), numbers_in(new), strict=True)
    return any(
        abs(old.value - moved.value) > 1.5 * min(old.unit, moved.unit)
        for old, moved in pairs
        if not old.is_whole
    )
