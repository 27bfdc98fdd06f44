"""A forked kernel sees of its process what a plain kernel sees."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version
from tests.kernel.conftest import LAUNCHER, shut_down, start_kernel

from gradtape.kernel.late_settings import READ_ONCE
from gradtape.kernel.launcher.identity import READ_AT_IMPORT, SET_BY_IMPORTS

CODE = Path(__file__).with_name("facts.py").read_text("utf-8")
# What differs, and why it may.
DIFFERENT = {
    "constants of packages": "compared one by one",
    "random": "not repeated from one kernel to the next",
    "key between processes": "drawn anew for each kernel",
    "threads": "the plain kernel polls its parent in a thread of its own",
}
# The same of what packages have found out when they were imported.
DIFFERENT_CONSTANTS = {
    "IPython.utils.terminal.TERM": "of IPython in a terminal, which no kernel is",
    "_pydev_bundle.pydev_log._last_log_time": "a time",
    "_pydevd_bundle._debug_adapter.pydevd_schema_log._pid": "a number of a process",
    "_pydevd_bundle._debug_adapter.pydevd_schema_log._pid_msg": "the same",
    "debugpy.common.timestamp.timestamp_zero": "a time",
    "joblib._multiprocessing_helpers.name": "of a semaphore, at random",
    "numpy.f2py.rules.generationtime": "a time",
    "scipy.sparse._data.name": "the last in a loop over a set",
}
# Read while packages are imported, but taken over by a fork or of no effect.
TAKEN_OVER = {
    "COLUMNS": "read again whenever something is printed",
    "DISPLAY": "noted by the debugger, for programs with windows",
    "EDITOR": "of IPython in a terminal, which no kernel is",
    "HOME": "compared where imports read something there, and else changed",
    "IPY_TEST_SIMPLE_PROMPT": "of IPython in a terminal, which no kernel is",
    "JPY_INTERRUPT_EVENT": "of Windows",
    "JPY_PARENT_PID": "given to the kernel as it starts",
    "LINES": "read again whenever something is printed",
    "PATH": "read again whenever a program is looked for",
    "TEMP": "the folder for temporary files is found anew",
    "TERM": "set by IPython in every kernel",
    "TMP": "the folder for temporary files is found anew",
    "TMPDIR": "the folder for temporary files is found anew",
    "USER": "given to the session of the kernel anew",
    "WCWIDTH_PYTHON": "of prompt_toolkit, which draws in terminals",
}
# Read while packages are imported that a plain kernel imports after its first cell, but
# not what a notebook would set.
OF_NO_EFFECT = {
    "ABSL_PYTHON_PROFILE_FILE": "of programs of absl",
    "ABSL_RELOAD_DETECTOR": "of the developers of absl",
    "ENABLE_RUNTIME_UPTIME_TELEMETRY": "of the developers of TensorFlow",
    "KMP_DUPLICATE_LIB_OK": "of an OpenMP that none of the packages brings here",
    "KMP_INIT_AT_FORK": "the same",
    "PY_SAX_PARSER": "of the standard library, for other parsers of XML",
    "SOURCE_DATE_EPOCH": "of a generator of programs in NumPy",
    "TEMPORARILY_DISABLE_PROTOBUF_VERSION_CHECK": "whether an import fails, which did not",
    "TEST_RANDOM_SEED": "of programs of absl",
    "TEST_SRCDIR": "of programs of absl",
    "TEST_TMPDIR": "of programs of absl",
    "TF_NP_CHECK_LINK": "of the developers of TensorFlow",
    "TF_NP_DOC_FORM": "of the developers of TensorFlow",
    "TF_NP_SIG_MISMATCH_IS_ERROR": "of the developers of TensorFlow",
    "WRAPT_DISABLE_EXTENSIONS": "of the developers of wrapt",
    "XDG_CACHE_HOME": "set for a session, not in a notebook",
    "XDG_CONFIG_HOME": "set for a session, not in a notebook",
    "XDG_DATA_HOME": "set for a session, not in a notebook",
}


def unusual():
    """Give a new process what few processes have."""
    os.umask(0o027)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft // 2, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])


@pytest.fixture(scope="module")
def both(runtime, tmp_path_factory):
    """Return the facts of a plain and of a forked kernel, started alike."""
    folder = tmp_path_factory.mktemp("folder")
    (folder / "tmp").mkdir()
    environment = os.environ | {
        "TZ": "Asia/Kathmandu",
        "TMPDIR": str(folder / "tmp"),
        "COLUMNS": "91",
        "OF_MY_OWN": "甲 = 1\nsecond line",
        "PYTHONHASHSEED": "3",
    }
    return [told_by(kind, folder, environment) for kind in ("plain", "gradtape")]


def told_by(kind, folder, environment):
    kernel = start_kernel(
        kind,
        cwd=str(folder),
        env=environment,
        stdout=subprocess.DEVNULL,
        preexec_fn=unusual,
        # Its files come and go.
        extra_arguments=["--HistoryManager.hist_file=:memory:"],
        place={"connection_file": str(folder / "kernel.json")},
    )
    try:
        kernel.run(
            "import gradtape, ipywidgets, keras, tensorflow\n"
            "import matplotlib.pyplot as plt"
        )
        kernel.run("plt.plot([1, 2])")
        told = kernel.run(
            f"{CODE}\nimport json\nprint(json.dumps(facts(), default=str))"
        )
        assert told.startswith("{"), told[:2000]
        return json.loads(told)
    finally:
        shut_down(kernel)


def test_there_are_many_facts(both):
    plain, forked = both
    assert plain.keys() == forked.keys()
    assert len(plain) > 90


def test_what_differs_is_known(both):
    plain, forked = both
    different = {
        name: [plain[name], forked[name]]
        for name in plain
        if plain[name] != forked[name]
    }
    assert different.keys() <= DIFFERENT.keys(), different


def test_packages_have_seen_the_same_when_they_were_imported(both):
    plain, forked = (facts["constants of packages"] for facts in both)
    both_have = plain.keys() & forked.keys()
    assert len(both_have) > 5_000
    different = {n: [plain[n], forked[n]] for n in both_have if plain[n] != forked[n]}
    assert different.keys() <= DIFFERENT_CONSTANTS.keys(), different
    assert plain.keys() <= forked.keys(), plain.keys() - forked.keys()


def test_the_unusual_came_through(both):
    _, forked = both
    assert forked["umask"] == 0o027
    assert forked["blocked signals"] == [signal.SIGUSR2]
    assert forked["time zone"][0] == ["+0545", "+0545"]
    assert forked["environment"]["OF_MY_OWN"] == "甲 = 1\nsecond line"
    assert forked["signal handlers"][str(int(signal.SIGHUP))] == str(signal.SIG_IGN)


RECORD = """
import json, os, sys
before = dict(os.environ)
seen, kind = set(), type(os.environ)
get = kind.__getitem__

def look(self, name):
    seen.add(name)
    return get(self, name)

kind.__getitem__ = look
kind.__contains__ = lambda self, name: seen.add(name) or self.encodekey(name) in self._data
from gradtape.kernel import preload
preload.preload(preload.KERNEL)
first = set(seen)
for group in (preload.FIRST, preload.LATER):
    preload.preload(group)
names = [sorted(name for name in each if isinstance(name, str)) for each in (seen, seen - first)]
after = dict(os.environ)
print(json.dumps([names[0], dict(after.items() - before.items()), names[1]]))
"""


@pytest.fixture(scope="module")
def recorded():
    """Return the variables that are read by the imports, and those that are set."""
    environment = {n: v for n, v in os.environ.items() if n not in SET_BY_IMPORTS}
    told = subprocess.check_output([sys.executable, "-c", RECORD], env=environment)
    return json.loads(told.splitlines()[-1])


def test_every_variable_that_imports_read_is_compared_or_taken_over(recorded):
    seen = set(recorded[0])
    assert {"KERAS_HOME", "MPLBACKEND", "TF_CPP_MIN_LOG_LEVEL"} <= seen
    unknown = {name for name in seen if not name.startswith(READ_AT_IMPORT)}
    assert unknown - TAKEN_OVER.keys() == set()


def test_every_variable_that_imports_set_is_known(recorded):
    changed = recorded[1]
    assert {"TF2_BEHAVIOR"} < changed.keys() <= SET_BY_IMPORTS.keys()
    if Version(version("tensorflow")) >= Version("2.21"):  # an older one sets fewer
        assert changed.keys() == SET_BY_IMPORTS.keys()
    for name, value in changed.items():
        assert SET_BY_IMPORTS[name] in (None, value)
    assert identity_with(changed) == identity_with({}, without=changed)


def test_every_variable_that_is_read_once_is_watched(recorded):
    """Of those that packages read which a plain kernel imports after its first cell."""
    unknown = {name for name in recorded[2] if not name.startswith(READ_ONCE)}
    assert unknown - TAKEN_OVER.keys() - OF_NO_EFFECT.keys() == set()


ASKED = """
import json, sys, traceback
import IPython
from IPython.core import getipython
asked = set()

def look():
    frames = [f for f in traceback.extract_stack()[:-1] if "importlib" not in f.filename]
    asked.add(frames[-1].filename.rpartition("site-packages/")[2].partition("/")[0])

IPython.get_ipython = getipython.get_ipython = look
from gradtape.kernel import preload
for group in (preload.KERNEL, preload.FIRST, preload.LATER):
    preload.preload(group)
print(json.dumps(sorted(asked)))
"""


def test_who_asks_ipython_for_the_shell_while_it_is_imported_is_told_later():
    """Before the fork there is none to be had; ipywidgets is given it afterwards."""
    told = subprocess.check_output([sys.executable, "-c", ASKED])
    assert json.loads(told.splitlines()[-1]) == ["ipywidgets"]


@pytest.mark.parametrize(
    "name", ["OMP_NUM_THREADS", "MPLBACKEND", "PYTHONPATH", "LANG"]
)
def test_another_value_is_another_identity(name):
    told = [identity_with({name: value}) for value in ("1", "2")]
    assert told[0] != told[1]


@pytest.mark.parametrize("name", ["TMPDIR", "TZ", "COLUMNS", "JPY_PARENT_PID", "PWD"])
def test_what_a_fork_takes_over_is_not_of_the_identity(name):
    told = [identity_with({name: value}) for value in ("/", "/tmp")]
    assert told[0] == told[1]


def identity_with(variables, without=()):
    folder = LAUNCHER[-1]
    code = (
        f"import sys; sys.path.insert(0, {folder!r})\n"
        "from identity import identity\nprint(identity())"
    )
    environment = {n: v for n, v in os.environ.items() if n not in without} | variables
    return subprocess.check_output([*LAUNCHER[:3], "-c", code], env=environment)


def test_another_python_is_another_identity(tmp_path):
    other = tmp_path / "bin" / "python"
    other.parent.mkdir()
    other.symlink_to(sys.executable)
    (tmp_path / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).parent}\n")
    folder = LAUNCHER[-1]
    code = (
        f"import sys; sys.path.insert(0, {folder!r})\n"
        "from identity import identity\nprint(identity())"
    )
    ours, theirs = (
        subprocess.check_output([python, "-I", "-S", "-c", code], text=True)
        for python in (sys.executable, str(other))
    )
    assert re.sub(re.escape(str(other)), sys.executable, theirs) == ours != theirs
