"""What a class hands in: honest work, damaged notebooks, cheats and attacks.

Each entry is a function of the sheet that was handed out, and returns the text of the
file. ``RIGHT`` of them deserve all points of the checks, ``NOTHING`` of them none.
"""

import nbformat

BY_HAND = """
def backward(x):
    dy_db = tf.exp(-(x**2))
    return dy_db, -dy_db, -2.0 * x * dy_db
"""
WITH_NOISE = """
import os
def backward(x):
    os.write(2, b"a library complains\\n")
    x = tf.Variable(x)
    y = tf.exp(-tf.square(x))
    back = [y]
    for local in (-1.0, 2.0 * x):
        back.append(back[-1] * local)
    return back
"""
DRAWN = """
import sys
figure = plt.figure()
ax = figure.add_subplot()
grid = [i / 100 for i in range(-60, 461)]
ax.plot(grid, [g * (g - 3) ** 2 for g in grid], "k--")
ax.scatter([3.0, 1.0], [0.0, 4.0])
plt.show()
print("a warning of the learner's own", file=sys.stderr)
"""
CURVE_ALONE = """
_, ax = plt.subplots()
grid = tf.linspace(-0.5, 4.5, 100)
ax.plot(grid, grid * (grid - 3) ** 2)
"""
HARD_CODED = """
def backward(x):
    return 0.36788, -0.36788, -0.73576
"""
CHECK = 'gt.check("2.1", backward)'


def notebook(sheet):
    return nbformat.reads(sheet, as_version=4)


def answers(made):
    """Return the cells for answers: function, confirmation, figure, words."""
    return [
        cell for cell in made.cells if cell.metadata.get("nbgrader", {}).get("solution")
    ]


def place_of(made, text):
    return next(i for i, cell in enumerate(made.cells) if text in cell.source)


def code(text, **metadata):
    return nbformat.v4.new_code_cell(text, metadata=metadata)


def filled_in(function=None, confirmation=None, figure=None, words=None, first=None):
    """Return an entry: the sheet with answers in their places, and a cell before all."""

    def make(sheet):
        made = notebook(sheet)
        given = (function, confirmation, figure, words)
        for cell, answer in zip(answers(made), given, strict=True):
            cell.source = cell.source if answer is None else answer
        if first is not None:
            made.cells.insert(0, code(first))
        return nbformat.writes(made)

    return make


def changed(change):
    """Return an entry: the sheet solved, then changed."""

    def make(sheet):
        made = notebook(filled_in(BY_HAND, "", DRAWN, "Words.")(sheet))
        change(made)
        return nbformat.writes(made, version=4)

    return make


def copied(made):
    """Every cell twice, as by C and V."""
    made.cells = [each for cell in made.cells for each in (cell, cell)]


def merged(made):
    """All code in one cell, which has the name of the first."""
    cells = [cell for cell in made.cells if cell.cell_type == "code"]
    first = cells[0]
    first.source = "\n\n".join(cell.source for cell in cells)
    made.cells = [c for c in made.cells if c is first or c.cell_type != "code"]


def split_up(made):
    """The first answer in two cells, both with its name."""
    place = place_of(made, "def backward")
    cell = made.cells[place]
    made.cells[place : place + 1] = [code("import math", **cell.metadata), cell]


def stripped(made):
    """All that was locked is deleted; what was named has no name; another kernel."""
    made.cells = [
        cell
        for cell in made.cells
        if not cell.metadata.get("nbgrader", {}).get("locked")
    ]
    for cell in made.cells:
        cell.metadata.clear()
        cell.id = cell.id[::-1][:20]
    made.metadata = {"kernelspec": {"name": "ir", "display_name": "R"}}


def turned_round(made):
    """The figure's exercise comes before the function's."""
    start = place_of(made, "gt.start")
    made.cells[start + 1 :] = made.cells[start + 1 :][::-1]
    here, there = place_of(made, "def backward"), place_of(made, CHECK)
    cells = made.cells
    cells[here], cells[there] = cells[there], cells[here]
    here, there = place_of(made, "plt.figure"), place_of(made, 'gt.check("2.3"')
    cells[here], cells[there] = cells[there], cells[here]


def huge(made):
    """An output of 20 MB, and a cell that writes 200 MB."""
    output = nbformat.v4.new_output("stream", text="x" * (20 * 2**20))
    made.cells[place_of(made, CHECK)].outputs = [output]
    made.cells.insert(3, code("print('x' * 200_000_000)"))


def pasted(made):
    """An answer in two cells, a huge output, and every cell twice."""
    split_up(made)
    huge(made)
    copied(made)


def left_over(made):
    """The answers alone, in another order, in a notebook of another kernel."""
    turned_round(made)
    stripped(made)


RIGHT = {
    "by-hand": filled_in(BY_HAND, "", DRAWN, "Because there is no h."),
    "with-noise": filled_in(WITH_NOISE, "backward(1.0)", DRAWN, "因为没有 h。"),
    "pasted": changed(pasted),
    "merged": changed(merged),
    "left-over": changed(left_over),
}

# Cheats. Each is tried with a wrong answer beside it.

INTERACTIVITY = """
from IPython.core.interactiveshell import InteractiveShell
InteractiveShell.ast_node_interactivity = "{}"
get_ipython().ast_node_interactivity = "{}"
"""
PATCHED = """
import sys
import numpy as np
import gradtape
from gradtape.exercises import card, checking, comparing, exercise, stages
card.Card.__bool__ = lambda self: True
comparing.close = lambda *args: True
comparing.same_function = lambda *args, **options: None
np.allclose = lambda *args, **options: True
np.exp = lambda x: np.float64(0.0)
checking.check = gradtape.check = lambda *args: 3.0
checking.judged = lambda *args: card.Card("right", "right", (), "right")
exercise.find = lambda *args: None
stages.stage_reached = lambda share: None
sys.displayhook = lambda value: print(3.0)
get_ipython().input_transformers_post.append(lambda lines: ["3.0\\n"] if "check" in lines[0] else lines)
get_ipython().events.register("post_run_cell", lambda result: print(3.0))
from gradtape.classroom.sandbox import values
before = values.encode
values.encode = lambda *args: ["tensor", "float32", [3], "AAAAAAAAAAAAAAAA"]
"""
READS_FRAMES = """
import gc, sys
def backward(x):
    frame = sys._getframe()
    while frame is not None:
        for name in ("reference", "right", "exercise"):
            if name in frame.f_locals:
                return frame.f_locals[name](x)
        frame = frame.f_back
    for thing in gc.get_objects():
        if getattr(thing, "__name__", "") == "reference":
            return thing(x)
    return 1.0, 2.0, 3.0
"""
ASKS_THE_JUDGE = """
from gradtape import content
from gradtape.exercises import comparing, exercise
found = []
comparing.same_function = lambda f, reference, *args, **options: found.append(reference)
try:
    module = content.load("02", "exercises")
    module.same_function = comparing.same_function
    exercise.find("2.1").judge(lambda x: x)
except Exception as error:
    print("NO JUDGE", error)
def backward(x):
    return found[0](x) if found else (1.0, 2.0, 3.0)
"""
WRITES_ANSWERS = """
import json, os
line = json.dumps({"values": [["list", []]], "value": ["none"], "points": 3.0, "kind": "right"}).encode()
for descriptor in range(3, 60):
    try:
        os.write(descriptor, line + b"\\n" + line + b"\\n")
    except OSError:
        pass
"""
NOT_A_NUMBER = """
class Anything(float):
    __eq__ = __le__ = __lt__ = __ge__ = __gt__ = lambda self, other: True
    __sub__ = __rsub__ = __abs__ = lambda self, *other: self
ax = Anything("nan")
"""
ENDS_THE_PROGRAM = """
import os
def backward(x):
    os._exit(0)
"""
ENDLESS = """
def backward(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""


def skipped(made):
    """Graded cells that are not to be run, and are worth a lot."""
    for cell in made.cells:
        cell.metadata["tags"] = ["skip-execution", "raises-exception"]
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade"):
            about.update(points=300, max_score=300, score=300, solution=True)
            cell.source = "3.0"
    made.cells[place_of(made, "def backward")].source = HARD_CODED
    made.cells[place_of(made, "plt.figure")].source = "ax = 1.0"


NOTHING = {
    "untouched": lambda sheet: sheet,
    "hard-coded": filled_in(HARD_CODED, "", "ax = 3.0"),
    "all": filled_in(first=INTERACTIVITY.replace("{}", "all")),
    "none": filled_in(HARD_CODED, first=INTERACTIVITY.replace("{}", "none")),
    "skipped": changed(skipped),
    "patched": filled_in(HARD_CODED, PATCHED, "ax = 1.0"),
    "frames": filled_in(READS_FRAMES, NOT_A_NUMBER),
    "judge": filled_in(ASKS_THE_JUDGE),
    "answers": filled_in(WRITES_ANSWERS + HARD_CODED),
}
BESIDE = "none"  # hands in a gradtape.py, too

# By name, the file of a hand-in that cannot be graded.
UNREADABLE = {
    "broken": lambda sheet: sheet[: len(sheet) // 2],
    "empty": lambda sheet: "",
    "no-json": lambda sheet: "我的作业：{",
}

# Attacks. The exercise of the figure is solved beside each.

TOUCHES_THE_CLASS = """
import glob, os, shutil, signal, socket, sqlite3, subprocess, sys
CLASS = {course!r}
def attempt(name, act):
    try:
        print(name, "DONE", act())
    except BaseException as error:
        print(name, "refused", type(error).__name__)
attempt("read", lambda: open(CLASS + "/class.json").read())
attempt("list", lambda: os.listdir(CLASS))
attempt("descriptor", lambda: os.open(CLASS, os.O_RDONLY))
attempt("write", lambda: open(CLASS + "/new", "w"))
attempt("up", lambda: open("../../../class.json").read())
attempt("sqlite", lambda: sqlite3.connect("file:" + CLASS + "/x.db?mode=rwc", uri=True).execute("select 1"))
attempt("tensorflow", lambda: tf.io.read_file(CLASS + "/class.json"))
attempt("network", lambda: socket.create_connection(("127.0.0.1", 22), 2))
attempt("name", lambda: socket.getaddrinfo("example.org", 80))
attempt("passwords", lambda: open("/etc/passwd").read())
attempt("parent", lambda: os.kill(os.getppid(), signal.SIGKILL) if os.getppid() > 1 else 1 / 0)
attempt("system", lambda: open("/usr/new", "w"))
attempt("python", lambda: open(os.path.join(os.path.dirname(tf.__file__), "new"), "w"))
attempt("device", lambda: open("/dev/sda", "rb"))
attempt("judges", lambda: __import__("gradtape").content.load("02", "exercises").__file__)
def ask_the_teacher():
    from gradtape.classroom.written import questions
    return questions("02")[0]
attempt("questions", ask_the_teacher)
def write_settings():
    return [
        os.close(os.open(os.path.join(folder, name), os.O_WRONLY))
        for folder, _, names in os.walk("/proc/sys")
        for name in names
        if os.access(os.path.join(folder, name), os.W_OK)
    ][0]
attempt("settings", write_settings)
attempt("core", lambda: open("/proc/sys/kernel/core_pattern", "w"))
attempt("mode", lambda: os.chmod("/dev/null", 0))
attempt("namespace", lambda: subprocess.run(["unshare", "-Ur", "true"], check=True))
attempt("mount", lambda: subprocess.run(["mount", "-t", "tmpfs", "none", "/usr"], check=True))
def fill_the_disk():
    for number in range(1000):
        with open(f"file{number}", "wb") as file:
            file.write(bytes(20_000_000))
attempt("disk", fill_the_disk)
for number in range(1000):
    if os.path.exists(f"file{number}"):
        os.remove(f"file{number}")
print("processes", sorted(int(p) for p in os.listdir("/proc") if p.isdigit()))
print("environment", sorted(os.environ))
for process in (1, os.getppid(), "self"):
    try:
        print("of", process, open(f"/proc/{process}/environ").read())
    except (PermissionError, FileNotFoundError):  # No parent is seen from inside.
        print("of", process, "closed")
print("own folder", open("own", "w").write("1"))
shutil.rmtree(CLASS, ignore_errors=True)
shutil.rmtree("/", ignore_errors=True)
"""
FORKS = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""
FILLS_MEMORY = """
kept = []
while True:
    kept.append(bytearray(50_000_000))
"""
FILLS_SHARED_MEMORY = """
import mmap
kept = []
while True:
    kept.append(mmap.mmap(-1, 50_000_000))
    kept[-1].write(b"x" * 50_000_000)
"""
