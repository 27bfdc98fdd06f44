"""What a notebook can ask for, nbval's options, and what a kernel may do."""

import json
import sys
from textwrap import dedent

import nbformat
import pytest
from tests.regression.cells import code, error, printed, shown

pytest_plugins = ["pytester"]


def test_standard_error_is_compared_and_may_be_accepted(run):
    warn = "import warnings\nwarnings.warn('old')\nx = {}"
    warning = "/tmp/ipykernel_1/9.py:2: UserWarning: old\n  warnings.warn('old')\n"
    result, said = run(
        code(warn.format(1), [printed(warning, "stderr")], 1),
        code(warn.format(2), [printed(warning.replace("old", "new"), "stderr")], 2),
        code(warn.format(3), [printed("other\n", "stderr")], 3, ["stderr=ignore"]),
        code("print(x)", [printed("3\n"), printed("gone\n", "stderr")], 4),
        code("print(x)", [printed("3\n")], 5),
    )
    result.assert_outcomes(passed=3, failed=2)
    assert "standard error: line 1, '<cell>:2: UserWarning: old' came out" in said
    assert "standard error is stored and did not come out: gone" in said
    assert "tag the cell stderr=ignore" in said


def test_stored_errors_and_what_ends_a_cell(run):
    usage = "UsageError: Line magic function `%notmagic` not found.\n"
    result, said = run(
        code("1 / 0", [error("ZeroDivisionError", "division by zero")], 1),
        code("[][1]", [error("IndexError", "other words")], 2),
        code("x = 3", [error("IndexError", "list index out of range")], 3),
        code("%notmagic", [printed(usage, "stderr")], 4),
        code("import sys\nsys.exit(0)", [], 5),
        code("print(x)", [printed("3\n")], 6),
        code("# NBVAL_IGNORE_OUTPUT\nprint(x)", [printed("4\n")], 7),
        code("# NBVAL_SKIP\nraise SystemError", [], 8),
        code("!exit 3", [], 9),
    )
    result.assert_outcomes(passed=6, failed=2, skipped=1)
    assert "'IndexError: list index out of range' came out" in said
    assert "nothing came out, error 'IndexError: list index out of range' is st" in said


def test_part_of_an_output_is_masked(run):
    result, _ = run(
        code("print('took', 5, 'x')", [printed("took 7 x\n")], 1, [r"mask=took \d+"]),
        code("print('took', 5, 'x')", [printed("took 7 y\n")], 2, [r"mask=took \d+"]),
        code("print('run', 5)", [printed("run 7\n")], 3),
        gradtape={"mask": [r"run \d+"]},
    )
    result.assert_outcomes(passed=2, failed=1)


def test_layout_counts_unless_told(run):
    result, _ = run(
        code("print('a\\n  b')", [printed("a\nb\n")], 1),
        code("print('a\\n  b')", [printed("a\nb\n")], 2, ["layout=ignore"]),
    )
    result.assert_outcomes(passed=1, failed=1)


def test_a_setting_typed_wrong_is_said(run):
    result, said = run(
        code("print(0.5)", [printed("0.5\n")], 1, ["RTOL=0.01"]),
        code("print(0.5)", [printed("0.5005\n")], 2, ["nbval_ignore_output"]),
        code("print(0.5)", [printed("0.5\n")], 3, ["easy", "points=3"]),
        code("print(0.5)", [printed("0.5\n")], 4, rtoll=0.01),
        code("print(0.5)", [printed("0.5\n")], 5, ["mask=("]),
        code("print(0.5)", [printed("0.5\n")], 6, ["stderr=never"]),
    )
    result.assert_outcomes(passed=1, failed=5)
    for words in (
        "the tag 'RTOL=0.01' is unknown; is rtol=0.01 meant?",
        "the tag 'nbval_ignore_output' is unknown; is nbval-ignore-output meant?",
        "the setting 'rtoll' is unknown; is rtol meant?",
        "mask is '(', which is no regular expression",
        "stderr is 'never'; write compare or ignore",
    ):
        assert words in said, words


def test_a_later_cell_may_change_what_is_shown(run):
    make = (
        "from IPython.display import display\nhandle = display(0.25, display_id=True)"
    )
    result, said = run(
        code(make, [shown("0.75")], 1),
        code("handle.update(0.75)", [], 2),
        code("x = 3", [], 3),
    )
    result.assert_outcomes(passed=3)
    result, said = run(code(make, [shown("0.75")], 1), code("x = 2", [], 2))
    result.assert_outcomes(passed=1, failed=1)
    assert "value: 0.25 came out, 0.75 is stored" in said
    by_a_word = "from IPython.display import *\ndisplay(0.25, display_id='bar');"
    result, said = run(
        code(by_a_word, [shown("0.75")], 1),
        code("update_display(0.75, display_id='bar')", [], 2),
    )
    result.assert_outcomes(passed=2)


WIDGET = "application/vnd.jupyter.widget-view+json"


def view(name, text):
    return shown(
        text,
        "execute_result",
        **{WIDGET: {"model_id": name, "version_major": 2, "version_minor": 0}},
    )


def test_widgets_and_what_an_output_widget_catches(run):
    states = {
        "a1": {"model_name": "IntSliderModel", "state": {"value": 7}},
        "c3": {"model_name": "IntSliderModel", "state": {"value": 3}},
        "b2": {
            "model_name": "OutputModel",
            "state": {"outputs": [printed("caught\n")]},
        },
    }
    state = {"version_major": 2, "version_minor": 0, "state": states}
    widgets = {"application/vnd.jupyter.widget-state+json": state}
    cells = (
        code("import ipywidgets as w\ns = w.IntSlider(value=3)\ns", [view("a1", "IntSlider(value=3)")], 1),
        code("o = w.Output()\no", [view("b2", "Output()")], 2),
        code("with o:\n    print('caught')", [], 3),
        code("e = w.Output()\nwith e:\n    raise KeyError", [], 5),
        code("s.value = 7", [], 4),
        code("w.IntSlider(value=3)", [view("c3", "IntSlider(value=3)")], 6),
    )  # fmt: skip
    result, _ = run(*cells, widgets=widgets)
    result.assert_outcomes(passed=6)
    states["a1"]["state"]["value"] = states["c3"]["state"]["value"] = 8
    states["b2"]["state"]["outputs"] = [printed("else\n")]
    result, said = run(*cells, widgets=widgets)
    result.assert_outcomes(passed=5, failed=1)
    assert "code cell 1 (cell-1): widget: value is 7, 8 is stored" in said
    assert "code cell 2 (cell-2): widget: outputs[0].text" in said
    assert "widget: value is 3, 8 is stored" in said


def test_nbval_lax_is_honoured(run):
    result, _ = run(
        code("print(1)", [printed("2\n")], 1),
        code("# NBVAL_CHECK_OUTPUT\nprint(1)", [printed("2\n")], 2),
        code("raise KeyError", [], 3),
        arguments=("--nbval-lax",),
    )
    result.assert_outcomes(passed=1, failed=2)


def test_nbvals_patterns_are_honoured_or_refused(run, pytester):
    cells = (code("print('run 5')", [printed("run 7\n")], 1),)
    good = pytester.makefile(".cfg", "regex: run \\d+\nreplace: run N")
    result, _ = run(*cells, arguments=(f"--nbval-sanitize-with={good}",))
    result.assert_outcomes(passed=1)
    bad = pytester.makefile(".txt", "regex: run \\d+\n\nreplace: run N")
    result = pytester.runpytest_subprocess(
        "--gradtape", f"--nbval-sanitize-with={bad}", "-p", "no:xdist"
    )
    assert result.ret == 4
    assert "right under its `regex: ` line" in result.stderr.str()


def test_the_first_failure_stops_where_that_is_asked(run):
    result, _ = run(
        code("print(1)", [printed("2\n")], 1),
        code("print(2)", [printed("2\n")], 2),
        arguments=("-x",),
    )
    result.assert_outcomes(failed=1)


@pytest.mark.slow
def test_coverage_is_collected(pytester, run):
    pytest.importorskip("pytest_cov")
    pytester.makepyfile(
        tool="def used():\n    return 3\n\n\ndef unused():\n    return 4\n"
    )
    cells = (
        code("import sys\nsys.path.insert(0, '.')\nimport tool\nprint(tool.used())", [printed("3\n")], 1),
    )  # fmt: skip
    run(*cells)
    result = pytester.runpytest_subprocess(
        "--gradtape", "-p", "no:xdist", "--cov=tool", "--cov-report=term"
    )
    result.stdout.re_match_lines([r"tool\.py +4 +1 +75%.*"])


ECHO = """
from ipykernel.kernelbase import Kernel

class Echo(Kernel):
    implementation = banner = "echo"
    implementation_version = "1"
    language_info = {"name": "echo", "mimetype": "text/plain", "file_extension": ".txt"}

    async def do_execute(self, code, silent, *arguments, **keywords):
        if not silent:
            content = {"name": "stdout", "text": code}
            self.send_response(self.iopub_socket, "stream", content)
        return {"status": "ok", "execution_count": self.execution_count,
                "payload": [], "user_expressions": {}}

if __name__ == "__main__":
    from ipykernel.kernelapp import IPKernelApp
    IPKernelApp.launch_instance(kernel_class=Echo)
"""


def test_a_kernel_of_another_language_runs_or_its_lack_is_told(
    run, pytester, monkeypatch
):
    pytester.makepyfile(echo=dedent(ECHO))
    folder = pytester.path / "share" / "kernels" / "echo"
    folder.mkdir(parents=True)
    argv = [sys.executable, str(pytester.path / "echo.py"), "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Echo", "language": "echo"}
    (folder / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(pytester.path / "share"))
    cells = (code("hello", [printed("hello")], 1), code("you", [printed("me")], 2))
    kernel = {"name": "echo", "display_name": "Echo", "language": "echo"}
    result, _ = run(*cells, kernelspec=kernel)
    result.assert_outcomes(passed=1, failed=1)
    result, said = run(*cells, kernelspec=kernel | {"name": "missing"})
    result.assert_outcomes(errors=2)
    assert "the notebook needs the kernel 'missing', which is not installed" in said


def test_a_notebook_without_counts_but_with_outputs_was_run(run, pytester, notebook):
    path = notebook(code("x = 1", [], 1), code("print(x)", [printed("1\n")], 2))
    written = nbformat.read(path, as_version=4)
    for cell in written.cells:
        cell.execution_count = None
    nbformat.write(written, path)
    result, _ = run()
    result.assert_outcomes(passed=2)


def test_a_consequence_is_told_of_the_failure_that_it_follows(run):
    _, said = run(
        code("x = 1 / 0", [], 1),
        code("y = open('missing')", [], 2),
        code("print(x)", [printed("1\n")], 3),
        code("x = 5\nprint(x, 6)", [printed("5\n")], 4),
        code("print(x, 7)", [printed("5\n")], 5),
    )
    follows = said.count("This may follow from")
    assert "This may follow from code cell 1 (cell-1), which failed" in said
    assert follows == 2  # cell 3 from cell 1, cell 5 from cell 4
