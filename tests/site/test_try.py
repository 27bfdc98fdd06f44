"""The page for a function of one's own: TensorFlow.js agrees with the library."""

import json
import random
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import gradtape as gt
from gradtape.site.layout import TENSORFLOW_JS

ROOT = Path(__file__).parents[2]
POINTS = [-1.7, -0.6, 0.3, 0.9, 1.6, 2.3]
ONE = [
    "sin",
    "cos",
    "tanh",
    "exp",
    "sigmoid",
    "softplus",
    "square",
    "sinh",
    "cosh",
    "atan",
    "relu",
    "abs",
    "log",
    "sqrt",
]
IN_TENSORFLOW = {
    **{name: getattr(tf, name) for name in ("sin", "cos", "tanh", "exp", "square")},
    **{name: getattr(tf, name) for name in ("sigmoid", "sinh", "cosh", "atan", "abs")},
    "softplus": tf.nn.softplus,
    "relu": tf.nn.relu,
    "log": tf.math.log,
    "sqrt": tf.sqrt,
    "maximum": tf.maximum,
    "minimum": tf.minimum,
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("node") is None or not (ROOT / TENSORFLOW_JS).is_file(),
        reason="needs Node.js, and npm install",
    ),
]


def formula(draw, depth):
    """Return a random formula of x."""
    if depth == 0 or draw.random() < 0.12:
        return draw.choice(["x", "x", "x", f"{draw.uniform(0.3, 3):.2f}"])
    inside = formula(draw, depth - 1)
    if not depends(inside):  # Python would compute it in another precision.
        inside = f"({inside} + x)"
    kind = draw.random()
    if kind < 0.45:
        return f"{draw.choice(ONE)}({inside})"
    if kind < 0.6:
        return f"({inside})**{draw.choice([2, 3])}"
    if kind < 0.66:
        return f"-({inside})"
    sign = draw.choice([" + ", " - ", "*", "/"])
    return f"({inside}{sign}{formula(draw, depth - 1)})"


def depends(written):
    """Tell whether x stands in a formula, and not only in a name."""
    return re.search(r"\bx\b", written) is not None


def asked(questions):
    """Return what the page's script answers."""
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("expressions.mjs")), str(ROOT)],
        input=json.dumps(questions),
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(done.stdout)


def test_two_hundred_random_functions_agree_with_the_library():
    draw = random.Random(1)
    formulas = []
    while len(formulas) < 200:
        written = formula(draw, 3)
        if depends(written):
            formulas.append(written)
    answers = asked([{"formula": each, "points": POINTS} for each in formulas])
    compared, wrong = 0, []
    for written, answer in zip(formulas, answers, strict=True):
        f = eval(f"lambda x: {written} + 0 * x", dict(IN_TENSORFLOW))
        exact = gt.derivatives(f, tf.constant(POINTS, tf.float64)).numpy()
        rounded = gt.derivatives(f, tf.constant(POINTS, tf.float32)).numpy()
        rows = np.array(answer["rows"], float)
        # Where float32 itself loses the digits there is nothing to compare.
        room = 1e-3 * (1 + np.abs(exact))
        with np.errstate(invalid="ignore"):
            sound = np.isfinite(exact) & (np.abs(rounded - exact) < room / 4)
        off = np.abs(rows - exact) > room
        compared += int(sound.sum())
        if (sound & (off | ~np.isfinite(rows))).any():
            wrong.append((written, rows.tolist(), exact.tolist()))
        slopes = np.array(answer["slopes"], float)
        if (sound[1] & (np.abs(slopes - exact[1]) > 2 * room[1])).any():
            wrong.append((written, "tape", slopes.tolist(), exact[1].tolist()))
    assert wrong == []
    assert compared > 2000


@pytest.mark.parametrize(
    ("written", "kind", "what"),
    [
        ("", "empty", ""),
        ("2x", "after", "x"),
        ("x +", "end", ""),
        ("(x", "bracket", ""),
        ("x)", "bracket", ")"),
        ("sin x", "call", "sin"),
        ("sn(x)", "name", "sn"),
        ("y**2", "name", "y"),
        ("x $ 2", "sign", "$"),
        ("* x", "operand", "*"),
        ("maximum(x)", "count", "maximum"),
    ],
)
def test_what_cannot_be_read_is_said(written, kind, what):
    (answer,) = asked([{"formula": written, "points": [1.0]}])
    assert (answer.get("refused"), answer.get("what")) == (kind, what)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("-x**2", -4.0),
        ("2**-x", 0.25),
        ("2**3**x", 512.0),
        ("6/x*3", 9.0),
        ("-4.9*x^2 + 1e1", -9.6),
        ("tf.math.square(x) - np.pi", 4 - np.pi),
    ],
)
def test_formulas_mean_what_python_means(written, value):
    (answer,) = asked([{"formula": written, "points": [2.0]}])
    assert answer["rows"][0][0] == pytest.approx(value, rel=1e-6)
