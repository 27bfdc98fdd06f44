"""The plugin turns red when a notebook is wrong, says what to do, and only then."""

import json
from textwrap import dedent

import nbformat
import pytest
from tests.regression.cells import code, error, heading, printed, shown, unrun

pytest_plugins = ["pytester"]


def test_what_agrees_is_green(run):
    table = "<table><tr><td>loss</td><td>{}</td></tr></table>"
    result, _ = run(
        heading("# Title"),
        code("print('dy/dx =', 108.00001)", [printed("dy/dx = 108.0\n")], 1),
        code("1 / 0", [error("ZeroDivisionError", "division by zero")], 2, ["raises-exception"]),
        code("x = 3", [], 3),
        code("print(1.02)", [printed("1.0\n")], 4, ["rtol=0.05"]),
        code("print(1.02)", [printed("1.0\n")], 5, rtol=0.05),
        code("print(0.1)", [printed("0.0\n")], 6, ["atol=0.2"], atol=0.01),
        code("1.00001 + 2j", [shown("(1+2j)", "execute_result")], 7),
        code("float('nan'), -float('inf')", [shown("(nan, -inf)", "execute_result")], 8),
        code(
            f"from IPython.display import HTML, display\ndisplay(HTML({table.format(0.50001)!r}))",
            [shown("<IPython.core.display.HTML object>", **{"text/html": table.format(0.5)})],
            9,
        ),
        code("print('斜率是3.00001，单位 m/s')", [printed("斜率是3.0，单位 m/s\n")], 10),
        code("print(object())", [printed("<object object at 0x7f00deadbeef>\n")], 11),
        unrun("", 12),
        code("raise SystemError", [], 13, ["nbval-skip"]),
    )  # fmt: skip
    result.assert_outcomes(passed=12, skipped=1)


def test_each_fault_is_red_and_says_what_to_do(run):
    result, said = run(
        heading("# Title\n\n## The tape"),
        code("print('dy/dx =', 107.0)", [printed("dy/dx = 108.0\n")], 1),
        code("print(2)", [], 2),
        code("x = 3", [printed("3\n")], 3),
        code("import os; os.write(2, b'noise')\nNone", [], 4),
        code("x = 5", [error("ValueError", "five") | {"traceback": ["----> 1 fail(5)"]}], 5, ["raises-exception"]),
        code("raise KeyError('six')", [error("ValueError", "six")], 6, ["raises-exception"]),
        unrun("print(7)", 7),
        code("print(8)", [printed("8\n", "stderr")], 8),
        code("y = 9\nraise ValueError('nine')", [], 9),
        code("print(1.005)", [printed("1.0\n")], 10, ["rtol=1e-3"]),
        code("print(11)", [printed("11\n")], 11, ["rtol=wide"]),
        code("print(12.0)", [printed("12\n")], 12),
        code("x = 13", [], 13, ["raises-exception", "nbval-ignore-output"]),
    )  # fmt: skip
    result.assert_outcomes(failed=13)
    for sentence in (
        "in lesson.ipynb, section 'The tape', code cell 1 (cell-1):\n    print('dy/dx",
        "text: after 'dy/dx =' 107.0 came out, 108.0 is stored: 1 apart, allowed 0.0108",
        "text '2' came out, nothing is stored",
        "nothing came out, text '3' is stored",
        "standard error came out: noise",
        "raised nothing; 'ValueError: five' is stored, raised by `fail(5)`",
        "error: \"KeyError: 'six'\" came out, 'ValueError: six' is stored",
        "the stored cell was never run, so there is nothing to compare with",
        "standard error is stored and did not come out: 8",
        "line 2: ValueError: nine",
        "0.005 apart, allowed 0.001",
        "tag the cell with a tolerance such as rtol=0.01",
        "rtol is 'wide'; write a number",
        "a whole number and a decimal one are not the same",
        "store it with `pytest --gradtape-update 'lesson.ipynb::cell-1'`",
    ):
        assert sentence in said, sentence
    assert said.count("What to do: ") == 13
    assert "code cell 13 (cell-13)" in said
    assert "may follow" not in said


def test_what_arrives_late_belongs_to_the_cell_that_wrote_it(run):
    read_late = """
        import os, subprocess, time

        read = os.read
        os.read = lambda *arguments: (read(*arguments), time.sleep(0.2))[0]
        for descriptor in 1, 2:
            os.write(descriptor, b"The next read is late.")
    """
    result, said = run(
        code(dedent(read_late).strip(), [], 1, ["nbval-ignore-output"]),
        code("os.write(2, b'noise')\nNone", [], 2),
        code("x = 3", [], 3),
        code("subprocess.run(['echo', 'four']);", [printed("four\n")], 4),
        code("os.write(2, b'error')\nraise ValueError", [], 5),
        code("x = 6", [], 6),
        code("os.dup2(os.open(os.devnull, os.O_WRONLY), 2);", [], 7),
        code("x = 8", [], 8),
    )
    result.assert_outcomes(passed=6, failed=2)
    assert "standard error came out: noise\nin lesson.ipynb, code cell 2" in said
    assert "line 2: ValueError\nin lesson.ipynb, code cell 5" in said


def test_what_ipython_does_around_each_cell_happens_once(run):
    hooks = """
        for moment in "pre_execute", "post_execute":
            get_ipython().events.register(moment, lambda moment=moment: print(moment))
    """
    result, _ = run(
        code(dedent(hooks).strip(), [printed("post_execute\n")], 1),
        code("x = 2", [printed("pre_execute\npost_execute\n")], 2),
        code("x = 3", [printed("pre_execute\npost_execute\n")], 3),
    )
    result.assert_outcomes(passed=3)


def test_a_notebook_can_set_a_tolerance_for_all_its_cells(run):
    result, _ = run(
        code("print(1.02)", [printed("1.0\n")], 1),
        code("print(1.02)", [printed("1.0\n")], 2, rtol=1e-3),
        gradtape={"rtol": 0.05},
    )
    result.assert_outcomes(passed=1, failed=1)


def test_what_a_cell_wrote_over_does_not_count(run):
    result, _ = run(
        code(
            "from IPython.display import clear_output\n"
            "for step in range(3):\n"
            "    clear_output(wait=True)\n"
            "    print(step)",
            [printed("2\n")],
            1,
        ),
        code(
            "from IPython.display import display\n"
            "handle = display(0.25, display_id=True)\n"
            "handle.update(0.75)",
            [shown("0.75")],
            2,
        ),
        code(
            "print('old')\nclear_output()\nprint('new')",
            [printed("new\n")],
            3,
        ),
    )
    result.assert_outcomes(passed=3)


def test_the_log_of_tensorflow_is_no_part_of_a_notebook(run):
    log = "I0000 00:00:1795519162.606635    4448 port.cc:153] oneDNN is on."
    result, said = run(
        code(f"import sys; print('{log}', file=sys.stderr)", [], 1),
        code("print(2)", [printed(log + "\n", "stderr"), printed("2\n")], 2),
        code(f"print('{log}\\nE.T.', file=sys.stderr)", [], 3),
    )
    result.assert_outcomes(passed=2, failed=1)
    assert "standard error came out: E.T." in said


@pytest.mark.parametrize(
    ("deed", "plain", "how"),
    [
        ("os._exit(3)", "1", "with exit code 3"),
        ("os.kill(os.getpid(), 11)", "1", "of signal 11 (Segmentation fault)"),
        ("os.kill(os.getpid(), 11)", "", "of signal 11 (Segmentation fault)"),
    ],
)
def test_a_kernel_that_dies_is_told_at_once(run, monkeypatch, deed, plain, how):
    monkeypatch.setenv("GRADTAPE_PLAIN_KERNEL", plain)
    result, said = run(
        code(f"import os; {deed}", [], 1), code("print(2)", [printed("2\n")], 2)
    )
    result.assert_outcomes(failed=1, skipped=1)
    assert f"the kernel died {how} while the cell ran" in said


@pytest.mark.parametrize(
    ("launcher", "seconds", "why"),
    [
        ("raise SystemExit(1)", 60, "Kernel died before replying to kernel_info"),
        ("import time; time.sleep(60)", 1, "Kernel didn't respond in 1 seconds"),
    ],
)
def test_a_kernel_that_does_not_start_is_told(
    run, pytester, monkeypatch, launcher, seconds, why
):
    pytester.makepyfile(ipykernel_launcher=launcher)
    monkeypatch.setenv("PYTHONPATH", str(pytester.path))
    monkeypatch.setenv("GRADTAPE_PLAIN_KERNEL", "1")
    limit = f"--nbval-kernel-startup-timeout={seconds}"
    result, said = run(code("x = 2", [], 1), arguments=(limit,))
    result.assert_outcomes(errors=1)
    assert f"\nthe kernel did not start, so no cell was run ({why})\n" in said
    assert f"wait longer with --nbval-kernel-startup-timeout={5 * seconds}" in said
    assert "exception" not in said


def test_what_may_follow_from_a_failure_is_told(run):
    _, said = run(
        code("x = [3.0]\nx.append(undefined)", [], 1),
        code("y = 2 * x[-1]", [], 2),
        code("print(y)", [printed("8.0\n")], 3),
        code("print(5)", [printed("4\n")], 4),
    )
    follows = "This may follow from code cell 1 (cell-1), which failed first"
    first, third, fourth, _ = said.split("What to do: ")
    assert follows in third and follows not in first + fourth
    assert "What to do: mend that one and run again; if this is still red, " in said


def test_a_cell_is_tested_alone_after_those_before_it(run, pytester):
    cells = (
        code("x = 2.5\nprint('other')", [printed("words\n")], 1),
        code("print(x)", [printed("2.5\n")], 2),
        code("raise SystemError", [], 3),
    )
    result, _ = run(*cells, arguments=("lesson.ipynb::cell-2",))
    result.assert_outcomes(passed=1)
    result, said = run(arguments=("lesson.ipynb::cell-1",))
    result.assert_outcomes(failed=1)
    assert "store it with `pytest --gradtape-update 'lesson.ipynb::cell-1'`" in said
    result, said = run(
        code("x = 2", [], 1),
        code("import os; os._exit(1)", [], 2),
        code("x = 3", [], 3),
        arguments=("lesson.ipynb::cell-3",),
    )
    result.assert_outcomes(failed=1)
    assert "the cell was not run: the kernel died in code cell 2 (cell-2)" in said


def test_a_cell_over_its_time_is_red(run):
    result, said = run(
        code("import time; time.sleep(2)", [], 1, ["timeout=30"]),
        code("time.sleep(60)", [], 2),
        code("x = 3", [], 3),
        arguments=("--nbval-cell-timeout=1",),
    )
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    assert "the cell was still running after 1 second in line 1;" in said
    assert "  > time.sleep(60)" in said
    assert "a tag such as timeout=5" in said


def test_a_notebook_that_was_never_run_is_told_once(run):
    result, said = run(unrun("x = 1", 1), unrun("print(x)", 2))
    result.assert_outcomes(failed=1, skipped=1)
    assert "run and store it with `pytest --gradtape-update 'lesson.ipynb'`" in said


@pytest.mark.parametrize("text", ["{}", "not json", '{"nbformat": 4, "cells": 3}'])
def test_a_file_that_is_no_notebook_is_red(run, pytester, text):
    (pytester.path / "lesson.ipynb").write_text(text)
    result, said = run()
    assert "lesson.ipynb is not a valid notebook" in said
    assert text != "not json" or "line 1 column 1" in said
    assert "What to do: " in said
    assert result.ret != 0


def test_cells_without_ids_are_named_alike_in_every_process(run, notebook):
    path = notebook(code("x = 1", [], 1), code("print(x)", [printed("1\n")], 2))
    written = json.loads(path.read_text())
    for cell in written["cells"]:
        del cell["id"]
    path.write_text(json.dumps(written))
    result, said = run(arguments=("-p", "xdist", "-n2", "-v"))
    result.assert_outcomes(passed=2)
    assert "PASSED lesson::ipynb::cell 2" in said


def test_cells_stay_in_order_whatever_shuffles_the_tests(run, pytester):
    pytester.makeconftest(
        """
        def pytest_collection_modifyitems(items):
            items.reverse()
        """
    )
    result, _ = run(
        code("x = 1", [], 1),
        code("x += 1", [], 2),
        code("print(x)", [printed("2\n")], 3),
    )
    result.assert_outcomes(passed=3)


def test_without_the_option_notebooks_are_left_alone(pytester):
    (pytester.path / "lesson.ipynb").write_text("{}")
    assert pytester.runpytest_subprocess("-p", "no:xdist").ret == 5


def test_pytest_starts_without_nbval_and_says_what_is_missing(pytester):
    pytester.makepyfile(test_it="def test_it(): pass")
    (pytester.path / "nbval").mkdir()
    (pytester.path / "sitecustomize.py").write_text(
        "import importlib.util as u\n"
        "find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'nbval' else find(name, *a)\n"
    )
    pytester._monkeypatch.setenv("PYTHONPATH", str(pytester.path))
    plain = ("-p", "no:xdist", "-p", "no:nbval")
    pytester.runpytest_subprocess(*plain).assert_outcomes(passed=1)
    result = pytester.runpytest_subprocess(*plain, "--gradtape")
    assert "pip install nbval" in result.stderr.str()


def test_the_line_is_marked_at_which_this_cell_warned_or_failed(run):
    define = """
        import warnings

        def warn():
            warnings.warn("old")

        def fail():
            raise KeyError
    """
    result, said = run(
        code(dedent(define), [], 1),
        code("import warnings\nwarnings.warn('new')\nx = 3", [], 2),
        code("warn()", [], 3),
        code("x = 4\nfail()", [], 4),
        code("def again():\n    try:\n        fail()\n    except KeyError as e:\n        raise OSError from e", [], 5),
        code("again()", [], 6),
    )  # fmt: skip
    result.assert_outcomes(passed=2, failed=4)
    assert "line 1: OSError" in said and "  > again()" in said
    assert "  > warnings.warn('new')" in said
    assert "UserWarning: old" in said and "    warn()" in said
    assert "line 2: KeyError" in said and "  > fail()" in said


def test_lines_of_cells_are_shown_in_few(run):
    long = "\n".join(f"x{number} = {number}" for number in range(30)) + "\n1 / 0"
    _, said = run(code(long, [], 1))
    assert "line 31: ZeroDivisionError: division by zero" in said
    assert "x29 = 29\n  > 1 / 0" in said
    assert "x20 = 20" not in said


def test_a_notebook_of_an_older_format_is_read(run, notebook):
    path = notebook(code("print(1)", [printed("1\n")], 1))
    old = nbformat.convert(nbformat.read(path, as_version=4), 3)
    nbformat.write(old, path)
    result, _ = run()
    result.assert_outcomes(passed=1)
