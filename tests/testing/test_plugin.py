"""The plugin turns red when a notebook is wrong, says what to do, and only then."""

import nbformat
import pytest

pytest_plugins = ["pytester"]


def code(source, outputs=(), count=1, tags=()):
    cell = nbformat.v4.new_code_cell(source, id=f"cell-{count}")
    cell.outputs = [nbformat.from_dict(output) for output in outputs]
    cell.execution_count = count
    if tags:
        cell.metadata.tags = list(tags)
    return cell


def printed(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def error(name, message):
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": []}


@pytest.fixture
def run(pytester):
    def run_cells(*cells, arguments=()):
        notebook = nbformat.v4.new_notebook(cells=list(cells))
        nbformat.write(notebook, pytester.path / "lesson.ipynb")
        return pytester.runpytest_subprocess("--gradtape", "-p", "no:xdist", *arguments)

    return run_cells


def test_what_agrees_is_green(run):
    heading = nbformat.v4.new_markdown_cell("# Title", id="title")
    result = run(
        heading,
        code("print('dy/dx =', 108.00001)", [printed("dy/dx = 108.0\n")], 1),
        code("1 / 0", [error("ZeroDivisionError", "division by zero")], 2, ["raises-exception"]),
        code("x = 3", [], 3),
        code("print(1.02)", [printed("1.0\n")], 4, ["rtol=0.05"]),
    )  # fmt: skip
    result.assert_outcomes(passed=4)


def test_each_fault_is_red_and_says_what_to_do(run):
    unrun = code("print(7)", [], 7)
    unrun.execution_count = None
    result = run(
        nbformat.v4.new_markdown_cell("# Title\n\n## The tape", id="title"),
        code("print('dy/dx =', 107.0)", [printed("dy/dx = 108.0\n")], 1),
        code("print(2)", [], 2),
        code("x = 3", [printed("3\n")], 3),
        code("import os; os.write(2, b'noise')\nNone", [], 4),
        code("x = 5", [error("ValueError", "five")], 5, ["raises-exception"]),
        code("raise KeyError('six')", [error("ValueError", "six")], 6, ["raises-exception"]),
        unrun,
        code("print(8)", [printed("8\n", "stderr")], 8),
        code("raise ValueError('nine')", [], 9),
    )  # fmt: skip
    result.assert_outcomes(failed=9)
    said = result.stdout.str()
    for sentence in (
        "in lesson.ipynb, section 'The tape', cell 1 (cell-1)",
        "text: after 'dy/dx =' 107.0 came out, 108.0 is stored: 1 apart, allowed 0.0108",
        "text came out, nothing is stored",
        "nothing came out, text is stored",
        "standard error came out: noise",
        "the cell is tagged raises-exception, and raised nothing",
        "error: \"KeyError: 'six'\" came out, 'ValueError: six' is stored",
        "the stored cell was never run, so there is nothing to compare with",
        "the notebook stores standard error: 8",
        "line 1: ValueError: nine",
    ):
        assert sentence in said


def test_a_kernel_that_dies_is_told_at_once(run):
    result = run(code("import os; os._exit(1)", [], 1))
    result.assert_outcomes(failed=1)
    assert "the kernel died while the cell ran" in result.stdout.str()


def test_a_cell_over_its_time_is_red(run):
    result = run(
        code("import time; time.sleep(60)", [], 1),
        arguments=("--nbval-cell-timeout=1",),
    )
    assert result.ret == 1
    assert "the cell was still running after 1 second;" in result.stdout.str()


def test_a_file_that_is_no_notebook_is_red(pytester):
    (pytester.path / "lesson.ipynb").write_text("{}")
    result = pytester.runpytest_subprocess("--gradtape", "-p", "no:xdist")
    assert "lesson.ipynb is not a valid notebook" in result.stdout.str()
    assert result.ret != 0


def test_without_the_option_notebooks_are_left_alone(pytester):
    (pytester.path / "lesson.ipynb").write_text("{}")
    assert pytester.runpytest_subprocess("-p", "no:xdist").ret == 5
