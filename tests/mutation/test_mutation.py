"""The faults are what they say, the same for a seed, and judged for what they are."""

import ast
import functools
from pathlib import Path

import nbformat
import pytest
from tests.mutation import edits, equivalent, fault, lessons, plan, trials
from tests.mutation.cells import output_faults
from tests.mutation.checkout import changed, copy_checkout
from tests.mutation.fault import CellFault, ModuleFault
from tests.mutation.judging import is_caught_unrun

from gradtape.authoring.source import read_source

ROOT = Path(__file__).parents[2]


def made_of(code):
    return {(edit.kind, edit.applied_to(code)) for edit in edits.edits(code)}


# What can go wrong in a piece of Python


@pytest.mark.parametrize(
    ("code", "kind", "faulty"),
    [
        ("y = a + b", "operator", "y = a - b"),
        ("y = a < b", "comparison", "y = a >= b"),
        ("x = 3.0", "constant", "x = 3.3"),
        ("n = 2", "constant", "n = 3"),
        ("y = tf.sin(x)", "function", "y = tf.cos(x)"),
        ("y = max(a, b)", "function", "y = min(a, b)"),
        ("y = x[0]", "index", "y = x[1]"),
        ("y = x[-1]", "index", "y = x[1]"),
        ("y = -x", "sign", "y = x"),
        ("y = a * b", "sign", "y = -(a * b)"),
        ("f(a, b)", "arguments", "f(b, a)"),
        ("if done:\n    f()", "condition", "if not (done):\n    f()"),
        ("f(persistent=True)", "dropped", "f()"),
        ("f(g, axis=0)", "dropped", "f(g)"),
        ("tape.watch(x)", "dropped", "pass"),
        ("x = tf.ones(2)\nf(x)", "order", "f(x)\nx = tf.ones(2)"),
        ("print(1)\nprint(2)", "order", "print(2)\nprint(1)"),
        ("f(1.0, tf.float32)", "dtype", "f(1.0, tf.float64)"),
        ('ax.set_title("$f(x)$")', "figure", 'ax.set_title("$g(x)$")'),
        ("gt.plot_tangent(f, at=3.0)", "figure", "gt.plot_tangent(f, at=3.3)"),
        ('print("斜率", a + b)', "operator", 'print("斜率", a - b)'),
    ],
)
def test_a_mistake_of_each_kind(code, kind, faulty):
    assert (kind, faulty) in made_of(code)


@pytest.mark.parametrize(
    "code",
    [
        "# x = 3.0 + 1",
        '"""Return a + b, 3 times."""',
        "def f(x: int) -> list[2]: ...",
        'raise ValueError("3 < 4")',
        'f(color="C1", linewidth=2)',
        'f(**{"markersize": 12.0})',
        'f"{a + b:.3f}"',
        "%matplotlib inline",
    ],
)
def test_what_no_reader_would_call_code_is_left_alone(code):
    assert made_of(code) == set()


def test_every_faulty_module_is_still_python():
    text = (ROOT / "src/gradtape/calculus/derivatives.py").read_text("utf-8")
    for edit in edits.edits(text):
        ast.parse(edit.applied_to(text))


# Which are tried


def named(number, kind="sign", path="a.py"):
    name = fault.named("library", kind, Path(path), number, "x", f"x{number}")
    return ModuleFault(name, edits.Edit(kind, 0, 0, ""))


def test_a_seed_gives_the_same_faults_and_another_seed_others():
    faults = [named(number) for number in range(50)]
    first = fault.choose(faults, 10, seed=1)
    assert fault.choose(list(reversed(faults)), 10, seed=1) == first
    assert fault.choose(faults, 10, seed=2) != first


def test_a_fault_more_leaves_the_choice_among_the_others():
    faults = [named(number) for number in range(50)]
    kept = fault.choose(faults, 10, seed=1)
    more = fault.choose([*faults, named(99, path="b.py")], 10, seed=1)
    assert set(kept[:9]) <= set(more)


def test_a_rare_kind_has_its_turn():
    faults = [*map(named, range(50)), named(99, kind="dtype")]
    assert "dtype" in {made.fault.kind for made in fault.choose(faults, 2, seed=0)}


@pytest.mark.slow
def test_the_full_set_reaches_everything():
    committed = lessons.read_lessons(ROOT)
    faults = [made.fault for made in plan.plan(ROOT, committed, seed=0)]
    assert len(set(faults)) == len(faults) >= 300
    assert {each.place for each in faults} == set(plan.PLACES)
    touched = {each.path for each in faults}
    for lesson in committed:
        assert str(lesson.path) in touched or str(lesson.version.path) in touched


def test_a_sample_is_as_large_as_asked_and_spread_over_all_places():
    faults = plan.plan(ROOT, lessons.read_lessons(ROOT), seed=3, sample=20)
    assert len(faults) == 20
    assert {"code", "library", "sources"} <= {made.fault.place for made in faults}


def test_a_sample_has_nothing_that_is_argued_for():
    committed = lessons.read_lessons(ROOT)
    sampled = functools.partial(plan.plan, ROOT, committed, seed=3, sample=20)
    argued = {made.fault.identity for made in sampled()}
    others = sampled(argued=argued)
    assert len(others) == 20
    found = {made.fault.identity for made in others if made.fault.place != "sources"}
    assert not found & argued


# How one is made and judged


def test_files_are_given_back_as_they_were(tmp_path):
    old, new = tmp_path / "old.py", tmp_path / "new" / "new.py"
    old.write_bytes(b"x = 1\r\n")
    time = old.stat().st_mtime_ns
    texts = {Path("old.py"): "x = 2\n", Path("new/new.py"): "y\n"}
    with pytest.raises(KeyError), changed(tmp_path, texts):
        assert (old.read_text(), new.read_text()) == ("x = 2\n", "y\n")
        raise KeyError
    assert (old.read_bytes(), old.stat().st_mtime_ns) == (b"x = 1\r\n", time)
    assert not new.exists()


@pytest.fixture
def lesson():
    """Return a notebook whose second cell uses what the first one made."""
    cells = [
        ("x = 2\nkept = []", ""),
        ("kept.append(x)\nprint(len(kept))", "1\n"),
        ("x * 10 if x > 0 else 20", "20"),
    ]
    notebook = nbformat.v4.new_notebook()
    for count, (source, shown) in enumerate(cells, start=1):
        cell = nbformat.v4.new_code_cell(source, execution_count=count)
        if source.startswith("kept"):
            cell.outputs = [nbformat.v4.new_output("stream", text=shown)]
        elif shown:
            data = {"text/plain": shown}
            cell.outputs = [nbformat.v4.new_output("execute_result", data)]
        notebook.cells.append(cell)
    source = read_source(Path("notebooks/lessons/02_tape/lesson.py"), "# %%\nx\n")
    path = Path("notebooks/en/02_tape.ipynb")
    return lessons.Lesson(path, source, "en", False, notebook)


@pytest.mark.slow
def test_a_fault_is_found_in_its_cell_or_in_a_later_one_or_not_at_all(tmp_path, lesson):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --gradtape\n")

    def fault_in(cell, source):
        name = fault.named("code", "sign", lesson.path, cell, "", source)
        faulty = nbformat.v4.new_code_cell(source, execution_count=1)
        faulty.outputs = lesson.notebook.cells[cell].outputs
        return CellFault(name, lesson.path, cell, faulty)

    seen_later = fault_in(0, "x = 3\nkept = []")
    raises = fault_in(0, "x = 2 / 0")
    spoils_the_next = fault_in(1, "kept.append(x)\nprint(len(kept) + 1)")
    in_its_own = fault_in(2, "x * 11 if x > 0 else 20")
    equivalent = fault_in(2, "x * 10 if x >= 0 else 20")
    faults = [seen_later, raises, spoils_the_next, in_its_own, equivalent]
    together = trials.caught_together(tmp_path, lesson, faults)
    assert together == {raises.fault, in_its_own.fault}
    rest = [made for made in faults if made.fault not in together]
    alone = trials.caught_alone(tmp_path, lesson, rest)
    assert alone == {seen_later.fault, spoils_the_next.fault}


def test_what_a_built_notebook_has_lost_is_found_by_its_source(tmp_path):
    checkout = copy_checkout(ROOT, tmp_path)
    name = "01_tensorflow_at_a_glance.ipynb"
    english = Path("notebooks", "en", name)
    (lesson,) = (e for e in lessons.read_lessons(ROOT) if e.path == english)
    made = {made.fault.kind: made for made in output_faults(lesson)}
    assert is_caught_unrun(checkout, made["tag lost"], lesson)
    assert not is_caught_unrun(checkout, made["outputs gone"], lesson)


@pytest.mark.slow
def test_a_notebook_that_is_red_anyway_proves_nothing(tmp_path, lesson):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --gradtape\n")
    lesson.notebook.cells[2].outputs = []
    with pytest.raises(RuntimeError, match="is red without a fault"):
        trials.caught_together(tmp_path, lesson, [])


# What changes nothing


def test_every_argument_is_about_a_fault_that_can_be_made():
    argued = equivalent.arguments()
    paths = {path for path, *_ in argued}
    can_be_made = plan.possible(ROOT, lessons.read_lessons(ROOT), paths)
    assert equivalent.stale(argued, can_be_made, []) == []


def test_an_argument_must_say_why():
    entry = '[[equivalent]]\npath = "a.py"\nbefore = "x"\nafter = "y"\n'
    with pytest.raises(ValueError, match="has no because"):
        equivalent.arguments(entry)


def test_stale_arguments_are_told():
    argued = {("a.py", "x", "x1"): "since ...", ("a.py", "x", "x2"): "since ..."}
    one, two = named(1).fault, named(2).fault
    (gone,) = equivalent.stale(argued, [one], [])
    assert "x -> x2: this fault cannot be made any more" in gone
    (found,) = equivalent.stale(argued, [one, two], [one])
    assert "x -> x1: the suite finds this fault" in found
