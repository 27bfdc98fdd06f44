"""What belongs to the machine or the moment is told and not compared; nothing else."""

import datetime

import pytest

from gradtape.regression.outputs import Machine, compare_texts

NOW = datetime.datetime(2026, 3, 1, 23, 59, 30, 250_000)
FACTS = {
    "cwd": "/srv/run/notebooks", "home": "/srv/run", "tmp": "/tmp", "prefix": "/opt/env",
    "pid": "4711", "host": "worker-7", "user": "runner",
}  # fmt: skip


def compared(stored, found, source="", before=""):
    machine = Machine(FACTS, source, before, now=NOW)
    return compare_texts(stored, found, machine=machine), machine


TOLD = [
    ("2020-01-02 03:04:05.678", str(NOW), "", "a date or time of day"),
    ("Tue Jan  2 03:04:05 2024", NOW.strftime("%a %b %d %H:%M:%S %Y"), "", "a date or time of day"),
    ("datetime.datetime(2020, 1, 2, 3, 4, 5, 6)", repr(NOW.replace(microsecond=7)), "", "a date or time of day"),
    ("07:15:00", "23:40:10", "", "a date or time of day"),
    ("07:15:00", "00:10:10.5", "", "a date or time of day"),
    ("1600000000.5", f"{NOW.timestamp():.1f}", "", "a date or time of day"),
    ("'/home/me/notebooks'", "'/srv/run/notebooks'", "", "a path of this machine"),
    ("/home/me/notebooks/a.csv", "/srv/run/notebooks/a.csv", "", "a path of this machine"),
    ("/tmp/tmpabc", "/tmp/tmpxyz", "", "a path of this machine"),
    ("on laptop", "on worker-7", "", "a name of the machine"),
    ("pid 12", "pid 4711", "", "the number of a process"),
    ("140500735947248", "140500735947999", "id(x)", "an identity that is new in every run"),
    ("c29dd09c-b55b-4699-8d9d-de96cf50959e", "d39dd09c-b55b-4699-8d9d-de96cf50959e", "", "an identity that is new in every run"),
    ("took 0.25 s", "took 1.75 s", "t = time.perf_counter() - begin", "a time that was measured"),
    ("Writing a.py\n", "Overwriting a.py\n", "%%file a.py", "whether a file was there before"),
    ("datetime.timedelta(days=4332, seconds=5)", "datetime.timedelta(days=4333)", "datetime.now() - begin", "how long it is from or to now"),
    ("4332 days, 1:00:05.25", "4333 days, 2:00:00", "print(pd.Timestamp.today() - day)", "how long it is from or to now"),
    ("<f at 0x7f0012345678>", "<f at 0x7f00deadbeef>", "", "an address in memory"),
    (f"display_id={'0a' * 16}", f"display_id={'1b' * 16}", "", "an identity that is new in every run"),
    ('File "/opt/env/lib/site-packages/tf.py", line 150, in f', 'File "/opt/env/lib/site-packages/tf.py", line 164, in f', "", "a line in the source of a library"),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "found", "source", "kind"), TOLD)
def test_it_is_told_and_not_compared(stored, found, source, kind):
    told, machine = compared(stored, found, source)
    assert told == []
    assert list(machine.told) == [kind]


@pytest.mark.parametrize(
    ("stored", "found", "source"),
    [
        ("2018-01-02", "2018-01-03", ""),
        ("12:30:05", "12:30:06", ""),
        ("datetime.timedelta(days=2)", "datetime.timedelta(days=3)", "end - begin"),
        ("2018-01-02 10:00:00", "2019-01-02 10:00:00", ""),
        ("/data/a.csv", "/data/b.csv", ""),
        ("/home/me/a.csv", "/srv/run/notebooks/b.csv", ""),
        ("12", "13", "id(x)"),
        ("140500735947248", "140500735947999", ""),
        ("took 0.25 s", "took 1.75 s", ""),
        ("loss 0.25", "loss 1.75", "time.time()"),
        ("hex 0xdeadbeef", "hex 0xdeadbeee", ""),
        ("laptop", "desktop", ""),
    ],
)
def test_what_only_looks_like_it_is_compared(stored, found, source):
    told, machine = compared(stored, found, source)
    assert told != [] and machine.told == {}


@pytest.mark.parametrize(
    ("source", "before", "line"),
    [
        ("x = np.random.rand(3); x", "import numpy as np", "np.random.seed(1)"),
        (
            "model.fit(x, y)",
            "import tensorflow as tf",
            "tf.keras.utils.set_random_seed(1)",
        ),
        ("np.random.rand(3)", "np.random.seed(0)", ""),
        ("time.time() - begin", "", "mask=[0-9.]+ s"),
        ("print(2.5)", "", ""),
    ],
)
def test_the_line_to_write_is_named(source, before, line):
    advice = Machine(FACTS, source, before).advice()
    assert line in advice if line else advice == ""


@pytest.mark.parametrize(
    "source", ["%pip install x", "!pip3 install x", "%prun f()", "!date"]
)
def test_whole_cells_of_the_machine_are_recognised(source):
    assert Machine(source=source).whole_cell()
    assert not Machine(source="y = 1\nprint(pip)").whole_cell()


def test_masks_and_nbvals_patterns_leave_out_what_they_match():
    machine = Machine(masks=(r"took \S+",), sanitize={r"run \d+": "run N"})
    assert compare_texts("took 5, run 1, x", "took 6, run 22, x", machine=machine) == []
    assert compare_texts("took 5, run 1, x", "took 6, run 22, y", machine=machine)


def test_a_length_of_time_that_is_counted_from_a_name_for_now_is_told():
    before = "today = dt.datetime.now()\nborn = dt.datetime(2015, 1, 20)"
    stored, found = "datetime.timedelta(days=4)", "datetime.timedelta(days=5)"
    assert compared(stored, found, "today - born", before)[0] == []
    assert compared(stored, found, "born - start", before)[0]


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("cross_val_score(m, X, y, cv=ShuffleSplit(5))", "random_state=1"),
        ("cv=ShuffleSplit(5, random_state=2)", ""),
        ("np.random.seed(2)\ntrain_test_split(X)", ""),
    ],
)
def test_the_advice_names_the_seed_that_is_missing(code, advice):
    imports = "from sklearn.model_selection import *"
    said = Machine(FACTS, code, imports).advice()
    assert said.endswith(advice) and bool(said) == bool(advice)
