"""From sources to notebooks: all of a lesson or nothing of it, and what it says."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from nbformat.v4 import new_output

from gradtape.authoring import build, pipeline
from gradtape.authoring.execute import Failure

LANGUAGES = ("en", "zh")


@pytest.fixture
def no_kernels(monkeypatch):
    """Take cells as run without a kernel: each prints its own first line."""
    outcome = {}

    async def execute(notebook, cell_done):
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for count, cell in enumerate(code, 1):
            first = cell.source.splitlines()[0]
            cell.execution_count = count
            cell.outputs = [new_output("stream", text=outcome.get(first, first))]
            cell_done()
        return outcome.get(notebook.metadata.gradtape.language)

    monkeypatch.setattr(pipeline, "execute", execute)
    return outcome


def said(checkout, *lessons, **options):
    return [str(p) for p in build(lessons, root=checkout.root, **options)]


def test_a_lesson_becomes_two_notebooks(checkout, section, no_kernels):
    checkout.write(section)
    assert said(checkout) == []
    for language in LANGUAGES:
        text = checkout.notebook(language).read_text("utf-8")
        notebook = json.loads(text)
        assert notebook["metadata"]["gradtape"]["language"] == language
        assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
        assert text.endswith("}\n")
        assert (
            text
            == json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        )


def test_only_the_lessons_asked_for_are_built(checkout, section, no_kernels):
    for name in ("02_tape", "03_slopes"):
        checkout.write(section, name=name)
    assert said(checkout, "03") == []
    assert checkout.notebook("en", "03_slopes").exists()
    assert not checkout.notebook("en").exists()


def test_a_lesson_that_is_none(checkout, section, no_kernels):
    checkout.write(section)
    with pytest.raises(ValueError, match="there is no lesson 12; there are 02"):
        build(["12"], root=checkout.root)


def test_a_folder_without_lessons(tmp_path):
    with pytest.raises(FileNotFoundError, match="holds no folder notebooks/lessons"):
        build(root=tmp_path)


# What goes wrong, and what is left


@pytest.fixture
def committed(checkout, section, no_kernels):
    """Two lessons, built; the bytes of their notebooks."""
    for name in ("02_tape", "03_slopes"):
        checkout.write(section, name=name)
    assert said(checkout) == []
    return checkout.files()


def assert_notebooks_kept(checkout, committed, *, names=("02_tape",)):
    for path, content in checkout.files().items():
        if path.stem in names and path.suffix == ".ipynb":
            assert content == committed[path]
    assert checkout.files().keys() == committed.keys()


def test_a_rule_that_is_broken(checkout, section, committed):
    checkout.write(section, '\n# %% [markdown] lang="en"\n# Alone.\n')
    (problem,) = said(checkout)
    assert problem.startswith(
        f"notebooks/lessons/02_tape/lesson.py:{checkout.line('Alone') - 1}: "
    )
    assert_notebooks_kept(checkout, committed)


def test_a_cell_that_raises_in_one_language(checkout, section, committed, no_kernels):
    checkout.write(section.replace("3.0", "4.0"))
    no_kernels["zh"] = Failure(3, 1, "NameError: name 'y' is not defined")
    line = checkout.line('print("x')
    assert said(checkout) == [
        f"notebooks/lessons/02_tape/lesson.py:{line}: NameError: name 'y' is not defined",
        f"notebooks/lessons/03_slopes/lesson.py:{line}: NameError: name 'y' is not defined",
    ]
    assert_notebooks_kept(checkout, committed, names=("02_tape", "03_slopes"))


def test_an_output_that_would_differ_elsewhere(
    checkout, section, committed, no_kernels
):
    checkout.write(section.replace("3.0", "4.0"))
    no_kernels["x = 4.0"] = "<object at 0x7f07ff5a7270>"
    (problem,) = said(checkout)
    line = checkout.line("x = 4.0")
    assert problem.startswith(
        f"notebooks/lessons/02_tape/lesson.py:{line}: the output holds"
    )
    assert_notebooks_kept(checkout, committed)


def test_the_other_lessons_are_built_all_the_same(checkout, section, committed):
    checkout.write(section, "\n# %%\n")
    checkout.write(section.replace("3.0", "4.0"), name="03_slopes")
    assert len(said(checkout)) == 1
    for language in LANGUAGES:
        assert b"x = 4.0" in checkout.notebook(language, "03_slopes").read_bytes()
        assert b"x = 3.0" in checkout.notebook(language).read_bytes()


@pytest.mark.parametrize("step", range(4))
def test_a_build_that_is_stopped_while_it_writes(
    checkout, section, committed, monkeypatch, step
):
    """Stop at each write and each rename: every notebook is whole, old or new."""
    checkout.write(section.replace("3.0", "4.0"))
    steps = []

    def stop_at(function):
        def maybe(*arguments, **options):
            steps.append(function)
            if len(steps) == step + 1:
                raise KeyboardInterrupt
            return function(*arguments, **options)

        return maybe

    monkeypatch.setattr(pipeline.Path, "write_text", stop_at(pipeline.Path.write_text))
    monkeypatch.setattr(pipeline.os, "replace", stop_at(os.replace))
    with pytest.raises(KeyboardInterrupt):
        build(["02"], root=checkout.root)
    monkeypatch.undo()
    after = checkout.files()
    assert after.keys() == committed.keys()
    new = 0
    for language in LANGUAGES:
        path = checkout.notebook(language).relative_to(checkout.root)
        json.loads(after[path])
        new += after[path] != committed[path]
    assert new == max(0, step - 2)


def test_a_folder_that_cannot_be_written(checkout, section, no_kernels):
    checkout.write(section)
    (checkout.root / "notebooks" / "zh").write_text("a file where a folder should be")
    before = checkout.files()
    with pytest.raises(OSError):
        build(root=checkout.root)
    assert checkout.files() == before


# The check


def test_the_check_is_green_after_a_build(checkout, committed):
    assert said(checkout, check=True) == []
    assert checkout.files() == committed


def test_the_check_is_red_where_a_source_was_changed(checkout, section, committed):
    checkout.write(section.replace("3.0", "4.0"))
    before = checkout.files()
    problems = said(checkout, check=True)
    line = checkout.line("x = 4.0")
    for language in LANGUAGES:
        assert any(
            problem.startswith(
                f"notebooks/lessons/02_tape/lesson.py:{line}: notebooks/{language}/02_tape"
            )
            for problem in problems
        )
    assert checkout.files() == before


def test_the_check_is_red_where_a_notebook_is_missing(checkout, committed):
    checkout.notebook("zh").unlink()
    assert said(checkout, check=True) == [
        "notebooks/lessons/02_tape/lesson.py:1: notebooks/zh/02_tape.ipynb is missing"
    ]
    assert not checkout.notebook("zh").exists()


def test_a_notebook_without_a_source_is_red_and_stays(checkout, committed):
    checkout.source("03_slopes").unlink()
    for check in (False, True):
        problems = said(checkout, check=check)
        assert [problem.split(" no source ")[0] for problem in problems] == [
            f"notebooks/{language}/03_slopes.ipynb:1: there is"
            for language in LANGUAGES
        ]
        assert said(checkout, "02", check=check) == []
    assert checkout.notebook("en", "03_slopes").exists()


# With real kernels


def test_the_same_bytes_alone_or_together_again_and_again(checkout, section):
    for name in ("02_tape", "03_slopes"):
        checkout.write(section, "\n# %%\n{'b', 'a', 'c'}\n", name=name)
    assert said(checkout) == []
    together = checkout.files()
    for language in LANGUAGES:
        checkout.notebook(language).unlink()
    assert said(checkout, "02") == []
    assert checkout.files() == together
    assert said(checkout, check=True) == []


@pytest.fixture
def long_build(checkout, section, tmp_path_factory):
    """A build in a process of its own, in the middle of its last cells.

    Returns the process and a function that tells whether a kernel of it is running.
    """
    running = tmp_path_factory.mktemp("running")
    checkout.write(
        section,
        f"""
        # %%
        import os
        import time

        open(os.path.join({str(running)!r}, str(os.getpid())), "w").close()
        time.sleep(60)
        """,
    )
    program = (
        "import pathlib, gradtape.authoring as a;"
        f"a.build(root=pathlib.Path({str(checkout.root)!r}))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env=os.environ | {"TMPDIR": str(tmp_path_factory.mktemp("temporary"))},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until(lambda: len(list(running.iterdir())) == len(LANGUAGES))
        kernels = [int(path.name) for path in running.iterdir()]
        yield process, lambda: any(map(is_running, kernels))
        process.kill()


on_posix = pytest.mark.skipif(sys.platform == "win32", reason="sends signals")


@on_posix
def test_a_build_that_is_killed_leaves_the_notebooks_and_no_kernel(
    checkout, long_build
):
    process, has_kernel = long_build
    for language in LANGUAGES:
        checkout.notebook(language).parent.mkdir()
        checkout.notebook(language).write_text("committed")
    before = checkout.files()
    process.kill()
    process.wait()
    assert checkout.files() == before
    until(lambda: not has_kernel())


@on_posix
def test_a_build_that_is_interrupted_takes_its_kernels_along(checkout, long_build):
    process, has_kernel = long_build
    assert has_kernel()
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert error.strip().endswith("KeyboardInterrupt")
    until(lambda: not has_kernel())  # A fork ends by itself once its launcher is gone.
    assert not list(checkout.root.rglob("*.ipynb"))


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def is_running(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
