"""gradtape where Colab's versions are: nothing is replaced, every lesson runs."""

import re
import subprocess
import sys

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.test_installing import asked_by_the_project
from tools import colab

from gradtape import content

VERSIONS = dict(
    re.findall(r"^(\S+)==(\S+)$", colab.VERSIONS.read_text("utf-8"), re.MULTILINE)
)
LESSONS = sorted(path.name for path in (content.course_folder() / "en").glob("*.ipynb"))


def test_what_colab_has_is_what_gradtape_asks_for():
    there = {canonicalize_name(name): version for name, version in VERSIONS.items()}
    for requirement in asked_by_the_project():
        version = there[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--wheel"]
        + ["--outdir", folder, colab.ROOT],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory, wheel):
    """Make the environment, install gradtape; return its Python and what changed."""
    python = colab.make(tmp_path_factory.mktemp("colab") / "environment")
    return python, colab.install(python, wheel)


@pytest.fixture
def run(installed, tmp_path):
    """Run code, or a lesson, in a notebook of that environment; return its cells."""
    python, _ = installed

    def run_there(notebook):
        path = tmp_path / "notebook.ipynb"
        nbformat.write(notebook, path)
        try:
            colab.run(python, path)
        except subprocess.CalledProcessError as error:
            pytest.fail(error.stderr)
        return nbformat.read(path, 4).cells

    return run_there


@pytest.mark.slow
def test_installing_gradtape_changes_nothing_that_is_there(installed):
    _, (gone, come) = installed
    assert gone == set()
    assert [Requirement(each).name for each in come] == ["gradtape"]


@pytest.mark.slow
@pytest.mark.parametrize("name", LESSONS)
def test_every_lesson_runs_to_its_end(run, name):
    lang = ("en", "zh")[LESSONS.index(name) % 2]
    cells = run(nbformat.read(content.course_folder() / lang / name, 4))
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code if cell.source.strip())


@pytest.mark.slow
def test_a_widget_answers_and_carries_the_figure_of_its_first_moment(run):
    *_, shown, moved = run(
        nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_code_cell("import gradtape as gt\ngt.start('02')"),
                nbformat.v4.new_code_cell(
                    "tangent = gt.explore_tangent(lambda x: x**2, (-2.0, 2.0))\ntangent"
                ),
                nbformat.v4.new_code_cell(
                    "tangent.point.value = 1.0\ntangent.message.value"
                ),
            ]
        )
    )
    data = shown.outputs[0].data
    assert {"application/vnd.jupyter.widget-view+json", "image/png"} <= set(data)
    assert data["text/plain"].startswith("Curve of f(x)")
    assert "2" in moved.outputs[0].data["text/plain"]


@pytest.mark.slow
def test_an_error_shows_the_reader_s_own_lines_and_what_is_noted_of_it(run):
    code = "def f(x):\n    error = ValueError('no')\n    error.add_note('A note.')\n"
    (_, failed) = run(
        nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_code_cell("import gradtape as gt\ngt.start('02')"),
                nbformat.v4.new_code_cell(
                    code + "    raise error\ngt.derivatives(f, 1.0)",
                    metadata={"tags": ["raises-exception"]},
                ),
            ]
        )
    )
    shown = "\n".join(
        output.get("text") or "\n".join(output.get("traceback", ()))
        for output in failed.outputs
    )
    assert "A note." in shown and "site-packages" not in shown
