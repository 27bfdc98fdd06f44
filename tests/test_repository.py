"""What stands in more than one place of the repository stands there alike."""

import base64
import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from gradtape.authoring import contents
from gradtape.authoring.source import read_sources

ROOT = Path(__file__).parents[1]
README = {
    lang: (ROOT / name).read_text("utf-8")
    for lang, name in (("en", "README.md"), ("zh", "README.zh-CN.md"))
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_tables_of_contents_are_what_the_lessons_say():
    assert list(contents.stale(read_sources(ROOT).values(), ROOT)) == []


def test_both_readmes_give_the_same_commands():
    commands = [
        re.findall(r"```(?:sh|bat)\n(.+?)\n```", text) for text in README.values()
    ]
    assert commands[0] == commands[1]
    assert len(commands[0]) == 4


def test_what_contributing_names_is_where_it_says():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    table = text.partition("## Where things are")[2].partition("\n## ")[0]
    rows = [row.split("|")[2] for row in table.splitlines() if row.startswith("| ")]
    lesson = ROOT / "notebooks" / "lessons" / "02_automatic_differentiation"
    for row in rows[1:]:
        known = [ROOT, lesson, ROOT / "src" / "gradtape"]
        for name in re.findall(r"`([\w*/]+(?:/|\.py|\.toml))`", row):
            found = [path for place in known for path in place.glob(name)]
            assert found, name
            known.append(found[0] if found[0].is_dir() else found[0].parent)


def test_the_readme_s_figure_is_the_lesson_s():
    path = ROOT / "notebooks" / "en" / "02_automatic_differentiation.ipynb"
    cells = json.loads(path.read_text("utf-8"))["cells"]
    (cell,) = [cell for cell in cells if cell["id"] == "see-it-2"]
    stored = base64.b64decode(cell["outputs"][0]["data"]["image/png"])
    assert (ROOT / "docs" / "images" / "tangent.png").read_bytes() == stored


def test_no_file_holds_a_registry_s_address():
    own = set(PROJECT["urls"].values())
    for name in ("constraints.txt", "environment.yml", "pyproject.toml"):
        text = (ROOT / name).read_text("utf-8")
        assert "@ file" not in text, name
        assert set(re.findall(r"https?://[^\"\s]+", text)) <= own, name


def test_the_workflow_runs_every_python_and_nothing_but_ci_run():
    path = ROOT / ".github" / "workflows" / "ci.yml"
    if not path.exists():
        pytest.skip("a source distribution holds no workflow")
    job = yaml.safe_load(path.read_text("utf-8"))["jobs"]["run"]
    pythons = [
        name.rpartition(" ")[2]
        for name in PROJECT["classifiers"]
        if re.fullmatch(r"Programming Language :: Python :: \d\.\d+", name)
    ]
    assert job["strategy"]["matrix"]["python"] == pythons
    always = [step for step in job["steps"] if "run" in step and "if" not in step]
    assert [step["run"] for step in always] == [".ci/run"]
