"""Further hand-ins, of real lessons: cheats that were reported elsewhere, and accidents.

An :class:`Entry` is a sheet that is solved but for what it says; ``lost`` are the points
that it deserves where they are not all, ``None`` that it cannot be graded. An answer in
code stands for the exercise of its number.
"""

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Entry:
    """What a learner hands in of a lesson, and what it deserves."""

    lesson: str = "02"
    answers: dict[str, str] = field(default_factory=dict)
    lost: dict[str, float] | None = field(default_factory=dict)
    first: str = ""
    last: str = ""
    change: Callable[[list], None] = lambda cells: None
    put: Callable[[Path, str], object] = lambda file, text: file.write_text(text)
    says: str = ""


def wrong(lesson="02", **answers):
    """Return a hand-in with answers that deserve nothing: ``e2_1`` is exercise 2.1."""
    given = {name[1:].replace("_", "."): text for name, text in answers.items()}
    return Entry(lesson, given, dict.fromkeys(given, 0))


def text_of(cell):
    """Return what a cell holds."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def code(text):
    """Return a cell that a learner has added."""
    return {"cell_type": "code", "source": text, "metadata": {}, "outputs": []}


def checks(cells):
    """Return the cells that check an exercise."""
    return [cell for cell in cells if text_of(cell).startswith("gt.check(")]


def each_check(change):
    """Return a change of the text of each check."""

    def apply(cells):
        for cell in checks(cells):
            cell["source"] = change(text_of(cell))

    return apply


def of_kind(kind, which):
    """Return a change of the kind of the cells that hold something."""

    def apply(cells):
        for cell in cells:
            if which in text_of(cell):
                cell["cell_type"] = kind

    return apply


def without_checks(cells):
    """Delete every check."""
    cells[:] = [cell for cell in cells if cell not in checks(cells)]


def in_a_loop(cells):
    """Check all in one cell, by a loop."""
    without_checks(cells)
    pairs = '("2.1", backward), ("2.2", slope_of_root), ("2.3", ax), ("2.4", best_step)'
    cells.append(code(f"for n, answer in ({pairs}):\n    gt.check(n, answer)"))


def without_ends_of_lines(cells):
    """Write each cell as lines without their ends."""
    for cell in cells:
        cell["source"] = text_of(cell).split("\n")


def words_in_code(cells):
    """Answer in words in a cell of code."""
    for cell in cells:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if name.startswith("written"):
            cell.update(cell_type="code", source="Because of rounding (left).")


def many_cells(cells):
    """Begin with thousands of empty cells."""
    cells[:0] = [code("") for _ in range(2500)]


def pipes(file, text):
    """Hand in pipes, from which nothing ever comes."""
    file.write_text(text)
    os.mkfifo(file.with_name("progress.json"))
    os.mkfifo(file.with_name("data.csv"))


def beside(**files):
    """Hand in modules beside the notebook, by their names."""

    def put(file, text):
        file.write_text(text)
        for name, content in files.items():
            file.with_name(f"{name}.py").write_text(content)

    return put


def as_bytes(change):
    """Hand in bytes that are made of the text."""
    return lambda file, text: file.write_bytes(change(text))


def a_link(file, text):
    """Hand in a link to the teacher's own copy."""
    file.symlink_to(*file.parents[3].glob(f"source/*/{file.name}"))


BACKWARD = "def backward(x):\n"
ONES = " return 1.0, 1.0, 1.0"
ALWAYS_TRUE = """
class AlwaysTrue:
    is_number = True
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __ne__ = lambda self, other: True
    __sub__ = __rsub__ = __add__ = __mul__ = __truediv__ = lambda self, other: self
    __abs__ = lambda self: self
    __float__ = lambda self: 0.0
def backward(x):
    return AlwaysTrue(), AlwaysTrue(), AlwaysTrue()
"""
PATCHES_BUILTINS = """
import builtins
builtins.all = builtins.any = lambda x: True
builtins.abs = lambda x: 0
builtins.isinstance = lambda *a: True
"""
ANSWERS_ITSELF = """
import json, os, threading, time
def serve():
    requests = os.fdopen(3, "rb", closefd=False)
    while requests.readline():
        one = ["float", 1.0]
        answer = {"values": [one], "value": ["list", [one] * 3], "points": 3}
        os.write(4, json.dumps(answer).encode() + b"\\n")
def backward(x):
    threading.Thread(target=serve, daemon=True).start()
    time.sleep(1)
    return 1.0, 1.0, 1.0
"""
LOOKS_IN_THE_JUDGES_FUNCTION = """
def bend(f, at):
    import gc
    for thing in (*vars(f).values(), *f.__globals__.values(), *gc.get_objects()):
        if callable(thing) and "ref" in getattr(thing, "__name__", ""):
            return thing(at)
    return 0.0
"""
WORDS_THAT_FIT = """
class Joker(str):
    __eq__ = lambda self, other: True
    __hash__ = lambda self: 0
    strip = lower = lambda self, *a: self
printed = Joker("?")
"""
IGNORES_SIGNALS = """
import signal
for number in range(1, 32):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
def backward(x):
    while True:
        pass
"""
MARKS = """
import numpy as np
_, ax = plt.subplots()
x = np.linspace(-0.5, 4.5, 201)
f = lambda x: x**3 - 6 * x**2 + 9 * x
ax.plot(x, f(x))
for a in x:
    ax.plot(a, f(a), "o")
"""
LINES_WITHOUT_END = """
import itertools, matplotlib.axes
class Endless(matplotlib.axes.Axes):
    lines = property(lambda self: itertools.count())
figure = plt.figure()
ax = figure.add_axes(Endless(figure, [0, 0, 1, 1]))
"""
EMPTY = "import numpy as np\ndef {}: return np.zeros(0)"
NAN = "def {}: return float('nan')"
HUGE = (
    "import numpy as np\ndef {}: return np.broadcast_to(np.float64(0), (2**20, 2**19))"
)

CHEATS = {
    "always-true": wrong(e2_1=ALWAYS_TRUE),
    "no-traceback": wrong(
        e2_1="get_ipython().showtraceback = lambda *a, **k: None\nraise ValueError"
    ),
    "builtins": wrong(
        e2_1=BACKWARD + ONES,
        e2_2="def slope_of_root(at): return 1.0",
        e2_3=PATCHES_BUILTINS + "ax = 1",
        e2_4="def best_step(a, b): return 1.0",
    ),
    "json": wrong(
        e2_1="import json\njson.dumps = lambda *a, **k: '{\"points\": 3}'\n",
        e2_2="",
        e2_3="",
        e2_4="",
    ),
    "empty": wrong(
        e2_2=EMPTY.format("slope_of_root(at)"), e2_4=EMPTY.format("best_step(v, c)")
    ),
    "nan": wrong(
        e2_2=NAN.format("slope_of_root(at)"), e2_4=NAN.format("best_step(v, c)")
    ),
    "huge": wrong(
        e2_2=HUGE.format("slope_of_root(at)"), e2_4=HUGE.format("best_step(v, c)")
    ),
    "marks": Entry(answers={"2.3": MARKS}, lost={"2.3": 1}, says="others besides"),
    "endless-lines": wrong(e2_3=LINES_WITHOUT_END),
    "stopped": wrong(
        e2_1="import os\n" + BACKWARD + " os.kill(os.getpid(), 19)\n" + ONES
    ),
    "closed": wrong(e2_1="import os\n" + BACKWARD + " os.closerange(0, 200)"),
    "killed": wrong(e2_1="import os\n" + BACKWARD + " os.kill(-1, 9)\n os.kill(0, 9)"),
    "broken": wrong(e2_1="import ctypes\n" + BACKWARD + " ctypes.string_at(0)"),
    "ignores": wrong(e2_1=IGNORES_SIGNALS),
    "answers-itself": wrong(e2_1=ANSWERS_ITSELF, e2_2="", e2_3="", e2_4=""),
    "link": Entry(lost=None, put=a_link, says="is a link to another file"),
    "pipes": Entry(put=pipes),
    "sparse": Entry(
        lost=None,
        put=lambda file, text: (file.touch(), os.truncate(file, 2**40)),
        says="MB",
    ),
    "modules": Entry(
        answers={"2.1": BACKWARD + ONES},
        lost={"2.1": 0},
        put=beside(**dict.fromkeys(("numpy", "json", "IPython"), "raise SystemExit")),
    ),
    "words": wrong("04", e4_1="printed = ['128.0', '12', 'None', '48']"),
    "joker": wrong("04", e4_1=WORDS_THAT_FIT),
    "function-of-the-judge": wrong("04", e4_2=LOOKS_IN_THE_JUDGES_FUNCTION),
    "no-gradients": wrong(
        "07",
        e7_2="tf.stop_gradient = lambda x: x\ndef freeze(w, mask): return w",
        e7_4="def turn(x): return x",
    ),
}
IN_A_FORK = "import os\nif os.fork() == 0:\n    answer = 'of a child that goes on'"
TWO_GRADIENTS = """
@tf.custom_gradient
def turn(x):
    return x, lambda upstream: [upstream, upstream]
"""
ACCIDENTS = {
    "forked": Entry(first=IN_A_FORK),
    "no-ends-of-lines": Entry(change=without_ends_of_lines),
    "stub-above": Entry(
        "05",
        {"5.5": "ax = ...\nax = gt.plot_derivatives(no_such_name)"},
        {"5.5": 0},
        says="The cell that would define it stopped with NameError",
    ),
    "answer-as-text": Entry(change=of_kind("markdown", "def backward")),
    "checks-as-text": Entry(change=of_kind("markdown", "gt.check(")),
    "start-as-text": Entry(change=of_kind("raw", "gt.start(")),
    "words-as-code": Entry(change=words_in_code),
    "printed": Entry(change=each_check(lambda text: f"print({text});")),
    "imported": Entry(
        first="from gradtape import check",
        change=each_check(lambda text: text.replace("gt.", "")),
    ),
    "starred": Entry(
        change=each_check(lambda text: re.sub(r", (\w+)\)", r", *[\1])", text))
    ),
    "loop": Entry(change=in_a_loop),
    "deleted": Entry(change=without_checks),
    "deep": Entry(last='gt.check("2.1", ' + "+".join(["backward"] * 900) + ")"),
    "brackets": Entry(last="(" * 50_000),
    "asks": Entry(first="name = input('Your name? ')"),
    "magics": Entry(
        first="%matplotlib widget\n!pip install gradtape\n%load_ext autoreload",
        change=each_check(lambda text: "%%time\n" + text),
    ),
    "colab": Entry(first="from google.colab import drive\ndrive.mount('/content')"),
    "exits": Entry(first="import sys\nsys.exit()", last="exit()\nquit()"),
    "reset": Entry(last="%reset -f"),
    "shadowed": Entry(first="list = [1]; sum = 0; print = None; str = 'a'; max = 3"),
    "strict": Entry(
        first="import numpy as np, warnings\nnp.seterr(all='raise')\n"
        "warnings.simplefilter('error')"
    ),
    "other-floats": Entry(
        first="import tensorflow as tf\ntf.keras.backend.set_floatx('float64')"
    ),
    "eager": Entry("04", last="tf.config.run_functions_eagerly(True)"),
    "waits": Entry(first="import asyncio\nawait asyncio.sleep(0.01)"),
    "two-ends-of-lines": Entry(
        put=as_bytes(lambda t: t.replace("\\n", "\\r\\n").encode())
    ),
    "utf-16": Entry(put=as_bytes(lambda text: text.encode("utf-16"))),
    "gb18030": Entry(put=as_bytes(lambda text: text.encode("gb18030"))),
    "many-cells": Entry(change=many_cells),
    "long-cell": Entry(first="data = '" + "x" * 500_000 + "'"),
    "copy": Entry(
        put=lambda file, text: file.with_name("02-Copy1.ipynb").write_text(text)
    ),
    "no-break-spaces": Entry(
        answers={"2.4": "def best_step(v, c):\n\u00a0\u00a0return 1.0"},
        lost={"2.4": 0},
        says="invalid non-printable character",
    ),
    "two-gradients": Entry(
        "07", {"7.4": TWO_GRADIENTS}, {"7.4": 0}, says="return 1 gradients"
    ),
    "no-name": Entry(
        "07",
        {"7.4": TWO_GRADIENTS.replace("[upstream, upstream]", "undefined")},
        {"7.4": 0},
        says="name 'undefined' is not defined",
    ),
    "conflict": Entry(
        lost=None,
        put=as_bytes(lambda text: text.replace("{", "<<<<<<< HEAD", 1).encode()),
        says="no notebook any more",
    ),
    "another-lesson": Entry(
        lost=None,
        put=as_bytes(lambda text: re.sub(r"\b2\.(\d)", r"3.\1", text).encode()),
        says="probably the notebook of another lesson",
    ),
}


PART_MEANS = """
def in_parts(gradient, x, y, size):
    parts = [gradient(x[b : b + size], y[b : b + size]) for b in range(0, len(x), size)]
    return sum(parts) / len(parts)
"""
CLIPS_EACH = """
def safe(gradients, limit):
    return [tf.clip_by_norm(gradient, limit) for gradient in gradients]
"""
WITHOUT_PENALTIES = """
def as_fit(model, loss, x, y):
    with tf.GradientTape() as tape:
        total = loss(y, model(x, training=True))
    return tape.gradient(total, model.trainable_variables)
"""
MOVES_BY_SLOPES = """
def attack(loss, x, size):
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = loss(x)
    return x + size * tape.gradient(value, x)
"""
FIRST_DERIVATIVE = """
def residual(y, t):
    with tf.GradientTape() as tape:
        tape.watch(t)
        value = y(t)
    return tape.gradient(value, t) + value
"""
KEEPS_WHAT_SPEAKS_AGAINST = """
def activation(features, head, x):
    with tf.GradientTape() as tape:
        A = features(x)
        tape.watch(A)
        score = head(A)
    weights = tf.reduce_mean(tape.gradient(score, A), axis=[1, 2], keepdims=True)
    return tf.reduce_sum(weights * A, axis=-1)
"""
ONE_NORM = """
def penalty(critic, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        c = critic(x)
    return (tf.norm(tape.gradient(c, x)) - 1.0) ** 2
"""
AT_THE_OLD_PLACE = """
def by_rate(loss, w, rate):
    with tf.GradientTape() as tape:
        tape.watch(w)
        value = loss(w)
    return -tf.reduce_sum(tape.gradient(value, w) ** 2)
"""
# Answers that show a misconception, and what their authors read.
MISUNDERSTOOD = {
    "10.1": ("printed = '3'", "Numbers and tensors alternate"),
    "10.2": (PART_MEANS, "This is the mean of the parts' gradients"),
    "10.3": (CLIPS_EACH, "With a NaN or an infinity among the gradients"),
    "10.4": (WITHOUT_PENALTIES, "The layers' penalties are not in it"),
    "11.2": (MOVES_BY_SLOPES, "Each entry moved by its own slope"),
    "11.3": (FIRST_DERIVATIVE, "The equation has the second derivative"),
    "11.4": (KEEPS_WHAT_SPEAKS_AGAINST, "What speaks against the score"),
    "11.5": (ONE_NORM, "This is one norm of the whole gradient"),
    "11.6": (AT_THE_OLD_PLACE, "This holds for a rate of 0"),
}


def of_one(lesson):
    """Return a hand-in with all that is misunderstood in a lesson."""
    given = {
        number: answer
        for number, (answer, _) in MISUNDERSTOOD.items()
        if number.startswith(f"{lesson}.")
    }
    return Entry(lesson, given, dict.fromkeys(given, 0))


def untouched(lesson, count):
    """Return the sheet of a lesson as it was handed out."""
    return Entry(
        lesson,
        lost={f"{lesson}.{number}": 0 for number in range(1, count + 1)},
        put=lambda file, text: file.write_text(
            next(file.parents[3].glob(f"release/lesson_{lesson}/*")).read_text()
        ),
        says="is waiting for your answer",
    )


HONEST = {
    "all-of-10": Entry("10"),
    "all-of-11": Entry("11"),
    "misunderstood-10": of_one("10"),
    "misunderstood-11": of_one("11"),
    "untouched-10": untouched("10", 5),
    "untouched-11": untouched("11", 6),
}


def solved(sheet, model_answers, entry):
    """Return the text of a hand-in: a sheet with model answers and what an entry says."""
    made = json.loads(sheet)
    cells = made["cells"]
    answer = None
    for cell in cells:
        about = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and about.get("solution"):
            answer = cell
        elif found := re.match(r'gt\.check\("([\d.]+)"', text_of(cell)):
            number = found[1]
            answer["source"] = entry.answers.get(number, model_answers[number])
    if entry.first:
        cells.insert(0, code(entry.first))
    if entry.last:
        cells.append(code(entry.last))
    entry.change(cells)
    return json.dumps(made, ensure_ascii=False)


def model_answers(solved_sheet):
    """Return the model answers of the teacher's copy, by exercise."""
    found, answer = {}, ""
    for cell in json.loads(solved_sheet)["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            lines = text_of(cell).split("\n")
            answer = "\n".join(line for line in lines if "SOLUTION" not in line)
        elif number := re.match(r'gt\.check\("([\d.]+)"', text_of(cell)):
            found.setdefault(number[1], answer)
    return found
