"""What lands on standard error when TensorFlow is imported, and what does not."""

import os
import subprocess
import sys
import textwrap

import pytest

LOG_LINES = """\
WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1795519162.606635    4448 port.cc:153] oneDNN custom operations are on.
E0000 00:00:1795519162.606635    4448 cuda_executor.cc:1228] failed call to cuInit
2026-11-24 11:14:21.123456: W tensorflow/core/thing.cc:1] Cannot dlopen libraries.
2026-11-24 11:14:21.123456: I tensorflow/core/cpu.cc:1] This binary is optimized.
To enable the following instructions: AVX2 FMA, rebuild TensorFlow.
"""


def run(code, tmp_path, tensorflow=None, **environment):
    """Run code in a new process; ``tensorflow`` is the source of a stand-in."""
    if tensorflow is not None:
        (tmp_path / "tensorflow.py").write_text(textwrap.dedent(tensorflow))
    clean = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**clean, "PYTHONPATH": str(tmp_path), **environment},
        capture_output=True,
        check=False,
        text=True,
    )


def test_the_real_tensorflow_starts_without_a_word(tmp_path):
    done = run(
        """
        import gradtape as gt
        import tensorflow as tf
        gt.start("02", lang="en")
        x = tf.Variable(3.0)
        with tf.GradientTape() as tape:
            y = x**4
        print(float(tape.gradient(y, x)))
        """,
        tmp_path,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "108.0\n", "")


def test_log_lines_are_dropped_and_other_lines_are_not(tmp_path):
    done = run(
        "import gradtape, tensorflow",
        tmp_path,
        f"""
        import os
        os.write(2, {LOG_LINES.encode()!r} + b"libfoo: the disk is failing\\n")
        os.write(2, b"F0000 00:00:1795519162.606635 4448 x.cc:1] fatal\\n")
        """,
    )
    assert done.stderr.splitlines() == [
        "libfoo: the disk is failing",
        "F0000 00:00:1795519162.606635 4448 x.cc:1] fatal",
    ]


def test_a_broken_tensorflow_is_shown_whole(tmp_path):
    done = run(
        "import gradtape, tensorflow",
        tmp_path,
        f"""
        import os
        os.write(2, {LOG_LINES.encode()!r})
        raise ImportError("libcudart.so.12: cannot open shared object file")
        """,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(LOG_LINES)
    assert "ImportError: libcudart.so.12: cannot open" in done.stderr


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("tensorflow_version = lambda: '2.15.1'", "ImportError: TensorFlow 2.15.1 is"),
        ("has_avx = lambda: False", "ImportError: This processor has no AVX"),
    ],
)
def test_a_tensorflow_that_cannot_run_is_told_before_it_loads(tmp_path, state, words):
    done = run(
        f"""
        from gradtape import prerequisites
        prerequisites.{state}
        import tensorflow
        """,
        tmp_path,
        "print('loaded')",
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].startswith(words)


def test_a_missing_tensorflow_is_told_each_time(tmp_path):
    done = run(
        """
        import importlib.util
        from gradtape import prerequisites
        importlib.util.find_spec = lambda name: None
        prerequisites.tensorflow_version = lambda: None
        for attempt in range(2):
            try:
                import tensorflow
            except ModuleNotFoundError as error:
                print(error)
        """,
        tmp_path,
    )
    assert done.stdout.count("pip install tensorflow") == 2


def test_importing_gradtape_without_tensorflow_says_so_in_one_sentence(tmp_path):
    done = run(
        """
        import importlib.metadata
        import importlib.util

        def version(name):
            raise importlib.metadata.PackageNotFoundError(name)

        find_spec = importlib.util.find_spec
        importlib.util.find_spec = lambda name: name != "tensorflow" and find_spec(name)
        importlib.metadata.version = version
        importlib.metadata.packages_distributions = dict
        import gradtape
        """,
        tmp_path,
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.count("\n") == 1
    assert "UserWarning: TensorFlow is not installed in this Python;" in done.stderr


@pytest.mark.parametrize("ending", ["", "raise ImportError('broken')"])
def test_descriptors_are_given_back(tmp_path, ending):
    done = run(
        """
        import os
        import gradtape
        before = {n: os.readlink(f"/proc/self/fd/{n}") for n in (0, 1, 2)}
        open_before = len(os.listdir("/proc/self/fd"))
        try:
            import tensorflow
        except ImportError:
            pass
        assert len(os.listdir("/proc/self/fd")) == open_before
        assert {n: os.readlink(f"/proc/self/fd/{n}") for n in (0, 1, 2)} == before
        os.write(2, b"I0000 00:00:1.1 afterwards everything is shown")
        """,
        tmp_path,
        ending,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.endswith("afterwards everything is shown")


def test_a_process_without_standard_error_works(tmp_path):
    done = run(
        """
        import os
        os.close(2)
        import gradtape
        import tensorflow
        print(tensorflow.loaded)
        """,
        tmp_path,
        "loaded = True",
    )
    assert (done.returncode, done.stdout) == (0, "True\n")


def test_who_asks_for_the_log_gets_it(tmp_path):
    done = run(
        "import gradtape, tensorflow",
        tmp_path,
        f"import os; os.write(2, {LOG_LINES.encode()!r})",
        TF_CPP_MIN_LOG_LEVEL="0",
    )
    assert done.stderr == LOG_LINES


def test_a_process_started_by_a_quiet_one_is_quiet(tmp_path):
    done = run(
        """
        import subprocess, sys
        import gradtape
        subprocess.run([sys.executable, "-c", "import gradtape, tensorflow"])
        """,
        tmp_path,
        f"import os; os.write(2, {LOG_LINES.encode()!r})",
    )
    assert done.stderr == ""


def test_importing_gradtape_imports_neither_tensorflow_nor_matplotlib(tmp_path):
    done = run(
        """
        import sys
        import gradtape
        print({"tensorflow", "matplotlib", "numpy"} & set(sys.modules))
        """,
        tmp_path,
    )
    assert done.stdout == "set()\n"


def test_a_new_machine_s_first_figure_is_silent(tmp_path):
    done = run(
        """
        import gradtape
        import matplotlib.pyplot
        """,
        tmp_path,
        MPLCONFIGDIR=str(tmp_path / "new"),
    )
    assert (done.returncode, done.stderr) == (0, "")
