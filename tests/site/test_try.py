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
    "erf",
    "gelu",
    "silu",
    "elu",
    "leaky_relu",
]
IN_TENSORFLOW = {
    **{name: getattr(tf, name) for name in ("sin", "cos", "tanh", "exp", "square")},
    **{name: getattr(tf, name) for name in ("sigmoid", "sinh", "cosh", "atan", "abs")},
    **{name: getattr(tf.nn, name) for name in ("softplus", "relu", "gelu", "silu")},
    **{name: getattr(tf.nn, name) for name in ("elu", "leaky_relu")},
    "erf": tf.math.erf,
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
    if kind < 0.64:
        return f"-({inside})"
    if kind < 0.68:
        return f"({draw.choice(['2', '0.5', inside])})**({inside})"
    if kind < 0.74:
        name, other = draw.choice(["maximum", "minimum"]), formula(draw, depth - 1)
        return f"{name}({inside}, {other})"
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
        as_python = eval(f"lambda x: {answer['python']} + 0 * x", {"tf": tf})
        same = gt.derivatives(as_python, tf.constant(POINTS, tf.float64)).numpy()
        np.testing.assert_allclose(same, exact, rtol=1e-5, err_msg=answer["python"])
        rounded = gt.derivatives(f, tf.constant(POINTS, tf.float32)).numpy()
        rows = np.array(answer["rows"], float)
        # Where float32 itself loses the digits there is nothing to compare.
        room = 1e-3 * (1 + np.abs(exact))
        with np.errstate(invalid="ignore"):
            sound = np.isfinite(exact) & (np.abs(rounded - exact) < room / 4)
        sound &= np.isfinite(exact[0])  # where f has no value, it has no derivative
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
        ("x2", "after", "2"),
        ("x +", "end", ""),
        ("(x", "bracket", ""),
        ("x)", "bracket", ")"),
        ("|x", "bracket", ""),
        ("sin", "call", "sin"),
        ("sn(x)", "name", "sn"),
        ("x.sin()", "name", "x.sin"),
        ("y**2", "variable", "y"),
        ("5x^2 y", "variable", "y"),
        ("x $ 2", "sign", "$"),
        ("* x", "operand", "*"),
        ("maximum(x)", "count", "maximum(x, 2)"),
        ("log(x, 2)", "count", "log(x)"),
        ("1,5x", "comma", ","),
        ("（x，1）", "comma", ""),
        (r"\frac{1}{x}", "latex", "\\"),
        ("x + 1 = 0", "equation", "="),
        ("sin^-1 x", "inverse", "sin"),
        ("sin⁻¹(x)", "inverse", "sin"),
        ("(" * 600, "long", 500),
    ],
)
def test_what_cannot_be_read_is_said(written, kind, what):
    (answer,) = asked([{"formula": written, "points": [1.0]}])
    assert (answer.get("refused"), answer.get("what")) == (kind, what)


@pytest.mark.parametrize(
    ("written", "python"),
    [
        ("2x", "2*x"),
        ("3x²－2x＋1", "3*x**2 - 2*x + 1"),
        ("（x＋1）（x－1）", "(x + 1)*(x - 1)"),
        ("y = x(x + 1)", "x*(x + 1)"),
        ("f(x) = 1/(1+e^-x)", "1/(1 + tf.exp(-x))"),
        ("lambda x: x**2", "x**2"),
        ("sin^2 x", "tf.sin(x)**2"),
        ("sin²(x)", "tf.sin(x)**2"),
        ("sin 2x cos x", "tf.sin(2*x)*tf.cos(x)"),
        ("xsinx", "x*tf.sin(x)"),
        ("e^(-x²)", "tf.exp(-x**2)"),
        ("|x|", "tf.abs(x)"),
        ("|x-1||x+1|", "tf.abs(x - 1)*tf.abs(x + 1)"),
        ("2|sin x|", "2*tf.abs(tf.sin(x))"),
        ("√(1-x²)", "tf.sqrt(1 - x**2)"),
        ("ln x", "tf.math.log(x)"),
        ("lg x", "tf.math.log(x)/2.3025851"),
        ("log₂(x)", "tf.math.log(x)/0.69314718"),
        ("cos(2πx)", "tf.cos(2*3.1415927*x)"),
        ("arctan x", "tf.atan(x)"),
        ("tg x", "tf.tan(x)"),
        ("½x", "1/2*x"),
        ("x⁻¹", "x**-1"),
        ("x–1", "x - 1"),
        ("2·x", "2*x"),
        ("Sin[X]", "tf.sin(x)"),
        ("max(x, 0)", "tf.maximum(x, 0)"),
        ("swish(x)", "tf.nn.silu(x)"),
        ("x*sqrt(2)", "x*tf.sqrt(2.0)"),
        ("(x-1)-(x-2)", "x - 1 - (x - 2)"),
        ("(2^x)^2", "(2**x)**2"),
        ("(-x)^2", "(-x)**2"),
    ],
)
def test_what_people_type_is_read_and_shown_as_python(written, python):
    (answer,) = asked([{"formula": written, "points": [0.5]}])
    assert answer.get("python") == python


@pytest.mark.parametrize("written", ["2**x", "x**x", "min(x, x**2)", "max(x, 1)**2"])
def test_second_derivatives_are_there_for_every_operation(written):
    (answer,) = asked([{"formula": written, "points": POINTS}])
    f = eval(f"lambda x: {answer['python']}", {"tf": tf})
    x = tf.constant([p for p in POINTS if p > 0], tf.float64)
    exact = gt.derivatives(f, x).numpy()
    rows = np.array([row[2:] for row in answer["rows"]], float)
    np.testing.assert_allclose(rows, exact, rtol=1e-4, atol=1e-5)


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
