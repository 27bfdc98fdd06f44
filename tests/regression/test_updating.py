"""What comes out is stored on request, after it was shown, and never in CI."""

import base64
import io

import nbformat
from PIL import Image
from tests.regression.cells import code, error, printed, shown, unrun

pytest_plugins = ["pytester"]

FILE = io.BytesIO()
Image.new("RGB", (552, 413), "white").save(FILE, "PNG")
WHITE = base64.b64encode(FILE.getvalue()).decode()


def test_what_changed_is_shown_and_stored_and_the_rest_is_kept(run, pytester):
    path = pytester.path / "lesson.ipynb"
    result, said = run(
        code("print(1.00000001)", [printed("1.0\n")], 1),
        code("print(2.5)", [printed("2.0\n")], 2),
        unrun("3 + 0.5", 3),
        unrun("x = 4", 4),
        code("y = 5\nprint(y)", [], 8),
        code("1 / 0", [], 9, ["raises-exception"]),
        arguments=("--gradtape-update",),
    )
    result.assert_outcomes(passed=6)
    for line in (
        "lesson.ipynb, code cell 2 (cell-2): text: 2.5 came out, 2.0 is stored: 0.5 apart",
        "lesson.ipynb, code cell 3 (cell-3): first run: value '3.5' came out",
        "lesson.ipynb, code cell 4 (cell-4): first run: nothing came out",
        "lesson.ipynb: written",
    ):
        assert line in said, line
    assert "cell-1" not in said
    cells = nbformat.read(path, as_version=4).cells
    assert cells[0].outputs[0].text == "1.0\n"
    assert cells[1].outputs[0].text == "2.5\n"
    assert cells[2].outputs == [shown("3.5", "execute_result") | {"execution_count": 3}]
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4, 5, 6]
    assert cells[5].outputs[0].ename == "ZeroDivisionError"

    first = path.read_bytes()
    result, said = run(arguments=("--gradtape-update",))
    assert "lesson.ipynb: left as it is: everything agrees" in said
    assert path.read_bytes() == first
    result, _ = run()
    result.assert_outcomes(passed=6)


def test_a_notebook_with_a_failed_cell_is_left_as_it_is(run, notebook):
    cells = (
        code("print(1)", [printed("2\n")], 1),
        code("raise KeyError", [], 2),
        code("x = 3", [error("ValueError", "x")], 3, ["raises-exception"]),
    )
    path = notebook(*cells)
    before = path.read_bytes()
    result, said = run(arguments=("--gradtape-update",))
    result.assert_outcomes(passed=1, failed=2)
    assert "lesson.ipynb: not written, since 2 of its cells did not run through" in said
    assert path.read_bytes() == before


def test_one_cell_is_stored_alone(run, pytester):
    _, said = run(
        code("print(1)", [printed("other\n")], 1),
        code("print(2)", [printed("words\n")], 2),
        code("raise KeyError", [], 3),
        arguments=("--gradtape-update", "lesson.ipynb::cell-2"),
    )
    assert "lesson.ipynb: written" in said
    cells = nbformat.read(pytester.path / "lesson.ipynb", as_version=4).cells
    assert [output.text for cell in cells for output in cell.outputs] == [
        "other\n",
        "2\n",
    ]


def test_a_picture_that_changed_is_stored(run, pytester):
    _, said = run(
        code(
            "import matplotlib.pyplot as plt\nplt.plot([1, 2], 'r')\nplt.show()",
            [shown("<Figure size 640x480 with 1 Axes>", **{"image/png": WHITE})],
        ),
        arguments=("--gradtape-update",),
    )
    assert "figure: another picture came out" in said
    (cell,) = nbformat.read(pytester.path / "lesson.ipynb", as_version=4).cells
    assert len(cell.outputs[0].data["image/png"]) > 100


def test_ci_does_not_update(run, monkeypatch, pytester):
    monkeypatch.setenv("CI", "true")
    (pytester.path / "lesson.ipynb").write_text("{}")
    result = pytester.runpytest_subprocess("--gradtape-update", "-p", "no:xdist")
    assert result.ret == 4
    assert "--gradtape-update in CI (CI=true)" in result.stderr.str()


def test_an_update_is_one_process_whatever_the_configuration_says(run):
    result, said = run(
        code("print(1)", [printed("2\n")], 1),
        arguments=("--gradtape-update", "-p", "xdist", "-n2"),
    )
    result.assert_outcomes(passed=1)
    assert "lesson.ipynb: written" in said


def test_one_notebook_of_a_folder_is_stored_alone(pytester, notebook, run):
    other = notebook(unrun("1 + 1", 1))
    other = other.rename(other.with_name("other.ipynb"))
    before = other.read_bytes()
    _, said = run(unrun("print(1)", 1), arguments=("--gradtape-update", "lesson.ipynb"))
    assert "lesson.ipynb: written" in said
    assert other.read_bytes() == before
