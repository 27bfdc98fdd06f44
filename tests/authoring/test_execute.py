"""A notebook in a kernel of its own. The kernels are real, so they are few."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from gradtape.authoring.execute import execute, kernel_environment


def run(*cells):
    """Run cells of code, those that begin with ``!`` tagged as meant to fail."""
    notebook = new_notebook(cells=[new_markdown_cell("Prose.")])
    for code in cells:
        tags = {"tags": ["raises-exception"]} if code.startswith("!") else {}
        notebook.cells.append(new_code_cell(code.removeprefix("!"), metadata=tags))
    done = []
    failure = asyncio.run(execute(notebook, lambda: done.append(1)))
    return notebook.cells[1:], failure, len(done)


def test_cells_run_in_order_and_leave_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("LANGUAGE", "zh")
    monkeypatch.chdir(tmp_path)
    cells, failure, done = run(
        "import os, sys\nprint(os.listdir(), os.environ['MPLBACKEND'])",
        "for i in range(3):\n    print(i, flush=True)",
        "open('left', 'w').close()\n(sys.executable, os.getcwd())",
        "!1 / 0",
        "hash('tape'), os.environ['LC_ALL'], os.environ.get('LANGUAGE')",
    )
    assert failure is None and done == 5
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4, 5]
    assert [output.text for output in cells[0].outputs] == [
        "[] module://matplotlib_inline.backend_inline\n"
    ]
    assert [output.text for output in cells[1].outputs] == ["0\n1\n2\n"]
    executable, folder = eval(cells[2].outputs[0].data["text/plain"])
    assert executable == sys.executable
    assert not Path(folder).exists()
    assert cells[3].outputs[0].ename == "ZeroDivisionError"
    assert cells[4].outputs[0].data["text/plain"].endswith("'C.UTF-8', None)")
    assert list(tmp_path.iterdir()) == []
    assert all(cell.metadata.keys() <= {"tags"} for cell in cells)


def test_the_kernel_is_this_python_s_even_where_another_is_installed(
    tmp_path, monkeypatch
):
    other = tmp_path / "kernels" / "python3"
    other.mkdir(parents=True)
    (other / "kernel.json").write_text('{"argv": ["false"], "display_name": "Other"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    cells, failure, _ = run("import sys\nprint(sys.executable)")
    assert failure is None
    assert cells[0].outputs[0].text.strip() == sys.executable


def test_an_error_is_told_with_the_cell_and_its_line():
    _, failure, done = run(
        "x = 1\n\ndef f():\n    raise ValueError('no\\nmore')", "y = 2\nf()\nz = 3"
    )
    assert (failure.cell, failure.line, done) == (2, 1, 1)
    assert failure.sentence == "ValueError: no"


def test_a_line_that_is_no_python_is_told():
    _, failure, _ = run("x = 1\ny = = 2")
    assert (failure.cell, failure.line) == (1, 1)
    assert failure.sentence.startswith("SyntaxError")


def test_a_cell_that_stopped_failing_is_told():
    _, failure, _ = run("x = 1", "!x = 2")
    assert (failure.cell, failure.line) == (2, 0)
    assert "raises-exception" in failure.sentence


def test_a_kernel_that_dies_is_told():
    _, failure, _ = run("x = 1", "import os\nos._exit(1)")
    assert (failure.cell, failure.sentence) == (2, "the kernel died here")


def test_a_kernel_that_cannot_start_is_told(monkeypatch):
    monkeypatch.setenv("PYTHONHOME", os.devnull)
    _, failure, _ = run("x = 1")
    assert failure.sentence.startswith("no kernel could be started: ")


@pytest.mark.parametrize(
    "name", ["PYTHONSTARTUP", "TF_CPP_MIN_LOG_LEVEL", "KERAS_BACKEND", "FORCE_COLOR"]
)
def test_what_would_change_a_notebook_is_not_inherited(name, monkeypatch, tmp_path):
    monkeypatch.setenv(name, "1")
    assert name not in kernel_environment(tmp_path)


def test_what_the_kernel_needs_is_inherited(monkeypatch, tmp_path):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    environment = kernel_environment(tmp_path)
    assert environment["CUDA_VISIBLE_DEVICES"] == "1"
    assert environment["PYTHONHASHSEED"] == "0"
