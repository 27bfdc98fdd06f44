"""What a release holds, and what it must wait for."""

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml
from tools.release import obstacles

import gradtape
from gradtape import content

ROOT = Path(__file__).parents[1]
WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build the source distribution, and the wheel from it, as a release does."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    """Return the names of the wheel's files, and what its metadata say."""
    (path,) = built.glob(f"gradtape-{gradtape.__version__}-*.whl")
    with zipfile.ZipFile(path) as file:
        names = file.namelist()
        (metadata,) = [name for name in names if name.endswith("dist-info/METADATA")]
        return names, file.read(metadata).decode()


def test_the_wheel_holds_the_library_and_the_lessons_with_their_judges(wheel):
    names, _ = wheel
    for lesson in content.lesson_folders().values():
        for name in ("exercises.py", "quiz.py"):
            held = f"gradtape/lessons/lessons/{lesson.name}/{name}" in names
            assert held == (lesson / name).is_file()
    for lang in ("en", "zh"):
        paths = (ROOT / "notebooks" / lang).iterdir()
        committed = sorted(path.name for path in paths if path.is_file())
        held = [
            Path(n).name for n in names if n.startswith(f"gradtape/lessons/{lang}/")
        ]
        assert sorted(held) == committed
    package = ROOT / "src" / "gradtape"
    code = {path.relative_to(package).as_posix() for path in package.rglob("*.py")}
    assert {f"gradtape/{name}" for name in code} <= set(names)


def test_the_wheel_holds_nothing_that_is_the_teacher_s_or_the_developers(wheel):
    names, _ = wheel
    own = [n for n in names if not re.match(r"gradtape-[^/]+\.dist-info/", n)]
    assert all(name.startswith("gradtape/") for name in own)
    kept_back = re.compile(
        r"solutions/|(lesson|answers|questions)\.py$|/tests?/|__pycache__"
    )
    beside_code = [name for name in own if name.startswith("gradtape/lessons/")]
    assert [name for name in beside_code if kept_back.search(name)] == []
    endings = {Path(name).suffix for name in beside_code}
    assert endings == {".ipynb", ".md", ".py"}


def test_the_notebooks_in_the_wheel_are_not_solved(built):
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            if name.endswith(".ipynb"):
                assert b"BEGIN SOLUTION" not in file.read(name), name


def test_the_wheel_says_version_licences_and_entry_points(wheel):
    names, metadata = wheel
    assert f"\nVersion: {gradtape.__version__}\n" in metadata
    assert "\nLicense-Expression: Apache-2.0 AND CC-BY-4.0\n" in metadata
    (folder,) = {n.split("/")[0] for n in names if ".dist-info/" in n}
    for name in ("licenses/LICENSE", "licenses/notebooks/LICENSE", "entry_points.txt"):
        assert f"{folder}/{name}" in names


def test_the_source_distribution_holds_what_its_own_tests_need(built):
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as file:
        names = {name.partition("/")[2] for name in file.getnames()}
    for name in (
        *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "constraints.txt"),
        *("tools/check_python.py", "tests/test_release.py", "docs/conf.py"),
        "notebooks/solutions/en/02_automatic_differentiation.ipynb",
        "notebooks/lessons/02_automatic_differentiation/answers.py",
    ):
        assert name in names
    unwanted = (".venv/", "dist/", "gradtape-lessons/", ".git/", ".ci/")
    assert [name for name in names if name.startswith(unwanted)] == []


@pytest.fixture
def checkout(tmp_path):
    """Return what a release looks at, all right but for what a test changes."""
    (tmp_path / "src" / "gradtape").mkdir(parents=True)
    (tmp_path / "src/gradtape/__init__.py").write_text('__version__ = "0.2.0"\n')
    (tmp_path / "CHANGELOG.md").write_text("# Changes\n\n## 0.2.0\n\n## 0.1.0\n")
    (tmp_path / "pyproject.toml").write_text(
        '[project.urls]\nRepository = "https://github.com/us/gradtape"\n'
        'Documentation = "https://us.github.io/gradtape/"\n'
    )
    return tmp_path


def test_nothing_stands_in_the_way_of_a_release_that_is_ready(checkout):
    assert obstacles("v0.2.0", "us/gradtape", checkout) == []


@pytest.mark.parametrize(
    ("tag", "repository", "words"),
    [
        ("v0.3.0", "us/gradtape", "The tag is v0.3.0, and __version__"),
        ("v0.2.0", "them/gradtape", "this is https://github.com/them/gradtape"),
    ],
)
def test_a_release_waits_for_tag_and_address(checkout, tag, repository, words):
    (sentence,) = obstacles(tag, repository, checkout)
    assert words in sentence


def test_a_release_waits_for_its_section_in_the_changelog(checkout):
    (checkout / "CHANGELOG.md").write_text("# Changes\n\n## 0.1.0\n")
    assert obstacles("v0.2.0", "us/gradtape", checkout) == [
        "CHANGELOG.md has no section 0.2.0."
    ]


def test_the_version_has_a_section_in_the_changelog():
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"\n## {gradtape.__version__}" in changes


def test_only_the_job_that_publishes_may_ask_for_an_identity():
    if not WORKFLOW.exists():
        pytest.skip("a source distribution holds no workflow")
    workflow = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    jobs = workflow["jobs"]
    assert workflow["permissions"] == {"contents": "read"}
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert jobs["publish"]["needs"] == "build" and "permissions" not in jobs["build"]
    commands = " ".join(step.get("run", "") for step in jobs["build"]["steps"])
    for command in ("tools/release.py", "-m build", "twine check --strict"):
        assert command in commands
