"""The page of what differs, two environments, proposals, and descriptions of figures."""

import json
import sys

import nbformat
import pytest
from tests.regression.cells import code, printed, shown, unrun
from tests.regression.test_outputs import png

pytest_plugins = ["pytester"]


def test_a_report_shows_stored_beside_new(run, pytester, monkeypatch):
    table = "<table><tr><td>a</td><td>{}</td></tr></table>"
    html = f"from IPython.display import HTML\nHTML({table.format(2)!r})"
    result, _ = run(
        code("print('slope', 2.5)", [printed("slope 3.5\n")], 1),
        code(html, [shown("<IPython.core.display.HTML object>", "execute_result", **{"text/html": table.format(1)})], 2),
        code("print('the same')", [printed("the same\n")], 3),
        code("print(object())", [printed("<object object at 0x7f0000000000>\n")], 4),
        arguments=("--gradtape-report=page",),
    )  # fmt: skip
    result.assert_outcomes(passed=2, failed=2)
    folder = pytester.path / "page"
    page = (folder / "index.html").read_text("utf-8")
    assert "<del>3.5</del>" in page and "<ins>2.5</ins>" in page
    assert "gt-differs" in page and "an address in memory" in page
    assert 'value="differs" checked> differs (2)' in page
    executed = nbformat.read(folder / "notebooks" / "lesson.ipynb", as_version=4)
    assert executed.cells[0].outputs[0].text == "slope 2.5\n"
    assert (folder / "junit.xml").is_file()
    first, _ = json.loads((folder / "annotations.json").read_text("utf-8"))
    assert first["location"]["path"] == "lesson.ipynb"
    line = first["location"]["lines"]["begin"]
    lines = (pytester.path / "lesson.ipynb").read_text("utf-8").split("\n")
    assert "print('slope', 2.5)" in lines[line - 1]
    again, _ = run(arguments=("--collect-only",))
    assert again.parseoutcomes()["tests"] == 4  # those of the report are none


def test_a_report_of_several_processes_is_one(run, pytester, notebook):
    for name in ("one.ipynb", "two.ipynb"):
        notebook(code("print(1)", [printed("2\n")], 1), name=name)
    result, _ = run(arguments=("-p", "xdist", "-n2", "--gradtape-report=page"))
    result.assert_outcomes(failed=2)
    page = (pytester.path / "page" / "index.html").read_text("utf-8")
    assert "<h1>2 notebooks, 2 cells, 2 differ</h1>" in page


def test_pictures_that_differ_are_put_where_the_message_says(run, pytester):
    draw = f"from IPython.display import Image\nimport base64\nImage(base64.b64decode({png()!r}))"
    other = png(((10, 20, 60, 60), "red"))
    output = shown(
        "<IPython.core.display.Image object>", "execute_result", **{"image/png": other}
    )
    result, said = run(
        code(draw, [output], 1), arguments=("--gradtape-report=page/../other",)
    )
    result.assert_outcomes(failed=1)
    assert "1-difference.png" in (pytester.path / "other" / "index.html").read_text(
        "utf-8"
    )
    (line,) = (line for line in said.split("\n") if "their difference are in " in line)
    folder = pytester.path / line.partition("their difference are in ")[2]
    assert sorted(path.name for path in folder.iterdir()) == [
        "1-difference.png",
        "1-new.png",
        "1-stored.png",
    ]


def test_two_environments_are_compared_with_each_other(run, monkeypatch):
    monkeypatch.setenv("OF_THE_RUN", "here")
    look = "import os, sys\nprint('PYTHONPATH' in os.environ)"
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    result, said = run(
        code("print(1)", [printed("whatever is stored\n")], 1),
        unrun("print(2.5)", 2),
        code(look, [], 3),
        arguments=(f"--gradtape-against={sys.executable}",),
    )
    result.assert_outcomes(passed=2, failed=1)
    assert f"'True' came out, 'False' in {sys.executable}" in said


def test_settings_are_proposed_after_three_runs(run, pytester):
    result, said = run(
        code("import time, random\nbegin = time.perf_counter()", [], 1),
        code("print(f'{time.perf_counter() - begin:.9f} passed')", [printed("0.1 passed\n")], 2),
        code("print(random.random())", [printed("0.5\n")], 3),
        code("print(1)", [printed("2\n")], 4),
        code("print('all', 5)", [printed("all 5\n")], 5),
        code("import os\nprint('run', os.urandom(4).hex(), 'ends')", [printed("run 0 ends\n")], 6),
        arguments=("--gradtape-suggest",),
    )  # fmt: skip
    result.assert_outcomes(passed=1)
    for words in (
        "code cell 2 (cell-2): tag it mask=",
        "code cell 3 (cell-3): the notebook draws random numbers; seed them",
        "code cell 4 (cell-4): every run gives the same, and not what is stored",
    ):
        assert words in said, words
    assert "cell-5" not in said
    assert "code cell 6 (cell-6): " in said


DRAW = (
    "import matplotlib.pyplot as plt\n"
    "plt.plot([0, 1, 2], [0, 1, {}], label='f')\nplt.xlim(0, {})\nplt.legend()\nplt.show()"
)


def test_figures_are_described_with_one_setting(run, pytester):
    result, said = run(
        unrun(DRAW.format(4, 2), 1),
        arguments=("--gradtape-update",),
        gradtape={"figures": "described"},
    )
    path = pytester.path / "lesson.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (output,) = notebook.cells[0].outputs
    words = output.data["text/plain"]
    assert "line 'f': #1f77b4, solid" in words and "x from 0 to 2" in words
    result, _ = run()
    result.assert_outcomes(passed=1)
    notebook.cells[0].source = DRAW.format(4, 3)
    nbformat.write(notebook, path)
    result, said = run()
    result.assert_outcomes(failed=1)
    assert "x from 0 to 3, ticks" in said


def changes(draw):
    from matplotlib.figure import Figure

    from gradtape.regression.description import describe_figure

    def described(*arguments):
        figure = Figure()
        draw(figure, *arguments)
        return describe_figure(figure)

    return described


def surface(figure, sign=1, azimuth=30):
    import numpy as np

    x, y = np.meshgrid(np.linspace(-2, 2, 9), np.linspace(-2, 2, 9))
    ax = figure.add_subplot(projection="3d")
    ax.plot_surface(x, y, 3 * x**2 + sign * 2 * y, cmap="viridis")
    ax.view_init(20, azimuth)


def image(figure, factor=1, step=1, cmap="gray"):
    import numpy as np

    values = np.arange(12.0).reshape(3, 4) * factor
    figure.add_subplot().imshow(values[::step], cmap=cmap)


def contours(figure, sign=1, levels=5):
    import numpy as np

    x, y = np.meshgrid(np.linspace(-2, 2, 9), np.linspace(-2, 2, 9))
    figure.add_subplot().contour(x, y, 3 * x**2 + sign * 2 * y, levels)


def curve(
    figure,
    factor=1,
    colour="C0",
    style="-",
    scale="linear",
    title="f",
    label="x",
    limit=3,
):
    ax = figure.add_subplot()
    ax.plot([1, 2, 3], [factor * 2, 3, 1], color=colour, linestyle=style)
    ax.set(title=title, xlabel=label, yscale=scale, xlim=(0, limit))


def points(figure, y=1.0, size=20, marker="o"):
    figure.add_subplot().scatter([1, 2, 3], [1, y, 2], s=size, marker=marker)


def bars(figure, height=3, colour="C0"):
    figure.add_subplot().bar(["a", "b"], [1, height], color=colour)


@pytest.mark.parametrize(
    ("draw", "other"),
    [
        *((surface, each) for each in ((-1,), (1, 60))),
        *((image, each) for each in ((2,), (1, -1), (1, 1, "viridis"))),
        *((contours, each) for each in ((-1,), (1, 7))),
        *((curve, each) for each in ((1.1,), (1, "C1"), (1, "C0", "--"), (1, "C0", "-", "log"), (1, "C0", "-", "linear", "g"), (1, "C0", "-", "linear", "f", "y"), (1, "C0", "-", "linear", "f", "x", 4))),
        *((points, each) for each in ((1.1,), (1, 30), (1, 20, "^"))),
        *((bars, each) for each in ((4,), (3, "C1"))),
    ],
)  # fmt: skip
def test_a_description_changes_with_what_is_drawn(draw, other):
    from gradtape.regression.outputs import compare_texts

    described = changes(draw)
    assert described() == described()
    assert compare_texts(described(), described(*other)) != []
